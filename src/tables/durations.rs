//! The computed table `durations`: percentiles by metric, measure and severity, which queries can select from
//! like from a fact table. SQL has no Kaplan–Meier; everything else about it is counting.

use rayon::prelude::*;

use crate::calendar::SECOND;
use crate::facts::{Kind, Table, column};
use crate::replay::Metric;

use super::percentiles::{Pool, Spread};
use super::table::Cell;
use super::tally::Tally;
use super::verdicts::Measure;

const NONE_ANSWERED: &str = "none answered";
const NOT_REACHED: &str = "the data do not reach that far";

/// What each column of the computed table is.
pub const DURATIONS: Table = Table {
    name: "durations",
    grain: "one metric, measure and severity; severity missing: all of them together",
    columns: &[
        column(
            "metric",
            Kind::Word,
            "",
            "what is measured; `customer_response`: how long the customer took to come back to a case that waited",
        ),
        column(
            "measure",
            Kind::Word,
            "",
            "`business`: open time not paused; `wall`: wall time less paused time",
        ),
        column(
            "severity",
            Kind::Count,
            "all severities, and cases without one",
            "severity at the stop or `as_of`",
        ),
        column("n", Kind::Count, "", "clocks in scope, neither exempt nor unseen, that could be measured"),
        column("n_answered", Kind::Count, "", "of them answered (resolution: resolved)"),
        column("n_unanswered", Kind::Count, "", "ended by support without an answer: never answered"),
        column("n_censored", Kind::Count, "", "still running, or withdrawn by the customer"),
        column("p50_s", Kind::Seconds, NONE_ANSWERED, "median of the answered"),
        column("p90_s", Kind::Seconds, NONE_ANSWERED, "90th percentile of the answered"),
        column("km_p50_s", Kind::Seconds, NOT_REACHED, "Kaplan–Meier median of all"),
        column("km_p90_s", Kind::Seconds, NOT_REACHED, "Kaplan–Meier 90th percentile of all"),
    ],
};

/// The name of a duration that nobody promised: how long customers took to come back to a case that waited for
/// them (SPEC 15).
pub const CUSTOMER_RESPONSE: &str = "customer_response";

/// One row of the computed table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DurationRow {
    /// What is measured: a metric, or [`CUSTOMER_RESPONSE`].
    pub metric: &'static str,
    /// What is counted.
    pub measure: Measure,
    /// Severity at the stop; `None`: all.
    pub severity: Option<u8>,
    /// Answered, never answered, censored.
    pub counts: [u64; 3],
    /// Plain median and 90th percentile of the answered, whole seconds.
    pub plain: [Option<i64>; 2],
    /// Kaplan–Meier median and 90th percentile, whole seconds.
    pub kaplan_meier: [Option<i64>; 2],
}

impl DurationRow {
    /// Every row, by metric, measure, then severity, all severities first; groups without a clock left out.
    pub fn all(tally: &Tally) -> Vec<DurationRow> {
        let severities = tally.severities().into_iter().flatten().map(Some);
        let mut rows = DurationRow::rows(tally, [None].into_iter().chain(severities));
        let place = |row: &DurationRow| Metric::ALL.iter().position(|metric| metric.word() == row.metric);
        rows.sort_by_key(|row| (place(row).unwrap_or(Metric::ALL.len()), row.measure.word(), row.severity));
        rows
    }

    /// The rows of all severities together, by metric, then measure as it is listed; groups without a clock left out.
    pub fn totals(tally: &Tally) -> Vec<DurationRow> {
        let mut rows = DurationRow::rows(tally, [None]);
        let place = |row: &DurationRow| Metric::ALL.iter().position(|metric| metric.word() == row.metric);
        rows.sort_by_key(|row| place(row).unwrap_or(Metric::ALL.len()));
        rows
    }

    /// The rows of `severities` that have a clock, on all threads: each group is sorted by itself.
    fn rows(tally: &Tally, severities: impl IntoIterator<Item = Option<u8>>) -> Vec<DurationRow> {
        let metrics = || Metric::ALL.into_iter().map(Some).chain([None]);
        let of_severity = |severity| {
            Measure::ALL.into_iter().flat_map(move |measure| metrics().map(move |m| (m, measure, severity)))
        };
        let groups: Vec<_> = severities.into_iter().flat_map(of_severity).collect();
        let row = |(metric, measure, severity)| match metric {
            Some(metric) => DurationRow::of(tally, metric, measure, severity),
            None => DurationRow::of_customers(tally, measure, severity),
        };
        let has_any = |row: &DurationRow| row.counts.iter().sum::<u64>() > 0;
        groups.into_par_iter().map(row).filter(has_any).collect()
    }

    /// The row of one metric, measure and severity.
    fn of(tally: &Tally, metric: Metric, measure: Measure, severity: Option<u8>) -> DurationRow {
        let durations = tally.durations(metric, measure, severity.map(Some));
        row(metric.word(), measure, severity, &durations)
    }

    /// One cell a column of [`DURATIONS`].
    pub(super) fn cells(&self) -> Vec<Cell> {
        let [answered, unanswered, censored] = self.counts.map(Cell::count);
        let [p50, p90] = self.plain.map(Cell::maybe);
        let [km_p50, km_p90] = self.kaplan_meier.map(Cell::maybe);
        vec![
            Cell::word(self.metric),
            Cell::word(self.measure.word()),
            Cell::maybe(self.severity),
            Cell::count(self.counts.iter().sum()),
            answered,
            unanswered,
            censored,
            p50,
            p90,
            km_p50,
            km_p90,
        ]
    }

    /// How long customers took to come back.
    fn of_customers(tally: &Tally, measure: Measure, severity: Option<u8>) -> DurationRow {
        let durations = tally.returns(measure, severity.map(Some));
        row(CUSTOMER_RESPONSE, measure, severity, &durations)
    }
}

fn row(metric: &'static str, measure: Measure, severity: Option<u8>, durations: &Pool<'_>) -> DurationRow {
    let seconds = |micros: Option<i64>| micros.map(|m| m.div_euclid(SECOND));
    let Spread { counts, percentiles } = durations.spread([50, 90]);
    DurationRow {
        metric,
        measure,
        severity,
        counts,
        plain: percentiles.map(|of| seconds(of.plain)),
        kaplan_meier: percentiles.map(|of| seconds(of.kaplan_meier)),
    }
}
