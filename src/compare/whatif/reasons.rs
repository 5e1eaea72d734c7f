//! Why a verdict differs: the case is replayed under the policy in force with one part taken from the proposed one. A
//! part that makes the proposed verdict by itself is a reason. Where none does, those without which the proposed
//! verdict does not come about are reasons together.

use std::collections::BTreeMap;

use crate::calendar::Instant;
use crate::history::{Category, History};
use crate::policy::{Book, Policy};
use crate::replay::{GlanceWorkspace, Glances, Metric, Panel, SpellVerdict, Verdict};

use super::aspects::Aspect;

/// What a verdict is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A clock, by metric and cycle.
    Clock(Metric, u32),
    /// A spell, by category and number.
    Spell(Category, u32),
}

/// A verdict on either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// On a clock.
    Clock(Verdict),
    /// On a spell.
    Spell(SpellVerdict),
}

impl Subject {
    /// The verdict under one of the mixtures; one that is not there has no promise.
    fn verdict(self, glances: &Glances, mixture: usize) -> Told {
        match self {
            Subject::Clock(metric, cycle) => {
                let clock = glances.clock(mixture, metric, cycle);
                Told::Clock(clock.map_or(Verdict::NoTarget, |clock| clock.verdict))
            }
            Subject::Spell(basis, number) => {
                let mut spells = glances.spells(mixture).iter();
                let spell = spells.find(|s| (s.basis, s.spell) == (basis, number));
                Told::Spell(spell.map_or(SpellVerdict::NoTarget, |spell| spell.verdict))
            }
        }
    }
}

/// Versions of the policy in force and of a proposed one that meet in some case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Meeting {
    /// Place of the proposed policy among the books.
    pub proposed: u16,
    /// Version of the policy in force.
    pub now: u32,
    /// Version of the proposed one.
    pub then: u32,
}

/// The policies in between of one meeting.
#[derive(Debug)]
struct Between {
    aspects: Vec<Aspect>,
    /// The policy in force; then, an aspect each, it with the proposed one's, and the proposed one with its own.
    books: Vec<Book>,
}

/// Every policy that is needed to find reasons.
#[derive(Debug, Default)]
pub struct Mixtures(BTreeMap<Meeting, Between>);

impl Mixtures {
    /// Mixes the versions that meet.
    pub fn new(books: &[Book], meetings: impl IntoIterator<Item = Meeting>) -> Mixtures {
        let mut all = BTreeMap::new();
        for meeting in meetings {
            let now = &books[0].versions[meeting.now as usize];
            let then = &books[usize::from(meeting.proposed)].versions[meeting.then as usize];
            all.entry(meeting).or_insert_with(|| between(now, then));
        }
        Mixtures(all)
    }

    /// Makes them ready for `history`.
    pub fn ready<'a>(&'a self, history: &'a History, as_of: Instant) -> Reasons<'a> {
        let ready =
            |between: &'a Between| (between.aspects.as_slice(), Panel::new(&between.books, history, as_of));
        Reasons { history, all: self.0.iter().map(|(meeting, between)| (*meeting, ready(between))).collect() }
    }
}

fn between(now: &Policy, then: &Policy) -> Between {
    let aspects = Aspect::different(now, then);
    // A single difference needs no proof.
    let mut mixed: Vec<Policy> = vec![now.clone()];
    if aspects.len() > 1 {
        mixed.extend(aspects.iter().map(|aspect| aspect.put(then, now)));
        mixed.extend(aspects.iter().map(|aspect| aspect.put(now, then)));
    }
    let book = |policy| Book { versions: vec![policy], files: Vec::new() };
    Between { aspects, books: mixed.into_iter().map(book).collect() }
}

/// Mixtures made ready.
#[derive(Debug)]
pub struct Reasons<'a> {
    history: &'a History,
    all: BTreeMap<Meeting, (&'a [Aspect], Panel<'a>)>,
}

impl Reasons<'_> {
    /// Why the verdicts on `subjects` of one case are `then` under the proposed policy and not what they are now: a
    /// text each, in the same order.
    pub fn why(
        &self,
        meeting: Meeting,
        case: u32,
        subjects: &[(Subject, Told)],
        workspace: &mut GlanceWorkspace,
    ) -> Vec<String> {
        let Some((aspects, panel)) = self.all.get(&meeting) else {
            return vec![String::new(); subjects.len()];
        };
        if let [only] = aspects {
            return vec![only.words().to_owned(); subjects.len()];
        }
        let glances = panel.glance(self.history.case(case as usize), false, workspace);
        let n_mixtures = glances.map_or(0, |glances| glances.beside.len());
        let why = |(subject, then): &(Subject, Told)| {
            let agrees = |mixture| glances.is_some_and(|all| subject.verdict(all, mixture) == *then);
            words(aspects, &(0..n_mixtures).map(agrees).collect::<Vec<_>>())
        };
        subjects.iter().map(why).collect()
    }
}

/// The reasons in words, from whether each mixture gives the proposed verdict.
fn words(aspects: &[Aspect], agrees: &[bool]) -> String {
    let (with, without) = agrees.split_at(aspects.len().min(agrees.len()));
    let is = |agrees: &[bool], i: usize| agrees.get(i).copied().unwrap_or(false);
    let named = |wanted: &dyn Fn(usize) -> bool, between: &str| {
        let all = aspects.iter().enumerate().filter(|(i, _)| wanted(*i)).map(|(_, aspect)| aspect.words());
        all.collect::<Vec<_>>().join(between)
    };
    let enough = named(&|i| is(with, i), " or ");
    if !enough.is_empty() {
        return enough;
    }
    let needed = named(&|i| !is(without, i), " and ");
    if needed.is_empty() { "several changes together".to_owned() } else { needed }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: [Aspect; 2] = [Aspect::Target, Aspect::Hours];

    #[test]
    fn what_is_enough_goes_before_what_is_needed() {
        assert_eq!(words(&TWO, &[true, false, false, true]), "new target");
        assert_eq!(words(&TWO, &[true, true, true, true]), "new target or new hours");
        assert_eq!(words(&TWO, &[false, false, false, false]), "new target and new hours");
        assert_eq!(words(&TWO, &[false, false, true, true]), "several changes together");
    }

    #[test]
    fn every_part_put_over_makes_the_other_policy() {
        let book = crate::policy::built_in();
        let now = &book.versions[0];
        let mut then = now.clone();
        then.severities[0].first_response = crate::calendar::Duration::parse("1 business hour").ok();
        then.clock.on_reclassify = crate::policy::OnReclassify::Keep;
        assert_eq!(Aspect::different(now, &then), [Aspect::Target, Aspect::Reclassification]);
        let all = Aspect::ALL.iter().fold(now.clone(), |policy, aspect| aspect.put(&then, &policy));
        assert_eq!(all, then);
        assert!(Aspect::different(now, now).is_empty());
    }
}
