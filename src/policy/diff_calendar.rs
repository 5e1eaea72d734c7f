//! What two policies say differently of business time: calendars by name, hours by weekday, holidays by date.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::diff::moved;
use super::difference::{Differences, Setting, pairs, path};
use super::show::{inline, quoted};
use super::show_calendar::{self, closure_text, file_text, week_words};
use crate::calendar::{Calendar, Closure, HolidayFile, Instant, WEEKDAYS, Window, hours_text};

/// `[calendars]`.
pub(super) fn calendars(out: &mut Differences, left: &[Calendar], right: &[Calendar]) {
    let whole = |one: &Calendar| {
        let words = format!("{}; {}", week_words(one), one.tz.name());
        Setting::new(words, inline(|out| show_calendar::calendar(out, one)))
    };
    let pairs = pairs(left, right, |calendar| calendar.name.as_str());
    for &(before, after) in &pairs.all {
        match (before, after) {
            (Some(before), Some(after)) => calendar(out, before, after),
            (Some(one), None) | (None, Some(one)) => {
                let key = path(&["calendars", &one.name]);
                let (left, right) = (before.map(whole), after.map(whole));
                out.add(key, format!("calendar `{}`", one.name), left, right);
            }
            (None, None) => {}
        }
    }
    moved(out, "calendars", "calendars", &pairs, |calendar| format!("`{}`", calendar.name));
}

fn calendar(out: &mut Differences, left: &Calendar, right: &Calendar) {
    let Calendar { name, tz, week, holidays, holiday_files, closed_hours: _, holiday_sets, closed, days } =
        left;
    let of = format!("calendar `{name}`");
    let key = |field: &str| path(&["calendars", name, field]);
    let zone = |zone: &chrono_tz::Tz| Setting::word(zone.name());
    out.compare(key("timezone"), format!("time zone of {of}"), (tz, &right.tz), zone);
    hours(out, name, week, &right.week);
    let sets = pairs(holiday_sets, &right.holiday_sets, |set| *set);
    for &(before, after) in sets.all.iter().filter(|(before, after)| before != after) {
        let Some(set) = before.or(after) else { continue };
        let setting = |_| Setting::new("", quoted(set.name()));
        let subject = format!("holidays `{}` of {of}", set.name());
        out.add(key("holidays"), subject, before.map(setting), after.map(setting));
    }
    moved(out, &key("holidays"), "holiday sets", &sets, |set| set.name().to_owned());
    let texts = |files: &[HolidayFile]| files.iter().map(file_text).collect::<Vec<_>>();
    let (before, after) = (texts(holiday_files), texts(&right.holiday_files));
    let files = pairs(&before, &after, |text| text.as_str());
    for &(before, after) in files.all.iter().filter(|(before, after)| before != after) {
        let Some(text) = before.or(after) else { continue };
        let setting = |_| Setting::new("", text.clone());
        let subject = format!("holidays of `{}` in {of}", file_named(text, left, right));
        out.add(key("holidays"), subject, before.map(setting), after.map(setting));
    }
    let shown = |text: &String| format!("`{}`", file_named(text, left, right));
    moved(out, &key("holidays"), "holiday files", &files, shown);
    single_holidays(out, name, holidays, &right.holidays);
    hours_of_events(out, left, right);
    closures(out, name, closed, &right.closed);
    own_days(out, name, days, &right.days);
}

/// The week, neighbouring weekdays that change alike as a range.
fn hours(out: &mut Differences, name: &str, left: &[Vec<Window>; 7], right: &[Vec<Window>; 7]) {
    let mut day = 0;
    while day < WEEKDAYS.len() {
        let alike = |other: usize| left[other] == left[day] && right[other] == right[day];
        let last = (day..WEEKDAYS.len()).take_while(|&other| alike(other)).last().unwrap_or(day);
        let (from, to) = (WEEKDAYS[day], WEEKDAYS[last]);
        let days = if day == last { from.to_owned() } else { format!("{from}-{to}") };
        let key = path(&["calendars", name, "hours", &days]);
        let subject = format!("hours of {days} in calendar `{name}`");
        out.compare(key, subject, (&left[day], &right[day]), |windows| Setting::word(&hours_text(windows)));
        day = last + 1;
    }
}

fn single_holidays(
    out: &mut Differences,
    calendar: &str,
    left: &BTreeMap<NaiveDate, String>,
    right: &BTreeMap<NaiveDate, String>,
) {
    let mut dates: Vec<&NaiveDate> = left.keys().chain(right.keys()).collect();
    dates.sort_unstable();
    dates.dedup();
    for date in dates {
        let (before, after) = (left.get(date), right.get(date));
        if before == after {
            continue;
        }
        // A date of the policy's own is named after itself; another name comes from a file.
        let setting = |name: &String| match *name == date.to_string() {
            true => Setting::new("", quoted(name)),
            false => Setting::unset(&format!("`{name}`")),
        };
        let subject = format!("holiday {date} of calendar `{calendar}`");
        let key = path(&["calendars", calendar, "holidays"]);
        out.add(key, subject, before.map(setting), after.map(setting));
    }
}

/// The path of the file that a policy writes as `text`.
fn file_named<'c>(text: &str, left: &'c Calendar, right: &'c Calendar) -> &'c str {
    let mut files = left.holiday_files.iter().chain(&right.holiday_files);
    files.find(|file| file_text(file) == text).map_or("", |file| file.path.as_str())
}

/// Hours that events of files close.
fn hours_of_events(out: &mut Differences, left: &Calendar, right: &Calendar) {
    let all = |calendar: &'_ Calendar| -> BTreeMap<(Instant, Instant), String> {
        let hours = calendar.closed_hours.iter();
        hours.map(|hours| ((hours.from, hours.to), hours.name.clone())).collect()
    };
    let (left_hours, right_hours) = (all(left), all(right));
    let mut spans: Vec<_> = left_hours.keys().chain(right_hours.keys()).collect();
    spans.sort_unstable();
    spans.dedup();
    for span in spans {
        let (before, after) = (left_hours.get(span), right_hours.get(span));
        if before != after {
            let [from, to] = [span.0, span.1].map(|at| local(at, left));
            let subject = format!("hours from {from} to {to} closed in calendar `{}`", left.name);
            let setting = |name: &String| Setting::unset(&format!("`{name}`"));
            let key = path(&["calendars", &left.name, "holidays"]);
            out.add(key, subject, before.map(setting), after.map(setting));
        }
    }
}

fn local(at: Instant, calendar: &Calendar) -> String {
    at.in_zone(calendar.tz).map_or_else(|| at.rfc3339(), |time| time.format("%F %T").to_string())
}

fn closures(out: &mut Differences, calendar: &str, left: &[Closure], right: &[Closure]) {
    let key = path(&["calendars", calendar, "closed"]);
    let pairs = pairs(left, right, |closure| *closure);
    for &(before, after) in pairs.all.iter().filter(|(before, after)| before != after) {
        let Some(closure) = before.or(after) else { continue };
        let setting = |closure: &Closure| Setting::new("", quoted(&closure_text(closure)));
        let (from, to) = (closure.from.format("%F %T"), closure.to.format("%F %T"));
        let subject = format!("closure {from} to {to} of calendar `{calendar}`");
        out.add(&key, subject, before.map(setting), after.map(setting));
    }
    moved(out, &key, "single closures", &pairs, |closure| closure.from.format("%F %T").to_string());
}

fn own_days(
    out: &mut Differences,
    calendar: &str,
    left: &BTreeMap<NaiveDate, Vec<Window>>,
    right: &BTreeMap<NaiveDate, Vec<Window>>,
) {
    let mut dates: Vec<&NaiveDate> = left.keys().chain(right.keys()).collect();
    dates.sort_unstable();
    dates.dedup();
    for date in dates {
        let key = path(&["calendars", calendar, "days", &date.to_string()]);
        let subject = format!("hours of {date} in calendar `{calendar}`");
        out.compare(key, subject, (&left.get(date), &right.get(date)), |windows| match windows {
            Some(windows) => Setting::word(&hours_text(windows)),
            None => Setting::unset("those of week and holidays"),
        });
    }
}
