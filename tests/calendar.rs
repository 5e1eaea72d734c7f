//! Business time: outside vectors, laws, an oracle that counts second by second, business days, holidays.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "calendar/commands.rs"]
mod commands;
#[path = "calendar/days.rs"]
mod days;
#[path = "calendar/ics.rs"]
mod ics;
#[path = "calendar/laws.rs"]
mod laws;
#[path = "calendar/text.rs"]
mod text;
#[path = "calendar/vectors.rs"]
mod vectors;
