//! One compliance table: names and typed cells, and its CSV. The absent cell is empty, never 0.

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Not applicable or not yet.
    Absent,
    /// Text of the input or a word.
    Text(String),
    /// A whole number: a count, a severity, seconds.
    Whole(i64),
    /// A share or another number with decimals; four are printed.
    Number(f64),
    /// True or false.
    Flag(bool),
}

impl Cell {
    /// A count.
    pub fn count(n: u64) -> Cell {
        i64::try_from(n).map_or(Cell::Absent, Cell::Whole)
    }

    /// A word or a text.
    pub fn word(text: impl Into<String>) -> Cell {
        Cell::Text(text.into())
    }

    /// A whole number that may be absent.
    pub fn maybe(n: Option<impl Into<i64>>) -> Cell {
        n.map_or(Cell::Absent, |n| Cell::Whole(n.into()))
    }

    pub(super) const fn whole(&self) -> Option<i64> {
        if let Cell::Whole(n) = self { Some(*n) } else { None }
    }

    pub(super) const fn number(&self) -> Option<f64> {
        if let Cell::Number(x) = self { Some(*x) } else { None }
    }

    pub(super) const fn flag(&self) -> Option<bool> {
        if let Cell::Flag(flag) = self { Some(*flag) } else { None }
    }

    pub(super) fn text(&self) -> Option<&str> {
        if let Cell::Text(text) = self { Some(text) } else { None }
    }
}

/// Rows under named columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The query's name: `tables/NAME.csv`.
    pub name: String,
    /// Column names.
    pub columns: Vec<String>,
    /// Rows, each as long as `columns`.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// Index of the column `name`.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| c == name)
    }

    /// RFC 4180 with `\n` ends; text that a spreadsheet could take for a formula starts with an apostrophe,
    /// numbers stay numbers (SPEC 13).
    ///
    /// # Errors
    /// None in memory; the writer's own type is passed on.
    pub fn to_csv(&self) -> Result<Vec<u8>, csv::Error> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(self.columns.iter().map(|c| harmless(c)))?;
        for row in &self.rows {
            writer.write_record(row.iter().map(cell_text))?;
        }
        writer.into_inner().map_err(|e| e.into_error().into())
    }
}

fn cell_text(cell: &Cell) -> String {
    match cell {
        Cell::Absent => String::new(),
        Cell::Text(text) => harmless(text),
        Cell::Whole(n) => n.to_string(),
        Cell::Number(x) => format!("{x:.4}"),
        Cell::Flag(flag) => flag.to_string(),
    }
}

/// `text`, or with an apostrophe before it where a spreadsheet would take it for a formula.
pub(crate) fn harmless(text: &str) -> String {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{text}"),
        _ => text.to_owned(),
    }
}
