//! What one column of an export holds: how many cells are there, which words, which forms of times fit all of them.
//! Memory is bounded; what was not looked at is counted.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use serde_json::{Map, Value};

use crate::ingest::known::{Form, case_id, plain};

/// µs of a day.
const DAY: i64 = 86_400_000_000;

/// Distinct words that are counted; a column with more is none of words.
const WORDS: usize = 5_000;

/// Distinct cells that are counted.
const DISTINCT: usize = 500_000;

/// Cells by which the forms of times are found.
const TIMES: u64 = 50_000;

/// Cells that mean that nothing is there, beside the empty one; in any case.
const MISSING: [&str; 21] = [
    "?",
    "-",
    "--",
    "—",
    "–",
    "null",
    "(null)",
    "none",
    "(none)",
    "nil",
    "n/a",
    "#n/a",
    "n.a.",
    "na",
    "nan",
    "nat",
    "<na>",
    "undefined",
    "(empty)",
    "(blank)",
    "\\n",
];

/// Lists of objects that are looked into.
const LISTS: u64 = 200;

/// One column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name in the header.
    pub name: String,
    /// Rows that were read.
    pub n: u64,
    /// Cells with something in them.
    pub n_filled: u64,
    /// Words and how often they are there; empty where there are too many.
    pub words: BTreeMap<String, u64>,
    /// Different cells, by their hash.
    distinct: HashSet<u64, FixedState>,
    /// Cells that are equal to an earlier one, as long as different ones are counted.
    pub n_repeats: u64,
    /// More words than are kept.
    pub has_many_words: bool,
    /// Cells that say in their own way that nothing is there.
    pub missing: BTreeMap<String, u64>,
    /// Cells that are whole numbers.
    pub n_numbers: u64,
    /// Length of the longest cell, in characters.
    pub longest: usize,
    /// The first cell with something in it.
    pub example: String,
    /// Cells by which the forms were tried.
    n_tried: u64,
    /// By form: cells that it fits.
    fits: Vec<u64>,
    /// Pairs of forms that fit one cell and say different instants; the first such cell.
    differ: BTreeMap<(usize, usize), String>,
    /// Cells whose time says its offset.
    pub n_with_offset: u64,
    /// Cells that were tried and are the midnight of a day.
    n_midnights: u64,
    /// A bare number may be a time here, by the column's name.
    may_be_epoch: bool,
    /// Cells that are case ids only without what nobody sees: unseen blanks, or the decimals of a whole number.
    pub n_unclean: u64,
    /// The lists of objects in it, of JSON.
    pub lists: Lists,
}

/// Lists of objects in the cells of a column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lists {
    /// Cells that hold one.
    pub n: u64,
    /// Objects in those that were looked into.
    pub n_objects: u64,
    /// Their members that hold times, by name.
    pub times: BTreeSet<String>,
}

impl Column {
    pub(super) fn new(name: &str, forms: &[Form]) -> Column {
        Column {
            name: name.to_owned(),
            n: 0,
            n_filled: 0,
            words: BTreeMap::new(),
            distinct: HashSet::with_hasher(FixedState::default()),
            n_repeats: 0,
            has_many_words: false,
            missing: BTreeMap::new(),
            n_numbers: 0,
            longest: 0,
            example: String::new(),
            n_tried: 0,
            fits: vec![0; forms.len()],
            differ: BTreeMap::new(),
            n_with_offset: 0,
            n_midnights: 0,
            may_be_epoch: may_be_epoch(name),
            n_unclean: 0,
            lists: Lists::default(),
        }
    }

    pub(super) fn add(&mut self, cell: &str, forms: &[Form]) {
        self.n += 1;
        if cell.is_empty() {
            return;
        }
        if is_missing(cell) {
            *self.missing.entry(cell.to_owned()).or_default() += 1;
            return;
        }
        self.n_filled += 1;
        self.longest = self.longest.max(cell.chars().count());
        self.n_numbers += u64::from(cell.bytes().all(|b| b.is_ascii_digit()));
        if self.example.is_empty() {
            cell.clone_into(&mut self.example);
        }
        // As the reading takes a case id.
        let id = case_id(cell);
        self.n_unclean += u64::from(id.len() < cell.len());
        if self.distinct.len() < DISTINCT {
            // A hash for a cell: two different cells with one hash are one in 10^19.
            self.n_repeats += u64::from(!self.distinct.insert(FixedState::default().hash_one(id)));
        }
        if cell.starts_with('[') {
            self.lists.add(cell, forms);
        }
        if !self.has_many_words {
            if let Some(n) = self.words.get_mut(cell) {
                *n += 1;
            } else if self.words.len() < WORDS {
                self.words.insert(cell.to_owned(), 1);
            } else {
                self.has_many_words = true;
                self.words.clear();
            }
        }
        if self.n_tried < TIMES && self.may_be_times() {
            self.try_forms(cell, forms);
        }
    }

    /// A column of which a hundred cells fit no form has none.
    fn may_be_times(&self) -> bool {
        self.n_tried < 100 || self.fits.iter().any(|n| *n * 2 > self.n_tried)
    }

    fn try_forms(&mut self, cell: &str, forms: &[Form]) {
        self.n_tried += 1;
        let read: Vec<(usize, i64, bool)> = forms
            .iter()
            .enumerate()
            .filter(|(_, form)| self.may_be_epoch || !form.is_number())
            .filter_map(|(i, form)| form.read(cell).map(|(at, has_offset)| (i, at, has_offset)))
            .collect();
        self.n_with_offset += u64::from(read.iter().any(|(_, _, has_offset)| *has_offset));
        self.n_midnights += u64::from(read.iter().any(|(_, at, _)| at.rem_euclid(DAY) == 0));
        for (place, (i, at, _)) in read.iter().enumerate() {
            self.fits[*i] += 1;
            for (j, other, _) in &read[place + 1..] {
                if at != other {
                    self.differ.entry((*i, *j)).or_insert_with(|| cell.to_owned());
                }
            }
        }
    }

    /// True where every time in it is the midnight of a day: dates without a time of day, if there are several.
    pub fn is_days(&self) -> bool {
        self.n_tried > 1 && self.n_midnights == self.n_tried && self.n_distinct() != Some(1)
    }

    /// What is known of its times.
    pub(super) fn times(&self, forms: &[Form]) -> Times {
        let all: Vec<usize> =
            (0..forms.len()).filter(|&i| self.n_tried > 0 && self.fits[i] == self.n_tried).collect();
        if let Some((&first, rest)) = all.split_first() {
            // Of forms that say the same of every cell the first stands for all.
            let rival = rest.iter().find(|&&other| self.differ.contains_key(&(first, other)));
            return match rival {
                Some(&other) => Times::Ambiguous {
                    forms: [forms[first].source, forms[other].source],
                    example: self.differ.get(&(first, other)).cloned().unwrap_or_default(),
                },
                None => Times::One(forms[first].source),
            };
        }
        let best = (0..forms.len()).max_by_key(|&i| (self.fits[i], std::cmp::Reverse(i)));
        match best {
            Some(i) if self.fits[i] * 10 >= self.n_tried * 9 && self.n_tried > 0 => {
                Times::Mostly { form: forms[i].source, n: self.fits[i], n_tried: self.n_tried }
            }
            _ => Times::None,
        }
    }

    /// Words by count, the commonest first.
    pub fn by_count(&self) -> Vec<(&str, u64)> {
        let mut all: Vec<(&str, u64)> = self.words.iter().map(|(word, n)| (word.as_str(), *n)).collect();
        all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        all
    }

    /// How many different cells there are; `None`: more than are counted.
    pub fn n_distinct(&self) -> Option<usize> {
        (self.distinct.len() < DISTINCT).then_some(self.distinct.len())
    }

    /// How many cells this column and `other` both have.
    pub(super) fn n_shared(&self, other: &Column) -> usize {
        self.distinct.intersection(&other.distinct).count()
    }
}

impl Lists {
    fn add(&mut self, cell: &str, forms: &[Form]) {
        let looks = self.n < LISTS;
        let all = if looks { serde_json::from_str(cell).ok() } else { None };
        let Some(Value::Array(all)) = all else {
            self.n += u64::from(!looks);
            return;
        };
        let objects: Vec<&Map<String, Value>> = all.iter().filter_map(Value::as_object).collect();
        self.n += u64::from(!objects.is_empty());
        for object in objects {
            self.n_objects += 1;
            for (name, value) in object {
                let text = match value {
                    Value::String(text) => text.clone(),
                    Value::Number(number) if may_be_epoch(name) => number.to_string(),
                    _ => continue,
                };
                if forms
                    .iter()
                    .any(|form| form.is_number() == value.is_number() && form.read(&text).is_some())
                {
                    self.times.insert(name.clone());
                }
            }
        }
    }
}

/// True for a cell that says in its own way that nothing is there.
fn is_missing(cell: &str) -> bool {
    // All of them are short.
    cell.len() <= 11 && MISSING.contains(&cell.to_lowercase().as_str())
}

/// True where a column of this name may hold times as bare numbers.
fn may_be_epoch(name: &str) -> bool {
    let names = [
        "at",
        "time",
        "timestamp",
        "ts",
        "date",
        "datetime",
        "on",
        "epoch",
        "when",
        "created",
        "updated",
        "opened",
        "closed",
        "resolved",
        "solved",
        "changed",
    ];
    plain(name)
        .split(' ')
        .any(|word| names.contains(&word) || word.ends_with("date") || word.ends_with("time"))
}

/// What is known of the times in a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Times {
    /// It holds none.
    None,
    /// One form fits every cell.
    One(&'static str),
    /// One form fits most cells.
    Mostly {
        /// As a profile writes it.
        form: &'static str,
        /// Cells that it fits.
        n: u64,
        /// Cells that were tried.
        n_tried: u64,
    },
    /// Two forms fit every cell and say different instants.
    Ambiguous {
        /// As a profile writes them.
        forms: [&'static str; 2],
        /// A cell that the two read differently.
        example: String,
    },
}

impl Times {
    /// True where the column holds times.
    pub fn is_some(&self) -> bool {
        *self != Times::None
    }
}
