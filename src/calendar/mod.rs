//! Business time.
mod duration;
mod instant;

pub use duration::{Amount, Duration, Unit};
pub use instant::{Instant, SECOND};

/// placeholder until the calendar lands
#[derive(Clone, Debug)]
pub struct Calendar;
