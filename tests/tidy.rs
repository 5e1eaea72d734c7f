//! The house rules that can be counted: lengths, headers, who uses whom, codes with page and use, no trace of the
//! machine that a file was made on. Reads the source as text; a rule that needs a compiler is clippy's.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use slaudit::codes;

/// Longest file, in lines.
const FILE_LINES: usize = 600;
/// Longest function, in lines, signature and closing brace included.
const FUNCTION_LINES: usize = 70;

/// The modules in order of the data: one may use only those before it.
const ORDER: [&str; 19] = [
    "codes",
    "diag",
    "schema",
    "zones",
    "calendar",
    "policy",
    "history",
    "generate",
    "ingest",
    "replay",
    "facts",
    "explain",
    "inspect",
    "tables",
    "reconcile",
    "compare",
    "charts",
    "report",
    "cli",
];
/// What is used against that order, with its reason.
const AGAINST_ORDER: [(&str, &str, &str); 1] =
    [("policy", "history", "a policy names roles and categories, which are words of histories")];

/// Codes whose page or use is still owed, with the reason. An entry that is not needed any more fails.
const OWED: [(&str, &str); 0] = [];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every file under `folder` whose name ends in `ending`, as (path from the root, text), in order of path.
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                let name = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
                found.extend(fs::read_to_string(&path).ok().map(|text| (name, text)));
            }
        }
    }
    found.sort();
    found
}

fn sources() -> Vec<(String, String)> {
    ["src", "tests", "benches"].iter().flat_map(|folder| files(folder, ".rs")).collect()
}

fn assert_none(what: &str, found: &[String]) {
    assert!(found.is_empty(), "{what}:\n{}", found.join("\n"));
}

#[test]
fn files_are_short() {
    let long: Vec<String> = sources()
        .iter()
        .map(|(name, text)| (name, text.lines().count()))
        .filter(|&(_, n)| n > FILE_LINES)
        .map(|(name, n)| format!("{name}: {n} lines"))
        .collect();
    assert_none("files over 600 lines", &long);
}

/// (name of the file and of the function, its lines). Relies on rustfmt: a function ends at the first line that is
/// its own indentation and a brace.
fn functions(name: &str, text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let Some(function) = declared(line.trim_start()) else { continue };
        let end = format!("{}}}", " ".repeat(indent));
        let ends_at = lines[i..].iter().position(|l| *l == end).unwrap_or(0);
        found.push((format!("{name}:{}: {function}", i + 1), ends_at + 1));
    }
    found
}

/// The name of the function that `line` declares.
fn declared(line: &str) -> Option<&str> {
    let mut rest = line;
    for word in ["pub ", "pub(crate) ", "pub(super) ", "const ", "async ", "unsafe "] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    let name = rest.strip_prefix("fn ")?;
    name.split(['(', '<']).next()
}

#[test]
fn functions_fit_a_screen() {
    let long: Vec<String> = sources()
        .iter()
        .flat_map(|(name, text)| functions(name, text))
        .filter(|&(_, n)| n > FUNCTION_LINES)
        .map(|(place, n)| format!("{place}: {n} lines"))
        .collect();
    assert_none("functions over 70 lines", &long);
}

#[test]
fn every_file_says_what_it_is() {
    let bare: Vec<String> =
        sources().into_iter().filter(|(_, text)| !text.starts_with("//! ")).map(|(name, _)| name).collect();
    assert_none("files without a `//!` header", &bare);
}

#[test]
fn nothing_is_left_undone() {
    let words = ["todo!", "unimplemented!", "dbg!", "#[ignore", "allow(dead_code)"];
    let found: Vec<String> = sources()
        .iter()
        .filter(|(name, _)| name != "tests/tidy.rs")
        .flat_map(|(name, text)| {
            text.lines().enumerate().map(move |(i, line)| (format!("{name}:{}", i + 1), line))
        })
        .filter(|(_, line)| words.iter().any(|word| line.contains(word)))
        .map(|(place, line)| format!("{place}: {}", line.trim()))
        .collect();
    assert_none("left undone", &found);
}

#[test]
fn no_file_knows_the_machine_it_was_made_on() {
    // Written in two parts, so that this file does not find itself.
    let homes = [
        concat!("/ro", "ot/"),
        concat!("/ho", "me/"),
        concat!("/wo", "rk/"),
        concat!("/Us", "ers/"),
        concat!("/tm", "p/"),
    ];
    let endings = [".rs", ".toml", ".md", ".sql", ".json", ".snap", ".csv", ".html", ".case", ".txt", "run"];
    let folders = ["src", "tests", "benches", "docs", "queries", "data-samples", "reports/sample", ".ci"];
    let mut found = Vec::new();
    for (name, text) in folders.iter().flat_map(|folder| files(folder, "")).chain(top_level()) {
        if !endings.iter().any(|ending| name.ends_with(ending)) {
            continue;
        }
        for (i, line) in text.lines().enumerate() {
            if homes.iter().any(|home| starts_path(line, home)) {
                found.push(format!("{name}:{}: {}", i + 1, line.trim()));
            }
        }
    }
    assert_none("paths of a machine", &found);
}

/// True where `home` begins an absolute path in `line`: nothing that belongs to a path or an address before it.
fn starts_path(line: &str, home: &str) -> bool {
    line.match_indices(home).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| {
            c.is_alphanumeric() || matches!(c, '.' | '/' | '_' | '-' | '}' | '$' | '~' | '*')
        })
    })
}

fn top_level() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            found.extend(fs::read_to_string(&path).ok().map(|text| (name, text)));
        }
    }
    found
}

/// The module of a source file: `src/replay/clock.rs` and `src/replay.rs` belong to `replay`.
fn module(name: &str) -> Option<&str> {
    let rest = name.strip_prefix("src/")?;
    let module = rest.split('/').next()?;
    let module = module.strip_suffix(".rs").unwrap_or(module);
    (!matches!(module, "lib" | "main")).then_some(module)
}

/// The modules that a source file names as `crate::NAME`, its comments left out.
fn used(text: &str) -> Vec<&str> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let mut modules: Vec<&str> = code
        .flat_map(|line| line.split("crate::").skip(1))
        .filter_map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next())
        .filter(|word| !word.is_empty())
        .collect();
    modules.sort_unstable();
    modules.dedup();
    modules
}

#[test]
fn modules_use_only_those_before_them() {
    let place: BTreeMap<&str, usize> = ORDER.iter().enumerate().map(|(i, &name)| (name, i)).collect();
    let mut found = Vec::new();
    let mut needed = Vec::new();
    for (name, text) in files("src", ".rs") {
        let Some(user) = module(&name) else { continue };
        let Some(own) = place.get(user) else {
            found.push(format!("{name}: module `{user}` has no place in the order"));
            continue;
        };
        for other in used(&text) {
            let exception = AGAINST_ORDER.iter().find(|(a, b, _)| (*a, *b) == (user, other));
            match place.get(other) {
                Some(place) if place <= own => {}
                Some(_) if exception.is_some() => needed.extend(exception),
                Some(_) => found.push(format!("{name} uses `{other}`, which comes after `{user}`")),
                None if other == "Error" => {}
                None => found.push(format!("{name} uses `crate::{other}`, which has no place in the order")),
            }
        }
    }
    for exception in AGAINST_ORDER {
        if !needed.contains(&&exception) {
            found.push(format!("the exception {exception:?} is not needed any more"));
        }
    }
    assert_none("modules used against the order", &found);
}

#[test]
fn offsets_of_zones_are_asked_in_one_place() {
    // What a chrono zone answers is of chrono-tz's own release of the data: nothing of ours may ask it.
    let words =
        ["TimeZone", "with_timezone(&", "IANA_TZDB_VERSION", "parse::<Tz>", "TZ_VARIANTS", "chrono::prelude"];
    let found: Vec<String> = files("src", ".rs")
        .iter()
        .filter(|(name, _)| !name.starts_with("src/zones/"))
        .flat_map(|(name, text)| {
            text.lines().enumerate().map(move |(i, line)| (format!("{name}:{}", i + 1), line))
        })
        .filter(|(_, line)| words.iter().any(|word| line.contains(word)))
        .map(|(place, line)| format!("{place}: {}", line.trim()))
        .collect();
    assert_none("asks a zone of chrono-tz", &found);
}

/// The headings of a code's page, in this order.
const HEADINGS: [&str; 4] = ["## What it is", "## Why it matters", "## Example", "## What to do"];

fn is_owed(code: &str) -> bool {
    OWED.iter().any(|(owed, _)| *owed == code)
}

#[test]
fn every_code_has_a_page_with_the_four_headings() {
    let pages: BTreeMap<String, String> = files("docs/codes", ".md").into_iter().collect();
    let mut found = Vec::new();
    for code in codes::ALL {
        let name = format!("docs/codes/{}.md", code.code);
        let Some(page) = pages.get(&name) else {
            found.push(format!("{name} is missing"));
            continue;
        };
        let title = format!("# {}: {}", code.code, code.title);
        if page.lines().next() != Some(title.as_str()) {
            found.push(format!("{name} does not begin with `{title}`"));
        }
        let headings: Vec<&str> = page.lines().filter(|line| line.starts_with("## ")).collect();
        if headings != HEADINGS {
            found.push(format!("{name} has the headings {headings:?}"));
        }
    }
    let known = |name: &str| codes::ALL.iter().any(|code| name == format!("docs/codes/{}.md", code.code));
    found.extend(
        pages
            .keys()
            .filter(|name| !known(name) && !name.ends_with("README.md"))
            .map(|name| format!("{name} is the page of no code")),
    );
    assert_none("pages of codes", &found);
}

#[test]
fn every_code_is_raised_somewhere() {
    let sources: Vec<(String, String)> =
        files("src", ".rs").into_iter().filter(|(name, _)| name != "src/codes.rs").collect();
    let raised = |code: &str| {
        let constant = format!("codes::{code}");
        let imported = |text: &str| text.contains("use crate::codes::{") && text.contains(code);
        sources.iter().any(|(_, text)| text.contains(&constant) || imported(text))
    };
    let mut found = Vec::new();
    for code in codes::ALL {
        match (raised(code.code), is_owed(code.code)) {
            (false, false) => found.push(format!("{} is raised nowhere", code.code)),
            (true, true) => {
                found.push(format!("{} is raised: its entry in OWED is not needed any more", code.code))
            }
            _ => {}
        }
    }
    assert_none("codes", &found);
}

#[test]
fn codes_stand_in_order_and_once() {
    let listed: Vec<&str> = codes::ALL.iter().map(|code| code.code).collect();
    let mut sorted = listed.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(listed, sorted);
}

/// Codes of what no file can show: an input that cannot be opened, places that cannot be written, facts that
/// contradict themselves, a case that is asked for and not there.
const WITHOUT_SAMPLE: [&str; 6] = ["F301", "F306", "F308", "F401", "F402", "F403"];

#[test]
fn every_code_has_a_smallest_sample() {
    let names = |folder: &str| -> Vec<String> {
        let entries = std::fs::read_dir(root().join(folder)).unwrap();
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
    };
    let samples = [names("data-samples/defects"), names("data-samples/defects/policy")].concat();
    let missing = |code: &&slaudit::codes::Code| !samples.iter().any(|name| name.starts_with(code.code));
    let without: Vec<&str> = slaudit::codes::ALL.iter().filter(missing).map(|code| code.code).collect();
    assert_eq!(without, WITHOUT_SAMPLE);
}
