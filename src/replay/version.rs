//! One policy version made ready for the replay: its calendars compiled, its targets in tables by level and
//! metric. No events, no verdicts.

use crate::calendar::{Amount, Duration, Instant, OpenTime};
use crate::policy::{OnReclassify, Policy, PromiseKind};

use super::course::Step;
use super::fact::Metric;

/// What the policy says of one severity level.
#[derive(Clone, Copy, Debug)]
struct Level {
    calendar: usize,
    targets: [Option<Duration>; Metric::ALL.len()],
}

/// A policy version, ready to measure by.
#[derive(Debug)]
pub struct Version<'a> {
    /// The policy.
    pub policy: &'a Policy,
    open: Vec<OpenTime>,
    levels: [Option<Level>; 10],
}

impl<'a> Version<'a> {
    /// Compiles the calendars over `[from, to]`.
    pub fn new(policy: &'a Policy, from: Instant, to: Instant) -> Version<'a> {
        let open = policy.calendars.iter().map(|calendar| OpenTime::compile(calendar, from, to)).collect();
        let mut levels = [None; 10];
        for rule in &policy.severities {
            let after_hours = policy.after_hours.and_then(|promise| promise.first_response);
            let targets =
                [rule.first_response, after_hours, rule.next_response, rule.update, rule.resolution];
            levels[usize::from(rule.level)] = Some(Level { calendar: rule.calendar, targets });
        }
        Version { policy, open, levels }
    }

    fn level(&self, severity: Option<u8>) -> Option<&Level> {
        severity.and_then(|level| self.levels.get(usize::from(level))?.as_ref())
    }

    /// True where the policy defines the severity.
    pub fn defines(&self, severity: Option<u8>) -> bool {
        self.level(severity).is_some()
    }

    /// The target of `metric` for `severity`; `None` where there is no such promise or no such level.
    pub fn target(&self, metric: Metric, severity: Option<u8>) -> Option<Duration> {
        self.level(severity)?.targets[metric as usize]
    }

    /// Whether a target of `metric` counts toward compliance.
    pub fn kind(&self, metric: Metric) -> PromiseKind {
        match (metric, self.policy.after_hours) {
            (Metric::AfterHoursResponse, Some(promise)) => promise.kind,
            _ => PromiseKind::Commitment,
        }
    }

    /// The calendar of a severity by itself: its own, or the policy's only one (SPEC 7.3).
    pub fn calendar(&self, severity: Option<u8>) -> Option<&OpenTime> {
        match &self.open[..] {
            [only] => Some(only),
            all => self.level(severity).map(|level| &all[level.calendar]),
        }
    }

    /// The calendar of step `i` of a path: its severity's, else the policy's only one, else that of the next step
    /// that has one, else of the one before (SPEC 7.3).
    #[inline]
    pub fn calendar_of_step(&self, path: &[Step], i: usize) -> Option<&OpenTime> {
        match &self.open[..] {
            [only] => Some(only),
            _ => self.calendar_near(path, i),
        }
    }

    /// The same of several calendars.
    fn calendar_near(&self, path: &[Step], i: usize) -> Option<&OpenTime> {
        self.calendar(path[i].severity)
            .or_else(|| path[i + 1..].iter().find_map(|step| self.calendar(step.severity)))
            .or_else(|| path[..i].iter().rev().find_map(|step| self.calendar(step.severity)))
    }

    /// As much of `path` as tells the calendars along it: where there is only one, its first step.
    pub fn calendar_path<'p>(&self, path: &'p [Step]) -> &'p [Step] {
        if self.open.len() == 1 { &path[..1] } else { path }
    }

    /// The place of one of its compiled calendars in `Policy::calendars`.
    pub fn index_of(&self, calendar: &OpenTime) -> Option<usize> {
        self.open.iter().position(|open| std::ptr::eq(open, calendar))
    }

    /// The compiled calendar at `index` of `Policy::calendars`.
    pub fn calendar_at(&self, index: usize) -> Option<&OpenTime> {
        self.open.get(index)
    }

    /// How a change of severity is taken.
    pub fn on_reclassify(&self) -> OnReclassify {
        self.policy.clock.on_reclassify
    }
}

/// What a target comes to on a clock that starts at `start`, and in what it counts (SPEC 5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Microseconds; `None`: the calendar never opens often enough for it to be used up.
    pub amount: Option<i64>,
    /// True where it counts open time, false where it counts wall time.
    pub business: bool,
}

impl Limit {
    /// The amount of `target`; business days are counted on `calendar` from `start`.
    pub fn of(target: Duration, start: Instant, calendar: Option<&OpenTime>) -> Limit {
        match target.amount() {
            Amount::Elapsed(amount) => Limit { amount: Some(amount), business: false },
            Amount::Business(amount) => Limit { amount: Some(amount), business: true },
            Amount::BusinessDays(n) => {
                Limit { amount: calendar.and_then(|c| c.business_days(start, n)), business: true }
            }
        }
    }
}
