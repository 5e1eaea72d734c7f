//! What became of the data and how the report was made: every row accounted for, what was taken for granted and left
//! out, the policy clause by clause, the command.

use crate::codes;
use crate::tables::Cell;
use crate::zones;

use super::super::document::{Column, Grid, Part, Section, Show};
use super::super::manifest::Input;
use super::{Material, grid, points};

/// Rows, cases and clocks that do not count, and why.
pub(super) fn section(m: &Material<'_>) -> Section {
    let mut page = super::section("data", "Data, assumptions, exclusions");
    page.parts.push(Part::Grid(rows(m.inputs)));
    page.parts.extend(rejected(m.inputs).map(Part::Grid));
    page.parts.extend(titled("Assumed", m.assumed));
    page.parts.extend(titled("Left out", m.left_out));
    page.parts.extend(titled("Not made", &[m.notes, &m.not_drawn[..]].concat()));
    let columns = ["metric", "verdict", "reason", "n_clocks", "n_cases"];
    if let Some(mut grid) = m.grid("verdicts", &columns, "none") {
        grid.note = "Over a promise the clocks add up to all of its clocks: nothing is dropped.".to_owned();
        page.parts.push(Part::Grid(grid));
    }
    page
}

/// Policy, command, and how to make the report again.
pub(super) fn method(m: &Material<'_>) -> Section {
    let mut page = super::section("method", "How this was made");
    let version = env!("CARGO_PKG_VERSION");
    page.parts.push(Part::Text(format!(
        "By slaudit {version}, time-zone data {}, with the command: {}",
        zones::release().shown(),
        m.command
    )));
    page.parts.push(Part::Text(
        "manifest.json names every input, the policy, the profile and every file of this report with its SHA-256; \
         `slaudit verify` holds them against it, and with `--replay` makes the report again and compares every byte. \
         `slaudit explain FILES CASE` shows every stretch of time behind a verdict; `slaudit rule CODE` prints what a \
         code means."
            .to_owned(),
    ));
    let columns = ["clause", "text", "measure", "counted", "n", "n_of", "share", "median_s"];
    page.parts.extend(m.grid("clauses", &columns, "none").map(Part::Grid));
    page
}

pub(in crate::report) fn titled(title: &str, sentences: &[String]) -> Vec<Part> {
    let list = points(sentences.iter().map(|s| super::capital(s)));
    list.map_or_else(Vec::new, |list| vec![Part::Heading(title.to_owned()), list])
}

fn columns(of: &[(&str, Show)]) -> Vec<Column> {
    let column = |&(name, show): &(&str, Show)| Column {
        name: name.to_owned(),
        label: grid::label(name),
        doc: String::new(),
        show,
    };
    of.iter().map(column).collect()
}

fn count(n: u64) -> Cell {
    i64::try_from(n).map_or(Cell::Absent, Cell::Whole)
}

/// The ledger: read = used + duplicate + rejected (SPEC 3.4).
pub(in crate::report) fn rows(inputs: &[Input]) -> Grid {
    let row = |input: &Input| {
        let mut cells = vec![Cell::Text(input.path.clone())];
        cells
            .extend([input.rows_read, input.rows_used, input.rows_duplicate, input.rows_rejected].map(count));
        cells
    };
    let counts = ["read", "used", "duplicate", "rejected"].map(|name| (name, Show::Count));
    let names: Vec<(&str, Show)> = [("file", Show::Text)].into_iter().chain(counts).collect();
    Grid {
        title: "Rows of the input".to_owned(),
        note: "Read = used + duplicate + rejected, for every file. The rejected stand in rejected.csv."
            .to_owned(),
        columns: columns(&names),
        rows: inputs.iter().map(row).collect(),
        n_all: inputs.len(),
        ..Grid::default()
    }
}

/// Rejected rows by code.
pub(in crate::report) fn rejected(inputs: &[Input]) -> Option<Grid> {
    let title = |code: &str| codes::ALL.iter().find(|c| c.code == code).map_or("", |c| c.title);
    let of = |input: &Input| {
        let path = input.path.clone();
        let row = move |(code, n): (&String, &u64)| {
            vec![
                Cell::Text(path.clone()),
                Cell::Text(code.clone()),
                Cell::Text(title(code).to_owned()),
                count(*n),
            ]
        };
        input.rejected_by_code.iter().map(row).collect::<Vec<_>>()
    };
    let rows: Vec<Vec<Cell>> = inputs.iter().flat_map(of).collect();
    let names =
        [("file", Show::Text), ("code", Show::Code), ("what_it_is", Show::Text), ("rows", Show::Count)];
    let n_all = rows.len();
    let title = "Rejected rows by code".to_owned();
    (n_all > 0).then(|| Grid { title, columns: columns(&names), rows, n_all, ..Grid::default() })
}
