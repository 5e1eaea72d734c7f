//! The baseline itself: written, kept, refused; tolerances; a report in its place.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::{CHECK, audited, edit, part, run};

/// Every file under `folder` with its bytes.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(contents(&path));
        } else {
            all.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    all
}

const EARLIER: (&str, &str) = ("2026-03-02T17:00:01Z", "2026-03-02T17:00:00Z");

#[test]
fn an_update_says_what_changes_keeps_what_is_the_users_and_passes_after() {
    let folder = audited();
    let again = run(folder.path(), &format!("{CHECK} --update"));
    assert!(again.starts_with("as the baseline"), "{again}");
    edit(&folder, "baseline/baseline.toml", |text| {
        text.replace("    \"clauses\",\n", "    \"open_cases\",\n")
            + "\"facts.clocks.business_s\" = 5 # ours\n"
    });
    fs::remove_file(folder.path().join("baseline/tables/clauses.csv")).unwrap();
    edit(&folder, "events.csv", |text| text.replace(EARLIER.0, EARLIER.1));
    let said = run(folder.path(), &format!("{CHECK} --update"));
    assert!(said.contains("case T02, first_response 1: missed -> met"), "{said}");
    assert!(said.ends_with("\nwrote the baseline baseline\n-- exit 0"), "{said}");
    let said = run(folder.path(), CHECK);
    assert!(said.starts_with("as the baseline") && said.ends_with("-- exit 0"), "{said}");
    let text = fs::read_to_string(folder.path().join("baseline/baseline.toml")).unwrap();
    assert!(text.ends_with("[tolerance]\n\"facts.clocks.business_s\" = 5 # ours\n"), "{text}");
    assert!(folder.path().join("baseline/tables/open_cases.csv").exists());
    assert!(!folder.path().join("baseline/tables/clauses.csv").exists());
    assert!(said.contains("\n4 tables of the audit not held: `tables` in baseline.toml\n"), "{said}");
}

#[test]
fn an_update_of_the_same_audit_writes_the_same_bytes_and_leaves_nothing_beside() {
    let folder = audited();
    let first = contents(folder.path());
    run(folder.path(), &format!("{CHECK} --update"));
    assert_eq!(first, contents(folder.path()));
}

#[test]
fn an_update_touches_no_folder_that_is_no_baseline() {
    let folder = audited();
    fs::write(folder.path().join("baseline/notes.md"), "mine").unwrap();
    let before = contents(folder.path());
    insta::assert_snapshot!(run(folder.path(), &format!("{CHECK} --update")), @"
    error[F401]: holds `notes.md`, which is no file of a baseline; nothing was changed
     --> baseline
    hint: give another folder with `--baseline`, or move what is there away
    -- exit 5
    ");
    fs::create_dir(folder.path().join("other")).unwrap();
    fs::write(folder.path().join("other/notes.md"), "mine").unwrap();
    let other = CHECK.replace("--baseline baseline", "--baseline other");
    insta::assert_snapshot!(run(folder.path(), &format!("{other} --update")), @"
    error[F401]: exists and is not a baseline of slaudit: it has no `baseline.toml` of ours; nothing was changed
     --> other
    hint: give another folder with `--baseline`, or move what is there away
    -- exit 5
    ");
    fs::remove_dir_all(folder.path().join("other")).unwrap();
    assert_eq!(before, contents(folder.path()));
    fs::create_dir(folder.path().join("empty")).unwrap();
    let empty = CHECK.replace("--baseline baseline", "--baseline empty");
    assert_eq!(run(folder.path(), &format!("{empty} --update")), "wrote the baseline empty\n-- exit 0");
}

#[test]
fn a_tolerance_holds_what_it_names_and_nothing_else() {
    let folder = audited();
    // Case T02 was answered a second late: a second later still changes seconds and instants.
    edit(&folder, "events.csv", |text| text.replace(EARLIER.0, "2026-03-02T17:00:02Z"));
    let said = run(folder.path(), CHECK);
    assert!(said.ends_with("-- exit 1"), "{said}");
    edit(&folder, "baseline/baseline.toml", |text| {
        let seconds = ["elapsed_s", "business_s", "margin_s", "stopped_at", "started_at", "due_at"];
        let lines = seconds.map(|column| format!("\"facts.clocks.{column}\" = 1\n"));
        text + &lines.concat()
    });
    let said = run(folder.path(), CHECK);
    assert!(!part(&said, "Other facts").contains("case T02, first_response"), "{said}");
    assert!(part(&said, "Other facts").contains("case T02\n"), "{said}");
    let cases =
        ["new_s", "open_s", "first_response_at"].map(|column| format!("\"facts.cases.{column}\" = 1\n"));
    let more = "\"facts.findings.at\" = 1\n\"facts.overtaken.responded_at\" = 1\n\"tables.priorities.median_s\" = 1\n".to_owned();
    let durations = ["p50_s", "p90_s", "km_p50_s", "km_p90_s"];
    let durations = durations.map(|column| format!("\"tables.durations.{column}\" = 1\n"));
    edit(&folder, "baseline/baseline.toml", |text| text + &cases.concat() + &more + &durations.concat());
    let said = run(folder.path(), CHECK);
    assert!(said.starts_with("as the baseline") && said.ends_with("-- exit 0"), "{said}");
    edit(&folder, "events.csv", |text| text.replace("2026-03-02T17:00:02Z", "2026-03-02T17:00:03Z"));
    let said = run(folder.path(), CHECK);
    assert!(said.contains("business_s 3601 -> 3603"), "{said}");
}

#[test]
fn a_tolerance_that_names_nothing_is_an_error() {
    for (line, expected) in [
        ("\"facts.clocks.busines_s\" = 1", "`facts.clocks` has no column `busines_s`"),
        (
            "\"facts.clocks.verdict\" = 1",
            "expected a column of numbers or instants, found `met` in `verdict`",
        ),
        ("\"facts.clocks.cycle\" = 1", "`cycle` identifies rows and is always exact"),
        ("\"tables.gravest.over_by_s\" = 1", "the baseline holds no `tables.gravest`"),
        ("\"attainment\" = 1", "expected `facts.TABLE.COLUMN` or `tables.TABLE.COLUMN`, found `attainment`"),
        ("\"facts.clocks.business_s\" = -1", "expected a tolerance from 0, found `-1`"),
        ("\"facts.clocks.business_s\" = \"1\"", "invalid type: string \"1\", expected f64"),
    ] {
        let folder = audited();
        edit(&folder, "baseline/baseline.toml", |text| format!("{text}{line}\n"));
        let n = fs::read_to_string(folder.path().join("baseline/baseline.toml")).unwrap().lines().count();
        let said = run(folder.path(), CHECK);
        assert!(said.contains(expected), "{line}: {said}");
        assert!(said.contains(&format!(" --> baseline/baseline.toml:{n}\n")), "{line}: {said}");
        assert!(said.ends_with("-- exit 4"), "{line}: {said}");
    }
}

#[test]
fn a_baseline_that_cannot_be_used_is_told_with_a_way_out() {
    let folder = audited();
    let elsewhere = CHECK.replace("--baseline baseline", "--baseline none");
    insta::assert_snapshot!(run(folder.path(), &elsewhere), @"
    error[F301]: no baseline to check against: No such file or directory (os error 2)
     --> none/baseline.toml
    hint: make one with `--update`, and commit it
    -- exit 4
    ");
    edit(&folder, "baseline/baseline.toml", |text| text.replace("format = 1", "format = 2"));
    insta::assert_snapshot!(run(folder.path(), CHECK), @"
    error[F104]: expected `format = 1`, found 2
     --> baseline/baseline.toml
    hint: another version of slaudit made it: use that one, or make the baseline anew in another folder
    -- exit 4
    ");
    edit(&folder, "baseline/baseline.toml", |text| text.replace("format = 2", "format = 1\nformats = 1"));
    insta::assert_snapshot!(run(folder.path(), CHECK), @"
    error[F102]: unknown field `formats`, expected one of `kind`, `format`, `tables`, `slaudit`, `zone_data`, `as_of`, `period`, `close_after`, `profile`, `policy`, `input`, `rows`, `tolerance`
     --> baseline/baseline.toml:5
    hint: take the file from version control, or make the baseline anew in another folder
    -- exit 4
    ");
    edit(&folder, "baseline/baseline.toml", |text| text.replace("formats = 1", "half a"));
    let said = run(folder.path(), CHECK);
    assert!(said.starts_with("error[F101]") && said.ends_with("-- exit 4"), "{said}");

    let folder = audited();
    fs::remove_file(folder.path().join("baseline/tables/verdicts.csv")).unwrap();
    insta::assert_snapshot!(run(folder.path(), CHECK), @"
    error[F301]: `baseline.toml` names the table `verdicts`, and it is not there
     --> baseline/tables/verdicts.csv
    hint: write it with `--update`, or take its name out of `tables`
    -- exit 4
    ");

    let folder = audited();
    edit(&folder, "baseline/tables/verdicts.csv", |text| text + "resolution\n");
    let said = run(folder.path(), CHECK);
    assert!(said.contains("expected 5 fields, found 1\n --> baseline/tables/verdicts.csv:"), "{said}");
    assert!(said.ends_with("-- exit 4"), "{said}");
}

#[test]
fn a_table_that_nobody_makes_cannot_be_held() {
    let folder = audited();
    edit(&folder, "baseline/baseline.toml", |text| text.replace("    \"clauses\",\n", "    \"clausses\",\n"));
    insta::assert_snapshot!(run(folder.path(), &format!("{CHECK} --update")), @"
    error[F106]: `tables` names `clausses`, and no such table is made
     --> baseline/baseline.toml
    hint: take its name out of `tables`
    -- exit 4
    ");
}

#[test]
fn a_report_of_audit_is_a_baseline() {
    let folder = audited();
    let audit = "audit events.csv --policy in8sync-targets.toml --out report --quiet";
    assert!(run(folder.path(), audit).ends_with("-- exit 0"));
    let check = CHECK.replace("--baseline baseline", "--baseline report");
    let said = run(folder.path(), &check);
    assert!(said.starts_with("as the baseline `report`: 6 fact tables, 27 compliance tables\n"), "{said}");
    assert!(said.ends_with("-- exit 0"), "{said}");
    insta::assert_snapshot!(run(folder.path(), &format!("{check} --update")), @"
    error: `report` is a report of `audit`, which `--update` does not write
    hint: make the report again with `slaudit audit --out`, or name another folder
    -- exit 2
    ");
    edit(&folder, "events.csv", |text| text.replace(EARLIER.0, EARLIER.1));
    let said = run(folder.path(), &check);
    assert!(said.contains("case T02, first_response 1: missed -> met"), "{said}");
    assert!(said.ends_with("-- exit 1"), "{said}");
}
