//! Charts of users' own queries, asked for in the query's header: bars or a line of one column over another.

use crate::tables::{ChartShape, Query, Table};

use super::rows::{Row, rows_of, table};
use super::spec::{Bar, Bars, Line, LinePoint, Quantity, Spec, Steps};
use super::theme::{Theme, Tone};
use super::words;
use super::{Chart, Context, NotDrawn, draw, not};

/// Most bars that are drawn.
const MOST_BARS: usize = 40;

/// One chart a query that asks for one and whose table was made.
pub(super) fn charts(tables: &[Table], context: &Context<'_>) -> Vec<Result<Chart, NotDrawn>> {
    let asked = context.queries.iter().filter(|query| query.chart.is_some());
    asked.filter_map(|query| Some(chart(query, table(tables, &query.name)?))).collect()
}

fn chart(query: &Query, table: &Table) -> Result<Chart, NotDrawn> {
    let Some(asked) = &query.chart else { return Err(not(&query.name, "no chart is asked for")) };
    let rows: Vec<Row<'_>> = rows_of(table);
    if !rows.iter().any(|row| row.number(&asked.y).is_some()) {
        return Err(not(&query.name, "no row has a value"));
    }
    let quantity = quantity(query, &asked.y);
    let value_name = words::spoken(&asked.y);
    let points: Vec<Point> = rows
        .iter()
        .map(|row| Point {
            name: row.label(&asked.x),
            value: row.number(&asked.y),
            interval: interval(row, &asked.y),
        })
        .collect();
    let spec = match asked.shape {
        ChartShape::Bar => bars(&points, quantity, value_name),
        ChartShape::Line => line(&points, quantity, value_name, &words::spoken(&asked.x)),
    };
    let title = words::name(&query.title);
    let parts: Vec<String> = points
        .iter()
        .take(MOST_BARS)
        .filter_map(|point| Some(format!("{}: {}", point.name, shown(point.value?, quantity))))
        .collect();
    let left_out = points.len().saturating_sub(MOST_BARS);
    Ok(Chart {
        name: query.name.clone(),
        alt: format!(
            "{title}. {} by {}: {}.",
            words::capital(&words::spoken(&asked.y)),
            words::spoken(&asked.x),
            parts.join("; ")
        ),
        title,
        subtitle: format!("One row: {}", words::name(&query.grain)),
        note: if asked.shape == ChartShape::Bar && left_out > 0 {
            format!("{} in the table.", words::counted(left_out as i64, "more row"))
        } else {
            String::new()
        },
        table: query.name.clone(),
        spec,
        theme: Theme::default(),
    })
}

/// A rate is a share; a name that ends in `_s` has seconds, one that starts with `n_` counts.
fn quantity(query: &Query, column: &str) -> Quantity {
    if query.rates.iter().any(|rate| rate.name == column) {
        Quantity::Share
    } else if column.ends_with("_s") {
        Quantity::Seconds
    } else if column.starts_with("n_") {
        Quantity::Count
    } else {
        Quantity::Number
    }
}

fn shown(value: f64, quantity: Quantity) -> String {
    if quantity == Quantity::Share { words::percent(value) } else { draw::written(value, quantity) }
}

fn interval(row: &Row<'_>, column: &str) -> Option<(f64, f64)> {
    row.number(&format!("{column}_low")).zip(row.number(&format!("{column}_high")))
}

/// One row: what names it, its value, and the ends of its interval.
struct Point {
    name: String,
    value: Option<f64>,
    interval: Option<(f64, f64)>,
}

fn bars(points: &[Point], quantity: Quantity, value_name: String) -> Spec {
    let bar = |point: &Point| Bar {
        label: point.name.clone(),
        value: point.value,
        interval: point.interval,
        text: point.value.map_or_else(|| "–".to_owned(), |value| shown(value, quantity)),
        aside: String::new(),
        tone: Tone::Accent,
    };
    Spec::Bars(Bars { quantity, value_name, bars: points.iter().take(MOST_BARS).map(bar).collect() })
}

fn line(points: &[Point], quantity: Quantity, value_name: String, steps_name: &str) -> Spec {
    let point = |(step, point): (usize, &Point)| {
        Some(LinePoint { step, value: point.value?, interval: point.interval })
    };
    let months: Option<Vec<i32>> = points.iter().map(|point| whole_month(&point.name)).collect();
    let is_ascending = |months: &Vec<i32>| months.windows(2).all(|pair| pair[0] < pair[1]);
    let (steps, points) = match months.filter(is_ascending) {
        // Months stand in their distances, also where the table leaves some out.
        Some(months) if !months.is_empty() => {
            let (first, last) = (months[0], months[months.len() - 1]);
            let moved = points.iter().enumerate().filter_map(point);
            let moved = moved.map(|p| LinePoint { step: (months[p.step] - first) as usize, ..p });
            (Steps::Months { first, n: (last - first + 1) as usize }, moved.collect())
        }
        _ => {
            let names = points.iter().map(|point| point.name.clone()).collect();
            (Steps::Names(names), points.iter().enumerate().filter_map(point).collect())
        }
    };
    Spec::Line(Line { steps, steps_name: steps_name.to_owned(), quantity, value_name, points })
}

/// The month of a text that is exactly `YYYY-MM`.
fn whole_month(text: &str) -> Option<i32> {
    if text.len() == 7 { words::month_number(text) } else { None }
}
