//! What a column of a fact table is: name, type, unit, meaning of null, one line of documentation.
//! Not the columns themselves: those stand in `registry`.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Fields, Schema, TimeUnit};

/// What a column holds; decides the Arrow type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text with many distinct values: `Utf8`.
    Text,
    /// Text with few distinct values: `Dictionary(Int32, Utf8)`.
    Word,
    /// UTC instant: `Timestamp(Microsecond, "UTC")`.
    Instant,
    /// Whole seconds, rounded toward minus infinity: `Int64`.
    Seconds,
    /// A count, a number from 1, or a severity: `Int64`.
    Count,
    /// A share of 1, made last from two counts: `Float64`.
    Share,
    /// True or false: `Boolean`.
    Flag,
    /// Clocks that ran at a change of severity: a list of `{metric, cycle, over_before, masked, exposed}`.
    ChangedClocks,
}

impl Kind {
    /// The Arrow type.
    pub fn arrow(self) -> DataType {
        match self {
            Kind::Text => DataType::Utf8,
            Kind::Word => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
            Kind::Instant => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            Kind::Seconds | Kind::Count => DataType::Int64,
            Kind::Share => DataType::Float64,
            Kind::Flag => DataType::Boolean,
            Kind::ChangedClocks => {
                DataType::List(Arc::new(Field::new("item", DataType::Struct(changed_clock()), false)))
            }
        }
    }

    /// The unit, as the data dictionary prints it.
    pub const fn unit(self) -> &'static str {
        match self {
            Kind::Text | Kind::Word => "text",
            Kind::Instant => "UTC instant, µs",
            Kind::Seconds => "s",
            Kind::Count => "whole number",
            Kind::Share => "share of 1",
            Kind::Flag => "true or false",
            Kind::ChangedClocks => "list",
        }
    }

    /// The Arrow type, as the data dictionary prints it.
    pub const fn type_name(self) -> &'static str {
        match self {
            Kind::Text => "Utf8",
            Kind::Word => "Dictionary(Int32, Utf8)",
            Kind::Instant => "Timestamp(µs, UTC)",
            Kind::Seconds | Kind::Count => "Int64",
            Kind::Share => "Float64",
            Kind::Flag => "Boolean",
            Kind::ChangedClocks => "List(Struct)",
        }
    }
}

/// The fields of one entry of [`Kind::ChangedClocks`].
pub(super) fn changed_clock() -> Fields {
    let field = |name, data_type| Field::new(name, data_type, false);
    Fields::from(vec![
        field("metric", DataType::Utf8),
        field("cycle", DataType::Int64),
        field("over_before", DataType::Boolean),
        field("masked", DataType::Boolean),
        field("exposed", DataType::Boolean),
    ])
}

/// One column of a fact table (SPEC appendix).
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// The name: a contract.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// What a missing value means; empty: never missing.
    pub null: &'static str,
    /// One line of documentation.
    pub doc: &'static str,
}

/// A column by its name, kind, meaning of null (empty: never missing) and documentation.
pub const fn column(name: &'static str, kind: Kind, null: &'static str, doc: &'static str) -> Column {
    Column { name, kind, null, doc }
}

/// One fact table.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// The name: `facts/NAME.parquet`, and the table's name in SQL.
    pub name: &'static str,
    /// What one row is.
    pub grain: &'static str,
    /// The columns, in order.
    pub columns: &'static [Column],
}

impl Table {
    /// The Arrow schema, with the text columns `extra` (attributes of cases) after the registered ones.
    pub fn schema<'a>(&self, extra: impl IntoIterator<Item = &'a str>) -> Arc<Schema> {
        let own = self.columns.iter().map(|c| Field::new(c.name, c.kind.arrow(), !c.null.is_empty()));
        let more = extra.into_iter().map(|name| Field::new(name, Kind::Word.arrow(), true));
        Arc::new(Schema::new(own.chain(more).collect::<Vec<_>>()))
    }

    /// The column `name`, if the table has it.
    pub fn column(&self, name: &str) -> Option<&'static Column> {
        self.columns.iter().find(|c| c.name == name)
    }
}
