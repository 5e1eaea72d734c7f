//! The smallest file of each code that the replay raises, and of each that makes an input unusable:
//! what people read. Rows and policies have theirs in tests/ingest and tests/policy.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::run::{self, Cell, Row};
use slaudit::diag::Error;
use slaudit::ingest::{Plan, Profile, Reading, Silent, read, read_in_parts};

const FOLDER: &str = "data-samples/defects";

fn text(row: &Row, column: &str) -> String {
    match &row[column] {
        Cell::Null => "-".into(),
        Cell::Text(text) => text.clone(),
        Cell::Whole(n) => n.to_string(),
        other => format!("{other:?}"),
    }
}

/// The findings of one sample, a line each.
fn findings(name: &str) -> String {
    let own = format!("{FOLDER}/{name}.toml");
    let policy = if Path::new(&own).exists() { &own } else { "data-samples/policies/in8sync-targets.toml" };
    let made = run::audit(vec![format!("{FOLDER}/{name}.csv").into()], policy.as_ref(), None).unwrap();
    let line = |row: &Row| ["code", "metric", "cycle", "message"].map(|c| text(row, c)).join(" | ") + "\n";
    made.tables["findings"].iter().map(line).collect()
}

#[test]
fn each_finding_of_the_replay_has_its_smallest_history() {
    let names = fs::read_dir(FOLDER).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let replayed = |name: &String| {
        ["C3", "D504", "D505", "D514", "E6", "P4", "R1", "S2"].iter().any(|code| name.starts_with(code))
            && name.ends_with(".csv")
    };
    let names: BTreeSet<String> = names.filter(replayed).map(|name| name.replace(".csv", "")).collect();
    let all: String = names.iter().map(|name| format!("{name}\n{}", findings(name))).collect();
    for name in &names {
        let made = findings(name);
        let shown: BTreeSet<&str> = made.lines().map(|line| &line[..4]).collect();
        assert!(shown.contains(&name[..4]), "{name} does not show its code");
        assert!(shown.len() <= 2, "{name} shows more than its code and what that brings along: {shown:?}");
    }
    insta::assert_snapshot!(all);
}

#[test]
fn one_wrong_year_is_told_with_its_line_whole_and_in_parts() {
    let plan =
        Plan::new(vec![format!("{FOLDER}/F307-far-date.csv").into()], Profile::named("canonical").unwrap());
    let made = read(&plan, &Silent).unwrap();
    insta::assert_snapshot!(made.far_warning().unwrap(), @"
    warning[F307]: the latest event, 2062-03-10T09:00:00Z, lies 13155 days after all other events, and everything open is judged at it
     --> data-samples/defects/F307-far-date.csv:6
    hint: the others end at 2026-03-03T09:30:00Z; where the date is wrong, correct it, or say with `--as-of` when to judge
    ");
    let far = made.far_date().unwrap();
    let Reading::Parts(parted) = read_in_parts(&plan, &Silent).unwrap() else { panic!("not in parts") };
    // Nothing was in order yet.
    assert_eq!(parted.far_date(), None);
    parted.fold(|| (), |(), _, _| ()).unwrap();
    assert_eq!(parted.far_date(), Some(far));
}

fn refusal(name: &str) -> Error {
    let plan = Plan::new(vec![format!("{FOLDER}/{name}").into()], Profile::named("canonical").unwrap());
    match read(&plan, &Silent) {
        Err(error) => error,
        Ok(made) => made.accept().unwrap_err(),
    }
}

#[test]
fn inputs_that_cannot_be_used_say_why() {
    let names =
        ["F301-no-such-file.csv", "F302-html.csv", "F303-column-missing.csv", "F304-too-many-rejected.csv"];
    let all: Vec<String> =
        names.iter().chain(&["F305-header-only.csv"]).map(|name| refusal(name).to_string()).collect();
    insta::assert_snapshot!(all.join("\n\n"));
}
