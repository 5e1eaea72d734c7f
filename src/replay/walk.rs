//! One pass over a case's events: which clocks start and stop where, when they pause, which severity and which
//! category holds from when (SPEC 2, 7.1, 7.2). Knows the rules of `[clock]`, but no target and no calendar.

use crate::calendar::Instant;
use crate::history::{Category, Event, EventKind, Role, StatusId, WordId};
use crate::policy::{AgentOpened, ClockRules, OnReopen};

use super::course::{Cause, Course, Pause, Phase, Pos, Step, Stop};
use super::fact::{Metric, Source};

/// What the walk needs beside the events.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// `[clock]` of the policy version.
    pub clock: &'a ClockRules,
    /// Category of each status word.
    pub categories: &'a [Category],
    /// Whether any used row of the whole input is a message (SPEC 7.1).
    pub has_messages: bool,
}

/// From `from` on, the case is in this category.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CategoryStep {
    /// Since when.
    pub from: Pos,
    /// Which.
    pub category: Category,
}

/// The case enters `resolved`, `closed` or `void` from another category.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending {
    /// Where; the event there says who.
    pub at: Pos,
    /// Which category it enters.
    pub category: Category,
    /// The first customer message that was unanswered then (SPEC 9.3).
    pub owed: Option<Pos>,
    /// Since when it has been in any of the three.
    pub since: Pos,
}

/// Everything that one pass finds. Reused from case to case.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// Index of the event that opens the case.
    pub opening: usize,
    /// Its instant.
    pub opened_at: Instant,
    /// Who opened it.
    pub opened_by: Role,
    /// True where the first event opens the case for want of an `opened` (D504).
    pub without_opening: bool,
    /// True where SPEC 7.2 exempts the response clocks since an agent opened the case.
    pub agent_opened: bool,
    /// True where no first change can be seen (SPEC 7.1, inputs without messages).
    pub never_new: bool,
    /// Severity steps; the first holds from the opening, the others are changes.
    pub severities: Vec<Step>,
    /// Category steps; the first holds from the opening, the others are changes.
    pub categories: Vec<CategoryStep>,
    /// Pauses of `update` and `resolution`, in order, disjoint; the time between end and reopening included.
    pub pauses: Vec<Pause>,
    /// Stretches in which the status alone would have paused, in order, disjoint.
    pub stale: Vec<Pause>,
    /// Clocks, by metric, then cycle.
    pub courses: Vec<Course>,
    /// While walking: the clocks of `next_response`, `update` and `resolution`.
    found: [Vec<Course>; 3],
    /// Entries into `resolved`, `closed` and `void`, in order; the opening in one of them is one.
    pub endings: Vec<Ending>,
    /// The status word last given.
    pub status_last: StatusId,
    /// The first response, whenever it came.
    pub first_response: Option<Pos>,
    /// Last entry into `resolved`.
    pub resolved_at: Option<Instant>,
    /// Last entry into `closed`.
    pub closed_at: Option<Instant>,
    /// Who closed it then.
    pub closed_by: Role,
    /// Public messages by customers and by agents; the opening is none.
    pub n_messages: [u32; 2],
    /// Notes, the opening included where it is one.
    pub n_notes: u32,
    /// Reopenings.
    pub n_reopenings: u32,
    /// Entries into waiting_customer after a response.
    pub n_rounds: u32,
    /// First event after a close without a reopening, by its place, and how many there were (D505).
    pub after_close: Option<(usize, u32)>,
}

impl Default for Timeline {
    fn default() -> Timeline {
        Timeline {
            opening: 0,
            opened_at: Instant::MIN,
            opened_by: Role::Unknown,
            without_opening: false,
            agent_opened: false,
            never_new: false,
            severities: Vec::new(),
            categories: Vec::new(),
            pauses: Vec::new(),
            stale: Vec::new(),
            courses: Vec::new(),
            found: Default::default(),
            endings: Vec::new(),
            status_last: StatusId::NONE,
            first_response: None,
            resolved_at: None,
            closed_at: None,
            closed_by: Role::Unknown,
            n_messages: [0; 2],
            n_notes: 0,
            n_reopenings: 0,
            n_rounds: 0,
            after_close: None,
        }
    }
}

impl Timeline {
    /// Forgets the case before, keeps the memory. In place: a new one moved over it would cost more than a short walk.
    fn clear(&mut self) {
        self.severities.clear();
        self.categories.clear();
        self.pauses.clear();
        self.stale.clear();
        self.courses.clear();
        self.endings.clear();
        self.first_response = None;
        self.resolved_at = None;
        self.closed_at = None;
        self.closed_by = Role::Unknown;
        self.n_messages = [0; 2];
        self.n_notes = 0;
        self.n_reopenings = 0;
        self.n_rounds = 0;
        self.after_close = None;
        // What the opening tells is set with it.
    }

    /// Counts a message, unless it is the opening.
    fn count_message(&mut self, role: Role) {
        match role {
            Role::Customer => self.n_messages[0] += 1,
            Role::Agent => self.n_messages[1] += 1,
            _ => {}
        }
    }

    /// The category at the end of the walk.
    pub fn category_last(&self) -> Category {
        self.categories.last().map_or(Category::New, |step| step.category)
    }
}

/// Walks `events` (never empty, in order of the history, none after `as_of`) and fills `timeline`.
pub fn walk(events: &[Event], rules: Rules<'_>, timeline: &mut Timeline) {
    let mut walker = Walker::open(events, rules, timeline);
    for (i, event) in events.iter().enumerate().skip(walker.line.opening + 1) {
        walker.event(i, event);
    }
    walker.finish();
}

/// The same up to the first response: its clock, its severities, and whether it is exempt. The rest of `timeline` tells
/// only of the events until then.
pub fn walk_to_first_response(events: &[Event], rules: Rules<'_>, timeline: &mut Timeline) {
    let mut walker = Walker::open(events, rules, timeline);
    for (i, event) in events.iter().enumerate().skip(walker.line.opening + 1) {
        // The opening's own instant is walked whole: what is exempt depends on it.
        if !walker.first_runs && event.at > walker.line.opened_at {
            break;
        }
        walker.event(i, event);
    }
    walker.finish();
}

/// The state between two events.
struct Walker<'a, 't> {
    rules: Rules<'a>,
    line: &'t mut Timeline,
    category: Category,
    /// Whether the clocks of the first response run: both of them or none.
    first_runs: bool,
    /// Whether the last clock of `next_response` runs.
    next_runs: bool,
    /// Whether the last clock of `update` runs.
    update_runs: bool,
    /// The first unanswered customer message of an ended case.
    thanks: Option<Pos>,
    /// The first unanswered customer message, whatever the category; the opening is one. An inferred response is no
    /// message and answers none.
    owed: Option<Pos>,
    /// A response since the last entry into waiting_customer.
    responded: bool,
    /// The last instant of events after a close, and how many of them were at it.
    late: (Instant, u32),
    /// The category entered last was one of those in which a case has ended.
    was_ended: bool,
}

/// Who does something, and where.
#[derive(Clone, Copy)]
struct Deed {
    at: Pos,
    role: Role,
    actor: WordId,
}

impl Deed {
    /// The stop that it makes of a clock.
    const fn stops(self, cause: Cause, source: Source) -> Stop {
        let Deed { at, role, actor } = self;
        Stop { at, cause, role, actor, source }
    }
}

impl<'a, 't> Walker<'a, 't> {
    /// The state just after the opening row (SPEC 2).
    fn open(events: &[Event], rules: Rules<'a>, line: &'t mut Timeline) -> Walker<'a, 't> {
        line.clear();
        let opened = events.iter().position(|e| e.kind() == EventKind::Opened);
        line.opening = opened.unwrap_or(0);
        line.without_opening = opened.is_none();
        let opening = events[line.opening];
        line.opened_at = opening.at;
        line.opened_by = opening.role();
        line.agent_opened = opening.role() == Role::Agent && rules.clock.agent_opened == AgentOpened::Exempt;
        let given = events[..=line.opening].iter().rev().find(|e| e.status != StatusId::NONE);
        line.status_last = given.map_or(StatusId::NONE, |e| e.status);
        let category = line.status_last.get().map_or(Category::New, |i| rules.categories[i]);
        let start = Pos::new(opening.at, line.opening, Phase::Message);
        line.severities.push(Step { from: start, severity: severity_at_opening(events, opening.at) });
        line.categories.push(CategoryStep { from: start, category });
        let mut walker = Walker {
            rules,
            line,
            category,
            first_runs: true,
            next_runs: false,
            update_runs: false,
            thanks: None,
            owed: None,
            responded: false,
            late: (Instant::MIN, 0),
            was_ended: false,
        };
        walker.count_until_opening(events);
        // The opening is a customer's message, unless the case counts as answered at it (SPEC 7.2).
        walker.owed = (!walker.line.agent_opened).then_some(start);
        for metric in [Metric::FirstResponse, Metric::AfterHoursResponse] {
            walker.line.courses.push(Course { metric, cycle: 1, start, stop: None });
        }
        let [_, _, resolutions] = &mut walker.line.found;
        start_cycle(resolutions, Metric::Resolution, start);
        let deed = Deed {
            at: Pos::new(opening.at, walker.line.opening, Phase::Status),
            role: opening.role(),
            actor: opening.actor,
        };
        if category.is_ended() {
            walker.enter_ended(category, deed);
        } else {
            walker.start_update(start);
            walker.pause(deed.at);
        }
        walker.note_entry(category, deed);
        walker
    }

    /// Counts messages and notes up to the opening, which is no message.
    fn count_until_opening(&mut self, events: &[Event]) {
        for (i, event) in events[..=self.line.opening].iter().enumerate() {
            match event.kind() {
                EventKind::Message if i != self.line.opening => self.line.count_message(event.role()),
                EventKind::Note => self.line.n_notes += 1,
                _ => {}
            }
        }
    }

    fn start_update(&mut self, start: Pos) {
        let [_, updates, _] = &mut self.line.found;
        start_cycle(updates, Metric::Update, start);
        self.update_runs = true;
    }

    fn start_next(&mut self, start: Pos) {
        let [nexts, ..] = &mut self.line.found;
        start_cycle(nexts, Metric::NextResponse, start);
        self.next_runs = true;
    }

    fn stop_first(&mut self, stop: Stop) {
        if std::mem::take(&mut self.first_runs) {
            self.line.courses.iter_mut().for_each(|course| course.stop = Some(stop));
        }
    }

    fn stop_next(&mut self, stop: Stop) {
        let [nexts, ..] = &mut self.line.found;
        if std::mem::take(&mut self.next_runs) {
            stop_last(nexts, stop);
        }
    }

    fn stop_update(&mut self, stop: Stop) {
        let [_, updates, _] = &mut self.line.found;
        if std::mem::take(&mut self.update_runs) {
            stop_last(updates, stop);
        }
    }

    fn event(&mut self, i: usize, event: &Event) {
        let deed = |phase| Deed { at: Pos::new(event.at, i, phase), role: event.role(), actor: event.actor };
        match event.kind() {
            EventKind::Message => self.message(event, deed(Phase::Message)),
            EventKind::Note => self.line.n_notes += 1,
            EventKind::Opened | EventKind::Update => {}
        }
        if event.severity() != 0 && event.at > self.line.opened_at {
            self.severity(event.severity(), deed(Phase::Severity).at);
        }
        if let Some(word) = event.status.get() {
            self.line.status_last = event.status;
            self.status(self.rules.categories[word], deed(Phase::Status));
        }
        if self.category == Category::Closed && self.line.closed_at.is_some_and(|closed| closed < event.at) {
            let (first, n) = self.line.after_close.unwrap_or((i, 0));
            self.line.after_close = Some((first, n + 1));
            let (at, n_then) = self.late;
            self.late = (event.at, if at == event.at { n_then + 1 } else { 1 });
        }
    }

    fn severity(&mut self, severity: u8, at: Pos) {
        let Some(last) = self.line.severities.last() else { return };
        if last.severity != Some(severity) {
            self.line.severities.push(Step { from: at, severity: Some(severity) });
        }
    }

    fn message(&mut self, event: &Event, deed: Deed) {
        self.line.count_message(event.role());
        if self.rules.clock.response_by.has(event.role()) {
            let after_row = event.status.get().map_or(self.category, |i| self.rules.categories[i]);
            self.response(deed, after_row);
        } else if event.role() == Role::Customer {
            self.customer_message(deed.at);
        }
    }

    /// SPEC 7.1: a response stops what waits for one; where the case goes on after its row, `update` starts.
    fn response(&mut self, deed: Deed, after_row: Category) {
        self.line.first_response.get_or_insert(deed.at);
        self.owed = None;
        let stop = deed.stops(Cause::Done, Source::Message);
        self.stop_first(stop);
        self.stop_next(stop);
        self.stop_update(stop);
        self.thanks = None;
        self.responded = true;
        if !after_row.is_ended() {
            self.start_update(deed.at);
        }
        if self.category == Category::WaitingCustomer && !self.is_paused() {
            end_last(&mut self.line.stale, deed.at);
            self.pause(deed.at);
        }
    }

    fn customer_message(&mut self, at: Pos) {
        self.owed.get_or_insert(at);
        if self.category.is_ended() {
            self.thanks.get_or_insert(at);
        } else if !self.next_runs && (!self.first_runs || self.line.agent_opened) {
            self.start_next(at);
        }
        let waits = self.category == Category::WaitingCustomer && self.is_paused();
        if waits && self.rules.clock.customer_message_resumes {
            end_last(&mut self.line.pauses, at);
            self.line.stale.push(Pause { from: at, to: None });
        }
    }

    fn is_paused(&self) -> bool {
        self.line.pauses.last().is_some_and(|pause| pause.to.is_none())
    }

    /// A pause begins, where the category is one that pauses.
    fn pause(&mut self, at: Pos) {
        if self.rules.clock.pause_in.has(self.category) && !self.category.is_ended() {
            self.line.pauses.push(Pause { from: at, to: None });
        }
    }

    /// A change of status is a change of category (SPEC 2).
    fn status(&mut self, category: Category, deed: Deed) {
        let before = self.category;
        if category == before {
            return;
        }
        if before == Category::New {
            self.infer_response(deed);
        }
        self.category = category;
        self.line.categories.push(CategoryStep { from: deed.at, category });
        if before.is_ended() && !category.is_ended() {
            self.reopen(deed.at);
        } else if !before.is_ended() && category.is_ended() {
            end_last(&mut self.line.pauses, deed.at);
            self.enter_ended(category, deed);
        } else if !category.is_ended() {
            end_last(&mut self.line.pauses, deed.at);
        }
        if before == Category::WaitingCustomer {
            end_last(&mut self.line.stale, deed.at);
        }
        if !category.is_ended() {
            self.pause(deed.at);
        }
        self.note_entry(category, deed);
    }

    /// SPEC 7.1, inputs without any message: the first change by an agent out of `new` is the first response.
    fn infer_response(&mut self, deed: Deed) {
        let counts = !self.rules.has_messages && deed.role == Role::Agent && deed.at.at > self.line.opened_at;
        if counts && self.first_runs {
            self.line.first_response.get_or_insert(deed.at);
            self.stop_first(deed.stops(Cause::Done, Source::Status));
        }
    }

    /// SPEC 7.1, 7.2: the case ends; what waited for an answer ends without one, unless the resolution is the answer.
    fn enter_ended(&mut self, category: Category, deed: Deed) {
        debug_assert!(category.is_ended());
        let answers =
            self.rules.clock.resolution_answers && deed.role == Role::Agent && category != Category::Void;
        let cause = match deed.role {
            _ if answers => Cause::Done,
            Role::Customer => Cause::Withdrawn,
            _ => Cause::Unanswered,
        };
        if answers && (self.first_runs || self.next_runs) {
            self.line.first_response.get_or_insert(deed.at);
        }
        let end = deed.stops(cause, Source::Status);
        self.stop_first(end);
        self.stop_next(end);
        let done = deed.stops(Cause::Done, Source::Status);
        self.stop_update(done);
        let [_, _, resolutions] = &mut self.line.found;
        stop_last(resolutions, done);
        if self.rules.clock.on_reopen == OnReopen::Resume {
            self.line.pauses.push(Pause { from: deed.at, to: None });
        }
    }

    fn reopen(&mut self, at: Pos) {
        self.line.n_reopenings += 1;
        // What stands at the instant of the reopening came with it: a message before its own change of status.
        let (late_at, n_then) = self.late;
        if let Some((first, n)) = self.line.after_close.filter(|_| late_at == at.at) {
            self.line.after_close = (n > n_then).then(|| (first, n - n_then));
        }
        let [_, _, resolutions] = &mut self.line.found;
        match self.rules.clock.on_reopen {
            OnReopen::Resume => {
                end_last(&mut self.line.pauses, at);
                resolutions.iter_mut().for_each(|only| only.stop = None);
            }
            OnReopen::Restart => start_cycle(resolutions, Metric::Resolution, at),
        }
        if let Some(message) = self.thanks.take() {
            self.start_next(message);
        }
    }

    /// What is told of entering a category, beside the clocks.
    fn note_entry(&mut self, category: Category, deed: Deed) {
        if category.is_ended() {
            let before = self.line.endings.last().filter(|_| self.was_ended);
            let since = before.map_or(deed.at, |ending| ending.since);
            self.line.endings.push(Ending { at: deed.at, category, owed: self.owed, since });
        }
        self.was_ended = category.is_ended();
        match category {
            Category::Resolved => self.line.resolved_at = Some(deed.at.at),
            Category::Closed => {
                self.line.closed_at = Some(deed.at.at);
                self.line.closed_by = deed.role;
            }
            Category::WaitingCustomer => {
                self.line.n_rounds += u32::from(std::mem::take(&mut self.responded));
            }
            _ => {}
        }
    }

    fn finish(self) {
        let line = self.line;
        line.never_new = !self.rules.has_messages && category_after_opening(line) != Category::New;
        let Timeline { courses, found, .. } = line;
        for of_metric in found {
            // One by one: there are one or two, and a copy of a block is a call.
            courses.extend(of_metric.iter().copied());
            of_metric.clear();
        }
    }
}

/// The category after all events of the opening's instant.
fn category_after_opening(line: &Timeline) -> Category {
    let at_opening = line.categories.iter().take_while(|step| step.from.at <= line.opened_at);
    at_opening.last().map_or(Category::New, |step| step.category)
}

/// SPEC 2: the last severity given up to the instant of the opening, or the first given later.
fn severity_at_opening(events: &[Event], opened_at: Instant) -> Option<u8> {
    let given = |e: &&Event| e.severity() != 0;
    let until = events.iter().take_while(|e| e.at <= opened_at).filter(given).last();
    until.or_else(|| events.iter().find(given)).map(|e| e.severity())
}

/// One more clock of a metric.
fn start_cycle(courses: &mut Vec<Course>, metric: Metric, start: Pos) {
    courses.push(Course { metric, cycle: courses.len() as u32 + 1, start, stop: None });
}

/// Stops the last clock of a metric: the only one that may run.
fn stop_last(courses: &mut [Course], stop: Stop) {
    if let Some(last) = courses.last_mut() {
        last.stop = Some(stop);
    }
}

/// Ends the last pause at `at`, if it still lasts.
fn end_last(pauses: &mut [Pause], at: Pos) {
    if let Some(last) = pauses.last_mut()
        && last.to.is_none()
    {
        last.to = Some(at);
    }
}
