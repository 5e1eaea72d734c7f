//! Columns that no file has: several put together (a date and a time, a status and its sub-status), a part of one by a
//! pattern, or one text for every row. A table asks for them in place of a column's name, and rows that ask for none never
//! come here. What the columns mean it does not know.

use std::fmt::Write as _;

use regex::bytes::Regex;

use super::profile::Table;
use super::profile_keys::ASSIGNED;
use super::recall::Text;
use super::rows::Block;
use super::toml_reader::{Keys, Problems};
use super::translate::{Layout, Reject, Translator};
use crate::codes;
use crate::schema::Kind;

/// One such column, as the profile has it.
#[derive(Clone, Debug)]
pub(super) struct Derived {
    /// What stands for it in lists of names, and in messages between back-ticks: all that it is made of, so that two of one
    /// name are the same.
    pub(super) name: String,
    /// The columns that it is made of.
    pub(super) parts: Vec<String>,
    /// What stands between them.
    with: String,
    /// What of it is taken: the first group that is there, else all that fits.
    take: Option<Regex>,
    /// The same in every row.
    text: Option<String>,
    /// What stands in place of some words, case aside.
    words: Vec<(String, String)>,
}

/// Reads a column's table, `{ join = … }`, `{ column = … }` or `{ text = … }`, and reports what is wrong with it.
pub(super) fn read(mut keys: Keys<'_, '_>) -> Derived {
    let joined = keys.take("join").map(|entry| (entry.list(), entry));
    let column = keys.text("column");
    let (with, text) = (keys.text("with"), keys.text("text"));
    let take = keys.take("take").map(|entry| (entry.text(), entry));
    let n_given = usize::from(joined.is_some()) + usize::from(column.is_some()) + usize::from(text.is_some());
    match n_given {
        1 => {}
        0 => keys.missing("join", "the names of columns, or `column` with one, or a `text`"),
        _ => keys.wrong(codes::F108, "of `join`, `column` and `text` only one says what stands there"),
    }
    let words = keys.table("words").map(|mut words| {
        words.rest().into_iter().filter_map(|(word, entry)| Some((word, entry.text()?))).collect()
    });
    if words.is_some() && text.is_some() {
        keys.wrong(codes::F108, "a `text` needs no `words`: write what stands there");
    }
    if with.is_some() && joined.is_none() {
        keys.missing("join", "the columns between which `with` stands");
    }
    if take.is_some() && text.is_some() {
        keys.wrong(codes::F108, "of a `text` nothing is taken: write what stands there");
    }
    if let Some((Some(names), entry)) = &joined
        && (names.len() < 2 || names.iter().any(String::is_empty))
    {
        let found = names.iter().filter(|name| !name.is_empty()).count();
        let message = format!("`join` needs the names of two columns or more, found {found}");
        entry.wrong(codes::F104, &message, None);
    }
    if column.as_ref().is_some_and(String::is_empty) {
        keys.wrong(codes::F104, "`column` needs the name of a column");
    }
    let take = take.and_then(|(pattern, entry)| match Regex::new(&pattern?) {
        Ok(pattern) => Some(pattern),
        Err(cause) => {
            let said = cause.to_string();
            let last = said.lines().last().unwrap_or_default().trim();
            let why = last.strip_prefix("error: ").unwrap_or(last);
            entry.wrong(codes::F104, &format!("`take` is no regular expression: {why}"), None);
            None
        }
    });
    keys.end();
    let parts = joined.and_then(|(names, _)| names).or(column.map(|column| vec![column]));
    // Whatever is wrong with it was said.
    let parts = parts.unwrap_or_else(|| if text.is_some() { Vec::new() } else { vec!["?".to_owned()] });
    let made = Derived::new(parts, with.unwrap_or_else(|| " ".to_owned()), take, text);
    made.in_words(words.unwrap_or_default())
}

/// The columns of a value that `--set` gives as TOML, `{ join = … }`.
///
/// # Errors
/// What is wrong with it.
pub(super) fn assigned(value: &str) -> Result<(Vec<String>, Vec<Derived>), String> {
    let source = format!("column = {value}");
    let problems = Problems::new(&source, "--set");
    let names = problems.document().map(|document| {
        let mut keys = Keys::new(&document, &problems, &Kind::Table(&ASSIGNED));
        let names = keys.names("column");
        keys.end();
        names
    });
    let derived = problems.take_derived();
    match (names, problems.into_all().into_iter().next()) {
        (Some(names), None) => Ok((names, derived)),
        (_, problem) => Err(problem.map_or_else(|| "no column".to_owned(), |problem| problem.message)),
    }
}

impl Derived {
    fn new(parts: Vec<String>, with: String, take: Option<Regex>, text: Option<String>) -> Derived {
        let mut name = match &text {
            Some(text) => format!("text {text}"),
            None => parts.join("` + `"),
        };
        if with != " " && parts.len() > 1 {
            let _ = write!(name, "` with `{with}");
        }
        if let Some(take) = &take {
            let _ = write!(name, "` by `{}", take.as_str());
        }
        Derived { name, parts, with, take, text, words: Vec::new() }
    }

    fn in_words(mut self, words: Vec<(String, String)>) -> Derived {
        if !words.is_empty() {
            let all: Vec<String> = words.iter().map(|(theirs, ours)| format!("{theirs}={ours}")).collect();
            let _ = write!(self.name, "` in words `{}", all.join(", "));
            self.words = words;
        }
        self
    }

    /// Puts a row's cell behind `out`; `parts` are the cells that it is made of, empty where nothing is there. Those are left
    /// out; where `is_whole`, as an id is, one that is empty makes all of it so. `is_typed`: dates come in canonical form.
    pub(super) fn put<'c>(
        &self,
        parts: impl Iterator<Item = &'c [u8]>,
        (is_whole, is_typed): (bool, bool),
        out: &mut Vec<u8>,
    ) {
        let from = out.len();
        if let Some(text) = &self.text {
            return out.extend_from_slice(text.as_bytes());
        }
        let mut n = 0;
        for part in parts {
            match part {
                [] if is_whole => return out.truncate(from),
                [] => continue,
                _ if n > 0 => out.extend_from_slice(self.with.as_bytes()),
                _ => {}
            }
            n += 1;
            if is_typed && self.parts.len() > 1 { put_typed(part, out) } else { out.extend_from_slice(part) }
        }
        self.take(from, out);
        let made = out[from..].trim_ascii();
        let word = self.words.iter().find(|(theirs, _)| theirs.as_bytes().eq_ignore_ascii_case(made));
        if let Some((_, ours)) = word {
            out.truncate(from);
            out.extend_from_slice(ours.as_bytes());
        }
    }

    /// Leaves of what stands behind `from` the part that is taken.
    fn take(&self, from: usize, out: &mut Vec<u8>) {
        let Some(take) = &self.take else { return };
        let found = take.captures(&out[from..]).and_then(|groups| {
            let inner = groups.iter().skip(1).flatten().next();
            inner.or_else(|| groups.get(0).filter(|_| groups.len() == 1)).map(|part| part.range())
        });
        match found {
            Some(part) => {
                out.copy_within(from + part.start..from + part.end, from);
                out.truncate(from + part.len());
            }
            None => out.truncate(from),
        }
    }
}

/// A cell that may be a date or a time of the file's own: a date without its midnight, a time of day without the day that
/// a workbook counts from, hours of two digits.
fn put_typed(part: &[u8], out: &mut Vec<u8>) {
    const MIDNIGHT: &[u8] = b"T00:00:00";
    const EPOCHS: [&[u8]; 5] =
        [b"1899-12-30T", b"1899-12-31T", b"1900-01-00T", b"1900-01-01T", b"1904-01-01T"];
    let date = part.strip_suffix(b"Z").unwrap_or(part).strip_suffix(MIDNIGHT).filter(|date| date.len() == 10);
    let time = EPOCHS.iter().find_map(|epoch| part.strip_prefix(*epoch));
    let is_clock = |part: &[u8]| matches!(part, [a, b':', _, _, b':', _, _] if a.is_ascii_digit());
    match (time, date) {
        (Some(time), _) => out.extend_from_slice(time),
        (None, Some(date)) => out.extend_from_slice(date),
        (None, None) => {
            if is_clock(part) {
                out.push(b'0');
            }
            out.extend_from_slice(part);
        }
    }
}

/// A derived column of one file: of which of its columns it is made.
#[derive(Clone, Debug)]
pub(super) struct Made {
    pub(super) of: Derived,
    pub(super) columns: Vec<usize>,
    /// See [`Derived::put`].
    pub(super) is_whole: bool,
    pub(super) is_typed: bool,
}

impl Made {
    /// Puts a row's cell behind `out`; `get` gives those of the file.
    pub(super) fn put<'v>(&self, table: &Table, get: &impl Fn(usize) -> &'v [u8], out: &mut Vec<u8>) {
        let cell = |column: &usize| match get(*column) {
            cell if table.is_missing(cell) => &[][..],
            cell => cell,
        };
        self.of.put(self.columns.iter().map(cell), (self.is_whole, self.is_typed), out);
    }
}

/// The derived cells of the row at hand.
#[derive(Default)]
pub(super) struct MadeCells {
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl MadeCells {
    /// Those of a row whose own cells are `get`'s.
    fn fill<'v>(&mut self, table: &Table, layout: &Layout, get: &impl Fn(usize) -> &'v [u8]) {
        self.text.clear();
        self.ends.clear();
        for made in &layout.made {
            made.put(table, get, &mut self.text);
            self.ends.push(self.text.len());
        }
    }

    /// The cell of derived column `index`.
    fn at(&self, index: usize) -> &[u8] {
        let Some(&to) = self.ends.get(index) else { return &[] };
        let from = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.text[from..to].trim_ascii()
    }
}

impl Translator<'_> {
    /// Takes one row of text into `block`: `get` gives the cells of the file, and derived ones are made of them.
    #[inline]
    pub(super) fn row_of<'v>(
        &mut self,
        block: &mut Block,
        get: impl Fn(usize) -> &'v [u8],
    ) -> Result<(), Reject> {
        if self.layout.made.is_empty() {
            return self.row(block, &Text(get));
        }
        self.derived(block, &get)
    }

    #[inline(never)]
    fn derived<'v>(&mut self, block: &mut Block, get: &impl Fn(usize) -> &'v [u8]) -> Result<(), Reject> {
        let (layout, mut made) = (self.layout, std::mem::take(&mut self.made));
        made.fill(self.table, layout, get);
        let cell = |column: usize| match column.checked_sub(layout.width) {
            Some(index) => made.at(index),
            None => get(column),
        };
        let taken = self.row(block, &Text(cell)).map_err(|why| layout.in_file(why));
        self.made = made;
        taken
    }

    /// The derived cell in `column` of the row at hand; `None`: the column is one of the file.
    pub(super) fn made_cell(&self, column: usize) -> Option<&[u8]> {
        column.checked_sub(self.layout.width).map(|index| self.made.at(index))
    }
}

#[cfg(test)]
mod tests {
    use super::{Derived, Regex};

    fn made(derived: &Derived, parts: &[&str], is_whole: bool, is_typed: bool) -> String {
        let mut out = b"before".to_vec();
        derived.put(parts.iter().map(|part| part.as_bytes()), (is_whole, is_typed), &mut out);
        String::from_utf8(out).unwrap().strip_prefix("before").unwrap().to_owned()
    }

    #[test]
    fn parts_that_are_empty_leave_nothing_behind() {
        let joined = Derived::new(vec!["a".into(), "b".into()], "/".into(), None, None);
        assert_eq!(joined.name, "a` + `b` with `/");
        let of = |parts: &[&str]| (made(&joined, parts, false, false), made(&joined, parts, true, false));
        assert_eq!(of(&["x", "y"]), ("x/y".into(), "x/y".into()));
        assert_eq!(of(&["x", ""]), ("x".into(), String::new()));
        assert_eq!(of(&["", "y"]), ("y".into(), String::new()));
        assert_eq!(of(&["", ""]), (String::new(), String::new()));
    }

    #[test]
    fn the_first_group_that_is_there_is_taken() {
        let taken = |pattern: &str, text: &str| {
            let take = Some(Regex::new(pattern).unwrap());
            made(&Derived::new(vec!["a".into()], " ".into(), take, None), &[text], false, false)
        };
        assert_eq!(taken("[0-9]+", "Case 17 of 20"), "17");
        assert_eq!(taken("^(?:Prio(\\d)|P-(\\w+))", "P-low now"), "low");
        assert_eq!(taken("Prio(\\d)?", "Prio"), "", "a group that is not there is nothing");
        assert_eq!(taken("\\d", "none"), "");
    }

    #[test]
    fn dates_and_times_of_a_file_s_own_are_told_from_each_other() {
        let joined = Derived::new(vec!["a".into(), "b".into()], " ".into(), None, None);
        let of = |a: &str, b: &str| made(&joined, &[a, b], false, true);
        assert_eq!(of("2026-03-02T00:00:00", "1899-12-31T09:30:00"), "2026-03-02 09:30:00");
        assert_eq!(of("2026-03-02", "9:30:00"), "2026-03-02 09:30:00");
        assert_eq!(of("02/03/2026", "9:30"), "02/03/2026 9:30");
    }
}
