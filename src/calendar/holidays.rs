//! Built-in holiday rule sets (SPEC 5.4). More holidays come as dates or through .ics files.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// A rule set that ships.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HolidaySet {
    /// Federal holidays of the United States: the day itself and, where it falls on a weekend, its observed day as
    /// well; Juneteenth from 2021.
    UsFederal,
}

impl HolidaySet {
    /// Every rule set.
    pub const ALL: [HolidaySet; 1] = [HolidaySet::UsFederal];

    /// The name in a policy file.
    pub const fn name(self) -> &'static str {
        match self {
            HolidaySet::UsFederal => "us-federal",
        }
    }

    /// The set of that name.
    pub fn named(name: &str) -> Option<HolidaySet> {
        HolidaySet::ALL.into_iter().find(|set| set.name() == name)
    }

    /// The name of the holiday on local date `on`, if the set has one.
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use slaudit::calendar::HolidaySet;
    /// let on = NaiveDate::from_ymd_opt(2026, 7, 3).unwrap();
    /// assert_eq!(HolidaySet::UsFederal.holiday(on), Some("Independence Day, observed"));
    /// ```
    pub fn holiday(self, on: NaiveDate) -> Option<&'static str> {
        match self {
            HolidaySet::UsFederal => us_federal(on).or_else(|| us_federal_observed(on)),
        }
    }
}

fn us_federal(on: NaiveDate) -> Option<&'static str> {
    fixed(on).map(|(name, _)| name).or_else(|| floating(on))
}

/// Holidays with a date of their own, and the name of their observed day.
fn fixed(on: NaiveDate) -> Option<(&'static str, &'static str)> {
    match (on.month(), on.day()) {
        (1, 1) => Some(("New Year's Day", "New Year's Day, observed")),
        (6, 19) if on.year() >= 2021 => Some(("Juneteenth", "Juneteenth, observed")),
        (7, 4) => Some(("Independence Day", "Independence Day, observed")),
        (11, 11) => Some(("Veterans Day", "Veterans Day, observed")),
        (12, 25) => Some(("Christmas Day", "Christmas Day, observed")),
        _ => None,
    }
}

/// Holidays on the n-th Monday or Thursday of a month.
fn floating(on: NaiveDate) -> Option<&'static str> {
    let nth = on.day0() / 7 + 1;
    match (on.month(), on.weekday(), nth) {
        (1, Weekday::Mon, 3) => Some("Martin Luther King Jr. Day"),
        (2, Weekday::Mon, 3) => Some("Washington's Birthday"),
        (5, Weekday::Mon, _) if on.day() > 24 => Some("Memorial Day"),
        (9, Weekday::Mon, 1) => Some("Labor Day"),
        (10, Weekday::Mon, 2) => Some("Columbus Day"),
        (11, Weekday::Thu, 4) => Some("Thanksgiving Day"),
        _ => None,
    }
}

/// A holiday on a Saturday is observed on the Friday before, one on a Sunday on the Monday after.
fn us_federal_observed(on: NaiveDate) -> Option<&'static str> {
    let day = match on.weekday() {
        Weekday::Fri => on.checked_add_days(Days::new(1))?,
        Weekday::Mon => on.checked_sub_days(Days::new(1))?,
        _ => return None,
    };
    fixed(day).map(|(_, observed)| observed)
}
