//! A JSON file as blocks of whole objects, in order: one object after another (newline-delimited), the elements of one
//! array, or those of a list that an object around them holds, as help desks answer. One thread cuts; the objects are
//! read on all. It knows no columns. Memory is bounded by [`OBJECT_MAX`] and the block size.
//!
//! Of newline-delimited objects each line stands by itself: one that is no JSON is a rejected row. An array or an
//! object over several lines is one text: what follows a fault in it has no meaning, and the file is refused.

use std::fmt;
use std::io;

use serde::de::IgnoredAny;

use super::blocks::{OVERLONG_KEPT, count_lines};
use super::contents::Bytes;
use super::stream::Stream;

/// No object is longer than this, in bytes.
pub(super) const OBJECT_MAX: usize = 16 << 20;

/// What was cut out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// A whole object.
    Object,
    /// A whole value that is no object.
    Other,
    /// A line that is no JSON.
    Broken,
    /// The same at the end of the file: it may have been cut short.
    Cut,
    /// A line longer than [`OBJECT_MAX`], its first bytes only.
    Overlong,
}

/// One object and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) piece: Piece,
}

/// Whole objects of one file.
pub(super) struct JsonBlock {
    /// Line of the first byte, from 1.
    pub(super) first_line: u64,
    /// The first byte begins a line.
    pub(super) begins_line: bool,
    pub(super) bytes: Vec<u8>,
    pub(super) elements: Vec<Element>,
}

/// The file as a whole is no JSON.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// From 1.
    pub(super) line: u64,
    /// In characters, from 1.
    pub(super) column: u64,
    cause: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.cause)
    }
}

impl std::error::Error for Fault {}

/// What surrounds the objects that come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    /// A list; `true` where a value stands before.
    List(bool),
    /// The members of the object that holds the list.
    Members,
}

/// One JSON file being read.
pub(super) struct JsonSource {
    stream: Stream,
    block_size: usize,
    /// Members whose elements are the objects.
    lists: Vec<String>,
    levels: Vec<Level>,
    line: u64,
    /// Characters of this line that are gone from the buffer.
    n_before: u64,
    is_started: bool,
}

/// What comes next.
enum Next {
    /// An element, and where to go on.
    Element(Element),
    /// Nothing of it is a row; on from here.
    Pass(usize),
    /// Whether there is more cannot be told from these bytes.
    More,
    /// The file ends here.
    End,
    /// Something at this place that the file cannot be read on from.
    Bad(usize, String),
    /// A line that is too long, at this place.
    TooLong,
}

/// A value from its first byte on.
enum Value {
    End(usize),
    /// It opens a list of objects: its first byte after the bracket.
    List(usize),
    More,
    /// The file ends in it.
    Unended,
    TooLong,
    Bad(usize, String),
}

impl JsonSource {
    /// Starts reading; elements of members named in `lists` are the objects. `hash`: digest what is read.
    pub(super) fn new(reader: Bytes, lists: Vec<String>, block_size: usize, hash: bool) -> JsonSource {
        JsonSource {
            stream: Stream::new(reader, hash),
            block_size: block_size.max(1),
            lists,
            levels: Vec::new(),
            line: 1,
            n_before: 0,
            is_started: false,
        }
    }

    /// Bytes read so far.
    pub(super) fn n_read(&self) -> u64 {
        self.stream.n_read()
    }

    /// The digest of the whole file, once it is read to its end.
    pub(super) fn digest(&mut self) -> Option<[u8; 32]> {
        self.stream.digest()
    }

    /// The next block; `spare` is a vector to use again.
    ///
    /// # Errors
    /// Those of the file; a [`Fault`] where it is no JSON.
    pub(super) fn next(&mut self, spare: Vec<u8>) -> io::Result<Option<JsonBlock>> {
        let mut target = self.block_size;
        loop {
            self.stream.fill(target.max(4))?;
            if !std::mem::replace(&mut self.is_started, true) {
                self.stream.skip_mark();
            }
            let (mut at, mut elements) = (0, Vec::new());
            let stopped = loop {
                match self.step(at) {
                    Next::Element(element) => {
                        at = element.to;
                        elements.push(element);
                    }
                    Next::Pass(to) => at = to,
                    other => break other,
                }
            };
            if !elements.is_empty() {
                return Ok(Some(self.block(at, elements, spare)));
            }
            let gone = self.pass(at);
            match stopped {
                Next::Bad(place, cause) => return Err(self.fault(place - gone, cause)),
                Next::TooLong => return self.overlong().map(Some),
                Next::End => return Ok(None),
                _ => {}
            }
            target = self.stream.buffer.len().max(self.block_size / 2) * 2;
        }
    }

    /// The first `length` bytes with `elements` in them.
    fn block(&mut self, length: usize, elements: Vec<Element>, spare: Vec<u8>) -> JsonBlock {
        let (first_line, begins_line) = (self.line, self.n_before == 0);
        let bytes = self.stream.take(length, spare);
        self.count(&bytes);
        JsonBlock { first_line, begins_line, bytes, elements }
    }

    /// Passes over the first `length` bytes; how many they were.
    fn pass(&mut self, length: usize) -> usize {
        let bytes: Vec<u8> = self.stream.buffer.drain(..length).collect();
        self.count(&bytes);
        length
    }

    fn count(&mut self, bytes: &[u8]) {
        self.line += count_lines(bytes);
        let last = memchr::memrchr(b'\n', bytes);
        self.n_before =
            if last.is_some() { 0 } else { self.n_before } + chars(&bytes[last.map_or(0, |i| i + 1)..]);
    }

    /// What is wrong with the file at byte `at` of the buffer.
    fn fault(&self, at: usize, cause: String) -> io::Error {
        let before = &self.stream.buffer[..at.min(self.stream.buffer.len())];
        let last = memchr::memrchr(b'\n', before);
        let in_line = chars(&before[last.map_or(0, |i| i + 1)..]);
        let column = if last.is_some() { in_line } else { self.n_before + in_line } + 1;
        let fault = Fault { line: self.line + count_lines(before), column, cause };
        io::Error::new(io::ErrorKind::InvalidData, fault)
    }

    /// A line that no object may be as long as; the buffer starts with it.
    fn overlong(&mut self) -> io::Result<JsonBlock> {
        let (first_line, begins_line) = (self.line, self.n_before == 0);
        let (bytes, has_end) = self.stream.overlong_line(OVERLONG_KEPT)?;
        self.line += u64::from(has_end);
        self.n_before = 0;
        let elements = vec![Element { from: 0, to: bytes.len(), piece: Piece::Overlong }];
        Ok(JsonBlock { first_line, begins_line, bytes, elements })
    }

    /// What stands at `at`; blanks are passed over first.
    fn step(&mut self, at: usize) -> Next {
        let bytes = &self.stream.buffer[..];
        let (from, at) = (at, blanks(bytes, at));
        let Some(&byte) = bytes.get(at) else {
            let cut =
                || format!("{}, found the end of the file: it may have been cut short", self.expected());
            return match (self.stream.at_end, self.levels.is_empty()) {
                (false, _) => Next::More,
                (true, true) => Next::End,
                (true, false) => Next::Bad(at, cut()),
            };
        };
        if at > from {
            return Next::Pass(at);
        }
        match (self.levels.last().copied(), byte) {
            (None, b'[') => self.enter(Level::List(false), at + 1),
            (Some(Level::List(_)), b']') | (Some(Level::Members), b'}') => self.leave(at + 1),
            (Some(Level::List(true)), b',') => self.turn(at + 1),
            (Some(Level::List(true)), _) => Next::Bad(at, self.expected().to_string()),
            (Some(Level::Members), b',') => Next::Pass(at + 1),
            (Some(Level::Members), _) => self.member(at),
            (None | Some(Level::List(false)), _) => self.element(at, byte),
        }
    }

    /// What has to come here, for messages.
    fn expected(&self) -> &'static str {
        match self.levels.last() {
            Some(Level::List(true)) => "expected `,` or `]`",
            Some(Level::List(false)) => "expected an object or `]`",
            _ => "expected `,` or `}`",
        }
    }

    fn enter(&mut self, level: Level, at: usize) -> Next {
        self.levels.push(level);
        Next::Pass(at)
    }

    /// Out of a list or of the object round it, which was an element itself.
    fn leave(&mut self, at: usize) -> Next {
        self.levels.pop();
        if let Some(Level::List(has_value)) = self.levels.last_mut() {
            *has_value = true;
        }
        Next::Pass(at)
    }

    fn turn(&mut self, at: usize) -> Next {
        if let Some(Level::List(has_value)) = self.levels.last_mut() {
            *has_value = false;
        }
        Next::Pass(at)
    }

    /// A member of the object round the list: another list, or nothing of ours.
    fn member(&mut self, at: usize) -> Next {
        match self.member_of(at, at) {
            Value::List(to) => self.enter(Level::List(false), to),
            Value::End(to) => Next::Pass(to),
            Value::More => Next::More,
            Value::Bad(place, cause) => Next::Bad(place, cause),
            Value::Unended => Next::Bad(self.stream.buffer.len(), cut_short()),
            Value::TooLong => Next::Bad(at, too_long()),
        }
    }

    /// An object, or what stands where one should.
    fn element(&mut self, at: usize, byte: u8) -> Next {
        let in_list = self.levels.last().is_some();
        let is_wrapper = byte == b'{' && !self.levels.contains(&Level::Members) && !self.lists.is_empty();
        let value = match byte {
            b'{' if is_wrapper => self.object_of(at),
            b'{' | b'"' => self.value(at, at),
            _ if in_list => self.value(at, at),
            _ => return self.line_alone(at, at, Piece::Other),
        };
        match value {
            Value::List(to) => {
                self.levels.push(Level::Members);
                self.enter(Level::List(false), to)
            }
            Value::End(to) => {
                if let Some(Level::List(has_value)) = self.levels.last_mut() {
                    *has_value = true;
                }
                let piece = if byte == b'{' { Piece::Object } else { Piece::Other };
                Next::Element(Element { from: at, to, piece })
            }
            Value::More => Next::More,
            Value::Bad(place, cause) if in_list => Next::Bad(place, cause),
            Value::Unended if in_list => Next::Bad(self.stream.buffer.len(), cut_short()),
            Value::TooLong if in_list => Next::Bad(at, too_long()),
            Value::Bad(place, cause) => self.broken(at, place, cause),
            Value::Unended => self.broken(at, self.stream.buffer.len(), cut_short()),
            Value::TooLong => self.broken(at, at + OBJECT_MAX, too_long()),
        }
    }

    /// An object at `at` that is no whole JSON, its fault at `place`: where it has a line of its own, or the next line
    /// begins with another object, that line is broken; else the file is.
    fn broken(&self, at: usize, place: usize, cause: String) -> Next {
        let bytes = &self.stream.buffer[..];
        let Some(newline) = memchr::memchr(b'\n', &bytes[at..]).map(|i| at + i) else {
            return self.line_alone(at, place, Piece::Broken);
        };
        let next = blanks(bytes, newline);
        match bytes.get(next) {
            _ if place <= newline => self.line_alone(at, place, Piece::Broken),
            Some(b'{') => self.line_alone(at, place, Piece::Broken),
            None if !self.stream.at_end => Next::More,
            None => self.line_alone(at, place, Piece::Broken),
            // The object is what is too long, and not the place where its bound lies.
            Some(_) if cause == too_long() => Next::Bad(at, cause),
            Some(_) => Next::Bad(place, cause),
        }
    }

    /// The line from `at` on as one element, its fault at `place`.
    fn line_alone(&self, at: usize, place: usize, piece: Piece) -> Next {
        let bytes = &self.stream.buffer[..];
        let line = &bytes[at..bytes.len().min(at + OBJECT_MAX)];
        match memchr::memchr(b'\n', line) {
            Some(length) => Next::Element(Element { from: at, to: at + length, piece }),
            None if line.len() == OBJECT_MAX => Next::TooLong,
            None if !self.stream.at_end => Next::More,
            None => {
                let is_cut = piece == Piece::Broken && place >= bytes.len();
                Next::Element(Element {
                    from: at,
                    to: bytes.len(),
                    piece: if is_cut { Piece::Cut } else { piece },
                })
            }
        }
    }

    /// The members of an object one by one, up to its end or to the first list of objects.
    fn object_of(&self, start: usize) -> Value {
        let bytes = &self.stream.buffer[..];
        let mut at = blanks(bytes, start + 1);
        loop {
            match bytes.get(at) {
                Some(b'"') => {}
                Some(b'}') if at - start < OBJECT_MAX => return self.value(start, start),
                // Not what it should be: the reader of the whole object says what is wrong.
                _ => return self.value(start, start),
            }
            match self.member_of(at, start) {
                Value::End(to) => at = blanks(bytes, to),
                Value::List(to) => return Value::List(to),
                _ => return self.value(start, start),
            }
            if bytes.get(at) == Some(&b',') {
                at = blanks(bytes, at + 1);
            }
        }
    }

    /// The name at `at` and its value: the end of both, or the list that it is. `start` bounds how far to look.
    fn member_of(&self, at: usize, start: usize) -> Value {
        let bytes = &self.stream.buffer[..];
        let end = match self.value(at, start) {
            Value::End(end) if bytes[at] == b'"' => end,
            Value::End(_) => return Value::Bad(at, "expected the name of a member".to_string()),
            other => return other,
        };
        let colon = blanks(bytes, end);
        match bytes.get(colon) {
            Some(b':') => {}
            Some(_) => return Value::Bad(colon, "expected `:`".to_string()),
            None => return self.unended(),
        }
        let from = blanks(bytes, colon + 1);
        let is_named = || {
            let name = serde_json::from_slice::<String>(&bytes[at..end]).unwrap_or_default();
            self.lists.contains(&name)
        };
        match bytes.get(from) {
            Some(b'[') if is_named() => Value::List(from + 1),
            Some(_) => self.value(from, start),
            None => self.unended(),
        }
    }

    fn unended(&self) -> Value {
        if self.stream.at_end { Value::Unended } else { Value::More }
    }

    /// The end of the value at `at`, no more than [`OBJECT_MAX`] behind `start`.
    fn value(&self, at: usize, start: usize) -> Value {
        let bytes = &self.stream.buffer[..];
        let end = bytes.len().min(start + OBJECT_MAX);
        let Some(text) = bytes.get(at..end).filter(|text| !text.is_empty()) else { return Value::TooLong };
        let mut values = serde_json::Deserializer::from_slice(text).into_iter::<IgnoredAny>();
        let is_bounded = end - start == OBJECT_MAX;
        match values.next() {
            Some(Ok(_)) => {
                let to = at + values.byte_offset();
                // A number or word may go on behind the end of the bytes.
                let is_open = to == bytes.len() && !matches!(bytes[at], b'{' | b'[' | b'"');
                if is_open && !self.stream.at_end { Value::More } else { Value::End(to) }
            }
            Some(Err(cause)) if cause.is_eof() => {
                if is_bounded {
                    Value::TooLong
                } else {
                    self.unended()
                }
            }
            Some(Err(cause)) => {
                let (offset, said) = told(text, &cause);
                Value::Bad(at + offset, said)
            }
            None => self.unended(),
        }
    }
}

/// Where in `text` an error of its reader lies, in bytes, and what it says.
pub(super) fn told(text: &[u8], cause: &serde_json::Error) -> (usize, String) {
    if cause.is_eof() {
        return (text.len(), "expected the end of an object".to_string());
    }
    let mut line = 0;
    for _ in 1..cause.line() {
        line += memchr::memchr(b'\n', &text[line..]).map_or(0, |i| i + 1);
    }
    let offset = (line + cause.column().saturating_sub(1)).min(text.len());
    let said = cause.to_string();
    let said = said.split(" at line ").next().unwrap_or_default();
    (
        offset,
        if said.starts_with("expected") { said.to_string() } else { format!("expected JSON, but {said}") },
    )
}

fn cut_short() -> String {
    "expected the end of an object, found the end of the file: it may have been cut short".to_string()
}

fn too_long() -> String {
    format!("expected objects of at most {} MiB, found a longer one", OBJECT_MAX >> 20)
}

/// The first byte from `at` on that is no blank.
fn blanks(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
    at + rest.iter().position(|byte| !is_blank(byte)).unwrap_or(rest.len())
}

/// How many characters; bytes that are no UTF-8 count as they start one.
fn chars(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count() as u64
}
