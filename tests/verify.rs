//! `verify`: a report as it was made, changed, and made again.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::Command;

fn run(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_slaudit"));
    let made = command.current_dir(folder).args(arguments).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    format!("{}{}-- exit {}", text(&made.stdout), text(&made.stderr), made.status.code().unwrap())
}

/// A folder with the twelve cases and their report.
fn audited() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples/tiny/events.csv");
    std::fs::copy(sample, folder.path().join("events.csv")).unwrap();
    run(folder.path(), &["audit", "events.csv", "--out", "report", "--period", "2026-03"]);
    folder
}

#[test]
fn an_untouched_report_is_found_so_and_made_again() {
    let folder = audited();
    let said = run(folder.path(), &["verify", "report", "--replay"]);
    assert!(said.ends_with("files unchanged\n-- exit 0"), "{said}");
}

#[test]
fn whatever_was_changed_is_named() {
    let folder = audited();
    std::fs::write(folder.path().join("report/tables/verdicts.csv"), "metric\n").unwrap();
    std::fs::remove_file(folder.path().join("report/rejected.csv")).unwrap();
    std::fs::write(folder.path().join("report/notes.txt"), "mine").unwrap();
    let events = folder.path().join("events.csv");
    let more =
        std::fs::read_to_string(&events).unwrap() + "T99,2026-03-09T16:00:00Z,opened,customer,,New,1,,,\n";
    std::fs::write(&events, more).unwrap();
    let said = run(folder.path(), &["verify", "report"]);
    let changed: Vec<&str> = said.lines().filter(|line| !line.contains(" files unchanged")).collect();
    insta::assert_snapshot!(changed.join("\n"), @"
    changed   input    events.csv
    missing   output   rejected.csv
    changed   output   tables/verdicts.csv
    added     output   notes.txt
    error: the report is not as it was made
    -- exit 1
    ");
    let again = run(folder.path(), &["verify", "report", "--replay"]);
    assert!(again.contains("changed   again    facts/cases.parquet"), "{again}");
}

#[test]
fn a_folder_that_is_no_report_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("report")).unwrap();
    std::fs::write(folder.path().join("report/manifest.json"), "{}").unwrap();
    insta::assert_snapshot!(run(folder.path(), &["verify", "report"]), @"
    error[F301]: expected the manifest of a report of slaudit
     --> report/manifest.json
    hint: name the folder that `slaudit audit` wrote
    -- exit 4
    ");
}

/// Every byte of the committed report, from the files in the repository: reports/README.md has its command.
#[test]
fn the_committed_report_is_made_again_to_the_same_bytes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let said = run(root, &["verify", "reports/sample", "--replay"]);
    assert!(said.ends_with("files unchanged\n-- exit 0"), "{said}");
}

/// A report from elsewhere may name anything and hold anything: devices, pipes, links. None of it is opened.
#[cfg(unix)]
#[test]
fn only_regular_files_are_read() {
    let folder = audited();
    let report = folder.path().join("report");
    let manifest = std::fs::read_to_string(report.join("manifest.json")).unwrap();
    let named = manifest.replace("\"events.csv\",\n      \"sha256\"", "\"/dev/zero\",\n      \"sha256\"");
    assert_ne!(manifest, named);
    std::fs::write(report.join("manifest.json"), named).unwrap();
    let link = |to: &str, from: &str| {
        std::fs::remove_file(report.join(from)).unwrap();
        std::os::unix::fs::symlink(to, report.join(from)).unwrap();
    };
    link("/dev/zero", "rejected.csv");
    link("../events.csv", "summary.txt");
    assert!(Command::new("mkfifo").arg(report.join("a pipe")).status().unwrap().success());
    let said = bounded(folder.path(), &["verify", "report"]);
    let changed: Vec<&str> = said.lines().filter(|line| !line.contains(" files unchanged")).collect();
    insta::assert_snapshot!(changed.join("\n"), @"
    no file   input    /dev/zero
    no file   output   rejected.csv
    no file   output   summary.txt
    added     output   a pipe
    error: the report is not as it was made
    -- exit 1
    ");
    link("/dev/zero", "manifest.json");
    let said = bounded(folder.path(), &["verify", "report"]);
    assert!(said.contains("error[F301]: cannot be read: it is not a regular file"), "{said}");
}

/// The same as [`run`], ended after a while.
#[cfg(unix)]
fn bounded(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("timeout");
    command.args(["20", env!("CARGO_BIN_EXE_slaudit")]).args(arguments).current_dir(folder);
    let made = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    format!("{}{}-- exit {}", text(&made.stdout), text(&made.stderr), made.status.code().unwrap())
}
