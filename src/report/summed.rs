//! An audit that writes nothing: the summary alone, of an input that is replayed part by part where it can be, so that
//! there is never a whole history in memory.

use crate::calendar::Instant;
use crate::diag::Error;
use crate::facts::{self, Accumulate, By};
use crate::history::CaseEvents;
use crate::ingest::{self, Attributes, Ingested, Parted, Reading};
use crate::replay::{Replayer, Waits, rank};
use crate::tables::Tally;

use super::account::inputs;
use super::audit::{Audit, Counted, Observer, Outcome, judging_instant, outcome, tally};
use super::reach;

/// The outcome of `audit` without a report.
///
/// # Errors
/// As [`super::audit`], but for those of writing.
pub(super) fn summary(audit: &Audit, observer: &dyn Observer) -> Result<Outcome, Error> {
    observer.stage("reading", 1);
    // A summary needs no other attributes than those by which the scope is judged.
    let attributes = Attributes::Named(audit.book.scope_attributes());
    let plan = ingest::Plan { attributes, hash_inputs: false, ..audit.input.clone() };
    let made = match ingest::read_in_parts(&plan, observer)? {
        Reading::Parts(parted) => of_parts(audit, *parted, observer),
        Reading::Whole(ingested) => of_whole(audit, *ingested, observer),
    };
    observer.done();
    made
}

/// Works out what is counted, and no more.
fn counting<'a>(audit: &Audit, replayer: Replayer<'a>) -> Replayer<'a> {
    let replayer = replayer.asking(&audit.close_after);
    // What is counted by its due needs one.
    let is_by_due = audit.period.is_some_and(|(_, by)| by == By::Due);
    if is_by_due { replayer } else { replayer.counting() }
}

fn of_whole(audit: &Audit, mut ingested: Ingested, observer: &dyn Observer) -> Result<Outcome, Error> {
    ingested.warnings.iter().for_each(|warning| observer.warning(warning));
    ingested.accept()?;
    ingested.ledger.examples.iter().for_each(|problem| observer.problem(problem));
    let far = audit.as_of.map_or_else(|| ingested.far_date(), |_| None);
    // It points to no line any more.
    ingested.places = ingest::Places::default();
    let as_of = judging_instant(audit, &ingested.history, observer)?;
    let far_date = reach::far_date(far, &ingested.ledger.files, observer);
    observer.stage("replaying", ingested.history.n_cases() as u64);
    let replayer = counting(audit, Replayer::unranked(&audit.book, &ingested.history, as_of));
    let sums = facts::fold_in_order(&replayer, &|| tally(audit), &|n| observer.advance(n));
    Ok(ended(audit, &ingested, as_of, (sums, far_date)))
}

fn of_parts(audit: &Audit, parted: Parted<'_>, observer: &dyn Observer) -> Result<Outcome, Error> {
    parted.warnings().iter().for_each(|warning| observer.warning(warning));
    parted.accept()?;
    let as_of = judging_instant(audit, parted.frame(), observer)?;
    observer.stage("replaying", parted.n_cases() as u64);
    let replayer = counting(audit, Replayer::of_parts(&audit.book, parted.frame(), as_of));
    let empty = || (tally(audit), Vec::<Waits>::new());
    let sums = parted.fold(empty, |(counted, waits), history, first| {
        let case = |i: usize| CaseEvents { case: (first + i) as u32, ..history.case(i) };
        waits.push(facts::add_in_order(&replayer, (0..history.n_cases()).map(case), counted));
        observer.advance(history.n_cases() as u64);
    })?;
    drop(replayer);
    // Known only now, since no row was in order before.
    let far = audit.as_of.map_or_else(|| parted.far_date(), |_| None);
    let ingested = parted.settle();
    ingested.ledger.examples.iter().for_each(|problem| observer.problem(problem));
    let far_date = reach::far_date(far, &ingested.ledger.files, observer);
    Ok(ended(audit, &ingested, as_of, (together(sums).unwrap_or_else(empty), far_date)))
}

/// What came of it once all cases are in.
fn ended(
    audit: &Audit,
    ingested: &Ingested,
    as_of: Instant,
    ((mut counted, waits), far_date): ((Tally, Vec<Waits>), Option<String>),
) -> Outcome {
    rank(&waits, &mut counted);
    let inputs = inputs(&ingested.ledger.files, &[]);
    let counted = Counted { tally: counted, notes: Vec::new(), assumed: far_date.into_iter().collect() };
    outcome(audit, ingested, as_of, counted, &inputs)
}

/// What all threads counted.
fn together(sums: Vec<(Tally, Vec<Waits>)>) -> Option<(Tally, Vec<Waits>)> {
    sums.into_iter().reduce(|(mut counted, mut waits), (other, mut others)| {
        counted.merge(other);
        waits.append(&mut others);
        (counted, waits)
    })
}
