//! What slaudit gives for one check: the case replayed, and the clock read as the project means its field. It holds
//! nothing against anything.

use serde_json::{Value, json};
use slaudit::calendar::{Instant, OpenTime, SECOND};
use slaudit::ingest::{self, Plan, Profile, Silent};
use slaudit::policy::{self, Book};
use slaudit::replay::{ClockFact, Metric, Replayer, Verdict, Workspace};

use super::express::{Expressed, express, text};

/// An instant of RFC 3339.
pub fn instant(text: &str) -> Instant {
    Instant::from(chrono::DateTime::parse_from_rfc3339(text).unwrap().to_utc())
}

/// The value of the check's field: seconds, a truth value, an instant in UTC, or null.
pub fn found(scenario: &Value, check: &Value) -> Value {
    let metric = text(check, "metric");
    let last = &scenario["timeline"].as_array().unwrap().last().unwrap()["at"];
    let as_of = instant(check.get("as_of").unwrap_or(last).as_str().unwrap());
    let expressed = express(scenario, metric);
    let book = policy::parse("scenario.toml", expressed.policy.as_bytes()).unwrap();
    let clocks = clocks(&expressed, &book, as_of);
    match (text(check, "field"), metric) {
        ("due", "next_response") => due_of_running(&clocks),
        ("elapsed_s", "next_response") => longest(&clocks),
        ("elapsed_s", "average_response") => average(&clocks),
        (field, _) => {
            let clock = if metric.starts_with("first") { clocks.first() } else { clocks.last() };
            let unit = scenario.get("pause_unit").and_then(Value::as_str);
            one(clock.unwrap(), field, &book, as_of, unit)
        }
    }
}

/// The clocks of the metric that the check is put as, in order.
fn clocks(expressed: &Expressed, book: &Book, as_of: Instant) -> Vec<ClockFact> {
    let folder = tempfile::tempdir().unwrap();
    let rows = folder.path().join("rows.csv");
    std::fs::write(&rows, &expressed.csv).unwrap();
    let plan = Plan::new(vec![rows], Profile::named("canonical").unwrap());
    let ingested = ingest::read(&plan, &Silent).unwrap();
    assert!(ingested.ledger.n_read() == ingested.ledger.n_used() + ingested.ledger.n_duplicate());
    let history = ingested.history;
    let case = history.case_ids.iter().position(|id| id == "scenario").unwrap();
    let replayer = Replayer::new(book, &history, as_of);
    let mut workspace = Workspace::default();
    let facts = replayer.case(history.case(case), &mut workspace).unwrap();
    facts.clocks.iter().filter(|clock| clock.metric == expressed.metric).cloned().collect()
}

fn one(clock: &ClockFact, field: &str, book: &Book, as_of: Instant, pause_unit: Option<&str>) -> Value {
    match field {
        "due" => due(clock),
        "breached" => match clock.verdict {
            Verdict::Missed | Verdict::Unanswered => json!(true),
            Verdict::Met | Verdict::Pending => json!(false),
            other => json!(other.word()),
        },
        "elapsed_s" => seconds(clock.business),
        "over_s" => seconds(clock.margin.map(|margin| -margin)),
        "paused_s" if pause_unit == Some("wall") => seconds(Some(clock.paused)),
        "paused_s" => {
            let to = clock.stopped_at.unwrap_or(as_of);
            let open = OpenTime::compile(&book.versions[0].calendars[0], clock.started_at, to);
            seconds(clock.business.map(|business| open.elapsed(clock.started_at, to) - business))
        }
        other => panic!("no field `{other}`"),
    }
}

fn due(clock: &ClockFact) -> Value {
    clock.due_at.map_or(Value::Null, |at| json!(at.rfc3339()))
}

fn seconds(micros: Option<i64>) -> Value {
    micros.map_or(Value::Null, |micros| json!(micros / SECOND))
}

/// A next response is due only while one is awaited: a clock that was stopped has nothing due any more, and neither has
/// one that is paused.
fn due_of_running(clocks: &[ClockFact]) -> Value {
    clocks.iter().find(|clock| clock.stopped_at.is_none()).map_or(Value::Null, due)
}

/// Of several exchanges the projects report the longest.
fn longest(clocks: &[ClockFact]) -> Value {
    assert!(clocks.iter().all(|clock| clock.metric == Metric::NextResponse));
    seconds(clocks.iter().filter_map(|clock| clock.business).max())
}

/// The mean over the exchanges.
fn average(clocks: &[ClockFact]) -> Value {
    let business: Vec<i64> = clocks.iter().filter_map(|clock| clock.business).collect();
    seconds(Some(business.iter().sum::<i64>() / business.len() as i64))
}
