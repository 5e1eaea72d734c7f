//! Draws layers over time: areas where there are many steps, columns where there are few. The layers are named at
//! their right end, moved apart where they are thin.

use super::super::spec::{Areas, Quantity};
use super::super::theme::Rgb;
use super::super::words;
use super::axis::{self, Scale};
use super::canvas::{Anchor, Pen};
use super::font::{self, Weight};
use super::{Area, LABEL, SMALL, Sheet};

/// Height of the drawing.
pub(super) const HEIGHT: f64 = 370.0;
const LEFT: f64 = 66.0;
const RIGHT: f64 = 200.0;
const FOOT: f64 = 46.0;
/// Least distance of names.
const NAMED: f64 = 20.0;
/// Fewer steps than that are columns.
const FEW: usize = 6;

pub(super) fn draw(sheet: &mut Sheet<'_>, areas: &Areas, area: Area) {
    let plot = Area {
        x: area.x + LEFT,
        y: area.y + 30.0,
        width: area.width - LEFT - RIGHT,
        height: area.height - 30.0 - FOOT,
    };
    let sums: Vec<i64> =
        (0..areas.days.len()).map(|i| areas.layers.iter().map(|layer| layer.values[i]).sum()).collect();
    let most = sums.iter().copied().max().unwrap_or(0).max(1) as f64;
    let ticks = axis::ticks(most, 4.0, Quantity::Count);
    let top = ticks.last().copied().unwrap_or(most);
    let scale = Scale { from: 0.0, to: top, start: plot.bottom(), end: plot.y };
    let levels: Vec<(f64, String)> =
        ticks.iter().map(|tick| (*tick, axis::written(*tick, Quantity::Count))).collect();
    sheet.text(&areas.unit, (plot.x - LEFT + 2.0, plot.y - 20.0), Anchor::Start, SMALL);
    axis::draw_levels(sheet, plot, &scale, &levels, true);
    let time = days(areas, plot);
    let mut below = vec![0; areas.days.len()];
    let mut named = Vec::new();
    for (i, layer) in areas.layers.iter().enumerate() {
        let above: Vec<i64> = below.iter().zip(&layer.values).map(|(b, v)| b + v).collect();
        let colour = layer_colour(sheet, i, areas.layers.len());
        draw_layer(sheet, (&below, &above), (&time, &scale), colour);
        let is_seen = layer.values.iter().any(|n| *n > 0);
        if let (true, Some(low), Some(high), Some(n)) =
            (is_seen, below.last(), above.last(), layer.values.last())
        {
            let middle = (scale.at(*low as f64) + scale.at(*high as f64)) / 2.0;
            named.push((middle, colour, (layer.label.as_str(), words::grouped(*n))));
        }
        below = above;
    }
    draw_dates(sheet, areas, plot, &time);
    draw_names(sheet, named, plot);
}

/// The older, the darker.
fn layer_colour(sheet: &Sheet<'_>, i: usize, n: usize) -> Rgb {
    let share = (i + 1) as f64 / n.max(1) as f64;
    let accent = sheet.theme.accent;
    if share > 0.99 { accent.mix(Rgb(0, 0, 0), 0.35) } else { accent.tint(0.12 + 0.9 * share * share) }
}

/// Where each step stands: by its date where there are many, in even distances where there are few.
fn days(areas: &Areas, plot: Area) -> Vec<f64> {
    let n = areas.days.len();
    if n < FEW {
        return (0..n).map(|i| axis::step_at(plot, n, i)).collect();
    }
    let of = |i: usize| areas.days.get(i).copied().unwrap_or(0) as f64;
    let time = Scale { from: of(0), to: of(n - 1), start: plot.x, end: plot.right() };
    areas.days.iter().map(|day| time.at(*day as f64)).collect()
}

fn draw_layer(
    sheet: &mut Sheet<'_>,
    (below, above): (&[i64], &[i64]),
    (time, scale): (&[f64], &Scale),
    colour: Rgb,
) {
    if time.len() < FEW {
        let width = time.windows(2).map(|pair| (pair[1] - pair[0]) * 0.6).fold(80.0, f64::min);
        for (i, x) in time.iter().enumerate() {
            let (top, bottom) = (scale.at(above[i] as f64), scale.at(below[i] as f64));
            sheet.canvas.fill((x - width / 2.0, top), width, (bottom - top - 0.8).max(0.0), colour);
        }
        return;
    }
    let upper = time.iter().zip(above).map(|(x, v)| (*x, scale.at(*v as f64)));
    let lower = time.iter().zip(below).rev().map(|(x, v)| (*x, scale.at(*v as f64)));
    let outline: Vec<(f64, f64)> = upper.clone().chain(lower).collect();
    sheet.canvas.area(&outline, colour);
    let edge: Vec<(f64, f64)> = upper.collect();
    sheet.canvas.line(&edge, Pen { colour: sheet.theme.ground, width: 0.9 });
}

fn draw_dates(sheet: &mut Sheet<'_>, areas: &Areas, plot: Area, time: &[f64]) {
    const ROOM: f64 = 104.0;
    let mut free_from = f64::MIN;
    // The last date is the one that the title speaks of: it is always named.
    let last = time.len().saturating_sub(1);
    let end = time.last().copied().unwrap_or(0.0);
    for (i, (x, day)) in time.iter().zip(&areas.days).enumerate() {
        if i != last && (*x < free_from || *x > end - ROOM) {
            continue;
        }
        free_from = x + ROOM;
        sheet.canvas.line(&[(*x, plot.bottom()), (*x, plot.bottom() + 4.0)], axis::axis_pen(sheet));
        sheet.text(&words::day(*day), (*x, plot.bottom() + 15.0), Anchor::Middle, SMALL);
    }
}

/// Names beside the right end, none above another.
fn draw_names(sheet: &mut Sheet<'_>, mut named: Vec<(f64, Rgb, (&str, String))>, plot: Area) {
    // From the top down; each is pushed below the one before, then all are lifted back into the drawing.
    named.reverse();
    for i in 1..named.len() {
        named[i].0 = named[i].0.max(named[i - 1].0 + NAMED);
    }
    let mut lowest = plot.bottom() - 4.0;
    for entry in named.iter_mut().rev() {
        entry.0 = entry.0.min(lowest);
        lowest = entry.0 - NAMED;
    }
    for (y, colour, text) in &named {
        let (label, n) = text;
        let n_width = font::width(n, LABEL, Weight::Bold);
        let label = font::fitted(label, LABEL, Weight::Regular, RIGHT - 40.0 - n_width);
        sheet.canvas.fill((plot.right() + 10.0, y - 6.0), 12.0, 12.0, *colour);
        sheet.text(&label, (plot.right() + 29.0, *y), Anchor::Start, LABEL);
        let n_at = plot.right() + 29.0 + font::width(&label, LABEL, Weight::Regular) + 8.0;
        sheet.strong(n, (n_at, *y), Anchor::Start, LABEL);
    }
}
