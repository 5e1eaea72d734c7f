//! `slaudit reconcile FILES --against COLUMN`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::calendar::{Amount, Duration, Instant};
use crate::codes;
use crate::diag::{Diagnostic, Error, Position};
use crate::ingest::{self, Attributes, Ingested};
use crate::reconcile::{self, Chosen, Form, Question, Theirs, Unit, Yes};
use crate::replay::Metric;
use crate::report::Observer;
use crate::tables::Measure;

use super::output;
use super::progress::Bars;
use super::reading::{Read, Reading};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Case histories, as for `audit`
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The help desk's own column, or an attribute; of each case the last cell that is not empty counts
    #[arg(long, value_name = "COLUMN")]
    against: String,
    /// What the column says [default: found from its cells, where they leave no doubt]
    #[arg(long = "as", value_enum, value_name = "FORM")]
    form: Option<FormWord>,
    /// Which clock it is about; of several cycles the last [default: by the name of the column, else resolution]
    #[arg(long, value_enum)]
    metric: Option<MetricWord>,
    /// What a length of time in the column counts, both without pauses
    #[arg(long, value_enum, default_value_t = MeasureWord::Business)]
    measure: MeasureWord,
    /// How far instants and lengths may be apart, as `60s` or `5m`
    #[arg(long, value_name = "LENGTH", default_value = "60s", value_parser = tolerance)]
    tolerance: i64,
    #[command(flatten)]
    reading: Reading,
    /// Write every disagreement to this CSV file
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// No progress bars
    #[arg(long)]
    quiet: bool,
}

/// `--as`.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormWord {
    /// Whether the promise was kept: true, met, breached …
    Verdict,
    /// When it is due, a timestamp
    Due,
    /// How long it took, in seconds
    Seconds,
    /// How long it took, in minutes
    Minutes,
    /// How long it took, in hours
    Hours,
}

impl FormWord {
    /// `yes` is what a plain yes says.
    fn form(self, yes: Yes) -> Form {
        match self {
            FormWord::Verdict => Form::Verdict(yes),
            FormWord::Due => Form::Due,
            FormWord::Seconds => Form::Length(Unit::Seconds),
            FormWord::Minutes => Form::Length(Unit::Minutes),
            FormWord::Hours => Form::Length(Unit::Hours),
        }
    }
}

/// `--metric`.
#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(super) enum MetricWord {
    FirstResponse,
    AfterHoursResponse,
    NextResponse,
    Update,
    Resolution,
}

impl From<MetricWord> for Metric {
    fn from(word: MetricWord) -> Metric {
        match word {
            MetricWord::FirstResponse => Metric::FirstResponse,
            MetricWord::AfterHoursResponse => Metric::AfterHoursResponse,
            MetricWord::NextResponse => Metric::NextResponse,
            MetricWord::Update => Metric::Update,
            MetricWord::Resolution => Metric::Resolution,
        }
    }
}

/// `--measure`.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum MeasureWord {
    /// Open time
    Business,
    /// All time
    Wall,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Error> {
    arguments.reading.start_threads()?;
    let Read { input: mut plan, book, as_of } = arguments.reading.resolve(arguments.files.clone())?;
    let mut attributes = book.scope_attributes();
    attributes.push(arguments.against.clone());
    plan.attributes = Attributes::Named(attributes);
    plan.watch = Some(arguments.against.clone());
    let bars = Bars::new(arguments.quiet);
    bars.stage("reading", 1);
    let ingested = ingest::read(&plan, &bars)?;
    bars.done();
    ingested.warnings.iter().for_each(|warning| bars.warning(warning));
    ingested.accept()?;
    ingested.ledger.examples.iter().for_each(|problem| bars.problem(problem));
    let far = as_of.map_or_else(|| ingested.far_warning(), |_| None);
    far.iter().for_each(|warning| bars.warning(warning));
    let Some(as_of) = as_of.or(ingested.history.span.map(|(_, last)| last)) else {
        return Err(Error::Input(vec![Diagnostic::error(codes::F305, "no event in the input")]));
    };
    let read = |text: &str| plan.profile.instant(text, plan.timezone);
    let by_name = reconcile::metric(&arguments.against);
    let (metric, chosen) = match (arguments.metric, by_name) {
        (Some(asked), _) => (asked.into(), Chosen::Asked),
        (None, Some(metric)) => (metric, Chosen::ByName),
        (None, None) => (Metric::Resolution, Chosen::ByDefault),
    };
    let question = Question {
        ingested: &ingested,
        book: &book,
        as_of,
        column: &arguments.against,
        form: form(arguments, &ingested, &read)?,
        metric,
        chosen,
        measure: match arguments.measure {
            MeasureWord::Business => Measure::Business,
            MeasureWord::Wall => Measure::Wall,
        },
        tolerance: arguments.tolerance,
    };
    let all = reconcile::reconcile(&question, &read);
    if let Some(path) = &arguments.out {
        let files: Vec<String> = arguments.files.iter().map(|file| file.display().to_string()).collect();
        let bytes = reconcile::table(&question, &all, &files).to_csv();
        let written = bytes.map_err(std::io::Error::from).and_then(|bytes| std::fs::write(path, bytes));
        written.map_err(|e| cannot_write(path, &e))?;
    }
    output::say(&reconcile::text(&question, &all))
}

/// The form that was asked for, or the one that every cell has.
fn form(
    arguments: &Arguments,
    ingested: &Ingested,
    instant: &dyn Fn(&str) -> Option<Instant>,
) -> Result<Form, Error> {
    let words: Vec<&str> = match (ingested.watched_words(), ingested.history.attribute(&arguments.against)) {
        ([], Some(attribute)) => attribute.words.iter().collect(),
        (words, _) => words.iter().map(String::as_str).collect(),
    };
    let cells = words.iter().copied();
    let yes = reconcile::yes(&arguments.against);
    let asked = arguments.form.map(|word| word.form(yes));
    let found = asked.or_else(|| Theirs::form(cells, yes, instant));
    found.ok_or_else(|| {
        Error::Usage(format!(
            "the cells of `{}` leave open what they say: give it with `--as verdict`, `due`, `seconds`, `minutes` or `hours`",
            arguments.against
        ))
    })
}

fn cannot_write(path: &std::path::Path, error: &std::io::Error) -> Error {
    let position = Position { path: path.display().to_string(), ..Position::default() };
    Error::Output(Diagnostic::error(codes::F402, format!("cannot write: {error}")).at(position))
}

/// A length of wall time.
fn tolerance(text: &str) -> Result<i64, String> {
    match Duration::parse(text).map(|length| length.amount()) {
        Ok(Amount::Elapsed(micros)) => Ok(micros),
        Ok(_) => Err("expected a length of wall time, like `60s` or `5m`".to_owned()),
        Err(error) => Err(format!("{error}; {}", error.hint)),
    }
}
