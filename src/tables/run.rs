//! Runs queries over the facts of one folder and makes typed tables of their results.

use std::path::Path;

use arrow::array::RecordBatch;
use polars::prelude::{AnyValue, DataFrame, IntoLazy, LazyFrame, PolarsError};
use polars::sql::SQLContext;
use rayon::prelude::*;

use crate::codes;
use crate::diag::{Diagnostic, Error, Position};
use crate::facts;

use super::apart;
use super::computed::Computed;
use super::load::{self, Words};
use super::own;
use super::query::{Query, RateColumn};
use super::seen::Seen;
use super::statistics::wilson;
use super::table::{Cell, Table};

/// What queries select from.
pub struct Source<'a> {
    /// The folder of the fact tables' Parquet files.
    pub facts: &'a Path,
    /// Tables that are computed beside the facts.
    pub computed: &'a [Computed],
    /// What was counted and checked while the facts were written.
    pub seen: &'a Seen,
    /// A period was asked for: the user's queries see what belongs to it.
    pub has_period: bool,
}

/// A query that was not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Its name.
    pub query: String,
    /// The column that the facts do not have, as `table.column`.
    pub missing: String,
}

/// A query of the user's that reads all of history, though a period was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadsAll {
    /// Its name.
    pub query: String,
    /// The tables that it reads whole.
    pub tables: Vec<String>,
}

/// What became of the queries.
#[derive(Debug, Default)]
pub struct Made {
    /// One table a query that was run: those that ship, then the user's, each in order of the queries.
    pub tables: Vec<Table>,
    /// Queries whose needs the facts do not meet.
    pub skipped: Vec<Skipped>,
    /// Those of the user's that read all of history, though a period was asked for.
    pub reads_all: Vec<ReadsAll>,
}

/// Runs `queries`. Those that need a column that the facts do not have are skipped, and said so.
///
/// # Errors
/// [`Error::Invalid`] where the engine cannot run a query, with the query's name and the engine's words;
/// [`Error::Input`] where the facts cannot be read.
pub fn make(source: &Source<'_>, queries: &[Query]) -> Result<Made, Error> {
    let mut made = Made::default();
    let mut runnable = Vec::new();
    for query in queries {
        match missing(source, query)? {
            Some(missing) => made.skipped.push(Skipped { query: query.name.clone(), missing }),
            None => runnable.push(query.clone()),
        }
    }
    // What ships needs no functions of text, and groups and joins all facts: on numbers in a third of the time. The
    // user's queries may do anything.
    let (ours, theirs): (Vec<Query>, Vec<Query>) = runnable.into_iter().partition(Query::ships);
    if !ours.is_empty() {
        made.tables.extend(run(source, ours)?);
    }
    if !theirs.is_empty() {
        run_own(source, theirs, &mut made)?;
    }
    Ok(made)
}

/// Runs queries that ship; one table each, in their order.
fn run(source: &Source<'_>, queries: Vec<Query>) -> Result<Vec<Table>, Error> {
    let mut context = SQLContext::new();
    for (name, frame) in frames(source, &queries, &Words::numbered())? {
        context.register(name, frame.lazy());
    }
    register_computed(source, &mut context)?;
    let mut plans = Vec::with_capacity(queries.len());
    for query in queries {
        let plan = context.execute(&query.sql).map_err(|e| engine_error(&query.name, &e))?;
        plans.push((query, plan));
    }
    collected(plans)
}

/// Runs the user's queries, each over what it may see.
fn run_own(source: &Source<'_>, queries: Vec<Query>, made: &mut Made) -> Result<(), Error> {
    let facts = own::Facts { tables: frames(source, &queries, &Words::Text)?, has_period: source.has_period };
    for query in queries {
        let mut context = SQLContext::new();
        let failed = |e| engine_error(&query.name, &e);
        facts.register(&query, &mut context).map_err(failed)?;
        register_computed(source, &mut context)?;
        made.tables.push(apart::run(&mut context, &query)?);
        let tables = facts.read_whole(&query);
        if !tables.is_empty() {
            made.reads_all.push(ReadsAll { query: query.name.clone(), tables });
        }
    }
    Ok(())
}

/// The fact tables, and clocks counted, that `queries` mention, whole; their words are held as `words`.
fn frames(
    source: &Source<'_>,
    queries: &[Query],
    words: &Words,
) -> Result<Vec<(&'static str, DataFrame)>, Error> {
    let mut frames = Vec::new();
    for table in facts::TABLES {
        let frame = load::fact_table(source.facts, table.name, queries, words)?;
        frames.extend(frame.map(|frame| (table.name, frame)));
    }
    for (table, rows) in &source.seen.counts {
        let frame = load::rows(table.name, rows, queries, words);
        let frame = frame.map_err(|e| engine_error(table.name, &e))?;
        frames.extend(frame.map(|frame| (table.name, frame)));
    }
    Ok(frames)
}

fn register_computed(source: &Source<'_>, context: &mut SQLContext) -> Result<(), Error> {
    for computed in source.computed {
        let name = computed.table.name;
        let frame = load::computed(computed).map_err(|e| engine_error(name, &e))?;
        context.register(name, frame.lazy());
    }
    Ok(())
}

/// The table of each plan, in their order.
fn collected(plans: Vec<(Query, LazyFrame)>) -> Result<Vec<Table>, Error> {
    // The engine's own threads mostly wait for the slowest of them: several queries keep them busy.
    let finish = |(query, plan): (Query, LazyFrame)| {
        let frame = plan.collect().map_err(|e| engine_error(&query.name, &e))?;
        finished(&query, &frame)
    };
    let tables: Vec<Result<Table, Error>> = plans.into_par_iter().map(finish).collect();
    tables.into_iter().collect()
}

/// Runs `queries` over the facts of one batch of cases, in order of [`facts::TABLES`]; one table each, in their order.
///
/// # Errors
/// [`Error::Invalid`] where the engine cannot run a query.
pub fn run_batch(tables: &[RecordBatch], queries: &[Query]) -> Result<Vec<Table>, Error> {
    let words = Words::cases_too();
    let mut context = SQLContext::new();
    for (table, rows) in facts::TABLES.iter().zip(tables) {
        let frame = load::rows(table.name, rows, queries, &words);
        if let Some(frame) = frame.map_err(|e| engine_error(table.name, &e))? {
            context.register(table.name, frame.lazy());
        }
    }
    let run = |query: &Query| {
        let frame = context.execute(&query.sql).and_then(LazyFrame::collect);
        finished(query, &frame.map_err(|e| engine_error(&query.name, &e))?)
    };
    queries.iter().map(run).collect()
}

fn missing(source: &Source<'_>, query: &Query) -> Result<Option<String>, Error> {
    for (table, column) in &query.needs {
        let names = facts::column_names(&source.facts.join(format!("{table}.parquet")))?;
        if !names.contains(column) {
            return Ok(Some(format!("{table}.{column}")));
        }
    }
    Ok(None)
}

/// The table of a result, with the rates after the counts that they are made of.
pub(super) fn finished(query: &Query, frame: &DataFrame) -> Result<Table, Error> {
    let columns: Vec<String> = frame.get_column_names().iter().map(ToString::to_string).collect();
    let mut rows: Vec<Vec<Cell>> = vec![Vec::with_capacity(columns.len()); frame.height()];
    for column in frame.columns() {
        for (i, row) in rows.iter_mut().enumerate() {
            row.push(column.get(i).map(|value| cell(&value)).map_err(|e| engine_error(&query.name, &e))?);
        }
    }
    let mut table = Table { name: query.name.clone(), columns, rows };
    query.rates.iter().try_for_each(|rate| append_rate(query, rate, &mut table))?;
    check_chart(query, &table)?;
    Ok(table)
}

fn check_chart(query: &Query, table: &Table) -> Result<(), Error> {
    let Some(chart) = &query.chart else { return Ok(()) };
    let Some(missing) = [&chart.x, &chart.y].into_iter().find(|name| table.column(name).is_none()) else {
        return Ok(());
    };
    let message = format!("the chart needs a column `{missing}`, which the query does not have");
    let problem = Diagnostic::error(codes::F106, message).at(position(&query.name));
    Err(Error::Invalid(vec![problem.hint(format!("its columns are {}", named(&table.columns)))]))
}

/// `a`, `b`: names as a message lists them.
fn named(columns: &[String]) -> String {
    columns.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn append_rate(query: &Query, rate: &RateColumn, table: &mut Table) -> Result<(), Error> {
    let index = |name: &str| {
        table.column(name).ok_or_else(|| {
            let message =
                format!("rate `{}` needs a column `{name}`, which the query does not select", rate.name);
            Error::Invalid(vec![Diagnostic::error(codes::F106, message).at(position(&query.name))])
        })
    };
    let (numerator, denominator) = (index(&rate.numerator)?, index(&rate.denominator)?);
    for row in &mut table.rows {
        let count = |i: usize| match row[i] {
            Cell::Whole(n) => u64::try_from(n).ok(),
            _ => None,
        };
        let made = count(numerator).zip(count(denominator)).and_then(|(k, n)| wilson(k, n));
        let cells = made.map_or([Cell::Absent, Cell::Absent, Cell::Absent], |r| {
            [Cell::Number(r.share), Cell::Number(r.low), Cell::Number(r.high)]
        });
        row.extend(cells);
    }
    table.columns.extend([rate.name.clone(), format!("{}_low", rate.name), format!("{}_high", rate.name)]);
    Ok(())
}

fn cell(value: &AnyValue<'_>) -> Cell {
    match value {
        AnyValue::Null => Cell::Absent,
        AnyValue::Boolean(flag) => Cell::Flag(*flag),
        AnyValue::Float64(x) => number(*x),
        AnyValue::Float32(x) => number(f64::from(*x)),
        AnyValue::Datetime(micros, ..) => {
            Cell::Text(crate::calendar::Instant::from_micros(*micros).rfc3339())
        }
        other => match other.get_str() {
            Some(text) => Cell::Text(text.to_owned()),
            None => other.extract::<i64>().map_or_else(|| Cell::Text(other.to_string()), Cell::Whole),
        },
    }
}

/// Not a number is no value: the cell stays empty.
fn number(x: f64) -> Cell {
    if x.is_finite() { Cell::Number(x) } else { Cell::Absent }
}

fn position(query: &str) -> Position {
    Position { path: format!("{query}.sql"), ..Position::default() }
}

pub(super) fn engine_error(query: &str, error: &PolarsError) -> Error {
    // The engine lists the columns that were loaded, which are only those that some query mentions.
    let error = error.to_string();
    unrunnable(query, error.split("; valid columns").next().unwrap_or_default())
}

pub(super) fn unrunnable(query: &str, said: &str) -> Error {
    let message = format!("query `{query}` cannot be run: {said}");
    Error::Invalid(vec![
        Diagnostic::error(codes::F104, message)
            .at(position(query))
            .hint("tables and columns are listed in queries/README.md"),
    ])
}
