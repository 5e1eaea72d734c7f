//! What was taken for granted of people and acts, counted (SPEC 3.5): nobody can see it in a figure, so every report says
//! so. What the profile takes for granted in words is its own `assumptions`.

use std::collections::BTreeMap;

use super::openings::Openings;
use super::profile::Profile;
use super::rows::Rest;
use super::ties::TieCounts;
use crate::calendar::SECOND;

/// What was taken for granted, of some cases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Assumed {
    /// Events whose role is the `default_role` of their table, and all that were looked at.
    pub(super) n_default: u64,
    pub(super) n_events: u64,
    /// Messages of agents within a second of the opening.
    pub(super) n_at_once: u64,
    /// Messages that were moved before the resolution that they are part of.
    pub(super) n_moved: u64,
    /// Cases that never give a severity.
    pub(super) n_without_severity: u64,
    /// When the cases open.
    pub(super) openings: Openings,
    /// How often the order within an instant was decided.
    pub(super) ties: TieCounts,
}

impl Assumed {
    /// Takes over what was counted of other cases.
    pub(super) fn add(&mut self, other: &Assumed) {
        self.n_default += other.n_default;
        self.n_events += other.n_events;
        self.n_at_once += other.n_at_once;
        self.n_moved += other.n_moved;
        self.n_without_severity += other.n_without_severity;
        self.openings.add(&other.openings);
        self.ties.add(other.ties);
    }

    /// A sentence for each that is not nothing.
    pub(super) fn sentences(&self, profile: &Profile) -> Vec<String> {
        let severity = profile.default_severity;
        let seconds = profile.one_act.unwrap_or(0) / SECOND;
        let all = [
            (
                self.n_default,
                format!(
                    "{} of {} events have the role that the profile gives to those of whom nobody tells who they are \
                     (`default_role`)",
                    self.n_default, self.n_events
                ),
            ),
            (
                self.n_at_once,
                format!(
                    "{} by agents within a second of the opening: is that an automatic reply? then list its author \
                     under `actors` as system",
                    counted(self.n_at_once, "public message", "public messages")
                ),
            ),
            (
                self.n_moved,
                format!(
                    "{} taken to be part of the resolution or close that the same agent made up to {seconds} s \
                     before (`one_act`)",
                    counted(self.n_moved, "message is", "messages are")
                ),
            ),
            (
                self.n_without_severity,
                format!(
                    "{} never a severity: read as {severity} (`default_severity`)",
                    counted(self.n_without_severity, "case gives", "cases give")
                ),
            ),
        ];
        let own = all.into_iter().filter(|(n, _)| *n > 0).map(|(_, sentence)| sentence);
        own.chain(self.openings.sentences()).chain(self.ties.sentences()).collect()
    }
}

/// True for a word for a kind of row that may hold what somebody wrote to somebody. What is said of a message (that it was
/// sent, hidden, rated) is none.
pub(super) fn looks_like_message(word: &str) -> bool {
    const LIKE: [&str; 5] = ["comment", "message", "chat", "reply", "tweet"];
    const NOT: [&str; 7] = ["notif", "privacy", "redact", "csat", "rating", "change", "delet"];
    // A word and no text.
    if word.len() > 60 {
        return false;
    }
    let word = word.to_ascii_lowercase();
    LIKE.iter().any(|like| word.contains(like)) && !NOT.iter().any(|not| word.contains(not))
}

/// Rows that look like messages and that no table reads, a sentence each.
pub(super) fn unread(blocks: &[Rest]) -> Vec<String> {
    let mut all: BTreeMap<&str, u64> = BTreeMap::new();
    for (word, n) in blocks.iter().flat_map(|block| &block.unread) {
        *all.entry(word).or_default() += n;
    }
    let sentence = |(word, n): (&str, u64)| {
        let rows = counted(n, "row looks like a message", "rows look like messages");
        format!("{rows}, `{word}`, and no table of the profile reads it: an answer there is not seen")
    };
    all.into_iter().map(sentence).collect()
}

/// The people of whom the table of people tells two roles.
pub(super) fn twice(n: u64) -> Option<String> {
    (n > 0).then(|| {
        format!("{} of another role than in an earlier row for the same actor: the first counts", {
            counted(n, "row of people is", "rows of people are")
        })
    })
}

fn counted(n: u64, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}
