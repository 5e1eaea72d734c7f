//! `slaudit policy check`: any number of policies, every problem of every one.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::calendar::Calendar;
use crate::codes;
use crate::diag::{Diagnostic, Error, Position};
use crate::explain::wrapped;
use crate::policy::{self, Book};
use crate::zones;

use super::output;
use super::policy::load;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Policy files, or folders of dated versions; default: the built-in policy
    #[arg(value_name = "POLICY")]
    policies: Vec<PathBuf>,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// A line or two for each valid version; problems on the error output, each with its place and line
    Text,
    /// One JSON array on the standard output, an object for each policy: `policy`, `ok`, `versions`, `problems`,
    /// `warnings`, `zone_data`
    Json,
}

/// One policy, read.
struct Checked<'a> {
    /// `None`: the built-in.
    path: Option<&'a Path>,
    book: Result<Book, Vec<Diagnostic>>,
}

/// # Errors
/// [`Error::Invalid`] with every problem of every policy; with none left to tell where JSON has told them.
pub(super) fn run(arguments: &Arguments) -> Result<(), Error> {
    let given: Vec<Option<&Path>> = match arguments.policies.as_slice() {
        [] => vec![None],
        all => all.iter().map(|path| Some(path.as_path())).collect(),
    };
    let all: Vec<Checked<'_>> = given.into_iter().map(checked).collect::<Result<_, _>>()?;
    match arguments.format {
        Format::Text => {
            let sound = || all.iter().filter_map(|one| one.book.as_ref().ok());
            let zones = zones::release().shown();
            let zones = sound().next().map_or_else(String::new, |_| format!("time-zone data: {zones}\n"));
            output::say(&(sound().map(lines).collect::<String>() + &zones))?;
            for warning in all.iter().flat_map(warnings) {
                output::complain(&format!("{warning}\n"));
            }
        }
        Format::Json => {
            output::say(&format!("{:#}\n", Value::from(all.iter().map(object).collect::<Vec<_>>())))?
        }
    }
    if all.iter().all(|one| one.book.is_ok()) {
        return Ok(());
    }
    let problems = all.into_iter().filter_map(|one| one.book.err()).flatten();
    match arguments.format {
        Format::Text => Err(Error::Invalid(problems.collect())),
        Format::Json => Err(Error::Invalid(Vec::new())),
    }
}

fn checked(path: Option<&Path>) -> Result<Checked<'_>, Error> {
    match load(path) {
        Ok(book) => Ok(Checked { path, book: Ok(book) }),
        Err(Error::Invalid(problems)) => Ok(Checked { path, book: Err(problems) }),
        Err(other) => Err(other),
    }
}

/// What is most likely a slip in a valid policy.
fn warnings(checked: &Checked<'_>) -> Vec<Diagnostic> {
    let path = checked.path.map_or_else(|| "built-in".to_owned(), |path| path.display().to_string());
    let warning = |message: String| {
        let position = Position { path: path.clone(), ..Position::default() };
        Diagnostic::warning(codes::F110, message).at(position)
    };
    checked
        .book
        .as_ref()
        .map_or_else(|_| Vec::new(), |book| policy::warnings(book).into_iter().map(warning).collect())
}

fn lines(book: &Book) -> String {
    let mut text = String::new();
    for version in &book.versions {
        let calendars: Vec<String> = version.calendars.iter().map(|c| format!("`{}`", c.name)).collect();
        let line = format!(
            "`{}`, version {}; severities defined: {}; calendars: {}",
            version.name,
            version.version,
            version.severities.len(),
            calendars.join(", ")
        );
        wrapped(&mut text, "ok: ", 4, &line);
        for calendar in &version.calendars {
            wrapped(&mut text, "    ", 6, &calendar_line(calendar));
        }
    }
    text
}

/// Hours, zone, and where holidays come from.
fn calendar_line(calendar: &Calendar) -> String {
    let mut sources: Vec<String> = calendar.holiday_sets.iter().map(|set| set.name().to_owned()).collect();
    for (path, end) in calendar.lists() {
        let source = path.map_or_else(|| "dates".to_owned(), |path| format!("`{path}`"));
        sources.push(end.map_or_else(|| source.clone(), |end| format!("{source} to {end}")));
    }
    let sources = if sources.is_empty() { "none".to_owned() } else { sources.join(", ") };
    let (name, tz, week) = (&calendar.name, calendar.tz, policy::week_words(calendar));
    format!("`{name}`: {week}, {tz}; holidays: {sources}")
}

fn object(checked: &Checked<'_>) -> Value {
    let versions = checked.book.iter().flat_map(|book| &book.versions).map(|version| {
        json!({
            "version": version.version,
            "name": version.name,
            "effective_from": version.effective_from.map(|date| date.to_string()),
            "severities": version.severities.iter().map(|rule| rule.level).collect::<Vec<_>>(),
            "calendars": version.calendars.iter().map(|calendar| &calendar.name).collect::<Vec<_>>(),
        })
    });
    let problems = checked.book.as_ref().err().into_iter().flatten().map(Diagnostic::to_json);
    json!({
        "policy": checked.path.map_or_else(|| "built-in".to_owned(), |path| path.display().to_string()),
        "ok": checked.book.is_ok(),
        "versions": versions.collect::<Vec<_>>(),
        "problems": problems.collect::<Vec<_>>(),
        "warnings": warnings(checked).iter().map(Diagnostic::to_json).collect::<Vec<_>>(),
        "zone_data": zones::release().name,
    })
}
