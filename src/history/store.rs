//! Cases and their events, ready to replay in any order of cases, on any number of threads.

use crate::calendar::Instant;

use super::event::{Category, Event, StatusId, WordId};
use super::events::Events;

/// A list of distinct words, by index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    bytes: String,
    ends: Vec<usize>,
}

impl Words {
    /// Appends `word` without looking whether it is there; returns its index.
    pub fn push(&mut self, word: &str) -> u32 {
        let index = self.ends.len() as u32;
        self.bytes.push_str(word);
        self.ends.push(self.bytes.len());
        index
    }

    /// The word at `index`.
    pub fn at(&self, index: usize) -> &str {
        let from = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.bytes[from..self.ends[index]]
    }

    /// The word of `id`, or `None` for the absent word.
    pub fn get(&self, id: WordId) -> Option<&str> {
        id.get().map(|i| self.at(i))
    }

    /// How many words.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True where there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// All words in order of index.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|i| self.at(i))
    }
}

/// One extra column of the input: for each case its first non-empty value in order of the history (SPEC 2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attribute {
    /// The column's name in the input.
    pub name: String,
    /// Distinct values.
    pub words: Words,
    /// For each case, an index into `words`, or [`WordId::NONE`].
    pub values: Vec<WordId>,
}

impl Attribute {
    /// The value of case `case`; `None` where it has none.
    pub fn of(&self, case: usize) -> Option<&str> {
        self.words.get(*self.values.get(case)?).filter(|word| !word.is_empty())
    }
}

/// Where an event stood in the input: for messages and findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Index of the input file.
    pub file: u32,
    /// Physical line, from 1 (row number, from 1, in a Parquet file).
    pub line: u64,
}

/// One case with its events in order of the history (SPEC 1): by time, ties in source order, the event
/// that opens the case first of its instant. Duplicates are already gone.
#[derive(Clone, Copy, Debug)]
pub struct CaseEvents<'a> {
    /// Index of the case.
    pub case: u32,
    /// Its events; never empty.
    pub events: &'a [Event],
}

/// All used events of the whole input. Made by `ingest`; order of cases: ascending bytes of `case_id`, so
/// that the order of input rows never shows in what is made from it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// Case ids; a case's index is its index here. None in a history of a part, of which no case is shown.
    pub case_ids: Words,
    /// All events, by case; each case's in order of the history.
    pub events: Events,
    /// Names of actors.
    pub actors: Words,
    /// Status words as written in the input.
    pub statuses: Words,
    /// Category of each status word.
    pub categories: Vec<Category>,
    /// Extra columns.
    pub attributes: Vec<Attribute>,
    /// True where some used row of the whole input has event `message` (SPEC 7.1).
    pub has_messages: bool,
    /// True where some used row of the whole input gives a status (SPEC 7.6).
    pub has_statuses: bool,
    /// The earliest and the latest event; `None` where there is no event.
    pub span: Option<(Instant, Instant)>,
}

impl History {
    /// How many cases.
    pub fn n_cases(&self) -> usize {
        self.events.n_cases()
    }

    /// The events of case `case`, in order of the history.
    pub fn case(&self, case: usize) -> CaseEvents<'_> {
        CaseEvents { case: case as u32, events: self.events.of_case(case) }
    }

    /// The extra column `name`, if the input has it.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// The category of a status word; `None` where the row gives no status.
    pub fn category(&self, status: StatusId) -> Option<Category> {
        status.get().map(|i| self.categories[i])
    }
}
