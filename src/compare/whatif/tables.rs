//! The tables of a comparison, from what was counted: a row each with its counts, shares and intervals.

use crate::facts::{Kind, Table, column};
use crate::policy::{Difference, PromiseKind, Setting, diff_books};
use crate::replay::{Metric, Verdict};
use crate::tables::{self, Cell, Computed, Paired, Verdicts, wilson};

use super::Question;
use super::cells::{Cells, Key};
use super::flips::{CHANGES, FLIPS, TOO_EARLY, Told};
use super::hours::hours_differ;
use super::pairs::Pairs;
use super::sums::{Over, Sums};

/// What the policies say differently.
const DIFFERENCES: Table = Table {
    name: "differences",
    grain: "one thing that a proposed policy says otherwise than the one in force",
    columns: &[
        column("proposed", Kind::Word, "", "the proposed policy"),
        column("version", Kind::Word, "nothing is in force", "version of the policy in force"),
        column("version_proposed", Kind::Word, "nothing is in force", "version of the proposed one"),
        column("key", Kind::Text, "", "the key in TOML, levels and names in place of positions"),
        column("message", Kind::Text, "", "the difference in words"),
        column("toml", Kind::Text, "not there", "the value now"),
        column("toml_proposed", Kind::Text, "not there", "the value with it"),
    ],
};

/// Attainment under each policy.
const ATTAINMENT: Table = Table {
    name: "attainment_by_policy",
    grain: "one policy, promise and severity at the stop, and each promise over all severities",
    columns: &[
        column("metric", Kind::Word, "", "what is measured"),
        column("kind", Kind::Word, "", "commitment or best effort"),
        column("severity", Kind::Word, "", "severity at the stop; `none`; `all`: all of them"),
        column("policy", Kind::Word, "", "the policy"),
        column("goal", Kind::Share, "none", "what its objective asks for"),
        column("n_judged", Kind::Count, "", "clocks met, missed or unanswered"),
        column("n_met", Kind::Count, "", "clocks met"),
        column("n_missed", Kind::Count, "", "clocks missed"),
        column("n_unanswered", Kind::Count, "", "clocks that support ended without an answer"),
        column("n_pending", Kind::Count, "", "clocks that run and are not over"),
        column("attainment", Kind::Share, "nothing judged", "n_met / n_judged"),
        column("attainment_low", Kind::Share, "nothing judged", "lower end of its 95 % Wilson interval"),
        column("attainment_high", Kind::Share, "nothing judged", "upper end"),
    ],
};

/// The paired difference.
const PAIRED: Table = Table {
    name: "paired",
    grain: "one proposed policy, promise and severity at the stop under the policy in force, and over all severities",
    columns: &[
        column("proposed", Kind::Word, "", "the proposed policy"),
        column("metric", Kind::Word, "", "what is measured"),
        column("kind", Kind::Word, "", "commitment or best effort, as the proposed policy has it"),
        column("severity", Kind::Word, "", "severity at the stop; `none`; `all`: all of them"),
        column("n_pairs", Kind::Count, "", "clocks judged under both policies"),
        column("n_both_met", Kind::Count, "", "met under both"),
        column("n_lost", Kind::Count, "", "met now, not with the proposed policy"),
        column("n_gained", Kind::Count, "", "met with the proposed policy, not now"),
        column("n_neither_met", Kind::Count, "", "met under neither"),
        column("n_only_now", Kind::Count, "", "judged now only: in no pair"),
        column("n_only_proposed", Kind::Count, "", "judged with the proposed policy only: in no pair"),
        column(
            "change",
            Kind::Share,
            "no pair",
            "attainment with the proposed policy less that now, of the pairs",
        ),
        column(
            "change_low",
            Kind::Share,
            "no pair",
            "lower end of its 95 % interval for paired shares (Newcombe)",
        ),
        column("change_high", Kind::Share, "no pair", "upper end"),
        column(
            "mcnemar_p",
            Kind::Share,
            "no pair",
            "exact two-sided McNemar test of n_lost against n_gained",
        ),
    ],
};

/// Flips by reason.
const BY_REASON: Table = Table {
    name: "flips_by_reason",
    grain: "one proposed policy, promise, verdict now, verdict with it, and reason",
    columns: &[
        column("proposed", Kind::Word, "", "the proposed policy"),
        column("effect", Kind::Word, "", "`lost`: met now, not with it; `gained`: the reverse; `other`"),
        column("metric", Kind::Word, "", "what is measured; of a spell of inactivity `closure`"),
        column("kind", Kind::Word, "no promise, or a closure", "commitment or best effort"),
        column("basis", Kind::Word, "a clock", "category that the spell is in"),
        column("verdict", Kind::Word, "the policy in force does not have it", "now"),
        column("verdict_proposed", Kind::Word, "the proposed policy does not have it", "with it"),
        column("reason", Kind::Word, "", "which part of the proposed policy makes the difference"),
        column("n_flips", Kind::Count, "", "clocks or spells"),
        column("n_cases", Kind::Count, "", "cases with at least one of them"),
    ],
};

/// What it costs.
const COST: Table = Table {
    name: "cost",
    grain: "one proposed policy, month of the clock's start, promise, severity at the stop, and what the target counts",
    columns: &[
        column("proposed", Kind::Word, "", "the proposed policy"),
        column("month", Kind::Word, "", "local month of the start, in the zone of the policy in force"),
        column("metric", Kind::Word, "", "what is measured"),
        column("kind", Kind::Word, "", "commitment or best effort"),
        column("severity", Kind::Count, "none", "severity at the stop"),
        column("measure", Kind::Word, "", "`business`: the target counts open time; `wall`: all time"),
        column("n_over", Kind::Count, "", "clocks over their target now"),
        column(
            "over_s",
            Kind::Seconds,
            "",
            "by how much together: so much faster support would have had to be",
        ),
        column("n_over_proposed", Kind::Count, "", "clocks over their target with the proposed policy"),
        column(
            "over_proposed_s",
            Kind::Seconds,
            "",
            "by how much together, business time by the hours of the proposed policy",
        ),
        column("more_s", Kind::Seconds, "lengths of different kinds", "over_proposed_s less over_s"),
        column(
            "is_comparable",
            Kind::Flag,
            "",
            "both lengths count the same kind of time: no target of the promise and severity counts open time under one of the \
             policies and all time under the other, and open time is open at the same hours",
        ),
        column("n_without_length", Kind::Count, "", "of both, prorated clocks: over, with no single length"),
    ],
};

/// What closing when due would have done.
const CLOSURES: Table = Table {
    name: "closures",
    grain: "one policy that closes for inactivity and one category that it counts it in",
    columns: &[
        column("policy", Kind::Word, "", "the policy"),
        column("basis", Kind::Word, "", "category that the spells are in"),
        column("close_after", Kind::Word, "", "the length in its latest version"),
        column("n_spells", Kind::Count, "", "spells of cases in scope whose length can be measured"),
        column("n_would_close", Kind::Count, "", "spells that lasted longer"),
        column(
            "n_false_closures",
            Kind::Count,
            "",
            "of them ended by the customer's return: closed too early",
        ),
        column("false_closures", Kind::Share, "none would close", "n_false_closures / n_would_close"),
        column(
            "false_closures_low",
            Kind::Share,
            "none would close",
            "lower end of its 95 % Wilson interval",
        ),
        column("false_closures_high", Kind::Share, "none would close", "upper end"),
        column("n_cases_closed", Kind::Count, "", "cases that such a spell would have closed"),
        column(
            "saved_s",
            Kind::Seconds,
            "",
            "wall time from due to the spell's end, false closures left out",
        ),
    ],
};

/// A table's definition with its title.
#[derive(Clone, Copy, Debug)]
pub struct Described {
    /// Name, grain and columns.
    pub table: Table,
    /// What it shows.
    pub title: &'static str,
}

/// Every table of a comparison, in order.
pub const TABLES: [Described; 8] = [
    Described { table: DIFFERENCES, title: "What the policies say differently" },
    Described { table: ATTAINMENT, title: "Attainment side by side" },
    Described { table: PAIRED, title: "The same clocks under both policies" },
    Described { table: BY_REASON, title: "Verdicts that differ, by reason" },
    Described { table: COST, title: "Time over target" },
    Described { table: CLOSURES, title: "Closing for inactivity when due" },
    Described { table: FLIPS, title: "Every verdict that differs" },
    Described { table: TOO_EARLY, title: "Closures before the customer came back" },
];

/// The definition of a table by its name.
pub fn described(name: &str) -> Option<Described> {
    TABLES.into_iter().find(|described| described.table.name == name)
}

/// The rows of every table but the two lists, which grow with the input; of `flips` the gravest.
pub fn tables(question: &Question<'_>, sums: &Sums, told: &Told) -> Vec<Computed> {
    vec![
        Computed { table: DIFFERENCES, rows: differences(question) },
        Computed { table: ATTAINMENT, rows: attainment(question, sums) },
        Computed { table: PAIRED, rows: paired(question, sums) },
        Computed { table: BY_REASON, rows: by_reason(question, told) },
        Computed { table: COST, rows: cost(question, sums) },
        Computed { table: CLOSURES, rows: closures(question, sums) },
        Computed { table: FLIPS, rows: told.gravest.iter().map(|row| row.cells.clone()).collect() },
    ]
}

fn differences(question: &Question<'_>) -> Vec<Vec<Cell>> {
    let text = |text: &Option<String>| text.clone().map_or(Cell::Absent, Cell::Text);
    let toml = |setting: &Option<Setting>| text(&setting.as_ref().and_then(|setting| setting.toml.clone()));
    let mut rows = Vec::new();
    for (book, label) in question.books.iter().zip(question.labels).skip(1) {
        for compared in diff_books(&question.books[0], book) {
            let row = |difference: &Difference| {
                vec![
                    Cell::word(label.clone()),
                    text(&compared.left),
                    text(&compared.right),
                    Cell::word(difference.key.clone()),
                    Cell::word(difference.to_string()),
                    toml(&difference.left),
                    toml(&difference.right),
                ]
            };
            rows.extend(compared.differences.iter().map(row));
        }
    }
    rows
}

const fn kind_word(kind: PromiseKind) -> &'static str {
    match kind {
        PromiseKind::Commitment => "commitment",
        PromiseKind::BestEffort => "best_effort",
    }
}

fn severity_word(severity: Option<u8>) -> String {
    severity.map_or_else(|| "none".to_owned(), |level| level.to_string())
}

/// The kinds and metrics that some of `cells` has something for, each with its severities, `all` first.
fn promises<T: Clone + Default>(
    cells: &[&Cells<T>],
    is_there: impl Fn(&T) -> bool,
) -> Vec<(PromiseKind, Metric, Vec<Option<u8>>)> {
    let mut all = Vec::new();
    for kind in [PromiseKind::Commitment, PromiseKind::BestEffort] {
        for metric in Metric::ALL {
            let of = |key: &Key| key.kind == Some(kind) && key.metric == metric;
            let mut severities: Vec<Option<u8>> = cells
                .iter()
                .flat_map(|cells| cells.iter().filter(|(key, value)| of(key) && is_there(value)))
                .map(|(key, _)| key.severity)
                .collect();
            severities.sort_by_key(|severity| severity.unwrap_or(u8::MAX));
            severities.dedup();
            if !severities.is_empty() {
                all.push((kind, metric, severities));
            }
        }
    }
    all
}

/// The values of one promise, of one severity or of all.
fn sum<T: Clone + Default>(
    cells: &Cells<T>,
    (kind, metric): (PromiseKind, Metric),
    severity: Option<Option<u8>>,
    add: impl Fn(&mut T, &T),
) -> T {
    let mut all = T::default();
    for (key, value) in cells.iter() {
        let is_wanted = severity.is_none_or(|severity| severity == key.severity);
        if key.kind == Some(kind) && key.metric == metric && is_wanted {
            add(&mut all, value);
        }
    }
    all
}

fn attainment(question: &Question<'_>, sums: &Sums) -> Vec<Vec<Cell>> {
    let cells: Vec<&Cells<Verdicts>> = sums.verdicts.iter().collect();
    let mut rows = Vec::new();
    for (kind, metric, severities) in promises(&cells, |verdicts| verdicts.n() > 0) {
        for severity in [None].into_iter().chain(severities.into_iter().map(Some)) {
            for (policy, cells) in cells.iter().enumerate() {
                let verdicts = sum(cells, (kind, metric), severity, Verdicts::add);
                let of = |verdict| Cell::count(verdicts.of(verdict));
                let mut row = vec![
                    Cell::word(metric.word()),
                    Cell::word(kind_word(kind)),
                    Cell::word(severity.map_or("all".to_owned(), severity_word)),
                    Cell::word(question.labels[policy].clone()),
                    goal(question, policy, (kind, metric), severity),
                    Cell::count(verdicts.judged()),
                ];
                row.extend([Verdict::Met, Verdict::Missed, Verdict::Unanswered, Verdict::Pending].map(of));
                row.extend(share(verdicts.of(Verdict::Met), verdicts.judged()));
                rows.push(row);
            }
        }
    }
    rows
}

/// What the latest version of a policy asks for.
fn goal(
    question: &Question<'_>,
    policy: usize,
    (kind, metric): (PromiseKind, Metric),
    severity: Option<Option<u8>>,
) -> Cell {
    let key = match severity {
        None => metric.word().to_owned(),
        Some(severity) => format!("{}.severity.{}", metric.word(), severity_word(severity)),
    };
    let latest = question.books[policy].versions.last();
    let asks = latest.filter(|version| tables::objective_kind(version, metric) == kind);
    let found = asks.and_then(|version| version.objectives.iter().find(|(name, _)| *name == key));
    found.map_or(Cell::Absent, |(_, share)| Cell::Number(*share))
}

fn share(met: u64, n: u64) -> [Cell; 3] {
    wilson(met, n).map_or([Cell::Absent, Cell::Absent, Cell::Absent], |rate| {
        [rate.share, rate.low, rate.high].map(Cell::Number)
    })
}

fn paired(question: &Question<'_>, sums: &Sums) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    for (i, cells) in sums.pairs.iter().enumerate() {
        for (kind, metric, severities) in promises(&[cells], |pairs| *pairs != Pairs::default()) {
            for severity in [None].into_iter().chain(severities.into_iter().map(Some)) {
                let pairs = sum(cells, (kind, metric), severity, Pairs::add);
                let mut row = vec![
                    Cell::word(question.labels[i + 1].clone()),
                    Cell::word(metric.word()),
                    Cell::word(kind_word(kind)),
                    Cell::word(severity.map_or("all".to_owned(), severity_word)),
                ];
                let counts = [pairs.n(), pairs.n_both_met, pairs.n_lost, pairs.n_gained, pairs.n_neither_met];
                row.extend(
                    counts.into_iter().chain([pairs.n_only_now, pairs.n_only_proposed]).map(Cell::count),
                );
                let difference = tables::paired(Paired {
                    both: pairs.n_both_met,
                    first_only: pairs.n_lost,
                    second_only: pairs.n_gained,
                    neither: pairs.n_neither_met,
                });
                row.extend(difference.map_or([Cell::Absent, Cell::Absent, Cell::Absent], |d| {
                    [d.change, d.low, d.high].map(Cell::Number)
                }));
                let p = difference.map(|_| tables::mcnemar(pairs.n_lost, pairs.n_gained));
                row.push(p.map_or(Cell::Absent, Cell::Number));
                rows.push(row);
            }
        }
    }
    rows
}

fn by_reason(question: &Question<'_>, told: &Told) -> Vec<Vec<Cell>> {
    let mut all: Vec<_> = told.by_reason.iter().collect();
    // The most first, within what was lost, gained, and other.
    all.sort_by_key(|(key, (n, _))| (key.proposed, key.change, std::cmp::Reverse(*n)));
    let word = |word: &'static str| if word.is_empty() { Cell::Absent } else { Cell::word(word) };
    let row = |(key, (n, n_cases)): (&super::flips::ReasonKey, &(u64, u64))| {
        vec![
            Cell::word(question.labels[usize::from(key.proposed)].clone()),
            Cell::word(CHANGES[usize::from(key.change)]),
            Cell::word(key.metric),
            key.kind.map_or(Cell::Absent, Cell::word),
            key.basis.map_or(Cell::Absent, Cell::word),
            word(key.now),
            word(key.then),
            Cell::word(key.reason.clone()),
            Cell::count(*n),
            Cell::count(*n_cases),
        ]
    };
    all.into_iter().map(row).collect()
}

fn cost(question: &Question<'_>, sums: &Sums) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    for proposed in 1..question.books.len() {
        let other_measure = &sums.other_measure[proposed - 1];
        let other_hours = hours_differ(&question.books[0], &question.books[proposed]);
        for (key, overs) in &sums.costs {
            let (now, then): (Over, Over) = (overs[0], overs[proposed]);
            if now.n + then.n == 0 {
                continue;
            }
            let severity = Some(key.severity).filter(|level| *level > 0);
            let is_comparable =
                !(other_measure.contains(&(key.metric, severity)) || key.is_business && other_hours);
            let more = is_comparable.then(|| then.over_s - now.over_s);
            rows.push(vec![
                Cell::word(question.labels[proposed].clone()),
                Cell::word(format!("{:04}-{:02}", key.month.div_euclid(12), key.month.rem_euclid(12) + 1)),
                Cell::word(key.metric.word()),
                Cell::word(if key.is_best_effort { "best_effort" } else { "commitment" }),
                Cell::maybe(severity),
                Cell::word(if key.is_business { "business" } else { "wall" }),
                Cell::count(now.n),
                Cell::Whole(now.over_s),
                Cell::count(then.n),
                Cell::Whole(then.over_s),
                Cell::maybe(more),
                Cell::Flag(is_comparable),
                Cell::count(now.n_without_length + then.n_without_length),
            ]);
        }
    }
    rows
}

fn closures(question: &Question<'_>, sums: &Sums) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    for (policy, closures) in sums.closures.iter().enumerate() {
        for (basis, answer) in closures {
            let latest = question.books[policy].versions.last();
            let rule = latest.and_then(|v| v.inactivity.iter().find(|rule| rule.basis == *basis));
            let length = rule.and_then(|rule| rule.close_after).map(|length| length.to_string());
            let mut row = vec![
                Cell::word(question.labels[policy].clone()),
                Cell::word(basis.word()),
                Cell::word(length.unwrap_or_default()),
            ];
            row.extend([answer.n_spells, answer.n_would_close, answer.n_false_closures].map(Cell::count));
            row.extend(share(answer.n_false_closures, answer.n_would_close));
            row.extend([Cell::count(answer.n_cases_closed), Cell::Whole(answer.saved_s())]);
            rows.push(row);
        }
    }
    rows
}
