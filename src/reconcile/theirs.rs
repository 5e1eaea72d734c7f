//! What a cell of the help desk's own column says: a verdict, an instant, a length of time. Reads text, knows no case.

use super::lengths;
use crate::calendar::Instant;

/// Words that say yes, in lower case.
const YES: [&str; 6] = ["true", "1", "1.0", "yes", "y", "t"];
/// Words that say no.
const NO: [&str; 6] = ["false", "0", "0.0", "no", "n", "f"];

/// Words for a promise that was kept, in lower case and without the word `sla`: `Within SLA` is `within`.
const MET: [&str; 22] = [
    "met",
    "meet",
    "achieved",
    "attained",
    "fulfill",
    "fulfilled",
    "satisfied",
    "kept",
    "in time",
    "on time",
    "in",
    "within",
    "inside",
    "in compliance",
    "compliant",
    "completed",
    "pass",
    "passed",
    "success",
    "successful",
    "ok",
    "hit",
];

/// Words for one that was not: `SLA Violated` is `violated`, `Out of SLA` is `out of`.
const MISSED: [&str; 19] = [
    "missed",
    "miss",
    "breach",
    "breached",
    "violated",
    "violation",
    "failed",
    "fail",
    "failure",
    "overdue",
    "past due",
    "late",
    "delayed",
    "exceeded",
    "out",
    "out of",
    "outside",
    "out of compliance",
    "unmet",
];

/// Words that say that a promise is meant, or which, and nothing of what became of it.
const PROMISE: [&str; 9] =
    ["sla", "slo", "target", "first", "next", "response", "reply", "resolution", "the"];
/// Those of them that say which.
const METRIC: [&str; 5] = ["first", "next", "response", "reply", "resolution"];

/// Words that turn what follows into its reverse.
const DENIALS: [&str; 7] = ["not ", "non ", "no ", "never ", "did not ", "was not ", "is not "];

/// What a plain yes says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Yes {
    /// That the promise was kept.
    Kept,
    /// That it was not: the column asks whether it was broken.
    Missed,
}

/// Whether a cell says that the promise was kept; `None`: it says neither.
fn verdict(text: &str, yes: Yes) -> Option<bool> {
    let lower = text.trim_end_matches(['.', '!']).to_lowercase().replace(['_', '-', ':'], " ");
    let without = |left_out: &[&str]| {
        let words: Vec<&str> = lower.split_whitespace().filter(|word| !left_out.contains(word)).collect();
        words.join(" ")
    };
    let said = without(&["sla"]);
    if YES.contains(&said.as_str()) {
        return Some(yes == Yes::Kept);
    }
    if NO.contains(&said.as_str()) {
        return Some(yes == Yes::Missed);
    }
    let plain = |said: &str| {
        let met = MET.contains(&said);
        (met || MISSED.contains(&said)).then_some(met)
    };
    // A plain yes or no is one only without what it is about: `no response` is no verdict, nor is `in resolution`.
    let is_named = lower.split_whitespace().any(|word| PROMISE[..3].contains(&word));
    let said = without(if is_named { &PROMISE } else { &METRIC });
    if !is_named && said != lower && ["in", "out", "out of"].contains(&said.as_str()) {
        return None;
    }
    let denied = DENIALS.into_iter().find_map(|word| said.strip_prefix(word));
    plain(&said).or_else(|| plain(denied?).map(|met| !met))
}

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
    pub(super) const fn seconds(self) -> f64 {
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
    /// Whether the promise was kept, and what a yes says.
    Verdict(Yes),
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
            Form::Verdict(yes) => verdict(text, yes).map(|met| Theirs::Verdict { met }),
            Form::Due => instant(text).map(Theirs::Due),
            Form::Length(unit) => lengths::read(text, unit).map(Theirs::Length),
        }
    }

    /// The form that every one of `cells` has, if there is one: verdicts go before instants, and those before lengths that
    /// say their own units. Numbers beyond 0 and 1 could be of any unit, which nobody can guess.
    pub fn form<'c>(
        cells: impl Iterator<Item = &'c str> + Clone,
        yes: Yes,
        instant: &dyn Fn(&str) -> Option<Instant>,
    ) -> Option<Form> {
        let all = |form| {
            let mut cells = cells.clone().peekable();
            cells.peek().is_some() && cells.all(|cell| Theirs::read(cell, form, instant).is_some())
        };
        let found = [Form::Verdict(yes), Form::Due].into_iter().find(|&form| all(form));
        let says_units = |cell: &str| lengths::with_units(cell.trim()).is_some();
        let has_units = || cells.clone().next().is_some() && cells.clone().all(says_units);
        found.or_else(|| has_units().then_some(Form::Length(Unit::Seconds)))
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
        let verdict = Form::Verdict(Yes::Kept);
        assert_eq!(read(" TRUE ", verdict), Some(Theirs::Verdict { met: true }));
        assert_eq!(read("maybe", verdict), None);
        assert_eq!(read("@60", Form::Due), Some(Theirs::Due(Instant::from_seconds(60))));
        assert_eq!(read("1.5", Form::Length(Unit::Minutes)), Some(Theirs::Length(90_000_000)));
        assert_eq!(read("0:01:30", Form::Length(Unit::Hours)), Some(Theirs::Length(90_000_000)));
        assert_eq!(read("NaN", Form::Length(Unit::Hours)), None);
    }

    #[test]
    fn the_words_of_help_desks_say_whether_a_promise_was_kept() {
        let met = |cell, yes| match Theirs::read(cell, Form::Verdict(yes), &epoch) {
            Some(Theirs::Verdict { met }) => Some(met),
            _ => None,
        };
        for word in
            ["Within SLA", "In SLA", "SLA Met", "Achieved", "sla_fulfilled", "Not breached", "no violation"]
                .into_iter()
                .chain([
                    "SLA: Met",
                    "First response within SLA",
                    "Within target",
                    "SLA met.",
                    "Never breached",
                ])
        {
            assert_eq!((met(word, Yes::Kept), met(word, Yes::Missed)), (Some(true), Some(true)), "{word}");
        }
        for word in
            ["SLA Violated", "sla violated", "Breached", "Out of SLA", "Not met", "Overdue", "not-in-SLA"]
                .into_iter()
                .chain(["Resolution SLA violated", "Missed SLA target", "Out of target", "Did not meet SLA"])
        {
            assert_eq!((met(word, Yes::Kept), met(word, Yes::Missed)), (Some(false), Some(false)), "{word}");
        }
        // A bare yes says what the column asks.
        assert_eq!((met("yes", Yes::Kept), met("yes", Yes::Missed)), (Some(true), Some(false)));
        assert_eq!((met("0", Yes::Kept), met("0", Yes::Missed)), (Some(false), Some(true)));
        assert_eq!((met("1.0", Yes::Kept), met("0.0", Yes::Missed)), (Some(true), Some(true)));
        for word in ["paused", "no response", "In resolution", "in progress", "first response", "SLA"] {
            assert_eq!(met(word, Yes::Kept), None, "{word}");
        }
    }

    #[test]
    fn the_form_is_what_every_cell_has() {
        let form = |cells: &[&str]| Theirs::form(cells.iter().copied(), Yes::Kept, &epoch);
        assert_eq!(form(&["true", "false"]), Some(Form::Verdict(Yes::Kept)));
        assert_eq!(form(&["@1", "@2"]), Some(Form::Due));
        assert_eq!(form(&["02:30:00", "1d 2h"]), Some(Form::Length(Unit::Seconds)));
        assert_eq!(form(&["12", "30"]), None);
        assert_eq!(form(&["02:30:00", "30"]), None);
        assert_eq!(form(&[]), None);
    }
}
