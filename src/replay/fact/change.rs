//! Rows of `severity_changes`, and what each change meant for the clocks that ran.

use crate::calendar::Instant;
use crate::history::{Role, WordId};

use super::clock::Metric;

/// Which way a severity was changed; 1 is the most severe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Toward 1.
    Upgrade,
    /// Away from 1.
    Downgrade,
}

impl Direction {
    /// Every direction, in the order of fact tables' keys.
    pub const ALL: [Direction; 2] = [Direction::Upgrade, Direction::Downgrade];

    /// The name in fact tables.
    pub const fn word(self) -> &'static str {
        match self {
            Direction::Upgrade => "upgrade",
            Direction::Downgrade => "downgrade",
        }
    }
}

/// One row of `severity_changes` (SPEC 8, appendix). `case_id` is the [`CaseFact`]'s.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeFact {
    /// From 1, a case.
    pub change: u32,
    /// When.
    pub changed_at: Instant,
    /// The severity before; a change has one, since the first severity ever given holds from the opening.
    pub from_severity: Option<u8>,
    /// The severity after.
    pub to_severity: Option<u8>,
    /// Toward 1 or away from it.
    pub direction: Direction,
    /// Who changed it, by role.
    pub role: Role,
    /// Who changed it, by name: an index into `History::actors`.
    pub actor: WordId,
    /// Wall time since the opening, µs.
    pub since_opening: i64,
    /// Open time since the opening, stretch by stretch on the calendar in force, pauses not taken out, µs; `None`:
    /// no calendar to measure on.
    pub since_opening_business: Option<i64>,
    /// No first response had really been given.
    pub before_first_response: bool,
    /// Back to the case's first severity.
    pub returned_to_first: bool,
    /// The clocks that ran, by metric, then cycle.
    pub clocks: Vec<ChangedClock>,
}

/// What one change of severity meant for one clock that ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangedClock {
    /// What the clock measures.
    pub metric: Metric,
    /// Which of them.
    pub cycle: u32,
    /// Over target at the change, judged without it.
    pub over_before: bool,
    /// Missed without it, not missed with it.
    pub masked: bool,
    /// Not missed without it, missed with it.
    pub exposed: bool,
}
