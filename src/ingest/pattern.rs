//! A strftime pattern, compiled to a short list of steps, and the parser that walks them (SPEC 3.3). Where
//! strptime takes one digit or two, so does this. Two-digit years are not guessed: `%y` is 2000 to 2099, said
//! by the profile that uses it. Numbers since 1970 (`%s`, `epoch_ms`) are instants, not local times.

use super::blanks::is_blank;
use super::timestamp::{Stamp, days, fraction, of_day, offset, stamp};
use crate::calendar::{Instant, SECOND};

/// One step of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Year4,
    Year2,
    Month,
    MonthName,
    Day,
    DayOfYear,
    WeekdayName,
    Hour24,
    Hour12,
    Minute,
    Second,
    Fraction,
    HalfDay,
    Offset,
    ZoneName,
    EpochSeconds,
    EpochMillis,
    Blank,
    Byte(u8),
}

/// A compiled pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    source: String,
    steps: Vec<Step>,
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
/// Names of zones that mean one offset only, in hours east of UTC: those of RFC 5322 and of central Europe.
const ZONES: [(&str, i32); 14] = [
    ("UTC", 0),
    ("GMT", 0),
    ("UT", 0),
    ("Z", 0),
    ("EST", -5),
    ("EDT", -4),
    ("CST", -6),
    ("CDT", -5),
    ("MST", -7),
    ("MDT", -6),
    ("PST", -8),
    ("PDT", -7),
    ("CET", 1),
    ("CEST", 2),
];
/// Milliseconds have so many digits at least (from 3 March 1973 on): seconds in their place are refused, not read as
/// January 1970.
const MILLIS_DIGITS: usize = 11;
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

impl Pattern {
    /// Compiles `source`, or says what in it is not understood.
    pub(super) fn compile(source: &str) -> Result<Pattern, String> {
        let mut steps = Vec::new();
        if source == "epoch_ms" {
            return Ok(Pattern { source: source.to_string(), steps: vec![Step::EpochMillis] });
        }
        let mut chars = source.chars();
        while let Some(c) = chars.next() {
            if c == '%' {
                let mut directive = chars.next().unwrap_or(' ');
                if matches!(directive, '-' | '_' | '0') {
                    directive = chars.next().unwrap_or(' ');
                }
                directive_steps(directive, &mut chars, &mut steps)?;
            } else if is_blank(c) {
                steps.push(Step::Blank);
            } else {
                let mut buffer = [0; 4];
                steps.extend(c.encode_utf8(&mut buffer).bytes().map(Step::Byte));
            }
        }
        complete(&steps)?;
        Ok(Pattern { source: source.to_string(), steps })
    }

    /// The pattern as the profile writes it.
    pub(super) fn source(&self) -> &str {
        &self.source
    }

    /// The first of `patterns` that a number since 1970 may fit too, with the one that reads such a number.
    pub(super) fn ambiguous(patterns: &[Pattern]) -> Option<(&Pattern, &Pattern)> {
        let epoch = patterns.iter().position(Pattern::is_epoch)?;
        let others = patterns.iter().enumerate().filter(|(i, _)| *i != epoch);
        let other = others.map(|(_, pattern)| pattern).find(|pattern| pattern.takes_number())?;
        Some((&patterns[epoch], other))
    }

    fn is_epoch(&self) -> bool {
        self.steps.iter().any(|step| matches!(step, Step::EpochSeconds | Step::EpochMillis))
    }

    /// True for a date without a time of day.
    pub(super) fn is_day(&self) -> bool {
        let is_time = |step: &Step| {
            matches!(step, Step::Hour24 | Step::Hour12 | Step::EpochSeconds | Step::EpochMillis)
        };
        !self.steps.iter().any(is_time)
    }

    /// True where digits alone, or with one decimal point, may fit it.
    pub(super) fn takes_number(&self) -> bool {
        let is_point = |step: &&Step| matches!(step, Step::Byte(b'.' | b','));
        let is_word = |step: &Step| match step {
            Step::MonthName | Step::WeekdayName | Step::HalfDay | Step::Offset | Step::ZoneName => true,
            Step::Byte(byte) => !byte.is_ascii_digit() && !matches!(byte, b'.' | b','),
            _ => false,
        };
        !self.steps.iter().any(is_word) && self.steps.iter().filter(is_point).count() < 2
    }

    /// Reads `text` to its end.
    pub(super) fn parse(&self, text: &[u8]) -> Option<Stamp> {
        let mut parts = Parts::default();
        let mut rest = text;
        for (i, step) in self.steps.iter().enumerate() {
            rest = parts.take(*step, rest)?;
            // A month cut short may end in a dot, which is no part of the pattern.
            let is_cut = *step == Step::MonthName && self.steps.get(i + 1) != Some(&Step::Byte(b'.'));
            rest = if is_cut { rest.strip_prefix(b".").unwrap_or(rest) } else { rest };
        }
        if rest.is_empty() { parts.stamp() } else { None }
    }
}

fn directive_steps(
    directive: char,
    rest: &mut std::str::Chars<'_>,
    steps: &mut Vec<Step>,
) -> Result<(), String> {
    use Step::*;
    let all: &[Step] = match directive {
        'Y' => &[Year4],
        'y' => &[Year2],
        'm' => &[Month],
        'b' | 'B' | 'h' => &[MonthName],
        'd' | 'e' => &[Day],
        'j' => &[DayOfYear],
        'a' | 'A' => &[WeekdayName],
        'H' | 'k' => &[Hour24],
        'I' | 'l' => &[Hour12],
        'M' => &[Minute],
        'S' => &[Second],
        'f' => &[Fraction],
        'p' | 'P' => &[HalfDay],
        'z' => &[Offset],
        'Z' => &[ZoneName],
        's' => &[EpochSeconds],
        ':' if rest.next() == Some('z') => &[Offset],
        'F' => &[Year4, Byte(b'-'), Month, Byte(b'-'), Day],
        'T' => &[Hour24, Byte(b':'), Minute, Byte(b':'), Second],
        'R' => &[Hour24, Byte(b':'), Minute],
        'D' => &[Month, Byte(b'/'), Day, Byte(b'/'), Year2],
        '%' => &[Byte(b'%')],
        '?' => return Err("it is not decided yet: write the form that holds".to_string()),
        other => return Err(format!("`%{other}` is not a directive that is read here")),
    };
    steps.extend_from_slice(all);
    Ok(())
}

/// A pattern must give a whole date and, with `%I`, the half of the day.
fn complete(steps: &[Step]) -> Result<(), String> {
    let has = |step: Step| steps.contains(&step);
    if has(Step::EpochSeconds) {
        let alone = steps.len() == 1;
        return if alone { Ok(()) } else { Err("`%s` is a whole instant and stands alone".to_string()) };
    }
    let year = has(Step::Year4) || has(Step::Year2);
    let month = has(Step::Month) || has(Step::MonthName);
    if !year || !(has(Step::DayOfYear) || month && has(Step::Day)) {
        return Err("it gives no whole date: year, month and day, or year and day of the year".to_string());
    }
    if has(Step::Hour12) && !has(Step::HalfDay) {
        return Err("`%I` needs `%p`: a half of the day is never guessed".to_string());
    }
    Ok(())
}

/// What has been read so far.
#[derive(Default)]
struct Parts {
    year: u32,
    month: u32,
    day: u32,
    day_of_year: u32,
    hour: u32,
    minute: u32,
    second: u32,
    micros: u32,
    twelve: bool,
    afternoon: bool,
    offset: Option<i32>,
    /// A whole instant, µs since 1970.
    at: Option<i64>,
}

impl Parts {
    fn take<'t>(&mut self, step: Step, text: &'t [u8]) -> Option<&'t [u8]> {
        let (slot, most) = match step {
            Step::Year4 => (&mut self.year, 4),
            Step::Month => (&mut self.month, 2),
            Step::Day => (&mut self.day, 2),
            Step::DayOfYear => (&mut self.day_of_year, 3),
            Step::Hour24 => (&mut self.hour, 2),
            Step::Minute => (&mut self.minute, 2),
            Step::Second => (&mut self.second, 2),
            other => return self.take_other(other, text),
        };
        let (value, length) = number(skip_blanks(text), most)?;
        *slot = value;
        if step == Step::Year4 && length < 4 {
            return None;
        }
        Some(&skip_blanks(text)[length..])
    }

    fn take_other<'t>(&mut self, step: Step, text: &'t [u8]) -> Option<&'t [u8]> {
        match step {
            Step::Year2 => {
                let (value, length) = number(text, 2)?;
                self.year = 2000 + value;
                (length == 2).then(|| &text[length..])
            }
            Step::Hour12 => {
                let text = skip_blanks(text);
                let (value, length) = number(text, 2)?;
                self.hour = value;
                self.twelve = true;
                (1..=12).contains(&value).then(|| &text[length..])
            }
            Step::MonthName => {
                let (index, rest) = name(text, &MONTHS)?;
                self.month = index as u32 + 1;
                Some(rest)
            }
            Step::WeekdayName => name(text, &WEEKDAYS).map(|(_, rest)| rest),
            Step::Fraction => {
                let (value, length) = fraction(text)?;
                self.micros = value;
                Some(&text[length..])
            }
            Step::HalfDay => self.half_day(text),
            Step::Offset => {
                let length = text.iter().take_while(|b| b"+-:Zz0123456789".contains(b)).count();
                self.offset = Some(offset(&text[..length])??);
                Some(&text[length..])
            }
            Step::ZoneName => self.zone_name(text),
            Step::EpochSeconds => self.epoch(text, SECOND, 1),
            Step::EpochMillis => self.epoch(text, SECOND / 1_000, MILLIS_DIGITS),
            Step::Blank => Some(skip_blanks(text)),
            Step::Byte(byte) => text.strip_prefix(&[byte]),
            _ => None,
        }
    }

    /// `am`, `pm`, `a.m.`, `p.m.`, case aside.
    fn half_day<'t>(&mut self, text: &'t [u8]) -> Option<&'t [u8]> {
        self.afternoon = match text.first()? {
            b'a' | b'A' => false,
            b'p' | b'P' => true,
            _ => return None,
        };
        match &text[1..] {
            [b'm' | b'M', rest @ ..] | [b'.', b'm' | b'M', b'.', rest @ ..] => Some(rest),
            _ => None,
        }
    }

    fn zone_name<'t>(&mut self, text: &'t [u8]) -> Option<&'t [u8]> {
        let length = text.iter().take_while(|b| b.is_ascii_alphabetic()).count();
        let (word, rest) = text.split_at(length);
        let (_, hours) = ZONES.iter().find(|(name, _)| name.as_bytes().eq_ignore_ascii_case(word))?;
        self.offset = Some(hours * 3_600);
        Some(rest)
    }

    /// A number of units of `unit` µs since 1970, of `least` digits or more, perhaps with decimals: those beyond
    /// microseconds are cut.
    fn epoch<'t>(&mut self, text: &'t [u8], unit: i64, least: usize) -> Option<&'t [u8]> {
        let (sign, digits) = text.strip_prefix(b"-").map_or((1, text), |digits| (-1, digits));
        let length = digits.iter().take_while(|b| b.is_ascii_digit()).count();
        if length < least {
            return None;
        }
        let number = std::str::from_utf8(&digits[..length]).ok()?.parse::<i64>().ok()?;
        let mut micros = number.checked_mul(unit)?;
        let mut rest = &digits[length..];
        if let [b'.' | b',', decimals @ ..] = rest {
            let (millionths, length) = fraction(decimals)?;
            micros = micros.checked_add(i64::from(millionths) * unit / SECOND)?;
            rest = &decimals[length..];
        }
        self.at = Some(sign * micros);
        Some(rest)
    }

    fn stamp(&self) -> Option<Stamp> {
        if let Some(at) = self.at {
            let range = Instant::MIN.micros()..=Instant::MAX.micros();
            return range.contains(&at).then_some(Stamp::At(at));
        }
        let day = if self.day_of_year > 0 {
            let first = days(self.year as i32, 1, 1)?;
            let length = days(self.year as i32, 12, 31)? - first + 1;
            (i64::from(self.day_of_year) <= length).then_some(first + i64::from(self.day_of_year) - 1)?
        } else {
            days(self.year as i32, self.month, self.day)?
        };
        let hour = if self.twelve { self.hour % 12 + 12 * u32::from(self.afternoon) } else { self.hour };
        stamp(day, of_day(hour, self.minute, self.second, self.micros)?, self.offset)
    }
}

fn skip_blanks(text: &[u8]) -> &[u8] {
    text.trim_ascii_start()
}

/// Up to `most` digits, at least one.
fn number(text: &[u8], most: usize) -> Option<(u32, usize)> {
    let length = text.iter().take(most).take_while(|b| b.is_ascii_digit()).count();
    let value = text[..length].iter().fold(0, |n, b| n * 10 + u32::from(b - b'0'));
    (length > 0).then_some((value, length))
}

/// A name in full, or cut short to its first three letters or more (`Sep`, `Sept`), case aside.
fn name<'t>(text: &'t [u8], names: &[&str]) -> Option<(usize, &'t [u8])> {
    let length = text.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let (word, rest) = text.split_at(length);
    let is_of =
        |name: &&str| name.as_bytes().get(..length).is_some_and(|start| start.eq_ignore_ascii_case(word));
    let index = names.iter().position(is_of).filter(|_| length >= 3)?;
    Some((index, rest))
}
