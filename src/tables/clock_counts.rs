//! The computed tables `clock_counts`: clocks counted by all that the queries that ship group them by. Clocks are the most
//! of all facts, and nearly every table asks for them; from these the tables are sums over some thousand rows.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, UInt32Array};
use arrow::datatypes::Int32Type;
use arrow::error::ArrowError;

use crate::facts::{CASES, CLOCKS, Column, Kind, Table, column, rows_of};
use crate::history::Role;

use super::counted::{Counted, Key};

const METRIC: Column = column("metric", Kind::Word, "", "what was promised");
const KIND: Column = column("kind", Kind::Word, "no target", "`commitment` or `best_effort`");
const VERDICT: Column = column("verdict", Kind::Word, "", "what became of them");
const IN_PERIOD: Column = column("in_period", Kind::Flag, "", "whether they belong to the period asked for");
const N: Column = column("n", Kind::Count, "", "how many clocks");

/// What each column of the computed table is.
pub const CLOCK_COUNTS: Table = Table {
    name: "clock_counts",
    grain: "clocks that are alike in all columns before `n`, counted: `COUNT(*)` of `clocks`, grouped by these columns",
    columns: &[
        IN_PERIOD,
        METRIC,
        KIND,
        VERDICT,
        column("reason", Kind::Word, "as in `clocks`", "why they were exempt or out of scope"),
        column("severity_at_stop", Kind::Count, "no severity", "severity in force at the stop or `as_of`"),
        column("started_month", Kind::Word, "", "month in which they started, in the policy's zone"),
        column("n_severity_changes", Kind::Count, "", "changes of severity while each of them ran"),
        column("over_before", Kind::Flag, "", "as in `clocks`"),
        column("masked", Kind::Flag, "", "as in `clocks`"),
        column("exposed", Kind::Flag, "", "as in `clocks`"),
        column("verdict_at_first_severity", Kind::Word, "", "as in `clocks`"),
        N,
        column(
            "n_cases",
            Kind::Count,
            "",
            "of them the first of its case with that `in_period`, metric, verdict and reason: added up over all rows with \
             these, `COUNT(DISTINCT case_id)`",
        ),
    ],
};

/// By what [`CLOCK_COUNTS`] are counted.
const KEYS: &[Key] = &[
    Key::Word("in_period"),
    Key::Word("metric"),
    Key::Word("kind"),
    Key::Word("verdict"),
    Key::Word("reason"),
    // A severity is a byte.
    Key::Number("severity_at_stop", 9),
    Key::Word("started_month"),
    Key::Number("n_severity_changes", 32),
    Key::Word("over_before"),
    Key::Word("masked"),
    Key::Word("exposed"),
    Key::Word("verdict_at_first_severity"),
];

/// What tells the cases of [`CLOCK_COUNTS`] apart.
const CASES_BY: &[&str] = &["in_period", "metric", "verdict", "reason"];

/// What each column of the computed table is.
pub const CLOCK_COUNTS_BY_AGENT: Table = Table {
    name: "clock_counts_by_agent",
    grain: "clocks that an agent stopped and that are alike in all columns before `n`, counted",
    columns: &[
        column("stopped_by", Kind::Word, "no name given", "who stopped them"),
        IN_PERIOD,
        METRIC,
        KIND,
        VERDICT,
        N,
    ],
};

/// What each column of the computed table is.
pub const CLOCK_COUNTS_BY_CUSTOMER: Table = Table {
    name: "clock_counts_by_customer",
    grain: "clocks that are alike in all columns before `n`, counted; only where the input has `customer`",
    columns: &[
        column("customer", Kind::Word, "none", "the case attribute `customer`"),
        IN_PERIOD,
        METRIC,
        KIND,
        VERDICT,
        N,
    ],
};

/// What each column of the computed table is.
pub const CLOCK_COUNTS_BY_PRODUCT: Table = Table {
    name: "clock_counts_by_product",
    grain: "clocks that are alike in all columns before `n`, counted; only where the input has `product`",
    columns: &[
        column("product", Kind::Word, "none", "the case attribute `product`"),
        IN_PERIOD,
        METRIC,
        KIND,
        VERDICT,
        N,
    ],
};

/// The tables that count clocks by one thing of many, and which.
const BY_ONE: [(Table, &str); 3] = [
    (CLOCK_COUNTS_BY_AGENT, "stopped_by"),
    (CLOCK_COUNTS_BY_CUSTOMER, "customer"),
    (CLOCK_COUNTS_BY_PRODUCT, "product"),
];

/// Clocks counted, batch by batch.
#[derive(Clone, Debug, Default)]
pub(super) struct ClockCounts {
    all: Counted,
    /// In order of [`BY_ONE`]; nothing of an attribute that the input does not have.
    by_one: [Counted; BY_ONE.len()],
}

impl ClockCounts {
    /// Adds the clocks of a batch; `tables` are its facts in order of [`TABLES`](crate::facts::TABLES).
    pub(super) fn add(&mut self, tables: &[RecordBatch]) -> Result<(), ArrowError> {
        let (Some(cases), Some(clocks)) = (rows_of(tables, CASES), rows_of(tables, CLOCKS)) else {
            return Ok(());
        };
        let rows = case_rows(clocks, cases);
        let columns = |keys: &[Key]| -> Vec<ArrayRef> {
            keys.iter().filter_map(|key| clocks.column_by_name(key.name()).cloned()).collect()
        };
        self.all.add(KEYS, &columns(KEYS), &rows, CASES_BY, |_| true);
        let agent = clocks.column_by_name("stopped_by_role").and_then(is_agent);
        let numbers = UInt32Array::from(rows.clone());
        for (counted, (table, name)) in self.by_one.iter_mut().zip(BY_ONE) {
            let keys = [name, "in_period", "metric", "kind", "verdict"].map(Key::Word);
            let mut columns = columns(&keys[1..]);
            let is_by_agent = table.name == CLOCK_COUNTS_BY_AGENT.name;
            let first = match cases.column_by_name(name) {
                _ if is_by_agent => clocks.column_by_name(name).cloned(),
                Some(attribute) => Some(arrow::compute::take(attribute, &numbers, None)?),
                None => None,
            };
            let Some(first) = first else { continue };
            columns.insert(0, first);
            let is_wanted = |row: usize| !is_by_agent || agent.as_ref().is_some_and(|is| is[row]);
            counted.add(&keys, &columns, &rows, &[], is_wanted);
        }
        Ok(())
    }

    /// Takes over what `other` counted.
    pub(super) fn merge(&mut self, other: ClockCounts) {
        self.all.merge(other.all);
        self.by_one.iter_mut().zip(other.by_one).for_each(|(mine, theirs)| mine.merge(theirs));
    }

    /// All four tables with their rows.
    pub(super) fn tables(&self) -> Result<Vec<(Table, RecordBatch)>, ArrowError> {
        let of = |table: Table, counted: &Counted, counts: &[&str]| {
            let rows = counted.rows(counts)?;
            // Of an empty input, or of an attribute that it does not have, no column was ever seen.
            let is_known = rows.num_columns() == table.columns.len();
            Ok((table, if is_known { rows } else { RecordBatch::new_empty(table.schema([])) }))
        };
        let all = of(CLOCK_COUNTS, &self.all, &["n", "n_cases"]);
        let by_one = self.by_one.iter().zip(BY_ONE).map(|(counted, (table, _))| of(table, counted, &["n"]));
        std::iter::once(all).chain(by_one).collect()
    }
}

/// For each clock the row of its case: both tables have the cases in the same order.
fn case_rows(clocks: &RecordBatch, cases: &RecordBatch) -> Vec<u32> {
    let ids = |table: &RecordBatch| table.column_by_name("case_id").map(|ids| ids.as_string::<i32>().clone());
    let (Some(clocks), Some(cases)) = (ids(clocks), ids(cases)) else { return Vec::new() };
    let mut row = 0;
    let row_of = |clock: usize| {
        while row + 1 < cases.len() && cases.value(row) != clocks.value(clock) {
            row += 1;
        }
        row as u32
    };
    (0..clocks.len()).map(row_of).collect()
}

/// For each clock, whether an agent stopped it.
fn is_agent(roles: &ArrayRef) -> Option<Vec<bool>> {
    let roles = roles.as_dictionary_opt::<Int32Type>()?;
    let word = Role::Agent.word();
    let agent = roles.values().as_string::<i32>().iter().position(|role| role == word)?;
    Some(roles.keys().iter().map(|key| key == Some(agent as i32)).collect())
}
