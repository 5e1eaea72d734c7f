//! What kind of file it is, by its first bytes and never by its name. What is of no kind that is read is called what it
//! is, with the way on: nobody should have to find out from the bytes of an archive shown as a header. It reads no rows.

use std::fs::File;
use std::io::{BufReader, Cursor};
use std::path::Path;

use super::contents::{Packing, decoded, first, unpacked};
use super::encoding::Encoding;
use super::guard::guarded;

/// What a file is.
pub(super) enum Sniffed {
    Csv,
    Workbook,
    Json,
    Parquet,
    Other(Foreign),
}

/// A file of a kind that is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Foreign {
    /// What it is, with its article.
    pub(super) what: &'static str,
    /// The way on.
    pub(super) hint: &'static str,
}

/// Bytes that are looked at: enough for the comments that tools write at the top of XML.
const LOOK: u64 = 4_096;

const EXPORT: &str = "export the table as CSV, JSON, Parquet or .xlsx";
const UNPACK: &str = "unpack it first, or pack it with gzip or zstd, which are read as they are";
const EXTRACT: &str = "take the files out of it and name them";
const SAVE: &str = "open it and save it as .xlsx without a password, or as CSV";
const CONVERT: &str = "write it as Parquet or CSV with the tool that reads it";
const XES: &str = "convert the log to CSV, one row an event (pm4py: `convert_to_dataframe`, ProM: `Convert Log to CSV`), and \
                   read that with `--profile xes-csv`";

/// What has a header that is no text.
pub(super) const BINARY: Foreign = Foreign {
    what: "binary data of no kind that is known, or text in UTF-16 without a byte order mark",
    hint: "name the encoding of such text in a profile: `encoding = \"utf-16le\"`; write anything else as CSV, JSON, \
           Parquet or .xlsx",
};

/// Kinds that their first bytes tell; where those are letters, as a header may begin with, no text may follow.
const FOREIGN: &[(&[u8], &str, &str)] = &[
    (b"BZh", "a file packed with bzip2", UNPACK),
    (b"\xFD7zXZ\0", "a file packed with xz", UNPACK),
    (b"\x5D\0\0", "a file packed with LZMA", UNPACK),
    (b"LZIP", "a file packed with lzip", UNPACK),
    (b"\x04\x22\x4D\x18", "a file packed with LZ4", UNPACK),
    (b"\xFF\x06\0\0sNaPpY", "a file packed with Snappy", UNPACK),
    (b"\x1F\x9D", "a file packed with compress (.Z)", UNPACK),
    (b"7z\xBC\xAF\x27\x1C", "a 7z archive", EXTRACT),
    (b"Rar!\x1A\x07", "a RAR archive", EXTRACT),
    (b"PK\x05\x06", "an empty ZIP archive", EXTRACT),
    (b"PK\x07\x08", "a ZIP archive in several parts", EXTRACT),
    (b"PARE", "an encrypted Parquet file", "write it without encryption: no keys are taken here"),
    (b"ORC", "an ORC file", CONVERT),
    (b"Obj\x01", "an Avro file", CONVERT),
    (b"ARROW1", "an Arrow file (IPC, Feather)", CONVERT),
    (b"FEA1", "an Arrow file (Feather)", CONVERT),
    (b"\xFF\xFF\xFF\xFF", "an Arrow stream (IPC)", CONVERT),
    (b"SQLite format 3\0", "an SQLite database", CONVERT),
    (b"\x89HDF\r\n\x1A\n", "an HDF5 file", CONVERT),
    (b"\x80\x04\x95", "a Python pickle", CONVERT),
    (b"\x80\x05\x95", "a Python pickle", CONVERT),
    (b"RDX3\n", "an R data file", CONVERT),
    (b"$FL2@(#)", "an SPSS file", CONVERT),
    (b"<stata_dta>", "a Stata file", CONVERT),
    (b"\xD0\xCF\x11\xE0", "an old Excel workbook (.xls) or one with a password", SAVE),
    (b"%PDF", "a PDF document", EXPORT),
    (b"{\\rtf", "a text document (RTF)", EXPORT),
    (b"\x89PNG", "a picture", EXPORT),
    (b"\xFF\xD8\xFF", "a picture", EXPORT),
];

/// What the first bytes of the file at `path` say.
pub(super) fn sniff(path: &Path) -> std::io::Result<Sniffed> {
    let (packing, mut bytes) = unpacked(File::open(path)?)?;
    let start = first(&mut bytes, LOOK)?;
    let is_packed = packing != Packing::Plain;
    // Only text has a mark or begins in units of two bytes: what is no text stays as it is.
    let text = first(&mut decoded(Box::new(Cursor::new(start.clone())), Encoding::Utf8)?, LOOK)?;
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&text).trim_ascii_start();
    let other = |what, hint| Sniffed::Other(Foreign { what, hint });
    // Before JSON and CSV: some begin with a brace or a letter.
    let is_it = |magic: &[u8]| start.starts_with(magic) && (!is_word(magic) || is_binary(&start));
    if let Some((_, what, hint)) = FOREIGN.iter().find(|(magic, ..)| is_it(magic)) {
        return Ok(other(what, hint));
    }
    Ok(match text {
        [b'P', b'A', b'R', b'1', ..] if is_packed => other("a packed Parquet file", UNPACK),
        [b'P', b'A', b'R', b'1', ..] => Sniffed::Parquet,
        [b'P', b'K', 3, 4, ..] if is_packed => other("a packed ZIP archive", UNPACK),
        [b'P', b'K', 3, 4, ..] => archive(File::open(path)?),
        [0x1F, 0x8B, ..] | [0x28, 0xB5, 0x2F, 0xFD, ..] => other("a file packed twice", UNPACK),
        _ if start.get(257..262) == Some(b"ustar") => other("a tar archive", EXTRACT),
        _ if start.get(8..12) == Some(b"DUCK") => other("a DuckDB database", CONVERT),
        _ if start.get(4..19) == Some(b"Standard Jet DB") => other("an Access database", CONVERT),
        [b'<', ..] => Sniffed::Other(markup(text)),
        [b'{', ..] | [b'[', ..] => Sniffed::Json,
        _ => Sniffed::Csv,
    })
}

fn is_word(magic: &[u8]) -> bool {
    magic.iter().all(u8::is_ascii_alphanumeric)
}

/// True where `start` is no text: it has bytes that no text has, or is not UTF-8.
fn is_binary(start: &[u8]) -> bool {
    let is_cut = |error: std::str::Utf8Error| error.error_len().is_none();
    start.iter().any(|byte| *byte < b'\t') || std::str::from_utf8(start).is_err_and(|error| !is_cut(error))
}

/// What a file that begins with a tag is.
fn markup(start: &[u8]) -> Foreign {
    let has =
        |word: &str| start.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word.as_bytes()));
    let (what, hint) = if has("xes.version") || has("xes-standard.org") || has("openxes") {
        ("an XES event log", XES)
    } else if has("urn:schemas-microsoft-com:office:spreadsheet") {
        ("an old Excel workbook (XML spreadsheet 2003)", SAVE)
    } else if has("<html") || has("<!doctype html") {
        ("HTML: perhaps a sign-in page, or a table saved as a web page", EXPORT)
    } else if has("<table") {
        ("HTML: a table saved as a web page", EXPORT)
    } else {
        ("XML", EXPORT)
    };
    Foreign { what, hint }
}

/// What a ZIP archive holds: an Excel workbook, with macros or without, is one.
fn archive(file: File) -> Sniffed {
    let other = |what, hint| Sniffed::Other(Foreign { what, hint });
    let names = || {
        let zip = zip::ZipArchive::new(BufReader::new(file))?;
        Ok::<Vec<String>, zip::result::ZipError>(
            zip.file_names().flatten().map(|name| name.into_owned()).collect(),
        )
    };
    let Ok(names) = guarded(names) else {
        return other("a ZIP archive that is no whole Excel workbook", SAVE);
    };
    let has = |name: &str| names.iter().any(|known| known == name);
    if has("xl/workbook.xml") {
        Sniffed::Workbook
    } else if has("xl/workbook.bin") {
        other("a binary Excel workbook (.xlsb)", SAVE)
    } else if has("content.xml") && has("mimetype") {
        other("an OpenDocument file (.ods)", SAVE)
    } else if has("word/document.xml") {
        other("a text document (.docx)", EXPORT)
    } else {
        other("a ZIP archive that is no whole Excel workbook", EXTRACT)
    }
}
