//! Rows read by their columns (Parquet) and one by one (CSV) give the same history, whatever is wrong with them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{
    ArrayRef, RecordBatch, StringArray, TimestampMicrosecondArray, TimestampNanosecondArray, UInt8Array,
};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use chrono::DateTime;
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use slaudit::history::Place;
use slaudit::ingest::{Ingested, Plan, Profile, Silent, read};

use super::build::{folder, shown};

/// Cells as a person sees them; `at` in microseconds since 1970, out of range for none that can be read.
#[derive(Clone)]
struct Row {
    case: &'static str,
    at: Option<i64>,
    words: [&'static str; 4],
    severity: Option<u8>,
    product: &'static str,
}

/// 2026-10-25T00:00:00Z: an hour of that night comes twice in Berlin.
const START: i64 = 1_792_886_400_000_000;
const OUT_OF_RANGE: i64 = 400_000_000_000_000_000;

/// Rows with nulls, blanks around words, words that mean nothing, missing ids and times, ties and duplicates.
fn rows(n: usize, seed: u64) -> Vec<Row> {
    let mut state = seed;
    let mut next = |bound: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % bound
    };
    let cases = ["a", " a", "b ", "case 17 of the export", "c", "d", "e", "", "-", "zwölf"];
    let events = ["opened", "message", " Message", "note", "update", "", "", "-", "message", "bogus"];
    let roles = ["customer", "agent", "SYSTEM", "", "-", " agent ", "agent", "customer", "customer", "boss"];
    let actors = ["ann", "bob, jr", " ann ", "", "-", "a name of more than sixteen bytes", "bot 7"];
    let statuses = ["New", "Open", "on hold", "", "", "-", "waiting for a third party", " Open"];
    let mut row = |_| Row {
        // Ids and instants out of a few, so that many rows are of one instant, or equal.
        case: cases[next(cases.len())],
        at: match next(40) {
            0 => None,
            1 => Some(OUT_OF_RANGE),
            _ => Some(START + next(90) as i64 * 120_000_000),
        },
        words: [
            events[if next(4) == 0 { next(10) } else { next(9) }],
            roles[if next(4) == 0 { next(10) } else { next(9) }],
            actors[next(actors.len())],
            statuses[next(statuses.len())],
        ],
        severity: [None, None, Some(1), Some(2), Some(3), Some(9), Some(0), Some(10)][next(8)],
        product: ["", "pump", "-", " valve"][next(4)],
    };
    let mut all: Vec<Row> = (0..n).map(&mut row).collect();
    (10..n).step_by(9).for_each(|i| all[i] = all[i * 7 / 9].clone());
    all
}

/// How times are written.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Times {
    Utc,
    Local,
    Text,
    LocalNanoseconds,
}

fn spelled(at: i64, times: Times) -> String {
    let Some(at) = DateTime::from_timestamp_micros(at).filter(|_| at != OUT_OF_RANGE) else {
        return "14645-06-30T15:06:40Z".to_owned();
    };
    let zone = if matches!(times, Times::Utc | Times::Text) { "Z" } else { "" };
    format!("{}{zone}", at.format("%Y-%m-%dT%H:%M:%S"))
}

fn csv(rows: &[Row], times: Times) -> Vec<u8> {
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(["case_id", "at", "event", "role", "actor", "status", "severity", "product"]).unwrap();
    for Row { case, at, words: [event, role, actor, status], severity, product } in rows {
        let at = at.map(|at| spelled(at, times)).unwrap_or_default();
        let severity = severity.map(|s| s.to_string()).unwrap_or_default();
        out.write_record([case, &at[..], event, role, actor, status, &severity, product]).unwrap();
    }
    out.into_inner().unwrap()
}

fn instants(rows: &[Row], times: Times) -> ArrayRef {
    let micros: TimestampMicrosecondArray = rows.iter().map(|row| row.at).collect();
    match times {
        Times::Utc => Arc::new(micros.with_timezone("UTC")),
        Times::Local => Arc::new(micros),
        // Nanoseconds reach no year that is out of range.
        Times::LocalNanoseconds => {
            let nanos = rows.iter().map(|row| row.at.filter(|at| *at != OUT_OF_RANGE).map(|at| at * 1_000));
            Arc::new(nanos.collect::<TimestampNanosecondArray>())
        }
        Times::Text => {
            Arc::new(rows.iter().map(|row| row.at.map(|at| spelled(at, times))).collect::<StringArray>())
        }
    }
}

fn parquet(rows: &[Row], times: Times, path: &Path, group: usize) {
    let text = |of: &dyn Fn(&Row) -> &'static str| -> ArrayRef {
        // An empty cell is null or an empty text, as it comes.
        let word = |(i, row): (usize, &Row)| Some(of(row)).filter(|word| !word.is_empty() || i % 3 == 0);
        let words: ArrayRef = Arc::new(rows.iter().enumerate().map(word).collect::<StringArray>());
        let kind = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        if group.is_multiple_of(2) { cast(&words, &kind).unwrap() } else { words }
    };
    let severity: UInt8Array = rows.iter().map(|row| row.severity).collect();
    let batch = RecordBatch::try_from_iter_with_nullable([
        ("case_id", text(&|row| row.case), true),
        ("at", instants(rows, times), true),
        ("event", text(&|row| row.words[0]), true),
        ("role", text(&|row| row.words[1]), true),
        ("actor", text(&|row| row.words[2]), true),
        ("status", text(&|row| row.words[3]), true),
        ("severity", Arc::new(severity) as ArrayRef, true),
        ("product", text(&|row| row.product), true),
    ]);
    let batch = batch.unwrap();
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(group)).build();
    let file = std::fs::File::create(path).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

fn profile(shape: &str) -> Profile {
    let (event, first) =
        if shape == "events" { ("event = \"event\",", "") } else { ("", "first_role = \"customer\"") };
    let source = format!(
        r#"
[statuses]
new = ["New"]
open = ["Open"]
[[table]]
shape = "{shape}"
missing = ["-"]
default_role = "agent"
{first}
columns = {{ case_id = "case_id", at = "at", {event} role = "role", actor = "actor", status = "status", severity = "severity" }}
actors = [{{ role = "system", like = ["bot*"] }}]
"#
    );
    Profile::parse(&source, "mine.toml").unwrap()
}

fn ingest(path: PathBuf, shape: &str, watch: Option<&str>) -> Ingested {
    let mut plan = Plan::new(vec![path], profile(shape));
    plan.max_rejected = 1.0;
    plan.timezone = Some(chrono_tz::Europe::Berlin);
    plan.watch = watch.map(str::to_owned);
    read(&plan, &Silent).unwrap()
}

/// Of each event its line, one less in a file with a header, and its watched cell.
fn lines(of: &Ingested, header: u64) -> Vec<(Option<u64>, Option<String>)> {
    let numbers = (0..of.history.n_cases()).flat_map(|case| of.history.events.numbers(case).unwrap());
    let line = |place: Place| place.line - header;
    numbers.map(|n| (of.places.of(n).map(line), of.watched(n).map(str::to_owned))).collect()
}

#[test]
fn rows_by_columns_are_rows_one_by_one() {
    for (seed, times) in
        [Times::Utc, Times::Local, Times::Text, Times::LocalNanoseconds].into_iter().enumerate()
    {
        for shape in ["events", "snapshots"] {
            let rows = rows(1_500, seed as u64 * 7 + 3);
            let watch = (seed % 2 == 0).then_some("status");
            let (folder, paths) = folder(&[("rows.csv", &csv(&rows, times))]);
            let expected = ingest(paths[0].clone(), shape, watch);
            let ledger = &expected.ledger;
            assert!(ledger.n_used() > 300 && ledger.n_duplicate() > 0);
            assert_eq!(ledger.by_code().len(), 4, "{:?}", ledger.by_code());
            for group in [1, 100, 611, 2_000] {
                let what = format!("{times:?}, {shape}, row groups of {group}");
                let path = folder.path().join("rows.parquet");
                parquet(&rows, times, &path, group);
                let made = ingest(path, shape, watch);
                assert_eq!(shown(&made.history), shown(&expected.history), "{what}");
                assert!(made.history == expected.history, "{what}");
                assert_eq!(made.ledger.by_code(), ledger.by_code(), "{what}");
                assert_eq!(made.ledger.n_duplicate(), ledger.n_duplicate(), "{what}");
                assert_eq!(lines(&made, 0), lines(&expected, 1), "{what}");
                let codes = |of: &Ingested| of.findings.iter().map(|f| (f.code, f.n)).collect::<Vec<_>>();
                assert_eq!(codes(&made), codes(&expected), "{what}");
            }
        }
    }
}
