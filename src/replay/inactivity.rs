//! Spells of inactivity (SPEC 9): from the moment at which a case waits to be closed to the customer's return, the
//! close, or the end of what is known. One rule at a time, one pass over the events each. Instants are compared
//! here, not amounts of time.

use crate::calendar::{Amount, Duration, Instant, OpenTime};
use crate::history::{Category, Event, EventKind, Role, StatusId, WordId};
use crate::policy::InactivityRule;

use super::case::{Detail, Known};
use super::course::{Phase, Pos};
use super::fact::{CaseFacts, SpellEnd, SpellFact, SpellVerdict};
use super::version::Version;
use super::walk::Timeline;

/// A reopening counts as the customer's answer to a close for so long, both ends included, µs.
const REOPENED_WITHIN: i64 = 720 * 3_600 * 1_000_000;

/// Fills `facts.spells` with those of every rule of the version, and `facts.asked` with what was asked of each.
pub fn spells(known: &Known<'_>, facts: &mut CaseFacts) {
    for (i, rule) in known.version.policy.inactivity.iter().enumerate() {
        let infers = known.inferred.get(i).copied().unwrap_or(false);
        let waiting = Waiting { known, rule, infers, category: Category::New, running: None };
        waiting.walk(i as u32 + 1, facts);
    }
}

/// A spell that runs.
#[derive(Clone, Copy, Debug)]
struct Spell {
    entered: Pos,
    started: Pos,
    n_restarts: u32,
    /// `started` and `n_restarts` as they were before this instant, where it was restarted within it.
    before: Option<(Pos, u32)>,
}

impl Spell {
    fn new(at: Pos) -> Spell {
        Spell { entered: at, started: at, n_restarts: 0, before: None }
    }

    fn restart(&mut self, at: Pos) {
        let is_again = self.before.is_some() && self.started.at == at.at;
        if !is_again {
            self.before = Some((self.started, self.n_restarts));
        }
        self.started = at;
        self.n_restarts += 1;
    }

    /// A message at the instant of the close announces it and restarts nothing (SPEC 9.1).
    fn undo_restarts_at(&mut self, close: Instant) {
        if let Some((started, n_restarts)) = self.before.filter(|_| self.started.at == close) {
            (self.started, self.n_restarts) = (started, n_restarts);
        }
    }
}

/// One rule over one case.
struct Waiting<'a> {
    known: &'a Known<'a>,
    rule: &'a InactivityRule,
    /// No row of the input has the basis category: spells start at responses (SPEC 9.1, `infer`).
    infers: bool,
    category: Category,
    running: Option<Spell>,
}

impl Waiting<'_> {
    fn walk(mut self, rule: u32, facts: &mut CaseFacts) {
        let line = self.known.line;
        let mut number = 0;
        let mut push = |waiting: &Self, spell: Spell, how, at: Option<Pos>| {
            // A spell that would start at the instant of the close that ends it does not exist (SPEC 9.1).
            let ends_at_once = at.is_some_and(|at| at.at == spell.entered.at);
            if how == SpellEnd::Closed && ends_at_once {
                return;
            }
            number += 1;
            waiting.push(facts, (rule, number), spell, how, at);
        };
        self.category = line.categories.first().map_or(Category::New, |step| step.category);
        if !self.infers && self.category == self.rule.basis {
            self.running = Some(Spell::new(Pos::new(line.opened_at, line.opening, Phase::Status)));
        }
        let mut i = line.opening + 1;
        while let Some(next) = self.next_from(i) {
            if let Some((spell, how, at)) = self.event(next) {
                push(&self, spell, how, Some(at));
            }
            i = next + 1;
        }
        if let Some(spell) = self.running {
            push(&self, spell, SpellEnd::Open, None);
        }
    }

    /// The first event from index `i` on that can change anything: where no spell runs, a message in the category or a
    /// status, and outside of it only the entry into it. Most cases never enter it.
    fn next_from(&self, i: usize) -> Option<usize> {
        if self.running.is_some() {
            return (i < self.known.events.len()).then_some(i);
        }
        if self.infers || self.category == self.rule.basis {
            let stirs = |event: &Event| event.status != StatusId::NONE || event.kind() == EventKind::Message;
            return self.known.events.get(i..)?.iter().position(stirs).map(|n| i + n);
        }
        // Steps stand in order of their events: those before are not looked at again.
        let steps = &self.known.line.categories;
        let first = steps.partition_point(|step| step.from.event().is_some_and(|event| event < i));
        steps[first..].iter().find(|step| step.category == self.rule.basis)?.from.event()
    }

    fn push(&self, facts: &mut CaseFacts, number: (u32, u32), spell: Spell, how: SpellEnd, end: Option<Pos>) {
        let (severity, calendar) = in_force(self.known.version, self.known.line, spell.started);
        let from = spell.started.at;
        facts.asked.extend(self.known.questions.iter().map(|&length| after(length, from, calendar)));
        facts.spells.push(self.fact(number, spell, (severity, calendar), how, end));
    }

    /// Goes on by one event; gives the spell that it ended.
    fn event(&mut self, i: usize) -> Option<(Spell, SpellEnd, Pos)> {
        let event = self.known.events[i];
        let before = self.category;
        let after = event.status.get().map_or(before, |word| self.known.categories[word]);
        self.response(&event, i, after);
        self.category = after;
        let at = Pos::new(event.at, i, Phase::Status);
        let ended = self.end(&event, i, (before, after)).and_then(|how| {
            let mut spell = self.running.take()?;
            if how == SpellEnd::Closed {
                spell.undo_restarts_at(event.at);
            }
            Some((spell, how, at))
        });
        if !self.infers && before != after && after == self.rule.basis {
            self.running = Some(Spell::new(at));
        }
        ended
    }

    /// A response in the category starts a spell or starts it again.
    fn response(&mut self, event: &Event, i: usize, after: Category) {
        let responds = event.kind() == EventKind::Message
            && self.known.version.policy.clock.response_by.has(event.role());
        let waits = if self.infers { !after.is_ended() } else { self.category == self.rule.basis };
        if responds && waits {
            let at = Pos::new(event.at, i, Phase::Message);
            self.running.get_or_insert(Spell::new(at));
            if let Some(spell) = self.running.as_mut().filter(|spell| spell.entered != at) {
                spell.restart(at);
            }
        }
    }

    /// How the event ends a running spell, if it does. A survey answered by the customer, or any other row that neither
    /// says nor changes anything, ends none.
    fn end(&self, event: &Event, i: usize, (before, after): (Category, Category)) -> Option<SpellEnd> {
        let closes = before != after
            && (matches!(after, Category::Closed | Category::Void)
                || self.rule.basis == Category::WaitingCustomer && after == Category::Resolved);
        if closes {
            Some(SpellEnd::Closed)
        } else if event.role() == Role::Customer
            && (event.kind() == EventKind::Message || before != after || self.changes_severity(event, i))
        {
            Some(SpellEnd::Returned)
        } else {
            (!self.infers && before != after && before == self.rule.basis).then_some(SpellEnd::Resumed)
        }
    }

    fn changes_severity(&self, event: &Event, i: usize) -> bool {
        let at = Pos::new(event.at, i, Phase::Severity);
        let steps = &self.known.line.severities;
        event.severity() != 0 && steps.binary_search_by_key(&at, |step| step.from).is_ok()
    }

    fn fact(
        &self,
        (rule, number): (u32, u32),
        spell: Spell,
        (severity, calendar): (Option<u8>, Option<&OpenTime>),
        how: SpellEnd,
        end: Option<Pos>,
    ) -> SpellFact {
        let Known { line, as_of, .. } = self.known;
        let by = end.and_then(|at| at.event()).map(|i| self.known.events[i]);
        let (entered_at, started_at) = (spell.entered.at, spell.started.at);
        let ended_at = end.map(|at| at.at);
        let until = ended_at.unwrap_or(*as_of);
        let (due_at, grace_until_at) = window(self.rule, started_at, calendar);
        let role = by.map_or(Role::Unknown, |event| event.role());
        let verdict = match self.known.out_of_scope {
            Some(_) => SpellVerdict::OutOfScope,
            None => verdict(how, role, until, due_at.zip(grace_until_at)),
        };
        let close = end.filter(|_| how == SpellEnd::Closed && self.known.detail <= Detail::Counts);
        SpellFact {
            rule,
            basis: self.rule.basis,
            spell: number,
            entered_at,
            started_at,
            n_restarts: spell.n_restarts,
            due_at,
            grace_until_at,
            ended_at,
            ended_how: how,
            ended_by_role: role,
            ended_by: by.map_or(WordId::NONE, |event| event.actor),
            verdict,
            idle: until.since(started_at),
            idle_business: calendar
                .filter(|_| self.known.detail == Detail::Facts)
                .map(|calendar| calendar.elapsed(started_at, until)),
            waited: until.since(entered_at),
            waited_business: calendar
                .filter(|_| self.known.detail <= Detail::Counts)
                .map(|calendar| calendar.elapsed(entered_at, until)),
            support_owed: close.filter(|_| self.known.has_messages).map(|at| owed_at(line, at)),
            reopened_at: close.filter(|_| role != Role::Customer).and_then(|at| self.reopened(at)),
            severity,
        }
    }

    /// The first reopening after a close that was the customer's doing and came in time (SPEC 9.3).
    fn reopened(&self, close: Pos) -> Option<Instant> {
        let steps = &self.known.line.categories;
        let closed = steps.binary_search_by_key(&close, |step| step.from).ok()?;
        let later = steps[closed..].windows(2).filter(|pair| pair[0].category.is_ended());
        let reopenings = later.filter(|pair| !pair[1].category.is_ended()).map(|pair| pair[1].from);
        let from = close.event()?;
        let by_customer = |at: &Pos| {
            let until = at.event().unwrap_or(from);
            self.known.events[from + 1..=until].iter().any(|event| event.role() == Role::Customer)
        };
        let in_time = |at: &Pos| at.at.since(close.at) <= REOPENED_WITHIN;
        reopenings.take_while(in_time).find(by_customer).map(|at| at.at)
    }
}

/// The same spell under another version that has the same rules of other lengths, and walks the case alike: only when it
/// was due, and the verdict. `None` where the calendar cannot be told from its severity alone.
pub fn again(known: &Known<'_>, spell: &SpellFact) -> Option<SpellFact> {
    let calendar = known.version.calendar(spell.severity)?;
    let rule = known.version.policy.inactivity.get((spell.rule as usize).checked_sub(1)?)?;
    let (due_at, grace_until_at) = window(rule, spell.started_at, Some(calendar));
    let until = spell.ended_at.unwrap_or(known.as_of);
    let verdict = match known.out_of_scope {
        Some(_) => SpellVerdict::OutOfScope,
        None => verdict(spell.ended_how, spell.ended_by_role, until, due_at.zip(grace_until_at)),
    };
    Some(SpellFact { due_at, grace_until_at, verdict, ..spell.clone() })
}

/// Due and limit of a spell that started at `from`.
fn window(
    rule: &InactivityRule,
    from: Instant,
    calendar: Option<&OpenTime>,
) -> (Option<Instant>, Option<Instant>) {
    let due = rule.close_after.and_then(|length| after(length, from, calendar));
    let limit = rule
        .close_after
        .zip(due)
        .and_then(|(length, due)| with_grace(length, rule.grace, from, due, calendar));
    (due, limit)
}

/// Whether a customer message was unanswered at the close.
fn owed_at(line: &Timeline, close: Pos) -> bool {
    let ending = line.endings.binary_search_by_key(&close, |ending| ending.at);
    ending.is_ok_and(|i| line.endings[i].owed.is_some())
}

/// The severity in force at `at` and the calendar that it is measured on.
fn in_force<'a>(version: &'a Version<'_>, line: &Timeline, at: Pos) -> (Option<u8>, Option<&'a OpenTime>) {
    let steps = &line.severities;
    let i = steps.partition_point(|step| step.from <= at).saturating_sub(1);
    (steps[i].severity, version.calendar_of_step(steps, i))
}

/// `length` after `from`; `None` where it counts open time that there is not.
fn after(length: Duration, from: Instant, calendar: Option<&OpenTime>) -> Option<Instant> {
    match length.amount() {
        Amount::Elapsed(amount) => from.plus_within(amount),
        Amount::Business(amount) => calendar?.add(from, amount),
        Amount::BusinessDays(n) => calendar?.business_days_due(from, n),
    }
}

/// Due and grace; where both are business days, their sum from the start (SPEC 9.1).
fn with_grace(
    length: Duration,
    grace: Duration,
    from: Instant,
    due: Instant,
    calendar: Option<&OpenTime>,
) -> Option<Instant> {
    match (length.amount(), grace.amount()) {
        // No grace needs no calendar.
        _ if grace.count == 0 => Some(due),
        (Amount::BusinessDays(n), Amount::BusinessDays(more)) => calendar?.business_days_due(from, n + more),
        _ => after(grace, due, calendar),
    }
}

/// The verdict of SPEC 9.2 for a spell in scope that ended, or was last seen, at `until`.
fn verdict(how: SpellEnd, by: Role, until: Instant, window: Option<(Instant, Instant)>) -> SpellVerdict {
    let Some((due, limit)) = window else { return SpellVerdict::NoTarget };
    match how {
        SpellEnd::Closed if by == Role::Customer => SpellVerdict::ClosedByCustomer,
        SpellEnd::Closed if until < due => SpellVerdict::Early,
        SpellEnd::Closed if until <= limit => SpellVerdict::OnTime,
        SpellEnd::Closed => SpellVerdict::Late,
        SpellEnd::Open if until <= limit => SpellVerdict::Pending,
        SpellEnd::Open => SpellVerdict::Overdue,
        SpellEnd::Returned if until <= limit => SpellVerdict::Returned,
        SpellEnd::Returned => SpellVerdict::ReturnedOverdue,
        SpellEnd::Resumed => SpellVerdict::Resumed,
    }
}
