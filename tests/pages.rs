//! The pages of a report: what they say is what the tables hold, and no text of the input can do harm in them.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Runs `slaudit audit` on `csv` into `report` of a new folder.
fn audit(csv: &str, arguments: &[&str]) -> (TempDir, Output) {
    audit_under("data-samples/policies/in8sync-targets.toml", csv, arguments)
}

fn audit_under(policy: &str, csv: &str, arguments: &[&str]) -> (TempDir, Output) {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("input.csv");
    fs::write(&input, csv).unwrap();
    let out = folder.path().join("report");
    let output = Command::new(env!("CARGO_BIN_EXE_slaudit"))
        .arg("audit")
        .arg(&input)
        .args(["--policy", policy, "--quiet"])
        .arg("--out")
        .arg(&out)
        .args(arguments)
        .current_dir(root())
        .output()
        .unwrap();
    (folder, output)
}

fn read(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join("report").join(name)).unwrap()
}

fn summary(folder: &TempDir) -> Value {
    serde_json::from_str(&read(folder, "summary.json")).unwrap()
}

/// Two months of one severity: in March one of two first responses is met, in April both of two. The gravest is B-1:
/// severity 1, over by most.
const TWO_MONTHS: &str = "\
case_id,at,event,role,actor,status,severity,customer
A-1,2026-03-03T10:00:00-07:00,opened,customer,Cleo,New,1,Acme
A-1,2026-03-03T10:10:00-07:00,message,agent,Ann,Resolved,,
B-1,2026-03-03T12:00:00-07:00,opened,customer,Cleo,New,1,Acme
B-1,2026-03-03T15:00:00-07:00,message,agent,Ann,Resolved,,
C-1,2026-04-07T10:00:00-06:00,opened,customer,Cleo,New,1,Acme
C-1,2026-04-07T10:10:00-06:00,message,agent,Ann,Resolved,,
D-1,2026-04-07T12:00:00-06:00,opened,customer,Cleo,New,1,Acme
D-1,2026-04-07T12:10:00-06:00,message,agent,Ann,Resolved,,
";

#[test]
fn a_period_stands_beside_the_one_before() {
    let (folder, output) = audit(TWO_MONTHS, &["--period", "2026-04"]);
    assert!(output.status.success(), "{output:?}");
    let summary = summary(&folder);
    let rows = summary["tables"]["comparison"].as_array().unwrap();
    let row = rows.iter().find(|r| r["metric"] == "first_response" && r["severity"].is_null()).unwrap();
    let counts =
        ["n_met", "n_judged", "n_met_before", "n_judged_before"].map(|name| row[name].as_i64().unwrap());
    assert_eq!(counts, [2, 2, 1, 2]);
    // 2/2 is 0.342 to 1, 1/2 is 0.0945 to 0.9055: down by the root of 0.658² + 0.4055², up by 0 and 0.4055.
    let shares = ["change", "change_low", "change_high"].map(|name| row[name].as_f64().unwrap());
    assert_eq!(shares.map(|x| (x * 1e3).round() as i64), [500, -273, 905]);
    let page = read(&folder, "report.md");
    assert!(
        page.contains("First response: 100.0% of 2 after 50.0% of 2, +50.0 points, within what chance gives"),
        "{page}"
    );
}

#[test]
fn without_a_period_nothing_is_compared() {
    let (folder, _) = audit(TWO_MONTHS, &[]);
    assert_eq!(summary(&folder)["tables"]["comparison"], Value::Array(Vec::new()));
    assert!(read(&folder, "report.md").contains("No period was asked for"));
}

#[test]
fn the_gravest_finding_comes_first_and_its_case_is_explained() {
    let (folder, _) = audit(TWO_MONTHS, &[]);
    let list = read(&folder, "tables/gravest.csv");
    let first = list.lines().nth(1).unwrap();
    assert!(first.starts_with("1,B-1,R101,1,first_response,1,"), "{first}");
    let page = read(&folder, "report.html");
    assert!(page.contains(r##"<a href="#case-1"><bdi>B-1</bdi></a>"##));
    assert!(page.contains(r#"<details class="case" id="case-1"><summary>Case <bdi>B-1</bdi></summary>"#));
}

#[test]
fn the_answer_counts_what_the_objectives_table_holds() {
    let (folder, _) = audit(TWO_MONTHS, &[]);
    let summary = summary(&folder);
    let objectives = summary["tables"]["objectives"].as_array().unwrap();
    let row = objectives.iter().find(|o| o["objective"] == "first_response").unwrap();
    assert_eq!((row["n_met"].as_i64(), row["n_judged"].as_i64()), (Some(3), Some(4)));
    assert_eq!(row["standing"], "in doubt");
    // At most 3 of 4 come of a goal of 95 % in 18.5 % of the months, and of one of 99 % in 3.9 %.
    let answers = summary["answers"].as_array().unwrap();
    assert_eq!((answers.len(), &answers[0]["standing"]), (1, &Value::from("doubtful")));
    let text = answers[0]["text"].as_str().unwrap();
    assert!(text.starts_with("Not beyond doubt."), "{text}");
    assert!(text.contains("first response (75.0% of 4, goal 95.0%)"), "{text}");
    assert!(text.contains("first response, severity 1 (75.0% of 4, goal 99.0%)"), "{text}");
}

/// Texts that would do harm where they are taken for more than text.
fn hostile() -> String {
    let long = "x".repeat(10_000);
    let texts = [
        "<script>window.pwned=1</script>",
        "\"\"><img src=x onerror=window.pwned=1>",
        "=HYPERLINK(\"\"http://evil.example\"\",\"\"x\"\")",
        "@SUM(1)",
        "{{ 7 * 7 }}{% raw %}",
        "![x](http://evil.example/x.png) | **bold** \u{202e}gnp.exe",
        "bell\u{7} and null-ish \u{1b}[31m",
        "</pre></details><h1>big</h1>",
        "javascript:window.pwned=1",
        &long,
    ];
    let mut csv = "case_id,at,event,role,actor,status,severity,customer\n".to_owned();
    for (i, text) in texts.iter().enumerate() {
        csv += &format!(
            "\"{text}\",2026-03-0{}T10:00:00-07:00,opened,customer,Cleo,New,1,\"{text}\"\n",
            i % 5 + 2
        );
        csv += &format!("\"{text}\",2026-03-0{}T16:00:00-07:00,message,agent,\"{text}\",Open,,\n", i % 5 + 2);
    }
    csv
}

#[test]
fn text_of_the_input_stays_text() {
    let (folder, output) = audit(&hostile(), &["--title", "<b>Ours</b>"]);
    assert!(output.status.success(), "{output:?}");
    let page = read(&folder, "report.html");
    assert_eq!(page.matches("<script").count(), 1);
    assert_eq!(page.matches("<h1").count(), 1);
    for wrong in ["<img", "<b>Ours", "</pre></details><h1>", "49{%", "\u{7}", "\u{1b}"] {
        assert!(!page.contains(wrong), "{wrong:?}");
    }
    assert!(page.contains("&lt;script&gt;window.pwned=1&lt;"), "the text itself is there");
    assert!(!page.contains("href=\"http") && !page.contains("src=\"http"));
    let markdown = read(&folder, "report.md");
    assert!(!markdown.contains("<script") && !markdown.contains("![x](") && !markdown.contains("\n| **"));
    for table in ["gravest", "attainment_by_customer"] {
        let csv = read(&folder, &format!("tables/{table}.csv"));
        let runs = |cell: &str| cell.starts_with(['=', '@']);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_bytes());
        for record in reader.records() {
            assert!(record.unwrap().iter().all(|cell| !runs(cell)), "{table}");
        }
    }
}

#[test]
fn the_page_allows_nothing_but_its_own_style_and_script() {
    use base64::Engine as _;
    use sha2::{Digest, Sha256};
    let (folder, _) = audit(TWO_MONTHS, &[]);
    let page = read(&folder, "report.html");
    let between = |from: &str, to: &str| {
        let start = page.find(from).unwrap() + from.len();
        &page[start..start + page[start..].find(to).unwrap()]
    };
    let policy = between("Content-Security-Policy\" content=\"", "\"");
    assert!(policy.starts_with("default-src 'none'; img-src data:; font-src data:; "), "{policy}");
    for (name, text) in
        [("style", between("<style>", "</style>")), ("script", between("<script>", "</script>"))]
    {
        let hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text.as_bytes()));
        assert!(policy.contains(&format!("{name}-src 'sha256-{hash}'")), "{name}: {policy}");
    }
    assert!(!page.contains(" style=\"") && !page.contains(" onclick="), "none would be let through");
}

#[test]
fn a_theme_colours_the_page_and_shows_its_logo() {
    let folder = tempfile::tempdir().unwrap();
    let theme = folder.path().join("theme.toml");
    fs::write(folder.path().join("logo.svg"), "<svg xmlns='http://www.w3.org/2000/svg'/>").unwrap();
    fs::write(&theme, "accent = \"#7A1F5A\"\nlogo = \"logo.svg\"\nlogo_alt = \"Our mark\"\n").unwrap();
    let (report, output) = audit(TWO_MONTHS, &["--theme", theme.to_str().unwrap()]);
    assert!(output.status.success(), "{output:?}");
    // The template writes a slash in an attribute as an entity, which is the same to a browser.
    let page = read(&report, "report.html").replace("&#x2f;", "/");
    assert!(page.contains("--accent: #7a1f5a"));
    assert!(page.contains(
        "src=\"data:image/svg+xml;base64,PHN2ZyB4bWxucz0naHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmcnLz4=\""
    ));
    assert!(page.contains("alt=\"Our mark\""));
}

#[test]
fn a_theme_that_cannot_be_used_is_told_before_anything_is_read() {
    let folder = tempfile::tempdir().unwrap();
    for (text, expected) in [
        ("accent = \"yellow\"", "F104"),
        ("accent = \"#ffee00\"", "F104"),
        ("colour = \"#000000\"", "F101"),
        ("logo = \"none.png\"", "F109"),
    ] {
        let theme = folder.path().join("theme.toml");
        fs::write(&theme, text).unwrap();
        let (report, output) = audit(TWO_MONTHS, &["--theme", theme.to_str().unwrap()]);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(3), "{text}: {error}");
        assert!(error.contains(&format!("error[{expected}]")), "{text}: {error}");
        assert!(!report.path().join("report").exists());
    }
}

#[test]
fn own_queries_appear_in_every_page() {
    let folder = tempfile::tempdir().unwrap();
    let query = "-- title: Ours by case\n-- grain: one case\n-- column n: events\n\
                 SELECT case_id, SUM(n_events) AS n FROM cases GROUP BY case_id ORDER BY case_id\n";
    fs::write(folder.path().join("ours.sql"), query).unwrap();
    let (report, output) = audit(TWO_MONTHS, &["--queries", folder.path().to_str().unwrap()]);
    assert!(output.status.success(), "{output:?}");
    assert!(Path::new(&report.path().join("report/tables/ours.csv")).exists());
    for page in ["report.html", "report.md"] {
        let text = read(&report, page);
        assert!(text.contains("Own tables") && text.contains("Ours by case"), "{page}");
    }
}

/// A table of the user's: how many first responses were judged, by `sql`, in a report of April.
fn of_april(sql: &str) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let query = format!("-- title: Ours\n-- grain: all\n-- column n: judged\n{sql}\n");
    fs::write(folder.path().join("ours.sql"), query).unwrap();
    let queries = folder.path().to_str().unwrap();
    let (report, output) = audit(TWO_MONTHS, &["--queries", queries, "--period", "2026-04"]);
    assert!(output.status.success(), "{output:?}");
    let n = read(&report, "tables/ours.csv").lines().nth(1).unwrap().to_owned();
    (n, read(&report, "report.md") + &read(&report, "summary.txt"))
}

#[test]
fn own_queries_see_the_period_and_all_of_history_by_another_name() {
    let judged = "metric = 'first_response' AND verdict IN ('met', 'missed')";
    let whole = "whatever the period";
    let (n, said) = of_april(&format!("SELECT COUNT(*) AS n FROM clocks WHERE {judged}"));
    assert_eq!((n.as_str(), said.contains(whole)), ("2", false), "{said}");
    let (n, said) = of_april(&format!("SELECT COUNT(*) AS n FROM all_clocks WHERE {judged}"));
    assert_eq!(n, "4");
    let told = said.replace("\\`", "`").split_whitespace().collect::<Vec<_>>().join(" ").replace("\\_", "_");
    assert_eq!(
        told.matches("able `ours` reads `all_clocks`: all of history, whatever the period").count(),
        3,
        "{said}"
    );
    // Who says it for himself gets what he asks for.
    let (n, said) = of_april(&format!("SELECT COUNT(*) AS n FROM clocks WHERE NOT in_period AND {judged}"));
    assert_eq!((n.as_str(), said.contains(whole)), ("2", false), "{said}");
    assert_eq!(of_april("SELECT COUNT(*) AS n FROM cases").0, "2");
    assert_eq!(of_april("SELECT SUM(n) AS n FROM clock_counts WHERE metric = 'first_response'").0, "2");
}

/// A case of January with a message and its answer in March.
#[test]
fn a_clock_of_the_period_finds_its_older_case() {
    let log = "case_id,at,event,role,actor,status,severity,desk
OLD,2026-01-05T09:00:00-07:00,opened,customer,Cleo,New,3,east
OLD,2026-01-05T09:10:00-07:00,message,agent,Ann,In Progress,,
OLD,2026-03-05T09:00:00-07:00,message,customer,Cleo,,,
OLD,2026-03-05T09:10:00-07:00,message,agent,Ann,Resolved,,
GONE,2026-01-06T09:00:00-07:00,opened,customer,Cleo,New,3,east
GONE,2026-01-06T09:10:00-07:00,message,agent,Ann,Resolved,,
";
    let folder = tempfile::tempdir().unwrap();
    let head = "-- title: By desk\n-- grain: one desk\n";
    let joined = "SELECT c.desk AS desk, COUNT(*) AS n FROM clocks k JOIN cases c ON k.case_id = c.case_id \
                  WHERE k.metric = 'next_response' GROUP BY c.desk ORDER BY desk";
    let left =
        "SELECT COUNT(DISTINCT c.case_id) AS n FROM cases c LEFT JOIN clocks k ON k.case_id = c.case_id";
    fs::write(folder.path().join("joined.sql"), format!("{head}{joined}\n")).unwrap();
    fs::write(folder.path().join("seen.sql"), format!("{head}{left}\n")).unwrap();
    let queries = folder.path().to_str().unwrap();
    let (report, output) = audit(log, &["--queries", queries, "--period", "2026-03"]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(read(&report, "tables/joined.csv"), "desk,n\neast,1\n");
    assert_eq!(read(&report, "tables/seen.csv"), "n\n1\n");
}

/// Four cases opened on Friday evening and answered on Monday morning: within four business hours, and far from within
/// the 24 hours that are best effort.
#[test]
fn best_effort_never_decides_the_answer() {
    let mut log = "case_id,at,event,role,actor,status,severity\n".to_owned();
    for case in ["A", "B", "C", "D"] {
        log += &format!(
            "{case},2026-03-06T18:00:00-07:00,opened,customer,Cleo,New,3\n\
             {case},2026-03-09T08:30:00-06:00,message,agent,Ann,Resolved,\n"
        );
    }
    let (folder, _) = audit(&log, &[]);
    let summary = summary(&folder);
    assert_eq!(summary["answers"][0]["standing"], "good", "{}", summary["answers"]);
    let text = summary["answers"][0]["text"].as_str().unwrap();
    assert!(
        text.starts_with("Yes. All ") && text.contains(" objectives about commitments are kept."),
        "{text}"
    );
    let apart =
        "Best effort, counted apart: after hours response is missed beyond doubt (0.0% of 4, goal 90.0%).";
    assert!(text.ends_with(apart), "{text}");
}

/// The customer closes, and in the same second somebody answers; of two such cases one answer comes a minute later.
#[test]
fn a_clock_that_a_close_ended_is_not_answered() {
    let log = "case_id,at,event,role,actor,status,severity
A,2026-01-05T09:00:00-07:00,opened,customer,Cleo,New,1
A,2026-01-05T12:00:00-07:00,update,customer,Cleo,Closed,
A,2026-01-05T12:00:00-07:00,message,agent,Ann,,
B,2026-01-05T09:00:00-07:00,opened,customer,Cleo,New,1
B,2026-01-05T12:00:00-07:00,update,customer,Cleo,Closed,
B,2026-01-05T12:01:00-07:00,message,agent,Ann,,
";
    let (folder, _) = audit(log, &[]);
    let durations = read(&folder, "tables/durations.csv");
    let wall = durations.lines().find(|line| line.starts_with("first_response,wall,,")).unwrap();
    assert_eq!(wall, "first_response,wall,,2,0,0,2,,,,");
    let times = read(&folder, "tables/response_times.csv");
    assert!(times.lines().skip(1).all(|line| line.contains(",2,0,")), "{times}");
}

/// Resolved within the hour, reopened five months later for an hour: open at the end of no month.
#[test]
fn a_case_is_not_open_between_its_end_and_its_reopening() {
    for rule in ["resume", "restart"] {
        let folder = tempfile::tempdir().unwrap();
        let log = "case_id,at,event,role,actor,status,severity
A,2026-01-05T09:00:00Z,opened,customer,Cleo,New,1
A,2026-01-05T10:00:00Z,message,agent,Ann,Resolved,
A,2026-02-05T10:00:00Z,update,agent,Ann,Closed,
A,2026-06-10T09:00:00Z,message,customer,Cleo,Open,
A,2026-07-10T10:00:00Z,message,agent,Ann,Resolved,
";
        let policy = format!("name = \"p\"\n[[severity]]\nlevel = 1\n[clock]\non_reopen = \"{rule}\"\n");
        fs::write(folder.path().join("p.toml"), policy).unwrap();
        let policy = folder.path().join("p.toml");
        let (report, output) = audit_under(policy.to_str().unwrap(), log, &[]);
        assert!(output.status.success(), "{output:?}");
        let open = read(&report, "tables/open_cases.csv");
        let n: Vec<(&str, &str)> = open
            .lines()
            .skip(1)
            .filter_map(|line| Some((line.get(..10)?, line.split(',').nth(2)?)))
            .collect();
        assert_eq!(n.iter().filter(|(_, n)| *n != "0").collect::<Vec<_>>(), [&("2026-06-30", "1")], "{open}");
    }
}
