//! `slaudit audit FILES`.

use std::path::PathBuf;

use chrono_tz::Tz;
use clap::Args;

use crate::diag::Error;
use crate::facts::{By, Dates};
use crate::ingest::{self, Profile};
use crate::report::{self, Audit, Scope};

use super::close_after::{self, Lengths};
use super::progress::Bars;
use super::{instant, output, policy};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Case histories, CSV or Parquet, in the order that breaks ties in time
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Policy file, or folder of dated versions [default: the built-in policy]
    #[arg(long, value_name = "FILE|DIR")]
    policy: Option<PathBuf>,
    /// How the export's columns and words become events
    #[arg(long, value_name = "NAME|FILE", default_value = "canonical")]
    profile: String,
    /// Zone of local times in the input, in place of the profile's
    #[arg(long, value_name = "ZONE", value_parser = zone)]
    timezone: Option<Tz>,
    /// Instant at which open things are judged [default: the latest event]
    #[arg(long, value_name = "INSTANT")]
    as_of: Option<String>,
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
    /// Write the fact tables, and no compliance tables
    #[arg(long, conflicts_with = "summary")]
    facts_only: bool,
    /// Print the summary and write nothing
    #[arg(long)]
    summary: bool,
    /// Folder of your own queries, run beside those that ship
    #[arg(long, value_name = "DIR")]
    queries: Option<PathBuf>,
    /// Share of rejected rows above which there is no report, as `1%` or `0.01`
    #[arg(long, value_name = "SHARE", default_value = "1%", value_parser = share)]
    max_rejected: f64,
    /// Threads to use [default: one a core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// Exit with 1 where an objective of the policy is missed beyond doubt
    #[arg(long)]
    strict: bool,
    /// No progress bars, and no summary beside a written report
    #[arg(long)]
    quiet: bool,
}

pub(super) fn run(arguments: Arguments, command: Vec<String>) -> Result<(), Error> {
    if let Some(threads) = arguments.threads {
        // Built once, before anything else asks for the pool.
        rayon::ThreadPoolBuilder::new()
            .num_threads(usize::from(threads))
            .build_global()
            .map_err(|e| Error::Usage(format!("cannot start {threads} threads: {e}")))?;
    }
    let bars = Bars::new(arguments.quiet);
    let is_quiet = arguments.quiet && !arguments.summary;
    let is_strict = arguments.strict;
    let outcome = report::audit(&resolve(arguments, command)?, &bars)?;
    outcome.notes.iter().for_each(|note| output::complain(&format!("note: {note}")));
    if !is_quiet {
        output::say(&outcome.summary)?;
    }
    if is_strict && !outcome.missed.is_empty() {
        let names: Vec<String> = outcome.missed.iter().map(|key| format!("`{key}`")).collect();
        return Err(Error::Failed(format!("objectives missed beyond doubt: {}", names.join(", "))));
    }
    Ok(())
}

/// From text to a plan: the policy and the profile are read here, the input is not.
fn resolve(arguments: Arguments, command: Vec<String>) -> Result<Audit, Error> {
    let book = policy::load(arguments.policy.as_deref())?;
    let profile = profile(&arguments.profile)?;
    let zone = book.versions.last().map_or(Tz::UTC, |v| v.timezone);
    let as_of = arguments.as_of.as_deref().map(|text| instant::parse(text, zone)).transpose()?;
    let mut input = ingest::Plan::new(arguments.files, profile);
    input.timezone = arguments.timezone;
    input.as_of = as_of;
    input.max_rejected = arguments.max_rejected;
    let scope = match (arguments.summary, arguments.facts_only) {
        (true, _) => Scope::Summary,
        (_, true) => Scope::Facts,
        _ => Scope::Full,
    };
    let period = arguments.period.map(|dates| (dates, arguments.by.into()));
    let close_after = arguments.close_after.map(|lengths| lengths.0).unwrap_or_default();
    let Arguments { out, queries, .. } = arguments;
    Ok(Audit { input, book, as_of, period, close_after, scope, out, queries, command })
}

/// `--by`.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum ByWord {
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

/// A shipped profile by its name, anything else as a file.
pub(super) fn profile(text: &str) -> Result<Profile, Error> {
    let is_path = text.contains(['/', '\\', '.']);
    if is_path { Profile::load(text.as_ref()) } else { Profile::named(text) }
}

pub(super) fn zone(text: &str) -> Result<Tz, String> {
    text.parse().map_err(|_| "expected the name of a time zone, like `America/Denver`".to_owned())
}

pub(super) fn share(text: &str) -> Result<f64, String> {
    let (number, divisor) = text.strip_suffix('%').map_or((text, 1.0), |number| (number, 100.0));
    match number.trim().parse::<f64>() {
        Ok(x) if (0.0..=divisor).contains(&x) => Ok(x / divisor),
        _ => Err("expected a share from 0 to 1, or from 0% to 100%".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn shares_are_percents_or_parts_of_one() {
        assert_eq!(super::share("1%"), Ok(0.01));
        assert_eq!(super::share("0.25"), Ok(0.25));
        assert!(super::share("2").is_err() && super::share("-1%").is_err() && super::share("NaN").is_err());
    }
}
