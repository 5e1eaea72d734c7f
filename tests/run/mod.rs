//! Files to fact rows, through the whole library: read, replay, Parquet, and back. For tests that hold the rows
//! against what was worked out elsewhere; it judges nothing itself.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Float64Type, Int64Type, TimestampMicrosecondType};
use slaudit::calendar::{Duration, Instant};
use slaudit::diag::Error;
use slaudit::facts::{self, Context, DataRow, Period};
use slaudit::ingest::{self, Plan, Profile, Silent};
use slaudit::policy;
use slaudit::replay::Replayer;
use slaudit::tables::{AnswerRow, Tally};

/// One cell of a fact table.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Null,
    Text(String),
    Whole(i64),
    Real(f64),
    Truth(bool),
    At(Instant),
}

/// One row of a fact table, by column.
pub type Row = BTreeMap<String, Cell>;

/// What a run of the library makes of some files.
pub struct Made {
    /// The rows of each fact table.
    pub tables: BTreeMap<String, Vec<Row>>,
    /// Rejected rows by code.
    pub rejected: BTreeMap<&'static str, u64>,
    /// What closing after one day would have done.
    pub close_after: Vec<AnswerRow>,
    /// Rows read, used and duplicate.
    pub counts: (u64, u64, u64),
}

/// Audits canonical `files` under the policy file or book `policy`.
pub fn audit(files: Vec<PathBuf>, policy: &Path, as_of: Option<Instant>) -> Result<Made, Error> {
    audit_as("canonical", files, policy, as_of)
}

/// The same for exports of the shipped profile `profile`.
pub fn audit_as(
    profile: &str,
    files: Vec<PathBuf>,
    policy: &Path,
    as_of: Option<Instant>,
) -> Result<Made, Error> {
    let book = policy::load(policy)?;
    let plan = Plan { max_rejected: 1.0, as_of, ..Plan::new(files, Profile::named(profile)?) };
    let ingested = ingest::read(&plan, &Silent)?;
    let latest = ingested.history.span.map(|(_, last)| last);
    let replayer = Replayer::new(&book, &ingested.history, as_of.or(latest).expect("the files hold events"));
    let context = Context::new(&ingested.history, &book, &[], Period::default());
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data: [DataRow<'_>; 0] = [];
    let day = [Duration::parse("1 day").expect("a length")];
    let replayer = replayer.asking(&day);
    let tally = || Tally::new(Period::default(), &day);
    let close_after =
        facts::write(&context, &replayer, &data, folder.path(), &tally, &|_| ())?.question.rows();
    let mut tables = BTreeMap::new();
    for table in facts::TABLES {
        let path = folder.path().join(format!("{}.parquet", table.name));
        let batches = facts::read(&path, &facts::column_names(&path)?)?;
        tables.insert(table.name.to_owned(), batches.iter().flat_map(rows).collect());
    }
    let ledger = &ingested.ledger;
    let counts = (ledger.n_read(), ledger.n_used(), ledger.n_duplicate());
    let mut rejected = ledger.by_code();
    rejected.remove(slaudit::codes::D503);
    Ok(Made { tables, rejected, close_after, counts })
}

fn rows(batch: &RecordBatch) -> Vec<Row> {
    let schema = batch.schema();
    let mut rows = vec![Row::new(); batch.num_rows()];
    for (field, column) in schema.fields().iter().zip(batch.columns()) {
        if let DataType::List(_) = field.data_type() {
            rows.iter_mut().enumerate().for_each(|(i, row)| row.extend(entries(column, i)));
            continue;
        }
        let column = plain(column);
        for (i, row) in rows.iter_mut().enumerate() {
            row.insert(field.name().clone(), cell(&column, i));
        }
    }
    rows
}

/// A list of clocks as cells of their own: `masked first_response`, and so on.
fn entries(column: &ArrayRef, i: usize) -> Vec<(String, Cell)> {
    let list = column.as_list::<i32>().value(i);
    let clocks = list.as_struct();
    let mut cells = Vec::new();
    for clock in 0..clocks.len() {
        let Cell::Text(metric) = cell(clocks.column(0), clock) else { panic!("a clock without a metric") };
        for (field, values) in clocks.fields().iter().zip(clocks.columns()) {
            cells.push((format!("{} {metric}", field.name()), cell(values, clock)));
        }
    }
    cells
}

/// Dictionaries as texts, numbers as `i64`.
fn plain(column: &ArrayRef) -> ArrayRef {
    let target = match column.data_type() {
        DataType::Dictionary(_, _) | DataType::LargeUtf8 | DataType::Utf8View => DataType::Utf8,
        kind if kind.is_integer() => DataType::Int64,
        kind => kind.clone(),
    };
    arrow::compute::cast(column, &target).expect("a cast that Arrow knows")
}

fn cell(column: &ArrayRef, i: usize) -> Cell {
    if column.is_null(i) {
        return Cell::Null;
    }
    match column.data_type() {
        DataType::Utf8 => Cell::Text(column.as_string::<i32>().value(i).to_owned()),
        DataType::Int64 => Cell::Whole(column.as_primitive::<Int64Type>().value(i)),
        DataType::Float64 => Cell::Real(column.as_primitive::<Float64Type>().value(i)),
        DataType::Boolean => Cell::Truth(column.as_boolean().value(i)),
        DataType::Timestamp(_, _) => {
            Cell::At(Instant::from_micros(column.as_primitive::<TimestampMicrosecondType>().value(i)))
        }
        other => panic!("no cell of type {other}"),
    }
}

/// An instant in RFC 3339.
pub fn instant(text: &str) -> Instant {
    let parsed = chrono::DateTime::parse_from_rfc3339(text).expect("RFC 3339");
    Instant::from_micros(parsed.timestamp_micros())
}

/// True where `cell` is the value that `text` spells; targets are compared as durations, and so `1bh` is
/// `1 business hour`.
pub fn spells(cell: &Cell, column: &str, text: &str) -> bool {
    match cell {
        Cell::Null => text.is_empty(),
        Cell::Text(found) if column == "target" => {
            Duration::parse(found).ok().map(|d| d.amount()) == Duration::parse(text).ok().map(|d| d.amount())
        }
        Cell::Text(found) => found == text,
        Cell::Whole(found) => text.parse() == Ok(*found),
        Cell::Real(found) => text.parse().is_ok_and(|value: f64| (value - found).abs() < 1e-9),
        Cell::Truth(found) => text.parse() == Ok(*found),
        Cell::At(found) => !text.is_empty() && *found == instant(text),
    }
}
