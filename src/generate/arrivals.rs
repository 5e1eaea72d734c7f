//! When cases arrive and when the staff works: an hour table over the span of the plan.
//!
//! Not a business calendar: it decides when synthetic people act, never what a clock counts, and it knows no
//! holidays. Hours of UTC, each looked at in America/Denver once, at the start.

use chrono::{DateTime, Datelike, Months, NaiveDate, Timelike, Weekday};
use chrono_tz::America::Denver;

use super::random::Random;
use super::{EVENTS_PER_TEN_CASES, Failure, MAX_MONTHS, Plan, Size};

use crate::zones;

/// Microseconds in an hour.
pub(super) const HOUR: i64 = 3_600_000_000;
/// Microseconds in a second.
pub(super) const SECOND: i64 = 1_000_000;

/// Arrivals on a working day by local hour, relative.
const BY_HOUR: [u64; 24] =
    [2, 1, 1, 1, 2, 4, 9, 26, 46, 52, 50, 44, 33, 40, 43, 38, 28, 15, 9, 7, 6, 5, 4, 3];
/// Arrivals by weekday, Monday first, relative.
const BY_WEEKDAY: [u64; 7] = [24, 22, 21, 20, 17, 3, 2];
/// An incident day is one in so many days.
const INCIDENT_EVERY: u64 = 37;
/// Stream numbers above every case: one for each day of the plan.
const DAY_STREAM: u64 = 1 << 40;

/// Arrivals and working hours of one plan.
pub(super) struct Arrivals {
    seed: u64,
    cases: u64,
    start: i64,
    /// Arrival weight before each hour; one longer than the hours.
    weight: Vec<u64>,
    /// Staffed hours before each hour; one longer than the hours.
    staffed: Vec<u32>,
    /// The staffed hours.
    shifts: Vec<u32>,
    /// In each hour the product whose incident brings cases, from 1; 0: none.
    incident: Vec<u8>,
}

/// An arrival: when, and through which incident.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrival {
    /// Microseconds since the epoch.
    pub(super) at: i64,
    /// The product of the incident, from 1; 0: none.
    pub(super) incident: u8,
}

impl Arrivals {
    /// The table of `plan`; an error says what is wrong with the plan.
    pub(super) fn new(plan: &Plan) -> Result<Arrivals, Failure> {
        let cases = match plan.size {
            Size::Cases(n) => n,
            Size::Events(n) => n.saturating_mul(10).div_ceil(EVENTS_PER_TEN_CASES),
        };
        if !(1..u64::from(u32::MAX)).contains(&cases) {
            return Err(Failure::Plan(format!("expected 1 to {} cases, found {cases}", u32::MAX - 1)));
        }
        if !(1..=MAX_MONTHS).contains(&plan.months) {
            let message = format!("expected 1 to {MAX_MONTHS} months, found {}", plan.months);
            return Err(Failure::Plan(message));
        }
        let start = midnight(plan.start);
        let end = plan.start.checked_add_months(Months::new(plan.months)).and_then(midnight);
        let (Some(start), Some(end)) = (start, end) else {
            return Err(Failure::Plan(format!("`{}` is no usable first day", plan.start)));
        };
        Ok(Arrivals::over(plan.seed, cases, start, (end - start) / HOUR))
    }

    fn over(seed: u64, cases: u64, start: i64, hours: i64) -> Arrivals {
        let mut table = Arrivals {
            seed,
            cases,
            start,
            weight: vec![0],
            staffed: vec![0],
            shifts: Vec::new(),
            incident: Vec::new(),
        };
        let mut total = 0;
        for hour in 0..hours {
            let local = zones::in_zone(
                DateTime::from_timestamp_micros(start + hour * HOUR).unwrap_or_default(),
                Denver,
            );
            let weekend = matches!(local.weekday(), Weekday::Sat | Weekday::Sun);
            let base =
                BY_HOUR[local.hour() as usize] * BY_WEEKDAY[local.weekday().num_days_from_monday() as usize];
            let day = local.num_days_from_ce() as u64;
            let (product, factor) = incident(seed, day, u64::from(local.hour()));
            total += base.max(1) * factor;
            table.weight.push(total);
            table.incident.push(product);
            if !weekend && (8..17).contains(&local.hour()) {
                table.shifts.push(hour as u32);
            }
            table.staffed.push(table.shifts.len() as u32);
        }
        table
    }

    /// How many cases.
    pub(super) const fn cases(&self) -> u64 {
        self.cases
    }

    /// The stream of case `case`, its arrival already drawn from it.
    pub(super) fn draw(&self, case: u64) -> (Random, Arrival) {
        let mut random = Random::stream(self.seed, case);
        // Each case has its own slice of the weight, so arrivals are in order of the case's number.
        let total = u128::from(self.weight.last().copied().unwrap_or(1)) << 24;
        let jitter = (u128::from(random.bits()) * total) >> 64;
        let place = (u128::from(case) * total + jitter) / u128::from(self.cases);
        let whole = (place >> 24) as u64;
        let hour =
            self.weight.partition_point(|&w| w <= whole).saturating_sub(1).min(self.incident.len() - 1);
        let width = u128::from(self.weight[hour + 1] - self.weight[hour]) << 24;
        let into = (place - (u128::from(self.weight[hour]) << 24)) * HOUR as u128 / width;
        let at = self.start + hour as i64 * HOUR + into as i64;
        (random, Arrival { at, incident: self.incident[hour] })
    }

    /// No case from `case` on has an event before this instant.
    pub(super) fn horizon(&self, case: u64) -> i64 {
        let (_, arrival) = self.draw(case);
        arrival.at - arrival.at.rem_euclid(SECOND)
    }

    /// The end of the span, exclusive: what happens later is left out.
    pub(super) fn end(&self) -> i64 {
        self.start + self.incident.len() as i64 * HOUR
    }

    /// The instant `work` microseconds of staffed time after `at`; the end of the span where that is later.
    pub(super) fn after_work(&self, at: i64, work: i64) -> i64 {
        let hour = (at - self.start) / HOUR;
        let (Ok(index), true) = (usize::try_from(hour), hour < self.incident.len() as i64) else {
            return self.end();
        };
        let on_shift = self.staffed[index + 1] > self.staffed[index];
        let part = if on_shift { (at - self.start) % HOUR } else { 0 };
        let worked = i64::from(self.staffed[index]) * HOUR + part + work;
        match self.shifts.get((worked / HOUR) as usize) {
            Some(&shift) => self.start + i64::from(shift) * HOUR + worked % HOUR,
            None => self.end(),
        }
    }
}

/// Local midnight; `None` outside the years that can be counted in microseconds of the SPEC.
fn midnight(date: NaiveDate) -> Option<i64> {
    let local = date.and_hms_opt(0, 0, 0)?;
    let at = zones::at_local(Denver, local).earliest()?;
    (1900..2200).contains(&date.year()).then(|| at.timestamp_micros().div_euclid(HOUR) * HOUR)
}

/// The incident of a local day and hour: product from 1 (0: none) and how many times the usual arrivals come.
fn incident(seed: u64, day: u64, hour: u64) -> (u8, u64) {
    let mut random = Random::stream(seed, DAY_STREAM + day);
    if random.below(INCIDENT_EVERY) > 0 {
        return (0, 1);
    }
    let (from, length) = (7 + random.below(9), 2 + random.below(4));
    let (product, factor) = (1 + random.below(super::words::PRODUCTS.len() as u64), 4 + random.below(6));
    if (from..from + length).contains(&hour) { (product as u8, factor) } else { (0, 1) }
}
