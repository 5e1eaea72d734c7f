//! The schema of policies.

use slaudit::diag::Error;
use slaudit::policy::{load, parse, schema};

use super::{as_json, doubles, is_committed, is_documented, toml_files, validator, walk};

/// Every key of a policy.
const EVERY_KEY: &str = r#"
inherit = "base.toml"
name = "every key"
effective_from = 2026-01-01
timezone = "Europe/London"
[calendars.office]
timezone = "America/Denver"
hours = { mon-thu = "08:00-12:00, 13:00:30-17:00", fri = "22:00-06:00", " Sat , SUN" = "closed" }
holidays = ["2026-07-01", "us-federal", { ics = "company.ics", categories = ["Free"], except = ["Party"] }]
closed = ["2026-03-02T12:00/2026-03-02T14:00:30", " 2026-03-03 12:00 / 2026-03-03 14:00"]
days = { 2026-12-24 = "08:00-12:00", 2026-12-26 = "closed", 2026-12-27 = "24h" }
[calendars."other one"]
timezone = "UTC"
hours = { mon-sun = "24h" }
[[severity]]
level = 3
calendar = "other one"
name = "c"
first_response = "90bs"
next_response = " 045 Business  Minutes "
update = "1bh"
resolution = "1000000bd"
[[severity]]
level = 1
calendar = "office"
[after_hours]
first_response = "24 hours"
kind = "commitment"
[clock]
pause_in = ["waiting_other"]
response_by = ["system", "agent"]
agent_opened = "measure"
on_reclassify = "prorate"
on_reopen = "restart"
customer_message_resumes = false
resolution_answers = true
[[inactivity]]
basis = "resolved"
infer = true
close_after = "10 business days"
grace = "0 days"
[priority]
tolerance = "15 business minutes"
[scope]
entitled = { file = "customers.csv", key = "customer" }
include = { channel = ["portal", "e mail"], "a b" = ["x"] }
[objectives]
"first_response.severity.1" = 1
update = 0.001
[[clause]]
text = "a clause"
metrics = ["update", "rounds"]
"#;

fn every_key() -> toml::Table {
    toml::from_str(EVERY_KEY).unwrap()
}

fn codes(error: Error) -> Vec<&'static str> {
    match error {
        Error::Invalid(all) => all.iter().map(|problem| problem.code).collect(),
        other => panic!("{other}"),
    }
}

/// Runs `check` with a reader beside whose file lie those that EVERY_KEY names.
fn with_reader(check: impl FnOnce(walk::Reader<'_>)) {
    let folder = tempfile::tempdir().unwrap();
    let ics = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Day\nDTSTART:20260504\nEND:VEVENT\nEND:VCALENDAR\n";
    for (name, text) in
        [("company.ics", ics), ("customers.csv", "customer,from,until\nacme,,\n"), ("base.toml", "")]
    {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let path = folder.path().join("policy.toml").display().to_string();
    check(&|text| parse(&path, text.as_bytes()).map_or_else(codes, |_| Vec::new()));
}

fn the_schema() -> serde_json::Value {
    super::schema(&schema())
}

#[test]
fn the_copy_in_docs_is_current() {
    is_committed("policy.json", &schema());
}

#[test]
fn the_page_names_every_key() {
    is_documented("docs/policy.md", &the_schema());
}

#[test]
fn every_valid_file_of_the_repository_is_valid() {
    let schema = the_schema();
    let mut n_valid = 0;
    let folders = ["tests/policy/cases", "tests/cases", "tests/scenarios", "data-samples"];
    for path in folders.iter().flat_map(|folder| toml_files(folder)) {
        let Some(value) = as_json(&path) else { continue };
        let refused = load(&path).map_or_else(codes, |_| Vec::new());
        let problems = validator::problems(&schema, &value);
        assert!(!refused.is_empty() || problems.is_empty(), "{}: {problems:?}", path.display());
        n_valid += usize::from(refused.is_empty());
    }
    assert!(n_valid > 80, "{n_valid}");
}

/// The defects that an editor shows, and those that only the reader knows of.
#[test]
fn the_schema_finds_what_keys_types_and_words_tell() {
    let schema = the_schema();
    let mut found = Vec::new();
    for path in toml_files("data-samples/defects/policy") {
        let Some(value) = as_json(&path) else { continue };
        if !validator::is_valid(&schema, &value) {
            found.push(path.file_stem().unwrap().to_string_lossy().into_owned());
        }
    }
    insta::assert_snapshot!(found.join("\n"), @r##"
    F102-objective-key
    F102-unknown-key
    F102-unknown-section
    F103-bare-number
    F103-wrong-type
    F104-bare-number-text
    F104-closure
    F104-hours
    F104-level
    F104-share
    F104-unit
    F104-weekday
    F104-word
    F104-zero-target
    F105-severity
    F106-holidays
    F106-metric
    F106-timezone
    "##);
}

#[test]
fn the_file_of_the_test_has_every_key() {
    with_reader(|reader| walk::is_whole(&the_schema(), &every_key(), reader));
}

#[test]
fn schema_and_reader_refuse_the_same_types() {
    with_reader(|reader| walk::types_agree(&the_schema(), &every_key(), reader));
}

#[test]
fn schema_and_reader_refuse_the_same_keys() {
    with_reader(|reader| walk::unknown_keys_agree(&the_schema(), &every_key(), reader));
}

/// What may be inherited, and the calendar that only several make necessary, is missed by the reader only.
#[test]
fn schema_and_reader_miss_the_same_keys() {
    with_reader(|reader| {
        let only_reader = walk::left_out(&the_schema(), &every_key(), reader);
        let expected = [
            "calendars.office.hours",
            "calendars.other one.hours",
            "scope.entitled.file",
            "scope.entitled.key",
            "severity.0.calendar",
            "severity.1.calendar",
        ];
        assert_eq!(only_reader, expected);
    });
    let without_zone =
        doubles::json(&toml::Value::Table(toml::from_str("[calendars.a]\nhours = {}").unwrap()));
    assert!(validator::is_valid(&the_schema(), &without_zone));
    assert_eq!(codes(parse("p.toml", b"[calendars.a]\nhours = {}").unwrap_err()), ["F105"]);
}
