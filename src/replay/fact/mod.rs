//! The rows that the replay makes, as plain values. Durations are whole microseconds here; `facts` turns them
//! into the whole seconds of the SPEC's appendix, rounded toward minus infinity.

mod case;
mod change;
mod clock;
mod overtaken;
mod spell;

pub use case::*;
pub use change::*;
pub use clock::*;
pub use overtaken::*;
pub use spell::*;

use crate::calendar::Instant;

/// One finding about a case (SPEC 12); the message is made where it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseFinding {
    /// A code of [`crate::codes`].
    pub code: &'static str,
    /// The instant it is about.
    pub at: Instant,
    /// The clock it is about.
    pub clock: Option<(Metric, u32)>,
    /// What else it is about.
    pub about: About,
    /// The event that shows it, by its place in the case; `None`: what did not happen shows in no event.
    pub event: Option<u32>,
    /// How many events it stands for; 1 where it is about one.
    pub n_events: u32,
}

/// What a finding is about, beside the case and the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// Nothing else.
    Case,
    /// A change of severity: an index into [`CaseFacts::changes`].
    Change(u32),
    /// A spell of inactivity: an index into [`CaseFacts::spells`].
    Spell(u32),
}

/// Everything that the replay of one case makes.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseFacts {
    /// The case.
    pub case: CaseFact,
    /// Its clocks, by metric, then cycle.
    pub clocks: Vec<ClockFact>,
    /// Its changes of severity, in order.
    pub changes: Vec<ChangeFact>,
    /// Its spells of inactivity, by rule, then in order of time.
    pub spells: Vec<SpellFact>,
    /// For each spell, and within it for each length that was asked about (SPEC 9.4), when the spell would have been
    /// due; `None`: it cannot be measured.
    pub asked: Vec<Option<Instant>>,
    /// From each end to the reopening that followed, half open, in order: while the case was resolved, closed or void.
    pub ended: Vec<(Instant, Instant)>,
    /// Its first response beside the cases that waited then; `None`: not answered, or not one to compare.
    pub overtaken: Option<OvertakenFact>,
    /// Its findings, by time, then code.
    pub findings: Vec<CaseFinding>,
}

impl CaseFacts {
    /// Forgets the rows of the case before, keeps the memory.
    pub(super) fn clear(&mut self) {
        self.clocks.clear();
        self.changes.clear();
        self.spells.clear();
        self.asked.clear();
        self.ended.clear();
        self.overtaken = None;
        self.findings.clear();
    }
}
