//! From a merged tree to a [`Policy`]: asks every part for its own and adds what spans parts. A policy comes
//! out only where no problem was found.

use chrono_tz::Tz;

use super::calendars::{calendars, needs_zone};
use super::inherit::Merged;
use super::model::Policy;
use super::reading::Reading;
use super::source::Span;
use super::suggest::hint;
use super::tree::{Node, Table};
use super::{keys, rules, scope, severities};
use crate::codes;
use crate::zones::{self, NameError};

/// The policy of `merged`; what is wrong with it is in `reading`, and then the policy is not to be used.
pub(super) fn policy(reading: &mut Reading, merged: &Merged) -> Policy {
    let root = &merged.table;
    let stem = reading.sources.0.get(merged.file).map_or_else(String::new, |source| source.origin.stem());
    reading.root = merged.file;
    reading.known_keys(root, "a policy", &keys::POLICY);
    let name = reading.text(root, "name", "name = \"Support policy\"").map(|(_, name)| name.to_owned());
    let effective_from = reading.date(root, "effective_from");
    let timezone = timezone(reading, root, merged.file);
    let calendars = calendars(reading, root, timezone);
    let names: Vec<String> = calendars.iter().map(|calendar| calendar.name.clone()).collect();
    let severities = severities::severities(reading, root, &names);
    Policy {
        name: name.unwrap_or_else(|| stem.clone()),
        version: effective_from.map_or(stem, |date| date.to_string()),
        effective_from,
        timezone,
        calendars,
        after_hours: severities::after_hours(reading, root),
        clock: rules::clock(reading, root),
        inactivity: rules::inactivity(reading, root),
        priority: rules::priority(reading, root),
        scope: scope::scope(reading, root),
        objectives: rules::objectives(reading, root, &severities),
        clauses: rules::clauses(reading, root),
        severities,
    }
}

/// The policy's zone. It may be left out only where every calendar names its own: then it is UTC.
fn timezone(reading: &mut Reading, root: &Table, file: usize) -> Tz {
    if let Some((node, text)) = reading.text(root, "timezone", "timezone = \"America/Denver\"") {
        return zone(reading, node, text).unwrap_or(Tz::UTC);
    }
    if root.get("timezone").is_none() && needs_zone(root) {
        let hint = "add `timezone = \"America/Denver\"`, or the name of your own zone";
        reading.missing(Span { file, start: 0, end: 0 }, "timezone", "a policy", hint);
    }
    Tz::UTC
}

/// A time zone by its IANA name.
pub(super) fn zone(reading: &mut Reading, node: &Node, text: &str) -> Option<Tz> {
    let (code, message, hint) = match zones::named(text) {
        Ok(zone) => return Some(zone),
        Err(NameError::Unknown) => {
            let message = format!("expected a time zone by its IANA name, found `{text}`");
            (codes::F106, message, hint(text, zones::names(), "write it like `America/Denver` or `UTC`"))
        }
        Err(NameError::Data(error)) => (codes::F109, error.to_string(), error.hint),
    };
    reading.problem(node.span, code, message, hint);
    None
}
