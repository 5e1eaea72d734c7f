//! `slaudit schema policy|profile`: the JSON Schemas of our files, for editors.

use clap::{Args, ValueEnum};

use crate::diag::Error;
use crate::{ingest, policy};

use super::output;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Which file
    #[arg(value_enum, value_name = "FILE")]
    of: File,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum File {
    /// A policy
    Policy,
    /// A profile
    Profile,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Error> {
    output::say(&match arguments.of {
        File::Policy => policy::schema(),
        File::Profile => ingest::profile_schema(),
    })
}
