//! Cases that have two ids: tables that know a case by the other one (`joins_on = "other_id"`) get the id by which the
//! report calls it. The `cases` tables say which belong together, so their files are looked through before the first row is
//! read; where no table joins so, nothing is. It makes no events.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::contents::text_of;
use super::ids;
use super::json_blocks::{JsonSource, Piece};
use super::json_path::Step;
use super::json_table::{Giver, JsonTable};
use super::json_tree::{Cell, Tree};
use super::peek::peek;
use super::plan::Plan;
use super::profile::Table;
use super::source::{Format, Source};
use crate::diag::Diagnostic;

/// The id of each case by its other one.
pub(super) type OtherIds = HashMap<Vec<u8>, Vec<u8>, FixedState>;

/// Rows looked through at a time, in bytes of JSON.
const BLOCK: usize = 1 << 20;

/// Gives the tables that join on the other id those of all files.
///
/// # Errors
/// Those of the files; what is wrong with a row is told when it is read.
pub(super) fn fill(sources: &mut [Source<'_>], plan: &Plan) -> Result<(), Diagnostic> {
    if !sources.iter().any(|source| source.table.rules.joins_on_other && may_join(source, plan)) {
        return Ok(());
    }
    let mut all = OtherIds::default();
    for source in sources.iter().filter(|source| source.layout.other_id.is_some()) {
        let path = &plan.files[source.file];
        match &source.format {
            // What cannot be read is told when it is read.
            Format::Json(json) => drop(of_json(path, source.table, json, &mut all)),
            _ => of_table(path, source.table, &mut all)?,
        }
    }
    let all = Arc::new(all);
    for source in sources.iter_mut().filter(|source| source.table.rules.joins_on_other) {
        source.layout.other_ids = Some(Arc::clone(&all));
    }
    Ok(())
}

/// False for a JSON file in which no object can name a case by the other id, as the member that would is nowhere in its
/// text: that is looked for faster than objects are taken apart.
fn may_join(source: &Source<'_>, plan: &Plan) -> bool {
    let Format::Json(json) = &source.format else { return true };
    let names: Vec<String> = json.columns[source.layout.case_id]
        .givers
        .iter()
        .flat_map(Giver::lookups)
        .filter_map(|lookup| match lookup.steps.last() {
            Some(Step::Member(name)) => Some(format!("\"{name}\"")),
            _ => None,
        })
        .collect();
    let look = || -> std::io::Result<bool> {
        let mut text = text_of(File::open(&plan.files[source.file])?, source.table.encoding)?;
        let longest = names.iter().map(String::len).max().unwrap_or(0);
        let mut bytes = Vec::new();
        loop {
            let n_read = text.by_ref().take(BLOCK as u64).read_to_end(&mut bytes)?;
            if names.iter().any(|name| memchr::memmem::find(&bytes, name.as_bytes()).is_some()) {
                return Ok(true);
            }
            if n_read == 0 {
                return Ok(false);
            }
            // A name may lie across two of them.
            bytes.drain(..bytes.len().saturating_sub(longest));
        }
    };
    names.is_empty() || look().unwrap_or(true)
}

/// Keeps a pair; the first case of an id stays.
fn keep(all: &mut OtherIds, other: &[u8], case: &[u8]) {
    let (other, case) = (ids::clean(other.trim_ascii()).0, ids::clean(case.trim_ascii()).0);
    if !other.is_empty() && !case.is_empty() {
        all.entry(other.to_vec()).or_insert_with(|| case.to_vec());
    }
}

fn of_table(path: &Path, table: &Table, all: &mut OtherIds) -> Result<(), Diagnostic> {
    let peeked = peek(path, 0, &mut |_, _| {})?;
    let find =
        |names: &[String]| names.iter().find_map(|name| peeked.header.iter().position(|known| known == name));
    let places = find(&table.columns.other_id).zip(find(&table.columns.case_id));
    let Some((other, case)) = places else { return Ok(()) };
    peek(path, u64::MAX, &mut |_, fields| {
        if let (Some(other), Some(case)) = (fields.get(other), fields.get(case)) {
            keep(all, other.as_bytes(), case.as_bytes());
        }
    })?;
    Ok(())
}

fn of_json(path: &Path, table: &Table, json: &JsonTable, all: &mut OtherIds) -> std::io::Result<()> {
    let columns = json.column(&table.columns.other_id).zip(json.column(&table.columns.case_id));
    let Some((other, case)) = columns else { return Ok(()) };
    let mut source =
        JsonSource::new(text_of(File::open(path)?, table.encoding)?, json.lists.clone(), BLOCK, false);
    let mut tree = Tree::default();
    while let Some(block) = source.next(Vec::new())? {
        let bytes = &block.bytes[..];
        for element in block.elements.iter().filter(|element| element.piece == Piece::Object) {
            if !tree.read(bytes, element.from, element.to) {
                continue;
            }
            walk(&tree, bytes, &json.rows.steps, &mut vec![0], &mut |levels| {
                let cell = |column: usize| {
                    let givers = json.columns[column].givers.iter();
                    givers.filter_map(|giver| text(&tree, bytes, levels, giver)).next().unwrap_or_default()
                };
                keep(all, &cell(other), &cell(case));
            });
        }
    }
    Ok(())
}

/// Shows each row of an object, as the objects and elements on the way to it.
fn walk(tree: &Tree, bytes: &[u8], steps: &[Step], levels: &mut Vec<usize>, show: &mut dyn FnMut(&[usize])) {
    fn down(
        (tree, bytes): (&Tree, &[u8]),
        (steps, node): (&[Step], usize),
        levels: &mut Vec<usize>,
        show: &mut dyn FnMut(&[usize]),
    ) {
        match steps.split_first() {
            None => show(levels),
            Some((Step::Each | Step::EachMember, rest)) => {
                for child in tree.children(node) {
                    levels.push(child);
                    down((tree, bytes), (rest, child), levels, show);
                    levels.pop();
                }
            }
            Some((step, rest)) => {
                if let Some(next) = tree.step(bytes, node, step) {
                    down((tree, bytes), (rest, next), levels, show);
                }
            }
        }
    }
    down((tree, bytes), (steps, 0), levels, show);
}

/// The text that a value of the object gives; what is made of others gives none here.
fn text(tree: &Tree, bytes: &[u8], levels: &[usize], giver: &Giver) -> Option<Vec<u8>> {
    let Giver::Value(lookup) = giver else { return None };
    let cell = match lookup.is_key {
        true => tree.key(bytes, *levels.get(lookup.level)?),
        false => tree.cell(bytes, tree.find(bytes, levels, lookup)?),
    };
    match cell.ok()?? {
        Cell::Span(from, to) => Some(bytes[from..to].to_vec()),
        Cell::Owned(text) => Some(text.into_bytes()),
    }
}
