//! Fact tables: schema = Parquet, values as worked by hand, words that stand once in a dictionary, bytes
//! that no number of threads changes.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod worked;

use std::collections::BTreeSet;
use std::path::Path;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Int32Type, Int64Type, TimestampMicrosecondType};
use parquet::column::page::Page;
use parquet::file::reader::{FileReader, SerializedFileReader};
use slaudit::facts::{CASES, CLOCKS, Context, DataRow, FINDINGS, Period, TABLES, column_names, read, write};
use slaudit::history::CaseEvents;
use slaudit::replay::{CaseFacts, Reason};
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

/// The words of every dictionary page of the Parquet file at `path`, with the column each belongs to.
fn dictionary_pages(path: &Path) -> Vec<(String, Vec<Vec<u8>>)> {
    let file = SerializedFileReader::new(std::fs::File::open(path).unwrap()).unwrap();
    let mut pages = Vec::new();
    for group in 0..file.num_row_groups() {
        let group = file.get_row_group(group).unwrap();
        for column in 0..group.num_columns() {
            let name = group.metadata().column(column).column_path().string();
            let mut reader = group.get_column_page_reader(column).unwrap();
            while let Some(page) = reader.get_next_page().unwrap() {
                if let Page::DictionaryPage { buf, num_values, .. } = page {
                    pages.push((name.clone(), plain_words(&buf, num_values)));
                }
            }
        }
    }
    pages
}

/// Each word after its length in four bytes, the lowest first.
fn plain_words(mut bytes: &[u8], n: u32) -> Vec<Vec<u8>> {
    let mut words = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk() {
        let (word, rest) = rest.split_at(u32::from_le_bytes(*length) as usize);
        words.push(word.to_vec());
        bytes = rest;
    }
    assert_eq!(words.len(), n as usize);
    words
}

/// Every dictionary of the fact files in `folder` holds each word once; the columns that have more than one word.
fn distinct_words(folder: &Path) -> BTreeSet<String> {
    let mut columns = BTreeSet::new();
    for table in TABLES {
        for (column, words) in dictionary_pages(&folder.join(format!("{}.parquet", table.name))) {
            let distinct: BTreeSet<&Vec<u8>> = words.iter().collect();
            assert_eq!(distinct.len(), words.len(), "{}.{column}: {words:?}", table.name);
            if words.len() > 1 {
                columns.insert(format!("{}.{column}", table.name));
            }
        }
    }
    columns
}

#[test]
fn versions_and_files_of_one_name_are_one_word() {
    let (history, mut book) = (worked::history(), worked::book());
    book.versions[0].scope.include = vec![("tier".into(), vec!["gold".into()])];
    let again = book.versions[0].clone();
    book.versions.extend([again.clone(), again]);
    let files = ["in.json", "other.csv", "in.json"].map(str::to_owned);
    let context = Context::new(&history, &book, &files, Period::default());
    let row = |file| DataRow {
        code: slaudit::codes::D506,
        case_id: None,
        at: None,
        message: "odd",
        file: Some(file),
        line: None,
    };
    let folder = tempfile::tempdir().unwrap();
    let tally = || Tally::new(Period::default(), &[]);
    write(&context, &Versions, &[row(0), row(1), row(2)], folder.path(), &tally, &|_| ()).unwrap();
    distinct_words(folder.path());
    let (cases, findings) = (table(folder.path(), "cases"), table(folder.path(), "findings"));
    let rows = findings.num_rows() - 3;
    let names: Vec<Option<String>> = (rows..rows + 3).map(|row| word(&findings, "file", row)).collect();
    assert_eq!(names, ["in.json", "other.csv", "in.json"].map(|name| Some(name.to_owned())));
    for row in 0..cases.num_rows() {
        assert_eq!(word(&cases, "policy_version", row).as_deref(), Some("worked"));
        assert_eq!(word(&cases, "scope_reason", row).as_deref(), Some("not included: tier"));
    }
}

/// The six worked cases, each under another of three versions, and none of them included.
struct Versions;

impl slaudit::facts::Replay for Versions {
    type Workspace = Option<CaseFacts>;

    fn replay<'w>(
        &self,
        events: CaseEvents<'_>,
        workspace: &'w mut Option<CaseFacts>,
    ) -> Option<&'w CaseFacts> {
        let mut facts = worked::replayed(events.case);
        facts.case.version = events.case % 3;
        facts.case.out_of_scope = Some(Reason::NotIncluded(0));
        *workspace = Some(facts);
        workspace.as_ref()
    }
}

#[test]
fn every_dictionary_of_a_book_holds_each_word_once() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir(at("book")).unwrap();
    for (date, target) in [("2026-01-01", "4 hours"), ("2026-02-01", "4h"), ("2026-03-01", "2 hours")] {
        let policy = format!(
            "effective_from = {date}\ntimezone = \"UTC\"\n[[severity]]\nlevel = 1\nfirst_response = \"{target}\"\n\
             resolution = \"4 hours\"\n[scope]\ninclude = {{ tier = [\"gold\"], channel = [\"portal\"] }}\n"
        );
        std::fs::write(at("book").join(format!("{date}.toml")), policy).unwrap();
    }
    let mut rows = "case_id,at,event,role,actor,status,severity,tier,channel,Channel\n".to_owned();
    for case in 0..90 {
        let (month, day) = (case % 3 + 1, case % 28 + 1);
        let tier = ["gold", "tin", "gold", " gold"][case % 4];
        let channel = ["portal", "phone", "portal", "portal", "mail"][case % 5];
        let opened = format!("2026-{month:02}-{day:02}T09:00:00Z,opened,customer,Cleo,New,1,{tier}");
        let answered = format!("2026-{month:02}-{day:02}T10:30:00Z,message,agent,A{},", case % 7);
        let status = ["Open", "Spam", "Merged", "Odd"][case % 4];
        rows += &format!("c{case},{opened},{channel},{channel}\nc{case},{answered}{status},,,,\n");
    }
    std::fs::write(at("events.csv"), rows).unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_slaudit"));
    command.args(["audit", "events.csv", "--policy", "book", "--facts-only", "--quiet", "--out", "report"]);
    let output = command.current_dir(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let columns = distinct_words(&at("report").join("facts"));
    for column in
        ["cases.scope_reason", "cases.policy_version", "clocks.target", "clocks.reason", "cases.tier"]
    {
        assert!(columns.contains(column), "{column} has words: {columns:?}");
    }
}
