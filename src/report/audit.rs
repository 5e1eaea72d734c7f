//! An audit from end to end: read, replay, facts, tables, checks, manifest, summary. It decides what is made
//! and in what order; how each thing is made stands in the folders before.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::calendar::{Duration, Instant};
use crate::codes;
use crate::diag::{Diagnostic, Error};
use crate::facts::{self, By, Context, DataRow, Dates, Period};
use crate::history::History;
use crate::ingest::{self, Ingested};
use crate::policy::Book;
use crate::replay::Replayer;
use crate::tables::{
    self, ArrivalHours, Computed, Made, Objective, OpenCases, Query, Seeing, Standing, Table, Tallies, Tally,
};

use super::account::{
    files_read, input_hashes, inputs, manifest, query_entries, write_ledger, write_manifest, write_rejected,
};
use super::assumed;
use super::folder::{Draft, Replaces};
use super::manifest::Input;
use super::pages::{Pages, gravest};
use super::pdf;
use super::queries::{check, checks, queries};
use super::reach;
use super::summary::Summary;
use super::summed;
use super::theme::Theme;

/// How much is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The summary; nothing is written.
    Summary,
    /// The fact tables, the manifest and the summary.
    Facts,
    /// The same and the compliance tables; no charts, no pages.
    Tables,
    /// All of it.
    Full,
}

/// What is to be audited, and how; every file of the policy and the profile is read already.
#[derive(Debug)]
pub struct Audit {
    /// What is read.
    pub input: ingest::Plan,
    /// The policy versions.
    pub book: Book,
    /// The instant at which open things are judged; `None`: the latest event.
    pub as_of: Option<Instant>,
    /// The period that is reported, and by which of a clock's instants; `None`: everything.
    pub period: Option<(Dates, By)>,
    /// Lengths of inactivity that are asked about (SPEC 9.4).
    pub close_after: Vec<Duration>,
    /// How much is made.
    pub scope: Scope,
    /// The report folder.
    pub out: PathBuf,
    /// What may stand there.
    pub replaces: Replaces,
    /// A folder of the user's own queries.
    pub queries: Option<PathBuf>,
    /// What the report is called; `None`: as it is called by itself.
    pub title: Option<String>,
    /// Colours and logo.
    pub theme: Theme,
    /// Whether `report.pdf` is written beside the other pages; a build without the feature `pdf` refuses.
    pub pdf: bool,
    /// The command's arguments, for the manifest.
    pub command: Vec<String>,
}

/// What an audit gives back to whoever asked for it.
#[derive(Debug)]
pub struct Outcome {
    /// The summary, plain text of at most 80 columns.
    pub summary: String,
    /// What was left undone and why, a line each.
    pub notes: Vec<String>,
    /// What was counted.
    pub tally: Tally,
    /// Objectives of the policy that were missed beyond doubt, as the policy names them.
    pub missed: Vec<String>,
    /// All objectives of the policy, in its order.
    pub objectives: Vec<Objective>,
    /// What was taken for granted, a sentence each.
    pub assumed: Vec<String>,
    /// What was left out, and why, a sentence each.
    pub left_out: Vec<String>,
}

/// Told how far an audit is; called from several threads.
pub trait Observer: ingest::Progress {
    /// Something with `total` steps begins.
    fn stage(&self, name: &'static str, total: u64);
    /// `n` more steps of it are done.
    fn advance(&self, n: u64);
    /// Something about the data, of which there may be more of the same code.
    fn problem(&self, problem: &Diagnostic);
    /// Something that is likely a mistake, and that the run goes on with.
    fn warning(&self, _warning: &Diagnostic) {}
    /// Everything is done.
    fn done(&self);
}

/// Makes the report of `audit`.
///
/// # Errors
/// [`Error::Input`] where the input cannot be used, or where too many rows are rejected (F304): then
/// `rejected.csv` and `manifest.json` with the ledger are written all the same, unless only the summary was
/// asked for. [`Error::Invalid`] for a query of the user's that cannot be run or a logo that no PDF can hold,
/// [`Error::Output`] where the folder cannot be written, [`Error::Usage`] where a PDF is asked of a build without it.
pub fn audit(audit: &Audit, observer: &dyn Observer) -> Result<Outcome, Error> {
    if audit.scope == Scope::Summary {
        return summed::summary(audit, observer);
    }
    // Before any work: a page that cannot be made, a folder that may not be replaced, a query that cannot be read.
    if audit.pdf {
        pdf::ready(&audit.theme)?;
    }
    let others = audit.theme.path().into_iter().chain(audit.queries.as_deref());
    let read = files_read(&audit.input, [&audit.book], others);
    let draft = Draft::begin(&audit.out, audit.replaces, &read)?;
    let queries = match audit.scope {
        Scope::Tables | Scope::Full => queries(audit.queries.as_deref())?,
        Scope::Summary | Scope::Facts => Vec::new(),
    };
    observer.stage("reading", 1);
    let plan = ingest::Plan { hash_inputs: true, ..audit.input.clone() };
    let ingested = ingest::read(&plan, observer)?;
    ingested.warnings.iter().for_each(|warning| observer.warning(warning));
    if let Err(refusal) = ingested.accept() {
        write_ledger(audit, &ingested, &draft)?;
        draft.publish()?;
        observer.done();
        return Err(refusal);
    }
    ingested.ledger.examples.iter().for_each(|problem| observer.problem(problem));
    let as_of = judging_instant(audit, &ingested.history, observer)?;
    let far = audit.as_of.map_or_else(|| ingested.far_date(), |_| None);
    let far_date = reach::far_date(far, &ingested.ledger.files, observer);
    let replayer = Replayer::new(&audit.book, &ingested.history, as_of).asking(&audit.close_after);
    let run = Run { audit, ingested: &ingested, replayer, as_of, far_date };
    let outcome = run.report(draft, &queries, observer)?;
    observer.done();
    Ok(outcome)
}

/// The instant at which open things are judged, by the span of `history`; warns where what is asked about lies beside it.
pub(super) fn judging_instant(
    audit: &Audit,
    history: &History,
    observer: &dyn Observer,
) -> Result<Instant, Error> {
    let Some(as_of) = audit.as_of.or(history.span.map(|(_, last)| last)) else {
        return Err(Error::Input(vec![Diagnostic::error(codes::F305, "no event in the input")]));
    };
    reach::warn(history, &audit.book, as_of, audit.period.map(|(dates, _)| dates), observer);
    Ok(as_of)
}

fn period(audit: &Audit) -> Period {
    audit.period.map_or_else(Period::default, |(dates, by)| Period::new(dates, by, &audit.book))
}

/// Nothing counted yet.
pub(super) fn tally(audit: &Audit) -> Tally {
    Tally::new(period(audit), &audit.close_after)
}

/// One audit with everything read.
pub(super) struct Run<'a> {
    pub(super) audit: &'a Audit,
    pub(super) ingested: &'a Ingested,
    pub(super) replayer: Replayer<'a>,
    pub(super) as_of: Instant,
    /// What is to be said of a latest event that lies far from all others.
    far_date: Option<String>,
}

impl Run<'_> {
    /// The period before the one that is reported.
    fn before(&self) -> Option<Dates> {
        self.audit.period.and_then(|(dates, _)| dates.before())
    }

    /// Nothing counted yet, of the period and of the one before.
    fn tallies(&self, checks: &[Query]) -> Tallies {
        let by = self.audit.period.map(|(_, by)| by).unwrap_or_default();
        let before = self.before().map(|dates| Tally::new(Period::new(dates, by, &self.audit.book), &[]));
        let now = match self.audit.scope {
            Scope::Tables | Scope::Full => {
                tally(self.audit).watching(ArrivalHours::new(&self.audit.book), self.open_cases())
            }
            Scope::Summary | Scope::Facts => tally(self.audit),
        };
        let seen = matches!(self.audit.scope, Scope::Tables | Scope::Full).then(|| Seeing::new(checks));
        Tallies { now, before, seen }
    }

    /// Open cases are counted over the period, or over all of the input, up to the judging instant.
    fn open_cases(&self) -> OpenCases {
        let latest = self.audit.book.versions.len().saturating_sub(1);
        let zone = self.audit.book.versions.get(latest).map(|version| version.timezone).unwrap_or_default();
        let first = self.ingested.history.span.map_or(self.as_of, |(first, _)| first);
        let (from, to) = period(self.audit).bounds(latest).unwrap_or((first, self.as_of));
        OpenCases::new(zone, from, to.min(self.as_of))
    }

    fn report(&self, draft: Draft, queries: &[Query], observer: &dyn Observer) -> Result<Outcome, Error> {
        let history = &self.ingested.history;
        observer.stage("replaying", history.n_cases() as u64);
        let folder = draft.folder("facts")?;
        let checks = checks()?;
        let Tallies { now, before, seen } = self.write_facts(&folder, &checks, observer)?;
        observer.stage("tables", 1);
        let (made, gravest) = match seen {
            Some(seen) => {
                let seen = seen.finish()?;
                check(&seen.failed)?;
                let gravest = gravest(self, &now);
                let computed = Computed::all(&now, before.as_ref(), &self.audit.book, &gravest);
                let has_period = self.audit.period.is_some();
                let source = tables::Source { facts: &folder, computed: &computed, seen: &seen, has_period };
                (write_tables(&draft, &source, checks, queries)?, gravest)
            }
            None => (Made::default(), Vec::new()),
        };
        write_rejected(self.ingested, &draft)?;
        let inputs = inputs(&self.ingested.ledger.files, &input_hashes(&self.ingested.ledger.files)?);
        let mut manifest = manifest(self.audit, &self.ingested.ledger, inputs.clone());
        manifest.as_of = Some(self.as_of.rfc3339());
        manifest.queries = query_entries(queries, &made);
        let notes = made
            .skipped
            .iter()
            .map(|s| format!("table `{}` is not made: the input has no `{}`", s.query, s.missing))
            .collect();
        let reads_all = made.reads_all.iter().map(assumed::reads_all);
        let counted =
            Counted { tally: now, notes, assumed: self.far_date.iter().cloned().chain(reads_all).collect() };
        let outcome = outcome(self.audit, self.ingested, self.as_of, counted, &inputs);
        draft.write("summary.txt", outcome.summary.as_bytes())?;
        if self.audit.scope == Scope::Full {
            observer.stage("pages", 1);
            let pages = Pages {
                run: self,
                before: self.before(),
                tables: &made.tables,
                queries,
                gravest: &gravest,
                inputs: &inputs,
                reads_all: &made.reads_all,
            };
            pages.write(&draft, &outcome)?;
        }
        write_manifest(&draft, manifest)?;
        draft.publish()?;
        Ok(outcome)
    }

    fn write_facts(
        &self,
        folder: &Path,
        checks: &[Query],
        observer: &dyn Observer,
    ) -> Result<Tallies, Error> {
        let history = &self.ingested.history;
        let ledger = &self.ingested.ledger;
        let files: Vec<String> = ledger.files.iter().map(|f| f.path.display().to_string()).collect();
        let context = Context::new(history, &self.audit.book, &files, period(self.audit));
        let context = context.with_places(&self.ingested.places);
        let messages: Vec<String> = self.ingested.findings.iter().map(finding_message).collect();
        let rows: Vec<DataRow<'_>> = self
            .ingested
            .findings
            .iter()
            .zip(&messages)
            .map(|(finding, message)| DataRow {
                code: finding.code,
                case_id: finding.case.map(|case| history.case_ids.at(case as usize)),
                at: finding.at,
                message,
                file: finding.place.map(|p| p.file),
                line: finding.place.map(|p| p.line),
            })
            .collect();
        let tallies = || self.tallies(checks);
        facts::write(&context, &self.replayer, &rows, folder, &tallies, &|n| observer.advance(n))
    }
}

/// What an audit counted, and what is to be told of it.
pub(super) struct Counted {
    pub(super) tally: Tally,
    /// What was left undone and why, a line each.
    pub(super) notes: Vec<String>,
    /// What was taken for granted beside what every audit takes for granted.
    pub(super) assumed: Vec<String>,
}

/// What an audit gives back, of what it counted and its notes.
pub(super) fn outcome(
    audit: &Audit,
    ingested: &Ingested,
    as_of: Instant,
    Counted { tally, notes, assumed: more }: Counted,
    inputs: &[Input],
) -> Outcome {
    let mut assumed = assumed::all(audit, ingested, &tally, as_of);
    assumed.extend(more);
    let mut data_findings = BTreeMap::new();
    for finding in &ingested.findings {
        // D506 is told once a word; its `n` counts rows.
        let n = if finding.code == codes::D506 { 1 } else { finding.n };
        *data_findings.entry(finding.code).or_default() += n;
    }
    let mut left_out = assumed::not_counted(&tally);
    left_out.extend(assumed::left_out(&ingested.ledger));
    let summary = Summary {
        tally: &tally,
        book: &audit.book,
        as_of,
        period: audit.period,
        data_findings: &data_findings,
        inputs,
        assumed: &assumed,
        left_out: &left_out,
    }
    .render();
    let objectives = Objective::all(&tally, &audit.book);
    let missed = objectives.iter().filter(|o| o.standing() == Standing::Missed);
    let missed = missed.map(|o| o.key.clone()).collect();
    Outcome { summary, notes, tally, missed, objectives, assumed, left_out }
}

/// Runs queries and those of the checks that what was seen of the facts does not settle, in one go, so that the facts are
/// read once. Writes each table.
fn write_tables(
    draft: &Draft,
    source: &tables::Source<'_>,
    checks: Vec<Query>,
    queries: &[Query],
) -> Result<Made, Error> {
    let mut all = checks;
    all.retain(|check| !source.seen.settles(check));
    let n_checks = all.len();
    all.extend_from_slice(queries);
    let mut made = tables::make(source, &all)?;
    check(&made.tables[..n_checks])?;
    made.tables.drain(..n_checks);
    draft.folder("tables")?;
    let written: Vec<_> = made.tables.par_iter().map(Table::to_csv).collect();
    for (table, bytes) in made.tables.iter().zip(written) {
        let bytes = bytes.map_err(|e| internal(&format!("table `{}`: {e}", table.name)))?;
        draft.write(&format!("tables/{}.csv", table.name), &bytes)?;
    }
    Ok(made)
}

fn finding_message(finding: &ingest::DataFinding) -> String {
    if finding.n > 1 { format!("{}; {} rows", finding.message, finding.n) } else { finding.message.clone() }
}

/// A mistake of this program: nothing is published.
pub(super) fn internal(message: &str) -> Error {
    Error::Output(
        Diagnostic::error(codes::F403, message)
            .hint("this is a mistake of slaudit, not of your data: please report it with this message"),
    )
}
