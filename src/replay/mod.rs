//! PURE.
mod fact;
pub use fact::*;
