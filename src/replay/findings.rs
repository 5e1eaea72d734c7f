//! Findings of SPEC 12 that the facts of one case can tell: data, clocks, changes of severity, closures, priority.
//! It measures nothing; the words of a finding are made where it is written.

use crate::calendar::Instant;
use crate::codes;
use crate::history::{Category, Role};

use super::case::{Detail, Known};
use super::course::Pos;
use super::fact::{
    About, CaseFacts, CaseFinding, ClockFact, Direction, Metric, Reason, SpellVerdict, Verdict,
};

/// Changes of severity from which a case is said to flap.
const FLAPPING: usize = 3;

/// Fills `facts.findings` from what is known of the case and from its other facts. Where they are only counted they stand
/// in no particular order, and those of clocks name no event.
pub fn findings(known: &Known<'_>, facts: &mut CaseFacts) {
    let mut found = std::mem::take(&mut facts.findings);
    of_data(known, &mut found);
    of_clocks(known, &facts.clocks, &mut found);
    // Whatever was done to a case that the policy does not cover, it breaks no rule of the policy.
    if known.out_of_scope.is_none() {
        of_changes(known, facts, &mut found);
        of_spells(known, facts, &mut found);
        of_endings(known, &mut found);
        if let Some(response) = facts.overtaken.filter(|response| response.n_overtaken > 0) {
            found.push(about_case(codes::P401, response.responded_at, known.line.first_response));
        }
    }
    if known.detail == Detail::Facts {
        found.sort_by_key(|finding| (finding.at, finding.code));
    }
    facts.findings = found;
}

/// About the case alone, shown by the event at `pos`, if there is one.
fn about_case(code: &'static str, at: Instant, pos: Option<Pos>) -> CaseFinding {
    let event = pos.and_then(|pos| pos.event()).map(|event| event as u32);
    CaseFinding { code, at, clock: None, about: About::Case, event, n_events: 1 }
}

fn of_data(known: &Known<'_>, found: &mut Vec<CaseFinding>) {
    let line = known.line;
    let opening = line.severities.first().map(|step| step.from);
    let mut data = |code| found.push(about_case(code, line.opened_at, opening));
    if line.without_opening {
        data(codes::D504);
    }
    if known.out_of_scope == Some(Reason::NotEntitled) {
        data(codes::E601);
    }
    if known.before_first_version {
        data(codes::E602);
    }
    if line.opening > 0 {
        let about = about_case(codes::D514, line.opened_at, None);
        found.push(CaseFinding { event: Some(0), n_events: line.opening as u32, ..about });
    }
    if let Some((event, n_events)) = line.after_close {
        let about = about_case(codes::D505, known.events[event].at, None);
        found.push(CaseFinding { event: Some(event as u32), n_events, ..about });
    }
}

fn of_clocks(known: &Known<'_>, clocks: &[ClockFact], found: &mut Vec<CaseFinding>) {
    for clock in clocks {
        let breach = breach_code(clock);
        let stale = (clock.stale_pause > 0 && clock.verdict != Verdict::OutOfScope).then_some(codes::R108);
        if breach.is_none() && stale.is_none() {
            continue;
        }
        let name = (clock.metric, clock.cycle);
        let stop = if known.detail == Detail::Facts { stop_of(known, name) } else { None };
        let at = clock.stopped_at.unwrap_or(known.as_of);
        let about = |code| CaseFinding { clock: Some(name), ..about_case(code, at, stop) };
        found.extend([breach, stale].into_iter().flatten().map(about));
    }
}

/// Where a clock stopped.
fn stop_of(known: &Known<'_>, name: (Metric, u32)) -> Option<Pos> {
    let courses = &known.line.courses;
    let course = courses.binary_search_by_key(&name, |course| (course.metric, course.cycle)).ok()?;
    courses[course].stop.map(|stop| stop.at)
}

fn breach_code(clock: &ClockFact) -> Option<&'static str> {
    match (clock.verdict, clock.metric) {
        (Verdict::Unanswered, _) => Some(codes::R102),
        (Verdict::Missed, Metric::FirstResponse) if clock.stopped_at.is_none() => Some(codes::R105),
        (Verdict::Missed, Metric::FirstResponse) => Some(codes::R101),
        (Verdict::Missed, Metric::AfterHoursResponse) => Some(codes::R103),
        (Verdict::Missed, Metric::NextResponse) => Some(codes::R104),
        (Verdict::Missed, Metric::Update) => Some(codes::R106),
        (Verdict::Missed, Metric::Resolution) => Some(codes::R107),
        _ => None,
    }
}

fn of_changes(known: &Known<'_>, facts: &CaseFacts, found: &mut Vec<CaseFinding>) {
    for (i, change) in facts.changes.iter().enumerate() {
        let about = About::Change(i as u32);
        let at = known.line.severities.get(i + 1).map(|step| step.from);
        let mut push = |code, clock| {
            found.push(CaseFinding { clock, about, ..about_case(code, change.changed_at, at) });
        };
        for clock in &change.clocks {
            let name = Some((clock.metric, clock.cycle));
            if clock.masked && change.direction == Direction::Downgrade {
                push(codes::S201, name);
            }
            if clock.over_before {
                push(codes::S202, name);
            }
        }
        if i + 1 == FLAPPING {
            push(codes::S203, None);
        }
        if change.role == Role::Customer {
            push(codes::S204, None);
        }
        if change.returned_to_first {
            push(codes::S205, None);
        }
    }
}

fn of_spells(known: &Known<'_>, facts: &CaseFacts, found: &mut Vec<CaseFinding>) {
    let mut reopenings = Vec::new();
    for (i, spell) in facts.spells.iter().enumerate() {
        let code = match spell.verdict {
            SpellVerdict::Early => Some(codes::C301),
            SpellVerdict::Late => Some(codes::C302),
            SpellVerdict::Overdue => Some(codes::C303),
            _ => None,
        };
        let about = About::Spell(i as u32);
        if let Some(code) = code {
            let end = spell.ended_at.and_then(|at| first_step_at(known, at));
            let at = spell.ended_at.unwrap_or(known.as_of);
            found.push(CaseFinding { about, ..about_case(code, at, end) });
        }
        // Two rules may have ended a spell before one reopening: it is one finding.
        if let Some(at) = spell.reopened_at.filter(|at| !reopenings.contains(at)) {
            reopenings.push(at);
            let reopening = first_step_at(known, at);
            found.push(CaseFinding { about, ..about_case(codes::C305, at, reopening) });
        }
    }
}

/// The first change of category at `at`.
fn first_step_at(known: &Known<'_>, at: Instant) -> Option<Pos> {
    let steps = &known.line.categories;
    let i = steps.partition_point(|step| step.from.at < at);
    steps.get(i).map(|step| step.from).filter(|from| from.at == at)
}

/// Closed while support owed an answer, not by the customer (SPEC 9.3). An input without messages shows no answer, so
/// nobody can tell.
fn of_endings(known: &Known<'_>, found: &mut Vec<CaseFinding>) {
    if !known.has_messages {
        return;
    }
    for ending in &known.line.endings {
        let by =
            ending.at.event().and_then(|i| known.events.get(i)).map_or(Role::Unknown, |event| event.role());
        let closes = matches!(ending.category, Category::Closed | Category::Void);
        if let Some(message) = ending.owed.filter(|_| closes && by != Role::Customer) {
            let code = if message < ending.since { codes::C304 } else { codes::C306 };
            found.push(about_case(code, ending.at.at, Some(ending.at)));
        }
    }
}
