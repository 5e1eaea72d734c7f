//! Loading: one policy file, or a folder of dated versions (SPEC 4, 6), and which version a case falls under.

use std::path::{Path, PathBuf};

use super::inherit::{Merged, read_merged};
use super::model::{Book, Policy, PolicyFile};
use super::reading::Reading;
use super::source::{Origin, Span, why};
use super::suggest::{hint, listed};
use super::{build, shipped};
use crate::calendar::{Instant, SECOND};
use crate::codes;
use crate::diag::{Diagnostic, Error};

/// Reads a policy file, or every `*.toml` of a folder as the versions of a book (SPEC 4, 6).
///
/// In a folder, each file with an `effective_from` is a version. One without is an error, unless another file
/// of the folder inherits it. Folders inside it and files whose name starts with a dot are not looked at.
///
/// # Errors
/// [`Error::Invalid`] with every problem of every file, in order of file and place.
pub fn load(path: &Path) -> Result<Book, Error> {
    let mut reading = Reading::default();
    if path.is_dir() {
        let merged = folder(&mut reading, path);
        return finish(reading, merged);
    }
    let merged = read_merged(&mut reading, Origin::Disk(path.to_path_buf()));
    finish(reading, merged.into_iter().collect())
}

/// The policy that ships inside: exactly what the founding document promises (SPEC 15).
pub fn built_in() -> Book {
    // The text is compiled in and loaded by a test, so the empty book below is never made.
    load_built_in("in8sync.toml").unwrap_or_else(|_| Book { versions: Vec::new(), files: Vec::new() })
}

/// The shipped policy called `name`, one of [`super::BUILT_IN`].
///
/// # Errors
/// [`Error::Usage`] where none is called so.
pub fn load_built_in(name: &str) -> Result<Book, Error> {
    let Some(known) = shipped::named(name) else {
        let names = || super::BUILT_IN.iter().map(|(known, _)| *known);
        let otherwise = format!("they are {}", listed(names()));
        let hint = hint(name, names(), &otherwise);
        let message = format!("expected the name of a shipped policy, found `{name}`\nhint: {hint}");
        return Err(Error::Usage(message));
    };
    let mut reading = Reading::default();
    let merged = read_merged(&mut reading, Origin::BuiltIn(known));
    finish(reading, merged.into_iter().collect())
}

/// Reads TOML text as a policy file called `name`; it may inherit the shipped policies.
///
/// # Errors
/// As [`load`].
pub fn parse(name: &str, text: &[u8]) -> Result<Book, Error> {
    let mut reading = Reading::default();
    let origin = Origin::Disk(PathBuf::from(name));
    reading.sources.add(origin.clone(), text.to_vec());
    let merged = read_merged(&mut reading, origin);
    finish(reading, merged.into_iter().collect())
}

/// The versions of a folder, in order of file name.
fn folder(reading: &mut Reading, path: &Path) -> Vec<Merged> {
    let mut paths: Vec<PathBuf> = match std::fs::read_dir(path) {
        Ok(entries) => entries.flatten().map(|entry| entry.path()).filter(|path| is_policy(path)).collect(),
        Err(error) => {
            whole(
                reading,
                path,
                format!("expected a folder of policies, found none that can be read: {}", why(&error)),
            );
            return Vec::new();
        }
    };
    paths.sort();
    if paths.is_empty() {
        let message = format!("expected a policy file in `{}`, found none", path.display());
        whole(reading, path, message);
    }
    let n_paths = paths.len();
    let read: Vec<Merged> =
        paths.into_iter().filter_map(|path| read_merged(reading, Origin::Disk(path))).collect();
    // Where a file could not be read, what it would have inherited is not known: nothing is said of that.
    let all_read = read.len() == n_paths;
    let inherited: Vec<usize> = read.iter().flat_map(|merged| merged.parents.iter().copied()).collect();
    let mut versions = Vec::new();
    for merged in read {
        if merged.dated.is_some() {
            versions.push(merged);
        } else if all_read && !inherited.contains(&merged.file) {
            let span = Span { file: merged.file, start: 0, end: 0 };
            let hint = "add the first day on which it holds, like `effective_from = 2026-01-01`";
            reading.missing(span, "effective_from", "each version of a book", hint);
        }
    }
    versions
}

fn is_policy(path: &Path) -> bool {
    let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    !hidden && path.is_file() && path.extension().is_some_and(|extension| extension == "toml")
}

fn whole(reading: &mut Reading, path: &Path, message: String) {
    let position = crate::diag::Position { path: path.display().to_string(), ..Default::default() };
    let diagnostic = Diagnostic::error(codes::F109, message).at(position);
    let diagnostic = diagnostic.hint("put one `.toml` file for each version there");
    reading.problems.push((Span::default(), diagnostic));
}

fn finish(mut reading: Reading, merged: Vec<Merged>) -> Result<Book, Error> {
    let mut versions: Vec<(Policy, Option<Span>)> =
        merged.iter().map(|merged| (build::policy(&mut reading, merged), merged.dated)).collect();
    versions.sort_by_key(|(policy, _)| policy.effective_from);
    for pair in versions.windows(2) {
        let [(first, at), (second, again)] = pair else { continue };
        if let (Some(date), Some(at), Some(again)) = (first.effective_from, at, again)
            && second.effective_from == Some(date)
        {
            let message = format!("expected each date once in a book, found `{date}` again");
            let first = reading.sources.line_of(*at);
            reading.problem(*again, codes::F108, message, format!("the first one is at {first}"));
        }
    }
    let files = reading
        .sources
        .0
        .iter()
        .map(|source| PolicyFile { path: source.origin.shown(), bytes: source.bytes.clone() });
    let files = files.collect();
    let problems = reading.into_diagnostics();
    if versions.is_empty() || !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    Ok(Book { versions: versions.into_iter().map(|(policy, _)| policy).collect(), files })
}

/// Farther from UTC than any zone has ever been.
const ZONE_SPREAD: i64 = 30 * 3_600 * SECOND;

impl Book {
    /// The case attributes by which the scope is judged, under any version.
    pub fn scope_attributes(&self) -> Vec<String> {
        let keys = self.versions.iter().flat_map(|policy| {
            let include = policy.scope.include.iter().map(|(key, _)| key);
            include.chain(policy.scope.entitled.iter().map(|list| &list.key))
        });
        keys.cloned().collect()
    }

    /// The version under which a case opened at `opened_at` is replayed, and whether it was opened before the
    /// first one (SPEC 6): the last version whose `effective_from` is not after the opening's local date in
    /// that version's zone; before the first, the first, which is finding E602.
    ///
    /// ```
    /// let book = slaudit::policy::built_in();
    /// assert_eq!(book.version_for(slaudit::calendar::Instant::from_seconds(0)), (0, false));
    /// ```
    pub fn version_for(&self, opened_at: Instant) -> (usize, bool) {
        match self.versions.iter().rposition(|version| version.in_force(opened_at)) {
            Some(found) => (found, false),
            None => (0, true),
        }
    }
}

impl Policy {
    /// True where the local date of `at`, in the policy's zone, is `effective_from` or later; always without.
    pub fn in_force(&self, at: Instant) -> bool {
        let Some(from) = self.effective_from else {
            return true;
        };
        let midnight = from.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_micros();
        // The zone is asked only where it can matter: this runs once a case.
        match at.micros() - midnight {
            since if since >= ZONE_SPREAD => true,
            since if since <= -ZONE_SPREAD => false,
            _ => at.in_zone(self.timezone).is_some_and(|local| local.date_naive() >= from),
        }
    }
}
