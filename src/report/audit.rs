//! An audit from end to end: read, replay, facts, tables, checks, manifest, summary. It decides what is made
//! and in what order; how each thing is made stands in the folders before.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::calendar::{Duration, Instant};
use crate::codes;
use crate::diag::{Diagnostic, Error, Position};
use crate::facts::{self, By, Context, DataRow, Dates, Period};
use crate::ingest::{self, Attributes, FileLedger, Ingested};
use crate::policy::Book;
use crate::replay::Replayer;
use crate::tables::{self, CHECKS, Computed, Made, Objective, QUERIES, Query, Standing, Table, Tally};

use super::assumed;
use super::folder::Draft;
use super::manifest::{Hashed, Input, Manifest, QueryEntry, hash_folder, sha256, sha256_of};
use super::summary::Summary;

/// How much is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The summary; nothing is written.
    Summary,
    /// The fact tables, the manifest and the summary.
    Facts,
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
    /// A folder of the user's own queries.
    pub queries: Option<PathBuf>,
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
}

/// Told how far an audit is; called from several threads.
pub trait Observer: ingest::Progress {
    /// Something with `total` steps begins.
    fn stage(&self, name: &'static str, total: u64);
    /// `n` more steps of it are done.
    fn advance(&self, n: u64);
    /// Something about the data, of which there may be more of the same code.
    fn problem(&self, problem: &Diagnostic);
    /// Everything is done.
    fn done(&self);
}

/// Makes the report of `audit`.
///
/// # Errors
/// [`Error::Input`] where the input cannot be used, or where too many rows are rejected (F304): then
/// `rejected.csv` and `manifest.json` with the ledger are written all the same, unless only the summary was
/// asked for. [`Error::Invalid`] for a query of the user's that cannot be run, [`Error::Output`] where the
/// folder cannot be written.
pub fn audit(audit: &Audit, observer: &dyn Observer) -> Result<Outcome, Error> {
    // Before any work: a folder that may not be replaced, a query that cannot be read.
    let draft = match audit.scope {
        Scope::Summary => None,
        Scope::Facts | Scope::Full => Some(Draft::begin(&audit.out)?),
    };
    let queries = queries(audit)?;
    observer.stage("reading", 1);
    let mut plan = ingest::Plan { hash_inputs: draft.is_some(), ..audit.input.clone() };
    if audit.scope == Scope::Summary {
        // A summary needs no others than those by which the scope is judged.
        plan.attributes = Attributes::Named(audit.book.scope_attributes());
    }
    let ingested = ingest::read(&plan, observer)?;
    ingested.ledger.examples.iter().for_each(|problem| observer.problem(problem));
    if let Err(refusal) = ingested.accept() {
        if let Some(draft) = draft {
            write_ledger(audit, &ingested, &draft)?;
            draft.publish()?;
        }
        observer.done();
        return Err(refusal);
    }
    let Some(as_of) = audit.as_of.or(ingested.history.span.map(|(_, last)| last)) else {
        return Err(Error::Input(vec![Diagnostic::error(codes::F305, "no event in the input")]));
    };
    let run = Run {
        audit,
        ingested: &ingested,
        replayer: Replayer::new(&audit.book, &ingested.history, as_of).asking(&audit.close_after),
        as_of,
    };
    let outcome = match draft {
        None => run.summary_only(observer)?,
        Some(draft) => run.report(draft, &queries, observer)?,
    };
    observer.done();
    Ok(outcome)
}

/// The queries to run: those that ship, then the user's by name.
fn queries(audit: &Audit) -> Result<Vec<Query>, Error> {
    if audit.scope != Scope::Full {
        return Ok(Vec::new());
    }
    let invalid = |problem| Error::Invalid(vec![problem]);
    let mut all = Vec::new();
    for (name, sql) in QUERIES {
        all.push(Query::parse(name, sql, name).map_err(invalid)?);
    }
    let Some(folder) = &audit.queries else { return Ok(all) };
    let unreadable = |path: &Path, e: std::io::Error| {
        let position = Position { path: path.display().to_string(), ..Position::default() };
        invalid(Diagnostic::error(codes::F109, format!("queries cannot be read: {e}")).at(position))
    };
    let entries = std::fs::read_dir(folder).map_err(|e| unreadable(folder, e))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "sql"));
    paths.sort();
    for path in paths {
        let sql = std::fs::read_to_string(&path).map_err(|e| unreadable(&path, e))?;
        let name = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        let shown = path.display().to_string();
        let query = Query::parse(&name, &sql, &shown).map_err(invalid)?;
        if all.iter().any(|q| q.name == name) {
            let message =
                format!("a query called `{name}` is there already: both would write `tables/{name}.csv`");
            let position = Position { path: shown, ..Position::default() };
            return Err(invalid(
                Diagnostic::error(codes::F108, message).at(position).hint("give it another name"),
            ));
        }
        all.push(query);
    }
    Ok(all)
}

/// One audit with everything read.
struct Run<'a> {
    audit: &'a Audit,
    ingested: &'a Ingested,
    replayer: Replayer<'a>,
    as_of: Instant,
}

impl Run<'_> {
    fn period(&self) -> Period {
        let of = |(dates, by)| Period::new(dates, by, &self.audit.book);
        self.audit.period.map_or_else(Period::default, of)
    }

    fn tally(&self) -> Tally {
        Tally::new(self.period(), &self.audit.close_after)
    }

    fn summary_only(&self, observer: &dyn Observer) -> Result<Outcome, Error> {
        let history = &self.ingested.history;
        observer.stage("replaying", history.n_cases() as u64);
        let tally = facts::fold(history, &self.replayer, &|| self.tally(), &|n| observer.advance(n));
        let inputs = inputs(&self.ingested.ledger.files, &[]);
        Ok(self.outcome(tally, &inputs, Vec::new()))
    }

    fn report(&self, draft: Draft, queries: &[Query], observer: &dyn Observer) -> Result<Outcome, Error> {
        let history = &self.ingested.history;
        observer.stage("replaying", history.n_cases() as u64);
        let folder = draft.folder("facts")?;
        let tally = self.write_facts(&folder, observer)?;
        observer.stage("tables", 1);
        let made = self.write_tables(&draft, &folder, &tally, queries)?;
        write_rejected(self.ingested, &draft)?;
        let inputs = inputs(&self.ingested.ledger.files, &input_hashes(&self.ingested.ledger.files)?);
        let mut manifest = manifest(self.audit, inputs.clone());
        manifest.as_of = Some(self.as_of.rfc3339());
        manifest.queries = query_entries(queries, &made);
        let notes = made
            .skipped
            .iter()
            .map(|s| format!("table `{}` is not made: the input has no `{}`", s.query, s.missing))
            .collect();
        let outcome = self.outcome(tally, &inputs, notes);
        draft.write("summary.txt", outcome.summary.as_bytes())?;
        write_manifest(&draft, manifest)?;
        draft.publish()?;
        Ok(outcome)
    }

    fn write_facts(&self, folder: &Path, observer: &dyn Observer) -> Result<Tally, Error> {
        let history = &self.ingested.history;
        let ledger = &self.ingested.ledger;
        let files: Vec<String> = ledger.files.iter().map(|f| f.path.display().to_string()).collect();
        let context = Context::new(history, &self.audit.book, &files, self.period());
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
        let tally = || self.tally();
        facts::write(&context, &self.replayer, &rows, folder, &tally, &|n| observer.advance(n))
    }

    fn write_tables(
        &self,
        draft: &Draft,
        facts: &Path,
        tally: &Tally,
        queries: &[Query],
    ) -> Result<Made, Error> {
        if self.audit.scope != Scope::Full {
            return Ok(Made::default());
        }
        let computed = Computed::all(tally, &self.audit.book);
        let source = tables::Source { facts, computed: &computed };
        // In one go, so that the facts are read once; checks first, and none of them is ever skipped.
        let mut all = checks()?;
        let n_checks = all.len();
        all.extend_from_slice(queries);
        let mut made = tables::make(&source, &all)?;
        check(&made.tables[..n_checks])?;
        made.tables.drain(..n_checks);
        draft.folder("tables")?;
        for table in &made.tables {
            let bytes = table.to_csv().map_err(|e| internal(&format!("table `{}`: {e}", table.name)))?;
            draft.write(&format!("tables/{}.csv", table.name), &bytes)?;
        }
        Ok(made)
    }

    fn outcome(&self, tally: Tally, inputs: &[Input], notes: Vec<String>) -> Outcome {
        let assumed = assumed::all(self.audit, self.ingested, &tally);
        let left_out = assumed::left_out(&self.ingested.ledger.files);
        let mut data_findings = BTreeMap::new();
        for finding in &self.ingested.findings {
            // D506 is told once a word; its `n` counts rows.
            let n = if finding.code == codes::D506 { 1 } else { finding.n };
            *data_findings.entry(finding.code).or_default() += n;
        }
        let summary = Summary {
            tally: &tally,
            book: &self.audit.book,
            as_of: self.as_of,
            period: self.audit.period,
            data_findings: &data_findings,
            inputs,
            assumed: &assumed,
            left_out: &left_out,
        }
        .render();
        let objectives = Objective::all(&tally, &self.audit.book).into_iter();
        let missed = objectives.filter(|o| o.standing() == Standing::Missed).map(|o| o.key).collect();
        Outcome { summary, notes, tally, missed }
    }
}

fn finding_message(finding: &ingest::DataFinding) -> String {
    if finding.n > 1 { format!("{}; {} rows", finding.message, finding.n) } else { finding.message.clone() }
}

/// The checks that ship.
fn checks() -> Result<Vec<Query>, Error> {
    let checks = CHECKS.iter().map(|(name, sql)| Query::parse(name, sql, name));
    checks.collect::<Result<_, _>>().map_err(|e| Error::Invalid(vec![e]))
}

/// A row of any check is a mistake of this program, told and never passed over.
fn check(checked: &[Table]) -> Result<(), Error> {
    let failed: Vec<String> = checked
        .iter()
        .filter_map(|table| {
            table
                .rows
                .first()
                .map(|row| format!("`{}` found {} rows, first {row:?}", table.name, table.rows.len()))
        })
        .collect();
    if failed.is_empty() {
        Ok(())
    } else {
        Err(internal(&format!("facts failed their checks: {}", failed.join("; "))))
    }
}

/// A mistake of this program: nothing is published.
fn internal(message: &str) -> Error {
    Error::Output(
        Diagnostic::error(codes::F403, message)
            .hint("this is a mistake of slaudit, not of your data: please report it with this message"),
    )
}

fn inputs(files: &[FileLedger], hashes: &[String]) -> Vec<Input> {
    let of = |(i, file): (usize, &FileLedger)| Input {
        path: file.path.display().to_string(),
        sha256: hashes.get(i).cloned().unwrap_or_default(),
        rows_read: file.n_read,
        rows_used: file.n_used,
        rows_duplicate: file.n_duplicate,
        rows_rejected: file.n_rejected,
        rejected_by_code: file.by_code.iter().map(|(code, n)| ((*code).to_owned(), *n)).collect(),
    };
    files.iter().enumerate().map(of).collect()
}

/// The hashes that reading gave, or made now where it gave none.
fn input_hashes(files: &[FileLedger]) -> Result<Vec<String>, Error> {
    let hash = |file: &FileLedger| match &file.sha256 {
        Some(digest) => Ok(super::manifest::hex(digest)),
        None => sha256_of(&file.path).map_err(|e| {
            let position = Position { path: file.path.display().to_string(), ..Position::default() };
            Error::Input(vec![
                Diagnostic::error(codes::F301, format!("cannot be read again: {e}")).at(position),
            ])
        }),
    };
    files.iter().map(hash).collect()
}

fn manifest(audit: &Audit, inputs: Vec<Input>) -> Manifest {
    let profile = &audit.input.profile;
    let hashed = Hashed { path: profile.path.clone(), sha256: sha256(profile.source.as_bytes()) };
    let mut manifest = Manifest::new(audit.command.clone(), hashed);
    manifest.policy =
        audit.book.files.iter().map(|f| Hashed { path: f.path.clone(), sha256: sha256(&f.bytes) }).collect();
    manifest.inputs = inputs;
    manifest
}

fn query_entries(queries: &[Query], made: &Made) -> Vec<QueryEntry> {
    let entry = |query: &Query| QueryEntry {
        name: query.name.clone(),
        sha256: sha256(query.sql.as_bytes()),
        skipped_for: made.skipped.iter().find(|s| s.query == query.name).map(|s| s.missing.clone()),
    };
    queries.iter().map(entry).collect()
}

fn write_rejected(ingested: &Ingested, draft: &Draft) -> Result<(), Error> {
    draft.write_with("rejected.csv", |file| ingested.ledger.rejected.write(file))
}

/// What is written where too many rows were rejected: which, and the ledger.
fn write_ledger(audit: &Audit, ingested: &Ingested, draft: &Draft) -> Result<(), Error> {
    write_rejected(ingested, draft)?;
    let mut manifest =
        manifest(audit, inputs(&ingested.ledger.files, &input_hashes(&ingested.ledger.files)?));
    manifest.complete = false;
    write_manifest(draft, manifest)
}

fn write_manifest(draft: &Draft, mut manifest: Manifest) -> Result<(), Error> {
    manifest.outputs =
        hash_folder(&draft.path()).map_err(|e| internal(&format!("own files cannot be read: {e}")))?;
    let bytes = manifest.to_json().map_err(|e| internal(&format!("manifest: {e}")))?;
    draft.write(super::manifest::MANIFEST, &bytes)
}
