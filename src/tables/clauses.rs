//! The computed table `clauses`: what the policy's latest version says of itself, and by which measure each clause
//! is held (SPEC 15). The measures themselves are counted in SQL.

use crate::facts::{Kind, Table, column};
use crate::policy::Book;

use super::table::Cell;

/// What each column of the computed table is.
pub const CLAUSES: Table = Table {
    name: "clauses",
    grain: "one clause of the policy's latest version and one measure that it names",
    columns: &[
        column("clause", Kind::Count, "", "its place in the policy, from 1"),
        column("text", Kind::Text, "", "what it says"),
        column("measure", Kind::Word, "it names none", "what it is measured by"),
        column("position", Kind::Count, "", "place of the measure in the clause, from 1"),
    ],
};

/// The rows, in order of the policy.
pub(super) fn clauses(book: &Book) -> Vec<Vec<Cell>> {
    let Some(latest) = book.versions.last() else { return Vec::new() };
    let mut rows = Vec::new();
    for (i, clause) in latest.clauses.iter().enumerate() {
        let measures = clause.metrics.iter().map(|name| Cell::word(name.as_str()));
        let none = clause.metrics.is_empty().then_some(Cell::Absent);
        for (position, measure) in measures.chain(none).enumerate() {
            let text = Cell::word(clause.text.as_str());
            rows.push(vec![Cell::count(i as u64 + 1), text, measure, Cell::count(position as u64 + 1)]);
        }
    }
    rows
}
