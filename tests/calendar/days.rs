//! Business days (SPEC 5.3) and the built-in holidays (SPEC 5.4).

use chrono::{DateTime, Datelike, NaiveDate};
use slaudit::calendar::{
    Calendar, Closure, HolidaySet, Instant, OpenTime, Window, parse_hours, parse_weekdays, week_of,
};

fn at(text: &str) -> Instant {
    Instant::from(DateTime::parse_from_rfc3339(text).unwrap().to_utc())
}

fn calendar(hours: &[(&str, &str)]) -> Calendar {
    let entry = |(days, text): &(&str, &str)| (parse_weekdays(days).unwrap(), parse_hours(text).unwrap());
    let entries: Vec<(Vec<usize>, Vec<Window>)> = hours.iter().map(entry).collect();
    Calendar::weekly("test", chrono_tz::UTC, week_of(&entries).unwrap())
}

#[track_caller]
fn due(calendar: &Calendar, from: &str, n: u32, want: &str) {
    let from = at(from);
    let open = OpenTime::compile(calendar, from, from);
    assert_eq!(open.business_days_due(from, n).map(Instant::rfc3339).as_deref(), Some(want));
}

#[test]
fn a_business_day_ends_at_the_close_of_the_next_working_date() {
    let office = calendar(&[("mon-fri", "08:00-17:00")]);
    due(&office, "2026-01-05T16:59:00Z", 1, "2026-01-06T17:00:00Z");
    due(&office, "2026-01-05T06:00:00Z", 1, "2026-01-06T17:00:00Z");
    due(&office, "2026-01-09T12:00:00Z", 1, "2026-01-12T17:00:00Z");
    due(&office, "2026-01-10T12:00:00Z", 2, "2026-01-13T17:00:00Z");
}

#[test]
fn inside_a_shift_of_the_day_before_the_calendar_date_counts() {
    let night = calendar(&[("mon-fri", "22:00-06:00")]);
    // Tuesday 02:00 lies in Monday's shift; its date is Tuesday, so the next working date is Wednesday.
    due(&night, "2026-01-06T02:00:00Z", 1, "2026-01-08T06:00:00Z");
}

#[test]
fn windows_that_a_dates_own_hours_bring_together_count_once() {
    let mut night = calendar(&[("mon-fri", "22:00-06:00")]);
    night.days.insert(NaiveDate::from_ymd_opt(2026, 1, 6).unwrap(), parse_hours("04:00-08:00").unwrap());
    let (from, to) = (at("2026-01-05T20:00:00Z"), at("2026-01-06T20:00:00Z"));
    assert_eq!(OpenTime::compile(&night, from, to).elapsed(from, to), 10 * 3_600_000_000);
}

#[test]
fn a_date_open_all_day_closes_at_the_midnight_that_ends_it() {
    due(&calendar(&[("mon-sun", "24h")]), "2026-01-05T12:00:00Z", 1, "2026-01-07T00:00:00Z");
}

#[test]
fn a_closure_moves_the_close_and_takes_a_date_away() {
    let mut office = calendar(&[("mon-fri", "08:00-17:00")]);
    office.closed.push(Closure::parse("2026-01-06T15:00/2026-01-06T18:00").unwrap());
    office.closed.push(Closure::parse("2026-01-07T00:00/2026-01-08T00:00").unwrap());
    due(&office, "2026-01-05T12:00:00Z", 1, "2026-01-06T15:00:00Z");
    due(&office, "2026-01-05T12:00:00Z", 2, "2026-01-08T17:00:00Z");
}

#[test]
fn federal_holidays_of_a_year_by_hand() {
    let holidays = |year: i32| -> Vec<String> {
        let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
        let days = first.iter_days().take_while(|on| on.year() == year);
        days.filter(|on| HolidaySet::UsFederal.holiday(*on).is_some())
            .map(|on| on.format("%m-%d").to_string())
            .collect()
    };
    let of_2026 = "01-01 01-19 02-16 05-25 06-19 07-03 07-04 09-07 10-12 11-11 11-26 12-25";
    assert_eq!(holidays(2026).join(" "), of_2026);
    // New Year's Day of 2022 is a Saturday, observed on the last day of 2021; Juneteenth's first year.
    let of_2021 = "01-01 01-18 02-15 05-31 06-18 06-19 07-04 07-05 09-06 10-11 11-11 11-25 12-24 12-25 12-31";
    assert_eq!(holidays(2021).join(" "), of_2021);
    let of_2020 = "01-01 01-20 02-17 05-25 07-03 07-04 09-07 10-12 11-11 11-26 12-25";
    assert_eq!(holidays(2020).join(" "), of_2020);
    // Christmas 2022 falls on a Sunday.
    assert_eq!(
        HolidaySet::UsFederal.holiday(NaiveDate::from_ymd_opt(2022, 12, 26).unwrap()),
        Some("Christmas Day, observed")
    );
}
