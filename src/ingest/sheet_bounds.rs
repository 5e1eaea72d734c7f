//! What a sheet of a workbook may claim: rows and columns within the format's bounds, shared texts that there is room for,
//! and rows that cost what they hold. It writes no rows.
//!
//! A row is written up to its last cell, so that one stray cell in column XFD would make 16,384 fields of every row. Of the
//! columns beyond the first [`NEAR`] only those that have a cell in some row get a field, closed up behind the others; and
//! where the first row reaches so far, which is the header of most sheets, of all columns. Few sheets have any, so rows are
//! written until one is met, and only then is the sheet looked through. Whether a column has a field must not depend on how
//! many rows are read: the header is read first, by itself.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek};

use calamine::{DataRef, Xlsx};

/// Columns of a sheet: the format's bound.
const COLUMNS_MAX: u32 = 16_384;
/// Rows of a sheet: the format's bound.
const ROWS_MAX: u32 = 1_048_576;
/// Columns that every sheet may have without being looked through.
const NEAR: u32 = 256;
/// Fields that rows may come to where most of them are empty: as many as all rows have in the near columns.
const FIELDS_FREE: u64 = ROWS_MAX as u64 * NEAR as u64;
/// Beyond that, fields for each cell.
const FIELDS_A_CELL: u64 = 16;
/// Bytes of the shortest shared text, `<si/>`.
const TEXT_LEAST: u64 = 5;

/// Which field of a row each column is.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// The columns that have a field, ascending; `None`: not looked through yet, and the near ones are as they stand.
    columns: Option<Vec<u32>>,
}

impl Places {
    /// The field of `column`; `None`: the sheet has to be looked through first ([`Places::of_sheet`]).
    pub(super) fn field(&self, column: u32) -> Option<usize> {
        match &self.columns {
            None => (column < NEAR).then_some(column as usize),
            Some(columns) => columns.binary_search(&column).ok(),
        }
    }

    /// Of all cells of `sheet`.
    ///
    /// # Errors
    /// A damaged sheet, a cell beyond the bounds, or rows that are empty for the most part and yet too many.
    pub(super) fn of_sheet(
        book: &mut Xlsx<BufReader<File>>,
        sheet: &str,
    ) -> Result<Places, Box<dyn std::error::Error>> {
        let mut cells = book.worksheet_cells_reader(sheet)?;
        let mut has_cell = vec![false; COLUMNS_MAX as usize];
        let (mut n_cells, mut n_rows, mut last, mut is_first_far) = (0_u64, 0_u64, None, false);
        while let Some(cell) = cells.next_cell()? {
            if *cell.get_value() == DataRef::Empty {
                continue;
            }
            let (row, column) = cell.get_position();
            within(sheet, row, column)?;
            has_cell[column as usize] = true;
            n_cells += 1;
            n_rows += u64::from(last.replace(row) != Some(row));
            is_first_far |= n_rows == 1 && column >= NEAR;
        }
        let has_field = |column: &u32| has_cell[*column as usize] || (*column < NEAR && !is_first_far);
        let columns: Vec<u32> = (0..COLUMNS_MAX).filter(has_field).collect();
        if n_rows * columns.len() as u64 > FIELDS_FREE.max(n_cells * FIELDS_A_CELL) {
            return Err(format!(
                "sheet `{sheet}` has {n_rows} rows with cells in {} columns, and nearly all of them are empty: delete the \
                 columns that are not needed, or save it as CSV",
                columns.len()
            )
            .into());
        }
        Ok(Places { columns: Some(columns) })
    }
}

/// Refuses a cell, counted from 0, where no sheet can have one.
///
/// # Errors
/// Its place, in words.
pub(super) fn within(sheet: &str, row: u32, column: u32) -> Result<(), String> {
    if row < ROWS_MAX && column < COLUMNS_MAX {
        return Ok(());
    }
    let (row, column) = (u64::from(row) + 1, u64::from(column) + 1);
    Err(format!(
        "sheet `{sheet}` has a cell in row {row}, column {column}: a workbook has at most {ROWS_MAX} rows and {COLUMNS_MAX} \
         columns"
    ))
}

/// Refuses a workbook that promises more shared texts than there is room for: memory is taken for as many before any of
/// them is read.
///
/// # Errors
/// What it promises, or that it cannot be unpacked.
pub(super) fn check_texts<R: Read + Seek>(
    zip: &mut zip::ZipArchive<R>,
) -> Result<(), Box<dyn std::error::Error>> {
    let is_texts = |name: &str| name.to_ascii_lowercase().ends_with("sharedstrings.xml");
    let name = |i| zip.name_for_index(i).and_then(Result::ok);
    let parts: Vec<usize> = (0..zip.len()).filter(|&i| name(i).is_some_and(|name| is_texts(&name))).collect();
    for i in parts {
        let part = zip.by_index(i)?;
        let most = part.size() / TEXT_LEAST + 1;
        let promised = promised(&mut BufReader::new(part))?;
        if promised.is_some_and(|n| n > most) {
            return Err("it promises more shared texts than it has room for: it is damaged".into());
        }
    }
    Ok(())
}

/// The number in `uniqueCount` of the first element; one that is too large for a number is the largest.
fn promised(part: &mut impl BufRead) -> std::io::Result<Option<u64>> {
    loop {
        let mut tag = Vec::new();
        part.read_until(b'>', &mut tag)?;
        let Some(start) = tag.iter().position(|&byte| byte == b'<') else { return Ok(None) };
        let is_comment = tag[start..].starts_with(b"<!--");
        while is_comment && !tag.ends_with(b"-->") {
            if part.read_until(b'>', &mut tag)? == 0 {
                return Ok(None);
            }
        }
        if matches!(tag.get(start + 1), Some(b'?' | b'!')) {
            continue;
        }
        let text = String::from_utf8_lossy(&tag[start..]);
        let Some((_, rest)) = text.split_once("uniqueCount") else { return Ok(None) };
        let digits = rest.trim_start_matches([' ', '\t', '\r', '\n', '=', '"', '\'', '+']);
        let n = digits.bytes().take_while(u8::is_ascii_digit).count();
        return Ok((n > 0).then(|| digits[..n].parse().unwrap_or(u64::MAX)));
    }
}

#[cfg(test)]
mod tests {
    use super::{Places, promised, within};

    #[test]
    fn far_columns_are_closed_up() {
        let places = Places { columns: Some(vec![0, 2, 300, 16_383]) };
        let fields = [0, 2, 300, 16_383, 256].map(|column| places.field(column));
        assert_eq!(fields, [Some(0), Some(1), Some(2), Some(3), None]);
        assert_eq!([255, 256].map(|column| Places::default().field(column)), [Some(255), None]);
    }

    #[test]
    fn a_cell_lies_within_the_format() {
        assert!(within("S", 1_048_575, 16_383).is_ok());
        assert!(within("S", 1_048_576, 0).is_err_and(|e| e.contains("row 1048577, column 1:")));
        assert!(within("S", u32::MAX, u32::MAX).is_err());
    }

    #[test]
    fn what_is_promised_stands_in_the_first_element() {
        let of = |text: &str| promised(&mut text.as_bytes()).ok().flatten();
        assert_eq!(of("<?xml version=\"1.0\"?>\n<sst count=\"9\" uniqueCount = '12'><si/></sst>"), Some(12));
        assert_eq!(
            of("<!-- <sst uniqueCount=\"1\"> --><x:sst uniqueCount=\"99999999999999999999\">"),
            Some(u64::MAX)
        );
        assert_eq!(of("<sst><si><t>uniqueCount=\"7\"</t></si></sst>"), None);
        assert_eq!(of("no tag"), None);
        assert_eq!(of("<!-- open > "), None);
    }
}
