//! One clock judged under any list of severities: used time, target, due, verdict, and the row of `clocks`.
//!
//! "Undoing" a change is judging the same span under a shorter list (SPEC 7.3).

use super::clocks::{How, Span};
use super::story::{Change, END, Pos, Story};
use super::{ClockRow, METRICS, Mode, Pol, Target};

/// Judges the clocks of one case.
pub struct Judge<'a> {
    pub story: &'a Story,
    pub policy: &'a Pol,
}

/// What one judgement found.
pub struct Judged {
    pub start: Pos,
    pub start_at: i64,
    pub business: Option<i64>,
    pub paused: i64,
    pub stale: i64,
    pub target: Option<Target>,
    pub amount: Option<i64>,
    pub used: Option<i64>,
    pub share: Option<(i128, i128)>,
    pub due_at: Option<i64>,
    pub verdict: &'static str,
    /// Used more than the target, whatever the verdict says first.
    pub over: bool,
}

/// A stretch with one severity, paused or not.
struct Piece {
    from_at: i64,
    to_at: i64,
    paused: bool,
    stale: bool,
    /// Index into the list of severities.
    severity: usize,
}

impl Judge<'_> {
    /// The row of `clocks`.
    pub fn row(&self, span: &Span) -> ClockRow {
        let story = self.story;
        let changes = self.within(span);
        let list: Vec<&Change> = changes.iter().collect();
        let now = self.judge(span, &list, None);
        let held = self.judge(span, &[], None);
        let first = self.judge(span, &[], Some(story.first_severity));
        let stopper = (span.stop != END).then(|| &story.events[span.stop.0]);
        let severity_at_start = story.severity_before(after(now.start));
        let calendar = match span.metric {
            1 => self.policy.calendar_at_once(story.first_severity),
            _ => self.policy.calendar_at_once(severity_at_start),
        };
        ClockRow {
            metric: METRICS[span.metric],
            cycle: span.cycle,
            started_at: now.start_at,
            stopped_at: stopper.map(|e| e.at),
            stopped_by_role: stopper.map_or(String::new(), |e| e.role.clone()),
            stopped_by: stopper.and_then(|e| e.actor.clone()),
            source: source(span),
            due_at: now.due_at,
            elapsed: span.end_at - now.start_at,
            paused: now.paused,
            business: now.business,
            stale_pause: now.stale,
            target_amount: now.target.as_ref().and_then(fixed),
            margin: now.amount.zip(now.used).map(|(amount, used)| amount - used),
            used_share: now.share,
            kind: now.target.as_ref().map(|_| self.kind(span)),
            target: now.target,
            verdict: now.verdict,
            reason: story.scope_reason.or(span.exempt),
            severity_at_start,
            severity_at_stop: story.severity_before(span.stop),
            n_severity_changes: changes.len() as u32,
            started_in_hours: calendar.map(|c| self.policy.open(c).is_open(now.start_at)),
            over_before: (0..changes.len()).any(|k| self.over_before(span, k)),
            masked: span.metric != 1 && turned(held.verdict, now.verdict),
            exposed: span.metric != 1 && turned(now.verdict, held.verdict),
            verdict_at_first_severity: first.verdict,
        }
    }

    fn kind(&self, span: &Span) -> &'static str {
        if span.metric != 1 || self.policy.after_hours_commitment { "commitment" } else { "best_effort" }
    }

    /// The changes of severity while the clock ran.
    pub fn within(&self, span: &Span) -> Vec<Change> {
        let all = self.story.changes.iter();
        all.filter(|c| span.start < c.pos && c.pos < span.stop).cloned().collect()
    }

    /// Over target at change `k`, judged without it.
    pub fn over_before(&self, span: &Span, k: usize) -> bool {
        let changes = self.within(span);
        let cut = cut_at(span, &changes[k]);
        let list: Vec<&Change> = changes[..k].iter().collect();
        let judged = self.judge(&cut, &list, None);
        // Under `prorate` a clock is over as soon as its shares say so, also while its severity is unknown.
        judged.over && !["out_of_scope", "exempt", "not_seen"].contains(&judged.verdict)
    }

    /// Masked and exposed by change `k`.
    pub fn flags(&self, span: &Span, k: usize) -> (bool, bool) {
        if span.metric == 1 {
            return (false, false);
        }
        let changes = self.within(span);
        let list: Vec<&Change> = changes.iter().collect();
        let without = self.judge(span, &list[..k], None).verdict;
        let with = self.judge(span, &list[..=k], None).verdict;
        (turned(without, with), turned(with, without))
    }

    /// Judges `span` had only `changes` been made; `first`: another severity at its start.
    pub fn judge(&self, span: &Span, changes: &[&Change], first: Option<Option<u8>>) -> Judged {
        let at_start = first.unwrap_or_else(|| self.story.severity_before(after(span.start)));
        let mode = if span.metric == 1 { Mode::Keep } else { self.policy.mode };
        let mut start = (span.start, span.start_at);
        let mut list: Vec<(Pos, Option<u8>)> = vec![(span.start, at_start)];
        list.extend(changes.iter().map(|c| (c.pos, c.to)));
        match (mode, changes.last()) {
            (Mode::Keep, _) => list.truncate(1),
            (Mode::Restart, Some(last)) => {
                start = (last.pos, last.at);
                list = vec![(last.pos, last.to)];
            }
            _ => {}
        }
        if span.metric == 1 {
            list[0].1 = self.story.first_severity;
        }
        let calendars = self.calendars(&list);
        let pieces = self.pieces(span, &list);
        self.measure(span, mode, start, &list, &calendars, &pieces)
    }

    /// The span cut where it pauses, resumes or changes its severity.
    fn pieces(&self, span: &Span, list: &[(Pos, Option<u8>)]) -> Vec<Piece> {
        let at = |pos: Pos| if pos == END { span.end_at } else { self.story.events[pos.0].at };
        let mut pieces = vec![];
        for seg in &span.segs {
            for (severity, &(from, _)) in list.iter().enumerate() {
                let to = list.get(severity + 1).map_or(END, |next| next.0);
                let (a, b) = (seg.from.max(from), seg.to.min(to));
                if a < b {
                    let (paused, stale) = (seg.paused, seg.stale);
                    pieces.push(Piece { from_at: at(a), to_at: at(b), paused, stale, severity });
                }
            }
        }
        pieces
    }

    fn measure(
        &self,
        span: &Span,
        mode: Mode,
        start: (Pos, i64),
        list: &[(Pos, Option<u8>)],
        calendars: &[Option<usize>],
        pieces: &[Piece],
    ) -> Judged {
        let severity = list[list.len() - 1].1;
        let promise = |&(_, severity): &(Pos, Option<u8>)| self.target(span.metric, severity);
        let target = match mode {
            Mode::Prorate => list.iter().rev().find_map(promise),
            _ => self.target(span.metric, severity),
        };
        let last_calendar = calendars[calendars.len() - 1];
        let amount = target.as_ref().map(|t| self.amount(t, start.1, last_calendar));
        let open = |p: &Piece| calendars[p.severity].map(|c| self.open(c, p));
        let open_time: Option<i64> = pieces.iter().filter(|p| !p.paused).map(open).sum();
        let business = open_time.filter(|_| last_calendar.is_some());
        let wall: i64 = pieces.iter().filter(|p| !p.paused).map(|p| p.to_at - p.from_at).sum();
        let used = match target {
            Some(Target::Elapsed(_)) => Some(wall),
            Some(_) => business,
            None => None,
        };
        let share =
            (mode == Mode::Prorate).then(|| self.share(span.metric, start.1, list, calendars, pieces));
        let over = match share {
            Some((n, d)) => n > d,
            None => amount.zip(used).is_some_and(|(amount, used)| used > amount),
        };
        let promised = match mode {
            Mode::Prorate => list.iter().any(|(_, s)| self.target(span.metric, *s).is_some()),
            _ => target.is_some(),
        };
        let elapsed_target = matches!(target, Some(Target::Elapsed(_)));
        let due_at = match amount.filter(|_| mode != Mode::Prorate) {
            Some(amount) if elapsed_target => self.due(span, pieces, &vec![None; list.len()], amount),
            Some(amount) => self.due(span, pieces, calendars, amount),
            None => None,
        };
        let total =
            |which: fn(&Piece) -> bool| pieces.iter().filter(|p| which(p)).map(|p| p.to_at - p.from_at).sum();
        Judged {
            start: start.0,
            start_at: start.1,
            business,
            paused: total(|p| p.paused),
            stale: total(|p| p.stale),
            verdict: self.verdict(span, severity, promised, over),
            over,
            amount: amount.filter(|_| mode != Mode::Prorate),
            target,
            used,
            share: share.filter(|_| promised),
            due_at,
        }
    }

    fn verdict(&self, span: &Span, severity: Option<u8>, promised: bool, over: bool) -> &'static str {
        let known = self.policy.level(severity).is_some();
        match span.how {
            _ if self.story.scope_reason.is_some() => "out_of_scope",
            _ if span.exempt.is_some() => "exempt",
            _ if !self.is_seen(span.metric) => "not_seen",
            _ if !known => "no_severity",
            _ if !promised => "no_target",
            How::EndedByCustomer if !over => "withdrawn",
            How::EndedByOther => "unanswered",
            _ if over => "missed",
            How::Running => "pending",
            _ => "met",
        }
    }

    /// Whether the input can show what stops a clock (SPEC 7.6).
    fn is_seen(&self, metric: usize) -> bool {
        let answers = ["first_response", "after_hours_response", "next_response"].contains(&METRICS[metric]);
        self.story.has_statuses || answers && self.story.has_messages
    }

    fn target(&self, metric: usize, severity: Option<u8>) -> Option<Target> {
        let level = self.policy.level(severity)?;
        if metric == 1 { self.policy.after_hours.clone() } else { level.targets[metric].clone() }
    }

    fn amount(&self, target: &Target, start: i64, calendar: Option<usize>) -> i64 {
        match (target, calendar) {
            (Target::Days(n), Some(c)) => {
                let calendar = &self.policy.open(c);
                calendar.elapsed(start, calendar.days_due(start, *n))
            }
            (Target::Elapsed(amount) | Target::Business(amount), _) => *amount,
            (Target::Days(_), None) => unreachable!("a target's level has a calendar"),
        }
    }

    /// The calendar of each stretch; where its level has none, the next one's, else the one's before.
    fn calendars(&self, list: &[(Pos, Option<u8>)]) -> Vec<Option<usize>> {
        let severities: Vec<Option<u8>> = list.iter().map(|(_, severity)| *severity).collect();
        stretch_calendars(self.policy, &severities)
    }

    fn open(&self, calendar: usize, piece: &Piece) -> i64 {
        self.policy.open(calendar).elapsed(piece.from_at, piece.to_at)
    }

    /// The earliest instant at which `amount` is used up; wall time where a calendar is `None`.
    fn due(&self, span: &Span, pieces: &[Piece], calendars: &[Option<usize>], amount: i64) -> Option<i64> {
        let add = |calendar: Option<usize>, from: i64, left: i64| match calendar {
            Some(c) => self.policy.open(c).add(from, left),
            None => from + left,
        };
        let mut left = amount;
        for p in pieces.iter().filter(|p| !p.paused) {
            let calendar = calendars[p.severity];
            let has = calendar.map_or(p.to_at - p.from_at, |c| self.open(c, p));
            if has >= left {
                return Some(add(calendar, p.from_at, left));
            }
            left -= has;
        }
        let paused_at_end = pieces.last().is_some_and(|p| p.paused);
        (!paused_at_end).then(|| add(calendars[calendars.len() - 1], span.end_at, left))
    }

    /// The sum of each stretch's own share of its own target (SPEC 7.3, `prorate`).
    fn share(
        &self,
        metric: usize,
        start: i64,
        list: &[(Pos, Option<u8>)],
        calendars: &[Option<usize>],
        pieces: &[Piece],
    ) -> (i128, i128) {
        let mut sum = (0i128, 1i128);
        for p in pieces.iter().filter(|p| !p.paused) {
            let Some(target) = self.target(metric, list[p.severity].1) else { continue };
            let Some(calendar) = calendars[p.severity] else { continue };
            let amount = self.amount(&target, start, Some(calendar));
            let used = match target {
                Target::Elapsed(_) => p.to_at - p.from_at,
                _ => self.open(calendar, p),
            };
            sum = plus(sum, (i128::from(used), i128::from(amount)));
        }
        sum
    }
}

/// The calendar of each of the stretches (SPEC 7.3).
pub fn stretch_calendars(policy: &Pol, severities: &[Option<u8>]) -> Vec<Option<usize>> {
    let own: Vec<Option<usize>> = severities.iter().map(|&s| policy.calendar_at_once(s)).collect();
    let found = |i: usize| {
        let next = own[i..].iter().find_map(|c| *c);
        next.or_else(|| own[..i].iter().rev().find_map(|c| *c))
    };
    (0..own.len()).map(found).collect()
}

/// The span up to a change, still running there.
fn cut_at(span: &Span, change: &Change) -> Span {
    let mut cut = Span { stop: change.pos, end_at: change.at, how: How::Running, ..span.clone() };
    cut.segs.retain(|s| s.from < change.pos);
    if let Some(last) = cut.segs.last_mut() {
        last.to = change.pos;
    }
    cut
}

/// The place just after `pos`.
fn after(pos: Pos) -> Pos {
    (pos.0, pos.1 + 1)
}

/// Missed one way and neither missed nor unanswered the other way.
fn turned(missed: &str, other: &str) -> bool {
    missed == "missed" && other != "missed" && other != "unanswered"
}

/// `amount` of a target that has one before it is started.
fn fixed(target: &Target) -> Option<i64> {
    match target {
        Target::Elapsed(amount) | Target::Business(amount) => Some(*amount),
        Target::Days(_) => None,
    }
}

/// The stop's own kind: part 0 of a row is its message.
fn source(span: &Span) -> Option<&'static str> {
    match span.stop {
        END => None,
        (_, 0) => Some("message"),
        _ => Some("status"),
    }
}

fn plus(a: (i128, i128), b: (i128, i128)) -> (i128, i128) {
    let (n, d) = (a.0 * b.1 + b.0 * a.1, a.1 * b.1);
    let mut gcd = (n, d);
    while gcd.1 != 0 {
        gcd = (gcd.1, gcd.0 % gcd.1);
    }
    (n / gcd.0, d / gcd.0)
}
