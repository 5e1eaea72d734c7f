//! The Parquet files of the fact tables while they are written: row groups are encoded on any worker, and appended in
//! order of their batches by whichever worker comes with the next one. Knows nothing of cases.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use arrow::array::{ArrayRef, AsArray};
use arrow::datatypes::{DataType, Int32Type, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{ColumnDescPtr, ColumnPath};

use crate::codes;
use crate::diag::{Diagnostic, Error, Position};

use super::word_pages::{PageMaker, Pages};

/// One row group of every table, encoded; a table without rows in the batch has no chunks.
pub(super) type Groups = Vec<Vec<Chunk>>;

/// One column of a row group, encoded.
pub(super) enum Chunk {
    /// By Arrow's writer.
    Arrow(ArrowColumnChunk),
    /// Words.
    Words(Pages),
}

/// The files, shared by all workers.
///
/// Appending takes a hundredth of encoding. So no worker is set apart for it, and none waits for the others to finish:
/// who comes with a batch that is not the next one leaves it here, and who comes with the next one appends all that
/// follow it.
pub(super) struct Files {
    state: Mutex<State>,
    /// Told whenever `state.next` or `state.failed` changes.
    moved: Condvar,
    /// Batches that may lie here: bounds the memory held.
    most: usize,
}

struct State {
    files: Vec<TableFile>,
    /// The batch to append next.
    next: usize,
    waiting: BTreeMap<usize, Groups>,
    /// A worker has given up: nothing will be appended any more, and nobody may wait for it.
    has_failed: bool,
}

impl Files {
    /// Empty files in order of their batches; at most `most` batches wait for an earlier one.
    pub(super) fn new(files: Vec<TableFile>, most: usize) -> Files {
        let state = State { files, next: 0, waiting: BTreeMap::new(), has_failed: false };
        Files { state: Mutex::new(state), moved: Condvar::new(), most }
    }

    /// Appends `batch`, now or once those before it are there. Waits while too many are waiting already, so batches
    /// have to be begun in their order. False: another worker has given up.
    ///
    /// # Errors
    /// F402.
    pub(super) fn append(&self, batch: usize, groups: Groups) -> Result<bool, Error> {
        let mut state = self.lock();
        while !state.has_failed && batch > state.next + self.most {
            state = self.moved.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.has_failed {
            return Ok(false);
        }
        state.waiting.insert(batch, groups);
        let appended = state.append_all();
        self.moved.notify_all();
        appended.map(|()| true)
    }

    /// A worker begins to make batches.
    pub(super) fn shift(&self) -> Shift<'_> {
        Shift { files: self, is_over: false }
    }

    /// The files with everything appended.
    pub(super) fn into_inner(self) -> Vec<TableFile> {
        self.state.into_inner().unwrap_or_else(PoisonError::into_inner).files
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The time in which a worker makes batches. Where it ends before its end, by an error or a panic, nobody waits for that
/// worker's batch any more.
pub(super) struct Shift<'f> {
    files: &'f Files,
    is_over: bool,
}

impl Shift<'_> {
    /// Every batch that the worker began was appended, or left to be.
    pub(super) fn end(mut self) {
        self.is_over = true;
    }
}

impl Drop for Shift<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            self.files.lock().has_failed = true;
            self.files.moved.notify_all();
        }
    }
}

impl State {
    fn append_all(&mut self) -> Result<(), Error> {
        while let Some(groups) = self.waiting.remove(&self.next) {
            for (file, chunks) in self.files.iter_mut().zip(groups) {
                file.append(chunks)?;
            }
            self.next += 1;
        }
        Ok(())
    }
}

/// Turns the arrays of one batch into the column chunks of one row group; shared by all workers.
pub(super) struct Encoder {
    factory: ArrowRowGroupWriterFactory,
    schema: Arc<Schema>,
    /// Of each leaf of the schema.
    columns: Vec<ColumnDescPtr>,
}

impl Encoder {
    /// Empty where there is no row: a row group without rows is none.
    pub(super) fn encode(&self, arrays: &[ArrayRef]) -> Result<Vec<Chunk>, ParquetError> {
        if arrays.first().is_none_or(|array| array.is_empty()) {
            return Ok(Vec::new());
        }
        let mut words = PageMaker::new(level())?;
        let mut chunks = Vec::with_capacity(self.columns.len());
        let mut writers = self.factory.create_column_writers(0)?.into_iter().zip(&self.columns);
        for (field, array) in self.schema.fields().iter().zip(arrays) {
            if let Some(rows) = array.as_dictionary_opt::<Int32Type>() {
                if let Some((_, column)) = writers.next() {
                    chunks.push(Chunk::Words(words.pages(column, rows)?));
                }
                continue;
            }
            // A column of lists has one leaf a field, each with its own writer.
            for (leaf, (mut writer, _)) in compute_leaves(field, array)?.iter().zip(&mut writers) {
                writer.write(leaf)?;
                chunks.push(Chunk::Arrow(writer.close()?));
            }
        }
        Ok(chunks)
    }
}

/// One Parquet file that row groups are appended to.
pub(super) struct TableFile {
    path: PathBuf,
    writer: SerializedFileWriter<BufWriter<File>>,
}

impl TableFile {
    /// An empty file, and what encodes its row groups.
    ///
    /// # Errors
    /// F402.
    pub(super) fn create(path: &Path, schema: &Arc<Schema>) -> Result<(TableFile, Encoder), Error> {
        let file = File::create(path).map_err(|e| cannot_write(path, &e))?;
        let writer =
            ArrowWriter::try_new(BufWriter::new(file), Arc::clone(schema), Some(writer_properties(schema)))
                .and_then(ArrowWriter::into_serialized_writer);
        let (writer, factory) = writer.map_err(|e| cannot_write(path, &e))?;
        let columns = writer.schema_descr().columns().to_vec();
        let encoder = Encoder { factory, schema: Arc::clone(schema), columns };
        Ok((TableFile { path: path.to_owned(), writer }, encoder))
    }

    /// Appends one row group; none where it has no chunk.
    ///
    /// # Errors
    /// F402.
    pub(super) fn append(&mut self, chunks: Vec<Chunk>) -> Result<(), Error> {
        if chunks.is_empty() {
            return Ok(());
        }
        let append = || {
            let mut group = self.writer.next_row_group()?;
            for chunk in chunks {
                match chunk {
                    Chunk::Arrow(chunk) => chunk.append_to_row_group(&mut group)?,
                    Chunk::Words(pages) => pages.append_to(&mut group)?,
                }
            }
            group.close().map(|_| ())
        };
        append().map_err(|e: ParquetError| cannot_write(&self.path, &e))
    }

    /// Writes the end of the file.
    ///
    /// # Errors
    /// F402.
    pub(super) fn close(self) -> Result<(), Error> {
        let path = self.path;
        self.writer.close().map(|_| ()).map_err(|e| cannot_write(&path, &e))
    }
}

/// How a fact table of `schema` is written: zstd at its fastest level, which docs/figures.md holds against snappy. `created_by` names no
/// version of any library, so that the bytes change only when the facts do.
///
/// Words are dictionaries. Numbers and instants are written as differences of neighbours instead: a dictionary of
/// values that are nearly all distinct costs a hash a value and is thrown away. So is the least and greatest text of a
/// row group, for which every text is compared twice and which no reader asks for.
pub fn writer_properties(schema: &Schema) -> WriterProperties {
    let mut all = WriterProperties::builder()
        .set_created_by("slaudit".to_owned())
        .set_compression(Compression::ZSTD(level()))
        .set_statistics_enabled(EnabledStatistics::Chunk);
    for field in schema.fields() {
        let path = ColumnPath::new(vec![field.name().clone()]);
        all = match field.data_type() {
            DataType::Int64 | DataType::Timestamp(..) => all
                .set_column_dictionary_enabled(path.clone(), false)
                .set_column_encoding(path, Encoding::DELTA_BINARY_PACKED),
            DataType::Utf8 => all
                .set_column_dictionary_enabled(path.clone(), false)
                .set_column_encoding(path.clone(), Encoding::DELTA_BYTE_ARRAY)
                .set_column_statistics_enabled(path, EnabledStatistics::None),
            _ => all.set_column_statistics_enabled(path, EnabledStatistics::None),
        };
    }
    all.build()
}

/// How hard zstd tries: its least.
fn level() -> ZstdLevel {
    ZstdLevel::default()
}

pub(super) fn cannot_write(path: &Path, error: &dyn std::fmt::Display) -> Error {
    let position = Position { path: path.display().to_string(), ..Position::default() };
    Error::Output(Diagnostic::error(codes::F402, format!("cannot write: {error}")).at(position))
}
