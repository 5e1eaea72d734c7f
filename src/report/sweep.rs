//! `sweep` from end to end: read once, count under every value, find the tightest that holds a goal, tables, chart,
//! pages, manifest, summary (SPEC 14). What is counted, and how, stands in `compare::sweep`.

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::calendar::Instant;
use crate::charts::{self, Chart, Swept};
use crate::compare::sweep::{self, Axis, Counts, Kept, Measure, Question, RESAMPLES, Tightest};
use crate::diag::{Error, padded, printable};
use crate::facts::Dates;
use crate::history::History;
use crate::ingest::{self, Ingested};
use crate::policy::Book;
use crate::tables::{Query, Rate, Table, goal_percent, percent_beside, wilson};
use crate::zones;

use super::account::{files_read, manifest_of, name_inputs, write_manifest, write_rejected};
use super::assumed;
use super::audit::Observer;
use super::comparing::{self, Pages};
use super::compose::data::{rejected, rows as ledger, titled};
use super::compose::grid::complete;
use super::compose::{capital, section};
use super::document::{Part, Report, Section, Standing};
use super::evidence;
use super::folder::{Draft, Replaces};
use super::manifest::Input;
use super::reach;
use super::summary::{cut, grouped, percent, write_list, write_rows};
use super::theme::Theme;

/// Lines of the table in the summary; the others stand in `tables/sweep.csv`.
const LINES: usize = 40;

/// What is to be swept, and how; every file of the policy and the profile is read already.
#[derive(Debug)]
pub struct Sweep {
    /// What is read.
    pub input: ingest::Plan,
    /// The policy in force.
    pub book: Book,
    /// One or two keys with their values.
    pub axes: Vec<Axis>,
    /// What is counted.
    pub measure: Measure,
    /// The share that is to be kept, in (0, 1].
    pub goal: Option<f64>,
    /// The instant at which open things are judged; `None`: the latest event.
    pub as_of: Option<Instant>,
    /// The period in which clocks and spells start; `None`: everything.
    pub period: Option<Dates>,
    /// The report folder; `None`: only the summary is made.
    pub out: Option<PathBuf>,
    /// What may stand there.
    pub replaces: Replaces,
    /// What the report is called; `None`: as it is called by itself.
    pub title: Option<String>,
    /// Colours and logo.
    pub theme: Theme,
    /// The command's arguments, for the manifest.
    pub command: Vec<String>,
}

/// Everything that pages and the summary are made of.
struct Material<'a> {
    plan: &'a Sweep,
    question: Question<'a>,
    counts: &'a Counts,
    found: &'a [Tightest],
    finding: String,
    n_events: u64,
    inputs: &'a [Input],
    assumed: Vec<String>,
    left_out: Vec<String>,
}

/// Makes the sweep and its folder; gives the summary, plain text of at most 80 columns.
///
/// # Errors
/// [`Error::Usage`] where the policy has nothing to put the values into; [`Error::Input`] where the input cannot be
/// used, or too many rows are rejected (then nothing is written); [`Error::Output`] where the folder cannot be written.
pub fn sweep(plan: &Sweep, observer: &dyn Observer) -> Result<String, Error> {
    let books = sweep::books(&plan.book, &plan.axes).map_err(Error::Usage)?;
    let read = files_read(&plan.input, std::slice::from_ref(&plan.book), plan.theme.path());
    let draft = plan.out.as_ref().map(|out| Draft::begin(out, plan.replaces, &read)).transpose()?;
    let ingested = comparing::read(&plan.input, std::slice::from_ref(&plan.book), draft.is_some(), observer)?;
    let as_of = comparing::as_of(plan.as_of, &ingested)?;
    reach::warn(&ingested.history, &plan.book, as_of, plan.period, observer);
    let far_date = comparing::far_date(plan.as_of, &ingested, observer);
    let question = Question {
        history: &ingested.history,
        book: &plan.book,
        axes: &plan.axes,
        measure: plan.measure,
        as_of,
        period: plan.period,
    };
    observer.stage("replaying", ingested.history.n_cases() as u64);
    let counts = sweep::count(&question, &books, &|n| observer.advance(n));
    let n_across = plan.axes.last().map_or(1, |axis| axis.values.len());
    let found = plan.goal.map_or_else(Vec::new, |goal| match plan.measure {
        // The order is a matter of all cases together: no case can be drawn by itself.
        Measure::Order => sweep::without_interval(&counts, n_across, goal),
        _ => sweep::tightest(&counts, n_across, goal),
    });
    let now: Vec<bool> = books.iter().map(|book| sweep::is_same(book, &plan.book)).collect();
    let goal = plan.goal.map(|goal| (goal, found.as_slice()));
    let (tables, queries) = comparing::tables(sweep::tables(&question, &counts, goal, &now), title);
    let inputs = comparing::inputs(draft.is_some(), &ingested)?;
    let material = Material {
        plan,
        question,
        counts: &counts,
        found: &found,
        finding: finding(&question, &counts, plan.goal, &found),
        n_events: n_events(&ingested.history, as_of),
        inputs: &inputs,
        assumed: assumptions(plan, &ingested, far_date.as_ref()),
        left_out: assumed::left_out(&ingested.ledger),
    };
    let summary = material.summary(&now);
    if let Some(draft) = draft {
        observer.stage("pages", 1);
        draft.folder("tables")?;
        write_rejected(&ingested, &draft)?;
        let charts: Vec<Chart> = material.chart(&tables).into_iter().collect();
        let pages = Pages {
            run: "sweep",
            n_cases: material.counts.n_cases,
            n_events: material.n_events,
            assumed: &material.assumed,
            left_out: &material.left_out,
            report: material.report(&tables, &queries, &charts),
            summary: &summary,
            tables: &tables,
            queries: &queries,
            charts: &charts,
            inputs: &inputs,
            written: &[],
        };
        pages.write(&draft)?;
        let mut manifest = manifest_of(&plan.command, &plan.input.profile, std::slice::from_ref(&plan.book));
        manifest.theme = plan.theme.file.clone();
        name_inputs(&mut manifest, inputs.clone(), &ingested.ledger);
        manifest.as_of = Some(as_of.rfc3339());
        write_manifest(&draft, manifest)?;
        draft.publish()?;
    }
    observer.done();
    Ok(summary)
}

/// Events up to the judging instant.
fn n_events(history: &History, as_of: Instant) -> u64 {
    match history.span {
        Some((_, last)) if last > as_of => {
            history.events.iter().filter(|event| event.at <= as_of).count() as u64
        }
        _ => history.events.len() as u64,
    }
}

fn title(table: &str) -> &'static str {
    match table {
        "sweep" => "What is kept, by value",
        "tightest" => "The tightest value that holds the goal",
        _ => "Every promise that the values touch",
    }
}

fn assumptions(plan: &Sweep, ingested: &Ingested, far_date: Option<&String>) -> Vec<String> {
    let mut points = vec![
        "people would have worked as they did: only the policy changes, not what anybody did".to_owned(),
        match plan.as_of {
            Some(_) => "open things are judged at the instant given with --as-of".to_owned(),
            None => "open things are judged at the latest event of the input".to_owned(),
        },
        "a value is put into every version of the policy that has its key".to_owned(),
    ];
    points.extend(far_date.into_iter().chain(&ingested.assumptions).map(|text| text.trim().to_owned()));
    points.extend(evidence::unseen(&ingested.history));
    points
}

/// What was found, as a sentence without its full stop.
fn finding(question: &Question<'_>, counts: &Counts, goal: Option<f64>, found: &[Tightest]) -> String {
    let measure = question.measure.words();
    let value = |axis: usize, place: usize| question.axes[axis].values[place].to_string();
    let across = question.axes.len() - 1;
    match (goal, found) {
        (Some(goal), [only]) => match only.place {
            None => format!(
                "No value keeps {} of {measure}{}",
                goal_percent(goal),
                nearest(question, counts, goal)
            ),
            Some(place) => format!(
                "{} is the tightest value that keeps {} of {measure}{}",
                value(across, place),
                goal_percent(goal),
                interval(question, only)
            ),
        },
        (Some(goal), rows) => {
            let holding = rows.iter().filter(|row| row.place.is_some()).count();
            let first = rows.iter().enumerate().find_map(|(i, row)| row.place.map(|place| (i, place)));
            first.map_or_else(
                || {
                    format!(
                        "No pair of values keeps {} of {measure}{}",
                        goal_percent(goal),
                        nearest(question, counts, goal)
                    )
                },
                |(i, place)| {
                    format!(
                        "{} of {} values of {} can keep {} of {measure}, the tightest of them {} with {}",
                        holding,
                        rows.len(),
                        question.axes[0].name,
                        goal_percent(goal),
                        value(0, i),
                        value(across, place)
                    )
                },
            )
        }
        (None, _) => {
            let share = |kept: Option<&Kept>| {
                let rate = kept.and_then(|kept| wilson(kept.n_kept, kept.n));
                rate.map_or_else(|| "nothing judged".to_owned(), |rate| percent(rate.share))
            };
            format!(
                "{} kept: {} at the tightest value, {} at the widest",
                capital(&measure),
                share(counts.kept.first()),
                share(counts.kept.last())
            )
        }
    }
}

/// `; the nearest is 8bh with 71.2%, 45 of 1,203 short of it`: of values that keep as much the tightest.
fn nearest(question: &Question<'_>, counts: &Counts, goal: f64) -> String {
    let rated =
        counts.kept.iter().enumerate().filter_map(|(i, kept)| Some((i, wilson(kept.n_kept, kept.n)?)));
    let most = |best: Option<(usize, Rate)>, (i, rate): (usize, Rate)| match best {
        Some((_, known)) if known.share >= rate.share => best,
        _ => Some((i, rate)),
    };
    let Some((i, rate)) = rated.fold(None, most) else { return ": nothing is judged".to_owned() };
    let places = question.places(i);
    let values: Vec<String> =
        places.iter().zip(question.axes).map(|(place, axis)| axis.values[*place].to_string()).collect();
    // As many more as would be needed of as many judged.
    let wanted = (goal * rate.n as f64 - 1e-9).ceil() as u64;
    format!(
        "; the nearest is {} with {}: {} of {}, {} too few",
        values.join(" with "),
        percent_beside(rate.share, goal),
        grouped(rate.met),
        grouped(rate.n),
        grouped(wanted.saturating_sub(rate.met).max(1))
    )
}

/// `, 95 % interval 3bh to 5bh`.
fn interval(question: &Question<'_>, found: &Tightest) -> String {
    let Some(across) = question.axes.last() else { return String::new() };
    let value = |place: usize| across.values[place].to_string();
    match (found.low, found.high) {
        (Some(low), Some(high)) => format!(" (95% interval {} to {})", value(low), value(high)),
        (Some(low), None) => format!(" (95% interval from {} to beyond the last value)", value(low)),
        _ => String::new(),
    }
}

impl Material<'_> {
    /// A share as it is told beside the goal, if there is one.
    fn share(&self, share: f64) -> String {
        self.plan.goal.map_or_else(|| percent(share), |goal| percent_beside(share, goal))
    }

    fn keys(&self) -> Vec<String> {
        self.plan.axes.iter().map(|axis| axis.name.clone()).collect()
    }

    fn chart(&self, tables: &[Table]) -> Option<Chart> {
        let (measure, keys) = (self.question.measure.words(), self.keys());
        let swept = Swept { measure: &measure, keys: &keys, goal: self.plan.goal, finding: &self.finding };
        let accent = charts::Rgb::parse(&self.plan.theme.accent);
        charts::sweep(tables, swept, &accent.map(charts::Theme::with_accent).unwrap_or_default())
    }

    fn summary(&self, now: &[bool]) -> String {
        let mut text = String::new();
        let (cases, events) = (grouped(self.counts.n_cases), grouped(self.n_events));
        let _ =
            writeln!(text, "{cases} cases, {events} events, judged as of {}", self.question.as_of.rfc3339());
        if let Some(dates) = self.plan.period {
            let _ = writeln!(text, "period {} to {}: what starts in it", dates.from, dates.to);
        }
        write_list(&mut text, "Found", &[format!("{}.", capital(&self.finding))]);
        if self.question.axes.len() == 2 && self.plan.goal.is_some() {
            self.write_frontier(&mut text);
        }
        self.write_values(&mut text, now);
        write_rows(&mut text, self.inputs);
        write_list(&mut text, "Assumed", &self.assumed);
        write_list(&mut text, "Left out", &self.left_out);
        text
    }

    /// For each value of the first key the tightest of the second.
    fn write_frontier(&self, text: &mut String) {
        let [down, across] = self.question.axes else { return };
        let title = cut(&format!("{}, the tightest that holds the goal", across.name), 62);
        let _ = writeln!(text, "\n{}  {title}", padded(&cut(&down.name, 16), 16));
        for (value, found) in down.values.iter().zip(self.found).take(LINES) {
            let told = match found.place {
                Some(place) => format!("{}{}", across.values[place], interval(&self.question, found)),
                None => "none".to_owned(),
            };
            let _ = writeln!(text, "{:<16}  {told}", value.to_string());
        }
    }

    /// A line a value: all of them where there is room, else as many at equal steps.
    fn write_values(&self, text: &mut String, now: &[bool]) {
        let name = cut(&printable(&self.keys().join(", ")), 30);
        let _ = writeln!(
            text,
            "\n{}{:>9}{:>10}{:>10}   {:<16}",
            padded(&name, 31),
            "kept",
            "of",
            "share",
            "95% interval"
        );
        let kept = &self.counts.kept;
        let every = kept.len().div_ceil(LINES).max(1);
        let is_shown = |i: usize| {
            let is_found = self.found.len() == 1 && self.found[0].place == Some(i);
            i.is_multiple_of(every) || now[i] || is_found || i + 1 == kept.len()
        };
        for (i, kept) in kept.iter().enumerate().filter(|(i, _)| is_shown(*i)) {
            let places = self.question.places(i);
            let values: Vec<String> =
                places.iter().zip(self.question.axes).map(|(p, axis)| axis.values[*p].to_string()).collect();
            let mut name = values.join(", ");
            if now[i] {
                name.push_str(" (now)");
            }
            let line = match wilson(kept.n_kept, kept.n) {
                Some(rate) => format!(
                    "{:<31}{:>9}{:>10}{:>10}   {} to {}",
                    cut(&name, 30),
                    grouped(kept.n_kept),
                    grouped(kept.n),
                    self.share(rate.share),
                    percent(rate.low),
                    percent(rate.high)
                ),
                None => format!("{:<31}{:>9}{:>10}   none judged", cut(&name, 30), 0, 0),
            };
            let _ = writeln!(text, "{line}");
        }
        if every > 1 {
            let _ =
                writeln!(text, "every {every}th of {} values; all of them in tables/sweep.csv", kept.len());
        }
        if !now.contains(&true) {
            let Kept { n, n_kept, .. } = self.counts.now;
            let share = wilson(n_kept, n).map_or_else(String::new, |rate| self.share(rate.share));
            let _ = writeln!(
                text,
                "{:<31}{:>9}{:>10}{share:>10}",
                "the policy in force",
                grouped(n_kept),
                grouped(n)
            );
        }
    }

    fn report(&self, tables: &[Table], queries: &[Query], charts: &[Chart]) -> Report {
        let line = |name: &str, value: String| (name.to_owned(), value);
        let versions = self.plan.book.versions.iter();
        let names: Vec<String> = versions.map(|v| format!("{}, version {}", v.name, v.version)).collect();
        let period = self.plan.period.map(|dates| format!("{} to {}", dates.from, dates.to));
        Report {
            title: self.plan.title.clone().unwrap_or_else(|| format!("Sweep: {}", self.keys().join(", "))),
            head: vec![
                line("Policy", names.join("; ")),
                line("Varied", self.keys().join(", ")),
                line("Period", period.unwrap_or_else(|| "everything".to_owned())),
                line("Judged as of", self.question.as_of.rfc3339()),
                line(
                    "Read",
                    format!("{} cases, {} events", grouped(self.counts.n_cases), grouped(self.n_events)),
                ),
            ],
            sections: vec![self.glance(charts), self.tables(tables, queries), self.data()],
            cases: Vec::new(),
            zone: self.plan.book.versions.last().map(|version| version.timezone).unwrap_or_default(),
            theme: self.plan.theme.clone(),
        }
    }

    fn glance(&self, charts: &[Chart]) -> Section {
        let mut page = section("glance", "At a glance");
        page.parts.push(Part::Answer(Standing::None, format!("{}.", capital(&self.finding))));
        page.parts.extend(charts.iter().cloned().map(Part::Chart));
        if self.plan.goal.is_some() && self.plan.measure != Measure::Order {
            page.parts.push(Part::Text(format!(
                "The interval of the tightest value: the cases were drawn again with replacement {} times, each with its \
                 clocks, and the value was found again; 95 of 100 of these values lie in it. Values are tried as they \
                 stand in the table, the tightest promise first.",
                grouped(RESAMPLES as u64)
            )));
        }
        page
    }

    fn tables(&self, tables: &[Table], queries: &[Query]) -> Section {
        let mut page = section("values", "By value");
        for (table, query) in tables.iter().zip(queries) {
            let mut grid = complete(query, table, 1_000);
            grid.is_searchable = true;
            page.parts.push(Part::Grid(grid));
        }
        page
    }

    fn data(&self) -> Section {
        let mut page = section("data", "Data, assumptions, method");
        page.parts.push(Part::Grid(ledger(self.inputs)));
        page.parts.extend(rejected(self.inputs).map(Part::Grid));
        page.parts.extend(titled("Assumed", &self.assumed));
        page.parts.extend(titled("Left out", &self.left_out));
        page.parts.push(Part::Text(format!(
            "By slaudit {}, time-zone data {}, with the command: slaudit {}",
            env!("CARGO_PKG_VERSION"),
            zones::release().shown(),
            self.plan.command.join(" ")
        )));
        page
    }
}
