//! `[clock]`, `[[inactivity]]`, `[priority]`, `[objectives]` and `[[clause]]` (SPEC 4, 7, 9, 10, 15).

use super::keys;
use super::measures::METRICS;
use super::model::{
    AgentOpened, CategorySet, Clause, ClockRules, InactivityRule, OnReclassify, OnReopen, PriorityRule,
    RoleSet, SeverityRule,
};
use super::reading::{Reading, Zero};
use super::suggest::{hint, listed};
use super::tree::{Entry, Node, Table, Value};
use crate::calendar::Duration;
use crate::codes;
use crate::history::Category;

/// `[clock]`, with SPEC 4's defaults for what is not given.
pub(super) fn clock(reading: &mut Reading, root: &Table) -> ClockRules {
    let mut rules = ClockRules::default();
    let Some(table) = root.get("clock").and_then(|node| reading.table(node, "clock")) else {
        return rules;
    };
    reading.known_keys(table, "`[clock]`", &keys::CLOCK);
    if let Some(node) = table.get("pause_in") {
        rules.pause_in = pause_in(reading, node).unwrap_or(rules.pause_in);
    }
    if let Some(node) = table.get("response_by") {
        rules.response_by = response_by(reading, node).unwrap_or(rules.response_by);
    }
    if let Some(rule) = reading.choice(table, "agent_opened", AgentOpened::ALL, AgentOpened::word) {
        rules.agent_opened = rule;
    }
    if let Some(rule) = reading.choice(table, "on_reclassify", OnReclassify::ALL, OnReclassify::word) {
        rules.on_reclassify = rule;
    }
    if let Some(rule) = reading.choice(table, "on_reopen", OnReopen::ALL, OnReopen::word) {
        rules.on_reopen = rule;
    }
    if let Some(flag) = reading.flag(table, "customer_message_resumes") {
        rules.customer_message_resumes = flag;
    }
    if let Some(flag) = reading.flag(table, "resolution_answers") {
        rules.resolution_answers = flag;
    }
    rules
}

fn pause_in(reading: &mut Reading, node: &Node) -> Option<CategorySet> {
    let words = keys::categories();
    let mut set = CategorySet::default();
    for (item, text) in reading.texts(node, "pause_in", "[\"waiting_customer\"]")? {
        if let Some(found) = reading.as_word(item, text, "pause_in", &words) {
            set = set.with(Category::ALL[found]);
        }
    }
    Some(set)
}

fn response_by(reading: &mut Reading, node: &Node) -> Option<RoleSet> {
    let words = keys::answering();
    let mut set = RoleSet::default();
    let texts = reading.texts(node, "response_by", "[\"agent\"]")?;
    if matches!(&node.value, Value::List(items) if items.is_empty()) {
        let message = "expected `response_by` to name at least one role, found none".to_owned();
        reading.bad_value(node, message, "leave `response_by` out for `[\"agent\"]`");
    }
    for (item, text) in texts {
        if let Some(found) = reading.as_word(item, text, "response_by", &words) {
            set = set.with(RoleSet::ANSWERING[found]);
        }
    }
    Some(set)
}

/// The `[[inactivity]]` rules, in order of the file; one a basis.
pub(super) fn inactivity(reading: &mut Reading, root: &Table) -> Vec<InactivityRule> {
    let Some(node) = root.get("inactivity") else {
        return Vec::new();
    };
    let mut rules: Vec<(InactivityRule, &Node)> = Vec::new();
    for (node, table) in reading.tables(node, "inactivity") {
        let Some((rule, place)) = inactivity_rule(reading, node, table) else {
            continue;
        };
        match rules.iter().find(|(known, _)| known.basis == rule.basis) {
            Some((_, first)) => {
                let message = format!("expected each basis once, found `{}` again", rule.basis.word());
                let first = reading.sources.line_of(first.span);
                reading.problem(place.span, codes::F108, message, format!("the first one is at {first}"));
            }
            None => rules.push((rule, place)),
        }
    }
    rules.into_iter().map(|(rule, _)| rule).collect()
}

fn inactivity_rule<'n>(
    reading: &mut Reading,
    node: &Node,
    table: &'n Table,
) -> Option<(InactivityRule, &'n Node)> {
    reading.known_keys(table, "`[[inactivity]]`", &keys::INACTIVITY);
    if table.get("basis").is_none() {
        let hint = "add `basis = \"waiting_customer\"` or `basis = \"resolved\"`";
        reading.missing(node.span, "basis", "`[[inactivity]]`", hint);
    }
    let basis = reading.choice(table, "basis", InactivityRule::BASES, Category::word);
    let infer = reading.flag(table, "infer").unwrap_or(false);
    let close_after = reading.duration(table, "close_after", Zero::Refused);
    let grace = reading.duration(table, "grace", Zero::Allowed).unwrap_or(Duration::ZERO);
    let rule = InactivityRule { basis: basis?, infer, close_after, grace };
    Some((rule, table.get("basis")?))
}

/// `[priority]`, if given.
pub(super) fn priority(reading: &mut Reading, root: &Table) -> Option<PriorityRule> {
    let table = reading.table(root.get("priority")?, "priority")?;
    reading.known_keys(table, "`[priority]`", &keys::PRIORITY);
    let tolerance = reading.duration(table, "tolerance", Zero::Allowed).unwrap_or(Duration::ZERO);
    Some(PriorityRule { tolerance })
}

/// `[objectives]`: metric, or metric with severity, to a share in (0, 1], in order of the file.
pub(super) fn objectives(
    reading: &mut Reading,
    root: &Table,
    severities: &[SeverityRule],
) -> Vec<(String, f64)> {
    let table = root.get("objectives").and_then(|node| reading.table(node, "objectives"));
    let mut objectives = Vec::new();
    for entry in table.map_or(&[][..], |table| table.0.as_slice()) {
        let named = objective_key(reading, entry, severities);
        let share = share(reading, entry);
        if let (true, Some(share)) = (named, share) {
            objectives.push((entry.key.clone(), share));
        }
    }
    objectives
}

fn objective_key(reading: &mut Reading, entry: &Entry, severities: &[SeverityRule]) -> bool {
    let (metric, rest) = entry.key.split_once('.').unwrap_or((&entry.key, ""));
    if !METRICS.contains(&metric) {
        let message = format!("expected the name of a metric, found `{metric}`");
        let hint = hint(metric, METRICS, &format!("the metrics are {}", listed(METRICS)));
        reading.problem(entry.span, codes::F106, message, hint);
        return false;
    }
    if !entry.key.contains('.') {
        return true;
    }
    let level = rest.strip_prefix("severity.").and_then(|level| level.parse::<u8>().ok());
    let Some(level) = level.filter(|level| rest == format!("severity.{level}")) else {
        let message = format!("expected a metric or `metric.severity.N`, found `{}`", entry.key);
        reading.problem(entry.span, codes::F102, message, format!("write it like `\"{metric}.severity.1\"`"));
        return false;
    };
    let known = severities.iter().any(|rule| rule.level == level);
    if !known {
        let message = format!("expected a severity level of the policy, found `{level}`");
        let levels: Vec<String> = severities.iter().map(|rule| rule.level.to_string()).collect();
        let hint = format!("the policy defines {}", listed(levels.iter().map(String::as_str)));
        reading.problem(
            entry.span,
            codes::F106,
            message,
            if levels.is_empty() { "add a `[[severity]]` of that level".to_owned() } else { hint },
        );
    }
    known
}

fn share(reading: &mut Reading, entry: &Entry) -> Option<f64> {
    let share = match entry.node.value {
        Value::Float(share) => share,
        Value::Integer(Some(1)) => 1.0,
        Value::Integer(_) => f64::INFINITY,
        Value::Table(_) => {
            let message = format!("expected `{}` to be a share, found a table", entry.key);
            let hint = format!("put the key in quotes: `\"{}.severity.1\" = 0.99`", entry.key);
            reading.problem(entry.node.span, codes::F103, message, hint);
            return None;
        }
        _ => {
            let example = format!("\"{}\" = 0.95", entry.key);
            reading.wrong_type(&entry.node, &entry.key, "a share above 0, up to 1", &example);
            return None;
        }
    };
    if share > 0.0 && share <= 1.0 {
        return Some(share);
    }
    let found = reading.sources.text(entry.node.span).to_owned();
    let message = format!("expected a share above 0, up to 1, found `{found}`");
    reading.bad_value(&entry.node, message, "write 95% as `0.95`");
    None
}

/// The `[[clause]]`s, in order of the file.
pub(super) fn clauses(reading: &mut Reading, root: &Table) -> Vec<Clause> {
    let Some(node) = root.get("clause") else {
        return Vec::new();
    };
    let tables = reading.tables(node, "clause");
    tables.into_iter().filter_map(|(node, table)| clause(reading, node, table)).collect()
}

fn clause(reading: &mut Reading, node: &Node, table: &Table) -> Option<Clause> {
    reading.known_keys(table, "`[[clause]]`", &keys::CLAUSE);
    if table.get("text").is_none() {
        reading.missing(node.span, "text", "`[[clause]]`", "say in a sentence what the policy promises");
    }
    let text =
        reading.text(table, "text", "text = \"answers within a day\"").map(|(_, text)| text.to_owned());
    let mut metrics = Vec::new();
    if let Some(list) = table.get("metrics") {
        let known = keys::measures();
        for (item, metric) in reading.texts(list, "metrics", "[\"first_response\"]").unwrap_or_default() {
            if known.contains(&metric) {
                metrics.push(metric.to_owned());
                continue;
            }
            let message = format!("expected the name of a measure, found `{metric}`");
            let all = format!("the measures are {}", listed(known.iter().copied()));
            reading.problem(item.span, codes::F106, message, hint(metric, known.iter().copied(), &all));
        }
    }
    Some(Clause { text: text?, metrics })
}
