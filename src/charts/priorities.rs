//! Whether more severe cases are answered sooner: the median first response of each severity.

use crate::tables::Table;

use super::rows::{Row, rows};
use super::spec::{Bar, Bars, Quantity, Spec};
use super::theme::{Theme, Tone};
use super::words;
use super::{Chart, Context, NotDrawn, not};

/// The table that it is drawn from.
const TABLE: &str = "priorities";
const NAME: &str = "priorities";

pub(super) fn chart(tables: &[Table], context: &Context<'_>) -> Result<Chart, NotDrawn> {
    let mut rows = rows(tables, TABLE);
    rows.retain(|row| row.whole("severity").is_some() && row.count("n") > 0);
    if rows.iter().all(|row| row.whole("median_s").is_none()) {
        return Err(not(NAME, "no severity has a median first response"));
    }
    rows.sort_by_key(|row| row.whole("severity"));
    let title = title(&rows);
    let n: i64 = rows.iter().map(|row| row.count("n")).sum();
    let bars: Vec<Bar> = rows.iter().map(|row| bar(row, context)).collect();
    let parts: Vec<String> =
        bars.iter().map(|bar| format!("severity {}: {} ({})", bar.label, bar.text, bar.aside)).collect();
    Ok(Chart {
        name: NAME.to_owned(),
        alt: format!(
            "{title}. Median business time to the first response by severity: {}.",
            parts.join("; ")
        ),
        title,
        subtitle: format!(
            "Median business time to the first response, by severity at the response (Kaplan–Meier); n\u{a0}=\u{a0}{}",
            words::grouped(n)
        ),
        note: String::new(),
        table: TABLE.to_owned(),
        spec: Spec::Bars(Bars {
            quantity: Quantity::Seconds,
            value_name: "business time to the first response".to_owned(),
            bars,
        }),
        theme: Theme::default(),
    })
}

fn bar(row: &Row<'_>, context: &Context<'_>) -> Bar {
    let median = row.whole("median_s");
    // Told in words beside the colour.
    let longer = match row.whole("next_severity") {
        Some(next) if row.flag("in_order") == Some(false) => format!(", longer than severity {next}"),
        _ => String::new(),
    };
    Bar {
        label: context.severity(row.whole("severity")),
        value: median.map(|s| s as f64),
        interval: None,
        text: match median {
            Some(s) => words::duration(s),
            None => "less than half answered".to_owned(),
        },
        aside: words::counted(row.count("n"), "case") + &longer,
        tone: if row.flag("in_order") == Some(false) { Tone::Bad } else { Tone::Accent },
    }
}

fn title(rows: &[Row<'_>]) -> String {
    let wrong: Vec<&Row<'_>> = rows.iter().filter(|row| row.flag("in_order") == Some(false)).collect();
    if let Some(row) = wrong.first() {
        let of = |column: &str| row.whole(column).unwrap_or_default();
        let more = match wrong.len() {
            1 => String::new(),
            n => format!("; {} more out of order", words::grouped(n as i64 - 1)),
        };
        return format!(
            "Severity {} waits longer than severity {}: median {} against {}{more}",
            of("severity"),
            of("next_severity"),
            words::duration(of("median_s")),
            words::duration(of("next_median_s"))
        );
    }
    let half = |row: &Row<'_>| {
        let severity = row.whole("severity").unwrap_or_default();
        let median = row.whole("median_s").map(words::duration);
        median.map(|median| format!("half of severity {severity} within {median}"))
    };
    let ends: Vec<String> = [rows.first(), rows.last()].into_iter().flatten().filter_map(half).collect();
    let medians = [rows.first(), rows.last()].map(|row| row.and_then(|row| row.whole("median_s")));
    match (rows.len(), ends.as_slice()) {
        // A tie is no sooner.
        (2.., [first, last]) if medians[0] == medians[1] => {
            format!("No severity is answered sooner than another: {first}, {last}")
        }
        (1, [only, ..]) => format!("First response: {only}"),
        (_, [first, last]) => format!("More severe cases are answered sooner: {first}, {last}"),
        _ => "No severity is seen to wait longer than a less severe one".to_owned(),
    }
}
