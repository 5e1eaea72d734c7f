//! `slaudit inspect FILES`.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::codes;
use crate::diag::{Diagnostic, Error, Position};
use crate::ingest;
use crate::inspect;

use super::output;

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
    let found = inspect::inspect(&files, arguments.rows)?;
    output::say(&inspect::text(&found))?;
    let Some(path) = &arguments.write_profile else { return Ok(()) };
    let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    write(path, &inspect::profile(&found, &name)).map_err(|e| cannot_write(path, &e))?;
    let shown: Vec<String> = arguments.files.iter().map(|file| file.display().to_string()).collect();
    output::say(&format!("wrote {0}: slaudit audit {1} --profile {0}\n", path.display(), shown.join(" ")))
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
