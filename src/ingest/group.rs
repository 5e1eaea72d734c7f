//! One part of the cases, as `gather` left it: rows by case and in order of the history, repeated hours resolved,
//! duplicates gone, the opening first of its instant (SPEC 1, 2, 3.3, 3.4). Parts share nothing, so they are made
//! in parallel, and each fits in cache. Not the order of cases: that is `assemble`.

use std::collections::HashMap;

use chrono_tz::Tz;

use super::gather::{BlockKey, Gathered, Told};
use super::rows::{FIRST, FOLD, GAP, NO_BEFORE, NO_STATUS, NO_WORD, Row, SHIFTED};
use super::shape_join::{restore, speak_as_opener, yield_to};
use super::words::Interner;
use super::zone::{Local, resolve};
use crate::calendar::{Instant, SECOND};
use crate::codes;
use crate::history::{EventKind, Role};

/// A block, in order of the input, and how its rows are numbered in the whole input.
pub(super) struct Numbered {
    pub(super) key: BlockKey,
    /// Number of its first row among all used rows.
    pub(super) base: u32,
    /// Index of its file.
    pub(super) file: u32,
    /// Zone of its local times.
    pub(super) zone: Tz,
}

/// A local time that was not one instant.
pub(super) struct Shift {
    pub(super) code: &'static str,
    /// Place of the case in the part.
    pub(super) case: u32,
    pub(super) at: i64,
    pub(super) ordinal: u32,
}

/// The cases of one part.
pub(super) struct Part {
    pub(super) cases: Interner,
    /// The cases in ascending order of their id, as indices into `cases`; all else goes by place in this order.
    pub(super) order: Vec<u32>,
    /// Where each case's events start; one more than cases.
    pub(super) starts: Vec<u32>,
    /// `case` is the place of the case; words are numbered as they came.
    pub(super) rows: Vec<Row>,
    pub(super) ordinals: Vec<u32>,
    /// For each attribute of the input, for each case: the number of its value.
    pub(super) values: Vec<Vec<u32>>,
    /// Duplicates: the row and the used one that it equals.
    pub(super) duplicates: Vec<(u32, u32)>,
    pub(super) shifts: Vec<Shift>,
    pub(super) has_messages: bool,
}

impl Part {
    /// The id of the case at a place.
    pub(super) fn id(&self, place: u32) -> &[u8] {
        self.cases.at(self.order[place as usize])
    }
}

/// Which of several rows of one instant comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ties {
    /// The first of the input.
    Source,
    /// Messages, then the first of the input: where tables are joined, their order says nothing (SPEC 7.1).
    Messages,
}

impl Ties {
    /// Where a row stands among those of its instant, before their order in the input.
    #[inline]
    fn rank(self, row: &Row) -> bool {
        self == Ties::Messages && row.kind != EventKind::Message
    }
}

/// What the tables of the input ask for beyond one event a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Joining {
    pub(super) ties: Ties,
    /// Some table is of a shape whose rows may yield to others or tell of the state before: `shape_join` has work.
    pub(super) has_shapes: bool,
}

/// Puts a part together. The rows are brought in order beside the place where they came, and put back there: the room
/// for that is one part's, on each thread, and not one more copy of all rows.
pub(super) fn group(mut of: Gathered, blocks: &[Numbered], joining: Joining, scratch: &mut Scratch) -> Part {
    let (order, places) = ascending(&of.cases);
    let starts = scatter(&mut of, blocks, &places, scratch);
    let at_place = |values: Vec<u32>| order.iter().map(|&case| values[case as usize]).collect();
    let values = of.values().into_iter().map(at_place).collect();
    of.cases.seal();
    let Gathered { cases, mut rows, numbers: mut ordinals, told, .. } = of;
    let mut made = Part {
        cases,
        order,
        starts: Vec::with_capacity(starts.len()),
        rows: Vec::new(),
        ordinals: Vec::new(),
        values,
        duplicates: Vec::new(),
        shifts: Vec::new(),
        has_messages: rows.iter().any(|row| row.kind == EventKind::Message),
    };
    made.starts.push(0);
    let mut kept = 0;
    for place in 0..made.order.len() {
        let range = starts[place] as usize..starts[place + 1] as usize;
        let (of_case, of_rows) = (&mut scratch.rows[range.clone()], &mut scratch.ordinals[range]);
        let mut history = Case { rows: of_case, ordinals: of_rows };
        history.shift(place as u32, blocks, &mut made.shifts);
        history.sort(joining.ties, &mut scratch.pairs);
        let n = history.deduplicate(&mut made.duplicates);
        let n = history.settle(n, told.get(made.order[place] as usize), joining);
        rows[kept..kept + n].copy_from_slice(&history.rows[..n]);
        ordinals[kept..kept + n].copy_from_slice(&history.ordinals[..n]);
        kept += n;
        made.starts.push(kept as u32);
    }
    rows.truncate(kept);
    ordinals.truncate(kept);
    Part { rows, ordinals, ..made }
}

/// The cases in ascending order of their id, and for each case its place there.
fn ascending(cases: &Interner) -> (Vec<u32>, Vec<u32>) {
    let mut order: Vec<u32> = (0..cases.len() as u32).collect();
    order.sort_unstable_by(|&a, &b| cases.at(a).cmp(cases.at(b)));
    let mut places = vec![0; order.len()];
    for (place, &case) in order.iter().enumerate() {
        places[case as usize] = place as u32;
    }
    (order, places)
}

/// Brings the rows in `scratch` in order of their cases, each case's in source order, with their numbers among all used
/// rows; tells where each case starts.
fn scatter(of: &mut Gathered, blocks: &[Numbered], places: &[u32], scratch: &mut Scratch) -> Vec<u32> {
    let mut starts = vec![0u32; places.len() + 1];
    for row in &mut of.rows {
        row.case = places[row.case as usize];
        starts[row.case as usize + 1] += 1;
    }
    for i in 0..places.len() {
        starts[i + 1] += starts[i];
    }
    // What stood there is of another part, and is written over.
    scratch.rows.resize(of.rows.len(), BLANK);
    scratch.ordinals.resize(of.rows.len(), 0);
    let ends = of.pieces.iter().skip(1).map(|piece| piece.from).chain([of.rows.len()]);
    let mut pieces: Vec<_> =
        of.pieces.iter().zip(ends).map(|(piece, end)| (piece.key, piece.from..end)).collect();
    pieces.sort_unstable_by_key(|(key, _)| *key);
    let mut next = starts.clone();
    for (key, range) in pieces {
        let base = blocks.binary_search_by_key(&key, |block| block.key).map_or(0, |i| blocks[i].base);
        for (row, number) in of.rows[range.clone()].iter().zip(&of.numbers[range]) {
            let place = &mut next[row.case as usize];
            scratch.rows[*place as usize] = *row;
            scratch.ordinals[*place as usize] = base + number;
            *place += 1;
        }
    }
    starts
}

const BLANK: Row = Row {
    at: 0,
    case: 0,
    actor: NO_WORD,
    status: NO_STATUS,
    kind: EventKind::Update,
    role: Role::Unknown,
    severity: 0,
    flags: 0,
    before: NO_BEFORE,
};

/// No zone repeats more than this of its clock, µs.
const FOLD_AT_MOST: i64 = 2 * 3_600 * SECOND;

/// Room to bring a part's rows in order, used for one part after the other.
#[derive(Default)]
pub(super) struct Scratch {
    rows: Vec<Row>,
    ordinals: Vec<u32>,
    pairs: Vec<(Row, u32)>,
}

/// The rows of one case.
struct Case<'r> {
    rows: &'r mut [Row],
    ordinals: &'r mut [u32],
}

impl Case<'_> {
    /// Repeated and skipped hours (SPEC 3.3), while the rows still stand in source order.
    ///
    /// A file's own order of a case's rows says which of two instants is meant only where it is an order of time, and
    /// only within that file: exports may overlap, and may be newest first.
    fn shift(&mut self, case: u32, blocks: &[Numbered], shifts: &mut Vec<Shift>) {
        if self.rows.iter().all(|row| row.flags & SHIFTED == 0) {
            return;
        }
        let file = |ordinal: u32| blocks[block_of(ordinal, blocks)].file;
        let is_in_order = !self.descends(file);
        for i in 0..self.rows.len() {
            let flags = self.rows[i].flags;
            if flags & SHIFTED == 0 {
                continue;
            }
            let code = if flags & GAP != 0 { codes::D509 } else { codes::D508 };
            if flags & FOLD != 0 {
                let (earlier, later) = self.fold(i, blocks);
                let own = file(self.ordinals[i]);
                let is_near = |k: &usize| self.ordinals.get(*k).is_some_and(|ordinal| file(*ordinal) == own);
                let before = i.checked_sub(1).filter(is_near).map_or(i64::MIN, |p| self.rows[p].at);
                let after = Some(i + 1).filter(is_near).map_or(i64::MAX, |next| self.fold(next, blocks).1);
                let only_later = is_in_order && before > earlier && before <= later && later <= after;
                self.rows[i].at = if only_later { later } else { earlier };
            }
            shifts.push(Shift { code, case, at: self.rows[i].at, ordinal: self.ordinals[i] });
        }
    }

    /// True where some row stands before an earlier one, whatever a repeated hour may hide.
    fn descends(&self, file: impl Fn(u32) -> u32) -> bool {
        let hidden = |pair: &[Row]| (pair[0].flags | pair[1].flags) & FOLD != 0;
        let step = |pair: &[Row]| pair[0].at - pair[1].at;
        let mut pairs = self.rows.windows(2).zip(self.ordinals.windows(2));
        pairs.any(|(pair, ordinals)| {
            let allowed = if hidden(pair) { FOLD_AT_MOST } else { 0 };
            step(pair) > allowed && file(ordinals[0]) == file(ordinals[1])
        })
    }

    /// The two instants that row `i` may mean.
    fn fold(&self, i: usize, blocks: &[Numbered]) -> (i64, i64) {
        let at = self.rows[i].at;
        if self.rows[i].flags & FOLD == 0 {
            return (at, at);
        }
        let zone = blocks[block_of(self.ordinals[i], blocks)].zone;
        let offset = Instant::from_micros(at).in_zone(zone).map_or(0, |t| {
            use chrono::Offset;
            i64::from(t.offset().fix().local_minus_utc()) * SECOND
        });
        match resolve(zone, at + offset) {
            Local::Fold(earlier, later) => (earlier, later),
            _ => (at, at),
        }
    }

    /// By time, ties as `ties` has it.
    fn sort(&mut self, ties: Ties, pairs: &mut Vec<(Row, u32)>) {
        if self.rows.is_sorted_by_key(|row| (row.at, ties.rank(row))) {
            return;
        }
        pairs.clear();
        pairs.extend(self.rows.iter().copied().zip(self.ordinals.iter().copied()));
        pairs.sort_unstable_by_key(|(row, ordinal)| (row.at, ties.rank(row), *ordinal));
        for (i, (row, ordinal)) in pairs.iter().enumerate() {
            self.rows[i] = *row;
            self.ordinals[i] = *ordinal;
        }
    }

    /// Moves the rows that stay to the front; returns how many. Only rows of one instant can be equal.
    fn deduplicate(&mut self, duplicates: &mut Vec<(u32, u32)>) -> usize {
        let (mut kept, mut from) = (0, 0);
        while from < self.rows.len() {
            let at = self.rows[from].at;
            let to = from + self.rows[from..].iter().take_while(|row| row.at == at).count();
            let first = kept;
            let mut seen = (to - from > RUN).then(HashMap::new);
            for i in from..to {
                let key = key(&self.rows[i]);
                let equal = match &mut seen {
                    None => (first..kept).find(|&k| self::key(&self.rows[k]) == key),
                    Some(seen) => Some(*seen.entry(key).or_insert(kept)).filter(|k| *k < kept),
                };
                if let Some(k) = equal {
                    duplicates.push((self.ordinals[i], self.ordinals[k]));
                    continue;
                }
                self.rows[kept] = self.rows[i];
                self.ordinals[kept] = self.ordinals[i];
                kept += 1;
            }
            from = to;
        }
        kept
    }

    /// The opening and, where tables of several shapes meet, what they tell of each other; returns how many of `n`
    /// rows stay.
    fn settle(&mut self, n: usize, told: Option<&Told>, joining: Joining) -> usize {
        if !joining.has_shapes {
            self.open(n, told);
            return n;
        }
        let n = yield_to(&mut self.rows[..n], &mut self.ordinals[..n]);
        self.open(n, told);
        speak_as_opener(&mut self.rows[..n]);
        restore(&mut self.rows[..n], &mut self.ordinals[..n]);
        n
    }

    /// The event that opens the case goes to the front of its instant; failing one, the first row of a table that opens cases so.
    fn open(&mut self, n: usize, told: Option<&Told>) {
        let rows = &mut self.rows[..n];
        if let Some(opening) = rows.iter().position(|row| row.kind == EventKind::Opened) {
            let at = rows[opening].at;
            let first = opening - rows[..opening].iter().rev().take_while(|row| row.at == at).count();
            rows[first..=opening].rotate_right(1);
            self.ordinals[first..=opening].rotate_right(1);
        } else if let Some(told) = told.filter(|t| t.row_at != i64::MAX) {
            let Some(opening) = rows.iter().position(|row| row.flags & FIRST != 0) else { return };
            let row = &mut rows[opening];
            row.kind = EventKind::Opened;
            row.role = told.role;
            row.at = row.at.min(told.opened_at);
            let at = row.at;
            let first = rows[..opening].partition_point(|row| row.at < at);
            rows[first..=opening].rotate_right(1);
            self.ordinals[first..=opening].rotate_right(1);
        }
    }
}

/// Rows of one instant that are compared with each other; more go through a hash map.
const RUN: usize = 16;

/// Everything that makes rows of one case and instant equal (SPEC 3.4).
fn key(row: &Row) -> (u32, u16, EventKind, Role, u8) {
    (row.actor, row.status, row.kind, row.role, row.severity)
}

/// The block that used row `ordinal` stands in.
pub(super) fn block_of(ordinal: u32, blocks: &[Numbered]) -> usize {
    blocks.partition_point(|numbered| numbered.base <= ordinal).saturating_sub(1)
}
