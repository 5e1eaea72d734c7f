//! The forms of texts in a policy file, as the regular expressions of JSON Schema: at least what the parsers of
//! `calendar` read. Not those parsers: what matches here may still be refused.

use super::measures::METRICS;
use crate::calendar::{Unit, WEEKDAYS};
use crate::schema::in_any_case;

/// A duration (SPEC 4), zero too.
pub(super) fn duration() -> String {
    format!("^\\s*0*([0-9]{{1,9}}|[1-3][0-9]{{9}})\\s*({})\\s*$", units())
}

/// A duration above zero.
pub(super) fn duration_above_zero() -> String {
    format!("^\\s*0*([1-9][0-9]{{0,8}}|[1-3][0-9]{{9}})\\s*({})\\s*$", units())
}

fn units() -> String {
    let forms =
        Unit::names().map(|(long, short)| format!("{}[Ss]?|{}", in_any_case(long), in_any_case(short)));
    forms.collect::<Vec<_>>().join("|")
}

/// A weekday, a range, or several with commas between.
pub(super) fn weekdays() -> String {
    let day = format!("({})", WEEKDAYS.map(in_any_case).join("|"));
    let range = format!("{day}(\\s*-\\s*{day})?");
    format!("^\\s*{range}(\\s*,\\s*{range})*\\s*$")
}

const TIME: &str = "([01][0-9]|2[0-4]):[0-5][0-9](:[0-5][0-9])?";

/// `08:00-12:00, 13:00-17:00`, `24h`, `closed`.
pub(super) fn hours() -> String {
    let window = format!("{TIME}\\s*-\\s*{TIME}");
    format!("^\\s*(24h|closed|{window}(\\s*,\\s*{window})*)\\s*$")
}

/// `2026-12-24`.
pub(super) fn date() -> String {
    "^[-+]?[0-9]{4,6}-[0-9]{2}-[0-9]{2}$".to_owned()
}

/// `2026-03-02T12:00/2026-03-02T14:00`.
pub(super) fn closure() -> String {
    let moment = format!("[-+0-9 ]+[T ]{TIME}");
    format!("^\\s*{moment}\\s*/\\s*{moment}\\s*$")
}

/// A metric, or a metric with a severity.
pub(super) fn objective() -> String {
    format!("^({})(\\.severity\\.[1-9])?$", METRICS.join("|"))
}
