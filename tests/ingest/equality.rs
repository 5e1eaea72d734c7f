//! The same rows give the same history: as CSV, as Parquet, shuffled, in blocks of any size, on 1 thread and on 4.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, RecordBatch, StringArray, TimestampMillisecondArray};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use slaudit::ingest::{Attributes, Ingested, Plan, Profile, Silent, read};

use super::build::{attribute, folder, ingest, shown};

/// One row: case, milliseconds since 2026-01-01, event, role, actor, status, severity, product.
type Row = (String, i64, &'static str, &'static str, String, &'static str, Option<u8>, &'static str);

/// 2026-01-01T00:00:00Z in milliseconds.
const START: i64 = 1_767_225_600_000;

/// Rows that need no two of a case at one instant, so that any order of them is the same history.
fn rows(n: usize) -> Vec<Row> {
    let mut state = 42u64;
    let mut next = |bound: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    let row = |i: usize| -> Row {
        let case = format!("case \"{}\"", next(n as u64 / 5 + 1));
        let event = ["opened", "message", "note", "update", ""][next(5) as usize];
        let role = ["customer", "agent", "system", ""][next(4) as usize];
        let actor = ["ann", "bob, jr", "zoë", ""][next(4) as usize].to_string();
        let status = ["New", "Open", "closed", "", ""][next(5) as usize];
        let severity = Some(next(12) as u8 + 1).filter(|s| *s <= 9);
        (
            case,
            START + i as i64 * 61_001,
            event,
            role,
            actor,
            status,
            severity,
            ["pump", "", "x\ny"][next(3) as usize],
        )
    };
    (0..n).map(row).collect()
}

fn csv(rows: &[Row]) -> Vec<u8> {
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(["case_id", "at", "event", "role", "actor", "status", "severity", "product"]).unwrap();
    for (case, at, event, role, actor, status, severity, product) in rows {
        let at = chrono::DateTime::from_timestamp_millis(*at).unwrap().to_rfc3339();
        let severity = severity.map(|s| s.to_string()).unwrap_or_default();
        out.write_record([case.as_str(), &at, event, role, actor, status, &severity, product]).unwrap();
    }
    out.into_inner().unwrap()
}

fn parquet(rows: &[Row], path: &Path) {
    let text = |of: &dyn Fn(&Row) -> String| -> ArrayRef {
        let words = rows.iter().map(|r| Some(of(r)).filter(|w| !w.is_empty()));
        Arc::new(words.collect::<StringArray>())
    };
    let at: TimestampMillisecondArray = rows.iter().map(|r| Some(r.1)).collect();
    let severity: Float64Array = rows.iter().map(|r| r.6.map(f64::from)).collect();
    let batch = RecordBatch::try_from_iter_with_nullable([
        ("case_id", text(&|r| r.0.clone()), false),
        ("at", Arc::new(at.with_timezone("UTC")) as ArrayRef, false),
        ("event", text(&|r| r.2.into()), true),
        ("role", text(&|r| r.3.into()), true),
        ("actor", text(&|r| r.4.clone()), true),
        ("status", text(&|r| r.5.into()), true),
        ("severity", Arc::new(severity) as ArrayRef, true),
        ("product", text(&|r| r.7.into()), true),
    ]);
    let batch = batch.unwrap();
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(97)).build();
    let file = std::fs::File::create(path).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

fn on_threads<T: Send>(n: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap().install(work)
}

#[test]
fn as_csv_as_parquet_shuffled_in_any_blocks_on_any_threads() {
    let mut rows = rows(1_000);
    let expected = on_threads(1, || ingest(csv(&rows), |_| {}));
    assert!(expected.ledger.n_used() == 1_000 && expected.history.n_cases() > 150);
    for (threads, block_size) in [(1, 1), (4, 1), (4, 700), (2, 10_000)] {
        let made = on_threads(threads, || ingest(csv(&rows), |plan| plan.block_size = block_size));
        assert_eq!(made.history, expected.history, "{threads} threads, blocks of {block_size}");
        for case in 0..made.history.n_cases() {
            let places = |of: &Ingested| {
                let numbers = of.history.events.numbers(case).unwrap();
                numbers.map(|event| of.places.of(event)).collect::<Vec<_>>()
            };
            assert_eq!(places(&made), places(&expected));
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.parquet");
    parquet(&rows, &path);
    let plan = Plan::new(vec![path], Profile::named("canonical").unwrap());
    for threads in [1, 3] {
        let made = on_threads(threads, || read(&plan, &Silent).unwrap());
        assert_eq!(shown(&made.history), shown(&expected.history));
        assert_eq!(made.history, expected.history);
        assert_eq!(made.ledger.n_used(), 1_000);
    }
    rows.reverse();
    rows.rotate_left(333);
    let made = ingest(csv(&rows), |plan| plan.block_size = 5_000);
    assert_eq!(made.history, expected.history);
}

#[test]
fn two_files_are_in_the_order_given() {
    let (_folder, paths) = folder(&[
        (
            "1.csv",
            b"case_id,at,event,severity\na,2026-01-05T09:00:00Z,opened,1\na,2026-01-05T10:30:00Z,message,\n",
        ),
        ("2.csv", b"at,case_id,severity,site\n2026-01-05T10:30:00Z,a,3,Rome\n"),
    ]);
    let plan = Plan::new(paths, Profile::named("canonical").unwrap());
    let made = read(&plan, &Silent).unwrap();
    assert_eq!(
        shown(&made.history),
        [
            "a 2026-01-05T09:00:00Z Opened Unknown - - 1",
            "a 2026-01-05T10:30:00Z Message Unknown - - 0",
            "a 2026-01-05T10:30:00Z Update Unknown - - 3",
        ]
    );
    assert_eq!(attribute(&made.history, "site"), [Some("Rome".to_string())]);
    let place = made.places.of(2).unwrap();
    assert_eq!((place.file, place.line), (1, 2));
}

#[test]
fn the_opening_is_the_first_of_its_instant_and_only_it() {
    let made = ingest(
        "case_id,at,event,role,site\n\
         a,2026-01-05T09:00:00Z,message,agent,late\n\
         a,2026-01-05T09:00:00Z,opened,customer,early\n\
         a,2026-01-05T09:30:00Z,message,customer,\n\
         a,2026-01-05T09:30:00Z,opened,system,\n",
        |_| {},
    );
    let kinds: Vec<_> = made.history.events.iter().map(|e| format!("{:?}", e.kind())).collect();
    assert_eq!(kinds, ["Opened", "Message", "Message", "Opened"]);
    assert_eq!(attribute(&made.history, "site"), [Some("early".to_string())]);
}

#[test]
fn duplicates_are_of_the_whole_input_and_their_attributes_count() {
    let made = ingest(
        "case_id,at,event,role,status,severity,channel\n\
         a,2026-01-05T09:00:00Z,opened,customer,New,1,\n\
         a,2026-01-05T10:00:00Z,update,agent,,1,\n\
         a,2026-01-05T10:00:00Z,update,agent,,3,\n\
         a,2026-01-05T11:00:00+01:00,,AGENT,,1,\n\
         a,2026-01-05T09:00:00Z,opened,customer,New,1,portal\n",
        |_| {},
    );
    assert_eq!(made.history.events.len(), 3);
    assert_eq!((made.ledger.n_read(), made.ledger.n_used(), made.ledger.n_duplicate()), (5, 3, 2));
    assert_eq!(attribute(&made.history, "channel"), [Some("portal".to_string())]);
    let many = "a,2026-01-05T09:00:00Z\n".repeat(50_000);
    let made = ingest(format!("case_id,at\n{many}"), |plan| plan.block_size = 10_000);
    assert_eq!((made.ledger.n_used(), made.ledger.n_duplicate()), (1, 49_999));
}

#[test]
fn only_the_attributes_asked_for() {
    let rows = "case_id,at,x,y,\na,2026-01-05T09:00:00Z,1,2,\n";
    let names = |attributes: Attributes| -> Vec<String> {
        let made = ingest(rows, |plan| plan.attributes = attributes.clone());
        made.history.attributes.iter().map(|a| a.name.clone()).collect()
    };
    assert_eq!(names(Attributes::All), ["x", "y"]);
    assert_eq!(names(Attributes::Named(vec!["y".into(), "z".into()])), ["y"]);
    assert!(names(Attributes::None).is_empty());
}
