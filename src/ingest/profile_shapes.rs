//! The keys of a profile's table that only some shapes have, to [`Rules`] (SPEC 3.1): every key, every check. Not
//! what all shapes share, that is `profile_file`.

use super::profile::{Columns, Shape};
use super::profile_file::{event, nearest, role, unless_twice};
use super::shape_lengths::Unit;
use super::shape_rules::{Field, Meaning, Milestone, Rules, Unlisted};
use super::toml_reader::Keys;
use crate::codes;
use crate::history::{EventKind, Role};

/// Shapes by their word.
pub(super) const SHAPES: [(&str, Shape); 7] = [
    ("events", Shape::Events),
    ("snapshots", Shape::Snapshots),
    ("changes", Shape::Changes),
    ("messages", Shape::Messages),
    ("activities", Shape::Activities),
    ("cases", Shape::Cases),
    ("people", Shape::People),
];

/// The columns of `shape` that not every shape has.
pub(super) fn columns(keys: &mut Keys<'_, '_>, shape: Shape, all: &mut Columns) {
    super::profile_people::requester(keys, shape, all);
    match shape {
        Shape::Events => all.event = keys.names("event"),
        Shape::Snapshots => all.opened_at = keys.names("opened_at"),
        Shape::Changes => {
            all.field = needed(keys, "field");
            all.old = keys.names("old");
            all.new = needed(keys, "new");
        }
        Shape::Messages => {
            all.event = keys.names("event");
            all.public = keys.names("public");
            all.internal = keys.names("internal");
            let given = [&all.event, &all.public, &all.internal];
            if given.into_iter().filter(|names| !names.is_empty()).count() > 1 {
                keys.wrong(
                    codes::F108,
                    "of `event`, `public` and `internal` only one says who may read a message",
                );
            }
        }
        Shape::Activities => {
            all.activity = needed(keys, "activity");
            all.lifecycle = keys.names("lifecycle");
        }
        Shape::Cases => {
            all.status_at = keys.names("status_at");
            all.other_id = keys.names("other_id");
        }
        Shape::People => {}
    }
}

fn needed(keys: &mut Keys<'_, '_>, key: &str) -> Vec<String> {
    let names = keys.names(key);
    if names.is_empty() {
        keys.missing(key, "the name of the column");
    }
    names
}

/// The rules of a table of `shape`.
pub(super) fn rules(keys: &mut Keys<'_, '_>, shape: Shape) -> Rules {
    let mut rules = Rules::default();
    if !matches!(shape, Shape::Events | Shape::Snapshots) {
        rules.case_id_after = keys.texts("case_id_after");
    }
    super::profile_people::rules(keys, &mut rules);
    if matches!(shape, Shape::Changes | Shape::Messages | Shape::Activities) {
        rules.joins_on_other = joins_on(keys);
    }
    match shape {
        Shape::Events | Shape::Snapshots | Shape::People => {}
        Shape::Changes => fields(keys, &mut rules),
        Shape::Messages => {
            rules.yes = keys.texts("yes");
            rules.no = keys.texts("no");
        }
        Shape::Activities => {
            rules.activities = activities(keys);
            rules.unlisted = unlisted(keys);
            rules.lifecycles = keys.texts("lifecycles");
        }
        Shape::Cases => rules.milestones = milestones(keys),
    }
    rules
}

/// Whether the table joins on the other id of a case.
pub(super) const JOINS_ON: [(&str, bool); 2] = [("case_id", false), ("other_id", true)];

fn joins_on(keys: &mut Keys<'_, '_>) -> bool {
    let expected = "`case_id` or `other_id`";
    word(keys, "joins_on", expected, |text| {
        JOINS_ON.iter().find(|(known, _)| *known == text).map(|found| found.1)
    })
    .unwrap_or(false)
}

/// `[table.fields]`: what of ours to the export's words; `[table.field_attributes]`: an attribute to them.
fn fields(keys: &mut Keys<'_, '_>, rules: &mut Rules) {
    const KNOWN: [(&str, Field); 7] = [
        ("status", Field::Status),
        ("severity", Field::Severity),
        ("opened", Field::Event(EventKind::Opened)),
        ("message", Field::Event(EventKind::Message)),
        ("note", Field::Event(EventKind::Note)),
        ("requester", Field::Requester),
        ("merged", Field::Merged),
    ];
    match keys.table("fields") {
        Some(mut inner) => {
            for (key, field) in KNOWN {
                let Some(entry) = inner.take(key) else { continue };
                for word in entry.texts() {
                    unless_twice(&mut rules.fields, word, field, &entry, "field");
                }
            }
            inner.end();
        }
        None => keys.missing("fields", "`[table.fields]` with `status`, `severity` or both"),
    }
    let Some(mut inner) = keys.table("field_attributes") else { return };
    for (name, entry) in inner.rest() {
        let field = Field::Attribute(rules.field_attributes.len());
        for word in entry.texts() {
            unless_twice(&mut rules.fields, word, field, &entry, "field");
        }
        rules.field_attributes.push(name);
    }
}

/// `[table.activities]`: a word to a table of what it means.
fn activities(keys: &mut Keys<'_, '_>) -> Vec<(String, Meaning)> {
    let Some(mut inner) = keys.table("activities") else { return Vec::new() };
    let mut all: Vec<(String, Meaning)> = Vec::new();
    for (word, entry) in inner.rest() {
        let Some(mut keys) = entry.table() else { continue };
        let meaning = meaning(&mut keys);
        keys.end();
        unless_twice(&mut all, word, meaning, &entry, "activity");
    }
    all
}

fn meaning(keys: &mut Keys<'_, '_>) -> Meaning {
    Meaning {
        event: word(keys, "event", "`opened`, `message`, `note` or `update`", event)
            .unwrap_or(EventKind::Update),
        role: word(keys, "role", "`customer`, `agent`, `system` or `unknown`", role),
        status: keys.text("status"),
        severity: severity(keys),
    }
}

fn word<T>(keys: &mut Keys<'_, '_>, key: &str, expected: &str, read: fn(&str) -> Option<T>) -> Option<T> {
    let entry = keys.take(key)?;
    let text = entry.text()?;
    let value = read(&text.to_lowercase());
    if value.is_none() {
        entry.wrong(codes::F104, &format!("no {key} `{text}`: expected {expected}"), None);
    }
    value
}

fn severity(keys: &mut Keys<'_, '_>) -> u8 {
    let Some(entry) = keys.take("severity") else { return 0 };
    match entry.integer() {
        Some(level @ 1..=9) => level as u8,
        Some(_) => {
            entry.wrong(codes::F104, "a severity is a whole number from 1 to 9", None);
            0
        }
        None => 0,
    }
}

/// What an activity is that the profile does not list, by the word for it; the default first.
pub(super) const UNLISTED: [(&str, Unlisted); 3] =
    [("update", Unlisted::Update), ("status", Unlisted::Status), ("reject", Unlisted::Reject)];

fn unlisted(keys: &mut Keys<'_, '_>) -> Unlisted {
    let Some(entry) = keys.take("unlisted") else { return Unlisted::default() };
    let Some(text) = entry.text() else { return Unlisted::default() };
    let found = UNLISTED.iter().find(|(word, _)| *word == text).map(|(_, rule)| *rule);
    found.unwrap_or_else(|| {
        let near = nearest(&text, UNLISTED.iter().map(|(word, _)| *word));
        let message = format!("no rule `{text}`: expected `update`, `status` or `reject`");
        entry.wrong(codes::F104, &message, near);
        Unlisted::default()
    })
}

fn milestones(keys: &mut Keys<'_, '_>) -> Vec<Milestone> {
    let mut all = Vec::new();
    for mut inner in keys.tables("milestones") {
        let milestone = Milestone {
            column: needed(&mut inner, "column"),
            since_opening: since_opening(&mut inner),
            actor: inner.names("actor"),
            meaning: meaning(&mut inner),
        };
        let Meaning { event, status, severity, .. } = &milestone.meaning;
        if *event == EventKind::Opened {
            let message = "a milestone opens no case: the row is opened at the column `at`";
            inner.wrong(codes::F104, message);
        } else if *event == EventKind::Update && status.is_none() && *severity == 0 {
            inner.missing(
                "status",
                "what the milestone is: `status`, `severity`, or `event` with `message` or `note`",
            );
        }
        inner.end();
        all.push(milestone);
    }
    all
}

fn since_opening(keys: &mut Keys<'_, '_>) -> Option<Unit> {
    let entry = keys.take("since_opening")?;
    let text = entry.text()?;
    let found = Unit::WORDS.iter().find(|(word, _)| *word == text).map(|(_, unit)| *unit);
    if found.is_none() {
        let words = Unit::WORDS.map(|(word, _)| format!("`{word}`")).join(", ");
        let near = nearest(&text, Unit::WORDS.iter().map(|(word, _)| *word));
        entry.wrong(codes::F104, &format!("no unit `{text}`: expected one of {words}"), near);
    }
    found
}

/// The role in `role`, for callers that need one.
pub(super) fn optional_role(keys: &mut Keys<'_, '_>, key: &str) -> Option<Role> {
    word(keys, key, "`customer`, `agent`, `system` or `unknown`", role)
}
