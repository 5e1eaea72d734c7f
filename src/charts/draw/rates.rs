//! Draws one share a row from left to right, with its interval, the goal as a line across its row.

use super::super::spec::Rates;
use super::super::words;
use super::axis::{self, Scale};
use super::canvas::{Anchor, Pen};
use super::font::{self, Weight};
use super::shares::{self, KEY};
use super::{Area, LABEL, SMALL, Sheet};

const FOOT: f64 = 44.0;
/// The widest that names may be.
const NAMES: f64 = 220.0;

fn row_height(rates: &Rates) -> f64 {
    if rates.rows.len() > 6 { 34.0 } else { 44.0 }
}

pub(super) fn height(rates: &Rates) -> f64 {
    KEY + row_height(rates) * rates.rows.len() as f64 + FOOT
}

pub(super) fn draw(sheet: &mut Sheet<'_>, rates: &Rates, area: Area) {
    let marks: Vec<_> = rates.rows.iter().map(|row| (row.point, row.goal)).collect();
    shares::draw_key(sheet, &marks, (area.x, area.y + KEY / 2.0 - 3.0));
    let widest = |of: fn(&super::super::spec::RateRow) -> &str, size| {
        rates.rows.iter().map(|row| font::width(of(row), size, Weight::Regular)).fold(0.0, f64::max)
    };
    let left = widest(|row| &row.label, LABEL).min(NAMES) + 16.0;
    let right = widest(|row| &row.n, SMALL).min(NAMES) + 64.0;
    let row = row_height(rates);
    let plot = Area {
        x: area.x + left,
        y: area.y + KEY,
        width: area.width - left - right,
        height: row * rates.rows.len() as f64,
    };
    let scale = Scale { from: 0.0, to: 1.0, start: plot.x, end: plot.right() };
    for share in [0.0, 0.25, 0.5, 0.75, 1.0] {
        let x = scale.at(share);
        let pen = if share == 0.0 { axis::axis_pen(sheet) } else { sheet.thin() };
        sheet.canvas.line(&[(x, plot.y), (x, plot.bottom())], pen);
        sheet.text(&words::goal(share), (x, plot.bottom() + 13.0), Anchor::Middle, SMALL);
    }
    sheet.text(&rates.share_name, (plot.x + plot.width / 2.0, plot.bottom() + 33.0), Anchor::Middle, SMALL);
    for (i, rate) in rates.rows.iter().enumerate() {
        let y = plot.y + row * (i as f64 + 0.5);
        let label = font::fitted(&rate.label, LABEL, Weight::Regular, left - 16.0);
        sheet.text(&label, (plot.x - 10.0, y), Anchor::End, LABEL);
        let standing = rate.point.standing(rate.goal);
        let (low, high) = (scale.at(rate.point.low), scale.at(rate.point.high));
        let colour = shares::colour(sheet, standing).tint(0.35);
        sheet.canvas.fill((low, y - 4.0), high - low, 8.0, colour);
        if let Some(goal) = rate.goal {
            let (x, pen) = (scale.at(goal), Pen { colour: sheet.theme.ink, width: 1.6 });
            sheet.canvas.dashes((x, y - row * 0.42), (x, y + row * 0.42), pen);
        }
        shares::draw_mark(sheet, (scale.at(rate.point.share), y), 5.5, standing);
        let share = rate.point.share;
        let share =
            rate.goal.map_or_else(|| words::percent(share), |goal| words::percent_beside(share, goal));
        sheet.strong(&share, (plot.right() + 58.0, y), Anchor::End, LABEL);
        let n = font::fitted(&rate.n, SMALL, Weight::Regular, right - 62.0);
        sheet.text(&n, (plot.right() + 66.0, y), Anchor::Start, SMALL);
    }
}
