//! `report.xlsx` read back: every row of tables that fit, typed, and nothing that a spreadsheet would run.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use calamine::{Data, Range, Reader, Xlsx, open_workbook};

type Book = Xlsx<std::io::BufReader<fs::File>>;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The report of `input`, in a new folder.
fn audit(input: &Path, arguments: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_slaudit"))
        .arg("audit")
        .arg(input)
        .args(["--policy", "data-samples/policies/in8sync-targets.toml", "--quiet", "--out"])
        .arg(folder.path().join("report"))
        .args(arguments)
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    folder
}

fn book(folder: &tempfile::TempDir) -> Book {
    open_workbook(folder.path().join("report/report.xlsx")).unwrap()
}

/// A cell as the CSV of its table has it; what Excel holds in days is seconds there.
fn as_csv(cell: &Data, heading: &str) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::Bool(flag) => flag.to_string(),
        Data::Float(x) if heading == "points" => format!("{:.4}", x / 100.0),
        Data::Float(x) if x.fract() == 0.0 && heading != "share" => format!("{x:.0}"),
        Data::Float(x) => format!("{x:.4}"),
        Data::Int(n) => n.to_string(),
        Data::DateTime(days) => format!("{:.0}", days.as_f64() * 86_400.0),
        Data::String(text) => text.clone(),
        other => format!("{other:?}"),
    }
}

/// What a column of `table` holds, by its name, so that both can be compared.
fn kind(name: &str) -> &'static str {
    match name {
        "goal" => "share",
        _ if name.starts_with("change") => "points",
        _ if name.starts_with("n_") || name == "n" || name.ends_with("severity") => "whole",
        _ if name.contains("attainment") || name.ends_with("_low") || name.ends_with("_high") => "share",
        "out_of_hours" | "share" | "overtaking" | "false_closures" | "reclassified" | "reopened"
        | "on_time" => "share",
        _ => "",
    }
}

fn compare(table: &str, csv: &str, range: &Range<Data>) {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(range.height(), records.len() + 1, "{table}");
    for (row, record) in range.rows().skip(1).zip(&records) {
        for (i, (name, wanted)) in names.iter().zip(record).enumerate() {
            // Instants are local here, and compared below.
            if name == "at" || name.ends_with("_at") {
                continue;
            }
            let found = as_csv(row.get(i).unwrap_or(&Data::Empty), kind(name));
            let is_same = found == wanted || found == wanted.replace('_', " ");
            assert!(is_same, "{table}.{name}: {found:?}, wanted {wanted:?}");
        }
    }
}

#[test]
fn every_table_has_its_sheet_with_every_row() {
    let folder = audit(&root().join("data-samples/tiny/events.csv"), &["--close-after", "5bd,10bd"]);
    let mut book = book(&folder);
    let names = book.sheet_names();
    assert_eq!(names[..2], ["At a glance", "Charts"]);
    assert_eq!(names[names.len() - 2..], ["Data", "Columns"]);
    let mut n_tables = 0;
    for entry in fs::read_dir(folder.path().join("report/tables")).unwrap() {
        let path = entry.unwrap().path();
        let table = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let sheet: String = table.chars().take(31).collect();
        let Ok(range) = book.worksheet_range(&sheet) else { panic!("no sheet for {table}: {names:?}") };
        compare(&table, &fs::read_to_string(&path).unwrap(), &range);
        n_tables += 1;
    }
    assert_eq!(names.len(), n_tables + 4);
}

#[test]
fn instants_are_local_dates_and_durations_are_times() {
    let folder = audit(&root().join("data-samples/tiny/events.csv"), &[]);
    let range = book(&folder).worksheet_range("gravest").unwrap();
    let at = |name: &str| {
        range.rows().next().unwrap().iter().position(|c| c.to_string().starts_with(name)).unwrap()
    };
    let csv = fs::read_to_string(folder.path().join("report/tables/gravest.csv")).unwrap();
    let first = csv::Reader::from_reader(csv.as_bytes()).records().next().unwrap().unwrap();
    let utc = chrono::DateTime::parse_from_rfc3339(&first[7]).unwrap();
    let local = utc.with_timezone(&chrono_tz::America::Denver).naive_local();
    let row = range.rows().nth(1).unwrap();
    let Data::DateTime(found) = &row[at("When (America/Denver)")] else { panic!("{row:?}") };
    let day_zero = chrono::NaiveDate::from_ymd_opt(1899, 12, 30).unwrap().and_hms_opt(0, 0, 0).unwrap();
    let millis = (found.as_f64() * 86_400_000.0).round() as i64;
    assert_eq!(day_zero + chrono::TimeDelta::milliseconds(millis), local);
    let Data::DateTime(over) = &row[at("Over by")] else { panic!("{row:?}") };
    assert!(over.is_duration());
    assert_eq!((over.as_f64() * 86_400.0).round().to_string(), first[6]);
}

#[test]
fn nothing_in_it_can_be_run() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("hostile.csv");
    let long = "x".repeat(40_000);
    let mut csv = "case_id,at,event,role,actor,status,severity,customer\n".to_owned();
    for text in ["=1+1", "@SUM(1)", "+1", "-1", "a\u{7}b\u{202e}c", "http://evil.example", &long] {
        csv += &format!("{text},2026-03-02T10:00:00-07:00,opened,customer,Cleo,New,1,{text}\n");
        csv += &format!("{text},2026-03-02T16:00:00-07:00,message,agent,{text},Open,,\n");
    }
    fs::write(&input, csv).unwrap();
    let report = audit(&input, &[]);
    let mut book = book(&report);
    let mut texts = Vec::new();
    for name in book.sheet_names() {
        let formulas = book.worksheet_formula(&name).unwrap();
        assert!(formulas.cells().all(|(_, _, formula)| formula.is_empty()), "{name}");
        let range = book.worksheet_range(&name).unwrap();
        for (_, _, cell) in range.used_cells() {
            if let Data::String(text) = cell {
                assert!(!text.starts_with(['=', '+', '@', '-']), "{name}: {text}");
                assert!(!text.chars().any(char::is_control) && text.chars().count() <= 32_767, "{name}");
                texts.push(text.clone());
            }
        }
    }
    for wanted in ["'=1+1", "'@SUM(1)", "'+1", "'-1", "a\u{fffd}b\u{fffd}c", "http://evil.example"] {
        assert!(texts.iter().any(|text| text == wanted), "{wanted}");
    }
    assert!(texts.iter().any(|text| text.ends_with("xxx…")), "what is cut says so");
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let input = root().join("data-samples/tiny/events.csv");
    let bytes = |threads| {
        let folder = audit(&input, &["--threads", threads]);
        fs::read(folder.path().join("report/report.xlsx")).unwrap()
    };
    assert_eq!(bytes("1"), bytes("2"));
}

#[test]
fn a_long_table_is_cut_and_says_so() {
    let queries = tempfile::tempdir().unwrap();
    let sql = "-- title: Three clocks side by side\n-- grain: three clocks\n\
               SELECT a.case_id, b.metric, c.verdict FROM clocks AS a CROSS JOIN clocks AS b CROSS JOIN clocks AS c\n";
    fs::write(queries.path().join("threes.sql"), sql).unwrap();
    let input = root().join("data-samples/tiny/events.csv");
    let folder = audit(&input, &["--queries", queries.path().to_str().unwrap()]);
    let table = fs::read_to_string(folder.path().join("report/tables/threes.csv")).unwrap();
    let n_all = table.lines().count() - 1;
    assert!(n_all > 50_000, "{n_all}");
    let mut book = book(&folder);
    let range = book.worksheet_range("threes").unwrap();
    assert_eq!(range.height(), 50_001);
    let note = format!("the first 50000 of {n_all} rows; all of them stand in tables/threes.csv.");
    assert_eq!(range.get((0, 4)), Some(&Data::String(note)));
}
