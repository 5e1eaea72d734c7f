//! What a table of a profile says beyond columns and words, for the shapes in which a row is not simply an event
//! (SPEC 3.1): fields of `changes`, words of `activities`, milestones of `cases`, who may read `messages`. Types
//! only: `profile_shapes` reads them from TOML, the files `shape_*` carry them out.

use super::ids;
use super::shape_lengths::Unit;
use crate::history::{EventKind, Role};

/// What the field of a row of `changes` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    /// Its words are statuses.
    Status,
    /// Its words are severities.
    Severity,
    /// The row is an event of this kind and changes no state: `opened`, `message`, `note`.
    Event(EventKind),
    /// The attribute of this index among [`Rules::field_attributes`].
    Attribute(usize),
    /// Its words are who asks.
    Requester,
    /// One of its words says that the case was merged into another.
    Merged,
}

/// The status of a case that was merged into another, where the export has no word for it.
pub(super) const MERGED: &str = "Merged";

/// What an activity, or the time in a milestone's column, is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Meaning {
    pub(super) event: EventKind,
    /// `None`: as the row, its actor or the table say.
    pub(super) role: Option<Role>,
    /// The status after it.
    pub(super) status: Option<String>,
    /// The severity after it, 1 to 9; 0: unchanged.
    pub(super) severity: u8,
}

/// One milestone of `cases`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Milestone {
    /// The column with its time; of several the first that the header has.
    pub(super) column: Vec<String>,
    /// The column holds no time but how long after the opening it was.
    pub(super) since_opening: Option<Unit>,
    /// The column with the name of who did it.
    pub(super) actor: Vec<String>,
    pub(super) meaning: Meaning,
}

/// What an activity is that the profile does not list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Unlisted {
    /// An update that changes no state, told of in a finding.
    #[default]
    Update,
    /// An update whose status is the activity's own word.
    Status,
    /// Nothing: its row is rejected (D513).
    Reject,
}

/// The rules of one table; those of other shapes than its own are empty.
#[derive(Clone, Debug, Default)]
pub(super) struct Rules {
    /// Texts that stand before the id in the cell of the case, such as `Case #`.
    pub(super) case_id_after: Vec<String>,
    /// Our names of columns without which a file is none of this table, over those that every file of it has.
    pub(super) needs: Vec<String>,
    /// The table knows cases by the other id that a `cases` table gives.
    pub(super) joins_on_other: bool,
    /// Where nobody is named as the requester, whoever opened the case is.
    pub(super) opener_is_customer: bool,
    /// What a word of `opened_by` says of who opened; empty: it is who.
    pub(super) openers: Vec<(String, Role)>,
    /// Words that say that a case was merged; empty: any that is not no.
    pub(super) merged: Vec<String>,
    /// `changes`: field words; others give nothing.
    pub(super) fields: Vec<(String, Field)>,
    /// `changes`: names of attributes that fields give.
    pub(super) field_attributes: Vec<String>,
    /// `messages`: words for yes and for no, over the usual ones.
    pub(super) yes: Vec<String>,
    /// See `yes`.
    pub(super) no: Vec<String>,
    /// `activities`: what each word means.
    pub(super) activities: Vec<(String, Meaning)>,
    /// `activities`: what any other word means.
    pub(super) unlisted: Unlisted,
    /// `activities`: the words of the lifecycle that count; empty: all.
    pub(super) lifecycles: Vec<String>,
    /// `cases`, in the order in which milestones of one instant stand.
    pub(super) milestones: Vec<Milestone>,
}

impl Rules {
    /// The id of a case out of its cell.
    pub(super) fn case_id<'v>(&self, cell: &'v [u8]) -> &'v [u8] {
        let cell = ids::clean(cell).0;
        let rest = |before: &String| {
            let (head, rest) = cell.split_at_checked(before.len())?;
            head.eq_ignore_ascii_case(before.as_bytes()).then(|| ids::clean(rest.trim_ascii()).0)
        };
        self.case_id_after.iter().find_map(rest).filter(|rest| !rest.is_empty()).unwrap_or(cell)
    }

    /// What a field of `changes` is; `None`: nothing that matters here.
    pub(super) fn field(&self, word: &[u8]) -> Option<Field> {
        find(&self.fields, word).copied()
    }

    /// The role of who opens, by a word of the export.
    pub(super) fn opener(&self, word: &[u8]) -> Option<Role> {
        find(&self.openers, word).copied()
    }

    /// True for a cell that says that its case was merged into another: one of the words stands in it by itself.
    pub(super) fn is_merged(&self, cell: &[u8]) -> bool {
        if self.merged.is_empty() {
            return !cell.is_empty() && self.truth(cell) != Some(false);
        }
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') || byte >= 0x80;
        let stands = |word: &String| {
            memchr::memmem::find_iter(cell, word).any(|from| {
                let before = from.checked_sub(1).map(|i| cell[i]);
                !before.into_iter().chain(cell.get(from + word.len()).copied()).any(is_part)
            })
        };
        self.merged.iter().filter(|word| !word.is_empty()).any(stands)
    }

    /// What an activity means, where the profile lists it.
    pub(super) fn activity(&self, word: &[u8]) -> Option<&Meaning> {
        find(&self.activities, word)
    }

    /// Yes or no; `None` for another word.
    pub(super) fn truth(&self, word: &[u8]) -> Option<bool> {
        let is = |list: &[String]| list.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(word));
        if is(&self.yes) {
            return Some(true);
        }
        if is(&self.no) {
            return Some(false);
        }
        match word.to_ascii_lowercase().as_slice() {
            b"yes" | b"y" | b"true" | b"t" | b"1" => Some(true),
            b"no" | b"n" | b"false" | b"f" | b"0" => Some(false),
            _ => None,
        }
    }

    /// True where a field tells who asks.
    pub(super) fn names_requester(&self) -> bool {
        self.fields.iter().any(|(_, field)| *field == Field::Requester)
    }

    /// True where a listed activity opens a case.
    pub(super) fn has_opening(&self) -> bool {
        self.activities.iter().any(|(_, meaning)| meaning.event == EventKind::Opened)
    }
}

fn find<'r, T>(words: &'r [(String, T)], word: &[u8]) -> Option<&'r T> {
    words.iter().find(|(known, _)| known.as_bytes().eq_ignore_ascii_case(word)).map(|(_, value)| value)
}
