//! An input part by part: for what counts over all cases and shows none of them. The rows of a part become a history of
//! their own, which is looked at and dropped, so that no more than a part a thread is ever in order; rows beyond a bound
//! wait on disk. What is told of the whole input ([`Parted::frame`]) is known before any part is in order.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::absent;
use super::assemble;
use super::assumed::Assumed;
use super::finding::{self, Given};
use super::finish::{Booked, assumptions, book, finish, joining, lost};
use super::gather::Gathered;
use super::group::{Input, Part, Ranks, Scratch, group};
use super::ids;
use super::latest::{self, Ends, FarDate};
use super::plan::{Plan, Progress};
use super::profile::Shape;
use super::read::{Ingested, into_inner, lock, raw};
use super::repeats::duplicates;
use super::seen::Seen;
use crate::calendar::Instant;
use crate::diag::{Diagnostic, Error};
use crate::history::{Event, Events, History};

/// An input, as it could be read.
pub enum Reading<'p> {
    /// Part by part.
    Parts(Box<Parted<'p>>),
    /// At once: its rows tell of each other, or of more than one case's events.
    Whole(Box<Ingested>),
}

/// The rows of an input in parts.
pub struct Parted<'p> {
    booked: Booked<'p>,
    /// The status words' categories, the span, whether there are messages; no case and no event.
    frame: History,
    ranks: Ranks,
    /// Those that were not shown yet.
    parts: Mutex<std::vec::IntoIter<Gathered>>,
    told: Mutex<Told>,
}

/// What the parts tell of themselves once they are in order.
struct Told {
    duplicates: Vec<(u32, u32)>,
    /// Rows by the code of what their local time was.
    shifts: BTreeMap<&'static str, u64>,
    /// Status words, where some have no category.
    given: Option<Given>,
    assumed: Assumed,
    /// The ends of the cases, by the numbers of their rows.
    ends: Ends,
}

/// Reads all files of `plan` as [`super::read`] does: part by part where each row is an event by itself, no attribute is
/// kept and no repeated hour hides the latest instant.
///
/// # Errors
/// Those of [`super::read`]; [`Error::Input`] too where rows cannot wait on disk.
pub fn read_in_parts<'p>(plan: &'p Plan, progress: &dyn Progress) -> Result<Reading<'p>, Error> {
    let raw = raw(plan, progress, plan.memory)?;
    let is_plain =
        raw.sources.iter().all(|source| matches!(source.table.shape, Shape::Events | Shape::People));
    let is_by_parts = is_plain && raw.names.is_empty() && plan.watch.is_none();
    match raw.gather.span().filter(|_| is_by_parts && !joining(&raw.sources).has_ties()) {
        Some(span) => Ok(Reading::Parts(Box::new(Parted::new(book(raw)?, span)))),
        None => Ok(Reading::Whole(Box::new(finish(raw)?))),
    }
}

impl<'p> Parted<'p> {
    fn new(mut booked: Booked<'p>, span: (Instant, Instant)) -> Parted<'p> {
        let (actors, of_actors) = assemble::all_ascending(&booked.all.words.actors);
        let (statuses, of_statuses) = assemble::all_ascending(&booked.all.words.statuses);
        let profile = &booked.plan.profile;
        let categories = finding::categories(&statuses, profile);
        let given = finding::has_unknown(&statuses, profile).then(|| Given::none(statuses.len()));
        let Seen { has_messages, has_statuses, .. } = booked.all.seen;
        let ends = Ends::new(span);
        let span = Some(span);
        let frame =
            History { actors, statuses, categories, span, has_messages, has_statuses, ..History::default() };
        let told = Mutex::new(Told {
            duplicates: Vec::new(),
            shifts: BTreeMap::new(),
            given,
            assumed: Assumed::default(),
            ends,
        });
        let parts = Mutex::new(std::mem::take(&mut booked.all.parts).into_iter());
        Parted { booked, frame, ranks: Ranks { actors: of_actors, statuses: of_statuses }, parts, told }
    }

    /// What is known of the whole input: words, categories, messages, span. It has no case and no event.
    pub fn frame(&self) -> &History {
        &self.frame
    }

    /// More rows were rejected than the plan allows, or all of them; see [`Ingested::accept`].
    pub fn accept(&self) -> Result<(), Error> {
        super::read::accept(self.booked.refused.as_ref(), &self.booked.ledger)
    }

    /// What is likely a mistake, and that the run goes on with.
    pub fn warnings(&self) -> Vec<Diagnostic> {
        absent::warnings(&self.booked.sources, &self.booked.plan.profile)
    }

    /// How many cases there are.
    pub fn n_cases(&self) -> usize {
        lock(&self.parts).as_slice().iter().map(|part| part.cases.len()).sum()
    }

    /// Shows each part as a history of its own, with the number of cases in the parts before it, on all threads and in no
    /// order; `each` adds what it makes of it to a sum, one a thread, which are given back. Each part is shown once: nothing
    /// is left of it.
    ///
    /// # Errors
    /// [`Error::Input`] where rows that waited on disk cannot be read.
    pub fn fold<T: Send>(
        &self,
        empty: impl Fn() -> T + Sync,
        each: impl Fn(&mut T, &History, usize) + Sync,
    ) -> Result<Vec<T>, Error> {
        let first = AtomicUsize::new(0);
        let next = || {
            let mut parts = lock(&self.parts);
            let part = parts.next()?;
            let first = first.fetch_add(part.cases.len(), Ordering::Relaxed);
            Some((part, first))
        };
        let sum = |_| {
            let (mut sum, mut scratch) = (empty(), Scratch::default());
            while let Some((part, first)) = next() {
                let history = self.history(part, &mut scratch)?;
                each(&mut sum, &history, first);
            }
            Ok(sum)
        };
        (0..rayon::current_num_threads()).into_par_iter().map(sum).collect()
    }

    /// One part in order.
    fn history(&self, mut of: Gathered, scratch: &mut Scratch) -> Result<History, Error> {
        of.restore(&self.booked.all.spill).map_err(|cause| lost(&cause))?;
        let (blocks, joining) = (&self.booked.numbered[..], joining(&self.booked.sources));
        let (who, acts) = (&self.booked.who, &self.booked.acts);
        let (places, ranks) = (&self.booked.places, &self.ranks);
        let mut part = group(of, &Input { blocks, places, joining, ranks, who, acts }, scratch);
        let events = std::mem::take(&mut part.events);
        self.take_note(&part, &events);
        let stands = part.starts.windows(2).map(|pair| (0, pair[0], pair[1] - pair[0]));
        let events = Events::of_pieces(vec![events], stands);
        let History { categories, span, has_messages, has_statuses, .. } = &self.frame;
        let (categories, span) = (categories.clone(), *span);
        let (has_messages, has_statuses) = (*has_messages, *has_statuses);
        Ok(History { events, categories, span, has_messages, has_statuses, ..History::default() })
    }

    fn take_note(&self, part: &Part, events: &[Event]) {
        let mut ends = self.frame.span.map(Ends::new);
        for pair in part.starts.windows(2) {
            let (from, to) = (pair[0] as usize, pair[1] as usize);
            let name = |i: usize| part.ordinals.get(from + i).map_or(u64::MAX, |&ordinal| u64::from(ordinal));
            ends.iter_mut().for_each(|ends| ends.add(&events[from..to], name));
        }
        let mut told = lock(&self.told);
        ends.into_iter().for_each(|ends| told.ends.merge(ends));
        told.duplicates.extend_from_slice(&part.duplicates);
        told.assumed.add(&part.assumed);
        for shift in &part.shifts {
            *told.shifts.entry(shift.code).or_default() += 1;
        }
        if let Some(given) = &mut told.given {
            given.add_events(events, &part.ordinals);
        }
    }

    /// The latest event where it lies far from all others, once all parts were shown.
    pub fn far_date(&self) -> Option<FarDate> {
        lock(&self.told).ends.far(|ordinal| latest::of_row(&self.booked.places, ordinal))
    }

    /// The rest of what reading gives, once all parts were shown: duplicates are booked, findings told without a case.
    pub fn settle(self) -> Ingested {
        let Booked { plan, sources, mut ledger, refused, mut places, watched, told: unread, .. } =
            self.booked;
        let told = into_inner(self.told);
        places.duplicates = duplicates(told.duplicates, &sources, &places, &mut ledger);
        let given = told.given.unwrap_or_default();
        let mut findings = finding::unknown(&self.frame.statuses, &given, &places, &plan.profile);
        findings.extend(told.shifts.into_iter().map(|(code, n)| finding::of_rows(code, n)));
        let mut assumptions = assumptions(&plan.profile, &sources, &findings, (&told.assumed, unread));
        assumptions.extend(ids::notes(&ledger.files));
        let warnings = absent::warnings(&sources, &plan.profile);
        Ingested { history: self.frame, ledger, findings, places, watched, assumptions, warnings, refused }
    }
}
