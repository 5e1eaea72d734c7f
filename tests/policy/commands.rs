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
        `office`: mon-sun 24h, America/Denver; holidays: none
    time-zone data: 2026f
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
        ],
        "warnings": [],
        "zone_data": "2026f"
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
        "versions": [],
        "warnings": [],
        "zone_data": "2026f"
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
        "versions": [],
        "warnings": [],
        "zone_data": "2026f"
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
    let shown =
        run("policy diff tests/policy/cases/A17/base.toml tests/policy/cases/A17/policy.toml --exit-code");
    insta::assert_snapshot!(shown, @r##"
    A  tests/policy/cases/A17/base.toml
    B  tests/policy/cases/A17/policy.toml

    name of the policy: `A17` instead of `base`
        name
          A  "base"
          B  "A17"

    first day in force: no date instead of 2026-01-01
        effective_from
          A  2026-01-01
          B  (no date)

    first response of severity 1: 2 business hours instead of 1 business hour
        severity.1.first_response
          A  "1 business hour"
          B  "2 business hours"

    3 differences
    -- error output
    error: the policies differ
    -- exit 1
    "##);
}

#[test]
fn diff_as_json() {
    let shown =
        run("policy diff tests/policy/cases/A17/base.toml tests/policy/cases/A17/policy.toml --format json");
    insta::assert_snapshot!(shown, @r##"
    {
      "left": "tests/policy/cases/A17/base.toml",
      "right": "tests/policy/cases/A17/policy.toml",
      "same": false,
      "versions": [
        {
          "differences": [
            {
              "key": "name",
              "left": {
                "toml": "\"base\"",
                "words": "`base`"
              },
              "right": {
                "toml": "\"A17\"",
                "words": "`A17`"
              },
              "subject": "name of the policy",
              "words": "name of the policy: `A17` instead of `base`"
            },
            {
              "key": "effective_from",
              "left": {
                "toml": "2026-01-01",
                "words": "2026-01-01"
              },
              "right": {
                "toml": null,
                "words": "no date"
              },
              "subject": "first day in force",
              "words": "first day in force: no date instead of 2026-01-01"
            },
            {
              "key": "severity.1.first_response",
              "left": {
                "toml": "\"1 business hour\"",
                "words": "1 business hour"
              },
              "right": {
                "toml": "\"2 business hours\"",
                "words": "2 business hours"
              },
              "subject": "first response of severity 1",
              "words": "first response of severity 1: 2 business hours instead of 1 business hour"
            }
          ],
          "left": "2026-01-01",
          "only_in": null,
          "right": "policy"
        }
      ]
    }
    -- error output
    -- exit 0
    "##);
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
    let shown = run("policy diff tests/policy/cases/A19 tests/policy/cases/A18.toml");
    let headings: Vec<&str> = shown.lines().filter(|line| line.starts_with("version ")).collect();
    assert_eq!(
        headings,
        [
            "version A18: in B only; A has none that holds then",
            "version 2026-01-01: in A only; compared with version A18 of B, which holds then",
            "version 2026-10-05: in A only; compared with version A18 of B, which holds then",
        ]
    );
    let end = "\n26 differences; 3 versions are in one of the two only\n-- error output\n-- exit 0";
    assert!(shown.ends_with(end), "{shown}");
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
    insta::assert_snapshot!(run("policy diff built-in:other.toml built-in"), @"
    -- error output
    error: expected the name of a shipped policy, found `other.toml`
    hint: they are `in8sync.toml`, `in8sync-targets.toml`
    -- exit 2
    ");
}

#[test]
fn text_fits_eighty_columns() {
    let shown = run("policy diff built-in built-in:in8sync-targets.toml");
    assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
    assert!(shown.contains("\n32 differences\n"), "{shown}");
}
