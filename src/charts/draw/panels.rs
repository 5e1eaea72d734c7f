//! Small multiples: panels of one size that share their axes, so that they can be compared at a glance.

use super::super::theme::Rgb;
use super::canvas::Anchor;
use super::font::{self, Weight};
use super::{Area, LABEL, SMALL, Sheet};

/// Room for the names of the vertical axis, and of the axis itself.
const LEFT: f64 = 66.0;
/// Between panels.
const GAP_X: f64 = 26.0;
/// Above a panel, for its name.
const HEADING: f64 = 48.0;
/// The two lines of a heading, above the panel.
const NAMED: f64 = 36.0;
const TOLD: f64 = 18.0;
/// Below a panel, for its own axis where it has one.
const FOOT: f64 = 44.0;

/// One panel.
#[derive(Clone, Copy, Debug)]
pub(super) struct Panel {
    /// Where it is drawn.
    pub(super) plot: Area,
    /// The first of its row: it names the vertical axis.
    pub(super) is_left: bool,
}

fn columns(n: usize) -> usize {
    match n {
        0..=3 => n.max(1),
        4 => 2,
        _ => 3,
    }
}

fn plot_height(n: usize) -> f64 {
    match n.div_ceil(columns(n)) {
        1 if n == 1 => 260.0,
        1 => 210.0,
        2 => 160.0,
        _ => 130.0,
    }
}

/// Height of `n` panels.
pub(super) fn height(n: usize) -> f64 {
    n.div_ceil(columns(n)) as f64 * (HEADING + plot_height(n) + FOOT)
}

/// `n` panels in `area`, row by row.
pub(super) fn place(n: usize, area: Area) -> Vec<Panel> {
    let columns = columns(n);
    let width = (area.width - LEFT - GAP_X * (columns - 1) as f64 - 8.0) / columns as f64;
    let row_height = HEADING + plot_height(n) + FOOT;
    let panel = |i: usize| {
        let (row, column) = (i / columns, i % columns);
        let x = area.x + LEFT + column as f64 * (width + GAP_X);
        let y = area.y + row as f64 * row_height + HEADING;
        Panel { plot: Area { x, y, width, height: plot_height(n) }, is_left: column == 0 }
    };
    (0..n).map(panel).collect()
}

/// Writes the name of a panel and under it what it counts.
pub(super) fn draw_heading(sheet: &mut Sheet<'_>, plot: Area, title: &str, n: &str) {
    let title = font::fitted(title, LABEL, Weight::Bold, plot.width);
    sheet.strong(&title, (plot.x, plot.y - NAMED), Anchor::Start, LABEL);
    let n = font::fitted(n, SMALL, Weight::Regular, plot.width);
    sheet.text(&n, (plot.x, plot.y - TOLD), Anchor::Start, SMALL);
}

/// Writes the name of a panel, what it counts beside it, and under it what it says.
pub(super) fn draw_told(
    sheet: &mut Sheet<'_>,
    plot: Area,
    (title, n): (&str, &str),
    (told, colour): (&str, Rgb),
) {
    let n_width = font::width(n, SMALL, Weight::Regular);
    let title = font::fitted(title, LABEL, Weight::Bold, plot.width - n_width - 10.0);
    sheet.strong(&title, (plot.x, plot.y - NAMED), Anchor::Start, LABEL);
    sheet.text(n, (plot.right(), plot.y - NAMED), Anchor::End, SMALL);
    let told = font::fitted(told, SMALL, Weight::Bold, plot.width);
    sheet.coloured(&told, (plot.x, plot.y - TOLD), Anchor::Start, (SMALL, colour));
}

/// Names the vertical axis beside the first panel of each row.
pub(super) fn draw_axis_name(sheet: &mut Sheet<'_>, panel: &Panel, name: &str) {
    if panel.is_left {
        let plot = panel.plot;
        let name = font::fitted(name, SMALL, Weight::Regular, plot.height);
        let kind = super::Type { size: SMALL, weight: Weight::Regular, colour: sheet.theme.muted };
        sheet.canvas.upward(&name, (plot.x - LEFT + 8.0, plot.y + plot.height / 2.0), Anchor::Middle, kind);
    }
}
