//! Parquet row groups to rows: text columns stay dictionaries, so that the bytes of a value are looked at once a
//! dictionary and not once a row; instants come as numbers. It hands each row to the translator, as `csv` does,
//! so the same rows give the same history. Nested columns are passed over.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::fs::File;

use arrow::array::{Array, ArrayRef, AsArray, StringArray};
use arrow::buffer::{NullBuffer, ScalarBuffer};
use arrow::compute::{can_cast_types, cast};
use arrow::datatypes::{
    DataType, Field, Int32Type, Int64Type, Schema, TimeUnit, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
};
use arrow::error::ArrowError;
use foldhash::fast::FixedState;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};

use super::columns::Batch;
use super::derived::Made;
use super::ledger::{BlockLedger, RawRow};
use super::parquet_depth::check_depth;
use super::profile::Table;
use super::recall;
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
    /// What the file's footer says wrong: a file cut short has none, and one may be nested deeper than is read.
    pub(super) fn open(file: &File) -> Result<Parquet, parquet::errors::ParquetError> {
        check_depth(file)?;
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

    /// As what times may stand in column `index`.
    pub(super) fn times(&self, index: usize) -> Times {
        let kind = match self.metadata.schema().field(index).data_type() {
            DataType::Dictionary(_, kind) => kind,
            kind => kind,
        };
        match kind {
            DataType::Timestamp(..) => Times::Instants,
            DataType::Date32 | DataType::Date64 => Times::Days,
            kind if is_text(kind) => Times::Text,
            DataType::Time32(_) | DataType::Time64(_) => Times::Clocks(kind.to_string()),
            kind if kind.is_numeric() => Times::Numbers(kind.to_string()),
            kind => Times::None(kind.to_string()),
        }
    }

    /// How many row groups.
    pub(super) fn n_groups(&self) -> usize {
        self.metadata.metadata().num_row_groups()
    }

    /// How many rows.
    pub(super) fn n_rows(&self) -> u64 {
        self.rows_before(self.n_groups())
    }

    /// Rows before group `group`.
    fn rows_before(&self, group: usize) -> u64 {
        let groups = self.metadata.metadata().row_groups();
        groups.iter().take(group).map(|g| g.num_rows().max(0) as u64).sum()
    }
}

/// As what a column holds times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Times {
    /// Timestamps.
    Instants,
    /// Dates without a time: midnight, where the profile has a pattern that is a date alone.
    Days,
    /// Whatever the profile's patterns read.
    Text,
    /// Numbers of this type: what the profile's patterns read, such as `%s`.
    Numbers(String),
    /// Times of day, which need a day beside them.
    Clocks(String),
    /// Not at all, being of this type.
    None(String),
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

/// Reads a row group into `block`. After each batch `hand_on` may take the rows out of it, and is told which share of the
/// group's rows the batch has.
///
/// # Errors
/// What cannot be decoded.
pub(super) fn read(
    group: RowGroup<'_>,
    translator: &mut Translator<'_>,
    block: &mut Block,
    hand_on: &mut impl FnMut(&mut Block, f64),
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
    let n_rows = group.parquet.rows_before(group.group + 1) + 1 - line;
    // Place of each column of the file among those read.
    let (width, made) = (group.header.len(), &group.layout.made);
    let mut place = vec![usize::MAX; width];
    columns.iter().enumerate().for_each(|(i, &column)| place[column] = i);
    // Derived columns come behind those that are read.
    place.extend((0..made.len()).map(|i| columns.len() + i));
    let mut cells: Vec<Cells> = Vec::new();
    for batch in builder.build()? {
        let batch = batch?;
        let before = std::mem::take(&mut cells);
        for (i, array) in batch.columns().iter().enumerate() {
            let column = Cells::new(array, group.layout.days.contains(&columns[i]))?;
            if !before.get(i).is_some_and(|before| before.shares_words(&column)) {
                translator.start_dictionary(columns[i]);
            }
            cells.push(column);
        }
        for (i, made) in made.iter().enumerate() {
            cells.push(Cells::Words(Codes::made(made, translator.table, batch.num_rows(), |column, row| {
                cells[place[column]].text(row)
            })));
            translator.start_dictionary(width + i);
        }
        let read = ReadBatch { group: &group, cells: &cells, place: &place, line, n: batch.num_rows() };
        read.rows(translator, block, &mut ledger);
        let id = place[group.layout.case_id];
        ledger.ids.n_floats += batch.columns().get(id).map_or(0, n_whole);
        line += batch.num_rows() as u64;
        hand_on(block, batch.num_rows() as f64 / n_rows.max(1) as f64);
    }
    ledger.ids.append(std::mem::take(&mut translator.ids));
    Ok(ledger)
}

/// One batch of a row group.
struct ReadBatch<'b> {
    group: &'b RowGroup<'b>,
    cells: &'b [Cells],
    /// Place among `cells` of each column of the file.
    place: &'b [usize],
    /// Of its first row.
    line: u64,
    n: usize,
}

impl ReadBatch<'_> {
    /// Takes the rows into `block`, by columns as far as that goes.
    fn rows(&self, translator: &mut Translator<'_>, block: &mut Block, ledger: &mut BlockLedger) {
        let (cells, place, layout) = (self.cells, self.place, self.group.layout);
        ledger.n_read += self.n as u64;
        let (at, flags) = cells[place[layout.at]].instants(translator, self.n);
        // The words of a column that is not there.
        let none = vec![0; self.n];
        let batch = Batch::new((translator.table, layout), (&at, &flags), &none, |column| {
            match cells.get(place[column]) {
                Some(Cells::Words(words)) => Some(words),
                _ => None,
            }
        });
        let mut row = 0;
        while row < self.n {
            if let Some(batch) = &batch {
                let from = row;
                row = translator.rows(block, batch, from, |column, row| cells[place[column]].text(row));
                block.place_all(self.line + from as u64);
            }
            if row < self.n {
                self.row(row, translator, block, ledger);
                row += 1;
            }
        }
    }

    /// Takes one row by itself.
    fn row(&self, row: usize, translator: &mut Translator<'_>, block: &mut Block, ledger: &mut BlockLedger) {
        let at = &self.cells[self.place[self.group.layout.at]];
        let of_row = RowCells { cells: self.cells, place: self.place, row };
        let when = match at.instant(row) {
            Some(Stored::At(at)) => Ok((at, 0)),
            Some(Stored::Local(local)) => Ok(translator.local(local)),
            Some(Stored::Text) => translator.time(at.text(row)).ok_or_else(|| at.text(row)),
            None => Err(&b"no instant of the years 1 to 9999"[..]),
        };
        let line = self.line + row as u64;
        match translator.row_at(block, &of_row, when) {
            Ok(()) => block.place(line),
            Err(why) => reject(ledger, &self.group.layout.in_file(why), line, self.group, &of_row),
        }
    }
}

fn reject(ledger: &mut BlockLedger, why: &Reject, line: u64, group: &RowGroup<'_>, of_row: &RowCells<'_>) {
    let mut bytes = Vec::new();
    let n_read = of_row.cells.len() - group.layout.made.len();
    for (i, cell) in of_row.cells[..n_read].iter().enumerate() {
        if i > 0 {
            bytes.push(b',');
        }
        super::ledger::push_cell(&mut bytes, cell.text(of_row.row));
    }
    let case = recall::Cells::text(of_row, group.layout.case_id);
    let case = (!case.is_empty()).then(|| super::words::text(case).into_owned());
    let raw = RawRow { path: group.path, line, case, bytes: &bytes, offset: None, header: group.header };
    ledger.reject(&raw, why);
}

/// One row of a batch.
struct RowCells<'c> {
    cells: &'c [Cells],
    place: &'c [usize],
    row: usize,
}

impl<'c> recall::Cells<'c> for RowCells<'c> {
    #[inline]
    fn text(&self, column: usize) -> &'c [u8] {
        self.cells[self.place[column]].text(self.row)
    }
}

/// An instant as a column holds it.
enum Stored {
    At(i64),
    Local(i64),
    Text,
}

/// One column of a batch.
enum Cells {
    Words(Codes),
    Instants(Instants),
}

/// A column of words: for each row the number of its word, or one past the last where it has none. The words stay where
/// the decoder put them, for all batches of a row group the same.
pub(super) struct Codes {
    pub(super) keys: ScalarBuffer<i32>,
    words: StringArray,
}

/// A column of timestamps.
struct Instants {
    values: ScalarBuffer<i64>,
    nulls: Option<NullBuffer>,
    unit: TimeUnit,
    local: bool,
    /// In canonical form: made when it is asked for, as hardly any row needs it.
    text: OnceCell<StringArray>,
}

impl Cells {
    /// The cells of `array`; `days`: its dates are times, each its midnight.
    fn new(array: &ArrayRef, days: bool) -> Result<Cells, ArrowError> {
        if let DataType::Dictionary(_, kind) = array.data_type()
            && !is_text(kind)
        {
            return Cells::new(&cast(array, kind)?, days);
        }
        let is_day = days && matches!(array.data_type(), DataType::Date32 | DataType::Date64);
        let midnights = if is_day { Some(midnights(array)?) } else { None };
        if let Some(instants) = Instants::new(midnights.as_ref().unwrap_or(array)) {
            return Ok(Cells::Instants(instants));
        }
        let text = match array.data_type() {
            DataType::Dictionary(_, kind) if **kind == DataType::Utf8 => cast(array, &dictionary())?,
            DataType::Float16 | DataType::Float32 | DataType::Float64 => cast(&whole(array)?, &dictionary())?,
            kind if kind.is_integer() && *kind != DataType::UInt64 => {
                return Codes::numbers(array).map(Cells::Words);
            }
            _ => cast(&cast(array, &DataType::Utf8)?, &dictionary())?,
        };
        let text = text.as_dictionary::<Int32Type>();
        let (keys, words) = (text.keys(), text.values().as_string::<i32>().clone());
        Ok(Cells::Words(Codes::new(keys.values().clone(), keys.nulls(), words)))
    }

    /// True where a number means the same word in both.
    fn shares_words(&self, other: &Cells) -> bool {
        match (self, other) {
            (Cells::Words(a), Cells::Words(b)) => {
                let (a, b) = (&a.words, &b.words);
                // One buffer at one place: `self` keeps it from being used anew.
                a.len() == b.len()
                    && a.offsets().inner().ptr_eq(b.offsets().inner())
                    && a.values().ptr_eq(b.values())
            }
            _ => false,
        }
    }

    #[inline]
    fn text(&self, row: usize) -> &[u8] {
        match self {
            Cells::Words(codes) => codes.text(row),
            Cells::Instants(instants) => instants.text(row),
        }
    }

    /// Of each row the instant, µs, out of range where it has none, and its flags.
    fn instants(&self, translator: &mut Translator<'_>, n: usize) -> (Cow<'_, [i64]>, Vec<u8>) {
        let mut flags = vec![0; n];
        if let Cells::Instants(instants) = self
            && let Some(values) = instants.as_they_are()
        {
            return (Cow::Borrowed(values), flags);
        }
        let mut at = Vec::with_capacity(n);
        for (row, flags) in flags.iter_mut().enumerate() {
            let when = match self.instant(row) {
                Some(Stored::At(at)) => Some((at, 0)),
                Some(Stored::Local(local)) => Some(translator.local(local)),
                Some(Stored::Text) => translator.time(self.text(row)),
                None => None,
            };
            let (micros, of_row) = when.unwrap_or((i64::MIN, 0));
            at.push(micros);
            *flags = of_row;
        }
        (Cow::Owned(at), flags)
    }

    /// `None`: nothing there, or out of range.
    #[inline]
    fn instant(&self, row: usize) -> Option<Stored> {
        let Cells::Instants(instants) = self else { return Some(Stored::Text) };
        let micros = instants.micros(row)?;
        let known = (Instant::MIN.micros()..=Instant::MAX.micros()).contains(&micros);
        known.then_some(if instants.local { Stored::Local(micros) } else { Stored::At(micros) })
    }
}

impl Codes {
    fn new(keys: ScalarBuffer<i32>, nulls: Option<&NullBuffer>, words: StringArray) -> Codes {
        let Some(nulls) = nulls.filter(|nulls| nulls.null_count() > 0) else { return Codes { keys, words } };
        let (mut keys, none) = (keys.to_vec(), words.len() as i32);
        (!nulls.inner()).set_indices().for_each(|row| keys[row] = none);
        Codes { keys: keys.into(), words }
    }

    /// Whole numbers as words.
    fn numbers(array: &ArrayRef) -> Result<Codes, ArrowError> {
        let numbers = cast(array, &DataType::Int64)?;
        let numbers = numbers.as_primitive::<Int64Type>();
        let values = numbers.values();
        let (least, greatest) = values.iter().fold((i64::MAX, i64::MIN), |(a, b), &n| (a.min(n), b.max(n)));
        // As most are that mean something: all between the least and the greatest is as good as looking for them.
        if greatest.checked_sub(least).is_some_and(|span| (0..FEW).contains(&span)) {
            let keys: Vec<i32> = values.iter().map(|number| (number - least) as i32).collect();
            let words: StringArray = (least..=greatest).map(|number| Some(number.to_string())).collect();
            return Ok(Codes::new(keys.into(), numbers.nulls(), words));
        }
        let mut places: HashMap<i64, i32, FixedState> = HashMap::default();
        let mut words = Vec::new();
        let mut last = (0, -1);
        let mut keys = Vec::with_capacity(values.len());
        for &number in values {
            if last.0 != number || last.1 < 0 {
                let key = *places.entry(number).or_insert_with(|| {
                    words.push(number.to_string());
                    words.len() as i32 - 1
                });
                last = (number, key);
            }
            keys.push(last.1);
        }
        Ok(Codes::new(keys.into(), numbers.nulls(), words.into()))
    }

    /// The words of a derived column of `n` rows; `get` gives the cells of the file by column and row.
    fn made<'v>(made: &Made, table: &Table, n: usize, get: impl Fn(usize, usize) -> &'v [u8]) -> Codes {
        let mut places: HashMap<Vec<u8>, i32, FixedState> = HashMap::default();
        let (mut words, mut keys, mut word) = (Vec::new(), Vec::with_capacity(n), Vec::new());
        for row in 0..n {
            word.clear();
            made.put(table, &|column| get(column, row), &mut word);
            let key = places.get(&word).copied().unwrap_or_else(|| {
                words.push(String::from_utf8_lossy(&word).into_owned());
                places.insert(word.clone(), words.len() as i32 - 1);
                words.len() as i32 - 1
            });
            keys.push(key);
        }
        Codes { keys: keys.into(), words: words.into() }
    }

    /// How many words there are.
    pub(super) fn n_words(&self) -> usize {
        self.words.len()
    }

    /// The word of a row without the blanks around it; empty where it has none.
    #[inline]
    pub(super) fn text(&self, row: usize) -> &[u8] {
        let code = self.keys[row] as usize;
        if code < self.words.len() && self.words.is_valid(code) {
            trim(self.words.value(code).as_bytes())
        } else {
            &[]
        }
    }
}

/// Whole numbers that are this near to each other are numbered by their distance from the least.
const FEW: i64 = 1 << 12;

/// Numbers that some tools store as floats only because a cell is empty: whole ones as whole numbers.
fn whole(array: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let floats = cast(array, &DataType::Float64)?;
    let floats = floats.as_primitive::<arrow::datatypes::Float64Type>();
    let text =
        |x: f64| if x.fract() == 0.0 && x.abs() < 1e15 { format!("{}", x as i64) } else { x.to_string() };
    // What is no number is what data frames put where nothing is.
    let words: StringArray = floats.iter().map(|x| x.filter(|x| !x.is_nan()).map(text)).collect();
    Ok(std::sync::Arc::new(words))
}

/// How many whole numbers a column of floats holds; 0 for any other column.
fn n_whole(array: &ArrayRef) -> u64 {
    if !array.data_type().is_floating() {
        return 0;
    }
    let Ok(floats) = cast(array, &DataType::Float64) else { return 0 };
    let floats = floats.as_primitive::<arrow::datatypes::Float64Type>();
    floats.iter().flatten().filter(|x| x.fract() == 0.0).count() as u64
}

/// Dates as local times. One that a file stores in milliseconds may have a time of day, which stays.
fn midnights(dates: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    cast(dates, &DataType::Timestamp(TimeUnit::Millisecond, None))
}

impl Instants {
    fn new(array: &ArrayRef) -> Option<Instants> {
        let &DataType::Timestamp(unit, ref zone) = array.data_type() else { return None };
        let values = match unit {
            TimeUnit::Second => array.as_primitive::<TimestampSecondType>().values(),
            TimeUnit::Millisecond => array.as_primitive::<TimestampMillisecondType>().values(),
            TimeUnit::Microsecond => array.as_primitive::<TimestampMicrosecondType>().values(),
            TimeUnit::Nanosecond => array.as_primitive::<TimestampNanosecondType>().values(),
        };
        let (values, nulls) = (values.clone(), array.nulls().cloned());
        Some(Instants { values, nulls, unit, local: zone.is_none(), text: OnceCell::new() })
    }

    /// All instants, where they stand as they are wanted.
    fn as_they_are(&self) -> Option<&[i64]> {
        let has_nulls = self.nulls.as_ref().is_some_and(|nulls| nulls.null_count() > 0);
        (self.unit == TimeUnit::Microsecond && !self.local && !has_nulls).then_some(&self.values[..])
    }

    #[inline]
    fn micros(&self, row: usize) -> Option<i64> {
        if self.nulls.as_ref().is_some_and(|nulls| nulls.is_null(row)) {
            return None;
        }
        let value = self.values[row];
        match self.unit {
            TimeUnit::Second => value.checked_mul(SECOND),
            TimeUnit::Millisecond => value.checked_mul(1_000),
            TimeUnit::Microsecond => Some(value),
            TimeUnit::Nanosecond => Some(value.div_euclid(1_000)),
        }
    }

    /// As canonical text, for columns other than the instant itself and for rejected rows.
    fn text(&self, row: usize) -> &[u8] {
        let spelled = |row: usize| {
            let mut text = Instant::from_micros(self.micros(row)?).rfc3339();
            if self.local {
                text.pop();
            }
            Some(text)
        };
        let all = self.text.get_or_init(|| (0..self.values.len()).map(spelled).collect());
        if all.is_valid(row) { trim(all.value(row).as_bytes()) } else { &[] }
    }
}
