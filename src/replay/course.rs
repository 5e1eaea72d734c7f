//! The shape of one clock before it is measured: positions, severity steps, pauses and the course between start
//! and end. No calendars, no targets, no verdicts.

use std::cmp::Ordering;

use crate::calendar::Instant;
use crate::history::{Role, WordId};

use super::fact::{Metric, Source};

/// A place in the order of a history: an instant, and within it the event and the phase of its row.
/// Within a row the message comes first, then the severity, then the status (SPEC 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pos {
    /// The instant.
    pub at: Instant,
    seq: u64,
}

/// Places of one case are compared, and its events stand in order of time: what comes later has the greater number.
impl Ord for Pos {
    fn cmp(&self, other: &Pos) -> Ordering {
        self.seq.cmp(&other.seq)
    }
}

impl PartialOrd for Pos {
    fn partial_cmp(&self, other: &Pos) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The phase of a row.
#[derive(Clone, Copy, Debug)]
pub enum Phase {
    /// The message, or the opening.
    Message,
    /// The change of severity.
    Severity,
    /// The change of status.
    Status,
}

impl Pos {
    /// The place of `phase` of the event with index `event` within its case.
    pub const fn new(at: Instant, event: usize, phase: Phase) -> Pos {
        Pos { at, seq: event as u64 * 4 + phase as u64 }
    }

    /// Index of the event within its case; none for [`Pos::end`].
    pub fn event(self) -> Option<usize> {
        (self.seq != u64::MAX).then_some((self.seq / 4) as usize)
    }

    /// After every event at `as_of`.
    pub const fn end(as_of: Instant) -> Pos {
        Pos { at: as_of, seq: u64::MAX }
    }
}

/// From `from` on, the case has this severity (`None`: no severity).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Since when.
    pub from: Pos,
    /// Which level, defined by the policy or not.
    pub severity: Option<u8>,
}

/// A stretch in which pausing clocks stand still, half open; `to` is [`None`] while it lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// First moment of the pause.
    pub from: Pos,
    /// First moment after it.
    pub to: Option<Pos>,
}

impl Pause {
    /// True at `at`.
    pub fn covers(&self, at: Pos) -> bool {
        self.from <= at && self.to.is_none_or(|to| at < to)
    }

    /// True where the clock that ends at `end` stands in this pause just before its end.
    pub fn covers_end(&self, end: Pos) -> bool {
        self.from < end && self.to.is_none_or(|to| to >= end)
    }
}

/// How a clock ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// What was promised came.
    Done,
    /// Support or an automation ended the case instead (SPEC 7.2).
    Unanswered,
    /// The customer ended the case instead (SPEC 7.2).
    Withdrawn,
}

/// The end of a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// Where.
    pub at: Pos,
    /// How.
    pub cause: Cause,
    /// Who, by role.
    pub role: Role,
    /// Who, by name.
    pub actor: WordId,
    /// How it was seen.
    pub source: Source,
}

/// One clock of one case, from start to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Course {
    /// What is measured.
    pub metric: Metric,
    /// From 1, a metric.
    pub cycle: u32,
    /// Where it starts.
    pub start: Pos,
    /// Where it stops; `None`: running at `as_of`.
    pub stop: Option<Stop>,
}

impl Course {
    /// The position at which it ends: its stop, or `as_of`.
    pub fn end(&self, as_of: Instant) -> Pos {
        self.stop.map_or(Pos::end(as_of), |stop| stop.at)
    }

    /// True for metrics that `pause_in` pauses (SPEC 7.1).
    pub const fn pauses(&self) -> bool {
        matches!(self.metric, Metric::Update | Metric::Resolution)
    }
}
