//! The keys of a profile that say who is who and what is one act, to types (SPEC 3.5): every key, every check. What they
//! mean is carried out by `people`, `cast` and `acts`.

use std::collections::BTreeMap;

use super::profile::{Columns, Glob, Shape, Table};
use super::profile_file::{one_role, unless_twice};
use super::shape_rules::{MERGED, Rules};
use super::toml_reader::Keys;
use crate::calendar::SECOND;
use crate::codes;
use crate::history::{Category, Role};

/// Patterns of actors with their roles.
type Patterns = Vec<(Glob, Role)>;

/// `[[table.actors]]`: patterns that always hold, and those that hold where nothing else tells.
pub(super) fn actors(keys: &mut Keys<'_, '_>) -> (Patterns, Patterns) {
    let (mut always, mut all) = (Vec::new(), Vec::new());
    for mut inner in keys.tables("actors") {
        let given = one_role(&mut inner, "role", Role::Unknown);
        if given == Role::Unknown {
            inner.missing("role", "`customer`, `agent` or `system`");
        }
        let is_always = inner.take("always").and_then(|entry| entry.boolean()).unwrap_or(false);
        let patterns = inner.texts("like").into_iter().map(|like| (Glob(like), given));
        if is_always {
            always.extend(patterns)
        } else {
            all.extend(patterns)
        }
        inner.end();
    }
    (always, all)
}

/// The columns of a table of people. Whom a row is about stands where other shapes have the case.
pub(super) fn columns(mut keys: Keys<'_, '_>) -> Columns {
    let all = Columns {
        case_id: keys.names("actor"),
        role: keys.names("role"),
        name: keys.names("name"),
        ..Columns::default()
    };
    // Which team somebody is in tells nothing of roles; the key may stand there all the same.
    keys.names("team");
    for (names, key) in [(&all.case_id, "actor"), (&all.role, "role")] {
        if names.is_empty() {
            keys.missing(key, "the name of the column");
        }
    }
    keys.end();
    all
}

/// The columns of a table of `shape` that say who asks and who opened.
pub(super) fn requester(keys: &mut Keys<'_, '_>, shape: Shape, all: &mut Columns) {
    match shape {
        Shape::Messages => all.requester = keys.names("requester"),
        Shape::Events | Shape::Snapshots | Shape::Cases => {
            all.requester = keys.names("requester");
            all.opened_by = keys.names("opened_by");
        }
        Shape::Changes | Shape::Activities | Shape::People => {}
    }
    if shape == Shape::Cases {
        all.requester_name = keys.names("requester_name");
        all.merged = keys.names("merged");
    }
}

/// `opener_is_customer`, `[table.openers]` and `merged`.
pub(super) fn rules(keys: &mut Keys<'_, '_>, rules: &mut Rules) {
    rules.opener_is_customer =
        keys.take("opener_is_customer").and_then(|entry| entry.boolean()).unwrap_or(false);
    rules.merged = keys.texts("merged");
    let Some(mut inner) = keys.table("openers") else { return };
    for (word, entry) in inner.rest() {
        let Some(text) = entry.text() else { continue };
        match super::profile_file::role(&text.to_lowercase()).filter(|role| *role != Role::Unknown) {
            Some(role) => unless_twice(&mut rules.openers, word, role, &entry, "opener"),
            None => {
                let message = format!("no role `{text}`: expected `customer`, `agent` or `system`");
                entry.wrong(codes::F104, &message, None);
            }
        }
    }
}

/// `one_act`: a number and `seconds`, `minutes` or `hours`, in µs.
pub(super) fn one_act(keys: &mut Keys<'_, '_>) -> Option<i64> {
    let entry = keys.take("one_act")?;
    let text = entry.text()?;
    let (number, unit) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
    let length = match unit.trim() {
        "second" | "seconds" => Some(SECOND),
        "minute" | "minutes" => Some(60 * SECOND),
        "hour" | "hours" => Some(3_600 * SECOND),
        _ => None,
    };
    let number = number.parse().ok().filter(|number: &u32| *number > 0);
    let act = number.zip(length).and_then(|(number, length)| i64::from(number).checked_mul(length));
    let act = act.filter(|act| *act <= 24 * 3_600 * SECOND);
    if act.is_none() {
        let message =
            format!("`{text}` is no length of an act: expected one such as `60 seconds`, a day at most");
        entry.wrong(codes::F104, &message, None);
    }
    act
}

/// `default_severity`; 0: none.
pub(super) fn default_severity(keys: &mut Keys<'_, '_>) -> u8 {
    let Some(entry) = keys.take("default_severity") else { return 0 };
    match entry.integer() {
        Some(level @ 1..=9) => level as u8,
        Some(_) => {
            entry.wrong(codes::F104, "a severity is a whole number from 1 to 9", None);
            0
        }
        None => 0,
    }
}

/// A case that a table calls merged has the status `Merged`, which is void.
pub(super) fn name_merged(keys: &Keys<'_, '_>, tables: &[Table], statuses: &mut BTreeMap<String, Category>) {
    if !tables.iter().any(Table::names_merged) {
        return;
    }
    let category = statuses.entry(MERGED.to_lowercase()).or_insert(Category::Void);
    if *category != Category::Void {
        let message = format!(
            "status `{MERGED}` is `{}`, and a table says which cases were merged: expected it under `void`",
            category.word()
        );
        keys.wrong(codes::F104, &message);
    }
}

/// `needs`: which of the table's columns a file has to have.
pub(super) fn needs(keys: &mut Keys<'_, '_>, shape: Shape, columns: &Columns) -> Vec<String> {
    let Some(entry) = keys.take("needs") else { return Vec::new() };
    let (all, mut columns) = (entry.texts(), columns.clone());
    for key in &all {
        if columns.named(shape, key).is_none_or(|names| names.is_empty()) {
            let message = format!("`{key}` is needed of a file, and the table names no such column");
            entry.wrong(codes::F104, &message, None);
        }
    }
    all
}

/// Keys of a table that contradict each other.
pub(super) fn check(keys: &Keys<'_, '_>, table: &Table) {
    let (rules, columns) = (&table.rules, &table.columns);
    if rules.opener_is_customer && matches!(table.first_role, Role::Agent | Role::System) {
        keys.wrong(
            codes::F104,
            "`opener_is_customer` says that whoever opens a case is the customer, and `first_role` that it is another: \
             expected one of them",
        );
    }
    if !rules.openers.is_empty() && columns.opened_by.is_empty() {
        keys.missing("opened_by", "the column whose words `openers` lists");
    }
    if !columns.requester_name.is_empty() && (columns.requester.is_empty() || columns.opened_by.is_empty()) {
        keys.missing("requester", "`requester_name` compares `opened_by` with `requester`: all three");
    }
    if !rules.merged.is_empty() && !table.names_merged() {
        keys.missing("merged", "the column, or the field under `[table.fields]`, in which these words stand");
    }
    let is_twice = |(glob, role): &(Glob, Role)| {
        table.always.iter().any(|(known, other)| known == glob && other != role)
    };
    if let Some((glob, _)) = table.actors.iter().find(|pattern| is_twice(pattern)) {
        let message = format!("actor `{}` always has one role, and elsewhere another", glob.0);
        keys.wrong(codes::F104, &message);
    }
}
