//! The worked examples of tests/cases: each folder is read, replayed and held against its `expect.json`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "defects/mod.rs"]
mod defects;
mod run;

use std::fs;
use std::path::{Path, PathBuf};

use run::{Cell, Made, Row};
use serde_json::Value;

/// Columns that the SPEC's appendix does not name: the examples' own account of how they come to their figures.
const NOT_OURS: [&str; 4] = ["attributes", "n_events_before_opening", "used_s", "used_share_exact"];

fn folders() -> Vec<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut folders: Vec<PathBuf> =
        fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn name(folder: &Path) -> String {
    folder.file_name().unwrap().to_string_lossy().into_owned()
}

fn expectations(folder: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(folder.join("expect.json")).unwrap()).unwrap()
}

fn audit(folder: &Path) -> Result<Made, slaudit::diag::Error> {
    let files =
        ["events.csv", "events2.csv"].map(|file| folder.join(file)).into_iter().filter(|p| p.exists());
    let policy =
        ["policy.toml", "book"].map(|file| folder.join(file)).into_iter().find(|p| p.exists()).unwrap();
    let as_of = expectations(folder)["as_of"].as_str().map(run::instant);
    run::audit(files.collect(), &policy, as_of)
}

fn spelled(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn matches(row: &Row, wanted: &Value) -> bool {
    let wanted = wanted.as_object().unwrap();
    wanted
        .iter()
        .all(|(column, value)| row.get(column).is_some_and(|c| run::spells(c, column, &spelled(value))))
}

/// What is wrong with one check; nothing where it holds.
fn problems(made: &Made, check: &Value) -> Vec<String> {
    let (table, wanted) = (check["table"].as_str().unwrap(), &check["match"]);
    match table {
        "rejected" => rejected(made, check),
        "summary" => attainment(made, &check["want"]),
        "close_after" => close_after(made, &check["want"]),
        _ => {
            let name = table.strip_prefix("count ").unwrap_or(table);
            let rows: Vec<&Row> = made.tables[name].iter().filter(|row| matches(row, wanted)).collect();
            if table.starts_with("count ") {
                let want = check["want"]["rows"].as_u64().unwrap();
                let holds = rows.len() as u64 == want;
                return if holds { vec![] } else { vec![format!("{} rows of {wanted}", rows.len())] };
            }
            let [row] = rows[..] else { return vec![format!("{table} {wanted}: {} rows", rows.len())] };
            let row = with_closures(made, row);
            cells(&row, &check["want"]).into_iter().map(|p| format!("{table} {wanted} {p}")).collect()
        }
    }
}

/// A row of `cases` with the number of its closures that support owed an answer at, which are findings to us.
fn with_closures(made: &Made, row: &Row) -> Row {
    let is_one = |finding: &&Row| {
        let is_code = ["C304", "C306"].iter().any(|code| finding["code"] == Cell::Text((*code).to_owned()));
        is_code && row.get("case_id") == Some(&finding["case_id"])
    };
    let n = made.tables["findings"].iter().filter(is_one).count();
    let mut row = row.clone();
    row.insert("n_closed_support_owed".to_owned(), Cell::Whole(n as i64));
    row
}

fn cells(row: &Row, want: &Value) -> Vec<String> {
    let ours = want.as_object().unwrap().iter().filter(|(column, _)| !NOT_OURS.contains(&column.as_str()));
    ours.filter_map(|(column, value)| {
        let cell = row.get(column).unwrap_or(&Cell::Null);
        let holds = run::spells(cell, column, &spelled(value));
        (!holds).then(|| format!("{column}: expected {value}, found {cell:?}"))
    })
    .collect()
}

fn rejected(made: &Made, check: &Value) -> Vec<String> {
    let found: Vec<(&str, u64)> = made.rejected.iter().map(|(code, n)| (*code, *n)).collect();
    let code = check["want"]["code"].as_str().unwrap();
    if found == [(code, 1)] { vec![] } else { vec![format!("rejected: {found:?}")] }
}

/// The question of SPEC 9.4, asked with one day.
fn close_after(made: &Made, want: &Value) -> Vec<String> {
    let [row] = &made.close_after[..] else { return vec![format!("{} answers", made.close_after.len())] };
    let found = serde_json::json!({
        "spells": row.answer.n_spells,
        "would_close": row.answer.n_would_close,
        "false_closures": row.answer.n_false_closures,
        "cases_closed": row.answer.n_cases_closed,
        "open_s_saved": row.saved_s(),
    });
    if *want == found { vec![] } else { vec![format!("close_after: expected {want}, found {found}")] }
}

/// `attainment METRIC`: met, and met + missed + unanswered.
fn attainment(made: &Made, want: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, want) in want.as_object().unwrap() {
        let metric = Cell::Text(name.strip_prefix("attainment ").unwrap().to_owned());
        let count = |verdicts: &[&str]| {
            let is_one = |row: &&Row| verdicts.iter().any(|v| row["verdict"] == Cell::Text((*v).to_owned()));
            made.tables["clocks"].iter().filter(|row| row["metric"] == metric).filter(is_one).count() as u64
        };
        let found = (count(&["met"]), count(&["met", "missed", "unanswered"]));
        if (want["met"].as_u64(), want["n"].as_u64()) != (Some(found.0), Some(found.1)) {
            wrong.push(format!("{name}: expected {want}, found {found:?}"));
        }
    }
    wrong
}

#[test]
fn every_example_holds() {
    let mut wrong = Vec::new();
    let mut held = 0;
    for folder in folders() {
        let name = name(&folder);
        let made = match audit(&folder) {
            Ok(made) => made,
            Err(error) => {
                wrong.push(format!("{name}: {error}"));
                continue;
            }
        };
        let (read, used, duplicate) = made.counts;
        assert_eq!(read, used + duplicate + made.rejected.values().sum::<u64>(), "{name}: rows are missing");
        for check in expectations(&folder)["expect"].as_array().unwrap() {
            let found = problems(&made, check);
            held += usize::from(found.is_empty());
            wrong.extend(found.into_iter().map(|problem| format!("{name}: {problem}")));
        }
    }
    assert!(wrong.is_empty(), "{held} checks hold, these do not:\n{}", wrong.join("\n"));
    assert!(held == HELD, "{held} checks hold, {HELD} did");
}

/// How many checks hold: any other number means that checks are no longer made, or new ones are not counted.
const HELD: usize = 219;
