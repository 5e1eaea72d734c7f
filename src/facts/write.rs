//! Replays every case and streams the facts to Parquet: never all facts in memory.
//!
//! Cases are cut into batches of a fixed number, each becomes one row group of each table, encoded on a
//! worker and appended in order: the number of threads never shows in the bytes. It decides nothing about
//! folders; the caller gives one that exists.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;
use rayon::prelude::*;

use crate::codes;
use crate::diag::{Diagnostic, Error, Position};
use crate::history::{CaseEvents, History};
use crate::replay::{CaseFacts, Replayer, Waits, Workspace};

use super::cases::{AttributeColumns, CaseColumns};
use super::changes::ChangeColumns;
use super::clocks::ClockColumns;
use super::context::Context;
use super::findings::{DataRow, FindingColumns};
use super::inactivity::SpellColumns;
use super::overtaken::OvertakenColumns;
use super::registry::TABLES;

/// Cases a batch, and so a row group: fixed, so that the files do not depend on the number of threads.
pub const CASES_A_BATCH: usize = 16_384;

/// Batches that each worker may be ahead of the writer: bounds the memory held.
const BATCHES_A_WORKER: usize = 4;

/// What makes facts of one case, on any thread.
pub trait Replay: Sync {
    /// Memory that one thread reuses from case to case.
    type Workspace: Default;

    /// The facts of one case; `None`: nothing of the case exists at `as_of`.
    fn replay<'w>(&self, events: CaseEvents<'_>, workspace: &'w mut Self::Workspace)
    -> Option<&'w CaseFacts>;
}

impl Replay for Replayer<'_> {
    type Workspace = Workspace;

    fn replay<'w>(&self, events: CaseEvents<'_>, workspace: &'w mut Workspace) -> Option<&'w CaseFacts> {
        self.case(events, workspace)
    }
}

/// What is added up over all cases beside the fact tables. Merging must not depend on the order.
pub trait Accumulate: Send {
    /// Adds the facts of one case.
    fn add(&mut self, facts: &CaseFacts);
    /// Takes over what `other` has.
    fn merge(&mut self, other: Self);
}

/// Replays every case into an accumulator, which starts as `empty` says, and builds no facts. `done` is told the
/// cases done since last told.
pub fn fold<A: Accumulate>(
    history: &History,
    replay: &impl Replay,
    empty: &(dyn Fn() -> A + Sync),
    done: &(dyn Fn(u64) + Sync),
) -> A {
    let merge = |mut left: A, right: A| {
        left.merge(right);
        left
    };
    let batch = |sum, batch| replay_batch(history, replay, batch, sum, done, |_| ());
    (0..n_batches(history)).into_par_iter().fold(empty, batch).reduce(empty, merge)
}

/// Replays every case in one pass by a replayer that knows no order yet: beside the sum, what the order is found from
/// ([`rank`](crate::replay::rank)), batch by batch in any order.
pub fn fold_in_order<A: Accumulate>(
    replayer: &Replayer<'_>,
    empty: &(dyn Fn() -> A + Sync),
    done: &(dyn Fn(u64) + Sync),
) -> (A, Vec<Waits>) {
    let history = replayer.history();
    let batch = |(mut sum, mut waits): (A, Vec<Waits>), batch| {
        let cases = batch_cases(history, batch);
        let n = cases.len();
        let (mut workspace, mut own) = (Workspace::default(), Waits::for_cases(n));
        for case in cases {
            if let Some(facts) = replayer.case_in_order(history.case(case), &mut workspace, &mut own) {
                sum.add(facts);
            }
        }
        waits.push(own);
        done(n as u64);
        (sum, waits)
    };
    let merge = |(mut sum, mut waits): (A, Vec<Waits>), (other, mut others): (A, Vec<Waits>)| {
        sum.merge(other);
        waits.append(&mut others);
        (sum, waits)
    };
    let empty = || (empty(), Vec::new());
    (0..n_batches(history)).into_par_iter().fold(empty, batch).reduce(empty, merge)
}

/// Replays one batch of cases into `sum`, and shows each case's facts.
fn replay_batch<A: Accumulate>(
    history: &History,
    replay: &impl Replay,
    batch: usize,
    mut sum: A,
    done: &(dyn Fn(u64) + Sync),
    mut show: impl FnMut(&CaseFacts),
) -> A {
    let cases = batch_cases(history, batch);
    let n = cases.len() as u64;
    let mut workspace = Default::default();
    for case in cases {
        if let Some(facts) = replay.replay(history.case(case), &mut workspace) {
            sum.add(facts);
            show(facts);
        }
    }
    done(n);
    sum
}

/// Replays every case into `folder/NAME.parquet`, one file each of [`TABLES`], and an accumulator; the findings of
/// the data stand after those of the cases. `done` is told the cases done since last told.
///
/// # Errors
/// [`Error::Output`] (F402) where a file cannot be written.
pub fn write<A: Accumulate>(
    context: &Context<'_>,
    replay: &impl Replay,
    data: &[DataRow<'_>],
    folder: &Path,
    empty: &(dyn Fn() -> A + Sync),
    done: &(dyn Fn(u64) + Sync),
) -> Result<A, Error> {
    let mut files = Vec::new();
    for (table, schema) in TABLES.iter().zip(&context.schemas) {
        files.push(TableFile::create(&folder.join(format!("{}.parquet", table.name)), schema)?);
    }
    let n_batches = n_batches(context.history);
    let wave = rayon::current_num_threads() * BATCHES_A_WORKER;
    let mut sum = empty();
    for from in (0..n_batches).step_by(wave) {
        let encoders: Vec<&Encoder> = files.iter().map(|f| &f.encoder).collect();
        let encoded: Vec<Result<Batch<A>, ParquetError>> = (from..(from + wave).min(n_batches))
            .into_par_iter()
            .map(|batch| encode_batch(context, replay, &encoders, batch, empty(), done))
            .collect();
        for batch in encoded {
            let batch = batch.map_err(|e| cannot_write(folder, &e))?;
            sum.merge(batch.sum);
            for (file, chunks) in files.iter_mut().zip(batch.tables) {
                file.append(chunks)?;
            }
        }
    }
    // Findings stand last.
    if let Some(findings) = files.last_mut() {
        let rows = encode_data(context, &findings.encoder, data).map_err(|e| cannot_write(folder, &e))?;
        findings.append(rows)?;
    }
    for file in files {
        file.close()?;
    }
    Ok(sum)
}

fn n_batches(history: &History) -> usize {
    history.n_cases().div_ceil(CASES_A_BATCH)
}

fn batch_cases(history: &History, batch: usize) -> std::ops::Range<usize> {
    let from = batch * CASES_A_BATCH;
    from..(from + CASES_A_BATCH).min(history.n_cases())
}

/// The facts of one batch of cases, encoded, in the order of [`TABLES`].
struct Batch<A> {
    sum: A,
    tables: Vec<Vec<ArrowColumnChunk>>,
}

fn encode_batch<A: Accumulate>(
    context: &Context<'_>,
    replay: &impl Replay,
    encoders: &[&Encoder],
    batch: usize,
    empty: A,
    done: &(dyn Fn(u64) + Sync),
) -> Result<Batch<A>, ParquetError> {
    let mut rows = Rows::new(context);
    let sum = replay_batch(context.history, replay, batch, empty, done, |facts| rows.append(context, facts));
    let arrays = rows.finish()?;
    let encode = |(encoder, arrays): (&&Encoder, &Vec<ArrayRef>)| encoder.encode(arrays);
    let tables = encoders.iter().zip(&arrays).map(encode).collect::<Result<_, _>>()?;
    Ok(Batch { sum, tables })
}

/// The growing columns of all tables.
struct Rows {
    cases: CaseColumns,
    attributes: AttributeColumns,
    clocks: ClockColumns,
    changes: ChangeColumns,
    spells: SpellColumns,
    overtaken: OvertakenColumns,
    findings: FindingColumns,
    /// A message being made.
    text: String,
}

impl Rows {
    fn new(context: &Context<'_>) -> Rows {
        Rows {
            cases: CaseColumns::new(context),
            attributes: AttributeColumns::new(context),
            clocks: ClockColumns::new(context),
            changes: ChangeColumns::new(context),
            spells: SpellColumns::new(context),
            overtaken: OvertakenColumns::new(context),
            findings: FindingColumns::new(context),
            text: String::new(),
        }
    }

    fn append(&mut self, context: &Context<'_>, facts: &CaseFacts) {
        let case = &facts.case;
        self.cases.append(context, case);
        self.attributes.append(context, case.case);
        facts.clocks.iter().for_each(|clock| self.clocks.append(context, case, clock));
        facts.changes.iter().for_each(|change| self.changes.append(context, case, change));
        facts.spells.iter().for_each(|spell| self.spells.append(context, case, spell));
        facts.overtaken.iter().for_each(|response| self.overtaken.append(context, case, response));
        for finding in &facts.findings {
            self.findings.append(context, facts, finding, &mut self.text);
        }
    }

    /// The arrays of each table, in the order of [`TABLES`].
    fn finish(self) -> Result<Vec<Vec<ArrayRef>>, ParquetError> {
        let mut cases = self.cases.finish()?;
        cases.extend(self.attributes.finish()?);
        Ok(vec![
            cases,
            self.clocks.finish()?,
            self.changes.finish()?,
            self.spells.finish()?,
            self.overtaken.finish()?,
            self.findings.finish()?,
        ])
    }
}

fn encode_data(
    context: &Context<'_>,
    encoder: &Encoder,
    data: &[DataRow<'_>],
) -> Result<Vec<ArrowColumnChunk>, ParquetError> {
    let mut findings = FindingColumns::new(context);
    data.iter().for_each(|row| findings.append_data(context, row));
    encoder.encode(&findings.finish()?)
}

/// Turns the arrays of one batch into the column chunks of one row group; shared by all workers.
struct Encoder {
    factory: ArrowRowGroupWriterFactory,
    schema: Arc<Schema>,
}

impl Encoder {
    /// Empty where there is no row: a row group without rows is none.
    fn encode(&self, arrays: &[ArrayRef]) -> Result<Vec<ArrowColumnChunk>, ParquetError> {
        if arrays.first().is_none_or(|array| array.is_empty()) {
            return Ok(Vec::new());
        }
        let writers = self.factory.create_column_writers(0)?;
        let mut chunks = Vec::with_capacity(writers.len());
        let mut writers = writers.into_iter();
        for (field, array) in self.schema.fields().iter().zip(arrays) {
            // A column of lists has one leaf a field, each with its own writer.
            for (leaf, mut writer) in compute_leaves(field, array)?.iter().zip(&mut writers) {
                writer.write(leaf)?;
                chunks.push(writer.close()?);
            }
        }
        Ok(chunks)
    }
}

/// One Parquet file that row groups are appended to.
struct TableFile {
    path: std::path::PathBuf,
    writer: SerializedFileWriter<BufWriter<File>>,
    encoder: Encoder,
}

impl TableFile {
    fn create(path: &Path, schema: &Arc<Schema>) -> Result<TableFile, Error> {
        let file = File::create(path).map_err(|e| cannot_write(path, &e))?;
        let writer =
            ArrowWriter::try_new(BufWriter::new(file), Arc::clone(schema), Some(writer_properties(schema)))
                .and_then(ArrowWriter::into_serialized_writer);
        let (writer, factory) = writer.map_err(|e| cannot_write(path, &e))?;
        let encoder = Encoder { factory, schema: Arc::clone(schema) };
        Ok(TableFile { path: path.to_owned(), writer, encoder })
    }

    fn append(&mut self, chunks: Vec<ArrowColumnChunk>) -> Result<(), Error> {
        if chunks.is_empty() {
            return Ok(());
        }
        let append = || {
            let mut group = self.writer.next_row_group()?;
            for chunk in chunks {
                chunk.append_to_row_group(&mut group)?;
            }
            group.close().map(|_| ())
        };
        append().map_err(|e: ParquetError| cannot_write(&self.path, &e))
    }

    fn close(self) -> Result<(), Error> {
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
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
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

fn cannot_write(path: &Path, error: &dyn std::fmt::Display) -> Error {
    let position = Position { path: path.display().to_string(), ..Position::default() };
    Error::Output(Diagnostic::error(codes::F402, format!("cannot write: {error}")).at(position))
}
