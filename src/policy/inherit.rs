//! `inherit`: reads a policy file and what it builds on, and merges the trees (SPEC 4). Every key keeps the
//! place in the file that it came from, so relative paths and messages stay right. No key is checked here but
//! `inherit` itself.

use std::path::Path;

use super::reading::Reading;
use super::shipped;
use super::source::{Origin, Span, why};
use super::suggest::nearest;
use super::tree::{Node, Table, Value, parse};
use crate::codes;
use crate::diag::Diagnostic;

/// A file's tree with everything inherited merged in.
#[derive(Debug)]
pub(super) struct Merged {
    /// The file itself, index into the sources.
    pub file: usize,
    /// The merged tree, without `inherit`.
    pub table: Table,
    /// Where the file's own `effective_from` stands, if it has one.
    pub dated: Option<Span>,
    /// The files it builds on.
    pub parents: Vec<usize>,
}

/// Reads the policy file at `origin` with all that it inherits; `None` where a problem leaves no tree.
pub(super) fn read_merged(reading: &mut Reading, origin: Origin) -> Option<Merged> {
    let shown = origin.shown();
    let file = match reading.sources.read(origin) {
        Ok(file) => file,
        Err(error) => {
            let message =
                format!("expected a policy file at `{shown}`, found none that can be read: {}", why(&error));
            let missing = Diagnostic::error(codes::F109, message).hint("check the path");
            reading.problems.push((Span::default(), missing));
            return None;
        }
    };
    let mut chain = vec![file];
    let table = merged(reading, file, &mut chain)?;
    let dated = table.get("effective_from").map(|node| node.span);
    Some(Merged { file, table, dated, parents: chain.split_off(1) })
}

fn merged(reading: &mut Reading, file: usize, chain: &mut Vec<usize>) -> Option<Table> {
    let (table, problems) = parse(&reading.sources, file);
    reading.problems.extend(problems);
    let mut table = table?;
    let Some(inherit) = table.remove("inherit") else {
        return Some(table);
    };
    let name = reading.as_text(&inherit, "inherit", "inherit = \"base.toml\"")?.to_owned();
    let parent = parent(reading, &inherit, &name, chain)?;
    chain.push(parent);
    let mut base = merged(reading, parent, chain)?;
    base.remove("name");
    base.remove("effective_from");
    Some(merge(base, table, &mut Vec::new()))
}

/// The source that `inherit` names, read; not one that is being merged already.
fn parent(reading: &mut Reading, node: &Node, name: &str, chain: &[usize]) -> Option<usize> {
    let origin = beside(reading, node, name);
    let shown = origin.shown();
    match reading.sources.read(origin) {
        Ok(file) if chain.contains(&file) => {
            let message =
                format!("expected `inherit` to end somewhere, found that `{shown}` comes back to itself");
            reading.problem(node.span, codes::F109, message, "take `inherit` out of one of the files");
            None
        }
        Ok(file) => Some(file),
        Err(error) => {
            let message =
                format!("expected a policy file at `{shown}`, found none that can be read: {}", why(&error));
            reading.problem(node.span, codes::F109, message, elsewhere(name));
            None
        }
    }
}

/// What to do about a file that is not there: a shipped policy may have been meant.
fn elsewhere(name: &str) -> String {
    let bare = name.strip_prefix("built-in:").unwrap_or(name);
    let names = shipped::BUILT_IN.iter().map(|(known, _)| *known);
    match shipped::named(bare).or_else(|| nearest(bare, names)) {
        Some(known) if known == bare => format!("a shipped policy is named as it is: write `{known}`"),
        Some(known) => format!("did you mean `{known}`, which ships?"),
        None => "the path is relative to the file that names it".to_owned(),
    }
}

/// Where the file called `name` by `node` is: relative to the file in which `node` stands. A shipped policy
/// is found by its bare name where no such file lies there.
pub(super) fn beside(reading: &Reading, node: &Node, name: &str) -> Origin {
    let built_in = shipped::named(name);
    let path = match reading.sources.0.get(node.span.file).map(|source| &source.origin) {
        Some(Origin::Disk(path)) => path.parent().unwrap_or_else(|| Path::new("")).join(name),
        _ => Path::new(name).to_path_buf(),
    };
    match built_in {
        Some(known) if !path.is_file() => Origin::BuiltIn(known),
        _ => Origin::Disk(path),
    }
}

/// `over` on top of `base`; `path` are the keys that lead here.
fn merge(base: Table, over: Table, path: &mut Vec<String>) -> Table {
    let mut result = base;
    for entry in over.0 {
        let Some(old) = result.0.iter_mut().find(|old| old.key == entry.key) else {
            result.0.push(entry);
            continue;
        };
        path.push(entry.key.clone());
        old.span = entry.span;
        let base = std::mem::replace(&mut old.node, Node { span: entry.span, value: Value::Bool(false) });
        old.node = merge_value(base, entry.node, path);
        path.pop();
    }
    result
}

fn merge_value(base: Node, over: Node, path: &mut Vec<String>) -> Node {
    let keys: Vec<&str> = path.iter().map(String::as_str).collect();
    let by = match keys.as_slice() {
        ["severity"] => Some("level"),
        ["inactivity"] => Some("basis"),
        ["calendars", _, "hours" | "days"] => return over,
        _ => None,
    };
    let value = match (base.value, over.value, by) {
        (Value::Table(base), Value::Table(over), _) => Value::Table(merge(base, over, path)),
        (Value::List(base), Value::List(over), Some(by)) => Value::List(merge_lists(base, over, by, path)),
        (_, over, _) => over,
    };
    Node { span: over.span, value }
}

/// Tables of `over` replace, key by key, the one of `base` with the same `by`; each of `base` is met once, so
/// that one named twice stays two and is found out later.
fn merge_lists(base: Vec<Node>, over: Vec<Node>, by: &str, path: &mut Vec<String>) -> Vec<Node> {
    let n_base = base.len();
    let mut met = vec![false; n_base];
    let mut result = base;
    for node in over {
        let found = (0..n_base).find(|&i| !met[i] && same(&result[i], &node, by));
        match (found, node.as_table()) {
            (Some(i), Some(table)) => {
                met[i] = true;
                let old = result[i].as_table().cloned().unwrap_or_default();
                let merged = merge(old, table.clone(), path);
                result[i] = Node { span: node.span, value: Value::Table(merged) };
            }
            _ => result.push(node),
        }
    }
    result
}

fn same(a: &Node, b: &Node, key: &str) -> bool {
    let value = |node: &Node| node.as_table().and_then(|table| table.get(key)).map(|node| node.value.clone());
    match (value(a), value(b)) {
        (Some(Value::Integer(a)), Some(Value::Integer(b))) => a.is_some() && a == b,
        (Some(Value::Text(a)), Some(Value::Text(b))) => a == b,
        _ => false,
    }
}
