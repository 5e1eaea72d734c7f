//! Canonical Parquet of synthetic rows (SPEC 2): row groups of a fixed size, encoded in parallel, texts as
//! dictionaries.

use std::io::{self, Write};
use std::sync::Arc;

use arrow::array::{
    ArrayRef, DictionaryArray, Int32Array, StringArray, TimestampMicrosecondArray, UInt8Array,
};
use arrow::datatypes::{DataType, Field, Int32Type, Schema, TimeUnit};
use parquet::arrow::ArrowSchemaConverter;
use parquet::arrow::add_encoded_arrow_schema_to_metadata;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use rayon::prelude::*;

use super::Counted;
use super::order::Sink;
use super::story::Row;
use super::words::{CHANNELS, Lexicon, PRODUCTS, event_word, role_word, status_words};
use crate::history::{EventKind, Role};

/// Rows of one row group.
const GROUP: usize = 1 << 18;
/// Row groups encoded at once.
const AT_ONCE: usize = 4;
/// Bytes up to which a column of one row group keeps its dictionary: case ids need the most.
const DICTIONARY: usize = 8 << 20;

/// The Parquet output.
pub(super) struct Writer<'a, W: Write + Send> {
    file: SerializedFileWriter<Counted<W>>,
    encoder: Encoder<'a>,
    rows: Vec<Row>,
    n_groups: usize,
}

/// What turns rows into the column chunks of a row group, on any thread.
struct Encoder<'a> {
    groups: ArrowRowGroupWriterFactory,
    schema: Arc<Schema>,
    lexicon: &'a Lexicon,
    lists: Lists,
}

/// The dictionaries that are the same in every row group.
struct Lists {
    events: ArrayRef,
    roles: ArrayRef,
    actors: ArrayRef,
    statuses: ArrayRef,
    customers: ArrayRef,
    products: ArrayRef,
    channels: ArrayRef,
}

const EVENTS: [EventKind; 4] = [EventKind::Opened, EventKind::Message, EventKind::Note, EventKind::Update];
const ROLES: [Role; 3] = [Role::Customer, Role::Agent, Role::System];

impl<'a, W: Write + Send> Writer<'a, W> {
    /// Begins the file.
    pub(super) fn new(out: Counted<W>, lexicon: &'a Lexicon) -> io::Result<Writer<'a, W>> {
        let schema = Arc::new(schema());
        let mut properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(1).map_err(failed)?))
            .set_dictionary_page_size_limit(DICTIONARY)
            .set_created_by("slaudit".to_owned())
            .build();
        add_encoded_arrow_schema_to_metadata(&schema, &mut properties);
        let columns = ArrowSchemaConverter::new().convert(&schema).map_err(failed)?;
        let file = SerializedFileWriter::new(out, columns.root_schema_ptr(), Arc::new(properties))
            .map_err(failed)?;
        let groups = ArrowRowGroupWriterFactory::new(&file, Arc::clone(&schema));
        let encoder = Encoder { groups, schema, lexicon, lists: Lists::new(lexicon) };
        Ok(Writer { file, encoder, rows: Vec::new(), n_groups: 0 })
    }

    fn write_groups(&mut self, n: usize) -> io::Result<()> {
        let rest = self.rows.split_off(n.min(self.rows.len()));
        let rows = std::mem::replace(&mut self.rows, rest);
        let tasks: Vec<(usize, &[Row])> = rows.chunks(GROUP).enumerate().collect();
        let (encoder, done) = (&self.encoder, self.n_groups);
        let encoded: Vec<Result<Vec<ArrowColumnChunk>, ParquetError>> =
            tasks.into_par_iter().map(|(i, part)| encoder.encode(done + i, part)).collect();
        for group in encoded {
            let mut writer = self.file.next_row_group().map_err(failed)?;
            for chunk in group.map_err(failed)? {
                chunk.append_to_row_group(&mut writer).map_err(failed)?;
            }
            writer.close().map_err(failed)?;
            self.n_groups += 1;
        }
        Ok(())
    }
}

impl Encoder<'_> {
    fn encode(&self, group: usize, rows: &[Row]) -> Result<Vec<ArrowColumnChunk>, ParquetError> {
        let columns = self.lists.columns(rows, self.lexicon)?;
        let mut writers = self.groups.create_column_writers(group)?;
        for ((writer, column), field) in writers.iter_mut().zip(&columns).zip(self.schema.fields()) {
            for leaf in compute_leaves(field, column)? {
                writer.write(&leaf)?;
            }
        }
        writers.into_iter().map(|writer| writer.close()).collect()
    }
}

impl<W: Write + Send> Sink for Writer<'_, W> {
    fn rows(&mut self, mut rows: Vec<Row>) -> io::Result<()> {
        self.rows.append(&mut rows);
        while self.rows.len() >= GROUP * AT_ONCE {
            self.write_groups(GROUP * AT_ONCE)?;
        }
        Ok(())
    }

    fn finish(mut self) -> io::Result<u64> {
        self.write_groups(usize::MAX)?;
        let mut out = self.file.into_inner().map_err(failed)?;
        out.flush()?;
        Ok(out.bytes)
    }
}

fn failed(e: ParquetError) -> io::Error {
    match e {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(io) => *io,
            Err(other) => io::Error::other(other),
        },
        other => io::Error::other(other),
    }
}

fn schema() -> Schema {
    let text = || DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let instant = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    Schema::new(vec![
        Field::new("case_id", text(), false),
        Field::new("at", instant, false),
        Field::new("event", text(), false),
        Field::new("role", text(), true),
        Field::new("actor", text(), true),
        Field::new("status", text(), true),
        Field::new("severity", DataType::UInt8, true),
        Field::new("customer", text(), true),
        Field::new("product", text(), true),
        Field::new("channel", text(), true),
    ])
}

impl Lists {
    fn new(lexicon: &Lexicon) -> Lists {
        Lists {
            events: Arc::new(StringArray::from(EVENTS.map(event_word).to_vec())),
            roles: Arc::new(StringArray::from(ROLES.map(role_word).to_vec())),
            actors: Arc::new(StringArray::from_iter_values(&lexicon.actors)),
            statuses: Arc::new(StringArray::from(status_words().to_vec())),
            customers: Arc::new(StringArray::from_iter_values(&lexicon.customers)),
            products: Arc::new(StringArray::from(PRODUCTS.to_vec())),
            channels: Arc::new(StringArray::from(CHANNELS.to_vec())),
        }
    }

    fn columns(&self, rows: &[Row], lexicon: &Lexicon) -> Result<Vec<ArrayRef>, ParquetError> {
        let column = |list: &ArrayRef, key: &dyn Fn(&Row) -> Option<i32>| -> Result<ArrayRef, ParquetError> {
            let keys: Int32Array = rows.iter().map(key).collect();
            Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(keys, Arc::clone(list))?))
        };
        let at = TimestampMicrosecondArray::from_iter_values(rows.iter().map(|r| r.at)).with_timezone("UTC");
        let severity: UInt8Array = rows.iter().map(|r| (r.severity > 0).then_some(r.severity)).collect();
        Ok(vec![
            case_ids(rows, lexicon)?,
            Arc::new(at),
            column(&self.events, &|r| Some(r.kind as i32))?,
            column(&self.roles, &|r| ROLES.iter().position(|&role| role == r.role).map(|i| i as i32))?,
            column(&self.actors, &|r| Some(r.actor as i32))?,
            column(&self.statuses, &|r| (r.status as i32).checked_sub(1).filter(|&i| i >= 0))?,
            Arc::new(severity),
            column(&self.customers, &|r| Some(r.customer as i32))?,
            column(&self.products, &|r| Some(i32::from(r.product)))?,
            column(&self.channels, &|r| Some(i32::from(r.channel)))?,
        ])
    }
}

/// The case ids with a dictionary of those that occur, ascending.
fn case_ids(rows: &[Row], lexicon: &Lexicon) -> Result<ArrayRef, ParquetError> {
    let mut cases: Vec<u32> = rows.iter().map(|row| row.case).collect();
    cases.dedup();
    cases.sort_unstable();
    cases.dedup();
    let mut bytes = Vec::new();
    let ids: Vec<String> = cases
        .iter()
        .map(|&case| {
            bytes.clear();
            lexicon.push_case_id(&mut bytes, case);
            String::from_utf8_lossy(&bytes).into_owned()
        })
        .collect();
    // Case after case, the place of the one before is the likeliest; otherwise it is looked up.
    let mut place = 0;
    let keys = rows.iter().map(|row| {
        if cases.get(place) != Some(&row.case) {
            place = cases.partition_point(|&case| case < row.case);
        }
        place as i32
    });
    let keys = Int32Array::from_iter_values(keys);
    Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(keys, Arc::new(StringArray::from(ids)))?))
}
