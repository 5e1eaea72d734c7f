//! Policies that differ from the one given in a single thing: where a case agrees under one of them, that thing is why
//! it did not. They are tried in order, the commonest reason of help desks first.

use crate::calendar::Calendar;
use crate::history::Role;
use crate::policy::{AgentOpened, Book, CategorySet, OnReclassify, OnReopen, Policy};
use crate::replay::{CaseFacts, ClockFact, Metric};

/// One thing that the help desk may do otherwise.
pub struct Reason {
    /// It, in words that follow "they agree where".
    pub words: &'static str,
    change: fn(&mut Policy),
    first_cycle: bool,
}

/// Every reason that is tried.
pub const REASONS: &[Reason] = &[
    Reason::new("the severity at the start decides, whatever it became later", |policy| {
        policy.clock.on_reclassify = OnReclassify::Keep;
    }),
    Reason::new("nothing pauses the clock", |policy| policy.clock.pause_in = CategorySet::default()),
    Reason::new("a pause lasts as long as the status does, whatever the customer writes", |policy| {
        policy.clock.customer_message_resumes = false;
    }),
    Reason {
        words: "the first resolution counts, whatever is reopened later",
        change: |policy| policy.clock.on_reopen = OnReopen::Restart,
        first_cycle: true,
    },
    Reason::new("a reopening starts the clock anew", |policy| policy.clock.on_reopen = OnReopen::Restart),
    Reason::new("a change of severity starts the clock anew", |policy| {
        policy.clock.on_reclassify = OnReclassify::Restart;
    }),
    Reason::new("a resolution without a message counts as the answer", |policy| {
        policy.clock.resolution_answers = true;
    }),
    Reason::new("automatic replies count as answers", |policy| {
        policy.clock.response_by = policy.clock.response_by.with(Role::System);
    }),
    Reason::new("a resolution without a message counts as the answer", |policy| {
        policy.clock.resolution_answers = true;
    }),
    Reason::new("cases that support opens are measured like others", |policy| {
        policy.clock.agent_opened = AgentOpened::Measure;
    }),
    Reason::new("holidays and closures are working time", |policy| {
        for calendar in &mut policy.calendars {
            calendar.holidays.clear();
            calendar.closed_hours.clear();
            calendar.closed.clear();
            calendar.days.clear();
        }
    }),
    Reason::new("every hour of the day and week counts", |policy| {
        for calendar in &mut policy.calendars {
            *calendar = Calendar::always_open(&calendar.name, calendar.tz);
        }
    }),
    Reason::new("every hour counts and nothing pauses", |policy| {
        for calendar in &mut policy.calendars {
            *calendar = Calendar::always_open(&calendar.name, calendar.tz);
        }
        policy.clock.pause_in = CategorySet::default();
    }),
];

impl Reason {
    const fn new(words: &'static str, change: fn(&mut Policy)) -> Reason {
        Reason { words, change, first_cycle: false }
    }

    /// `book` with the one thing changed in every version.
    pub fn applied(&self, book: &Book) -> Book {
        let mut book = book.clone();
        book.versions.iter_mut().for_each(self.change);
        book
    }

    /// The clock that decides under it.
    pub fn clock<'f>(&self, facts: &'f CaseFacts, metric: Metric) -> Option<&'f ClockFact> {
        if self.first_cycle {
            facts.clocks.iter().find(|clock| clock.metric == metric)
        } else {
            last_clock(facts, metric)
        }
    }
}

/// The clock of a metric; of several cycles the last.
pub fn last_clock(facts: &CaseFacts, metric: Metric) -> Option<&ClockFact> {
    facts.clocks.iter().rfind(|clock| clock.metric == metric)
}
