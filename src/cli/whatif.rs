//! `slaudit whatif FILES --policy A --proposed B`.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::diag::Error;
use crate::facts::Dates;
use crate::policy::Book;
use crate::report::{self, Theme, Whatif};

use super::output;
use super::policy;
use super::progress::Bars;
use super::question::ByWord;
use super::reading::{Read, Reading};
use super::replace::Replace;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Case histories, as for `audit`
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// A policy to try beside the one in force (`--policy`); may be given several times
    #[arg(long, value_name = "FILE|DIR", required = true)]
    proposed: Vec<PathBuf>,
    #[command(flatten)]
    reading: Reading,
    /// What is reported, in the policy's zone, as for `audit`
    #[arg(long, value_name = "PERIOD", value_parser = Dates::parse)]
    period: Option<Dates>,
    /// By which of its instants a clock belongs to the period
    #[arg(long, value_enum, default_value_t = ByWord::Start, requires = "period")]
    by: ByWord,
    /// Where the comparison goes; an older report there is replaced, anything else, or a file beside it, is refused
    #[arg(long, value_name = "DIR", default_value = "slaudit-whatif")]
    out: PathBuf,
    #[command(flatten)]
    replace: Replace,
    /// Print the summary and write nothing
    #[arg(long)]
    summary: bool,
    /// What the report is called
    #[arg(long)]
    title: Option<String>,
    /// Accent colour and logo of the report, a small TOML file
    #[arg(long, value_name = "FILE")]
    theme: Option<PathBuf>,
    /// No progress bars, and no summary beside a written report
    #[arg(long)]
    quiet: bool,
}

pub(super) fn run(arguments: Arguments, command: Vec<String>) -> Result<(), Error> {
    arguments.reading.start_threads()?;
    let bars = Bars::new(arguments.quiet);
    let is_quiet = arguments.quiet && !arguments.summary;
    let plan = resolve(arguments, command)?;
    let summary = report::whatif(&plan, &bars)?;
    if is_quiet {
        return Ok(());
    }
    output::say(&summary)?;
    let written = plan.out.map(|out| format!("\nwrote {}\n", out.join("report.html").display()));
    written.map_or(Ok(()), |line| output::say(&line))
}

/// From text to a plan: policies and profile are read here, the input is not.
pub(super) fn resolve(arguments: Arguments, command: Vec<String>) -> Result<Whatif, Error> {
    let paths: Vec<Option<&Path>> = [arguments.reading.policy()]
        .into_iter()
        .chain(arguments.proposed.iter().map(|path| Some(path.as_path())))
        .collect();
    let labels = labels(&paths);
    let proposed: Vec<Book> =
        arguments.proposed.iter().map(|path| policy::load(Some(path))).collect::<Result<_, _>>()?;
    let Read { input, book, as_of } = arguments.reading.resolve(arguments.files)?;
    let books = [book].into_iter().chain(proposed).collect();
    let period = arguments.period.map(|dates| (dates, arguments.by.into()));
    let theme = arguments.theme.as_deref().map(Theme::read).transpose()?.unwrap_or_default();
    let out = (!arguments.summary).then_some(arguments.out);
    let (replaces, title) = (arguments.replace.into(), arguments.title);
    Ok(Whatif { input, books, labels, as_of, period, out, replaces, title, theme, command })
}

/// What the policies are called: `now`, then each by its file's name, with a number where that is taken.
fn labels(paths: &[Option<&Path>]) -> Vec<String> {
    let mut labels: Vec<String> = Vec::new();
    for (i, path) in paths.iter().enumerate() {
        let stem = path.and_then(Path::file_stem).map_or("built-in".into(), |stem| stem.to_string_lossy());
        let name = if i == 0 { "now".to_owned() } else { stem.into_owned() };
        let numbered = (2..).map(|n| format!("{name} ({n})"));
        let free = [name.clone()].into_iter().chain(numbered).find(|label| !labels.contains(label));
        labels.extend(free);
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_policy_has_a_name_of_its_own() {
        let paths =
            [None, Some(Path::new("a/b.toml")), Some(Path::new("c/b.toml")), Some(Path::new("now.toml"))];
        assert_eq!(labels(&paths), ["now", "b", "b (2)", "now (2)"]);
    }
}
