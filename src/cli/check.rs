//! `slaudit check FILES --baseline DIR`.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::codes;
use crate::compare::baseline::{
    Difference, Snapshot, Standing, Told, annotations, compare, junit, markdown, text,
};
use crate::diag::{Diagnostic, Error, Position, printable};
use crate::report::{
    self, Audit, Baseline, Draft, Outcome, Replaces, Scope, Theme, is_report, read_baseline, write_baseline,
};
use crate::tables;

use super::output;
use super::progress::Bars;
use super::question::Question;
use super::reading::{Read, Reading};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Case histories, CSV, JSON, Parquet or Excel, in the order that breaks ties in time; folders and patterns with `*` too
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The baseline: a folder that `--update` wrote, or a report of `audit`
    #[arg(long, value_name = "DIR")]
    baseline: PathBuf,
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    question: Question,
    /// Folder of your own queries, run beside those that ship
    #[arg(long, value_name = "DIR")]
    queries: Option<PathBuf>,
    /// Write the baseline, in place of the one that is there; what changes is printed
    #[arg(long)]
    update: bool,
    /// Exit with 1 where an objective of the policy is missed beyond doubt too, whatever the baseline has
    #[arg(long, conflicts_with = "update")]
    strict: bool,
    /// Most differences of one kind that are shown
    #[arg(long, value_name = "N", default_value_t = 20)]
    most: usize,
    /// Write what was found as JUnit XML: a test case a table and an objective
    #[arg(long, value_name = "FILE", conflicts_with = "update")]
    junit: Option<PathBuf>,
    /// Write what was found as Markdown, as for the summary of a job
    #[arg(long, value_name = "FILE", conflicts_with = "update")]
    markdown: Option<PathBuf>,
    /// Print what was found as annotations of GitHub Actions too
    #[arg(long, conflicts_with = "update")]
    github: bool,
    /// No progress bars
    #[arg(long)]
    quiet: bool,
}

pub(super) fn run(arguments: Arguments) -> Result<(), Error> {
    arguments.reading.start_threads()?;
    let baseline = baseline(&arguments)?;
    let Arguments { files, baseline: folder, reading, question, queries, .. } = arguments;
    let Read { input, book, as_of } = reading.resolve(files)?;
    let cannot = |e: std::io::Error| Error::Usage(format!("no temporary folder to make the audit in: {e}"));
    let parent = tempfile::tempdir().map_err(cannot)?;
    let plan = Audit {
        input,
        book,
        as_of,
        period: question.period(),
        close_after: question.close_after(),
        scope: Scope::Tables,
        out: parent.path().join("audit"),
        replaces: Replaces::default(),
        queries,
        title: None,
        theme: Theme::default(),
        pdf: false,
        command: Vec::new(),
    };
    let outcome = report::audit(&plan, &Bars::new(arguments.quiet))?;
    let mut now = report::audited(&plan.out)?;
    now.about.period = question.period_text();
    now.about.close_after = plan.close_after.iter().map(ToString::to_string).collect();
    let difference = difference(&baseline, &now);
    let shown = folder.display().to_string();
    let told = Told {
        folder: &shown,
        difference: &difference,
        objectives: &standings(&outcome, arguments.strict),
        most: arguments.most,
    };
    if arguments.update {
        return update(&folder, &baseline, &now, &told);
    }
    output::say(&text(&told))?;
    if arguments.github {
        output::say(&annotations(&told))?;
    }
    arguments.junit.map_or(Ok(()), |path| write(&path, &junit(&told)))?;
    arguments.markdown.map_or(Ok(()), |path| write(&path, &markdown(&told)))?;
    if told.passes() {
        return Ok(());
    }
    let wrong = if difference.is_empty() {
        "an objective is missed beyond doubt".to_owned()
    } else {
        let hint = "where this is meant, run it again with `--update`, look, and commit it";
        format!("the audit is not as its baseline\nhint: {hint}")
    };
    Err(Error::Failed(wrong))
}

/// What is compared with, or what an update begins with; read before anything is audited.
fn baseline(arguments: &Arguments) -> Result<Baseline, Error> {
    let folder = &arguments.baseline;
    if !arguments.update {
        return read_baseline(folder)?.complete(folder);
    }
    if is_report(folder) {
        let shown = printable(&folder.display().to_string());
        return Err(Error::Usage(format!(
            "`{shown}` is a report of `audit`, which `--update` does not write\nhint: make the report again with \
             `slaudit audit --out`, or name another folder"
        )));
    }
    Draft::may_replace(folder, Replaces::Baseline, &arguments.files)?;
    let is_empty = |mut entries: std::fs::ReadDir| entries.next().is_none();
    if folder.symlink_metadata().is_err() || std::fs::read_dir(folder).is_ok_and(is_empty) {
        return Ok(Baseline::new());
    }
    read_baseline(folder)
}

/// A report says nothing of its period that could be compared: it stands in its facts.
fn difference(baseline: &Baseline, now: &Snapshot) -> Difference {
    if !baseline.is_report() {
        return compare(&baseline.snapshot, now, &baseline.tolerances);
    }
    let mut snapshot = baseline.snapshot.clone();
    snapshot.about.period.clone_from(&now.about.period);
    snapshot.about.close_after.clone_from(&now.about.close_after);
    compare(&snapshot, now, &baseline.tolerances)
}

fn standings(outcome: &Outcome, is_strict: bool) -> Vec<Standing> {
    let standing = |objective: &tables::Objective| {
        let standing = objective.standing();
        let says = objective.says().filter(|_| standing != tables::Standing::Kept);
        let fails = is_strict && standing == tables::Standing::Missed;
        Standing { key: objective.key.clone(), says: says.unwrap_or_default(), fails }
    };
    outcome.objectives.iter().map(standing).collect()
}

fn update(folder: &Path, before: &Baseline, now: &Snapshot, told: &Told<'_>) -> Result<(), Error> {
    write_baseline(folder, now, before)?;
    let is_new = before.snapshot.grids.is_empty();
    if !is_new {
        output::say(&text(told))?;
        output::say("\n")?;
    }
    output::say(&format!("wrote the baseline {}\n", printable(told.folder)))
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    std::fs::write(path, text).map_err(|e| {
        let position = Position { path: path.display().to_string(), ..Position::default() };
        Error::Output(Diagnostic::error(codes::F402, format!("cannot write: {e}")).at(position))
    })
}
