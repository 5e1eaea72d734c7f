//! The clocks of a case as bare spans: where each starts, where and how it stops, when it stands still.
//!
//! No target and no verdict here (SPEC 7.1, 7.2 without the counting).

use super::story::{END, Pos, Step, Story};
use super::{Cat, Pol};

/// How a clock ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    Running,
    /// Stopped as it should: by a response, or by entering resolved, closed or void.
    Done,
    /// Stopped as it should, by a change of status that stands for a response: inferred, or a resolution that answers.
    Inferred,
    /// The case ended first, by the customer or by anybody else.
    EndedByCustomer,
    EndedByOther,
}

/// A stretch of one state between two places of the history.
#[derive(Clone, Debug)]
pub struct Seg {
    pub from: Pos,
    pub to: Pos,
    pub paused: bool,
    /// The status alone would have paused; the customer's message ended it.
    pub stale: bool,
}

/// One clock.
#[derive(Clone, Debug)]
pub struct Span {
    pub metric: usize,
    pub cycle: u32,
    pub start: Pos,
    pub start_at: i64,
    pub stop: Pos,
    /// The stop, or `as_of`.
    pub end_at: i64,
    pub how: How,
    pub segs: Vec<Seg>,
    pub exempt: Option<&'static str>,
}

/// Every clock, in order of metric and cycle.
pub fn spans(story: &Story, policy: &Pol) -> Vec<Span> {
    let exempt = exempt(story, policy);
    let first = first_response(story, policy, exempt);
    let mut spans = vec![first.clone()];
    if opened_after_hours(story, policy) {
        spans.push(Span { metric: 1, ..first.clone() });
    }
    spans.extend(next_responses(story, policy, &first));
    spans.extend(updates(story, policy));
    spans.extend(resolutions(story, policy));
    spans
}

fn opened_after_hours(story: &Story, policy: &Pol) -> bool {
    let level = policy.level(story.first_severity);
    level.is_some_and(|level| !policy.open(level.calendar).is_open(story.opened_at()))
}

/// Why `first_response` does not apply.
pub fn exempt(story: &Story, policy: &Pol) -> Option<&'static str> {
    let opened_at = story.opened_at();
    let after_instant = story.steps.iter().rfind(|s| s.at <= opened_at).map(|s| s.to);
    if story.opener().role == "agent" && !policy.agent_opened_measured {
        Some("agent opened")
    } else if !story.has_messages && after_instant != Some(Cat::New) {
        Some("never new")
    } else {
        None
    }
}

/// A span of an unpaused metric, to the earliest of `stops`.
fn unpaused(story: &Story, metric: usize, start: Pos, stops: &[(Pos, How)]) -> Span {
    let (stop, how) = stops.iter().copied().min_by_key(|s| s.0).unwrap_or((END, How::Running));
    let start_at = story.events[start.0].at;
    let end_at = if stop == END { story.as_of } else { story.events[stop.0].at };
    let seg = Seg { from: start, to: stop, paused: false, stale: false };
    Span { metric, cycle: 1, start, start_at, stop, end_at, how, segs: vec![seg], exempt: None }
}

/// How the end of the case ends what waits for an answer (SPEC 7.2).
fn ended(story: &Story, policy: &Pol, step: &Step) -> (Pos, How) {
    let how = match story.events[step.pos.0].role.as_str() {
        "agent" if policy.resolution_answers && step.to != Cat::Void => How::Inferred,
        "customer" => How::EndedByCustomer,
        _ => How::EndedByOther,
    };
    (step.pos, how)
}

/// The first response really given: a message, or what stands for one.
pub fn given(story: &Story, policy: &Pol) -> Option<Pos> {
    let spans = spans(story, policy);
    let inferred = spans.iter().filter(|s| s.how == How::Inferred).map(|s| s.stop);
    inferred.chain(story.responses.iter().map(|&i| (i, 0))).min()
}

/// The change that stands for a response in an input without messages; it is one only while the case waits for
/// it, so none comes after the case has once ended.
fn inferred(story: &Story) -> Option<Pos> {
    let opened_at = story.opened_at();
    let by_agent = |s: &&Step| s.from == Cat::New && story.events[s.pos.0].role == "agent";
    let at = |s: &&Step| s.at > opened_at;
    if story.has_messages {
        return None;
    }
    let ended = story.endings().first().map_or(END, |end| end.pos);
    let first = story.steps[1..].iter().filter(at).find(by_agent).map(|s| s.pos);
    first.filter(|pos| *pos <= ended)
}

fn first_response(story: &Story, policy: &Pol, exempt: Option<&'static str>) -> Span {
    let mut stops: Vec<(Pos, How)> = vec![];
    // The inferred response comes first in the list: of one row it goes before the end of the case.
    stops.extend(inferred(story).map(|pos| (pos, How::Inferred)));
    stops.extend(story.responses.iter().map(|&i| ((i, 0), How::Done)));
    stops.extend(story.endings().into_iter().map(|step| ended(story, policy, step)));
    Span { exempt, ..unpaused(story, 0, (story.open, 3), &stops) }
}

/// SPEC 7.1: from the first unanswered customer message to the next response.
fn next_responses(story: &Story, policy: &Pol, first: &Span) -> Vec<Span> {
    let agent_opened = story.opener().role == "agent" && !policy.agent_opened_measured;
    let mut spans: Vec<Span> = vec![];
    let mut running: Option<Pos> = None;
    let mut thanks: Option<Pos> = None;
    let mut push = |start: Pos, stops: &[(Pos, How)]| {
        let cycle = spans.len() as u32 + 1;
        spans.push(Span { cycle, ..unpaused(story, 2, start, stops) });
    };
    for i in story.open + 1..story.events.len() {
        let answered = agent_opened || first.stop < (i, 0);
        let cat = story.category_before((i, 0));
        if story.responses.contains(&i) {
            thanks = None;
            if let Some(start) = running.take() {
                push(start, &[((i, 0), How::Done)]);
            }
        } else if story.customers.contains(&i) && answered && running.is_none() {
            if cat.ended() {
                thanks = thanks.or(Some((i, 0)));
            } else {
                running = Some((i, 0));
            }
        }
        let Some(step) = story.steps.iter().find(|s| s.pos == (i, 2)) else { continue };
        if step.to.ended() && !step.from.ended() {
            if let Some(start) = running.take() {
                push(start, &[ended(story, policy, step)]);
            }
        } else if step.from.ended() && !step.to.ended() {
            running = thanks.take();
        }
    }
    if let Some(start) = running {
        push(start, &[]);
    }
    spans
}

fn updates(story: &Story, policy: &Pol) -> Vec<Span> {
    let leaves_open = |i: usize| !story.category_before((i, 3)).ended();
    let mut starts: Vec<Pos> = vec![];
    if !story.steps[0].to.ended() {
        starts.push((story.open, 3));
    }
    starts.extend(story.responses.iter().filter(|&&i| leaves_open(i)).map(|&i| (i, 0)));
    let mut spans = vec![];
    for start in starts {
        let mut stops: Vec<(Pos, How)> = vec![];
        stops.extend(story.responses.iter().map(|&i| ((i, 0), How::Done)));
        stops.extend(story.endings().into_iter().map(|s| (s.pos, How::Done)));
        stops.retain(|s| s.0 > start);
        let bare = unpaused(story, 3, start, &stops);
        let segs = pauses(story, policy, &bare);
        spans.push(Span { cycle: spans.len() as u32 + 1, segs, ..bare });
    }
    spans
}

fn resolutions(story: &Story, policy: &Pol) -> Vec<Span> {
    let mut starts = vec![(story.open, 3)];
    if policy.reopen_restarts {
        starts.extend(story.reopenings().into_iter().map(|s| s.pos));
    }
    let mut spans = vec![];
    for (n, &start) in starts.iter().enumerate() {
        let next = starts.get(n + 1).copied().unwrap_or(END);
        let within = |s: &&&Step| start <= s.pos && s.pos < next;
        let endings = story.endings();
        let last = endings.iter().rfind(within);
        // Reopened after its last end, in a resumed clock: it runs again.
        let again = |end: &Step| story.reopenings().iter().any(|r| end.pos < r.pos && r.pos < next);
        let stops: Vec<(Pos, How)> =
            last.filter(|end| !again(end)).map(|end| (end.pos, How::Done)).into_iter().collect();
        let bare = unpaused(story, 4, start, &stops);
        let segs = pauses(story, policy, &bare);
        spans.push(Span { cycle: n as u32 + 1, segs, ..bare });
    }
    spans
}

/// The stretches of a pausing clock, cut at every row.
fn pauses(story: &Story, policy: &Pol, span: &Span) -> Vec<Seg> {
    let mut cuts: Vec<Pos> = vec![span.start];
    for i in story.open + 1..story.events.len() {
        cuts.extend([(i, 0), (i, 2)]);
    }
    cuts.retain(|&pos| span.start <= pos && pos < span.stop);
    let mut segs = vec![];
    for (n, &from) in cuts.iter().enumerate() {
        let to = cuts.get(n + 1).copied().unwrap_or(span.stop);
        let (paused, stale) = state_from(story, policy, from);
        segs.push(Seg { from, to, paused, stale });
    }
    segs
}

/// Whether a pausing clock stands still from `pos` on (what `pos` itself brings included).
fn state_from(story: &Story, policy: &Pol, pos: Pos) -> (bool, bool) {
    let step = story.steps.iter().rfind(|s| s.pos <= pos).expect("the opening");
    if step.to.ended() {
        return (true, false);
    }
    if !policy.pause_in.contains(&step.to) {
        return (false, false);
    }
    if step.to != Cat::WaitingCustomer || !policy.customer_message_resumes {
        return (true, false);
    }
    let since = |&&i: &&usize| step.pos < (i, 0) && (i, 0) <= pos;
    let customer = story.customers.iter().rfind(since);
    let response = story.responses.iter().rfind(since);
    let written_last = customer.is_some() && customer > response;
    (!written_last, written_last)
}
