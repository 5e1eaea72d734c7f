//! slaudit replays the case histories that a help desk exports against a support policy, and accounts for every
//! verdict.
//!
//! # Flow
//!
//! ```text
//! files --ingest--> History --replay--> facts --tables--> compliance tables
//!             policy --^                  |
//!                                         +--report--> one folder, written whole
//! ```
//!
//! # Who may use whom
//!
//! A folder may use only those before it in this list (`policy` may name a history's roles and categories):
//!
//! | folder | holds |
//! |---|---|
//! | [`diag`], [`codes`] | what is wrong with data, where, and the way out; the only registry of codes |
//! | `schema` | the keys of policy and profile files, declared once: for their readers, and as JSON Schema |
//! | [`zones`] | time zones: the only place that knows the offset of a zone |
//! | [`calendar`] | business time: week, holidays, the compiled open-time index |
//! | [`policy`] | the TOML as typed data; every check; inheritance; books |
//! | [`history`] | the columnar event store: cases, events, interned words |
//! | [`ingest`] | files to history: CSV, Parquet, profiles, timestamps, the row ledger |
//! | [`replay`] | PURE: clocks, severity in force, pauses, verdicts |
//! | [`facts`] | schemas and Arrow builders; Parquet out and in |
//! | [`explain`] | one case with every stretch of time behind its verdicts, as text and as JSON |
//! | [`inspect`] | an export without a profile: what its columns are, and a profile to start from |
//! | [`tables`] | `queries/*.sql` over the facts; the only place that names the SQL engine |
//! | [`reconcile`] | verdicts against the help desk's own figure, and what would make them agree |
//! | [`compare`] | one audit beside another: other policies, a baseline |
//! | [`charts`] | a table to a chart specification, a specification to SVG and PNG |
//! | [`report`] | one report as a value, its pages, manifest, terminal summary; the one place that writes a folder |
//! | [`generate`] | synthetic histories, for trying and for measuring |
//! | [`cli`] | one file a command |
//!
//! # Invariants
//!
//! 1. Replay has no IO and never asks the time; `as_of` is an input.
//! 2. A bad row never stops a run and never vanishes: read = used + duplicate + rejected.
//! 3. Same inputs, same binary: same bytes, on any number of threads. Zone data is in the binary, or in the
//!    folder that `--tzdb` names; its release is in the manifest.
//! 4. Whole microseconds and counts inside; a rate is made last, from two counts printed beside it.
//! 5. Null is "not applicable" or "not yet", never 0.
//! 6. Every verdict can be explained by stretches of time that add up to it.
//! 7. SQL counts facts and never recomputes time.
//!
//! # Glossary
//!
//! *Instant*: microseconds since 1970 in UTC; names end in `_at`. *Date*: local, names end in `_on`. *Seconds*:
//! names end in `_s`. *Counts* start with `n_`. *Case*, *event*, *clock*, *target*, *verdict*, *commitment*, *best
//! effort*, *attainment*, *response*, *as_of* are used as in `docs/figures.md`. All intervals are half open.

pub mod calendar;
pub mod charts;
pub mod cli;
pub mod codes;
pub mod compare;
pub mod diag;
pub mod explain;
pub mod facts;
pub mod generate;
pub mod history;
pub mod ingest;
pub mod inspect;
pub mod policy;
pub mod reconcile;
pub mod replay;
pub mod report;
mod schema;
pub mod tables;
pub mod zones;
