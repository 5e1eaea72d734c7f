//! One case explained: every event with its place in the input, every clock with the stretches of time that add up to
//! it, why each verdict, what each change of severity did (SPEC 14, `explain`).
//!
//! [`explain`] makes one [`Explanation`]; [`text`] and [`json`] are its writers, pure. It measures nothing: the replay
//! does, and [`crate::replay::first_difference`] has added everything up again before a word is written.

mod changes;
mod clocks;
mod events;
mod head;
mod local;
mod spells;
mod text;
mod text_clocks;
mod value;
mod wrap;

pub use text::text;
pub use value::*;
pub(crate) use wrap::wrapped;

use chrono_tz::Tz;

use crate::codes;
use crate::diag::{Diagnostic, Error};
use crate::history::{Role, WordId};
use crate::ingest::Ingested;
use crate::policy::{Book, Policy};
use crate::replay::{Explained, Replayer, first_difference};

/// What an explanation is made from.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// What was read.
    pub ingested: &'a Ingested,
    /// The policy versions.
    pub book: &'a Book,
    /// The replay of that input under that book.
    pub replayer: &'a Replayer<'a>,
}

/// Explains the case called `case_id`.
///
/// # Errors
/// [`Error::Input`] (F306) where the input has no such case, or none of its events is at or before `as_of`.
pub fn explain(source: Source<'_>, case_id: &str) -> Result<Explanation, Error> {
    naming(source, case_id, usize::MAX)
}

/// The same for [`text`] alone, which names a few of the cases that waited. A report explains many cases, and late ones
/// have to do with most others: to name them all took longer than to write the facts.
///
/// # Errors
/// As [`explain`].
pub fn brief(source: Source<'_>, case_id: &str) -> Result<Explanation, Error> {
    naming(source, case_id, text::LISTED)
}

/// Explains the case called `case_id`, naming at most `most` of those who waited or were answered meanwhile.
fn naming(source: Source<'_>, case_id: &str, most: usize) -> Result<Explanation, Error> {
    let history = &source.ingested.history;
    let Some(case) = find(source, case_id) else { return Err(unknown(source, case_id)) };
    let Some(explained) = source.replayer.explain(history.case(case)) else {
        let as_of = source.replayer.as_of().rfc3339();
        return Err(no_case(
            format!("case `{case_id}` has no event up to {as_of}"),
            "ask with a later --as-of",
        ));
    };
    if let Some((metric, cycle, figure)) = first_difference(&explained) {
        let message = format!("the stretches of `{} {cycle}` do not add up: {figure}", metric.word());
        let hint = "this is a mistake of slaudit, not of your data: please report it with this message";
        return Err(Error::Output(Diagnostic::error(codes::F403, message).hint(hint)));
    }
    let policy = &source.book.versions[explained.facts.case.version as usize];
    let one = One { source, case, policy, zone: policy.timezone, explained: &explained, most };
    Ok(one.explanation(case_id))
}

/// As JSON, indented.
pub fn json(explanation: &Explanation) -> String {
    // Nothing in it can fail to be written: every key is a text.
    let mut text = serde_json::to_string_pretty(explanation).unwrap_or_default();
    text.push('\n');
    text
}

/// The index of a case; ids stand in ascending order.
fn find(source: Source<'_>, case_id: &str) -> Option<usize> {
    let ids = &source.ingested.history.case_ids;
    let (mut low, mut high) = (0, ids.len());
    while low < high {
        let middle = low + (high - low) / 2;
        if ids.at(middle).as_bytes() < case_id.as_bytes() { low = middle + 1 } else { high = middle }
    }
    (low < ids.len() && ids.at(low) == case_id).then_some(low)
}

/// Names of cases that were perhaps meant.
const SUGGESTIONS: usize = 3;

fn unknown(source: Source<'_>, case_id: &str) -> Error {
    let history = &source.ingested.history;
    let wanted = case_id.trim().to_lowercase();
    let distance = |id: &str| strsim::damerau_levenshtein(&wanted, &id.to_lowercase());
    // Ids differ in a digit or two: one mistake in three characters is still near.
    let most = (wanted.chars().count() / 3).clamp(1, 3);
    let mut near: Vec<(usize, &str)> = history.case_ids.iter().map(|id| (distance(id), id)).collect();
    let nearest = near.iter().map(|(distance, _)| *distance).min().unwrap_or(0);
    near.retain(|(distance, _)| *distance == nearest && *distance <= most);
    near.sort_unstable();
    let names: Vec<String> = near.iter().take(SUGGESTIONS).map(|(_, id)| format!("`{id}`")).collect();
    let hint = match &names[..] {
        [] => "write the case id as the input has it; it comes last, after the files".to_owned(),
        names => format!("did you mean {}?", names.join(" or ")),
    };
    no_case(format!("no case `{case_id}` among the {} of the input", history.n_cases()), &hint)
}

fn no_case(message: String, hint: &str) -> Error {
    Error::Input(vec![Diagnostic::error(codes::F306, message).hint(hint)])
}

/// One case with everything that is known of it.
#[derive(Clone, Copy)]
struct One<'a> {
    source: Source<'a>,
    case: usize,
    policy: &'a Policy,
    zone: Tz,
    explained: &'a Explained,
    /// Of other cases that are named, in either list.
    most: usize,
}

impl One<'_> {
    fn explanation(&self, case_id: &str) -> Explanation {
        Explanation {
            made_by: concat!("slaudit ", env!("CARGO_PKG_VERSION")).to_owned(),
            case_id: case_id.to_owned(),
            as_of: At(self.source.replayer.as_of()),
            timezone: self.zone.name().to_owned(),
            offsets: self.offsets(),
            files: self.files(),
            policy: self.policy_used(),
            calendars: self.calendars(),
            case: self.head(),
            events: self.events(),
            clocks: self.clocks(),
            severity_changes: self.changes(),
            inactivity: self.spells(),
            priority: self.priority(),
            findings: self.findings(),
            assumptions: self.assumptions(),
        }
    }

    fn who(&self, role: Role, actor: WordId) -> Who {
        let name = self.source.ingested.history.actors.get(actor).filter(|name| !name.is_empty());
        Who { role: role.word(), name: name.map(str::to_owned) }
    }

    /// `1 Critical`; the level alone where the policy gives no name or no such level.
    fn severity(&self, level: Option<u8>) -> Option<String> {
        let level = level?;
        let name = self
            .policy
            .severity(level)
            .map(|rule| rule.name.as_str())
            .filter(|name| *name != level.to_string());
        Some(name.map_or_else(|| level.to_string(), |name| format!("{level} {name}")))
    }

    fn local(&self, at: crate::calendar::Instant) -> String {
        local::local(at, self.zone)
    }
}
