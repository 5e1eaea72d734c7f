//! Rows of `cases`.

use crate::calendar::Instant;
use crate::history::{Category, Role, StatusId};

use super::clock::Reason;

/// One row of `cases` (SPEC appendix), attributes aside: those stand in `History::attributes`.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseFact {
    /// Index of the case in the history.
    pub case: u32,
    /// When it was opened.
    pub opened_at: Instant,
    /// Whether the calendar of the severity at opening was open then.
    pub opened_in_hours: Option<bool>,
    /// Who opened it.
    pub opened_by_role: Role,
    /// The severity that held from the opening.
    pub severity_first: Option<u8>,
    /// The severity at `as_of`.
    pub severity_last: Option<u8>,
    /// The status word at `as_of`.
    pub status_last: StatusId,
    /// The category at `as_of`.
    pub category_last: Category,
    /// First response really given (or inferred).
    pub first_response_at: Option<Instant>,
    /// Last entry into `resolved`.
    pub resolved_at: Option<Instant>,
    /// Last entry into `closed`.
    pub closed_at: Option<Instant>,
    /// Who closed it then.
    pub closed_by_role: Role,
    /// Events up to `as_of`.
    pub n_events: u32,
    /// Events of them before the opening (D514).
    pub n_events_before_opening: u32,
    /// Public messages by the customer; the opening is none.
    pub n_customer_messages: u32,
    /// Public messages by agents.
    pub n_agent_messages: u32,
    /// Notes.
    pub n_notes: u32,
    /// Changes of severity.
    pub n_severity_changes: u32,
    /// Reopenings.
    pub n_reopenings: u32,
    /// How many times support had to ask.
    pub n_rounds: u32,
    /// How often less severe cases were answered before it.
    pub n_overtaken: u32,
    /// Open time by status alone, opening to `as_of`, µs, in the order new, open, waiting_customer,
    /// waiting_other, resolved; `None`: no calendar to measure on.
    pub category_open: Option<[i64; 5]>,
    /// Why the case is out of scope; `None`: in scope.
    pub out_of_scope: Option<Reason>,
    /// Index of the policy version.
    pub version: u32,
}
