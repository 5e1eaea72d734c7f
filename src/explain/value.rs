//! What `explain` says, as typed values: each writer shows the same. Names are those of the fact tables; instants are
//! written in RFC 3339, UTC, durations in whole seconds, rounded toward minus infinity, as there.

use serde::{Serialize, Serializer};

use crate::calendar::{Instant, SECOND};

/// An instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct At(pub Instant);

impl Serialize for At {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.rfc3339())
    }
}

/// A length of time in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Micros(pub i64);

impl Serialize for Micros {
    /// Whole seconds, rounded toward minus infinity.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0.div_euclid(SECOND))
    }
}

/// Names and texts in their order; an object in JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairs(pub Vec<(String, String)>);

impl Serialize for Pairs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, text)| (name, text)))
    }
}

/// One case and why each of its clocks was judged as it was.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// The program and its version.
    pub made_by: String,
    /// The case.
    pub case_id: String,
    /// The instant at which open things are judged.
    pub as_of: At,
    /// The zone of the policy version: local times are its.
    pub timezone: String,
    /// The offsets of that zone over the case, in order.
    pub offsets: Vec<Offset>,
    /// The input files.
    pub files: Vec<FileUsed>,
    /// The policy version that the case falls under.
    pub policy: PolicyUsed,
    /// The calendars that the clocks were measured on.
    pub calendars: Vec<CalendarUsed>,
    /// The case as a whole.
    pub case: CaseHead,
    /// Every event up to `as_of`, in order of the history.
    pub events: Vec<EventLine>,
    /// Every clock.
    pub clocks: Vec<ClockView>,
    /// Every change of severity.
    pub severity_changes: Vec<ChangeView>,
    /// Every spell of inactivity.
    pub inactivity: Vec<SpellView>,
    /// Who was answered before whom.
    pub priority: PriorityView,
    /// What deserves attention.
    pub findings: Vec<FindingView>,
    /// What was taken for granted.
    pub assumptions: Vec<String>,
}

/// From `from` on the zone has this offset; `None`: since before the case.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Offset {
    /// Since when.
    pub from: Option<At>,
    /// Local minus UTC, like `-07:00`.
    pub offset: String,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FileUsed {
    /// As the user gave it.
    pub path: String,
    /// SHA-256 of its bytes, hexadecimal; `None`: not computed.
    pub sha256: Option<String>,
}

/// The policy version of a case, and why it is that one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PolicyUsed {
    /// The policy's own name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Why this version.
    pub why: String,
    /// The keys of `[clock]` that decide how clocks run, as the policy file would write them.
    pub clock: Pairs,
    /// The files that the policy was read from.
    pub files: Vec<FileUsed>,
}

/// A calendar that something was measured on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CalendarUsed {
    /// Its name in the policy.
    pub name: String,
    /// Its zone.
    pub timezone: String,
    /// The hours of the week: weekdays and windows.
    pub hours: Pairs,
    /// Local dates within the case's clocks that differ from the week: date, hours, why.
    pub exceptions: Vec<DateHours>,
}

/// The hours of one date that differ from the week's.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DateHours {
    /// The local date.
    pub on: String,
    /// Its hours, or `closed`.
    pub hours: String,
    /// Why.
    pub why: String,
}

/// Who did something.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Who {
    /// `customer`, `agent`, `system`; `None`: no role given.
    pub role: Option<&'static str>,
    /// The name; `None`: none given.
    pub name: Option<String>,
}

/// The case as a whole.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CaseHead {
    /// When it was opened.
    pub opened_at: At,
    /// Whether the calendar of its severity was open then; `None`: no calendar.
    pub opened_in_hours: Option<bool>,
    /// Who opened it.
    pub opened_by: Who,
    /// The severity at the opening, with its name.
    pub severity_first: Option<String>,
    /// The severity at `as_of`, with its name.
    pub severity_last: Option<String>,
    /// The status word at `as_of`.
    pub status_last: Option<String>,
    /// Its category.
    pub category_last: &'static str,
    /// `in` or `out`.
    pub scope: &'static str,
    /// Why it is out of scope.
    pub scope_reason: Option<String>,
    /// Attributes: name and value.
    pub attributes: Pairs,
}

/// One event of the case.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EventLine {
    /// From 1, in order of the history.
    pub event: usize,
    /// When.
    pub at: At,
    /// The same in the policy's zone, RFC 3339 with its offset.
    pub local: String,
    /// What the row is.
    pub kind: &'static str,
    /// Who did it.
    pub by: Who,
    /// Index into the files, from 1.
    pub file: Option<u32>,
    /// Line of the file, from 1 (Parquet: row).
    pub line: Option<u64>,
    /// What it changed, in words.
    pub changed: Vec<String>,
    /// The clocks that it started.
    pub starts: Vec<String>,
    /// The clocks that it stopped.
    pub stops: Vec<String>,
}

/// One clock.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClockView {
    /// What is measured.
    pub metric: &'static str,
    /// From 1, a metric.
    pub cycle: u32,
    /// What became of it.
    pub verdict: &'static str,
    /// Why it is `out_of_scope` or `exempt`.
    pub reason: Option<String>,
    /// `commitment` or `best_effort`.
    pub kind: Option<&'static str>,
    /// Why the verdict, in sentences with figures.
    pub why: Vec<String>,
    /// Where it counts from.
    pub started_at: At,
    /// When it stopped; `None`: it runs.
    pub stopped_at: Option<At>,
    /// Who stopped it; nobody while it runs.
    pub stopped_by: Who,
    /// How the stop was seen: `message` or `status`.
    pub source: Option<&'static str>,
    /// When the target is used up, as things stand.
    pub due_at: Option<At>,
    /// The event that started it.
    pub started_by_event: Option<usize>,
    /// The event that stopped it.
    pub stopped_by_event: Option<usize>,
    /// The target in force at the end, as the policy writes it.
    pub target: Option<String>,
    /// What the target counts: `business`, `elapsed`, `business_days`.
    pub target_kind: Option<&'static str>,
    /// What the target comes to on this clock, also for business days.
    pub target_amount_s: Option<Micros>,
    /// Of business days: where the last one ends, pauses aside.
    pub target_days_end_at: Option<At>,
    /// Start to stop or `as_of`.
    pub elapsed_s: Micros,
    /// Wall time of it paused.
    pub paused_s: Micros,
    /// Open time of it not paused.
    pub business_s: Option<Micros>,
    /// Time used, in what the target counts.
    pub used_s: Option<Micros>,
    /// Target less used.
    pub margin_s: Option<Micros>,
    /// Used share of the targets, `prorate` only, in millionths, rounded down.
    pub used_share_millionths: Option<i64>,
    /// Wall time that the status alone would have paused beyond the customer's message.
    pub stale_pause_s: Micros,
    /// Severity in force at `started_at`.
    pub severity_at_start: Option<u8>,
    /// Severity in force at the stop or `as_of`.
    pub severity_at_stop: Option<u8>,
    /// Changes of severity while it ran.
    pub n_severity_changes: u32,
    /// The calendar was open at `started_at`.
    pub started_in_hours: Option<bool>,
    /// Over target at some change of severity.
    pub over_before: bool,
    /// A change of severity hid a miss.
    pub masked: bool,
    /// A change of severity made a miss.
    pub exposed: bool,
    /// The verdict had the case kept its first severity.
    pub verdict_at_first_severity: &'static str,
    /// Adding up to the clock.
    pub stretches: Vec<StretchView>,
}

/// A stretch of a clock, half open.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StretchView {
    /// First moment.
    pub from: At,
    /// First moment after it.
    pub to: At,
    /// `running`, `over` (running, the target used up), `paused`, `ended` (until the reopening), `dropped` (before a
    /// restart).
    pub state: &'static str,
    /// The case's category.
    pub category: &'static str,
    /// The severity it is measured by.
    pub severity: Option<u8>,
    /// The calendar it is measured on.
    pub calendar: Option<String>,
    /// Wall time.
    pub wall_s: Micros,
    /// Open time, also of a pause.
    pub open_s: Option<Micros>,
    /// The open time by date.
    pub days: Vec<DaysView>,
    /// The status still waits for the customer, who has answered.
    pub stale: bool,
    /// `prorate`: the target of this stretch, as the policy writes it.
    pub target: Option<String>,
    /// `prorate`: what that target comes to.
    pub target_amount_s: Option<Micros>,
    /// `prorate`: what the stretch used of it.
    pub used_s: Option<Micros>,
}

/// Neighbouring working dates with the same open time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DaysView {
    /// First local date, in the calendar's zone.
    pub from_on: String,
    /// Last local date.
    pub to_on: String,
    /// How many dates with open time.
    pub n_days: u32,
    /// Open time of each.
    pub open_each_s: Micros,
}

/// One change of severity.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChangeView {
    /// From 1.
    pub change: u32,
    /// When.
    pub changed_at: At,
    /// The event that brought it.
    pub event: Option<usize>,
    /// Before, with its name.
    pub from_severity: Option<String>,
    /// After, with its name.
    pub to_severity: Option<String>,
    /// `upgrade` or `downgrade`.
    pub direction: &'static str,
    /// Who changed it.
    pub by: Who,
    /// Wall time since the opening.
    pub since_opening_s: Micros,
    /// Open time since the opening.
    pub since_opening_business_s: Option<Micros>,
    /// No first response had been given.
    pub before_first_response: bool,
    /// Back to the first severity.
    pub returned_to_first: bool,
    /// What it did to each clock that ran.
    pub clocks: Vec<ChangedView>,
}

/// What one change did to one clock.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChangedView {
    /// What is measured.
    pub metric: &'static str,
    /// Which of them.
    pub cycle: u32,
    /// Over target at the change, judged without it.
    pub over_before: bool,
    /// Missed without it, not missed with it.
    pub masked: bool,
    /// Not missed without it, missed with it.
    pub exposed: bool,
    /// The clock at the change.
    pub at_change: OutcomeView,
    /// The clock at its end without this and all later changes.
    pub without: OutcomeView,
    /// The clock at its end without the later changes.
    pub with: OutcomeView,
}

/// A clock under some course of severities.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OutcomeView {
    /// The deciding target.
    pub target: Option<String>,
    /// What it comes to.
    pub target_amount_s: Option<Micros>,
    /// Time used.
    pub used_s: Option<Micros>,
    /// Used share of the targets, `prorate` only, in millionths, rounded down.
    pub used_share_millionths: Option<i64>,
    /// Over target.
    pub over: bool,
    /// The verdict.
    pub verdict: &'static str,
}

/// One spell of inactivity.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SpellView {
    /// Which `[[inactivity]]` of the policy, from 1.
    pub rule: u32,
    /// Its category.
    pub basis: &'static str,
    /// From 1, a rule.
    pub spell: u32,
    /// When it began.
    pub entered_at: At,
    /// When it began after its last restart.
    pub started_at: At,
    /// Restarts.
    pub n_restarts: u32,
    /// The rule's length, as the policy writes it.
    pub close_after: Option<String>,
    /// The rule's grace, as the policy writes it.
    pub grace: String,
    /// When the case was to be closed.
    pub due_at: Option<At>,
    /// Until when that was on time.
    pub grace_until_at: Option<At>,
    /// When it ended; `None`: it lasts.
    pub ended_at: Option<At>,
    /// How it ended.
    pub ended_how: &'static str,
    /// Who ended it.
    pub ended_by: Who,
    /// What became of it.
    pub verdict: &'static str,
    /// Why, in sentences.
    pub why: Vec<String>,
    /// Wall time since `started_at`.
    pub idle_s: Micros,
    /// Open time of it.
    pub idle_business_s: Option<Micros>,
    /// A customer message was unanswered at the close.
    pub support_owed: Option<bool>,
    /// Reopened by the customer within 720 hours.
    pub reopened_at: Option<At>,
    /// Severity at `started_at`.
    pub severity: Option<u8>,
}

/// Who was answered before whom, as far as the case had to do with it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PriorityView {
    /// The policy's tolerance; `None`: none given, zero.
    pub tolerance: Option<String>,
    /// More severe cases that waited when this one was answered; of [`super::brief`] the first few.
    pub overtook: Vec<WaitingView>,
    /// How many they are.
    #[serde(skip)]
    pub n_overtook: usize,
    /// Less severe cases that were answered while this one waited; of [`super::brief`] the first few.
    pub overtaken_by: Vec<AnsweredView>,
    /// How many they are.
    #[serde(skip)]
    pub n_overtaken_by: usize,
}

/// A more severe case that waited.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WaitingView {
    /// The case.
    pub case_id: String,
    /// Its severity then.
    pub severity: u8,
    /// Open time that it had waited.
    pub waited_business_s: Micros,
}

/// A less severe case that was answered.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AnsweredView {
    /// The case.
    pub case_id: String,
    /// Its severity then.
    pub severity: u8,
    /// When it was answered.
    pub responded_at: At,
}

/// One finding about the case or its rows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FindingView {
    /// The code.
    pub code: &'static str,
    /// What the code means.
    pub title: &'static str,
    /// When.
    pub at: Option<At>,
    /// The clock it is about.
    pub clock: Option<String>,
    /// What was found.
    pub message: String,
    /// Index into the files, from 1.
    pub file: Option<u32>,
    /// Line of the file, from 1.
    pub line: Option<u64>,
}
