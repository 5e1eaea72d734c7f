//! All parts to one [`History`]: cases in ascending order of their id, words in ascending order, so that neither
//! threads nor the order of rows show. Not the order of events within a case: that is `group`.

use foldhash::fast::RandomState;
use rayon::prelude::*;

use super::group::Part;
use super::rows::{Block, NO_WORD, Row};
use super::words::{Interner, text};
use crate::calendar::Instant;
use crate::history::{Attribute, Event, EventKind, History, Role, StatusId, WordId, Words};

/// Cases that one thread copies at a time.
const CHUNK: usize = 4096;

/// Words of the whole input and, for each block, the number of each of its words among them.
pub(super) struct Merged {
    pub(super) words: Words,
    pub(super) maps: Vec<Vec<u32>>,
}

/// Brings the words of all blocks together, in ascending order.
pub(super) fn merge(blocks: &[Block], pick: fn(&Block) -> &Interner, state: &RandomState) -> Merged {
    let mut all = Interner::new(state);
    let mut maps: Vec<Vec<u32>> = blocks.iter().map(|block| add(&mut all, pick(block))).collect();
    let used = vec![true; all.len()];
    let (words, ranks) = ascending(&all, &used);
    for map in &mut maps {
        map.iter_mut().for_each(|word| *word = ranks[*word as usize]);
    }
    Merged { words, maps }
}

/// Adds the words of `block` to `all`; their numbers there.
pub(super) fn add(all: &mut Interner, block: &Interner) -> Vec<u32> {
    (0..block.len() as u32).map(|i| all.intern_hashed(block.hash(i), block.at(i))).collect()
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

/// The history and, for each of its events, the number of its row among all used rows.
pub(super) fn assemble(parts: &[Part], attributes: &[(String, Interner)]) -> (History, Vec<u32>) {
    let order = case_order(parts);
    let mut case_ids = Words::default();
    let mut offsets = Vec::with_capacity(order.len() + 1);
    offsets.push(0u32);
    for case in &order {
        let part = &parts[case.part as usize];
        case_ids.push(&text(part.cases.at(case.index)));
        let n = part.starts[case.index as usize + 1] - part.starts[case.index as usize];
        offsets.push(offsets[offsets.len() - 1] + n);
    }
    let (events, ordinals) = copy(parts, &order, &offsets);
    let span = span(&events);
    let attributes = attributes.par_iter().enumerate().map(|(i, a)| column(i, a, parts, &order)).collect();
    let history = History {
        case_ids,
        events,
        offsets,
        attributes,
        has_messages: parts.iter().any(|part| part.has_messages),
        span,
        ..History::default()
    };
    (history, ordinals)
}

/// A case, and the eight bytes of its id after those that all ids share, which decide most comparisons.
#[derive(Clone, Copy)]
struct Ranked {
    key: u64,
    part: u32,
    index: u32,
}

/// All cases in ascending order of their id.
fn case_order(parts: &[Part]) -> Vec<Ranked> {
    let shared = shared_prefix(parts);
    let mut order: Vec<Ranked> = Vec::with_capacity(parts.iter().map(|p| p.cases.len()).sum());
    for (part, cases) in parts.iter().map(|p| &p.cases).enumerate() {
        // A case of which no row gives an event is none.
        let starts = &parts[part].starts;
        let is_case = |index: &u32| starts[*index as usize] < starts[*index as usize + 1];
        order.extend((0..cases.len() as u32).filter(is_case).map(|index| {
            let rest = &cases.at(index)[shared..];
            let mut eight = [0; 8];
            let n = rest.len().min(8);
            eight[..n].copy_from_slice(&rest[..n]);
            Ranked { key: u64::from_be_bytes(eight), part: part as u32, index }
        }));
    }
    let id = |case: &Ranked| parts[case.part as usize].cases.at(case.index);
    order.par_sort_unstable_by(|a, b| a.key.cmp(&b.key).then_with(|| id(a).cmp(id(b))));
    order
}

fn shared_prefix(parts: &[Part]) -> usize {
    let mut ids = parts.iter().flat_map(|p| (0..p.cases.len() as u32).map(|i| p.cases.at(i)));
    let Some(first) = ids.next() else { return 0 };
    ids.fold(first.len(), |n, id| first[..n].iter().zip(id).take_while(|(a, b)| a == b).count())
}

/// Copies the events of all cases to where they belong.
fn copy(parts: &[Part], order: &[Ranked], offsets: &[u32]) -> (Vec<Event>, Vec<u32>) {
    let n = offsets[order.len()] as usize;
    let blank = Event {
        at: Instant::from_micros(0),
        case: 0,
        actor: WordId::NONE,
        status: StatusId::NONE,
        kind: EventKind::Update,
        role: Role::Unknown,
        severity: 0,
    };
    // Filled on all threads: the first touch of fresh memory costs more than the copy itself.
    let mut events: Vec<Event> = (0..n).into_par_iter().with_min_len(1 << 16).map(|_| blank).collect();
    let mut ordinals: Vec<u32> = (0..n).into_par_iter().with_min_len(1 << 16).map(|_| 0).collect();
    let mut chunks = Vec::new();
    let (mut events_left, mut ordinals_left) = (&mut events[..], &mut ordinals[..]);
    for (i, cases) in order.chunks(CHUNK).enumerate() {
        let length = (offsets[i * CHUNK + cases.len()] - offsets[i * CHUNK]) as usize;
        let (head, tail) = events_left.split_at_mut(length);
        let (ordinals_head, ordinals_tail) = ordinals_left.split_at_mut(length);
        chunks.push((i * CHUNK, cases, head, ordinals_head));
        (events_left, ordinals_left) = (tail, ordinals_tail);
    }
    chunks.into_par_iter().for_each(|(first, cases, events, ordinals)| {
        let mut place = 0;
        for (i, case) in cases.iter().enumerate() {
            let part = &parts[case.part as usize];
            let range =
                part.starts[case.index as usize] as usize..part.starts[case.index as usize + 1] as usize;
            ordinals[place..place + range.len()].copy_from_slice(&part.ordinals[range.clone()]);
            for row in &part.rows[range] {
                events[place] = event(row, (first + i) as u32);
                place += 1;
            }
        }
    });
    (events, ordinals)
}

fn event(row: &Row, case: u32) -> Event {
    Event {
        at: Instant::from_micros(row.at),
        case,
        actor: WordId(row.actor),
        status: StatusId(row.status),
        kind: row.kind,
        role: row.role,
        severity: row.severity,
    }
}

fn span(events: &[Event]) -> Option<(Instant, Instant)> {
    let ends = events.par_iter().with_min_len(1 << 16).map(|event| (event.at, event.at));
    ends.reduce_with(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}

/// One attribute: only the values that some case has, in ascending order.
fn column(index: usize, attribute: &(String, Interner), parts: &[Part], order: &[Ranked]) -> Attribute {
    let (name, all) = attribute;
    let mut values: Vec<u32> =
        order.iter().map(|case| parts[case.part as usize].values[index][case.index as usize]).collect();
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
