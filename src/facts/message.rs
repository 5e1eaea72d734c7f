//! What a finding says, in words and with its figures. Not the pages of the codes: those explain a code,
//! this tells one occurrence.

use crate::calendar::{Amount, SECOND};
use crate::codes;
use crate::replay::{CaseFacts, CaseFinding, ClockFact};

use super::context::Context;

/// The message of one finding of a case.
pub(super) fn of(context: &Context<'_>, facts: &CaseFacts, finding: &CaseFinding) -> String {
    if finding.code == codes::E602 {
        let version = &context.book.versions[facts.case.version as usize].version;
        return format!("opened before the first policy version, judged under `{version}`");
    }
    let n = finding.n_events;
    match finding.code {
        codes::D504 => return "no opening event: the first event opens the case".to_owned(),
        codes::D505 => return format!("{} after the close, without a reopening", events(n)),
        codes::D514 => return format!("{} before the opening: state and attributes only", events(n)),
        _ => {}
    }
    let clock = finding
        .clock
        .and_then(|(metric, cycle)| facts.clocks.iter().find(|c| c.metric == metric && c.cycle == cycle));
    match clock {
        Some(clock) => of_clock(finding.code, clock),
        None => title(finding.code).to_owned(),
    }
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
