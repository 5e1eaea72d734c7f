//! What is varied: a key of the policy and its values, from text to policies.

use crate::calendar::{Amount, Calendar, DAY, Duration, Form, Unit, WEEKDAYS, Window, parse_weekdays};
use crate::history::Category;
use crate::policy::{Book, Policy, nearest};
use crate::replay::Metric;

use super::Measure;

/// Most policies that one sweep may make.
const MOST: usize = 10_000;

/// A place in a policy whose value is varied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// `severity.2.first_response`; `severity.*.…`: of every severity.
    Target(Option<u8>, Metric),
    /// `after_hours.first_response`.
    AfterHours,
    /// `inactivity.waiting_customer.close_after`.
    CloseAfter(Category),
    /// `inactivity.waiting_customer.grace`.
    Grace(Category),
    /// `priority.tolerance`.
    Tolerance,
    /// `calendars.support.open`: when the first window of each open day begins; `calendars.*.…`: of every calendar.
    Opening(Option<String>),
    /// `calendars.support.close`: when the last window of each open day ends.
    Closing(Option<String>),
    /// `calendars.support.days`: the days that are open, with the hours of the first that is open now.
    Days(Option<String>),
}

/// One value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A length.
    Length(Duration),
    /// Seconds after local midnight, up to 24:00.
    Time(u32),
    /// Days of the week, 0 is Monday.
    Days(Vec<usize>),
}

/// A key with its values, the tightest promise first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axis {
    /// As the user wrote it.
    pub name: String,
    /// What is varied.
    pub key: Key,
    /// At least one; the tightest promise first.
    pub values: Vec<Value>,
}

/// The keys that can be varied, for messages.
const KEYS: &str = "`severity.LEVEL.METRIC` (also `severity.*.METRIC`), `after_hours.first_response`, \
                    `inactivity.BASIS.close_after`, `inactivity.BASIS.grace`, `priority.tolerance`, \
                    `calendars.NAME.open`, `calendars.NAME.close`, `calendars.NAME.days`";

impl Axis {
    /// Reads `KEY=FROM..TO/STEP` or `KEY=VALUE,VALUE,…`.
    ///
    /// ```
    /// use slaudit::compare::sweep::Axis;
    /// let axis = Axis::parse("severity.1.first_response=15bm..1bh/15bm").unwrap();
    /// let values: Vec<String> = axis.values.iter().map(ToString::to_string).collect();
    /// assert_eq!(values, ["15bm", "30bm", "45bm", "1bh"]);
    /// assert!(Axis::parse("severity.1.first_response=15bm..1bh").is_err());
    /// ```
    ///
    /// # Errors
    /// What was expected, in words.
    pub fn parse(text: &str) -> Result<Axis, String> {
        let (name, values) = text.split_once('=').ok_or_else(|| {
            format!("expected KEY=VALUES, as `severity.1.first_response=15bm..8bh/15bm`, found `{text}`")
        })?;
        let (name, values) = (name.trim(), values.trim());
        let key = Key::parse(name)?;
        let mut values = match values.split_once("..") {
            Some((from, rest)) => {
                let (to, step) = rest
                    .split_once('/')
                    .ok_or_else(|| format!("expected a step after the range, as `{values}/15bm`"))?;
                key.range(from.trim(), to.trim(), step.trim())?
            }
            None if matches!(key, Key::Days(_)) => {
                values.split(['|', ';']).map(|part| key.value(part.trim())).collect::<Result<_, _>>()?
            }
            None => values.split(',').map(|part| key.value(part.trim())).collect::<Result<_, _>>()?,
        };
        key.sort(&mut values)?;
        Ok(Axis { name: name.to_owned(), key, values })
    }

    /// True where a verdict changes once at most along the values.
    pub fn changes_once(&self) -> bool {
        matches!(self.key, Key::Target(..) | Key::AfterHours)
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Length(length) => write!(f, "{}", Duration { form: Form::Short, ..rounded(*length) }),
            Value::Time(seconds) => write!(f, "{:02}:{:02}", seconds / 3_600, seconds / 60 % 60),
            Value::Days(days) => write!(f, "{}", days_text(days)),
        }
    }
}

/// In the largest unit that measures it: minutes for seconds, hours for minutes.
fn rounded(length: Duration) -> Duration {
    let larger = match length.unit {
        Unit::Seconds => Unit::Minutes,
        Unit::Minutes => Unit::Hours,
        Unit::BusinessSeconds => Unit::BusinessMinutes,
        Unit::BusinessMinutes => Unit::BusinessHours,
        Unit::Hours | Unit::Days | Unit::Weeks | Unit::BusinessHours | Unit::BusinessDays => return length,
    };
    match length.count {
        0 => length,
        count if count % 60 == 0 => rounded(Duration { count: count / 60, unit: larger, ..length }),
        _ => length,
    }
}

/// Whether two books promise the same: `120 business minutes` is `2 business hours`.
pub fn is_same(a: &Book, b: &Book) -> bool {
    let plain = |book: &Book| -> Vec<Policy> { book.versions.iter().map(in_round_lengths).collect() };
    plain(a) == plain(b)
}

fn in_round_lengths(policy: &Policy) -> Policy {
    let mut made = policy.clone();
    for rule in &mut made.severities {
        let targets =
            [&mut rule.first_response, &mut rule.next_response, &mut rule.update, &mut rule.resolution];
        targets.into_iter().flatten().for_each(|length| *length = rounded(*length));
    }
    let after_hours = made.after_hours.iter_mut().flat_map(|promise| &mut promise.first_response);
    after_hours.for_each(|length| *length = rounded(*length));
    for rule in &mut made.inactivity {
        rule.close_after = rule.close_after.map(rounded);
        rule.grace = rounded(rule.grace);
    }
    made.priority.iter_mut().for_each(|rule| rule.tolerance = rounded(rule.tolerance));
    made
}

/// `mon-fri`, or the days one by one.
fn days_text(days: &[usize]) -> String {
    let name = |day: &usize| WEEKDAYS[*day % 7];
    match days {
        [first, .., last] if days.windows(2).all(|pair| pair[1] == (pair[0] + 1) % 7) => {
            format!("{}-{}", name(first), name(last))
        }
        _ => days.iter().map(name).collect::<Vec<_>>().join(","),
    }
}

impl Key {
    fn parse(text: &str) -> Result<Key, String> {
        let parts: Vec<&str> = text.split('.').collect();
        let wrong = || {
            let near = meant(text, &parts).map(|near| format!("\nhint: did you mean `{near}`?"));
            let near = near.unwrap_or_default();
            format!("expected a key that can be varied, found `{text}`; they are {KEYS}{near}")
        };
        let basis = |word: &str| {
            [Category::WaitingCustomer, Category::Resolved].into_iter().find(|basis| basis.word() == word)
        };
        let name = |name: &str| (name != "*").then(|| name.to_owned());
        match parts[..] {
            ["severity", level, metric] => {
                let level = match level {
                    "*" => None,
                    level => Some(level.parse().ok().filter(|l| (1..=9).contains(l)).ok_or_else(wrong)?),
                };
                let metric = Metric::ALL.into_iter().find(|known| known.word() == metric);
                let metric = metric.filter(|metric| *metric != Metric::AfterHoursResponse);
                Ok(Key::Target(level, metric.ok_or_else(wrong)?))
            }
            ["after_hours", "first_response"] => Ok(Key::AfterHours),
            ["inactivity", word, "close_after"] => Ok(Key::CloseAfter(basis(word).ok_or_else(wrong)?)),
            ["inactivity", word, "grace"] => Ok(Key::Grace(basis(word).ok_or_else(wrong)?)),
            ["priority", "tolerance"] => Ok(Key::Tolerance),
            ["calendars", calendar, "open"] => Ok(Key::Opening(name(calendar))),
            ["calendars", calendar, "close"] => Ok(Key::Closing(name(calendar))),
            ["calendars", calendar, "days"] => Ok(Key::Days(name(calendar))),
            _ => Err(wrong()),
        }
    }

    /// What a sweep of it counts, unless something else is asked for.
    pub fn measure(&self) -> Measure {
        match self {
            Key::Target(level, metric) => Measure::Attainment(*metric, *level),
            Key::AfterHours => Measure::Attainment(Metric::AfterHoursResponse, None),
            Key::CloseAfter(basis) | Key::Grace(basis) => Measure::Closures(*basis),
            Key::Tolerance => Measure::Order,
            Key::Opening(_) | Key::Closing(_) | Key::Days(_) => {
                Measure::Attainment(Metric::FirstResponse, None)
            }
        }
    }

    /// The metrics whose verdicts it touches.
    pub fn metrics(&self) -> &[Metric] {
        match self {
            Key::Target(_, metric) => std::slice::from_ref(metric),
            Key::AfterHours => &[Metric::AfterHoursResponse],
            Key::Opening(_) | Key::Closing(_) | Key::Days(_) => &Metric::ALL,
            Key::CloseAfter(_) | Key::Grace(_) | Key::Tolerance => &[],
        }
    }

    fn value(&self, text: &str) -> Result<Value, String> {
        match self {
            Key::Opening(_) | Key::Closing(_) => time(text).map(Value::Time),
            Key::Days(_) => parse_weekdays(text)
                .map(Value::Days)
                .map_err(|e| format!("{e}; several sets are separated by `|`, as `mon-fri|mon-sat`")),
            _ => length(text, self.is_zero_allowed()).map(Value::Length),
        }
    }

    const fn is_zero_allowed(&self) -> bool {
        matches!(self, Key::Grace(_) | Key::Tolerance)
    }

    fn range(&self, from: &str, to: &str, step: &str) -> Result<Vec<Value>, String> {
        match self {
            Key::Opening(_) | Key::Closing(_) => {
                let (from, to) = (time(from)?, time(to)?);
                let step = match length(step, false)?.amount() {
                    Amount::Elapsed(micros) => u32::try_from(micros / 1_000_000).unwrap_or(u32::MAX),
                    _ => return Err(format!("expected a step of wall time, as `30m`, found `{step}`")),
                };
                counted(from, to, step).map(|all| all.map(Value::Time).collect())
            }
            Key::Days(_) => Err("expected sets of days, as `mon-fri|mon-sat|mon-sun`".to_owned()),
            _ => {
                let zero = self.is_zero_allowed();
                lengths(length(from, zero)?, length(to, zero)?, length(step, false)?)
            }
        }
    }

    /// The tightest promise first; one kind of value; none twice.
    fn sort(&self, values: &mut Vec<Value>) -> Result<(), String> {
        let rank = |value: &Value| match (self, value) {
            (Key::Closing(_), Value::Time(seconds)) => -i64::from(*seconds),
            (_, Value::Time(seconds)) => i64::from(*seconds),
            (_, Value::Days(days)) => -(days.len() as i64),
            (_, Value::Length(length)) => match length.amount() {
                Amount::Elapsed(micros) | Amount::Business(micros) => micros,
                Amount::BusinessDays(days) => i64::from(days),
            },
        };
        let kind = |value: &Value| match value {
            Value::Length(length) => Some(std::mem::discriminant(&length.amount())),
            _ => None,
        };
        if values.windows(2).any(|pair| kind(&pair[0]) != kind(&pair[1])) {
            return Err(
                "expected values of one kind: all business time, all elapsed time, or all business days"
                    .to_owned(),
            );
        }
        values.sort_by_key(rank);
        values.dedup();
        Ok(())
    }

    /// Puts `value` into every version of `book` that has the key; gives how many have it.
    fn put(&self, value: &Value, book: &mut Book) -> Result<usize, String> {
        let mut n = 0;
        for version in &mut book.versions {
            n += usize::from(self.put_into(value, version)?);
        }
        Ok(n)
    }

    fn put_into(&self, value: &Value, policy: &mut Policy) -> Result<bool, String> {
        let mut is_there = false;
        match (self, value) {
            (Key::Target(level, metric), Value::Length(length)) => {
                let wanted = |rule: &&mut crate::policy::SeverityRule| level.is_none_or(|l| l == rule.level);
                for rule in policy.severities.iter_mut().filter(wanted) {
                    let target = match metric {
                        Metric::FirstResponse | Metric::AfterHoursResponse => &mut rule.first_response,
                        Metric::NextResponse => &mut rule.next_response,
                        Metric::Update => &mut rule.update,
                        Metric::Resolution => &mut rule.resolution,
                    };
                    *target = Some(*length);
                    is_there = true;
                }
            }
            (Key::AfterHours, Value::Length(length)) => {
                if let Some(promise) = &mut policy.after_hours {
                    promise.first_response = Some(*length);
                    is_there = true;
                }
            }
            (Key::CloseAfter(basis) | Key::Grace(basis), Value::Length(length)) => {
                for rule in policy.inactivity.iter_mut().filter(|rule| rule.basis == *basis) {
                    match self {
                        Key::Grace(_) => rule.grace = *length,
                        _ => rule.close_after = Some(*length),
                    }
                    is_there = true;
                }
            }
            (Key::Tolerance, Value::Length(length)) => {
                policy.priority = Some(crate::policy::PriorityRule { tolerance: *length });
                is_there = true;
            }
            (Key::Opening(name) | Key::Closing(name) | Key::Days(name), value) => {
                let wanted = |calendar: &&mut Calendar| name.as_ref().is_none_or(|n| *n == calendar.name);
                for calendar in policy.calendars.iter_mut().filter(wanted) {
                    hours(value, matches!(self, Key::Closing(_)), calendar)?;
                    is_there = true;
                }
            }
            _ => {}
        }
        Ok(is_there)
    }
}

/// The key that was most likely meant: the nearest of all, with the level, the basis or the name that was given.
fn meant(text: &str, parts: &[&str]) -> Option<String> {
    let given = parts.get(1).copied().filter(|_| parts.len() == 3).unwrap_or("*");
    let metrics = Metric::ALL.into_iter().filter(|metric| *metric != Metric::AfterHoursResponse);
    let mut all: Vec<String> = metrics.map(|metric| format!("severity.{given}.{}", metric.word())).collect();
    all.extend(["after_hours.first_response", "priority.tolerance"].map(str::to_owned));
    for basis in [Category::WaitingCustomer, Category::Resolved] {
        all.extend(["close_after", "grace"].map(|key| format!("inactivity.{}.{key}", basis.word())));
    }
    all.extend(["open", "close", "days"].map(|key| format!("calendars.{given}.{key}")));
    nearest(text, all.iter().map(String::as_str)).map(str::to_owned)
}

/// What the policy has in place of what a key names and it does not have.
fn has_instead(axis: &Axis, book: &Book) -> String {
    let version = book.versions.last();
    let (what, given, names): (&str, String, Vec<String>) = match (&axis.key, version) {
        (Key::Opening(Some(name)) | Key::Closing(Some(name)) | Key::Days(Some(name)), Some(version)) => (
            "calendars",
            name.clone(),
            version.calendars.iter().map(|calendar| calendar.name.clone()).collect(),
        ),
        (Key::Target(Some(level), _), Some(version)) => {
            let levels = version.severities.iter().map(|rule| rule.level.to_string());
            ("severities", level.to_string(), levels.collect())
        }
        _ => return String::new(),
    };
    let near = nearest(&given, names.iter().map(String::as_str)).filter(|_| what == "calendars");
    let shown: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match near {
        Some(near) => format!("\nhint: did you mean `{near}`?"),
        None => format!("\nhint: its {what} are {}", shown.join(", ")),
    }
}

/// Puts opening, closing or days into the week of a calendar.
fn hours(value: &Value, is_closing: bool, calendar: &mut Calendar) -> Result<(), String> {
    match value {
        Value::Time(seconds) => {
            for windows in calendar.week.iter_mut().filter(|windows| !windows.is_empty()) {
                let at = if is_closing { windows.last_mut() } else { windows.first_mut() };
                let Some(window) = at else { continue };
                if is_closing {
                    window.to = *seconds
                } else {
                    window.from = *seconds
                };
                if window.from >= window.to {
                    return Err(format!(
                        "expected hours that begin before they end, found `{}` in calendar `{}`",
                        crate::calendar::hours_text(windows),
                        calendar.name
                    ));
                }
            }
        }
        Value::Days(days) => {
            let usual = calendar.week.iter().find(|windows| !windows.is_empty()).cloned();
            let usual = usual.unwrap_or_else(|| vec![Window { from: 0, to: DAY }]);
            for (day, windows) in calendar.week.iter_mut().enumerate() {
                match (days.contains(&day), windows.is_empty()) {
                    (true, true) => windows.clone_from(&usual),
                    (false, _) => windows.clear(),
                    (true, false) => {}
                }
            }
        }
        Value::Length(_) => {}
    }
    Ok(())
}

fn length(text: &str, zero: bool) -> Result<Duration, String> {
    let length = Duration::parse(text).map_err(|e| format!("{e}; {}", e.hint))?;
    if length.count == 0 && !zero {
        return Err(format!("expected a length above zero, found `{text}`"));
    }
    Ok(length)
}

fn time(text: &str) -> Result<u32, String> {
    let windows = crate::calendar::parse_hours(&format!("{text}-24:00"));
    match (text, windows.as_deref()) {
        ("24:00", _) => Ok(DAY),
        (_, Ok([window])) => Ok(window.from),
        _ => Err(format!("expected a time of day, as `08:30`, found `{text}`")),
    }
}

/// `from`, `from + step`, … up to `to`.
fn counted(from: u32, to: u32, step: u32) -> Result<impl Iterator<Item = u32>, String> {
    if to < from {
        return Err("expected a range that begins with the smaller value".to_owned());
    }
    let n = (to - from) / step.max(1);
    if n as usize >= MOST {
        return Err(format!("expected at most {MOST} values, found {}", u64::from(n) + 1));
    }
    Ok((0..=n).map(move |i| from + i * step))
}

/// A range of lengths: in the step's unit where it measures both ends, as `15bm..8bh/15bm`.
fn lengths(from: Duration, to: Duration, step: Duration) -> Result<Vec<Value>, String> {
    let whole = |length: Duration| -> Option<u32> {
        let one = Duration { count: 1, ..step };
        match (length.amount(), one.amount()) {
            (Amount::Elapsed(a), Amount::Elapsed(b)) | (Amount::Business(a), Amount::Business(b)) => {
                u32::try_from(a / b).ok().filter(|_| a % b == 0)
            }
            (Amount::BusinessDays(days), Amount::BusinessDays(_)) => Some(days),
            _ => None,
        }
    };
    let ends = whole(from).zip(whole(to));
    let (from, to) = ends.ok_or_else(|| {
        format!("expected ends that are whole numbers of the step's unit, as `15bm..8bh/15bm`, found `{from}..{to}/{step}`")
    })?;
    let all = counted(from, to, step.count)?;
    Ok(all.map(|count| Value::Length(Duration { count, ..step })).collect())
}

/// The book with every value, or every pair of values, of the axes put in: in order of the first, then of the second.
///
/// # Errors
/// A key that no version has, hours that end before they begin, too many pairs: in words.
pub fn books(book: &Book, axes: &[Axis]) -> Result<Vec<Book>, String> {
    let n: usize = axes.iter().map(|axis| axis.values.len()).product();
    if n > MOST {
        return Err(format!("expected at most {MOST} policies, found {n} pairs of values"));
    }
    let mut all = vec![book.clone()];
    for axis in axes {
        let mut next = Vec::with_capacity(all.len() * axis.values.len());
        for book in &all {
            for value in &axis.values {
                let mut made = book.clone();
                if axis.key.put(value, &mut made)? == 0 {
                    return Err(format!(
                        "the policy has nothing called `{}` to be varied{}",
                        axis.name,
                        has_instead(axis, book)
                    ));
                }
                next.push(made);
            }
        }
        all = next;
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Result<Vec<String>, String> {
        Axis::parse(text).map(|axis| axis.values.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn ranges_and_lists_give_values_the_tightest_first() {
        let given = values("severity.*.resolution=2bd,1bd,3bd");
        assert_eq!(given.unwrap(), ["1bd", "2bd", "3bd"]);
        assert_eq!(values("calendars.support.open=07:30..08:30/30m").unwrap(), ["07:30", "08:00", "08:30"]);
        assert_eq!(values("calendars.*.close=16:00,18:00").unwrap(), ["18:00", "16:00"]);
        assert_eq!(values("calendars.*.days=mon-fri|mon-sat").unwrap(), ["mon-sat", "mon-fri"]);
        assert_eq!(values("inactivity.resolved.grace=0d..2d/1d").unwrap(), ["0d", "1d", "2d"]);
        for wrong in [
            "severity.1.first_response",
            "severity.0.first_response=1h",
            "severity.1.after_hours_response=1h",
            "severity.1.first_response=1h,2bh",
            "severity.1.first_response=0h",
            "severity.1.first_response=2h..1h/1h",
            "severity.1.first_response=1h..90m/1h",
            "severity.1.first_response=1s..9000h/1s",
            "calendars.support.open=8..9/30m",
            "clock.on_reclassify=keep",
        ] {
            assert!(values(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn values_are_put_where_the_key_says() {
        let book = crate::policy::load_built_in("in8sync-targets.toml").unwrap();
        let made = |text: &str| books(&book, &[Axis::parse(text).unwrap()]);
        let targets = made("severity.2.first_response=1bh,2bh").unwrap();
        assert_eq!(targets[1], book, "the value that it has already");
        assert!(is_same(&made("severity.2.first_response=120bm").unwrap()[0], &book));
        assert!(!is_same(&targets[0], &book));
        let late = made("calendars.support.close=19:00").unwrap();
        assert_eq!(late[0].versions[0].calendars[0].week[0][0].to, 19 * 3_600);
        assert!(late[0].versions[0].calendars[0].week[6].is_empty());
        let weekend = made("calendars.support.days=mon-sun").unwrap();
        assert_eq!(weekend[0].versions[0].calendars[0].week[6][0].from, 8 * 3_600);
        assert!(made("calendars.support.close=07:00").unwrap_err().contains("begin before they end"));
        assert!(made("severity.9.first_response=1h").unwrap_err().contains("nothing called"));
    }
}
