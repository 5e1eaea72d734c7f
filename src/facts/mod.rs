//! Fact tables: what each column is, Arrow arrays from replayed cases, Parquet out and in.
//!
//! [`TABLES`] is the one registry: the Arrow schema, the Parquet files and the data dictionary all come from
//! it. It may use `calendar`, `policy`, `history`, `ingest` and `replay`; it judges nothing.

mod arrays;
mod cases;
mod changes;
mod clocks;
mod context;
mod dictionary;
mod files;
mod findings;
mod hybrid;
mod inactivity;
mod message;
mod overtaken;
mod period;
mod read;
mod registry;
mod schema;
mod word_pages;
mod write;

pub use context::Context;
pub use files::writer_properties;
pub use findings::DataRow;
pub use message::{finding_message, span};
pub use period::{By, Dates, Period};
pub use read::{column_names, read, read_as, schema};
pub use registry::{CASES, CLOCKS, FINDINGS, INACTIVITY, OVERTAKEN, SEVERITY_CHANGES, TABLES, rows_of};
pub use schema::{Column, Kind, Table, column};
pub use write::{Accumulate, CASES_A_BATCH, Replay, add_in_order, fold, fold_in_order, write};
