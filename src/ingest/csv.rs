//! One CSV block to rows: splits records, keeps line numbers, hands each row to the translator and the rejected
//! ones to the ledger. It reads no files.

use super::blocks::{Kind, OVERLONG_KEPT, RECORD_MAX, RawBlock};
use super::fields::Record;
use super::ledger::{BlockLedger, RawRow};
use super::rows::Block;
use super::split::{Fields, Scan, Separators, scan};
use super::translate::{Reject, Translator};
use super::words::text;
use crate::codes;

/// What the rows of one file have in common.
pub(super) struct CsvFile<'p> {
    pub(super) path: &'p str,
    pub(super) delimiter: u8,
    /// Fields of a row, those without a name included.
    pub(super) width: usize,
    /// Empty fields that each row has behind them.
    pub(super) n_behind: usize,
    /// Fields up to the last that has a name: what comes after it may be missing.
    pub(super) least: usize,
    pub(super) header: &'p [String],
    /// The column of the case id.
    pub(super) case_id: usize,
}

/// A block being parsed.
pub(super) struct Parser<'p, 'b> {
    file: &'b CsvFile<'p>,
    translator: &'b mut Translator<'p>,
    fields: &'b mut Fields,
    bytes: &'b [u8],
    /// Whether all of the block is UTF-8, once that was asked.
    valid: Option<bool>,
    line: u64,
    block: &'b mut Block,
    ledger: BlockLedger,
}

/// Parses `raw` into `block`.
pub(super) fn parse<'p, 'b>(
    file: &'b CsvFile<'p>,
    translator: &'b mut Translator<'p>,
    fields: &'b mut Fields,
    raw: &'b RawBlock,
    block: &'b mut Block,
) -> BlockLedger {
    translator.start_block();
    let bytes = &raw.bytes[..];
    let line = raw.first_line;
    let mut parser =
        Parser { file, translator, fields, bytes, valid: None, line, block, ledger: BlockLedger::default() };
    match raw.kind {
        Kind::Records => parser.records(),
        Kind::SingleLines => parser.single_lines(0, bytes.len()),
        Kind::Overlong => parser.overlong(),
    }
    let mut ledger = parser.ledger;
    ledger.ids = std::mem::take(&mut translator.ids);
    ledger
}

impl Parser<'_, '_> {
    /// Records without a quote are split as their separators are found; those with one are scanned anew.
    fn records(&mut self) {
        let mut separators = Separators::new(self.bytes, self.file.delimiter);
        self.fields.expect(self.file.width + self.file.n_behind);
        let mut from = 0;
        while from < self.bytes.len() {
            if let Some(end) = separators.record(from, self.fields) {
                let is_text = separators.is_ascii || self.is_valid();
                self.plain(from, end, is_text);
                self.line += 1;
                from = end + 1;
            } else {
                from = self.quoted(from);
                separators.seek(from);
            }
        }
    }

    /// A record with a quote in it, from `from`; where the next one begins.
    fn quoted(&mut self, from: usize) -> usize {
        match scan(self.bytes, from, self.file.delimiter, true) {
            Scan::End(end) => {
                let to = if self.bytes[end - 1] == b'\n' { end - 1 } else { end };
                if self.fields.split(self.bytes, from, to, self.file.delimiter) {
                    self.record(from, to);
                } else {
                    self.unclosed(from, to);
                }
                self.line += super::blocks::count_lines(&self.bytes[from..end]);
                end
            }
            Scan::Broken(until) => {
                let last = memchr::memrchr(b'\n', &self.bytes[from..until]);
                let until = last.map_or(self.bytes.len(), |i| from + i + 1);
                self.single_lines(from, until);
                until
            }
            Scan::Open | Scan::Partial => {
                self.single_lines(from, self.bytes.len());
                self.bytes.len()
            }
        }
    }

    /// Lines whose quotes cannot span lines: a stray quote came before them.
    fn single_lines(&mut self, mut from: usize, until: usize) {
        while from < until {
            let end = memchr::memchr(b'\n', &self.bytes[from..until]).map_or(until, |i| from + i);
            if self.fields.split(self.bytes, from, end, self.file.delimiter) {
                self.record(from, end);
            } else {
                self.unclosed(from, end);
            }
            self.line += 1;
            from = end + 1;
        }
    }

    fn unclosed(&mut self, from: usize, to: usize) {
        let (expected, found) = ("a closing quote".to_string(), "a quote that stays open".to_string());
        self.fields.clear();
        self.ledger.n_read += 1;
        self.reject(from, to, &Reject { code: codes::D510, field: None, expected, found });
    }

    fn overlong(&mut self) {
        let expected = format!("a row of at most {} MiB", RECORD_MAX >> 20);
        let found = format!("a longer one, of which the first {} KiB are kept", OVERLONG_KEPT >> 10);
        self.fields.clear();
        self.ledger.n_read += 1;
        self.reject(0, self.bytes.len(), &Reject { code: codes::D510, field: None, expected, found });
    }

    #[inline]
    fn is_valid(&mut self) -> bool {
        *self.valid.get_or_insert_with(|| std::str::from_utf8(self.bytes).is_ok())
    }

    /// One record without a quote; `is_text`: it is known to be UTF-8.
    #[inline]
    fn plain(&mut self, from: usize, to: usize, is_text: bool) {
        let (bytes, starts) = (self.bytes, self.fields.starts());
        // Rows with more than that, though it is empty, are looked at one by one.
        let is_whole = is_text && self.fields.len() == self.file.width;
        if is_whole && self.translator.known(self.block, &Record { bytes, starts }, self.line).is_some() {
            self.ledger.n_read += 1;
        } else {
            self.record(from, to);
        }
    }

    /// One record whose fields are split; an empty line is no row.
    #[inline(never)]
    fn record(&mut self, from: usize, to: usize) {
        if self.fields.len() == 1 && self.bytes[from..to].trim_ascii().is_empty() {
            return;
        }
        self.ledger.n_read += 1;
        let result = if self.valid != Some(true) && std::str::from_utf8(&self.bytes[from..to]).is_err() {
            Err(self.not_utf8(from, to))
        } else if !self.has_its_fields() {
            Err(self.wrong_width())
        } else {
            let (fields, bytes) = (&*self.fields, self.bytes);
            self.translator.row_of(self.block, |index| fields.get(bytes, index))
        };
        match result {
            Ok(()) => self.block.place(self.line),
            Err(why) => self.reject(from, to, &why),
        }
    }

    fn not_utf8(&self, from: usize, to: usize) -> Reject {
        let n = self.fields.len();
        let field = (0..n).find(|&i| std::str::from_utf8(self.fields.get(self.bytes, i)).is_err());
        let found = field.map_or(&self.bytes[from..to], |i| self.fields.get(self.bytes, i));
        let found = text(found).chars().take(80).collect();
        Reject { code: codes::D511, field, expected: "UTF-8".to_string(), found }
    }

    /// True for a record of as many fields as the header has: columns without a name at its end may be missing, and where
    /// every row has empty fields behind them so may this one.
    fn has_its_fields(&self) -> bool {
        let (n, &CsvFile { width, n_behind, least, .. }) = (self.fields.len(), self.file);
        let is_within = least <= n && n <= width + n_behind;
        n == width || is_within && (width..n).all(|i| self.fields.get(self.bytes, i).is_empty())
    }

    fn wrong_width(&self) -> Reject {
        let expected = format!("{} fields", self.file.width);
        let found = format!("{} fields", self.fields.len());
        Reject { code: codes::D510, field: None, expected, found }
    }

    fn reject(&mut self, from: usize, to: usize, why: &Reject) {
        let bytes = self.bytes[from..to].strip_suffix(b"\r").unwrap_or(&self.bytes[from..to]);
        let made = self.translator.made_cell(self.file.case_id);
        let case = made.unwrap_or_else(|| self.fields.get(self.bytes, self.file.case_id));
        let case = text(case).into_owned();
        let named = !matches!(why.code, codes::D510 | codes::D511 | codes::D502) && !case.is_empty();
        let raw = RawRow {
            path: self.file.path,
            line: self.line,
            case: named.then_some(case),
            bytes,
            offset: why
                .field
                .and_then(|field| self.fields.start(field))
                .and_then(|start| start.checked_sub(from)),
            header: self.file.header,
        };
        self.ledger.reject(&raw, why);
    }
}
