//! The samples of this repository against the baselines that are committed beside them. After a change that is meant to
//! show in them: `BLESS=1 cargo test --release --test check samples`, and look at what has changed before it is
//! committed.

use super::{root, run};

const TARGETS: &str = "--policy data-samples/policies/in8sync-targets.toml";

/// The starter's baseline is held by the tests of `init`, and blessed here.
const STARTER: &str = "check export --profile profile.toml --policy policy.toml --baseline baseline --quiet";

/// Folder of the sample, what is read of it, and its profile.
const SAMPLES: [(&str, &str, &str); 15] = [
    ("tiny", "tiny/events.csv", "canonical"),
    ("netsuite", "netsuite", "netsuite"),
    ("zendesk", "zendesk", "zendesk"),
    ("zendesk/json", "zendesk/json", "zendesk"),
    ("zendesk/events", "zendesk/events", "zendesk"),
    ("zendesk/export", "zendesk/export", "zendesk"),
    ("jira", "jira", "jira"),
    ("jira/json", "jira/json", "jira"),
    ("jira/cloud", "jira/cloud", "jira"),
    ("salesforce", "salesforce", "salesforce"),
    ("freshdesk", "freshdesk", "freshdesk"),
    ("freshdesk/json", "freshdesk/json", "freshdesk"),
    ("freshdesk/api", "freshdesk/api", "freshdesk"),
    ("xes-csv", "xes-csv", "xes-csv"),
    ("servicenow/list", "servicenow/list", "servicenow"),
];

#[test]
fn every_sample_is_as_its_baseline() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut failed = Vec::new();
    for (folder, input, profile) in SAMPLES {
        let check = format!(
            "check data-samples/{input} --profile {profile} {TARGETS} --baseline data-samples/{folder}/baseline --quiet"
        );
        if bless {
            run(&root(), &format!("{check} --update"));
        }
        let said = run(&root(), &check);
        if !said.starts_with("as the baseline") || !said.ends_with("-- exit 0") {
            failed.push(format!("slaudit {check}\n{said}"));
        }
    }
    if bless {
        run(&root().join("data-samples/starter"), &format!("{STARTER} --update"));
    }
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}

/// The real log: its committed report is its baseline.
#[test]
fn the_real_log_is_as_its_committed_report() {
    let said = run(
        &root(),
        &format!(
            "check data-samples/servicenow/incidents.csv --profile servicenow {TARGETS} --period 2016-Q2 --close-after \
             5bd,10bd,20bd --baseline reports/sample --quiet"
        ),
    );
    assert!(said.starts_with("as the baseline `reports/sample`: 6 fact tables, "), "{said}");
    assert!(said.ends_with("-- exit 0"), "{said}");
}

/// Every sample of an export has a baseline, and no baseline is left over.
#[test]
fn no_sample_is_without_a_baseline() {
    let samples = root().join("data-samples");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(&samples).unwrap() {
        let folder = entry.unwrap().path();
        let inner = std::fs::read_dir(&folder).into_iter().flatten().map(|entry| entry.unwrap().path());
        for folder in inner.chain([folder.clone()]) {
            if folder.join("baseline/baseline.toml").exists() {
                found.push(folder.strip_prefix(&samples).unwrap().to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found.sort();
    let mut expected: Vec<&str> = SAMPLES.iter().map(|(folder, ..)| *folder).chain(["starter"]).collect();
    expected.sort_unstable();
    assert_eq!(found, expected);
}
