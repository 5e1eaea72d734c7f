//! Thousands of random histories through the library and through the oracle: every column of every row.
//!
//! Both sides read the same two texts, a canonical file and a policy. The first case that differs is made as
//! small as it will go and printed as those texts.

use std::fmt::Write;

use slaudit::calendar::Instant;
use slaudit::ingest::{self, Plan, Profile, Silent};
use slaudit::policy;
use slaudit::replay::Replayer;

use super::compare::differences;
use super::histories::{self, Input, case_id, instant};
use super::laws;
use super::oracle::{self, Calendars, METRICS};
use super::policies::{self, PolicyText, Reach};
use super::random::Random;

/// What the library measures.
const MEASURED: [&str; 3] = ["first_response", "after_hours_response", "resolution"];

#[test]
fn the_library_and_the_oracle_agree() {
    let scale: u64 = std::env::var("SLAUDIT_ORACLE_SCALE").map_or(1, |n| n.parse().unwrap());
    let calendars = laws::calendars();
    let mut random = Random(7);
    let mut found: Vec<String> = vec![];
    for _ in 0..100 * scale {
        let policy = policies::any(&mut random, Reach::Retarget);
        let input = histories::any(&mut random, 40);
        if let Some((n, _)) = disagreements(&input, &policy, &calendars).into_iter().next() {
            found.push(report(&smallest(&input, n, &policy, &calendars), &policy, &calendars));
        }
        if found.len() == 5 {
            break;
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n--------\n"));
}

/// The cases in which the two differ, and how.
fn disagreements(input: &Input, policy: &PolicyText, calendars: &[Calendars]) -> Vec<(usize, Vec<String>)> {
    let csv = input.csv();
    let (cases, has_messages) = oracle::events_of(&oracle::csv_rows(&csv));
    let rules = oracle::policy_of(&policy.text, &calendars[policy.base]);
    let folder = tempfile::tempdir().unwrap();
    let (rows_path, policy_path) = (folder.path().join("rows.csv"), folder.path().join("policy.toml"));
    std::fs::write(&rows_path, csv).unwrap();
    std::fs::write(&policy_path, &policy.text).unwrap();
    let book = policy::load(&policy_path).unwrap();
    let plan = Plan::new(vec![rows_path], Profile::named("canonical").unwrap());
    let history = ingest::read(&plan, &Silent).unwrap().history;
    assert_eq!((history.n_cases(), history.has_messages), (cases.len(), has_messages));
    let replayer = Replayer::new(&book, &history, Instant::from_micros(input.as_of)).unwrap();
    let mut found = vec![];
    for (n, (id, rows)) in cases.iter().enumerate() {
        assert_eq!(history.case_ids.at(n), id);
        let index = input.cases.iter().enumerate().position(|(i, _)| case_id(i) == *id).unwrap();
        let ours = oracle::replay(rows, &rules, input.as_of, has_messages);
        let lines = match (ours, replayer.case(history.case(n))) {
            (Some(ours), Some(theirs)) => differences(&ours, &theirs, &history, &MEASURED),
            (None, None) => vec![],
            (ours, _) => vec![format!("exists at as_of: oracle {}", ours.is_some())],
        };
        if !lines.is_empty() {
            found.push((index, lines));
        }
    }
    found
}

/// Case `n` alone with as little as still differs. A second case keeps the input one with messages.
fn smallest(input: &Input, n: usize, policy: &PolicyText, calendars: &[Calendars]) -> Input {
    let message = |row: &&histories::Row| row.event == "message";
    let other = input.cases.iter().flatten().find(message).cloned();
    let mut best = Input { cases: vec![input.cases[n].clone()], as_of: input.as_of };
    best.cases.extend(other.map(|row| vec![row]));
    let differs = |input: &Input| disagreements(input, policy, calendars).iter().any(|(n, _)| *n == 0);
    loop {
        let smaller = steps(&best).into_iter().find(|input| !input.cases[0].is_empty() && differs(input));
        match smaller {
            Some(input) => best = input,
            None => return best,
        }
    }
}

/// Every way to make the first case a little smaller: a row less, or a cell less.
fn steps(input: &Input) -> Vec<Input> {
    let with = |rows: Vec<histories::Row>| {
        let mut input = input.clone();
        input.cases[0] = rows;
        input
    };
    let rows = &input.cases[0];
    let mut all = vec![];
    for i in 0..rows.len() {
        let mut fewer = rows.clone();
        fewer.remove(i);
        all.push(with(fewer));
    }
    for i in 0..rows.len() {
        for cell in 0..4 {
            let mut plainer = rows.clone();
            let row = &mut plainer[i];
            let cell = [&mut row.actor, &mut row.status, &mut row.severity, &mut row.event][cell];
            let plain = if ["opened", "Opened"].contains(cell) { "opened" } else { "" };
            if *cell != plain {
                *cell = plain;
                all.push(with(plainer));
            }
        }
    }
    all
}

fn report(input: &Input, policy: &PolicyText, calendars: &[Calendars]) -> String {
    let mut text = String::new();
    for (n, lines) in disagreements(input, policy, calendars) {
        let _ = writeln!(text, "case {}:\n  {}", case_id(n), lines.join("\n  "));
    }
    let _ = write!(text, "as_of {}\n{}{}", instant(input.as_of), input.csv(), policy.text);
    text
}
