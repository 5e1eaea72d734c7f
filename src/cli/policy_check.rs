//! `slaudit policy check`: any number of policies, every problem of every one.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::diag::{Diagnostic, Error};
use crate::explain::wrapped;
use crate::policy::Book;

use super::{output, policy};

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
    /// One JSON array on the standard output, an object for each policy: `policy`, `ok`, `versions`, `problems`
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
    output::say(&match arguments.format {
        Format::Text => all.iter().filter_map(|one| one.book.as_ref().ok()).map(lines).collect(),
        Format::Json => format!("{:#}\n", Value::from(all.iter().map(object).collect::<Vec<_>>())),
    })?;
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
    match policy::load(path) {
        Ok(book) => Ok(Checked { path, book: Ok(book) }),
        Err(Error::Invalid(problems)) => Ok(Checked { path, book: Err(problems) }),
        Err(other) => Err(other),
    }
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
    }
    text
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
    })
}
