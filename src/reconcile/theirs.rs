//! What a cell of the help desk's own column says: a verdict, an instant, a length of time. Reads text, knows no case.

use crate::calendar::Instant;

/// Words for a promise that was kept, in lower case.
const MET: [&str; 11] = [
    "true",
    "1",
    "yes",
    "y",
    "met",
    "achieved",
    "fulfill",
    "fulfilled",
    "in time",
    "within sla",
    "completed",
];
/// Words for one that was not.
const MISSED: [&str; 11] = [
    "false",
    "0",
    "no",
    "n",
    "missed",
    "breach",
    "breached",
    "violated",
    "failed",
    "overdue",
    "sla breached",
];

/// A unit of lengths in the column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Seconds.
    Seconds,
    /// Minutes.
    Minutes,
    /// Hours.
    Hours,
}

impl Unit {
    /// Seconds in one.
    const fn seconds(self) -> f64 {
        match self {
            Unit::Seconds => 1.0,
            Unit::Minutes => 60.0,
            Unit::Hours => 3_600.0,
        }
    }
}

/// What the column says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Whether the promise was kept.
    Verdict,
    /// When it is due.
    Due,
    /// How long it took.
    Length(Unit),
}

/// What one cell says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theirs {
    /// Kept or not.
    Verdict {
        /// True where it was kept.
        met: bool,
    },
    /// Due at this instant.
    Due(Instant),
    /// Took so long, µs.
    Length(i64),
}

impl Theirs {
    /// Reads a cell; `instant` reads timestamps as the profile has them. `None`: not understood.
    pub fn read(cell: &str, form: Form, instant: &dyn Fn(&str) -> Option<Instant>) -> Option<Theirs> {
        let text = cell.trim();
        match form {
            Form::Verdict => {
                let word = text.to_lowercase();
                let met = MET.contains(&word.as_str());
                (met || MISSED.contains(&word.as_str())).then_some(Theirs::Verdict { met })
            }
            Form::Due => instant(text).map(Theirs::Due),
            Form::Length(unit) => {
                let number: f64 = text.replace(',', "").parse().ok()?;
                let micros = number * unit.seconds() * 1e6;
                let fits = number.is_finite() && micros.abs() < 9e18;
                fits.then_some(Theirs::Length(micros.round() as i64))
            }
        }
    }

    /// The form that every one of `cells` has, if there is one: verdicts go before instants. Numbers beyond 0 and 1 could be
    /// any unit, which nobody can guess.
    pub fn form<'c>(
        cells: impl Iterator<Item = &'c str> + Clone,
        instant: &dyn Fn(&str) -> Option<Instant>,
    ) -> Option<Form> {
        let all = |form| {
            let mut cells = cells.clone().peekable();
            cells.peek().is_some() && cells.all(|cell| Theirs::read(cell, form, instant).is_some())
        };
        [Form::Verdict, Form::Due].into_iter().find(|&form| all(form))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn epoch(text: &str) -> Option<Instant> {
        text.strip_prefix('@').and_then(|s| s.parse().ok()).map(Instant::from_seconds)
    }

    #[test]
    fn cells_are_read_in_the_form_asked_for() {
        let read = |cell, form| Theirs::read(cell, form, &epoch);
        assert_eq!(read(" TRUE ", Form::Verdict), Some(Theirs::Verdict { met: true }));
        assert_eq!(read("Breached", Form::Verdict), Some(Theirs::Verdict { met: false }));
        assert_eq!(read("maybe", Form::Verdict), None);
        assert_eq!(read("@60", Form::Due), Some(Theirs::Due(Instant::from_seconds(60))));
        assert_eq!(read("1.5", Form::Length(Unit::Minutes)), Some(Theirs::Length(90_000_000)));
        assert_eq!(read("NaN", Form::Length(Unit::Hours)), None);
    }

    #[test]
    fn the_form_is_what_every_cell_has() {
        assert_eq!(Theirs::form(["true", "false"].into_iter(), &epoch), Some(Form::Verdict));
        assert_eq!(Theirs::form(["@1", "@2"].into_iter(), &epoch), Some(Form::Due));
        assert_eq!(Theirs::form(["12", "30"].into_iter(), &epoch), None);
        assert_eq!(Theirs::form(std::iter::empty(), &epoch), None);
    }
}
