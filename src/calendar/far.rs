//! Open time and working dates long after the compiled span, up to the last instant that there is: summed year by year,
//! once, when something is first asked so far ahead. Without it every due time that never comes would be looked for
//! through eight thousand years, once a clock.

use super::definition::Calendar;
use super::index::{CUT, STEP};
use super::instant::Instant;
use super::open::{WorkingDate, stretches, working_dates};
use super::window::DAY as DAY_SECONDS;

const DAY: i64 = 86_400 * super::instant::SECOND;
const STEP_DAYS: i64 = STEP / DAY;

/// Sums before each step after `from`, and at the end of the last.
#[derive(Clone, Debug)]
pub(super) struct Far {
    from: i64,
    /// Open time, µs.
    open: Vec<i64>,
    /// Working dates; steps begin with the day of `from`.
    dates: Vec<i64>,
}

/// The day of a time in µs, in days since 1970-01-01.
fn day_of(micros: i64) -> i64 {
    micros.div_euclid(DAY)
}

/// The working dates of days `[first, end)`.
fn dates_in(calendar: &Calendar, first: i64, end: i64) -> Vec<WorkingDate> {
    let mut dates = working_dates(calendar, first * DAY - CUT, end * DAY + CUT);
    dates.retain(|date| (first..end).contains(&i64::from(date.on)));
    dates
}

impl Far {
    /// Sums up `calendar` from `from` on.
    pub(super) fn new(calendar: &Calendar, from: i64) -> Far {
        let (mut open, mut dates) = (vec![0], vec![0]);
        let (mut sum_open, mut sum_dates) = (0, 0);
        let mut at = from;
        while at < Instant::MAX.micros() {
            sum_open += open_in(calendar, at, at + STEP);
            sum_dates += dates_in(calendar, day_of(at), day_of(at) + STEP_DAYS).len() as i64;
            open.push(sum_open);
            dates.push(sum_dates);
            at += STEP;
        }
        Far { from, open, dates }
    }

    /// Open time from the first step until `at`.
    fn before(&self, calendar: &Calendar, at: i64) -> i64 {
        let step = (((at - self.from) / STEP) as usize).min(self.open.len() - 1);
        self.open[step] + open_in(calendar, self.from + step as i64 * STEP, at)
    }

    /// Open time in `[a, b)`.
    pub(super) fn elapsed(&self, calendar: &Calendar, a: i64, b: i64) -> i64 {
        self.before(calendar, b) - self.before(calendar, a)
    }

    /// The first instant after `at` until which `left` (above zero) of open time has passed.
    pub(super) fn add(&self, calendar: &Calendar, at: i64, left: i64) -> Option<Instant> {
        let step = ((at - self.from) / STEP) as usize;
        // What never comes is told without laying out a day.
        if self.open.last()? - self.open.get(step)? < left {
            return None;
        }
        let goal = self.before(calendar, at) + left;
        let found = self.open.partition_point(|sum| *sum < goal).checked_sub(1)?;
        let mut left = goal - self.open.get(found)?;
        let begins = self.from + found as i64 * STEP;
        for open in stretches(calendar, begins, begins + STEP) {
            if open.to - open.from >= left {
                return Some(Instant::from_micros(open.from + left)).filter(|due| *due <= Instant::MAX);
            }
            left -= open.to - open.from;
        }
        None
    }

    /// The close of the `left`-th working date after day `after`, which is not before the first that is known.
    pub(super) fn date(&self, calendar: &Calendar, after: i64, left: usize) -> Option<Instant> {
        let first = day_of(self.from);
        let begins = |step: i64| first + step * STEP_DAYS;
        let step = (after + 1 - first) / STEP_DAYS;
        if self.dates.last()? - self.dates.get(step as usize)? < left as i64 {
            return None;
        }
        let before = dates_in(calendar, begins(step), after + 1).len();
        let goal = self.dates.get(step as usize)? + (before + left) as i64;
        let found = self.dates.partition_point(|sum| *sum < goal).checked_sub(1)?;
        let place = (goal - self.dates.get(found)? - 1) as usize;
        let dates = dates_in(calendar, begins(found as i64), begins(found as i64 + 1));
        let due = Instant::from_micros(dates.get(place)?.close);
        Some(due).filter(|due| *due <= Instant::MAX)
    }
}

/// Open time in `[from, to)`; none where `to` is not after `from`.
fn open_in(calendar: &Calendar, from: i64, to: i64) -> i64 {
    if to <= from { 0 } else { stretches(calendar, from, to).iter().map(|open| open.to - open.from).sum() }
}

/// More than the open time (µs) and the working dates that there can be after `from`, told at a glance: the week's, those of
/// `days`, and what hours that come twice add.
pub(super) fn at_most(calendar: &Calendar, from: i64) -> (i64, i64) {
    let left = (Instant::MAX.micros() - from).max(0);
    let n_weeks = left / (7 * DAY) + 2;
    let seconds = |windows: &[super::window::Window]| {
        windows.iter().map(|window| i64::from(window.to - window.from)).sum::<i64>()
    };
    let of_week: Vec<i64> = calendar.week.iter().map(|windows| seconds(windows)).collect();
    let longest = of_week.iter().copied().max().unwrap_or(0).min(3 * i64::from(DAY_SECONDS));
    let own: i64 = calendar.days.values().map(|windows| seconds(windows)).sum();
    // No zone has changed its clock more than four times a year.
    let twice = longest * 4 * (n_weeks / 50 + 2);
    let open = (of_week.iter().sum::<i64>() * n_weeks + 2 * own + twice) * super::instant::SECOND;
    let n_open = of_week.iter().filter(|seconds| **seconds > 0).count() as i64;
    let dates =
        n_open * n_weeks + calendar.days.values().filter(|windows| !windows.is_empty()).count() as i64;
    (open, dates)
}
