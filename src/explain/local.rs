//! Instants in a zone and lengths of time, as a person reads them. Exact: nothing is rounded, so that figures can be
//! added up by hand.

use chrono::{DateTime, FixedOffset, LocalResult, NaiveDate};
use chrono_tz::Tz;

use crate::calendar::{Instant, SECOND};
use crate::zones;

/// `Wed 2026-03-04 13:00`, with seconds and decimals where there are any, and with the offset where the local time
/// comes twice.
pub(super) fn local(at: Instant, zone: Tz) -> String {
    let Some(time) = at.in_zone(zone) else { return at.rfc3339() };
    let mut text = time.format("%a %Y-%m-%d %H:%M").to_string();
    let micros = at.micros().rem_euclid(60 * SECOND);
    if micros > 0 {
        text += &format!(":{:02}", micros / SECOND);
        text += &decimals(micros % SECOND);
    }
    if matches!(zones::at_local(zone, time.naive_local()), LocalResult::Ambiguous(..)) {
        text += &format!(" {}", offset(&time));
    }
    text
}

/// `-07:00`.
pub(super) fn offset(time: &DateTime<FixedOffset>) -> String {
    time.offset().to_string()
}

/// `Wed 2026-03-04`.
pub(super) fn date(on: NaiveDate) -> String {
    on.format("%a %Y-%m-%d").to_string()
}

/// `.5`, `.000001`, or nothing.
fn decimals(micros: i64) -> String {
    if micros == 0 { String::new() } else { format!(".{micros:06}").trim_end_matches('0').to_owned() }
}

/// For columns: `9:00:00`, `0:00:00.5`, `328:00:00`.
pub(super) fn clock(micros: i64) -> String {
    let sign = if micros < 0 { "-" } else { "" };
    let micros = micros.abs();
    let seconds = micros / SECOND;
    let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    format!("{sign}{hours}:{minutes:02}:{rest:02}{}", decimals(micros % SECOND))
}

/// For sentences: `5 h 12 min`, `1 s`, `9 h 0.5 s`; hours go on beyond 24.
pub(super) fn words(micros: i64) -> String {
    let sign = if micros < 0 { "-" } else { "" };
    let micros = micros.abs();
    let seconds = micros / SECOND;
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    let rest = format!("{}{}", seconds % 60, decimals(micros % SECOND));
    let mut parts = Vec::new();
    if hours > 0 {
        parts.push(format!("{hours} h"));
    }
    if minutes > 0 {
        parts.push(format!("{minutes} min"));
    }
    if rest != "0" || parts.is_empty() {
        parts.push(format!("{rest} s"));
    }
    format!("{sign}{}", parts.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_exact() {
        assert_eq!([0, 1, 500_000].map(words), ["0 s", "0.000001 s", "0.5 s"]);
        assert_eq!(words(5 * 3_600 * SECOND + 12 * 60 * SECOND), "5 h 12 min");
        assert_eq!(words(9 * 3_600 * SECOND + 500_000), "9 h 0.5 s");
        assert_eq!(words(-SECOND), "-1 s");
        assert_eq!([0, 3_600_500_000, -SECOND].map(clock), ["0:00:00", "1:00:00.5", "-0:00:01"]);
    }

    #[test]
    fn a_repeated_hour_shows_its_offset() {
        let zone = chrono_tz::America::Denver;
        let at = Instant::from_seconds(1_793_514_600);
        assert_eq!(local(at, zone), "Sun 2026-11-01 00:30");
        assert_eq!(local(at.plus(3_600 * SECOND), zone), "Sun 2026-11-01 01:30 -06:00");
        assert_eq!(local(at.plus(7_200 * SECOND + 1), zone), "Sun 2026-11-01 01:30:00.000001 -07:00");
    }
}
