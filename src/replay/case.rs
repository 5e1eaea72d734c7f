//! One case from events to facts: walks it, measures and judges its clocks, and counts (SPEC 7.5, appendix).

use std::ops::Range;

use crate::calendar::{Duration, Instant};
use crate::history::{CaseEvents, Category, Event, Role, WordId};
use crate::policy::PromiseKind;

use super::changes::changes;
use super::course::{Cause, Course, Pos, Stop};
use super::fact::{
    CaseFact, CaseFacts, ChangeFact, ChangedClock, ClockFact, Metric, OvertakenFact, Reason, Source, Verdict,
};
use super::findings::findings;
use super::inactivity::spells;
use super::judge;
use super::measure::{self, Extent, business, wall_within, within};
use super::version::Version;
use super::walk::Timeline;

/// Categories whose open time is a column of `cases`, in its order.
const MEASURED: [Category; 5] =
    [Category::New, Category::Open, Category::WaitingCustomer, Category::WaitingOther, Category::Resolved];

/// How much of a case is worked out: what stands in a later line leaves more out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// All that the fact tables show.
    Facts,
    /// What is counted: no due times, no times by category, no open time of idle spells.
    Counts,
    /// Verdicts: of spells nothing that is not needed for one.
    Verdicts,
}

/// What is known of a case before its clocks are measured.
pub struct Known<'a> {
    /// The policy version it falls under, ready to measure by.
    pub version: &'a Version<'a>,
    /// Index of that version.
    pub version_index: u32,
    /// True where the case was opened before the first version (E602).
    pub before_first_version: bool,
    /// Why it is out of scope.
    pub out_of_scope: Option<Reason>,
    /// What the walk found.
    pub line: &'a Timeline,
    /// The case's events up to `as_of`.
    pub events: &'a [Event],
    /// Category of each status word.
    pub categories: &'a [Category],
    /// How often less severe cases were answered before it.
    pub n_overtaken: u32,
    /// Its first response beside the cases that waited then.
    pub overtaken: Option<OvertakenFact>,
    /// Lengths of inactivity that are asked about (SPEC 9.4).
    pub questions: &'a [Duration],
    /// For each `[[inactivity]]` of the version, whether its spells are inferred (SPEC 9.1).
    pub inferred: &'a [bool],
    /// Whether any used row of the whole input is a message (SPEC 9.3).
    pub has_messages: bool,
    /// Whether any used row of the whole input gives a status (SPEC 7.6).
    pub has_statuses: bool,
    /// How much is worked out.
    pub detail: Detail,
    /// The instant at which open things are judged.
    pub as_of: Instant,
}

/// Fills `facts` from what is known of the case; `events` are those up to `as_of`.
pub fn facts(known: &Known<'_>, events: CaseEvents<'_>, facts: &mut CaseFacts) {
    facts.clear();
    facts.case = case(known, events);
    if known.line.n_reopenings > 0 {
        facts.ended.extend(ended(known.line));
    }
    changes(known.version, known.line, events.events, &mut facts.changes);
    for course in &known.line.courses {
        if has(known, course) {
            let clock = clock(known, course, &mut facts.changes);
            facts.clocks.push(clock);
        }
    }
    spells(known, facts);
    facts.overtaken = known.overtaken;
    findings(known, facts);
}

fn case(known: &Known<'_>, events: CaseEvents<'_>) -> CaseFact {
    let line = known.line;
    let first = line.severities.first().and_then(|step| step.severity);
    CaseFact {
        case: events.case,
        opened_at: line.opened_at,
        opened_in_hours: known.version.calendar(first).map(|calendar| calendar.is_open(line.opened_at)),
        opened_by_role: line.opened_by,
        severity_first: first,
        severity_last: line.severities.last().and_then(|step| step.severity),
        status_last: line.status_last,
        category_last: line.category_last(),
        first_response_at: line.first_response.map(|given| given.at),
        resolved_at: line.resolved_at,
        closed_at: line.closed_at,
        closed_by_role: line.closed_by,
        n_events: events.events.len() as u32,
        n_events_before_opening: line.opening as u32,
        n_customer_messages: line.n_messages[0],
        n_agent_messages: line.n_messages[1],
        n_notes: line.n_notes,
        n_severity_changes: line.severities.len() as u32 - 1,
        n_reopenings: line.n_reopenings,
        n_rounds: line.n_rounds,
        n_overtaken: known.n_overtaken,
        category_open: if known.detail == Detail::Facts { category_open(known) } else { None },
        out_of_scope: known.out_of_scope,
        version: known.version_index,
    }
}

/// From each end to the reopening after it.
fn ended(line: &Timeline) -> impl Iterator<Item = (Instant, Instant)> {
    let changes = line.categories.windows(2).filter(|pair| {
        // One ended category may follow another: the stretch goes on.
        pair[0].category.is_ended() != pair[1].category.is_ended()
    });
    let mut from = line.categories.first().filter(|step| step.category.is_ended()).map(|step| step.from.at);
    changes.filter_map(move |pair| {
        let at = pair[1].from.at;
        if pair[1].category.is_ended() {
            from = Some(at);
            return None;
        }
        from.take().map(|from| (from, at))
    })
}

/// Open time by status alone, on the calendar of the severity in force, opening to `as_of`.
fn category_open(known: &Known<'_>) -> Option<[i64; 5]> {
    let line = known.line;
    known.version.calendar_of_step(&line.severities, 0)?;
    let mut open = [0; 5];
    for (i, step) in line.categories.iter().enumerate() {
        let Some(column) = MEASURED.iter().position(|category| *category == step.category) else { continue };
        let to = line.categories.get(i + 1).map_or(Pos::end(known.as_of), |next| next.from);
        let extent = Extent { from: step.from, to, pauses: &[] };
        open[column] += business(known.version, &extent, &line.severities)?;
    }
    Some(open)
}

/// Which severities are in force on a course: that at its start, then every change until its end.
pub fn path(line: &Timeline, from: Pos, to: Pos) -> Range<usize> {
    let steps = &line.severities;
    if steps.len() == 1 {
        return 0..1;
    }
    let first = steps.partition_point(|step| step.from <= from).saturating_sub(1);
    let end = steps.partition_point(|step| step.from < to).max(first + 1);
    first..end
}

/// Measures and judges one clock, and tells the changes that fell into it what they did.
fn clock(known: &Known<'_>, course: &Course, changes: &mut [ChangeFact]) -> ClockFact {
    let Known { version, line, as_of, .. } = known;
    let (from, to) = (course.start, course.end(*as_of));
    let of = |pauses| if course.pauses() { within(pauses, from, to) } else { &[] };
    let (pauses, stale) = (of(&line.pauses), of(&line.stale));
    let extent = Extent { from, to, pauses };
    let steps = path(line, extent.from, extent.to);
    let path = &line.severities[steps.clone()];
    let first = line.severities.first().and_then(|step| step.severity);
    let judged = judge::judge(version, course, extent, path);
    let fixed = fixed(known, course);
    let verdict = judge::verdict(course, &judged);
    let is_judged = fixed.is_none();
    let (effect, at_start) = judge::effects(version, course, extent, path, verdict, |change, one| {
        changes[steps.start + change - 1].clocks.push(ChangedClock {
            metric: course.metric,
            cycle: course.cycle,
            over_before: is_judged && one.over_before,
            masked: is_judged && one.masked,
            exposed: is_judged && one.exposed,
        });
    });
    let at_first = match path {
        [step, ..] if step.severity == first => at_start,
        _ => judge::verdict_at_first(version, course, extent, first),
    };
    let counted = judged.extent;
    let (severity_at_start, severity_at_stop) =
        (judged.path.first().and_then(|s| s.severity), path.last().and_then(|s| s.severity));
    let (stopped_at, stopped_by_role, stopped_by, source) = stopped(course);
    let over = |verdict| fixed.map_or(verdict, |(fixed, _)| fixed);
    ClockFact {
        metric: course.metric,
        cycle: course.cycle,
        started_at: counted.from.at,
        stopped_at,
        stopped_by_role,
        stopped_by,
        source,
        is_done: course.stop.is_some_and(|stop| stop.cause == Cause::Done),
        due_at: due(known, &judged),
        elapsed: counted.elapsed(),
        paused: counted.paused(),
        business: match judged.limit {
            Some(limit) if limit.business => judged.used,
            _ => business(version, &counted, judged.path),
        },
        stale_pause: wall_within(stale, counted.from, counted.to),
        target: judged.target,
        target_amount: judged.target.and_then(whole_amount),
        margin: judged.limit.and_then(|l| l.amount).zip(judged.used).map(|(amount, used)| amount - used),
        used: judged.used,
        used_share: judged.share,
        verdict: over(verdict),
        reason: fixed.and_then(|(_, reason)| reason),
        kind: judged.target.map(|_| version.kind(course.metric)),
        severity_at_start,
        severity_at_stop,
        n_severity_changes: path.len() as u32 - 1,
        started_in_hours: match known.detail {
            Detail::Facts => version.calendar(severity_at_start).map(|open| open.is_open(counted.from.at)),
            Detail::Counts | Detail::Verdicts => None,
        },
        // A clock that scope, exemption or the input takes out is never over or missed, whatever its severity.
        over_before: is_judged && effect.over_before,
        masked: is_judged && effect.masked,
        exposed: is_judged && effect.exposed,
        verdict_at_first_severity: over(at_first),
    }
}

/// When a clock stopped, by whom, and how it was seen.
fn stopped(course: &Course) -> (Option<Instant>, Role, WordId, Option<Source>) {
    match course.stop {
        Some(Stop { at, role, actor, source, .. }) => (Some(at.at), role, actor, Some(source)),
        None => (None, Role::Unknown, WordId::NONE, None),
    }
}

fn due(known: &Known<'_>, judged: &judge::Judged<'_>) -> Option<Instant> {
    if known.detail != Detail::Facts {
        return None;
    }
    let used = judged.limit.zip(judged.used)?;
    measure::due(known.version, &judged.extent, judged.path, used)
}

/// The verdict on one clock and the kind of its promise, as [`facts`] has them, and nothing else of it; `None` where
/// the version does not have the clock.
pub fn verdict(known: &Known<'_>, course: &Course) -> Option<(Verdict, Option<PromiseKind>)> {
    if !has(known, course) {
        return None;
    }
    let Known { version, line, as_of, .. } = known;
    let (from, to) = (course.start, course.end(*as_of));
    let pauses = if course.pauses() { within(&line.pauses, from, to) } else { &[] };
    let extent = Extent { from, to, pauses };
    let judged = judge::judge(version, course, extent, &line.severities[path(line, from, to)]);
    let kind = judged.target.map(|_| version.kind(course.metric));
    let verdict = fixed(known, course).map_or_else(|| judge::verdict(course, &judged), |(fixed, _)| fixed);
    Some((verdict, kind))
}

/// True where the version has the clock: `after_hours_response` only of a case that was opened outside hours, of a
/// severity that it defines.
pub fn has(known: &Known<'_>, course: &Course) -> bool {
    if course.metric != Metric::AfterHoursResponse {
        return true;
    }
    let first = known.line.severities.first().and_then(|step| step.severity);
    let opened_at = known.line.opened_at;
    let in_hours = known.version.calendar(first).map(|calendar| calendar.is_open(opened_at));
    known.version.defines(first) && in_hours == Some(false)
}

/// The severity in force at the end of a clock.
pub fn severity_at_stop(known: &Known<'_>, course: &Course) -> Option<u8> {
    let steps = &known.line.severities[path(known.line, course.start, course.end(known.as_of))];
    steps.last().and_then(|step| step.severity)
}

/// The amount of a target where it does not depend on the clock; null for business days.
fn whole_amount(target: crate::calendar::Duration) -> Option<i64> {
    use crate::calendar::Amount;
    match target.amount() {
        Amount::Elapsed(amount) | Amount::Business(amount) => Some(amount),
        Amount::BusinessDays(_) => None,
    }
}

/// The verdict that scope, exemption or what the input can show fixes before any measuring (SPEC 7.1, 7.2, 7.4, 7.6), and
/// for the former two why.
pub fn fixed(known: &Known<'_>, course: &Course) -> Option<(Verdict, Option<Reason>)> {
    if known.out_of_scope.is_some() {
        return Some((Verdict::OutOfScope, known.out_of_scope));
    }
    if matches!(course.metric, Metric::FirstResponse | Metric::AfterHoursResponse) {
        if known.line.agent_opened {
            return Some((Verdict::Exempt, Some(Reason::AgentOpened)));
        }
        if known.line.never_new {
            return Some((Verdict::Exempt, Some(Reason::NeverNew)));
        }
    }
    (!known.sees(course.metric)).then_some((Verdict::NotSeen, None))
}

impl Known<'_> {
    /// Whether the input can show what stops a clock of this metric (SPEC 7.6): without a status nothing is resolved,
    /// paused or closed, and without a message either nothing is answered.
    const fn sees(&self, metric: Metric) -> bool {
        match metric {
            _ if self.has_statuses => true,
            Metric::FirstResponse | Metric::AfterHoursResponse | Metric::NextResponse => self.has_messages,
            Metric::Update | Metric::Resolution => false,
        }
    }
}
