//! From the events of a file to what they close: which version of an event stands, which of its instances take place, and
//! what each of them takes.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::event::{Event, days};
use super::rule::{End, Rule};
use super::when::{Timed, When};
use super::{ClosedHours, Closings, IcsError, Pick, expand};

/// Longest event, in days.
const MAX_DAYS: i64 = 366;

/// What tells one instance of an event from another: its date, or its instant.
type Key = DateTime<Utc>;

/// An instance that is changed: whether it is told by its date alone, and its key.
type Instance = (bool, Key);

fn key(when: When) -> Key {
    match when {
        When::Date(date) => date.and_time(NaiveTime::MIN).and_utc(),
        When::Time(at) => at.instant(),
    }
}

/// What the events close, of those that `pick` takes.
///
/// # Errors
/// Two versions of an event of which neither is newer; a rule that does not give the start of its event; an event without
/// length, or too long a one.
pub(super) fn closings(events: &[Event], pick: &Pick) -> Result<Closings, IcsError> {
    let mut closings = Closings { unknown: unknown(events, pick), ..Closings::default() };
    for (event, replaced) in standing(events)? {
        if event.is_cancelled || !is_picked(event, pick) {
            continue;
        }
        let is_endless = event.rule.as_ref().is_some_and(|rule| rule.end == End::Never);
        closings.is_endless |= is_endless;
        for (start, length) in instances(event, &replaced)? {
            close(&mut closings, event, start, length)?;
        }
    }
    closings.hours.sort_by_key(|hours| (hours.from, hours.to));
    Ok(closings)
}

fn is_picked(event: &Event, pick: &Pick) -> bool {
    let named =
        pick.categories.is_empty() || event.categories.iter().any(|one| pick.categories.contains(one));
    named && !pick.except.contains(&event.summary)
}

/// The names of `pick` that no event has.
fn unknown(events: &[Event], pick: &Pick) -> Vec<String> {
    let has_category = |name: &&String| events.iter().any(|event| event.categories.contains(name));
    let has_summary = |name: &&String| events.iter().any(|event| event.summary == **name);
    let categories = pick.categories.iter().filter(|name| !has_category(name));
    categories.chain(pick.except.iter().filter(|name| !has_summary(name))).cloned().collect()
}

/// The newest version of every event, and of every changed instance, in order of the file; with an event the instances that
/// others replace.
fn standing(events: &[Event]) -> Result<Vec<(&Event, Vec<When>)>, IcsError> {
    // By UID and instance; events without UID stand each for itself.
    let mut newest: BTreeMap<(&str, Option<Instance>), usize> = BTreeMap::new();
    let mut standing = BTreeSet::new();
    for (i, event) in events.iter().enumerate() {
        let Some(uid) = &event.uid else {
            standing.insert(i);
            continue;
        };
        let instance = event.instance.map(|at| (matches!(at, When::Date(_)), key(at)));
        let known = newest.entry((uid, instance)).or_insert(i);
        let older = &events[*known];
        if event.version > older.version {
            *known = i;
        } else if event.version == older.version && !is_same(event, older) {
            let message = format!(
                "expected one event `{uid}`, found another at line {} that is not newer by its `SEQUENCE`",
                event.line
            );
            let hint = "give each event a `UID` of its own, or the newer version a higher `SEQUENCE`";
            return Err(IcsError::new(older.line, message, hint));
        }
    }
    standing.extend(newest.values().copied());
    let replaced = |event: &Event| match (&event.uid, event.instance) {
        (Some(uid), None) => {
            // The event itself comes first of its UID, then its instances.
            let of_uid =
                newest.range((uid.as_str(), None)..).take_while(|((own, _), _)| *own == uid.as_str());
            of_uid.filter_map(|(_, i)| events[*i].instance).collect()
        }
        _ => Vec::new(),
    };
    let excepted = |event: &Event| {
        let whole = event.uid.as_ref().and_then(|uid| newest.get(&(uid.as_str(), None)));
        event
            .instance
            .is_some_and(|at| whole.is_some_and(|i| events[*i].except.iter().any(|one| matches(*one, at))))
    };
    let all = standing.into_iter().map(|i| &events[i]).filter(|event| !excepted(event));
    Ok(all.map(|event| (event, replaced(event))).collect())
}

/// True where both say the same, wherever they stand.
fn is_same(a: &Event, b: &Event) -> bool {
    *a == Event { line: a.line, rule_line: a.rule_line, ..b.clone() }
}

/// True where `one`, of an `EXDATE` or `RECURRENCE-ID`, means the instance that starts at `start`: a date means every start
/// on it, a midnight the date.
fn matches(one: When, start: When) -> bool {
    match (one, start) {
        (When::Time(at), When::Time(from)) => {
            key(one) == key(start) || (at.is_floating && at.local == from.local)
        }
        (When::Time(at), When::Date(date)) => at.local == date.and_time(NaiveTime::MIN),
        (When::Date(date), start) => date == start.date(),
    }
}

/// The starts of an event's instances, with the length of each.
fn instances(event: &Event, replaced: &[When]) -> Result<Vec<(When, TimeDelta)>, IcsError> {
    let mut all: BTreeMap<Key, (When, TimeDelta)> = BTreeMap::new();
    for start in by_rule(event)? {
        all.insert(key(start), (start, event.length));
    }
    for (start, length) in &event.more {
        let (start, length) = (like(event.start, *start), length.unwrap_or(event.length));
        all.entry(key(start)).and_modify(|known| known.1 = length).or_insert((start, length));
    }
    let stands = |start: When| !event.except.iter().chain(replaced).any(|one| matches(*one, start));
    Ok(all.into_values().filter(|(start, _)| stands(*start)).collect())
}

/// `other` as the clock of `start` shows it.
fn like(start: When, other: When) -> When {
    match (start, other) {
        (When::Time(from), When::Time(at)) if at.zone != from.zone => {
            let local = crate::zones::in_zone(at.instant(), from.zone).naive_local();
            When::Time(Timed { local, ..from })
        }
        _ => other,
    }
}

fn by_rule(event: &Event) -> Result<Vec<When>, IcsError> {
    let Some(rule) = &event.rule else { return Ok(vec![event.start]) };
    let first = event.start.date();
    let at = |date: chrono::NaiveDate| match event.start {
        When::Date(_) => When::Date(date),
        When::Time(start) => When::Time(Timed { local: date.and_time(start.local.time()), ..start }),
    };
    let count = match rule.end {
        End::Count(n) => n as usize,
        _ => usize::MAX,
    };
    let starts = expand::dates(rule, first).map(at);
    let starts: Vec<When> = starts.take(count).take_while(|start| !is_over(rule, *start)).collect();
    if starts.first().map(|start| start.date()) != Some(first) {
        let message =
            format!("expected a rule that has its `DTSTART`, {first}, among its days, found that it has not");
        let hint = "begin the event on a day of its rule, and end the rule after it: readers disagree on other files";
        return Err(IcsError::new(event.rule_line, message, hint));
    }
    Ok(starts)
}

fn is_over(rule: &Rule, start: When) -> bool {
    match (rule.end, start) {
        (End::Date(last), start) => start.date() > last,
        (End::Instant(last), start) => key(start) > last,
        (End::Local(last), When::Time(at)) => at.local > last,
        _ => false,
    }
}

/// Adds what one instance takes.
fn close(closings: &mut Closings, event: &Event, start: When, length: TimeDelta) -> Result<(), IcsError> {
    let hint = "give the event its end, or make it an all-day event";
    if length > days(MAX_DAYS) {
        let message =
            format!("expected an event of at most {MAX_DAYS} days, found one of {}", length.num_days());
        return Err(IcsError::new(event.line, message, hint));
    }
    if length <= TimeDelta::zero() {
        let message = "expected an event with a length, found a time of day without `DTEND` or `DURATION`, or with an \
                       end at the start";
        return Err(IcsError::new(event.line, message, hint));
    }
    let whole_days = match start {
        When::Date(_) => Some(length.num_days()),
        When::Time(at) => is_all_day(at, length).then(|| length.num_days()),
    };
    if let Some(n) = whole_days {
        for day in 0..n as u64 {
            if let Some(on) = start.date().checked_add_days(Days::new(day)) {
                closings.dates.entry(on).or_insert_with(|| event.summary.clone());
            }
        }
        return Ok(());
    }
    let When::Time(at) = start else { return Ok(()) };
    let end = at.local.checked_add_signed(length).unwrap_or(NaiveDateTime::MAX);
    let (from, to) = (at.instant(), Timed { local: end, ..at }.instant());
    if from < to {
        closings.hours.push(ClosedHours { from: from.into(), to: to.into(), name: event.summary.clone() });
    }
    Ok(())
}

/// From midnight to midnight UTC: many write a plain date so.
fn is_all_day(at: Timed, length: TimeDelta) -> bool {
    at.zone == Tz::UTC && at.local.time() == NaiveTime::MIN && length == days(length.num_days())
}
