//! `whatif` from end to end: read once, replay under every policy, tables, pages, manifest, summary (SPEC 14). What is
//! counted, and how, stands in `compare::whatif`; what is said in `compose` and `text`.

mod compose;
mod text;

use std::path::PathBuf;

use crate::calendar::Instant;
use crate::charts::{self, Chart};
use crate::codes;
use crate::compare::whatif::{self, Question, Sums, Told};
use crate::diag::{Diagnostic, Error};
use crate::explain;
use crate::facts::{By, Dates};
use crate::ingest::{self, Attributes, Ingested};
use crate::policy::Book;
use crate::replay::Panel;
use crate::tables::{Cell, Computed, Query, Table};

use super::account::{input_hashes, inputs, manifest_of, write_manifest, write_rejected};
use super::audit::{Observer, internal};
use super::document::{ExplainedCase, Report};
use super::folder::Draft;
use super::manifest::Input;
use super::pages::{shortened, write_charts};
use super::theme::Theme;
use super::{figures, html, markdown, workbook};

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

/// Makes the comparison and its folder; gives the summary, plain text of at most 80 columns.
///
/// # Errors
/// [`Error::Input`] where the input cannot be used, or too many rows are rejected (then nothing is written);
/// [`Error::Output`] where the folder cannot be written.
pub fn whatif(plan: &Whatif, observer: &dyn Observer) -> Result<String, Error> {
    let draft = plan.out.as_deref().map(Draft::begin).transpose()?;
    let ingested = read(plan, draft.is_some(), observer)?;
    let Some(as_of) = plan.as_of.or(ingested.history.span.map(|(_, last)| last)) else {
        return Err(Error::Input(vec![Diagnostic::error(codes::F305, "no event in the input")]));
    };
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
        None => whatif::tell::<Error>(&question, &panel, &sums.flips, &mut |_, _| Ok(()))?,
    };
    let hashes = match &draft {
        Some(_) => input_hashes(&ingested.ledger.files)?,
        None => Vec::new(),
    };
    let computed = whatif::tables(&question, &sums, &told);
    let queries: Vec<Query> = computed.iter().filter_map(query).collect();
    let tables: Vec<Table> = computed.into_iter().map(Computed::into_table).collect();
    let charts = charts::comparison(&tables, &charts_context(plan));
    let inputs = inputs(&ingested.ledger.files, &hashes);
    let material = Material {
        plan,
        question,
        sums: &sums,
        told: &told,
        tables: &tables,
        queries: &queries,
        charts: &charts,
        inputs: &inputs,
        assumed: &text::assumed(plan, &ingested),
        left_out: &super::assumed::left_out(&ingested.ledger.files),
    };
    let summary = text::summary(&material);
    if let Some(draft) = draft {
        observer.stage("pages", 1);
        draft.write("summary.txt", summary.as_bytes())?;
        write_rejected(&ingested, &draft)?;
        write_pages(&draft, &material, explained(&material, &ingested, &panel)?)?;
        let mut manifest = manifest_of(&plan.command, &plan.input.profile, &plan.books);
        manifest.theme = plan.theme.file.clone();
        manifest.inputs = inputs.clone();
        manifest.as_of = Some(as_of.rfc3339());
        write_manifest(&draft, manifest)?;
        draft.publish()?;
    }
    observer.done();
    Ok(summary)
}

fn read(plan: &Whatif, has_folder: bool, observer: &dyn Observer) -> Result<Ingested, Error> {
    observer.stage("reading", 1);
    let mut input = ingest::Plan { hash_inputs: has_folder, ..plan.input.clone() };
    let mut names: Vec<String> = plan.books.iter().flat_map(Book::scope_attributes).collect();
    names.sort();
    names.dedup();
    input.attributes = Attributes::Named(names);
    let ingested = ingest::read(&input, observer)?;
    ingested.ledger.examples.iter().for_each(|problem| observer.problem(problem));
    ingested.accept()?;
    Ok(ingested)
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
        told = Some(whatif::tell(question, panel, &sums.flips, &mut sink)?);
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

/// The header of a table, as a query has it.
fn query(computed: &Computed) -> Option<Query> {
    let described = whatif::described(computed.table.name)?;
    let column = |column: &crate::facts::Column| (column.name.to_owned(), column.doc.to_owned());
    Some(Query {
        name: described.table.name.to_owned(),
        title: described.title.to_owned(),
        grain: described.table.grain.to_owned(),
        columns: described.table.columns.iter().map(column).collect(),
        rates: Vec::new(),
        needs: Vec::new(),
        chart: None,
        sql: String::new(),
    })
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

fn write_pages(draft: &Draft, m: &Material<'_>, cases: Vec<ExplainedCase>) -> Result<(), Error> {
    for table in m.tables.iter().filter(|table| table.name != whatif::FLIPS.name) {
        let bytes = table.to_csv().map_err(|e| internal(&format!("table `{}`: {e}", table.name)))?;
        draft.write(&format!("tables/{}.csv", table.name), &bytes)?;
    }
    write_charts(draft, m.charts)?;
    let report: Report = compose::report(m, cases);
    let page = html::html(&report).map_err(|e| internal(&format!("report.html: {e}")))?;
    draft.write("report.html", page.as_bytes())?;
    let book = workbook::workbook(&report, m.tables, m.queries);
    draft.write("report.xlsx", &book.map_err(|e| internal(&format!("report.xlsx: {e}")))?)?;
    draft.write("report.md", markdown::markdown(&report).as_bytes())?;
    draft.write("summary.json", &figures::comparison(&report, m.tables, m.sums, m.inputs))
}
