//! What the files of the worked examples and the shipped policies come to.

use super::{one, problems, text};
use chrono::NaiveDate;
use proptest::prelude::*;
use slaudit::calendar::Duration;
use slaudit::history::{Category, Role};
use slaudit::policy::{PromiseKind, built_in, load_built_in};

#[test]
fn the_worked_examples_load() {
    for case in ["A10", "A12", "A15", "A16", "A18", "A20", "A36"] {
        let policy = one(&format!("tests/policy/cases/{case}.toml"));
        assert_eq!((policy.name.as_str(), policy.version.as_str()), (case, case));
        assert_eq!(policy.after_hours.unwrap().kind, PromiseKind::BestEffort);
    }
}

#[test]
fn the_built_in_promises_what_the_document_does_and_no_more() {
    let book = built_in();
    let policy = &book.versions[0];
    let names: Vec<_> = policy.severities.iter().map(|rule| rule.name.as_str()).collect();
    assert_eq!(names, ["Critical", "Important", "Minor", "Change Request", "Question"]);
    for rule in &policy.severities {
        let targets = [rule.first_response, rule.next_response, rule.update, rule.resolution];
        assert_eq!(targets, [None; 4]);
    }
    let after_hours = policy.after_hours.unwrap();
    assert_eq!(after_hours.first_response, Duration::parse("24 hours").ok());
    assert_eq!(after_hours.kind, PromiseKind::BestEffort);
    assert_eq!(policy.inactivity.len(), 2);
    assert!(policy.inactivity.iter().all(|rule| rule.close_after.is_none()));
    assert_eq!(policy.clauses.len(), 11);
    assert!(policy.objectives.is_empty() && policy.priority.is_none());
    assert_eq!(policy.version, "in8sync");
}

#[test]
fn the_shipped_files_are_the_same_on_disk_and_built_in() {
    for name in ["in8sync.toml", "in8sync-targets.toml"] {
        let on_disk = one(&format!("data-samples/policies/{name}"));
        assert_eq!(load_built_in(name).unwrap().versions, [on_disk]);
    }
    let targets = load_built_in("in8sync-targets.toml").unwrap();
    assert!(targets.versions[0].severities.iter().all(|rule| rule.first_response.is_some()));
}

#[test]
fn a_policy_without_calendars_is_open_all_the_time() {
    let policy = one("tests/policy/cases/A18.toml");
    assert_eq!(policy.calendars.len(), 1);
    assert_eq!(policy.calendars[0].name, "24h");
    let written = text("name = \"x\"\ntimezone = \"UTC\"\n[calendars.24h]\nhours = { mon-sun = \"24h\" }\n");
    assert_eq!(policy.calendars, written.calendars);
}

#[test]
fn defaults_are_those_of_the_listing() {
    let policy = text("timezone = \"UTC\"\n");
    let spelled = "timezone = \"UTC\"\n[clock]\npause_in = [\"waiting_customer\", \"waiting_other\"]\n\
        response_by = [\"agent\"]\nagent_opened = \"exempt\"\non_reclassify = \"retarget\"\n\
        on_reopen = \"resume\"\ncustomer_message_resumes = true\n";
    assert_eq!(policy.clock, text(spelled).clock);
    assert!(policy.clock.pause_in.has(Category::WaitingOther));
    assert!(!policy.clock.response_by.has(Role::System));
}

#[test]
fn the_customer_file_gives_ranges_of_days() {
    let policy = one("tests/policy/cases/A37/policy.toml");
    let entitled = policy.scope.entitled.unwrap();
    let on = |day| NaiveDate::from_ymd_opt(2026, 1, day);
    assert_eq!((entitled.key.as_str(), entitled.file.as_str()), ("customer", "customers.csv"));
    assert_eq!(entitled.customers, [("acme".to_owned(), vec![(on(1), on(5))])]);
}

#[test]
fn every_problem_is_told_in_order_of_place() {
    let shown = problems("timezone = \"UTCC\"\n[[severity]]\nlevl = 1\n[[severity]]\nlevel = 0\n[clok]\n");
    let codes: Vec<_> =
        shown.lines().filter(|line| line.starts_with("error[")).map(|line| &line[6..10]).collect();
    assert_eq!(codes, ["F106", "F105", "F102", "F104", "F102"]);
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        if let Err(error) = slaudit::policy::parse("p.toml", &bytes) {
            prop_assert!(!error.to_string().is_empty());
        }
    }

    #[test]
    fn arbitrary_toml_never_panics(lines in prop::collection::vec(line(), 0..12)) {
        if let Err(error) = slaudit::policy::parse("p.toml", lines.join("\n").as_bytes()) {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}

/// Lines with the words of a policy, in places where they mostly do not belong.
fn line() -> impl Strategy<Value = String> {
    let keys = "name|inherit|timezone|effective_from|level|basis|hours|holidays|closed|days|severity|calendars|\
        first_response|include|entitled|pause_in|\"update.severity.1\"|mon-fri|2026-01-01|tolerance|metrics";
    let header = "\\[(clock|scope|objectives|calendars.a|calendars|scope.include|priority)\\]\
        |\\[\\[(severity|inactivity|clause)\\]\\]";
    let value = "-?[0-9]{1,20}|0\\.[0-9]{1,3}|nan|inf|true|2026-0[1-9]-[0-3][0-9]|\\[\\]|\\{\\}\
        |\"(24h|4bh|0 days|UTC|[0-2][0-9]:[0-6]0-[0-2][0-9]:00|us-federal|é\\\\u0000)\"\
        |\\[\"(agent|new|2026-03-02T12:00/2026-03-02T14:00)\", (1|\"x\")\\]|\\{ (ics|file|mon|mon-sun) = \"(24h|x|closed)\" \\}";
    let keyed = prop::string::string_regex(&format!("({keys}) = ({value})")).unwrap();
    prop_oneof![prop::string::string_regex(header).unwrap(), keyed]
}
