//! The files of a report that people open: makes the report's value from the tables and hands it to the writers.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::charts::{self, Chart};
use crate::explain;
use crate::facts::{self, Dates};
use crate::replay::Workspace;
use crate::tables::{GraveRow, Query, ReadsAll, Table, Tally};

use super::audit::{Outcome, Run, internal};
use super::compose::{Material, report};
use super::document::ExplainedCase;
use super::figures::Figures;
use super::folder::Draft;
use super::manifest::Input;
use super::{html, markdown, pdf, workbook};
use crate::diag::Error;

/// Cases that are explained in a page.
const CASES: usize = 60;

/// Lines of one explanation in a page; a case of ten thousand events would fill a book.
const LINES: usize = 400;

/// What the pages are made of, beside the outcome.
pub(super) struct Pages<'a> {
    pub(super) run: &'a Run<'a>,
    pub(super) before: Option<Dates>,
    pub(super) tables: &'a [Table],
    pub(super) queries: &'a [Query],
    pub(super) gravest: &'a [GraveRow],
    pub(super) inputs: &'a [Input],
    /// The user's queries that read all of history, though a period was asked for.
    pub(super) reads_all: &'a [ReadsAll],
}

impl Pages<'_> {
    /// Writes every page and chart into `draft`.
    ///
    /// # Errors
    /// F402 where a file cannot be written, F403 for a mistake of this program.
    pub(super) fn write(&self, draft: &Draft, outcome: &Outcome) -> Result<(), Error> {
        let charts = charts::all(self.tables, &self.charts_context());
        let mut report = report(self.material(outcome, &charts));
        // The workbook takes longest, and on one thread: everything else is made meanwhile. It has no explained cases.
        let (book, (drawn, cases)) = rayon::join(
            || workbook::workbook(&report, self.tables, self.queries),
            || rayon::join(|| write_charts(draft, &charts), || self.explained()),
        );
        drawn?;
        draft.write("report.xlsx", &book.map_err(|e| internal(&format!("report.xlsx: {e}")))?)?;
        report.cases = cases?;
        let page = html::html(&report).map_err(|e| internal(&format!("report.html: {e}")))?;
        draft.write("report.html", page.as_bytes())?;
        if self.run.audit.pdf {
            draft.write("report.pdf", &pdf::pdf(&report)?)?;
        }
        draft.write("report.md", markdown::markdown(&report).as_bytes())?;
        let figures = Figures {
            run: "audit",
            report: &report,
            n_cases: outcome.tally.n_replayed,
            n_events: outcome.tally.n_events,
            tables: self.tables,
            inputs: self.inputs,
            assumed: &outcome.assumed,
            left_out: &outcome.left_out,
        };
        draft.write("summary.json", &figures.audit(outcome))
    }

    /// Names of the latest version's severities, and the theme's accent.
    fn charts_context(&self) -> charts::Context<'_> {
        let audit = self.run.audit;
        let latest = audit.book.versions.last();
        let rules = latest.iter().flat_map(|version| &version.severities);
        charts::Context {
            severities: rules.map(|rule| (i64::from(rule.level), rule.name.clone())).collect(),
            queries: self.queries,
            theme: charts::Rgb::parse(&audit.theme.accent)
                .map(charts::Theme::with_accent)
                .unwrap_or_default(),
        }
    }

    fn material<'m>(&'m self, outcome: &'m Outcome, charts: &'m [Chart]) -> Material<'m> {
        let audit = self.run.audit;
        Material {
            title: audit.title.as_deref(),
            theme: audit.theme.clone(),
            book: &audit.book,
            tally: &outcome.tally,
            as_of: self.run.as_of,
            period: audit.period,
            before: self.before,
            tables: self.tables,
            queries: self.queries,
            charts,
            inputs: self.inputs,
            reads_all: self.reads_all,
            assumed: &outcome.assumed,
            left_out: &outcome.left_out,
            notes: &outcome.notes,
            not_drawn: charts::not_drawn(self.tables, &self.charts_context())
                .into_iter()
                .map(|chart| format!("chart `{}` is not drawn: {}", chart.name, chart.reason))
                .collect(),
            n_findings: outcome.tally.findings.n(),
            command: format!("slaudit {}", audit.command.join(" ")),
        }
    }

    /// The first cases of the list, explained.
    fn explained(&self) -> Result<Vec<ExplainedCase>, Error> {
        let mut ids: Vec<&str> = Vec::new();
        for row in self.gravest {
            if ids.len() < CASES && !ids.contains(&row.case_id.as_str()) {
                ids.push(&row.case_id);
            }
        }
        let Run { audit, ingested, replayer, .. } = self.run;
        let source = explain::Source { ingested, book: &audit.book, replayer };
        let explain = |id: &&str| {
            let text = explain::text(&explain::brief(source, id)?);
            Ok(ExplainedCase { case_id: (*id).to_owned(), text: shortened(&text) })
        };
        ids.par_iter().map(explain).collect()
    }
}

/// Writes every chart as SVG and as PNG.
///
/// # Errors
/// F402 where a file cannot be written, F403 for a mistake of this program.
pub(super) fn write_charts(draft: &Draft, charts: &[Chart]) -> Result<(), Error> {
    draft.folder("charts")?;
    let broken = |chart: &Chart, e: String| internal(&format!("chart `{}`: {e}", chart.name));
    let drawn: Vec<Result<(String, Vec<u8>), Error>> = charts
        .par_iter()
        .map(|chart| {
            let svg = chart.svg().map_err(|e| broken(chart, e))?;
            let png = chart.png(2.0).map_err(|e| broken(chart, e))?;
            Ok((svg, png))
        })
        .collect();
    for (chart, drawn) in charts.iter().zip(drawn) {
        let (svg, png) = drawn?;
        draft.write(&format!("charts/{}.svg", chart.name), svg.as_bytes())?;
        draft.write(&format!("charts/{}.png", chart.name), &png)?;
    }
    Ok(())
}

/// The first lines of a long explanation, and how to see the others.
pub(super) fn shortened(text: &str) -> String {
    let n = text.lines().count();
    if n <= LINES {
        return text.to_owned();
    }
    let kept: Vec<&str> = text.lines().take(LINES).collect();
    let more = n - LINES;
    format!("{}\n… {more} more lines: `slaudit explain FILES CASE` prints them all\n", kept.join("\n"))
}

/// The findings that a person should look at first, in words: their cases are replayed once more.
pub(super) fn gravest(run: &Run<'_>, tally: &Tally) -> Vec<GraveRow> {
    let history = &run.ingested.history;
    let mut by_case: BTreeMap<u32, Vec<(usize, u32)>> = BTreeMap::new();
    for (position, grave) in tally.gravest.all().enumerate() {
        by_case.entry(grave.case).or_default().push((position, grave.finding));
    }
    let mut rows: Vec<(usize, GraveRow)> = Vec::new();
    let mut workspace = Workspace::default();
    for (case, wanted) in by_case {
        let Some(found) = run.replayer.case(history.case(case as usize), &mut workspace) else { continue };
        let case_id = history.case_ids.at(case as usize);
        for (position, index) in wanted {
            let Some(finding) = found.findings.get(index as usize) else { continue };
            let message = facts::finding_message(history, &run.audit.book, found, finding);
            rows.extend(GraveRow::new(case_id, found, index as usize, message).map(|row| (position, row)));
        }
    }
    rows.sort_by_key(|(position, _)| *position);
    rows.into_iter().map(|(_, row)| row).collect()
}
