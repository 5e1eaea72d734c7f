//! The schema of profiles.

use slaudit::diag::Error;
use slaudit::ingest::{Profile, profile_schema};
use toml::Value;

use super::{as_json, is_committed, is_documented, toml_files, validator, walk};

/// Every key of a profile: of each shape a table, of messages one for each column that excludes the others.
const EVERY_KEY: &str = r#"
name = "every key"
description = "for the tests"
assumptions = "one"
questions = []
timezone = "Europe/Rome"
one_act = "60 seconds"
default_severity = 3
[statuses]
new = "a"
open = ["b"]
waiting_customer = ["c"]
waiting_other = ["d"]
resolved = ["e", "f"]
closed = []
void = ["g"]
[[table]]
shape = "people"
columns = { actor = "a", role = ["r"], name = "n", team = "t" }
[[table]]
shape = "events"
name = "t0"
questions = []
files = ["*.csv", "*.json"]
needs = ["status"]
rows = "."
where = { kind = ["a", "b"], other = { not = ["", "c"] }, third = "d" }
list = "issues"
delimiter = "\t"
encoding = "Latin-1"
sheet = "Sheet1"
optional = ["severity"]
timezone = "UTC"
timestamps = ["%d/%m/%Y %H:%M", "canonical"]
missing = "?"
columns = { case_id = "a", at = ["b", { join = ["c", "d"], with = "T" }], role = { text = "agent" }, actor = "e", status = { join = ["f", "ff"] }, severity = { column = "g", take = "[1-9]", words = { 0 = "1" } }, event = "h", requester = "q", opened_by = ["o"] }
opener_is_customer = true
openers = { Outbound = "agent" }
events = { Created = "Opened", Note = "note" }
roles = { Staff = "AGENT", Nobody = "unknown" }
severities = { High = 1 }
actors = [{ role = "system", like = ["bot*"], always = true }]
default_role = "Agent"
first_role = "customer"
other_roles = "unknown"
attributes = { tier = "t", region = ["r", "s"] }
[[table]]
shape = "snapshots"
columns = { case_id = "a", at = "b", role = "d", actor = "e", status = "f", severity = "g", opened_at = "h", requester = "q", opened_by = "o" }
opener_is_customer = true
[[table]]
shape = "changes"
case_id_after = "Case #"
joins_on = "other_id"
opener_is_customer = true
columns = { case_id = "a", at = "b", role = "d", actor = "e", field = "f", old = "o", new = "n" }
fields = { status = "Status", severity = ["Priority"], opened = "Created", message = "Comment", note = "Note", requester = "Requester", merged = "Tags" }
merged = "closed_by_merge"
field_attributes = { owner = "Owner" }
[[table]]
shape = "messages"
case_id_after = ["Case #"]
joins_on = "case_id"
opener_is_customer = true
yes = "ja"
no = ["nein"]
columns = { case_id = "a", at = "b", role = "d", actor = "e", public = "p", requester = "q" }
[[table]]
shape = "messages"
name = "t4"
columns = { case_id = "a", at = "b", internal = "i" }
[[table]]
shape = "messages"
name = "t5"
columns = { case_id = "a", at = "b", event = "e" }
[[table]]
shape = "activities"
case_id_after = "Case #"
joins_on = "Case_ID"
opener_is_customer = false
columns = { case_id = "a", at = "b", role = "d", actor = "e", status = "f", severity = "g", activity = "h", lifecycle = "l" }
activities = { Wait = { event = "Update", role = "agent", status = "c", severity = 9 } }
unlisted = "reject"
lifecycles = "complete"
[[table]]
shape = "cases"
case_id_after = "Case #"
opener_is_customer = false
columns = { case_id = "a", at = "b", role = "d", actor = "e", status = "f", severity = "g", status_at = "h", requester = "q", requester_name = "r", opened_by = "o", merged = "t", other_id = "u" }
openers = { Outbound = "agent" }
merged = ["closed_by_merge"]
milestones = [{ column = ["m"], since_opening = "h:mm:ss", actor = "x", event = "message", role = "agent", status = "c", severity = 2 }]
"#;

fn every_key() -> toml::Table {
    toml::from_str(EVERY_KEY).unwrap()
}

fn reader(text: &str) -> Vec<&'static str> {
    match Profile::parse(text, "p.toml") {
        Ok(_) => Vec::new(),
        Err(Error::Invalid(all)) => all.iter().map(|problem| problem.code).collect(),
        Err(other) => panic!("{other}"),
    }
}

fn the_schema() -> serde_json::Value {
    super::schema(&profile_schema())
}

#[test]
fn the_copy_in_docs_is_current() {
    is_committed("profile.json", &profile_schema());
}

#[test]
fn the_page_names_every_key() {
    is_documented("docs/profiles.md", &the_schema());
}

#[test]
fn every_shipped_profile_is_valid() {
    let schema = the_schema();
    let files = toml_files("src/ingest/profiles");
    assert_eq!(files.len(), Profile::names().count());
    for path in files {
        assert_eq!(validator::problems(&schema, &as_json(&path).unwrap()), Vec::<String>::new(), "{path:?}");
    }
}

#[test]
fn the_file_of_the_test_has_every_key() {
    walk::is_whole(&the_schema(), &every_key(), &reader);
}

#[test]
fn schema_and_reader_refuse_the_same_types() {
    walk::types_agree(&the_schema(), &every_key(), &reader);
}

#[test]
fn schema_and_reader_refuse_the_same_keys() {
    walk::unknown_keys_agree(&the_schema(), &every_key(), &reader);
}

#[test]
fn schema_and_reader_miss_the_same_keys() {
    // `where` needs `rows`, a column that is made of others one of three keys, and words the column in which they stand,
    // which a schema could say and an editor would not explain.
    let only_reader = [
        "table.1.columns.at.1.join",
        "table.1.columns.opened_by",
        "table.1.columns.role.text",
        "table.1.columns.severity.column",
        "table.1.columns.status.join",
        "table.1.rows",
        "table.3.fields.merged",
        "table.8.columns.merged",
        "table.8.columns.opened_by",
        "table.8.columns.requester",
    ];
    assert_eq!(walk::left_out(&the_schema(), &every_key(), &reader), only_reader);
}

/// A key of one shape in a table of another is known in both or in neither.
#[test]
fn schema_and_reader_know_the_same_keys_of_each_shape() {
    let (schema, file) = (the_schema(), every_key());
    let tables: Vec<&toml::Table> =
        file["table"].as_array().unwrap().iter().map(|table| table.as_table().unwrap()).collect();
    let mut n_refused = 0;
    for i in 0..tables.len() {
        let i = i.to_string();
        for table in &tables {
            for (key, value) in table
                .iter()
                .filter(|(key, _)| !["shape", "name", "columns", "rows", "where"].contains(&key.as_str()))
            {
                let (known, valid) = walk::moved(&schema, &file, &reader, &["table", &i], key, value);
                assert_eq!(known, valid, "{key} in table {i}");
                n_refused += usize::from(!known);
            }
            for key in table["columns"].as_table().unwrap().keys() {
                let place = ["table", i.as_str(), "columns"];
                let name = Value::String("z".to_owned());
                let (known, valid) = walk::moved(&schema, &file, &reader, &place, key, &name);
                assert_eq!(known, valid, "column {key} in table {i}");
                n_refused += usize::from(!known);
            }
        }
    }
    assert!(n_refused > 100, "{n_refused}");
}
