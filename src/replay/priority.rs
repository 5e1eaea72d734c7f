//! Priority order over the whole input (SPEC 10): at each first response, which more severe cases had waited.
//!
//! A sweep over time. A case stands in the queue of its severity from the instant at which it has waited the
//! tolerance until its own first response stops; each response looks at the queues of the more severe. O(n log n)
//! in cases and their changes of severity. It judges no clock.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rayon::prelude::*;

use crate::calendar::{Duration, Instant};

use super::course::{Cause, Course, Step};
use super::version::{Limit, Version};

/// Levels of severity; 0 is none.
pub(super) const LEVELS: usize = 10;

/// No response.
const NONE: u32 = u32::MAX;

/// In `[from, to)` the case may be overtaken in this severity.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stay {
    pub(super) from: Instant,
    pub(super) to: Instant,
    pub(super) opened_at: Instant,
    pub(super) case: u32,
    pub(super) version: u16,
    pub(super) level: u8,
}

/// A first response really given.
#[derive(Clone, Copy, Debug)]
pub(super) struct Response {
    pub(super) at: Instant,
    pub(super) case: u32,
    pub(super) version: u16,
    pub(super) level: u8,
}

// There are as many as cases, and more stays where severities change.
const _: () = assert!(size_of::<Stay>() == 32 && size_of::<Response>() == 16);

/// Cases that waited for their first response, and the responses. Order of insertion never shows.
#[derive(Debug, Default)]
pub struct Waits {
    pub(super) stays: Vec<Stay>,
    pub(super) responses: Vec<Response>,
}

/// One case that is in scope and not exempt, as [`Waits::add`] takes it.
#[derive(Debug)]
pub struct Waiting<'a> {
    /// Index of the case.
    pub case: u32,
    /// Index of its policy version.
    pub version: u16,
    /// Its clock `first_response`.
    pub course: &'a Course,
    /// The severities in force on it, from its start.
    pub path: &'a [Step],
}

impl Waits {
    /// Takes up one case.
    pub(super) fn add(&mut self, version: &Version<'_>, waiting: &Waiting<'_>) {
        let Waiting { case, version: version_index, course, path } = *waiting;
        let tolerance = version.policy.priority.map_or(Duration::ZERO, |rule| rule.tolerance);
        let opened_at = course.start.at;
        let end = course.stop.map_or(Instant::MAX, |stop| stop.at.at);
        for (i, step) in path.iter().enumerate() {
            let to = path.get(i + 1).map_or(end, |next| next.from.at.min(end));
            let Some(level) = step.severity.filter(|_| version.defines(step.severity)) else { continue };
            let Some(ripe) = ripe_at(version, step.severity, tolerance, opened_at) else { continue };
            // Opened before the response, so not at its instant.
            let from = step.from.at.max(ripe).max(opened_at.plus(1));
            if from < to {
                self.stays.push(Stay { from, to, opened_at, case, version: version_index, level });
            }
        }
        let answered = course.stop.filter(|stop| stop.cause == Cause::Done);
        let last = path.last().and_then(|step| step.severity).filter(|&level| version.defines(Some(level)));
        if let Some((stop, level)) = answered.zip(last) {
            self.responses.push(Response { at: stop.at.at, case, version: version_index, level });
        }
    }

    /// Everybody who could be overtaken at `at` by an answer to somebody in `level`: case, severity, opening.
    pub(super) fn waiting(&self, at: Instant, level: u8) -> impl Iterator<Item = Worst> {
        let waits = move |stay: &&Stay| stay.from <= at && at < stay.to && stay.level < level;
        let worst = |stay: &Stay| Worst { case: stay.case, level: stay.level, opened_at: stay.opened_at };
        self.stays.iter().filter(waits).map(worst)
    }

    /// From when to when anybody could be overtaken, half open; an empty one where nobody could.
    pub(super) fn span(&self) -> (Instant, Instant) {
        let from = self.stays.iter().map(|stay| stay.from).min().unwrap_or(Instant::MIN);
        (from, self.stays.iter().map(|stay| stay.to).max().unwrap_or(Instant::MIN))
    }

    /// All of `parts` in one: none of them stays while the next one is taken over.
    pub(super) fn together(parts: Vec<Waits>) -> Waits {
        let mut all = Waits {
            stays: Vec::with_capacity(parts.iter().map(|part| part.stays.len()).sum()),
            responses: Vec::with_capacity(parts.iter().map(|part| part.responses.len()).sum()),
        };
        for Waits { mut stays, mut responses } in parts {
            all.stays.append(&mut stays);
            all.responses.append(&mut responses);
        }
        all
    }

    /// Room for so many cases.
    pub fn for_cases(n: usize) -> Waits {
        Waits { stays: Vec::with_capacity(n), responses: Vec::with_capacity(n) }
    }

    /// Sweeps over all of it; `n_cases` are the cases of the input.
    pub(super) fn sweep(mut self, n_cases: usize) -> Order {
        self.responses.par_sort_unstable_by_key(|response| (response.at, response.case));
        self.stays.par_sort_unstable_by_key(|stay| (stay.from, stay.case));
        let mut leaving: Vec<(Instant, u32)> =
            self.stays.iter().zip(0u32..).map(|(stay, i)| (stay.to, i)).collect();
        leaving.par_sort_unstable();
        let mut sweep = Sweep::new(n_cases, self.responses.len());
        let mut turns = Turns { stays: &self.stays, leaving: &leaving, joined: 0, left: 0 };
        for response in &self.responses {
            turns.until(response.at, &mut sweep);
            sweep.answer(response);
        }
        // Who begins to wait after the last response joins all the same: each leaving has its joining.
        turns.until(Instant::MAX, &mut sweep);
        sweep.order
    }
}

/// Joining and leaving in order of time.
struct Turns<'a> {
    /// Ascending by `from`.
    stays: &'a [Stay],
    /// `to` and index of all stays, ascending.
    leaving: &'a [(Instant, u32)],
    joined: usize,
    left: usize,
}

impl Turns<'_> {
    /// Lets everybody join and leave whose instant is at or before `at`. At one instant those who leave come first: a
    /// case that comes back to a severity has the same place in its queue as before.
    fn until(&mut self, at: Instant, sweep: &mut Sweep) {
        loop {
            let joins = self.stays.get(self.joined).filter(|stay| stay.from <= at);
            let leaves = self.leaving.get(self.left).filter(|(to, _)| *to <= at);
            match (joins, leaves) {
                (Some(stay), leaves) if leaves.is_none_or(|(to, _)| stay.from < *to) => {
                    sweep.join(stay);
                    self.joined += 1;
                }
                (_, Some((_, i))) => {
                    sweep.leave(&self.stays[*i as usize]);
                    self.left += 1;
                }
                _ => return,
            }
        }
    }
}

/// When a case of this severity has waited for the tolerance; `None`: never.
fn ripe_at(
    version: &Version<'_>,
    severity: Option<u8>,
    tolerance: Duration,
    opened_at: Instant,
) -> Option<Instant> {
    let calendar = version.calendar(severity);
    let limit = Limit::of(tolerance, opened_at, calendar);
    let amount = limit.amount?;
    if limit.business { calendar?.add(opened_at, amount) } else { Some(opened_at.plus(amount)) }
}

/// The state between two instants.
struct Sweep {
    /// Those who wait in each level with their `to`, the earliest opened first, ties by case id: cases stand in order
    /// of id. Who has left stays in until somebody looks for the first.
    queues: [BinaryHeap<Reverse<(Instant, u32, Instant)>>; LEVELS],
    /// How many wait in each level.
    n_waiting: [u32; LEVELS],
    /// Responses so far to each level and all less severe ones.
    answered: [u32; LEVELS + 1],
    order: Order,
}

impl Sweep {
    fn new(n_cases: usize, n_responses: usize) -> Sweep {
        let responses = Vec::with_capacity(n_responses);
        let order = Order { n_overtaken: vec![0; n_cases], responses, places: vec![NONE; n_cases] };
        Sweep { queues: Default::default(), n_waiting: [0; LEVELS], answered: [0; LEVELS + 1], order }
    }

    /// How often anybody in `level` has been overtaken so far: answers to less severe ones.
    fn overtaken_in(&self, level: u8) -> u32 {
        self.answered[usize::from(level) + 1]
    }

    fn join(&mut self, stay: &Stay) {
        self.queues[usize::from(stay.level)].push(Reverse((stay.opened_at, stay.case, stay.to)));
        self.n_waiting[usize::from(stay.level)] += 1;
        let before = self.overtaken_in(stay.level);
        let n = &mut self.order.n_overtaken[stay.case as usize];
        *n = n.wrapping_sub(before);
    }

    fn leave(&mut self, stay: &Stay) {
        self.n_waiting[usize::from(stay.level)] -= 1;
        let until = self.overtaken_in(stay.level);
        let n = &mut self.order.n_overtaken[stay.case as usize];
        *n = n.wrapping_add(until);
    }

    fn answer(&mut self, response: &Response) {
        let Response { at, case, level, .. } = *response;
        let more_severe = &self.n_waiting[..usize::from(level)];
        let n_overtaken = more_severe.iter().sum();
        let worst = more_severe.iter().position(|n| *n > 0).and_then(|level| self.first(level, at));
        self.order.places[case as usize] = self.order.responses.len() as u32;
        self.order.responses.push(Answer::new(response, n_overtaken, worst));
        self.answered[..=usize::from(level)].iter_mut().for_each(|n| *n += 1);
    }

    /// The first of those who wait in `level` at `at`.
    fn first(&mut self, level: usize, at: Instant) -> Option<Worst> {
        let queue = &mut self.queues[level];
        while queue.peek().is_some_and(|Reverse((_, _, to))| *to <= at) {
            queue.pop();
        }
        queue.peek().map(|&Reverse((opened_at, case, _))| Worst { case, level: level as u8, opened_at })
    }
}

/// The most severe, earliest opened case that waited.
#[derive(Clone, Copy, Debug)]
pub struct Worst {
    /// Index of the case.
    pub case: u32,
    /// Its severity at the response.
    pub level: u8,
    /// When it was opened.
    pub opened_at: Instant,
}

/// One first response and who waited then. There are nearly as many as cases.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    /// When.
    pub at: Instant,
    /// Index of the answered case.
    pub case: u32,
    /// How many more severe ones waited.
    pub n_overtaken: u32,
    /// Severity of the answered case.
    pub level: u8,
    worst_level: u8,
    worst_case: u32,
    worst_opened_at: Instant,
}

const _: () = assert!(size_of::<Answer>() == 32);

impl Answer {
    fn new(response: &Response, n_overtaken: u32, worst: Option<Worst>) -> Answer {
        let Response { at, case, level, .. } = *response;
        let Worst { case: worst_case, level: worst_level, opened_at: worst_opened_at } =
            worst.unwrap_or(Worst { case: NONE, level: 0, opened_at: at });
        Answer { at, case, n_overtaken, level, worst_level, worst_case, worst_opened_at }
    }

    /// The worst of those who waited.
    pub fn worst(&self) -> Option<Worst> {
        let worst = Worst { case: self.worst_case, level: self.worst_level, opened_at: self.worst_opened_at };
        (self.worst_case != NONE).then_some(worst)
    }
}

/// Who was overtaken by whom, over the whole input.
#[derive(Debug, Default)]
pub struct Order {
    /// For each case, how often it was overtaken.
    n_overtaken: Vec<u32>,
    /// In order of time, one a case at most.
    responses: Vec<Answer>,
    /// For each case, the place of its response; [`NONE`].
    places: Vec<u32>,
}

impl Order {
    /// How often case `case` was overtaken.
    pub fn n_overtaken(&self, case: u32) -> u32 {
        self.n_overtaken.get(case as usize).copied().unwrap_or(0)
    }

    /// Every first response in `[from, to)`, in order of time.
    pub fn responses_within(&self, from: Instant, to: Instant) -> &[Answer] {
        let until = |at: Instant| self.responses.partition_point(|answer| answer.at < at);
        self.responses.get(until(from)..until(to)).unwrap_or_default()
    }

    /// The first response of case `case`, where it counts.
    pub fn response(&self, case: u32) -> Option<&Answer> {
        let place = *self.places.get(case as usize)?;
        self.responses.get(place as usize)
    }
}
