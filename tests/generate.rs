//! `slaudit::generate`: the same bytes for the same plan, the same histories in every order and format, and
//! figures that a help desk could have. Not a test of what an audit makes of them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{TimestampMicrosecondType, UInt8Type};
use chrono::{DateTime, Datelike, NaiveDate, Timelike};
use chrono_tz::America::Denver;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use slaudit::diag::Error;
use slaudit::generate::{self, Format, Order, Plan, Size, Written};

fn plan() -> Plan {
    Plan {
        size: Size::Cases(3_000),
        seed: 7,
        start: NaiveDate::from_ymd_opt(2026, 1, 1).unwrap(),
        months: 3,
        order: Order::Case,
        format: Format::Csv,
    }
}

fn bytes(plan: &Plan) -> Vec<u8> {
    let mut out = Vec::new();
    let written = generate::write_to(plan, &mut out).unwrap();
    assert_eq!(written.bytes, out.len() as u64);
    out
}

fn lines(plan: &Plan) -> Vec<String> {
    String::from_utf8(bytes(plan)).unwrap().lines().map(str::to_owned).collect()
}

/// Rows of CSV output as their fields.
fn rows(plan: &Plan) -> Vec<Vec<String>> {
    let out = bytes(plan);
    let mut reader = csv::Reader::from_reader(out.as_slice());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn the_same_plan_gives_the_same_bytes_on_any_number_of_threads() {
    for format in [Format::Csv, Format::Parquet] {
        for order in [Order::Case, Order::Time, Order::Shuffled] {
            let plan = Plan { order, format, ..plan() };
            let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
            let three = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
            assert!(one.install(|| bytes(&plan)) == three.install(|| bytes(&plan)), "{plan:?}");
        }
    }
    assert_ne!(bytes(&plan()), bytes(&Plan { seed: 8, ..plan() }));
}

/// These lines may change with a change of the generator, never with the platform.
#[test]
fn the_bytes_are_those_of_every_platform() {
    use sha2::{Digest, Sha256};
    let sum: String = Sha256::digest(bytes(&plan())).iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(sum, "4dbefe14627acea48a83d740a88b23fab9607f2e737e078ee66f192090a89150");
}

#[test]
fn every_order_holds_the_same_rows() {
    let by_case = lines(&plan());
    let by_time = lines(&Plan { order: Order::Time, ..plan() });
    let shuffled = lines(&Plan { order: Order::Shuffled, ..plan() });
    let sorted = |lines: &[String]| {
        let mut rows = lines[1..].to_vec();
        rows.sort_unstable();
        rows
    };
    assert!(sorted(&by_case) == sorted(&by_time));
    assert!(sorted(&by_case) == sorted(&shuffled));
    assert!(by_case != by_time && by_case != shuffled && by_time != shuffled);
    let at: Vec<_> =
        rows(&Plan { order: Order::Time, ..plan() }).iter().map(|row| instant(&row[1])).collect();
    assert!(at.is_sorted(), "order by time is in order of time");
}

/// More cases than one batch holds: the order by time is made across batches.
#[test]
fn order_by_time_holds_across_batches() {
    let large = Plan { size: Size::Cases(150_000), order: Order::Time, ..plan() };
    let mut out = Vec::new();
    let written = generate::write_to(&large, &mut out).unwrap();
    let mut last = Vec::new();
    let mut n = 0;
    for line in out.split(|&b| b == b'\n').skip(1).filter(|line| !line.is_empty()) {
        let at = line.split(|&b| b == b',').nth(1).unwrap();
        // Whole seconds and microseconds compare as text up to the decimals.
        let second = &at[..19];
        assert!(last.as_slice() <= second);
        last = second.to_vec();
        n += 1;
    }
    assert_eq!(n, written.rows);
}

#[test]
fn parquet_holds_the_rows_of_the_csv() {
    let folder = tempfile::tempdir().unwrap();
    for order in [Order::Case, Order::Time] {
        let path = folder.path().join("events.parquet");
        let plan = Plan { order, ..plan() };
        let written = generate::write(&Plan { format: Format::Parquet, ..plan }, &path).unwrap();
        let expected = rows(&plan);
        assert_eq!(written.rows as usize, expected.len());
        let found: Vec<Vec<String>> = read_parquet(&path).iter().flat_map(texts).collect();
        let normal = |row: &[String]| {
            let mut row = row.to_vec();
            row[1] = instant(&row[1]).timestamp_micros().to_string();
            row
        };
        assert!(found.iter().eq(expected.iter().map(|row| normal(row)).collect::<Vec<_>>().iter()));
    }
}

fn read_parquet(path: &Path) -> Vec<RecordBatch> {
    let file = std::fs::File::open(path).unwrap();
    ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap().map(Result::unwrap).collect()
}

fn texts(batch: &RecordBatch) -> Vec<Vec<String>> {
    let column = |name: &str| {
        arrow::compute::cast(batch.column_by_name(name).unwrap(), &arrow::datatypes::DataType::Utf8).unwrap()
    };
    let at = batch.column_by_name("at").unwrap().as_primitive::<TimestampMicrosecondType>().clone();
    let severity = batch.column_by_name("severity").unwrap().as_primitive::<UInt8Type>().clone();
    let names = ["case_id", "event", "role", "actor", "status", "customer", "product", "channel"];
    let columns: Vec<_> = names.iter().map(|name| column(name)).collect();
    let text = |c: usize, i: usize| {
        let values = columns[c].as_string::<i32>();
        if values.is_null(i) { String::new() } else { values.value(i).to_owned() }
    };
    (0..batch.num_rows())
        .map(|i| {
            let severity = if severity.is_null(i) { String::new() } else { severity.value(i).to_string() };
            vec![
                text(0, i),
                at.value(i).to_string(),
                text(1, i),
                text(2, i),
                text(3, i),
                text(4, i),
                severity,
                text(5, i),
                text(6, i),
                text(7, i),
            ]
        })
        .collect()
}

fn instant(text: &str) -> DateTime<chrono::FixedOffset> {
    DateTime::parse_from_rfc3339(text).unwrap()
}

#[test]
fn a_case_is_told_in_strict_order_of_time_from_its_opening() {
    let mut last: BTreeMap<String, DateTime<chrono::FixedOffset>> = BTreeMap::new();
    let end = instant("2026-04-01T00:00:00-06:00");
    for row in rows(&plan()) {
        let at = instant(&row[1]);
        assert!(at < end, "{row:?}");
        match last.insert(row[0].clone(), at) {
            None => assert_eq!((row[2].as_str(), row[5].as_str()), ("opened", "New"), "{row:?}"),
            Some(before) => assert!(before < at && row[2] != "opened", "{row:?}"),
        }
    }
    assert_eq!(last.len(), 3_000);
}

#[test]
fn the_figures_are_those_of_a_help_desk() {
    let year = Plan { size: Size::Cases(20_000), months: 12, ..plan() };
    let rows = rows(&year);
    let per_case = rows.len() as u64 * 10 / 20_000;
    assert!((70..=76).contains(&per_case), "{per_case} events in ten cases");
    let share = |n: usize| n * 1_000 / 20_000;
    let count = |test: &dyn Fn(&Vec<String>) -> bool| share(rows.iter().filter(|row| test(row)).count());
    let opened = |row: &Vec<String>| row[2] == "opened";
    let in_hours = |row: &Vec<String>| {
        let local = instant(&row[1]).with_timezone(&Denver);
        local.weekday().num_days_from_monday() < 5 && (8..17).contains(&local.hour())
    };
    let between = |what: &str, n: usize, low: usize, high: usize| {
        assert!((low..=high).contains(&n), "{what}: {n} of 1000 cases, expected {low} to {high}");
    };
    between("opened in hours", count(&|r| opened(r) && in_hours(r)), 650, 850);
    between("opened at severity 1", count(&|r| opened(r) && r[6] == "1"), 30, 90);
    between("opened at severity 3", count(&|r| opened(r) && r[6] == "3"), 350, 500);
    between("opened by agents", count(&|r| opened(r) && r[3] == "agent"), 25, 45);
    between("reopenings", count(&|r| r[5] == "Reopened"), 40, 110);
    between("void", count(&|r| r[5] == "Duplicate"), 4, 12);
    between("questions to the customer", count(&|r| r[5] == "Awaiting Customer"), 400, 900);
    between("holds", count(&|r| r[5] == "On Hold"), 80, 250);
    between("closed by the automation", count(&|r| r[5] == "Closed" && r[3] == "system"), 500, 900);
    between("changes of severity", count(&|r| r[2] == "update" && !r[6].is_empty()), 60, 200);
    between("notes", count(&|r| r[2] == "note"), 200, 700);
    between("with microseconds", count(&|r| r[1].contains('.')), 300, 900);
    let customers: BTreeSet<&String> = rows.iter().map(|row| &row[7]).collect();
    assert!(customers.len() > 200 && customers.iter().any(|name| name.contains(',')));
}

/// An incident brings more cases of one product within a day than any usual day does.
#[test]
fn incidents_bring_bursts() {
    let year = Plan { size: Size::Cases(20_000), months: 12, ..plan() };
    let mut by_day: BTreeMap<NaiveDate, usize> = BTreeMap::new();
    for row in rows(&year).iter().filter(|row| row[2] == "opened") {
        *by_day.entry(instant(&row[1]).with_timezone(&Denver).date_naive()).or_default() += 1;
    }
    let mut days: Vec<usize> = by_day.into_values().collect();
    days.sort_unstable();
    let (median, most) = (days[days.len() / 2], days[days.len() - 1]);
    assert!(most > median * 2, "busiest day {most}, median {median}");
}

#[test]
fn a_size_in_events_is_met_within_a_few_percent() {
    let events = Plan { size: Size::Events(200_000), months: 12, ..plan() };
    let written = generate::write_to(&events, std::io::sink()).unwrap();
    assert!((185_000..=215_000).contains(&written.rows), "{written:?}");
}

#[test]
fn a_plan_that_cannot_be_carried_out_says_what_was_expected() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("events.csv");
    for (plan, expected) in [
        (Plan { months: 0, ..plan() }, "expected 1 to 1200 months, found 0"),
        (Plan { size: Size::Cases(0), ..plan() }, "expected 1 to 4294967294 cases, found 0"),
    ] {
        match generate::write(&plan, &out) {
            Err(Error::Usage(message)) => assert_eq!(message, expected),
            other => panic!("expected a usage error, found {other:?}"),
        }
    }
    assert!(!out.exists());
}

#[test]
fn an_output_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("missing").join("events.csv");
    match generate::write(&plan(), &out) {
        Err(error @ Error::Output(_)) => {
            assert_eq!(error.exit_code(), 5);
            assert!(error.to_string().contains("missing"), "{error}");
        }
        other => panic!("expected an output error, found {other:?}"),
    }
}

#[test]
fn a_file_is_replaced_whole() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("events.csv");
    std::fs::write(&out, "older").unwrap();
    let Written { bytes, .. } = generate::write(&plan(), &out).unwrap();
    assert_eq!(std::fs::metadata(&out).unwrap().len(), bytes);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}
