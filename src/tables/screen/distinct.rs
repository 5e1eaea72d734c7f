//! Whether no id of a case stands twice among all batches, by a hash of each: eight bytes a case, where the engine would
//! read all ids back and group them. Two ids of one hash leave it open, and the check `cases_unique` is run.

use std::hash::BuildHasher;

use arrow::array::{Array, AsArray, RecordBatch};
use foldhash::fast::FixedState;

use crate::facts::{CASES, rows_of};

/// The ids of cases so far.
#[derive(Debug, Default)]
pub(in crate::tables) struct CaseIds {
    hashes: Vec<u64>,
    /// Ids of some batch could not be read.
    is_unknown: bool,
}

impl CaseIds {
    /// Adds the cases of a batch; `tables` are its facts in order of [`TABLES`](crate::facts::TABLES).
    pub(in crate::tables) fn add(&mut self, tables: &[RecordBatch]) {
        let ids = rows_of(tables, CASES).and_then(|cases| cases.column_by_name("case_id"));
        let ids = ids.and_then(|ids| ids.as_string_opt::<i32>()).filter(|ids| ids.null_count() == 0);
        let Some(ids) = ids else {
            self.is_unknown = true;
            return;
        };
        let hash = FixedState::default();
        self.hashes.extend(ids.iter().map(|id| hash.hash_one(id)));
    }

    /// Takes over the ids of `other`.
    pub(in crate::tables) fn merge(&mut self, mut other: CaseIds) {
        self.hashes.append(&mut other.hashes);
        self.is_unknown |= other.is_unknown;
    }

    /// True where no id stands twice. False: that is not certain.
    pub(in crate::tables) fn are_distinct(mut self) -> bool {
        radsort::sort(&mut self.hashes);
        !self.is_unknown && self.hashes.is_sorted_by(|a, b| a < b)
    }
}
