//! A summary replays every case once and learns of the priority order at the end: it must count exactly what the facts
//! say, which know the order beforehand, for the whole input and for a period.

use slaudit::calendar::Instant;
use slaudit::facts::{self, By, Dates, Period};
use slaudit::history::History;
use slaudit::policy::{Book, PromiseKind};
use slaudit::replay::{Metric, Replayer, rank};
use slaudit::tables::{DurationRow, Tally};

use super::asked;

/// Every count that differs; `replayer` knows the order.
pub fn differences(replayer: &Replayer, book: &Book, history: &History, as_of: Instant) -> Vec<String> {
    let lengths = asked::lengths();
    let counting = || Replayer::unranked(book, history, as_of).asking(&lengths).counting();
    let mut lines = vec![];
    for (name, period) in periods(book, history) {
        let empty = || Tally::new(period.clone(), &lengths);
        let facts = facts::fold(history, replayer, &empty, &|_| ());
        let (mut once, waits) = facts::fold_in_order(&counting(), &empty, &|_| ());
        rank(&waits, &mut once);
        for (ours, theirs) in counts(&facts).into_iter().zip(counts(&once)) {
            if ours != theirs {
                lines.push(format!("counted once, {name}: facts {ours}, summary {theirs}"));
            }
        }
    }
    lines
}

/// All of it, and the third day of the input, by start and by stop.
fn periods(book: &Book, history: &History) -> Vec<(&'static str, Period)> {
    let mut all = vec![("everything", Period::default())];
    let day = |(first, _): (Instant, Instant)| first.plus(2 * 86_400_000_000).to_utc();
    if let Some(on) = history.span.and_then(day).map(|at| at.date_naive()) {
        let dates = Dates { from: on, to: on };
        all.push(("a day, by start", Period::new(dates, By::Start, book)));
        all.push(("a day, by stop", Period::new(dates, By::Stop, book)));
    }
    all
}

/// Everything that a tally counts, a line each.
fn counts(tally: &Tally) -> Vec<String> {
    let mut findings: Vec<_> = tally.findings.iter().collect();
    findings.sort_unstable();
    let mut lines = vec![
        format!("responses {:?}, overtaken cases {}", tally.n_responses, tally.n_overtaken),
        format!("findings {findings:?}"),
        format!("cases {} of {}, events {}", tally.n_cases, tally.n_replayed, tally.n_events),
        format!("opened {:?} in {:?}, {:?}", tally.opened, tally.openings, tally.versions),
        format!("out of scope {:?}, exempt {:?}", tally.out_of_scope, tally.exempt),
        format!("reclassified {}, reopened {}", tally.n_reclassified, tally.n_reopened),
        format!("changes {:?}, masked, exposed {:?}", tally.n_changes, tally.n_masked_exposed),
        format!("clocks {}, by status {}", tally.n_clocks, tally.n_by_status),
        format!("spells {:?}", tally.spells),
        format!("close after {:?}", tally.question.rows()),
        format!("durations {:?}", DurationRow::all(tally)),
    ];
    for metric in Metric::ALL {
        let kinds = [Some(PromiseKind::Commitment), Some(PromiseKind::BestEffort), None];
        let of_kind = |kind| {
            let severities = (1..=9).map(Some).chain([None]);
            severities.map(|severity| tally.verdicts(metric, kind, Some(severity))).collect::<Vec<_>>()
        };
        lines.push(format!("{} {:?}", metric.word(), kinds.map(of_kind)));
        lines.push(format!("{} at first {:?}", metric.word(), tally.verdicts_at_first(metric)));
    }
    lines
}
