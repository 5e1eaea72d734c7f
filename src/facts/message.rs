//! What a finding says, in words and with its figures. Not the pages of the codes: those explain a code,
//! this tells one occurrence. A large input has millions of them: they are appended to one text, without `format!`.

use std::fmt::Write as _;

use crate::calendar::{Amount, Duration, Instant, SECOND};
use crate::codes;
use crate::history::{History, Role};
use crate::policy::Book;
use crate::replay::{
    About, CaseFacts, CaseFinding, ChangeFact, ClockFact, Metric, OvertakenFact, SpellFact, over_s,
};

/// Appends each part.
macro_rules! say {
    ($text:expr, $($part:expr),+) => {{ $(Say::say(&$part, $text);)+ }};
}

/// Something that a message is made of.
trait Say {
    fn say(&self, text: &mut String);
}

impl Say for &str {
    fn say(&self, text: &mut String) {
        text.push_str(self);
    }
}

macro_rules! say_numbers {
    ($($number:ty),*) => {$(
        impl Say for $number {
            fn say(&self, text: &mut String) {
                text.push_str(itoa::Buffer::new().format(*self));
            }
        }
    )*};
}

say_numbers!(u8, u32, u64, usize);

impl Say for Duration {
    fn say(&self, text: &mut String) {
        // Writing to memory cannot fail.
        let _ = write!(text, "{self}");
    }
}

/// Whole seconds for people.
struct Span(i64);

impl Say for Span {
    fn say(&self, text: &mut String) {
        let total = self.0.unsigned_abs();
        let (hours, minutes, rest) = (total / 3_600, total / 60 % 60, total % 60);
        say!(text, if self.0 < 0 { "-" } else { "" });
        match (hours, minutes, rest) {
            (0, 0, s) => say!(text, s, " s"),
            (0, m, 0) => say!(text, m, " min"),
            (0, m, s) => say!(text, m, " min ", s, " s"),
            (h, 0, _) => say!(text, h, " h"),
            (h, m, _) => say!(text, h, " h ", m, " min"),
        }
    }
}

/// Whole seconds of a time in µs.
fn whole(micros: i64) -> Span {
    Span(micros.div_euclid(SECOND))
}

/// A severity, or `none`.
struct Level(Option<u8>);

impl Say for Level {
    fn say(&self, text: &mut String) {
        match self.0 {
            Some(level) => level.say(text),
            None => text.push_str("none"),
        }
    }
}

/// ` by the agent`; nothing where nobody is known.
struct By(Role);

impl Say for By {
    fn say(&self, text: &mut String) {
        if let Some(role) = self.0.word() {
            say!(text, " by the ", role);
        }
    }
}

/// Whole seconds for people: `45 s`, `12 min`, `5 h 12 min`. Hours go on beyond 24: a day of business time
/// and a day of wall time are not the same length.
pub fn span(seconds: i64) -> String {
    let mut text = String::new();
    Span(seconds).say(&mut text);
    text
}

/// The message of one finding of a case of `history` that was replayed under `book`.
pub fn finding_message(history: &History, book: &Book, facts: &CaseFacts, finding: &CaseFinding) -> String {
    let mut text = String::new();
    say_finding(&mut text, (history, book), facts, finding);
    text
}

/// The same, appended to `text`.
pub(super) fn say_finding(
    text: &mut String,
    (history, book): (&History, &Book),
    facts: &CaseFacts,
    finding: &CaseFinding,
) {
    let n = finding.n_events;
    match finding.code {
        codes::D504 => return say!(text, "no opening event: the first event opens the case"),
        codes::D505 => return say!(text, n, events(n), " after the close, without a reopening"),
        codes::D514 => return say!(text, n, events(n), " before the opening: state and attributes only"),
        codes::E601 => return say!(text, "the customer was not entitled on the date of the opening"),
        codes::E602 => {
            let version = &book.versions[facts.case.version as usize].version[..];
            return say!(text, "opened before the first policy version, judged under `", version, "`");
        }
        codes::C304 => return say!(text, "closed with a customer message unanswered"),
        codes::C306 => {
            return say!(text, "closed with a message unanswered that came after the resolution");
        }
        _ => {}
    }
    match finding.about {
        About::Change(i) => {
            if let Some(change) = facts.changes.get(i as usize) {
                return of_change(text, facts, finding, change);
            }
        }
        About::Spell(i) => {
            if let Some(spell) = facts.spells.get(i as usize) {
                return of_spell(text, finding.code, spell);
            }
        }
        About::Case => {}
    }
    if let Some(response) = facts.overtaken.filter(|_| finding.code == codes::P401) {
        return of_response(text, history, &response);
    }
    let clock = finding
        .clock
        .and_then(|name| facts.clocks.binary_search_by_key(&name, |clock| (clock.metric, clock.cycle)).ok())
        .map(|i| &facts.clocks[i]);
    match clock {
        Some(clock) => of_clock(text, finding.code, clock),
        None => say!(text, title(finding.code)),
    }
}

/// What a change of severity did, or who made it.
fn of_change(text: &mut String, facts: &CaseFacts, finding: &CaseFinding, change: &ChangeFact) {
    if finding.code == codes::S203 {
        return of_flapping(text, facts, change);
    }
    if !matches!(finding.code, codes::S201 | codes::S202 | codes::S204 | codes::S205) {
        return say!(text, title(finding.code));
    }
    let (from, to) = (Level(change.from_severity), Level(change.to_severity));
    say!(text, "severity ", from, " to ", to, By(change.role));
    let clock = finding.clock.map_or_else(String::new, |(metric, cycle)| clock_name(metric, cycle));
    match finding.code {
        codes::S201 => say!(text, ": ", &clock[..], " would have been missed, and is not since the change"),
        codes::S202 => say!(text, " when ", &clock[..], " was already over target"),
        codes::S205 => say!(text, ": back where the case began"),
        _ => {}
    }
}

/// All severities until `change`, and how many changes came after it.
fn of_flapping(text: &mut String, facts: &CaseFacts, change: &ChangeFact) {
    let n = facts.changes.len().min(change.change as usize);
    say!(text, n, " changes of severity: ", Level(facts.case.severity_first));
    facts.changes[..n].iter().for_each(|change| say!(text, ", ", Level(change.to_severity)));
    if facts.changes.len() > n {
        say!(text, "; ", facts.changes.len() - n, " more later");
    }
}

/// How far a close was from when it was due.
fn of_spell(text: &mut String, code: &str, spell: &SpellFact) {
    let (by, idle, basis) = (By(spell.ended_by_role), whole(spell.idle), spell.basis.word());
    let end = spell.started_at.plus(spell.idle);
    let off = |text: &mut String, limit: Option<Instant>| {
        if let Some(at) = limit {
            whole(end.since(at).abs()).say(text);
        }
    };
    match code {
        codes::C301 => {
            say!(text, "closed", by, " after ", idle, " in ", basis, ", ");
            off(text, spell.due_at);
            say!(text, " before it was due");
        }
        codes::C302 => {
            say!(text, "closed", by, " after ", idle, " in ", basis, ", ");
            off(text, spell.grace_until_at);
            say!(text, " after the grace had ended");
        }
        codes::C303 => {
            say!(text, "still in ", basis, " after ", idle, ", ");
            off(text, spell.grace_until_at);
            say!(text, " after the grace had ended");
        }
        codes::C305 => {
            say!(text, "closed", by, " after ", idle, " in ", basis, ", reopened by the customer ");
            off(text, spell.reopened_at);
            say!(text, " later");
        }
        code => say!(text, title(code)),
    }
}

/// Who waited while this case was answered.
fn of_response(text: &mut String, history: &History, response: &OvertakenFact) {
    let n = response.n_overtaken;
    let cases = if n == 1 { " more severe case waited" } else { " more severe cases waited" };
    say!(text, "answered with severity ", response.severity, " while ", n, cases);
    if let Some(worst) = response.worst {
        let id = history.case_ids.at(worst.case as usize);
        say!(text, ", above all `", id, "` of severity ", worst.severity, " for ");
        say!(text, whole(worst.waited_business), " of business time");
    }
}

fn clock_name(metric: Metric, cycle: u32) -> String {
    let name = metric.word().replace('_', " ");
    if cycle == 1 { name } else { format!("{name} {cycle}") }
}

fn of_clock(text: &mut String, code: &str, clock: &ClockFact) {
    match code {
        codes::R101 => say!(text, "first response after "),
        codes::R102 => say!(text, "ended", By(clock.stopped_by_role), " without an answer after "),
        codes::R103 => say!(text, "after-hours response (best effort) after "),
        codes::R104 => say!(text, "next response after "),
        codes::R105 => say!(text, "no first response yet after "),
        codes::R106 => say!(text, "update after "),
        codes::R107 if clock.stopped_at.is_none() => say!(text, "not resolved yet after "),
        codes::R107 => say!(text, "resolved after "),
        codes::R108 => {
            say!(text, "the customer had answered, the status went on waiting for ");
            return say!(text, whole(clock.stale_pause), "; the clock ran on");
        }
        _ => say!(text, title(code), ": "),
    }
    figures(text, clock);
}

/// `5 h 12 min of business time, target 4 business hours, over by 1 h 12 min`.
fn figures(text: &mut String, clock: &ClockFact) {
    let counts_wall = matches!(clock.target.map(|t| t.amount()), Some(Amount::Elapsed(_)));
    match clock.business {
        Some(business) if !counts_wall => say!(text, whole(business), " of business time"),
        _ => say!(text, whole(clock.elapsed - clock.paused), " of wall time"),
    }
    if let Some(target) = clock.target {
        say!(text, ", target ", target);
    }
    if let Some(margin) = clock.margin.filter(|&m| m < 0) {
        say!(text, ", over by ", Span(over_s(-margin)));
    }
}

fn events(n: u32) -> &'static str {
    if n == 1 { " event" } else { " events" }
}

fn title(code: &str) -> &'static str {
    codes::ALL.iter().find(|c| c.code == code).map_or("", |c| c.title)
}

#[cfg(test)]
mod tests {
    use super::span;

    #[test]
    fn spans_read_like_people_say_them() {
        assert_eq!(span(0), "0 s");
        assert_eq!(span(59), "59 s");
        assert_eq!(span(720), "12 min");
        assert_eq!(span(725), "12 min 5 s");
        assert_eq!(span(18_720), "5 h 12 min");
        assert_eq!(span(-3_600), "-1 h");
        assert_eq!(span(360_000), "100 h");
    }
}
