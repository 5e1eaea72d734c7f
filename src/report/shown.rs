//! Cells as people read them: digits in groups, per cent, hours and minutes, local time. What a cell holds is the
//! table's; this is only its look.

use chrono::DateTime;
use chrono_tz::Tz;

use crate::diag::printable;
use crate::tables::{Cell, goal_percent, percent_beside};
use crate::zones;

use super::document::{Grid, Show};
use super::summary::{brief, grouped, percent};

/// `cell` for a reader in `zone`; empty where nothing applies. Control characters and those that turn
/// the direction of text are replaced; the writer escapes.
pub(super) fn shown(cell: &Cell, show: Show, zone: Tz) -> String {
    match (cell, show) {
        (Cell::Absent, _) => String::new(),
        (Cell::Text(text), Show::Word) => printable(&text.replace('_', " ")),
        (Cell::Text(text), Show::Instant) => local(text, zone).unwrap_or_else(|| printable(text)),
        (Cell::Text(text), _) => printable(text),
        (Cell::Whole(n), Show::Seconds) => signed(*n, brief(*n)),
        (Cell::Whole(n), Show::Number) => n.to_string(),
        (Cell::Whole(n), _) => signed(*n, grouped(n.unsigned_abs())),
        (Cell::Number(x), Show::Share) => percent(*x),
        (Cell::Number(x), Show::Points) => points(*x),
        (Cell::Number(x), _) => format!("{x:.4}"),
        (Cell::Flag(true), _) => "yes".to_owned(),
        (Cell::Flag(false), _) => "no".to_owned(),
    }
}

/// A cell of a grid: as `shown` has it, but for a share beside its goal, which never looks as if it held it.
pub(super) fn shown_in(grid: &Grid, row: &[Cell], place: usize, zone: Tz) -> String {
    let (Some(cell), Some(column)) = (row.get(place), grid.columns.get(place)) else { return String::new() };
    let number = |place: usize| match row.get(place) {
        Some(Cell::Number(number)) => Some(*number),
        _ => None,
    };
    let share_and_goal = grid.strip.and_then(|strip| Some((strip, strip.goal?)));
    match share_and_goal {
        Some((strip, goal)) if column.show == Show::Share && (place == strip.share || place == goal) => {
            match (number(strip.share), number(goal)) {
                (_, Some(wanted)) if place == goal => goal_percent(wanted),
                (Some(share), Some(wanted)) => percent_beside(share, wanted),
                _ => shown(cell, column.show, zone),
            }
        }
        _ => shown(cell, column.show, zone),
    }
}

/// A difference of shares: `+1.5`, `-0.2`, in points.
pub(super) fn points(change: f64) -> String {
    // What rounds to nothing has no sign.
    let tenths = (change * 1_000.0).round();
    if tenths == 0.0 { "0.0".to_owned() } else { format!("{:+.1}", tenths / 10.0) }
}

fn signed(n: i64, text: String) -> String {
    if n < 0 { format!("-{text}") } else { text }
}

/// An RFC 3339 instant as local time to the minute.
pub(super) fn local(text: &str, zone: Tz) -> Option<String> {
    let at = DateTime::parse_from_rfc3339(text).ok()?;
    Some(zones::in_zone(at.to_utc(), zone).format("%Y-%m-%d %H:%M").to_string())
}

#[cfg(test)]
mod tests {
    use super::super::document::{Column, Strip};
    use super::*;

    #[test]
    fn every_kind_has_its_look() {
        let of = |cell, show| shown(&cell, show, chrono_tz::America::Denver);
        assert_eq!(of(Cell::Absent, Show::Count), "");
        assert_eq!(of(Cell::Whole(-1234), Show::Count), "-1,234");
        assert_eq!(of(Cell::Whole(18_720), Show::Seconds), "5h 12m");
        assert_eq!(of(Cell::Number(0.125), Show::Share), "12.5%");
        assert_eq!(of(Cell::Number(-0.000_01), Show::Points), "0.0");
        assert_eq!(of(Cell::Number(0.015), Show::Points), "+1.5");
        assert_eq!(of(Cell::Text("2026-03-04T20:00:00Z".into()), Show::Instant), "2026-03-04 13:00");
        assert_eq!(of(Cell::Text("first_response".into()), Show::Word), "first response");
    }

    #[test]
    fn a_share_in_a_grid_never_looks_like_the_goal_that_it_misses() {
        let column = |name: &str| Column {
            name: name.to_owned(),
            label: name.to_owned(),
            doc: String::new(),
            show: Show::Share,
        };
        let grid = Grid {
            name: String::new(),
            title: String::new(),
            note: String::new(),
            columns: ["attainment", "low", "high", "goal"].map(column).to_vec(),
            rows: Vec::new(),
            n_all: 0,
            is_searchable: false,
            strip: Some(Strip { share: 0, low: 1, high: 2, goal: Some(3) }),
        };
        let row = |goal: Cell| [Cell::Number(0.7496), Cell::Number(0.7), Cell::Number(0.75), goal];
        let of = |row: &[Cell]| [0, 2, 3].map(|place| shown_in(&grid, row, place, chrono_tz::UTC));
        assert_eq!(of(&row(Cell::Number(0.75))), ["74.96%", "75.0%", "75.0%"]);
        assert_eq!(of(&row(Cell::Absent)), ["75.0%", "75.0%", ""]);
    }
}
