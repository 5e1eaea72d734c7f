//! Whether a batch of facts certainly passes a check, by a walk over its columns: the engine takes half a millisecond a
//! check and a batch, and finds nothing. The checks are `queries/checks/*.sql`, and what fails is always told by them: a
//! batch that does not pass here is given to the engine. `tests/screen.rs` breaks every condition of every check, one by
//! one, and holds this against the SQL both ways, so that neither changes without the other.

mod cases;
mod columns;
mod distinct;
mod rules;

use arrow::array::RecordBatch;

use crate::facts::{CASES, CLOCKS, FINDINGS, INACTIVITY, OVERTAKEN, SEVERITY_CHANGES, Table, rows_of};

use cases::CaseRows;
use columns::Rows;
pub(super) use distinct::CaseIds;

/// The facts of one batch of cases, to be held against the checks that are run batch by batch.
#[derive(Debug)]
pub struct Screen<'t> {
    tables: &'t [RecordBatch],
    /// `None`: ids of cases are missing or stand twice, or clocks do not stand by case.
    cases: Option<CaseRows<'t>>,
}

impl<'t> Screen<'t> {
    /// `tables`: all facts of some cases, in order of [`TABLES`](crate::facts::TABLES).
    pub fn of(tables: &'t [RecordBatch]) -> Screen<'t> {
        let of = |table| rows_of(tables, table);
        let cases = of(CASES).zip(of(CLOCKS)).and_then(|(cases, clocks)| CaseRows::new(cases, clocks));
        Screen { tables, cases }
    }

    /// Whether the check that ships as `check` finds nothing in these facts. `None`: only its SQL can tell.
    pub fn passes(&self, check: &str) -> Option<bool> {
        let rows = |table| self.table(table).map(Rows::new);
        match check {
            "cases_null_rules" => rules::cases_null_rules(rows(CASES)?),
            "changes_null_rules" => rules::changes_null_rules(rows(SEVERITY_CHANGES)?),
            "changes_of_cases" => {
                self.cases.as_ref()?.changes_of_cases(self.table(CASES)?, self.table(SEVERITY_CHANGES)?)
            }
            "clocks_null_rules" => rules::clocks_null_rules(rows(CLOCKS)?),
            "clocks_of_cases" => self.cases.as_ref()?.clocks_of_cases(self.table(CLOCKS)?),
            "clocks_time" => rules::clocks_time(rows(CLOCKS)?),
            "findings_of_clocks" => {
                self.cases.as_ref()?.findings_of_clocks(self.table(CLOCKS)?, self.table(FINDINGS)?)
            }
            "findings_of_facts" => {
                rules::findings_of_facts(rows(FINDINGS)?, rows(INACTIVITY)?, rows(OVERTAKEN)?)
            }
            "inactivity_null_rules" => rules::inactivity_null_rules(rows(INACTIVITY)?),
            "overtaken_null_rules" => rules::overtaken_null_rules(rows(OVERTAKEN)?),
            _ => None,
        }
    }

    fn table(&self, table: Table) -> Option<&'t RecordBatch> {
        rows_of(self.tables, table)
    }
}
