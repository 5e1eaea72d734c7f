//! Objectives: missed beyond doubt, in doubt, kept, and what `--strict` makes of them.

use super::{CHECK, audited, part, run};

#[test]
fn audit_says_what_is_in_doubt_with_counts_and_interval() {
    let folder = audited();
    let audit = "audit events.csv --policy in8sync-targets.toml --out report --quiet";
    assert_eq!(run(folder.path(), audit), "-- exit 0");
    insta::assert_snapshot!(run(folder.path(), &format!("{audit} --strict")), @"");
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
    insta::assert_snapshot!(said, @"");
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
    insta::assert_snapshot!(part(&said, "Objectives, as they stand"), @"");
    let said = run(folder.path(), &format!("{CHECK} --strict"));
    assert!(said.starts_with("as the baseline `baseline`"), "{said}");
    assert!(said.ends_with("error: an objective is missed beyond doubt\n-- exit 1"), "{said}");
}
