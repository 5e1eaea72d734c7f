//! How deep the schema of a Parquet file is nested, by its footer alone. The Parquet reader goes down a level of its stack
//! for each level of the schema, so that a small file of many levels would end the program; nobody's export has as many.
//! It knows of Thrift's compact protocol what it takes to find the list of schema elements, and reads no column.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

/// Levels that a schema may have, as Arrow's own C++ reader has it.
const LEVELS_MAX: usize = 100;
/// Structs within structs that are passed over: the footer's own are fewer than ten.
const NESTED_MAX: usize = 64;
/// Bytes after the footer: its length, and the mark.
const TAIL: u64 = 8;

/// Refuses a file whose schema has too many levels. One that has no footer is left to whoever reads it.
///
/// # Errors
/// What is wrong, in words; or the file's own errors.
pub(crate) fn check_depth(mut file: &File) -> io::Result<()> {
    let length = file.metadata()?.len();
    let footer = match length.checked_sub(TAIL) {
        Some(at) => footer(file, at),
        None => Ok(None),
    };
    file.seek(SeekFrom::Start(0))?;
    let Some(footer) = footer? else { return Ok(()) };
    let wrong = |cause: String| io::Error::new(io::ErrorKind::InvalidData, cause);
    match levels(&footer) {
        None => Err(wrong("its footer is damaged".to_owned())),
        Some(n) if n > LEVELS_MAX => {
            Err(wrong(format!("its schema is nested {n} levels deep, and {LEVELS_MAX} are read")))
        }
        Some(_) => Ok(()),
    }
}

/// The footer that ends at `end`; `None` where there is none that is not encrypted.
fn footer(mut file: &File, end: u64) -> io::Result<Option<Vec<u8>>> {
    let mut tail = [0; TAIL as usize];
    file.seek(SeekFrom::Start(end))?;
    file.read_exact(&mut tail)?;
    let [a, b, c, d, mark @ ..] = tail;
    let length = u32::from_le_bytes([a, b, c, d]);
    let Some(start) = end.checked_sub(u64::from(length)).filter(|_| mark == *b"PAR1") else {
        return Ok(None);
    };
    let mut footer = Vec::new();
    file.seek(SeekFrom::Start(start))?;
    file.take(u64::from(length)).read_to_end(&mut footer)?;
    Ok(Some(footer))
}

/// Levels of the schema, its root not counted; `None` where `footer` is no struct of Thrift.
fn levels(footer: &[u8]) -> Option<usize> {
    let mut reader = Compact { bytes: footer };
    let (mut field, mut most) = (0, 0);
    while let Some(kind) = reader.field(&mut field)? {
        // Field 2 of the file's metadata: the schema elements, each before its children.
        if field == 2 && kind == LIST {
            most = most.max(reader.schema()?);
        } else {
            reader.skip(kind, 0)?;
        }
    }
    Some(most)
}

const BYTE: u8 = 3;
const I64: u8 = 6;
const DOUBLE: u8 = 7;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const SET: u8 = 10;
const MAP: u8 = 11;
const STRUCT: u8 = 12;
const UUID: u8 = 13;

/// Thrift's compact protocol.
struct Compact<'b> {
    bytes: &'b [u8],
}

impl Compact<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (&byte, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(byte)
    }

    fn pass(&mut self, n: u64) -> Option<()> {
        self.bytes = self.bytes.get(usize::try_from(n).ok()?..)?;
        Some(())
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn signed(&mut self) -> Option<i64> {
        self.number().map(|n| (n >> 1) as i64 ^ -((n & 1) as i64))
    }

    /// The type of the next field, whose number goes into `field`; inner `None` at the end of the struct.
    fn field(&mut self, field: &mut i64) -> Option<Option<u8>> {
        let byte = self.byte()?;
        if byte == 0 {
            return Some(None);
        }
        *field = match byte >> 4 {
            0 => self.signed()?,
            more => field.wrapping_add(i64::from(more)),
        };
        Some(Some(byte & 0x0f))
    }

    /// Length and type of a list.
    fn list(&mut self) -> Option<(u64, u8)> {
        let byte = self.byte()?;
        let n = if byte >> 4 == 15 { self.number()? } else { u64::from(byte >> 4) };
        Some((n, byte & 0x0f))
    }

    /// Passes over a value that stands by itself or in a struct.
    fn skip(&mut self, kind: u8, depth: usize) -> Option<()> {
        match kind {
            // True and false are the type itself.
            1 | 2 => Some(()),
            BYTE => self.pass(1),
            4..=I64 => self.number().map(|_| ()),
            DOUBLE => self.pass(8),
            UUID => self.pass(16),
            BINARY => self.number().and_then(|n| self.pass(n)),
            _ if depth >= NESTED_MAX => None,
            LIST | SET => {
                let (n, kind) = self.list()?;
                (0..n).try_for_each(|_| self.skip_entry(kind, depth + 1))
            }
            MAP => {
                let n = self.number()?;
                let kinds = if n == 0 { 0 } else { self.byte()? };
                (0..n).try_for_each(|_| {
                    self.skip_entry(kinds >> 4, depth + 1)?;
                    self.skip_entry(kinds & 0x0f, depth + 1)
                })
            }
            STRUCT => {
                let mut field = 0;
                while let Some(kind) = self.field(&mut field)? {
                    self.skip(kind, depth + 1)?;
                }
                Some(())
            }
            _ => None,
        }
    }

    /// Passes over a value in a list or map, where true and false have a byte of their own.
    fn skip_entry(&mut self, kind: u8, depth: usize) -> Option<()> {
        if matches!(kind, 1 | 2) { self.pass(1) } else { self.skip(kind, depth) }
    }

    /// Levels of the schema elements that follow.
    fn schema(&mut self) -> Option<usize> {
        let (n, kind) = self.list()?;
        // Of each level that is open, how many of its elements are to come.
        let mut open: Vec<u64> = Vec::new();
        let mut most = 0;
        for _ in 0..n {
            if kind != STRUCT {
                return None;
            }
            most = most.max(open.len());
            if let Some(rest) = open.last_mut() {
                *rest -= 1;
            }
            let children = self.element()?;
            if children > 0 {
                open.push(children);
            }
            while open.last() == Some(&0) {
                open.pop();
            }
        }
        Some(most)
    }

    /// A schema element: how many children it has, its field 5.
    fn element(&mut self) -> Option<u64> {
        let (mut field, mut children) = (0, 0);
        while let Some(kind) = self.field(&mut field)? {
            if field == 5 && (4..=I64).contains(&kind) {
                children = u64::try_from(self.signed()?).unwrap_or(0);
            } else {
                self.skip(kind, 0)?;
            }
        }
        Some(children)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::check_depth;

    /// A file whose schema has `n` groups within each other, and a column in the last.
    fn nested(n: usize) -> Vec<u8> {
        let mut footer = vec![0x15, 0x02, 0x19, 0xfc];
        let mut left = n + 2;
        while left >= 0x80 {
            footer.push(left as u8 | 0x80);
            left >>= 7;
        }
        footer.push(left as u8);
        for _ in 0..=n {
            // Name `g`, one child.
            footer.extend([0x48, 1, b'g', 0x15, 2, 0]);
        }
        // A column of 32-bit numbers, that may be missing; no row group.
        footer.extend([0x15, 2, 0x25, 2, 0x18, 1, b'c', 0]);
        footer.extend([0x16, 0, 0x19, 0x0c, 0]);
        let mut bytes = b"PAR1".to_vec();
        bytes.extend(&footer);
        bytes.extend((footer.len() as u32).to_le_bytes());
        bytes.extend(b"PAR1");
        bytes
    }

    fn check(bytes: &[u8]) -> Result<(), String> {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(bytes).expect("to write");
        check_depth(&file).map_err(|e| e.to_string())
    }

    #[test]
    fn a_hundred_levels_are_read() {
        for n in [0, 1, 12, 99] {
            assert_eq!(check(&nested(n)), Ok(()), "{n}");
        }
        for n in [100, 15_000, 1_000_000] {
            let told = format!("its schema is nested {} levels deep, and 100 are read", n + 1);
            assert_eq!(check(&nested(n)), Err(told));
        }
    }

    #[test]
    fn what_has_no_footer_is_left_to_the_reader() {
        for bytes in [&b""[..], b"PAR1", b"PAR1PAR1", b"\xff\xff\xff\xffPAR1", b"case_id,at\n"] {
            assert!(check(bytes).is_ok() || bytes == b"PAR1PAR1", "{bytes:?}");
        }
        let whole = nested(3);
        for cut in 1..whole.len() - 8 {
            let mut damaged = whole[..4].to_vec();
            damaged.extend(&whole[4 + cut..]);
            let _ = check(&damaged);
        }
    }
}
