//! One audit beside another (SPEC 14): the same histories under other policies, and an audit beside its baseline. Replays,
//! counts and compares; pages and folders are `report`'s. It may use everything before `charts`.

pub mod baseline;
pub mod sweep;
pub mod whatif;
