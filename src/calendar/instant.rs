//! Instants as whole microseconds since 1970-01-01T00:00:00Z. Not durations, not local times.

use chrono::{DateTime, FixedOffset, Utc};
use chrono_tz::Tz;

use crate::zones;

/// Microseconds in a second.
pub const SECOND: i64 = 1_000_000;

/// A point in time: whole microseconds since 1970-01-01T00:00:00Z, UTC, leap seconds left out (SPEC 5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Instant(i64);

impl Instant {
    /// 0001-01-01T00:00:00Z: earlier instants are not accepted from input.
    pub const MIN: Instant = Instant(-62_135_596_800 * SECOND);
    /// The last microsecond of the year 9999, UTC: later instants are not accepted from input.
    pub const MAX: Instant = Instant(253_402_300_800 * SECOND - 1);

    /// From microseconds since the epoch.
    pub const fn from_micros(micros: i64) -> Instant {
        Instant(micros)
    }

    /// From whole seconds since the epoch.
    pub const fn from_seconds(seconds: i64) -> Instant {
        Instant(seconds * SECOND)
    }

    /// Microseconds since the epoch.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Microseconds from `earlier` to `self`; negative where `earlier` is the later one.
    pub const fn since(self, earlier: Instant) -> i64 {
        self.0 - earlier.0
    }

    /// The instant `micros` later.
    pub const fn plus(self, micros: i64) -> Instant {
        Instant(self.0.saturating_add(micros))
    }

    /// The instant `micros` later; `None` beyond [`Instant::MAX`]: a due time beyond all time is none.
    pub fn plus_within(self, micros: i64) -> Option<Instant> {
        Some(self.plus(micros)).filter(|at| *at <= Instant::MAX)
    }

    /// As a chrono instant; instants outside chrono's range give `None`.
    pub fn to_utc(self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp_micros(self.0)
    }

    /// As local time of `zone`.
    pub fn in_zone(self, zone: Tz) -> Option<DateTime<FixedOffset>> {
        self.to_utc().map(|t| zones::in_zone(t, zone))
    }

    /// RFC 3339 in UTC with `Z`, with as many decimals as the instant has (none, 3 or 6).
    pub fn rfc3339(self) -> String {
        self.to_utc().map_or_else(
            || format!("{} µs", self.0),
            |t| t.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true),
        )
    }
}

impl From<DateTime<Utc>> for Instant {
    fn from(t: DateTime<Utc>) -> Instant {
        Instant(t.timestamp_micros())
    }
}
