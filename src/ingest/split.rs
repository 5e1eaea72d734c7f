//! Bytes to records and fields, zero copy. Not a reader of files, and it knows no columns.
//!
//! The grammar: a field is quoted where its first byte is a quote; `""` inside is a quote; what follows the
//! closing quote up to the delimiter belongs to the field as it stands. A record ends at a newline outside
//! quotes; the carriage return before it is trimmed with the other blanks. A quoted field that runs over a
//! newline must be closed by a quote that a delimiter, a line end or the end of the input follows: if not, the
//! quote that opened it is taken for a stray one and the record is broken.

use memchr::memchr;

/// The quote.
pub(super) const QUOTE: u8 = b'"';

/// What the scan of one record from its start found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scan {
    /// It ends here: one past its newline, or the end of the bytes.
    End(usize),
    /// A stray quote: the lines that end before this position are read one by one.
    Broken(usize),
    /// The bytes end inside a quoted field.
    Open,
    /// The bytes end outside quotes and without a newline.
    Partial,
}

/// Finds the end of the record that starts at `from`. With `last`, the end of `bytes` is the end of the input.
pub(super) fn scan(bytes: &[u8], from: usize, delimiter: u8, last: bool) -> Scan {
    let mut at = from;
    loop {
        let Some(offset) = memchr::memchr2(QUOTE, b'\n', &bytes[at..]) else {
            return if last { Scan::End(bytes.len()) } else { Scan::Partial };
        };
        let found = at + offset;
        if bytes[found] == b'\n' {
            return Scan::End(found + 1);
        }
        if found > from && bytes[found - 1] != delimiter {
            at = found + 1;
            continue;
        }
        let Some(close) = closing(bytes, found + 1) else { return Scan::Open };
        match bytes.get(close + 1) {
            None if !last => return Scan::Open,
            None | Some(b'\n' | b'\r') => {}
            Some(&next) if next == delimiter => {}
            Some(_) if memchr(b'\n', &bytes[found..close]).is_none() => {}
            Some(_) => return Scan::Broken(close),
        }
        at = close + 1;
    }
}

/// The quote that closes a field whose text starts at `from`.
fn closing(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let found = at + memchr(QUOTE, &bytes[at..])?;
        if bytes.get(found + 1) != Some(&QUOTE) {
            return Some(found);
        }
        at = found + 2;
    }
}

/// The fields of one record: those of a record without quotes follow each other, others are spans of the block, or of
/// `unquoted` for those with a quote in them.
#[derive(Default)]
pub(super) struct Fields {
    /// Where each field starts that follows another, and one past the end of the last and its separator; else empty.
    starts: Vec<u32>,
    spans: Vec<(u32, u32, bool)>,
    unquoted: Vec<u8>,
}

impl Fields {
    /// Forgets the record before.
    pub(super) fn clear(&mut self) {
        self.starts.clear();
        self.spans.clear();
        self.unquoted.clear();
    }

    /// Forgets the record before; fields that follow each other begin at `from`.
    #[inline]
    pub(super) fn begin(&mut self, from: usize) {
        self.clear();
        self.starts.push(from as u32);
    }

    /// The next field ends before the separator at `at`.
    #[inline]
    pub(super) fn end(&mut self, at: usize) {
        self.starts.push(at as u32 + 1);
    }

    /// How many.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.starts.len().checked_sub(1).unwrap_or(self.spans.len())
    }

    /// Adds a field that stands in the block as it is.
    #[inline]
    pub(super) fn push(&mut self, from: usize, to: usize) {
        self.spans.push((from as u32, to as u32, false));
    }

    /// Adds a field that does not stand in the block.
    pub(super) fn push_text(&mut self, text: &[u8]) {
        let start = self.unquoted.len() as u32;
        self.unquoted.extend_from_slice(text);
        self.spans.push((start, self.unquoted.len() as u32, true));
    }

    /// Field `index` without the blanks around it; empty where there is none.
    #[inline(always)]
    pub(super) fn get<'b>(&'b self, block: &'b [u8], index: usize) -> &'b [u8] {
        match (self.starts.get(index), self.starts.get(index + 1)) {
            (Some(&from), Some(&next)) => trim(&block[from as usize..next as usize - 1]),
            _ => self.span(block, index),
        }
    }

    /// The same in a record with a quote.
    #[inline(never)]
    fn span<'b>(&'b self, block: &'b [u8], index: usize) -> &'b [u8] {
        let Some(&(from, to, unquoted)) = self.spans.get(index) else { return &[] };
        let source = if unquoted { &self.unquoted } else { block };
        trim(&source[from as usize..to as usize])
    }

    /// Where field `index` starts in the block, for messages; `None` for one with quotes inside.
    pub(super) fn start(&self, index: usize) -> Option<usize> {
        if index + 1 < self.starts.len() {
            return self.starts.get(index).map(|start| *start as usize);
        }
        self.spans.get(index).filter(|span| !span.2).map(|span| span.0 as usize)
    }

    /// Splits the record `bytes[from..to]`, quotes and all; `to` is before the newline. False where a quote
    /// stays open.
    pub(super) fn split(&mut self, bytes: &[u8], from: usize, to: usize, delimiter: u8) -> bool {
        self.clear();
        let mut at = from;
        loop {
            let end = if at < to && bytes[at] == QUOTE {
                let Some(close) = closing(&bytes[..to], at + 1) else { return false };
                let end = memchr(delimiter, &bytes[close + 1..to]).map_or(to, |i| close + 1 + i);
                self.push_quoted(bytes, at + 1, close, end);
                end
            } else {
                let end = memchr(delimiter, &bytes[at..to]).map_or(to, |i| at + i);
                self.push(at, end);
                end
            };
            if end >= to {
                return true;
            }
            at = end + 1;
        }
    }

    /// The field whose quoted text is `from..close`, followed by `close + 1..end` as it stands.
    fn push_quoted(&mut self, bytes: &[u8], from: usize, close: usize, end: usize) {
        let tail = bytes[close + 1..end].trim_ascii_end();
        if tail.is_empty() && memchr(QUOTE, &bytes[from..close]).is_none() {
            return self.push(from, close);
        }
        let start = self.unquoted.len() as u32;
        let mut at = from;
        while let Some(offset) = memchr(QUOTE, &bytes[at..close]) {
            self.unquoted.extend_from_slice(&bytes[at..=at + offset]);
            at += offset + 2;
        }
        self.unquoted.extend_from_slice(&bytes[at..close]);
        self.unquoted.extend_from_slice(tail);
        self.spans.push((start, self.unquoted.len() as u32, true));
    }
}

/// Without the blanks around it; most fields have none.
#[inline]
pub(super) fn trim(bytes: &[u8]) -> &[u8] {
    match (bytes.first(), bytes.last()) {
        (Some(first), Some(last)) if *first <= b' ' || *last <= b' ' => trimmed(bytes),
        _ => bytes,
    }
}

/// A call, so that what is rare is not part of every place where a field is looked at.
#[cold]
fn trimmed(bytes: &[u8]) -> &[u8] {
    bytes.trim_ascii()
}

/// Walks delimiters, newlines and quotes of a text, sixty-four bytes at a time.
pub(super) struct Separators<'b> {
    bytes: &'b [u8],
    delimiter: u8,
    base: usize,
    mask: u64,
}

impl<'b> Separators<'b> {
    /// From the start of `bytes`.
    pub(super) fn new(bytes: &'b [u8], delimiter: u8) -> Separators<'b> {
        let mut all = Separators { bytes, delimiter, base: 0, mask: 0 };
        all.mask = all.load();
        all
    }

    fn load(&self) -> u64 {
        let rest = &self.bytes[self.base.min(self.bytes.len())..];
        if let Some(chunk) = rest.first_chunk::<64>() {
            return mask(chunk, self.delimiter);
        }
        let mut chunk = [0; 64];
        chunk[..rest.len()].copy_from_slice(rest);
        mask(&chunk, self.delimiter)
    }

    /// Goes on from `at`.
    pub(super) fn seek(&mut self, at: usize) {
        self.base = at - at % 64;
        self.mask = self.load() & (u64::MAX << (at % 64));
    }

    /// The next delimiter, newline or quote; the length of the text at its end.
    #[inline]
    pub(super) fn next(&mut self) -> usize {
        while self.mask == 0 {
            self.base += 64;
            if self.base >= self.bytes.len() {
                self.base = self.bytes.len();
                return self.bytes.len();
            }
            self.mask = self.load();
        }
        let at = self.base + self.mask.trailing_zeros() as usize;
        self.mask &= self.mask - 1;
        at
    }
}

/// One bit a byte: is it the delimiter, a newline or a quote. Written so that the compiler makes vector code of it.
#[inline]
fn mask(chunk: &[u8; 64], delimiter: u8) -> u64 {
    let mut hits = [0u8; 64];
    for (hit, byte) in hits.iter_mut().zip(chunk) {
        *hit = u8::from((*byte == delimiter) | (*byte == b'\n') | (*byte == QUOTE));
    }
    let mut bits = 0;
    for (i, eight) in hits.as_chunks::<8>().0.iter().enumerate() {
        // Gathers the lowest bits of eight bytes into the top byte.
        bits |= (u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * i);
    }
    bits
}
