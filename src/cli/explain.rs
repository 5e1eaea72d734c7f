//! `slaudit explain FILES CASE`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, ValueEnum};

use crate::codes;
use crate::diag::{Diagnostic, Error};
use crate::explain::{self, Source};
use crate::ingest::{self, Silent};
use crate::replay::Replayer;

use super::output;
use super::reading::{Read, Reading};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Case histories, CSV, JSON, Parquet or Excel, in the order that breaks ties in time; all of them: who was answered before
    /// whom is asked over the whole input
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Id of the case, as the input has it
    #[arg(required = true, value_name = "CASE")]
    case: String,
    #[command(flatten)]
    reading: Reading,
    /// Text for people, or JSON with everything in it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// True where one word stands after `explain` that is no option: whether it is a file or the case, the parser cannot know,
/// and says that FILES is missing.
pub(super) fn lacks_one(error: &clap::Error, arguments: &[OsString]) -> bool {
    let is_explain = arguments.get(1).is_some_and(|word| word == "explain");
    let missing = error.get(ContextKind::InvalidArg);
    let is_one = matches!(missing, Some(ContextValue::Strings(names)) if names.len() == 1);
    is_explain && is_one && error.kind() == ErrorKind::MissingRequiredArgument
}

/// What is said then.
pub(super) fn lacking() -> Error {
    Error::Usage(
        "expected FILES and after them the id of one CASE, found only one of the two\nhint: as in `slaudit explain \
         cases.csv C-1001`; ids are those of the export"
            .to_owned(),
    )
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// Plain text, at most 80 columns
    Text,
    /// Indented JSON: names of the fact tables, instants in RFC 3339 UTC, whole seconds
    Json,
}

pub(super) fn run(arguments: Arguments) -> Result<(), Error> {
    arguments.reading.start_threads()?;
    let Arguments { files, case, reading, format } = arguments;
    let Read { input, book, as_of } = reading.resolve(files)?;
    let ingested = ingest::read(&ingest::Plan { hash_inputs: true, ..input }, &Silent)?;
    ingested.warnings.iter().for_each(|warning| output::complain(&format!("{warning}\n")));
    ingested.accept()?;
    let far = as_of.map_or_else(|| ingested.far_warning(), |_| None);
    far.iter().for_each(|warning| output::complain(&format!("{warning}\n")));
    let Some(as_of) = as_of.or(ingested.history.span.map(|(_, last)| last)) else {
        return Err(Error::Input(vec![Diagnostic::error(codes::F305, "no event in the input")]));
    };
    let replayer = Replayer::new(&book, &ingested.history, as_of);
    let source = Source { ingested: &ingested, book: &book, replayer: &replayer };
    let explanation = explain::explain(source, &case)?;
    output::say(&match format {
        Format::Text => explain::text(&explanation),
        Format::Json => explain::json(&explanation),
    })
}
