//! What a check writes for machines: JUnit XML, Markdown, annotations; and that no text of the input gets out of its
//! place in any of them.

use std::fs;

use resvg::usvg::roxmltree::Document;

use super::{CHECK, audited, edit, run};

const FILES: &str = "--junit junit.xml --markdown summary.md --github";

/// A case id that is markup, a link, a workflow command and a formula at once.
const HOSTILE: &str = "=<b>|[x](http://a.b)`*_%0A::error::&\" ::stop-commands::t ##[group]";

#[test]
fn what_passes_is_written_as_passed() {
    let folder = audited();
    let said = run(folder.path(), &format!("{CHECK} {FILES}"));
    assert!(!said.contains("::error"), "{said}");
    let xml = fs::read_to_string(folder.path().join("junit.xml")).unwrap();
    let document = Document::parse(&xml).unwrap();
    let suite = document.descendants().find(|node| node.has_tag_name("testsuite")).unwrap();
    let cases: Vec<_> = suite.children().filter(|node| node.has_tag_name("testcase")).collect();
    // The rows of the input, 6 fact tables, 23 compliance tables, 7 objectives.
    assert_eq!(cases.len(), 37);
    assert_eq!((suite.attribute("tests"), suite.attribute("failures")), (Some("37"), Some("0")));
    let summary = fs::read_to_string(folder.path().join("summary.md")).unwrap();
    assert!(summary.starts_with("## slaudit check passed\n"), "{summary}");
}

#[test]
fn what_fails_is_a_failure_with_its_text() {
    let folder = audited();
    edit(&folder, "events.csv", |text| text.replace("2026-03-02T17:00:01Z", "2026-03-02T17:00:00Z"));
    let said = run(folder.path(), &format!("{CHECK} {FILES}"));
    let first = said.lines().find(|line| line.starts_with("::error")).unwrap();
    assert_eq!(
        first,
        "::error file=baseline/facts/clocks.csv,line=6,title=slaudit%3A verdicts that changed::case T02, \
         first_response 1: missed -> met%0Adue 2026-03-02T17:00:00Z, as before"
    );
    let row = fs::read_to_string(folder.path().join("baseline/facts/clocks.csv")).unwrap();
    assert!(row.lines().nth(5).unwrap().starts_with("T02,first_response,1,"), "{row}");
    let commands: Vec<&str> = said.lines().filter(|line| line.starts_with("::")).collect();
    assert_eq!(commands.len(), 10);
    assert!(commands[9].contains("more, in the log of this step"), "{said}");
    let xml = fs::read_to_string(folder.path().join("junit.xml")).unwrap();
    let document = Document::parse(&xml).unwrap();
    let failed = |class: &str, name: &str| {
        let case = document
            .descendants()
            .find(|node| node.attribute("classname") == Some(class) && node.attribute("name") == Some(name));
        case.unwrap().children().find(|node| node.has_tag_name("failure"))
    };
    let failure = failed("slaudit.facts", "clocks").unwrap();
    assert!(failure.attribute("message").unwrap().contains("case T02, first_response 1: missed -> met"));
    assert!(failure.text().unwrap().contains("elapsed_s 3601 -> 3600"));
    assert!(failed("slaudit.tables", "verdicts").is_some() && failed("slaudit.tables", "arrivals").is_none());
    let summary = fs::read_to_string(folder.path().join("summary.md")).unwrap();
    assert!(summary.starts_with("## slaudit check failed\n"), "{summary}");
    assert!(summary.contains("\n- case T02, first\\_response 1\\: missed -&gt; met\n"), "{summary}");
}

#[test]
fn a_hostile_case_id_stays_in_its_place() {
    let folder = audited();
    let quoted = format!("\"{}\"", HOSTILE.replace('"', "\"\""));
    edit(&folder, "events.csv", |text| {
        text + &format!("{quoted},2026-03-20T16:00:00Z,opened,customer,Zed,New,1,,,\n")
    });
    let said = run(folder.path(), &format!("{CHECK} {FILES}"));
    assert!(said.ends_with("-- exit 1"), "{said}");
    // A build log knows commands by the beginning of a line, and `##[` anywhere.
    for line in said.lines().map(str::trim_start) {
        let is_ours = line.starts_with("::error file=baseline/") || line.starts_with("::error title=slaudit");
        assert!(is_ours || line.starts_with("::notice title=slaudit") || !line.starts_with("::"), "{line}");
        assert!(!line.contains("##["), "{line}");
    }
    let annotation = said.lines().find(|line| line.starts_with("::error") && line.contains("<b>")).unwrap();
    assert!(annotation.contains("%250A::error::&\""), "{annotation}");
    let xml = fs::read_to_string(folder.path().join("junit.xml")).unwrap();
    let document = Document::parse(&xml).unwrap();
    assert!(document.descendants().all(|node| !node.has_tag_name("b")));
    let text: String = document.descendants().filter_map(|node| node.text()).collect();
    assert!(text.contains("case =<b>|[x](http://a.b)`*_%0A::error::&\""), "{text}");
    let summary = fs::read_to_string(folder.path().join("summary.md")).unwrap();
    assert!(summary.contains("\\=&lt;b&gt;\\|\\[x\\]\\(http\\:\\/\\/a\\.b\\)\\`\\*\\_"), "{summary}");
    // In the baseline it is no formula, and it comes back as the same case.
    run(folder.path(), &format!("{CHECK} --update"));
    let cases = fs::read_to_string(folder.path().join("baseline/facts/cases.csv")).unwrap();
    assert!(cases.contains("\n\"'=<b>|[x]"), "{cases}");
    assert!(run(folder.path(), CHECK).ends_with("-- exit 0"));
}

#[test]
fn an_output_that_cannot_be_written_is_an_error() {
    let folder = audited();
    let said = run(folder.path(), &format!("{CHECK} --junit nowhere/junit.xml"));
    assert!(said.contains("error[F402]: cannot write: ") && said.ends_with("-- exit 5"), "{said}");
}
