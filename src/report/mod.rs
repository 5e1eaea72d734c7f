//! Reports: one value of sections, tables and charts, and its writers; the folder, its manifest, the summary for a
//! terminal. The one place that writes a folder.
//! It may use everything but `cli`; it judges nothing and counts nothing that `tables` has not counted.

mod account;
mod assumed;
mod audit;
mod baseline;
mod calendars;
mod comparing;
mod compose;
mod document;
mod evidence;
mod figures;
mod folder;
mod html;
mod manifest;
mod markdown;
mod pages;
mod pdf;
mod queries;
mod reach;
mod shown;
mod summary;
mod summed;
mod sweep;
mod theme;
mod verify;
mod view;
mod whatif;
mod workbook;

pub use audit::{Audit, Observer, Outcome, Scope, audit};
pub use baseline::{Baseline, audited, is_report, read_baseline, write_baseline};
pub use folder::{Draft, Replaces, fill};
pub use manifest::{Hashed, Input, MANIFEST, Manifest, QueryEntry, Recorded, hash_folder, sha256, sha256_of};
pub use summary::Summary;
pub use sweep::{Sweep, sweep};
pub use theme::{Logo, Theme};
pub use verify::{State, Verified, outputs, recorded, verify};
pub use whatif::{Whatif, whatif};
