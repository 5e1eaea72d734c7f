//! All files of a plan before the first row: every problem of every file at once, and, where the columns are those of an
//! export that a shipped profile reads, one message that names it. What a single file is, is `source`'s.

use super::attribute_names::AttributeNames;
use super::known::Known;
use super::other_ids;
use super::peek::peek;
use super::plan::Plan;
use super::profile::Profile;
use super::source::{self, Source};
use crate::codes;
use crate::diag::{Diagnostic, Error, Position};

/// Looks at all files; every problem of every file at once.
pub(super) fn open(plan: &Plan) -> Result<(Vec<Source<'_>>, Vec<String>), Error> {
    let (mut sources, mut problems, mut names) = (Vec::new(), Vec::new(), AttributeNames::default());
    for (file, path) in plan.files.iter().enumerate() {
        match source::open(path, plan, &mut names) {
            Ok(of_file) => sources.extend(of_file.into_iter().map(|source| Source { file, ..source })),
            Err(problem) => problems.push(problem),
        }
    }
    let names = names.into_names();
    if sources.is_empty() && problems.is_empty() {
        problems.push(
            Diagnostic::error(codes::F301, "no input file")
                .hint("name one or more CSV, JSON, Parquet or .xlsx files"),
        );
    }
    name_profile(plan, &mut problems);
    if let Some(problem) = unwatched(plan, &sources, &names).filter(|_| problems.is_empty()) {
        problems.push(problem);
    }
    if problems.is_empty() {
        problems.extend(other_ids::fill(&mut sources, plan).err());
    }
    if problems.is_empty() { Ok((sources, names)) } else { Err(Error::Input(problems)) }
}

/// The watched column is in no file, and no attribute is called so.
fn unwatched(plan: &Plan, sources: &[Source<'_>], attributes: &[String]) -> Option<Diagnostic> {
    let name = plan.watch.as_ref().filter(|_| sources.iter().all(|s| s.layout.watched.is_none()))?;
    if attributes.contains(name) {
        return None;
    }
    let columns = || sources.iter().flat_map(|source| source.header.iter().map(String::as_str));
    let hint = match source::nearest(name, columns()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!(
            "the columns are {}",
            columns().take(12).map(|c| format!("`{c}`")).collect::<Vec<_>>().join(", ")
        ),
    };
    let position = Position { path: sources.first()?.path.clone(), ..Position::default() };
    Some(Diagnostic::error(codes::F303, format!("no column `{name}` in the input")).at(position).hint(hint))
}

/// Where the default profile was taken and does not fit, the shipped one that reads most of the files whose columns are
/// missing: one message for all of them, as each by itself would say the same.
fn name_profile(plan: &Plan, problems: &mut Vec<Diagnostic>) {
    let is_default = Profile::named(DEFAULT).is_ok_and(|default| default.source == plan.profile.source);
    if !is_default || problems.iter().all(|problem| problem.code != codes::F303) {
        return;
    }
    let known = Known::new();
    let fits = |problem: &Diagnostic| {
        let is_shown = |path: &&std::path::PathBuf| {
            Some(path.display().to_string()) == problem.position.as_ref().map(|p| p.path.clone())
        };
        let path = plan.files.iter().find(is_shown).filter(|_| problem.code == codes::F303)?;
        let peeked = peek(path, 0, &mut |_, _| ()).ok()?;
        Some(known.fits(path, &peeked))
    };
    let of_files: Vec<_> = problems.iter().map(|problem| fits(problem).unwrap_or_default()).collect();
    let score = |name: &&str| {
        let of_file = |fits: &Vec<super::known::Fit>| {
            fits.iter().find(|fit| fit.profile == *name).map(|fit| fit.n_found)
        };
        let found: Vec<usize> = of_files.iter().filter_map(of_file).collect();
        (found.len(), found.iter().sum::<usize>())
    };
    // Of equals the first, as `max_by_key` gives the last.
    let names: Vec<&str> = Profile::names().filter(|name| *name != DEFAULT).collect();
    let Some(best) = names.into_iter().rev().max_by_key(score).filter(|name| score(name).0 > 0) else {
        return;
    };
    let (mut fitting, mut others) = (Vec::new(), Vec::new());
    for (problem, fits) in problems.drain(..).zip(&of_files) {
        let is_read = fits.iter().any(|fit| fit.profile == best);
        if is_read { fitting.push(problem) } else { others.push(problem) }
    }
    let n_more = fitting.len().saturating_sub(1);
    if let Some(first) = fitting.into_iter().next() {
        let too = match n_more {
            0 => String::new(),
            1 => "; nor has another file".to_owned(),
            n => format!("; nor have {n} other files"),
        };
        let message = format!("{}{too}", first.message);
        let these = if n_more == 0 { "this file" } else { "these files" };
        let hint = format!("`--profile {best}` has the columns of {these}");
        problems.push(Diagnostic { message, ..first }.hint(hint));
    }
    problems.append(&mut others);
}

/// The profile that is taken where none is named.
const DEFAULT: &str = "canonical";
