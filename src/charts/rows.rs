//! Reads a compliance table's cells by the names of its columns. A column or cell that is not there is `None`.

use super::spec::SharePoint;
use crate::tables::{Cell, Table};

/// One row under its table's names.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    table: &'a Table,
    cells: &'a [Cell],
}

/// The table `name`, if it is there.
pub(super) fn table<'a>(tables: &'a [Table], name: &str) -> Option<&'a Table> {
    tables.iter().find(|table| table.name == name)
}

/// The rows of the table `name`; none where it is not there.
pub(super) fn rows<'a>(tables: &'a [Table], name: &str) -> Vec<Row<'a>> {
    table(tables, name).map_or_else(Vec::new, rows_of)
}

/// The rows of `table`.
pub(super) fn rows_of(table: &Table) -> Vec<Row<'_>> {
    table.rows.iter().map(|cells| Row { table, cells }).collect()
}

impl<'a> Row<'a> {
    fn cell(&self, column: &str) -> Option<&'a Cell> {
        self.cells.get(self.table.column(column)?)
    }

    pub(super) fn text(&self, column: &str) -> Option<&'a str> {
        match self.cell(column)? {
            Cell::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn whole(&self, column: &str) -> Option<i64> {
        match self.cell(column)? {
            Cell::Whole(n) => Some(*n),
            _ => None,
        }
    }

    /// A count; absent is none.
    pub(super) fn count(&self, column: &str) -> i64 {
        self.whole(column).unwrap_or(0)
    }

    /// A number, whole or not, that is finite.
    pub(super) fn number(&self, column: &str) -> Option<f64> {
        match self.cell(column)? {
            Cell::Number(x) => Some(*x).filter(|x| x.is_finite()),
            Cell::Whole(n) => Some(*n as f64),
            _ => None,
        }
    }

    pub(super) fn flag(&self, column: &str) -> Option<bool> {
        match self.cell(column)? {
            Cell::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    /// The share `name` with its interval, made of the two counts; `None` where one of them is not there.
    pub(super) fn share(&self, (met, n): (&str, &str), name: &str, step: usize) -> Option<SharePoint> {
        let count = |column: &str| self.whole(column).and_then(|n| u64::try_from(n).ok());
        let number = |end: &str| self.number(&format!("{name}{end}"));
        Some(SharePoint {
            step,
            met: count(met)?,
            n: count(n)?,
            share: number("")?,
            low: number("_low")?,
            high: number("_high")?,
        })
    }

    /// A cell as a name for people.
    pub(super) fn label(&self, column: &str) -> String {
        match self.cell(column) {
            None | Some(Cell::Absent) => "none".to_owned(),
            Some(Cell::Text(text)) => super::words::name(text),
            Some(Cell::Whole(n)) => n.to_string(),
            Some(Cell::Number(x)) => super::words::name(&format!("{x}")),
            Some(Cell::Flag(flag)) => flag.to_string(),
        }
    }
}
