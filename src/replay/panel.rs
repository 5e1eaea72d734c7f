//! Several policies over one history: each case is walked once for all of them that walk alike, and measured and judged
//! under each. The facts are those of [`Replayer::case`]; only the work is shared.

use crate::calendar::Instant;
use crate::history::{CaseEvents, History};
use crate::policy::{Book, ClockRules, OnReclassify};

use super::case;
use super::common::Common;
use super::fact::CaseFacts;
use super::walk::{Timeline, walk};
use super::{Replayer, empty_facts};

/// Books of policy versions over one history, in the order given. Nobody overtakes anybody: the priority order
/// (SPEC 10) is not looked at.
#[derive(Debug)]
pub struct Panel<'a> {
    pub(super) replayers: Vec<Replayer<'a>>,
    /// Of each book but the first: what its versions have in common with those of the first, by both.
    pub(super) common: Vec<Vec<Vec<Common>>>,
}

/// Memory that one thread reuses from case to case.
#[derive(Debug, Default)]
pub struct PanelWorkspace {
    line: Timeline,
    facts: Vec<CaseFacts>,
}

impl<'a> Panel<'a> {
    /// Makes every book ready for `history`, judged at `as_of`.
    pub fn new(books: &'a [Book], history: &'a History, as_of: Instant) -> Panel<'a> {
        let replayers: Vec<Replayer<'_>> =
            books.iter().map(|book| Replayer::unranked(book, history, as_of)).collect();
        let common = match &replayers[..] {
            [first, others @ ..] => others.iter().map(|other| in_common(first, other)).collect(),
            [] => Vec::new(),
        };
        Panel { replayers, common }
    }

    /// Each book ready to replay by itself, in the order given.
    pub fn replayers(&self) -> &[Replayer<'a>] {
        &self.replayers
    }

    /// Which version of each book a case falls under; empty where none of its events is at or before `as_of`.
    pub fn versions(&self, events: CaseEvents<'_>) -> Vec<u32> {
        let version = |replayer: &Replayer<'_>| replayer.place(events).map(|place| place.version as u32);
        self.replayers.iter().filter_map(version).collect()
    }

    /// Replays one case under every book; `None` where none of its events is at or before `as_of`. The facts stand in
    /// `workspace` until the next call, in the order of the books.
    pub fn case<'w>(
        &self,
        events: CaseEvents<'_>,
        workspace: &'w mut PanelWorkspace,
    ) -> Option<&'w [CaseFacts]> {
        self.case_under(events, |_| true, workspace)
    }

    /// The same under those books alone that `is_asked` takes by their places; the facts of the others are empty.
    pub fn case_under<'w>(
        &self,
        events: CaseEvents<'_>,
        is_asked: impl Fn(usize) -> bool,
        workspace: &'w mut PanelWorkspace,
    ) -> Option<&'w [CaseFacts]> {
        let PanelWorkspace { line, facts } = workspace;
        facts.resize_with(self.replayers.len(), empty_facts);
        let mut walked: Option<ClockRules> = None;
        for (i, (replayer, facts)) in self.replayers.iter().zip(facts.iter_mut()).enumerate() {
            if !is_asked(i) {
                facts.clear();
                continue;
            }
            let place = replayer.place(events)?;
            let rules = replayer.rules(&place);
            if walked.is_none_or(|walked| !walks_alike(walked, *rules.clock)) {
                walk(place.events.events, rules, line);
                walked = Some(*rules.clock);
            }
            let begun = replayer.begun(place, line);
            case::facts(&replayer.known(&begun, line), begun.events, facts);
        }
        Some(facts)
    }
}

/// What the versions of two books have in common, by both.
fn in_common(now: &Replayer<'_>, then: &Replayer<'_>) -> Vec<Vec<Common>> {
    let row = |own| then.versions.iter().map(|theirs| Common::new(own, theirs)).collect();
    now.versions.iter().map(row).collect()
}

/// Whether two sets of rules walk every case alike: a walk knows nothing of how a change of severity is taken.
pub(super) fn walks_alike(a: ClockRules, b: ClockRules) -> bool {
    let walks = |rules| ClockRules { on_reclassify: OnReclassify::Retarget, ..rules };
    walks(a) == walks(b)
}
