//! What two policies say differently. Every field of a policy is named here, so that a new one does not compile
//! until it is compared. Not what a difference does to verdicts: that takes histories.

use super::diff_calendar::calendars;
use super::diff_scope::{clauses, objectives, scope};
use super::difference::{Difference, Differences, Pairs, Setting, pairs, path, spaced};
use super::model::{AfterHours, ClockRules, InactivityRule, Policy, PriorityRule, SeverityRule};
use super::show::{self, inline};

/// What `right` says otherwise than `left`, in the order of a policy file.
///
/// Severities are matched by level, calendars by name, inactivity rules by basis, clauses by their text. Durations
/// differ where number or unit do: `60 minutes` is not `1 hour`. Two policies without a difference are equal but for
/// [`Policy::version`], which is `effective_from` again or the name of the file.
///
/// ```
/// let policy = |target| {
///     let toml = format!("name = 'a'\ntimezone = 'UTC'\n[[severity]]\nlevel = 2\nfirst_response = '{target}'\n");
///     slaudit::policy::parse("a.toml", toml.as_bytes()).unwrap().versions.remove(0)
/// };
/// let found = slaudit::policy::diff(&policy("8 hours"), &policy("4 hours"));
/// assert_eq!(found[0].key, "severity.2.first_response");
/// assert_eq!(found[0].to_string(), "first response of severity 2: 4 hours instead of 8 hours");
/// assert!(slaudit::policy::diff(&policy("4 hours"), &policy("4h")).is_empty());
/// ```
pub fn diff(left: &Policy, right: &Policy) -> Vec<Difference> {
    let Policy {
        name,
        version: _,
        effective_from,
        timezone,
        calendars: all,
        severities: levels,
        after_hours: promise,
        clock: rules,
        inactivity: closing,
        priority: order,
        scope: covered,
        objectives: goals,
        clauses: text,
    } = left;
    let mut found = Differences::default();
    let out = &mut found;
    out.compare("name", "name of the policy", (name, &right.name), |name| Setting::text(name));
    out.compare("effective_from", "first day in force", (effective_from, &right.effective_from), |date| {
        date.map_or_else(|| Setting::unset("no date"), |date| Setting::plain(&date))
    });
    let zone = |zone: &chrono_tz::Tz| Setting::word(zone.name());
    out.compare("timezone", "time zone of the policy", (timezone, &right.timezone), zone);
    calendars(out, all, &right.calendars);
    severities(out, (levels, left), (&right.severities, right));
    after_hours(out, *promise, right.after_hours);
    clock(out, *rules, right.clock);
    inactivity(out, closing, &right.inactivity);
    priority(out, *order, right.priority);
    scope(out, covered, &right.scope);
    objectives(out, goals, &right.objectives);
    clauses(out, text, &right.clauses);
    found.0
}

/// A list that has the same things in another order.
pub(super) fn moved<T>(
    out: &mut Differences,
    key: &str,
    what: &str,
    pairs: &Pairs<'_, T>,
    name: impl Fn(&T) -> String,
) {
    if let Some((left, right)) = &pairs.moved {
        let names = |all: &[&T]| all.iter().map(|one| name(one)).collect::<Vec<_>>().join(", ");
        let setting = |all: &[&T]| Some(Setting::unset(&names(all)));
        out.add(key, format!("order of the {what}"), setting(left), setting(right));
    }
}

type Levels<'p> = (&'p [SeverityRule], &'p Policy);

fn severities(out: &mut Differences, (left, left_policy): Levels<'_>, (right, right_policy): Levels<'_>) {
    let added = |rule: Option<&SeverityRule>, policy: &Policy| {
        rule.map(|rule| Setting::new(targets(rule), inline(|out| show::severity(out, rule, policy))))
    };
    let pairs = pairs(left, right, |rule| rule.level);
    for &(before, after) in &pairs.all {
        match (before, after) {
            (Some(before), Some(after)) => severity(out, (before, left_policy), (after, right_policy)),
            (Some(rule), None) | (None, Some(rule)) => {
                let (before, after) = (added(before, left_policy), added(after, right_policy));
                out.add(path(&["severity", &rule.level.to_string()]), shown(rule), before, after);
            }
            (None, None) => {}
        }
    }
    moved(out, "severity", "severities", &pairs, |rule| rule.level.to_string());
}

/// `severity 2 (Important)`.
fn shown(rule: &SeverityRule) -> String {
    let SeverityRule { level, name, .. } = rule;
    if *name == level.to_string() {
        format!("severity {level}")
    } else {
        format!("severity {level} ({name})")
    }
}

/// What is promised, for a severity that only one side has.
fn targets(rule: &SeverityRule) -> String {
    let all = [
        ("first_response", rule.first_response),
        ("next_response", rule.next_response),
        ("update", rule.update),
        ("resolution", rule.resolution),
    ];
    let given = all.iter().filter_map(|(metric, target)| {
        target.map(|target| format!("{} {}", spaced(metric), show::long(target)))
    });
    let given: Vec<String> = given.collect();
    if given.is_empty() { "no targets".to_owned() } else { given.join(", ") }
}

fn severity(
    out: &mut Differences,
    (left, left_policy): (&SeverityRule, &Policy),
    (right, right_policy): (&SeverityRule, &Policy),
) {
    let SeverityRule { level, name, calendar, first_response, next_response, update, resolution } = left;
    let level = level.to_string();
    let key = |field: &str| path(&["severity", &level, field]);
    out.compare(key("name"), format!("name of severity {level}"), (name, &right.name), |name| {
        Setting::text(name)
    });
    // By name: an index into other calendars says nothing.
    let named = |policy: &Policy, calendar: usize| policy.calendars.get(calendar).map(|one| one.name.clone());
    let calendars = (&named(left_policy, *calendar), &named(right_policy, right.calendar));
    out.compare(key("calendar"), format!("calendar of {}", shown(right)), calendars, |name| {
        name.as_ref().map_or_else(|| Setting::unset("none"), |name| Setting::text(name))
    });
    for (metric, before, after) in [
        ("first_response", first_response, right.first_response),
        ("next_response", next_response, right.next_response),
        ("update", update, right.update),
        ("resolution", resolution, right.resolution),
    ] {
        let subject = format!("{} of {}", spaced(metric), shown(right));
        out.duration(key(metric), subject, (*before, after), "no target");
    }
}

fn after_hours(out: &mut Differences, left: Option<AfterHours>, right: Option<AfterHours>) {
    let subject = "promise for cases opened outside hours";
    let (Some(before), Some(after)) = (left, right) else {
        let setting = |rule: AfterHours| {
            let target = Setting::duration(rule.first_response, "no target").words;
            let words = format!("first response {target}, {}", spaced(rule.kind.word()));
            Setting::new(words, inline(|out| show::after_hours(out, &rule)))
        };
        if left.is_some() || right.is_some() {
            out.add("after_hours", subject, left.map(setting), right.map(setting));
        }
        return;
    };
    let AfterHours { first_response, kind } = before;
    let targets = (first_response, after.first_response);
    let first = "first response to cases opened outside hours".to_owned();
    out.duration("after_hours.first_response".to_owned(), first, targets, "no target");
    out.compare("after_hours.kind", format!("kind of the {subject}"), (&kind, &after.kind), |kind| {
        Setting::word(kind.word())
    });
}

fn clock(out: &mut Differences, left: ClockRules, right: ClockRules) {
    let ClockRules {
        pause_in,
        response_by,
        agent_opened,
        on_reclassify,
        on_reopen,
        customer_message_resumes,
        resolution_answers,
    } = left;
    out.compare("clock.pause_in", "clocks pause in", (&pause_in, &right.pause_in), |set| {
        Setting::texts(set.words(), "no category")
    });
    out.compare("clock.response_by", "answers may come from", (&response_by, &right.response_by), |set| {
        Setting::texts(set.words(), "nobody")
    });
    let opened = (&agent_opened, &right.agent_opened);
    out.compare("clock.agent_opened", "response clocks of cases that an agent opened", opened, |rule| {
        Setting::word(rule.word())
    });
    let reclassify = (&on_reclassify, &right.on_reclassify);
    out.compare("clock.on_reclassify", "clocks when the severity changes", reclassify, |rule| {
        Setting::word(rule.word())
    });
    let reopen = (&on_reopen, &right.on_reopen);
    out.compare("clock.on_reopen", "resolution clock when a case is reopened", reopen, |rule| {
        Setting::word(rule.word())
    });
    let resumes = (&customer_message_resumes, &right.customer_message_resumes);
    let subject = "a customer's message ends a pause for the customer";
    out.compare("clock.customer_message_resumes", subject, resumes, Setting::plain);
    let answers = (&resolution_answers, &right.resolution_answers);
    let subject = "a resolution by an agent without a message counts as the answer";
    out.compare("clock.resolution_answers", subject, answers, Setting::plain);
}

fn inactivity(out: &mut Differences, left: &[InactivityRule], right: &[InactivityRule]) {
    let added = |rule: &InactivityRule| {
        let close = Setting::duration(rule.close_after, "measured, not judged").words;
        let words = format!("close after: {close}; grace: {}", show::long(rule.grace));
        Setting::new(words, inline(|out| show::inactivity(out, rule)))
    };
    let pairs = pairs(left, right, |rule| rule.basis);
    for &(before, after) in &pairs.all {
        let Some(InactivityRule { basis, infer, close_after, grace }) = before.or(after) else { continue };
        let about = format!("inactivity in {}", basis.word());
        let key = |field: &str| path(&["inactivity", basis.word(), field]);
        let (Some(_), Some(after)) = (before, after) else {
            let key = path(&["inactivity", basis.word()]);
            out.add(key, format!("rule for {about}"), before.map(added), after.map(added));
            continue;
        };
        let subject = format!("{about} taken from answers where no row has the category");
        out.compare(key("infer"), subject, (infer, &after.infer), Setting::plain);
        let none = "no length";
        let close = format!("close after {about}");
        out.duration(key("close_after"), close, (*close_after, after.close_after), none);
        let graces = (Some(*grace), Some(after.grace));
        out.duration(key("grace"), format!("grace after {about}"), graces, "none");
    }
    moved(out, "inactivity", "inactivity rules", &pairs, |rule| rule.basis.word().to_owned());
}

fn priority(out: &mut Differences, left: Option<PriorityRule>, right: Option<PriorityRule>) {
    let tolerance = |rule: Option<PriorityRule>| rule.map(|PriorityRule { tolerance }| tolerance);
    let subject = "wait after which a more severe case counts as overtaken".to_owned();
    let both = (tolerance(left), tolerance(right));
    out.duration("priority.tolerance".to_owned(), subject, both, "none given, which is zero");
}
