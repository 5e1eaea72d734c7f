//! Which facts belong to the period that was asked for (SPEC 11). History outside of it is replayed all the same;
//! a fact only says whether it counts.

use chrono::{Datelike, Days, Months, NaiveDate, NaiveTime};
use chrono_tz::Tz;

use crate::calendar::Instant;
use crate::policy::Book;
use crate::replay::{About, CaseFacts, CaseFinding, ClockFact, ClockGlance, SpellFact};
use crate::zones;

/// By which of its instants a clock or a spell belongs to a period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// Its start.
    #[default]
    Start,
    /// When it is due; never, where it has no due.
    Due,
    /// Its stop; never, while it runs.
    Stop,
}

/// Local dates from and to, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dates {
    /// The first date.
    pub from: NaiveDate,
    /// The last date.
    pub to: NaiveDate,
}

impl Dates {
    /// Reads `2026-10`, `2026-Q4`, `2026`, `2026-10-15`, or `2026-10-01..2026-10-15`.
    ///
    /// ```
    /// use slaudit::facts::Dates;
    /// let quarter = Dates::parse("2026-Q4").unwrap();
    /// assert_eq!((quarter.from.to_string(), quarter.to.to_string()), ("2026-10-01".into(), "2026-12-31".into()));
    /// assert_eq!(Dates::parse("2026-02..2026-03-15"), Dates::parse("2026-02-01..2026-03-15"));
    /// assert!(Dates::parse("2026-13").is_err());
    /// ```
    ///
    /// # Errors
    /// Anything else, and a range that ends before it begins: what was expected, in words.
    pub fn parse(text: &str) -> Result<Dates, String> {
        let (from, to) = text.split_once("..").unwrap_or((text, text));
        let expected = || {
            format!(
                "expected a period like `2026-10`, `2026-Q4`, `2026` or `2026-10-01..2026-10-15`, found `{text}`"
            )
        };
        let (first, last) = span(from.trim()).zip(span(to.trim())).ok_or_else(expected)?;
        let dates = Dates { from: first.from, to: last.to };
        if dates.from > dates.to {
            return Err(format!("expected a period that ends after it begins, found `{text}`"));
        }
        Ok(dates)
    }

    /// The period of the same length that ends the day before: whole months before whole months, else as many days.
    ///
    /// ```
    /// use slaudit::facts::Dates;
    /// let before = |text| Dates::parse(text).unwrap().before();
    /// assert_eq!(before("2026-03"), Dates::parse("2026-02").ok());
    /// assert_eq!(before("2026-Q1"), Dates::parse("2025-Q4").ok());
    /// assert_eq!(before("2026-03-01..2026-03-10"), Dates::parse("2026-02-19..2026-02-28").ok());
    /// ```
    pub fn before(self) -> Option<Dates> {
        let to = self.from.pred_opt()?;
        let after = self.to.succ_opt()?;
        let from = if self.from.day() == 1 && after.day() == 1 {
            let months = |date: NaiveDate| date.year() * 12 + date.month0() as i32;
            self.from.checked_sub_months(Months::new((months(after) - months(self.from)).unsigned_abs()))?
        } else {
            self.from.checked_sub_days(Days::new((after - self.from).num_days().unsigned_abs()))?
        };
        Some(Dates { from, to })
    }
}

/// One date, month, quarter or year.
fn span(text: &str) -> Option<Dates> {
    if let Ok(date) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return Some(Dates { from: date, to: date });
    }
    let (year, rest) = text.split_once('-').unwrap_or((text, ""));
    let year: i32 =
        year.parse().ok().filter(|_| year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()))?;
    let (month, n_months) = match rest.strip_prefix(['Q', 'q']) {
        _ if rest.is_empty() && !text.contains('-') => (1, 12),
        Some(quarter) => (quarter.parse::<u32>().ok().filter(|q| (1..=4).contains(q))? * 3 - 2, 3),
        None => (rest.parse().ok().filter(|_| rest.len() == 2)?, 1),
    };
    let from = NaiveDate::from_ymd_opt(year, month, 1)?;
    let after = from.checked_add_months(Months::new(n_months))?;
    Some(Dates { from, to: after.pred_opt()? })
}

/// A period ready to ask, as instants in each policy version's zone, half open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Period {
    /// By policy version; empty where no period was asked for.
    bounds: Vec<(Instant, Instant)>,
    by: By,
}

impl Period {
    /// `dates` in the zone of each version of `book`.
    pub fn new(dates: Dates, by: By, book: &Book) -> Period {
        let after = dates.to.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
        let bounds = |zone: Tz| (midnight(dates.from, zone), midnight(after, zone));
        Period { bounds: book.versions.iter().map(|version| bounds(version.timezone)).collect(), by }
    }

    /// Whether what happened at `at`, under policy version `version`, belongs to it; what has no instant does
    /// not, unless no period was asked for.
    pub fn has(&self, version: u32, at: Option<Instant>) -> bool {
        match self.bounds.get(version as usize) {
            Some((from, to)) => at.is_some_and(|at| *from <= at && at < *to),
            None => true,
        }
    }

    /// Its first instant and the first after it, in the zone of policy version `version`; `None` where no period was
    /// asked for.
    pub fn bounds(&self, version: usize) -> Option<(Instant, Instant)> {
        self.bounds.get(version).copied()
    }

    /// Whether a clock belongs to it.
    pub fn has_clock(&self, version: u32, clock: &ClockFact) -> bool {
        self.has(version, self.pick(clock.started_at, clock.due_at, clock.stopped_at))
    }

    /// The same of a clock at a glance; by its due only where that was asked for.
    pub fn has_glance(&self, version: u32, clock: &ClockGlance) -> bool {
        self.has(version, self.pick(clock.started_at, clock.due_at, clock.stopped_at))
    }

    /// Whether it goes by the instants at which clocks are due.
    pub fn is_by_due(&self) -> bool {
        self.by == By::Due
    }

    /// Whether a spell of inactivity belongs to it.
    pub fn has_spell(&self, version: u32, spell: &SpellFact) -> bool {
        self.has(version, self.pick(spell.started_at, spell.due_at, spell.ended_at))
    }

    /// Whether a finding belongs to it: with its clock or spell, else by its instant.
    pub fn has_finding(&self, facts: &CaseFacts, finding: &CaseFinding) -> bool {
        if self.bounds.is_empty() {
            return true;
        }
        let version = facts.case.version;
        match (finding.clock, finding.about) {
            (Some(name), About::Case) => {
                let clock = facts.clocks.binary_search_by_key(&name, |clock| (clock.metric, clock.cycle));
                clock.is_ok_and(|i| self.has_clock(version, &facts.clocks[i]))
            }
            (_, About::Spell(i)) => {
                facts.spells.get(i as usize).is_some_and(|spell| self.has_spell(version, spell))
            }
            _ => self.has(version, Some(finding.at)),
        }
    }

    fn pick(&self, start: Instant, due: Option<Instant>, stop: Option<Instant>) -> Option<Instant> {
        match self.by {
            By::Start => Some(start),
            By::Due => due,
            By::Stop => stop,
        }
    }
}

/// The first instant of a local date. Where its midnight was skipped or came twice, the earlier of the instants
/// around it.
pub(super) fn midnight(on: NaiveDate, zone: Tz) -> Instant {
    let naive = on.and_time(NaiveTime::MIN);
    let local = |naive| zones::at_local(zone, naive).earliest().map(|t| Instant::from(t.to_utc()));
    // A skipped midnight: no zone has skipped more than a day, and the day after it exists in all of them.
    let after = (1..=96).find_map(|quarter| local(naive + chrono::TimeDelta::minutes(15 * quarter)));
    local(naive).or(after).unwrap_or_else(|| Instant::from(naive.and_utc()))
}

/// The first date of a month; the last date that there is where there is no such month.
pub(super) fn first_of(year: i32, month: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, 1).unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_in_every_form() {
        let read = |text| Dates::parse(text).map(|d| (d.from.to_string(), d.to.to_string()));
        let both = |from: &str, to: &str| Ok((from.to_owned(), to.to_owned()));
        assert_eq!(read("2024-02"), both("2024-02-01", "2024-02-29"));
        assert_eq!(read("2026-q1"), both("2026-01-01", "2026-03-31"));
        assert_eq!(read("2026"), both("2026-01-01", "2026-12-31"));
        assert_eq!(read("2026-10-01..2026-10-15"), both("2026-10-01", "2026-10-15"));
        assert_eq!(read("2026-Q2..2026-08"), both("2026-04-01", "2026-08-31"));
        for wrong in ["", "2026-", "26-10", "2026-1", "2026-Q5", "2026-10-32", "2026-10..2026-09", "+2026"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_date_starts_at_local_midnight() {
        assert_eq!(midnight(first_of(2026, 3), chrono_tz::America::Denver).rfc3339(), "2026-03-01T07:00:00Z");
        assert_eq!(midnight(first_of(2026, 1), chrono_tz::UTC).rfc3339(), "2026-01-01T00:00:00Z");
    }
}
