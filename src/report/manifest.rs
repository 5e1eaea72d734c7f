//! `manifest.json`: from what, with what and into what a report was made, so that anyone can make it again
//! and see that nothing was changed. It holds no time of day of the run: same inputs, same bytes.

use std::collections::BTreeMap;
use std::fs::File;
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
    #[derive(Deserialize)]
    struct Kind {
        kind: String,
    }
    serde_json::from_slice::<Kind>(bytes).is_ok_and(|m| m.kind == KIND)
}

/// SHA-256 of `bytes`, lower-case hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// SHA-256 of a file, read piece by piece.
///
/// # Errors
/// Whatever reading gives.
pub fn sha256_of(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
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

/// Every file under `folder` with its hash, by name with `/` between folders.
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
        by_size.push((folder.join(name).metadata()?.len(), i));
    }
    by_size.sort_unstable();
    let hash = |(_, i): (u64, usize)| Ok((i, sha256_of(&folder.join(&names[i]))?));
    let hashes: io::Result<Vec<(usize, String)>> =
        by_size.into_par_iter().rev().with_max_len(1).map(hash).collect();
    let mut hashes = hashes?;
    hashes.sort_unstable();
    let hashed = |(path, (_, sha256))| Hashed { path, sha256 };
    Ok(names.into_iter().zip(hashes).map(hashed).collect())
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
