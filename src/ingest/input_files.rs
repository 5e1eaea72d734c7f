//! What stands for files on the command line, to files: folders and patterns (SPEC 14). It looks into folders and
//! opens nothing; a name that is none of both is handed on as it is, and whoever opens it says what is wrong. What it does
//! not hand on is named: a file of messages that nobody read makes every answer late.

use std::path::{Component, Path, PathBuf};

use super::profile::Glob;
use crate::codes;
use crate::diag::{Diagnostic, Error, Position};

/// Endings of the files that a folder stands for.
const ENDINGS: [&str; 12] =
    ["csv", "tsv", "tab", "parquet", "pq", "json", "jsonl", "ndjson", "xlsx", "xlsm", "gz", "zst"];

/// What files of other endings are, where that tells more than the ending itself.
const OTHERS: [(&str, &str); 12] = [
    ("xls", "an old Excel workbook: save it as .xlsx"),
    ("xlsb", "a binary Excel workbook: save it as .xlsx"),
    ("ods", "an OpenDocument workbook: save it as .xlsx"),
    ("zip", "an archive: take the files out of it"),
    ("7z", "an archive: take the files out of it"),
    ("rar", "an archive: take the files out of it"),
    ("tar", "an archive: take the files out of it"),
    ("bz2", "packed with bzip2: unpack it"),
    ("xz", "packed with xz: unpack it"),
    ("xes", "an event log in XML: convert it to CSV"),
    ("xml", "XML"),
    ("txt", "text"),
];

/// The files that are read, and those beside them that are not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InputFiles {
    /// In the order that breaks ties (SPEC 1).
    pub files: Vec<PathBuf>,
    /// What lies in the folders that were named, or fits the patterns, and is not read.
    pub passed_over: Vec<PassedOver>,
}

/// A file that was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedOver {
    /// As it would have been read.
    pub path: PathBuf,
    /// What it is, or why it was left alone; a few words.
    pub why: String,
}

impl PassedOver {
    /// `path`, passed over because it is `why`.
    pub fn new(path: PathBuf, why: impl Into<String>) -> PassedOver {
        PassedOver { path, why: why.into() }
    }

    /// One sentence that names all of them, at most a dozen by name; `None` where there are none.
    pub fn sentence(all: &[PassedOver]) -> Option<String> {
        const NAMED: usize = 12;
        let named = all.iter().take(NAMED).map(|of| format!("`{}` ({})", of.path.display(), of.why));
        let mut named: Vec<String> = named.collect();
        if let Some(more @ 1..) = all.len().checked_sub(NAMED) {
            named.push(format!("{more} more, which manifest.json of a report lists"));
        }
        (!named.is_empty()).then(|| format!("files that are not read: {}", named.join(", ")))
    }
}

/// The files that `given` stands for, in its order: a folder stands for the files in it that end in `.csv`, `.tsv`,
/// `.json`, `.parquet` and the like, not for those of folders in it; a name with `*` or `?` that no file has stands for all
/// that fit it. Both in order of their names, and a file that is there already is not taken again. Lock files of Excel
/// (`~$…`) are no input wherever they are named: a shell's own pattern takes them along.
///
/// # Errors
/// [`Error::Input`] with F301 for a folder that cannot be looked into, and for a folder or pattern without files.
pub fn input_files(given: &[PathBuf]) -> Result<InputFiles, Error> {
    let (mut all, mut problems) = (InputFiles::default(), Vec::new());
    for path in given {
        let found = if path.is_dir() {
            in_folder(path)
        } else if !path.exists() && is_pattern(path) {
            fitting(path)
        } else if is_lock(path) {
            Ok(sorted_out(vec![path.clone()], |_| true))
        } else {
            all.files.push(path.clone());
            continue;
        };
        match found {
            Ok(found) => all.add(found),
            Err(problem) => problems.push(problem),
        }
    }
    if all.files.is_empty() && problems.is_empty() && !all.passed_over.is_empty() {
        let hint = "name the workbook itself";
        problems.push(nothing(&given[0], "no file but lock files of Excel", &all.passed_over, hint));
    }
    if problems.is_empty() { Ok(all) } else { Err(Error::Input(problems)) }
}

impl InputFiles {
    /// Takes over what is not there yet.
    fn add(&mut self, other: InputFiles) {
        for file in other.files {
            if !self.files.contains(&file) {
                self.files.push(file);
            }
        }
        for of in other.passed_over {
            if !self.passed_over.contains(&of) {
                self.passed_over.push(of);
            }
        }
    }
}

fn problem(path: &Path, message: String, hint: &str) -> Diagnostic {
    let position = Position { path: path.display().to_string(), ..Position::default() };
    Diagnostic::error(codes::F301, message).at(position).hint(hint)
}

/// Nothing is left to be read; what there is instead is named.
fn nothing(path: &Path, what: &str, passed_over: &[PassedOver], hint: &str) -> Diagnostic {
    let but = PassedOver::sentence(passed_over).map_or_else(String::new, |text| format!("; {text}"));
    problem(path, format!("{what}{but}"), hint)
}

fn in_folder(folder: &Path) -> Result<InputFiles, Diagnostic> {
    let found = sorted_out(entries(folder)?, has_ending);
    if found.files.is_empty() {
        let hint =
            "expected files that end in `.csv`, `.parquet`, `.json`, `.xlsx` or the like, packed or not";
        return Err(nothing(folder, "no file of rows in this folder", &found.passed_over, hint));
    }
    Ok(found)
}

/// Those of `paths` that are read, where `is_wanted` tells of a file that is no other's trace.
fn sorted_out(paths: Vec<PathBuf>, is_wanted: impl Fn(&Path) -> bool) -> InputFiles {
    let mut all = InputFiles::default();
    for path in paths {
        match why_not(&path, &is_wanted) {
            None => all.files.push(path),
            Some(why) => all.passed_over.push(PassedOver::new(path, why)),
        }
    }
    all
}

/// Why a path is not read, by its name alone.
fn why_not(path: &Path, is_wanted: impl Fn(&Path) -> bool) -> Option<&'static str> {
    if is_lock(path) {
        return Some("the lock file of a workbook that is open");
    }
    if is_hidden(path) {
        return Some("a hidden file");
    }
    if path.is_dir() {
        return Some("a folder: name it too");
    }
    if !path.is_file() {
        return Some("no regular file");
    }
    if is_wanted(path) {
        return None;
    }
    let ending = ending(path);
    let known = OTHERS.iter().find(|(known, _)| ending.as_deref() == Some(*known)).map(|(_, what)| *what);
    Some(known.unwrap_or("of another ending: name it to have it read"))
}

fn name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// What Excel leaves beside a workbook that somebody has open, and LibreOffice likewise.
fn is_lock(path: &Path) -> bool {
    let name = name(path);
    name.starts_with("~$") || name.starts_with(".~lock.")
}

fn is_hidden(path: &Path) -> bool {
    name(path).starts_with('.')
}

fn ending(path: &Path) -> Option<String> {
    path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase())
}

fn has_ending(path: &Path) -> bool {
    ending(path).is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

/// What is in a folder, in order of names.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Diagnostic> {
    let unreadable = |cause: std::io::Error| {
        problem(folder, format!("folder cannot be read: {cause}"), "check the path and its permissions")
    };
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        all.push(folder.join(entry.map_err(unreadable)?.file_name()));
    }
    all.sort();
    Ok(all)
}

fn is_pattern(path: &Path) -> bool {
    path.to_string_lossy().contains(['*', '?'])
}

/// The files whose path fits `pattern`, part by part.
fn fitting(pattern: &Path) -> Result<InputFiles, Diagnostic> {
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
                // A pattern takes hidden files only where it says so.
                let is_meant = !is_hidden(&path) || glob.0.starts_with('.');
                if is_meant && glob.matches(name.to_string_lossy().as_bytes()) {
                    next.push(folder.join(name));
                }
            }
        }
        reached = next;
    }
    reached.retain(|path| path.is_file());
    let (locks, files): (Vec<PathBuf>, Vec<PathBuf>) = reached.into_iter().partition(|path| is_lock(path));
    let found = InputFiles { files, passed_over: sorted_out(locks, |_| true).passed_over };
    if found.files.is_empty() {
        let hint = "`*` stands for any characters of one name, `?` for one";
        return Err(nothing(pattern, "no file fits this pattern", &found.passed_over, hint));
    }
    Ok(found)
}
