//! The pages of a comparison: what the proposed policy would have done, why each verdict differs, what it would have
//! cost, and which closures would have come too early. From the tables alone.

use crate::compare::whatif::CHANGES;
use crate::tables::{Cell, Table};
use crate::zones;

use super::super::compose::data::{rejected, rows as ledger, titled};
use super::super::compose::grid::chosen;
use super::super::compose::{section, words};
use super::super::document::{ExplainedCase, Grid, Part, Point, Report, Section, Show, Standing};
use super::super::summary::{by_words, grouped, percent};
use super::{Material, OTHER_HOURS, costs, text};

/// Columns that a page shows of the pairs.
const PAIRED: [&str; 13] = [
    "proposed",
    "metric",
    "kind",
    "severity",
    "n_pairs",
    "n_both_met",
    "n_lost",
    "n_gained",
    "n_neither_met",
    "change",
    "change_low",
    "change_high",
    "mcnemar_p",
];

/// The report of a comparison.
pub(super) fn report(m: &Material<'_>, cases: Vec<ExplainedCase>) -> Report {
    let mut sections =
        vec![glance(m), differences(m), attainment(m), flips(m), cost(m), closures(m), data(m)];
    sections.retain(|section| !section.parts.is_empty());
    Report {
        title: m.plan.title.clone().unwrap_or_else(|| format!("What if: {}", m.plan.labels[1..].join(", "))),
        head: head(m),
        sections,
        cases,
        zone: m.plan.books[0].versions.last().map(|version| version.timezone).unwrap_or_default(),
        theme: m.plan.theme.clone(),
    }
}

fn head(m: &Material<'_>) -> Vec<(String, String)> {
    let line = |name: &str, value: String| (name.to_owned(), value);
    let mut head = Vec::new();
    for (i, (book, label)) in m.plan.books.iter().zip(&m.plan.labels).enumerate() {
        let names: Vec<String> =
            book.versions.iter().map(|v| format!("{}, version {}", v.name, v.version)).collect();
        let name = if i == 0 { "In force" } else { "Proposed" };
        head.push(line(name, format!("{label}: {}", names.join("; "))));
    }
    let period = m
        .plan
        .period
        .map(|(dates, by)| format!("{} to {}; clocks that {} in it", dates.from, dates.to, by_words(by)));
    head.push(line("Period", period.unwrap_or_else(|| "everything".to_owned())));
    head.push(line("Judged as of", m.question.as_of.rfc3339()));
    let (cases, events) = (grouped(m.sums.n_cases), grouped(m.sums.n_events));
    head.push(line("Read", format!("{cases} cases, {events} events")));
    head
}

pub(super) fn table<'a>(m: &Material<'a>, name: &str) -> Option<&'a Table> {
    m.tables.iter().find(|table| table.name == name && !table.rows.is_empty())
}

/// The columns `names` of a table, severities by name.
fn grid(m: &Material<'_>, name: &str, names: &[&str]) -> Option<Grid> {
    let table = table(m, name)?;
    let query = m.queries.iter().find(|query| query.name == name)?;
    let mut grid = chosen(query, table, names);
    for (i, column) in grid.columns.iter_mut().enumerate() {
        if column.name == "severity" {
            column.show = Show::Text;
            for row in &mut grid.rows {
                row[i] = match &row[i] {
                    Cell::Text(level) if level.parse::<u8>().is_ok() => Cell::Text(text::severity(m, level)),
                    Cell::Whole(level) => Cell::Text(text::severity(m, &level.to_string())),
                    Cell::Text(word) => Cell::Text(word.clone()),
                    _ => Cell::Text("none".to_owned()),
                };
            }
        }
        if matches!(column.name.as_str(), "effect" | "verdict_proposed") {
            column.show = Show::Word;
        }
    }
    Some(grid)
}

pub(super) fn cell<'t>(table: &'t Table, row: &'t [Cell], name: &str) -> Option<&'t Cell> {
    row.get(table.column(name)?)
}

pub(super) fn count(table: &Table, row: &[Cell], name: &str) -> u64 {
    match cell(table, row, name) {
        Some(Cell::Whole(n)) => u64::try_from(*n).unwrap_or(0),
        _ => 0,
    }
}

pub(super) fn word<'t>(table: &'t Table, row: &'t [Cell], name: &str) -> &'t str {
    if let Some(Cell::Text(text)) = cell(table, row, name) { text } else { "" }
}

fn glance(m: &Material<'_>) -> Section {
    let mut page = section("glance", "At a glance");
    for proposed in 1..m.plan.books.len() {
        page.parts.push(Part::Answer(Standing::None, answer(m, proposed)));
    }
    if let Some(mut grid) = grid(m, "paired", &PAIRED[..12]) {
        let severity = grid.columns.iter().position(|column| column.name == "severity");
        if let Some(severity) = severity {
            grid.rows.retain(|row| row[severity] == Cell::Text("all".to_owned()));
            grid.columns.remove(severity);
            grid.rows.iter_mut().for_each(|row| drop(row.remove(severity)));
        }
        grid.n_all = grid.rows.len();
        grid.note = "Pairs: clocks judged under both policies. Change in points, of the shares before they are rounded, \
                     with its 95 % interval for the same clocks judged twice: what other cases of this kind would show."
            .to_owned();
        page.parts.push(Part::Grid(grid));
    }
    let lists = [
        ("Why verdicts differ", reasons(m)),
        ("What it would have taken", costs::points(m)),
        ("Closures", closing(m)),
    ];
    for (title, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
        page.parts.push(Part::Heading(title.to_owned()));
        page.parts.push(Part::Points(list));
    }
    page
}

/// What one proposed policy would have done, in a sentence or two.
fn answer(m: &Material<'_>, proposed: usize) -> String {
    let label = &m.plan.labels[proposed];
    let Some(table) = table(m, "paired") else {
        return format!("Under {label}: no clock is judged under both policies.");
    };
    let (mut n, mut met, mut lost, mut gained) = (0, 0, 0, 0);
    let mut changed: Vec<(String, u64, u64)> = Vec::new();
    for row in table.rows.iter().filter(|row| {
        word(table, row, "proposed") == label
            && word(table, row, "kind") == "commitment"
            && word(table, row, "severity") == "all"
    }) {
        n += count(table, row, "n_pairs");
        met += count(table, row, "n_both_met");
        let (of_it_lost, of_it_gained) = (count(table, row, "n_lost"), count(table, row, "n_gained"));
        (lost, gained) = (lost + of_it_lost, gained + of_it_gained);
        if of_it_lost + of_it_gained > 0 {
            changed.push((words(word(table, row, "metric")), of_it_lost, of_it_gained));
        }
    }
    if n == 0 {
        return format!("Under {label}: no commitment is judged under both policies.");
    }
    if lost + gained == 0 {
        return format!(
            "Under {label} each of {} commitments would have been kept or not as it was: {} kept ({}).",
            grouped(n),
            grouped(met),
            percent(met as f64 / n as f64)
        );
    }
    let share = |k: u64| percent(k as f64 / n as f64);
    format!(
        "Under {label}, {} of {} commitments would have been kept ({}) instead of {} ({}): {} lost, {} gained, {}.",
        grouped(met + gained),
        grouped(n),
        share(met + gained),
        grouped(met + lost),
        share(met + lost),
        grouped(lost),
        grouped(gained),
        promises(&changed)
    )
}

/// `all of first response`; `of first response 2 lost, 1 gained; of update 3 lost`.
fn promises(changed: &[(String, u64, u64)]) -> String {
    if let [(only, ..)] = changed {
        return format!("all of {only}");
    }
    let part = |(name, lost, gained): &(String, u64, u64)| {
        let counts = [(*lost, "lost"), (*gained, "gained")];
        let told: Vec<String> = counts
            .iter()
            .filter(|(n, _)| *n > 0)
            .map(|(n, word)| format!("{} {word}", grouped(*n)))
            .collect();
        format!("of {name} {}", told.join(", "))
    };
    changed.iter().map(part).collect::<Vec<_>>().join("; ")
}

/// The commonest reasons, as points.
fn reasons(m: &Material<'_>) -> Vec<Point> {
    let Some(table) = table(m, "flips_by_reason") else { return vec![Point::new("No verdict differs.")] };
    // Commitments and closures first, best effort apart.
    let mut sums: Vec<((bool, String, String, String), u64)> = Vec::new();
    for row in &table.rows {
        let of = |name: &str| word(table, row, name).to_owned();
        let is_best_effort = word(table, row, "kind") == "best_effort";
        let key = (is_best_effort, of("proposed"), of("effect"), of("reason"));
        let n = count(table, row, "n_flips");
        match sums.iter_mut().find(|(known, _)| *known == key) {
            Some((_, sum)) => *sum += n,
            None => sums.push((key, n)),
        }
    }
    sums.sort_by_key(|((is_best_effort, _, effect, _), n)| {
        (*is_best_effort, CHANGES.iter().position(|c| c == effect), std::cmp::Reverse(*n))
    });
    let point = |((is_best_effort, proposed, effect, reason), n): &((bool, String, String, String), u64)| {
        let effect = match effect.as_str() {
            "lost" => "verdicts from met to missed or unanswered",
            "gained" => "verdicts from missed or unanswered to met",
            _ => "other verdicts that differ",
        };
        let apart = if *is_best_effort { "best effort, " } else { "" };
        let text = format!("{proposed}: {apart}{} {effect}, by {reason}", grouped(*n));
        Point::new(text).more("flips")
    };
    sums.iter().take(6).map(point).collect()
}

fn closing(m: &Material<'_>) -> Vec<Point> {
    let Some(table) = table(m, "closures") else { return Vec::new() };
    let point = |row: &Vec<Cell>| {
        let text = format!(
            "{}: closed {} after {}, {} of {} closures would have come before the customer came back",
            word(table, row, "policy"),
            words(word(table, row, "basis")),
            word(table, row, "close_after"),
            grouped(count(table, row, "n_false_closures")),
            grouped(count(table, row, "n_would_close"))
        );
        Point::new(text).more("closures")
    };
    table.rows.iter().map(point).collect()
}

fn differences(m: &Material<'_>) -> Section {
    let mut page = section("differences", "What the policies say differently");
    let columns = ["proposed", "version", "version_proposed", "message", "key", "toml", "toml_proposed"];
    match grid(m, "differences", &columns) {
        Some(grid) => page.parts.push(Part::Grid(grid)),
        None => page.parts.push(Part::Text("Nothing: they promise the same.".to_owned())),
    }
    page
}

fn charts(m: &Material<'_>, of: &str) -> Vec<Part> {
    m.charts.iter().filter(|chart| chart.table == of).cloned().map(Part::Chart).collect()
}

fn attainment(m: &Material<'_>) -> Section {
    let mut page = section("attainment", "Attainment side by side");
    page.parts.push(Part::Text(
        "Attainment is met of judged; judged are the clocks that were met, missed, or left unanswered. Each policy has \
         its own clocks and its own interval here; the change of the same clocks stands in the second table."
            .to_owned(),
    ));
    page.parts.extend(charts(m, "attainment_by_policy"));
    let columns = [
        "metric",
        "kind",
        "severity",
        "policy",
        "n_judged",
        "n_met",
        "n_missed",
        "n_unanswered",
        "n_pending",
        "attainment",
        "attainment_low",
        "attainment_high",
        "goal",
    ];
    page.parts.extend(grid(m, "attainment_by_policy", &columns).map(Part::Grid));
    if let Some(mut grid) = grid(m, "paired", &PAIRED) {
        grid.note = "Lost: met now, not with the proposed policy. p: exact two-sided McNemar test, how likely so uneven \
                     a split of lost and gained is by chance."
            .to_owned();
        grid.columns.last_mut().into_iter().for_each(|column| column.label = "p (McNemar)".to_owned());
        page.parts.push(Part::Grid(grid));
    }
    page
}

fn flips(m: &Material<'_>) -> Section {
    let mut page = section("flips", "Verdicts that differ, and why");
    let columns = [
        "proposed",
        "effect",
        "metric",
        "kind",
        "basis",
        "verdict",
        "verdict_proposed",
        "reason",
        "n_flips",
        "n_cases",
    ];
    let Some(by_reason) = grid(m, "flips_by_reason", &columns) else {
        page.parts.push(Part::Text("No verdict differs.".to_owned()));
        return page;
    };
    page.parts.push(Part::Text(
        "A part of the proposed policy is a reason where it makes the proposed verdict when it alone is put into the \
         policy in force; `or` between parts of which each would, `and` between parts that only together do."
            .to_owned(),
    ));
    page.parts.extend(charts(m, "flips_by_reason"));
    page.parts.push(Part::Grid(by_reason));
    let columns = [
        "proposed",
        "effect",
        "case_id",
        "metric",
        "cycle",
        "severity",
        "verdict",
        "verdict_proposed",
        "reason",
        "message",
    ];
    if let Some(mut grid) = grid(m, "flips", &columns) {
        grid.is_searchable = true;
        grid.n_all = usize::try_from(m.told.n_flips).unwrap_or(usize::MAX);
        grid.note = "Those that are lost come first, the most severe and the furthest over target before others. All of \
                     them stand in tables/flips.csv."
            .to_owned();
        page.parts.push(Part::Grid(grid));
    }
    page
}

fn cost(m: &Material<'_>) -> Section {
    let mut page = section("cost", "Time over target");
    let columns = [
        "proposed",
        "month",
        "metric",
        "kind",
        "severity",
        "measure",
        "n_over",
        "over_s",
        "n_over_proposed",
        "over_proposed_s",
        "more_s",
    ];
    let Some(mut grid) = grid(m, "cost", &columns) else { return page };
    page.parts.push(Part::Text(
        "By how much support would have had to be faster: the time beyond the target of every clock that was missed or \
         left unanswered after its target, in the kind of the target, by month of the clock's start. Prorated clocks \
         have no single length and count as clocks only. Where the two policies count different kinds of time, no \
         difference is made of the two lengths."
            .to_owned(),
    ));
    let others: Vec<&str> = (1..m.plan.books.len())
        .filter(|&proposed| m.has_other_hours(proposed))
        .map(|proposed| m.plan.labels[proposed].as_str())
        .collect();
    if !others.is_empty() {
        page.parts
            .push(Part::Text(format!("{}: in rows of business time {OTHER_HOURS}.", others.join(", "))));
    }
    page.parts.extend(charts(m, "cost"));
    grid.is_searchable = true;
    page.parts.push(Part::Grid(grid));
    page
}

fn closures(m: &Material<'_>) -> Section {
    let mut page = section("closures", "Closing for inactivity when due");
    let columns = [
        "policy",
        "basis",
        "close_after",
        "n_spells",
        "n_would_close",
        "n_false_closures",
        "false_closures",
        "false_closures_low",
        "false_closures_high",
        "n_cases_closed",
        "saved_s",
    ];
    let Some(grid) = grid(m, "closures", &columns) else { return page };
    page.parts.push(Part::Text(format!(
        "Had each spell been closed when due, counted from its start after its last restart. Closed too early: the \
         customer came back later of their own accord. {} of the proposed policies stand in tables/too_early.csv.",
        grouped(m.told.n_too_early)
    )));
    page.parts.extend(charts(m, "closures"));
    page.parts.push(Part::Grid(grid));
    page
}

fn data(m: &Material<'_>) -> Section {
    let mut page = section("data", "Data, assumptions, method");
    page.parts.push(Part::Grid(ledger(m.inputs)));
    page.parts.extend(rejected(m.inputs).map(Part::Grid));
    page.parts.extend(titled("Assumed", m.assumed));
    page.parts.extend(titled("Left out", m.left_out));
    page.parts.push(Part::Text(format!(
        "Every verdict under either policy is shown stretch by stretch by `slaudit explain FILES CASE` with that policy. \
         By slaudit {}, time-zone data {}, with the command: slaudit {}",
        env!("CARGO_PKG_VERSION"),
        zones::release().shown(),
        m.plan.command.join(" ")
    )));
    page
}
