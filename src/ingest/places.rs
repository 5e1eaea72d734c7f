//! Where each event stood in the input, found again when a message needs it: a number an event, a few numbers a
//! block. Not kept in the events themselves.

use crate::history::{History, Place};

use super::rows::{Lines, Rest};

/// Rows of one block.
#[derive(Debug)]
pub(super) struct BlockPlaces {
    /// Number of its first row among all used rows.
    pub(super) base: u32,
    pub(super) n_rows: u32,
    pub(super) file: u32,
    /// Index of the source: a table of the file.
    pub(super) source: u32,
    pub(super) lines: Lines,
}

impl BlockPlaces {
    /// Of the block that `rest` is left of, whose first row has number `base`.
    pub(super) fn new(base: u32, rest: Rest) -> BlockPlaces {
        let Rest { file, source, n_rows, lines, .. } = rest;
        BlockPlaces { base, n_rows: n_rows as u32, file, source, lines }
    }
}

/// The place of every event of a history.
#[derive(Debug, Default)]
pub struct Places {
    /// Of each piece of the history's events the number of its first one, and for each event that of its row among all
    /// used rows.
    pub(super) ordinals: Vec<(usize, Vec<u32>)>,
    pub(super) blocks: Vec<BlockPlaces>,
    /// For each duplicate the row it is equal to, and itself; ascending.
    pub(super) duplicates: Vec<(u32, u32)>,
}

impl Places {
    /// The file and line of an event by its number ([`crate::history::Events::numbers`]); `None` where there is no such
    /// event.
    pub fn of(&self, event: usize) -> Option<Place> {
        self.ordinal(event).map(|ordinal| self.of_row(ordinal))
    }

    /// True where there is a row of this number.
    pub(super) fn has(&self, ordinal: u32) -> bool {
        self.blocks.last().is_some_and(|b| ordinal < b.base + b.n_rows)
    }

    /// The number of an event's row among all used rows.
    pub(super) fn ordinal(&self, event: usize) -> Option<u32> {
        let piece = self.ordinals.partition_point(|(base, _)| *base <= event).checked_sub(1)?;
        let (base, ordinals) = &self.ordinals[piece];
        ordinals.get(event - base).copied()
    }

    /// The file and line of event `event` of case `case`, as [`History::case`] numbers them; `None` where there is no
    /// such event.
    pub fn of_case(&self, history: &History, case: usize, event: usize) -> Option<Place> {
        self.of(history.events.numbers(case)?.nth(event)?)
    }

    /// The rows that are equal to the one of an event, by its number, and were left out for it (D503).
    pub fn duplicates_of(&self, event: usize) -> impl Iterator<Item = Place> {
        let rows = self.ordinal(event).map_or(&[][..], |used| {
            let from = self.duplicates.partition_point(|&(equal, _)| equal < used);
            let n = self.duplicates[from..].partition_point(|&(equal, _)| equal == used);
            &self.duplicates[from..from + n]
        });
        rows.iter().map(|&(_, ordinal)| self.of_row(ordinal))
    }

    fn block(&self, ordinal: u32) -> Option<&BlockPlaces> {
        self.blocks.get(self.blocks.partition_point(|b| b.base <= ordinal).saturating_sub(1))
    }

    /// The source of a used row by its number.
    pub(super) fn source_of(&self, ordinal: u32) -> usize {
        self.block(ordinal).map_or(0, |block| block.source as usize)
    }

    /// True where two used rows, `b` not before `a`, are of one row of the input.
    pub(super) fn is_one(&self, a: u32, b: u32) -> bool {
        match (self.block(a), self.block(b)) {
            (Some(of_a), Some(of_b)) => {
                of_a.base == of_b.base && of_a.lines.is_one(a - of_a.base, b - of_a.base)
            }
            _ => false,
        }
    }

    /// The place of a used row by its number.
    pub(super) fn of_row(&self, ordinal: u32) -> Place {
        self.block(ordinal).map_or(Place { file: 0, line: 0 }, |b| Place {
            file: b.file,
            line: b.lines.line(ordinal - b.base),
        })
    }
}
