//! Objectives: missed beyond doubt, in doubt, kept, and what `--strict` makes of them.

use super::{CHECK, audited, part, run};

#[test]
fn audit_says_what_is_in_doubt_with_counts_and_interval() {
    let folder = audited();
    let audit = "audit events.csv --policy in8sync-targets.toml --out report --quiet";
    assert_eq!(run(folder.path(), audit), "-- exit 0");
    insta::assert_snapshot!(run(folder.path(), &format!("{audit} --strict")), @"
    note: objective `first_response` is missed beyond doubt: 6 of 9 met, 66.7%, 95% interval 35.4% to 87.9%, goal 95.0%
    note: objective `first_response.severity.1` is missed beyond doubt: 1 of 3 met, 33.3%, 95% interval 6.1% to 79.2%, goal 99.0%
    note: objective `next_response` is kept, within doubt: 2 of 2 met, 100.0%, 95% interval 34.2% to 100.0%, goal 90.0%
    note: objective `update` is below its goal, within doubt: 14 of 18 met, 77.8%, 95% interval 54.8% to 91.0%, goal 90.0%
    note: objective `resolution` is below its goal, within doubt: 8 of 9 met, 88.9%, 95% interval 56.5% to 98.0%, goal 90.0%
    note: objective `resolution.severity.1` is below its goal, within doubt: 2 of 3 met, 66.7%, 95% interval 20.8% to 93.9%, goal 95.0%
    note: objective `after_hours_response` is below its goal, within doubt: 1 of 2 met, 50.0%, 95% interval 9.5% to 90.5%, goal 90.0%
    error: objectives missed beyond doubt: `first_response`, `first_response.severity.1`
    -- exit 1
    ");
}

#[test]
fn what_is_in_doubt_fails_nothing() {
    let folder = audited();
    let path = folder.path().join("in8sync-targets.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let kept: Vec<&str> = text.lines().filter(|line| !line.starts_with('"')).collect();
    std::fs::write(&path, kept.join("\n") + "\n\"update\" = 0.90\n\"next_response\" = 0.90\n").unwrap();
    let said =
        run(folder.path(), "audit events.csv --policy in8sync-targets.toml --out report --quiet --strict");
    insta::assert_snapshot!(said, @"
    note: objective `update` is below its goal, within doubt: 14 of 18 met, 77.8%, 95% interval 54.8% to 91.0%, goal 90.0%
    note: objective `next_response` is kept, within doubt: 2 of 2 met, 100.0%, 95% interval 34.2% to 100.0%, goal 90.0%
    -- exit 0
    ");
    let update = run(folder.path(), &format!("{CHECK} --update"));
    assert!(update.ends_with("-- exit 0"), "{update}");
    let said = run(folder.path(), &format!("{CHECK} --strict"));
    assert!(said.contains("objective `update` is below its goal, within doubt: 14 of 18 met"), "{said}");
    assert!(said.ends_with("-- exit 0"), "{said}");
}

#[test]
fn a_check_fails_for_what_is_missed_only_where_it_is_asked_to() {
    let folder = audited();
    let said = run(folder.path(), CHECK);
    insta::assert_snapshot!(part(&said, "Objectives, as they stand"), @"
    Objectives, as they stand
      objective `first_response` is missed beyond doubt: 6 of 9 met, 66.7%, 95%
          interval 35.4% to 87.9%, goal 95.0%
      objective `first_response.severity.1` is missed beyond doubt: 1 of 3 met,
          33.3%, 95% interval 6.1% to 79.2%, goal 99.0%
      objective `update` is below its goal, within doubt: 14 of 18 met, 77.8%, 95%
          interval 54.8% to 91.0%, goal 90.0%
      objective `resolution` is below its goal, within doubt: 8 of 9 met, 88.9%, 95%
          interval 56.5% to 98.0%, goal 90.0%
      objective `resolution.severity.1` is below its goal, within doubt: 2 of 3 met,
          66.7%, 95% interval 20.8% to 93.9%, goal 95.0%
      objective `after_hours_response` is below its goal, within doubt: 1 of 2 met,
          50.0%, 95% interval 9.5% to 90.5%, goal 90.0%
    ");
    let said = run(folder.path(), &format!("{CHECK} --strict"));
    assert!(said.starts_with("as the baseline `baseline`"), "{said}");
    assert!(said.ends_with("error: an objective is missed beyond doubt\n-- exit 1"), "{said}");
}
