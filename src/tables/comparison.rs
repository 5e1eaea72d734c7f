//! The computed table `comparison`: attainment of the period that is reported beside that of the period before it.
//! It has rows only where a period was asked for.

use crate::facts::{Kind, Table, column};
use crate::policy::PromiseKind;
use crate::replay::Metric;

use super::statistics::{Difference, Rate, difference};
use super::table::Cell;
use super::tally::Tally;

const NONE_JUDGED: &str = "no clock was judged";
const NONE_BEFORE: &str = "no clock was judged in the period before";
const NOT_BOTH: &str = "no clock was judged in one of the two";

/// What each column of the computed table is.
pub const COMPARISON: Table = Table {
    name: "comparison",
    grain: "one metric, kind of promise and severity, and all severities, where a period was asked for",
    columns: &[
        column("metric", Kind::Word, "", "what was promised"),
        column("kind", Kind::Word, "", "`commitment` or `best_effort`, which are never mixed"),
        column("severity", Kind::Count, "all severities", "severity at the stop or `as_of`"),
        column("n_judged", Kind::Count, "", "clocks met, missed and unanswered"),
        column("n_met", Kind::Count, "", "clocks met"),
        column("attainment", Kind::Share, NONE_JUDGED, "`n_met` / `n_judged`"),
        column("n_judged_before", Kind::Count, "", "the same in the period before"),
        column("n_met_before", Kind::Count, "", "the same in the period before"),
        column("attainment_before", Kind::Share, NONE_BEFORE, "`n_met_before` / `n_judged_before`"),
        column("change", Kind::Share, NOT_BOTH, "`attainment` less `attainment_before`"),
        column("change_low", Kind::Share, NOT_BOTH, "lower end of its 95 % interval (Newcombe)"),
        column("change_high", Kind::Share, NOT_BOTH, "upper end of it"),
    ],
};

/// One row of it.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparisonRow {
    /// What was promised.
    pub metric: Metric,
    /// Commitment or best effort.
    pub kind: PromiseKind,
    /// Severity at the stop; `None`: all.
    pub severity: Option<u8>,
    /// Of the period; `None`: nothing was judged.
    pub now: Option<Rate>,
    /// Of the period before.
    pub before: Option<Rate>,
}

impl ComparisonRow {
    /// The rows of all promises that were judged in one of the two.
    pub fn all(now: &Tally, before: &Tally) -> Vec<ComparisonRow> {
        let mut rows = Vec::new();
        for metric in Metric::ALL {
            for kind in [PromiseKind::Commitment, PromiseKind::BestEffort] {
                for severity in [None].into_iter().chain((1..=9).map(Some)) {
                    let rate =
                        |tally: &Tally| tally.verdicts(metric, Some(kind), severity.map(Some)).attainment();
                    let row = ComparisonRow { metric, kind, severity, now: rate(now), before: rate(before) };
                    if row.now.is_some() || row.before.is_some() {
                        rows.push(row);
                    }
                }
            }
        }
        rows
    }

    /// What changed; `None` where one of the two is not there.
    pub fn difference(&self) -> Option<Difference> {
        self.now.zip(self.before).map(|(now, before)| difference(now, before))
    }

    /// One cell a column of [`COMPARISON`].
    pub(super) fn cells(&self) -> Vec<Cell> {
        let counts = |rate: Option<Rate>| {
            let count = |n: Option<u64>| Cell::count(n.unwrap_or(0));
            let share = rate.map_or(Cell::Absent, |r| Cell::Number(r.share));
            [count(rate.map(|r| r.n)), count(rate.map(|r| r.met)), share]
        };
        let kind = match self.kind {
            PromiseKind::Commitment => "commitment",
            PromiseKind::BestEffort => "best_effort",
        };
        let mut cells = vec![Cell::word(self.metric.word()), Cell::word(kind), Cell::maybe(self.severity)];
        cells.extend(counts(self.now));
        cells.extend(counts(self.before));
        let part = |of: fn(&Difference) -> f64| {
            self.difference().as_ref().map_or(Cell::Absent, |d| Cell::Number(of(d)))
        };
        cells.extend([part(|d| d.change), part(|d| d.low), part(|d| d.high)]);
        cells
    }
}
