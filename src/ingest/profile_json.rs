//! What a table of a profile says about JSON: which values are its rows (`rows`), under which conditions (`where`), and
//! what an object round the objects calls the list of them (`list`). Keys to types; `json_table` carries them out.

use super::json_path::{Lookup, Path};
use super::profile::Table;
use super::toml_reader::Keys;
use crate::codes;

/// What a table says about JSON.
#[derive(Clone, Debug, Default)]
pub(super) struct Json {
    /// `None`: each object is a row, and the table reads other kinds of files too.
    pub(super) rows: Option<Path>,
    /// Column and words: a row with another word there is not of this table.
    pub(super) conditions: Vec<(String, Vec<String>)>,
    /// Members whose elements are the objects.
    pub(super) lists: Vec<String>,
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
        json.conditions = inner.rest().into_iter().map(|(name, entry)| (name, entry.texts())).collect();
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
    let names = table.names().flatten().chain(table.json.conditions.iter().map(|(name, _)| name));
    for name in names {
        if let Err(why) = Lookup::parse(name, rows) {
            keys.wrong(codes::F104, &why);
        }
    }
}
