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
    insta::assert_snapshot!(shown, @"");
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
    insta::assert_snapshot!(part(&said, "Other than"), @"");
    insta::assert_snapshot!(part(&said, "Verdicts that changed"), @"");
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
    insta::assert_snapshot!(part(&said, "Other facts"), @"");
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
    insta::assert_snapshot!(part(&said, "Rows of the input"), @"");
    insta::assert_snapshot!(part(&said, "Verdicts that changed"), @"");
    assert!(said.ends_with("-- exit 1"), "{said}");
}

#[test]
fn a_new_event_of_a_case_is_told() {
    let folder = audited();
    edit(&folder, "events.csv", |text| text + "T02,2026-03-20T16:00:00Z,message,customer,Leo Vance,,,,,\n");
    let said = run(folder.path(), CHECK);
    insta::assert_snapshot!(part(&said, "Rows on one side only"), @"");
    insta::assert_snapshot!(part(&said, "Other facts"), @"");
    assert!(said.ends_with("-- exit 1"), "{said}");
}

#[test]
fn a_new_case_is_told() {
    let folder = audited();
    edit(&folder, "events.csv", |text| text + "T77,2026-03-20T16:00:00Z,opened,customer,Zed,New,1,,,\n");
    let said = run(folder.path(), CHECK);
    insta::assert_snapshot!(part(&said, "Rows on one side only"), @"");
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
    insta::assert_snapshot!(part(&said, "Other than"), @"");
    assert!(said.ends_with("-- exit 1"), "{said}");
}
