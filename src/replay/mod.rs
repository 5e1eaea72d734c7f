//! PURE replay of cases against a policy: clocks, severity in force, verdicts (SPEC 6, 7). A function of events,
//! policy version and `as_of`: no file, no clock of the computer, no float, no order of a hash table.
//!
//! A [`Replayer`] is made once for a run and shared by all threads; each thread brings its own [`Workspace`]. It
//! sees one case at a time, so whole cases may come from anywhere: a file, or a batch of Arrow arrays.

mod case;
mod changes;
mod common;
mod course;
mod fact;
mod findings;
mod glance;
mod inactivity;
mod judge;
mod measure;
mod panel;
mod priority;
mod prorate;
mod ranks;
mod scope;
mod trace;
mod variants;
mod version;
mod walk;

pub use course::Cause;
pub use fact::*;
pub use glance::{Beside, CaseGlance, ClockGlance, ClockPair, GlanceWorkspace, Glances};
pub use panel::{Panel, PanelWorkspace};
pub use priority::Waits;
pub use prorate::Share;
pub use ranks::{Ranks, rank};
pub use trace::{
    ChangeTrace, ClockStretch, ClockTrace, Explained, Held, OpenDays, Outcome, Part, State, first_difference,
};
pub use variants::{Clock as VariantClock, Grid, Run, Variants, VariantsWorkspace};
pub use version::Limit;

use std::sync::OnceLock;

use rayon::prelude::*;

use crate::calendar::{Duration, Instant};
use crate::history::{CaseEvents, Category, EventKind, History, Role, StatusId};
use crate::policy::{Book, Policy};

use case::{Detail, Known};
use priority::{Answer, Order, Waiting, Worst};
use scope::Scope;
use version::Version;
use walk::{Rules, Timeline, walk, walk_to_first_response};

/// Cases that one thread takes at a time where all cases are looked at together.
const CASES_AT_A_TIME: usize = 16_384;

/// A book of policy versions made ready for one history and one `as_of`.
#[derive(Debug)]
pub struct Replayer<'a> {
    book: &'a Book,
    history: &'a History,
    versions: Vec<Version<'a>>,
    scopes: Vec<Scope<'a>>,
    /// For each version and each of its inactivity rules, whether spells are inferred (SPEC 9.1).
    inferred: Vec<Vec<bool>>,
    order: Order,
    /// What the order was found from, where somebody asked for it again.
    waits: OnceLock<Waits>,
    /// Lengths of inactivity that are asked about (SPEC 9.4).
    questions: Vec<Duration>,
    /// How much is worked out.
    detail: Detail,
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
    /// Compiles every version's calendars over the span of `history`, up to `as_of`, and finds the priority order of
    /// the whole input (SPEC 10).
    pub fn new(book: &'a Book, history: &'a History, as_of: Instant) -> Replayer<'a> {
        let mut replayer = Replayer::unranked(book, history, as_of);
        replayer.order = replayer.all_waits().sweep(history.n_cases());
        replayer
    }

    /// The same for callers that look at single cases: nobody overtakes anybody.
    pub fn unranked(book: &'a Book, history: &'a History, as_of: Instant) -> Replayer<'a> {
        let (from, to) = history.span.unwrap_or((as_of, as_of));
        let to = to.max(as_of);
        let versions = book.versions.iter().map(|policy| Version::new(policy, from, to)).collect();
        let scopes = book.versions.iter().map(|policy| Scope::new(policy, history)).collect();
        let inferred = book.versions.iter().map(|policy| inferred(policy, history)).collect();
        let (order, waits, questions) = (Order::default(), OnceLock::new(), Vec::new());
        let detail = Detail::Facts;
        Replayer { book, history, versions, scopes, inferred, order, waits, questions, detail, as_of }
    }

    /// The same for a history of which only a frame is at hand: words, categories, span, whether there are messages, and no
    /// case. The cases come part by part, each event as it would stand in the whole; no attribute of a case is asked for.
    pub fn of_parts(book: &'a Book, frame: &'a History, as_of: Instant) -> Replayer<'a> {
        let mut replayer = Replayer::unranked(book, frame, as_of);
        // A word is there because an event gives it.
        let has = |category: Category| frame.categories.contains(&category);
        let inferred = |policy: &Policy| policy.inactivity.iter().map(|r| r.infer && !has(r.basis)).collect();
        replayer.inferred = book.versions.iter().map(inferred).collect();
        replayer
    }

    /// Asks of every spell when it would have been due after each of these lengths (SPEC 9.4).
    pub fn asking(mut self, close_after: &[Duration]) -> Replayer<'a> {
        self.questions = close_after.to_vec();
        self
    }

    /// For callers that count and write nothing: what stands in the fact tables alone is not worked out, about a tenth of
    /// the replay. Then `due_at` and `started_in_hours` of clocks, `category_open` of cases, `idle_business` of spells and
    /// `event` of findings about clocks are `None` in the facts of every case, and findings stand in no particular order.
    pub fn counting(mut self) -> Replayer<'a> {
        self.detail = Detail::Counts;
        self
    }

    /// Every case that may overtake or be overtaken, from which [`rank`] tells how often that was, and how many cases
    /// there are by `as_of`. For callers that ask for nothing else: no clock is measured.
    pub fn waits(&self) -> (Vec<Waits>, u64) {
        let n_cases = self.history.n_cases();
        let part = |part: usize| {
            let (mut waits, mut line, mut n) = (Waits::default(), Timeline::default(), 0);
            let from = part * CASES_AT_A_TIME;
            for case in from..(from + CASES_AT_A_TIME).min(n_cases) {
                n += u64::from(self.wait(self.history.case(case), &mut line, &mut waits));
            }
            (waits, n)
        };
        let parts: Vec<(Waits, u64)> =
            (0..n_cases.div_ceil(CASES_AT_A_TIME)).into_par_iter().map(part).collect();
        let n = parts.iter().map(|(_, n)| n).sum();
        (parts.into_iter().map(|(waits, _)| waits).collect(), n)
    }

    fn all_waits(&self) -> Waits {
        Waits::together(self.waits().0)
    }

    /// Takes up a case that may overtake or be overtaken, walked no further than it must be; false where it does not exist
    /// by `as_of`.
    fn wait(&self, events: CaseEvents<'_>, line: &mut Timeline, waits: &mut Waits) -> bool {
        let Some(place) = self.place(events) else { return false };
        walk_to_first_response(place.events.events, self.rules(&place), line);
        let begun = self.begun(place, line);
        self.take_up(&begun, line, waits);
        true
    }

    /// Takes up a walked case that may overtake or be overtaken: in scope and not exempt.
    fn take_up(&self, begun: &Begun<'_>, line: &Timeline, waits: &mut Waits) {
        let is_exempt = line.agent_opened || line.never_new || begun.out_of_scope.is_some();
        let Some(course) = line.courses.first().filter(|_| !is_exempt) else { return };
        debug_assert_eq!(course.metric, Metric::FirstResponse);
        let version = &self.versions[begun.version];
        let path = &line.severities[case::path(line, course.start, course.end(self.as_of))];
        let (case, version_index) = (begun.events.case, begun.version as u16);
        waits.add(version, &Waiting { case, version: version_index, course, path });
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
        let Workspace { line, facts } = workspace;
        let begun = self.begin(events, line)?;
        case::facts(&self.known(&begun, line), begun.events, facts);
        Some(facts)
    }

    /// The same of a replayer that knows no order, and takes up in `waits` what the case means for it: once all cases are
    /// in, [`rank`] tells the rest. So a case is walked once, where [`Replayer::new`] has walked it before.
    pub fn case_in_order<'w>(
        &self,
        events: CaseEvents<'_>,
        workspace: &'w mut Workspace,
        waits: &mut Waits,
    ) -> Option<&'w CaseFacts> {
        let Workspace { line, facts } = workspace;
        let begun = self.begin(events, line)?;
        self.take_up(&begun, line, waits);
        case::facts(&self.known(&begun, line), begun.events, facts);
        Some(facts)
    }

    /// One case with every stretch of time behind its facts; `None` where none of its events is at or before `as_of`.
    /// Slower than [`Replayer::case`]: made for one case that somebody asks about.
    pub fn explain(&self, events: CaseEvents<'_>) -> Option<Explained> {
        let Workspace { mut line, mut facts } = Workspace::default();
        let begun = self.begin(events, &mut line)?;
        let known = self.known(&begun, &line);
        case::facts(&known, begun.events, &mut facts);
        Some(trace::trace(&known, facts))
    }

    /// Who was answered before whom, as far as one case had to do with it; looks at every case.
    pub fn precedence(&self, case: u32) -> Precedence {
        let (mut own, mut line) = (Waits::default(), Timeline::default());
        self.wait(self.history.case(case as usize), &mut line, &mut own);
        let (from, to) = own.span();
        let overtakes = |answer: &Answer| own.waiting(answer.at, answer.level).next().is_some();
        let mut by: Vec<Overtaker> = self
            .order
            .responses_within(from, to)
            .iter()
            .filter(|answer| overtakes(answer))
            .map(|&Answer { at, case, level, .. }| Overtaker { case, responded_at: at, severity: level })
            .collect();
        by.sort_by_key(|overtaker| (overtaker.responded_at, overtaker.case));
        let answer = self.order.response(case).filter(|answer| answer.n_overtaken > 0);
        Precedence { by, overtook: answer.map_or_else(Vec::new, |answer| self.overtaken_at(answer)) }
    }

    /// Everybody whom an answer overtook: the most severe first, of those the earliest opened.
    fn overtaken_at(&self, answer: &Answer) -> Vec<Overtaken> {
        // Found once for as many cases as are asked about.
        let waits = self.waits.get_or_init(|| self.all_waits());
        let mut found: Vec<Worst> = waits.waiting(answer.at, answer.level).collect();
        found.sort_unstable_by_key(|worst| (worst.level, worst.opened_at, worst.case));
        let overtaken = |worst: &Worst| Overtaken {
            case: worst.case,
            severity: worst.level,
            waited_business: self.waited(worst.level, worst.opened_at, answer.at),
        };
        found.iter().map(overtaken).collect()
    }

    fn known<'k>(&'k self, begun: &Begun<'k>, line: &'k Timeline) -> Known<'k> {
        let events = &begun.events;
        Known {
            version: &self.versions[begun.version],
            version_index: begun.version as u32,
            before_first_version: begun.before_first,
            out_of_scope: begun.out_of_scope,
            line,
            events: events.events,
            categories: &self.history.categories,
            inferred: &self.inferred[begun.version],
            questions: &self.questions,
            has_messages: self.history.has_messages,
            has_statuses: self.history.has_statuses,
            n_overtaken: self.order.n_overtaken(events.case),
            overtaken: self.overtaken(events.case),
            detail: self.detail,
            as_of: self.as_of,
        }
    }

    /// Walks one case up to `as_of` into `line`; `None` where it does not exist by then.
    fn begin<'e>(&self, events: CaseEvents<'e>, line: &mut Timeline) -> Option<Begun<'e>> {
        let place = self.place(events)?;
        walk(place.events.events, self.rules(&place), line);
        Some(self.begun(place, line))
    }

    /// What of a case exists by `as_of`, and under which version; `None` where nothing does.
    fn place<'e>(&self, events: CaseEvents<'e>) -> Option<Place<'e>> {
        let n = match events.events.last() {
            Some(last) if last.at > self.as_of => events.events.partition_point(|e| e.at <= self.as_of),
            _ => events.events.len(),
        };
        let events = CaseEvents { case: events.case, events: &events.events[..n] };
        let opening = events.events.iter().find(|event| event.kind() == EventKind::Opened);
        let opened_at = opening.or(events.events.first())?.at;
        let (version, before_first) = match self.versions.len() {
            1 => (0, self.is_before_first(opened_at)),
            _ => self.book.version_for(opened_at),
        };
        Some(Place { events, version, before_first })
    }

    /// The rules that its walk follows.
    fn rules(&self, place: &Place<'_>) -> Rules<'_> {
        Rules {
            clock: &self.versions[place.version].policy.clock,
            categories: &self.history.categories,
            has_messages: self.history.has_messages,
        }
    }

    /// Adds what only the walk tells.
    fn begun<'e>(&self, place: Place<'e>, line: &Timeline) -> Begun<'e> {
        let out_of_scope = self.out_of_scope(&place, line.opened_at);
        let Place { events, version, before_first } = place;
        Begun { events, version, before_first, out_of_scope }
    }

    /// Why a case is out of scope: void by the last status that it was given, or by what the version covers.
    fn out_of_scope(&self, place: &Place<'_>, opened_at: Instant) -> Option<Reason> {
        let events = &place.events;
        let last = events.events.iter().rev().find_map(|event| self.history.category(event.status));
        let void = (last == Some(Category::Void)).then_some(Reason::Void);
        void.or_else(|| self.scopes[place.version].reason(events.case, opened_at))
    }

    /// The case's first response beside those who waited then.
    fn overtaken(&self, case: u32) -> Option<OvertakenFact> {
        let answer = self.order.response(case)?;
        let worst = answer.worst().map(|worst| Overtaken {
            case: worst.case,
            severity: worst.level,
            waited_business: self.waited(worst.level, worst.opened_at, answer.at),
        });
        let (responded_at, severity) = (answer.at, answer.level);
        Some(OvertakenFact { responded_at, severity, n_overtaken: answer.n_overtaken, worst })
    }

    /// Open time from the opening of a case to `to`, on the calendar of `level` under the case's own version, µs.
    fn waited(&self, level: u8, opened_at: Instant, to: Instant) -> i64 {
        let version = if self.versions.len() == 1 { 0 } else { self.book.version_for(opened_at).0 };
        self.versions[version].calendar(Some(level)).map_or(0, |calendar| calendar.elapsed(opened_at, to))
    }

    /// A single version without a date has no "before".
    fn is_before_first(&self, opened_at: Instant) -> bool {
        self.book.versions[0].effective_from.is_some() && self.book.version_for(opened_at).1
    }
}

/// A case before it is walked.
struct Place<'e> {
    /// Its events up to `as_of`.
    events: CaseEvents<'e>,
    /// Index of its policy version.
    version: usize,
    /// Opened before the first version (E602).
    before_first: bool,
}

/// What is known of a case once it is walked.
struct Begun<'e> {
    /// Its events up to `as_of`.
    events: CaseEvents<'e>,
    /// Index of its policy version.
    version: usize,
    /// Opened before the first version (E602).
    before_first: bool,
    out_of_scope: Option<Reason>,
}

/// Which inactivity rules of `policy` infer their spells: they say so, and no row of the input has their category.
fn inferred(policy: &Policy, history: &History) -> Vec<bool> {
    let has = |category: Category| {
        let mut events = history.events.pieces().iter().flatten();
        events.any(|event| history.category(event.status) == Some(category))
    };
    policy.inactivity.iter().map(|rule| rule.infer && !has(rule.basis)).collect()
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
            n_overtaken: 0,
            category_open: None,
            out_of_scope: None,
            version: 0,
        },
        clocks: Vec::new(),
        changes: Vec::new(),
        spells: Vec::new(),
        asked: Vec::new(),
        ended: Vec::new(),
        overtaken: None,
        findings: Vec::new(),
    }
}
