//! `slaudit init`.
use crate::diag::Error;
use clap::Args;
use std::path::PathBuf;
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The folder, new or empty but for `.git`
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,
}
pub(super) fn run(arguments: &Arguments) -> Result<(), Error> {
    let _ = &arguments.folder;
    Ok(())
}
