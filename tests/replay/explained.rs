//! The stretches of `slaudit explain` add up to every clock of random histories, what it says of changes and of the
//! queue agrees with the facts, and every page that it prints keeps to its width.

use std::collections::BTreeSet;

use slaudit::calendar::Instant;
use slaudit::explain::{self, Source};
use slaudit::ingest::{self, Ingested, Plan, Profile, Silent};
use slaudit::policy::{self, Book};
use slaudit::replay::{Explained, Replayer, State, Verdict, Workspace, first_difference};

use super::random::Random;
use super::{histories, policies};

/// Every clock of random histories, under every mode, adds up; and every kind of stretch was there.
#[test]
fn stretches_add_up_to_every_clock() {
    let mut random = Random(11);
    let mut seen = BTreeSet::new();
    for _ in 0..60 {
        let policy = policies::any(&mut random, policies::Reach::Everything);
        let input = histories::any(&mut random, 50);
        let (ingested, book) = read(&input, &policy.text);
        let replayer = Replayer::new(&book, &ingested.history, Instant::from_micros(input.as_of));
        let source = Source { ingested: &ingested, book: &book, replayer: &replayer };
        for case in 0..ingested.history.n_cases() {
            check_case(source, case, &mut seen);
        }
    }
    for kind in ["Running", "Over", "Paused", "Ended", "Dropped", "stale", "part"] {
        assert!(seen.contains(kind), "no stretch was ever {kind}: {seen:?}");
    }
}

fn read(input: &histories::Input, policy: &str) -> (Ingested, Book) {
    let folder = tempfile::tempdir().unwrap();
    let (rows, rules) = (input.write(folder.path()), folder.path().join("policy.toml"));
    std::fs::write(folder.path().join("customers.csv"), policies::CUSTOMERS).unwrap();
    std::fs::write(&rules, policy).unwrap();
    let as_of = Some(Instant::from_micros(input.as_of));
    let plan = Plan { as_of, ..Plan::new(rows, Profile::named("canonical").unwrap()) };
    (ingest::read(&plan, &Silent).unwrap(), policy::load(&rules).unwrap())
}

fn check_case(source: Source<'_>, case: usize, seen: &mut BTreeSet<String>) {
    let history = &source.ingested.history;
    let mut workspace = Workspace::default();
    let explained = source.replayer.explain(history.case(case));
    let facts = source.replayer.case(history.case(case), &mut workspace);
    assert_eq!(explained.as_ref().map(|explained| &explained.facts), facts);
    let Some(explained) = explained else { return };
    let name = history.case_ids.at(case);
    assert_eq!(first_difference(&explained), None, "{name}: {:#?}", explained.clocks);
    for (clock, fact) in explained.clocks.iter().zip(&explained.facts.clocks) {
        for stretch in &clock.stretches {
            let stale = stretch.is_stale.then(|| "stale".to_owned());
            let part = stretch.part.map(|_| "part".to_owned());
            seen.extend([Some(format!("{:?}", stretch.state)), stale, part].into_iter().flatten());
        }
        let is_over = clock.stretches.iter().any(|stretch| stretch.state == State::Over);
        assert!(!is_over || matches!(fact.verdict, Verdict::Missed | Verdict::Unanswered), "{fact:?}");
    }
    check_changes(&explained);
    check_precedence(source.replayer, case, &explained);
    let page = explain::text(&explain::explain(source, name).unwrap());
    assert!(page.lines().all(|line| line.chars().count() <= 80), "{page}");
}

/// What a change did follows from the two verdicts that are shown beside each other.
fn check_changes(explained: &Explained) {
    let missed = |verdict| verdict == Verdict::Missed;
    for (change, traces) in explained.facts.changes.iter().zip(&explained.changes) {
        assert_eq!(change.clocks.len(), traces.len());
        for (clock, trace) in change.clocks.iter().zip(traces) {
            let (without, with) = (trace.without.verdict, trace.with.verdict);
            assert!(!clock.over_before || trace.at_change.over);
            assert!(!clock.masked || missed(without) && !missed(with));
            assert!(!clock.exposed || !missed(without) && missed(with));
        }
    }
}

/// The lists are as long as the facts count, and begin with the same case.
fn check_precedence(replayer: &Replayer<'_>, case: usize, explained: &Explained) {
    let precedence = replayer.precedence(case as u32);
    assert_eq!(precedence.by.len() as u32, explained.facts.case.n_overtaken);
    let fact = explained.facts.overtaken;
    assert_eq!(precedence.overtook.len() as u32, fact.map_or(0, |fact| fact.n_overtaken));
    assert_eq!(precedence.overtook.first(), fact.and_then(|fact| fact.worst).as_ref());
}
