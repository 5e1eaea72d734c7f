//! The sections after the first page: promises, times, load, severities, inactivity, priority, customers and agents,
//! own tables, findings, and every table once more.

use std::cmp::Reverse;

use crate::tables::{Cell, QUERIES};

use super::super::document::{Column, Grid, Part, Section, Show};
use super::super::summary::grouped;
use super::{Material, capital, grid, section, text};

const SHARE: [&str; 3] = ["attainment", "attainment_low", "attainment_high"];
const COUNTS: [&str; 6] = ["n_judged", "n_met", "n_missed", "n_unanswered", "n_pending", "n_withdrawn"];

/// Rows of one table that a page shows; all of them stand in `tables/`.
const ROWS: usize = 60;

/// Rows of customers, agents and the like that a page shows.
const GROUPS: usize = 20;

fn paragraph(text: &str) -> Part {
    Part::Text(text.to_owned())
}

/// What was promised and kept, by severity and month.
pub(super) fn promises(m: &Material<'_>) -> Section {
    let mut page = section("promises", "Promises");
    page.parts.push(paragraph(
        "Attainment is met of judged; judged are the clocks that were met, missed, or left unanswered when support \
         ended the case. A clock that runs and is not over is pending; one that the customer ended is withdrawn; \
         neither is judged.",
    ));
    let columns: Vec<&str> = ["metric", "kind", "severity"].into_iter().chain(COUNTS).chain(SHARE).collect();
    page.parts
        .extend(m.grid("attainment_by_metric_severity", &columns, "none").map(kept_apart).map(Part::Grid));
    let columns = ["objective", "goal", "n_met", "n_judged", SHARE[0], SHARE[1], SHARE[2], "standing"];
    if let Some(mut grid) = m.grid("objectives", &columns, "all") {
        grid.note = "Missed: beyond doubt; were the goal kept exactly, so few or fewer would be met with a chance of at \
                     most 2.5 %. In doubt: the share is below the goal, and chance may have made it so."
            .to_owned();
        for row in &mut grid.rows {
            if let Cell::Text(key) = &row[0] {
                row[0] = Cell::Text(super::objective(key));
            }
        }
        page.parts.push(Part::Grid(grid));
    }
    page.parts.extend(m.charts(|table| table.starts_with("attainment")));
    let columns = [
        "metric",
        "kind",
        "severity",
        "n_met",
        "n_judged",
        "attainment",
        "n_met_before",
        "n_judged_before",
        "attainment_before",
        "change",
        "change_low",
        "change_high",
    ];
    if let Some(mut grid) = m.grid("comparison", &columns, "all") {
        grid.note =
            "Change in points, with its 95 % interval (Newcombe). Where 0 lies in it, chance alone may have \
                     made the change; of few cases it may have in any case."
                .to_owned();
        page.parts.push(Part::Grid(grid));
    }
    page
}

/// Without the clocks to which nothing was promised.
fn kept_apart(mut grid: Grid) -> Grid {
    if let Some(kind) = grid.columns.iter().position(|c| c.name == "kind") {
        grid.rows.retain(|row| row[kind] != Cell::Absent);
        grid.n_all = grid.rows.len();
    }
    grid
}

/// How long it took.
pub(super) fn times(m: &Material<'_>) -> Section {
    let mut page = section("times", "How long it took");
    let columns = [
        "metric",
        "measure",
        "severity",
        "n",
        "n_answered",
        "n_unanswered",
        "n_censored",
        "p50_s",
        "p90_s",
        "km_p50_s",
        "km_p90_s",
    ];
    let grid = m.grid("durations", &columns, "all");
    if grid.is_some() {
        page.parts.push(paragraph(
            "Business time counts open hours only, wall time all hours, both without pauses. Open ones too: \
             Kaplan–Meier, which counts cases that still wait for as long as they have waited, and those that support \
             ended without an answer as never answered; an empty cell was not reached.",
        ));
    }
    page.parts.extend(grid.map(without_wall_by_severity).map(Part::Grid));
    page.parts.extend(m.charts(|table| table.starts_with("response") || table.starts_with("duration")));
    page
}

/// Business time by severity, wall time of all: what a page bears.
fn without_wall_by_severity(mut grid: Grid) -> Grid {
    let is = |cell: &Cell, word: &str| matches!(cell, Cell::Text(text) if text == word);
    grid.rows.retain(|row| !is(&row[1], "wall") || is(&row[2], "all"));
    grid.title = "Durations".to_owned();
    grid
}

/// When cases come, and what is open.
pub(super) fn load(m: &Material<'_>) -> Section {
    let mut page = section("load", "Arrivals and open cases");
    page.parts.extend(m.charts(|table| table.starts_with("arrival") || table.starts_with("open")));
    let columns = ["month", "n_cases", "n_in_hours", "n_out_of_hours", "n_unknown", "out_of_hours"];
    page.parts.extend(m.grid("arrivals", &columns, "none").map(Part::Grid));
    let columns = [
        "severity",
        "n_cases",
        "n_in_scope",
        "n_out_of_scope",
        "n_answered",
        "n_ended",
        "n_going",
        "n_reclassified",
        "n_reopened",
    ];
    page.parts.extend(m.grid("cases_overview", &columns, "none").map(Part::Grid));
    page.parts.extend(m.grid("channels", &["channel", "n_cases", "share"], "none").map(Part::Grid));
    page
}

/// Changes of severity, and what they did to attainment.
pub(super) fn severities(m: &Material<'_>) -> Section {
    let mut page = section("severity", "Changes of severity");
    let columns = [
        "from_severity",
        "to_severity",
        "direction",
        "n_changes",
        "n_cases",
        "n_by_customer",
        "n_by_agent",
        "n_before_first_response",
        "n_over_before",
        "n_masked",
        "n_exposed",
    ];
    let Some(matrix) = m.grid("reclassification_matrix", &columns, "none") else {
        page.parts.push(paragraph("No case in scope changed its severity."));
        return page;
    };
    page.parts.push(paragraph(
        "Masked: some clock would have been missed had the first severity held, and was not with the change. \
         Exposed: the reverse. Over before: a clock was over its target already when the severity changed.",
    ));
    page.parts.extend(m.charts(|table| table.starts_with("reclassification")));
    page.parts.push(Part::Grid(matrix));
    let columns = [
        "metric",
        "n_with_changes",
        "n_masked",
        "n_exposed",
        "n_met",
        "n_judged",
        "attainment",
        "n_met_at_first",
        "n_judged_at_first",
        "attainment_at_first",
    ];
    page.parts.extend(m.grid("reclassification_effect", &columns, "none").map(Part::Grid));
    page
}

/// Cases that waited to be closed.
pub(super) fn inactivity(m: &Material<'_>) -> Section {
    let mut page = section("inactivity", "Closing for inactivity");
    let columns = [
        "basis",
        "severity",
        "n_spells",
        "n_on_time",
        "n_early",
        "n_late",
        "n_overdue",
        "n_returned",
        "n_closed",
        "n_support_owed",
        "n_reopened",
    ];
    let Some(grid) = m.grid("inactivity", &columns, "none") else { return page };
    page.parts.push(paragraph(
        "A spell is a time in which a case waited for the customer, or stood resolved. Early: closed before the \
         policy's length had passed. Late and overdue: after its grace. Support owed: closed while a message of the \
         customer had no answer. Reopened: by the customer within 720 hours.",
    ));
    page.parts.extend(m.charts(|table| table.starts_with("inactivity") || table.starts_with("close_after")));
    page.parts.push(Part::Grid(grid));
    let columns = [
        "basis",
        "close_after",
        "n_spells",
        "n_would_close",
        "n_false_closures",
        "false_closures",
        "saved_s",
    ];
    page.parts.extend(m.grid("close_after", &columns, "none").map(Part::Grid));
    page
}

/// Whether the more severe were answered first.
pub(super) fn priority(m: &Material<'_>) -> Section {
    let mut page = section("priority", "Priority");
    page.parts.extend(m.charts(|table| table.starts_with("priorit")));
    let columns = ["severity", "n", "n_answered", "median_s", "next_severity", "next_median_s", "in_order"];
    page.parts.extend(m.grid("priorities", &columns, "none").map(Part::Grid));
    let columns = ["severity", "n_responses", "n_overtaking", "overtaking", "n_overtaken", "worst_waited_s"];
    page.parts.extend(m.grid("overtaken", &columns, "none").map(Part::Grid));
    page
}

/// By customer, agent and product: those with the most that was not kept.
pub(super) fn groups(m: &Material<'_>) -> Section {
    let mut page = section("groups", "Customers, agents, products");
    for (name, group) in [
        ("attainment_by_customer", "customer"),
        ("attainment_by_agent", "agent"),
        ("attainment_by_product", "product"),
    ] {
        let columns: Vec<&str> = [group, "metric", "kind"].into_iter().chain(COUNTS).chain(SHARE).collect();
        let Some(grid) = m.grid(name, &columns, "none").map(kept_apart) else { continue };
        page.parts.push(Part::Grid(most_lost_first(grid)));
    }
    page
}

fn most_lost_first(mut grid: Grid) -> Grid {
    let at = |name: &str| grid.columns.iter().position(|c| c.name == name);
    if let Some((judged, met)) = at("n_judged").zip(at("n_met")) {
        let lost = |row: &Vec<Cell>| match (&row[judged], &row[met]) {
            (Cell::Whole(judged), Cell::Whole(met)) => judged - met,
            _ => 0,
        };
        grid.rows.sort_by_key(|row| Reverse(lost(row)));
    }
    grid.rows.truncate(GROUPS);
    grid.note = "Those with the most that was missed or left unanswered come first.".to_owned();
    grid
}

/// Tables of the user's own queries.
pub(super) fn own(m: &Material<'_>) -> Section {
    let mut page = section("own", "Own tables");
    let is_own = |name: &str| QUERIES.iter().all(|(shipped, _)| *shipped != name);
    for table in m.tables.iter().filter(|table| is_own(&table.name)) {
        page.parts.extend(m.charts(|name| name == table.name));
        if let Some((query, table)) = m.table(&table.name) {
            let mut grid = grid::complete(query, table, ROWS);
            let whole = m.reads_all.iter().find(|of| of.query == table.name);
            grid.note.extend(whole.map(|of| format!(" {}.", capital(&super::super::assumed::reads_all(of)))));
            page.parts.push(Part::Grid(grid));
        }
    }
    page
}

/// The findings: by code, and the gravest of them one by one.
pub(super) fn findings(m: &Material<'_>) -> Section {
    let mut page = section("findings", "Findings");
    let codes = m.grid("findings", &["code", "n_findings", "n_cases", "n_files"], "none");
    let Some(mut codes) = codes else {
        page.parts.push(paragraph("There are none."));
        return page;
    };
    if let Some((_, table)) = m.table("findings") {
        codes.columns.insert(
            1,
            Column {
                name: "title".to_owned(),
                label: "What it is".to_owned(),
                doc: "what the code stands for".to_owned(),
                show: Show::Text,
            },
        );
        for (shown, row) in codes.rows.iter_mut().zip(&table.rows) {
            let code = text(table, row, "code").unwrap_or_default();
            let title = crate::codes::ALL.iter().find(|c| c.code == code).map_or("", |c| c.title);
            shown.insert(1, Cell::Text(title.to_owned()));
        }
    }
    page.parts.push(Part::Grid(codes));
    let columns =
        ["position", "case_id", "code", "severity", "metric", "cycle", "over_by_s", "at", "message"];
    if let Some(mut grid) = m.grid("gravest", &columns, "none") {
        grid.is_searchable = true;
        grid.n_all = usize::try_from(m.n_findings).unwrap_or(usize::MAX);
        let listed = grid.rows.len() as u64;
        grid.note = if listed < m.n_findings {
            format!(
                "{} of {} findings of cases, by severity, kind and time over target; all of them stand in \
                 facts/findings.parquet.",
                grouped(listed),
                grouped(m.n_findings)
            )
        } else {
            "All findings of cases, by severity, kind and time over target.".to_owned()
        };
        page.parts.push(Part::Grid(grid));
    }
    page
}

/// Every table as it stands in `tables/`, for whoever wants to follow a figure.
pub(super) fn everything(m: &Material<'_>) -> Section {
    let mut page = section("tables", "Every table");
    page.parts.push(paragraph(
        "Each stands whole in tables/NAME.csv and in the workbook; a page shows the first rows. The columns are \
         described where the pointer rests on a heading, and in the data dictionary.",
    ));
    for table in m.tables.iter().filter(|table| table.name != "gravest") {
        let Some((query, table)) = m.table(&table.name) else { continue };
        page.parts.push(Part::Grid(grid::complete(query, table, ROWS)));
    }
    page
}
