//! How long the parts of the kernel take, one question at a time: `cargo bench --bench kernel`, or some of them by name
//! behind `--`. Data are made before they are measured. Machines are noisy, so compare rows of one run with each other.
#![allow(clippy::unwrap_used, missing_docs)]

use std::fmt::Write;
use std::hint::black_box;

use divan::Bencher;
use slaudit::calendar::{Instant, OpenTime, SECOND};
use slaudit::ingest::known::Form;
use slaudit::ingest::{self, Plan, Profile, Silent};
use slaudit::policy;
use slaudit::replay::{Replayer, Workspace};

const HOUR: i64 = 3_600 * SECOND;
const DAY: i64 = 24 * HOUR;
/// 2026-01-01T00:00:00Z.
const START: Instant = Instant::from_seconds(1_767_225_600);

fn main() {
    divan::main();
}

/// The calendar of the built-in policy over ten years.
fn support() -> OpenTime {
    OpenTime::compile(&policy::built_in().versions[0].calendars[0], START, START.plus(10 * 366 * DAY))
}

/// Instants all over the ten years: their step shares no factor with a day.
fn anywhere() -> impl FnMut() -> Instant {
    let mut i = 0;
    move || {
        i += 1;
        black_box(START.plus((i * 7_919_000_003) % (3_200 * DAY)))
    }
}

#[divan::bench(args = ["an hour", "a week", "a year"], sample_size = 1_000)]
fn elapsed_over(bencher: Bencher<'_, '_>, distance: &str) {
    let open = support();
    let distance = match distance {
        "an hour" => HOUR,
        "a week" => 7 * DAY,
        _ => 365 * DAY,
    };
    bencher.with_inputs(anywhere()).bench_local_values(|at| open.elapsed(at, at.plus(distance)));
}

#[divan::bench(args = [1, 40, 2_000], sample_size = 1_000)]
fn add_business_hours(bencher: Bencher<'_, '_>, hours: i64) {
    let open = support();
    bencher.with_inputs(anywhere()).bench_local_values(|at| open.add(at, black_box(hours) * HOUR));
}

#[divan::bench(args = [1, 3, 10], sample_size = 1_000)]
fn business_days_due(bencher: Bencher<'_, '_>, days: u32) {
    let open = support();
    bencher.with_inputs(anywhere()).bench_local_values(|at| open.business_days_due(at, black_box(days)));
}

#[divan::bench(sample_size = 1_000)]
fn is_open(bencher: Bencher<'_, '_>) {
    let open = support();
    bencher.with_inputs(anywhere()).bench_local_values(|at| open.is_open(at));
}

#[divan::bench(args = ["2026-03-02T14:05:09Z", "2026-03-02T14:05:09.123-07:00"], sample_size = 1_000)]
fn parse_instant(bencher: Bencher<'_, '_>, text: &str) {
    let canonical = Form::all().into_iter().find(|form| form.source == "canonical").unwrap();
    bencher.bench_local(|| canonical.read(black_box(text)));
}

/// Walk, clocks, spells and findings of one case.
#[divan::bench(args = ["answered at once", "paused", "reclassified", "of 1,000 events"], sample_size = 10)]
fn replay_a_case(bencher: Bencher<'_, '_>, shape: &str) {
    let folder = tempfile::tempdir().unwrap();
    let rows = folder.path().join("rows.csv");
    std::fs::write(&rows, case(shape)).unwrap();
    let plan = Plan::new(vec![rows], Profile::named("canonical").unwrap());
    let history = ingest::read(&plan, &Silent).unwrap().history;
    let book = policy::load_built_in("in8sync-targets.toml").unwrap();
    let replayer = Replayer::unranked(&book, &history, history.span.unwrap().1);
    let mut workspace = Workspace::default();
    bencher.bench_local(|| {
        let facts = replayer.case(black_box(history.case(0)), &mut workspace);
        facts.map(|facts| facts.clocks.len())
    });
}

/// The history of one case as CSV.
fn case(shape: &str) -> String {
    let mut csv =
        "case_id,at,event,role,status,severity\nC-1,2026-03-02T16:00:00Z,opened,customer,New,3\n".to_owned();
    let mut at = 1_772_467_200;
    let mut row = |more: &str| {
        at += 5 * 3_600;
        let _ = writeln!(csv, "C-1,{},{more}", Instant::from_seconds(at).rfc3339());
    };
    let round = ["message,agent,Awaiting Customer,", "message,customer,In Progress,"];
    match shape {
        "paused" => round.iter().cycle().take(6).for_each(|more| row(more)),
        "reclassified" => [2, 1, 3, 4].iter().for_each(|level| row(&format!("update,agent,,{level}"))),
        "of 1,000 events" => round.iter().cycle().take(996).for_each(|more| row(more)),
        _ => {}
    }
    row("message,agent,In Progress,");
    row("update,agent,Resolved,");
    row("update,system,Closed,");
    csv
}
