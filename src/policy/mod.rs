//! The policy: a TOML file, or a folder of dated ones, as typed data (SPEC 4). A [`Policy`] that exists is
//! valid; every problem of the files comes out at once, each with its place and a way out.
//!
//! Not the judge: `replay` applies it. May use `calendar`, `diag` and, of `history`, its roles and categories.

mod book;
mod build;
mod calendars;
mod diff;
mod diff_book;
mod diff_calendar;
mod diff_scope;
mod difference;
mod forms;
mod fraction;
mod inherit;
mod keys;
mod measures;
mod model;
mod reading;
mod rules;
mod scope;
mod severities;
mod shipped;
mod show;
mod show_calendar;
mod source;
mod suggest;
mod tree;
mod warnings;

pub use book::{built_in, load, load_built_in, parse};
pub use diff::diff;
pub use diff_book::{Compared, Found, diff_books};
pub use difference::{Difference, Setting};
pub use keys::schema;
pub use measures::{METRICS, OTHER_MEASURES};
pub use model::*;
pub use shipped::BUILT_IN;
pub(crate) use show::quoted;
pub use show::{calendar_toml, show};
pub(crate) use show_calendar::week_words;
pub(crate) use suggest::nearest;
pub(crate) use warnings::lists_end;
pub use warnings::warnings;
