//! What the user's own queries see of the facts. A figure under the heading of a month is taken for that month's, so fact
//! tables hold only what belongs to the period that was asked for, and all of history stands beside them under other names:
//! `all_clocks` beside `clocks`. The queries that ship read the facts as they are, and say `in_period` themselves.

use std::collections::HashSet;

use polars::prelude::{BooleanChunked, DataFrame, IntoLazy, NewChunkedArray, PlSmallStr, PolarsError};
use polars::sql::SQLContext;

use super::query::Query;

/// Before the name of a fact table: the same with all of history.
pub(super) const ALL: &str = "all_";

/// The column that says whether a row belongs to the period.
pub(super) const IN_PERIOD: &str = "in_period";

const CASES: &str = "cases";
const CASE_ID: &str = "case_id";

/// The fact tables that some of the user's queries mention, whole.
pub(super) struct Facts {
    /// Name and rows.
    pub(super) tables: Vec<(&'static str, DataFrame)>,
    /// A period was asked for.
    pub(super) has_period: bool,
}

impl Facts {
    /// Registers what `query` may select from. A query that names `in_period` decides for itself: it gets whole tables under
    /// their own names.
    pub(super) fn register(&self, query: &Query, context: &mut SQLContext) -> Result<(), PolarsError> {
        let is_whole = !self.has_period || query.mentions(IN_PERIOD);
        for (name, whole) in &self.tables {
            context.register(&format!("{ALL}{name}"), whole.clone().lazy());
            let seen =
                if is_whole || !query.mentions(name) { whole.clone() } else { self.cut(name, whole, query)? };
            context.register(name, seen.lazy());
        }
        Ok(())
    }

    /// What belongs to the period. Cases that are read beside other facts are there also where something of theirs belongs to
    /// it: a clock of this month finds its case, which may be older.
    fn cut(&self, name: &str, whole: &DataFrame, query: &Query) -> Result<DataFrame, PolarsError> {
        let own = whole.column(IN_PERIOD)?.bool()?;
        let others = self.tables.iter().filter(|(other, _)| *other != CASES && query.mentions(other));
        let others: Vec<&DataFrame> = others.map(|(_, table)| table).collect();
        let Ok(ids) = whole.column(CASE_ID).and_then(|ids| ids.str()) else { return whole.filter(own) };
        if name != CASES || others.is_empty() {
            return whole.filter(own);
        }
        let mut wanted: HashSet<&str> = HashSet::new();
        for table in others {
            let Ok(ids) = table.column(CASE_ID).and_then(|ids| ids.str()) else { continue };
            let rows = ids.iter().zip(table.column(IN_PERIOD)?.bool()?.iter());
            wanted.extend(rows.filter(|(_, is_in)| *is_in == Some(true)).filter_map(|(id, _)| id));
        }
        let is_seen = |(id, is_in): (Option<&str>, Option<bool>)| {
            is_in == Some(true) || id.is_some_and(|id| wanted.contains(id))
        };
        let seen =
            BooleanChunked::from_iter_values(PlSmallStr::EMPTY, ids.iter().zip(own.iter()).map(is_seen));
        whole.filter(&seen)
    }

    /// The tables of all of history that `query` reads, where a period was asked for.
    pub(super) fn read_whole(&self, query: &Query) -> Vec<String> {
        let names = self.tables.iter().map(|(name, _)| format!("{ALL}{name}"));
        names.filter(|name| self.has_period && query.mentions(name)).collect()
    }
}
