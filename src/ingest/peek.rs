//! The rows of a file as they stand, for whoever has no profile for it yet: the header, and each row's fields as text. It
//! takes no column for anything and rejects nothing; `read` is what makes a history.

use std::fs::File;
use std::path::Path;

use arrow::array::{Array, ArrayRef, RecordBatchReader};
use arrow::datatypes::DataType;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::contents::{Packing, text_of, unpacked};
use super::encoding::Encoding;
use super::guard::guarded;
use super::parquet_depth::check_depth;
use super::peek_csv;
use super::sniff::{Sniffed, sniff};
use super::source::{no_file, unknown, unreadable_hint};
use super::workbook::{self, Sheet};
use crate::codes;
use crate::diag::{Diagnostic, Position};

/// Rows of a sheet in which its header is looked for, to tell it from other sheets.
const HEAD_ROWS: usize = 50;

/// What a file is, and the names of its columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peeked {
    /// `CSV`, `Parquet`, `JSON` or `Excel workbook`, with how it is packed.
    pub kind: String,
    /// What stands between the columns; `None`: the file has columns of its own.
    pub delimiter: Option<char>,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// The list that holds the objects of a JSON file, where there is one around them.
    pub list: Option<String>,
    /// The line that they stand on: above it are titles. 0: the file has no lines.
    pub header_line: u64,
    /// Names of the columns.
    pub header: Vec<String>,
    /// Whether its text is UTF-8, as far as it was read.
    pub is_utf8: bool,
    /// Whether more rows are there than were shown.
    pub is_cut: bool,
}

/// Shows at most `most` rows of the file at `path`, each with its line (Parquet: row) from 1, to `show`.
///
/// # Errors
/// F301, F302: the file cannot be read, or is of a kind whose rows have no columns.
pub fn peek(path: &Path, most: u64, show: &mut dyn FnMut(u64, &[String])) -> Result<Peeked, Diagnostic> {
    let problem = |code, message: String, hint: &str| {
        let position = Position { path: path.display().to_string(), ..Position::default() };
        Diagnostic::error(code, message).at(position).hint(hint)
    };
    let unreadable = |cause: std::io::Error| {
        let hint = unreadable_hint(&cause);
        problem(codes::F301, format!("input file cannot be read: {cause}"), hint)
    };
    let opened = || File::open(path).map_err(unreadable);
    if let Some(refusal) = no_file(path, &problem) {
        return Err(refusal);
    }
    match sniff(path).map_err(unreadable)? {
        Sniffed::Csv => {
            let (packing, _) = unpacked(opened()?).map_err(unreadable)?;
            let kind = if packing == Packing::Plain { "CSV" } else { "packed CSV" };
            let text = |_| text_of(File::open(path)?, Encoding::Utf8);
            peek_csv::rows(&text, None, most, empty(kind), show).map_err(unreadable)
        }
        Sniffed::Workbook => {
            let broken = |cause: String| {
                let message = format!("expected a whole Excel workbook: {cause}");
                problem(codes::F302, message, "save or export it again")
            };
            let sheet = widest(path, workbook::choose(opened()?, None).map_err(broken)?);
            let text = |n_above| workbook::csv(File::open(path)?, &sheet, workbook::Rows::all(n_above));
            let peeked = Peeked { sheet: Some(sheet.clone()), ..empty("Excel workbook") };
            // Inside it columns are cells.
            peek_csv::rows(&text, Some(b','), most, peeked, show).map_err(|e| broken(e.to_string()))
        }
        Sniffed::Parquet => {
            guarded(|| parquet(opened().map_err(|e| e.to_string())?, most, show)).map_err(|cause| {
                let message = format!("expected a whole Parquet file: {cause}");
                problem(codes::F302, message, "copy or export the file again: it may have been cut short")
            })
        }
        Sniffed::Json => {
            super::peek_json::json(path, most, show).map_err(|cause| unreadable(std::io::Error::other(cause)))
        }
        Sniffed::Other(of) => Err(unknown(of, &problem)),
    }
}

/// Of the sheets of a workbook the one with the most columns, of equals the first: workbooks of analysts begin with a pivot
/// table or a chart, and no profile is there yet that tells which sheet has the columns.
fn widest(path: &Path, sheet: Sheet) -> String {
    if sheet.passed_over.is_empty() {
        return sheet.name;
    }
    let width = |name: &String| {
        let head = |_| workbook::csv(File::open(path)?, name, workbook::Rows { most: HEAD_ROWS, n_above: 0 });
        let peeked = peek_csv::rows(&head, Some(b','), 0, empty("Excel workbook"), &mut |_, _| ());
        // One that cannot be read is told of where it is the only one.
        peeked.map_or(0, |peeked| peeked.header.iter().filter(|name| !name.is_empty()).count())
    };
    let all = [sheet.name].into_iter().chain(sheet.passed_over).map(|name| (width(&name), name));
    let widest = all.reduce(|best, next| if next.0 > best.0 { next } else { best });
    widest.map_or_else(String::new, |(_, name)| name)
}

fn empty(kind: &str) -> Peeked {
    Peeked {
        kind: kind.to_owned(),
        delimiter: None,
        sheet: None,
        list: None,
        header_line: 0,
        header: Vec::new(),
        is_utf8: true,
        is_cut: false,
    }
}

fn parquet(
    file: File,
    most: u64,
    show: &mut dyn FnMut(u64, &[String]),
) -> Result<Peeked, Box<dyn std::error::Error>> {
    check_depth(&file)?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)?.build()?;
    let header = reader.schema().fields().iter().map(|field| field.name().clone()).collect();
    let mut peeked = Peeked { header, ..empty("Parquet") };
    let options = FormatOptions::new().with_null("");
    let mut n = 0;
    for batch in reader {
        let batch = batch?;
        let arrays: Vec<(ArrayRef, &str)> = batch.columns().iter().map(without_zone).collect();
        let columns: Vec<_> =
            arrays.iter().map(|(array, _)| ArrayFormatter::try_new(array.as_ref(), &options)).collect();
        for row in 0..batch.num_rows() {
            if n == most {
                peeked.is_cut = true;
                return Ok(peeked);
            }
            n += 1;
            let field = |(formatter, (array, after)): (&Result<ArrayFormatter<'_>, _>, &(ArrayRef, &str))| {
                match formatter {
                    Ok(formatter) if array.is_valid(row) => format!("{}{after}", formatter.value(row)),
                    _ => String::new(),
                }
            };
            let fields: Vec<String> = columns.iter().zip(&arrays).map(field).collect();
            show(n, &fields);
        }
    }
    Ok(peeked)
}

/// Instants with a zone are UTC inside, whatever it is called; they are shown so, with what stands after them.
fn without_zone(array: &ArrayRef) -> (ArrayRef, &'static str) {
    let DataType::Timestamp(unit, Some(_)) = array.data_type() else { return (array.clone(), "") };
    match arrow::compute::cast(array, &DataType::Timestamp(*unit, None)) {
        Ok(plain) => (plain, "Z"),
        Err(_) => (array.clone(), ""),
    }
}
