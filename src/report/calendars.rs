//! What the calendars were that an audit judged by (SPEC 5.7): their open hours in the period, the holidays in it with their
//! source, and where lists of holidays end. In sentences, for "Assumed".

use chrono::{Datelike, Days, NaiveDate};

use crate::calendar::{Calendar, DayKind, Instant, OpenTime, SECOND};
use crate::ingest::Ingested;
use crate::policy::{Book, lists_end, week_words};
use crate::tables::Tally;
use crate::zones;

use super::audit::Audit;
use super::summary::grouped;

/// Longest span that is compiled to count open hours, µs: 50 years.
const MOST_COMPILED: i64 = 50 * 366 * 86_400 * SECOND;
/// Most holidays that are named of a calendar.
const MOST: usize = 60;

/// The sentences, what is most likely a slip first.
pub(super) fn points(audit: &Audit, ingested: &Ingested, tally: &Tally, as_of: Instant) -> Vec<String> {
    let judged = judged(&audit.book, tally);
    let mut points = crate::policy::warnings(&audit.book);
    let mut known = Vec::new();
    for calendar in judged {
        let Some((from, to)) = dates(audit, ingested, calendar, as_of) else { continue };
        let last = as_of.in_zone(calendar.tz).map_or(to, |at| at.date_naive());
        if let Some(end) = lists_end(calendar).filter(|end| end.year() < last.year()) {
            points.push(format!(
                "the last holiday that calendar `{}` knows is {end}, and the data go on to {last}: later holidays count \
                 as working time",
                calendar.name
            ));
        }
        known.push(what_it_was(calendar, from, to));
    }
    points.extend(known);
    points.push(format!("time zones are those of release {}", zones::release().shown()));
    points
}

/// The calendars of severities that some clock had, under versions that some case fell under; each once.
fn judged<'b>(book: &'b Book, tally: &Tally) -> Vec<&'b Calendar> {
    let severities = tally.severities();
    let mut all: Vec<&Calendar> = Vec::new();
    let in_force = |i: usize| tally.versions.get(&(i as u32)).is_some_and(|n| *n > 0);
    for (_, version) in book.versions.iter().enumerate().filter(|(i, _)| in_force(*i)) {
        for (i, calendar) in version.calendars.iter().enumerate() {
            let of_level =
                |level: Option<u8>| level.and_then(|level| version.severity(level)).map(|rule| rule.calendar);
            let is_used =
                version.calendars.len() == 1 || severities.iter().any(|level| of_level(*level) == Some(i));
            if is_used && !severities.is_empty() && !all.contains(&calendar) {
                all.push(calendar);
            }
        }
    }
    all
}

/// The first and the last local date of the period; without one, those of the data.
fn dates(
    audit: &Audit,
    ingested: &Ingested,
    calendar: &Calendar,
    as_of: Instant,
) -> Option<(NaiveDate, NaiveDate)> {
    if let Some((dates, _)) = audit.period {
        return Some((dates.from, dates.to));
    }
    let (first, _) = ingested.history.span?;
    let on = |at: Instant| at.in_zone(calendar.tz).map(|at| at.date_naive());
    Some((on(first.min(as_of))?, on(as_of)?))
}

fn what_it_was(calendar: &Calendar, from: NaiveDate, to: NaiveDate) -> String {
    let midnight = |on: NaiveDate| Instant::from(zones::instant_of_local(calendar.tz, on.into()));
    let (start, end) = (midnight(from), midnight(to.checked_add_days(Days::new(1)).unwrap_or(to)));
    // What lies beyond some decades is not worth an index; it is counted all the same.
    let compiled = OpenTime::compile(calendar, start, end.min(start.plus(MOST_COMPILED)));
    let minutes = compiled.elapsed(start, end) / (60 * SECOND);
    let (hours, rest) = (grouped((minutes / 60).unsigned_abs()), minutes % 60);
    let open = if rest == 0 { format!("{hours} h") } else { format!("{hours} h {rest} min") };
    let holidays = holidays(calendar, from, to);
    let listed = match holidays.len() {
        0 => "no holiday in it".to_owned(),
        n if n > MOST => format!("holidays in it: {}, and {} more", holidays[..MOST].join(", "), n - MOST),
        _ => format!("holidays in it: {}", holidays.join(", ")),
    };
    let (name, tz, week) = (&calendar.name, calendar.tz, week_words(calendar));
    format!("calendar `{name}`, {week}, {tz}: open {open} from {from} to {to}; {listed}{}", ends(calendar))
}

/// The holidays of `[from, to]` with their source; neighbouring dates of one name as a range.
fn holidays(calendar: &Calendar, from: NaiveDate, to: NaiveDate) -> Vec<String> {
    let mut runs: Vec<(NaiveDate, NaiveDate, String)> = Vec::new();
    for on in from.iter_days().take_while(|on| *on <= to) {
        let DayKind::Holiday(name) = calendar.day(on).1 else { continue };
        let source = calendar.holiday_source(on).unwrap_or("policy");
        let name = if name == on.to_string() { format!("({source})") } else { format!("{name} ({source})") };
        match runs.last_mut() {
            Some((_, last, of)) if *of == name && last.succ_opt() == Some(on) => *last = on,
            _ => runs.push((on, on, name)),
        }
    }
    let mut all: Vec<(NaiveDate, String)> = Vec::new();
    for (first, last, name) in runs {
        let dates = if first == last { first.to_string() } else { format!("{first} to {last}") };
        all.push((first, format!("{dates} {name}")));
    }
    for hours in &calendar.closed_hours {
        let local = |at: Instant| at.in_zone(calendar.tz).map(|at| at.naive_local());
        let Some((first, last)) = local(hours.from).zip(local(hours.to)) else { continue };
        if first.date() > to || last.date() < from {
            continue;
        }
        let has = |file: &&crate::calendar::HolidayFile| {
            file.closings.hours.iter().any(|own| own.name == hours.name)
        };
        let source = calendar.holiday_files.iter().find(has).map_or("policy", |file| file.path.as_str());
        let until =
            if first.date() == last.date() { last.format("%H:%M") } else { last.format("%Y-%m-%d %H:%M") };
        all.push((
            first.date(),
            format!("{} to {until} {} ({source})", first.format("%Y-%m-%d %H:%M"), hours.name),
        ));
    }
    all.sort_by_key(|(on, _)| *on);
    all.into_iter().map(|(_, text)| text).collect()
}

/// Where lists end that people keep.
fn ends(calendar: &Calendar) -> String {
    let end = |(path, end): (Option<&str>, Option<NaiveDate>)| {
        end.map(|end| {
            format!(
                "{} on {end}",
                path.map_or("the dates in the policy".to_owned(), |path| format!("`{path}`"))
            )
        })
    };
    let ends: Vec<String> = calendar.lists().into_iter().filter_map(end).collect();
    if ends.is_empty() { String::new() } else { format!("; holidays end: {}", ends.join(", ")) }
}
