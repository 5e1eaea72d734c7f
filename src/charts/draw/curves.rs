//! Draws cumulative curves: the panel's own in the accent, the others' behind it in grey, the target as a line with
//! the share that was reached within it. Time runs in powers, since answers take minutes or weeks.

use super::super::spec::{CurvePanel, Curves};
use super::super::theme::Rgb;
use super::super::words;
use super::axis::{self, Scale};
use super::canvas::{Anchor, Pen};
use super::panels;
use super::{Area, SMALL, Sheet};

/// The shortest time that is shown apart: all shorter ones stand at the axis' beginning.
const SHORTEST_S: f64 = 60.0;

/// Times that are named, s.
const NAMED_S: [i64; 13] = [
    60,
    300,
    900,
    3_600,
    14_400,
    36_000,
    144_000,
    360_000,
    1_440_000,
    3_600_000,
    14_400_000,
    36_000_000,
    144_000_000,
];

pub(super) fn height(curves: &Curves) -> f64 {
    panels::height(curves.panels.len()) + 16.0
}

pub(super) fn draw(sheet: &mut Sheet<'_>, curves: &Curves, area: Area) {
    let longest = longest(curves);
    let panels = Area { height: area.height - 16.0, ..area };
    for (i, at) in panels::place(curves.panels.len(), panels).into_iter().enumerate() {
        let (plot, panel) = (at.plot, &curves.panels[i]);
        let time = Scale { from: SHORTEST_S.ln(), to: longest.ln(), start: plot.x, end: plot.right() };
        let share = Scale { from: 0.0, to: 1.0, start: plot.bottom(), end: plot.y };
        let levels: Vec<(f64, String)> =
            (0..=4).map(|i| f64::from(i) / 4.0).map(|v| (v, words::goal(v))).collect();
        axis::draw_levels(sheet, plot, &share, &levels, at.is_left);
        draw_times(sheet, plot, &time);
        let told = told(panel, sheet);
        panels::draw_told(sheet, plot, (&panel.title, &panel.n), (&told.0, told.1));
        panels::draw_axis_name(sheet, &at, &curves.share_name);
        for other in curves.panels.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, panel)| panel) {
            let pen = Pen { colour: sheet.theme.grid.mix(sheet.theme.axis, 0.3), width: 1.2 };
            sheet.canvas.line(&steps(other, &time, &share), pen);
        }
        let pen = Pen { colour: sheet.theme.accent, width: 2.6 };
        sheet.canvas.line(&steps(panel, &time, &share), pen);
        draw_target(sheet, panel, plot, (&time, &share));
    }
    let y = area.bottom() - 8.0;
    sheet.text(&curves.time_name, (area.x + area.width / 2.0, y), Anchor::Middle, SMALL);
}

/// The end of the time axis: where every curve has come to its end, or nearly.
fn longest(curves: &Curves) -> f64 {
    let ends = curves.panels.iter().filter_map(|panel| {
        let last = panel.points.last()?.1;
        // The last hundredth would take half of the axis.
        panel.points.iter().find(|point| point.1 >= last * 0.99).map(|point| point.0)
    });
    let targets = curves.panels.iter().filter_map(|panel| panel.target.as_ref().map(|t| t.target_s * 2));
    let longest = ends.chain(targets).max().unwrap_or(0);
    let named = NAMED_S.into_iter().skip(3).find(|named| *named >= longest);
    named.map_or(longest as f64, |named| named as f64)
}

/// A curve that goes up at its points and is level between them, to the end of the axis.
fn steps(panel: &CurvePanel, time: &Scale, share: &Scale) -> Vec<(f64, f64)> {
    let mut line = vec![(time.start, share.start)];
    let mut height = share.start;
    for (after_s, reached) in &panel.points {
        let x = time.at((*after_s as f64).max(SHORTEST_S).ln());
        line.push((x, height));
        height = share.at(*reached);
        line.push((x, height));
    }
    line.push((time.end, height));
    line.dedup();
    line
}

fn draw_times(sheet: &mut Sheet<'_>, plot: Area, time: &Scale) {
    const ROOM: f64 = 46.0;
    let mut free_from = f64::MIN;
    for named in NAMED_S {
        let value = (named as f64).ln();
        if value > time.to + 1e-9 {
            break;
        }
        let x = time.at(value);
        sheet.canvas.line(&[(x, plot.bottom()), (x, plot.bottom() + 4.0)], axis::axis_pen(sheet));
        if x >= free_from {
            // The ends stand within the panel, so that neighbours do not meet.
            let (anchor, x) = match x {
                x if x <= plot.x + 1.0 => (Anchor::Start, x - 4.0),
                x if x >= plot.right() - 1.0 => (Anchor::End, x + 4.0),
                x => (Anchor::Middle, x),
            };
            sheet.text(&words::duration(named), (x, plot.bottom() + 15.0), anchor, SMALL);
            free_from = x + ROOM;
        }
    }
}

/// What a panel says: the share that was reached within its target, else when half was.
fn told(panel: &CurvePanel, sheet: &Sheet<'_>) -> (String, Rgb) {
    match (&panel.target, panel.median_s) {
        (Some(target), _) => {
            let reached = words::percent(target.share);
            (format!("{reached} within {}", target.text), sheet.theme.ink)
        }
        (None, Some(median_s)) => (format!("half within {}", words::duration(median_s)), sheet.theme.muted),
        (None, None) => ("less than half".to_owned(), sheet.theme.muted),
    }
}

/// The target as a line down to the axis and a dot on the curve.
fn draw_target(sheet: &mut Sheet<'_>, panel: &CurvePanel, plot: Area, (time, share): (&Scale, &Scale)) {
    let Some(target) = &panel.target else { return };
    let x = time.at((target.target_s as f64).max(SHORTEST_S).ln());
    let y = share.at(target.share);
    let colour = sheet.theme.ink;
    sheet.canvas.dashes((x, plot.y), (x, plot.bottom()), Pen { colour, width: 1.5 });
    sheet.canvas.dot((x, y), 5.4, sheet.theme.ground);
    sheet.canvas.dot((x, y), 4.0, colour);
}
