//! Brings the rows of all cases into the order that was asked for and feeds them to a writer, in parallel and in
//! batches whose bounds depend on the plan alone. Knows no file format.

use std::io;

use rayon::prelude::*;

use super::arrivals::Arrivals;
use super::random::mix;
use super::story::{Row, tell};
use super::{Failure, Order, Written};

/// Cases told by one task.
const TASK: u64 = 4_096;
/// Tasks of one batch: about 700,000 rows.
const BATCH: u64 = 24 * TASK;

/// Takes rows in the order of the output.
pub(super) trait Sink {
    /// Adds `rows`.
    fn rows(&mut self, rows: Vec<Row>) -> io::Result<()>;
    /// Ends the output; how many bytes it has.
    fn finish(self) -> io::Result<u64>;
}

/// Feeds all rows to `sink`.
pub(super) fn feed(order: Order, arrivals: &Arrivals, mut sink: impl Sink) -> Result<Written, Failure> {
    let cases = arrivals.cases();
    let mut n_rows = 0;
    let mut waiting: Vec<Row> = Vec::new();
    for first in (0..cases).step_by(BATCH as usize) {
        let next = (first + BATCH).min(cases);
        let ready = match order {
            Order::Case => batch(arrivals, first, next),
            Order::Time => {
                waiting.append(&mut batch(arrivals, first, next));
                let horizon = if next == cases { i64::MAX } else { arrivals.horizon(next) };
                before(&mut waiting, horizon)
            }
            Order::Shuffled => {
                waiting.append(&mut batch(arrivals, first, next));
                if next < cases {
                    continue;
                }
                shuffle(std::mem::take(&mut waiting))
            }
        };
        n_rows += ready.len() as u64;
        sink.rows(ready)?;
    }
    Ok(Written { cases, rows: n_rows, bytes: sink.finish()? })
}

/// The rows of the cases [first, next), case after case.
fn batch(arrivals: &Arrivals, first: u64, next: u64) -> Vec<Row> {
    let tasks: Vec<u64> = (first..next).step_by(TASK as usize).collect();
    let told: Vec<Vec<Row>> = tasks
        .into_par_iter()
        .map(|from| {
            let mut rows = Vec::with_capacity(TASK as usize * 9);
            for case in from..(from + TASK).min(next) {
                tell(arrivals, case, &mut rows);
            }
            rows
        })
        .collect();
    told.concat()
}

/// Takes the rows before `horizon` out of `waiting`, in order of time.
fn before(waiting: &mut Vec<Row>, horizon: i64) -> Vec<Row> {
    let mut ready = Vec::with_capacity(waiting.len());
    waiting.retain(|row| {
        let is_ready = row.at < horizon;
        if is_ready {
            ready.push(*row);
        }
        !is_ready
    });
    ready.par_sort_unstable_by_key(|row| (row.at, row.case));
    ready
}

/// A fixed disorder: by a hash of case and row.
fn shuffle(mut rows: Vec<Row>) -> Vec<Row> {
    let place = |row: &Row| mix(mix(u64::from(row.case)).wrapping_add(u64::from(row.number)));
    rows.par_sort_unstable_by_key(|row| (place(row), row.case, row.number));
    rows
}
