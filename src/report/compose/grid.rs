//! Compliance tables as grids: headings, kinds of cells and documentation, from the names of the columns, the header
//! of the query and the glossary (names end in `_s`, `_at`, start with `n_`). It counts nothing.

use crate::policy::Book;
use crate::replay::Metric;
use crate::tables::{Cell, Query, Table};

use super::super::document::{Column, Grid, Show, Strip};

/// `table` with all of its columns and its first `most` rows.
pub(in crate::report) fn complete(query: &Query, table: &Table, most: usize) -> Grid {
    let columns = (0..table.columns.len()).map(|i| column(query, table, i)).collect();
    Grid {
        name: table.name.clone(),
        title: query.title.clone(),
        note: format!("One row: {}.", query.grain),
        columns,
        rows: table.rows.iter().take(most).cloned().collect(),
        n_all: table.rows.len(),
        is_searchable: false,
        strip: None,
    }
}

/// `table` with the columns called `names`; those that it has not are left out.
pub(in crate::report) fn chosen(query: &Query, table: &Table, names: &[&str]) -> Grid {
    let indices: Vec<usize> = names.iter().filter_map(|name| table.column(name)).collect();
    let columns: Vec<Column> = indices.iter().map(|&i| column(query, table, i)).collect();
    let cells = |row: &Vec<Cell>| indices.iter().map(|&i| row[i].clone()).collect();
    let strip = strip(&columns);
    Grid {
        name: table.name.clone(),
        title: query.title.clone(),
        note: String::new(),
        columns,
        rows: table.rows.iter().map(cells).collect(),
        n_all: table.rows.len(),
        is_searchable: false,
        strip,
    }
}

/// The columns of a share and its interval, where they are there.
pub(in crate::report) fn strip(columns: &[Column]) -> Option<Strip> {
    let at = |name: &str| columns.iter().position(|c| c.name == name);
    let share =
        columns.iter().position(|c| at(&format!("{}_low", c.name)).is_some() && c.show == Show::Share)?;
    let name = &columns[share].name;
    let (low, high) = at(&format!("{name}_low")).zip(at(&format!("{name}_high")))?;
    Some(Strip { share, low, high, goal: at("goal") })
}

/// Rows in the order in which a case meets the promises, best effort after commitments; otherwise as they stood.
pub(in crate::report) fn in_order(grid: &mut Grid) {
    let at = |name: &str| grid.columns.iter().position(|c| c.name == name);
    // A list has its own order.
    let Some(metric) = at("metric").filter(|_| at("position").is_none()) else { return };
    let kind = at("kind");
    let word = |row: &Vec<Cell>, i: usize| match row.get(i) {
        Some(Cell::Text(text)) => Some(text.clone()),
        _ => None,
    };
    let words = |row: &Vec<Cell>| (word(row, metric), kind.and_then(|kind| word(row, kind)));
    grid.rows.sort_by_key(|row| {
        let (metric, kind) = words(row);
        place(metric.as_deref(), kind.as_deref())
    });
}

/// Where a promise stands among the others.
pub(in crate::report) fn place(metric: Option<&str>, kind: Option<&str>) -> (bool, usize) {
    let place = Metric::ALL.iter().position(|known| Some(known.word()) == metric);
    (kind == Some("best_effort"), place.unwrap_or(Metric::ALL.len()))
}

/// Severities as the policy names them: `1 Critical`; `missing` where there is none.
pub(in crate::report) fn name_severities(grid: &mut Grid, book: &Book, missing: &str) {
    for (i, column) in grid.columns.iter_mut().enumerate() {
        if !column.name.ends_with("severity") {
            continue;
        }
        column.show = Show::Text;
        for row in &mut grid.rows {
            row[i] = match row[i] {
                Cell::Whole(level) => Cell::Text(severity(book, u8::try_from(level).ok())),
                _ => Cell::Text(missing.to_owned()),
            };
        }
    }
}

/// A severity with the name that the latest version which defines it gives it: `1 Critical`.
pub(in crate::report) fn severity(book: &Book, level: Option<u8>) -> String {
    let Some(level) = level else { return "none".to_owned() };
    match book.versions.iter().rev().find_map(|v| v.severity(level)) {
        Some(rule) if rule.name != level.to_string() => format!("{level} {}", rule.name),
        _ => level.to_string(),
    }
}

fn column(query: &Query, table: &Table, index: usize) -> Column {
    let name = &table.columns[index];
    let cells = table.rows.iter().map(|row| &row[index]);
    let mut label = label(name);
    // A share beside the count that it is made of would have its heading.
    if table.column(&format!("n_{name}")).is_some() {
        label.push_str(" share");
    }
    Column { name: name.clone(), label, doc: doc(query, name), show: show(name, cells) }
}

fn doc(query: &Query, name: &str) -> String {
    if let Some((_, doc)) = query.columns.iter().find(|(column, _)| column == name) {
        return doc.clone();
    }
    let of = |rate: &crate::tables::RateColumn| {
        let (low, high) = (format!("{}_low", rate.name), format!("{}_high", rate.name));
        match name {
            _ if name == rate.name => {
                Some(format!("{}: {} / {}", rate.doc, rate.numerator, rate.denominator))
            }
            _ if name == low => Some("lower end of its 95 % Wilson interval".to_owned()),
            _ if name == high => Some("upper end of its 95 % Wilson interval".to_owned()),
            _ => None,
        }
    };
    query.rates.iter().find_map(of).unwrap_or_default()
}

/// How the cells of a column are shown, by the glossary's names; what the names do not tell, the cells do.
fn show<'c>(name: &str, mut cells: impl Iterator<Item = &'c Cell>) -> Show {
    match name {
        "code" => return Show::Code,
        "case_id" => return Show::Case,
        "change" | "change_low" | "change_high" => return Show::Points,
        "metric" | "kind" | "verdict" | "direction" | "basis" | "measure" | "standing" | "counted" => {
            return Show::Word;
        }
        "position" | "cycle" | "line" | "clause" => return Show::Number,
        "at" => return Show::Instant,
        _ if name.ends_with("severity") => return Show::Number,
        _ if name.ends_with("_at") => return Show::Instant,
        _ if name.ends_with("_s") => return Show::Seconds,
        _ => {}
    }
    match cells.find(|cell| **cell != Cell::Absent) {
        Some(Cell::Whole(_)) => Show::Count,
        Some(Cell::Number(_)) => Show::Share,
        Some(Cell::Flag(_)) => Show::Flag,
        _ if name.starts_with("n_") => Show::Count,
        _ => Show::Text,
    }
}

/// A heading for people.
pub(in crate::report) fn label(name: &str) -> String {
    let known = match name {
        "metric" => "Promise",
        "n" => "Count",
        "n_of" => "Of",
        "p50_s" => "Median",
        "p90_s" => "90th percentile",
        "km_p50_s" => "Median, open ones too",
        "km_p90_s" => "90th percentile, open ones too",
        "case_id" => "Case",
        "at" => "When",
        "over_by_s" => "Over by",
        "position" => "#",
        "change" => "Change",
        _ if name.ends_with("_low") => "95 % from",
        _ if name.ends_with("_high") => "to",
        _ => "",
    };
    if !known.is_empty() {
        return known.to_owned();
    }
    let name = name.strip_prefix("n_").unwrap_or(name);
    let name = name.strip_suffix("_s").or_else(|| name.strip_suffix("_at")).unwrap_or(name);
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_and_kinds_come_from_the_names() {
        assert_eq!(
            ["n_no_target", "opened_at", "worst_waited_s", "attainment"].map(label),
            ["No target", "Opened", "Worst waited", "Attainment"]
        );
        let of = |name: &str, cells: &[Cell]| show(name, cells.iter());
        assert_eq!(of("from_severity", &[Cell::Whole(1)]), Show::Number);
        assert_eq!(of("median_s", &[Cell::Absent]), Show::Seconds);
        assert_eq!(of("share", &[Cell::Absent, Cell::Number(0.5)]), Show::Share);
        assert_eq!(of("n_cases", &[]), Show::Count);
        assert_eq!(of("customer", &[Cell::Text("=1+1".into())]), Show::Text);
    }
}
