//! Parquet row groups to rows: text columns stay dictionaries, so that the bytes of a value are looked at once a
//! dictionary and not once a row; instants come as numbers. It hands each row to the translator, as `csv` does,
//! so the same rows give the same history. Nested columns are passed over.

use std::fs::File;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::{can_cast_types, cast};
use arrow::datatypes::{
    DataType, Field, Int32Type, Schema, TimeUnit, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType,
};
use arrow::error::ArrowError;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};

use super::ledger::{BlockLedger, RawRow};
use super::rows::Block;
use super::split::trim;
use super::translate::{Layout, Reject, Translator};
use crate::calendar::{Instant, SECOND};

/// Rows decoded at a time.
const BATCH: usize = 1 << 16;

/// The columns of a Parquet file, as they will be read.
#[derive(Clone, Debug)]
pub(super) struct Parquet {
    metadata: ArrowReaderMetadata,
}

impl Parquet {
    /// Reads the footer.
    ///
    /// # Errors
    /// What the file's footer says wrong: a file cut short has none.
    pub(super) fn open(file: &File) -> Result<Parquet, parquet::errors::ParquetError> {
        let plain = ArrowReaderMetadata::load(file, ArrowReaderOptions::new())?;
        let fields = plain.schema().fields().iter().map(|field| {
            let kind = if is_text(field.data_type()) { dictionary() } else { field.data_type().clone() };
            Field::new(field.name(), kind, field.is_nullable())
        });
        let schema = Schema::new(fields.collect::<Vec<_>>());
        let options = ArrowReaderOptions::new().with_schema(schema.into());
        let metadata = ArrowReaderMetadata::try_new(plain.metadata().clone(), options).unwrap_or(plain);
        Ok(Parquet { metadata })
    }

    /// Names of the columns; nested ones, and those of bytes that are no text, have none.
    pub(super) fn header(&self) -> Vec<String> {
        let is_readable = |kind: &DataType| !kind.is_nested() && can_cast_types(kind, &DataType::Utf8);
        let name = |field: &std::sync::Arc<Field>| match is_readable(field.data_type()) {
            true => field.name().trim().to_string(),
            false => String::new(),
        };
        self.metadata.schema().fields().iter().map(name).collect()
    }

    /// The type of column `index` in words, if it can hold no instant.
    pub(super) fn no_instant(&self, index: usize) -> Option<String> {
        match self.metadata.schema().field(index).data_type() {
            DataType::Timestamp(..) => None,
            kind if is_text(kind) || matches!(kind, DataType::Dictionary(..)) => None,
            other => Some(other.to_string()),
        }
    }

    /// True where column `index` is of timestamps.
    pub(super) fn is_instant(&self, index: usize) -> bool {
        matches!(self.metadata.schema().field(index).data_type(), DataType::Timestamp(..))
    }

    /// How many row groups.
    pub(super) fn n_groups(&self) -> usize {
        self.metadata.metadata().num_row_groups()
    }

    /// Rows before group `group`.
    fn rows_before(&self, group: usize) -> u64 {
        let groups = self.metadata.metadata().row_groups();
        groups.iter().take(group).map(|g| g.num_rows().max(0) as u64).sum()
    }
}

fn is_text(kind: &DataType) -> bool {
    matches!(kind, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

fn dictionary() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

/// One row group of a file.
pub(super) struct RowGroup<'g> {
    pub(super) path: &'g str,
    pub(super) file: &'g File,
    pub(super) parquet: &'g Parquet,
    pub(super) group: usize,
    pub(super) layout: &'g Layout,
    pub(super) header: &'g [String],
}

/// Reads a row group into `block`.
///
/// # Errors
/// What cannot be decoded.
pub(super) fn read(
    group: RowGroup<'_>,
    translator: &mut Translator<'_>,
    block: &mut Block,
) -> Result<BlockLedger, ArrowError> {
    translator.start_block();
    let mut ledger = BlockLedger::default();
    let columns = group.layout.columns();
    let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(
        group.file.try_clone()?,
        group.parquet.metadata.clone(),
    );
    let mask = ProjectionMask::roots(builder.parquet_schema(), columns.iter().copied());
    let builder = builder.with_projection(mask).with_row_groups(vec![group.group]).with_batch_size(BATCH);
    let mut line = group.parquet.rows_before(group.group) + 1;
    for batch in builder.build()? {
        let batch = batch?;
        let mut cells = Vec::with_capacity(columns.len());
        for array in batch.columns() {
            cells.push(Cells::new(array)?);
        }
        // Place of each column of the file among those read.
        let mut place = vec![usize::MAX; group.header.len()];
        columns.iter().enumerate().for_each(|(i, &column)| place[column] = i);
        let at = &cells[place[group.layout.at]];
        for row in 0..batch.num_rows() {
            let get = |column: usize| cells[place[column]].text(row);
            ledger.n_read += 1;
            let when = match at.instant(row) {
                Some(Stored::At(at)) => Ok((at, 0)),
                Some(Stored::Local(local)) => Ok(translator.local(local)),
                Some(Stored::Text) => translator.instant(at.text(row)).ok_or_else(|| at.text(row)),
                None => Err(&b"no instant of the years 1 to 9999"[..]),
            };
            match translator.row_at(block, &get, when) {
                Ok(()) => block.place(line),
                Err(why) => reject(&mut ledger, &why, line, &group, &cells, row, get(group.layout.case_id)),
            }
            line += 1;
        }
    }
    Ok(ledger)
}

fn reject(
    ledger: &mut BlockLedger,
    why: &Reject,
    line: u64,
    group: &RowGroup<'_>,
    cells: &[Cells],
    row: usize,
    case: &[u8],
) {
    let mut bytes = Vec::new();
    for (i, cell) in cells.iter().enumerate() {
        if i > 0 {
            bytes.push(b',');
        }
        super::ledger::push_cell(&mut bytes, cell.text(row));
    }
    let case = (!case.is_empty()).then(|| super::words::text(case).into_owned());
    let raw = RawRow { path: group.path, line, case, bytes: &bytes, offset: None, header: group.header };
    ledger.reject(&raw, why);
}

/// An instant as a column holds it.
enum Stored {
    At(i64),
    Local(i64),
    Text,
}

/// One column of a batch.
struct Cells {
    keys: Vec<u32>,
    values: Vec<Vec<u8>>,
    instants: Option<Instants>,
}

struct Instants {
    micros: Vec<Option<i64>>,
    local: bool,
}

impl Cells {
    fn new(array: &ArrayRef) -> Result<Cells, ArrowError> {
        let instants = Instants::new(array);
        let text = match array.data_type() {
            DataType::Timestamp(..) => cast(&spelled(instants.as_ref()), &dictionary())?,
            DataType::Dictionary(_, kind) if **kind == DataType::Utf8 => cast(array, &dictionary())?,
            DataType::Float16 | DataType::Float32 | DataType::Float64 => cast(&whole(array)?, &dictionary())?,
            _ => cast(&cast(array, &DataType::Utf8)?, &dictionary())?,
        };
        let text = text.as_dictionary::<Int32Type>();
        let words = text.values().as_string::<i32>();
        let word = |i| if words.is_valid(i) { trim(words.value(i).as_bytes()).to_vec() } else { Vec::new() };
        let mut values: Vec<Vec<u8>> = (0..words.len()).map(word).collect();
        let absent = values.len() as u32;
        values.push(Vec::new());
        let key = |key: Option<i32>| key.and_then(|k| u32::try_from(k).ok()).unwrap_or(absent);
        let keys = text.keys().iter().map(key).collect();
        Ok(Cells { keys, values, instants })
    }

    #[inline]
    fn text(&self, row: usize) -> &[u8] {
        &self.values[self.keys[row] as usize]
    }

    /// `None`: nothing there, or out of range.
    #[inline]
    fn instant(&self, row: usize) -> Option<Stored> {
        let Some(instants) = &self.instants else { return Some(Stored::Text) };
        let micros = instants.micros[row]?;
        let known = (Instant::MIN.micros()..=Instant::MAX.micros()).contains(&micros);
        known.then_some(if instants.local { Stored::Local(micros) } else { Stored::At(micros) })
    }
}

/// Numbers that some tools store as floats only because a cell is empty: whole ones as whole numbers.
fn whole(array: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let floats = cast(array, &DataType::Float64)?;
    let floats = floats.as_primitive::<arrow::datatypes::Float64Type>();
    let text =
        |x: f64| if x.fract() == 0.0 && x.abs() < 1e15 { format!("{}", x as i64) } else { x.to_string() };
    let words: arrow::array::StringArray = floats.iter().map(|x| x.map(text)).collect();
    Ok(std::sync::Arc::new(words))
}

/// Timestamps as canonical text, for columns other than the instant itself and for rejected rows.
fn spelled(instants: Option<&Instants>) -> ArrayRef {
    let text = |micros: &Option<i64>| {
        let mut text = Instant::from_micros((*micros)?).rfc3339();
        if instants.is_some_and(|all| all.local) {
            text.pop();
        }
        Some(text)
    };
    let words: arrow::array::StringArray = instants.iter().flat_map(|all| &all.micros).map(text).collect();
    std::sync::Arc::new(words)
}

impl Instants {
    fn new(array: &ArrayRef) -> Option<Instants> {
        let DataType::Timestamp(unit, zone) = array.data_type() else { return None };
        let micros = match unit {
            TimeUnit::Second => {
                let seconds = array.as_primitive::<TimestampSecondType>();
                seconds.iter().map(|x| x?.checked_mul(SECOND)).collect()
            }
            TimeUnit::Millisecond => {
                let millis = array.as_primitive::<TimestampMillisecondType>();
                millis.iter().map(|x| x?.checked_mul(1_000)).collect()
            }
            TimeUnit::Microsecond => array.as_primitive::<TimestampMicrosecondType>().iter().collect(),
            TimeUnit::Nanosecond => {
                let nanos = array.as_primitive::<TimestampNanosecondType>();
                nanos.iter().map(|x| Some(x?.div_euclid(1_000))).collect()
            }
        };
        Some(Instants { micros, local: zone.is_none() })
    }
}
