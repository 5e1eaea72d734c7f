//! Files to history: reads CSV, JSON and Parquet under a profile, on all threads, and accounts for every row (SPEC 2, 3).
//!
//! Flow: [`Plan`] → `source` (headers) → `read` hands out blocks → `csv`, `json_rows` or `parquet` splits a block →
//! `translate` makes rows of it → `gather` hands them to the parts of the cases → `finish` has `group` put each part in
//! order and `assemble` make the [`History`](crate::history::History), or `parted` shows one part after the other.
//! It may use `calendar`, `diag` and `history`; it knows nothing of policies, and it prints nothing.

mod absent;
mod assemble;
mod blanks;
mod blocks;
mod columns;
mod contents;
mod csv;
mod derived;
mod encoding;
mod fields;
mod finding;
mod finish;
mod gather;
mod group;
mod guard;
mod ids;
mod input_files;
mod json_blocks;
mod json_open;
mod json_path;
mod json_rows;
mod json_table;
mod json_tree;
pub mod known;
mod ledger;
mod parquet;
mod parted;
mod pattern;
mod peek;
mod peek_json;
mod places;
mod plan;
mod profile;
mod profile_file;
mod profile_json;
mod profile_keys;
mod profile_set;
mod profile_shapes;
mod read;
mod recall;
mod refuse;
mod rejected;
mod repeats;
mod rows;
mod seen;
mod shape_cases;
mod shape_changes;
mod shape_join;
mod shape_lengths;
mod shape_logs;
mod shape_rules;
mod shared_cases;
mod sniff;
mod source;
mod spill;
mod split;
mod stream;
mod timestamp;
mod toml_reader;
mod translate;
mod watch;
mod words;
mod workbook;
mod zone;

pub use finding::DataFinding;
pub use ids::ChangedIds;
pub use input_files::{InputFiles, PassedOver, input_files};
pub use ledger::{FileLedger, Ledger};
pub use parted::{Parted, Reading, read_in_parts};
pub use peek::{Peeked, peek};
pub use places::Places;
pub use plan::{Attributes, Plan, Progress, Silent};
pub use profile::{Profile, Shape};
pub use profile_keys::profile_schema;
pub use read::{Ingested, read};
pub use rejected::Rejected;
pub use watch::Watched;
