//! Instants on the command line: RFC 3339 with an offset, or a local time of a zone that the caller knows.

use chrono::{DateTime, LocalResult, NaiveDate, NaiveDateTime};
use chrono_tz::Tz;

use crate::calendar::Instant;
use crate::diag::Error;
use crate::zones;

/// Local forms that are understood, a space in place of the `T` too.
const LOCAL: [&str; 2] = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"];

/// The same with an offset, `+02:00`, or `Z`.
const WITH_OFFSET: [&str; 2] = ["%Y-%m-%dT%H:%M:%S%.f%:z", "%Y-%m-%dT%H:%M%:z"];

/// Reads `text`; without an offset it is local time of `zone`. Seconds may be left out.
///
/// # Errors
/// [`Error::Usage`] for anything else, for a local time that `zone` skips or has twice, and for an instant that no input
/// may have.
pub(super) fn parse(text: &str, zone: Tz) -> Result<Instant, Error> {
    let at = any(text, zone)?;
    if (Instant::MIN..=Instant::MAX).contains(&at) {
        return Ok(at);
    }
    Err(Error::Usage(format!("expected an instant of the years 1 to 9999, found `{text}`")))
}

fn any(text: &str, zone: Tz) -> Result<Instant, Error> {
    let plain = plain(text);
    let offset = || WITH_OFFSET.iter().find_map(|form| DateTime::parse_from_str(&plain, form).ok());
    if let Some(at) = DateTime::parse_from_rfc3339(&plain).ok().or_else(offset) {
        return Ok(Instant::from(at.to_utc()));
    }
    let Some(local) = LOCAL.iter().find_map(|form| NaiveDateTime::parse_from_str(&plain, form).ok()) else {
        return Err(Error::Usage(none(text, zone)));
    };
    match zones::at_local(zone, local) {
        LocalResult::Single(at) => Ok(Instant::from(at.to_utc())),
        LocalResult::Ambiguous(first, second) => Err(Error::Usage(format!(
            "`{text}` comes twice in {zone}\nhint: write `{}` or `{}`",
            first.to_rfc3339(),
            second.to_rfc3339()
        ))),
        LocalResult::None => {
            Err(Error::Usage(format!("`{text}` is skipped in {zone}\nhint: write it with an offset")))
        }
    }
}

/// `text` with a `T` between date and time, and with `+00:00` for `Z`.
fn plain(text: &str) -> String {
    let joined = match text.trim().split_once(' ') {
        Some((date, time)) => format!("{date}T{}", time.replace(' ', "")),
        None => text.trim().to_owned(),
    };
    match joined.strip_suffix(['Z', 'z']) {
        Some(time) => format!("{time}+00:00"),
        None => joined,
    }
}

/// What is said of a text that is no instant. A day alone is none: whether its first or its last moment is meant decides
/// what is still open, and nothing says which.
fn none(text: &str, zone: Tz) -> String {
    match NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d") {
        Ok(date) => format!(
            "expected an instant, found the day `{text}`\nhint: add a time, as `{date}T17:00`; it is local time of {zone}"
        ),
        Err(_) => format!(
            "expected an instant like `2026-03-02T16:00Z` or `2026-03-02T16:00-07:00`, or local time of {zone} like \
             `2026-03-02 16:00`, found `{text}`"
        ),
    }
}

/// `at` as RFC 3339 in `zone`, with as many decimals as it has.
pub(super) fn show(at: Instant, zone: Tz) -> String {
    at.in_zone(zone).map_or_else(|| at.rfc3339(), |t| t.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, false))
}
