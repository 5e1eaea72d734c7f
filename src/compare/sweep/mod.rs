//! `sweep`: one or two values of a policy, each with many others in its place (SPEC 14). The events are read once, each
//! case is walked once, and only the verdicts that a value touches are found again.
//!
//! Flow: `key` reads what is varied and puts values into a policy; `count` counts what was kept under each; `goal`
//! finds the tightest value that holds a goal, with its bootstrap interval over cases; `tables` makes rows.

mod count;
mod goal;
mod key;
mod tables;

pub use count::{Change, Counts, Kept, Promise, PromiseOrder, count};
pub use goal::{RESAMPLES, Tightest, tightest, without_interval};
pub use key::{Axis, Key, Value, books, is_same};
pub use tables::{SWEEP, SWEEP_BY_PROMISE, tables};

use crate::calendar::Instant;
use crate::facts::Dates;
use crate::history::{Category, History};
use crate::policy::Book;
use crate::replay::Metric;

/// What is counted along the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Attainment of a promise, of one severity at the stop or of all.
    Attainment(Metric, Option<u8>),
    /// The share of closures when due that come after the customer's last return (SPEC 9.4).
    Closures(Category),
    /// The share of first responses that overtake nobody (SPEC 10).
    Order,
}

impl Measure {
    /// What is counted, in words.
    pub fn words(self) -> String {
        match self {
            Measure::Attainment(metric, severity) => {
                let severity = severity.map_or_else(String::new, |level| format!(", severity {level}"));
                format!("{}{severity}", metric.word().replace('_', " "))
            }
            Measure::Closures(basis) => {
                format!("closures of {} that do not come too early", basis.word().replace('_', " "))
            }
            Measure::Order => "first responses that overtake nobody".to_owned(),
        }
    }
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The cases.
    pub history: &'a History,
    /// The policy in force.
    pub book: &'a Book,
    /// One or two values that are varied; of two, the values of the second lie across.
    pub axes: &'a [Axis],
    /// What is counted.
    pub measure: Measure,
    /// The instant at which open things are judged.
    pub as_of: Instant,
    /// The period in which clocks and spells start; `None`: everything.
    pub period: Option<Dates>,
}

impl Question<'_> {
    /// How many policies there are.
    pub fn n_variants(&self) -> usize {
        self.axes.iter().map(|axis| axis.values.len()).product()
    }

    /// The places on each axis of a variant.
    pub fn places(&self, variant: usize) -> Vec<usize> {
        match self.axes {
            [_, across] => vec![variant / across.values.len(), variant % across.values.len()],
            _ => vec![variant],
        }
    }
}
