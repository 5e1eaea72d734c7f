//! Charts of a comparison of policies: attainment side by side, verdicts that differ by reason, time over target, and
//! closures that would have come too early.

use crate::tables::Table;

use super::rows::{Row, rows};
use super::spec::{RateRow, Rates, Spec, Stack, StackPart, Stacks};
use super::theme::{Theme, Tone};
use super::words;
use super::{Chart, Context, NotDrawn, cost, not};

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

/// One bar a reason: lost, gained, other.
fn by_reason(tables: &[Table]) -> Result<Chart, NotDrawn> {
    const TABLE: &str = "flips_by_reason";
    let mut sums: Vec<((&str, &str), [i64; 3])> = Vec::new();
    for row in rows(tables, TABLE) {
        let (Some(proposed), Some(reason)) = (row.text("proposed"), row.text("reason")) else { continue };
        let effect = match row.text("effect") {
            Some("lost") => 0,
            Some("gained") => 1,
            _ => 2,
        };
        let n = row.count("n_flips");
        match sums.iter_mut().find(|(key, _)| *key == (proposed, reason)) {
            Some((_, sum)) => sum[effect] += n,
            None => {
                let mut sum = [0; 3];
                sum[effect] = n;
                sums.push(((proposed, reason), sum));
            }
        }
    }
    if sums.is_empty() {
        return Err(not(TABLE, "no verdict differs"));
    }
    sums.sort_by_key(|(_, sum)| -sum.iter().sum::<i64>());
    sums.truncate(REASONS);
    let several = sums.iter().any(|((proposed, _), _)| *proposed != sums[0].0.0);
    let name = |(proposed, reason): &(&str, &str)| match several {
        true => format!("{}, {}", words::name(proposed), words::name(reason)),
        false => words::capital(&words::name(reason)),
    };
    let parts = [("lost", Tone::Bad), ("gained", Tone::Good), ("other", Tone::Neutral)];
    let bar = |(key, sum): &((&str, &str), [i64; 3])| Stack {
        title: name(key),
        n: words::counted(sum.iter().sum(), "verdict"),
        parts: parts
            .iter()
            .zip(sum)
            .filter(|(_, n)| **n > 0)
            .map(|((label, tone), n)| StackPart { label: (*label).to_owned(), n: *n, tone: *tone })
            .collect(),
    };
    let of = |i: usize| -> i64 { sums.iter().map(|(_, sum)| sum[i]).sum() };
    let title = format!(
        "{} lost, {} gained, most by {}",
        words::counted(of(0), "verdict"),
        words::grouped(of(1)),
        words::name(sums[0].0.1)
    );
    let told: Vec<String> = sums
        .iter()
        .map(|(key, [lost, gained, other])| {
            let counts = [lost, gained, other].map(|n| words::grouped(*n));
            format!("{}: {} lost, {} gained, {} other", name(key), counts[0], counts[1], counts[2])
        })
        .collect();
    Ok(Chart {
        name: TABLE.to_owned(),
        alt: format!("{title}. {}.", told.join("; ")),
        title,
        subtitle:
            "Clocks and spells whose verdict differs under the proposed policy, by what makes the difference"
                .to_owned(),
        note: "Lost: met now, missed or unanswered with it. Gained: the reverse.".to_owned(),
        table: TABLE.to_owned(),
        spec: Spec::Stacks(Stacks { bars: sums.iter().map(bar).collect() }),
        theme: Theme::default(),
    })
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
