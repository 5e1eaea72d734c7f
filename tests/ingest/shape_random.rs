//! Random joined inputs, repeated hours, duplicates and damaged rows among them: every row is accounted for, and
//! neither blocks nor threads show.

use proptest::prelude::*;
use slaudit::ingest::{Ingested, Plan, Profile, Silent, read};

use super::build::{folder, shown};

const PROFILE: &str = r#"
timezone = "America/Denver"
[[table]]
shape = "changes"
files = ["changes*"]
columns = { case_id = "case", at = "at", field = "field", old = "old", new = "new", actor = "by" }
fields = { status = "status", severity = "severity", opened = "created", note = "note" }
field_attributes = { product = "product" }
opener_is_customer = true
[[table]]
shape = "messages"
files = ["messages*"]
columns = { case_id = "case", at = "at", actor = "by", public = "public" }
opener_is_customer = true
[[table]]
shape = "activities"
files = ["log*"]
columns = { case_id = "case", at = "at", activity = "what" }
activities = { a = { status = "open" }, b = { event = "message" } }
[[table]]
shape = "cases"
columns = { case_id = "case", at = "at", actor = "by", severity = "severity", status = "status", status_at = "updated" }
milestones = [{ column = "closed", status = "closed" }, { column = "reply", since_opening = "hours", event = "message" }]
"#;

fn time() -> impl Strategy<Value = String> {
    // The clocks of Denver repeat the hour from 01:00 on that day; some cells are no times.
    prop_oneof![
        12 => (0..3u8, 0..4u8).prop_map(|(hour, quarter)| format!("2026-11-01 0{hour}:{:02}", quarter * 15)),
        1 => Just(String::new()),
        1 => Just("never".to_string()),
    ]
}

fn rows(header: &'static str, row: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    prop::collection::vec(row, 0..12).prop_map(move |rows| format!("{header}\n{}", rows.concat()))
}

fn files() -> impl Strategy<Value = [String; 4]> {
    let case = || (0..3u8).prop_map(|case| if case == 0 { "x".to_string() } else { case.to_string() });
    let field =
        prop::sample::select(vec!["status", "status", "severity", "created", "note", "product", "owner"]);
    let value = || prop::sample::select(vec!["", "1", "2", "open", "closed", "3"]);
    let by = || prop::sample::select(vec!["", "ann", "jane"]);
    let public = prop::sample::select(vec!["yes", "no", "maybe"]);
    let what = prop::sample::select(vec!["a", "b", "c"]);
    let change = (case(), time(), field, value(), value(), by());
    let change = change.prop_map(|(c, t, f, o, n, b)| format!("{c},{t},{f},{o},{n},{b}\n"));
    let message = (case(), time(), by(), public).prop_map(|(c, t, b, p)| format!("{c},{t},{b},{p}\n"));
    let activity = (case(), time(), what).prop_map(|(c, t, w)| format!("{c},{t},{w}\n"));
    let reply = prop::sample::select(vec!["", "0.5", "1", "x"]);
    let whole = (case(), time(), by(), value(), value(), time(), time(), reply);
    let whole = whole.prop_map(|(c, t, b, v, s, u, d, r)| format!("{c},{t},{b},{v},{s},{u},{d},{r}\n"));
    (
        rows("case,at,field,old,new,by", change),
        rows("case,at,by,public", message),
        rows("case,at,what", activity),
        rows("case,at,by,severity,status,updated,closed,reply", whole),
    )
        .prop_map(|(a, b, c, d)| [a, b, c, d])
}

fn ingest(files: &[String; 4], block_size: usize, threads: usize) -> Option<Ingested> {
    let names = ["changes.csv", "messages.csv", "log.csv", "cases.csv"];
    let files: Vec<(&str, &[u8])> = names.into_iter().zip(files.iter().map(|text| text.as_bytes())).collect();
    let (_folder, paths) = folder(&files);
    let profile = Profile::parse(PROFILE, "random.toml").unwrap();
    let plan = Plan { max_rejected: 1.0, block_size, ..Plan::new(paths, profile) };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| read(&plan, &Silent)).ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn every_row_is_accounted_for_in_any_blocks(files in files()) {
        let Some(whole) = ingest(&files, 1 << 20, 1) else { return Ok(()) };
        for (file, text) in whole.ledger.files.iter().zip(&files) {
            prop_assert_eq!(file.n_read, text.lines().count() as u64 - 1);
            prop_assert_eq!(file.n_read, file.n_used + file.n_duplicate + file.n_rejected);
        }
        for case in 0..whole.history.n_cases() {
            let events = whole.history.case(case).events;
            prop_assert!(!events.is_empty());
            prop_assert!(events.is_sorted_by_key(|event| event.at));
        }
        let pieces = ingest(&files, 40, 2).unwrap();
        prop_assert_eq!(&pieces.history, &whole.history);
        prop_assert_eq!(&pieces.ledger.files.iter().map(|f| (f.n_used, f.n_duplicate)).collect::<Vec<_>>(),
            &whole.ledger.files.iter().map(|f| (f.n_used, f.n_duplicate)).collect::<Vec<_>>());
        prop_assert_eq!(shown(&pieces.history), shown(&whole.history));
    }
}
