//! Report folders: renamed whole, foreign folders untouched, the same inputs give the same bytes.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use slaudit::calendar::Duration;
use slaudit::diag::Error;
use slaudit::facts::{By, Dates};
use slaudit::ingest::{Plan, Profile, Progress};
use slaudit::policy;
use slaudit::report::{Audit, Draft, Observer, Outcome, Replaces, Scope, Theme, audit};

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
        replaces: slaudit::report::Replaces::default(),
        queries: None,
        title: None,
        theme: Theme::default(),
        pdf: false,
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
        // Examples of what was rejected stand before the refusal itself.
        Error::Input(all) | Error::Invalid(all) => all[all.len() - 1].code,
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
    run("events.csv", &out).unwrap();
    assert_eq!(contents(&out), first);
    assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 1);
}

#[test]
fn a_file_that_no_report_made_stays_unless_its_owner_insists() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("report");
    run("events.csv", &out).unwrap();
    let first = contents(&out);
    fs::write(out.join("notes.txt"), "somebody's own").unwrap();
    let with_notes = contents(&out);
    assert_eq!(code(&run("events.csv", &out).unwrap_err()), "F401");
    assert_eq!(contents(&out), with_notes);
    let insisting = Audit { replaces: Replaces::ReportAndMore, ..plan("events.csv", &out) };
    audit(&insisting, &Unwatched).unwrap();
    assert_eq!(contents(&out), first);
    assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 1);
}

#[test]
fn threads_and_order_of_rows_do_not_show_in_facts_tables_and_charts() {
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
            ["facts", "tables", "charts"].iter().any(|folder| p.starts_with(folder))
                && !p.ends_with("findings.parquet")
        };
        all.into_iter().filter(|(path, _)| same(path)).collect::<Vec<_>>()
    };
    let one = facts(1, &sample("events.csv"), "one");
    assert_eq!(one.len(), 42);
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
    let draft = Draft::begin(&out, Replaces::Report, &[]).unwrap();
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

/// The tables `names` of an audit of the twelve cases worked by hand, under the policy with targets.
fn tables(change: impl FnOnce(&mut Audit), names: &[&str]) -> String {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("report");
    let mut plan = plan("events.csv", &out);
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples");
    plan.input.files = vec![samples.join("tiny/events.csv")];
    plan.book = policy::load(&samples.join("policies/in8sync-targets.toml")).unwrap();
    change(&mut plan);
    audit(&plan, &Unwatched).unwrap();
    let read = |name: &&str| fs::read_to_string(out.join(format!("tables/{name}.csv"))).unwrap();
    names.iter().map(read).collect::<Vec<_>>().join("\n")
}

#[test]
fn changes_of_severity_are_counted_from_and_to_and_in_attainment() {
    let names = ["reclassification_matrix", "reclassification_cases", "reclassification_effect"];
    insta::assert_snapshot!(tables(|_| (), &names), @"
    from_severity,to_severity,direction,n_changes,n_cases,n_by_customer,n_by_agent,n_by_others,n_before_first_response,n_returned,n_over_before,n_masked,n_exposed
    1,2,downgrade,1,1,0,1,0,1,0,1,1,0
    3,1,upgrade,1,1,0,1,0,1,0,0,0,1

    severity,n_cases,n_reclassified,n_ended_higher,n_ended_lower,n_flapping,n_changes,reclassified,reclassified_low,reclassified_high
    1,3,1,0,1,0,1,0.3333,0.0615,0.7923
    2,2,0,0,0,0,0,0.0000,0.0000,0.6576
    3,4,1,1,0,0,1,0.2500,0.0456,0.6994
    4,1,0,0,0,0,0,0.0000,0.0000,0.7935
    5,1,0,0,0,0,0,0.0000,0.0000,0.7935

    metric,n_clocks,n_with_changes,n_masked,n_exposed,n_over_before,n_judged,n_met,n_judged_at_first,n_met_at_first,attainment,attainment_low,attainment_high,attainment_at_first,attainment_at_first_low,attainment_at_first_high
    first_response,12,2,1,1,1,9,6,9,6,0.6667,0.3542,0.8794,0.6667,0.3542,0.8794
    next_response,2,0,0,0,0,2,2,2,2,1.0000,0.3424,1.0000,1.0000,0.3424,1.0000
    resolution,12,2,1,0,0,9,8,9,7,0.8889,0.5650,0.9801,0.7778,0.4526,0.9368
    update,20,2,0,0,0,18,14,18,14,0.7778,0.5479,0.9100,0.7778,0.5479,0.9100
    ");
}

#[test]
fn spells_are_counted_by_verdict_and_asked_about_other_lengths() {
    let lengths = ["1bd", "5bd", "30d"].map(|text| Duration::parse(text).unwrap());
    let asked = |plan: &mut Audit| plan.close_after = lengths.to_vec();
    insta::assert_snapshot!(tables(asked, &["inactivity", "close_after", "overtaken"]), @"
    basis,severity,n_spells,n_on_time,n_early,n_late,n_closed_by_customer,n_pending,n_overdue,n_returned,n_returned_overdue,n_resumed,n_no_target,n_out_of_scope,n_judged,n_closed,n_support_owed,n_reopened,on_time,on_time_low,on_time_high,reopened,reopened_low,reopened_high
    resolved,1,3,0,2,0,0,0,1,0,0,0,0,0,2,2,0,0,0.0000,0.0000,0.6576,0.0000,0.0000,0.6576
    resolved,2,2,0,1,0,0,0,0,1,0,0,0,0,1,1,0,0,0.0000,0.0000,0.7935,0.0000,0.0000,0.7935
    resolved,3,2,0,1,0,1,0,0,0,0,0,0,0,1,1,0,0,0.0000,0.0000,0.7935,0.0000,0.0000,0.7935
    resolved,5,2,0,1,0,0,0,0,1,0,0,0,0,1,1,0,0,0.0000,0.0000,0.7935,0.0000,0.0000,0.7935
    waiting_customer,2,1,1,0,0,0,0,0,0,0,0,0,0,1,1,0,0,1.0000,0.2065,1.0000,0.0000,0.0000,0.7935
    waiting_customer,3,1,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,,,,,,

    basis,close_after,n_spells,n_would_close,n_false_closures,n_cases_closed,saved_s,false_closures,false_closures_low,false_closures_high
    resolved,1bd,9,6,0,6,3187800,0.0000,0.0000,0.3903
    resolved,5bd,9,1,0,1,1155600,0.0000,0.0000,0.7935
    resolved,30d,9,0,0,0,0,,,
    waiting_customer,1bd,2,1,0,1,1155600,0.0000,0.0000,0.7935
    waiting_customer,5bd,2,1,0,1,637200,0.0000,0.0000,0.7935
    waiting_customer,30d,2,0,0,0,0,,,

    severity,n_responses,n_overtaking,n_overtaken,worst_waited_s,overtaking,overtaking_low,overtaking_high
    1,3,0,0,,0.0000,0.0000,0.5615
    2,2,0,0,,0.0000,0.0000,0.6576
    3,2,0,0,,0.0000,0.0000,0.6576
    5,1,0,0,,0.0000,0.0000,0.7935
    ");
}

#[test]
fn objectives_and_clauses_stand_beside_what_was_measured() {
    insta::assert_snapshot!(tables(|_| (), &["objectives", "clauses", "channels"]), @r#"
    objective,goal,n_judged,n_met,standing,attainment,attainment_low,attainment_high
    first_response,0.9500,9,6,missed,0.6667,0.3542,0.8794
    first_response.severity.1,0.9900,3,1,missed,0.3333,0.0615,0.7923
    next_response,0.9000,2,2,kept,1.0000,0.3424,1.0000
    update,0.9000,18,14,in doubt,0.7778,0.5479,0.9100
    resolution,0.9000,9,8,in doubt,0.8889,0.5650,0.9801
    resolution.severity.1,0.9500,3,2,in doubt,0.6667,0.2077,0.9385
    after_hours_response,0.9000,2,1,in doubt,0.5000,0.0945,0.9055

    clause,text,measure,counted,n,n_of,median_s,share,share_low,share_high
    1,The policy carries the date from which it holds and is revised when it needs to be.,versions,versions of the policy that cases came under,1,,,,,
    2,It covers the department's staff and the clients who hold a licence.,scope,"cases in scope, of all",11,12,,0.9167,0.6461,0.9851
    3,"Every case has one of five severities, from Critical (1) to Question (5).",severity,"cases with a severity, of all",12,12,,1.0000,0.7575,1.0000
    4,Cases are submitted through the customer portal.,channel,"told apart in the table `channels`, where the input names one",,,,,,
    5,Customers describe their problem in full when they report it.,rounds,"cases in which support had to ask, of all in scope",2,11,,0.1818,0.0514,0.4770
    6,Customers answer the questions of support without delay.,customer_response,"waits that the customer ended, of all",1,2,14400,0.5000,0.0945,0.9055
    7,"Support is staffed on weekdays from 8 to 17, Mountain Time.",arrivals,"cases opened out of hours, of all that can be told",2,12,,0.1667,0.0470,0.4480
    8,A case that comes in outside of these hours gets a first answer within 24 hours if at all possible.,after_hours_response,"met, of those judged",1,2,1800,0.5000,0.0945,0.9055
    9,"Cases are worked on at once, the more severe ones first.",first_response,"met, of those judged",6,9,3600,0.6667,0.3542,0.8794
    9,"Cases are worked on at once, the more severe ones first.",priority,"first responses that overtook a more severe case, of all",0,8,,0.0000,0.0000,0.3244
    10,Support may correct a case's severity to what was really submitted.,severity_changes,"cases whose severity changed, of all in scope",2,11,,0.1818,0.0514,0.4770
    11,"A case that is resolved, or waits for its customer, is closed after a long time without activity.",inactivity,"closed on time, of the judged closures",1,6,,0.1667,0.0301,0.5635
    11,"A case that is resolved, or waits for its customer, is closed after a long time without activity.",inactivity,"ended by a close, of all spells in scope",7,11,,0.6364,0.3538,0.8483

    channel,n_cases,n_in_scope,n_all,share,share_low,share_high
    email,2,2,12,0.1667,0.0470,0.4480
    phone,1,1,12,0.0833,0.0149,0.3539
    portal,9,8,12,0.7500,0.4677,0.9111
    "#);
}

#[test]
fn a_period_counts_a_part_of_what_is_replayed() {
    let names = ["attainment_by_metric", "verdicts", "arrivals", "inactivity", "findings"];
    let during = |by: By| {
        move |plan: &mut Audit| plan.period = Some((Dates::parse("2026-03-02..2026-03-03").unwrap(), by))
    };
    insta::assert_snapshot!("by start", tables(during(By::Start), &names));
    insta::assert_snapshot!("by stop", tables(during(By::Stop), &names[..2]));
    insta::assert_snapshot!("by due", tables(during(By::Due), &names[..2]));
}
