//! The same rows give the same history: as CSV, as Parquet, shuffled, in blocks of any size, on 1 thread and on 4.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, RecordBatch, StringArray, TimestampMillisecondArray};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use slaudit::history::Event;
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
         a,2026-01-05T11:00:00+01:00,,AGENT,,3,\n\
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
fn a_row_that_sets_a_state_back_is_no_duplicate() {
    let events = |files: &[&str]| {
        let named = files.iter().enumerate().map(|(i, rows)| {
            let row = |word: &str| match word.parse::<u8>() {
                Ok(severity) => format!("a,2026-01-05T10:00:00Z,,{severity}\n"),
                Err(_) => format!("a,2026-01-05T10:00:00Z,{word},\n"),
            };
            let rows: String = rows.split(' ').map(row).collect();
            (format!("{i}.csv"), format!("case_id,at,status,severity\n{rows}"))
        });
        let named: Vec<(String, String)> = named.collect();
        let named: Vec<(&str, &[u8])> = named.iter().map(|(n, text)| (n.as_str(), text.as_bytes())).collect();
        let (_folder, paths) = folder(&named);
        let made = read(&Plan::new(paths, Profile::named("canonical").unwrap()), &Silent).unwrap();
        let status = |i: usize| made.history.statuses.at(i).to_owned();
        let word = |e: &Event| e.status.get().map_or_else(|| e.severity().to_string(), status);
        let words: Vec<String> = made.history.case(0).events.iter().map(word).collect();
        (words.join(" "), made.ledger.n_duplicate())
    };
    assert_eq!(events(&["Open Held Open Open"]), ("Open Held Open".into(), 1));
    assert_eq!(events(&["Open 2 Open"]), ("Open 2".into(), 1));
    assert_eq!(events(&["1 3 1 3"]), ("1 3 1 3".into(), 0));
    // Of several files as many as the file with most of them has; the first stay.
    assert_eq!(events(&["Open Held Open", "Open Held Open Held"]), ("Open Held Open Held".into(), 3));
    assert_eq!(events(&["Open", "Held Open"]), ("Open Held".into(), 1));
    assert_eq!(events(&["Open Held Open", "Open", "Held"]), ("Open Held Open".into(), 2));
    // Enough rows at one instant that they are not compared one by one.
    let many = ["Open", "Held"].repeat(500).join(" ");
    assert_eq!(events(&[&many, &many]), (many.clone(), 1_000));
}

#[test]
fn rows_of_one_instant_stand_as_their_file_says_and_acts_together() {
    let made = |rows: &str| {
        let lines = rows.split('|').map(|row| {
            let [time, event, role, actor, status] = row.split(' ').collect::<Vec<_>>()[..] else {
                panic!("{row}")
            };
            format!("a,2026-01-05T{time}:00Z,{event},{role},{actor},{status},\n").replace('_', "")
        });
        let made = ingest(
            format!("case_id,at,event,role,actor,status,severity\n{}", lines.collect::<String>()),
            |_| {},
        );
        let status = |e: &Event| e.status.get().map_or("", |i| made.history.statuses.at(i)).to_owned();
        let shown = |e: &Event| format!("{:?}{}", e.kind(), status(e));
        let order: Vec<String> = made.history.case(0).events.iter().map(shown).collect();
        (order.join(" "), made.assumptions.join("\n"))
    };
    // The change of state stands first; the message is taken before it.
    let (order, told) =
        made("09:00 opened customer c New|09:30 update agent a Resolved|09:30 message agent a _");
    assert_eq!(order, "OpenedNew Message UpdateResolved");
    assert!(told.contains("the message first: 1") && !told.contains("newest first"), "{told}");
    assert!(!told.contains("different people"), "{told}");
    // Newest first: read backwards, and then it needs no moving.
    let (order, told) =
        made("09:30 update agent a Resolved|09:30 message agent a _|09:00 opened customer c New");
    assert_eq!(order, "OpenedNew Message UpdateResolved");
    assert!(told.contains("from the last to the first: 1") && !told.contains("the message first"), "{told}");
    // In no order of time: as it stands; two people are told of.
    let rows = "09:30 update agent a Resolved|09:30 message agent b _|09:00 opened customer c New|09:40 note agent a _";
    let (order, told) = made(rows);
    assert_eq!(order, "OpenedNew UpdateResolved Message Note");
    assert!(told.contains("different things: 1 (in 1 cases)"), "{told}");
    // Nothing to decide, nothing told.
    assert_eq!(made("09:00 opened customer c New|09:30 message agent a Open").1, "");
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
