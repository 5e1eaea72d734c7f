//! Rows of `clocks` into Arrow arrays. One column a line, in order of the registry.

use crate::calendar::{Amount, Duration};
use crate::replay::{CaseFact, ClockFact, Share};

use super::arrays::{Counts, Durations, Flags, Instants, Keys, Shares, Texts, columns};
use super::context::{Context, kind_key, role_key, source_key};

columns! {
    /// The growing columns of `clocks`.
    ClockColumns(context) {
        case_id: Texts = Texts::new(),
        metric: Keys = Keys::new(&context.words.metrics),
        cycle: Counts = Counts::new(),
        started_at: Instants = Instants::new(),
        stopped_at: Instants = Instants::new(),
        stopped_by_role: Keys = Keys::new(&context.words.roles),
        stopped_by: Keys = Keys::new(&context.words.actors),
        source: Keys = Keys::new(&context.words.sources),
        due_at: Instants = Instants::new(),
        elapsed_s: Durations = Durations::new(),
        paused_s: Durations = Durations::new(),
        business_s: Durations = Durations::new(),
        stale_pause_s: Durations = Durations::new(),
        target: Keys = Keys::new(&context.words.targets),
        target_kind: Keys = Keys::new(&context.words.target_kinds),
        target_s: Durations = Durations::new(),
        margin_s: Durations = Durations::new(),
        used_share: Shares = Shares::new(),
        verdict: Keys = Keys::new(&context.words.verdicts),
        reason: Keys = Keys::new(&context.words.reasons),
        kind: Keys = Keys::new(&context.words.kinds),
        severity_at_start: Counts = Counts::new(),
        severity_at_stop: Counts = Counts::new(),
        n_severity_changes: Counts = Counts::new(),
        started_in_hours: Flags = Flags::new(),
        over_before: Flags = Flags::new(),
        masked: Flags = Flags::new(),
        exposed: Flags = Flags::new(),
        verdict_at_first_severity: Keys = Keys::new(&context.words.verdicts),
        policy_version: Keys = Keys::new(&context.words.versions),
        started_month: Keys = Keys::new(&context.months.labels),
        in_period: Flags = Flags::new(),
    }
}

impl ClockColumns {
    /// Appends one clock of `case`.
    pub(super) fn append(&mut self, context: &Context<'_>, case: &CaseFact, clock: &ClockFact) {
        self.case_id.push(context.history.case_ids.at(case.case as usize));
        self.metric.push(clock.metric as usize);
        self.cycle.push(clock.cycle);
        self.append_stop(clock);
        self.append_time(clock);
        self.append_target(context, clock);
        self.verdict.push(clock.verdict as usize);
        self.reason.push_option(clock.reason.map(|reason| context.words.reason(reason, case)));
        self.kind.push_option(clock.kind.map(kind_key));
        self.append_severity(clock);
        self.policy_version.push(context.words.version(case.version));
        self.started_month.push(context.months.key(case.version, clock.started_at));
        self.in_period.push(context.period.has_clock(case.version, clock));
    }

    fn append_stop(&mut self, clock: &ClockFact) {
        self.started_at.push(clock.started_at);
        self.stopped_at.push_option(clock.stopped_at);
        self.stopped_by_role.push_option(role_key(clock.stopped_by_role));
        self.stopped_by.push_word(clock.stopped_by);
        self.source.push_option(clock.source.map(source_key));
        self.due_at.push_option(clock.due_at);
    }

    fn append_time(&mut self, clock: &ClockFact) {
        self.elapsed_s.push(clock.elapsed);
        self.paused_s.push(clock.paused);
        self.business_s.push_option(clock.business);
        self.stale_pause_s.push(clock.stale_pause);
    }

    fn append_target(&mut self, context: &Context<'_>, clock: &ClockFact) {
        self.target.push_option(clock.target.and_then(|t| context.words.target(t)));
        self.target_kind.push_option(clock.target.map(target_kind_key));
        self.target_s.push_option(clock.target_amount);
        self.margin_s.push_option(clock.margin);
        self.used_share.push_option(clock.used_share.as_deref().and_then(share));
    }

    fn append_severity(&mut self, clock: &ClockFact) {
        self.severity_at_start.push_option(clock.severity_at_start);
        self.severity_at_stop.push_option(clock.severity_at_stop);
        self.n_severity_changes.push(clock.n_severity_changes);
        self.started_in_hours.push_option(clock.started_in_hours);
        self.over_before.push(clock.over_before);
        self.masked.push(clock.masked);
        self.exposed.push(clock.exposed);
        self.verdict_at_first_severity.push(clock.verdict_at_first_severity as usize);
    }
}

/// An exact share as a number, to twelve decimals: made last, here.
fn share(exact: &Share) -> Option<f64> {
    let scaled = &exact.numerator * 1_000_000_000_000_u64 / &exact.denominator;
    scaled.to_string().parse::<f64>().ok().map(|s| s / 1e12)
}

/// Key of what a target counts.
const fn target_kind_key(target: Duration) -> usize {
    match target.amount() {
        Amount::Business(_) => 0,
        Amount::Elapsed(_) => 1,
        Amount::BusinessDays(_) => 2,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_stand_in_the_order_of_the_registry() {
        let names: Vec<&str> = super::super::CLOCKS.columns.iter().map(|c| c.name).collect();
        assert_eq!(super::ClockColumns::NAMES, names);
    }
}
