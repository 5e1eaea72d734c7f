//! What two books say differently: their versions brought together by the date from which they hold.

use chrono::NaiveDate;

use super::diff::diff;
use super::difference::Difference;
use super::model::{Book, Policy};

/// In which of two books a version is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// In both.
    Both,
    /// In the left one only.
    Left,
    /// In the right one only.
    Right,
}

/// Two versions held against each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// Where the version is that the two are compared for.
    pub found: Found,
    /// [`Policy::version`] on the left; `None` where nothing there is in force.
    pub left: Option<String>,
    /// [`Policy::version`] on the right; `None` where nothing there is in force.
    pub right: Option<String>,
    /// What they say differently; nothing where there is only one.
    pub differences: Vec<Difference>,
}

impl Compared {
    /// True where both books have the version and nothing differs.
    pub fn is_same(&self) -> bool {
        self.found == Found::Both && self.differences.is_empty()
    }
}

/// The versions of `left` and `right`, ascending by date, each with what differs.
///
/// Two books of one version each are compared as they are, whatever their dates. Else versions of the same
/// `effective_from` belong together; one that only one book has is compared with the version that the other book has
/// in force on that date (SPEC 6), so that it shows what is new from then on.
pub fn diff_books(left: &Book, right: &Book) -> Vec<Compared> {
    if let ([left], [right]) = (left.versions.as_slice(), right.versions.as_slice()) {
        return vec![compared(Found::Both, Some(left), Some(right))];
    }
    let mut dates: Vec<Option<NaiveDate>> =
        left.versions.iter().chain(&right.versions).map(|version| version.effective_from).collect();
    dates.sort_unstable();
    dates.dedup();
    let pairs = dates.into_iter().map(|date| {
        let on = |book| (version_on(book, date), in_force(book, date));
        match (on(left), on(right)) {
            ((Some(left), _), (Some(right), _)) => compared(Found::Both, Some(left), Some(right)),
            ((left @ Some(_), _), (None, other)) => compared(Found::Left, left, other),
            ((None, other), (right, _)) => compared(Found::Right, other, right),
        }
    });
    pairs.collect()
}

fn compared(found: Found, left: Option<&Policy>, right: Option<&Policy>) -> Compared {
    let version = |policy: Option<&Policy>| policy.map(|policy| policy.version.clone());
    let differences = left.zip(right).map_or_else(Vec::new, |(left, right)| diff(left, right));
    Compared { found, left: version(left), right: version(right), differences }
}

fn version_on(book: &Book, date: Option<NaiveDate>) -> Option<&Policy> {
    book.versions.iter().find(|version| version.effective_from == date)
}

/// The last version that holds on `date`; one without a date of its own always does.
fn in_force(book: &Book, date: Option<NaiveDate>) -> Option<&Policy> {
    book.versions.iter().rfind(|version| version.effective_from <= date)
}
