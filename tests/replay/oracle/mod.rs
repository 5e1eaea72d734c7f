//! A second replay: slow, obvious, written from SPEC 2 and 4 to 10 alone, to hold the library's against.
//!
//! Not a model of the library: it shares no code with it, keeps every stretch of time as an explicit list and
//! works everything out again for each clock. It may use nothing of `slaudit`.

mod case;
mod clocks;
mod findings;
mod judge;
mod order;
mod owed;
mod priority;
mod question;
mod read;
mod spells;
mod story;
mod time;

pub use findings::Finding;
pub use priority::OvertakenRow;
pub use question::{QuestionRow, question};
pub use read::{Calendars, calendars_of, csv_rows, events_of, policy_of};
pub use spells::SpellRow;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use chrono_tz::Tz;

use clocks::Span;
use priority::Waiting;
use story::Story;
use time::OpenMinutes;

/// Microseconds in a second.
pub const SECOND: i64 = 1_000_000;

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Opened,
    Message,
    Note,
    Update,
}

/// Categories in the order of SPEC 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cat {
    New,
    Open,
    WaitingCustomer,
    WaitingOther,
    Resolved,
    Closed,
    Void,
}

impl Cat {
    /// Resolved, closed or void.
    pub fn ended(self) -> bool {
        self >= Cat::Resolved
    }

    /// The word of SPEC 2.
    pub fn word(self) -> &'static str {
        ["new", "open", "waiting_customer", "waiting_other", "resolved", "closed", "void"][self as usize]
    }
}

/// One row that is not rejected; `role` is "" where there is none.
#[derive(Clone, Debug, PartialEq)]
pub struct Ev {
    pub at: i64,
    pub kind: Kind,
    pub role: String,
    pub actor: Option<String>,
    pub status: Option<String>,
    pub cat: Option<Cat>,
    pub severity: Option<u8>,
    /// The file that it stands in, by its place among the files.
    pub file: usize,
    /// Its place among all rows, in source order.
    pub place: usize,
    pub attrs: Vec<(String, String)>,
}

/// How long a clock may take.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// Microseconds of wall time.
    Elapsed(i64),
    /// Microseconds of open time.
    Business(i64),
    /// Working dates (SPEC 5.3).
    Days(u32),
}

/// The promises of one level.
#[derive(Clone, Debug)]
pub struct Level {
    pub level: u8,
    pub calendar: usize,
    /// In the order of `METRICS`, `after_hours_response` never.
    pub targets: [Option<Target>; 5],
}

/// One `[[inactivity]]`.
#[derive(Clone, Debug)]
pub struct Rule {
    pub basis: Cat,
    pub infer: bool,
    pub close_after: Option<Target>,
    pub grace: Option<Target>,
}

/// Who may ask: the attribute that names the customer, and the rows customer, from, until.
#[derive(Clone, Debug)]
pub struct Entitled {
    pub key: String,
    pub rows: Vec<(String, Option<NaiveDate>, Option<NaiveDate>)>,
}

/// What is decided over the whole input, before `as_of`.
#[derive(Clone, Debug)]
pub struct Whole {
    /// A used row is a message.
    pub has_messages: bool,
    /// A used row gives a status.
    pub has_statuses: bool,
    /// The categories that used rows give.
    pub categories: Vec<Cat>,
}

/// What a change of severity does (SPEC 7.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Retarget,
    Restart,
    Keep,
    Prorate,
}

/// One policy version, ready to use.
#[derive(Clone, Debug)]
pub struct Pol {
    pub calendars: Calendars,
    pub levels: Vec<Level>,
    pub after_hours: Option<Target>,
    pub after_hours_commitment: bool,
    pub pause_in: Vec<Cat>,
    pub response_by: Vec<String>,
    pub agent_opened_measured: bool,
    pub mode: Mode,
    pub reopen_restarts: bool,
    pub customer_message_resumes: bool,
    pub resolution_answers: bool,
    pub include: Vec<(String, Vec<String>)>,
    /// The zone of its dates.
    pub tz: Tz,
    pub entitled: Option<Entitled>,
    pub inactivity: Vec<Rule>,
    /// `None`: none given.
    pub tolerance: Option<Target>,
}

impl Pol {
    /// The calendar at `index`.
    pub fn open(&self, index: usize) -> &OpenMinutes {
        &self.calendars[index].1
    }

    /// The rule of `severity`, if the policy has the level.
    pub fn level(&self, severity: Option<u8>) -> Option<&Level> {
        self.levels.iter().find(|rule| Some(rule.level) == severity)
    }

    /// The calendar at an instant where only the severity then may be looked at (SPEC 7.3, case B08).
    pub fn calendar_at_once(&self, severity: Option<u8>) -> Option<usize> {
        match self.level(severity) {
            Some(rule) => Some(rule.calendar),
            None if self.calendars.len() == 1 => Some(0),
            None => None,
        }
    }
}

/// Names of the metrics, in the order of SPEC 7.1.
pub const METRICS: [&str; 5] =
    ["first_response", "after_hours_response", "next_response", "update", "resolution"];

/// A row of `clocks`; times in microseconds.
#[derive(Clone, Debug, PartialEq)]
pub struct ClockRow {
    pub metric: &'static str,
    pub cycle: u32,
    pub started_at: i64,
    pub stopped_at: Option<i64>,
    pub stopped_by_role: String,
    pub stopped_by: Option<String>,
    pub source: Option<&'static str>,
    pub due_at: Option<i64>,
    pub elapsed: i64,
    pub paused: i64,
    pub business: Option<i64>,
    pub stale_pause: i64,
    pub target: Option<Target>,
    pub target_amount: Option<i64>,
    pub margin: Option<i64>,
    /// Prorate only: numerator and denominator.
    pub used_share: Option<(i128, i128)>,
    pub verdict: &'static str,
    pub reason: Option<&'static str>,
    pub kind: Option<&'static str>,
    pub severity_at_start: Option<u8>,
    pub severity_at_stop: Option<u8>,
    pub n_severity_changes: u32,
    pub started_in_hours: Option<bool>,
    pub over_before: bool,
    pub masked: bool,
    pub exposed: bool,
    pub verdict_at_first_severity: &'static str,
}

/// A row of `cases`; times in microseconds.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseRow {
    pub opened_at: i64,
    pub opened_in_hours: Option<bool>,
    pub opened_by_role: String,
    pub severity_first: Option<u8>,
    pub severity_last: Option<u8>,
    pub status_last: Option<String>,
    pub category_last: &'static str,
    pub first_response_at: Option<i64>,
    pub resolved_at: Option<i64>,
    pub closed_at: Option<i64>,
    pub closed_by_role: String,
    pub n_events: u32,
    pub n_customer_messages: u32,
    pub n_agent_messages: u32,
    pub n_notes: u32,
    pub n_severity_changes: u32,
    pub n_reopenings: u32,
    pub n_rounds: u32,
    pub category_open: [Option<i64>; 5],
    pub scope_reason: Option<&'static str>,
    pub n_overtaken: u32,
}

/// One change of severity with the clocks that ran (SPEC 8).
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeRow {
    /// From 1.
    pub number: u32,
    pub changed_at: i64,
    pub from: Option<u8>,
    pub to: Option<u8>,
    pub direction: &'static str,
    pub role: String,
    pub actor: Option<String>,
    pub since_opening: i64,
    pub since_opening_business: Option<i64>,
    pub before_first_response: bool,
    pub returned_to_first: bool,
    /// Metric, cycle, over_before, masked, exposed.
    pub metrics: Vec<(&'static str, u32, bool, bool, bool)>,
}

/// Everything that is known of one case.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    pub case: CaseRow,
    pub clocks: Vec<ClockRow>,
    pub changes: Vec<ChangeRow>,
    pub spells: Vec<SpellRow>,
    pub overtaken: Option<OvertakenRow>,
    pub findings: Vec<Finding>,
}

/// Replays the rows of every case, each in source order. A case without a row at `as_of` is left out.
pub fn replay(
    cases: &BTreeMap<String, Vec<Ev>>,
    policy: &Pol,
    as_of: i64,
    whole: &Whole,
) -> BTreeMap<String, Facts> {
    let mut told: Vec<(&str, Story, Vec<Span>)> = vec![];
    for (id, rows) in cases {
        if let Some(story) = Story::tell(rows, policy, as_of, whole) {
            let spans = clocks::spans(&story, policy);
            told.push((id, story, spans));
        }
    }
    let mut all: BTreeMap<String, Facts> = BTreeMap::new();
    for (id, story, spans) in &told {
        all.insert(id.to_string(), alone(story, spans, policy, whole));
    }
    let waiting: Vec<Waiting> =
        told.iter().map(|(id, story, spans)| Waiting { id, story, first: &spans[0] }).collect();
    for answered in &waiting {
        let Some((row, ids)) = priority::row(answered, &waiting, policy) else { continue };
        all.get_mut(answered.id).expect("a case").overtaken = Some(row);
        for id in ids {
            all.get_mut(&id).expect("a case").case.n_overtaken += 1;
        }
    }
    for (id, story, _) in &told {
        let facts = all.get_mut(*id).expect("a case");
        facts.findings = findings::findings(story, policy, facts);
    }
    all
}

/// What a case gives without the others.
fn alone(story: &Story, spans: &[Span], policy: &Pol, whole: &Whole) -> Facts {
    let judge = judge::Judge { story, policy };
    Facts {
        case: case::row(story, policy),
        clocks: spans.iter().map(|span| judge.row(span)).collect(),
        changes: case::changes(story, policy, spans, &judge),
        spells: spells::rows(story, policy, whole),
        overtaken: None,
        findings: vec![],
    }
}
