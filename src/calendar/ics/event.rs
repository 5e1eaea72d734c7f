//! One event, typed: when it takes place, as far as its own lines say.

use chrono::{NaiveDateTime, TimeDelta};
use chrono_tz::Tz;

use super::IcsError;
use super::components::{Component, ZoneDefinition};
use super::lines::Line;
use super::rule::{self, Rule};
use super::when::{self, Reader, When};

/// An event, or one instance of one that was changed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Event {
    /// Line of its `BEGIN`.
    pub(super) line: u64,
    pub(super) uid: Option<String>,
    /// Which instance of the event of that name this replaces.
    pub(super) instance: Option<When>,
    pub(super) version: Version,
    pub(super) is_cancelled: bool,
    pub(super) start: When,
    /// Of the local clock; whole days of an all-day event.
    pub(super) length: TimeDelta,
    pub(super) rule: Option<Rule>,
    /// Line of the rule; 0: none.
    pub(super) rule_line: u64,
    /// Other starts, with the length of those that have their own.
    pub(super) more: Vec<(When, Option<TimeDelta>)>,
    /// Starts at which it does not take place.
    pub(super) except: Vec<When>,
    pub(super) categories: Vec<String>,
    pub(super) summary: String,
}

/// How new an event is: of two the greater one stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version {
    sequence: u64,
    stamped: Option<NaiveDateTime>,
    modified: Option<NaiveDateTime>,
}

const PUBLISHED: &str =
    "correct the event in the calendar and export it again, or list its dates in the policy";

/// # Errors
/// Lines that cannot be read, contradict each other, or say what is not read.
pub(super) fn event(of: &Component, zones: &[ZoneDefinition], zone: Tz) -> Result<Event, IcsError> {
    let reader = Reader { zones, zone };
    refuse(of)?;
    let Some(first) = once(of, "DTSTART")? else {
        return Err(IcsError::new(of.line, "expected an event with `DTSTART`, found none", PUBLISHED));
    };
    let start = reader.when(first)?;
    let length = length(of, reader, start)?;
    let rule_line = once(of, "RRULE")?;
    let rule = rule_line.map(|line| rule::rule(line, start, reader)).transpose()?;
    let instance = match once(of, "RECURRENCE-ID")? {
        Some(line) if line.parameter("RANGE").is_some() => {
            let message =
                "expected a change of one instance, found `RANGE` for all that follow, which is not read";
            return Err(IcsError::new(line.number, message, PUBLISHED));
        }
        Some(line) => Some(reader.when(line)?),
        None => None,
    };
    let (mut more, mut except) = (Vec::new(), Vec::new());
    for line in &of.lines {
        for text in line.value.split(',').map(str::trim) {
            match line.name.as_str() {
                "RDATE"
                    if line.parameter("VALUE").is_some_and(|kind| kind.eq_ignore_ascii_case("PERIOD")) =>
                {
                    let (at, length) = reader.period(line, text)?;
                    more.push((like(start, at, line)?, Some(length)));
                }
                "RDATE" => more.push((like(start, reader.value(line, text)?, line)?, None)),
                "EXDATE" => {
                    let at = reader.value(line, text)?;
                    // A date stands for every start on it.
                    except.push(if matches!(at, When::Date(_)) { at } else { like(start, at, line)? });
                }
                _ => {}
            }
        }
    }
    Ok(Event {
        line: of.line,
        uid: once(of, "UID")?.map(|line| line.value.trim().to_owned()),
        instance,
        version: version(of)?,
        is_cancelled: once(of, "STATUS")?.is_some_and(|line| line.is("CANCELLED")),
        start,
        length,
        rule,
        rule_line: rule_line.map_or(0, |line| line.number),
        more,
        except,
        categories: categories(of),
        summary: of
            .lines
            .iter()
            .find(|line| line.name == "SUMMARY")
            .map_or_else(String::new, |line| text(&line.value)),
    })
}

/// What is not read and would change when the event takes place.
fn refuse(of: &Component) -> Result<(), IcsError> {
    let Some(line) = of.lines.iter().find(|line| line.name == "EXRULE") else { return Ok(()) };
    let message = format!(
        "expected `EXDATE` for days without the event, found `EXRULE:{}`, which is not read",
        line.value
    );
    Err(IcsError::new(line.number, message, PUBLISHED))
}

/// The line of that name.
fn once<'c>(of: &'c Component, name: &str) -> Result<Option<&'c Line>, IcsError> {
    let mut found = of.lines.iter().filter(|line| line.name == name);
    let first = found.next();
    match found.next() {
        None => Ok(first),
        Some(again) => {
            let message = format!("expected one `{name}` in an event, found another: `{}`", again.value);
            Err(IcsError::new(again.number, message, PUBLISHED))
        }
    }
}

/// How long the event lasts, by its end or its duration: a day where neither is given of a date.
fn length(of: &Component, reader: Reader<'_>, start: When) -> Result<TimeDelta, IcsError> {
    let (end, duration) = (once(of, "DTEND")?, once(of, "DURATION")?);
    if let (Some(_), Some(line)) = (end, duration) {
        let message = format!("expected `DTEND` or `DURATION`, found both: `DURATION:{}`", line.value);
        return Err(IcsError::new(line.number, message, PUBLISHED));
    }
    let line = end.or(duration);
    let length = match (start, end, duration) {
        (When::Date(from), Some(line), _) => match reader.when(line)? {
            When::Date(to) => to - from,
            When::Time(_) => return Err(mixed(line, start)),
        },
        (When::Time(from), Some(line), _) => match reader.when(line)? {
            When::Time(to) => when::between(from, to),
            When::Date(_) => return Err(mixed(line, start)),
        },
        (_, None, Some(line)) => {
            let whole =
                |length: &TimeDelta| matches!(start, When::Time(_)) || *length == days(length.num_days());
            when::duration(&line.value).filter(whole).ok_or_else(|| {
                let (unit, value) =
                    (if matches!(start, When::Date(_)) { "P1D" } else { "PT8H" }, &line.value);
                let message = format!("expected a duration such as `{unit}`, found `{value}`");
                IcsError::new(line.number, message, PUBLISHED)
            })?
        }
        (When::Date(_), None, None) => days(1),
        (When::Time(_), None, None) => TimeDelta::zero(),
    };
    if length < TimeDelta::zero() {
        let (number, value) = line.map_or((of.line, ""), |line| (line.number, line.value.as_str()));
        let message = format!("expected an end after the start, found `{value}`");
        return Err(IcsError::new(number, message, PUBLISHED));
    }
    // An end on the day of the start is written for that one day.
    Ok(if matches!(start, When::Date(_)) { length.max(days(1)) } else { length })
}

pub(super) fn days(n: i64) -> TimeDelta {
    TimeDelta::try_days(n).unwrap_or(TimeDelta::MAX)
}

fn mixed(line: &Line, start: When) -> IcsError {
    let kind = if matches!(start, When::Date(_)) { "a date" } else { "a time" };
    let message = format!("expected {kind}, as `DTSTART` has it, found `{}:{}`", line.name, line.value);
    IcsError::new(line.number, message, PUBLISHED)
}

/// `at`, which must be of the kind of `start`: a midnight stands for its date.
fn like(start: When, at: When, line: &Line) -> Result<When, IcsError> {
    match (start, at) {
        (When::Date(_), When::Time(time)) if time.local.time() == chrono::NaiveTime::MIN => {
            Ok(When::Date(time.local.date()))
        }
        (When::Date(_), When::Date(_)) | (When::Time(_), When::Time(_)) => Ok(at),
        _ => Err(mixed(line, start)),
    }
}

fn version(of: &Component) -> Result<Version, IcsError> {
    let sequence = match once(of, "SEQUENCE")? {
        Some(line) => line.value.trim().parse::<u64>().map_err(|_| {
            let message = format!("expected a whole number for `SEQUENCE`, found `{}`", line.value);
            IcsError::new(line.number, message, PUBLISHED)
        })?,
        None => 0,
    };
    // Stamps decide between versions of one number only: one that cannot be read decides nothing.
    let stamp = |name: &str| {
        let line = of.lines.iter().find(|line| line.name == name)?;
        NaiveDateTime::parse_from_str(line.value.trim().trim_end_matches('Z'), "%Y%m%dT%H%M%S").ok()
    };
    Ok(Version { sequence, stamped: stamp("DTSTAMP"), modified: stamp("LAST-MODIFIED") })
}

/// Commas separate categories, unless a backslash stands before them.
fn categories(of: &Component) -> Vec<String> {
    let mut all = Vec::new();
    for line in of.lines.iter().filter(|line| line.name == "CATEGORIES") {
        let mut from = 0;
        for (at, _) in line.value.match_indices(',').chain([(line.value.len(), "")]) {
            if !line.value[..at].ends_with('\\') {
                all.push(text(&line.value[from..at]));
                from = at + 1;
            }
        }
    }
    all
}

/// A text value as people read it, in one line.
fn text(value: &str) -> String {
    let mut plain = String::with_capacity(value.len());
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('n' | 'N') => plain.push(' '),
                Some(escaped) => plain.push(escaped),
                None => plain.push('\\'),
            },
            other => plain.push(other),
        }
    }
    plain.trim().to_owned()
}
