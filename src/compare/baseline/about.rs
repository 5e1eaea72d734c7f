//! What an audit was made from, as its baseline records it: `baseline.toml` without its tolerances. The row ledger is
//! compared; the rest is context for whoever reads a difference.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Deserialize;

use crate::policy::quoted;

/// A file, or a built-in text, by its path as given and the SHA-256 of its bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Source {
    /// Path as given, or name.
    pub path: String,
    /// Lower-case hexadecimal.
    pub sha256: String,
}

/// What became of rows: read = used + duplicate + rejected (SPEC 3.4).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rows {
    /// Rows read, headers not counted.
    pub read: u64,
    /// Rows that became events.
    pub used: u64,
    /// Rows equal to an earlier one.
    pub duplicate: u64,
    /// Rows that could not be used.
    pub rejected: u64,
    /// Of them by code.
    #[serde(default)]
    pub by_code: BTreeMap<String, u64>,
}

/// One input file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputFile {
    /// Path as given.
    pub path: String,
    /// Lower-case hexadecimal.
    pub sha256: String,
    /// Rows read from it.
    pub rows: u64,
}

/// What was audited, with what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Version of slaudit.
    pub slaudit: String,
    /// Version of the bundled time-zone data.
    pub zone_data: String,
    /// The instant at which open things were judged, RFC 3339 UTC.
    pub as_of: String,
    /// The period with what it is by, as in `2026-03-01..2026-03-31 by start`; empty: everything, or not known.
    pub period: String,
    /// Lengths of inactivity that were asked about.
    pub close_after: Vec<String>,
    /// The profile.
    pub profile: Source,
    /// Every file of the policy.
    pub policy: Vec<Source>,
    /// Every input file, in order of the command line.
    pub inputs: Vec<InputFile>,
    /// What became of the rows of all of them.
    pub rows: Rows,
}

impl About {
    /// As TOML: the keys that `baseline.toml` has beside `kind`, `format`, `tables` and `[tolerance]`.
    pub fn to_toml(&self) -> String {
        let mut text = String::new();
        let lengths: Vec<String> = self.close_after.iter().map(|length| quoted(length)).collect();
        let _ = writeln!(text, "slaudit = {}", quoted(&self.slaudit));
        let _ = writeln!(text, "zone_data = {}", quoted(&self.zone_data));
        let _ = writeln!(text, "as_of = {}", quoted(&self.as_of));
        let _ = writeln!(text, "period = {}", quoted(&self.period));
        let _ = writeln!(text, "close_after = [{}]", lengths.join(", "));
        let _ = writeln!(text, "\n[profile]\n{}", source(&self.profile.path, &self.profile.sha256));
        for file in &self.policy {
            let _ = writeln!(text, "\n[[policy]]\n{}", source(&file.path, &file.sha256));
        }
        for input in &self.inputs {
            let file = source(&input.path, &input.sha256);
            let _ = writeln!(text, "\n[[input]]\n{file}\nrows = {}", input.rows);
        }
        let Rows { read, used, duplicate, rejected, by_code } = &self.rows;
        let _ = writeln!(text, "\n[rows]\nread = {read}\nused = {used}");
        let _ = writeln!(text, "duplicate = {duplicate}\nrejected = {rejected}");
        if !by_code.is_empty() {
            text.push_str("\n[rows.by_code]\n");
            by_code.iter().for_each(|(code, n)| {
                let _ = writeln!(text, "{} = {n}", quoted(code));
            });
        }
        text
    }
}

fn source(path: &str, sha256: &str) -> String {
    format!("path = {}\nsha256 = {}", quoted(path), quoted(sha256))
}
