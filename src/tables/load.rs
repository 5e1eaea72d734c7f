//! Fact tables as frames of the SQL engine: only the columns that some query mentions.

use std::path::Path;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{
    DataType as ArrowType, Float64Type, Int32Type, Int64Type, Schema, TimestampMicrosecondType,
};
use polars::prelude::{
    BooleanChunked, Column, DataFrame, Float64Chunked, Int64Chunked, IntoColumn, IntoSeries, NewChunkedArray,
    PlSmallStr, PolarsError, StringChunked, TimeUnit,
};

use crate::diag::Error;
use crate::facts;

use super::durations::{DURATIONS, DurationRow};
use super::query::Query;
use super::run::engine_error;

/// The fact table `table` of `folder` with the columns that the queries mention; `None` where there is no
/// such file.
///
/// # Errors
/// [`Error::Input`] where the file cannot be read.
pub(super) fn fact_table(folder: &Path, table: &str, queries: &[Query]) -> Result<Option<DataFrame>, Error> {
    let path = folder.join(format!("{table}.parquet"));
    if !path.is_file() {
        return Ok(None);
    }
    let mentioned: Vec<&Query> = queries.iter().filter(|q| q.mentions(table)).collect();
    let wanted = |name: &String| mentioned.iter().any(|q| q.selects_all() || q.mentions(name));
    let schema = facts::schema(&path)?;
    let mut names: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
    let first = names.first().cloned();
    names.retain(wanted);
    // A query may count rows and name no column: one has to be there to count.
    if names.is_empty() {
        names.extend(first);
    }
    let batches = facts::read(&path, &names)?;
    frame(&schema, &names, &batches).map(Some).map_err(|e| engine_error(table, &e))
}

fn frame(schema: &Schema, names: &[String], batches: &[RecordBatch]) -> Result<DataFrame, PolarsError> {
    let height = batches.iter().map(RecordBatch::num_rows).sum();
    let mut columns = Vec::with_capacity(names.len());
    for name in names {
        let arrays: Vec<&dyn Array> =
            batches.iter().filter_map(|b| b.column_by_name(name)).map(AsRef::as_ref).collect();
        let data_type = schema.field_with_name(name).map_or(&ArrowType::Null, |field| field.data_type());
        columns.push(column(name.as_str().into(), data_type, &arrays));
    }
    DataFrame::new(height, columns)
}

/// One column of all row groups, of which there may be none. A type that no fact table has becomes a column of
/// nulls.
fn column(name: PlSmallStr, data_type: &ArrowType, arrays: &[&dyn Array]) -> Column {
    match data_type {
        ArrowType::Int64 => {
            let values = arrays.iter().flat_map(|a| a.as_primitive::<Int64Type>().iter());
            Int64Chunked::from_iter_options(name, values).into_column()
        }
        ArrowType::Float64 => {
            let values = arrays.iter().flat_map(|a| a.as_primitive::<Float64Type>().iter());
            Float64Chunked::from_iter_options(name, values).into_column()
        }
        ArrowType::Boolean => {
            let values = arrays.iter().flat_map(|a| a.as_boolean().iter());
            BooleanChunked::from_iter_options(name, values).into_column()
        }
        ArrowType::Timestamp(..) => {
            let values = arrays.iter().flat_map(|a| a.as_primitive::<TimestampMicrosecondType>().iter());
            let micros = Int64Chunked::from_iter_options(name, values);
            micros.into_datetime(TimeUnit::Microseconds, None).into_series().into_column()
        }
        ArrowType::Utf8 => {
            let values = arrays.iter().flat_map(|a| a.as_string::<i32>().iter());
            StringChunked::from_iter_options(name, values).into_column()
        }
        ArrowType::Dictionary(..) => {
            let values = arrays.iter().flat_map(|a| words(*a));
            StringChunked::from_iter_options(name, values).into_column()
        }
        _ => {
            let height = arrays.iter().map(|a| a.len()).sum();
            StringChunked::from_iter_options(name, std::iter::repeat_n(None::<&str>, height)).into_column()
        }
    }
}

fn words(array: &dyn Array) -> impl Iterator<Item = Option<&str>> {
    let dictionary = array.as_dictionary::<Int32Type>();
    let values = dictionary.values().as_string::<i32>();
    dictionary.keys().iter().map(move |key| key.map(|k| values.value(k as usize)))
}

/// The computed table `durations`.
pub(super) fn durations(rows: &[DurationRow]) -> Result<DataFrame, PolarsError> {
    let text = |name: &str, value: fn(&DurationRow) -> &'static str| {
        StringChunked::from_iter_options(name.into(), rows.iter().map(|r| Some(value(r)))).into_column()
    };
    let whole = |name: &str, value: &dyn Fn(&DurationRow) -> Option<i64>| {
        Int64Chunked::from_iter_options(name.into(), rows.iter().map(value)).into_column()
    };
    let count = |i: usize| move |r: &DurationRow| i64::try_from(r.counts[i]).ok();
    let n = |r: &DurationRow| i64::try_from(r.counts.iter().sum::<u64>()).ok();
    let columns = vec![
        text("metric", |r| r.metric.word()),
        text("measure", |r| r.measure.word()),
        whole("severity", &|r| r.severity.map(i64::from)),
        whole("n", &n),
        whole("n_answered", &count(0)),
        whole("n_unanswered", &count(1)),
        whole("n_censored", &count(2)),
        whole("p50_s", &|r| r.plain[0]),
        whole("p90_s", &|r| r.plain[1]),
        whole("km_p50_s", &|r| r.kaplan_meier[0]),
        whole("km_p90_s", &|r| r.kaplan_meier[1]),
    ];
    debug_assert!(columns.iter().map(|c| c.name().as_str()).eq(DURATIONS.columns.iter().map(|c| c.name)));
    DataFrame::new(rows.len(), columns)
}
