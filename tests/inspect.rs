//! `inspect`: what it finds in exports without a profile, what it leaves to a person, and that its profiles run.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use proptest::prelude::*;

#[path = "inspect/refused.rs"]
mod refused;
#[path = "inspect/tables.rs"]
mod tables;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn slaudit(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_slaudit")).current_dir(root()).args(arguments).output().unwrap()
}

fn said(arguments: &[&str]) -> String {
    let output = slaudit(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What inspect says of a file of this name with these bytes, its path left out, and the profile that it writes.
fn of_bytes(name: &str, bytes: &[u8]) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let (path, profile) = (folder.path().join(name), folder.path().join("own.toml"));
    fs::write(&path, bytes).unwrap();
    let (path, profile) = (path.to_str().unwrap(), profile.to_str().unwrap());
    let text = said(&["inspect", path, "--write-profile", profile]);
    (plain(&text), fs::read_to_string(profile).unwrap())
}

/// `text` on one line.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What inspect says of a file with this text.
fn of(text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("export.csv");
    fs::write(&path, text).unwrap();
    said(&["inspect", path.to_str().unwrap()]).replace(path.to_str().unwrap(), "export.csv")
}

/// The first line of a summary, `N cases, M events, …`, of `files` under `profile`.
fn counts(files: &[&str], profile: &str) -> (u64, u64) {
    let arguments: Vec<&str> = ["audit"]
        .into_iter()
        .chain(files.iter().copied())
        .chain(["--summary", "--profile", profile])
        .collect();
    let text = said(&arguments);
    let first = text.lines().next().unwrap().replace(',', "");
    let mut words = first.split(' ');
    let cases = words.next().unwrap().parse().unwrap();
    (cases, words.nth(1).unwrap().parse().unwrap())
}

/// For each sample without its profile: the profile that inspect writes runs, and gives as many cases and events as the
/// shipped one, where a guess can know as much.
#[test]
fn its_profiles_run_and_find_the_same_cases() {
    let folder = tempfile::tempdir().unwrap();
    for (file, shipped, has_same_events) in [
        ("data-samples/tiny/events.csv", "canonical", true),
        ("data-samples/servicenow/incidents.csv", "servicenow", true),
        ("data-samples/freshdesk/tickets.csv", "freshdesk", true),
        // The shipped profile knows which activities are messages and which count.
        ("data-samples/xes-csv/log.csv", "xes-csv", false),
    ] {
        let profile = folder.path().join(format!("{shipped}.toml"));
        let profile = profile.to_str().unwrap();
        said(&["inspect", file, "--write-profile", profile]);
        let (made, expected) = (counts(&[file], profile), counts(&[file], shipped));
        assert_eq!(made.0, expected.0, "{file}");
        assert!(!has_same_events || made.1 == expected.1, "{file}: {made:?} {expected:?}");
    }
}

#[test]
fn files_of_one_export_become_tables_that_join() {
    let folder = tempfile::tempdir().unwrap();
    let profile = folder.path().join("zendesk.toml");
    let profile = profile.to_str().unwrap();
    let files = ["ticket_comment", "ticket_field_history", "tickets"]
        .map(|name| format!("data-samples/zendesk/{name}.csv"));
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let text = said(&[&["inspect"], &files[..], &["--write-profile", profile]].concat());
    for (file, shape) in
        [("ticket_comment", "messages"), ("ticket_field_history", "changes"), ("tickets", "cases")]
    {
        let part = text.split(&format!("data-samples/zendesk/{file}.csv\n")).nth(1).unwrap();
        assert!(part.contains(&format!("\n  shape    {shape}\n")), "{file}: {part}");
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    assert!(words.join(" ").contains("1 cases in both, of 1 and 3"), "{text}");
    assert_eq!(counts(&files, profile).0, counts(&files, "zendesk").0);
}

#[test]
fn the_real_log_is_described() {
    insta::assert_snapshot!(said(&["inspect", "data-samples/servicenow/incidents.csv"]));
}

#[test]
fn an_export_that_no_profile_knows_is_described() {
    insta::assert_snapshot!(of("Ticket;When;Zustand;Priority;Who\n\
        A1;13.03.2026 09:00;Neu;P1;Cleo\n\
        A1;13.03.2026 10:30;Erledigt;P1;Ann\n\
        A1;13.03.2026 10:00;In Arbeit;P1;Ann\n\
        A2;14.03.2026 09:00;Neu;3 - Low;Dora\n\
        A2;14.03.2026 09:00;Neu;3 - Low;Dora\n"));
}

/// Counted by hand: of A the third row is earlier than its second, of B none; one row is there twice.
#[test]
fn rows_out_of_order_and_twice_are_counted() {
    let text = of("case_id,at,status\n\
        A,2026-03-02T09:00Z,New\nB,2026-03-01T09:00Z,New\nA,2026-03-04T09:00Z,Open\n\
        A,2026-03-03T09:00Z,Open\nB,2026-03-05T09:00Z,Open\nB,2026-03-05T09:00Z,Open\n");
    assert!(text.contains("6 rows; 1 equal to an earlier one"), "{text}");
    assert!(text.contains("1 rows earlier than the row before them of the same case"), "{text}");
}

#[test]
fn days_and_months_that_could_change_places_are_never_chosen() {
    let folder = tempfile::tempdir().unwrap();
    let export = folder.path().join("export.csv");
    let rows = "case_id,at,status\nA,03/04/2026 09:00,New\nA,05/04/2026 09:00,Closed\n";
    fs::write(&export, rows).unwrap();
    let profile = folder.path().join("own.toml");
    let (export, profile) = (export.to_str().unwrap(), profile.to_str().unwrap());
    let text = said(&["inspect", export, "--write-profile", profile]);
    assert!(text.contains("every cell fits `%d/%m/%Y %H:%M` and `%m/%d/%Y %H:%M`"), "{text}");
    let undecided = slaudit(&["audit", export, "--summary", "--profile", profile]);
    let error = String::from_utf8(undecided.stderr).unwrap();
    assert_eq!(undecided.status.code(), Some(3), "{error}");
    assert!(error.contains("it is not decided yet: write the form that holds"), "{error}");
    // The two lines below it are ready to be taken.
    let decided = fs::read_to_string(profile).unwrap();
    let decided: Vec<&str> = decided.lines().filter(|line| !line.contains("decide:")).collect();
    let decided = decided.join("\n").replace("# timestamps = [\"%m", "timestamps = [\"%m");
    fs::write(profile, decided).unwrap();
    assert_eq!(counts(&[export], profile), (1, 2));
    // One day above 12 settles it.
    assert!(of(&rows.replace("05/04", "05/14")).contains("times of `at`: `%m/%d/%Y %H:%M`"));
}

#[test]
fn words_that_nobody_knows_are_left_to_a_person() {
    let folder = tempfile::tempdir().unwrap();
    let export = folder.path().join("export.csv");
    fs::write(&export, "case_id,at,status\nA,2026-03-02T09:00Z,Neu\nA,2026-03-03T09:00Z,Closed\n").unwrap();
    let profile = folder.path().join("own.toml");
    said(&["inspect", export.to_str().unwrap(), "--write-profile", profile.to_str().unwrap()]);
    let text = fs::read_to_string(&profile).unwrap();
    assert!(text.contains("closed = [\"Closed\"]\n") && text.contains("#   \"Neu\"\n"), "{text}");
    let again = slaudit(&["inspect", export.to_str().unwrap(), "--write-profile", profile.to_str().unwrap()]);
    assert_eq!(again.status.code(), Some(5), "a file that is there is never written over");
    assert_eq!(fs::read_to_string(&profile).unwrap(), text);
}

#[test]
fn only_the_rows_that_were_asked_for_are_read_and_it_says_so() {
    let text = said(&["inspect", "data-samples/servicenow/incidents.csv", "--rows", "100"]);
    assert!(text.contains("100 rows (the first: there are more, see --rows)"), "{text}");
}

#[test]
fn lines_are_at_most_80_columns_wide() {
    for sample in ["netsuite/cases.csv", "jira/issues.csv", "salesforce/case.csv", "servicenow/incidents.csv"]
    {
        let text = said(&["inspect", &format!("data-samples/{sample}")]);
        let wide: Vec<&str> = text.lines().filter(|line| line.chars().count() > 80).collect();
        assert!(wide.is_empty(), "{wide:?}");
    }
}

#[test]
fn parquet_is_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let parquet = folder.path().join("events.parquet");
    said(&["generate", "--cases", "20", "--out", parquet.to_str().unwrap()]);
    let text = said(&["inspect", parquet.to_str().unwrap()]);
    assert!(text.contains("\n  Parquet; ") && text.contains("\n  shape    events\n"), "{text}");
    assert!(text.contains("times of `at`: `canonical`, with offsets"), "{text}");
}

#[test]
fn a_shipped_profile_that_reads_the_json_is_named() {
    let text = said(&["inspect", "data-samples/zendesk/json/ticket_audits.ndjson"]);
    assert!(text.contains("`--profile zendesk` reads it as it is: its table `audit_"), "{text}");
}

/// Objects in a list of an answer; the fields of an object in them have paths.
#[test]
fn the_members_of_json_objects_are_columns() {
    let folder = tempfile::tempdir().unwrap();
    let export = folder.path().join("tickets.json");
    let rows = r#"{"tickets": [
        {"ticket": {"id": 7, "state": "New"}, "at": "2026-03-02T09:00:00Z", "tags": ["a"]},
        {"ticket": {"id": 7, "state": "Closed"}, "at": "2026-03-03T09:00:00Z", "tags": []}], "count": 2}"#;
    fs::write(&export, rows).unwrap();
    let profile = folder.path().join("own.toml");
    let (export, profile) = (export.to_str().unwrap(), profile.to_str().unwrap());
    let text = said(&["inspect", export, "--write-profile", profile]);
    assert!(text.contains("its objects stand in a list called `tickets`"), "{text}");
    assert!(text.contains("\n  2 rows;") && text.contains("`tags` 1"), "{text}");
    // Nobody calls a column so: it is named by hand.
    let own = fs::read_to_string(profile).unwrap();
    let own = own.replace("# case_id = \"…\"", "case_id = \"ticket.id\"\nstatus = \"ticket.state\"");
    fs::write(profile, own).unwrap();
    assert_eq!(counts(&[export], profile), (1, 2));
}

/// What a milestone gives is a status as any other: it needs its category, whatever the words of the export are.
#[test]
fn statuses_of_milestones_have_their_categories() {
    let folder = tempfile::tempdir().unwrap();
    let (export, profile) = (folder.path().join("export.csv"), folder.path().join("own.toml"));
    fs::write(
        &export,
        "Ticket ID,Created At,Resolved At,Closed At,Prio,Status\n\
         1,2026-03-13 09:00,2026-03-14 10:00,2026-03-15 10:00,Urgent,Fertig\n\
         2,2026-03-13 09:30,2026-03-14 12:00,,Hoch,Neu\n",
    )
    .unwrap();
    let (export, profile) = (export.to_str().unwrap(), profile.to_str().unwrap());
    let told = said(&["inspect", export, "--write-profile", profile]);
    let text = fs::read_to_string(profile).unwrap();
    assert!(text.contains("resolved = [\"Resolved\"]\nclosed = [\"Closed\"]\n"), "{text}");
    // `Prio` is a severity; the word that nobody knows is there to be filled in, and is told of.
    assert!(text.contains("severity = \"Prio\"") && text.contains("# \"Hoch\" = …  # 1 rows\n"), "{text}");
    assert!(told.contains("- 1 rows of `") && told.contains("- 2 status words are not known"), "{told}");
    let filled = text.replace("# \"Hoch\" = …", "\"Hoch\" = 2").replace("# new = []", "new = [\"Neu\"]");
    fs::write(profile, filled.replace("[\"Closed\"]", "[\"Closed\", \"Fertig\"]")).unwrap();
    let summary = said(&["audit", export, "--summary", "--profile", profile]);
    assert!(!summary.contains("D506"), "{summary}");
}

/// An activity that is a status word gives that status: `[statuses]` has it.
#[test]
fn statuses_of_activities_have_their_categories() {
    let folder = tempfile::tempdir().unwrap();
    let (export, profile) = (folder.path().join("export.csv"), folder.path().join("own.toml"));
    fs::write(&export, "case id,activity,timestamp\n1,Start,2026-03-13T09:00Z\n1,Closed,2026-03-14T09:00Z\n")
        .unwrap();
    let (export, profile) = (export.to_str().unwrap(), profile.to_str().unwrap());
    said(&["inspect", export, "--write-profile", profile]);
    let text = fs::read_to_string(profile).unwrap();
    assert!(text.contains("closed = [\"Closed\"]\n"), "{text}");
    let summary = said(&["audit", export, "--summary", "--profile", profile]);
    assert!(!summary.contains("`Closed` has no category"), "{summary}");
}

#[test]
fn a_command_that_would_fail_is_not_offered_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let (export, profile) = (folder.path().join("export.csv"), folder.path().join("own.toml"));
    fs::write(&export, "foo,bar\n1,2026-03-13T09:00Z\n").unwrap();
    let (export, profile) = (export.to_str().unwrap(), profile.to_str().unwrap());
    let told = said(&["inspect", export, "--write-profile", profile]);
    let words: Vec<&str> = told.split_whitespace().collect();
    let words = words.join(" ");
    let missing = format!(
        "wrote {profile}, which cannot be used yet: - name the column of `{export}` that is `case_id`:"
    );
    assert!(words.contains(&missing) && words.contains("once that is done: slaudit audit"), "{told}");
    assert_eq!(slaudit(&["audit", export, "--summary", "--profile", profile]).status.code(), Some(3));
    let filled = fs::read_to_string(profile).unwrap().replace("# case_id = \"…\"", "case_id = \"foo\"");
    fs::write(profile, filled).unwrap();
    assert_eq!(counts(&[export], profile), (1, 1));
}

/// Two files of one name in two folders are two tables with names of their own.
#[test]
fn tables_of_files_with_one_name_have_two() {
    let folder = tempfile::tempdir().unwrap();
    let profile = folder.path().join("own.toml");
    let files = ["a", "b"].map(|part| {
        fs::create_dir(folder.path().join(part)).unwrap();
        let path = folder.path().join(part).join("export.csv");
        fs::write(&path, format!("case_id,at,status\n{part},2026-03-13T09:00Z,New\n")).unwrap();
        path.to_str().unwrap().to_owned()
    });
    let files = [files[0].as_str(), files[1].as_str()];
    said(&["inspect", files[0], files[1], "--write-profile", profile.to_str().unwrap()]);
    assert_eq!(counts(&files, profile.to_str().unwrap()).0, 2);
}

/// A profile for any header: what is written can be used, or it is told what is missing.
fn writes_a_valid_profile(bytes: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let path: &Path = &folder.path().join("any.csv");
    fs::write(path, bytes).unwrap();
    let Ok(found) = slaudit::inspect::inspect(&[path.to_owned()], 1_000) else { return };
    let _ = slaudit::inspect::text(&found);
    let profile = slaudit::inspect::profile(&found, "any");
    if let Err(error) = slaudit::ingest::Profile::parse(&profile, "any.toml") {
        let error = format!("{error:?}");
        assert!(!error.contains("F101") && !error.contains("F108"), "{error}\n{profile}");
        assert!(!slaudit::inspect::open(&found).needed.is_empty(), "{error}\n{profile}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic_and_give_toml(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        writes_a_valid_profile(&bytes);
    }

    #[test]
    fn arbitrary_tables_never_panic_and_give_toml(rows in proptest::collection::vec("[a-c\"\\\\,;|\t0-9/: é#']{0,30}", 1..12)) {
        writes_a_valid_profile(format!("case_id,at,status,\"x\"\"y\"\n{}", rows.join("\n")).as_bytes());
    }
}

/// Each sample's files are read by the profile that it is a sample of, and by no other: rows were read with it.
#[test]
fn each_sample_is_given_to_its_own_profile() {
    for (files, profile) in [
        (&["tiny/events.csv"][..], "canonical"),
        (&["servicenow/incidents.csv"], "servicenow"),
        (&["servicenow/list/incident.csv", "servicenow/list/sys_audit.csv"], "servicenow"),
        (
            &["zendesk/tickets.csv", "zendesk/ticket_comment.csv", "zendesk/ticket_field_history.csv"],
            "zendesk",
        ),
        (&["zendesk/json/ticket_audits.ndjson", "zendesk/json/ticket_metric_events.ndjson"], "zendesk"),
        (&["jira/issues.csv", "jira/comments.csv", "jira/changelog.csv"], "jira"),
        (&["jira/json/issues.json"], "jira"),
        (
            &["salesforce/case.csv", "salesforce/case_history.csv", "salesforce/email_message.csv"],
            "salesforce",
        ),
        (&["freshdesk/tickets.csv"], "freshdesk"),
        (&["freshdesk/json/ticket_activities.json"], "freshdesk"),
        (&["netsuite/cases.csv", "netsuite/system_notes.csv", "netsuite/case_messages.csv"], "netsuite"),
        (&["xes-csv/log.csv"], "xes-csv"),
    ] {
        let files: Vec<String> = files.iter().map(|file| format!("data-samples/{file}")).collect();
        let mut arguments = vec!["inspect"];
        arguments.extend(files.iter().map(String::as_str));
        let text = plain(&said(&arguments));
        let promise = format!("`--profile {profile}` reads it as it is");
        assert_eq!(text.matches(&promise).count(), files.len(), "{files:?}: {text}");
        assert_eq!(text.matches("reads it as it is").count(), files.len(), "{files:?}: {text}");
        assert!(text.contains(&format!("read with `--profile {profile}`")), "{files:?}: {text}");
    }
}

/// The bytes of a text as Excel writes it.
fn utf16(text: &str) -> Vec<u8> {
    let units = ["\u{FEFF}", text].concat();
    units.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn text_is_decoded_and_split_as_the_audit_does() {
    let rows = "case_id,at,status,severity\nA,2026-03-02T09:00Z,New,2\nA,2026-03-02T10:00Z,Closed,2\n";
    let tabs = utf16(&rows.replace(',', "\t"));
    for (bytes, delimiter) in [
        (["\u{FEFF}", rows].concat().into_bytes(), ","),
        (tabs, "\\t"),
        (["sep=;\n", &rows.replace(',', ";")].concat().into_bytes(), ";"),
        (["Report of March\nall cases\n", rows].concat().into_bytes(), ","),
        (rows.replace('\n', "\r").into_bytes(), ","),
    ] {
        let (text, _) = of_bytes("export.csv", &bytes);
        let told = format!("told apart by `{delimiter}`; 4 columns");
        assert!(text.contains(&told) && text.contains(" 2 rows; 0 equal"), "{text}");
        assert!(text.contains("`--profile canonical` reads it as it is"), "{text}");
        assert!(text.contains("2 rows: 2 used, 0 equal to an earlier one, 0 rejected; 1 cases"), "{text}");
    }
}

#[test]
fn a_profile_that_cannot_read_the_rows_is_not_recommended() {
    // Times in seconds since 1970: the canonical profile has the columns and rejects every row.
    let rows = "case_id,at,event,role,status,severity\nA,1772442000,opened,customer,New,1\n\
        A,1772445600,message,agent,Closed,\n";
    let (text, profile) = of_bytes("export.csv", rows.as_bytes());
    assert!(text.contains("the shipped profile `canonical` has columns of it, but cannot read it"), "{text}");
    assert!(text.contains("2 of 2 rows rejected") && !text.contains("reads it as it is"), "{text}");
    assert!(profile.contains("at = \"at\"") && profile.contains("timestamps = [\"%s\"]"), "{profile}");
    assert!(text.contains("read with the profile that `--write-profile` writes 2 rows: 2 used"), "{text}");
    // No status, no message: nothing would ever stop a clock.
    let (text, _) = of_bytes(
        "incidents.csv",
        b"number,condition,sys_updated_at,priority\n\
        I1,zu,2026-03-02 08:00:00,2 - High\nI1,auf,2026-03-02 09:00:00,2 - High\n",
    );
    assert!(!text.contains("reads it as it is") && text.contains("what shows how a case goes on?"), "{text}");
    // None of its status words is the profile's.
    let (text, profile) =
        of_bytes("export.csv", b"case_id,at,status\nA,2026-03-02T08:00Z,Neu\nA,2026-03-02T09:00Z,Zu\n");
    assert!(text.contains("it knows none of the 2 status words in it"), "{text}");
    assert!(profile.contains("what does each word of `status` mean?"), "{profile}");
}

/// What a cell says in place of nothing is no severity, and the profile that is written knows it.
#[test]
fn words_for_nothing_are_no_words_of_the_column() {
    let folder = tempfile::tempdir().unwrap();
    let (export, profile) = (folder.path().join("export.csv"), folder.path().join("own.toml"));
    let rows = "case_id,at,event,role,status,severity\nA,2026-03-02T09:00Z,opened,customer,New,1\n\
        A,2026-03-02T09:10Z,message,agent,Pending,None\nA,2026-03-02T09:20Z,message,agent,NULL,NaN\n\
        A,2026-03-02T09:30Z,note,agent,#N/A,<NA>\n";
    fs::write(&export, rows).unwrap();
    let (export, profile) = (export.to_str().unwrap(), profile.to_str().unwrap());
    said(&["inspect", export, "--write-profile", profile]);
    let text = fs::read_to_string(profile).unwrap();
    assert!(text.contains("missing = [\"#N/A\", \"<NA>\", \"NULL\", \"NaN\", \"None\"]"), "{text}");
    assert_eq!(counts(&[export], profile), (1, 4));
}

/// A question keeps the profile from being used, and says with its line how it is answered.
#[test]
fn what_nobody_can_know_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let (export, profile) = (folder.path().join("export.csv"), folder.path().join("own.toml"));
    let rows = "ticket,updated at,status,priority\n7,2026-03-02 09:00,New,1\n7,2026-03-02 10:00,Closed,4\n\
        8,2026-03-02 09:30,New,4\n";
    fs::write(&export, rows).unwrap();
    let (export, profile) = (export.to_str().unwrap(), profile.to_str().unwrap());
    let told = plain(&said(&["inspect", export, "--write-profile", profile]));
    assert!(
        told.contains("not certain; `--write-profile` asks it in the profile: - is 1 the most severe"),
        "{told}"
    );
    assert!(
        told.contains("which cannot be used yet: - is 1 the most severe priority of `priority`"),
        "{told}"
    );
    let text = fs::read_to_string(profile).unwrap();
    let line = text.lines().position(|line| line.contains("is 1 the most severe")).unwrap() + 1;
    let refused = slaudit(&["audit", export, "--summary", "--profile", profile]);
    let error = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(3), "{error}");
    assert!(error.contains("error[F111]: not answered yet: is 1 the most severe priority"), "{error}");
    assert!(
        error.contains(&format!("own.toml:{line}:")) && error.contains("then delete its line"),
        "{error}"
    );
    // Answered: 4 is the most severe, as the comment beside it has ready.
    let answered: Vec<&str> = text.lines().filter(|line| !line.contains("is 1 the most")).collect();
    let answered =
        answered.join("\n").replace("# \"1\" = 4", "\"1\" = 4").replace("# \"4\" = 1", "\"4\" = 1");
    fs::write(profile, answered).unwrap();
    assert_eq!(counts(&[export], profile), (2, 3));
}

#[test]
fn numbers_are_no_words_and_levels_may_go_either_way() {
    let (text, profile) = of_bytes(
        "tickets.json",
        br#"[{"id": 1, "status": 4, "priority": 2, "created_at": "2026-03-02T09:00:00Z"},
            {"id": 2, "status": 5, "priority": 1, "created_at": "2026-03-02T10:00:00Z"}]"#,
    );
    assert!(text.contains("1 4 not known") && text.contains("1 5 not known"), "{text}");
    assert!(text.contains("1 1 not certain") && text.contains("is 1 the most severe priority"), "{text}");
    assert!(profile.contains("what does each word of `status` mean?"), "{profile}");
    // The numbers go up, and the words beside them too: one of them is turned.
    let rows = "case_id,at,status,priority\nA,2026-03-02T09:00Z,New,1 - Low\nB,2026-03-02T09:00Z,New,3 - High\n\
        C,2026-03-02T09:30Z,New,4 - Urgent\n";
    assert!(
        of_bytes("export.csv", rows.as_bytes())
            .0
            .contains("the numbers and the words of `priority` go opposite ways")
    );
    let usual = rows.replace("1 - Low", "1 - Urgent").replace("4 - Urgent", "4 - Low");
    assert!(!of_bytes("export.csv", usual.as_bytes()).0.contains("opposite ways"));
}

#[test]
fn stamps_of_loaders_and_ids_of_rows_are_taken_for_nothing_of_the_case() {
    for stamp in [
        "_fivetran_synced",
        "_airbyte_extracted_at",
        "_sdc_batched_at",
        "etl_loaded",
        "loaded_at",
        "dw_created",
    ] {
        let rows = format!(
            "{stamp},id,issue_type,submitted,resolved on\n2026-05-01 00:00:01,1,a,2026-03-02 09:00,2026-03-03 09:00\n\
             2026-05-01 00:00:01,2,b,2026-03-02 10:00,\n2026-05-01 00:00:01,3,b,2026-03-04 10:00,\n"
        );
        let (text, profile) = of_bytes("export.csv", rows.as_bytes());
        assert!(text.contains(&format!("`{stamp}` says when the row was copied")), "{text}");
        assert!(
            profile.contains("\nat = \"submitted\"\n") && !profile.contains(&format!("= \"{stamp}\"")),
            "{profile}"
        );
    }
    // Only a name that says so opens a case of a list.
    let (text, _) = of_bytes("export.csv", b"ticket id,born\n1,2001-03-02\n2,1999-04-01\n");
    assert!(text.contains("at: no column found, and it is needed"), "{text}");
    let (text, _) = of_bytes(
        "comments.csv",
        b"id,ticketid,created,private\n91,1,2026-03-02 09:00,0\n92,1,2026-03-02 10:00,1\n93,2,2026-03-02 10:30,0\n",
    );
    assert!(text.contains("case_id ticketid") && text.contains("2 different in 3 rows"), "{text}");
}

#[test]
fn what_would_make_every_case_wrong_is_told() {
    let days = "ticket id,created,status\n1,2026-03-02,New\n2,2026-03-03,New\n3,2026-03-05,Closed\n";
    let (text, profile) = of_bytes("export.csv", days.as_bytes());
    assert!(text.contains("every time of `created` is midnight"), "{text}");
    assert_eq!(profile.matches("midnight").count(), 1, "{profile}");
    let one = days.replace("2026-03-03", "2026-03-02").replace("2026-03-05", "2026-03-02");
    assert!(of_bytes("export.csv", one.as_bytes()).1.contains("every row of `created` has one instant"));
    let reopened = "case_id,at,status\nA,2026-03-02T08:00Z,Solved\nA,2026-03-02T09:00Z,Open\n\
        B,2026-03-02T08:01Z,Solved\nB,2026-03-02T09:00Z,Open\nC,2026-03-02T08:02Z,Solved\nC,2026-03-02T09:00Z,Open\n";
    let (text, profile) = of_bytes("export.csv", reopened.as_bytes());
    assert!(text.contains("look at this first: all 3 cases are reopened"), "{text}");
    assert!(profile.contains("all 3 cases are reopened"), "{profile}");
}

#[test]
fn lists_with_times_that_nobody_reads_are_told() {
    let (text, profile) = of_bytes(
        "tickets.json",
        br#"[{"ticket": "A1", "state": "New", "created": "2026-03-02T09:00:00Z",
              "log": [{"by": "ann", "done_at": "2026-03-02T10:00:00Z"}, {"by": "bob", "done_at": "2026-03-02T11:00:00Z"}]},
             {"ticket": "A2", "state": "Closed", "created": "2026-03-02T09:10:00Z", "log": [], "tags": ["a"]}]"#,
    );
    assert!(text.contains("what is in the lists of `log`? their objects have times (`done_at`)"), "{text}");
    assert!(profile.contains("rows = \\\"log[]\\\""), "{profile}");
    let sample = said(&["inspect", "data-samples/zendesk/json/ticket_audits.ndjson"]);
    assert!(!plain(&sample).contains("no table of it reads the lists of `events`"), "{sample}");
}

#[test]
fn a_delimiter_behind_every_row_makes_no_title_of_the_header() {
    let rows = b"case_id,at,event\nA,2026-01-05T16:00:00Z,opened,\nB,2026-01-06T16:00:00Z,opened,\n";
    let (text, _) = of_bytes("rows.csv", rows);
    assert!(text.contains("; 3 columns 2 rows; 0 equal") && text.contains("2 rows: 2 used"), "{text}");
}

#[test]
fn of_several_sheets_the_one_with_the_most_columns_is_looked_at() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let pivot = book.add_worksheet().set_name("Graphs").unwrap();
    for (row, (label, n)) in [("Row Labels", "Count"), ("High", "2"), ("Low", "1")].into_iter().enumerate() {
        pivot.write_string(row as u32, 0, label).unwrap();
        pivot.write_string(row as u32, 1, n).unwrap();
    }
    let cases = book.add_worksheet().set_name("Cases").unwrap();
    let rows = [
        ["case_id", "at", "event", "status"],
        ["7", "2026-03-02T09:00Z", "opened", "New"],
        ["7", "2026-03-02T09:30Z", "message", "Closed"],
        ["8", "2026-03-02T10:00Z", "opened", "New"],
    ];
    for (row, cells) in rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            cases.write_string(row as u32, column as u16, *cell).unwrap();
        }
    }
    let (text, _) = of_bytes("book.xlsx", &book.save_to_buffer().unwrap());
    assert!(text.contains("Excel workbook, sheet `Cases`; 4 columns 3 rows"), "{text}");
    assert!(text.contains("`--profile canonical` reads it as it is"), "{text}");
}
