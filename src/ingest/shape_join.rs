//! One case out of several tables (SPEC 3.1): what a `cases` table says gives way to what the others tell, changes
//! of one instant stand in the order that their values before and after ask for, and the value before the first
//! change of a field is the state back to the opening. Rows come sorted and without duplicates.

use super::rows::{CHANGE, NO_STATUS, Row, WEAK};
use crate::history::EventKind;

/// What was before the changes of a part, by the number of their row, ascending.
#[derive(Default)]
pub(super) struct Befores(Vec<(u32, u16)>);

impl Befores {
    pub(super) fn new(mut all: Vec<(u32, u16)>) -> Befores {
        all.sort_unstable();
        Befores(all)
    }

    /// True where something was before `row`.
    pub(super) fn has(&self, row: &Row) -> bool {
        self.of(row).is_some()
    }

    /// The status or the severity before `row`, whichever it changes; `None`: not known.
    fn of(&self, row: &Row) -> Option<u16> {
        let place = self.0.binary_search_by_key(&row.number, |(number, _)| *number);
        place.ok().map(|place| self.0[place].1)
    }
}

/// Takes from the rows of a `cases` table what other rows of the case tell: a status where any other row gives one,
/// a severity likewise, a message where any other row is one. Rows that are left without anything go; returns how
/// many stay.
///
/// A status that says that the case was `merged` stays: nobody else may tell.
pub(super) fn yield_to(rows: &mut [Row], merged: Option<u16>) -> usize {
    let n = rows.len();
    if rows.iter().all(|row| row.flags & WEAK == 0) {
        return n;
    }
    let told = |gives: fn(&Row) -> bool| rows.iter().any(|row| row.flags & WEAK == 0 && gives(row));
    let status = told(|row| row.status != NO_STATUS);
    let severity = told(|row| row.severity() != 0);
    let message = told(|row| row.kind() == EventKind::Message);
    let mut kept = 0;
    for i in 0..n {
        let mut row = rows[i];
        if row.flags & WEAK != 0 {
            row.status = if status && Some(row.status) != merged { NO_STATUS } else { row.status };
            row.set_severity(if severity { 0 } else { row.severity() });
            if message && row.kind() == EventKind::Message {
                row.set_kind(EventKind::Update);
            }
            if row.kind() == EventKind::Update && row.status == NO_STATUS && row.severity() == 0 {
                continue;
            }
        }
        rows[kept] = row;
        kept += 1;
    }
    open_by_case(&mut rows[..kept]);
    kept
}

/// Of several rows that open the case at one instant that of the `cases` table comes first: it knows who asked.
pub(super) fn open_by_case(rows: &mut [Row]) {
    let opens = |row: &Row| row.kind() == EventKind::Opened;
    let Some(first) = rows.iter().position(opens) else { return };
    let at = rows[first].at;
    let mut of_instant = rows[first..].iter().take_while(|row| row.at == at);
    if let Some(offset) = of_instant.position(|row| opens(row) && row.flags & WEAK != 0) {
        rows[first..=first + offset].rotate_right(1);
    }
}

/// Orders the changes of each instant and gives the opening what the first change of status and of severity says
/// that was before it. `rows` are all rows of a case, the opening at its place.
pub(super) fn restore(rows: &mut [Row], befores: &Befores) {
    if rows.iter().all(|row| row.flags & CHANGE == 0) {
        return;
    }
    for field in [Field::Status, Field::Severity] {
        chain(rows, befores, field);
        let opening = rows.iter().position(|row| row.kind() == EventKind::Opened).unwrap_or(0);
        let Some(first) = rows.iter().position(|row| field.after(row).is_some()) else { continue };
        let before = (rows[first].flags & CHANGE != 0).then(|| befores.of(&rows[first])).flatten();
        if let Some(before) = before.filter(|_| first > opening) {
            match field {
                Field::Status => rows[opening].status = before,
                Field::Severity => rows[opening].set_severity(before as u8),
            }
        }
    }
}

/// What a change is of.
#[derive(Clone, Copy)]
enum Field {
    Status,
    Severity,
}

impl Field {
    /// The value that `row` gives.
    fn after(self, row: &Row) -> Option<u16> {
        match self {
            Field::Status => (row.status != NO_STATUS).then_some(row.status),
            Field::Severity => (row.severity() != 0).then_some(u16::from(row.severity())),
        }
    }
}

/// An export with minutes only, or with the newest rows first, does not tell the order within an instant; the
/// values before and after do.
fn chain(rows: &mut [Row], befores: &Befores, field: Field) {
    let mut state = None;
    let mut from = 0;
    while from < rows.len() {
        let at = rows[from].at;
        let to = from + rows[from..].iter().take_while(|row| row.at == at).count();
        let is_change = |i: &usize| rows[*i].flags & CHANGE != 0 && field.after(&rows[*i]).is_some();
        let places: Vec<usize> =
            if to - from > 1 { (from..to).filter(is_change).collect() } else { Vec::new() };
        if places.len() > 1 && places.len() <= RUN {
            let own: Vec<Row> = places.iter().map(|&i| rows[i]).collect();
            let changes: Vec<_> =
                own.iter().map(|row| (befores.of(row).unwrap_or(UNKNOWN), field.after(row))).collect();
            for (place, of) in places.iter().zip(order(&changes, state)) {
                rows[*place] = own[of];
            }
        }
        state = rows[from..to].iter().rev().find_map(|row| field.after(row)).or(state);
        from = to;
    }
}

/// What is before a change that does not tell: no status and no severity.
const UNKNOWN: u16 = NO_STATUS;

/// Changes of one instant that are put in order; more stay as they stand.
pub(super) const RUN: usize = 64;

/// The order in which each of `changes` (before, after) starts from what the one before it left, from `state` on;
/// their own order where there is none.
pub(super) fn order<T: Copy + PartialEq>(changes: &[(T, Option<T>)], state: Option<T>) -> Vec<usize> {
    let own: Vec<usize> = (0..changes.len()).collect();
    let follows = |pair: &[(T, Option<T>)]| pair[0].1 == Some(pair[1].0);
    let fits = |first: &(T, Option<T>)| state.is_none_or(|state| state == first.0);
    if changes.windows(2).all(follows) && changes.first().is_some_and(fits) {
        return own;
    }
    let is_start = |i: &usize| match state {
        Some(state) if changes.iter().any(|change| change.0 == state) => changes[*i].0 == state,
        _ => changes.iter().all(|other| other.1 != Some(changes[*i].0)),
    };
    let Some(start) = own.iter().copied().find(is_start) else { return own };
    let mut all = vec![start];
    while all.len() < changes.len() {
        let last = changes[all[all.len() - 1]].1;
        let next = own.iter().copied().find(|i| !all.contains(i) && Some(changes[*i].0) == last);
        match next {
            Some(next) => all.push(next),
            None => return own,
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn changes_of_one_instant_stand_in_the_order_of_their_values() {
        let changes = |pairs: &[(u16, u16)]| pairs.iter().map(|(a, b)| (*a, Some(*b))).collect::<Vec<_>>();
        assert_eq!(order(&changes(&[(2, 3), (1, 2)]), Some(1u16)), [1, 0]);
        assert_eq!(order(&changes(&[(2, 3), (1, 2)]), None), [1, 0]);
        assert_eq!(order(&changes(&[(1, 2), (2, 1)]), None), [0, 1]);
        assert_eq!(order(&changes(&[(2, 1), (1, 2)]), Some(1)), [1, 0]);
        assert_eq!(order(&changes(&[(4, 5), (1, 2)]), Some(1)), [0, 1]);
    }
}
