//! Policies from TOML text and rows from CSV text, in the oracle's own types.
//!
//! Reads what well-formed files hold; whatever it does not know makes it panic, so that no test passes by
//! overlooking a key. Not for users' files.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime};
use chrono_tz::Tz;
use toml::{Table, Value};

use super::time::{Hours, OpenMinutes, Window};
use super::{Cat, Entitled, Ev, Kind, Level, METRICS, Mode, Pol, Rule, SECOND, Target, Whole};

/// Calendars by name, in order of name.
pub type Calendars = Arc<[(String, OpenMinutes)]>;

/// The calendars in policy `text` by name, stepped over `span` (microseconds).
pub fn calendars_of(text: &str, span: (i64, i64)) -> Calendars {
    let top: Table = text.parse().expect("policy text");
    let tz: Tz = top.get("timezone").map_or("UTC", |v| v.as_str().unwrap()).parse().unwrap();
    let step = |hours: &Hours| OpenMinutes::step(hours, span.0, span.1);
    match top.get("calendars").and_then(Value::as_table) {
        None => vec![("24h".into(), step(&Hours::always(tz)))].into(),
        Some(all) => {
            all.iter().map(|(name, v)| (name.clone(), step(&hours(v.as_table().unwrap(), tz)))).collect()
        }
    }
}

/// The policy in `text`, with its calendars stepped already; `customers` is the text of its entitlements.
pub fn policy_of(text: &str, calendars: &Calendars, customers: &str) -> Pol {
    let top: Table = text.parse().expect("policy text");
    let empty = Table::new();
    let table = |name: &str| top.get(name).and_then(Value::as_table).unwrap_or(&empty);
    let names: Vec<&str> = calendars.iter().map(|(name, _)| name.as_str()).collect();
    let levels = top.get("severity").and_then(Value::as_array).cloned().unwrap_or_default();
    let rules = top.get("inactivity").and_then(Value::as_array).cloned().unwrap_or_default();
    let (clock, after) = (table("clock"), table("after_hours"));
    let words = |key: &str, default: &[&str]| -> Vec<String> {
        let own = clock.get(key).map(strings);
        own.unwrap_or_else(|| default.iter().map(|s| s.to_string()).collect())
    };
    let text_of = |key: &str| clock.get(key).and_then(Value::as_str).unwrap_or("");
    let include = table("scope").get("include").and_then(Value::as_table).unwrap_or(&empty);
    Pol {
        levels: levels.iter().map(|v| level(v.as_table().unwrap(), &names)).collect(),
        calendars: calendars.clone(),
        after_hours: after.get("first_response").map(target),
        after_hours_commitment: after.get("kind").and_then(Value::as_str) == Some("commitment"),
        pause_in: words("pause_in", &["waiting_customer", "waiting_other"]).iter().map(|w| cat(w)).collect(),
        response_by: words("response_by", &["agent"]),
        agent_opened_measured: text_of("agent_opened") == "measure",
        mode: match text_of("on_reclassify") {
            "" | "retarget" => Mode::Retarget,
            "restart" => Mode::Restart,
            "keep" => Mode::Keep,
            "prorate" => Mode::Prorate,
            other => panic!("{other}"),
        },
        reopen_restarts: text_of("on_reopen") == "restart",
        resolution_answers: clock.get("resolution_answers").is_some_and(|v| v.as_bool().unwrap()),
        customer_message_resumes: clock.get("customer_message_resumes").is_none_or(|v| v.as_bool().unwrap()),
        include: include.iter().map(|(k, v)| (k.clone(), strings(v))).collect(),
        tz: top.get("timezone").map_or("UTC", |v| v.as_str().unwrap()).parse().unwrap(),
        entitled: table("scope").get("entitled").map(|v| entitled(v.as_table().unwrap(), customers)),
        inactivity: rules.iter().map(|v| rule(v.as_table().unwrap())).collect(),
        tolerance: table("priority").get("tolerance").map(target),
    }
}

fn entitled(table: &Table, customers: &str) -> Entitled {
    let date = |text: &str| (!text.is_empty()).then(|| text.parse().unwrap());
    let rows = csv_rows(customers);
    Entitled {
        key: table["key"].as_str().unwrap().to_string(),
        rows: rows.iter().map(|r| (r["customer"].clone(), date(&r["from"]), date(&r["until"]))).collect(),
    }
}

fn rule(table: &Table) -> Rule {
    Rule {
        basis: cat(table["basis"].as_str().unwrap()),
        infer: table.get("infer").is_some_and(|v| v.as_bool().unwrap()),
        close_after: table.get("close_after").map(target),
        grace: table.get("grace").map(target),
    }
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_string()).collect()
}

fn cat(word: &str) -> Cat {
    let all =
        [Cat::New, Cat::Open, Cat::WaitingCustomer, Cat::WaitingOther, Cat::Resolved, Cat::Closed, Cat::Void];
    all.into_iter().find(|c| c.word() == word).unwrap_or_else(|| panic!("category {word}"))
}

fn level(rule: &Table, calendars: &[&str]) -> Level {
    let calendar = match rule.get("calendar") {
        Some(name) => calendars.iter().position(|c| Some(*c) == name.as_str()).unwrap(),
        None => 0,
    };
    let targets = METRICS.map(|metric| rule.get(metric).map(target));
    Level { level: rule["level"].as_integer().unwrap() as u8, calendar, targets }
}

fn target(value: &Value) -> Target {
    let text = value.as_str().unwrap();
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let n: i64 = text[..digits].parse().unwrap();
    let unit = text[digits..].trim().trim_end_matches('s');
    let unit = if text[digits..].trim() == "bs" || text[digits..].trim() == "s" {
        text[digits..].trim()
    } else {
        unit
    };
    match unit {
        "s" | "second" => Target::Elapsed(n * SECOND),
        "m" | "minute" => Target::Elapsed(n * 60 * SECOND),
        "h" | "hour" => Target::Elapsed(n * 3600 * SECOND),
        "d" | "day" => Target::Elapsed(n * 86_400 * SECOND),
        "w" | "week" => Target::Elapsed(n * 604_800 * SECOND),
        "bs" | "business second" => Target::Business(n * SECOND),
        "bm" | "business minute" => Target::Business(n * 60 * SECOND),
        "bh" | "business hour" => Target::Business(n * 3600 * SECOND),
        "bd" | "business day" => Target::Days(n as u32),
        other => panic!("unit {other}"),
    }
}

fn hours(calendar: &Table, default: Tz) -> Hours {
    let tz = calendar.get("timezone").map_or(default, |v| v.as_str().unwrap().parse().unwrap());
    let mut hours = Hours { tz, week: Default::default(), holidays: vec![], closed: vec![], days: vec![] };
    for (days, windows) in calendar["hours"].as_table().unwrap() {
        for day in weekdays(days) {
            hours.week[day] = windows_of(windows.as_str().unwrap());
        }
    }
    for date in calendar.get("holidays").map(strings).unwrap_or_default() {
        hours.holidays.push(date.parse().unwrap());
    }
    for closure in calendar.get("closed").map(strings).unwrap_or_default() {
        let (from, to) = closure.split_once('/').unwrap();
        hours.closed.push((local_time(from), local_time(to)));
    }
    for (date, windows) in calendar.get("days").and_then(Value::as_table).into_iter().flatten() {
        let date: NaiveDate = date.parse().unwrap();
        hours.days.push((date, windows_of(windows.as_str().unwrap())));
    }
    hours
}

fn local_time(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").unwrap()
}

fn weekdays(text: &str) -> Vec<usize> {
    let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let index = |name: &str| names.iter().position(|n| *n == name).unwrap();
    match text.split_once('-') {
        Some((from, to)) => (index(from)..=index(to)).collect(),
        None => vec![index(text)],
    }
}

fn windows_of(text: &str) -> Vec<Window> {
    let minutes = |hhmm: &str| {
        let (h, m) = hhmm.trim().split_once(':').unwrap();
        h.parse::<i64>().unwrap() * 60 + m.parse::<i64>().unwrap()
    };
    let window = |part: &str| {
        let (from, to) = part.split_once('-').unwrap();
        let (from, to) = (minutes(from), minutes(to));
        (from, if to > from { to } else { to + 1440 })
    };
    match text {
        "24h" => vec![(0, 1440)],
        "closed" => vec![],
        _ => text.split(',').map(window).collect(),
    }
}

/// Rows of CSV text by column name.
pub fn csv_rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

/// The rows of each case, those of all files in source order, and what is decided over all of them.
pub fn events_of(files: &[Vec<BTreeMap<String, String>>]) -> (BTreeMap<String, Vec<Ev>>, Whole) {
    let mut cases: BTreeMap<String, Vec<Ev>> = BTreeMap::new();
    let all = files.iter().enumerate().flat_map(|(file, rows)| rows.iter().map(move |row| (file, row)));
    for (place, (file, row)) in all.enumerate() {
        let Some(at) = chrono::DateTime::parse_from_rfc3339(&row["at"]).ok() else { continue };
        let text = |column: &str| row.get(column).filter(|v| !v.is_empty()).cloned();
        let kind = match text("event").unwrap_or_default().to_lowercase().as_str() {
            "opened" => Kind::Opened,
            "message" => Kind::Message,
            "note" => Kind::Note,
            "update" | "" => Kind::Update,
            other => panic!("event {other}"),
        };
        let known = ["case_id", "at", "event", "role", "actor", "status", "severity"];
        let attrs = row.iter().filter(|(k, _)| !known.contains(&k.as_str()));
        let event = Ev {
            at: at.timestamp_micros(),
            kind,
            role: text("role").unwrap_or_default().to_lowercase(),
            actor: text("actor"),
            cat: text("status").map(|s| status(&s)),
            status: text("status"),
            severity: text("severity").map(|s| s.parse().unwrap()),
            file,
            place,
            attrs: attrs.map(|(k, v)| (k.clone(), v.clone())).collect(),
        };
        cases.entry(row["case_id"].clone()).or_default().push(event);
    }
    let all = || cases.values().flatten();
    let has_messages = all().any(|e| e.kind == Kind::Message);
    let has_statuses = all().any(|e| e.status.is_some());
    let categories = all().filter_map(|e| e.cat).collect();
    let whole = Whole { has_messages, has_statuses, categories };
    (cases, whole)
}

/// The default mapping of the canonical profile (SPEC 3.2).
fn status(word: &str) -> Cat {
    match word.to_lowercase().as_str() {
        "new" => Cat::New,
        "awaiting customer" | "waiting on customer" | "pending customer" | "pending" => Cat::WaitingCustomer,
        "on hold" | "waiting on vendor" | "awaiting vendor" => Cat::WaitingOther,
        "resolved" | "solved" => Cat::Resolved,
        "closed" => Cat::Closed,
        "merged" | "duplicate" | "spam" => Cat::Void,
        _ => Cat::Open,
    }
}
