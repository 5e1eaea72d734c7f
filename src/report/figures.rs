//! `summary.json`: the figures of a report for machines. Its tables are those of `tables/`, cell by cell, so that a
//! script need not read CSV.

use serde_json::{Map, Value, json};

use crate::tables::{Cell, Table};

use super::audit::Outcome;
use super::document::{Part, Report, Section};
use super::manifest::Input;

/// The tables whose figures a summary has; the others grow with the input.
const TABLES: [&str; 12] = [
    "attainment_by_metric",
    "attainment_by_metric_severity",
    "attainment_by_metric_month",
    "cases_overview",
    "close_after",
    "comparison",
    "durations",
    "findings",
    "inactivity",
    "objectives",
    "overtaken",
    "reclassification_effect",
];

/// What the figures of every run have, whichever command made it.
pub(super) struct Figures<'a> {
    /// The command: `audit`, `whatif`, `sweep`.
    pub(super) run: &'static str,
    pub(super) report: &'a Report,
    pub(super) n_cases: u64,
    pub(super) n_events: u64,
    pub(super) tables: &'a [Table],
    pub(super) inputs: &'a [Input],
    pub(super) assumed: &'a [String],
    pub(super) left_out: &'a [String],
}

impl Figures<'_> {
    /// The keys that every run has; tables are those that `is_wanted`.
    fn common(&self, is_wanted: impl Fn(&str) -> bool) -> Map<String, Value> {
        let chosen = self.tables.iter().filter(|table| is_wanted(&table.name));
        let tables: Map<String, Value> = chosen.map(|table| (table.name.clone(), rows(table))).collect();
        let keys = [
            ("run", json!(self.run)),
            ("title", json!(self.report.title)),
            ("about", about(&self.report.head).into()),
            ("answers", answers(&self.report.sections)),
            ("cases", json!(self.n_cases)),
            ("events", json!(self.n_events)),
            ("tables", tables.into()),
            ("inputs", json!(self.inputs)),
            ("assumed", json!(self.assumed)),
            ("left_out", json!(self.left_out)),
        ];
        keys.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
    }

    /// The file's bytes of an audit. A share has six decimals, everything else is whole; what does not apply is null.
    pub(super) fn audit(&self, outcome: &Outcome) -> Vec<u8> {
        let mut summary = self.common(|table| TABLES.contains(&table));
        let own = [
            ("cases_opened_in_period", json!(outcome.tally.n_cases)),
            ("clocks", json!(outcome.tally.n_clocks)),
            ("objectives_missed", json!(outcome.missed)),
        ];
        summary.extend(own.map(|(key, value)| (key.to_owned(), value)));
        bytes(&summary)
    }

    /// The same of a comparison: every table but `lists`, which grow with the input.
    pub(super) fn comparison(&self, lists: &[&str]) -> Vec<u8> {
        bytes(&self.common(|table| !lists.contains(&table)))
    }
}

fn bytes(summary: &Map<String, Value>) -> Vec<u8> {
    // Nothing in it can fail to be written: every key is a text.
    let mut bytes = serde_json::to_vec_pretty(summary).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// The head of the page by name; of several lines of one name those after the first have a number: `proposed 2`.
fn about(head: &[(String, String)]) -> Map<String, Value> {
    let mut about = Map::new();
    for (i, (name, value)) in head.iter().enumerate() {
        let n = head[..=i].iter().filter(|(other, _)| other == name).count();
        let name = name.to_lowercase();
        about.insert(if n == 1 { name } else { format!("{name} {n}") }, json!(value));
    }
    about
}

/// The sentences that answer, each with how good the news is.
fn answers(sections: &[Section]) -> Value {
    let answer = |part: &Part| match part {
        Part::Answer(standing, text) => Some(json!({ "standing": standing.word(), "text": text })),
        _ => None,
    };
    sections.iter().flat_map(|section| &section.parts).filter_map(answer).collect()
}

/// One object a row.
fn rows(table: &Table) -> Value {
    let row = |row: &Vec<Cell>| -> Value {
        table.columns.iter().cloned().zip(row.iter().map(value)).collect::<Map<String, Value>>().into()
    };
    table.rows.iter().map(row).collect()
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Absent => Value::Null,
        Cell::Text(text) => json!(text),
        Cell::Whole(n) => json!(n),
        Cell::Number(x) => json!((x * 1e6).round() / 1e6),
        Cell::Flag(flag) => json!(flag),
    }
}
