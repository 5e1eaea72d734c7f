//! How far a number may be from the baseline's: `PART.TABLE.COLUMN`, in the unit of the column, seconds for instants.
//! Everything that is not named is exact.

use std::collections::BTreeMap;

use chrono::DateTime;

use super::Snapshot;
use super::facts;
use super::grid::{Grid, Part};

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// Fact table or compliance table.
    pub part: Part,
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
}

impl Key {
    /// Reads `facts.TABLE.COLUMN` or `tables.TABLE.COLUMN`.
    pub fn parse(text: &str) -> Option<Key> {
        let (part, rest) = text.split_once('.')?;
        let (table, column) = rest.split_once('.')?;
        let part = [Part::Facts, Part::Tables].into_iter().find(|known| known.word() == part)?;
        let is_there = !table.is_empty() && !column.is_empty();
        is_there.then(|| Key { part, table: table.to_owned(), column: column.to_owned() })
    }
}

/// Tolerances by column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tolerances(pub BTreeMap<Key, f64>);

/// Two decimals that differ by exactly the tolerance may differ by a little more as binary fractions.
const SLACK: f64 = 1e-9;

impl Tolerances {
    /// True where `a` and `b` of this column are the same, or numbers or instants no further apart than its tolerance.
    /// The absent cell is near nothing but itself.
    pub(super) fn holds(&self, grid: &Grid, column: &str, a: &str, b: &str) -> bool {
        if a == b {
            return true;
        }
        let key = Key { part: grid.part, table: grid.name.clone(), column: column.to_owned() };
        let Some(most) = self.0.get(&key) else { return false };
        match (number(a), number(b)) {
            (Some(a), Some(b)) => (a - b).abs() <= most + SLACK,
            _ => false,
        }
    }

    /// What is wrong with a tolerance for `key`, or nothing: the table is not held, the column is not there, it
    /// identifies rows, or it holds no numbers.
    pub fn problem(key: &Key, baseline: &Snapshot) -> Option<String> {
        let Some(grid) = baseline.grid(key.part, &key.table) else {
            let (part, table) = (key.part.word(), &key.table);
            return Some(format!("the baseline holds no `{part}.{table}`"));
        };
        let Some(place) = grid.column(&key.column) else {
            return Some(format!("`{}.{}` has no column `{}`", key.part.word(), key.table, key.column));
        };
        if key.part == Part::Facts && facts::keys(&key.table).contains(&key.column.as_str()) {
            return Some(format!("`{}` identifies rows and is always exact", key.column));
        }
        let mut cells = grid.rows.iter().map(|row| row.cell(place)).filter(|cell| !cell.is_empty());
        cells.find(|cell| number(cell).is_none()).map(|cell| {
            format!("expected a column of numbers or instants, found `{cell}` in `{}`", key.column)
        })
    }
}

/// A number as it is, an instant as seconds since 1970.
pub(super) fn number(text: &str) -> Option<f64> {
    let plain = text.parse::<f64>().ok().filter(|x| x.is_finite());
    plain.or_else(|| {
        let at = DateTime::parse_from_rfc3339(text).ok()?;
        // Microseconds of any year that is written with four digits are exact in a double's 53 bits or nearly so.
        Some(at.timestamp_micros() as f64 / 1e6)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::baseline::grid::Row;

    fn clocks() -> Grid {
        let cells = ["T01", "1", "met", "3600", "2026-03-02T17:00:00Z"];
        Grid {
            part: Part::Facts,
            name: "clocks".to_owned(),
            columns: ["case_id", "cycle", "verdict", "business_s", "due_at"].map(str::to_owned).to_vec(),
            rows: vec![Row::new(cells, 2)],
        }
    }

    fn key(column: &str) -> Key {
        Key::parse(&format!("facts.clocks.{column}")).unwrap()
    }

    #[test]
    fn a_tolerance_holds_to_its_end_and_no_further() {
        let all = [("business_s", 60.0), ("due_at", 0.5), ("used_share", 0.01)];
        let tolerances = Tolerances(all.into_iter().map(|(column, most)| (key(column), most)).collect());
        let holds = |column, a, b| tolerances.holds(&clocks(), column, a, b);
        assert!(holds("business_s", "3600", "3660") && !holds("business_s", "3600", "3661"));
        assert!(holds("due_at", "2026-03-02T17:00:00Z", "2026-03-02T17:00:00.500Z"));
        assert!(!holds("due_at", "2026-03-02T17:00:00Z", "2026-03-02T17:00:00.600Z"));
        assert!(holds("used_share", "0.34", "0.35") && !holds("used_share", "0.34", "0.3501"));
        assert!(!holds("business_s", "", "0") && holds("business_s", "", ""));
        assert!(!holds("elapsed_s", "1", "2") && !holds("business_s", "inf", "3600"));
    }

    #[test]
    fn only_numbers_that_identify_nothing_may_have_one() {
        let baseline = Snapshot { grids: vec![clocks()], ..Snapshot::default() };
        let problem = |text| Tolerances::problem(&Key::parse(text).unwrap(), &baseline);
        assert_eq!(problem("facts.clocks.business_s"), None);
        assert_eq!(problem("facts.clocks.due_at"), None);
        insta::assert_snapshot!(
            ["facts.clocks.cycle", "facts.clocks.verdict", "facts.clocks.busines_s", "tables.clocks.n"]
                .map(|text| problem(text).unwrap())
                .join("\n"),
            @"
        `cycle` identifies rows and is always exact
        expected a column of numbers or instants, found `met` in `verdict`
        `facts.clocks` has no column `busines_s`
        the baseline holds no `tables.clocks`
        "
        );
        for wrong in ["clocks.business_s", "fact.clocks.n", "facts.clocks", "facts..n", "facts.clocks."] {
            assert_eq!(Key::parse(wrong), None, "{wrong}");
        }
    }
}
