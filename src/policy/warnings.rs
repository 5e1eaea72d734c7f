//! What is allowed and most likely a slip: a calendar that never opens, hours the wrong way round, what nothing uses or can
//! be judged by (SPEC 5.7). Sound policies have none. What is wrong is no warning: the readers refuse it.

use chrono::{Datelike, NaiveDate};

use super::model::{Book, Policy, SeverityRule};
use crate::calendar::{Calendar, DAY, Window, hours_text};

/// Longest window past midnight that is not taken for one written the wrong way round, in seconds.
const LONGEST_NIGHT: u32 = 12 * 3_600;

/// What is odd about the policies of `book`, a sentence each, in order of the versions; what several have is told once.
pub fn warnings(book: &Book) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for version in &book.versions {
        let of =
            if book.versions.len() > 1 { format!(" (version {})", version.version) } else { String::new() };
        for message in of_version(version) {
            if !all.iter().any(|told| told.starts_with(&message)) {
                all.push(message + &of);
            }
        }
    }
    all
}

fn of_version(policy: &Policy) -> Vec<String> {
    let mut all = Vec::new();
    for (i, calendar) in policy.calendars.iter().enumerate() {
        let name = &calendar.name;
        if is_never_open(calendar, policy.effective_from) {
            all.push(format!("calendar `{name}` is never open: nothing that is measured on it can be late"));
        }
        all.extend(reversed(calendar));
        all.extend(files(calendar));
        if let Some((from, end)) = policy.effective_from.zip(lists_end(calendar))
            && end.year() < from.year()
        {
            all.push(format!(
                "the holidays of calendar `{name}` end on {end}, before the policy takes effect: later ones count as \
                 working time"
            ));
        }
        if policy.calendars.len() > 1 && !policy.severities.iter().any(|rule| rule.calendar == i) {
            all.push(format!("calendar `{name}` is used by no severity: nothing is measured on it"));
        }
    }
    all.extend(policy.objectives.iter().filter_map(|(key, _)| unjudged(policy, key)));
    all
}

/// True where no date has any hours, `since` the policy takes effect: because none are given, or because holidays close every
/// date that would have some. A calendar file is laid out to the year 2100; what lies beyond does not count.
fn is_never_open(calendar: &Calendar, since: Option<NaiveDate>) -> bool {
    if calendar.days.values().any(|windows| !windows.is_empty()) {
        return false;
    }
    let (Some(first), Some(last)) =
        (since.or_else(|| NaiveDate::from_ymd_opt(2000, 1, 1)), NaiveDate::from_ymd_opt(2099, 12, 31))
    else {
        return false;
    };
    calendar.week.iter().all(Vec::is_empty)
        || (first < last
            && first.iter_days().take_while(|on| *on <= last).all(|on| calendar.day(on).0.is_empty()))
}

/// Windows past midnight over more than half a day, unless the rest of the day is given too.
fn reversed(calendar: &Calendar) -> Option<String> {
    let is_odd = |windows: &&Vec<Window>| {
        let length: u32 = windows.iter().map(|window| window.to - window.from).sum();
        length < DAY
            && windows.iter().any(|window| window.to > DAY && window.to - window.from > LONGEST_NIGHT)
    };
    let windows = calendar.week.iter().chain(calendar.days.values()).find(is_odd)?;
    let hours = hours_text(windows);
    let turned = match windows.as_slice() {
        [only] => format!(
            "; if the day is meant, write `{}`",
            hours_text(&[Window { from: only.to - DAY, to: only.from }])
        ),
        _ => String::new(),
    };
    let name = &calendar.name;
    Some(format!("calendar `{name}` has `{hours}`, which runs overnight for more than half the day{turned}"))
}

/// Files that close nothing, and names of events that no file has.
fn files(calendar: &Calendar) -> Vec<String> {
    let mut all = Vec::new();
    for file in &calendar.holiday_files {
        let (name, path) = (&calendar.name, &file.path);
        if file.closings.dates.is_empty() && file.closings.hours.is_empty() {
            all.push(format!("`{path}`, holidays of calendar `{name}`, closes nothing"));
        }
        for unknown in &file.closings.unknown {
            all.push(format!(
                "`{path}`, holidays of calendar `{name}`, has no event of the name or category `{unknown}`"
            ));
        }
    }
    all
}

/// The date with which the last of the calendar's lists of holidays ends; `None` where one goes on without an end, or there
/// is none.
pub(crate) fn lists_end(calendar: &Calendar) -> Option<NaiveDate> {
    if !calendar.holiday_sets.is_empty() {
        return None;
    }
    let mut ends = Vec::new();
    for (_, end) in calendar.lists() {
        ends.push(end?);
    }
    ends.into_iter().max()
}

/// An objective of which no clock will ever have a target.
fn unjudged(policy: &Policy, key: &str) -> Option<String> {
    let (metric, level) = match key.split_once(".severity.") {
        Some((metric, level)) => (metric, level.parse::<u8>().ok()),
        None => (key, None),
    };
    let has_target = |rule: &SeverityRule| match metric {
        "first_response" => rule.first_response.is_some(),
        "next_response" => rule.next_response.is_some(),
        "update" => rule.update.is_some(),
        "resolution" => rule.resolution.is_some(),
        _ => policy.after_hours.is_some_and(|after_hours| after_hours.first_response.is_some()),
    };
    let mut rules = policy.severities.iter().filter(|rule| level.is_none_or(|level| rule.level == level));
    if !rules.clone().any(has_target) {
        return Some(format!("objective `{key}` cannot be judged: the policy sets no target for it"));
    }
    let is_after_hours = metric == "after_hours_response";
    let never_closed = |rule: &SeverityRule| policy.calendars.get(rule.calendar).is_some_and(is_always_open);
    (is_after_hours && rules.all(never_closed))
        .then(|| format!("objective `{key}` cannot be judged: the calendar is never closed"))
}

/// True where the week is open day and night and nothing takes any of it away.
fn is_always_open(calendar: &Calendar) -> bool {
    let is_whole = |windows: &Vec<Window>| windows.iter().any(|window| window.from == 0 && window.to >= DAY);
    calendar.week.iter().chain(calendar.days.values()).all(is_whole)
        && calendar.holidays.is_empty()
        && calendar.holiday_sets.is_empty()
        && calendar.holiday_files.is_empty()
        && calendar.closed.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{BUILT_IN, built_in, load_built_in, parse};

    fn of(text: &str) -> Vec<String> {
        let text = format!(
            "timezone = \"UTC\"\n{text}\n[[severity]]\nlevel = 1\ncalendar = \"a\"\nupdate = \"1 day\"\n"
        );
        warnings(&parse("p.toml", text.as_bytes()).unwrap())
    }

    #[test]
    fn shipped_policies_bring_none() {
        assert_eq!(warnings(&built_in()), [""; 0]);
        for (name, _) in BUILT_IN {
            assert_eq!(warnings(&load_built_in(name).unwrap()), [""; 0], "{name}");
        }
    }

    #[test]
    fn only_what_is_odd_is_told() {
        let sound = [
            "[calendars.a]\nhours = { mon-fri = \"08:00-17:00\" }\nholidays = [\"us-federal\", \"2030-12-24\"]",
            "[calendars.a]\nhours = { mon-sun = \"22:00-06:00\" }",
            "[calendars.a]\nhours = { mon-sun = \"20:00-08:00\" }",
            "[calendars.a]\nhours = { mon-thu = \"08:00-17:00, 17:00-08:00\" }",
            "[calendars.a]\nhours = { mon-sun = \"closed\" }\ndays = { 2026-01-01 = \"24h\" }",
            "effective_from = 2026-01-01\n[calendars.a]\nhours = { mon = \"24h\" }\nholidays = [\"2026-01-01\"]",
            "objectives = { update = 0.9, \"update.severity.1\" = 0.9 }\n[calendars.a]\nhours = { mon = \"24h\" }",
        ];
        for text in sound {
            assert_eq!(of(text), [""; 0], "{text}");
        }
        for (text, said) in [
            ("[calendars.a]\nhours = { mon-sun = \"closed\" }", "`a` is never open"),
            (
                "[calendars.a]\nhours = { mon-fri = \"17:00-08:00\" }",
                "if the day is meant, write `08:00-17:00`",
            ),
            (
                "[calendars.a]\nhours = { mon = \"24h\" }\ndays = { 2026-01-01 = \"18:00-07:00\" }",
                "overnight",
            ),
            (
                "[calendars.a]\nhours = { mon = \"24h\" }\n[calendars.b]\nhours = { mon = \"24h\" }",
                "`b` is used by no",
            ),
            (
                "effective_from = 2026-01-01\n[calendars.a]\nhours = { mon = \"24h\" }\nholidays = [\"2025-12-25\"]",
                "end on 2025-12-25",
            ),
            (
                "objectives = { resolution = 0.9 }\n[calendars.a]\nhours = { mon = \"24h\" }",
                "`resolution` cannot be judged",
            ),
            (
                "objectives = { after_hours_response = 0.9 }\n[calendars.a]\nhours = { mon = \"24h\" }",
                "cannot be judged",
            ),
            (
                "objectives = { after_hours_response = 0.9 }\nafter_hours = { first_response = \"1 day\" }\n\
                 [calendars.a]\nhours = { mon-sun = \"24h\" }",
                "the calendar is never closed",
            ),
        ] {
            let all = of(text);
            assert!(all.len() == 1 && all[0].contains(said), "{text}: {all:?}");
        }
    }

    #[test]
    fn holidays_that_close_every_date_leave_a_calendar_never_open() {
        let mut week: [Vec<Window>; 7] = Default::default();
        week[0] = vec![Window { from: 8 * 3_600, to: 17 * 3_600 }];
        let mut calendar = Calendar::weekly("mondays", chrono_tz::UTC, week);
        let date = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        let mondays =
            date(2026, 1, 5).iter_weeks().take_while(|on| on.year() <= 2100).map(|on| (on, "off".to_owned()));
        calendar.holidays.extend(mondays);
        assert!(is_never_open(&calendar, Some(date(2026, 1, 1))));
        assert!(!is_never_open(&calendar, Some(date(2025, 12, 29))), "a Monday before the first");
        assert!(!is_never_open(&calendar, None));
        calendar.days.insert(date(2026, 7, 6), vec![Window { from: 0, to: DAY }]);
        assert!(!is_never_open(&calendar, Some(date(2026, 1, 1))), "opened by its own date");
    }

    #[test]
    fn a_calendar_of_single_dates_is_not_called_never_open() {
        let text = "timezone = \"UTC\"\n[calendars.a]\nhours = { mon-sun = \"closed\" }\n\
                    days = { 2026-01-01 = \"24h\", 2026-01-02 = \"closed\" }\n[[severity]]\nlevel = 1\n";
        let book = parse("p.toml", text.as_bytes()).unwrap();
        let words = crate::policy::week_words(&book.versions[0].calendars[0]);
        assert_eq!(words, "open on 1 date of `days` only");
    }
}
