//! The rule of a TZif file's last line, `MST7MDT,M3.2.0,M11.1.0`: when the clock changes in a year.

use chrono::{Datelike, NaiveDate};
use tz::timezone::{AlternateTime, RuleDay};

use super::table::Change;

/// Seconds in a day.
const DAY: i64 = 86_400;

/// The UTC year of `seconds` since 1970.
pub(super) fn year_of(seconds: i64) -> i32 {
    chrono::DateTime::from_timestamp(seconds, 0).map_or(1970, |at| at.year())
}

/// 1 January of `year`, seconds since 1970.
pub(super) fn start_of(year: i32) -> i64 {
    NaiveDate::from_ymd_opt(year, 1, 1).map_or(0, |date| i64::from(date.to_epoch_days()) * DAY)
}

/// The two changes of `year`, the earlier first.
pub(super) fn changes_of(rule: &AlternateTime, year: i32) -> [Change; 2] {
    let (std, dst) = (rule.std().ut_offset(), rule.dst().ut_offset());
    // A rule gives the local time that the clock shows just before it changes.
    let at = |day: &RuleDay, time: i32, before: i32| {
        start_of(year) + i64::from(day_of(day, year)) * DAY + i64::from(time) - i64::from(before)
    };
    let starts = Change { at: at(rule.dst_start(), rule.dst_start_time(), std), offset: dst };
    let ends = Change { at: at(rule.dst_end(), rule.dst_end_time(), dst), offset: std };
    if starts.at <= ends.at { [starts, ends] } else { [ends, starts] }
}

/// The day of `year` that a rule names, from 0.
fn day_of(day: &RuleDay, year: i32) -> u32 {
    let date = |month: u32, day: u32| NaiveDate::from_ymd_opt(year, month, day);
    match day {
        // 29 February is never counted: from March on a leap year is a day ahead.
        RuleDay::Julian1WithoutLeap(day) => {
            let day = u32::from(day.get());
            let is_leap = date(2, 29).is_some();
            day - 1 + u32::from(is_leap && day > 59)
        }
        RuleDay::Julian0WithLeap(day) => u32::from(day.get()),
        RuleDay::MonthWeekDay(of) => {
            let month = u32::from(of.month());
            let Some(first) = date(month, 1) else { return 0 };
            let ahead = (u32::from(of.week_day()) + 7 - first.weekday().num_days_from_sunday()) % 7;
            // The fifth is the last, be it the fourth.
            let fifth = ahead + 7 * (u32::from(of.week()) - 1);
            let day = if date(month, fifth + 1).is_some() { fifth } else { fifth - 7 };
            first.ordinal0() + day
        }
    }
}
