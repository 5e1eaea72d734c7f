//! A table of a profile over JSON: which values are its rows and where each of its columns stands. Names to places,
//! before the first row; `json_rows` walks the objects.

use super::derived::Derived;
use super::json_path::{Lookup, Path};
use super::plan::Plan;
use super::profile::Table;
use super::profile_json::Words;

/// A column: of several names the first that an object gives a value for.
#[derive(Clone, Debug)]
pub(super) struct JsonColumn {
    names: Vec<String>,
    pub(super) givers: Vec<Giver>,
}

/// What gives a column its value.
#[derive(Clone, Debug)]
pub(super) enum Giver {
    /// A value of the object.
    Value(Lookup),
    /// What is made of several; `is_whole` as in [`Derived::put`].
    Derived { of: Derived, parts: Vec<Lookup>, is_whole: bool },
}

impl Giver {
    /// The values of the object that it looks at.
    pub(super) fn lookups(&self) -> &[Lookup] {
        match self {
            Giver::Value(lookup) => std::slice::from_ref(lookup),
            Giver::Derived { parts, .. } => parts,
        }
    }
}

/// A condition on a row: what may stand there.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    pub(super) lookup: Lookup,
    pub(super) words: Words,
}

/// One table of a JSON file.
#[derive(Clone, Debug)]
pub(super) struct JsonTable {
    pub(super) rows: Path,
    pub(super) conditions: Vec<Condition>,
    pub(super) columns: Vec<JsonColumn>,
    /// Members of an object round the objects that hold these, of all tables of the file.
    pub(super) lists: Vec<String>,
    /// Of the first table of the file: how many there are; of the others 0.
    pub(super) n_tables: usize,
}

impl JsonTable {
    /// What `table` looks for.
    ///
    /// # Errors
    /// A name that is no path, in a table that says where its rows are; in others it is the name of a member.
    pub(super) fn new(table: &Table, plan: &Plan) -> Result<JsonTable, String> {
        let rows = table.json.rows.clone().unwrap_or_default();
        let lookup = |name: &String| match &table.json.rows {
            Some(rows) => Lookup::parse(name, rows),
            None => Ok(Lookup::of(name, &rows)),
        };
        let giver = |name: &String| {
            let Some(of) = table.derived(name) else { return lookup(name).map(Giver::Value) };
            let parts = of.parts.iter().map(lookup).collect::<Result<_, String>>()?;
            let is_whole = table.columns.case_id.contains(name);
            Ok(Giver::Derived { of: of.clone(), parts, is_whole })
        };
        let mut columns: Vec<JsonColumn> = Vec::new();
        for names in table.names().filter(|names| !names.is_empty()) {
            let givers = names.iter().map(giver).collect::<Result<_, _>>()?;
            if !columns.iter().any(|known| known.names == *names) {
                columns.push(JsonColumn { names: names.clone(), givers });
            }
        }
        // A column that is kept as it stands may be one of another table of the file.
        let watched = plan.watch.iter().filter_map(|name| Some((vec![name.clone()], lookup(name).ok()?)));
        for (names, lookup) in watched {
            if !columns.iter().any(|known| known.names == names) {
                columns.push(JsonColumn { names, givers: vec![Giver::Value(lookup)] });
            }
        }
        let condition =
            |(name, words): &(String, Words)| Ok(Condition { lookup: lookup(name)?, words: words.clone() });
        let conditions = table.json.conditions.iter().map(condition).collect::<Result<_, String>>()?;
        Ok(JsonTable { rows, conditions, columns, lists: table.json.lists.clone(), n_tables: 1 })
    }

    /// The number of the column of `names`; `None` where the table has none.
    pub(super) fn column(&self, names: &[String]) -> Option<usize> {
        self.columns.iter().position(|column| column.names == names)
    }

    /// The columns by their first name, for messages.
    pub(super) fn header(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.names[0].clone()).collect()
    }
}
