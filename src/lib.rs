//! slaudit replays help-desk case histories against a support policy.

pub mod calendar;
pub mod cli;
pub mod codes;
pub mod diag;
pub mod facts;
pub mod generate;
pub mod history;
pub mod ingest;
pub mod policy;
pub mod replay;
pub mod report;
pub mod tables;
