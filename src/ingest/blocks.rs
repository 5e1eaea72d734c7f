//! A CSV file as blocks of whole records, in order. One thread reads at a time; the blocks are parsed on all.
//! It cuts by the grammar of `split` and knows no columns. Memory is bounded by [`RECORD_MAX`] and the block size.

use std::fs::File;
use std::io::{self, Read};

use sha2::{Digest, Sha256};

use super::contents::Bytes;
use super::split::{QUOTE, Scan, scan};

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
    reader: Bytes,
    delimiter: u8,
    block_size: usize,
    buffer: Vec<u8>,
    at_end: bool,
    line: u64,
    hash: Option<Sha256>,
    n_read: u64,
}

impl CsvSource {
    /// Starts reading; `hash`: digest what is read.
    pub(super) fn new(reader: Bytes, delimiter: u8, block_size: usize, hash: bool) -> CsvSource {
        CsvSource {
            reader,
            delimiter,
            block_size: block_size.max(1),
            buffer: Vec::new(),
            at_end: false,
            line: 1,
            hash: hash.then(Sha256::new),
            n_read: 0,
        }
    }

    /// Bytes read so far.
    pub(super) fn n_read(&self) -> u64 {
        self.n_read
    }

    /// The digest of the whole file, once it is read to its end.
    pub(super) fn digest(&mut self) -> Option<[u8; 32]> {
        self.hash.take().map(|hash| hash.finalize().into())
    }

    /// Takes the byte order mark and the first record that is not an empty line: the header. `None`: there is
    /// none within [`RECORD_MAX`] bytes.
    pub(super) fn header(&mut self) -> io::Result<Option<Vec<u8>>> {
        self.fill(64 << 10)?;
        if self.buffer.starts_with(b"\xEF\xBB\xBF") {
            self.buffer.drain(..3);
        }
        loop {
            match scan(&self.buffer, 0, self.delimiter, self.at_end) {
                Scan::End(end) => {
                    let mut record: Vec<u8> = self.buffer.drain(..end).collect();
                    self.line += count_lines(&record);
                    // A tab at the end may be the delimiter before a last, empty column.
                    while matches!(record.last(), Some(b'\n' | b'\r')) {
                        record.pop();
                    }
                    if record.trim_ascii().is_empty() {
                        record.clear();
                    }
                    if !record.is_empty() || self.buffer.is_empty() {
                        return Ok(Some(record));
                    }
                }
                Scan::Broken(_) => return Ok(None),
                Scan::Open | Scan::Partial if self.at_end || self.buffer.len() > RECORD_MAX => {
                    return Ok(None);
                }
                Scan::Open | Scan::Partial => self.fill(self.buffer.len() * 2)?,
            }
        }
    }

    /// The next block; `spare` is a vector to use again.
    pub(super) fn next(&mut self, mut spare: Vec<u8>) -> io::Result<Option<RawBlock>> {
        let mut target = self.block_size;
        loop {
            self.fill(target)?;
            if self.buffer.is_empty() {
                return Ok(None);
            }
            if let Some((length, kind)) = self.cut() {
                spare.clear();
                spare.extend_from_slice(&self.buffer[length..]);
                let mut bytes = std::mem::replace(&mut self.buffer, spare);
                bytes.truncate(length);
                let first_line = self.line;
                self.line += count_lines(&bytes);
                return Ok(Some(RawBlock { kind, first_line, bytes }));
            }
            if self.buffer.len() > RECORD_MAX {
                return self.overlong().map(Some);
            }
            target = self.buffer.len().max(self.block_size / 2) * 2;
        }
    }

    /// How many bytes of the buffer make a block; `None`: more bytes are needed. Only records with a quote in them
    /// have to be scanned: every other one ends at its newline.
    fn cut(&self) -> Option<(usize, Kind)> {
        let bytes = &self.buffer[..];
        let mut at = 0;
        let mut is_whole = true;
        while let Some(quote) = memchr::memchr(QUOTE, &bytes[at..]) {
            let start = memchr::memrchr(b'\n', &bytes[at..at + quote]).map_or(at, |i| at + i + 1);
            at = match scan(bytes, start, self.delimiter, self.at_end) {
                Scan::End(end) => end,
                Scan::Broken(until) => {
                    memchr::memrchr(b'\n', &bytes[start..until]).map_or(bytes.len(), |i| start + i + 1)
                }
                Scan::Open if self.at_end => bytes.len(),
                Scan::Open | Scan::Partial => {
                    is_whole = false;
                    at = start;
                    break;
                }
            };
        }
        if is_whole && self.at_end {
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
        let mut bytes = self.buffer.clone();
        bytes.truncate(OVERLONG_KEPT);
        let first_line = self.line;
        loop {
            if let Some(end) = memchr::memchr(b'\n', &self.buffer) {
                self.buffer.drain(..=end);
                self.line += 1;
                break;
            }
            self.buffer.clear();
            self.fill(1 << 20)?;
            if self.buffer.is_empty() {
                break;
            }
        }
        Ok(RawBlock { kind: Kind::Overlong, first_line, bytes })
    }

    /// Reads until the buffer has `target` bytes or the file ends.
    fn fill(&mut self, target: usize) -> io::Result<()> {
        let have = self.buffer.len();
        if self.at_end || have >= target {
            return Ok(());
        }
        let want = (target - have) as u64;
        self.buffer.reserve(target - have);
        let got = self.reader.by_ref().take(want).read_to_end(&mut self.buffer)?;
        self.at_end = (got as u64) < want;
        self.n_read += got as u64;
        if let Some(hash) = &mut self.hash {
            hash.update(&self.buffer[have..]);
        }
        Ok(())
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
