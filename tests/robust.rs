//! Files that are not what they should be, through the whole command: a clear message, the right exit code, and no
//! report half written. Not the rejection of single rows: that is `ingest`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use proptest::prelude::*;
use tempfile::TempDir;

/// Exit code and error output of an audit of `name` in `folder`.
fn audit(folder: &TempDir, name: &str) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_slaudit"));
    let output =
        command.args(["audit", name, "--out", "report"]).current_dir(folder.path()).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap_or_else(|| panic!("ended by a signal: {said}")), said)
}

/// The same of a file of `bytes`.
fn audit_of(name: &str, bytes: &[u8]) -> (TempDir, i32, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), bytes).unwrap();
    let (code, said) = audit(&folder, name);
    (folder, code, said)
}

/// Refused with all of `words` in the message, and nothing is left in the folder of the report.
fn refused(name: &str, bytes: &[u8], words: &[&str]) {
    let (folder, code, said) = audit_of(name, bytes);
    holds(&folder, code, &said, words);
}

fn holds(folder: &TempDir, code: i32, said: &str, words: &[&str]) {
    assert_eq!(code, 4, "{said}");
    for word in words {
        assert!(said.contains(word), "expected `{word}` in:\n{said}");
    }
    assert!(said.len() < 4_000, "a message of {} bytes", said.len());
    assert!(!folder.path().join("report").exists(), "a folder is left behind:\n{said}");
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

fn parquet() -> Vec<u8> {
    let texts = |all: &[&str]| -> ArrayRef { Arc::new(StringArray::from(all.to_vec())) };
    let columns =
        [("case_id", texts(&["a", "b"])), ("at", texts(&["2026-01-05T09:00Z", "2026-01-05T09:00Z"]))];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer = parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

#[test]
fn files_that_are_something_else() {
    refused("a.csv", b"<!doctype html><html><body>Sign in</body></html>", &["F302", "HTML", "--> a.csv"]);
    refused("a.csv", b"", &["F305", "--> a.csv"]);
    refused("a.csv", b"case_id,at\n", &["F305", "--> a.csv"]);
    refused("a.csv", b"case_id,when\na,2026-01-05T09:00Z\n", &["F303", "`at`", "`when`", "--> a.csv"]);
    refused("a.csv", &[0; 1_000], &["--> a.csv", "hint:"]);
    refused("a.json", b"[{\"case_id\": \"a\", \"at\"", &["--> a.json"]);
    refused("a.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and so on", &["F302", "--> a.xls"]);
    refused("a.zip", b"PK\x03\x04 and so on", &["F302", "--> a.zip"]);
}

#[test]
fn files_cut_short_and_bombs() {
    let whole = parquet();
    for length in [6, whole.len() / 2, whole.len() - 1] {
        refused("a.parquet", &whole[..length], &["F302", "Parquet", "--> a.parquet"]);
    }
    let rows = "case_id,at\na,2026-01-05T09:00Z\n".repeat(500);
    let packed = gzip(rows.as_bytes());
    refused("a.csv.gz", &packed[..packed.len() - 20], &["F301", "gzip", "--> a.csv.gz"]);
    let mut bomb = b"case_id,at\na,2026-01-05T09:00Z\n".to_vec();
    bomb.resize(70 << 20, b'\n');
    refused("a.csv.gz", &gzip(&bomb), &["F301", "200 times", "64 MiB", "--> a.csv.gz"]);
}

/// Too many rejected rows leave the ledger and what it is of, and nothing else.
#[test]
fn long_lines_and_nul_bytes_are_rejected_with_their_line() {
    let long = [b"case_id,at\n".as_slice(), &vec![b'x'; 4 << 20], b"\n"].concat();
    for bytes in [long.as_slice(), b"case_id,at\n\0\0\0\n", b"case_id,at\na,\0\n"] {
        let (folder, code, said) = audit_of("a.csv", bytes);
        assert_eq!(code, 4, "{said}");
        assert!(said.contains("F304") && said.contains("--> a.csv:2"), "{said}");
        assert!(said.len() < 4_000, "a message of {} bytes", said.len());
        let left = std::fs::read_dir(folder.path().join("report")).unwrap();
        let mut left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["manifest.json", "rejected.csv"]);
    }
    refused("a.csv", &vec![b'x'; 4 << 20], &["--> a.csv"]);
}

#[test]
fn paths_without_a_file() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    std::fs::write(folder.path().join("empty/notes.md"), "no rows").unwrap();
    let (code, said) = audit(&folder, "empty");
    holds(&folder, code, &said, &["F301", "no file of rows in this folder", "--> empty"]);
    let (code, said) = audit(&folder, "gone.csv");
    holds(&folder, code, &said, &["F301", "--> gone.csv"]);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nowhere.csv", folder.path().join("link.csv")).unwrap();
        let (code, said) = audit(&folder, "link.csv");
        holds(&folder, code, &said, &["F301", "--> link.csv"]);
    }
}

/// What a format begins with, so that its reader sees the rest.
const STARTS: [(&str, &[u8]); 9] = [
    ("a.csv", b""),
    ("a.csv", b"case_id,at,event\n"),
    ("a.csv", b"\xFF\xFE"),
    ("a.json", b"[{\"case_id\":"),
    ("a.ndjson", b"{\"case_id\":\"a\",\"at\":\"2026-01-05T09:00Z\"}\n"),
    ("a.parquet", b"PAR1"),
    ("a.csv.gz", b"\x1F\x8B\x08\x00\x00\x00\x00\x00\x00\x03"),
    ("a.csv.zst", b"\x28\xB5\x2F\xFD"),
    ("a.xlsx", b"PK\x03\x04"),
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any bytes after the start of any format end in a report or in exit code 4 with a message about the file.
    #[test]
    fn arbitrary_bytes_end_in_a_message(rest in proptest::collection::vec(any::<u8>(), 0..300)) {
        for (name, start) in STARTS {
            let (folder, code, said) = audit_of(name, &[start, &rest].concat());
            prop_assert!(code == 0 || code == 4, "{name} ends in {code}:\n{said}");
            if code == 4 {
                prop_assert!(said.contains("error[F3"), "{}", said);
                prop_assert!(!Path::new(&folder.path().join("report/report.html")).exists());
            }
        }
    }
}

/// A Parquet file whose schema has `n` groups within each other.
fn nested(n: usize) -> Vec<u8> {
    let mut footer = vec![0x15, 0x02, 0x19, 0xfc];
    let mut left = n + 2;
    while left >= 0x80 {
        footer.push(left as u8 | 0x80);
        left >>= 7;
    }
    footer.push(left as u8);
    (0..=n).for_each(|_| footer.extend([0x48, 1, b'g', 0x15, 2, 0]));
    footer.extend([0x15, 2, 0x25, 2, 0x18, 1, b'c', 0, 0x16, 0, 0x19, 0x0c, 0]);
    let mut bytes = b"PAR1".to_vec();
    bytes.extend(&footer);
    bytes.extend((footer.len() as u32).to_le_bytes());
    bytes.extend(b"PAR1");
    bytes
}

#[test]
fn a_schema_of_too_many_levels_is_told() {
    for n in [200, 20_000] {
        let told = format!("its schema is nested {} levels deep, and 100 are read", n + 1);
        refused("a.parquet", &nested(n), &["a.parquet", &told]);
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.parquet"), nested(n)).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_slaudit"));
        let output = command.args(["inspect", "a.parquet"]).current_dir(folder.path()).output().unwrap();
        assert_eq!(output.status.code(), Some(4), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn a_pipe_is_told_as_such() {
    let folder = tempfile::tempdir().unwrap();
    assert!(Command::new("mkfifo").arg(folder.path().join("rows.csv")).status().unwrap().success());
    for name in ["rows.csv", "/dev/zero"] {
        let (code, said) = audit(&folder, name);
        holds(
            &folder,
            code,
            &said,
            &["expected a file, found a pipe or a device", "save it to a file first"],
        );
    }
    let (code, said) = audit(&folder, "-");
    holds(&folder, code, &said, &["standard input is not read"]);
}
