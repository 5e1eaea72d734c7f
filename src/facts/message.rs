//! What a finding says, in words and with its figures. Not the pages of the codes: those explain a code,
//! this tells one occurrence.

use crate::calendar::{Amount, Instant, SECOND};
use crate::codes;
use crate::history::History;
use crate::policy::Book;
use crate::replay::{About, CaseFacts, CaseFinding, ChangeFact, ClockFact, Metric, OvertakenFact, SpellFact};

/// The message of one finding of a case of `history` that was replayed under `book`.
pub fn finding_message(history: &History, book: &Book, facts: &CaseFacts, finding: &CaseFinding) -> String {
    if finding.code == codes::E602 {
        let version = &book.versions[facts.case.version as usize].version;
        return format!("opened before the first policy version, judged under `{version}`");
    }
    let n = finding.n_events;
    match finding.code {
        codes::D504 => return "no opening event: the first event opens the case".to_owned(),
        codes::D505 => return format!("{} after the close, without a reopening", events(n)),
        codes::D514 => return format!("{} before the opening: state and attributes only", events(n)),
        codes::E601 => return "the customer was not entitled on the date of the opening".to_owned(),
        codes::C304 => return "closed with a customer message unanswered".to_owned(),
        codes::C306 => return "closed with a message unanswered that came after the resolution".to_owned(),
        _ => {}
    }
    match finding.about {
        About::Change(i) => {
            if let Some(change) = facts.changes.get(i as usize) {
                return of_change(facts, finding, change);
            }
        }
        About::Spell(i) => {
            if let Some(spell) = facts.spells.get(i as usize) {
                return of_spell(finding.code, spell);
            }
        }
        About::Case => {}
    }
    if let Some(response) = facts.overtaken.filter(|_| finding.code == codes::P401) {
        return of_response(history, &response);
    }
    let clock = finding
        .clock
        .and_then(|name| facts.clocks.binary_search_by_key(&name, |clock| (clock.metric, clock.cycle)).ok())
        .map(|i| &facts.clocks[i]);
    match clock {
        Some(clock) => of_clock(finding.code, clock),
        None => title(finding.code).to_owned(),
    }
}

/// What a change of severity did, or who made it.
fn of_change(facts: &CaseFacts, finding: &CaseFinding, change: &ChangeFact) -> String {
    let level = |severity: Option<u8>| severity.map_or_else(|| "none".to_owned(), |s| s.to_string());
    let (from, to) = (level(change.from_severity), level(change.to_severity));
    let by = change.role.word().map_or_else(String::new, |role| format!(" by the {role}"));
    let clock = finding.clock.map_or_else(String::new, |(metric, cycle)| clock_name(metric, cycle));
    match finding.code {
        codes::S201 => {
            format!(
                "severity {from} to {to}{by}: {clock} would have been missed, and is not since the change"
            )
        }
        codes::S202 => format!("severity {from} to {to}{by} when {clock} was already over target"),
        codes::S203 => {
            let until = facts.changes.iter().take(change.change as usize);
            let path: Vec<String> = until.map(|c| level(c.to_severity)).collect();
            let more = facts.changes.len() - path.len();
            let more = if more > 0 { format!("; {more} more later") } else { String::new() };
            let first = level(facts.case.severity_first);
            format!("{} changes of severity: {first}, {}{more}", path.len(), path.join(", "))
        }
        codes::S204 => format!("severity {from} to {to}{by}"),
        codes::S205 => format!("severity {from} to {to}{by}: back where the case began"),
        code => title(code).to_owned(),
    }
}

/// How far a close was from when it was due.
fn of_spell(code: &str, spell: &SpellFact) -> String {
    let whole = |micros: i64| span(micros.div_euclid(SECOND));
    let (idle, basis) = (whole(spell.idle), spell.basis.word());
    let by = spell.ended_by_role.word().map_or_else(String::new, |role| format!(" by the {role}"));
    let end = spell.started_at.plus(spell.idle);
    let off = |limit: Option<Instant>| limit.map_or_else(String::new, |at| whole(end.since(at).abs()));
    match code {
        codes::C301 => {
            format!("closed{by} after {idle} in {basis}, {} before it was due", off(spell.due_at))
        }
        codes::C302 => {
            format!(
                "closed{by} after {idle} in {basis}, {} after the grace had ended",
                off(spell.grace_until_at)
            )
        }
        codes::C303 => {
            format!("still in {basis} after {idle}, {} after the grace had ended", off(spell.grace_until_at))
        }
        codes::C305 => {
            let after = spell.reopened_at.map_or_else(String::new, |at| whole(at.since(end)));
            format!("closed{by} after {idle} in {basis}, reopened by the customer {after} later")
        }
        code => title(code).to_owned(),
    }
}

/// Who waited while this case was answered.
fn of_response(history: &History, response: &OvertakenFact) -> String {
    let severity = response.severity;
    let n = response.n_overtaken;
    let waited = if n == 1 { "1 more severe case".to_owned() } else { format!("{n} more severe cases") };
    let worst = response.worst.map_or_else(String::new, |worst| {
        let id = history.case_ids.at(worst.case as usize);
        let time = span(worst.waited_business.div_euclid(SECOND));
        format!(", above all `{id}` of severity {} for {time} of business time", worst.severity)
    });
    format!("answered with severity {severity} while {waited} waited{worst}")
}

fn clock_name(metric: Metric, cycle: u32) -> String {
    let name = metric.word().replace('_', " ");
    if cycle == 1 { name } else { format!("{name} {cycle}") }
}

fn of_clock(code: &str, clock: &ClockFact) -> String {
    let figures = figures(clock);
    let by = clock.stopped_by_role.word().map_or_else(String::new, |role| format!(" by the {role}"));
    match code {
        codes::R101 => format!("first response after {figures}"),
        codes::R102 => format!("ended{by} without an answer after {figures}"),
        codes::R103 => format!("after-hours response (best effort) after {figures}"),
        codes::R104 => format!("next response after {figures}"),
        codes::R105 => format!("no first response yet after {figures}"),
        codes::R106 => format!("update after {figures}"),
        codes::R107 if clock.stopped_at.is_none() => format!("not resolved yet after {figures}"),
        codes::R107 => format!("resolved after {figures}"),
        codes::R108 => format!(
            "the customer had answered, the status went on waiting for {}; the clock ran on",
            span(clock.stale_pause.div_euclid(SECOND))
        ),
        _ => format!("{}: {figures}", title(code)),
    }
}

/// `5 h 12 min of business time, target 4 business hours, over by 1 h 12 min`.
fn figures(clock: &ClockFact) -> String {
    let counts_wall = matches!(clock.target.map(|t| t.amount()), Some(Amount::Elapsed(_)));
    let (used, unit) = match clock.business {
        Some(business) if !counts_wall => (business, "of business time"),
        _ => (clock.elapsed - clock.paused, "of wall time"),
    };
    let mut text = format!("{} {unit}", span(used.div_euclid(SECOND)));
    if let Some(target) = clock.target {
        text.push_str(&format!(", target {target}"));
    }
    if let Some(margin) = clock.margin.filter(|&m| m < 0) {
        text.push_str(&format!(", over by {}", span(-margin.div_euclid(SECOND))));
    }
    text
}

/// Whole seconds for people: `45 s`, `12 min`, `5 h 12 min`. Hours go on beyond 24: a day of business time
/// and a day of wall time are not the same length.
pub fn span(seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let total = seconds.unsigned_abs();
    let (hours, minutes, rest) = (total / 3_600, total / 60 % 60, total % 60);
    match (hours, minutes, rest) {
        (0, 0, s) => format!("{sign}{s} s"),
        (0, m, 0) => format!("{sign}{m} min"),
        (0, m, s) => format!("{sign}{m} min {s} s"),
        (h, 0, _) => format!("{sign}{h} h"),
        (h, m, _) => format!("{sign}{h} h {m} min"),
    }
}

fn events(n: u32) -> String {
    if n == 1 { "1 event".to_owned() } else { format!("{n} events") }
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
