//! Promised lengths of time as a policy writes them: `4 business hours`, `24 hours`, `2bd` (SPEC 4).
//! Not measured time: that is whole microseconds, `i64`.

use super::instant::SECOND;

/// The unit of a [`Duration`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Elapsed seconds, 1 s.
    Seconds,
    /// Elapsed minutes, 60 s.
    Minutes,
    /// Elapsed hours, 3,600 s.
    Hours,
    /// Elapsed days, 24 hours always.
    Days,
    /// Elapsed weeks, 7 days.
    Weeks,
    /// Seconds of open time.
    BusinessSeconds,
    /// Minutes of open time.
    BusinessMinutes,
    /// Hours of open time.
    BusinessHours,
    /// Working dates, SPEC 5.3.
    BusinessDays,
}

/// What a [`Duration`] counts, once its unit is resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Amount {
    /// Wall time, microseconds.
    Elapsed(i64),
    /// Open time of a calendar, microseconds.
    Business(i64),
    /// Working dates of a calendar, SPEC 5.3.
    BusinessDays(u32),
}

/// One whole number and one unit (SPEC 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Duration {
    /// How many units.
    pub count: u32,
    /// Of what.
    pub unit: Unit,
}

impl Duration {
    /// Zero, allowed for `grace` and `tolerance` only.
    pub const ZERO: Duration = Duration { count: 0, unit: Unit::Seconds };

    /// The duration in what it counts.
    pub const fn amount(self) -> Amount {
        let n = self.count as i64 * SECOND;
        match self.unit {
            Unit::Seconds => Amount::Elapsed(n),
            Unit::Minutes => Amount::Elapsed(n * 60),
            Unit::Hours => Amount::Elapsed(n * 3_600),
            Unit::Days => Amount::Elapsed(n * 86_400),
            Unit::Weeks => Amount::Elapsed(n * 604_800),
            Unit::BusinessSeconds => Amount::Business(n),
            Unit::BusinessMinutes => Amount::Business(n * 60),
            Unit::BusinessHours => Amount::Business(n * 3_600),
            Unit::BusinessDays => Amount::BusinessDays(self.count),
        }
    }
}
