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

/// The file's bytes. A share has six decimals, everything else is whole; what does not apply is null.
pub(super) fn json(report: &Report, tables: &[Table], outcome: &Outcome, inputs: &[Input]) -> Vec<u8> {
    let tally = &outcome.tally;
    let head: Map<String, Value> =
        report.head.iter().map(|(name, value)| (name.to_lowercase(), json!(value))).collect();
    let chosen = tables.iter().filter(|table| TABLES.contains(&table.name.as_str()));
    let tables: Map<String, Value> = chosen.map(|table| (table.name.clone(), rows(table))).collect();
    let summary = json!({
        "title": report.title,
        "about": head,
        "answer": answer(&report.sections),
        "cases": tally.n_replayed,
        "events": tally.n_events,
        "cases_opened_in_period": tally.n_cases,
        "clocks": tally.n_clocks,
        "objectives_missed": outcome.missed,
        "tables": tables,
        "inputs": inputs,
        "assumed": outcome.assumed,
        "left_out": outcome.left_out,
    });
    // Nothing in it can fail to be written: every key is a text.
    let mut bytes = serde_json::to_vec_pretty(&summary).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// The same of a comparison: every table but `lists`, which grow with the input.
pub(super) fn comparison(report: &Report, tables: &[Table], lists: &[&str], inputs: &[Input]) -> Vec<u8> {
    let head: Vec<Value> = report.head.iter().map(|(name, value)| json!([name, value])).collect();
    let chosen = tables.iter().filter(|table| !lists.contains(&table.name.as_str()));
    let tables: Map<String, Value> = chosen.map(|table| (table.name.clone(), rows(table))).collect();
    let summary = json!({
        "title": report.title,
        "about": head,
        "answers": answers(&report.sections),
        "tables": tables,
        "inputs": inputs,
    });
    let mut bytes = serde_json::to_vec_pretty(&summary).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

fn answers(sections: &[Section]) -> Vec<&str> {
    sections.iter().flat_map(|section| &section.parts).filter_map(answer_of).collect()
}

fn answer_of(part: &Part) -> Option<&str> {
    if let Part::Answer(_, text) = part { Some(text) } else { None }
}

fn answer(sections: &[Section]) -> Value {
    let parts = sections.iter().flat_map(|section| &section.parts);
    let found = parts.clone().find_map(|part| match part {
        Part::Answer(standing, text) => Some(json!({ "standing": standing.word(), "text": text })),
        _ => None,
    });
    found.unwrap_or(Value::Null)
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
