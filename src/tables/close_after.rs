//! The computed table `close_after`: for each length of inactivity that was asked about, which spells it would
//! have closed, and how many of them before the customer came back (SPEC 9.4).

use crate::calendar::{Duration, Instant, SECOND};
use crate::facts::{Kind, Table, column};
use crate::history::Category;
use crate::replay::{CaseFacts, SpellEnd, SpellFact, SpellVerdict};

use super::table::Cell;

/// What each column of the computed table is.
pub const CLOSE_AFTER: Table = Table {
    name: "close_after",
    grain: "one category that inactivity is counted in and one length asked about with `--close-after`, if any",
    columns: &[
        column("basis", Kind::Word, "", "category that the spells are in"),
        column("close_after", Kind::Word, "", "the length, from the spell's start after its last restart"),
        column("position", Kind::Count, "", "place of the length in the question, from 1"),
        column("n_spells", Kind::Count, "", "spells of cases in scope whose length can be measured"),
        column("n_would_close", Kind::Count, "", "spells that lasted longer than it"),
        column(
            "n_false_closures",
            Kind::Count,
            "",
            "of them ended by the customer's return: closed too early",
        ),
        column("n_cases_closed", Kind::Count, "", "cases that such a spell would have closed"),
        column(
            "saved_s",
            Kind::Seconds,
            "",
            "wall time from due to the spell's end, false closures left out",
        ),
    ],
};

/// The answer for one category and one length.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// Spells that can be measured.
    pub n_spells: u64,
    /// Spells that lasted longer.
    pub n_would_close: u64,
    /// Of them ended by the customer's return.
    pub n_false_closures: u64,
    /// Cases with at least one of them.
    pub n_cases_closed: u64,
    /// Wall time saved, µs.
    pub saved: i128,
}

impl Answer {
    /// Counts a spell that would be closed at `due`; `closed` tells whether one of its case was already. At its due a
    /// spell still lasts: the customer who comes back at that instant was in time.
    pub fn count(&mut self, spell: &SpellFact, due: Instant, closed: &mut bool) {
        self.n_spells += 1;
        let end = spell.started_at.plus(spell.idle);
        if due >= end {
            return;
        }
        self.n_would_close += 1;
        self.n_cases_closed += u64::from(!std::mem::replace(closed, true));
        if spell.ended_how == SpellEnd::Returned {
            self.n_false_closures += 1;
        } else {
            self.saved += i128::from(end.since(due));
        }
    }

    /// Adds up with the answer for other cases.
    pub fn add(&mut self, other: &Answer) {
        self.n_spells += other.n_spells;
        self.n_would_close += other.n_would_close;
        self.n_false_closures += other.n_false_closures;
        self.n_cases_closed += other.n_cases_closed;
        self.saved += other.saved;
    }

    /// Takes away what was counted before.
    pub fn take(&mut self, other: &Answer) {
        self.n_spells -= other.n_spells;
        self.n_would_close -= other.n_would_close;
        self.n_false_closures -= other.n_false_closures;
        self.n_cases_closed -= other.n_cases_closed;
        self.saved -= other.saved;
    }

    /// Wall time saved, whole seconds.
    pub fn saved_s(&self) -> i64 {
        i64::try_from(self.saved.div_euclid(i128::from(SECOND))).unwrap_or(i64::MAX)
    }
}

/// The question and its answers so far.
#[derive(Clone, Debug, Default)]
pub struct Question {
    lengths: Vec<Duration>,
    /// By category (see [`BASES`]), then length.
    answers: Vec<Answer>,
}

/// Categories that inactivity may be counted in.
pub const BASES: [Category; 2] = [Category::WaitingCustomer, Category::Resolved];

impl Question {
    /// Asks about these lengths.
    pub fn new(lengths: Vec<Duration>) -> Question {
        let answers = vec![Answer::default(); BASES.len() * lengths.len()];
        Question { lengths, answers }
    }

    /// The lengths, in order.
    pub fn lengths(&self) -> &[Duration] {
        &self.lengths
    }

    /// Adds those spells of one case that `counts` takes, by index.
    pub(super) fn add(&mut self, facts: &CaseFacts, counts: impl Fn(usize) -> bool) {
        let n = self.lengths.len();
        if n == 0 {
            return;
        }
        let mut closed = vec![false; self.answers.len()];
        for (i, (spell, dues)) in facts.spells.iter().zip(facts.asked.chunks_exact(n)).enumerate() {
            if spell.verdict == SpellVerdict::OutOfScope || !counts(i) {
                continue;
            }
            let Some(basis) = BASES.iter().position(|basis| *basis == spell.basis) else { continue };
            for (length, due) in dues.iter().enumerate().filter_map(|(l, due)| due.map(|due| (l, due))) {
                let cell = basis * n + length;
                self.answers[cell].count(spell, due, &mut closed[cell]);
            }
        }
    }

    pub(super) fn merge(&mut self, other: &Question) {
        self.answers.iter_mut().zip(&other.answers).for_each(|(mine, theirs)| mine.add(theirs));
    }

    /// Every answer, by category, then in order of the question; categories without a spell left out.
    pub fn rows(&self) -> Vec<AnswerRow> {
        let n = self.lengths.len();
        let rows = self.answers.iter().enumerate().map(|(i, answer)| AnswerRow {
            basis: BASES[i / n],
            length: self.lengths[i % n],
            position: i % n + 1,
            answer: answer.clone(),
        });
        rows.filter(|row| row.answer.n_spells > 0).collect()
    }
}

/// One row of the computed table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerRow {
    /// Category that the spells are in.
    pub basis: Category,
    /// The length.
    pub length: Duration,
    /// Its place in the question, from 1.
    pub position: usize,
    /// What it would have done.
    pub answer: Answer,
}

impl AnswerRow {
    /// One cell a column of [`CLOSE_AFTER`].
    pub(super) fn cells(&self) -> Vec<Cell> {
        let Answer { n_spells, n_would_close, n_false_closures, n_cases_closed, .. } = self.answer;
        vec![
            Cell::word(self.basis.word()),
            Cell::word(self.length.to_string()),
            Cell::count(self.position as u64),
            Cell::count(n_spells),
            Cell::count(n_would_close),
            Cell::count(n_false_closures),
            Cell::count(n_cases_closed),
            Cell::Whole(self.saved_s()),
        ]
    }

    /// Wall time saved, whole seconds.
    pub fn saved_s(&self) -> i64 {
        self.answer.saved_s()
    }
}
