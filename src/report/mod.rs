//! Reports: the folder, its manifest, the summary for a terminal. The one place that writes a folder.
//! It may use everything but `cli`; it judges nothing and counts nothing that `tables` has not counted.

mod assumed;
mod audit;
mod folder;
mod manifest;
mod summary;

pub use audit::{Audit, Observer, Outcome, Scope, audit};
pub use folder::Draft;
pub use manifest::{Hashed, Input, MANIFEST, Manifest, QueryEntry, hash_folder, sha256, sha256_of};
pub use summary::Summary;
