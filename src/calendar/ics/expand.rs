//! The dates of a rule, period by period (RFC 5545, 3.3.10): each part widens or narrows the dates of a period as the format's
//! table says.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

use super::LAST_YEAR;
use super::rule::{Frequency, Rule};

/// The dates from `start` on that `rule` gives, ascending, whatever its end, to the last year that is laid out.
pub(super) fn dates(rule: &Rule, start: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    let last_year = LAST_YEAR.max(start.year());
    let periods = (0_u32..).map_while(move |n| period(rule, start, n));
    let periods = periods.take_while(move |first| first.year() <= last_year);
    periods
        .flat_map(move |first| at_positions(of_period(rule, start, first), &rule.positions))
        .filter(move |date| *date >= start && date.year() <= last_year)
}

/// The first date of the n-th period.
fn period(rule: &Rule, start: NaiveDate, n: u32) -> Option<NaiveDate> {
    let n = n.checked_mul(rule.interval)?;
    match rule.frequency {
        Frequency::Daily => start.checked_add_days(Days::new(u64::from(n))),
        Frequency::Weekly => {
            let since = start.weekday().days_since(rule.week_start);
            let first = start.checked_sub_days(Days::new(u64::from(since)))?;
            first.checked_add_days(Days::new(7 * u64::from(n)))
        }
        Frequency::Monthly => start.with_day(1)?.checked_add_months(Months::new(n)),
        Frequency::Yearly => NaiveDate::from_ymd_opt(start.year().checked_add_unsigned(n)?, 1, 1),
    }
}

/// The dates of the period that begins on `first`, ascending.
fn of_period(rule: &Rule, start: NaiveDate, first: NaiveDate) -> Vec<NaiveDate> {
    let in_months = |date: &NaiveDate| rule.months.is_empty() || rule.months.contains(&date.month());
    let on_month_day = |date: &NaiveDate| {
        let from_end = date.day() as i32 - i32::from(date.num_days_in_month()) - 1;
        rule.month_days.is_empty()
            || rule.month_days.contains(&(date.day() as i32))
            || rule.month_days.contains(&from_end)
    };
    let mut dates = match rule.frequency {
        Frequency::Daily => vec![first],
        Frequency::Weekly => first.iter_days().take(7).collect(),
        Frequency::Monthly => month(first),
        Frequency::Yearly => year(rule, start, first),
    };
    let of_start = match rule.frequency {
        // Without a part that says which days, it is the day of the start.
        Frequency::Weekly if rule.weekdays.is_empty() => Some(Same::Weekday(start.weekday())),
        Frequency::Monthly | Frequency::Yearly if rule.weekdays.is_empty() && rule.month_days.is_empty() => {
            Some(Same::Day(start.day()))
        }
        _ => None,
    };
    dates.retain(|date| {
        in_months(date)
            && on_month_day(date)
            && on_weekday(rule, *date)
            && match of_start {
                Some(Same::Weekday(weekday)) => date.weekday() == weekday,
                Some(Same::Day(day)) => date.day() == day,
                None => true,
            }
    });
    dates
}

/// What a date has in common with the start.
#[derive(Clone, Copy)]
enum Same {
    Weekday(Weekday),
    Day(u32),
}

fn month(first: NaiveDate) -> Vec<NaiveDate> {
    first.iter_days().take(usize::from(first.num_days_in_month())).collect()
}

/// A year's dates; only the start's month where no part says which days of the year.
fn year(rule: &Rule, start: NaiveDate, first: NaiveDate) -> Vec<NaiveDate> {
    if rule.months.is_empty() && rule.month_days.is_empty() && rule.weekdays.is_empty() {
        return first.with_month(start.month()).map_or_else(Vec::new, month);
    }
    first.iter_days().take_while(|date| date.year() == first.year()).collect()
}

/// True where `date` is one of the rule's weekdays; the n-th counts within the month, or within the year where a yearly
/// rule names no month.
fn on_weekday(rule: &Rule, date: NaiveDate) -> bool {
    if rule.weekdays.is_empty() {
        return true;
    }
    let of_year = rule.frequency == Frequency::Yearly && rule.months.is_empty();
    let (place, n_days) = match of_year {
        true => (date.ordinal0(), if date.leap_year() { 366 } else { 365 }),
        false => (date.day0(), u32::from(date.num_days_in_month())),
    };
    let from_start = (place / 7 + 1) as i32;
    let from_end = -(((n_days - 1 - place) / 7 + 1) as i32);
    let fits = |&(n, weekday): &(i32, Weekday)| {
        weekday == date.weekday() && (n == 0 || n == from_start || n == from_end)
    };
    rule.weekdays.iter().any(fits)
}

/// The dates at the rule's places; all where it names none.
fn at_positions(dates: Vec<NaiveDate>, positions: &[i32]) -> Vec<NaiveDate> {
    if positions.is_empty() {
        return dates;
    }
    let n = dates.len() as i32;
    let is_chosen = |i: i32| positions.contains(&(i + 1)) || positions.contains(&(i - n));
    (0..n).filter(|i| is_chosen(*i)).map(|i| dates[i as usize]).collect()
}
