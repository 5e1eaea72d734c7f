//! When support is closed by an .ics file (RFC 5545, SPEC 5.6): the dates and the hours that its events take.
//!
//! Our own reader: the crates for the format pass over what they do not understand and keep no line numbers, and a holiday
//! that is passed over is a wrong figure. So every line that bears on when an event takes place is read or refused with
//! its line; a recurrence that is read in two ways by other readers is refused too. What has no bearing (attendees,
//! alarms, tasks, properties of somebody's own) is not looked at.
//!
//! Bytes to content lines (`lines`), these to components (`components`), an event's lines to typed values (`event`, `when`,
//! `rule`), a rule to dates (`expand`), all events of a file to what they close (`closing`).

mod closing;
mod components;
mod event;
mod expand;
mod lines;
mod rule;
mod when;

use std::collections::BTreeMap;
use std::fmt;

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::instant::Instant;

/// Last year to which a rule is laid out.
pub const LAST_YEAR: i32 = 2100;

/// Which events of a file close the office.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pick {
    /// An event must be of one of these categories; none: of any, or of none.
    pub categories: Vec<String>,
    /// Summaries of events that do not close.
    pub except: Vec<String>,
}

/// Hours that an event closes, half open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosedHours {
    /// First instant closed.
    pub from: Instant,
    /// First instant after it.
    pub to: Instant,
    /// The event's summary.
    pub name: String,
}

/// What a file closes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Closings {
    /// Whole local dates, with the summary of the event.
    pub dates: BTreeMap<NaiveDate, String>,
    /// Hours of dates, ascending by start; they may overlap.
    pub hours: Vec<ClosedHours>,
    /// True where some event repeats without an end: laid out to [`LAST_YEAR`].
    pub is_endless: bool,
    /// Names of `categories` and `except` that no event has.
    pub unknown: Vec<String>,
}

/// Why an .ics text is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IcsError {
    /// Line, from 1.
    pub line: u64,
    /// What was expected and what was found.
    pub message: String,
    /// The way out.
    pub hint: String,
}

impl IcsError {
    fn new(line: u64, message: impl Into<String>, hint: &str) -> IcsError {
        IcsError { line, message: message.into(), hint: hint.to_owned() }
    }
}

impl fmt::Display for IcsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for IcsError {}

/// What the events of the file `bytes` close, of those that `pick` takes, for a calendar whose clock is that of `zone`:
/// all-day events their dates, `DTEND` excluded; events from midnight to midnight UTC these dates; others their hours
/// (SPEC 5.6).
///
/// # Errors
/// Whatever cannot be read and bears on when an event takes place, with its line.
///
/// ```
/// use slaudit::calendar::{Pick, closings_of_ics};
/// let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20201126\nSUMMARY:Thanksgiving\n\
///             RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH\nEND:VEVENT\nEND:VCALENDAR\n";
/// let closed = closings_of_ics(text.as_bytes(), chrono_tz::America::Denver, &Pick::default()).unwrap();
/// assert!(closed.is_endless && closed.dates.contains_key(&"2026-11-26".parse().unwrap()));
/// ```
pub fn closings_of_ics(bytes: &[u8], zone: Tz, pick: &Pick) -> Result<Closings, IcsError> {
    let contents = components::contents(lines::lines(bytes)?)?;
    let events = contents.events.iter().map(|component| event::event(component, &contents.zones, zone));
    closing::closings(&events.collect::<Result<Vec<_>, _>>()?, pick)
}
