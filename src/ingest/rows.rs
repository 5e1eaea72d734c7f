//! One block of rows with the words they use: what each thread makes of its block, CSV, JSON or Parquet, before the
//! blocks are put together. Not a parser of text and not an order of events.

use std::collections::BTreeMap;

use foldhash::fast::RandomState;

use super::people::{Naming, Person};
use super::watch::WatchedBlock;
use super::words::Interner;
use crate::history::{EventKind, Mark, Role};

/// Local time in a repeated hour: `at` is the earlier instant, the case's order may ask for the later (D508).
pub(super) const FOLD: u8 = 1;
/// Local time in a skipped hour, moved forward (D509).
pub(super) const GAP: u8 = 2;
/// Both: what a local time may be that is not one instant.
pub(super) const SHIFTED: u8 = FOLD | GAP;
/// From a `cases` table: gives way to what other tables tell of the same case.
pub(super) const WEAK: u8 = 4;
/// From a `changes` table: what was before it may be known ([`Block::befores`]).
pub(super) const CHANGE: u8 = 8;
/// From a table whose first row of a case opens it, failing one that says so.
pub(super) const FIRST: u8 = 16;
/// Its role is that of a pattern of the profile; the people of the input go before it.
pub(super) const LISTED: u8 = 32;
/// Nobody tells its role: it is the table's `default_role`, or of an opening `first_role`.
pub(super) const DEFAULT: u8 = 64;
/// Both: its role is that of a pattern that holds whatever else tells. Neither: it is the row's own word.
pub(super) const ALWAYS: u8 = LISTED | DEFAULT;

/// No word.
pub(super) const NO_WORD: u32 = u32::MAX;
/// No status.
pub(super) const NO_STATUS: u16 = u16::MAX;

/// One used row. `case`, `actor` and `status` are indices of the block's own words, until `gather` gives it those of its
/// part and of the input.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) at: i64,
    pub(super) case: u32,
    pub(super) actor: u32,
    /// Its place among the rows of its block, until `group` numbers it among all used rows.
    pub(super) number: u32,
    pub(super) status: u16,
    /// Kind, role and severity.
    pub(super) mark: Mark,
    pub(super) flags: u8,
}

impl Row {
    #[inline]
    pub(super) fn kind(&self) -> EventKind {
        self.mark.kind()
    }

    #[inline]
    pub(super) fn role(&self) -> Role {
        self.mark.role()
    }

    #[inline]
    pub(super) fn severity(&self) -> u8 {
        self.mark.severity()
    }

    pub(super) fn set_kind(&mut self, kind: EventKind) {
        self.mark = Mark::new(kind, self.role(), self.severity());
    }

    #[inline]
    pub(super) fn set_role(&mut self, role: Role) {
        self.mark = Mark::new(self.kind(), role, self.severity());
    }

    pub(super) fn set_severity(&mut self, severity: u8) {
        self.mark = Mark::new(self.kind(), self.role(), severity);
    }

    /// Takes a role, and which flag says where it is from.
    pub(super) fn cast(&mut self, (role, from): (Role, u8)) {
        self.set_role(role);
        self.flags = self.flags & !ALWAYS | from;
    }

    /// Which flag says where its role is from; 0: its own word.
    #[inline]
    pub(super) fn role_from(&self) -> u8 {
        self.flags & ALWAYS
    }
}

// A part holds all its rows at once: this is what an event takes while the input is read.
const _: () = assert!(size_of::<Row>() == 24);

/// One extra column of a block: for each case of the block the value of its earliest row that has one.
pub(super) struct Cells {
    /// Index of the attribute among those of the whole input.
    pub(super) attribute: usize,
    /// The values that were taken.
    pub(super) words: Interner,
    /// For each case: when the value was given, µs; `i64::MAX`: not at all.
    pub(super) at: Vec<i64>,
    /// For each case: the value.
    pub(super) word: Vec<u32>,
    /// For each case: the value of its earliest `opened` row.
    pub(super) opening: Vec<u32>,
}

/// What one block gives.
pub(super) struct Block {
    /// Index of the file.
    pub(super) file: u32,
    /// Index of the source: a table of a file.
    pub(super) source: u32,
    /// Used rows, in order of the file, but for those that were handed on already.
    pub(super) rows: Vec<Row>,
    /// How many were.
    n_gone: usize,
    /// For rows that are a [`CHANGE`], by number: the status or the severity before it, whichever the row changes.
    pub(super) befores: Vec<(u32, u16)>,
    /// Case ids.
    pub(super) cases: Interner,
    /// And their hashes.
    pub(super) hashes: Vec<u64>,
    /// Names.
    pub(super) actors: Interner,
    /// Status words.
    pub(super) statuses: Interner,
    /// Names of those who ask.
    pub(super) requesters: Interner,
    /// Who asks, by case and instant, in order of the rows that were not handed on yet.
    pub(super) namings: Vec<Naming>,
    /// Rows of a table of people.
    pub(super) people: Vec<Person>,
    /// Rows that look like messages and that no table reads, by their word.
    pub(super) unread: BTreeMap<String, u64>,
    /// For each case: its earliest `opened` row, µs; `i64::MAX`: none.
    pub(super) opened: Vec<i64>,
    /// For each case, `snapshots` only: its earliest row, and the opening that this row tells of.
    pub(super) told: Vec<(i64, i64)>,
    /// Extra columns.
    pub(super) cells: Vec<Cells>,
    /// The column that is kept as it stands, if one is and the file has it.
    pub(super) watched: Option<WatchedBlock>,
    /// Line of each row.
    pub(super) lines: Lines,
    /// How many rows have one.
    n_placed: usize,
    /// `activities`: words that the profile does not list, how often, and the first row with each.
    pub(super) unlisted: BTreeMap<Vec<u8>, (u64, u32)>,
}

impl Block {
    /// An empty block of source `source` of file `file` with a column for each of `attributes`.
    pub(super) fn new((file, source): (u32, u32), attributes: &[usize], state: &RandomState) -> Block {
        let cells = |&attribute: &usize| Cells {
            attribute,
            words: Interner::new(state),
            at: Vec::new(),
            word: Vec::new(),
            opening: Vec::new(),
        };
        Block {
            file,
            source,
            rows: Vec::new(),
            n_gone: 0,
            befores: Vec::new(),
            cases: Interner::new(state),
            hashes: Vec::new(),
            actors: Interner::new(state),
            statuses: Interner::new(state),
            requesters: Interner::new(state),
            namings: Vec::new(),
            people: Vec::new(),
            unread: BTreeMap::new(),
            opened: Vec::new(),
            told: Vec::new(),
            cells: attributes.iter().map(cells).collect(),
            watched: None,
            lines: Lines::default(),
            n_placed: 0,
            unlisted: BTreeMap::new(),
        }
    }

    /// The index of a case, with room for what is known of it.
    #[inline]
    pub(super) fn case(&mut self, id: &[u8]) -> u32 {
        let hash = self.cases.hash_of(id);
        self.cases.find(hash, id).unwrap_or_else(|| self.new_case(hash, id))
    }

    /// The same; `None` for one that is not there and `is_none`, or is empty.
    pub(super) fn case_unless(&mut self, id: &[u8], is_none: impl FnOnce(&[u8]) -> bool) -> Option<u32> {
        let hash = self.cases.hash_of(id);
        match self.cases.find(hash, id) {
            Some(known) => Some(known),
            None if id.is_empty() || is_none(id) => None,
            None => Some(self.new_case(hash, id)),
        }
    }

    /// The same for one that is not there.
    pub(super) fn new_case(&mut self, hash: u64, id: &[u8]) -> u32 {
        let case = self.cases.intern_hashed(hash, id);
        self.hashes.push(hash);
        self.opened.push(i64::MAX);
        self.told.push((i64::MAX, i64::MAX));
        for cells in &mut self.cells {
            cells.at.push(i64::MAX);
            cells.word.push(NO_WORD);
            cells.opening.push(NO_WORD);
        }
        case
    }

    /// More text in one of its columns than can be told apart.
    pub(super) fn is_full(&self) -> bool {
        let own = [&self.cases, &self.actors, &self.statuses, &self.requesters];
        own.into_iter().chain(self.cells.iter().map(|cells| &cells.words)).any(Interner::is_full)
    }

    /// How many rows it has, those that were handed on included: the number of the next one.
    #[inline]
    pub(super) fn n_rows(&self) -> usize {
        self.n_gone + self.rows.len()
    }

    /// The row of a number that was not handed on yet.
    pub(super) fn at(&self, number: u32) -> &Row {
        &self.rows[number as usize - self.n_gone]
    }

    /// All rows were handed on.
    pub(super) fn forget_rows(&mut self) {
        self.n_gone += self.rows.len();
        self.rows.clear();
        self.befores.clear();
        self.namings.clear();
    }

    /// Takes a row, the next one.
    #[inline]
    pub(super) fn push(&mut self, row: Row) {
        let number = self.n_rows() as u32;
        self.rows.push(Row { number, ..row });
    }

    /// Takes a row, the only one of its line, which is after those of all rows before.
    #[inline]
    pub(super) fn push_line(&mut self, row: Row, line: u64) {
        let number = self.n_rows();
        self.rows.push(Row { number: number as u32, ..row });
        self.lines.push(number, line);
        self.n_placed = number + 1;
    }

    /// The rows made since the last call, one a line, stand on `line` and those after it.
    pub(super) fn place_all(&mut self, line: u64) {
        let n = self.n_rows() - self.n_placed;
        if n > 0 {
            self.lines.push(self.n_placed, line);
            self.lines.next = line + n as u64;
            self.n_placed += n;
        }
    }

    /// The rows made since the last call stand on `line`; there may be none.
    #[inline]
    pub(super) fn place(&mut self, line: u64) {
        let n = self.n_rows();
        if self.n_placed < n {
            self.lines.begin(self.n_placed, line);
        }
        for row in self.n_placed..n {
            self.lines.push(row, line);
        }
        self.n_placed = n;
    }

    /// Takes the extra columns of `row`; `value` gives a cell's text by the number of its column here. Only a
    /// value earlier than the case's own is looked at: later ones cannot matter.
    #[inline]
    pub(super) fn offer<'v>(&mut self, row: &Row, value: impl Fn(usize) -> &'v [u8]) {
        let case = row.case as usize;
        let opens = row.kind() == EventKind::Opened && self.open(row.case, row.at);
        for (column, cells) in self.cells.iter_mut().enumerate() {
            if row.at >= cells.at[case] && !opens {
                continue;
            }
            let text = value(column);
            let word = if text.is_empty() { NO_WORD } else { cells.words.intern(text) };
            if opens {
                cells.opening[case] = word;
            }
            if row.at < cells.at[case] && word != NO_WORD {
                cells.at[case] = row.at;
                cells.word[case] = word;
            }
        }
    }

    /// A row opens `case` at `at`; true where none did before that.
    #[inline]
    pub(super) fn open(&mut self, case: u32, at: i64) -> bool {
        let opened = &mut self.opened[case as usize];
        let is_first = at < *opened;
        if is_first {
            *opened = at;
        }
        is_first
    }

    /// A row of `case` at `at` tells that the case was opened at `opened_at`; the earliest row's word counts.
    #[inline]
    pub(super) fn tell(&mut self, case: u32, at: i64, opened_at: i64) {
        let told = &mut self.told[case as usize];
        if at < told.0 {
            *told = (at, opened_at);
        }
    }
}

/// What of a block stays when its rows are gathered.
pub(super) struct Rest {
    pub(super) file: u32,
    pub(super) source: u32,
    pub(super) n_rows: usize,
    pub(super) lines: Lines,
    pub(super) unlisted: BTreeMap<Vec<u8>, (u64, u32)>,
    pub(super) watched: Option<WatchedBlock>,
    pub(super) people: Vec<Person>,
    pub(super) unread: BTreeMap<String, u64>,
}

impl Block {
    /// What stays; the block is empty then, but for its room, which is as large as the next one of its source needs.
    pub(super) fn rest(&mut self) -> Rest {
        let rest = Rest {
            file: self.file,
            source: self.source,
            n_rows: self.n_rows(),
            lines: std::mem::take(&mut self.lines),
            unlisted: std::mem::take(&mut self.unlisted),
            watched: self.watched.take(),
            people: std::mem::take(&mut self.people),
            unread: std::mem::take(&mut self.unread),
        };
        self.forget_rows();
        self.n_gone = 0;
        let words = [&mut self.cases, &mut self.actors, &mut self.statuses, &mut self.requesters];
        words.into_iter().for_each(Interner::clear);
        self.hashes.clear();
        self.opened.clear();
        self.told.clear();
        self.n_placed = 0;
        for Cells { words, at, word, opening, .. } in &mut self.cells {
            words.clear();
            at.clear();
            word.clear();
            opening.clear();
        }
        rest
    }
}

/// Lines of the used rows of a block: row `r` stands at the line of the last jump at or before it, plus the rows
/// since. A jump is noted only where a row does not stand on the line after the row before.
#[derive(Debug, Default)]
pub(super) struct Lines {
    jumps: Vec<(u32, u64)>,
    /// Where rows of the input begin on the line of the row before: objects may share one.
    begun: Vec<u32>,
    next: u64,
}

impl Lines {
    /// Row `row`, the next one, is the first of another row of the input, on `line`.
    #[inline]
    fn begin(&mut self, row: usize, line: u64) {
        if row > 0 && line + 1 == self.next {
            self.begun.push(row as u32);
        }
    }

    /// True where rows `a` and `b`, not before it, are of one row of the input.
    pub(super) fn is_one(&self, a: u32, b: u32) -> bool {
        let next = self.begun.partition_point(|&begun| begun <= a);
        self.line(a) == self.line(b) && self.begun.get(next).is_none_or(|&begun| begun > b)
    }

    /// Row `row`, the next one, stands on `line`.
    #[inline]
    fn push(&mut self, row: usize, line: u64) {
        if line != self.next || row == 0 {
            self.jump(row, line);
        }
        self.next = line + 1;
    }

    /// A call, so that what is rare is not part of every place where rows are taken.
    #[cold]
    fn jump(&mut self, row: usize, line: u64) {
        self.jumps.push((row as u32, line));
    }

    /// The line of row `row`, 0 where there is none.
    pub(super) fn line(&self, row: u32) -> u64 {
        let after = self.jumps.partition_point(|jump| jump.0 <= row);
        after.checked_sub(1).map_or(0, |i| self.jumps[i].1 + u64::from(row - self.jumps[i].0))
    }
}
