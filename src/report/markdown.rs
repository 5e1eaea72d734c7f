//! `report.md`: the report for a wiki, a mail or a job summary. Plain Markdown with tables; every text is escaped, so
//! that no case can draw a heading, a link or a tag.

use std::fmt::Write as _;

use crate::diag::printable;

use super::document::{Grid, Part, Report, Section, Show};
use super::shown::shown_in;
use super::summary::cut;

/// Rows of one table; all of them stand in `tables/`.
const ROWS: usize = 30;

/// Longest text of a cell, in characters.
const CELL: usize = 160;

/// The file's text.
pub(super) fn markdown(report: &Report) -> String {
    let mut text = format!("# {}\n\n", escaped(&report.title));
    for (name, value) in &report.head {
        let _ = writeln!(text, "- {}: {}", escaped(name), escaped(value));
    }
    let _ = writeln!(text, "- Times: local times of {}", escaped(report.zone.name()));
    // Every table stands in `tables/` too: a page to be read in one go does without them.
    for section in report.sections.iter().filter(|section| section.id != "tables") {
        write_section(&mut text, report, section);
    }
    text
}

fn write_section(text: &mut String, report: &Report, section: &Section) {
    let _ = write!(text, "\n## {}\n", escaped(&section.title));
    for part in &section.parts {
        text.push('\n');
        match part {
            Part::Answer(_, answer) => {
                let _ = writeln!(text, "**{}**", escaped(answer));
            }
            Part::Text(paragraph) => {
                let _ = writeln!(text, "{}", escaped(paragraph));
            }
            Part::Heading(heading) => {
                let _ = writeln!(text, "### {}", escaped(heading));
            }
            Part::Points(points) => {
                for point in points {
                    let _ = writeln!(text, "- {}", escaped(&point.text));
                }
            }
            Part::Grid(grid) => write_grid(text, report, grid),
            Part::Chart(chart) => {
                let _ = writeln!(text, "![{}](charts/{}.svg)", escaped(&chart.alt), chart.name);
            }
        }
    }
}

fn write_grid(text: &mut String, report: &Report, grid: &Grid) {
    let _ = writeln!(text, "### {}\n", escaped(&grid.title));
    if !grid.note.is_empty() {
        let _ = writeln!(text, "{}\n", escaped(&grid.note));
    }
    let labels = grid.columns.iter().map(|column| escaped(&column.label));
    let _ = writeln!(text, "| {} |", labels.collect::<Vec<_>>().join(" | "));
    let side = |show: Show| if show.is_number() { "--:" } else { ":--" };
    let sides: Vec<&str> = grid.columns.iter().map(|column| side(column.show)).collect();
    let _ = writeln!(text, "| {} |", sides.join(" | "));
    for row in grid.rows.iter().take(ROWS) {
        let cell = |place: usize| escaped(&cut(&shown_in(grid, row, place, report.zone), CELL));
        let cells: Vec<String> = (0..row.len().min(grid.columns.len())).map(cell).collect();
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    let n = grid.rows.len().min(ROWS);
    if n < grid.n_all && !grid.name.is_empty() {
        let _ = writeln!(
            text,
            "\n{n} of {} rows; all that there are stand in tables/{}.csv.",
            grid.n_all, grid.name
        );
    }
}

/// `text` on one line, with everything that Markdown or HTML could take for itself written as what it is.
fn escaped(text: &str) -> String {
    let text = printable(text);
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' => out.extend(['\\', c]),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            _ => out.push(c),
        }
    }
    out
}
