//! The parts of a policy that decide verdicts, each of which can be put from one policy into another. Together they
//! are all that a replay asks of a version.

use crate::calendar::Calendar;
use crate::policy::{AfterHours, Policy, SeverityRule};

/// One part of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    /// Lengths promised, and which severities there are.
    Target,
    /// Hours of the week, zones, and which severity has which calendar.
    Hours,
    /// Holidays, single closures, dates with hours of their own.
    Holidays,
    /// What a change of severity does to a clock.
    Reclassification,
    /// What pauses a clock, and when a pause ends.
    Pauses,
    /// Who answers, whether a resolution does, and cases that support opens.
    Answers,
    /// What a reopening does to a clock.
    Reopening,
    /// Which cases are covered.
    Scope,
    /// Whether the after-hours answer is a commitment.
    Kind,
    /// When a case is closed for inactivity.
    Closure,
}

impl Aspect {
    /// All of them, those that proposals are mostly about first.
    pub const ALL: [Aspect; 10] = [
        Aspect::Target,
        Aspect::Hours,
        Aspect::Holidays,
        Aspect::Reclassification,
        Aspect::Pauses,
        Aspect::Answers,
        Aspect::Reopening,
        Aspect::Scope,
        Aspect::Kind,
        Aspect::Closure,
    ];

    /// The reason in words.
    pub const fn words(self) -> &'static str {
        match self {
            Aspect::Target => "new target",
            Aspect::Hours => "new hours",
            Aspect::Holidays => "other holidays",
            Aspect::Reclassification => "reclassification rule",
            Aspect::Pauses => "pause rule",
            Aspect::Answers => "answer rule",
            Aspect::Reopening => "reopening rule",
            Aspect::Scope => "scope",
            Aspect::Kind => "kind of promise",
            Aspect::Closure => "closure threshold",
        }
    }

    /// `into` with this part of it taken from `from`.
    pub fn put(self, from: &Policy, into: &Policy) -> Policy {
        let mut made = into.clone();
        match self {
            Aspect::Target => targets(from, &mut made),
            Aspect::Hours => hours(from, into, &mut made),
            Aspect::Holidays => holidays(from, into, &mut made),
            Aspect::Reclassification => made.clock.on_reclassify = from.clock.on_reclassify,
            Aspect::Pauses => {
                made.clock.pause_in = from.clock.pause_in;
                made.clock.customer_message_resumes = from.clock.customer_message_resumes;
            }
            Aspect::Answers => {
                made.clock.response_by = from.clock.response_by;
                made.clock.agent_opened = from.clock.agent_opened;
                made.clock.resolution_answers = from.clock.resolution_answers;
            }
            Aspect::Reopening => made.clock.on_reopen = from.clock.on_reopen,
            Aspect::Scope => made.scope = from.scope.clone(),
            Aspect::Kind => {
                if let Some((made, from)) = made.after_hours.as_mut().zip(from.after_hours) {
                    made.kind = from.kind;
                }
            }
            Aspect::Closure => made.inactivity.clone_from(&from.inactivity),
        }
        made
    }

    /// Those in which two policies differ, in order.
    pub fn different(now: &Policy, proposed: &Policy) -> Vec<Aspect> {
        Aspect::ALL.into_iter().filter(|aspect| aspect.put(proposed, now) != *now).collect()
    }
}

/// The severities of `from` with their targets, on the calendars that `made` gives them.
fn targets(from: &Policy, made: &mut Policy) {
    let calendar = |made: &Policy, rule: &SeverityRule| {
        let same = made.severity(rule.level).map(|own| own.calendar);
        let name = from.calendars.get(rule.calendar).map(|calendar| calendar.name.as_str());
        same.or_else(|| made.calendars.iter().position(|own| Some(own.name.as_str()) == name)).unwrap_or(0)
    };
    let rules = from.severities.iter();
    made.severities =
        rules.map(|rule| SeverityRule { calendar: calendar(made, rule), ..rule.clone() }).collect();
    made.after_hours = from.after_hours.map(|promise| AfterHours {
        kind: made.after_hours.map_or(promise.kind, |own| own.kind),
        first_response: promise.first_response,
    });
}

/// The week's hours of `from`, with the holidays of `into`.
fn hours(from: &Policy, into: &Policy, made: &mut Policy) {
    made.timezone = from.timezone;
    made.calendars = from.calendars.clone();
    for (i, calendar) in made.calendars.iter_mut().enumerate() {
        if let Some(own) = counterpart(from, i, into) {
            take_holidays(own, calendar);
        }
    }
    for rule in &mut made.severities {
        rule.calendar = from.severity(rule.level).map_or(0, |theirs| theirs.calendar);
    }
}

/// The holidays of `from` in the calendars of `into`.
fn holidays(from: &Policy, into: &Policy, made: &mut Policy) {
    for (i, calendar) in made.calendars.iter_mut().enumerate() {
        if let Some(theirs) = counterpart(into, i, from) {
            take_holidays(theirs, calendar);
        }
    }
}

/// The calendar of `other` that stands for calendar `i` of `policy`: of the same name, else that of the first severity
/// which has it, else the first.
fn counterpart<'p>(policy: &Policy, i: usize, other: &'p Policy) -> Option<&'p Calendar> {
    let name = policy.calendars.get(i).map(|calendar| calendar.name.as_str());
    let named = other.calendars.iter().find(|calendar| Some(calendar.name.as_str()) == name);
    let by_severity = || {
        let rule = policy.severities.iter().find(|rule| rule.calendar == i)?;
        other.calendars.get(other.severity(rule.level)?.calendar)
    };
    named.or_else(by_severity).or_else(|| other.calendars.first())
}

fn take_holidays(from: &Calendar, into: &mut Calendar) {
    into.holidays.clone_from(&from.holidays);
    into.holiday_files.clone_from(&from.holiday_files);
    into.closed_hours.clone_from(&from.closed_hours);
    into.holiday_sets.clone_from(&from.holiday_sets);
    into.closed.clone_from(&from.closed);
    into.days.clone_from(&from.days);
}
