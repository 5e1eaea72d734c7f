//! Findings of SPEC 12 that the facts of one case can tell: data, clocks, changes of severity, closures, priority.
//! It measures nothing; the words of a finding are made where it is written.

use crate::calendar::Instant;
use crate::codes;
use crate::history::{Category, Role};

use super::case::Known;
use super::fact::{
    About, CaseFacts, CaseFinding, ClockFact, Direction, Metric, Reason, SpellVerdict, Verdict,
};

/// Changes of severity from which a case is said to flap.
const FLAPPING: usize = 3;

/// Fills `facts.findings` from what is known of the case and from its other facts.
pub fn findings(known: &Known<'_>, facts: &mut CaseFacts) {
    let mut found = std::mem::take(&mut facts.findings);
    of_data(known, &mut found);
    of_clocks(known, &facts.clocks, &mut found);
    // Whatever was done to a case that the policy does not cover, it breaks no rule of the policy.
    if known.out_of_scope.is_none() {
        of_changes(facts, &mut found);
        of_spells(known, facts, &mut found);
        of_endings(known, &mut found);
        if let Some(response) = facts.overtaken.filter(|response| response.n_overtaken > 0) {
            found.push(about_case(codes::P401, response.responded_at));
        }
    }
    found.sort_by_key(|finding| (finding.at, finding.code));
    facts.findings = found;
}

const fn about_case(code: &'static str, at: Instant) -> CaseFinding {
    CaseFinding { code, at, clock: None, about: About::Case, n_events: 1 }
}

fn of_data(known: &Known<'_>, found: &mut Vec<CaseFinding>) {
    let line = known.line;
    let mut data = |code, at, n_events| found.push(CaseFinding { n_events, ..about_case(code, at) });
    if line.without_opening {
        data(codes::D504, line.opened_at, 1);
    }
    if line.opening > 0 {
        data(codes::D514, line.opened_at, line.opening as u32);
    }
    if let Some((at, n)) = line.after_close {
        data(codes::D505, at, n);
    }
    if known.out_of_scope == Some(Reason::NotEntitled) {
        data(codes::E601, line.opened_at, 1);
    }
    if known.before_first_version {
        data(codes::E602, line.opened_at, 1);
    }
}

fn of_clocks(known: &Known<'_>, clocks: &[ClockFact], found: &mut Vec<CaseFinding>) {
    for clock in clocks {
        let at = clock.stopped_at.unwrap_or(known.as_of);
        let mut about = |code| {
            found.push(CaseFinding { clock: Some((clock.metric, clock.cycle)), ..about_case(code, at) });
        };
        if let Some(code) = breach_code(clock) {
            about(code);
        }
        if clock.stale_pause > 0 && clock.verdict != Verdict::OutOfScope {
            about(codes::R108);
        }
    }
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

fn of_changes(facts: &CaseFacts, found: &mut Vec<CaseFinding>) {
    for (i, change) in facts.changes.iter().enumerate() {
        let about = About::Change(i as u32);
        let mut push = |code, clock| {
            found.push(CaseFinding { clock, about, ..about_case(code, change.changed_at) });
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
            let at = spell.ended_at.unwrap_or(known.as_of);
            found.push(CaseFinding { about, ..about_case(code, at) });
        }
        // Two rules may have ended a spell before one reopening: it is one finding.
        if let Some(at) = spell.reopened_at.filter(|at| !reopenings.contains(at)) {
            reopenings.push(at);
            found.push(CaseFinding { about, ..about_case(codes::C305, at) });
        }
    }
}

/// Closed while support owed an answer, not by the customer (SPEC 9.3).
fn of_endings(known: &Known<'_>, found: &mut Vec<CaseFinding>) {
    for ending in &known.line.endings {
        let by =
            ending.at.event().and_then(|i| known.events.get(i)).map_or(Role::Unknown, |event| event.role);
        let closes = matches!(ending.category, Category::Closed | Category::Void);
        if let Some(message) = ending.owed.filter(|_| closes && by != Role::Customer) {
            let code = if message < ending.since { codes::C304 } else { codes::C306 };
            found.push(about_case(code, ending.at.at));
        }
    }
}
