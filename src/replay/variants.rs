//! One policy with a value that takes many others: each case is walked once, and only the verdicts that the value
//! touches are found again. They are those of [`Replayer::case`]; only the work is less.
//!
//! Where a value only ever makes a promise easier as it grows, a clock's verdict changes once at most along the values:
//! the place is found by halving, and the verdicts between are not worked out one by one.

use crate::calendar::Instant;
use crate::history::{CaseEvents, History};
use crate::policy::{Book, PromiseKind};

use super::case;
use super::course::Course;
use super::fact::{CaseFacts, Metric, SpellFact, Verdict};
use super::inactivity::spells;
use super::walk::Timeline;
use super::{Begun, Replayer, empty_facts};

/// How the variants lie: rows of equal length, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    /// Variants in a row.
    pub n_across: usize,
    /// True where a verdict changes once at most along a row, from the first value to the last.
    pub changes_once: bool,
}

/// From `from` on, up to the next run or the end, the verdict under each variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// The first variant.
    pub from: usize,
    /// Verdict and kind of promise; `None`: the variant does not have the clock.
    pub verdict: Option<(Verdict, Option<PromiseKind>)>,
}

/// Variants of one book over one history. They differ in targets, calendars or inactivity alone: versions, `[clock]`
/// and scope are the same, and nobody overtakes anybody.
#[derive(Debug)]
pub struct Variants<'a> {
    replayers: Vec<Replayer<'a>>,
    grid: Grid,
}

/// Memory that one thread reuses from case to case.
#[derive(Debug)]
pub struct VariantsWorkspace {
    line: Timeline,
    facts: CaseFacts,
    runs: Vec<Run>,
}

impl Default for VariantsWorkspace {
    fn default() -> VariantsWorkspace {
        VariantsWorkspace { line: Timeline::default(), facts: empty_facts(), runs: Vec::new() }
    }
}

impl<'a> Variants<'a> {
    /// Makes every book ready for `history`, judged at `as_of`; `books` are never empty.
    pub fn new(books: &'a [Book], grid: Grid, history: &'a History, as_of: Instant) -> Variants<'a> {
        let replayers = books.iter().map(|book| Replayer::unranked(book, history, as_of)).collect();
        Variants { replayers, grid }
    }

    /// Walks one case and shows each of its clocks that measures one of `metrics`, with its start, its severity at the
    /// stop, and its verdicts along the variants; gives the case's version. `None` where nothing of it exists.
    pub fn clocks(
        &self,
        events: CaseEvents<'_>,
        metrics: &[Metric],
        workspace: &mut VariantsWorkspace,
        mut each: impl FnMut(Clock<'_>),
    ) -> Option<u32> {
        let VariantsWorkspace { line, runs, .. } = workspace;
        let first = self.replayers.first()?;
        let begun = first.begin(events, line)?;
        for course in line.courses.iter().filter(|course| metrics.contains(&course.metric)) {
            runs.clear();
            self.find(&begun, line, course, runs);
            each(Clock {
                metric: course.metric,
                version: begun.version as u32,
                started_at: course.start.at,
                severity: case::severity_at_stop(&first.known(&begun, line), course),
                runs,
            });
        }
        Some(begun.version as u32)
    }

    /// Walks one case and shows its spells of inactivity under each variant.
    pub fn spells(
        &self,
        events: CaseEvents<'_>,
        workspace: &mut VariantsWorkspace,
        mut each: impl FnMut(usize, u32, &[SpellFact]),
    ) {
        let VariantsWorkspace { line, facts, .. } = workspace;
        let Some(begun) = self.replayers.first().and_then(|first| first.begin(events, line)) else { return };
        for (variant, replayer) in self.replayers.iter().enumerate() {
            facts.clear();
            spells(&replayer.known(&begun, line), facts);
            each(variant, begun.version as u32, &facts.spells);
        }
    }

    /// The verdicts of one clock along the variants, as runs.
    fn find(&self, begun: &Begun<'_>, line: &Timeline, course: &Course, runs: &mut Vec<Run>) {
        let at = |variant: usize| case::verdict(&self.replayers[variant].known(begun, line), course);
        let n = self.replayers.len();
        for start in (0..n).step_by(self.grid.n_across.max(1)) {
            let end = (start + self.grid.n_across.max(1)).min(n);
            if self.grid.changes_once {
                halve(start, end, &at, runs);
            } else {
                (start..end).for_each(|variant| push(runs, variant, at(variant)));
            }
        }
    }
}

/// One clock along the variants.
#[derive(Clone, Copy, Debug)]
pub struct Clock<'w> {
    /// What is measured.
    pub metric: Metric,
    /// Index of the case's policy version.
    pub version: u32,
    /// Where it starts, changes of severity aside.
    pub started_at: Instant,
    /// Severity at the stop.
    pub severity: Option<u8>,
    /// In order, the first from variant 0.
    pub runs: &'w [Run],
}

type Told = Option<(Verdict, Option<PromiseKind>)>;

fn push(runs: &mut Vec<Run>, from: usize, verdict: Told) {
    if runs.last().is_none_or(|run| run.verdict != verdict) {
        runs.push(Run { from, verdict });
    }
}

/// The runs of `[start, end)`, along which the verdict changes once at most.
fn halve(start: usize, end: usize, at: &impl Fn(usize) -> Told, runs: &mut Vec<Run>) {
    let (first, last) = (at(start), at(end - 1));
    push(runs, start, first);
    if first == last {
        return;
    }
    // The verdict at `low` is the first, that at `high` the last.
    let (mut low, mut high) = (start, end - 1);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if at(middle) == first { low = middle } else { high = middle }
    }
    push(runs, high, last);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_change_is_found_wherever_it_is() {
        for n in 1..9_usize {
            for change in 0..=n {
                let at = |i: usize| Some((if i < change { Verdict::Missed } else { Verdict::Met }, None));
                let mut runs = Vec::new();
                halve(0, n, &at, &mut runs);
                let mut slow = Vec::new();
                (0..n).for_each(|i| push(&mut slow, i, at(i)));
                assert_eq!(runs, slow, "{change} of {n}");
            }
        }
    }
}
