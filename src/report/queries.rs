//! Which queries and checks a report runs: those that ship, and those of the user's folder. Running them is `tables`'
//! part.

use std::path::{Path, PathBuf};

use crate::codes;
use crate::diag::{Diagnostic, Error, Position};
use crate::tables::{CHECKS, QUERIES, Query, Table};

use super::audit::internal;

/// The queries to run: those that ship, then the user's by name.
///
/// # Errors
/// [`Error::Invalid`]: the folder or a query cannot be read (F109), its header is malformed (F104), its name is taken
/// (F108).
pub(super) fn queries(folder: Option<&Path>) -> Result<Vec<Query>, Error> {
    let invalid = |problem| Error::Invalid(vec![problem]);
    let mut all = Vec::new();
    for (name, sql) in QUERIES {
        all.push(Query::parse(name, sql, name).map_err(invalid)?);
    }
    let Some(folder) = folder else { return Ok(all) };
    let unreadable = |path: &Path, e: std::io::Error| {
        let position = Position { path: path.display().to_string(), ..Position::default() };
        invalid(Diagnostic::error(codes::F109, format!("queries cannot be read: {e}")).at(position))
    };
    let entries = std::fs::read_dir(folder).map_err(|e| unreadable(folder, e))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "sql"));
    paths.sort();
    for path in paths {
        let sql = std::fs::read_to_string(&path).map_err(|e| unreadable(&path, e))?;
        let name = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        let shown = path.display().to_string();
        let query = Query::parse(&name, &sql, &shown).map_err(invalid)?;
        if all.iter().any(|q| q.name == name) {
            let message =
                format!("a query called `{name}` is there already: both would write `tables/{name}.csv`");
            let position = Position { path: shown, ..Position::default() };
            return Err(invalid(
                Diagnostic::error(codes::F108, message).at(position).hint("give it another name"),
            ));
        }
        all.push(query);
    }
    Ok(all)
}

/// The checks that ship.
pub(super) fn checks() -> Result<Vec<Query>, Error> {
    let checks = CHECKS.iter().map(|(name, sql)| Query::parse(name, sql, name));
    checks.collect::<Result<_, _>>().map_err(|e| Error::Invalid(vec![e]))
}

/// A row of any check is a mistake of this program, told and never passed over.
pub(super) fn check(checked: &[Table]) -> Result<(), Error> {
    let failed: Vec<String> = checked
        .iter()
        .filter_map(|table| {
            table
                .rows
                .first()
                .map(|row| format!("`{}` found {} rows, first {row:?}", table.name, table.rows.len()))
        })
        .collect();
    if failed.is_empty() {
        Ok(())
    } else {
        Err(internal(&format!("facts failed their checks: {}", failed.join("; "))))
    }
}
