//! What is made of the rows once all files are read: every row is booked, the parts are put in order and together. How the
//! rows came is `read`'s.

use rayon::prelude::*;

use super::absent;
use super::assemble::{self, assemble};
use super::finding::{self, DataFinding};
use super::gather::{BlockKey, Everything};
use super::group::{Input, Joining, Numbered, Part, Ranks, Scratch, Ties, group};
use super::ids;
use super::ledger::Ledger;
use super::places::{BlockPlaces, Places};
use super::plan::Plan;
use super::profile::{Profile, Shape};
use super::read::{Ingested, Raw, settle};
use super::refuse::{check_size, check_statuses, check_words, refused};
use super::repeats::duplicates;
use super::rows::Rest;
use super::shared_cases;
use super::source::Source;
use super::watch::Watched;
use super::words::Interner;
use crate::codes;
use crate::diag::{Diagnostic, Error};
use crate::history::History;

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
    let of_block = numbered.iter().zip(blocks).map(|(numbered, rest)| BlockPlaces::new(numbered.base, rest));
    let places = Places { blocks: of_block.collect(), ..Places::default() };
    Ok(Booked { plan, sources, names, ledger, refused, numbered, places, unlisted, watched, all })
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
    let input = Input { blocks: &booked.numbered, joining: joining(sources), ranks: &ranks };
    let mut made: Vec<Part> =
        parts.into_par_iter().map_init(Scratch::default, |scratch, of| group(of, &input, scratch)).collect();
    let (mut ledger, mut places) = (booked.ledger, booked.places);
    let of_parts = made.iter().flat_map(|part| part.duplicates.iter().copied());
    places.duplicates = duplicates(of_parts.collect(), sources, &places, &mut ledger);
    let columns: Vec<(String, Interner)> = booked.names.into_iter().zip(words.values).collect();
    let (history, ordinals) = assemble(&mut made, &columns);
    places.ordinals = ordinals;
    let mut history = History { actors, statuses, has_messages: seen.has_messages, ..history };
    let mut findings = finding::categorize(&mut history, &places, &booked.plan.profile);
    findings.extend(booked.unlisted);
    findings.extend(finding::shifts(&made, &history, &places));
    let mut assumptions = assumptions(&booked.plan.profile, sources, &findings);
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
) -> Vec<String> {
    let mut all = profile.assumptions.clone();
    all.extend(sources.iter().filter_map(Source::assumption));
    all.extend(absent::notes(sources));
    all.extend(finding::not_mapped(findings));
    all
}

/// Rows that were put away cannot be read again.
pub(super) fn lost(cause: &std::io::Error) -> Error {
    let message = format!("rows that waited in the temporary folder cannot be read: {cause}");
    Error::Input(vec![Diagnostic::error(codes::F301, message).hint(SPILLED)])
}

/// Messages come first of their instant where the files are of more than one table.
pub(super) fn joining(sources: &[Source<'_>]) -> Joining {
    let is_joined = sources.windows(2).any(|pair| !std::ptr::eq(pair[0].table, pair[1].table));
    let ties = if is_joined { Ties::Messages } else { Ties::Source };
    let is_plain = |source: &Source<'_>| matches!(source.table.shape, Shape::Events | Shape::Snapshots);
    Joining { ties, has_shapes: !sources.iter().all(is_plain) }
}

/// Numbers rows through all blocks, which stand in order of the input.
fn number(keys: &[BlockKey], blocks: &[Rest], sources: &[Source<'_>]) -> Vec<Numbered> {
    let mut base = 0;
    let numbered = |(&key, block): (&BlockKey, &Rest)| {
        base += block.n_rows as u32;
        let zone = sources[block.source as usize].zone;
        Numbered { key, base: base - block.n_rows as u32, file: block.file, zone }
    };
    keys.iter().zip(blocks).map(numbered).collect()
}
