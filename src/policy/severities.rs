//! `[[severity]]` and `[after_hours]`: what is promised, and on which calendar (SPEC 4).

use super::keys;
use super::model::{AfterHours, PromiseKind, SeverityRule};
use super::reading::{Reading, Zero};
use super::suggest::{hint, listed};
use super::tree::{Node, Table, Value};
use crate::codes;

/// The severity rules, ascending by level; `calendars` are the names that a severity may use.
pub(super) fn severities(reading: &mut Reading, root: &Table, calendars: &[String]) -> Vec<SeverityRule> {
    let Some(node) = root.get("severity") else {
        return Vec::new();
    };
    let mut rules: Vec<(SeverityRule, &Node)> = Vec::new();
    for (node, table) in reading.tables(node, "severity") {
        let Some((rule, place)) = severity(reading, node, table, calendars) else {
            continue;
        };
        match rules.iter().find(|(known, _)| known.level == rule.level) {
            Some((_, first)) => {
                let message = format!("expected each level once, found level `{}` again", rule.level);
                let first = reading.sources.line_of(first.span);
                reading.problem(place.span, codes::F108, message, format!("the first one is at {first}"));
            }
            None => rules.push((rule, place)),
        }
    }
    rules.sort_by_key(|(rule, _)| rule.level);
    rules.into_iter().map(|(rule, _)| rule).collect()
}

fn severity<'n>(
    reading: &mut Reading,
    node: &'n Node,
    table: &'n Table,
    calendars: &[String],
) -> Option<(SeverityRule, &'n Node)> {
    reading.known_keys(table, "`[[severity]]`", &keys::SEVERITY);
    let level = level(reading, node, table);
    let name = reading.text(table, "name", "name = \"Critical\"").map(|(_, name)| name.to_owned());
    let calendar = calendar(reading, node, table, calendars);
    let first_response = reading.duration(table, "first_response", Zero::Refused);
    let next_response = reading.duration(table, "next_response", Zero::Refused);
    let update = reading.duration(table, "update", Zero::Refused);
    let resolution = reading.duration(table, "resolution", Zero::Refused);
    let (level, place) = level?;
    let name = name.unwrap_or_else(|| level.to_string());
    let calendar = calendar?;
    Some((SeverityRule { level, name, calendar, first_response, next_response, update, resolution }, place))
}

fn level<'n>(reading: &mut Reading, node: &Node, table: &'n Table) -> Option<(u8, &'n Node)> {
    let Some(place) = table.get("level") else {
        reading.missing(
            node.span,
            "level",
            "`[[severity]]`",
            "give it a level from 1, the most severe, to 9",
        );
        return None;
    };
    match place.value {
        Value::Integer(Some(level @ 1..=9)) => Some((level as u8, place)),
        Value::Integer(_) => {
            let found = reading.sources.text(place.span).to_owned();
            let message = format!("expected `level` to be from 1 to 9, found `{found}`");
            reading.bad_value(place, message, "1 is the most severe");
            None
        }
        _ => {
            reading.wrong_type(place, "level", "a whole number from 1 to 9", "level = 1");
            None
        }
    }
}

/// The calendar's index. An unknown name gives the first, so that nothing else is said about it.
fn calendar(reading: &mut Reading, node: &Node, table: &Table, calendars: &[String]) -> Option<usize> {
    let names = || calendars.iter().map(String::as_str);
    let Some((place, name)) = reading.text(table, "calendar", "calendar = \"support\"") else {
        if calendars.len() > 1 && table.get("calendar").is_none() {
            let hint = format!("with several calendars each severity names one of {}", listed(names()));
            reading.missing(node.span, "calendar", "`[[severity]]`", hint);
        }
        return Some(0);
    };
    let found = calendars.iter().position(|known| known == name);
    if found.is_none() {
        let message = format!("expected `calendar` to be a calendar of the policy, found `{name}`");
        let hint = hint(name, names(), &format!("the policy defines {}", listed(names())));
        reading.problem(place.span, codes::F106, message, hint);
    }
    Some(found.unwrap_or(0))
}

/// `[after_hours]`, if given; its `kind` is best effort unless the file says otherwise.
pub(super) fn after_hours(reading: &mut Reading, root: &Table) -> Option<AfterHours> {
    let table = reading.table(root.get("after_hours")?, "after_hours")?;
    reading.known_keys(table, "`[after_hours]`", &keys::AFTER_HOURS);
    let first_response = reading.duration(table, "first_response", Zero::Refused);
    let kind = reading.choice(table, "kind", PromiseKind::ALL, PromiseKind::word);
    let kind = kind.unwrap_or(PromiseKind::BestEffort);
    Some(AfterHours { first_response, kind })
}
