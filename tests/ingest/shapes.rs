//! The shapes other than events and snapshots (SPEC 3.1), alone and joined.

use slaudit::ingest::{Ingested, Plan, Profile, Silent, read};

use super::build::{attribute, folder, shown};

fn ingest(profile: &str, files: &[(&str, &str)]) -> Ingested {
    let profile = Profile::parse(profile, "mine.toml").unwrap();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let (_folder, paths) = folder(&files);
    let plan = Plan { max_rejected: 1.0, ..Plan::new(paths, profile) };
    let made = read(&plan, &Silent).unwrap();
    for file in &made.ledger.files {
        assert_eq!(file.n_read, file.n_used + file.n_duplicate + file.n_rejected);
    }
    made
}

const CHANGES: &str = r#"
[statuses]
open = ["Working"]
closed = ["Closed"]
[[table]]
shape = "changes"
files = ["notes*"]
default_role = "agent"
columns = { case_id = "case", at = "at", field = "field", old = "old", new = "new", actor = "by" }
fields = { status = ["Status"], severity = "Priority", opened = "created" }
field_attributes = { product = ["Product"] }
severities = { High = 1, Medium = 2 }
actors = [{ role = "system", like = ["-System-"] }]
"#;

#[test]
fn the_value_before_the_first_change_holds_from_the_opening() {
    let notes = "case,at,field,old,new,by\n\
                 1,2026-01-05T09:00Z,created,,,Jane\n\
                 1,2026-01-05T09:05Z,Assigned To,,Ann,Ann\n\
                 1,2026-01-05T09:10Z,Status,New,Working,Ann\n\
                 1,2026-01-05T09:20Z,Priority,Medium,High,Ann\n\
                 1,2026-01-05T09:30Z,Product,pump,valve,Ann\n\
                 1,2026-01-05T10:00Z,Status,Working,Closed,-System-\n\
                 2,2026-01-05T10:00Z,Status,Open,Closed,Ann\n\
                 3,2026-01-05T10:00Z,Assigned To,,Ann,Ann\n";
    let made = ingest(CHANGES, &[("notes.csv", notes)]);
    assert_eq!(
        shown(&made.history),
        [
            "1 2026-01-05T09:00:00Z Opened Customer Jane New 2",
            "1 2026-01-05T09:10:00Z Update Agent Ann Working 0",
            "1 2026-01-05T09:20:00Z Update Agent Ann - 1",
            "1 2026-01-05T10:00:00Z Update System -System- Closed 0",
            "2 2026-01-05T10:00:00Z Update Agent Ann Closed 0",
        ]
    );
    assert_eq!(attribute(&made.history, "product"), [Some("pump".to_string()), None]);
    assert_eq!(made.ledger.n_used(), 8);
    let lines: Vec<_> = (0..5).map(|event| made.places.of(event).unwrap().line).collect();
    assert_eq!(lines, [2, 4, 5, 7, 8]);
}

#[test]
fn changes_of_one_minute_stand_in_the_order_of_their_values() {
    let notes = "case,at,field,old,new,by\n\
                 1,2026-01-05T10:00Z,Status,Working,Closed,Ann\n\
                 1,2026-01-05T10:00Z,Status,New,Working,Ann\n\
                 1,2026-01-05T09:00Z,Status,,New,Jane\n";
    let made = ingest(CHANGES, &[("notes.csv", notes)]);
    assert_eq!(
        shown(&made.history),
        [
            "1 2026-01-05T09:00:00Z Update Agent Jane New 0",
            "1 2026-01-05T10:00:00Z Update Agent Ann Working 0",
            "1 2026-01-05T10:00:00Z Update Agent Ann Closed 0",
        ]
    );
}

#[test]
fn a_change_equal_to_another_is_a_duplicate_and_a_bad_one_is_rejected_whole() {
    let notes = "case,at,field,old,new,by\n\
                 1,2026-01-05T09:00Z,Status,,New,Jane\n\
                 1,2026-01-05T09:00Z,Status,,New,Jane\n\
                 1,2026-01-05T09:30Z,Priority,Whatever,High,Ann\n\
                 1,soon,Assigned To,,Ann,Ann\n\
                 1,2026-01-05T09:40Z,Priority,High,,Ann\n";
    let made = ingest(CHANGES, &[("notes.csv", notes)]);
    let file = &made.ledger.files[0];
    assert_eq!((file.n_read, file.n_used, file.n_duplicate, file.n_rejected), (5, 2, 1, 2));
    assert_eq!(made.ledger.by_code().keys().copied().collect::<Vec<_>>(), ["D501", "D512"]);
}

const MESSAGES: &str = r#"
[[table]]
shape = "messages"
files = ["msg*"]
columns = { case_id = "case", at = "at", actor = "by", role = "incoming", internal = "internal" }
roles = { Ja = "customer", Nein = "agent" }
yes = ["Ja"]
no = ["Nein"]
"#;

const CASES: &str = r#"
[[table]]
shape = "cases"
files = ["cases*"]
default_role = "agent"
columns = { case_id = "case", at = "created", actor = "who", severity = "prio", status = "status", status_at = "updated" }
milestones = [
    { column = "replied", event = "message", role = "agent", actor = "agent" },
    { column = "closed", status = "Closed" },
]
"#;

#[test]
fn messages_are_public_unless_a_column_says_otherwise() {
    let file = "case,at,by,incoming,internal\n\
                1,2026-01-05T09:00Z,Jane,Ja,Nein\n\
                1,2026-01-05T09:10Z,Ann,Nein,Ja\n\
                1,2026-01-05T09:20Z,Ann,Nein,false\n\
                1,2026-01-05T09:30Z,Ann,Nein,perhaps\n";
    let made = ingest(MESSAGES, &[("msg.csv", file)]);
    assert_eq!(
        shown(&made.history),
        [
            "1 2026-01-05T09:00:00Z Message Customer Jane - 0",
            "1 2026-01-05T09:10:00Z Note Agent Ann - 0",
            "1 2026-01-05T09:20:00Z Message Agent Ann - 0",
        ]
    );
    assert_eq!(made.ledger.n_rejected(), 1);
}

#[test]
fn a_row_of_a_case_becomes_its_opening_and_its_milestones_and_counts_once() {
    let file = "case,created,who,agent,prio,replied,closed,status,updated,product\n\
                1,2026-01-05T09:00Z,Jane,Ann,2,2026-01-05T09:20Z,2026-01-06T09:00Z,Closed,2026-01-07T09:00Z,pump\n\
                2,2026-01-05T09:00Z,Bo,,3,,,Pending,2026-01-05T10:00Z,\n\
                3,2026-01-05T09:00Z,Bo,,3,,,New,,\n\
                1,2026-01-05T09:00Z,Jane,Ann,2,2026-01-05T09:20Z,2026-01-06T09:00Z,Closed,2026-01-07T09:00Z,pump\n\
                2,2026-01-05T09:00Z,Bo,,3,,,Open,2026-01-05T11:00Z,\n\
                4,2026-01-05T09:00Z,Bo,,3,,never,Open,2026-01-05T11:00Z,\n";
    let made = ingest(CASES, &[("cases.csv", file)]);
    assert_eq!(
        shown(&made.history),
        [
            "1 2026-01-05T09:00:00Z Opened Customer Jane - 2",
            "1 2026-01-05T09:20:00Z Message Agent Ann - 0",
            "1 2026-01-06T09:00:00Z Update Agent - Closed 0",
            "1 2026-01-07T09:00:00Z Update Agent - Closed 0",
            "2 2026-01-05T09:00:00Z Opened Customer Bo - 3",
            "2 2026-01-05T10:00:00Z Update Agent - Pending 0",
            "2 2026-01-05T11:00:00Z Update Agent - Open 0",
            "3 2026-01-05T09:00:00Z Opened Customer Bo - 3",
            "3 2026-01-05T09:00:00Z Update Agent - New 0",
        ]
    );
    let file = &made.ledger.files[0];
    assert_eq!((file.n_read, file.n_used, file.n_duplicate, file.n_rejected), (6, 4, 1, 1));
    assert_eq!(attribute(&made.history, "product")[0].as_deref(), Some("pump"));
}

#[test]
fn a_list_that_is_there_twice_sets_no_state_back() {
    let row = "1,2026-01-05T09:00Z,Jane,Ann,2,,2026-01-06T09:00Z,Archived,2026-01-06T09:00Z\n";
    let header = "case,created,who,agent,prio,replied,closed,status,updated\n";
    let once = ingest(CASES, &[("cases.csv", &format!("{header}{row}"))]);
    let twice = ingest(CASES, &[("cases.csv", &format!("{header}{row}{row}{row}"))]);
    assert_eq!(shown(&twice.history), shown(&once.history));
    assert_eq!((twice.ledger.n_used(), twice.ledger.n_duplicate()), (1, 2));
}

#[test]
fn a_list_that_comes_first_takes_neither_answer_nor_resolution_from_the_history() {
    let profile = format!("{CHANGES}{}{}", MESSAGES.trim_start(), CASES.trim_start());
    let cases = "case,created,who,agent,prio,replied,closed,status,updated\n\
                 1,2026-01-05T09:00Z,Jane,Ann,2,2026-01-05T09:20Z,,Working,2026-01-05T09:30Z\n";
    // Equal to what the list says, row by row.
    let messages = "case,at,by,incoming,internal\n1,2026-01-05T09:20Z,Ann,Nein,Nein\n";
    let notes = "case,at,field,old,new,by\n1,2026-01-05T09:30Z,Status,New,Working,\n";
    let files = [("cases.csv", cases), ("msg.csv", messages), ("notes.csv", notes)];
    let made = ingest(&profile, &files);
    let expected = [
        "1 2026-01-05T09:00:00Z Opened Customer Jane New 2",
        "1 2026-01-05T09:20:00Z Message Agent Ann - 0",
        "1 2026-01-05T09:30:00Z Update Agent - Working 0",
    ];
    assert_eq!(shown(&made.history), expected);
    assert_eq!(made.ledger.n_used(), 3);
    let [a, b, c] = files;
    assert_eq!(shown(&ingest(&profile, &[c, b, a]).history), expected);
}

#[test]
fn joined_tables_let_the_history_speak_and_put_messages_first() {
    let profile = format!("{CHANGES}{}{}", MESSAGES.trim_start(), CASES.trim_start());
    let notes = "case,at,field,old,new,by\n\
                 1,2026-01-05T09:20Z,Status,New,Working,Ann\n\
                 1,2026-01-05T09:30Z,Priority,High,Medium,Ann\n";
    let messages = "case,at,by,incoming,internal\n\
                    1,2026-01-05T09:20Z,Ann,Nein,Nein\n\
                    1,2026-01-05T09:00Z,Jane,Ja,Nein\n";
    let cases = "case,created,who,agent,prio,replied,closed,status,updated\n\
                 1,2026-01-05T09:00Z,Jane,Ann,2,2026-01-05T09:20Z,2026-01-06T09:00Z,Closed,2026-01-07T09:00Z\n\
                 2,2026-01-05T09:00Z,Bo,Ann,1,2026-01-05T09:20Z,2026-01-06T09:00Z,,\n";
    let made = ingest(&profile, &[("notes.csv", notes), ("msg.csv", messages), ("cases.csv", cases)]);
    assert_eq!(
        shown(&made.history),
        [
            "1 2026-01-05T09:00:00Z Opened Customer Jane New 1",
            "1 2026-01-05T09:20:00Z Message Agent Ann - 0",
            "1 2026-01-05T09:20:00Z Update Agent Ann Working 0",
            "1 2026-01-05T09:30:00Z Update Agent Ann - 2",
            "2 2026-01-05T09:00:00Z Opened Customer Bo - 1",
            "2 2026-01-05T09:20:00Z Message Agent Ann - 0",
            "2 2026-01-06T09:00:00Z Update Agent - Closed 0",
        ]
    );
    assert_eq!(made.ledger.n_used(), 6);
}

#[test]
fn the_first_snapshot_opens_a_case_also_where_another_table_has_earlier_rows() {
    let snapshots = "[[table]]\nshape = \"snapshots\"\nfiles = [\"snap*\"]\n\
                     columns = { case_id = \"case\", at = \"at\", status = \"status\", opened_at = \"opened\" }\n";
    let profile = format!("{}{snapshots}", MESSAGES.trim_start());
    let messages = "case,at,by,incoming,internal\n\
                    1,2026-01-05T08:00Z,Ann,Nein,Ja\n\
                    1,2026-01-05T09:20Z,Ann,Nein,Nein\n";
    let snapshots = "case,at,status,opened\n1,2026-01-05T09:30Z,New,2026-01-05T09:00Z\n";
    let made = ingest(&profile, &[("msg.csv", messages), ("snap.csv", snapshots)]);
    assert_eq!(
        shown(&made.history),
        [
            "1 2026-01-05T08:00:00Z Note Agent Ann - 0",
            "1 2026-01-05T09:00:00Z Opened Customer - New 0",
            "1 2026-01-05T09:20:00Z Message Agent Ann - 0",
        ]
    );
}

#[test]
fn activities_mean_what_the_profile_says_and_the_rest_is_told_of() {
    let profile = r#"
[[table]]
shape = "activities"
columns = { case_id = "id", at = "time", activity = "what", lifecycle = "step", actor = "who" }
lifecycles = ["complete"]
default_role = "agent"
[table.activities]
"Take in charge" = { status = "Open" }
"Reply" = { event = "message" }
"Customer writes" = { event = "message", role = "customer" }
"#;
    let file = "id,time,what,step,who\n\
                1,2026-01-05T09:00Z,Insert,complete,Jane\n\
                1,2026-01-05T09:05Z,take in charge,start,Ann\n\
                1,2026-01-05T09:10Z,take in charge,complete,Ann\n\
                1,2026-01-05T09:20Z,Reply,COMPLETE,Ann\n\
                1,2026-01-05T09:30Z,Customer writes,complete,Jane\n\
                1,2026-01-05T09:40Z,Insert,complete,Jane\n";
    let made = ingest(profile, &[("log.csv", file)]);
    assert_eq!(
        shown(&made.history),
        [
            "1 2026-01-05T09:00:00Z Opened Customer Jane - 0",
            "1 2026-01-05T09:10:00Z Update Agent Ann Open 0",
            "1 2026-01-05T09:20:00Z Message Agent Ann - 0",
            "1 2026-01-05T09:30:00Z Message Customer Jane - 0",
            "1 2026-01-05T09:40:00Z Update Agent Jane - 0",
        ]
    );
    let unlisted: Vec<_> = made.findings.iter().filter(|f| f.message.starts_with("activity")).collect();
    assert_eq!((unlisted.len(), unlisted[0].code, unlisted[0].n), (1, "D506", 2));
    assert_eq!(unlisted[0].place.unwrap().line, 2);
    assert_eq!(made.ledger.n_used(), 6);
}
