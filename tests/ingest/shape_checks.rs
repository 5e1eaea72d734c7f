//! What is wrong with the rules of a shape and how it is said; values set from the command line; that a joined input
//! comes out the same in any blocks, on any threads and as Parquet.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray, TimestampSecondArray};
use slaudit::diag::Error;
use slaudit::ingest::{Plan, Profile, Silent, input_files, read};

use super::build::{folder, shown};

fn problems(toml: &str) -> String {
    match Profile::parse(toml, "mine.toml") {
        Err(error @ Error::Invalid(_)) => error.to_string(),
        other => panic!("{other:?}"),
    }
}

fn first_lines(text: &str) -> Vec<&str> {
    text.lines().filter(|line| line.starts_with("error") || line.starts_with("hint")).collect()
}

#[test]
fn every_key_of_a_shape_is_checked() {
    let text = problems(
        r#"
[[table]]
shape = "change"
columns = { case_id = "a", at = "b" }
[[table]]
shape = "changes"
columns = { case_id = "a", at = "b", field = "c", new = "d", status = "e" }
fields = { status = ["Status"], severity = ["status"], sevrity = "x" }
[[table]]
shape = "messages"
columns = { case_id = "a", at = "b", public = "c", internal = "d" }
opener_is_customer = "yes"
[[table]]
shape = "activities"
columns = { case_id = "a", at = "b", activity = "c" }
unlisted = "rejct"
activities = { "Reply" = "message", "Close" = { event = "closed", severity = 12 } }
[[table]]
shape = "cases"
columns = { case_id = "a", at = "b" }
milestones = [{ column = "c" }, { status = "Closed" }, { column = "c", event = "opened" }, { column = "d", status = "x", since_opening = "minute" }]
[[table]]
shape = "messages"
columns = { case_id = "a", at = "b" }
"#,
    );
    insta::assert_snapshot!(first_lines(&text).join("\n"), @r##"
    error[F108]: two tables are named `messages`: give them names of their own
    error[F104]: no shape `change`: expected `events`, `snapshots`, `changes`, `messages`, `activities`, `cases` or `people`
    hint: did you mean `changes`?
    error[F102]: unknown key `status`
    hint: known here: case_id, at, role, actor, field, old, new
    error[F108]: field `status` is given twice
    error[F102]: unknown key `sevrity`
    hint: did you mean `severity`?
    error[F108]: of `event`, `public` and `internal` only one says who may read a message
    error[F103]: expected `true` or `false`, found string
    error[F104]: no rule `rejct`: expected `update`, `status` or `reject`
    hint: did you mean `reject`?
    error[F103]: expected a table, found string
    error[F104]: no event `closed`: expected `opened`, `message`, `note` or `update`
    error[F104]: a severity is a whole number from 1 to 9
    error[F105]: `status` is missing: expected what the milestone is: `status`, `severity`, or `event` with `message` or `note`
    error[F105]: `column` is missing: expected the name of the column
    error[F104]: a milestone opens no case: the row is opened at the column `at`
    error[F104]: no unit `minute`: expected one of `seconds`, `minutes`, `hours`, `days`, `h:mm:ss`
    hint: did you mean `minutes`?
    "##);
}

#[test]
fn values_are_set_from_the_command_line() {
    let mut profile = Profile::named("netsuite").unwrap();
    for good in [
        "notes.files=Audit*.csv, Log*.csv",
        "notes.columns.at=When",
        "cases.timestamps=%d.%m.%Y %H:%M",
        "cases.timezone=Europe/Rome",
        "cases.delimiter=;",
    ] {
        profile.set(good).unwrap();
    }
    let wrong = [
        "files=x",
        "table.files=x",
        "notes.file=x",
        "notes.columns.status=x",
        "notes.timezone=Rome",
        "cases.timestamps=%H",
        "cases.delimiter=ab",
        "cases.files=",
    ];
    let all: Vec<String> = wrong.iter().map(|text| profile.set(text).unwrap_err().to_string()).collect();
    insta::assert_snapshot!(all.join("\n"), @"
    error: --set `files=x`: expected TABLE.KEY=VALUE
    error: --set `table.files=x`: no table `table`: expected `messages` or `notes` or `cases`
    error: --set `notes.file=x`: no key `file`: expected one of `files`, `timezone`, `timestamps`, `delimiter`, `sheet`, `list`, `optional`, `columns.…`; did you mean `files`?
    error: --set `notes.columns.status=x`: a table of this shape has no column `status`
    error: --set `notes.timezone=Rome`: `Rome` is no time zone
    error: --set `cases.timestamps=%H`: it gives no whole date: year, month and day, or year and day of the year
    error: --set `cases.delimiter=ab`: a delimiter is one ASCII character, not a quote
    error: --set `cases.files=`: expected a value after `=`
    ");
    Profile::named("xes-csv").unwrap().set("table.files=*.csv").unwrap();
}

#[test]
fn folders_and_patterns_stand_for_their_files_in_order_of_names() {
    let (folder, paths) =
        folder(&[("b.csv", b"x"), ("a.csv", b"x"), ("c.parquet", b"x"), ("notes.md", b"x")]);
    std::fs::create_dir(folder.path().join("below")).unwrap();
    std::fs::write(folder.path().join("below/d.csv"), b"x").unwrap();
    let names = |given: &[&Path]| -> Vec<String> {
        let given: Vec<_> = given.iter().map(|path| path.to_path_buf()).collect();
        let found = input_files(&given).unwrap().files;
        found.iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
    };
    let at = |name: &str| folder.path().join(name);
    assert_eq!(names(&[folder.path()]), ["a.csv", "b.csv", "c.parquet"]);
    assert_eq!(names(&[&paths[0], folder.path()]), ["b.csv", "a.csv", "c.parquet"]);
    assert_eq!(names(&[&at("?.csv")]), ["a.csv", "b.csv"]);
    assert_eq!(names(&[&at("be*/*.csv")]), ["d.csv"]);
    assert_eq!(names(&[&at("gone.csv")]), ["gone.csv"]);
    let nothing = input_files(&[at("z*.csv"), at("below/no*")]).unwrap_err().to_string();
    assert_eq!(nothing.matches("F301").count(), 2, "{nothing}");
}

#[test]
fn what_of_a_folder_is_not_read_is_named() {
    let other =
        ["mails.xls", "mails.xlsb", "mails.ods", "old.zip", "read me.txt", ".DS_Store", "~$a.xlsx", "x"];
    let mut files: Vec<(&str, &[u8])> = other.iter().map(|name| (*name, &b"x"[..])).collect();
    files.extend([("a.xlsx", &b"x"[..]), ("b.xlsm", b"x")]);
    let (folder, paths) = folder(&files);
    std::fs::create_dir(folder.path().join("below")).unwrap();
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    let found = input_files(&[folder.path().to_path_buf()]).unwrap();
    assert_eq!(found.files.iter().map(|path| name(path)).collect::<Vec<_>>(), ["a.xlsx", "b.xlsm"]);
    let mut named: Vec<String> = found.passed_over.iter().map(|of| name(&of.path)).collect();
    let mut expected = [&other[..], &["below"]].concat();
    named.sort();
    expected.sort_unstable();
    assert_eq!(named, expected);
    let sentence = slaudit::ingest::PassedOver::sentence(&found.passed_over).unwrap();
    for said in
        ["mails.xls` (an old Excel workbook: save it as .xlsx)", "~$a.xlsx` (the lock file of a workbook"]
    {
        assert!(sentence.contains(said), "{sentence}");
    }
    // A shell's own pattern names the lock file too; it is never opened.
    let found = input_files(&paths[6..9]).unwrap();
    assert_eq!((found.files.len(), found.passed_over.len()), (2, 1));
    let alone = input_files(&paths[6..7]).unwrap_err().to_string();
    assert!(alone.contains("F301") && alone.contains("lock file"), "{alone}");
    let pattern = input_files(&[folder.path().join("*a.xlsx")]).unwrap();
    assert_eq!((pattern.files.len(), pattern.passed_over.len()), (1, 1));
}

#[test]
fn the_example_in_the_docs_is_a_profile() {
    let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/profiles.md")).unwrap();
    let example = docs.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    Profile::parse(example, "docs/profiles.md").unwrap();
    for name in Profile::names() {
        assert!(
            docs.contains(&format!("\n### {name}\n")) || docs.contains(&format!("\n## {name}\n")),
            "{name}"
        );
    }
}

#[test]
fn a_joined_input_is_the_same_in_any_blocks_and_on_any_threads() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples/netsuite");
    let files = input_files(&[samples]).unwrap().files;
    let made = |threads: usize, block_size: usize| {
        let plan = Plan { block_size, ..Plan::new(files.clone(), Profile::named("netsuite").unwrap()) };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let made = pool.install(|| read(&plan, &Silent)).unwrap();
        (shown(&made.history), made.ledger.files)
    };
    let whole = made(1, 4 << 20);
    for block_size in [1, 64, 300, 1000] {
        assert_eq!(made(2, block_size), whole);
    }
    let mut turned = files.clone();
    turned.reverse();
    let plan = Plan::new(turned, Profile::named("netsuite").unwrap());
    let reversed = shown(&read(&plan, &Silent).unwrap().history);
    let first = |lines: &[String]| lines.iter().find(|line| line.contains("Opened")).cloned();
    assert_eq!((reversed.len(), first(&reversed)), (whole.0.len(), first(&whole.0)));
}

#[test]
fn milestones_of_timestamps_in_parquet_are_read_as_they_are() {
    let profile = r#"
[[table]]
shape = "cases"
timestamps = ["%d/%m/%Y"]
columns = { case_id = "case", at = "created", status = "status", status_at = "updated" }
milestones = [{ column = "closed", status = "Closed" }, { column = "reply", event = "message", role = "agent", since_opening = "h:mm:ss" }]
"#;
    let times = |all: &[Option<i64>]| -> ArrayRef { Arc::new(TimestampSecondArray::from(all.to_vec())) };
    let texts = |all: &[Option<&str>]| -> ArrayRef { Arc::new(StringArray::from(all.to_vec())) };
    let batch = RecordBatch::try_from_iter_with_nullable([
        ("case", texts(&[Some("1"), Some("2")]), true),
        ("created", times(&[Some(0), Some(60)]), true),
        ("closed", times(&[Some(7_200), None]), true),
        ("updated", times(&[Some(9_000), Some(120)]), true),
        ("status", texts(&[Some("Closed"), Some("Open")]), true),
        ("reply", texts(&[Some("0:10:05"), None]), true),
    ])
    .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cases.parquet");
    let file = std::fs::File::create(&path).unwrap();
    let mut writer = parquet::arrow::ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let made = read(&Plan::new(vec![path], Profile::parse(profile, "mine.toml").unwrap()), &Silent).unwrap();
    assert_eq!(
        shown(&made.history),
        [
            "1 1970-01-01T00:00:00Z Opened Customer - - 0",
            "1 1970-01-01T00:10:05Z Message Agent - - 0",
            "1 1970-01-01T02:00:00Z Update Unknown - Closed 0",
            "1 1970-01-01T02:30:00Z Update Unknown - Closed 0",
            "2 1970-01-01T00:01:00Z Opened Customer - - 0",
            "2 1970-01-01T00:02:00Z Update Unknown - Open 0",
        ]
    );
}

#[test]
fn an_input_of_which_no_row_gives_an_event_says_so() {
    let profile = "[[table]]\nshape = \"changes\"\nfields = { status = \"State\" }\n\
                   columns = { case_id = \"case\", at = \"at\", field = \"field\", new = \"new\" }\n";
    let file = "case,at,field,new\n1,2026-01-05T09:00Z,Status,Open\n";
    let (_folder, paths) = folder(&[("a.csv", file.as_bytes())]);
    let error = read(&Plan::new(paths, Profile::parse(profile, "mine.toml").unwrap()), &Silent);
    insta::assert_snapshot!(error.err().unwrap(), @r##"
    error[F305]: no usable event: none of 1 rows gives one
    hint: see `[table.fields]` and `lifecycles` in the profile: their words must be those of the export
    "##);
}
