//! Looks at an export that nobody wrote a profile for: what kind of file it is, which column is what and why, which words
//! and forms of times are in it, and a profile to start from (SPEC 14, `inspect`). It guesses, says so, and never chooses
//! where two readings fit; what it says of a profile it has seen by reading rows with it, as `audit` would.
//!
//! Flow: `column` counts the cells of each column, `guess` takes columns for something, `profile` writes that down, `trial`
//! reads the files with it and with shipped profiles, `doubts` makes questions of what the export does not tell, `text` and
//! `open` tell it. It may use `ingest` and everything before.

mod column;
mod doubts;
mod guess;
mod open;
mod profile;
mod text;
mod trial;

pub use column::{Column, Lists, Times};
pub use doubts::Doubt;
pub use guess::{Guess, Taken, guess};
pub use open::{Open, open};
pub use profile::profile;
pub use text::text;
pub use trial::Trial;

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;
use std::path::{Path, PathBuf};

use foldhash::fast::FixedState;

use crate::diag::{Diagnostic, Error};
use crate::ingest::known::{Fit, Form, Known};
use crate::ingest::{Peeked, Profile, peek};

/// Shipped profiles that are tried: of more columns are as good as none.
const TRIED: usize = 4;

/// Everything that was found in one file.
#[derive(Clone, Debug)]
pub struct Inspected {
    /// As the user gave it.
    pub path: PathBuf,
    /// What kind of file it is.
    pub peeked: Peeked,
    /// Rows that were read.
    pub n_rows: u64,
    /// Rows whose number of fields is not the header's, and the line of the first.
    pub n_odd: u64,
    /// Line of the first of them.
    pub first_odd: Option<u64>,
    /// Rows that are equal to an earlier one.
    pub n_duplicates: u64,
    /// Rows that are earlier than the row before them of the same case; `None`: its times are not certain.
    pub n_out_of_order: Option<u64>,
    /// Its columns.
    pub columns: Vec<Column>,
    /// What is guessed.
    pub guess: Guess,
    /// How the times of each column are written, in order of the columns.
    pub times: Vec<Times>,
    /// Shipped profiles that have its columns, the best first.
    pub fits: Vec<Fit>,
}

/// What was found in all files together.
#[derive(Clone, Debug)]
pub struct Inspection {
    /// Each file.
    pub files: Vec<Inspected>,
    /// What came of the shipped profile that reads them.
    pub shipped: Option<Trial>,
    /// A shipped profile that has their columns and cannot read them, and why.
    pub refused: Option<(&'static str, String)>,
    /// What came of the profile that is written, its questions aside; `None`: it cannot be used before they are answered.
    pub own: Option<Trial>,
    /// Why it reads nothing as it is, where that shows only in the rows.
    pub own_refused: Option<String>,
    /// What the export does not tell.
    pub doubts: Vec<Doubt>,
}

impl Inspection {
    /// What is known, in the words of the shipped profile that reads the files.
    fn known(&self) -> Known {
        Known::new().favouring(self.shipped.as_ref().map(|trial| trial.profile.as_str()))
    }

    /// Whether a shipped profile reads the file.
    fn reads(&self, file: &Inspected) -> Option<&Trial> {
        self.shipped.as_ref().filter(|trial| trial.files.contains(&file.path))
    }
}

/// Looks at the first `most` rows of each of `files`, and reads the beginning of them as `audit` does: with the shipped
/// profiles that have their columns, and with the one that it would write.
///
/// # Errors
/// [`Error::Input`] with every file that cannot be looked at.
pub fn inspect(files: &[PathBuf], most: u64) -> Result<Inspection, Error> {
    let (known, forms) = (Known::new(), Form::all());
    let (mut heads, mut problems) = (Vec::new(), Vec::new());
    for path in files {
        // The names of the columns come first: they are needed before the first row.
        match peek(path, 0, &mut |_, _| ()) {
            Ok(peeked) => heads.push((path, known.fits(path, &peeked), peeked.header)),
            Err(problem) => problems.push(problem),
        }
    }
    let fits: Vec<(&Path, &[Fit])> =
        heads.iter().map(|(path, fits, _)| (path.as_path(), &fits[..])).collect();
    let (shipped, refused) = shipped(&fits);
    let known = known.favouring(shipped.as_ref().map(|trial| trial.profile.as_str()));
    let mut all = Vec::new();
    for (path, fits, header) in heads {
        match one(path, &header, fits, most, &known, &forms) {
            Ok(inspected) => all.push(inspected),
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        return Err(Error::Input(problems));
    }
    let mut found =
        Inspection { files: all, shipped, refused, own: None, own_refused: None, doubts: Vec::new() };
    let draft = profile(&found, "inspected");
    if let Ok(draft) = Profile::parse(&draft, "inspected.toml") {
        let paths: Vec<&Path> = found.files.iter().map(|file| file.path.as_path()).collect();
        match trial::read(&draft, &paths) {
            Ok(trial) => found.own = Some(trial),
            Err(error) => found.own_refused = why(&error),
        }
    }
    found.doubts = doubts::doubts(&found.files, &known, found.own.as_ref());
    Ok(found)
}

/// The first of the shipped profiles that reads all files whose columns it has, those that have most tried first; or why the
/// likeliest of them cannot.
fn shipped(files: &[(&Path, &[Fit])]) -> (Option<Trial>, Option<(&'static str, String)>) {
    let mut all: Vec<(&'static str, usize, usize, Vec<&Path>)> = Vec::new();
    for (path, fits) in files {
        for fit in *fits {
            match all.iter_mut().find(|(name, ..)| *name == fit.profile) {
                Some((_, n_files, n_found, paths)) => {
                    *n_files += 1;
                    *n_found += fit.n_found;
                    paths.push(path);
                }
                None => all.push((fit.profile, 1, fit.n_found, vec![path])),
            }
        }
    }
    // Of equals the first by name.
    all.sort_by_key(|(name, n_files, n_found, _)| (std::cmp::Reverse((*n_files, *n_found)), *name));
    let mut refused = None;
    for (name, _, _, paths) in all.into_iter().take(TRIED) {
        let Ok(profile) = Profile::named(name) else { continue };
        match trial::read(&profile, &paths) {
            Ok(trial) => match trial.shows_nothing() {
                None => return (Some(trial), None),
                Some(why) => refused = refused.or(Some((name, why))),
            },
            Err(error) => refused = refused.or(why(&error).map(|why| (name, why))),
        }
    }
    (None, refused)
}

/// Why an input is refused: the last problem sums the others up.
fn why(error: &Error) -> Option<String> {
    let Error::Input(problems) = error else { return None };
    problems.last().map(|problem| format!("{} ({})", problem.message, problem.code))
}

fn one(
    path: &Path,
    header: &[String],
    fits: Vec<Fit>,
    most: u64,
    known: &Known,
    forms: &[Form],
) -> Result<Inspected, Diagnostic> {
    let mut columns: Vec<Column> = header.iter().map(|name| Column::new(name, forms)).collect();
    let (mut n_rows, mut n_odd, mut first_odd, mut n_duplicates) = (0, 0, None, 0);
    let mut seen = HashSet::with_hasher(FixedState::default());
    let peeked = peek(path, most, &mut |line, fields| {
        n_rows += 1;
        if fields.len() != header.len() {
            n_odd += 1;
            first_odd.get_or_insert(line);
        }
        // A hash for a row: two different rows with one hash are one in 10^19.
        n_duplicates += u64::from(!seen.insert(FixedState::default().hash_one(fields)));
        for (column, cell) in columns.iter_mut().zip(fields) {
            column.add(cell, forms);
        }
    })?;
    drop(seen);
    let guess = guess(&columns, n_rows, known, forms);
    let times: Vec<Times> = columns.iter().map(|column| column.times(forms)).collect();
    let n_out_of_order = out_of_order(path, most, header, &guess, &times, forms);
    Ok(Inspected {
        path: path.to_owned(),
        peeked,
        n_rows,
        n_odd,
        first_odd,
        n_duplicates,
        n_out_of_order,
        columns,
        guess,
        times,
        fits,
    })
}

/// Rows that are earlier than the one before them of the same case, where one form reads the times.
fn out_of_order(
    path: &Path,
    most: u64,
    header: &[String],
    guess: &Guess,
    times: &[Times],
    forms: &[Form],
) -> Option<u64> {
    let place = |role: &str| header.iter().position(|name| Some(name.as_str()) == guess.column(role));
    let (case, at) = place("case_id").zip(place("at"))?;
    let Times::One(source) = times[at] else { return None };
    let form = forms.iter().find(|form| form.source == source)?;
    let mut last: HashMap<String, i64, FixedState> = HashMap::with_hasher(FixedState::default());
    let mut n = 0;
    peek(path, most, &mut |_, fields| {
        let (Some(case), Some(at)) = (fields.get(case), fields.get(at)) else { return };
        let Some((at, _)) = form.read(at) else { return };
        match last.get_mut(case) {
            Some(before) => {
                n += u64::from(at < *before);
                *before = at;
            }
            None => drop(last.insert(case.clone(), at)),
        }
    })
    .ok()?;
    Some(n)
}
