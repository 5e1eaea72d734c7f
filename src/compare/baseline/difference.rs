//! The comparison itself: rows are found again by what identifies them, their cells compared within the tolerances.

use std::collections::BTreeMap;

use super::context::{Context, context, ledger};
use super::grid::{Grid, Part, Row};
use super::tolerance::{Tolerances, number};
use super::{Snapshot, facts};

/// On which side a row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// On both, with other cells.
    Both,
    /// In the baseline only.
    Baseline,
    /// In the audit only.
    Now,
}

/// One cell that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueChange {
    /// Its column.
    pub column: String,
    /// The baseline's; empty: absent.
    pub before: String,
    /// The audit's; empty: absent.
    pub now: String,
}

/// One row that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowChange {
    /// Where it stands.
    pub side: Side,
    /// What identifies it: columns and cells.
    pub key: Vec<(String, String)>,
    /// The cells that differ; none where it stands on one side only.
    pub values: Vec<ValueChange>,
    /// `verdict`, and of a case its `scope`, where the row has one: the baseline's and the audit's, the other empty
    /// where it stands on one side only.
    pub verdict: Option<(String, String)>,
    /// `due_at`, likewise.
    pub due: Option<(String, String)>,
    /// Line of the baseline's CSV: of the row, or after which it would stand; 0: no CSV.
    pub line: u64,
}

impl RowChange {
    /// True where the row stands on both sides and came to another verdict.
    pub fn changed_verdict(&self) -> bool {
        self.side == Side::Both && self.verdict.as_ref().is_some_and(|(before, now)| before != now)
    }

    /// The case, where the table is about cases.
    pub fn case(&self) -> Option<&str> {
        let of = |(column, cell): &'_ (String, String)| column.ends_with("case_id") && !cell.is_empty();
        self.key.iter().find(|pair| of(pair)).map(|(_, cell)| cell.as_str())
    }
}

/// What became of one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GridDifference {
    /// Fact table or compliance table.
    pub part: Part,
    /// Its name.
    pub name: String,
    /// Columns on one side only; none where the whole table is.
    pub columns: Vec<(String, Side)>,
    /// The side that alone has the table, or that alone has rows in it: without rows a table has no columns.
    pub alone: Option<Side>,
    /// The rows that differ, those of the baseline first.
    pub changes: Vec<RowChange>,
}

impl GridDifference {
    /// True where nothing differs beyond the tolerances.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty() && self.alone.is_none() && self.changes.is_empty()
    }
}

/// An audit beside its baseline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// What was other about the input, the policy, the question.
    pub context: Vec<Context>,
    /// Counts of the row ledger that differ.
    pub rows: Vec<ValueChange>,
    /// Every table that is held, in order, differing or not.
    pub grids: Vec<GridDifference>,
    /// Compliance tables that the audit has and the baseline does not hold.
    pub not_held: Vec<String>,
}

impl Difference {
    /// True where the audit is as the baseline has it, within the tolerances; context decides nothing.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.grids.iter().all(GridDifference::is_empty)
    }
}

/// Holds `now` against `baseline`. Every fact table is compared, and the compliance tables that the baseline has.
pub fn compare(baseline: &Snapshot, now: &Snapshot, tolerances: &Tolerances) -> Difference {
    let mut difference = Difference {
        context: context(&baseline.about, &now.about),
        rows: ledger(&baseline.about.rows, &now.about.rows),
        ..Difference::default()
    };
    for mine in &now.grids {
        match baseline.grid(mine.part, &mine.name) {
            Some(theirs) => difference.grids.push(compare_grids(theirs, mine, tolerances)),
            None if mine.part == Part::Facts => {
                let empty = Grid { rows: Vec::new(), ..mine.clone() };
                difference.grids.push(compare_grids(&empty, mine, tolerances));
            }
            None => difference.not_held.push(mine.name.clone()),
        }
    }
    for theirs in &baseline.grids {
        if now.grid(theirs.part, &theirs.name).is_none() {
            let empty = Grid { rows: Vec::new(), columns: Vec::new(), ..theirs.clone() };
            difference.grids.push(compare_grids(theirs, &empty, tolerances));
        }
    }
    difference
}

/// What identifies a row, and which it is of those that share it.
type Identity<'g> = (Vec<&'g str>, usize);

fn compare_grids(baseline: &Grid, now: &Grid, tolerances: &Tolerances) -> GridDifference {
    let only = |a: &Grid, b: &Grid, side| -> Vec<(String, Side)> {
        let missing = a.columns.iter().filter(|column| b.column(column).is_none());
        missing.map(|column| (column.clone(), side)).collect()
    };
    let alone = match (baseline.columns.is_empty(), now.columns.is_empty()) {
        (false, true) => Some(Side::Baseline),
        (true, false) => Some(Side::Now),
        _ => None,
    };
    let mut columns = only(baseline, now, Side::Baseline);
    columns.extend(only(now, baseline, Side::Now));
    if alone.is_some() {
        columns.clear();
    }
    // The rule, not the exception: nothing has to be found again.
    let is_same = columns.is_empty()
        && alone.is_none()
        && baseline.columns == now.columns
        && baseline.rows.len() == now.rows.len()
        && baseline.rows.iter().zip(&now.rows).all(|(before, after)| before.is_same(after));
    if is_same {
        return GridDifference {
            part: baseline.part,
            name: baseline.name.clone(),
            columns,
            alone,
            changes: Vec::new(),
        };
    }
    let keys = identifying(baseline, now);
    let (before, after) = (index(baseline, &keys), index(now, &keys));
    let mut changes = Vec::new();
    for (identity, row) in &before.order {
        let change = match after.rows.get(identity) {
            Some(other) => compare_rows(&Pair { baseline, now, keys: &keys, rows: (row, other) }, tolerances),
            None => Some(one_sided(baseline, row, &keys, Side::Baseline)),
        };
        changes.extend(change);
    }
    let mut line = baseline.rows.first().map_or(0, |row| u64::from(row.line > 0));
    for (identity, row) in &after.order {
        match before.rows.get(identity) {
            Some(other) => line = other.line,
            None => {
                let change = one_sided(now, row, &keys, Side::Now);
                changes.push(RowChange { line, ..change });
            }
        }
    }
    GridDifference { part: baseline.part, name: baseline.name.clone(), columns, alone, changes }
}

/// The columns that identify a row: of a fact table as its grain says; of a compliance table the fewest first columns
/// by which no two rows of either side are the same, and at least those texts that it begins with.
fn identifying(baseline: &Grid, now: &Grid) -> Vec<String> {
    if baseline.part == Part::Facts {
        return facts::keys(&baseline.name).iter().map(|&key| key.to_owned()).collect();
    }
    let all = if baseline.columns.is_empty() { &now.columns } else { &baseline.columns };
    let is_unique = |grid: &Grid, keys: &[String]| index(grid, keys).rows.keys().all(|(_, n)| *n == 0);
    let is_text = |grid: &Grid, column: &str| {
        grid.rows.iter().any(|row| {
            let cell = grid.cell(row, column);
            !cell.is_empty() && number(cell).is_none()
        })
    };
    let is_named = |keys: &[String]| {
        let first = all.first().filter(|first| is_text(baseline, first) || is_text(now, first));
        first.is_none() || !keys.is_empty()
    };
    let fits =
        |n: &usize| is_named(&all[..*n]) && is_unique(baseline, &all[..*n]) && is_unique(now, &all[..*n]);
    let n = (0..=all.len()).find(fits).unwrap_or(all.len());
    all[..n].to_vec()
}

/// Rows by what identifies them, and in their own order.
struct Index<'g> {
    rows: BTreeMap<Identity<'g>, &'g Row>,
    order: Vec<(Identity<'g>, &'g Row)>,
}

fn index<'g>(grid: &'g Grid, keys: &[String]) -> Index<'g> {
    let places: Vec<Option<usize>> = keys.iter().map(|key| grid.column(key)).collect();
    let mut seen: BTreeMap<Vec<&str>, usize> = BTreeMap::new();
    let mut index = Index { rows: BTreeMap::new(), order: Vec::new() };
    for row in &grid.rows {
        let cell = |place: &Option<usize>| place.map_or("", |i| row.cell(i));
        let cells: Vec<&str> = places.iter().map(cell).collect();
        let n = seen.entry(cells.clone()).or_default();
        let identity = (cells, *n);
        *n += 1;
        index.rows.insert(identity.clone(), row);
        index.order.push((identity, row));
    }
    index
}

/// The same row on both sides.
struct Pair<'a> {
    baseline: &'a Grid,
    now: &'a Grid,
    keys: &'a [String],
    rows: (&'a Row, &'a Row),
}

fn compare_rows(pair: &Pair<'_>, tolerances: &Tolerances) -> Option<RowChange> {
    let Pair { baseline, now, keys, rows: (before, after) } = *pair;
    let mut values = Vec::new();
    for column in baseline.columns.iter().filter(|column| now.column(column).is_some()) {
        let (a, b) = (baseline.cell(before, column), now.cell(after, column));
        if !tolerances.holds(baseline, column, a, b) {
            values.push(ValueChange { column: column.clone(), before: a.to_owned(), now: b.to_owned() });
        }
    }
    let both = |column: &str| {
        baseline
            .column(column)
            .map(|_| (baseline.cell(before, column).to_owned(), now.cell(after, column).to_owned()))
    };
    (!values.is_empty()).then(|| RowChange {
        side: Side::Both,
        key: named(baseline, before, keys),
        values,
        verdict: both(verdict_column(baseline)),
        due: both("due_at"),
        line: before.line,
    })
}

fn one_sided(grid: &Grid, row: &Row, keys: &[String], side: Side) -> RowChange {
    let of = |column: &str| {
        let cell = grid.column(column).map(|_| grid.cell(row, column).to_owned())?;
        Some(if side == Side::Now { (String::new(), cell) } else { (cell, String::new()) })
    };
    RowChange {
        side,
        key: named(grid, row, keys),
        values: Vec::new(),
        verdict: of(verdict_column(grid)),
        due: of("due_at"),
        line: row.line,
    }
}

/// A case has no verdict: whether it is judged at all stands in its scope.
fn verdict_column(grid: &Grid) -> &'static str {
    match (grid.part, grid.name.as_str()) {
        (Part::Facts, "cases") => "scope",
        (Part::Facts, _) => "verdict",
        // A table that counts verdicts has come to none.
        (Part::Tables, _) => "",
    }
}

fn named(grid: &Grid, row: &Row, keys: &[String]) -> Vec<(String, String)> {
    keys.iter().map(|key| (key.clone(), grid.cell(row, key).to_owned())).collect()
}
