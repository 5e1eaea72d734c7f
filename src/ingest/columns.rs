//! Rows of a Parquet batch whose columns are numbers of words: what each word means is worked out once, and a row is a
//! look at each of its columns. It takes only rows that are used; one that may be rejected is left to
//! [`Translator::row_at`], which says why, so both read alike.

use std::ops::Range;

use super::ids::{self, Change};
use super::parquet::Codes;
use super::profile::{Shape, Table};
use super::rows::{Block, FIRST, NO_STATUS, NO_WORD, Row};
use super::translate::{Layout, Translator, status_id};
use super::words::Interner;
use crate::calendar::Instant;
use crate::history::{EventKind, Mark, Role};

/// A word that was not looked up yet, or cannot be read.
const UNREAD: u32 = NO_WORD - 1;
/// The same of a status; should a block have a status of this number, it is looked up each time.
const UNREAD_STATUS: u16 = NO_STATUS - 2;

/// Rows of which new ids are looked at together.
const AHEAD: usize = 64;

/// What the words of each column mean, by their number there.
#[derive(Default)]
pub(super) struct Meanings {
    case: Vec<u32>,
    event: Vec<Mark>,
    role: Vec<Mark>,
    severity: Vec<Mark>,
    actor: Vec<u32>,
    status: Vec<u16>,
    /// Ids that are not read as they stand; empty: none, as nearly always.
    changed: Vec<Change>,
}

/// A batch of rows by its columns.
pub(super) struct Batch<'b> {
    /// Of each row the instant, µs; out of range where it has none.
    pub(super) at: &'b [i64],
    /// Of each row the flags of [`Row`] that its instant asks for.
    pub(super) flags: &'b [u8],
    case: Column<'b>,
    event: Column<'b>,
    role: Column<'b>,
    severity: Column<'b>,
    actor: Column<'b>,
    status: Column<'b>,
}

/// A column of words; `None`: the file has none, and every row the empty word.
#[derive(Clone, Copy)]
struct Column<'b> {
    keys: &'b [i32],
    words: Option<&'b Codes>,
}

impl Column<'_> {
    /// How many words, the missing one included.
    fn n_words(&self) -> usize {
        self.words.map_or(0, Codes::n_words) + 1
    }

    /// The word of a row, empty where it is missing.
    fn word(&self, table: &Table, row: usize) -> &[u8] {
        let word = self.words.map_or(&[][..], |words| words.text(row));
        if word.is_empty() || table.is_missing(word) { &[] } else { word }
    }
}

impl<'b> Batch<'b> {
    /// The batch whose columns `codes` gives by their place in the file; `None` where its rows have to be read one by
    /// one: of other shapes than one event a row, with openings of their own, where more tells of people than roles and actors
    /// do, or where a column is none of words.
    pub(super) fn new(
        (table, layout): (&Table, &Layout),
        (at, flags): (&'b [i64], &'b [u8]),
        none: &'b [i32],
        codes: impl Fn(usize) -> Option<&'b Codes>,
    ) -> Option<Batch<'b>> {
        let is_one_event = matches!(table.shape, Shape::Events | Shape::Snapshots);
        if !is_one_event || layout.opened_at.is_some() || table.tells_people() {
            return None;
        }
        let column = |place: Option<usize>| match place.map(&codes) {
            None => Some(Column { keys: &none[..at.len()], words: None }),
            Some(words) => words.map(|words| Column { keys: &words.keys[..at.len()], words: Some(words) }),
        };
        Some(Batch {
            at,
            flags: &flags[..at.len()],
            case: column(Some(layout.case_id))?,
            event: column(layout.event)?,
            role: column(layout.role)?,
            severity: column(layout.severity)?,
            actor: column(layout.actor)?,
            status: column(layout.status)?,
        })
    }
}

/// What a word means by its number.
#[inline]
fn meaning<T: Copy>(all: &[T], key: i32, unread: T) -> T {
    all.get(key as usize).copied().unwrap_or(unread)
}

/// Room for the words of `column`, none of which was looked up, unless it is there already.
fn prepare<T: Copy>(all: &mut Vec<T>, column: &Column<'_>, unread: T) {
    if all.len() != column.n_words() {
        all.clear();
        all.resize(column.n_words(), unread);
    }
}

impl Meanings {
    /// The dictionary of a column is another one from the next row on.
    pub(super) fn forget(&mut self, layout: &Layout, column: usize) {
        let is = |of: Option<usize>| of == Some(column);
        let forget = |all: &mut Vec<u32>| all.clear();
        if is(Some(layout.case_id)) {
            forget(&mut self.case);
            self.changed.clear();
        }
        if is(layout.actor) {
            forget(&mut self.actor);
        }
        if is(layout.status) {
            self.status.clear();
        }
        let marks = [
            (layout.event, &mut self.event),
            (layout.role, &mut self.role),
            (layout.severity, &mut self.severity),
        ];
        marks.into_iter().filter(|(of, _)| is(*of)).for_each(|(_, all)| all.clear());
    }

    fn prepare(&mut self, batch: &Batch<'_>) {
        prepare(&mut self.case, &batch.case, UNREAD);
        prepare(&mut self.event, &batch.event, Mark::NONE);
        prepare(&mut self.role, &batch.role, Mark::NONE);
        prepare(&mut self.severity, &batch.severity, Mark::NONE);
        prepare(&mut self.actor, &batch.actor, UNREAD);
        prepare(&mut self.status, &batch.status, UNREAD_STATUS);
    }

    /// Brings near what a search for the ids of `rows` looks at, where they are new.
    fn approach(&self, cases: &Interner, column: &Column<'_>, rows: Range<usize>) {
        let Some(words) = column.words else { return };
        let is_new = |row: &usize| meaning(&self.case, column.keys[*row], UNREAD) == UNREAD;
        cases.approach(rows.filter(is_new).map(|row| cases.hash_of(words.text(row))));
    }

    /// What the cells of a row mean by their numbers; `None`: some of it is not known.
    #[inline]
    fn of(&self, keys: &Keys) -> Option<Meant> {
        let case = meaning(&self.case, keys.case, UNREAD);
        let actor = meaning(&self.actor, keys.actor, UNREAD);
        let status = meaning(&self.status, keys.status, UNREAD_STATUS);
        let event = meaning(&self.event, keys.event, Mark::NONE);
        let role = meaning(&self.role, keys.role, Mark::NONE);
        let mark = event.and(role).and(meaning(&self.severity, keys.severity, Mark::NONE));
        let is_known = case != UNREAD && actor != UNREAD && status != UNREAD_STATUS && mark != Mark::NONE;
        is_known.then_some(Meant { case, actor, status, mark })
    }

    /// Looks up the words of a row that are not known. The block's words grow only after all that the row can be rejected
    /// for: `None`, where it is.
    #[inline(never)]
    fn learn(
        &mut self,
        table: &Table,
        block: &mut Block,
        batch: &Batch<'_>,
        (row, keys): (usize, &Keys),
    ) -> Option<Meant> {
        let known = |all: &[Mark], key: i32| Some(meaning(all, key, Mark::NONE)).filter(|m| *m != Mark::NONE);
        let event = known(&self.event, keys.event)
            .or_else(|| Some(Mark::new(table.event(batch.event.word(table, row))?, Role::Unknown, 0)))?;
        let role = known(&self.role, keys.role)
            .or_else(|| Some(Mark::new(EventKind::Opened, table.role(batch.role.word(table, row))?, 0)))?;
        let severity = known(&self.severity, keys.severity).or_else(|| {
            let level = table.severity(batch.severity.word(table, row))?;
            Some(Mark::new(EventKind::Opened, Role::Unknown, level))
        })?;
        let mut case = meaning(&self.case, keys.case, UNREAD);
        if case == UNREAD {
            let cell = batch.case.word(table, row);
            let (id, change) = ids::clean(cell);
            if id.is_empty() || table.is_missing(id) || ids::is_none(id) {
                return None;
            }
            if change.is_any() {
                self.changed.resize(batch.case.n_words(), Change::default());
                put(&mut self.changed, keys.case, change);
            }
            case = block.case(id);
            put(&mut self.case, keys.case, case);
        }
        put(&mut self.event, keys.event, event);
        put(&mut self.role, keys.role, role);
        put(&mut self.severity, keys.severity, severity);
        let mut actor = meaning(&self.actor, keys.actor, UNREAD);
        if actor == UNREAD {
            let word = batch.actor.word(table, row);
            actor = if word.is_empty() { NO_WORD } else { block.actors.intern(word) };
            put(&mut self.actor, keys.actor, actor);
        }
        let mut status = meaning(&self.status, keys.status, UNREAD_STATUS);
        if status == UNREAD_STATUS {
            let word = batch.status.word(table, row);
            status = if word.is_empty() { NO_STATUS } else { status_id(block.statuses.intern(word)) };
            put(&mut self.status, keys.status, status);
        }
        Some(Meant { case, actor, status, mark: event.and(role).and(severity) })
    }
}

/// The numbers of the words of one row.
struct Keys {
    case: i32,
    event: i32,
    role: i32,
    severity: i32,
    actor: i32,
    status: i32,
}

/// What the words of one row mean.
struct Meant {
    case: u32,
    actor: u32,
    status: u16,
    mark: Mark,
}

/// Remembers what a word means.
fn put<T>(all: &mut [T], key: i32, meaning: T) {
    if let Some(known) = all.get_mut(key as usize) {
        *known = meaning;
    }
}

impl Translator<'_> {
    /// Takes rows from `from` on, up to one that has to be read by itself; which one that is. `text` gives a cell by its
    /// column in the file and its row.
    pub(super) fn rows<'v>(
        &mut self,
        block: &mut Block,
        batch: &Batch<'_>,
        from: usize,
        text: impl Fn(usize, usize) -> &'v [u8],
    ) -> usize {
        let until = self.take_rows(block, batch, from, text);
        if !self.meanings.changed.is_empty() {
            for row in from..until {
                let change = meaning(&self.meanings.changed, batch.case.keys[row], Change::default());
                self.ids.add(change, batch.case.word(self.table, row), 1);
            }
        }
        until
    }

    fn take_rows<'b, 'v>(
        &mut self,
        block: &mut Block,
        batch: &Batch<'b>,
        from: usize,
        text: impl Fn(usize, usize) -> &'v [u8],
    ) -> usize {
        let (layout, table) = (self.layout, self.table);
        let Translator { meanings, roles, opens_by_first, .. } = self;
        meanings.prepare(batch);
        let n = batch.at.len();
        block.rows.reserve(n - from);
        let cell = |column: Option<usize>, row: usize| match column.map(|column| text(column, row)) {
            Some(word) if !table.is_missing(word) => word,
            _ => &[],
        };
        let first = if *opens_by_first { FIRST } else { 0 };
        let has_more = !block.cells.is_empty() || block.watched.is_some();
        // All of one length, which the compiler has to know.
        let of = |column: &Column<'b>| &column.keys[..n];
        let (case, event, role) = (of(&batch.case), of(&batch.event), of(&batch.role));
        let (severity, actor, status) = (of(&batch.severity), of(&batch.actor), of(&batch.status));
        let (times, flags) = (&batch.at[..n], &batch.flags[..n]);
        for row in from..n {
            if (row - from).is_multiple_of(AHEAD) {
                meanings.approach(&block.cases, &batch.case, row..n.min(row + AHEAD));
            }
            let at = times[row];
            if !(Instant::MIN.micros()..=Instant::MAX.micros()).contains(&at) {
                return row;
            }
            let keys = Keys {
                case: case[row],
                event: event[row],
                role: role[row],
                severity: severity[row],
                actor: actor[row],
                status: status[row],
            };
            let meant = meanings.of(&keys).or_else(|| meanings.learn(table, block, batch, (row, &keys)));
            let Some(Meant { case, actor, status, mark }) = meant else { return row };
            let mut taken = Row { at, case, actor, number: 0, status, mark, flags: flags[row] | first };
            if mark.role() == Role::Unknown {
                taken.cast(roles.of(table, block, actor));
            }
            if *opens_by_first {
                block.tell(case, at, at);
            }
            if has_more {
                block.offer(&taken, |column| cell(layout.extras.get(column).copied(), row));
                if let Some(watched) = &mut block.watched {
                    watched.push(cell(layout.watched, row));
                }
            } else if mark.kind() == EventKind::Opened {
                block.open(case, at);
            }
            block.push(taken);
        }
        n
    }
}
