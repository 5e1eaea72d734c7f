//! Whole cases of other projects: their due times, times used and breaches hold, but for those listed with both figures
//! and the rule that makes the difference. See `tests/scenarios/README.md`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "scenarios/express.rs"]
mod express;
#[path = "scenarios/found.rs"]
mod found;

use express::text;
use found::{found, instant};
use serde_json::{Value, json};

/// A check whose rule the SPEC does not have.
struct Skipped {
    id: &'static str,
    metric: &'static str,
    field: &'static str,
    /// What the project says.
    expected: &'static str,
    /// What slaudit gives.
    found: &'static str,
    reason: &'static str,
}

const SKIPPED: [Skipped; 4] = [
    Skipped {
        id: "zammad/standard/response-in-time",
        metric: "next_response",
        field: "due",
        expected: "2013-03-21T11:30:00Z",
        found: "null",
        reason: "SPEC 7.1: a response stops `next_response` as it does `first_response`, so nothing is due after \
                 11:00 local; the peer keeps a first response that leaves its update clock running, due 12:30 local",
    },
    Skipped {
        id: "glpi/la/5d-tto",
        metric: "first_response_days",
        field: "due",
        expected: "2034-06-16T08:46:12Z",
        found: "2034-06-16T19:00:00Z",
        reason: "SPEC 5.3: business days end with the last open stretch of the n-th working date, here 19:00; the \
                 peer counts working days to the time of day of the opening, 08:46:12",
    },
    Skipped {
        id: "glpi/la/5d-pauses-tto",
        metric: "first_response_days",
        field: "due",
        expected: "2034-06-14T10:00:00Z",
        found: "2034-06-14T19:00:00Z",
        reason: "SPEC 5.3: business days end with the last open stretch of the n-th working date, here 19:00; the \
                 peer counts working days to the time of day of the opening, 10:00",
    },
    Skipped {
        id: "erpnext/hold-is-wall-clock",
        metric: "resolution",
        field: "due",
        expected: "2020-03-04T16:45:00Z",
        found: "2020-03-04T16:00:00Z",
        reason: "SPEC 5.3 and 7.1: a pause moves a business target by the open time paused, none before 10:00, so \
                 due stays six hours after opening; the peer adds the wall time of the hold, 04:15 to 05:00",
    },
];

/// Checks that hold, and those that are skipped.
const CHECKS: [usize; 2] = [106, 4];
/// Scenarios that hold whole, in part, and not at all.
const SCENARIOS: [usize; 3] = [45, 2, 2];

/// What the check wants: the answer of the base semantics where the line has one; instants in UTC.
fn wanted(check: &Value) -> Value {
    let value = check.get("oracle").unwrap_or(&check["value"]);
    value.as_str().map_or(value.clone(), |at| json!(instant(at).rfc3339()))
}

fn spelled(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn skipped(id: &str, check: &Value) -> Option<usize> {
    let is_it = |s: &Skipped| s.id == id && s.metric == check["metric"] && s.field == check["field"];
    SKIPPED.iter().position(is_it)
}

/// What is wrong with one check; nothing where it is as it should be, held or skipped.
fn problem(id: &str, check: &Value, want: &str, given: &str) -> Option<String> {
    let place = format!("{id}: {} {} at {}", check["metric"], check["field"], check["as_of"]);
    match skipped(id, check).map(|i| &SKIPPED[i]) {
        None => (want != given).then(|| format!("{place}: expected {want}, found {given}")),
        Some(_) if want == given => Some(format!("{place}: holds, and need not be skipped: {given}")),
        Some(skip) => ((skip.expected, skip.found) != (want, given)).then(|| {
            format!(
                "{place}: skipped with {} for {}, but {want} is expected and {given} found ({})",
                skip.found, skip.expected, skip.reason
            )
        }),
    }
}

#[test]
fn scenarios_of_other_projects_hold() {
    let (mut wrong, mut uses) = (Vec::new(), [0; SKIPPED.len()]);
    let (mut checks, mut scenarios) = ([0; 2], [0; 3]);
    for line in include_str!("scenarios/scenarios.jsonl").lines() {
        let scenario: Value = serde_json::from_str(line).unwrap();
        let id = text(&scenario, "id");
        let mut own = [0; 2];
        for check in scenario["checks"].as_array().unwrap() {
            let (want, given) = (spelled(&wanted(check)), spelled(&found(&scenario, check)));
            wrong.extend(problem(id, check, &want, &given));
            let skip = skipped(id, check);
            own[usize::from(skip.is_some())] += 1;
            skip.into_iter().for_each(|i| uses[i] += 1);
        }
        checks = [checks[0] + own[0], checks[1] + own[1]];
        scenarios[match own {
            [_, 0] => 0,
            [0, _] => 2,
            _ => 1,
        }] += 1;
    }
    assert!(wrong.is_empty(), "{} checks differ:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(uses, [1; SKIPPED.len()], "each entry skips one check");
    assert_eq!((checks, scenarios), (CHECKS, SCENARIOS), "held and skipped; held whole, in part, not at all");
}
