//! What the id of a case is (SPEC 3.6), in every format alike: text without blanks of any kind around it, a whole number
//! without decimals. Spreadsheets and data frames turn a column of ids into floats as soon as one cell of it is empty, and
//! two tables then share no case. What is changed is counted, so that a report can say so. Nearly all ids stand as they
//! are: a look at their ends tells, and only what looks otherwise is looked at whole.

use super::blanks;
use super::ledger::FileLedger;
use super::words::text;

/// How many rows have an id that is not read as it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangedIds {
    /// Rows whose id has no-break blanks or characters without width around it.
    pub n_blanks: u64,
    /// Rows whose id is a whole number with decimals.
    pub n_decimals: u64,
    /// Rows whose id is a whole number in a column of floats.
    pub n_floats: u64,
    /// The first of those that show it, as it stands.
    pub example: Option<String>,
}

/// What of an id is not as it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Change {
    blanks: bool,
    decimals: bool,
}

impl Change {
    /// Anything at all.
    pub(super) fn is_any(self) -> bool {
        self.blanks || self.decimals
    }
}

/// False for an id that is surely read as it stands: it begins and ends with a character of plain text, and not with a zero
/// that may be a decimal.
#[inline(always)]
pub(super) fn may_change(id: &[u8]) -> bool {
    let (Some(&first), Some(&last)) = (id.first(), id.last()) else { return false };
    let is_plain = |byte: u8| (b'!'..0x7F).contains(&byte);
    !is_plain(first) || !is_plain(last) || last == b'0' && has_decimals(id)
}

/// True where `id` ends in a point and zeros.
fn has_decimals(id: &[u8]) -> bool {
    let n_zeros = id.iter().rev().take_while(|byte| **byte == b'0').count();
    id[..id.len() - n_zeros].last() == Some(&b'.')
}

/// The id in a cell, and what of the cell it is without. The cell is without plain blanks around it.
#[inline]
pub(super) fn clean(cell: &[u8]) -> (&[u8], Change) {
    if may_change(cell) { cleaned(cell) } else { (cell, Change::default()) }
}

#[cold]
fn cleaned(cell: &[u8]) -> (&[u8], Change) {
    let Ok(text) = std::str::from_utf8(cell) else { return (cell, Change::default()) };
    let id = blanks::trim(text);
    let blanks = id.len() < cell.len();
    let whole = id.split_once('.').filter(|(whole, decimals)| {
        let digits = whole.strip_prefix('-').unwrap_or(whole);
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_number && !decimals.is_empty() && decimals.bytes().all(|byte| byte == b'0')
    });
    let id_bytes = whole.map_or(id, |(whole, _)| whole).as_bytes();
    (id_bytes, Change { blanks, decimals: whole.is_some() })
}

/// Words that mean that there is no id: what databases, data frames and spreadsheets write in place of nothing.
const NONE: [&[u8]; 9] = [b"nan", b"null", b"(null)", b"none", b"<na>", b"nat", b"n/a", b"#n/a", b"\\n"];

/// True for such a word, case aside.
pub(super) fn is_none(id: &[u8]) -> bool {
    id.len() <= 6 && NONE.iter().any(|word| id.eq_ignore_ascii_case(word))
}

impl ChangedIds {
    /// Counts `n` rows whose id stands in `cell`.
    pub(super) fn add(&mut self, change: Change, cell: &[u8], n: u64) {
        if n == 0 || !change.is_any() {
            return;
        }
        self.n_blanks += if change.blanks { n } else { 0 };
        self.n_decimals += if change.decimals { n } else { 0 };
        self.example.get_or_insert_with(|| text(cell).chars().take(40).collect());
    }

    /// Takes over what comes after it.
    pub(super) fn append(&mut self, other: ChangedIds) {
        self.n_blanks += other.n_blanks;
        self.n_decimals += other.n_decimals;
        self.n_floats += other.n_floats;
        self.example = self.example.take().or(other.example);
    }
}

/// A sentence for each file and each kind of change.
pub(super) fn notes(files: &[FileLedger]) -> Vec<String> {
    let rows = |n: u64| if n == 1 { "1 row".to_owned() } else { format!("{n} rows") };
    let mut all = Vec::new();
    for FileLedger { path, ids, .. } in files {
        let path = path.display();
        let example = ids.example.as_deref().map(blanks::shown);
        let such = example.map_or_else(String::new, |example| format!(", such as `{example}`"));
        if ids.n_blanks > 0 {
            let n = rows(ids.n_blanks);
            all.push(format!(
                "case ids of `{path}` are read without the unseen blanks around them{such}: {n}"
            ));
        }
        if ids.n_decimals > 0 {
            let n = rows(ids.n_decimals);
            all.push(format!(
                "case ids of `{path}` that are whole numbers are read without decimals{such}: {n}"
            ));
        }
        if ids.n_floats > 0 {
            let n = rows(ids.n_floats);
            all.push(format!(
                "case ids of `{path}` are stored as numbers with decimals, and read without: {n}"
            ));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::{clean, is_none};

    #[test]
    fn only_whole_numbers_with_decimals_and_blanks_at_the_ends_are_changed() {
        for (cell, id) in [
            ("1001.0", "1001"),
            ("1001.000", "1001"),
            ("-5.0", "-5"),
            ("0.0", "0"),
            ("\u{A0}1001.0\u{200B}", "1001"),
            ("\u{FEFF}A 1\u{202F}", "A 1"),
            ("\u{3000}Zoë\u{2060}", "Zoë"),
            ("\u{A0}\u{A0}", ""),
        ] {
            let (found, change) = clean(cell.as_bytes());
            assert_eq!(std::str::from_utf8(found).unwrap(), id, "{cell}");
            assert!(change.is_any(), "{cell}");
        }
        for kept in [
            "007", "7", "7.5", "1.0.0", "1e3", "A 1", "-", "1.", ".0", "v1.0", "10", "100", "1,000.0", "é0",
            "-.0", "",
        ] {
            assert_eq!(clean(kept.as_bytes()), (kept.as_bytes(), super::Change::default()), "{kept}");
        }
        for word in ["NaN", "NULL", "(null)", "<NA>", "None", "NaT", "N/A", "#N/A", "\\N"] {
            assert!(is_none(word.as_bytes()), "{word}");
        }
        for id in ["-", "0", "NA", "nil", "None-1"] {
            assert!(!is_none(id.as_bytes()), "{id}");
        }
    }
}
