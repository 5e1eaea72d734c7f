//! The computed table `gravest`: the findings of cases that a person should look at first, at most [`LIMIT`] of them,
//! so that a report can list them however many there are. Which findings there are, the replay says.

use std::collections::BTreeSet;

use crate::facts::{Kind, Table, column};
use crate::replay::{CaseFacts, CaseFinding, ClockFact, Verdict, over_s};

/// How many are kept.
pub const LIMIT: usize = 500;

/// What each column of the computed table is.
pub const GRAVEST: Table = Table {
    name: "gravest",
    grain: "one finding of a case: the first 500 by severity, letter of the code (R, C, P, S, E, D) and time over target",
    columns: &[
        column("position", Kind::Count, "", "its place in the list, from 1"),
        column("case_id", Kind::Text, "", "the case"),
        column("code", Kind::Word, "", "the stable code"),
        column("severity", Kind::Count, "none", "severity at the stop of its clock, else the case's last"),
        column("metric", Kind::Word, "not about a clock", "metric of its clock"),
        column("cycle", Kind::Count, "not about a clock", "cycle of that clock"),
        column("over_by_s", Kind::Seconds, "not over a target", "by how much its clock is over target"),
        column("at", Kind::Instant, "", "the instant that it is about"),
        column("message", Kind::Text, "", "what was found, in words"),
    ],
};

/// After every severity.
const NO_SEVERITY: u8 = 10;

/// One finding, in order of the list: what compares less stands before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grave {
    /// Severity; [`NO_SEVERITY`] where there is none.
    severity: u8,
    /// Place of the code's letter.
    letter: u8,
    /// Negative: µs over the target.
    margin: i64,
    /// Index of the case in the history.
    pub case: u32,
    /// Index into the findings of the case.
    pub finding: u32,
}

impl Grave {
    /// The finding at index `finding` of `facts`.
    fn new(facts: &CaseFacts, index: usize, finding: &CaseFinding) -> Grave {
        let clock = clock_of(facts, finding);
        Grave {
            severity: severity_of(facts, clock).unwrap_or(NO_SEVERITY),
            letter: letter(finding.code),
            margin: over(clock).unwrap_or(0),
            case: facts.case.case,
            finding: index as u32,
        }
    }
}

/// The first of all that were offered; the order in which they come never shows.
#[derive(Clone, Debug, Default)]
pub struct Gravest {
    kept: BTreeSet<Grave>,
    /// How many are kept at most; none unless asked for.
    limit: usize,
}

impl Gravest {
    /// Nothing yet; keeps [`LIMIT`].
    pub(super) fn listing() -> Gravest {
        Gravest { kept: BTreeSet::new(), limit: LIMIT }
    }

    pub(super) fn offer(&mut self, facts: &CaseFacts, index: usize, finding: &CaseFinding) {
        if self.limit == 0 {
            return;
        }
        // Where the list is full, most have no place in it by their severity alone.
        let bound = self.kept.last().filter(|_| self.kept.len() >= self.limit).map(|last| last.severity);
        let clock = clock_of(facts, finding);
        let severity = severity_of(facts, clock).unwrap_or(NO_SEVERITY);
        if bound.is_none_or(|bound| severity <= bound) {
            self.keep(Grave::new(facts, index, finding));
        }
    }

    fn keep(&mut self, grave: Grave) {
        if self.kept.len() >= self.limit {
            if self.kept.last().is_some_and(|last| *last < grave) {
                return;
            }
            self.kept.pop_last();
        }
        self.kept.insert(grave);
    }

    pub(super) fn merge(&mut self, other: Gravest) {
        other.kept.into_iter().for_each(|grave| self.keep(grave));
    }

    /// They, in order of the list.
    pub fn all(&self) -> impl ExactSizeIterator<Item = &Grave> {
        self.kept.iter()
    }
}

/// One row of [`GRAVEST`], from the facts of its case; its place is given later.
#[derive(Clone, Debug, PartialEq)]
pub struct GraveRow {
    /// The case.
    pub case_id: String,
    /// The finding.
    pub finding: CaseFinding,
    /// Severity at the stop of its clock, else the case's last.
    pub severity: Option<u8>,
    /// µs over the target; negative.
    margin: Option<i64>,
    /// What was found, in words.
    pub message: String,
}

impl GraveRow {
    /// The row of the finding at index `finding` of `facts`; `None` where there is none.
    pub fn new(case_id: &str, facts: &CaseFacts, finding: usize, message: String) -> Option<GraveRow> {
        let finding = facts.findings.get(finding)?.clone();
        let clock = clock_of(facts, &finding);
        let (severity, margin) = (severity_of(facts, clock), over(clock));
        Some(GraveRow { case_id: case_id.to_owned(), severity, margin, finding, message })
    }

    /// One cell a column of [`GRAVEST`].
    pub(super) fn cells(&self, position: usize) -> Vec<super::Cell> {
        use super::Cell;
        let clock = self.finding.clock;
        vec![
            Cell::count(position as u64),
            Cell::word(self.case_id.clone()),
            Cell::word(self.finding.code),
            Cell::maybe(self.severity),
            clock.map_or(Cell::Absent, |(metric, _)| Cell::word(metric.word())),
            Cell::maybe(clock.map(|(_, cycle)| cycle)),
            self.margin.map_or(Cell::Absent, |margin| Cell::Whole(over_s(-margin))),
            Cell::word(self.finding.at.rfc3339()),
            Cell::word(self.message.clone()),
        ]
    }
}

fn clock_of<'f>(facts: &'f CaseFacts, finding: &CaseFinding) -> Option<&'f ClockFact> {
    let name = finding.clock?;
    let i = facts.clocks.binary_search_by_key(&name, |clock| (clock.metric, clock.cycle)).ok()?;
    facts.clocks.get(i)
}

fn severity_of(facts: &CaseFacts, clock: Option<&ClockFact>) -> Option<u8> {
    clock.map_or(facts.case.severity_last, |clock| clock.severity_at_stop)
}

/// The margin of a clock that is over.
fn over(clock: Option<&ClockFact>) -> Option<i64> {
    clock.filter(|clock| clock.verdict == Verdict::Missed)?.margin.filter(|margin| *margin < 0)
}

/// Promises first, then closures, order, severities, contracts, data.
fn letter(code: &str) -> u8 {
    let order = "RCPSED";
    code.chars().next().and_then(|c| order.find(c)).unwrap_or(order.len()) as u8
}
