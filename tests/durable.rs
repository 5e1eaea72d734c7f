//! A report folder is the old report or the new one, whatever happens: killed at any moment, a full disk, a place that
//! cannot be written.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

fn slaudit(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_slaudit"));
    command.current_dir(folder).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

/// A folder with two inputs and the report of the first.
fn audited() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, cases) in [("old.csv", "40"), ("new.csv", "3000")] {
        let arguments = ["generate", "--cases", cases, "--out", name];
        assert!(slaudit(folder.path()).args(arguments).status().unwrap().success());
    }
    assert!(slaudit(folder.path()).args(["audit", "old.csv", "--out", "report"]).status().unwrap().success());
    folder
}

/// The input that the report in `folder` was made from, after holding every file of it against its manifest.
fn made_from(folder: &Path) -> String {
    let verified = slaudit(folder).args(["verify", "report"]).output().unwrap();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
    made_from_before(folder)
}

#[test]
fn killed_at_any_moment_it_is_the_old_report_or_the_new_one() {
    let folder = audited();
    let mut seen = Vec::new();
    for wait in [0, 5, 20, 60, 120, 250, 500, 1_000, 60_000] {
        let mut running =
            slaudit(folder.path()).args(["audit", "new.csv", "--out", "report", "--quiet"]).spawn().unwrap();
        // Until the time is over or the command is done, whichever is first.
        for _ in 0..wait {
            if running.try_wait().unwrap().is_some() {
                break;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        let _ = running.kill();
        running.wait().unwrap();
        seen.push(made_from(folder.path()));
    }
    assert_eq!(seen.first().map(String::as_str), Some("old.csv"));
    assert_eq!(seen.last().map(String::as_str), Some("new.csv"));
    assert!(seen.iter().all(|input| input == "old.csv" || input == "new.csv"), "{seen:?}");
}

#[test]
fn a_full_disk_is_told_and_leaves_the_old_report() {
    let folder = audited();
    // A limit on the size of files fails a write as a full disk does; 64 blocks of 512 bytes, or of 1,024.
    let script = format!(
        "trap '' XFSZ; ulimit -f 64; exec '{}' audit new.csv --out report --quiet",
        env!("CARGO_BIN_EXE_slaudit")
    );
    let output = Command::new("sh").arg("-c").arg(script).current_dir(folder.path()).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(5), "{error}");
    assert!(error.contains("error[F402]: cannot write:"), "{error}");
    assert_eq!(made_from(folder.path()), "old.csv");
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left.len(), 3, "{left:?}");
}

#[test]
fn a_place_that_cannot_be_written_is_told() {
    let folder = audited();
    let output = slaudit(folder.path()).args(["audit", "old.csv", "--out", "/proc/report"]).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(5), "{error}");
    assert!(error.contains("error[F402]: cannot write:") && error.contains("/proc"), "{error}");
}

/// The error of an audit of `input` into `report`, which has to be refused with F401 and all of `names`.
fn refused(folder: &Path, input: &str, more: &[&str], names: &[&str]) {
    let arguments = ["audit", input, "--facts-only", "--out", "report", "--quiet"];
    let output = slaudit(folder).args(arguments).args(more).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(5), "{error}");
    for name in ["error[F401]", "nothing was changed"].iter().chain(names) {
        assert!(error.contains(name), "expected `{name}` in {error}");
    }
}

#[test]
fn what_somebody_put_into_a_report_stays_there() {
    let folder = audited();
    let report = folder.path().join("report");
    fs::create_dir_all(report.join("2026-10/tables")).unwrap();
    fs::write(report.join("2026-10/tables/mine.csv"), "a").unwrap();
    fs::write(report.join("notes.txt"), "years of work").unwrap();
    std::os::unix::fs::symlink("/etc", report.join("a link")).unwrap();
    let names = ["`2026-10/tables/mine.csv`", "`a link`", "`notes.txt`", "--replace"];
    refused(folder.path(), "old.csv", &[], &names);
    assert_eq!(fs::read_to_string(report.join("notes.txt")).unwrap(), "years of work");
    let replaced = slaudit(folder.path())
        .args(["audit", "new.csv", "--facts-only", "--out", "report", "--quiet", "--replace"])
        .status()
        .unwrap();
    assert!(replaced.success());
    assert!(!report.join("notes.txt").exists());
    assert_eq!(made_from(folder.path()), "new.csv");
}

#[test]
fn a_changed_report_is_replaced_and_litter_is_nobodys() {
    let folder = audited();
    fs::write(folder.path().join("report/report.md"), "my own words").unwrap();
    fs::write(folder.path().join("report/charts/.DS_Store"), "").unwrap();
    fs::create_dir(folder.path().join("report/empty")).unwrap();
    let arguments = ["audit", "new.csv", "--facts-only", "--out", "report", "--quiet"];
    assert!(slaudit(folder.path()).args(arguments).status().unwrap().success());
    assert_eq!(made_from(folder.path()), "new.csv");
}

#[test]
fn a_manifest_alone_makes_nobodys_files_ours() {
    let folder = audited();
    fs::create_dir(folder.path().join("thesis")).unwrap();
    fs::write(folder.path().join("thesis/manifest.json"), r#"{"kind": "slaudit report"}"#).unwrap();
    fs::write(folder.path().join("thesis/thesis.txt"), "years of work").unwrap();
    let arguments = ["whatif", "old.csv", "--proposed", "p.toml", "--out", "thesis", "--quiet"];
    fs::write(folder.path().join("p.toml"), "[[severity]]\nlevel = 1\nfirst_response = \"1 hour\"\n")
        .unwrap();
    let output = slaudit(folder.path()).args(arguments).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(5), "{error}");
    assert!(error.contains("`thesis.txt`"), "{error}");
    assert!(folder.path().join("thesis/thesis.txt").exists());
}

#[test]
fn what_a_run_reads_is_never_deleted() {
    let folder = audited();
    fs::copy(folder.path().join("old.csv"), folder.path().join("report/mine.csv")).unwrap();
    fs::create_dir(folder.path().join("report/rules")).unwrap();
    let policy = "effective_from = 2026-01-01\n[[severity]]\nlevel = 1\nfirst_response = \"1 hour\"\n";
    fs::write(folder.path().join("report/rules/a.toml"), policy).unwrap();
    std::os::unix::fs::symlink("report/mine.csv", folder.path().join("link.csv")).unwrap();
    for input in ["report/mine.csv", "link.csv"] {
        refused(folder.path(), input, &["--replace"], &[input]);
    }
    refused(folder.path(), "old.csv", &["--replace", "--policy", "report/rules"], &["report/rules/a.toml"]);
    assert_eq!(made_from_before(folder.path()), "old.csv");
}

/// The input by the manifest alone, of a report that holds more than it lists.
fn made_from_before(folder: &Path) -> String {
    let manifest = fs::read_to_string(folder.join("report/manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    manifest["inputs"][0]["path"].as_str().unwrap().to_owned()
}
