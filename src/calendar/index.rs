//! A calendar compiled into an index over the span of the data, so that `elapsed` and `add` cost a few
//! nanoseconds whatever the distance (SPEC 5.2, 5.3). Outside the span the same answers come the slow way.

use std::sync::OnceLock;

use super::definition::Calendar;
use super::far::{self, Far};
use super::instant::{Instant, SECOND};
use super::open::{Segment, Stretch, WorkingDate, segments, stretches, working_dates};

/// Width of a bucket, as a power of two of µs: about 19 hours, so that a bucket holds one or two windows.
const BUCKET_BITS: u32 = 36;
/// What is compiled beyond the span that was asked for, so that due times mostly fall inside.
const MARGIN: i64 = 120 * 86_400 * SECOND;
/// How much is laid out at a time beyond the compiled span.
pub(super) const STEP: i64 = 366 * 86_400 * SECOND;

/// So many steps are laid out for each question; what lies beyond is summed up once.
const NEAR_STEPS: usize = 4;

/// A day of 24 hours.
const DAY: i64 = 86_400 * SECOND;

/// How many stretches `add` looks at one by one.
const NEAR: usize = 12;
/// More than a date's windows reach from its midnight: what the edge of a span may cut from a date.
pub(super) const CUT: i64 = 4 * 86_400 * SECOND;

/// The day of a local time in µs, in days since 1970-01-01.
fn day_of(local_micros: i64) -> i32 {
    local_micros.div_euclid(86_400 * SECOND) as i32
}

/// The working dates of `[from, to)` that no edge cuts.
fn whole_dates(calendar: &Calendar, from: i64, to: i64) -> Vec<WorkingDate> {
    let mut dates = working_dates(calendar, from, to);
    let (first, last) = (day_of(from + CUT), day_of(to - CUT));
    dates.retain(|date| date.on >= first && date.on <= last);
    dates
}

/// For each day from the first of `dates` to the last, how many of them are not after it.
fn until_day(dates: &[WorkingDate]) -> Vec<u32> {
    let (Some(first), Some(last)) = (dates.first(), dates.last()) else { return Vec::new() };
    let mut n = 0;
    let count = |day: i32| {
        n += dates[n..].iter().take_while(|date| date.on <= day).count();
        n as u32
    };
    (first.on..=last.on).map(count).collect()
}

/// An open stretch and the open time before it.
#[derive(Clone, Copy, Debug)]
struct Entry {
    from: i64,
    to: i64,
    before: i64,
}

impl Entry {
    /// After every stretch, and beyond every instant: a search ends here at the latest.
    const fn end(total: i64) -> Entry {
        Entry { from: i64::MAX / 2, to: i64::MAX / 2, before: total }
    }
}

/// Where a bucket begins among the entries and the working dates, with the first two entries at hand: one line of the
/// cache tells how long it was open until nearly every instant, and how many dates were over.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Bucket {
    near: [Entry; 2],
    /// Index of the first entry that ends after the bucket's start.
    first: u32,
    /// How many working dates are not after the local day of the bucket's start; [`LOOK_CLOSER`].
    n_dates: u32,
    /// From when it is one more.
    turn: i64,
}

const _: () = assert!(size_of::<Bucket>() == 64);

/// More than one date begins in the bucket, or one begins twice.
const LOOK_CLOSER: u32 = u32::MAX;

/// When so many working dates are over, and the open time of the span until then.
#[derive(Clone, Copy, Debug)]
struct Due {
    close: i64,
    before: i64,
}

/// The compiled open time of a calendar.
#[derive(Clone, Debug)]
pub struct OpenTime {
    calendar: Calendar,
    from: i64,
    to: i64,
    /// Ascending; the last one is [`Entry::end`].
    entries: Vec<Entry>,
    total: i64,
    buckets: Vec<Bucket>,
    segments: Vec<Segment>,
    /// For each bucket, the last segment that begins at or before its start.
    segment_of: Vec<u32>,
    /// The first of the compiled working dates, in days since 1970-01-01.
    first_date: i32,
    dates: Vec<WorkingDate>,
    /// One a compiled working date.
    dues: Vec<Due>,
    /// For each day from the first working date on, how many of them are not after it.
    until_day: Vec<u32>,
    /// What lies far beyond the span; empty until it is asked for.
    far: OnceLock<Far>,
}

impl OpenTime {
    /// Compiles `calendar` over `[from, to]` and a margin on both sides. Answers outside are right as well, but
    /// take time in proportion to their distance.
    pub fn compile(calendar: &Calendar, from: Instant, to: Instant) -> OpenTime {
        let low = from.max(Instant::MIN).micros() - MARGIN;
        let high = to.min(Instant::MAX).micros().max(low) + 2 * MARGIN;
        let mut total = 0;
        let entry = |stretch: Stretch| {
            let before = total;
            total += stretch.to - stretch.from;
            Entry { from: stretch.from, to: stretch.to, before }
        };
        let mut entries: Vec<Entry> = stretches(calendar, low, high).into_iter().map(entry).collect();
        entries.push(Entry::end(total));
        let n_buckets = ((high - low) >> BUCKET_BITS) as usize + 1;
        let mut next = 0;
        let bucket = |k: usize| {
            let start = low + ((k as i64) << BUCKET_BITS);
            while entries[next].to <= start {
                next += 1;
            }
            let second = entries.get(next + 1).copied().unwrap_or(Entry::end(total));
            Bucket { near: [entries[next], second], first: next as u32, n_dates: LOOK_CLOSER, turn: i64::MAX }
        };
        let buckets = (0..n_buckets).map(bucket).collect();
        let segments = segments(calendar, low, high);
        let segment_of = (0..n_buckets)
            .map(|k| low + ((k as i64) << BUCKET_BITS))
            .map(|start| segments.partition_point(|s| s.from <= start).saturating_sub(1) as u32)
            .collect();
        let dates = whole_dates(calendar, low, high);
        let until_day = until_day(&dates);
        let first_date = dates.first().map_or(i32::MAX, |date| date.on);
        let calendar = calendar.clone();
        let mut open = OpenTime {
            calendar,
            from: low,
            to: high,
            entries,
            total,
            buckets,
            segments,
            segment_of,
            first_date,
            dates,
            dues: Vec::new(),
            until_day,
            far: OnceLock::new(),
        };
        let due = |date: &WorkingDate| Due { close: date.close, before: open.before(date.close) };
        let dues = open.dates.iter().map(due).collect();
        open.dues = dues;
        let turns: Vec<(u32, i64)> =
            (0..n_buckets).map(|k| open.turn(low + ((k as i64) << BUCKET_BITS))).collect();
        for (bucket, (n_dates, turn)) in open.buckets.iter_mut().zip(turns) {
            (bucket.n_dates, bucket.turn) = (n_dates, turn);
        }
        open
    }

    /// The calendar that was compiled.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// The compiled span, half open: inside it every answer takes nanoseconds.
    pub fn span(&self) -> (Instant, Instant) {
        (Instant::from_micros(self.from), Instant::from_micros(self.to))
    }

    /// Open time in `[a, b)`, µs; 0 where `b <= a` (SPEC 5.2).
    ///
    /// ```
    /// use slaudit::calendar::{Calendar, Instant, OpenTime};
    /// let always = Calendar::always_open("24h", chrono_tz::UTC);
    /// let (a, b) = (Instant::from_seconds(0), Instant::from_seconds(90));
    /// assert_eq!(OpenTime::compile(&always, a, b).elapsed(a, b), 90_000_000);
    /// assert_eq!(OpenTime::compile(&always, a, b).elapsed(b, a), 0);
    /// ```
    #[inline]
    pub fn elapsed(&self, a: Instant, b: Instant) -> i64 {
        let (a, b) = (a.micros(), b.micros());
        if b <= a {
            0
        } else if a >= self.from && b < self.to {
            self.before(b) - self.before(a)
        } else {
            self.elapsed_outside(a, b)
        }
    }

    /// The bucket of `t`, which lies inside the span.
    #[inline]
    fn bucket(&self, t: i64) -> &Bucket {
        &self.buckets[((t - self.from) >> BUCKET_BITS) as usize]
    }

    /// Index of the first stretch that ends after `t`, which lies inside the span; the last entry where none does.
    #[inline]
    fn entry_after(&self, t: i64) -> usize {
        let first = self.bucket(t).first as usize;
        let later = self.entries[first..].iter().take_while(|entry| entry.to <= t);
        first + later.count()
    }

    /// Open time from the start of the span until `t`, which lies inside it.
    #[inline]
    fn before(&self, t: i64) -> i64 {
        let [first, second] = &self.bucket(t).near;
        // A bucket seldom has two ends. Whether `t` is past the one is anybody's guess, so no branch hangs on it: a sixth
        // fewer cycles at random instants.
        let mut entry = if first.to <= t { second } else { first };
        if entry.to <= t {
            entry = &self.entries[self.entry_after(t)];
        }
        entry.before + (t - entry.from).max(0)
    }

    #[cold]
    fn elapsed_outside(&self, a: i64, b: i64) -> i64 {
        let open = |from: i64, to: i64| -> i64 {
            let mut sum = 0;
            let mut at = from;
            let mut n_steps = 0;
            while at < to {
                if self.is_far(at, n_steps) {
                    return sum + self.far().elapsed(&self.calendar, at, to);
                }
                n_steps += 1;
                let end = (at + STEP).min(to);
                sum += stretches(&self.calendar, at, end).iter().map(|s| s.to - s.from).sum::<i64>();
                at = end;
            }
            sum
        };
        let (inner_a, inner_b) = (a.clamp(self.from, self.to - 1), b.clamp(self.from, self.to - 1));
        let inside = self.before(inner_b) - self.before(inner_a);
        open(a, b.min(inner_a)) + inside + open(a.max(inner_b), b)
    }

    /// The earliest `t >= a` with `elapsed(a, t) = micros`; `a` itself for 0 (SPEC 5.2). `None` where the calendar
    /// does not open long enough before [`Instant::MAX`].
    pub fn add(&self, a: Instant, micros: i64) -> Option<Instant> {
        if micros <= 0 {
            return Some(a);
        }
        let start = a.micros();
        if start < self.from || start >= self.to {
            return self.add_outside(start, micros);
        }
        let goal = self.before(start) + micros;
        if goal > self.total {
            return self.add_outside(self.to, goal - self.total);
        }
        // The last stretch that begins with less than the goal: there it is reached, at its end at the latest. Most
        // promises are used up within a few stretches, so these are looked at before the rest is halved.
        let first = self.entry_after(start);
        let near = self.entries[first..].iter().take(NEAR).take_while(|entry| entry.before < goal).count();
        let after =
            if near < NEAR { first + near } else { self.entries.partition_point(|e| e.before < goal) };
        let i = after - 1;
        Some(Instant::from_micros(self.entries[i].from + goal - self.entries[i].before))
    }

    #[cold]
    fn add_outside(&self, from: i64, micros: i64) -> Option<Instant> {
        if micros > far::at_most(&self.calendar, from).0 {
            return None;
        }
        let mut left = micros;
        let mut at = from;
        let last = self.last_opening();
        let mut n_steps = 0;
        while at < last {
            if self.is_far(at, n_steps) {
                return self.far().add(&self.calendar, at, left);
            }
            n_steps += 1;
            for stretch in stretches(&self.calendar, at, at + STEP) {
                let open = stretch.to - stretch.from;
                if open >= left {
                    return Some(Instant::from_micros(stretch.from + left));
                }
                left -= open;
            }
            at += STEP;
        }
        None
    }

    /// What lies beyond the span.
    fn far(&self) -> &Far {
        self.far.get_or_init(|| Far::new(&self.calendar, self.to - 2 * CUT))
    }

    /// True where what lies beyond `at` is better asked of [`Far`]: it is there, or many steps have been laid out.
    fn is_far(&self, at: i64, n_steps: usize) -> bool {
        at >= self.to && (n_steps >= NEAR_STEPS || self.far.get().is_some())
    }

    /// Nothing opens after this: the bound of every search into the future.
    fn last_opening(&self) -> i64 {
        if self.calendar.week.iter().any(|windows| !windows.is_empty()) {
            return Instant::MAX.micros();
        }
        let last = self.calendar.days.last_key_value().and_then(|(on, _)| on.and_hms_opt(0, 0, 0));
        last.map_or(i64::MIN, |midnight| midnight.and_utc().timestamp_micros() + 4 * 86_400 * SECOND)
    }

    /// True where the calendar is open at `t` (SPEC 5.1).
    pub fn is_open(&self, t: Instant) -> bool {
        let t = t.micros();
        if t < self.from || t >= self.to {
            return !stretches(&self.calendar, t, t + 1).is_empty();
        }
        self.entries[self.entry_after(t)].from <= t
    }

    /// The first instant after `t` at which it opens or closes; `None` where it never does again.
    pub fn next_change(&self, t: Instant) -> Option<Instant> {
        if self.is_open(t) { self.next_close(t) } else { self.next_open(t) }
    }

    /// The first instant at or after `t` at which it is open.
    pub fn next_open(&self, t: Instant) -> Option<Instant> {
        if self.is_open(t) {
            return Some(t);
        }
        Some(self.add(t, 1)?.plus(-1))
    }

    /// The end of the open stretch in which `t` lies.
    fn next_close(&self, t: Instant) -> Option<Instant> {
        let mut at = t.micros();
        if at >= self.from && at < self.to {
            let close = self.entries[self.entry_after(at)].to;
            if close < self.to {
                return Some(Instant::from_micros(close));
            }
            at = close - 1;
        }
        while at < Instant::MAX.micros() {
            let first = *stretches(&self.calendar, at, at + STEP).first()?;
            if first.to < at + STEP {
                return Some(Instant::from_micros(first.to));
            }
            at = first.to - 1;
        }
        None
    }

    /// When `n` business days after `t` are due: the end of the last open stretch of the n-th working date after
    /// `t`'s local calendar date (SPEC 5.3); `t` itself for 0. `None` where there is no such date before
    /// [`Instant::MAX`].
    pub fn business_days_due(&self, t: Instant, n: u32) -> Option<Instant> {
        let Some(index) = n.checked_sub(1) else { return Some(t) };
        match self.due(t, index) {
            Some(due) => Some(Instant::from_micros(due.close)),
            None => self.business_days_outside(t.micros(), self.local_day(t)?, n as usize),
        }
    }

    /// The open time from `t` until `n` business days after it are due (SPEC 5.3); as [`OpenTime::elapsed`] tells it of
    /// [`OpenTime::business_days_due`], in half the time.
    pub fn business_days(&self, t: Instant, n: u32) -> Option<i64> {
        match n.checked_sub(1).and_then(|index| self.due(t, index)) {
            Some(due) => Some((due.before - self.before(t.micros())).max(0)),
            None => self.business_days_due(t, n).map(|due| self.elapsed(t, due)),
        }
    }

    /// The compiled working date that comes `index` working dates after the next one; `None` beyond the span.
    #[inline]
    fn due(&self, t: Instant, index: u32) -> Option<&Due> {
        let at = t.micros();
        if at < self.from + 2 * CUT || at >= self.to {
            return None;
        }
        let bucket = self.bucket(at);
        let n_dates = match bucket.n_dates {
            LOOK_CLOSER => self.dates_until(self.local_day(t)?),
            n => n as usize + usize::from(bucket.turn <= at),
        };
        self.dues.get(n_dates + index as usize)
    }

    /// How many working dates are not after the local day of `start`, where a bucket begins, and from when within it one
    /// more is not.
    fn turn(&self, start: i64) -> (u32, i64) {
        let n_at = |at: i64| {
            let day = self.local_day(Instant::from_micros(at));
            day.map_or(LOOK_CLOSER, |day| self.dates_until(day) as u32)
        };
        let end = (start + (1 << BUCKET_BITS)).min(self.to);
        let (first, mut at, mut turn) = (n_at(start), start, i64::MAX);
        loop {
            // The next midnight by the offset in force, or the next change of the offset.
            let segment = self.segments.partition_point(|s| s.from <= at).saturating_sub(1);
            let offset = self.segments[segment].offset;
            let midnight = ((at + offset).div_euclid(DAY) + 1) * DAY - offset;
            at = self.segments.get(segment + 1).map_or(midnight, |next| next.from.min(midnight));
            if at >= end {
                return (first, turn);
            }
            let n = n_at(at);
            if n == first + u32::from(turn < i64::MAX) {
                continue;
            }
            if turn < i64::MAX || n != first + 1 {
                return (LOOK_CLOSER, i64::MAX);
            }
            turn = at;
        }
    }

    /// How many of the compiled working dates are not after `day`.
    #[inline]
    fn dates_until(&self, day: i32) -> usize {
        match usize::try_from(i64::from(day) - i64::from(self.first_date)) {
            Ok(i) => self.until_day.get(i).map_or(self.dues.len(), |n| *n as usize),
            Err(_) => 0,
        }
    }

    #[cold]
    fn business_days_outside(&self, from: i64, today: i32, n: usize) -> Option<Instant> {
        if n as i64 > far::at_most(&self.calendar, from).1 {
            return None;
        }
        // Every date until `seen` has been looked at.
        let (mut left, mut seen, mut at) = (n, today, from);
        if from >= self.from + 2 * CUT && from < self.to {
            left -= self.dues.len().saturating_sub(self.dates_until(today)).min(n - 1);
            (seen, at) = (today.max(day_of(self.to - CUT)), self.to);
        }
        let last = self.last_opening();
        let mut n_steps = 0;
        while at < last {
            if self.is_far(at, n_steps) {
                return self.far().date(&self.calendar, i64::from(seen), left);
            }
            n_steps += 1;
            let dates = whole_dates(&self.calendar, at - 2 * CUT, at + STEP);
            let first = dates.partition_point(|date| date.on <= seen);
            if let Some(date) = dates.get(first + left - 1) {
                return Some(Instant::from_micros(date.close));
            }
            left -= dates.len() - first;
            seen = seen.max(day_of(at + STEP - CUT));
            at += STEP - 2 * CUT;
        }
        None
    }

    /// Its open stretches within the compiled span, ascending and disjoint, as first open and first closed µs.
    pub(super) fn stretches(&self) -> impl Iterator<Item = (i64, i64)> {
        let all = self.entries.split_last().map_or(&[][..], |(_, all)| all);
        all.iter().map(|entry| (entry.from, entry.to))
    }

    /// Its working dates within the compiled span, ascending.
    pub(super) fn dates(&self) -> &[WorkingDate] {
        &self.dates
    }

    /// The local day of `t`, in days since 1970-01-01.
    #[inline]
    pub(super) fn local_day(&self, t: Instant) -> Option<i32> {
        let micros = t.micros();
        if micros < self.from || micros >= self.to {
            return Some(day_of(t.in_zone(self.calendar.tz)?.naive_local().and_utc().timestamp_micros()));
        }
        let mut i = self.segment_of[((micros - self.from) >> BUCKET_BITS) as usize] as usize;
        while self.segments.get(i + 1).is_some_and(|next| next.from <= micros) {
            i += 1;
        }
        Some(day_of(micros + self.segments[i].offset))
    }
}
