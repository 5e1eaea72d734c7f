//! Open cases at the end of each month or week, by how long they had been open.

use crate::tables::Table;

use super::rows::{Row, rows};
use super::spec::{Areas, Layer, Spec};
use super::theme::Theme;
use super::words;
use super::{Chart, NotDrawn, not};

/// The table that it is drawn from.
const TABLE: &str = "open_cases";
const NAME: &str = "open_cases";

/// Columns of the table and their names, the youngest first.
const AGES: [(&str, &str); 5] = [
    ("n_up_to_1_day", "up to 1 day"),
    ("n_up_to_7_days", "1 to 7 days"),
    ("n_up_to_30_days", "7 to 30 days"),
    ("n_up_to_90_days", "30 to 90 days"),
    ("n_older", "over 90 days"),
];

pub(super) fn chart(tables: &[Table]) -> Result<Chart, NotDrawn> {
    let mut steps: Vec<(i64, Row<'_>)> = rows(tables, TABLE)
        .into_iter()
        .filter_map(|row| Some((words::day_number(row.text("counted_on")?)?, row)))
        .collect();
    steps.sort_by_key(|(day, _)| *day);
    // One value a date: the last, where the judging instant falls on the end of a month.
    steps.dedup_by(|later, earlier| {
        let is_same = later.0 == earlier.0;
        if is_same {
            *earlier = *later;
        }
        is_same
    });
    if steps.iter().all(|(_, row)| row.count("n_open") == 0) {
        return Err(not(NAME, "no case was open at any time that is counted"));
    }
    let layers: Vec<Layer> = AGES
        .iter()
        .map(|(column, label)| Layer {
            label: (*label).to_owned(),
            values: steps.iter().map(|(_, row)| row.count(column)).collect(),
        })
        .collect();
    let title = title(&steps);
    Ok(Chart {
        name: NAME.to_owned(),
        alt: alt(&title, &steps),
        title,
        subtitle: format!(
            "Cases in scope that were not resolved or closed, at the end of each {} and at the end of the data, by days \
             since their opening",
            step(&steps)
        ),
        note: "A case is not open between its end and its reopening; its days count from its opening."
            .to_owned(),
        table: TABLE.to_owned(),
        spec: Spec::Areas(Areas {
            days: steps.iter().map(|(day, _)| *day).collect(),
            unit: "open cases".to_owned(),
            layers,
        }),
        theme: Theme::default(),
    })
}

/// What the points are the ends of. A span that is counted by months has four of them at least, and each is further from
/// the next than a week.
fn step(steps: &[(i64, Row<'_>)]) -> &'static str {
    match steps {
        [(first, _), (second, _), ..] if second - first > 7 => "month",
        _ => "week",
    }
}

fn old(row: &Row<'_>) -> i64 {
    row.count("n_up_to_90_days") + row.count("n_older")
}

fn title(steps: &[(i64, Row<'_>)]) -> String {
    let Some((day, last)) = steps.last() else { return String::new() };
    if last.count("n_open") == 0 {
        let most = most(steps)
            .map(|(on, n)| format!("; the most were {}, on {}", words::grouped(n), words::day(on)));
        return format!("No case was open on {}{}", words::day(*day), most.unwrap_or_default());
    }
    let old_now = match old(last) {
        0 => "none".to_owned(),
        n => format!("{} of them", words::grouped(n)),
    };
    let n_open = words::counted(last.count("n_open"), "case");
    let now = format!("{n_open} open on {}, {old_now} for more than 30 days", words::day(*day));
    match steps.first() {
        Some((first, row)) if steps.len() > 1 && old(row) + old(last) > 0 => {
            format!(
                "{now}; on {} it was {} of {}",
                words::day(*first),
                words::grouped(old(row)),
                words::grouped(row.count("n_open"))
            )
        }
        _ => now,
    }
}

/// When most were open, the first time, and how many.
fn most(steps: &[(i64, Row<'_>)]) -> Option<(i64, i64)> {
    let all = steps.iter().map(|(day, row)| (*day, row.count("n_open")));
    all.max_by_key(|(day, n)| (*n, std::cmp::Reverse(*day)))
}

fn alt(title: &str, steps: &[(i64, Row<'_>)]) -> String {
    let most = most(steps);
    let most = most.map(|(day, n)| format!(" Most were open on {}: {}.", words::day(day), words::grouped(n)));
    let ages: Vec<String> = steps.last().map_or_else(Vec::new, |(_, row)| {
        AGES.iter().map(|(column, label)| format!("{} {label}", words::grouped(row.count(column)))).collect()
    });
    format!(
        "{title}. Stacked areas by age.{} At the end: {}.",
        most.unwrap_or_default(),
        words::listed(&ages)
    )
}
