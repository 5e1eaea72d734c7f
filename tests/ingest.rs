//! Files to history: what is read, what is refused, and that neither threads nor blocks nor the order of rows show.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "ingest/build.rs"]
mod build;
#[path = "ingest/columns.rs"]
mod columns;
#[path = "ingest/defects.rs"]
mod defects;
#[path = "ingest/derived.rs"]
mod derived;
#[path = "ingest/dialects.rs"]
mod dialects;
#[path = "ingest/equality.rs"]
mod equality;
#[path = "ingest/ids.rs"]
mod ids;
#[path = "ingest/json.rs"]
mod json;
#[path = "ingest/openings.rs"]
mod openings;
#[path = "ingest/packed.rs"]
mod packed;
#[path = "ingest/parquet_times.rs"]
mod parquet_times;
#[path = "ingest/people.rs"]
mod people;
#[path = "ingest/profiles.rs"]
mod profiles;
#[path = "ingest/quoting.rs"]
mod quoting;
#[path = "ingest/shape_checks.rs"]
mod shape_checks;
#[path = "ingest/shape_random.rs"]
mod shape_random;
#[path = "ingest/shapes.rs"]
mod shapes;
#[path = "ingest/timestamps.rs"]
mod timestamps;
#[path = "ingest/traps.rs"]
mod traps;
#[path = "ingest/warehouse.rs"]
mod warehouse;
#[path = "ingest/workbooks.rs"]
mod workbooks;
