//! What must hold of any replay, held against the oracle alone: a bug in it is not to be found by the library.

use super::histories::{self, Input};
use super::oracle::{self, Calendars, ClockRow, Facts, SpellRow};
use super::policies::{self, Reach};
use super::random::Random;

/// The calendars of every base, stepped once.
pub fn calendars() -> Vec<Calendars> {
    policies::BASES.iter().map(|text| oracle::calendars_of(text, histories::SPAN)).collect()
}

#[test]
fn the_oracle_keeps_the_laws() {
    let calendars = calendars();
    let mut random = Random(1);
    let (mut seen, mut words) = (std::collections::BTreeSet::new(), std::collections::BTreeSet::new());
    for _ in 0..120 {
        let policy = policies::any(&mut random, Reach::Everything);
        let input: Input = histories::any(&mut random, 25);
        let (cases, whole) = oracle::events_of(&input.files().map(|text| oracle::csv_rows(&text)));
        let policy = oracle::policy_of(&policy.text, &calendars[policy.base], policies::CUSTOMERS);
        for facts in oracle::replay(&cases, &policy, input.as_of, &whole).values() {
            check(facts);
            words.extend(facts.spells.iter().flat_map(|s| [s.verdict, s.ended_how]));
            words.extend(facts.findings.iter().map(|f| f.0));
            seen.extend(facts.clocks.iter().map(|c| (c.metric, c.verdict)));
            let by_status = facts.clocks.iter().filter(|c| whole.has_messages && c.source == Some("status"));
            seen.extend(by_status.filter(|c| c.verdict == "met").map(|c| (c.metric, "met by a status")));
        }
    }
    for word in WORDS {
        assert!(words.contains(word), "no spell or finding was ever {word}");
    }
    for metric in ["first_response", "after_hours_response", "next_response", "update", "resolution"] {
        for verdict in ["out_of_scope", "no_target", "missed", "met", "pending"] {
            assert!(seen.contains(&(metric, verdict)), "no {metric} was ever {verdict}");
        }
    }
    // Without a message there is no next response to be seen.
    for metric in ["first_response", "after_hours_response", "update", "resolution"] {
        assert!(seen.contains(&(metric, "not_seen")), "every {metric} was seen");
    }
    for metric in ["first_response", "after_hours_response", "next_response"] {
        assert!(seen.contains(&(metric, "met by a status")), "no resolution ever answered {metric}");
    }
}

/// Every verdict and end of a spell, and every finding that the oracle makes.
const WORDS: [&str; 34] = [
    "returned",
    "closed",
    "resumed",
    "open",
    "out_of_scope",
    "no_target",
    "early",
    "on_time",
    "late",
    "closed_by_customer",
    "pending",
    "overdue",
    "returned_overdue",
    "S201",
    "S202",
    "S203",
    "S204",
    "S205",
    "C301",
    "C302",
    "C303",
    "C304",
    "C305",
    "C306",
    "P401",
    "E601",
    "R101",
    "R102",
    "R103",
    "R104",
    "R105",
    "R106",
    "R107",
    "R108",
];

fn check(facts: &Facts) {
    let last = facts.case.category_open.iter().flatten().sum::<i64>();
    assert!(last >= 0);
    for clock in &facts.clocks {
        check_clock(clock, facts);
    }
    for spell in &facts.spells {
        check_spell(spell, facts);
    }
    let worst = facts.overtaken.as_ref().map(|row| (row, row.worst.as_ref()));
    assert!(worst.is_none_or(|(row, worst)| (row.n_overtaken > 0) == worst.is_some()), "{worst:?}");
    assert!(worst.is_none_or(|(row, worst)| worst.is_none_or(|w| w.1 < row.severity)), "{worst:?}");
    let n = |metric: &str| facts.clocks.iter().filter(|c| c.metric == metric).count();
    assert_eq!(n("first_response"), 1);
    assert!(n("after_hours_response") <= 1);
    assert!(n("resolution") <= 1 + facts.case.n_reopenings as usize);
}

fn check_clock(clock: &ClockRow, facts: &Facts) {
    let running = clock.elapsed - clock.paused;
    assert!(clock.elapsed >= 0 && clock.paused >= 0 && running >= 0, "{clock:?}");
    assert!(clock.stale_pause <= running, "{clock:?}");
    assert!(clock.business.is_none_or(|business| 0 <= business && business <= running), "{clock:?}");
    assert!(clock.started_at >= facts.case.opened_at, "{clock:?}");
    assert!(!(clock.masked && clock.exposed), "{clock:?}");
    let end = clock.started_at + clock.elapsed;
    if let (Some(margin), "met" | "pending" | "missed") = (clock.margin, clock.verdict) {
        assert_eq!(clock.verdict == "missed", margin < 0, "{clock:?}");
        // Over exactly where the target was used up before the end; never by comparing, only as a law.
        assert!(margin >= 0 || clock.due_at.is_some_and(|due| due < end), "{clock:?}");
    }
    if clock.n_severity_changes == 0 {
        assert!(!clock.masked && !clock.exposed && !clock.over_before, "{clock:?}");
    }
}

fn check_spell(spell: &SpellRow, facts: &Facts) {
    let end = spell.started_at + spell.idle;
    assert!(facts.case.opened_at <= spell.entered_at && spell.entered_at <= spell.started_at, "{spell:?}");
    assert!(spell.idle >= 0 && spell.ended_at.is_none_or(|at| at == end), "{spell:?}");
    assert!(spell.idle_business.is_none_or(|open| 0 <= open && open <= spell.idle), "{spell:?}");
    assert!(spell.due_at.is_none_or(|due| spell.started_at <= due), "{spell:?}");
    assert!(spell.grace_until_at.is_none_or(|limit| Some(limit) >= spell.due_at), "{spell:?}");
    assert_eq!(spell.ended_at.is_none(), spell.ended_how == "open", "{spell:?}");
    assert!(spell.support_owed.is_none() || spell.ended_how == "closed", "{spell:?}");
    let is_at_once = spell.ended_how == "closed" && spell.ended_at == Some(spell.entered_at);
    assert!(!is_at_once, "{spell:?}");
    assert!(spell.reopened_at.is_none_or(|at| at >= end && spell.ended_how == "closed"), "{spell:?}");
    assert!(spell.n_restarts > 0 || spell.started_at == spell.entered_at, "{spell:?}");
}
