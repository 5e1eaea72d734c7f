//! Draws shares with their intervals: a mark a step, its interval as a bar, the goal as a dashed line. Shape and
//! colour say how a share stands against the goal.

use super::super::spec::{SharePoint, Shares};
use super::super::theme::{Rgb, Tone};
use super::super::words;
use super::axis::{self, Scale};
use super::canvas::{Anchor, Pen};
use super::font::{self, Weight};
use super::panels::{self, Panel};
use super::{Area, SMALL, Sheet};
use crate::tables::Standing;

/// Room for the key above the panels.
pub(super) const KEY: f64 = 26.0;

pub(super) fn height(shares: &Shares) -> f64 {
    KEY + panels::height(shares.panels.len())
}

pub(super) fn draw(sheet: &mut Sheet<'_>, shares: &Shares, area: Area) {
    let marks: Vec<_> = shares
        .panels
        .iter()
        .flat_map(|panel| panel.points.iter().map(|point| (*point, panel.goal)))
        .collect();
    draw_key(sheet, &marks, (area.x, area.y + KEY / 2.0 - 3.0));
    let area = Area { y: area.y + KEY, height: area.height - KEY, ..area };
    let (lowest, highest) = (lowest(shares), highest(shares));
    for (panel, at) in shares.panels.iter().zip(panels::place(shares.panels.len(), area)) {
        let plot = at.plot;
        let scale = Scale { from: lowest, to: highest, start: plot.bottom(), end: plot.y };
        draw_frame(sheet, shares, &at, &scale);
        panels::draw_heading(sheet, plot, &panel.title, &panel.n);
        if let Some(goal) = panel.goal {
            let (y, pen) = (scale.at(goal), Pen { colour: sheet.theme.ink, width: 1.4 });
            sheet.canvas.dashes((plot.x, y), (plot.right(), y), pen);
        }
        let n = shares.steps.n();
        let thin = plot.width / (n.max(1) as f64);
        let (whisker, radius) = ((thin * 0.34).clamp(1.2, 5.0), (thin * 0.3).clamp(1.8, 4.5));
        for point in &panel.points {
            let (x, y) = (axis::step_at(plot, n, point.step), scale.at(point.share));
            let colour = colour(sheet, point.standing(panel.goal));
            let (top, bottom) = (scale.at(point.high), scale.at(point.low));
            sheet.canvas.fill((x - whisker / 2.0, top), whisker, bottom - top, colour.tint(0.35));
            draw_mark(sheet, (x, y), radius, point.standing(panel.goal));
        }
    }
}

/// Where the axis begins: at 0, or at a half or four fifths where nothing lies below.
fn lowest(shares: &Shares) -> f64 {
    let values = shares.panels.iter().flat_map(|p| p.points.iter().map(|point| point.low).chain(p.goal));
    let least = values.fold(1.0, f64::min);
    [0.8, 0.5].into_iter().find(|start| least >= *start).unwrap_or(0.0)
}

/// Where it ends: at the whole, or sooner where all is far below it and no goal is above.
fn highest(shares: &Shares) -> f64 {
    let values = shares.panels.iter().flat_map(|p| p.points.iter().map(|point| point.high).chain(p.goal));
    let most = values.fold(0.0, f64::max);
    [0.1, 0.25, 0.5].into_iter().find(|end| most <= *end).unwrap_or(1.0)
}

fn draw_frame(sheet: &mut Sheet<'_>, shares: &Shares, panel: &Panel, scale: &Scale) {
    // Quarters of a whole axis, and of the last fifth; fifths of the others.
    let n_steps = if (scale.from == 0.0 && scale.to == 1.0) || scale.from == 0.8 { 4 } else { 5 };
    let levels: Vec<(f64, String)> = (0..=n_steps)
        .map(|i| scale.from + (scale.to - scale.from) * f64::from(i) / f64::from(n_steps))
        .map(|value| (value, words::goal(value)))
        .collect();
    axis::draw_levels(sheet, panel.plot, scale, &levels, panel.is_left);
    axis::draw_steps(sheet, &shares.steps, panel.plot);
    panels::draw_axis_name(sheet, panel, &shares.share_name);
}

pub(super) fn colour(sheet: &Sheet<'_>, standing: Standing) -> Rgb {
    match standing {
        Standing::Kept | Standing::NoneJudged => sheet.theme.accent,
        Standing::InDoubt => sheet.theme.of(Tone::Doubtful),
        Standing::Missed => sheet.theme.of(Tone::Bad),
    }
}

/// A dot where the goal is kept, a ring in doubt, a diamond where it is missed.
pub(super) fn draw_mark(sheet: &mut Sheet<'_>, at: (f64, f64), radius: f64, standing: Standing) {
    let colour = colour(sheet, standing);
    match standing {
        Standing::Kept | Standing::NoneJudged => sheet.canvas.dot(at, radius, colour),
        Standing::InDoubt => {
            sheet.canvas.dot(at, radius, colour.mix(Rgb(0, 0, 0), 0.15));
            sheet.canvas.dot(at, radius * 0.5, sheet.theme.ground);
        }
        Standing::Missed => sheet.canvas.diamond(at, radius * 1.35, colour),
    }
}

/// What the marks mean: only those that are there.
pub(super) fn draw_key(sheet: &mut Sheet<'_>, drawn: &[(SharePoint, Option<f64>)], (mut x, y): (f64, f64)) {
    let has_goal = drawn.iter().any(|(_, goal)| goal.is_some());
    let kept = match (has_goal, drawn.iter().all(|(_, goal)| goal.is_some())) {
        (true, true) => "at or above the objective",
        (true, false) => "at or above, or no objective",
        _ => "share",
    };
    let standings: Vec<Standing> = drawn.iter().map(|(point, goal)| point.standing(*goal)).collect();
    let marks = [
        (Standing::Kept, kept),
        (Standing::InDoubt, "below, within doubt"),
        (Standing::Missed, "below, beyond doubt"),
    ];
    for (standing, name) in marks.into_iter().filter(|(standing, _)| standings.contains(standing)) {
        draw_mark(sheet, (x + 5.0, y), 4.5, standing);
        x = key_text(sheet, name, (x + 15.0, y));
    }
    if has_goal {
        let pen = Pen { colour: sheet.theme.ink, width: 1.4 };
        sheet.canvas.dashes((x, y), (x + 23.0, y), pen);
        x = key_text(sheet, "objective", (x + 30.0, y));
    }
    let grey = sheet.theme.axis.tint(0.5);
    sheet.canvas.fill((x + 3.0, y - 8.0), 5.0, 16.0, grey);
    key_text(sheet, "95\u{a0}% interval", (x + 15.0, y));
}

/// Writes an entry of the key; gives where the next one begins.
fn key_text(sheet: &mut Sheet<'_>, text: &str, at: (f64, f64)) -> f64 {
    sheet.text(text, at, Anchor::Start, SMALL);
    at.0 + font::width(text, SMALL, Weight::Regular) + 22.0
}
