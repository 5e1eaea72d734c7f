//! The clocks of the text, each as a timeline whose running rows add up to what was used, and the changes of severity.

use super::clocks::percent;
use super::local::{clock, date, words};
use super::text::{Page, called, point};
use super::value::{ChangeView, ChangedView, ClockView, OutcomeView, StretchView};
use super::wrap::{WIDTH, push_line, wrapped};
use crate::diag::{padded, width};

/// Every clock with its stretches.
pub(super) fn write_clocks(page: &Page<'_>, out: &mut String) {
    out.push_str("\nClocks\n");
    point(
        out,
        "A row lasts until the next one. Wall is all time, open is time within the calendar's hours; the rows that \
         run add up to the time used.",
    );
    page.of.clocks.iter().for_each(|clock| write_clock(page, out, clock));
}

fn write_clock(page: &Page<'_>, out: &mut String, view: &ClockView) {
    let kind = view.kind.map_or("", |kind| if kind == "best_effort" { ", best effort" } else { "" });
    let reason = view.reason.as_ref().map_or_else(String::new, |reason| format!(" ({reason})"));
    out.push('\n');
    wrapped(out, "", 2, &format!("{} {}: {}{reason}{kind}", view.metric, view.cycle, view.verdict));
    view.why.iter().for_each(|why| point(out, why));
    let marks = [
        (view.over_before, "over before a change of severity"),
        (view.masked, "a change masked a miss"),
        (view.exposed, "a change made the miss"),
    ];
    let marks: Vec<&str> = marks.iter().filter(|(is_so, _)| *is_so).map(|(_, text)| *text).collect();
    if !marks.is_empty() {
        point(out, &format!("{}: see the changes of severity", marks.join("; ")));
    }
    write_timeline(page, out, view);
}

/// One line of a timeline.
struct Row {
    from: String,
    state: String,
    severity: String,
    wall: String,
    open: String,
    /// Lines below it.
    notes: Vec<String>,
}

fn write_timeline(page: &Page<'_>, out: &mut String, view: &ClockView) {
    let mut rows: Vec<Row> = view.stretches.iter().map(|stretch| row(page, view, stretch)).collect();
    rows.push(end(page, view));
    if view.stretches.len() > 1 {
        rows.extend(totals(view));
    }
    let widest = |cell: fn(&Row) -> &String, least: usize| {
        rows.iter().map(|row| width(cell(row))).max().unwrap_or(0).max(least)
    };
    let (from, state) = (widest(|row| &row.from, 20), widest(|row| &row.state, 16));
    let (wall, open) = (widest(|row| &row.wall, 8), widest(|row| &row.open, 8));
    let wide = |gap: usize| 4 + from + 2 + state + 3 * gap + 3 + wall + open;
    let is_narrow = wide(1) <= WIDTH;
    let gap = if wide(2) <= WIDTH { "  " } else { " " };
    let line = |row: &Row| {
        let figures =
            [format!("{:>3}", row.severity), format!("{:>wall$}", row.wall), format!("{:>open$}", row.open)];
        let figures = format!("{}{gap}{}", padded(&row.state, state), figures.join(gap));
        // Instants with decimals leave no room beside them.
        if is_narrow {
            vec![format!("    {:<from$}  {figures}", row.from)]
        } else {
            vec![format!("    {}", row.from), format!("      {figures}")]
        }
    };
    let head = ["from", "state", "sev", "wall", "open"].map(str::to_owned);
    let [h_from, h_state, h_severity, h_wall, h_open] = head;
    let head =
        Row { from: h_from, state: h_state, severity: h_severity, wall: h_wall, open: h_open, notes: vec![] };
    for row in std::iter::once(&head).chain(&rows) {
        line(row).iter().filter(|line| !line.trim().is_empty()).for_each(|line| push_line(out, line));
        row.notes.iter().for_each(|note| wrapped(out, "      ", 8, note));
    }
}

fn row(page: &Page<'_>, view: &ClockView, stretch: &StretchView) -> Row {
    let runs = matches!(stretch.state, "running" | "over");
    let state = match stretch.state {
        "running" if stretch.stale => "running, status waits".to_owned(),
        "over" if stretch.stale => "over target, status waits".to_owned(),
        "over" => "over target".to_owned(),
        "paused" => format!("paused, {}", stretch.category),
        "ended" => format!("stopped, {}", stretch.category),
        "dropped" => "before the restart".to_owned(),
        other => other.to_owned(),
    };
    Row {
        from: page.local(stretch.from),
        state,
        severity: stretch.severity.map_or_else(|| "-".to_owned(), |level| level.to_string()),
        wall: clock(stretch.wall_s.0),
        open: stretch.open_s.filter(|_| runs).map_or_else(String::new, |open| clock(open.0)),
        notes: if runs { notes(page, view, stretch) } else { Vec::new() },
    }
}

/// The open time date by date where there are several dates, and what a prorated stretch uses.
fn notes(page: &Page<'_>, view: &ClockView, stretch: &StretchView) -> Vec<String> {
    let names_calendar = page.of.calendars.len() > 1;
    let counts_open = view.target_kind != Some("elapsed");
    let mut notes = Vec::new();
    let n: u32 = stretch.days.iter().map(|days| days.n_days).sum();
    let on = |text: &str| text.parse().map_or_else(|_| text.to_owned(), date);
    if n > 1 && counts_open {
        let days = stretch.days.iter().map(|days| match days.n_days {
            1 => format!("{} on {}", clock(days.open_each_s.0), on(&days.from_on)),
            n => format!(
                "{n} x {} from {} to {}",
                clock(days.open_each_s.0),
                on(&days.from_on),
                on(&days.to_on)
            ),
        });
        notes.push(days.collect::<Vec<_>>().join(" + "));
    }
    if let (true, Some(calendar)) = (names_calendar, &stretch.calendar) {
        notes.push(format!("calendar {calendar}"));
    }
    if let (Some(target), Some(amount), Some(used)) =
        (&stretch.target, stretch.target_amount_s, stretch.used_s)
    {
        let share =
            i64::try_from(i128::from(used.0) * 1_000_000 / i128::from(amount.0.max(1))).unwrap_or(i64::MAX);
        let (used, amount) = (clock(used.0), clock(amount.0));
        notes.push(format!("uses {used} of {amount} ({target}): {}", percent(share)));
    }
    notes
}

fn end(page: &Page<'_>, view: &ClockView) -> Row {
    let (at, state) = match (view.stopped_at, view.stopped_by_event) {
        (Some(at), Some(event)) => (at, format!("stops, event {event}")),
        (Some(at), None) => (at, "stops".to_owned()),
        _ => (page.of.as_of, "judged, not stopped yet".to_owned()),
    };
    let none = String::new;
    Row { from: page.local(at), state, severity: none(), wall: none(), open: none(), notes: Vec::new() }
}

/// What runs, added up, and what does not.
fn totals(view: &ClockView) -> Vec<Row> {
    let sum = |state: &str, wall: i64, open: String| Row {
        from: String::new(),
        state: state.to_owned(),
        severity: String::new(),
        wall: clock(wall),
        open,
        notes: Vec::new(),
    };
    let open = view.business_s.map_or_else(String::new, |open| clock(open.0));
    let mut rows = vec![sum("sum of what runs", view.elapsed_s.0 - view.paused_s.0, open)];
    if view.paused_s.0 > 0 {
        rows.push(sum("sum of what stands still", view.paused_s.0, String::new()));
        rows.push(sum("start to end", view.elapsed_s.0, String::new()));
    }
    rows
}

/// Every change of severity and what it did.
pub(super) fn write_changes(page: &Page<'_>, out: &mut String) {
    if page.of.severity_changes.is_empty() {
        return;
    }
    out.push_str("\nChanges of severity\n");
    let mode =
        page.of.policy.clock.0.iter().find(|(key, _)| key == "on_reclassify").map_or("", |(_, mode)| mode);
    let rule = match mode {
        "retarget" => "the time used stays, the target becomes that of the new severity",
        "restart" => "the clock starts again at the change, under the new severity",
        "keep" => "target and calendar stay those of the severity at the start",
        _ => "each stretch uses up its own share of the target of its own severity",
    };
    point(out, &format!("on_reclassify = {mode}: {rule}."));
    page.of.severity_changes.iter().for_each(|change| write_change(page, out, change));
}

fn write_change(page: &Page<'_>, out: &mut String, change: &ChangeView) {
    let none = || "none".to_owned();
    let (from, to) = (change.from_severity.clone(), change.to_severity.clone());
    let (from, to) = (from.unwrap_or_else(none), to.unwrap_or_else(none));
    let event = change.event.map_or_else(String::new, |event| format!(", event {event}"));
    let title = format!(
        "change {}: {from} to {to}, {} by {}{event}",
        change.change,
        page.local(change.changed_at),
        called(&change.by)
    );
    out.push('\n');
    wrapped(out, "", 2, &title);
    let open = change
        .since_opening_business_s
        .map_or_else(String::new, |open| format!(", {} of it open", words(open.0)));
    let response = if change.before_first_response { "before" } else { "after" };
    let back = if change.returned_to_first { "; back to the first severity" } else { "" };
    let since = words(change.since_opening_s.0);
    let text =
        format!("{}: {since} after the opening{open}; {response} the first response{back}", change.direction);
    point(out, &text);
    if change.clocks.is_empty() {
        point(out, "no clock ran");
    }
    change.clocks.iter().for_each(|clock| write_changed(out, clock));
}

fn write_changed(out: &mut String, clock: &ChangedView) {
    let marks = [
        (clock.over_before, "over target already"),
        (clock.masked, "masked a miss"),
        (clock.exposed, "made a miss"),
    ];
    let marks: Vec<&str> = marks.iter().filter(|(is_so, _)| *is_so).map(|(_, text)| *text).collect();
    let did = if marks.is_empty() { "changed no miss".to_owned() } else { marks.join(", ") };
    wrapped(out, "  ", 4, &format!("{} {}: {did}", clock.metric, clock.cycle));
    wrapped(out, "    at the change  ", 19, &measured(&clock.at_change));
    for (name, outcome) in [("without it     ", &clock.without), ("with it        ", &clock.with)] {
        wrapped(out, &format!("    {name}"), 19, &format!("{}; {}", outcome.verdict, measured(outcome)));
    }
}

/// `1 h 30 min of 1 business hour, over by 30 min`.
fn measured(outcome: &OutcomeView) -> String {
    let Some(target) = &outcome.target else { return "no target".to_owned() };
    if let Some(share) = outcome.used_share_millionths {
        return format!("{} of the targets", percent(share));
    }
    let (Some(used), Some(amount)) = (outcome.used_s, outcome.target_amount_s) else {
        return format!("target {target}");
    };
    let margin = amount.0 - used.0;
    let rest =
        if margin < 0 { format!("over by {}", words(-margin)) } else { format!("{} left", words(margin)) };
    // The amount of business days depends on the clock: it is given beside them.
    let comes_to = if target.ends_with("bd") || target.contains("business day") {
        format!(" ({})", words(amount.0))
    } else {
        String::new()
    };
    format!("{} of {target}{comes_to}, {rest}", words(used.0))
}
