//! By how much support would have had to be faster, in sentences: of each kind of time by itself, and only where both
//! policies count the same; elsewhere clocks are counted.

use crate::tables::Cell;

use super::super::compose::words;
use super::super::document::Point;
use super::super::summary::grouped;
use super::compose::{cell, count, table, word};
use super::{Material, OTHER_HOURS};

/// Clocks over target: how many, and their seconds together.
type Over = (u64, u64);

/// One promise under one proposed policy in one kind of time.
struct Part<'a> {
    metric: &'a str,
    measure: &'a str,
    now: Over,
    then: Over,
    is_comparable: bool,
}

/// A point a proposed policy and kind of time, and one a promise whose lengths cannot be compared.
pub(super) fn points(m: &Material<'_>) -> Vec<Point> {
    let mut points = Vec::new();
    for (proposed, label) in m.plan.labels.iter().enumerate().skip(1) {
        let parts = parts(m, label);
        let mixed: Vec<&str> = parts.iter().filter(|p| !p.is_comparable).map(|p| p.metric).collect();
        for (measure, time) in [("business", "business"), ("wall", "")] {
            let of: Vec<&Part<'_>> =
                parts.iter().filter(|p| p.measure == measure && !mixed.contains(&p.metric)).collect();
            points
                .extend(together(&of, time).map(|text| Point::new(format!("{label}: {text}")).more("cost")));
        }
        // Where only the hours are others, every target counts business time on both sides.
        let other_hours = |metric: &&str| {
            m.has_other_hours(proposed)
                && parts.iter().all(|p| p.metric != *metric || p.measure == "business")
        };
        let (hours, kinds): (Vec<&str>, Vec<&str>) = mixed.into_iter().partition(other_hours);
        for (metrics, why) in [(hours, OTHER_HOURS), (kinds, OTHER_KINDS)] {
            let told = in_clocks(&parts, &metrics);
            points.extend(told.map(|text| Point::new(format!("{label}: {text}; {why}")).more("cost")));
        }
    }
    points
}

fn parts<'a>(m: &Material<'a>, label: &str) -> Vec<Part<'a>> {
    let Some(table) = table(m, "cost") else { return Vec::new() };
    let mut parts: Vec<Part<'a>> = Vec::new();
    for row in &table.rows {
        if word(table, row, "proposed") != label || word(table, row, "kind") != "commitment" {
            continue;
        }
        let (metric, measure) = (word(table, row, "metric"), word(table, row, "measure"));
        let of = |n, s| (count(table, row, n), count(table, row, s));
        let (now, then) = (of("n_over", "over_s"), of("n_over_proposed", "over_proposed_s"));
        let is_comparable = cell(table, row, "is_comparable") != Some(&Cell::Flag(false));
        match parts.iter_mut().find(|part| (part.metric, part.measure) == (metric, measure)) {
            Some(part) => {
                part.now = (part.now.0 + now.0, part.now.1 + now.1);
                part.then = (part.then.0 + then.0, part.then.1 + then.1);
                part.is_comparable &= is_comparable;
            }
            None => parts.push(Part { metric, measure, now, then, is_comparable }),
        }
    }
    parts
}

/// Lengths of one kind of time added up, with the promises in which they change; nothing where no clock is over.
fn together(parts: &[&Part<'_>], time: &str) -> Option<String> {
    let sum = |of: fn(&Part<'_>) -> Over| {
        parts.iter().map(|part| of(part)).fold((0, 0), |a: Over, b| (a.0 + b.0, a.1 + b.1))
    };
    let (now, then) = (sum(|part| part.now), sum(|part| part.then));
    let kind = if time.is_empty() { "all time" } else { "business time" };
    let changed: Vec<String> =
        parts.iter().filter(|part| part.now != part.then).map(|part| words(part.metric)).collect();
    let because = match changed.len() {
        0 => String::new(),
        _ => format!(" (it changes in {})", changed.join(", ")),
    };
    match (now, then) {
        ((_, 0), (_, 0)) => None,
        _ if now == then => Some(format!(
            "to keep every commitment that counts {kind}, support would have had to be faster by {} together, as now",
            length(then.1, time)
        )),
        ((0, _), _) => Some(format!(
            "to keep every commitment that counts {kind}, support would have had to be faster by {} together{because}; now \
             none of them is over its target",
            length(then.1, time)
        )),
        (_, (0, _)) => Some(format!(
            "no commitment that counts {kind} would be over its target{because}; now support would have to be faster by {}",
            length(now.1, time)
        )),
        ((_, 0), _) | (_, (_, 0)) => Some(format!(
            "{} of the clocks that count {kind} would be over target{because}, now {}",
            grouped(then.0),
            grouped(now.0)
        )),
        _ => Some(format!(
            "to keep every commitment that counts {kind}, support would have had to be faster by {} together, now by \
             {}{because}",
            length(then.1, time),
            length(now.1, time)
        )),
    }
}

/// What is to be said where the targets of a promise count open time under one policy and all time under the other.
const OTHER_KINDS: &str =
    "the two policies count different kinds of time, and their lengths cannot be compared";

/// Promises whose lengths cannot be compared, in clocks: `clocks over target: first response 2, as many as now; update 3,
/// now 2`.
fn in_clocks(parts: &[Part<'_>], metrics: &[&str]) -> Option<String> {
    let mut told: Vec<(&str, u64, u64)> = Vec::new();
    for part in parts.iter().filter(|part| metrics.contains(&part.metric)) {
        match told.iter_mut().find(|(metric, ..)| *metric == part.metric) {
            Some((_, now, then)) => (*now, *then) = (*now + part.now.0, *then + part.then.0),
            None => told.push((part.metric, part.now.0, part.then.0)),
        }
    }
    let words = |(metric, now, then): &(&str, u64, u64)| {
        let beside = if now == then { "as many as now".to_owned() } else { format!("now {}", grouped(*now)) };
        format!("{} {}, {beside}", words(metric), grouped(*then))
    };
    let told: Vec<String> = told.iter().map(words).collect();
    (!told.is_empty()).then(|| format!("clocks over target: {}", told.join("; ")))
}

/// `16 business hours`, `1.5 hours`, `40 business minutes`, `1 second`: never nothing for what there is.
fn length(seconds: u64, time: &str) -> String {
    let (n, unit) = match seconds {
        0..60 => (seconds.to_string(), "second"),
        60..3_600 => ((seconds / 60).to_string(), "minute"),
        3_600..36_000 if !seconds.is_multiple_of(3_600) => {
            (format!("{}.{}", seconds / 3_600, seconds % 3_600 / 360), "hour")
        }
        _ => (grouped(seconds / 3_600), "hour"),
    };
    let plural = if n == "1" { "" } else { "s" };
    let space = if time.is_empty() { "" } else { " " };
    format!("{n} {time}{space}{unit}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_never_told_as_nothing() {
        let told =
            [1, 59, 60, 3_599, 3_600, 5_400, 36_000, 57_600].map(|seconds| length(seconds, "business"));
        let wanted = [
            "1 business second",
            "59 business seconds",
            "1 business minute",
            "59 business minutes",
            "1 business hour",
            "1.5 business hours",
            "10 business hours",
            "16 business hours",
        ];
        assert_eq!(told, wanted);
        assert_eq!(length(7_200, ""), "2 hours");
    }

    fn part(measure: &'static str, now: Over, then: Over) -> Part<'static> {
        Part { metric: "first_response", measure, now, then, is_comparable: true }
    }

    #[test]
    fn a_side_without_a_late_clock_has_no_length() {
        let told = |now, then| together(&[&part("wall", now, then)], "").unwrap_or_default();
        assert!(told((0, 0), (2, 7_200)).ends_with("now none of them is over its target"));
        assert!(
            told((2, 7_200), (0, 0))
                .starts_with("no commitment that counts all time would be over its target")
        );
        assert!(told((2, 7_200), (2, 3_600)).contains("by 1 hour together, now by 2 hours"));
        assert_eq!(told((0, 0), (0, 0)), "");
    }

    #[test]
    fn different_kinds_are_counted_in_clocks() {
        let parts = [part("business", (2, 57_600), (0, 0)), part("wall", (0, 0), (2, 172_800))];
        let said = in_clocks(&parts, &["first_response"]);
        assert_eq!(said.as_deref(), Some("clocks over target: first response 2, as many as now"));
        assert_eq!(in_clocks(&parts, &[]), None);
    }
}
