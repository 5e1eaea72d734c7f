//! `slaudit audit FILES`.

use std::path::PathBuf;

use clap::Args;

use crate::diag::Error;
use crate::facts::{By, Dates};
use crate::report::{self, Audit, Scope, Theme};

use super::close_after::{self, Lengths};
use super::output;
use super::progress::Bars;
use super::reading::{Read, Reading};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Case histories, CSV, JSON, Parquet or Excel, in the order that breaks ties in time; folders and patterns with `*` too
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    reading: Reading,
    /// What is reported, in the policy's zone: `2026-10`, `2026-Q4`, `2026`, `2026-10-01..2026-10-15`; the
    /// history outside of it is replayed all the same
    #[arg(long, value_name = "PERIOD", value_parser = Dates::parse)]
    period: Option<Dates>,
    /// By which of its instants a clock belongs to the period
    #[arg(long, value_enum, default_value_t = ByWord::Start, requires = "period")]
    by: ByWord,
    /// What closing after so long would have done: `10bd`, `5bd,10bd,14d`, or `1bd..20bd`
    #[arg(long, value_name = "LENGTHS", value_parser = close_after::parse)]
    close_after: Option<Lengths>,
    /// Where the report goes; an older report there is replaced, anything else is refused
    #[arg(long, value_name = "DIR", default_value = "slaudit-report")]
    out: PathBuf,
    /// Write the fact tables; no compliance tables, charts or pages
    #[arg(long, conflicts_with = "summary")]
    facts_only: bool,
    /// Print the summary and write nothing
    #[arg(long)]
    summary: bool,
    /// Folder of your own queries, run beside those that ship
    #[arg(long, value_name = "DIR")]
    queries: Option<PathBuf>,
    /// What the report is called
    #[arg(long)]
    title: Option<String>,
    /// Accent colour and logo of the report, a small TOML file
    #[arg(long, value_name = "FILE")]
    theme: Option<PathBuf>,
    /// Exit with 1 where an objective of the policy is missed beyond doubt
    #[arg(long)]
    strict: bool,
    /// No progress bars, and no summary beside a written report
    #[arg(long)]
    quiet: bool,
}

pub(super) fn run(arguments: Arguments, command: Vec<String>) -> Result<(), Error> {
    arguments.reading.start_threads()?;
    let bars = Bars::new(arguments.quiet);
    let is_quiet = arguments.quiet && !arguments.summary;
    let is_strict = arguments.strict;
    let plan = resolve(arguments, command)?;
    let outcome = report::audit(&plan, &bars)?;
    outcome.notes.iter().for_each(|note| output::complain(&format!("note: {note}")));
    if !is_quiet {
        output::say(&outcome.summary)?;
        let written = match plan.scope {
            Scope::Summary => None,
            Scope::Facts => Some(plan.out.clone()),
            Scope::Full => Some(plan.out.join("report.html")),
        };
        written.map_or(Ok(()), |path| output::say(&format!("\nwrote {}\n", path.display())))?;
    }
    if is_strict && !outcome.missed.is_empty() {
        let names: Vec<String> = outcome.missed.iter().map(|key| format!("`{key}`")).collect();
        return Err(Error::Failed(format!("objectives missed beyond doubt: {}", names.join(", "))));
    }
    Ok(())
}

/// From text to a plan: the policy and the profile are read here, the input is not.
pub(super) fn resolve(arguments: Arguments, command: Vec<String>) -> Result<Audit, Error> {
    let Read { input, book, as_of } = arguments.reading.resolve(arguments.files)?;
    let scope = match (arguments.summary, arguments.facts_only) {
        (true, _) => Scope::Summary,
        (_, true) => Scope::Facts,
        _ => Scope::Full,
    };
    let period = arguments.period.map(|dates| (dates, arguments.by.into()));
    let close_after = arguments.close_after.map(|lengths| lengths.0).unwrap_or_default();
    let theme = arguments.theme.as_deref().map(Theme::read).transpose()?.unwrap_or_default();
    let Arguments { out, queries, title, .. } = arguments;
    Ok(Audit { input, book, as_of, period, close_after, scope, out, queries, title, theme, command })
}

/// `--by`.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(super) enum ByWord {
    /// Its start
    Start,
    /// When it is due; a clock without a due belongs to no period
    Due,
    /// Its stop; a clock that runs belongs to no period
    Stop,
}

impl From<ByWord> for By {
    fn from(word: ByWord) -> By {
        match word {
            ByWord::Start => By::Start,
            ByWord::Due => By::Due,
            ByWord::Stop => By::Stop,
        }
    }
}
