//! A JSON file before its rows are read: the tables that take it and where their columns stand, one [`Source`] a table,
//! as if each had a file of its own. Its first object has to fit one of them. Not the reading of rows.

use std::fs::File;
use std::path::Path;

use super::attribute_names::AttributeNames;
use super::contents::text_of;
use super::csv_open::{DELIMITERS, Dialect};
use super::json_blocks::{JsonSource, Piece};
use super::json_path::Step;
use super::json_table::{Giver, JsonTable};
use super::json_tree::Tree;
use super::plan::Plan;
use super::profile::Table;
use super::source::{Format, Problem, Source, layout, nearest, untaken};
use crate::codes;
use crate::diag::Diagnostic;

/// Bytes looked at for the first object; one that is longer is looked at when it is read.
const LOOK: usize = 1 << 20;

/// The sources of the file at `path`; the first of them reads for all.
///
/// # Errors
/// F302 where no table takes the file, F303 where its first object fits none of those that do.
pub(super) fn open<'p>(
    path: &Path,
    n_bytes: u64,
    plan: &'p Plan,
    attributes: &mut AttributeNames,
    problem: &Problem<'_>,
) -> Result<Vec<Source<'p>>, Diagnostic> {
    let tables = plan.profile.json_tables_for(path);
    if tables.is_empty() {
        return Err(untaken(plan, problem));
    }
    let wrong = |why: String| problem(codes::F303, why, "correct the name in the profile or in `--set`");
    let mut all = Vec::new();
    for table in &tables {
        all.push(JsonTable::new(table, plan).map_err(wrong)?);
    }
    let lists: Vec<String> = tables.iter().flat_map(|table| table.json.lists.clone()).collect();
    check_first(path, &tables, &all, &lists, plan, problem)?;
    let mut sources = Vec::with_capacity(all.len());
    for (i, (table, mut json)) in tables.iter().copied().zip(all).enumerate() {
        (json.lists, json.n_tables) = (lists.clone(), if i == 0 { tables.len() } else { 0 });
        let (header, format) = (json.header(), Format::Json(json));
        let layout = layout(&header, &format, table, plan, attributes, problem)?;
        sources.push(Source {
            path: path.display().to_string(),
            file: 0,
            n_bytes: if i == 0 { n_bytes } else { 0 },
            table,
            zone: plan.timezone.unwrap_or(table.timezone),
            header,
            layout,
            format,
            dialect: Dialect::plain(DELIMITERS[0]),
        });
    }
    Ok(sources)
}

/// The first object has a member that leads to the rows or to the case id of some table.
fn check_first(
    path: &Path,
    tables: &[&Table],
    all: &[JsonTable],
    lists: &[String],
    plan: &Plan,
    problem: &Problem<'_>,
) -> Result<(), Diagnostic> {
    let names = match first_names(path, tables[0], lists) {
        Some(names) if !names.is_empty() => names,
        _ => return Ok(()),
    };
    let has = |step: &Step| matches!(step, Step::Member(name) if names.contains(name));
    let leads = |(table, json): (&&Table, &JsonTable)| {
        let case = json.column(&table.columns.case_id).map(|column| &json.columns[column].givers[..]);
        let mut ids = case.unwrap_or_default().iter().flat_map(Giver::lookups);
        json.rows.steps.first().is_some_and(|step| has(step) || *step == Step::EachMember)
            || ids.any(|id| {
                id.is_key || id.literal.as_ref().is_some_and(has) || id.steps.first().is_some_and(has)
            })
    };
    if tables.iter().zip(all).any(leads) {
        return Ok(());
    }
    let wanted: Vec<&String> = tables[0].columns.case_id.iter().collect();
    let shown: Vec<String> = names.iter().take(12).map(|name| format!("`{name}`")).collect();
    let more = if names.len() > 12 { format!(" and {} more", names.len() - 12) } else { String::new() };
    let message = format!(
        "no member {}: the first object has {}{more}",
        wanted.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or "),
        shown.join(", ")
    );
    let near = wanted.iter().find_map(|name| nearest(name, names.iter().map(String::as_str)));
    let hint = match near {
        Some(near) => format!("did you mean `{near}`? name it in a profile"),
        None => format!(
            "profile `{}` expects it; choose another with --profile, or, where the objects are in a list of this \
             one, say `--set {}.list=NAME`",
            plan.profile.name, tables[0].name
        ),
    };
    Err(problem(codes::F303, message, &hint))
}

/// The names of the members of the first object; `None` where the reading will say what is wrong.
fn first_names(path: &Path, table: &Table, lists: &[String]) -> Option<Vec<String>> {
    let bytes = text_of(File::open(path).ok()?, table.encoding).ok()?;
    let bytes: super::contents::Bytes = Box::new(std::io::Read::take(bytes, LOOK as u64));
    let block = JsonSource::new(bytes, lists.to_vec(), 1, false).next(Vec::new()).ok()??;
    let first = block.elements.first().filter(|element| element.piece == Piece::Object)?;
    let mut tree = Tree::default();
    let is_read = tree.read(&block.bytes, first.from, first.to);
    is_read.then(|| tree.names(&block.bytes, 0).map(std::borrow::Cow::into_owned).collect())
}
