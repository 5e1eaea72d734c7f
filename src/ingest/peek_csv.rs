//! The rows of a CSV file for `peek`, split as `read` splits them: the same header, byte order mark and encodings, the same
//! quotes, the same blanks around a cell. No column means anything here.

use std::collections::BTreeMap;
use std::io;

use super::blocks::{CsvSource, Kind, RawBlock};
use super::contents::{Bytes, first};
use super::csv_open::{self, DELIMITERS, Likeness};
use super::peek::Peeked;
use super::split::{Fields, Scan, scan};
use super::words::text;

/// Bytes by which the delimiter is found.
const LOOK: u64 = 256 << 10;

/// Records of them that are looked at.
const RECORDS: usize = 50;

/// Bytes read at a time.
const BLOCK: usize = 1 << 20;

/// What is told of each row: its line and its fields.
pub(super) type Show<'s> = dyn FnMut(u64, &[String]) + 's;

/// Shows at most `most` rows of the text that `open` gives, each time from its start; without a delimiter the likeliest.
/// `open` is told how many records stand above the header: 0 until that is known.
///
/// # Errors
/// Those of `open` and of its text, and where the header has a quote that never closes.
pub(super) fn rows(
    open: &dyn Fn(usize) -> io::Result<Bytes>,
    delimiter: Option<u8>,
    most: u64,
    mut peeked: Peeked,
    show: &mut Show<'_>,
) -> io::Result<Peeked> {
    let mut start = first(&mut open(0)?, LOOK)?;
    if csv_open::ends_in_returns(&start) {
        start.iter_mut().filter(|byte| **byte == b'\r').for_each(|byte| *byte = b'\n');
    }
    let (likeliest, width) = likeliest(&start, delimiter);
    // The header is the first record that has as many names as most rows have fields.
    let likeness = |names: &[String]| if names.len() >= width { Likeness::Whole } else { Likeness::None };
    let opened = csv_open::open(&|| open(0), Some(likeliest), &likeness)?;
    let (Some(header), dialect) = (opened.header, opened.dialect) else {
        return Err(io::Error::other("a quote in the first line is never closed"));
    };
    if delimiter.is_none() {
        peeked.delimiter = Some(char::from(dialect.delimiter));
    }
    if dialect.has_returns {
        peeked.kind += " whose lines end in carriage returns";
    }
    peeked.header_line = dialect.header_line;
    peeked.header = header;
    let text = dialect.lines(open(dialect.n_above)?);
    let mut source = CsvSource::new(text, dialect.delimiter, BLOCK, false);
    dialect.skip(&mut source)?;
    let mut fields = Fields::default();
    let n_behind = dialect.n_behind;
    let mut rows = Rows { delimiter: dialect.delimiter, n_behind, most, n: 0, peeked: &mut peeked, show };
    while let Some(block) = source.next(Vec::new())? {
        if !rows.of_block(&block, &mut fields) {
            break;
        }
    }
    Ok(peeked)
}

fn cells(fields: &Fields, bytes: &[u8], n_behind: usize) -> Vec<String> {
    (0..fields.len().saturating_sub(n_behind)).map(|i| text(fields.get(bytes, i)).into_owned()).collect()
}

struct Rows<'r, 's> {
    delimiter: u8,
    /// Empty fields that every row has behind those of the header.
    n_behind: usize,
    most: u64,
    n: u64,
    peeked: &'r mut Peeked,
    show: &'r mut Show<'s>,
}

impl Rows<'_, '_> {
    /// The rows of one block; false where enough were shown.
    fn of_block(&mut self, block: &RawBlock, fields: &mut Fields) -> bool {
        let (bytes, mut from, mut line) = (&block.bytes[..], 0, block.first_line);
        while from < bytes.len() {
            let end_of_line =
                |from: usize| memchr::memchr(b'\n', &bytes[from..]).map_or(bytes.len(), |i| from + i + 1);
            let end = match scan(bytes, from, self.delimiter, true) {
                Scan::End(end) if block.kind == Kind::Records => end,
                // A stray quote spans no lines.
                _ => end_of_line(from),
            };
            let to = if bytes[end - 1] == b'\n' { end - 1 } else { end };
            let is_split = fields.split(bytes, from, to, self.delimiter);
            if !(fields.len() == 1 && bytes[from..to].trim_ascii().is_empty()) {
                if self.n == self.most {
                    self.peeked.is_cut = true;
                    return false;
                }
                self.n += 1;
                self.peeked.is_utf8 &= std::str::from_utf8(&bytes[from..to]).is_ok();
                // A row with a quote that stays open has no fields that anybody could tell.
                (self.show)(line, &if is_split { cells(fields, bytes, self.n_behind) } else { Vec::new() });
            }
            line += super::blocks::count_lines(&bytes[from..end]);
            from = end;
        }
        true
    }
}

/// The delimiter under which most of the first records have the same number of columns and as many as under no other, and
/// that number, less what is empty at the end of all of these; of equals the first. Only `given`, where there is one.
fn likeliest(start: &[u8], given: Option<u8>) -> (u8, usize) {
    let columns = |delimiter: u8| {
        let (mut fields, mut widths, mut from) =
            (Fields::default(), BTreeMap::<usize, (usize, usize)>::new(), 0);
        let mut n = 0;
        while let (true, Scan::End(end)) = (n < RECORDS, scan(start, from, delimiter, false)) {
            fields.split(start, from, end - 1, delimiter);
            if !start[from..end].trim_ascii().is_empty() {
                let behind = (0..fields.len()).rev().take_while(|i| fields.get(start, *i).is_empty()).count();
                let of_width = widths.entry(fields.len()).or_insert((0, behind));
                *of_width = (of_width.0 + 1, of_width.1.min(behind));
                n += 1;
            }
            from = end;
        }
        if n == 0 {
            fields.split(start, 0, start.len(), delimiter);
            return (fields.len(), fields.len());
        }
        // Of numbers that are as common the larger one: titles above a short table have fewer.
        let commonest = widths.iter().max_by_key(|(width, (n, _))| (*n, **width));
        let commonest = commonest.filter(|(_, (same, _))| *same * 2 >= n);
        commonest.map_or((1, 1), |(width, (_, behind))| (*width, width - behind))
    };
    let all: Vec<u8> = given.map_or_else(|| DELIMITERS.to_vec(), |given| vec![given]);
    // Of equals `max_by_key` gives the last.
    let of_each = all.into_iter().rev().map(|delimiter| (delimiter, columns(delimiter)));
    let best = of_each.max_by_key(|(_, (width, _))| *width);
    best.map_or((DELIMITERS[0], 1), |(delimiter, (_, names))| (delimiter, names))
}
