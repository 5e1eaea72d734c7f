//! A sheet in pixels that is written as SVG by plotters: lines, areas, marks and texts. It decides nothing about
//! charts. Plotters counts in whole numbers, so a pixel is ten of its units and the sheet is scaled by its viewBox.

use plotters::prelude::{DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontTransform, RGBColor, ShapeStyle, TextStyle};

use super::super::theme::Rgb;
use super::font::{FAMILY, PLOTTERS_SIZE, Weight};

/// Units of plotters a pixel.
const UNITS: f64 = 10.0;

/// Where a text stands to its point; its height is always centred on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Type {
    pub(super) size: f64,
    pub(super) weight: Weight,
    pub(super) colour: Rgb,
}

/// A stroke.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pen {
    pub(super) colour: Rgb,
    pub(super) width: f64,
}

impl Pen {
    fn style(self) -> ShapeStyle {
        ShapeStyle {
            color: opaque(self.colour).to_rgba(),
            filled: false,
            stroke_width: units(self.width).unsigned_abs(),
        }
    }
}

const fn opaque(Rgb(r, g, b): Rgb) -> RGBColor {
    RGBColor(r, g, b)
}

fn units(pixels: f64) -> i32 {
    (pixels * UNITS).round() as i32
}

type Point = (f64, f64);

fn at((x, y): Point) -> (i32, i32) {
    (units(x), units(y))
}

/// A sheet that is being drawn on.
pub(super) struct Canvas<'a> {
    backend: SVGBackend<'a>,
    problem: Option<String>,
}

impl<'a> Canvas<'a> {
    /// An empty sheet of `width` × `height` px, written into `text`.
    pub(super) fn new(text: &'a mut String, width: f64, height: f64) -> Canvas<'a> {
        let size = (units(width).unsigned_abs(), units(height).unsigned_abs());
        Canvas { backend: SVGBackend::with_string(text, size), problem: None }
    }

    /// Ends the sheet.
    ///
    /// # Errors
    /// What plotters said of the first thing that it could not draw.
    pub(super) fn finish(mut self) -> Result<(), String> {
        let ended = self.backend.present();
        self.keep(ended);
        self.problem.map_or(Ok(()), Err)
    }

    fn keep<E: std::fmt::Display>(&mut self, drawn: Result<(), E>) {
        if let Err(problem) = drawn {
            self.problem.get_or_insert_with(|| problem.to_string());
        }
    }

    /// A filled rectangle.
    pub(super) fn fill(&mut self, (x, y): Point, width: f64, height: f64, colour: Rgb) {
        let drawn = self.backend.draw_rect(at((x, y)), at((x + width, y + height)), &opaque(colour), true);
        self.keep(drawn);
    }

    /// A line from point to point.
    pub(super) fn line(&mut self, points: &[Point], pen: Pen) {
        let drawn = match points {
            [from, to] => self.backend.draw_line(at(*from), at(*to), &pen.style()),
            points => self.backend.draw_path(points.iter().map(|&p| at(p)), &pen.style()),
        };
        self.keep(drawn);
    }

    /// A straight line of dashes.
    pub(super) fn dashes(&mut self, from: Point, to: Point, pen: Pen) {
        const DASH: f64 = 5.0;
        const GAP: f64 = 4.0;
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        let along = |d: f64| {
            let share = (d / length).min(1.0);
            (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share)
        };
        let n = (length / (DASH + GAP)).ceil().max(0.0) as usize;
        for i in 0..n {
            let start = i as f64 * (DASH + GAP);
            self.line(&[along(start), along(start + DASH)], pen);
        }
    }

    /// A filled outline.
    pub(super) fn area(&mut self, points: &[Point], colour: Rgb) {
        let drawn = self.backend.fill_polygon(points.iter().map(|&p| at(p)), &opaque(colour));
        self.keep(drawn);
    }

    /// A filled circle.
    pub(super) fn dot(&mut self, centre: Point, radius: f64, colour: Rgb) {
        let drawn = self.backend.draw_circle(at(centre), units(radius).unsigned_abs(), &opaque(colour), true);
        self.keep(drawn);
    }

    /// A filled square that stands on its corner.
    pub(super) fn diamond(&mut self, (x, y): Point, radius: f64, colour: Rgb) {
        self.area(&[(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)], colour);
    }

    /// One line of text.
    pub(super) fn text(&mut self, text: &str, point: Point, anchor: Anchor, kind: Type) {
        self.turned(text, point, anchor, kind, FontTransform::None);
    }

    /// One line of text that is read from bottom to top.
    pub(super) fn upward(&mut self, text: &str, point: Point, anchor: Anchor, kind: Type) {
        self.turned(text, point, anchor, kind, FontTransform::Rotate270);
    }

    fn turned(&mut self, text: &str, point: Point, anchor: Anchor, kind: Type, turn: FontTransform) {
        let h_pos = match anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        let size = kind.size * UNITS * PLOTTERS_SIZE;
        let font = FontDesc::new(FontFamily::Name(FAMILY), size, kind.weight.style()).transform(turn);
        let colour = opaque(kind.colour).to_backend_color();
        let style = TextStyle { font, color: colour, pos: Pos::new(h_pos, VPos::Center) };
        let drawn = self.backend.draw_text(text, &style, at(point));
        self.keep(drawn);
    }
}
