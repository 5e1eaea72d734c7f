//! Native charts of a workbook, each beside the small table that it is drawn from, so that whoever opens it can follow and
//! change them. The figures are those of the compliance tables, turned so that a chart can take them.

use rust_xlsxwriter::{
    Chart, ChartEmptyCells, ChartLegendPosition, ChartMarker, ChartMarkerType, ChartType, Color, Format,
    Worksheet, XlsxError,
};

use crate::replay::Metric;
use crate::tables::{Cell, Table};

use super::cells;
use super::sheet::Look;

/// Told apart also by those who do not see every colour.
const COLOURS: [u32; 6] = [0x001F_5A83, 0x00D5_5E00, 0x0000_9E73, 0x00CC_79A7, 0x00E6_9F00, 0x0056_B4E9];

/// Height of a chart in rows.
const ROWS: u32 = 20;

/// What one chart is drawn from: a row a category, a column a series.
struct Block {
    title: String,
    kind: ChartType,
    /// What the values are, for the axis.
    unit: &'static str,
    pattern: &'static str,
    corner: &'static str,
    categories: Vec<String>,
    series: Vec<(String, Vec<Option<f64>>)>,
}

/// Writes every chart that `tables` have figures for.
pub(super) fn write(
    sheet: &mut Worksheet,
    name: &str,
    tables: &[Table],
    look: &Look,
) -> Result<(), XlsxError> {
    let table = |name: &str| tables.iter().find(|table| table.name == name).filter(|t| !t.rows.is_empty());
    let blocks: Vec<Block> = [
        table("attainment_by_metric_month").map(attainment),
        table("durations").map(medians),
        table("arrivals").map(arrivals),
        table("inactivity").map(inactivity),
    ]
    .into_iter()
    .flatten()
    .filter(|block| !block.categories.is_empty() && !block.series.is_empty())
    .collect();
    let mut row = 0;
    let mut breaks = Vec::new();
    sheet.set_column_width(0, 18)?;
    for block in &blocks {
        write_block(sheet, name, row, block, look)?;
        row += ROWS.max(block.categories.len() as u32 + 2) + 3;
        // One chart a page: none is cut in two.
        breaks.push(row);
    }
    sheet.set_page_breaks(&breaks)?;
    Ok(())
}

fn write_block(
    sheet: &mut Worksheet,
    name: &str,
    row: u32,
    block: &Block,
    look: &Look,
) -> Result<(), XlsxError> {
    cells::write_text(sheet, (row, 0), &block.title, &look.heading)?;
    sheet.set_row_height(row, 20)?;
    cells::write_text(sheet, (row + 1, 0), block.corner, &look.column)?;
    sheet.set_row_height(row + 1, 31)?;
    let number = look.plain.clone().set_num_format(block.pattern);
    let last = row + 1 + block.categories.len() as u32;
    for (i, category) in block.categories.iter().enumerate() {
        cells::write_text(sheet, (row + 2 + i as u32, 0), category, &look.plain)?;
    }
    let mut chart = Chart::new(block.kind);
    for (i, (label, values)) in block.series.iter().enumerate() {
        let column = i as u16 + 1;
        cells::write_text(sheet, (row + 1, column), label, &look.column)?;
        write_values(sheet, row + 2, column, values, &number)?;
        let series = chart.add_series();
        series.set_name((name, row + 1, column)).set_categories((name, row + 2, 0, last, 0)).set_values((
            name,
            row + 2,
            column,
            last,
            column,
        ));
        let colour = Color::RGB(COLOURS[i % COLOURS.len()]);
        if matches!(block.kind, ChartType::Line) {
            // A line through one point is none: the point itself is shown.
            if block.categories.len() == 1 {
                let fill = rust_xlsxwriter::ChartSolidFill::new().set_color(colour).clone();
                let mut marker = ChartMarker::new();
                marker.set_type(ChartMarkerType::Circle).set_size(9);
                marker.set_format(rust_xlsxwriter::ChartFormat::new().set_solid_fill(&fill));
                series.set_marker(&marker);
            }
            series.set_format(
                rust_xlsxwriter::ChartFormat::new()
                    .set_line(rust_xlsxwriter::ChartLine::new().set_color(colour).set_width(2.25)),
            );
        } else {
            series.set_format(
                rust_xlsxwriter::ChartFormat::new()
                    .set_solid_fill(rust_xlsxwriter::ChartSolidFill::new().set_color(colour)),
            );
        }
    }
    chart.title().set_name(&block.title);
    chart.y_axis().set_name(block.unit).set_num_format(block.pattern);
    if block.pattern == "0%" {
        chart.y_axis().set_min(0.0).set_max(1.0);
    }
    chart.legend().set_position(ChartLegendPosition::Bottom);
    chart.show_empty_cells_as(ChartEmptyCells::Gaps);
    chart.set_width(760).set_height(ROWS * 19);
    sheet.insert_chart(row, block.series.len() as u16 + 2, &chart)?;
    Ok(())
}

fn write_values(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    values: &[Option<f64>],
    format: &Format,
) -> Result<(), XlsxError> {
    for (i, value) in values.iter().enumerate() {
        if let Some(value) = value {
            sheet.write_number_with_format(row + i as u32, column, *value, format)?;
        }
    }
    Ok(())
}

fn text<'t>(table: &Table, row: &'t [Cell], name: &str) -> Option<&'t str> {
    match row.get(table.column(name)?)? {
        Cell::Text(text) => Some(text),
        _ => None,
    }
}

fn value(table: &Table, row: &[Cell], name: &str) -> Option<f64> {
    match row.get(table.column(name)?)? {
        Cell::Number(x) => Some(*x),
        Cell::Whole(n) => Some(*n as f64),
        _ => None,
    }
}

/// The words of a column, each once, in order.
fn distinct(table: &Table, name: &str) -> Vec<String> {
    let mut all: Vec<String> =
        table.rows.iter().filter_map(|row| text(table, row, name)).map(str::to_owned).collect();
    all.sort();
    all.dedup();
    all
}

/// Attainment of each promise, month by month; best effort is left out, as nothing is held to it.
fn attainment(table: &Table) -> Block {
    let months = distinct(table, "month");
    let series = |metric: Metric| {
        let of = |month: &String| {
            let row = table.rows.iter().find(|row| {
                text(table, row, "metric") == Some(metric.word())
                    && text(table, row, "kind") == Some("commitment")
                    && text(table, row, "month") == Some(month)
            })?;
            value(table, row, "attainment")
        };
        let values: Vec<Option<f64>> = months.iter().map(of).collect();
        values.iter().any(Option::is_some).then(|| (metric.word().replace('_', " "), values))
    };
    Block {
        title: "Attainment of commitments by month in which the clock started".to_owned(),
        kind: ChartType::Line,
        unit: "met of judged",
        pattern: "0%",
        corner: "Month",
        series: Metric::ALL.into_iter().filter_map(series).collect(),
        categories: months,
    }
}

/// Median business time to the first response and to the resolution, by severity, open ones counted in.
fn medians(table: &Table) -> Block {
    let mut levels: Vec<i64> = table.rows.iter().filter_map(|row| whole(table, row, "severity")).collect();
    levels.sort_unstable();
    levels.dedup();
    let series = |metric: &str| {
        let of = |level: &i64| {
            let row = table.rows.iter().find(|row| {
                text(table, row, "metric") == Some(metric)
                    && text(table, row, "measure") == Some("business")
                    && whole(table, row, "severity") == Some(*level)
            })?;
            Some(value(table, row, "km_p50_s")? / 3_600.0)
        };
        let values: Vec<Option<f64>> = levels.iter().map(of).collect();
        values.iter().any(Option::is_some).then(|| (metric.replace('_', " "), values))
    };
    Block {
        title: "Median business hours by severity, open cases counted in".to_owned(),
        kind: ChartType::Column,
        unit: "business hours",
        pattern: "0.0",
        corner: "Severity",
        series: ["first_response", "next_response", "resolution"].into_iter().filter_map(series).collect(),
        categories: levels.iter().map(ToString::to_string).collect(),
    }
}

fn whole(table: &Table, row: &[Cell], name: &str) -> Option<i64> {
    match row.get(table.column(name)?)? {
        Cell::Whole(n) => Some(*n),
        _ => None,
    }
}

fn arrivals(table: &Table) -> Block {
    let months: Vec<String> =
        table.rows.iter().map(|row| text(table, row, "month").unwrap_or_default().to_owned()).collect();
    let series = |(name, label): (&str, &str)| {
        (label.to_owned(), table.rows.iter().map(|row| value(table, row, name)).collect())
    };
    Block {
        title: "Cases opened by month".to_owned(),
        kind: ChartType::ColumnStacked,
        unit: "cases",
        pattern: "#,##0",
        corner: "Month",
        series: [
            ("n_in_hours", "in hours"),
            ("n_out_of_hours", "out of hours"),
            ("n_unknown", "no calendar"),
        ]
        .map(series)
        .into_iter()
        .filter(|(_, values): &(String, Vec<Option<f64>>)| values.iter().flatten().any(|n| *n > 0.0))
        .collect(),
        categories: months,
    }
}

/// What became of cases that waited to be closed, over all severities.
fn inactivity(table: &Table) -> Block {
    let bases = distinct(table, "basis");
    let names = ["on_time", "early", "late", "overdue", "returned", "pending"];
    let series = |name: &&str| {
        let column = format!("n_{name}");
        let of = |basis: &String| {
            let rows = table.rows.iter().filter(|row| text(table, row, "basis") == Some(basis));
            Some(rows.filter_map(|row| value(table, row, &column)).sum())
        };
        (name.replace('_', " "), bases.iter().map(of).collect())
    };
    Block {
        title: "Cases that waited to be closed, by what became of them".to_owned(),
        kind: ChartType::BarStacked,
        unit: "spells",
        pattern: "#,##0",
        corner: "Waited in",
        series: names.iter().map(series).collect(),
        categories: bases.iter().map(|basis| basis.replace('_', " ")).collect(),
    }
}
