//! `slaudit policy check|show`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Subcommand;

use crate::diag::Error;
use crate::policy::{self, Book};

use super::output;

#[derive(Debug, Subcommand)]
pub(super) enum Arguments {
    /// Reads a policy and reports every problem with its place
    Check {
        /// Policy file, or folder of dated versions; default: the built-in policy
        policy: Option<PathBuf>,
    },
    /// Prints a policy with everything that it inherits and every default
    Show {
        /// Policy file, or folder of dated versions; default: the built-in policy
        policy: Option<PathBuf>,
    },
}

pub(super) fn run(arguments: Arguments) -> Result<(), Error> {
    match arguments {
        Arguments::Check { policy } => output::say(&checked(&load(policy.as_deref())?)),
        Arguments::Show { policy } => output::say(&shown(&load(policy.as_deref())?)),
    }
}

/// The policy at `path`, or the built-in one.
pub(super) fn load(path: Option<&Path>) -> Result<Book, Error> {
    path.map_or_else(|| Ok(policy::built_in()), policy::load)
}

fn checked(book: &Book) -> String {
    let mut text = String::new();
    for version in &book.versions {
        let calendars: Vec<String> = version.calendars.iter().map(|c| format!("`{}`", c.name)).collect();
        let _ = writeln!(
            text,
            "ok: `{}`, version {}; severities defined: {}; calendars: {}",
            version.name,
            version.version,
            version.severities.len(),
            calendars.join(", ")
        );
    }
    text
}

fn shown(book: &Book) -> String {
    let versions: Vec<String> = book.versions.iter().map(policy::show).collect();
    match &versions[..] {
        [only] => only.clone(),
        all => all
            .iter()
            .zip(&book.versions)
            .map(|(text, version)| format!("# version {}\n{text}", version.version))
            .collect::<Vec<_>>()
            .join("\n"),
    }
}
