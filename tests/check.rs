//! `check`: what passes, what fails and what is then said; `--update`; the samples of this repository against their
//! committed baselines; and the folder that `init` writes.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "check/baselines.rs"]
mod baselines;
#[path = "check/changes.rs"]
mod changes;
#[path = "check/outputs.rs"]
mod outputs;
#[path = "check/samples.rs"]
mod samples;
#[path = "check/starter.rs"]
mod starter;
#[path = "check/strict.rs"]
mod strict;

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// The arguments of a check of [`audited`].
const CHECK: &str = "check events.csv --policy in8sync-targets.toml --baseline baseline --quiet";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Output, error output and exit code of one run in `folder`.
fn run(folder: &Path, arguments: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_slaudit"));
    let made = command.current_dir(folder).args(arguments.split_whitespace()).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    format!("{}{}-- exit {}", text(&made.stdout), text(&made.stderr), made.status.code().unwrap())
}

/// A folder with the twelve cases, the policy with example targets, and their baseline.
fn audited() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let samples = root().join("data-samples");
    for name in ["tiny/events.csv", "policies/in8sync.toml", "policies/in8sync-targets.toml"] {
        let to = folder.path().join(Path::new(name).file_name().unwrap());
        std::fs::copy(samples.join(name), to).unwrap();
    }
    let said = run(folder.path(), &format!("{CHECK} --update"));
    assert_eq!(said, "wrote the baseline baseline\n-- exit 0");
    folder
}

/// Changes the file `name` of `folder`.
fn edit(folder: &TempDir, name: &str, change: impl FnOnce(String) -> String) {
    let path = folder.path().join(name);
    let before = std::fs::read_to_string(&path).unwrap();
    let after = change(before.clone());
    assert_ne!(before, after, "nothing was changed in {name}");
    std::fs::write(&path, after).unwrap();
}

/// The lines from the one that begins with `from` up to the next empty one.
fn part(text: &str, from: &str) -> String {
    let lines = text.lines().skip_while(|line| !line.starts_with(from));
    lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}
