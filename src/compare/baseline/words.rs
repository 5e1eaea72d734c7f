//! Names of rows and cells as people read them. Texts of the input are made harmless here, for every output alike.

use crate::diag::printable;

use super::difference::{RowChange, Side};
use super::grid::Part;

/// Longest text of the input that is shown, in characters.
const TEXT: usize = 60;

/// A text of the input on one line: no control characters, no more than [`TEXT`] characters, without the apostrophe that
/// neutralised it for spreadsheets. A build log takes `##[` for a command wherever it stands: it is taken apart.
pub(super) fn shown(text: &str) -> String {
    let bare = match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '\t', '\r', '\'']) => rest,
        _ => text,
    };
    let mut short: String = bare.chars().take(TEXT).collect();
    if bare.chars().nth(TEXT).is_some() {
        short.push('…');
    }
    printable(&short).replace("##[", "## [")
}

/// Two cells that differ, long ones from a little before the place where they begin to.
pub(super) fn pair(before: &str, now: &str) -> (String, String) {
    let same = before.chars().zip(now.chars()).take_while(|(a, b)| a == b).count();
    if same < TEXT / 2 || before.chars().count().max(now.chars().count()) <= TEXT {
        return (cell(before), cell(now));
    }
    let rest = |text: &str| {
        let rest: String = text.chars().skip(same - TEXT / 6).collect();
        format!("…{}", shown(&rest))
    };
    (rest(before), rest(now))
}

/// A cell, or `none` where it is absent.
pub(super) fn cell(text: &str) -> String {
    if text.is_empty() { "none".to_owned() } else { shown(text) }
}

/// What a row is called: `case T02, first_response 1`.
pub(super) fn label(part: Part, table: &str, change: &RowChange) -> String {
    let key = |column: &str| {
        change.key.iter().find(|(name, _)| name == column).map_or_else(String::new, |(_, cell)| shown(cell))
    };
    let case = change.case().map_or_else(|| "no case".to_owned(), |id| format!("case {}", shown(id)));
    match (part, table) {
        (Part::Facts, "cases") => case,
        (Part::Facts, "clocks") => format!("{case}, {} {}", key("metric"), key("cycle")),
        (Part::Facts, "severity_changes") => format!("{case}, change of severity {}", key("change")),
        (Part::Facts, "inactivity") => {
            format!("{case}, inactivity rule {} spell {}", key("rule"), key("spell"))
        }
        (Part::Facts, "overtaken") => format!("{case}, priority order of its first response"),
        (Part::Facts, "findings") => {
            let clock = [key("metric"), key("cycle")].join(" ");
            format!("{case}, finding {} {clock}", key("code")).trim_end().to_owned()
        }
        (Part::Tables, "objectives") if !change.key.is_empty() => format!("objective {}", key("objective")),
        _ => {
            let cells = change.key.iter().map(|(column, text)| format!(", {} {}", shown(column), cell(text)));
            format!("table {}{}", shown(table), cells.collect::<String>())
        }
    }
}

/// What is said of a row of `table` on one side only.
pub(super) fn one_sided(table: &str, change: &RowChange) -> String {
    let verdict = change.verdict.as_ref().map(|(before, now)| if before.is_empty() { now } else { before });
    let verdict = verdict.filter(|word| !word.is_empty());
    let scope = if table == "cases" { " of scope" } else { "" };
    let scope = if verdict.is_some_and(|word| word == "in") { " scope" } else { scope };
    match (change.side, verdict) {
        (Side::Baseline, Some(word)) => format!("only in the baseline, {}{scope} there", shown(word)),
        (Side::Baseline, None) => "only in the baseline".to_owned(),
        (_, Some(word)) => format!("only now, {}{scope}", shown(word)),
        (_, None) => "only now".to_owned(),
    }
}

/// `1 row`, `2 rows`.
pub(super) fn counted(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_shown_where_they_differ() {
        assert_eq!(pair("met", ""), ("met".to_owned(), "none".to_owned()));
        let long = "the status `on hold by supplier` is mapped to no category of the profile; ";
        let (before, now) = pair(&format!("{long}3 rows"), &format!("{long}4 rows"));
        assert_eq!((before.as_str(), now.as_str()), ("… profile; 3 rows", "… profile; 4 rows"));
        let (before, _) = pair(&"x".repeat(100), "y");
        assert_eq!(before.chars().count(), TEXT + 1);
    }
}
