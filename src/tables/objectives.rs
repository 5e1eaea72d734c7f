//! The computed table `objectives`: what the policy's latest version holds attainment against (SPEC 4), and whether
//! what was measured leaves a doubt.

use crate::facts::{Kind, Table, column};
use crate::policy::{Book, Policy, PromiseKind};
use crate::replay::Metric;

use super::doubt::{Standing, is_kept_beyond_doubt};
use super::goal::{goal_percent, percent_beside};
use super::statistics::Rate;
use super::table::Cell;
use super::tally::Tally;

const NONE_JUDGED: &str = "no clock was judged";

/// What each column of the computed table is.
pub const OBJECTIVES: Table = Table {
    name: "objectives",
    grain: "one objective of the policy's latest version",
    columns: &[
        column("objective", Kind::Word, "", "its key in the policy: `METRIC` or `METRIC.severity.N`"),
        column("position", Kind::Count, "", "its place in the policy, from 1"),
        column("metric", Kind::Word, "", "what is measured"),
        column("severity", Kind::Count, "all severities", "severity at the stop or `as_of`"),
        column("goal", Kind::Share, "", "the share that the policy wants"),
        column("n_judged", Kind::Count, "", "clocks met, missed and unanswered"),
        column("n_met", Kind::Count, "", "clocks met"),
        column("attainment", Kind::Share, NONE_JUDGED, "`n_met` / `n_judged`"),
        column("attainment_low", Kind::Share, NONE_JUDGED, "lower end of its 95 % Wilson interval"),
        column("attainment_high", Kind::Share, NONE_JUDGED, "upper end of it"),
        column(
            "standing",
            Kind::Word,
            "",
            "`kept`: attainment is not below the goal; `missed`: were the goal kept exactly, so few or fewer would be met \
             with a chance of at most 2.5 %; `in doubt`: below the goal otherwise; `none judged`",
        ),
    ],
};

/// The kind of promise that an objective of `policy` about `metric` asks about: what is best effort is never mixed into
/// commitments.
pub fn objective_kind(policy: &Policy, metric: Metric) -> PromiseKind {
    let is_best_effort = metric == Metric::AfterHoursResponse
        && policy.after_hours.is_some_and(|promise| promise.kind == PromiseKind::BestEffort);
    if is_best_effort { PromiseKind::BestEffort } else { PromiseKind::Commitment }
}

/// One objective beside what was measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Objective {
    /// Its key in the policy.
    pub key: String,
    /// Its place in the policy, from 1.
    pub position: usize,
    /// What is measured.
    pub metric: Metric,
    /// Severity at the stop; `None`: all.
    pub severity: Option<u8>,
    /// The share that the policy wants.
    pub goal: f64,
    /// What was measured; `None`: nothing was judged.
    pub rate: Option<Rate>,
}

impl Objective {
    /// The objectives of the latest version, in its order. Clocks of all versions count: an objective is looked at
    /// today.
    pub fn all(tally: &Tally, book: &Book) -> Vec<Objective> {
        let Some(latest) = book.versions.last() else { return Vec::new() };
        let objective = |(i, (key, goal)): (usize, &(String, f64))| {
            let (name, rest) = key.split_once('.').unwrap_or((key, ""));
            let metric = Metric::ALL.into_iter().find(|metric| metric.word() == name)?;
            let severity: Option<u8> = rest.strip_prefix("severity.").and_then(|level| level.parse().ok());
            let kind = objective_kind(latest, metric);
            let rate = tally.verdicts(metric, Some(kind), severity.map(Some)).attainment();
            Some(Objective { key: key.clone(), position: i + 1, metric, severity, goal: *goal, rate })
        };
        latest.objectives.iter().enumerate().filter_map(objective).collect()
    }

    /// How it stands.
    pub fn standing(&self) -> Standing {
        self.rate.map_or(Standing::NoneJudged, |rate| Standing::of(rate.met, rate.n, self.goal))
    }

    /// How it stands in a sentence, with counts and interval, where there is something to say: missed beyond doubt, in
    /// doubt, or kept by no more than chance gives.
    pub fn says(&self) -> Option<String> {
        let rate = self.rate?;
        let percent = |share: f64| format!("{:.1}%", share * 100.0);
        let standing = match self.standing() {
            Standing::Missed => "is missed beyond doubt",
            Standing::InDoubt => "is below its goal, within doubt",
            Standing::Kept if !is_kept_beyond_doubt(rate.met, rate.n, self.goal) => "is kept, within doubt",
            Standing::Kept | Standing::NoneJudged => return None,
        };
        Some(format!(
            "objective `{}` {standing}: {} of {} met, {}, 95% interval {} to {}, goal {}",
            self.key,
            rate.met,
            rate.n,
            percent_beside(rate.share, self.goal),
            percent(rate.low),
            percent(rate.high),
            goal_percent(self.goal)
        ))
    }

    /// One cell a column of [`OBJECTIVES`].
    pub(super) fn cells(&self) -> Vec<Cell> {
        let number = |of: fn(&Rate) -> f64| self.rate.as_ref().map_or(Cell::Absent, |r| Cell::Number(of(r)));
        vec![
            Cell::word(self.key.clone()),
            Cell::count(self.position as u64),
            Cell::word(self.metric.word()),
            Cell::maybe(self.severity),
            Cell::Number(self.goal),
            Cell::count(self.rate.map_or(0, |rate| rate.n)),
            Cell::count(self.rate.map_or(0, |rate| rate.met)),
            number(|rate| rate.share),
            number(|rate| rate.low),
            number(|rate| rate.high),
            Cell::word(self.standing().word()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::wilson;

    #[test]
    fn an_objective_stands_as_its_counts_do() {
        let standing = |met, n| {
            let (metric, rate) = (Metric::FirstResponse, wilson(met, n));
            Objective { key: String::new(), position: 1, metric, severity: None, goal: 0.95, rate }.standing()
        };
        assert_eq!(standing(95, 100), Standing::Kept);
        assert_eq!(standing(93, 100), Standing::InDoubt);
        assert_eq!(standing(80, 100), Standing::Missed);
        assert_eq!(standing(2, 3), Standing::InDoubt);
        assert_eq!(standing(0, 0), Standing::NoneJudged);
    }
}
