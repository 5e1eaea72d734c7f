//! What closing after other lengths of inactivity would have done (SPEC 9.4): the share of closures that would have come
//! before the customer came back, over the lengths that were asked about.

use crate::tables::Table;

use super::rows::{Row, rows};
use super::spec::{RateRow, Rates, SharePanel, SharePoint, Shares, Spec, Steps};
use super::theme::Theme;
use super::words;
use super::{Chart, NotDrawn, not};

/// The table that it is drawn from.
const TABLE: &str = "close_after";
const NAME: &str = "close_after";

pub(super) fn chart(tables: &[Table]) -> Result<Chart, NotDrawn> {
    let mut rows = rows(tables, TABLE);
    if rows.is_empty() {
        return Err(not(NAME, "no length was asked about"));
    }
    rows.sort_by_key(|row| row.text("basis") != Some("waiting_customer"));
    let mut lengths: Vec<&str> = Vec::new();
    for length in rows.iter().filter_map(|row| row.text("close_after")) {
        if !lengths.contains(&length) {
            lengths.push(length);
        }
    }
    rows.retain(|row| row.count("n_would_close") > 0);
    let Some(title) = title(&rows) else {
        return Err(not(NAME, "no spell lasted longer than a length asked about"));
    };
    let told: Vec<String> = rows.iter().map(|row| format!("{}, {}", basis(row), told(row))).collect();
    Ok(Chart {
        name: NAME.to_owned(),
        alt: format!("{title}. Share of closures too early, by length: {}.", told.join("; ")),
        title,
        subtitle: "Of the spells that would have been closed after so long, the share that the customer ended by coming \
                   back: closed too early"
            .to_owned(),
        note: "Lengths count from the start of a spell after its last restart.".to_owned(),
        table: TABLE.to_owned(),
        spec: spec(&rows, &lengths),
        theme: Theme::default(),
    })
}

fn basis(row: &Row<'_>) -> String {
    words::spoken(row.text("basis").unwrap_or_default())
}

fn told(row: &Row<'_>) -> String {
    format!(
        "{}: {} of {} too early",
        words::name(row.text("close_after").unwrap_or_default()),
        words::grouped(row.count("n_false_closures")),
        words::counted(row.count("n_would_close"), "closure")
    )
}

/// The shortest length is the one that people ask about first; it has the most closures too early.
fn title(rows: &[Row<'_>]) -> Option<String> {
    let worst = rows.iter().max_by(|a, b| {
        let share = |row: &Row<'_>| row.number("false_closures").unwrap_or(0.0);
        share(a).total_cmp(&share(b)).then(a.count("n_would_close").cmp(&b.count("n_would_close")))
    })?;
    Some(format!("{}, closed after {}", words::capital(&basis(worst)), told(worst)))
}

fn point(row: &Row<'_>, step: usize) -> Option<SharePoint> {
    row.share(("n_false_closures", "n_would_close"), "false_closures", step)
}

/// A panel a category over the lengths; of one length one row a category.
fn spec(rows: &[Row<'_>], lengths: &[&str]) -> Spec {
    let share_name = "closed too early".to_owned();
    if lengths.len() == 1 {
        let row = |row: &Row<'_>| {
            Some(RateRow {
                label: words::capital(&basis(row)),
                n: words::counted(row.count("n_would_close"), "closure"),
                goal: None,
                point: point(row, 0)?,
            })
        };
        return Spec::Rates(Rates { share_name, rows: rows.iter().filter_map(row).collect() });
    }
    let mut panels: Vec<SharePanel> = Vec::new();
    for row in rows {
        let step = lengths.iter().position(|length| row.text("close_after") == Some(length)).unwrap_or(0);
        let Some(point) = point(row, step) else { continue };
        let title = words::capital(&basis(row));
        match panels.iter_mut().find(|panel| panel.title == title) {
            Some(panel) => panel.points.push(point),
            None => {
                let n = words::counted(row.count("n_spells"), "spell");
                panels.push(SharePanel { title, n, goal: None, points: vec![point] });
            }
        }
    }
    let names = lengths.iter().map(|length| words::name(length)).collect();
    let steps_name = "closed after".to_owned();
    Spec::Shares(Shares { steps: Steps::Names(names), steps_name, share_name, panels })
}
