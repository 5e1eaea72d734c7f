//! Business time by the dumbest way that is right: every minute is asked whether it is open.
//!
//! Windows begin and end on whole minutes and zones are whole minutes off UTC, which is checked; so a minute is
//! open or closed as a whole. Not fast, and right only inside the span given.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Timelike};
use chrono_tz::Tz;

const MINUTE: i64 = 60 * super::SECOND;

/// A window of a date in minutes after its midnight; one that passes midnight ends above 1440.
pub type Window = (i64, i64);

/// A calendar as the policy gives it.
#[derive(Clone, Debug)]
pub struct Hours {
    pub tz: Tz,
    /// Monday first.
    pub week: [Vec<Window>; 7],
    pub holidays: Vec<NaiveDate>,
    pub closed: Vec<(NaiveDateTime, NaiveDateTime)>,
    pub days: Vec<(NaiveDate, Vec<Window>)>,
}

impl Hours {
    /// Open all the time, in `tz`.
    pub fn always(tz: Tz) -> Hours {
        let day = || vec![(0, 1440)];
        let week = [day(), day(), day(), day(), day(), day(), day()];
        Hours { tz, week, holidays: vec![], closed: vec![], days: vec![] }
    }

    fn windows(&self, date: NaiveDate) -> &[Window] {
        if let Some((_, windows)) = self.days.iter().find(|(day, _)| *day == date) {
            windows
        } else if self.holidays.contains(&date) {
            &[]
        } else {
            &self.week[date.weekday().num_days_from_monday() as usize]
        }
    }

    /// The dates whose windows hold the local time `t`, closures taken out.
    fn dates_open(&self, t: NaiveDateTime) -> Vec<NaiveDate> {
        if self.closed.iter().any(|&(from, to)| from <= t && t < to) {
            return vec![];
        }
        let holds = |date: NaiveDate| {
            let after = (t - date.and_time(NaiveTime::MIN)).num_minutes();
            self.windows(date).iter().any(|&(from, to)| from <= after && after < to)
        };
        [t.date() - Duration::days(1), t.date()].into_iter().filter(|&date| holds(date)).collect()
    }
}

/// The open minutes of a span of instants.
#[derive(Clone, Debug)]
pub struct OpenMinutes {
    tz: Tz,
    span: (i64, i64),
    /// Open stretches, in order, apart.
    open: Vec<(i64, i64)>,
    /// The end of the last open minute of each working date.
    ends: BTreeMap<NaiveDate, i64>,
}

impl OpenMinutes {
    /// Asks every minute from `from` to `to`, both in whole minutes.
    pub fn step(hours: &Hours, from: i64, to: i64) -> OpenMinutes {
        let (from, to) = (from.div_euclid(MINUTE) * MINUTE, to.div_euclid(MINUTE) * MINUTE);
        let mut open: Vec<(i64, i64)> = vec![];
        let mut ends = BTreeMap::new();
        let mut minute = from;
        while minute < to {
            let local = local(hours.tz, minute);
            assert_eq!(local.second(), 0, "the zone is not whole minutes off UTC");
            let dates = hours.dates_open(local);
            for &date in &dates {
                ends.insert(date, minute + MINUTE);
            }
            match open.last_mut() {
                _ if dates.is_empty() => {}
                Some(last) if last.1 == minute => last.1 = minute + MINUTE,
                _ => open.push((minute, minute + MINUTE)),
            }
            minute += MINUTE;
        }
        OpenMinutes { tz: hours.tz, span: (from, to), open, ends }
    }

    fn check(&self, t: i64) {
        assert!(self.span.0 <= t && t <= self.span.1, "{t} is outside the minutes that were stepped");
    }

    /// Whether `t` is open.
    pub fn is_open(&self, t: i64) -> bool {
        self.check(t);
        self.open.iter().any(|&(from, to)| from <= t && t < to)
    }

    /// The open time in [a, b).
    pub fn elapsed(&self, a: i64, b: i64) -> i64 {
        self.check(a);
        self.check(b);
        self.open.iter().map(|&(from, to)| (b.min(to) - a.max(from)).max(0)).sum()
    }

    /// The earliest t ≥ a with elapsed(a, t) = d.
    pub fn add(&self, a: i64, d: i64) -> i64 {
        self.check(a);
        let mut left = d;
        if left == 0 {
            return a;
        }
        for &(from, to) in self.open.iter().filter(|stretch| stretch.1 > a) {
            let from = from.max(a);
            if to - from >= left {
                return from + left;
            }
            left -= to - from;
        }
        panic!("more open time was asked for than was stepped");
    }

    /// The close of the n-th working date after the local date of `t`.
    pub fn days_due(&self, t: i64, n: u32) -> i64 {
        self.check(t);
        let date = local(self.tz, t).date();
        let after = self.ends.iter().filter(|(day, _)| **day > date);
        *after.map(|(_, end)| end).nth(n as usize - 1).expect("enough working dates")
    }
}

/// Local time of `t`, whatever the zone did.
pub fn local(tz: Tz, t: i64) -> NaiveDateTime {
    let utc = DateTime::from_timestamp_micros(t).expect("an instant").naive_utc();
    let offset = tz.offset_from_utc_datetime(&utc).fix();
    utc + Duration::seconds(i64::from(offset.local_minus_utc()))
}
