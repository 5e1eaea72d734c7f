//! Lengths of time as help desks write them: `02:30:00`, `1 04:00:00`, `2 days, 3:00:00`, `2h 30m`, `PT2H30M`, or a number
//! in a unit that is known. A day is 24 hours, always. Lengths of policies are `calendar`'s.

use super::theirs::Unit;

/// µs of a length in seconds that fits.
fn micros(seconds: f64) -> Option<i64> {
    let micros = seconds * 1e6;
    (micros.is_finite() && micros.abs() < 9e18).then_some(micros.round() as i64)
}

/// The length in `text`, µs: one that says its own unit, or a number of `unit`s. `None`: none, or of an unknown form.
pub(super) fn read(text: &str, unit: Unit) -> Option<i64> {
    if let Some(number) = number(text.trim()) {
        return micros(number * unit.seconds());
    }
    match text.split(':').count() {
        // Hours and minutes where hours are asked for; beside other units nobody can know what `12:30` is.
        2 if unit == Unit::Hours => with_units(&format!("{text}:00")),
        _ => with_units(text),
    }
}

/// The length in `text`, µs, where it says its own units.
pub(super) fn with_units(text: &str) -> Option<i64> {
    let text = text.trim().to_lowercase();
    let (sign, text) = text.strip_prefix('-').map_or((1.0, text.as_str()), |rest| (-1.0, rest));
    let seconds = match text.strip_prefix('p') {
        Some(rest) if rest.contains(|c: char| c.is_ascii_digit()) => parts(&rest.replace('t', " "))?,
        _ => parts(text)?,
    };
    micros(sign * seconds)
}

/// The sum of numbers with units and of one `h:mm:ss`; a number before that counts days.
fn parts(text: &str) -> Option<f64> {
    let (mut seconds, mut pending, mut has_unit, mut has_days) = (0.0, None, false, false);
    for token in tokens(text) {
        if token.contains(':') {
            let days = pending.take();
            has_days |= days.is_some();
            seconds += days.map_or(0.0, |days: f64| days * DAY) + clock(&token, has_days)?;
            has_unit = true;
            continue;
        }
        // `2h30m` is two parts in one.
        let mut rest = &token[..];
        while !rest.is_empty() {
            let is_digit = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
            let n_digits = rest.find(|c: char| !is_digit(c)).unwrap_or(rest.len());
            let (digits, after) = rest.split_at(n_digits);
            if !digits.is_empty() && pending.replace(number(digits)?).is_some() {
                return None;
            }
            let n_letters = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
            let (word, after) = after.split_at(n_letters);
            if !word.is_empty() {
                let unit = unit(word)?;
                seconds += pending.take()? * unit;
                has_unit = true;
                has_days = unit >= DAY;
            }
            rest = after;
        }
    }
    (has_unit && pending.is_none()).then_some(seconds)
}

/// Seconds of a day.
const DAY: f64 = 86_400.0;

/// What stands between blanks and commas, but for a comma within a number, and but for `and`.
fn tokens(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let is_digit = |i: Option<usize>| i.and_then(|i| chars.get(i)).is_some_and(char::is_ascii_digit);
    let is_between = |i: usize| is_digit(i.checked_sub(1)) && is_digit(i.checked_add(1));
    let apart = chars.iter().enumerate().map(|(i, &c)| if c == ',' && !is_between(i) { ' ' } else { c });
    let apart: String = apart.collect();
    apart.split_whitespace().filter(|token| *token != "and").map(str::to_owned).collect()
}

/// Seconds of `h:mm:ss` with any number of hours and decimals of seconds, or of `d.hh:mm:ss`; of `h:mm` only behind days,
/// where it can mean nothing else.
fn clock(text: &str, has_days: bool) -> Option<f64> {
    let parts: Vec<&str> = text.split(':').collect();
    let (hours, minutes, seconds) = match parts[..] {
        [hours, minutes, seconds] => (hours, minutes, seconds),
        [hours, minutes] if has_days => (hours, minutes, "0"),
        _ => return None,
    };
    let (days, hours) = hours.split_once('.').unwrap_or(("0", hours));
    let whole = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| number(text)).flatten();
    let seconds = number(&seconds.replace(',', "."))?;
    let (days, hours, minutes) = (whole(days)?, whole(hours)?, whole(minutes)?);
    (minutes < 60.0 && seconds < 60.0).then_some(days * DAY + hours * 3_600.0 + minutes * 60.0 + seconds)
}

/// A number as a person writes it: `1234.5`, `1,234.5`, `1 234,5`, `1.234,5`, `20,5`. One comma or several before three
/// digits each part thousands, and so do dots before a comma; any other single comma is that of decimals. A mix that is
/// neither is no number.
fn number(text: &str) -> Option<f64> {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let whole_and_decimals = |mark: char| digits.split_once(mark).unwrap_or((digits, ""));
    let has_comma = digits.contains(',');
    let ((whole, decimals), between) = match (digits.rfind(','), digits.rfind('.')) {
        (Some(comma), Some(dot)) if comma > dot => (whole_and_decimals(','), '.'),
        (Some(_), None) if !is_grouped(digits, ',') => (whole_and_decimals(','), ' '),
        _ => (whole_and_decimals('.'), ','),
    };
    let blanks = whole.contains(|c: char| c.is_whitespace());
    let plain: String = match (blanks, whole.contains(between) && has_comma) {
        (false, false) => whole.to_owned(),
        (true, false) => {
            let whole: String = whole.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
            is_grouped(&whole, ' ').then(|| whole.replace(' ', ""))?
        }
        (_, true) => is_grouped(whole, between).then(|| whole.replace(between, ""))?,
    };
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_number = is_digits(&plain) && is_digits(decimals);
    is_number.then(|| format!("{sign}{plain}.{decimals}").parse().ok()).flatten()
}

/// True where `mark` parts the digits from the right into groups of three.
fn is_grouped(digits: &str, mark: char) -> bool {
    let mut groups = digits.split(mark);
    let is_first = groups.next().is_some_and(|first| (1..=3).contains(&first.len()) && first != "0");
    let mut others = groups.map(|group| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit()));
    is_first && others.next() == Some(true) && others.all(|is_three| is_three)
}

/// Seconds in a unit, by its word.
fn unit(word: &str) -> Option<f64> {
    Some(match word.trim_end_matches('.') {
        "s" | "sec" | "secs" | "second" | "seconds" => 1.0,
        "m" | "min" | "mins" | "minute" | "minutes" => 60.0,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3_600.0,
        "d" | "day" | "days" => 86_400.0,
        "w" | "wk" | "wks" | "week" | "weeks" => 604_800.0,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_as_help_desks_write_them() {
        for (text, seconds) in [
            ("02:30:00", 9_000),
            ("51:00:00", 183_600),
            ("1 04:00:00", 100_800),
            ("1.04:00:00", 100_800),
            ("2 days, 3:00:00", 183_600),
            ("0 days 00:30:00", 1_800),
            ("2h 30m", 9_000),
            ("2h30m", 9_000),
            ("1 day 2 hrs 5 min.", 93_900),
            ("90 Minutes", 5_400),
            ("PT2H30M", 9_000),
            ("P1DT30M", 88_200),
            ("-00:10:00", -600),
            ("1.5 hours", 5_400),
            ("1 day 02:00", 93_600),
            ("0 days 00:20", 1_200),
            ("1 02:00", 93_600),
            ("1 hour and 5 minutes", 3_900),
            ("1,200 seconds", 1_200),
            ("2,5 hours", 9_000),
            ("1 day,2:00:00", 93_600),
            ("00:20:00,000", 1_200),
        ] {
            assert_eq!(with_units(text), Some(seconds * 1_000_000), "{text}");
        }
        for text in [
            "",
            "12",
            "2 h 12:30",
            "1,20,30 h",
            "2:77:00",
            "12:30",
            "2h 30",
            "h",
            "two hours",
            "1 2 03:00:00",
            "P",
            "2026-03-02",
        ] {
            assert_eq!(with_units(text), None, "{text}");
        }
    }

    #[test]
    fn a_number_needs_its_unit_and_two_places_are_hours() {
        assert_eq!(read("1,234.5", Unit::Minutes), Some(74_070_000_000));
        for (text, minutes) in [
            ("20", Some(20.0)),
            ("-20.0", Some(-20.0)),
            ("20,5", Some(20.5)),
            ("1,20", Some(1.2)),
            ("0,500", Some(0.5)),
            ("1,200", Some(1_200.0)),
            ("1,234,567", Some(1_234_567.0)),
            ("1.200,5", Some(1_200.5)),
            ("1 200", Some(1_200.0)),
            ("1\u{202F}200,5", Some(1_200.5)),
            ("1,2,3", None),
            ("1.2.3", None),
            ("12 00", None),
            (".", None),
            (",", None),
            ("-", None),
        ] {
            let micros = minutes.map(|minutes: f64| (minutes * 60e6) as i64);
            assert_eq!(read(text, Unit::Minutes), micros, "{text}");
        }
        assert_eq!(read("12:30", Unit::Hours), Some(45_000_000_000));
        assert_eq!(read("12:30", Unit::Minutes), None);
        assert_eq!(read("02:30:00", Unit::Seconds), Some(9_000_000_000));
        assert_eq!(read("NaN", Unit::Hours), None);
        assert_eq!(read("1e9", Unit::Hours), None);
    }
}
