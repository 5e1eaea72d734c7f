//! All parts to one [`History`]: cases in ascending order of their id, words in ascending order, so that neither
//! threads nor the order of rows show. Not the order of events within a case: that is `group`.

use rayon::prelude::*;

use super::group::Part;
use super::rows::NO_WORD;
use super::words::{Interner, text};
use crate::history::{Attribute, Events, History, WordId, Words};

/// All words in ascending order, and for each word its place there.
pub(super) fn all_ascending(all: &Interner) -> (Words, Vec<u32>) {
    ascending(all, &vec![true; all.len()])
}

/// The used words in ascending order, and for each word its place in it.
fn ascending(all: &Interner, used: &[bool]) -> (Words, Vec<u32>) {
    let mut order: Vec<u32> = (0..all.len() as u32).filter(|&i| used[i as usize]).collect();
    order.par_sort_unstable_by(|&a, &b| all.at(a).cmp(all.at(b)));
    let mut ranks = vec![NO_WORD; all.len()];
    let mut words = Words::default();
    for word in order {
        ranks[word as usize] = words.push(&text(all.at(word)));
    }
    (words, ranks)
}

/// The history, but for its words, and for each of its pieces the number of the first event and those of the events' rows
/// among all used rows. Takes the events out of `parts`.
pub(super) fn assemble(
    parts: &mut [Part],
    attributes: &[(String, Interner)],
) -> (History, Vec<(usize, Vec<u32>)>) {
    let order = case_order(parts);
    let case_ids = || {
        let mut case_ids = Words::default();
        for case in &order {
            case_ids.push(&text(parts[case.part as usize].cases.at(case.place)));
        }
        case_ids
    };
    let columns = || attributes.par_iter().enumerate().map(|(i, a)| column(i, a, parts, &order)).collect();
    let (case_ids, attributes) = rayon::join(case_ids, columns);
    let stands = order.iter().map(|case| {
        let (starts, place) = (&parts[case.part as usize].starts, case.place as usize);
        (case.part, starts[place], starts[place + 1] - starts[place])
    });
    let stands: Vec<(u32, u32, u32)> = stands.collect();
    let mut first = 0;
    let ordinals = |part: &mut Part| {
        let ordinals = std::mem::take(&mut part.ordinals);
        first += ordinals.len();
        (first - ordinals.len(), ordinals)
    };
    let ordinals = parts.iter_mut().map(ordinals).collect();
    let pieces = parts.iter_mut().map(|part| std::mem::take(&mut part.events)).collect();
    let spans = parts.iter().filter_map(|part| part.span);
    let history = History {
        case_ids,
        events: Events::of_pieces(pieces, stands.into_iter()),
        attributes,
        span: spans.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))),
        ..History::default()
    };
    (history, ordinals)
}

/// A case, and the eight bytes of its id after those that all ids share, which decide most comparisons.
#[derive(Clone, Copy)]
struct Ranked {
    key: u64,
    part: u32,
    place: u32,
}

/// All cases in ascending order of their id.
fn case_order(parts: &[Part]) -> Vec<Ranked> {
    let shared = shared_prefix(parts);
    let mut order: Vec<Ranked> = Vec::with_capacity(parts.iter().map(|p| p.cases.len()).sum());
    for (i, part) in parts.iter().enumerate() {
        // A case of which no row gives an event is none.
        let is_case = |place: &u32| part.starts[*place as usize] < part.starts[*place as usize + 1];
        order.extend((0..part.cases.len() as u32).filter(is_case).map(|place| {
            let rest = &part.cases.at(place)[shared..];
            let mut eight = [0; 8];
            let n = rest.len().min(8);
            eight[..n].copy_from_slice(&rest[..n]);
            Ranked { key: u64::from_be_bytes(eight), part: i as u32, place }
        }));
    }
    let id = |case: &Ranked| parts[case.part as usize].cases.at(case.place);
    order.par_sort_unstable_by(|a, b| a.key.cmp(&b.key).then_with(|| id(a).cmp(id(b))));
    order
}

fn shared_prefix(parts: &[Part]) -> usize {
    let mut ids = parts.iter().flat_map(|p| (0..p.cases.len() as u32).map(|i| p.cases.at(i)));
    let Some(first) = ids.next() else { return 0 };
    ids.fold(first.len(), |n, id| first[..n].iter().zip(id).take_while(|(a, b)| a == b).count())
}

/// One attribute: only the values that some case has, in ascending order.
fn column(index: usize, attribute: &(String, Interner), parts: &[Part], order: &[Ranked]) -> Attribute {
    let (name, all) = attribute;
    let mut values: Vec<u32> =
        order.iter().map(|case| parts[case.part as usize].values[index][case.place as usize]).collect();
    let mut used = vec![false; all.len()];
    for &value in values.iter().filter(|v| **v != NO_WORD) {
        used[value as usize] = true;
    }
    let (words, ranks) = ascending(all, &used);
    for value in values.iter_mut().filter(|v| **v != NO_WORD) {
        *value = ranks[*value as usize];
    }
    Attribute { name: name.clone(), words, values: values.into_iter().map(WordId).collect() }
}
