//! Draws a matrix of counts from × to: the darker the more, one colour above the diagonal and another below it, since
//! up and down are different news; the diagonal is no change.

use super::super::spec::Matrix;
use super::super::theme::Tone;
use super::super::words;
use super::canvas::Anchor;
use super::font::{self, Weight};
use super::{Area, LABEL, SMALL, Sheet, Type};

/// The widest that the rows' names may be.
const NAMES: f64 = 170.0;
const TOP: f64 = 62.0;

fn row_height(matrix: &Matrix) -> f64 {
    if matrix.levels.len() > 6 { 42.0 } else { 54.0 }
}

pub(super) fn height(matrix: &Matrix) -> f64 {
    TOP + row_height(matrix) * matrix.levels.len() as f64 + 8.0
}

pub(super) fn draw(sheet: &mut Sheet<'_>, matrix: &Matrix, area: Area) {
    let n = matrix.levels.len();
    let row = row_height(matrix);
    let names = matrix.levels.iter().map(|level| font::width(level, LABEL, Weight::Regular));
    let names = names.fold(0.0, f64::max).min(NAMES);
    let (left, top) = (area.x + names + 40.0, area.y + TOP);
    let cell = ((area.right() - left) / n.max(1) as f64).min(150.0);
    let most = matrix.cells.iter().flatten().map(|cell| cell.n).max().unwrap_or(0).max(1);
    sheet.strong(&matrix.to_name, (left, area.y + 12.0), Anchor::Start, SMALL);
    let kind = Type { size: SMALL, weight: Weight::Bold, colour: sheet.theme.ink };
    sheet.canvas.upward(&matrix.from_name, (area.x + 8.0, top + row * n as f64 / 2.0), Anchor::Middle, kind);
    for (i, level) in matrix.levels.iter().enumerate() {
        let across = i as f64 + 0.5;
        let name = font::fitted(level, LABEL, Weight::Regular, names);
        sheet.text(&name, (left - 10.0, top + row * across), Anchor::End, LABEL);
        let lines = font::wrapped(level, SMALL, Weight::Regular, cell - 6.0, 2);
        for (l, line) in lines.iter().enumerate() {
            let y = top - 9.0 - 15.0 * (lines.len() - 1 - l) as f64;
            sheet.text(line, (left + cell * across, y), Anchor::Middle, SMALL);
        }
    }
    for (from, cells) in matrix.cells.iter().enumerate() {
        for (to, value) in cells.iter().enumerate() {
            let at =
                Area { x: left + cell * to as f64, y: top + row * from as f64, width: cell, height: row };
            if from == to {
                draw_diagonal(sheet, at);
            } else {
                let shade =
                    if value.n > 0 { 0.14 + 0.86 * (value.n as f64 / most as f64).sqrt() } else { 0.0 };
                draw_cell(sheet, at, (value.n, value.n_marked), (to < from, shade));
            }
        }
    }
}

fn draw_diagonal(sheet: &mut Sheet<'_>, at: Area) {
    let ground = sheet.theme.grid.tint(0.6);
    sheet.canvas.fill((at.x + 1.0, at.y + 1.0), at.width - 2.0, at.height - 2.0, ground);
    sheet.text("–", (at.x + at.width / 2.0, at.y + at.height / 2.0), Anchor::Middle, LABEL);
}

fn draw_cell(sheet: &mut Sheet<'_>, at: Area, (n, n_marked): (i64, i64), (is_up, shade): (bool, f64)) {
    let theme = sheet.theme;
    let tone = if is_up { theme.accent } else { theme.of(Tone::Bad) };
    let ground = if n > 0 { tone.tint(shade) } else { theme.grid.tint(0.25) };
    sheet.canvas.fill((at.x + 1.0, at.y + 1.0), at.width - 2.0, at.height - 2.0, ground);
    if n <= 0 {
        return;
    }
    let colour = if ground.is_dark() { theme.ground } else { theme.ink };
    let (x, y) = (at.x + at.width / 2.0, at.y + at.height / 2.0);
    let is_marked = n_marked > 0;
    let count = font::fitted(&words::compact(n), LABEL + 1.5, Weight::Bold, at.width - 6.0);
    sheet.coloured(&count, (x, if is_marked { y - 9.0 } else { y }), Anchor::Middle, (LABEL + 1.5, colour));
    if is_marked {
        let (room, marked) = (at.width - 6.0, words::compact(n_marked));
        let spelt = format!("{marked} masked");
        let fits = font::width(&spelt, SMALL, Weight::Regular) <= room;
        let text =
            if fits { spelt } else { font::fitted(&format!("({marked})"), SMALL, Weight::Regular, room) };
        let kind = Type { size: SMALL, weight: Weight::Regular, colour };
        sheet.canvas.text(&text, (x, y + 10.0), Anchor::Middle, kind);
    }
}
