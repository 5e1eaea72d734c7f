//! Compliance tables: `queries/*.sql` over the fact tables, and the statistics that SQL cannot make.
//!
//! The only place that names the SQL engine. SQL counts facts and never recomputes time; a rate is made last,
//! from two counts printed beside it. It may use `facts` and everything before.

mod dictionary;
mod durations;
mod load;
mod query;
mod run;
mod statistics;
mod table;
mod tally;

pub use dictionary::dictionary;
pub use durations::{DURATIONS, DurationRow};
pub use query::{CHECKS, QUERIES, Query, RateColumn};
pub use run::{Made, Skipped, Source, make};
pub use statistics::{Durations, Observed, Rate, Sorted, wilson};
pub use table::{Cell, Table};
pub use tally::{Measure, Tally, Verdicts};
