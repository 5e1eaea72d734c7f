//! The sample of each shipped profile, audited under the example targets and held against what was worked out by
//! hand in its folder `expect`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(dead_code, reason = "the shared module serves other tests too")]

mod run;

use std::collections::BTreeMap;
use std::path::PathBuf;

use run::{Cell, Row};
use slaudit::ingest::input_files;

fn samples() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data-samples")
}

/// Every cell of `file` but `*` against the one row of `table` that has its `keys`.
fn compare(table: &[Row], file: &PathBuf, keys: &[&str]) {
    let mut reader = csv::Reader::from_path(file).unwrap();
    let expected: Vec<BTreeMap<String, String>> = reader.deserialize().map(Result::unwrap).collect();
    let mut wrong = Vec::new();
    for want in &expected {
        let is_it = |row: &&Row| keys.iter().all(|key| run::spells(&row[*key], key, &want[*key]));
        let found: Vec<&Row> = table.iter().filter(is_it).collect();
        let place: Vec<&str> = keys.iter().map(|key| want[*key].as_str()).collect();
        let [row] = found[..] else {
            wrong.push(format!("{place:?}: {} rows", found.len()));
            continue;
        };
        for (column, text) in want {
            let cell = row.get(column).unwrap_or(&Cell::Null);
            if text != "*" && !run::spells(cell, column, text) {
                wrong.push(format!("{place:?} {column}: expected `{text}`, found {cell:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", file.display(), wrong.join("\n"));
    assert_eq!(table.len(), expected.len(), "rows beside those of {}", file.display());
}

/// Audits the folder of profile `name`; `counts` are rows read, used and duplicate.
fn holds(name: &str, counts: (u64, u64, u64)) {
    holds_in(name, name, &format!("{name}/expect"), counts);
}

/// Audits `folder` under profile `name`, against the tables in `expect`.
fn holds_in(name: &str, folder: &str, expect: &str, counts: (u64, u64, u64)) {
    let (folder, expect) = (samples().join(folder), samples().join(expect));
    let files = input_files(std::slice::from_ref(&folder)).unwrap().files;
    let made = run::audit_as(name, files, &samples().join("policies/in8sync-targets.toml"), None)
        .unwrap_or_else(|error| panic!("{error}"));
    assert!(made.rejected.is_empty(), "{:?}", made.rejected);
    assert_eq!(made.counts, counts);
    let mut clocks = made.tables["clocks"].clone();
    let by_hand = ["first_response", "after_hours_response", "resolution"];
    clocks.retain(|row| by_hand.iter().any(|metric| row["metric"] == Cell::Text((*metric).to_owned())));
    compare(&clocks, &expect.join("clocks.csv"), &["case_id", "metric", "cycle"]);
    compare(&made.tables["cases"], &expect.join("cases.csv"), &["case_id"]);
}

#[test]
fn netsuite() {
    holds("netsuite", (25, 25, 0));
}

#[test]
fn jira() {
    holds("jira", (14, 14, 0));
}

#[test]
fn zendesk() {
    holds("zendesk", (12, 12, 0));
}

#[test]
fn zendesk_audits() {
    holds_in("zendesk", "zendesk/json", "zendesk/json/expect", (31, 31, 0));
}

/// The same issues as JSON and as CSV give the same tables.
#[test]
fn jira_issues_with_their_changelog() {
    holds_in("jira", "jira/json", "jira/expect", (14, 14, 0));
}

/// The same tickets as their audits, but for who opened: here that is the one who wrote the update.
#[test]
fn zendesk_ticket_events() {
    holds_in("zendesk", "zendesk/events", "zendesk/events/expect", (23, 23, 0));
}

#[test]
fn zendesk_account_export() {
    holds_in("zendesk", "zendesk/export", "zendesk/export/expect", (15, 15, 0));
}

/// The same issues with the changelog that knows them by their id.
#[test]
fn jira_bulk_changelog() {
    holds_in("jira", "jira/cloud", "jira/expect", (14, 14, 0));
}

#[test]
fn freshdesk_api() {
    holds_in("freshdesk", "freshdesk/api", "freshdesk/api/expect", (9, 9, 0));
}

#[test]
fn freshdesk_activities() {
    holds_in("freshdesk", "freshdesk/json", "freshdesk/json/expect", (10, 10, 0));
}

/// The incident list and sys_audit; the audit log beside them is a real one, and has its own tests.
#[test]
fn servicenow_list_with_sys_audit() {
    holds_in("servicenow", "servicenow/list", "servicenow/list/expect", (9, 9, 0));
}

#[test]
fn salesforce() {
    holds("salesforce", (17, 17, 0));
}

#[test]
fn freshdesk() {
    holds("freshdesk", (3, 3, 0));
}

#[test]
fn xes_csv() {
    holds("xes-csv", (12, 12, 0));
}
