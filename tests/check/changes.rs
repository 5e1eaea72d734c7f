//! One thing changes, and the check says which case it is about.

use super::{CHECK, audited, edit, part, run};

#[test]
fn an_untouched_sample_passes() {
    let folder = audited();
    let said = run(folder.path(), CHECK);
    assert!(said.starts_with("as the baseline `baseline`: 6 fact tables, 23 compliance tables\n"), "{said}");
    assert!(said.ends_with("-- exit 0"), "{said}");
    assert!(!said.contains("Other than when"), "{said}");
}

#[test]
fn one_event_a_second_earlier_is_told_with_its_case() {
    let folder = audited();
    edit(&folder, "events.csv", |text| text.replace("2026-03-02T17:00:01Z", "2026-03-02T17:00:00Z"));
    let said = run(folder.path(), CHECK);
    let shown = said.split("\nTables:").next().unwrap();
    insta::assert_snapshot!(shown, @"
    not as the baseline `baseline`: 1 verdict changed, 1 row of facts on one side
        only, 5 other facts, 19 rows of tables, 2 objectives

    Other than when the baseline was made
      input: events.csv has changed, 52 rows

    Verdicts that changed: 1
      case T02, first_response 1: missed -> met
        due 2026-03-02T17:00:00Z, as before

    Rows on one side only: 1
      case T02, finding R101 first_response 1: only in the baseline

    Other facts: 5
      case T02
        first_response_at 2026-03-02T17:00:01Z -> 2026-03-02T17:00:00Z
        new_s 3601 -> 3600, open_s 28799 -> 28800
      case T02, first_response 1
        stopped_at 2026-03-02T17:00:01Z -> 2026-03-02T17:00:00Z
        elapsed_s 3601 -> 3600, business_s 3601 -> 3600, margin_s -1 -> 0
        verdict_at_first_severity missed -> met
      case T02, update 1
        stopped_at 2026-03-02T17:00:01Z -> 2026-03-02T17:00:00Z
        elapsed_s 3601 -> 3600, business_s 3601 -> 3600, margin_s 10799 -> 10800
      case T02, update 2
        started_at 2026-03-02T17:00:01Z -> 2026-03-02T17:00:00Z
        due_at 2026-03-02T21:00:01Z -> 2026-03-02T21:00:00Z
        elapsed_s 82799 -> 82800, business_s 28799 -> 28800
        margin_s -14400 -> -14401
      case T02, priority order of its first response
        responded_at 2026-03-02T17:00:01Z -> 2026-03-02T17:00:00Z
    ");
    assert!(said.ends_with("and commit it\n-- exit 1"), "{said}");
    assert!(said.lines().all(|line| line.starts_with("hint:") || line.chars().count() <= 80), "{said}");
}

#[test]
fn one_number_of_the_policy_is_told_with_the_cases_it_turns() {
    let folder = audited();
    edit(&folder, "in8sync-targets.toml", |text| {
        text.replace("first_response = \"2 business hours\"", "first_response = \"30 business minutes\"")
    });
    let said = run(folder.path(), CHECK);
    insta::assert_snapshot!(part(&said, "Other than"), @"
    Other than when the baseline was made
      policy: in8sync-targets.toml has changed
    ");
    insta::assert_snapshot!(part(&said, "Verdicts that changed"), @"
    Verdicts that changed: 2
      case T03, first_response 1: met -> missed
        due 2026-03-03T17:00:00Z -> 2026-03-03T15:30:00Z
      case T06, first_response 1: met -> missed
        due 2026-03-04T22:00:00Z -> 2026-03-04T20:30:00Z
    ");
    assert!(said.ends_with("-- exit 1"), "{said}");
}

#[test]
fn a_number_of_the_policy_that_turns_no_case_names_those_it_touches() {
    let folder = audited();
    edit(&folder, "in8sync-targets.toml", |text| {
        text.replace("first_response = \"2 business hours\"", "first_response = \"3 business hours\"")
    });
    let said = run(folder.path(), CHECK);
    assert_eq!(part(&said, "Verdicts that changed"), "");
    insta::assert_snapshot!(part(&said, "Other facts"), @"
    Other facts: 3
      case T03, first_response 1
        due_at 2026-03-03T17:00:00Z -> 2026-03-03T18:00:00Z
        target 2 business hours -> 3 business hours, target_s 7200 -> 10800
        margin_s 4500 -> 8100
      case T06, first_response 1
        due_at 2026-03-04T22:00:00Z -> 2026-03-04T23:00:00Z
        target 2 business hours -> 3 business hours, target_s 7200 -> 10800
        margin_s 900 -> 4500
      case T08, first_response 1
        due_at 2026-03-09T16:00:00Z -> 2026-03-09T17:00:00Z
        target 2 business hours -> 3 business hours, target_s 7200 -> 10800
        margin_s 3600 -> 7200
    ");
    assert!(said.ends_with("-- exit 1"), "{said}");
}

#[test]
fn a_row_that_is_gone_is_told_with_its_case() {
    let folder = audited();
    edit(&folder, "events.csv", |text| {
        text.lines()
            .filter(|line| !line.starts_with("T01,2026-03-02T17:00:00Z"))
            .map(|l| format!("{l}\n"))
            .collect()
    });
    let said = run(folder.path(), CHECK);
    insta::assert_snapshot!(part(&said, "Rows of the input"), @"
    Rows of the input: 3
      rows read: 52 -> 50
      rows used: 51 -> 50
      rows duplicate: 1 -> 0
    ");
    insta::assert_snapshot!(part(&said, "Verdicts that changed"), @"
    Verdicts that changed: 2
      case T01, first_response 1: met -> missed
        due 2026-03-02T17:00:00Z, as before
      case T01, update 1: met -> missed
        due 2026-03-02T20:00:00Z, as before
    ");
    assert!(said.ends_with("-- exit 1"), "{said}");
}

#[test]
fn a_new_event_of_a_case_is_told() {
    let folder = audited();
    edit(&folder, "events.csv", |text| text + "T02,2026-03-20T16:00:00Z,message,customer,Leo Vance,,,,,\n");
    let said = run(folder.path(), CHECK);
    insta::assert_snapshot!(part(&said, "Rows on one side only"), @"
    Rows on one side only: 1
      case T02, finding C303: only in the baseline
    ");
    insta::assert_snapshot!(part(&said, "Other facts"), @"
    Other facts: 2
      case T02
        n_events 3 -> 4, n_customer_messages 0 -> 1
      case T02, inactivity rule 2 spell 1
        ended_at none -> 2026-03-20T16:00:00Z, ended_how open -> returned
        ended_by_role none -> customer, ended_by none -> Leo Vance
        idle_s 1785599 -> 1468799, idle_business_s 482399 -> 424799
        and 2 more cells
    ");
    assert!(said.ends_with("-- exit 1"), "{said}");
}

#[test]
fn a_new_case_is_told() {
    let folder = audited();
    edit(&folder, "events.csv", |text| text + "T77,2026-03-20T16:00:00Z,opened,customer,Zed,New,1,,,\n");
    let said = run(folder.path(), CHECK);
    insta::assert_snapshot!(part(&said, "Rows on one side only"), @"
    Rows on one side only: 7
      case T77: only now, in scope
      case T77, first_response 1: only now, missed
      case T77, resolution 1: only now, missed
      case T77, update 1: only now, missed
      case T77, finding R105 first_response 1: only now
      case T77, finding R106 update 1: only now
      case T77, finding R107 resolution 1: only now
    ");
    assert_eq!(part(&said, "Other facts"), "", "no other case has changed");
    assert!(said.ends_with("-- exit 1"), "{said}");
}

#[test]
fn a_case_that_is_gone_is_told() {
    let folder = audited();
    edit(&folder, "events.csv", |text| {
        text.lines().filter(|line| !line.starts_with("T01,")).map(|line| format!("{line}\n")).collect()
    });
    let said = run(folder.path(), CHECK);
    assert!(said.contains("  case T01: only in the baseline, in scope there\n"), "{said}");
    assert!(said.contains("  case T01, first_response 1: only in the baseline, met there\n"), "{said}");
}

/// Rows that change no fact fail all the same: read, used, duplicate and rejected are held too.
#[test]
fn rows_that_change_no_fact_are_told() {
    let folder = audited();
    edit(&folder, "events.csv", |text| text.clone() + text.lines().last().unwrap() + "\n");
    let said = run(folder.path(), CHECK);
    assert_eq!(
        part(&said, "Rows of the input"),
        "Rows of the input: 2\n  rows read: 52 -> 53\n  rows duplicate: 1 -> 2"
    );
    assert!(said.ends_with("-- exit 1"), "{said}");

    let folder = audited();
    edit(&folder, "events.csv", |text| text + "T77,soon,opened,customer,Zed,New,1,,,\n");
    let said = run(folder.path(), &CHECK.replace("--quiet", "--max-rejected 5%"));
    assert_eq!(
        part(&said, "Rows of the input"),
        "Rows of the input: 3\n  rows read: 52 -> 53\n  rows rejected: 0 -> 1\n  rows rejected by D501: 0 -> 1"
    );
    assert!(said.contains("--> events.csv:54:5 (case T77)"), "{said}");
}

/// Another order of the same rows, another name of the file: the same facts, other bytes.
#[test]
fn what_changes_no_fact_is_context() {
    let folder = audited();
    edit(&folder, "events.csv", |text| {
        let mut lines: Vec<&str> = text.lines().collect();
        lines[1..].reverse();
        lines.join("\n") + "\n"
    });
    let said = run(folder.path(), CHECK);
    assert!(said.starts_with("as the baseline"), "{said}");
    assert!(said.contains("  input: events.csv has changed, 52 rows\n"), "{said}");
    assert!(said.ends_with("-- exit 0"), "{said}");
}

#[test]
fn another_question_is_told_as_context() {
    let folder = audited();
    let said =
        run(folder.path(), &format!("{CHECK} --period 2026-03-02..2026-03-03 --as-of 2026-03-20T00:00:00Z"));
    insta::assert_snapshot!(part(&said, "Other than"), @"
    Other than when the baseline was made
      as of: 2026-03-24T08:00:00Z -> 2026-03-20T00:00:00Z
      period: none -> 2026-03-02..2026-03-03 by start
    ");
    assert!(said.ends_with("-- exit 1"), "{said}");
}

/// A table that has no rows any more is told in a line, not in one for each column that it had.
#[test]
fn a_table_without_rows_is_told_once() {
    let folder = audited();
    edit(&folder, "events.csv", |text| {
        let kept: Vec<&str> = text.lines().take(2).collect();
        format!("{}\n", kept.join("\n"))
    });
    let said = run(folder.path(), CHECK);
    let lines = |text: &str| said.lines().filter(|line| line.contains(text)).count();
    assert_eq!(lines("facts inactivity: no rows now, some in the baseline"), 1, "{said}");
    assert_eq!(lines("facts inactivity, column"), 0, "{said}");
}

/// What a file holds goes to terminals and build logs as characters that can be seen, names of columns too.
#[test]
fn control_characters_of_a_baseline_are_shown_as_such() {
    let folder = audited();
    for (table, from, to) in [
        ("inactivity", "basis", "\u{1}asis"),
        ("verdicts", "metric", "\u{1b}[31mmetric"),
        ("cases_overview", "n_cases", "n_\u{9b}31mcases"),
        ("findings", "code", "\u{202e}code"),
    ] {
        edit(&folder, &format!("baseline/tables/{table}.csv"), |text| text.replacen(from, to, 1));
    }
    for format in ["", "--github"] {
        let said = run(folder.path(), &format!("{CHECK} {format}"));
        let odd = |c: &char| (c.is_control() && *c != '\n') || *c == '\u{202e}';
        assert_eq!(said.chars().find(odd), None, "{said:?}");
        assert!(said.contains("\u{fffd}code"), "{said}");
    }
}
