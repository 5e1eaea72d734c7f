//! Draws counts by weekday and hour as a heat map, the opening hours outlined, with the sum of each weekday beside it.

use super::super::spec::Heat;
use super::super::words;
use super::canvas::{Anchor, Pen};
use super::font::{self, Weight};
use super::{Area, LABEL, SMALL, Sheet};

const ROW: f64 = 34.0;
const LEFT: f64 = 96.0;
const RIGHT: f64 = 66.0;
const TOP: f64 = 24.0;
const FOOT: f64 = 66.0;

/// Height of a heat map.
pub(super) const HEIGHT: f64 = TOP + 7.0 * ROW + FOOT;

pub(super) fn draw(sheet: &mut Sheet<'_>, heat: &Heat, area: Area) {
    let plot =
        Area { x: area.x + LEFT, y: area.y + TOP, width: area.width - LEFT - RIGHT, height: 7.0 * ROW };
    let most = heat.counts.iter().flatten().copied().max().unwrap_or(0).max(1);
    let cell = plot.width / 24.0;
    for (day, counts) in heat.counts.iter().enumerate() {
        let y = plot.y + ROW * day as f64;
        sheet.text(words::WEEKDAYS[day], (plot.x - 10.0, y + ROW / 2.0), Anchor::End, LABEL);
        let sum = words::compact(counts.iter().sum());
        sheet.text(&sum, (plot.right() + RIGHT - 8.0, y + ROW / 2.0), Anchor::End, LABEL);
        for (hour, n) in counts.iter().enumerate() {
            let x = plot.x + cell * hour as f64;
            let colour = sheet.theme.accent.tint(shade(*n, most));
            sheet.canvas.fill((x + 0.8, y + 0.8), cell - 1.6, ROW - 1.6, colour);
        }
    }
    sheet.text("sum", (plot.right() + RIGHT - 8.0, plot.y - 12.0), Anchor::End, SMALL);
    for hour in (0..=24).step_by(3) {
        let x = plot.x + cell * f64::from(hour);
        sheet.canvas.line(&[(x, plot.bottom()), (x, plot.bottom() + 5.0)], super::axis::axis_pen(sheet));
        sheet.text(&format!("{hour}:00"), (x, plot.bottom() + 16.0), Anchor::Middle, SMALL);
    }
    draw_outline(sheet, heat, plot, cell);
    draw_key(sheet, heat, most, plot);
}

/// How dark a count is: nothing is nearly white, and one is not nothing.
fn shade(n: i64, most: i64) -> f64 {
    if n <= 0 { 0.035 } else { 0.12 + 0.88 * (n as f64 / most as f64).sqrt() }
}

/// A line between each open hour and its neighbour that is not.
fn draw_outline(sheet: &mut Sheet<'_>, heat: &Heat, plot: Area, cell: f64) {
    let is_open = |day: i64, hour: i64| {
        let row = usize::try_from(day).ok().and_then(|day| heat.open.get(day));
        row.and_then(|row| usize::try_from(hour).ok().and_then(|hour| row.get(hour)))
            .copied()
            .unwrap_or(false)
    };
    let pen = Pen { colour: sheet.theme.ink, width: 2.2 };
    for day in 0..7 {
        for hour in 0..24 {
            if !is_open(day, hour) {
                continue;
            }
            let (x, y) = (plot.x + cell * hour as f64, plot.y + ROW * day as f64);
            let (right, bottom) = (x + cell, y + ROW);
            let sides = [
                (is_open(day - 1, hour), [(x - 1.1, y), (right + 1.1, y)]),
                (is_open(day + 1, hour), [(x - 1.1, bottom), (right + 1.1, bottom)]),
                (is_open(day, hour - 1), [(x, y), (x, bottom)]),
                (is_open(day, hour + 1), [(right, y), (right, bottom)]),
            ];
            for (_, side) in sides.into_iter().filter(|(is_inside, _)| !is_inside) {
                sheet.canvas.line(&side, pen);
            }
        }
    }
}

fn draw_key(sheet: &mut Sheet<'_>, heat: &Heat, most: i64, plot: Area) {
    let y = plot.bottom() + 46.0;
    let mut x = plot.x;
    let unit = format!("{} in that hour of the week:", words::capital(&heat.unit));
    sheet.text(&unit, (x, y), Anchor::Start, SMALL);
    x += font::width(&unit, SMALL, Weight::Regular) + 12.0;
    sheet.text("0", (x, y), Anchor::Start, SMALL);
    x += 14.0;
    for step in 0..=6 {
        let n = most * step / 6;
        let colour = sheet.theme.accent.tint(shade(n, most));
        sheet.canvas.fill((x, y - 8.0), 18.0, 16.0, colour);
        x += 19.0;
    }
    let text = words::compact(most);
    sheet.text(&text, (x + 6.0, y), Anchor::Start, SMALL);
    if heat.open.iter().flatten().any(|open| *open) {
        x += font::width(&text, SMALL, Weight::Regular) + 34.0;
        let pen = Pen { colour: sheet.theme.ink, width: 2.2 };
        let (top, bottom) = (y - 8.0, y + 8.0);
        sheet.canvas.line(&[(x, top), (x + 22.0, top), (x + 22.0, bottom), (x, bottom), (x, top - 1.1)], pen);
        sheet.text("opening hours", (x + 30.0, y), Anchor::Start, SMALL);
    }
}
