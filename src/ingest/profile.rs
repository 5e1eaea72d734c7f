//! A profile as typed data: how one export's columns and words become canonical events (SPEC 3). A [`Profile`]
//! exists only when it is valid; `profile_file` makes it from TOML. It reads no input rows.

use chrono_tz::Tz;
use std::collections::BTreeMap;

use super::derived::Derived;
use super::encoding::Encoding;
use super::profile_json::Json;
use super::rows::{ALWAYS, DEFAULT, LISTED};
use super::shape_rules::{Field, Rules};
use super::timestamp::{Follower, Formats, Stamp};
use super::zone::{Local, resolve};
use crate::calendar::Instant;
use crate::history::{Category, EventKind, Role};

/// How rows of a table become events (SPEC 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One row an event.
    Events,
    /// One row an update, with the whole state after it.
    Snapshots,
    /// One row a change of one field, with its value before and after.
    Changes,
    /// One row a message or note.
    Messages,
    /// One row an activity of a process-mining log.
    Activities,
    /// One row a case, with a column for each milestone.
    Cases,
    /// One row a person: who is who, and no event of any case.
    People,
}

/// How an export's columns and words become canonical events.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Its own name.
    pub name: String,
    /// What it reads, one line.
    pub description: String,
    /// What it takes for granted, a line each: carried to every report that was made under it.
    pub assumptions: Vec<String>,
    /// Where it came from: for messages and the manifest.
    pub path: String,
    /// The TOML itself: for the manifest's hash.
    pub source: String,
    /// Status words in lower case.
    pub(super) statuses: BTreeMap<String, Category>,
    /// At least one.
    pub(super) tables: Vec<Table>,
    /// How long after a resolution or close a message of the same actor is part of that act, µs (SPEC 3.5); `None`: not
    /// at all.
    pub(super) one_act: Option<i64>,
    /// The severity of a case that never gives one, 1 to 9; 0: none.
    pub(super) default_severity: u8,
}

impl Profile {
    /// Category of a status word, case aside; `None` for a word that the profile does not map (D506).
    pub fn category(&self, status: &str) -> Option<Category> {
        self.statuses.get(&status.to_lowercase()).copied()
    }

    /// Reads a timestamp in the formats of the first table that can, local times in `zone` or else in the table's
    /// own; the earlier instant of a repeated hour.
    pub fn instant(&self, text: &str, zone: Option<Tz>) -> Option<Instant> {
        self.tables.iter().find_map(|table| {
            match table.formats.parse(text.as_bytes(), &mut Follower::default())? {
                Stamp::At(at) => Some(Instant::from_micros(at)),
                Stamp::Local(local) => match resolve(zone.unwrap_or(table.timezone), local) {
                    Local::Single(at) | Local::Fold(at, _) | Local::Gap(at) => Some(Instant::from_micros(at)),
                },
            }
        })
    }

    /// True where a table takes its rows, or something of them, from the list of a JSON object that has this path.
    pub fn reads_list(&self, path: &str) -> bool {
        let begins = |name: &str| name.strip_prefix(path).is_some_and(|rest| rest.starts_with(['[', '{']));
        self.tables.iter().any(|table| {
            table.json.rows.as_ref().is_some_and(|rows| begins(&rows.text))
                || table.names().flatten().any(|name| begins(name))
        })
    }

    /// The zone of each table's local times, in order.
    pub fn timezones(&self) -> Vec<Tz> {
        self.tables.iter().map(|table| table.timezone).collect()
    }
}

/// Names of the columns of a table; of several the first that the header has.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    pub(super) case_id: Vec<String>,
    pub(super) at: Vec<String>,
    pub(super) event: Vec<String>,
    pub(super) role: Vec<String>,
    pub(super) actor: Vec<String>,
    pub(super) status: Vec<String>,
    pub(super) severity: Vec<String>,
    pub(super) opened_at: Vec<String>,
    pub(super) field: Vec<String>,
    pub(super) old: Vec<String>,
    pub(super) new: Vec<String>,
    pub(super) public: Vec<String>,
    pub(super) internal: Vec<String>,
    pub(super) activity: Vec<String>,
    pub(super) lifecycle: Vec<String>,
    pub(super) status_at: Vec<String>,
    pub(super) requester: Vec<String>,
    pub(super) requester_name: Vec<String>,
    pub(super) opened_by: Vec<String>,
    pub(super) merged: Vec<String>,
    /// `people`: the name of an actor.
    pub(super) name: Vec<String>,
    pub(super) other_id: Vec<String>,
}

impl Columns {
    /// The names of every column.
    fn all(&self) -> [&Vec<String>; 22] {
        [
            &self.case_id,
            &self.at,
            &self.event,
            &self.role,
            &self.actor,
            &self.status,
            &self.severity,
            &self.opened_at,
            &self.field,
            &self.old,
            &self.new,
            &self.public,
            &self.internal,
            &self.activity,
            &self.lifecycle,
            &self.status_at,
            &self.requester,
            &self.requester_name,
            &self.opened_by,
            &self.merged,
            &self.name,
            &self.other_id,
        ]
    }

    /// The names of the column that a table of `shape` calls `key`.
    pub(super) fn named(&mut self, shape: Shape, key: &str) -> Option<&mut Vec<String>> {
        Some(match (key, shape) {
            // Whom a row is about stands where other shapes have the case.
            ("actor", Shape::People) => &mut self.case_id,
            ("role", Shape::People) => &mut self.role,
            ("name", Shape::People) => &mut self.name,
            (_, Shape::People) => return None,
            ("case_id", _) => &mut self.case_id,
            ("at", _) => &mut self.at,
            ("role", _) => &mut self.role,
            ("actor", _) => &mut self.actor,
            ("status", Shape::Events | Shape::Snapshots | Shape::Activities | Shape::Cases) => {
                &mut self.status
            }
            ("severity", Shape::Events | Shape::Snapshots | Shape::Activities | Shape::Cases) => {
                &mut self.severity
            }
            ("event", Shape::Events | Shape::Messages) => &mut self.event,
            ("opened_at", Shape::Snapshots) => &mut self.opened_at,
            ("field", Shape::Changes) => &mut self.field,
            ("old", Shape::Changes) => &mut self.old,
            ("new", Shape::Changes) => &mut self.new,
            ("public", Shape::Messages) => &mut self.public,
            ("internal", Shape::Messages) => &mut self.internal,
            ("activity", Shape::Activities) => &mut self.activity,
            ("lifecycle", Shape::Activities) => &mut self.lifecycle,
            ("status_at", Shape::Cases) => &mut self.status_at,
            ("requester", Shape::Events | Shape::Snapshots | Shape::Messages | Shape::Cases) => {
                &mut self.requester
            }
            ("requester_name", Shape::Cases) => &mut self.requester_name,
            ("opened_by", Shape::Events | Shape::Snapshots | Shape::Cases) => &mut self.opened_by,
            ("merged", Shape::Cases) => &mut self.merged,
            ("other_id", Shape::Cases) => &mut self.other_id,
            _ => return None,
        })
    }
}

/// One table of an export.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// For `--set` and messages.
    pub(super) name: String,
    pub(super) shape: Shape,
    /// Patterns of file names; empty: every file.
    pub(super) files: Vec<Glob>,
    /// Where its rows are in JSON.
    pub(super) json: Json,
    /// `None`: found in each file's header.
    pub(super) delimiter: Option<u8>,
    /// Of files that do not show theirs by a byte order mark.
    pub(super) encoding: Encoding,
    /// Sheet of a workbook; `None`: the first that has cells.
    pub(super) sheet: Option<String>,
    pub(super) timezone: Tz,
    pub(super) formats: Formats,
    /// Cells that mean nothing was given, over the empty one.
    pub(super) missing: Vec<String>,
    pub(super) columns: Columns,
    /// Our names of columns that a file may lack.
    pub(super) optional: Vec<String>,
    /// In lower case, over the canonical words.
    pub(super) events: Vec<(String, EventKind)>,
    pub(super) roles: Vec<(String, Role)>,
    pub(super) severities: Vec<(String, u8)>,
    /// Roles by actor that hold whatever else tells (`always`), the first that fits.
    pub(super) always: Vec<(Glob, Role)>,
    /// Roles by actor where nothing else tells, the first that fits.
    pub(super) actors: Vec<(Glob, Role)>,
    pub(super) default_role: Role,
    /// Who opens a case, where neither the row nor its actor tells.
    pub(super) first_role: Role,
    /// What a role word means that is neither listed nor canonical; `None`: its row is rejected (D513).
    pub(super) other_roles: Option<Role>,
    /// What only some shapes have.
    pub(super) rules: Rules,
    /// Attribute name and column, of several the first that the header has; `None`: every other column under its
    /// own name.
    pub(super) attributes: Option<Vec<(String, Vec<String>)>>,
    /// Columns among those above that no file has, by the name that stands for them.
    pub(super) derived: Vec<Derived>,
}

impl Table {
    /// What an event word means; empty is `update`.
    #[inline]
    pub(super) fn event(&self, word: &[u8]) -> Option<EventKind> {
        if word.is_empty() {
            return Some(EventKind::Update);
        }
        if let Some(kind) = mapped(&self.events, word) {
            return Some(kind);
        }
        match word.len() {
            7 if word.eq_ignore_ascii_case(b"message") => Some(EventKind::Message),
            6 if word.eq_ignore_ascii_case(b"update") => Some(EventKind::Update),
            6 if word.eq_ignore_ascii_case(b"opened") => Some(EventKind::Opened),
            4 if word.eq_ignore_ascii_case(b"note") => Some(EventKind::Note),
            _ => None,
        }
    }

    /// What a role word means; empty is unknown.
    #[inline]
    pub(super) fn role(&self, word: &[u8]) -> Option<Role> {
        if word.is_empty() {
            return Some(Role::Unknown);
        }
        if let Some(role) = mapped(&self.roles, word) {
            return Some(role);
        }
        match word.len() {
            5 if word.eq_ignore_ascii_case(b"agent") => Some(Role::Agent),
            8 if word.eq_ignore_ascii_case(b"customer") => Some(Role::Customer),
            6 if word.eq_ignore_ascii_case(b"system") => Some(Role::System),
            _ => self.other_roles,
        }
    }

    /// A severity from 1 to 9; empty is 0, unchanged. `3.0`, as some tools write whole numbers, is 3.
    #[inline]
    pub(super) fn severity(&self, word: &[u8]) -> Option<u8> {
        match word {
            [] => return Some(0),
            [digit @ b'1'..=b'9'] => return Some(mapped(&self.severities, word).unwrap_or(digit - b'0')),
            _ => {}
        }
        if let Some(severity) = mapped(&self.severities, word) {
            return Some(severity);
        }
        match word {
            [digit @ b'1'..=b'9', b'.', zeros @ ..] if zeros.iter().all(|b| *b == b'0') => Some(digit - b'0'),
            _ => None,
        }
    }

    /// The role of an actor by the patterns of the profile, and which of the flags of a row says so.
    pub(super) fn role_of_actor(&self, actor: &[u8]) -> (Role, u8) {
        let listed = |all: &[(Glob, Role)]| {
            all.iter().find(|(pattern, _)| pattern.matches(actor)).map(|(_, role)| *role)
        };
        let always = listed(&self.always).map(|role| (role, ALWAYS));
        let of_pattern = || listed(&self.actors).map(|role| (role, LISTED));
        always.or_else(of_pattern).unwrap_or((self.default_role, DEFAULT))
    }

    /// True where the roles of its rows depend on more than each row by itself, or are to be counted.
    pub(super) fn has_people(&self) -> bool {
        let opens_otherwise = self.shape == Shape::Events && self.first_role != self.default_role;
        let is_told = self.shape == Shape::People || self.tells_people() || self.rules.names_requester();
        is_told || opens_otherwise || self.rules.opener_is_customer || self.default_role != Role::Unknown
    }

    /// True where it tells of cases that were merged otherwise than by a status.
    pub(super) fn names_merged(&self) -> bool {
        !self.columns.merged.is_empty() || self.rules.fields.iter().any(|(_, field)| *field == Field::Merged)
    }

    /// True where a row may tell more of who did what than its role word and its actor.
    pub(super) fn tells_people(&self) -> bool {
        let Columns { requester, opened_by, .. } = &self.columns;
        !(self.always.is_empty() && requester.is_empty() && opened_by.is_empty())
    }

    /// Its name and the files that it takes, for messages.
    pub(super) fn takes(&self) -> String {
        let files: Vec<String> = self.files.iter().map(|glob| format!("`{}`", glob.0)).collect();
        let files = if files.is_empty() { "any file".to_string() } else { files.join(" or ") };
        format!("`{}` takes {files}", self.name)
    }

    /// True where the first row of a case opens it, failing one that says that it does.
    pub(super) fn opens_by_first(&self) -> bool {
        match self.shape {
            Shape::Snapshots => true,
            Shape::Activities => !self.rules.has_opening(),
            _ => false,
        }
    }

    /// True where a file may lack the column that we call `key`.
    pub(super) fn is_optional(&self, key: &str) -> bool {
        self.optional.iter().any(|known| known == key)
    }

    /// The names of each column that it looks for.
    pub(super) fn names(&self) -> impl Iterator<Item = &Vec<String>> {
        let milestones =
            self.rules.milestones.iter().flat_map(|milestone| [&milestone.column, &milestone.actor]);
        let attributes = self.attributes.iter().flatten().map(|(_, names)| names);
        self.columns.all().into_iter().chain(milestones).chain(attributes)
    }

    /// The derived column that a name among those of a column stands for.
    pub(super) fn derived(&self, name: &str) -> Option<&Derived> {
        self.derived.iter().find(|derived| derived.name == name)
    }

    /// True where one of its patterns fits the name of the file at `path`, or it has none.
    fn fits(&self, path: &std::path::Path) -> bool {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        self.files.is_empty() || self.files.iter().any(|glob| glob.matches(name.as_bytes()))
    }

    /// True for a cell that gives nothing.
    #[inline]
    pub(super) fn is_missing(&self, cell: &[u8]) -> bool {
        self.missing.iter().any(|word| word.as_bytes() == cell)
    }
}

fn mapped<T: Copy>(words: &[(String, T)], word: &[u8]) -> Option<T> {
    words.iter().find(|(known, _)| known.as_bytes().eq_ignore_ascii_case(word)).map(|(_, value)| *value)
}

/// A pattern with `*` for any characters and `?` for one, case aside in ASCII.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Glob(pub(super) String);

impl Glob {
    /// True where the whole of `text` fits.
    pub(super) fn matches(&self, text: &[u8]) -> bool {
        let pattern = self.0.as_bytes();
        let (mut p, mut t) = (0, 0);
        let mut star: Option<(usize, usize)> = None;
        while t < text.len() {
            if pattern.get(p) == Some(&b'*') {
                star = Some((p, t));
                p += 1;
            } else if pattern.get(p).is_some_and(|c| *c == b'?' || c.eq_ignore_ascii_case(&text[t])) {
                p += 1;
                t += 1;
            } else if let Some((at, from)) = star {
                p = at + 1;
                t = from + 1;
                star = Some((at, from + 1));
            } else {
                return false;
            }
        }
        pattern[p..].iter().all(|c| *c == b'*')
    }
}

impl Profile {
    /// The table that takes the file at `path`, which is no JSON: the first whose patterns its name fits.
    pub(super) fn table_for(&self, path: &std::path::Path) -> Option<&Table> {
        self.tables.iter().find(|table| table.json.rows.is_none() && table.fits(path))
    }

    /// The tables that take the JSON file at `path`: all that say where their rows are and whose patterns its name
    /// fits; where there is none, the first other one.
    pub(super) fn json_tables_for(&self, path: &std::path::Path) -> Vec<&Table> {
        let fitting = self.tables.iter().filter(|table| table.json.rows.is_some() && table.fits(path));
        let all: Vec<&Table> = fitting.collect();
        if all.is_empty() { self.table_for(path).into_iter().collect() } else { all }
    }
}
