//! `--replace`, of every command that writes a report folder.

use clap::Args;

use crate::report::Replaces;

#[derive(Debug, Args)]
pub(super) struct Replace {
    /// Replace an older report although its folder holds files that no report made: they are deleted with it
    #[arg(long, conflicts_with = "summary")]
    replace: bool,
}

impl From<Replace> for Replaces {
    fn from(asked: Replace) -> Replaces {
        if asked.replace { Replaces::ReportAndMore } else { Replaces::Report }
    }
}
