//! A recurrence rule (RFC 5545, 3.3.10) as data. Refused: what is not read (`BYHOUR`, `BYWEEKNO` …), and what readers
//! understand differently.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc, Weekday};

use super::IcsError;
use super::lines::Line;
use super::when::{Reader, When};

/// How often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Frequency {
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

/// When a rule ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Never,
    /// After so many instances.
    Count(u32),
    /// With that date, which is included.
    Date(NaiveDate),
    /// With that instant, which is included.
    Instant(DateTime<Utc>),
    /// With that time of the event's own clock, which is included.
    Local(NaiveDateTime),
}

/// `FREQ=YEARLY;BYMONTH=11;BYDAY=4TH`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) frequency: Frequency,
    /// Every how many days, weeks, months or years; at least 1.
    pub(super) interval: u32,
    pub(super) end: End,
    pub(super) months: Vec<u32>,
    /// From the end of the month where below zero.
    pub(super) month_days: Vec<i32>,
    /// Weekdays: every one (0), or the n-th of the month or year, from its end where below zero.
    pub(super) weekdays: Vec<(i32, Weekday)>,
    /// Which of a period's dates, from the end where below zero; none: all.
    pub(super) positions: Vec<i32>,
    /// On which day a week begins.
    pub(super) week_start: Weekday,
}

const HINT: &str =
    "repeat the event in one of the ways that docs/policy.md lists, or list its dates one by one";

/// Reads the rule of an event that begins at `start`.
///
/// # Errors
/// See above.
pub(super) fn rule(line: &Line, start: When, reader: Reader<'_>) -> Result<Rule, IcsError> {
    let text = line.value.trim().trim_end_matches(';');
    let wrong = |expected: String| {
        IcsError::new(line.number, format!("expected {expected}, found `RRULE:{text}`"), HINT)
    };
    let mut rule = Rule {
        frequency: Frequency::Yearly,
        interval: 1,
        end: End::Never,
        months: Vec::new(),
        month_days: Vec::new(),
        weekdays: Vec::new(),
        positions: Vec::new(),
        week_start: Weekday::Mon,
    };
    let mut seen: Vec<String> = Vec::new();
    for part in text.split(';') {
        let (name, value) =
            part.split_once('=').ok_or_else(|| wrong(format!("parts such as `FREQ=YEARLY` for `{part}`")))?;
        let (name, value) = (name.trim().to_ascii_uppercase(), value.trim().to_ascii_uppercase());
        if seen.contains(&name) {
            return Err(wrong(format!("`{name}` once")));
        }
        match name.as_str() {
            "UNTIL" => rule.end = until(&value, start, line, reader)?,
            _ => take(&mut rule, &name, &value).map_err(&wrong)?,
        }
        seen.push(name);
    }
    let has = |name: &str| seen.iter().any(|own| own == name);
    if !has("FREQ") {
        return Err(wrong("`FREQ`".to_owned()));
    }
    if has("COUNT") && has("UNTIL") {
        return Err(wrong("`COUNT` or `UNTIL`, not both".to_owned()));
    }
    contradictions(&rule).map_err(wrong)?;
    Ok(rule)
}

/// Takes one part; what is wrong with it comes back as what was expected.
fn take(rule: &mut Rule, name: &str, value: &str) -> Result<(), String> {
    let above_zero = || {
        value
            .parse::<u32>()
            .ok()
            .filter(|n| *n > 0)
            .ok_or_else(|| format!("a number above zero for `{name}`"))
    };
    match name {
        "FREQ" => {
            rule.frequency = match value {
                "DAILY" => Frequency::Daily,
                "WEEKLY" => Frequency::Weekly,
                "MONTHLY" => Frequency::Monthly,
                "YEARLY" => Frequency::Yearly,
                _ => return Err("`FREQ` to be `DAILY`, `WEEKLY`, `MONTHLY` or `YEARLY`".to_owned()),
            }
        }
        "INTERVAL" => rule.interval = above_zero()?,
        "COUNT" => rule.end = End::Count(above_zero()?),
        "WKST" => rule.week_start = weekday(value).ok_or("a day such as `MO` for `WKST`")?,
        "BYMONTH" => {
            let month = |n: i32| u32::try_from(n).ok().filter(|n| (1..=12).contains(n));
            rule.months = numbers(value, 12)
                .and_then(|all| all.into_iter().map(month).collect())
                .ok_or("months from 1 to 12 for `BYMONTH`")?;
        }
        "BYMONTHDAY" => {
            rule.month_days =
                numbers(value, 31).ok_or("days from 1 to 31, or -31 to -1, for `BYMONTHDAY`")?;
        }
        "BYSETPOS" => {
            rule.positions =
                numbers(value, 366).ok_or("places from 1 to 366, or -366 to -1, for `BYSETPOS`")?;
        }
        "BYDAY" => {
            let days = value.split(',').map(|day| numbered_weekday(day.trim())).collect::<Option<Vec<_>>>();
            rule.weekdays = days.ok_or("days such as `MO`, `4TH` or `-1MO` for `BYDAY`")?;
        }
        _ => return Err(format!("no `{name}`, which is not read")),
    }
    Ok(())
}

/// What the format forbids, since it has no meaning.
fn contradictions(rule: &Rule) -> Result<(), String> {
    let has_ordinal = rule.weekdays.iter().any(|(n, _)| *n != 0);
    let by_month = matches!(rule.frequency, Frequency::Monthly | Frequency::Yearly);
    let narrows = !rule.months.is_empty() || !rule.month_days.is_empty() || !rule.weekdays.is_empty();
    if has_ordinal && !by_month {
        return Err("the n-th weekday only of months and years".to_owned());
    }
    if !rule.month_days.is_empty() && rule.frequency == Frequency::Weekly {
        return Err("no `BYMONTHDAY` in a rule of weeks".to_owned());
    }
    if !rule.positions.is_empty() && !narrows {
        return Err("`BYSETPOS` beside `BYDAY`, `BYMONTH` or `BYMONTHDAY`".to_owned());
    }
    Ok(())
}

/// `UNTIL` must be of the kind of the start: a UTC time for one with a zone, a local one for one without. For a date the
/// date of a time will do, which is how many write it.
fn until(value: &str, start: When, line: &Line, reader: Reader<'_>) -> Result<End, IcsError> {
    let plain = Line { parameters: Vec::new(), ..line.clone() };
    let until = reader.value(&plain, value)?;
    match (start, until) {
        (When::Date(_), until) => Ok(End::Date(until.date())),
        (When::Time(from), When::Time(to)) if from.is_floating && to.is_floating => Ok(End::Local(to.local)),
        (When::Time(from), When::Time(to)) if !from.is_floating && !to.is_floating => {
            Ok(End::Instant(to.instant()))
        }
        (When::Time(from), _) => {
            let form = if from.is_floating { "20261231T235959" } else { "20261231T235959Z" };
            let message = format!("expected `UNTIL` as the start has its time, `{form}`, found `{value}`");
            Err(IcsError::new(line.number, message, "other readers take another last day from it"))
        }
    }
}

/// Numbers with commas between, none of them zero or farther from it than `most`.
fn numbers(text: &str, most: i32) -> Option<Vec<i32>> {
    let number = |part: &str| {
        let n = part.trim().trim_start_matches('+').parse::<i32>().ok()?;
        (n != 0 && n.abs() <= most).then_some(n)
    };
    text.split(',').map(number).collect()
}

fn numbered_weekday(text: &str) -> Option<(i32, Weekday)> {
    let (n, day) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let n = if n.is_empty() { 0 } else { numbers(n, 53).filter(|all| all.len() == 1)?[0] };
    Some((n, weekday(day)?))
}

fn weekday(text: &str) -> Option<Weekday> {
    Some(match text {
        "MO" => Weekday::Mon,
        "TU" => Weekday::Tue,
        "WE" => Weekday::Wed,
        "TH" => Weekday::Thu,
        "FR" => Weekday::Fri,
        "SA" => Weekday::Sat,
        "SU" => Weekday::Sun,
        _ => return None,
    })
}
