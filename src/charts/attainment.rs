//! Attainment by month and severity, beside the objective: one chart a metric and kind of promise, a panel a severity.

use std::collections::BTreeMap;

use crate::tables::Table;

use super::rows::{Row, rows};
use super::spec::{RateRow, Rates, SharePanel, SharePoint, Shares, Spec, Standing, Steps};
use super::theme::Theme;
use super::words;
use super::{Chart, Context, NotDrawn, not, severity_words};

/// The table that it is drawn from.
const TABLE: &str = "attainment_by_metric_severity_month";

/// Charts by metric and kind, in order of the table.
pub(super) fn charts(tables: &[Table], context: &Context<'_>) -> Vec<Result<Chart, NotDrawn>> {
    let mut groups: Vec<((&str, &str), Vec<Row<'_>>)> = Vec::new();
    for row in rows(tables, TABLE) {
        let (Some(metric), Some(kind)) = (row.text("metric"), row.text("kind")) else { continue };
        match groups.iter_mut().find(|(key, _)| *key == (metric, kind)) {
            Some((_, rows)) => rows.push(row),
            None => groups.push(((metric, kind), vec![row])),
        }
    }
    // In the order of the promises' own life, not of their names.
    const ORDER: [&str; 5] =
        ["first_response", "after_hours_response", "next_response", "update", "resolution"];
    groups.sort_by_key(|((metric, kind), _)| {
        (ORDER.iter().position(|m| m == metric).unwrap_or(ORDER.len()), *kind != "commitment")
    });
    if groups.is_empty() {
        return vec![Err(not("attainment", "nothing was promised"))];
    }
    groups.iter().map(|((metric, kind), rows)| chart(tables, context, (metric, kind), rows)).collect()
}

/// One severity's months.
struct Group {
    level: Option<i64>,
    goal: Option<f64>,
    judged: i64,
    met: i64,
    points: Vec<SharePoint>,
}

impl Group {
    fn n_below(&self) -> usize {
        self.points.iter().filter(|point| point.standing(self.goal) != Standing::Kept).count()
    }

    fn n_missed(&self) -> usize {
        self.points.iter().filter(|point| point.standing(self.goal) == Standing::Missed).count()
    }

    fn share(&self) -> f64 {
        self.met as f64 / self.judged.max(1) as f64
    }
}

fn chart(
    tables: &[Table],
    context: &Context<'_>,
    (metric, kind): (&str, &str),
    rows: &[Row<'_>],
) -> Result<Chart, NotDrawn> {
    let is_best_effort = kind == "best_effort";
    let name = format!("attainment_{metric}{}", if is_best_effort { "_best_effort" } else { "" });
    let judged: Vec<(&Row<'_>, i32)> = rows
        .iter()
        .filter(|row| row.count("n_judged") > 0)
        .filter_map(|row| Some((row, words::month_number(row.text("month")?)?)))
        .collect();
    let (Some(first), Some(last)) =
        (judged.iter().map(|(_, m)| *m).min(), judged.iter().map(|(_, m)| *m).max())
    else {
        return Err(not(&name, "no clock was judged"));
    };
    // An objective asks about commitments; of after-hours responses about whatever was promised.
    let has_objective = !is_best_effort || metric == "after_hours_response";
    let mut groups: BTreeMap<(bool, Option<i64>), Group> = BTreeMap::new();
    for (row, month) in &judged {
        let level = row.whole("severity");
        let goal = if has_objective { goal(tables, metric, level) } else { None };
        let new = || Group { level, goal, judged: 0, met: 0, points: Vec::new() };
        let group = groups.entry((level.is_none(), level)).or_insert_with(new);
        group.judged += row.count("n_judged");
        group.met += row.count("n_met");
        let numbers = (row.number("attainment"), row.number("attainment_low"), row.number("attainment_high"));
        if let (Some(share), Some(low), Some(high)) = numbers {
            group.points.push(SharePoint { step: (month - first) as usize, share, low, high });
        }
    }
    let groups: Vec<Group> = groups.into_values().collect();
    let subject = subject(metric, is_best_effort);
    let n: i64 = groups.iter().map(|group| group.judged).sum();
    let title = title(&subject, &groups, first, last);
    let spoken = words::spoken(metric);
    let when = if first == last {
        format!("started in {}", words::month(first))
    } else {
        "by the month in which they started".to_owned()
    };
    Ok(Chart {
        name,
        alt: alt(&title, &subject, &groups),
        title,
        subtitle: format!(
            "Share of {spoken} clocks met, of those met, missed or unanswered, {when}; n\u{a0}=\u{a0}{}",
            words::grouped(n)
        ),
        note: String::new(),
        table: TABLE.to_owned(),
        spec: spec(&groups, context, first, last),
        theme: Theme::default(),
    })
}

/// Panels of months; of a single month one row a severity.
fn spec(groups: &[Group], context: &Context<'_>, first: i32, last: i32) -> Spec {
    let share_name = "share met".to_owned();
    if first < last {
        return Spec::Shares(Shares {
            steps: Steps::Months { first, n: (last - first + 1) as usize },
            steps_name: "month of the clock's start".to_owned(),
            share_name,
            panels: groups.iter().map(|group| panel(group, context)).collect(),
        });
    }
    let row = |group: &Group| {
        let SharePanel { title, n, goal, points } = panel(group, context);
        Some(RateRow { label: title, n, goal, point: *points.first()? })
    };
    Spec::Rates(Rates { share_name, rows: groups.iter().filter_map(row).collect() })
}

fn panel(group: &Group, context: &Context<'_>) -> SharePanel {
    let n = format!("{} of {}", words::grouped(group.met), words::grouped(group.judged));
    let goal = group.goal.map(|goal| format!("objective {} · ", words::goal(goal))).unwrap_or_default();
    SharePanel {
        title: context.severity(group.level),
        n: goal + &n,
        goal: group.goal,
        points: group.points.clone(),
    }
}

/// The objective of a metric and severity: its own, else that of all severities.
fn goal(tables: &[Table], metric: &str, level: Option<i64>) -> Option<f64> {
    let objectives = rows(tables, "objectives");
    let of = |key: &str| objectives.iter().find(|row| row.text("objective") == Some(key))?.number("goal");
    level.and_then(|level| of(&format!("{metric}.severity.{level}"))).or_else(|| of(metric))
}

fn subject(metric: &str, is_best_effort: bool) -> String {
    let spoken = words::capital(&words::spoken(metric));
    if is_best_effort { format!("{spoken}, best effort") } else { spoken }
}

/// The finding: where the objective is not kept most often; without objectives, where least was met.
fn title(subject: &str, groups: &[Group], first: i32, last: i32) -> String {
    let with_goal: Vec<&Group> = groups.iter().filter(|group| group.goal.is_some()).collect();
    let worst = with_goal.iter().max_by_key(|g| (g.n_missed(), g.n_below(), std::cmp::Reverse(g.level)));
    match worst {
        None => without_objective(subject, groups),
        Some(worst) if worst.n_below() == 0 => {
            let months =
                if first == last { format!(" in {}", words::month(first)) } else { " in every month".into() };
            let severities = if with_goal.len() == 1 {
                severity_words(worst.level)
            } else {
                format!(
                    "{} severities",
                    if with_goal.len() == 2 { "both".into() } else { format!("all {}", with_goal.len()) }
                )
            };
            format!("{subject}: {severities} at or above the objective{months}")
        }
        Some(worst) => {
            let goal = worst.goal.map(words::goal).unwrap_or_default();
            let (severity, below) = (severity_words(worst.level), worst.n_below());
            if first == last {
                let share = worst.share();
                let share = worst
                    .goal
                    .map_or_else(|| words::percent(share), |goal| words::percent_beside(share, goal));
                return format!(
                    "{subject} in {}: {severity} at {share}, below the {goal} objective",
                    words::month(first)
                );
            }
            let months = words::counted(worst.points.len() as i64, "month");
            format!("{subject}, {severity}: {below} of {months} below the {goal} objective")
        }
    }
}

fn without_objective(subject: &str, groups: &[Group]) -> String {
    let order = |a: &&Group, b: &&Group| a.share().total_cmp(&b.share());
    match (groups.iter().min_by(order), groups.iter().max_by(order)) {
        (Some(low), Some(high)) if groups.len() > 1 => format!(
            "{subject}: {} lowest with {} met, {} highest with {}",
            severity_words(low.level),
            words::percent(low.share()),
            severity_words(high.level),
            words::percent(high.share())
        ),
        (Some(only), _) => format!(
            "{subject}, {}: {} of {} met",
            severity_words(only.level),
            words::percent(only.share()),
            words::counted(only.judged, "clock")
        ),
        _ => subject.to_owned(),
    }
}

fn alt(title: &str, subject: &str, groups: &[Group]) -> String {
    let of = |group: &Group| {
        let goal = group
            .goal
            .map(|goal| {
                format!(
                    ", objective {}, below it in {} of {}",
                    words::goal(goal),
                    group.n_below(),
                    words::counted(group.points.len() as i64, "month")
                )
            })
            .unwrap_or_default();
        format!(
            "{}: {} of {} met ({}){goal}",
            words::capital(&severity_words(group.level)),
            words::grouped(group.met),
            words::grouped(group.judged),
            words::percent(group.share())
        )
    };
    let parts: Vec<String> = groups.iter().map(of).collect();
    format!("{title}. {subject} by month and severity, with 95 % intervals. {}.", parts.join("; "))
}
