//! Rows of `overtaken`: first responses beside the cases that waited then.

use crate::calendar::Instant;

/// One row of `overtaken` (SPEC 10, appendix): one first response. `response_case_id` is the [`CaseFact`]'s.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OvertakenFact {
    /// When the response was given.
    pub responded_at: Instant,
    /// Severity of the answered case at its stop.
    pub severity: u8,
    /// More severe cases that waited.
    pub n_overtaken: u32,
    /// Of the most severe of them the earliest opened.
    pub worst: Option<Overtaken>,
}

/// The case that was worst overtaken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overtaken {
    /// Index of the case in the history.
    pub case: u32,
    /// Its severity at the response.
    pub severity: u8,
    /// Open time that it had waited, on the calendar of that severity, µs.
    pub waited_business: i64,
}

/// Who was answered before whom, as far as one case had to do with it (SPEC 10).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Precedence {
    /// Less severe cases that were answered first while this one waited, in order of time.
    pub by: Vec<Overtaker>,
    /// More severe cases that waited when this one was answered, the most severe and earliest opened first.
    pub overtook: Vec<Overtaken>,
}

/// A case that was answered before a more severe one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overtaker {
    /// Index of the case in the history.
    pub case: u32,
    /// When it was answered.
    pub responded_at: Instant,
    /// Its severity then.
    pub severity: u8,
}
