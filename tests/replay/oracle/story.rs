//! A history put in order and told from its opening: which events are responses, which change what.
//!
//! Not a judge. A [`Pos`] orders what happens in the same instant or in the same row (SPEC 2: the message
//! first, then the severity, then the status).

use chrono::NaiveDate;

use super::order::in_order;
use super::time::local;
use super::{Cat, Ev, Kind, Pol, Whole};

/// Index of the event and the part of its row: 0 message, 1 severity, 2 status, 3 the whole row.
pub type Pos = (usize, u8);

/// After everything that exists.
pub const END: Pos = (usize::MAX, 9);

/// A change of category; the first is the state at the opening.
#[derive(Clone, Debug)]
pub struct Step {
    pub pos: Pos,
    pub at: i64,
    pub from: Cat,
    pub to: Cat,
}

/// A change of severity.
#[derive(Clone, Debug)]
pub struct Change {
    pub pos: Pos,
    pub at: i64,
    pub from: Option<u8>,
    pub to: Option<u8>,
}

/// One case up to `as_of`.
pub struct Story {
    pub events: Vec<Ev>,
    pub as_of: i64,
    pub has_messages: bool,
    pub has_statuses: bool,
    pub open: usize,
    pub first_severity: Option<u8>,
    pub changes: Vec<Change>,
    pub steps: Vec<Step>,
    /// Indices of responses, and of customers' messages, after the opening.
    pub responses: Vec<usize>,
    pub customers: Vec<usize>,
    pub scope_reason: Option<&'static str>,
}

impl Story {
    /// Tells the case; `None` where nothing exists at `as_of`.
    pub fn tell(rows: &[Ev], policy: &Pol, as_of: i64, whole: &Whole) -> Option<Story> {
        let mut events = in_order(rows);
        events.retain(|e| e.at <= as_of);
        if events.is_empty() {
            return None;
        }
        let open = events.iter().position(|e| e.kind == Kind::Opened).unwrap_or(0);
        let later = || (open + 1..events.len()).filter(|&i| events[i].kind == Kind::Message);
        let responses = later().filter(|&i| policy.response_by.contains(&events[i].role)).collect();
        let customers = later().filter(|&i| events[i].role == "customer").collect();
        let first_severity = first_severity(&events, open);
        let mut story = Story {
            changes: changes(&events, open, first_severity),
            steps: steps(&events, open),
            scope_reason: None,
            first_severity,
            events,
            as_of,
            has_messages: whole.has_messages,
            has_statuses: whole.has_statuses,
            open,
            responses,
            customers,
        };
        story.scope_reason = scope(&story, policy);
        Some(story)
    }

    /// When the case was opened.
    pub fn opened_at(&self) -> i64 {
        self.events[self.open].at
    }

    /// The event that opens.
    pub fn opener(&self) -> &Ev {
        &self.events[self.open]
    }

    /// Severity in force just before `pos`.
    pub fn severity_before(&self, pos: Pos) -> Option<u8> {
        self.changes.iter().rfind(|c| c.pos < pos).map_or(self.first_severity, |c| c.to)
    }

    /// Category in force just before `pos`.
    pub fn category_before(&self, pos: Pos) -> Cat {
        self.steps.iter().rfind(|s| s.pos < pos).map_or(self.steps[0].to, |s| s.to)
    }

    /// Entries into resolved, closed or void from any other category; the opening in one of them is one.
    pub fn endings(&self) -> Vec<&Step> {
        let opening = self.steps[0].pos;
        self.steps.iter().filter(|s| s.to.ended() && (s.pos == opening || !s.from.ended())).collect()
    }

    /// Changes from resolved, closed or void to any other category.
    pub fn reopenings(&self) -> Vec<&Step> {
        self.steps[1..].iter().filter(|s| s.from.ended() && !s.to.ended()).collect()
    }
}

fn first_severity(events: &[Ev], open: usize) -> Option<u8> {
    let opened_at = events[open].at;
    let upto = events.iter().rfind(|e| e.at <= opened_at && e.severity.is_some());
    upto.or_else(|| events.iter().find(|e| e.severity.is_some())).and_then(|e| e.severity)
}

fn changes(events: &[Ev], open: usize, first: Option<u8>) -> Vec<Change> {
    let mut changes = vec![];
    let mut now = first;
    for (i, e) in events.iter().enumerate() {
        if e.at > events[open].at && e.severity.is_some() && e.severity != now {
            changes.push(Change { pos: (i, 1), at: e.at, from: now, to: e.severity });
            now = e.severity;
        }
    }
    changes
}

fn steps(events: &[Ev], open: usize) -> Vec<Step> {
    let mut now = events[..=open].iter().rev().find_map(|e| e.cat).unwrap_or(Cat::New);
    let mut steps = vec![Step { pos: (open, 3), at: events[open].at, from: now, to: now }];
    for (i, e) in events.iter().enumerate().skip(open + 1) {
        if let Some(to) = e.cat.filter(|&to| to != now) {
            steps.push(Step { pos: (i, 2), at: e.at, from: now, to });
            now = to;
        }
    }
    steps
}

fn scope(story: &Story, policy: &Pol) -> Option<&'static str> {
    if story.category_before(END) == Cat::Void {
        return Some("void");
    }
    // Of one instant the opening's, then in source order, in whatever order its rows count otherwise.
    let mut in_time: Vec<(i64, bool, usize, &Ev)> = vec![];
    in_time.extend(story.events.iter().enumerate().map(|(i, e)| (e.at, i != story.open, e.place, e)));
    in_time.sort_by_key(|&(at, later, place, _)| (at, later, place));
    let first = |name: &str| {
        let all = in_time.iter().flat_map(|(_, _, _, e)| &e.attrs);
        all.filter(|(n, v)| n == name && !v.is_empty()).map(|(_, v)| v.clone()).next()
    };
    let fits = |(name, values): &(String, Vec<String>)| first(name).is_some_and(|v| values.contains(&v));
    if !policy.include.iter().all(fits) {
        return Some("not included");
    }
    let entitled = policy.entitled.as_ref()?;
    let on = local(policy.tz, story.opened_at()).date();
    let customer = first(&entitled.key);
    let holds = |(name, from, until): &(String, Option<NaiveDate>, Option<NaiveDate>)| {
        Some(name) == customer.as_ref() && from.is_none_or(|d| d <= on) && until.is_none_or(|d| on <= d)
    };
    if entitled.rows.iter().any(holds) { None } else { Some("not entitled") }
}
