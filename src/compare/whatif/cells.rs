//! One value for each metric, kind of promise and severity: what counts by promise are kept in. Counts nothing itself.

use crate::policy::PromiseKind;
use crate::replay::Metric;

const KINDS: [Option<PromiseKind>; 3] = [Some(PromiseKind::Commitment), Some(PromiseKind::BestEffort), None];
const SEVERITIES: usize = 10;

/// Where a clock is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// What is measured.
    pub metric: Metric,
    /// What kind of promise; `None`: none.
    pub kind: Option<PromiseKind>,
    /// Severity at the stop; `None`: none.
    pub severity: Option<u8>,
}

/// One `T` a key.
#[derive(Clone, Debug)]
pub struct Cells<T>(Vec<T>);

impl<T: Default + Clone> Default for Cells<T> {
    fn default() -> Cells<T> {
        Cells(vec![T::default(); Metric::ALL.len() * KINDS.len() * SEVERITIES])
    }
}

impl<T> Cells<T> {
    /// The value at `key`.
    pub fn at(&mut self, key: Key) -> &mut T {
        let kind = KINDS.iter().position(|kind| *kind == key.kind).unwrap_or(KINDS.len() - 1);
        let severity = usize::from(key.severity.unwrap_or(0)).min(SEVERITIES - 1);
        &mut self.0[(key.metric as usize * KINDS.len() + kind) * SEVERITIES + severity]
    }

    /// Every key with its value: by metric, kind, and severity, those without severity last.
    pub fn iter(&self) -> impl Iterator<Item = (Key, &T)> {
        let keys =
            Metric::ALL.into_iter().flat_map(|metric| KINDS.into_iter().map(move |kind| (metric, kind)));
        keys.enumerate().flat_map(move |(group, (metric, kind))| {
            (1..SEVERITIES).chain([0]).map(move |severity| {
                let level = u8::try_from(severity).ok().filter(|level| *level > 0);
                (Key { metric, kind, severity: level }, &self.0[group * SEVERITIES + severity])
            })
        })
    }

    /// Another value for each.
    pub fn map<U>(&self, make: impl Fn(&T) -> U) -> Cells<U> {
        Cells(self.0.iter().map(make).collect())
    }

    /// Adds up with another, or takes it away, value by value.
    pub fn merge(&mut self, other: &Cells<T>, add: impl Fn(&mut T, &T)) {
        self.0.iter_mut().zip(&other.0).for_each(|(mine, theirs)| add(mine, theirs));
    }
}
