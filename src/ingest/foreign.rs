//! Files that are no table of the profile (SPEC 3.5): a folder with a whole warehouse holds the tables of cases, and many
//! others. Their headers are looked at before anything is read; those that lack a column which their table needs are left
//! alone, and named.

use std::fs::File;
use std::path::Path;

use super::input_files::PassedOver;
use super::parquet::Parquet;
use super::plan::Plan;
use super::profile::{Columns, Shape, Table};
use super::sniff::{Sniffed, sniff};
use super::source::{csv_header, workbook_header};
use crate::codes;
use crate::diag::Diagnostic;

impl Plan {
    /// Takes the files out that are none of the profile's tables, unless that would leave nothing: then reading says what is
    /// wrong with each. JSON, and files that cannot be read, stay.
    pub fn leave_alone(&mut self) {
        let why: Vec<Option<String>> = self.files.iter().map(|path| foreign(self, path)).collect();
        if why.iter().all(Option::is_some) {
            return;
        }
        let (mut files, mut left) = (Vec::new(), Vec::new());
        for (path, why) in std::mem::take(&mut self.files).into_iter().zip(why) {
            match why {
                Some(why) => left.push(PassedOver::new(path, why)),
                None => files.push(path),
            }
        }
        self.files = files;
        self.passed_over.extend(left);
    }
}

/// Why the file at `path` is none of the profile's tables.
fn foreign(plan: &Plan, path: &Path) -> Option<String> {
    let table = plan.profile.table_for(path)?;
    if table.rules.needs.is_empty() && table.shape != Shape::People {
        return None;
    }
    let header = header(path, table)?;
    let lacking = needed(table).into_iter().find(|names| {
        let is_there = |name: &String| match table.derived(name) {
            Some(derived) => derived.parts.iter().all(|part| header.contains(part)),
            None => header.contains(name),
        };
        !names.is_empty() && !names.iter().any(is_there)
    })?;
    let names: Vec<String> = lacking.iter().take(3).map(|name| format!("`{name}`")).collect();
    Some(format!(
        "no table of profile `{}`: no column {}, which `{}` needs",
        plan.profile.name,
        names.join(" or "),
        table.name
    ))
}

/// The names of each column that a file of the table has to have.
fn needed(table: &Table) -> Vec<Vec<String>> {
    let Columns { case_id, at, role, .. } = &table.columns;
    if table.shape == Shape::People {
        return vec![case_id.clone(), role.clone()];
    }
    let mut columns = table.columns.clone();
    let named = |key: &String| columns.named(table.shape, key).map(|names| names.clone());
    let needs: Vec<Vec<String>> = table.rules.needs.iter().filter_map(named).collect();
    [case_id.clone(), at.clone()].into_iter().chain(needs).collect()
}

/// The names of the columns of a file, where they can be read.
fn header(path: &Path, table: &Table) -> Option<Vec<String>> {
    let kind = sniff(path).ok()?;
    let file = File::open(path).ok()?;
    let problem = |_: &'static str, message: String, _: &str| Diagnostic::error(codes::F302, message);
    match kind {
        Sniffed::Csv => csv_header(&file, table).ok()?.header,
        Sniffed::Workbook => workbook_header(&file, table, &problem).ok()?.0.header,
        Sniffed::Parquet => {
            super::guard::guarded(|| Parquet::open(&file)).ok().map(|parquet| parquet.header())
        }
        Sniffed::Json | Sniffed::Other(_) => None,
    }
}
