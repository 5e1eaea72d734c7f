//! One JSON object as a flat list of values with their places in the text: nothing is copied, so numbers keep their
//! spelling and every value can be shown as it stands. It reads text that was found to be JSON before.

use std::borrow::Cow;

use super::json_path::{Lookup, Step};

/// Objects in objects deeper than this are refused.
pub(super) const DEPTH_MAX: usize = 128;

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Object,
    Array,
    Text,
    /// A number, `true` or `false`.
    Word,
    Null,
}

/// One value.
#[derive(Clone, Copy, Debug)]
struct Node {
    /// Its name, quotes and all; empty for elements.
    key: (u32, u32),
    from: u32,
    to: u32,
    /// The first value that is not in this one.
    next: u32,
    kind: Kind,
}

/// The values of one object, each before those in it. Number 0 is the object.
#[derive(Debug, Default)]
pub(super) struct Tree {
    nodes: Vec<Node>,
}

impl Tree {
    /// Reads the value at `bytes[from..to]`. False where it is deeper than [`DEPTH_MAX`], or no JSON.
    pub(super) fn read(&mut self, bytes: &[u8], from: usize, to: usize) -> bool {
        self.read_named(bytes, (from, to), (0, 0))
    }

    /// The same of one whose name, quotes and all, stands at `key`; `(0, 0)`: it has none.
    pub(super) fn read_named(&mut self, bytes: &[u8], (from, to): (usize, usize), key: (u32, u32)) -> bool {
        self.nodes.clear();
        let mut reader = Reader { bytes: &bytes[..to], at: from, nodes: &mut self.nodes };
        reader.blanks();
        reader.value(key, 0).is_some()
    }

    /// The name of value `node` as the text of a cell. `None`: it has none.
    ///
    /// # Errors
    /// The name as it stands, where its escapes are no characters.
    pub(super) fn key(&self, bytes: &[u8], node: usize) -> Result<Option<Cell>, (usize, usize)> {
        let key = self.nodes[node].key;
        let (from, to) = (key.0 as usize, key.1 as usize);
        if to < from + 3 {
            return Ok(None);
        }
        match text(bytes, key) {
            Some(Cow::Borrowed(_)) => Ok(Some(Cell::Span(from + 1, to - 1))),
            Some(Cow::Owned(text)) => Ok(Some(Cell::Owned(text))),
            None => Err((from, to)),
        }
    }

    /// What value `node` is.
    pub(super) fn kind(&self, node: usize) -> Kind {
        self.nodes[node].kind
    }

    /// Where value `node` stands, quotes and brackets and all.
    pub(super) fn span(&self, node: usize) -> (usize, usize) {
        (self.nodes[node].from as usize, self.nodes[node].to as usize)
    }

    /// The values right in `node`.
    pub(super) fn children(&self, node: usize) -> impl Iterator<Item = usize> {
        let first = Some(node + 1).filter(|first| *first < self.nodes[node].next as usize);
        std::iter::successors(first, move |&child| self.after(child, node))
    }

    /// The value behind `child` in `node`.
    pub(super) fn after(&self, child: usize, node: usize) -> Option<usize> {
        Some(self.nodes[child].next as usize).filter(|next| *next < self.nodes[node].next as usize)
    }

    /// The names of the members of `node`.
    pub(super) fn names<'b>(&self, bytes: &'b [u8], node: usize) -> impl Iterator<Item = Cow<'b, str>> {
        self.children(node).filter_map(move |child| text(bytes, self.nodes[child].key))
    }

    /// The value one step down; of two members of one name the last.
    pub(super) fn step(&self, bytes: &[u8], node: usize, step: &Step) -> Option<usize> {
        match step {
            Step::Member(name) if self.kind(node) == Kind::Object => {
                let is_it = |child: &usize| is_name(bytes, self.nodes[*child].key, name);
                self.children(node).filter(is_it).last()
            }
            Step::At(number) if self.kind(node) == Kind::Array => self.children(node).nth(*number),
            _ => None,
        }
    }

    /// The value of a column, seen from `levels`: the object and the elements on the way to the row.
    pub(super) fn find(&self, bytes: &[u8], levels: &[usize], lookup: &Lookup) -> Option<usize> {
        let start = *levels.get(lookup.level)?;
        let found = lookup.literal.as_ref().and_then(|name| self.step(bytes, start, name));
        if found.is_some() {
            return found;
        }
        lookup.steps.iter().try_fold(start, |node, step| self.step(bytes, node, step))
    }

    /// The text of a cell: what is in the quotes, a word as it stands, an object or array as JSON. `None`: nothing is
    /// there, `null` and what is empty included.
    ///
    /// # Errors
    /// The text as it stands, where its escapes are no characters.
    pub(super) fn cell(&self, bytes: &[u8], node: usize) -> Result<Option<Cell>, (usize, usize)> {
        let (from, to) = self.span(node);
        match self.kind(node) {
            Kind::Null => Ok(None),
            Kind::Word => Ok(Some(Cell::Span(from, to))),
            Kind::Object | Kind::Array if self.children(node).next().is_none() => Ok(None),
            Kind::Object | Kind::Array => Ok(Some(Cell::Span(from, to))),
            Kind::Text if memchr::memchr(b'\\', &bytes[from..to]).is_none() => {
                Ok(Some(Cell::Span(from + 1, to - 1)).filter(|_| to > from + 2))
            }
            Kind::Text => match text(bytes, (from as u32, to as u32)) {
                Some(text) => Ok(Some(Cell::Owned(text.into_owned()))),
                None => Err((from, to)),
            },
        }
    }
}

/// The text of a value.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Cell {
    /// It stands in the bytes as it is.
    Span(usize, usize),
    /// It had escapes.
    Owned(String),
}

/// The text of a string with its quotes; `None` where there is none, or its escapes are no characters.
fn text(bytes: &[u8], (from, to): (u32, u32)) -> Option<Cow<'_, str>> {
    let quoted = &bytes[from as usize..to as usize];
    let inner = quoted.get(1..quoted.len().checked_sub(1)?)?;
    if memchr::memchr(b'\\', inner).is_none() {
        return Some(String::from_utf8_lossy(inner));
    }
    serde_json::from_slice::<String>(quoted).ok().map(Cow::Owned)
}

fn is_name(bytes: &[u8], key: (u32, u32), name: &str) -> bool {
    let (from, to) = (key.0 as usize + 1, (key.1 as usize).saturating_sub(1));
    match bytes.get(from..to) {
        Some(plain) if memchr::memchr(b'\\', plain).is_none() => plain == name.as_bytes(),
        Some(_) => text(bytes, key).is_some_and(|text| text == name),
        None => false,
    }
}

/// Walks the text once.
struct Reader<'b, 'n> {
    bytes: &'b [u8],
    at: usize,
    nodes: &'n mut Vec<Node>,
}

impl Reader<'_, '_> {
    fn blanks(&mut self) {
        while self.bytes.get(self.at).is_some_and(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    /// Passes over `byte`, if it comes next.
    fn takes(&mut self, byte: u8) -> bool {
        let is_next = self.bytes.get(self.at) == Some(&byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn value(&mut self, key: (u32, u32), depth: usize) -> Option<()> {
        let (from, index) = (self.at, self.nodes.len());
        let kind = match *self.bytes.get(from)? {
            b'{' => Kind::Object,
            b'[' => Kind::Array,
            b'"' => Kind::Text,
            b'n' => Kind::Null,
            _ => Kind::Word,
        };
        self.nodes.push(Node { key, from: from as u32, to: 0, next: 0, kind });
        match kind {
            Kind::Object | Kind::Array if depth >= DEPTH_MAX => return None,
            Kind::Object => self.members(depth)?,
            Kind::Array => self.elements(depth)?,
            Kind::Text => drop(self.string()?),
            Kind::Word | Kind::Null => self.word()?,
        }
        self.nodes[index].to = self.at as u32;
        self.nodes[index].next = self.nodes.len() as u32;
        Some(())
    }

    fn members(&mut self, depth: usize) -> Option<()> {
        self.at += 1;
        self.blanks();
        if self.takes(b'}') {
            return Some(());
        }
        loop {
            let key = self.string()?;
            self.blanks();
            self.takes(b':').then_some(())?;
            self.blanks();
            self.value(key, depth + 1)?;
            self.blanks();
            if self.takes(b'}') {
                return Some(());
            }
            self.takes(b',').then_some(())?;
            self.blanks();
        }
    }

    fn elements(&mut self, depth: usize) -> Option<()> {
        self.at += 1;
        self.blanks();
        if self.takes(b']') {
            return Some(());
        }
        loop {
            self.value((0, 0), depth + 1)?;
            self.blanks();
            if self.takes(b']') {
                return Some(());
            }
            self.takes(b',').then_some(())?;
            self.blanks();
        }
    }

    /// Passes over a string; where it stands, quotes and all.
    fn string(&mut self) -> Option<(u32, u32)> {
        let from = self.at;
        self.takes(b'"').then_some(())?;
        loop {
            let found = self.at + memchr::memchr2(b'"', b'\\', self.bytes.get(self.at..)?)?;
            if self.bytes[found] == b'"' {
                self.at = found + 1;
                return Some((from as u32, self.at as u32));
            }
            self.at = found + 2;
        }
    }

    fn word(&mut self) -> Option<()> {
        let rest = &self.bytes[self.at..];
        let ends = |byte: &u8| matches!(byte, b',' | b']' | b'}' | b' ' | b'\n' | b'\r' | b'\t');
        let length = rest.iter().position(ends).unwrap_or(rest.len());
        self.at += length;
        (length > 0).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, Tree};
    use crate::ingest::json_path::{Lookup, Path};

    fn cell(text: &str, column: &str) -> Option<String> {
        let mut tree = Tree::default();
        assert!(tree.read(text.as_bytes(), 0, text.len()), "{text}");
        let node = tree.find(text.as_bytes(), &[0], &Lookup::of(column, &Path::default()))?;
        match tree.cell(text.as_bytes(), node).unwrap()? {
            Cell::Span(from, to) => Some(text[from..to].to_string()),
            Cell::Owned(text) => Some(text),
        }
    }

    #[test]
    fn cells_are_spelled_as_they_stand() {
        let object = r#" {"n": 1.50, "big":12345678901234567890123, "t":true, "no":null, "e":"", "a":{"b":["x", {"c":"d\u00e9\n"}]},
            "a.b":"dotted", "\u006bey":"k", "twice":1, "twice":2, "none":[], "some":[1, 2]}"#;
        let of = |column| cell(object, column);
        assert_eq!(of("n").as_deref(), Some("1.50"));
        assert_eq!(of("big").as_deref(), Some("12345678901234567890123"));
        assert_eq!(of("t").as_deref(), Some("true"));
        assert_eq!((of("no"), of("e"), of("absent"), of("none")), (None, None, None, None));
        assert_eq!(of("a.b[1].c").as_deref(), Some("dé\n"));
        assert_eq!(of("a.b").as_deref(), Some("dotted"));
        assert_eq!(of("key").as_deref(), Some("k"));
        assert_eq!(of("twice").as_deref(), Some("2"));
        assert_eq!(of("some").as_deref(), Some("[1, 2]"));
        assert_eq!(of("n.m"), None);
    }

    #[test]
    fn what_is_no_json_is_refused() {
        let mut tree = Tree::default();
        let deep = "[".repeat(200) + &"]".repeat(200);
        for wrong in [
            "", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{a:1}", "[1", "[1 2]", "\"a", "\"a\\", "{\"a\":}",
            &deep,
        ] {
            assert!(!tree.read(wrong.as_bytes(), 0, wrong.len()), "{wrong}");
        }
    }
}
