//! One pass over all cases under all policies. What a proposed policy does not change is counted once, with the policy in
//! force.

use chrono::{DateTime, Datelike};
use chrono_tz::Tz;
use rayon::prelude::*;

use crate::calendar::Instant;
use crate::facts::Period;
use crate::history::Category;
use crate::policy::PromiseKind;
use crate::replay::{
    CaseGlance, ClockGlance, ClockPair, GlanceWorkspace, Glances, Panel, SpellEnd, SpellFact, SpellVerdict,
    Verdict, over_s,
};
use crate::zones;

use super::Question;
use super::cells::Key;
use super::pairs::{join, judged};
use super::sums::{CostKey, Counted, Flip, Part, Sums, What};

/// Cases that one thread takes at a time.
const CASES_AT_A_TIME: usize = 4_096;

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
        let (mut part_sums, mut workspace) = (Part::new(n_books), GlanceWorkspace::default());
        let cases = part * CASES_AT_A_TIME..((part + 1) * CASES_AT_A_TIME).min(n_cases);
        let n = cases.len() as u64;
        for case in cases {
            if let Some(glances) = panel.glance(question.history.case(case), with_due, &mut workspace) {
                counter.add(glances, &mut part_sums);
            }
        }
        done(n);
        part_sums
    };
    let parts = (0..n_cases.div_ceil(CASES_AT_A_TIME)).into_par_iter().map(part);
    parts.reduce(|| Part::new(n_books), Part::merge).finish()
}

/// A policy, by its place among the books, and its version.
type Place = (usize, u32);

/// What counting needs to know beside the facts.
struct Counter {
    /// A policy each.
    periods: Vec<Period>,
    zone: Tz,
}

impl Counter {
    fn add(&self, glances: &Glances, part: &mut Part) {
        let Glances { now, beside } = glances;
        part.n_cases += 1;
        part.n_events += u64::from(now.n_events);
        for clock in now.clocks.iter().filter(|clock| self.has_clock((0, now.version), clock)) {
            self.add_clock(clock, &mut part.now);
        }
        self.add_closures((0, now.version), &now.spells, &mut part.now);
        let too_early = self.too_early(now);
        for (i, then) in beside.iter().enumerate() {
            let place = (i + 1, then.version);
            for pair in &then.clocks {
                self.add_pair(now, place, pair, part);
            }
            match then.spells() {
                Some(spells) => self.add_spells(now, place, spells, part),
                None => {
                    part.flips.extend(
                        too_early.iter().map(|spell| spell_flip(now.case, place, spell, early(spell))),
                    );
                }
            }
        }
    }

    fn has_clock(&self, (policy, version): Place, clock: &ClockGlance) -> bool {
        self.periods[policy].has_glance(version, clock)
    }

    fn has_spell(&self, (policy, version): Place, spell: &SpellFact) -> bool {
        self.periods[policy].has_spell(version, spell)
    }

    /// The verdict of a clock of the period, and its time over target.
    fn add_clock(&self, clock: &ClockGlance, counted: &mut Counted) {
        counted.verdicts.at(key(clock)).count(clock.verdict);
        let is_prorated = clock.is_prorated && clock.verdict == Verdict::Missed;
        if judged(clock.verdict) != Some(false) || clock.over.is_none() && !is_prorated {
            return;
        }
        let key = CostKey {
            month: month(clock.started_at, self.zone),
            severity: clock.severity_at_stop.unwrap_or(0),
            metric: clock.metric,
            is_best_effort: clock.kind == Some(PromiseKind::BestEffort),
            is_business: clock.is_business,
        };
        let cell = counted.costs.entry(key).or_default();
        cell.n += 1;
        cell.over_s += clock.over.map_or(0, over_s);
        cell.n_without_length += u64::from(clock.over.is_none());
    }

    /// What closing the spells of one case when due would have done.
    fn add_closures(&self, place: Place, spells: &[SpellFact], counted: &mut Counted) {
        let mut closed = [false; Category::ALL.len()];
        for spell in spells.iter().filter(|spell| self.has_spell(place, spell)) {
            let Some(due) = measured_due(spell) else { continue };
            let answer = counted.closures.entry(spell.basis).or_default();
            answer.count(spell, due, &mut closed[spell.basis as usize]);
        }
    }

    /// A clock that differs: taken away as it is now, added as it is proposed.
    fn add_pair(&self, now: &CaseGlance, place: Place, (own, then): &ClockPair, part: &mut Part) {
        let (a, b) = (own.map(|i| &now.clocks[i as usize]), then.as_ref());
        let has_a = a.is_some_and(|a| self.has_clock((0, now.version), a));
        let has_b = b.is_some_and(|b| self.has_clock(place, b));
        let proposed = &mut part.proposed[place.0 - 1];
        if let Some(a) = a.filter(|_| has_a) {
            self.add_clock(a, &mut proposed.less);
        }
        if let Some(b) = b.filter(|_| has_b) {
            self.add_clock(b, &mut proposed.more);
        }
        if let (Some(a), Some(b)) = (a.filter(|_| has_a), b.filter(|_| has_b))
            && a.kind.is_some()
            && b.kind.is_some()
            && a.is_business != b.is_business
        {
            proposed.other_measure.extend([a, b].map(|clock| (clock.metric, clock.severity_at_stop)));
        }
        // A pair belongs to the period of the clock as it is now.
        let Some(shown) = b.or(a).filter(|_| has_a || a.is_none() && has_b) else { return };
        // What is promised is the proposed policy's, where it promises anything.
        let kind = shown.kind.or(a.and_then(|a| a.kind));
        let severity = a.map_or(shown.severity_at_stop, |a| a.severity_at_stop);
        let cell = proposed.pairs.at(Key { metric: shown.metric, kind, severity });
        cell.count(a.map(|a| a.verdict), b.map(|b| b.verdict));
        if flips(a, b) {
            let over = |clock: &ClockGlance| clock.over.filter(|_| judged(clock.verdict) == Some(false));
            let worst = b.and_then(over).or(a.and_then(over)).unwrap_or(0);
            let named = a.unwrap_or(shown);
            part.flips.push(Flip {
                proposed: place.0 as u16,
                case: now.case,
                kind,
                what: What::Clock {
                    metric: named.metric,
                    cycle: named.cycle,
                    now: a.map(|a| a.verdict),
                    then: b.map(|b| b.verdict),
                },
                severity: named.severity_at_stop,
                over_s: over_s(worst),
            });
        }
    }

    /// Spells of which some differ: a case is closed once, so all of them are counted again.
    fn add_spells(&self, now: &CaseGlance, place: Place, spells: &[SpellFact], part: &mut Part) {
        let proposed = &mut part.proposed[place.0 - 1];
        self.add_closures((0, now.version), &now.spells, &mut proposed.less);
        self.add_closures(place, spells, &mut proposed.more);
        let (a, b) = (in_order(&now.spells), in_order(spells));
        let name = |spell: &&SpellFact| (spell.basis, spell.spell);
        join(&a, &b, name, |i, j| {
            let (x, y) = (i.map(|i| a[i]), j.map(|j| b[j]));
            let has_x = x.is_some_and(|x| self.has_spell((0, now.version), x));
            let has_y = y.is_some_and(|y| self.has_spell(place, y));
            let Some(shown) = x.or(y).filter(|_| has_x || x.is_none() && has_y) else { return };
            let mut flip = |what| part.flips.push(spell_flip(now.case, place, shown, what));
            let verdict = |spell: Option<&SpellFact>| spell.map_or(SpellVerdict::NoTarget, |s| s.verdict);
            if verdict(x) != verdict(y) {
                let (now, then) = (x.map(|x| x.verdict), y.map(|y| y.verdict));
                flip(What::Spell { basis: shown.basis, number: shown.spell, now, then });
            }
            if y.is_some_and(is_too_early) {
                flip(early(shown));
            }
        });
    }

    /// The spells of one case that the policy in force closes too early: so does one that has the same spells.
    fn too_early<'g>(&self, now: &'g CaseGlance) -> Vec<&'g SpellFact> {
        let mut early: Vec<&SpellFact> = now.spells.iter().filter(|spell| is_too_early(spell)).collect();
        early.retain(|spell| self.has_spell((0, now.version), spell));
        early.sort_unstable_by_key(|spell| (spell.basis, spell.spell));
        early
    }
}

/// What differs of a spell.
fn spell_flip(case: u32, place: Place, spell: &SpellFact, what: What) -> Flip {
    Flip { proposed: place.0 as u16, case, what, kind: None, severity: spell.severity, over_s: 0 }
}

fn early(spell: &SpellFact) -> What {
    What::TooEarly { basis: spell.basis, number: spell.spell }
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

/// Spells by category and number: rules may stand in another order in another policy.
fn in_order(spells: &[SpellFact]) -> Vec<&SpellFact> {
    let mut all: Vec<&SpellFact> = spells.iter().collect();
    all.sort_unstable_by_key(|spell| (spell.basis, spell.spell));
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

/// Months since the year 0. No zone is a day from UTC, so in the middle of a month there is nothing to ask it.
fn month(at: Instant, zone: Tz) -> i32 {
    let months = |year: i32, month0: u32| year * 12 + month0 as i32;
    let Some(utc) = DateTime::from_timestamp_micros(at.micros()) else { return 0 };
    if (3..=26).contains(&utc.day()) {
        return months(utc.year(), utc.month0());
    }
    let local = zones::in_zone(utc, zone);
    months(local.year(), local.month0())
}
