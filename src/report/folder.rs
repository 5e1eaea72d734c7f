//! The one place that writes a report folder: into a temporary sibling, renamed whole. A crash leaves the old
//! report or the new one, and a folder that is no report of ours is never touched (SPEC 13).

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::codes;
use crate::diag::{Diagnostic, Error, Position};

use super::baseline;
use super::manifest;

/// What may stand where a folder is to be written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Replaces {
    /// A report of ours with no file in it but those that its manifest lists, and nothing else, not even an empty folder.
    #[default]
    Report,
    /// A report of ours with whatever lies in its folder: its owner insists.
    ReportAndMore,
    /// An empty folder, or a baseline of ours with no file in it but a baseline's.
    Baseline,
}

/// A report folder in the making.
pub struct Draft {
    /// Holds the new folder, and the old one once they have changed places; gone with everything in it when
    /// the draft is dropped.
    sibling: TempDir,
    out: PathBuf,
    /// As the user gave it: for messages.
    shown: PathBuf,
    replaces: Replaces,
}

impl Draft {
    /// Begins the folder that will stand at `out`, in place of what `replaces` allows. What stands there goes whole, so
    /// none of the files `read`, which the run is made from, may lie in it.
    ///
    /// # Errors
    /// F401 where anything else stands at `out`, or one of the files in it; F402 where nothing can be written beside it.
    pub fn begin(out: &Path, replaces: Replaces, read: &[PathBuf]) -> Result<Draft, Error> {
        // A link to a report stays a link: what it points to is replaced.
        let shown = out.to_owned();
        let out = fs::canonicalize(out).unwrap_or_else(|_| out.to_owned());
        refuse_read(&out, &shown, read)?;
        refuse_foreign(&out, &shown, replaces)?;
        let parent = out.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(parent).map_err(|e| cannot_write(parent, &e))?;
        let sibling = TempDir::with_prefix_in(".slaudit-", parent).map_err(|e| cannot_write(parent, &e))?;
        fs::create_dir(sibling.path().join("new")).map_err(|e| cannot_write(&shown, &e))?;
        Ok(Draft { sibling, out, shown, replaces })
    }

    /// Whether [`Draft::begin`] would refuse `out`: before work is done for nothing.
    ///
    /// # Errors
    /// F401.
    pub fn may_replace(out: &Path, replaces: Replaces, read: &[PathBuf]) -> Result<(), Error> {
        let there = fs::canonicalize(out).unwrap_or_else(|_| out.to_owned());
        refuse_read(&there, out, read)?;
        refuse_foreign(&there, out, replaces)
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
        refuse_foreign(&self.out, &self.shown, self.replaces)?;
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

/// Refuses anything at `out` but nothing, or what may be replaced.
fn refuse_foreign(out: &Path, shown: &Path, replaces: Replaces) -> Result<(), Error> {
    if out.symlink_metadata().is_err() {
        return Ok(());
    }
    let (foreign, hint) = match replaces {
        Replaces::Report | Replaces::ReportAndMore => {
            let others = manifest::not_listed(out).map_err(|e| cannot_write(shown, &e))?;
            match others {
                None => {
                    (Some(NO_REPORT.to_owned()), "give another folder with `--out`, or move this one away")
                }
                Some(others) if replaces == Replaces::Report && !others.is_empty() => {
                    let message = format!(
                        "holds {}, which its `manifest.json` does not list: no report of slaudit \
                        made that, and it would be deleted with the old report; nothing was changed",
                        some(&others)
                    );
                    let hint = "move that away, give another folder with `--out`, or insist with `--replace`";
                    (Some(message), hint)
                }
                Some(_) => return Ok(()),
            }
        }
        Replaces::Baseline if names(out).is_ok_and(|names| names.is_empty()) => return Ok(()),
        Replaces::Baseline => {
            (baseline::foreign(out), "give another folder with `--baseline`, or move what is there away")
        }
    };
    foreign.map_or(Ok(()), |message| Err(in_the_way(shown, message, hint)))
}

const NO_REPORT: &str =
    "exists and is not a report of slaudit: it has no `manifest.json` of ours; nothing was changed";

/// Refuses to delete what the run is made from.
fn refuse_read(out: &Path, shown: &Path, read: &[PathBuf]) -> Result<(), Error> {
    let lies_in_it = |path: &&PathBuf| fs::canonicalize(path).is_ok_and(|path| path.starts_with(out));
    let Some(path) = read.iter().find(lies_in_it).filter(|_| out.is_dir()) else { return Ok(()) };
    let message = format!(
        "holds `{}`, which this run reads, and which would be deleted with the old folder; nothing was changed",
        path.display()
    );
    Err(in_the_way(shown, message, "move the file out of the folder, or name another folder"))
}

fn in_the_way(path: &Path, message: String, hint: &str) -> Error {
    let position = Position { path: path.display().to_string(), ..Position::default() };
    Error::Output(Diagnostic::error(codes::F401, message).at(position).hint(hint))
}

/// The names in a folder, sorted.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// Names of what stands in the way that a message has at most.
const MOST_NAMES: usize = 5;

/// The first names, and how many more there are.
fn some(names: &[String]) -> String {
    let more = names.len().saturating_sub(MOST_NAMES);
    let shown: Vec<String> = names.iter().take(MOST_NAMES).map(|name| format!("`{name}`")).collect();
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    shown.join(", ") + &more
}

/// Writes `files` (paths with `/` between folders, and their texts) into `out`, which is made where it is not there.
/// In place, so that a shell that stands in the folder goes on standing there. Nothing is ever overwritten.
///
/// # Errors
/// F401 where anything stands in `out` but the `.git` of a new repository; F402.
pub fn fill(out: &Path, files: &[(&str, &str)]) -> Result<(), Error> {
    fs::create_dir_all(out).map_err(|e| cannot_write(out, &e))?;
    let mut there = names(out).map_err(|e| cannot_write(out, &e))?;
    there.retain(|name| name != ".git");
    if !there.is_empty() {
        let message = format!("is not empty: {} would be in the way; nothing was changed", some(&there));
        return Err(in_the_way(out, message, "name a new folder, or one that is empty but for `.git`"));
    }
    for (name, text) in files {
        let path = out.join(name);
        let put = || {
            path.parent().map_or(Ok(()), fs::create_dir_all)?;
            io::Write::write_all(&mut fs::File::create_new(&path)?, text.as_bytes())
        };
        put().map_err(|e| cannot_write(&path, &e))?;
    }
    Ok(())
}

fn cannot_write(path: &Path, error: &io::Error) -> Error {
    Error::Output(
        Diagnostic::error(codes::F402, format!("cannot write: {error}"))
            .at(Position { path: path.display().to_string(), ..Position::default() }),
    )
}
