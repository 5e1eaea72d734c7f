//! `whatif`: every case under the policy that is in force and under each that is proposed, side by side (SPEC 14).
//!
//! Flow: `count` replays every case once under all policies and pairs their clocks and spells, for `sums`; `flips` looks again at
//! the cases whose verdicts differ and, with `aspects`, says which part of the proposed policy is why; `tables` makes
//! rows of it all; `hours` says where lengths of business time cannot be compared. The reader of a pair is told first what
//! holds now, then what is proposed.

mod aspects;
mod cells;
mod count;
mod flips;
mod hours;
mod pairs;
mod reasons;
mod sums;
mod tables;

pub use aspects::Aspect;
pub use cells::{Cells, Key};
pub use count::count;
pub use flips::{CHANGES, FLIPS, FlipRow, TOO_EARLY, Told, tell};
pub use hours::hours_differ;
pub use pairs::{Pairs, judged};
pub use sums::{Flip, Rank, Sums, What};
pub use tables::{Described, TABLES, described, tables};

use crate::calendar::Instant;
use crate::facts::{By, Dates, Period};
use crate::history::History;
use crate::policy::Book;

/// What is compared.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The cases.
    pub history: &'a History,
    /// The policy in force, then those proposed: two at least.
    pub books: &'a [Book],
    /// What each is called, in the same order.
    pub labels: &'a [String],
    /// The instant at which open things are judged.
    pub as_of: Instant,
    /// The period that is reported, and by which of a clock's instants; `None`: everything.
    pub period: Option<(Dates, By)>,
}

impl Question<'_> {
    /// The period, in the zones of one book.
    fn period(&self, book: usize) -> Period {
        let of = |(dates, by)| Period::new(dates, by, &self.books[book]);
        self.period.map_or_else(Period::default, of)
    }
}
