//! `whatif` and `sweep` from the command line: what they write, what `explain` says of it, and what they refuse.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const TARGETS: &str = "data-samples/policies/in8sync-targets.toml";
const PROPOSED: &str = "data-samples/policies/in8sync-proposed.toml";
const LOG: [&str; 3] = ["data-samples/servicenow/incidents.csv", "--profile", "servicenow"];

fn slaudit(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_slaudit"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap()
}

fn said(output: &Output) -> (String, String, i32) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr), output.status.code().unwrap())
}

fn done(arguments: &[&str]) -> String {
    let (out, err, code) = said(&slaudit(arguments));
    assert_eq!(code, 0, "{err}");
    out
}

/// The rows of a table, by column.
fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

/// A copy of `policy` with one text in it changed.
fn changed(folder: &Path, from: &str, to: &str) -> PathBuf {
    let shown = done(&["policy", "show", TARGETS]);
    assert!(shown.contains(from), "{shown}");
    let path = folder.join("changed.toml");
    std::fs::write(&path, shown.replacen(from, to, 1)).unwrap();
    path
}

/// Metric, cycle and verdict of every clock of a case, as `explain` has them.
fn explained(case: &str, policy: &str) -> BTreeMap<(String, u64), String> {
    let arguments =
        [&["explain", LOG[0], case][..], &LOG[1..], &["--policy", policy, "--format", "json"]].concat();
    let told: Value = serde_json::from_str(&done(&arguments)).unwrap();
    let clock = |clock: &Value| {
        let word = |name: &str| clock[name].as_str().unwrap().to_owned();
        ((word("metric"), clock["cycle"].as_u64().unwrap()), word("verdict"))
    };
    told["clocks"].as_array().unwrap().iter().map(clock).collect()
}

#[test]
fn explain_confirms_every_verdict_that_one_number_changes() {
    let folder = tempfile::tempdir().unwrap();
    let from = "first_response = \"4 business hours\"";
    let proposed = changed(folder.path(), from, "first_response = \"3 business hours\"");
    let (proposed, out) = (proposed.to_str().unwrap(), folder.path().join("out"));
    let compared = ["--policy", TARGETS, "--proposed", proposed, "--out", out.to_str().unwrap(), "--quiet"];
    assert_eq!(done(&[&["whatif"][..], &LOG, &compared].concat()), "");
    let flips = rows(&out.join("tables/flips.csv"));
    assert!(flips.len() > 5, "{}", flips.len());
    for flip in &flips {
        assert_eq!((flip["metric"].as_str(), flip["severity"].as_str()), ("first_response", "3"));
        assert_eq!((flip["reason"].as_str(), flip["effect"].as_str()), ("new target", "lost"));
        let name = (flip["metric"].clone(), flip["cycle"].parse().unwrap());
        assert_eq!(explained(&flip["case_id"], TARGETS)[&name], flip["verdict"]);
        assert_eq!(explained(&flip["case_id"], proposed)[&name], flip["verdict_proposed"]);
    }
    let lost: usize = rows(&out.join("tables/paired.csv"))
        .iter()
        .filter(|row| row["severity"] == "all")
        .map(|row| row["n_lost"].parse::<usize>().unwrap() + row["n_gained"].parse::<usize>().unwrap())
        .sum();
    assert_eq!(lost, flips.len());
}

#[test]
fn a_policy_beside_itself_changes_nothing() {
    let compared = ["--policy", TARGETS, "--proposed", TARGETS, "--summary"];
    let out = done(&[&["whatif"][..], &LOG, &compared].concat());
    assert!(out.contains("No verdict differs under in8sync-targets."), "{out}");
    assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
}

#[test]
fn the_folder_is_whole_verified_and_the_same_again() {
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (folder.path().join("a"), folder.path().join("b"));
    for (out, threads) in [(&a, "1"), (&b, "2")] {
        let compared = ["--policy", TARGETS, "--proposed", PROPOSED, "--out", out.to_str().unwrap()];
        let out = done(&[&["whatif"][..], &LOG, &compared, &["--threads", threads]].concat());
        assert!(out.lines().all(|line| line.chars().count() <= 80 || line.starts_with("wrote ")), "{out}");
    }
    let files = |folder: &Path| -> BTreeMap<String, Vec<u8>> {
        let mut all = BTreeMap::new();
        for part in ["", "tables", "charts"] {
            for entry in std::fs::read_dir(folder.join(part)).unwrap() {
                let entry = entry.unwrap();
                if entry.file_type().unwrap().is_file() {
                    let name = format!("{part}/{}", entry.file_name().to_str().unwrap());
                    all.insert(name, std::fs::read(entry.path()).unwrap());
                }
            }
        }
        all
    };
    let (mut first, mut second) = (files(&a), files(&b));
    // They name the command, and so the folder and the threads.
    for name in ["/manifest.json", "/report.html", "/report.md", "/report.xlsx"] {
        assert!(first.remove(name).is_some() && second.remove(name).is_some(), "{name}");
    }
    assert_eq!(first, second);
    let tables = first.keys().filter(|name| name.starts_with("tables/")).count();
    assert_eq!(tables, 8);
    let verified = done(&["verify", a.to_str().unwrap()]);
    assert!(verified.contains("unchanged"), "{verified}");
    let page = std::fs::read_to_string(a.join("report.html")).unwrap();
    assert!(page.contains("What if: in8sync-proposed"));
}

#[test]
fn a_sweep_writes_what_it_found() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let swept = ["--policy", TARGETS, "--vary", "severity.3.first_response=1bh..12bh/1bh", "--goal", "70%"];
    let arguments = [&["sweep"][..], &LOG, &swept, &["--out", out.to_str().unwrap()]].concat();
    let said = done(&arguments);
    let table = rows(&out.join("tables/sweep.csv"));
    assert_eq!(table.len(), 12);
    let number = |row: &BTreeMap<String, String>, name: &str| row[name].parse::<f64>().unwrap();
    assert!(table.iter().is_sorted_by_key(|row| row["n_kept"].parse::<u64>().unwrap()));
    let first = table.iter().find(|row| number(row, "share") >= 0.7).unwrap();
    let found = &rows(&out.join("tables/tightest.csv"))[0];
    assert_eq!(found["tightest"], first["value"]);
    assert!(said.contains(&format!("{} is the tightest value", first["value"])), "{said}");
    let now: Vec<&str> =
        table.iter().filter(|row| row["is_now"] == "true").map(|row| row["value"].as_str()).collect();
    assert_eq!(now, ["4bh"]);
    let again = done(&arguments);
    assert_eq!(again, said);
    assert!(out.join("charts/sweep.svg").is_file() && out.join("charts/sweep.png").is_file());
}

#[test]
fn two_keys_make_a_map() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let keys = [
        "--vary",
        "calendars.support.open=07:00..08:00/30m",
        "--vary",
        "calendars.support.days=mon-fri|mon-sat",
    ];
    let rest = ["--policy", TARGETS, "--goal", "60%", "--out", out.to_str().unwrap()];
    done(&[&["sweep"][..], &LOG, &keys, &rest].concat());
    let table = rows(&out.join("tables/sweep.csv"));
    let values: Vec<(&str, &str)> =
        table.iter().map(|row| (row["value"].as_str(), row["value_2"].as_str())).collect();
    assert_eq!(values[..3], [("07:00", "mon-sat"), ("07:00", "mon-fri"), ("07:30", "mon-sat")]);
    assert_eq!(rows(&out.join("tables/tightest.csv")).len(), 3);
}

#[test]
fn what_cannot_be_varied_is_said() {
    let refused = |vary: &str, more: &[&str]| {
        let arguments =
            [&["sweep"][..], &LOG, &["--policy", TARGETS, "--vary", vary, "--summary"], more].concat();
        let (_, err, code) = said(&slaudit(&arguments));
        assert_eq!(code, 2, "{err}");
        err
    };
    assert!(refused("clock.on_reopen=restart", &[]).contains("expected a key that can be varied"));
    assert!(
        refused("severity.7.first_response=1h", &[]).contains("nothing called `severity.7.first_response`")
    );
    assert!(refused("calendars.support.close=07:00", &[]).contains("begin before they end"));
    assert!(refused("priority.tolerance=1bh", &["--metric", "update"]).contains("`--metric`"));
    let two = ["--vary", "inactivity.resolved.close_after=1bd"];
    assert!(refused("severity.1.update=1h", &two).contains("different things"));
}

#[test]
fn longer_hours_are_told_wherever_business_time_is_compared() {
    let folder = tempfile::tempdir().unwrap();
    let longer = changed(folder.path(), "08:00-17:00", "06:00-20:00");
    let out = folder.path().join("out");
    let compared = |proposed: &str| {
        let more = ["--policy", TARGETS, "--proposed", proposed, "--out", out.to_str().unwrap()];
        done(&[&["whatif"][..], &LOG, &more].concat())
    };
    let said = compared(longer.to_str().unwrap());
    let words = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("business: the policies are not open at the same hours"), "{said}");
    let page = std::fs::read_to_string(out.join("report.md")).unwrap();
    assert_eq!(page.matches("the policies are not open at the same hours").count(), 2, "{page}");
    // Other targets on the same calendar can be compared.
    let said = compared(changed(folder.path(), "4 business hours", "3 business hours").to_str().unwrap());
    assert!(said.contains("\nTime over target") && !said.contains("not open at the same hours"), "{said}");
}

/// Two cases answered two days late, under a policy of one severity whose first response is due after `target`.
fn late_answers(folder: &Path, target: &str) -> PathBuf {
    let log = "case_id,at,event,role,actor,status,severity
A,2026-03-02T09:00:00Z,opened,customer,cu,New,1
A,2026-03-04T11:00:00.5Z,message,agent,ag,Open,
B,2026-03-02T10:00:00Z,opened,customer,cu,New,1
B,2026-03-04T13:00:00Z,message,agent,ag,Open,
";
    std::fs::write(folder.join("late.csv"), log).unwrap();
    let policy = format!(
        "name = \"{target}\"\ntimezone = \"UTC\"\n[calendars.desk]\nhours = {{ mon-fri = \"09:00-17:00\" }}\n\
         [[severity]]\nlevel = 1\nfirst_response = \"{target}\"\n[objectives]\n\"first_response\" = 0.9\n"
    );
    let path = folder.join(format!("{}.toml", target.replace(' ', "-")));
    std::fs::write(&path, policy).unwrap();
    path
}

fn late(folder: &Path, now: &str, proposed: &str) -> PathBuf {
    let (now, proposed) = (late_answers(folder, now), late_answers(folder, proposed));
    let (log, out) = (folder.join("late.csv"), folder.join("out"));
    let policies = ["--policy", now.to_str().unwrap(), "--proposed", proposed.to_str().unwrap()];
    let arguments =
        [&["whatif", log.to_str().unwrap()][..], &policies, &["--out", out.to_str().unwrap()]].concat();
    let said = done(&arguments);
    assert!(said.lines().all(|line| line.chars().count() <= 80 || line.starts_with("wrote ")), "{said}");
    out
}

#[test]
fn business_hours_and_hours_are_never_set_beside_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let out = late(folder.path(), "2 business hours", "2 hours");
    let costs = rows(&out.join("tables/cost.csv"));
    assert!(costs.iter().all(|row| row["is_comparable"] == "false" && row["more_s"].is_empty()), "{costs:?}");
    let page = std::fs::read_to_string(out.join("report.md")).unwrap();
    assert!(page.contains("clocks over target: first response 2, as many as now"), "{page}");
    assert!(!page.contains("by 0 "), "{page}");
    let chart = std::fs::read_to_string(out.join("charts/cost.svg")).unwrap();
    assert!(chart.contains("over target in 2 clocks under 2-hours, as now"), "{chart}");
    // In one kind of time the lengths say it.
    let out = late(folder.path(), "2 business hours", "4 business hours");
    let page = std::fs::read_to_string(out.join("report.md")).unwrap();
    assert!(page.contains("faster by 29 business hours together, now by 33 business hours"), "{page}");
}

#[test]
fn overtime_is_the_whole_seconds_of_the_facts() {
    let folder = tempfile::tempdir().unwrap();
    let out = late(folder.path(), "60 hours", "50 hours");
    let flips = rows(&out.join("tables/flips.csv"));
    let over: Vec<(&str, &str)> =
        flips.iter().map(|row| (row["case_id"].as_str(), row["over_proposed_s"].as_str())).collect();
    // 50 hours and half a second; 51 hours.
    assert_eq!(over, [("A", "1"), ("B", "3600")]);
    assert!(flips[0]["message"].ends_with("1 s over"), "{}", flips[0]["message"]);
    assert_eq!(rows(&out.join("tables/cost.csv"))[0]["over_proposed_s"], "3601");
    let page = std::fs::read_to_string(out.join("report.md")).unwrap();
    assert!(page.contains("0 of 2 commitments would have been kept (0.0%) instead of 2 (100.0%): 2 lost, 0"));
    assert!(page.contains("gained, all of first response."), "{page}");
    assert!(page.contains("now none of them is over its target"), "{page}");
}

#[test]
fn every_run_has_one_shape_of_summary() {
    let folder = tempfile::tempdir().unwrap();
    let out = late(folder.path(), "60 hours", "50 hours");
    let policy = folder.path().join("50-hours.toml");
    let (log, policy) = (folder.path().join("late.csv"), policy.to_str().unwrap());
    let run = |arguments: &[&str]| {
        let out = folder.path().join(arguments[0]);
        let given = [log.to_str().unwrap(), "--policy", policy, "--out", out.to_str().unwrap(), "--quiet"];
        done(&[&arguments[..1], &given, &arguments[1..]].concat());
        out
    };
    let swept = run(&["sweep", "--vary", "severity.1.first_response=40h..60h/10h", "--goal", "90%"]);
    let mut shapes = Vec::new();
    for (folder, name) in [(run(&["audit"]), "audit"), (out, "whatif"), (swept, "sweep")] {
        let text = std::fs::read_to_string(folder.join("summary.json")).unwrap();
        let summary: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(summary["run"], name);
        assert_eq!((summary["cases"].as_u64(), summary["events"].as_u64()), (Some(2), Some(4)), "{name}");
        let answers = summary["answers"].as_array().unwrap();
        assert!(
            !answers.is_empty() && answers.iter().all(|a| a["text"].is_string() && a["standing"].is_string())
        );
        let is_rows = |table: &Value| table.as_array().unwrap().iter().all(Value::is_object);
        assert!(summary["tables"].as_object().unwrap().values().all(is_rows), "{name}");
        let kind = |key: &str| match &summary[key] {
            Value::Object(_) => "object",
            Value::Array(_) => "list",
            Value::String(_) => "text",
            Value::Number(_) => "number",
            _ => "nothing",
        };
        let keys = [
            "run", "title", "about", "answers", "cases", "events", "inputs", "assumed", "left_out", "tables",
        ];
        shapes.push(keys.map(kind));
    }
    assert_eq!(
        shapes[0],
        ["text", "text", "object", "list", "number", "number", "list", "list", "list", "object"]
    );
    assert!(shapes.iter().all(|shape| *shape == shapes[0]), "{shapes:?}");
}

#[test]
fn severities_in_which_nothing_differs_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let from = "first_response = \"4 business hours\"";
    let proposed = changed(folder.path(), from, "first_response = \"3 business hours\"");
    let compared = ["--policy", TARGETS, "--proposed", proposed.to_str().unwrap(), "--summary"];
    let said = done(&[&["whatif"][..], &LOG, &compared].concat());
    let lines = said.lines().filter(|line| line.starts_with("  severity ")).count();
    let told = said.lines().find(|line| line.starts_with("left out: ")).unwrap();
    let n: usize = told.split(' ').nth(2).unwrap().parse().unwrap();
    let out = folder.path().join("out");
    let compared =
        ["--policy", TARGETS, "--proposed", proposed.to_str().unwrap(), "--out", out.to_str().unwrap()];
    done(&[&["whatif"][..], &LOG, &compared, &["--quiet"]].concat());
    let all = rows(&out.join("tables/paired.csv"));
    let all = all.iter().filter(|row| row["kind"] == "commitment" && row["severity"] != "all").count();
    assert_eq!(lines + n, all, "{said}");
    assert!(said.contains("change: in points, of the shares before they are rounded"), "{said}");
}

#[test]
fn a_share_that_misses_the_goal_never_looks_as_if_it_held_it() {
    let swept = |goal: &str| {
        let vary = ["--policy", TARGETS, "--vary", "severity.3.first_response=3bh..4bh/1bh", "--goal", goal];
        done(&[&["sweep"][..], &LOG, &vary, &["--summary"]].concat())
    };
    let said = swept("99.9%");
    let line = |said: &str, value: &str| {
        let line = said.lines().find(|line| line.starts_with(value)).unwrap_or_else(|| panic!("{said}"));
        line.split_whitespace().map(|word| word.replace(',', "")).collect::<Vec<_>>()
    };
    // Of the values none holds it: the nearest is told, and how many are missing.
    let words = line(&said, "4bh (now)");
    let (kept, n): (f64, f64) = (words[2].parse().unwrap(), words[3].parse().unwrap());
    let missing = (0.999 * n).ceil() - kept;
    let sentence = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let nearest =
        format!("; the nearest is 4bh with {}: {} of {} {missing} too few.", words[4], words[2], words[3]);
    assert!(sentence.replace(',', "").contains(&nearest), "{nearest}: {said}");
    // A goal just above the share, which one decimal would not tell from it.
    let goal = ((kept / n * 1_000.0).round() + 0.0) / 10.0;
    let goal = if goal / 100.0 > kept / n { goal } else { kept / n * 100.0 + 0.01 };
    let said = swept(&format!("{goal:.2}%"));
    let share: f64 = line(&said, "4bh (now)")[4].trim_end_matches('%').parse().unwrap();
    let shown = said.split("No value keeps ").nth(1).unwrap().split('%').next().unwrap();
    assert!(share < shown.parse().unwrap(), "{share}, {shown}: {said}");
}
