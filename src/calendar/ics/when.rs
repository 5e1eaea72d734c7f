//! Dates, times and durations as a file writes them (RFC 5545, 3.3).

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::IcsError;
use super::components::ZoneDefinition;
use super::lines::Line;
use crate::zones;

/// A date, or a local time with the zone whose clock shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// All day.
    Date(NaiveDate),
    /// A time of day.
    Time(Timed),
}

/// A local time and its zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Timed {
    pub(super) local: NaiveDateTime,
    /// UTC where it ends in `Z`; the calendar's where no other is named.
    pub(super) zone: Tz,
    /// True where neither `Z` nor a `TZID` stands there.
    pub(super) is_floating: bool,
}

impl Timed {
    /// The instant: the earlier of two in a repeated hour; a skipped one is read by the offset before it.
    pub(super) fn instant(self) -> DateTime<Utc> {
        zones::instant_of_local(self.zone, self.local)
    }
}

impl When {
    /// The local date.
    pub(super) fn date(self) -> NaiveDate {
        match self {
            When::Date(date) => date,
            When::Time(at) => at.local.date(),
        }
    }
}

/// How values of a line are to be read.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    /// Zones that the file describes.
    pub(super) zones: &'a [ZoneDefinition],
    /// The calendar's.
    pub(super) zone: Tz,
}

fn wrong(line: &Line, expected: &str, text: &str) -> IcsError {
    let message = format!("expected {expected} for `{}`, found `{text}`", line.name);
    IcsError::new(line.number, message, "write the date as in `20260706`, a time as in `20260706T120000`")
}

impl Reader<'_> {
    /// The one value of `line`.
    pub(super) fn when(self, line: &Line) -> Result<When, IcsError> {
        self.value(line, line.value.trim())
    }

    /// One of the values of `line`.
    pub(super) fn value(self, line: &Line, text: &str) -> Result<When, IcsError> {
        let kind = line.parameter("VALUE").map(str::to_ascii_uppercase);
        let is_date = match kind.as_deref() {
            None => text.len() == 8,
            Some("DATE") => true,
            Some("DATE-TIME" | "PERIOD") => false,
            Some(other) => return Err(wrong(line, "a date or a time", &format!("VALUE={other}"))),
        };
        if is_date {
            return date(text).map(When::Date).ok_or_else(|| wrong(line, "a date such as `20260706`", text));
        }
        let (plain, is_utc) = match text.strip_suffix(['Z', 'z']) {
            Some(plain) => (plain, true),
            None => (text, false),
        };
        let local = plain.split_once(['T', 't']).and_then(|(day, time)| {
            let time = time_of_day(time)?;
            date(day)?.and_hms_opt(time.0, time.1, time.2)
        });
        let local = local.ok_or_else(|| wrong(line, "a time such as `20260706T120000`", text))?;
        let id = line.parameter("TZID");
        let zone = match (is_utc, id) {
            (true, _) => Tz::UTC,
            (false, Some(id)) => self.zone_of(line, id, local)?,
            (false, None) => self.zone,
        };
        Ok(When::Time(Timed { local, zone, is_floating: !is_utc && id.is_none() }))
    }

    /// The zone that `id` names: by its IANA name, alone or at the end of a path; another name is the calendar's own zone
    /// under a name of somebody's, which the file's description of it must not contradict.
    fn zone_of(self, line: &Line, id: &str, local: NaiveDateTime) -> Result<Tz, IcsError> {
        let described = self.zones.iter().find(|zone| zone.id == id);
        let iana = |name: &str| {
            let parts = name.match_indices('/').map(|(at, _)| &name[at + 1..]);
            std::iter::once(name).chain(parts).find_map(|name| match zones::named(name) {
                Ok(zone) => Some(Ok(zone)),
                Err(zones::NameError::Data(error)) => {
                    Some(Err(IcsError::new(line.number, error.to_string(), &error.hint)))
                }
                Err(zones::NameError::Unknown) => None,
            })
        };
        let location = described.and_then(|zone| zone.location.as_deref());
        if let Some(zone) = iana(id).or_else(|| location.and_then(iana)) {
            return zone;
        }
        let at = Timed { local, zone: self.zone, is_floating: false }.instant();
        let own = zones::offset(self.zone, at.timestamp());
        let contradicts = |zone: &&ZoneDefinition| !zone.offsets.is_empty() && !zone.offsets.contains(&own);
        if let Some(zone) = described.filter(contradicts) {
            let offsets: Vec<String> = zone.offsets.iter().map(|seconds| shown(*seconds)).collect();
            let message = format!(
                "expected the time zone `{id}` to keep the clock of the calendar's, {} ({}), found {}",
                self.zone,
                shown(own),
                offsets.join(", ")
            );
            let hint = "name the zone as IANA does, as in `TZID=America/New_York`";
            return Err(IcsError::new(line.number, message, hint));
        }
        Ok(self.zone)
    }

    /// A period, `20260706T120000Z/20260706T140000Z` or `…/PT2H`, as its start and the local time that it takes.
    pub(super) fn period(self, line: &Line, text: &str) -> Result<(When, TimeDelta), IcsError> {
        let expected = "a period such as `20260706T120000Z/PT2H`";
        let (from, to) = text.split_once('/').ok_or_else(|| wrong(line, expected, text))?;
        let When::Time(from) = self.value(line, from)? else { return Err(wrong(line, expected, text)) };
        let length = match duration(to) {
            Some(length) => length,
            None => match self.value(line, to)? {
                When::Time(to) => between(from, to),
                When::Date(_) => return Err(wrong(line, expected, text)),
            },
        };
        if length > TimeDelta::zero() {
            Ok((When::Time(from), length))
        } else {
            Err(wrong(line, expected, text))
        }
    }
}

/// The time from `a` to `b` as the clock of `a` shows it.
pub(super) fn between(a: Timed, b: Timed) -> TimeDelta {
    let end = zones::in_zone(b.instant(), a.zone).naive_local();
    if a.zone == b.zone { b.local - a.local } else { end - a.local }
}

fn shown(offset: i32) -> String {
    let (sign, seconds) = if offset < 0 { ('-', -offset) } else { ('+', offset) };
    format!("{sign}{:02}:{:02}", seconds / 3_600, seconds / 60 % 60)
}

/// `20260706`.
pub(super) fn date(text: &str) -> Option<NaiveDate> {
    let digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<u32>().ok();
    let year = number(0..4).filter(|year| digits && *year > 0)?;
    NaiveDate::from_ymd_opt(year as i32, number(4..6)?, number(6..8)?)
}

/// `120000`.
fn time_of_day(text: &str) -> Option<(u32, u32, u32)> {
    let digits = text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = |from: usize| text.get(from..from + 2)?.parse::<u32>().ok();
    digits.then_some((number(0)?, number(2)?, number(4)?))
}

/// `P1D`, `P2W`, `PT8H30M`, `P1DT12H`; negative ones have no length.
pub(super) fn duration(text: &str) -> Option<TimeDelta> {
    let text = text.trim().to_ascii_uppercase();
    let rest = text.strip_prefix('+').unwrap_or(&text).strip_prefix('P')?;
    let (days, time) = match rest.split_once('T') {
        Some((days, time)) if !time.is_empty() => (days, time),
        Some(_) => return None,
        None => (rest, ""),
    };
    let seconds = amounts(days, &[('W', 7 * 86_400), ('D', 86_400)])?
        .checked_add(amounts(time, &[('H', 3_600), ('M', 60), ('S', 1)])?)?;
    let said = !rest.is_empty();
    TimeDelta::try_seconds(seconds).filter(|_| said)
}

/// Numbers with their units, each at most once and in order.
fn amounts(text: &str, units: &[(char, i64)]) -> Option<i64> {
    let (mut rest, mut sum) = (text, 0_i64);
    for (unit, seconds) in units {
        if let Some((number, after)) = rest.split_once(*unit) {
            let number = number.parse::<u32>().ok()?;
            sum = sum.checked_add(i64::from(number).checked_mul(*seconds)?)?;
            rest = after;
        }
    }
    rest.is_empty().then_some(sum)
}
