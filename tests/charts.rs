//! Charts: golden bytes of one small drawing a kind, pictures that are not blank and have their letters on any
//! machine, layout that holds with awkward tables, and the findings that titles tell.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "charts/awkward.rs"]
mod awkward;
#[path = "charts/drawings.rs"]
mod drawings;
#[path = "charts/findings.rs"]
mod findings;
