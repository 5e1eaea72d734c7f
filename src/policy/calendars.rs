//! `[calendars.NAME]`: hours, holidays, closures and a date's own hours, read by the calendar's own parsers and
//! placed in the file (SPEC 4, 5.1). What a text means is decided in `calendar`, not here.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::build::zone;
use super::keys;
use super::reading::Reading;
use super::scope::{read_bytes_named, shown_from_root};
use super::source::Span;
use super::suggest::{hint, listed, nearest};
use super::tree::{Entry, Node, Table, Value};
use crate::calendar::{
    Calendar, CalendarError, CalendarErrorKind, Closure, HolidayFile, HolidaySet, Pick, WEEKDAYS, Window,
    closings_of_ics, parse_hours, parse_weekdays, week_of,
};
use crate::codes;

/// True where the policy has a calendar that names no zone of its own.
pub(super) fn needs_zone(root: &Table) -> bool {
    let calendars = root.get("calendars").and_then(Node::as_table);
    let mut tables = calendars.into_iter().flat_map(|all| &all.0).filter_map(|entry| entry.node.as_table());
    tables.any(|table| table.get("timezone").is_none())
}

/// The calendars in order of the file. Without any there is one, `24h`, open all the time.
///
/// A calendar with a problem is there all the same, so that whoever names it is not told that it is missing.
pub(super) fn calendars(reading: &mut Reading, root: &Table, timezone: Tz) -> Vec<Calendar> {
    let table = root.get("calendars").and_then(|node| reading.table(node, "calendars"));
    let entries = table.map_or(&[][..], |table| table.0.as_slice());
    if entries.is_empty() {
        return vec![Calendar::always_open("24h", timezone)];
    }
    entries.iter().map(|entry| calendar(reading, entry, timezone)).collect()
}

fn calendar(reading: &mut Reading, entry: &Entry, timezone: Tz) -> Calendar {
    let mut calendar = Calendar::weekly(&entry.key, timezone, Default::default());
    let what = format!("calendars.{}", entry.key);
    let Some(table) = reading.table(&entry.node, &what) else {
        return calendar;
    };
    reading.known_keys(table, &format!("`[{what}]`"), &keys::CALENDAR);
    if let Some((node, text)) = reading.text(table, "timezone", "timezone = \"America/Denver\"") {
        calendar.tz = zone(reading, node, text).unwrap_or(timezone);
    }
    match table.get("hours") {
        Some(node) => calendar.week = week(reading, node).unwrap_or_default(),
        None => {
            let hint = "add `hours = { mon-fri = \"08:00-17:00\" }`, or your own";
            reading.missing(entry.span, "hours", &format!("`[{what}]`"), hint);
        }
    }
    if let Some(node) = table.get("holidays") {
        holidays(reading, node, &mut calendar);
    }
    if let Some(node) = table.get("closed") {
        calendar.closed = closed(reading, node);
    }
    if let Some(node) = table.get("days") {
        calendar.days = days(reading, node);
    }
    calendar
}

/// The week's windows; `None` where there is a problem.
fn week(reading: &mut Reading, node: &Node) -> Option<[Vec<Window>; 7]> {
    let table = hours_table(reading, node, "hours", "hours = { mon-fri = \"08:00-17:00\" }")?;
    let mut read: Vec<(Vec<usize>, Vec<Window>)> = Vec::new();
    let mut whole = true;
    for entry in &table.0 {
        let weekdays = match parse_weekdays(&entry.key) {
            Ok(weekdays) => Some(weekdays),
            Err(error) => {
                weekday_problem(reading, entry, error);
                None
            }
        };
        let windows = windows(reading, &entry.node, &entry.key);
        let (Some(weekdays), Some(windows)) = (weekdays, windows) else {
            whole = false;
            continue;
        };
        read.push((weekdays, windows));
        // Asked after each entry, so that the one that brings the problem is the one pointed at.
        if let Err(error) = week_of(&read) {
            let twice = error.kind == CalendarErrorKind::Twice;
            calendar_problem(reading, if twice { entry.span } else { entry.node.span }, error);
            read.pop();
            whole = false;
        }
    }
    whole.then(|| week_of(&read).ok()).flatten()
}

fn hours_table<'n>(reading: &mut Reading, node: &'n Node, key: &str, example: &str) -> Option<&'n Table> {
    let table = node.as_table();
    if table.is_none() {
        reading.wrong_type(node, key, "a table of hours", example);
    }
    table
}

fn windows(reading: &mut Reading, node: &Node, what: &str) -> Option<Vec<Window>> {
    let text = reading.as_text(node, what, &format!("{what} = \"08:00-17:00\""))?;
    parse_hours(text).map_err(|error| calendar_problem(reading, node.span, error)).ok()
}

fn weekday_problem(reading: &mut Reading, entry: &Entry, mut error: CalendarError) {
    let parts = entry.key.split([',', '-']).map(str::trim);
    let wrong = parts.into_iter().find(|part| !WEEKDAYS.contains(&part.to_lowercase().as_str()));
    if let Some(word) = wrong.and_then(|part| nearest(part, WEEKDAYS)) {
        error.hint = format!("did you mean `{word}`?");
    }
    calendar_problem(reading, entry.span, error);
}

fn calendar_problem(reading: &mut Reading, span: Span, error: CalendarError) {
    let code = match error.kind {
        CalendarErrorKind::Text => codes::F104,
        CalendarErrorKind::Overlap => codes::F107,
        CalendarErrorKind::Twice => codes::F108,
    };
    reading.problem(span, code, error.to_string(), error.hint);
}

fn holidays(reading: &mut Reading, node: &Node, calendar: &mut Calendar) {
    let Value::List(items) = &node.value else {
        reading.wrong_type(node, "holidays", "a list", "holidays = [\"2026-01-01\", \"us-federal\"]");
        return;
    };
    for item in items {
        match &item.value {
            Value::Table(table) => holidays_from_file(reading, item, table, calendar),
            Value::Datetime(date) => {
                let message = format!("expected a holiday as text, found the date `{date}`");
                reading.problem(item.span, codes::F103, message, format!("put it in quotes: `\"{date}\"`"));
            }
            _ => {
                let Some(text) = reading.as_text(item, "holidays", "\"us-federal\"") else { continue };
                holiday(reading, item, text, calendar);
            }
        }
    }
}

/// A date, or the name of a built-in set.
fn holiday(reading: &mut Reading, item: &Node, text: &str, calendar: &mut Calendar) {
    if let Some(set) = HolidaySet::named(text) {
        if !calendar.holiday_sets.contains(&set) {
            calendar.holiday_sets.push(set);
        }
    } else if text.starts_with(|c: char| c.is_ascii_digit()) {
        if let Some(date) = date(reading, item.span, text) {
            calendar.holidays.entry(date).or_insert_with(|| text.to_owned());
        }
    } else {
        let names = HolidaySet::ALL.map(HolidaySet::name);
        let message = format!("expected a date or the name of a holiday set, found `{text}`");
        let hint = hint(text, names, &format!("the built-in sets are {}", listed(names)));
        reading.problem(item.span, codes::F106, message, hint);
    }
}

fn holidays_from_file(reading: &mut Reading, item: &Node, table: &Table, calendar: &mut Calendar) {
    reading.known_keys(table, "a holiday", &keys::HOLIDAY_FILE);
    if table.get("ics").is_none() {
        reading.missing(item.span, "ics", "a holiday", "write it like `{ ics = \"company.ics\" }`");
    }
    let Some((node, name)) = reading.text(table, "ics", "{ ics = \"company.ics\" }") else { return };
    let pick = Pick {
        categories: names(reading, table, "categories", "categories = [\"Holiday\"]"),
        except: names(reading, table, "except", "except = [\"Columbus Day\"]"),
    };
    let Some(file) = read_bytes_named(reading, node, name) else { return };
    let bytes = reading.sources.0.get(file).map_or_else(Vec::new, |source| source.bytes.clone());
    match closings_of_ics(&bytes, calendar.tz, &pick) {
        Ok(closings) => {
            let path = shown_from_root(reading, file, name);
            calendar.add_file(HolidayFile { path, pick, closings });
        }
        Err(error) => {
            let span = reading.sources.line(file, error.line);
            reading.problem(span, codes::F109, error.message, error.hint);
        }
    }
}

/// The names of a list, none of them empty; an empty list is a mistake, since it would take nothing or everything.
fn names(reading: &mut Reading, table: &Table, key: &str, example: &str) -> Vec<String> {
    let Some(node) = table.get(key) else { return Vec::new() };
    let Some(names) = reading.texts(node, key, example) else { return Vec::new() };
    let names: Vec<String> = names.into_iter().map(|(_, name)| name.trim().to_owned()).collect();
    if names.is_empty() || names.iter().any(String::is_empty) {
        let message = format!("expected `{key}` to name at least one, found none, or an empty text");
        reading.bad_value(node, message, format!("write it like `{example}`, or leave the key out"));
    }
    names
}

fn closed(reading: &mut Reading, node: &Node) -> Vec<Closure> {
    let example = "[\"2026-03-02T12:00/2026-03-02T14:00\"]";
    let mut closures = Vec::new();
    for (item, text) in reading.texts(node, "closed", example).unwrap_or_default() {
        match Closure::parse(text) {
            Ok(closure) => closures.push(closure),
            Err(error) => calendar_problem(reading, item.span, error),
        }
    }
    closures
}

fn days(reading: &mut Reading, node: &Node) -> BTreeMap<NaiveDate, Vec<Window>> {
    let mut days = BTreeMap::new();
    let table = hours_table(reading, node, "days", "days = { 2026-12-24 = \"08:00-12:00\" }");
    for entry in table.map_or(&[][..], |table| table.0.as_slice()) {
        let date = date(reading, entry.span, &entry.key);
        let windows = windows(reading, &entry.node, &entry.key);
        if let (Some(date), Some(windows)) = (date, windows) {
            days.insert(date, windows);
        }
    }
    days
}

/// A date in one spelling only, so that none can be given twice.
fn date(reading: &mut Reading, span: Span, text: &str) -> Option<NaiveDate> {
    let date = text.parse::<NaiveDate>().ok().filter(|date| date.format("%Y-%m-%d").to_string() == text);
    if date.is_none() {
        let message = format!("expected a date as `2026-12-24`, found `{text}`");
        reading.problem(span, codes::F104, message, "year, month and day of a date that exists");
    }
    date
}
