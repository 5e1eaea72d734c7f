//! What one pass over all cases under all policies counts: verdicts by policy, pairs, time over target, closures, and which
//! cases are to be looked at again. A proposed policy is counted by what differs from the policy in force, so that what
//! does not differ costs nothing. In any order and on any number of threads the same.

use std::collections::{BTreeMap, BTreeSet};

use crate::history::Category;
use crate::policy::PromiseKind;
use crate::replay::{Metric, SpellVerdict, Verdict};
use crate::tables::{Answer, Verdicts};

use super::cells::Cells;
use super::pairs::{Pairs, judged};

/// What differs, by its name within the case; `None` where a policy does not have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The verdict of a clock.
    Clock {
        /// What is measured.
        metric: Metric,
        /// From 1, a metric.
        cycle: u32,
        /// The verdict now.
        now: Option<Verdict>,
        /// The verdict with the proposed policy.
        then: Option<Verdict>,
    },
    /// The verdict of a spell of inactivity.
    Spell {
        /// The category that it is in.
        basis: Category,
        /// From 1, a rule.
        number: u32,
        /// The verdict now.
        now: Option<SpellVerdict>,
        /// The verdict with the proposed policy.
        then: Option<SpellVerdict>,
    },
    /// A spell that the proposed policy would have closed before the customer came back (SPEC 9.4).
    TooEarly {
        /// The category that it is in.
        basis: Category,
        /// From 1, a rule.
        number: u32,
    },
}

/// Lost first, then gained, then other; then severity; then time over target, the most first.
pub type Rank = (u8, u8, i64);

/// One difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flip {
    /// Place of the proposed policy among the books.
    pub proposed: u16,
    /// The case.
    pub case: u32,
    /// What differs.
    pub what: What,
    /// The kind of promise of a clock, the proposed policy's where it promises anything; `None`: none, or a spell.
    pub kind: Option<PromiseKind>,
    /// Severity at the stop of a clock, at the start of a spell; `None`: none.
    pub severity: Option<u8>,
    /// Time over target with the proposed policy, or else now; 0: not over.
    pub over_s: i64,
}

impl Flip {
    /// Lost 0, gained 1, other 2.
    pub fn change(&self) -> u8 {
        let What::Clock { now, then, .. } = self.what else { return 2 };
        match (now.and_then(judged), then.and_then(judged)) {
            (Some(true), Some(false)) => 0,
            (Some(false), Some(true)) => 1,
            _ => 2,
        }
    }

    /// Where it stands in a list of the gravest.
    pub fn rank(&self) -> Rank {
        (self.change(), self.severity.unwrap_or(u8::MAX), -self.over_s)
    }
}

/// Where time over target is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CostKey {
    /// Months since the year 0 of the clock's start, in the zone of the policy in force.
    pub month: i32,
    /// Severity at the stop, 0: none.
    pub severity: u8,
    /// What is measured.
    pub metric: Metric,
    /// True where the target is best effort.
    pub is_best_effort: bool,
    /// True where the target counts open time.
    pub is_business: bool,
}

/// Clocks over their target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Over {
    /// How many.
    pub n: u64,
    /// By how much together: the whole seconds of each added up, so that it is what the facts add up to.
    pub over_s: i64,
    /// Of them without a length: prorated.
    pub n_without_length: u64,
}

impl Over {
    fn add(&mut self, other: Over) {
        self.n += other.n;
        self.over_s += other.over_s;
        self.n_without_length += other.n_without_length;
    }

    /// Takes away what was counted before.
    fn take(&mut self, other: Over) {
        self.n -= other.n;
        self.over_s -= other.over_s;
        self.n_without_length -= other.n_without_length;
    }
}

/// What is counted of one policy.
#[derive(Clone, Debug, Default)]
pub(super) struct Counted {
    pub(super) verdicts: Cells<Verdicts>,
    pub(super) costs: BTreeMap<CostKey, Over>,
    /// What closing when due would have done, by category.
    pub(super) closures: BTreeMap<Category, Answer>,
}

impl Counted {
    fn add(&mut self, other: &Counted) {
        self.verdicts.merge(&other.verdicts, Verdicts::add);
        for (key, theirs) in &other.costs {
            self.costs.entry(*key).or_default().add(*theirs);
        }
        for (basis, theirs) in &other.closures {
            self.closures.entry(*basis).or_default().add(theirs);
        }
    }

    /// Takes away what is part of it.
    fn take(&mut self, other: &Counted) {
        self.verdicts.merge(&other.verdicts, Verdicts::take);
        for (key, theirs) in &other.costs {
            self.costs.entry(*key).or_default().take(*theirs);
        }
        for (basis, theirs) in &other.closures {
            self.closures.entry(*basis).or_default().take(theirs);
        }
        self.closures.retain(|_, answer| answer.n_spells > 0);
    }
}

/// What a proposed policy has otherwise than the one in force.
#[derive(Clone, Debug, Default)]
pub(super) struct Proposed {
    /// What differs, as it is now.
    pub(super) less: Counted,
    /// The same with the proposed policy.
    pub(super) more: Counted,
    /// Clocks that differ, as pairs.
    pub(super) pairs: Cells<Pairs>,
    /// Promises and severities of which some clock counts open time under one of the two policies, and all time under the
    /// other.
    pub(super) other_measure: BTreeSet<(Metric, Option<u8>)>,
}

/// What some cases come to.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    pub(super) n_cases: u64,
    pub(super) n_events: u64,
    pub(super) now: Counted,
    pub(super) proposed: Vec<Proposed>,
    pub(super) flips: Vec<Flip>,
}

impl Part {
    pub(super) fn new(n_policies: usize) -> Part {
        let proposed = vec![Proposed::default(); n_policies.saturating_sub(1)];
        Part { proposed, ..Part::default() }
    }

    /// Takes over what was counted of later cases.
    pub(super) fn merge(mut self, other: Part) -> Part {
        self.n_cases += other.n_cases;
        self.n_events += other.n_events;
        self.now.add(&other.now);
        for (mine, theirs) in self.proposed.iter_mut().zip(&other.proposed) {
            mine.less.add(&theirs.less);
            mine.more.add(&theirs.more);
            mine.pairs.merge(&theirs.pairs, Pairs::add);
            mine.other_measure.extend(&theirs.other_measure);
        }
        self.flips.extend(other.flips);
        self
    }

    /// From differences to counts.
    pub(super) fn finish(self) -> Sums {
        let Part { n_cases, n_events, now, proposed, flips } = self;
        let n_policies = proposed.len() + 1;
        let (mut policies, mut pairs, mut measures) = (vec![now], Vec::new(), Vec::new());
        for Proposed { less, more, pairs: mut paired, other_measure } in proposed {
            let mut all = policies[0].clone();
            all.take(&less);
            let same = all.verdicts.map(Pairs::alike);
            paired.merge(&same, Pairs::add);
            all.add(&more);
            policies.push(all);
            pairs.push(paired);
            measures.push(other_measure);
        }
        let mut costs: BTreeMap<CostKey, Vec<Over>> = BTreeMap::new();
        for (i, counted) in policies.iter().enumerate() {
            for (key, over) in &counted.costs {
                costs.entry(*key).or_insert_with(|| vec![Over::default(); n_policies])[i] = *over;
            }
        }
        let (verdicts, closures) = policies.into_iter().map(|all| (all.verdicts, all.closures)).unzip();
        Sums { n_cases, n_events, verdicts, pairs, other_measure: measures, costs, closures, flips }
    }
}

/// Everything that one pass counts.
#[derive(Clone, Debug)]
pub struct Sums {
    /// Cases replayed.
    pub n_cases: u64,
    /// Their events up to `as_of`.
    pub n_events: u64,
    /// A policy each: its verdicts.
    pub verdicts: Vec<Cells<Verdicts>>,
    /// A proposed policy each: its clocks beside those of the policy in force.
    pub pairs: Vec<Cells<Pairs>>,
    /// A proposed policy each: the promises and severities whose targets count open time under one of the two policies,
    /// and all time under the other.
    pub other_measure: Vec<BTreeSet<(Metric, Option<u8>)>>,
    /// One a policy.
    pub costs: BTreeMap<CostKey, Vec<Over>>,
    /// A policy each: what closing when due would have done, by category.
    pub closures: Vec<BTreeMap<Category, Answer>>,
    /// In order of the cases.
    pub flips: Vec<Flip>,
}
