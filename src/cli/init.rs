//! `slaudit init [DIR]`: the files of `data-samples/starter`, which are part of the binary.

use std::path::PathBuf;

use clap::Args;

use crate::diag::{Error, printable};
use crate::report::fill;

use super::output;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The folder, new, or empty but for `.git`
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,
}

/// Declares the files by their paths in the folder.
macro_rules! starter {
    ($($path:literal,)*) => {
        &[$(($path, include_str!(concat!("../../data-samples/starter/", $path))),)*]
    };
}

/// Path and text of every file that is written.
const FILES: &[(&str, &str)] = starter![
    ".github/workflows/slaudit.yml",
    ".gitignore",
    "README.md",
    "baseline/baseline.toml",
    "baseline/facts/cases.csv",
    "baseline/facts/clocks.csv",
    "baseline/facts/findings.csv",
    "baseline/facts/inactivity.csv",
    "baseline/facts/overtaken.csv",
    "baseline/facts/severity_changes.csv",
    "baseline/tables/attainment_by_metric.csv",
    "baseline/tables/attainment_by_metric_severity.csv",
    "baseline/tables/findings.csv",
    "baseline/tables/inactivity.csv",
    "baseline/tables/objectives.csv",
    "baseline/tables/verdicts.csv",
    "export/tickets.csv",
    "policy.toml",
    "profile.toml",
];

pub(super) fn run(arguments: &Arguments) -> Result<(), Error> {
    fill(&arguments.folder, FILES)?;
    let folder = printable(&arguments.folder.display().to_string());
    let names: String = FILES.iter().map(|(name, _)| format!("  {name}\n")).collect();
    output::say(&format!("wrote into {folder}\n{names}\nREADME.md says what to edit first\n"))
}
