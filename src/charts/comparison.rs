//! Charts of a comparison of policies: attainment side by side, verdicts that differ by reason, time over target, and
//! closures that would have come too early.

use crate::tables::Table;

use super::rows::{Row, rows};
use super::spec::{RateRow, Rates, Spec, Stack, StackPart, Stacks};
use super::theme::{Theme, Tone};
use super::words;
use super::{Chart, Context, NotDrawn, cost, not};

const BY_REASON: &str = "flips_by_reason";

/// Reasons that a chart shows; the table has all.
const REASONS: usize = 12;

pub(super) fn charts(tables: &[Table], context: &Context<'_>) -> Vec<Result<Chart, NotDrawn>> {
    let mut all = attainment(tables, context);
    all.push(by_reason(tables));
    all.push(cost::chart(tables));
    all.push(closures(tables));
    all
}

/// One chart a commitment: each policy and severity with its interval.
fn attainment(tables: &[Table], context: &Context<'_>) -> Vec<Result<Chart, NotDrawn>> {
    const TABLE: &str = "attainment_by_policy";
    let mut groups: Vec<(&str, Vec<Row<'_>>)> = Vec::new();
    for row in rows(tables, TABLE).into_iter().filter(|row| row.text("kind") == Some("commitment")) {
        let Some(metric) = row.text("metric").filter(|_| row.count("n_judged") > 0) else { continue };
        match groups.iter_mut().find(|(known, _)| *known == metric) {
            Some((_, rows)) => rows.push(row),
            None => groups.push((metric, vec![row])),
        }
    }
    if groups.is_empty() {
        return vec![Err(not(TABLE, "no commitment is judged"))];
    }
    let chart = |(metric, rows): &(&str, Vec<Row<'_>>)| {
        let name = |row: &Row<'_>| match row.text("severity") {
            Some("all") => "All severities".to_owned(),
            Some("none") | None => "No severity".to_owned(),
            Some(level) => context.severity(level.parse().ok()),
        };
        let policy = |row: &Row<'_>| words::name(row.text("policy").unwrap_or_default());
        let rate = |row: &Row<'_>| {
            Some(RateRow {
                label: format!("{}, {}", name(row), policy(row)),
                n: words::counted(row.count("n_judged"), "clock"),
                goal: row.number("goal"),
                point: row.share(("n_met", "n_judged"), "attainment", 0)?,
            })
        };
        let all: Vec<&Row<'_>> = rows.iter().filter(|row| row.text("severity") == Some("all")).collect();
        let told: Vec<String> = all
            .iter()
            .filter_map(|row| Some(format!("{} {}", policy(row), words::percent(row.number("attainment")?))))
            .collect();
        let title = format!("{} kept: {}", words::capital(&words::spoken(metric)), told.join(", "));
        let parts: Vec<String> = rows
            .iter()
            .map(|row| {
                format!(
                    "{}, {}: {} of {} met",
                    name(row),
                    policy(row),
                    words::grouped(row.count("n_met")),
                    words::grouped(row.count("n_judged"))
                )
            })
            .collect();
        Ok(Chart {
            name: format!("attainment_{metric}"),
            alt: format!("{title}. {}.", parts.join("; ")),
            title,
            subtitle: "Attainment under each policy, with its 95 % interval; the same cases".to_owned(),
            note: "The intervals are of each share by itself; the change of the same clocks stands in the table."
                .to_owned(),
            table: TABLE.to_owned(),
            spec: Spec::Rates(Rates {
                share_name: "attainment".to_owned(),
                rows: rows.iter().filter_map(rate).collect(),
            }),
            theme: Theme::default(),
        })
    };
    groups.iter().map(chart).collect()
}

/// Verdicts that differ by one reason under one proposed policy.
struct Differing<'a> {
    proposed: &'a str,
    reason: &'a str,
    is_best_effort: bool,
    /// Lost, gained, other.
    counts: [i64; 3],
    /// Promises of which some are lost or gained.
    metrics: Vec<&'a str>,
}

impl Differing<'_> {
    fn all(&self) -> i64 {
        self.counts.iter().sum()
    }

    /// Lost or gained.
    fn changed(&self) -> i64 {
        self.counts[0] + self.counts[1]
    }
}

/// By reason, commitments and closures first, then the most first.
fn differing(tables: &[Table]) -> Vec<Differing<'_>> {
    let mut all: Vec<Differing<'_>> = Vec::new();
    for row in rows(tables, BY_REASON) {
        let (Some(proposed), Some(reason)) = (row.text("proposed"), row.text("reason")) else { continue };
        let is_best_effort = row.text("kind") == Some("best_effort");
        let effect = match row.text("effect") {
            Some("lost") => 0,
            Some("gained") => 1,
            _ => 2,
        };
        let key = (proposed, reason, is_best_effort);
        let place = all.iter().position(|of| (of.proposed, of.reason, of.is_best_effort) == key);
        let place = place.unwrap_or_else(|| {
            all.push(Differing { proposed, reason, is_best_effort, counts: [0; 3], metrics: Vec::new() });
            all.len() - 1
        });
        let of = &mut all[place];
        of.counts[effect] += row.count("n_flips");
        let metric = row.text("metric").filter(|metric| effect < 2 && !of.metrics.contains(metric));
        of.metrics.extend(metric);
    }
    all.sort_by_key(|of| (of.is_best_effort, -of.all()));
    all
}

/// One bar a reason: lost, gained, other.
fn by_reason(tables: &[Table]) -> Result<Chart, NotDrawn> {
    let all = differing(tables);
    if all.is_empty() {
        return Err(not(BY_REASON, "no verdict differs"));
    }
    let title = title(&all);
    let several = all.iter().any(|of| of.proposed != all[0].proposed);
    let name = |of: &Differing<'_>| {
        let reason = match several {
            true => format!("{}, {}", words::name(of.proposed), words::name(of.reason)),
            false => words::capital(&words::name(of.reason)),
        };
        if of.is_best_effort { format!("{reason}, best effort") } else { reason }
    };
    let parts = [("lost", Tone::Bad), ("gained", Tone::Good), ("other", Tone::Neutral)];
    let shown = &all[..all.len().min(REASONS)];
    let bar = |of: &Differing<'_>| Stack {
        title: name(of),
        n: words::counted(of.all(), "verdict"),
        parts: parts
            .iter()
            .zip(of.counts)
            .filter(|(_, n)| *n > 0)
            .map(|((label, tone), n)| StackPart { label: (*label).to_owned(), n, tone: *tone })
            .collect(),
    };
    let told: Vec<String> = shown
        .iter()
        .map(|of| {
            let [lost, gained, other] = of.counts.map(words::grouped);
            format!("{}: {lost} lost, {gained} gained, {other} other", name(of))
        })
        .collect();
    Ok(Chart {
        name: BY_REASON.to_owned(),
        alt: format!("{title}. {}.", told.join("; ")),
        title,
        subtitle:
            "Clocks and spells whose verdict differs under the proposed policy, by what makes the difference"
                .to_owned(),
        note: "Lost: met now, missed or unanswered with it. Gained: the reverse.".to_owned(),
        table: BY_REASON.to_owned(),
        spec: Spec::Stacks(Stacks { bars: shown.iter().map(bar).collect() }),
        theme: Theme::default(),
    })
}

/// Commitments that are lost and gained, the promise where it is one, and the reason that changes most of them; without any
/// that nothing is.
fn title(all: &[Differing<'_>]) -> String {
    let commitments: Vec<&Differing<'_>> = all.iter().filter(|of| !of.is_best_effort).collect();
    let sum = |i: usize| -> i64 { commitments.iter().map(|of| of.counts[i]).sum() };
    if sum(0) + sum(1) == 0 {
        let others: i64 = all.iter().map(Differing::all).sum();
        return format!(
            "No commitment is lost or gained; {} differ",
            words::counted(others, "other verdict")
        );
    }
    let mut metrics: Vec<&str> = commitments.iter().flat_map(|of| of.metrics.iter().copied()).collect();
    metrics.sort_unstable();
    metrics.dedup();
    let promise = match metrics[..] {
        [only] => format!("{}: ", words::capital(&words::spoken(only))),
        _ => String::new(),
    };
    let most = commitments.iter().max_by_key(|of| (of.changed(), std::cmp::Reverse(of.reason)));
    let reason = most.map(|of| words::name(of.reason)).unwrap_or_default();
    format!(
        "{promise}{} lost, {} gained, most by {reason}",
        words::counted(sum(0), "commitment"),
        words::grouped(sum(1))
    )
}

/// Closures too early, each policy and category.
fn closures(tables: &[Table]) -> Result<Chart, NotDrawn> {
    const TABLE: &str = "closures";
    let rows: Vec<Row<'_>> =
        rows(tables, TABLE).into_iter().filter(|row| row.count("n_would_close") > 0).collect();
    if rows.is_empty() {
        return Err(not(TABLE, "no policy would have closed a case"));
    }
    let name = |row: &Row<'_>| {
        let word = |column: &str| row.text(column).unwrap_or_default();
        format!(
            "{}, {} after {}",
            words::name(word("policy")),
            words::spoken(word("basis")),
            words::name(word("close_after"))
        )
    };
    let told = |row: &Row<'_>| {
        format!(
            "{}: {} of {}",
            name(row),
            words::grouped(row.count("n_false_closures")),
            words::counted(row.count("n_would_close"), "closure")
        )
    };
    let worst = rows.iter().max_by_key(|row| row.count("n_false_closures"));
    let title = worst.map_or_else(String::new, |row| format!("Closed too early, {}", told(row)));
    let told: Vec<String> = rows.iter().map(told).collect();
    let rate = |row: &Row<'_>| {
        Some(RateRow {
            label: words::capital(&name(row)),
            n: words::counted(row.count("n_would_close"), "closure"),
            goal: None,
            point: row.share(("n_false_closures", "n_would_close"), "false_closures", 0)?,
        })
    };
    Ok(Chart {
        name: TABLE.to_owned(),
        alt: format!("{title}. Share of closures too early: {}.", told.join("; ")),
        title,
        subtitle: "Of the spells that would have been closed when due, the share that the customer ended by coming back"
            .to_owned(),
        note: String::new(),
        table: TABLE.to_owned(),
        spec: Spec::Rates(Rates {
            share_name: "closed too early".to_owned(),
            rows: rows.iter().filter_map(rate).collect(),
        }),
        theme: Theme::default(),
    })
}
