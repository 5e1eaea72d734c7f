//! `slaudit sweep FILES --vary KEY=VALUES`.

use std::path::PathBuf;

use clap::Args;

use crate::compare::sweep::{Axis, Key, Measure};
use crate::diag::Error;
use crate::facts::Dates;
use crate::report::{self, Sweep, Theme};

use super::output;
use super::progress::Bars;
use super::reading::{Read, Reading};
use super::reconcile::MetricWord;
use super::replace::Replace;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Case histories, as for `audit`
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// A value of the policy and what to put in its place: `severity.1.first_response=15bm..8bh/15bm`,
    /// `calendars.support.open=07:00..09:00/30m`, `calendars.support.days=mon-fri|mon-sat`; once or twice
    #[arg(long, value_name = "KEY=VALUES", required = true, value_parser = Axis::parse)]
    vary: Vec<Axis>,
    /// The share that is to be kept, as `95%`: the tightest value that holds it is found, with its interval
    #[arg(long, value_name = "SHARE", value_parser = goal)]
    goal: Option<f64>,
    /// Which promise is counted [default: the one that the key is about]
    #[arg(long, value_enum)]
    metric: Option<MetricWord>,
    /// Of which severity at the stop [default: the one that the key is about, or all]
    #[arg(long, value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(1..=9))]
    severity: Option<u8>,
    #[command(flatten)]
    reading: Reading,
    /// Only what starts in it, in the policy's zone, as for `audit`
    #[arg(long, value_name = "PERIOD", value_parser = Dates::parse)]
    period: Option<Dates>,
    /// Where the sweep goes; an older report there is replaced, anything else, or a file beside it, is refused
    #[arg(long, value_name = "DIR", default_value = "slaudit-sweep")]
    out: PathBuf,
    #[command(flatten)]
    replace: Replace,
    /// Print the summary and write nothing
    #[arg(long)]
    summary: bool,
    /// What the report is called
    #[arg(long)]
    title: Option<String>,
    /// Accent colour and logo of the report, a small TOML file
    #[arg(long, value_name = "FILE")]
    theme: Option<PathBuf>,
    /// No progress bars, and no summary beside a written report
    #[arg(long)]
    quiet: bool,
}

pub(super) fn run(arguments: Arguments, command: Vec<String>) -> Result<(), Error> {
    arguments.reading.start_threads()?;
    let bars = Bars::new(arguments.quiet);
    let is_quiet = arguments.quiet && !arguments.summary;
    let plan = resolve(arguments, command)?;
    let summary = report::sweep(&plan, &bars)?;
    if is_quiet {
        return Ok(());
    }
    output::say(&summary)?;
    let written = plan.out.map(|out| format!("\nwrote {}\n", out.join("report.html").display()));
    written.map_or(Ok(()), |line| output::say(&line))
}

fn resolve(arguments: Arguments, command: Vec<String>) -> Result<Sweep, Error> {
    let axes = arguments.vary;
    if axes.len() > 2 {
        return Err(Error::Usage(
            "expected `--vary` once or twice: more keys make no chart that can be read".to_owned(),
        ));
    }
    if axes.len() == 2 && axes[0].key == axes[1].key {
        return Err(Error::Usage(format!("expected two keys, found `{}` twice", axes[0].name)));
    }
    let measure = measure(&axes, arguments.metric.map(Into::into), arguments.severity)?;
    let Read { input, book, as_of } = arguments.reading.resolve(arguments.files)?;
    let theme = arguments.theme.as_deref().map(Theme::read).transpose()?.unwrap_or_default();
    Ok(Sweep {
        input,
        book,
        axes,
        measure,
        goal: arguments.goal,
        as_of,
        period: arguments.period,
        out: (!arguments.summary).then_some(arguments.out),
        replaces: arguments.replace.into(),
        title: arguments.title,
        theme,
        command,
    })
}

/// What is counted: what was asked for, else what the keys are about.
fn measure(
    axes: &[Axis],
    metric: Option<crate::replay::Metric>,
    severity: Option<u8>,
) -> Result<Measure, Error> {
    let is_hours = |axis: &&Axis| matches!(axis.key, Key::Opening(_) | Key::Closing(_) | Key::Days(_));
    let mut about: Vec<Measure> =
        axes.iter().filter(|axis| !is_hours(axis)).map(|axis| axis.key.measure()).collect();
    // Hours touch everything: what is counted is the other key's.
    if about.is_empty() {
        about.extend(axes.first().map(|axis| axis.key.measure()));
    }
    let found = match about[..] {
        [only] => only,
        [Measure::Attainment(a, _), Measure::Attainment(b, _)] if a == b || metric.is_some() => {
            Measure::Attainment(a, None)
        }
        [a, b] if a == b => a,
        _ => {
            return Err(Error::Usage(
                "the two keys are about different things: say what is counted with `--metric`".to_owned(),
            ));
        }
    };
    match (found, metric, severity) {
        (Measure::Attainment(own, level), metric, severity) => {
            let level = if metric.is_some_and(|metric| metric != own) { None } else { level };
            Ok(Measure::Attainment(metric.unwrap_or(own), severity.or(level)))
        }
        (_, Some(_), _) | (_, _, Some(_)) => Err(Error::Usage(
            "`--metric` and `--severity` are for keys of targets and hours: this one counts closures, or the order of \
             answers"
                .to_owned(),
        )),
        (found, None, None) => Ok(found),
    }
}

fn goal(text: &str) -> Result<f64, String> {
    let (number, divisor) = text.strip_suffix('%').map_or((text, 1.0), |number| (number, 100.0));
    match number.trim().parse::<f64>() {
        Ok(x) if x > 0.0 && x <= divisor => Ok(x / divisor),
        _ => Err("expected a share above 0 and up to 1, as `95%` or `0.95`".to_owned()),
    }
}
