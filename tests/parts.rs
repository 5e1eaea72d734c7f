//! A summary that looks at the input part by part, with rows that wait on disk, says what one says that has everything in
//! memory: rejected and duplicate rows, unknown words, local times that are not one instant, ties, and the priority order.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use slaudit::calendar::{Duration, Instant};
use slaudit::diag::Diagnostic;
use slaudit::facts::{By, Dates};
use slaudit::generate::{self, Format, Order, Size};
use slaudit::ingest::{Attributes, Plan, Profile, Progress, Reading, Silent, read_in_parts};
use slaudit::policy;
use slaudit::report::{Audit, Observer, Scope, Theme, audit};

struct Unwatched;

impl Progress for Unwatched {
    fn bytes(&self, _done: u64, _total: u64) {}
}

impl Observer for Unwatched {
    fn stage(&self, _name: &'static str, _total: u64) {}
    fn advance(&self, _n: u64) {}
    fn problem(&self, _problem: &Diagnostic) {}
    fn done(&self) {}
}

/// A generated history in order of time.
fn history(folder: &Path, name: &str, format: Format) -> PathBuf {
    let file = folder.join(name);
    let start = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
    let plan =
        generate::Plan { size: Size::Cases(6_000), seed: 7, start, months: 12, order: Order::Time, format };
    generate::write(&plan, &file).unwrap();
    file
}

/// Rows as few exports have them: local times, words that nobody knows, rows twice, rows that cannot be used.
fn odd(folder: &Path) -> PathBuf {
    let mut text = String::from("case_id,at,event,role,actor,status,severity\n");
    for i in 0..30_000 {
        let (case, day) = (i % 700, i / 1_000 + 1);
        let at = format!("2026-03-{day:02} {:02}:{:02}:00", i % 24, i * 7 % 60);
        let kind = ["opened", "message", "note", "update", "message"][i % 5];
        let role = ["customer", "agent", "system", ""][i / 3 % 4];
        let status =
            ["", "Open", "Pending", "Waiting for Godot", "Resolved", "", "Closed", "New"][i / 11 % 8];
        let severity = if i % 13 == 0 { (i / 13 % 6).to_string() } else { String::new() };
        let _ = writeln!(text, "C-{case},{at},{kind},{role},a{},{status},{severity}", i % 9);
        if i % 50 == 0 {
            let _ = writeln!(text, "C-{case},{at},{kind},{role},a{},{status},{severity}", i % 9);
        }
    }
    // An hour that comes twice, in and out of order, and a row after it.
    for at in ["11-01 01:40:00", "11-01 01:10:00", "11-01 00:30:00", "12-01 09:00:00"] {
        let _ = writeln!(text, "C-1,2026-{at},message,agent,a1,Open,\nC-2,2026-{at},message,customer,,,");
    }
    text.push_str("C-1,yesterday,message,agent,,,\n,2026-03-02 10:00:00,message,agent,,,\n");
    let file = folder.join("odd.csv");
    fs::write(&file, text).unwrap();
    file
}

fn plan(file: &Path, out: &Path, scope: Scope) -> Audit {
    let mut input = Plan::new(vec![file.to_owned()], Profile::named("canonical").unwrap());
    input.timezone = Some(chrono_tz::America::Denver);
    input.max_rejected = 0.5;
    input.block_size = 1 << 16;
    input.memory = (scope == Scope::Summary).then_some(0);
    Audit {
        input,
        book: policy::load_built_in("in8sync-targets.toml").unwrap(),
        as_of: None,
        period: None,
        close_after: vec![Duration::parse("5bd").unwrap()],
        scope,
        out: out.to_owned(),
        replaces: slaudit::report::Replaces::default(),
        queries: None,
        title: None,
        theme: Theme::default(),
        pdf: false,
        command: Vec::new(),
    }
}

/// Both summaries of `file`, with rows on disk and with all of them in memory.
fn summaries(file: &Path, change: impl Fn(&mut Audit)) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let of = |scope| {
        let mut plan = plan(file, &folder.path().join("out"), scope);
        change(&mut plan);
        audit(&plan, &Unwatched).unwrap().summary
    };
    (of(Scope::Summary), of(Scope::Facts))
}

#[test]
fn parts_on_disk_are_counted_as_all_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let csv = history(folder.path(), "history.csv", Format::Csv);
    let parquet = history(folder.path(), "history.parquet", Format::Parquet);
    for file in [csv, parquet, odd(folder.path())] {
        let input = Plan { attributes: Attributes::None, ..plan(&file, folder.path(), Scope::Summary).input };
        assert!(matches!(read_in_parts(&input, &Silent).unwrap(), Reading::Parts(_)), "{}", file.display());
        let (parts, whole) = summaries(&file, |_| ());
        assert_eq!(parts, whole, "{}", file.display());
        for by in [By::Start, By::Due, By::Stop] {
            let (parts, whole) =
                summaries(&file, |plan| plan.period = Some((Dates::parse("2026-03").unwrap(), by)));
            assert_eq!(parts, whole, "{} by {by:?}", file.display());
        }
        // 2026-03-09 12:00 UTC.
        let early = Instant::from_seconds(1_773_057_600);
        let (parts, whole) = summaries(&file, |plan| plan.as_of = Some(early));
        assert_eq!(parts, whole, "{} early", file.display());
    }
}

#[test]
fn an_input_whose_latest_row_may_mean_two_instants_is_read_whole() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("fold.csv");
    let rows = "C-1,2026-11-01 00:10:00,opened,customer,,,1\nC-1,2026-11-01 01:30:00,message,agent,,,\n";
    fs::write(&file, format!("case_id,at,event,role,actor,status,severity\n{rows}")).unwrap();
    let input = Plan { attributes: Attributes::None, ..plan(&file, folder.path(), Scope::Summary).input };
    assert!(matches!(read_in_parts(&input, &Silent).unwrap(), Reading::Whole(_)));
    let (parts, whole) = summaries(&file, |_| ());
    assert_eq!(parts, whole);
}
