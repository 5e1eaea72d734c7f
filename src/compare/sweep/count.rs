//! What was kept under each value: counts along the variants, and what each case had to do with them. In any order and
//! on any number of threads the same.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::facts::{By, Period};
use crate::policy::{Book, PromiseKind};
use crate::replay::{
    Grid, Metric, Replayer, Run, SpellVerdict, VariantClock, Variants, VariantsWorkspace, Verdict, rank,
};
use crate::tables::{Answer, Tally};

use super::{Measure, Question};

/// Cases that one thread takes at a time.
const CASES_AT_A_TIME: usize = 4_096;

/// How many there were and how many of them were kept, under one variant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Judged.
    pub n: u64,
    /// Kept.
    pub n_kept: u64,
    /// Kept under the policy in force, not here.
    pub n_lost: u64,
    /// Kept here, not under the policy in force.
    pub n_gained: u64,
}

/// A change of the counts at one place along the variants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// From this variant on.
    pub from: u32,
    /// So many more are judged.
    pub judged: i32,
    /// So many more are kept.
    pub kept: i32,
}

/// Kind, metric, and severity at the stop.
pub type Promise = (PromiseOrder, Metric, Option<u8>);

/// What was kept of the measure: everything that a sweep counts.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// One a variant.
    pub kept: Vec<Kept>,
    /// Under the policy in force.
    pub now: Kept,
    /// Judged and met by promise, one list a variant: every promise that the values touch, each severity at the stop.
    pub by_promise: BTreeMap<Promise, Vec<(u64, u64)>>,
    /// How many cases change the counts of the measure in the same way.
    pub groups: BTreeMap<Box<[Change]>, u64>,
    /// Closures when due, one a variant; empty where they are not the measure.
    pub closures: Vec<Answer>,
    /// Cases that were replayed.
    pub n_cases: u64,
}

/// Commitments before best effort.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PromiseOrder {
    /// Counts toward compliance.
    Commitment,
    /// Counted apart.
    BestEffort,
}

/// Counts `question` under every one of `books`, which [`super::books`] made of it. `done` is told the cases done
/// since last told.
pub fn count(question: &Question<'_>, books: &[Book], done: &(dyn Fn(u64) + Sync)) -> Counts {
    match question.measure {
        Measure::Order => order(question, books, done),
        Measure::Attainment(..) | Measure::Closures(_) => walked(question, books, done),
    }
}

/// First responses that overtake nobody: the order is a matter of the whole input, so each policy walks every case again,
/// up to its first response.
fn order(question: &Question<'_>, books: &[Book], done: &(dyn Fn(u64) + Sync)) -> Counts {
    let mut counts = Counts::default();
    let of = |book: &Book| {
        let (waits, n_cases) = Replayer::unranked(book, question.history, question.as_of).waits();
        let period =
            question.period.map_or_else(Period::default, |dates| Period::new(dates, By::Start, book));
        let mut tally = Tally::new(period, &[]);
        rank(&waits, &mut tally);
        let [n, n_overtaking] = tally.n_responses;
        (Kept { n, n_kept: n - n_overtaking, ..Kept::default() }, n_cases)
    };
    counts.now = of(question.book).0;
    for book in books {
        let (mut kept, n_cases) = of(book);
        // Which responses differ is not told: as many more or fewer.
        kept.n_lost = counts.now.n_kept.saturating_sub(kept.n_kept);
        kept.n_gained = kept.n_kept.saturating_sub(counts.now.n_kept);
        counts.kept.push(kept);
        counts.n_cases = n_cases;
        done(question.history.n_cases() as u64);
    }
    counts
}

fn walked(question: &Question<'_>, books: &[Book], done: &(dyn Fn(u64) + Sync)) -> Counts {
    let n_across = question.axes.last().map_or(1, |axis| axis.values.len());
    let changes_once = question.axes.last().is_some_and(super::Axis::changes_once);
    // The policy in force stands last, in a row of its own.
    let all: Vec<Book> = books.iter().chain([question.book]).cloned().collect();
    let grid = Grid { n_across, changes_once };
    let variants = Variants::new(&all, grid, question.history, question.as_of);
    let mut metrics: Vec<Metric> =
        question.axes.iter().flat_map(|axis| axis.key.metrics()).copied().collect();
    if let Measure::Attainment(metric, _) = question.measure {
        metrics.push(metric);
    }
    metrics.sort();
    metrics.dedup();
    let period =
        |book| question.period.map_or_else(Period::default, |dates| Period::new(dates, By::Start, book));
    let counter = Counter { question, variants, metrics, period: period(question.book), n: books.len() };
    let n_cases = question.history.n_cases();
    let part = |part: usize| {
        let mut sums = Sums::new(books.len());
        let mut workspace = VariantsWorkspace::default();
        let cases = part * CASES_AT_A_TIME..((part + 1) * CASES_AT_A_TIME).min(n_cases);
        let n = cases.len() as u64;
        cases.for_each(|case| counter.add(case, &mut workspace, &mut sums));
        done(n);
        sums
    };
    let parts = (0..n_cases.div_ceil(CASES_AT_A_TIME)).into_par_iter().map(part);
    parts.reduce(|| Sums::new(books.len()), Sums::merge).finish()
}

/// What counting needs to know.
struct Counter<'a> {
    question: &'a Question<'a>,
    variants: Variants<'a>,
    metrics: Vec<Metric>,
    period: Period,
    /// Variants, the policy in force not counted.
    n: usize,
}

/// Differences along the variants: what changes from one on.
struct Sums {
    kept: Vec<[i64; 4]>,
    now: Kept,
    by_promise: BTreeMap<Promise, Vec<(i64, i64)>>,
    groups: BTreeMap<Box<[Change]>, u64>,
    closures: Vec<Answer>,
    n_cases: u64,
    /// Of the case that is being counted.
    changes: Vec<Change>,
}

impl Sums {
    fn new(n: usize) -> Sums {
        Sums {
            kept: vec![[0; 4]; n],
            now: Kept::default(),
            by_promise: BTreeMap::new(),
            groups: BTreeMap::new(),
            closures: Vec::new(),
            n_cases: 0,
            changes: Vec::new(),
        }
    }

    fn merge(mut self, other: Sums) -> Sums {
        for (mine, theirs) in self.kept.iter_mut().zip(other.kept) {
            mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine += theirs);
        }
        self.now.n += other.now.n;
        self.now.n_kept += other.now.n_kept;
        for (key, theirs) in other.by_promise {
            let mine = self.by_promise.entry(key).or_insert_with(|| vec![(0, 0); theirs.len()]);
            mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| {
                mine.0 += theirs.0;
                mine.1 += theirs.1;
            });
        }
        for (key, n) in other.groups {
            *self.groups.entry(key).or_default() += n;
        }
        self.closures.resize_with(self.closures.len().max(other.closures.len()), Answer::default);
        self.closures.iter_mut().zip(&other.closures).for_each(|(mine, theirs)| mine.add(theirs));
        self.n_cases += other.n_cases;
        self
    }

    /// From differences to counts.
    fn finish(self) -> Counts {
        let mut sum = [0_i64; 4];
        let whole = |n: i64| u64::try_from(n).unwrap_or(0);
        let kept = self.kept.iter().map(|change| {
            sum.iter_mut().zip(change).for_each(|(sum, change)| *sum += change);
            let [n, n_kept, n_lost, n_gained] = sum.map(whole);
            Kept { n, n_kept, n_lost, n_gained }
        });
        let kept = kept.collect();
        let along = |changes: Vec<(i64, i64)>| -> Vec<(u64, u64)> {
            let mut sum = (0, 0);
            let next = |(judged, met): (i64, i64)| {
                sum = (sum.0 + judged, sum.1 + met);
                (whole(sum.0), whole(sum.1))
            };
            changes.into_iter().map(next).collect()
        };
        let by_promise = self.by_promise.into_iter().map(|(key, changes)| (key, along(changes))).collect();
        let Sums { now, groups, closures, n_cases, .. } = self;
        Counts { kept, now, by_promise, groups, closures, n_cases }
    }
}

/// Judged and met: attainment is met of judged (SPEC 1).
const fn judged(verdict: Verdict) -> (i64, i64) {
    match verdict {
        Verdict::Met => (1, 1),
        Verdict::Missed | Verdict::Unanswered => (1, 0),
        _ => (0, 0),
    }
}

impl Counter<'_> {
    fn add(&self, case: usize, workspace: &mut VariantsWorkspace, sums: &mut Sums) {
        let events = self.question.history.case(case);
        sums.changes.clear();
        match self.question.measure {
            Measure::Closures(_) => self.add_spells(case, workspace, sums),
            _ => {
                let counted = |clock: VariantClock<'_>| self.add_clock(&clock, sums);
                let there = self.variants.clocks(events, &self.metrics, workspace, counted);
                sums.n_cases += u64::from(there.is_some());
            }
        }
        if !sums.changes.is_empty() {
            let key = merged(&mut sums.changes);
            if !key.is_empty() {
                *sums.groups.entry(key).or_default() += 1;
            }
        }
    }

    fn add_clock(&self, clock: &VariantClock<'_>, sums: &mut Sums) {
        if !self.period.has(clock.version, Some(clock.started_at)) {
            return;
        }
        let (variants, now) = split(clock.runs, self.n);
        self.add_promise(clock, variants, sums);
        let Measure::Attainment(metric, severity) = self.question.measure else { return };
        if clock.metric != metric || severity.is_some_and(|level| clock.severity != Some(level)) {
            return;
        }
        let told = |run: &Run| run.verdict.map_or((0, 0), |(verdict, _)| judged(verdict));
        let is = now.map_or((0, 0), |run| told(&run));
        sums.now.n += is.0 as u64;
        sums.now.n_kept += is.1 as u64;
        let mut before = [0; 4];
        for run in variants {
            let (n, met) = told(run);
            // Lost and gained are of clocks judged under both.
            let both = i64::from(is.0 == 1 && n == 1);
            let after = [n, met, both * is.1 * (1 - met), both * (1 - is.1) * met];
            let change = |i: usize| after[i] - before[i];
            (0..4).for_each(|i| sums.kept[run.from][i] += change(i));
            if change(0) != 0 || change(1) != 0 {
                let (judged, kept) = (change(0) as i32, change(1) as i32);
                sums.changes.push(Change { from: run.from as u32, judged, kept });
            }
            before = after;
        }
    }

    fn add_promise(&self, clock: &VariantClock<'_>, variants: &[Run], sums: &mut Sums) {
        let mut before: Option<(PromiseOrder, i64, i64)> = None;
        for run in variants {
            let after = run.verdict.and_then(|(verdict, kind)| {
                let (n, met) = judged(verdict);
                let kind = match kind? {
                    PromiseKind::Commitment => PromiseOrder::Commitment,
                    PromiseKind::BestEffort => PromiseOrder::BestEffort,
                };
                (n > 0).then_some((kind, n, met))
            });
            for (told, sign) in [(before, -1), (after, 1)] {
                let Some((kind, n, met)) = told.filter(|_| before != after) else { continue };
                let key = (kind, clock.metric, clock.severity);
                let along = sums.by_promise.entry(key).or_insert_with(|| vec![(0, 0); self.n]);
                along[run.from].0 += sign * n;
                along[run.from].1 += sign * met;
            }
            before = after;
        }
    }

    fn add_spells(&self, case: usize, workspace: &mut VariantsWorkspace, sums: &mut Sums) {
        let Measure::Closures(basis) = self.question.measure else { return };
        sums.closures.resize_with(self.n, Answer::default);
        sums.n_cases += 1;
        let mut before = (0, 0);
        let Sums { kept, now, closures, changes, .. } = sums;
        self.variants.spells(self.question.history.case(case), workspace, |variant, version, spells| {
            let mut answer = Answer::default();
            let mut closed = false;
            for spell in spells.iter().filter(|s| s.basis == basis && s.verdict != SpellVerdict::OutOfScope) {
                if let Some(due) = spell.due_at.filter(|_| self.period.has(version, Some(spell.started_at))) {
                    answer.count(spell, due, &mut closed);
                }
            }
            let (n, good) = (answer.n_would_close, answer.n_would_close - answer.n_false_closures);
            if variant == self.n {
                now.n += n;
                now.n_kept += good;
                return;
            }
            closures[variant].add(&answer);
            let change = (n as i64 - before.0, good as i64 - before.1);
            if change != (0, 0) {
                kept[variant][0] += change.0;
                kept[variant][1] += change.1;
                changes.push(Change { from: variant as u32, judged: change.0 as i32, kept: change.1 as i32 });
            }
            before = (n as i64, good as i64);
        });
    }
}

/// The runs before variant `n`, and the one that it is in.
fn split(runs: &[Run], n: usize) -> (&[Run], Option<Run>) {
    let variants = &runs[..runs.partition_point(|run| run.from < n)];
    (variants, runs.last().copied())
}

/// Changes in order, those at one place together, those of nothing left out.
fn merged(changes: &mut [Change]) -> Box<[Change]> {
    changes.sort_unstable();
    let mut all: Vec<Change> = Vec::with_capacity(changes.len());
    for change in changes.iter() {
        match all.last_mut() {
            Some(last) if last.from == change.from => {
                last.judged += change.judged;
                last.kept += change.kept;
            }
            _ => all.push(*change),
        }
    }
    all.retain(|change| (change.judged, change.kept) != (0, 0));
    all.into_boxed_slice()
}
