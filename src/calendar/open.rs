//! The open time of a calendar as instants (SPEC 5.1): local windows mapped through every stretch of constant
//! offset of the zone, so that a window over a repeated hour is an hour longer and a skipped one is not there.

use chrono::{Days, NaiveDate, NaiveDateTime, TimeDelta};

use super::definition::Calendar;
use super::instant::{Instant, SECOND};
use crate::zones::{self, Change};

/// An open stretch, half open, µs since the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// First open µs.
    pub from: i64,
    /// First closed µs after it.
    pub to: i64,
}

/// A stretch of the zone with one offset: from `from` (µs, UTC) until the next segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    pub from: i64,
    /// Local minus UTC, µs.
    pub offset: i64,
}

/// The open stretches of one local date, clipped to what was asked for: its own windows less closures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WorkingDate {
    /// The local date, in days since 1970-01-01.
    pub on: i32,
    /// End of its last open stretch, µs.
    pub close: i64,
}

/// The zone's segments over `[from, to)`: at least one; the first begins at `from`.
pub(super) fn segments(calendar: &Calendar, from: i64, to: i64) -> Vec<Segment> {
    let first = from.div_euclid(SECOND);
    let mut segments = vec![Segment { from, offset: i64::from(zones::offset(calendar.tz, first)) * SECOND }];
    // The last second may have begun before `to`.
    let changes = zones::changes(calendar.tz, first, -(-to).div_euclid(SECOND));
    let segment =
        |change: Change| Segment { from: change.at * SECOND, offset: i64::from(change.offset) * SECOND };
    segments.extend(changes.into_iter().map(segment));
    segments
}

/// Calls `each` with every open piece of `[from, to)` and the local date to which it belongs; pieces of one
/// segment come in order of their date, so they may touch or overlap where `days` brings dates together.
pub(super) fn pieces(calendar: &Calendar, from: i64, to: i64, mut each: impl FnMut(NaiveDate, Stretch)) {
    let segments = segments(calendar, from, to);
    for (i, segment) in segments.iter().enumerate() {
        let end = segments.get(i + 1).map_or(to, |next| next.from);
        let (Some(first), Some(last)) =
            (date_of(segment.from + segment.offset), date_of(end + segment.offset))
        else {
            continue;
        };
        // A window may begin on the date before and run past midnight.
        let first = first.checked_sub_days(Days::new(1)).unwrap_or(first);
        for on in first.iter_days().take_while(|on| *on <= last) {
            let Some(midnight) = on.and_hms_opt(0, 0, 0) else { continue };
            for window in calendar.day(on).0 {
                let local = |s: u32| midnight + TimeDelta::seconds(i64::from(s));
                less_closures(calendar, local(window.from), local(window.to), |a, b| {
                    let from = (micros(a) - segment.offset).max(segment.from);
                    let to = (micros(b) - segment.offset).min(end);
                    if from < to {
                        less_events(calendar, on, Stretch { from, to }, &mut each);
                    }
                });
            }
        }
    }
}

fn micros(local: NaiveDateTime) -> i64 {
    local.and_utc().timestamp_micros()
}

fn date_of(local_micros: i64) -> Option<NaiveDate> {
    Some(Instant::from_micros(local_micros).to_utc()?.date_naive())
}

/// `[a, b)` less the calendar's closures, in order.
fn less_closures(
    calendar: &Calendar,
    a: NaiveDateTime,
    b: NaiveDateTime,
    mut each: impl FnMut(NaiveDateTime, NaiveDateTime),
) {
    let mut cuts: Vec<_> = calendar.closed.iter().filter(|c| c.from < b && a < c.to).collect();
    cuts.sort_by_key(|cut| cut.from);
    let mut at = a;
    for cut in cuts {
        if cut.from > at {
            each(at, cut.from);
        }
        at = at.max(cut.to);
    }
    if at < b {
        each(at, b);
    }
}

/// `open`, of the windows of local date `on`, less the hours that events close; a date's own hours stand over these, as
/// over holidays.
fn less_events(calendar: &Calendar, on: NaiveDate, open: Stretch, each: &mut impl FnMut(NaiveDate, Stretch)) {
    let hours = &calendar.closed_hours;
    if hours.is_empty() || calendar.days.contains_key(&on) {
        return each(on, open);
    }
    let mut from = open.from;
    let first = hours.partition_point(|closed| closed.to.micros() <= open.from);
    for closed in hours[first..].iter().take_while(|closed| closed.from.micros() < open.to) {
        if closed.from.micros() > from {
            each(on, Stretch { from, to: closed.from.micros() });
        }
        from = closed.to.micros();
    }
    if from < open.to {
        each(on, Stretch { from, to: open.to });
    }
}

/// The open stretches of `[from, to)`, in order and disjoint, with touching ones joined.
pub(super) fn stretches(calendar: &Calendar, from: i64, to: i64) -> Vec<Stretch> {
    let mut all: Vec<Stretch> = Vec::new();
    pieces(calendar, from, to, |_, piece| match all.last_mut() {
        Some(last) if piece.from <= last.to => last.to = last.to.max(piece.to),
        _ => all.push(piece),
    });
    all
}

/// The working dates of `[from, to)`, ascending, with the end of each one's last open stretch.
pub(super) fn working_dates(calendar: &Calendar, from: i64, to: i64) -> Vec<WorkingDate> {
    let mut dates = std::collections::BTreeMap::new();
    pieces(calendar, from, to, |on, piece| {
        let close = dates.entry(on.to_epoch_days()).or_insert(piece.to);
        *close = piece.to.max(*close);
    });
    dates.into_iter().map(|(on, close)| WorkingDate { on, close }).collect()
}

/// Open time of the windows of local date `on`, µs: closures taken out, a repeated hour counted twice, a skipped
/// one not at all; a window past midnight belongs to the date on which it starts (SPEC 5.1).
pub fn open_on(calendar: &Calendar, on: NaiveDate) -> i64 {
    let midnight = on.and_hms_opt(0, 0, 0).map_or(0, micros);
    let reach = 4 * 86_400 * SECOND;
    let mut open = 0;
    pieces(calendar, midnight - reach, midnight + reach, |date, piece| {
        if date == on {
            open += piece.to - piece.from;
        }
    });
    open
}
