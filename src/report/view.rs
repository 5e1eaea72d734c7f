//! A report as the templates of pages want it: texts, classes and anchors, ready to be escaped. Not a template.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::diag::printable;
use crate::tables::Cell;

use super::document::{Column, Grid, Part, Report, Section, Show, Standing, Strip};
use super::shown::{shown, shown_in};
use super::summary::{cut, grouped};

/// Longest text of a cell, in characters; the tables hold it whole.
const CELL: usize = 300;

/// Texts of the input that need no second line.
const SHORT: usize = 24;

#[derive(Serialize)]
pub(super) struct SectionView {
    id: &'static str,
    title: String,
    parts: Vec<PartView>,
    /// Shown folded, and not printed.
    folded: bool,
}

#[derive(Serialize, Default)]
struct PartView {
    kind: &'static str,
    text: String,
    pieces: Vec<Piece>,
    standing: &'static str,
    mark: &'static str,
    points: Vec<PointView>,
    grid: Option<GridView>,
    /// A chart, as SVG made by us with every text escaped.
    svg: String,
}

/// A stretch of a sentence: what stands between back-ticks is code.
#[derive(Serialize)]
struct Piece {
    text: String,
    is_code: bool,
}

#[derive(Serialize)]
struct PointView {
    pieces: Vec<Piece>,
    more: Option<&'static str>,
}

#[derive(Serialize)]
struct GridView {
    name: String,
    title: String,
    note: String,
    more: String,
    columns: Vec<ColumnView>,
    rows: Vec<Vec<CellView>>,
    searchable: bool,
    strip: bool,
    /// Rows that there are, those of `rows` among them.
    n_all: String,
}

#[derive(Serialize)]
struct ColumnView {
    label: String,
    doc: String,
    class: &'static str,
}

#[derive(Serialize, Default)]
struct CellView {
    text: String,
    class: &'static str,
    /// What it is sorted by, where that is not its text.
    key: Option<String>,
    href: Option<String>,
    title: String,
    strip: Option<StripView>,
}

/// Places in a picture 100 wide.
#[derive(Serialize)]
struct StripView {
    share: String,
    low: String,
    width: String,
    goal: Option<String>,
    says: String,
}

#[derive(Serialize)]
pub(super) struct CaseView {
    anchor: String,
    case_id: String,
    text: String,
}

pub(super) fn sections(report: &Report) -> Result<Vec<SectionView>, String> {
    let anchors = anchors(report);
    report.sections.iter().map(|section| section_view(report, section, &anchors)).collect()
}

pub(super) fn cases(report: &Report) -> Vec<CaseView> {
    let view = |(i, case): (usize, &super::document::ExplainedCase)| CaseView {
        anchor: anchor(i),
        case_id: cut(&printable(&case.case_id), CELL),
        text: case.text.clone(),
    };
    report.cases.iter().enumerate().map(view).collect()
}

/// Anchors count: a case id may be any text.
fn anchor(index: usize) -> String {
    format!("case-{}", index + 1)
}

fn anchors(report: &Report) -> BTreeMap<&str, String> {
    report.cases.iter().enumerate().map(|(i, case)| (case.case_id.as_str(), anchor(i))).collect()
}

fn section_view(
    report: &Report,
    section: &Section,
    anchors: &BTreeMap<&str, String>,
) -> Result<SectionView, String> {
    let parts = section.parts.iter().map(|part| part_view(report, part, anchors));
    Ok(SectionView {
        id: section.id,
        title: section.title.clone(),
        parts: parts.collect::<Result<_, _>>()?,
        folded: section.id == "tables",
    })
}

fn part_view(report: &Report, part: &Part, anchors: &BTreeMap<&str, String>) -> Result<PartView, String> {
    let of = |kind, text: &str| PartView {
        kind,
        text: printable(text),
        pieces: pieces(text),
        ..PartView::default()
    };
    Ok(match part {
        Part::Answer(standing, text) => {
            PartView { standing: standing.word(), mark: mark(*standing), ..of("answer", text) }
        }
        Part::Text(text) => of("text", text),
        Part::Heading(text) => of("heading", text),
        Part::Points(points) => PartView {
            points: points.iter().map(|p| PointView { pieces: pieces(&p.text), more: p.more }).collect(),
            ..of("points", "")
        },
        Part::Grid(grid) => PartView { grid: Some(grid_view(report, grid, anchors)), ..of("grid", "") },
        Part::Chart(chart) => PartView { svg: inline(&chart.svg()?), ..of("chart", &chart.alt) },
    })
}

fn pieces(text: &str) -> Vec<Piece> {
    let text = &printable(text);
    // An odd back-tick opens nothing that ends: then the sentence stands as it is.
    if !text.matches('`').count().is_multiple_of(2) {
        return vec![Piece { text: text.to_owned(), is_code: false }];
    }
    let piece = |(i, text): (usize, &str)| Piece { text: text.to_owned(), is_code: i % 2 == 1 };
    text.split('`').enumerate().map(piece).filter(|piece| !piece.text.is_empty()).collect()
}

/// Beside the colour, so that it is told without it.
const fn mark(standing: Standing) -> &'static str {
    match standing {
        Standing::Good => "✓",
        Standing::Doubtful => "≈",
        Standing::Bad => "✗",
        Standing::None => "–",
    }
}

/// An SVG file as an element of a page: without what only a file has.
fn inline(svg: &str) -> String {
    svg.find("<svg").map_or_else(String::new, |start| svg[start..].to_owned())
}

fn grid_view(report: &Report, grid: &Grid, anchors: &BTreeMap<&str, String>) -> GridView {
    let n = grid.rows.len();
    let more = match n {
        0 => "No rows.".to_owned(),
        _ if n < grid.n_all && !grid.is_searchable => {
            format!("{n} of {} rows; all of them in tables/{}.csv.", grid.n_all, grid.name)
        }
        _ => String::new(),
    };
    let row = |row: &Vec<Cell>| {
        let cells = grid.columns.iter().zip(row);
        let mut views: Vec<CellView> =
            cells.map(|(column, cell)| cell_view(report, column, cell, anchors)).collect();
        if let Some(strip) = grid.strip {
            views[strip.share].strip = strip_view(row, strip);
            for place in [Some(strip.share), strip.goal].into_iter().flatten() {
                views[place].text = shown_in(grid, row, place, report.zone);
            }
        }
        views
    };
    GridView {
        name: grid.name.clone(),
        title: printable(&grid.title),
        note: printable(&grid.note),
        more,
        columns: grid.columns.iter().map(column_view).collect(),
        rows: grid.rows.iter().map(row).collect(),
        searchable: grid.is_searchable,
        strip: grid.strip.is_some(),
        n_all: grouped(grid.n_all as u64),
    }
}

fn column_view(column: &Column) -> ColumnView {
    ColumnView { label: printable(&column.label), doc: column.doc.clone(), class: class(column.show) }
}

/// Texts of the input break anywhere; words of ours nowhere.
const fn class(show: Show) -> &'static str {
    match show {
        _ if show.is_number() => "number",
        Show::Code | Show::Instant | Show::Word | Show::Flag => "word",
        _ => "",
    }
}

fn cell_view(report: &Report, column: &Column, cell: &Cell, anchors: &BTreeMap<&str, String>) -> CellView {
    let text = shown(cell, column.show, report.zone);
    let key = match cell {
        Cell::Whole(n) => Some(n.to_string()),
        Cell::Number(x) => Some(format!("{x:.6}")),
        // An instant sorts as the UTC text, whatever the local time.
        Cell::Text(text) if column.show == Show::Instant => Some(text.clone()),
        _ => None,
    };
    let title = match (cell, column.show) {
        (Cell::Whole(seconds), Show::Seconds) => format!("{seconds} s"),
        (Cell::Text(at), Show::Instant) => at.clone(),
        (Cell::Text(case), Show::Case) if !anchors.contains_key(case.as_str()) => {
            "not explained in this page: slaudit explain FILES CASE".to_owned()
        }
        (Cell::Text(code), Show::Code) => {
            crate::codes::ALL.iter().find(|c| c.code == code).map_or("", |c| c.title).to_owned()
        }
        _ => String::new(),
    };
    let href = match (cell, column.show) {
        (Cell::Text(case), Show::Case) => anchors.get(case.as_str()).map(|anchor| format!("#{anchor}")),
        _ => None,
    };
    let class = match class(column.show) {
        "" if text.chars().count() <= SHORT => "short",
        class => class,
    };
    CellView { text: cut(&text, CELL), class, key, href, title, strip: None }
}

fn strip_view(row: &[Cell], strip: Strip) -> Option<StripView> {
    let at = |i: usize| match row.get(i) {
        Some(Cell::Number(x)) => Some(x * 100.0),
        _ => None,
    };
    let (share, low, high) = (at(strip.share)?, at(strip.low)?, at(strip.high)?);
    let goal = strip.goal.and_then(at);
    let place = |x: f64| format!("{x:.2}");
    let wanted = goal.map_or_else(String::new, |goal| format!(", goal {goal:.1} %"));
    Some(StripView {
        share: place(share),
        low: place(low),
        width: place((high - low).max(0.0)),
        goal: goal.map(place),
        says: format!("{share:.1} %, 95 % interval {low:.1} to {high:.1} %{wanted}"),
    })
}
