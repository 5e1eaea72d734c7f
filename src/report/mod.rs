//! Reports: the folder, its manifest, the summary for a terminal. The one place that writes a folder.
//! It may use everything but `cli`; it judges nothing and counts nothing that `tables` has not counted.

mod assumed;
mod audit;
mod folder;
mod manifest;
mod summary;
mod verify;

pub use audit::{Audit, Observer, Outcome, Scope, audit};
pub use folder::Draft;
pub use manifest::{Hashed, Input, MANIFEST, Manifest, QueryEntry, Recorded, hash_folder, sha256, sha256_of};
pub use summary::Summary;
pub use verify::{State, Verified, outputs, verify};
