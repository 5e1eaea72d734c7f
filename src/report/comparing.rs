//! What comparisons of policies have in common: the input read once for several policies, and a folder of pages, tables
//! and charts. What they count stands in `compare`.

use crate::calendar::Instant;
use crate::charts::Chart;
use crate::codes;
use crate::diag::{Diagnostic, Error};
use crate::ingest::{self, Attributes, Ingested};
use crate::policy::Book;
use crate::tables::{Computed, Query, Table};

use super::audit::{Observer, internal};
use super::document::Report;
use super::figures::Figures;
use super::folder::Draft;
use super::manifest::Input;
use super::pages::write_charts;
use super::{account, html, markdown, reach, workbook};

/// Reads the input with the attributes by which the policies judge their scope.
///
/// # Errors
/// [`Error::Input`] where it cannot be used, or too many rows are rejected.
pub(super) fn read(
    plan: &ingest::Plan,
    books: &[Book],
    has_folder: bool,
    observer: &dyn Observer,
) -> Result<Ingested, Error> {
    observer.stage("reading", 1);
    let mut input = ingest::Plan { hash_inputs: has_folder, ..plan.clone() };
    let mut names: Vec<String> = books.iter().flat_map(Book::scope_attributes).collect();
    names.sort();
    names.dedup();
    input.attributes = Attributes::Named(names);
    let ingested = ingest::read(&input, observer)?;
    ingested.warnings.iter().for_each(|warning| observer.warning(warning));
    ingested.accept()?;
    ingested.ledger.examples.iter().for_each(|problem| observer.problem(problem));
    Ok(ingested)
}

/// The instant at which open things are judged: the one given, else the latest event.
///
/// # Errors
/// F305 where there is no event.
pub(super) fn as_of(given: Option<Instant>, ingested: &Ingested) -> Result<Instant, Error> {
    let latest = ingested.history.span.map(|(_, last)| last);
    let none = || Error::Input(vec![Diagnostic::error(codes::F305, "no event in the input")]);
    given.or(latest).ok_or_else(none)
}

/// Warns where the latest event lies far from all others and everything open is judged at it; gives what is to be said of it.
pub(super) fn far_date(
    given: Option<Instant>,
    ingested: &Ingested,
    observer: &dyn Observer,
) -> Option<String> {
    let far = given.map_or_else(|| ingested.far_date(), |_| None);
    reach::far_date(far, &ingested.ledger.files, observer)
}

/// What became of the rows of each input file; with hashes of the files where a folder is written.
///
/// # Errors
/// [`Error::Input`] where a file cannot be read again.
pub(super) fn inputs(has_folder: bool, ingested: &Ingested) -> Result<Vec<Input>, Error> {
    let files = &ingested.ledger.files;
    let hashes = if has_folder { account::input_hashes(files)? } else { Vec::new() };
    Ok(account::inputs(files, &hashes))
}

/// The tables, and for each a header as a query has it; `title` gives what a table is called.
pub(super) fn tables(
    computed: Vec<Computed>,
    title: impl Fn(&str) -> &'static str,
) -> (Vec<Table>, Vec<Query>) {
    let header = |computed: &Computed| {
        let table = computed.table;
        let column = |column: &crate::facts::Column| (column.name.to_owned(), column.doc.to_owned());
        Query {
            name: table.name.to_owned(),
            title: title(table.name).to_owned(),
            grain: table.grain.to_owned(),
            columns: table.columns.iter().map(column).collect(),
            rates: Vec::new(),
            needs: Vec::new(),
            chart: None,
            sql: String::new(),
        }
    };
    let queries = computed.iter().map(header).collect();
    (computed.into_iter().map(Computed::into_table).collect(), queries)
}

/// Everything that people open.
pub(super) struct Pages<'a> {
    /// The command.
    pub(super) run: &'static str,
    pub(super) report: Report,
    pub(super) n_cases: u64,
    pub(super) n_events: u64,
    pub(super) assumed: &'a [String],
    pub(super) left_out: &'a [String],
    pub(super) summary: &'a str,
    pub(super) tables: &'a [Table],
    pub(super) queries: &'a [Query],
    pub(super) charts: &'a [Chart],
    pub(super) inputs: &'a [Input],
    /// Tables that are written already, with more rows than are shown.
    pub(super) written: &'a [&'a str],
}

impl Pages<'_> {
    /// Writes summary, tables, charts and pages.
    ///
    /// # Errors
    /// F402 where a file cannot be written, F403 for a mistake of this program.
    pub(super) fn write(&self, draft: &Draft) -> Result<(), Error> {
        draft.write("summary.txt", self.summary.as_bytes())?;
        let is_new = |table: &&Table| !self.written.contains(&table.name.as_str());
        for table in self.tables.iter().filter(is_new) {
            let bytes = table.to_csv().map_err(|e| internal(&format!("table `{}`: {e}", table.name)))?;
            draft.write(&format!("tables/{}.csv", table.name), &bytes)?;
        }
        write_charts(draft, self.charts)?;
        let page = html::html(&self.report).map_err(|e| internal(&format!("report.html: {e}")))?;
        draft.write("report.html", page.as_bytes())?;
        let book = workbook::workbook(&self.report, self.tables, self.queries);
        draft.write("report.xlsx", &book.map_err(|e| internal(&format!("report.xlsx: {e}")))?)?;
        draft.write("report.md", markdown::markdown(&self.report).as_bytes())?;
        let figures = Figures {
            run: self.run,
            report: &self.report,
            n_cases: self.n_cases,
            n_events: self.n_events,
            tables: self.tables,
            inputs: self.inputs,
            assumed: self.assumed,
            left_out: self.left_out,
        };
        draft.write("summary.json", &figures.comparison(self.written))
    }
}
