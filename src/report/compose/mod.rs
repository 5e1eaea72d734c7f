//! What a report says, and in which order: sections of sentences, grids and charts from the compliance tables alone, so
//! that every figure on a page stands in a table. It counts nothing, and knows nothing of HTML or workbooks.

pub(super) mod data;
mod glance;
pub(super) mod grid;
mod sections;

pub(super) use grid::complete;

use chrono_tz::Tz;

use crate::calendar::Instant;
use crate::charts::Chart;
use crate::facts::{By, Dates};
use crate::policy::Book;
use crate::tables::{Cell, Query, ReadsAll, Table, Tally};

use super::document::{Grid, Part, Point, Report, Section};
use super::manifest::Input;
use super::summary::{by_words, grouped};
use super::theme::Theme;

/// Everything that a report is made of.
pub(super) struct Material<'a> {
    /// What it is called; `None`: as it is called by itself.
    pub(super) title: Option<&'a str>,
    pub(super) theme: Theme,
    pub(super) book: &'a Book,
    pub(super) tally: &'a Tally,
    pub(super) as_of: Instant,
    pub(super) period: Option<(Dates, By)>,
    /// The period before it.
    pub(super) before: Option<Dates>,
    /// One table a query, in the same order.
    pub(super) tables: &'a [Table],
    pub(super) queries: &'a [Query],
    pub(super) charts: &'a [Chart],
    pub(super) inputs: &'a [Input],
    /// The user's queries that read all of history, though a period was asked for.
    pub(super) reads_all: &'a [ReadsAll],
    pub(super) assumed: &'a [String],
    pub(super) left_out: &'a [String],
    /// Tables that were not made, and why.
    pub(super) notes: &'a [String],
    /// Charts that were not drawn, and why.
    pub(super) not_drawn: Vec<String>,
    /// Findings of cases in the period.
    pub(super) n_findings: u64,
    /// The command, as it can be given again.
    pub(super) command: String,
}

/// The report of `material`; its explained cases are put in later.
pub(super) fn report(material: Material<'_>) -> Report {
    let m = &material;
    let mut sections = vec![glance::section(m), sections::promises(m), sections::times(m), sections::load(m)];
    sections.extend([sections::severities(m), sections::inactivity(m), sections::priority(m)]);
    sections.extend([sections::groups(m), sections::own(m), sections::findings(m)]);
    sections.extend([data::section(m), data::method(m), sections::everything(m)]);
    sections.retain(|section| !section.parts.is_empty());
    Report {
        title: title(m),
        head: head(m),
        sections,
        cases: Vec::new(),
        theme: material.theme,
        zone: zone(material.book),
    }
}

fn title(m: &Material<'_>) -> String {
    let name = m.book.versions.last().map_or("support", |version| version.name.as_str());
    m.title.map_or_else(|| format!("Support compliance: {name}"), str::to_owned)
}

fn head(m: &Material<'_>) -> Vec<(String, String)> {
    let line = |name: &str, value: String| (name.to_owned(), value);
    let mut head = vec![line(
        "Period",
        match (m.period, m.tally.openings) {
            (Some((dates, by)), _) => format!("{}; clocks that {} in it", span(dates), by_words(by)),
            (None, Some((first, last))) => {
                format!("everything: cases opened {} to {}", day(m, first), day(m, last))
            }
            (None, None) => "everything".to_owned(),
        },
    )];
    head.push(line(
        "Judged as of",
        format!("{} ({})", local(m, m.as_of, "%Y-%m-%d %H:%M"), m.as_of.rfc3339()),
    ));
    let policies: Vec<String> =
        m.book.versions.iter().map(|v| format!("{}, version {}", v.name, v.version)).collect();
    head.push(line("Policy", policies.join("; ")));
    let (cases, events) = (grouped(m.tally.n_replayed), grouped(m.tally.n_events));
    let in_period = match m.period {
        Some(_) => format!("; {} opened in the period", grouped(m.tally.n_cases)),
        None => String::new(),
    };
    head.push(line("Read", format!("{cases} cases, {events} events{in_period}")));
    head
}

/// `2026-10-01 to 2026-10-31`.
fn span(dates: Dates) -> String {
    format!("{} to {}", dates.from, dates.to)
}

/// The local date of an instant.
fn day(m: &Material<'_>, at: Instant) -> String {
    local(m, at, "%Y-%m-%d")
}

/// An instant in the zone of the latest policy.
fn local(m: &Material<'_>, at: Instant, format: &str) -> String {
    at.in_zone(zone(m.book)).map_or_else(|| at.rfc3339(), |time| time.format(format).to_string())
}

fn zone(book: &Book) -> Tz {
    book.versions.last().map_or(Tz::UTC, |version| version.timezone)
}

impl<'a> Material<'a> {
    /// The table called `name`, with its query; `None` where it was not made.
    fn table(&self, name: &str) -> Option<(&'a Query, &'a Table)> {
        let table = self.tables.iter().find(|table| table.name == name)?;
        let query = self.queries.iter().find(|query| query.name == name)?;
        Some((query, table))
    }

    /// Its columns `names`, where it has rows; severities by name.
    fn grid(&self, name: &str, names: &[&str], no_severity: &str) -> Option<Grid> {
        let (query, table) = self.table(name).filter(|(_, table)| !table.rows.is_empty())?;
        let mut grid = grid::chosen(query, table, names);
        grid::name_severities(&mut grid, self.book, no_severity);
        grid::in_order(&mut grid);
        Some(grid)
    }

    /// The charts of the tables that `wanted` picks, in their order.
    fn charts(&self, wanted: impl Fn(&str) -> bool) -> impl Iterator<Item = Part> {
        self.charts.iter().filter(move |chart| wanted(&chart.table)).cloned().map(Part::Chart)
    }
}

pub(super) fn section(id: &'static str, title: &str) -> Section {
    Section { id, title: title.to_owned(), parts: Vec::new() }
}

/// The whole number in a row's cell.
fn whole(table: &Table, row: &[Cell], column: &str) -> Option<u64> {
    match row.get(table.column(column)?)? {
        Cell::Whole(n) => u64::try_from(*n).ok(),
        _ => None,
    }
}

/// The number with decimals in a row's cell.
fn number(table: &Table, row: &[Cell], column: &str) -> Option<f64> {
    match row.get(table.column(column)?)? {
        Cell::Number(x) => Some(*x),
        _ => None,
    }
}

/// The text in a row's cell.
fn text<'t>(table: &Table, row: &'t [Cell], column: &str) -> Option<&'t str> {
    match row.get(table.column(column)?)? {
        Cell::Text(text) => Some(text),
        _ => None,
    }
}

/// A word of ours for people.
pub(super) fn words(word: &str) -> String {
    word.replace('_', " ")
}

/// The key of an objective for people: `first response, severity 1`.
fn objective(key: &str) -> String {
    words(key).replace(".severity.", ", severity ")
}

/// With a capital first letter.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A list of sentences, or nothing.
fn points(sentences: impl IntoIterator<Item = String>) -> Option<Part> {
    let points: Vec<Point> = sentences.into_iter().map(Point::new).collect();
    (!points.is_empty()).then_some(Part::Points(points))
}
