//! `slaudit policy diff`: what one policy says otherwise than another, as text of 80 columns or as JSON.

use std::path::Path;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::diag::{Diagnostic, Error};
use crate::explain::wrapped;
use crate::policy::{Book, Compared, Difference, Found, Setting, diff_books};

use super::{output, policy};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Policy file, folder of dated versions, `built-in`, or `built-in:NAME` of a shipped policy
    #[arg(value_name = "A")]
    left: String,
    /// The same: what is held against A
    #[arg(value_name = "B")]
    right: String,
    /// How the differences are written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Exit with 1 where there is a difference
    #[arg(long)]
    exit_code: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// Each difference in words, and below it the key with the value in A and in B
    Text,
    /// One JSON object: `left`, `right`, `same`, `versions`, each with its `differences`
    Json,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Error> {
    let load = |name: &str| policy::load(Some(Path::new(name)));
    let (left, right) = both(load(&arguments.left), load(&arguments.right))?;
    let versions = diff_books(&left, &right);
    output::say(&match arguments.format {
        Format::Text => text(arguments, &versions),
        Format::Json => format!("{:#}\n", object(arguments, &versions)),
    })?;
    if arguments.exit_code && !versions.iter().all(Compared::is_same) {
        return Err(Error::Failed("the policies differ".to_owned()));
    }
    Ok(())
}

/// Both books, or the problems of both.
fn both(left: Result<Book, Error>, right: Result<Book, Error>) -> Result<(Book, Book), Error> {
    match (left, right) {
        (Ok(left), Ok(right)) => Ok((left, right)),
        (Err(Error::Invalid(left)), Err(Error::Invalid(right))) => {
            let mut all: Vec<Diagnostic> = left;
            let new: Vec<Diagnostic> = right.into_iter().filter(|one| !all.contains(one)).collect();
            all.extend(new);
            Err(Error::Invalid(all))
        }
        (Err(error), _) | (_, Err(error)) => Err(error),
    }
}

fn text(arguments: &Arguments, versions: &[Compared]) -> String {
    let mut out = String::new();
    wrapped(&mut out, "A  ", 3, &arguments.left);
    wrapped(&mut out, "B  ", 3, &arguments.right);
    for compared in versions {
        if versions.len() > 1 || compared.found != Found::Both {
            out.push('\n');
            wrapped(&mut out, "", 0, &heading(compared));
        }
        for difference in &compared.differences {
            out.push('\n');
            wrapped(&mut out, "", 2, &difference.to_string());
            keyed(&mut out, difference);
        }
    }
    let n: usize = versions.iter().map(|compared| compared.differences.len()).sum();
    let only = versions.iter().filter(|compared| compared.found != Found::Both).count();
    out.push('\n');
    wrapped(&mut out, "", 0, &sum(n, only));
    out
}

/// `version 2026-07-01`, and what it is compared with where one side does not have it.
fn heading(compared: &Compared) -> String {
    let Compared { found, left, right, differences } = compared;
    let name = |version: &Option<String>| version.clone().unwrap_or_default();
    let (own, side, other, other_side) = match found {
        Found::Both if differences.is_empty() => return format!("version {}: the same in both", name(left)),
        Found::Both => return format!("version {}", name(left)),
        Found::Left => (name(left), "A", right, "B"),
        Found::Right => (name(right), "B", left, "A"),
    };
    match other {
        Some(other) if differences.is_empty() => {
            format!("version {own}: in {side} only; it says what version {other} of {other_side} does")
        }
        Some(other) => format!(
            "version {own}: in {side} only; compared with version {other} of {other_side}, which holds then"
        ),
        None => format!("version {own}: in {side} only; {other_side} has none that holds then"),
    }
}

/// The key, and the value on either side.
fn keyed(out: &mut String, difference: &Difference) {
    wrapped(out, "    ", 6, &difference.key);
    let value = |setting: &Option<Setting>| match setting {
        None => "(not there)".to_owned(),
        Some(Setting { toml: Some(toml), .. }) => toml.clone(),
        Some(Setting { words, .. }) => format!("({words})"),
    };
    wrapped(out, "      A  ", 9, &value(&difference.left));
    wrapped(out, "      B  ", 9, &value(&difference.right));
}

fn sum(n: usize, only: usize) -> String {
    let differences = match n {
        0 if only == 0 => return "the policies say the same".to_owned(),
        1 => "1 difference".to_owned(),
        n => format!("{n} differences"),
    };
    match only {
        0 => differences,
        1 => format!("{differences}; 1 version is in one of the two only"),
        only => format!("{differences}; {only} versions are in one of the two only"),
    }
}

fn object(arguments: &Arguments, versions: &[Compared]) -> Value {
    let side = |setting: &Option<Setting>| {
        setting.as_ref().map(|setting| json!({ "words": setting.words, "toml": setting.toml }))
    };
    let difference = |one: &Difference| {
        json!({
            "key": one.key,
            "subject": one.subject,
            "words": one.to_string(),
            "left": side(&one.left),
            "right": side(&one.right),
        })
    };
    let version = |compared: &Compared| {
        let only_in = match compared.found {
            Found::Both => None,
            Found::Left => Some("left"),
            Found::Right => Some("right"),
        };
        json!({
            "left": compared.left,
            "right": compared.right,
            "only_in": only_in,
            "differences": compared.differences.iter().map(difference).collect::<Vec<_>>(),
        })
    };
    json!({
        "left": arguments.left,
        "right": arguments.right,
        "same": versions.iter().all(Compared::is_same),
        "versions": versions.iter().map(version).collect::<Vec<_>>(),
    })
}
