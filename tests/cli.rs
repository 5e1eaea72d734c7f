//! The command line: standard output, error output and exit code together.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A folder with the samples of tests/cli in it, so that no path of this machine shows.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli");
    for entry in std::fs::read_dir(samples).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
    }
    folder
}

fn command(folder: &TempDir, arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_slaudit"));
    command.args(arguments.split_whitespace()).current_dir(folder.path());
    command
}

/// Output, error output and exit code of one run.
fn run_in(folder: &TempDir, arguments: &str) -> String {
    shown(&command(folder, arguments).output().unwrap())
}

fn shown(output: &std::process::Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    format!("{out}-- error output\n{err}-- exit {}", output.status.code().unwrap())
}

fn run(arguments: &str) -> String {
    run_in(&folder(), arguments)
}

fn asked(arguments: &str, questions: &str) -> String {
    let folder = folder();
    let mut child = command(&folder, arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(questions.as_bytes()).unwrap();
    shown(&child.wait_with_output().unwrap())
}

#[test]
fn audit_prints_a_summary_and_says_what_it_did_not_make() {
    insta::assert_snapshot!(run("audit events.csv --out report"), @"");
}

#[test]
fn audit_quiet_says_only_what_was_not_made() {
    insta::assert_snapshot!(run("audit events.csv --out report --quiet --facts-only"), @"");
}

#[test]
fn audit_refuses_a_foreign_folder() {
    let folder = folder();
    std::fs::create_dir(folder.path().join("photos")).unwrap();
    insta::assert_snapshot!(run_in(&folder, "audit events.csv --out photos"), @"");
}

#[test]
fn audit_with_too_many_rejected_rows() {
    let folder = folder();
    insta::assert_snapshot!(run_in(&folder, "audit rejected.csv --out report"), @"");
    insta::assert_snapshot!(std::fs::read_to_string(folder.path().join("report/rejected.csv")).unwrap(), @"");
}

#[test]
fn audit_without_its_input() {
    insta::assert_snapshot!(run("audit nowhere.csv --summary"), @"");
}

#[test]
fn audit_with_a_query_that_cannot_be_run() {
    let folder = folder();
    std::fs::create_dir(folder.path().join("mine")).unwrap();
    let sql = "-- title: Mine\n-- grain: one case\nSELECT nothing FROM cases";
    std::fs::write(folder.path().join("mine/mine.sql"), sql).unwrap();
    insta::assert_snapshot!(run_in(&folder, "audit events.csv --out report --queries mine"), @"");
    assert!(!folder.path().join("report").exists());
}

#[test]
fn audit_with_a_query_of_the_user() {
    let folder = folder();
    std::fs::create_dir(folder.path().join("mine")).unwrap();
    let sql = "-- title: Mine\n-- grain: one case\nSELECT case_id, customer FROM cases ORDER BY case_id";
    std::fs::write(folder.path().join("mine/mine.sql"), sql).unwrap();
    run_in(&folder, "audit events.csv --out report --queries mine");
    insta::assert_snapshot!(std::fs::read_to_string(folder.path().join("report/tables/mine.csv")).unwrap(), @"");
}

#[test]
fn options_of_later_versions_are_unknown() {
    insta::assert_snapshot!(run("audit events.csv --period 2026-01"), @"");
}

#[test]
fn an_instant_that_is_none() {
    insta::assert_snapshot!(run("audit events.csv --summary --as-of today"), @"");
}

#[test]
fn calendar_answers() {
    insta::assert_snapshot!(run("calendar elapsed 2026-03-02T16:00 2026-03-03T09:30:00-07:00"), @"");
    insta::assert_snapshot!(run("calendar add 2026-03-02T16:00 2bh"), @"");
    insta::assert_snapshot!(run("calendar add 2026-03-02T16:00 1bd"), @"");
    insta::assert_snapshot!(run("calendar open 2026-03-07T12:00:00Z"), @"");
    insta::assert_snapshot!(run("calendar show"), @"");
}

#[test]
fn calendar_answers_one_line_each() {
    insta::assert_snapshot!(asked("calendar add --stdin", "2026-03-02T16:00 2bh\n2026-03-02T16:00 90m\n"), @"");
    insta::assert_snapshot!(asked("calendar open --stdin", "2026-03-02T16:00\nnoon\n"), @"");
}

#[test]
fn calendar_mistakes() {
    insta::assert_snapshot!(run("calendar elapsed 2026-03-08T02:30 2026-03-09T00:00"), @"");
    insta::assert_snapshot!(run("calendar add 2026-03-02T16:00 2"), @"");
    insta::assert_snapshot!(run("calendar open 2026-03-02T16:00 --calendar night"), @"");
}

#[test]
fn policy_check() {
    insta::assert_snapshot!(run("policy check"), @"");
}

#[test]
fn version() {
    assert_eq!(run("--version"), format!("slaudit {}\n-- error output\n-- exit 0", env!("CARGO_PKG_VERSION")));
}

#[test]
fn generate_then_audit() {
    let folder = folder();
    insta::assert_snapshot!(run_in(&folder, "generate --cases 20 --months 1 --out made.csv"), @"");
    assert!(run_in(&folder, "audit made.csv --summary --threads 1").ends_with("-- exit 0"));
}
