//! Who is who in an export, who opened a case, and what is one act (SPEC 3.5), under profiles of the tests' own.

use slaudit::ingest::{Ingested, Plan, Profile, Reading, Silent, read, read_in_parts};

use super::build::{folder, shown};

fn plan(profile: &str, files: &[(&str, &str)]) -> (tempfile::TempDir, Plan) {
    let profile = Profile::parse(profile, "mine.toml").unwrap();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let (folder, paths) = folder(&files);
    (folder, Plan { max_rejected: 1.0, ..Plan::new(paths, profile) })
}

fn ingest(profile: &str, files: &[(&str, &str)]) -> Ingested {
    let (_folder, plan) = plan(profile, files);
    let made = read(&plan, &Silent).unwrap();
    for file in &made.ledger.files {
        assert_eq!(file.n_read, file.n_used + file.n_duplicate + file.n_rejected);
    }
    made
}

/// Events as kind, role, actor and status, of the one case or with its id.
fn told(made: &Ingested) -> Vec<String> {
    let without_time = |line: String| {
        let mut parts: Vec<&str> = line.split(' ').collect();
        parts.remove(1);
        parts.pop();
        parts.join(" ")
    };
    shown(&made.history).into_iter().map(without_time).collect()
}

fn has(made: &Ingested, sentence: &str) -> bool {
    made.assumptions.iter().any(|line| line.contains(sentence))
}

/// A list, a history and messages of one desk, whose people a table tells.
const DESK: &str = r#"
[statuses]
new = ["New"]
open = ["Open"]
waiting_customer = ["Pending"]
resolved = ["Solved"]
closed = ["Closed"]
[[table]]
shape = "people"
files = ["people*"]
columns = { actor = "id", role = "kind", name = "called", team = "team" }
roles = { end-user = "customer", staff = "agent", bot = "system" }
[[table]]
shape = "changes"
files = ["history*"]
default_role = "agent"
opener_is_customer = true
other_roles = "unknown"
columns = { case_id = "case", at = "at", field = "field", old = "old", new = "new", actor = "by" }
fields = { status = "status", severity = "priority", requester = "requester", merged = "tags" }
merged = ["was_merged"]
actors = [{ role = "system", like = ["0"], always = true }, { role = "agent", like = ["9*"] }]
[[table]]
shape = "messages"
files = ["messages*"]
default_role = "agent"
opener_is_customer = true
columns = { case_id = "case", at = "at", actor = "by", public = "public", role = "said" }
actors = [{ role = "system", like = ["0"], always = true }]
[[table]]
shape = "cases"
files = ["list*"]
default_role = "agent"
opener_is_customer = true
columns = { case_id = "case", at = "created", requester = "asks", requester_name = "asks_name", opened_by = "submitter", status = "status", status_at = "updated", merged = "tags" }
merged = ["was_merged"]
"#;

const LIST: &str = "case,created,asks,asks_name,submitter,status,updated,tags\n";
const HISTORY: &str = "case,at,field,old,new,by\n";
const MESSAGES: &str = "case,at,by,public,said\n";
const PEOPLE: &str = "id,kind,called,team\n";

fn desk(files: &[(&str, &str, &str)]) -> Ingested {
    let whole: Vec<(&str, String)> =
        files.iter().map(|(name, head, rows)| (*name, format!("{head}{rows}"))).collect();
    let borrowed: Vec<(&str, &str)> = whole.iter().map(|(name, text)| (*name, text.as_str())).collect();
    ingest(DESK, &borrowed)
}

#[test]
fn a_role_is_what_the_first_of_its_witnesses_says() {
    let made = desk(&[
        (
            "people.csv",
            PEOPLE,
            "501,end-user,Colleague,\n900,staff,Ann,desk\n902,end-user,Cy,\n0,staff,Robot,\n",
        ),
        ("list.csv", LIST, "1,2026-01-05T09:00:00Z,500,,500,,,\n"),
        (
            "messages.csv",
            MESSAGES,
            // Copied in; by the bot that is among the people as staff; with a word of its own against the people;
            // the requester with a word of their own; nobody's.
            "1,2026-01-05T09:10:00Z,501,yes,\n1,2026-01-05T09:20:00Z,0,yes,agent\n\
             1,2026-01-05T09:30:00Z,501,yes,agent\n1,2026-01-05T09:40:00Z,500,yes,agent\n\
             1,2026-01-05T09:50:00Z,700,yes,\n",
        ),
        // The people go before a pattern, a pattern before the default.
        (
            "history.csv",
            HISTORY,
            "1,2026-01-05T10:00:00Z,status,New,Open,902\n1,2026-01-05T10:10:00Z,status,Open,Solved,91\n",
        ),
    ]);
    assert_eq!(
        told(&made),
        [
            "1 Opened Customer 500 New",
            "1 Message Customer 501 -",
            "1 Message System 0 -",
            "1 Message Agent 501 -",
            "1 Message Customer 500 -",
            "1 Message Agent 700 -",
            "1 Update Customer 902 Open",
            "1 Update Agent 91 Solved",
        ]
    );
    assert!(has(&made, "1 of 8 events have the role that the profile gives"), "{:?}", made.assumptions);
}

#[test]
fn a_name_tells_as_the_actor_does_and_two_rows_of_one_actor_the_first() {
    let made = desk(&[
        ("people.csv", PEOPLE, "501,end-user,Colleague,\n501,staff,,\n,staff,,\n77,,Nobody,\n"),
        ("list.csv", LIST, "1,2026-01-05T09:00:00Z,500,,500,,,\n"),
        (
            "messages.csv",
            MESSAGES,
            "1,2026-01-05T09:10:00Z,Colleague,yes,\n1,2026-01-05T09:20:00Z,501,yes,\n",
        ),
    ]);
    assert_eq!(told(&made)[1..], ["1 Message Customer Colleague -", "1 Message Customer 501 -"]);
    assert!(has(&made, "1 row of people is of another role"), "{:?}", made.assumptions);
    let (_folder, wrong) =
        plan(DESK, &[("people.csv", "id,kind,called,team\n5,chief,,\n"), ("list.csv", LIST)]);
    let refused = read(&wrong, &Silent).unwrap().accept().unwrap_err().to_string();
    assert!(refused.contains("D513") && refused.contains("found `chief`"), "{refused}");
}

#[test]
fn who_asks_is_who_asked_at_the_instant() {
    // Forwarded by an agent, whose case it is until the requester is set; the old value holds back to the opening.
    let made = desk(&[
        ("list.csv", LIST, "1,2026-01-05T09:00:00Z,500,,,,,\n"),
        (
            "history.csv",
            HISTORY,
            "1,2026-01-05T09:01:00Z,requester,900,500,900\n1,2026-01-05T12:00:00Z,status,New,Solved,900\n",
        ),
        (
            "messages.csv",
            MESSAGES,
            "1,2026-01-05T09:00:00Z,900,yes,\n1,2026-01-05T09:00:30Z,900,yes,\n1,2026-01-05T09:01:00Z,900,yes,\n\
             1,2026-01-05T09:30:00Z,500,yes,\n",
        ),
    ]);
    assert_eq!(
        told(&made),
        [
            "1 Opened Customer 900 New",
            "1 Message Customer 900 -",
            "1 Message Agent 900 -",
            "1 Message Customer 500 -",
            "1 Update Agent 900 Solved",
        ]
    );
}

#[test]
fn an_agent_who_opens_for_a_customer_opens_as_agent() {
    let list = "1,2026-01-05T09:00:00Z,500,,900,,,\n2,2026-01-05T09:00:00Z,500,,,,,\n\
                3,2026-01-05T09:00:00Z,500,,,,,\n4,2026-01-05T09:00:00Z,500,Jane Roe,Jane Roe,,,\n\
                5,2026-01-05T09:00:00Z,500,Jane Roe,Dana Agent,,,\n";
    // 1: the list says so. 2: the first comment does. 3: a rule's change is nobody's opening.
    let messages = "1,2026-01-05T09:00:00Z,900,yes,\n2,2026-01-05T09:00:00Z,900,yes,\n3,2026-01-05T09:00:00Z,0,yes,\n\
                    2,2026-01-05T10:00:00Z,900,yes,\n";
    let history = "3,2026-01-05T09:00:00Z,status,,New,500\n";
    let made = desk(&[
        ("list.csv", LIST, list),
        ("messages.csv", MESSAGES, messages),
        ("history.csv", HISTORY, history),
    ]);
    assert_eq!(
        told(&made),
        [
            "1 Opened Agent 900 -",
            "2 Opened Agent 900 -",
            "2 Message Agent 900 -",
            "3 Opened Customer 500 -",
            "3 Message System 0 -",
            "3 Update Customer 500 New",
            "4 Opened Customer 500 -",
            "5 Opened Agent Dana Agent -",
        ]
    );
}

#[test]
fn where_nobody_is_named_whoever_opened_asks() {
    let messages = "1,2026-01-05T09:00:00Z,500,yes,\n1,2026-01-05T09:10:00Z,900,yes,\n\
                    2,2026-01-05T09:00:00Z,0,yes,\n3,2026-01-05T09:00:00Z,901,yes,\n";
    let history = "1,2026-01-05T09:20:00Z,status,New,Solved,500\n2,2026-01-05T10:00:00Z,status,,Solved,0\n\
                   3,2026-01-05T10:00:00Z,status,,Solved,901\n";
    let people = "901,staff,,\n";
    let made = desk(&[
        ("messages.csv", MESSAGES, messages),
        ("history.csv", HISTORY, history),
        ("people.csv", PEOPLE, people),
    ]);
    assert_eq!(
        told(&made),
        [
            "1 Message Customer 500 New",
            "1 Message Agent 900 -",
            "1 Update Customer 500 Solved",
            // An automation, and somebody who is known to be an agent, ask for nothing.
            "2 Message System 0 -",
            "2 Update System 0 Solved",
            "3 Message Agent 901 -",
            "3 Update Agent 901 Solved",
        ]
    );
}

#[test]
fn the_second_of_the_history_goes_before_the_minute_of_the_list() {
    let list = "1,2026-01-05 15:00,500,,,,,\n2,2026-01-05 15:01,500,,,,,\n3,2026-01-05 15:00,500,,,,,\n\
                4,2026-01-05 15:00:07,500,,,,,\n";
    let history = "1,2026-01-05T15:00:40Z,status,,New,500\n2,2026-01-05T15:00:40Z,status,,New,500\n\
                   3,2026-01-05T15:00:40Z,status,New,Open,900\n4,2026-01-05T15:00:40Z,status,,New,500\n";
    let made = desk(&[("list.csv", LIST, list), ("history.csv", HISTORY, history)]);
    let opened: Vec<String> =
        shown(&made.history).into_iter().filter(|line| line.contains("Opened")).collect();
    assert_eq!(
        opened,
        [
            "1 2026-01-05T15:00:40Z Opened Customer 500 - 0",
            "2 2026-01-05T15:00:40Z Opened Customer 500 - 0",
            // A change that is not the opening, and a list that has seconds.
            "3 2026-01-05T15:00:00Z Opened Customer 500 New 0",
            "4 2026-01-05T15:00:07Z Opened Customer 500 - 0",
        ]
    );
}

#[test]
fn a_merged_case_is_void_from_then_on() {
    let list = "1,2026-01-05T09:00:00Z,500,,,,,\n2,2026-01-05T09:00:00Z,500,,,Closed,2026-01-05T11:00:00Z,vip was_merged\n\
                3,2026-01-05T09:00:00Z,500,,,Closed,2026-01-05T11:00:00Z,not_was_merged\n";
    let history = "1,2026-01-05T10:00:00Z,status,New,Closed,900\n\
                   1,2026-01-05T10:00:00Z,tags,vip,\"[\"\"vip\"\",\"\"was_merged\"\"]\",900\n\
                   1,2026-01-09T10:00:00Z,status,Closed,Solved,0\n";
    let made = desk(&[("list.csv", LIST, list), ("history.csv", HISTORY, history)]);
    assert_eq!(
        told(&made),
        [
            "1 Opened Customer 500 New",
            "1 Update Agent 900 Merged",
            "2 Opened Customer 500 -",
            "2 Update Agent - Merged",
            "3 Opened Customer 500 -",
            "3 Update Agent - Closed",
        ]
    );
    let void = made.history.statuses.iter().position(|word| word == "Merged").unwrap();
    assert_eq!(made.history.categories[void], slaudit::history::Category::Void);
}

const EVENTS: &str = r#"
one_act = "1 minute"
default_severity = 3
[statuses]
resolved = ["Solved"]
[[table]]
shape = "events"
files = ["rows*"]
default_role = "agent"
first_role = "customer"
columns = { case_id = "case", at = "at", event = "event", actor = "by", status = "status", severity = "severity", opened_by = "how" }
openers = { Outbound = "agent" }
[[table]]
shape = "people"
columns = { actor = "id", role = "kind" }
"#;

/// In parts and whole an input gives the same assumptions, and a reply that follows the resolution goes before it.
#[test]
fn what_was_assumed_is_counted_in_parts_as_in_the_whole() {
    let rows = "case,at,event,by,status,severity,how\n\
                1,2026-01-05T09:00:00Z,opened,Jane,,,Mail\n\
                1,2026-01-05T09:00:01Z,message,Ann,,,\n\
                1,2026-01-05T10:00:00Z,update,Ann,Solved,,\n\
                1,2026-01-05T10:01:00Z,message,Ann,,,\n\
                2,2026-01-05T09:00:00Z,opened,Bo,,2,Outbound\n\
                2,2026-01-05T09:00:01Z,message,Ann,,,\n";
    let (_folder, plan) = plan(EVENTS, &[("rows.csv", rows), ("who.csv", "id,kind\nJane,customer\n")]);
    let made = read(&plan, &Silent).unwrap();
    assert_eq!(
        shown(&made.history),
        [
            "1 2026-01-05T09:00:00Z Opened Customer Jane - 3",
            "1 2026-01-05T09:00:01Z Message Agent Ann - 0",
            "1 2026-01-05T10:00:00Z Message Agent Ann - 0",
            "1 2026-01-05T10:00:00Z Update Agent Ann Solved 0",
            "2 2026-01-05T09:00:00Z Opened Agent - - 2",
            "2 2026-01-05T09:00:01Z Message Agent Ann - 0",
        ]
    );
    for sentence in [
        "4 of 6 events have the role",
        "1 public message by agents within a second",
        "1 message is taken to be part of the resolution",
        "1 case gives never a severity: read as 3",
    ] {
        assert!(has(&made, sentence), "{sentence}: {:?}", made.assumptions);
    }
    let plan = Plan { attributes: slaudit::ingest::Attributes::None, ..plan };
    let Reading::Parts(parted) = read_in_parts(&plan, &Silent).unwrap() else { panic!("whole") };
    let n_events =
        parted.fold(|| 0, |n, history, _| *n += history.events.len()).unwrap().iter().sum::<usize>();
    assert_eq!((n_events, parted.settle().assumptions), (6, made.assumptions));
}

#[test]
fn keys_that_contradict_each_other_are_told_of() {
    let wrong = r#"
one_act = "60"
default_severity = 12
[statuses]
closed = ["Merged"]
[[table]]
shape = "cases"
first_role = "agent"
opener_is_customer = true
openers = { Mail = "nobody", Out = "agent" }
columns = { case_id = "a", at = "b", merged = "c", requester_name = "d" }
[[table]]
shape = "changes"
merged = "was_merged"
columns = { case_id = "a", at = "b", field = "f", new = "n" }
fields = { status = "s" }
actors = [{ role = "agent", like = "bot" }, { role = "system", like = "bot", always = true }]
[[table]]
shape = "people"
columns = { actor = "a", case_id = "b" }
"#;
    let problems = Profile::parse(wrong, "mine.toml").unwrap_err().to_string();
    for expected in [
        "`60` is no length of an act",
        "a severity is a whole number from 1 to 9",
        "status `Merged` is `closed`",
        "no role `nobody`",
        "`opener_is_customer` says that whoever opens",
        "`opened_by` is missing",
        "`requester_name` compares",
        "`merged` is missing",
        "actor `bot` always has one role",
        "`role` is missing",
        "unknown key `case_id`",
    ] {
        assert!(problems.contains(expected), "{expected}:\n{problems}");
    }
    let alone = "[[table]]\nshape = \"people\"\ncolumns = { actor = \"a\", role = \"b\" }\n";
    assert!(Profile::parse(alone, "mine.toml").unwrap_err().to_string().contains("beside that of people"));
}

/// Numbers of people that a program wrote as decimals are the same people, and users may be JSON.
#[test]
fn users_of_every_format_are_the_same_people() {
    let comments = "ticket_id,created,user_id,public\n1,2026-01-05 09:00:00,500.0,true\n1,2026-01-05 09:10:00,501.0,true\n\
                    1,2026-01-05 09:20:00,900.0,true\n";
    let list = "id,created_at,updated_at,requester_id,submitter_id,status,priority\n\
                1,2026-01-05 09:00:00,2026-01-05 09:20:00,500,500,open,high\n";
    let csv = "id,role\n500,end-user\n501,end-user\n900,agent\n";
    let json =
        r#"{"users":[{"id":500,"role":"end-user"},{"id":501,"role":"end-user"},{"id":900,"role":"agent"}]}"#;
    for (name, users) in [("user.csv", csv), ("users.json", json)] {
        let files = [("ticket_comment.csv", comments), ("ticket.csv", list), (name, users)];
        let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
        let (_folder, paths) = folder(&files);
        let made = read(&Plan::new(paths, Profile::named("zendesk").unwrap()), &Silent).unwrap();
        assert_eq!(
            told(&made)[..3],
            ["1 Opened Customer 500 -", "1 Message Customer 501 -", "1 Message Agent 900 -"],
            "{name}"
        );
    }
}

/// Whoever resolves their own issue, or closes their own case, is the customer in every shipped profile.
#[test]
fn who_asks_withdraws_in_every_help_desk() {
    let last = |profile: &str, files: &[(&str, &str)]| {
        let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
        let (_folder, paths) = folder(&files);
        let made = read(&Plan::new(paths, Profile::named(profile).unwrap()), &Silent).unwrap();
        told(&made).pop().unwrap()
    };
    let salesforce = [
        (
            "case.csv",
            "Id,ContactId,CreatedById,CreatedDate,Status,Priority\nC1,003A,005A,2026-03-02T09:00:00Z,Closed,High\n",
        ),
        (
            "case_history.csv",
            "CaseId,CreatedById,CreatedDate,Field,OldValue,NewValue\nC1,005A,2026-03-02T09:00:00Z,created,,\n\
             C1,005A,2026-03-02T09:30:00Z,Status,New,Closed\n",
        ),
    ];
    assert_eq!(last("salesforce", &salesforce), "C1 Update Customer 005A Closed");
    let users = ("user.csv", "Id,Name,UserType\n005A,Ann,Standard\n");
    assert_eq!(last("salesforce", &[salesforce[0], salesforce[1], users]), "C1 Update Agent 005A Closed");
    let servicenow = [
        (
            "incident.csv",
            "sys_id,number,caller_id,opened_by,opened_at,priority,state,sys_updated_on,resolved_at,closed_at\n\
             a1,INC1,Jane Roe,Jane Roe,2026-03-02 09:00:00,1 - Critical,Resolved,2026-03-02 09:30:00,,\n",
        ),
        (
            "sys_audit.csv",
            "documentkey,sys_created_on,fieldname,oldvalue,newvalue,user\na1,2026-03-02 09:30:00,state,1,6,Jane Roe\n",
        ),
    ];
    assert_eq!(last("servicenow", &servicenow), "a1 Update Customer Jane Roe 6");
    let freshdesk = [(
        "activities.json",
        r#"{"activities_data":[
{"ticket_id":1,"performed_at":"02-03-2026 09:00:00 +0000","performer_type":"user","performer_id":77,"activity":{"new_ticket":true,"status":"Open"}},
{"ticket_id":1,"performed_at":"02-03-2026 09:30:00 +0000","performer_type":"user","performer_id":77,"activity":{"status":"Closed"}}]}"#,
    )];
    assert_eq!(last("freshdesk", &freshdesk), "1 Update Customer 77 Closed");
}

/// A changelog in bulk tells of a reporter who was changed, and of automations, as the issue's own does.
#[test]
fn a_bulk_changelog_tells_who_asked() {
    let issue = r#"{"issues":[{"id":"101","key":"S-1","fields":{"created":"2026-03-02T09:00:00.000+0000",
"updated":"2026-03-02T10:00:00.000+0000","creator":{"displayName":"Cid"},"reporter":{"displayName":"Dot"},
"status":{"name":"Done"},"priority":{"name":"High"}}}]}"#;
    let bulk = r#"{"issueChangeLogs":[{"issueId":"101","changeHistories":[
{"created":1772443200000,"author":{"displayName":"Bob"},"items":[{"field":"reporter","fromString":"Cid","toString":"Dot"}]},
{"created":1772445600000,"author":{"displayName":"desk-bot"},"items":[{"field":"status","fromString":"To Do","toString":"Done"}]}]}]}"#;
    let (_folder, paths) = folder(&[("issues.json", issue.as_bytes()), ("bulk.json", bulk.as_bytes())]);
    let made = read(&Plan::new(paths, Profile::named("jira").unwrap()), &Silent).unwrap();
    assert_eq!(told(&made), ["S-1 Opened Customer Cid To Do", "S-1 Update System desk-bot Done"]);
}

/// The audits of a ticket that an agent created, alone and with a list that has names, numbers, or nobody but who asks.
#[test]
fn an_agent_opens_whatever_the_list_knows() {
    let audits = r#"{"ticket_id":1,"created_at":"2026-03-02T09:00:40Z","author_id":900,"via":{"channel":"web"},"events":[{"type":"Comment","author_id":900,"public":true},{"type":"Create","field_name":"requester_id","value":"500"},{"type":"Create","field_name":"status","value":"new"}]}
{"ticket_id":1,"created_at":"2026-03-02T10:00:00Z","author_id":900,"via":{"channel":"web"},"events":[{"type":"Comment","author_id":900,"public":true},{"type":"Change","field_name":"status","value":"solved","previous_value":"new"}]}
"#;
    let lists = [
        "",
        "Id,Requester,Requester id,Submitter,Status,Priority,Created at,Updated at\n1,Jane,500,Dana,Solved,,2026-03-02 09:00,2026-03-02 10:00\n",
        "Id,Requester,Requester id,Status,Priority,Created at,Updated at\n1,Jane,500,Solved,,2026-03-02 09:00,2026-03-02 10:00\n",
        "id,requester_id,submitter_id,status,priority,created_at,updated_at\n1,500,900,solved,,2026-03-02T09:00:40Z,2026-03-02T10:00:00Z\n",
    ];
    for list in lists {
        let mut files = vec![("ticket_audits.json", audits.as_bytes())];
        files.extend((!list.is_empty()).then_some(("tickets.csv", list.as_bytes())));
        let (_folder, paths) = folder(&files);
        let made = read(&Plan::new(paths, Profile::named("zendesk").unwrap()), &Silent).unwrap();
        let events = made.history.case(0).events;
        assert!(
            events.iter().all(|event| event.role() == slaudit::history::Role::Agent),
            "{list}{:?}",
            told(&made)
        );
        assert_eq!(events[0].at.rfc3339(), "2026-03-02T09:00:40Z", "{list}");
        let n_messages = told(&made).iter().filter(|line| line.contains("Message")).count();
        assert_eq!(n_messages, 1, "{list}{:?}", told(&made));
    }
}

/// Where the list calls somebody by name and the history by number, the opening shows who that is, unless it is an agent.
#[test]
fn an_agent_of_a_number_opens_for_a_customer_of_a_name() {
    let list = "Ticket ID,Status,Priority,Source,Agent,Created time,Resolved time,Closed time,Last update time,Initial response time,Full name\n\
                1,Open,Urgent,Phone,Rui,2026-03-02 09:00:00,,,2026-03-02 10:00:00,,Jane Roe\n\
                2,Open,Urgent,Email,Rui,2026-03-02 09:00:00,,,2026-03-02 10:00:00,,Bo Li\n";
    let activities = r#"{"activities_data":[
{"ticket_id":1,"performed_at":"02-03-2026 09:00:00 +0000","performer_type":"user","performer_id":149,"activity":{"new_ticket":true,"status":"Open"}},
{"ticket_id":2,"performed_at":"02-03-2026 09:00:00 +0000","performer_type":"user","performer_id":77,"activity":{"new_ticket":true,"status":"Open"}},
{"ticket_id":2,"performed_at":"02-03-2026 10:00:00 +0000","performer_type":"user","performer_id":77,"activity":{"note":{"id":1,"type":0}}}]}"#;
    let agents = "Agent ID,Name\n149,Rui\n";
    let files: Vec<(&str, &[u8])> = vec![
        ("activities.json", activities.as_bytes()),
        ("agents.csv", agents.as_bytes()),
        ("tickets.csv", list.as_bytes()),
    ];
    let (_folder, paths) = folder(&files);
    let made = read(&Plan::new(paths, Profile::named("freshdesk").unwrap()), &Silent).unwrap();
    let opened: Vec<String> = told(&made).into_iter().filter(|line| !line.contains("Update")).collect();
    assert_eq!(
        opened,
        [
            "1 Opened Agent 149 -",
            "1 Opened Agent 149 Open",
            "2 Opened Customer Bo Li -",
            "2 Opened Customer 77 Open",
            "2 Message Customer 77 -"
        ]
    );
}

/// A list that names nobody: whoever wrote first is who asks, unless it is known to be an agent.
#[test]
fn a_list_that_names_nobody_leaves_it_to_the_first_comment() {
    let list = "id,created_at,updated_at,status,priority\n1,2026-01-05 09:00:00,2026-01-05 10:00:00,open,high\n\
                2,2026-01-05 09:00:00,2026-01-05 10:00:00,open,high\n";
    let comments = "ticket_id,created,user_id,public\n1,2026-01-05 09:00:00,500,true\n1,2026-01-05 09:30:00,900,true\n\
                    1,2026-01-05 10:00:00,500,true\n2,2026-01-05 09:00:00,900,true\n2,2026-01-05 09:30:00,900,true\n";
    let users = "id,role\n900,agent\n";
    let files: Vec<(&str, &[u8])> = vec![
        ("ticket_comment.csv", comments.as_bytes()),
        ("ticket.csv", list.as_bytes()),
        ("user.csv", users.as_bytes()),
    ];
    let (_folder, paths) = folder(&files);
    let made = read(&Plan::new(paths, Profile::named("zendesk").unwrap()), &Silent).unwrap();
    let without_status: Vec<String> =
        told(&made).into_iter().filter(|line| !line.contains("Update")).collect();
    assert_eq!(
        without_status,
        [
            "1 Opened Customer 500 -",
            "1 Message Agent 900 -",
            "1 Message Customer 500 -",
            "2 Opened Agent 900 -",
            "2 Message Agent 900 -",
        ]
    );
}

/// A message that is the opening itself, in events of which something else tells who asks or that they open: a list, or
/// columns of their own. Events that say nothing of it stay as they stand.
#[test]
fn a_message_of_events_may_be_the_opening() {
    let head = "[statuses]\nopen = [\"Open\"]\n";
    let table = |more: &str| {
        format!(
            "[[table]]\nshape = \"events\"\nfiles = [\"log*\"]\ncolumns = {{ case_id = \"case\", at = \"at\", \
             event = \"what\", role = \"role\", actor = \"by\"{more} }}\n"
        )
    };
    let list = "[[table]]\nshape = \"cases\"\nfiles = [\"list*\"]\ncolumns = { case_id = \"case\", at = \"created\", \
                requester = \"asks\", opened_by = \"made_by\" }\n";
    let comments =
        "1,2026-01-05T09:00:00Z,message,agent,Ann,Cid\n1,2026-01-05T09:30:00Z,message,customer,Cid,Cid\n";
    let log = format!("case,at,what,role,by,asks\n{comments}");
    let opened = "case,at,what,role,by,asks\n1,2026-01-05T09:00:00Z,opened,agent,Ann,Cid\n";
    let opened = format!("{opened}{comments}");
    let listed = ("list.csv", "case,created,asks,made_by\n1,2026-01-05T09:00:00Z,Cid,Ann\n");

    let once = ["1 Opened Agent Ann -", "1 Message Customer Cid -"];
    let by_list = ingest(&format!("{head}{}{list}", table("")), &[("log.csv", &log), listed]);
    assert_eq!(told(&by_list), once);
    let by_column = ingest(&format!("{head}{}", table(", requester = \"asks\"")), &[("log.csv", &opened)]);
    assert_eq!(told(&by_column), once);
    let alone = ingest(&format!("{head}{}", table("")), &[("log.csv", &opened)]);
    assert_eq!(told(&alone), ["1 Opened Agent Ann -", "1 Message Agent Ann -", "1 Message Customer Cid -"]);
}

/// Changes of who asks at one instant count in the order of their values, and without those in that of their file, which may
/// be the reverse.
#[test]
fn who_asks_may_change_twice_at_one_instant() {
    let last = "1,2026-01-05T09:30:00Z,status,,Solved,12\n1,2026-01-05T09:30:00Z,status,,Open,8\n";
    let opened = "1,2026-01-05T09:00:00Z,status,,Open,7\n1,2026-01-05T09:00:00Z,status,,New,7\n";
    let roles = |changes: [&str; 2]| {
        let row = |change: &&str| format!("1,2026-01-05T09:10:00Z,requester,{change},9\n");
        let rows: String = changes.iter().map(row).collect();
        let made = desk(&[("history.csv", HISTORY, &format!("{last}{rows}{opened}"))]);
        told(&made).iter().map(|line| line.split(' ').nth(2).unwrap().to_owned()).collect::<Vec<_>>()
    };
    // 7 opened, then 5 asked for no time, then 8.
    let want = ["Customer", "Customer", "Customer", "Agent"];
    assert_eq!(roles(["5,8", "7,5"]), want);
    assert_eq!(roles(["7,5", "5,8"]), want);
    assert_eq!(roles([",8", ",5"])[2..], want[2..]);
}
