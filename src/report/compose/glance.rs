//! The first page: did we keep our promises, where not, what changed since the period before, what to look at.

use std::cmp::Reverse;

use crate::policy::PromiseKind;
use crate::replay::Metric;
use crate::tables::{
    Cell, Change, Standing as Held, difference, goal_percent, objective_kind, percent_beside, wilson,
};

use super::super::document::{Column, Grid, Part, Point, Section, Show, Standing, Strip};
use super::super::shown::points;
use super::super::summary::{grouped, percent};
use super::{Material, capital, grid, number, span, text, whole, words};

/// Entries of each list.
const MOST: usize = 5;

pub(super) fn section(m: &Material<'_>) -> Section {
    let mut page = super::section("glance", "At a glance");
    let (standing, answer) = answer(m);
    page.parts.push(Part::Answer(standing, answer));
    page.parts.extend(promises(m).map(Part::Grid));
    let lists = [
        ("Where not", where_not(m)),
        ("What changed since the period before", changes(m)),
        ("What to look at", to_look_at(m)),
    ];
    for (title, list) in lists {
        page.parts.push(Part::Heading(title.to_owned()));
        page.parts.push(Part::Points(list));
    }
    page
}

/// Whether the promises were kept, in a sentence. Commitments alone decide; what was best effort is told after them.
fn answer(m: &Material<'_>) -> (Standing, String) {
    let (best_effort, objectives): (Vec<_>, Vec<_>) =
        objectives(m).into_iter().partition(|o| o.is_best_effort);
    let (standing, mut text) = commitments(m, &objectives, !best_effort.is_empty());
    let told: Vec<String> = best_effort.iter().filter_map(Objective::says).collect();
    if !told.is_empty() {
        text.push_str(&format!(" Best effort, counted apart: {}.", told.join("; ")));
    }
    (standing, text)
}

/// The answer of the objectives about commitments; `others`: the policy has some about best effort too.
fn commitments(m: &Material<'_>, objectives: &[Objective], others: bool) -> (Standing, String) {
    let of = |standing| objectives.iter().filter(|o| o.standing == standing).count();
    let judged = objectives.len() - of(Held::NoneJudged);
    if judged == 0 {
        return without_objectives(m, objectives.len(), others);
    }
    let (missed, doubt, kept) = (of(Held::Missed), of(Held::InDoubt), of(Held::Kept));
    let list = |standing| -> String {
        let all: Vec<String> =
            objectives.iter().filter(|o| o.standing == standing).map(Objective::beside_goal).collect();
        all.join(", ")
    };
    let what = if others { "objectives about commitments" } else { "objectives" };
    match (missed, doubt) {
        (0, 0) if others => (Standing::Good, format!("Yes. All {kept} {what} are kept.")),
        (0, 0) => (Standing::Good, format!("Yes. All {kept} objectives of the policy are kept.")),
        (0, _) => (
            Standing::Doubtful,
            format!(
                "Not beyond doubt. {kept} of {judged} {what} are kept; below the goal, but within what chance \
                 gives: {}.",
                list(Held::InDoubt)
            ),
        ),
        _ => {
            let doubtful =
                if doubt > 0 { format!(" In doubt: {}.", list(Held::InDoubt)) } else { String::new() };
            let text = format!(
                "No. {missed} of {judged} {what} are missed beyond doubt: {}.{doubtful} Kept: {kept}.",
                list(Held::Missed)
            );
            (Standing::Bad, text)
        }
    }
}

fn without_objectives(m: &Material<'_>, n_objectives: usize, others: bool) -> (Standing, String) {
    let (mut met, mut judged) = (0, 0);
    if let Some((_, table)) = m.table("attainment_by_metric") {
        for row in table.rows.iter().filter(|row| text(table, row, "kind") == Some("commitment")) {
            met += whole(table, row, "n_met").unwrap_or(0);
            judged += whole(table, row, "n_judged").unwrap_or(0);
        }
    }
    let reason = match n_objectives {
        0 if others => "The policy sets no objectives for commitments",
        0 => "The policy sets no objectives to hold this against",
        _ => "No clock was judged that an objective of the policy is about",
    };
    let text = match wilson(met, judged) {
        Some(rate) => format!(
            "{} of {} commitments were kept ({}). {reason}.",
            grouped(met),
            grouped(judged),
            percent(rate.share)
        ),
        None => format!("No commitment was judged. {reason}."),
    };
    (Standing::None, text)
}

struct Objective {
    key: String,
    name: String,
    is_best_effort: bool,
    standing: Held,
    n: String,
    share: String,
    goal: String,
    wanted: f64,
}

impl Objective {
    /// `first response (74.9% of 1,203, goal 75.0%)`.
    fn beside_goal(&self) -> String {
        format!("{} ({} of {}, goal {})", self.name, self.share, self.n, self.goal)
    }

    /// How it stands, in a sentence; `None` where nothing was judged.
    fn says(&self) -> Option<String> {
        let standing = match self.standing {
            Held::Kept => "kept",
            Held::InDoubt => "below its goal, within doubt",
            Held::Missed => "missed beyond doubt",
            Held::NoneJudged => return None,
        };
        let Objective { name, share, n, goal, .. } = self;
        Some(format!("{name} is {standing} ({share} of {n}, goal {goal})"))
    }
}

fn objectives(m: &Material<'_>) -> Vec<Objective> {
    let Some((_, table)) = m.table("objectives") else { return Vec::new() };
    let objective = |row: &Vec<Cell>| {
        let key = text(table, row, "objective")?;
        let wanted = number(table, row, "goal")?;
        Some(Objective {
            key: key.to_owned(),
            name: super::objective(key),
            is_best_effort: is_best_effort(m, key),
            standing: text(table, row, "standing").and_then(Held::from_word)?,
            n: grouped(whole(table, row, "n_judged").unwrap_or(0)),
            share: number(table, row, "attainment")
                .map_or_else(String::new, |share| percent_beside(share, wanted)),
            goal: goal_percent(wanted),
            wanted,
        })
    };
    table.rows.iter().filter_map(objective).collect()
}

/// True where the objective is about what the policy promises as best effort.
fn is_best_effort(m: &Material<'_>, key: &str) -> bool {
    let metric = Metric::ALL.into_iter().find(|metric| key.split('.').next() == Some(metric.word()));
    let latest = m.book.versions.last();
    metric
        .zip(latest)
        .is_some_and(|(metric, policy)| objective_kind(policy, metric) == PromiseKind::BestEffort)
}

/// Every promise: kept, judged, share, interval, goal, change.
fn promises(m: &Material<'_>) -> Option<Grid> {
    let (query, table) = m.table("attainment_by_metric")?;
    let names = ["metric", "kind", "n_met", "n_judged", "attainment", "attainment_low", "attainment_high"];
    let mut grid = grid::chosen(query, table, &names);
    grid.rows.retain(|row| matches!(row[1], Cell::Text(_)));
    grid.n_all = grid.rows.len();
    grid::in_order(&mut grid);
    let objectives = objectives(m);
    let has_goal = !objectives.is_empty();
    let has_change = m.before.is_some();
    for row in &mut grid.rows {
        let (Cell::Text(metric), Cell::Text(kind)) = (row[0].clone(), row[1].clone()) else { continue };
        if has_goal {
            let goal = objectives.iter().find(|o| o.key == metric);
            row.push(goal.map_or(Cell::Absent, |o| Cell::Number(o.wanted)));
        }
        if has_change {
            row.push(change(m, &metric, &kind));
        }
    }
    let extra = |name: &str, doc: &str, show| Column {
        name: name.to_owned(),
        label: grid::label(name),
        doc: doc.to_owned(),
        show,
    };
    if has_goal {
        grid.columns.push(extra("goal", "what the policy wants", Show::Share));
        grid.strip = Some(Strip { share: 4, low: 5, high: 6, goal: Some(7) });
    }
    if has_change {
        let doc =
            "attainment less that of the period before, in points, of the shares before they are rounded";
        grid.columns.push(extra("change", doc, Show::Points));
    }
    grid.title = "Promises kept".to_owned();
    grid.note =
        "Judged: met, missed, and ended by support without an answer. Best effort is counted apart, and \
                 what is still running and not over is not judged yet. The interval is the 95 % one (Wilson)."
            .to_owned();
    (!grid.rows.is_empty()).then_some(grid)
}

/// What `comparison` says of all severities of a promise.
fn change(m: &Material<'_>, metric: &str, kind: &str) -> Cell {
    let find = || {
        let (_, table) = m.table("comparison")?;
        let row = table.rows.iter().find(|row| {
            text(table, row, "metric") == Some(metric)
                && text(table, row, "kind") == Some(kind)
                && whole(table, row, "severity").is_none()
        })?;
        number(table, row, "change")
    };
    find().map_or(Cell::Absent, Cell::Number)
}

/// The promises and severities with the most that were not kept.
fn where_not(m: &Material<'_>) -> Vec<Point> {
    let mut worst = Vec::new();
    if let Some((_, table)) = m.table("attainment_by_metric_severity") {
        for row in &table.rows {
            let (met, judged) =
                (whole(table, row, "n_met").unwrap_or(0), whole(table, row, "n_judged").unwrap_or(0));
            if text(table, row, "kind").is_none() || met == judged {
                continue;
            }
            let metric = capital(&words(text(table, row, "metric").unwrap_or_default()));
            let level = whole(table, row, "severity").and_then(|n| u8::try_from(n).ok());
            let is_best_effort = text(table, row, "kind") == Some("best_effort");
            let best = if is_best_effort { " (best effort)" } else { "" };
            let interval = wilson(met, judged).map_or_else(String::new, |rate| {
                format!(
                    "{} kept, 95 % interval {} to {}",
                    percent(rate.share),
                    percent(rate.low),
                    percent(rate.high)
                )
            });
            let severity = grid::severity(m.book, level);
            let (lost, n) = (grouped(judged - met), grouped(judged));
            let text = format!("{metric}{best}, severity {severity}: {lost} of {n} not kept ({interval})");
            worst.push(((is_best_effort, Reverse(judged - met)), text));
        }
    }
    // Commitments first. A stable sort: what loses the same stays in the order of the table.
    worst.sort_by_key(|(order, _)| *order);
    let n_more = worst.len().saturating_sub(MOST);
    let mut list: Vec<Point> =
        worst.into_iter().take(MOST).map(|(_, text)| Point::new(text).more("promises")).collect();
    if n_more > 0 {
        list.push(Point::new(format!("and {n_more} more")).more("promises"));
    }
    if list.is_empty() {
        list.push(Point::new("Nothing that was judged was missed or left unanswered."));
    }
    list
}

fn changes(m: &Material<'_>) -> Vec<Point> {
    let Some(before) = m.before else {
        return vec![Point::new(
            "No period was asked for, so there is none before it; `--period 2026-10` reports one month beside the \
             month before.",
        )];
    };
    let mut list = Vec::new();
    if let Some((_, table)) = m.table("comparison") {
        let mut rows: Vec<&Vec<Cell>> =
            table.rows.iter().filter(|row| whole(table, row, "severity").is_none()).collect();
        rows.sort_by_key(|row| grid::place(text(table, row, "metric"), text(table, row, "kind")));
        for row in rows {
            let count = |name| whole(table, row, name).unwrap_or(0);
            let now = wilson(count("n_met"), count("n_judged"));
            let then = wilson(count("n_met_before"), count("n_judged_before"));
            let metric = capital(&words(text(table, row, "metric").unwrap_or_default()));
            let sentence = match (now, then) {
                (Some(now), Some(then)) => {
                    let d = difference(now, then);
                    let how = match Change::of((then.met, then.n), (now.met, now.n)) {
                        Change::Better => "better beyond chance",
                        Change::Worse => "worse beyond chance",
                        Change::WithinChance => "within what chance gives",
                    };
                    format!(
                        "{metric}: {} of {} after {} of {}, {} points, {how} (95 % interval {} to {})",
                        percent(now.share),
                        grouped(now.n),
                        percent(then.share),
                        grouped(then.n),
                        points(d.change),
                        points(d.low),
                        points(d.high)
                    )
                }
                (Some(now), None) => {
                    format!("{metric}: {} of {}; none was judged before", percent(now.share), grouped(now.n))
                }
                _ => format!("{metric}: none was judged; {} before", grouped(count("n_judged_before"))),
            };
            list.push(Point::new(sentence).more("promises"));
        }
    }
    if list.is_empty() {
        list.push(Point::new(format!("Nothing was judged, nor in the period before ({}).", span(before))));
    }
    list
}

/// The findings with the most behind them, and what is wrong with the data.
fn to_look_at(m: &Material<'_>) -> Vec<Point> {
    let mut list = Vec::new();
    if let Some((_, table)) = m.table("findings") {
        // Promises, closures and priority first: what people did before what the data are.
        for letter in ["R", "C", "P", "S", "E"] {
            for row in &table.rows {
                let Some(code) = text(table, row, "code").filter(|code| code.starts_with(letter)) else {
                    continue;
                };
                let title = crate::codes::ALL.iter().find(|c| c.code == code).map_or("", |c| c.title);
                let (n, cases) = (whole(table, row, "n_findings"), whole(table, row, "n_cases"));
                let (n, cases) = (grouped(n.unwrap_or(0)), grouped(cases.unwrap_or(0)));
                list.push(Point::new(format!("{code} {title}: {n} in {cases} cases")).more("findings"));
            }
        }
    }
    let n_more = list.len().saturating_sub(MOST + 2);
    if n_more > 0 {
        list.truncate(MOST + 2);
        list.push(Point::new(format!("and {n_more} more codes")).more("findings"));
    }
    let rejected: u64 = m.inputs.iter().map(|input| input.rows_rejected).sum();
    if rejected > 0 {
        let read: u64 = m.inputs.iter().map(|input| input.rows_read).sum();
        let text = format!("{} of {} rows of the input could not be used", grouped(rejected), grouped(read));
        list.push(Point::new(text).more("data"));
    }
    if list.is_empty() {
        list.push(Point::new("No findings, and every row of the input was used or is a duplicate."));
    }
    list
}
