//! Draws one bar a name from left to right, with its value at its end.

use super::super::spec::Bars;
use super::axis::{self, Scale};
use super::canvas::{Anchor, Pen};
use super::font::{self, Weight};
use super::{Area, LABEL, SMALL, Sheet};

const FOOT: f64 = 46.0;
/// The widest that names may be.
const LEFT: f64 = 250.0;
const RIGHT: f64 = 150.0;

fn row_height(n: usize) -> f64 {
    if n > 12 { 27.0 } else { 38.0 }
}

pub(super) fn height(bars: &Bars) -> f64 {
    row_height(bars.bars.len()) * bars.bars.len() as f64 + FOOT + 8.0
}

pub(super) fn draw(sheet: &mut Sheet<'_>, bars: &Bars, area: Area) {
    let row = row_height(bars.bars.len());
    let widest = |texts: &mut dyn Iterator<Item = &String>, weight, most: f64| {
        texts.map(|text| font::width(text, LABEL, weight)).fold(0.0, f64::max).min(most)
    };
    let left = widest(&mut bars.bars.iter().map(|bar| &bar.label), Weight::Regular, LEFT) + 16.0;
    let right = widest(&mut bars.bars.iter().map(|bar| &bar.text), Weight::Bold, RIGHT)
        + widest(&mut bars.bars.iter().map(|bar| &bar.aside), Weight::Regular, 1.6 * RIGHT)
        + 40.0;
    let plot = Area {
        x: area.x + left,
        y: area.y + 6.0,
        width: area.width - left - right,
        height: row * bars.bars.len() as f64,
    };
    let most = bars
        .bars
        .iter()
        .filter_map(|bar| bar.interval.map_or(bar.value, |(_, high)| bar.value.map(|v| v.max(high))))
        .fold(0.0, f64::max);
    // As many as have room for their names.
    let ticks = axis::ticks(most, (plot.width / 90.0).clamp(1.0, 5.0).floor(), bars.quantity);
    let top = ticks.last().copied().unwrap_or(1.0);
    let scale = Scale { from: 0.0, to: top, start: plot.x, end: plot.right() };
    for tick in &ticks {
        let x = scale.at(*tick);
        let pen = if *tick == 0.0 { axis::axis_pen(sheet) } else { sheet.thin() };
        sheet.canvas.line(&[(x, plot.y), (x, plot.bottom())], pen);
        sheet.text(&axis::written(*tick, bars.quantity), (x, plot.bottom() + 13.0), Anchor::Middle, SMALL);
    }
    sheet.text(&bars.value_name, (plot.x + plot.width / 2.0, plot.bottom() + 34.0), Anchor::Middle, SMALL);
    for (i, bar) in bars.bars.iter().enumerate() {
        let y = plot.y + row * (i as f64 + 0.5);
        let label = font::fitted(&bar.label, LABEL, Weight::Regular, left - 16.0);
        sheet.text(&label, (plot.x - 10.0, y), Anchor::End, LABEL);
        let end = bar.value.map_or(plot.x, |value| scale.at(value.max(0.0)));
        // A bar under an interval is paler, so that both are seen.
        let paler = if bar.interval.is_some() { 0.55 } else { 1.0 };
        let colour = sheet.theme.of(bar.tone).tint(paler);
        let height = row * 0.62;
        sheet.canvas.fill((plot.x, y - height / 2.0), (end - plot.x).max(0.0), height, colour);
        let mut text_at = end;
        if let Some((low, high)) = bar.interval {
            let (low, high) = (scale.at(low), scale.at(high));
            sheet.canvas.line(&[(low, y), (high, y)], Pen { colour: sheet.theme.ink, width: 1.6 });
            text_at = text_at.max(high);
        }
        let text = font::fitted(&bar.text, LABEL, Weight::Bold, area.right() - text_at - 8.0);
        sheet.strong(&text, (text_at + 8.0, y), Anchor::Start, LABEL);
        let aside_at = text_at + 8.0 + font::width(&text, LABEL, Weight::Bold) + 8.0;
        let aside = font::fitted(&bar.aside, LABEL, Weight::Regular, area.right() - aside_at);
        if !bar.aside.is_empty() {
            sheet.text(&aside, (aside_at, y), Anchor::Start, LABEL);
        }
    }
}
