//! How long one question of business time takes, by its distance: `cargo bench --bench kernel`. Prints the median of
//! several rounds; machines are noisy, so compare rows of one run with each other.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]

use std::hint::black_box;
use std::time::Instant as Stopwatch;

use slaudit::calendar::{Instant, OpenTime, SECOND};
use slaudit::policy;

const ROUNDS: usize = 15;
const QUESTIONS: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// Nanoseconds a question, the median of the rounds.
fn measure(mut question: impl FnMut(i64) -> i64) -> f64 {
    let round = |_| {
        let clock = Stopwatch::now();
        let sum = (0..QUESTIONS).fold(0i64, |sum, i| sum.wrapping_add(question(i)));
        black_box(sum);
        clock.elapsed().as_secs_f64() * 1e9 / QUESTIONS as f64
    };
    let mut rounds: Vec<f64> = (0..ROUNDS).map(round).collect();
    rounds.sort_by(f64::total_cmp);
    rounds[ROUNDS / 2]
}

fn main() {
    let book = policy::built_in();
    let start = Instant::from_seconds(1_767_225_600);
    let open = OpenTime::compile(&book.versions[0].calendars[0], start, start.plus(10 * 366 * DAY));
    // Starts are spread over the ten years by a step that shares no factor with a day.
    let at = |i: i64| start.plus((i * 7_919_000_003) % (3_200 * DAY));
    println!("{:<24} {:>10}", "question", "ns, median");
    for (name, distance) in [("an hour", DAY / 24), ("a week", 7 * DAY), ("a year", 365 * DAY)] {
        let ns = measure(|i| open.elapsed(at(i), at(i).plus(distance)));
        println!("{:<24} {ns:>10.1}", format!("elapsed over {name}"));
    }
    for hours in [1, 40, 2_000] {
        let ns = measure(|i| open.add(at(i), hours * 3_600 * SECOND).map_or(0, Instant::micros));
        println!("{:<24} {ns:>10.1}", format!("add {hours} business hours"));
    }
    let ns = measure(|i| open.business_days_due(at(i), 3).map_or(0, Instant::micros));
    println!("{:<24} {ns:>10.1}", "3 business days");
}
