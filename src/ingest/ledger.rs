//! The row ledger: what became of every row (SPEC 3.4). read = used + duplicate + rejected, for each file.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::blanks::shown as shown_blanks;
use super::ids::ChangedIds;
use super::input_files::PassedOver;
use super::rejected::{HEADER, Rejected, neutral};
use super::translate::Reject;
use crate::codes;
use crate::diag::{Diagnostic, Position};

/// Examples kept of each code.
pub(super) const EXAMPLES: usize = 3;

/// The ledger of one input file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileLedger {
    /// As the user gave it.
    pub path: PathBuf,
    /// Its length.
    pub n_bytes: u64,
    /// SHA-256 of it, where the plan asks for it.
    pub sha256: Option<[u8; 32]>,
    /// Rows read.
    pub n_read: u64,
    /// Rows used.
    pub n_used: u64,
    /// Rows equal to an earlier used row (D503).
    pub n_duplicate: u64,
    /// Rows rejected.
    pub n_rejected: u64,
    /// Rejected rows by code.
    pub by_code: BTreeMap<&'static str, u64>,
    /// Ids that are not read as they stand.
    pub ids: ChangedIds,
    /// There is more of it, and the plan asks for a sample.
    pub is_cut: bool,
}

impl FileLedger {
    /// True where there were rows, and each was rejected.
    pub fn is_rejected_whole(&self) -> bool {
        self.n_read > 0 && self.n_rejected == self.n_read
    }

    /// The code that rejected most rows, the first of several, and how many.
    pub fn commonest(&self) -> Option<(&'static str, u64)> {
        let most = self.by_code.iter().max_by_key(|(code, n)| (**n, std::cmp::Reverse(**code)));
        most.map(|(code, n)| (*code, *n))
    }
}

/// What became of every row of the input.
#[derive(Debug, Default)]
pub struct Ledger {
    /// In the order of the plan.
    pub files: Vec<FileLedger>,
    /// Files that were not read.
    pub passed_over: Vec<PassedOver>,
    /// The first three rows of each code, duplicates included, by code, then in order of the input.
    pub examples: Vec<Diagnostic>,
    /// The rejected rows themselves.
    pub rejected: Rejected,
}

impl Ledger {
    /// Rows read, of all files.
    pub fn n_read(&self) -> u64 {
        self.files.iter().map(|f| f.n_read).sum()
    }

    /// Rows used, of all files.
    pub fn n_used(&self) -> u64 {
        self.files.iter().map(|f| f.n_used).sum()
    }

    /// Duplicate rows, of all files.
    pub fn n_duplicate(&self) -> u64 {
        self.files.iter().map(|f| f.n_duplicate).sum()
    }

    /// Rejected rows, of all files.
    pub fn n_rejected(&self) -> u64 {
        self.files.iter().map(|f| f.n_rejected).sum()
    }

    /// Rejected rows by code, of all files.
    pub fn by_code(&self) -> BTreeMap<&'static str, u64> {
        let mut all = BTreeMap::new();
        for (code, n) in self.files.iter().flat_map(|f| &f.by_code) {
            *all.entry(*code).or_insert(0) += n;
        }
        all
    }
}

/// The rejected rows of one block, as they are found.
#[derive(Default)]
pub(super) struct BlockLedger {
    /// Rows of the block.
    pub(super) n_read: u64,
    /// Rejected rows by code.
    pub(super) by_code: BTreeMap<&'static str, u64>,
    /// The first few of each code.
    pub(super) examples: Vec<Diagnostic>,
    /// Rows of `rejected.csv`.
    pub(super) rows: Vec<u8>,
    /// Ids that are not read as they stand.
    pub(super) ids: ChangedIds,
}

/// A row as it stands in its file.
pub(super) struct RawRow<'r> {
    pub(super) path: &'r str,
    pub(super) line: u64,
    /// The case id, if the row got so far.
    pub(super) case: Option<String>,
    /// Without its line end.
    pub(super) bytes: &'r [u8],
    /// Where the field in question starts in `bytes`.
    pub(super) offset: Option<usize>,
    /// Names of the columns.
    pub(super) header: &'r [String],
}

impl BlockLedger {
    /// Takes a rejected row.
    pub(super) fn reject(&mut self, raw: &RawRow<'_>, why: &Reject) {
        self.reject_in(raw, raw.bytes, why);
    }

    /// The same for a row that is a part of a line: messages show `line`, and the offset is in that.
    pub(super) fn reject_in(&mut self, raw: &RawRow<'_>, line: &[u8], why: &Reject) {
        let n = self.by_code.entry(why.code).or_insert(0);
        *n += 1;
        if *n <= EXAMPLES as u64 {
            self.examples.push(example(raw, line, why));
        }
        let column = why.field.and_then(|field| raw.header.get(field)).map_or("", String::as_str);
        let number = raw.line.to_string();
        let cells: [&[u8]; HEADER.len()] = [
            raw.path.as_bytes(),
            number.as_bytes(),
            column.as_bytes(),
            why.code.as_bytes(),
            why.expected.as_bytes(),
            raw.bytes,
        ];
        for (i, cell) in cells.iter().enumerate() {
            if i > 0 {
                self.rows.push(b',');
            }
            push_cell(&mut self.rows, &neutral(cell));
        }
        self.rows.push(b'\n');
    }
}

/// One CSV cell, quoted where it must be.
pub(super) fn push_cell(out: &mut Vec<u8>, cell: &[u8]) {
    if !cell.iter().any(|b| matches!(b, b',' | b'"' | b'\n' | b'\r')) {
        return out.extend_from_slice(cell);
    }
    out.push(b'"');
    for byte in cell {
        if *byte == b'"' {
            out.push(b'"');
        }
        out.push(*byte);
    }
    out.push(b'"');
}

fn example(raw: &RawRow<'_>, shown: &[u8], why: &Reject) -> Diagnostic {
    let title = codes::ALL.iter().find(|c| c.code == why.code).map_or("", |c| c.title);
    let message = format!("{title}: expected {}, found `{}`", why.expected, shown_blanks(&why.found));
    let line_end = memchr::memchr(b'\n', shown).unwrap_or(shown.len());
    let line = String::from_utf8_lossy(&shown[..line_end]);
    let on_line = raw.offset.filter(|offset| *offset <= line_end);
    let column = on_line.map_or(0, |o| String::from_utf8_lossy(&shown[..o]).chars().count() as u64 + 1);
    let position = Position { path: raw.path.to_string(), line: raw.line, column, case: raw.case.clone() };
    Diagnostic::error(why.code, message)
        .at(position)
        .excerpt(line.trim_end().chars().take(4096).collect::<String>(), why.found.chars().count())
        .hint(hint(why.code))
}

/// What to do about a rejected row.
fn hint(code: &str) -> &'static str {
    match code {
        codes::D501 => "correct the time, or name its format under `timestamps` in the profile",
        codes::D502 => "every row needs the id of its case",
        codes::D510 => "look for a delimiter or a quote inside a field that is not quoted",
        codes::D511 => {
            "save the file as UTF-8, or name its encoding in the profile: `encoding = \"windows-1252\"`"
        }
        codes::D515 => {
            "each line, or each element of one array, is one object: see the raw text in `rejected.csv`"
        }
        codes::D512 => "map the word under `[table.severities]` in the profile",
        _ => "map the word under `[table.events]` or `[table.roles]` in the profile",
    }
}
