//! What the tables need of the clocks, taken while the facts are written, batch by batch: checks, and counts. So the
//! clocks, which are the most of all facts, are never read back nor held in memory at once.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;

use crate::codes;
use crate::diag::{Diagnostic, Error};
use crate::facts;

use super::clock_counts::ClockCounts;
use super::query::Query;
use super::run::run_batch;
use super::screen::{CaseIds, Screen};
use super::table::{Cell, Table};

/// The facts of all batches so far.
#[derive(Debug)]
pub struct Seeing {
    checks: Vec<Query>,
    /// Failures by check, of batches in any order.
    failed: BTreeMap<String, Table>,
    counts: ClockCounts,
    ids: CaseIds,
    /// Why something could not be checked or counted.
    problem: Option<Error>,
}

/// What was seen of all of them.
#[derive(Debug, Default)]
pub struct Seen {
    /// The checks that found something, with what they found.
    pub failed: Vec<Table>,
    /// Tables for SQL: clocks counted.
    pub counts: Vec<(facts::Table, RecordBatch)>,
    /// No case has two rows, for certain.
    has_distinct_cases: bool,
}

impl Seen {
    /// True where nothing is left to run of `check`: it was run batch by batch, or is certain to find nothing.
    pub fn settles(&self, check: &Query) -> bool {
        check.is_of_batches() || self.has_distinct_cases && check.ships() && check.name == "cases_unique"
    }
}

impl Seeing {
    /// Nothing yet; those of `checks` are run that are run batch by batch.
    pub fn new(checks: &[Query]) -> Seeing {
        let checks = checks.iter().filter(|check| check.is_of_batches()).cloned().collect();
        Seeing {
            checks,
            failed: BTreeMap::new(),
            counts: ClockCounts::default(),
            ids: CaseIds::default(),
            problem: None,
        }
    }

    pub(super) fn add(&mut self, tables: &[RecordBatch]) {
        self.ids.add(tables);
        let counted = self.counts.add(tables).map_err(|e| cannot_count(&e));
        if let Err(problem) = counted.and_then(|()| self.check(tables)) {
            self.problem.get_or_insert(problem);
        }
    }

    fn check(&mut self, tables: &[RecordBatch]) -> Result<(), Error> {
        let screen = Screen::of(tables);
        let doubtful = self.checks.iter().filter(|check| screen.passes(&check.name) != Some(true));
        let doubtful: Vec<Query> = doubtful.cloned().collect();
        if !doubtful.is_empty() {
            run_batch(tables, &doubtful)?.into_iter().for_each(|table| self.fail(table));
        }
        Ok(())
    }

    fn fail(&mut self, table: Table) {
        if table.rows.is_empty() {
            return;
        }
        match self.failed.get_mut(&table.name) {
            Some(failed) => failed.rows.extend(table.rows),
            None => drop(self.failed.insert(table.name.clone(), table)),
        }
    }

    pub(super) fn merge(&mut self, other: Seeing) {
        other.failed.into_values().for_each(|table| self.fail(table));
        self.counts.merge(other.counts);
        self.ids.merge(other.ids);
        if let Some(problem) = other.problem {
            self.problem.get_or_insert(problem);
        }
    }

    /// What was seen of all batches.
    ///
    /// # Errors
    /// A check that the engine cannot run, or facts that cannot be counted: mistakes of this program.
    pub fn finish(self) -> Result<Seen, Error> {
        if let Some(problem) = self.problem {
            return Err(problem);
        }
        let mut failed: Vec<Table> = self.failed.into_values().collect();
        // Batches come in any order.
        let text = |row: &Vec<Cell>| format!("{row:?}");
        failed.iter_mut().for_each(|table| table.rows.sort_by_key(text));
        let counts = self.counts.tables().map_err(|e| cannot_count(&e))?;
        Ok(Seen { failed, counts, has_distinct_cases: self.ids.are_distinct() })
    }
}

fn cannot_count(error: &arrow::error::ArrowError) -> Error {
    Error::Output(Diagnostic::error(codes::F403, format!("clocks cannot be counted: {error}")))
}
