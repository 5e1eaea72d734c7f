//! The keys of the TOML files that people write, declared once: the readers of policies and profiles refuse every
//! other key by these tables, and editors get them as JSON Schema. Not a reader: what a value means is decided where
//! it is read. Uses nothing of ours.

mod document;

pub(crate) use document::{document, in_any_case};

/// The keys that one table of a file may have.
#[derive(Debug)]
pub(crate) struct Section {
    /// The keys, in the order in which messages list them.
    pub keys: &'static [Key],
    /// Keys that only some tables have, by the word in one of the keys above.
    pub variants: Option<Variants>,
}

/// Further keys by the word in `key`.
#[derive(Debug)]
pub(crate) struct Variants {
    /// The key whose word decides.
    pub key: &'static str,
    /// Each word with its keys.
    pub of: &'static [(&'static str, &'static [Key])],
}

/// One key.
#[derive(Debug)]
pub(crate) struct Key {
    /// As it is written.
    pub name: &'static str,
    /// What its value may be.
    pub kind: Kind,
    /// What it is for: a sentence, with the unit.
    pub doc: &'static str,
    /// A table without it is refused, whatever else the file says or inherits.
    pub is_needed: bool,
    /// What holds without it, in TOML.
    pub default: Option<&'static str>,
    /// A value, in TOML.
    pub example: Option<&'static str>,
}

/// What a value may be.
#[derive(Debug)]
pub(crate) enum Kind {
    /// Any text.
    Text,
    /// Text of at least one character.
    Filled,
    /// Text that is not blank.
    Said,
    /// Text that the regular expression matches, as JSON Schema has them: begin and end marked, no flags.
    Form(fn() -> String),
    /// One of these words.
    Word(fn() -> Vec<&'static str>),
    /// One of these words, case aside.
    WordInAnyCase(fn() -> Vec<&'static str>),
    /// A whole number from the first to the second.
    Whole(i64, i64),
    /// A number above 0, up to 1.
    Share,
    /// `true` or `false`.
    Flag,
    /// A date without time and without quotes.
    Date,
    /// A list of at least so many.
    List(&'static Kind, u64),
    /// What a schema spells out once, under this name.
    Shared(&'static str, &'static Kind),
    /// Any of these.
    Any(&'static [Kind]),
    /// A table of known keys.
    Table(&'static Section),
    /// A list of tables of known keys.
    Tables(&'static Section),
    /// A table whose keys are the user's own words: of the form that the expression says, if it says one.
    Named(Option<fn() -> String>, &'static Kind),
}

impl Section {
    /// A section of these keys.
    pub(crate) const fn new(keys: &'static [Key]) -> Section {
        Section { keys, variants: None }
    }

    /// The keys that a table with `word` in the deciding key has besides.
    pub(crate) fn variant(&self, word: &str) -> &'static [Key] {
        let of = self.variants.as_ref().map_or(&[][..], |variants| variants.of);
        of.iter().find(|(known, _)| *known == word).map_or(&[], |(_, keys)| keys)
    }
}

impl Key {
    /// A key that may be left out.
    pub(crate) const fn new(name: &'static str, kind: Kind, doc: &'static str) -> Key {
        Key { name, kind, doc, is_needed: false, default: None, example: None }
    }

    /// A key that may not.
    pub(crate) const fn needed(name: &'static str, kind: Kind, doc: &'static str) -> Key {
        Key { name, kind, doc, is_needed: true, default: None, example: None }
    }

    /// With what holds without it.
    pub(crate) const fn or(mut self, toml: &'static str) -> Key {
        self.default = Some(toml);
        self
    }

    /// With a value that it may have.
    pub(crate) const fn like(mut self, toml: &'static str) -> Key {
        self.example = Some(toml);
        self
    }
}
