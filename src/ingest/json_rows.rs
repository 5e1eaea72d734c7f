//! One block of JSON objects to rows: finds the rows of each table in an object, makes cells of their values, and hands
//! them to the translator of the table, as `csv` does, so the same rows give the same history. It reads no files.

use super::assumed::looks_like_message;
use super::json_blocks::{Element, JsonBlock, OBJECT_MAX, Piece, told};
use super::json_path::{Lookup, Path, Step};
use super::json_table::{Giver, JsonTable};
use super::json_tree::{Cell, DEPTH_MAX, Kind, Tree};
use super::ledger::{BlockLedger, RawRow};
use super::profile::Table;
use super::recall::Text;
use super::rows::Block;
use super::source::Source;
use super::split::{Fields, trim};
use super::translate::{Reject, Translator};
use super::words::text;
use crate::codes;

/// One table of the file, with what is made of its rows.
pub(super) struct Target<'s, 'p> {
    pub(super) source: &'s Source<'p>,
    pub(super) table: &'s JsonTable,
    pub(super) translator: Translator<'s>,
    pub(super) block: Block,
}

/// A block being read.
struct Objects<'b, 's, 'p> {
    raw: &'b JsonBlock,
    targets: &'b mut [Target<'s, 'p>],
    fields: &'b mut Fields,
    tree: Tree,
    /// The object and the elements on the way to the row at hand.
    levels: Vec<usize>,
    /// Of the object at hand.
    element: Element,
    n_rows: u64,
    /// Of the object at hand: rows that look like messages and that no table takes, and the elements on the way to rows
    /// that one does take.
    unread: Vec<(usize, String)>,
    passed: Vec<usize>,
    /// Where it is no JSON.
    fault: Option<usize>,
    /// A place in the bytes, and its line.
    reached: (usize, u64),
    ledger: BlockLedger,
}

/// Reads `raw` into the blocks of `targets`, the tables of its file.
pub(super) fn parse(raw: &JsonBlock, targets: &mut [Target<'_, '_>], fields: &mut Fields) -> BlockLedger {
    let mut paths: Vec<&Path> = Vec::new();
    for target in &mut *targets {
        target.translator.start_block();
        if !paths.contains(&&target.table.rows) {
            paths.push(&target.table.rows);
        }
    }
    let mut objects = Objects {
        raw,
        targets,
        fields,
        tree: Tree::default(),
        levels: Vec::new(),
        element: Element { from: 0, to: 0, piece: Piece::Other },
        n_rows: 0,
        unread: Vec::new(),
        passed: Vec::new(),
        fault: None,
        reached: (0, raw.first_line),
        ledger: BlockLedger::default(),
    };
    for &element in &raw.elements {
        objects.element = element;
        match objects.unusable() {
            Some(why) => objects.reject_object(&why),
            None => objects.object(&paths),
        }
    }
    let mut ledger = objects.ledger;
    for target in targets {
        ledger.ids.append(std::mem::take(&mut target.translator.ids));
    }
    ledger
}

impl<'b> Objects<'b, '_, '_> {
    /// Why the element at hand is no object that can be read; reads it where it can.
    fn unusable(&mut self) -> Option<Reject> {
        let Element { from, to, piece } = self.element;
        let bytes = &self.raw.bytes[from..to];
        let not = |expected: &str, found: &str| {
            let found = found.chars().take(80).collect();
            Reject { code: codes::D515, field: None, expected: expected.to_string(), found }
        };
        match piece {
            Piece::Object if std::str::from_utf8(bytes).is_err() => {
                let found = text(bytes).chars().take(80).collect();
                Some(Reject { code: codes::D511, field: None, expected: "UTF-8".to_string(), found })
            }
            Piece::Object if !self.tree.read(&self.raw.bytes, from, to) => {
                Some(not(&format!("values at most {DEPTH_MAX} deep"), "deeper ones"))
            }
            Piece::Object => None,
            Piece::Other => Some(not("a JSON object", &text(bytes))),
            Piece::Overlong => {
                Some(not(&format!("an object of at most {} MiB", OBJECT_MAX >> 20), "a longer line"))
            }
            Piece::Broken | Piece::Cut => {
                let end = if piece == Piece::Cut { "the end of the file" } else { "the end of the line" };
                let (offset, said) = match serde_json::from_slice::<serde::de::IgnoredAny>(bytes) {
                    Err(cause) => told(bytes, &cause),
                    Ok(_) => (bytes.len(), "a JSON object".to_string()),
                };
                self.fault = Some(from + offset);
                let rest = text(&bytes[offset..]);
                let found = if rest.trim().is_empty() { end } else { rest.trim_end() };
                Some(not(said.strip_prefix("expected ").unwrap_or(&said), found))
            }
        }
    }

    /// The rows of one object. One without any is a row that gives nothing.
    fn object(&mut self, paths: &[&Path]) {
        self.n_rows = 0;
        for path in paths {
            self.levels.clear();
            self.levels.push(0);
            self.walk(path, &path.steps, 0);
        }
        self.ledger.n_read += u64::from(self.n_rows == 0);
        // One whose parts are rows of their own is read by them.
        for (_, word) in self.unread.drain(..).filter(|(node, _)| !self.passed.contains(node)) {
            *self.targets[0].block.unread.entry(word).or_default() += 1;
        }
        self.passed.clear();
    }

    /// Down the rest of a path to its rows.
    fn walk(&mut self, path: &Path, steps: &[Step], node: usize) {
        let Some((step, rest)) = steps.split_first() else { return self.row(path, node) };
        let kind = self.tree.kind(node);
        match step {
            Step::EachMember if kind == Kind::Object => self.each(path, rest, node),
            Step::Each if kind == Kind::Array => self.each(path, rest, node),
            Step::Each | Step::EachMember if kind == Kind::Null => {}
            // An object without members, as some languages write it.
            Step::EachMember if kind == Kind::Array && self.tree.children(node).next().is_none() => {}
            Step::Each | Step::EachMember => {
                let (from, to) = self.tree.span(node);
                let found = text(&self.raw.bytes[from..to]).chars().take(80).collect();
                let kind = if *step == Step::Each { "an array" } else { "an object" };
                let expected = format!("{kind} at `{}`", path.text);
                self.count(1);
                self.reject(0, (from, to), &Reject { code: codes::D515, field: None, expected, found });
            }
            _ => {
                if let Some(next) = self.tree.step(&self.raw.bytes, node, step) {
                    self.walk(path, rest, next);
                }
            }
        }
    }

    /// Down to each value right in `node`.
    fn each(&mut self, path: &Path, rest: &[Step], node: usize) {
        let mut next = self.tree.children(node).next();
        while let Some(child) = next {
            self.levels.push(child);
            self.walk(path, rest, child);
            self.levels.pop();
            next = self.tree.after(child, node);
        }
    }

    /// Counts `n` rows of the object at hand.
    fn count(&mut self, n: u64) {
        self.n_rows += n;
        self.ledger.n_read += n;
    }

    /// One row: of the first table that takes it; where there is none it gives nothing.
    fn row(&mut self, path: &Path, node: usize) {
        let takes = |target: &Target<'_, '_>| target.table.rows == *path && self.fits(target.table);
        let Some(index) = self.targets.iter().position(takes) else {
            // An object itself that no table takes is a row only where nothing in it is one.
            self.count(u64::from(!path.steps.is_empty()));
            return self.pass_over(path, node);
        };
        self.count(1);
        if let [_, between @ .., _] = &self.levels[..] {
            self.passed.extend(between);
        }
        let span = self.tree.span(node);
        if let Err(why) = self.cells(index) {
            return self.reject(index, span, &why);
        }
        let line = self.line(span.0);
        let (fields, bytes) = (&*self.fields, &self.raw.bytes[..]);
        let Target { translator, block, .. } = &mut self.targets[index];
        match translator.row(block, &Text(|column| fields.get(bytes, column))) {
            Ok(()) => block.place(line),
            Err(why) => self.reject(index, span, &why),
        }
    }

    /// A row that no table takes: told of where a condition of a table finds a word there that looks like a message.
    fn pass_over(&mut self, path: &Path, node: usize) {
        let of_path = self.targets.iter().filter(|target| target.table.rows == *path);
        let words = of_path.flat_map(|target| &target.table.conditions).filter_map(|condition| {
            match self.cell(&condition.lookup) {
                Ok(Some(Cell::Span(from, to))) => Some(text(&self.raw.bytes[from..to]).into_owned()),
                Ok(Some(Cell::Owned(word))) => Some(word),
                Ok(None) | Err(_) => None,
            }
        });
        let word = words.into_iter().find(|word| looks_like_message(word));
        self.unread.extend(word.map(|word| (node, word)));
    }

    /// True where every condition of the table holds for the row at hand.
    fn fits(&self, table: &JsonTable) -> bool {
        table.conditions.iter().all(|condition| {
            let is_it = |text: &[u8]| condition.words.fit(text);
            match self.cell(&condition.lookup) {
                Ok(Some(Cell::Span(from, to))) => is_it(&self.raw.bytes[from..to]),
                Ok(Some(Cell::Owned(text))) => is_it(text.as_bytes()),
                Ok(None) => is_it(b""),
                Err(_) => false,
            }
        })
    }

    fn cell(&self, lookup: &Lookup) -> Result<Option<Cell>, (usize, usize)> {
        if lookup.is_key {
            return self
                .levels
                .get(lookup.level)
                .map_or(Ok(None), |node| self.tree.key(&self.raw.bytes, *node));
        }
        match self.tree.find(&self.raw.bytes, &self.levels, lookup) {
            Some(node) => self.tree.cell(&self.raw.bytes, node),
            None => Ok(None),
        }
    }

    /// What a column gets of the row at hand.
    fn given(&self, giver: &Giver, table: &Table) -> Result<Option<Cell>, (usize, usize)> {
        let (of, parts, is_whole) = match giver {
            Giver::Value(lookup) => return self.cell(lookup),
            Giver::Derived { of, parts, is_whole } => (of, parts, *is_whole),
        };
        let cells = parts.iter().map(|lookup| self.cell(lookup)).collect::<Result<Vec<_>, _>>()?;
        let text = |cell: &'_ Option<Cell>| match cell {
            Some(Cell::Span(from, to)) => trim(&self.raw.bytes[*from..*to]).to_vec(),
            Some(Cell::Owned(text)) => trim(text.as_bytes()).to_vec(),
            None => Vec::new(),
        };
        let texts: Vec<Vec<u8>> = cells.iter().map(text).collect();
        let given = texts.iter().map(|text| if table.is_missing(text) { &[][..] } else { &text[..] });
        let mut made = Vec::new();
        of.put(given, (is_whole, false), &mut made);
        Ok((!made.is_empty()).then(|| Cell::Owned(String::from_utf8_lossy(&made).into_owned())))
    }

    /// The cells of the row at hand.
    fn cells(&mut self, index: usize) -> Result<(), Reject> {
        self.fields.clear();
        for (number, column) in self.targets[index].table.columns.iter().enumerate() {
            let mut found = None;
            for giver in &column.givers {
                let cell = self.given(giver, self.targets[index].source.table).map_err(|(from, to)| {
                    let word = &self.raw.bytes[from..to];
                    Reject::of(codes::D511, number, "escapes that are characters", word)
                })?;
                if cell.is_some() {
                    found = cell;
                    break;
                }
            }
            match found {
                Some(Cell::Span(from, to)) => self.fields.push(from, to),
                Some(Cell::Owned(text)) => self.fields.push_text(text.as_bytes()),
                None => self.fields.push_text(&[]),
            }
        }
        Ok(())
    }

    /// The line of a byte of the element at hand or of one behind it.
    fn line(&mut self, at: usize) -> u64 {
        let (from, line) = self.reached;
        let bytes = &self.raw.bytes;
        let line = if at >= from {
            line + super::blocks::count_lines(&bytes[from..at])
        } else {
            line - super::blocks::count_lines(&bytes[at..from])
        };
        self.reached = (at, line);
        line
    }

    fn reject_object(&mut self, why: &Reject) {
        self.fields.clear();
        self.ledger.n_read += 1;
        self.reject(0, (self.element.from, self.element.to), why);
    }

    /// Books the row at `from..to`. Messages show the line that it stands in; where that begins before the object, the
    /// row alone, and no column.
    fn reject(&mut self, index: usize, (from, to): (usize, usize), why: &Reject) {
        let number = self.line(from);
        let bytes = &self.raw.bytes[..];
        let Target { source, .. } = &self.targets[index];
        let in_object =
            memchr::memrchr(b'\n', &bytes[self.element.from..from]).map(|i| self.element.from + i + 1);
        let begins = in_object.or_else(|| self.begins_line().then_some(self.element.from));
        let field = why.field.filter(|field| !self.fields.get(bytes, *field).is_empty());
        let start = self.fault.take().or_else(|| self.fields.start(field?));
        let offset = begins.and_then(|begins| start?.checked_sub(begins));
        let case = text(self.fields.get(bytes, source.layout.case_id)).into_owned();
        let named = !matches!(why.code, codes::D515 | codes::D511 | codes::D502) && !case.is_empty();
        let row = bytes[from..to].strip_suffix(b"\r").unwrap_or(&bytes[from..to]);
        let raw = RawRow {
            path: &source.path,
            line: number,
            case: named.then_some(case),
            bytes: row,
            offset,
            header: &source.header,
        };
        let shown = begins.map_or(row, |begins| {
            let end = memchr::memchr(b'\n', &bytes[from..]).map_or(bytes.len(), |i| from + i);
            &bytes[begins..end]
        });
        self.ledger.reject_in(&raw, shown, why);
    }

    /// True where the object at hand begins its line.
    fn begins_line(&self) -> bool {
        match self.element.from.checked_sub(1) {
            Some(before) => self.raw.bytes[before] == b'\n',
            None => self.raw.begins_line,
        }
    }
}
