//! Where two compiled calendars are not open alike, as an index: what was measured on the one within a stretch in which
//! they are need not be measured again on the other. Says yes only where it is sure; outside the compiled span never.

use super::index::{CUT, OpenTime};
use super::instant::Instant;
use super::open::Stretch;

/// Width of a bucket, as a power of two of µs: about 19 hours.
const BUCKET_BITS: u32 = 36;
/// A zone may go back over midnight: the local day before that of a bucket's start may be one of its days.
const DAYS_BEFORE: i32 = 1;

/// Where two calendars differ.
#[derive(Clone, Debug)]
pub struct Differences {
    from: i64,
    to: i64,
    /// Stretches in which one is open and the other is not: ascending, disjoint; the last one begins where the span
    /// ends.
    apart: Vec<Stretch>,
    /// For each bucket, the first of them that ends after its start, and how many business days after any of its
    /// instants are due alike.
    buckets: Vec<(u32, u32)>,
}

impl Differences {
    /// Compares two calendars over the span that both are compiled for.
    pub fn between(a: &OpenTime, b: &OpenTime) -> Differences {
        let from = a.span().0.max(b.span().0).micros();
        let to = a.span().1.min(b.span().1).micros().max(from);
        let mut apart = apart(a, b, from, to);
        apart.push(Stretch { from: to, to: i64::MAX });
        let mut differences = Differences { from, to, apart, buckets: Vec::new() };
        let chain = differences.chain(a, b);
        let n_buckets = ((to - from) >> BUCKET_BITS) as usize + 1;
        let mut next = 0;
        let mut buckets = Vec::with_capacity(n_buckets);
        for k in 0..n_buckets {
            let start = from + ((k as i64) << BUCKET_BITS);
            while differences.apart[next].to <= start {
                next += 1;
            }
            let days = differences.days_from(start, next, &chain, (a, b));
            buckets.push((next as u32, days));
        }
        differences.buckets = buckets;
        differences
    }

    /// True where both are open at the same instants of `[a, b)`; where `b` is not after `a` there is none.
    #[inline]
    pub fn alike(&self, a: Instant, b: Instant) -> bool {
        let (a, b) = (a.micros(), b.micros());
        if a < self.from || b > self.to || a >= self.to {
            return false;
        }
        let mut i = self.buckets[((a - self.from) >> BUCKET_BITS) as usize].0 as usize;
        while self.apart[i].to <= a {
            i += 1;
        }
        self.apart[i].from >= b
    }

    /// So many business days after `t` are due at the same instants, with the same open time before them; there may be
    /// more.
    #[inline]
    pub fn days_alike(&self, t: Instant) -> u32 {
        let t = t.micros();
        let inside = t >= self.from && t < self.to;
        if inside { self.buckets[((t - self.from) >> BUCKET_BITS) as usize].1 } else { 0 }
    }

    /// The same of the bucket that begins at `start`; the `next` stretch apart is the first that ends after it.
    fn days_from(&self, start: i64, next: usize, chain: &[u32], (a, b): (&OpenTime, &OpenTime)) -> u32 {
        // Before that, the edge of the span may have cut a date from the list.
        if start < self.from + 2 * CUT {
            return 0;
        }
        let end = Instant::from_micros((start + (1 << BUCKET_BITS)).min(self.to) - 1);
        let days = a.local_day(Instant::from_micros(start)).zip(a.local_day(end));
        let Some((first, last)) = days.filter(|_| a.calendar().tz == b.calendar().tz) else { return 0 };
        let from = |day: i32| {
            let after = |open: &OpenTime| open.dates().partition_point(|date| date.on <= day);
            let i = after(a);
            let date = a.dates().get(i)?;
            let is_alike = Some(date) == b.dates().get(after(b)) && self.apart[next].from >= date.close;
            is_alike.then(|| 1 + chain[i])
        };
        (first - DAYS_BEFORE..=last).map(|day| from(day).unwrap_or(0)).min().unwrap_or(0)
    }

    /// For each working date of `a`, how many after it are the same in `b`, with the same open time from the close of the
    /// one before on.
    fn chain(&self, a: &OpenTime, b: &OpenTime) -> Vec<u32> {
        let dates = a.dates();
        let mut chain = vec![0; dates.len()];
        for (i, pair) in dates.windows(2).enumerate().rev() {
            let theirs = b.dates();
            let next = theirs.get(theirs.partition_point(|date| date.on <= pair[0].on));
            let first = self.apart.partition_point(|apart| apart.to <= pair[0].close);
            let is_alike = self.apart.get(first).is_some_and(|apart| apart.from >= pair[1].close);
            if next == Some(&pair[1]) && is_alike {
                chain[i] = 1 + chain[i + 1];
            }
        }
        chain
    }
}

/// The stretches of `[from, to)` in which one of two calendars is open and the other is not.
fn apart(a: &OpenTime, b: &OpenTime, from: i64, to: i64) -> Vec<Stretch> {
    let inside = |(open, close): (i64, i64)| [open.clamp(from, to), close.clamp(from, to)];
    let mut edges: Vec<i64> = a.stretches().chain(b.stretches()).flat_map(inside).collect();
    edges.sort_unstable();
    // Between one edge and the next it is always the same who is open. Where both open or close, nothing begins.
    let mut all: Vec<i64> = Vec::new();
    for edge in edges {
        if all.last() == Some(&edge) {
            all.pop();
        } else {
            all.push(edge);
        }
    }
    all.chunks_exact(2).map(|pair| Stretch { from: pair[0], to: pair[1] }).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Calendar, SECOND, parse_hours, parse_weekdays};
    use super::*;

    const HOUR: i64 = 3_600 * SECOND;

    fn weekly(hours: &str, holidays: &[&str]) -> Calendar {
        let mut week: [Vec<_>; 7] = Default::default();
        for day in parse_weekdays("mon-fri").unwrap() {
            week[day] = parse_hours(hours).unwrap();
        }
        let mut calendar = Calendar::weekly("support", chrono_tz::America::Denver, week);
        for on in holidays {
            calendar.holidays.insert(on.parse().unwrap(), "closed".into());
        }
        calendar
    }

    /// Asks both at many instants over a year; gives how often they were said to be alike, and to be not.
    fn check(a: &Calendar, b: &Calendar) -> (u32, u32) {
        let start = Instant::from_seconds(1_767_225_600);
        let end = start.plus(366 * 24 * HOUR);
        let (a, b) = (OpenTime::compile(a, start, end), OpenTime::compile(b, start, end));
        let differences = Differences::between(&a, &b);
        let (mut n_alike, mut n_apart) = (0, 0);
        for i in 0..4_000 {
            let t = start.plus(i * 2 * HOUR + i * 7_919 * SECOND / 1_000);
            for distance in [1, HOUR, 30 * HOUR, 200 * HOUR] {
                if differences.alike(t, t.plus(distance)) {
                    assert_eq!(a.elapsed(t, t.plus(distance)), b.elapsed(t, t.plus(distance)));
                    assert_eq!(a.is_open(t), b.is_open(t));
                    n_alike += 1;
                } else {
                    n_apart += 1;
                }
            }
            for n in 1..=differences.days_alike(t).min(30) {
                let (x, y) = (a.business_days_due(t, n).unwrap(), b.business_days_due(t, n).unwrap());
                assert_eq!((x, a.elapsed(t, x)), (y, b.elapsed(t, y)));
                n_alike += 1;
            }
        }
        (n_alike, n_apart)
    }

    #[test]
    fn what_is_said_to_be_alike_is() {
        let plain = weekly("08:00-17:00", &[]);
        assert_eq!(check(&plain, &plain).1, 0);
        for other in [
            weekly("08:00-17:00", &["2026-01-19", "2026-02-16", "2026-05-25", "2026-07-04"]),
            weekly("08:00-19:00", &[]),
            weekly("08:00-12:00, 13:00-17:00", &[]),
            weekly("22:00-06:00", &["2026-03-09"]),
        ] {
            let (n_alike, n_apart) = check(&plain, &other);
            assert!(n_alike > 1_000 && n_apart > 300, "{n_alike} {n_apart}");
        }
        let mut moved = plain.clone();
        moved.tz = chrono_tz::Europe::Berlin;
        check(&plain, &moved);
    }
}
