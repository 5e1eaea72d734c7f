//! The bytes of one text file on their way in: a buffer that is filled when more is asked for, and the digest of
//! what went by. It knows neither records nor objects; those are cut by `blocks` and `json_blocks`.

use std::io::{self, Read};

use sha2::{Digest, Sha256};

use super::contents::Bytes;

/// One file being read.
pub(super) struct Stream {
    reader: Bytes,
    /// What is read and not taken yet.
    pub(super) buffer: Vec<u8>,
    /// There is nothing behind the buffer.
    pub(super) at_end: bool,
    hash: Option<Sha256>,
    n_read: u64,
}

impl Stream {
    /// Starts reading; `hash`: digest what is read.
    pub(super) fn new(reader: Bytes, hash: bool) -> Stream {
        Stream { reader, buffer: Vec::new(), at_end: false, hash: hash.then(Sha256::new), n_read: 0 }
    }

    /// Bytes read so far.
    pub(super) fn n_read(&self) -> u64 {
        self.n_read
    }

    /// The digest of the whole file, once it is read to its end.
    pub(super) fn digest(&mut self) -> Option<[u8; 32]> {
        self.hash.take().map(|hash| hash.finalize().into())
    }

    /// Reads until the buffer has `target` bytes or the file ends.
    pub(super) fn fill(&mut self, target: usize) -> io::Result<()> {
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

    /// Passes over the byte order mark of UTF-8, where the file starts with one.
    pub(super) fn skip_mark(&mut self) {
        if self.buffer.starts_with(b"\xEF\xBB\xBF") {
            self.buffer.drain(..3);
        }
    }

    /// Takes the first `length` bytes of the buffer; `spare` becomes the buffer of the rest.
    pub(super) fn take(&mut self, length: usize, mut spare: Vec<u8>) -> Vec<u8> {
        spare.clear();
        spare.extend_from_slice(&self.buffer[length..]);
        let mut bytes = std::mem::replace(&mut self.buffer, spare);
        bytes.truncate(length);
        bytes
    }

    /// Passes over the rest of a line that is longer than anything may be; gives its first `kept` bytes and whether
    /// a newline ended it.
    pub(super) fn overlong_line(&mut self, kept: usize) -> io::Result<(Vec<u8>, bool)> {
        let mut bytes = self.buffer.clone();
        bytes.truncate(kept);
        loop {
            if let Some(end) = memchr::memchr(b'\n', &self.buffer) {
                self.buffer.drain(..=end);
                return Ok((bytes, true));
            }
            self.buffer.clear();
            self.fill(1 << 20)?;
            if self.buffer.is_empty() {
                return Ok((bytes, false));
            }
        }
    }
}
