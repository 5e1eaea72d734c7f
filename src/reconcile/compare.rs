//! Each case's clock beside what the help desk says of it. Counts, and lists what disagrees.

use rayon::prelude::*;

use crate::calendar::Instant;
use crate::history::Place;
use crate::replay::{ClockFact, Replayer, Verdict, Workspace};
use crate::tables::Measure;

use super::Question;
use super::reasons::{REASONS, last_clock};
use super::theirs::{Form, Theirs};

/// Cases that one thread takes at a time.
const CASES_AT_A_TIME: usize = 4_096;

/// One case on which the two do not agree.
#[derive(Clone, Debug, PartialEq)]
pub struct Disagreement {
    /// Index of the case.
    pub case: u32,
    /// Their cell, as it stands.
    pub cell: String,
    /// What it says.
    pub theirs: Theirs,
    /// What the replay says.
    pub ours: ClockFact,
    /// Index into [`REASONS`] of what would make them agree; `None`: nothing that was tried.
    pub reason: Option<usize>,
    /// Where the cell stands.
    pub place: Option<Place>,
}

/// What came of the comparison.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Agreement {
    /// Cases that exist at `as_of`.
    pub n_cases: u64,
    /// Cases whose cell is empty in every row.
    pub n_empty: u64,
    /// Cases whose last cell was not understood, and some of these cells.
    pub n_not_understood: u64,
    /// Examples of them.
    pub not_understood: Vec<String>,
    /// Cases without a clock of the metric.
    pub n_without_clock: u64,
    /// By verdict: cases with a figure of theirs that cannot be held against ours, since ours was not judged or has no
    /// such figure.
    pub not_judged: [u64; Verdict::ALL.len()],
    /// By verdict, then theirs: not met, met. Verdicts only.
    pub table: [[u64; 2]; Verdict::ALL.len()],
    /// Cases that agree.
    pub n_agree: u64,
    /// Cases that do not, in order of case.
    pub disagreements: Vec<Disagreement>,
}

impl Agreement {
    fn merge(mut self, other: Agreement) -> Agreement {
        self.n_cases += other.n_cases;
        self.n_empty += other.n_empty;
        self.n_not_understood += other.n_not_understood;
        self.not_understood.extend(other.not_understood);
        self.not_understood.truncate(5);
        self.n_without_clock += other.n_without_clock;
        self.n_agree += other.n_agree;
        self.not_judged.iter_mut().zip(other.not_judged).for_each(|(mine, theirs)| *mine += theirs);
        for (mine, theirs) in self.table.iter_mut().zip(other.table) {
            mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine += theirs);
        }
        self.disagreements.extend(other.disagreements);
        self
    }
}

/// Holds every case against the column; `instant` reads its timestamps.
pub fn reconcile(question: &Question<'_>, instant: &(dyn Fn(&str) -> Option<Instant> + Sync)) -> Agreement {
    let history = &question.ingested.history;
    let replayer = Replayer::unranked(question.book, history, question.as_of);
    let n_cases = history.n_cases();
    let part = |part: usize| {
        let (mut made, mut workspace) = (Agreement::default(), Workspace::default());
        for case in part * CASES_AT_A_TIME..((part + 1) * CASES_AT_A_TIME).min(n_cases) {
            compare(question, &replayer, instant, case, &mut workspace, &mut made);
        }
        made
    };
    // In order of the parts, so that the number of threads never shows.
    let parts: Vec<Agreement> = (0..n_cases.div_ceil(CASES_AT_A_TIME)).into_par_iter().map(part).collect();
    let mut all = parts.into_iter().fold(Agreement::default(), Agreement::merge);
    explain(question, &mut all);
    all
}

fn compare(
    question: &Question<'_>,
    replayer: &Replayer<'_>,
    instant: &dyn Fn(&str) -> Option<Instant>,
    case: usize,
    workspace: &mut Workspace,
    made: &mut Agreement,
) {
    let Some(facts) = replayer.case(question.ingested.history.case(case), workspace) else { return };
    made.n_cases += 1;
    let Some((cell, place)) = last_cell(question, case) else {
        made.n_empty += 1;
        return;
    };
    let Some(theirs) = Theirs::read(cell, question.form, instant) else {
        made.n_not_understood += 1;
        if made.not_understood.len() < 5 {
            made.not_understood.push(cell.to_owned());
        }
        return;
    };
    let Some(ours) = last_clock(facts, question.metric) else {
        made.n_without_clock += 1;
        return;
    };
    if let Theirs::Verdict { met } = theirs {
        made.table[ours.verdict as usize][usize::from(met)] += 1;
    }
    match agrees(question, theirs, ours) {
        None => made.not_judged[ours.verdict as usize] += 1,
        Some(true) => made.n_agree += 1,
        Some(false) => {
            let (case, ours, cell) = (case as u32, ours.clone(), cell.to_owned());
            made.disagreements.push(Disagreement { case, cell, theirs, ours, reason: None, place });
        }
    }
}

/// The last cell of the case that is not empty, up to `as_of`, and where it stands; where no file has such a column, the
/// case's attribute of that name.
fn last_cell<'q>(question: &Question<'q>, case: usize) -> Option<(&'q str, Option<Place>)> {
    let ingested = question.ingested;
    if ingested.watched_words().is_empty() {
        let attribute = ingested.history.attribute(question.column)?;
        return Some((attribute.of(case)?, None));
    }
    let numbers = ingested.history.events.numbers(case)?;
    let events = ingested.history.case(case).events;
    let n = events.partition_point(|event| event.at <= question.as_of);
    numbers.take(n).rev().find_map(|event| Some((ingested.watched(event)?, ingested.places.of(event))))
}

/// Whether the two agree; `None`: ours was not judged, or has no figure to compare.
fn agrees(question: &Question<'_>, theirs: Theirs, ours: &ClockFact) -> Option<bool> {
    let near = |a: i64, b: i64| (a - b).abs() <= question.tolerance;
    match theirs {
        Theirs::Verdict { met } => match ours.verdict {
            Verdict::Met => Some(met),
            Verdict::Missed | Verdict::Unanswered => Some(!met),
            _ => None,
        },
        Theirs::Due(at) => ours.due_at.map(|due| near(due.micros(), at.micros())),
        Theirs::Length(length) => used(question.measure, ours).map(|used| near(used, length)),
    }
}

/// The length of a clock that stopped, µs.
pub(super) fn used(measure: Measure, clock: &ClockFact) -> Option<i64> {
    clock.stopped_at?;
    match measure {
        Measure::Business => clock.business,
        Measure::Wall => Some(clock.elapsed - clock.paused),
    }
}

/// Finds for each disagreement the first reason under which there is none.
fn explain(question: &Question<'_>, all: &mut Agreement) {
    let mut workspace = Workspace::default();
    for (i, reason) in REASONS.iter().enumerate() {
        let open = |d: &Disagreement| d.reason.is_none();
        if !all.disagreements.iter().any(open) {
            return;
        }
        let book = reason.applied(question.book);
        let replayer = Replayer::unranked(&book, &question.ingested.history, question.as_of);
        for one in all.disagreements.iter_mut().filter(|d| open(d)) {
            let events = question.ingested.history.case(one.case as usize);
            let clock = replayer.case(events, &mut workspace).and_then(|f| reason.clock(f, question.metric));
            if clock.and_then(|clock| agrees(question, one.theirs, clock)) == Some(true) {
                one.reason = Some(i);
            }
        }
    }
    debug_assert!(question.form != Form::Due || all.table == Agreement::default().table);
}
