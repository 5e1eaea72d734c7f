//! The folder of a baseline (SPEC 14, `check`): read from where it was committed, written beside its place and renamed
//! whole. A report of `audit` is one as well, with its facts as Parquet. What differs is `compare`'s to say.
//!
//! ```text
//! baseline.toml       what was audited, which tables are held, the row ledger, [tolerance]
//! facts/NAME.csv      the fact tables that have rows, sorted by case
//! tables/NAME.csv     the compliance tables that `tables` names
//! ```

mod file;
mod made;

use std::fs;
use std::path::{Path, PathBuf};

use crate::codes;
use crate::compare::baseline::{Grid, Part, Snapshot, Tolerances, fact_grid};
use crate::diag::{Diagnostic, Error, Position};
use crate::facts;

use super::audit::internal;
use super::folder::{Draft, Replaces};
use super::manifest::{self, MANIFEST};
use file::{FILE, TOLERANCE, file_text, is_baseline, parse, tolerance_text, tolerances};
use made::Made;

/// Tables that charts are drawn from, and a list of findings: long, and nothing in them that facts do not hold. A new
/// baseline leaves them out.
const LEFT_OUT: [&str; 4] = ["arrivals_by_hour", "gravest", "open_cases", "response_times"];

/// A baseline, read.
#[derive(Clone, Debug, Default)]
pub struct Baseline {
    /// What it holds.
    pub snapshot: Snapshot,
    /// How far numbers may be from it.
    pub tolerances: Tolerances,
    /// The tables that it is to hold; `None`: it is a report of `audit`, which holds what it holds.
    tables: Option<Vec<String>>,
    /// Those of them that are not there: an update writes them.
    missing: Vec<String>,
    /// The text of `[tolerance]`, to be kept.
    tolerance_text: String,
}

impl Baseline {
    /// Nothing yet: what an update writes is a new baseline.
    pub fn new() -> Baseline {
        Baseline { tolerance_text: TOLERANCE.to_owned(), ..Baseline::default() }
    }

    /// True where it is a report of `audit`.
    pub fn is_report(&self) -> bool {
        self.tables.is_none()
    }

    /// Itself, where it can be compared with.
    ///
    /// # Errors
    /// [`Error::Input`] (F301) where a table that `tables` names is not there.
    pub fn complete(self, folder: &Path) -> Result<Baseline, Error> {
        let Some(name) = self.missing.first() else { return Ok(self) };
        let path = folder.join(format!("tables/{name}.csv"));
        let problem =
            Diagnostic::error(codes::F301, format!("`{FILE}` names the table `{name}`, and it is not there"));
        Err(input(problem, &path, 0, "write it with `--update`, or take its name out of `tables`"))
    }
}

/// Reads the baseline in `folder`, which is one of `check --update` or a report of `audit`.
///
/// # Errors
/// [`Error::Input`]: it is not there or is neither (F301), its `baseline.toml` cannot be read (F101, F103), was made by
/// a version of slaudit that writes it otherwise (F104), has a key that it cannot have (F102); a table cannot be read
/// (F301, F510's like).
pub fn read_baseline(folder: &Path) -> Result<Baseline, Error> {
    let path = folder.join(FILE);
    if is_report(folder) {
        return Ok(Baseline { snapshot: audited(folder)?, ..Baseline::default() });
    }
    let text = fs::read_to_string(&path).map_err(|e| {
        let problem = Diagnostic::error(codes::F301, format!("no baseline to check against: {e}"));
        input(problem, &path, 0, "make one with `--update`, and commit it")
    })?;
    let file = parse(&path, &text)?;
    let mut grids = Vec::new();
    for table in facts::TABLES {
        grids.extend(csv(folder, Part::Facts, table.name)?);
    }
    let mut missing = Vec::new();
    for name in &file.tables {
        match csv(folder, Part::Tables, name)? {
            Some(grid) => grids.push(grid),
            None => missing.push(name.clone()),
        }
    }
    let tolerance = file.tolerance.clone();
    let tables = Some(file.tables.clone());
    let snapshot = Snapshot { about: file.about(), grids };
    let tolerances = tolerances(&path, &text, tolerance, &snapshot)?;
    Ok(Baseline { snapshot, tolerances, tables, missing, tolerance_text: tolerance_text(&text) })
}

/// True where `folder` is no baseline of `check`, but a report of `audit`.
pub fn is_report(folder: &Path) -> bool {
    let is_ours = manifest::read_file(&folder.join(MANIFEST)).is_ok_and(|bytes| manifest::is_ours(&bytes));
    is_ours && !folder.join(FILE).exists()
}

/// Reads the report that `audit` left in `folder`, as it would be written into a baseline.
///
/// # Errors
/// [`Error::Input`] (F301) where it has no manifest of ours, holds the row ledger only, or has a file that cannot be
/// read.
pub fn audited(folder: &Path) -> Result<Snapshot, Error> {
    let path = folder.join(MANIFEST);
    let made = fs::read(&path).ok().and_then(|bytes| serde_json::from_slice::<Made>(&bytes).ok());
    let hint = "name a baseline of `slaudit check --update`, or a whole report of `slaudit audit`";
    let Some(made) = made.filter(|made| made.complete) else {
        let problem = Diagnostic::error(codes::F301, "expected the manifest of a whole report of slaudit");
        return Err(input(problem, &path, 0, hint));
    };
    let mut grids = Vec::new();
    for table in facts::TABLES {
        let path = folder.join(format!("facts/{}.parquet", table.name));
        let batches = facts::read(&path, &facts::column_names(&path)?)?;
        let grid = fact_grid(table.name, &batches);
        grids.push(grid.map_err(|e| internal(&format!("facts `{}` as text: {e}", table.name)))?);
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(folder.join("tables")).into_iter().flatten().flatten() {
        let name = PathBuf::from(entry.file_name());
        if name.extension().is_some_and(|e| e == "csv") {
            names.extend(name.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
        }
    }
    names.sort();
    for name in &names {
        grids.extend(csv(folder, Part::Tables, name)?);
    }
    Ok(Snapshot { about: made.about(), grids })
}

/// Writes `snapshot` as the baseline in `folder`: the tables that `kept` names, or for a new one all but those that
/// charts are drawn from, and the tolerances that it has.
///
/// # Errors
/// F401 where something stands at `folder` that is neither empty nor a baseline with nothing else in it;
/// [`Error::Input`] (F106) where `kept` names a table that was not made; F402.
pub fn write_baseline(folder: &Path, snapshot: &Snapshot, kept: &Baseline) -> Result<(), Error> {
    let draft = Draft::begin(folder, Replaces::Baseline, &[])?;
    let made = snapshot.grids.iter().filter(|grid| grid.part == Part::Tables);
    let names: Vec<String> = made.map(|grid| grid.name.clone()).collect();
    let tables = match &kept.tables {
        Some(tables) => tables.clone(),
        None => names.iter().filter(|name| !LEFT_OUT.contains(&name.as_str())).cloned().collect(),
    };
    if let Some(name) = tables.iter().find(|name| !names.contains(name)) {
        let problem =
            Diagnostic::error(codes::F106, format!("`tables` names `{name}`, and no such table is made"));
        return Err(input(problem, &folder.join(FILE), 0, "take its name out of `tables`"));
    }
    draft.folder("facts")?;
    draft.folder("tables")?;
    for grid in &snapshot.grids {
        let is_held = match grid.part {
            Part::Facts => !grid.rows.is_empty(),
            Part::Tables => tables.contains(&grid.name),
        };
        if is_held {
            let bytes = grid.to_csv().map_err(|e| internal(&format!("table `{}`: {e}", grid.name)))?;
            draft.write(&format!("{}/{}.csv", grid.part.word(), grid.name), &bytes)?;
        }
    }
    draft.write(FILE, file_text(&snapshot.about, &tables, &kept.tolerance_text).as_bytes())?;
    draft.publish()
}

/// Why `folder` is not to be replaced by a baseline; `None`: it is one, with nothing else in it.
pub(super) fn foreign(folder: &Path) -> Option<String> {
    if !is_baseline(&fs::read_to_string(folder.join(FILE)).unwrap_or_default()) {
        let message = "exists and is not a baseline of slaudit: it has no `baseline.toml` of ours";
        return Some(format!("{message}; nothing was changed"));
    }
    let is_ours = |path: &str| {
        let mut parts = path.split('/');
        match (parts.next(), parts.next(), parts.next()) {
            (Some(FILE), None, None) => true,
            (Some("facts" | "tables"), Some(name), None) => name.ends_with(".csv"),
            _ => false,
        }
    };
    let files = manifest::hash_folder(folder).unwrap_or_default();
    let other = files.iter().find(|file| !is_ours(&file.path))?;
    Some(format!("holds `{}`, which is no file of a baseline; nothing was changed", other.path))
}

/// The table `name`, or nothing where its file is not there.
fn csv(folder: &Path, part: Part, name: &str) -> Result<Option<Grid>, Error> {
    let path = folder.join(format!("{}/{name}.csv", part.word()));
    if !path.exists() {
        return Ok(None);
    }
    let hint = "take the file from version control, or make the baseline anew with `--update`";
    let bytes = fs::read(&path)
        .map_err(|e| input(Diagnostic::error(codes::F301, format!("cannot be read: {e}")), &path, 0, hint))?;
    let wrong = |(line, message)| input(Diagnostic::error(codes::D510, message), &path, line, hint);
    Grid::from_csv(part, name, &bytes).map(Some).map_err(wrong)
}

fn input(problem: Diagnostic, path: &Path, line: u64, hint: &str) -> Error {
    let position = Position { path: path.display().to_string(), line, ..Position::default() };
    Error::Input(vec![problem.at(position).hint(hint)])
}
