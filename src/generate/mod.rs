//! Synthetic case histories of any size: `slaudit generate`.
//!
//! For demonstrations, benchmarks and tests; not a model of a particular help desk, and no test of meaning:
//! nobody knows the right answers for what is made here. Same plan, same bytes, on every platform and on any
//! number of threads: every case is drawn from its own stream of random numbers, and all arithmetic is on
//! integers. May use `diag`, `calendar::Instant` and the words of `history`; knows nothing of policies.

mod arrivals;
mod csv;
mod order;
mod parquet;
mod random;
mod story;
mod words;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use chrono::NaiveDate;

use crate::codes;
use crate::diag::{Diagnostic, Error, Position};

use arrivals::Arrivals;
use words::Lexicon;

/// How many events ten cases have on average over a year; [`Size::Events`] divides by it.
pub const EVENTS_PER_TEN_CASES: u64 = 73;

/// Longest span of arrivals, in months.
pub const MAX_MONTHS: u32 = 1_200;

/// How much to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// So many cases.
    Cases(u64),
    /// As many cases as give about so many events: a few percent off over a year, up to a fifth fewer over a
    /// month, of which the end cuts off more.
    Events(u64),
}

/// How the rows of the file are ordered. The histories are the same in each: no case has two events at one
/// instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Case after case, by opening.
    Case,
    /// By time over all cases, as an audit log is written.
    Time,
    /// In no order at all. The whole output is held in memory, 32 bytes a row.
    Shuffled,
}

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Canonical CSV (SPEC 2), UTF-8, `\n`.
    Csv,
    /// Canonical Parquet: `at` in microseconds UTC, texts as dictionaries, zstd.
    Parquet,
}

/// What to make; the only input besides the place of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// How much.
    pub size: Size,
    /// Another seed, other histories.
    pub seed: u64,
    /// The first day of arrivals, local date in America/Denver.
    pub start: NaiveDate,
    /// Months of arrivals, 1 to [`MAX_MONTHS`]. The output ends with the span: what would happen later is
    /// left out, and so the cases of the last days are still open.
    pub months: u32,
    /// Order of rows.
    pub order: Order,
    /// What is written.
    pub format: Format,
}

/// What was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Cases.
    pub cases: u64,
    /// Rows, the header not counted.
    pub rows: u64,
    /// Bytes of output.
    pub bytes: u64,
}

/// Writes the histories of `plan` to the file `out`, in place of what stood there.
///
/// A regular file appears whole or not at all: it is written beside its name and renamed. A pipe or device is
/// written to directly. Memory is bounded but for [`Order::Shuffled`] and, with [`Order::Time`], the later
/// events of cases that are open at one time.
///
/// # Errors
///
/// [`Error::Usage`] where the plan cannot be carried out, [`Error::Output`] (F402) where `out` cannot be written.
pub fn write(plan: &Plan, out: &Path) -> Result<Written, Error> {
    let unwritable = |e: std::io::Error| cannot_write(out, &e.to_string());
    if out.exists() && !out.is_file() {
        let file = File::options().write(true).open(out).map_err(unwritable)?;
        return write_to(plan, file).map_err(|e| e.named(out));
    }
    let folder = out.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let beside = tempfile::NamedTempFile::new_in(folder).map_err(unwritable)?;
    let written = write_to(plan, beside.as_file()).map_err(|e| e.named(out))?;
    beside.persist(out).map_err(|e| unwritable(e.error))?;
    Ok(written)
}

/// Writes the histories of `plan` to `out`; [`write`] for what is not a file.
///
/// # Errors
///
/// [`Failure::Plan`] where the plan cannot be carried out, [`Failure::Write`] where `out` fails.
pub fn write_to<W: Write + Send>(plan: &Plan, out: W) -> Result<Written, Failure> {
    let arrivals = Arrivals::new(plan)?;
    let lexicon = Lexicon::new(arrivals.cases());
    let out = Counted { inner: BufWriter::with_capacity(1 << 20, out), bytes: 0 };
    match plan.format {
        Format::Csv => order::feed(plan.order, &arrivals, csv::Writer::new(out, &lexicon)?),
        Format::Parquet => order::feed(plan.order, &arrivals, parquet::Writer::new(out, &lexicon)?),
    }
}

/// Why nothing whole was written.
#[derive(Debug)]
pub enum Failure {
    /// The plan cannot be carried out: what is wrong with it.
    Plan(String),
    /// The output failed.
    Write(std::io::Error),
}

impl From<std::io::Error> for Failure {
    fn from(e: std::io::Error) -> Failure {
        Failure::Write(e)
    }
}

impl Failure {
    /// As an error of the run, with the name of the output.
    pub fn named(self, out: &Path) -> Error {
        match self {
            Failure::Plan(message) => Error::Usage(message),
            Failure::Write(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Error::BrokenPipe,
            Failure::Write(e) => cannot_write(out, &e.to_string()),
        }
    }
}

fn cannot_write(out: &Path, why: &str) -> Error {
    let path = out.display().to_string();
    Error::Output(
        Diagnostic::error(codes::F402, format!("`{path}` cannot be written: {why}"))
            .at(Position { path, ..Position::default() })
            .hint("name a file in a folder that exists and may be written to"),
    )
}

/// Counts what passes.
struct Counted<W> {
    inner: W,
    bytes: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, buffer: &[u8]) -> std::io::Result<usize> {
        let n = self.inner.write(buffer)?;
        self.bytes += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}
