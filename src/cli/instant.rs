//! Instants on the command line: RFC 3339 with an offset, or a local time of a zone that the caller knows.

use chrono::{DateTime, LocalResult, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;

use crate::calendar::Instant;
use crate::diag::Error;

/// Local forms that are understood.
const LOCAL: [&str; 2] = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"];

/// Reads `text`; without an offset it is local time of `zone`.
///
/// # Errors
/// [`Error::Usage`] for anything else, and for a local time that `zone` skips or has twice.
pub(super) fn parse(text: &str, zone: Tz) -> Result<Instant, Error> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Ok(Instant::from(at.with_timezone(&Utc)));
    }
    let Some(local) = LOCAL.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok()) else {
        return Err(Error::Usage(format!(
            "expected an instant like `2026-03-02T16:00:00Z` or `2026-03-02T16:00:00-07:00`, or a local time \
             without offset, found `{text}`"
        )));
    };
    match zone.from_local_datetime(&local) {
        LocalResult::Single(at) => Ok(Instant::from(at.with_timezone(&Utc))),
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

/// `at` as RFC 3339 in `zone`, with as many decimals as it has.
pub(super) fn show(at: Instant, zone: Tz) -> String {
    at.in_zone(zone).map_or_else(|| at.rfc3339(), |t| t.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, false))
}
