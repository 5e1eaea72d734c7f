//! A CSV file as blocks of whole records, in order. One thread reads at a time; the blocks are parsed on all.
//! It cuts by the grammar of `split` and knows no columns. Memory is bounded by [`RECORD_MAX`] and the block size.

use std::fs::File;
use std::io::{self, Read};

use sha2::{Digest, Sha256};

use super::contents::Bytes;
use super::split::{QUOTE, Scan, scan};
use super::stream::Stream;

/// No record is longer than this, in bytes; a longer one is taken for an unclosed quote (D510).
pub(super) const RECORD_MAX: usize = 16 << 20;
/// Of a line longer than [`RECORD_MAX`] this many bytes are kept for `rejected.csv`.
pub(super) const OVERLONG_KEPT: usize = 64 << 10;

/// How a block is to be split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Into records, as their quotes tell.
    Records,
    /// Quotes in it span no lines: it comes after a quote that never closed.
    SingleLines,
    /// One line longer than [`RECORD_MAX`], its first bytes only.
    Overlong,
}

/// Whole records of one file.
pub(super) struct RawBlock {
    /// How to split them.
    pub(super) kind: Kind,
    /// Line of the first byte, from 1.
    pub(super) first_line: u64,
    /// The bytes.
    pub(super) bytes: Vec<u8>,
}

/// One CSV file being read.
pub(super) struct CsvSource {
    stream: Stream,
    delimiter: u8,
    block_size: usize,
    line: u64,
}

impl CsvSource {
    /// Starts reading; `hash`: digest what is read.
    pub(super) fn new(reader: Bytes, delimiter: u8, block_size: usize, hash: bool) -> CsvSource {
        CsvSource { stream: Stream::new(reader, hash), delimiter, block_size: block_size.max(1), line: 1 }
    }

    /// Bytes read so far.
    pub(super) fn n_read(&self) -> u64 {
        self.stream.n_read()
    }

    /// The digest of the whole file, once it is read to its end.
    pub(super) fn digest(&mut self) -> Option<[u8; 32]> {
        self.stream.digest()
    }

    /// The line before the next byte: that of the record that was taken last.
    pub(super) fn line_before(&self) -> u64 {
        self.line.saturating_sub(1).max(1)
    }

    /// What is read and not taken yet, and whether that is all there is.
    pub(super) fn buffered(&self) -> (&[u8], bool) {
        (&self.stream.buffer, self.stream.at_end)
    }

    /// Takes the byte order mark and the first record that is not an empty line: the header. `None`: there is
    /// none within [`RECORD_MAX`] bytes.
    pub(super) fn header(&mut self) -> io::Result<Option<Vec<u8>>> {
        self.stream.fill(64 << 10)?;
        self.stream.skip_mark();
        loop {
            match scan(&self.stream.buffer, 0, self.delimiter, self.stream.at_end) {
                Scan::End(end) => {
                    let mut record: Vec<u8> = self.stream.buffer.drain(..end).collect();
                    self.line += count_lines(&record);
                    // A tab at the end may be the delimiter before a last, empty column.
                    while matches!(record.last(), Some(b'\n' | b'\r')) {
                        record.pop();
                    }
                    if record.trim_ascii().is_empty() {
                        record.clear();
                    }
                    if !record.is_empty() || self.stream.buffer.is_empty() {
                        return Ok(Some(record));
                    }
                }
                Scan::Broken(_) => return Ok(None),
                Scan::Open | Scan::Partial if self.stream.at_end || self.stream.buffer.len() > RECORD_MAX => {
                    return Ok(None);
                }
                Scan::Open | Scan::Partial => self.stream.fill(self.stream.buffer.len() * 2)?,
            }
        }
    }

    /// The next block; `spare` is a vector to use again.
    pub(super) fn next(&mut self, spare: Vec<u8>) -> io::Result<Option<RawBlock>> {
        let mut target = self.block_size;
        loop {
            self.stream.fill(target)?;
            if self.stream.buffer.is_empty() {
                return Ok(None);
            }
            if let Some((length, kind)) = self.cut() {
                let bytes = self.stream.take(length, spare);
                let first_line = self.line;
                self.line += count_lines(&bytes);
                return Ok(Some(RawBlock { kind, first_line, bytes }));
            }
            if self.stream.buffer.len() > RECORD_MAX {
                return self.overlong().map(Some);
            }
            target = self.stream.buffer.len().max(self.block_size / 2) * 2;
        }
    }

    /// How many bytes of the buffer make a block; `None`: more bytes are needed. Only records with a quote in them
    /// have to be scanned: every other one ends at its newline.
    fn cut(&self) -> Option<(usize, Kind)> {
        let bytes = &self.stream.buffer[..];
        let mut at = 0;
        let mut is_whole = true;
        while let Some(quote) = memchr::memchr(QUOTE, &bytes[at..]) {
            let start = memchr::memrchr(b'\n', &bytes[at..at + quote]).map_or(at, |i| at + i + 1);
            at = match scan(bytes, start, self.delimiter, self.stream.at_end) {
                Scan::End(end) => end,
                Scan::Broken(until) => {
                    memchr::memrchr(b'\n', &bytes[start..until]).map_or(bytes.len(), |i| start + i + 1)
                }
                Scan::Open if self.stream.at_end => bytes.len(),
                Scan::Open | Scan::Partial => {
                    is_whole = false;
                    at = start;
                    break;
                }
            };
        }
        if is_whole && self.stream.at_end {
            at = bytes.len();
        } else if is_whole {
            at = memchr::memrchr(b'\n', &bytes[at..]).map_or(at, |i| at + i + 1);
        }
        if at > 0 {
            return Some((at, Kind::Records));
        }
        if bytes.len() > RECORD_MAX {
            return memchr::memrchr(b'\n', bytes).map(|end| (end + 1, Kind::SingleLines));
        }
        None
    }

    /// Passes over a line that is longer than any record may be.
    fn overlong(&mut self) -> io::Result<RawBlock> {
        let first_line = self.line;
        let (bytes, has_end) = self.stream.overlong_line(OVERLONG_KEPT)?;
        self.line += u64::from(has_end);
        Ok(RawBlock { kind: Kind::Overlong, first_line, bytes })
    }
}

/// How many newlines.
pub(super) fn count_lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// SHA-256 of a whole file.
pub(super) fn digest(file: &mut File) -> io::Result<[u8; 32]> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hash.finalize().into()),
            n => hash.update(&buffer[..n]),
        }
    }
}
