//! Spells of inactivity: where each starts, restarts and ends, when it is due, what became of it (SPEC 9).
//!
//! The case is walked row by row, once a rule. No findings here.

use super::judge::stretch_calendars;
use super::owed::unanswered;
use super::story::{END, Pos, Step, Story};
use super::{Cat, Kind, Pol, Rule, Target, Whole};

/// One spell as it was walked.
struct Walked {
    entered: Pos,
    /// The start, then every restart.
    starts: Vec<Pos>,
    end: Pos,
    ended_how: &'static str,
}

/// A row of `inactivity`; times in microseconds.
#[derive(Clone, Debug, PartialEq)]
pub struct SpellRow {
    pub rule: u32,
    pub basis: &'static str,
    pub spell: u32,
    pub entered_at: i64,
    pub started_at: i64,
    pub n_restarts: u32,
    pub due_at: Option<i64>,
    pub grace_until_at: Option<i64>,
    pub ended_at: Option<i64>,
    pub ended_how: &'static str,
    pub ended_by_role: String,
    pub ended_by: Option<String>,
    pub verdict: &'static str,
    pub idle: i64,
    pub idle_business: Option<i64>,
    pub support_owed: Option<bool>,
    pub reopened_at: Option<i64>,
    pub severity: Option<u8>,
    /// The calendar that it is measured on.
    pub calendar: Option<usize>,
}

/// Every spell, by rule, then in order of time.
pub fn rows(story: &Story, policy: &Pol, whole: &Whole) -> Vec<SpellRow> {
    let mut rows = vec![];
    for (n, rule) in policy.inactivity.iter().enumerate() {
        let infer = rule.infer && !whole.categories.contains(&rule.basis);
        for (k, walked) in walk(story, rule.basis, infer).into_iter().enumerate() {
            let row = row(story, policy, rule, &walked);
            rows.push(SpellRow { rule: n as u32 + 1, spell: k as u32 + 1, ..row });
        }
    }
    rows
}

/// Whether entering `to` closes a spell of `basis`.
fn is_close(to: Cat, basis: Cat) -> bool {
    matches!(to, Cat::Closed | Cat::Void) || (basis == Cat::WaitingCustomer && to == Cat::Resolved)
}

fn walk(story: &Story, basis: Cat, infer: bool) -> Vec<Walked> {
    let begin = |pos: Pos| Walked { entered: pos, starts: vec![pos], end: END, ended_how: "open" };
    let mut done: Vec<Walked> = vec![];
    let mut running: Option<Walked> = None;
    if !infer && story.steps[0].to == basis {
        running = Some(begin(story.steps[0].pos));
    }
    for i in story.open + 1..story.events.len() {
        let by_customer = story.events[i].role == "customer";
        let step = story.steps[1..].iter().find(|s| s.pos == (i, 2));
        let closes = step.is_some_and(|s| is_close(s.to, basis));
        // A message or a change of state by the customer, unless it is the close.
        let changes = step.is_some() || story.changes.iter().any(|c| c.pos.0 == i);
        let says = story.events[i].kind == Kind::Message;
        if by_customer && (changes || says) && !closes {
            done.extend(running.take().map(|spell| Walked { end: (i, 0), ended_how: "returned", ..spell }));
        }
        // Its message.
        let in_it = match infer {
            true => !story.category_before((i, 3)).ended(),
            false => story.category_before((i, 0)) == basis,
        };
        if story.responses.contains(&i) && in_it {
            match &mut running {
                Some(spell) => spell.starts.push((i, 0)),
                None => running = Some(begin((i, 0))),
            }
        }
        // Its status.
        let Some(step) = step else { continue };
        if closes {
            done.extend(running.take().map(|spell| close(story, spell, (i, 2))));
        } else if !infer && step.from == basis {
            done.extend(running.take().map(|spell| Walked { end: (i, 2), ended_how: "resumed", ..spell }));
        }
        if !infer && step.to == basis {
            running = Some(begin((i, 2)));
        }
    }
    done.extend(running);
    // One that starts at the instant of its own close does not exist.
    done.retain(|s| s.ended_how != "closed" || story.events[s.entered.0].at != story.events[s.end.0].at);
    done
}

/// The spell ends by a close; restarts on its row or at its instant are undone.
fn close(story: &Story, spell: Walked, end: Pos) -> Walked {
    let at = |pos: Pos| story.events[pos.0].at;
    let mut starts = spell.starts.clone();
    while starts.len() > 1 && at(starts[starts.len() - 1]) == at(end) {
        starts.pop();
    }
    Walked { starts, end, ended_how: "closed", ..spell }
}

fn row(story: &Story, policy: &Pol, rule: &Rule, walked: &Walked) -> SpellRow {
    let start = walked.starts[walked.starts.len() - 1];
    let started_at = story.events[start.0].at;
    let calendar = calendar_at(story, policy, start);
    let ender = (walked.end != END).then(|| &story.events[walked.end.0]);
    let ended_by_role = ender.map_or(String::new(), |e| e.role.clone());
    let until = ender.map_or(story.as_of, |e| e.at);
    let due_at = rule.close_after.as_ref().and_then(|length| due(policy, calendar, started_at, length));
    let grace_until_at = due_at.and_then(|due_at| limit(policy, calendar, started_at, rule, due_at));
    let closed = walked.ended_how == "closed";
    let by_support = closed && ended_by_role != "customer";
    let reopened = if by_support { reopened(story, walked.end) } else { None };
    SpellRow {
        rule: 0,
        basis: rule.basis.word(),
        spell: 0,
        entered_at: story.events[walked.entered.0].at,
        started_at,
        n_restarts: walked.starts.len() as u32 - 1,
        due_at,
        grace_until_at,
        ended_at: ender.map(|e| e.at),
        ended_how: walked.ended_how,
        ended_by: ender.and_then(|e| e.actor.clone()),
        verdict: match due_at.zip(grace_until_at) {
            _ if story.scope_reason.is_some() => "out_of_scope",
            None => "no_target",
            Some((due, limit)) => verdict(walked.ended_how, &ended_by_role, until, due, limit),
        },
        ended_by_role,
        idle: until - started_at,
        idle_business: calendar.map(|c| policy.open(c).elapsed(started_at, until)),
        support_owed: (closed && story.has_messages).then(|| unanswered(story, policy, walked.end).is_some()),
        reopened_at: reopened.map(|step| step.at),
        severity: story.severity_before(start),
        calendar,
    }
}

/// SPEC 9.2; instants are compared.
fn verdict(how: &str, role: &str, until: i64, due: i64, limit: i64) -> &'static str {
    match how {
        "closed" if role == "customer" => "closed_by_customer",
        "closed" if until < due => "early",
        "closed" if until <= limit => "on_time",
        "closed" => "late",
        "open" if until <= limit => "pending",
        "open" => "overdue",
        "returned" if until <= limit => "returned",
        "returned" => "returned_overdue",
        _ => "resumed",
    }
}

/// The calendar of the severity in force at `pos`; where that is unknown, as SPEC 7.3 has it.
fn calendar_at(story: &Story, policy: &Pol, pos: Pos) -> Option<usize> {
    let mut severities = vec![story.first_severity];
    severities.extend(story.changes.iter().map(|c| c.to));
    let n_before = story.changes.iter().filter(|c| c.pos < pos).count();
    stretch_calendars(policy, &severities)[n_before]
}

/// `start` and `length`; `None`: no calendar to measure it on.
pub fn due(policy: &Pol, calendar: Option<usize>, start: i64, length: &Target) -> Option<i64> {
    match length {
        Target::Elapsed(amount) => Some(start + amount),
        Target::Business(0) | Target::Days(0) => Some(start),
        Target::Business(amount) => calendar.map(|c| policy.open(c).add(start, *amount)),
        Target::Days(n) => calendar.map(|c| policy.open(c).days_due(start, *n)),
    }
}

/// Due and grace; of two lengths in business days the sum from the start.
fn limit(policy: &Pol, calendar: Option<usize>, start: i64, rule: &Rule, due_at: i64) -> Option<i64> {
    match (&rule.close_after, &rule.grace) {
        (_, None) => Some(due_at),
        (Some(Target::Days(n)), Some(Target::Days(m))) => due(policy, calendar, start, &Target::Days(n + m)),
        (_, Some(grace)) => due(policy, calendar, due_at, grace),
    }
}

/// The first reopening after the close at `end`: by the customer or after the customer wrote or did anything
/// since, at most 720 hours later (SPEC 9.3).
pub fn reopened(story: &Story, end: Pos) -> Option<&Step> {
    let hours = 720 * 3600 * super::SECOND;
    story.reopenings().into_iter().filter(|s| s.pos > end).find(|s| {
        let by_customer = story.events[end.0 + 1..=s.pos.0].iter().any(|e| e.role == "customer");
        by_customer && s.at - story.events[end.0].at <= hours
    })
}
