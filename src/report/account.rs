//! The books of a report: what became of every row, and the manifest that names and hashes what went in and came out.

use std::path::{Path, PathBuf};

use crate::codes;
use crate::diag::{Diagnostic, Error, Position};
use crate::ingest::{self, FileLedger, Ingested, Ledger, PassedOver, Profile};
use crate::policy::Book;
use crate::tables::{Made, Query};

use super::audit::{Audit, internal};
use super::folder::Draft;
use super::manifest::{
    Hashed, Input, LeftAlone, MANIFEST, Manifest, QueryEntry, hash_folder, hex, sha256, sha256_of,
};

pub(super) fn inputs(files: &[FileLedger], hashes: &[String]) -> Vec<Input> {
    let of = |(i, file): (usize, &FileLedger)| Input {
        path: file.path.display().to_string(),
        sha256: hashes.get(i).cloned().unwrap_or_default(),
        rows_read: file.n_read,
        rows_used: file.n_used,
        rows_duplicate: file.n_duplicate,
        rows_rejected: file.n_rejected,
        rejected_by_code: file.by_code.iter().map(|(code, n)| ((*code).to_owned(), *n)).collect(),
    };
    files.iter().enumerate().map(of).collect()
}

/// Names in `manifest` the files that were read, and those that were not.
pub(super) fn name_inputs(manifest: &mut Manifest, inputs: Vec<Input>, ledger: &Ledger) {
    let of = |file: &PassedOver| LeftAlone { path: file.path.display().to_string(), why: file.why.clone() };
    manifest.inputs = inputs;
    manifest.passed_over = ledger.passed_over.iter().map(of).collect();
}

/// The hashes that reading gave, or made now where it gave none.
pub(super) fn input_hashes(files: &[FileLedger]) -> Result<Vec<String>, Error> {
    let hash = |file: &FileLedger| match &file.sha256 {
        Some(digest) => Ok(hex(digest)),
        None => sha256_of(&file.path).map_err(|e| {
            let position = Position { path: file.path.display().to_string(), ..Position::default() };
            Error::Input(vec![
                Diagnostic::error(codes::F301, format!("cannot be read again: {e}")).at(position),
            ])
        }),
    };
    files.iter().map(hash).collect()
}

/// Everything on this machine that a run is made from: none of it may be deleted by writing the report.
pub(super) fn files_read<'a>(
    input: &ingest::Plan,
    books: impl IntoIterator<Item = &'a Book>,
    others: impl IntoIterator<Item = &'a Path>,
) -> Vec<PathBuf> {
    let mut all = input.files.clone();
    all.push(input.profile.path.clone().into());
    all.extend(books.into_iter().flat_map(|book| &book.files).map(|file| file.path.clone().into()));
    all.extend(others.into_iter().map(Path::to_owned));
    all
}

pub(super) fn manifest(audit: &Audit, ledger: &Ledger, inputs: Vec<Input>) -> Manifest {
    let mut manifest = manifest_of(&audit.command, &audit.input.profile, std::slice::from_ref(&audit.book));
    manifest.theme = audit.theme.file.clone();
    name_inputs(&mut manifest, inputs, ledger);
    manifest
}

/// A manifest of the command, the profile and every file of some books, each file once.
pub(super) fn manifest_of(command: &[String], profile: &Profile, books: &[Book]) -> Manifest {
    let hashed = Hashed { path: profile.path.clone(), sha256: sha256(profile.source.as_bytes()) };
    let mut manifest = Manifest::new(command.to_vec(), hashed);
    for file in books.iter().flat_map(|book| &book.files) {
        let hashed = Hashed { path: file.path.clone(), sha256: sha256(&file.bytes) };
        if !manifest.policy.contains(&hashed) {
            manifest.policy.push(hashed);
        }
    }
    manifest
}

pub(super) fn query_entries(queries: &[Query], made: &Made) -> Vec<QueryEntry> {
    let entry = |query: &Query| QueryEntry {
        name: query.name.clone(),
        sha256: sha256(query.sql.as_bytes()),
        skipped_for: made.skipped.iter().find(|s| s.query == query.name).map(|s| s.missing.clone()),
    };
    queries.iter().map(entry).collect()
}

pub(super) fn write_rejected(ingested: &Ingested, draft: &Draft) -> Result<(), Error> {
    draft.write_with("rejected.csv", |file| ingested.ledger.rejected.write(file))
}

/// What is written where too many rows were rejected: which, and the ledger.
pub(super) fn write_ledger(audit: &Audit, ingested: &Ingested, draft: &Draft) -> Result<(), Error> {
    write_rejected(ingested, draft)?;
    let ledger = &ingested.ledger;
    let mut manifest = manifest(audit, ledger, inputs(&ledger.files, &input_hashes(&ledger.files)?));
    manifest.complete = false;
    write_manifest(draft, manifest)
}

pub(super) fn write_manifest(draft: &Draft, mut manifest: Manifest) -> Result<(), Error> {
    manifest.outputs =
        hash_folder(&draft.path()).map_err(|e| internal(&format!("own files cannot be read: {e}")))?;
    let bytes = manifest.to_json().map_err(|e| internal(&format!("manifest: {e}")))?;
    draft.write(MANIFEST, &bytes)
}
