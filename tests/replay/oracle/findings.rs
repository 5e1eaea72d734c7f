//! The findings of one case that follow from its rows (SPEC 12); no findings about data.

use super::owed::closed_unanswered;
use super::spells::SpellRow;
use super::story::Story;
use super::{ChangeRow, ClockRow, Facts, Pol};

/// Code, instant, metric and cycle of the clock it is about.
pub type Finding = (&'static str, i64, Option<(&'static str, u32)>);

/// Every finding, by time, then code, then clock.
pub fn findings(story: &Story, policy: &Pol, facts: &Facts) -> Vec<Finding> {
    let mut found: Vec<Finding> = vec![];
    for row in &facts.clocks {
        of_clock(story, row, &mut found);
    }
    if story.scope_reason == Some("not entitled") {
        found.push(("E601", story.opened_at(), None));
    }
    if story.scope_reason.is_none() {
        for row in &facts.changes {
            of_change(row, &mut found);
        }
        for row in &facts.spells {
            of_spell(story, row, &mut found);
        }
        let owed = closed_unanswered(story, policy);
        found.extend(owed.into_iter().map(|(step, code)| (code, step.at, None)));
        // One a reopening, however many spells had been closed before it.
        let mut reopened: Vec<i64> = facts.spells.iter().filter_map(|row| row.reopened_at).collect();
        reopened.sort_unstable();
        reopened.dedup();
        found.extend(reopened.into_iter().map(|at| ("C305", at, None)));
        if let Some(row) = facts.overtaken.as_ref().filter(|row| row.n_overtaken > 0) {
            found.push(("P401", row.responded_at, None));
        }
    }
    found.sort_by_key(|&(code, at, clock)| (at, code, clock));
    found
}

fn of_clock(story: &Story, row: &ClockRow, found: &mut Vec<Finding>) {
    let at = row.stopped_at.unwrap_or(story.as_of);
    let clock = Some((row.metric, row.cycle));
    let code = match (row.verdict, row.metric) {
        ("unanswered", _) => Some("R102"),
        ("missed", "first_response") if row.stopped_at.is_none() => Some("R105"),
        ("missed", "first_response") => Some("R101"),
        ("missed", "after_hours_response") => Some("R103"),
        ("missed", "next_response") => Some("R104"),
        ("missed", "update") => Some("R106"),
        ("missed", "resolution") => Some("R107"),
        _ => None,
    };
    found.extend(code.map(|code| (code, at, clock)));
    if row.stale_pause > 0 && row.verdict != "out_of_scope" {
        found.push(("R108", at, clock));
    }
}

fn of_change(row: &ChangeRow, found: &mut Vec<Finding>) {
    let at = row.changed_at;
    for &(metric, cycle, over_before, masked, _) in &row.metrics {
        if masked && row.direction == "downgrade" {
            found.push(("S201", at, Some((metric, cycle))));
        }
        if over_before {
            found.push(("S202", at, Some((metric, cycle))));
        }
    }
    if row.number == 3 {
        found.push(("S203", at, None));
    }
    if row.role == "customer" {
        found.push(("S204", at, None));
    }
    if row.returned_to_first {
        found.push(("S205", at, None));
    }
}

fn of_spell(story: &Story, row: &SpellRow, found: &mut Vec<Finding>) {
    let code = match row.verdict {
        "early" => "C301",
        "late" => "C302",
        "overdue" => "C303",
        _ => return,
    };
    found.push((code, row.ended_at.unwrap_or(story.as_of), None));
}
