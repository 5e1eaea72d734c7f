//! What every batch of facts shares: the dictionaries, the months, the names of the attribute columns. Made
//! once before the replay; nothing in it changes after. Knows nothing of files.

use std::sync::Arc;

use arrow::datatypes::Schema;
use chrono::Datelike;
use chrono_tz::Tz;

use crate::calendar::{Duration, Instant};
use crate::history::{Category, History, Place, Role};
use crate::ingest::Places;
use crate::policy::{Book, Policy, PromiseKind};
use crate::replay::{CaseFact, Direction, Metric, Reason, Source, SpellEnd, SpellVerdict, Verdict};

use super::dictionary::Dictionary;
use super::period::{Period, first_of, midnight};
use super::registry::{CASES, TABLES};

/// What every batch of facts shares.
pub struct Context<'a> {
    /// The histories that were replayed.
    pub history: &'a History,
    /// The policy versions that they were replayed under.
    pub book: &'a Book,
    pub(super) words: WordLists,
    pub(super) months: Months,
    pub(super) attributes: Vec<(String, Dictionary)>,
    pub(super) period: Period,
    places: Option<&'a Places>,
    /// In the order of [`TABLES`].
    pub(super) schemas: Vec<Arc<Schema>>,
}

impl<'a> Context<'a> {
    /// Of these histories under these versions; `files` are the names that findings point to, `period` says which
    /// facts count.
    pub fn new(history: &'a History, book: &'a Book, files: &[String], period: Period) -> Context<'a> {
        let names = attribute_names(history.attributes.iter().map(|a| a.name.as_str()));
        let attributes: Vec<(String, Dictionary)> = names
            .into_iter()
            .zip(&history.attributes)
            .map(|(name, attribute)| (name, Dictionary::of(&attribute.words)))
            .collect();
        let extra = |table: &str| if table == CASES.name { &attributes[..] } else { &[] };
        let schemas = TABLES
            .iter()
            .map(|table| table.schema(extra(table.name).iter().map(|(name, _)| name.as_str())))
            .collect();
        Context {
            history,
            book,
            words: WordLists::new(history, book, files),
            months: Months::new(history, book),
            period,
            places: None,
            schemas,
            attributes,
        }
    }

    /// The same, and findings of cases say where the event that shows them stands.
    pub fn with_places(self, places: &'a Places) -> Context<'a> {
        Context { places: Some(places), ..self }
    }

    /// The file and line of an event of a case.
    pub(super) fn place(&self, case: u32, event: u32) -> Option<Place> {
        let numbers = self.history.events.numbers(case as usize)?;
        self.places?.of(numbers.start + event as usize)
    }

    /// The attribute columns of `cases`, in order: name in the fact table, name in the input.
    pub fn attribute_names(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attributes
            .iter()
            .zip(&self.history.attributes)
            .map(|((fact, _), a)| (fact.as_str(), a.name.as_str()))
    }
}

/// Each attribute's own name, or `attr_NAME` where the name is taken (SPEC appendix).
fn attribute_names<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut taken: Vec<String> = CASES.columns.iter().map(|c| c.name.to_owned()).collect();
    let own = taken.len();
    for name in names {
        let mut free = name.to_owned();
        while taken.contains(&free) {
            free.insert_str(0, "attr_");
        }
        taken.push(free);
    }
    taken.split_off(own)
}

/// The dictionaries of every text column with few words.
pub(super) struct WordLists {
    pub(super) metrics: Dictionary,
    pub(super) verdicts: Dictionary,
    pub(super) roles: Dictionary,
    pub(super) sources: Dictionary,
    pub(super) reasons: Dictionary,
    pub(super) kinds: Dictionary,
    pub(super) target_kinds: Dictionary,
    pub(super) targets: Dictionary,
    pub(super) categories: Dictionary,
    pub(super) scopes: Dictionary,
    pub(super) directions: Dictionary,
    pub(super) spell_ends: Dictionary,
    pub(super) spell_verdicts: Dictionary,
    pub(super) codes: Dictionary,
    pub(super) files: Dictionary,
    pub(super) actors: Dictionary,
    pub(super) statuses: Dictionary,
    pub(super) versions: Dictionary,
    durations: Vec<Duration>,
    /// Of each code, in order of [`crate::codes::ALL`].
    letters: Vec<[u8; 4]>,
    /// Of each text that [`reasons`] gives.
    reason_keys: Vec<usize>,
    /// For each version, the index among `reason_keys` of its first `not included: …`.
    not_included: Vec<usize>,
    /// Of each of `durations`.
    target_keys: Vec<usize>,
    /// Of each input file: one that two tables of a profile read is there twice.
    file_keys: Vec<usize>,
    /// Of each version.
    version_keys: Vec<usize>,
}

const ROLES: [Role; 3] = [Role::Customer, Role::Agent, Role::System];

impl WordLists {
    fn new(history: &History, book: &Book, files: &[String]) -> WordLists {
        let durations = durations(book);
        let texts: Vec<String> = durations.iter().map(Duration::to_string).collect();
        let (targets, target_keys) = Dictionary::distinct(texts.iter().map(String::as_str));
        let (reasons, not_included) = reasons(history, book);
        let (reasons, reason_keys) = Dictionary::distinct(reasons.iter().map(String::as_str));
        let (files, file_keys) = Dictionary::distinct(files.iter().map(String::as_str));
        let (versions, version_keys) = Dictionary::distinct(book.versions.iter().map(|v| v.version.as_str()));
        WordLists {
            metrics: Dictionary::fixed(Metric::ALL.map(Metric::word)),
            verdicts: Dictionary::fixed(Verdict::ALL.map(Verdict::word)),
            roles: Dictionary::fixed(ROLES.iter().filter_map(|r| r.word())),
            sources: Dictionary::fixed(["message", "status"]),
            reasons,
            kinds: Dictionary::fixed(["commitment", "best_effort"]),
            target_kinds: Dictionary::fixed(["business", "elapsed", "business_days"]),
            targets,
            categories: Dictionary::fixed(Category::ALL.map(Category::word)),
            scopes: Dictionary::fixed(["in", "out"]),
            directions: Dictionary::fixed(Direction::ALL.map(Direction::word)),
            spell_ends: Dictionary::fixed(SpellEnd::ALL.map(SpellEnd::word)),
            spell_verdicts: Dictionary::fixed(SpellVerdict::ALL.map(SpellVerdict::word)),
            codes: Dictionary::fixed(crate::codes::ALL.iter().map(|c| c.code)),
            files,
            actors: Dictionary::of(&history.actors),
            statuses: Dictionary::of(&history.statuses),
            versions,
            durations,
            letters: letters(),
            reason_keys,
            not_included,
            target_keys,
            file_keys,
            version_keys,
        }
    }

    /// Key of a target's text.
    pub(super) fn target(&self, target: Duration) -> Option<usize> {
        self.durations.iter().position(|&d| d == target).map(|i| self.target_keys[i])
    }

    /// Key of a reason; `void` and `not included` say what it was: the status word, the attribute.
    pub(super) fn reason(&self, reason: Reason, case: &CaseFact) -> usize {
        let index = match reason {
            Reason::NotEntitled => 0,
            Reason::AgentOpened => 1,
            Reason::NeverNew => 2,
            Reason::Void => case.status_last.get().map_or(VOID, |status| VOID + 1 + status),
            Reason::NotIncluded(i) => self.not_included[case.version as usize] + usize::from(i),
        };
        self.reason_keys[index]
    }

    /// Key of the name of an input file.
    pub(super) fn file(&self, file: u32) -> Option<usize> {
        self.file_keys.get(file as usize).copied()
    }

    /// Key of the name of a policy version.
    pub(super) fn version(&self, version: u32) -> usize {
        self.version_keys[version as usize]
    }

    /// Key of a code.
    pub(super) fn code(&self, code: &str) -> Option<usize> {
        // There are dozens of codes and millions of findings: a code is four letters, compared at once.
        let code: &[u8; 4] = code.as_bytes().try_into().ok()?;
        self.letters.iter().position(|letters| letters == code)
    }
}

fn letters() -> Vec<[u8; 4]> {
    crate::codes::ALL.iter().filter_map(|c| c.code.as_bytes().first_chunk()).copied().collect()
}

/// Index of the reason `void` without a status word; the status words follow it.
const VOID: usize = 3;

/// The texts of reasons, which versions may share, and for each version where its `not included: …` begin.
fn reasons(history: &History, book: &Book) -> (Vec<String>, Vec<usize>) {
    let plain = [Reason::NotEntitled, Reason::AgentOpened, Reason::NeverNew, Reason::Void];
    let mut texts: Vec<String> = plain.iter().map(|r| r.word().to_owned()).collect();
    texts.extend(history.statuses.iter().map(|status| format!("{}: {status}", Reason::Void.word())));
    let mut starts = Vec::new();
    for version in &book.versions {
        starts.push(texts.len());
        let word = Reason::NotIncluded(0).word();
        texts.extend(version.scope.include.iter().map(|(attribute, _)| format!("{word}: {attribute}")));
    }
    (texts, starts)
}

/// Key of a role; none for [`Role::Unknown`].
pub(super) fn role_key(role: Role) -> Option<usize> {
    ROLES.iter().position(|&r| r == role)
}

/// Key of a source.
pub(super) const fn source_key(source: Source) -> usize {
    match source {
        Source::Message => 0,
        Source::Status => 1,
    }
}

/// Key of a kind of promise.
pub(super) const fn kind_key(kind: PromiseKind) -> usize {
    match kind {
        PromiseKind::Commitment => 0,
        PromiseKind::BestEffort => 1,
    }
}

/// Every target of every version, once each, in order of the policy.
fn durations(book: &Book) -> Vec<Duration> {
    let mut all: Vec<Duration> = Vec::new();
    for target in book.versions.iter().flat_map(targets_of) {
        if !all.contains(&target) {
            all.push(target);
        }
    }
    all
}

fn targets_of(policy: &Policy) -> impl Iterator<Item = Duration> {
    let severities = policy
        .severities
        .iter()
        .flat_map(|s| [s.first_response, s.next_response, s.update, s.resolution].into_iter().flatten());
    severities.chain(policy.after_hours.and_then(|a| a.first_response))
}

/// The local months of the input's span, as instants, for each policy version: a month is found by a search
/// among a few, not by calendar arithmetic a row.
pub(super) struct Months {
    pub(super) labels: Dictionary,
    /// For each version, the instant at which each month of `labels` starts in the version's zone.
    starts: Vec<Vec<Instant>>,
}

impl Months {
    fn new(history: &History, book: &Book) -> Months {
        let months: Vec<(i32, u32)> = match history.span {
            Some((from, to)) => months_between(from, to),
            None => vec![(1970, 1)],
        };
        let labels: Vec<String> =
            months.iter().map(|(year, month)| format!("{year:04}-{month:02}")).collect();
        let starts_in = |zone: Tz| months.iter().map(|&(y, m)| midnight(first_of(y, m), zone)).collect();
        Months {
            labels: Dictionary::fixed(labels.iter().map(String::as_str)),
            starts: book.versions.iter().map(|v| starts_in(v.timezone)).collect(),
        }
    }

    /// Key of the month of `at` in the zone of `version`.
    pub(super) fn key(&self, version: u32, at: Instant) -> usize {
        let starts = &self.starts[version as usize];
        starts.partition_point(|&start| start <= at).saturating_sub(1)
    }
}

/// The UTC months from the one before `from` to the one after `to`: no zone is a month away from UTC.
fn months_between(from: Instant, to: Instant) -> Vec<(i32, u32)> {
    let index = |at: Instant| at.to_utc().map_or(0, |t| t.year() * 12 + t.month0() as i32);
    (index(from) - 1..=index(to) + 1).map(|i| (i.div_euclid(12), i.rem_euclid(12) as u32 + 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attribute_names_give_way_to_columns_and_to_each_other() {
        let names = attribute_names(["customer", "scope", "attr_scope", "customer"].into_iter());
        assert_eq!(names, ["customer", "attr_scope", "attr_attr_scope", "attr_customer"]);
    }
}
