//! How often the heap is asked for memory, for each event beyond the first ones. Seconds wobble with the machine and
//! these counts do not: an allocation that is new in the path of a row, an event or a clock shows here as one more.
//!
//! One test, one thread and one process, so that nothing else is counted. The limits stand a few percent above what was
//! measured: lower them after a gain, and raise one only with the reason in the commit.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it measured"
)]

use std::alloc::System;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use slaudit::diag::Diagnostic;
use slaudit::generate::{self, Format, Order, Size};
use slaudit::ingest::{self, Attributes, Plan, Profile, Progress, Silent};
use slaudit::policy;
use slaudit::replay::{Replayer, Workspace};
use slaudit::report::{Audit, Observer, Scope, Theme, audit};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, Stats, StatsAlloc};

#[global_allocator]
static HEAP: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Cases of the two histories; what each event costs is told by their difference, without what any run costs.
const FEW: u64 = 2_000;
const MANY: u64 = 8_000;

/// What is measured, in which format, and what an event beyond the first ones may cost at most: allocations and bytes.
/// A reallocation counts as one allocation.
const LIMITS: [(&str, Format, f64, f64); 4] = [
    ("summary", Format::Csv, 0.040, 120.0),
    ("summary", Format::Parquet, 0.028, 325.0),
    ("ingest and replay", Format::Csv, 0.034, 108.0),
    ("ingest and replay", Format::Parquet, 0.022, 312.0),
];

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

/// A generated history of `cases` cases and how many events it has.
fn history(folder: &Path, cases: u64, format: Format) -> (PathBuf, u64) {
    let ending = if format == Format::Csv { "csv" } else { "parquet" };
    let file = folder.join(format!("{cases}.{ending}"));
    let start = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
    let plan =
        generate::Plan { size: Size::Cases(cases), seed: 1, start, months: 12, order: Order::Time, format };
    let written = generate::write(&plan, &file).unwrap();
    (file, written.rows)
}

/// Many small blocks, so that what a block costs is spread over its rows in both histories alike.
fn plan(file: &Path) -> Plan {
    let profile = Profile::named("canonical").unwrap();
    Plan { block_size: 1 << 18, attributes: Attributes::None, ..Plan::new(vec![file.to_owned()], profile) }
}

fn summary(file: &Path) {
    let plan = Audit {
        input: plan(file),
        book: policy::load_built_in("in8sync-targets.toml").unwrap(),
        as_of: None,
        period: None,
        close_after: Vec::new(),
        scope: Scope::Summary,
        out: PathBuf::new(),
        replaces: slaudit::report::Replaces::default(),
        queries: None,
        title: None,
        theme: Theme::default(),
        pdf: false,
        command: Vec::new(),
    };
    assert!(!audit(&plan, &Unwatched).unwrap().summary.is_empty());
}

fn ingest_and_replay(file: &Path) {
    let book = policy::load_built_in("in8sync-targets.toml").unwrap();
    let ingested = ingest::read(&plan(file), &Silent).unwrap();
    let history = &ingested.history;
    let replayer = Replayer::new(&book, history, history.span.unwrap().1);
    let mut workspace = Workspace::default();
    let replayed =
        (0..history.n_cases()).filter(|&i| replayer.case(history.case(i), &mut workspace).is_some());
    assert_eq!(replayed.count(), history.n_cases());
}

fn counted(what: &str, file: &Path) -> Stats {
    let region = Region::new(HEAP);
    match what {
        "summary" => summary(file),
        _ => ingest_and_replay(file),
    }
    region.change()
}

#[test]
fn an_event_costs_no_new_allocation() {
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut over = Vec::new();
    for (what, format, limit, limit_bytes) in LIMITS {
        let (few, few_events) = history(folder.path(), FEW, format);
        let (many, many_events) = history(folder.path(), MANY, format);
        // What is made once in a process, tables of zones and patterns, is made here.
        counted(what, &few);
        let (first, all) = (counted(what, &few), counted(what, &many));
        let events = (many_events - few_events) as f64;
        let allocations = (calls(&all) - calls(&first)) as f64 / events;
        let bytes = (all.bytes_allocated - first.bytes_allocated) as f64 / events;
        let line = format!("{what}, {format:?}: {allocations:.3} allocations and {bytes:.0} bytes an event");
        println!("{line}");
        if allocations > limit || bytes > limit_bytes {
            over.push(format!("{line}; at most {limit} and {limit_bytes}"));
        }
    }
    assert!(over.is_empty(), "{}", over.join("\n"));
}

fn calls(stats: &Stats) -> usize {
    stats.allocations + stats.reallocations
}
