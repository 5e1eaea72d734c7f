//! Business time (SPEC 5): hours, holidays, closures and zones as a [`Calendar`], compiled into an [`OpenTime`]
//! that answers how much open time lies between two instants. Uses chrono for dates and `zones` for offsets; asks
//! neither the time nor a file.
#![deny(clippy::disallowed_methods)]

mod definition;
mod difference;
mod duration;
mod far;
mod holidays;
mod ics;
mod index;
mod instant;
mod open;
mod window;

pub use definition::{Calendar, Closure, DayKind, HolidayFile};
pub use difference::Differences;
pub use duration::{Amount, Duration, DurationError, Form, Unit};
pub use holidays::HolidaySet;
pub use ics::{ClosedHours, Closings, IcsError, LAST_YEAR, Pick, closings_of_ics};
pub use index::OpenTime;
pub use instant::{Instant, SECOND};
pub use open::{Stretch, open_on};
pub use window::{
    CalendarError, CalendarErrorKind, DAY, WEEKDAYS, Window, hours_text, parse_hours, parse_weekdays, week_of,
};
