//! When cases are opened: weekday by hour, over the opening hours.

use crate::tables::Table;

use super::rows::rows;
use super::spec::{Heat, Spec};
use super::theme::Theme;
use super::words::{self, WEEKDAYS};
use super::{Chart, NotDrawn, not};

/// The table that it is drawn from.
const TABLE: &str = "arrivals_by_hour";
const NAME: &str = "arrivals";

pub(super) fn chart(tables: &[Table]) -> Result<Chart, NotDrawn> {
    let mut heat = Heat { counts: vec![[0; 24]; 7], open: vec![[false; 24]; 7], unit: "cases".to_owned() };
    let (mut n_out, mut n_told) = (0, 0);
    for row in rows(tables, TABLE) {
        let place = row.whole("weekday").zip(row.whole("hour"));
        let Some((day, hour)) = place.filter(|(day, hour)| (1..=7).contains(day) && (0..24).contains(hour))
        else {
            continue;
        };
        let (day, hour) = (day as usize - 1, hour as usize);
        heat.counts[day][hour] += row.count("n_cases");
        heat.open[day][hour] = row.count("open_minutes") >= 30;
        n_out += row.count("n_out_of_hours");
        n_told += row.count("n_in_hours") + row.count("n_out_of_hours");
    }
    let n: i64 = heat.counts.iter().flatten().sum();
    if n == 0 {
        return Err(not(NAME, "no case was opened"));
    }
    let title = title(&heat, n, (n_out, n_told));
    let has_outline = heat.open.iter().flatten().any(|open| *open);
    Ok(Chart {
        name: NAME.to_owned(),
        alt: alt(&title, &heat),
        title,
        subtitle: format!(
            "Cases opened, by weekday and hour of the opening in the policy's time zone; n\u{a0}=\u{a0}{}",
            words::grouped(n)
        ),
        note: if has_outline {
            "Outlined: hours of a usual week of which at least half is open in some calendar of the policy; holidays \
             are not drawn."
                .to_owned()
        } else {
            String::new()
        },
        table: TABLE.to_owned(),
        spec: Spec::Heat(heat),
        theme: Theme::default(),
    })
}

/// The first of the hours in which most cases are opened: weekday, hour, how many.
fn busiest(heat: &Heat) -> (usize, usize, i64) {
    let all = heat
        .counts
        .iter()
        .enumerate()
        .flat_map(|(day, hours)| hours.iter().enumerate().map(move |(hour, n)| (day, hour, *n)));
    all.fold((0, 0, 0), |most, next| if next.2 > most.2 { next } else { most })
}

fn title(heat: &Heat, n: i64, (n_out, n_told): (i64, i64)) -> String {
    let (day, hour, most) = busiest(heat);
    let when = format!("{} {hour}:00 to {}:00", WEEKDAYS[day], hour + 1);
    let is_always_open = heat.open.iter().flatten().all(|open| *open);
    if n_told == 0 || is_always_open {
        return format!("Most cases are opened on {when}: {} of {}", words::grouped(most), words::grouped(n));
    }
    let share = words::percent(n_out as f64 / n_told as f64);
    format!(
        "{share} of {} were opened outside the opening hours; the busiest hour is {when}",
        words::counted(n_told, "case")
    )
}

fn alt(title: &str, heat: &Heat) -> String {
    let days: Vec<String> = heat
        .counts
        .iter()
        .zip(WEEKDAYS)
        .map(|(hours, day)| format!("{day} {}", words::grouped(hours.iter().sum())))
        .collect();
    format!("{title}. Heat map of cases opened by weekday and hour. By weekday: {}.", days.join(", "))
}
