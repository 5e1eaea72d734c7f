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
    /// The first `n_starts`: where each field starts that follows another, and one past the end of the last and its
    /// separator.
    starts: Vec<u32>,
    n_starts: usize,
    spans: Vec<(u32, u32, bool)>,
    unquoted: Vec<u8>,
}

impl Fields {
    /// Forgets the record before.
    pub(super) fn clear(&mut self) {
        self.n_starts = 0;
        self.spans.clear();
        self.unquoted.clear();
    }

    /// Room for records of `width` fields, of which every one is going to be.
    pub(super) fn expect(&mut self, width: usize) {
        self.starts.resize(width + 1, 0);
    }

    /// Of fields that follow each other, where each starts, and one past the end of the last and its separator.
    #[inline]
    pub(super) fn starts(&self) -> &[u32] {
        &self.starts[..self.n_starts]
    }

    /// How many.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.n_starts.checked_sub(1).unwrap_or(self.spans.len())
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
        match (self.starts().get(index), self.starts().get(index + 1)) {
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
        if index + 1 < self.n_starts {
            return self.starts().get(index).map(|start| *start as usize);
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
#[inline(always)]
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
    /// No byte so far was part of a character of more than one.
    pub(super) is_ascii: bool,
}

impl<'b> Separators<'b> {
    /// From the start of `bytes`.
    pub(super) fn new(bytes: &'b [u8], delimiter: u8) -> Separators<'b> {
        let mut all = Separators { bytes, delimiter, base: 0, mask: 0, is_ascii: true };
        all.mask = all.load(0);
        all
    }

    /// The separators of the sixty-four bytes from `base` on.
    #[inline(always)]
    fn load(&mut self, base: usize) -> u64 {
        let (mask, is_ascii) = match self.bytes.get(base..).and_then(<[u8]>::first_chunk) {
            Some(chunk) => mask(chunk, self.delimiter),
            None => self.load_last(base),
        };
        self.is_ascii &= is_ascii;
        mask
    }

    #[cold]
    fn load_last(&self, base: usize) -> (u64, bool) {
        let rest = &self.bytes[base.min(self.bytes.len())..];
        let mut chunk = [0; 64];
        chunk[..rest.len()].copy_from_slice(rest);
        mask(&chunk, self.delimiter)
    }

    /// Goes on from `at`.
    pub(super) fn seek(&mut self, at: usize) {
        self.base = at - at % 64;
        self.mask = self.load(self.base) & (u64::MAX << (at % 64));
    }

    /// Splits the record that starts at `from`, where the last one ended, into `fields`; the end of its last field, or
    /// `None` at a quote. A function of its own, whose few values stay in registers.
    #[inline(never)]
    pub(super) fn record(&mut self, from: usize, fields: &mut Fields) -> Option<usize> {
        fields.clear();
        let (bytes, delimiter, starts) = (self.bytes, self.delimiter, &mut fields.starts[..]);
        let (mut base, mut mask) = (self.base, self.mask);
        if let Some(start) = starts.first_mut() {
            *start = from as u32;
        }
        let mut n = 1;
        let end = 'record: loop {
            while mask != 0 {
                let at = base + mask.trailing_zeros() as usize;
                mask &= mask - 1;
                // Those of more fields than are expected have no place.
                if let Some(start) = starts.get_mut(n) {
                    *start = at as u32 + 1;
                }
                n += 1;
                if bytes.get(at) != Some(&delimiter) {
                    break 'record at;
                }
            }
            base += 64;
            if base >= bytes.len() {
                if let Some(start) = starts.get_mut(n) {
                    *start = bytes.len() as u32 + 1;
                }
                n += 1;
                break bytes.len();
            }
            mask = self.load(base);
        };
        (self.base, self.mask) = (base, mask);
        if bytes.get(end) == Some(&QUOTE) {
            return None;
        }
        if n <= starts.len() {
            fields.n_starts = n;
        } else {
            fields.split(bytes, from, end, delimiter);
        }
        Some(end)
    }
}

/// One bit a byte: is it the delimiter, a newline or a quote; and whether all are ASCII. Written so that the compiler
/// makes vector code of it.
#[inline(always)]
fn mask(chunk: &[u8; 64], delimiter: u8) -> (u64, bool) {
    let hit = |byte: u8| {
        let is_hit = (byte == delimiter) | (byte == b'\n') | (byte == QUOTE);
        0u8.wrapping_sub(u8::from(is_hit))
    };
    // Of four times sixteen bytes every other bit of sixteen.
    let (mut hits, mut all) = ([0; 16], [0; 16]);
    for i in 0..16 {
        all[i] = chunk[i] | chunk[16 + i] | chunk[32 + i] | chunk[48 + i];
        hits[i] =
            hit(chunk[i]) & 1 | hit(chunk[16 + i]) & 4 | hit(chunk[32 + i]) & 16 | hit(chunk[48 + i]) & 64;
    }
    let hits = u128::from_le_bytes(hits);
    let all = u128::from_le_bytes(all);
    let is_ascii = (all as u64 | (all >> 64) as u64) & 0x8080_8080_8080_8080 == 0;
    (turned(hits as u64 | ((hits >> 64) as u64) << 1), is_ascii)
}

/// Eight bytes of eight bits, turned about: bit `i` of byte `k` becomes bit `k` of byte `i`. Squares of one bit change
/// places across the diagonal, then of two, then of four.
#[inline]
fn turned(mut bits: u64) -> u64 {
    for (by, half) in [(7, 0x00AA_00AA_00AA_00AA), (14, 0x0000_CCCC_0000_CCCC), (28, 0xF0F0_F0F0)] {
        let unlike = (bits ^ (bits >> by)) & half;
        bits ^= unlike ^ (unlike << by);
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::{Fields, QUOTE, Separators, mask};

    #[test]
    fn each_separator_has_its_bit() {
        for i in 0..64 {
            for byte in [b';', b'\n', QUOTE, b'x', 0xC3] {
                let mut chunk = [b'a'; 64];
                chunk[i] = byte;
                let hit = u64::from(byte != b'x' && byte < 0x80) << i;
                assert_eq!(mask(&chunk, b';'), (hit, byte < 0x80), "{byte} at {i}");
            }
        }
    }

    #[test]
    fn records_are_split_alike_however_long_they_are_and_where_they_lie() {
        let (mut at_once, mut one_by_one) = (Fields::default(), Fields::default());
        for n in 1..9 {
            let record =
                |i: usize| (0..i % 5 + 1).map(|field| "x".repeat(i * field % 31)).collect::<Vec<_>>();
            let text = (0..40).map(|i| record(i * n).join(",") + "\n").collect::<String>() + "a,b";
            let (bytes, mut from) = (text.as_bytes(), 0);
            let mut separators = Separators::new(bytes, b',');
            at_once.expect(3);
            while from < bytes.len() {
                let end = separators.record(from, &mut at_once).unwrap();
                assert!(end == bytes.len() || bytes[end] == b'\n');
                one_by_one.split(bytes, from, end, b',');
                assert_eq!(at_once.len(), one_by_one.len());
                for field in 0..one_by_one.len() {
                    assert_eq!(at_once.get(bytes, field), one_by_one.get(bytes, field));
                    assert_eq!(at_once.start(field), one_by_one.start(field));
                }
                from = end + 1;
            }
        }
    }
}
