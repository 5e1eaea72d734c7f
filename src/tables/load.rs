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
use crate::facts::{self, Kind};

use super::computed::Computed;
use super::query::Query;
use super::run::engine_error;
use super::table::Cell;

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

/// A computed table as a frame.
pub(super) fn computed(computed: &Computed) -> Result<DataFrame, PolarsError> {
    let columns = computed.table.columns.iter().enumerate().map(|(i, column)| {
        let (name, rows) = (PlSmallStr::from_static(column.name), &computed.rows);
        let cells = rows.iter().map(move |row| row.get(i).unwrap_or(&Cell::Absent));
        match column.kind {
            Kind::Seconds | Kind::Count => {
                Int64Chunked::from_iter_options(name, cells.map(Cell::whole)).into_column()
            }
            Kind::Share => Float64Chunked::from_iter_options(name, cells.map(Cell::number)).into_column(),
            Kind::Flag => BooleanChunked::from_iter_options(name, cells.map(Cell::flag)).into_column(),
            Kind::Text | Kind::Word | Kind::Instant | Kind::ChangedClocks => {
                StringChunked::from_iter_options(name, cells.map(Cell::text)).into_column()
            }
        }
    });
    DataFrame::new(computed.rows.len(), columns.collect())
}
