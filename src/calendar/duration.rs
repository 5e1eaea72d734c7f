//! Promised lengths of time as a policy writes them: `4 business hours`, `24 hours`, `2bd` (SPEC 4).
//! Not measured time: that is whole microseconds, `i64`.

use std::fmt;

use super::instant::SECOND;

/// The unit of a [`Duration`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Elapsed seconds, 1 s.
    Seconds,
    /// Elapsed minutes, 60 s.
    Minutes,
    /// Elapsed hours, 3,600 s.
    Hours,
    /// Elapsed days, 24 hours always.
    Days,
    /// Elapsed weeks, 7 days.
    Weeks,
    /// Seconds of open time.
    BusinessSeconds,
    /// Minutes of open time.
    BusinessMinutes,
    /// Hours of open time.
    BusinessHours,
    /// Working dates, SPEC 5.3.
    BusinessDays,
}

/// What a [`Duration`] counts, once its unit is resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Amount {
    /// Wall time, microseconds.
    Elapsed(i64),
    /// Open time of a calendar, microseconds.
    Business(i64),
    /// Working dates of a calendar, SPEC 5.3.
    BusinessDays(u32),
}

/// How a duration was written, so that it is shown as its author wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Form {
    /// `4 business hours`.
    #[default]
    Long,
    /// `4bh`.
    Short,
}

/// One whole number and one unit (SPEC 4).
#[derive(Clone, Copy, Debug, Eq)]
pub struct Duration {
    /// How many units.
    pub count: u32,
    /// Of what.
    pub unit: Unit,
    /// How it is written; two durations are equal whatever their forms.
    pub form: Form,
}

impl PartialEq for Duration {
    fn eq(&self, other: &Duration) -> bool {
        (self.count, self.unit) == (other.count, other.unit)
    }
}

/// Every unit with its singular and its short form.
const UNITS: [(Unit, &str, &str); 9] = [
    (Unit::Seconds, "second", "s"),
    (Unit::Minutes, "minute", "m"),
    (Unit::Hours, "hour", "h"),
    (Unit::Days, "day", "d"),
    (Unit::Weeks, "week", "w"),
    (Unit::BusinessSeconds, "business second", "bs"),
    (Unit::BusinessMinutes, "business minute", "bm"),
    (Unit::BusinessHours, "business hour", "bh"),
    (Unit::BusinessDays, "business day", "bd"),
];

impl Unit {
    /// Every unit as it is written: the long form for one, to which `s` may be added, and the short form.
    pub fn names() -> impl Iterator<Item = (&'static str, &'static str)> {
        UNITS.iter().map(|(_, long, short)| (*long, *short))
    }
}

/// Most units that a duration may count.
const MAX_COUNT: u32 = 3_999_999_999;
/// Days in 10,000 years: more than there are between two instants. What is longer is as long.
const MAX_DAYS: u32 = 3_652_425;
/// The same in seconds.
const MAX_SECONDS: i64 = MAX_DAYS as i64 * 86_400;

/// Why a text is no duration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DurationError {
    /// The text.
    pub found: String,
    /// The way out.
    pub hint: String,
}

impl fmt::Display for DurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected one whole number and one unit, found `{}`", self.found)
    }
}

impl std::error::Error for DurationError {}

impl Duration {
    /// Zero, allowed for `grace` and `tolerance` only.
    pub const ZERO: Duration = Duration { count: 0, unit: Unit::Seconds, form: Form::Long };

    /// Reads `4 business hours`, `1 day`, `90m`, `2bd` (SPEC 4).
    ///
    /// # Errors
    /// Anything but one whole number, at most 3,999,999,999, and one unit.
    ///
    /// ```
    /// use slaudit::calendar::{Duration, Unit};
    /// let four = Duration::parse("4 business hours").unwrap();
    /// assert_eq!((four.count, four.unit), (4, Unit::BusinessHours));
    /// assert_eq!(four, Duration::parse("4bh").unwrap());
    /// assert!(Duration::parse("1.5 hours").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Duration, DurationError> {
        let error = |hint: String| DurationError { found: text.into(), hint };
        let trimmed = text.trim();
        let digits = trimmed.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = trimmed.split_at(digits);
        let words = rest.split_ascii_whitespace().collect::<Vec<_>>().join(" ").to_ascii_lowercase();
        if number.is_empty() || words.is_empty() {
            return Err(error("write a number and a unit, for example `4 business hours` or `24h`".into()));
        }
        let unit = UNITS.iter().find(|(_, long, short)| {
            words == *short || words == *long || words.strip_suffix('s') == Some(long)
        });
        let Some((unit, _, short)) = unit else { return Err(error(unit_hint(&words))) };
        let count = number.parse().ok().filter(|count| *count <= MAX_COUNT);
        let count = count.ok_or_else(|| error(format!("the number may be at most {MAX_COUNT}")))?;
        let form = if words == *short { Form::Short } else { Form::Long };
        Ok(Duration { count, unit: *unit, form })
    }

    /// The duration in what it counts; one of more than 10,000 years is as good as endless, and comes to these.
    pub const fn amount(self) -> Amount {
        let seconds = match self.unit {
            Unit::Seconds | Unit::BusinessSeconds => 1,
            Unit::Minutes | Unit::BusinessMinutes => 60,
            Unit::Hours | Unit::BusinessHours => 3_600,
            Unit::Days => 86_400,
            Unit::Weeks => 604_800,
            Unit::BusinessDays => {
                return Amount::BusinessDays(if self.count > MAX_DAYS { MAX_DAYS } else { self.count });
            }
        };
        let seconds = self.count as i64 * seconds;
        let micros = if seconds > MAX_SECONDS { MAX_SECONDS } else { seconds } * SECOND;
        match self.unit {
            Unit::BusinessSeconds | Unit::BusinessMinutes | Unit::BusinessHours => Amount::Business(micros),
            _ => Amount::Elapsed(micros),
        }
    }
}

fn unit_hint(words: &str) -> String {
    let likeness = |name: &str| (strsim::jaro_winkler(words, name) * 1e6) as u32;
    let names = UNITS.iter().flat_map(|(_, long, short)| [format!("{long}s"), (*short).to_string()]);
    match names.max_by_key(|name| likeness(name)).filter(|name| likeness(name) > 800_000) {
        Some(name) => format!("did you mean `{name}`?"),
        None => {
            "the units are seconds, minutes, hours, days, weeks and business seconds, minutes, hours, days"
                .into()
        }
    }
}

impl fmt::Display for Duration {
    /// In the form in which it was written: `4 business hours` or `4bh`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = UNITS.iter().find(|(unit, ..)| *unit == self.unit);
        let (long, short) = names.map_or(("", ""), |(_, long, short)| (*long, *short));
        match (self.form, self.count) {
            (Form::Short, count) => write!(f, "{count}{short}"),
            (Form::Long, 1) => write!(f, "1 {long}"),
            (Form::Long, count) => write!(f, "{count} {long}s"),
        }
    }
}
