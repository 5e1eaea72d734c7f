//! What each change of severity did to each clock that ran (SPEC 7.3, 8).

use crate::replay::{ChangeFact, ChangeTrace, ChangedClock, Direction, Outcome};

use super::One;
use super::clocks::millionths;
use super::value::{At, ChangeView, ChangedView, Micros, OutcomeView};

impl One<'_> {
    pub(super) fn changes(&self) -> Vec<ChangeView> {
        let pairs = self.explained.facts.changes.iter().zip(&self.explained.changes);
        pairs.map(|(fact, traces)| self.change(fact, traces)).collect()
    }

    fn change(&self, fact: &ChangeFact, traces: &[ChangeTrace]) -> ChangeView {
        let held = self.explained.severities.get(fact.change as usize);
        ChangeView {
            change: fact.change,
            changed_at: At(fact.changed_at),
            event: held.and_then(|held| held.event).map(|i| i + 1),
            from_severity: self.severity(fact.from_severity),
            to_severity: self.severity(fact.to_severity),
            direction: match fact.direction {
                Direction::Upgrade => "upgrade",
                Direction::Downgrade => "downgrade",
            },
            by: self.who(fact.role, fact.actor),
            since_opening_s: Micros(fact.since_opening),
            since_opening_business_s: fact.since_opening_business.map(Micros),
            before_first_response: fact.before_first_response,
            returned_to_first: fact.returned_to_first,
            clocks: fact.clocks.iter().zip(traces).map(|(clock, trace)| changed(clock, trace)).collect(),
        }
    }
}

fn changed(clock: &ChangedClock, trace: &ChangeTrace) -> ChangedView {
    ChangedView {
        metric: clock.metric.word(),
        cycle: clock.cycle,
        over_before: clock.over_before,
        masked: clock.masked,
        exposed: clock.exposed,
        at_change: outcome(&trace.at_change),
        without: outcome(&trace.without),
        with: outcome(&trace.with),
    }
}

fn outcome(outcome: &Outcome) -> OutcomeView {
    OutcomeView {
        target: outcome.target.map(|target| target.to_string()),
        target_amount_s: outcome.amount.map(Micros),
        used_s: outcome.used.map(Micros),
        used_share_millionths: outcome.share.as_ref().and_then(millionths),
        over: outcome.over,
        verdict: outcome.verdict.word(),
    }
}
