//! `slaudit profile list|show`: the profiles that ship, and the text of one of them.

use std::fmt::Write as _;

use clap::Subcommand;
use clap::builder::PossibleValuesParser;

use crate::diag::Error;
use crate::explain::wrapped;
use crate::ingest::Profile;

use super::output;

#[derive(Debug, Subcommand)]
pub(super) enum Arguments {
    /// The profiles that ship, each with what it reads
    List,
    /// Prints a profile that ships, as it ships: a file to start from, for `--profile FILE`
    Show {
        /// Its name, as `slaudit profile list` has it
        #[arg(value_parser = PossibleValuesParser::new(Profile::names()))]
        name: String,
    },
}

/// # Errors
/// [`Error::Output`] where the standard output cannot be written.
pub(super) fn run(arguments: &Arguments) -> Result<(), Error> {
    match arguments {
        Arguments::List => output::say(&list()?),
        Arguments::Show { name } => output::say(&Profile::named(name)?.source),
    }
}

/// Name and description of each, in lines of at most 80 columns.
fn list() -> Result<String, Error> {
    let mut text = String::new();
    for name in Profile::names() {
        let profile = Profile::named(name)?;
        wrapped(&mut text, &format!("{name:<12}"), 12, &profile.description);
    }
    let _ = write!(text, "\n`slaudit profile show NAME > ours.toml` writes one to a file of yours.\n");
    Ok(text)
}
