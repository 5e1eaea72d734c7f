//! Counts of verdicts, and what a duration counts.

use crate::replay::{SpellVerdict, Verdict};

use super::statistics::{Rate, wilson};

/// How many clocks have which verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdicts([u64; Verdict::ALL.len()]);

impl Verdicts {
    /// Clocks with this verdict.
    pub const fn of(&self, verdict: Verdict) -> u64 {
        self.0[verdict as usize]
    }

    /// All clocks: the counts of all verdicts add up to them (SPEC 7.4).
    pub fn n(&self) -> u64 {
        self.0.iter().sum()
    }

    /// Met, missed and unanswered: what attainment is a share of.
    pub const fn judged(&self) -> u64 {
        self.of(Verdict::Met) + self.of(Verdict::Missed) + self.of(Verdict::Unanswered)
    }

    /// Attainment (SPEC 1); `None` where nothing was judged.
    pub fn attainment(&self) -> Option<Rate> {
        wilson(self.of(Verdict::Met), self.judged())
    }

    /// Counts one clock.
    pub fn count(&mut self, verdict: Verdict) {
        self.0[verdict as usize] += 1;
    }

    /// Adds up.
    pub fn add(&mut self, other: &Verdicts) {
        self.0.iter_mut().zip(other.0).for_each(|(mine, theirs)| *mine += theirs);
    }

    /// Takes away what was counted before.
    pub fn take(&mut self, other: &Verdicts) {
        self.0.iter_mut().zip(other.0).for_each(|(mine, theirs)| *mine -= theirs);
    }
}

/// How many spells of inactivity have which verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SpellVerdicts([u64; SpellVerdict::ALL.len()]);

impl SpellVerdicts {
    /// Spells with this verdict.
    pub const fn of(&self, verdict: SpellVerdict) -> u64 {
        self.0[verdict as usize]
    }

    /// All spells.
    pub fn n(&self) -> u64 {
        self.0.iter().sum()
    }

    pub(super) fn count(&mut self, verdict: SpellVerdict) {
        self.0[verdict as usize] += 1;
    }

    pub(super) fn add(&mut self, other: &SpellVerdicts) {
        self.0.iter_mut().zip(other.0).for_each(|(mine, theirs)| *mine += theirs);
    }
}

/// What a duration counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// Wall time less paused time.
    Wall,
    /// Open time not paused.
    Business,
}

impl Measure {
    /// Both, in order of the tables.
    pub const ALL: [Measure; 2] = [Measure::Business, Measure::Wall];

    /// The word in tables.
    pub const fn word(self) -> &'static str {
        match self {
            Measure::Wall => "wall",
            Measure::Business => "business",
        }
    }
}
