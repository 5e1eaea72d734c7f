//! How much time a clock has used: its running stretches, split at pauses and at changes of severity, measured on
//! the calendar in force (SPEC 7.3). Adds up exactly to the clock. No verdicts.

use crate::calendar::Instant;

use super::course::{Pause, Pos, Step};
use super::version::{Limit, Version};

/// A clock's extent: from, to, and the pauses that it heeds.
#[derive(Clone, Copy, Debug)]
pub struct Extent<'a> {
    /// Start.
    pub from: Pos,
    /// Stop or `as_of`.
    pub to: Pos,
    /// In order, disjoint; may reach beyond the extent.
    pub pauses: &'a [Pause],
}

impl<'a> Extent<'a> {
    /// Wall time, µs.
    pub fn elapsed(&self) -> i64 {
        self.to.at.since(self.from.at)
    }

    /// Wall time paused, µs.
    pub fn paused(&self) -> i64 {
        wall_within(self.pauses, self.from, self.to)
    }

    /// True where it is paused just before its end.
    pub fn paused_at_end(&self) -> bool {
        self.pauses.iter().any(|pause| pause.covers_end(self.to))
    }

    /// The same from a later start.
    pub fn starting(self, from: Pos) -> Extent<'a> {
        Extent { from, ..self }
    }

    /// Calls `each` with every running stretch `[a, b)` and the index of the step of `path` in force.
    pub fn stretches(&self, path: &[Step], mut each: impl FnMut(Instant, Instant, usize)) {
        let mut at = self.from;
        for pause in self.pauses.iter().filter(|p| p.to.is_none_or(|to| to > self.from)) {
            if pause.from >= self.to {
                break;
            }
            if pause.from > at {
                split(path, at, pause.from, &mut each);
            }
            match pause.to {
                Some(to) if to < self.to => at = at.max(to),
                _ => return,
            }
        }
        split(path, at, self.to, &mut each);
    }
}

/// Those of `pauses` (in order, disjoint) that reach into `[from, to)`: a clock need not look at the others.
#[inline]
pub fn within(pauses: &[Pause], from: Pos, to: Pos) -> &[Pause] {
    match pauses {
        [] => pauses,
        // As often as not there is one.
        [only] if only.to.is_none_or(|end| end > from) && only.from < to => pauses,
        [_] => &[],
        _ => within_many(pauses, from, to),
    }
}

fn within_many(pauses: &[Pause], from: Pos, to: Pos) -> &[Pause] {
    let first = pauses.partition_point(|pause| pause.to.is_some_and(|end| end <= from));
    let last = pauses.partition_point(|pause| pause.from < to);
    pauses.get(first..last).unwrap_or_default()
}

/// Splits `[a, b)` at the steps of `path`; the first step holds from before `a`.
fn split(path: &[Step], a: Pos, b: Pos, each: &mut impl FnMut(Instant, Instant, usize)) {
    if path.len() == 1 {
        if b > a {
            each(a.at, b.at, 0);
        }
        return;
    }
    let mut at = a;
    let first = path.partition_point(|step| step.from <= a).saturating_sub(1);
    for i in first..path.len() {
        let until = path.get(i + 1).map_or(b, |next| next.from.min(b));
        if until > at {
            each(at.at, until.at, i);
            at = until;
        }
        if at >= b {
            return;
        }
    }
}

/// Wall time of `pauses` within `[from, to)`, µs.
#[inline]
pub fn wall_within(pauses: &[Pause], from: Pos, to: Pos) -> i64 {
    // Most clocks have none.
    if pauses.is_empty() { 0 } else { sum_within(pauses, from, to) }
}

fn sum_within(pauses: &[Pause], from: Pos, to: Pos) -> i64 {
    let within = |pause: &Pause| {
        let a = pause.from.max(from);
        let b = pause.to.map_or(to, |end| end.min(to));
        if b > a { b.at.since(a.at) } else { 0 }
    };
    pauses.iter().map(within).sum()
}

/// Open time of the running stretches, each on the calendar in force, µs; `None` where no step of the path has a
/// calendar (where one has, all have: SPEC 7.3).
pub fn business(version: &Version<'_>, extent: &Extent<'_>, path: &[Step]) -> Option<i64> {
    let first = version.calendar_of_step(path, 0)?;
    let path = version.calendar_path(path);
    if path.len() == 1 && extent.pauses.is_empty() {
        return Some(first.elapsed(extent.from.at, extent.to.at));
    }
    let mut sum = 0;
    extent.stretches(path, |a, b, i| {
        sum += version.calendar_of_step(path, i).map_or(0, |calendar| calendar.elapsed(a, b));
    });
    Some(sum)
}

/// The instant at which `limit` is used up as things stand at the end: during the clock, or projected from its
/// end on the last calendar; `None` where it stands paused at its end before that (SPEC appendix, `due_at`). `used` is
/// what was used by then, in the limit's kind.
pub fn due(
    version: &Version<'_>,
    extent: &Extent<'_>,
    path: &[Step],
    (limit, used): (Limit, i64),
) -> Option<Instant> {
    let amount = limit.amount?;
    let during = (used >= amount).then(|| due_during(version, extent, path, limit, amount)).flatten();
    if during.is_some() || extent.paused_at_end() {
        return during;
    }
    let left = amount - used;
    if limit.business {
        version.calendar_of_step(path, path.len().checked_sub(1)?)?.add(extent.to.at, left)
    } else {
        extent.to.at.plus_within(left)
    }
}

/// The instant within the extent at which `amount` is used up, if it is.
fn due_during(
    version: &Version<'_>,
    extent: &Extent<'_>,
    path: &[Step],
    limit: Limit,
    amount: i64,
) -> Option<Instant> {
    let (mut used, mut due) = (0, None);
    extent.stretches(version.calendar_path(path), |a, b, i| {
        if due.is_some() {
            return;
        }
        if !limit.business {
            let wall = b.since(a);
            due = (used + wall >= amount).then(|| a.plus(amount - used));
            used += wall;
            return;
        }
        let Some(calendar) = version.calendar_of_step(path, i) else { return };
        let open = calendar.elapsed(a, b);
        if used + open >= amount {
            due = calendar.add(a, amount - used);
        }
        used += open;
    });
    due
}
