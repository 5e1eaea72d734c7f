//! Draws one line over steps, with the intervals of its points where they have them.

use super::super::spec::{Line, Quantity};
use super::axis::{self, Scale};
use super::canvas::{Anchor, Pen};
use super::{Area, SMALL, Sheet};

/// Height of the drawing.
pub(super) const HEIGHT: f64 = 340.0;
const LEFT: f64 = 76.0;

pub(super) fn draw(sheet: &mut Sheet<'_>, line: &Line, area: Area) {
    let plot = Area {
        x: area.x + LEFT,
        y: area.y + 34.0,
        width: area.width - LEFT - 14.0,
        height: area.height - 34.0 - axis::STEPS_HEIGHT - 24.0,
    };
    let highest = |of: fn(f64, f64) -> f64| {
        line.points.iter().map(|p| p.interval.map_or(p.value, |(low, high)| of(low, high))).fold(0.0, of)
    };
    let most = highest(f64::max).min(if line.quantity == Quantity::Share { 1.0 } else { f64::INFINITY });
    let least = highest(f64::min);
    let ticks = levels(least, most, line.quantity);
    let (from, to) = (ticks[0], ticks[ticks.len() - 1]);
    let scale = Scale { from, to, start: plot.bottom(), end: plot.y };
    let named: Vec<(f64, String)> = ticks.iter().map(|t| (*t, axis::written(*t, line.quantity))).collect();
    axis::draw_levels(sheet, plot, &scale, &named, true);
    axis::draw_steps(sheet, &line.steps, plot);
    sheet.text(&line.value_name, (area.x + 2.0, plot.y - 22.0), Anchor::Start, SMALL);
    let x = plot.x + plot.width / 2.0;
    sheet.text(&line.steps_name, (x, area.bottom() - 10.0), Anchor::Middle, SMALL);
    let n = line.steps.n();
    let at = |step: usize, value: f64| (axis::step_at(plot, n, step), scale.at(value));
    for (point, (low, high)) in line.points.iter().filter_map(|p| p.interval.map(|i| (p, i))) {
        let colour = sheet.theme.accent.tint(0.35);
        sheet.canvas.line(&[at(point.step, low), at(point.step, high)], Pen { colour, width: 4.0 });
    }
    let radius = (plot.width / n.max(1) as f64 * 0.3).clamp(1.5, 4.2);
    // A step without a value breaks the line.
    for run in line.points.chunk_by(|a, b| a.step + 1 == b.step) {
        let points: Vec<(f64, f64)> = run.iter().map(|p| at(p.step, p.value)).collect();
        if points.len() > 1 {
            sheet.canvas.line(&points, Pen { colour: sheet.theme.accent, width: 2.2 });
        }
        points.iter().for_each(|point| sheet.canvas.dot(*point, radius, sheet.theme.accent));
    }
}

/// Round values around all of them; 0 is one.
fn levels(least: f64, most: f64, quantity: Quantity) -> Vec<f64> {
    let positive = axis::ticks(most.max(-least).max(f64::MIN_POSITIVE), 4.0, quantity);
    let step = positive.get(1).copied().unwrap_or(1.0);
    let below = (-least / step).ceil().clamp(0.0, 100.0) as i32;
    let above = (most / step).ceil().clamp(if below == 0 { 1.0 } else { 0.0 }, 100.0) as i32;
    (-below..=above).map(|i| f64::from(i) * step).collect()
}
