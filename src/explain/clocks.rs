//! The clocks of the case with their stretches, and why each verdict: in sentences with the figures that decide it.

use crate::calendar::Amount;
use crate::policy::PromiseKind;
use crate::replay::{
    ClockFact, ClockStretch, ClockTrace, Metric, Reason, Share, Source as Seen, State, Verdict,
};

use super::One;
use super::local::words;
use super::text::called;
use super::value::{At, ClockView, DaysView, Micros, StretchView};

impl One<'_> {
    pub(super) fn clocks(&self) -> Vec<ClockView> {
        let pairs = self.explained.facts.clocks.iter().zip(&self.explained.clocks);
        pairs.map(|(fact, trace)| self.clock(fact, trace)).collect()
    }

    fn clock(&self, fact: &ClockFact, trace: &ClockTrace) -> ClockView {
        ClockView {
            metric: fact.metric.word(),
            cycle: fact.cycle,
            verdict: fact.verdict.word(),
            reason: fact.reason.map(|reason| self.reason(reason)),
            kind: fact.kind.map(|kind| match kind {
                PromiseKind::Commitment => "commitment",
                PromiseKind::BestEffort => "best_effort",
            }),
            why: self.why(fact, trace),
            started_at: At(fact.started_at),
            stopped_at: fact.stopped_at.map(At),
            stopped_by: self.who(fact.stopped_by_role, fact.stopped_by),
            source: fact.source.map(|source| match source {
                Seen::Message => "message",
                Seen::Status => "status",
            }),
            due_at: fact.due_at.map(At),
            started_by_event: trace.started_by.map(|i| i + 1),
            stopped_by_event: trace.stopped_by.map(|i| i + 1),
            target: fact.target.map(|target| target.to_string()),
            target_kind: fact.target.map(|target| match target.amount() {
                Amount::Elapsed(_) => "elapsed",
                Amount::Business(_) => "business",
                Amount::BusinessDays(_) => "business_days",
            }),
            target_amount_s: trace.limit.and_then(|limit| limit.amount).map(Micros),
            target_days_end_at: trace.days_end_at.map(At),
            elapsed_s: Micros(fact.elapsed),
            paused_s: Micros(fact.paused),
            business_s: fact.business.map(Micros),
            used_s: fact.used.map(Micros),
            margin_s: fact.margin.map(Micros),
            used_share_millionths: fact.used_share.as_deref().and_then(millionths),
            stale_pause_s: Micros(fact.stale_pause),
            severity_at_start: fact.severity_at_start,
            severity_at_stop: fact.severity_at_stop,
            n_severity_changes: fact.n_severity_changes,
            started_in_hours: fact.started_in_hours,
            over_before: fact.over_before,
            masked: fact.masked,
            exposed: fact.exposed,
            verdict_at_first_severity: fact.verdict_at_first_severity.word(),
            stretches: trace.stretches.iter().map(|stretch| self.stretch(stretch)).collect(),
        }
    }

    fn stretch(&self, stretch: &ClockStretch) -> StretchView {
        let days = stretch.days.iter().map(|days| DaysView {
            from_on: days.from_on.to_string(),
            to_on: days.to_on.to_string(),
            n_days: days.n,
            open_each_s: Micros(days.open_each),
        });
        StretchView {
            from: At(stretch.from),
            to: At(stretch.to),
            state: match stretch.state {
                State::Running => "running",
                State::Over => "over",
                State::Paused => "paused",
                State::Ended => "ended",
                State::Dropped => "dropped",
            },
            category: stretch.category.word(),
            severity: stretch.severity,
            calendar: stretch.calendar.map(|i| self.policy.calendars[i].name.clone()),
            wall_s: Micros(stretch.wall),
            open_s: stretch.open.map(Micros),
            days: days.collect(),
            stale: stretch.is_stale,
            target: stretch.part.map(|part| part.target.to_string()),
            target_amount_s: stretch.part.and_then(|part| part.amount).map(Micros),
            used_s: stretch.part.and_then(|part| part.used).map(Micros),
        }
    }

    /// The verdict's sentence, what it was measured against, and what else decided.
    fn why(&self, fact: &ClockFact, trace: &ClockTrace) -> Vec<String> {
        let mut why = vec![self.verdict(fact, trace)];
        why.extend(self.promise(fact, trace));
        why.extend(self.answer_by_status(fact));
        why.extend(self.dropped(trace));
        why.extend(self.stale(fact));
        if fact.verdict_at_first_severity != fact.verdict {
            let (word, first) =
                (fact.verdict_at_first_severity.word(), self.explained.facts.case.severity_first);
            let first = self.severity(first).unwrap_or_else(|| "none".to_owned());
            why.push(format!("had the case kept its first severity, {first}: {word}"));
        }
        why
    }

    fn verdict(&self, fact: &ClockFact, trace: &ClockTrace) -> String {
        let used = Self::used(fact, trace);
        let over = fact.margin.filter(|&margin| margin < 0).map(|margin| words(-margin));
        let left = fact.margin.filter(|&margin| margin >= 0).map(words);
        let left = |then: &str| left.as_ref().map_or_else(String::new, |left| format!(": {left} {then}"));
        let target = fact.target.filter(|_| fact.used_share.is_none());
        let target = target.map_or_else(String::new, |target| format!(", the target is {target}"));
        match fact.verdict {
            Verdict::OutOfScope => self.out_of_scope(fact),
            Verdict::Exempt => exempt(fact, &self.opener()),
            Verdict::NotSeen => self.not_seen().to_owned(),
            Verdict::NoSeverity => match fact.severity_at_stop {
                Some(level) => {
                    format!("severity {level} decides, and the policy does not define it; used {used}")
                }
                None => format!("the case never had a severity, so nothing is promised; used {used}"),
            },
            Verdict::NoTarget => format!("the policy promises nothing for it; used {used}"),
            Verdict::Withdrawn => format!(
                "{} ended the case while the clock ran, within the target: not counted; used {used}{target}",
                self.stopper(fact)
            ),
            Verdict::Unanswered => format!(
                "{} ended the case and nobody had answered: counts as missed, also if answered later; used {used}{target}",
                self.stopper(fact)
            ),
            Verdict::Missed => {
                let over = over.map_or_else(String::new, |over| format!(": over by {over}"));
                format!("used {used}{target}{over}")
            }
            Verdict::Pending => format!("still runs; used {used}{target}{}", left("are left")),
            Verdict::Met => format!("used {used}{target}{}", left("were left")),
        }
    }

    /// `5 h 12 min of business time`, `1 h of wall time`, a share of prorated targets.
    fn used(fact: &ClockFact, trace: &ClockTrace) -> String {
        if let Some(share) = &fact.used_share {
            let is_hair = share.numerator > share.denominator && millionths(share) == Some(1_000_000);
            let percent = match millionths(share) {
                Some(_) if is_hair => "a little over 100%".to_owned(),
                Some(share) => percent(share),
                None => "more than can be shown".to_owned(),
            };
            return format!("{percent} of its targets, each stretch against its own (over 100% is missed)");
        }
        let is_business = trace.limit.map_or(fact.business.is_some(), |limit| limit.business);
        match fact.used.or(if is_business { fact.business } else { None }) {
            Some(used) if is_business => format!("{} of business time", words(used)),
            Some(used) => format!("{} of wall time", words(used)),
            None => format!("{} of wall time", words(fact.elapsed - fact.paused)),
        }
    }

    /// What the target comes to, where it says days; when it is due.
    fn promise(&self, fact: &ClockFact, trace: &ClockTrace) -> Option<String> {
        let target = fact.target.filter(|_| !fact.verdict.is_fixed())?;
        let mut text = String::new();
        if let (Amount::BusinessDays(_), Some(end)) = (target.amount(), trace.days_end_at) {
            let amount = trace.limit.and_then(|limit| limit.amount).map_or_else(String::new, words);
            text = format!(
                "{target}, counted from {}, up to {}: {amount} of open time; ",
                self.local(fact.started_at),
                self.local(end)
            );
        }
        text += &match fact.due_at {
            Some(due) => format!("due {}", self.local(due)),
            None if fact.used_share.is_some() => {
                "prorated: there is no one instant at which it is due".to_owned()
            }
            None if fact.stopped_at.is_some() => {
                "no due: it stood still at its end, with the target not used up".to_owned()
            }
            None => "no due: it stands still, and nobody knows until when".to_owned(),
        };
        if fact.kind == Some(PromiseKind::BestEffort) {
            text += "; best effort: reported beside the commitments, not among them";
        }
        Some(text)
    }

    fn dropped(&self, trace: &ClockTrace) -> Option<String> {
        let dropped = trace.stretches.iter().find(|stretch| stretch.state == State::Dropped)?;
        Some(format!(
            "on_reclassify = restart: {} before {} do not count",
            words(dropped.wall),
            self.local(dropped.to)
        ))
    }

    fn stale(&self, fact: &ClockFact) -> Option<String> {
        (fact.stale_pause > 0).then(|| {
            format!(
                "ran for {} although the status still waited for the customer, who had answered",
                words(fact.stale_pause)
            )
        })
    }

    fn stopper(&self, fact: &ClockFact) -> String {
        called(&self.who(fact.stopped_by_role, fact.stopped_by))
    }

    fn opener(&self) -> String {
        let opening = &self.source.ingested.history.case(self.case).events[self.explained.opening];
        called(&self.who(opening.role(), opening.actor))
    }

    /// What a change of status that answered stands for.
    fn answer_by_status(&self, fact: &ClockFact) -> Option<String> {
        let is_answer = !matches!(fact.metric, Metric::Update | Metric::Resolution);
        if !is_answer || !fact.is_done || fact.source != Some(Seen::Status) || fact.verdict.is_fixed() {
            return None;
        }
        let is_resolution = self.source.ingested.history.has_messages;
        Some(if is_resolution {
            "answered without a message: the resolution or close by an agent is the answer (resolution_answers = true)"
        } else {
            "the input has no messages: this change of status by an agent stands for the answer"
        }.into())
    }

    /// Why nothing in the input could show what stops the clock.
    fn not_seen(&self) -> &'static str {
        if self.source.ingested.history.has_messages {
            "no row of the input gives a status: nothing in it shows what ends such a clock, so it is not judged"
        } else {
            "no row of the input gives a status or is a message: nothing in it shows what ends such a clock, so it is not \
             judged"
        }
    }

    fn out_of_scope(&self, fact: &ClockFact) -> String {
        let measured = words(fact.elapsed - fact.paused);
        let why = match fact.reason {
            Some(Reason::Void) => "the case is void at the end: merged, a duplicate or spam".to_owned(),
            Some(Reason::NotIncluded(i)) => {
                let rule = self.policy.scope.include.get(usize::from(i));
                rule.map_or_else(String::new, |(key, values)| {
                    format!("`{key}` is none of {} ([scope] include)", values.join(", "))
                })
            }
            Some(Reason::NotEntitled) => {
                let on = self.local(self.explained.facts.case.opened_at);
                format!("the customer was not entitled on {on} ([scope] entitled)")
            }
            _ => String::new(),
        };
        format!("{why}; {measured} of wall time were measured and are not judged")
    }
}

fn exempt(fact: &ClockFact, opener: &str) -> String {
    match fact.reason {
        Some(Reason::AgentOpened) => {
            format!("{opener} opened the case, so no customer waited for a first answer (agent_opened = exempt)")
        }
        _ => "the input has no messages, and the case was never seen in category new: no first answer can be seen"
            .to_owned(),
    }
}

/// Millionths of a share, rounded down; `None` beyond what is sensible to print.
pub(super) fn millionths(share: &Share) -> Option<i64> {
    let whole = &share.numerator * 1_000_000 / &share.denominator;
    i64::try_from(whole).ok()
}

/// `175.0000 %`.
pub(super) fn percent(millionths: i64) -> String {
    format!("{}.{:04}%", millionths / 10_000, millionths % 10_000)
}
