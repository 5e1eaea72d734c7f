//! How soon clocks were answered: the cumulative share against time, a panel a severity, the target marked where the
//! policy has one that is counted in the same time.

use std::collections::BTreeMap;

use crate::tables::Table;

use super::rows::{Row, rows};
use super::spec::{CurvePanel, CurveTarget, Curves, Spec};
use super::theme::Theme;
use super::words;
use super::{Chart, Context, NotDrawn, not, severity_words};

/// The table that it is drawn from.
const TABLE: &str = "response_times";

/// One chart a metric of the table.
pub(super) fn charts(tables: &[Table], context: &Context<'_>) -> Vec<Result<Chart, NotDrawn>> {
    let rows = rows(tables, TABLE);
    let mut metrics: Vec<&str> = Vec::new();
    for metric in rows.iter().filter_map(|row| row.text("metric")) {
        if !metrics.contains(&metric) {
            metrics.push(metric);
        }
    }
    if metrics.is_empty() {
        return vec![Err(not("response_times", "no clock could be measured"))];
    }
    metrics.iter().map(|metric| chart(tables, &rows, metric, context)).collect()
}

/// The measure in which more targets are counted; business time where none is.
fn measure(rows: &[Row<'_>], metric: &str) -> &'static str {
    let n_targets = |measure: &str| {
        rows.iter()
            .filter(|row| row.text("metric") == Some(metric) && row.text("measure") == Some(measure))
            .filter(|row| row.whole("target_s").is_some())
            .filter_map(|row| row.whole("severity"))
            .collect::<std::collections::BTreeSet<i64>>()
            .len()
    };
    if n_targets("wall") > n_targets("business") { "wall" } else { "business" }
}

fn chart(tables: &[Table], rows: &[Row<'_>], metric: &str, context: &Context<'_>) -> Result<Chart, NotDrawn> {
    let name = format!("response_times_{metric}");
    let measure = measure(rows, metric);
    let mut groups: BTreeMap<i64, Vec<&Row<'_>>> = BTreeMap::new();
    let of_metric =
        |row: &&Row<'_>| row.text("metric") == Some(metric) && row.text("measure") == Some(measure);
    for row in rows.iter().filter(of_metric) {
        if let Some(level) = row.whole("severity") {
            groups.entry(level).or_default().push(row);
        }
    }
    let mut curves: Vec<(i64, CurvePanel)> =
        groups.iter().filter_map(|(level, rows)| Some((*level, panel(*level, rows, context)?))).collect();
    for (level, panel) in &mut curves {
        // As the table of durations rounds it, so that a report has one median.
        panel.median_s = median(tables, metric, measure, *level).or(panel.median_s);
    }
    if curves.iter().all(|(_, panel)| panel.points.iter().all(|point| point.1 <= 0.0)) {
        return Err(not(&name, "nothing was answered"));
    }
    let n: i64 = groups.values().filter_map(|rows| rows.first()).map(|row| row.count("n")).sum();
    let subject = words::capital(&words::spoken(metric));
    let title = title(&subject, &curves);
    let (time, since) = (if measure == "wall" { "hours" } else { "business hours" }, since(metric));
    let panels: Vec<CurvePanel> = curves.into_iter().map(|(_, panel)| panel).collect();
    Ok(Chart {
        name,
        alt: alt(&title, &panels, time),
        title,
        subtitle: format!(
            "Share answered, by {time} {since}; n\u{a0}=\u{a0}{}. Clocks that still run count for as long as they were \
             seen (Kaplan–Meier)",
            words::grouped(n)
        ),
        note: if panels.len() > 1 { "Grey: the other severities.".to_owned() } else { String::new() },
        table: TABLE.to_owned(),
        spec: Spec::Curves(Curves {
            time_name: format!("{time} {since}, logarithmic"),
            share_name: "share answered".to_owned(),
            panels,
        }),
        theme: Theme::default(),
    })
}

fn median(tables: &[Table], metric: &str, measure: &str, level: i64) -> Option<i64> {
    let durations = super::rows::rows(tables, "durations");
    let row = durations.iter().find(|row| {
        row.text("metric") == Some(metric)
            && row.text("measure") == Some(measure)
            && row.whole("severity") == Some(level)
    });
    row?.whole("km_p50_s")
}

fn since(metric: &str) -> &'static str {
    match metric {
        "next_response" => "since the customer's message",
        _ => "since the opening",
    }
}

/// A severity's curve; `None` where it has no point.
fn panel(level: i64, rows: &[&Row<'_>], context: &Context<'_>) -> Option<CurvePanel> {
    let first = rows.first()?;
    let mut points: Vec<(i64, f64)> =
        rows.iter().filter_map(|row| Some((row.whole("after_s")?, row.number("share")?))).collect();
    points.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    points.last()?;
    let reached = |target_s: i64| {
        points.iter().take_while(|point| point.0 <= target_s).last().map_or(0.0, |point| point.1)
    };
    let target = first.text("target").zip(first.whole("target_s")).map(|(text, target_s)| CurveTarget {
        text: words::name(text),
        target_s,
        share: reached(target_s),
    });
    Some(CurvePanel {
        title: context.severity(Some(level)),
        n: format!("n\u{a0}=\u{a0}{}", words::grouped(first.count("n"))),
        median_s: points.iter().find(|point| point.1 >= 0.5 - 1e-9).map(|point| point.0),
        points,
        target,
    })
}

fn title(subject: &str, curves: &[(i64, CurvePanel)]) -> String {
    let targets: Vec<(i64, &CurveTarget)> =
        curves.iter().filter_map(|(level, panel)| Some((*level, panel.target.as_ref()?))).collect();
    let worst = targets.iter().min_by(|a, b| a.1.share.total_cmp(&b.1.share));
    if let Some((level, target)) = worst {
        let share = words::percent(target.share);
        let severity = severity_words(Some(*level));
        let least = if targets.len() > 1 { ", the lowest share" } else { "" };
        return format!("{subject}: {share} of {severity} within {}{least}", target.text);
    }
    let half = |(level, panel): &(i64, CurvePanel)| {
        let severity = severity_words(Some(*level));
        panel.median_s.map_or_else(
            || format!("less than half of {severity} answered"),
            |median_s| format!("half of {severity} within {}", words::duration(median_s)),
        )
    };
    match curves {
        [] => subject.to_owned(),
        [only] => format!("{subject}: {}", half(only)),
        [first, .., last] => format!("{subject}: {}, {}", half(first), half(last)),
    }
}

fn alt(title: &str, panels: &[CurvePanel], time: &str) -> String {
    let of = |panel: &CurvePanel| {
        let median = panel.median_s.map_or_else(
            || "less than half answered".to_owned(),
            |median_s| format!("half within {}", words::duration(median_s)),
        );
        let target = panel
            .target
            .as_ref()
            .map(|t| format!(", {} within the target of {}", words::percent(t.share), t.text))
            .unwrap_or_default();
        format!("severity {}: {}, {median}{target}", panel.title, panel.n)
    };
    let parts: Vec<String> = panels.iter().map(of).collect();
    format!("{title}. Cumulative curves by severity, in {time}: {}.", parts.join("; "))
}
