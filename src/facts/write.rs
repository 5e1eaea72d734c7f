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
use arrow::datatypes::Schema;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use rayon::prelude::*;

use crate::codes;
use crate::diag::{Diagnostic, Error, Position};
use crate::history::{CaseEvents, History};
use crate::replay::{CaseFacts, Replayer, Workspace};

use super::cases::{AttributeColumns, CaseColumns};
use super::clocks::ClockColumns;
use super::context::Context;
use super::findings::{DataRow, FindingColumns};
use super::registry::{CASES, CLOCKS, FINDINGS};

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
pub trait Accumulate: Default + Send {
    /// Adds the facts of one case.
    fn add(&mut self, facts: &CaseFacts);
    /// Takes over what `other` has.
    fn merge(&mut self, other: Self);
}

/// Replays every case into an accumulator and builds no facts. `done` is told the cases done since last told.
pub fn fold<A: Accumulate>(history: &History, replay: &impl Replay, done: &(dyn Fn(u64) + Sync)) -> A {
    let merge = |mut left: A, right: A| {
        left.merge(right);
        left
    };
    (0..n_batches(history))
        .into_par_iter()
        .map(|batch| fold_batch(history, replay, batch, done))
        .reduce(A::default, merge)
}

fn fold_batch<A: Accumulate>(
    history: &History,
    replay: &impl Replay,
    batch: usize,
    done: &(dyn Fn(u64) + Sync),
) -> A {
    let mut sum = A::default();
    let cases = batch_cases(history, batch);
    let n = cases.len() as u64;
    let mut workspace = Default::default();
    for case in cases {
        if let Some(facts) = replay.replay(history.case(case), &mut workspace) {
            sum.add(facts);
        }
    }
    done(n);
    sum
}

/// Replays every case into `folder/{cases,clocks,findings}.parquet` and an accumulator; the findings of the
/// data stand after those of the cases. `done` is told the cases done since last told.
///
/// # Errors
/// [`Error::Output`] (F402) where a file cannot be written.
pub fn write<A: Accumulate>(
    context: &Context<'_>,
    replay: &impl Replay,
    data: &[DataRow<'_>],
    folder: &Path,
    done: &(dyn Fn(u64) + Sync),
) -> Result<A, Error> {
    let names = [CASES.name, CLOCKS.name, FINDINGS.name];
    let mut files = Vec::new();
    for (name, schema) in names.into_iter().zip(&context.schemas) {
        files.push(TableFile::create(&folder.join(format!("{name}.parquet")), schema)?);
    }
    let n_batches = n_batches(context.history);
    let wave = rayon::current_num_threads() * BATCHES_A_WORKER;
    let mut sum = A::default();
    for from in (0..n_batches).step_by(wave) {
        let encoders: Vec<&Encoder> = files.iter().map(|f| &f.encoder).collect();
        let encoded: Vec<Result<Batch<A>, ParquetError>> = (from..(from + wave).min(n_batches))
            .into_par_iter()
            .map(|batch| encode_batch(context, replay, &encoders, batch, done))
            .collect();
        for batch in encoded {
            let batch = batch.map_err(|e| cannot_write(folder, &e))?;
            sum.merge(batch.sum);
            for (file, chunks) in files.iter_mut().zip(batch.tables) {
                file.append(chunks)?;
            }
        }
    }
    let [_, _, findings] = &mut files[..] else { return Ok(sum) };
    let rows = encode_data(context, &findings.encoder, data).map_err(|e| cannot_write(folder, &e))?;
    findings.append(rows)?;
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

/// The facts of one batch of cases, encoded.
struct Batch<A> {
    sum: A,
    tables: [Vec<ArrowColumnChunk>; 3],
}

fn encode_batch<A: Accumulate>(
    context: &Context<'_>,
    replay: &impl Replay,
    encoders: &[&Encoder],
    batch: usize,
    done: &(dyn Fn(u64) + Sync),
) -> Result<Batch<A>, ParquetError> {
    let mut sum = A::default();
    let mut rows = Rows::new(context);
    let cases = batch_cases(context.history, batch);
    let n = cases.len() as u64;
    let mut workspace = Default::default();
    for case in cases {
        if let Some(facts) = replay.replay(context.history.case(case), &mut workspace) {
            sum.add(facts);
            rows.append(context, facts);
        }
    }
    let tables = rows.encode(encoders)?;
    done(n);
    Ok(Batch { sum, tables })
}

/// The growing columns of all tables.
struct Rows {
    cases: CaseColumns,
    attributes: AttributeColumns,
    clocks: ClockColumns,
    findings: FindingColumns,
}

impl Rows {
    fn new(context: &Context<'_>) -> Rows {
        Rows {
            cases: CaseColumns::new(context),
            attributes: AttributeColumns::new(context),
            clocks: ClockColumns::new(context),
            findings: FindingColumns::new(context),
        }
    }

    fn append(&mut self, context: &Context<'_>, facts: &CaseFacts) {
        self.cases.append(context, &facts.case);
        self.attributes.append(context, facts.case.case);
        facts.clocks.iter().for_each(|clock| self.clocks.append(context, &facts.case, clock));
        facts.findings.iter().for_each(|finding| self.findings.append(context, facts, finding));
    }

    /// One row group a table, in the order of the encoders.
    fn encode(self, encoders: &[&Encoder]) -> Result<[Vec<ArrowColumnChunk>; 3], ParquetError> {
        let mut cases = self.cases.finish()?;
        cases.extend(self.attributes.finish()?);
        Ok([
            encoders[0].encode(&cases)?,
            encoders[1].encode(&self.clocks.finish()?)?,
            encoders[2].encode(&self.findings.finish()?)?,
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
        for ((mut writer, field), array) in writers.into_iter().zip(self.schema.fields()).zip(arrays) {
            for leaf in compute_leaves(field, array)? {
                writer.write(&leaf)?;
            }
            chunks.push(writer.close()?);
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
        let writer = ArrowWriter::try_new(BufWriter::new(file), Arc::clone(schema), Some(properties()))
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

/// Dictionaries and zstd at its fastest level, which docs/figures.md holds against snappy. `created_by` names no
/// version of any library, so that the bytes change only when the facts do.
fn properties() -> WriterProperties {
    WriterProperties::builder()
        .set_created_by("slaudit".to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .build()
}

fn cannot_write(path: &Path, error: &dyn std::fmt::Display) -> Error {
    let position = Position { path: path.display().to_string(), ..Position::default() };
    Error::Output(Diagnostic::error(codes::F402, format!("cannot write: {error}")).at(position))
}
