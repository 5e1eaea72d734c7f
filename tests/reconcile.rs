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
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let text = String::from_utf8(made.stdout).unwrap();
    insta::assert_snapshot!(text, @"
    `sla_reply_time` of the help desk against the clock `first_response`, 3 cases

    ours                       theirs kept theirs missed
    met                                  1             0
    exempt                               0             1

    agree on 1 of 1 cases that both judge: 100.0% (95% interval 20.7% to 100.0%)
           1  left out: theirs says nothing
           1  left out: ours is `exempt`, or has no such figure
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

/// Two tickets as a help desk exports them, with its own verdicts and lengths: the first answered in 30 minutes of an hour,
/// the second in 150 minutes.
const TICKETS: &str = "Ticket ID,Status,Priority,Created time,Resolved time,Closed time,Last update time,\
    Initial response time,Agent,Full name,First response status,Took,Reply late?\n\
    1,Resolved,Urgent,2026-03-02 09:00:00,2026-03-02 12:00:00,,2026-03-02 12:00:00,2026-03-02 09:30:00,B,A,\
    Within SLA,0:30:00,no\n\
    2,Resolved,Urgent,2026-03-03 09:00:00,2026-03-03 12:00:00,,2026-03-03 12:00:00,2026-03-03 11:30:00,B,A,\
    SLA Violated,2h 30m,yes\n";

const HOURS: &str = "name = \"p\"\ntimezone = \"UTC\"\n[calendars.support]\nhours = { mon-fri = \"09:00-17:00\" }\n\
    [[severity]]\nlevel = 1\nfirst_response = \"60 business minutes\"\nresolution = \"1 business day\"\n";

fn tickets(arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let (export, policy) = (folder.path().join("tickets.csv"), folder.path().join("policy.toml"));
    std::fs::write(&export, TICKETS).unwrap();
    std::fs::write(&policy, HOURS).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_slaudit"));
    command.args(["reconcile", export.to_str().unwrap(), "--profile", "freshdesk", "--quiet"]);
    let made = command.args(["--policy", policy.to_str().unwrap()]).args(arguments).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    String::from_utf8(made.stdout).unwrap()
}

#[test]
fn words_lengths_and_names_of_help_desks_are_understood() {
    insta::assert_snapshot!(tickets(&["--against", "First response status"]), @"
    `First response status` of the help desk against the clock `first_response`, 2 cases
    the clock is chosen by the column's name; `--metric` names another

    ours                       theirs kept theirs missed
    met                                  1             0
    missed                               0             1

    agree on 2 of 2 cases that both judge: 100.0% (95% interval 34.2% to 100.0%)
    ");
    // Lengths with units need no `--as`; nothing in the name tells the clock.
    insta::assert_snapshot!(tickets(&["--against", "Took"]), @"
    `Took` of the help desk against the clock `resolution`, 2 cases
    the clock is the default: `--metric` names another

    agree on 0 of 2 cases that both judge: 0.0% (95% interval 0.0% to 65.8%)

    Disagreements: 2. They agree where
           2  (nothing that was tried explains these)
    Each case is counted at the first that explains it.

    1: theirs `0:30:00`, ours 3 h, 2 h 30 min apart
        nothing that was tried explains it

    2: theirs `2h 30m`, ours 3 h, 30 min apart
        nothing that was tried explains it
    ");
    let named = tickets(&["--against", "Took", "--metric", "first_response"]);
    assert!(named.contains("agree on 2 of 2 cases") && !named.contains("the clock is"), "{named}");
    // `yes` in a column that asks whether it was late.
    insta::assert_snapshot!(tickets(&["--against", "Reply late?"]), @"
    `Reply late?` of the help desk against the clock `first_response`, 2 cases
    the clock is chosen by the column's name; `--metric` names another
    by its name, a plain yes in it says that the promise was not kept

    ours                       theirs kept theirs missed
    met                                  1             0
    missed                               0             1

    agree on 2 of 2 cases that both judge: 100.0% (95% interval 34.2% to 100.0%)
    ");
}

/// A case that is resolved without a word within its target: unanswered here, kept there.
#[test]
fn a_resolution_may_be_their_answer() {
    let folder = tempfile::tempdir().unwrap();
    let (export, policy) = (folder.path().join("events.csv"), folder.path().join("policy.toml"));
    let rows = "case_id,at,event,role,status,severity,kept\nA,2026-03-02T10:00Z,opened,customer,New,1,Met\n\
        A,2026-03-02T10:30Z,update,agent,Resolved,,Met\nB,2026-03-02T10:00Z,opened,customer,New,1,Met\n\
        B,2026-03-02T10:20Z,message,agent,Resolved,,Met\n";
    std::fs::write(&export, rows).unwrap();
    std::fs::write(&policy, HOURS).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_slaudit"));
    command.args(["reconcile", export.to_str().unwrap(), "--policy", policy.to_str().unwrap(), "--quiet"]);
    let made = command.args(["--against", "kept", "--metric", "first_response"]).output().unwrap();
    let text = String::from_utf8(made.stdout).unwrap();
    assert!(text.contains("agree on 1 of 2 cases"), "{text}");
    assert!(text.contains("       1  a resolution without a message counts as the answer\n"), "{text}");
}
