//! Keys of a profile's TOML with their places: finds those that a section declares, and reports all others. Knows
//! nothing of what the keys mean.

use std::cell::RefCell;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::derived::{self, Derived};
use super::profile_file::nearest;
use crate::codes;
use crate::diag::{Diagnostic, Position};
use crate::schema::{Key, Kind, Section};

/// One file and everything wrong with it so far.
pub(super) struct Problems<'s> {
    source: &'s str,
    path: &'s str,
    all: RefCell<Vec<Diagnostic>>,
    /// Columns that were asked for by a table and not by a name, since they were last taken.
    derived: RefCell<Vec<Derived>>,
}

impl<'s> Problems<'s> {
    /// Of the text `source`.
    pub(super) fn new(source: &'s str, path: &'s str) -> Problems<'s> {
        Problems { source, path, all: RefCell::default(), derived: RefCell::default() }
    }

    /// The document, or `None` where it is not TOML.
    pub(super) fn document(&self) -> Option<DeTable<'s>> {
        match DeTable::parse(self.source) {
            Ok(document) => Some(document.into_inner()),
            Err(cause) => {
                let span = cause.span().unwrap_or(0..0);
                self.add(codes::F101, cause.message().to_lowercase().trim(), span, None);
                None
            }
        }
    }

    /// Everything, in order of place.
    pub(super) fn into_all(self) -> Vec<Diagnostic> {
        let mut all = self.all.into_inner();
        all.sort_by_key(|d| d.position.as_ref().map(|p| (p.line, p.column)));
        all
    }

    /// The columns that were asked for by a table since this was last called.
    pub(super) fn take_derived(&self) -> Vec<Derived> {
        self.derived.take()
    }

    fn add(&self, code: &'static str, message: &str, span: Range<usize>, hint: Option<String>) {
        let start = span.start.min(self.source.len());
        let line_start = self.source[..start].rfind('\n').map_or(0, |i| i + 1);
        let line = self.source[..start].matches('\n').count() as u64 + 1;
        let column = self.source[line_start..start].chars().count() as u64 + 1;
        let excerpt = self.source[line_start..].lines().next().unwrap_or_default();
        let end = span.end.clamp(start, self.source.len());
        let width = self.source[start..end].lines().next().unwrap_or_default().chars().count();
        let mut diagnostic = Diagnostic::error(code, message)
            .at(Position { path: self.path.to_string(), line, column, case: None })
            .excerpt(excerpt, width);
        diagnostic.hint = hint;
        self.all.borrow_mut().push(diagnostic);
    }
}

/// One key with its value.
pub(super) struct Entry<'t, 's> {
    value: &'t Spanned<DeValue<'s>>,
    kind: &'static Kind,
    problems: &'t Problems<'s>,
}

impl<'t, 's> Entry<'t, 's> {
    /// Reports the value; `near` is what was perhaps meant.
    pub(super) fn wrong(&self, code: &'static str, message: &str, near: Option<String>) {
        let hint = near.map(|word| format!("did you mean `{word}`?"));
        self.problems.add(code, message, self.value.span(), hint);
    }

    /// Reports the value, and what to do.
    pub(super) fn refuse(&self, code: &'static str, message: &str, hint: &str) {
        self.problems.add(code, message, self.value.span(), Some(hint.to_owned()));
    }

    /// The entries of its list, each with its own place; what is no list is one entry.
    pub(super) fn elements(&self) -> Vec<Entry<'t, 's>> {
        match self.value.get_ref() {
            DeValue::Array(list) => list.iter().map(|value| Entry { value, ..*self }).collect(),
            _ => vec![Entry { ..*self }],
        }
    }

    fn wrong_type(&self, expected: &str) {
        let found = self.value.get_ref().type_str();
        self.wrong(codes::F103, &format!("expected {expected}, found {found}"), None);
    }

    /// Its text.
    pub(super) fn text(&self) -> Option<String> {
        let text = self.value.get_ref().as_str().map(str::to_string);
        if text.is_none() {
            self.wrong_type("a text in quotes");
        }
        text
    }

    /// Its `true` or `false`.
    pub(super) fn boolean(&self) -> Option<bool> {
        let truth = self.value.get_ref().as_bool();
        if truth.is_none() {
            self.wrong_type("`true` or `false`");
        }
        truth
    }

    /// Its whole number.
    pub(super) fn integer(&self) -> Option<i64> {
        let number = self.value.get_ref().as_integer();
        let number = number.and_then(|n| i64::from_str_radix(&n.as_str().replace('_', ""), n.radix()).ok());
        if number.is_none() {
            self.wrong_type("a whole number");
        }
        number
    }

    /// The keys of its table.
    pub(super) fn table(&self) -> Option<Keys<'t, 's>> {
        let table = self.value.get_ref().as_table();
        if table.is_none() {
            self.wrong_type("a table");
        }
        Some(Keys {
            table: table?,
            problems: self.problems,
            span: self.value.span(),
            kind: self.kind,
            chosen: &[],
        })
    }

    /// Its texts, where it is a list.
    pub(super) fn list(&self) -> Option<Vec<String>> {
        if !self.value.get_ref().is_array() {
            self.wrong_type("a list of texts");
            return None;
        }
        Some(self.texts())
    }

    /// True for a table.
    pub(super) fn is_table(&self) -> bool {
        self.value.get_ref().is_table()
    }

    /// The names of the column `key`: a text, a table that says of what it is made, or a list of those; an empty name is an
    /// error.
    pub(super) fn names(&self, key: &str) -> Vec<String> {
        let names: Vec<String> = match self.value.get_ref() {
            DeValue::Array(list) => {
                let one = |value: &'t Spanned<DeValue<'s>>| Entry { value, ..*self }.column();
                list.iter().filter_map(one).collect()
            }
            _ => self.column().into_iter().collect(),
        };
        if names.is_empty() || names.iter().any(String::is_empty) {
            self.wrong(codes::F104, &format!("`{key}` needs the name of a column"), None);
        }
        names
    }

    /// The name of one column; of one that is made of others that which stands for it.
    fn column(&self) -> Option<String> {
        match self.value.get_ref() {
            DeValue::Table(_) => {
                let made = derived::read(self.table()?);
                let name = made.name.clone();
                self.problems.derived.borrow_mut().push(made);
                Some(name)
            }
            DeValue::String(name) => Some(name.to_string()),
            _ => {
                self.wrong_type("the name of a column or a list of such");
                None
            }
        }
    }

    /// Its list of texts; a single text is a list of one.
    pub(super) fn texts(&self) -> Vec<String> {
        match self.value.get_ref() {
            DeValue::String(text) => vec![text.to_string()],
            DeValue::Array(list) => {
                let texts = list.iter().map(|value| Entry { value, ..*self }.text());
                texts.collect::<Vec<_>>().into_iter().flatten().collect()
            }
            _ => {
                self.wrong_type("a list of texts");
                Vec::new()
            }
        }
    }
}

/// The keys that a table of `kind` may have; of several kinds those of the first that is a table.
fn section(kind: &'static Kind) -> Option<&'static Section> {
    match kind {
        Kind::Table(of) | Kind::Tables(of) => Some(of),
        Kind::Shared(_, kind) => section(kind),
        Kind::Any(kinds) => kinds.iter().find_map(section),
        _ => None,
    }
}

/// The keys of one table.
pub(super) struct Keys<'t, 's> {
    table: &'t DeTable<'s>,
    problems: &'t Problems<'s>,
    span: Range<usize>,
    /// As what the table is declared.
    kind: &'static Kind,
    /// Declared besides, by a word of the table.
    chosen: &'static [Key],
}

impl<'t, 's> Keys<'t, 's> {
    /// Of `table`, the document itself.
    pub(super) fn new(
        table: &'t DeTable<'s>,
        problems: &'t Problems<'s>,
        kind: &'static Kind,
    ) -> Keys<'t, 's> {
        Keys { table, problems, span: 0..0, kind, chosen: &[] }
    }

    /// From here on with the keys that the section has for `word`.
    pub(super) fn choose(&mut self, word: &str) {
        self.chosen = self.section().map_or(&[], |section| section.variant(word));
    }

    fn section(&self) -> Option<&'static Section> {
        section(self.kind)
    }

    /// The columns that were asked for by a table since this was last called.
    pub(super) fn take_derived(&self) -> Vec<Derived> {
        self.problems.take_derived()
    }

    /// The declared keys.
    fn declared(&self) -> impl Iterator<Item = &'static Key> + use<> {
        self.section().map_or(&[][..], |section| section.keys).iter().chain(self.chosen)
    }

    /// The value of `key`, if it is there. One that is not declared is not found.
    pub(super) fn take(&mut self, key: &str) -> Option<Entry<'t, 's>> {
        let kind = self.declared().find(|declared| declared.name == key).map(|declared| &declared.kind)?;
        let value = self.table.iter().find(|(k, _)| k.get_ref().as_ref() == key)?.1;
        Some(Entry { value, kind, problems: self.problems })
    }

    /// The text of `key`.
    pub(super) fn text(&mut self, key: &str) -> Option<String> {
        self.take(key)?.text()
    }

    /// The texts of `key`; none where it is absent.
    pub(super) fn texts(&mut self, key: &str) -> Vec<String> {
        self.take(key).map_or_else(Vec::new, |entry| entry.texts())
    }

    /// The column names of `key`; an empty name is an error.
    pub(super) fn names(&mut self, key: &str) -> Vec<String> {
        self.take(key).map_or_else(Vec::new, |entry| entry.names(key))
    }

    /// The table under `key`.
    pub(super) fn table(&mut self, key: &str) -> Option<Keys<'t, 's>> {
        self.take(key)?.table()
    }

    /// The tables of the list under `key`.
    pub(super) fn tables(&mut self, key: &str) -> Vec<Keys<'t, 's>> {
        let Some(entry) = self.take(key) else { return Vec::new() };
        match entry.value.get_ref().as_array() {
            Some(list) => list.iter().filter_map(|value| Entry { value, ..entry }.table()).collect(),
            None => {
                entry.wrong_type(&format!("a list of tables, `[[{key}]]`"));
                Vec::new()
            }
        }
    }

    /// Every key of a table whose keys are the user's own words, in order of the file.
    pub(super) fn rest(&mut self) -> Vec<(String, Entry<'t, 's>)> {
        let Kind::Named(_, kind) = self.kind else { return Vec::new() };
        let mut all: Vec<_> = self.table.iter().collect();
        all.sort_by_key(|(key, _)| key.span().start);
        let entry = |value| Entry { value, kind, problems: self.problems };
        all.into_iter().map(|(key, value)| (key.get_ref().to_string(), entry(value))).collect()
    }

    /// Reports the table as a whole.
    pub(super) fn wrong(&self, code: &'static str, message: &str) {
        self.problems.add(code, message, self.span.clone(), None);
    }

    /// Reports that `key` is not there.
    pub(super) fn missing(&self, key: &str, expected: &str) {
        let message = format!("`{key}` is missing: expected {expected}");
        self.problems.add(codes::F105, &message, self.span.clone(), None);
    }

    /// Reports every key that is not declared.
    pub(super) fn end(self) {
        let known: Vec<&str> = self.declared().map(|key| key.name).collect();
        for (key, _) in self.table {
            let name = key.get_ref().as_ref();
            if known.contains(&name) {
                continue;
            }
            let hint = nearest(name, known.iter().copied()).map(|near| format!("did you mean `{near}`?"));
            let hint = hint.unwrap_or_else(|| format!("known here: {}", known.join(", ")));
            self.problems.add(codes::F102, &format!("unknown key `{name}`"), key.span(), Some(hint));
        }
    }
}
