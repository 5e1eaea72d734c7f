//! An Excel workbook as text: one sheet as CSV, row for row, so that everything after sees lines of a file. Dates come out
//! in canonical form as local times, whole numbers without decimals, errors as what the cell shows. It knows no tables.

use std::fs::File;
use std::io::{self, BufReader, Error, ErrorKind, Seek, Write};

use calamine::{CellErrorType, DataRef, Reader, SheetType, SheetVisible, Xlsx};

use super::contents::{Bytes, GROWTH_FREE, RATIO_MAX};
use super::guard::guarded;
use super::sheet_bounds::{Places, check_texts, within};

/// CSV of so many bytes is kept in memory, more in a temporary file.
const KEPT: usize = 64 << 20;

/// A sheet that was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sheet {
    /// Its name.
    pub(super) name: String,
    /// Names of other sheets that can be seen and have cells, where the choice was not the table's.
    pub(super) passed_over: Vec<String>,
    /// Names of those that cannot be seen and have cells: none of them is ever chosen.
    pub(super) hidden: Vec<String>,
}

/// Chooses the sheet called `wanted`, or the first that can be seen and has a cell. Charts and macros are no sheets of rows.
///
/// # Errors
/// What is wrong with the workbook, in words.
pub(super) fn choose(file: File, wanted: Option<&str>) -> Result<Sheet, String> {
    let mut book = open(file)?;
    let sheets: Vec<(String, bool)> = book
        .sheets_metadata()
        .iter()
        .filter(|s| s.typ == SheetType::WorkSheet)
        .map(|s| (s.name.clone(), s.visible == SheetVisible::Visible))
        .collect();
    if let Some(wanted) = wanted {
        let found = sheets.iter().find(|(name, _)| name == wanted);
        let all = || sheets.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let sheet = |(name, _): &(String, bool)| Sheet {
            name: name.clone(),
            passed_over: Vec::new(),
            hidden: Vec::new(),
        };
        return found
            .map(sheet)
            .ok_or_else(|| format!("it has no sheet `{wanted}`: its sheets are {}", all()));
    }
    let (mut with_cells, mut hidden) = (Vec::new(), Vec::new());
    for (name, visible) in sheets {
        if has_cell(&mut book, &name)? {
            if visible { with_cells.push(name) } else { hidden.push(name) }
        }
    }
    let mut names = with_cells.into_iter();
    let name = names.next().ok_or("none of its sheets that can be seen has a cell")?;
    Ok(Sheet { name, passed_over: names.collect(), hidden })
}

impl Sheet {
    /// Another sheet in its place, one that was passed over.
    pub(super) fn instead(&self, name: &str) -> Sheet {
        let others = [&self.name].into_iter().chain(&self.passed_over).filter(|other| *other != name);
        Sheet { name: name.to_owned(), passed_over: others.cloned().collect(), hidden: self.hidden.clone() }
    }
}

/// Which rows of a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rows {
    /// So many of those that have a cell.
    pub(super) most: usize,
    /// Of them so many stand above the header.
    pub(super) n_above: usize,
}

impl Rows {
    /// All of them, below a header that has `n_above` rows above it.
    pub(super) fn all(n_above: usize) -> Rows {
        Rows { most: usize::MAX, n_above }
    }
}

/// Rows of `sheet` as CSV.
///
/// # Errors
/// What is wrong with the workbook, as an error of reading.
pub(super) fn csv(file: File, sheet: &str, rows: Rows) -> io::Result<Bytes> {
    let damaged = |cause: String| Error::new(ErrorKind::InvalidData, cause);
    let mut book = open(file).map_err(damaged)?;
    let mut out = tempfile::SpooledTempFile::new(KEPT);
    let is_whole =
        guarded(|| write(&mut book, sheet, rows, &Places::default(), &mut out)).map_err(damaged)?;
    if !is_whole {
        out = tempfile::SpooledTempFile::new(KEPT);
        let places = guarded(|| Places::of_sheet(&mut book, sheet)).map_err(damaged)?;
        guarded(|| write(&mut book, sheet, rows, &places, &mut out)).map_err(damaged)?;
    }
    out.rewind()?;
    Ok(Box::new(out))
}

fn open(file: File) -> Result<Xlsx<BufReader<File>>, String> {
    check_size(&file)?;
    guarded(|| Xlsx::new(BufReader::new(file)))
}

/// A workbook is read into memory in part, so what it unpacks to is bounded first.
fn check_size(file: &File) -> Result<(), String> {
    let packed = file.metadata().map_err(|e| e.to_string())?.len();
    let copy = file.try_clone().map_err(|e| e.to_string())?;
    let unpacked = guarded(|| {
        let mut zip = zip::ZipArchive::new(BufReader::new(copy))?;
        let sizes = (0..zip.len()).map(|i| zip.by_index_raw(i).map(|part| part.size()));
        let sum = sizes.sum::<Result<u64, zip::result::ZipError>>()?;
        check_texts(&mut zip).map(|()| sum)
    })?;
    let most = packed.saturating_mul(RATIO_MAX).max(GROWTH_FREE);
    if unpacked > most {
        let free = GROWTH_FREE >> 20;
        return Err(format!(
            "it unpacks to more than {RATIO_MAX} times its length and more than {free} MiB: save it as CSV if it is \
             what it should be"
        ));
    }
    Ok(())
}

fn has_cell(book: &mut Xlsx<BufReader<File>>, sheet: &str) -> Result<bool, String> {
    guarded(|| {
        let mut cells = book.worksheet_cells_reader(sheet)?;
        while let Some(cell) = cells.next_cell()? {
            if *cell.get_value() != DataRef::Empty {
                return Ok::<bool, calamine::XlsxError>(true);
            }
        }
        Ok(false)
    })
}

/// One line a row of the sheet, empty rows too, so that a line of the text is a row of the sheet. False where it met a
/// column that has no place yet, and what is written is of no use.
fn write(
    book: &mut Xlsx<BufReader<File>>,
    sheet: &str,
    rows: Rows,
    places: &Places,
    out: &mut impl Write,
) -> Result<bool, Box<dyn std::error::Error>> {
    let mut cells = book.worksheet_cells_reader(sheet)?;
    let (mut line, mut row, mut n_rows) = (Line { n_above: rows.n_above, ..Line::default() }, 0, 0);
    while let Some(cell) = cells.next_cell()? {
        let text = text(cell.get_value());
        if text.is_empty() {
            continue;
        }
        let (at, column) = cell.get_position();
        within(sheet, at, column)?;
        let Some(field) = places.field(column) else { return Ok(false) };
        if at < row {
            return Err(format!("row {} of sheet `{sheet}` stands after row {}", at + 1, row + 1).into());
        }
        if at > row {
            n_rows += usize::from(line.write(out)?);
            if n_rows >= rows.most {
                return Ok(true);
            }
            (row + 1..at).try_for_each(|_| out.write_all(b"\n"))?;
            row = at;
        }
        line.put(field, text);
    }
    line.write(out)?;
    Ok(true)
}

/// A row in the making.
#[derive(Default)]
struct Line {
    fields: Vec<String>,
    /// Fields of the header. Cells that are missing at the end of a row are empty.
    width: usize,
    /// Rows that come before the header.
    n_above: usize,
}

impl Line {
    fn put(&mut self, column: usize, text: String) {
        if self.fields.len() <= column {
            self.fields.resize(column + 1, String::new());
        }
        self.fields[column] = text;
    }

    /// Ends the row; whether it had a cell.
    fn write(&mut self, out: &mut impl Write) -> io::Result<bool> {
        let has_cell = !self.fields.is_empty();
        if has_cell {
            if let Some(n_above) = self.n_above.checked_sub(1) {
                self.n_above = n_above;
            } else if self.width == 0 {
                self.width = self.fields.len();
            }
            self.fields.resize(self.fields.len().max(self.width), String::new());
            for (i, field) in self.fields.drain(..).enumerate() {
                if i > 0 {
                    out.write_all(b",")?;
                }
                let is_plain = !field.contains(['"', ',']);
                if is_plain && !(i == 0 && self.width == 1) {
                    out.write_all(field.as_bytes())?;
                } else {
                    write!(out, "\"{}\"", field.replace('"', "\"\""))?;
                }
            }
        }
        out.write_all(b"\n")?;
        Ok(has_cell)
    }
}

/// A cell as text on one line: a line break in a cell becomes a blank, so that lines stay rows.
fn text(cell: &DataRef<'_>) -> String {
    let one_line = |text: &str| text.replace("\r\n", " ").replace(['\r', '\n'], " ");
    match cell {
        DataRef::Empty => String::new(),
        DataRef::Int(n) => n.to_string(),
        // Shortest, and without decimals where it is whole: `3`, not `3.0`.
        DataRef::Float(x) => x.to_string(),
        DataRef::String(text) => one_line(text),
        DataRef::SharedString(text) => one_line(text),
        DataRef::Bool(flag) => flag.to_string(),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => one_line(text),
        // Less than a day is the time of day of no date, or a length: never a day of 1899.
        DataRef::DateTime(at) if at.is_duration() || (0.0..1.0).contains(&at.as_f64()) => {
            let seconds = (at.as_f64() * 86_400.0).round() as i64;
            format!("{}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
        }
        DataRef::DateTime(at) => {
            let (year, month, day, hour, minute, second, millis) = at.to_ymd_hms_milli();
            let parts = if millis == 0 { String::new() } else { format!(".{millis:03}") };
            format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{parts}")
        }
        // Nothing is there, says the sheet itself.
        DataRef::Error(CellErrorType::NA) => String::new(),
        DataRef::Error(error) => error.to_string(),
    }
}
