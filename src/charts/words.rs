//! Numbers, durations, months and names as charts write them. Pure text; knows nothing of tables or drawing.

use chrono::{DateTime, Datelike, NaiveDate};

use crate::diag::printable;

/// Longest name that any chart shows, in characters; a chart with less room cuts more.
const NAME_CHARS: usize = 60;

/// `1,234,567`.
pub(super) fn grouped(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut text = if n < 0 { "−".to_owned() } else { String::new() };
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The same in little room: `123,456`, `12.3 M`, `4 bn`.
pub(super) fn compact(n: i64) -> String {
    let (unit, name) = match n.unsigned_abs() {
        ..1_000_000 => return grouped(n),
        1_000_000..1_000_000_000 => (1_000_000, "M"),
        _ => (1_000_000_000, "bn"),
    };
    let tenth = (n % unit).unsigned_abs() / (unit.unsigned_abs() / 10);
    let tenths = if tenth == 0 { String::new() } else { format!(".{tenth}") };
    format!("{}{tenths}\u{a0}{name}", grouped(n / unit))
}

/// `1,234 cases`; `1 case`: the plural is the singular and `s`.
pub(super) fn counted(n: i64, singular: &str) -> String {
    counted_as(n, singular, &format!("{singular}s"))
}

/// `3 categories`; `1 category`.
pub(super) fn counted_as(n: i64, singular: &str, plural: &str) -> String {
    format!("{} {}", grouped(n), if n == 1 { singular } else { plural })
}

/// A share of 1 in per cent: whole per cents, with a decimal where it would else be rounded to 0 or 100.
pub(super) fn percent(share: f64) -> String {
    let (whole, tenths) = ((share * 100.0).round(), (share * 1_000.0).round() / 10.0);
    let is_cut = (whole <= 0.0 && share > 0.0) || (whole >= 100.0 && share < 1.0);
    match is_cut {
        false => format!("{whole:.0}\u{a0}%"),
        true if tenths <= 0.0 => "<0.1\u{a0}%".to_owned(),
        true if tenths >= 100.0 => ">99.9\u{a0}%".to_owned(),
        true => format!("{tenths:.1}\u{a0}%"),
    }
}

/// A share beside the goal that it is drawn with: as [`percent`] has it, but where that would reach a goal that the share
/// is below, with the decimals that tell the two apart.
pub(super) fn percent_beside(share: f64, goal: f64) -> String {
    let reaches = (share * 100.0).round() >= goal * 100.0 - 1e-9;
    if share < goal && reaches {
        return crate::tables::percent_beside(share, goal).replace('%', "\u{a0}%");
    }
    percent(share)
}

/// A goal in per cent, with as many decimals as it has, two at most.
pub(super) fn goal(share: f64) -> String {
    let text = format!("{:.2}", share * 100.0);
    format!("{}\u{a0}%", text.trim_end_matches('0').trim_end_matches('.'))
}

/// Whole seconds as the summary writes them: `45s`, `12m`, `5h 12m`, `1,234h`.
pub(super) fn duration(seconds: i64) -> String {
    let total = seconds.max(0);
    match (total / 3_600, total / 60 % 60) {
        (0, 0) => format!("{total}s"),
        (0, minutes) => format!("{minutes}m"),
        (hours, 0) => format!("{}h", grouped(hours)),
        (hours, minutes) if hours < 100 => format!("{hours}h\u{a0}{minutes:02}m"),
        (hours, _) => format!("{}h", grouped(hours)),
    }
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Days of the week, Monday first.
pub(super) const WEEKDAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Months since the year 0 of a text `YYYY-MM` or one that begins so.
pub(super) fn month_number(text: &str) -> Option<i32> {
    let (year, rest) = text.split_once('-')?;
    let month: i32 = rest.get(..2)?.parse().ok().filter(|month| (1..=12).contains(month))?;
    let year: i32 = year.parse().ok().filter(|year| (0..=9_999).contains(year))?;
    Some(year * 12 + month - 1)
}

/// `Jan 2026` of a month's number.
pub(super) fn month(number: i32) -> String {
    format!("{}\u{a0}{}", month_name(number), number.div_euclid(12))
}

/// `Jan` of a month's number.
pub(super) fn month_name(number: i32) -> &'static str {
    MONTHS[number.rem_euclid(12) as usize]
}

/// Days since 1970 of a text that begins `YYYY-MM-DD`.
pub(super) fn day_number(text: &str) -> Option<i64> {
    let date = NaiveDate::parse_from_str(text.get(..10)?, "%Y-%m-%d").ok()?;
    Some(date.signed_duration_since(NaiveDate::default()).num_days())
}

/// `31 Mar 2026` of days since 1970.
pub(super) fn day(number: i64) -> String {
    let date = DateTime::from_timestamp(number.saturating_mul(86_400), 0).map(|at| at.date_naive());
    date.map_or_else(String::new, |date| {
        format!("{}\u{a0}{}", date.day(), month(date.year() * 12 + date.month0() as i32))
    })
}

/// A name of the input or the policy: on one line, harmless to whatever shows it, shortened.
pub(super) fn name(text: &str) -> String {
    // The font has a box and no replacement character.
    let boxed = |c: char| if matches!(c, '\u{61c}' | '\u{fffd}') { '\u{25a1}' } else { c };
    let harmless: String = printable(text).chars().map(boxed).collect();
    let words: Vec<&str> = harmless.split_whitespace().collect();
    cut(&words.join(" "), NAME_CHARS)
}

/// The first `n` characters, the last of them `…` where something is cut.
pub(super) fn cut(text: &str, n: usize) -> String {
    if text.chars().count() <= n {
        return text.to_owned();
    }
    let kept: String = text.chars().take(n.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// `text` with a capital first letter.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// A word of ours for people: `first_response` is `first response`.
pub(super) fn spoken(word: &str) -> String {
    match word {
        "after_hours_response" => "after-hours response".to_owned(),
        "waiting_customer" => "waiting for the customer".to_owned(),
        word => name(&word.replace('_', " ")),
    }
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn listed(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_never_rounded_to_all_or_nothing() {
        let shown = [0.0, 0.000_1, 0.004, 0.5, 0.954, 0.996, 0.999_9, 1.0].map(percent);
        let plain: Vec<String> = shown.iter().map(|s| s.replace('\u{a0}', " ")).collect();
        assert_eq!(plain, ["0 %", "<0.1 %", "0.4 %", "50 %", "95 %", "99.6 %", ">99.9 %", "100 %"]);
        assert_eq!(
            [goal(0.95), goal(0.995), goal(1.0)].map(|g| g.replace('\u{a0}', " ")),
            ["95 %", "99.5 %", "100 %"]
        );
    }

    #[test]
    fn counts_take_little_room() {
        let shown = [0, 999_999, 1_000_000, 12_345_678, -4_500_000_000].map(compact);
        assert_eq!(shown.map(|s| s.replace('\u{a0}', " ")), ["0", "999,999", "1 M", "12.3 M", "−4.5 bn"]);
    }

    #[test]
    fn durations_and_dates_are_short() {
        let shown = [0, 59, 60, 3_600, 3_660, 360_000, 4_442_400].map(duration);
        assert_eq!(
            shown.map(|s| s.replace('\u{a0}', " ")),
            ["0s", "59s", "1m", "1h", "1h 01m", "100h", "1,234h"]
        );
        assert_eq!(
            day_number("2026-03-31T07:00:00Z").map(day).unwrap().replace('\u{a0}', " "),
            "31 Mar 2026"
        );
        assert_eq!(day_number("soon"), None);
        assert_eq!(month_number("2026-13"), None);
    }

    #[test]
    fn names_do_no_harm() {
        assert_eq!(name("a\u{202e}b\u{1}c\nd\u{61c}"), "a□b□c□d□");
        let long = name(&"x".repeat(10_000));
        assert_eq!((long.chars().count(), long.chars().last()), (NAME_CHARS, Some('…')));
    }
}
