//! Fact tables as frames of the SQL engine: only the columns that some query mentions. Columns of words are held as
//! numbers of words or as text, as the queries bear it.

use std::path::Path;

use arrow::array::{Array, ArrowPrimitiveType, AsArray, PrimitiveArray, RecordBatch};
use arrow::datatypes::{
    DataType as ArrowType, Float64Type, Int32Type, Int64Type, Schema, TimestampMicrosecondType,
};
use polars::prelude::{
    BooleanChunked, Categorical32Chunked, CategoricalPhysical, Categories, ChunkFullNull, ChunkTake, Column,
    DataFrame, DataType, Float64Chunked, IdxCa, IdxSize, Int64Chunked, IntoColumn, IntoSeries,
    NewChunkedArray, PlSmallStr, PolarsError, StringChunked, TimeUnit, UInt32Chunked,
};
use rayon::prelude::*;

use crate::diag::Error;
use crate::facts::{self, Kind};

use super::computed::Computed;
use super::query::Query;
use super::run::engine_error;
use super::table::Cell;

/// How columns of words are held.
#[derive(Clone, Debug)]
pub(super) enum Words {
    /// As the text that they are: any query can work with it.
    Text,
    /// As numbers of a list of words that all columns of all tables share: grouped, joined and compared as numbers, but
    /// unknown to the engine's functions of text.
    Numbered(DataType),
}

impl Words {
    /// Numbers of a new list.
    pub(super) fn numbered() -> Words {
        Words::Numbered(DataType::from_categories(Categories::random(
            PlSmallStr::EMPTY,
            CategoricalPhysical::U32,
        )))
    }
}

/// The fact table `table` of `folder` with the columns that the queries mention; `None` where there is no
/// such file.
///
/// # Errors
/// [`Error::Input`] where the file cannot be read.
pub(super) fn fact_table(
    folder: &Path,
    table: &str,
    queries: &[Query],
    words: &Words,
) -> Result<Option<DataFrame>, Error> {
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
    frame(&schema, &names, &batches, words).map(Some).map_err(|e| engine_error(table, &e))
}

fn frame(
    schema: &Schema,
    names: &[String],
    batches: &[RecordBatch],
    words: &Words,
) -> Result<DataFrame, PolarsError> {
    let height = batches.iter().map(RecordBatch::num_rows).sum();
    let column = |name: &String| {
        let arrays: Vec<&dyn Array> =
            batches.iter().filter_map(|b| b.column_by_name(name)).map(AsRef::as_ref).collect();
        let data_type = schema.field_with_name(name).map_or(&ArrowType::Null, |field| field.data_type());
        column(name.as_str().into(), data_type, &arrays, words)
    };
    let columns: Result<Vec<Column>, PolarsError> = names.par_iter().map(column).collect();
    DataFrame::new(height, columns?)
}

/// One column of all row groups, of which there may be none. A type that no fact table has becomes a column of
/// nulls.
fn column(
    name: PlSmallStr,
    data_type: &ArrowType,
    arrays: &[&dyn Array],
    words: &Words,
) -> Result<Column, PolarsError> {
    Ok(match data_type {
        ArrowType::Int64 => numbers::<Int64Type>(name, arrays).into_column(),
        ArrowType::Float64 => {
            let values = arrays.iter().flat_map(|a| a.as_primitive::<Float64Type>().iter());
            Float64Chunked::from_iter_options(name, values).into_column()
        }
        ArrowType::Boolean => {
            let values = arrays.iter().flat_map(|a| a.as_boolean().iter());
            BooleanChunked::from_iter_options(name, values).into_column()
        }
        ArrowType::Timestamp(..) => {
            let micros = numbers::<TimestampMicrosecondType>(name, arrays);
            micros.into_datetime(TimeUnit::Microseconds, None).into_series().into_column()
        }
        ArrowType::Utf8 => {
            let values = arrays.iter().flat_map(|a| a.as_string::<i32>().iter());
            StringChunked::from_iter_options(name, values).into_column()
        }
        ArrowType::Dictionary(..) => match words {
            Words::Text => text(name, arrays)?.into_column(),
            Words::Numbered(list) => numbered(name, arrays, list)?.into_column(),
        },
        _ => {
            let height = arrays.iter().map(|a| a.len()).sum();
            StringChunked::from_iter_options(name, std::iter::repeat_n(None::<&str>, height)).into_column()
        }
    })
}

/// Whole numbers, copied as they lie where none is missing.
fn numbers<T: ArrowPrimitiveType<Native = i64>>(name: PlSmallStr, arrays: &[&dyn Array]) -> Int64Chunked {
    let arrays = arrays.iter().map(|array| array.as_primitive::<T>());
    if arrays.clone().all(|array| array.null_count() == 0) {
        let all: Vec<&[i64]> = arrays.map(|array| &array.values()[..]).collect();
        return Int64Chunked::from_vec(name, all.concat());
    }
    Int64Chunked::from_iter_options(name, arrays.flat_map(PrimitiveArray::iter))
}

/// Words by their numbers in `list`, which grows by those that it lacks: each dictionary is looked up once.
fn numbered(
    name: PlSmallStr,
    arrays: &[&dyn Array],
    list: &DataType,
) -> Result<Categorical32Chunked, PolarsError> {
    let mapping = list.cat_mapping()?;
    let mut all: Vec<Option<u32>> = Vec::with_capacity(arrays.iter().map(|array| array.len()).sum());
    for array in arrays {
        let dictionary = array.as_dictionary::<Int32Type>();
        let values = dictionary.values().as_string::<i32>().iter();
        let values: Vec<Option<u32>> = values
            .map(|word| word.map(|word| mapping.insert_cat(word)).transpose())
            .collect::<Result<_, _>>()?;
        all.extend(dictionary.keys().iter().map(|key| values.get(usize::try_from(key?).ok()?).copied()?));
    }
    let numbers = UInt32Chunked::from_iter_options(name, all.into_iter());
    Ok(Categorical32Chunked::from_cats_and_dtype(numbers, list.clone()))
}

/// Words as text: each dictionary is taken once, and its rows refer to it.
fn text(name: PlSmallStr, arrays: &[&dyn Array]) -> Result<StringChunked, PolarsError> {
    let mut all = StringChunked::full_null(name.clone(), 0);
    for array in arrays {
        let dictionary = array.as_dictionary::<Int32Type>();
        let values = dictionary.values().as_string::<i32>().iter();
        let values = StringChunked::from_iter_options(name.clone(), values);
        let keys = dictionary.keys().iter().map(|key| key.map(|key| key as IdxSize));
        all.append_owned(values.take(&IdxCa::from_iter_options(name.clone(), keys))?)?;
    }
    Ok(all.rechunk().into_owned())
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
