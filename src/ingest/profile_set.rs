//! One value of a profile changed from the command line (`--set`): where an account names its files, columns and
//! times otherwise than the profile that ships. Not a way to write a profile: words and rules are for a file.

use super::derived;
use super::pattern::Pattern;
use super::profile::{Glob, Profile, Table};
use super::profile_file::{check_optional, nearest};
use super::timestamp::Formats;
use crate::diag::Error;
use crate::zones::{self, NameError};

const KEYS: [&str; 8] =
    ["files", "timezone", "timestamps", "delimiter", "sheet", "list", "optional", "columns.…"];

impl Profile {
    /// Carries out `TABLE.KEY=VALUE`. `TABLE` is a table's name, or `table` where the profile has one only; `KEY` is
    /// `files`, `list`, `optional` or `columns.NAME` (names separated by commas, or what a column is made of in
    /// braces, as a profile has it), `timezone`, `timestamps` (one pattern, or `canonical`), `delimiter` or `sheet`.
    ///
    /// # Errors
    /// [`Error::Usage`] with what was expected.
    pub fn set(&mut self, assignment: &str) -> Result<(), Error> {
        let wrong = |message: String| Error::Usage(format!("--set `{assignment}`: {message}"));
        let parts = assignment.split_once('=').and_then(|(key, value)| Some((key.split_once('.')?, value)));
        let Some(((table, key), value)) = parts else {
            return Err(wrong("expected TABLE.KEY=VALUE".to_string()));
        };
        let names: Vec<String> = self.tables.iter().map(|table| format!("`{}`", table.name)).collect();
        let single = table == "table" && names.len() == 1;
        let found = self.tables.iter_mut().find(|known| single || known.name == table);
        let Some(found) = found else {
            return Err(wrong(format!("no table `{table}`: expected {}", names.join(" or "))));
        };
        found.set(key.trim(), value.trim()).map_err(wrong)
    }
}

impl Table {
    fn set(&mut self, key: &str, value: &str) -> Result<(), String> {
        if value.is_empty() {
            return Err("expected a value after `=`".to_string());
        }
        let list = || value.split(',').map(|part| part.trim().to_string());
        match key {
            "files" => self.files = list().map(Glob).collect(),
            "sheet" => self.sheet = Some(value.to_string()),
            "list" => self.json.lists = list().collect(),
            "optional" => {
                list().try_for_each(|key| check_optional(self.shape, &key))?;
                self.optional = list().collect();
            }
            "timezone" => {
                self.timezone = zones::named(value).map_err(|error| match error {
                    NameError::Unknown => format!("`{value}` is no time zone"),
                    NameError::Data(error) => error.to_string(),
                })?;
            }
            "timestamps" if value == "canonical" => self.formats = Formats::default(),
            "timestamps" => {
                self.formats = Formats { patterns: vec![Pattern::compile(value)?], or_canonical: false }
            }
            "delimiter" => match value.replace("\\t", "\t").as_bytes() {
                [byte] if byte.is_ascii_punctuation() && *byte != b'"' || *byte == b'\t' => {
                    self.delimiter = Some(*byte);
                }
                _ => return Err("a delimiter is one ASCII character, not a quote".to_string()),
            },
            _ => {
                let (columns, derived) = match value.starts_with('{') {
                    true => derived::assigned(value)?,
                    false => (list().collect(), Vec::new()),
                };
                match key.strip_prefix("columns.").map(|name| (name, self.columns.named(self.shape, name))) {
                    Some((_, Some(names))) => {
                        *names = columns;
                        self.derived.extend(derived);
                    }
                    Some((name, None)) => {
                        return Err(format!("a table of this shape has no column `{name}`"));
                    }
                    None => {
                        let near = nearest(key, KEYS.into_iter());
                        let near = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
                        let known = KEYS.map(|key| format!("`{key}`")).join(", ");
                        return Err(format!("no key `{key}`: expected one of {known}{near}"));
                    }
                }
            }
        }
        Ok(())
    }
}
