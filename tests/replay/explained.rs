//! The stretches of `slaudit explain` add up to every clock of random histories, and what it says of changes and of
//! the queue agrees with the facts.

use std::collections::BTreeSet;

use slaudit::calendar::Instant;
use slaudit::ingest::{self, Plan, Profile, Silent};
use slaudit::policy;
use slaudit::replay::{Explained, Replayer, State, Verdict, Workspace, first_difference};

use super::random::Random;
use super::{histories, policies};

/// Every clock of random histories, under every mode, adds up; and every kind of stretch was there.
#[test]
fn stretches_add_up_to_every_clock() {
    let mut random = Random(11);
    let mut seen = BTreeSet::new();
    for _ in 0..100 {
        let policy = policies::any(&mut random, policies::Reach::Everything);
        let input = histories::any(&mut random, 50);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.csv");
        std::fs::write(&path, input.csv()).unwrap();
        let book = policy::parse("policy.toml", policy.text.as_bytes()).unwrap();
        let plan = Plan::new(vec![path], Profile::named("canonical").unwrap());
        let history = ingest::read(&plan, &Silent).unwrap().history;
        let replayer = Replayer::new(&book, &history, Instant::from_micros(input.as_of));
        let mut workspace = Workspace::default();
        for case in 0..history.n_cases() {
            let explained = replayer.explain(history.case(case));
            let facts = replayer.case(history.case(case), &mut workspace);
            assert_eq!(explained.as_ref().map(|explained| &explained.facts), facts);
            let Some(explained) = explained else { continue };
            let name = history.case_ids.at(case);
            let text = || {
                format!(
                    "{}\n{}",
                    input.csv().lines().filter(|l| l.starts_with(name)).collect::<Vec<_>>().join("\n"),
                    policy.text
                )
            };
            assert_eq!(first_difference(&explained), None, "{name}:\n{}", text());
            for (clock, fact) in explained.clocks.iter().zip(&explained.facts.clocks) {
                seen.extend(clock.stretches.iter().map(|s| format!("{:?}", s.state)));
                seen.extend(clock.stretches.iter().filter(|s| s.is_stale).map(|_| "stale".to_owned()));
                seen.extend(clock.stretches.iter().filter(|s| s.part.is_some()).map(|_| "part".to_owned()));
                let is_over = clock.stretches.iter().any(|s| s.state == State::Over);
                assert!(
                    !is_over || matches!(fact.verdict, Verdict::Missed | Verdict::Unanswered),
                    "{fact:?}"
                );
            }
            changes_agree(&explained);
            let precedence = replayer.precedence(case as u32);
            assert_eq!(precedence.by.len() as u32, explained.facts.case.n_overtaken);
            let n = explained.facts.overtaken.map_or(0, |fact| fact.n_overtaken);
            assert_eq!(precedence.overtook.len() as u32, n);
            assert_eq!(
                precedence.overtook.first(),
                explained.facts.overtaken.and_then(|fact| fact.worst).as_ref()
            );
        }
    }
    for kind in ["Running", "Over", "Paused", "Ended", "Dropped", "stale", "part"] {
        assert!(seen.contains(kind), "no stretch was ever {kind}: {seen:?}");
    }
}

/// What a change did follows from the two verdicts that are shown beside each other.
fn changes_agree(explained: &Explained) {
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
