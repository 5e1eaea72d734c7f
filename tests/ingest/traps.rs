//! Inputs that once were read wrong: overlapping exports, newest rows first, empty last columns, damaged files.

use std::path::PathBuf;

use slaudit::diag::Error;
use slaudit::ingest::{Plan, Profile, Silent, read};

use super::build::{folder, ingest, shown};

fn berlin(plan: &mut Plan) {
    plan.timezone = Some(chrono_tz::Europe::Berlin);
}

#[test]
fn overlapping_exports_are_duplicates_in_a_repeated_hour_too() {
    let both =
        "case_id,at,event,role\na,2026-10-25T02:30:00,opened,customer\na,2026-10-25T02:50:00,message,agent\n";
    let more = format!("{both}a,2026-10-25T09:00:00,note,agent\n");
    let (_folder, paths) = folder(&[("one.csv", both.as_bytes()), ("two.csv", more.as_bytes())]);
    let mut plan = Plan::new(paths, Profile::named("canonical").unwrap());
    berlin(&mut plan);
    let made = read(&plan, &Silent).unwrap();
    assert_eq!((made.history.events.len(), made.ledger.n_duplicate()), (3, 2));
}

#[test]
fn newest_first_says_nothing_of_a_repeated_hour() {
    let rows = "case_id,at,event,role,status\na,2026-10-25T09:00:00,update,agent,Closed\n\
        a,2026-10-25T02:50:00,message,agent,\na,2026-10-25T02:30:00,opened,customer,New\n";
    let times: Vec<String> =
        shown(&ingest(rows, berlin).history).iter().map(|line| line[..24].to_string()).collect();
    assert_eq!(times, ["a 2026-10-25T00:30:00Z O", "a 2026-10-25T00:50:00Z M", "a 2026-10-25T08:00:00Z U"]);
}

#[test]
fn an_empty_last_column_after_a_tab_is_a_column() {
    let profile =
        "[[table]]\nshape = \"events\"\ndelimiter = \"\\t\"\ncolumns = { case_id = \"id\", at = \"at\" }\n";
    let rows = "id\tat\t\na\t2026-01-05T09:00:00Z\t\n";
    let (_folder, paths) = folder(&[("profile.toml", profile.as_bytes()), ("rows.tsv", rows.as_bytes())]);
    let profile = Profile::load(&paths[0]).unwrap();
    let made = read(&Plan::new(paths[1..].to_vec(), profile), &Silent).unwrap();
    assert_eq!((made.ledger.n_used(), made.ledger.n_rejected()), (1, 0));
}

#[test]
fn the_opening_goes_first_among_attributes_whatever_other_columns_its_file_has() {
    let opened = "case_id,at,event,region\na,2026-01-05T09:00:00Z,opened,\n";
    let bare = "case_id,at,event\na,2026-01-05T09:00:00Z,opened\n";
    let later = "case_id,at,event,region\na,2026-01-05T09:00:00Z,update,X\na,2026-01-05T09:00:00Z,opened,Y\n";
    let region = |first: &str| {
        let (_folder, paths) = folder(&[("one.csv", first.as_bytes()), ("two.csv", later.as_bytes())]);
        let made = read(&Plan::new(paths, Profile::named("canonical").unwrap()), &Silent).unwrap();
        super::build::attribute(&made.history, "region")
    };
    assert_eq!(region(opened), region(bare));
}

/// Every byte of a small Parquet file changed, one at a time: a message or a history, never a panic.
#[test]
fn a_damaged_parquet_file_is_an_error() {
    let (folder, paths) = folder(&[("good.parquet", &parquet())]);
    let good = std::fs::read(&paths[0]).unwrap();
    for i in (0..good.len()).step_by(3) {
        let mut bad = good.clone();
        bad[i] ^= 0x55;
        let path: PathBuf = folder.path().join("bad.parquet");
        std::fs::write(&path, bad).unwrap();
        let result = read(&Plan::new(vec![path], Profile::named("canonical").unwrap()), &Silent);
        assert!(matches!(result, Ok(_) | Err(Error::Input(_))), "byte {i}");
    }
}

fn parquet() -> Vec<u8> {
    use arrow::array::{ArrayRef, RecordBatch, StringArray};
    let text =
        |values: [&'static str; 3]| -> ArrayRef { std::sync::Arc::new(StringArray::from(values.to_vec())) };
    let batch = RecordBatch::try_from_iter([
        ("case_id", text(["a", "a", "b"])),
        ("at", text(["2026-01-05T09:00:00Z", "2026-01-05T10:00:00Z", "2026-01-05T11:00:00Z"])),
        ("event", text(["opened", "message", "opened"])),
    ])
    .unwrap();
    let mut writer = parquet::arrow::ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}
