//! Text to microseconds: RFC 3339 and its relaxed spellings (SPEC 2, cases A02 and A03), or a profile's patterns.
//! Pure: it knows offsets, not zones; a local time is handed on to `zone`.

use super::blanks;
use super::pattern::Pattern;
use super::zone::DAY;
use crate::calendar::{Instant, SECOND};

/// A timestamp as read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stamp {
    /// With offset: µs since the epoch, UTC.
    At(i64),
    /// Without: µs since 1970-01-01T00:00:00 of some zone's clock.
    Local(i64),
}

/// The formats of one table, tried in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Formats {
    /// Empty: the canonical form only.
    pub(super) patterns: Vec<Pattern>,
    /// The canonical form after the patterns.
    pub(super) or_canonical: bool,
}

impl Formats {
    /// Reads `text`, or `None` where no format fits or the instant is out of range.
    #[inline]
    pub(super) fn parse(&self, text: &[u8], follower: &mut Follower) -> Option<Stamp> {
        self.parse_as_it_stands(text, follower).or_else(|| self.parse_plain(text, follower))
    }

    #[inline]
    fn parse_as_it_stands(&self, text: &[u8], follower: &mut Follower) -> Option<Stamp> {
        if self.patterns.is_empty() {
            return follower.canonical(text);
        }
        let found = self.patterns.iter().find_map(|pattern| pattern.parse(text));
        if self.or_canonical { found.or_else(|| follower.canonical(text)) } else { found }
    }

    /// The same where blanks that are no plain ones stand in the text: browsers write a narrow no-break blank before `AM`
    /// and `PM`, and marks of direction that nobody sees.
    #[cold]
    fn parse_plain(&self, text: &[u8], follower: &mut Follower) -> Option<Stamp> {
        let plain = blanks::plain(text)?;
        self.parse_as_it_stands(blanks::trim(&plain).as_bytes(), follower)
    }

    /// True where a number alone may be a time.
    pub(super) fn read_numbers(&self) -> bool {
        self.patterns.iter().any(Pattern::takes_number)
    }

    /// True where a day alone is a time, its midnight.
    pub(super) fn read_days(&self) -> bool {
        self.patterns.iter().any(Pattern::is_day)
    }

    /// What is expected, for messages.
    pub(super) fn expected(&self) -> String {
        if self.patterns.is_empty() {
            return "an instant such as `2026-01-05T09:00:00Z`".to_string();
        }
        let mut all: Vec<String> = self.patterns.iter().map(|p| format!("`{}`", p.source())).collect();
        if self.or_canonical {
            all.push("`2026-01-05T09:00:00Z`".to_string());
        }
        format!("a time like {}", all.join(" or "))
    }
}

/// Days since 1970-01-01 of a date of the Gregorian calendar, or `None` where there is no such date.
#[inline]
pub(super) fn days(year: i32, month: u32, day: u32) -> Option<i64> {
    const LENGTH: [u8; 13] = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    if !(1..=12).contains(&month) || day == 0 || !(1..=9999).contains(&year) {
        return None;
    }
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = u32::from(LENGTH[month as usize]) + u32::from(leap && month == 2);
    if day > length {
        return None;
    }
    let year = i64::from(year) - i64::from(month <= 2);
    let era = year / 400;
    let of_era = year - era * 400;
    let month = i64::from((month + 9) % 12);
    let of_year = (153 * month + 2) / 5 + i64::from(day) - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

/// Microseconds of a time of day; 24:00:00 exactly is the next midnight; second 60 is none (case A03).
#[inline]
pub(super) fn of_day(hour: u32, minute: u32, second: u32, micros: u32) -> Option<i64> {
    let exact_24 = hour == 24 && minute == 0 && second == 0 && micros == 0;
    if minute > 59 || second > 59 || (hour > 23 && !exact_24) {
        return None;
    }
    Some(i64::from(hour * 3_600 + minute * 60 + second) * SECOND + i64::from(micros))
}

/// Wraps up date, time and offset (seconds east); out of range is `None`.
#[inline]
pub(super) fn stamp(day: i64, micros: i64, offset: Option<i32>) -> Option<Stamp> {
    let local = day * DAY + micros;
    let at = local - i64::from(offset.unwrap_or(0)) * SECOND;
    if at < Instant::MIN.micros() || at > Instant::MAX.micros() {
        return None;
    }
    Some(if offset.is_some() { Stamp::At(at) } else { Stamp::Local(local) })
}

#[inline]
fn two(text: &[u8], at: usize, bad: &mut u8) -> u32 {
    let (a, b) = (text[at].wrapping_sub(b'0'), text[at + 1].wrapping_sub(b'0'));
    *bad |= u8::from(a > 9) | u8::from(b > 9);
    u32::from(a) * 10 + u32::from(b)
}

/// `YYYY-MM-DD[T ]HH:MM[:SS[.fraction]][Z|±hh:mm]`.
#[inline]
pub(super) fn canonical(text: &[u8]) -> Option<Stamp> {
    on_date(text, date)
}

/// Reads instants that mostly follow each other: the date of the one before is not worked out again.
#[derive(Debug, Default)]
pub(super) struct Follower {
    date: [u8; DATE],
    day: Option<i64>,
}

impl Follower {
    /// As [`canonical`].
    #[inline]
    pub(super) fn canonical(&mut self, text: &[u8]) -> Option<Stamp> {
        match self.whole_second(text) {
            Some(at) => Some(Stamp::At(at)),
            None => on_date(text, |date| self.day(date)),
        }
    }

    /// `YYYY-MM-DD[T ]HH:MM:SSZ`, as most instants are written: it takes half the instructions of the general way.
    #[inline(always)]
    pub(super) fn whole_second(&mut self, text: &[u8]) -> Option<i64> {
        let text = <&[u8; 20]>::try_from(text).ok()?;
        if !matches!((text[DATE], text[19]), (b'T' | b't' | b' ', b'Z' | b'z')) {
            return None;
        }
        let second = second_of_day(*text[DATE + 1..].first_chunk()?)?;
        Some(self.day(text.first_chunk()?)? * DAY + second * SECOND)
    }

    #[inline]
    fn day(&mut self, of_text: &[u8; DATE]) -> Option<i64> {
        if self.date != *of_text {
            (self.date, self.day) = (*of_text, date(of_text));
        }
        self.day
    }
}

/// The second that `HH:MM:SS` is of its day, all bytes at once; `None` where it is none, and for 24:00:00.
#[inline(always)]
fn second_of_day(clock: [u8; 8]) -> Option<i64> {
    // Digits become 0 to 9, colons 0; the first byte is the lowest.
    let parts = u64::from_le_bytes(clock) ^ u64::from_le_bytes(*b"00:00:00");
    // A byte above 9 has a bit of its upper half, or gets one when 6 is added; of a colon every bit counts.
    let high = parts & 0xF0F0_FFF0_F0FF_F0F0 | (parts + 0x0606_0006_0600_0606) & 0xF0F0_F0F0_F0F0_F0F0;
    if high != 0 {
        return None;
    }
    // Each byte ten times, and the one after it.
    let pairs = parts * 10 + (parts >> 8);
    let (hour, minute, second) = (pairs & 0xFF, pairs >> 24 & 0xFF, pairs >> 48 & 0xFF);
    (hour < 24 && minute < 60 && second < 60).then_some((hour * 3_600 + minute * 60 + second) as i64)
}

/// Bytes of a date.
const DATE: usize = 10;

/// The day of `YYYY-MM-DD`.
#[inline]
fn date(text: &[u8; DATE]) -> Option<i64> {
    let mut bad = 0u8;
    let year = two(text, 0, &mut bad) * 100 + two(text, 2, &mut bad);
    let (month, day) = (two(text, 5, &mut bad), two(text, 8, &mut bad));
    if bad != 0 || text[4] != b'-' || text[7] != b'-' {
        return None;
    }
    days(year as i32, month, day)
}

/// The instant whose date `day` reads.
#[inline]
fn on_date(text: &[u8], day: impl FnOnce(&[u8; DATE]) -> Option<i64>) -> Option<Stamp> {
    if text.len() < 16 {
        return None;
    }
    let day = day(text.first_chunk()?)?;
    let mut bad = 0u8;
    let (hour, minute) = (two(text, 11, &mut bad), two(text, 14, &mut bad));
    if bad != 0 || text[13] != b':' || !matches!(text[10], b'T' | b't' | b' ') {
        return None;
    }
    let (mut second, mut rest) = (0, &text[16..]);
    let mut micros = 0;
    if rest.len() >= 3 && rest[0] == b':' {
        second = two(rest, 1, &mut bad);
        rest = &rest[3..];
        if let [b'.' | b',', digits @ ..] = rest {
            let (value, length) = fraction(digits)?;
            micros = value;
            rest = &digits[length..];
        }
    }
    let offset = offset(rest)?;
    if bad != 0 {
        return None;
    }
    stamp(day, of_day(hour, minute, second, micros)?, offset)
}

/// Decimals of a second: microseconds (further digits cut) and how many digits there were; at least one.
pub(super) fn fraction(text: &[u8]) -> Option<(u32, usize)> {
    let length = text.iter().take_while(|b| b.is_ascii_digit()).count();
    let digits = text[..length].iter().map(|b| u32::from(b - b'0'));
    let value = digits.chain(std::iter::repeat(0)).take(6).fold(0, |value, digit| value * 10 + digit);
    (length > 0).then_some((value, length))
}

/// Nothing, `Z` or `±hh:mm` (`±hhmm`, `±hh`), perhaps after a blank: seconds east of UTC.
pub(super) fn offset(text: &[u8]) -> Option<Option<i32>> {
    let text = text.strip_prefix(b" ").unwrap_or(text);
    let (sign, digits) = match text {
        [] => return Some(None),
        b"Z" | b"z" => return Some(Some(0)),
        [b'+', digits @ ..] => (1, digits),
        [b'-', digits @ ..] => (-1, digits),
        _ => return None,
    };
    let mut bad = 0;
    let (hours, minutes) = match digits {
        [_, _] => (two(digits, 0, &mut bad), 0),
        [_, _, _, _] => (two(digits, 0, &mut bad), two(digits, 2, &mut bad)),
        [_, _, b':', _, _] => (two(digits, 0, &mut bad), two(digits, 3, &mut bad)),
        _ => return None,
    };
    (bad == 0 && hours < 24 && minutes < 60).then_some(Some(sign * (hours * 3_600 + minutes * 60) as i32))
}

#[cfg(test)]
mod tests {
    use super::{Follower, canonical, second_of_day};

    #[test]
    fn every_second_of_a_day_is_read_at_once() {
        for second in 0..86_400i64 {
            let text = format!("{:02}:{:02}:{:02}", second / 3_600, second / 60 % 60, second % 60);
            assert_eq!(second_of_day(text.as_bytes().try_into().unwrap()), Some(second), "{text}");
        }
        assert_eq!(second_of_day(*b"24:00:00"), None);
    }

    #[test]
    fn no_other_byte_passes_for_a_digit_or_a_colon() {
        for place in 0..20 {
            for byte in 0..=255 {
                let mut text = *b"2026-01-05T09:08:07Z";
                text[place] = byte;
                assert_eq!(Follower::default().canonical(&text), canonical(&text), "{byte} at {place}");
            }
        }
    }
}
