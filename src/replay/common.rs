//! What two policy versions have in common, asked clock by clock: where everything that decides a clock is the same in
//! both, its verdict, its time and its target are too, and nothing is measured again. Says so only where it is sure.

use crate::calendar::{Amount, Calendar, Differences, Duration, Instant, SECOND};
use crate::policy::{AfterHours, InactivityRule, OnReclassify};

use super::course::{Course, Pos, Step};
use super::fact::{Metric, SpellFact};
use super::version::Version;

const DAY: i64 = 86_400 * SECOND;
/// More than a zone ever skips at a time: it has been a whole day.
const SKIPPED: i64 = 26 * 3_600 * SECOND;

/// How the calendars of one severity compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hours {
    /// Open at the same instants.
    Same,
    /// Not always; an index into [`Common::differences`].
    Differ(usize),
    /// Neither version has one for it: both take that of a severity before or after it.
    Neighbour,
    /// Only one version has one for it.
    Unsure,
}

/// The target of one metric and severity.
#[derive(Clone, Copy, Debug)]
struct Promise {
    is_same: bool,
    /// It counts open time: a calendar has a say.
    counts_open: bool,
    /// A clock of no more wall time is not over it on any calendar, µs.
    within: i64,
    /// Business days, which lie beyond the clock.
    n_days: u32,
}

/// One a metric.
type Promises = [Promise; Metric::ALL.len()];

/// What two versions have in common at one severity.
#[derive(Clone, Copy, Debug)]
pub struct At<'c> {
    promises: &'c Promises,
    hours: Hours,
    differences: &'c [Differences],
}

impl At<'_> {
    /// [`Common::keeps`] of a clock that had this severity throughout.
    #[inline]
    pub fn keeps(&self, metric: Metric, from: Instant, to: Instant, with_due: bool) -> bool {
        let promise = &self.promises[metric as usize];
        promise.is_same
            && (!promise.counts_open
                || !with_due && to.since(from) <= promise.within
                || self.measures(promise.n_days, from, to, with_due))
    }

    /// True where both versions count the same open time of `[from, to)`, and the same `n_days` business days from its
    /// start on.
    fn measures(&self, n_days: u32, from: Instant, to: Instant, with_due: bool) -> bool {
        match self.hours {
            // The neighbour is on the path as well.
            Hours::Same | Hours::Neighbour => true,
            Hours::Unsure => false,
            Hours::Differ(i) => {
                let differences = &self.differences[i];
                !with_due
                    && differences.alike(from, to)
                    && (n_days == 0 || n_days <= differences.days_alike(from))
            }
        }
    }
}

/// What two versions have in common.
#[derive(Clone, Debug)]
pub struct Common {
    /// How clocks run.
    pub clock: bool,
    /// The zone of the policy: by it clocks belong to a period.
    pub zone: bool,
    /// Which spells of inactivity there are.
    pub bases: bool,
    /// How long they may last: `None` where that differs. By rule, the business days of length and grace together; `None`
    /// where they are not counted from the start in one.
    lengths: Option<Vec<Option<u32>>>,
    restarts: bool,
    /// By severity (0: none), then metric.
    promises: [Promises; 10],
    /// By severity (0: none).
    hours: [Hours; 10],
    differences: Vec<Differences>,
}

impl Common {
    /// Compares two versions, each made ready over the same span.
    pub fn new(a: &Version<'_>, b: &Version<'_>) -> Common {
        let mut differences = Vec::new();
        let mut met = Vec::new();
        let hours = std::array::from_fn(|level| hours(a, b, level as u8, &mut met, &mut differences));
        let basis = |rule: &InactivityRule| (rule.basis, rule.infer);
        let (rules, theirs) = (&a.policy.inactivity, &b.policy.inactivity);
        Common {
            clock: a.policy.clock == b.policy.clock,
            zone: a.policy.timezone == b.policy.timezone,
            bases: rules.iter().map(basis).eq(theirs.iter().map(basis)),
            lengths: (rules == theirs).then(|| rules.iter().map(business_days).collect()),
            restarts: a.on_reclassify() == OnReclassify::Restart,
            promises: std::array::from_fn(|level| {
                Metric::ALL.map(|metric| promise(a, b, metric, level as u8))
            }),
            hours,
            differences,
        }
    }

    /// What is promised at one severity.
    pub fn at(&self, severity: Option<u8>) -> At<'_> {
        let level = level(severity);
        let (promises, hours) = (&self.promises[level], self.hours[level]);
        At { promises, hours, differences: &self.differences }
    }

    /// True where both versions measure and judge a clock of a case in scope of both alike, if they walk alike: `path`
    /// are the severities between its start and its end `to`. `with_due` asks for the same due as well, which may lie after
    /// the end.
    pub fn keeps(&self, course: &Course, to: Pos, path: &[Step], with_due: bool) -> bool {
        // Business days are counted from the start, or from where the clock was started again.
        let again = path.last().map(|last| last.from.at).filter(|_| self.restarts);
        path.iter().all(|step| {
            let at = self.at(step.severity);
            let promise = &at.promises[course.metric as usize];
            promise.is_same
                && at.measures(promise.n_days, course.start.at, to.at, with_due)
                && again.is_none_or(|again| at.measures(promise.n_days, again, to.at, with_due))
        })
    }

    /// True where both versions have the after-hours clock of a case of this first severity, or neither has.
    pub fn opens(&self, opened_at: Instant, severity: Option<u8>) -> bool {
        let at = self.at(severity);
        if !at.promises[Metric::AfterHoursResponse as usize].is_same {
            return false;
        }
        match at.hours {
            // Where neither defines the severity, neither has a clock for it.
            Hours::Same | Hours::Neighbour => true,
            Hours::Unsure => false,
            Hours::Differ(i) => self.differences[i].alike(opened_at, opened_at.plus(1)),
        }
    }

    /// True where both versions judge a spell of a case in scope of both alike, if they have the same spells.
    pub fn keeps_spell(&self, spell: &SpellFact) -> bool {
        let Some(lengths) = &self.lengths else { return false };
        let n_days = lengths.get(spell.rule.saturating_sub(1) as usize);
        match (self.hours[level(spell.severity)], n_days, spell.grace_until_at) {
            (Hours::Same, ..) => true,
            (Hours::Differ(i), Some(Some(n_days)), Some(limit)) => {
                let differences = &self.differences[i];
                differences.alike(spell.started_at, limit)
                    && (*n_days == 0 || *n_days <= differences.days_alike(spell.started_at))
            }
            _ => false,
        }
    }
}

/// The business days from the start of a spell to its limit; 0 where there are none.
fn business_days(rule: &InactivityRule) -> Option<u32> {
    match (rule.close_after?.amount(), rule.grace.amount()) {
        (Amount::BusinessDays(n), _) if rule.grace.count == 0 => Some(n),
        (Amount::BusinessDays(n), Amount::BusinessDays(more)) => Some(n + more),
        (Amount::BusinessDays(_), _) | (_, Amount::BusinessDays(_)) => None,
        _ => Some(0),
    }
}

/// The place of a severity; what is beyond is no level of any policy.
fn level(severity: Option<u8>) -> usize {
    severity.map_or(0, usize::from).min(9)
}

fn promise(a: &Version<'_>, b: &Version<'_>, metric: Metric, level: u8) -> Promise {
    let severity = Some(level);
    let after_hours = |version: &Version<'_>| -> Option<AfterHours> {
        version.policy.after_hours.filter(|_| metric == Metric::AfterHoursResponse)
    };
    let target = a.target(metric, severity);
    let is_same = a.defines(severity) == b.defines(severity)
        && target == b.target(metric, severity)
        && after_hours(a) == after_hours(b);
    let (counts_open, within, n_days) = match target.map(Duration::amount) {
        None | Some(Amount::Elapsed(_)) => (false, i64::MAX, 0),
        // Open time is never more than wall time.
        Some(Amount::Business(amount)) => (true, amount, 0),
        // The n-th working date after that of the start begins n - 1 whole days after the start at the earliest, and a
        // zone may skip some hours: a clock that ends before then ends before its due.
        Some(Amount::BusinessDays(n)) => (true, (i64::from(n) - 1) * DAY - SKIPPED, n),
    };
    Promise { is_same, counts_open, within, n_days }
}

/// How the calendars of one severity compare; the places of pairs of calendars that were met before are in `met`.
fn hours(
    a: &Version<'_>,
    b: &Version<'_>,
    level: u8,
    met: &mut Vec<([Option<usize>; 2], Hours)>,
    differences: &mut Vec<Differences>,
) -> Hours {
    let severity = Some(level).filter(|level| *level > 0);
    let (own, theirs) = match (a.calendar(severity), b.calendar(severity)) {
        (Some(own), Some(theirs)) => (own, theirs),
        (None, None) => return Hours::Neighbour,
        _ => return Hours::Unsure,
    };
    let pair = [a.index_of(own), b.index_of(theirs)];
    if let Some((_, hours)) = met.iter().find(|(places, _)| *places == pair) {
        return *hours;
    }
    let hours = if is_open_alike(own.calendar(), theirs.calendar()) {
        Hours::Same
    } else {
        differences.push(Differences::between(own, theirs));
        Hours::Differ(differences.len() - 1)
    };
    met.push((pair, hours));
    hours
}

/// True where the calendars differ in their names at most.
fn is_open_alike(a: &Calendar, b: &Calendar) -> bool {
    Calendar { name: b.name.clone(), ..a.clone() } == *b
}
