//! The oracle alone against the worked folders.

use std::path::Path;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::oracle::{self, ChangeRow, ClockRow, Facts, QuestionRow, SECOND, SpellRow, Target};

/// Folders that concern what the oracle leaves out: books, `inherit`, built-in holidays, windows of odd seconds.
const LEFT_OUT: [&str; 7] = ["A02", "A03", "A15", "A17", "A19", "A20", "B17"];

#[test]
fn the_oracle_holds_the_worked_folders() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases");
    let mut folders: Vec<_> = std::fs::read_dir(root).unwrap().map(|e| e.unwrap().path()).collect();
    folders.sort();
    let mut wrong = vec![];
    for folder in folders.iter().filter(|f| f.is_dir()) {
        let name = folder.file_name().unwrap().to_str().unwrap();
        if !LEFT_OUT.contains(&name) {
            wrong.extend(disagreements(folder).into_iter().map(|w| format!("{name}: {w}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn disagreements(folder: &Path) -> Vec<String> {
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let files = ["events.csv", "events2.csv"].into_iter().filter(|name| folder.join(name).exists());
    let files: Vec<_> = files.map(|name| oracle::csv_rows(&read(name))).collect();
    let (cases, whole) = oracle::events_of(&files);
    let expect: Value = serde_json::from_str(&read("expect.json")).unwrap();
    let ats = || cases.values().flatten().map(|e| e.at);
    let as_of = expect["as_of"].as_str().map_or(ats().max().unwrap(), micros);
    let day = 86_400 * SECOND;
    let span = ((ats().min().unwrap().div_euclid(day) - 3) * day, (as_of.div_euclid(day) + 60) * day);
    let text = read("policy.toml");
    let customers = std::fs::read_to_string(folder.join("customers.csv")).unwrap_or_default();
    let policy = oracle::policy_of(&text, &oracle::calendars_of(&text, span), &customers);
    let facts = oracle::replay(&cases, &policy, as_of, &whole);
    let day = Target::Elapsed(day);
    let question = oracle::question(&facts.values().collect::<Vec<_>>(), &policy, as_of, &day);
    let mut wrong = vec![];
    for item in expect["expect"].as_array().unwrap() {
        let table = item["table"].as_str().unwrap();
        let rows: Vec<Value> = match table.trim_start_matches("count ") {
            "clocks" => facts.iter().flat_map(|(id, f)| f.clocks.iter().map(|c| clock(id, c))).collect(),
            "cases" => facts.iter().map(|(id, f)| case(id, f)).collect(),
            "severity_changes" => {
                facts.iter().flat_map(|(id, f)| f.changes.iter().map(|c| change(id, c))).collect()
            }
            "inactivity" => facts.iter().flat_map(|(id, f)| f.spells.iter().map(|s| spell(id, s))).collect(),
            "overtaken" => facts.iter().filter_map(|(id, f)| overtaken(id, f)).collect(),
            "close_after" => question.iter().map(answer).collect(),
            _ => continue,
        };
        let fits = |row: &&Value| item["match"].as_object().unwrap().iter().all(|(k, v)| &row[k] == v);
        let hits: Vec<&Value> = rows.iter().filter(fits).collect();
        if table.starts_with("count") {
            if Some(hits.len() as u64) != item["want"]["rows"].as_u64() {
                wrong.push(format!("{table} {} {}: {}", item["match"], item["want"], hits.len()));
            }
            continue;
        }
        let [row] = hits[..] else {
            wrong.push(format!("{table} {}: {} rows", item["match"], hits.len()));
            continue;
        };
        for (column, want) in item["want"].as_object().unwrap() {
            match row.get(column) {
                Some(got) if got == want => {}
                // The folders add the status or the attribute to the reason.
                Some(Value::String(got))
                    if want.as_str().is_some_and(|w| w.starts_with(&format!("{got}:"))) => {}
                Some(got) => wrong.push(format!("{table} {} {column}: {got}, wanted {want}", item["match"])),
                // A column that the appendix does not name, or a table that this replay does not make.
                None => {}
            }
        }
    }
    wrong
}

fn micros(text: &str) -> i64 {
    text.parse::<DateTime<Utc>>().unwrap().timestamp_micros()
}

fn at(t: i64) -> String {
    DateTime::from_timestamp_micros(t).unwrap().to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}

fn seconds(t: i64) -> i64 {
    t.div_euclid(SECOND)
}

fn clock(id: &str, c: &ClockRow) -> Value {
    let kind = c.target.as_ref().map(|t| match t {
        Target::Elapsed(_) => "elapsed",
        Target::Business(_) => "business",
        Target::Days(_) => "business_days",
    });
    serde_json::json!({
        "case_id": id, "metric": c.metric, "cycle": c.cycle, "started_at": at(c.started_at),
        "stopped_at": c.stopped_at.map(at), "stopped_by_role": c.stopped_by_role, "stopped_by": c.stopped_by,
        "source": c.source, "due_at": c.due_at.map(at), "elapsed_s": seconds(c.elapsed),
        "paused_s": seconds(c.paused), "business_s": c.business.map(seconds),
        "stale_pause_s": seconds(c.stale_pause), "target_kind": kind,
        "target_s": c.target_amount.map(seconds), "margin_s": c.margin.map(seconds),
        "used_share": c.used_share.map(|(n, d)| n as f64 / d as f64),
        "used_share_exact": c.used_share.map(|(n, d)| format!("{n}/{d}")), "verdict": c.verdict,
        "reason": c.reason, "kind": c.kind, "severity_at_start": c.severity_at_start,
        "severity_at_stop": c.severity_at_stop, "n_severity_changes": c.n_severity_changes,
        "started_in_hours": c.started_in_hours, "over_before": c.over_before, "masked": c.masked,
        "exposed": c.exposed, "verdict_at_first_severity": c.verdict_at_first_severity,
    })
}

fn case(id: &str, f: &Facts) -> Value {
    let c = &f.case;
    let open = c.category_open.map(|t| t.map(seconds));
    let owed = f.findings.iter().filter(|(code, ..)| ["C304", "C306"].contains(code));
    let n_closed_support_owed = owed.count();
    serde_json::json!({
        "case_id": id, "opened_at": at(c.opened_at), "opened_in_hours": c.opened_in_hours,
        "opened_by_role": c.opened_by_role, "severity_first": c.severity_first,
        "severity_last": c.severity_last, "status_last": c.status_last, "category_last": c.category_last,
        "first_response_at": c.first_response_at.map(at), "resolved_at": c.resolved_at.map(at),
        "closed_at": c.closed_at.map(at), "closed_by_role": c.closed_by_role, "n_events": c.n_events,
        "n_customer_messages": c.n_customer_messages, "n_agent_messages": c.n_agent_messages,
        "n_notes": c.n_notes, "n_severity_changes": c.n_severity_changes, "n_reopenings": c.n_reopenings,
        "n_rounds": c.n_rounds, "n_overtaken": c.n_overtaken,
        "n_closed_support_owed": n_closed_support_owed, "new_s": open[0], "open_s": open[1], "waiting_customer_s": open[2],
        "waiting_other_s": open[3], "resolved_s": open[4],
        "scope": if c.scope_reason.is_none() { "in" } else { "out" }, "scope_reason": c.scope_reason,
    })
}

fn change(id: &str, c: &ChangeRow) -> Value {
    let mut row = serde_json::json!({
        "case_id": id, "changed_at": at(c.changed_at), "from_severity": c.from, "to_severity": c.to,
        "direction": c.direction, "role": c.role, "actor": c.actor,
        "since_opening_s": seconds(c.since_opening),
        "since_opening_business_s": c.since_opening_business.map(seconds),
        "before_first_response": c.before_first_response, "returned_to_first": c.returned_to_first,
    });
    row["change"] = c.number.into();
    for (metric, _, over, masked, exposed) in &c.metrics {
        row[format!("over_before {metric}")] = (*over).into();
        row[format!("masked {metric}")] = (*masked).into();
        row[format!("exposed {metric}")] = (*exposed).into();
    }
    row
}

fn spell(id: &str, s: &SpellRow) -> Value {
    serde_json::json!({
        "case_id": id, "rule": s.rule, "basis": s.basis, "spell": s.spell, "entered_at": at(s.entered_at),
        "started_at": at(s.started_at), "n_restarts": s.n_restarts, "due_at": s.due_at.map(at),
        "grace_until_at": s.grace_until_at.map(at), "ended_at": s.ended_at.map(at),
        "ended_how": s.ended_how, "ended_by_role": s.ended_by_role, "ended_by": s.ended_by,
        "verdict": s.verdict, "idle_s": seconds(s.idle), "idle_business_s": s.idle_business.map(seconds),
        "support_owed": s.support_owed, "reopened_at": s.reopened_at.map(at), "severity": s.severity,
    })
}

fn overtaken(id: &str, f: &Facts) -> Option<Value> {
    let o = f.overtaken.as_ref()?;
    Some(serde_json::json!({
        "response_case_id": id, "responded_at": at(o.responded_at), "severity": o.severity,
        "n_overtaken": o.n_overtaken, "worst_case_id": o.worst.as_ref().map(|w| &w.0),
        "worst_severity": o.worst.as_ref().map(|w| w.1),
        "worst_waited_business_s": o.worst.as_ref().map(|w| seconds(w.2)),
    }))
}

fn answer(q: &QuestionRow) -> Value {
    serde_json::json!({
        "basis": q.basis, "spells": q.spells, "would_close": q.would_close,
        "false_closures": q.false_closures, "cases_closed": q.cases_closed, "open_s_saved": seconds(q.saved),
    })
}
