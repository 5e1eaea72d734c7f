//! Whether a report still stands as it was made: its files, and what they were made from, against the SHA-256 that
//! its manifest holds (SPEC 13). It changes nothing.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::codes;
use crate::diag::{Diagnostic, Error, Position};
use crate::policy;

use super::manifest::{Hashed, MANIFEST, Recorded, hash_folder, read_file, sha256, sha256_of};

/// What became of one file since the report was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// The same bytes.
    Unchanged,
    /// Other bytes.
    Changed,
    /// Not there, or not to be read.
    Missing,
    /// There, and no regular file: it was not opened.
    NotAFile,
    /// There, and not in the manifest.
    Added,
}

impl State {
    /// The word for people.
    pub const fn word(self) -> &'static str {
        match self {
            State::Unchanged => "unchanged",
            State::Changed => "changed",
            State::Missing => "missing",
            State::NotAFile => "no file",
            State::Added => "added",
        }
    }
}

/// One file of a report, or of what it was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// `input`, `policy`, `profile`, `theme` or `output`.
    pub part: &'static str,
    /// Its path as the manifest has it.
    pub path: String,
    /// What became of it.
    pub state: State,
}

/// Holds the report in `folder` against its manifest. Inputs and policies are looked for at the paths that were given
/// then, from the folder that slaudit runs in now. A report may come from somebody else: only regular files are read,
/// and of the report only what lies in its folder.
///
/// # Errors
/// [`Error::Input`] (F301) where the folder has no manifest of ours.
pub fn verify(folder: &Path) -> Result<(Recorded, Vec<Verified>), Error> {
    let recorded = recorded(folder)?;
    let mut all = Vec::new();
    for input in &recorded.inputs {
        all.push(on_disk("input", &input.path, &input.sha256));
    }
    for file in recorded.policy.iter().filter(|file| !is_built_in(&file.path)) {
        all.push(on_disk("policy", &file.path, &file.sha256));
    }
    for file in recorded.policy.iter().filter(|file| is_built_in(&file.path)) {
        let same = policy::built_in().files.iter().any(|own| sha256(&own.bytes) == file.sha256);
        all.push(Verified { part: "policy", path: file.path.clone(), state: state(same) });
    }
    if Path::new(&recorded.profile.path).is_file() {
        all.push(on_disk("profile", &recorded.profile.path, &recorded.profile.sha256));
    }
    all.extend(recorded.theme.iter().map(|theme| on_disk("theme", &theme.path, &theme.sha256)));
    let made = hash_folder(folder).map_err(|e| unreadable(folder, &e))?;
    all.extend(outputs(&recorded.outputs, &made));
    Ok((recorded, all))
}

/// The files that are recorded, against those that are there.
pub fn outputs(recorded: &[Hashed], made: &[Hashed]) -> Vec<Verified> {
    let mut there: BTreeMap<&str, &str> =
        made.iter().map(|file| (file.path.as_str(), file.sha256.as_str())).collect();
    there.remove(MANIFEST);
    let mut all = Vec::new();
    for file in recorded {
        let state = match there.remove(file.path.as_str()) {
            Some("") => State::NotAFile,
            Some(sha256) => state(sha256 == file.sha256),
            None => State::Missing,
        };
        all.push(Verified { part: "output", path: file.path.clone(), state });
    }
    let added = |path: &str| Verified { part: "output", path: path.to_owned(), state: State::Added };
    all.extend(there.into_keys().map(added));
    all
}

/// What the manifest of the report in `folder` says.
///
/// # Errors
/// [`Error::Input`] (F301) where the folder has no manifest of ours.
pub fn recorded(folder: &Path) -> Result<Recorded, Error> {
    let path = folder.join(MANIFEST);
    let bytes = read_file(&path).map_err(|e| unreadable(&path, &e))?;
    Recorded::read(&bytes).ok_or_else(|| {
        let problem = Diagnostic::error(codes::F301, "expected the manifest of a report of slaudit")
            .at(Position { path: path.display().to_string(), ..Position::default() })
            .hint("name the folder that `slaudit audit` wrote");
        Error::Input(vec![problem])
    })
}

fn is_built_in(path: &str) -> bool {
    path.starts_with("built-in:")
}

fn on_disk(part: &'static str, path: &str, sha256: &str) -> Verified {
    let state = match sha256_of(Path::new(path)) {
        Ok(found) => state(found == sha256),
        Err(_) if fs::metadata(path).is_ok_and(|there| !there.is_file()) => State::NotAFile,
        Err(_) => State::Missing,
    };
    Verified { part, path: path.to_owned(), state }
}

const fn state(is_same: bool) -> State {
    if is_same { State::Unchanged } else { State::Changed }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    let position = Position { path: path.display().to_string(), ..Position::default() };
    let problem = Diagnostic::error(codes::F301, format!("cannot be read: {error}")).at(position);
    Error::Input(vec![problem.hint("name the folder that `slaudit audit` wrote")])
}
