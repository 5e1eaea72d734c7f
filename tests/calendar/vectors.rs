//! The outside vectors hold; the deliberate difference is counted, so that no other line may differ.

use chrono::{DateTime, NaiveDate};
use serde_json::Value;
use slaudit::calendar::{Calendar, Closure, DAY, Instant, OpenTime, WEEKDAYS, Window, parse_hours};

fn instant(text: &str) -> Instant {
    Instant::from(DateTime::parse_from_rfc3339(text).unwrap().to_utc())
}

fn windows(value: &Value) -> Vec<Window> {
    let pair = |pair: &Value| {
        let text = format!("{}-{}", pair[0].as_str().unwrap(), pair[1].as_str().unwrap());
        if text == "00:00-24:00" { vec![Window { from: 0, to: DAY }] } else { parse_hours(&text).unwrap() }
    };
    value.as_array().unwrap().iter().flat_map(pair).collect()
}

fn calendar(value: &Value) -> Calendar {
    let tz = value["tz"].as_str().unwrap().parse().unwrap();
    let day = |name: &str| value["week"].get(name).map(windows).unwrap_or_default();
    let mut calendar = Calendar::weekly("vector", tz, WEEKDAYS.map(day));
    let list = |key: &str| value.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let date = |text: &str| text.parse::<NaiveDate>().unwrap();
    for holiday in list("holidays") {
        calendar.holidays.insert(date(holiday.as_str().unwrap()), String::new());
    }
    for (on, own) in value.get("shifts").and_then(Value::as_object).into_iter().flatten() {
        calendar.days.insert(date(on), windows(own));
    }
    for closure in list("breaks") {
        let text = format!("{}/{}", closure[0].as_str().unwrap(), closure[1].as_str().unwrap());
        calendar.closed.push(Closure::parse(&text).unwrap());
    }
    calendar
}

/// The answer of the library, as the vectors write it: seconds, a truth value, or an instant.
fn answer(vector: &Value, open: &OpenTime) -> Option<Answer> {
    let at = |key: &str| instant(vector[key].as_str().unwrap());
    Some(match vector["op"].as_str().unwrap() {
        "elapsed" => Answer::Seconds(open.elapsed(at("start"), at("end")) / 1_000_000),
        "in_hours" => Answer::Open(open.is_open(at("start"))),
        "add" => Answer::At(open.add(at("start"), vector["amount_s"].as_i64()? * 1_000_000)),
        "next_open" => Answer::At(open.next_open(at("start"))),
        "next_close" => Answer::At(next_close(open, at("start"))),
        _ => return None,
    })
}

/// The end of the stretch that is open at or after `start`.
fn next_close(open: &OpenTime, start: Instant) -> Option<Instant> {
    open.next_change(open.next_open(start)?)
}

#[derive(Debug, PartialEq)]
enum Answer {
    Seconds(i64),
    Open(bool),
    At(Option<Instant>),
}

fn wanted(vector: &Value) -> Answer {
    let want = vector.get("oracle").filter(|v| !v.is_null()).unwrap_or(&vector["expect"]);
    match want {
        Value::Number(seconds) => Answer::Seconds(seconds.as_i64().unwrap()),
        Value::Bool(open) => Answer::Open(*open),
        Value::String(at) => Answer::At(Some(instant(at))),
        other => panic!("{other} in {}", vector["id"]),
    }
}

/// Runs one file; returns how many held, how many differ on purpose, how many ask what has no answer
/// here.
fn run(text: &str) -> [usize; 3] {
    let mut counts = [0; 3];
    let mut wrong = Vec::new();
    for line in text.lines() {
        let vector: Value = serde_json::from_str(line).unwrap();
        let calendar = calendar(&vector["calendar"]);
        let start = instant(vector["start"].as_str().unwrap());
        let far = OpenTime::compile(&calendar, Instant::from_seconds(0), Instant::from_seconds(1));
        let near = OpenTime::compile(&calendar, start, start);
        let Some(given) = answer(&vector, &near) else {
            counts[2] += 1;
            continue;
        };
        assert_eq!(
            Some(&given),
            answer(&vector, &far).as_ref(),
            "inside and outside the span: {}",
            vector["id"]
        );
        let want = wanted(&vector);
        if given == want {
            counts[0] += 1;
        } else if is_reversed(&vector) && given == Answer::Seconds(0) {
            // DIFFERENCE: a reversed interval has no open time (SPEC 5.2; the vectors: negative).
            counts[1] += 1;
        } else {
            wrong.push(format!("{}: {given:?}, expected {want:?}", vector["id"]));
        }
    }
    assert!(wrong.is_empty(), "{} lines differ:\n{}", wrong.len(), wrong.join("\n"));
    counts
}

fn is_reversed(vector: &Value) -> bool {
    vector["end"].as_str().map(instant).is_some_and(|end| end < instant(vector["start"].as_str().unwrap()))
}

#[test]
fn vectors_of_other_projects_hold() {
    assert_eq!(run(include_str!("vectors.jsonl")), [430, 45, 0]);
}

#[test]
fn adversarial_vectors_hold() {
    // 42 lines ask for `sub` and `prev_close`, which no promise needs.
    assert_eq!(run(include_str!("oracle.jsonl")), [169, 4, 42]);
}
