//! Holidays from the text of an .ics file (RFC 5545): the dates of its events. Reads what calendars of holidays
//! use and refuses the rest, since a rule that is passed over silently would open a closed day.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{Datelike, Days, NaiveDate};

/// Last year for which a yearly rule without an end is laid out.
const LAST_YEAR: i32 = 2100;
/// Longest event, in days.
const MAX_DAYS: i64 = 366;

/// Why an .ics text is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IcsError {
    /// Line, from 1.
    pub line: u64,
    /// What was expected and what was found.
    pub message: String,
}

impl fmt::Display for IcsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for IcsError {}

#[derive(Default)]
struct Event {
    line: u64,
    name: String,
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
    yearly: Option<(u64, String)>,
}

/// `FREQ=YEARLY`, with an end or without.
#[derive(Clone, Copy)]
struct Yearly {
    count: u32,
    until: Option<NaiveDate>,
}

/// The local dates on which the calendar's events fall, with their names. `DTEND` is excluded, as the format says;
/// of a date-time only the date counts.
///
/// # Errors
/// Text that is no calendar, an event without a date, a date that does not exist, and every recurrence but
/// `FREQ=YEARLY` with `COUNT` or `UNTIL`.
pub fn holidays_of_ics(text: &str) -> Result<BTreeMap<NaiveDate, String>, IcsError> {
    let error = |line: u64, message: String| Err(IcsError { line, message });
    let mut holidays = BTreeMap::new();
    let mut event: Option<Event> = None;
    let (mut seen_calendar, mut ended) = (false, false);
    for (line, content) in unfold(text) {
        let Some((name, value)) = content.split_once(':') else { continue };
        let key = name.split(';').next().unwrap_or(name).trim().to_ascii_uppercase();
        match (key.as_str(), event.as_mut()) {
            ("BEGIN", _) if value.eq_ignore_ascii_case("VCALENDAR") => seen_calendar = true,
            ("BEGIN", _) if value.eq_ignore_ascii_case("VEVENT") => {
                event = Some(Event { line, ..Event::default() })
            }
            ("END", Some(_)) if value.eq_ignore_ascii_case("VEVENT") => {
                if let Some(event) = event.take() {
                    add(&event, &mut holidays)?;
                }
            }
            ("SUMMARY", Some(event)) => event.name = value.replace("\\,", ",").trim().to_string(),
            ("DTSTART", Some(event)) => event.from = Some(date(line, value)?),
            ("DTEND", Some(event)) => event.until = Some(first_free_date(line, value)?),
            ("RRULE", Some(event)) => event.yearly = Some((line, value.to_ascii_uppercase())),
            ("END", None) if value.eq_ignore_ascii_case("VCALENDAR") => ended = true,
            ("RDATE" | "EXDATE" | "DURATION", Some(_)) => {
                return error(
                    line,
                    format!("expected an event with dates, found `{key}`, which is not read"),
                );
            }
            _ => {}
        }
    }
    match (seen_calendar, ended) {
        (true, true) => Ok(holidays),
        (true, false) => error(1, "expected `END:VCALENDAR`, found none: the file is cut short".into()),
        _ => error(1, "expected `BEGIN:VCALENDAR`, found none".into()),
    }
}

/// Content lines with the number of their first line; a line that begins with a blank continues the one before.
fn unfold(text: &str) -> Vec<(u64, String)> {
    let mut lines: Vec<(u64, String)> = Vec::new();
    for (i, line) in text.lines().enumerate() {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(rest), Some((_, last))) => last.push_str(rest),
            _ => lines.push((i as u64 + 1, line.trim_start_matches('\u{FEFF}').to_string())),
        }
    }
    lines
}

fn date(line: u64, value: &str) -> Result<NaiveDate, IcsError> {
    let parsed = value.get(..8).and_then(|digits| NaiveDate::parse_from_str(digits, "%Y%m%d").ok());
    parsed.ok_or_else(|| IcsError {
        line,
        message: format!("expected a date such as `20260101`, found `{value}`"),
    })
}

/// The first date after an event that ends at `value`: a date is excluded, a time of day other than midnight
/// still belongs to the event.
fn first_free_date(line: u64, value: &str) -> Result<NaiveDate, IcsError> {
    let on = date(line, value)?;
    let time = value.get(8..).unwrap_or("").trim_start_matches('T').trim_end_matches('Z');
    let midnight = time.bytes().all(|b| b == b'0');
    Ok(if midnight { on } else { on.succ_opt().unwrap_or(on) })
}

/// Reads a recurrence of an event that begins on `from`.
fn yearly(line: u64, value: &str, from: NaiveDate) -> Result<Yearly, IcsError> {
    let mut rule = Yearly { count: u32::MAX, until: None };
    let (mut is_yearly, mut is_simple) = (false, true);
    for part in value.split(';') {
        match part.split_once('=') {
            Some(("FREQ", "YEARLY")) => is_yearly = true,
            Some(("COUNT", n)) if n.parse::<u32>().is_ok() => rule.count = n.parse().unwrap_or(u32::MAX),
            Some(("UNTIL", until)) => rule.until = Some(date(line, until)?),
            // Said twice: the month and the day of the event itself.
            Some(("BYMONTH", month)) if month.parse() == Ok(from.month()) => {}
            Some(("BYMONTHDAY", day)) if day.parse() == Ok(from.day()) => {}
            Some(("INTERVAL", "1") | ("WKST", _)) => {}
            _ => is_simple = false,
        }
    }
    if is_yearly && is_simple {
        return Ok(rule);
    }
    let message =
        format!("expected a recurrence `FREQ=YEARLY`, found `{value}`: list these dates one by one");
    Err(IcsError { line, message })
}

fn add(event: &Event, holidays: &mut BTreeMap<NaiveDate, String>) -> Result<(), IcsError> {
    let error = |message: &str| Err(IcsError { line: event.line, message: message.into() });
    let Some(from) = event.from else { return error("expected an event with `DTSTART`, found none") };
    let days = event.until.map_or(1, |until| (until - from).num_days().max(1));
    if days > MAX_DAYS {
        return error("expected an event of at most 366 days, found a longer one");
    }
    let rule = event.yearly.as_ref().map(|(line, text)| yearly(*line, text, from)).transpose()?;
    let last = rule.map_or(from.year(), |rule| rule.until.map_or(LAST_YEAR, |until| until.year()));
    let count = rule.map_or(1, |rule| rule.count) as usize;
    // 29 February recurs only in leap years.
    let starts = (from.year()..=last).filter_map(|year| from.with_year(year));
    let until = rule.and_then(|rule| rule.until).unwrap_or(NaiveDate::MAX);
    for start in starts.take(count).take_while(|start| *start <= until) {
        for day in 0..days as u64 {
            if let Some(on) = start.checked_add_days(Days::new(day)) {
                holidays.entry(on).or_insert_with(|| event.name.clone());
            }
        }
    }
    Ok(())
}
