//! Books: a folder of dated versions, and which of them a case falls under (SPEC 6, case A19).

use std::fs::write;

use super::{book, text};
use chrono::{DateTime, Utc};
use slaudit::calendar::Instant;
use slaudit::policy::{Book, load};

fn at(text: &str) -> Instant {
    text.parse::<DateTime<Utc>>().unwrap().into()
}

#[test]
fn versions_ascend_by_date_and_take_the_date_for_their_name() {
    let book = book("tests/policy/cases/A19");
    let versions: Vec<_> = book.versions.iter().map(|policy| policy.version.as_str()).collect();
    assert_eq!(versions, ["2026-01-01", "2026-10-05"]);
    assert_eq!(book.files.len(), 2);
}

#[test]
fn the_local_date_in_the_versions_own_zone_decides() {
    let book = book("tests/policy/cases/A19");
    // Lord Howe is at +11:00 from 2026-10-04 on: its 5 October starts at 13:00 UTC of the 4th.
    assert_eq!(book.version_for(at("2026-10-04T12:59:59.999999Z")), (0, false));
    assert_eq!(book.version_for(at("2026-10-04T13:00:00Z")), (1, false));
    assert_eq!(book.version_for(at("2030-01-01T00:00:00Z")), (1, false));
    // Denver's 2026 starts at 07:00 UTC.
    assert_eq!(book.version_for(at("2026-01-01T07:00:00Z")), (0, false));
    assert_eq!(book.version_for(at("2026-01-01T06:59:59Z")), (0, true));
    assert_eq!(book.version_for(at("2020-01-01T00:00:00Z")), (0, true));
}

#[test]
fn a_file_alone_needs_no_date_and_keeps_the_one_it_has() {
    let undated = Book { versions: vec![text("name = \"x\"\n")], files: Vec::new() };
    assert_eq!(undated.version_for(at("1980-01-01T00:00:00Z")), (0, false));
    let dated = Book { versions: vec![text("effective_from = 2026-01-01\n")], files: Vec::new() };
    assert_eq!(dated.version_for(at("2025-12-31T23:59:59Z")), (0, true));
}

#[test]
fn an_undated_file_that_another_inherits_is_no_version() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path().join("base.toml"), "timezone = \"Asia/Tokyo\"\n").unwrap();
    write(folder.path().join("2026.toml"), "inherit = \"base.toml\"\neffective_from = 2026-01-01\n").unwrap();
    write(folder.path().join("2027.toml"), "inherit = \"2026.toml\"\neffective_from = 2027-01-01\n").unwrap();
    write(folder.path().join(".draft.toml"), "not a policy").unwrap();
    let book = load(folder.path()).unwrap();
    let versions: Vec<_> = book.versions.iter().map(|policy| policy.version.as_str()).collect();
    assert_eq!(versions, ["2026-01-01", "2027-01-01"]);
    assert_eq!(book.versions[1].timezone, chrono_tz::Asia::Tokyo);
}

#[test]
fn a_problem_of_a_common_base_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path().join("base.toml"), "timezone = \"UTC\"\nnmae = 1\n").unwrap();
    for year in [2026, 2027] {
        let version = format!("inherit = \"base.toml\"\neffective_from = {year}-01-01\n");
        write(folder.path().join(format!("{year}.toml")), version).unwrap();
    }
    let shown = load(folder.path()).unwrap_err().to_string();
    assert_eq!(shown.matches("error[").count(), 1, "{shown}");
}

#[test]
fn an_empty_folder_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let error = load(folder.path()).unwrap_err();
    assert_eq!(error.exit_code(), 3);
    assert!(error.to_string().starts_with("error[F109]: expected a policy file in "));
}
