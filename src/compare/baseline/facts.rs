//! A fact table to text cells: instants in RFC 3339, whole numbers, shares with all their digits, rows sorted by what
//! identifies them. Reading the Parquet file is the caller's part.

use std::cmp::Ordering;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Float64Type, Int64Type, TimestampMicrosecondType};
use arrow::error::ArrowError;

use crate::calendar::Instant;
use crate::tables::harmless;

use super::grid::{Grid, Part, Row};

/// Where a finding stands in the input is no fact: a row put in above it would move it.
const PLACES: [&str; 2] = ["file", "line"];

/// What identifies a row of the fact table `name`; rows of `findings` may share it, and are then in order
/// of their other cells.
pub(super) fn keys(name: &str) -> &'static [&'static str] {
    match name {
        "clocks" => &["case_id", "metric", "cycle"],
        "severity_changes" => &["case_id", "change"],
        "inactivity" => &["case_id", "rule", "spell"],
        "overtaken" => &["response_case_id"],
        "findings" => &["case_id", "code", "metric", "cycle"],
        _ => &["case_id"],
    }
}

/// The fact table `name` of these batches as text, without the places of findings in the input and without the messages
/// of those of cases, sorted by what identifies its rows. Texts that a spreadsheet could take for a formula, and those that look neutralised already,
/// start with an apostrophe (SPEC 13).
///
/// # Errors
/// A type that no fact table has; Arrow's own words.
pub fn fact_grid(name: &str, batches: &[RecordBatch]) -> Result<Grid, ArrowError> {
    let mut grid = Grid { part: Part::Facts, name: name.to_owned(), ..Grid::default() };
    for batch in batches {
        let schema = batch.schema();
        let kept: Vec<usize> = (0..batch.num_columns())
            .filter(|&i| name != "findings" || !PLACES.contains(&schema.field(i).name().as_str()))
            .collect();
        if grid.columns.is_empty() {
            grid.columns = kept.iter().map(|&i| schema.field(i).name().clone()).collect();
        }
        let mut columns = kept.iter().map(|&i| texts(batch.column(i))).collect::<Result<Vec<_>, _>>()?;
        drop_words(&grid, &mut columns);
        for i in 0..batch.num_rows() {
            grid.rows.push(Row::new(columns.iter().map(|column| column[i].as_str()), 0));
        }
    }
    sort(&mut grid);
    Ok(grid)
}

/// A finding of a case puts into words what other facts hold: a second that is tolerated there shall not come back
/// here. Only those of the data (`D`) say what stands nowhere else.
fn drop_words(grid: &Grid, columns: &mut [Vec<String>]) {
    let places = (grid.name == "findings").then(|| grid.column("code").zip(grid.column("message"))).flatten();
    let Some((code, message)) = places else { return };
    for i in 0..columns[code].len() {
        if !columns[code][i].starts_with('D') {
            columns[message][i].clear();
        }
    }
}

fn sort(grid: &mut Grid) {
    let places: Vec<usize> = keys(&grid.name).iter().filter_map(|key| grid.column(key)).collect();
    grid.rows.sort_by(|a, b| {
        let by = places.iter().map(|&i| order(a.cell(i), b.cell(i)));
        by.fold(Ordering::Equal, Ordering::then).then_with(|| a.cells().cmp(b.cells()))
    });
}

/// Whole numbers by their value, else by bytes.
fn order(a: &str, b: &str) -> Ordering {
    match (a.parse::<u64>(), b.parse::<u64>()) {
        (Ok(x), Ok(y)) => x.cmp(&y).then_with(|| a.cmp(b)),
        _ => a.cmp(b),
    }
}

fn texts(column: &ArrayRef) -> Result<Vec<String>, ArrowError> {
    if let DataType::List(_) = column.data_type() {
        return (0..column.len()).map(|i| changed_clocks(column, i)).collect();
    }
    let plain = match column.data_type() {
        DataType::Dictionary(_, _) => arrow::compute::cast(column, &DataType::Utf8)?,
        _ => column.clone(),
    };
    (0..plain.len()).map(|i| text(&plain, i)).collect()
}

fn text(column: &ArrayRef, i: usize) -> Result<String, ArrowError> {
    if column.is_null(i) {
        return Ok(String::new());
    }
    match column.data_type() {
        DataType::Utf8 => Ok(neutral(column.as_string::<i32>().value(i))),
        DataType::Int64 => Ok(column.as_primitive::<Int64Type>().value(i).to_string()),
        DataType::Float64 => Ok(column.as_primitive::<Float64Type>().value(i).to_string()),
        DataType::Boolean => Ok(column.as_boolean().value(i).to_string()),
        DataType::Timestamp(_, _) => {
            let micros = column.as_primitive::<TimestampMicrosecondType>().value(i);
            Ok(Instant::from_micros(micros).rfc3339())
        }
        other => Err(ArrowError::NotYetImplemented(format!("a fact of type {other}"))),
    }
}

/// Unlike [`harmless`] alone, never the same text for two.
fn neutral(text: &str) -> String {
    if text.starts_with('\'') { format!("'{text}") } else { harmless(text) }
}

/// `first_response 1: masked`, several with `; ` between them.
fn changed_clocks(column: &ArrayRef, i: usize) -> Result<String, ArrowError> {
    if column.is_null(i) {
        return Ok(String::new());
    }
    let list = column.as_list::<i32>().value(i);
    let clocks = list.as_struct();
    let mut all = Vec::new();
    for clock in 0..clocks.len() {
        let mut words = Vec::new();
        let mut flags = Vec::new();
        for (field, values) in clocks.fields().iter().zip(clocks.columns()) {
            match field.data_type() {
                DataType::Boolean if values.as_boolean().value(clock) => flags.push(field.name().clone()),
                DataType::Boolean => {}
                _ => words.push(text(values, clock)?),
            }
        }
        let flags = if flags.is_empty() { String::new() } else { format!(": {}", flags.join(", ")) };
        all.push(format!("{}{flags}", words.join(" ")));
    }
    Ok(all.join("; "))
}
