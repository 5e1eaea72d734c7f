//! Fact tables: schema = Parquet, values as worked by hand, bytes that no number of threads changes.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod worked;

use std::path::Path;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Int32Type, Int64Type, TimestampMicrosecondType};
use slaudit::facts::{CASES, CLOCKS, Context, DataRow, FINDINGS, Period, column_names, read, write};
use slaudit::tables::Tally;

fn write_to(folder: &Path) -> Tally {
    let (history, book) = (worked::history(), worked::book());
    let context = Context::new(&history, &book, &["in.csv".into()], Period::default());
    let row = DataRow {
        code: slaudit::codes::D506,
        case_id: None,
        at: None,
        message: "status word `Odd` has no category; 3 rows",
        file: Some(0),
        line: Some(7),
    };
    write(&context, &worked::Worked, &[row], folder, &|| Tally::new(Period::default(), &[]), &|_| ()).unwrap()
}

fn table(folder: &Path, name: &str) -> RecordBatch {
    let path = folder.join(format!("{name}.parquet"));
    let batches = read(&path, &column_names(&path).unwrap()).unwrap();
    arrow::compute::concat_batches(&batches[0].schema(), &batches).unwrap()
}

fn word(batch: &RecordBatch, column: &str, row: usize) -> Option<String> {
    let array = batch.column_by_name(column).unwrap().as_dictionary::<Int32Type>();
    array.key(row).map(|key| array.values().as_string::<i32>().value(key).to_owned())
}

fn whole(batch: &RecordBatch, column: &str, row: usize) -> Option<i64> {
    let array = batch.column_by_name(column).unwrap().as_primitive::<Int64Type>();
    array.is_valid(row).then(|| array.value(row))
}

#[test]
fn files_have_the_registered_schema_and_attributes_after_it() {
    let folder = tempfile::tempdir().unwrap();
    write_to(folder.path());
    assert_eq!(table(folder.path(), "clocks").schema().fields(), CLOCKS.schema([]).fields());
    assert_eq!(table(folder.path(), "findings").schema().fields(), FINDINGS.schema([]).fields());
    let cases = table(folder.path(), "cases");
    assert_eq!(cases.schema().fields(), CASES.schema(["customer", "attr_scope"]).fields());
    assert_eq!(word(&cases, "customer", 2).as_deref(), Some("Blue"));
    assert_eq!(word(&cases, "customer", 4), None);
    assert_eq!(word(&cases, "attr_scope", 0).as_deref(), Some("EU"));
    assert_eq!(word(&cases, "scope", 0).as_deref(), Some("in"));
}

#[test]
fn values_are_those_of_the_replay() {
    let folder = tempfile::tempdir().unwrap();
    write_to(folder.path());
    let clocks = table(folder.path(), "clocks");
    assert_eq!(clocks.num_rows(), 12);
    let b = 2; // each case has two clocks; `b` is the second case
    assert_eq!(word(&clocks, "verdict", b).as_deref(), Some("missed"));
    assert_eq!(word(&clocks, "stopped_by", b).as_deref(), Some("=cmd()"));
    assert_eq!(word(&clocks, "target", b), Some(worked_target()));
    assert_eq!(word(&clocks, "target_kind", b).as_deref(), Some("business"));
    assert_eq!(word(&clocks, "started_month", b).as_deref(), Some("2026-01"));
    // Half a second over an hour: 3600 whole seconds used, and a margin below 0.
    assert_eq!(whole(&clocks, "elapsed_s", b), Some(3_600));
    assert_eq!(whole(&clocks, "margin_s", b), Some(-1));
    assert_eq!(whole(&clocks, "margin_s", b + 1), None);
    let due = clocks.column_by_name("due_at").unwrap().as_primitive::<TimestampMicrosecondType>();
    assert_eq!(due.value(b), worked::minute(60).micros());
}

fn worked_target() -> String {
    worked::book().versions[0].severities[0].first_response.unwrap().to_string()
}

#[test]
fn findings_say_their_figures_and_those_of_the_data_come_last() {
    let folder = tempfile::tempdir().unwrap();
    write_to(folder.path());
    let findings = table(folder.path(), "findings");
    let messages = findings.column_by_name("message").unwrap().as_string::<i32>();
    let target = worked_target();
    assert_eq!(
        messages.iter().flatten().collect::<Vec<_>>(),
        [
            format!("first response after 1 h of business time, target {target}, over by 1 s"),
            format!("ended by the agent without an answer after 10 min of business time, target {target}"),
            "status word `Odd` has no category; 3 rows".to_owned(),
        ]
    );
    assert_eq!(word(&findings, "code", 2).as_deref(), Some("D506"));
    assert_eq!(word(&findings, "file", 2).as_deref(), Some("in.csv"));
    assert_eq!(whole(&findings, "line", 2), Some(7));
    assert_eq!(whole(&findings, "line", 0), None);
}

#[test]
fn the_number_of_threads_does_not_show() {
    let bytes = |threads: usize| {
        let folder = tempfile::tempdir().unwrap();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| write_to(folder.path()));
        ["cases", "clocks", "findings"]
            .map(|name| std::fs::read(folder.path().join(format!("{name}.parquet"))).unwrap())
    };
    assert_eq!(bytes(1), bytes(3));
}
