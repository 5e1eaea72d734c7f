//! A profile's TOML to a [`Profile`]: every key, every check, every message with its place (SPEC 3). Not the
//! meaning of a profile, that is `profile`.

use std::collections::BTreeMap;
use std::path::Path;

use chrono_tz::Tz;

use super::encoding::Encoding;
use super::pattern::Pattern;
use super::profile::{Columns, Glob, Profile, Shape, Table};
use super::profile_json;
use super::profile_keys::PROFILE;
use super::profile_people;
use super::profile_questions;
use super::profile_shapes::{self, SHAPES};
use super::timestamp::Formats;
use super::toml_reader::{Entry, Keys, Problems};
use crate::codes;
use crate::diag::{Diagnostic, Error};
use crate::history::{Category, EventKind, Role};
use crate::schema::Kind;
use crate::zones::{self, NameError};

/// The profiles that ship, by name.
const SHIPPED: [(&str, &str); 8] = [
    ("canonical", include_str!("profiles/canonical.toml")),
    ("netsuite", include_str!("profiles/netsuite.toml")),
    ("servicenow", include_str!("profiles/servicenow.toml")),
    ("zendesk", include_str!("profiles/zendesk.toml")),
    ("jira", include_str!("profiles/jira.toml")),
    ("salesforce", include_str!("profiles/salesforce.toml")),
    ("freshdesk", include_str!("profiles/freshdesk.toml")),
    ("xes-csv", include_str!("profiles/xes-csv.toml")),
];

impl Profile {
    /// Names of the profiles that ship, the default first.
    pub fn names() -> impl Iterator<Item = &'static str> {
        SHIPPED.iter().map(|(name, _)| *name)
    }

    /// A profile that ships (SPEC 3.2).
    ///
    /// # Errors
    /// [`Error::Usage`] for a name that is none, with the names that are.
    pub fn named(name: &str) -> Result<Profile, Error> {
        match SHIPPED.iter().find(|(known, _)| *known == name) {
            Some((known, source)) => Profile::parse(source, &format!("{known}.toml")),
            None => {
                let all: Vec<String> = Profile::names().map(|n| format!("`{n}`")).collect();
                let expected = all.join(", ");
                let near = nearest(name, Profile::names());
                let near = near.map_or_else(String::new, |near| format!("\nhint: did you mean `{near}`?"));
                Err(Error::Usage(format!(
                    "no profile `{name}`: expected one of {expected} or the path of a file{near}"
                )))
            }
        }
    }

    /// The profile in the file at `path`.
    ///
    /// # Errors
    /// [`Error::Invalid`] with everything that is wrong with it.
    pub fn load(path: &Path) -> Result<Profile, Error> {
        let shown = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(source) => Profile::parse(&source, &shown),
            Err(cause) => Err(Error::Invalid(vec![
                Diagnostic::error(codes::F109, format!("profile `{shown}` cannot be read: {cause}"))
                    .hint("give the name of a shipped profile or the path of a TOML file"),
            ])),
        }
    }

    /// The profile in the text `source`; `path` is for messages.
    ///
    /// # Errors
    /// [`Error::Invalid`] with everything that is wrong with it.
    pub fn parse(source: &str, path: &str) -> Result<Profile, Error> {
        let problems = Problems::new(source, path);
        let profile = problems
            .document()
            .map(|document| read(Keys::new(&document, &problems, &Kind::Table(&PROFILE)), source, path));
        match (profile, problems.into_all()) {
            (Some(profile), all) if all.is_empty() => Ok(profile),
            (_, all) => Err(Error::Invalid(all)),
        }
    }
}

fn read(mut keys: Keys<'_, '_>, source: &str, path: &str) -> Profile {
    let name = keys.text("name").unwrap_or_else(|| stem(path));
    let description = keys.text("description").unwrap_or_default();
    let assumptions = keys.texts("assumptions");
    profile_questions::refuse(&mut keys);
    let timezone = zone(&mut keys);
    let mut statuses = statuses(&mut keys);
    let one_act = profile_people::one_act(&mut keys);
    let default_severity = profile_people::default_severity(&mut keys);
    let mut tables = Vec::new();
    for entry in keys.tables("table") {
        tables.push(table(entry, timezone));
    }
    for i in 1..tables.len() {
        if tables[..i].iter().any(|table: &Table| table.name == tables[i].name) {
            let message = format!("two tables are named `{}`: give them names of their own", tables[i].name);
            keys.wrong(codes::F108, &message);
        }
    }
    if tables.is_empty() {
        keys.missing("table", "at least one `[[table]]`");
    } else if tables.iter().all(|table| table.shape == Shape::People) {
        keys.missing("table", "a `[[table]]` of cases beside that of people");
    }
    profile_people::name_merged(&keys, &tables, &mut statuses);
    keys.end();
    Profile {
        name,
        description,
        assumptions,
        path: path.to_string(),
        source: source.to_string(),
        statuses,
        tables,
        one_act,
        default_severity,
    }
}

fn stem(path: &str) -> String {
    Path::new(path).file_stem().map_or_else(|| path.to_string(), |s| s.to_string_lossy().into_owned())
}

fn zone(keys: &mut Keys<'_, '_>) -> Option<Tz> {
    let entry = keys.take("timezone")?;
    let text = entry.text()?;
    match zones::named(&text) {
        Ok(tz) => Some(tz),
        Err(NameError::Data(error)) => {
            entry.wrong(codes::F109, &error.to_string(), None);
            None
        }
        Err(NameError::Unknown) => {
            let near = nearest(&text, zones::names());
            entry.wrong(
                codes::F104,
                &format!("`{text}` is no time zone: expected a name like `Europe/Berlin`"),
                near,
            );
            None
        }
    }
}

/// `[statuses]`: a category to the words that mean it.
fn statuses(keys: &mut Keys<'_, '_>) -> BTreeMap<String, Category> {
    let mut all = BTreeMap::new();
    let Some(mut inner) = keys.table("statuses") else { return all };
    for category in Category::ALL {
        let Some(entry) = inner.take(category.word()) else { continue };
        for word in entry.texts() {
            if all.insert(word.to_lowercase(), category).is_some() {
                entry.wrong(codes::F108, &format!("status `{word}` is given twice"), None);
            }
        }
    }
    inner.end();
    all
}

fn table(mut keys: Keys<'_, '_>, timezone: Option<Tz>) -> Table {
    let shape = shape(&mut keys);
    keys.choose(word(shape));
    profile_questions::refuse(&mut keys);
    let (always, actors) = profile_people::actors(&mut keys);
    let default_role = one_role(&mut keys, "default_role", Role::Unknown);
    // A row of events says of itself whether it opens, and by whom.
    let opens_as = if shape == Shape::Events { default_role } else { Role::Customer };
    let mut table = Table {
        name: keys.text("name").unwrap_or_else(|| word(shape).to_string()),
        shape,
        files: keys.texts("files").into_iter().map(Glob).collect(),
        json: profile_json::json(&mut keys),
        delimiter: delimiter(&mut keys),
        encoding: encoding(&mut keys),
        sheet: keys.text("sheet"),
        timezone: zone(&mut keys).or(timezone).unwrap_or(Tz::UTC),
        formats: formats(&mut keys),
        missing: keys.texts("missing"),
        columns: columns(&mut keys, shape),
        optional: optional(&mut keys, shape),
        events: words(&mut keys, "events", event),
        roles: words(&mut keys, "roles", role),
        severities: severities(&mut keys),
        always,
        actors,
        default_role,
        first_role: one_role(&mut keys, "first_role", opens_as),
        other_roles: profile_shapes::optional_role(&mut keys, "other_roles"),
        rules: profile_shapes::rules(&mut keys, shape),
        attributes: attributes(&mut keys, shape),
        derived: keys.take_derived(),
    };
    profile_json::check(&mut keys, &table);
    table.rules.needs = profile_people::needs(&mut keys, shape, &table.columns);
    profile_people::check(&keys, &table);
    keys.end();
    table
}

fn shape(keys: &mut Keys<'_, '_>) -> Shape {
    let expected = "`events`, `snapshots`, `changes`, `messages`, `activities`, `cases` or `people`";
    let Some(entry) = keys.take("shape") else {
        keys.missing("shape", expected);
        return Shape::Events;
    };
    let Some(text) = entry.text() else { return Shape::Events };
    let known = SHAPES.iter().find(|(word, _)| *word == text);
    known.map_or_else(
        || {
            let near = nearest(&text, SHAPES.iter().map(|(word, _)| *word));
            entry.wrong(codes::F104, &format!("no shape `{text}`: expected {expected}"), near);
            Shape::Events
        },
        |(_, shape)| *shape,
    )
}

fn word(shape: Shape) -> &'static str {
    SHAPES.iter().find(|(_, known)| *known == shape).map_or("table", |(word, _)| word)
}

fn delimiter(keys: &mut Keys<'_, '_>) -> Option<u8> {
    let entry = keys.take("delimiter")?;
    match entry.text().as_deref().map(str::as_bytes) {
        Some([byte]) if byte.is_ascii_punctuation() && *byte != b'"' || *byte == b'\t' => Some(*byte),
        Some(_) => {
            entry.wrong(
                codes::F104,
                "a delimiter is one ASCII character, not a quote: `,`, `;`, `|`, `\\t`",
                None,
            );
            None
        }
        None => None,
    }
}

/// `encoding`: of text that is not UTF-8 and has no byte order mark.
fn encoding(keys: &mut Keys<'_, '_>) -> Encoding {
    let Some(entry) = keys.take("encoding") else { return Encoding::Utf8 };
    let Some(name) = entry.text() else { return Encoding::Utf8 };
    Encoding::named(&name).unwrap_or_else(|| {
        let known = || Encoding::NAMES.iter().map(|(name, _)| *name);
        let all: Vec<String> = known().take(5).map(|name| format!("`{name}`")).collect();
        let message = format!("no encoding `{name}`: expected one of {}", all.join(", "));
        entry.wrong(codes::F104, &message, nearest(&name, known()));
        Encoding::Utf8
    })
}

fn formats(keys: &mut Keys<'_, '_>) -> Formats {
    let (mut patterns, mut or_canonical) = (Vec::new(), false);
    if let Some(entry) = keys.take("timestamps") {
        for text in entry.texts() {
            if text == "canonical" {
                or_canonical = true;
                continue;
            }
            match Pattern::compile(&text) {
                Ok(pattern) => patterns.push(pattern),
                Err(why) => entry.wrong(codes::F104, &format!("timestamp pattern `{text}`: {why}"), None),
            }
        }
        if let Some((epoch, other)) = Pattern::ambiguous(&patterns) {
            let (epoch, other) = (epoch.source(), other.source());
            let message = format!("timestamp pattern `{epoch}`: a number may fit `{other}` too");
            entry.wrong(codes::F104, &message, None);
        }
    }
    Formats { patterns, or_canonical }
}

fn columns(keys: &mut Keys<'_, '_>, shape: Shape) -> Columns {
    let needed = if shape == Shape::People { "`actor` and `role`" } else { "`case_id` and `at`" };
    let Some(mut inner) = keys.table("columns") else {
        keys.missing("columns", &format!("`[table.columns]` with at least {needed}"));
        return Columns::default();
    };
    if shape == Shape::People {
        return profile_people::columns(inner);
    }
    let mut all = Columns {
        case_id: inner.names("case_id"),
        at: inner.names("at"),
        role: inner.names("role"),
        actor: inner.names("actor"),
        ..Columns::default()
    };
    if !matches!(shape, Shape::Changes | Shape::Messages) {
        all.status = inner.names("status");
        all.severity = inner.names("severity");
    }
    profile_shapes::columns(&mut inner, shape, &mut all);
    for (names, key) in [(&all.case_id, "case_id"), (&all.at, "at")] {
        if names.is_empty() {
            inner.missing(key, "the name of the column");
        }
    }
    inner.end();
    all
}

/// `optional`: columns, by our names, that a file may lack.
fn optional(keys: &mut Keys<'_, '_>, shape: Shape) -> Vec<String> {
    let Some(entry) = keys.take("optional") else { return Vec::new() };
    let all = entry.texts();
    for key in &all {
        if let Err(why) = check_optional(shape, key) {
            entry.wrong(codes::F104, &why, nearest(key, COLUMNS.into_iter()));
        }
    }
    all
}

/// Whether a table of `shape` may call the column `key` optional.
pub(super) fn check_optional(shape: Shape, key: &str) -> Result<(), String> {
    let is_known = Columns::default().named(shape, key).is_some();
    match key {
        "case_id" | "at" => Err(format!("no row can be read without `{key}`: it is not optional")),
        _ if is_known => Ok(()),
        _ => Err(format!(
            "a table of this shape has no column `{key}`: expected our name of a column, like `status`"
        )),
    }
}

/// Our names of columns that a file may lack.
const COLUMNS: [&str; 9] =
    ["event", "role", "actor", "status", "severity", "opened_at", "public", "internal", "status_at"];

/// A table of words of the export to words of ours.
fn words<T: Copy>(keys: &mut Keys<'_, '_>, key: &str, meaning: fn(&str) -> Option<T>) -> Vec<(String, T)> {
    let Some(mut inner) = keys.table(key) else { return Vec::new() };
    let mut all = Vec::new();
    for (word, entry) in inner.rest() {
        let Some(text) = entry.text() else { continue };
        match meaning(&text.to_lowercase()) {
            Some(value) => all.push((word, value)),
            None => {
                let roles = ROLES.iter().map(|(word, _)| *word);
                let known: Vec<&str> = match key {
                    "roles" => roles.collect(),
                    _ => EVENTS.iter().map(|(word, _)| *word).collect(),
                };
                let all: Vec<String> = known.iter().map(|word| format!("`{word}`")).collect();
                let message = format!(
                    "no word of ours for `{key}`: expected one of {}, found `{text}`",
                    all.join(", ")
                );
                entry.wrong(codes::F104, &message, nearest(&text, known.into_iter()));
            }
        }
    }
    all
}

/// Events of the SPEC by their word.
pub(super) const EVENTS: [(&str, EventKind); 4] = [
    ("opened", EventKind::Opened),
    ("message", EventKind::Message),
    ("note", EventKind::Note),
    ("update", EventKind::Update),
];

/// Roles of the SPEC by their word, and last `unknown`.
pub(super) const ROLES: [(&str, Role); 4] = [
    ("customer", Role::Customer),
    ("agent", Role::Agent),
    ("system", Role::System),
    ("unknown", Role::Unknown),
];

/// An event of the SPEC by its word, in lower case.
pub(super) fn event(word: &str) -> Option<EventKind> {
    EVENTS.iter().find(|(known, _)| *known == word).map(|(_, event)| *event)
}

/// A role of the SPEC by its word, in lower case; `unknown` too.
pub(super) fn role(word: &str) -> Option<Role> {
    ROLES.iter().find(|(known, _)| *known == word).map(|(_, role)| *role)
}

fn severities(keys: &mut Keys<'_, '_>) -> Vec<(String, u8)> {
    let Some(mut inner) = keys.table("severities") else { return Vec::new() };
    let mut all = Vec::new();
    for (word, entry) in inner.rest() {
        match entry.integer() {
            Some(level @ 1..=9) => all.push((word, level as u8)),
            Some(_) => entry.wrong(codes::F104, "a severity is a whole number from 1 to 9", None),
            None => {}
        }
    }
    all
}

/// The role in `key`, or `default` where it is absent.
pub(super) fn one_role(keys: &mut Keys<'_, '_>, key: &str, default: Role) -> Role {
    let Some(entry) = keys.take(key) else { return default };
    let Some(text) = entry.text() else { return default };
    role(&text.to_lowercase()).unwrap_or_else(|| {
        let expected = "expected `customer`, `agent`, `system` or `unknown`";
        let near = nearest(&text, ROLES.iter().map(|(word, _)| *word));
        entry.wrong(codes::F104, &format!("no role `{text}`: {expected}"), near);
        default
    })
}

/// `[table.attributes]`: the name of an attribute to its column. Absent: every other column, or, where a row is
/// about a change or a message, none.
fn attributes(keys: &mut Keys<'_, '_>, shape: Shape) -> Option<Vec<(String, Vec<String>)>> {
    let Some(mut inner) = keys.table("attributes") else {
        return matches!(shape, Shape::Changes | Shape::Messages | Shape::People).then(Vec::new);
    };
    let column = |(name, entry): (String, Entry<'_, '_>)| {
        let columns = entry.names(&name);
        (name, columns)
    };
    Some(inner.rest().into_iter().map(column).collect())
}

/// Adds a word of the export; one that is there already, case aside, is an error.
pub(super) fn unless_twice<T>(
    all: &mut Vec<(String, T)>,
    word: String,
    value: T,
    entry: &Entry<'_, '_>,
    what: &str,
) {
    if all.iter().any(|(known, _)| known.eq_ignore_ascii_case(&word)) {
        entry.wrong(codes::F108, &format!("{what} `{word}` is given twice"), None);
    }
    all.push((word, value));
}

/// The nearest of `known`, where one is near enough to be meant.
pub(super) fn nearest<'k>(word: &str, known: impl Iterator<Item = &'k str>) -> Option<String> {
    let lower = word.to_lowercase();
    let (distance, best) = known
        .map(|k| (strsim::damerau_levenshtein(&lower, &k.to_lowercase()), k))
        .min_by_key(|pair| pair.0)?;
    (distance <= 1 + word.len() / 4).then(|| best.to_string())
}
