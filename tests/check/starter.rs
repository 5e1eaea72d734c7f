//! The folder that `init` writes: all of it, nothing over anything, and every command of its README.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::{root, run};

/// Every file under `folder` by its path from there.
fn contents(folder: &Path, prefix: &str) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{prefix}{}", path.file_name().unwrap().to_string_lossy());
        if path.is_dir() {
            all.extend(contents(&path, &format!("{name}/")));
        } else {
            all.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
    all
}

/// The commands in the `sh` blocks of `text`.
fn commands(text: &str) -> Vec<&str> {
    let blocks = text.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    blocks.flat_map(str::lines).map(str::trim).filter(|line| !line.is_empty()).collect()
}

#[test]
fn init_writes_the_starter_whole() {
    let parent = tempfile::tempdir().unwrap();
    let said = run(parent.path(), "init audits");
    assert!(said.ends_with("README.md says what to edit first\n-- exit 0"), "{said}");
    let written = contents(&parent.path().join("audits"), "");
    assert_eq!(written, contents(&root().join("data-samples/starter"), ""));
    for name in written.keys() {
        assert!(said.contains(&format!("\n  {name}\n")), "{name}: {said}");
    }
}

#[test]
fn init_writes_over_nothing() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("docs")).unwrap();
    fs::write(folder.path().join("policy.toml"), "mine").unwrap();
    insta::assert_snapshot!(run(folder.path(), "init"), @"
    error[F401]: is not empty: `docs`, `policy.toml` would be in the way; nothing was changed
     --> .
    hint: name a new folder, or one that is empty but for `.git`
    -- exit 5
    ");
    assert_eq!(contents(folder.path(), ""), BTreeMap::from([("policy.toml".to_owned(), "mine".to_owned())]));
    // A new repository has nothing in it but its own folder.
    fs::remove_file(folder.path().join("policy.toml")).unwrap();
    fs::remove_dir(folder.path().join("docs")).unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    assert!(run(folder.path(), "init").ends_with("-- exit 0"));
    assert!(folder.path().join("policy.toml").exists());
}

#[test]
fn every_command_of_its_readme_runs_and_its_check_passes() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), "init");
    let readme = fs::read_to_string(folder.path().join("README.md")).unwrap();
    let commands = commands(&readme);
    assert_eq!(commands.len(), 5, "{commands:?}");
    let passes = |check: &str| {
        let said = run(folder.path(), check.strip_prefix("slaudit ").unwrap());
        assert!(said.starts_with("as the baseline `baseline`"), "{check}: {said}");
        assert!(said.ends_with("-- exit 0") && !said.contains("Other than"), "{check}: {said}");
    };
    passes(commands[0]);
    for command in &commands {
        let said = run(folder.path(), command.strip_prefix("slaudit ").unwrap());
        assert!(said.ends_with("-- exit 0"), "{command}: {said}");
    }
    passes(commands[0]);
    // An update of the same audit changes nothing that was committed.
    let written = contents(&folder.path().join("baseline"), "");
    assert_eq!(written, contents(&root().join("data-samples/starter/baseline"), ""));
}

/// The check of the workflow is that of the README, and so is its audit.
#[test]
fn the_workflow_runs_the_commands_of_the_readme() {
    let starter = root().join("data-samples/starter");
    let workflow = fs::read_to_string(starter.join(".github/workflows/slaudit.yml")).unwrap();
    let readme = fs::read_to_string(starter.join("README.md")).unwrap();
    let commands = commands(&readme);
    assert!(workflow.contains(commands[0]), "{workflow}");
    let audit = commands.iter().find(|command| command.starts_with("slaudit audit ")).unwrap();
    assert!(workflow.contains(audit), "{workflow}");
    let flags = workflow.lines().find(|line| line.contains("--github")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), "init");
    let check = format!("{} {}", commands[0].strip_prefix("slaudit ").unwrap(), flags.trim());
    let said = run(folder.path(), &check.replace("\"$GITHUB_STEP_SUMMARY\"", "summary.md"));
    assert!(said.ends_with("-- exit 0"), "{said}");
    let summary = fs::read_to_string(folder.path().join("summary.md")).unwrap();
    assert!(summary.starts_with("## slaudit check passed\n"), "{summary}");
    assert!(folder.path().join("slaudit-junit.xml").exists());
}
