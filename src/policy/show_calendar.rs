//! One calendar as TOML, for `policy show`. Holidays that come from a file stay in the file.

use super::show::{Lines, bare, quoted};
use crate::calendar::{Calendar, Closure, HolidayFile, HolidaySet, WEEKDAYS, Window, hours_text};

/// Adds `calendar` to the TOML.
pub(super) fn calendar(out: &mut Lines, calendar: &Calendar) {
    out.section(&format!("[calendars.{}]", bare(&calendar.name)));
    out.text("timezone", calendar.tz.name());
    out.raw("hours", &week(&calendar.week));
    let sets = calendar.holiday_sets.iter().map(|set: &HolidaySet| quoted(set.name()));
    // A date that the policy gives itself has no other name than itself; the others come from the files.
    let own = calendar.holidays.iter().map(|(date, name)| (date.to_string(), name));
    let own = own.filter(|(date, name)| date == *name).map(|(date, _)| quoted(&date));
    let files = calendar.holiday_files.iter().map(file_text);
    list(out, "holidays", sets.chain(own).chain(files).collect());
    list(out, "closed", calendar.closed.iter().map(|closure| quoted(&closure_text(closure))).collect());
    if !calendar.days.is_empty() {
        let days: Vec<String> =
            calendar.days.iter().map(|(date, windows)| format!("{date} = {}", hours(windows))).collect();
        out.raw("days", &format!("{{ {} }}", days.join(", ")));
    }
}

/// A file of holidays as a policy file has it.
pub(super) fn file_text(file: &HolidayFile) -> String {
    let mut text = format!("{{ ics = {}", quoted(&file.path));
    for (key, names) in [("categories", &file.pick.categories), ("except", &file.pick.except)] {
        if !names.is_empty() {
            let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
            text += &format!(", {key} = [{}]", names.join(", "));
        }
    }
    text + " }"
}

/// A single closure as a policy file has it.
pub(super) fn closure_text(closure: &Closure) -> String {
    let format = "%Y-%m-%dT%H:%M:%S";
    format!("{}/{}", closure.from.format(format), closure.to.format(format))
}

fn list(out: &mut Lines, key: &str, items: Vec<String>) {
    if !items.is_empty() {
        out.raw(key, &format!("[{}]", items.join(", ")));
    }
}

/// The week as an inline table; closed weekdays are left out.
fn week(week: &[Vec<Window>; 7]) -> String {
    let entries: Vec<String> =
        ranges(week).iter().map(|(days, windows)| format!("{days} = {}", hours(windows))).collect();
    if entries.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", entries.join(", ")) }
}

/// The open weekdays of a week with their windows, neighbours of the same hours as a range: `mon-fri`.
pub(super) fn ranges(week: &[Vec<Window>; 7]) -> Vec<(String, &[Window])> {
    let mut ranges = Vec::new();
    let mut day = 0;
    while day < 7 {
        let last = (day..7).take_while(|&other| week[other] == week[day]).last().unwrap_or(day);
        if !week[day].is_empty() {
            let (from, to) = (WEEKDAYS[day], WEEKDAYS[last]);
            let days = if day == last { from.to_owned() } else { format!("{from}-{to}") };
            ranges.push((days, week[day].as_slice()));
        }
        day = last + 1;
    }
    ranges
}

fn hours(windows: &[Window]) -> String {
    quoted(&hours_text(windows))
}

/// `mon-fri 08:00-17:00, sat 10:00-12:00`; of a calendar that has no hours in its week, on how many dates it opens.
pub(crate) fn week_words(calendar: &Calendar) -> String {
    let shown = ranges(&calendar.week)
        .iter()
        .map(|(days, windows)| format!("{days} {}", hours_text(windows)))
        .collect::<Vec<_>>();
    let dates = calendar.days.values().filter(|windows| !windows.is_empty()).count();
    match (shown.is_empty(), dates) {
        (false, _) => shown.join(", "),
        (true, 0) => "never open".to_owned(),
        (true, 1) => "open on 1 date of `days` only".to_owned(),
        (true, _) => format!("open on {dates} dates of `days` only"),
    }
}
