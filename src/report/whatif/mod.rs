//! `whatif` from end to end: read once, replay under every policy, tables, pages, manifest, summary (SPEC 14). What is
//! counted, and how, stands in `compare::whatif`; what is said in `compose` and `text`.

mod compose;
mod costs;
mod text;

use std::path::PathBuf;

use crate::calendar::Instant;
use crate::charts::{self, Chart};
use crate::compare::whatif::{self, Question, Sums, Told};
use crate::diag::Error;
use crate::explain;
use crate::facts::{By, Dates};
use crate::ingest::{self, Ingested};
use crate::policy::Book;
use crate::replay::Panel;
use crate::tables::{Cell, Computed, Query, Table};

use super::account::{files_read, manifest_of, name_inputs, write_manifest, write_rejected};
use super::audit::{Observer, internal};
use super::comparing::{self, Pages};
use super::document::ExplainedCase;
use super::folder::{Draft, Replaces};
use super::manifest::Input;
use super::pages::shortened;
use super::reach;
use super::theme::Theme;

/// Cases that are explained in the page.
const CASES: usize = 30;

/// What is to be compared, and how; every file of the policies and the profile is read already.
#[derive(Debug)]
pub struct Whatif {
    /// What is read.
    pub input: ingest::Plan,
    /// The policy in force, then those proposed.
    pub books: Vec<Book>,
    /// What each is called, no two the same.
    pub labels: Vec<String>,
    /// The instant at which open things are judged; `None`: the latest event.
    pub as_of: Option<Instant>,
    /// The period that is reported, and by which of a clock's instants; `None`: everything.
    pub period: Option<(Dates, By)>,
    /// The report folder; `None`: only the summary is made.
    pub out: Option<PathBuf>,
    /// What may stand there.
    pub replaces: Replaces,
    /// What the report is called; `None`: as it is called by itself.
    pub title: Option<String>,
    /// Colours and logo.
    pub theme: Theme,
    /// The command's arguments, for the manifest.
    pub command: Vec<String>,
}

/// Everything that pages and the summary are made of.
pub(super) struct Material<'a> {
    pub(super) plan: &'a Whatif,
    pub(super) question: Question<'a>,
    pub(super) sums: &'a Sums,
    pub(super) told: &'a Told,
    pub(super) tables: &'a [Table],
    pub(super) queries: &'a [Query],
    pub(super) charts: &'a [Chart],
    pub(super) inputs: &'a [Input],
    pub(super) assumed: &'a [String],
    pub(super) left_out: &'a [String],
}

impl Material<'_> {
    /// True where business time under a proposed policy is counted by other hours than now.
    fn has_other_hours(&self, proposed: usize) -> bool {
        whatif::hours_differ(&self.plan.books[0], &self.plan.books[proposed])
    }
}

/// What is to be said wherever lengths of business time under two policies of other hours stand side by side.
const OTHER_HOURS: &str = "the policies are not open at the same hours, and each counts business time by its own: a \
    longer day alone makes more business hours of the same wait, a shorter one fewer. Compare verdicts and wall time, not \
    these lengths";

/// Makes the comparison and its folder; gives the summary, plain text of at most 80 columns.
///
/// # Errors
/// [`Error::Input`] where the input cannot be used, or too many rows are rejected (then nothing is written);
/// [`Error::Output`] where the folder cannot be written.
pub fn whatif(plan: &Whatif, observer: &dyn Observer) -> Result<String, Error> {
    let read = files_read(&plan.input, &plan.books, plan.theme.path());
    let begin = |out: &PathBuf| Draft::begin(out, plan.replaces, &read);
    let draft = plan.out.as_ref().map(begin).transpose()?;
    let ingested = comparing::read(&plan.input, &plan.books, draft.is_some(), observer)?;
    let as_of = comparing::as_of(plan.as_of, &ingested)?;
    reach::warn(&ingested.history, &plan.books[0], as_of, plan.period.map(|(dates, _)| dates), observer);
    let far_date = comparing::far_date(plan.as_of, &ingested, observer);
    let question = Question {
        history: &ingested.history,
        books: &plan.books,
        labels: &plan.labels,
        as_of,
        period: plan.period,
    };
    let panel = Panel::new(&plan.books, &ingested.history, as_of);
    observer.stage("replaying", ingested.history.n_cases() as u64);
    let sums = whatif::count(&question, &panel, &|n| observer.advance(n));
    observer.stage("reasons", 1);
    let told = match &draft {
        Some(draft) => write_lists(draft, &question, &panel, &sums)?,
        None => whatif::tell::<Error>(&question, &panel, &sums.flips, None)?,
    };
    let computed = whatif::tables(&question, &sums, &told);
    let title = |table: &str| whatif::described(table).map_or("", |described| described.title);
    let (tables, queries) = comparing::tables(computed, title);
    let charts = charts::comparison(&tables, &charts_context(plan));
    let inputs = comparing::inputs(draft.is_some(), &ingested)?;
    let material = Material {
        plan,
        question,
        sums: &sums,
        told: &told,
        tables: &tables,
        queries: &queries,
        charts: &charts,
        inputs: &inputs,
        assumed: &text::assumed(plan, &ingested, far_date.as_ref()),
        left_out: &super::assumed::left_out(&ingested.ledger),
    };
    let summary = text::summary(&material);
    if let Some(draft) = draft {
        observer.stage("pages", 1);
        write_rejected(&ingested, &draft)?;
        let pages = Pages {
            run: "whatif",
            n_cases: sums.n_cases,
            n_events: sums.n_events,
            assumed: material.assumed,
            left_out: material.left_out,
            report: compose::report(&material, explained(&material, &ingested, &panel)?),
            summary: &summary,
            tables: &tables,
            queries: &queries,
            charts: &charts,
            inputs: &inputs,
            written: &[whatif::FLIPS.name],
        };
        pages.write(&draft)?;
        let mut manifest = manifest_of(&plan.command, &plan.input.profile, &plan.books);
        manifest.theme = plan.theme.file.clone();
        name_inputs(&mut manifest, inputs.clone(), &ingested.ledger);
        manifest.as_of = Some(as_of.rfc3339());
        write_manifest(&draft, manifest)?;
        draft.publish()?;
    }
    observer.done();
    Ok(summary)
}

/// The two lists that grow with the input, piece by piece.
fn write_lists(
    draft: &Draft,
    question: &Question<'_>,
    panel: &Panel<'_>,
    sums: &Sums,
) -> Result<Told, Error> {
    draft.folder("tables")?;
    let mut told = None;
    let (mut flips, mut early) = (Pieces::new(whatif::FLIPS), Pieces::new(whatif::TOO_EARLY));
    let mut early_bytes = early.bytes(&[])?;
    draft.write_with("tables/flips.csv", |file| {
        file.write_all(&flips.bytes(&[]).map_err(std::io::Error::other)?)?;
        let mut sink = |rows: &[Vec<Cell>], too_early: &[Vec<Cell>]| {
            early_bytes.extend(early.bytes(too_early).map_err(std::io::Error::other)?);
            file.write_all(&flips.bytes(rows).map_err(std::io::Error::other)?)
        };
        told = Some(whatif::tell(question, panel, &sums.flips, Some(&mut sink))?);
        Ok(())
    })?;
    draft.write("tables/too_early.csv", &early_bytes)?;
    Ok(told.unwrap_or_default())
}

/// A table written in pieces: the header comes with the first.
struct Pieces {
    table: crate::facts::Table,
    is_begun: bool,
}

impl Pieces {
    fn new(table: crate::facts::Table) -> Pieces {
        Pieces { table, is_begun: false }
    }

    fn bytes(&mut self, rows: &[Vec<Cell>]) -> Result<Vec<u8>, Error> {
        let table = Computed { table: self.table, rows: rows.to_vec() }.into_table();
        let bytes = table.to_csv().map_err(|e| internal(&format!("table `{}`: {e}", self.table.name)))?;
        let head =
            if self.is_begun { bytes.iter().position(|b| *b == b'\n').map_or(0, |end| end + 1) } else { 0 };
        self.is_begun = true;
        Ok(bytes[head..].to_vec())
    }
}

fn charts_context(plan: &Whatif) -> charts::Context<'_> {
    let rules = plan.books[0].versions.last().into_iter().flat_map(|version| &version.severities);
    charts::Context {
        severities: rules.map(|rule| (i64::from(rule.level), rule.name.clone())).collect(),
        queries: &[],
        theme: charts::Rgb::parse(&plan.theme.accent).map(charts::Theme::with_accent).unwrap_or_default(),
    }
}

/// The first cases of the list, explained under every policy.
fn explained(m: &Material<'_>, ingested: &Ingested, panel: &Panel<'_>) -> Result<Vec<ExplainedCase>, Error> {
    let mut ids: Vec<&str> = Vec::new();
    for row in &m.told.gravest {
        let id = ingested.history.case_ids.at(row.case as usize);
        if ids.len() < CASES && !ids.contains(&id) {
            ids.push(id);
        }
    }
    let explain = |id: &&str| {
        let mut text = String::new();
        for ((replayer, book), label) in panel.replayers().iter().zip(&m.plan.books).zip(&m.plan.labels) {
            let source = explain::Source { ingested, book, replayer };
            let told = explain::text(&explain::explain(source, id)?);
            text.push_str(&format!("Under `{label}`\n\n{}\n", shortened(&told)));
        }
        Ok(ExplainedCase { case_id: (*id).to_owned(), text })
    };
    ids.iter().map(explain).collect()
}
