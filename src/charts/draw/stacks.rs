//! Draws parts of a whole as one bar a group; under each bar its parts by name with count and share, so that a thin
//! part is read as well as a thick one.

use super::super::spec::{Stack, Stacks};
use super::super::words;
use super::canvas::Anchor;
use super::font::{self, Weight};
use super::{Area, LABEL, SMALL, Sheet};

const HEADING: f64 = 28.0;
const BAR: f64 = 34.0;
const LINE: f64 = 23.0;
const GAP: f64 = 20.0;
const SWATCH: f64 = 12.0;

fn total(stack: &Stack) -> i64 {
    stack.parts.iter().map(|part| part.n).sum()
}

/// The parts' names in lines: (line, x from the left, index of the part, text).
fn key(stack: &Stack, width: f64) -> Vec<(usize, f64, usize, String)> {
    let (mut line, mut x) = (0, 0.0);
    let mut entries = Vec::new();
    let total = total(stack).max(1);
    for (i, part) in stack.parts.iter().enumerate() {
        let share = words::percent(part.n as f64 / total as f64);
        let text = format!("{}: {} ({share})", part.label, words::grouped(part.n));
        let needed = SWATCH + 7.0 + font::width(&text, SMALL, Weight::Regular) + 20.0;
        if x > 0.0 && x + needed > width {
            (line, x) = (line + 1, 0.0);
        }
        entries.push((line, x, i, text));
        x += needed;
    }
    entries
}

fn stack_height(stack: &Stack, width: f64) -> f64 {
    let lines = key(stack, width).last().map_or(0, |entry| entry.0 + 1);
    HEADING + BAR + 8.0 + LINE * lines as f64 + GAP
}

pub(super) fn height(stacks: &Stacks, width: f64) -> f64 {
    stacks.bars.iter().map(|stack| stack_height(stack, width)).sum()
}

pub(super) fn draw(sheet: &mut Sheet<'_>, stacks: &Stacks, area: Area) {
    let mut y = area.y;
    for stack in &stacks.bars {
        let beside = font::width(&stack.n, SMALL, Weight::Regular);
        let title = font::fitted(&stack.title, LABEL, Weight::Bold, area.width - beside - 20.0);
        sheet.strong(&title, (area.x, y + 12.0), Anchor::Start, LABEL);
        sheet.text(&stack.n, (area.right(), y + 12.0), Anchor::End, SMALL);
        draw_bar(sheet, stack, Area { y: y + HEADING, height: BAR, ..area });
        for (line, x, part, text) in key(stack, area.width) {
            let at = (area.x + x, y + HEADING + BAR + 8.0 + LINE * (line as f64 + 0.5));
            let colour = sheet.theme.of(stack.parts[part].tone);
            sheet.canvas.fill((at.0, at.1 - SWATCH / 2.0), SWATCH, SWATCH, colour);
            sheet.text(&text, (at.0 + SWATCH + 7.0, at.1), Anchor::Start, SMALL);
        }
        y += stack_height(stack, area.width);
    }
}

fn draw_bar(sheet: &mut Sheet<'_>, stack: &Stack, area: Area) {
    let total = total(stack).max(1) as f64;
    let mut before = 0;
    for part in &stack.parts {
        let (from, to) = (before as f64 / total, (before + part.n) as f64 / total);
        before += part.n;
        let (x, width) = (area.x + area.width * from, area.width * (to - from));
        let colour = sheet.theme.of(part.tone);
        // A white edge between parts, but never instead of a part.
        let edge = if width > 4.0 { 0.8 } else { 0.0 };
        sheet.canvas.fill((x + edge, area.y), (width - 2.0 * edge).max(0.6), area.height, colour);
        let text = words::grouped(part.n);
        if font::width(&text, LABEL, Weight::Bold) + 12.0 < width {
            let ink = if colour.is_dark() { sheet.theme.ground } else { sheet.theme.ink };
            let at = (x + width / 2.0, area.y + area.height / 2.0);
            sheet.coloured(&text, at, Anchor::Middle, (LABEL, ink));
        }
    }
}
