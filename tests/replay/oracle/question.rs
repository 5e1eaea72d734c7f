//! What if cases had been closed after some other length (SPEC 9.4)?

use super::spells::due;
use super::{Facts, Pol, Target};

/// The answer for the spells of one rule.
#[derive(Clone, Debug, PartialEq)]
pub struct QuestionRow {
    pub basis: &'static str,
    pub spells: u32,
    pub would_close: u32,
    pub false_closures: u32,
    pub cases_closed: u32,
    /// Wall time, microseconds.
    pub saved: i64,
}

/// One row a rule.
pub fn question(all: &[&Facts], policy: &Pol, as_of: i64, threshold: &Target) -> Vec<QuestionRow> {
    let mut rows = vec![];
    for (n, rule) in policy.inactivity.iter().enumerate() {
        let basis = rule.basis.word();
        let mut row =
            QuestionRow { basis, spells: 0, would_close: 0, false_closures: 0, cases_closed: 0, saved: 0 };
        for facts in all.iter().filter(|facts| facts.case.scope_reason.is_none()) {
            let before = row.would_close;
            for spell in facts.spells.iter().filter(|spell| spell.rule == n as u32 + 1) {
                // A spell that no calendar can measure has no answer.
                let Some(due) = due(policy, spell.calendar, spell.started_at, threshold) else { continue };
                row.spells += 1;
                let end = spell.ended_at.unwrap_or(as_of);
                if due >= end {
                    continue;
                }
                row.would_close += 1;
                match spell.ended_how {
                    "returned" => row.false_closures += 1,
                    _ => row.saved += end - due,
                }
            }
            row.cases_closed += u32::from(row.would_close > before);
        }
        rows.push(row);
    }
    rows
}
