//! The computed table `open_cases`: how many cases were open at the end of each month or week, and how old they were.
//! Facts hold no state between opening and end, so this is counted while cases are replayed.

use chrono::{Datelike, Days, Months, NaiveDate, NaiveTime};
use chrono_tz::Tz;

use crate::calendar::{Instant, SECOND};
use crate::facts::{Kind, Table, column};
use crate::replay::{CaseFacts, Metric};
use crate::zones;

use super::table::Cell;

/// What each column of the computed table is.
pub const OPEN_CASES: Table = Table {
    name: "open_cases",
    grain: "one end of a month (of a week, where less than four months are counted), and the end of what is counted",
    columns: &[
        column(
            "counted_at",
            Kind::Instant,
            "",
            "the instant, midnight in the zone of the policy's latest version",
        ),
        column("counted_on", Kind::Word, "", "the local date that ends then, `YYYY-MM-DD`"),
        column("n_open", Kind::Count, "", "cases in scope that were open; the columns below add up to it"),
        column("n_up_to_1_day", Kind::Count, "", "opened at most 24 hours before"),
        column("n_up_to_7_days", Kind::Count, "", "opened at most 7 days before, and more than 1"),
        column("n_up_to_30_days", Kind::Count, "", "opened at most 30 days before, and more than 7"),
        column("n_up_to_90_days", Kind::Count, "", "opened at most 90 days before, and more than 30"),
        column("n_older", Kind::Count, "", "opened more than 90 days before"),
    ],
};

/// Microseconds of a day of 24 hours.
const DAY: i64 = 86_400 * SECOND;
/// Upper ends of the classes of age, days.
const AGES: [i64; 4] = [1, 7, 30, 90];
/// Most ends that are counted: ten years of months.
const MOST: usize = 120;
/// Below so many days the ends are those of weeks.
const SHORT: i64 = 120;

/// Open cases at some instants, by age.
#[derive(Clone, Debug, Default)]
pub struct OpenCases {
    zone: Tz,
    /// Ascending.
    ends: Vec<Instant>,
    /// One an end: cases by class of age.
    counts: Vec<[u64; AGES.len() + 1]>,
}

impl OpenCases {
    /// Nothing yet; counts at the ends of months, or of weeks, between `from` and `to`, and at `to` itself. Of more
    /// than ten years the last ten.
    pub fn new(zone: Tz, from: Instant, to: Instant) -> OpenCases {
        let is_short = to.since(from) < SHORT * DAY;
        let mut ends = Vec::new();
        let mut end = to;
        while end > from && ends.len() < MOST {
            ends.push(end);
            let Some(before) = end_before(end, zone, is_short) else { break };
            end = before;
        }
        ends.reverse();
        OpenCases { zone, counts: vec![[0; AGES.len() + 1]; ends.len()], ends }
    }

    /// A case is open from its opening to the last time that it was resolved, closed or made void, but for the time
    /// between an end and the reopening that followed. Its age counts from its opening.
    pub(super) fn add(&mut self, facts: &CaseFacts) {
        if facts.case.out_of_scope.is_some() {
            return;
        }
        let Some(last) = facts.clocks.iter().rfind(|clock| clock.metric == Metric::Resolution) else {
            return;
        };
        let opened_at = facts.case.opened_at;
        let first = self.ends.partition_point(|end| *end < opened_at);
        for (end, counts) in self.ends.iter().zip(&mut self.counts).skip(first) {
            if last.stopped_at.is_some_and(|stopped_at| stopped_at <= *end) {
                break;
            }
            if facts.ended.iter().any(|(from, to)| from <= end && end < to) {
                continue;
            }
            let age = end.since(opened_at);
            let class = AGES.iter().position(|days| age <= days * DAY).unwrap_or(AGES.len());
            counts[class] += 1;
        }
    }

    pub(super) fn merge(&mut self, other: &OpenCases) {
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine += theirs);
        }
    }

    /// One row an end.
    pub(super) fn rows(&self) -> Vec<Vec<Cell>> {
        let row = |(end, counts): (&Instant, &[u64; AGES.len() + 1])| {
            // Midnight ends the date before it.
            let on = end.plus(-1).in_zone(self.zone).map(|local| local.date_naive().to_string());
            let mut cells = vec![
                Cell::word(end.rfc3339()),
                on.map_or(Cell::Absent, Cell::word),
                Cell::count(counts.iter().sum()),
            ];
            cells.extend(counts.map(Cell::count));
            cells
        };
        self.ends.iter().zip(&self.counts).map(row).collect()
    }
}

/// The last midnight before `at` that ends a month, or a Sunday.
fn end_before(at: Instant, zone: Tz, is_weekly: bool) -> Option<Instant> {
    let date = at.plus(-1).in_zone(zone)?.date_naive();
    let begins = if is_weekly {
        date.checked_sub_days(Days::new(u64::from(date.weekday().num_days_from_monday())))?
    } else {
        date.with_day(1)?
    };
    let end = midnight(begins, zone)?;
    if end < at {
        return Some(end);
    }
    let before = if is_weekly {
        begins.checked_sub_days(Days::new(7))?
    } else {
        begins.checked_sub_months(Months::new(1))?
    };
    midnight(before, zone)
}

/// The first instant of a local date; of one whose midnight the zone skipped, the instant an hour on.
fn midnight(on: NaiveDate, zone: Tz) -> Option<Instant> {
    let naive = on.and_time(NaiveTime::MIN);
    let local = |naive| zones::at_local(zone, naive).earliest();
    let first = local(naive).or_else(|| local(naive + chrono::TimeDelta::hours(1)))?;
    Some(Instant::from(first.to_utc()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::America::Denver;

    fn instant(text: &str) -> Instant {
        Instant::from(chrono::DateTime::parse_from_rfc3339(text).unwrap().to_utc())
    }

    fn dates(from: &str, to: &str) -> Vec<String> {
        let rows = OpenCases::new(Denver, instant(from), instant(to)).rows();
        let date = |row: Vec<Cell>| row[1].text().map(str::to_owned);
        rows.into_iter().filter_map(date).collect()
    }

    #[test]
    fn ends_are_those_of_months_and_of_what_is_counted() {
        let found = dates("2025-11-10T12:00:00Z", "2026-03-20T12:00:00Z");
        assert_eq!(found, ["2025-11-30", "2025-12-31", "2026-01-31", "2026-02-28", "2026-03-20"]);
    }

    #[test]
    fn a_short_span_is_counted_by_weeks() {
        let found = dates("2026-03-01T07:00:00Z", "2026-03-20T12:00:00Z");
        assert_eq!(found, ["2026-03-01", "2026-03-08", "2026-03-15", "2026-03-20"]);
        assert_eq!(dates("2026-03-20T12:00:00Z", "2026-03-20T12:00:00Z"), Vec::<String>::new());
    }

    #[test]
    fn a_long_span_is_bounded() {
        assert_eq!(dates("1970-01-01T00:00:00Z", "2026-03-20T12:00:00Z").len(), MOST);
    }
}
