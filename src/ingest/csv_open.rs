//! How a CSV file begins, before its rows are read: what stands above its header, what delimits its columns, how its lines
//! end, and what its rows have behind the last column. Exports for spreadsheets begin with a line that tells the delimiter,
//! reports with titles; some tools end every row, but not the header, in a delimiter. What is so passed over is told of. It
//! knows no columns but by asking whether a record is a header.

use std::io;

use super::blanks;
use super::blocks::CsvSource;
use super::contents::Bytes;
use super::split::{Fields, Scan, scan};
use super::words::text;

/// What a file may be delimited by where nothing says so; the first under which its header is one.
pub(super) const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Records that are looked at for the header: 30 titles, and the header below them.
pub(super) const TITLES: usize = 31;
/// Rows that are looked at for what they have behind the last column.
const ROWS: usize = 100;
/// Bytes that are looked at for how lines end.
const LOOK: u64 = 64 << 10;

/// How the text of one file is split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) delimiter: u8,
    /// Records above the header that are not empty.
    pub(super) n_above: usize,
    /// The line of the header, from 1.
    pub(super) header_line: u64,
    /// The first line told the delimiter.
    pub(super) is_told: bool,
    /// Lines end in carriage returns alone.
    pub(super) has_returns: bool,
    /// Empty fields that each row has behind those of the header.
    pub(super) n_behind: usize,
}

impl Dialect {
    /// The header on the first line, columns delimited by `delimiter`.
    pub(super) fn plain(delimiter: u8) -> Dialect {
        Dialect { delimiter, n_above: 0, header_line: 1, is_told: false, has_returns: false, n_behind: 0 }
    }

    /// `bytes` with line ends as they are split.
    pub(super) fn lines(&self, bytes: Bytes) -> Bytes {
        if self.has_returns { Box::new(Returns { inner: bytes, after_return: false }) } else { bytes }
    }

    /// Passes over all up to the header and the header itself.
    pub(super) fn skip(&self, csv: &mut CsvSource) -> io::Result<()> {
        (0..=self.n_above).try_for_each(|_| csv.header().map(drop))
    }

    /// What was found in the file at `path` and taken for granted; `is_own`: its profile names the delimiter.
    pub(super) fn assumptions(&self, path: &str, is_own: bool) -> Vec<String> {
        let mut all = Vec::new();
        let delimiter = char::from(self.delimiter).escape_default();
        if self.is_told {
            all.push(format!(
                "the columns of `{path}` are told apart by `{delimiter}`, as its first line says"
            ));
        } else if !is_own && self.delimiter != DELIMITERS[0] {
            all.push(format!("the columns of `{path}` are told apart by `{delimiter}`, found in its header"));
        }
        if self.n_above > usize::from(self.is_told) {
            let line = self.header_line;
            all.push(format!("the header of `{path}` stands on line {line}: the lines above it are titles"));
        }
        if self.has_returns {
            all.push(format!("the lines of `{path}` end in carriage returns alone"));
        }
        if self.n_behind > 0 {
            all.push(format!(
                "every row of `{path}` ends in {} that its header does not have",
                fields(self.n_behind)
            ));
        }
        all
    }
}

fn fields(n: usize) -> String {
    if n == 1 { "an empty field".to_owned() } else { format!("{n} empty fields") }
}

/// The header of a text, and how the text is split.
pub(super) struct Opened {
    /// `None`: its first line does not end.
    pub(super) header: Option<Vec<String>>,
    pub(super) dialect: Dialect,
}

/// How much a record is like a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// Not at all.
    None,
    /// It has some of the columns that no row can be read without.
    Some,
    /// It has all of them.
    Whole,
}

/// Looks for the header of the text that `open` gives, each time from its start: the first record that is one by `likeness`,
/// split by `delimiter` or, where there is none, by the first that makes it one. Failing one, the first record, split so that
/// it is most like one.
///
/// # Errors
/// Those of `open` and of its text.
pub(super) fn open(
    open: &dyn Fn() -> io::Result<Bytes>,
    delimiter: Option<u8>,
    likeness: &dyn Fn(&[String]) -> Likeness,
) -> io::Result<Opened> {
    let start = super::contents::first(&mut open()?, LOOK)?;
    let told = told_delimiter(&start);
    let has_returns = ends_in_returns(&start);
    let given = told.or(delimiter);
    let delimiters = given.as_ref().map_or(&DELIMITERS[..], std::slice::from_ref);
    let look = |delimiter: u8, most: usize| {
        let mut dialect = Dialect { has_returns, is_told: told.is_some(), ..Dialect::plain(delimiter) };
        let mut csv = CsvSource::new(dialect.lines(open()?), delimiter, 1, false);
        let first = usize::from(dialect.is_told);
        let (mut header, mut found) = (None, Likeness::None);
        for n in 0..first + most {
            let Some(record) = csv.header()?.filter(|record| n == 0 || !record.is_empty()) else { break };
            if n < first {
                continue;
            }
            let names = names(&record, delimiter);
            let of_record = names.as_deref().map_or(Likeness::None, likeness);
            let is_it = of_record == Likeness::Whole;
            if is_it || n == first {
                found = of_record;
                header = names;
                (dialect.n_above, dialect.header_line) = (n, csv.line_before());
            }
            if is_it {
                dialect.n_behind = behind(&csv, header.as_ref().map_or(0, Vec::len), delimiter);
                break;
            }
        }
        Ok::<_, io::Error>((Opened { header, dialect }, found))
    };
    let mut best: Option<(Opened, Likeness)> = None;
    for most in [1, TITLES] {
        for &delimiter in delimiters {
            let (opened, found) = look(delimiter, most)?;
            if found == Likeness::Whole {
                return Ok(opened);
            }
            if best.as_ref().is_none_or(|(_, best)| found > *best) {
                best = Some((opened, found));
            }
        }
    }
    let nothing = || Opened { header: None, dialect: Dialect::plain(DELIMITERS[0]) };
    Ok(best.map_or_else(nothing, |(opened, _)| opened))
}

/// The names in a header, without blanks of any kind around them; `None` where a quote in it is never closed.
fn names(record: &[u8], delimiter: u8) -> Option<Vec<String>> {
    let mut fields = Fields::default();
    let is_split = fields.split(record, 0, record.len(), delimiter);
    is_split
        .then(|| (0..fields.len()).map(|i| blanks::trim(&text(fields.get(record, i))).to_owned()).collect())
}

/// How many empty fields every one of the first rows has behind those of the header; 0 where one of them has none.
fn behind(csv: &CsvSource, width: usize, delimiter: u8) -> usize {
    let (bytes, is_last) = csv.buffered();
    let (mut from, mut fields, mut found) = (0, Fields::default(), None);
    for _ in 0..ROWS {
        let Scan::End(end) = scan(bytes, from, delimiter, is_last) else { break };
        let line = &bytes[from..end];
        // Blanks stay, as a tab may be a delimiter.
        let row = line.strip_suffix(b"\n").unwrap_or(line);
        let row = row.strip_suffix(b"\r").unwrap_or(row);
        from = end;
        if row.trim_ascii().is_empty() {
            if end == bytes.len() {
                break;
            }
            continue;
        }
        if !fields.split(row, 0, row.len(), delimiter) {
            return 0;
        }
        let n = fields.len().saturating_sub(width);
        let is_empty = (width..fields.len()).all(|i| fields.get(row, i).is_empty());
        if n == 0 || !is_empty || found.is_some_and(|found| found != n) {
            return 0;
        }
        found = Some(n);
        if end == bytes.len() {
            break;
        }
    }
    found.unwrap_or(0)
}

/// The delimiter that a first line of `sep=;` tells Excel, quoted or filled up with delimiters as it may be.
fn told_delimiter(start: &[u8]) -> Option<u8> {
    let start = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start);
    let end = start.iter().position(|byte| matches!(byte, b'\n' | b'\r'))?;
    let line = &start[..end];
    let line = line.strip_prefix(b"\"").unwrap_or(line);
    let (word, rest) = line.split_at_checked(4)?;
    let (&delimiter, rest) = rest.split_first()?;
    let is_delimiter =
        delimiter.is_ascii_punctuation() && delimiter != b'"' || matches!(delimiter, b'\t' | b' ');
    let is_filled = rest.iter().all(|byte| *byte == delimiter || *byte == b'"');
    (word.eq_ignore_ascii_case(b"sep=") && is_delimiter && is_filled).then_some(delimiter)
}

/// True where lines end in carriage returns alone: there is one outside quotes, and no newline.
pub(super) fn ends_in_returns(start: &[u8]) -> bool {
    let (mut is_quoted, mut has_return) = (false, false);
    for (i, byte) in start.iter().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'\n' if !is_quoted => return false,
            b'\r' if !is_quoted && i + 1 < start.len() => has_return = true,
            _ => {}
        }
    }
    has_return
}

/// A text whose lines end in carriage returns, with newlines in their place.
struct Returns {
    inner: Bytes,
    after_return: bool,
}

impl io::Read for Returns {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let n = self.inner.read(buffer)?;
            if n == 0 {
                return Ok(0);
            }
            let mut kept = 0;
            for i in 0..n {
                let byte = buffer[i];
                // Should both stand together after all they are one line end.
                if !(byte == b'\n' && self.after_return) {
                    buffer[kept] = if byte == b'\r' { b'\n' } else { byte };
                    kept += 1;
                }
                self.after_return = byte == b'\r';
            }
            if kept > 0 {
                return Ok(kept);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ends_in_returns, told_delimiter};

    #[test]
    fn the_line_for_excel_is_known_as_it_is_written() {
        for (line, delimiter) in [
            ("sep=;\n", Some(b';')),
            ("\u{FEFF}SEP=,\r\n", Some(b',')),
            ("\"sep=;\"\n", Some(b';')),
            ("sep=\t\n", Some(b'\t')),
            ("sep=,,,,\n", Some(b',')),
            ("sep=\n", None),
            ("sep=;a\n", None),
            ("separator\n", None),
            ("sep=;", None),
        ] {
            assert_eq!(told_delimiter(line.as_bytes()), delimiter, "{line}");
        }
    }

    #[test]
    fn returns_end_lines_only_where_no_newline_does() {
        assert!(ends_in_returns(b"a,b\r1,2\r"));
        assert!(ends_in_returns(b"a,b\r1,\"x\ny\"\r"));
        for no in [&b"a,b\r\n1,2\r\n"[..], b"a,b\n1,x\ry\n", b"a,b", b"a,b\r", b"a,\"b\rc\"\n"] {
            assert!(!ends_in_returns(no), "{}", String::from_utf8_lossy(no));
        }
    }
}
