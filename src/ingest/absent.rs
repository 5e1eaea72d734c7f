//! Columns that a profile names and a file does not have: what they would tell is not known, and every report says so.
//! A column without which nothing can be read is an error of `source` instead.

use super::profile::{Profile, Table};
use super::profile_file::nearest;
use super::source::{Problem, Source};
use crate::codes;
use crate::diag::{Diagnostic, Position};

/// What a column would tell, and the names that it may have.
type Column<'s> = (&'static str, &'s [String]);

/// The optional columns that the table names and the layout has no place of.
fn absent<'s>(source: &'s Source<'_>) -> Vec<Column<'s>> {
    let (columns, layout) = (&source.table.columns, &source.layout);
    let mut all = vec![
        ("event", &columns.event, layout.event.is_some()),
        ("role", &columns.role, layout.role.is_some()),
        ("actor", &columns.actor, layout.actor.is_some()),
        ("status", &columns.status, layout.status.is_some()),
        ("severity", &columns.severity, layout.severity.is_some()),
        ("requester", &columns.requester, layout.requester.is_some()),
        ("opened_by", &columns.opened_by, layout.opened_by.is_some()),
        ("opened_at", &columns.opened_at, layout.opened_at.is_some()),
        ("old", &columns.old, layout.old.is_some()),
        ("public", &columns.public, layout.public.is_some()),
        ("internal", &columns.internal, layout.public.is_some()),
        ("lifecycle", &columns.lifecycle, layout.lifecycle.is_some()),
        ("status_at", &columns.status_at, layout.status_at.is_some()),
    ];
    for (milestone, (at, actor)) in source.table.rules.milestones.iter().zip(&layout.milestones) {
        all.push(("milestone", &milestone.column, at.is_some()));
        all.push(("actor of a milestone", &milestone.actor, actor.is_some()));
    }
    let is_absent = |(_, names, is_there): &(&str, &Vec<String>, bool)| !names.is_empty() && !is_there;
    all.into_iter().filter(is_absent).map(|(key, names, _)| (key, names.as_slice())).collect()
}

/// `a` or `b`.
fn named(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ")
}

/// A table names the column of a state that its file does not have: what depends on it would be judged as if nothing had
/// happened (SPEC 7.6), so the file is not read unless the profile says that it may be so.
pub(super) fn refused(
    header: &[String],
    (key, names): (&str, &[String]),
    table: &Table,
    problem: &Problem<'_>,
) -> Diagnostic {
    let shown: Vec<String> = header.iter().take(12).map(|name| format!("`{name}`")).collect();
    let more = if header.len() > 12 { format!(" and {} more", header.len() - 12) } else { String::new() };
    let message = format!(
        "no column {}, which the profile names for `{key}`: the header has {}{more}",
        named(names),
        shown.join(", ")
    );
    let near = names.iter().find_map(|name| nearest(name, header.iter().map(String::as_str)));
    let of = &table.name;
    let near = match near {
        Some(near) => format!("did you mean `{near}`? say `--set {of}.columns.{key}=\"{near}\"`; "),
        None => format!("name it with `--set {of}.columns.{key}=NAME`; "),
    };
    let hint =
        format!("{near}where the export has none, `--set {of}.optional={key}`, or `optional` in the profile");
    problem(codes::F303, message, &hint)
}

/// A sentence for each file that lacks columns; files of one table that lack the same share one.
pub(super) fn notes(sources: &[Source<'_>]) -> Vec<String> {
    let mut all: Vec<(String, String, usize)> = Vec::new();
    for source in sources {
        let absent = absent(source);
        if absent.is_empty() {
            continue;
        }
        let columns: Vec<String> =
            absent.iter().map(|(key, names)| format!("{} ({key})", named(names))).collect();
        let what = format!("no column {}: what that would tell is not known", columns.join(", "));
        match all.iter_mut().find(|(_, known, _)| *known == what) {
            Some((_, _, n_more)) => *n_more += 1,
            None => all.push((source.path.clone(), what, 0)),
        }
    }
    let note = |(path, what, n_more): &(String, String, usize)| match n_more {
        0 => format!("`{path}` has {what}"),
        1 => format!("`{path}` and another file have {what}"),
        n => format!("`{path}` and {n} other files have {what}"),
    };
    all.iter().map(note).collect()
}

/// A warning for each absent column that the user names, in a profile of their own or by `--set`, and for each of which
/// the header has a name that is nearly the same.
pub(super) fn warnings(sources: &[Source<'_>], profile: &Profile) -> Vec<Diagnostic> {
    let shipped = Profile::names()
        .filter_map(|name| Profile::named(name).ok())
        .find(|shipped| shipped.source == profile.source);
    let of_table = |table: &Table| shipped.as_ref()?.tables.iter().find(|other| other.name == table.name);
    let mut all: Vec<Diagnostic> = Vec::new();
    for source in sources {
        let theirs = of_table(source.table);
        for (key, names) in absent(source) {
            let is_own = !theirs.is_some_and(|table| table.names().any(|known| known == names));
            let near = near(source, names);
            if source.table.is_optional(key) || !is_own && near.is_none() {
                continue;
            }
            let message = format!(
                "no column {}, which the profile names for `{key}`: what it would tell is not known",
                named(names)
            );
            let hint = match near {
                Some(near) => format!("did you mean `{near}`? name it in the profile"),
                None => "name the column as the header has it, or take it out of the profile".to_owned(),
            };
            let position = Position { path: source.path.clone(), ..Position::default() };
            all.push(Diagnostic::warning(codes::F303, message).at(position).hint(hint));
        }
    }
    all
}

/// A column that has no meaning of its own and is called nearly so.
fn near(source: &Source<'_>, names: &[String]) -> Option<String> {
    let taken = source.layout.named();
    let free = source.header.iter().enumerate().filter(|(i, _)| !taken.contains(i));
    let free: Vec<&str> = free.map(|(_, name)| name.as_str()).collect();
    names.iter().find_map(|name| nearest(name, free.iter().copied()))
}
