//! Thousands of random histories through the library and through the oracle: every column of every row.
//!
//! Both sides read the same two texts, a canonical file and a policy. The first case that differs is made as
//! small as it will go and printed as those texts.

use std::collections::BTreeMap;
use std::fmt::Write;

use slaudit::calendar::Instant;
use slaudit::ingest::{self, Plan, Profile, Silent};
use slaudit::policy;
use slaudit::replay::{Replayer, Workspace};

use super::asked;
use super::compare::differences;
use super::histories::{self, Input, instant};
use super::laws;
use super::once;
use super::oracle::{self, Calendars, METRICS};
use super::policies::{self, PolicyText, Reach};
use super::random::Random;

#[test]
fn the_library_and_the_oracle_agree() {
    agree(7, Reach::Retarget);
}

#[test]
fn the_library_and_the_oracle_agree_on_every_mode() {
    agree(8, Reach::Everything);
}

#[test]
fn the_library_and_the_oracle_agree_on_every_shipped_policy() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples/policies");
    let mut n_policies = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let book = policy::load(&entry.unwrap().path()).unwrap();
        for version in &book.versions {
            // With everything that it inherits and every default, as TOML: each side reads it in its own way.
            let text = policy::show(version);
            let calendars = [oracle::calendars_of(&text, histories::SPAN)];
            let mut random = Random(9);
            agree_on(rounds() / 4, &calendars, &mut random, |_| PolicyText { text: text.clone(), base: 0 });
            n_policies += 1;
        }
    }
    assert_eq!(n_policies, 3);
}

/// More rounds are asked for by hand, before a release.
fn rounds() -> usize {
    std::env::var("SLAUDIT_ORACLE_ROUNDS").map_or(60, |n| n.parse().unwrap())
}

fn agree(seed: u64, reach: Reach) {
    let mut random = Random(seed);
    agree_on(rounds(), &laws::calendars(), &mut random, |random| policies::any(random, reach));
}

/// Fails with the smallest history for each kind of disagreement, a few at most.
fn agree_on(
    rounds: usize,
    calendars: &[Calendars],
    random: &mut Random,
    policy: impl Fn(&mut Random) -> PolicyText,
) {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for _ in 0..rounds {
        let policy = policy(random);
        let input = histories::any(random, 50);
        for (_, lines) in disagreements(&input, &policy, calendars) {
            let sort = sort_of(&lines[0]);
            if found.len() < 8 && !found.contains_key(&sort) {
                let small = smallest(&input, &sort, &policy, calendars);
                found.insert(sort, report(&small, &policy, calendars));
            }
        }
    }
    let all: Vec<&str> = found.values().map(String::as_str).collect();
    assert!(all.is_empty(), "{}", all.join("\n--------\n"));
}

/// Where the two differ, a case or all of them, and how.
fn disagreements(input: &Input, policy: &PolicyText, calendars: &[Calendars]) -> Vec<(String, Vec<String>)> {
    let files = input.files();
    let (cases, whole) = oracle::events_of(&files.each_ref().map(|text| oracle::csv_rows(text)));
    let rules = oracle::policy_of(&policy.text, &calendars[policy.base], policies::CUSTOMERS);
    let folder = tempfile::tempdir().unwrap();
    let policy_path = folder.path().join("policy.toml");
    let paths = input.write(folder.path());
    std::fs::write(folder.path().join("customers.csv"), policies::CUSTOMERS).unwrap();
    std::fs::write(&policy_path, &policy.text).unwrap();
    let book = policy::load(&policy_path).unwrap();
    let as_of = Some(Instant::from_micros(input.as_of));
    let plan = Plan { as_of, ..Plan::new(paths, Profile::named("canonical").unwrap()) };
    let history = ingest::read(&plan, &Silent).unwrap().history;
    assert_eq!((history.n_cases(), history.has_messages), (cases.len(), whole.has_messages));
    assert_eq!(history.has_statuses, whole.has_statuses);
    let all = oracle::replay(&cases, &rules, input.as_of, &whole);
    let replayer = Replayer::new(&book, &history, Instant::from_micros(input.as_of));
    let replayer = replayer.asking(&asked::lengths());
    let mut workspace = Workspace::default();
    let mut found = vec![];
    for (n, id) in cases.keys().enumerate() {
        assert_eq!(history.case_ids.at(n), id);
        let lines = match (all.get(id), replayer.case(history.case(n), &mut workspace)) {
            (Some(ours), Some(theirs)) => differences(ours, theirs, &history, &METRICS),
            (None, None) => vec![],
            (ours, _) => vec![format!("exists at as_of: oracle {}", ours.is_some())],
        };
        if !lines.is_empty() {
            found.push((format!("case {id}"), lines));
        }
    }
    let lines = asked::differences(&replayer, &all, &rules, input.as_of);
    let lines = [lines, once::differences(&replayer, &book, &history, replayer.as_of())].concat();
    if !lines.is_empty() {
        found.push(("all cases".into(), lines));
    }
    found
}

/// As little as still differs in the same column; `sort` says in which.
fn smallest(input: &Input, sort: &str, policy: &PolicyText, calendars: &[Calendars]) -> Input {
    let differs = |input: &Input| {
        let found = disagreements(input, policy, calendars);
        found.iter().any(|(_, lines)| lines.iter().any(|line| sort_of(line) == sort))
    };
    let mut best = input.clone();
    let mut n = best.cases.len();
    // Whole cases first; from the end, so that none is tried twice.
    while n > 0 {
        n -= 1;
        let mut fewer = best.clone();
        fewer.cases.remove(n);
        fewer.again.remove(n);
        if !fewer.cases.is_empty() && differs(&fewer) {
            best = fewer;
        }
    }
    loop {
        match steps(&best).into_iter().find(|input| differs(input)) {
            Some(input) => best = input,
            None => return best,
        }
    }
}

/// The kind of a disagreement: what stands before the first colon, without the numbers.
fn sort_of(line: &str) -> String {
    line.chars().take_while(|c| *c != ':').filter(|c| !c.is_ascii_digit()).collect()
}

/// Every way to make the input a little smaller: a row less, or a cell less.
fn steps(input: &Input) -> Vec<Input> {
    let mut all = vec![];
    let sides = [&input.cases, &input.again];
    let all_rows =
        sides.iter().enumerate().flat_map(|(side, cases)| cases.iter().enumerate().map(move |c| (side, c)));
    for (side, (n, rows)) in all_rows {
        let with = |rows: Vec<histories::Row>| {
            let mut input = input.clone();
            [&mut input.cases, &mut input.again][side][n] = rows;
            input
        };
        for i in (0..rows.len()).filter(|_| rows.len() > 1 || side == 1) {
            let mut fewer = rows.clone();
            fewer.remove(i);
            all.push(with(fewer));
        }
        for i in 0..rows.len() {
            for column in 0..5 {
                let mut plainer = rows.clone();
                let row = &mut plainer[i];
                let cell = match column {
                    0 => &mut row.actor,
                    1 => &mut row.status,
                    2 => &mut row.severity,
                    3 => &mut row.customer,
                    _ => &mut row.event,
                };
                let plain = if cell.eq_ignore_ascii_case("opened") { "opened" } else { "" };
                if *cell != plain {
                    *cell = plain;
                    all.push(with(plainer));
                }
            }
        }
    }
    all
}

fn report(input: &Input, policy: &PolicyText, calendars: &[Calendars]) -> String {
    let mut text = String::new();
    for (place, lines) in disagreements(input, policy, calendars) {
        let _ = writeln!(text, "{place}:\n  {}", lines.join("\n  "));
    }
    let [rows, again] = input.files();
    let _ = write!(text, "as_of {}\n{rows}{again}{}", instant(input.as_of), policy.text);
    text
}
