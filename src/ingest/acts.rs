//! What of a case's rows is one act, and what is void (SPEC 3.5): a message sent in the act of resolving, a case merged
//! into another, one that never says how severe it is. Rows come sorted, with their roles, the opening at its place.

use super::assumed::Assumed;
use super::cast::opening;
use super::rows::{NO_STATUS, NO_WORD, Row};
use crate::calendar::SECOND;
use crate::history::{Category, EventKind, Role};

/// What a profile says of acts.
#[derive(Default)]
pub(super) struct Acts {
    /// How long after a resolution a message is part of it, µs; 0: never.
    pub(super) one_act: i64,
    /// Of each status as it came; empty where nobody asks.
    pub(super) categories: Vec<Category>,
    /// The status as it came of a case that is merged, where a table names merged cases otherwise than by a status.
    pub(super) merged: Option<u16>,
    /// Of a case that gives none; 0: none.
    pub(super) severity: u8,
    /// Rows later than this do not exist yet, µs.
    pub(super) until: i64,
}

impl Acts {
    /// True where there is something to do to the rows of a case.
    pub(super) fn has_work(&self) -> bool {
        self.one_act > 0 || self.merged.is_some() || self.severity > 0
    }

    /// Carries all out; returns how many rows stay.
    pub(super) fn settle(&self, rows: &mut [Row], assumed: &mut Assumed) -> usize {
        let mut n = rows.len();
        if let Some(merged) = self.merged {
            n = merge(rows, merged);
        }
        if self.one_act > 0 {
            assumed.n_moved += self.join(&mut rows[..n]);
        }
        if self.severity > 0 && n > 0 && rows[..n].iter().all(|row| row.severity() == 0) {
            let first = opening(&rows[..n]);
            rows[first].set_severity(self.severity);
            assumed.n_without_severity += 1;
        }
        n
    }

    /// Moves messages of agents directly before the resolution or close of the same actor that they follow; returns how
    /// many.
    fn join(&self, rows: &mut [Row]) -> u64 {
        let mut n_moved = 0;
        for i in 1..rows.len() {
            let row = rows[i];
            let is_reply = row.kind() == EventKind::Message && row.role() == Role::Agent;
            if !is_reply || row.actor == NO_WORD {
                continue;
            }
            let Some(end) = self.ends_before(rows, i) else { continue };
            rows[end..=i].rotate_right(1);
            rows[end].at = rows[end + 1].at;
            n_moved += 1;
        }
        n_moved
    }

    /// The first row of those directly before row `i`, all of its actor and not too long ago, that ends the case.
    fn ends_before(&self, rows: &[Row], i: usize) -> Option<usize> {
        let (actor, at) = (rows[i].actor, rows[i].at);
        // What a list says that nobody did is nobody else's.
        let is_nobodys = |row: &Row| {
            let by_desk = matches!(row.role(), Role::Agent | Role::Unknown);
            row.actor == NO_WORD && row.kind() == EventKind::Update && by_desk
        };
        let is_own = |row: &&Row| (row.actor == actor || is_nobodys(row)) && at - row.at <= self.one_act;
        let from = i - rows[..i].iter().rev().take_while(is_own).count();
        let ended = |row: &Row| {
            let category = self.categories.get(usize::from(row.status))?;
            Some(matches!(category, Category::Resolved | Category::Closed))
        };
        let mut was_ended = rows[..from].iter().rev().find_map(ended).unwrap_or(false);
        for (k, row) in rows.iter().enumerate().take(i).skip(from.max(opening(rows) + 1)) {
            let is_ended = ended(row).unwrap_or(was_ended);
            if is_ended && !was_ended {
                return (row.actor == actor).then_some(k);
            }
            was_ended = is_ended;
        }
        None
    }
}

/// A case that is merged is void from then on: no later row of it, and none of that instant, gives another status.
/// Returns how many rows stay.
fn merge(rows: &mut [Row], merged: u16) -> usize {
    let n = rows.len();
    let Some(from) = rows.iter().position(|row| row.status == merged) else { return n };
    let at = rows[from].at;
    let mut kept = 0;
    for i in 0..n {
        let mut row = rows[i];
        if i != from && row.at >= at && row.status != NO_STATUS {
            row.status = NO_STATUS;
            if row.kind() == EventKind::Update && row.severity() == 0 {
                continue;
            }
        }
        rows[kept] = row;
        kept += 1;
    }
    kept
}

/// How many messages of agents stand within a second of the opening of a case that somebody else opened.
pub(super) fn at_once(rows: &[Row], until: i64) -> u64 {
    let first = opening(rows);
    let Some(opened) = rows.get(first) else { return 0 };
    if opened.role() == Role::Agent {
        return 0;
    }
    let near = rows[first + 1..].iter().take_while(|row| row.at - opened.at <= SECOND && row.at <= until);
    near.filter(|row| row.kind() == EventKind::Message && row.role() == Role::Agent).count() as u64
}

#[cfg(test)]
mod tests {
    use super::{Acts, Assumed, at_once, merge};
    use crate::calendar::SECOND;
    use crate::history::{Category, EventKind, Mark, Role};
    use crate::ingest::rows::{NO_STATUS, NO_WORD, Row};

    const RESOLVED: u16 = 1;

    fn row(seconds: i64, kind: EventKind, (role, actor): (Role, u32), status: u16) -> Row {
        let mark = Mark::new(kind, role, 0);
        Row { at: seconds * SECOND, case: 0, actor, number: seconds as u32, status, mark, flags: 0 }
    }

    /// Numbers of the rows as they stand once acts are joined.
    fn joined(rows: &[Row]) -> (Vec<u32>, u64) {
        let categories = vec![Category::New, Category::Resolved];
        let acts = Acts { one_act: 60 * SECOND, categories, until: i64::MAX, ..Acts::default() };
        let (mut rows, mut assumed) = (rows.to_vec(), Assumed::default());
        let n = acts.settle(&mut rows, &mut assumed);
        assert!(rows[..n].is_sorted_by_key(|row| row.at));
        (rows[..n].iter().map(|row| row.number).collect(), assumed.n_moved)
    }

    #[test]
    fn a_reply_within_the_act_goes_before_its_resolution() {
        let (ann, bob) = ((Role::Agent, 7), (Role::Agent, 8));
        let opened = row(0, EventKind::Opened, (Role::Customer, 1), 0);
        let ends = |by| row(100, EventKind::Update, by, RESOLVED);
        let reply = |at, by| row(at, EventKind::Message, by, NO_STATUS);
        assert_eq!(joined(&[opened, ends(ann), reply(160, ann)]), (vec![0, 160, 100], 1));
        assert_eq!(joined(&[opened, ends(ann), reply(161, ann)]), (vec![0, 100, 161], 0));
        assert_eq!(joined(&[opened, ends(ann), reply(101, bob)]), (vec![0, 100, 101], 0));
        let note = row(101, EventKind::Note, bob, NO_STATUS);
        assert_eq!(joined(&[opened, ends(ann), note, reply(102, ann)]), (vec![0, 100, 101, 102], 0));
        // A close of which a list does not say whose it is.
        let closed = row(100, EventKind::Update, (Role::Agent, NO_WORD), RESOLVED);
        assert_eq!(joined(&[opened, ends(ann), closed, reply(101, ann)]), (vec![0, 101, 100, 100], 1));
        assert_eq!(joined(&[opened, closed, reply(101, ann)]), (vec![0, 100, 101], 0));
        // Repeated, it is no resolution.
        let again = row(130, EventKind::Update, ann, RESOLVED);
        assert_eq!(joined(&[opened, ends(ann), again, reply(165, ann)]), (vec![0, 100, 130, 165], 0));
        assert_eq!(joined(&[opened, ends(ann), again, reply(131, ann)]), (vec![0, 131, 100, 130], 1));
    }

    #[test]
    fn what_is_merged_stays_void() {
        let ann = (Role::Agent, 7);
        let update = |at, status| row(at, EventKind::Update, ann, status);
        let note = row(5, EventKind::Note, ann, RESOLVED);
        let mut rows = [update(0, 0), note, update(5, 9), update(90, RESOLVED)];
        let n = merge(&mut rows, 9);
        let left: Vec<(u32, u16)> = rows[..n].iter().map(|row| (row.number, row.status)).collect();
        assert_eq!(left, [(0, 0), (5, NO_STATUS), (5, 9)]);
    }

    #[test]
    fn an_answer_within_a_second_is_told_of() {
        let opened = |by| row(0, EventKind::Opened, by, 0);
        let reply = |at| row(at, EventKind::Message, (Role::Agent, 7), NO_STATUS);
        assert_eq!(at_once(&[opened((Role::Customer, 1)), reply(1), reply(2)], i64::MAX), 1);
        assert_eq!(at_once(&[opened((Role::Customer, 1)), reply(1)], 0), 0);
        assert_eq!(at_once(&[opened((Role::Agent, 7)), reply(1)], i64::MAX), 0);
    }
}
