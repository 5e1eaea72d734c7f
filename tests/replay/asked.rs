//! The close-after question (SPEC 9.4) over a whole input: the library's answers beside the oracle's.

use std::collections::BTreeMap;

use slaudit::calendar::Duration;
use slaudit::facts::{self, Period};
use slaudit::replay::Replayer;
use slaudit::tables::Tally;

use super::oracle::{self, Facts, Pol, QuestionRow, SECOND, Target};

const HOUR: i64 = 3600 * SECOND;

/// Lengths of each kind, as the library reads them and as the oracle has them.
const LENGTHS: [(&str, Target); 3] =
    [("1 day", Target::Elapsed(24 * HOUR)), ("8bh", Target::Business(8 * HOUR)), ("2bd", Target::Days(2))];

/// The lengths to ask the replayer.
pub fn lengths() -> Vec<Duration> {
    LENGTHS.iter().map(|(text, _)| Duration::parse(text).unwrap()).collect()
}

/// Every length whose answers differ.
pub fn differences(
    replayer: &Replayer,
    ours: &BTreeMap<String, Facts>,
    policy: &Pol,
    as_of: i64,
) -> Vec<String> {
    let lengths = lengths();
    let empty = || Tally::new(Period::default(), &lengths);
    let tally = facts::fold(replayer.history(), replayer, &empty, &|_| ());
    let all: Vec<&Facts> = ours.values().collect();
    let mut lines = vec![];
    for (n, (text, length)) in LENGTHS.iter().enumerate() {
        let mut ours = oracle::question(&all, policy, as_of, length);
        ours.retain(|row| row.spells > 0);
        ours.sort_by_key(|row| row.basis);
        let rows = tally.question.rows().into_iter().filter(|row| row.position == n + 1);
        let mut theirs: Vec<QuestionRow> = rows
            .map(|row| QuestionRow {
                basis: row.basis.word(),
                spells: row.answer.n_spells as u32,
                would_close: row.answer.n_would_close as u32,
                false_closures: row.answer.n_false_closures as u32,
                cases_closed: row.answer.n_cases_closed as u32,
                saved: row.answer.saved as i64,
            })
            .collect();
        theirs.sort_by_key(|row| row.basis);
        if ours != theirs {
            lines.push(format!("close_after {text}: oracle {ours:?}, library {theirs:?}"));
        }
    }
    lines
}
