//! Shares of targets (`on_reclassify = "prorate"`, SPEC 7.3): each stretch uses up its own time over the target of its own
//! severity, as an exact fraction. Time is added up for each amount of target, of which a policy has few, so that a fraction
//! stays short; and what a clock would have come to without its later changes is told from sums along its path, so that
//! thousands of changes of one case cost thousands of steps, not their square. No verdicts.

use num_bigint::BigInt;

use crate::calendar::{Instant, OpenTime};

use super::course::{Pause, Pos, Step};
use super::fact::Metric;
use super::measure::Extent;
use super::version::{Limit, Version};

/// An exact share of a target: numerator and denominator, the latter above zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// Numerator.
    pub numerator: BigInt,
    /// Denominator.
    pub denominator: BigInt,
}

impl Share {
    /// More than the whole target.
    pub fn is_over(&self) -> bool {
        self.numerator > self.denominator
    }
}

/// What time under one severity is measured by.
#[derive(Clone, Copy)]
struct Rate<'v> {
    /// The target, µs.
    amount: i64,
    /// `None`: wall time.
    calendar: Option<&'v OpenTime>,
}

impl<'v> Rate<'v> {
    /// Of `severity` for a clock that counts from `start`; `None` where time under it uses nothing.
    fn of(version: &'v Version<'_>, metric: Metric, severity: Step, start: Instant) -> Option<Rate<'v>> {
        let target = version.target(metric, severity.severity)?;
        let calendar = version.calendar_of_step(&[severity], 0);
        let limit = Limit::of(target, start, calendar);
        let calendar = if limit.business { Some(calendar?) } else { None };
        Some(Rate { amount: limit.amount?, calendar })
    }

    fn measure(&self, a: Instant, b: Instant) -> i64 {
        self.calendar.map_or_else(|| b.since(a), |calendar| calendar.elapsed(a, b))
    }
}

/// The rate of each severity that a clock has had, found once.
struct Rates<'v, 'p> {
    version: &'v Version<'p>,
    metric: Metric,
    start: Instant,
    known: Vec<(Option<u8>, Option<Rate<'v>>)>,
}

impl<'v, 'p> Rates<'v, 'p> {
    fn new(version: &'v Version<'p>, metric: Metric, start: Instant) -> Rates<'v, 'p> {
        Rates { version, metric, start, known: Vec::new() }
    }

    /// Its place in `known`, and the rate.
    fn of(&mut self, step: Step) -> (usize, Option<Rate<'v>>) {
        if let Some(i) = self.known.iter().position(|(severity, _)| *severity == step.severity) {
            return (i, self.known[i].1);
        }
        let rate = Rate::of(self.version, self.metric, step, self.start);
        self.known.push((step.severity, rate));
        (self.known.len() - 1, rate)
    }
}

/// Time used for each amount of target, µs.
#[derive(Default)]
struct Used(Vec<(i64, i64)>);

impl Used {
    fn add(&mut self, amount: i64, used: i64) {
        match self.0.iter_mut().find(|(of, _)| *of == amount) {
            Some((_, sum)) => *sum += used,
            None => self.0.push((amount, used)),
        }
    }

    fn share(&self) -> Share {
        let mut share = Share { numerator: BigInt::ZERO, denominator: BigInt::from(1) };
        for &(amount, used) in &self.0 {
            share.numerator = &share.numerator * amount + &share.denominator * used;
            share.denominator *= amount;
        }
        share
    }

    fn is_over(&self) -> bool {
        match self.0[..] {
            [] => false,
            [(amount, used)] => used > amount,
            _ => self.share().is_over(),
        }
    }
}

/// The share used over `extent`, the severities having been `path`.
pub fn share(version: &Version<'_>, metric: Metric, extent: &Extent<'_>, path: &[Step]) -> Share {
    let (mut rates, mut used) = (Rates::new(version, metric, extent.from.at), Used::default());
    extent.stretches(path, |a, b, i| {
        if let (_, Some(rate)) = rates.of(path[i]) {
            used.add(rate.amount, rate.measure(a, b));
        }
    });
    used.share()
}

/// The pauses of an extent, and their time up to each of them by each measure.
struct Paused<'a> {
    pauses: &'a [Pause],
    end: Pos,
    /// Of each place in [`Rates::known`].
    sums: Vec<Option<Vec<i64>>>,
}

impl<'a> Paused<'a> {
    fn new(extent: &Extent<'a>) -> Paused<'a> {
        let n = extent.pauses.partition_point(|pause| pause.from < extent.to);
        Paused { pauses: &extent.pauses[..n], end: extent.to, sums: Vec::new() }
    }

    /// Time of `[a, b)` that is not paused.
    fn running(&mut self, (place, rate): (usize, Rate<'_>), a: Pos, b: Pos) -> i64 {
        if b <= a {
            return 0;
        }
        let whole = rate.measure(a.at, b.at);
        let first = self.pauses.partition_point(|pause| pause.to.is_some_and(|to| to <= a));
        let last = self.pauses.partition_point(|pause| pause.from < b);
        if first >= last {
            return whole;
        }
        let to = self.until(&self.pauses[last - 1]);
        let sums = self.sums_of(place, rate);
        let mut paused = sums[last] - sums[first];
        if self.pauses[first].from < a {
            paused -= rate.measure(self.pauses[first].from.at, a.at);
        }
        if to > b {
            paused -= rate.measure(b.at, to.at);
        }
        whole - paused
    }

    fn until(&self, pause: &Pause) -> Pos {
        pause.to.map_or(self.end, |to| to.min(self.end))
    }

    fn sums_of(&mut self, place: usize, rate: Rate<'_>) -> &[i64] {
        if self.sums.len() <= place {
            self.sums.resize(place + 1, None);
        }
        let (pauses, end) = (self.pauses, self.end);
        let until = |pause: &Pause| pause.to.map_or(end, |to| to.min(end));
        self.sums[place].get_or_insert_with(|| {
            let mut sum = 0;
            let up_to = pauses.iter().map(|pause| {
                sum += rate.measure(pause.from.at, until(pause).at);
                sum
            });
            std::iter::once(0).chain(up_to).collect()
        })
    }
}

/// Tells of each step of `path` whether the target was used up before it, and whether it would have been at the end of
/// `extent` had that step been the last.
pub fn along(
    version: &Version<'_>,
    metric: Metric,
    extent: &Extent<'_>,
    path: &[Step],
    mut tell: impl FnMut(usize, bool, bool),
) {
    let (mut rates, mut used) = (Rates::new(version, metric, extent.from.at), Used::default());
    let mut paused = Paused::new(extent);
    for (i, &step) in path.iter().enumerate() {
        let from = if i == 0 { extent.from } else { step.from.max(extent.from) };
        let to = path.get(i + 1).map_or(extent.to, |next| next.from.min(extent.to));
        let over_before = used.is_over();
        let (place, Some(rate)) = rates.of(step) else {
            tell(i, over_before, over_before);
            continue;
        };
        let rest = paused.running((place, rate), from, extent.to);
        used.add(rate.amount, rest);
        tell(i, over_before, used.is_over());
        used.add(rate.amount, paused.running((place, rate), from, to) - rest);
    }
}
