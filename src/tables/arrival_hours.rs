//! The computed table `arrival_hours`: cases by weekday and hour of their opening, beside how much of that hour is
//! open in a usual week. Facts hold instants, and SQL has no time zones.

use chrono::{Datelike, Timelike};
use chrono_tz::Tz;

use crate::calendar::Calendar;
use crate::facts::{Kind, Table, column};
use crate::policy::{Book, Policy};
use crate::replay::CaseFact;

use super::table::Cell;

/// Hours of a week.
const HOURS: usize = 7 * 24;

/// What each column of the computed table is.
pub const ARRIVAL_HOURS: Table = Table {
    name: "arrival_hours",
    grain: "one hour of the week, all 168 of them where any case was opened",
    columns: &[
        column("weekday", Kind::Count, "", "weekday of the opening in the policy version's zone, Monday 1"),
        column("hour", Kind::Count, "", "hour of the opening, 0 to 23"),
        column("n_cases", Kind::Count, "", "cases opened"),
        column("n_in_hours", Kind::Count, "", "of them while the calendar of their severity was open"),
        column("n_out_of_hours", Kind::Count, "", "of them while it was closed"),
        column(
            "open_minutes",
            Kind::Count,
            "no calendar of the latest version is in its zone",
            "whole minutes of the hour that a usual week is open, in the calendar that has most of them",
        ),
    ],
};

/// Cases by hour of the week.
#[derive(Clone, Debug, Default)]
pub struct ArrivalHours {
    /// The zone of each policy version; empty: nothing is counted.
    zones: Vec<Tz>,
    /// Monday 0:00 first: opened in hours, out of hours, and with no calendar to tell.
    counts: Vec<[u64; 3]>,
}

impl ArrivalHours {
    /// Nothing yet; counts in the zones of the versions of `book`.
    pub fn new(book: &Book) -> ArrivalHours {
        let zones = book.versions.iter().map(|version| version.timezone).collect();
        ArrivalHours { zones, counts: vec![[0; 3]; HOURS] }
    }

    pub(super) fn add(&mut self, case: &CaseFact) {
        let zone = self.zones.get(case.version as usize);
        let Some(local) = zone.and_then(|zone| case.opened_at.in_zone(*zone)) else { return };
        let hour = local.weekday().num_days_from_monday() as usize * 24 + local.hour() as usize;
        let kind = match case.opened_in_hours {
            Some(true) => 0,
            Some(false) => 1,
            None => 2,
        };
        self.counts[hour][kind] += 1;
    }

    pub(super) fn merge(&mut self, other: &ArrivalHours) {
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine += theirs);
        }
    }

    /// One row an hour of the week; none where no case was counted.
    pub(super) fn rows(&self, book: &Book) -> Vec<Vec<Cell>> {
        if self.counts.iter().flatten().sum::<u64>() == 0 {
            return Vec::new();
        }
        let open = book.versions.last().and_then(open_minutes);
        let row = |(hour, counts): (usize, &[u64; 3])| {
            vec![
                Cell::count(hour as u64 / 24 + 1),
                Cell::count(hour as u64 % 24),
                Cell::count(counts.iter().sum()),
                Cell::count(counts[0]),
                Cell::count(counts[1]),
                Cell::maybe(open.as_ref().map(|open| open[hour])),
            ]
        };
        self.counts.iter().enumerate().map(row).collect()
    }
}

/// Minutes of each hour that a usual week is open, Monday 0:00 first, in the calendar that has most of them. Calendars
/// in another zone than the policy's have other hours in summer than in winter: they are left out.
fn open_minutes(policy: &Policy) -> Option<Vec<i64>> {
    let in_zone = policy.calendars.iter().filter(|calendar| calendar.tz == policy.timezone);
    in_zone.map(week_minutes).reduce(|a, b| a.into_iter().zip(b).map(|(a, b)| a.max(b)).collect())
}

fn week_minutes(calendar: &Calendar) -> Vec<i64> {
    const HOUR: u32 = 3_600;
    let mut seconds = vec![0_u32; HOURS];
    for (day, window) in calendar.week.iter().enumerate().flat_map(|(d, ws)| ws.iter().map(move |w| (d, w))) {
        for hour in window.from / HOUR..window.to.div_ceil(HOUR) {
            let open = window.to.min((hour + 1) * HOUR) - window.from.max(hour * HOUR);
            // A window that passes midnight goes on in the next day, after Sunday in Monday.
            seconds[(day * 24 + hour as usize) % HOURS] += open;
        }
    }
    seconds.into_iter().map(|open| i64::from(open.min(HOUR) / 60)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Window;

    #[test]
    fn windows_fill_their_hours_and_pass_midnight() {
        let mut week: [Vec<Window>; 7] = Default::default();
        // Monday 08:30 to 10:00, Sunday 22:00 to 01:15.
        week[0] = vec![Window { from: 8 * 3_600 + 1_800, to: 10 * 3_600 }];
        week[6] = vec![Window { from: 22 * 3_600, to: 25 * 3_600 + 900 }];
        let open = week_minutes(&Calendar::weekly("w", chrono_tz::UTC, week));
        let hours: Vec<(usize, i64)> =
            open.into_iter().enumerate().filter(|(_, minutes)| *minutes > 0).collect();
        assert_eq!(hours, [(0, 60), (1, 15), (8, 30), (9, 60), (166, 60), (167, 60)]);
    }
}
