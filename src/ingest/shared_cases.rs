//! Whether the tables of an input speak of the same cases (SPEC 3.6). Tables are joined on the case id: where one calls a
//! case `1001` and another `TK-1001` nothing is joined, and every figure is of half a history. Told of are tables that
//! share no case with any other, and ids that are alike once case, prefixes, leading zeros and what stands between are
//! taken away. Nothing is joined by such likeness: whether two ids are one is for people to say.

use std::collections::BTreeMap;

use foldhash::fast::FixedState;
use rayon::prelude::*;
use std::hash::BuildHasher;

use super::gather::Gathered;
use super::profile::{Shape, Table};
use super::source::Source;
use super::words::text;

/// The tables of cases that the sources are of, each once.
fn tables<'p>(sources: &[Source<'p>]) -> Vec<&'p Table> {
    let mut all: Vec<&Table> = Vec::new();
    for source in sources.iter().filter(|source| source.table.shape != Shape::People) {
        if !all.iter().any(|known| std::ptr::eq(*known, source.table)) {
            all.push(source.table);
        }
    }
    all
}

/// The bit of the table of source `index`; 0 where all are of one table, or of more than bits can tell.
pub(super) fn bit(sources: &[Source<'_>], index: usize) -> u64 {
    let all = tables(sources);
    if !(2..=64).contains(&all.len()) {
        return 0;
    }
    all.iter().position(|table| std::ptr::eq(*table, sources[index].table)).map_or(0, |place| 1 << place)
}

/// What is told of each pair of tables, a sentence each.
pub(super) fn notes(parts: &[Gathered], sources: &[Source<'_>]) -> Vec<String> {
    let tables = tables(sources);
    if parts.iter().all(|part| part.tables.is_empty()) {
        return Vec::new();
    }
    let counts: Vec<Count> = (0..tables.len()).map(|table| Count::of(parts, table)).collect();
    let mut notes = strangers(&tables, &counts);
    notes.extend(alike(&tables, &counts, parts));
    notes
}

/// The cases of one table.
struct Count {
    n: u64,
    /// Of them those that another table has too.
    n_shared: u64,
    /// The least of them.
    example: String,
}

impl Count {
    fn of(parts: &[Gathered], table: usize) -> Count {
        let bit = 1 << table;
        let (mut n, mut n_shared, mut example) = (0, 0, None::<&[u8]>);
        for part in parts {
            for (case, mask) in part.tables.iter().enumerate().filter(|(_, mask)| **mask & bit != 0) {
                n += 1;
                n_shared += u64::from(*mask != bit);
                let id = part.cases.at(case as u32);
                if example.is_none_or(|least| id < least) {
                    example = Some(id);
                }
            }
        }
        Count { n, n_shared, example: example.map_or_else(String::new, shown) }
    }
}

fn shown(id: &[u8]) -> String {
    super::blanks::shown(&text(id).chars().take(40).collect::<String>()).into_owned()
}

fn cases(n: u64) -> String {
    if n == 1 { "1 case".to_owned() } else { format!("{n} cases") }
}

/// Tables that share no case with any other.
fn strangers(tables: &[&Table], counts: &[Count]) -> Vec<String> {
    let here: Vec<usize> = (0..tables.len()).filter(|&table| counts[table].n > 0).collect();
    let called = |table: usize| {
        let Count { n, example, .. } = &counts[table];
        format!("`{}` ({}, such as `{example}`)", tables[table].name, cases(*n))
    };
    let alone: Vec<usize> = here.iter().copied().filter(|&table| counts[table].n_shared == 0).collect();
    match (here.len(), &alone[..]) {
        (..2, _) | (_, []) => Vec::new(),
        (2, _) => vec![format!(
            "tables {} and {} share no case: nothing of one is joined with the other, so look whether both name \
             cases by the same id",
            called(here[0]),
            called(here[1])
        )],
        _ => alone
            .iter()
            .map(|&table| {
                format!(
                    "table {} shares no case with any other table: nothing of it is joined, so look whether all \
                     name cases by the same id",
                    called(table)
                )
            })
            .collect(),
    }
}

/// An id that not all tables have, by what is left of it without its prefix.
struct Loose<'i> {
    hash: u64,
    id: &'i [u8],
    tables: u64,
}

/// The ids of a part that not all of the tables `all` have.
fn loose_of(part: &Gathered, all: u64) -> Vec<Loose<'_>> {
    let loose = part.tables.iter().enumerate().filter(|(_, tables)| **tables != 0 && **tables != all);
    let loose = loose.map(|(case, &tables)| {
        let id = part.cases.at(case as u32);
        Loose { hash: FixedState::default().hash_one(Folded::of(id).core), id, tables }
    });
    loose.collect()
}

/// Ids of two tables that would be one without the ways in which exports write them.
fn alike(tables: &[&Table], counts: &[Count], parts: &[Gathered]) -> Vec<String> {
    let all =
        counts.iter().enumerate().filter(|(_, count)| count.n > 0).fold(0, |mask, (i, _)| mask | 1 << i);
    let mut loose: Vec<Loose<'_>> = parts.par_iter().flat_map_iter(|part| loose_of(part, all)).collect();
    loose.par_sort_unstable_by(|a, b| (a.hash, a.id).cmp(&(b.hash, b.id)));
    let mut found: BTreeMap<(u32, u32), (u64, String, String)> = BTreeMap::new();
    // As many as differ in more than a prefix are no likeness.
    for group in loose.chunk_by(|a, b| a.hash == b.hash).filter(|group| (2..=GROUP).contains(&group.len())) {
        for (i, a) in group.iter().enumerate() {
            let other = group[i + 1..]
                .iter()
                .find(|b| a.tables & b.tables == 0 && Folded::of(a.id).is_like(&Folded::of(b.id)));
            let Some(b) = other else { continue };
            let (a, b) = if a.tables.trailing_zeros() < b.tables.trailing_zeros() { (a, b) } else { (b, a) };
            let pair = (a.tables.trailing_zeros(), b.tables.trailing_zeros());
            found.entry(pair).or_insert_with(|| (0, shown(a.id), shown(b.id))).0 += 1;
        }
    }
    let note = |((a, b), (n, of_a, of_b)): ((u32, u32), (u64, String, String))| {
        format!(
            "{} of tables `{}` and `{}` would be the same if both wrote ids alike, such as `{of_a}` and `{of_b}`: as \
             they stand they are two each",
            cases(n),
            tables[a as usize].name,
            tables[b as usize].name
        )
    };
    found.into_iter().map(note).collect()
}

/// Ids of one core that are compared with each other.
const GROUP: usize = 16;

/// An id without what exports write in different ways.
#[derive(Debug, PartialEq, Eq)]
struct Folded {
    /// Letters before the first digit, in lower case.
    prefix: String,
    /// From the first digit on that is no leading zero, in lower case; without a digit all of it.
    core: String,
}

impl Folded {
    fn of(id: &[u8]) -> Folded {
        let text = text(id);
        // A record id of Salesforce has 15 characters, or these and three to check them.
        let is_long = text.len() == 18 && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let text = if is_long { &text[..15] } else { &text[..] };
        let (prefix, rest) = text.split_at(text.find(|c: char| c.is_numeric()).unwrap_or(text.len()));
        let letters =
            |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        let prefix: String = letters(prefix);
        if rest.is_empty() {
            return Folded { prefix: String::new(), core: prefix };
        }
        let number = rest.trim_start_matches('0');
        let is_zero = !number.starts_with(|c: char| c.is_numeric());
        let core = if is_zero { format!("0{number}") } else { number.to_owned() };
        Folded { prefix, core: core.to_lowercase() }
    }

    /// True where both may be one id: prefixes are the same, or one has none.
    fn is_like(&self, other: &Folded) -> bool {
        let is_one = self.prefix == other.prefix || self.prefix.is_empty() || other.prefix.is_empty();
        self.core == other.core && is_one
    }
}

#[cfg(test)]
mod tests {
    use super::Folded;

    #[test]
    fn ids_are_alike_but_for_case_prefix_zeros_and_what_stands_between() {
        let alike = |a: &str, b: &str| Folded::of(a.as_bytes()).is_like(&Folded::of(b.as_bytes()));
        for (a, b) in [
            ("TK-1001", "1001"),
            ("TK-1001", "tk 1001"),
            ("#1001", "Case 1001"),
            ("INC0010", "10"),
            ("0", "000"),
            ("Alpha", "alpha"),
            ("5003000000D8cuI", "5003000000D8cuIAAR"),
        ] {
            assert!(alike(a, b), "{a} {b}");
        }
        for (a, b) in [("ABC-1", "DEF-1"), ("1001", "1002"), ("A", "B"), ("7.5", "75"), ("1-1", "11")] {
            assert!(!alike(a, b), "{a} {b}");
        }
    }
}
