//! One report as a value: sections of sentences, typed tables and charts. What it says is decided in `compose`; the
//! files that people open (`html`, `workbook`, `markdown`, `pdf`, `figures`) are writers of it, and none of them counts.

use chrono_tz::Tz;

use crate::charts::Chart;
use crate::tables::Cell;

use super::theme::Theme;

/// A report.
#[derive(Clone, Debug)]
pub struct Report {
    /// What it is called.
    pub title: String,
    /// What it is about: name and value, a line each.
    pub head: Vec<(String, String)>,
    /// The first is the first page.
    pub sections: Vec<Section>,
    /// Cases of the list of findings, explained.
    pub cases: Vec<ExplainedCase>,
    /// The zone of local times: that of the latest policy.
    pub zone: Tz,
    /// Colours and logo.
    pub theme: Theme,
}

/// A part of a report under one heading.
#[derive(Clone, Debug, Default)]
pub struct Section {
    /// Name of the anchor and of the sheet: lower-case letters and `-`.
    pub id: &'static str,
    /// The heading.
    pub title: String,
    /// In order.
    pub parts: Vec<Part>,
}

/// What stands in a section.
#[derive(Clone, Debug)]
pub enum Part {
    /// A sentence that answers.
    Answer(Standing, String),
    /// A paragraph.
    Text(String),
    /// A smaller heading.
    Heading(String),
    /// A list.
    Points(Vec<Point>),
    /// A table.
    Grid(Grid),
    /// A chart.
    Chart(Chart),
}

/// How good the news is; told by a word and a mark, never by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// As promised.
    Good,
    /// Within doubt, or mixed.
    Doubtful,
    /// Not as promised.
    Bad,
    /// Nothing to judge.
    None,
}

impl Standing {
    /// The word for machines and style sheets.
    pub const fn word(self) -> &'static str {
        match self {
            Standing::Good => "good",
            Standing::Doubtful => "doubtful",
            Standing::Bad => "bad",
            Standing::None => "none",
        }
    }
}

/// One entry of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Point {
    /// What it says.
    pub text: String,
    /// The section that tells more, by its id.
    pub more: Option<&'static str>,
}

impl Point {
    /// A point without more.
    pub fn new(text: impl Into<String>) -> Point {
        Point { text: text.into(), more: None }
    }

    /// With the section that tells more.
    pub fn more(self, section: &'static str) -> Point {
        Point { more: Some(section), ..self }
    }
}

/// A table as people read it.
#[derive(Clone, Debug, Default)]
pub struct Grid {
    /// The compliance table that it is made from: `tables/NAME.csv`; empty where there is none.
    pub name: String,
    /// What it shows.
    pub title: String,
    /// What a reader should know: what is counted, what is left out.
    pub note: String,
    /// In order.
    pub columns: Vec<Column>,
    /// Each as long as `columns`.
    pub rows: Vec<Vec<Cell>>,
    /// Rows that it was made from: more than `rows` where only the first are shown.
    pub n_all: usize,
    /// Long enough to be searched, or made for it.
    pub is_searchable: bool,
    /// Column of a share, of its interval's ends, and of the goal, which are drawn as a strip where that is possible.
    pub strip: Option<Strip>,
}

/// Columns that are drawn as a strip from 0 to 100 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Strip {
    /// The share.
    pub share: usize,
    /// Lower end of its interval.
    pub low: usize,
    /// Upper end.
    pub high: usize,
    /// What was wanted.
    pub goal: Option<usize>,
}

/// A column of a grid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name in the table.
    pub name: String,
    /// Its heading.
    pub label: String,
    /// What it holds.
    pub doc: String,
    /// How its cells are shown.
    pub show: Show,
}

/// How a cell is shown; what it holds stays the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// As it stands.
    Text,
    /// A word of ours, blanks for underscores.
    Word,
    /// A whole number, digits in groups.
    Count,
    /// A number that only names something: a severity, a line.
    Number,
    /// A share of 1, in per cent.
    Share,
    /// A difference of two shares, in points with its sign.
    Points,
    /// Whole seconds, as hours and minutes.
    Seconds,
    /// An RFC 3339 instant.
    Instant,
    /// True or false.
    Flag,
    /// A code, with its page.
    Code,
    /// A case id, with its explanation where the report has one.
    Case,
}

impl Show {
    /// True for what is compared by size, and so stands to the right.
    pub const fn is_number(self) -> bool {
        matches!(self, Show::Count | Show::Number | Show::Share | Show::Points | Show::Seconds)
    }
}

/// One case with its whole explanation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainedCase {
    /// The case.
    pub case_id: String,
    /// Plain text of at most 80 columns.
    pub text: String,
}
