//! The rules of SPEC 7 to 10 as event tables in text, tests/rules/*.case: each is replayed through the library, and
//! its last lines are held against the fact rows. Their form is in tests/rules/README.md.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod run;
#[path = "rules/table.rs"]
mod table;

use std::fs;
use std::path::{Path, PathBuf};

use run::{Cell, Made, Row};
use table::Table;

/// (word of a line, table, columns that name its rows after the case, column of the first bare word).
const TABLES: [(&str, &str, &[&str], &str); 6] = [
    ("clock", "clocks", &["metric", "cycle"], "verdict"),
    ("spell", "inactivity", &["rule", "spell"], "verdict"),
    ("change", "severity_changes", &["change"], "direction"),
    ("case", "cases", &[], "scope"),
    ("overtaken", "overtaken", &[], "n_overtaken"),
    ("finding", "findings", &["code"], ""),
];

/// What one line expects, and what was found instead; nothing where it holds.
fn problem(table: &Table, made: &Made, line: &str) -> Option<String> {
    let (subject, items) = line.split_once(':').unwrap_or((line, ""));
    let words: Vec<&str> = subject.split_whitespace().collect();
    if let Ok(n) = words[0].parse::<usize>() {
        let found = counted(made, &words[1..]);
        return (found.len() != n).then(|| found.join("; "));
    }
    let (_, name, keys, lead) = TABLES.into_iter().find(|(word, ..)| *word == words[0]).expect("a table");
    let mut values: Vec<&str> = words[1..].iter().flat_map(|word| word.split('.')).collect();
    if values.len() == keys.len() {
        assert!(table.cases.len() == 1, "`{line}` names no case, and there are several");
        values.insert(0, &table.cases[0]);
    }
    let first = if name == "overtaken" { "response_case_id" } else { "case_id" };
    let named: Vec<(&str, &str)> = [first].into_iter().chain(keys.iter().copied()).zip(values).collect();
    let is_it = |row: &&Row| named.iter().all(|(column, value)| run::spells(&row[*column], column, value));
    let rows: Vec<&Row> = made.tables[name].iter().filter(is_it).collect();
    let [row] = rows[..] else { return Some(format!("{} rows", rows.len())) };
    let items = items.split(',').map(str::trim).filter(|item| !item.is_empty()).enumerate();
    let wrong: Vec<String> =
        items.filter_map(|(i, item)| differs(table, row, (i == 0, lead), item)).collect();
    (!wrong.is_empty()).then(|| wrong.join(", "))
}

/// The rows of a table that have all of `words` among their keys, each as a text: `2 clocks b update`.
fn counted(made: &Made, words: &[&str]) -> Vec<String> {
    let singular = |name: &str| name.strip_suffix('s').unwrap_or(name).to_owned();
    let (_, name, keys, lead) =
        TABLES.into_iter().find(|(word, ..)| *word == singular(words[0])).expect("a table");
    let first = if name == "overtaken" { "response_case_id" } else { "case_id" };
    let columns: Vec<&str> = [first].into_iter().chain(keys.iter().copied()).chain([lead]).collect();
    let texts = |row: &Row| -> Vec<String> { columns.iter().filter_map(|c| row.get(*c)).map(text).collect() };
    let rows = made.tables[name].iter().map(texts);
    rows.filter(|row| words[1..].iter().all(|word| row.iter().any(|cell| cell == word)))
        .map(|row| row.join(" "))
        .collect()
}

/// What `row` has instead of what `item` says.
fn differs(table: &Table, row: &Row, (is_first, lead): (bool, &str), item: &str) -> Option<String> {
    let bare = |name: &str| column(row, name).is_some_and(|(_, cell)| matches!(cell, Cell::Truth(_)));
    let (name, wanted) = match item.strip_prefix("not ") {
        Some(name) => (name, "false"),
        None if bare(item) => (item, "true"),
        None if is_first && !item.contains(' ') => (lead, item),
        None => item.split_once(' ').unwrap_or_else(|| panic!("`{item}` names no column")),
    };
    let (name, cell) = column(row, name).unwrap_or_else(|| panic!("no column `{name}`"));
    let spelled = spelled(table, name, wanted);
    (!run::spells(cell, name, &spelled)).then(|| format!("{name} {}", text(cell)))
}

fn column<'r>(row: &'r Row, name: &str) -> Option<(&'r str, &'r Cell)> {
    let names = ["", "_at", "_s", "_case_id"].map(|ending| format!("{name}{ending}"));
    names.iter().find_map(|name| row.get_key_value(name)).map(|(name, cell)| (name.as_str(), cell))
}

/// `wanted` as [`run::spells`] reads it: instants in RFC 3339, durations in seconds, null as nothing.
fn spelled(table: &Table, column: &str, wanted: &str) -> String {
    match wanted {
        "none" => String::new(),
        _ if column == "at" || column.ends_with("_at") => {
            table.instant(&wanted.split_whitespace().collect::<Vec<_>>())
        }
        _ if column.ends_with("_s") => seconds(wanted).to_string(),
        _ => wanted.to_owned(),
    }
}

/// `-1d2h30m15s` in seconds.
fn seconds(text: &str) -> i64 {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let mut total = 0;
    for part in text.split_inclusive(|c: char| c.is_ascii_alphabetic()) {
        let (number, unit) = part.split_at(part.len() - 1);
        let unit = match unit {
            "d" => 86_400,
            "h" => 3_600,
            "m" => 60,
            "s" => 1,
            other => panic!("`{other}` of `{text}` is no unit"),
        };
        total += unit * number.parse::<i64>().expect("a whole number");
    }
    sign * total
}

/// A cell for people.
fn text(cell: &Cell) -> String {
    match cell {
        Cell::Null => "none".to_owned(),
        Cell::Text(text) => text.clone(),
        Cell::Whole(n) => n.to_string(),
        Cell::Real(n) => n.to_string(),
        Cell::Truth(truth) => truth.to_string(),
        Cell::At(at) => chrono::DateTime::from_timestamp_micros(at.micros())
            .expect("an instant")
            .format("%a %Y-%m-%d %H:%M:%S UTC")
            .to_string(),
    }
}

/// Every line of `path` that does not hold, as expected and as found.
fn check(path: &Path) -> Vec<String> {
    let table = Table::read(&fs::read_to_string(path).unwrap());
    let name = path.file_name().unwrap().to_string_lossy();
    assert!(!table.expected.is_empty(), "{name} expects nothing");
    let folder = tempfile::tempdir().unwrap();
    let (events, policy) = table.write(folder.path());
    let made = run::audit(vec![events], &policy, table.as_of.as_deref().map(run::instant))
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    let (read, used, _) = made.counts;
    assert!(read == used && made.rejected.is_empty(), "{name}: not every row was used");
    assert!(made.close_after.len() <= 1, "{name}: more thresholds than one");
    let failed = table.expected.iter().filter_map(|(line, expected)| {
        let found = problem(&table, &made, expected)?;
        Some(format!("{name}:{line}\n  expected  {expected}\n  found     {found}"))
    });
    failed.collect()
}

#[test]
fn every_table_holds() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/rules");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|ending| ending == "case")).collect();
    files.sort();
    assert!(!files.is_empty(), "no tables");
    let wrong: Vec<String> = files.iter().flat_map(|path| check(path)).collect();
    assert!(wrong.is_empty(), "{} lines do not hold:\n{}", wrong.len(), wrong.join("\n"));
}
