//! Spells of inactivity and why each was judged as it was (SPEC 9).

use crate::replay::{SpellFact, SpellVerdict};

use super::One;
use super::local::words;
use super::text::called;
use super::value::{At, Micros, SpellView};

impl One<'_> {
    pub(super) fn spells(&self) -> Vec<SpellView> {
        self.explained.facts.spells.iter().map(|fact| self.spell(fact)).collect()
    }

    fn spell(&self, fact: &SpellFact) -> SpellView {
        let rule = self.policy.inactivity.get((fact.rule as usize).saturating_sub(1));
        SpellView {
            rule: fact.rule,
            basis: fact.basis.word(),
            spell: fact.spell,
            entered_at: At(fact.entered_at),
            started_at: At(fact.started_at),
            n_restarts: fact.n_restarts,
            close_after: rule.and_then(|rule| rule.close_after).map(|length| length.to_string()),
            grace: rule.map_or_else(String::new, |rule| rule.grace.to_string()),
            due_at: fact.due_at.map(At),
            grace_until_at: fact.grace_until_at.map(At),
            ended_at: fact.ended_at.map(At),
            ended_how: fact.ended_how.word(),
            ended_by: self.who(fact.ended_by_role, fact.ended_by),
            verdict: fact.verdict.word(),
            why: self.why_spell(fact),
            idle_s: Micros(fact.idle),
            idle_business_s: fact.idle_business.map(Micros),
            support_owed: fact.support_owed,
            reopened_at: fact.reopened_at.map(At),
            severity: fact.severity,
        }
    }

    fn why_spell(&self, fact: &SpellFact) -> Vec<String> {
        let until = fact.ended_at.unwrap_or(self.source.replayer.as_of());
        let end = self.local(until);
        let who = called(&self.who(fact.ended_by_role, fact.ended_by));
        let apart =
            |a: Option<crate::calendar::Instant>| a.map_or_else(String::new, |a| words(until.since(a).abs()));
        let (to_due, to_limit) = (apart(fact.due_at), apart(fact.grace_until_at));
        let first = match fact.verdict {
            SpellVerdict::OutOfScope => "the case is out of scope".to_owned(),
            SpellVerdict::NoTarget => format!("the policy gives no length; it lasted until {end}"),
            SpellVerdict::Early => format!("closed {end} by {who}, {to_due} before it was due"),
            SpellVerdict::OnTime => format!("closed {end} by {who}, between due and the end of grace"),
            SpellVerdict::Late => format!("closed {end} by {who}, {to_limit} after the end of grace"),
            SpellVerdict::ClosedByCustomer => format!("closed {end} by {who}: not judged"),
            SpellVerdict::Pending => format!("lasts, and the end of grace is not over at {end}"),
            SpellVerdict::Overdue => format!("lasts at {end}, {to_limit} after the end of grace"),
            SpellVerdict::Returned => format!("the customer came back {end}"),
            SpellVerdict::ReturnedOverdue => {
                format!("the customer came back {end}, {to_limit} after the end of grace")
            }
            SpellVerdict::Resumed => format!("{who} went on with it {end}"),
        };
        let mut why = vec![first];
        if fact.n_restarts > 0 {
            let entered = self.local(fact.entered_at);
            why.push(format!("began {entered}; responses started it again, {} in all", fact.n_restarts));
        }
        if fact.support_owed == Some(true) {
            why.push("a message of the customer was unanswered at the close".to_owned());
        }
        if let Some(at) = fact.reopened_at {
            why.push(format!("reopened for the customer {}, within 720 hours of the close", self.local(at)));
        }
        why
    }
}
