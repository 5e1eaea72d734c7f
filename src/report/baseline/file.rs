//! `baseline.toml`: its text, read and written. It knows nothing of the other files of the folder.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use crate::codes;
use crate::compare::baseline::{About, InputFile, Key, Rows, Snapshot, Source, Tolerances};
use crate::diag::{Diagnostic, Error};
use crate::policy::quoted;

use super::input;

/// The file that makes a folder a baseline.
pub(super) const FILE: &str = "baseline.toml";

const KIND: &str = "slaudit baseline";

/// What is written; another number is another meaning.
const FORMAT: i64 = 1;

/// What stands above `[tolerance]` in a new baseline.
pub(super) const TOLERANCE: &str = "\
# How far a number may be from this baseline before the check fails; what is not named is exact. Yours to edit: an
# update keeps everything from here to the end of the file. Keys are `facts.TABLE.COLUMN` and `tables.TABLE.COLUMN`,
# the unit is the column's, seconds for instants:
#   \"facts.clocks.business_s\" = 60
#   \"tables.attainment_by_metric.attainment\" = 0.01
[tolerance]
";

/// `baseline.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    #[serde(rename = "kind")]
    _kind: String,
    #[serde(rename = "format")]
    _format: i64,
    pub(super) tables: Vec<String>,
    slaudit: String,
    zone_data: String,
    as_of: String,
    period: String,
    close_after: Vec<String>,
    profile: Source,
    #[serde(default)]
    policy: Vec<Source>,
    #[serde(default)]
    input: Vec<InputFile>,
    rows: Rows,
    #[serde(default)]
    pub(super) tolerance: BTreeMap<String, Spanned<f64>>,
}

impl File {
    /// What was audited.
    pub(super) fn about(self) -> About {
        let File { slaudit, zone_data, as_of, period, close_after, profile, policy, input, rows, .. } = self;
        About { slaudit, zone_data, as_of, period, close_after, profile, policy, inputs: input, rows }
    }
}

/// Its text, with the generated part on top and `tolerance` as it is.
pub(super) fn file_text(about: &About, tables: &[String], tolerance: &str) -> String {
    let names: String = tables.iter().map(|name| format!("    {},\n", quoted(name))).collect();
    format!(
        "# What `slaudit check` holds an audit against. Made by `--update`, which writes all of it anew but `tables` and\n\
         # `[tolerance]`.\n\
         kind = {}\nformat = {FORMAT}\n\
         # The compliance tables held here, beside every fact table; another is added by its name and `--update`.\n\
         tables = [\n{names}]\n{}\n{tolerance}",
        quoted(KIND),
        about.to_toml()
    )
}

/// Reads its text.
///
/// # Errors
/// [`Error::Input`] with F101 to F104.
pub(super) fn parse(path: &Path, text: &str) -> Result<File, Error> {
    let failed = |code, e: &toml::de::Error, hint: &str| {
        let line = e.span().map_or(0, |span| line_of(text, span.start));
        input(Diagnostic::error(code, e.message().to_lowercase().trim()), path, line, hint)
    };
    let again = "take the file from version control, or make the baseline anew in another folder";
    let table = text.parse::<toml::Table>().map_err(|e| failed(codes::F101, &e, again))?;
    if table.get("kind").and_then(toml::Value::as_str) != Some(KIND) {
        let problem = Diagnostic::error(codes::F104, format!("expected `kind = \"{KIND}\"`"));
        return Err(input(problem, path, 0, "name the folder that `slaudit check --update` wrote"));
    }
    if table.get("format").and_then(toml::Value::as_integer) != Some(FORMAT) {
        let number = table.get("format").and_then(toml::Value::as_integer);
        let found = number.map_or_else(|| "no number".to_owned(), |number| number.to_string());
        let problem = Diagnostic::error(codes::F104, format!("expected `format = {FORMAT}`, found {found}"));
        let hint =
            "another version of slaudit made it: use that one, or make the baseline anew in another folder";
        return Err(input(problem, path, 0, hint));
    }
    toml::from_str(text).map_err(|e| {
        let code = if e.message().starts_with("unknown field") { codes::F102 } else { codes::F103 };
        failed(code, &e, again)
    })
}

/// The tolerances `given`, each for a column of numbers that `baseline` has.
///
/// # Errors
/// [`Error::Input`] with F102 for a key that is none, F104 for a value that is none.
pub(super) fn tolerances(
    path: &Path,
    text: &str,
    given: BTreeMap<String, Spanned<f64>>,
    baseline: &Snapshot,
) -> Result<Tolerances, Error> {
    let mut all = BTreeMap::new();
    for (name, value) in given {
        let line = line_of(text, value.span().start);
        let most = value.into_inner();
        let hint = "docs/check.md says which columns may have a tolerance";
        let wrong = |code, message: String| input(Diagnostic::error(code, message), path, line, hint);
        let Some(key) = Key::parse(&name) else {
            let expected = "expected `facts.TABLE.COLUMN` or `tables.TABLE.COLUMN`";
            return Err(wrong(codes::F102, format!("{expected}, found `{name}`")));
        };
        if let Some(problem) = Tolerances::problem(&key, baseline) {
            return Err(wrong(codes::F102, problem));
        }
        if !(most.is_finite() && most >= 0.0) {
            return Err(wrong(codes::F104, format!("expected a tolerance from 0, found `{most}`")));
        }
        all.insert(key, most);
    }
    Ok(Tolerances(all))
}

/// From `[tolerance]`, and the comment right above it, to the end of the file.
pub(super) fn tolerance_text(text: &str) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let Some(head) = lines.iter().position(|line| line.trim_start().starts_with("[tolerance]")) else {
        return TOLERANCE.to_owned();
    };
    let comment = lines[..head].iter().rev().take_while(|line| line.starts_with('#')).count();
    lines[head - comment..].concat()
}

/// The line, from 1, of the byte `at`.
fn line_of(text: &str, at: usize) -> u64 {
    text.bytes().take(at).filter(|&byte| byte == b'\n').count() as u64 + 1
}

/// True where `text` is that of a baseline of ours, of this format or another.
pub(super) fn is_baseline(text: &str) -> bool {
    let table = text.parse::<toml::Table>().unwrap_or_default();
    table.get("kind").and_then(toml::Value::as_str) == Some(KIND)
}
