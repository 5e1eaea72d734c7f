//! The cases whose verdicts differ, looked at once more: a row each with both sides and the reason, in order of the
//! cases. Only a bounded number of rows is ever held.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::calendar::{Instant, SECOND};
use crate::facts::{Kind, Table, column, span};
use crate::replay::{
    CaseFacts, ClockFact, GlanceWorkspace, Panel, PanelWorkspace, SpellFact, SpellVerdict, Verdict,
};
use crate::tables::Cell;

use super::Question;
use super::pairs::judged;
use super::reasons::{self, Meeting, Mixtures, Reasons, Subject};
use super::sums::{Flip, What, is_too_early};

/// Cases that are looked at together.
const CASES_AT_A_TIME: usize = 512;

/// Rows of the list that pages show.
const GRAVEST: usize = 500;

/// What each column of `flips.csv` is.
pub const FLIPS: Table = Table {
    name: "flips",
    grain: "one clock or spell whose verdict differs, and one proposed policy; in order of the cases",
    columns: &[
        column("proposed", Kind::Word, "", "the proposed policy"),
        column("effect", Kind::Word, "", "`lost`: met now, not with it; `gained`: the reverse; `other`"),
        column("case_id", Kind::Text, "", "the case"),
        column("metric", Kind::Word, "", "what is measured; of a spell of inactivity `closure`"),
        column("basis", Kind::Word, "a clock", "category that the spell is in"),
        column("cycle", Kind::Count, "", "from 1, a metric; of a spell its number"),
        column("severity", Kind::Count, "none", "in force at the stop; of a spell at its start"),
        column("started_at", Kind::Instant, "", "where it counts from"),
        column("ended_at", Kind::Instant, "it runs", "where it stopped"),
        column("verdict", Kind::Word, "the policy in force does not have it", "now"),
        column("verdict_proposed", Kind::Word, "the proposed policy does not have it", "with it"),
        column("target", Kind::Word, "none", "now"),
        column("target_proposed", Kind::Word, "none", "with it"),
        column("due_at", Kind::Instant, "none", "now"),
        column("due_proposed_at", Kind::Instant, "none", "with it"),
        column("over_s", Kind::Seconds, "not over", "time over target now, in the kind of the target"),
        column("over_proposed_s", Kind::Seconds, "not over", "the same with it"),
        column("reason", Kind::Word, "", "which part of the proposed policy makes the difference"),
        column("message", Kind::Text, "", "both sides in words"),
    ],
};

/// What each column of `too_early.csv` is.
pub const TOO_EARLY: Table = Table {
    name: "too_early",
    grain: "one spell that a proposed policy would have closed before the customer came back (SPEC 9.4)",
    columns: &[
        column("proposed", Kind::Word, "", "the proposed policy"),
        column("case_id", Kind::Text, "", "the case"),
        column("basis", Kind::Word, "", "category that the spell is in"),
        column("cycle", Kind::Count, "", "the spell's number"),
        column("severity", Kind::Count, "none", "in force at the spell's start"),
        column("started_at", Kind::Instant, "", "its start after the last restart"),
        column("due_proposed_at", Kind::Instant, "", "when the proposed policy would have closed"),
        column("returned_at", Kind::Instant, "", "when the customer came back"),
        column("too_early_s", Kind::Seconds, "", "wall time between the two"),
        column("also_now", Kind::Flag, "", "the policy in force would have closed too early as well"),
    ],
};

/// One row of [`FLIPS`], with what it is sorted and counted by.
#[derive(Clone, Debug, PartialEq)]
pub struct FlipRow {
    /// One cell a column.
    pub cells: Vec<Cell>,
    /// The case.
    pub case: u32,
    /// Lost first, then gained, then other; then severity; then time over target, the most first.
    pub rank: (u8, u8, i64),
}

/// What the second look tells beside the rows.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Flips and cases by proposed policy, metric, basis, verdicts and reason: one cell a column of `flips_by_reason`.
    pub by_reason: BTreeMap<ReasonKey, (u64, u64)>,
    /// The first of the list, in order.
    pub gravest: Vec<FlipRow>,
    /// Rows of [`FLIPS`].
    pub n_flips: u64,
    /// Rows of [`TOO_EARLY`].
    pub n_too_early: u64,
}

/// By what flips are counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReasonKey {
    /// Place of the proposed policy among the books.
    pub proposed: u16,
    /// Lost 0, gained 1, other 2.
    pub change: u8,
    /// Metric, or `closure`.
    pub metric: &'static str,
    /// Category of a spell.
    pub basis: Option<&'static str>,
    /// Verdict now; empty: not there.
    pub now: &'static str,
    /// Verdict with the proposed policy; empty: not there.
    pub then: &'static str,
    /// In words.
    pub reason: String,
}

/// The words of a change by its rank.
pub const CHANGES: [&str; 3] = ["lost", "gained", "other"];

/// Where rows go as they are made, in order: those of [`FLIPS`], and those of [`TOO_EARLY`].
pub type Sink<'s, E> = dyn FnMut(&[Vec<Cell>], &[Vec<Cell>]) -> Result<(), E> + 's;

/// Looks again at every case of `flips` (in order of the cases) and gives its rows to `sink`.
///
/// # Errors
/// Whatever `sink` gives.
pub fn tell<E>(
    question: &Question<'_>,
    panel: &Panel<'_>,
    flips: &[Flip],
    sink: &mut Sink<'_, E>,
) -> Result<Told, E> {
    let cases: Vec<&[Flip]> = flips.chunk_by(|a, b| a.case == b.case).collect();
    let teller = Teller { question, panel };
    let mixtures = Mixtures::new(question.books, teller.meetings(&cases));
    let reasons = mixtures.ready(question.history, question.as_of);
    let mut told = Told::default();
    for wave in cases.chunks(CASES_AT_A_TIME * rayon::current_num_threads()) {
        let parts: Vec<Part> =
            wave.par_chunks(CASES_AT_A_TIME).map(|cases| teller.part(cases, &reasons)).collect();
        for part in parts {
            let rows: Vec<Vec<Cell>> = part.rows.iter().map(|row| row.cells.clone()).collect();
            sink(&rows, &part.too_early)?;
            told.n_flips += rows.len() as u64;
            told.n_too_early += part.too_early.len() as u64;
            for (key, (n, n_cases)) in part.by_reason {
                let sum = told.by_reason.entry(key).or_default();
                *sum = (sum.0 + n, sum.1 + n_cases);
            }
            told.gravest.extend(part.rows);
            told.gravest.sort_by_key(|row| row.rank);
            told.gravest.truncate(GRAVEST);
        }
    }
    Ok(told)
}

/// What some cases come to.
#[derive(Default)]
struct Part {
    rows: Vec<FlipRow>,
    too_early: Vec<Vec<Cell>>,
    by_reason: BTreeMap<ReasonKey, (u64, u64)>,
}

struct Teller<'a> {
    question: &'a Question<'a>,
    panel: &'a Panel<'a>,
}

impl Teller<'_> {
    /// Which versions meet.
    fn meetings(&self, cases: &[&[Flip]]) -> Vec<Meeting> {
        let per_case = cases.par_iter().map(|flips| {
            let case = flips.first().map_or(0, |flip| flip.case);
            let versions = self.panel.versions(self.question.history.case(case as usize));
            flips.iter().map(|flip| meeting(flip.proposed, &versions)).collect::<Vec<_>>()
        });
        let mut all: Vec<Meeting> = per_case.flatten().collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    fn part(&self, cases: &[&[Flip]], reasons: &Reasons<'_>) -> Part {
        let (mut part, mut workspace) = (Part::default(), PanelWorkspace::default());
        let mut mixed = GlanceWorkspace::default();
        for flips in cases {
            let Some(first) = flips.first() else { continue };
            let events = self.question.history.case(first.case as usize);
            let Some(facts) = self.panel.case(events, &mut workspace) else { continue };
            for flips in flips.chunk_by(|a, b| a.proposed == b.proposed) {
                self.add(facts, flips, (reasons, &mut mixed), &mut part);
            }
        }
        part
    }

    /// Adds the flips of one case under one proposed policy.
    fn add(
        &self,
        facts: &[CaseFacts],
        flips: &[Flip],
        (reasons, mixed): (&Reasons<'_>, &mut GlanceWorkspace),
        part: &mut Part,
    ) {
        let (Some(now), Some(first)) = (facts.first(), flips.first()) else { return };
        let Some(then) = facts.get(usize::from(first.proposed)) else { return };
        let sides: Vec<(Side<'_>, &Flip)> =
            flips.iter().filter(|f| f.what != What::TooEarly).map(|f| (Side::of(now, then, f), f)).collect();
        let subjects: Vec<(Subject, reasons::Told)> =
            sides.iter().map(|(side, _)| (side.subject(), side.proposed())).collect();
        let versions: Vec<u32> = facts.iter().map(|facts| facts.case.version).collect();
        let why = reasons.why(meeting(first.proposed, &versions), first.case, &subjects, mixed);
        let mut counted: Vec<ReasonKey> = Vec::new();
        for ((side, flip), reason) in sides.iter().zip(why) {
            let key = side.key(flip.proposed, reason);
            let sum = part.by_reason.entry(key.clone()).or_default();
            sum.0 += 1;
            if !counted.contains(&key) {
                sum.1 += 1;
                counted.push(key.clone());
            }
            part.rows.push(self.row(side, flip, &key));
        }
        for flip in flips.iter().filter(|flip| flip.what == What::TooEarly) {
            part.too_early.extend(self.too_early(now, then, flip));
        }
    }

    fn row(&self, side: &Side<'_>, flip: &Flip, key: &ReasonKey) -> FlipRow {
        let shown = side.shown();
        let word = |word: &'static str| if word.is_empty() { Cell::Absent } else { Cell::word(word) };
        let (now, then) = (side.told(true), side.told(false));
        let over = |told: &Option<Half>| told.as_ref().and_then(|half| half.over).map(|over| over / SECOND);
        let in_words = |half: &Option<Half>| half.as_ref().map_or("not measured".to_owned(), Half::words);
        let cells = vec![
            Cell::word(self.question.labels[usize::from(flip.proposed)].clone()),
            Cell::word(CHANGES[usize::from(key.change)]),
            Cell::word(self.question.history.case_ids.at(flip.case as usize)),
            Cell::word(key.metric),
            key.basis.map_or(Cell::Absent, Cell::word),
            Cell::count(u64::from(shown.number)),
            Cell::maybe(shown.severity),
            Cell::word(shown.started_at.rfc3339()),
            instant(shown.ended_at),
            word(key.now),
            word(key.then),
            now.as_ref().and_then(|half| half.target.clone()).map_or(Cell::Absent, Cell::word),
            then.as_ref().and_then(|half| half.target.clone()).map_or(Cell::Absent, Cell::word),
            instant(now.as_ref().and_then(|half| half.due_at)),
            instant(then.as_ref().and_then(|half| half.due_at)),
            Cell::maybe(over(&now)),
            Cell::maybe(over(&then)),
            Cell::word(key.reason.clone()),
            Cell::word(format!("now {}; proposed {}", in_words(&now), in_words(&then))),
        ];
        let worst = over(&then).or(over(&now)).unwrap_or(0);
        FlipRow { cells, case: flip.case, rank: (key.change, shown.severity.unwrap_or(u8::MAX), -worst) }
    }

    fn too_early(&self, now: &CaseFacts, then: &CaseFacts, flip: &Flip) -> Option<Vec<Cell>> {
        let spell = then.spells.get(flip.then? as usize)?;
        let (due, end) = (spell.due_at?, spell.started_at.plus(spell.idle));
        let also = flip.now.and_then(|i| now.spells.get(i as usize)).is_some_and(is_too_early);
        Some(vec![
            Cell::word(self.question.labels[usize::from(flip.proposed)].clone()),
            Cell::word(self.question.history.case_ids.at(flip.case as usize)),
            Cell::word(spell.basis.word()),
            Cell::count(u64::from(spell.spell)),
            Cell::maybe(spell.severity),
            Cell::word(spell.started_at.rfc3339()),
            Cell::word(due.rfc3339()),
            Cell::word(end.rfc3339()),
            Cell::Whole(end.since(due).div_euclid(SECOND)),
            Cell::Flag(also),
        ])
    }
}

fn meeting(proposed: u16, versions: &[u32]) -> Meeting {
    let version = |i: usize| versions.get(i).copied().unwrap_or(0);
    Meeting { proposed, now: version(0), then: version(usize::from(proposed)) }
}

fn instant(at: Option<Instant>) -> Cell {
    at.map_or(Cell::Absent, |at| Cell::word(at.rfc3339()))
}

/// A clock or a spell under both policies; at least one has it.
enum Side<'f> {
    Clock(Option<&'f ClockFact>, Option<&'f ClockFact>),
    Spell(Option<&'f SpellFact>, Option<&'f SpellFact>),
}

/// What both sides have in common.
struct Shown {
    number: u32,
    severity: Option<u8>,
    started_at: Instant,
    ended_at: Option<Instant>,
}

/// One side.
struct Half {
    verdict: &'static str,
    target: Option<String>,
    due_at: Option<Instant>,
    /// Used time, µs.
    used: Option<i64>,
    /// Time over target, µs.
    over: Option<i64>,
}

impl Half {
    fn words(&self) -> String {
        let verdict = self.verdict.replace('_', " ");
        let used = self.used.map(|used| span(used / SECOND));
        match (&self.target, used, self.over) {
            (Some(target), Some(used), Some(over)) => {
                format!("{verdict}: {used} of {target}, {} over", span(over / SECOND))
            }
            (Some(target), Some(used), None) => format!("{verdict}: {used} of {target}"),
            (Some(target), None, _) => format!("{verdict}: {target}"),
            (None, ..) => verdict,
        }
    }
}

impl<'f> Side<'f> {
    fn of(now: &'f CaseFacts, then: &'f CaseFacts, flip: &Flip) -> Side<'f> {
        let (i, j) = (flip.now.map(|i| i as usize), flip.then.map(|j| j as usize));
        match flip.what {
            What::Clock => Side::Clock(i.and_then(|i| now.clocks.get(i)), j.and_then(|j| then.clocks.get(j))),
            What::Spell | What::TooEarly => {
                Side::Spell(i.and_then(|i| now.spells.get(i)), j.and_then(|j| then.spells.get(j)))
            }
        }
    }

    fn subject(&self) -> Subject {
        match self {
            Side::Clock(now, then) => {
                let (metric, cycle) =
                    now.or(*then).map_or((crate::replay::Metric::FirstResponse, 0), |c| (c.metric, c.cycle));
                Subject::Clock(metric, cycle)
            }
            Side::Spell(now, then) => {
                let (basis, number) =
                    now.or(*then).map_or((crate::history::Category::New, 0), |s| (s.basis, s.spell));
                Subject::Spell(basis, number)
            }
        }
    }

    /// The verdict under the proposed policy; one that is not there has no promise.
    fn proposed(&self) -> reasons::Told {
        match self {
            Side::Clock(_, then) => {
                reasons::Told::Clock(then.map_or(Verdict::NoTarget, |clock| clock.verdict))
            }
            Side::Spell(_, then) => {
                reasons::Told::Spell(then.map_or(SpellVerdict::NoTarget, |spell| spell.verdict))
            }
        }
    }

    fn shown(&self) -> Shown {
        let none = Shown { number: 0, severity: None, started_at: Instant::MIN, ended_at: None };
        match self {
            Side::Clock(now, then) => now.or(*then).map_or(none, |clock| Shown {
                number: clock.cycle,
                severity: clock.severity_at_stop,
                started_at: clock.started_at,
                ended_at: clock.stopped_at,
            }),
            Side::Spell(now, then) => now.or(*then).map_or(none, |spell| Shown {
                number: spell.spell,
                severity: spell.severity,
                started_at: spell.started_at,
                ended_at: spell.ended_at,
            }),
        }
    }

    /// One side; `None` where the policy does not have it.
    fn told(&self, is_now: bool) -> Option<Half> {
        match self {
            Side::Clock(now, then) => (if is_now { now } else { then }).map(|clock| Half {
                verdict: clock.verdict.word(),
                target: clock.target.map(|target| target.to_string()),
                due_at: clock.due_at,
                used: clock.used,
                over: clock
                    .margin
                    .filter(|margin| *margin < 0 && judged(clock.verdict) == Some(false))
                    .map(|m| -m),
            }),
            Side::Spell(now, then) => (if is_now { now } else { then }).map(|spell| Half {
                verdict: spell.verdict.word(),
                target: None,
                due_at: spell.due_at,
                used: None,
                over: None,
            }),
        }
    }

    fn key(&self, proposed: u16, reason: String) -> ReasonKey {
        let (change, metric, basis) = match self {
            Side::Clock(now, then) => {
                let of = |clock: &Option<&ClockFact>| clock.and_then(|clock| judged(clock.verdict));
                let change = match (of(now), of(then)) {
                    (Some(true), Some(false)) => 0,
                    (Some(false), Some(true)) => 1,
                    _ => 2,
                };
                (change, now.or(*then).map_or("", |clock| clock.metric.word()), None)
            }
            Side::Spell(now, then) => (2, "closure", now.or(*then).map(|spell| spell.basis.word())),
        };
        let (now, then) = match self {
            Side::Clock(now, then) => {
                let word = |clock: &Option<&ClockFact>| clock.map_or("", |c| Verdict::word(c.verdict));
                (word(now), word(then))
            }
            Side::Spell(now, then) => {
                let word = |spell: &Option<&SpellFact>| spell.map_or("", |s| SpellVerdict::word(s.verdict));
                (word(now), word(then))
            }
        };
        ReasonKey { proposed, change, metric, basis, now, then, reason }
    }
}
