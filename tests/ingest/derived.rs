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
[table.columns]
case_id = { column = "Subject", take = '\[(\w+-\d+)\]' }
at = ["When", { join = ["Date", "Time"] }]
event = { column = "What", take = "^\\w+" }
status = { join = ["Status", "Sub-Status"], with = " / " }
severity = { column = "Prio", take = "High|[1-9]", words = { High = "1", Low = "4" } }
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

/// Every shape takes them, milestones too.
#[test]
fn milestones_and_changes() {
    let text = "[[table]]\nshape = \"cases\"\nfiles = [\"cases*\"]\ntimestamps = [\"%d.%m.%Y %H:%M\"]\n\
        columns = { case_id = \"id\", at = { join = [\"d\", \"t\"] } }\n\
        milestones = [{ column = { join = [\"rd\", \"rt\"] }, event = \"message\", actor = { column = \"by\", take = \"^[^;]*\" } }]\n\
        [[table]]\nshape = \"changes\"\nfiles = [\"log*\"]\n\
        columns = { case_id = \"id\", at = \"at\", field = { text = \"status\" }, new = { column = \"what\", take = \"-> (.*)$\" } }\n\
        fields = { status = \"status\" }\n";
    let cases = "id,d,t,rd,rt,by\n1,02.03.2026,09:00,02.03.2026,09:05,Ann;Bob\n2,02.03.2026,10:00,,,\n";
    let log = "id,at,what\n1,2026-03-02T12:00Z,New -> Closed\n2,2026-03-02T12:00Z,comment\n";
    let (_folder, paths) = folder(&[("cases.csv", cases.as_bytes()), ("log.csv", log.as_bytes())]);
    let made = read(&Plan::new(paths, profile(text)), &Silent).unwrap();
    assert_eq!(
        shown(&made.history),
        [
            "1 2026-03-02T09:00:00Z Opened Customer - - 0",
            "1 2026-03-02T09:05:00Z Message Unknown Ann - 0",
            "1 2026-03-02T12:00:00Z Update Unknown - Closed 0",
            "2 2026-03-02T10:00:00Z Opened Customer - - 0",
        ]
    );
}

#[test]
fn from_the_command_line() {
    let mut canonical = Profile::named("canonical").unwrap();
    let table = "events";
    canonical.set(&format!("{table}.columns.at={{ join = [\"d\", \"t\"], with = \"T\" }}")).unwrap();
    let made = of("a.csv", b"case_id,d,t\n1,2026-03-02,09:00Z\n", canonical.clone()).unwrap();
    assert_eq!(shown(&made.history), ["1 2026-03-02T09:00:00Z Update Unknown - - 0"]);
    let said = canonical
        .set(&format!("{table}.columns.at={{ take = \"(\", column = \"x\" }}"))
        .unwrap_err()
        .to_string();
    assert!(said.contains("`take` is no regular expression: unclosed group"), "{said}");
    let said =
        canonical.set(&format!("{table}.columns.at={{ jion = [\"d\", \"t\"] }}")).unwrap_err().to_string();
    assert!(said.contains("unknown key `jion`") || said.contains("`join` is missing"), "{said}");
}

#[test]
fn what_is_wrong_with_them_has_its_place() {
    let of = |column: &str| {
        let text = format!("[[table]]\nshape = \"events\"\ncolumns = {{ case_id = \"a\", at = {column} }}\n");
        match Profile::parse(&text, "mine.toml") {
            Err(Error::Invalid(all)) => {
                all.iter().map(|d| format!("{} {}", d.code, d.message)).collect::<Vec<_>>().join("; ")
            }
            other => panic!("{other:?}"),
        }
    };
    let wrong = [
        "{ join = [\"a\"] }",
        "{ join = \"a\" }",
        "{ join = [\"a\", \"b\"], column = \"c\" }",
        "{ with = \"-\", column = \"c\" }",
        "{ column = \"c\", take = \"[\" }",
        "{ text = \"x\", take = \"x\" }",
        "{ column = \"c\", words = { 1 = 2 } }",
        "{ colum = \"c\" }",
        "[{ join = [\"a\", \"\"] }]",
    ];
    insta::assert_snapshot!(wrong.map(of).join("\n"), @r"
    F104 `join` needs the names of two columns or more, found 1
    F103 expected a list of texts, found string
    F108 of `join`, `column` and `text` only one says what stands there
    F105 `join` is missing: expected the columns between which `with` stands
    F104 `take` is no regular expression: unclosed character class
    F108 of a `text` nothing is taken: write what stands there
    F103 expected a text in quotes, found integer
    F105 `join` is missing: expected the names of columns, or `column` with one, or a `text`; F102 unknown key `colum`
    F104 `join` needs the names of two columns or more, found 1
    ");
}

const KEYED: &str = "[[table]]\nname = \"changes\"\nshape = \"changes\"\nrows = \"tickets{}.log[]\"\n\
    where = { \"tickets{}.log[].to\" = { not = [\"\", \"Ignored\"] } }\n\
    columns = { case_id = \"tickets{key}\", at = \"tickets{}.log[].at\", field = \"tickets{}.log[].field\", new = \"tickets{}.log[].to\", actor = \"tickets{}.owner\" }\n\
    fields = { status = \"status\" }\n\
    [[table]]\nname = \"tickets\"\nshape = \"cases\"\nrows = \"tickets{}\"\n\
    columns = { case_id = \"tickets{key}\", at = \"tickets{}.at\" }\n";

#[test]
fn members_under_their_ids_are_rows() {
    let log = r#"[{"at":"2026-03-02T10:00Z","field":"status","to":"Open"},{"at":"2026-03-02T10:30Z","field":"status","to":null},
        {"at":"2026-03-02T10:40Z","field":"status","to":"ignored"}]"#;
    let text = format!(
        r#"{{"page":1,"tickets":{{"123":{{"at":"2026-03-02T09:00Z","owner":"ann","log":{log}}},
        "\u0041-4":{{"at":"2026-03-02T09:30Z","log":[]}}}}}}"#
    );
    let made = of("a.json", text.as_bytes(), profile(KEYED)).unwrap();
    let expected = [
        "123 2026-03-02T09:00:00Z Opened Customer - - 0",
        "123 2026-03-02T10:00:00Z Update Unknown ann Open 0",
        "A-4 2026-03-02T09:30:00Z Opened Customer - - 0",
    ];
    assert_eq!(shown(&made.history), expected);
    assert_eq!((made.ledger.n_read(), made.ledger.n_used()), (5, 5));
    // The object of the file itself may be the one of ids, and what it leads to is not.
    let bare = KEYED.replace("tickets{", "{");
    let inner = text.split_once("\"tickets\":").unwrap().1.trim_end_matches('}').to_owned() + "}}";
    assert_eq!(shown(&of("a.json", inner.as_bytes(), profile(&bare)).unwrap().history), expected);
    let none = of(
        "a.json",
        format!("{{\"tickets\":[1]}}\n{{\"tickets\":[]}}\n{{\"tickets\":null}}\n{}", text.replace('\n', " "))
            .as_bytes(),
        profile(KEYED),
    )
    .unwrap();
    let said = none.ledger.examples[0].to_string();
    assert!(said.contains("expected an object at `tickets{}") && none.ledger.n_rejected() == 2, "{said}");
}

#[test]
fn rows_may_lie_at_any_depth() {
    let text = "[[table]]\nshape = \"events\"\nrows = \"data.export{}.cases.nodes[]\"\n\
        columns = { case_id = { join = [\"data.export{key}\", \"data.export{}.cases.nodes[].id\"], with = \"-\" }, at = \"data.export{}.cases.nodes[].at\", event = { text = \"opened\" } }\n";
    let json = r#"{"errors":[],"data":{"total":2,"export":{"EU":{"cases":{"nodes":[{"id":1,"at":"2026-03-02T09:00Z"}]}},
        "US":{"cases":{"nodes":[{"id":1,"at":"2026-03-02T10:00Z"}],"more":false}}}}}"#;
    let made = of("a.json", json.as_bytes(), profile(text)).unwrap();
    assert_eq!(
        shown(&made.history),
        ["EU-1 2026-03-02T09:00:00Z Opened Unknown - - 0", "US-1 2026-03-02T10:00:00Z Opened Unknown - - 0"]
    );
}
