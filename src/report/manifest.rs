//! `manifest.json`: from what, with what and into what a report was made, so that anyone can make it again
//! and see that nothing was changed. It holds no time of day of the run: same inputs, same bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The file's name in a report folder.
pub const MANIFEST: &str = "manifest.json";

const KIND: &str = "slaudit report";

/// What `manifest.json` says.
#[derive(Clone, Debug, Serialize)]
pub struct Manifest {
    /// Tells a report folder of ours from any other.
    kind: &'static str,
    /// False where too many rows were rejected and only the ledger was written.
    pub complete: bool,
    /// Version of slaudit.
    pub version: &'static str,
    /// Release of the time-zone data: `2026f`.
    pub zone_data: String,
    /// The folder that it was taken from; absent: the binary's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone_folder: Option<String>,
    /// The command's arguments, exactly.
    pub command: Vec<String>,
    /// The instant at which open things were judged, RFC 3339 UTC; absent where there was no event.
    pub as_of: Option<String>,
    /// The profile.
    pub profile: Hashed,
    /// Every file of the policy; the built-in one under its name.
    pub policy: Vec<Hashed>,
    /// The file of colours and logo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub theme: Option<Hashed>,
    /// Every input file with its row ledger, in order of the command line.
    pub inputs: Vec<Input>,
    /// Files of the folders that were named which are not read, and why; absent where all were.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub passed_over: Vec<LeftAlone>,
    /// Every query that was run, and what it needs that the facts do not have where it was skipped.
    pub queries: Vec<QueryEntry>,
    /// Every file of the report but this one, by name.
    pub outputs: Vec<Hashed>,
}

/// A file, or a built-in text, and its SHA-256.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hashed {
    /// Path as given, or name.
    pub path: String,
    /// Lower-case hexadecimal.
    pub sha256: String,
}

/// An input file and what became of its rows: read = used + duplicate + rejected (SPEC 3.4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Input {
    /// Path as given.
    pub path: String,
    /// Lower-case hexadecimal.
    pub sha256: String,
    /// Rows read, the header not counted.
    pub rows_read: u64,
    /// Rows that became events.
    pub rows_used: u64,
    /// Rows equal to an earlier one.
    pub rows_duplicate: u64,
    /// Rows that could not be used: they stand in `rejected.csv`.
    pub rows_rejected: u64,
    /// Of them by code.
    pub rejected_by_code: BTreeMap<String, u64>,
}

/// A file that was not read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LeftAlone {
    /// As it would have been read.
    pub path: String,
    /// What it is, or why it was left alone.
    pub why: String,
}

/// A query and its SHA-256.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QueryEntry {
    /// Its name: `tables/NAME.csv`.
    pub name: String,
    /// Of its text.
    pub sha256: String,
    /// The column for want of which it was skipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skipped_for: Option<String>,
}

impl Manifest {
    /// Of this version, with nothing in it yet but the command.
    pub fn new(command: Vec<String>, profile: Hashed) -> Manifest {
        let zones = crate::zones::release();
        Manifest {
            kind: KIND,
            complete: true,
            version: env!("CARGO_PKG_VERSION"),
            zone_data: zones.name,
            zone_folder: zones.folder,
            command,
            as_of: None,
            profile,
            policy: Vec::new(),
            theme: None,
            inputs: Vec::new(),
            passed_over: Vec::new(),
            queries: Vec::new(),
            outputs: Vec::new(),
        }
    }

    /// The file's bytes.
    ///
    /// # Errors
    /// None for what a manifest holds; the serializer's own type is passed on.
    pub fn to_json(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}

/// What is read back of a manifest, of this version or another.
#[derive(Clone, Debug, Deserialize)]
pub struct Recorded {
    kind: String,
    /// False where only the ledger was written.
    pub complete: bool,
    /// Version of slaudit that made the report.
    pub version: String,
    /// Release of the time-zone data; empty in a manifest that does not tell.
    #[serde(default)]
    pub zone_data: String,
    /// The folder that it was taken from.
    pub zone_folder: Option<String>,
    /// The command's arguments.
    pub command: Vec<String>,
    /// The profile.
    pub profile: Hashed,
    /// Every file of the policy.
    pub policy: Vec<Hashed>,
    /// The file of colours and logo.
    pub theme: Option<Hashed>,
    /// Every input file.
    pub inputs: Vec<Hashed>,
    /// Every file of the report.
    pub outputs: Vec<Hashed>,
}

impl Recorded {
    /// Reads a manifest; `None` where it is none of ours.
    pub(super) fn read(bytes: &[u8]) -> Option<Recorded> {
        serde_json::from_slice::<Recorded>(bytes).ok().filter(|recorded| recorded.kind == KIND)
    }
}

/// True where `bytes` is the manifest of a report of ours.
pub(super) fn is_ours(bytes: &[u8]) -> bool {
    listed(bytes).is_some()
}

/// The files of a report by its manifest, itself included; `None` where `bytes` is none of ours.
fn listed(bytes: &[u8]) -> Option<BTreeSet<String>> {
    #[derive(Deserialize)]
    struct Listed {
        kind: String,
        #[serde(default)]
        outputs: Vec<Hashed>,
    }
    let listed = serde_json::from_slice::<Listed>(bytes).ok().filter(|listed| listed.kind == KIND)?;
    let own = std::iter::once(MANIFEST.to_owned());
    Some(own.chain(listed.outputs.into_iter().map(|file| file.path)).collect())
}

/// What file managers put into every folder that somebody looks at: nobody's work.
const LITTER: [&str; 3] = [".DS_Store", "Thumbs.db", "desktop.ini"];

/// The files in `folder` that its manifest does not list, by name; `None` where it has no manifest of ours.
///
/// # Errors
/// Whatever listing the folder gives.
pub(super) fn not_listed(folder: &Path) -> io::Result<Option<Vec<String>>> {
    let manifest = read_file(&folder.join(MANIFEST)).ok();
    let Some(listed) = manifest.and_then(|bytes| listed(&bytes)) else { return Ok(None) };
    let mut names = Vec::new();
    names_in(folder, "", &mut names)?;
    let is_litter = |name: &str| LITTER.iter().any(|litter| name.rsplit('/').next() == Some(litter));
    names.retain(|name| !listed.contains(name) && !is_litter(name));
    names.sort();
    Ok(Some(names))
}

/// Opens a regular file, or what a link to one points to, and gives its length. Nothing else is opened: a device gives
/// bytes without end, and a pipe waits for somebody who writes.
fn open_file(path: &Path) -> io::Result<(File, u64)> {
    let metadata = fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
    }
    Ok((File::open(path)?, metadata.len()))
}

/// The bytes of a regular file.
///
/// # Errors
/// Whatever reading gives, and where it is none.
pub(super) fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    let (file, length) = open_file(path)?;
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// SHA-256 of `bytes`, lower-case hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// SHA-256 of a regular file, read piece by piece. One that grows meanwhile is read up to a byte more than it had, which
/// makes it another one; one without bytes is not read, since such files of the system may give bytes without end.
///
/// # Errors
/// Whatever reading gives, and where it is no regular file.
pub fn sha256_of(path: &Path) -> io::Result<String> {
    let (file, length) = open_file(path)?;
    let mut file = file.take(if length == 0 { 0 } else { length + 1 });
    let mut digest = Sha256::new();
    let mut piece = vec![0; 1 << 16];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hex(&digest.finalize())),
            n => digest.update(&piece[..n]),
        }
    }
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Every file under `folder` with its hash, by name with `/` between folders. What is no regular file, links included, is
/// not read: its hash is empty.
///
/// # Errors
/// Whatever reading gives.
pub fn hash_folder(folder: &Path) -> io::Result<Vec<Hashed>> {
    let mut names = Vec::new();
    names_in(folder, "", &mut names)?;
    names.sort();
    // The largest is most of all: it is begun first, and the others are hashed beside it.
    let mut by_size: Vec<(u64, usize)> = Vec::with_capacity(names.len());
    for (i, name) in names.iter().enumerate() {
        let metadata = folder.join(name).symlink_metadata()?;
        if metadata.is_file() {
            by_size.push((metadata.len(), i));
        }
    }
    by_size.sort_unstable();
    let hash = |(_, i): (u64, usize)| Ok((i, sha256_of(&folder.join(&names[i]))?));
    let hashes: io::Result<Vec<(usize, String)>> =
        by_size.into_par_iter().rev().with_max_len(1).map(hash).collect();
    let mut all: Vec<Hashed> = names.into_iter().map(|path| Hashed { path, sha256: String::new() }).collect();
    for (i, sha256) in hashes? {
        all[i].sha256 = sha256;
    }
    Ok(all)
}

/// The names of all files under `folder`, in no order.
fn names_in(folder: &Path, prefix: &str, all: &mut Vec<String>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            names_in(&entry.path(), &format!("{name}/"), all)?;
        } else {
            all.push(name);
        }
    }
    Ok(())
}
