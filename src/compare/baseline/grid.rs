//! One table as text cells, and its CSV. It does not know what the cells mean; empty is absent.

/// What a table is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A fact table, `facts/NAME`.
    #[default]
    Facts,
    /// A compliance table, `tables/NAME.csv`.
    Tables,
}

impl Part {
    /// The word in keys and paths.
    pub const fn word(self) -> &'static str {
        match self {
            Part::Facts => "facts",
            Part::Tables => "tables",
        }
    }
}

/// One row: its cells one after the other in one text, since a baseline may have millions of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    text: Box<str>,
    /// Where each cell ends.
    ends: Box<[u32]>,
    /// Line of the baseline's CSV, from 1; 0: it was read from no CSV.
    pub line: u64,
}

impl Row {
    /// A row of `cells`, from `line` of a CSV.
    pub fn new<'c>(cells: impl IntoIterator<Item = &'c str>, line: u64) -> Row {
        let (mut text, mut ends) = (String::new(), Vec::new());
        for cell in cells {
            text.push_str(cell);
            // A row of four gigabytes is read by nobody: what is beyond is cut, and differs.
            ends.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
        }
        Row { text: text.into_boxed_str(), ends: ends.into_boxed_slice(), line }
    }

    /// The cell at `i`; empty where there is none.
    pub fn cell(&self, i: usize) -> &str {
        let end = |i: usize| self.ends.get(i).map_or(0, |end| *end as usize);
        let start = i.checked_sub(1).map_or(0, end);
        self.text.get(start..end(i)).unwrap_or_default()
    }

    /// All cells, in order.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).map(|i| self.cell(i))
    }

    /// True where both have the same cells, on whatever line.
    pub(super) fn is_same(&self, other: &Row) -> bool {
        self.text == other.text && self.ends == other.ends
    }
}

/// Rows of text under named columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grid {
    /// What it is.
    pub part: Part,
    /// Its name, without ending.
    pub name: String,
    /// Column names.
    pub columns: Vec<String>,
    /// Rows, each as long as `columns`.
    pub rows: Vec<Row>,
}

impl Grid {
    /// Reads CSV with a header.
    ///
    /// # Errors
    /// (line from 1, what was expected): not UTF-8, or a row that is longer or shorter than the header.
    pub fn from_csv(part: Part, name: &str, bytes: &[u8]) -> Result<Grid, (u64, String)> {
        let mut reader = csv::Reader::from_reader(bytes);
        let problem = |e: csv::Error| (e.position().map_or(1, csv::Position::line), cause(&e));
        let columns = reader.headers().map_err(problem)?.iter().map(str::to_owned).collect();
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(problem)?;
            let line = record.position().map_or(0, csv::Position::line);
            rows.push(Row::new(record.iter(), line));
        }
        Ok(Grid { part, name: name.to_owned(), columns, rows })
    }

    /// RFC 4180 with `\n` ends, header first.
    ///
    /// # Errors
    /// None in memory; the writer's own type is passed on.
    pub fn to_csv(&self) -> Result<Vec<u8>, csv::Error> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&self.columns)?;
        for row in &self.rows {
            writer.write_record(row.cells())?;
        }
        writer.into_inner().map_err(|e| e.into_error().into())
    }

    /// Index of the column `name`.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// The cell of `row` under `column`; empty where there is none.
    pub(super) fn cell<'g>(&self, row: &'g Row, column: &str) -> &'g str {
        self.column(column).map_or("", |i| row.cell(i))
    }
}

fn cause(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Utf8 { .. } => "expected UTF-8".to_owned(),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("expected {expected_len} fields, found {len}")
        }
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_gives_back_its_cells() {
        let row = Row::new(["a", "", "é,b"], 7);
        assert_eq!(row.cells().collect::<Vec<_>>(), ["a", "", "é,b"]);
        assert_eq!((row.cell(2), row.cell(3)), ("é,b", ""));
        assert!(row.is_same(&Row::new(["a", "", "é,b"], 1)) && !row.is_same(&Row::new(["a", "é", ",b"], 7)));
    }

    #[test]
    fn csv_comes_back_with_its_lines() {
        let text = b"case_id,verdict\n\"a\nb\",met\nT02,\n";
        let grid = Grid::from_csv(Part::Facts, "clocks", text).unwrap();
        assert_eq!(grid.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 4]);
        assert_eq!(grid.to_csv().unwrap(), text);
        assert_eq!(
            Grid::from_csv(Part::Facts, "clocks", b"a,b\n1\n"),
            Err((2, "expected 2 fields, found 1".to_owned()))
        );
        assert!(Grid::from_csv(Part::Facts, "clocks", b"a\n\xff\n").is_err());
    }
}
