//! What stands for files on the command line, to files: folders and patterns (SPEC 14). It looks into folders and
//! opens nothing; a name that is none of both is handed on as it is, and whoever opens it says what is wrong.

use std::path::{Component, Path, PathBuf};

use super::profile::Glob;
use crate::codes;
use crate::diag::{Diagnostic, Error, Position};

/// Endings of the files that a folder stands for.
const ENDINGS: [&str; 12] =
    ["csv", "tsv", "tab", "parquet", "pq", "json", "jsonl", "ndjson", "xlsx", "gz", "zst", "zip"];

/// The files that `given` stands for, in its order: a folder stands for the files in it that end in `.csv`, `.tsv`,
/// `.json`, `.parquet` and the like, not for those of folders in it; a name with `*` or `?` that no file has stands for all
/// that fit it. Both in order of their names, and a file that is there already is not taken again.
///
/// # Errors
/// [`Error::Input`] with F301 for a folder that cannot be looked into, and for a folder or pattern without files.
pub fn input_files(given: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    let (mut all, mut problems) = (Vec::new(), Vec::new());
    for path in given {
        let found = if path.is_dir() {
            in_folder(path)
        } else if !path.exists() && is_pattern(path) {
            fitting(path)
        } else {
            all.push(path.clone());
            continue;
        };
        match found {
            Ok(found) => {
                for file in found {
                    if !all.contains(&file) {
                        all.push(file);
                    }
                }
            }
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(all) } else { Err(Error::Input(problems)) }
}

fn problem(path: &Path, message: String, hint: &str) -> Diagnostic {
    let position = Position { path: path.display().to_string(), ..Position::default() };
    Diagnostic::error(codes::F301, message).at(position).hint(hint)
}

fn in_folder(folder: &Path) -> Result<Vec<PathBuf>, Diagnostic> {
    let mut files = entries(folder)?;
    files.retain(|path| path.is_file() && has_ending(path));
    if files.is_empty() {
        let message = "no file of rows in this folder".to_string();
        let hint =
            "expected files that end in `.csv`, `.parquet`, `.json`, `.xlsx` or the like, packed or not";
        return Err(problem(folder, message, hint));
    }
    Ok(files)
}

fn has_ending(path: &Path) -> bool {
    let ending = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
    ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

/// What is in a folder, in order of names; hidden files are passed over.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Diagnostic> {
    let unreadable = |cause: std::io::Error| {
        problem(folder, format!("folder cannot be read: {cause}"), "check the path and its permissions")
    };
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        if !entry.file_name().to_string_lossy().starts_with('.') {
            all.push(folder.join(entry.file_name()));
        }
    }
    all.sort();
    Ok(all)
}

fn is_pattern(path: &Path) -> bool {
    path.to_string_lossy().contains(['*', '?'])
}

/// The files whose path fits `pattern`, part by part.
fn fitting(pattern: &Path) -> Result<Vec<PathBuf>, Diagnostic> {
    let mut reached = vec![PathBuf::new()];
    for part in pattern.components() {
        let name = part.as_os_str().to_string_lossy().into_owned();
        if !matches!(part, Component::Normal(_)) || !name.contains(['*', '?']) {
            reached.iter_mut().for_each(|path| path.push(part));
            continue;
        }
        let glob = Glob(name);
        let mut next = Vec::new();
        for folder in &reached {
            let looked_into = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            if !looked_into.is_dir() {
                continue;
            }
            for path in entries(looked_into)? {
                let name = path.file_name().unwrap_or_default();
                if glob.matches(name.to_string_lossy().as_bytes()) {
                    next.push(folder.join(name));
                }
            }
        }
        reached = next;
    }
    reached.retain(|path| path.is_file());
    if reached.is_empty() {
        let message = "no file fits this pattern".to_string();
        return Err(problem(pattern, message, "`*` stands for any characters of one name, `?` for one"));
    }
    Ok(reached)
}
