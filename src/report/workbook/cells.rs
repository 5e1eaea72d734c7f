//! One typed cell into a sheet: what it holds as Excel holds it, and the format that shows it. No text ever becomes a
//! formula or a link.

use chrono::DateTime;
use chrono_tz::Tz;
use rust_xlsxwriter::{Format, FormatAlign, Worksheet, XlsxError};

use crate::diag::printable;
use crate::tables::{Cell, harmless};
use crate::zones;

use super::super::document::Show;

/// Longest text that a cell can hold, in characters.
const TEXT: usize = 32_767;

const SECONDS_A_DAY: f64 = 86_400.0;

/// The format of a kind of cell, in a sheet whose text is `base`.
pub(super) fn format(show: Show, base: &Format) -> Format {
    let number = |pattern: &str| base.clone().set_num_format(pattern).set_align(FormatAlign::Right);
    match show {
        Show::Count => number("#,##0"),
        Show::Number => number("0"),
        Show::Share => number("0.0%"),
        Show::Points => number("+0.0;-0.0;0.0"),
        Show::Seconds => number("[h]:mm:ss"),
        Show::Instant => number("yyyy-mm-dd hh:mm:ss").set_align(FormatAlign::Left),
        Show::Text | Show::Word | Show::Flag | Show::Code | Show::Case => base.clone(),
    }
}

/// Writes `cell`; the absent one stays empty.
pub(super) fn write(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    (cell, show): (&Cell, Show),
    zone: Tz,
    format: &Format,
) -> Result<(), XlsxError> {
    match (cell, show) {
        (Cell::Absent, _) => {}
        (Cell::Whole(seconds), Show::Seconds) => {
            // Days: what Excel counts time in. It shows no time before zero, so that stays a number.
            let days = *seconds as f64 / SECONDS_A_DAY;
            sheet.write_number_with_format(row, column, days, format)?;
        }
        (Cell::Whole(n), _) => {
            sheet.write_number_with_format(row, column, *n as f64, format)?;
        }
        (Cell::Number(x), Show::Points) => {
            sheet.write_number_with_format(row, column, x * 100.0, format)?;
        }
        (Cell::Number(x), _) => {
            sheet.write_number_with_format(row, column, *x, format)?;
        }
        (Cell::Flag(flag), _) => {
            sheet.write_boolean_with_format(row, column, *flag, format)?;
        }
        (Cell::Text(at), Show::Instant) => match serial(at, zone) {
            Some(days) => {
                sheet.write_number_with_format(row, column, days, format)?;
            }
            None => write_text(sheet, (row, column), at, format)?,
        },
        (Cell::Text(word), Show::Word) => write_text(sheet, (row, column), &word.replace('_', " "), format)?,
        (Cell::Text(text), _) => write_text(sheet, (row, column), text, format)?,
    }
    Ok(())
}

/// Writes `text` as a string: no formula, no link, nothing that XML cannot hold.
pub(super) fn write_text(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    let text = harmless(&printable(text));
    let text = if text.chars().nth(TEXT).is_some() {
        text.chars().take(TEXT - 1).chain(['…']).collect()
    } else {
        text
    };
    sheet.write_string_with_format(row, column, text, format)?;
    Ok(())
}

/// An RFC 3339 instant as Excel counts local time: days since 1899-12-30. `None` before 1900-03-01, where Excel counts a
/// day that never was.
fn serial(at: &str, zone: Tz) -> Option<f64> {
    let local = zones::in_zone(DateTime::parse_from_rfc3339(at).ok()?.to_utc(), zone).naive_local();
    let epoch = chrono::NaiveDate::from_ymd_opt(1899, 12, 30)?.and_hms_opt(0, 0, 0)?;
    let micros = (local - epoch).num_microseconds()?;
    let days = micros as f64 / (SECONDS_A_DAY * 1e6);
    (days >= 61.0).then_some(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_local_days() {
        // 2026-03-04 13:00 in Denver.
        assert_eq!(serial("2026-03-04T20:00:00Z", chrono_tz::America::Denver), Some(46_085.0 + 13.0 / 24.0));
        assert_eq!(serial("1899-12-31T00:00:00Z", chrono_tz::UTC), None);
    }
}
