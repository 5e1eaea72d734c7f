//! A sheet in the making: names that Excel takes, a page setup for A4, and a cursor that writes line after line.

use std::collections::BTreeSet;

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

use crate::diag::printable;

use super::super::document::{Column, Grid, Show, Standing};
use super::super::shown::shown;
use super::cells;
use chrono_tz::Tz;

/// Narrowest and widest column, in characters.
const WIDTHS: (usize, usize) = (7, 60);

/// Rows by which the width of a column is found.
const SAMPLE: usize = 300;

/// Longest name of a sheet.
const NAME: usize = 31;

/// The looks of a workbook.
pub(super) struct Look {
    pub(super) plain: Format,
    pub(super) title: Format,
    pub(super) heading: Format,
    pub(super) column: Format,
    pub(super) wrapped: Format,
    pub(super) soft: Format,
}

impl Look {
    pub(super) fn new(accent: &str) -> Look {
        let accent =
            u32::from_str_radix(accent.trim_start_matches('#'), 16).map_or(Color::Automatic, Color::RGB);
        let plain = Format::new().set_font_name("Calibri").set_font_size(11).set_align(FormatAlign::Top);
        let bold = plain.clone().set_bold();
        Look {
            title: bold.clone().set_font_size(18).set_font_color(accent),
            heading: bold.clone().set_font_size(13).set_font_color(accent),
            column: bold
                .set_text_wrap()
                .set_background_color(Color::RGB(0x00EE_F1F4))
                .set_border_bottom(FormatBorder::Thin)
                .set_align(FormatAlign::Bottom),
            wrapped: plain.clone().set_text_wrap(),
            soft: plain.clone().set_font_color(Color::RGB(0x005A_646E)).set_text_wrap(),
            plain,
        }
    }

    /// The answer, in a colour beside its words.
    pub(super) fn answer(&self, standing: Standing) -> Format {
        let colour = match standing {
            Standing::Good => 0x001B_6E4B,
            Standing::Doubtful => 0x007A_5200,
            Standing::Bad => 0x00A3_291F,
            Standing::None => 0x001C_2126,
        };
        self.wrapped.clone().set_bold().set_font_size(13).set_font_color(Color::RGB(colour))
    }
}

/// Names of sheets, each given once.
#[derive(Default)]
pub(super) struct Names(BTreeSet<String>);

impl Names {
    /// A name that Excel takes, as near to `wanted` as can be.
    pub(super) fn give(&mut self, wanted: &str) -> String {
        let clean: String = printable(wanted)
            .chars()
            .map(|c| if matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'') { ' ' } else { c })
            .collect();
        let clean = if clean.trim().is_empty() || clean.eq_ignore_ascii_case("history") {
            format!("sheet {}", clean.trim())
        } else {
            clean
        };
        let clean = clean.trim();
        for n in 1.. {
            let ending = if n == 1 { String::new() } else { format!(" {n}") };
            let name: String =
                clean.chars().take(NAME - ending.chars().count()).chain(ending.chars()).collect();
            // Excel takes names for the same whatever their case.
            if self.0.insert(name.to_lowercase()) {
                return name;
            }
        }
        String::new()
    }
}

/// Prints on A4, as wide as the page.
pub(super) fn set_up_page(sheet: &mut Worksheet) {
    sheet.set_landscape();
    sheet.set_paper_size(9);
    sheet.set_print_fit_to_pages(1, 0);
}

/// Widths by the headings and the first rows.
pub(super) fn set_widths(
    sheet: &mut Worksheet,
    columns: &[Column],
    grid: &Grid,
    zone: Tz,
) -> Result<(), XlsxError> {
    for (i, column) in columns.iter().enumerate() {
        let width = |row: &Vec<crate::tables::Cell>| match column.show {
            Show::Instant => 19,
            show => row.get(i).map_or(0, |cell| shown(cell, show, zone).chars().count()),
        };
        let widest = grid.rows.iter().take(SAMPLE).map(width).max().unwrap_or(0);
        // A heading wraps: its longest word has to fit, and the arrow of the filter.
        let word = column.label.split(' ').map(|word| word.chars().count()).max().unwrap_or(0) + 3;
        let chosen = (widest + 2).max(word).clamp(WIDTHS.0, WIDTHS.1);
        sheet.set_column_width(i as u16, chosen as f64)?;
    }
    Ok(())
}

/// Writes headings and rows of `grid` from `row` on; the row after them.
pub(super) fn write_grid(
    sheet: &mut Worksheet,
    row: u32,
    grid: &Grid,
    zone: Tz,
    look: &Look,
) -> Result<u32, XlsxError> {
    for (i, column) in grid.columns.iter().enumerate() {
        let align = if column.show.is_number() { FormatAlign::Right } else { FormatAlign::Left };
        let format = look.column.clone().set_align(align);
        let label = match column.show {
            Show::Instant => format!("{} ({})", column.label, zone.name()),
            Show::Points => format!("{} (points)", column.label),
            _ => column.label.clone(),
        };
        cells::write_text(sheet, (row, i as u16), &label, &format)?;
    }
    // Two lines: headings wrap.
    sheet.set_row_height(row, 31)?;
    let formats: Vec<Format> =
        grid.columns.iter().map(|column| cells::format(column.show, &look.plain)).collect();
    for (n, cells) in grid.rows.iter().enumerate() {
        for (i, (cell, column)) in cells.iter().zip(&grid.columns).enumerate() {
            let place = (row + 1 + n as u32, i as u16);
            cells::write(sheet, place, (cell, column.show), zone, &formats[i])?;
        }
    }
    Ok(row + 1 + grid.rows.len() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_valid_and_given_once() {
        let mut names = Names::default();
        assert_eq!(names.give("attainment_by_metric_severity_month"), "attainment_by_metric_severity_m");
        assert_eq!(names.give("Attainment_by_metric_severity_months"), "Attainment_by_metric_severity 2");
        assert_eq!(names.give("a/b:c'"), "a b c");
        assert_eq!(names.give("History"), "sheet History");
        assert_eq!(names.give("[]"), "sheet");
    }
}
