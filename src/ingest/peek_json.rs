//! The objects of a JSON file as rows for `peek`: the members of an object, and those of objects in it by their path, are
//! columns; a list is one cell. What of a list makes rows is for a profile to say.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;

use serde_json::Value;

use super::contents::{Bytes, text_of};
use super::encoding::Encoding;
use super::json_blocks::{JsonSource, Piece};
use super::peek::Peeked;

/// Objects by which the columns are found.
const LOOK: usize = 1_000;

/// Bytes read at a time.
const BLOCK: usize = 1 << 20;

/// Shows at most `most` objects, each with the line that it begins on.
///
/// # Errors
/// What is wrong with the file, in words.
pub(super) fn json(path: &Path, most: u64, show: &mut dyn FnMut(u64, &[String])) -> Result<Peeked, String> {
    let list = wrapped_list(path)?;
    let lists: Vec<String> = list.iter().cloned().collect();
    let mut names = BTreeSet::new();
    let mut n = 0;
    each(path, &lists, &mut |_, object| {
        flatten(object, "", &mut |name, _| {
            names.insert(name.to_owned());
        });
        n += 1;
        n < LOOK
    })?;
    let header: Vec<String> = names.into_iter().collect();
    let (mut n, mut is_cut) = (0, false);
    each(path, &lists, &mut |line, object| {
        if n == most {
            is_cut = true;
            return false;
        }
        n += 1;
        let mut fields = vec![String::new(); header.len()];
        flatten(object, "", &mut |name, value| {
            if let Ok(i) = header.binary_search_by(|known| known.as_str().cmp(name)) {
                fields[i] = text(value);
            }
        });
        show(line, &fields);
        true
    })?;
    Ok(Peeked {
        kind: "JSON".to_owned(),
        delimiter: None,
        sheet: None,
        list,
        header_line: 0,
        header,
        is_utf8: true,
        is_cut,
    })
}

/// The one list of objects in a file that is a single object around it, as help desks answer.
fn wrapped_list(path: &Path) -> Result<Option<String>, String> {
    let (mut first, mut n) = (None, 0);
    each(path, &[], &mut |_, object| {
        n += 1;
        first.get_or_insert_with(|| object.clone());
        n < 2
    })?;
    let Some(Value::Object(members)) = first.filter(|_| n == 1) else { return Ok(None) };
    let is_list = |value: &Value| matches!(value, Value::Array(all) if all.iter().any(Value::is_object));
    let mut lists = members.iter().filter(|(_, value)| is_list(value)).map(|(name, _)| name.clone());
    Ok(lists.next().filter(|_| lists.next().is_none()))
}

/// Shows each object until `show` has enough.
fn each(path: &Path, lists: &[String], show: &mut dyn FnMut(u64, &Value) -> bool) -> Result<(), String> {
    let file = std::fs::File::open(path).map_err(|e| e.to_string())?;
    let bytes: Bytes = Box::new(text_of(file, Encoding::Utf8).map_err(|e| e.to_string())?.take(u64::MAX));
    let mut source = JsonSource::new(bytes, lists.to_vec(), BLOCK, false);
    while let Some(block) = source.next(Vec::new()).map_err(|e| e.to_string())? {
        let (mut line, mut at) = (block.first_line, 0);
        for element in block.elements.iter().filter(|element| element.piece == Piece::Object) {
            line += memchr::memchr_iter(b'\n', &block.bytes[at..element.from]).count() as u64;
            at = element.from;
            // What is no JSON is for the reading to tell.
            let Ok(object) = serde_json::from_slice(&block.bytes[element.from..element.to]) else { continue };
            if !show(line, &object) {
                return Ok(());
            }
        }
    }
    Ok(())
}

fn flatten(value: &Value, path: &str, show: &mut dyn FnMut(&str, &Value)) {
    let Value::Object(members) = value else { return };
    for (name, value) in members {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        match value {
            Value::Object(inner) if !inner.is_empty() => flatten(value, &path, show),
            _ => show(&path, value),
        }
    }
}

/// A value as the cell that it is to a profile.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.trim().to_owned(),
        Value::Array(all) if all.is_empty() => String::new(),
        other => other.to_string(),
    }
}
