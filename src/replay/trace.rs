//! One case in stretches of time that add up to its clocks: what `slaudit explain` shows (SPEC 14). Made only when
//! asked for, from the same walk and the same judging as the facts; it decides nothing itself.
//!
//! [`ClockTrace::differs`] is the second path: it adds the stretches up again and compares them with the fact.

use chrono::NaiveDate;
use num_bigint::BigInt;

use crate::calendar::{Amount, Duration, Instant, OpenTime};
use crate::history::Category;
use crate::zones;

use super::case::{Known, path};
use super::course::{Cause, Course, Pos, Step};
use super::fact::{CaseFacts, ClockFact, Metric, Verdict};
use super::judge;
use super::measure::Extent;
use super::prorate::Share;
use super::version::Limit;

/// What became of one case, with every stretch of time behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    /// The rows that the case has in the fact tables.
    pub facts: CaseFacts,
    /// Index of the event that opens the case.
    pub opening: usize,
    /// Which severity holds from when: the first from the opening, the others are changes.
    pub severities: Vec<Held<Option<u8>>>,
    /// Which category holds from when, in the same way.
    pub categories: Vec<Held<Category>>,
    /// The clocks, in the order of [`CaseFacts::clocks`].
    pub clocks: Vec<ClockTrace>,
    /// The changes of severity, in the order of [`CaseFacts::changes`]; each with what it did to the clocks that ran,
    /// in the order of their `clocks`.
    pub changes: Vec<Vec<ChangeTrace>>,
}

/// A state and since when it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held<T> {
    /// Since when.
    pub from: Instant,
    /// Index of the event that brought it.
    pub event: Option<usize>,
    /// What holds.
    pub what: T,
}

/// One clock from its first start to its stop or `as_of`.
#[derive(Clone, Debug, PartialEq)]
pub struct ClockTrace {
    /// Index of the event that started it.
    pub started_by: Option<usize>,
    /// Index of the event that stopped it; `None`: it runs.
    pub stopped_by: Option<usize>,
    /// How it ended.
    pub cause: Option<Cause>,
    /// What it has to keep to; `None`: no target, or prorated.
    pub limit: Option<Limit>,
    /// Of a target in business days: where the last of them ends, pauses aside (SPEC 5.3).
    pub days_end_at: Option<Instant>,
    /// In order of time, without gaps; none is empty.
    pub stretches: Vec<ClockStretch>,
}

/// A stretch of one clock, half open, within which nothing changes.
#[derive(Clone, Debug, PartialEq)]
pub struct ClockStretch {
    /// First moment.
    pub from: Instant,
    /// First moment after it.
    pub to: Instant,
    /// What the clock does.
    pub state: State,
    /// The case's category at `from`.
    pub category: Category,
    /// The severity by which the stretch is measured.
    pub severity: Option<u8>,
    /// The calendar it is measured on, an index into `Policy::calendars`; `None`: there is none.
    pub calendar: Option<usize>,
    /// Wall time, µs.
    pub wall: i64,
    /// Open time, µs, also of a pause; `None`: no calendar.
    pub open: Option<i64>,
    /// The open time by date of the calendar's zone; adds up to `open`.
    pub days: Vec<OpenDays>,
    /// True where it runs although the status still waits for the customer, who has answered (R108).
    pub is_stale: bool,
    /// Running under `prorate`: the target of this stretch, what it comes to and what the stretch uses of it.
    pub part: Option<Part>,
}

/// What a clock does in a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It runs, within its target.
    Running,
    /// It runs, and its target is used up.
    Over,
    /// It stands still: the category is one that pauses.
    Paused,
    /// It stands still: the case had ended and was reopened later.
    Ended,
    /// Before the last restart: nothing of it counts.
    Dropped,
}

impl ClockStretch {
    /// True where the stretch counts against the target.
    pub const fn runs(&self) -> bool {
        matches!(self.state, State::Running | State::Over)
    }
}

/// Neighbouring working dates with the same open time within a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenDays {
    /// First date.
    pub from_on: NaiveDate,
    /// Last date.
    pub to_on: NaiveDate,
    /// How many dates with open time.
    pub n: u32,
    /// Open time of each, µs.
    pub open_each: i64,
}

/// What one stretch uses up under `prorate`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The target of the stretch's severity.
    pub target: Duration,
    /// What it comes to, µs; `None`: its calendar never opens often enough.
    pub amount: Option<i64>,
    /// What the stretch used, in the target's kind, µs.
    pub used: Option<i64>,
}

/// What one change of severity did to one clock that ran (SPEC 7.3).
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeTrace {
    /// The clock at the change, judged without it.
    pub at_change: Outcome,
    /// The clock at its end, this and all later changes undone.
    pub without: Outcome,
    /// The clock at its end, only the later ones undone.
    pub with: Outcome,
}

/// A clock measured under some course of severities.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The deciding target.
    pub target: Option<Duration>,
    /// What it comes to, µs.
    pub amount: Option<i64>,
    /// Time used, in the target's kind, µs.
    pub used: Option<i64>,
    /// Used share of the targets, prorate only.
    pub share: Option<Share>,
    /// Over target.
    pub over: bool,
    /// The verdict, scope and exemption aside.
    pub verdict: Verdict,
}

/// Everything of one case; `facts` are its rows.
pub fn trace(known: &Known<'_>, facts: CaseFacts) -> Explained {
    let line = known.line;
    let held = |from: Pos| (from.at, from.event());
    let severities = line.severities.iter().map(|step| {
        let (from, event) = held(step.from);
        Held { from, event, what: step.severity }
    });
    let categories = line.categories.iter().map(|step| {
        let (from, event) = held(step.from);
        Held { from, event, what: step.category }
    });
    let mut changes = vec![Vec::new(); facts.changes.len()];
    let clocks = facts.clocks.iter().filter_map(|fact| {
        let is_it = |course: &&Course| (course.metric, course.cycle) == (fact.metric, fact.cycle);
        let course = line.courses.iter().find(is_it)?;
        trace_changes(known, course, &mut changes);
        Some(trace_clock(known, course, fact))
    });
    let clocks = clocks.collect();
    Explained {
        opening: line.opening,
        severities: severities.collect(),
        categories: categories.collect(),
        clocks,
        changes,
        facts,
    }
}

fn extent<'a>(known: &Known<'a>, course: &Course) -> Extent<'a> {
    let pauses = if course.pauses() { &known.line.pauses[..] } else { &[] };
    Extent { from: course.start, to: course.end(known.as_of), pauses }
}

fn trace_changes(known: &Known<'_>, course: &Course, changes: &mut [Vec<ChangeTrace>]) {
    let extent = extent(known, course);
    let steps = path(known.line, extent.from, extent.to);
    let path = &known.line.severities[steps.clone()];
    let outcome = |extent, path| {
        let judged = judge::judge(known.version, course, extent, path);
        Outcome {
            target: judged.target,
            amount: judged.limit.and_then(|limit| limit.amount),
            used: judged.used,
            share: judged.share.as_deref().cloned(),
            over: judged.over,
            verdict: judge::verdict(course, &judged),
        }
    };
    for (i, change) in (1..path.len()).zip(&mut changes[steps.start..]) {
        let until = Extent { to: path[i].from, ..extent };
        change.push(ChangeTrace {
            at_change: outcome(until, &path[..i]),
            without: outcome(extent, &path[..i]),
            with: outcome(extent, &path[..=i]),
        });
    }
}

fn trace_clock(known: &Known<'_>, course: &Course, fact: &ClockFact) -> ClockTrace {
    let extent = extent(known, course);
    let path = &known.line.severities[path(known.line, extent.from, extent.to)];
    let judged = judge::judge(known.version, course, extent, path);
    let mut stretches = Vec::new();
    if extent.from < judged.extent.from {
        let span = (extent.from.at, judged.extent.from.at);
        let dropped = stretch(known, extent.from, span, State::Dropped, None, path[0].severity);
        stretches.push(dropped);
    }
    // Where more is used than the target: what comes after this instant is what it is over by.
    let over_from = fact.due_at.filter(|_| !fact.verdict.is_fixed() && fact.margin.is_some_and(|m| m < 0));
    for (from, to) in cuts(known, &judged.extent, judged.path) {
        let step = judged.path.iter().rposition(|step| step.from <= from).unwrap_or(0);
        let (calendar, severity) =
            (known.version.calendar_of_step(judged.path, step), judged.path[step].severity);
        let state = state(known, &judged.extent, from);
        let over_from = over_from.filter(|_| state == State::Running).unwrap_or(to.at).clamp(from.at, to.at);
        let is_stale = course.pauses() && known.line.stale.iter().any(|stale| stale.covers(from));
        for (span, state) in [((from.at, over_from), state), ((over_from, to.at), State::Over)] {
            let stretch = stretch(known, from, span, state, calendar, severity);
            stretches.push(ClockStretch { is_stale: is_stale && stretch.runs(), ..stretch });
        }
    }
    stretches.retain(|stretch| stretch.from < stretch.to);
    if judged.share.is_some() {
        stretches.iter_mut().for_each(|stretch| stretch.part = part(known, course, &judged.extent, stretch));
    }
    let days_end_at = judged.target.filter(|_| judged.limit.is_some()).and_then(|target| {
        let Amount::BusinessDays(n) = target.amount() else { return None };
        let calendar = known.version.calendar_of_step(judged.path, judged.path.len() - 1)?;
        calendar.business_days_due(judged.extent.from.at, n)
    });
    ClockTrace {
        started_by: course.start.event(),
        stopped_by: course.stop.and_then(|stop| stop.at.event()),
        cause: course.stop.map(|stop| stop.cause),
        limit: judged.limit,
        days_end_at,
        stretches,
    }
}

/// The extent cut wherever a pause or what the status alone would pause begins or ends, or a severity or, in a
/// pause, a category changes.
fn cuts(known: &Known<'_>, extent: &Extent<'_>, path: &[Step]) -> Vec<(Pos, Pos)> {
    let pauses =
        extent.pauses.iter().chain(if extent.pauses.is_empty() { &[][..] } else { &known.line.stale[..] });
    let mut at: Vec<Pos> = pauses.flat_map(|pause| [Some(pause.from), pause.to]).flatten().collect();
    at.extend(path.iter().map(|step| step.from));
    let categories = known.line.categories.iter().map(|step| step.from);
    at.extend(categories.filter(|from| extent.pauses.iter().any(|pause| pause.covers(*from))));
    at.retain(|pos| extent.from < *pos && *pos < extent.to);
    at.extend([extent.from, extent.to]);
    at.sort_unstable();
    at.dedup();
    at.windows(2).map(|pair| (pair[0], pair[1])).collect()
}

fn state(known: &Known<'_>, extent: &Extent<'_>, from: Pos) -> State {
    match extent.pauses.iter().any(|pause| pause.covers(from)) {
        true if category_at(known, from).is_ended() => State::Ended,
        true => State::Paused,
        false => State::Running,
    }
}

fn category_at(known: &Known<'_>, at: Pos) -> Category {
    let steps = &known.line.categories;
    steps.iter().rfind(|step| step.from <= at).or(steps.first()).map_or(Category::New, |step| step.category)
}

/// `[a, b)` of a clock, measured on `calendar`; nothing changes within it but the instant of `from`.
fn stretch(
    known: &Known<'_>,
    from: Pos,
    (a, b): (Instant, Instant),
    state: State,
    calendar: Option<&OpenTime>,
    severity: Option<u8>,
) -> ClockStretch {
    ClockStretch {
        from: a,
        to: b,
        state,
        category: category_at(known, from),
        severity,
        calendar: calendar.and_then(|calendar| known.version.index_of(calendar)),
        wall: b.since(a),
        open: calendar.map(|calendar| calendar.elapsed(a, b)),
        days: calendar.map_or_else(Vec::new, |calendar| days(calendar, a, b)),
        is_stale: false,
        part: None,
    }
}

/// What a running stretch uses of the target of its own severity.
fn part(known: &Known<'_>, course: &Course, extent: &Extent<'_>, stretch: &ClockStretch) -> Option<Part> {
    let target = known.version.target(course.metric, stretch.severity).filter(|_| stretch.runs())?;
    let calendar = stretch.calendar.and_then(|index| known.version.calendar_at(index));
    let limit = Limit::of(target, extent.from.at, calendar);
    let used = if limit.business { stretch.open } else { Some(stretch.wall) };
    Some(Part { target, amount: limit.amount, used })
}

/// The open time of `[from, to)` date by date. A date runs from midnight to midnight of the calendar's zone, also
/// where a window passes midnight.
fn days(calendar: &OpenTime, from: Instant, to: Instant) -> Vec<OpenDays> {
    let tz = calendar.calendar().tz;
    let mut days: Vec<OpenDays> = Vec::new();
    let mut at = from;
    // Every round ends at a later midnight: at most one a date between the two instants.
    while at < to {
        let Some(local) = calendar.next_open(at).filter(|open| *open < to).and_then(|open| open.in_zone(tz))
        else {
            break;
        };
        let on = local.date_naive();
        let end = midnight_after(on, tz).filter(|end| *end > at).map_or(to, |end| end.min(to));
        let open = calendar.elapsed(at, end);
        at = end;
        match days.last_mut() {
            _ if open == 0 => {}
            Some(last) if last.open_each == open => {
                last.to_on = on;
                last.n += 1;
            }
            _ => days.push(OpenDays { from_on: on, to_on: on, n: 1, open_each: open }),
        }
    }
    days
}

/// The first instant of the date after `on`.
fn midnight_after(on: NaiveDate, tz: chrono_tz::Tz) -> Option<Instant> {
    use chrono::{LocalResult, TimeDelta};
    let midnight = on.succ_opt()?.and_hms_opt(0, 0, 0)?;
    // A skipped midnight ends the date where the skipping begins: at most a day later there is a local time again.
    let at = (0..=96).find_map(|quarter| {
        match zones::at_local(tz, midnight + TimeDelta::minutes(15 * quarter)) {
            LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Some(at),
            LocalResult::None => None,
        }
    })?;
    Some(Instant::from(at.to_utc()))
}

impl ClockTrace {
    /// Adds the stretches up again and compares them with the fact; gives the name of the first figure that differs
    /// (STYLE, invariant 6).
    pub fn differs(&self, fact: &ClockFact) -> Option<&'static str> {
        let counted = || self.stretches.iter().filter(|stretch| stretch.state != State::Dropped);
        let running = || counted().filter(|stretch| stretch.runs());
        let wall = |runs: bool| counted().filter(|s| s.runs() == runs).map(|s| s.wall).sum::<i64>();
        let open: Option<i64> = running().map(|stretch| stretch.open).sum();
        let is_business = self.limit.is_some_and(|limit| limit.business);
        let used = |stretches: &mut dyn Iterator<Item = &ClockStretch>| -> i64 {
            stretches.map(|s| if is_business { s.open.unwrap_or(0) } else { s.wall }).sum()
        };
        let over = used(&mut running().filter(|stretch| stretch.state == State::Over));
        let days = |s: &ClockStretch| s.days.iter().map(|d| d.open_each * i64::from(d.n)).sum::<i64>();
        let contiguous = self.stretches.windows(2).all(|pair| pair[0].to == pair[1].from);
        let checks = [
            ("contiguous", contiguous),
            ("elapsed", wall(true) + wall(false) == fact.elapsed),
            ("paused", wall(false) == fact.paused),
            ("business", fact.business.is_none_or(|business| open == Some(business))),
            ("days", self.stretches.iter().all(|s| s.open.is_none_or(|open| days(s) == open))),
            ("used", fact.used.is_none_or(|u| u == used(&mut running()))),
            ("stale", running().filter(|s| s.is_stale).map(|s| s.wall).sum::<i64>() == fact.stale_pause),
            ("over", fact.verdict.is_fixed() || fact.margin.is_none_or(|margin| over == (-margin).max(0))),
            ("share", fact.used_share.as_deref().is_none_or(|share| self.share() == reduced(share))),
        ];
        checks.into_iter().find(|(_, holds)| !holds).map(|(name, _)| name)
    }

    /// The sum of the parts, exact.
    fn share(&self) -> (BigInt, BigInt) {
        let mut share = Share { numerator: BigInt::ZERO, denominator: BigInt::from(1) };
        for part in self.stretches.iter().filter_map(|stretch| stretch.part) {
            if let (Some(amount), Some(used)) = (part.amount, part.used) {
                share.numerator = &share.numerator * amount + &share.denominator * used;
                share.denominator *= amount;
            }
        }
        reduced(&share)
    }
}

/// A share in lowest terms, so that two ways of adding it up compare equal.
fn reduced(share: &Share) -> (BigInt, BigInt) {
    let (mut a, mut b) = (share.numerator.clone(), share.denominator.clone());
    // Euclid's algorithm: the remainder falls in every round.
    while b != BigInt::ZERO {
        (a, b) = (b.clone(), &a % &b);
    }
    if a == BigInt::ZERO {
        (BigInt::ZERO, BigInt::from(1))
    } else {
        (&share.numerator / &a, &share.denominator / &a)
    }
}

/// The name of a clock that a trace and its fact do not agree on, and the figure; `None`: everything adds up.
pub fn first_difference(explained: &Explained) -> Option<(Metric, u32, &'static str)> {
    let pairs = explained.clocks.iter().zip(&explained.facts.clocks);
    let found = pairs.filter_map(|(trace, fact)| Some((fact.metric, fact.cycle, trace.differs(fact)?)));
    let n_differs = explained.clocks.len() != explained.facts.clocks.len();
    found.chain(n_differs.then_some((Metric::FirstResponse, 0, "clocks"))).next()
}
