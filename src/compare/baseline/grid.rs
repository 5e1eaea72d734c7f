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

/// One row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// One cell a column.
    pub cells: Vec<String>,
    /// Line of the baseline's CSV, from 1; 0: it was read from no CSV.
    pub line: u64,
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
            rows.push(Row { cells: record.iter().map(str::to_owned).collect(), line });
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
            writer.write_record(&row.cells)?;
        }
        writer.into_inner().map_err(|e| e.into_error().into())
    }

    /// Index of the column `name`.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// The cell of `row` under `column`; empty where there is none.
    pub(super) fn cell<'g>(&self, row: &'g Row, column: &str) -> &'g str {
        self.column(column).and_then(|i| row.cells.get(i)).map_or("", String::as_str)
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
