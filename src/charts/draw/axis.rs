//! Axes: where a value stands, which values are named, and what stands along a horizontal axis of steps.

use super::super::spec::{Quantity, Steps};
use super::super::words;
use super::canvas::{Anchor, Pen};
use super::font::{self, Weight};
use super::{Area, SMALL, Sheet};

/// Room under a drawing for the names of its steps: two lines.
pub(super) const STEPS_HEIGHT: f64 = 40.0;

/// From values to pixels, linear.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) start: f64,
    pub(super) end: f64,
}

impl Scale {
    /// The pixel of `value`; values beyond the ends stand at the ends.
    pub(super) fn at(&self, value: f64) -> f64 {
        let span = self.to - self.from;
        let share = if span > 0.0 { ((value - self.from) / span).clamp(0.0, 1.0) } else { 0.5 };
        self.start + (self.end - self.start) * share
    }
}

/// Round values from 0 to at least `most`, about `n` of them: steps of 1, 2, 2½ or 5 times a power of ten, whole ones
/// for counts, and for durations of so many minutes, hours or days.
pub(super) fn ticks(most: f64, n: f64, quantity: Quantity) -> Vec<f64> {
    let wanted = (most.max(f64::MIN_POSITIVE) / n).max(f64::MIN_POSITIVE);
    let step = match quantity {
        Quantity::Seconds => seconds_step(wanted),
        // Of less than ten a half is no count.
        Quantity::Count if wanted < 10.0 => {
            [1.0, 2.0, 5.0, 10.0].into_iter().find(|s| *s >= wanted).unwrap_or(10.0)
        }
        Quantity::Count => round_step(wanted),
        Quantity::Share | Quantity::Number => round_step(wanted),
    };
    let n_steps = (most / step).ceil().clamp(1.0, 100.0) as usize;
    (0..=n_steps).map(|i| i as f64 * step).collect()
}

/// 1, 2, 2½ or 5 times a power of ten.
fn round_step(wanted: f64) -> f64 {
    let power = 10f64.powf(wanted.log10().floor());
    let times = [1.0, 2.0, 2.5, 5.0].into_iter().find(|times| times * power >= wanted * 0.999_999);
    times.unwrap_or(10.0) * power
}

fn seconds_step(wanted: f64) -> f64 {
    const STEPS: [f64; 12] =
        [1.0, 5.0, 15.0, 60.0, 300.0, 600.0, 1_800.0, 3_600.0, 7_200.0, 18_000.0, 36_000.0, 72_000.0];
    let step = STEPS.into_iter().find(|step| *step >= wanted);
    step.unwrap_or_else(|| round_step(wanted / 3_600.0) * 3_600.0)
}

/// `value` as its axis writes it.
pub(in crate::charts) fn written(value: f64, quantity: Quantity) -> String {
    match quantity {
        Quantity::Share => words::goal(value),
        Quantity::Seconds => words::duration(value.round() as i64),
        Quantity::Count => words::compact(value.round() as i64),
        Quantity::Number => {
            let text = format!("{value:.3}");
            let short = text.trim_end_matches('0').trim_end_matches('.');
            let whole = value.trunc().abs() < 1e15 && value.fract() == 0.0;
            if whole { words::compact(value as i64) } else { short.replace('-', "−") }
        }
    }
}

/// Names `n` steps under `area`, as many of them as have room.
pub(super) fn draw_steps(sheet: &mut Sheet<'_>, steps: &Steps, area: Area) {
    match steps {
        Steps::Months { first, n } => draw_months(sheet, *first, *n, area),
        Steps::Names(names) => draw_names(sheet, names, area),
    }
}

/// The middle of a step.
pub(super) fn step_at(area: Area, n: usize, step: usize) -> f64 {
    area.x + area.width * (step as f64 + 0.5) / n.max(1) as f64
}

fn draw_months(sheet: &mut Sheet<'_>, first: i32, n: usize, area: Area) {
    const ROOM: f64 = 34.0;
    let width = area.width / n.max(1) as f64;
    let every =
        [1, 2, 3, 6, 12, 24, 60, 120, 240].into_iter().find(|every| f64::from(*every) * width >= ROOM);
    let every = every.unwrap_or(600);
    let mut is_first = true;
    for step in 0..n {
        let month = first + step as i32;
        // A short span is named from its beginning on, a long one by its Januaries.
        let is_named = if n <= 2 { true } else { month.rem_euclid(every) == 0 };
        if !is_named {
            continue;
        }
        let (x, year) = (step_at(area, n, step), month.div_euclid(12).to_string());
        sheet.canvas.line(&[(x, area.bottom()), (x, area.bottom() + 4.0)], axis_pen(sheet));
        if every >= 12 {
            sheet.text(&year, (x, area.bottom() + 14.0), Anchor::Middle, SMALL);
        } else {
            sheet.text(words::month_name(month), (x, area.bottom() + 14.0), Anchor::Middle, SMALL);
            if is_first || month.rem_euclid(12) == 0 {
                sheet.text(&year, (x, area.bottom() + 30.0), Anchor::Middle, SMALL);
            }
        }
        is_first = false;
    }
}

fn draw_names(sheet: &mut Sheet<'_>, names: &[String], area: Area) {
    const ROOM: f64 = 56.0;
    let width = area.width / names.len().max(1) as f64;
    let every = (ROOM / width).ceil().max(1.0) as usize;
    for (step, name) in names.iter().enumerate().step_by(every) {
        let x = step_at(area, names.len(), step);
        let lines = font::wrapped(name, SMALL, Weight::Regular, width * every as f64 - 6.0, 2);
        sheet.canvas.line(&[(x, area.bottom()), (x, area.bottom() + 4.0)], axis_pen(sheet));
        for (i, line) in lines.iter().enumerate() {
            sheet.text(line, (x, area.bottom() + 14.0 + 16.0 * i as f64), Anchor::Middle, SMALL);
        }
    }
}

/// The pen of axes.
pub(super) fn axis_pen(sheet: &Sheet<'_>) -> Pen {
    Pen { colour: sheet.theme.axis, width: 1.0 }
}

/// Lines across `area` at `ticks`, named on its left where `is_named`.
pub(super) fn draw_levels(
    sheet: &mut Sheet<'_>,
    area: Area,
    scale: &Scale,
    ticks: &[(f64, String)],
    is_named: bool,
) {
    for (value, name) in ticks {
        let y = scale.at(*value);
        let pen = if *value == scale.from { axis_pen(sheet) } else { sheet.thin() };
        sheet.canvas.line(&[(area.x, y), (area.right(), y)], pen);
        if is_named {
            sheet.text(name, (area.x - 7.0, y), Anchor::End, SMALL);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_reach_the_most() {
        assert_eq!(ticks(7.0, 4.0, Quantity::Count), [0.0, 2.0, 4.0, 6.0, 8.0]);
        assert_eq!(ticks(1.0, 4.0, Quantity::Count), [0.0, 1.0]);
        assert_eq!(ticks(1.0, 4.0, Quantity::Share), [0.0, 0.25, 0.5, 0.75, 1.0]);
        assert_eq!(ticks(5_000.0, 4.0, Quantity::Seconds), [0.0, 1_800.0, 3_600.0, 5_400.0]);
        assert_eq!(ticks(4e12, 4.0, Quantity::Count).last(), Some(&4e12));
        assert_eq!(ticks(0.0, 4.0, Quantity::Number).len(), 2);
    }

    #[test]
    fn values_are_written_by_their_quantity() {
        assert_eq!(written(0.25, Quantity::Share).replace('\u{a0}', " "), "25 %");
        assert_eq!(written(5_400.0, Quantity::Seconds).replace('\u{a0}', " "), "1h 30m");
        assert_eq!(written(1_234.0, Quantity::Number), "1,234");
        assert_eq!(written(-0.5, Quantity::Number), "−0.5");
    }
}
