//! The checks that hold facts of one table against those of the same case in another. What cannot be told in one walk is
//! `None`, and left to SQL.

use std::ops::Range;

use arrow::array::{Array, AsArray, Int32Array, RecordBatch, StringArray};
use arrow::datatypes::{Int32Type, Int64Type};
use foldhash::fast::RandomState;
use hashbrown::HashMap;

use super::columns::Rows;

/// The cases of a batch by their ids, and where the clocks of each stand.
#[derive(Debug)]
pub(super) struct CaseRows<'t> {
    ids: &'t StringArray,
    row_of: HashMap<&'t str, usize, RandomState>,
    /// Where the clocks of each case begin, and where the last ones end.
    clocks_from: Vec<usize>,
}

impl<'t> CaseRows<'t> {
    /// `None`: an id is missing or stands twice, or the clocks do not stand in order of the cases.
    pub(super) fn new(cases: &'t RecordBatch, clocks: &RecordBatch) -> Option<CaseRows<'t>> {
        let ids = ids(cases)?;
        let mut row_of = HashMap::with_capacity_and_hasher(ids.len(), RandomState::default());
        for (row, id) in ids.iter().enumerate() {
            if row_of.insert(id?, row).is_some() {
                return None;
            }
        }
        let mut rows = CaseRows { ids, row_of, clocks_from: Vec::new() };
        let of_clocks = rows.rows_of(clocks)?;
        if !of_clocks.is_sorted() {
            return None;
        }
        let mut clock = 0;
        for case in 0..ids.len() {
            rows.clocks_from.push(clock);
            while of_clocks.get(clock) == Some(&case) {
                clock += 1;
            }
        }
        rows.clocks_from.push(clock);
        Some(rows)
    }

    /// For each row of `table` the row of its case. Rows of one case mostly follow each other, and those of the next case
    /// follow them.
    fn rows_of(&self, table: &RecordBatch) -> Option<Vec<usize>> {
        let mut last = None;
        let row_of = |id: Option<&str>| {
            let id = id?;
            let is = |&row: &usize| row < self.ids.len() && self.ids.value(row) == id;
            let near = last.filter(is).or(Some(last.map_or(0, |last| last + 1)).filter(is));
            last = near.or_else(|| self.row_of.get(id).copied());
            last
        };
        ids(table)?.iter().map(row_of).collect()
    }

    fn clocks(&self, case: usize) -> Range<usize> {
        self.clocks_from[case]..self.clocks_from[case + 1]
    }

    /// Every case has one clock of its first response, and one first clock of its resolution.
    pub(super) fn clocks_of_cases(&self, clocks: &RecordBatch) -> Option<bool> {
        let clocks = Rows::new(clocks);
        let response = clocks.among("metric", &["first_response"])?;
        let (resolution, cycle) = (clocks.among("metric", &["resolution"])?, clocks.numbers("cycle")?);
        let is_resolution = |row| resolution.yes(row) && cycle.at(row) == Some(1);
        Some((0..self.ids.len()).all(|case| {
            let n_first = self.clocks(case).filter(|&row| response.yes(row)).count();
            n_first == 1 && self.clocks(case).filter(|&row| is_resolution(row)).count() == 1
        }))
    }

    /// Every case has as many changes of severity as it says, numbered from 1.
    pub(super) fn changes_of_cases(&self, cases: &RecordBatch, changes: &RecordBatch) -> Option<bool> {
        let said = Rows::new(cases).numbers("n_severity_changes")?;
        let change = Rows::new(changes).numbers("change")?;
        let mut counted = vec![(0_i64, 0_i64); self.ids.len()];
        for (row, case) in self.rows_of(changes)?.into_iter().enumerate() {
            let (n, last) = &mut counted[case];
            *n += 1;
            *last = (*last).max(change.at(row).unwrap_or(0));
        }
        let agrees = |(case, &(n, last)): (usize, &(i64, i64))| said.at(case).unwrap_or(0) == n && last == n;
        Some(counted.iter().enumerate().all(agrees))
    }

    /// Every finding about a clock names a clock of its case.
    pub(super) fn findings_of_clocks(&self, clocks: &RecordBatch, findings: &RecordBatch) -> Option<bool> {
        let metric_of = Metrics::new(clocks, findings)?;
        let named = Rows::new(findings).numbers("cycle")?;
        let cycle = clocks.column_by_name("cycle")?.as_primitive_opt::<Int64Type>()?;
        let has_none_missing = ["cycle", "verdict"]
            .iter()
            .all(|name| clocks.column_by_name(name).is_some_and(|column| column.null_count() == 0));
        if !has_none_missing {
            return None;
        }
        let case_of = ids(findings)?;
        let mut last = 0;
        for finding in (0..findings.num_rows()).filter(|&row| metric_of.findings.is_valid(row)) {
            if case_of.is_null(finding) {
                return Some(false);
            }
            let Some(&case) = self.row_of.get(case_of.value(finding)) else { return Some(false) };
            let Some((metric, cycle_named)) = metric_of.finding(finding).zip(named.at(finding)) else {
                return Some(false);
            };
            let is_it =
                |&row: &usize| cycle.value(row) == cycle_named && metric_of.clock(row) == Some(metric);
            // Findings stand in order of the clocks: the search goes on from the last one, once round.
            let all = self.clocks(case);
            let from = last.clamp(all.start, all.end);
            let found = (from..all.end).chain(all.start..from).find(is_it);
            let Some(found) = found else { return Some(false) };
            last = found;
        }
        Some(true)
    }
}

/// Metrics of clocks and findings by the same numbers.
struct Metrics<'t> {
    clocks: &'t Int32Array,
    findings: &'t Int32Array,
    /// By number of a finding's word, that of the same word among the clocks'.
    same: Vec<Option<i32>>,
}

impl<'t> Metrics<'t> {
    fn new(clocks: &'t RecordBatch, findings: &'t RecordBatch) -> Option<Metrics<'t>> {
        let metric = |table: &'t RecordBatch| {
            let array = table.column_by_name("metric")?.as_dictionary_opt::<Int32Type>()?;
            Some((array.keys(), array.values().as_string_opt::<i32>()?))
        };
        let ((clocks, words), (findings, named)) = (metric(clocks)?, metric(findings)?);
        let number = |word| words.iter().position(|w| w == word).map(|number| number as i32);
        Some(Metrics { clocks, findings, same: named.iter().map(number).collect() })
    }

    fn clock(&self, row: usize) -> Option<i32> {
        self.clocks.is_valid(row).then(|| self.clocks.value(row))
    }

    fn finding(&self, row: usize) -> Option<i32> {
        self.same.get(self.findings.value(row) as usize).copied().flatten()
    }
}

fn ids(table: &RecordBatch) -> Option<&StringArray> {
    table.column_by_name("case_id")?.as_string_opt::<i32>()
}
