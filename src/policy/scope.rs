//! `[scope]`: which cases the policy covers, with the file of entitled customers (SPEC 4).

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::inherit::beside;
use super::keys;
use super::model::{DateRange, Entitlements, ScopeRules};
use super::reading::Reading;
use super::source::{Span, why};
use super::tree::{Node, Table};
use crate::codes;

const COLUMNS: [&str; 3] = ["customer", "from", "until"];

type Ranges = Vec<DateRange>;

/// `[scope]`; everything is in scope where the file gives none.
pub(super) fn scope(reading: &mut Reading, root: &Table) -> ScopeRules {
    let Some(table) = root.get("scope").and_then(|node| reading.table(node, "scope")) else {
        return ScopeRules::default();
    };
    reading.known_keys(table, "`[scope]`", &keys::SCOPE);
    let entitled = table.get("entitled").and_then(|node| entitled(reading, node));
    let include = table.get("include").map_or_else(Vec::new, |node| include(reading, node));
    ScopeRules { entitled, include }
}

fn include(reading: &mut Reading, node: &Node) -> Vec<(String, Vec<String>)> {
    let Some(table) = reading.table(node, "scope.include") else {
        return Vec::new();
    };
    let mut include = Vec::new();
    for entry in &table.0 {
        let example = "[\"portal\"]";
        let Some(values) = reading.texts(&entry.node, &entry.key, example) else {
            continue;
        };
        if values.is_empty() {
            let message = format!("expected `{}` to have at least one value, found none", entry.key);
            reading.bad_value(&entry.node, message, "leave the key out to include every case");
        }
        include.push((entry.key.clone(), values.into_iter().map(|(_, value)| value.to_owned()).collect()));
    }
    include
}

fn entitled(reading: &mut Reading, node: &Node) -> Option<Entitlements> {
    let table = reading.table(node, "scope.entitled")?;
    let what = "`entitled`";
    reading.known_keys(table, what, &keys::ENTITLED);
    for (key, hint) in [
        ("file", "add `file = \"customers.csv\"`, with the columns customer, from, until"),
        ("key", "add `key = \"customer\"`, the case attribute that names the customer"),
    ] {
        if table.get(key).is_none() {
            reading.missing(node.span, key, what, hint);
        }
    }
    let file = reading.text(table, "file", "file = \"customers.csv\"");
    let key = reading.text(table, "key", "key = \"customer\"");
    let (place, file) = file?;
    let source = read_named(reading, place, file)?;
    let customers = customers(reading, source);
    Some(Entitlements { key: key?.1.to_owned(), file: shown_from_root(reading, source, file), customers })
}

/// The file that `name`, a value of a policy file, names: read, as an index into the sources.
pub(super) fn read_named(reading: &mut Reading, place: &Node, name: &str) -> Option<usize> {
    let file = read_bytes_named(reading, place, name)?;
    let source = &reading.sources.0[file];
    let Err(error) = std::str::from_utf8(&source.bytes) else { return Some(file) };
    let line = source.bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
    let message =
        format!("expected UTF-8 in `{}`, found bytes in line {line} that are none", source.origin.shown());
    reading.problem(place.span, codes::F109, message, "save the file as UTF-8");
    None
}

/// The same, whatever its encoding.
pub(super) fn read_bytes_named(reading: &mut Reading, place: &Node, name: &str) -> Option<usize> {
    let origin = beside(reading, place, name);
    let shown = origin.shown();
    match reading.sources.read(origin) {
        Ok(file) => Some(file),
        Err(error) => {
            let message =
                format!("expected a file at `{shown}`, found none that can be read: {}", why(&error));
            reading.problem(
                place.span,
                codes::F109,
                message,
                "the path is relative to the file that names it",
            );
            None
        }
    }
}

/// The path of `source` relative to the folder of the first file read, so that `show`, saved there, finds it.
pub(super) fn shown_from_root(reading: &Reading, source: usize, otherwise: &str) -> String {
    let path = |index: usize| reading.sources.0.get(index).map(|source| source.origin.shown());
    let Some((root, path)) = path(reading.root).zip(path(source)) else {
        return otherwise.to_owned();
    };
    let folder = root.rfind('/').map_or("", |at| &root[..=at]);
    path.strip_prefix(folder).map_or_else(|| path.clone(), str::to_owned)
}

/// The customers of the file, ascending, each with its ranges in order of the rows.
fn customers(reading: &mut Reading, source: usize) -> Vec<(String, Ranges)> {
    let text = reading.sources.0[source].text.clone();
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let skipped = reading.sources.0[source].text.len() - text.len();
    let mut rows = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut columns: Option<[usize; 3]> = None;
    let mut customers: BTreeMap<String, Ranges> = BTreeMap::new();
    let mut n_fields = 0;
    for row in rows.records().flatten() {
        let start = row.position().map_or(0, |position| position.byte() as usize) + skipped;
        let row = Row { source, start, fields: row };
        let Some([customer, from, until]) = columns else {
            n_fields = row.fields.len();
            columns = Some(match header(reading, &row) {
                Some(columns) => columns,
                None => return Vec::new(),
            });
            continue;
        };
        if row.fields.len() != n_fields {
            let message = format!("expected {n_fields} fields, found {}", row.fields.len());
            let span = row.span(reading, None);
            reading.problem(span, codes::D510, message, "a value with a comma in it needs quotes");
            continue;
        }
        let range = range(reading, &row, from, until);
        let name = row.fields.get(customer).unwrap_or_default().trim().to_owned();
        if name.is_empty() {
            let span = row.span(reading, Some(customer));
            let message = "expected the name of a customer, found an empty field".to_owned();
            reading.problem(span, codes::F104, message, "name the customer as the case attribute does");
        } else if let Some(range) = range {
            customers.entry(name).or_default().push(range);
        }
    }
    if columns.is_none() {
        let span = Span { file: source, start: 0, end: 0 };
        let message = "expected the columns `customer`, `from`, `until`, found an empty file".to_owned();
        reading.problem(span, codes::F303, message, "start the file with the line `customer,from,until`");
    }
    customers.into_iter().collect()
}

/// One row of the customer file.
struct Row {
    source: usize,
    start: usize,
    fields: csv::StringRecord,
}

impl Row {
    /// The place of one field, or of the whole row.
    fn span(&self, reading: &Reading, field: Option<usize>) -> Span {
        let text = reading.sources.0.get(self.source).map_or("", |source| source.text.as_str());
        let rest = text.get(self.start..).unwrap_or_default();
        let start = self.start + (rest.len() - rest.trim_start_matches(['\r', '\n']).len());
        let line = text.get(start..).unwrap_or_default().lines().next().unwrap_or_default();
        let (mut n_commas, mut quoted, mut bounds) = (0, false, (None, line.len()));
        for (at, byte) in line.bytes().enumerate() {
            if Some(n_commas) == field && bounds.0.is_none() {
                bounds.0 = Some(at);
            }
            match byte {
                b'"' => quoted = !quoted,
                b',' if !quoted => {
                    if Some(n_commas) == field {
                        bounds.1 = at;
                    }
                    n_commas += 1;
                }
                _ => {}
            }
        }
        let from = if field.is_some() { bounds.0.unwrap_or(line.len()) } else { 0 };
        Span { file: self.source, start: start + from, end: start + bounds.1 }
    }
}

/// Where the three columns are.
fn header(reading: &mut Reading, row: &Row) -> Option<[usize; 3]> {
    let mut found = [None; 3];
    for (i, name) in COLUMNS.iter().enumerate() {
        let mut places = row.fields.iter().enumerate().filter(|(_, field)| field.trim() == *name);
        found[i] = places.next().map(|(place, _)| place);
        let again = places.next().map(|(place, _)| place);
        if let (Some(_), None) = (found[i], again) {
            continue;
        }
        let how_often = if again.is_some() { "it twice" } else { "none" };
        let message = format!("expected the column `{name}` once, found {how_often}");
        let span = row.span(reading, again);
        reading.problem(span, codes::F303, message, "the columns are customer, from, until");
        found[i] = None;
    }
    match found {
        [Some(customer), Some(from), Some(until)] => Some([customer, from, until]),
        _ => None,
    }
}

fn range(reading: &mut Reading, row: &Row, from: usize, until: usize) -> Option<DateRange> {
    let first = date(reading, row, from);
    let last = date(reading, row, until);
    let (first, last) = (first?, last?);
    if let (Some(from), Some(to)) = (first, last)
        && to < from
    {
        let message = format!("expected `until` to be `{from}` or later, found `{to}`");
        let span = row.span(reading, Some(until));
        reading.problem(
            span,
            codes::F104,
            message,
            "both dates are included; leave one empty where it is open",
        );
        return None;
    }
    Some((first, last))
}

/// `None`: not understood; `Some(None)`: empty, open.
fn date(reading: &mut Reading, row: &Row, field: usize) -> Option<Option<NaiveDate>> {
    let text = row.fields.get(field).unwrap_or_default().trim();
    if text.is_empty() {
        return Some(None);
    }
    let date = text.parse::<NaiveDate>().ok().filter(|date| date.format("%Y-%m-%d").to_string() == text);
    if date.is_none() {
        let message = format!("expected a date as `2026-01-31`, found `{text}`");
        let span = row.span(reading, Some(field));
        reading.problem(span, codes::F104, message, "year, month, day; empty is open");
    }
    date.map(Some)
}
