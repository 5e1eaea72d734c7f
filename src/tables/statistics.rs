//! The statistics of the report: Wilson's interval of a share from two counts, Newcombe's of the difference of two
//! shares, and percentiles of durations by Kaplan–Meier, so that what had not ended is neither dropped nor taken for ended (SPEC 11).
//! Pure; knows nothing of facts. How they are made, in words: docs/figures.md.

use crate::calendar::SECOND;

/// The 97.5th percentile of the normal distribution: two-sided 95 %.
const Z: f64 = 1.959_963_984_540_054;

/// A share with its 95 % Wilson interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// How many of them.
    pub met: u64,
    /// Of how many.
    pub n: u64,
    /// `met / n`.
    pub share: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

/// The share `met / n` with its interval; `None` where n is 0 or less than `met`: not applicable, never 0.
///
/// ```
/// let rate = slaudit::tables::wilson(1, 2).unwrap();
/// assert_eq!((rate.share, (rate.low * 1e4).round(), (rate.high * 1e4).round()), (0.5, 945.0, 9055.0));
/// assert_eq!(slaudit::tables::wilson(0, 0), None);
/// ```
pub fn wilson(met: u64, n: u64) -> Option<Rate> {
    if n == 0 || met > n {
        return None;
    }
    let (k, total) = (met as f64, n as f64);
    let share = k / total;
    let z2 = Z * Z;
    let centre = (k + z2 / 2.0) / (total + z2);
    let half = Z / (total + z2) * (k * (total - k) / total + z2 / 4.0).sqrt();
    // At 0 and at n the end is exactly 0 and 1; rounding must not say otherwise.
    let low = if met == 0 { 0.0 } else { (centre - half).max(0.0) };
    let high = if met == n { 1.0 } else { (centre + half).min(1.0) };
    Some(Rate { met, n, share, low, high })
}

/// What lies between two shares of different cases, with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// The later share less the earlier one, in shares of 1.
    pub change: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

/// `now` less `before`, with Newcombe's interval, which is made of the Wilson intervals of both. Where it has 0 in
/// it, chance alone may have made the difference.
///
/// ```
/// use slaudit::tables::{difference, wilson};
/// // Newcombe 1998, method 10, example (a): 56/70 and 48/80.
/// let change = difference(wilson(56, 70).unwrap(), wilson(48, 80).unwrap());
/// let rounded = [change.change, change.low, change.high].map(|x| (x * 1e4).round() as i64);
/// assert_eq!(rounded, [2000, 524, 3339]);
/// ```
pub fn difference(now: Rate, before: Rate) -> Difference {
    let change = now.share - before.share;
    let down = (now.share - now.low).hypot(before.high - before.share);
    let up = (now.high - now.share).hypot(before.share - before.low);
    Difference { change, low: change - down, high: change + up }
}

/// What is known of one duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Observed {
    /// It ended after so many microseconds.
    Ended(i64),
    /// It had lasted so many microseconds when it was last seen: censored.
    AtLeast(i64),
    /// It will never end: it stays at risk at every time and is never an event.
    Never,
}

/// Entries that are kept in one piece: so none is copied when groups grow or are merged.
const PIECE: usize = 1 << 14;

/// Durations of one group, ready for percentiles. Order of insertion never shows.
#[derive(Clone, Debug, Default)]
pub struct Durations {
    /// Those of whole seconds, nearly all: seconds × 2, and 1 where censored. At one time events sort before the
    /// censored, as the estimator wants it, and an entry takes 4 bytes.
    whole: Vec<u32>,
    /// Others of them, in pieces that are not added to any more.
    full: Vec<Vec<u32>>,
    /// The others: microseconds × 2, and 1 where censored.
    fine: Vec<i64>,
    n_never: u64,
}

impl Durations {
    /// Adds one.
    #[inline]
    pub fn push(&mut self, observed: Observed) {
        match observed {
            Observed::Ended(micros) => self.push_seen(micros, false),
            Observed::AtLeast(micros) => self.push_seen(micros, true),
            Observed::Never => self.n_never += 1,
        }
    }

    #[inline]
    fn push_seen(&mut self, micros: i64, is_censored: bool) {
        let seconds = micros / SECOND;
        if seconds * SECOND == micros && (0..=i64::from(u32::MAX / 2)).contains(&seconds) {
            if self.whole.len() == self.whole.capacity() {
                self.make_room();
            }
            self.whole.push(seconds as u32 * 2 + u32::from(is_censored));
        } else {
            self.fine.push(micros.saturating_mul(2) | i64::from(is_censored));
        }
    }

    /// Room for one more: twice as much as there was, up to a piece, and then another piece.
    #[cold]
    fn make_room(&mut self) {
        if self.whole.len() >= PIECE {
            self.full.push(std::mem::take(&mut self.whole));
        }
        self.whole.reserve_exact(self.whole.len().clamp(16, PIECE));
    }

    /// Takes over what `other` has.
    pub fn merge(&mut self, mut other: Durations) {
        self.full.append(&mut other.full);
        if !other.whole.is_empty() {
            other.whole.shrink_to_fit();
            self.full.push(other.whole);
        }
        self.fine.append(&mut other.fine);
        self.n_never += other.n_never;
    }

    /// Those of whole seconds, piece by piece.
    pub(super) fn whole(&self) -> impl Iterator<Item = &[u32]> {
        self.full.iter().chain([&self.whole]).map(Vec::as_slice)
    }

    /// Those of no whole second.
    pub(super) fn fine(&self) -> &[i64] {
        &self.fine
    }

    /// How many will never end.
    pub(super) fn n_never(&self) -> u64 {
        self.n_never
    }
}

/// Durations in order of time.
#[derive(Clone, Debug)]
pub struct Sorted {
    whole: Vec<u32>,
    fine: Vec<i64>,
    n_never: u64,
    n_ended: usize,
}

/// Durations of one length.
pub(super) struct Group {
    pub(super) micros: i64,
    pub(super) n_ended: u64,
    pub(super) n_censored: u64,
}

/// Those of each length, ascending.
pub(super) struct Groups<'a> {
    whole: &'a [u32],
    fine: &'a [i64],
}

impl<'a> Groups<'a> {
    /// Of seconds × 2 and microseconds × 2, and 1 where censored, both ascending.
    pub(super) fn new(whole: &'a [u32], fine: &'a [i64]) -> Groups<'a> {
        Groups { whole, fine }
    }
}

impl Iterator for Groups<'_> {
    type Item = Group;

    fn next(&mut self) -> Option<Group> {
        let whole = self.whole.first().map(|&entry| i64::from(entry >> 1) * SECOND);
        let fine = self.fine.first().map(|&entry| entry >> 1);
        let micros = match (whole, fine) {
            (Some(whole), Some(fine)) => whole.min(fine),
            (whole, fine) => whole.or(fine)?,
        };
        // No length is in both.
        let (n_ended, n_censored) = if whole == Some(micros) {
            leading(&mut self.whole, |entry| (entry >> 1, entry & 1 == 1))
        } else {
            leading(&mut self.fine, |entry| (entry >> 1, entry & 1 == 1))
        };
        Some(Group { micros, n_ended, n_censored })
    }
}

/// Cuts off the first entries of one length; how many of them ended, and how many are censored.
fn leading<T: Copy + PartialEq>(entries: &mut &[T], read: impl Fn(T) -> (T, bool)) -> (u64, u64) {
    let Some(first) = entries.first().map(|&entry| read(entry).0) else { return (0, 0) };
    let (mut n, mut n_censored) = (0, 0);
    for &entry in entries.iter() {
        let (length, is_censored) = read(entry);
        if length != first {
            break;
        }
        n += 1;
        n_censored += usize::from(is_censored);
    }
    *entries = &entries[n..];
    ((n - n_censored) as u64, n_censored as u64)
}

/// One step of a cumulative curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CurvePoint {
    /// The time, µs.
    pub after: i64,
    /// How many ended within it.
    pub n_ended: u64,
    /// The share that ended within it, as estimated.
    pub share: f64,
}

/// One percentile by both ways, µs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Percentile {
    /// Of those that ended; `None` where none did.
    pub plain: Option<i64>,
    /// Of all, as Kaplan and Meier estimate it; `None` where the data do not reach that far.
    pub kaplan_meier: Option<i64>,
}

/// What Kaplan and Meier estimate, up to some time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Estimate {
    at_risk: u64,
    surviving: f64,
    n_ended: u64,
}

impl Estimate {
    /// Before anything of `n` has ended.
    pub(super) fn new(n: u64) -> Estimate {
        Estimate { at_risk: n, surviving: 1.0, n_ended: 0 }
    }

    /// Goes on by one time, at which so many ended and so many were seen last.
    pub(super) fn take(&mut self, n_ended: u64, n_censored: u64) {
        if n_ended > 0 {
            self.surviving *= (self.at_risk - n_ended) as f64 / self.at_risk as f64;
        }
        self.at_risk -= n_ended + n_censored;
        self.n_ended += n_ended;
    }
}

/// Percentiles to find on the way up.
pub(super) struct Goals<const N: usize> {
    /// For each, the rank among those that ended and the estimated share.
    goals: [(u64, f64); N],
    pub(super) found: [Percentile; N],
}

impl<const N: usize> Goals<N> {
    /// `percents` of which `n_ended` ended.
    pub(super) fn new(n_ended: u64, percents: [u32; N]) -> Goals<N> {
        let rank = |percent: u32| (n_ended * u64::from(percent)).div_ceil(100).max(1);
        let goals = percents.map(|percent| (rank(percent), f64::from(percent) / 100.0));
        Goals { goals, found: [Percentile::default(); N] }
    }

    /// Which are met where the estimate stands: by rank, and by share.
    fn met(&self, estimate: &Estimate) -> [(bool, bool); N] {
        // The product of many shares is off by some last digits; the counts are whole.
        let is_reached = |share: f64| 1.0 - estimate.surviving >= share - 1e-12;
        self.goals.map(|(rank, share)| (estimate.n_ended >= rank, is_reached(share)))
    }

    /// Whether more are met there than were found.
    pub(super) fn are_met_more(&self, estimate: &Estimate) -> bool {
        let is_new = |(of, (plain, share)): (&Percentile, (bool, bool))| {
            of.plain.is_none() && plain || of.kaplan_meier.is_none() && share
        };
        self.found.iter().zip(self.met(estimate)).any(is_new)
    }

    /// Whether none is left to find.
    pub(super) fn are_all_met(&self, estimate: &Estimate) -> bool {
        self.met(estimate).iter().all(|&(plain, share)| plain && share)
    }

    /// Notes those that are met where the estimate stands after `micros`.
    pub(super) fn note(&mut self, estimate: &Estimate, micros: i64) {
        let met = self.met(estimate);
        for (of, (plain, share)) in self.found.iter_mut().zip(met) {
            if plain {
                of.plain.get_or_insert(micros);
            }
            if share {
                of.kaplan_meier.get_or_insert(micros);
            }
        }
    }
}

impl Sorted {
    /// All of these in one, sorted.
    pub(super) fn of(all: &[&Durations]) -> Sorted {
        let pieces = || all.iter().flat_map(|durations| durations.whole());
        let mut whole = Vec::with_capacity(pieces().map(<[u32]>::len).sum());
        pieces().for_each(|piece| whole.extend_from_slice(piece));
        let mut fine: Vec<i64> = all.iter().flat_map(|durations| &durations.fine).copied().collect();
        // Small whole numbers: in half the instructions of a sort by comparison.
        radsort::sort(&mut whole);
        fine.sort_unstable();
        let n_ended = whole.iter().filter(|&&entry| entry & 1 == 0).count()
            + fine.iter().filter(|&&entry| entry & 1 == 0).count();
        Sorted { whole, fine, n_never: all.iter().map(|durations| durations.n_never).sum(), n_ended }
    }

    /// How many ended.
    pub fn n_ended(&self) -> u64 {
        self.n_ended as u64
    }

    /// How many are censored.
    pub fn n_censored(&self) -> u64 {
        (self.n_seen() - self.n_ended) as u64
    }

    /// How many will never end.
    pub fn n_never(&self) -> u64 {
        self.n_never
    }

    /// The percentile of those that ended, in µs: the smallest of them that at least `percent` in a hundred
    /// do not exceed (nearest rank). `None` where none ended.
    pub fn plain(&self, percent: u32) -> Option<i64> {
        self.percentiles([percent])[0].plain
    }

    /// For each of `percents` both percentiles, [`Sorted::plain`] and [`Sorted::kaplan_meier`], in one pass.
    pub fn percentiles<const N: usize>(&self, percents: [u32; N]) -> [Percentile; N] {
        let mut goals = Goals::new(self.n_ended as u64, percents);
        self.steps().for_each(|(estimate, micros)| goals.note(&estimate, micros));
        goals.found
    }

    /// The Kaplan–Meier estimate of the share that ended, at every time at which some did, ascending.
    ///
    /// ```
    /// use slaudit::tables::{Durations, Observed, Pool};
    /// let mut durations = Durations::default();
    /// [Observed::Ended(10), Observed::AtLeast(15), Observed::Ended(20), Observed::Never]
    ///     .into_iter()
    ///     .for_each(|observed| durations.push(observed));
    /// let curve = Pool::new([&durations].into_iter()).sorted().curve();
    /// let points: Vec<(i64, u64, f64)> = curve.iter().map(|p| (p.after, p.n_ended, p.share)).collect();
    /// assert_eq!(points, [(10, 1, 0.25), (20, 2, 0.625)]);
    /// ```
    pub fn curve(&self) -> Vec<CurvePoint> {
        let point = |(estimate, after): (Estimate, i64)| CurvePoint {
            after,
            n_ended: estimate.n_ended,
            share: 1.0 - estimate.surviving,
        };
        self.steps().map(point).collect()
    }

    /// The Kaplan–Meier percentile in µs: the first time at which the estimated share still going is at most
    /// `1 - percent/100`. `None` where the data do not reach that far. Without censored and endless ones it
    /// equals [`Sorted::plain`].
    pub fn kaplan_meier(&self, percent: u32) -> Option<i64> {
        self.percentiles([percent])[0].kaplan_meier
    }

    /// The estimate at each time at which some ended, ascending.
    fn steps(&self) -> impl Iterator<Item = (Estimate, i64)> {
        let mut estimate = Estimate::new(self.n_seen() as u64 + self.n_never);
        self.groups().filter_map(move |group| {
            estimate.take(group.n_ended, group.n_censored);
            (group.n_ended > 0).then_some((estimate, group.micros))
        })
    }

    /// Ended or censored.
    fn n_seen(&self) -> usize {
        self.whole.len() + self.fine.len()
    }

    fn groups(&self) -> Groups<'_> {
        Groups::new(&self.whole, &self.fine)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(all: &[Observed]) -> Sorted {
        let mut durations = Durations::default();
        all.iter().for_each(|&o| durations.push(o));
        Sorted::of(&[&durations])
    }

    #[test]
    fn wilson_ends_stay_within_the_unit() {
        let none = wilson(0, 10).unwrap();
        assert_eq!((none.low, (none.high * 1e4).round()), (0.0, 2775.0));
        let all = wilson(10, 10).unwrap();
        assert_eq!((all.high, (all.low * 1e4).round()), (1.0, 7225.0));
    }

    #[test]
    fn without_censoring_both_percentiles_agree() {
        let ten: Vec<Observed> = (1..=10).map(Observed::Ended).collect();
        let sorted = of(&ten);
        for percent in [10, 25, 50, 90, 99] {
            assert_eq!(sorted.kaplan_meier(percent), sorted.plain(percent), "{percent}");
        }
        assert_eq!(sorted.plain(50), Some(5));
    }

    #[test]
    fn the_textbook_table() {
        // At risk 6 at 1, 5 at 2 (one censored there), 3 at 4: 5/6, 5/6 × 4/5 = 2/3, 2/3 × 2/3 = 4/9.
        use Observed::{AtLeast, Ended};
        let sorted = of(&[Ended(1), AtLeast(2), Ended(2), Ended(4), AtLeast(5), AtLeast(6)]);
        assert_eq!(sorted.kaplan_meier(25), Some(2));
        assert_eq!(sorted.kaplan_meier(50), Some(4));
        assert_eq!(sorted.kaplan_meier(90), None);
        assert_eq!((sorted.n_ended(), sorted.n_censored()), (3, 3));
    }

    #[test]
    fn whole_seconds_and_fractions_stand_in_one_order() {
        use Observed::{AtLeast, Ended};
        let sorted =
            of(&[Ended(2 * SECOND), AtLeast(1_500_000), Ended(1), Ended(2_000_001), AtLeast(2 * SECOND)]);
        let curve = sorted.curve();
        assert_eq!(curve.iter().map(|point| point.after).collect::<Vec<_>>(), [1, 2 * SECOND, 2_000_001]);
        let shares: Vec<i64> = curve.iter().map(|point| (point.share * 1e4).round() as i64).collect();
        // At risk 5, then 3 (one censored before), then 1: 4/5, 4/5 × 2/3, none.
        assert_eq!(shares, [2000, 4667, 10_000]);
        assert_eq!((sorted.plain(50), sorted.n_ended(), sorted.n_censored()), (Some(2 * SECOND), 3, 2));
    }

    #[test]
    fn any_length_can_be_held() {
        let lengths = [i64::MAX / 2, -1, 0, i64::from(u32::MAX) * SECOND, i64::from(u32::MAX / 2) * SECOND];
        let sorted = of(&lengths.map(Observed::Ended));
        let mut ascending = lengths;
        ascending.sort_unstable();
        assert_eq!(sorted.curve().iter().map(|point| point.after).collect::<Vec<_>>(), ascending);
    }

    #[test]
    fn what_never_ends_keeps_the_median_away() {
        let sorted = of(&[Observed::Ended(1), Observed::Never, Observed::Never]);
        assert_eq!(sorted.kaplan_meier(50), None);
        assert_eq!(sorted.plain(50), Some(1));
    }
}
