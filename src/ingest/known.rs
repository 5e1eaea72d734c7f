//! What the shipped profiles know of help desks, for guesses about an export that has no profile: names of columns, status
//! and severity words, forms of times. Nothing is known here that no shipped profile or list below says.

use std::collections::{BTreeMap, BTreeSet};

use super::pattern::Pattern;
use super::peek::Peeked;
use super::profile::{Profile, Shape, Table};
use super::timestamp::{Stamp, canonical};
use crate::history::{Category, Role};

/// Forms of times that exports use; `canonical` stands for ISO 8601. Of forms that differ in the order of day and month
/// both are here: which one holds is the data's to say.
const FORMS: &[&str] = &[
    "canonical",
    "%Y-%m-%d",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M:%S.%f",
    "%Y/%m/%d",
    "%d/%m/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y %H:%M",
    "%d/%m/%Y %I:%M %p",
    "%m/%d/%Y %I:%M %p",
    "%d/%m/%Y %I:%M:%S %p",
    "%m/%d/%Y %I:%M:%S %p",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d/%m/%y %H:%M",
    "%m/%d/%y %H:%M",
    "%d-%m-%Y %H:%M:%S",
    "%m-%d-%Y %H:%M:%S",
    "%d-%m-%Y %H:%M",
    "%m-%d-%Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
    "%d/%b/%y %I:%M %p",
    "%d/%b/%Y %I:%M %p",
    "%d/%b/%y %H:%M",
    "%d-%b-%Y %H:%M:%S",
    "%d %b %Y %H:%M:%S",
    "%d %b %Y %H:%M",
    "%b %d, %Y %I:%M %p",
    "%b %d, %Y %I:%M:%S %p",
    "%b %d, %Y %H:%M",
    "%a, %d %b %Y %H:%M:%S %z",
    "%a %b %d %H:%M:%S %Y",
    "%s",
    "epoch_ms",
];

/// µs of 2000-01-01 and 2100-01-01: a bare number is a time between them, or it is none.
const EPOCHS: std::ops::Range<i64> = 946_684_800_000_000..4_102_444_800_000_000;

/// A form of times, ready to read.
#[derive(Clone, Debug)]
pub struct Form {
    /// As a profile writes it.
    pub source: &'static str,
    pattern: Option<Pattern>,
}

impl Form {
    /// Every form that is tried.
    pub fn all() -> Vec<Form> {
        let form = |source: &&'static str| match *source {
            "canonical" => Some(Form { source, pattern: None }),
            _ => Pattern::compile(source).ok().map(|pattern| Form { source, pattern: Some(pattern) }),
        };
        FORMS.iter().filter_map(form).collect()
    }

    /// True where a bare number is a time under it, which it is in a column that is called so only.
    pub fn is_number(&self) -> bool {
        matches!(self.source, "%s" | "epoch_ms")
    }

    /// What `text` says under it: µs since 1970, and whether with an offset, in UTC, or of some zone's clock.
    pub fn read(&self, text: &str) -> Option<(i64, bool)> {
        let stamp = match &self.pattern {
            None => canonical(text.as_bytes()),
            Some(pattern) => pattern.parse(text.as_bytes()),
        };
        if self.is_number() {
            return stamp.and_then(|stamp| match stamp {
                Stamp::At(at) if EPOCHS.contains(&at) => Some((at, true)),
                _ => None,
            });
        }
        Some(match stamp? {
            Stamp::At(at) => (at, true),
            Stamp::Local(local) => (local, false),
        })
    }
}

/// How well a table of a shipped profile fits a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fit {
    /// The profile's name.
    pub profile: &'static str,
    /// The table's name.
    pub table: String,
    /// Columns that it names and that are there.
    pub n_found: usize,
}

/// What is known.
#[derive(Clone, Debug)]
pub struct Known {
    profiles: Vec<(&'static str, Profile)>,
    /// By shape and our name of a column: names in exports, as [`plain`] writes them.
    columns: BTreeMap<(&'static str, &'static str), BTreeSet<String>>,
    statuses: BTreeMap<String, BTreeSet<Category>>,
    severities: BTreeMap<String, BTreeSet<u8>>,
    /// Index of the profile whose words go before those of the others.
    favoured: Option<usize>,
}

/// Our names of columns, over all shapes.
pub const ROLES: [&str; 16] = [
    "case_id",
    "at",
    "event",
    "role",
    "actor",
    "status",
    "severity",
    "opened_at",
    "field",
    "old",
    "new",
    "public",
    "internal",
    "activity",
    "lifecycle",
    "status_at",
];

/// A name without what exports write in different ways: case, underscores, dashes, colons.
pub fn plain(name: &str) -> String {
    let spaced: String =
        name.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { ' ' }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Known {
    /// From the profiles that ship.
    pub fn new() -> Known {
        let profiles: Vec<(&'static str, Profile)> =
            Profile::names().filter_map(|name| Some((name, Profile::named(name).ok()?))).collect();
        let mut known = Known {
            columns: BTreeMap::new(),
            statuses: BTreeMap::new(),
            severities: BTreeMap::new(),
            profiles: Vec::new(),
            favoured: None,
        };
        for (_, profile) in &profiles {
            for (word, category) in &profile.statuses {
                known.statuses.entry(word.clone()).or_default().insert(*category);
            }
            profile.tables.iter().for_each(|table| known.learn(table));
        }
        known.profiles = profiles;
        known
    }

    fn learn(&mut self, table: &Table) {
        for (word, level) in &table.severities {
            self.severities.entry(word.to_lowercase()).or_default().insert(*level);
        }
        let mut columns = table.columns.clone();
        for role in ROLES {
            let Some(names) = columns.named(table.shape, role) else { continue };
            // A path into JSON is no name of a column.
            let names = names
                .iter()
                .filter(|name| !name.contains("[]") && !name.contains(['{', '`']))
                .map(|name| plain(name));
            self.columns.entry((word(table.shape), role)).or_default().extend(names);
        }
    }

    /// The same, where the words and columns of the shipped profile called `name` go before those of the others.
    pub fn favouring(mut self, name: Option<&str>) -> Known {
        self.favoured = name.and_then(|name| self.profiles.iter().position(|(known, _)| *known == name));
        self
    }

    fn favourite(&self) -> Option<&Profile> {
        self.favoured.and_then(|i| self.profiles.get(i)).map(|(_, profile)| profile)
    }

    /// Names by which the favoured profile calls a table's column `role`, the first first.
    pub fn favoured_columns(&self, shape: Shape, role: &'static str) -> Vec<String> {
        let tables = self.favourite().map_or(&[][..], |profile| &profile.tables[..]);
        let names = |table: &Table| table.columns.clone().named(shape, role).map(|names| names.clone());
        tables.iter().filter(|table| table.shape == shape).filter_map(names).flatten().collect()
    }

    /// Whether exports call a table's column `role` by this name.
    pub fn names_column(&self, shape: Shape, role: &'static str, name: &str) -> bool {
        self.columns.get(&(word(shape), role)).is_some_and(|names| names.contains(&plain(name)))
    }

    /// The category of a status word, of the favoured profile or where the shipped profiles that have it agree.
    ///
    /// A bare number has no meaning: each help desk numbers its own.
    pub fn category(&self, word: &str) -> Option<Category> {
        if word.parse::<f64>().is_ok() {
            return None;
        }
        if let Some(category) = self.favourite().and_then(|profile| profile.category(word)) {
            return Some(category);
        }
        let all = self.statuses.get(&word.to_lowercase()).filter(|all| all.len() == 1)?;
        all.iter().next().copied()
    }

    /// The severity of a word: its first digit (`3 - Moderate`, `P2`), or where the shipped profiles agree.
    pub fn severity(&self, word: &str) -> Option<u8> {
        let tables = self.favourite().map_or(&[][..], |profile| &profile.tables[..]);
        let mut listed = tables.iter().flat_map(|table| &table.severities);
        if let Some((_, level)) = listed.find(|(known, _)| known.eq_ignore_ascii_case(word)) {
            return Some(*level);
        }
        let bare = word.strip_prefix(['P', 'p', 'S', 's']).unwrap_or(word);
        let mut letters = bare.chars();
        let level = letters.next().and_then(|c| c.to_digit(10)).filter(|n| (1..=9).contains(n));
        let is_alone = !letters.next().is_some_and(|c| c.is_ascii_digit());
        if let Some(level) = level.filter(|_| is_alone) {
            return u8::try_from(level).ok();
        }
        let all = self.severities.get(&word.to_lowercase()).filter(|all| all.len() == 1)?;
        all.iter().next().copied()
    }

    /// Shipped profiles that have columns of a file of this name with this header, the one with most of them first. Whether
    /// they read its rows is for a reading to tell.
    pub fn fits(&self, file: &std::path::Path, peeked: &Peeked) -> Vec<Fit> {
        let header = &peeked.header;
        let is_json = peeked.kind == "JSON";
        let mut fits: Vec<Fit> = Vec::new();
        for (name, profile) in &self.profiles {
            if is_json {
                fits.extend(json_fit(name, profile, file, header));
                continue;
            }
            let Some(table) = profile.table_for(file) else { continue };
            let has = |names: &Vec<String>| names.iter().any(|name| header.contains(name));
            let columns = &table.columns;
            let needed = [&columns.case_id, &columns.at, &columns.field, &columns.new, &columns.activity];
            if needed.into_iter().filter(|names| !names.is_empty()).all(has) {
                let n_found = table.names().filter(|names| has(names)).count();
                fits.push(Fit { profile: name, table: table.name.clone(), n_found });
            }
        }
        fits.sort_by_key(|fit| std::cmp::Reverse(fit.n_found));
        fits
    }
}

/// How well a profile fits a JSON file. Several of its tables may take one file: that with most columns stands for all, and
/// what stands in a list of an object is a column where the list is one.
fn json_fit(name: &'static str, profile: &Profile, file: &std::path::Path, header: &[String]) -> Option<Fit> {
    let is_there = |name: &String| {
        let list = name.split(['[', '{']).next().unwrap_or_default();
        header.contains(name) || (list.len() < name.len() && header.iter().any(|column| column == list))
    };
    let has = |names: &Vec<String>| names.iter().any(is_there);
    let tables = profile.json_tables_for(file);
    let fitting = tables.iter().filter(|table| has(&table.columns.case_id));
    let best = fitting.max_by_key(|table| table.names().filter(|names| has(names)).count())?;
    let n_found = best.names().filter(|names| has(names)).count();
    Some(Fit { profile: name, table: best.name.clone(), n_found })
}

/// The case id that `cell` is read as (SPEC 3.6): without blanks of any kind around it, a whole number without decimals.
pub fn case_id(cell: &str) -> &str {
    let (id, _) = super::ids::clean(cell.as_bytes());
    std::str::from_utf8(id).unwrap_or(cell)
}

impl Default for Known {
    fn default() -> Known {
        Known::new()
    }
}

/// The shape as a profile writes it.
pub fn word(shape: Shape) -> &'static str {
    super::profile_shapes::SHAPES.iter().find(|(_, known)| *known == shape).map_or("", |(word, _)| word)
}

/// The role that a word says by itself.
pub fn role(word: &str) -> Option<Role> {
    match plain(word).as_str() {
        "agent" | "staff" | "support" | "employee" => Some(Role::Agent),
        "customer" | "client" | "end user" | "requester" | "contact" => Some(Role::Customer),
        "system" | "automation" | "workflow" | "bot" => Some(Role::System),
        _ => None,
    }
}
