//! PURE replay of cases against a policy: clocks, severity in force, verdicts (SPEC 6, 7). A function of events,
//! policy version and `as_of`: no file, no clock of the computer, no float, no order of a hash table.
//!
//! A [`Replayer`] is made once for a run and shared by all threads; each thread brings its own [`Workspace`]. It
//! sees one case at a time, so whole cases may come from anywhere: a file, or a batch of Arrow arrays.

mod case;
mod course;
mod fact;
mod judge;
mod measure;
mod scope;
mod version;
mod walk;

pub use fact::*;
pub use judge::Share;

use crate::calendar::Instant;
use crate::history::{CaseEvents, Category, History, Role, StatusId};
use crate::policy::Book;

use scope::Scope;
use version::Version;
use walk::{Rules, Timeline, walk};

/// A book of policy versions made ready for one history and one `as_of`.
#[derive(Debug)]
pub struct Replayer<'a> {
    book: &'a Book,
    history: &'a History,
    versions: Vec<Version<'a>>,
    scopes: Vec<Scope<'a>>,
    as_of: Instant,
}

/// Memory that one thread reuses from case to case.
#[derive(Debug)]
pub struct Workspace {
    line: Timeline,
    facts: CaseFacts,
}

impl Default for Workspace {
    fn default() -> Workspace {
        Workspace { line: Timeline::default(), facts: empty_facts() }
    }
}

impl<'a> Replayer<'a> {
    /// Compiles every version's calendars over the span of `history`, up to `as_of`.
    pub fn new(book: &'a Book, history: &'a History, as_of: Instant) -> Replayer<'a> {
        let (from, to) = history.span.unwrap_or((as_of, as_of));
        let to = to.max(as_of);
        let versions = book.versions.iter().map(|policy| Version::new(policy, from, to)).collect();
        let scopes = book.versions.iter().map(|policy| Scope::new(policy, history)).collect();
        Replayer { book, history, versions, scopes, as_of }
    }

    /// The instant at which open things are judged.
    pub fn as_of(&self) -> Instant {
        self.as_of
    }

    /// The history that is replayed.
    pub fn history(&self) -> &'a History {
        self.history
    }

    /// The policy book.
    pub fn book(&self) -> &'a Book {
        self.book
    }

    /// Replays one case; `None` where none of its events is at or before `as_of`. The facts stand in `workspace`
    /// until the next call.
    pub fn case<'w>(&self, events: CaseEvents<'_>, workspace: &'w mut Workspace) -> Option<&'w CaseFacts> {
        let n = events.events.partition_point(|event| event.at <= self.as_of);
        let events = CaseEvents { case: events.case, events: &events.events[..n] };
        let opening = events.events.iter().find(|event| event.kind == crate::history::EventKind::Opened);
        let opened_at = opening.or(events.events.first())?.at;
        let (index, before_first) = match self.versions.len() {
            1 => (0, self.is_before_first(opened_at)),
            _ => self.book.version_for(opened_at),
        };
        let version = &self.versions[index];
        let rules = Rules {
            clock: &version.policy.clock,
            categories: &self.history.categories,
            has_messages: self.history.has_messages,
        };
        let Workspace { line, facts } = workspace;
        walk(events.events, rules, line);
        let void = (line.category_last() == Category::Void).then_some(Reason::Void);
        let known = case::Known {
            version,
            version_index: index as u32,
            before_first_version: before_first,
            out_of_scope: void.or_else(|| self.scopes[index].reason(events.case, line.opened_at)),
            line,
            as_of: self.as_of,
        };
        case::facts(&known, events, facts);
        Some(facts)
    }

    /// A single version without a date has no "before".
    fn is_before_first(&self, opened_at: Instant) -> bool {
        self.book.versions[0].effective_from.is_some() && self.book.version_for(opened_at).1
    }
}

fn empty_facts() -> CaseFacts {
    CaseFacts {
        case: CaseFact {
            case: 0,
            opened_at: Instant::MIN,
            opened_in_hours: None,
            opened_by_role: Role::Unknown,
            severity_first: None,
            severity_last: None,
            status_last: StatusId::NONE,
            category_last: Category::New,
            first_response_at: None,
            resolved_at: None,
            closed_at: None,
            closed_by_role: Role::Unknown,
            n_events: 0,
            n_events_before_opening: 0,
            n_customer_messages: 0,
            n_agent_messages: 0,
            n_notes: 0,
            n_severity_changes: 0,
            n_reopenings: 0,
            n_rounds: 0,
            category_open: None,
            out_of_scope: None,
            version: 0,
        },
        clocks: Vec::new(),
        findings: Vec::new(),
    }
}
