//! What two policies say differently of the cases that they cover, of what attainment is held against, and in
//! their clauses.

use super::diff::moved;
use super::difference::{Differences, Setting, pairs, path, spaced};
use super::model::{Clause, DateRange, Entitlements, ScopeRules};
use super::show::{self, inline, list, quoted};

/// `[scope]`, the customers of the file by name.
pub(super) fn scope(out: &mut Differences, left: &ScopeRules, right: &ScopeRules) {
    let ScopeRules { entitled: customers, include } = left;
    entitled(out, customers.as_ref(), right.entitled.as_ref());
    let pairs = pairs(include, &right.include, |(key, _)| key);
    let values = |(_, values): &(String, Vec<String>)| {
        let words = values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ");
        Setting::new(words, list(values.iter().map(String::as_str)))
    };
    for &(before, after) in pairs.all.iter().filter(|(before, after)| before != after) {
        let Some((key, _)) = before.or(after) else { continue };
        let every = || Some(Setting::unset("any value"));
        let (left, right) = (before.map(values).or_else(every), after.map(values).or_else(every));
        out.add(path(&["scope", "include", key]), format!("cases covered by `{key}`"), left, right);
    }
    moved(out, "scope.include", "attributes of the scope", &pairs, |(key, _)| format!("`{key}`"));
}

fn entitled(out: &mut Differences, left: Option<&Entitlements>, right: Option<&Entitlements>) {
    let (Some(before), Some(after)) = (left, right) else {
        let setting = |list: &Entitlements| {
            let words = format!("customers of `{}`, {} of them", list.file, list.customers.len());
            let (file, key) = (quoted(&list.file), quoted(&list.key));
            Setting::new(words, format!("{{ file = {file}, key = {key} }}"))
        };
        if left.is_some() || right.is_some() {
            out.add("scope.entitled", "customers entitled to support", left.map(setting), right.map(setting));
        }
        return;
    };
    let Entitlements { key, file, customers } = before;
    let text = |text: &String| Setting::text(text);
    out.compare("scope.entitled.file", "file of the entitled customers", (file, &after.file), text);
    let subject = "attribute that names the customer";
    out.compare("scope.entitled.key", subject, (key, &after.key), text);
    let pairs = pairs(customers, &after.customers, |(name, _)| name);
    // Their dates stand in the file, so they have no TOML.
    let dates = |(_, ranges): &(String, Vec<DateRange>)| Setting::unset(&shown_ranges(ranges));
    for &(before, after) in pairs.all.iter().filter(|(before, after)| before != after) {
        let Some((name, _)) = before.or(after) else { continue };
        let subject = format!("customer `{name}` entitled");
        out.add("scope.entitled", subject, before.map(dates), after.map(dates));
    }
    moved(out, "scope.entitled", "entitled customers", &pairs, |(name, _)| format!("`{name}`"));
}

/// `2026-01-01 to 2026-12-31, from 2027-02-01`.
fn shown_ranges(ranges: &[DateRange]) -> String {
    let shown = ranges.iter().map(|range| match range {
        (Some(from), Some(until)) => format!("{from} to {until}"),
        (Some(from), None) => format!("from {from}"),
        (None, Some(until)) => format!("until {until}"),
        (None, None) => "always".to_owned(),
    });
    shown.collect::<Vec<_>>().join(", ")
}

/// `[objectives]` by key.
pub(super) fn objectives(out: &mut Differences, left: &[(String, f64)], right: &[(String, f64)]) {
    let share = |(_, share): &(String, f64)| Setting::plain(&format!("{share:?}"));
    let pairs = pairs(left, right, |(key, _)| key);
    for &(before, after) in pairs.all.iter().filter(|(before, after)| before != after) {
        let Some((key, _)) = before.or(after) else { continue };
        let (metric, level) = key.split_once(".severity.").unwrap_or((key, ""));
        let of = if level.is_empty() { String::new() } else { format!(" of severity {level}") };
        let none = || Some(Setting::unset("none"));
        let (left, right) = (before.map(share).or_else(none), after.map(share).or_else(none));
        out.add(path(&["objectives", key]), format!("objective for {}{of}", spaced(metric)), left, right);
    }
    moved(out, "objectives", "objectives", &pairs, |(key, _)| format!("`{key}`"));
}

/// `[[clause]]` by its text; what is left over on both sides is taken as rewritten, in order.
pub(super) fn clauses(out: &mut Differences, left: &[Clause], right: &[Clause]) {
    let pairs = pairs(left, right, |clause| clause.text.as_str());
    let alone =
        |pick: fn(&(Option<&Clause>, Option<&Clause>)) -> bool| pairs.all.iter().filter(move |p| pick(p));
    let removed: Vec<&Clause> = alone(|(_, after)| after.is_none()).filter_map(|pair| pair.0).collect();
    let added: Vec<&Clause> = alone(|(before, _)| before.is_none()).filter_map(|pair| pair.1).collect();
    let same = pairs.all.iter().filter_map(|&(before, after)| Some((before?, after?)));
    for (before, after) in same.chain(removed.iter().copied().zip(added.iter().copied())) {
        let Clause { text, metrics } = before;
        let number = number(right, after);
        let key = |field: &str| path(&["clause", &number, field]);
        out.compare(key("text"), format!("clause {number}"), (text, &after.text), |text| Setting::text(text));
        let measured = format!("measures of clause {number}");
        out.compare(key("metrics"), measured, (metrics, &after.metrics), |metrics| {
            Setting::texts(metrics.iter().map(String::as_str), "none")
        });
    }
    let whole = |clause: &Clause| {
        Some(Setting::new(format!("`{}`", clause.text), inline(|out| show::clause(out, clause))))
    };
    let gone = removed.iter().skip(added.len()).map(|clause| (number(left, clause), whole(clause), None));
    let new = added.iter().skip(removed.len()).map(|clause| (number(right, clause), None, whole(clause)));
    for (number, before, after) in gone.chain(new) {
        out.add(path(&["clause", &number]), format!("clause {number}"), before, after);
    }
    moved(out, "clause", "clauses", &pairs, |clause| format!("`{}`", clause.text));
}

/// The position of `one`, an element of `all`, from 1.
fn number(all: &[Clause], one: &Clause) -> String {
    let place = all.iter().position(|clause| std::ptr::eq(clause, one));
    place.map_or(0, |place| place + 1).to_string()
}
