//! From used time to a verdict, under the policy's reclassification rule and under "what if this change had not
//! been" (SPEC 7.3, 7.4). Breach is decided on used time, never by comparing with a due time.

use crate::calendar::Duration;
use crate::policy::OnReclassify;

use super::course::{Cause, Course, Step};
use super::fact::{Metric, Verdict};
use super::measure::{Extent, business};
use super::prorate::{self, Share};
use super::version::{Limit, Version};

/// A clock measured under one path of severities.
#[derive(Clone, Debug)]
pub struct Judged<'a> {
    /// From where it counts.
    pub extent: Extent<'a>,
    /// The severities by which it was measured.
    pub path: &'a [Step],
    /// The target that decides.
    pub target: Option<Duration>,
    /// What it comes to.
    pub limit: Option<Limit>,
    /// Time used, in the target's kind, µs.
    pub used: Option<i64>,
    /// Used share of the targets, `prorate` only.
    pub share: Option<Box<Share>>,
    /// False where the deciding severity is missing or not a level of the policy.
    pub has_severity: bool,
    /// Used more than the target.
    pub over: bool,
}

/// Measures `course` over `extent` as if the severities had been `path` (never empty).
#[inline]
pub fn judge<'a>(version: &Version<'_>, course: &Course, extent: Extent<'a>, path: &'a [Step]) -> Judged<'a> {
    let last = path.len() - 1;
    let (extent, path) = match version.on_reclassify() {
        // Severity changes do not touch `after_hours_response` (SPEC 7.3).
        _ if course.metric == Metric::AfterHoursResponse => (extent, &path[..1]),
        OnReclassify::Keep => (extent, &path[..1]),
        OnReclassify::Restart if last > 0 => (extent.starting(path[last].from), &path[last..]),
        OnReclassify::Restart | OnReclassify::Retarget => (extent, path),
        OnReclassify::Prorate => return prorate(version, course.metric, extent, path),
    };
    let deciding = path[path.len() - 1].severity;
    let target = version.target(course.metric, deciding);
    let calendar = version.calendar_of_step(path, path.len() - 1);
    let limit = target.map(|target| Limit::of(target, extent.from.at, calendar));
    let used = match limit {
        Some(Limit { business: false, .. }) => Some(extent.elapsed() - extent.paused()),
        Some(_) => business(version, &extent, path),
        None => None,
    };
    let over = limit.and_then(|limit| limit.amount).zip(used).is_some_and(|(amount, used)| used > amount);
    let has_severity = version.defines(deciding);
    Judged { extent, path, target, limit, used, share: None, has_severity, over }
}

/// Each stretch uses up its own time over the target of its own severity (SPEC 7.3), as an exact fraction.
fn prorate<'a>(version: &Version<'_>, metric: Metric, extent: Extent<'a>, path: &'a [Step]) -> Judged<'a> {
    let share = prorate::share(version, metric, &extent, path);
    let over = share.is_over();
    let target = path.iter().rev().find_map(|step| version.target(metric, step.severity));
    let has_severity = version.defines(path[path.len() - 1].severity);
    let share = target.map(|_| Box::new(share));
    Judged { extent, path, target, limit: None, used: None, share, has_severity, over }
}

/// The verdict of SPEC 7.4 from `no_severity` on; scope and exemption are the case's.
#[inline]
pub fn verdict(course: &Course, judged: &Judged<'_>) -> Verdict {
    if judged.has_severity {
        verdict_of(course, judged.target.is_some(), judged.over)
    } else {
        Verdict::NoSeverity
    }
}

/// The same where there is a severity.
#[inline]
fn verdict_of(course: &Course, has_target: bool, over: bool) -> Verdict {
    if !has_target {
        return Verdict::NoTarget;
    }
    match course.stop.map(|stop| stop.cause) {
        Some(Cause::Withdrawn) if !over => Verdict::Withdrawn,
        Some(Cause::Unanswered) => Verdict::Unanswered,
        _ if over => Verdict::Missed,
        None => Verdict::Pending,
        Some(_) => Verdict::Met,
    }
}

/// What the changes of severity did to a clock (SPEC 7.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// Over target at the change, judged without it.
    pub over_before: bool,
    /// Missed without, not missed with.
    pub masked: bool,
    /// Not missed without, missed with.
    pub exposed: bool,
}

/// What each change of `path` (1 to `path.len() - 1`) did, told to `tell` in order: this and all later ones undone,
/// against only the later ones undone; `measured` is the verdict with all of them. Gives the effect of all changes
/// together: the severity at the first start held throughout, against what was, and over before any of them; and the
/// verdict that this severity gives. No change masks or exposes `after_hours_response` (SPEC 8): it is judged by its first
/// severity alone.
#[inline]
pub fn effects(
    version: &Version<'_>,
    course: &Course,
    extent: Extent<'_>,
    path: &[Step],
    measured: Verdict,
    tell: impl FnMut(usize, Effect),
) -> (Effect, Verdict) {
    match path.len() {
        1 => (Effect::default(), measured),
        _ => effects_of_changes(version, course, extent, path, measured, tell),
    }
}

fn effects_of_changes(
    version: &Version<'_>,
    course: &Course,
    extent: Extent<'_>,
    path: &[Step],
    measured: Verdict,
    mut tell: impl FnMut(usize, Effect),
) -> (Effect, Verdict) {
    if version.on_reclassify() == OnReclassify::Prorate && course.metric != Metric::AfterHoursResponse {
        return effects_prorated(version, course, extent, path, measured, tell);
    }
    let under = |n: usize| verdict(course, &judge(version, course, extent, &path[..n]));
    let at_first = under(1);
    let (mut without, mut ever_over) = (at_first, false);
    for change in 1..path.len() {
        let until_change = Extent { to: path[change].from, ..extent };
        let over_before = judge(version, course, until_change, &path[..change]).over;
        let with = if change + 1 == path.len() { measured } else { under(change + 1) };
        tell(change, compare(over_before, without, with));
        (without, ever_over) = (with, ever_over | over_before);
    }
    (compare(ever_over, at_first, measured), at_first)
}

/// The same from sums along the path: judging each change from the start would take the square of their number.
fn effects_prorated(
    version: &Version<'_>,
    course: &Course,
    extent: Extent<'_>,
    path: &[Step],
    measured: Verdict,
    mut tell: impl FnMut(usize, Effect),
) -> (Effect, Verdict) {
    let (mut at_first, mut without) = (measured, measured);
    let (mut has_target, mut ever_over) = (false, false);
    prorate::along(version, course.metric, &extent, path, |change, over_before, over| {
        has_target |= version.target(course.metric, path[change].severity).is_some();
        let with = match version.defines(path[change].severity) {
            _ if change + 1 == path.len() => measured,
            true => verdict_of(course, has_target, over),
            false => Verdict::NoSeverity,
        };
        if change == 0 {
            at_first = with;
        } else {
            tell(change, compare(over_before, without, with));
            ever_over |= over_before;
        }
        without = with;
    });
    (compare(ever_over, at_first, measured), at_first)
}

fn compare(over_before: bool, without: Verdict, with: Verdict) -> Effect {
    let missed = |verdict| verdict == Verdict::Missed;
    let judged = |verdict| verdict != Verdict::Unanswered;
    let comparable = judged(without) && judged(with);
    Effect {
        over_before,
        masked: comparable && missed(without) && !missed(with),
        exposed: comparable && !missed(without) && missed(with),
    }
}

/// The verdict had the case kept its first severity: judged from the clock's own first start (SPEC 7.3).
pub fn verdict_at_first(
    version: &Version<'_>,
    course: &Course,
    extent: Extent<'_>,
    first_severity: Option<u8>,
) -> Verdict {
    let path = [Step { from: extent.from, severity: first_severity }];
    verdict(course, &judge(version, course, extent, &path))
}
