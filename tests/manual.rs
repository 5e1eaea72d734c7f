//! `completions`, `man` and `schema`: what they print is what the command line has.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Output};

fn run(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_slaudit")).args(arguments).current_dir(folder).output().unwrap()
}

fn text(arguments: &[&str]) -> String {
    let output = run(arguments, Path::new("."));
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The commands that `slaudit help` lists.
fn commands() -> Vec<String> {
    let help = text(&["help"]);
    let listed =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = listed.filter_map(|line| line.strip_prefix("  ")).filter(|line| !line.starts_with(' '));
    names
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_shell_completes_every_command() {
    let commands = commands();
    assert!(commands.len() >= 12, "{commands:?}");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = text(&["completions", shell]);
        for word in commands.iter().map(String::as_str).chain(["elapsed", "exit-code", "max-rejected"]) {
            assert!(script.contains(word), "{shell} does not know {word}");
        }
    }
    assert_eq!(run(&["completions", "tcsh"], Path::new(".")).status.code(), Some(2));
}

#[test]
fn every_command_has_its_page() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(&["man", "pages/man1"], folder.path());
    let pages = std::fs::read_dir(folder.path().join("pages/man1")).unwrap().count();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("wrote {pages} pages to pages/man1\n"));
    let page = |name: &str| std::fs::read_to_string(folder.path().join("pages/man1").join(name)).unwrap();
    for command in commands() {
        let title = format!(".TH slaudit-{command} 1");
        assert!(page(&format!("slaudit-{command}.1")).contains(&title), "{command}");
    }
    let diff = page("slaudit-policy-diff.1");
    assert!(diff.contains("slaudit policy diff") && diff.contains(r"\-\-exit\-code"), "{diff}");
    assert_eq!(page("slaudit.1"), text(&["man"]));
    assert!(page("slaudit.1").contains(env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_folder_that_cannot_be_written_is_told() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "").unwrap();
    let output = run(&["man", "file"], folder.path());
    assert_eq!(output.status.code(), Some(5));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(
        message.starts_with("error[F402]: cannot write `file`") && message.contains("hint: "),
        "{message}"
    );
}

#[test]
fn schemas_are_those_of_the_library() {
    assert_eq!(text(&["schema", "policy"]), slaudit::policy::schema());
    assert_eq!(text(&["schema", "profile"]), slaudit::ingest::profile_schema());
}
