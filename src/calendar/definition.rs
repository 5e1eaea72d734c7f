//! What a calendar is: windows of local dates, from the week, holidays, a date's own hours and single closures
//! (SPEC 4, 5.1). Not the open time itself: that is [`super::OpenTime`].

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, NaiveDateTime};
use chrono_tz::Tz;

use super::holidays::HolidaySet;
use super::ics::{ClosedHours, Closings, Pick};
use super::window::{CalendarError, DAY, Window, parse_time};

/// A single closure in local time, half open; wins over everything (SPEC 5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closure {
    /// First local moment closed.
    pub from: NaiveDateTime,
    /// First local moment after it.
    pub to: NaiveDateTime,
}

impl Closure {
    /// Reads `2026-03-02T12:00/2026-03-02T14:00`.
    ///
    /// # Errors
    /// Anything else, and an end that is not after its start.
    pub fn parse(text: &str) -> Result<Closure, CalendarError> {
        let hint = "write the first and the last local time, with a slash between";
        let wrong =
            || CalendarError::text(text, "a closure such as `2026-03-02T12:00/2026-03-02T14:00`", hint);
        let (from, to) = text.split_once('/').ok_or_else(wrong)?;
        let closure = local(from).zip(local(to)).map(|(from, to)| Closure { from, to }).ok_or_else(wrong)?;
        if closure.from < closure.to {
            Ok(closure)
        } else {
            Err(CalendarError::text(text, "an end after its start", "swap the two times"))
        }
    }
}

fn local(text: &str) -> Option<NaiveDateTime> {
    let (date, time) = text.trim().split_once(['T', ' '])?;
    let date = NaiveDate::parse_from_str(date, "%Y-%m-%d").ok()?;
    let midnight = date.and_hms_opt(0, 0, 0)?;
    midnight.checked_add_signed(chrono::TimeDelta::seconds(i64::from(parse_time(time)?)))
}

/// Why a local date has the windows that it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayKind<'a> {
    /// The week's hours.
    Week,
    /// A holiday, by name.
    Holiday(&'a str),
    /// The date's own hours.
    Own,
}

/// An .ics file of holidays, and what it closes (SPEC 5.6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolidayFile {
    /// As the policy names it.
    pub path: String,
    /// Which of its events are taken.
    pub pick: Pick,
    /// What they close.
    pub closings: Closings,
}

/// When a support department is open (SPEC 4, 5.1). Exists only where its windows do not overlap.
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    /// The name in the policy file.
    pub name: String,
    /// The zone whose wall clock counts.
    pub tz: Tz,
    /// Windows of each weekday, Monday first.
    pub week: [Vec<Window>; 7],
    /// Holidays by date, with their names.
    pub holidays: BTreeMap<NaiveDate, String>,
    /// The .ics files whose dates are among `holidays`.
    pub holiday_files: Vec<HolidayFile>,
    /// The hours that events of these files close on days that are none of `days`: ascending, disjoint.
    pub closed_hours: Vec<ClosedHours>,
    /// Built-in holiday rule sets.
    pub holiday_sets: Vec<HolidaySet>,
    /// Single closures.
    pub closed: Vec<Closure>,
    /// Dates with hours of their own, over week and holidays; no window: closed.
    pub days: BTreeMap<NaiveDate, Vec<Window>>,
}

impl Calendar {
    /// A calendar of a week's hours and nothing else.
    pub fn weekly(name: &str, tz: Tz, week: [Vec<Window>; 7]) -> Calendar {
        Calendar {
            name: name.into(),
            tz,
            week,
            holidays: BTreeMap::new(),
            holiday_files: Vec::new(),
            closed_hours: Vec::new(),
            holiday_sets: Vec::new(),
            closed: Vec::new(),
            days: BTreeMap::new(),
        }
    }

    /// Open at all times.
    pub fn always_open(name: &str, tz: Tz) -> Calendar {
        Calendar::weekly(name, tz, std::array::from_fn(|_| vec![Window { from: 0, to: DAY }]))
    }

    /// Adds what a file closes; a date that is a holiday already keeps its name.
    pub fn add_file(&mut self, file: HolidayFile) {
        for (on, name) in &file.closings.dates {
            self.holidays.entry(*on).or_insert_with(|| name.clone());
        }
        self.closed_hours.extend(file.closings.hours.iter().cloned());
        self.closed_hours.sort_by_key(|hours| (hours.from, hours.to));
        let mut closed: Vec<ClosedHours> = Vec::with_capacity(self.closed_hours.len());
        for mut hours in self.closed_hours.drain(..) {
            // What an earlier event closes is closed.
            hours.from = closed.last().map_or(hours.from, |last| hours.from.max(last.to));
            if hours.from < hours.to {
                closed.push(hours);
            }
        }
        self.closed_hours = closed;
        self.holiday_files.push(file);
    }

    /// Where the holiday on `on` comes from, if it is one: `policy.toml` itself is `None`.
    pub fn holiday_source(&self, on: NaiveDate) -> Option<&str> {
        match self.holidays.get(&on) {
            Some(name) => {
                let has = |file: &&HolidayFile| file.closings.dates.get(&on) == Some(name);
                self.holiday_files.iter().find(has).map(|file| file.path.as_str())
            }
            None => self.holiday_sets.iter().find(|set| set.holiday(on).is_some()).map(|set| set.name()),
        }
    }

    /// The lists of holidays that come from people: the policy's own dates (`None`) and files, each with the date with which
    /// it ends; without one it goes on for ever.
    pub fn lists(&self) -> Vec<(Option<&str>, Option<NaiveDate>)> {
        let is_own = |(on, name): &(&NaiveDate, &String)| **name == on.to_string();
        let own = self.holidays.iter().rev().find(is_own).map(|(on, _)| (None, Some(*on)));
        let last = |closings: &Closings| {
            let hours = closings.hours.last().and_then(|hours| hours.from.in_zone(self.tz));
            let dates = closings.dates.last_key_value().map(|(on, _)| *on);
            dates.max(hours.map(|at| at.date_naive()))
        };
        let closing = self.holiday_files.iter().filter_map(|file| match file.closings.is_endless {
            true => Some((Some(file.path.as_str()), None)),
            false => last(&file.closings).map(|end| (Some(file.path.as_str()), Some(end))),
        });
        own.into_iter().chain(closing).collect()
    }

    /// The windows of local date `on`, closures aside, and why: its own, else none on a holiday, else the week's
    /// (SPEC 5.1).
    pub fn day(&self, on: NaiveDate) -> (&[Window], DayKind<'_>) {
        if let Some(windows) = self.days.get(&on) {
            return (windows, DayKind::Own);
        }
        if let Some(name) = self.holidays.get(&on) {
            return (&[], DayKind::Holiday(name));
        }
        if let Some(name) = self.holiday_sets.iter().find_map(|set| set.holiday(on)) {
            return (&[], DayKind::Holiday(name));
        }
        (&self.week[on.weekday().num_days_from_monday() as usize], DayKind::Week)
    }
}
