//! The row of `cases`, and the rows of `severity_changes` (SPEC 8, appendix).

use super::clocks::{Span, given};
use super::judge::{Judge, stretch_calendars};
use super::story::{END, Story};
use super::{CaseRow, Cat, ChangeRow, Kind, METRICS, Pol};

/// The row of `cases`.
pub fn row(story: &Story, policy: &Pol) -> CaseRow {
    let calendar = policy.calendar_at_once(story.first_severity);
    let message = |role: &str| {
        let all = story.events.iter().enumerate();
        all.filter(|(i, e)| *i != story.open && e.kind == Kind::Message && e.role == role).count() as u32
    };
    let entry = |cat: Cat| story.steps.iter().rfind(|s| s.to == cat);
    let closed = entry(Cat::Closed);
    CaseRow {
        opened_at: story.opened_at(),
        opened_in_hours: calendar.map(|c| policy.open(c).is_open(story.opened_at())),
        opened_by_role: story.opener().role.clone(),
        severity_first: story.first_severity,
        severity_last: story.severity_before(END),
        status_last: story.events.iter().rev().find_map(|e| e.status.clone()),
        category_last: story.category_before(END).word(),
        first_response_at: given(story, policy).map(|pos| story.events[pos.0].at),
        resolved_at: entry(Cat::Resolved).map(|s| s.at),
        closed_at: closed.map(|s| s.at),
        closed_by_role: closed.map_or(String::new(), |s| story.events[s.pos.0].role.clone()),
        n_events: story.events.len() as u32,
        n_customer_messages: message("customer"),
        n_agent_messages: message("agent"),
        n_notes: story.events.iter().filter(|e| e.kind == Kind::Note).count() as u32,
        n_severity_changes: story.changes.len() as u32,
        n_reopenings: story.reopenings().len() as u32,
        n_rounds: n_rounds(story),
        category_open: category_open(story, policy),
        scope_reason: story.scope_reason,
        // Told by the other cases.
        n_overtaken: 0,
    }
}

/// Entries into waiting_customer with a response on that row or since the entry before.
fn n_rounds(story: &Story) -> u32 {
    let mut rounds = 0;
    let mut before = story.open;
    for step in story.steps.iter().filter(|s| s.to == Cat::WaitingCustomer) {
        let entry = step.pos.0;
        if story.responses.iter().any(|&i| before < i && i <= entry) {
            rounds += 1;
        }
        before = entry;
    }
    rounds
}

/// Open time in each category by status alone, on the calendar of the severity in force.
fn category_open(story: &Story, policy: &Pol) -> [Option<i64>; 5] {
    let mut cuts: Vec<i64> = story.steps.iter().map(|s| s.at).collect();
    cuts.extend(story.changes.iter().map(|c| c.at));
    cuts.push(story.as_of);
    cuts.sort_unstable();
    let mut severities = vec![story.first_severity];
    severities.extend(story.changes.iter().map(|c| c.to));
    let calendars = stretch_calendars(policy, &severities);
    let mut sums = [Some(0i64); 5];
    for pair in cuts.windows(2) {
        let cat = story.steps.iter().rfind(|s| s.at <= pair[0]).expect("the opening").to;
        let n_changes = story.changes.iter().filter(|c| c.at <= pair[0]).count();
        let open = calendars[n_changes].map(|c| policy.open(c).elapsed(pair[0], pair[1]));
        if let Some(sum) = sums.get_mut(cat as usize) {
            *sum = sum.zip(open).map(|(sum, open)| sum + open);
        }
    }
    match calendars[0] {
        Some(_) => sums,
        None => [None; 5],
    }
}

/// The rows of `severity_changes`.
pub fn changes(story: &Story, policy: &Pol, spans: &[Span], judge: &Judge) -> Vec<ChangeRow> {
    let mut severities = vec![story.first_severity];
    severities.extend(story.changes.iter().map(|c| c.to));
    let calendars = stretch_calendars(policy, &severities);
    let mut rows = vec![];
    let (mut from_at, mut business) = (story.opened_at(), Some(0));
    for (n, change) in story.changes.iter().enumerate() {
        let open = calendars[n].map(|c| policy.open(c).elapsed(from_at, change.at));
        business = business.zip(open).map(|(sum, open)| sum + open);
        from_at = change.at;
        let given = given(story, policy);
        let mut metrics = vec![];
        for span in spans {
            if let Some(k) = judge.within(span).iter().position(|c| c.pos == change.pos) {
                let (masked, exposed) = judge.flags(span, k);
                let over = judge.over_before(span, k);
                metrics.push((METRICS[span.metric], span.cycle, over, masked, exposed));
            }
        }
        rows.push(ChangeRow {
            number: n as u32 + 1,
            changed_at: change.at,
            from: change.from,
            to: change.to,
            direction: if change.to < change.from { "upgrade" } else { "downgrade" },
            role: story.events[change.pos.0].role.clone(),
            actor: story.events[change.pos.0].actor.clone(),
            since_opening: change.at - story.opened_at(),
            since_opening_business: business,
            before_first_response: given.is_none_or(|pos| change.pos < pos),
            returned_to_first: change.to == story.first_severity,
            metrics,
        });
    }
    rows
}
