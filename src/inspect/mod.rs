//! Looks at an export that nobody wrote a profile for: what kind of file it is, which column is what and why, which words
//! and forms of times are in it, and a profile to start from (SPEC 14, `inspect`). It guesses, says so, and never chooses
//! where two readings fit. It may use `ingest` and everything before; it makes no history.

mod column;
mod guess;
mod open;
mod profile;
mod text;

pub use column::{Column, Times};
pub use guess::{Guess, Taken, guess};
pub use open::{Open, open};
pub use profile::profile;
pub use text::text;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::BuildHasher;
use std::path::{Path, PathBuf};

use foldhash::fast::FixedState;

use crate::diag::{Diagnostic, Error};
use crate::ingest::known::{Fit, Form, Known};
use crate::ingest::{Peeked, peek};

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
    /// Shipped profiles that read it as it is, the best first.
    pub fits: Vec<Fit>,
}

/// Looks at the first `most` rows of each of `files`.
///
/// # Errors
/// [`Error::Input`] with every file that cannot be looked at.
pub fn inspect(files: &[PathBuf], most: u64) -> Result<Vec<Inspected>, Error> {
    let (known, forms) = (Known::new(), Form::all());
    let (mut heads, mut problems) = (Vec::new(), Vec::new());
    for path in files {
        // The names of the columns come first: they are needed before the first row.
        match peek(path, 0, &mut |_, _| ()) {
            Ok(peeked) => heads.push((path, known.fits(path, &peeked), peeked.header)),
            Err(problem) => problems.push(problem),
        }
    }
    let known = known.favouring(favourite(heads.iter().map(|(_, fits, _)| &fits[..])));
    let mut all = Vec::new();
    for (path, fits, header) in heads {
        match one(path, &header, fits, most, &known, &forms) {
            Ok(inspected) => all.push(inspected),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(all) } else { Err(Error::Input(problems)) }
}

/// The shipped profile that reads most of the files, by the columns that it names; `None` where none reads any.
fn favourite<'f>(of_files: impl Iterator<Item = &'f [Fit]>) -> Option<&'static str> {
    let mut found: BTreeMap<&'static str, usize> = BTreeMap::new();
    for fit in of_files.flatten() {
        *found.entry(fit.profile).or_default() += fit.n_found;
    }
    // Of equals the first by name.
    found.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(a.0))).map(|(profile, _)| profile)
}

/// What is known, in the words of the shipped profile that fits these files best.
fn known_for(files: &[Inspected]) -> Known {
    Known::new().favouring(favourite(files.iter().map(|file| &file.fits[..])))
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
