//! Rows of parts that wait on disk, where the input has more of them than the plan lets wait in memory: one temporary
//! file for all parts, in which each finds its own again. It does not know what a part is.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::Mutex;

use super::read::lock;
use super::rows::Row;
use crate::history::Mark;

/// Bytes of a row.
pub(super) const WIDTH: usize = 24;

/// Rows that were put away together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent {
    from: u64,
    n: usize,
}

/// The temporary file; made when the first rows come, in the folder that the environment names for such files.
#[derive(Default)]
pub(super) struct Spill {
    file: Mutex<Option<(File, u64)>>,
}

impl Spill {
    /// Puts rows away.
    pub(super) fn put(&self, rows: &[Row]) -> io::Result<Extent> {
        let mut bytes = Vec::with_capacity(rows.len() * WIDTH);
        rows.iter().for_each(|row| push(&mut bytes, row));
        let mut guard = lock(&self.file);
        let (file, end) = match &mut *guard {
            Some(open) => open,
            none => none.insert((tempfile::tempfile()?, 0)),
        };
        file.seek(SeekFrom::Start(*end))?;
        file.write_all(&bytes)?;
        let extent = Extent { from: *end, n: rows.len() };
        *end += bytes.len() as u64;
        Ok(extent)
    }

    /// What was put away, with room for `n_more` rows behind it.
    pub(super) fn take(&self, extents: &[Extent], n_more: usize) -> io::Result<Vec<Row>> {
        let n: usize = extents.iter().map(|extent| extent.n).sum();
        let mut rows = Vec::with_capacity(n + n_more);
        let mut bytes = Vec::new();
        for extent in extents {
            bytes.resize(extent.n * WIDTH, 0);
            if let Some((file, _)) = &mut *lock(&self.file) {
                file.seek(SeekFrom::Start(extent.from))?;
                file.read_exact(&mut bytes)?;
            }
            rows.extend(bytes.chunks_exact(WIDTH).filter_map(pull));
        }
        Ok(rows)
    }
}

fn push(bytes: &mut Vec<u8>, row: &Row) {
    let Row { at, case, actor, number, status, mark, flags } = row;
    bytes.extend_from_slice(&at.to_le_bytes());
    [case, actor, number].iter().for_each(|word| bytes.extend_from_slice(&word.to_le_bytes()));
    bytes.extend_from_slice(&status.to_le_bytes());
    bytes.extend_from_slice(&[mark.bits(), *flags]);
}

/// What [`push`] wrote.
fn pull(bytes: &[u8]) -> Option<Row> {
    let (at, rest) = bytes.split_first_chunk()?;
    let (case, rest) = rest.split_first_chunk()?;
    let (actor, rest) = rest.split_first_chunk()?;
    let (number, rest) = rest.split_first_chunk()?;
    let (status, rest) = rest.split_first_chunk()?;
    let &[mark, flags] = rest.first_chunk()?;
    Some(Row {
        at: i64::from_le_bytes(*at),
        case: u32::from_le_bytes(*case),
        actor: u32::from_le_bytes(*actor),
        number: u32::from_le_bytes(*number),
        status: u16::from_le_bytes(*status),
        mark: Mark::of_bits(mark),
        flags,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::Spill;
    use crate::history::{EventKind, Mark, Role};
    use crate::ingest::rows::Row;

    /// Rows that differ in everything.
    fn rows(from: u32) -> Vec<Row> {
        let row = |i: u32| Row {
            at: i64::from(i) * -7_000_000_001,
            case: i,
            actor: u32::MAX - i,
            number: i * 2 + 1,
            status: i as u16 * 3,
            mark: Mark::new(EventKind::Note, Role::Agent, i as u8 % 10),
            flags: i as u8,
        };
        (from..from + 40).map(row).collect()
    }

    #[test]
    fn what_was_put_away_comes_back_in_its_order() {
        let spill = Spill::default();
        let first = spill.put(&rows(0)).unwrap();
        spill.put(&rows(100)).unwrap();
        let second = spill.put(&rows(40)).unwrap();
        let expected = [rows(0), rows(40)].concat();
        assert_eq!(format!("{:?}", spill.take(&[first, second], 1).unwrap()), format!("{expected:?}"));
    }
}
