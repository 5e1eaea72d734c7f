//! Rows of `clocks`: metrics, verdicts, and one measured promise.

use crate::calendar::{Duration, Instant, SECOND};
use crate::history::{Role, WordId};
use crate::policy::PromiseKind;
use crate::replay::prorate::Share;

/// What a clock measures (SPEC 7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Metric {
    /// Opening to the first response.
    FirstResponse,
    /// The same, for cases opened outside hours.
    AfterHoursResponse,
    /// Customer message to the next response.
    NextResponse,
    /// Response to response.
    Update,
    /// Opening to resolution.
    Resolution,
}

impl Metric {
    /// Every metric, in the order of the SPEC; facts of a case come in this order.
    pub const ALL: [Metric; 5] = [
        Metric::FirstResponse,
        Metric::AfterHoursResponse,
        Metric::NextResponse,
        Metric::Update,
        Metric::Resolution,
    ];

    /// The name in fact tables.
    pub const fn word(self) -> &'static str {
        match self {
            Metric::FirstResponse => "first_response",
            Metric::AfterHoursResponse => "after_hours_response",
            Metric::NextResponse => "next_response",
            Metric::Update => "update",
            Metric::Resolution => "resolution",
        }
    }
}

/// What became of a clock (SPEC 7.4), in order of precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Verdict {
    /// The case is out of the policy's scope.
    OutOfScope,
    /// The clock does not apply to this case.
    Exempt,
    /// Nothing in the input could show what stops the clock (SPEC 7.6).
    NotSeen,
    /// No severity, or one that the policy does not define.
    NoSeverity,
    /// No promise.
    NoTarget,
    /// The customer ended the case while the clock ran, not over.
    Withdrawn,
    /// Support ended the case while the clock ran.
    Unanswered,
    /// Used more than the target.
    Missed,
    /// Running at `as_of`, not over.
    Pending,
    /// Stopped within the target.
    Met,
}

impl Verdict {
    /// Every verdict, in order of precedence.
    pub const ALL: [Verdict; 10] = [
        Verdict::OutOfScope,
        Verdict::Exempt,
        Verdict::NotSeen,
        Verdict::NoSeverity,
        Verdict::NoTarget,
        Verdict::Withdrawn,
        Verdict::Unanswered,
        Verdict::Missed,
        Verdict::Pending,
        Verdict::Met,
    ];

    /// The name in fact tables.
    pub const fn word(self) -> &'static str {
        match self {
            Verdict::OutOfScope => "out_of_scope",
            Verdict::Exempt => "exempt",
            Verdict::NotSeen => "not_seen",
            Verdict::NoSeverity => "no_severity",
            Verdict::NoTarget => "no_target",
            Verdict::Withdrawn => "withdrawn",
            Verdict::Unanswered => "unanswered",
            Verdict::Missed => "missed",
            Verdict::Pending => "pending",
            Verdict::Met => "met",
        }
    }

    /// True where the clock was not judged at all: scope, an exemption or what the input cannot show goes before what was
    /// measured.
    pub const fn is_fixed(self) -> bool {
        matches!(self, Verdict::OutOfScope | Verdict::Exempt | Verdict::NotSeen)
    }
}

/// Whole seconds of a time over target of so many microseconds. Rounded up: it is the clock's `margin_s`, which every
/// table rounds toward minus infinity, with its sign turned.
///
/// ```
/// assert_eq!([1, 500_000, 1_000_000, 1_000_001].map(slaudit::replay::over_s), [1, 1, 1, 2]);
/// ```
pub const fn over_s(micros: i64) -> i64 {
    -(-micros).div_euclid(SECOND)
}

/// How the stop of a clock was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// By a message.
    Message,
    /// By a change of status.
    Status,
}

/// Why a clock is `out_of_scope` or `exempt`; why a case is out of scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The case is void at `as_of`.
    Void,
    /// An attribute is not among those that the policy includes: an index into `ScopeRules::include`.
    NotIncluded(u16),
    /// The customer was not entitled at the opening.
    NotEntitled,
    /// An agent opened the case.
    AgentOpened,
    /// An input without messages, and the case was never in category `new`.
    NeverNew,
}

impl Reason {
    /// The first words of the text in fact tables; `void` and `not included` are followed by what it was.
    pub const fn word(self) -> &'static str {
        match self {
            Reason::Void => "void",
            Reason::NotIncluded(_) => "not included",
            Reason::NotEntitled => "not entitled",
            Reason::AgentOpened => "agent opened",
            Reason::NeverNew => "never new",
        }
    }
}

/// One row of `clocks` (SPEC appendix). `case_id` is the [`CaseFact`]'s.
#[derive(Clone, Debug, PartialEq)]
pub struct ClockFact {
    /// What is measured.
    pub metric: Metric,
    /// From 1, a metric.
    pub cycle: u32,
    /// Where the clock counts from.
    pub started_at: Instant,
    /// `None`: still running.
    pub stopped_at: Option<Instant>,
    /// Role of who stopped it.
    pub stopped_by_role: Role,
    /// Name of who stopped it: an index into `History::actors`.
    pub stopped_by: WordId,
    /// How the stop was seen.
    pub source: Option<Source>,
    /// True where what was promised came: an answer, a resolution. A case may end a clock without, even at an instant at
    /// which somebody answers as well.
    pub is_done: bool,
    /// The instant at which the target is used up, as things stand.
    pub due_at: Option<Instant>,
    /// Wall time from start to stop or `as_of`, µs.
    pub elapsed: i64,
    /// Wall time of it paused, µs.
    pub paused: i64,
    /// Open time of it not paused, µs; `None`: no calendar to measure on.
    pub business: Option<i64>,
    /// Wall time that the status alone would have paused beyond the customer's message, µs.
    pub stale_pause: i64,
    /// The target in force at the end, as the policy writes it.
    pub target: Option<Duration>,
    /// The target in µs; `None` for business days and without a target.
    pub target_amount: Option<i64>,
    /// Target less used, µs.
    pub margin: Option<i64>,
    /// Time used, in the kind of the target, µs; `None` without a target and where it is prorated.
    pub used: Option<i64>,
    /// Used share of the targets, exact; prorate only.
    pub used_share: Option<Box<Share>>,
    /// What became of it.
    pub verdict: Verdict,
    /// Of `out_of_scope` and `exempt`.
    pub reason: Option<Reason>,
    /// Commitment or best effort; `None` without a target.
    pub kind: Option<PromiseKind>,
    /// Severity in force at `started_at`; `None`: none.
    pub severity_at_start: Option<u8>,
    /// Severity in force at the stop or `as_of`.
    pub severity_at_stop: Option<u8>,
    /// Changes of severity while it ran.
    pub n_severity_changes: u32,
    /// Whether the calendar was open at `started_at`.
    pub started_in_hours: Option<bool>,
    /// Over target at some change of severity.
    pub over_before: bool,
    /// Missed had the first severity held, not missed as it was.
    pub masked: bool,
    /// The reverse.
    pub exposed: bool,
    /// The verdict under the case's first severity, from the clock's own first start.
    pub verdict_at_first_severity: Verdict,
}
