//! A scenario as slaudit's own input: canonical rows and a policy, for one check. It says how the projects' words are
//! put; it measures nothing.

use std::fmt::Write as _;

use serde_json::Value;
use slaudit::replay::Metric;

/// What one check is put as.
pub struct Expressed {
    /// The rows of the case `scenario`, and of another one that has a message.
    pub csv: String,
    /// The policy.
    pub policy: String,
    /// The clock that measures what the check is about.
    pub metric: Metric,
}

/// Which row opens the case.
#[derive(Clone, Copy, PartialEq)]
enum Opening {
    /// `created`, by the customer.
    Customer,
    /// `created`, by an agent, so that the customer's first message starts `next_response`.
    Agent,
    /// The customer's first message, so that `update` counts from it.
    FirstMessage,
}

/// Puts the question that a check asks with its `metric`.
pub fn express(scenario: &Value, metric: &str) -> Expressed {
    let base = metric.strip_suffix("_days").unwrap_or(metric);
    let (clock, opening) = match base {
        "first_response" if pauses(scenario, base) => (Metric::Update, Opening::Customer),
        "first_response" => (Metric::FirstResponse, Opening::Customer),
        "next_response" if pauses(scenario, base) => (Metric::Update, Opening::FirstMessage),
        "next_response" | "average_response" => (Metric::NextResponse, Opening::Agent),
        "resolution" | "user_resolution" => (Metric::Resolution, Opening::Customer),
        other => panic!("no clock for `{other}`"),
    };
    let asks = if metric == "user_resolution" { "Awaiting Customer" } else { "" };
    Expressed { csv: csv(scenario, opening, asks), policy: policy(scenario, clock, base), metric: clock }
}

pub fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap()
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// True where the case pauses at some time, and the pauses are those of `metric` too.
fn pauses(scenario: &Value, metric: &str) -> bool {
    let applies = match scenario.get("pauses_apply_to") {
        Some(metrics) => metrics.as_array().unwrap().iter().any(|m| m == metric),
        None => true,
    };
    let state = |row: &Value| row.get("state").and_then(Value::as_str).map(|word| status(scenario, word));
    applies && list(scenario, "timeline").iter().any(|row| state(row) == Some("On Hold"))
}

/// The canonical word of a state; the ends first, since some projects list them among the states that pause.
fn status(scenario: &Value, state: &str) -> &'static str {
    match state.to_lowercase().as_str() {
        "closed" => "Closed",
        "resolved" => "Resolved",
        "new" => "New",
        _ if list(scenario, "pause_states").iter().any(|word| word == state) => "On Hold",
        _ => "Open",
    }
}

/// `asks`: the status that a reply brings.
fn csv(scenario: &Value, opening: Opening, asks: &str) -> String {
    let timeline = list(scenario, "timeline");
    let first_message = timeline.iter().position(|row| row["event"] == "customer_message");
    let by_message = first_message.filter(|_| opening == Opening::FirstMessage);
    let mut csv = String::from("case_id,at,event,role,status,severity\n");
    let mut level = 1;
    for (i, row) in timeline.iter().enumerate() {
        let at = text(row, "at");
        let state = row.get("state").and_then(Value::as_str).map_or("", |word| status(scenario, word));
        let rest = match text(row, "event") {
            "created" if by_message.is_some() => format!("update,,{state},1"),
            "created" if opening == Opening::Agent => format!("opened,agent,{state},1"),
            "created" => format!("opened,customer,{state},1"),
            "customer_message" if by_message == Some(i) => "opened,customer,,".to_owned(),
            "customer_message" => "message,customer,,".to_owned(),
            "agent_reply" | "first_response" => format!("message,agent,{asks},"),
            "state" => format!("update,agent,{state},"),
            "resolved" => "update,agent,Resolved,".to_owned(),
            "sla" => {
                level += 1;
                format!("update,agent,,{level}")
            }
            // The agreement that comes with it is a row of its own.
            "priority" => continue,
            other => panic!("no row for `{other}`"),
        };
        writeln!(csv, "scenario,{at},{rest}").unwrap();
    }
    let at = text(&timeline[0], "at");
    writeln!(csv, "other,{at},opened,customer,Open,1\nother,{at},message,customer,,").unwrap();
    csv
}

/// The first agreement is level 1, each further one the next.
fn policy(scenario: &Value, clock: Metric, metric: &str) -> String {
    let calendar = &scenario["calendar"];
    let zone = text(calendar, "tz");
    let hours: Vec<String> = calendar["week"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(day, windows)| format!("{day} = \"{}\"", hours(windows)))
        .collect();
    let holidays = calendar.get("holidays").map_or("[]".to_owned(), Value::to_string);
    let mut policy = format!(
        "name = \"scenario\"\ntimezone = \"{zone}\"\n\n[calendars.support]\nhours = {{ {} }}\nholidays = {holidays}\n\n\
         [clock]\npause_in = [\"waiting_customer\", \"waiting_other\"]\non_reclassify = \"retarget\"\n",
        hours.join(", ")
    );
    let changed = list(scenario, "timeline").iter().filter_map(|row| row.get("sla"));
    for (i, sla) in std::iter::once(&scenario["sla"]).chain(changed).enumerate() {
        write!(policy, "\n[[severity]]\nlevel = {0}\nname = \"{0}\"\n", i + 1).unwrap();
        for name in ["first_response", "next_response", "resolution"] {
            if let Some(target) = target(sla, name) {
                writeln!(policy, "{name} = \"{target}\"").unwrap();
            }
        }
        if let Some(target) = target(sla, metric).filter(|_| clock == Metric::Update) {
            writeln!(policy, "update = \"{target}\"").unwrap();
        }
    }
    policy
}

fn target(sla: &Value, metric: &str) -> Option<String> {
    let seconds = sla.get(format!("{metric}_s")).map(|n| format!("{n} business seconds"));
    seconds.or_else(|| sla.get(format!("{metric}_working_days")).map(|n| format!("{n} business days")))
}

fn hours(windows: &Value) -> String {
    let pair = |pair: &Value| format!("{}-{}", pair[0].as_str().unwrap(), pair[1].as_str().unwrap());
    let windows: Vec<String> = windows.as_array().unwrap().iter().map(pair).collect();
    let text = windows.join(", ");
    if text == "00:00-24:00" { "24h".to_owned() } else { text }
}
