//! Who was answered before whom: for each first response every other case is looked at (SPEC 10).

use super::clocks::{How, Span};
use super::story::{END, Story};
use super::{Level, Pol, Target};

/// A case as far as priority goes: its id, its story and its first-response clock.
pub struct Waiting<'a> {
    pub id: &'a str,
    pub story: &'a Story,
    pub first: &'a Span,
}

/// A row of `overtaken`; times in microseconds.
#[derive(Clone, Debug, PartialEq)]
pub struct OvertakenRow {
    pub responded_at: i64,
    pub severity: u8,
    pub n_overtaken: u32,
    /// Case, severity, open time waited.
    pub worst: Option<(String, u8, i64)>,
}

/// The row of `answered`, and the ids of the cases that it overtook. `None`: no response, or none to compare.
pub fn row(answered: &Waiting, all: &[Waiting], policy: &Pol) -> Option<(OvertakenRow, Vec<String>)> {
    let really = match answered.first.how {
        How::Inferred => true,
        How::Done => answered.first.stop.1 == 0,
        _ => false,
    };
    if !really || !counts(answered) {
        return None;
    }
    let severity = policy.level(answered.story.severity_before(answered.first.stop))?.level;
    let r = answered.first.end_at;
    let mut overtaken: Vec<(u8, i64, &str, i64)> = vec![];
    for other in all.iter().filter(|other| other.id != answered.id) {
        let Some(level) = level_at(other, policy, r) else { continue };
        let opened_at = other.story.opened_at();
        let runs_after = other.first.stop == END || other.first.end_at > r;
        if counts(other) && opened_at < r && runs_after && level.level < severity {
            let waited = policy.open(level.calendar).elapsed(opened_at, r);
            if waited_enough(policy, level, opened_at, r) {
                overtaken.push((level.level, opened_at, other.id, waited));
            }
        }
    }
    // The most severe, of those the earliest opened, of those the first by id.
    overtaken.sort_unstable();
    let worst = overtaken.first().map(|&(level, _, id, waited)| (id.to_string(), level, waited));
    let ids = overtaken.iter().map(|&(_, _, id, _)| id.to_string()).collect();
    Some((OvertakenRow { responded_at: r, severity, n_overtaken: overtaken.len() as u32, worst }, ids))
}

fn counts(case: &Waiting) -> bool {
    case.story.scope_reason.is_none() && case.first.exempt.is_none()
}

/// The level of the case after all its events up to `r`.
fn level_at<'a>(case: &Waiting, policy: &'a Pol, r: i64) -> Option<&'a Level> {
    let last = case.story.changes.iter().rfind(|c| c.at <= r);
    policy.level(last.map_or(case.story.first_severity, |c| c.to))
}

fn waited_enough(policy: &Pol, level: &Level, opened_at: i64, r: i64) -> bool {
    let calendar = policy.open(level.calendar);
    match &policy.tolerance {
        None | Some(Target::Days(0)) => true,
        Some(Target::Elapsed(amount)) => r - opened_at >= *amount,
        Some(Target::Business(amount)) => calendar.elapsed(opened_at, r) >= *amount,
        Some(Target::Days(n)) => {
            let amount = calendar.elapsed(opened_at, calendar.days_due(opened_at, *n));
            calendar.elapsed(opened_at, r) >= amount
        }
    }
}
