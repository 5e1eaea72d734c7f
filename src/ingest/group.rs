//! One part of the cases, out of all blocks: rows by case and in order of the history, repeated hours resolved,
//! duplicates gone, the opening first of its instant (SPEC 1, 2, 3.3, 3.4). Parts share nothing, so they are made
//! in parallel, and each fits in cache. Not the order of cases: that is `assemble`.

use std::collections::HashMap;

use chrono_tz::Tz;
use foldhash::fast::RandomState;

use super::rows::{Block, CHANGE, FIRST, FOLD, GAP, NO_BEFORE, NO_STATUS, NO_WORD, Row, SHIFTED};
use super::shape_join::{restore, speak_as_opener, yield_to};
use super::words::Interner;
use super::zone::{Local, resolve};
use crate::calendar::{Instant, SECOND};
use crate::codes;
use crate::history::{EventKind, Role};

/// A block and how its words and rows are numbered in the whole input.
pub(super) struct Numbered {
    pub(super) block: Block,
    /// Number of its first row among all used rows.
    pub(super) base: u32,
    /// Its actors, statuses and values of extra columns by their number in the whole input.
    pub(super) actors: Vec<u32>,
    pub(super) statuses: Vec<u32>,
    pub(super) values: Vec<Vec<u32>>,
    /// Zone of its local times.
    pub(super) zone: Tz,
    /// `snapshots`: who opens a case.
    pub(super) first_role: Role,
}

/// A local time that was not one instant.
pub(super) struct Shift {
    pub(super) code: &'static str,
    /// Index of the case in the part.
    pub(super) case: u32,
    pub(super) at: i64,
    pub(super) ordinal: u32,
}

/// The cases of one part.
pub(super) struct Part {
    pub(super) cases: Interner,
    /// Where each case's events start; one more than cases.
    pub(super) starts: Vec<u32>,
    pub(super) rows: Vec<Row>,
    pub(super) ordinals: Vec<u32>,
    /// For each attribute of the input, for each case: the number of its value.
    pub(super) values: Vec<Vec<u32>>,
    /// Duplicates: the row and the used one that it equals.
    pub(super) duplicates: Vec<(u32, u32)>,
    pub(super) shifts: Vec<Shift>,
    pub(super) has_messages: bool,
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

/// Puts part `part` together.
pub(super) fn group(
    part: usize,
    blocks: &[Numbered],
    (n_attributes, as_of): (usize, Option<Instant>),
    joining: Joining,
    state: &RandomState,
) -> Part {
    let mut names = Names::default();
    let mut cases = Interner::new(state);
    for numbered in blocks {
        let block = &numbered.block;
        names.first.push(names.all.len());
        for &case in &block.order[range(&block.case_starts, part)] {
            let name = cases.intern_hashed(block.cases.hash(case), block.cases.at(case));
            names.all.push(name);
        }
    }
    let (mut rows, mut ordinals, starts) = scatter(part, blocks, &names, cases.len());
    let until = as_of.map_or(i64::MAX, Instant::micros);
    let values = attributes(part, blocks, &names, cases.len(), (n_attributes, until));
    let told = told(part, blocks, &names, cases.len());
    let has_messages = rows.iter().any(|row| row.kind == EventKind::Message);
    let mut made = Part {
        cases,
        starts: vec![0],
        rows: Vec::new(),
        ordinals: Vec::new(),
        values,
        duplicates: Vec::new(),
        shifts: Vec::new(),
        has_messages,
    };
    let mut scratch = Scratch::default();
    let mut kept = 0;
    for case in 0..made.cases.len() {
        let range = starts[case] as usize..starts[case + 1] as usize;
        let mut history = Case { rows: &mut rows[range.clone()], ordinals: &mut ordinals[range.clone()] };
        history.shift(case as u32, blocks, &mut made.shifts);
        history.sort(joining.ties, &mut scratch);
        let n = history.deduplicate(&mut made.duplicates);
        let n = history.settle(n, told.get(case), joining);
        if kept != range.start {
            rows.copy_within(range.start..range.start + n, kept);
            ordinals.copy_within(range.start..range.start + n, kept);
        }
        kept += n;
        made.starts.push(kept as u32);
    }
    rows.truncate(kept);
    ordinals.truncate(kept);
    Part { rows, ordinals, ..made }
}

fn range(starts: &[u32], part: usize) -> std::ops::Range<usize> {
    starts[part] as usize..starts[part + 1] as usize
}

/// For each block, for each of its cases in the part: the case's index in the part.
#[derive(Default)]
struct Names {
    first: Vec<usize>,
    all: Vec<u32>,
}

impl Names {
    fn of(&self, block: usize, case_in_part: usize) -> usize {
        self.all[self.first[block] + case_in_part] as usize
    }
}

/// All rows by case, each case's in source order, with their ordinals and where each case starts.
fn scatter(part: usize, blocks: &[Numbered], names: &Names, n: usize) -> (Vec<Row>, Vec<u32>, Vec<u32>) {
    let mut starts = vec![0u32; n + 1];
    for (b, Numbered { block, .. }) in blocks.iter().enumerate() {
        let first = block.case_starts[part] as usize;
        for row in &block.rows[range(&block.row_starts, part)] {
            starts[names.of(b, row.case as usize - first) + 1] += 1;
        }
    }
    for i in 0..n {
        starts[i + 1] += starts[i];
    }
    let total = starts[n] as usize;
    let blank = Row {
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
    let (mut rows, mut ordinals) = (vec![blank; total], vec![0; total]);
    let mut next = starts.clone();
    for (b, numbered) in blocks.iter().enumerate() {
        let block = &numbered.block;
        let first = block.case_starts[part] as usize;
        for i in range(&block.row_starts, part) {
            let row = block.rows[i];
            let case = names.of(b, row.case as usize - first);
            let place = next[case] as usize;
            next[case] += 1;
            rows[place] = numbered.renumber(row, case as u32);
            ordinals[place] = numbered.base + block.numbers[i];
        }
    }
    (rows, ordinals, starts)
}

impl Numbered {
    /// `row` with the words of the whole input.
    #[inline]
    fn renumber(&self, row: Row, case: u32) -> Row {
        let actor = if row.actor == NO_WORD { NO_WORD } else { self.actors[row.actor as usize] };
        let status =
            if row.status == NO_STATUS { NO_STATUS } else { self.statuses[row.status as usize] as u16 };
        let is_change = row.flags & CHANGE != 0 && row.status != NO_STATUS && row.before != NO_BEFORE;
        let before = if is_change { self.statuses[row.before as usize] as u16 } else { row.before };
        Row { case, actor, status, before, ..row }
    }
}

/// For each attribute, for each case: the first value in order of the history. The opening event is the first of
/// its instant, so its own value goes before others of that instant. Rows after `until` give none.
fn attributes(
    part: usize,
    blocks: &[Numbered],
    names: &Names,
    n: usize,
    (n_attributes, until): (usize, i64),
) -> Vec<Vec<u32>> {
    let opened = earliest_opened(part, blocks, names, n);
    (0..n_attributes)
        .map(|attribute| {
            let mut best = vec![(i64::MAX, NO_WORD); n];
            for (b, numbered) in blocks.iter().enumerate() {
                let block = &numbered.block;
                let Some(column) = block.cells.iter().position(|c| c.attribute == attribute) else {
                    continue;
                };
                let (cells, words) = (&block.cells[column], &numbered.values[column]);
                if cells.words.len() == 0 {
                    continue;
                }
                for (i, &local) in block.order[range(&block.case_starts, part)].iter().enumerate() {
                    let (case, local) = (names.of(b, i), local as usize);
                    if cells.at[local] < best[case].0 && cells.at[local] <= until {
                        best[case] = (cells.at[local], words[cells.word[local] as usize]);
                    }
                }
            }
            // A second pass, because only now is it known which row opens each case.
            for (b, numbered) in blocks.iter().enumerate() {
                let block = &numbered.block;
                let Some(column) = block.cells.iter().position(|c| c.attribute == attribute) else {
                    continue;
                };
                let (cells, words) = (&block.cells[column], &numbered.values[column]);
                for (i, &local) in block.order[range(&block.case_starts, part)].iter().enumerate() {
                    let (case, local) = (names.of(b, i), local as usize);
                    let opens =
                        opened[case] == (block.opened[local], b as u32) && opened[case].0 == best[case].0;
                    if opens && cells.opening[local] != NO_WORD {
                        best[case].1 = words[cells.opening[local] as usize];
                    }
                }
            }
            best.into_iter().map(|(_, word)| word).collect()
        })
        .collect()
}

/// For each case: the instant of its earliest `opened` row and the block of it.
fn earliest_opened(part: usize, blocks: &[Numbered], names: &Names, n: usize) -> Vec<(i64, u32)> {
    let mut opened = vec![(i64::MAX, u32::MAX); n];
    for (b, Numbered { block, .. }) in blocks.iter().enumerate() {
        for (i, &local) in block.order[range(&block.case_starts, part)].iter().enumerate() {
            let case = names.of(b, i);
            if block.opened[local as usize] < opened[case].0 {
                opened[case] = (block.opened[local as usize], b as u32);
            }
        }
    }
    opened
}

/// What the earliest snapshot of a case tells of its opening.
#[derive(Clone, Copy)]
struct Told {
    row_at: i64,
    opened_at: i64,
    role: Role,
}

/// For each case; empty where no table is of snapshots.
fn told(part: usize, blocks: &[Numbered], names: &Names, n: usize) -> Vec<Told> {
    // Asked of the blocks, not of their cases: every part would look at every case of the input.
    if !blocks.iter().any(|numbered| numbered.block.is_told) {
        return Vec::new();
    }
    let mut all = vec![Told { row_at: i64::MAX, opened_at: i64::MAX, role: Role::Customer }; n];
    for (b, numbered) in blocks.iter().enumerate() {
        let block = &numbered.block;
        for (i, &local) in block.order[range(&block.case_starts, part)].iter().enumerate() {
            let (row_at, opened_at) = block.told[local as usize];
            let case = &mut all[names.of(b, i)];
            if row_at < case.row_at {
                *case = Told { row_at, opened_at, role: numbered.first_role };
            }
        }
    }
    all
}

/// No zone repeats more than this of its clock, µs.
const FOLD_AT_MOST: i64 = 2 * 3_600 * SECOND;

#[derive(Default)]
struct Scratch {
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
        let file = |ordinal: u32| blocks[block_of(ordinal, blocks)].block.file;
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
    fn sort(&mut self, ties: Ties, scratch: &mut Scratch) {
        if self.rows.is_sorted_by_key(|row| (row.at, ties.rank(row))) {
            return;
        }
        scratch.pairs.clear();
        scratch.pairs.extend(self.rows.iter().copied().zip(self.ordinals.iter().copied()));
        scratch.pairs.sort_unstable_by_key(|(row, ordinal)| (row.at, ties.rank(row), *ordinal));
        for (i, (row, ordinal)) in scratch.pairs.iter().enumerate() {
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
