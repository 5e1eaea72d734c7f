//! The cases whose verdicts differ, looked at once more: a row each with both sides and the reason, in order of the
//! cases. Only a bounded number of rows is ever held.

use std::collections::{BTreeMap, BinaryHeap};

use rayon::prelude::*;

use crate::calendar::{Instant, SECOND};
use crate::facts::{Kind, Table, column, span};
use crate::history::Category;
use crate::policy::PromiseKind;
use crate::replay::{
    CaseFacts, ClockFact, GlanceWorkspace, Panel, PanelWorkspace, SpellFact, SpellVerdict, Verdict, over_s,
};
use crate::tables::Cell;

use super::Question;
use super::count::is_too_early;
use super::pairs::judged;
use super::reasons::{self, Meeting, Mixtures, Reasons, Subject};
use super::sums::{Flip, Rank, What};

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
    /// By which the gravest come first.
    pub rank: Rank,
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
    /// `commitment` or `best_effort`; `None`: no promise, or a spell.
    pub kind: Option<&'static str>,
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

/// Tells the reason of every one of `flips` (in order of the cases) and gives their rows to `sink`. Without one only the
/// gravest are looked at again, and what has more than one reason.
///
/// # Errors
/// Whatever `sink` gives.
pub fn tell<E>(
    question: &Question<'_>,
    panel: &Panel<'_>,
    flips: &[Flip],
    mut sink: Option<&mut Sink<'_, E>>,
) -> Result<Told, E> {
    let cases: Vec<&[Flip]> = flips.chunk_by(|a, b| a.case == b.case).collect();
    let last = if sink.is_some() { None } else { last_of_the_gravest(flips) };
    let has_versions = question.books.iter().any(|book| book.versions.len() > 1);
    let teller = Teller { question, panel, has_versions, last };
    let mixtures = Mixtures::new(question.books, teller.meetings(&cases));
    let reasons = mixtures.ready(question.history, question.as_of);
    let mut told = Told::default();
    for wave in cases.chunks(CASES_AT_A_TIME * rayon::current_num_threads()) {
        let parts: Vec<Part> =
            wave.par_chunks(CASES_AT_A_TIME).map(|cases| teller.part(cases, &reasons)).collect();
        for part in parts {
            if let Some(sink) = &mut sink {
                let rows: Vec<Vec<Cell>> = part.rows.iter().map(|row| row.cells.clone()).collect();
                sink(&rows, &part.too_early)?;
            }
            for (key, (n, n_cases)) in part.by_reason {
                let sum = told.by_reason.entry(key).or_default();
                *sum = (sum.0 + n, sum.1 + n_cases);
            }
            told.gravest.extend(part.rows);
            told.gravest.sort_by_key(|row| row.rank);
            told.gravest.truncate(GRAVEST);
        }
    }
    let is_early = |flip: &&Flip| matches!(flip.what, What::TooEarly { .. });
    told.n_too_early = flips.iter().filter(is_early).count() as u64;
    told.n_flips = flips.len() as u64 - told.n_too_early;
    Ok(told)
}

/// The rank and the case of the last one of the gravest, by rank and then in order of the cases.
fn last_of_the_gravest(flips: &[Flip]) -> Option<(Rank, u32)> {
    let mut gravest = BinaryHeap::with_capacity(GRAVEST + 1);
    for flip in flips.iter().filter(|flip| !matches!(flip.what, What::TooEarly { .. })) {
        gravest.push((flip.rank(), flip.case));
        if gravest.len() > GRAVEST {
            gravest.pop();
        }
    }
    gravest.pop()
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
    /// A book has more than one version.
    has_versions: bool,
    /// Rows are made up to this one alone; `None`: of everything.
    last: Option<(Rank, u32)>,
}

impl Teller<'_> {
    /// Which versions meet.
    fn meetings(&self, cases: &[&[Flip]]) -> Vec<Meeting> {
        if !self.has_versions {
            let proposed = 1..self.question.books.len() as u16;
            return proposed.map(|proposed| Meeting { proposed, now: 0, then: 0 }).collect();
        }
        let per_case = cases.par_iter().map(|flips| {
            let versions = self.versions(flips);
            flips.iter().map(|flip| meeting(flip.proposed, &versions)).collect::<Vec<_>>()
        });
        let mut all: Vec<Meeting> = per_case.flatten().collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The versions of one case, a book each; empty where each book has only one.
    fn versions(&self, flips: &[Flip]) -> Vec<u32> {
        let first = flips.first().filter(|_| self.has_versions);
        first.map_or(Vec::new(), |first| self.panel.versions(self.question.history.case(first.case as usize)))
    }

    fn part(&self, cases: &[&[Flip]], reasons: &Reasons<'_>) -> Part {
        let (mut part, mut workspace) = (Part::default(), PanelWorkspace::default());
        let mut mixed = GlanceWorkspace::default();
        for flips in cases {
            let versions = self.versions(flips);
            for flips in flips.chunk_by(|a, b| a.proposed == b.proposed) {
                let Some(first) = flips.first() else { continue };
                let meeting = meeting(first.proposed, &versions);
                let keys = keys(flips, meeting, (reasons, &mut mixed));
                count(&keys, &mut part.by_reason);
                self.add_rows(flips, &keys, &mut workspace, &mut part);
            }
        }
        part
    }

    /// Adds the rows of one case under one proposed policy.
    fn add_rows(
        &self,
        flips: &[Flip],
        keys: &[(&Flip, ReasonKey)],
        workspace: &mut PanelWorkspace,
        part: &mut Part,
    ) {
        let is_shown = |flip: &Flip| self.last.is_none_or(|last| (flip.rank(), flip.case) <= last);
        let Some(first) = flips.iter().find(|flip| is_shown(flip)) else { return };
        let proposed = usize::from(first.proposed);
        let events = self.question.history.case(first.case as usize);
        let is_asked = |book: usize| book == 0 || book == proposed;
        let Some(facts) = self.panel.case_under(events, is_asked, workspace) else { return };
        let (now, then) = (&facts[0], &facts[proposed]);
        for (flip, key) in keys.iter().filter(|(flip, _)| is_shown(flip)) {
            let Some(side) = Side::of(now, then, flip.what) else { continue };
            part.rows.push(self.row(&side, flip, key));
        }
        part.too_early.extend(flips.iter().filter_map(|flip| self.too_early(now, then, flip)));
    }

    fn row(&self, side: &Side<'_>, flip: &Flip, key: &ReasonKey) -> FlipRow {
        let shown = side.shown();
        let word = |word: &'static str| if word.is_empty() { Cell::Absent } else { Cell::word(word) };
        let (now, then) = (side.told(true), side.told(false));
        let over = |told: &Option<Half>| told.as_ref().and_then(|half| half.over).map(over_s);
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
        FlipRow { cells, case: flip.case, rank: flip.rank() }
    }

    fn too_early(&self, now: &CaseFacts, then: &CaseFacts, flip: &Flip) -> Option<Vec<Cell>> {
        let What::TooEarly { basis, number } = flip.what else { return None };
        let spell = spell(then, basis, number)?;
        let (due, end) = (spell.due_at?, spell.started_at.plus(spell.idle));
        let also = self::spell(now, basis, number).is_some_and(is_too_early);
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

/// By what the flips of one case under one proposed policy are counted; closures that come too early are not.
fn keys<'f>(
    flips: &'f [Flip],
    meeting: Meeting,
    (reasons, mixed): (&Reasons<'_>, &mut GlanceWorkspace),
) -> Vec<(&'f Flip, ReasonKey)> {
    let (asked, differing): (Vec<_>, Vec<_>) =
        flips.iter().filter_map(|flip| Some((asked(flip.what)?, flip))).unzip();
    let case = flips.first().map_or(0, |flip| flip.case);
    let why = reasons.why(meeting, case, &asked, mixed);
    differing.into_iter().zip(why).map(|(flip, reason)| (flip, key(flip, reason))).collect()
}

/// What a reason is asked for; one that is not there has no promise.
fn asked(what: What) -> Option<(Subject, reasons::Told)> {
    match what {
        What::Clock { metric, cycle, then, .. } => {
            let told = reasons::Told::Clock(then.unwrap_or(Verdict::NoTarget));
            Some((Subject::Clock(metric, cycle), told))
        }
        What::Spell { basis, number, then, .. } => {
            let told = reasons::Told::Spell(then.unwrap_or(SpellVerdict::NoTarget));
            Some((Subject::Spell(basis, number), told))
        }
        What::TooEarly { .. } => None,
    }
}

fn key(flip: &Flip, reason: String) -> ReasonKey {
    let (metric, basis, now, then) = match flip.what {
        What::Clock { metric, now, then, .. } => {
            (metric.word(), None, now.map_or("", Verdict::word), then.map_or("", Verdict::word))
        }
        What::Spell { basis, now, then, .. } => {
            let word = |verdict: Option<SpellVerdict>| verdict.map_or("", SpellVerdict::word);
            ("closure", Some(basis.word()), word(now), word(then))
        }
        What::TooEarly { basis, .. } => ("closure", Some(basis.word()), "", ""),
    };
    let kind = flip.kind.map(PromiseKind::word);
    ReasonKey { proposed: flip.proposed, change: flip.change(), metric, kind, basis, now, then, reason }
}

/// Counts the flips of one case, and the case once a key.
fn count(keys: &[(&Flip, ReasonKey)], by_reason: &mut BTreeMap<ReasonKey, (u64, u64)>) {
    for (i, (_, key)) in keys.iter().enumerate() {
        let is_first = keys[..i].iter().all(|(_, before)| before != key);
        let sum = by_reason.entry(key.clone()).or_default();
        *sum = (sum.0 + 1, sum.1 + u64::from(is_first));
    }
}

/// The spell of one category and number.
fn spell(facts: &CaseFacts, basis: Category, number: u32) -> Option<&SpellFact> {
    facts.spells.iter().find(|spell| (spell.basis, spell.spell) == (basis, number))
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
                format!("{verdict}: {used} of {target}, {} over", span(over_s(over)))
            }
            (Some(target), Some(used), None) => format!("{verdict}: {used} of {target}"),
            (Some(target), None, _) => format!("{verdict}: {target}"),
            (None, ..) => verdict,
        }
    }
}

impl<'f> Side<'f> {
    /// `None` where no verdict differs.
    fn of(now: &'f CaseFacts, then: &'f CaseFacts, what: What) -> Option<Side<'f>> {
        let clock = |facts: &'f CaseFacts, name| {
            let found = facts.clocks.binary_search_by_key(&name, |clock| (clock.metric, clock.cycle));
            found.ok().map(|i| &facts.clocks[i])
        };
        match what {
            What::Clock { metric, cycle, .. } => {
                Some(Side::Clock(clock(now, (metric, cycle)), clock(then, (metric, cycle))))
            }
            What::Spell { basis, number, .. } => {
                Some(Side::Spell(spell(now, basis, number), spell(then, basis, number)))
            }
            What::TooEarly { .. } => None,
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
}
