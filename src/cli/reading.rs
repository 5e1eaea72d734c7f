//! The arguments of every command that reads histories: policy, profile, zone, `as_of`, rejected rows, threads. The
//! files are each command's own.

use std::path::{Path, PathBuf};

use chrono_tz::Tz;
use clap::Args;

use crate::calendar::Instant;
use crate::diag::{Error, printable};
use crate::ingest::{self, InputFiles, PassedOver, Profile};
use crate::policy::Book;
use crate::zones;

use super::{instant, output, policy};

#[derive(Debug, Args)]
pub(super) struct Reading {
    /// Policy file, or folder of dated versions [default: the built-in policy]
    #[arg(long, value_name = "FILE|DIR")]
    policy: Option<PathBuf>,
    /// How the export's columns and words become events
    #[arg(long, value_name = "NAME|FILE", default_value = "canonical")]
    profile: String,
    /// Changes a value of the profile, as in `cases.files=Tickets*.csv`; a table is called by its name, or its shape
    #[arg(long, value_name = "TABLE.KEY=VALUE")]
    set: Vec<String>,
    /// Zone of local times in the input, in place of the profile's
    #[arg(long, value_name = "ZONE", value_parser = zone)]
    timezone: Option<Tz>,
    /// Instant at which open things are judged, as `2026-03-02T16:00Z`, or in the policy's zone `2026-03-02 16:00`
    /// [default: the latest event]
    #[arg(long, value_name = "INSTANT")]
    as_of: Option<String>,
    /// Share of rejected rows above which nothing is judged, as `1%` or `0.01`
    #[arg(long, value_name = "SHARE", default_value = "1%", value_parser = share)]
    max_rejected: f64,
    /// Threads to use [default: one a core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
}

/// What the arguments come to; the policy and the profile are read, the input is not.
pub(super) struct Read {
    /// What is to be read.
    pub(super) input: ingest::Plan,
    /// The policy versions.
    pub(super) book: Book,
    /// The instant at which open things are judged; `None`: the latest event.
    pub(super) as_of: Option<Instant>,
}

impl Reading {
    /// The policy as it was given; `None`: the built-in one.
    pub(super) fn policy(&self) -> Option<&Path> {
        self.policy.as_deref()
    }

    /// Starts the threads that were asked for; before anything else that uses them.
    ///
    /// # Errors
    /// [`Error::Usage`] where the machine refuses.
    pub(super) fn start_threads(&self) -> Result<(), Error> {
        let Some(threads) = self.threads else { return Ok(()) };
        rayon::ThreadPoolBuilder::new()
            .num_threads(usize::from(threads))
            .build_global()
            .map_err(|e| Error::Usage(format!("cannot start {threads} threads: {e}")))
    }

    /// Reads policy and profile, and makes the plan for `files`, folders and patterns among them.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a policy or profile with mistakes, [`Error::Usage`] for an instant or `--set` that is
    /// none, [`Error::Input`] for a folder or pattern without files.
    pub(super) fn resolve(&self, files: Vec<PathBuf>) -> Result<Read, Error> {
        let book = policy::load(self.policy.as_deref())?;
        let mut profile = profile(&self.profile)?;
        for assignment in &self.set {
            profile.set(assignment)?;
        }
        let zone = book.versions.last().map_or(Tz::UTC, |v| v.timezone);
        let named = |error| match error {
            Error::Usage(message) => Error::Usage(format!("--as-of: {message}")),
            other => other,
        };
        let as_of =
            self.as_of.as_deref().map(|text| instant::parse(text, zone)).transpose().map_err(named)?;
        let InputFiles { files, passed_over } = ingest::input_files(&files)?;
        let mut input = ingest::Plan::new(files, profile);
        input.passed_over = passed_over;
        input.leave_alone();
        tell_passed_over(&input.passed_over);
        if let Some(zone) = self.timezone {
            load_zone(zone)?;
        }
        input.timezone = self.timezone;
        input.as_of = as_of;
        input.max_rejected = self.max_rejected;
        Ok(Read { input, book, as_of })
    }
}

/// Told with `--quiet` too: whoever named a folder means all of it.
pub(super) fn tell_passed_over(all: &[PassedOver]) {
    if let Some(sentence) = PassedOver::sentence(all) {
        output::complain(&printable(&format!("note: {sentence}")));
    }
}

/// A shipped profile by its name, anything else as a file.
fn profile(text: &str) -> Result<Profile, Error> {
    let is_path = text.contains(['/', '\\', '.']);
    if is_path { Profile::load(text.as_ref()) } else { Profile::named(text) }
}

fn zone(text: &str) -> Result<Tz, String> {
    text.parse().map_err(|_| "expected the name of a time zone, like `America/Denver`".to_owned())
}

/// Reads the data of a zone that an argument names.
pub(super) fn load_zone(zone: Tz) -> Result<(), Error> {
    zones::load(zone).map_err(|error| Error::Usage(format!("{error}\nhint: {}", error.hint)))
}

fn share(text: &str) -> Result<f64, String> {
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
