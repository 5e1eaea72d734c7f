//! A specification to SVG: the sheet with its title, subtitle and note, and the drawing of each kind between them.
//! It counts nothing: every number comes with the specification.

mod areas;
mod axis;
mod bars;
mod canvas;
mod curves;
mod font;
mod heat;
mod line;
mod map;
mod matrix;
mod panels;
mod png;
mod rates;
mod shares;
mod stacks;

use canvas::{Anchor, Canvas, Pen, Type};
use font::Weight;

use super::spec::Spec;
use super::theme::{Rgb, Theme};

pub(super) use axis::written;
pub use font::FONTS;
pub(super) use png::png;

/// Width of every chart, px.
const WIDTH: f64 = 880.0;
/// Ground around the drawing.
const MARGIN: f64 = 22.0;

/// Sizes of text: legible at half size.
const TITLE: f64 = 22.0;
const SUBTITLE: f64 = 15.5;
const LABEL: f64 = 14.5;
const SMALL: f64 = 13.5;

/// What stands around a drawing.
pub(super) struct Head<'a> {
    pub(super) title: &'a str,
    pub(super) subtitle: &'a str,
    pub(super) note: &'a str,
    pub(super) alt: &'a str,
}

/// A sheet and the colours that it is drawn in.
struct Sheet<'a> {
    canvas: Canvas<'a>,
    theme: &'a Theme,
}

/// A part of the sheet, px.
#[derive(Clone, Copy, Debug)]
struct Area {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

impl Area {
    fn right(self) -> f64 {
        self.x + self.width
    }

    fn bottom(self) -> f64 {
        self.y + self.height
    }
}

impl Sheet<'_> {
    fn text(&mut self, text: &str, at: (f64, f64), anchor: Anchor, size: f64) {
        let kind = Type { size, weight: Weight::Regular, colour: self.theme.muted };
        self.canvas.text(text, at, anchor, kind);
    }

    fn strong(&mut self, text: &str, at: (f64, f64), anchor: Anchor, size: f64) {
        let kind = Type { size, weight: Weight::Bold, colour: self.theme.ink };
        self.canvas.text(text, at, anchor, kind);
    }

    fn coloured(&mut self, text: &str, at: (f64, f64), anchor: Anchor, kind: (f64, Rgb)) {
        let kind = Type { size: kind.0, weight: Weight::Bold, colour: kind.1 };
        self.canvas.text(text, at, anchor, kind);
    }

    fn thin(&self) -> Pen {
        Pen { colour: self.theme.grid, width: 1.0 }
    }
}

/// `spec` as an SVG of a fixed width and of the height that it needs.
///
/// # Errors
/// What plotters said.
pub(super) fn svg(spec: &Spec, head: &Head<'_>, theme: &Theme) -> Result<String, String> {
    let room = WIDTH - 2.0 * MARGIN;
    let title = font::wrapped(head.title, TITLE, Weight::Bold, room, 3);
    let subtitle = font::wrapped(head.subtitle, SUBTITLE, Weight::Regular, room, 3);
    let note = font::wrapped(head.note, SMALL, Weight::Regular, room, 4);
    let under_title = MARGIN + TITLE * 1.25 * title.len() as f64;
    let body_top = under_title + SUBTITLE * 1.4 * subtitle.len() as f64 + 14.0;
    let body = Area { x: MARGIN, y: body_top, width: room, height: height(spec, room) };
    let under_body = body.bottom() + 8.0;
    let foot = if note.is_empty() { 0.0 } else { SMALL * 1.4 * note.len() as f64 + 8.0 };
    let total = body.bottom() + foot + MARGIN * 0.8;

    let mut text = String::new();
    {
        let mut sheet = Sheet { canvas: Canvas::new(&mut text, WIDTH, total), theme };
        sheet.canvas.fill((0.0, 0.0), WIDTH, total, theme.ground);
        for (i, line) in title.iter().enumerate() {
            sheet.strong(line, (MARGIN, MARGIN + TITLE * 1.25 * (i as f64 + 0.5)), Anchor::Start, TITLE);
        }
        for (i, line) in subtitle.iter().enumerate() {
            let y = under_title + 3.0 + SUBTITLE * 1.4 * (i as f64 + 0.5);
            sheet.text(line, (MARGIN, y), Anchor::Start, SUBTITLE);
        }
        draw(&mut sheet, spec, body);
        for (i, line) in note.iter().enumerate() {
            sheet.text(line, (MARGIN, under_body + SMALL * 1.4 * (i as f64 + 0.5)), Anchor::Start, SMALL);
        }
        sheet.canvas.finish()?;
    }
    Ok(finished(&text, total, head.alt))
}

fn height(spec: &Spec, width: f64) -> f64 {
    match spec {
        Spec::Shares(shares) => shares::height(shares),
        Spec::Rates(rates) => rates::height(rates),
        Spec::Curves(curves) => curves::height(curves),
        Spec::Heat(_) => heat::HEIGHT,
        Spec::Map(map) => map::height(map),
        Spec::Matrix(matrix) => matrix::height(matrix),
        Spec::Stacks(stacks) => stacks::height(stacks, width),
        Spec::Areas(_) => areas::HEIGHT,
        Spec::Bars(bars) => bars::height(bars),
        Spec::Line(_) => line::HEIGHT,
    }
}

fn draw(sheet: &mut Sheet<'_>, spec: &Spec, area: Area) {
    match spec {
        Spec::Shares(shares) => shares::draw(sheet, shares, area),
        Spec::Rates(rates) => rates::draw(sheet, rates, area),
        Spec::Curves(curves) => curves::draw(sheet, curves, area),
        Spec::Heat(heat) => heat::draw(sheet, heat, area),
        Spec::Map(map) => map::draw(sheet, map, area),
        Spec::Matrix(matrix) => matrix::draw(sheet, matrix, area),
        Spec::Stacks(stacks) => stacks::draw(sheet, stacks, area),
        Spec::Areas(areas) => areas::draw(sheet, areas, area),
        Spec::Bars(bars) => bars::draw(sheet, bars, area),
        Spec::Line(line) => line::draw(sheet, line, area),
    }
}

/// What plotters wrote, under a head that scales it and says what it shows, without what is the default anyway.
fn finished(text: &str, height: f64, alt: &str) -> String {
    let (head, body) = text.split_once(">\n").unwrap_or(("", text));
    let units = head.split("viewBox=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
    let body = body.replace(" opacity=\"1\"", "").replace("\">\n", "\">").replace("\n</text>", "</text>");
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH:.0}\" height=\"{height:.1}\" viewBox=\"{units}\" \
         role=\"img\" aria-label=\"{}\">\n{body}",
        escaped(alt)
    )
}

/// `text` for an attribute in double quotes.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}
