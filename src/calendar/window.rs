//! Opening hours as text and as windows of a local day (SPEC 4). No dates, no zones.

use std::fmt;

/// Seconds in a local day of the wall clock.
pub const DAY: u32 = 86_400;

/// A stretch of a local day, seconds after its midnight, half open; `to` is above [`DAY`] where the window
/// passes midnight, and at most two days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Window {
    /// First second.
    pub from: u32,
    /// First second after it.
    pub to: u32,
}

/// What kind of thing is wrong with a calendar's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalendarErrorKind {
    /// The text cannot be understood.
    Text,
    /// Two windows of a date, or of one weekday and the next, overlap.
    Overlap,
    /// A weekday is named twice.
    Twice,
}

/// Why a calendar's text is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarError {
    /// What kind of thing.
    pub kind: CalendarErrorKind,
    /// What was found, back-ticks round the user's text.
    pub found: String,
    /// What was expected.
    pub expected: String,
    /// The way out.
    pub hint: String,
}

impl CalendarError {
    /// Text that cannot be understood.
    pub(super) fn text(found: &str, expected: &str, hint: &str) -> CalendarError {
        let kind = CalendarErrorKind::Text;
        CalendarError { kind, found: format!("`{found}`"), expected: expected.into(), hint: hint.into() }
    }

    fn overlap(found: String, hint: &str) -> CalendarError {
        let kind = CalendarErrorKind::Overlap;
        CalendarError { kind, found, expected: "windows that do not overlap".into(), hint: hint.into() }
    }
}

impl fmt::Display for CalendarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}, found {}", self.expected, self.found)
    }
}

impl std::error::Error for CalendarError {}

/// Reads `08:00-17:00`, `08:00-12:00, 13:00-17:00`, `22:00-06:00` (past midnight), `24h` or `closed` into windows
/// in order (SPEC 4).
///
/// # Errors
/// Text that is none of these, an empty window, or windows that overlap.
///
/// ```
/// use slaudit::calendar::{Window, parse_hours};
/// assert_eq!(parse_hours("22:00-06:00").unwrap(), [Window { from: 79_200, to: 108_000 }]);
/// assert!(parse_hours("08:00-08:00").is_err());
/// ```
pub fn parse_hours(text: &str) -> Result<Vec<Window>, CalendarError> {
    match text.trim() {
        "24h" => return Ok(vec![Window { from: 0, to: DAY }]),
        "closed" => return Ok(Vec::new()),
        _ => {}
    }
    let mut windows = text.split(',').map(|part| parse_window(part.trim())).collect::<Result<Vec<_>, _>>()?;
    windows.sort_unstable();
    if let Some(pair) = windows.windows(2).find(|pair| pair[1].from < pair[0].to) {
        let found = format!("`{}` and `{}`", hours_text(&pair[..1]), hours_text(&pair[1..]));
        return Err(CalendarError::overlap(found, "join them into one window, or move one"));
    }
    Ok(windows)
}

fn parse_window(text: &str) -> Result<Window, CalendarError> {
    let wrong = || {
        let expected = "hours such as `08:00-17:00`, `24h` or `closed`";
        CalendarError::text(text, expected, "write HH:MM-HH:MM, several separated by commas")
    };
    let (from, to) = text.split_once('-').ok_or_else(wrong)?;
    let from = parse_time(from.trim()).filter(|t| *t < DAY).ok_or_else(wrong)?;
    let to = parse_time(to.trim()).ok_or_else(wrong)?;
    if from == to {
        return Err(CalendarError::text(
            text,
            "a window with some time in it",
            "write `24h` for a whole day, `closed` for none",
        ));
    }
    Ok(Window { from, to: if to < from { to + DAY } else { to } })
}

/// `HH:MM` or `HH:MM:SS`, up to `24:00`, in seconds after midnight.
pub(super) fn parse_time(text: &str) -> Option<u32> {
    let mut parts = text.split(':');
    let mut number = |below: u32| {
        let part = parts.next()?;
        let digits = part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        part.parse::<u32>().ok().filter(|n| digits && *n < below)
    };
    let (hour, minute) = (number(25)?, number(60)?);
    let second = if text.len() > 5 { number(60)? } else { 0 };
    let seconds = hour * 3_600 + minute * 60 + second;
    (parts.next().is_none() && seconds <= DAY).then_some(seconds)
}

/// The names of weekdays, Monday first.
pub const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Reads `mon`, `mon-fri`, `sat-mon` or `mon, wed` into weekdays, 0 is Monday.
///
/// # Errors
/// A name that is not one of the seven; a weekday named twice.
pub fn parse_weekdays(text: &str) -> Result<Vec<usize>, CalendarError> {
    let mut days = Vec::new();
    for part in text.split(',') {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        let (from, to) = (weekday(from.trim())?, weekday(to.trim())?);
        for i in 0..=(to + 7 - from) % 7 {
            let day = (from + i) % 7;
            if days.contains(&day) {
                return Err(twice(day));
            }
            days.push(day);
        }
    }
    Ok(days)
}

fn weekday(text: &str) -> Result<usize, CalendarError> {
    let found = WEEKDAYS.iter().position(|name| name.eq_ignore_ascii_case(text));
    found.ok_or_else(|| {
        let hint = "the weekdays are mon, tue, wed, thu, fri, sat, sun";
        CalendarError::text(text, "a weekday or a range such as `mon-fri`", hint)
    })
}

fn twice(day: usize) -> CalendarError {
    CalendarError {
        kind: CalendarErrorKind::Twice,
        found: format!("`{}` twice", WEEKDAYS[day]),
        expected: "each weekday once".into(),
        hint: "give each weekday its hours in one entry".into(),
    }
}

/// Hours of a whole week from its entries, Monday first (SPEC 4).
///
/// # Errors
/// A weekday given twice; windows that run past midnight into those of the next weekday.
pub fn week_of(entries: &[(Vec<usize>, Vec<Window>)]) -> Result<[Vec<Window>; 7], CalendarError> {
    let mut week: [Option<Vec<Window>>; 7] = Default::default();
    for (days, windows) in entries {
        for &day in days {
            if week[day].replace(windows.clone()).is_some() {
                return Err(twice(day));
            }
        }
    }
    let week = week.map(Option::unwrap_or_default);
    for day in 0..7 {
        let next = &week[(day + 1) % 7];
        let (Some(last), Some(first)) = (week[day].last(), next.first()) else { continue };
        if last.to > DAY + first.from {
            let (a, b) = (WEEKDAYS[day], WEEKDAYS[(day + 1) % 7]);
            let found = format!("`{a}` until {} and `{b}` from {}", clock(last.to - DAY), clock(first.from));
            return Err(CalendarError::overlap(found, "end the earlier window where the later one begins"));
        }
    }
    Ok(week)
}

fn clock(seconds: u32) -> String {
    let (h, m, s) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if s == 0 { format!("{h:02}:{m:02}") } else { format!("{h:02}:{m:02}:{s:02}") }
}

/// The text that [`parse_hours`] reads back to the same windows.
pub fn hours_text(windows: &[Window]) -> String {
    match windows {
        [] => "closed".into(),
        [Window { from: 0, to: DAY }] => "24h".into(),
        _ => {
            let part = |w: &Window| {
                let to = if w.to > DAY { w.to - DAY } else { w.to };
                format!("{}-{}", clock(w.from), clock(to))
            };
            windows.iter().map(part).collect::<Vec<_>>().join(", ")
        }
    }
}
