//! Attainment by month and severity, beside the objective: one chart a metric and kind of promise, a panel a severity.

use std::collections::BTreeMap;

use crate::tables::{Standing, Table};

use super::rows::{Row, rows};
use super::spec::{RateRow, Rates, SharePanel, SharePoint, Shares, Spec, Steps};
use super::theme::Theme;
use super::words;
use super::{Chart, Context, NotDrawn, not, severity_words};

/// The table that it is drawn from.
const TABLE: &str = "attainment_by_metric_severity_month";
/// The same over all severities.
const TABLE_OF_ALL: &str = "attainment_by_metric_month";

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

/// What the clocks of a panel have in common, in the order of the panels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Whose {
    /// All severities together: shown where an objective asks about them.
    All,
    /// Those of one severity.
    Level(i64),
    /// Those without one.
    NoSeverity,
}

impl Whose {
    fn of(level: Option<i64>) -> Whose {
        level.map_or(Whose::NoSeverity, Whose::Level)
    }

    /// Within a sentence.
    fn words(self) -> String {
        match self {
            Whose::All => "all severities".to_owned(),
            Whose::Level(level) => severity_words(Some(level)),
            Whose::NoSeverity => severity_words(None),
        }
    }

    /// As a heading.
    fn heading(self, context: &Context<'_>) -> String {
        match self {
            Whose::All => "All severities".to_owned(),
            Whose::Level(level) => context.severity(Some(level)),
            Whose::NoSeverity => context.severity(None),
        }
    }
}

/// The months of one panel.
struct Group {
    whose: Whose,
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

/// A promise, and of which kind.
type Promise<'a> = (&'a str, &'a str);

fn chart(
    tables: &[Table],
    context: &Context<'_>,
    promise: Promise<'_>,
    rows: &[Row<'_>],
) -> Result<Chart, NotDrawn> {
    let (metric, kind) = promise;
    let is_best_effort = kind == "best_effort";
    let name = format!("attainment_{metric}{}", if is_best_effort { "_best_effort" } else { "" });
    let judged = judged(rows);
    let (Some(first), Some(last)) =
        (judged.iter().map(|(_, m)| *m).min(), judged.iter().map(|(_, m)| *m).max())
    else {
        return Err(not(&name, "no clock was judged"));
    };
    let groups = groups(tables, promise, &judged, first);
    let subject = subject(metric, is_best_effort);
    let n: i64 = groups.iter().filter(|group| group.whose != Whose::All).map(|group| group.judged).sum();
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

/// The rows that have a judged clock, with the numbers of their months.
fn judged<'r, 't>(rows: &'r [Row<'t>]) -> Vec<(&'r Row<'t>, i32)> {
    let has_any = rows.iter().filter(|row| row.count("n_judged") > 0);
    has_any.filter_map(|row| Some((row, words::month_number(row.text("month")?)?))).collect()
}

/// All severities where an objective asks about them, then each severity: none is held to an objective but its own.
fn groups(tables: &[Table], promise: Promise<'_>, judged: &[(&Row<'_>, i32)], first: i32) -> Vec<Group> {
    let mut groups: BTreeMap<Whose, Group> = BTreeMap::new();
    let mut add = |whose: Whose, goal: Option<f64>, row: &Row<'_>, month: i32| {
        let new = || Group { whose, goal, judged: 0, met: 0, points: Vec::new() };
        let group = groups.entry(whose).or_insert_with(new);
        group.judged += row.count("n_judged");
        group.met += row.count("n_met");
        group.points.extend(row.share(("n_met", "n_judged"), "attainment", (month - first) as usize));
    };
    for (row, month) in judged {
        let whose = Whose::of(row.whole("severity"));
        add(whose, goal(tables, promise, whose), row, *month);
    }
    let overall = goal(tables, promise, Whose::All);
    if overall.is_some() {
        let (metric, kind) = promise;
        let mut all = self::rows(tables, TABLE_OF_ALL);
        all.retain(|row| row.text("metric") == Some(metric) && row.text("kind") == Some(kind));
        self::judged(&all).into_iter().for_each(|(row, month)| add(Whose::All, overall, row, month));
    }
    groups.into_values().collect()
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
        title: group.whose.heading(context),
        n: goal + &n,
        goal: group.goal,
        points: group.points.clone(),
    }
}

/// The objective that the policy sets for just these clocks. An objective over all severities says nothing of any single
/// one: a case of severity 5 may well wait where one of severity 1 must not.
fn goal(tables: &[Table], (metric, kind): Promise<'_>, whose: Whose) -> Option<f64> {
    // An objective asks about commitments; of after-hours responses about whatever was promised.
    if kind == "best_effort" && metric != "after_hours_response" {
        return None;
    }
    let key = match whose {
        Whose::All => metric.to_owned(),
        Whose::Level(level) => format!("{metric}.severity.{level}"),
        Whose::NoSeverity => return None,
    };
    rows(tables, "objectives").iter().find(|row| row.text("objective") == Some(&key))?.number("goal")
}

fn subject(metric: &str, is_best_effort: bool) -> String {
    let spoken = words::capital(&words::spoken(metric));
    if is_best_effort { format!("{spoken}, best effort") } else { spoken }
}

/// The finding: where the objective is not kept most often; without objectives, where least was met.
fn title(subject: &str, groups: &[Group], first: i32, last: i32) -> String {
    let with_goal: Vec<&Group> = groups.iter().filter(|group| group.goal.is_some()).collect();
    let worst = with_goal.iter().max_by_key(|g| (g.n_missed(), g.n_below(), std::cmp::Reverse(g.whose)));
    match worst {
        None => without_objective(subject, groups),
        Some(worst) if worst.n_below() == 0 => {
            let months =
                if first == last { format!(" in {}", words::month(first)) } else { " in every month".into() };
            match with_goal[..] {
                [only] => format!("{subject}: {} at or above the objective{months}", only.whose.words()),
                _ => format!("{subject}: at or above each of {} objectives{months}", with_goal.len()),
            }
        }
        Some(worst) => {
            let goal = worst.goal.map(words::goal).unwrap_or_default();
            let (whose, below) = (worst.whose.words(), worst.n_below());
            if first == last {
                let share = worst.share();
                let share = worst
                    .goal
                    .map_or_else(|| words::percent(share), |goal| words::percent_beside(share, goal));
                let doubt = if worst.n_missed() > 0 { "beyond doubt" } else { "within doubt" };
                return format!(
                    "{subject} in {}: {whose} at {share}, below the {goal} objective, {doubt}",
                    words::month(first)
                );
            }
            let months = words::counted(worst.points.len() as i64, "month");
            let doubt = match worst.n_missed() {
                0 => "none beyond doubt".to_owned(),
                n => format!("{n} beyond doubt"),
            };
            format!("{subject}, {whose}: {below} of {months} below the {goal} objective, {doubt}")
        }
    }
}

fn without_objective(subject: &str, groups: &[Group]) -> String {
    let order = |a: &&Group, b: &&Group| a.share().total_cmp(&b.share());
    match (groups.iter().min_by(order), groups.iter().max_by(order)) {
        (Some(low), Some(high)) if groups.len() > 1 => format!(
            "{subject}: {} lowest with {} met, {} highest with {}",
            low.whose.words(),
            words::percent(low.share()),
            high.whose.words(),
            words::percent(high.share())
        ),
        (Some(only), _) => format!(
            "{subject}, {}: {} of {} met",
            only.whose.words(),
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
            words::capital(&group.whose.words()),
            words::grouped(group.met),
            words::grouped(group.judged),
            words::percent(group.share())
        )
    };
    let parts: Vec<String> = groups.iter().map(of).collect();
    format!("{title}. {subject} by month and severity, with 95 % intervals. {}.", parts.join("; "))
}
