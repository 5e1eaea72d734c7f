//! Report folders: renamed whole, foreign folders untouched, the same inputs give the same bytes.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use slaudit::diag::Error;
use slaudit::ingest::{Plan, Profile, Progress};
use slaudit::policy;
use slaudit::report::{Audit, Draft, Observer, Outcome, Scope, audit};

struct Unwatched;

impl Progress for Unwatched {
    fn bytes(&self, _done: u64, _total: u64) {}
}

impl Observer for Unwatched {
    fn stage(&self, _name: &'static str, _total: u64) {}
    fn advance(&self, _n: u64) {}
    fn problem(&self, _problem: &slaudit::diag::Diagnostic) {}
    fn done(&self) {}
}

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli").join(name)
}

fn plan(input: &str, out: &Path) -> Audit {
    Audit {
        input: Plan::new(vec![sample(input)], Profile::named("canonical").unwrap()),
        book: policy::built_in(),
        as_of: None,
        period: None,
        close_after: Vec::new(),
        scope: Scope::Full,
        out: out.to_owned(),
        queries: None,
        command: vec!["audit".into(), input.into()],
    }
}

fn run(input: &str, out: &Path) -> Result<Outcome, Error> {
    audit(&plan(input, out), &Unwatched)
}

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

fn code(error: &Error) -> &'static str {
    match error {
        Error::Output(diagnostic) => diagnostic.code,
        Error::Input(all) | Error::Invalid(all) => all[0].code,
        _ => "",
    }
}

#[test]
fn a_second_run_replaces_the_first_with_the_same_bytes_and_leaves_nothing_else() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("report");
    run("events.csv", &out).unwrap();
    let first = contents(&out);
    assert!(first.contains_key(&out.join("facts/clocks.parquet")));
    assert!(first.contains_key(&out.join("tables/attainment_by_metric.csv")));
    fs::write(out.join("stale.txt"), "of an older version").unwrap();
    run("events.csv", &out).unwrap();
    assert_eq!(contents(&out), first);
    assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 1);
}

#[test]
fn threads_and_order_of_rows_do_not_show_in_facts_and_tables() {
    let parent = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(sample("events.csv")).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    lines[1..].reverse();
    let shuffled = parent.path().join("shuffled.csv");
    fs::write(&shuffled, lines.join("\n")).unwrap();
    let facts = |threads: usize, input: &Path, name: &str| {
        let out = parent.path().join(name);
        let mut plan = plan("events.csv", &out);
        plan.input.files = vec![input.to_owned()];
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| audit(&plan, &Unwatched)).unwrap();
        let named = |(path, bytes): (PathBuf, Vec<u8>)| (path.strip_prefix(&out).unwrap().to_owned(), bytes);
        let all: BTreeMap<_, _> = contents(&out).into_iter().map(named).collect();
        // Findings of the data name the file and its lines: those are what differs.
        let same = |p: &Path| {
            (p.starts_with("facts") || p.starts_with("tables")) && !p.ends_with("findings.parquet")
        };
        all.into_iter().filter(|(path, _)| same(path)).collect::<Vec<_>>()
    };
    let one = facts(1, &sample("events.csv"), "one");
    assert_eq!(one.len(), 24);
    assert_eq!(facts(2, &sample("events.csv"), "two"), one);
    assert_eq!(facts(2, &shuffled, "three"), one);
}

#[test]
fn a_foreign_folder_is_never_touched() {
    let parent = tempfile::tempdir().unwrap();
    for (name, file) in [("empty", None), ("other", Some("manifest.json")), ("photos", Some("cat.png"))] {
        let out = parent.path().join(name);
        fs::create_dir(&out).unwrap();
        if let Some(file) = file {
            fs::write(out.join(file), r#"{"kind": "something else"}"#).unwrap();
        }
        let before = contents(&out);
        assert_eq!(code(&run("events.csv", &out).unwrap_err()), "F401", "{name}");
        assert_eq!(contents(&out), before, "{name}");
    }
    let file = parent.path().join("file");
    fs::write(&file, "text").unwrap();
    assert_eq!(code(&run("events.csv", &file).unwrap_err()), "F401");
}

#[test]
fn a_draft_that_is_not_published_leaves_the_old_report() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("report");
    run("events.csv", &out).unwrap();
    let before = contents(&out);
    let draft = Draft::begin(&out).unwrap();
    draft.write("half.txt", b"half").unwrap();
    drop(draft);
    assert_eq!(contents(&out), before);
    assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 1);
}

#[test]
fn too_many_rejected_rows_leave_the_ledger_and_no_report() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("report");
    assert_eq!(code(&run("rejected.csv", &out).unwrap_err()), "F304");
    let names: Vec<_> =
        contents(&out).into_keys().map(|p| p.strip_prefix(&out).unwrap().to_owned()).collect();
    assert_eq!(names, [PathBuf::from("manifest.json"), PathBuf::from("rejected.csv")]);
    let manifest = fs::read_to_string(out.join("manifest.json")).unwrap();
    assert!(
        manifest.contains(r#""complete": false"#) && manifest.contains(r#""rows_rejected": 1"#),
        "{manifest}"
    );
    // What it left is a report of ours, and may be replaced by a whole one.
    run("events.csv", &out).unwrap();
}

#[test]
fn a_summary_writes_nothing_and_counts_the_same() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("report");
    let whole = run("events.csv", &out).unwrap();
    let nowhere = parent.path().join("nowhere");
    let only = audit(&Audit { scope: Scope::Summary, ..plan("events.csv", &nowhere) }, &Unwatched).unwrap();
    assert_eq!(only.summary, whole.summary);
    assert!(!nowhere.exists());
    assert!(only.summary.lines().all(|line| line.chars().count() <= 80), "{}", only.summary);
}
