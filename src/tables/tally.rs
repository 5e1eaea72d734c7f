//! What the summary and the `durations` table are made of: counts and durations added up case by case, on any
//! number of threads, in any order. No SQL and no fact table is needed for it.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;

use crate::calendar::{Duration, Instant};
use crate::codes;
use crate::facts::{Accumulate, Period};
use crate::history::{Category, Role};
use crate::policy::PromiseKind;
use crate::replay::{
    CaseFact, CaseFacts, ClockFact, Direction, Metric, Ranks, Reason, Source, SpellEnd, SpellFact,
    SpellVerdict, Verdict,
};

use super::arrival_hours::ArrivalHours;
use super::close_after::Question;
use super::found::Found;
use super::gravest::Gravest;
use super::open_cases::OpenCases;
use super::percentiles::Pool;
use super::seen::Seeing;
use super::statistics::{Durations, Observed};
use super::verdicts::{Measure, SpellVerdicts, Verdicts};

#[derive(Clone, Debug, Default)]
struct Cell {
    verdicts: Verdicts,
    /// Had every case kept its first severity.
    at_first: Verdicts,
    wall: Durations,
    business: Durations,
}

const KINDS: [Option<PromiseKind>; 3] = [Some(PromiseKind::Commitment), Some(PromiseKind::BestEffort), None];
const SEVERITIES: usize = 10;

/// Everything added up over the cases; of what has an instant, only what belongs to the period.
#[derive(Clone, Debug)]
pub struct Tally {
    /// Cases that were replayed, whenever they were opened.
    pub n_replayed: u64,
    /// Their events.
    pub n_events: u64,
    /// Cases opened in the period.
    pub n_cases: u64,
    /// Clocks.
    pub n_clocks: u64,
    /// Changes of severity toward 1 and away from it, of cases in scope.
    pub n_changes: [u64; Direction::ALL.len()],
    /// Clocks of cases in scope whose verdict a change of severity masked, and exposed.
    pub n_masked_exposed: [u64; 2],
    /// Spells of inactivity, by category.
    pub spells: BTreeMap<Category, SpellVerdicts>,
    /// First responses that are compared with who waited, and how many of them overtook somebody.
    pub n_responses: [u64; 2],
    /// Cases opened in the period that were overtaken.
    pub n_overtaken: u64,
    /// What lengths of inactivity would have closed.
    pub question: Question,
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
    pub findings: Found,
    /// Those of them that a person should look at first; none unless asked for.
    pub gravest: Gravest,
    /// The first and the last opening.
    pub openings: Option<(Instant, Instant)>,
    /// Cases by weekday and hour of their opening; nothing unless asked for.
    pub(super) arrival_hours: ArrivalHours,
    /// Open cases by age, whatever the period; nothing unless asked for.
    pub(super) open_cases: OpenCases,
    /// By metric, kind of promise, and severity at the stop (0: none).
    cells: Vec<Cell>,
    /// How long customers took to come back, by severity (0: none).
    returns: Vec<Returns>,
    period: Period,
}

/// How long customers took to come back.
#[derive(Clone, Debug, Default)]
struct Returns {
    wall: Durations,
    business: Durations,
}

impl Tally {
    /// Nothing yet; counts what belongs to `period` and asks about `close_after`.
    pub fn new(period: Period, close_after: &[Duration]) -> Tally {
        Tally {
            n_replayed: 0,
            n_events: 0,
            n_cases: 0,
            n_clocks: 0,
            n_changes: [0; 2],
            n_masked_exposed: [0; 2],
            spells: BTreeMap::new(),
            n_responses: [0; 2],
            n_overtaken: 0,
            question: Question::new(close_after.to_vec()),
            opened: [0; 3],
            n_reclassified: 0,
            n_reopened: 0,
            n_by_status: 0,
            versions: BTreeMap::new(),
            out_of_scope: BTreeMap::new(),
            exempt: BTreeMap::new(),
            findings: Found::default(),
            gravest: Gravest::default(),
            openings: None,
            arrival_hours: ArrivalHours::default(),
            open_cases: OpenCases::default(),
            cells: vec![Cell::default(); Metric::ALL.len() * KINDS.len() * SEVERITIES],
            returns: vec![Returns::default(); SEVERITIES],
            period,
        }
    }

    /// The same, and cases are counted by the hour of their opening and while they are open, and the gravest findings are
    /// kept: what only tables show.
    pub fn watching(self, arrival_hours: ArrivalHours, open_cases: OpenCases) -> Tally {
        Tally { arrival_hours, open_cases, gravest: Gravest::listing(), ..self }
    }
}

/// What is counted of the period, and of the one before it, and of the facts as they are written.
#[derive(Debug)]
pub struct Tallies {
    /// Of the period.
    pub now: Tally,
    /// Of the one before; `None`: no period was asked for.
    pub before: Option<Tally>,
    /// Of the facts; `None`: no tables are asked for.
    pub seen: Option<Seeing>,
}

impl Accumulate for Tallies {
    fn add(&mut self, facts: &CaseFacts) {
        self.now.add(facts);
        self.before.iter_mut().for_each(|before| before.add(facts));
    }

    fn merge(&mut self, other: Self) {
        self.now.merge(other.now);
        if let Some((mine, theirs)) = self.before.as_mut().zip(other.before) {
            mine.merge(theirs);
        }
        if let Some((mine, theirs)) = self.seen.as_mut().zip(other.seen) {
            mine.merge(theirs);
        }
    }

    fn see(&mut self, tables: &[RecordBatch]) {
        self.seen.iter_mut().for_each(|seen| seen.add(tables));
    }
}

impl Accumulate for Tally {
    fn add(&mut self, facts: &CaseFacts) {
        let case = &facts.case;
        self.n_replayed += 1;
        self.n_events += u64::from(case.n_events);
        if self.period.has(case.version, Some(case.opened_at)) {
            self.add_case(case);
            self.arrival_hours.add(case);
        }
        self.open_cases.add(facts);
        for clock in &facts.clocks {
            if self.period.has_clock(case.version, clock) {
                self.add_clock(clock);
            }
        }
        self.add_changes(facts);
        for spell in facts.spells.iter().filter(|spell| self.period.has_spell(case.version, spell)) {
            self.spells.entry(spell.basis).or_default().count(spell.verdict);
            add_return(&mut self.returns, spell);
        }
        let Tally { question, period, .. } = self;
        question.add(facts, |i| period.has_spell(case.version, &facts.spells[i]));
        for response in facts.overtaken.iter().filter(|r| self.period.has(case.version, Some(r.responded_at)))
        {
            self.n_responses[0] += 1;
            self.n_responses[1] += u64::from(response.n_overtaken > 0);
        }
        for (i, finding) in facts.findings.iter().enumerate() {
            if self.period.has_finding(facts, finding) {
                self.findings.add(finding.code, 1);
                self.gravest.offer(facts, i, finding);
            }
        }
    }

    fn merge(&mut self, other: Tally) {
        self.n_replayed += other.n_replayed;
        self.n_events += other.n_events;
        self.n_cases += other.n_cases;
        self.n_clocks += other.n_clocks;
        merge_all(&mut self.opened, other.opened);
        merge_all(&mut self.n_changes, other.n_changes);
        merge_all(&mut self.n_masked_exposed, other.n_masked_exposed);
        merge_all(&mut self.n_responses, other.n_responses);
        self.n_reclassified += other.n_reclassified;
        self.n_reopened += other.n_reopened;
        self.n_overtaken += other.n_overtaken;
        self.n_by_status += other.n_by_status;
        merge_counts(&mut self.versions, other.versions);
        merge_counts(&mut self.out_of_scope, other.out_of_scope);
        merge_counts(&mut self.exempt, other.exempt);
        other.findings.iter().for_each(|(code, n)| self.findings.add(code, n));
        self.gravest.merge(other.gravest);
        for (basis, verdicts) in other.spells {
            self.spells.entry(basis).or_default().add(&verdicts);
        }
        self.question.merge(&other.question);
        self.arrival_hours.merge(&other.arrival_hours);
        self.open_cases.merge(&other.open_cases);
        if let Some((first, last)) = other.openings {
            self.widen(first, last);
        }
        for (mine, theirs) in self.cells.iter_mut().zip(other.cells) {
            mine.verdicts.add(&theirs.verdicts);
            mine.at_first.add(&theirs.at_first);
            mine.wall.merge(theirs.wall);
            mine.business.merge(theirs.business);
        }
        for (mine, theirs) in self.returns.iter_mut().zip(other.returns) {
            mine.wall.merge(theirs.wall);
            mine.business.merge(theirs.business);
        }
    }
}

/// What the priority order comes to, where the cases were replayed without it.
impl Ranks for Tally {
    fn response(&mut self, version: u32, responded_at: Instant, overtook: bool) {
        if self.period.has(version, Some(responded_at)) {
            self.n_responses[0] += 1;
            self.n_responses[1] += u64::from(overtook);
            if overtook {
                self.findings.add(codes::P401, 1);
            }
        }
    }

    fn overtaken(&mut self, version: u32, opened_at: Instant) {
        self.n_overtaken += u64::from(self.period.has(version, Some(opened_at)));
    }
}

fn merge_all<const N: usize>(into: &mut [u64; N], from: [u64; N]) {
    into.iter_mut().zip(from).for_each(|(mine, theirs)| *mine += theirs);
}

fn merge_counts<K: Ord>(into: &mut BTreeMap<K, u64>, from: BTreeMap<K, u64>) {
    for (key, n) in from {
        *into.entry(key).or_default() += n;
    }
}

impl Tally {
    fn add_case(&mut self, case: &CaseFact) {
        self.n_cases += 1;
        self.n_overtaken += u64::from(case.n_overtaken > 0);
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

    fn add_clock(&mut self, clock: &ClockFact) {
        self.n_clocks += 1;
        if let (Verdict::Exempt, Some(reason)) = (clock.verdict, clock.reason) {
            *self.exempt.entry((clock.metric, Reason::word(reason))).or_default() += 1;
        }
        let is_by_status = clock.is_done && clock.source == Some(Source::Status);
        if is_by_status && clock.metric == Metric::FirstResponse && !clock.verdict.is_fixed() {
            self.n_by_status += 1;
        }
        let cell = &mut self.cells[cell_index(clock.metric, clock.kind, clock.severity_at_stop)];
        cell.verdicts.count(clock.verdict);
        cell.at_first.count(clock.verdict_at_first_severity);
        self.n_masked_exposed[0] += u64::from(clock.masked);
        self.n_masked_exposed[1] += u64::from(clock.exposed);
        if let Some(seen) = observation(clock) {
            cell.wall.push(seen.after(clock.elapsed - clock.paused));
            if let Some(business) = clock.business {
                cell.business.push(seen.after(business));
            }
        }
    }

    fn add_changes(&mut self, facts: &CaseFacts) {
        if facts.case.out_of_scope.is_some() {
            return;
        }
        for change in &facts.changes {
            if self.period.has(facts.case.version, Some(change.changed_at)) {
                self.n_changes[change.direction as usize] += 1;
            }
        }
    }

    /// The verdicts of a metric's clocks had every case kept its first severity, whatever was promised.
    pub fn verdicts_at_first(&self, metric: Metric) -> Verdicts {
        let mut sum = Verdicts::default();
        for kind in KINDS {
            for severity in severities(None) {
                sum.add(&self.cells[cell_index(metric, kind, severity)].at_first);
            }
        }
        sum
    }

    /// How long customers took to come back; severity as in [`Tally::verdicts`].
    pub fn returns(&self, measure: Measure, severity: Option<Option<u8>>) -> Pool<'_> {
        let returns = severities(severity).map(|severity| &self.returns[usize::from(severity.unwrap_or(0))]);
        Pool::new(returns.map(|returns| match measure {
            Measure::Wall => &returns.wall,
            Measure::Business => &returns.business,
        }))
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
    pub fn durations(&self, metric: Metric, measure: Measure, severity: Option<Option<u8>>) -> Pool<'_> {
        let of_kind = |kind| severities(severity).map(move |severity| cell_index(metric, kind, severity));
        let cells = KINDS.into_iter().flat_map(of_kind).map(|index| &self.cells[index]);
        Pool::new(cells.map(|cell| match measure {
            Measure::Wall => &cell.wall,
            Measure::Business => &cell.business,
        }))
    }

    /// The severities that any clock had at its stop, ascending, `None` last.
    pub fn severities(&self) -> Vec<Option<u8>> {
        let seen = |s: &Option<u8>| {
            Metric::ALL.iter().any(|&m| KINDS.iter().any(|&k| self.verdicts(m, k, Some(*s)).n() > 0))
        };
        (1..=9).map(Some).chain([None]).filter(seen).collect()
    }
}

fn severities(wanted: Option<Option<u8>>) -> impl Iterator<Item = Option<u8>> + Clone {
    (0..SEVERITIES as u8).map(|s| (s > 0).then_some(s)).filter(move |s| wanted.is_none_or(|w| w == *s))
}

fn cell_index(metric: Metric, kind: Option<PromiseKind>, severity: Option<u8>) -> usize {
    let kind = KINDS.iter().position(|&k| k == kind).unwrap_or(KINDS.len() - 1);
    let severity = usize::from(severity.unwrap_or(0)).min(SEVERITIES - 1);
    (metric as usize * KINDS.len() + kind) * SEVERITIES + severity
}

/// How long the customer took, of a spell that waits for the customer: to an event of the customer's, or censored.
fn add_return(returns: &mut [Returns], spell: &SpellFact) {
    if spell.basis != Category::WaitingCustomer || spell.verdict == SpellVerdict::OutOfScope {
        return;
    }
    let is_by_customer = spell.ended_how == SpellEnd::Returned || spell.ended_by_role == Role::Customer;
    let seen = if is_by_customer { Seen::Ended } else { Seen::AtLeast };
    let cell = &mut returns[usize::from(spell.severity.unwrap_or(0)).min(SEVERITIES - 1)];
    cell.wall.push(seen.after(spell.waited));
    if let Some(business) = spell.waited_business {
        cell.business.push(seen.after(business));
    }
}

/// How far a duration was seen.
#[derive(Clone, Copy)]
enum Seen {
    Ended,
    AtLeast,
    Never,
}

impl Seen {
    /// The same of one that lasted so many microseconds.
    #[inline]
    const fn after(self, micros: i64) -> Observed {
        match self {
            Seen::Ended => Observed::Ended(micros),
            Seen::AtLeast => Observed::AtLeast(micros),
            Seen::Never => Observed::Never,
        }
    }
}

/// What a clock tells of the duration it measures (SPEC 11); `None`: nothing, it does not apply to the case, or the input
/// cannot show its end.
///
/// Still running and withdrawn by the customer: censored. Ended by support without an answer: it was never
/// answered and never will be, so that closing cases unanswered cannot make the percentiles look better.
fn observation(clock: &ClockFact) -> Option<Seen> {
    match clock.verdict {
        verdict if verdict.is_fixed() => None,
        _ if clock.stopped_at.is_none() => Some(Seen::AtLeast),
        Verdict::Withdrawn => Some(Seen::AtLeast),
        Verdict::Unanswered => Some(Seen::Never),
        _ if clock.is_done => Some(Seen::Ended),
        // Missed, or without target, and stopped by the end of the case instead of an answer.
        _ if clock.stopped_by_role == Role::Customer => Some(Seen::AtLeast),
        _ => Some(Seen::Never),
    }
}
