//! A query of the user's, run on a thread of its own: the engine goes down some levels of its stack for each level of an
//! expression, and a query that a program has written may have thousands. The engine may panic, too. Neither ends the run
//! but with the query's name.

use polars::prelude::{LazyFrame, PolarsError};
use polars::sql::SQLContext;

use crate::diag::Error;
use crate::ingest::guarded;

use super::chains;
use super::query::Query;
use super::run::{engine_error, finished, unrunnable};
use super::table::Table;

/// Stack of the thread. Memory is taken only as far as it is used.
const STACK: usize = 1 << 30;

/// The table of `query`.
///
/// # Errors
/// [`Error::Invalid`] where the engine cannot run it.
pub(super) fn run(context: &mut SQLContext, query: &Query) -> Result<Table, Error> {
    let longest = chains::longest(&query.sql);
    if longest > chains::CHAIN_MAX {
        let most = chains::CHAIN_MAX;
        let said = format!(
            "expected at most {most} operators in a row, found {longest}: a list of values is written as `IN ('a', 'b', …)`"
        );
        return Err(unrunnable(&query.name, &said));
    }
    let work = || match guarded(|| {
        Ok::<_, PolarsError>(context.execute(&query.sql).and_then(LazyFrame::collect))
    }) {
        Ok(frame) => frame.map_err(|e| engine_error(&query.name, &e)),
        Err(_) => {
            Err(unrunnable(&query.name, "the engine gave up on it: a value may be too large for its type"))
        }
    };
    let frame = std::thread::scope(|scope| {
        match std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work) {
            Ok(thread) => thread.join().unwrap_or_else(|_| Err(unrunnable(&query.name, "its thread ended"))),
            Err(e) => Err(unrunnable(&query.name, &format!("no thread for it: {e}"))),
        }
    });
    finished(query, &frame?)
}
