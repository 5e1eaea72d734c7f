//! The tables of a sweep.

use crate::calendar::SECOND;
use crate::facts::{Kind, Table, column};
use crate::tables::{Cell, Computed, is_kept, wilson};

use super::count::{Counts, Promise, PromiseOrder};
use super::goal::Tightest;
use super::{Measure, Question};

/// What each column of `sweep.csv` is.
pub const SWEEP: Table = Table {
    name: "sweep",
    grain: "one value, or one pair of values, the tightest promise first",
    columns: &[
        column("position", Kind::Count, "", "place in the order of the values, from 1"),
        column("value", Kind::Word, "", "of the first key"),
        column("value_2", Kind::Word, "one key", "of the second key"),
        column("is_now", Kind::Flag, "", "the policy in force has it"),
        column(
            "n_judged",
            Kind::Count,
            "",
            "judged: clocks met, missed or unanswered; closures when due; responses",
        ),
        column(
            "n_kept",
            Kind::Count,
            "",
            "clocks met; closures not before the customer came back; responses in order",
        ),
        column("share", Kind::Share, "nothing judged", "n_kept / n_judged"),
        column("share_low", Kind::Share, "nothing judged", "lower end of its 95 % Wilson interval"),
        column("share_high", Kind::Share, "nothing judged", "upper end"),
        column("n_lost", Kind::Count, "closures", "kept under the policy in force, not here"),
        column("n_gained", Kind::Count, "closures", "kept here, not under the policy in force"),
        column(
            "saved_s",
            Kind::Seconds,
            "not closures",
            "wall time from due to the spell's end, closures too early left out",
        ),
        column("holds_goal", Kind::Flag, "no goal", "the share is at or above the goal"),
    ],
};

/// What each column of `sweep_by_promise.csv` is.
pub const SWEEP_BY_PROMISE: Table = Table {
    name: "sweep_by_promise",
    grain: "one value or pair of values, promise that it touches, and severity at the stop; and each over all severities",
    columns: &[
        column("position", Kind::Count, "", "place in the order of the values, from 1"),
        column("value", Kind::Word, "", "of the first key"),
        column("value_2", Kind::Word, "one key", "of the second key"),
        column("metric", Kind::Word, "", "what is measured"),
        column("kind", Kind::Word, "", "commitment or best effort"),
        column("severity", Kind::Word, "", "severity at the stop; `none`; `all`: all of them"),
        column("n_judged", Kind::Count, "", "clocks met, missed or unanswered"),
        column("n_met", Kind::Count, "", "clocks met"),
        column("attainment", Kind::Share, "nothing judged", "n_met / n_judged"),
        column("attainment_low", Kind::Share, "nothing judged", "lower end of its 95 % Wilson interval"),
        column("attainment_high", Kind::Share, "nothing judged", "upper end"),
    ],
};

/// What each column of `tightest.csv` is.
const TIGHTEST: Table = Table {
    name: "tightest",
    grain: "the goal; with two keys one value of the first",
    columns: &[
        column("value", Kind::Word, "one key", "of the first key"),
        column("goal", Kind::Share, "", "what is to be kept"),
        column("tightest", Kind::Word, "no value holds the goal", "the tightest value that holds it"),
        column("tightest_low", Kind::Word, "none", "lower end of its 95 % bootstrap interval over cases"),
        column("tightest_high", Kind::Word, "beyond the last value", "upper end"),
        column("n_held", Kind::Count, "", "resamples in which some value holds the goal"),
        column("n_resamples", Kind::Count, "", "resamples"),
    ],
};

/// The rows of every table; `goal` and what was found for it, where one was given.
pub fn tables(
    question: &Question<'_>,
    counts: &Counts,
    goal: Option<(f64, &[Tightest])>,
    now: &[bool],
) -> Vec<Computed> {
    let mut all =
        vec![Computed { table: SWEEP, rows: sweep(question, counts, goal.map(|(goal, _)| goal), now) }];
    if !counts.by_promise.is_empty() {
        all.push(Computed { table: SWEEP_BY_PROMISE, rows: by_promise(question, counts) });
    }
    if let Some((goal, found)) = goal {
        all.push(Computed { table: TIGHTEST, rows: tightest(question, goal, found) });
    }
    all
}

/// The values of a variant, two cells.
fn values(question: &Question<'_>, variant: usize) -> [Cell; 2] {
    let places = question.places(variant);
    let value = |axis: usize| match (question.axes.get(axis), places.get(axis)) {
        (Some(axis), Some(place)) => Cell::word(axis.values[*place].to_string()),
        _ => Cell::Absent,
    };
    [value(0), value(1)]
}

fn share(met: u64, n: u64) -> [Cell; 3] {
    wilson(met, n).map_or([Cell::Absent, Cell::Absent, Cell::Absent], |rate| {
        [rate.share, rate.low, rate.high].map(Cell::Number)
    })
}

fn sweep(question: &Question<'_>, counts: &Counts, goal: Option<f64>, now: &[bool]) -> Vec<Vec<Cell>> {
    let is_closures = matches!(question.measure, Measure::Closures(_));
    let row = |(variant, kept): (usize, &super::Kept)| {
        let mut row = vec![Cell::count(variant as u64 + 1)];
        row.extend(values(question, variant));
        row.push(Cell::Flag(now.get(variant).copied().unwrap_or(false)));
        row.extend([kept.n, kept.n_kept].map(Cell::count));
        row.extend(share(kept.n_kept, kept.n));
        if is_closures {
            row.extend([Cell::Absent, Cell::Absent]);
        } else {
            row.extend([kept.n_lost, kept.n_gained].map(Cell::count));
        }
        let saved = counts.closures.get(variant).filter(|_| is_closures);
        row.push(saved.map_or(Cell::Absent, |answer| {
            Cell::Whole(i64::try_from(answer.saved / i128::from(SECOND)).unwrap_or(i64::MAX))
        }));
        let holds = |goal: f64| is_kept(kept.n_kept, kept.n, goal);
        row.push(goal.map_or(Cell::Absent, |goal| Cell::Flag(holds(goal))));
        row
    };
    counts.kept.iter().enumerate().map(row).collect()
}

fn by_promise(question: &Question<'_>, counts: &Counts) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    let mut groups: Vec<_> = counts.by_promise.keys().map(|(kind, metric, _)| (*kind, *metric)).collect();
    groups.dedup();
    for variant in 0..question.n_variants() {
        for (kind, metric) in &groups {
            let of = |key: &&Promise| (key.0, key.1) == (*kind, *metric);
            let keys: Vec<_> = counts.by_promise.keys().filter(of).collect();
            let all = keys.iter().fold((0, 0), |sum, key| {
                let (judged, met) = counts.by_promise[*key][variant];
                (sum.0 + judged, sum.1 + met)
            });
            let severity =
                |level: Option<u8>| level.map_or_else(|| "none".to_owned(), |level| level.to_string());
            let lines = [("all".to_owned(), all)]
                .into_iter()
                .chain(keys.iter().map(|key| (severity(key.2), counts.by_promise[*key][variant])));
            for (severity, (judged, met)) in lines {
                let mut row = vec![Cell::count(variant as u64 + 1)];
                row.extend(values(question, variant));
                row.push(Cell::word(metric.word()));
                row.push(Cell::word(match kind {
                    PromiseOrder::Commitment => "commitment",
                    PromiseOrder::BestEffort => "best_effort",
                }));
                row.push(Cell::word(severity));
                row.extend([judged, met].map(Cell::count));
                row.extend(share(met, judged));
                rows.push(row);
            }
        }
    }
    rows
}

fn tightest(question: &Question<'_>, goal: f64, found: &[Tightest]) -> Vec<Vec<Cell>> {
    let Some(across) = question.axes.last() else { return Vec::new() };
    let value = |place: Option<usize>| {
        place.map_or(Cell::Absent, |place| Cell::word(across.values[place].to_string()))
    };
    let row = |(i, found): (usize, &Tightest)| {
        let first = match question.axes {
            [first, _] => Cell::word(first.values[i].to_string()),
            _ => Cell::Absent,
        };
        vec![
            first,
            Cell::Number(goal),
            value(found.place),
            value(found.low),
            value(found.high),
            Cell::count(found.n_held as u64),
            Cell::count(if question.measure == Measure::Order { 0 } else { super::RESAMPLES as u64 }),
        ]
    };
    found.iter().enumerate().map(row).collect()
}
