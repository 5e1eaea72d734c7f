//! `slaudit policy check|show|diff`.

use std::path::{Path, PathBuf};

use clap::Subcommand;

use crate::diag::Error;
use crate::policy::{self, Book};

use super::{output, policy_check, policy_diff};

#[derive(Debug, Subcommand)]
pub(super) enum Arguments {
    /// Reads policies and reports every problem with its place
    Check(policy_check::Arguments),
    /// Prints a policy with everything that it inherits and every default
    Show {
        /// Policy file, or folder of dated versions; default: the built-in policy
        policy: Option<PathBuf>,
    },
    /// What one policy says otherwise than another, in words and by key
    Diff(policy_diff::Arguments),
}

pub(super) fn run(arguments: Arguments) -> Result<(), Error> {
    match arguments {
        Arguments::Check(given) => policy_check::run(&given),
        Arguments::Show { policy } => output::say(&shown(&load(policy.as_deref())?)),
        Arguments::Diff(given) => policy_diff::run(&given),
    }
}

/// The policy at `path`, `built-in`, or `built-in:NAME` of one that ships; without a path the built-in one.
pub(super) fn load(path: Option<&Path>) -> Result<Book, Error> {
    let Some(path) = path else { return Ok(policy::built_in()) };
    match path.to_str().and_then(|text| text.strip_prefix("built-in")) {
        Some("") => Ok(policy::built_in()),
        Some(shipped) if shipped.starts_with(':') => policy::load_built_in(&shipped[1..]),
        _ => policy::load(path),
    }
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
