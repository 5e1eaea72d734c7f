//! The reading itself: hands out blocks to all threads and keeps what they made; `finish` puts it together. What it yields does not depend on the number of threads or on the size of blocks.

use std::fs::File;
use std::io::Seek;
use std::sync::Mutex;
use std::sync::atomic::Ordering;

use foldhash::fast::RandomState;

use super::blocks::{CsvSource, RawBlock};
use super::contents::{Packing, Taken, counted, decoded};
use super::csv::{CsvFile, parse};
use super::encoding::Encoding;
use super::finding::DataFinding;
use super::finish::{SPILLED, finish};
use super::gather::{BlockKey, Desk, Gather, Origin};
use super::guard::guarded;
use super::json_blocks::{JsonBlock, JsonSource};
use super::json_rows::{self, Target};
use super::ledger::{BlockLedger, EXAMPLES, FileLedger, Ledger};
use super::open_files::open;
use super::parquet::RowGroup;
use super::places::Places;
use super::plan::{Plan, Progress};
use super::refuse::unreadable;
use super::rows::{Block, Rest};
use super::shared_cases;
use super::source::{Format, Source};
use super::split::Fields;
use super::translate::Translator;
use super::watch::{Watched, WatchedBlock};
use super::workbook::Rows;
use super::zone::Zone;
use crate::calendar::Instant;
use crate::codes;
use crate::diag::{Diagnostic, Error, Level, Position};
use crate::history::History;

/// Everything that comes of the input.
#[derive(Debug)]
pub struct Ingested {
    /// All used events.
    pub history: History,
    /// What became of every row.
    pub ledger: Ledger,
    /// D506, D508, D509.
    pub findings: Vec<DataFinding>,
    /// File and line of each event.
    pub places: Places,
    /// The column that the plan watches.
    pub watched: Watched,
    /// What the profile takes for granted, a line each.
    pub assumptions: Vec<String>,
    /// Columns that the profile names and a file does not have, where that is likely a mistake (F303).
    pub warnings: Vec<Diagnostic>,
    /// More rows were rejected than the plan allows (F304), or all of them (F305): the ledger is to be written, and no report.
    pub refused: Option<Diagnostic>,
}

impl Ingested {
    /// The watched column's cell in the row of an event, by its number ([`crate::history::Events::numbers`]); `None` where
    /// it is empty or not there.
    pub fn watched(&self, event: usize) -> Option<&str> {
        self.watched.at(self.places.ordinal(event)?)
    }

    /// The distinct cells of the watched column that are not empty, some more than once.
    pub fn watched_words(&self) -> &[String] {
        self.watched.words()
    }

    /// Whether a report may be made.
    ///
    /// # Errors
    /// [`Error::Input`] with F304, exit code 4, where more rows were rejected than the plan allows (SPEC 3.4), after
    /// examples of what was rejected.
    pub fn accept(&self) -> Result<(), Error> {
        accept(self.refused.as_ref(), &self.ledger)
    }
}

/// See [`Ingested::accept`].
pub(super) fn accept(refused: Option<&Diagnostic>, ledger: &Ledger) -> Result<(), Error> {
    let Some(refusal) = refused else { return Ok(()) };
    let rejected = ledger.examples.iter().filter(|example| example.level == Level::Error);
    Err(Error::Input(rejected.chain([refusal]).cloned().collect()))
}

/// Reads all files of `plan` (SPEC 2, 3), on the threads of the current rayon pool.
///
/// # Errors
/// [`Error::Input`] where a file cannot be used at all (F301 to F303, F305). Rejected rows are no error here: see
/// [`Ingested::accept`].
pub fn read(plan: &Plan, progress: &dyn Progress) -> Result<Ingested, Error> {
    finish(raw(plan, progress, None)?)
}

/// An input whose rows stand in their parts, in no order yet.
pub(super) struct Raw<'p> {
    pub(super) plan: &'p Plan,
    pub(super) sources: Vec<Source<'p>>,
    /// Of attributes.
    pub(super) names: Vec<String>,
    pub(super) done: Vec<Done>,
    pub(super) ledger: Ledger,
    pub(super) gather: Gather,
}

/// Reads all files of `plan`; at most `memory` bytes of rows wait in memory (`None`: all of them).
pub(super) fn raw<'p>(
    plan: &'p Plan,
    progress: &dyn Progress,
    memory: Option<u64>,
) -> Result<Raw<'p>, Error> {
    let (sources, names) = open(plan)?;
    let state = RandomState::default();
    let total: u64 = sources.iter().map(|s| s.n_bytes).sum();
    let gather = Gather::new((n_rows(&sources), memory), names.len(), total, &state);
    let passed_over = plan.passed_over.clone();
    let mut ledger = Ledger { files: file_ledgers(plan, &sources), passed_over, ..Ledger::default() };
    let work = Work {
        plan,
        sources: &sources,
        state: &state,
        gather: &gather,
        total,
        progress,
        queue: Mutex::new(Queue::default()),
        done: Mutex::new(Vec::new()),
        rejected: &ledger.rejected,
    };
    rayon::scope(|scope| {
        for _ in 0..rayon::current_num_threads() {
            scope.spawn(|_| work.run());
        }
    });
    let Work { queue, done, .. } = work;
    let queue = into_inner(queue);
    if let Some((_, problem)) = queue.problem {
        return Err(Error::Input(vec![problem]));
    }
    let mut done = into_inner(done);
    done.sort_unstable_by_key(|done| done.key);
    for (file, digest) in queue.digests {
        ledger.files[file].sha256 = Some(digest);
    }
    for file in queue.cut {
        ledger.files[file].is_cut = true;
    }
    Ok(Raw { plan, sources, names, done, ledger, gather })
}

pub(super) fn into_inner<T>(mutex: Mutex<T>) -> T {
    mutex.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// About how many rows the input has.
fn n_rows(sources: &[Source<'_>]) -> u64 {
    let n_rows = |source: &Source<'_>| match &source.format {
        Format::Parquet(parquet) => parquet.n_rows(),
        // A row of text is some hundred bytes.
        _ => source.n_bytes / 100,
    };
    sources.iter().map(n_rows).sum()
}

fn file_ledgers(plan: &Plan, sources: &[Source<'_>]) -> Vec<FileLedger> {
    let ledger = |(path, source): (&std::path::PathBuf, &Source<'_>)| FileLedger {
        path: path.clone(),
        n_bytes: source.n_bytes,
        ..FileLedger::default()
    };
    plan.files.iter().zip(sources.iter().filter(|source| source.n_tables() > 0)).map(ledger).collect()
}

/// What one block gave.
pub(super) struct Done {
    pub(super) key: BlockKey,
    rest: Rest,
    ledger: BlockLedger,
}

/// Where the reading stands.
#[derive(Default)]
struct Queue {
    source: usize,
    current: Option<Current>,
    /// Bytes of a packed file that were taken.
    taken: Option<Taken>,
    sequence: u32,
    bytes_before: u64,
    digests: Vec<(usize, [u8; 32])>,
    /// Bytes of the current source that were handed out.
    n_handed_out: u64,
    /// Files of which more is there than the sample.
    cut: Vec<usize>,
    /// What ends the reading, with the number of the piece that it is in: of several the first in order of the input.
    problem: Option<(u32, Diagnostic)>,
}

impl Queue {
    /// Ends the reading by what is wrong in piece `sequence`. Pieces are handed out in order, and all that were are read
    /// to their end: so the first problem of the input is found whichever thread is faster.
    fn end(&mut self, sequence: u32, problem: Diagnostic) {
        if self.problem.as_ref().is_none_or(|(first, _)| sequence < *first) {
            self.problem = Some((sequence, problem));
        }
    }
}

/// What all threads share while they read.
struct Work<'w> {
    plan: &'w Plan,
    sources: &'w [Source<'w>],
    state: &'w RandomState,
    gather: &'w Gather,
    total: u64,
    progress: &'w dyn Progress,
    queue: Mutex<Queue>,
    done: Mutex<Vec<Done>>,
    rejected: &'w super::rejected::Rejected,
}

/// A piece of work.
struct Task {
    sequence: u32,
    source: usize,
    piece: Piece,
    /// How much of the input it is, about.
    n_bytes: u64,
}

/// What of a file.
enum Piece {
    Block(RawBlock),
    Objects(JsonBlock),
    RowGroup(usize),
}

/// A file being read.
enum Current {
    Csv(Box<CsvSource>),
    Json(Box<JsonSource>),
    /// The next row group.
    Parquet(usize),
}

impl Work<'_> {
    /// One thread's share: blocks until there are no more.
    fn run(&self) {
        let mut spare = Vec::new();
        let mut current: Option<(usize, Translator<'_>)> = None;
        let mut fields = Fields::default();
        let mut emptied: Option<Block> = None;
        let mut desk = Desk::default();
        while let Some(task) = self.next(std::mem::take(&mut spare)) {
            let source = &self.sources[task.source];
            if let Piece::Objects(raw) = task.piece {
                self.objects((task.sequence, task.n_bytes), task.source, &raw, &mut fields, &mut desk);
                spare = raw.bytes;
                continue;
            }
            let mut translator = match current.take() {
                Some((of, translator)) if of == task.source => translator,
                _ => Translator::new(source.table, &source.layout, Zone::new(source.zone)),
            };
            let mut block = self.block(task.source, emptied.take());
            // What of the task was handed on.
            let mut n_gone = 0;
            let made = match task.piece {
                Piece::Block(raw) => {
                    let ledger = parse(&csv_file(source), &mut translator, &mut fields, &raw, &mut block);
                    spare = raw.bytes;
                    Ok(ledger)
                }
                Piece::RowGroup(group) => {
                    self.row_group(source, group, &mut translator, &mut block, |block, n| {
                        let n_bytes = (task.n_bytes as f64 * n) as u64;
                        n_gone += n_bytes;
                        let origin = self.origin(block, task.sequence, n_bytes);
                        self.unless_lost(task.sequence, self.gather.rows(block, &origin, &mut desk));
                    })
                }
                Piece::Objects(_) => Ok(BlockLedger::default()),
            };
            match made {
                Ok(ledger) => {
                    let n_bytes = task.n_bytes.saturating_sub(n_gone);
                    emptied = Some(self.finish((task.sequence, n_bytes), block, ledger, &mut desk));
                }
                Err(problem) => {
                    desk.clear();
                    lock(&self.queue).end(task.sequence, problem);
                }
            }
            current = Some((task.source, translator));
        }
    }

    /// An empty block of a source: the one at hand, if it is of the same.
    fn block(&self, index: usize, emptied: Option<Block>) -> Block {
        let source = &self.sources[index];
        let emptied = emptied.filter(|block| block.source == index as u32);
        let new = || Block::new((source.file as u32, index as u32), &source.layout.attributes, self.state);
        let mut block = emptied.unwrap_or_else(new);
        block.watched = source.layout.watched.map(|_| WatchedBlock::new(self.state));
        block
    }

    /// Objects of a JSON file give a block for each of its tables, from source `first` on; the first has the ledger.
    fn objects(
        &self,
        (sequence, n_bytes): (u32, u64),
        first: usize,
        raw: &JsonBlock,
        fields: &mut Fields,
        desk: &mut Desk,
    ) {
        let sources = &self.sources[first..first + self.sources[first].n_tables()];
        let mut targets = Vec::with_capacity(sources.len());
        for (i, source) in sources.iter().enumerate() {
            let Format::Json(table) = &source.format else { continue };
            let translator = Translator::new(source.table, &source.layout, Zone::new(source.zone));
            targets.push(Target { source, table, translator, block: self.block(first + i, None) });
        }
        let mut ledger = Some(json_rows::parse(raw, &mut targets, fields));
        for target in targets {
            let n_bytes = if ledger.is_some() { n_bytes } else { 0 };
            self.finish((sequence, n_bytes), target.block, ledger.take().unwrap_or_default(), desk);
        }
    }

    fn row_group(
        &self,
        source: &Source<'_>,
        group: usize,
        translator: &mut Translator<'_>,
        block: &mut Block,
        mut hand_on: impl FnMut(&mut Block, f64),
    ) -> Result<BlockLedger, Diagnostic> {
        let Format::Parquet(parquet) = &source.format else { return Ok(BlockLedger::default()) };
        let problem = |cause: String| {
            let position = Position { path: source.path.clone(), ..Position::default() };
            Diagnostic::error(codes::F301, format!("row group {} cannot be read: {cause}", group + 1))
                .at(position)
        };
        let opened = File::open(&self.plan.files[source.file]).map_err(|cause| problem(cause.to_string()))?;
        let (layout, header) = (&source.layout, &source.header[..]);
        let group = RowGroup { path: &source.path, file: &opened, parquet, group, layout, header };
        guarded(|| super::parquet::read(group, translator, block, &mut hand_on)).map_err(problem)
    }

    /// Where a block comes from, of which `n_bytes` more were read.
    fn origin(&self, block: &Block, sequence: u32, n_bytes: u64) -> Origin {
        let first_role = self.sources[block.source as usize].table.first_role;
        let until = self.plan.as_of.map_or(i64::MAX, Instant::micros);
        let table = shared_cases::bit(self.sources, block.source as usize);
        Origin { key: (block.source, sequence), until, first_role, n_bytes, table }
    }

    /// Hands a block on, its rows to their parts; gives it back empty.
    fn finish(
        &self,
        (sequence, n_bytes): (u32, u64),
        mut block: Block,
        mut ledger: BlockLedger,
        desk: &mut Desk,
    ) -> Block {
        if let Err(cause) = self.rejected.put(sequence, std::mem::take(&mut ledger.rows)) {
            let message = format!("rejected rows cannot be kept in the temporary folder: {cause}");
            lock(&self.queue).end(sequence, Diagnostic::error(codes::F301, message));
        }
        let origin = self.origin(&block, sequence, n_bytes);
        self.unless_lost(sequence, self.gather.finish_block(&mut block, &origin, desk));
        lock(&self.done).push(Done { key: origin.key, rest: block.rest(), ledger });
        block
    }

    /// Ends the reading where rows could not be put away.
    fn unless_lost(&self, sequence: u32, taken: std::io::Result<()>) {
        if let Err(cause) = taken {
            let message = format!("rows cannot be kept in the temporary folder: {cause}");
            let problem = Diagnostic::error(codes::F301, message).hint(SPILLED);
            lock(&self.queue).end(sequence, problem);
        }
    }

    /// The next block of the input, read while the others wait.
    fn next(&self, spare: Vec<u8>) -> Option<Task> {
        let mut queue = lock(&self.queue);
        let task = self.next_of(&mut queue, spare);
        if let Err(cause) = &task {
            let path = self.sources.get(queue.source).map(|s| s.path.clone()).unwrap_or_default();
            // Behind every piece that was handed out.
            let sequence = queue.sequence + 1;
            queue.end(sequence, unreadable(path, cause));
        }
        let unpacked = match &queue.current {
            Some(Current::Csv(csv)) => csv.n_read(),
            Some(Current::Json(json)) => json.n_read(),
            _ => 0,
        };
        // What is to be read is told in bytes of files as they lie: of a packed one, so many of it were taken.
        let read = queue.taken.as_ref().map_or(unpacked, |taken| taken.load(Ordering::Relaxed));
        let most = self.sources.get(queue.source).map_or(0, |source| source.n_bytes);
        let read = queue.bytes_before + read.min(most);
        drop(queue);
        self.progress.bytes(read.min(self.total), self.total);
        task.ok().flatten()
    }

    fn next_of(&self, queue: &mut Queue, spare: Vec<u8>) -> std::io::Result<Option<Task>> {
        let mut spare = Some(spare);
        while queue.problem.is_none() {
            let Some(source) = self.sources.get(queue.source) else { return Ok(None) };
            if queue.current.is_none() {
                queue.current = Some(self.start(source, queue)?);
            }
            let piece = match (&mut queue.current, &source.format) {
                (Some(Current::Csv(csv)), _) => csv.next(spare.take().unwrap_or_default())?.map(Piece::Block),
                (Some(Current::Json(json)), _) => {
                    json.next(spare.take().unwrap_or_default())?.map(Piece::Objects)
                }
                (Some(Current::Parquet(next)), Format::Parquet(parquet)) if *next < parquet.n_groups() => {
                    *next += 1;
                    Some(Piece::RowGroup(*next - 1))
                }
                _ => None,
            };
            // What comes after the sample is looked at once, to tell that it is there.
            let is_beyond = self.plan.sample.is_some_and(|most| queue.n_handed_out >= most);
            if piece.is_some() && is_beyond {
                queue.cut.push(source.file);
            }
            if let Some(piece) = piece.filter(|_| !is_beyond) {
                queue.sequence += 1;
                let n_bytes = match (&piece, &source.format) {
                    (Piece::Block(raw), _) => raw.bytes.len() as u64,
                    (Piece::Objects(raw), _) => raw.bytes.len() as u64,
                    (_, Format::Parquet(parquet)) => source.n_bytes / parquet.n_groups().max(1) as u64,
                    _ => 0,
                };
                queue.n_handed_out += n_bytes;
                return Ok(Some(Task { sequence: queue.sequence, source: queue.source, piece, n_bytes }));
            }
            let digest = match &mut queue.current {
                Some(Current::Csv(csv)) => csv.digest(),
                Some(Current::Json(json)) => json.digest(),
                _ => None,
            };
            queue.digests.extend(digest.map(|digest| (source.file, digest)));
            queue.bytes_before += source.n_bytes;
            queue.current = None;
            queue.taken = None;
            queue.n_handed_out = 0;
            queue.source += source.n_tables().max(1);
        }
        Ok(None)
    }

    fn start(&self, source: &Source<'_>, queue: &mut Queue) -> std::io::Result<Current> {
        let mut opened = File::open(&self.plan.files[source.file])?;
        if let Format::Parquet(_) = source.format {
            if self.plan.hash_inputs {
                queue.digests.push((source.file, super::blocks::digest(&mut opened)?));
            }
            return Ok(Current::Parquet(0));
        }
        if let Format::Workbook(sheet) = &source.format {
            if self.plan.hash_inputs {
                queue.digests.push((source.file, super::blocks::digest(&mut opened)?));
                opened.rewind()?;
            }
            let text = super::workbook::csv(opened, &sheet.name, Rows::all(source.dialect.n_above))?;
            let mut csv = CsvSource::new(text, source.dialect.delimiter, self.plan.block_size, false);
            source.dialect.skip(&mut csv)?;
            return Ok(Current::Csv(Box::new(csv)));
        }
        let start = super::contents::first(&mut opened, 4)?;
        opened.rewind()?;
        // The digest is of the file as it lies there: one that has to be unpacked or decoded is read once more for it.
        let is_utf8 = Encoding::of(&start, source.table.encoding) == Encoding::Utf8;
        let is_as_it_lies = is_utf8 && !source.dialect.has_returns && Packing::of(&start) == Packing::Plain;
        if !is_as_it_lies && self.plan.hash_inputs {
            queue.digests.push((source.file, super::blocks::digest(&mut opened)?));
            opened.rewind()?;
        }
        let (_, bytes, taken) = counted(opened)?;
        queue.taken = taken;
        let text = decoded(bytes, source.table.encoding)?;
        let hash = is_as_it_lies && self.plan.hash_inputs;
        if let Format::Json(table) = &source.format {
            let json = JsonSource::new(text, table.lists.clone(), self.plan.block_size, hash);
            return Ok(Current::Json(Box::new(json)));
        }
        let text = source.dialect.lines(text);
        let mut csv = CsvSource::new(text, source.dialect.delimiter, self.plan.block_size, hash);
        source.dialect.skip(&mut csv)?;
        Ok(Current::Csv(Box::new(csv)))
    }
}

fn csv_file<'s>(source: &'s Source<'_>) -> CsvFile<'s> {
    CsvFile {
        path: &source.path,
        delimiter: source.dialect.delimiter,
        width: source.layout.width,
        n_behind: source.dialect.n_behind,
        least: source.header.iter().rposition(|name| !name.is_empty()).map_or(0, |last| last + 1),
        header: &source.header,
        case_id: source.layout.case_id,
    }
}

/// Books every block's rows; the blocks themselves are handed on.
pub(super) fn settle(done: Vec<Done>, ledger: &mut Ledger) -> Vec<Rest> {
    let mut blocks = Vec::with_capacity(done.len());
    let mut examples: Vec<Vec<Diagnostic>> = vec![Vec::new(); ledger.files.len()];
    for Done { rest, ledger: of_block, .. } in done {
        let file = &mut ledger.files[rest.file as usize];
        file.n_read += of_block.n_read;
        file.n_used += of_block.n_read - of_block.by_code.values().sum::<u64>();
        file.ids.append(of_block.ids);
        for (code, n) in of_block.by_code {
            file.n_rejected += n;
            *file.by_code.entry(code).or_insert(0) += n;
        }
        for example in of_block.examples {
            push_example(&mut examples[rest.file as usize], example);
        }
        blocks.push(rest);
    }
    // Of a file that is rejected whole its own three examples of the commonest rule; else three of each rule in all.
    for (file, of_file) in ledger.files.iter().zip(examples) {
        let commonest = file.is_rejected_whole().then(|| file.commonest()).flatten().map(|(code, _)| code);
        for example in of_file {
            if commonest == Some(example.code) {
                ledger.examples.push(example);
            } else {
                push_example(&mut ledger.examples, example);
            }
        }
    }
    blocks
}

/// Keeps the first few of each code.
fn push_example(examples: &mut Vec<Diagnostic>, example: Diagnostic) {
    if examples.iter().filter(|known| known.code == example.code).count() < EXAMPLES {
        examples.push(example);
    }
}
