//! What each defective policy file is refused with, word by word: keys, types, words, files, books.

use slaudit::policy::load;

/// What a defective file or folder is refused with; exit code 3.
fn refused(name: &str) -> String {
    let error = load(format!("data-samples/defects/policy/{name}").as_ref()).unwrap_err();
    assert_eq!(error.exit_code(), 3);
    error.to_string()
}

#[test]
fn d510_entitled_fields() {
    insta::assert_snapshot!(refused("D510-entitled-fields.toml"), @r##"
    error[D510]: expected 3 fields, found 4
     --> data-samples/defects/policy/D510-entitled-fields.csv:2:1
      |
    2 | Acme, Inc.,2026-01-01,
      | ^^^^^^^^^^^^^^^^^^^^^^
    hint: a value with a comma in it needs quotes
    "##);
}

#[test]
fn f101_not_toml() {
    insta::assert_snapshot!(refused("F101-not-toml.toml"), @r##"
    error[F101]: not valid TOML: string values must be quoted, expected literal string
     --> data-samples/defects/policy/F101-not-toml.toml:1:12
      |
    1 | timezone = America/Denver
      |            ^^^^^^^^^^^^^^
    hint: text needs quotes, a date or a number none; see the example in docs/policy.md
    "##);
}

#[test]
fn f102_objective_key() {
    insta::assert_snapshot!(refused("F102-objective-key.toml"), @r##"
    error[F102]: expected a metric or `metric.severity.N`, found `first_response.level.1`
     --> data-samples/defects/policy/F102-objective-key.toml:4:1
      |
    4 | "first_response.level.1" = 0.95
      | ^^^^^^^^^^^^^^^^^^^^^^^^
    hint: write it like `"first_response.severity.1"`
    "##);
}

#[test]
fn f102_unknown_key() {
    insta::assert_snapshot!(refused("F102-unknown-key.toml"), @r##"
    error[F102]: expected a key of `[[severity]]`, found `frist_response`
     --> data-samples/defects/policy/F102-unknown-key.toml:5:1
      |
    5 | frist_response = "4 hours"
      | ^^^^^^^^^^^^^^
    hint: did you mean `first_response`?
    "##);
}

#[test]
fn f102_unknown_section() {
    insta::assert_snapshot!(refused("F102-unknown-section.toml"), @r##"
    error[F102]: expected a key of a policy, found `calender`
     --> data-samples/defects/policy/F102-unknown-section.toml:3:2
      |
    3 | [calender.support]
      |  ^^^^^^^^
    hint: did you mean `calendars`?
    "##);
}

#[test]
fn f103_bare_number() {
    insta::assert_snapshot!(refused("F103-bare-number.toml"), @r##"
    error[F103]: expected `first_response` to be one whole number and one unit, as text, found a whole number `4`
     --> data-samples/defects/policy/F103-bare-number.toml:5:18
      |
    5 | first_response = 4
      |                  ^
    hint: write it like `first_response = "4 business hours"`
    "##);
}

#[test]
fn f103_holiday_date() {
    insta::assert_snapshot!(refused("F103-holiday-date.toml"), @r##"
    error[F103]: expected a holiday as text, found the date `2026-01-01`
     --> data-samples/defects/policy/F103-holiday-date.toml:5:13
      |
    5 | holidays = [2026-01-01]
      |             ^^^^^^^^^^
    hint: put it in quotes: `"2026-01-01"`
    "##);
}

#[test]
fn f103_wrong_type() {
    insta::assert_snapshot!(refused("F103-wrong-type.toml"), @r##"
    error[F103]: expected `effective_from` to be a date without quotes and without time, found text `"2026-01-01"`
     --> data-samples/defects/policy/F103-wrong-type.toml:2:18
      |
    2 | effective_from = "2026-01-01"
      |                  ^^^^^^^^^^^^
    hint: write it like `effective_from = 2026-01-01`

    error[F103]: expected `[[severity]]` tables, found a table
     --> data-samples/defects/policy/F103-wrong-type.toml:4:1
      |
    4 | [severity]
      | ^^^^^^^^^^
    hint: start each one with `[[severity]]`, in double brackets

    error[F103]: expected `pause_in` to be a list of texts, found text `"waiting_customer"`
     --> data-samples/defects/policy/F103-wrong-type.toml:8:12
      |
    8 | pause_in = "waiting_customer"
      |            ^^^^^^^^^^^^^^^^^^
    hint: write it like `["waiting_customer"]`

    error[F103]: expected `customer_message_resumes` to be `true` or `false`, found text `"yes"`
     --> data-samples/defects/policy/F103-wrong-type.toml:9:28
      |
    9 | customer_message_resumes = "yes"
      |                            ^^^^^
    hint: write it like `customer_message_resumes = true`

    error[F103]: expected `first_response` to be a share, found a table
     --> data-samples/defects/policy/F103-wrong-type.toml:12:1
       |
    12 | first_response.severity.1 = 0.99
       | ^^^^^^^^^^^^^^
    hint: put the key in quotes: `"first_response.severity.1" = 0.99`
    "##);
}

#[test]
fn f104_entitled_date() {
    insta::assert_snapshot!(refused("F104-entitled-date.toml"), @r##"
    error[F104]: expected a date as `2026-01-31`, found `01/02/2026`
     --> data-samples/defects/policy/F104-entitled-date.csv:3:6
      |
    3 | bolt,01/02/2026,
      |      ^^^^^^^^^^
    hint: year, month, day; empty is open
    "##);
}

#[test]
fn f104_level() {
    insta::assert_snapshot!(refused("F104-level.toml"), @r##"
    error[F104]: expected `level` to be from 1 to 9, found `10`
     --> data-samples/defects/policy/F104-level.toml:4:9
      |
    4 | level = 10
      |         ^^
    hint: 1 is the most severe
    "##);
}

#[test]
fn f104_share() {
    insta::assert_snapshot!(refused("F104-share.toml"), @r##"
    error[F104]: expected a share above 0, up to 1, found `95`
     --> data-samples/defects/policy/F104-share.toml:4:20
      |
    4 | "first_response" = 95
      |                    ^^
    hint: write 95% as `0.95`
    "##);
}

#[test]
fn f104_word() {
    insta::assert_snapshot!(refused("F104-word.toml"), @r##"
    error[F104]: expected `pause_in` to be one of `new`, `open`, `waiting_customer`, `waiting_other`, `resolved`, `closed`, `void`, found `waiting_costumer`
     --> data-samples/defects/policy/F104-word.toml:4:13
      |
    4 | pause_in = ["waiting_costumer"]
      |             ^^^^^^^^^^^^^^^^^^
    hint: did you mean `waiting_customer`?

    error[F104]: expected `on_reclassify` to be one of `retarget`, `restart`, `keep`, `prorate`, found `retaget`
     --> data-samples/defects/policy/F104-word.toml:5:17
      |
    5 | on_reclassify = "retaget"
      |                 ^^^^^^^^^
    hint: did you mean `retarget`?
    "##);
}

#[test]
fn f104_zero_target() {
    insta::assert_snapshot!(refused("F104-zero-target.toml"), @r##"
    error[F104]: expected `first_response` to be longer than zero, found `0 hours`
     --> data-samples/defects/policy/F104-zero-target.toml:5:18
      |
    5 | first_response = "0 hours"
      |                  ^^^^^^^^^
    hint: leave `first_response` out where nothing is promised
    "##);
}

#[test]
fn f105_calendar_of_severity() {
    insta::assert_snapshot!(refused("F105-calendar-of-severity.toml"), @r##"
    error[F105]: expected `calendar` in `[[severity]]`, found none
     --> data-samples/defects/policy/F105-calendar-of-severity.toml:9:1
      |
    9 | [[severity]]
      | ^^^^^^^^^^^^
    hint: with several calendars each severity names one of `support`, `always`
    "##);
}

#[test]
fn f105_severity() {
    insta::assert_snapshot!(refused("F105-severity.toml"), @r##"
    error[F105]: expected `level` in `[[severity]]`, found none
     --> data-samples/defects/policy/F105-severity.toml:3:1
      |
    3 | [[severity]]
      | ^^^^^^^^^^^^
    hint: give it a level from 1, the most severe, to 9
    "##);
}

#[test]
fn f105_timezone() {
    insta::assert_snapshot!(refused("F105-timezone.toml"), @r##"
    error[F105]: expected `timezone` in a policy, found none
     --> data-samples/defects/policy/F105-timezone.toml:1:1
      |
    1 | [calendars.support]
      | ^
    hint: add `timezone = "America/Denver"`, or the name of your own zone
    "##);
}

#[test]
fn f105_undated_version() {
    insta::assert_snapshot!(refused("F105-undated-version"), @r##"
    error[F105]: expected `effective_from` in each version of a book, found none
     --> data-samples/defects/policy/F105-undated-version/2.toml:1:1
      |
    1 | name = "draft"
      | ^
    hint: add the first day on which it holds, like `effective_from = 2026-01-01`
    "##);
}

#[test]
fn f106_calendar() {
    insta::assert_snapshot!(refused("F106-calendar.toml"), @r##"
    error[F106]: expected `calendar` to be a calendar of the policy, found `suport`
     --> data-samples/defects/policy/F106-calendar.toml:8:12
      |
    8 | calendar = "suport"
      |            ^^^^^^^^
    hint: did you mean `support`?
    "##);
}

#[test]
fn f106_metric() {
    insta::assert_snapshot!(refused("F106-metric.toml"), @r##"
    error[F106]: expected the name of a metric, found `fist_response`
     --> data-samples/defects/policy/F106-metric.toml:4:1
      |
    4 | "fist_response" = 0.95
      | ^^^^^^^^^^^^^^^
    hint: did you mean `first_response`?
    "##);
}

#[test]
fn f106_timezone() {
    insta::assert_snapshot!(refused("F106-timezone.toml"), @r##"
    error[F106]: expected a time zone by its IANA name, found `America/Denvr`
     --> data-samples/defects/policy/F106-timezone.toml:1:12
      |
    1 | timezone = "America/Denvr"
      |            ^^^^^^^^^^^^^^^
    hint: did you mean `America/Denver`?
    "##);
}

#[test]
fn f108_basis_twice() {
    insta::assert_snapshot!(refused("F108-basis-twice.toml"), @r##"
    error[F108]: expected each basis once, found `resolved` again
     --> data-samples/defects/policy/F108-basis-twice.toml:7:9
      |
    7 | basis = "resolved"
      |         ^^^^^^^^^^
    hint: the first one is at data-samples/defects/policy/F108-basis-twice.toml:4
    "##);
}

#[test]
fn f108_date_twice() {
    insta::assert_snapshot!(refused("F108-date-twice"), @r##"
    error[F108]: expected each date once in a book, found `2026-01-01` again
     --> data-samples/defects/policy/F108-date-twice/2.toml:1:18
      |
    1 | effective_from = 2026-01-01
      |                  ^^^^^^^^^^
    hint: the first one is at data-samples/defects/policy/F108-date-twice/1.toml:1
    "##);
}

#[test]
fn f108_key_twice() {
    insta::assert_snapshot!(refused("F108-key-twice.toml"), @r##"
    error[F108]: expected each key once, found `timezone` again
     --> data-samples/defects/policy/F108-key-twice.toml:2:1
      |
    2 | timezone = "America/Denver"
      | ^^^^^^^^
    hint: keep one of the two
    "##);
}

#[test]
fn f108_level_twice() {
    insta::assert_snapshot!(refused("F108-level-twice.toml"), @r##"
    error[F108]: expected each level once, found level `1` again
     --> data-samples/defects/policy/F108-level-twice.toml:7:9
      |
    7 | level = 1
      |         ^
    hint: the first one is at data-samples/defects/policy/F108-level-twice.toml:4
    "##);
}

#[test]
fn f109_entitled_missing() {
    insta::assert_snapshot!(refused("F109-entitled-missing.toml"), @r##"
    error[F109]: expected a file at `data-samples/defects/policy/nobody.csv`, found none that can be read: there is no such file
     --> data-samples/defects/policy/F109-entitled-missing.toml:4:21
      |
    4 | entitled = { file = "nobody.csv", key = "customer" }
      |                     ^^^^^^^^^^^^
    hint: the path is relative to the file that names it
    "##);
}

#[test]
fn f109_inherit_cycle() {
    insta::assert_snapshot!(refused("F109-inherit-cycle.toml"), @r##"
    error[F109]: expected `inherit` to end somewhere, found that `data-samples/defects/policy/F109-inherit-cycle.toml` comes back to itself
     --> data-samples/defects/policy/F109-inherit-cycle.toml:1:11
      |
    1 | inherit = "F109-inherit-cycle.toml"
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^
    hint: take `inherit` out of one of the files
    "##);
}

#[test]
fn f109_inherit_missing() {
    insta::assert_snapshot!(refused("F109-inherit-missing.toml"), @r##"
    error[F109]: expected a policy file at `data-samples/defects/policy/bsae.toml`, found none that can be read: there is no such file
     --> data-samples/defects/policy/F109-inherit-missing.toml:1:11
      |
    1 | inherit = "bsae.toml"
      |           ^^^^^^^^^^^
    hint: the path is relative to the file that names it
    "##);
}

#[test]
fn f303_entitled_columns() {
    insta::assert_snapshot!(refused("F303-entitled-columns.toml"), @r##"
    error[F303]: expected the column `customer` once, found none
     --> data-samples/defects/policy/F303-entitled-columns.csv:1:1
      |
    1 | customer;from;until
      | ^^^^^^^^^^^^^^^^^^^
    hint: the columns are customer, from, until

    error[F303]: expected the column `from` once, found none
     --> data-samples/defects/policy/F303-entitled-columns.csv:1:1
      |
    1 | customer;from;until
      | ^^^^^^^^^^^^^^^^^^^
    hint: the columns are customer, from, until

    error[F303]: expected the column `until` once, found none
     --> data-samples/defects/policy/F303-entitled-columns.csv:1:1
      |
    1 | customer;from;until
      | ^^^^^^^^^^^^^^^^^^^
    hint: the columns are customer, from, until
    "##);
}

fn refused_text(toml: &str) -> String {
    slaudit::policy::parse("policy.toml", toml.as_bytes()).unwrap_err().to_string()
}

#[test]
fn f104_fraction() {
    let policy =
        "name = \"x\"\ntimezone = \"UTC\"\n[[severity]]\nlevel = 1\nupdate = \"1.5 business hours\"\n";
    insta::assert_snapshot!(refused_text(policy), @r##"
    error[F104]: expected one whole number and one unit, found `1.5 business hours`
     --> policy.toml:5:10
      |
    5 | update = "1.5 business hours"
      |          ^^^^^^^^^^^^^^^^^^^^
    hint: write a whole number: `90 business minutes`
    "##);
}

/// Four tables in single brackets are one mistake, not twenty.
#[test]
fn f108_single_brackets() {
    let severity = |level: u8| format!("[severity]\nlevel = {level}\nupdate = \"{level} business hours\"\n");
    let all: String = (1..=4).map(severity).collect();
    let policy =
        format!("name = \"x\"\ntimezone = \"UTC\"\n{all}[objectives]\n\"update.severity.2\" = 0.9\n");
    insta::assert_snapshot!(refused_text(&policy), @"
    error[F108]: expected `[[severity]]` over each of several, found `[severity]` 4 times
     --> policy.toml:6:1
      |
    6 | [severity]
      | ^^^^^^^^^^
    hint: write `[[severity]]`, in double brackets, in place of every `[severity]`
    ");
}

#[test]
fn f109_a_shipped_policy_that_was_meant() {
    let hint = |name: &str| {
        let said = refused_text(&format!("inherit = \"{name}\"\nname = \"x\"\n"));
        said.lines().last().unwrap().to_owned()
    };
    assert_eq!(
        hint("built-in:in8sync.toml"),
        "hint: a shipped policy is named as it is: write `in8sync.toml`"
    );
    assert_eq!(hint("in8sync-target.toml"), "hint: did you mean `in8sync-targets.toml`, which ships?");
    assert_eq!(hint("elsewhere/base.toml"), "hint: the path is relative to the file that names it");
}
