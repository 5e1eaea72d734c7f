//! Text of other encodings to UTF-8, as a stream. No encoding is guessed: UTF-16 shows itself by its mark, or by the
//! first character of JSON, all others are declared. What stands for no character becomes a byte that is no UTF-8, so that its row is D511.

use std::io::{self, Read};

use super::contents::Bytes;

/// How the text of a file is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Encoding {
    /// As everything inside is.
    #[default]
    Utf8,
    /// As Windows writes western European text; five bytes stand for nothing.
    Windows1252,
    /// ISO 8859-1: every byte is the character of its number.
    Latin1,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
}

impl Encoding {
    /// The names that a profile may give, the usual one of each first.
    pub(super) const NAMES: [(&'static str, Encoding); 7] = [
        ("utf-8", Encoding::Utf8),
        ("windows-1252", Encoding::Windows1252),
        ("latin-1", Encoding::Latin1),
        ("utf-16le", Encoding::Utf16Le),
        ("utf-16be", Encoding::Utf16Be),
        ("cp1252", Encoding::Windows1252),
        ("iso-8859-1", Encoding::Latin1),
    ];

    /// What the first bytes of a text say of it, over what is `declared`: a byte order mark, or that an object or a list
    /// of JSON begins in units of two bytes, which nothing in UTF-8 does.
    pub(super) fn of(start: &[u8], declared: Encoding) -> Encoding {
        match start {
            [0xFF, 0xFE, ..] | [b'{' | b'[', 0, ..] => Encoding::Utf16Le,
            [0xFE, 0xFF, ..] | [0, b'{' | b'[', ..] => Encoding::Utf16Be,
            [0xEF, 0xBB, 0xBF, ..] => Encoding::Utf8,
            _ => declared,
        }
    }

    /// The encoding of a name, case aside.
    pub(super) fn named(name: &str) -> Option<Encoding> {
        Encoding::NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, e)| *e)
    }
}

/// The characters of bytes 0x80 to 0x9F in Windows-1252; `\0` where there is none.
const WINDOWS: [char; 32] = [
    '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘', '’', '“',
    '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
];
/// Bytes decoded at a time.
const CHUNK: u64 = 64 << 10;
/// Never part of UTF-8.
const NO_CHARACTER: u8 = 0xFF;

/// A stream of text in UTF-8.
pub(super) struct Decoded {
    inner: Bytes,
    encoding: Encoding,
    /// Bytes read and not yet decoded: the start of a character.
    rest: Vec<u8>,
    ready: Vec<u8>,
    given: usize,
}

impl Decoded {
    /// Decodes `inner`.
    pub(super) fn new(inner: Bytes, encoding: Encoding) -> Decoded {
        Decoded { inner, encoding, rest: Vec::new(), ready: Vec::new(), given: 0 }
    }

    /// Decodes the next bytes; false at the end.
    fn refill(&mut self) -> io::Result<bool> {
        let mut bytes = std::mem::take(&mut self.rest);
        let n = self.inner.by_ref().take(CHUNK).read_to_end(&mut bytes)?;
        self.ready.clear();
        self.given = 0;
        match self.encoding {
            Encoding::Utf8 => self.ready.extend_from_slice(&bytes),
            Encoding::Windows1252 | Encoding::Latin1 => self.single(&bytes),
            Encoding::Utf16Le => self.double(&bytes, u16::from_le_bytes, n == 0),
            Encoding::Utf16Be => self.double(&bytes, u16::from_be_bytes, n == 0),
        }
        Ok(n > 0 || !self.ready.is_empty())
    }

    fn single(&mut self, bytes: &[u8]) {
        let is_windows = self.encoding == Encoding::Windows1252;
        for &byte in bytes {
            match byte {
                0x80..=0x9F if is_windows => match WINDOWS[usize::from(byte - 0x80)] {
                    '\0' => self.ready.push(NO_CHARACTER),
                    c => push(&mut self.ready, c),
                },
                _ => push(&mut self.ready, char::from(byte)),
            }
        }
    }

    fn double(&mut self, bytes: &[u8], unit: fn([u8; 2]) -> u16, is_last: bool) {
        let (pairs, odd) = bytes.as_chunks::<2>();
        let mut units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
        // The first half of a surrogate pair waits for the second.
        if !is_last && units.last().is_some_and(|u| (0xD800..0xDC00).contains(u)) {
            units.pop();
            self.rest.extend_from_slice(&pairs[pairs.len() - 1]);
        }
        for character in char::decode_utf16(units) {
            match character {
                Ok(c) => push(&mut self.ready, c),
                Err(_) => self.ready.push(NO_CHARACTER),
            }
        }
        if is_last && !odd.is_empty() {
            self.ready.push(NO_CHARACTER);
        } else {
            self.rest.extend_from_slice(odd);
        }
    }
}

fn push(out: &mut Vec<u8>, c: char) {
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

impl Read for Decoded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.ready.len() {
            if !self.refill()? {
                return Ok(0);
            }
        }
        let n = buffer.len().min(self.ready.len() - self.given);
        buffer[..n].copy_from_slice(&self.ready[self.given..self.given + n]);
        self.given += n;
        Ok(n)
    }
}
