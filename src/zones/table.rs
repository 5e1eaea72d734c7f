//! One zone, decoded: the changes of its offset, ascending, and the rule of the time after them laid out over the 400
//! years in which the calendar repeats. Reads TZif (RFC 9636) by the crate `tz-rs`.

use tz::TimeZone;
use tz::timezone::TransitionRule;

use super::rule;

/// Seconds in the 400 years after which dates fall on the same weekdays again: 146,097 days.
const CYCLE: i64 = 146_097 * 86_400;

/// More than any zone's clock is ahead of or behind UTC, seconds.
pub(super) const FARTHEST: i64 = 26 * 3_600;

/// The offset from an instant on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub at: i64,
    /// Local minus UTC from then on, seconds.
    pub offset: i32,
}

/// True where the rule stands in a line of its own at the end: a file cut off within it may read as one without a rule.
fn has_last_line(bytes: &[u8]) -> bool {
    let Some(rest) = bytes.strip_suffix(b"\n") else { return false };
    let line = rest.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    line.len() < rest.len() && line.iter().all(u8::is_ascii_graphic)
}

/// The offsets of a zone through all time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Table {
    /// Before the first change.
    first: i32,
    /// Ascending; each another offset than the one before.
    changes: Vec<Change>,
    /// From here on the changes repeat every [`CYCLE`]; `None`: the last offset stays.
    cycle_from: Option<i64>,
}

impl Table {
    /// Of UTC, which needs no data.
    pub(super) const UTC: Table = Table { first: 0, changes: Vec::new(), cycle_from: None };

    /// Decodes a TZif file.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub(super) fn decode(bytes: &[u8]) -> Result<Table, String> {
        let zone = TimeZone::from_tz_data(bytes).map_err(|error| error.to_string())?;
        if bytes.get(4).is_some_and(|version| *version != 0) && !has_last_line(bytes) {
            return Err("it is cut short".to_owned());
        }
        let zone = zone.as_ref();
        if !zone.leap_seconds().is_empty() {
            return Err("it counts leap seconds, which no input does".to_owned());
        }
        let types = zone.local_time_types();
        let offset = |index: usize| types.get(index).map_or(0, |of| of.ut_offset());
        let mut table = Table { first: offset(0), changes: Vec::new(), cycle_from: None };
        for change in zone.transitions() {
            table
                .push(Change { at: change.unix_leap_time(), offset: offset(change.local_time_type_index()) });
        }
        let last = zone.transitions().last().map(|last| last.unix_leap_time());
        match zone.extra_rule() {
            Some(TransitionRule::Alternate(rule)) => {
                let from = last.unwrap_or(0);
                let first_year = rule::year_of(from);
                let years = first_year..=first_year + 401;
                for change in years.flat_map(|year| rule::changes_of(rule, year)) {
                    if last.is_none_or(|last| change.at > last) {
                        table.push(change);
                    }
                }
                table.cycle_from = Some(rule::start_of(first_year + 1));
            }
            Some(TransitionRule::Fixed(after)) if last.is_none() => table.first = after.ut_offset(),
            _ => {}
        }
        let offsets = table.changes.iter().map(|change| change.offset).chain([table.first]);
        match offsets.map(i64::from).find(|offset| offset.abs() >= 86_400) {
            Some(_) => Err("it has a clock more than a day from UTC".to_owned()),
            None => Ok(table),
        }
    }

    fn push(&mut self, change: Change) {
        let before = self.changes.last().map_or(self.first, |last| last.offset);
        if change.offset != before {
            self.changes.push(change);
        }
    }

    /// `seconds`, or where it lies beyond what is laid out an instant whole cycles earlier.
    fn folded(&self, seconds: i64) -> i64 {
        match self.cycle_from {
            Some(from) if seconds >= from + CYCLE => from + (seconds - from) % CYCLE,
            _ => seconds,
        }
    }

    /// How many changes are at or before `seconds`.
    fn n_until(&self, seconds: i64) -> usize {
        self.changes.partition_point(|change| change.at <= seconds)
    }

    /// The offset at `seconds`.
    pub(super) fn offset(&self, seconds: i64) -> i32 {
        let n = self.n_until(self.folded(seconds));
        n.checked_sub(1).map_or(self.first, |last| self.changes[last].offset)
    }

    /// The changes in `(from, to)`.
    pub(super) fn changes(&self, from: i64, to: i64) -> Vec<Change> {
        let mut all = Vec::new();
        let mut at = from;
        while at < to {
            let folded = self.folded(at);
            // To the end of the cycle in which `at` lies, or for all time.
            let end = match self.cycle_from {
                Some(from) => (at + (from + CYCLE - folded)).min(to),
                None => to,
            };
            let shift = at - folded;
            let changes = self.changes[self.n_until(folded)..].iter();
            let changes = changes.map(|change| Change { at: change.at + shift, ..*change });
            all.extend(changes.take_while(|change| change.at < end));
            at = end;
        }
        all
    }

    /// The offsets by which a clock of this zone says `local`, seconds of a local day's count: in order of the instants.
    pub(super) fn offsets_of_local(&self, local: i64) -> Vec<i32> {
        let mut offset = self.offset(local - FARTHEST);
        let mut from = i64::MIN;
        let mut found = Vec::new();
        let mut see = |from: i64, to: i64, offset: i32| {
            let at = local - i64::from(offset);
            if at >= from && at < to {
                found.push(offset);
            }
        };
        for change in self.changes(local - FARTHEST, local + FARTHEST) {
            see(from, change.at, offset);
            (from, offset) = (change.at, change.offset);
        }
        see(from, i64::MAX, offset);
        found
    }

    /// The offset by which `local` is to be read: the first of those by which the clock says it, or that before the gap.
    pub(super) fn offset_for_local(&self, local: i64) -> i32 {
        if let Some(first) = self.offsets_of_local(local).first() {
            return *first;
        }
        // Of the changes nearby, the one that skips `local`.
        let mut before = self.offset(local - FARTHEST);
        for change in self.changes(local - FARTHEST, local + FARTHEST) {
            if local < change.at + i64::from(change.offset) {
                break;
            }
            before = change.offset;
        }
        before
    }
}
