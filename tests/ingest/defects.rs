//! The smallest file of each defect under data-samples/defects, and what it makes people read.

use std::path::PathBuf;

use slaudit::diag::Error;
use slaudit::ingest::{Ingested, Plan, Profile, Silent, read};

use super::build::folder;

fn plan(file: &str) -> Plan {
    let path = PathBuf::from("data-samples/defects").join(file);
    let mut plan = Plan::new(vec![path], Profile::named("canonical").unwrap());
    plan.max_rejected = 1.0;
    plan
}

fn defect(file: &str) -> Ingested {
    read(&plan(file), &Silent).unwrap()
}

/// The examples of the ledger, as they are printed.
fn examples(file: &str) -> String {
    let made = defect(file);
    let all: Vec<String> = made.ledger.examples.iter().map(ToString::to_string).collect();
    all.join("\n\n")
}

fn rejected(file: &str) -> String {
    let mut out = Vec::new();
    defect(file).ledger.rejected.write(&mut out).unwrap();
    String::from_utf8_lossy(&out).into_owned()
}

/// The findings, without the index of the case.
fn findings(file: &str) -> String {
    let mut plan = plan(file);
    plan.timezone = Some(chrono_tz::America::Denver);
    let made = read(&plan, &Silent).unwrap();
    let line = |f: &slaudit::ingest::DataFinding| {
        format!("{} line {} ({} rows): {}", f.code, f.place.unwrap().line, f.n, f.message)
    };
    made.findings.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn rejected_rows() {
    insta::assert_snapshot!(examples("D501-bad-timestamp.csv"), @r##"
    error[D501]: timestamp not understood: expected an instant such as `2026-01-05T09:00:00Z`, found `2026-01-05T23:59:60Z`
     --> data-samples/defects/D501-bad-timestamp.csv:3:3 (case a)
      |
    3 | a,2026-01-05T23:59:60Z,note,agent,bob,,
      |   ^^^^^^^^^^^^^^^^^^^^
    hint: correct the time, or name its format under `timestamps` in the profile
    "##);
    insta::assert_snapshot!(examples("D502-no-case-id.csv"), @r##"
    error[D502]: row without a case id: expected a case id, found ``
     --> data-samples/defects/D502-no-case-id.csv:3:1
      |
    3 | ,2026-01-05T10:00:00Z,note,agent,bob,,
      | ^
    hint: every row needs the id of its case
    "##);
    insta::assert_snapshot!(examples("D503-duplicate.csv"), @r##"
    warning[D503]: row equal to that of data-samples/defects/D503-duplicate.csv:2 in every canonical column
     --> data-samples/defects/D503-duplicate.csv:3
    hint: the first one is used; overlapping exports make duplicates
    "##);
    insta::assert_snapshot!(examples("D510-wrong-number-of-fields.csv"), @r##"
    error[D510]: wrong number of fields: expected 7 fields, found `8 fields`
     --> data-samples/defects/D510-wrong-number-of-fields.csv:3
      |
    3 | a,2026-01-05T10:00:00Z,note,agent,Bob, the agent,,
    hint: look for a delimiter or a quote inside a field that is not quoted
    "##);
    insta::assert_snapshot!(examples("D510-unclosed-quote.csv"), @r##"
    error[D510]: wrong number of fields: expected a closing quote, found `a quote that stays open`
     --> data-samples/defects/D510-unclosed-quote.csv:3
      |
    3 | a,2026-01-05T10:00:00Z,note,agent,"bob,,
    hint: look for a delimiter or a quote inside a field that is not quoted
    "##);
    insta::assert_snapshot!(examples("D511-not-utf8.csv"), @r##"
    error[D511]: text that is not UTF-8: expected UTF-8, found `Zo�`
     --> data-samples/defects/D511-not-utf8.csv:3:35
      |
    3 | a,2026-01-05T10:00:00Z,note,agent,Zo�,,
      |                                   ^^^
    hint: save the file as UTF-8, or name its encoding in the profile: `encoding = "windows-1252"`
    "##);
    insta::assert_snapshot!(examples("D512-bad-severity.csv"), @r##"
    error[D512]: severity not a whole number from 1 to 9: expected a whole number from 1 to 9, found `high`
     --> data-samples/defects/D512-bad-severity.csv:3:42 (case a)
      |
    3 | a,2026-01-05T10:00:00Z,update,agent,bob,,high
      |                                          ^^^^
    hint: map the word under `[table.severities]` in the profile
    "##);
    insta::assert_snapshot!(examples("D513-unknown-word.csv"), @r##"
    error[D513]: unknown event or role word: expected `opened`, `message`, `note` or `update`, found `comment`
     --> data-samples/defects/D513-unknown-word.csv:3:24 (case a)
      |
    3 | a,2026-01-05T10:00:00Z,comment,agent,bob,,
      |                        ^^^^^^^
    hint: map the word under `[table.events]` or `[table.roles]` in the profile

    error[D513]: unknown event or role word: expected `customer`, `agent` or `system`, found `boss`
     --> data-samples/defects/D513-unknown-word.csv:4:29 (case a)
      |
    4 | a,2026-01-05T11:00:00Z,note,boss,bob,,
      |                             ^^^^
    hint: map the word under `[table.events]` or `[table.roles]` in the profile
    "##);
}

#[test]
fn findings_about_used_rows() {
    insta::assert_snapshot!(findings("D506-unknown-status.csv"), @r##"
    D506 line 3 (2 rows): status `Parked` has no category in profile `canonical`: read as open
    "##);
    insta::assert_snapshot!(findings("D508-repeated-hour.csv"), @r##"
    D508 line 3 (1 rows): the local time came twice that day: taken as `2026-11-01T07:30:00Z`
    "##);
    insta::assert_snapshot!(findings("D509-skipped-hour.csv"), @r##"
    D509 line 3 (1 rows): the local time was skipped that day: moved forward to `2026-03-08T09:30:00Z`
    "##);
}

#[test]
fn the_rejected_file_gives_every_row_back() {
    insta::assert_snapshot!(rejected("D501-bad-timestamp.csv"), @r##"
    file,line,column,code,expected,raw
    data-samples/defects/D501-bad-timestamp.csv,3,at,D501,an instant such as `2026-01-05T09:00:00Z`,"a,2026-01-05T23:59:60Z,note,agent,bob,,"
    "##);
    let (_folder, paths) = folder(&[("x.csv", b"case_id,at\n=1+1,no\n'a,no\nplain,no\n")]);
    let mut plan = Plan::new(paths, Profile::named("canonical").unwrap());
    plan.max_rejected = 1.0;
    let mut out = Vec::new();
    read(&plan, &Silent).unwrap().ledger.rejected.write(&mut out).unwrap();
    let rows: Vec<_> =
        csv::Reader::from_reader(&out[..]).records().map(|r| r.unwrap()[5].to_string()).collect();
    assert_eq!(rows, ["'=1+1,no", "''a,no", "plain,no"]);
}

#[test]
fn too_many_rejected_rows_leave_the_ledger() {
    let mut plan = plan("D501-bad-timestamp.csv");
    plan.max_rejected = 0.01;
    let made = read(&plan, &Silent).unwrap();
    assert_eq!(made.ledger.n_rejected(), 1);
    insta::assert_snapshot!(made.accept().unwrap_err(), @"
    error[D501]: timestamp not understood: expected an instant such as `2026-01-05T09:00:00Z`, found `2026-01-05T23:59:60Z`
     --> data-samples/defects/D501-bad-timestamp.csv:3:3 (case a)
      |
    3 | a,2026-01-05T23:59:60Z,note,agent,bob,,
      |   ^^^^^^^^^^^^^^^^^^^^
    hint: correct the time, or name its format under `timestamps` in the profile

    error[F304]: 1 of 2 rows rejected: expected at most 1%; most by D501, timestamp not understood: 1
    hint: mend them, or raise --max-rejected; `audit --out` lists them all in `rejected.csv`
    ");
}

/// What is said of a file that cannot be used, its folder left out.
fn unusable(name: &str, bytes: &[u8]) -> String {
    let (folder, paths) = folder(&[(name, bytes)]);
    let error = read(&Plan::new(paths, Profile::named("canonical").unwrap()), &Silent).unwrap_err();
    assert!(matches!(error, Error::Input(_)) && error.exit_code() == 4);
    error.to_string().replace(&format!("{}/", folder.path().display()), "")
}

#[test]
fn files_that_cannot_be_used() {
    insta::assert_snapshot!(unusable("empty.csv", b""), @r##"
    error[F305]: the file is empty
     --> empty.csv
    hint: export it again
    "##);
    insta::assert_snapshot!(unusable("header.csv", b"case_id,at\n"), @r##"
    error[F305]: no row below the header
     --> header.csv
    hint: check the filter of the export
    "##);
    insta::assert_snapshot!(unusable("page.csv", b"<!DOCTYPE html><html>"), @"
    error[F302]: expected CSV, JSON, Parquet or an Excel workbook, found HTML: perhaps a sign-in page, or a table saved as a web page
     --> page.csv
    hint: export the table as CSV, JSON, Parquet or .xlsx
    ");
    insta::assert_snapshot!(unusable("twice.csv", b"case_id,at,at\na,b,c\n"), @r##"
    error[F303]: column `at` is there twice: columns 2 and 3
     --> twice.csv
    hint: rename or remove one of them, or name `at[0]`, the first, in the profile
    "##);
    insta::assert_snapshot!(unusable("other.csv", b"Case ID;at\na;b\n"), @"
    error[F303]: no column `case_id`: the header has `Case ID;at`
     --> other.csv
    hint: profile `canonical` expects it; `slaudit inspect FILE` says what the file holds and which profile reads it
    ");
    insta::assert_snapshot!(unusable("near.csv", b"case-id,at\na,b\n"), @r##"
    error[F303]: no column `case_id`: the header has `case-id`, `at`
     --> near.csv
    hint: did you mean `case-id`? name it in a profile
    "##);
    insta::assert_snapshot!(unusable("quote.csv", b"\"case_id,at\na,b\n"), @r##"
    error[F302]: expected a header line, found none that ends
     --> quote.csv
    hint: look for a quote in the first line that is never closed
    "##);
    insta::assert_snapshot!(unusable("short.parquet", b"PAR1abc"), @r##"
    error[F302]: expected a whole Parquet file: EOF: Parquet file too small. Size is 7 but need 8
     --> short.parquet
    hint: copy or export the file again: it may have been cut short
    "##);
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("no.csv");
    let plan = Plan::new(vec![missing, folder.path().to_path_buf()], Profile::named("canonical").unwrap());
    let both = read(&plan, &Silent).unwrap_err().to_string();
    assert_eq!(both.matches("error[F301]").count(), 2);
}

#[test]
fn a_file_that_is_rejected_whole_shows_three_examples_of_its_commonest_rule() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, rows: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, format!("case_id,at,event\n{rows}")).unwrap();
        path
    };
    let other = file("a.csv", "a,nope,opened\na,no,note\na,never,note\na,not,note\n");
    let whole = file("b.csv", "b,once,opened\nb,soon,note\n,2026-01-05,note\nb,late,note\nb,then,note\n");
    let plan = Plan::new(vec![other, whole], Profile::named("canonical").unwrap());
    let made = read(&plan, &Silent).unwrap();
    let lines: Vec<String> = made
        .ledger
        .examples
        .iter()
        .map(|e| format!("{} {}", e.code, e.excerpt.as_deref().unwrap_or_default()))
        .collect();
    // Three of each file; of its other rule none is needed, and one is there.
    insta::assert_snapshot!(lines.join("\n"), @"
    D501 a,nope,opened
    D501 a,no,note
    D501 a,never,note
    D501 b,once,opened
    D501 b,soon,note
    D501 b,late,note
    D502 ,2026-01-05,note
    ");
    let refused = made.refused.unwrap().message.replace(&folder.path().display().to_string(), "…");
    insta::assert_snapshot!(refused, @"9 of 9 rows rejected: expected at most 1%; most by D501, timestamp not understood: 8; nothing is left of `…/a.csv`, most by D501: 4 of 4; nothing is left of `…/b.csv`, most by D501: 4 of 5");
}

#[test]
fn columns_may_be_told_apart_by_another_character_and_it_is_said() {
    let folder = tempfile::tempdir().unwrap();
    for (name, delimiter) in [("comma", ","), ("semicolon", ";"), ("tab", "\t"), ("pipe", "|")] {
        let path = folder.path().join(name);
        let rows = "case_id,at,event,severity\na,2026-01-05T09:00:00Z,opened,1\n".replace(',', delimiter);
        std::fs::write(&path, rows).unwrap();
        let made = read(&Plan::new(vec![path], Profile::named("canonical").unwrap()), &Silent).unwrap();
        assert_eq!(made.history.case(0).events[0].severity(), 1, "{name}");
        let said = made.assumptions.iter().any(|line| line.contains("found in its header"));
        assert_eq!(said, name != "comma", "{name}: {:?}", made.assumptions);
    }
}
