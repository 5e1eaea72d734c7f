//! Draws shares by two things as a heat map; the cells that hold the goal are outlined together.

use super::super::spec::Map;
use super::super::words;
use super::axis;
use super::canvas::{Anchor, Pen, Type};
use super::font::{self, Weight};
use super::{Area, LABEL, SMALL, Sheet};

const LEFT: f64 = 96.0;
const TOP: f64 = 22.0;
const FOOT: f64 = 84.0;
/// Narrowest cell that has its share written in it.
const ROOM: f64 = 44.0;

fn row_height(map: &Map) -> f64 {
    (640.0 / map.rows.len().max(1) as f64).clamp(4.0, 34.0)
}

pub(super) fn height(map: &Map) -> f64 {
    TOP + row_height(map) * map.rows.len() as f64 + FOOT
}

pub(super) fn draw(sheet: &mut Sheet<'_>, map: &Map, area: Area) {
    let row = row_height(map);
    let plot = Area {
        x: area.x + LEFT,
        y: area.y + TOP,
        width: area.width - LEFT,
        height: row * map.rows.len() as f64,
    };
    let cell = plot.width / map.columns.len().max(1) as f64;
    let shares = || map.shares.iter().flatten().flatten().copied();
    let (least, most) = (shares().fold(1.0, f64::min), shares().fold(0.0, f64::max));
    let gap = if row > 12.0 && cell > 12.0 { 0.8 } else { 0.0 };
    sheet.text(&map.rows_name.clone(), (area.x, area.y + 2.0), Anchor::Start, SMALL);
    for (i, shares) in map.shares.iter().enumerate() {
        let y = plot.y + row * i as f64;
        // Names of low rows would stand in each other.
        if i.is_multiple_of((18.0 / row).ceil().max(1.0) as usize) {
            sheet.text(
                &map.rows[i],
                (plot.x - 10.0, y + row / 2.0),
                Anchor::End,
                LABEL.min(row + 2.0).max(11.0),
            );
        }
        for (j, share) in shares.iter().enumerate() {
            let Some(share) = share else { continue };
            let x = plot.x + cell * j as f64;
            let colour = sheet.theme.accent.tint(shade(*share, least, most));
            sheet.canvas.fill((x + gap, y + gap), cell - 2.0 * gap, row - 2.0 * gap, colour);
            if cell >= ROOM && row >= 20.0 {
                let ink = if colour.is_dark() { sheet.theme.ground } else { sheet.theme.ink };
                let kind = Type { size: SMALL, weight: Weight::Regular, colour: ink };
                let told = map
                    .goal
                    .map_or_else(|| words::percent(*share), |goal| words::percent_beside(*share, goal));
                sheet.canvas.text(
                    &font::fitted(&told, SMALL, Weight::Regular, cell - 2.0),
                    (x + cell / 2.0, y + row / 2.0),
                    Anchor::Middle,
                    kind,
                );
            }
        }
    }
    let steps = super::super::spec::Steps::Names(map.columns.clone());
    axis::draw_steps(sheet, &steps, plot);
    sheet.text(&map.columns_name, (plot.x + plot.width / 2.0, plot.bottom() + 46.0), Anchor::Middle, SMALL);
    draw_outline(sheet, map, plot, (cell, row));
    draw_key(sheet, map, (least, most), (plot.x, plot.bottom() + 68.0));
}

/// How dark a share is between the least and the most.
fn shade(share: f64, least: f64, most: f64) -> f64 {
    let span = most - least;
    if span > 0.0 { 0.08 + 0.92 * (share - least) / span } else { 0.5 }
}

/// A line between each cell that holds the goal and its neighbour that does not.
fn draw_outline(sheet: &mut Sheet<'_>, map: &Map, plot: Area, (cell, row): (f64, f64)) {
    let Some(goal) = map.goal else { return };
    let holds = |i: i64, j: i64| {
        let at = usize::try_from(i).ok().zip(usize::try_from(j).ok());
        let share = at.and_then(|(i, j)| *map.shares.get(i)?.get(j)?);
        share.is_some_and(|share| share >= goal - 4.0 * f64::EPSILON)
    };
    let pen = Pen { colour: sheet.theme.ink, width: 2.2 };
    for i in 0..map.rows.len() as i64 {
        for j in 0..map.columns.len() as i64 {
            if !holds(i, j) {
                continue;
            }
            let (x, y) = (plot.x + cell * j as f64, plot.y + row * i as f64);
            let (right, bottom) = (x + cell, y + row);
            let sides = [
                (holds(i - 1, j), [(x - 1.1, y), (right + 1.1, y)]),
                (holds(i + 1, j), [(x - 1.1, bottom), (right + 1.1, bottom)]),
                (holds(i, j - 1), [(x, y), (x, bottom)]),
                (holds(i, j + 1), [(right, y), (right, bottom)]),
            ];
            for (_, side) in sides.into_iter().filter(|(is_inside, _)| !is_inside) {
                sheet.canvas.line(&side, pen);
            }
        }
    }
}

fn draw_key(sheet: &mut Sheet<'_>, map: &Map, (least, most): (f64, f64), (mut x, y): (f64, f64)) {
    if least > most {
        return;
    }
    let text = format!("{}, {}", words::capital(&map.share_name), words::percent(least));
    sheet.text(&text, (x, y), Anchor::Start, SMALL);
    x += font::width(&text, SMALL, Weight::Regular) + 8.0;
    for step in 0..=6 {
        let share = least + (most - least) * f64::from(step) / 6.0;
        let colour = sheet.theme.accent.tint(shade(share, least, most));
        sheet.canvas.fill((x, y - 8.0), 18.0, 16.0, colour);
        x += 19.0;
    }
    let text = words::percent(most);
    sheet.text(&text, (x + 6.0, y), Anchor::Start, SMALL);
    x += font::width(&text, SMALL, Weight::Regular) + 34.0;
    if let Some(goal) = map.goal {
        let pen = Pen { colour: sheet.theme.ink, width: 2.2 };
        let (top, bottom) = (y - 8.0, y + 8.0);
        sheet.canvas.line(&[(x, top), (x + 22.0, top), (x + 22.0, bottom), (x, bottom), (x, top - 1.1)], pen);
        sheet.text(&format!("at or above {}", words::goal(goal)), (x + 30.0, y), Anchor::Start, SMALL);
    }
}
