//! Whether the latest events lie far from all others, as one wrong year in a file makes them: everything open is judged at
//! the latest event unless the user says otherwise, so a single row may turn every open case into a miss. Looks at the ends
//! of cases only: most cases cost one comparison.

use rayon::prelude::*;

use super::places::Places;
use super::read::Ingested;
use crate::calendar::{Instant, SECOND};
use crate::codes;
use crate::diag::{Diagnostic, Position};
use crate::history::{Event, Place};

/// Microseconds of a day of 24 hours.
const DAY: i64 = 86_400 * SECOND;

/// Cases that one thread takes at a time.
const CASES_AT_A_TIME: usize = 4_096;

/// How far before the latest event the last of the others may lie: wrong dates may be a few, and not all alike.
const WINDOWS: [i64; 3] = [30 * DAY, 366 * DAY, 20 * 366 * DAY];

/// The latest events of an input, and the last one before them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FarDate {
    /// The latest event of all.
    pub latest: Instant,
    /// Where it stands, where that is known.
    pub place: Option<Place>,
    /// The last event before the gap.
    pub before: Instant,
    /// Events after the gap.
    pub n: u64,
}

impl FarDate {
    /// Days of 24 hours from [`FarDate::before`] to [`FarDate::latest`].
    pub const fn days(&self) -> i64 {
        self.latest.since(self.before) / DAY
    }

    /// What is to be told of it: F307, with file and line where they are known. `path` gives a file by its number.
    pub fn warning<'p>(&self, path: impl Fn(u32) -> Option<&'p str>) -> Diagnostic {
        let after = if self.n == 1 { "all other events" } else { "all events but the last few" };
        let message = format!(
            "the latest event, {}, lies {} days after {after}, and everything open is judged at it",
            self.latest.rfc3339(),
            self.days()
        );
        let hint = format!(
            "the others end at {}; where the date is wrong, correct it, or say with `--as-of` when to judge",
            self.before.rfc3339()
        );
        let warning = Diagnostic::warning(codes::F307, message).hint(hint);
        match self.place.and_then(|place| Some((path(place.file)?, place.line))) {
            Some((path, line)) => warning.at(Position { path: path.to_owned(), line, ..Position::default() }),
            None => warning,
        }
    }
}

/// What lies on the two sides of one bound.
#[derive(Clone, Copy, Debug, Default)]
struct Side {
    n_after: u64,
    first_after: Option<Instant>,
    last_before: Option<Instant>,
}

/// The ends of the cases so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ends {
    first: Instant,
    last: Instant,
    sides: [Side; WINDOWS.len()],
    n_events: u64,
    /// The event at `last`, the least if there are several, by whatever it is called.
    latest: Option<u64>,
}

impl Ends {
    /// Nothing yet, of an input whose events lie between `first` and `last`.
    pub(super) fn new((first, last): (Instant, Instant)) -> Ends {
        Ends { first, last, sides: [Side::default(); WINDOWS.len()], n_events: 0, latest: None }
    }

    /// One case more, its events in order of time; `name` gives what an event is called by its place among them.
    pub(super) fn add(&mut self, events: &[Event], name: impl Fn(usize) -> u64) {
        let Some(end) = events.last() else { return };
        self.n_events += events.len() as u64;
        for (side, window) in self.sides.iter_mut().zip(WINDOWS) {
            let bound = self.last.plus(-window);
            // Nothing lies before it.
            if bound <= self.first {
                continue;
            }
            let n = if end.at < bound { events.len() } else { events.partition_point(|e| e.at < bound) };
            side.n_after += (events.len() - n) as u64;
            let after = events.get(n).map(|event| event.at);
            let before = n.checked_sub(1).map(|i| events[i].at);
            side.first_after = side.first_after.into_iter().chain(after).min();
            side.last_before = side.last_before.max(before);
        }
        if end.at == self.last {
            let of_it = events.partition_point(|event| event.at < self.last);
            self.latest = self.latest.into_iter().chain([name(of_it)]).min();
        }
    }

    /// Takes over what was seen of other cases.
    pub(super) fn merge(&mut self, other: Ends) {
        self.n_events += other.n_events;
        for (mine, theirs) in self.sides.iter_mut().zip(other.sides) {
            mine.n_after += theirs.n_after;
            mine.first_after = mine.first_after.into_iter().chain(theirs.first_after).min();
            mine.last_before = mine.last_before.max(theirs.last_before);
        }
        self.latest = self.latest.into_iter().chain(other.latest).min();
    }

    /// The latest event where it is far from the others; `place` tells where an event stands by what it is called.
    pub(super) fn far(&self, place: impl Fn(u64) -> Option<Place>) -> Option<FarDate> {
        let of = |side: &Side| {
            let (before, after) = (side.last_before?, side.first_after?);
            let gap = after.since(before);
            let n_before = self.n_events - side.n_after;
            let is = is_far(gap, before.since(self.first), side.n_after, n_before);
            let place = || self.latest.and_then(&place);
            is.then(|| (gap, FarDate { latest: self.last, place: place(), before, n: side.n_after }))
        };
        // Wrong dates may lie far from each other, too: the others end where the longest time without an event begins.
        self.sides.iter().filter_map(of).max_by_key(|(gap, _)| *gap).map(|(_, far)| far)
    }
}

/// True where `n` events after a time without any are likely a mistake: they are one, or at most a tenth of all, and that
/// time is longer than ten months; or than three months and than all the time in which the others lie; or, of a thousand
/// events and more of which at most one in a thousand comes after it, than 30 days. What is that rare in so busy a log comes
/// of no quiet season.
fn is_far(gap: i64, span_before: i64, n: u64, n_before: u64) -> bool {
    let is_rare = n_before >= 4 && (n == 1 || n * 9 <= n_before);
    let is_long = gap >= 300 * DAY
        || n_before >= 19 && gap >= 90 * DAY && gap >= span_before
        || n_before >= 999 && n * 999 <= n_before && gap >= 30 * DAY;
    is_rare && is_long
}

impl Ingested {
    /// The latest event where it lies far from all others.
    pub fn far_date(&self) -> Option<FarDate> {
        let history = &self.history;
        let empty = Ends::new(history.span?);
        let add = |mut ends: Ends, case: usize| {
            let first = history.events.numbers(case).map_or(0, |numbers| numbers.start);
            ends.add(history.case(case).events, |i| (first + i) as u64);
            ends
        };
        let together = |mut ends: Ends, other: Ends| {
            ends.merge(other);
            ends
        };
        let cases = (0..history.n_cases()).into_par_iter().with_min_len(CASES_AT_A_TIME);
        let ends = cases.fold(|| empty, add).reduce(|| empty, together);
        ends.far(|event| self.places.of(usize::try_from(event).ok()?))
    }
}

impl Ingested {
    /// F307, where the latest event lies far from all others and is the one at which everything open is judged.
    pub fn far_warning(&self) -> Option<Diagnostic> {
        let path = |file: u32| self.ledger.files.get(file as usize).and_then(|file| file.path.to_str());
        self.far_date().map(|far| far.warning(path))
    }
}

/// Where a used row stands, by its number among all of them.
pub(super) fn of_row(places: &Places, ordinal: u64) -> Option<Place> {
    u32::try_from(ordinal).ok().filter(|ordinal| places.has(*ordinal)).map(|ordinal| places.of_row(ordinal))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::{EventKind, Mark, Role, StatusId, WordId};

    /// Cases of one event each, at these days.
    fn far(days: &[i64]) -> Option<(u64, i64)> {
        let at = |day: &i64| Instant::from_micros(*day * DAY);
        let mark = Mark::new(EventKind::Note, Role::Agent, 0);
        let event = |day: &i64| Event::marked(at(day), WordId::NONE, StatusId::NONE, mark);
        let (first, last) = (days.iter().min().map(at)?, days.iter().max().map(at)?);
        let empty = Ends::new((first, last));
        let (mut a, mut b) = (empty, empty);
        for (i, day) in days.iter().enumerate() {
            if i % 2 == 0 { &mut a } else { &mut b }.add(&[event(day)], |_| i as u64);
        }
        a.merge(b);
        let file = |event| Some(Place { file: 0, line: event });
        a.far(file).map(|far| (far.place.map_or(0, |place| place.line), far.days()))
    }

    fn with(days: impl Iterator<Item = i64>, more: &[i64]) -> Vec<i64> {
        days.chain(more.iter().copied()).collect()
    }

    #[test]
    fn one_wrong_year_is_far_and_a_quiet_summer_is_not() {
        assert_eq!(far(&with(0..20, &[])), None);
        assert_eq!(far(&with(0..20, &[365])), Some((20, 346)));
        assert_eq!(far(&with(0..20, &[13_000, 13_001])), Some((21, 12_982)));
        // Several wrong dates, years from each other, and the last of them comes first in the input.
        assert_eq!(far(&with([13_500].into_iter().chain(0..40), &[13_000, 13_001])), Some((0, 13_461)));
        // Of a few events each counts: one reopened after half a year.
        assert_eq!(far(&[0, 1, 2, 3, 4, 180]), None);
        assert_eq!(far(&with(0..40, &[160])), Some((40, 121)));
        // A month's gap in two years of every day is a wrong month only where next to nothing comes after it.
        assert_eq!(far(&with(0..1_200, &[1_240])), Some((1_200, 41)));
        assert_eq!(far(&with((0..700).filter(|day| !(300..340).contains(day)), &[])), None);
        // Half of the events: another year of work.
        assert_eq!(far(&with(0..20, &(400..420).collect::<Vec<_>>())), None);
        assert_eq!(far(&[]), None);
    }
}
