//! Holds the verdicts of the replay against the help desk's own figure in the export, case by case, and says of each
//! disagreement what would make the two agree (SPEC 14, `reconcile`).
//!
//! Flow: `column` takes what the name of the column tells, `theirs` and `lengths` read its cells, `compare` sets it beside the clock of each case, `reasons` replays the cases that
//! disagree under policies that differ in one thing, `render` tells it. It may use everything before `tables`, and
//! `tables` for the interval of a share; it writes nothing.

mod column;
mod compare;
mod lengths;
mod reasons;
mod render;
mod theirs;

pub use column::{Chosen, metric, yes};
pub use compare::{Agreement, Disagreement, reconcile};
pub use render::{table, text};
pub use theirs::{Form, Theirs, Unit, Yes};

use crate::calendar::Instant;
use crate::ingest::Ingested;
use crate::policy::Book;
use crate::replay::Metric;
use crate::tables::Measure;

/// What is held against what.
#[derive(Debug)]
pub struct Question<'a> {
    /// The input, read with the column watched.
    pub ingested: &'a Ingested,
    /// The policy versions.
    pub book: &'a Book,
    /// The instant at which open things are judged.
    pub as_of: Instant,
    /// Name of the column.
    pub column: &'a str,
    /// What it says.
    pub form: Form,
    /// Which clock it is about; of several cycles the last.
    pub metric: Metric,
    /// How that clock was chosen.
    pub chosen: Chosen,
    /// What a length of time in the column counts.
    pub measure: Measure,
    /// How far instants and lengths may be apart, µs.
    pub tolerance: i64,
}
