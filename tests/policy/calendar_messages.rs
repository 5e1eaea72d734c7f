//! What each defective calendar or duration in a policy file is refused with, word by word.

use slaudit::policy::load;

/// What a defective file or folder is refused with; exit code 3.
fn refused(name: &str) -> String {
    let error = load(format!("data-samples/defects/policy/{name}").as_ref()).unwrap_err();
    assert_eq!(error.exit_code(), 3);
    error.to_string()
}

#[test]
fn f104_bare_number_text() {
    insta::assert_snapshot!(refused("F104-bare-number-text.toml"), @r##"
    error[F104]: expected one whole number and one unit, found `4`
     --> data-samples/defects/policy/F104-bare-number-text.toml:5:18
      |
    5 | first_response = "4"
      |                  ^^^
    hint: write a number and a unit, for example `4 business hours` or `24h`
    "##);
}

#[test]
fn f104_closure() {
    insta::assert_snapshot!(refused("F104-closure.toml"), @r##"
    error[F104]: expected a closure such as `2026-03-02T12:00/2026-03-02T14:00`, found `2026-03-02T12:00 to 14:00`
     --> data-samples/defects/policy/F104-closure.toml:5:11
      |
    5 | closed = ["2026-03-02T12:00 to 14:00"]
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^
    hint: write the first and the last local time, with a slash between
    "##);
}

#[test]
fn f104_date() {
    insta::assert_snapshot!(refused("F104-date.toml"), @r##"
    error[F104]: expected a date as `2026-12-24`, found `2026-02-30`
     --> data-samples/defects/policy/F104-date.toml:5:10
      |
    5 | days = { 2026-02-30 = "closed" }
      |          ^^^^^^^^^^
    hint: year, month and day of a date that exists
    "##);
}

#[test]
fn f104_hours() {
    insta::assert_snapshot!(refused("F104-hours.toml"), @r##"
    error[F104]: expected hours such as `08:00-17:00`, `24h` or `closed`, found `8-17`
     --> data-samples/defects/policy/F104-hours.toml:4:21
      |
    4 | hours = { mon-fri = "8-17" }
      |                     ^^^^^^
    hint: write HH:MM-HH:MM, several separated by commas
    "##);
}

#[test]
fn f104_unit() {
    insta::assert_snapshot!(refused("F104-unit.toml"), @r##"
    error[F104]: expected one whole number and one unit, found `4 buisness hours`
     --> data-samples/defects/policy/F104-unit.toml:5:18
      |
    5 | first_response = "4 buisness hours"
      |                  ^^^^^^^^^^^^^^^^^^
    hint: did you mean `business hours`?
    "##);
}

#[test]
fn f104_weekday() {
    insta::assert_snapshot!(refused("F104-weekday.toml"), @r##"
    error[F104]: expected a weekday or a range such as `mon-fri`, found `mno`
     --> data-samples/defects/policy/F104-weekday.toml:4:11
      |
    4 | hours = { mno-fri = "08:00-17:00" }
      |           ^^^^^^^
    hint: did you mean `mon`?
    "##);
}

#[test]
fn f105_hours() {
    insta::assert_snapshot!(refused("F105-hours.toml"), @r##"
    error[F105]: expected `hours` in `[calendars.support]`, found none
     --> data-samples/defects/policy/F105-hours.toml:3:12
      |
    3 | [calendars.support]
      |            ^^^^^^^
    hint: add `hours = { mon-fri = "08:00-17:00" }`, or your own
    "##);
}

#[test]
fn f106_holidays() {
    insta::assert_snapshot!(refused("F106-holidays.toml"), @r##"
    error[F106]: expected a date or the name of a holiday set, found `us-fedral`
     --> data-samples/defects/policy/F106-holidays.toml:5:13
      |
    5 | holidays = ["us-fedral"]
      |             ^^^^^^^^^^^
    hint: did you mean `us-federal`?
    "##);
}

#[test]
fn f107_overlap_next_day() {
    insta::assert_snapshot!(refused("F107-overlap-next-day.toml"), @r##"
    error[F107]: expected windows that do not overlap, found `fri` until 06:00 and `sat` from 05:00
     --> data-samples/defects/policy/F107-overlap-next-day.toml:4:42
      |
    4 | hours = { mon-fri = "22:00-06:00", sat = "05:00-09:00" }
      |                                          ^^^^^^^^^^^^^
    hint: end the earlier window where the later one begins
    "##);
}

#[test]
fn f107_overlap() {
    insta::assert_snapshot!(refused("F107-overlap.toml"), @r##"
    error[F107]: expected windows that do not overlap, found `08:00-12:00` and `11:00-17:00`
     --> data-samples/defects/policy/F107-overlap.toml:4:21
      |
    4 | hours = { mon-fri = "08:00-12:00, 11:00-17:00" }
      |                     ^^^^^^^^^^^^^^^^^^^^^^^^^^
    hint: join them into one window, or move one
    "##);
}

#[test]
fn f108_weekday_twice() {
    insta::assert_snapshot!(refused("F108-weekday-twice.toml"), @r##"
    error[F108]: expected each weekday once, found `wed` twice
     --> data-samples/defects/policy/F108-weekday-twice.toml:4:36
      |
    4 | hours = { mon-fri = "08:00-17:00", wed = "08:00-12:00" }
      |                                    ^^^
    hint: give each weekday its hours in one entry
    "##);
}

#[test]
fn f109_ics_missing() {
    insta::assert_snapshot!(refused("F109-ics-missing.toml"), @r##"
    error[F109]: expected a file at `data-samples/defects/policy/nowhere.ics`, found none that can be read: there is no such file
     --> data-samples/defects/policy/F109-ics-missing.toml:5:21
      |
    5 | holidays = [{ ics = "nowhere.ics" }]
      |                     ^^^^^^^^^^^^^
    hint: the path is relative to the file that names it
    "##);
}

#[test]
fn f109_ics_rule() {
    insta::assert_snapshot!(refused("F109-ics-rule.toml"), @r##"
    error[F109]: expected no `BYWEEKNO`, which is not read, found `RRULE:FREQ=YEARLY;BYWEEKNO=1`
     --> data-samples/defects/policy/F109-ics-rule.ics:4:1
      |
    4 | RRULE:FREQ=YEARLY;BYWEEKNO=1
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    hint: repeat the event in one of the ways that docs/policy.md lists, or list its dates one by one
    "##);
}
