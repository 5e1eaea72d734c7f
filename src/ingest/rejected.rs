//! Rows that cannot be used: kept as the bytes of `rejected.csv`, in memory up to a bound and in a temporary file
//! beyond it, so that a hopeless input costs no memory. It does not decide what is rejected.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::Mutex;

/// Bytes of rejected rows held in memory.
const IN_MEMORY: usize = 8 << 20;

/// The header of `rejected.csv`.
pub(super) const HEADER: [&str; 6] = ["file", "line", "column", "code", "expected", "raw"];

#[derive(Debug)]
enum Part {
    Memory(Vec<u8>),
    Disk { from: u64, length: u64 },
}

#[derive(Debug, Default)]
struct Store {
    parts: Vec<(u32, Part)>,
    held: usize,
    spill: Option<File>,
    spilled: u64,
}

/// All rejected rows of an input, block by block.
#[derive(Debug, Default)]
pub struct Rejected {
    store: Mutex<Store>,
}

impl Rejected {
    /// Takes the rows of block `sequence`, already as CSV.
    pub(super) fn put(&self, sequence: u32, rows: Vec<u8>) -> io::Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let mut guard = self.store.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let store = &mut *guard;
        if store.held + rows.len() <= IN_MEMORY {
            store.held += rows.len();
            store.parts.push((sequence, Part::Memory(rows)));
            return Ok(());
        }
        if store.spill.is_none() {
            store.spill = Some(tempfile::tempfile()?);
        }
        if let Some(file) = &mut store.spill {
            file.seek(SeekFrom::Start(store.spilled))?;
            file.write_all(&rows)?;
        }
        let length = rows.len() as u64;
        store.parts.push((sequence, Part::Disk { from: store.spilled, length }));
        store.spilled += length;
        Ok(())
    }

    /// Writes `rejected.csv`: a header, then every rejected row in order of the input. Bytes of `raw` are the
    /// row's own, whatever they are; a cell that a spreadsheet could run, or that starts with an apostrophe, has
    /// one apostrophe in front, so that taking one leading apostrophe away gives the original (SPEC 13).
    ///
    /// # Errors
    /// Those of `out` and of the temporary file.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut guard = self.store.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let store = &mut *guard;
        store.parts.sort_by_key(|part| part.0);
        writeln!(out, "{}", HEADER.join(","))?;
        for (_, part) in &store.parts {
            match (part, &mut store.spill) {
                (Part::Memory(rows), _) => out.write_all(rows)?,
                (Part::Disk { from, length }, Some(file)) => {
                    file.seek(SeekFrom::Start(*from))?;
                    io::copy(&mut file.take(*length), out)?;
                }
                (Part::Disk { .. }, None) => {}
            }
        }
        Ok(())
    }
}

/// `cell` as it is safe in a spreadsheet; see [`Rejected::write`].
pub(super) fn neutral(cell: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    match cell.first() {
        Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r' | b'\'') => [b"'", cell].concat().into(),
        _ => cell.into(),
    }
}
