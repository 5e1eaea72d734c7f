//! What is made of the rows once all files are read: every row is booked, the parts are put in order and together. How the
//! rows came is `read`'s.

use rayon::prelude::*;

use super::absent;
use super::acts::Acts;
use super::assemble::{self, assemble};
use super::assumed::{self, Assumed};
use super::finding::{self, DataFinding};
use super::gather::{BlockKey, Everything};
use super::group::{Input, Joining, Numbered, Part, Ranks, Scratch, Ties, group};
use super::ids;
use super::ledger::Ledger;
use super::people::{Ways, Who};
use super::places::{BlockPlaces, Places};
use super::plan::Plan;
use super::profile::{Profile, Shape};
use super::read::{Ingested, Raw, settle};
use super::refuse::{check_size, check_statuses, check_words, refused};
use super::repeats::duplicates;
use super::rows::Rest;
use super::shape_rules::MERGED;
use super::shared_cases;
use super::source::Source;
use super::translate::status_id;
use super::watch::Watched;
use super::words::Interner;
use crate::calendar::Instant;
use crate::codes;
use crate::diag::{Diagnostic, Error};
use crate::history::{Category, History};

/// Where rows are kept that do not wait in memory.
pub(super) const SPILLED: &str =
    "TMPDIR names the folder of temporary files: it needs 24 bytes for each such row";

/// An input whose rows are booked, and stand in their parts.
pub(super) struct Booked<'p> {
    pub(super) plan: &'p Plan,
    pub(super) sources: Vec<Source<'p>>,
    pub(super) names: Vec<String>,
    pub(super) ledger: Ledger,
    pub(super) refused: Option<Diagnostic>,
    pub(super) numbered: Vec<Numbered>,
    pub(super) places: Places,
    pub(super) unlisted: Vec<DataFinding>,
    pub(super) watched: Watched,
    pub(super) all: Everything,
    pub(super) who: Who,
    pub(super) acts: Acts,
    /// Rows that look like messages and that nobody read, and people of two roles, a sentence each.
    pub(super) told: Vec<String>,
}

/// Books every row but for duplicates.
pub(super) fn book(raw: Raw<'_>) -> Result<Booked<'_>, Error> {
    let Raw { plan, sources, names, done, mut ledger, gather } = raw;
    let keys: Vec<BlockKey> = done.iter().map(|done| done.key).collect();
    let blocks = settle(done, &mut ledger);
    let refused = refused(plan, &ledger);
    check_size(&blocks, &ledger, refused.as_ref())?;
    let all = gather.finish();
    check_words(&all)?;
    check_statuses(all.words.statuses.len())?;
    let watched = match plan.watch {
        Some(_) => Watched::of(blocks.iter().map(|b| (b.watched.as_ref(), b.n_rows as u32))),
        None => Watched::default(),
    };
    let numbered = number(&keys, &blocks, &sources);
    let unlisted = finding::unlisted(&blocks, &plan.profile);
    let people = || blocks.iter().flat_map(|block| &block.people);
    let has_people = joining(&sources).has_people;
    let who = if has_people { Who::new(&all.words, people()) } else { Who::default() };
    let mut told = assumed::unread(&blocks);
    told.extend(assumed::twice(who.n_twice));
    let acts = acts(plan, &sources, &all.words.statuses);
    let of_block = numbered.iter().zip(blocks).map(|(numbered, rest)| BlockPlaces::new(numbered.base, rest));
    let places = Places { blocks: of_block.collect(), ..Places::default() };
    Ok(Booked {
        plan,
        sources,
        names,
        ledger,
        refused,
        numbered,
        places,
        unlisted,
        watched,
        all,
        who,
        acts,
        told,
    })
}

/// Puts the parts together.
pub(super) fn finish(raw: Raw<'_>) -> Result<Ingested, Error> {
    let booked = book(raw)?;
    let sources = &booked.sources;
    let Everything { words, mut parts, spill, seen, .. } = booked.all;
    parts.par_iter_mut().try_for_each(|part| part.restore(&spill)).map_err(|cause| lost(&cause))?;
    let (actors, of_actors) = assemble::all_ascending(&words.actors);
    let (statuses, of_statuses) = assemble::all_ascending(&words.statuses);
    let ranks = Ranks { actors: of_actors, statuses: of_statuses };
    let apart = shared_cases::notes(&parts, sources);
    let (blocks, places) = (&booked.numbered[..], &booked.places);
    let (who, acts) = (&booked.who, &booked.acts);
    let input = Input { blocks, places, joining: joining(sources), ranks: &ranks, who, acts };
    let mut made: Vec<Part> =
        parts.into_par_iter().map_init(Scratch::default, |scratch, of| group(of, &input, scratch)).collect();
    let (mut ledger, mut places) = (booked.ledger, booked.places);
    let of_parts = made.iter().flat_map(|part| part.duplicates.iter().copied());
    places.duplicates = duplicates(of_parts.collect(), sources, &places, &mut ledger);
    let columns: Vec<(String, Interner)> = booked.names.into_iter().zip(words.values).collect();
    let (history, ordinals) = assemble(&mut made, &columns);
    places.ordinals = ordinals;
    let mut history = History {
        actors,
        statuses,
        has_messages: seen.has_messages,
        has_statuses: seen.has_statuses,
        ..history
    };
    let mut findings = finding::categorize(&mut history, &places, &booked.plan.profile);
    findings.extend(booked.unlisted);
    findings.extend(finding::shifts(&made, &history, &places));
    let mut assumed = Assumed::default();
    made.iter().for_each(|part| assumed.add(&part.assumed));
    let told = (&assumed, booked.told);
    let mut assumptions = assumptions(&booked.plan.profile, sources, &findings, told);
    assumptions.extend(ids::notes(&ledger.files));
    assumptions.extend(apart);
    let warnings = absent::warnings(sources, &booked.plan.profile);
    let (watched, refused) = (booked.watched, booked.refused);
    Ok(Ingested { history, ledger, findings, places, watched, assumptions, warnings, refused })
}

/// What is taken for granted, a line each.
pub(super) fn assumptions(
    profile: &Profile,
    sources: &[Source<'_>],
    findings: &[DataFinding],
    (assumed, told): (&Assumed, Vec<String>),
) -> Vec<String> {
    let mut all = profile.assumptions.clone();
    all.extend(sources.iter().flat_map(Source::assumptions));
    all.extend(absent::notes(sources));
    all.extend(finding::not_mapped(findings));
    all.extend(assumed.sentences(profile));
    all.extend(told);
    all
}

/// What the profile says of acts, with the statuses as they came.
fn acts(plan: &Plan, sources: &[Source<'_>], statuses: &Interner) -> Acts {
    let profile = &plan.profile;
    let word = |status: u32| super::words::text(statuses.at(status)).into_owned();
    let category = |status: u32| profile.category(&word(status)).unwrap_or(Category::Open);
    let one_act = profile.one_act.unwrap_or(0);
    let categories =
        if one_act > 0 { (0..statuses.len() as u32).map(category).collect() } else { Vec::new() };
    let names_merged = sources.iter().any(|source| source.table.names_merged());
    let merged = statuses.find(statuses.hash_of(MERGED.as_bytes()), MERGED.as_bytes());
    Acts {
        one_act,
        categories,
        merged: merged.filter(|_| names_merged).map(status_id),
        severity: profile.default_severity,
        until: plan.as_of.map_or(i64::MAX, Instant::micros),
    }
}

/// Rows that were put away cannot be read again.
pub(super) fn lost(cause: &std::io::Error) -> Error {
    let message = format!("rows that waited in the temporary folder cannot be read: {cause}");
    Error::Input(vec![Diagnostic::error(codes::F301, message).hint(SPILLED)])
}

/// Messages come first of their instant where the files are of more than one table.
pub(super) fn joining(sources: &[Source<'_>]) -> Joining {
    let is_of_cases = |source: &&Source<'_>| source.table.shape != Shape::People;
    let mut tables = sources.iter().filter(is_of_cases).map(|source| source.table);
    let first = tables.next();
    let is_joined = tables.any(|table| first.is_some_and(|first| !std::ptr::eq(first, table)));
    let ties = if is_joined { Ties::Messages } else { Ties::Source };
    let is_plain =
        |source: &Source<'_>| matches!(source.table.shape, Shape::Events | Shape::Snapshots | Shape::People);
    let has_people = sources.iter().any(|source| source.table.has_people());
    Joining { ties, has_shapes: !sources.iter().all(is_plain), has_people }
}

/// Numbers rows through all blocks, which stand in order of the input.
fn number(keys: &[BlockKey], blocks: &[Rest], sources: &[Source<'_>]) -> Vec<Numbered> {
    let mut base = 0;
    let numbered = |(&key, block): (&BlockKey, &Rest)| {
        base += block.n_rows as u32;
        let zone = sources[block.source as usize].zone;
        let ways = Ways::of(sources[block.source as usize].table);
        Numbered { key, base: base - block.n_rows as u32, file: block.file, zone, ways }
    };
    keys.iter().zip(blocks).map(numbered).collect()
}
