//! The computed table `response_times`: the share answered within so long, as a curve of few points, by severity, with
//! the target where there is one. SQL has no Kaplan–Meier.

use crate::calendar::{Amount, Duration, SECOND};
use crate::facts::{Kind, Table, column};
use crate::policy::{Book, SeverityRule};
use crate::replay::Metric;

use super::statistics::CurvePoint;
use super::table::Cell;
use super::tally::Tally;
use super::verdicts::Measure;

const NO_TARGET: &str = "no target that this measure counts, or more than one";

/// What each column of the computed table is.
pub const RESPONSE_TIMES: Table = Table {
    name: "response_times",
    grain: "one metric, measure, severity and length of time, about a hundred lengths of each",
    columns: &[
        column("metric", Kind::Word, "", "`first_response` or `next_response`"),
        column("measure", Kind::Word, "", "`business`: open time; `wall`: wall time"),
        column("severity", Kind::Count, "", "severity at the stop or `as_of`"),
        column("n", Kind::Count, "", "clocks in scope, neither exempt nor unseen, that could be measured"),
        column("n_answered", Kind::Count, "", "of them answered"),
        column(
            "target",
            Kind::Text,
            NO_TARGET,
            "the target of all policy versions under which there are cases",
        ),
        column("target_s", Kind::Seconds, NO_TARGET, "the same"),
        column("after_s", Kind::Seconds, "", "the length, rounded up"),
        column("n_within", Kind::Count, "", "clocks answered within it"),
        column("share", Kind::Share, "", "share answered within it (Kaplan–Meier)"),
    ],
};

/// Metrics whose answers are a question of patience.
const METRICS: [Metric; 2] = [Metric::FirstResponse, Metric::NextResponse];
/// Points nearer than this share are left out.
const STEP: f64 = 0.01;

/// The rows, by metric, measure, severity and length.
pub(super) fn response_times(tally: &Tally, book: &Book) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    let severities: Vec<u8> = tally.severities().into_iter().flatten().collect();
    for metric in METRICS {
        for measure in Measure::ALL {
            for &severity in &severities {
                rows.extend(curve(tally, book, metric, measure, severity));
            }
        }
    }
    rows
}

fn curve(tally: &Tally, book: &Book, metric: Metric, measure: Measure, severity: u8) -> Vec<Vec<Cell>> {
    let sorted = tally.durations(metric, measure, Some(Some(severity))).sorted();
    let target = target(tally, book, metric, measure, severity);
    let n = sorted.n_ended() + sorted.n_never() + sorted.n_censored();
    let mut points = thinned(sorted.curve(), target.map(|(_, micros)| micros));
    if points.is_empty() && n > 0 {
        // Nothing was answered: that is a curve as well.
        points.push(CurvePoint { after: 0, n_ended: 0, share: 0.0 });
    }
    let row = |point: &CurvePoint| {
        vec![
            Cell::word(metric.word()),
            Cell::word(measure.word()),
            Cell::count(u64::from(severity)),
            Cell::count(n),
            Cell::count(sorted.n_ended()),
            target.map_or(Cell::Absent, |(target, _)| Cell::word(target.to_string())),
            Cell::maybe(target.map(|(_, micros)| micros.div_euclid(SECOND))),
            Cell::Whole(seconds_up(point.after)),
            Cell::count(point.n_ended),
            Cell::Number(point.share),
        ]
    };
    points.iter().map(row).collect()
}

/// Whole seconds that are not less: what was answered within them was.
const fn seconds_up(micros: i64) -> i64 {
    micros.div_euclid(SECOND) + (micros.rem_euclid(SECOND) > 0) as i64
}

/// The points that a picture needs: one a step of the share, the first and the last, and the last within `target`.
fn thinned(points: Vec<CurvePoint>, target: Option<i64>) -> Vec<CurvePoint> {
    let last = points.len().saturating_sub(1);
    let at_target = target.map(|target| points.partition_point(|point| point.after <= target));
    let mut kept: Vec<CurvePoint> = Vec::new();
    for (i, point) in points.into_iter().enumerate() {
        let is_step = kept.last().is_none_or(|before| point.share >= before.share + STEP);
        if is_step || i == last || at_target == Some(i + 1) {
            kept.push(point);
        }
    }
    // Of one second the last.
    kept.dedup_by(|later, earlier| {
        let is_same = seconds_up(later.after) == seconds_up(earlier.after);
        if is_same {
            *earlier = *later;
        }
        is_same
    });
    kept
}

/// The target of a metric at a severity, with its microseconds, where every version under which there are cases has
/// the same, and it counts what `measure` counts. Business days have no one length.
fn target(
    tally: &Tally,
    book: &Book,
    metric: Metric,
    measure: Measure,
    severity: u8,
) -> Option<(Duration, i64)> {
    let promised = |rule: &SeverityRule| match metric {
        Metric::NextResponse => rule.next_response,
        _ => rule.first_response,
    };
    let versions = tally.versions.keys().filter_map(|version| book.versions.get(*version as usize));
    let mut targets = versions.map(|version| version.severity(severity).and_then(promised));
    let target = targets.next()??;
    if !targets.all(|other| other == Some(target)) {
        return None;
    }
    match (target.amount(), measure) {
        (Amount::Business(micros), Measure::Business) | (Amount::Elapsed(micros), Measure::Wall) => {
            Some((target, micros))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(after: i64, share: f64) -> CurvePoint {
        CurvePoint { after, n_ended: 0, share }
    }

    #[test]
    fn thinning_keeps_the_ends_and_the_target() {
        let points: Vec<CurvePoint> = (1..=1_000).map(|i| point(i * SECOND, i as f64 / 1_000.0)).collect();
        let kept = thinned(points, Some(333 * SECOND));
        assert!((100..=103).contains(&kept.len()), "{}", kept.len());
        assert_eq!(kept.first().map(|p| p.after), Some(SECOND));
        assert_eq!(kept.last().map(|p| p.after), Some(1_000 * SECOND));
        assert!(kept.contains(&point(333 * SECOND, 0.333)));
    }

    #[test]
    fn half_a_second_over_is_not_within() {
        assert_eq!([0, SECOND, SECOND + 1, 3_600 * SECOND + SECOND / 2].map(seconds_up), [0, 1, 2, 3_601]);
    }
}
