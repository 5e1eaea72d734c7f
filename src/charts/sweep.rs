//! Charts of a sweep: what is kept along the values of one key, or of two.

use crate::tables::Table;

use super::rows::{Row, rows};
use super::spec::{Map, SharePanel, SharePoint, Shares, Spec, Steps};
use super::theme::Theme;
use super::words;
use super::{Chart, NotDrawn, not};

const TABLE: &str = "sweep";

/// What a sweep tells its charts beside the table.
#[derive(Clone, Copy, Debug)]
pub struct Swept<'a> {
    /// What is counted, in words.
    pub measure: &'a str,
    /// The keys that are varied, in order.
    pub keys: &'a [String],
    /// What is to be kept.
    pub goal: Option<f64>,
    /// The finding, as a sentence without its full stop.
    pub finding: &'a str,
}

pub(super) fn chart(tables: &[Table], swept: Swept<'_>) -> Result<Chart, NotDrawn> {
    let rows = rows(tables, TABLE);
    if rows.iter().all(|row| row.count("n_judged") == 0) {
        return Err(not(TABLE, "nothing is judged under any value"));
    }
    let keys: Vec<String> = swept.keys.iter().map(|key| words::name(key)).collect();
    let spec = match &keys[..] {
        [down, across] => Spec::Map(map(&rows, swept, down, across)),
        _ => Spec::Shares(shares(&rows, swept, &keys.join(", "))),
    };
    let share = |row: &&Row<'_>| row.number("share").is_some();
    let ends: Vec<String> = [rows.iter().find(share), rows.iter().rev().find(share)]
        .into_iter()
        .flatten()
        .map(|row| {
            let share = row.number("share").map(words::percent).unwrap_or_default();
            format!("{}: {share} of {}", named(row), words::grouped(row.count("n_judged")))
        })
        .collect();
    Ok(Chart {
        name: TABLE.to_owned(),
        alt: format!("{}. Share kept by value. {}.", swept.finding, ends.join("; ")),
        title: swept.finding.to_owned(),
        subtitle: format!("{}, by {}", words::capital(swept.measure), keys.join(" and ")),
        note: now(&rows),
        table: TABLE.to_owned(),
        spec,
        theme: Theme::default(),
    })
}

fn value<'a>(row: &Row<'a>, column: &str) -> &'a str {
    row.text(column).unwrap_or_default()
}

fn named(row: &Row<'_>) -> String {
    [value(row, "value"), value(row, "value_2")]
        .into_iter()
        .filter(|v| !v.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

fn now(rows: &[Row<'_>]) -> String {
    let found = rows.iter().find(|row| row.flag("is_now") == Some(true));
    found.map_or_else(
        || "The policy in force has none of these values.".to_owned(),
        |row| format!("The policy in force has {}.", named(row)),
    )
}

fn point(row: &Row<'_>, step: usize) -> Option<SharePoint> {
    row.share(("n_kept", "n_judged"), "share", step)
}

fn shares(rows: &[Row<'_>], swept: Swept<'_>, key: &str) -> Shares {
    let judged = |row: &Row<'_>| row.count("n_judged");
    let (least, most) =
        (rows.iter().map(judged).min().unwrap_or(0), rows.iter().map(judged).max().unwrap_or(0));
    let n = match least == most {
        true => format!("{} judged", words::grouped(most)),
        false => format!("{} to {} judged", words::grouped(least), words::grouped(most)),
    };
    Shares {
        steps: Steps::Names(rows.iter().map(|row| value(row, "value").to_owned()).collect()),
        steps_name: key.to_owned(),
        share_name: "share kept".to_owned(),
        panels: vec![SharePanel {
            title: words::capital(swept.measure),
            n,
            goal: swept.goal,
            points: rows.iter().enumerate().filter_map(|(step, row)| point(row, step)).collect(),
        }],
    }
}

fn map(rows: &[Row<'_>], swept: Swept<'_>, down: &str, across: &str) -> Map {
    let mut map = Map {
        rows: Vec::new(),
        columns: Vec::new(),
        shares: Vec::new(),
        goal: swept.goal,
        rows_name: down.to_owned(),
        columns_name: across.to_owned(),
        share_name: "share kept".to_owned(),
    };
    for row in rows {
        let (first, second) = (value(row, "value"), value(row, "value_2"));
        if map.rows.last().is_none_or(|last| last != first) {
            map.rows.push(first.to_owned());
            map.shares.push(Vec::new());
        }
        if map.rows.len() == 1 {
            map.columns.push(second.to_owned());
        }
        map.shares.last_mut().into_iter().for_each(|shares| shares.push(row.number("share")));
    }
    map
}
