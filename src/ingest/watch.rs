//! One column kept as it stands in every row, beside what the profile makes of the rows: what the help desk says of
//! its own cases, to be held against what the replay says. Costs nothing where no column is watched.

use foldhash::fast::RandomState;

use super::rows::NO_WORD;
use super::words::{Interner, text};

/// The watched column of one block.
pub(super) struct WatchedBlock {
    words: Interner,
    /// For each used row in order of the file: its word, or [`NO_WORD`] for an empty cell.
    rows: Vec<u32>,
}

impl WatchedBlock {
    pub(super) fn new(state: &RandomState) -> WatchedBlock {
        WatchedBlock { words: Interner::new(state), rows: Vec::new() }
    }

    /// Takes the cell of the row that is used next.
    pub(super) fn push(&mut self, cell: &[u8]) {
        self.rows.push(if cell.is_empty() { NO_WORD } else { self.words.intern(cell) });
    }
}

/// The watched column of the whole input.
#[derive(Debug, Default)]
pub struct Watched {
    words: Vec<String>,
    /// By number of the row among all used rows.
    rows: Vec<u32>,
}

impl Watched {
    /// Puts the blocks' columns together, in order of the blocks; of each how many rows it has.
    pub(super) fn of<'b>(blocks: impl Iterator<Item = (Option<&'b WatchedBlock>, u32)>) -> Watched {
        let mut watched = Watched::default();
        for (column, n_rows) in blocks {
            let first = watched.words.len() as u32;
            match column {
                Some(column) => {
                    let words = (0..column.words.len() as u32).map(|i| text(column.words.at(i)).into_owned());
                    watched.words.extend(words);
                    let number = |&word: &u32| if word == NO_WORD { NO_WORD } else { first + word };
                    watched.rows.extend(column.rows.iter().map(number));
                }
                None => watched.rows.resize(watched.rows.len() + n_rows as usize, NO_WORD),
            }
        }
        watched
    }

    /// The distinct cells of each block.
    pub(super) fn words(&self) -> &[String] {
        &self.words
    }

    /// The cell of a used row by its number; `None` where it is empty, or its file has no such column.
    pub(super) fn at(&self, ordinal: u32) -> Option<&str> {
        let word = *self.rows.get(ordinal as usize)?;
        self.words.get(word as usize).map(String::as_str)
    }
}
