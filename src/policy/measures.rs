//! The names that `[objectives]` and `[[clause]]` may use for what the audit measures.

/// The clocks of SPEC 7.1: the metrics that have an attainment.
pub const METRICS: [&str; 5] =
    ["first_response", "after_hours_response", "next_response", "update", "resolution"];

/// What else a clause can be measured by (SPEC 15).
pub const OTHER_MEASURES: [&str; 10] = [
    "arrivals",
    "channel",
    "customer_response",
    "inactivity",
    "priority",
    "rounds",
    "scope",
    "severity",
    "severity_changes",
    "versions",
];
