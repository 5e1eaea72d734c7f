//! The columnar event store that everything reads: cases, events, interned words.
//!
//! A [`History`] is made by `ingest` and never changed after. It knows
//! nothing of policies. It may use `calendar` and `diag` only.

mod event;
mod events;
mod store;

pub(crate) use event::Mark;
pub use event::{Category, Event, EventKind, Role, StatusId, WordId};
pub use events::Events;
pub use store::{Attribute, CaseEvents, History, Place, Words};
