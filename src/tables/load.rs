//! Fact tables as frames of the SQL engine: only the columns that some query mentions. Columns of words are held as
//! numbers of words or as text, as the queries bear it.

use std::path::Path;

use arrow::array::{Array, ArrowPrimitiveType, AsArray, RecordBatch};
use arrow::datatypes::{
    DataType as ArrowType, Float64Type, Int32Type, Int64Type, Schema, TimestampMicrosecondType,
};
use polars::prelude::{
    BooleanChunked, Categorical32Chunked, CategoricalPhysical, Categories, ChunkFullNull, ChunkTake, Column,
    DataFrame, DataType, Float64Chunked, IdxCa, IdxSize, Int64Chunked, IntoColumn, IntoSeries,
    NewChunkedArray, PlSmallStr, PolarsError, StringChunked, TimeUnit, UInt32Chunked,
};

use crate::diag::Error;
use crate::facts::{self, Kind};

use super::computed::Computed;
use super::own::{ALL, IN_PERIOD};
use super::query::Query;
use super::run::engine_error;
use super::table::Cell;

/// The one column of text that tables are joined by.
const CASE_ID: &str = "case_id";

/// How columns of words are held.
#[derive(Clone, Debug)]
pub(super) enum Words {
    /// As the text that they are: any query can work with it.
    Text,
    /// As numbers of a list of words that all columns of all tables share: grouped, joined and compared as numbers, but
    /// unknown to the engine's functions of text.
    Numbered(DataType),
    /// The same, case ids among them: where tables are joined by them.
    CasesToo(DataType),
}

impl Words {
    /// Numbers of a new list.
    pub(super) fn numbered() -> Words {
        Words::Numbered(new_list())
    }

    /// Numbers of a new list, case ids among them.
    pub(super) fn cases_too() -> Words {
        Words::CasesToo(new_list())
    }
}

fn new_list() -> DataType {
    DataType::from_categories(Categories::random(PlSmallStr::EMPTY, CategoricalPhysical::U32))
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
    let schema = facts::schema(&path)?;
    let Some(names) = mentioned(table, &schema, queries) else { return Ok(None) };
    let failed = |e| engine_error(table, &e);
    // One piece a row group: what the engine makes of a piece is small enough to be made where the last one was.
    let pieces = facts::read_as(&path, &names, |batch| frame(&names, &batch, words))?;
    let mut whole = frame(&names, &RecordBatch::new_empty(schema), words).map_err(failed)?;
    for piece in pieces {
        whole.vstack_mut_owned(piece.map_err(failed)?).map_err(failed)?;
    }
    Ok(Some(whole))
}

/// The columns of a table that the queries mention; `None` where none mentions the table.
fn mentioned(table: &str, schema: &Schema, queries: &[Query]) -> Option<Vec<String>> {
    let whole = format!("{ALL}{table}");
    let asking: Vec<&Query> = queries.iter().filter(|q| q.mentions(table) || q.mentions(&whole)).collect();
    if asking.is_empty() {
        return None;
    }
    // What the user's queries see is cut to the period.
    let is_cut = asking.iter().any(|query| !query.ships());
    let wanted = |name: &String| {
        asking.iter().any(|q| q.selects_all() || q.mentions(name)) || is_cut && name == IN_PERIOD
    };
    let mut names: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
    let first = names.first().cloned();
    names.retain(wanted);
    // A query may count rows and name no column: one has to be there to count.
    if names.is_empty() {
        names.extend(first);
    }
    Some(names)
}

/// Those columns of `table` that the queries mention, of rows that are in memory; `None` where none mentions the table.
pub(super) fn rows(
    table: &str,
    rows: &RecordBatch,
    queries: &[Query],
    words: &Words,
) -> Result<Option<DataFrame>, PolarsError> {
    let names = mentioned(table, rows.schema_ref(), queries);
    names.map(|names| frame(&names, rows, words)).transpose()
}

/// The columns called `names`, in their order.
fn frame(names: &[String], batch: &RecordBatch, words: &Words) -> Result<DataFrame, PolarsError> {
    let array = |name| batch.column_by_name(name).map(|array| (PlSmallStr::from_str(name), array));
    let columns = names.iter().filter_map(|name| array(name));
    let columns: Result<Vec<Column>, PolarsError> =
        columns.map(|(name, array)| column(name, array, words)).collect();
    DataFrame::new(batch.num_rows(), columns?)
}

/// One column. A type that no fact table has becomes a column of nulls.
fn column(name: PlSmallStr, array: &dyn Array, words: &Words) -> Result<Column, PolarsError> {
    Ok(match array.data_type() {
        ArrowType::Int64 => numbers::<Int64Type>(name, array).into_column(),
        ArrowType::Float64 => {
            Float64Chunked::from_iter_options(name, array.as_primitive::<Float64Type>().iter()).into_column()
        }
        ArrowType::Boolean => {
            BooleanChunked::from_iter_options(name, array.as_boolean().iter()).into_column()
        }
        ArrowType::Timestamp(..) => {
            let micros = numbers::<TimestampMicrosecondType>(name, array);
            micros.into_datetime(TimeUnit::Microseconds, None).into_series().into_column()
        }
        ArrowType::Utf8 => match words {
            Words::CasesToo(list) if name == CASE_ID => cases(name, array, list)?.into_column(),
            _ => StringChunked::from_iter_options(name, array.as_string::<i32>().iter()).into_column(),
        },
        ArrowType::Dictionary(..) => match words {
            Words::Text => text(name, array)?.into_column(),
            Words::Numbered(list) | Words::CasesToo(list) => numbered(name, array, list)?.into_column(),
        },
        _ => StringChunked::full_null(name, array.len()).into_column(),
    })
}

/// Whole numbers, copied as they lie where none is missing.
fn numbers<T: ArrowPrimitiveType<Native = i64>>(name: PlSmallStr, array: &dyn Array) -> Int64Chunked {
    let array = array.as_primitive::<T>();
    if array.null_count() == 0 {
        return Int64Chunked::from_slice(name, array.values());
    }
    Int64Chunked::from_iter_options(name, array.iter())
}

/// Words by their numbers in `list`, which grows by those that it lacks: the dictionary is looked up, not every row.
fn numbered(
    name: PlSmallStr,
    array: &dyn Array,
    list: &DataType,
) -> Result<Categorical32Chunked, PolarsError> {
    let mapping = list.cat_mapping()?;
    let dictionary = array.as_dictionary::<Int32Type>();
    // A word of the dictionary is never missing, a key may be.
    let words = dictionary.values().as_string::<i32>().iter().map(Option::unwrap_or_default);
    let words: Vec<u32> = words.map(|word| mapping.insert_cat(word)).collect::<Result<_, _>>()?;
    let number = |key: i32| words.get(key as usize).copied().unwrap_or_default();
    let keys = dictionary.keys();
    let numbers = if keys.null_count() == 0 {
        UInt32Chunked::from_vec(name, keys.values().iter().map(|&key| number(key)).collect())
    } else {
        UInt32Chunked::from_iter_options(name, keys.iter().map(|key| key.map(number)))
    };
    Ok(Categorical32Chunked::from_cats_and_dtype(numbers, list.clone()))
}

/// Case ids by their numbers in `list`: rows of one case follow each other, and are looked up once.
fn cases(name: PlSmallStr, array: &dyn Array, list: &DataType) -> Result<Categorical32Chunked, PolarsError> {
    let mapping = list.cat_mapping()?;
    let mut numbers: Vec<Option<u32>> = Vec::with_capacity(array.len());
    let mut last = (None, None);
    for id in array.as_string::<i32>() {
        if last.0 != id {
            last = (id, id.map(|id| mapping.insert_cat(id)).transpose()?);
        }
        numbers.push(last.1);
    }
    let numbers = UInt32Chunked::from_iter_options(name, numbers.into_iter());
    Ok(Categorical32Chunked::from_cats_and_dtype(numbers, list.clone()))
}

/// Words as text: the dictionary is taken once, and its rows refer to it.
fn text(name: PlSmallStr, array: &dyn Array) -> Result<StringChunked, PolarsError> {
    let dictionary = array.as_dictionary::<Int32Type>();
    let values = dictionary.values().as_string::<i32>().iter();
    let values = StringChunked::from_iter_options(name.clone(), values);
    let keys = dictionary.keys().iter().map(|key| key.map(|key| key as IdxSize));
    values.take(&IdxCa::from_iter_options(name, keys))
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
