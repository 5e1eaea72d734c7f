//! `policy check` and `policy diff` as commands: standard output, error output and exit code together.

use std::process::Command;

/// Output, error output and exit code of one run in the folder of the repository.
fn run(arguments: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_slaudit"));
    command.args(arguments.split_whitespace()).current_dir(env!("CARGO_MANIFEST_DIR"));
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    format!("{out}-- error output\n{err}-- exit {}", output.status.code().unwrap())
}

const GOOD: &str = "tests/policy/cases/A10.toml";
const BAD: &str = "data-samples/defects/policy/F104-unit.toml";

#[test]
fn check_goes_on_after_a_bad_policy() {
    let shown = run(&format!("policy check {BAD} {GOOD} data-samples/defects/policy/F109-ics-missing.toml"));
    insta::assert_snapshot!(shown, @r##"
    ok: `A10`, version A10; severities defined: 1; calendars: `office`
    -- error output
    error[F104]: expected one whole number and one unit, found `4 buisness hours`
     --> data-samples/defects/policy/F104-unit.toml:5:18
      |
    5 | first_response = "4 buisness hours"
      |                  ^^^^^^^^^^^^^^^^^^
    hint: did you mean `business hours`?

    error[F109]: expected a file at `data-samples/defects/policy/nowhere.ics`, found none that can be read: there is no such file
     --> data-samples/defects/policy/F109-ics-missing.toml:5:21
      |
    5 | holidays = [{ ics = "nowhere.ics" }]
      |                     ^^^^^^^^^^^^^
    hint: the path is relative to the file that names it
    -- exit 3
    "##);
}

#[test]
fn check_as_json_has_one_shape_for_good_and_bad() {
    insta::assert_snapshot!(run(&format!("policy check --format json {GOOD} {BAD}")), @r##"
    [
      {
        "ok": true,
        "policy": "tests/policy/cases/A10.toml",
        "problems": [],
        "versions": [
          {
            "calendars": [
              "office"
            ],
            "effective_from": null,
            "name": "A10",
            "severities": [
              1
            ],
            "version": "A10"
          }
        ]
      },
      {
        "ok": false,
        "policy": "data-samples/defects/policy/F104-unit.toml",
        "problems": [
          {
            "case": null,
            "code": "F104",
            "column": 18,
            "hint": "did you mean `business hours`?",
            "line": 5,
            "message": "expected one whole number and one unit, found `4 buisness hours`",
            "path": "data-samples/defects/policy/F104-unit.toml",
            "severity": "error",
            "width": 18
          }
        ],
        "versions": []
      }
    ]
    -- error output
    -- exit 3
    "##);
    let all_good = run("policy check --format json");
    assert!(all_good.ends_with("-- error output\n-- exit 0"), "{all_good}");
    assert!(all_good.contains("\"policy\": \"built-in\""), "{all_good}");
}

#[test]
fn check_as_json_tells_of_a_file_that_is_not_there() {
    insta::assert_snapshot!(run("policy check --format json none.toml"), @r##"
    [
      {
        "ok": false,
        "policy": "none.toml",
        "problems": [
          {
            "case": null,
            "code": "F109",
            "column": null,
            "hint": "check the path",
            "line": null,
            "message": "expected a policy file at `none.toml`, found none that can be read: there is no such file",
            "path": null,
            "severity": "error",
            "width": null
          }
        ],
        "versions": []
      }
    ]
    -- error output
    -- exit 3
    "##);
}

#[test]
fn diff_of_a_policy_with_itself() {
    insta::assert_snapshot!(run(&format!("policy diff {GOOD} {GOOD} --exit-code")), @r##"
    A  tests/policy/cases/A10.toml
    B  tests/policy/cases/A10.toml

    the policies say the same
    -- error output
    -- exit 0
    "##);
    insta::assert_snapshot!(run("policy diff built-in data-samples/policies/in8sync.toml --format json"), @r##"
    {
      "left": "built-in",
      "right": "data-samples/policies/in8sync.toml",
      "same": true,
      "versions": [
        {
          "differences": [],
          "left": "in8sync",
          "only_in": null,
          "right": "in8sync"
        }
      ]
    }
    -- error output
    -- exit 0
    "##);
}

#[test]
fn diff_in_words_and_by_key() {
    insta::assert_snapshot!(run(&format!("policy diff {GOOD} tests/policy/cases/A12.toml --exit-code")), @r##"
    A  tests/policy/cases/A10.toml
    B  tests/policy/cases/A12.toml

    name of the policy: `A12` instead of `A10`
        name
          A  "A10"
          B  "A12"

    time zone of the policy: UTC instead of America/Denver
        timezone
          A  "America/Denver"
          B  "UTC"

    calendar `office`: removed (mon-sun 24h; America/Denver)
        calendars.office
          A  { timezone = "America/Denver", hours = { mon-sun = "24h" } }
          B  (not there)

    calendar `night`: added (mon-fri 22:00-06:00; UTC)
        calendars.night
          A  (not there)
          B  { timezone = "UTC", hours = { mon-fri = "22:00-06:00" }, days = {
             2026-01-06 = "04:00-08:00" } }

    calendar of severity 1: `night` instead of `office`
        severity.1.calendar
          A  "office"
          B  "night"

    first response of severity 1: 1 business hour instead of 1 day
        severity.1.first_response
          A  "1 day"
          B  "1 business hour"

    next response of severity 1: 2 business hours instead of no target
        severity.1.next_response
          A  (no target)
          B  "2 business hours"

    update of severity 1: 4 business hours instead of no target
        severity.1.update
          A  (no target)
          B  "4 business hours"

    resolution of severity 1: 8 business hours instead of no target
        severity.1.resolution
          A  (no target)
          B  "8 business hours"

    severity 2: added (first response 2 business hours, next response 4 business
      hours, update 8 business hours, resolution 16 business hours)
        severity.2
          A  (not there)
          B  { level = 2, name = "2", calendar = "night", first_response = "2
             business hours", next_response = "4 business hours", update = "8
             business hours", resolution = "16 business hours" }

    severity 3: added (first response 4 business hours, next response 8 business
      hours, update 2 business days, resolution 5 business days)
        severity.3
          A  (not there)
          B  { level = 3, name = "3", calendar = "night", first_response = "4
             business hours", next_response = "8 business hours", update = "2
             business days", resolution = "5 business days" }

    11 differences
    -- error output
    error: the policies differ
    -- exit 1
    "##);
}

#[test]
fn diff_as_json() {
    let shown =
        run("policy diff tests/policy/cases/A17/base.toml tests/policy/cases/A17/policy.toml --format json");
    insta::assert_snapshot!(shown, @"");
}

#[test]
fn diff_of_books() {
    insta::assert_snapshot!(run("policy diff tests/policy/cases/A19/1.toml tests/policy/cases/A19"), @r##"
    A  tests/policy/cases/A19/1.toml
    B  tests/policy/cases/A19

    version 2026-01-01: the same in both

    version 2026-10-05: in B only; compared with version 2026-01-01 of A, which
    holds then

    name of the policy: `2` instead of `1`
        name
          A  "1"
          B  "2"

    first day in force: 2026-10-05 instead of 2026-01-01
        effective_from
          A  2026-01-01
          B  2026-10-05

    time zone of the policy: Australia/Lord_Howe instead of America/Denver
        timezone
          A  "America/Denver"
          B  "Australia/Lord_Howe"

    time zone of calendar `office`: Australia/Lord_Howe instead of America/Denver
        calendars.office.timezone
          A  "America/Denver"
          B  "Australia/Lord_Howe"

    4 differences; 1 version is in one of the two only
    -- error output
    -- exit 0
    "##);
    insta::assert_snapshot!(run("policy diff tests/policy/cases/A19 tests/policy/cases/A18.toml"), @r##"
    A  tests/policy/cases/A19
    B  tests/policy/cases/A18.toml

    version A18: in B only; A has none that holds then

    version 2026-01-01: in A only; compared with version A18 of B, which holds then

    name of the policy: `A18` instead of `1`
        name
          A  "1"
          B  "A18"

    first day in force: no date instead of 2026-01-01
        effective_from
          A  2026-01-01
          B  (no date)

    time zone of the policy: UTC instead of America/Denver
        timezone
          A  "America/Denver"
          B  "UTC"

    calendar `office`: removed (mon-fri 08:00-17:00; America/Denver)
        calendars.office
          A  { timezone = "America/Denver", hours = { mon-fri = "08:00-17:00" } }
          B  (not there)

    calendar `24h`: added (mon-sun 24h; UTC)
        calendars.24h
          A  (not there)
          B  { timezone = "UTC", hours = { mon-sun = "24h" } }

    calendar of severity 1: `24h` instead of `office`
        severity.1.calendar
          A  "office"
          B  "24h"

    first response of severity 1: 2 hours instead of 1 business hour
        severity.1.first_response
          A  "1 business hour"
          B  "2 hours"

    next response of severity 1: no target instead of 2 business hours
        severity.1.next_response
          A  "2 business hours"
          B  (no target)

    update of severity 1: no target instead of 4 business hours
        severity.1.update
          A  "4 business hours"
          B  (no target)

    resolution of severity 1: no target instead of 8 business hours
        severity.1.resolution
          A  "8 business hours"
          B  (no target)

    severity 2: removed (first response 2 business hours, next response 4 business
      hours, update 8 business hours, resolution 16 business hours)
        severity.2
          A  { level = 2, name = "2", calendar = "office", first_response = "2
             business hours", next_response = "4 business hours", update = "8
             business hours", resolution = "16 business hours" }
          B  (not there)

    severity 3: removed (first response 4 business hours, next response 8 business
      hours, update 2 business days, resolution 5 business days)
        severity.3
          A  { level = 3, name = "3", calendar = "office", first_response = "4
             business hours", next_response = "8 business hours", update = "2
             business days", resolution = "5 business days" }
          B  (not there)

    promise for cases opened outside hours: added (first response 24 hours, best
      effort)
        after_hours
          A  (not there)
          B  { first_response = "24 hours", kind = "best_effort" }

    version 2026-10-05: in A only; compared with version A18 of B, which holds then

    name of the policy: `A18` instead of `2`
        name
          A  "2"
          B  "A18"

    first day in force: no date instead of 2026-10-05
        effective_from
          A  2026-10-05
          B  (no date)

    time zone of the policy: UTC instead of Australia/Lord_Howe
        timezone
          A  "Australia/Lord_Howe"
          B  "UTC"

    calendar `office`: removed (mon-fri 08:00-17:00; Australia/Lord_Howe)
        calendars.office
          A  { timezone = "Australia/Lord_Howe", hours = { mon-fri = "08:00-17:00" }
             }
          B  (not there)

    calendar `24h`: added (mon-sun 24h; UTC)
        calendars.24h
          A  (not there)
          B  { timezone = "UTC", hours = { mon-sun = "24h" } }

    calendar of severity 1: `24h` instead of `office`
        severity.1.calendar
          A  "office"
          B  "24h"

    first response of severity 1: 2 hours instead of 1 business hour
        severity.1.first_response
          A  "1 business hour"
          B  "2 hours"

    next response of severity 1: no target instead of 2 business hours
        severity.1.next_response
          A  "2 business hours"
          B  (no target)

    update of severity 1: no target instead of 4 business hours
        severity.1.update
          A  "4 business hours"
          B  (no target)

    resolution of severity 1: no target instead of 8 business hours
        severity.1.resolution
          A  "8 business hours"
          B  (no target)

    severity 2: removed (first response 2 business hours, next response 4 business
      hours, update 8 business hours, resolution 16 business hours)
        severity.2
          A  { level = 2, name = "2", calendar = "office", first_response = "2
             business hours", next_response = "4 business hours", update = "8
             business hours", resolution = "16 business hours" }
          B  (not there)

    severity 3: removed (first response 4 business hours, next response 8 business
      hours, update 2 business days, resolution 5 business days)
        severity.3
          A  { level = 3, name = "3", calendar = "office", first_response = "4
             business hours", next_response = "8 business hours", update = "2
             business days", resolution = "5 business days" }
          B  (not there)

    promise for cases opened outside hours: added (first response 24 hours, best
      effort)
        after_hours
          A  (not there)
          B  { first_response = "24 hours", kind = "best_effort" }

    26 differences; 3 versions are in one of the two only

    -- error output
    -- exit 0
    "##);
}

#[test]
fn diff_tells_what_is_wrong_with_either() {
    insta::assert_snapshot!(run(&format!("policy diff {BAD} none.toml")), @r##"
    -- error output
    error[F104]: expected one whole number and one unit, found `4 buisness hours`
     --> data-samples/defects/policy/F104-unit.toml:5:18
      |
    5 | first_response = "4 buisness hours"
      |                  ^^^^^^^^^^^^^^^^^^
    hint: did you mean `business hours`?

    error[F109]: expected a policy file at `none.toml`, found none that can be read: there is no such file
    hint: check the path
    -- exit 3
    "##);
    insta::assert_snapshot!(run("policy diff built-in:other.toml built-in"), @r##"
    -- error output
    error: expected the name of a shipped policy, found `other.toml`
    -- exit 2
    "##);
}

#[test]
fn text_fits_eighty_columns() {
    let shown = run("policy diff built-in built-in:in8sync-targets.toml");
    assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
    assert!(shown.contains("\n32 differences\n"), "{shown}");
}
