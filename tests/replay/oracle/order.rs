//! The rows of a case as they stand in its files, and in which order they count (SPEC 1, 3.4, 7.1): which are duplicates,
//! which file is read backwards, what is one act.
//!
//! Every row is compared with every other; nothing is remembered from row to row.

use super::{Ev, Kind};

/// One case's used rows in order of the history, the opening first of its instant.
pub fn in_order(rows: &[Ev]) -> Vec<Ev> {
    let mut events: Vec<Ev> = vec![];
    let mut files: Vec<usize> = rows.iter().map(|e| e.file).collect();
    files.dedup();
    let used = used(rows);
    for file in files {
        let mut own: Vec<Ev> = used.iter().filter(|e| e.file == file).cloned().collect();
        if stands_newest_first(rows, file) {
            own.reverse();
        }
        events.extend(own);
    }
    // Stable: of one instant the order so far stays.
    events.sort_by_key(|e| e.at);
    if let Some(i) = events.iter().position(|e| e.kind == Kind::Opened) {
        let opening = events.remove(i);
        let first = events.iter().position(|e| e.at >= opening.at).unwrap_or(events.len());
        events.insert(first, opening);
    }
    acts(events)
}

/// Some later row is earlier, none is later; of all rows, duplicates among them.
fn stands_newest_first(rows: &[Ev], file: usize) -> bool {
    let own: Vec<i64> = rows.iter().filter(|e| e.file == file).map(|e| e.at).collect();
    let pairs = || (0..own.len()).flat_map(|a| (a + 1..own.len()).map(move |b| (a, b)));
    pairs().any(|(a, b)| own[b] < own[a]) && !pairs().any(|(a, b)| own[b] > own[a])
}

fn equal(a: &Ev, b: &Ev) -> bool {
    let plain = |e: &Ev| Ev { attrs: vec![], file: 0, place: 0, ..e.clone() };
    plain(a) == plain(b)
}

/// The rows without duplicates, which leave their attributes to the first of their equals.
fn used(rows: &[Ev]) -> Vec<Ev> {
    let mut used: Vec<Ev> = vec![];
    for (i, row) in rows.iter().enumerate() {
        let n_used = used.iter().filter(|e| equal(e, row)).count();
        // As many as the file has up to here, and no more than are there already.
        if !is_one_more(rows, i) || n_of_file(rows, i) <= n_used {
            let first = used.iter_mut().find(|e| equal(e, row)).expect("an equal row");
            first.attrs.extend(row.attrs.clone());
        } else {
            used.push(row.clone());
        }
    }
    used
}

/// True where row `i` is the first of its equals in its file, or sets a state back that a row between them set.
fn is_one_more(rows: &[Ev], i: usize) -> bool {
    let of_file = |k: &usize| rows[*k].file == rows[i].file;
    let Some(nearest) = (0..i).filter(of_file).rfind(|&k| equal(&rows[k], &rows[i])) else { return true };
    (nearest + 1..i).filter(|&k| rows[k].at == rows[i].at).any(|k| {
        let status = rows[i].status.is_some() && rows[k].status.is_some() && rows[k].status != rows[i].status;
        let severity =
            rows[i].severity.is_some() && rows[k].severity.is_some() && rows[k].severity != rows[i].severity;
        status || severity
    })
}

/// How many rows equal to row `i` its file has up to it, those that are one too many left aside.
fn n_of_file(rows: &[Ev], i: usize) -> usize {
    let of_file = |k: &usize| rows[*k].file == rows[i].file;
    (0..=i).filter(of_file).filter(|&k| equal(&rows[k], &rows[i]) && is_one_more(rows, k)).count()
}

/// A message that gives no state goes before those rows of the same role, actor and instant that stand directly before it
/// and only change the state; once, and the opening stays first.
fn acts(events: Vec<Ev>) -> Vec<Ev> {
    let open = events.iter().position(|e| e.kind == Kind::Opened).unwrap_or(0);
    let mut ordered: Vec<Ev> = vec![];
    // How many rows at the end of `ordered` a message of theirs may pass.
    let mut passable = 0;
    for (i, e) in events.into_iter().enumerate() {
        let last = ordered.last().filter(|_| passable > 0);
        let is_same = last.is_some_and(|l| (l.at, &l.role, &l.actor) == (e.at, &e.role, &e.actor));
        let changes = i != open && matches!(e.kind, Kind::Update | Kind::Opened);
        if changes {
            passable = if is_same { passable + 1 } else { 1 };
            ordered.push(e);
        } else if is_same && e.kind == Kind::Message && e.status.is_none() && e.severity.is_none() {
            ordered.insert(ordered.len() - passable, e);
            passable = 0;
        } else {
            passable = 0;
            ordered.push(e);
        }
    }
    ordered
}
