//! What the name of the help desk's column tells: which clock it is about, and what a yes in it means.

use super::theirs::Yes;
use crate::replay::Metric;

/// How the clock was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// The user named it.
    Asked,
    /// The name of the column tells it.
    ByName,
    /// Nothing tells it.
    ByDefault,
}

/// The clock that a column called `name` is about, where its name tells.
pub fn metric(name: &str) -> Option<Metric> {
    let words = words(name);
    let has = |starts: &[&str]| words.iter().any(|word| starts.iter().any(|start| word.starts_with(start)));
    let responds = has(&["respon", "repl", "answer", "acknowledg", "frt", "ttfr"]);
    let resolves = has(&["resol", "solv", "clos", "fix", "ttr"]);
    let is_first = has(&["first", "initial", "1st"]);
    match () {
        () if responds && has(&["hour"]) && has(&["after", "outside"]) => Some(Metric::AfterHoursResponse),
        () if responds && has(&["next", "subsequent"]) => Some(Metric::NextResponse),
        () if responds && (is_first || !resolves) => Some(Metric::FirstResponse),
        () if resolves && !responds => Some(Metric::Resolution),
        // A time of the last update is no promise of one.
        () if words.iter().any(|word| word == "update") && !has(&["last"]) => Some(Metric::Update),
        () => None,
    }
}

/// What a yes in a column called `name` means: in one called `SLA breached` or `has_violated`, a promise that was not kept.
pub fn yes(name: &str) -> Yes {
    let words = words(name);
    let has = |starts: &[&str]| words.iter().any(|word| starts.iter().any(|start| word.starts_with(start)));
    let is_bad = has(&["breach", "violat", "missed", "overdue", "fail", "exceed", "delay"])
        || words.iter().any(|word| word == "late")
        || words.windows(2).any(|pair| pair[0] == "out" && pair[1] == "of");
    let is_denied = words.iter().any(|word| matches!(word.as_str(), "not" | "non" | "no"));
    if is_bad && !is_denied { Yes::Missed } else { Yes::Kept }
}

/// The words of a name in lower case, of `firstReply` too.
fn words(name: &str) -> Vec<String> {
    let mut spaced = String::new();
    let mut was_lower = false;
    for c in name.chars() {
        if c.is_uppercase() && was_lower {
            spaced.push(' ');
        }
        was_lower = c.is_lowercase();
        if c.is_alphanumeric() {
            spaced.extend(c.to_lowercase());
        } else {
            spaced.push(' ');
        }
    }
    spaced.split_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_clock() {
        for (name, expected) in [
            ("First response status", Some(Metric::FirstResponse)),
            ("Resolution status", Some(Metric::Resolution)),
            ("first_reply_time_in_minutes", Some(Metric::FirstResponse)),
            ("firstReplySla", Some(Metric::FirstResponse)),
            ("sla_next_reply_time", Some(Metric::NextResponse)),
            ("Time to resolution", Some(Metric::Resolution)),
            ("Time to first response", Some(Metric::FirstResponse)),
            ("After hours response", Some(Metric::AfterHoursResponse)),
            ("periodic_update", Some(Metric::Update)),
            ("Last update time", None),
            ("made_sla", None),
            ("Response and resolution", None),
        ] {
            assert_eq!(metric(name), expected, "{name}");
        }
    }

    #[test]
    fn names_tell_what_a_yes_means() {
        for name in ["has_breached", "SLA Violated", "Resolution SLA missed", "isOverdue", "Out of SLA"] {
            assert_eq!(yes(name), Yes::Missed, "{name}");
        }
        for name in ["made_sla", "Within SLA", "Not breached", "sla_status", "kept", "Latest SLA"] {
            assert_eq!(yes(name), Yes::Kept, "{name}");
        }
    }
}
