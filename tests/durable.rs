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
    let manifest = fs::read_to_string(folder.join("report/manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    manifest["inputs"][0]["path"].as_str().unwrap().to_owned()
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
