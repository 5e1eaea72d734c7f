//! Rows of one case and one instant: in which order they count, and which of them are one act (SPEC 1, 7.1). A file in
//! which the rows of the case stand newest first is read backwards; one that stands in no order of time is read as it
//! stands. What was so decided, and where another order might give another verdict, is counted: nobody sees it in the
//! result. Not the order in time, and not which rows are equal: those are `group`'s and `duplicates`'.

use super::group::{Input, Ties, block_of};
use super::rows::{NO_STATUS, Row};
use crate::history::{EventKind, Role};

/// How often the order within an instant was decided for a case, told under "Assumed".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct TieCounts {
    /// Instants after the opening row at which rows of different people say or change different things.
    pub(super) n_doubtful: u64,
    /// Cases with such an instant.
    pub(super) n_doubtful_cases: u64,
    /// Messages that were taken before the changes of state of their own act.
    pub(super) n_acts: u64,
    /// Cases of which rows of one instant were taken in the reverse of their file's order.
    pub(super) n_reversed: u64,
}

impl TieCounts {
    /// Adds up.
    pub(super) fn add(&mut self, other: TieCounts) {
        self.n_doubtful += other.n_doubtful;
        self.n_doubtful_cases += other.n_doubtful_cases;
        self.n_acts += other.n_acts;
        self.n_reversed += other.n_reversed;
    }

    /// What a reader of the report should know of it, a sentence each; nothing where nothing was decided.
    pub(super) fn sentences(&self) -> Vec<String> {
        let TieCounts { n_doubtful, n_doubtful_cases, n_acts, n_reversed } = *self;
        let mut all = Vec::new();
        if n_doubtful > 0 {
            all.push(format!(
                "instants at which rows of one case by different people say or change different things: {n_doubtful} (in \
                 {n_doubtful_cases} cases); another order of such rows might give another verdict, and the order taken \
                 is that of the files, messages first where tables are joined"
            ));
        }
        if n_reversed > 0 {
            all.push(format!(
                "cases whose rows stand newest first in their file, so that rows of one instant are taken from the last \
                 to the first: {n_reversed}"
            ));
        }
        if n_acts > 0 {
            all.push(format!(
                "messages that stand behind changes of state by the same person at the same instant, and are taken as \
                 one act with them, the message first: {n_acts}"
            ));
        }
        all
    }
}

/// The sources in which the rows of a case stand newest first: some later row is earlier, and none is later. `rows` are
/// all rows of the case in source order, duplicates included. No room is taken where the rows are in order of time.
pub(super) fn newest_first(rows: &[Row], input: &Input<'_>) -> Vec<u32> {
    let mut found = Vec::new();
    if rows.is_sorted_by_key(|row| row.at) {
        return found;
    }
    let mut rest = rows;
    while let Some(first) = rest.first() {
        let source = input.blocks[block_of(first.number, input.blocks)].key.0;
        // The blocks of a source are neighbours, and so are their rows.
        let next = input.blocks.partition_point(|block| block.key.0 <= source);
        let end = input.blocks.get(next).map_or(u32::MAX, |block| block.base);
        let (own, others) = rest.split_at(rest.partition_point(|row| row.number < end));
        if descends(own, input) {
            found.push(source);
        }
        rest = others;
    }
    found
}

/// Some row is earlier than one above it, and none is later. Events of one row of the input say nothing of the order of
/// rows.
fn descends(rows: &[Row], input: &Input<'_>) -> bool {
    let mut is_lower = false;
    for pair in rows.windows(2).filter(|pair| pair[0].at != pair[1].at) {
        if input.is_one_row(&pair[0], &pair[1]) {
            continue;
        }
        if pair[0].at < pair[1].at {
            return false;
        }
        is_lower = true;
    }
    is_lower
}

/// Puts rows, which stand by time and within an instant in source order, in the order of the history: the sources of
/// `newest_first` backwards, and messages first where `ties` says so. True where a source was read backwards.
pub(super) fn order(rows: &mut [Row], newest_first: &[u32], ties: Ties, input: &Input<'_>) -> bool {
    let mut is_reversed = false;
    if newest_first.is_empty() && ties == Ties::Source {
        return is_reversed;
    }
    for of_instant in rows.chunk_by_mut(|a, b| a.at == b.at).filter(|rows| rows.len() > 1) {
        if !newest_first.is_empty() {
            is_reversed |= reverse(of_instant, newest_first, input);
        }
        if ties == Ties::Messages {
            // Stable: among messages, and among the others, the order stays.
            of_instant.sort_by_key(|row| row.kind() != EventKind::Message);
        }
    }
    is_reversed
}

fn reverse(of_instant: &mut [Row], newest_first: &[u32], input: &Input<'_>) -> bool {
    let source = |row: &Row| input.blocks[block_of(row.number, input.blocks)].key.0;
    let mut is_reversed = false;
    for own in of_instant.chunk_by_mut(|a, b| source(a) == source(b)) {
        if own.len() < 2 || !newest_first.contains(&source(&own[0])) {
            continue;
        }
        own.reverse();
        // The events of one row of the input keep their own order.
        own.chunk_by_mut(|later, earlier| input.is_one_row(earlier, later)).for_each(<[Row]>::reverse);
        is_reversed = true;
    }
    is_reversed
}

/// The opening's place among rows in order of the history: the first row that says so, or simply the first.
fn opening_of(rows: &[Row]) -> usize {
    rows.iter().position(|row| row.kind() == EventKind::Opened).unwrap_or(0)
}

/// One act (SPEC 7.1): a message that gives no state goes before those rows of the same role and actor at the same instant
/// that stand directly before it and only change the state; once, and the opening stays first. Help desks write the two
/// rows of one click in either order. `rows` are in order of the history, their roles known; tells how many messages moved.
pub(super) fn one_act(rows: &mut [Row]) -> u64 {
    let opening = opening_of(rows);
    let mut n_moved = 0;
    // Where the changes directly before the row at hand begin, all of one act, none passed by a message yet.
    let mut begun = 0;
    for i in 0..rows.len() {
        let row = rows[i];
        let is_next = i > begun && is_same_act(&rows[i - 1], &row);
        if i == opening || !is_next && !is_change(&row) {
            begun = i + 1;
        } else if is_change(&row) {
            begun = if is_next { begun } else { i };
        } else {
            // A message moves, and nothing passes it; any other row ends the act.
            if row.kind() == EventKind::Message && !gives_state(&row) {
                rows[begun..=i].rotate_right(1);
                n_moved += 1;
            }
            begun = i + 1;
        }
    }
    n_moved
}

fn is_same_act(a: &Row, b: &Row) -> bool {
    (a.at, a.role(), a.actor) == (b.at, b.role(), b.actor)
}

/// A row that only changes the state; an `opened` that does not open the case is one too (SPEC 2).
fn is_change(row: &Row) -> bool {
    matches!(row.kind(), EventKind::Update | EventKind::Opened)
}

fn gives_state(row: &Row) -> bool {
    row.status != NO_STATUS || row.severity() != 0
}

/// Counts the instants of a case whose order matters: rows of different people (role or actor) stand there, and not all of
/// them say or change the same. Notes, rows that change nothing and the opening row are left aside. `rows` are in order of
/// the history.
pub(super) fn count_doubtful(rows: &[Row], counts: &mut TieCounts) {
    let after = rows.get(opening_of(rows) + 1..).unwrap_or_default();
    let n = after.chunk_by(|a, b| a.at == b.at).filter(|rows| rows.len() > 1 && is_doubtful(rows)).count();
    counts.n_doubtful += n as u64;
    counts.n_doubtful_cases += u64::from(n > 0);
}

fn is_doubtful(rows: &[Row]) -> bool {
    let says = |row: &Row| -> Option<Role> { (row.kind() == EventKind::Message).then(|| row.role()) };
    let does = |row: &Row| (says(row), row.status, row.severity());
    let mut acts = rows.iter().filter(|row| row.kind() == EventKind::Message || gives_state(row));
    let Some(first) = acts.next() else { return false };
    let (mut are_people, mut are_deeds) = (false, false);
    for row in acts {
        are_people |= (row.role(), row.actor) != (first.role(), first.actor);
        are_deeds |= does(row) != does(first);
    }
    are_people && are_deeds
}

#[cfg(test)]
mod tests {
    use super::{count_doubtful, one_act};
    use crate::history::{EventKind, Mark, Role};
    use crate::ingest::rows::{NO_STATUS, Row};
    use crate::ingest::ties::TieCounts;

    /// `o` opened, `m` message, `u` update with a status, `s` update that gives none, `n` note; the digit is the actor.
    fn rows(text: &str) -> Vec<Row> {
        let row = |(i, word): (usize, &str)| {
            let (kind, status) = match &word[..1] {
                "o" => (EventKind::Opened, NO_STATUS),
                "m" => (EventKind::Message, NO_STATUS),
                "u" => (EventKind::Update, 1),
                "s" => (EventKind::Update, NO_STATUS),
                _ => (EventKind::Note, NO_STATUS),
            };
            let actor = word[1..].parse().unwrap_or(0);
            let mark = Mark::new(kind, Role::Agent, 0);
            Row { at: 7, case: 0, actor, number: i as u32, status, mark, flags: 0 }
        };
        text.split(' ').enumerate().map(row).collect()
    }

    fn numbers(rows: &[Row]) -> Vec<u32> {
        rows.iter().map(|row| row.number).collect()
    }

    #[test]
    fn a_message_goes_before_the_changes_of_its_act_once() {
        let moved = |text: &str| {
            let mut rows = rows(text);
            (one_act(&mut rows), numbers(&rows))
        };
        assert_eq!(moved("o9 u1 m1"), (1, vec![0, 2, 1]));
        assert_eq!(moved("o9 u1 s1 m1"), (1, vec![0, 3, 1, 2]));
        assert_eq!(moved("o9 u1 m2"), (0, vec![0, 1, 2]));
        assert_eq!(moved("o9 u1 n1 m1"), (0, vec![0, 1, 2, 3]));
        assert_eq!(moved("o1 m1"), (0, vec![0, 1]));
        assert_eq!(moved("o1 u1 m1"), (1, vec![0, 2, 1]));
        assert_eq!(moved("u1 m1"), (0, vec![0, 1]));
        assert_eq!(moved("u1 u1 m1"), (1, vec![0, 2, 1]));
        // Each message once, and none past another.
        assert_eq!(moved("o9 u1 m1 m1"), (1, vec![0, 2, 1, 3]));
        assert_eq!(moved("o9 u1 m1 u1 m1"), (2, vec![0, 2, 1, 4, 3]));
        assert_eq!(moved("o9 u2 u1 m1"), (1, vec![0, 1, 3, 2]));
        // A later `opened` is a change like any other.
        assert_eq!(moved("o9 o1 m1"), (1, vec![0, 2, 1]));
    }

    #[test]
    fn an_instant_is_doubtful_where_different_people_do_different_things() {
        let n = |text: &str| {
            let mut counts = TieCounts::default();
            count_doubtful(&rows(text), &mut counts);
            counts.n_doubtful
        };
        assert_eq!(n("o9 u1 m2"), 1);
        assert_eq!(n("o9 u1 m1"), 0);
        assert_eq!(n("o9 m1 m2"), 0);
        assert_eq!(n("o9 u1 n2 s3"), 0);
        assert_eq!(n("o9 m1"), 0);
    }
}
