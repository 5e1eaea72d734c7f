//! The command line: standard output, error output and exit code together.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A folder with the samples of tests/cli in it, so that no path of this machine shows.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli");
    for entry in std::fs::read_dir(samples).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
    }
    folder
}

fn command(folder: &TempDir, arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_slaudit"));
    command.args(arguments.split_whitespace()).current_dir(folder.path());
    command
}

/// Output, error output and exit code of one run.
fn run_in(folder: &TempDir, arguments: &str) -> String {
    shown(&command(folder, arguments).output().unwrap())
}

fn shown(output: &std::process::Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    format!("{out}-- error output\n{err}-- exit {}", output.status.code().unwrap())
}

fn run(arguments: &str) -> String {
    run_in(&folder(), arguments)
}

fn asked(arguments: &str, questions: &str) -> String {
    let folder = folder();
    let mut child = command(&folder, arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(questions.as_bytes()).unwrap();
    shown(&child.wait_with_output().unwrap())
}

#[test]
fn audit_prints_a_summary_and_says_what_it_did_not_make() {
    insta::assert_snapshot!("audit", run("audit events.csv --out report"));
}

#[test]
fn audit_quiet_says_only_what_was_not_made() {
    insta::assert_snapshot!(run("audit events.csv --out report --quiet --facts-only"), @"
    -- error output
    -- exit 0
    ");
}

#[test]
fn audit_refuses_a_foreign_folder() {
    let folder = folder();
    std::fs::create_dir(folder.path().join("photos")).unwrap();
    insta::assert_snapshot!(run_in(&folder, "audit events.csv --out photos"), @"
    -- error output
    error[F401]: exists and is not a report of slaudit: it has no `manifest.json` of ours; nothing was changed
     --> photos
    hint: give another folder with `--out`, or move this one away
    -- exit 5
    ");
}

#[test]
fn a_refused_run_shows_what_was_rejected_even_where_it_is_to_be_quiet() {
    let told = run("audit rejected.csv --summary --quiet");
    assert!(told.contains("error[D501]") && told.contains("--> rejected.csv:3:5"), "{told}");
    assert!(told.contains("error[F304]") && told.ends_with("exit 4"), "{told}");
}

#[test]
fn a_column_that_is_named_and_not_there_is_told_of() {
    let sample = |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples/starter").join(name);
    let folder = folder();
    let profile = std::fs::read_to_string(sample("profile.toml")).unwrap();
    let wrong = profile.replace("\"Author type\"", "\"Author typ\"");
    assert_ne!(profile, wrong);
    std::fs::write(folder.path().join("ours.toml"), wrong).unwrap();
    std::fs::copy(sample("export/tickets.csv"), folder.path().join("tickets.csv")).unwrap();
    let told = run_in(&folder, "audit tickets.csv --profile ours.toml --summary --quiet");
    let (summary, warnings) = told.split_once("-- error output\n").unwrap();
    insta::assert_snapshot!(warnings, @"
    warning[F303]: no column `Author typ`, which the profile names for `role`: what it would tell is not known
     --> tickets.csv
    hint: did you mean `Author type`? name it in the profile

    -- exit 0
    ");
    assert!(summary.contains("`tickets.csv` has no column `Author typ` (role)"), "{summary}");
    // A column that a shipped profile knows of, and that many exports do not have, is no mistake.
    std::fs::write(
        folder.path().join("few.csv"),
        "case_id,at,event,role,status\nA,2026-01-05T09:00:00Z,opened,customer,Parked\n",
    )
    .unwrap();
    let told = run_in(&folder, "audit few.csv --summary --quiet");
    let (summary, warnings) = told.split_once("-- error output\n").unwrap();
    assert_eq!(warnings, "-- exit 0");
    assert!(summary.contains("`few.csv` has no column `actor` (actor), `severity` (severity)"), "{summary}");
    assert!(summary.contains("status `Parked` has no category in profile `canonical`"), "{summary}");
}

#[test]
fn audit_with_too_many_rejected_rows() {
    let folder = folder();
    insta::assert_snapshot!(run_in(&folder, "audit rejected.csv --out report"), @"
    -- error output
    error[D501]: timestamp not understood: expected an instant such as `2026-01-05T09:00:00Z`, found `yesterday`
     --> rejected.csv:3:5 (case A-1)
      |
    3 | A-1,yesterday,message,agent,Open,
      |     ^^^^^^^^^
    hint: correct the time, or name its format under `timestamps` in the profile

    error[F304]: 1 of 2 rows rejected: expected at most 1%; most by D501, timestamp not understood: 1
    hint: mend them, or raise --max-rejected; `audit --out` lists them all in `rejected.csv`
    -- exit 4
    ");
    insta::assert_snapshot!(std::fs::read_to_string(folder.path().join("report/rejected.csv")).unwrap(), @r#"
    file,line,column,code,expected,raw
    rejected.csv,3,at,D501,an instant such as `2026-01-05T09:00:00Z`,"A-1,yesterday,message,agent,Open,"
    "#);
}

#[test]
fn audit_of_an_input_without_any_finding() {
    let folder = folder();
    let rows = "case_id,at,event,role,status,severity\nA-1,2026-01-05T16:00:00Z,opened,customer,New,1\n";
    std::fs::write(folder.path().join("one.csv"), rows).unwrap();
    insta::assert_snapshot!(run_in(&folder, "audit one.csv --out report --quiet"), @"
    -- error output
    note: table `attainment_by_customer` is not made: the input has no `cases.customer`
    note: table `attainment_by_product` is not made: the input has no `cases.product`
    note: table `channels` is not made: the input has no `cases.channel`
    -- exit 0
    ");
}

#[test]
fn audit_without_its_input() {
    insta::assert_snapshot!(run("audit nowhere.csv --summary"), @"
    -- error output
    error[F301]: input file cannot be read: No such file or directory (os error 2)
     --> nowhere.csv
    hint: check the path and its permissions
    -- exit 4
    ");
}

#[test]
fn audit_with_a_query_that_cannot_be_run() {
    let folder = folder();
    std::fs::create_dir(folder.path().join("mine")).unwrap();
    let sql = "-- title: Mine\n-- grain: one case\nSELECT nothing FROM cases";
    std::fs::write(folder.path().join("mine/mine.sql"), sql).unwrap();
    insta::assert_snapshot!(run_in(&folder, "audit events.csv --out report --queries mine"), @r#"
    -- error output
    error[F104]: query `mine` cannot be run: not found: unable to find column "nothing"
     --> mine.sql
    hint: tables and columns are listed in queries/README.md
    -- exit 3
    "#);
    assert!(!folder.path().join("report").exists());
}

#[test]
fn audit_with_a_query_of_the_user() {
    let folder = folder();
    std::fs::create_dir(folder.path().join("mine")).unwrap();
    let sql = "-- title: Mine\n-- grain: one case\nSELECT case_id, customer FROM cases ORDER BY case_id";
    std::fs::write(folder.path().join("mine/mine.sql"), sql).unwrap();
    run_in(&folder, "audit events.csv --out report --queries mine");
    insta::assert_snapshot!(std::fs::read_to_string(folder.path().join("report/tables/mine.csv")).unwrap(), @"
    case_id,customer
    A-1,Acme
    A-2,Acme
    A-3,Blue
    ");
}

#[test]
fn audit_with_a_chart_of_the_user() {
    let folder = folder();
    std::fs::create_dir(folder.path().join("mine")).unwrap();
    let asked = |chart: &str| {
        let sql = "SELECT customer, COUNT(*) AS n_cases FROM cases GROUP BY customer ORDER BY customer";
        let head = format!("-- title: Mine\n-- grain: one customer\n-- chart: {chart}\n{sql}");
        std::fs::write(folder.path().join("mine/mine.sql"), head).unwrap();
        run_in(&folder, "audit events.csv --out report --quiet --queries mine")
    };
    insta::assert_snapshot!(asked("pie x=customer y=n_cases"), @"
    -- error output
    error[F104]: header of a query not understood: expected `-- chart: bar x=COLUMN y=COLUMN`, or `line`
     --> mine/mine.sql:3
      |
    3 | -- chart: pie x=customer y=n_cases
    hint: queries/README.md shows the header of every query that ships
    -- exit 3
    ");
    insta::assert_snapshot!(asked("bar x=customer y=n_case"), @"
    -- error output
    error[F106]: the chart needs a column `n_case`, which the query does not have
     --> mine.sql
    hint: its columns are `customer`, `n_cases`
    -- exit 3
    ");
    assert!(!folder.path().join("report").exists());
    insta::assert_snapshot!(asked("bar x=customer y=n_cases"), @"
    -- error output
    note: table `attainment_by_product` is not made: the input has no `cases.product`
    note: table `channels` is not made: the input has no `cases.channel`
    -- exit 0
    ");
    let svg = std::fs::read_to_string(folder.path().join("report/charts/mine.svg")).unwrap();
    assert!(svg.contains(">Acme<") && svg.contains(">Mine<"), "{svg}");
    assert!(folder.path().join("report/charts/mine.png").is_file());
}

#[test]
fn options_of_later_versions_are_unknown() {
    insta::assert_snapshot!(run("audit events.csv --baseline old"), @"
    -- error output
    error: unexpected argument '--baseline' found

      tip: to pass '--baseline' as a value, use '-- --baseline'

    Usage: slaudit audit <FILES>...

    For more information, try '--help'.
    -- exit 2
    ");
}

#[test]
fn an_instant_that_is_none() {
    insta::assert_snapshot!(run("audit events.csv --summary --as-of today"), @"
    -- error output
    error: --as-of: expected an instant like `2026-03-02T16:00Z` or `2026-03-02T16:00-07:00`, or local time of America/Denver like `2026-03-02 16:00`, found `today`
    -- exit 2
    ");
}

#[test]
fn calendar_answers() {
    insta::assert_snapshot!(run("calendar elapsed 2026-03-02T16:00 2026-03-03T09:30:00-07:00"), @"
    9000
    -- error output
    -- exit 0
    ");
    insta::assert_snapshot!(run("calendar add 2026-03-02T16:00 2bh"), @"
    2026-03-03T09:00:00-07:00
    -- error output
    -- exit 0
    ");
    insta::assert_snapshot!(run("calendar add 2026-03-02T16:00 1bd"), @"
    2026-03-03T17:00:00-07:00
    -- error output
    -- exit 0
    ");
    insta::assert_snapshot!(run("calendar open 2026-03-07T12:00:00Z"), @"
    closed 2026-03-09T08:00:00-06:00
    -- error output
    -- exit 0
    ");
    insta::assert_snapshot!(run("calendar show"), @r#"
    [calendars.support]
    timezone = "America/Denver"
    hours = { mon-fri = "08:00-17:00" }
    -- error output
    -- exit 0
    "#);
}

#[test]
fn calendar_answers_one_line_each() {
    insta::assert_snapshot!(asked("calendar add --stdin", "2026-03-02T16:00 2bh\n2026-03-02T16:00 90m\n"), @"
    2026-03-03T09:00:00-07:00
    2026-03-02T17:30:00-07:00
    -- error output
    -- exit 0
    ");
}

#[test]
fn calendar_mistakes() {
    insta::assert_snapshot!(run("calendar elapsed 2026-03-08T02:30 2026-03-09T00:00"), @"
    -- error output
    error: `2026-03-08T02:30` is skipped in America/Denver
    hint: write it with an offset
    -- exit 2
    ");
    insta::assert_snapshot!(run("calendar add 2026-03-02T16:00 2"), @"
    -- error output
    error: expected one whole number and one unit, found `2`
    hint: write a number and a unit, for example `4 business hours` or `24h`
    -- exit 2
    ");
    insta::assert_snapshot!(run("calendar open 2026-03-02T16:00 --calendar night"), @"
    -- error output
    error: expected one of the policy's calendars (`support`), found `night`
    -- exit 2
    ");
}

#[test]
fn policy_check() {
    insta::assert_snapshot!(run("policy check"), @"
    ok: `In8Sync support response policy`, version in8sync; severities defined: 5;
        calendars: `support`
        `support`: mon-fri 08:00-17:00, America/Denver; holidays: none
    time-zone data: 2026f
    -- error output
    -- exit 0
    ");
}

#[test]
fn rule_prints_pages() {
    insta::assert_snapshot!("rule_pages", run("rule r108 D514"));
    insta::assert_snapshot!("rule_markdown", run("rule R108 --format markdown"));
    insta::assert_snapshot!("rule_json", run("rule R108 --format json"));
}

#[test]
fn rule_lists_every_code() {
    insta::assert_snapshot!("rule_list", run("rule"));
}

#[test]
fn rule_knows_no_other_code() {
    insta::assert_snapshot!(run("rule R101 s20l"), @"
    -- error output
    error: expected a code as `R101`, found `s20l`
    hint: did you mean `S201`? `slaudit rule` lists all codes
    -- exit 2
    ");
    insta::assert_snapshot!(run("rule severity"), @"
    -- error output
    error: expected a code as `R101`, found `severity`
    hint: `slaudit rule` lists all codes
    -- exit 2
    ");
}

#[test]
fn version() {
    assert_eq!(
        run("--version"),
        format!("slaudit {}\n-- error output\n-- exit 0", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn generate_then_audit() {
    let folder = folder();
    insta::assert_snapshot!(run_in(&folder, "generate --cases 20 --months 1 --out made.csv"), @"
    20 cases, 157 events, 15394 bytes
    -- error output
    -- exit 0
    ");
    assert!(run_in(&folder, "audit made.csv --summary --threads 1").ends_with("-- exit 0"));
}

#[test]
fn profiles_that_ship_are_listed_and_shown_as_they_ship() {
    let folder = folder();
    let list = run_in(&folder, "profile list");
    for name in slaudit::ingest::Profile::names() {
        assert!(list.lines().any(|line| line.starts_with(&format!("{name} "))), "{list}");
        let shown = command(&folder, &format!("profile show {name}")).output().unwrap().stdout;
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/ingest/profiles/{name}.toml"));
        assert_eq!(shown, std::fs::read(path).unwrap(), "{name}");
        std::fs::write(folder.path().join("ours.toml"), shown).unwrap();
        assert!(slaudit::ingest::Profile::load(&folder.path().join("ours.toml")).is_ok(), "{name}");
    }
    let narrow = list.lines().all(|line| line.chars().count() <= 80);
    assert!(narrow && list.ends_with("-- exit 0"), "{list}");
    let near = run("profile show zendsk");
    assert!(near.contains("a similar value exists: 'zendesk'") && near.ends_with("-- exit 2"), "{near}");
}

#[test]
fn explain_with_one_word_only() {
    insta::assert_snapshot!(run("explain events.csv"), @"
    -- error output
    error: expected FILES and after them the id of one CASE, found only one of the two
    hint: as in `slaudit explain cases.csv C-1001`; ids are those of the export
    -- exit 2
    ");
    insta::assert_snapshot!(run("explain").lines().nth(1).unwrap().trim(), @"error: the following required arguments were not provided:");
}

#[test]
fn as_of_in_many_forms() {
    let at = |text: &str| {
        let folder = folder();
        let arguments = ["audit", "events.csv", "--summary", "--as-of", text];
        let output = Command::new(env!("CARGO_BIN_EXE_slaudit"))
            .args(arguments)
            .current_dir(folder.path())
            .output()
            .unwrap();
        shown(&output)
    };
    for text in [
        "2026-01-07T12:00",
        "2026-01-07 12:00",
        "2026-01-07 12:00:00",
        "2026-01-07T19:00Z",
        "2026-01-07 19:00Z",
        "2026-01-07T12:00-07:00",
        "2026-01-07 12:00 -07:00",
        "2026-01-07T19:00:00.000Z",
    ] {
        let said = at(text);
        assert!(said.starts_with("3 cases, 6 events, judged as of 2026-01-07T19:00:00Z\n"), "{text}: {said}");
    }
    insta::assert_snapshot!(at("2026-01-07"), @"
    -- error output
    error: --as-of: expected an instant, found the day `2026-01-07`
    hint: add a time, as `2026-01-07T17:00`; it is local time of America/Denver
    -- exit 2
    ");
    for wrong in ["2026-01-07 25:00", "2026-01-07T", "12:00", "2026-13-07", "2026-01-07T12:00+", "Z", " "] {
        let said = at(wrong);
        assert!(
            said.contains("error: --as-of: expected an instant") && said.ends_with("-- exit 2"),
            "{said}"
        );
    }
}

#[test]
fn a_period_or_an_instant_beside_the_data_is_told() {
    let warned = |arguments: &str| {
        let said = run(&format!("audit events.csv --summary --quiet {arguments}"));
        said.split_once("-- error output\n").unwrap().1.to_owned()
    };
    insta::assert_snapshot!(warned("--period 2031"), @"
    warning[F305]: no event is in the period 2031-01-01 to 2031-12-31
    hint: the data have events from 2026-01-05 to 2026-01-07, local dates of the policy's zone

    -- exit 0
    ");
    insta::assert_snapshot!(warned("--as-of 2025-12-31T00:00Z"), @"
    warning[F305]: no event is there at 2025-12-31T00:00:00Z, the instant given with `--as-of`
    hint: the data have events from 2026-01-05 to 2026-01-07, local dates of the policy's zone

    -- exit 0
    ");
    insta::assert_snapshot!(warned("--period 2025"), @"
    warning[F305]: no event is in the period 2025-01-01 to 2025-12-31
    hint: the data have events from 2026-01-05 to 2026-01-07, local dates of the policy's zone

    -- exit 0
    ");
    let told = warned("--as-of 2031-01-01T00:00Z");
    assert!(told.starts_with(
        "warning[F308]: the time-zone data is of release 2026f, more than a year before 2030-12-31"
    ));
    // The last event is on the 7th in the policy's zone, the first on the 5th.
    assert!(warned("--period 2026-01-08..2026-01-31").contains("F305"));
    for there in
        ["--period 2026-01", "--period 2026-01-07", "--period 2025..2026-01-05", "--as-of 2027-01-01T00:00Z"]
    {
        assert_eq!(warned(there), "-- exit 0", "{there}");
    }
    let sweep = "--policy built-in:in8sync-targets.toml --vary severity.1.update=1bh,2bh --summary";
    assert!(run(&format!("sweep events.csv {sweep} --period 2031")).contains("warning[F305]"));
}

#[test]
fn summaries_and_checks_fit_a_terminal() {
    let is_narrow = |said: &str| said.lines().all(|line| line.chars().count() <= 80);
    let folder = folder();
    let rows = "case_id,at,event,role,status,severity\n\
        A-1,2026-01-05T16:00:00Z,opened,customer,New,1\nA-1,2026-01-05T16:10:00Z,message,agent,Open,\n";
    std::fs::write(folder.path().join("one.csv"), rows).unwrap();
    let said = run_in(&folder, "audit one.csv --policy built-in:in8sync-targets.toml --summary");
    assert!(said.contains(" to 100.0%\n") && is_narrow(&said), "{said}");
    let said = run("policy check built-in:in8sync-targets.toml");
    assert!(said.starts_with("ok: `In8Sync support") && is_narrow(&said), "{said}");
}

#[test]
fn near_misses_are_guessed() {
    let hint = |arguments: &str| {
        let said = run(arguments);
        said.lines().find(|line| line.starts_with("hint:")).unwrap_or(&said).to_owned()
    };
    assert_eq!(hint("audit events.csv --profile zendsk"), "hint: did you mean `zendesk`?");
    let vary = |key: &str| {
        hint(&format!("sweep events.csv --policy built-in:in8sync-targets.toml --vary {key} --summary"))
    };
    assert_eq!(vary("severity.1.first_respnse=1bh"), "hint: did you mean `severity.1.first_response`?");
    assert_eq!(vary("priorty.tolerance=1bh"), "hint: did you mean `priority.tolerance`?");
    assert_eq!(vary("inactivity.resolvd.grace=1d"), "hint: did you mean `inactivity.resolved.grace`?");
    assert_eq!(vary("calendar.support.open=08:00"), "hint: did you mean `calendars.support.open`?");
    assert_eq!(vary("calendars.suport.open=08:00"), "hint: did you mean `support`?");
    assert_eq!(vary("severity.7.update=1bh"), "hint: its severities are `1`, `2`, `3`, `4`, `5`");
    let policy = |name: &str| hint(&format!("policy check {name}"));
    assert_eq!(policy("built-in:in8sync-target.toml"), "hint: did you mean `in8sync-targets.toml`?");
    assert_eq!(policy("built-in:x"), "hint: they are `in8sync.toml`, `in8sync-targets.toml`");
}
