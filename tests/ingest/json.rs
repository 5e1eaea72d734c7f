//! JSON: the same objects give the same history however they are packed and cut; what is no JSON says so.

use std::io::Write;
use std::path::PathBuf;

use slaudit::diag::Error;
use slaudit::ingest::{Ingested, Plan, Profile, Silent, read};

use super::build::{attribute, folder, ingest, shown, try_ingest};

const AUDITS: &str = include_str!("../../data-samples/zendesk/json/ticket_audits.ndjson");

fn zendesk(files: &[(&str, &[u8])], block_size: usize) -> Result<Ingested, Error> {
    let (_folder, paths) = folder(files);
    let plan = Plan { block_size, max_rejected: 1.0, ..Plan::new(paths, Profile::named("zendesk").unwrap()) };
    read(&plan, &Silent)
}

fn audits(bytes: &[u8], block_size: usize) -> Ingested {
    zendesk(&[("audits.json", bytes)], block_size).unwrap()
}

/// Everything but the lines: events, attributes, the counts of the ledger and the examples' codes.
fn told(made: &Ingested) -> (Vec<String>, Vec<Option<String>>, [u64; 4]) {
    let ledger = &made.ledger;
    let counts = [ledger.n_read(), ledger.n_used(), ledger.n_duplicate(), ledger.n_rejected()];
    (shown(&made.history), attribute(&made.history, "channel"), counts)
}

fn lines(n: usize) -> String {
    let line = |i: usize| {
        format!(
            "{{\"id\":{i},\"ticket_id\":\"t{}\",\"created_at\":\"2026-01-05T{:02}:{:02}:00Z\",\"author_id\":{},\
             \"events\":[{{\"type\":\"Change\",\"field_name\":\"status\",\"value\":\"open\"}},\
             {{\"type\":\"Comment\",\"public\":{},\"body\":\"}} ]\\\"{{\"}},{{\"type\":\"Notification\"}}]}}\n",
            i % 17,
            i / 60 % 24,
            i % 60,
            i % 5,
            i.is_multiple_of(2)
        )
    };
    (0..n).map(line).collect()
}

#[test]
fn objects_are_the_same_in_lines_in_an_array_in_a_list_and_packed() {
    for text in [AUDITS.to_string(), lines(700)] {
        let rows: Vec<&str> = text.lines().collect();
        let array = format!("[{}]", rows.join(",\n "));
        let answer =
            format!("{{\"count\":{}, \"audits\": [{}], \"next_page\":null}}", rows.len(), rows.join(","));
        let (one, two) = rows.split_at(rows.len() / 2);
        let answers = [one, two].map(|rows| format!("{{\"groups\":[{{}}],\"audits\":[{}]}}", rows.join(",")));
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gzip.write_all(array.as_bytes()).unwrap();
        let expected = told(&audits(text.as_bytes(), 4 << 20));
        let forms = [
            array.clone().into_bytes(),
            [b"\xEF\xBB\xBF", array.as_bytes()].concat(),
            text.replace('\n', "\r\n").into_bytes(),
            text.replace('\n', " ").into_bytes(),
            answer.into_bytes(),
            answers.join("\n").into_bytes(),
            format!("[{}]", answers.join(",")).into_bytes(),
            gzip.finish().unwrap(),
            zstd::encode_all(text.as_bytes(), 3).unwrap(),
        ];
        for (i, form) in forms.iter().enumerate() {
            assert_eq!(told(&audits(form, 4 << 20)), expected, "form {i}");
        }
    }
}

#[test]
fn neither_blocks_nor_threads_show() {
    let bad = lines(60)
        .replace("\"t3\"", "null")
        .replace("\"created_at\":\"2026-01-05T00:07", "\"created_at\":\"x");
    let files =
        [lines(300), format!("[\n{}]", bad.trim_end().replace('\n', ",\n")), format!("{bad}{{\"a\":\n{bad}")];
    for text in files {
        let whole = |made: &Ingested| {
            let mut rejected = Vec::new();
            made.ledger.rejected.write(&mut rejected).unwrap();
            let numbers =
                (0..made.history.n_cases()).flat_map(|case| made.history.events.numbers(case).unwrap());
            let places: Vec<_> = numbers.map(|event| made.places.of(event)).collect();
            let examples: Vec<String> = made.ledger.examples.iter().map(ToString::to_string).collect();
            (told(made), places, format!("{:?}", made.ledger.by_code()), examples.join("\n"), rejected)
        };
        let (_folder, paths) = folder(&[("audits.json", text.as_bytes())]);
        let made = |block_size: usize, threads: usize| {
            let profile = Profile::named("zendesk").unwrap();
            let plan = Plan { block_size, max_rejected: 1.0, ..Plan::new(paths.clone(), profile) };
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            whole(&pool.install(|| read(&plan, &Silent)).unwrap())
        };
        let expected = made(4 << 20, 1);
        for (block_size, threads) in [(1, 1), (7, 4), (100, 2), (1_000, 4), (20_000, 4)] {
            assert_eq!(made(block_size, threads), expected, "{block_size} bytes, {threads} threads");
        }
    }
}

#[test]
fn every_event_of_an_audit_is_one_row() {
    let made = audits(lines(100).as_bytes(), 999);
    assert_eq!(told(&made).2, [300, 300, 0, 0], "those of no table give nothing and are used");
    let empty = "{\"ticket_id\":1,\"created_at\":\"2026-01-05T00:00:00Z\",\"events\":[]}\n";
    let made = audits(format!("{empty}{}", lines(1)).as_bytes(), 999);
    assert_eq!(told(&made).2, [4, 4, 0, 0], "an object without rows is one that gives nothing");
    let twice = AUDITS.lines().chain(AUDITS.lines()).collect::<Vec<_>>().join("\n");
    assert_eq!(
        told(&audits(twice.as_bytes(), 999)).2,
        [46, 23 + 5, 18, 0],
        "notifications and requesters are no events: used"
    );
}

#[test]
fn metric_events_are_figures_and_no_history() {
    let figure = r#"{"id":1,"ticket_id":8101,"metric":"reply_time","instance_id":1,"type":"fulfill","time":"2026-05-06T15:45:00Z"}"#;
    let answer = format!("{{\"ticket_metric_events\":[{figure},{figure}],\"count\":2}}");
    let files = [("audits.ndjson", AUDITS.as_bytes()), ("metric_events.json", answer.as_bytes())];
    let (made, alone) = (zendesk(&files, 4 << 20).unwrap(), audits(AUDITS.as_bytes(), 4 << 20));
    assert_eq!(shown(&made.history), shown(&alone.history));
    assert_eq!((made.ledger.files[1].n_read, made.ledger.files[1].n_used), (2, 2));
}

#[test]
fn cases_in_one_line_are_rows_of_their_own() {
    let ticket = |id: u32, at: &str| {
        format!(
            "{{\"id\":{id},\"created_at\":\"{at}\",\"status\":\"open\",\"updated_at\":\"2026-01-06T00:00:00Z\"}}"
        )
    };
    let (a, b) = (ticket(1, "2026-01-05T00:00:00Z"), ticket(2, "2026-01-05T01:00:00Z"));
    let text = format!("{{\"tickets\":[{a},{b},{a},{b}],\"next_page\":null}}");
    let made = zendesk(&[("tickets.json", text.as_bytes())], 4 << 20).unwrap();
    assert_eq!((made.ledger.n_read(), made.ledger.n_used(), made.ledger.n_duplicate()), (4, 2, 2));
}

#[test]
fn canonical_rows_may_be_objects() {
    let text = "{\"case_id\":\"\\u0031\",\"at\":\"2026-01-05T09:00Z\",\"event\":\"opened\",\"actor\":\"Zo\\u00eb \\ud83d\\ude00\",\"severity\":2}\n\
                {\"case_id\":1,\"at\":\"2026-01-05T10:00Z\",\"event\":null,\"status\":\" Closed \",\"note\":\"\\ud83d\"}\n";
    let made = ingest(text, |_| {});
    assert_eq!(
        shown(&made.history),
        [
            "1 2026-01-05T09:00:00Z Opened Unknown Zoë 😀 - 2",
            "1 2026-01-05T10:00:00Z Update Unknown - Closed 0"
        ]
    );
    assert!(made.history.attributes.is_empty(), "other members are kept only where a profile asks for them");
    let made =
        ingest(text.replace("2026-01-05T10:00Z\"", "2026-01-05T10:00Z\",\"role\":\"\\ud83d\""), |_| {});
    assert_eq!(made.ledger.by_code().get("D511"), Some(&1), "half a character in a cell that is read");
}

#[test]
fn numbers_keep_their_spelling() {
    let text = "{\"case_id\":12345678901234567890123,\"at\":\"2026-01-05T09:00Z\",\"status\":1.50}\n";
    assert_eq!(
        shown(&ingest(text, |_| {}).history),
        ["12345678901234567890123 2026-01-05T09:00:00Z Update Unknown - 1.50 0"]
    );
}

#[test]
fn a_table_and_the_json_of_one_case_are_joined() {
    let tickets = include_bytes!("../../data-samples/zendesk/tickets.csv");
    let made = zendesk(&[("tickets.csv", tickets), ("audits.ndjson", AUDITS.as_bytes())], 4 << 20).unwrap();
    let events: Vec<String> =
        shown(&made.history).into_iter().filter(|line| line.starts_with("8101")).collect();
    assert_eq!(events[0], "8101 2026-04-06T15:00:00Z Opened Customer 55001 - 0", "the list knows who asked");
    assert!(!events.iter().any(|line| line.contains("15:40")), "the reply of the list gives way: {events:?}");
    assert_eq!(attribute(&made.history, "group")[0].as_deref(), Some("Support"));

    let folders =
        ["data-samples/freshdesk/tickets.csv", "data-samples/freshdesk/json/ticket_activities.json"];
    let plan = Plan::new(folders.map(PathBuf::from).to_vec(), Profile::named("freshdesk").unwrap());
    let made = read(&plan, &Silent).unwrap();
    let replies: Vec<String> =
        shown(&made.history).into_iter().filter(|line| line.contains("Message")).collect();
    assert_eq!(replies.len(), 3, "{replies:?}");
    assert!(replies[1].contains("Customer 5501"), "who opened it in either table: {replies:?}");
}

const NESTED: &str = r#"
[[table]]
name = "parts"
shape = "events"
rows = "groups[].parts[].rows[]"
columns = { case_id = "id", at = "groups[].at", status = "groups[].parts[].state.name", actor = "groups[].parts[].rows[].who[0]" }
where = { "groups[].parts[].kind" = ["a", ""] }
attributes = { product = ["a.b", "groups[].product"] }
"#;

fn nested(text: &str) -> Ingested {
    let (_folder, paths) = folder(&[("x.json", text.as_bytes())]);
    let plan = Plan { max_rejected: 1.0, ..Plan::new(paths, Profile::parse(NESTED, "mine.toml").unwrap()) };
    read(&plan, &Silent).unwrap()
}

#[test]
fn rows_see_the_objects_round_them() {
    let made = nested(
        r#"{"id": 7, "a.b": "dots", "groups": [
            {"at": "2026-01-05T09:00Z", "parts": [{"kind": "A", "state": {"name": "new"}, "rows": [{"who": ["x", "y"]}, {}]},
                                                 {"kind": "b", "rows": [{"who": ["z"]}]}]},
            {"at": "2026-01-05T10:00Z", "parts": [{"rows": [{"who": []}], "state": "flat"}, {"rows": null}]}]}"#,
    );
    assert_eq!(
        shown(&made.history),
        [
            "7 2026-01-05T09:00:00Z Update Unknown x new 0",
            "7 2026-01-05T09:00:00Z Update Unknown - new 0",
            "7 2026-01-05T10:00:00Z Update Unknown - - 0",
        ]
    );
    assert_eq!(made.ledger.n_read(), 4);
    assert_eq!(attribute(&made.history, "product"), [Some("dots".to_string())]);
    let wrong = nested("{\"id\":7,\"groups\":{\"at\":1}}");
    let example = wrong.ledger.examples[0].to_string();
    assert!(
        example.contains("expected an array at `groups[].parts[].rows[]`, found `{\"at\":1}`"),
        "{example}"
    );
}

#[test]
fn a_rejected_row_has_its_line_and_column() {
    let text = format!("{}{}", lines(2), lines(1).replace("05T00", "05 at 00"));
    let made = audits(text.as_bytes(), 4 << 20);
    assert_eq!(made.ledger.n_rejected(), 2, "both events of the audit");
    insta::assert_snapshot!(made.ledger.examples[0].to_string().replace('\\', "/").split_once("audits").unwrap().1, @r#"
    .json:3:40 (case t0)
      |
    3 | {"id":0,"ticket_id":"t0","created_at":"2026-01-05 at 00:00:00Z","author_id":0,"events":[{"type":"Cha
      |                                        ^^^^^^^^^^^^^^^^^^^^^^^
    hint: correct the time, or name its format under `timestamps` in the profile
    "#);
}

#[test]
fn what_is_no_object_is_rejected() {
    let file = "data-samples/defects/D515-not-an-object.ndjson";
    let plan =
        Plan { max_rejected: 1.0, ..Plan::new(vec![file.into()], Profile::named("canonical").unwrap()) };
    let made = read(&plan, &Silent).unwrap();
    let all: Vec<String> = made.ledger.examples.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(all.join("\n\n"), @r#"
    error[D515]: not a JSON object: expected the end of an object, found `the end of the line`
     --> data-samples/defects/D515-not-an-object.ndjson:2:73
      |
    2 | {"case_id":"a","at":"2026-01-05T10:00:00Z","event":"note","role":"agent"
      |                                                                         ^
    hint: each line, or each element of one array, is one object: see the raw text in `rejected.csv`

    error[D515]: not a JSON object: expected JSON, but key must be a string, found `'case_id': 'a', 'at': '2026-01-05T10:30:00Z'}`
     --> data-samples/defects/D515-not-an-object.ndjson:3:2
      |
    3 | {'case_id': 'a', 'at': '2026-01-05T10:30:00Z'}
      |  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    hint: each line, or each element of one array, is one object: see the raw text in `rejected.csv`

    error[D515]: not a JSON object: expected a JSON object, found `"a"`
     --> data-samples/defects/D515-not-an-object.ndjson:4
      |
    4 | "a"
    hint: each line, or each element of one array, is one object: see the raw text in `rejected.csv`
    "#);
    let mut rejected = Vec::new();
    made.ledger.rejected.write(&mut rejected).unwrap();
    insta::assert_snapshot!(String::from_utf8_lossy(&rejected), @r#"
    file,line,column,code,expected,raw
    data-samples/defects/D515-not-an-object.ndjson,2,,D515,the end of an object,"{""case_id"":""a"",""at"":""2026-01-05T10:00:00Z"",""event"":""note"",""role"":""agent"""
    data-samples/defects/D515-not-an-object.ndjson,3,,D515,"JSON, but key must be a string","{'case_id': 'a', 'at': '2026-01-05T10:30:00Z'}"
    data-samples/defects/D515-not-an-object.ndjson,4,,D515,a JSON object,"""a"""
    "#);
    let deep = format!(
        "{}\n{{\"a\":{}{}}}\n",
        r#"{"case_id":"a","at":"2026-01-05T09:00Z"}"#,
        "[".repeat(400),
        "]".repeat(400)
    );
    assert_eq!(ingest(deep, |_| {}).ledger.by_code().get("D515"), Some(&1));
    let bytes = b"{\"case_id\":\"a\",\"at\":\"2026-01-05T09:00Z\"}\n{\"case_id\":\"\xFF\",\"at\":\"2026-01-05T09:00Z\"}\n";
    assert_eq!(ingest(bytes, |_| {}).ledger.by_code().get("D511"), Some(&1));
}

fn refused(text: &str) -> String {
    let error = try_ingest(text, |_| {}).unwrap_err().to_string();
    let (before, after) = error.split_once(" --> ").unwrap();
    let name = after.find("events.csv").unwrap();
    format!("{before} --> {}", &after[name..])
}

#[test]
fn a_file_cut_short_or_damaged_says_where() {
    let row = "{\"case_id\":\"a\",\"at\":\"2026-01-05T09:00Z\",\"actor\":\"é\"}";
    let two = format!("[{row},\n {row}");
    let all = [
        refused(&two),
        refused(&two[..two.len() - 5]),
        refused(&format!("[{row} {row}]")),
        refused("{\n\"case_id\": \"a\",\n\"at\" \"2026-01-05T09:00Z\"\n}"),
        refused("{\n\"case_id\": \"a\",\n\"at\": "),
    ];
    insta::assert_snapshot!(all.join("\n\n"), @"
    error[F301]: input file cannot be read: expected `,` or `]`, found the end of the file: it may have been cut short
     --> events.csv:2:54
    hint: a JSON text is read whole or not at all: export or download it again

    error[F301]: input file cannot be read: expected the end of an object, found the end of the file: it may have been cut short
     --> events.csv:2:50
    hint: a JSON text is read whole or not at all: export or download it again

    error[F301]: input file cannot be read: expected `,` or `]`
     --> events.csv:1:55
    hint: a JSON text is read whole or not at all: export or download it again

    error[F301]: input file cannot be read: expected `:`
     --> events.csv:3:6
    hint: a JSON text is read whole or not at all: export or download it again

    error[F301]: input file cannot be read: expected the end of an object, found the end of the file: it may have been cut short
     --> events.csv:3:7
    hint: a JSON text is read whole or not at all: export or download it again
    ");
    let cut = ingest(format!("{row}\n{}", &row[..30]), |_| {});
    assert!(cut.ledger.examples[0].to_string().contains("the end of the file"), "{:?}", cut.ledger.examples);
}

#[test]
fn an_object_has_a_bound_that_is_named() {
    let row = "{\"case_id\":\"a\",\"at\":\"2026-01-05T09:00Z\"}";
    let long = format!("{{\"case_id\":\"a\",\"x\":\"{}\"}}", "y".repeat(17 << 20));
    let made = ingest(format!("{row}\n{long}\n{row}\n"), |_| {});
    assert_eq!((made.ledger.n_read(), made.ledger.n_rejected(), made.ledger.n_duplicate()), (3, 1, 1));
    assert!(made.ledger.examples.iter().any(|e| e.to_string().contains("at most 16 MiB")));
    assert_eq!(
        made.ledger.examples.iter().find(|e| e.code == "D515").unwrap().position.as_ref().unwrap().line,
        2
    );
    assert!(refused(&format!("[{row},{long}]")).contains("at most 16 MiB"));
    let open = format!("{row}\n{{\"a\":\"{}", "[".repeat(40 << 20));
    assert_eq!(ingest(open, |_| {}).ledger.n_rejected(), 1);
}

#[test]
fn a_file_of_other_objects_is_refused_with_what_it_has() {
    let (_folder, paths) = folder(&[("activities.json", b"{\"data\":[{\"ticket_id\":1}],\"page\":2}")]);
    let mut profile = Profile::named("freshdesk").unwrap();
    let error = read(&Plan::new(paths.clone(), profile.clone()), &Silent).unwrap_err().to_string();
    assert!(error.contains("no member `ticket_id`: the first object has `data`, `page`"), "{error}");
    assert!(error.contains("--set activities.list=NAME"), "{error}");
    profile.set("activities.list=data").unwrap();
    let plan = Plan { max_rejected: 1.0, ..Plan::new(paths, profile) };
    assert_eq!(read(&plan, &Silent).unwrap().ledger.by_code().get("D501"), Some(&1));
}

#[test]
fn paths_are_checked_with_the_profile() {
    let wrong = |toml: &str| Profile::parse(toml, "mine.toml").unwrap_err().to_string();
    let columns = "columns = { case_id = \"id\", at = \"tags[].at\" }\n";
    let message = wrong(&format!("[[table]]\nshape = \"events\"\nrows = \"events[]\"\n{columns}"));
    assert!(message.contains("path `tags[].at`: its `[]` is none of `rows`, `events[]`"), "{message}");
    let message = wrong(
        "[[table]]\nshape = \"events\"\nrows = \"events[\"\ncolumns = { case_id = \"id\", at = \"at\" }\n",
    );
    assert!(message.contains("expected `[]`, `[0]` or `{}` behind `events`"), "{message}");
    let message = wrong(
        "[[table]]\nshape = \"events\"\ncolumns = { case_id = \"id\", at = \"at\" }\nwhere = { a = \"b\" }\n",
    );
    assert!(message.contains("`rows` is missing"), "{message}");
}

proptest::proptest! {
    #[test]
    fn any_text_ends_in_an_answer(text in "[\\[\\]{}\",: \n\\\\ab1]{0,60}", block_size in 1usize..40) {
        let start = "{\"case_id\":\"a\",\"at\":\"2026-01-05T09:00Z\"}\n";
        let made = |size: usize| {
            let told = |made: Ingested| (made.ledger.n_read(), made.ledger.n_used(), made.ledger.n_rejected());
            try_ingest(format!("{start}{text}"), |plan| plan.block_size = size).map(told).map_err(|e| e.to_string())
        };
        match (made(block_size), made(4 << 20)) {
            (Ok(small), Ok(large)) => proptest::prop_assert_eq!(small, large),
            (Err(_), Err(_)) => {}
            other => proptest::prop_assert!(false, "{:?}", other),
        }
    }
}

/// A table that knows cases by their other id gets the id of the report by it, wherever the two stand together.
#[test]
fn tables_join_on_another_id() {
    let log = |id: &str| {
        format!(
            "{{\"issueChangeLogs\":[{{\"issueId\":{id},\"changeHistories\":[{{\"created\":1772640000000,\"author\":{{\"displayName\":\"Ann\"}},\
             \"items\":[{{\"field\":\"status\",\"fromString\":\"Open\",\"toString\":\"Resolved\"}}]}}]}}]}}"
        )
    };
    let issues = "{\"issues\":[{\"id\":\"7\",\"key\":\"OPS-1\",\"fields\":{\"created\":\"2026-03-02T16:00:00.000+0000\",\
                  \"status\":{\"name\":\"Resolved\"},\"updated\":\"2026-03-04T16:00:00.000+0000\"}}]}";
    let csv = "Issue key,Issue id,Created,Priority,Status,Updated\nOPS-1,7,02/Mar/26 4:00 PM,,Resolved,04/Mar/26 4:00 PM\n";
    let read = |files: &[(&str, &[u8])]| {
        let (_folder, paths) = folder(files);
        let plan = Plan { max_rejected: 1.0, ..Plan::new(paths, Profile::named("jira").unwrap()) };
        shown(&read(&plan, &Silent).unwrap().history)
    };
    let (text, number) = (log("\"7\""), log("7"));
    let told = read(&[("issues.json", issues.as_bytes()), ("log.json", text.as_bytes())]);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[1].contains("OPS-1 2026-03-04T16:00:00Z Update Agent Ann Resolved"), "{told:?}");
    let forms: [&[(&str, &[u8])]; 3] = [
        &[("log.json", number.as_bytes()), ("issues.json", issues.as_bytes())],
        &[("all.json", &[issues.as_bytes(), b"\n", text.as_bytes()].concat())],
        &[("issues.csv", csv.as_bytes()), ("log.json", text.as_bytes())],
    ];
    for form in forms {
        assert_eq!(read(form), told);
    }
    let unknown = log("8");
    let alone = read(&[("issues.json", issues.as_bytes()), ("log.json", unknown.as_bytes())]);
    assert!(alone.iter().any(|line| line.starts_with("8 ")), "an id that no list gives stays: {alone:?}");
}

/// The tag of a merge, in each of the forms in which Zendesk gives JSON: void at the end, whatever the status says.
#[test]
fn a_merge_is_told_by_its_tag_in_every_form() {
    let members = r#""created_at":"2026-03-02T09:00:00Z","updated_at":"2026-03-02T10:00:00Z","requester_id":500,
"submitter_id":500,"status":"closed","priority":"high","tags":["vip","closed_by_merge"]"#;
    let ticket = format!(r#"{{"id":1,{members},"comments":[]}}"#);
    let events = r#"{"ticket_events":[
{"ticket_id":1,"created_at":"2026-03-02T09:00:00Z","updater_id":500,"child_events":[{"event_type":"Create","status":"open","priority":"high","requester_id":500,"tags":["vip"]}]},
{"ticket_id":1,"created_at":"2026-03-02T10:00:00Z","updater_id":900,"child_events":[{"event_type":"Change","status":"closed","previous_value":"open"},
{"event_type":"Change","tags":["vip","closed_by_merge"],"previous_value":["vip"]}]}]}"#;
    let history = r#"[
{"ticket_id":1,"field_name":"status","value":"open","updated":"2026-03-02T09:00:00Z","user_id":500},
{"ticket_id":1,"field_name":"status","value":"closed","updated":"2026-03-02T10:00:00Z","user_id":900},
{"ticket_id":1,"field_name":"tags","value":"closed_by_merge vip","updated":"2026-03-02T10:00:00Z","user_id":900}]"#;
    let forms = [
        ("tickets.json", format!(r#"{{"tickets":[{ticket}]}}"#)),
        ("wrapped.json", format!(r#"{{"ticket":{ticket}}}"#)),
        ("ticket_events.json", events.to_owned()),
        ("ticket_field_history.json", history.to_owned()),
    ];
    for (name, text) in forms {
        let (rows, ..) = told(&zendesk(&[(name, text.as_bytes())], 1 << 20).unwrap());
        assert!(rows.last().is_some_and(|row| row.contains("Merged")), "{name}: {rows:?}");
        assert!(!rows.iter().any(|row| row.to_lowercase().contains("closed")), "{name}: {rows:?}");
    }
}
