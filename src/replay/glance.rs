//! As much of a case as a comparison of policies counts: verdicts, time over target, spells. Each is what
//! [`Replayer::case`] gives; what nobody asks about is not worked out, and what another policy cannot change is taken
//! over from the first.

use crate::calendar::{Amount, Instant};
use crate::history::CaseEvents;
use crate::policy::PromiseKind;

use super::case::{self, Detail, Known};
use super::common::Common;
use super::course::Course;
use super::fact::{CaseFacts, Metric, Reason, SpellFact, Verdict};
use super::inactivity::{self, spells};
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

/// One case at a glance under one policy.
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

/// One clock under the first policy and under another: its place in the glance of the first, and what the other makes of
/// it; `None` where a policy does not have it.
pub type ClockPair = (Option<u32>, Option<ClockGlance>);

/// One case under another policy than the first: what is not as it is there.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// Index of its policy version.
    pub version: u32,
    /// Clocks that differ in anything, by metric and cycle. All of them where the zones of the two versions differ: then
    /// each has a period of its own.
    pub clocks: Vec<ClockPair>,
    /// All spells of inactivity, where some differ or the zones do.
    spells: Vec<SpellFact>,
    has_own_spells: bool,
}

/// One case under every policy of a panel.
#[derive(Clone, Debug, Default)]
pub struct Glances {
    /// Under the first.
    pub now: CaseGlance,
    /// Under each other one, in order.
    pub beside: Vec<Beside>,
}

impl Glances {
    /// One clock under another policy than the first, counted from 0; `None` where it does not have it.
    pub fn clock(&self, other: usize, metric: Metric, cycle: u32) -> Option<&ClockGlance> {
        let name = (metric, cycle);
        let place = self.now.clocks.binary_search_by_key(&name, ClockGlance::name).ok();
        let is_it = |(now, then): &&ClockPair| match then {
            Some(then) => then.name() == name,
            None => now.map(|i| i as usize) == place,
        };
        match self.beside[other].clocks.iter().find(is_it) {
            Some((_, then)) => then.as_ref(),
            None => place.map(|i| &self.now.clocks[i]),
        }
    }

    /// All spells under another policy than the first, counted from 0.
    pub fn spells(&self, other: usize) -> &[SpellFact] {
        self.beside[other].spells().unwrap_or(&self.now.spells)
    }
}

impl ClockGlance {
    /// What it is called within its case.
    pub const fn name(&self) -> (Metric, u32) {
        (self.metric, self.cycle)
    }
}

/// Memory that one thread reuses from case to case.
#[derive(Debug)]
pub struct GlanceWorkspace {
    line: Timeline,
    facts: CaseFacts,
    glances: Glances,
    /// A case that is looked at whole under another policy than the first.
    whole: CaseGlance,
}

impl Default for GlanceWorkspace {
    fn default() -> GlanceWorkspace {
        GlanceWorkspace {
            line: Timeline::default(),
            facts: empty_facts(),
            glances: Glances::default(),
            whole: CaseGlance::default(),
        }
    }
}

impl Panel<'_> {
    /// One case at a glance under every book; `None` where none of its events is at or before `as_of`. `with_due` asks
    /// for `due_at`. The glances stand in `workspace` until the next call.
    pub fn glance<'w>(
        &self,
        events: CaseEvents<'_>,
        with_due: bool,
        workspace: &'w mut GlanceWorkspace,
    ) -> Option<&'w Glances> {
        let GlanceWorkspace { line, facts, glances, whole } = workspace;
        glances.beside.resize_with(self.replayers.len().saturating_sub(1), Beside::default);
        let (first, others) = self.replayers.split_first()?;
        let begun = first.begin(events, line)?;
        let line = &*line;
        let rules = first.versions[begun.version].policy.clock;
        let Glances { now, beside } = glances;
        let mut look = Look { line, facts, with_due };
        look.whole(first, &begun, now);
        for ((replayer, common), then) in others.iter().zip(&self.common).zip(beside) {
            let place = replayer.place(events)?;
            let common = &common[begun.version][place.version];
            then.version = place.version as u32;
            if common.clock {
                let begun = replayer.begun(place, line);
                look.beside(replayer, &begun, (now, common), then);
                continue;
            }
            // Another walk for this policy alone; the next one starts from the first again.
            let rules_then = replayer.rules(&place);
            let mut own = Timeline::default();
            let line = if super::panel::walks_alike(rules, *rules_then.clock) {
                line
            } else {
                walk(place.events.events, rules_then, &mut own);
                &own
            };
            let begun = replayer.begun(place, line);
            Look { line, facts: look.facts, with_due }.whole(replayer, &begun, whole);
            then.pair(now, whole, common);
        }
        Some(glances)
    }
}

impl Beside {
    /// All spells of inactivity; `None` where they are those of the first policy, and the zones are the same.
    pub fn spells(&self) -> Option<&[SpellFact]> {
        self.has_own_spells.then_some(&self.spells[..])
    }

    /// Two whole glances, one beside the other.
    fn pair(&mut self, now: &CaseGlance, then: &CaseGlance, common: &Common) {
        self.clocks.clear();
        let mut theirs = then.clocks.iter().peekable();
        for (i, clock) in now.clocks.iter().enumerate() {
            while let Some(other) = theirs.next_if(|other| other.name() < clock.name()) {
                self.clocks.push((None, Some(*other)));
            }
            let other = theirs.next_if(|other| other.name() == clock.name());
            if !common.zone || other != Some(clock) {
                self.clocks.push((Some(i as u32), other.copied()));
            }
        }
        self.clocks.extend(theirs.map(|other| (None, Some(*other))));
        self.spells.clear();
        self.spells.extend_from_slice(&then.spells);
        self.has_own_spells = !common.zone || self.spells != now.spells;
    }
}

/// One walked case.
struct Look<'l> {
    line: &'l Timeline,
    facts: &'l mut CaseFacts,
    with_due: bool,
}

impl Look<'_> {
    /// Everything worked out.
    fn whole(&mut self, replayer: &Replayer<'_>, begun: &Begun<'_>, glance: &mut CaseGlance) {
        glance.case = begun.events.case;
        glance.version = begun.version as u32;
        glance.n_events = begun.events.events.len() as u32;
        glance.out_of_scope = begun.out_of_scope;
        let known = Known { detail: Detail::Verdicts, ..replayer.known(begun, self.line) };
        let clocks = self.line.courses.iter().filter_map(|course| clock(&known, course, self.with_due));
        glance.clocks.clear();
        glance.clocks.extend(clocks);
        glance.spells.clear();
        self.add_spells(&known, &mut glance.spells);
    }

    fn add_spells(&mut self, known: &Known<'_>, to: &mut Vec<SpellFact>) {
        self.facts.clear();
        spells(known, self.facts);
        to.append(&mut self.facts.spells);
    }

    /// Only what differs from `now` worked out; both have walked the case alike.
    fn beside(
        &mut self,
        replayer: &Replayer<'_>,
        begun: &Begun<'_>,
        (now, common): (&CaseGlance, &Common),
        then: &mut Beside,
    ) {
        let known = Known { detail: Detail::Verdicts, ..replayer.known(begun, self.line) };
        let is_alike = common.zone && now.out_of_scope == begun.out_of_scope;
        self.pair_clocks(&known, (now, common, is_alike), &mut then.clocks);
        then.spells.clear();
        then.has_own_spells = !common.bases || !is_alike || !now.spells.iter().all(|s| common.keeps_spell(s));
        if !then.has_own_spells {
            return;
        }
        if common.bases {
            then.spells.extend(now.spells.iter().map_while(|spell| inactivity::again(&known, spell)));
        }
        if !common.bases || then.spells.len() < now.spells.len() {
            then.spells.clear();
            self.add_spells(&known, &mut then.spells);
        }
        then.has_own_spells = !common.zone || then.spells != now.spells;
    }

    /// Which clocks there are depends on the walk and, after hours, on the opening. Where scope and zone are alike, those
    /// that both versions measure alike are taken over.
    fn pair_clocks(
        &self,
        known: &Known<'_>,
        (now, common, is_alike): (&CaseGlance, &Common, bool),
        pairs: &mut Vec<ClockPair>,
    ) {
        pairs.clear();
        let line = self.line;
        let first = line.severities.first().and_then(|step| step.severity);
        // Most cases never change: then nothing is to be looked up a clock.
        let throughout = (line.severities.len() == 1).then(|| common.at(first));
        let keeps = |course: &Course| {
            let (from, to) = (course.start, course.end(known.as_of));
            match &throughout {
                Some(at) => at.keeps(course.metric, from.at, to.at, self.with_due),
                None => common.keeps(course, to, &line.severities[case::path(line, from, to)], self.with_due),
            }
        };
        let mut place = 0;
        for course in &line.courses {
            let own = now.clocks.get(place).filter(|clock| clock.name() == (course.metric, course.cycle));
            let own_place = own.map(|_| place as u32);
            place += usize::from(own.is_some());
            let is_there = course.metric != Metric::AfterHoursResponse || common.opens(line.opened_at, first);
            if is_alike && is_there && (own.is_none() || keeps(course)) {
                continue;
            }
            let then = clock(known, course, self.with_due);
            if then.as_ref() != own || !common.zone && own.is_some() {
                pairs.push((own_place, then));
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
    let verdict = match case::fixed(known, course) {
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
