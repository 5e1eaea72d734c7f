//! As much of a case as a comparison of policies counts: verdicts, time over target, spells. Each is what
//! [`Replayer::case`] gives; what nobody asks about is not worked out, and what another policy cannot change is taken
//! over from the first.

use crate::calendar::{Amount, Instant};
use crate::history::CaseEvents;
use crate::policy::{Policy, PromiseKind};

use super::case::{self, Detail, Known};
use super::course::Course;
use super::fact::{CaseFacts, Metric, Reason, SpellFact, Verdict};
use super::inactivity::spells;
use super::judge;
use super::measure::{self, Extent, within};
use super::walk::{Timeline, walk};
use super::{Begun, Panel, Replayer, empty_facts};

/// One clock at a glance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockGlance {
    /// What is measured.
    pub metric: Metric,
    /// From 1, a metric.
    pub cycle: u32,
    /// Where the clock counts from.
    pub started_at: Instant,
    /// `None`: still running.
    pub stopped_at: Option<Instant>,
    /// The instant at which the target is used up; `None` too where nobody asked.
    pub due_at: Option<Instant>,
    /// What became of it.
    pub verdict: Verdict,
    /// Commitment or best effort; `None` without a target.
    pub kind: Option<PromiseKind>,
    /// Used less target, µs, where that is above zero.
    pub over: Option<i64>,
    /// True where the targets of several severities are prorated: there is no single length.
    pub is_prorated: bool,
    /// True where the target counts open time.
    pub is_business: bool,
    /// Severity in force at the stop or `as_of`.
    pub severity_at_stop: Option<u8>,
}

/// One case at a glance.
#[derive(Clone, Debug, Default)]
pub struct CaseGlance {
    /// Index of the case in its history.
    pub case: u32,
    /// Index of its policy version.
    pub version: u32,
    /// Events up to `as_of`.
    pub n_events: u32,
    /// Clocks, by metric and cycle.
    pub clocks: Vec<ClockGlance>,
    /// Spells of inactivity; `idle_business`, `waited_business`, `support_owed` and `reopened_at` are `None`.
    pub spells: Vec<SpellFact>,
    out_of_scope: Option<Reason>,
}

/// Memory that one thread reuses from case to case.
#[derive(Debug)]
pub struct GlanceWorkspace {
    line: Timeline,
    facts: CaseFacts,
    glances: Vec<CaseGlance>,
}

impl Default for GlanceWorkspace {
    fn default() -> GlanceWorkspace {
        GlanceWorkspace { line: Timeline::default(), facts: empty_facts(), glances: Vec::new() }
    }
}

/// What two policy versions have in common.
#[derive(Clone, Debug)]
pub(super) struct Common {
    /// How clocks run.
    clock: bool,
    /// Calendars, and which severity has which.
    calendars: bool,
    /// Rules of inactivity.
    inactivity: bool,
    /// By metric and severity (0: none): the target, and its kind.
    targets: [[bool; 10]; Metric::ALL.len()],
}

impl Common {
    pub(super) fn new(a: &Policy, b: &Policy) -> Common {
        let calendar = |policy: &Policy, level| policy.severity(level).map(|rule| rule.calendar);
        let after_hours = a.after_hours == b.after_hours;
        let target = |policy: &Policy, metric: Metric, level| {
            policy.severity(level).map(|rule| match metric {
                Metric::FirstResponse => rule.first_response,
                Metric::AfterHoursResponse => policy.after_hours.and_then(|promise| promise.first_response),
                Metric::NextResponse => rule.next_response,
                Metric::Update => rule.update,
                Metric::Resolution => rule.resolution,
            })
        };
        let same = |metric: Metric, level: usize| {
            let level = level as u8;
            let is_same = target(a, metric, level) == target(b, metric, level);
            is_same && (metric != Metric::AfterHoursResponse || after_hours)
        };
        Common {
            clock: a.clock == b.clock,
            calendars: a.calendars == b.calendars && (1..=9).all(|l| calendar(a, l) == calendar(b, l)),
            inactivity: a.inactivity == b.inactivity,
            targets: std::array::from_fn(|metric| {
                std::array::from_fn(|level| same(Metric::ALL[metric], level))
            }),
        }
    }
}

impl Panel<'_> {
    /// One case at a glance under every book; `None` where none of its events is at or before `as_of`. `with_due` asks
    /// for `due_at`. The glances stand in `workspace` until the next call, in the order of the books.
    pub fn glance<'w>(
        &self,
        events: CaseEvents<'_>,
        with_due: bool,
        workspace: &'w mut GlanceWorkspace,
    ) -> Option<&'w [CaseGlance]> {
        let GlanceWorkspace { line, facts, glances } = workspace;
        glances.resize_with(self.replayers.len(), CaseGlance::default);
        let (first, others) = self.replayers.split_first()?;
        let (now, proposed) = glances.split_first_mut()?;
        let begun = first.begin(events, line)?;
        let rules = first.versions[begun.version].policy.clock;
        let mut look = Look { line, facts, with_due };
        look.whole(first, &begun, now);
        for ((replayer, common), then) in others.iter().zip(&self.common).zip(proposed) {
            let place = replayer.place(events)?;
            let common = &common[begun.version][place.version];
            if common.clock {
                let begun = replayer.begun(place, look.line);
                look.beside(replayer, &begun, (now, common), then);
                continue;
            }
            // Another walk for this policy alone; the next one starts from the first again.
            let rules_then = replayer.rules(&place);
            let mut own = Timeline::default();
            let line = if super::panel::walks_alike(rules, *rules_then.clock) {
                look.line
            } else {
                walk(place.events.events, rules_then, &mut own);
                &own
            };
            let begun = replayer.begun(place, line);
            Look { line, facts: look.facts, with_due }.whole(replayer, &begun, then);
        }
        Some(glances)
    }
}

/// One walked case.
struct Look<'l> {
    line: &'l Timeline,
    facts: &'l mut CaseFacts,
    with_due: bool,
}

impl Look<'_> {
    fn head(begun: &Begun<'_>, glance: &mut CaseGlance) {
        glance.case = begun.events.case;
        glance.version = begun.version as u32;
        glance.n_events = begun.events.events.len() as u32;
        glance.out_of_scope = begun.out_of_scope;
        glance.clocks.clear();
        glance.spells.clear();
    }

    /// Everything worked out.
    fn whole(&mut self, replayer: &Replayer<'_>, begun: &Begun<'_>, glance: &mut CaseGlance) {
        Look::head(begun, glance);
        let known = Known { detail: Detail::Verdicts, ..replayer.known(begun, self.line) };
        let clocks = self.line.courses.iter().filter_map(|course| clock(&known, course, self.with_due));
        glance.clocks.extend(clocks);
        self.add_spells(&known, glance);
    }

    fn add_spells(&mut self, known: &Known<'_>, glance: &mut CaseGlance) {
        self.facts.clear();
        spells(known, self.facts);
        glance.spells.append(&mut self.facts.spells);
    }

    /// Only what differs from `now` worked out; both have walked the case alike.
    fn beside(
        &mut self,
        replayer: &Replayer<'_>,
        begun: &Begun<'_>,
        (now, common): (&CaseGlance, &Common),
        glance: &mut CaseGlance,
    ) {
        Look::head(begun, glance);
        let known = Known { detail: Detail::Verdicts, ..replayer.known(begun, self.line) };
        let is_alike = common.calendars && now.out_of_scope == glance.out_of_scope;
        if is_alike {
            self.add_clocks(&known, (now, common), glance);
        } else {
            let clocks = self.line.courses.iter().filter_map(|course| clock(&known, course, self.with_due));
            glance.clocks.extend(clocks);
        }
        if is_alike && common.inactivity {
            glance.spells.extend_from_slice(&now.spells);
        } else {
            self.add_spells(&known, glance);
        }
    }

    /// The clocks of a case that both versions have on the same calendars: those whose targets are the same on every
    /// severity of their path are taken over. Which clocks there are depends on calendars and walk alone.
    fn add_clocks(&self, known: &Known<'_>, (now, common): (&CaseGlance, &Common), glance: &mut CaseGlance) {
        let mut courses = self.line.courses.iter();
        let first = self.line.severities.first();
        for clock_now in &now.clocks {
            let name = (clock_now.metric, clock_now.cycle);
            let Some(course) = courses.find(|course| (course.metric, course.cycle) == name) else { return };
            let levels = &common.targets[course.metric as usize];
            let steps = case::path(self.line, course.start, course.end(known.as_of));
            let mut path = self.line.severities[steps].iter().chain(first);
            if path.all(|step| levels[usize::from(step.severity.unwrap_or(0)).min(9)]) {
                glance.clocks.push(*clock_now);
            } else {
                glance.clocks.extend(clock(known, course, self.with_due));
            }
        }
    }
}

/// One clock, as [`case::facts`] has it; `None` where the version does not have it.
fn clock(known: &Known<'_>, course: &Course, with_due: bool) -> Option<ClockGlance> {
    if !case::has(known, course) {
        return None;
    }
    let Known { version, line, as_of, .. } = known;
    let (from, to) = (course.start, course.end(*as_of));
    let pauses = if course.pauses() { within(&line.pauses, from, to) } else { &[] };
    let path = &line.severities[case::path(line, from, to)];
    let judged = judge::judge(version, course, Extent { from, to, pauses }, path);
    let verdict = match case::reason(known, course) {
        Some((fixed, _)) => fixed,
        None => judge::verdict(course, &judged),
    };
    let margin = judged.limit.and_then(|l| l.amount).zip(judged.used).map(|(amount, used)| amount - used);
    Some(ClockGlance {
        metric: course.metric,
        cycle: course.cycle,
        started_at: judged.extent.from.at,
        stopped_at: course.stop.map(|stop| stop.at.at),
        due_at: judged
            .limit
            .zip(judged.used)
            .filter(|_| with_due)
            .and_then(|used| measure::due(version, &judged.extent, judged.path, used)),
        verdict,
        kind: judged.target.map(|_| version.kind(course.metric)),
        over: margin.filter(|margin| *margin < 0).map(|margin| -margin),
        is_prorated: judged.share.is_some(),
        is_business: !matches!(judged.target.map(|target| target.amount()), Some(Amount::Elapsed(_))),
        severity_at_stop: path.last().and_then(|step| step.severity),
    })
}
