//! `slaudit audit FILES`.

use std::path::PathBuf;

use clap::Args;

use crate::diag::Error;
use crate::report::{self, Audit, Scope, Theme};
use crate::tables::Objective;

use super::progress::Bars;
use super::question::Question;
use super::reading::{Read, Reading};
use super::replace::Replace;
use super::{memory, output};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Case histories, CSV, JSON, Parquet or Excel, in the order that breaks ties in time; folders and patterns with `*` too
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    question: Question,
    /// Where the report goes; an older report there is replaced, anything else, or a file beside it, is refused
    #[arg(long, value_name = "DIR", default_value = "slaudit-report")]
    out: PathBuf,
    #[command(flatten)]
    replace: Replace,
    /// Write the fact tables; no compliance tables, charts or pages
    #[arg(long, conflicts_with = "summary")]
    facts_only: bool,
    /// Print the summary and write nothing
    #[arg(long)]
    summary: bool,
    /// How much memory rows may take while they are read for a summary, as `4GB`; others wait in a temporary file
    /// [default: a third of the machine's]
    #[arg(long, value_name = "SIZE", requires = "summary", value_parser = memory::size)]
    memory: Option<u64>,
    /// Folder of your own queries, run beside those that ship
    #[arg(long, value_name = "DIR")]
    queries: Option<PathBuf>,
    /// What the report is called
    #[arg(long)]
    title: Option<String>,
    /// Accent colour and logo of the report, a small TOML file
    #[arg(long, value_name = "FILE")]
    theme: Option<PathBuf>,
    /// Write `report.pdf` too; only in a build with the feature `pdf`
    #[arg(long, conflicts_with_all = ["summary", "facts_only"])]
    pdf: bool,
    /// Exit with 1 where an objective of the policy is missed beyond doubt; one that is within doubt is told of
    #[arg(long)]
    strict: bool,
    /// No progress bars, and no summary beside a written report
    #[arg(long)]
    quiet: bool,
}

pub(super) fn run(arguments: Arguments, command: Vec<String>) -> Result<(), Error> {
    arguments.reading.start_threads()?;
    let bars = Bars::new(arguments.quiet);
    let is_quiet = arguments.quiet && !arguments.summary;
    let is_strict = arguments.strict;
    let plan = resolve(arguments, command)?;
    let outcome = report::audit(&plan, &bars)?;
    outcome.notes.iter().for_each(|note| output::complain(&format!("note: {note}")));
    if !is_quiet {
        output::say(&outcome.summary)?;
        let written = match plan.scope {
            Scope::Summary => None,
            Scope::Facts | Scope::Tables => Some(plan.out.clone()),
            Scope::Full => Some(plan.out.join("report.html")),
        };
        written.map_or(Ok(()), |path| output::say(&format!("\nwrote {}\n", path.display())))?;
    }
    if is_strict {
        let said = outcome.objectives.iter().filter_map(Objective::says);
        said.for_each(|sentence| output::complain(&format!("note: {sentence}")));
    }
    if is_strict && !outcome.missed.is_empty() {
        let names: Vec<String> = outcome.missed.iter().map(|key| format!("`{key}`")).collect();
        return Err(Error::Failed(format!("objectives missed beyond doubt: {}", names.join(", "))));
    }
    Ok(())
}

/// From text to a plan: the policy and the profile are read here, the input is not.
pub(super) fn resolve(arguments: Arguments, command: Vec<String>) -> Result<Audit, Error> {
    let Read { mut input, book, as_of } = arguments.reading.resolve(arguments.files)?;
    input.memory = arguments.memory.or_else(memory::a_third);
    let scope = match (arguments.summary, arguments.facts_only) {
        (true, _) => Scope::Summary,
        (_, true) => Scope::Facts,
        _ => Scope::Full,
    };
    let (period, close_after) = (arguments.question.period(), arguments.question.close_after());
    let theme = arguments.theme.as_deref().map(Theme::read).transpose()?.unwrap_or_default();
    let Arguments { out, replace, queries, title, pdf, .. } = arguments;
    let replaces = replace.into();
    Ok(Audit {
        input,
        book,
        as_of,
        period,
        close_after,
        scope,
        out,
        replaces,
        queries,
        title,
        theme,
        pdf,
        command,
    })
}
