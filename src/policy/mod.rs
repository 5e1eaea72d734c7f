//! The TOML as typed data.
mod model;
pub use model::*;
