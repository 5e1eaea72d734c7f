//! An audit held against a baseline (SPEC 14, `check`): facts, tables and objectives as text cells, row by row, exact
//! but for the tolerances that the baseline names; and what to say of the difference, for people, for a job summary,
//! for JUnit and as annotations. Pure: it reads and writes no file, asks no clock and no environment.

mod about;
mod annotations;
mod context;
mod difference;
mod facts;
mod grid;
mod junit;
mod markdown;
mod sections;
mod text;
mod tolerance;
mod words;

pub use about::{About, InputFile, Rows, Source};
pub use annotations::annotations;
pub use context::Context;
pub use difference::{Difference, GridDifference, RowChange, Side, ValueChange, compare};
pub use facts::fact_grid;
pub use grid::{Grid, Part, Row};
pub use junit::junit;
pub use markdown::markdown;
pub use text::text;
pub use tolerance::{Key, Tolerances};

/// Everything of one audit that a baseline holds.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// What was audited, and what became of its rows.
    pub about: About,
    /// Fact tables and compliance tables, in the order in which they are told of.
    pub grids: Vec<Grid>,
}

impl Snapshot {
    /// The table `name` of `part`.
    pub fn grid(&self, part: Part, name: &str) -> Option<&Grid> {
        self.grids.iter().find(|grid| grid.part == part && grid.name == name)
    }
}

/// An objective of the policy, as it stands in the audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its key in the policy.
    pub key: String,
    /// How it stands, with counts and interval, where that is worth a word; empty: kept, or nothing judged.
    pub says: String,
    /// It fails the check by itself, whatever the baseline has.
    pub fails: bool,
}

/// What there is to tell of a check.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// The baseline's folder, as given.
    pub folder: &'a str,
    /// The audit beside its baseline.
    pub difference: &'a Difference,
    /// The objectives of the policy.
    pub objectives: &'a [Standing],
    /// Most entries of one section that are shown.
    pub most: usize,
}

impl Told<'_> {
    /// True where the audit is as its baseline has it, and no objective fails the check by itself.
    pub fn passes(&self) -> bool {
        self.difference.is_empty() && !self.objectives.iter().any(|objective| objective.fails)
    }
}
