//! Whether what was asked about lies where the data are: a period or a judging instant beside them gives a report of zeros,
//! which looks like one in which nothing was missed; and a judging instant that one wrong date has moved, one of misses.

use chrono::NaiveDate;

use crate::calendar::Instant;
use crate::codes;
use crate::diag::Diagnostic;
use crate::facts::Dates;
use crate::history::History;
use crate::ingest::{FarDate, FileLedger};
use crate::policy::Book;
use crate::zones;

use super::audit::Observer;
use super::summary::grouped;

/// Warns (F308) where the zone data are too old to be sure of, and (F305) where no event of `history` up to `as_of` is in
/// `period`, or none is there at all; dates are local in the zone of the latest version of `book`.
pub(super) fn warn(
    history: &History,
    book: &Book,
    as_of: Instant,
    period: Option<Dates>,
    observer: &dyn Observer,
) {
    let zone_of = |book: &Book| book.versions.last().map(|version| version.timezone).unwrap_or_default();
    if let Some(message) =
        as_of.in_zone(zone_of(book)).and_then(|at| zones::release().warning(at.date_naive()))
    {
        observer.warning(&Diagnostic::warning(codes::F308, message));
    }
    let Some((first, last)) = history.span else { return };
    let zone = zone_of(book);
    let on = |at: Instant| at.in_zone(zone).map(|at| at.date_naive());
    let Some((from, to)) = on(first).zip(on(last)) else { return };
    if as_of < first {
        let message = format!("no event is there at {}, the instant given with `--as-of`", as_of.rfc3339());
        observer.warning(&warning(message, from, to));
    } else if let (Some(dates), Some(end)) = (period, on(last.min(as_of)))
        && (dates.to < from || dates.from > end)
    {
        let message = format!("no event is in the period {} to {}", dates.from, dates.to);
        observer.warning(&warning(message, from, to));
    }
}

/// Warns (F308) where the latest event lies far from all others, and gives what is to be said of it among what was taken for
/// granted. `far` is asked only where nobody said when to judge.
pub(super) fn far_date(
    far: Option<FarDate>,
    files: &[FileLedger],
    observer: &dyn Observer,
) -> Option<String> {
    let far = far?;
    let paths: Vec<String> = files.iter().map(|file| file.path.display().to_string()).collect();
    let path = |file: u32| paths.get(file as usize).map(String::as_str);
    observer.warning(&far.warning(path));
    let place = far.place.and_then(|place| Some(format!(" (`{}`, line {})", path(place.file)?, place.line)));
    Some(format!(
        "the latest event, {}{}, is taken as it is, though it lies {} days after the others (F307): a wrong date there makes \
         every open case look late",
        far.latest.rfc3339(),
        place.unwrap_or_default(),
        grouped(far.days().unsigned_abs())
    ))
}

fn warning(message: String, from: NaiveDate, to: NaiveDate) -> Diagnostic {
    let hint = format!("the data have events from {from} to {to}, local dates of the policy's zone");
    Diagnostic::warning(codes::F305, message).hint(hint)
}
