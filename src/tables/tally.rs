//! What the summary and the `durations` table are made of: counts and durations added up case by case, on any
//! number of threads, in any order. No SQL and no fact table is needed for it.

use std::collections::BTreeMap;

use crate::calendar::Instant;
use crate::facts::Accumulate;
use crate::policy::PromiseKind;
use crate::replay::{CaseFact, CaseFacts, ClockFact, Metric, Reason, Source, Verdict};

use super::statistics::{Durations, Observed, Rate, wilson};

/// How many clocks have which verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdicts([u64; Verdict::ALL.len()]);

impl Verdicts {
    /// Clocks with this verdict.
    pub const fn of(&self, verdict: Verdict) -> u64 {
        self.0[verdict as usize]
    }

    /// All clocks: the counts of all verdicts add up to them (SPEC 7.4).
    pub fn n(&self) -> u64 {
        self.0.iter().sum()
    }

    /// Met, missed and unanswered: what attainment is a share of.
    pub const fn judged(&self) -> u64 {
        self.of(Verdict::Met) + self.of(Verdict::Missed) + self.of(Verdict::Unanswered)
    }

    /// Attainment (SPEC 1); `None` where nothing was judged.
    pub fn attainment(&self) -> Option<Rate> {
        wilson(self.of(Verdict::Met), self.judged())
    }

    fn add(&mut self, other: &Verdicts) {
        self.0.iter_mut().zip(other.0).for_each(|(mine, theirs)| *mine += theirs);
    }
}

/// What a duration counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// Wall time less paused time.
    Wall,
    /// Open time not paused.
    Business,
}

impl Measure {
    /// Both, in order of the tables.
    pub const ALL: [Measure; 2] = [Measure::Business, Measure::Wall];

    /// The word in tables.
    pub const fn word(self) -> &'static str {
        match self {
            Measure::Wall => "wall",
            Measure::Business => "business",
        }
    }
}

#[derive(Clone, Debug, Default)]
struct Cell {
    verdicts: Verdicts,
    wall: Durations,
    business: Durations,
}

const KINDS: [Option<PromiseKind>; 3] = [Some(PromiseKind::Commitment), Some(PromiseKind::BestEffort), None];
const SEVERITIES: usize = 10;

/// Everything added up over the cases.
#[derive(Clone, Debug)]
pub struct Tally {
    /// Cases that exist at `as_of`.
    pub n_cases: u64,
    /// Their events.
    pub n_events: u64,
    /// Their clocks.
    pub n_clocks: u64,
    /// Cases opened in hours, out of hours, and with no calendar to tell.
    pub opened: [u64; 3],
    /// Cases whose severity changed.
    pub n_reclassified: u64,
    /// Cases reopened at least once.
    pub n_reopened: u64,
    /// Clocks of `first_response` answered by a change of status, exempt ones and cases out of scope left out.
    pub n_by_status: u64,
    /// Cases under each policy version.
    pub versions: BTreeMap<u32, u64>,
    /// Cases out of scope, by reason.
    pub out_of_scope: BTreeMap<&'static str, u64>,
    /// Exempt clocks, by metric and reason.
    pub exempt: BTreeMap<(Metric, &'static str), u64>,
    /// Findings of cases, by code.
    pub findings: BTreeMap<&'static str, u64>,
    /// The first and the last opening.
    pub openings: Option<(Instant, Instant)>,
    /// By metric, kind of promise, and severity at the stop (0: none).
    cells: Vec<Cell>,
}

impl Default for Tally {
    fn default() -> Tally {
        Tally {
            n_cases: 0,
            n_events: 0,
            n_clocks: 0,
            opened: [0; 3],
            n_reclassified: 0,
            n_reopened: 0,
            n_by_status: 0,
            versions: BTreeMap::new(),
            out_of_scope: BTreeMap::new(),
            exempt: BTreeMap::new(),
            findings: BTreeMap::new(),
            openings: None,
            cells: vec![Cell::default(); Metric::ALL.len() * KINDS.len() * SEVERITIES],
        }
    }
}

impl Accumulate for Tally {
    fn add(&mut self, facts: &CaseFacts) {
        self.add_case(&facts.case);
        for clock in &facts.clocks {
            self.add_clock(&facts.case, clock);
        }
        for finding in &facts.findings {
            *self.findings.entry(finding.code).or_default() += 1;
        }
    }

    fn merge(&mut self, other: Tally) {
        self.n_cases += other.n_cases;
        self.n_events += other.n_events;
        self.n_clocks += other.n_clocks;
        self.opened.iter_mut().zip(other.opened).for_each(|(mine, theirs)| *mine += theirs);
        self.n_reclassified += other.n_reclassified;
        self.n_reopened += other.n_reopened;
        self.n_by_status += other.n_by_status;
        merge_counts(&mut self.versions, other.versions);
        merge_counts(&mut self.out_of_scope, other.out_of_scope);
        merge_counts(&mut self.exempt, other.exempt);
        merge_counts(&mut self.findings, other.findings);
        if let Some((first, last)) = other.openings {
            self.widen(first, last);
        }
        for (mine, theirs) in self.cells.iter_mut().zip(other.cells) {
            mine.verdicts.add(&theirs.verdicts);
            mine.wall.merge(theirs.wall);
            mine.business.merge(theirs.business);
        }
    }
}

fn merge_counts<K: Ord>(into: &mut BTreeMap<K, u64>, from: BTreeMap<K, u64>) {
    for (key, n) in from {
        *into.entry(key).or_default() += n;
    }
}

impl Tally {
    fn add_case(&mut self, case: &CaseFact) {
        self.n_cases += 1;
        self.n_events += u64::from(case.n_events);
        self.n_reclassified += u64::from(case.n_severity_changes > 0);
        self.n_reopened += u64::from(case.n_reopenings > 0);
        let opened = match case.opened_in_hours {
            Some(true) => 0,
            Some(false) => 1,
            None => 2,
        };
        self.opened[opened] += 1;
        *self.versions.entry(case.version).or_default() += 1;
        if let Some(reason) = case.out_of_scope {
            *self.out_of_scope.entry(reason.word()).or_default() += 1;
        }
        self.widen(case.opened_at, case.opened_at);
    }

    fn widen(&mut self, first: Instant, last: Instant) {
        let (from, to) = self.openings.unwrap_or((first, last));
        self.openings = Some((from.min(first), to.max(last)));
    }

    fn add_clock(&mut self, case: &CaseFact, clock: &ClockFact) {
        self.n_clocks += 1;
        if let (Verdict::Exempt, Some(reason)) = (clock.verdict, clock.reason) {
            *self.exempt.entry((clock.metric, Reason::word(reason))).or_default() += 1;
        }
        let is_answered =
            matches!(clock.verdict, Verdict::Met | Verdict::Missed | Verdict::NoTarget | Verdict::NoSeverity);
        if is_answered && clock.metric == Metric::FirstResponse && clock.source == Some(Source::Status) {
            self.n_by_status += 1;
        }
        let cell = &mut self.cells[cell_index(clock.metric, clock.kind, clock.severity_at_stop)];
        cell.verdicts.0[clock.verdict as usize] += 1;
        if let Some(observe) = observation(case, clock) {
            cell.wall.push(observe(clock.elapsed - clock.paused));
            if let Some(business) = clock.business {
                cell.business.push(observe(business));
            }
        }
    }

    /// The verdicts of a metric's clocks with this kind of promise (`None`: without target), of one severity
    /// at the stop (`Some(None)`: without severity), or of all of them (`None`).
    pub fn verdicts(
        &self,
        metric: Metric,
        kind: Option<PromiseKind>,
        severity: Option<Option<u8>>,
    ) -> Verdicts {
        let mut sum = Verdicts::default();
        for cell in severities(severity).map(|s| &self.cells[cell_index(metric, kind, s)]) {
            sum.add(&cell.verdicts);
        }
        sum
    }

    /// The verdicts of all of a metric's clocks, whatever was promised.
    pub fn verdicts_of(&self, metric: Metric) -> Verdicts {
        let mut sum = Verdicts::default();
        KINDS.iter().for_each(|&kind| sum.add(&self.verdicts(metric, kind, None)));
        sum
    }

    /// The durations of a metric's clocks in scope, whatever was promised; severity as in
    /// [`Tally::verdicts`].
    pub fn durations(&self, metric: Metric, measure: Measure, severity: Option<Option<u8>>) -> Durations {
        let mut all = Durations::default();
        for kind in KINDS {
            for cell in severities(severity).map(|s| &self.cells[cell_index(metric, kind, s)]) {
                all.merge(match measure {
                    Measure::Wall => cell.wall.clone(),
                    Measure::Business => cell.business.clone(),
                });
            }
        }
        all
    }

    /// The severities that any clock had at its stop, ascending, `None` last.
    pub fn severities(&self) -> Vec<Option<u8>> {
        let seen = |s: &Option<u8>| {
            Metric::ALL.iter().any(|&m| KINDS.iter().any(|&k| self.verdicts(m, k, Some(*s)).n() > 0))
        };
        (1..=9).map(Some).chain([None]).filter(seen).collect()
    }
}

fn severities(wanted: Option<Option<u8>>) -> impl Iterator<Item = Option<u8>> {
    (0..SEVERITIES as u8).map(|s| (s > 0).then_some(s)).filter(move |s| wanted.is_none_or(|w| w == *s))
}

fn cell_index(metric: Metric, kind: Option<PromiseKind>, severity: Option<u8>) -> usize {
    let kind = KINDS.iter().position(|&k| k == kind).unwrap_or(KINDS.len() - 1);
    let severity = usize::from(severity.unwrap_or(0)).min(SEVERITIES - 1);
    (metric as usize * KINDS.len() + kind) * SEVERITIES + severity
}

/// What a clock tells of the duration it measures (SPEC 11); `None`: nothing, it does not apply to the case.
///
/// Still running and withdrawn by the customer: censored. Ended by support without an answer: it was never
/// answered and never will be, so that closing cases unanswered cannot make the percentiles look better.
fn observation(case: &CaseFact, clock: &ClockFact) -> Option<fn(i64) -> Observed> {
    match clock.verdict {
        Verdict::OutOfScope | Verdict::Exempt => None,
        _ if clock.stopped_at.is_none() => Some(Observed::AtLeast),
        Verdict::Withdrawn => Some(Observed::AtLeast),
        Verdict::Unanswered => Some(|_| Observed::Never),
        _ if is_answered(case, clock) => Some(Observed::Ended),
        // Missed, or without target, and stopped by the end of the case instead of an answer.
        _ if clock.stopped_by_role == crate::history::Role::Customer => Some(Observed::AtLeast),
        _ => Some(|_| Observed::Never),
    }
}

fn is_answered(case: &CaseFact, clock: &ClockFact) -> bool {
    match clock.metric {
        Metric::FirstResponse | Metric::AfterHoursResponse => case.first_response_at == clock.stopped_at,
        Metric::NextResponse => clock.source == Some(Source::Message),
        Metric::Update | Metric::Resolution => true,
    }
}
