//! Findings about the data itself (SPEC 12): unknown status words, local times that were not one instant. Those
//! about a case's course are the replay's.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::group::Part;
use super::places::Places;
use super::profile::Profile;
use super::rows::Rest;
use crate::calendar::Instant;
use crate::codes;
use crate::history::{Category, Event, History, Place, Words};

/// Places kept of D508 and of D509; the counts are always whole.
const PLACES: usize = 10_000;

/// One finding about the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataFinding {
    /// A code of [`crate::codes`].
    pub code: &'static str,
    /// Index of the case, where it is about one.
    pub case: Option<u32>,
    /// The instant as it was taken, where it is about one.
    pub at: Option<Instant>,
    /// Where; of several rows the first of the input.
    pub place: Option<Place>,
    /// How many rows it is about.
    pub n: u64,
    /// Lower case, back-ticks round what the input has.
    pub message: String,
}

/// Gives every status word its category; words without one are open, and a finding each (D506).
pub(super) fn categorize(history: &mut History, places: &Places, profile: &Profile) -> Vec<DataFinding> {
    let n = history.statuses.len();
    history.categories = categories(&history.statuses, profile);
    if !has_unknown(&history.statuses, profile) {
        return Vec::new();
    }
    let pieces = history.events.pieces().par_iter().zip(&places.ordinals);
    let counts = pieces
        .fold(
            || Given::none(n),
            |mut given, (events, (_, ordinals))| {
                given.add_events(events, ordinals);
                given
            },
        )
        .reduce(|| Given::none(n), Given::with);
    unknown(&history.statuses, &counts, places, profile)
}

/// The category of each status word; words without one are open.
pub(super) fn categories(statuses: &Words, profile: &Profile) -> Vec<Category> {
    statuses.iter().map(|word| profile.category(word).unwrap_or(Category::Open)).collect()
}

/// True where some word has no category.
pub(super) fn has_unknown(statuses: &Words, profile: &Profile) -> bool {
    statuses.iter().any(|word| profile.category(word).is_none())
}

/// For each status word, how many events give it, and the number of the first row that does.
#[derive(Debug, Default)]
pub(super) struct Given(Vec<(u64, u32)>);

impl Given {
    /// Of `n` words none.
    pub(super) fn none(n: usize) -> Given {
        Given(vec![(0, u32::MAX); n])
    }

    /// Counts events with the numbers of their rows.
    pub(super) fn add_events(&mut self, events: &[Event], ordinals: &[u32]) {
        for (event, ordinal) in events.iter().zip(ordinals) {
            if let Some(status) = event.status.get() {
                self.0[status].0 += 1;
                self.0[status].1 = self.0[status].1.min(*ordinal);
            }
        }
    }

    /// Both.
    pub(super) fn with(self, other: Given) -> Given {
        Given(self.0.iter().zip(&other.0).map(|(a, b)| (a.0 + b.0, a.1.min(b.1))).collect())
    }
}

/// The status words that are given and have no category (D506).
pub(super) fn unknown(
    statuses: &Words,
    given: &Given,
    places: &Places,
    profile: &Profile,
) -> Vec<DataFinding> {
    let words = statuses.iter().zip(&given.0);
    words
        .filter(|(word, (n, _))| *n > 0 && profile.category(word).is_none())
        .map(|(word, &(n, first))| DataFinding {
            code: codes::D506,
            case: None,
            at: None,
            place: Some(places.of_row(first)),
            n,
            message: format!("status `{word}` has no category in profile `{}`: read as open", profile.name),
        })
        .collect()
}

/// Words that are told of one by one; the others are counted.
const TOLD: usize = 5;

/// What [`categorize`] and [`unlisted`] found, in sentences.
pub(super) fn not_mapped(findings: &[DataFinding]) -> Vec<String> {
    let found: Vec<&DataFinding> = findings.iter().filter(|finding| finding.code == codes::D506).collect();
    let rows = |n: u64| if n == 1 { "1 row".to_owned() } else { format!("{n} rows") };
    let sentence = |finding: &&DataFinding| format!("{} (D506, {})", finding.message, rows(finding.n));
    let mut all: Vec<String> = found.iter().take(TOLD).map(sentence).collect();
    if found.len() > TOLD {
        all.push(format!("{} more words without a meaning in the profile (D506)", found.len() - TOLD));
    }
    all
}

/// Activities that the profile does not list (D506), in order of their words.
pub(super) fn unlisted(blocks: &[Rest], profile: &Profile) -> Vec<DataFinding> {
    let mut all: BTreeMap<&[u8], (u64, Place)> = BTreeMap::new();
    for block in blocks {
        for (word, &(n, row)) in &block.unlisted {
            let place = Place { file: block.file, line: block.lines.line(row) };
            all.entry(word).or_insert((0, place)).0 += n;
        }
    }
    let finding = |(word, (n, place)): (&[u8], (u64, Place))| DataFinding {
        code: codes::D506,
        case: None,
        at: None,
        place: Some(place),
        n,
        message: format!(
            "activity `{}` is not listed in profile `{}`: read as an update that changes no state",
            super::words::text(word),
            profile.name
        ),
    };
    all.into_iter().map(finding).collect()
}

/// D508 and D509, a finding a row, in order of the input.
pub(super) fn shifts(parts: &[Part], history: &History, places: &Places) -> Vec<DataFinding> {
    let mut all: Vec<_> = parts.iter().flat_map(|p| p.shifts.iter().map(move |shift| (p, shift))).collect();
    all.sort_unstable_by_key(|(_, shift)| (shift.code, shift.ordinal));
    let mut findings = Vec::new();
    for code in [codes::D508, codes::D509] {
        let of_code: Vec<_> = all.iter().filter(|(_, shift)| shift.code == code).collect();
        for (part, shift) in of_code.iter().take(PLACES) {
            let id = super::words::text(part.cases.at(shift.case));
            findings.push(DataFinding {
                code,
                case: find(history, &id),
                at: Some(Instant::from_micros(shift.at)),
                place: Some(places.of_row(shift.ordinal)),
                n: 1,
                message: message(code, shift.at),
            });
        }
        let n = of_code.len().saturating_sub(PLACES) as u64;
        if n > 0 {
            let message = "more local times of this kind, not listed one by one".to_string();
            findings.push(DataFinding { code, case: None, at: None, place: None, n, message });
        }
    }
    findings
}

/// `n` rows of the input, without saying which.
pub(super) fn of_rows(code: &'static str, n: u64) -> DataFinding {
    let message = "local times that are not one instant".to_string();
    DataFinding { code, case: None, at: None, place: None, n, message }
}

fn message(code: &str, at: i64) -> String {
    let at = Instant::from_micros(at).rfc3339();
    if code == codes::D508 {
        format!("the local time came twice that day: taken as `{at}`")
    } else {
        format!("the local time was skipped that day: moved forward to `{at}`")
    }
}

/// The index of a case by its id.
fn find(history: &History, id: &str) -> Option<u32> {
    let (mut from, mut to) = (0, history.n_cases());
    while from < to {
        let middle = from.midpoint(to);
        if history.case_ids.at(middle) < id { from = middle + 1 } else { to = middle }
    }
    (from < history.n_cases() && history.case_ids.at(from) == id).then_some(from as u32)
}
