//! The ledger's duplicates (D503): which rows of the input are equal to an earlier one. What is equal is found by `group`,
//! event by event; here events become rows again.

use super::ledger::{EXAMPLES, Ledger};
use super::places::Places;
use super::profile::Shape;
use super::source::Source;
use crate::codes;
use crate::diag::{Diagnostic, Position};

/// Books the duplicates (D503) that the parts found, each with what it is equal to: a row of several events where all of them are; gives for each the row that it is
/// equal to, and itself, ascending.
pub(super) fn duplicates(
    mut all: Vec<(u32, u32)>,
    sources: &[Source<'_>],
    places: &Places,
    ledger: &mut Ledger,
) -> Vec<(u32, u32)> {
    let is_one = |ordinal: u32| sources[places.source_of(ordinal)].table.shape != Shape::Cases;
    all.sort_unstable();
    if sources.iter().any(|source| source.table.shape == Shape::Cases) {
        all = whole_rows(&all, places, is_one);
    }
    for &(ordinal, _) in &all {
        let file = &mut ledger.files[places.of_row(ordinal).file as usize];
        file.n_used -= 1;
        file.n_duplicate += 1;
    }
    for &(ordinal, equal) in all.iter().take(EXAMPLES) {
        let (place, of) = (places.of_row(ordinal), places.of_row(equal));
        let path = |file: u32| ledger.files[file as usize].path.display().to_string();
        let message = format!("row equal to that of {}:{} in every canonical column", path(of.file), of.line);
        let position = Position { path: path(place.file), line: place.line, ..Position::default() };
        let example = Diagnostic::warning(codes::D503, message).at(position);
        ledger.examples.push(example.hint("the first one is used; overlapping exports make duplicates"));
    }
    ledger.examples.sort_by_key(|d| d.code);
    all.iter_mut().for_each(|(ordinal, equal)| (*ordinal, *equal) = (*equal, *ordinal));
    all.sort_unstable();
    all
}

/// Of `duplicates` in order of the input: all of rows that are one event (`is_one`), and of rows that are several
/// events the first, where all events of the row are there.
fn whole_rows(duplicates: &[(u32, u32)], places: &Places, is_one: impl Fn(u32) -> bool) -> Vec<(u32, u32)> {
    let mut all = Vec::new();
    for row in duplicates.chunk_by(|a, b| places.is_one(a.0, b.0)) {
        let (first, last) = (row[0], row[row.len() - 1]);
        if is_one(first.0) {
            all.extend_from_slice(row);
            continue;
        }
        let goes_on = |ordinal: Option<u32>| {
            ordinal.is_some_and(|o| places.has(o) && places.is_one(o.min(first.0), o.max(first.0)))
        };
        let is_whole = (last.0 - first.0) as usize == row.len() - 1
            && !goes_on(first.0.checked_sub(1))
            && !goes_on(last.0.checked_add(1));
        if is_whole {
            all.push(first);
        }
    }
    all
}
