//! Case ids (SPEC 3.6): the same in every format, and told of where they are not read as they stand or do not join.

use std::sync::Arc;

use arrow::array::{ArrayRef, Decimal128Array, Float64Array, Int32Array, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use parquet::arrow::ArrowWriter;
use rust_xlsxwriter::Workbook;
use slaudit::ingest::{Ingested, Plan, Profile, Reading, Silent, read, read_in_parts};

use super::build::{folder, ingest};

const ROWS: [&str; 3] =
    ["2026-01-05T16:00:00Z,opened", "2026-01-05T16:20:00Z,message", "2026-01-05T21:00:00Z,note"];

fn ids(made: &Ingested) -> Vec<&str> {
    (0..made.history.n_cases()).map(|case| made.history.case_ids.at(case)).collect()
}

fn csv(ids: &[&str]) -> String {
    let rows = ids.iter().zip(ROWS.iter().cycle()).map(|(id, row)| format!("\"{id}\",{row}\n"));
    rows.fold("case_id,at,event\n".to_owned(), |text, row| text + &row)
}

/// The same rows with a column of ids of any type.
fn parquet(ids: ArrayRef) -> Vec<u8> {
    let column = |i: usize| -> ArrayRef {
        let cells = (0..ids.len()).map(|row| ROWS[row % 3].split(',').nth(i).unwrap().to_owned());
        Arc::new(cells.map(Some).collect::<StringArray>())
    };
    let batch =
        RecordBatch::try_from_iter([("case_id", ids.clone()), ("at", column(0)), ("event", column(1))])
            .unwrap();
    let mut out = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut out, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    out
}

fn read_as(name: &str, bytes: &[u8]) -> Ingested {
    let (_folder, paths) = folder(&[(name, bytes)]);
    let plan = Plan { max_rejected: 1.0, ..Plan::new(paths, Profile::named("canonical").unwrap()) };
    read(&plan, &Silent).unwrap_or_else(|error| panic!("{error}"))
}

fn notes(made: &Ingested) -> Vec<&str> {
    made.assumptions.iter().filter(|text| text.starts_with("case ids")).map(String::as_str).collect()
}

#[test]
fn a_whole_number_is_one_id_in_every_format() {
    let floats = Arc::new(Float64Array::from(vec![1001.0, 1001.0, 1001.0])) as ArrayRef;
    let decimals =
        Decimal128Array::from(vec![100_100, 100_100, 100_100]).with_precision_and_scale(10, 2).unwrap();
    let texts = Arc::new(StringArray::from(vec!["1001.0", " 1001.00", "1001"])) as ArrayRef;
    let dictionary = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in ["case_id", "at", "event"].iter().enumerate() {
        sheet.write_string(0, column as u16, *name).unwrap();
        for (row, cells) in ROWS.iter().enumerate().filter(|_| column > 0) {
            sheet
                .write_string(row as u32 + 1, column as u16, cells.split(',').nth(column - 1).unwrap())
                .unwrap();
        }
    }
    sheet.write_number(1, 0, 1001.0).unwrap();
    sheet.write_string(2, 0, "1001.0").unwrap();
    sheet.write_string(3, 0, "\u{A0}1001").unwrap();
    let json = ROWS.iter().zip(["1001.0", "1001", "\"\u{200B}1001\""]).map(|(row, id)| {
        let (at, event) = row.split_once(',').unwrap();
        format!("{{\"case_id\": {id}, \"at\": \"{at}\", \"event\": \"{event}\"}}\n")
    });
    for (name, bytes) in [
        ("csv", csv(&["1001.0", "1001", "\u{FEFF}1001\u{A0}"]).into_bytes()),
        ("json", json.collect::<String>().into_bytes()),
        ("floats", parquet(floats.clone())),
        ("floats of 32 bits", parquet(cast(&floats, &DataType::Float32).unwrap())),
        ("decimals", parquet(Arc::new(decimals))),
        ("integers", parquet(Arc::new(Int32Array::from(vec![1001; 3])))),
        ("text", parquet(texts.clone())),
        ("dictionary", parquet(cast(&texts, &dictionary).unwrap())),
        ("workbook", book.save_to_buffer().unwrap()),
    ] {
        let made = read_as("a", &bytes);
        assert_eq!(ids(&made), ["1001"], "{name}");
        assert_eq!(made.ledger.n_used(), 3, "{name}");
    }
}

#[test]
fn what_of_ids_is_changed_is_counted() {
    let rows = csv(&["1001.0", "1001.0", "7", "\u{202F}A", "B0", "30"]);
    let said = [
        "are read without the unseen blanks around them, such as `1001.0`: 1 row",
        "that are whole numbers are read without decimals, such as `1001.0`: 2 rows",
    ];
    for block_size in [1, 4 << 20] {
        let made = ingest(&rows, |plan| plan.block_size = block_size);
        let notes = notes(&made);
        assert!(
            notes.len() == 2 && notes.iter().zip(said).all(|(note, said)| note.ends_with(said)),
            "{notes:?}"
        );
    }
    let words = ["1001.0", "1001.0", "7", "\u{202F}A", "B0", "30"];
    let by_columns = read_as("a", &parquet(Arc::new(StringArray::from(words.to_vec()))));
    assert_eq!(by_columns.ledger.files[0].ids, ingest(&rows, |_| ()).ledger.files[0].ids);
    let floats = read_as(
        "a",
        &parquet(Arc::new(Float64Array::from(vec![Some(1.0), None, Some(1.5), Some(f64::NAN)]))),
    );
    assert_eq!((floats.ledger.files[0].ids.n_floats, ids(&floats)), (1, vec!["1", "1.5"]));
    assert_eq!(floats.ledger.by_code()["D502"], 2, "null and NaN are no id");
    let plain = ingest(csv(&["1", "10", "A", "x.0y"]), |_| ());
    assert!(notes(&plain).is_empty());
}

#[test]
fn words_for_nothing_and_unseen_characters_are_no_id() {
    for id in ["", "\u{A0}", "\u{200B}\u{FEFF}", "NaN", "nan", "NULL", "<NA>", "None", "#N/A", "\\N"] {
        let made = ingest(csv(&["1", id]), |_| ());
        assert_eq!((ids(&made), made.ledger.by_code()["D502"]), (vec!["1"], 1), "{id:?}");
        let made = read_as("a", &parquet(Arc::new(StringArray::from(vec!["1", id]))));
        assert_eq!((ids(&made), made.ledger.by_code()["D502"]), (vec!["1"], 1), "{id:?}");
    }
}

#[test]
fn an_input_in_parts_tells_of_its_ids_too() {
    let (_folder, paths) = folder(&[("a.csv", csv(&["1.0", "2", "3"]).as_bytes())]);
    let mut plan = Plan::new(paths, Profile::named("canonical").unwrap());
    plan.attributes = slaudit::ingest::Attributes::None;
    let Reading::Parts(parted) = read_in_parts(&plan, &Silent).unwrap() else { panic!("in parts") };
    parted.fold(|| (), |(), _, _| ()).unwrap();
    assert_eq!(notes(&parted.settle()).len(), 1);
}

/// What is said of cases and messages with these ids.
fn told(cases: &[&str], messages: &[&str]) -> Vec<String> {
    const PROFILE: &str = "[[table]]\nshape = \"messages\"\nfiles = [\"m*\"]\ncolumns = { case_id = \"id\", at = \"at\" }\n\
        [[table]]\nshape = \"cases\"\ncolumns = { case_id = \"id\", at = \"at\" }\n";
    let file = |ids: &[&str]| {
        ids.iter().fold("id,at\n".to_owned(), |text, id| format!("{text}{id},2026-01-05 16:00\n"))
    };
    let (_folder, paths) = folder(&[("c.csv", file(cases).as_bytes()), ("m.csv", file(messages).as_bytes())]);
    let made = read(&Plan::new(paths, Profile::parse(PROFILE, "own.toml").unwrap()), &Silent).unwrap();
    made.assumptions.into_iter().filter(|text| text.contains("table")).collect()
}

#[test]
fn tables_that_share_no_case_and_ids_that_are_nearly_alike_are_told_of() {
    assert_eq!(told(&["1", "2"], &["1"]), [""; 0]);
    assert_eq!(told(&["ABC-1", "DEF-2"], &["ABC-1", "GHI-2"]), [""; 0]);
    assert_eq!(
        told(&["8", "9"], &["1"]),
        [
            "tables `cases` (2 cases, such as `8`) and `messages` (1 case, such as `1`) share no case: nothing of one is \
          joined with the other, so look whether both name cases by the same id"
        ]
    );
    let notes = told(&["TK-1001", "TK-1002"], &["1001", "1002", "1003"]);
    assert!(notes[0].contains("share no case"), "{notes:?}");
    assert_eq!(
        notes[1],
        "2 cases of tables `cases` and `messages` would be the same if both wrote ids alike, such as `TK-1001` and \
         `1001`: as they stand they are two each"
    );
    // Some are shared, and one more would be.
    let notes = told(&["1", "02"], &["1", "2"]);
    assert!(notes.len() == 1 && notes[0].starts_with("1 case of tables"), "{notes:?}");
}
