//! Where all blocks put their rows: each case belongs to one part by the hash of its id, and a part takes what every
//! block has of its cases as soon as the block is read, so that nothing of a block stays but where its lines are.
//! Blocks come in any order; what a part keeps says of which block it is. Not the order of events: that is `group`.

use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use foldhash::fast::RandomState;

use super::people::{Naming, Said};
use super::rows::{Block, Cells, NO_STATUS, NO_WORD, Row};
use super::seen::Seen;
use super::spill::{Extent, Spill, WIDTH};
use super::words::{Found, Interner};
use crate::calendar::Instant;
use crate::history::Role;

/// A block's place in the order of the input: its source, and its number among all blocks.
pub(super) type BlockKey = (u32, u32);

/// The words of the whole input, numbered as they come.
pub(super) struct AllWords {
    pub(super) actors: Interner,
    pub(super) statuses: Interner,
    /// Those who ask, as they are named.
    pub(super) requesters: Interner,
    /// For each attribute its values.
    pub(super) values: Vec<Interner>,
}

/// For each word of a block its number in the whole input, as far as the block's rows were handed on.
#[derive(Default)]
struct Numbers {
    actors: Vec<u32>,
    statuses: Vec<u32>,
    requesters: Vec<u32>,
    /// For each of the block's extra columns.
    values: Vec<Vec<u32>>,
}

impl AllWords {
    fn number(&mut self, block: &Block, numbers: &mut Numbers) {
        self.actors.add(&block.actors, &mut numbers.actors);
        self.statuses.add(&block.statuses, &mut numbers.statuses);
        self.requesters.add(&block.requesters, &mut numbers.requesters);
        numbers.values.resize(block.cells.len(), Vec::new());
        for (cells, numbers) in block.cells.iter().zip(&mut numbers.values) {
            self.values[cells.attribute].add(&cells.words, numbers);
        }
    }
}

impl Numbers {
    /// `row` with the words of the whole input, of case `case` of its part.
    #[inline]
    fn renumber(&self, row: Row, case: u32) -> Row {
        // What is no word has no number either.
        let actor = self.actors.get(row.actor as usize).map_or(NO_WORD, |actor| *actor);
        let status = self.statuses.get(row.status as usize).map_or(NO_STATUS, |status| *status as u16);
        Row { case, actor, status, ..row }
    }

    /// Who asks in case `case` of its part, likewise.
    fn naming(&self, naming: Naming, case: u32) -> Naming {
        let numbers = if naming.said == Said::Opener { &self.actors } else { &self.requesters };
        Naming { case, who: numbers[naming.who as usize], ..naming }
    }

    /// What was before a change, likewise.
    fn before(&self, row: &Row, before: u16) -> u16 {
        if row.status == NO_STATUS { before } else { self.statuses[before as usize] as u16 }
    }
}

/// Rows of one block in a part: those from `from` on, up to the next piece.
#[derive(Clone, Copy)]
pub(super) struct Piece {
    pub(super) key: BlockKey,
    pub(super) from: usize,
}

/// The first value of an attribute in order of the history; the opening event is the first of its instant, so its own
/// value goes before others of that instant.
#[derive(Clone, Copy)]
struct Value {
    at: i64,
    key: BlockKey,
    word: u32,
    /// What the earliest `opened` row of the case gives.
    opening: u32,
}

/// What the earliest snapshot of a case tells of its opening.
#[derive(Clone, Copy)]
pub(super) struct Told {
    pub(super) row_at: i64,
    key: BlockKey,
    pub(super) opened_at: i64,
    pub(super) role: Role,
}

/// What the blocks gave of the cases of one part.
pub(super) struct Gathered {
    pub(super) cases: Interner,
    /// By block as they came; `case` is an index into `cases`.
    pub(super) rows: Vec<Row>,
    pub(super) pieces: Vec<Piece>,
    /// What was before a change: of which row of which block.
    pub(super) befores: Vec<(BlockKey, u32, u16)>,
    /// Who asks, of which block.
    pub(super) namings: Vec<(BlockKey, Naming)>,
    /// Rows before those of `rows`, which wait on disk.
    spilled: Vec<Extent>,
    n_spilled: usize,
    /// For each case; none where no attribute is kept.
    opened: Vec<(i64, BlockKey)>,
    /// For each attribute, for each case.
    values: Vec<Vec<Value>>,
    /// For each case; none where no row told of an opening.
    pub(super) told: Vec<Told>,
    /// For each case the tables that have it, a bit each; none where there is one table only.
    pub(super) tables: Vec<u64>,
}

const NO_KEY: BlockKey = (u32::MAX, u32::MAX);

impl Gathered {
    fn new(n_attributes: usize, state: &RandomState) -> Gathered {
        Gathered {
            cases: Interner::new(state),
            rows: Vec::new(),
            pieces: Vec::new(),
            befores: Vec::new(),
            namings: Vec::new(),
            spilled: Vec::new(),
            n_spilled: 0,
            opened: Vec::new(),
            values: vec![Vec::new(); n_attributes],
            told: Vec::new(),
            tables: Vec::new(),
        }
    }

    /// A table has `case`.
    fn mark(&mut self, case: usize, table: u64) {
        if self.tables.len() <= case {
            self.tables.resize(case + 1, 0);
        }
        self.tables[case] |= table;
    }

    /// Room for `n` more rows, of `expected` in the end. That is asked for at once: a vector that doubles leaves holes of
    /// its own size behind, and memory that is never touched costs nothing.
    fn reserve(&mut self, n: usize, expected: usize) {
        let needed = self.rows.len() + n;
        if needed > self.rows.capacity() {
            let wanted = (needed + needed / 4).max(expected + expected / 16);
            let wanted = wanted.min(needed.saturating_mul(MORE_AT_MOST));
            self.rows.reserve_exact(wanted - self.rows.len());
        }
    }

    /// Puts its rows away.
    fn spill(&mut self, spill: &Spill) -> io::Result<()> {
        self.spilled.push(spill.put(&self.rows)?);
        self.n_spilled += self.rows.len();
        self.rows.clear();
        Ok(())
    }

    /// Takes back the rows that were put away.
    pub(super) fn restore(&mut self, spill: &Spill) -> io::Result<()> {
        if self.spilled.is_empty() {
            return Ok(());
        }
        let mut rows = spill.take(&std::mem::take(&mut self.spilled), self.rows.len())?;
        rows.append(&mut self.rows);
        (self.rows, self.n_spilled) = (rows, 0);
        Ok(())
    }

    /// What attributes and openings the block's case `local` gives to the part's case `case`.
    fn offer(&mut self, block: &Block, numbers: &Numbers, of: &Origin, (local, case): (usize, usize)) {
        let blank = Value { at: i64::MAX, key: NO_KEY, word: NO_WORD, opening: NO_WORD };
        if !self.values.is_empty() {
            if self.opened.len() <= case {
                self.opened.resize(case + 1, (i64::MAX, NO_KEY));
                self.values.iter_mut().for_each(|values| values.resize(case + 1, blank));
            }
            let opened = (block.opened[local], of.key);
            let opens = opened.0 < i64::MAX && opened < self.opened[case];
            if opens {
                self.opened[case] = opened;
                self.values.iter_mut().for_each(|values| values[case].opening = NO_WORD);
            }
            for (Cells { attribute, at, word, opening, .. }, numbers) in
                block.cells.iter().zip(&numbers.values)
            {
                let value = &mut self.values[*attribute][case];
                if opens && opening[local] != NO_WORD {
                    value.opening = numbers[opening[local] as usize];
                }
                let is_first = at[local] < i64::MAX && (at[local], of.key) < (value.at, value.key);
                if is_first && at[local] <= of.until {
                    (value.at, value.key, value.word) = (at[local], of.key, numbers[word[local] as usize]);
                }
            }
        }
        let (row_at, opened_at) = block.told[local];
        if row_at == i64::MAX {
            return;
        }
        let role = of.first_role;
        if self.told.len() <= case {
            let blank = Told { row_at: i64::MAX, key: NO_KEY, opened_at: i64::MAX, role };
            self.told.resize(case + 1, blank);
        }
        let told = &mut self.told[case];
        if (row_at, of.key) < (told.row_at, told.key) {
            *told = Told { row_at, key: of.key, opened_at, role };
        }
    }

    /// For each attribute, for each case: the number of its value.
    pub(super) fn values(&mut self) -> Vec<Vec<u32>> {
        let (n, opened) = (self.cases.len(), &self.opened);
        let of_attribute = |values: Vec<Value>| {
            let word = |(value, opened): (&Value, &(i64, BlockKey))| {
                let is_opening = value.at == opened.0 && value.opening != NO_WORD;
                if is_opening { value.opening } else { value.word }
            };
            let mut words: Vec<u32> = values.iter().zip(opened).map(word).collect();
            words.resize(n, NO_WORD);
            words
        };
        std::mem::take(&mut self.values).into_iter().map(of_attribute).collect()
    }
}

/// The first block of an input says little of what comes after it.
const MORE_AT_MOST: usize = 1 << 12;

/// Where a block comes from.
pub(super) struct Origin {
    pub(super) key: BlockKey,
    /// Rows later than this give no attributes.
    pub(super) until: i64,
    /// `snapshots`: who opens a case.
    pub(super) first_role: Role,
    /// How many bytes of the input it was.
    pub(super) n_bytes: u64,
    /// The bit of its table, where the input is of several ([`super::shared_cases`]); else 0.
    pub(super) table: u64,
}

/// Rows of a part, at most, where there are no more parts than 1024. Parts of a fourth, whose rows lie in the cache of a
/// core while they are brought in order, are no faster, and cost 5 bytes an event more: the smaller the pieces of memory,
/// the more the allocator keeps between them.
const PART: u64 = 1 << 18;

/// All parts, while the blocks come.
pub(super) struct Gather {
    words: Mutex<AllWords>,
    parts: Vec<Mutex<Gathered>>,
    spill: Spill,
    /// Bytes of the input that were read, and the rows in them.
    done: AtomicU64,
    n_rows: AtomicU64,
    total: u64,
    has_attributes: bool,
    hold: Hold,
    seen: Mutex<Seen>,
    /// More text than numbers of words can tell apart.
    is_full: AtomicBool,
}

/// How many rows may wait in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hold {
    /// All of them.
    All,
    /// So many of each part; others wait on disk.
    OfEachPart(usize),
}

impl Hold {
    /// Of `n_parts`, `memory` bytes in all.
    fn new(memory: Option<u64>, n_parts: u64) -> Hold {
        let rows = |bytes: u64| (bytes / WIDTH as u64 / n_parts) as usize;
        memory.map_or(Hold::All, |bytes| Hold::OfEachPart(rows(bytes).max(LEAST)))
    }
}

/// Fewer rows of a part are not worth a write.
const LEAST: usize = 4_096;

/// What all blocks gave.
pub(super) struct Everything {
    pub(super) words: AllWords,
    pub(super) parts: Vec<Gathered>,
    pub(super) spill: Spill,
    pub(super) seen: Seen,
    /// Some block had more text in one column than can be told apart.
    is_full: bool,
}

impl Everything {
    /// Some column, or the ids of some part, have more text than can be told apart.
    pub(super) fn is_full(&self) -> bool {
        let AllWords { actors, statuses, requesters, values } = &self.words;
        let words = values.iter().chain([actors, statuses, requesters]);
        self.is_full || words.chain(self.parts.iter().map(|part| &part.cases)).any(Interner::is_full)
    }
}

/// What one thread knows of the block that it hands on.
#[derive(Default)]
pub(super) struct Desk {
    numbers: Numbers,
    /// For each case of the block its part, and its number there.
    parts: Vec<u32>,
    names: Vec<u32>,
    /// Room for a look at many ids at once.
    found: Vec<Found>,
}

impl Desk {
    /// The next rows are of another block.
    pub(super) fn clear(&mut self) {
        self.parts.clear();
        self.names.clear();
        self.numbers.actors.clear();
        self.numbers.statuses.clear();
        self.numbers.requesters.clear();
        self.numbers.values.clear();
    }
}

impl Gather {
    /// As many parts as an input of about `n_rows` rows in `total` bytes needs, a power of two; at most `memory` bytes of
    /// rows wait in memory (`None`: all of them).
    pub(super) fn new(
        (n_rows, memory): (u64, Option<u64>),
        n_attributes: usize,
        total: u64,
        state: &RandomState,
    ) -> Gather {
        let words = AllWords {
            actors: Interner::new(state),
            statuses: Interner::new(state),
            requesters: Interner::new(state),
            values: (0..n_attributes).map(|_| Interner::new(state)).collect(),
        };
        let n_parts = (n_rows / PART + 1).next_power_of_two().min(1024);
        let parts = (0..n_parts).map(|_| Mutex::new(Gathered::new(n_attributes, state))).collect();
        let has_attributes = n_attributes > 0;
        Gather {
            words: Mutex::new(words),
            parts,
            done: AtomicU64::new(0),
            n_rows: AtomicU64::new(0),
            total,
            has_attributes,
            spill: Spill::default(),
            hold: Hold::new(memory, n_parts),
            seen: Mutex::new(Seen::default()),
            is_full: AtomicBool::new(false),
        }
    }

    /// Takes the rows of `block`, each to the part of its case; there may be more to come.
    ///
    /// # Errors
    /// Those of the temporary file, where rows do not wait in memory.
    pub(super) fn rows(&self, block: &mut Block, of: &Origin, desk: &mut Desk) -> io::Result<()> {
        let seen = Seen::of(&block.rows);
        super::read::lock(&self.seen).add(&seen);
        super::read::lock(&self.words).number(block, &mut desk.numbers);
        let expected = self.expected(of.n_bytes, block.rows.len());
        let n_parts = self.parts.len();
        let n_known = desk.parts.len();
        let part = |hash: &u64| (hash >> 32) as u32 & (n_parts as u32 - 1);
        desk.parts.extend(block.hashes[n_known..].iter().map(part));
        desk.names.resize(desk.parts.len(), 0);
        let (case_starts, cases) = by_part(desk.parts[n_known..].iter().copied(), n_parts);
        let of_rows = block.rows.iter().map(|row| desk.parts[row.case as usize]);
        let (row_starts, rows) = by_part(of_rows, n_parts);
        // Threads start at different parts, so that they wait for each other less.
        for i in 0..n_parts {
            let part = (i + of.key.1 as usize * 61) & (n_parts - 1);
            let rows = &rows[row_starts[part] as usize..row_starts[part + 1] as usize];
            let cases = &cases[case_starts[part] as usize..case_starts[part + 1] as usize];
            if cases.is_empty() && rows.is_empty() {
                continue;
            }
            let mut gathered = super::read::lock(&self.parts[part]);
            gathered.cases.expect((expected / 4).min(PART as usize));
            let word = |&new: &u32| {
                let local = n_known + new as usize;
                (block.hashes[local], block.cases.at(local as u32))
            };
            gathered.cases.intern_all(cases.iter().map(word), &mut desk.found);
            for (&new, of) in cases.iter().zip(&desk.found) {
                desk.names[n_known + new as usize] = of.number;
            }
            if rows.is_empty() {
                continue;
            }
            gathered.reserve(rows.len(), expected);
            let from = gathered.n_spilled + gathered.rows.len();
            gathered.pieces.push(Piece { key: of.key, from });
            let (numbers, names) = (&desk.numbers, &desk.names);
            gathered.rows.extend(rows.iter().map(|&row| {
                let row = block.rows[row as usize];
                numbers.renumber(row, names[row.case as usize])
            }));
            if let Hold::OfEachPart(most) = self.hold
                && gathered.rows.len() > most
            {
                gathered.spill(&self.spill)?;
            }
        }
        for &(number, before) in &block.befores {
            let row = block.at(number);
            let part = desk.parts[row.case as usize] as usize;
            let before = desk.numbers.before(row, before);
            super::read::lock(&self.parts[part]).befores.push((of.key, number, before));
        }
        for &naming in &block.namings {
            let local = naming.case as usize;
            let named = desk.numbers.naming(naming, desk.names[local]);
            super::read::lock(&self.parts[desk.parts[local] as usize]).namings.push((of.key, named));
        }
        block.forget_rows();
        Ok(())
    }

    /// How many rows a part is going to have, by those of the input so far, of which `n_bytes` with `n_rows` come now.
    fn expected(&self, n_bytes: u64, n_rows: usize) -> usize {
        let done = n_bytes + self.done.fetch_add(n_bytes, Ordering::Relaxed);
        let n_rows = n_rows as u64 + self.n_rows.fetch_add(n_rows as u64, Ordering::Relaxed);
        let all = u128::from(n_rows) * u128::from(self.total) / u128::from(done.max(1));
        (all / self.parts.len() as u128) as usize
    }

    /// Takes the rest of `block`: its last rows, and what it tells of its cases.
    ///
    /// # Errors
    /// As [`Gather::rows`].
    pub(super) fn finish_block(&self, block: &mut Block, of: &Origin, desk: &mut Desk) -> io::Result<()> {
        self.rows(block, of, desk)?;
        if block.is_full() {
            self.is_full.store(true, Ordering::Relaxed);
        }
        let is_told = |told: &(i64, i64)| told.0 < i64::MAX;
        if self.has_attributes || of.table != 0 || block.told.iter().any(is_told) {
            let (starts, cases) = by_part(desk.parts.iter().copied(), self.parts.len());
            for (part, ends) in starts.windows(2).enumerate().filter(|(_, ends)| ends[0] < ends[1]) {
                let mut gathered = super::read::lock(&self.parts[part]);
                for &local in &cases[ends[0] as usize..ends[1] as usize] {
                    let case = desk.names[local as usize] as usize;
                    gathered.offer(block, &desk.numbers, of, (local as usize, case));
                    if of.table != 0 {
                        gathered.mark(case, of.table);
                    }
                }
            }
        }
        desk.clear();
        Ok(())
    }

    /// The instants between which all rows lie; see [`Seen::span`].
    pub(super) fn span(&self) -> Option<(Instant, Instant)> {
        super::read::lock(&self.seen).span()
    }

    /// What all blocks gave.
    pub(super) fn finish(self) -> Everything {
        let parts = self.parts.into_iter().map(super::read::into_inner).collect();
        let (words, seen) = (super::read::into_inner(self.words), super::read::into_inner(self.seen));
        let is_full = self.is_full.into_inner();
        Everything { words, parts, spill: self.spill, seen, is_full }
    }
}

/// Indices of `parts` by the part they name, and where each part's start, one more than there are parts.
fn by_part(parts: impl ExactSizeIterator<Item = u32> + Clone, n: usize) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0u32; n + 1];
    parts.clone().for_each(|part| starts[part as usize + 1] += 1);
    for i in 0..n {
        starts[i + 1] += starts[i];
    }
    let mut next = starts.clone();
    let mut order = vec![0; parts.len()];
    for (i, part) in parts.enumerate() {
        let place = &mut next[part as usize];
        order[*place as usize] = i as u32;
        *place += 1;
    }
    (starts, order)
}
