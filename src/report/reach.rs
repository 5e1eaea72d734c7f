//! Whether what was asked about lies where the data are: a period or a judging instant beside them gives a report of zeros,
//! which looks like one in which nothing was missed.

use chrono::NaiveDate;

use crate::calendar::Instant;
use crate::codes;
use crate::diag::Diagnostic;
use crate::facts::Dates;
use crate::history::History;
use crate::policy::Book;

use super::audit::Observer;

/// Warns (F305) where no event of `history` up to `as_of` is in `period`, or none is there at all; dates are local in the zone of the
/// latest version of `book`.
pub(super) fn warn(
    history: &History,
    book: &Book,
    as_of: Instant,
    period: Option<Dates>,
    observer: &dyn Observer,
) {
    let Some((first, last)) = history.span else { return };
    let zone = book.versions.last().map(|version| version.timezone).unwrap_or_default();
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

fn warning(message: String, from: NaiveDate, to: NaiveDate) -> Diagnostic {
    let hint = format!("the data have events from {from} to {to}, local dates of the policy's zone");
    Diagnostic::warning(codes::F305, message).hint(hint)
}
