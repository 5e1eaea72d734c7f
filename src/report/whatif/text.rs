//! The summary of a comparison for a terminal: at most 80 columns of plain text.

use std::fmt::Write as _;

use crate::compare::whatif::CHANGES;
use crate::diag::{padded, printable};
use crate::explain::wrapped;
use crate::ingest::Ingested;
use crate::policy::Book;
use crate::tables::{Cell, Table};

use super::super::evidence;
use super::super::shown::points;
use super::super::summary::{brief, cut, grouped, percent, write_list, write_rows};
use super::{Material, OTHER_HOURS, Whatif};

/// Lines of the list of reasons.
const REASONS: usize = 16;

/// What was taken for granted, a sentence each.
pub(super) fn assumed(plan: &Whatif, ingested: &Ingested, far_date: Option<&String>) -> Vec<String> {
    let mut points = vec![
        "people would have worked as they did: only the policy changes, not what anybody did".to_owned(),
        match plan.as_of {
            Some(_) => "open things are judged at the instant given with --as-of".to_owned(),
            None => "open things are judged at the latest event of the input".to_owned(),
        },
        "a clock is the same under two policies where metric and cycle are; one that a policy does not have counts as \
         without a promise"
            .to_owned(),
        "a severity is that at the stop of the clock under the policy in force".to_owned(),
    ];
    points.extend(far_date.into_iter().chain(&ingested.assumptions).map(|text| text.trim().to_owned()));
    for (book, label) in plan.books.iter().zip(&plan.labels) {
        points.extend(crate::policy::warnings(book).into_iter().map(|warning| format!("{label}: {warning}")));
    }
    points.extend(evidence::unseen(&ingested.history));
    let tolerance = |book: &Book| book.versions.iter().map(|version| version.priority).collect::<Vec<_>>();
    if plan.books.iter().any(|book| tolerance(book) != tolerance(&plan.books[0])) {
        points.push(
            "the priority order is not compared, though `[priority]` differs: `slaudit audit` with each policy counts it"
                .to_owned(),
        );
    }
    points
}

/// The text, lines ending in `\n`.
pub(super) fn summary(m: &Material<'_>) -> String {
    let mut text = String::new();
    write_head(&mut text, m);
    for proposed in 1..m.plan.books.len() {
        let rows = rows(m, "differences", "proposed", proposed);
        let points: Vec<String> = rows.iter().map(|row| row.text("message").to_owned()).collect();
        let title = format!("What {} says differently", printable(&m.plan.labels[proposed]));
        write_list(&mut text, &cut(&title, 80), &points);
        write_paired(&mut text, m, proposed);
        write_reasons(&mut text, m, proposed);
        write_cost(&mut text, m, proposed);
    }
    write_closures(&mut text, m);
    write_rows(&mut text, m.inputs);
    write_list(&mut text, "Assumed", m.assumed);
    write_list(&mut text, "Left out", m.left_out);
    text
}

fn write_head(text: &mut String, m: &Material<'_>) {
    let (cases, events) = (grouped(m.sums.n_cases), grouped(m.sums.n_events));
    let _ = writeln!(text, "{cases} cases, {events} events, judged as of {}", m.question.as_of.rfc3339());
    if let Some((dates, by)) = m.plan.period {
        let by = super::super::summary::by_words(by);
        let _ = writeln!(text, "period {} to {}: clocks that {by} in it", dates.from, dates.to);
    }
    for (i, (book, label)) in m.plan.books.iter().zip(&m.plan.labels).enumerate() {
        let names: Vec<String> =
            book.versions.iter().map(|v| format!("{}, version {}", v.name, v.version)).collect();
        let part = if i == 0 { "in force" } else { "proposed" };
        let line = format!("{part:<9} {}: {}", printable(label), printable(&names.join("; ")));
        let _ = writeln!(text, "{}", cut(&line, 80));
    }
}

/// One row of a table under its names.
struct Row<'a>(&'a Table, &'a [Cell]);

impl Row<'_> {
    fn cell(&self, name: &str) -> Option<&Cell> {
        self.1.get(self.0.column(name)?)
    }

    fn count(&self, name: &str) -> u64 {
        self.whole(name).and_then(|n| u64::try_from(n).ok()).unwrap_or(0)
    }

    fn whole(&self, name: &str) -> Option<i64> {
        if let Cell::Whole(n) = self.cell(name)? { Some(*n) } else { None }
    }

    fn number(&self, name: &str) -> Option<f64> {
        if let Cell::Number(x) = self.cell(name)? { Some(*x) } else { None }
    }

    fn text(&self, name: &str) -> &str {
        if let Some(Cell::Text(text)) = self.cell(name) { text } else { "" }
    }
}

/// The rows of a table that are about one policy; `column` names it.
fn rows<'a>(m: &Material<'a>, table: &str, column: &str, policy: usize) -> Vec<Row<'a>> {
    let Some(table) = m.tables.iter().find(|known| known.name == table) else { return Vec::new() };
    let all = table.rows.iter().map(|cells| Row(table, cells));
    all.filter(|row| row.text(column) == m.plan.labels[policy]).collect()
}

fn write_paired(text: &mut String, m: &Material<'_>, proposed: usize) {
    let label = printable(&m.plan.labels[proposed]);
    for (kind, title) in [("commitment", "Commitments"), ("best_effort", "Best effort")] {
        let rows: Vec<Row<'_>> =
            rows(m, "paired", "proposed", proposed).into_iter().filter(|r| r.text("kind") == kind).collect();
        if rows.is_empty() {
            continue;
        }
        let title = padded(&cut(&format!("{title} under {label}"), 29), 29);
        let _ = writeln!(
            text,
            "\n{title}{:>9}{:>8}{:>10}{:>8}  95% interval",
            "clocks", "now", "proposed", "change"
        );
        let differs = |row: &Row<'_>| {
            let counts = ["n_lost", "n_gained", "n_only_now", "n_only_proposed"];
            row.text("severity") == "all" || counts.iter().any(|name| row.count(name) > 0)
        };
        rows.iter().filter(|row| differs(row)).for_each(|row| write_pair(text, m, row));
        let n = rows.iter().filter(|row| !differs(row)).count();
        if n > 0 {
            let severities = if n == 1 { "severity" } else { "severities" };
            let _ = writeln!(text, "left out: {n} {severities} of these promises in which nothing differs");
        }
        text.push_str("change: in points, of the shares before they are rounded\n");
    }
}

fn write_pair(text: &mut String, m: &Material<'_>, row: &Row<'_>) {
    let name = match row.text("severity") {
        "all" => row.text("metric").replace('_', " "),
        "none" => "  no severity".to_owned(),
        level => format!("  severity {}", severity(m, level)),
    };
    let name = padded(&cut(&printable(&name), 28), 29);
    let n = row.count("n_pairs");
    let _ = write!(text, "{name}{:>9}", grouped(n));
    if let (Some(change), Some(low), Some(high)) =
        (row.number("change"), row.number("change_low"), row.number("change_high"))
    {
        let share = |met: u64| percent(met as f64 / n as f64);
        let now = share(row.count("n_both_met") + row.count("n_lost"));
        let then = share(row.count("n_both_met") + row.count("n_gained"));
        let (change, low, high) = (points(change), points(low), points(high));
        let _ = write!(text, "{now:>8}{then:>10}{change:>8}  {low} to {high}");
    }
    text.push('\n');
    let (now, then) = (row.count("n_only_now"), row.count("n_only_proposed"));
    if now + then > 0 && row.text("severity") == "all" {
        let _ = writeln!(
            text,
            "  judged under one policy only: {} now, {} proposed; in no pair",
            grouped(now),
            grouped(then)
        );
    }
}

/// A level with the name that the policy in force gives it.
pub(super) fn severity(m: &Material<'_>, level: &str) -> String {
    super::super::compose::grid::severity(&m.plan.books[0], level.parse().ok())
}

fn write_reasons(text: &mut String, m: &Material<'_>, proposed: usize) {
    let rows = rows(m, "flips_by_reason", "proposed", proposed);
    let label = printable(&m.plan.labels[proposed]);
    if rows.is_empty() {
        let _ = writeln!(text, "\nNo verdict differs under {}.", cut(&label, 50));
        return;
    }
    let _ = writeln!(text, "\n{}", cut(&format!("Verdicts that differ under {label}"), 80));
    for effect in CHANGES {
        let rows: Vec<&Row<'_>> = rows.iter().filter(|row| row.text("effect") == effect).collect();
        for row in rows.iter().take(REASONS) {
            let _ = writeln!(text, "{}", reason(row));
        }
        if rows.len() > REASONS {
            let n: u64 = rows[REASONS..].iter().map(|row| row.count("n_flips")).sum();
            let _ = writeln!(text, "{:>9}  more {effect}, in {} kinds", grouped(n), rows.len() - REASONS);
        }
    }
}

fn reason(row: &Row<'_>) -> String {
    let verdict = |column: &str| match row.text(column) {
        "" => "none".to_owned(),
        word => word.replace('_', " "),
    };
    let what = match row.text("metric") {
        "closure" => format!("closing, {}", row.text("basis").replace('_', " ")),
        metric if row.text("kind") == "best_effort" => format!("{} (best effort)", metric.replace('_', " ")),
        metric => metric.replace('_', " "),
    };
    let (n, effect) = (grouped(row.count("n_flips")), row.text("effect"));
    let change = format!("{} -> {}", verdict("verdict"), verdict("verdict_proposed"));
    cut(&printable(&format!("{n:>9}  {effect:<7}{what}: {change}; {}", row.text("reason"))), 80)
}

/// Promise, severity, and what the target counts.
type CostKey<'a> = (&'a str, Option<i64>, &'a str);

/// Time over target of the promises and severities where it is not the same.
fn write_cost(text: &mut String, m: &Material<'_>, proposed: usize) {
    let rows = rows(m, "cost", "proposed", proposed);
    for (kind, title) in [("commitment", "Time over target"), ("best_effort", "The same, best effort")] {
        let mut sums: Vec<(CostKey<'_>, [i64; 4])> = Vec::new();
        for row in rows.iter().filter(|row| row.text("kind") == kind) {
            let key = (row.text("metric"), row.whole("severity"), row.text("measure"));
            let of = |name: &str| row.whole(name).unwrap_or(0);
            let counts = ["n_over", "over_s", "n_over_proposed", "over_proposed_s"].map(of);
            match sums.iter_mut().find(|(known, _)| *known == key) {
                Some((_, sum)) => sum.iter_mut().zip(counts).for_each(|(mine, theirs)| *mine += theirs),
                None => sums.push((key, counts)),
            }
        }
        sums.retain(|(_, [n, over, n_then, over_then])| (n, over) != (n_then, over_then));
        if sums.is_empty() {
            continue;
        }
        sums.sort();
        let other_kind = |row: &&Row<'_>| {
            row.text("kind") == kind && row.cell("is_comparable") == Some(&Cell::Flag(false))
        };
        let is_mixed = rows.iter().any(|row| other_kind(&row)) && !m.has_other_hours(proposed);
        let has_business = sums.iter().any(|((_, _, measure), _)| *measure == "business");
        let _ = writeln!(
            text,
            "\n{title:<34}{:<9}{:>8}{:>9}{:>8}{:>11}",
            "measure", "clocks", "now", "clocks", "proposed"
        );
        for ((metric, level, measure), [n, over, n_then, over_then]) in sums {
            let level = level.map_or_else(|| "no severity".to_owned(), |level| format!("severity {level}"));
            let name = cut(&format!("{}, {level}", metric.replace('_', " ")), 33);
            let length = |n: i64, over: i64| if n == 0 { "none".to_owned() } else { brief(over) };
            let (over, over_then) = (length(n, over), length(n_then, over_then));
            let (n, n_then) = (grouped(n.unsigned_abs()), grouped(n_then.unsigned_abs()));
            let _ = writeln!(text, "{name:<34}{measure:<9}{n:>8}{over:>9}{n_then:>8}{over_then:>11}");
        }
        if is_mixed {
            wrapped(
                text,
                "",
                0,
                "Lengths of different kinds of time cannot be compared: count clocks there.",
            );
        }
        if has_business && m.has_other_hours(proposed) {
            wrapped(text, "", 0, &format!("business: {OTHER_HOURS}."));
        }
    }
}

fn write_closures(text: &mut String, m: &Material<'_>) {
    let Some(table) = m.tables.iter().find(|table| table.name == "closures" && !table.rows.is_empty()) else {
        return;
    };
    let point = |row: Row<'_>| {
        format!(
            "{}, {} after {}: {} of {} spells closed, {} of them before the customer came back",
            row.text("policy"),
            row.text("basis").replace('_', " "),
            row.text("close_after"),
            grouped(row.count("n_would_close")),
            grouped(row.count("n_spells")),
            grouped(row.count("n_false_closures"))
        )
    };
    let points: Vec<String> = table.rows.iter().map(|cells| point(Row(table, cells))).collect();
    write_list(text, "Had every case been closed when due", &points);
}
