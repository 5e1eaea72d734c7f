//! The one place that writes a report folder: into a temporary sibling, renamed whole. A crash leaves the old
//! report or the new one, and a folder that is no report of ours is never touched (SPEC 13).

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::codes;
use crate::diag::{Diagnostic, Error, Position};

use super::manifest::{self, MANIFEST};

/// A report folder in the making.
pub struct Draft {
    /// Holds the new folder, and the old one once they have changed places; gone with everything in it when
    /// the draft is dropped.
    sibling: TempDir,
    out: PathBuf,
    /// As the user gave it: for messages.
    shown: PathBuf,
}

impl Draft {
    /// Begins the folder that will stand at `out`.
    ///
    /// # Errors
    /// F401 where something stands at `out` that is no report of ours; F402 where nothing can be written
    /// beside it.
    pub fn begin(out: &Path) -> Result<Draft, Error> {
        // A link to a report stays a link: what it points to is replaced.
        let shown = out.to_owned();
        let out = fs::canonicalize(out).unwrap_or_else(|_| out.to_owned());
        refuse_foreign(&out, &shown)?;
        let parent = out.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(parent).map_err(|e| cannot_write(parent, &e))?;
        let sibling = TempDir::with_prefix_in(".slaudit-", parent).map_err(|e| cannot_write(parent, &e))?;
        fs::create_dir(sibling.path().join("new")).map_err(|e| cannot_write(&shown, &e))?;
        Ok(Draft { sibling, out, shown })
    }

    /// Where files are written until [`Draft::publish`].
    pub fn path(&self) -> PathBuf {
        self.sibling.path().join("new")
    }

    /// Creates the folder `name` in it.
    ///
    /// # Errors
    /// F402.
    pub fn folder(&self, name: &str) -> Result<PathBuf, Error> {
        let path = self.path().join(name);
        fs::create_dir(&path).map_err(|e| cannot_write(&self.shown.join(name), &e))?;
        Ok(path)
    }

    /// Writes the file `name` (relative, `/` between folders).
    ///
    /// # Errors
    /// F402.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        fs::write(self.path().join(name), bytes).map_err(|e| cannot_write(&self.shown.join(name), &e))
    }

    /// Writes the file `name` piece by piece.
    ///
    /// # Errors
    /// F402.
    pub fn write_with(
        &self,
        name: &str,
        write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>,
    ) -> Result<(), Error> {
        let put = || {
            let mut file = io::BufWriter::new(fs::File::create(self.path().join(name))?);
            write(&mut file)?;
            io::Write::flush(&mut file)
        };
        put().map_err(|e| cannot_write(&self.shown.join(name), &e))
    }

    /// Puts the finished folder in its place.
    ///
    /// # Errors
    /// F401 where something foreign has come to stand there meanwhile, F402.
    pub fn publish(self) -> Result<(), Error> {
        refuse_foreign(&self.out, &self.shown)?;
        let result = if self.out.exists() { self.exchange() } else { fs::rename(self.path(), &self.out) };
        result.map_err(|e| cannot_write(&self.shown, &e))
    }

    /// Old and new change places at one instant where the system can do that, else in two steps.
    fn exchange(&self) -> io::Result<()> {
        if exchange_at_once(&self.path(), &self.out).is_ok() {
            return Ok(());
        }
        let old = self.sibling.path().join("old");
        fs::rename(&self.out, &old)?;
        fs::rename(self.path(), &self.out).or_else(|e| fs::rename(&old, &self.out).and(Err(e)))
    }
}

#[cfg(target_os = "linux")]
fn exchange_at_once(new: &Path, old: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, new, CWD, old, RenameFlags::EXCHANGE).map_err(io::Error::from)
}

#[cfg(not(target_os = "linux"))]
fn exchange_at_once(_new: &Path, _old: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Refuses anything at `out` but nothing or a report of ours.
fn refuse_foreign(out: &Path, shown: &Path) -> Result<(), Error> {
    let is_there = out.symlink_metadata().is_ok();
    if !is_there || fs::read(out.join(MANIFEST)).is_ok_and(|bytes| manifest::is_ours(&bytes)) {
        return Ok(());
    }
    let message =
        "exists and is not a report of slaudit: it has no `manifest.json` of ours; nothing was changed";
    Err(Error::Output(
        Diagnostic::error(codes::F401, message)
            .at(Position { path: shown.display().to_string(), ..Position::default() })
            .hint("give another folder with `--out`, or move this one away"),
    ))
}

fn cannot_write(path: &Path, error: &io::Error) -> Error {
    Error::Output(
        Diagnostic::error(codes::F402, format!("cannot write: {error}"))
            .at(Position { path: path.display().to_string(), ..Position::default() }),
    )
}
