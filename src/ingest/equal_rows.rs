//! Rows of one case and one instant that are equal in every canonical column (SPEC 3.4): which are used and which are
//! duplicates (D503). Exports overlap, and then a row is there twice; but a state that is set, set to something else and
//! set back within one instant (A, B, A) is three rows of which none is too many. Booking them is `repeats`'.

use std::collections::HashMap;

use super::group::{Input, block_of};
use super::rows::{NO_STATUS, Row, WEAK};
use crate::history::{EventKind, Role};

/// Everything that makes rows of one case and instant equal.
type Key = (u32, u16, EventKind, Role, u8, bool);

/// What a list says of a case gives way to what another table tells (`shape_join`). So it is not equal to it: the row of
/// the other table would go as a duplicate of one that then goes too, and an answer or a resolution would be lost.
fn key(row: &Row) -> Key {
    let gives_way = row.flags & WEAK != 0 && row.kind() != EventKind::Opened;
    (row.actor, row.status, row.kind(), row.role(), row.severity(), gives_way)
}

/// Rows of one instant that are compared with each other; more go through a hash map.
const RUN: usize = 16;

/// Moves the rows that stay to the front of `rows`, which stand by time and within an instant in source order; returns how
/// many. Only rows of one instant can be equal.
pub(super) fn deduplicate(rows: &mut [Row], input: &Input<'_>, duplicates: &mut Vec<(u32, u32)>) -> usize {
    let (mut kept, mut from) = (0, 0);
    while from < rows.len() {
        let at = rows[from].at;
        let to = from + rows[from..].iter().take_while(|row| row.at == at).count();
        if has_equals(&rows[from..to]) {
            let mut seen = Seen::new(&rows[from..to], input);
            for i in 0..to - from {
                let row = rows[from + i];
                match seen.equal(&row, i) {
                    Some(equal) => duplicates.push((row.number, equal)),
                    None => {
                        rows[kept] = row;
                        kept += 1;
                    }
                }
            }
        } else {
            rows.copy_within(from..to, kept);
            kept += to - from;
        }
        from = to;
    }
    kept
}

/// True where two of a few rows are equal, and where they are too many to look.
fn has_equals(rows: &[Row]) -> bool {
    rows.len() > RUN || (1..rows.len()).any(|i| rows[..i].iter().any(|row| key(row) == key(&rows[i])))
}

/// Rows that are equal to each other.
struct Equal {
    key: Key,
    /// The first of them, which stays.
    first: u32,
    /// How many are used.
    n_used: u32,
    /// The file of the last of them, how many of its rows count there, and that row's place.
    file: u32,
    n_of_file: u32,
    last: usize,
}

/// What was seen of one instant of one case, in source order.
struct Seen<'i> {
    input: &'i Input<'i>,
    /// All of its rows, where some may be events of one row of the input.
    rows: Vec<Row>,
    all: Vec<Equal>,
    /// Indices of `all`; none where there are few.
    by_key: Option<HashMap<Key, usize>>,
    file: Option<u32>,
    statuses: Given<u16>,
    severities: Given<u8>,
}

impl<'i> Seen<'i> {
    fn new(rows: &[Row], input: &'i Input<'i>) -> Seen<'i> {
        let by_key = (rows.len() > RUN).then(HashMap::new);
        let (statuses, severities) = (Given::default(), Given::default());
        let rows = if input.joining.has_shapes { rows.to_vec() } else { Vec::new() };
        Seen { input, rows, all: Vec::new(), by_key, file: None, statuses, severities }
    }

    /// The used row that `row`, at place `i`, is a duplicate of; `None`: it is used.
    fn equal(&mut self, row: &Row, i: usize) -> Option<u32> {
        let blocks = self.input.blocks;
        let file = blocks[block_of(row.number, blocks)].file;
        if self.file.replace(file) != Some(file) {
            (self.statuses, self.severities) = (Given::default(), Given::default());
        }
        let key = key(row);
        let known = match &self.by_key {
            Some(by_key) => by_key.get(&key).copied(),
            None => self.all.iter().position(|equal| equal.key == key),
        };
        let duplicate_of = match known {
            Some(known) => self.count(known, row, (i, file)),
            None => {
                if let Some(by_key) = &mut self.by_key {
                    by_key.insert(key, self.all.len());
                }
                let first = row.number;
                self.all.push(Equal { key, first, n_used: 1, file, n_of_file: 1, last: i });
                None
            }
        };
        if row.status != NO_STATUS {
            self.statuses.give(row.status, i);
        }
        if row.severity() != 0 {
            self.severities.give(row.severity(), i);
        }
        duplicate_of
    }

    /// A row is one more of its file where it is the file's first of its kind, or sets a state back; it is used where the
    /// files before have fewer of them.
    fn count(&mut self, known: usize, row: &Row, (i, file): (usize, u32)) -> Option<u32> {
        let sets_back = self.sets_back(self.all[known].last, row, i);
        let equal = &mut self.all[known];
        if equal.file != file {
            (equal.file, equal.n_of_file) = (file, 1);
        } else if sets_back {
            equal.n_of_file += 1;
        } else {
            equal.last = i;
            return Some(equal.first);
        }
        equal.last = i;
        let is_used = equal.n_of_file > equal.n_used;
        equal.n_used += u32::from(is_used);
        (!is_used).then_some(equal.first)
    }
}

impl Seen<'_> {
    /// True where a row between `last` and `row`, at place `i`, both of one file, gives another value of a state that `row`
    /// gives. The other events of their own rows of the input do not stand between them: a list that is there twice is.
    fn sets_back(&self, last: usize, row: &Row, i: usize) -> bool {
        let between = |other: Option<usize>| other.is_some_and(|place| place > last);
        let is_likely = row.status != NO_STATUS && between(self.statuses.other_than(row.status))
            || row.severity() != 0 && between(self.severities.other_than(row.severity()));
        if !is_likely || self.rows.is_empty() {
            return is_likely;
        }
        self.rows[last + 1..i].iter().any(|other| {
            let sets = |own: u16, theirs: u16, none: u16| own != none && theirs != none && own != theirs;
            let is_other = sets(row.status, other.status, NO_STATUS)
                || sets(row.severity().into(), other.severity().into(), 0);
            is_other && !self.input.is_one_row(&self.rows[last], other) && !self.input.is_one_row(other, row)
        })
    }
}

/// Which values of a state the rows of one file gave, and where last.
#[derive(Default)]
struct Given<T> {
    /// The last value, and its last place.
    last: Option<(T, usize)>,
    /// The last place of any other value.
    other: Option<usize>,
}

impl<T: Copy + PartialEq> Given<T> {
    fn give(&mut self, value: T, place: usize) {
        if let Some((before, at)) = self.last
            && before != value
        {
            self.other = Some(at);
        }
        self.last = Some((value, place));
    }

    /// The last place at which another value than `value` was given.
    fn other_than(&self, value: T) -> Option<usize> {
        match self.last {
            Some((last, place)) if last != value => Some(place),
            _ => self.other,
        }
    }
}
