//! What the library says of a case beside what the oracle says, column by column, in microseconds.

use std::fmt::Debug;

use slaudit::calendar::{Amount, Duration, Instant};
use slaudit::history::{History, Role};
use slaudit::policy::PromiseKind;
use slaudit::replay::{CaseFacts, ChangeFact, ClockFact, OvertakenFact, SpellFact};

use super::oracle::{CaseRow, ChangeRow, ClockRow, Facts, Finding, OvertakenRow, SpellRow, Target};

/// Every column in which the two differ: `name: oracle …, library …`. Only clocks of `metrics` are compared.
pub fn differences(oracle: &Facts, library: &CaseFacts, history: &History, metrics: &[&str]) -> Vec<String> {
    let mut found = Found { place: "cases".into(), lines: vec![] };
    case(&mut found, &oracle.case, library, history);
    let ours: Vec<&ClockRow> = oracle.clocks.iter().filter(|c| metrics.contains(&c.metric)).collect();
    let name = |metric: &str, cycle: u32| format!("{metric} {cycle}");
    found.place = "clocks".into();
    let our_names: Vec<String> = ours.iter().map(|c| name(c.metric, c.cycle)).collect();
    let their_names: Vec<String> = library.clocks.iter().map(|c| name(c.metric.word(), c.cycle)).collect();
    found.compare("rows", &our_names, &their_names);
    if our_names == their_names {
        for (ours, theirs) in ours.iter().zip(&library.clocks) {
            found.place = name(ours.metric, ours.cycle);
            clock(&mut found, ours, theirs, history);
        }
    }
    changes(&mut found, &oracle.changes, &library.changes, history);
    spells(&mut found, &oracle.spells, &library.spells, history);
    found.place = "overtaken".into();
    overtaken(&mut found, oracle.overtaken.as_ref(), library.overtaken.as_ref(), history);
    found.place = "findings".into();
    found.compare("rows", &oracle.findings, &findings(library));
    found.lines
}

struct Found {
    place: String,
    lines: Vec<String>,
}

impl Found {
    fn compare<T: PartialEq + Debug + ?Sized>(&mut self, column: &str, oracle: &T, library: &T) {
        if oracle != library {
            self.lines.push(format!("{} {column}: oracle {oracle:?}, library {library:?}", self.place));
        }
    }
}

fn micros(t: Option<Instant>) -> Option<i64> {
    t.map(Instant::micros)
}

fn role(role: Role) -> String {
    role.word().unwrap_or("").to_string()
}

fn case(found: &mut Found, ours: &CaseRow, library: &CaseFacts, history: &History) {
    let theirs = &library.case;
    let status = theirs.status_last.get().map(|i| history.statuses.at(i).to_string());
    found.compare("opened_at", &ours.opened_at, &theirs.opened_at.micros());
    found.compare("opened_in_hours", &ours.opened_in_hours, &theirs.opened_in_hours);
    found.compare("opened_by_role", &ours.opened_by_role, &role(theirs.opened_by_role));
    found.compare("severity_first", &ours.severity_first, &theirs.severity_first);
    found.compare("severity_last", &ours.severity_last, &theirs.severity_last);
    found.compare("status_last", &ours.status_last, &status);
    found.compare("category_last", ours.category_last, theirs.category_last.word());
    found.compare("first_response_at", &ours.first_response_at, &micros(theirs.first_response_at));
    found.compare("resolved_at", &ours.resolved_at, &micros(theirs.resolved_at));
    found.compare("closed_at", &ours.closed_at, &micros(theirs.closed_at));
    found.compare("closed_by_role", &ours.closed_by_role, &role(theirs.closed_by_role));
    found.compare("n_events", &ours.n_events, &theirs.n_events);
    found.compare("n_customer_messages", &ours.n_customer_messages, &theirs.n_customer_messages);
    found.compare("n_agent_messages", &ours.n_agent_messages, &theirs.n_agent_messages);
    found.compare("n_notes", &ours.n_notes, &theirs.n_notes);
    found.compare("n_severity_changes", &ours.n_severity_changes, &theirs.n_severity_changes);
    found.compare("n_reopenings", &ours.n_reopenings, &theirs.n_reopenings);
    found.compare("n_rounds", &ours.n_rounds, &theirs.n_rounds);
    found.compare("n_overtaken", &ours.n_overtaken, &theirs.n_overtaken);
    let open = theirs.category_open.map_or([None; 5], |all| all.map(Some));
    found.compare("open time by category", &ours.category_open, &open);
    found.compare("scope_reason", &ours.scope_reason, &theirs.out_of_scope.map(|r| r.word()));
}

fn clock(found: &mut Found, ours: &ClockRow, theirs: &ClockFact, history: &History) {
    let kind = theirs.kind.map(|k| match k {
        PromiseKind::Commitment => "commitment",
        PromiseKind::BestEffort => "best_effort",
    });
    let source = theirs.source.map(|s| match s {
        slaudit::replay::Source::Message => "message",
        slaudit::replay::Source::Status => "status",
    });
    let by = history.actors.get(theirs.stopped_by).map(str::to_string);
    found.compare("started_at", &ours.started_at, &theirs.started_at.micros());
    found.compare("stopped_at", &ours.stopped_at, &micros(theirs.stopped_at));
    found.compare("stopped_by_role", &ours.stopped_by_role, &role(theirs.stopped_by_role));
    found.compare("stopped_by", &ours.stopped_by, &by);
    found.compare("source", &ours.source, &source);
    found.compare("due_at", &ours.due_at, &micros(theirs.due_at));
    found.compare("elapsed", &ours.elapsed, &theirs.elapsed);
    found.compare("paused", &ours.paused, &theirs.paused);
    found.compare("business", &ours.business, &theirs.business);
    found.compare("stale_pause", &ours.stale_pause, &theirs.stale_pause);
    found.compare("target", &ours.target, &theirs.target.map(target));
    found.compare("target_s", &ours.target_amount, &theirs.target_amount);
    found.compare("margin", &ours.margin, &theirs.margin);
    let same_share = match (ours.used_share, &theirs.used_share) {
        (Some((n, d)), Some(share)) => share.numerator.clone() * d == share.denominator.clone() * n,
        (ours, theirs) => ours.is_none() && theirs.is_none(),
    };
    if !same_share {
        let (ours, theirs) = (ours.used_share, &theirs.used_share);
        found.lines.push(format!("{} used_share: oracle {ours:?}, library {theirs:?}", found.place));
    }
    found.compare("verdict", ours.verdict, theirs.verdict.word());
    found.compare("reason", &ours.reason, &theirs.reason.map(|r| r.word()));
    found.compare("kind", &ours.kind, &kind);
    found.compare("severity_at_start", &ours.severity_at_start, &theirs.severity_at_start);
    found.compare("severity_at_stop", &ours.severity_at_stop, &theirs.severity_at_stop);
    found.compare("n_severity_changes", &ours.n_severity_changes, &theirs.n_severity_changes);
    found.compare("started_in_hours", &ours.started_in_hours, &theirs.started_in_hours);
    found.compare("over_before", &ours.over_before, &theirs.over_before);
    found.compare("masked", &ours.masked, &theirs.masked);
    found.compare("exposed", &ours.exposed, &theirs.exposed);
    let first = theirs.verdict_at_first_severity.word();
    found.compare("verdict_at_first_severity", ours.verdict_at_first_severity, first);
}

fn changes(found: &mut Found, ours: &[ChangeRow], theirs: &[ChangeFact], history: &History) {
    found.place = "severity_changes".into();
    found.compare("rows", &ours.len(), &theirs.len());
    for (ours, theirs) in ours.iter().zip(theirs) {
        found.place = format!("change {}", ours.number);
        let actor = history.actors.get(theirs.actor).map(str::to_string);
        let clocks: Vec<_> = theirs
            .clocks
            .iter()
            .map(|c| (c.metric.word(), c.cycle, c.over_before, c.masked, c.exposed))
            .collect();
        found.compare("change", &ours.number, &theirs.change);
        found.compare("changed_at", &ours.changed_at, &theirs.changed_at.micros());
        found.compare("from_severity", &ours.from, &theirs.from_severity);
        found.compare("to_severity", &ours.to, &theirs.to_severity);
        found.compare("direction", ours.direction, theirs.direction.word());
        found.compare("role", &ours.role, &role(theirs.role));
        found.compare("actor", &ours.actor, &actor);
        found.compare("since_opening", &ours.since_opening, &theirs.since_opening);
        let business = &theirs.since_opening_business;
        found.compare("since_opening_business", &ours.since_opening_business, business);
        let before = &theirs.before_first_response;
        found.compare("before_first_response", &ours.before_first_response, before);
        found.compare("returned_to_first", &ours.returned_to_first, &theirs.returned_to_first);
        found.compare("metrics", &ours.metrics, &clocks);
    }
}

fn spells(found: &mut Found, ours: &[SpellRow], theirs: &[SpellFact], history: &History) {
    let entered = |s: &SpellFact| (s.rule, s.spell, s.entered_at.micros());
    let our_names: Vec<_> = ours.iter().map(|s| (s.rule, s.spell, s.entered_at)).collect();
    let their_names: Vec<_> = theirs.iter().map(entered).collect();
    found.place = "inactivity".into();
    found.compare("rows", &our_names, &their_names);
    for (ours, theirs) in ours.iter().zip(theirs) {
        found.place = format!("spell {} {}", ours.basis, ours.spell);
        let by = history.actors.get(theirs.ended_by).map(str::to_string);
        found.compare("basis", ours.basis, theirs.basis.word());
        found.compare("started_at", &ours.started_at, &theirs.started_at.micros());
        found.compare("n_restarts", &ours.n_restarts, &theirs.n_restarts);
        found.compare("due_at", &ours.due_at, &micros(theirs.due_at));
        found.compare("grace_until_at", &ours.grace_until_at, &micros(theirs.grace_until_at));
        found.compare("ended_at", &ours.ended_at, &micros(theirs.ended_at));
        found.compare("ended_how", ours.ended_how, theirs.ended_how.word());
        found.compare("ended_by_role", &ours.ended_by_role, &role(theirs.ended_by_role));
        found.compare("ended_by", &ours.ended_by, &by);
        found.compare("verdict", ours.verdict, theirs.verdict.word());
        found.compare("idle", &ours.idle, &theirs.idle);
        found.compare("idle_business", &ours.idle_business, &theirs.idle_business);
        found.compare("support_owed", &ours.support_owed, &theirs.support_owed);
        found.compare("reopened_at", &ours.reopened_at, &micros(theirs.reopened_at));
        found.compare("severity", &ours.severity, &theirs.severity);
    }
}

fn overtaken(
    found: &mut Found,
    ours: Option<&OvertakenRow>,
    theirs: Option<&OvertakenFact>,
    history: &History,
) {
    let row = |t: &OvertakenFact| OvertakenRow {
        responded_at: t.responded_at.micros(),
        severity: t.severity,
        n_overtaken: t.n_overtaken,
        worst: t
            .worst
            .map(|w| (history.case_ids.at(w.case as usize).to_string(), w.severity, w.waited_business)),
    };
    found.compare("row", &ours.cloned(), &theirs.map(row));
}

/// The library's findings of the sorts that the oracle makes, in the oracle's order.
fn findings(library: &CaseFacts) -> Vec<Finding> {
    let ours = |code: &str| !code.starts_with('D') && code != "E602";
    let all = library.findings.iter().filter(|f| ours(f.code));
    let clock = |c: (slaudit::replay::Metric, u32)| (c.0.word(), c.1);
    let mut all: Vec<Finding> = all.map(|f| (f.code, f.at.micros(), f.clock.map(clock))).collect();
    all.sort_by_key(|&(code, at, clock)| (at, code, clock));
    all
}

fn target(duration: Duration) -> Target {
    match duration.amount() {
        Amount::Elapsed(micros) => Target::Elapsed(micros),
        Amount::Business(micros) => Target::Business(micros),
        Amount::BusinessDays(days) => Target::Days(days),
    }
}
