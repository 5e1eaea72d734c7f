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
    if let Some(number) = number(&text.replace(',', "")) {
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
    let (mut seconds, mut pending, mut has_unit) = (0.0, None, false);
    let tokens = text.split(|c: char| c.is_whitespace() || c == ',').filter(|token| !token.is_empty());
    for token in tokens {
        if token.contains(':') {
            seconds += pending.take().map_or(0.0, |days: f64| days * 86_400.0) + clock(token)?;
            has_unit = true;
            continue;
        }
        // `2h30m` is two parts in one.
        let mut rest = token;
        while !rest.is_empty() {
            let n_digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
            let (digits, after) = rest.split_at(n_digits);
            if !digits.is_empty() && pending.replace(number(digits)?).is_some() {
                return None;
            }
            let n_letters = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
            let (word, after) = after.split_at(n_letters);
            if !word.is_empty() {
                seconds += pending.take()? * unit(word)?;
                has_unit = true;
            }
            rest = after;
        }
    }
    (has_unit && pending.is_none()).then_some(seconds)
}

/// Seconds of `h:mm:ss` with any number of hours and decimals of seconds, or of `d.hh:mm:ss`.
fn clock(text: &str) -> Option<f64> {
    let parts: Vec<&str> = text.split(':').collect();
    let &[hours, minutes, seconds] = &parts[..] else { return None };
    let (days, hours) = hours.split_once('.').unwrap_or(("0", hours));
    let whole = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| number(text)).flatten();
    let (days, hours, minutes, seconds) = (whole(days)?, whole(hours)?, whole(minutes)?, number(seconds)?);
    (minutes < 60.0 && seconds < 60.0).then_some(days * 86_400.0 + hours * 3_600.0 + minutes * 60.0 + seconds)
}

/// A number as a person writes it: digits, and decimals after a dot.
fn number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    is_number.then(|| text.parse().ok()).flatten()
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
        ] {
            assert_eq!(with_units(text), Some(seconds * 1_000_000), "{text}");
        }
        for text in
            ["", "12", "2:77:00", "12:30", "2h 30", "h", "two hours", "1 2 03:00:00", "P", "2026-03-02"]
        {
            assert_eq!(with_units(text), None, "{text}");
        }
    }

    #[test]
    fn a_number_needs_its_unit_and_two_places_are_hours() {
        assert_eq!(read("1,234.5", Unit::Minutes), Some(74_070_000_000));
        assert_eq!(read("12:30", Unit::Hours), Some(45_000_000_000));
        assert_eq!(read("12:30", Unit::Minutes), None);
        assert_eq!(read("02:30:00", Unit::Seconds), Some(9_000_000_000));
        assert_eq!(read("NaN", Unit::Hours), None);
        assert_eq!(read("1e9", Unit::Hours), None);
    }
}
