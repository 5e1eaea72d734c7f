//! Replays every case and streams the facts to Parquet: never all facts in memory.
//!
//! Cases are cut into batches of a fixed number, each becomes one row group of each table, encoded on a
//! worker and appended in order: the number of threads never shows in the bytes. It decides nothing about
//! folders; the caller gives one that exists.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow::array::RecordBatch;
use arrow::error::ArrowError;
use parquet::errors::ParquetError;
use rayon::prelude::*;

use crate::diag::Error;
use crate::history::{CaseEvents, History};
use crate::replay::{CaseFacts, Replayer, Waits, Workspace};

use super::cases::{AttributeColumns, CaseColumns};
use super::changes::ChangeColumns;
use super::clocks::ClockColumns;
use super::context::Context;
use super::files::{Chunk, Encoder, Files, Groups, TableFile, cannot_write};
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
    /// Sees the fact tables of some cases, in order of [`TABLES`], before they are written; all facts of a case stand in
    /// one batch.
    fn see(&mut self, _tables: &[RecordBatch]) {}
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
    let batch = |mut sum: A, batch| {
        replay_batch(history, replay, batch, &mut sum, done, |_| ());
        sum
    };
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
        let cases = batch_cases(history, batch).map(|case| history.case(case));
        let n = cases.len() as u64;
        waits.push(add_in_order(replayer, cases, &mut sum));
        done(n);
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

/// Replays `cases` into `sum`, by a replayer that knows no order yet; what the order is found from.
pub fn add_in_order<'e>(
    replayer: &Replayer<'_>,
    cases: impl ExactSizeIterator<Item = CaseEvents<'e>>,
    sum: &mut impl Accumulate,
) -> Waits {
    let (mut workspace, mut waits) = (Workspace::default(), Waits::for_cases(cases.len()));
    for case in cases {
        if let Some(facts) = replayer.case_in_order(case, &mut workspace, &mut waits) {
            sum.add(facts);
        }
    }
    waits
}

/// Replays one batch of cases into `sum`, and shows each case's facts.
fn replay_batch<A: Accumulate>(
    history: &History,
    replay: &impl Replay,
    batch: usize,
    sum: &mut A,
    done: &(dyn Fn(u64) + Sync),
    mut show: impl FnMut(&CaseFacts),
) {
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
    let mut encoders = Vec::new();
    for (table, schema) in TABLES.iter().zip(&context.schemas) {
        let (file, encoder) = TableFile::create(&folder.join(format!("{}.parquet", table.name)), schema)?;
        files.push(file);
        encoders.push(encoder);
    }
    let n_workers = rayon::current_num_threads();
    let files = Files::new(files, n_workers * BATCHES_A_WORKER);
    let next = AtomicUsize::new(0);
    let work = || -> Result<A, Error> {
        let shift = files.shift();
        let mut worker = Worker { sum: empty(), room: [0; TABLES.len()] };
        loop {
            let batch = next.fetch_add(1, Ordering::Relaxed);
            if batch >= n_batches(context.history) {
                shift.end();
                return Ok(worker.sum);
            }
            let encoded = encode_batch(context, replay, &encoders, batch, &mut worker, done);
            let groups = encoded.map_err(|e| cannot_write(folder, &e))?;
            if !files.append(batch, groups)? {
                // The error is told by the worker that has it.
                return Ok(worker.sum);
            }
        }
    };
    // One on each thread. Not as tasks that another thread may take: a worker that waits for the engine of the checks
    // would be given a second worker meanwhile, which may wait for the first one's batch.
    let sums = rayon::broadcast(|_| work());
    let mut sum = empty();
    for one in sums {
        sum.merge(one?);
    }
    let mut files = files.into_inner();
    // Findings stand last.
    if let Some((findings, encoder)) = files.last_mut().zip(encoders.last()) {
        let rows = encode_data(context, encoder, data).map_err(|e| cannot_write(folder, &e))?;
        findings.append(rows)?;
    }
    files.into_iter().try_for_each(TableFile::close)?;
    Ok(sum)
}

fn n_batches(history: &History) -> usize {
    history.n_cases().div_ceil(CASES_A_BATCH)
}

fn batch_cases(history: &History, batch: usize) -> std::ops::Range<usize> {
    let from = batch * CASES_A_BATCH;
    from..(from + CASES_A_BATCH).min(history.n_cases())
}

/// What one worker has from batch to batch.
struct Worker<A> {
    sum: A,
    /// Rows of each table to make room for: those of the last batch, and some more.
    room: [usize; TABLES.len()],
}

/// The facts of one batch of cases, added to the worker's sum and encoded, in the order of [`TABLES`].
fn encode_batch<A: Accumulate>(
    context: &Context<'_>,
    replay: &impl Replay,
    encoders: &[Encoder],
    batch: usize,
    worker: &mut Worker<A>,
    done: &(dyn Fn(u64) + Sync),
) -> Result<Groups, ParquetError> {
    let mut rows = Rows::new(context, worker.room);
    let show = |facts: &CaseFacts| rows.append(context, facts);
    replay_batch(context.history, replay, batch, &mut worker.sum, done, show);
    let tables = rows.finish(context)?;
    for (room, rows) in worker.room.iter_mut().zip(&tables) {
        *room = rows.num_rows() + rows.num_rows() / 16;
    }
    worker.sum.see(&tables);
    encoders.iter().zip(&tables).map(|(encoder, rows)| encoder.encode(rows.columns())).collect()
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
    /// No rows yet; room for about so many of each table.
    fn new(context: &Context<'_>, room: [usize; TABLES.len()]) -> Rows {
        let [cases, clocks, changes, spells, overtaken, findings] = room;
        Rows {
            cases: CaseColumns::new(context, cases),
            attributes: AttributeColumns::new(context, cases),
            clocks: ClockColumns::new(context, clocks),
            changes: ChangeColumns::new(context, changes),
            spells: SpellColumns::new(context, spells),
            overtaken: OvertakenColumns::new(context, overtaken),
            findings: FindingColumns::new(context, findings),
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

    /// Each table, in the order of [`TABLES`].
    fn finish(self, context: &Context<'_>) -> Result<Vec<RecordBatch>, ArrowError> {
        let mut cases = self.cases.finish()?;
        cases.extend(self.attributes.finish()?);
        let tables = [
            cases,
            self.clocks.finish()?,
            self.changes.finish()?,
            self.spells.finish()?,
            self.overtaken.finish()?,
            self.findings.finish()?,
        ];
        let table = |(schema, arrays)| RecordBatch::try_new(Arc::clone(schema), arrays);
        context.schemas.iter().zip(tables).map(table).collect()
    }
}

fn encode_data(
    context: &Context<'_>,
    encoder: &Encoder,
    data: &[DataRow<'_>],
) -> Result<Vec<Chunk>, ParquetError> {
    let mut findings = FindingColumns::new(context, data.len());
    data.iter().for_each(|row| findings.append_data(context, row));
    encoder.encode(&findings.finish()?)
}
