//! Rows of `inactivity`: spells in which a case waited to be closed.

use crate::calendar::Instant;
use crate::history::{Category, Role, WordId};

/// How a spell of inactivity ended (SPEC 9.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SpellEnd {
    /// A message or a change of state by the customer.
    Returned,
    /// The case was closed.
    Closed,
    /// The case left the category otherwise.
    Resumed,
    /// It lasts.
    Open,
}

impl SpellEnd {
    /// Every end, in the order of fact tables' keys.
    pub const ALL: [SpellEnd; 4] = [SpellEnd::Returned, SpellEnd::Closed, SpellEnd::Resumed, SpellEnd::Open];

    /// The name in fact tables.
    pub const fn word(self) -> &'static str {
        match self {
            SpellEnd::Returned => "returned",
            SpellEnd::Closed => "closed",
            SpellEnd::Resumed => "resumed",
            SpellEnd::Open => "open",
        }
    }
}

/// What became of a spell of inactivity (SPEC 9.2), in order of precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum SpellVerdict {
    /// The case is out of the policy's scope.
    OutOfScope,
    /// The rule gives no length, or none that can be measured.
    NoTarget,
    /// Closed before it was due.
    Early,
    /// Closed from due to the end of grace, both included.
    OnTime,
    /// Closed after the end of grace.
    Late,
    /// Closed by the customer.
    ClosedByCustomer,
    /// Lasts, not after the end of grace.
    Pending,
    /// Lasts, after the end of grace.
    Overdue,
    /// The customer came back.
    Returned,
    /// The customer came back after the end of grace.
    ReturnedOverdue,
    /// Support went on otherwise.
    Resumed,
}

impl SpellVerdict {
    /// Every verdict, in order of precedence.
    pub const ALL: [SpellVerdict; 11] = [
        SpellVerdict::OutOfScope,
        SpellVerdict::NoTarget,
        SpellVerdict::Early,
        SpellVerdict::OnTime,
        SpellVerdict::Late,
        SpellVerdict::ClosedByCustomer,
        SpellVerdict::Pending,
        SpellVerdict::Overdue,
        SpellVerdict::Returned,
        SpellVerdict::ReturnedOverdue,
        SpellVerdict::Resumed,
    ];

    /// The name in fact tables.
    pub const fn word(self) -> &'static str {
        match self {
            SpellVerdict::OutOfScope => "out_of_scope",
            SpellVerdict::NoTarget => "no_target",
            SpellVerdict::Early => "early",
            SpellVerdict::OnTime => "on_time",
            SpellVerdict::Late => "late",
            SpellVerdict::ClosedByCustomer => "closed_by_customer",
            SpellVerdict::Pending => "pending",
            SpellVerdict::Overdue => "overdue",
            SpellVerdict::Returned => "returned",
            SpellVerdict::ReturnedOverdue => "returned_overdue",
            SpellVerdict::Resumed => "resumed",
        }
    }
}

/// One row of `inactivity` (SPEC 9, appendix): one spell of one rule. `case_id` is the [`CaseFact`]'s.
#[derive(Clone, Debug, PartialEq)]
pub struct SpellFact {
    /// Which `[[inactivity]]` of the policy version, from 1.
    pub rule: u32,
    /// The rule's category.
    pub basis: Category,
    /// From 1, a rule.
    pub spell: u32,
    /// When it began.
    pub entered_at: Instant,
    /// When it began after its last restart.
    pub started_at: Instant,
    /// Restarts.
    pub n_restarts: u32,
    /// `started_at` and the rule's length; `None`: no length, or no calendar to measure it on.
    pub due_at: Option<Instant>,
    /// Due and grace.
    pub grace_until_at: Option<Instant>,
    /// When it ended; `None`: it lasts.
    pub ended_at: Option<Instant>,
    /// How it ended.
    pub ended_how: SpellEnd,
    /// Who ended it, by role.
    pub ended_by_role: Role,
    /// Who ended it, by name: an index into `History::actors`.
    pub ended_by: WordId,
    /// What became of it.
    pub verdict: SpellVerdict,
    /// Wall time from `started_at` to its end or `as_of`, µs.
    pub idle: i64,
    /// Open time of it on the calendar of `severity`, µs; `None`: no calendar to measure on.
    pub idle_business: Option<i64>,
    /// Wall time from `entered_at`, restarts or not, to its end or `as_of`, µs.
    pub waited: i64,
    /// Open time of it on the calendar of `severity`, µs; `None`: no calendar to measure on.
    pub waited_business: Option<i64>,
    /// A customer message was unanswered at the close; `None`: not closed, or an input without messages.
    pub support_owed: Option<bool>,
    /// Reopened by the customer, or after a customer event, within 720 hours of the close.
    pub reopened_at: Option<Instant>,
    /// Severity in force at `started_at`.
    pub severity: Option<u8>,
}
