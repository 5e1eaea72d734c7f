//! The same histories under other policies (SPEC 14): what a proposed policy would have done. Replays and counts; pages
//! and folders are `report`'s. It may use everything before `charts`.

pub mod sweep;
pub mod whatif;
