//! What can be told of all rows before any case is put in order: the instants between which they lie, and whether any of
//! them is a message or gives a status.

use super::group::FOLD_AT_MOST;
use super::rows::{FOLD, NO_STATUS, Row};
use crate::calendar::Instant;
use crate::history::EventKind;

/// What some rows tell. An empty range has its ends the wrong way round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    /// Instants of rows that mean one: first, last.
    certain: (i64, i64),
    /// Instants that rows in a repeated hour may mean.
    doubtful: (i64, i64),
    /// Some row is a message (SPEC 7.1).
    pub(super) has_messages: bool,
    /// Some row gives a status (SPEC 7.6).
    pub(super) has_statuses: bool,
}

const NOTHING: (i64, i64) = (i64::MAX, i64::MIN);

impl Default for Seen {
    fn default() -> Seen {
        Seen { certain: NOTHING, doubtful: NOTHING, has_messages: false, has_statuses: false }
    }
}

impl Seen {
    /// What `rows` tell.
    pub(super) fn of(rows: &[Row]) -> Seen {
        let mut seen = Seen::default();
        for row in rows {
            seen.has_messages |= row.kind() == EventKind::Message;
            seen.has_statuses |= row.status != NO_STATUS;
            let (range, until) = match row.flags & FOLD {
                0 => (&mut seen.certain, row.at),
                _ => (&mut seen.doubtful, row.at + FOLD_AT_MOST),
            };
            *range = (range.0.min(row.at), range.1.max(until));
        }
        seen
    }

    /// Takes over what other rows tell.
    pub(super) fn add(&mut self, other: &Seen) {
        let both = |a: (i64, i64), b: (i64, i64)| (a.0.min(b.0), a.1.max(b.1));
        self.certain = both(self.certain, other.certain);
        self.doubtful = both(self.doubtful, other.doubtful);
        self.has_messages |= other.has_messages;
        self.has_statuses |= other.has_statuses;
    }

    /// The first and the last instant; `None` where there is no row, or where one of them may be that of a row in a
    /// repeated hour, which only the order of its case can tell.
    pub(super) fn span(&self) -> Option<(Instant, Instant)> {
        let (first, last) = self.certain;
        let is_certain = first <= last && first <= self.doubtful.0 && last >= self.doubtful.1;
        is_certain.then(|| (Instant::from_micros(first), Instant::from_micros(last)))
    }
}

#[cfg(test)]
mod tests {
    use super::Seen;
    use crate::history::{EventKind, Mark, Role};
    use crate::ingest::rows::{FOLD, NO_STATUS, NO_WORD, Row};

    fn row(at: i64, flags: u8) -> Row {
        let mark = Mark::new(EventKind::Note, Role::Agent, 0);
        Row { at, case: 0, actor: NO_WORD, number: 0, status: NO_STATUS, mark, flags }
    }

    #[test]
    fn a_span_is_told_only_where_no_repeated_hour_may_end_it() {
        let hour = 3_600_000_000;
        let span = |rows: &[Row]| {
            let mut seen = Seen::of(&rows[..1]);
            seen.add(&Seen::of(&rows[1..]));
            seen.span().map(|(first, last)| (first.micros() / hour, last.micros() / hour))
        };
        assert_eq!(Seen::default().span(), None);
        assert_eq!(span(&[row(4 * hour, 0), row(2 * hour, 0)]), Some((2, 4)));
        assert_eq!(span(&[row(9 * hour, 0), row(5 * hour, FOLD), row(2 * hour, 0)]), Some((2, 9)));
        assert_eq!(span(&[row(9 * hour, 0), row(8 * hour, FOLD), row(2 * hour, 0)]), None);
        assert_eq!(span(&[row(9 * hour, 0), row(hour, FOLD), row(2 * hour, 0)]), None);
    }
}
