//! The terminal summary: what a manager wants to know, in at most 80 columns of plain text.
//!
//! Renders what [`Tally`] has counted; counts nothing itself. No colour, no control characters: a name of the
//! input cannot rearrange the terminal.

mod rules;
mod words;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::calendar::Instant;
use crate::diag::{padded, printable};
use crate::facts::{By, Dates};
use crate::policy::{Book, PromiseKind};
use crate::replay::{Metric, Verdict};
use crate::tables::{CUSTOMER_RESPONSE, DurationRow, Rate, Tally};

use super::manifest::Input;
use words::{ending, short_name, verdict_name};

pub(super) use words::{brief, by_words, cut, grouped, metric_name, percent, write_list};

/// Widest line, in characters.
pub const WIDTH: usize = 80;

/// Everything that the summary says.
pub struct Summary<'a> {
    /// What was counted.
    pub tally: &'a Tally,
    /// The policy versions.
    pub book: &'a Book,
    /// The instant at which open things were judged.
    pub as_of: Instant,
    /// The period that is reported; `None`: everything.
    pub period: Option<(Dates, By)>,
    /// Findings of the data, by code, beside those of cases, which the tally has.
    pub data_findings: &'a BTreeMap<&'static str, u64>,
    /// What became of the rows of each input file.
    pub inputs: &'a [Input],
    /// What was taken for granted.
    pub assumed: &'a [String],
    /// What was left out, and why.
    pub left_out: &'a [String],
}

impl Summary<'_> {
    /// The text, lines ending in `\n`.
    pub fn render(&self) -> String {
        let mut text = String::new();
        self.write_head(&mut text);
        self.write_attainment(&mut text, PromiseKind::Commitment);
        self.write_attainment(&mut text, PromiseKind::BestEffort);
        self.write_objectives(&mut text);
        self.write_durations(&mut text);
        self.write_verdicts(&mut text);
        self.write_reclassified(&mut text);
        self.write_spells(&mut text);
        self.write_close_after(&mut text);
        self.write_priority(&mut text);
        self.write_findings(&mut text);
        write_rows(&mut text, self.inputs);
        write_list(&mut text, "Assumed", self.assumed);
        write_list(&mut text, "Left out", self.left_out);
        text
    }

    fn write_head(&self, text: &mut String) {
        let tally = self.tally;
        let (cases, events) = (grouped(tally.n_replayed), grouped(tally.n_events));
        let _ = writeln!(text, "{cases} cases, {events} events, judged as of {}", self.as_of.rfc3339());
        if let Some((first, last)) = tally.openings {
            let _ = writeln!(text, "opened from {} to {}", first.rfc3339(), last.rfc3339());
        }
        if let Some((dates, by)) = self.period {
            let opened = grouped(tally.n_cases);
            let _ = writeln!(text, "period {} to {}: {opened} cases opened in it,", dates.from, dates.to);
            let _ = writeln!(text, "and below only clocks that {} in it", by_words(by));
        }
        let [inside, outside, unknown] = tally.opened.map(grouped);
        let _ =
            writeln!(text, "opened in hours {inside}, out of hours {outside}, no calendar to tell {unknown}");
        let (changed, reopened) = (grouped(tally.n_reclassified), grouped(tally.n_reopened));
        let _ = writeln!(text, "severity changed in {changed} cases, reopened {reopened}");
    }

    /// Attainment with its counts and interval, by metric, and by severity where there are several.
    fn write_attainment(&self, text: &mut String, kind: PromiseKind) {
        let title = match kind {
            PromiseKind::Commitment => "Attainment of commitments",
            PromiseKind::BestEffort => "Best effort, counted apart",
        };
        let _ = writeln!(text, "\n{title:<34}{:>9}{:>10}{:>8}   95% interval", "met", "of", "share");
        let mut is_empty = true;
        for metric in Metric::ALL {
            let all = self.tally.verdicts(metric, Some(kind), None);
            if all.n() == 0 {
                continue;
            }
            is_empty = false;
            write_rate(text, metric_name(metric), all.attainment());
            for severity in self.tally.severities() {
                let verdicts = self.tally.verdicts(metric, Some(kind), Some(severity));
                if verdicts.n() > 0 {
                    write_rate(text, &format!("  {}", self.severity_name(severity)), verdicts.attainment());
                }
            }
        }
        if is_empty {
            text.push_str("  nothing of this kind is promised to these cases\n");
        }
    }

    /// The severity with the name that the latest version which defines it gives it.
    fn severity_name(&self, severity: Option<u8>) -> String {
        let Some(level) = severity else { return "no severity".to_owned() };
        let rule = self.book.versions.iter().rev().find_map(|v| v.severity(level));
        match rule {
            Some(rule) if rule.name != level.to_string() => format!("severity {level} {}", rule.name),
            _ => format!("severity {level}"),
        }
    }

    fn write_durations(&self, text: &mut String) {
        let _ =
            writeln!(text, "\n{:<40}{:>20}{:>20}", "How long it took", "of the answered", "open ones too");
        let _ = writeln!(
            text,
            "{:<30}{:>10}{:>10}{:>10}{:>10}{:>10}",
            "", "answered", "median", "90%", "median", "90%"
        );
        for row in DurationRow::totals(self.tally) {
            let metric = Metric::ALL.into_iter().find(|metric| metric.word() == row.metric);
            let name =
                metric.map_or_else(|| CUSTOMER_RESPONSE.replace('_', " "), |m| metric_name(m).to_owned());
            write_duration(text, &name, &row);
        }
        text.push_str("business: open time, wall: all time, both without pauses. Open ones too:\n");
        text.push_str("Kaplan-Meier; an empty place was not reached. Cases that support ended\n");
        text.push_str("without an answer count there as never answered.\n");
    }

    fn write_verdicts(&self, text: &mut String) {
        let metrics: Vec<Metric> =
            Metric::ALL.into_iter().filter(|&m| self.tally.verdicts_of(m).n() > 0).collect();
        if metrics.is_empty() {
            text.push_str("\nNo clock belongs to the period.\n");
            return;
        }
        let _ = write!(text, "\n{:<18}", "Every clock");
        metrics.iter().for_each(|&m| {
            let _ = write!(text, "{:>12}", short_name(m));
        });
        text.push('\n');
        for verdict in Verdict::ALL.into_iter().rev() {
            let counts: Vec<u64> = metrics.iter().map(|&m| self.tally.verdicts_of(m).of(verdict)).collect();
            if counts.iter().any(|&n| n > 0) {
                write_counts(text, verdict_name(verdict), &counts);
            }
        }
        write_counts(
            text,
            "all",
            &metrics.iter().map(|&m| self.tally.verdicts_of(m).n()).collect::<Vec<_>>(),
        );
    }

    fn write_findings(&self, text: &mut String) {
        let mut all = self.data_findings.clone();
        self.tally.findings.iter().for_each(|(code, n)| *all.entry(code).or_default() += n);
        if all.is_empty() {
            return;
        }
        text.push_str("\nFindings\n");
        for (code, n) in &all {
            let title = crate::codes::ALL.iter().find(|c| c.code == *code).map_or("", |c| c.title);
            let _ = writeln!(text, "{:>11}  {code} {title}", grouped(*n));
        }
    }
}

/// What became of the rows of each input file.
pub(super) fn write_rows(text: &mut String, inputs: &[Input]) {
    let _ = writeln!(
        text,
        "\n{:<32}{:>12}{:>12}{:>12}{:>12}",
        "Rows of", "read", "used", "duplicate", "rejected"
    );
    for input in inputs {
        let path = padded(&ending(&printable(&input.path), 31), 32);
        let counts =
            [input.rows_read, input.rows_used, input.rows_duplicate, input.rows_rejected].map(grouped);
        let [read, used, duplicate, rejected] = counts;
        let _ = writeln!(text, "{path}{read:>12}{used:>12}{duplicate:>12}{rejected:>12}");
    }
}

fn write_rate(text: &mut String, name: &str, rate: Option<Rate>) {
    let name = padded(&cut(&printable(name), 33), 34);
    let _ = match rate {
        Some(r) => writeln!(
            text,
            "{name}{:>9}{:>10}{:>8}   {} to {}",
            grouped(r.met),
            grouped(r.n),
            percent(r.share),
            percent(r.low),
            percent(r.high)
        ),
        None => writeln!(text, "{name}{:>9}{:>10}   none judged yet", 0, 0),
    };
}

fn write_duration(text: &mut String, name: &str, row: &DurationRow) {
    let name = format!("{name}, {}", row.measure.word());
    let time = |seconds: Option<i64>| seconds.map_or_else(String::new, brief);
    let [answered, ..] = row.counts.map(grouped);
    let ([a, b], [c, d]) = (row.plain.map(time), row.kaplan_meier.map(time));
    let line = format!("{name:<30}{answered:>10}{a:>10}{b:>10}{c:>10}{d:>10}");
    text.push_str(line.trim_end());
    text.push('\n');
}

fn write_counts(text: &mut String, name: &str, counts: &[u64]) {
    let _ = write!(text, "{name:<18}");
    counts.iter().for_each(|&n| {
        let _ = write!(text, "{:>12}", grouped(n));
    });
    text.push('\n');
}
