//! Columns made of others, in every format alike: a date and a time, a status and its sub-status, a part of a cell. And lists
//! of JSON whose members stand under their ids.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, TimeUnit};
use parquet::arrow::ArrowWriter;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use slaudit::diag::Error;
use slaudit::ingest::{Ingested, Plan, Profile, Silent, read};

use super::build::{attribute, folder, shown};

const EVENTS: &str = r#"
timezone = "Europe/Rome"
[[table]]
shape = "events"
timestamps = ["canonical", "%d/%m/%Y %H:%M"]
missing = ["-"]
severities = { High = 1 }
[table.columns]
case_id = { column = "Subject", take = '\[(\w+-\d+)\]' }
at = ["When", { join = ["Date", "Time"] }]
event = { column = "What", take = "^\\w+" }
status = { join = ["Status", "Sub-Status"], with = " / " }
severity = { column = "Prio", take = "High|[1-9]" }
role = { text = "agent" }
[table.attributes]
queue = { column = "Path", take = "^([^/]+)/" }
"#;

const HEADER: [&str; 8] = ["Subject", "Date", "Time", "What", "Status", "Sub-Status", "Prio", "Path"];

/// Dates and times as each format has them stand in place of the two columns of this one.
const ROWS: [[&str; 8]; 4] = [
    ["[SUP-1] Help", "02/03/2026", "09:30", "opened by mail", "New", "", "P High", "Billing/Invoices"],
    ["Re: [SUP-1] Help", "02/03/2026", "10:00", "message", "Open", "Working", "Prio 3", "x"],
    ["no id", "02/03/2026", "11:00", "note", "Open", "-", "", ""],
    ["[SUP-2]", "29/03/2026", "02:15", "opened", "-", "Queued", "-", "Shipping/A/B"],
];

const EXPECTED: [&str; 3] = [
    "SUP-1 2026-03-02T08:30:00Z Opened Agent - New 1",
    "SUP-1 2026-03-02T09:00:00Z Message Agent - Open / Working 3",
    "SUP-2 2026-03-29T01:15:00Z Opened Agent - Queued 0",
];

fn profile(text: &str) -> Profile {
    Profile::parse(text, "mine.toml").unwrap_or_else(|error| panic!("{error}"))
}

fn of(name: &str, bytes: &[u8], profile: Profile) -> Result<Ingested, Error> {
    let (_folder, paths) = folder(&[(name, bytes)]);
    read(&Plan { max_rejected: 1.0, ..Plan::new(paths, profile) }, &Silent)
}

fn holds(made: &Ingested, what: &str) {
    assert_eq!(shown(&made.history), EXPECTED, "{what}");
    assert_eq!(
        attribute(&made.history, "queue"),
        [Some("Billing".to_owned()), Some("Shipping".to_owned())],
        "{what}"
    );
    assert_eq!(made.ledger.by_code().into_iter().collect::<Vec<_>>(), [("D502", 1)], "{what}");
}

#[test]
fn csv() {
    let rows = ROWS.map(|row| row.join(",")).join("\n");
    let text = format!("{}\n{rows}\n", HEADER.join(","));
    holds(&of("a.csv", text.as_bytes(), profile(EVENTS)).unwrap(), "plain");
    let quoted = ROWS.map(|row| row.map(|cell| format!("\"{cell}\"")).join(",")).join("\n");
    let made = of("a.csv", format!("{}\n{quoted}", HEADER.join(",")).as_bytes(), profile(EVENTS)).unwrap();
    holds(&made, "quoted");
    let said = made.ledger.examples[0].to_string();
    assert!(said.contains("a.csv:4:2") && said.contains("row without a case id"), "{said}");
}

#[test]
fn json() {
    let object = |row: [&str; 8]| {
        let members: Vec<String> =
            HEADER.iter().zip(row).map(|(name, cell)| format!("\"{name}\":\"{cell}\"")).collect();
        format!("{{{}}}", members.join(","))
    };
    let text = ROWS.map(object).join("\n");
    holds(&of("a.json", text.as_bytes(), profile(EVENTS)).unwrap(), "members");
    let rows = EVENTS.replace("shape = \"events\"", "shape = \"events\"\nrows = \".\"");
    holds(&of("a.json", text.as_bytes(), profile(&rows)).unwrap(), "rows");
}

/// The columns of [`ROWS`] with others in place of date and time.
fn written(path: &Path, date: ArrayRef, time: ArrayRef) {
    let words = |i: usize| Arc::new(StringArray::from(ROWS.map(|row| row[i]).to_vec())) as ArrayRef;
    let columns = HEADER.iter().enumerate().map(|(i, name)| match i {
        1 => (*name, date.clone()),
        2 => (*name, time.clone()),
        _ => (*name, words(i)),
    });
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut writer =
        ArrowWriter::try_new(std::fs::File::create(path).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

#[test]
fn parquet() {
    let words = |all: [&'static str; 4]| Arc::new(StringArray::from(all.to_vec())) as ArrayRef;
    let (dates, times) = (ROWS.map(|row| row[1]), ROWS.map(|row| row[2]));
    let days = words(["2026-03-02", "2026-03-02", "2026-03-02", "2026-03-29"]);
    let days = cast(&days, &DataType::Date32).unwrap();
    let clocks = cast(
        &words(["09:30:00", "10:00:00", "11:00:00", "02:15:00"]),
        &DataType::Time64(TimeUnit::Microsecond),
    )
    .unwrap();
    let midnights = cast(&days, &DataType::Timestamp(TimeUnit::Nanosecond, None)).unwrap();
    let (folder, _) = folder(&[]);
    let forms = [
        ("text", words(dates), words(times)),
        ("dates and times", days.clone(), clocks.clone()),
        ("dates and text", days, words(times)),
        ("midnights and times", midnights, clocks),
    ];
    for (what, date, time) in forms {
        let path = folder.path().join("a.parquet");
        written(&path, date, time);
        let plan = Plan { max_rejected: 1.0, ..Plan::new(vec![path], profile(EVENTS)) };
        let made = read(&plan, &Silent).unwrap();
        holds(&made, what);
        let said = made.ledger.examples[0].to_string();
        assert!(said.contains("a.parquet:3") && said.contains("row without a case id"), "{said}");
    }
}

#[test]
fn workbook() {
    let formats = [Format::new().set_num_format("dd/mm/yyyy"), Format::new().set_num_format("hh:mm")];
    for is_typed in [false, true] {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        for (column, name) in HEADER.iter().enumerate() {
            sheet.write_string(0, column as u16, *name).unwrap();
        }
        for (row, cells) in ROWS.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                let place = (row as u32 + 1, column as u16);
                let number = |i: usize, length: usize| cell[i..i + length].parse::<u16>().unwrap();
                match column {
                    1 if is_typed => {
                        let date =
                            ExcelDateTime::from_ymd(number(6, 4), number(3, 2) as u8, number(0, 2) as u8)
                                .unwrap();
                        sheet.write_datetime_with_format(place.0, place.1, &date, &formats[0]).unwrap()
                    }
                    2 if is_typed => {
                        let time = ExcelDateTime::from_hms(number(0, 2), number(3, 2) as u8, 0.0).unwrap();
                        sheet.write_datetime_with_format(place.0, place.1, &time, &formats[1]).unwrap()
                    }
                    _ => sheet.write_string(place.0, place.1, *cell).unwrap(),
                };
            }
        }
        let made = of("a.xlsx", &book.save_to_buffer().unwrap(), profile(EVENTS)).unwrap();
        holds(&made, &format!("typed: {is_typed}"));
    }
}

/// Of several names the first that is there; a joined id needs all of its parts.
#[test]
fn alternatives_and_ids() {
    let text = "[[table]]\nshape = \"events\"\ncolumns = { case_id = { join = [\"p\", \"n\"], with = \"-\" }, at = [\"at\", { join = [\"d\", \"t\"] }] }\n";
    let rows = "p,n,at\nA,1,2026-03-02T09:00Z\nA,,2026-03-02T09:00Z\n";
    let made = of("a.csv", rows.as_bytes(), profile(text)).unwrap();
    assert_eq!(shown(&made.history), ["A-1 2026-03-02T09:00:00Z Update Unknown - - 0"]);
    assert_eq!(made.ledger.by_code().get("D502"), Some(&1));
    let made = of("a.csv", b"p,n,d,t\nA,1,2026-03-02,09:00Z\nA,1,2026-03-02,\n", profile(text)).unwrap();
    assert_eq!(shown(&made.history), ["A-1 2026-03-02T09:00:00Z Update Unknown - - 0"]);
    let said = made.ledger.examples[0].to_string();
    assert!(
        said.contains("found `2026-03-02`") && said.contains("a.csv:3:5") && said.contains("(case A-1)"),
        "{said}"
    );
    let said = of("a.csv", b"p,n,d,tt\nA,1,2026-03-02,09:00Z\n", profile(text)).unwrap_err().to_string();
    assert!(
        said.contains("no column `at` or `d` + `t`: the header has") && said.contains("did you mean `tt`"),
        "{said}"
    );
    let missing = text.replace("at = [", "status = { join = [\"s\", \"sub\"] }, at = [");
    let said = of("a.csv", rows.as_bytes(), profile(&missing)).unwrap_err().to_string();
    assert!(said.contains("no column `s` + `sub`, which the profile names for `status`"), "{said}");
}
