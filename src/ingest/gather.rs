//! Where all blocks put their rows: each case belongs to one part by the hash of its id, and a part takes what every
//! block has of its cases as soon as the block is read, so that nothing of a block stays but where its lines are.
//! Blocks come in any order; what a part keeps says of which block it is. Not the order of events: that is `group`.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use foldhash::fast::RandomState;

use super::rows::{Block, Cells, NO_STATUS, NO_WORD, Row};
use super::words::Interner;
use crate::history::Role;

/// A block's place in the order of the input: its source, and its number among all blocks.
pub(super) type BlockKey = (u32, u32);

/// The words of the whole input, numbered as they come.
pub(super) struct AllWords {
    pub(super) actors: Interner,
    pub(super) statuses: Interner,
    /// For each attribute its values.
    pub(super) values: Vec<Interner>,
}

/// For each word of a block its number in the whole input.
struct Numbers {
    actors: Vec<u32>,
    statuses: Vec<u32>,
    /// For each of the block's extra columns.
    values: Vec<Vec<u32>>,
}

impl AllWords {
    fn number(&mut self, block: &Block) -> Numbers {
        let values = block.cells.iter().map(|cells| self.values[cells.attribute].add(&cells.words)).collect();
        Numbers {
            actors: self.actors.add(&block.actors),
            statuses: self.statuses.add(&block.statuses),
            values,
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
    /// For each case; none where no attribute is kept.
    opened: Vec<(i64, BlockKey)>,
    /// For each attribute, for each case.
    values: Vec<Vec<Value>>,
    /// For each case; none where no row told of an opening.
    pub(super) told: Vec<Told>,
}

const NO_KEY: BlockKey = (u32::MAX, u32::MAX);

impl Gathered {
    fn new(n_attributes: usize, state: &RandomState) -> Gathered {
        Gathered {
            cases: Interner::new(state),
            rows: Vec::new(),
            pieces: Vec::new(),
            befores: Vec::new(),
            opened: Vec::new(),
            values: vec![Vec::new(); n_attributes],
            told: Vec::new(),
        }
    }

    /// Room for `n` more rows. What it is going to be in the end is asked for at once: a vector that doubles leaves
    /// holes of its own size behind, and memory that is never touched costs nothing.
    fn reserve(&mut self, n: usize, (done, total): (u64, u64)) {
        let needed = self.rows.len() + n;
        if needed <= self.rows.capacity() {
            return;
        }
        let expected = (needed as u128 * u128::from(total) / u128::from(done.max(1))) as usize;
        let wanted = (expected + expected / 2).clamp(needed, needed.saturating_mul(MORE_AT_MOST));
        self.rows.reserve_exact(wanted - self.rows.len());
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

/// A part that few rows of the first blocks fall in says little of how many it is going to have.
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
}

/// All parts, while the blocks come.
pub(super) struct Gather {
    words: Mutex<AllWords>,
    parts: Vec<Mutex<Gathered>>,
    done: AtomicU64,
    total: u64,
}

impl Gather {
    /// `n_parts`, a power of two, of an input of `total` bytes.
    pub(super) fn new(n_parts: usize, n_attributes: usize, total: u64, state: &RandomState) -> Gather {
        let words = AllWords {
            actors: Interner::new(state),
            statuses: Interner::new(state),
            values: (0..n_attributes).map(|_| Interner::new(state)).collect(),
        };
        let parts = (0..n_parts).map(|_| Mutex::new(Gathered::new(n_attributes, state))).collect();
        Gather { words: Mutex::new(words), parts, done: AtomicU64::new(0), total }
    }

    /// Takes what `block` has of each part's cases.
    pub(super) fn take(&self, block: &Block, of: &Origin) {
        let numbers = super::read::lock(&self.words).number(block);
        let done = of.n_bytes + self.done.fetch_add(of.n_bytes, Ordering::Relaxed);
        let n_parts = self.parts.len();
        let n_cases = block.cases.len() as u32;
        let part_of: Vec<u32> =
            (0..n_cases).map(|case| (block.cases.hash(case) >> 32) as u32 & (n_parts as u32 - 1)).collect();
        let (case_starts, cases) = by_part(&part_of, n_parts);
        let of_rows: Vec<u32> = block.rows.iter().map(|row| part_of[row.case as usize]).collect();
        let (row_starts, rows) = by_part(&of_rows, n_parts);
        let mut names = vec![0; n_cases as usize];
        // Threads start at different parts, so that they wait for each other less.
        for i in 0..n_parts {
            let part = (i + of.key.1 as usize * 61) & (n_parts - 1);
            let cases = &cases[case_starts[part] as usize..case_starts[part + 1] as usize];
            let rows = &rows[row_starts[part] as usize..row_starts[part + 1] as usize];
            if cases.is_empty() {
                continue;
            }
            let mut gathered = super::read::lock(&self.parts[part]);
            for &local in cases {
                let case = gathered.cases.intern_hashed(block.cases.hash(local), block.cases.at(local));
                names[local as usize] = case;
                gathered.offer(block, &numbers, of, (local as usize, case as usize));
            }
            if rows.is_empty() {
                continue;
            }
            gathered.reserve(rows.len(), (done, self.total));
            let from = gathered.rows.len();
            gathered.pieces.push(Piece { key: of.key, from });
            gathered.rows.extend(rows.iter().map(|&row| {
                let row = block.rows[row as usize];
                numbers.renumber(row, names[row.case as usize])
            }));
        }
        for &(number, before) in &block.befores {
            let row = &block.rows[number as usize];
            let part = part_of[row.case as usize] as usize;
            let before = numbers.before(row, before);
            super::read::lock(&self.parts[part]).befores.push((of.key, number, before));
        }
    }

    /// The words, and the parts with what all blocks gave.
    pub(super) fn finish(self) -> (AllWords, Vec<Gathered>) {
        let parts = self.parts.into_iter().map(super::read::into_inner).collect();
        (super::read::into_inner(self.words), parts)
    }
}

/// Indices of `parts` by the part they name, and where each part's start, one more than there are parts.
fn by_part(parts: &[u32], n: usize) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0u32; n + 1];
    for &part in parts {
        starts[part as usize + 1] += 1;
    }
    for i in 0..n {
        starts[i + 1] += starts[i];
    }
    let mut next = starts.clone();
    let mut order = vec![0; parts.len()];
    for (i, &part) in parts.iter().enumerate() {
        let place = &mut next[part as usize];
        order[*place as usize] = i as u32;
        *place += 1;
    }
    (starts, order)
}
