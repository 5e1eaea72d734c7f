//! Tables that SQL cannot make, computed beside the facts and selected from like them: percentiles with censoring,
//! questions about lengths of inactivity, the policy's own objectives and clauses, the period before, a list of the
//! gravest, and what charts need: curves of response times, hours of arrival, open cases over time.

use crate::facts::Table;
use crate::policy::Book;

use super::arrival_hours::ARRIVAL_HOURS;
use super::clauses::{CLAUSES, clauses};
use super::clock_counts::{
    CLOCK_COUNTS, CLOCK_COUNTS_BY_AGENT, CLOCK_COUNTS_BY_CUSTOMER, CLOCK_COUNTS_BY_PRODUCT,
};
use super::close_after::{AnswerRow, CLOSE_AFTER};
use super::comparison::{COMPARISON, ComparisonRow};
use super::durations::{DURATIONS, DurationRow};
use super::gravest::{GRAVEST, GraveRow};
use super::objectives::{OBJECTIVES, Objective};
use super::open_cases::OPEN_CASES;
use super::response_times::{RESPONSE_TIMES, response_times};
use super::table::Cell;
use super::tally::Tally;

/// The definitions of all of them, in order of the data dictionary; the last four are made while the facts are written, by
/// [`super::Seeing`].
pub const COMPUTED: &[Table] = &[
    DURATIONS,
    RESPONSE_TIMES,
    CLOSE_AFTER,
    OBJECTIVES,
    CLAUSES,
    COMPARISON,
    GRAVEST,
    ARRIVAL_HOURS,
    OPEN_CASES,
    CLOCK_COUNTS,
    CLOCK_COUNTS_BY_AGENT,
    CLOCK_COUNTS_BY_CUSTOMER,
    CLOCK_COUNTS_BY_PRODUCT,
];

/// One of them with its rows.
#[derive(Clone, Debug)]
pub struct Computed {
    /// Which.
    pub table: Table,
    /// One cell a column.
    pub rows: Vec<Vec<Cell>>,
}

impl Computed {
    /// As a table of names and cells.
    pub fn into_table(self) -> super::Table {
        let columns = self.table.columns.iter().map(|column| column.name.to_owned()).collect();
        super::Table { name: self.table.name.to_owned(), columns, rows: self.rows }
    }

    /// All of them, from what was counted under the policy versions of `book`, in the period and in the one before it,
    /// where there is one; `gravest` in order of the list.
    pub fn all(tally: &Tally, before: Option<&Tally>, book: &Book, gravest: &[GraveRow]) -> Vec<Computed> {
        let comparison = before.map(|before| ComparisonRow::all(tally, before)).unwrap_or_default();
        let of = |table, rows: Vec<Vec<Cell>>| Computed { table, rows };
        vec![
            of(DURATIONS, DurationRow::all(tally).iter().map(DurationRow::cells).collect()),
            of(RESPONSE_TIMES, response_times(tally, book)),
            of(CLOSE_AFTER, tally.question.rows().iter().map(AnswerRow::cells).collect()),
            of(OBJECTIVES, Objective::all(tally, book).iter().map(Objective::cells).collect()),
            of(CLAUSES, clauses(book)),
            of(COMPARISON, comparison.iter().map(ComparisonRow::cells).collect()),
            of(GRAVEST, gravest.iter().enumerate().map(|(i, row)| row.cells(i + 1)).collect()),
            of(ARRIVAL_HOURS, tally.arrival_hours.rows(book)),
            of(OPEN_CASES, tally.open_cases.rows()),
        ]
    }
}
