//! What must hold of any replay, held against the oracle alone: a bug in it is not to be found by the library.

use super::histories::{self, Input};
use super::oracle::{self, Calendars, ClockRow, Facts};
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
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..120 {
        let policy = policies::any(&mut random, Reach::Everything);
        let input: Input = histories::any(&mut random, 25);
        let (cases, has_messages) = oracle::events_of(&oracle::csv_rows(&input.csv()));
        let policy = oracle::policy_of(&policy.text, &calendars[policy.base]);
        for rows in cases.values() {
            let Some(facts) = oracle::replay(rows, &policy, input.as_of, has_messages) else { continue };
            check(&facts);
            seen.extend(facts.clocks.iter().map(|c| (c.metric, c.verdict)));
        }
    }
    for metric in ["first_response", "after_hours_response", "next_response", "update", "resolution"] {
        for verdict in ["out_of_scope", "no_target", "missed", "met", "pending"] {
            assert!(seen.contains(&(metric, verdict)), "no {metric} was ever {verdict}");
        }
    }
}

fn check(facts: &Facts) {
    let last = facts.case.category_open.iter().flatten().sum::<i64>();
    assert!(last >= 0);
    for clock in &facts.clocks {
        check_clock(clock, facts);
    }
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
