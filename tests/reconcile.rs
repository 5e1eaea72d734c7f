//! The help desk's own figure against ours: six small cases, each disagreement with its reason.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::Command;

/// What the command prints, errors after it.
fn reconcile(arguments: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_slaudit"));
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    command.args(["reconcile", "tests/reconcile/events.csv"]);
    command.args(["--policy", "data-samples/policies/in8sync-targets.toml"]);
    let made = command.args(arguments.split_whitespace()).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    format!("{}{}-- exit {}", text(&made.stdout), text(&made.stderr), made.status.code().unwrap())
}

/// Metric events give an attribute, the first breach or fulfilment of each metric: data-samples/zendesk/json works them
/// out by hand.
#[test]
fn metric_events_are_held_against_ours() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_slaudit"));
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    command.args(["reconcile", "data-samples/zendesk/json", "--profile", "zendesk"]);
    command.args(["--policy", "data-samples/policies/in8sync-targets.toml"]);
    command.args(["--against", "sla_reply_time", "--metric", "first_response"]);
    let made = command.output().unwrap();
    let text = String::from_utf8(made.stdout).unwrap() + &String::from_utf8(made.stderr).unwrap();
    insta::assert_snapshot!(text, @"
    `sla_reply_time` of the help desk against the clock `first_response`, 3 cases

    ours                       theirs kept theirs missed
    met                                  1             1

    agree on 1 of 2 cases that both judge: 50.0% (95% interval 9.5% to 90.5%)
           1  left out: theirs says nothing

    Disagreements: 1. They agree where
           1  (nothing that was tried explains these)
    Each case is counted at the first that explains it.

    8102: theirs `breach`, ours `met`, used 30 min of 4 business hours
        nothing that was tried explains it
    ");
}

#[test]
fn verdicts_are_held_against_theirs() {
    insta::assert_snapshot!(reconcile("--against kept --as verdict --metric first_response"), @"
    `kept` of the help desk against the clock `first_response`, 6 cases

    ours                       theirs kept theirs missed
    met                                  1             1
    missed                               1             1

    agree on 2 of 4 cases that both judge: 50.0% (95% interval 15.0% to 85.0%)
           1  left out: theirs says nothing
           1  left out: not understood, such as `perhaps`

    Disagreements: 2. They agree where
           1  the severity at the start decides, whatever it became later
           1  (nothing that was tried explains these)
    Each case is counted at the first that explains it.

    c: theirs `false`, ours `met`, used 10 min of 1 business hour
        nothing that was tried explains it

    d: theirs `true`, ours `missed`, used 2 h of 1 business hour
        the severity at the start decides, whatever it became later
    -- exit 0
    ");
}

#[test]
fn a_pause_explains_what_they_counted_through() {
    insta::assert_snapshot!(reconcile("--against kept --as verdict --metric resolution"), @"
    `kept` of the help desk against the clock `resolution`, 6 cases

    ours                       theirs kept theirs missed
    met                                  2             2

    agree on 2 of 4 cases that both judge: 50.0% (95% interval 15.0% to 85.0%)
           1  left out: theirs says nothing
           1  left out: not understood, such as `perhaps`

    Disagreements: 2. They agree where
           1  nothing pauses the clock
           1  every hour of the day and week counts
    Each case is counted at the first that explains it.

    b: theirs `false`, ours `met`, used 8 h of 8 business hours
        every hour of the day and week counts

    c: theirs `false`, ours `met`, used 1 h of 8 business hours
        nothing pauses the clock
    -- exit 0
    ");
}

#[test]
fn due_times_are_compared_within_a_tolerance() {
    insta::assert_snapshot!(reconcile("--against due --as due --metric first_response --tolerance 5m"), @"
    `due` of the help desk against the clock `first_response`, 6 cases

    agree on 1 of 4 cases that both judge: 25.0% (95% interval 4.6% to 69.9%)
           1  left out: theirs says nothing
           1  left out: not understood, such as `soon`

    Disagreements: 3. They agree where
           1  the severity at the start decides, whatever it became later
           2  (nothing that was tried explains these)
    Each case is counted at the first that explains it.

    b: theirs `2026-03-03T00:00:00Z`, ours 2026-03-02T17:00:00Z, -7 h apart
        nothing that was tried explains it

    c: theirs `2026-03-04T17:00:00Z`, ours 2026-03-02T17:00:00Z, -48 h apart
        nothing that was tried explains it

    d: theirs `2026-03-02T20:00:00Z`, ours 2026-03-02T17:00:00Z, -3 h apart
        the severity at the start decides, whatever it became later
    -- exit 0
    ");
}

#[test]
fn lengths_need_their_unit() {
    insta::assert_snapshot!(reconcile("--against minutes --metric first_response"), @"
    error: the cells of `minutes` leave open what they say: give it with `--as verdict`, `due`, `seconds`, `minutes` or `hours`
    -- exit 2
    ");
    insta::assert_snapshot!(reconcile("--against minutes --as minutes --metric first_response"), @"
    `minutes` of the help desk against the clock `first_response`, 6 cases

    agree on 4 of 4 cases that both judge: 100.0% (95% interval 51.0% to 100.0%)
           1  left out: theirs says nothing
           1  left out: not understood, such as `?`
    -- exit 0
    ");
}

#[test]
fn every_disagreement_is_written_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("d.csv");
    reconcile(&format!("--against kept --as verdict --metric resolution --out {}", out.display()));
    insta::assert_snapshot!(std::fs::read_to_string(out).unwrap(), @"
    case_id,theirs,verdict,due_at,business_s,elapsed_s,paused_s,target,margin_s,n_severity_changes,agree_where,file,line
    b,false,met,2026-03-03T00:00:00Z,28800,30600,0,8 business hours,0,0,every hour of the day and week counts,tests/reconcile/events.csv,6
    c,false,met,2026-03-05T00:00:00Z,3600,176400,172800,8 business hours,25200,0,nothing pauses the clock,tests/reconcile/events.csv,10
    ");
}
