//! One pass over all cases under all policies: verdicts by policy, pairs, time over target, closures, and which cases
//! are to be looked at again. In any order and on any number of threads the same.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike};
use chrono_tz::Tz;
use rayon::prelude::*;

use crate::calendar::Instant;
use crate::facts::Period;
use crate::history::Category;
use crate::policy::PromiseKind;
use crate::replay::{
    CaseGlance, ClockGlance, GlanceWorkspace, Metric, Panel, SpellEnd, SpellFact, SpellVerdict, Verdict,
};
use crate::tables::{Answer, Verdicts};

use super::Question;
use super::cells::{Cells, Key};
use super::pairs::{Pairs, join, judged};

/// Cases that one thread takes at a time.
const CASES_AT_A_TIME: usize = 4_096;

/// What differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The verdict of a clock.
    Clock,
    /// The verdict of a spell of inactivity.
    Spell,
    /// A spell that the proposed policy would have closed before the customer came back (SPEC 9.4).
    TooEarly,
}

/// One difference; which clocks or spells it is about is told by their places in the facts of the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flip {
    /// Place of the proposed policy among the books.
    pub proposed: u16,
    /// The case.
    pub case: u32,
    /// What differs.
    pub what: What,
    /// Place under the policy in force.
    pub now: Option<u32>,
    /// Place under the proposed policy.
    pub then: Option<u32>,
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
    /// By how much together, µs.
    pub over: i128,
    /// Of them without a length: prorated.
    pub n_without_length: u64,
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
    /// One a policy.
    pub costs: BTreeMap<CostKey, Vec<Over>>,
    /// A policy each: what closing when due would have done, by category.
    pub closures: Vec<BTreeMap<Category, Answer>>,
    /// In order of the cases.
    pub flips: Vec<Flip>,
}

impl Sums {
    fn new(n_policies: usize) -> Sums {
        Sums {
            n_cases: 0,
            n_events: 0,
            verdicts: vec![Cells::default(); n_policies],
            pairs: vec![Cells::default(); n_policies.saturating_sub(1)],
            costs: BTreeMap::new(),
            closures: vec![BTreeMap::new(); n_policies],
            flips: Vec::new(),
        }
    }

    /// Takes over what was counted of later cases.
    fn merge(mut self, other: Sums) -> Sums {
        self.n_cases += other.n_cases;
        self.n_events += other.n_events;
        for (mine, theirs) in self.verdicts.iter_mut().zip(&other.verdicts) {
            mine.merge(theirs, Verdicts::add);
        }
        for (mine, theirs) in self.pairs.iter_mut().zip(&other.pairs) {
            mine.merge(theirs, Pairs::add);
        }
        for (key, theirs) in other.costs {
            let mine = self.costs.entry(key).or_insert_with(|| vec![Over::default(); theirs.len()]);
            for (mine, theirs) in mine.iter_mut().zip(theirs) {
                mine.n += theirs.n;
                mine.over += theirs.over;
                mine.n_without_length += theirs.n_without_length;
            }
        }
        for (mine, theirs) in self.closures.iter_mut().zip(other.closures) {
            theirs.into_iter().for_each(|(basis, answer)| mine.entry(basis).or_default().add(&answer));
        }
        self.flips.extend(other.flips);
        self
    }
}

/// Replays every case under every policy. `done` is told the cases done since last told.
pub fn count(question: &Question<'_>, panel: &Panel<'_>, done: &(dyn Fn(u64) + Sync)) -> Sums {
    let n_books = question.books.len();
    let counter = Counter {
        periods: (0..n_books).map(|book| question.period(book)).collect(),
        zone: question.books[0].versions.last().map(|version| version.timezone).unwrap_or_default(),
    };
    let n_cases = question.history.n_cases();
    let with_due = counter.periods[0].is_by_due();
    let part = |part: usize| {
        let (mut sums, mut workspace) = (Sums::new(n_books), GlanceWorkspace::default());
        let cases = part * CASES_AT_A_TIME..((part + 1) * CASES_AT_A_TIME).min(n_cases);
        let n = cases.len() as u64;
        for case in cases {
            if let Some(facts) = panel.glance(question.history.case(case), with_due, &mut workspace) {
                counter.add(facts, &mut sums);
            }
        }
        done(n);
        sums
    };
    let parts = (0..n_cases.div_ceil(CASES_AT_A_TIME)).into_par_iter().map(part);
    parts.reduce(|| Sums::new(n_books), Sums::merge)
}

/// What counting needs to know beside the facts.
struct Counter {
    /// A policy each.
    periods: Vec<Period>,
    zone: Tz,
}

impl Counter {
    fn add(&self, facts: &[CaseGlance], sums: &mut Sums) {
        let Some((now, proposed)) = facts.split_first() else { return };
        sums.n_cases += 1;
        sums.n_events += u64::from(now.n_events);
        for (policy, facts) in facts.iter().enumerate() {
            self.add_policy(policy, facts, sums);
        }
        for (i, then) in proposed.iter().enumerate() {
            self.add_pairs(now, then, i + 1, sums);
            self.add_spells(now, then, i + 1, sums);
        }
    }

    fn has_clock(&self, policy: usize, facts: &CaseGlance, clock: &ClockGlance) -> bool {
        self.periods[policy].has_glance(facts.version, clock)
    }

    fn has_spell(&self, policy: usize, facts: &CaseGlance, spell: &SpellFact) -> bool {
        self.periods[policy].has_spell(facts.version, spell)
    }

    /// Verdicts, time over target and closures of one policy.
    fn add_policy(&self, policy: usize, facts: &CaseGlance, sums: &mut Sums) {
        for clock in facts.clocks.iter().filter(|clock| self.has_clock(policy, facts, clock)) {
            sums.verdicts[policy].at(key(clock)).count(clock.verdict);
            if judged(clock.verdict) == Some(false) {
                self.add_over(policy, clock, sums);
            }
        }
        let mut closed = [false; Category::ALL.len()];
        for spell in facts.spells.iter().filter(|spell| self.has_spell(policy, facts, spell)) {
            let Some(due) = measured_due(spell) else { continue };
            let answer = sums.closures[policy].entry(spell.basis).or_default();
            answer.count(spell, due, &mut closed[spell.basis as usize]);
        }
    }

    fn add_over(&self, policy: usize, clock: &ClockGlance, sums: &mut Sums) {
        let is_prorated = clock.is_prorated && clock.verdict == Verdict::Missed;
        if clock.over.is_none() && !is_prorated {
            return;
        }
        let key = CostKey {
            month: month(clock.started_at, self.zone),
            severity: clock.severity_at_stop.unwrap_or(0),
            metric: clock.metric,
            is_best_effort: clock.kind == Some(PromiseKind::BestEffort),
            is_business: clock.is_business,
        };
        let n_policies = self.periods.len();
        let cell = &mut sums.costs.entry(key).or_insert_with(|| vec![Over::default(); n_policies])[policy];
        cell.n += 1;
        cell.over += i128::from(clock.over.unwrap_or(0));
        cell.n_without_length += u64::from(clock.over.is_none());
    }

    fn add_pairs(&self, now: &CaseGlance, then: &CaseGlance, proposed: usize, sums: &mut Sums) {
        let name = |clock: &ClockGlance| (clock.metric, clock.cycle);
        join(&now.clocks, &then.clocks, name, |i, j| {
            let (a, b) = (i.map(|i| &now.clocks[i]), j.map(|j| &then.clocks[j]));
            let counts = match (a, b) {
                (Some(a), _) => self.has_clock(0, now, a),
                (None, Some(b)) => self.has_clock(proposed, then, b),
                (None, None) => false,
            };
            if !counts {
                return;
            }
            if let Some(shown) = b.or(a) {
                // What is promised is the proposed policy's, where it promises anything.
                let kind = shown.kind.or(a.and_then(|a| a.kind));
                let severity = a.map_or(shown.severity_at_stop, |a| a.severity_at_stop);
                sums.pairs[proposed - 1]
                    .at(Key { metric: shown.metric, kind, severity })
                    .count(a.map(|a| a.verdict), b.map(|b| b.verdict));
            }
            if flips(a, b) {
                sums.flips.push(Flip {
                    proposed: proposed as u16,
                    case: now.case,
                    what: What::Clock,
                    now: i.map(|i| i as u32),
                    then: j.map(|j| j as u32),
                });
            }
        });
    }

    fn add_spells(&self, now: &CaseGlance, then: &CaseGlance, proposed: usize, sums: &mut Sums) {
        let (a, b) = (in_order(&now.spells), in_order(&then.spells));
        let flip = |what, i: Option<usize>, j: Option<usize>| Flip {
            proposed: proposed as u16,
            case: now.case,
            what,
            now: i.map(|i| a[i].1 as u32),
            then: j.map(|j| b[j].1 as u32),
        };
        join(
            &a,
            &b,
            |(name, _)| *name,
            |i, j| {
                let (x, y) = (i.map(|i| &now.spells[a[i].1]), j.map(|j| &then.spells[b[j].1]));
                let counts = match (x, y) {
                    (Some(x), _) => self.has_spell(0, now, x),
                    (None, Some(y)) => self.has_spell(proposed, then, y),
                    (None, None) => false,
                };
                if !counts {
                    return;
                }
                let verdict = |spell: Option<&SpellFact>| spell.map_or(SpellVerdict::NoTarget, |s| s.verdict);
                if verdict(x) != verdict(y) {
                    sums.flips.push(flip(What::Spell, i, j));
                }
                if y.is_some_and(is_too_early) {
                    sums.flips.push(flip(What::TooEarly, i, j));
                }
            },
        );
    }
}

/// Where a clock is counted.
fn key(clock: &ClockGlance) -> Key {
    Key { metric: clock.metric, kind: clock.kind, severity: clock.severity_at_stop }
}

/// Whether the verdicts differ. A clock that a policy does not have is one without a promise there.
fn flips(now: Option<&ClockGlance>, then: Option<&ClockGlance>) -> bool {
    let verdict = |clock: Option<&ClockGlance>| clock.map_or(Verdict::NoTarget, |clock| clock.verdict);
    verdict(now) != verdict(then)
}

/// Spells by category and number, with their places: rules may stand in another order in another policy.
fn in_order(spells: &[SpellFact]) -> Vec<((Category, u32), usize)> {
    let mut all: Vec<_> =
        spells.iter().enumerate().map(|(i, spell)| ((spell.basis, spell.spell), i)).collect();
    all.sort_unstable();
    all
}

/// When a spell was due, where the case is in scope and the length can be measured.
fn measured_due(spell: &SpellFact) -> Option<Instant> {
    spell.due_at.filter(|_| spell.verdict != SpellVerdict::OutOfScope)
}

/// Whether closing when due would have come before the customer's return (SPEC 9.4). Who comes back at the due itself
/// was in time.
pub(super) fn is_too_early(spell: &SpellFact) -> bool {
    let end = spell.started_at.plus(spell.idle);
    spell.ended_how == SpellEnd::Returned && measured_due(spell).is_some_and(|due| due < end)
}

/// Months since the year 0.
fn month(at: Instant, zone: Tz) -> i32 {
    let local = DateTime::from_timestamp_micros(at.micros()).map(|at| at.with_timezone(&zone));
    local.map_or(0, |local| local.year() * 12 + local.month0() as i32)
}
