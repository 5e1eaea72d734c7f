//! `slaudit inspect FILES`.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::codes;
use crate::diag::{Diagnostic, Error, Position, printable};
use crate::explain::wrapped;
use crate::ingest;
use crate::inspect::{self, Open};

use super::output;
use super::reading::tell_passed_over;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Exports that nobody wrote a profile for yet: CSV, JSON, Parquet, Excel workbooks; folders and patterns with `*` too
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Write a profile to start from to this file, which must not be there yet
    #[arg(long, value_name = "FILE")]
    write_profile: Option<PathBuf>,
    /// Rows of each file to look at
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    rows: u64,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Error> {
    let files = ingest::input_files(&arguments.files)?;
    tell_passed_over(&files.passed_over);
    let found = inspect::inspect(&files.files, arguments.rows)?;
    output::say(&inspect::text(&found))?;
    let Some(path) = &arguments.write_profile else { return Ok(()) };
    let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    write(path, &inspect::profile(&found, &name)).map_err(|e| cannot_write(path, &e))?;
    output::say(&next(&arguments.files, path, &inspect::open(&found)))
}

/// What to do with the profile at `path`: a command that would fail is not offered as it is.
fn next(files: &[PathBuf], path: &Path, open: &Open) -> String {
    let shown: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    let command = format!("slaudit audit {} --profile {}\n", shown.join(" "), path.display());
    let list = |text: &mut String, points: &[String]| {
        points.iter().for_each(|point| wrapped(text, "- ", 2, &printable(point)));
    };
    let mut text = format!("wrote {}", path.display());
    if open.needed.is_empty() {
        text += &format!(": {command}");
    } else {
        text += ", which cannot be used yet:\n";
        list(&mut text, &open.needed);
    }
    if !open.unsure.is_empty() {
        text += "what is not certain in it:\n";
        list(&mut text, &open.unsure);
    }
    if !open.needed.is_empty() {
        text += &format!("once that is done: {command}");
    }
    text
}

/// Writes a file that is not there yet.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Error {
    let position = Position { path: path.display().to_string(), ..Position::default() };
    let problem = Diagnostic::error(codes::F402, format!("cannot write: {error}")).at(position);
    Error::Output(problem.hint("name a file that is not there yet"))
}
