//! A difference in the order in which it is told: cases that changed verdict, rows on one side only, other facts, table
//! numbers, objectives. Words for people; how they are set out is each writer's part.

use std::collections::BTreeMap;

use super::Told;
use super::context::Context;
use super::difference::{Difference, GridDifference, RowChange, Side, ValueChange};
use super::grid::Part;
use super::words::{cell, counted, label, one_sided, pair, shown};

/// Most cells of one row that are shown.
const CELLS: usize = 6;

/// One thing that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// What, in one line.
    pub(super) title: String,
    /// What more there is to it: cells, mostly.
    pub(super) details: Vec<String>,
    /// Table and line of the baseline where it stands; 0: no line.
    pub(super) place: Option<(Part, String, u64)>,
}

/// Things of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Section {
    /// What they are.
    pub(super) title: &'static str,
    /// All of them.
    pub(super) entries: Vec<Entry>,
}

/// The sections that have anything in them.
pub(super) fn sections(difference: &Difference) -> Vec<Section> {
    let is_objectives = |grid: &GridDifference| grid.part == Part::Tables && grid.name == "objectives";
    let facts = || difference.grids.iter().filter(|grid| grid.part == Part::Facts);
    let tables = || difference.grids.iter().filter(|grid| grid.part == Part::Tables);
    let mut all = vec![
        Section { title: "Rows of the input", entries: difference.rows.iter().map(row_count).collect() },
        Section { title: "Verdicts that changed", entries: facts().flat_map(verdicts).collect() },
        Section { title: "Rows on one side only", entries: facts().flat_map(one_side).collect() },
        Section { title: "Other facts", entries: facts().flat_map(other_facts).collect() },
        Section {
            title: "Tables",
            entries: tables().filter(|grid| !is_objectives(grid)).flat_map(table).collect(),
        },
        Section {
            title: "Objectives, beside the baseline",
            entries: tables().filter(|grid| is_objectives(grid)).flat_map(table).collect(),
        },
    ];
    all.retain(|section| !section.entries.is_empty());
    all
}

/// What a check came to, in one sentence without a full stop.
pub(super) fn headline(told: &Told<'_>) -> String {
    let Told { folder, difference, objectives, .. } = told;
    let folder = shown(folder);
    let failing = objectives.iter().filter(|objective| objective.fails).count();
    let failing = match failing {
        0 => String::new(),
        1 => "; 1 objective is missed beyond doubt".to_owned(),
        n => format!("; {n} objectives are missed beyond doubt"),
    };
    if !difference.is_empty() {
        let parts: Vec<String> = sections(difference).iter().map(counted_section).collect();
        return format!("not as the baseline `{folder}`: {}{failing}", parts.join(", "));
    }
    let n = |part| difference.grids.iter().filter(|grid| grid.part == part).count();
    let facts = counted(n(Part::Facts), "fact table");
    let tables = counted(n(Part::Tables), "compliance table");
    format!("as the baseline `{folder}`: {facts}, {tables}{failing}")
}

fn counted_section(section: &Section) -> String {
    let n = section.entries.len();
    match section.title {
        "Verdicts that changed" if n == 1 => "1 verdict changed".to_owned(),
        "Verdicts that changed" => format!("{n} verdicts changed"),
        "Rows on one side only" => format!("{} of facts on one side only", counted(n, "row")),
        "Other facts" => counted(n, "other fact"),
        "Tables" => format!("{} of tables", counted(n, "row")),
        "Rows of the input" => format!("{} of input rows", counted(n, "count")),
        _ => counted(n, "objective"),
    }
}

/// `what: how`.
pub(super) fn context_line(context: &Context) -> String {
    format!("{}: {}", context.what, context.text)
}

/// What the audit has and the baseline does not hold.
pub(super) fn not_held(difference: &Difference) -> Option<String> {
    let n = difference.not_held.len();
    (n > 0).then(|| format!("{} of the audit not held: `tables` in baseline.toml", counted(n, "table")))
}

/// Everything that differs in one table.
pub(super) fn entries(grid: &GridDifference) -> Vec<Entry> {
    match grid.part {
        Part::Facts => verdicts(grid).chain(one_side(grid)).chain(other_facts(grid)).collect(),
        Part::Tables => table(grid).collect(),
    }
}

fn row_count(value: &ValueChange) -> Entry {
    let title = format!("rows {}: {} -> {}", shown(&value.column), value.before, value.now);
    Entry { title, details: Vec::new(), place: None }
}

fn entry(grid: &GridDifference, change: &RowChange, said: &str, details: Vec<String>) -> Entry {
    let title = format!("{}{said}", label(grid.part, &grid.name, change));
    Entry { title, details, place: Some((grid.part, grid.name.clone(), change.line)) }
}

fn verdicts(grid: &GridDifference) -> impl Iterator<Item = Entry> {
    let changed = grid.changes.iter().filter(|change| change.changed_verdict());
    changed.map(|change| {
        let (before, now) = change.verdict.clone().unwrap_or_default();
        let due = change.due.iter().map(|(before, now)| match before == now {
            true => format!("due {}, as before", cell(now)),
            false => format!("due {} -> {}", cell(before), cell(now)),
        });
        let what = if grid.name == "cases" { "scope " } else { "" };
        let said = format!(": {what}{} -> {}", cell(&before), cell(&now));
        entry(grid, change, &said, due.collect())
    })
}

fn one_side(grid: &GridDifference) -> impl Iterator<Item = Entry> {
    let alone = grid.changes.iter().filter(|change| change.side != Side::Both);
    alone.map(|change| entry(grid, change, &format!(": {}", one_sided(&grid.name, change)), Vec::new()))
}

/// What is told with the verdict already.
const TOLD: [&str; 3] = ["verdict", "scope", "due_at"];

/// From so many rows on, a change that is the same in all of them is told once: another name of the policy, another
/// target.
const SAME: usize = 5;

/// A change of a cell: column, before, now.
type Same<'c> = (&'c str, &'c str, &'c str);

fn same(value: &ValueChange) -> Same<'_> {
    (&value.column, &value.before, &value.now)
}

fn other_facts(grid: &GridDifference) -> impl Iterator<Item = Entry> {
    let told_apart = |change: &RowChange, value: &ValueChange| {
        !(change.changed_verdict() && TOLD.contains(&value.column.as_str()))
    };
    let mut n: BTreeMap<Same<'_>, (usize, &RowChange)> = BTreeMap::new();
    for change in &grid.changes {
        for value in change.values.iter().filter(|value| told_apart(change, value)) {
            n.entry(same(value)).or_insert((0, change)).0 += 1;
        }
    }
    n.retain(|_, (n, _)| *n >= SAME);
    let rows = grid.changes.iter().filter_map(|change| {
        let is_apart = |value: &&ValueChange| told_apart(change, value) && !n.contains_key(&same(value));
        let values: Vec<&ValueChange> = change.values.iter().filter(is_apart).collect();
        (!values.is_empty()).then(|| entry(grid, change, "", cells(&values)))
    });
    let rows: Vec<Entry> = rows.collect();
    let often = n.iter().map(|((column, before, now), (n, first))| {
        let title = format!(
            "{} in {n} rows of {}: {} -> {}",
            shown(column),
            shown(&grid.name.replace('_', " ")),
            cell(before),
            cell(now)
        );
        let first = format!("the first: {}", label(grid.part, &grid.name, first));
        Entry { title, details: vec![first], place: Some((grid.part, grid.name.clone(), 1)) }
    });
    let often: Vec<Entry> = often.collect();
    columns(grid).chain(often).chain(rows)
}

fn table(grid: &GridDifference) -> impl Iterator<Item = Entry> {
    let rows = grid.changes.iter().map(|change| match change.side {
        Side::Both => entry(grid, change, "", cells(&change.values.iter().collect::<Vec<_>>())),
        _ => entry(grid, change, &format!(": {}", one_sided(&grid.name, change)), Vec::new()),
    });
    columns(grid).chain(rows)
}

/// Columns on one side only; one line where the whole table is.
fn columns(grid: &GridDifference) -> impl Iterator<Item = Entry> {
    let entry =
        |title: String| Entry { title, details: Vec::new(), place: Some((grid.part, grid.name.clone(), 1)) };
    let table = format!("{} {}", grid.part.word(), shown(&grid.name));
    let alone = grid.alone.iter().map({
        let table = table.clone();
        move |side| match side {
            Side::Baseline => entry(format!("{table}: no rows now, some in the baseline")),
            _ => entry(format!("{table}: no rows in the baseline, some now")),
        }
    });
    alone.chain(grid.columns.iter().map(move |(column, side)| {
        let said = if *side == Side::Baseline { "only in the baseline" } else { "only now" };
        entry(format!("{table}, column {}: {said}", shown(column)))
    }))
}

/// What is said of the cells; the ends of an interval go without saying where the share is said.
fn cells(values: &[&ValueChange]) -> Vec<String> {
    let has = |column: &str| values.iter().any(|value| value.column == column);
    let goes_without = |value: &&&ValueChange| {
        let share = value.column.strip_suffix("_low").or_else(|| value.column.strip_suffix("_high"));
        !share.is_some_and(has)
    };
    let values: Vec<&&ValueChange> = values.iter().filter(goes_without).collect();
    let one = |value: &&&ValueChange| {
        let (before, now) = pair(&value.before, &value.now);
        format!("{} {before} -> {now}", shown(&value.column))
    };
    let mut all: Vec<String> = values.iter().take(CELLS).map(one).collect();
    if values.len() > CELLS {
        all.push(format!("and {}", counted(values.len() - CELLS, "more cell")));
    }
    all
}
