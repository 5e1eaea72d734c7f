//! One difference between two policies, in words and by TOML key, and the means to collect them. Which parts of a
//! policy are compared is decided in `diff`.

use std::fmt;

use super::show::{bare, long, quoted};
use crate::calendar::Duration;

/// What one side says: in words, and as the TOML that says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// For people: `4 business hours`, `no target`.
    pub words: String,
    /// The value in TOML, on one line; `None` where the key is left out, or where the value stands in another file.
    pub toml: Option<String>,
}

/// One thing that two policies say differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The key in TOML, with levels, names and dates in place of positions: `severity.2.first_response`,
    /// `calendars.support.hours.mon-fri`, `inactivity.resolved.grace`. A clause has its position, from 1.
    pub key: String,
    /// What it is about: ``first response of severity 2 (Important)``.
    pub subject: String,
    /// The left side; `None` where it has nothing of the kind.
    pub left: Option<Setting>,
    /// The right side; `None` where it has nothing of the kind.
    pub right: Option<Setting>,
}

impl fmt::Display for Difference {
    /// The right side as the news: `SUBJECT: RIGHT instead of LEFT`, `SUBJECT: added`, `SUBJECT: removed`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, what) = match (&self.left, &self.right) {
            (Some(left), Some(right)) => {
                return write!(f, "{}: {} instead of {}", self.subject, right.words, left.words);
            }
            (None, Some(right)) => ("added", &right.words),
            (Some(left), None) => ("removed", &left.words),
            (None, None) => return write!(f, "{}", self.subject),
        };
        write!(f, "{}: {word}", self.subject)?;
        if what.is_empty() { Ok(()) } else { write!(f, " ({what})") }
    }
}

impl Setting {
    /// A text as people read it, and as TOML.
    pub(super) fn text(value: &str) -> Setting {
        Setting { words: format!("`{value}`"), toml: Some(quoted(value)) }
    }

    /// One of a policy's own words.
    pub(super) fn word(value: &str) -> Setting {
        Setting { words: value.to_owned(), toml: Some(quoted(value)) }
    }

    /// A value that reads the same in both.
    pub(super) fn plain<T: ToString>(value: &T) -> Setting {
        Setting { words: value.to_string(), toml: Some(value.to_string()) }
    }

    /// Words, and the TOML that says them.
    pub(super) fn new(words: impl Into<String>, toml: impl Into<String>) -> Setting {
        Setting { words: words.into(), toml: Some(toml.into()) }
    }

    /// The key is left out, which `words` says the meaning of.
    pub(super) fn unset(words: &str) -> Setting {
        Setting { words: words.to_owned(), toml: None }
    }

    /// A duration, or what none means.
    pub(super) fn duration(value: Option<Duration>, none: &str) -> Setting {
        value.map_or_else(|| Setting::unset(none), |value| Setting::word(&long(value)))
    }

    /// Texts as a list.
    pub(super) fn texts<'t>(values: impl Iterator<Item = &'t str>, none: &str) -> Setting {
        let all: Vec<&str> = values.collect();
        let words = if all.is_empty() { none.to_owned() } else { all.join(", ") };
        Setting { words, toml: Some(super::show::list(all.into_iter())) }
    }
}

/// The differences found so far.
#[derive(Debug, Default)]
pub(super) struct Differences(pub Vec<Difference>);

impl Differences {
    /// Adds a difference.
    pub(super) fn add(
        &mut self,
        key: impl Into<String>,
        subject: impl Into<String>,
        left: Option<Setting>,
        right: Option<Setting>,
    ) {
        self.0.push(Difference { key: key.into(), subject: subject.into(), left, right });
    }

    /// Adds a difference where `left` is not `right`.
    pub(super) fn compare<T: PartialEq>(
        &mut self,
        key: impl Into<String>,
        subject: impl Into<String>,
        (left, right): (&T, &T),
        setting: impl Fn(&T) -> Setting,
    ) {
        if left != right {
            self.add(key, subject, Some(setting(left)), Some(setting(right)));
        }
    }

    /// Adds a difference of two durations.
    pub(super) fn duration(
        &mut self,
        key: String,
        subject: String,
        (left, right): (Option<Duration>, Option<Duration>),
        none: &str,
    ) {
        self.compare(key, subject, (&left, &right), |value| Setting::duration(*value, none));
    }
}

/// Two lists, what has the same key brought together.
pub(super) struct Pairs<'p, T> {
    /// In the order of the left list, then what only the right one has.
    pub all: Vec<(Option<&'p T>, Option<&'p T>)>,
    /// What both have, in the order of each, where that is not the same order.
    pub moved: Option<(Vec<&'p T>, Vec<&'p T>)>,
}

/// Brings together what has the same key in `left` and `right`, each at most once.
///
/// Where every pair is equal and nothing is moved or left over, the lists are equal.
pub(super) fn pairs<'p, T, K: PartialEq>(
    left: &'p [T],
    right: &'p [T],
    key: impl Fn(&'p T) -> K,
) -> Pairs<'p, T> {
    let mut taken = vec![false; right.len()];
    let mut all = Vec::new();
    let mut places = Vec::new();
    for one in left {
        let place = (0..right.len()).find(|&i| !taken[i] && key(&right[i]) == key(one));
        if let Some(i) = place {
            taken[i] = true;
            places.push((i, one));
        }
        all.push((Some(one), place.map(|i| &right[i])));
    }
    all.extend(right.iter().zip(&taken).filter(|(_, taken)| !**taken).map(|(one, _)| (None, Some(one))));
    let moved = (!places.is_sorted_by_key(|(i, _)| *i)).then(|| {
        let on_left = places.iter().map(|(_, one)| *one).collect();
        (on_left, right.iter().zip(&taken).filter(|(_, taken)| **taken).map(|(one, _)| one).collect())
    });
    Pairs { all, moved }
}

/// Parts of a key, those in quotes that need them, with dots between.
pub(super) fn path(parts: &[&str]) -> String {
    parts.iter().map(|part| bare(part)).collect::<Vec<_>>().join(".")
}

/// The name of a metric in words: `first_response` is `first response`.
pub(super) fn spaced(metric: &str) -> String {
    metric.replace('_', " ")
}
