//! Lengths in a cell of a `cases` table, such as minutes to the first reply, to microseconds; without floats, so that
//! 0.1 hours are 360 seconds exactly. Lengths of policies are `calendar`'s.

use crate::calendar::SECOND;

/// How a length is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// A number of seconds, minutes, hours or days, decimals allowed.
    Each(i64),
    /// `h:mm` or `h:mm:ss`, any number of hours.
    Clock,
}

impl Unit {
    /// Units by their word in a profile.
    pub(super) const WORDS: [(&'static str, Unit); 5] = [
        ("seconds", Unit::Each(SECOND)),
        ("minutes", Unit::Each(60 * SECOND)),
        ("hours", Unit::Each(3_600 * SECOND)),
        ("days", Unit::Each(86_400 * SECOND)),
        ("h:mm:ss", Unit::Clock),
    ];

    /// The length in `text`, µs; `None` where it is none, or below zero, or longer than 10,000 years.
    pub(super) fn parse(self, text: &[u8]) -> Option<i64> {
        let text = std::str::from_utf8(text).ok()?;
        let unit = match self {
            Unit::Each(unit) => unit,
            Unit::Clock => return clock(text),
        };
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let decimals = &decimals[..decimals.len().min(9)];
        let scale = 10i64.checked_pow(decimals.len() as u32)?;
        let part = i128::from(number(decimals)?) * i128::from(unit) / i128::from(scale);
        bounded(number(whole)?.checked_mul(unit)?.checked_add(i64::try_from(part).ok()?)?)
    }

    /// What is expected, for messages.
    pub(super) fn expected(self) -> &'static str {
        match self {
            Unit::Clock => "a length such as `12:30` or `12:30:00`",
            Unit::Each(_) => "a number, zero or more",
        }
    }
}

fn clock(text: &str) -> Option<i64> {
    let mut parts = text.split(':');
    let (hours, minutes) = (number(parts.next()?)?, number(parts.next()?)?);
    let seconds = parts.next().map_or(Some(0), number)?;
    if parts.next().is_some() || minutes > 59 || seconds > 59 {
        return None;
    }
    bounded(hours.checked_mul(3_600)?.checked_add(minutes * 60 + seconds)?.checked_mul(SECOND)?)
}

fn number(text: &str) -> Option<i64> {
    let is_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_digits.then(|| text.parse().ok()).flatten()
}

fn bounded(micros: i64) -> Option<i64> {
    (micros <= 10_000 * 366 * 86_400 * SECOND).then_some(micros)
}

#[cfg(test)]
mod tests {
    use super::{SECOND, Unit};

    #[test]
    fn lengths_are_exact() {
        let hours = Unit::Each(3_600 * SECOND);
        assert_eq!(hours.parse(b"0.1"), Some(360 * SECOND));
        assert_eq!(hours.parse(b"-1"), None);
        assert_eq!(hours.parse(b"1e3"), None);
        assert_eq!(Unit::Clock.parse(b"27:30:05"), Some(99_005 * SECOND));
        assert_eq!(Unit::Clock.parse(b"3:37"), Some(13_020 * SECOND));
        assert_eq!(Unit::Clock.parse(b"3:77"), None);
    }
}
