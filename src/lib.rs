//! slaudit replays help-desk case histories against a support policy.

pub mod calendar;
pub mod codes;
pub mod diag;
pub mod history;
pub mod ingest;
pub mod policy;
pub mod replay;
