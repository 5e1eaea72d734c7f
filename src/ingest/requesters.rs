//! In which order changes of who asks in a case count that stand at one instant (SPEC 3.5, 7.1). They are no rows of the
//! history, so its own order of an instant does not reach them: here they are put as its rows are, backwards where the
//! case stands newest first in their file, then so that each starts from whom the one before it left.

use super::gather::BlockKey;
use super::people::{Naming, Said};
use super::rows::NO_WORD;
use super::shape_join;

/// Puts `namings` of one case, which stand by time and within an instant in order of the input, in order of the history.
/// `keys` are their blocks, `newest_first` the sources in which the rows of the case stand so.
pub(super) fn in_order(namings: &mut [Naming], keys: &[BlockKey], newest_first: &[u32]) {
    let (mut from, mut asks) = (0, None);
    while from < namings.len() {
        let at = namings[from].at;
        let to = from + namings[from..].iter().take_while(|naming| naming.at == at).count();
        let changes = changes(&namings[from..to]);
        if changes.len() > 1 && changes.len() <= shape_join::RUN {
            arrange(&mut namings[from..to], changes, (&keys[from..to], newest_first), asks);
        }
        asks = last(&namings[from..to]).or(asks);
        from = to;
    }
}

/// One change of who asks: whom it left, if it says so, and whom it names, as places among those of its instant.
#[derive(Clone, Copy)]
struct Change {
    before: Option<usize>,
    after: usize,
}

fn changes(of_instant: &[Naming]) -> Vec<Change> {
    let is_after = |i: &usize| of_instant[*i].said == Said::From;
    let before = |i: usize| i.checked_sub(1).filter(|before| of_instant[*before].said == Said::Before);
    // Nearly always there is one, and nothing to put in order.
    if of_instant.len() < 2 {
        return Vec::new();
    }
    (0..of_instant.len()).filter(is_after).map(|after| Change { before: before(after), after }).collect()
}

/// Who asks after an instant.
fn last(of_instant: &[Naming]) -> Option<u32> {
    of_instant.iter().rfind(|naming| naming.said == Said::From).map(|naming| naming.who)
}

fn arrange(
    of_instant: &mut [Naming],
    mut changes: Vec<Change>,
    (keys, newest_first): (&[BlockKey], &[u32]),
    asks: Option<u32>,
) {
    let source = |change: &Change| keys[change.after].0;
    for own in changes.chunk_by_mut(|a, b| source(a) == source(b)) {
        if newest_first.contains(&source(&own[0])) {
            own.reverse();
        }
    }
    let who = |change: &Change| {
        let before = change.before.map_or(NO_WORD, |place| of_instant[place].who);
        (before, Some(of_instant[change.after].who))
    };
    let values: Vec<_> = changes.iter().map(who).collect();
    let order = shape_join::order(&values, asks);
    let mut ordered: Vec<Naming> = Vec::with_capacity(of_instant.len());
    for change in order.into_iter().map(|i| changes[i]) {
        ordered.extend(change.before.map(|place| of_instant[place]));
        ordered.push(of_instant[change.after]);
    }
    // Whoever else is named at the instant is named by a list, or as who opened.
    let is_other = |i: &usize| !changes.iter().any(|change| change.after == *i || change.before == Some(*i));
    ordered.extend((0..of_instant.len()).filter(is_other).map(|i| of_instant[i]));
    of_instant.copy_from_slice(&ordered);
}
