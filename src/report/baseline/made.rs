//! What a report's manifest says of what it was made from, as a baseline records it.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::compare::baseline::{About, InputFile, Rows, Source};

/// What is read of a report's manifest.
#[derive(Debug, Deserialize)]
pub(super) struct Made {
    pub(super) complete: bool,
    version: String,
    zone_data: String,
    as_of: Option<String>,
    profile: Source,
    policy: Vec<Source>,
    inputs: Vec<MadeOf>,
}

#[derive(Debug, Deserialize)]
struct MadeOf {
    path: String,
    sha256: String,
    rows_read: u64,
    rows_used: u64,
    rows_duplicate: u64,
    rows_rejected: u64,
    rejected_by_code: BTreeMap<String, u64>,
}

impl Made {
    /// What was audited; a manifest has no period but in its command.
    pub(super) fn about(self) -> About {
        let mut rows = Rows::default();
        let mut inputs = Vec::new();
        for file in self.inputs {
            rows.read += file.rows_read;
            rows.used += file.rows_used;
            rows.duplicate += file.rows_duplicate;
            rows.rejected += file.rows_rejected;
            for (code, n) in file.rejected_by_code {
                *rows.by_code.entry(code).or_default() += n;
            }
            inputs.push(InputFile { path: file.path, sha256: file.sha256, rows: file.rows_read });
        }
        About {
            slaudit: self.version,
            zone_data: self.zone_data,
            as_of: self.as_of.unwrap_or_default(),
            period: String::new(),
            close_after: Vec::new(),
            profile: self.profile,
            policy: self.policy,
            inputs,
            rows,
        }
    }
}
