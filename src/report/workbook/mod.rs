//! `report.xlsx`: a first sheet that reads like the first page, one sheet a table, native charts, the ledger, and what
//! each column is. Real numbers, shares, dates and durations; no cell is a formula. It counts nothing.

mod cells;
mod charts;
mod sheet;

use rust_xlsxwriter::{
    ConditionalFormatDataBar, ConditionalFormatText, ConditionalFormatTextRule, ConditionalFormatType,
    DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError,
};

use crate::tables::{Cell, QUERIES, Query, Table};

use super::compose::complete;
use super::document::{Column, Grid, Part, Report, Section, Show};
use sheet::{Look, Names, set_up_page, set_widths, write_grid};

/// Rows of a table that its sheet has. Excel takes a million, and a minute to open them; `tables/` has all of them.
const ROWS: usize = 50_000;

/// Columns over which sentences of the first sheet are written.
const SPAN: u16 = 9;

/// The file's bytes; `tables` with their queries, in the same order.
///
/// # Errors
/// A mistake of this program, in words: none depends on the input.
pub(super) fn workbook(report: &Report, tables: &[Table], queries: &[Query]) -> Result<Vec<u8>, String> {
    make(report, tables, queries).map_err(|e| e.to_string())
}

fn make(report: &Report, tables: &[Table], queries: &[Query]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // A fixed date: the same report gives the same bytes.
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let properties = DocProperties::new().set_title(&report.title).set_creation_datetime(&created);
    workbook.set_properties(&properties);
    let look = Look::new(&report.theme.accent);
    let mut names = Names::default();
    let glance = names.give("At a glance");
    workbook.add_worksheet().set_name(&glance)?;
    let charts_name = names.give("Charts");
    workbook.add_worksheet().set_name(&charts_name)?;
    let grids = grids(tables, queries);
    let mut sheets = Vec::new();
    for (grid, is_own) in grids.iter().filter(|(_, own)| *own).chain(grids.iter().filter(|(_, own)| !*own)) {
        let name = names.give(&grid.name);
        write_table(workbook.add_worksheet().set_name(&name)?, grid, report, &look)?;
        sheets.push((name, grid, *is_own));
    }
    let data = names.give("Data");
    if let Some(section) = report.sections.iter().find(|section| section.id == "data") {
        write_section(workbook.add_worksheet().set_name(&data)?, report, section, &look)?;
    }
    let columns = names.give("Columns");
    write_columns(workbook.add_worksheet().set_name(&columns)?, &grids, &look)?;
    charts::write(workbook.worksheet_from_name(&charts_name)?, &charts_name, tables, &look)?;
    set_up_page(workbook.worksheet_from_name(&charts_name)?);
    write_glance(workbook.worksheet_from_name(&glance)?, report, &sheets, &look)?;
    workbook.save_to_buffer()
}

/// Every table as a grid with all of its rows, and whether it is one of the user's own.
fn grids(tables: &[Table], queries: &[Query]) -> Vec<(Grid, bool)> {
    let grid = |table: &Table| {
        let query = queries.iter().find(|query| query.name == table.name)?;
        let is_own = QUERIES.iter().all(|(shipped, _)| *shipped != table.name);
        Some((complete(query, table, ROWS), is_own))
    };
    tables.iter().filter_map(grid).collect()
}

fn write_table(sheet: &mut Worksheet, grid: &Grid, report: &Report, look: &Look) -> Result<(), XlsxError> {
    set_up_page(sheet);
    set_widths(sheet, &grid.columns, grid, report.zone)?;
    let end = write_grid(sheet, 0, grid, report.zone, look)?;
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_repeat_rows(0, 0)?;
    let last = grid.columns.len().saturating_sub(1) as u16;
    sheet.autofilter(0, 0, end - 1, last)?;
    for (i, column) in grid.columns.iter().enumerate() {
        if end > 1 {
            colour(sheet, (1, end - 1, i as u16), column)?;
        }
    }
    if grid.rows.len() < grid.n_all {
        let text = format!("{}.", cut(grid));
        cells::write_text(sheet, (0, last + 2), &text, &look.soft)?;
    }
    Ok(())
}

/// What a sheet has of a table that is longer.
fn cut(grid: &Grid) -> String {
    let (n, all) = (grid.rows.len(), grid.n_all);
    format!("the first {n} of {all} rows; all of them stand in tables/{}.csv", grid.name)
}

/// Bars for shares, and a colour for words that say good or bad: the figure and the word stay.
fn colour(
    sheet: &mut Worksheet,
    (first, last, column): (u32, u32, u16),
    of: &Column,
) -> Result<(), XlsxError> {
    if of.show == Show::Share && !of.name.ends_with("_low") && !of.name.ends_with("_high") {
        let bar = ConditionalFormatDataBar::new()
            .set_minimum(ConditionalFormatType::Number, 0)
            .set_maximum(ConditionalFormatType::Number, 1)
            .set_fill_color(0x009D_B6CB)
            .set_solid_fill(true);
        sheet.add_conditional_format(first, column, last, column, &bar)?;
    }
    if of.name == "standing" || of.name == "verdict" {
        for (word, colour) in [("missed", 0x00F6_D9C6), ("unanswered", 0x00F6_D9C6), ("doubt", 0x00FB_EFC8)] {
            let rule = ConditionalFormatText::new()
                .set_rule(ConditionalFormatTextRule::Contains(word.to_owned()))
                .set_format(Format::new().set_background_color(colour));
            sheet.add_conditional_format(first, column, last, column, &rule)?;
        }
    }
    Ok(())
}

/// A sheet that is read like a page.
fn set_up_reading(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    set_up_page(sheet);
    sheet.set_screen_gridlines(false);
    sheet.set_column_width(0, 26)?;
    for column in 1..=SPAN {
        sheet.set_column_width(column, 13)?;
    }
    Ok(())
}

/// The first page, and where everything else stands.
fn write_glance(
    sheet: &mut Worksheet,
    report: &Report,
    sheets: &[(String, &Grid, bool)],
    look: &Look,
) -> Result<(), XlsxError> {
    set_up_reading(sheet)?;
    cells::write_text(sheet, (0, 0), &report.title, &look.title)?;
    sheet.set_row_height(0, 28)?;
    let mut row = 1;
    let zone = ("Times".to_owned(), format!("local times of {}", report.zone.name()));
    for (name, value) in report.head.iter().chain([&zone]) {
        cells::write_text(sheet, (row, 0), name, &look.soft)?;
        cells::write_text(sheet, (row, 1), value, &look.plain)?;
        row += 1;
    }
    if let Some(section) = report.sections.first() {
        row = write_parts(sheet, row + 1, report, section, look)?;
    }
    cells::write_text(sheet, (row + 1, 0), "Sheets", &look.heading)?;
    row += 2;
    for (name, grid, is_own) in sheets {
        let link = format!("internal:'{name}'!A1");
        sheet.write_url_with_text(row, 0, link.as_str(), name.as_str())?;
        let own = if *is_own { "own query: " } else { "" };
        let cut = if grid.rows.len() < grid.n_all { format!("; {}", cut(grid)) } else { String::new() };
        cells::write_text(sheet, (row, 1), &format!("{own}{}{cut}", grid.title), &look.plain)?;
        row += 1;
    }
    Ok(())
}

fn write_section(
    sheet: &mut Worksheet,
    report: &Report,
    section: &Section,
    look: &Look,
) -> Result<(), XlsxError> {
    set_up_reading(sheet)?;
    cells::write_text(sheet, (0, 0), &section.title, &look.title)?;
    sheet.set_row_height(0, 28)?;
    write_parts(sheet, 2, report, section, look)?;
    Ok(())
}

/// Sentences over the width of the sheet, grids as they are; the row after them.
fn write_parts(
    sheet: &mut Worksheet,
    mut row: u32,
    report: &Report,
    section: &Section,
    look: &Look,
) -> Result<u32, XlsxError> {
    for part in &section.parts {
        match part {
            Part::Answer(standing, text) => {
                write_wide(sheet, row, text, &look.answer(*standing), 17.0)?;
                row += 2;
            }
            Part::Text(text) => {
                write_wide(sheet, row, text, &look.wrapped, 15.0)?;
                row += 2;
            }
            Part::Heading(text) => {
                cells::write_text(sheet, (row, 0), text, &look.heading)?;
                sheet.set_row_height(row, 20)?;
                row += 1;
            }
            Part::Points(points) => {
                for point in points {
                    write_wide(sheet, row, &format!("• {}", point.text), &look.wrapped, 15.0)?;
                    row += 1;
                }
                row += 1;
            }
            Part::Grid(grid) => {
                cells::write_text(sheet, (row, 0), &grid.title, &look.heading)?;
                sheet.set_row_height(row, 20)?;
                row += 1;
                if !grid.note.is_empty() {
                    write_wide(sheet, row, &grid.note, &look.soft, 15.0)?;
                    row += 1;
                }
                row = write_grid(sheet, row, grid, report.zone, look)? + 1;
            }
            // Native ones stand on a sheet of their own.
            Part::Chart(_) => {}
        }
    }
    Ok(row)
}

/// A sentence over several cells, as high as it needs.
fn write_wide(
    sheet: &mut Worksheet,
    row: u32,
    text: &str,
    format: &Format,
    line: f64,
) -> Result<(), XlsxError> {
    // Some 135 characters of the usual size fit; larger letters take more.
    let fits = 135.0 * 15.0 / line;
    let lines = (text.chars().count() as f64 / fits).ceil().clamp(1.0, 25.0);
    sheet.merge_range(row, 0, row, SPAN, "", format)?;
    cells::write_text(sheet, (row, 0), text, format)?;
    sheet.set_row_height(row, lines * line)?;
    Ok(())
}

/// What every column of every sheet is.
fn write_columns(sheet: &mut Worksheet, grids: &[(Grid, bool)], look: &Look) -> Result<(), XlsxError> {
    let column = |label: &str| Column {
        name: label.to_lowercase(),
        label: label.to_owned(),
        doc: String::new(),
        show: Show::Text,
    };
    let row = |grid: &Grid, column: &Column| {
        [&grid.name, &column.name, &column.label, &column.doc].map(|text| Cell::Text(text.clone())).to_vec()
    };
    let rows: Vec<Vec<Cell>> =
        grids.iter().flat_map(|(grid, _)| grid.columns.iter().map(|column| row(grid, column))).collect();
    let grid = Grid {
        columns: ["Table", "Column", "Heading", "What it is"].map(column).to_vec(),
        n_all: rows.len(),
        rows,
        ..Grid::default()
    };
    set_up_page(sheet);
    set_widths(sheet, &grid.columns, &grid, chrono_tz::UTC)?;
    let end = write_grid(sheet, 0, &grid, chrono_tz::UTC, look)?;
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofilter(0, 0, end - 1, 3)?;
    Ok(())
}
