//! `slaudit explain` as it is printed: shipped cases, and small ones for what those do not show.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::Command;

const TINY: &str = "data-samples/tiny/events.csv";
const QUEUE: &str = "tests/explain/queue.csv";
const TARGETS: &str = "data-samples/policies/in8sync-targets.toml";

/// `text` with every hash taken out: a comment more in a policy is no other explanation.
fn without_hashes(text: &str) -> String {
    let is_hash = |word: &&str| word.len() == 64 && word.bytes().all(|b| b.is_ascii_hexdigit());
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(is_hash);
    words.fold(text.to_owned(), |text, hash| text.replace(hash, "HASH"))
}

/// Output, error output and exit code, with the version and the hashes of files taken out.
fn run(arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_slaudit"));
    let output =
        command.arg("explain").args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let (out, err) = (text(output.stdout), text(output.stderr));
    let made_by = concat!("slaudit ", env!("CARGO_PKG_VERSION"));
    let out = without_hashes(&out.replace(made_by, "slaudit VERSION"));
    let end = if err.is_empty() { String::new() } else { format!("-- error output\n{err}") };
    format!("{out}{end}-- exit {}\n", output.status.code().unwrap())
}

/// Without the head, which is the same for all: policy, calendar, files.
fn body(case: &str, policy: &str) -> String {
    let text = run(&[TINY, case, "--policy", policy]);
    text[text.find("\nEvents").unwrap() + 1..].to_owned()
}

#[test]
fn a_masked_miss_whole() {
    insta::assert_snapshot!(run(&[TINY, "T06", "--policy", TARGETS]));
}

#[test]
fn the_same_as_json() {
    insta::assert_snapshot!(run(&[TINY, "T06", "--policy", TARGETS, "--format", "json"]));
}

#[test]
fn cases_of_the_sample() {
    // Missed by a second; paused and the best effort met; paused for good; an agent's case; a stale pause; reopened;
    // unanswered; withdrawn; void.
    for case in ["T02", "T03", "T04", "T07", "T08", "T09", "T10", "T11", "T12"] {
        insta::assert_snapshot!(case, body(case, TARGETS));
    }
}

#[test]
fn a_reclassified_case_under_every_other_rule() {
    for mode in ["prorate", "restart", "keep"] {
        insta::assert_snapshot!(mode, body("T06", &format!("tests/explain/{mode}.toml")));
    }
}

#[test]
fn overtaken_in_a_repeated_hour() {
    insta::assert_snapshot!(run(&[QUEUE, "Q1", "--policy", TARGETS]));
    let text = run(&[QUEUE, "Q2", "--policy", TARGETS]);
    insta::assert_snapshot!(text[text.find("\nPriority").unwrap() + 1..].to_owned());
}

#[test]
fn names_cannot_rearrange_a_terminal() {
    insta::assert_snapshot!(run(&[QUEUE, "H1", "--policy", TARGETS]));
}

#[test]
fn a_version_of_a_book_and_a_holiday() {
    insta::assert_snapshot!(run(&["tests/explain/holiday.csv", "B1", "--policy", "tests/explain/book"]));
}

#[test]
fn no_line_is_wider_than_a_terminal_and_nothing_controls_it() {
    let tiny = (1..=12).map(|n| (TINY, format!("T{n:02}")));
    let queue = ["Q1", "Q2", "H1"].map(|case| (QUEUE, case.to_owned()));
    for (file, case) in tiny.chain(queue) {
        for policy in [TARGETS, "tests/explain/prorate.toml", "tests/explain/restart.toml"] {
            let text = run(&[file, &case, "--policy", policy]);
            assert!(text.ends_with("-- exit 0\n"), "{text}");
            for line in text.lines() {
                assert!(line.chars().count() <= 80, "{case}: {line}");
                assert!(!line.chars().any(char::is_control), "{case}: {line:?}");
            }
        }
    }
}

/// The page shows what the program prints: each of its blocks stands in the output for some case of the sample.
#[test]
fn the_page_shows_what_is_printed() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/explain.md")).unwrap();
    let printed: Vec<String> =
        (1..=12).map(|n| run(&[TINY, &format!("T{n:02}"), "--policy", TARGETS])).collect();
    let blocks: Vec<&str> =
        page.split("```text\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(blocks.len() > 3);
    for block in blocks {
        assert!(printed.iter().any(|text| text.contains(block)), "printed for no case:\n{block}");
    }
}

#[test]
fn a_case_that_is_not_there() {
    insta::assert_snapshot!(run(&[TINY, "t06"]), @"
    -- error output
    error[F306]: no case `t06` among the 12 of the input
    hint: did you mean `T06`?
    -- exit 4
    ");
    insta::assert_snapshot!(run(&[TINY, "T06", "--as-of", "2026-03-01T00:00:00Z"]), @"
    -- error output
    error[F306]: case `T06` has no event up to 2026-03-01T00:00:00Z
    hint: ask with a later --as-of
    -- exit 4
    ");
    insta::assert_snapshot!(run(&[TINY]), @"
    -- error output
    error: expected FILES and after them the id of one CASE, found only one of the two
    hint: as in `slaudit explain cases.csv C-1001`; ids are those of the export
    -- exit 2
    ");
}

/// What is told of one case of a small history.
fn small(history: &str, clock: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let (events, policy) = (folder.path().join("events.csv"), folder.path().join("policy.toml"));
    std::fs::write(&events, format!("case_id,at,event,role,status,severity\n{history}")).unwrap();
    let rules =
        format!("name = \"p\"\n[clock]\n{clock}\n[[severity]]\nlevel = 1\nfirst_response = \"1 hour\"\n");
    std::fs::write(&policy, rules).unwrap();
    let text = run(&[events.to_str().unwrap(), "a", "--policy", policy.to_str().unwrap()]);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn what_stands_for_an_answer_and_what_cannot_be_seen() {
    let opened = "a,2026-01-05T09:00:00Z,opened,customer";
    let resolved = "a,2026-01-05T09:30:00Z,update,agent,Resolved,\nb,2026-01-05T09:30:00Z,message,agent,,\n";
    let text = small(&format!("{opened},New,1\n{resolved}"), "resolution_answers = true");
    assert!(
        text.contains("answered without a message: the resolution or close by an agent is the answer"),
        "{text}"
    );
    assert!(text.contains("resolution_answers=true"), "{text}");
    let text = small(&format!("{opened},New,1\n{resolved}"), "");
    assert!(text.contains("nobody had answered") && !text.contains("answered without a message"), "{text}");
    let message = "a,2026-01-05T09:30:00Z,message,agent,,\n";
    let text = small(&format!("{opened},,1\n{message}"), "");
    let why =
        "no row of the input gives a status: nothing in it shows what ends such a clock, so it is not judged";
    assert_eq!(text.matches(why).count(), 3, "{text}");
    let text = small(&format!("{opened},,1\n"), "");
    assert_eq!(text.matches("gives a status or is a message: nothing in it shows").count(), 3, "{text}");
}
