//! `policy show`: what it prints loads again to an equal policy.

use super::{one, text};
use slaudit::policy::{Policy, load_built_in, parse, show};

fn check(policy: &Policy, name: &str) {
    let shown = show(policy);
    let again = parse(name, shown.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{shown}"));
    assert_eq!(&again.versions[0], policy, "{shown}");
    assert_eq!(show(&again.versions[0]), shown);
}

#[test]
fn the_worked_examples_and_the_shipped_policies_come_back() {
    for case in ["A10", "A12", "A15", "A16", "A18", "A20", "A36"] {
        let path = format!("tests/policy/cases/{case}.toml");
        check(&one(&path), &path);
    }
    for path in ["tests/policy/cases/A17/policy.toml", "tests/policy/cases/A37/policy.toml"] {
        check(&one(path), path);
    }
    for name in ["in8sync.toml", "in8sync-targets.toml"] {
        check(&load_built_in(name).unwrap().versions[0], name);
    }
}

#[test]
fn holidays_of_a_file_stay_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let ics = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Founders' day\nDTSTART:20260504\nCATEGORIES:Free\nEND:VEVENT\nBEGIN:VEVENT\n\
        CATEGORIES:Free\nDTSTART:20260506T120000\nDURATION:PT5H\nEND:VEVENT\nEND:VCALENDAR\n";
    std::fs::write(folder.path().join("ours.ics"), ics).unwrap();
    let path = folder.path().join("policy.toml");
    let toml = "timezone = \"UTC\"\n[calendars.a]\nhours = { mon = \"24h\" }\n\
        holidays = [{ ics = \"ours.ics\", categories = [\"Free\"], except = [\"Party\"] }, \"2026-05-05\"]\n";
    std::fs::write(&path, toml).unwrap();
    let policy = slaudit::policy::load(&path).unwrap().versions.remove(0);
    assert_eq!((policy.calendars[0].holidays.len(), policy.calendars[0].closed_hours.len()), (2, 1));
    check(&policy, &path.display().to_string());
}

#[test]
fn every_key_comes_back() {
    let policy = text(
        r#"
        name = "a \"name\" \\ with \u0007 \u2028 é"
        effective_from = 2026-01-01
        timezone = "Europe/London"
        [calendars.office]
        timezone = "America/Denver"
        hours = { mon-thu = "08:00-12:00, 13:00:30-17:00", fri = "22:00-06:00" }
        holidays = ["2026-07-01", "us-federal"]
        closed = ["2026-03-02T12:00/2026-03-02T14:00:30"]
        days = { 2026-12-24 = "08:00-12:00", 2026-12-26 = "closed", 2026-12-27 = "24h" }
        [calendars."other one"]
        hours = { mon-sun = "24h" }
        [[severity]]
        level = 3
        calendar = "other one"
        name = "c"
        first_response = "90bs"
        next_response = "45bm"
        update = "1bh"
        resolution = "2bd"
        [[severity]]
        level = 1
        calendar = "office"
        first_response = "30s"
        next_response = "90m"
        update = "14d"
        resolution = "2w"
        [after_hours]
        kind = "commitment"
        [clock]
        pause_in = []
        response_by = ["system", "agent"]
        agent_opened = "measure"
        on_reclassify = "prorate"
        on_reopen = "restart"
        customer_message_resumes = false
        [[inactivity]]
        basis = "resolved"
        infer = true
        close_after = "10 business days"
        grace = "0 days"
        [priority]
        tolerance = "15 business minutes"
        [scope]
        include = { channel = ["portal", "é"], "a b" = ["x"] }
        [objectives]
        "first_response.severity.1" = 1
        "update" = 0.001
        [[clause]]
        text = "a clause"
        metrics = ["update", "rounds"]
        "#,
    );
    check(&policy, "policy.toml");
}
