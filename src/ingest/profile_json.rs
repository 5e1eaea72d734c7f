//! What a table of a profile says about JSON: which values are its rows (`rows`), under which conditions (`where`), and
//! what an object round the objects calls the list of them (`list`). Keys to types; `json_table` carries them out.

use super::json_path::{Lookup, Path};
use super::profile::Table;
use super::toml_reader::{Entry, Keys};
use crate::codes;

/// What a table says about JSON.
#[derive(Clone, Debug, Default)]
pub(super) struct Json {
    /// `None`: each object is a row, and the table reads other kinds of files too.
    pub(super) rows: Option<Path>,
    /// What has to stand in a column of a row of this table.
    pub(super) conditions: Vec<(String, Words)>,
    /// Members whose elements are the objects.
    pub(super) lists: Vec<String>,
}

/// Words that stand somewhere, or that do not; the empty one where nothing is there.
#[derive(Clone, Debug)]
pub(super) enum Words {
    /// One of these.
    Any(Vec<String>),
    /// None of these.
    None(Vec<String>),
}

impl Words {
    fn read(entry: &Entry<'_, '_>) -> Words {
        if !entry.is_table() {
            return Words::Any(entry.texts());
        }
        let Some(mut inner) = entry.table() else { return Words::None(Vec::new()) };
        let not = inner.take("not").map(|entry| entry.texts());
        if not.is_none() {
            inner.missing("not", "the words that do not stand there, `\"\"` for nothing there");
        }
        inner.end();
        Words::None(not.unwrap_or_default())
    }

    /// True where `text` may stand there, case aside.
    pub(super) fn fit(&self, text: &[u8]) -> bool {
        let has = |words: &[String]| words.iter().any(|word| word.as_bytes().eq_ignore_ascii_case(text));
        match self {
            Words::Any(words) => has(words),
            Words::None(words) => !has(words),
        }
    }
}

/// The keys `rows`, `where` and `list`.
pub(super) fn json(keys: &mut Keys<'_, '_>) -> Json {
    let mut json = Json { lists: keys.texts("list"), ..Json::default() };
    if let Some(entry) = keys.take("rows") {
        match entry.text().as_deref().map(Path::parse) {
            Some(Ok(path)) => json.rows = Some(path),
            Some(Err(why)) => entry.wrong(codes::F104, &why, None),
            None => {}
        }
    }
    if let Some(mut inner) = keys.table("where") {
        json.conditions = inner.rest().into_iter().map(|(name, entry)| (name, Words::read(&entry))).collect();
    }
    json
}

/// Every column of a table with `rows` has to be a path.
pub(super) fn check(keys: &mut Keys<'_, '_>, table: &Table) {
    let Some(rows) = &table.json.rows else {
        if !table.json.conditions.is_empty() {
            keys.wrong(codes::F105, "`rows` is missing: expected where in an object the rows of `where` are");
        }
        return;
    };
    let parts = table.derived.iter().flat_map(|derived| &derived.parts);
    let names = table.names().flatten().filter(|name| table.derived(name).is_none());
    for name in names.chain(parts).chain(table.json.conditions.iter().map(|(name, _)| name)) {
        if let Err(why) = Lookup::parse(name, rows) {
            keys.wrong(codes::F104, &why);
        }
    }
}
