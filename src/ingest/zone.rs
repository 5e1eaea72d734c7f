//! Local wall-clock time to instants, for one zone (SPEC 3.3). A local day on which the zone keeps one offset is
//! remembered, so that a conversion costs nanoseconds; other days go through the zone's rules each time.

use chrono::{DateTime, MappedLocalTime, NaiveDateTime};
use chrono_tz::Tz;

use crate::calendar::SECOND;
use crate::zones;

/// Microseconds in a day.
pub(super) const DAY: i64 = 86_400 * SECOND;
/// Days remembered at a time.
const SLOTS: usize = 2048;
/// Offset of a day that has more than one.
const MIXED: i32 = i32::MAX;

/// What a local time means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Local {
    /// One instant, µs.
    Single(i64),
    /// Two: a repeated hour (D508).
    Fold(i64, i64),
    /// None: a skipped hour; moved forward by the gap (D509).
    Gap(i64),
}

/// A zone and the days it was asked for.
pub(super) struct Zone {
    tz: Tz,
    days: Vec<(i32, i32)>,
}

impl Zone {
    /// Of `tz`.
    pub(super) fn new(tz: Tz) -> Zone {
        let days = if tz == Tz::UTC { Vec::new() } else { vec![(i32::MIN, 0); SLOTS] };
        Zone { tz, days }
    }

    /// `local`: microseconds since 1970-01-01T00:00:00 of the zone's own clock.
    #[inline]
    pub(super) fn resolve(&mut self, local: i64) -> Local {
        if self.days.is_empty() {
            return Local::Single(local);
        }
        let day = local.div_euclid(DAY) as i32;
        let slot = day as usize % SLOTS;
        if self.days[slot].0 != day {
            self.days[slot] = (day, offset_of_day(self.tz, day));
        }
        match self.days[slot].1 {
            MIXED => resolve(self.tz, local),
            seconds => Local::Single(local - i64::from(seconds) * SECOND),
        }
    }
}

/// The offset in seconds that holds all through local date `day` and a good day on either side, or [`MIXED`].
fn offset_of_day(tz: Tz, day: i32) -> i32 {
    let noon = i64::from(day) * 86_400;
    let (first, last) = (noon - 30 * 3_600, noon + 54 * 3_600);
    if zones::changes(tz, first, last + 1).is_empty() { zones::offset(tz, first) } else { MIXED }
}

/// The same by the zone's rules, for any local time.
pub(super) fn resolve(tz: Tz, local: i64) -> Local {
    let Some(naive) = naive(local) else { return Local::Single(local) };
    let micros = |t: DateTime<chrono::FixedOffset>| t.timestamp_micros();
    match zones::at_local(tz, naive) {
        MappedLocalTime::Single(t) => Local::Single(micros(t)),
        MappedLocalTime::Ambiguous(a, b) => Local::Fold(micros(a).min(micros(b)), micros(a).max(micros(b))),
        MappedLocalTime::None => Local::Gap(zones::instant_of_local(tz, naive).timestamp_micros()),
    }
}

fn naive(local: i64) -> Option<NaiveDateTime> {
    DateTime::from_timestamp_micros(local).map(|t| t.naive_utc())
}
