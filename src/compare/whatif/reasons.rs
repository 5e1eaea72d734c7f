//! Why a verdict differs: the case is replayed under the policy in force with one part taken from the proposed one. A
//! part that makes the proposed verdict by itself is a reason. Where none does, those without which the proposed
//! verdict does not come about are reasons together.

use std::collections::BTreeMap;

use crate::calendar::Instant;
use crate::history::{Category, History};
use crate::policy::{Book, Policy};
use crate::replay::{CaseFacts, Metric, Replayer, SpellVerdict, Verdict, Workspace};

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
    /// The verdict in `facts`; one that is not there has no promise.
    pub fn verdict(self, facts: &CaseFacts) -> Told {
        match self {
            Subject::Clock(metric, cycle) => {
                let clock = facts.clocks.iter().find(|c| (c.metric, c.cycle) == (metric, cycle));
                Told::Clock(clock.map_or(Verdict::NoTarget, |clock| clock.verdict))
            }
            Subject::Spell(basis, number) => {
                let spell = facts.spells.iter().find(|s| (s.basis, s.spell) == (basis, number));
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
    /// The policy in force with one aspect of the proposed one, then the proposed one with one aspect of that in
    /// force, an aspect each.
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
        let ready = |between: &'a Between| {
            let replayers =
                between.books.iter().map(|book| Replayer::unranked(book, history, as_of)).collect();
            (between.aspects.as_slice(), replayers)
        };
        Reasons { history, all: self.0.iter().map(|(meeting, between)| (*meeting, ready(between))).collect() }
    }
}

fn between(now: &Policy, then: &Policy) -> Between {
    let aspects = Aspect::different(now, then);
    // A single difference needs no proof.
    let mixed: Vec<Policy> = match aspects.len() {
        0 | 1 => Vec::new(),
        _ => {
            let with = aspects.iter().map(|aspect| aspect.put(then, now));
            with.chain(aspects.iter().map(|aspect| aspect.put(now, then))).collect()
        }
    };
    let book = |policy| Book { versions: vec![policy], files: Vec::new() };
    Between { aspects, books: mixed.into_iter().map(book).collect() }
}

/// Mixtures made ready.
#[derive(Debug)]
pub struct Reasons<'a> {
    history: &'a History,
    all: BTreeMap<Meeting, (&'a [Aspect], Vec<Replayer<'a>>)>,
}

impl Reasons<'_> {
    /// Why the verdicts on `subjects` of one case are `then` under the proposed policy and not what they are now: a
    /// text each, in the same order.
    pub fn why(&self, meeting: Meeting, case: u32, subjects: &[(Subject, Told)]) -> Vec<String> {
        let Some((aspects, replayers)) = self.all.get(&meeting) else {
            return vec![String::new(); subjects.len()];
        };
        if let [only] = aspects {
            return vec![only.words().to_owned(); subjects.len()];
        }
        let (events, mut workspace) = (self.history.case(case as usize), Workspace::default());
        // Which subjects have the proposed verdict under which mixture.
        let mut agrees = vec![vec![false; replayers.len()]; subjects.len()];
        for (i, replayer) in replayers.iter().enumerate() {
            let Some(facts) = replayer.case(events, &mut workspace) else { continue };
            for ((subject, then), agrees) in subjects.iter().zip(&mut agrees) {
                agrees[i] = subject.verdict(facts) == *then;
            }
        }
        agrees.iter().map(|agrees| words(aspects, agrees)).collect()
    }
}

/// The reasons in words, from whether each mixture gives the proposed verdict.
fn words(aspects: &[Aspect], agrees: &[bool]) -> String {
    let (with, without) = agrees.split_at(aspects.len());
    let named = |wanted: &dyn Fn(usize) -> bool, between: &str| {
        let all = aspects.iter().enumerate().filter(|(i, _)| wanted(*i)).map(|(_, aspect)| aspect.words());
        all.collect::<Vec<_>>().join(between)
    };
    let enough = named(&|i| with[i], " or ");
    if !enough.is_empty() {
        return enough;
    }
    let needed = named(&|i| !without[i], " and ");
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
