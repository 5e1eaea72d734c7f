//! `report.pdf`: the report for a mail or a file that is kept, typeset on A4 by a template that takes the report as data,
//! so that no text of the input is ever taken for markup. It counts nothing. The typesetter is behind the feature `pdf`;
//! a build without it says so before any work.

#[cfg(feature = "pdf")]
mod desk;
#[cfg(all(test, feature = "pdf"))]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod laid_out;
#[cfg(feature = "pdf")]
mod typeset;
#[cfg(feature = "pdf")]
pub(super) use typeset::{pdf, ready};

#[cfg(not(feature = "pdf"))]
mod absent;
#[cfg(not(feature = "pdf"))]
pub(super) use absent::{pdf, ready};
