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

/// Durations of one group, ready for percentiles. Order of insertion never shows.
#[derive(Clone, Debug, Default)]
pub struct Durations {
    /// Those of whole seconds, nearly all: seconds × 2, and 1 where censored. At one time events sort before the
    /// censored, as the estimator wants it, and an entry takes 4 bytes.
    whole: Vec<u32>,
    /// The others: microseconds × 2, and 1 where censored.
    fine: Vec<i64>,
    n_never: u64,
}

impl Durations {
    /// Adds one.
    #[inline]
    pub fn push(&mut self, observed: Observed) {
        let (micros, is_censored) = match observed {
            Observed::Ended(micros) => (micros, false),
            Observed::AtLeast(micros) => (micros, true),
            Observed::Never => {
                self.n_never += 1;
                return;
            }
        };
        match u32::try_from(micros / SECOND) {
            Ok(seconds) if micros % SECOND == 0 && seconds <= u32::MAX / 2 => {
                self.whole.push(seconds * 2 + u32::from(is_censored));
            }
            _ => self.fine.push(micros.saturating_mul(2) | i64::from(is_censored)),
        }
    }

    /// Takes over what `other` has.
    pub fn merge(&mut self, mut other: Durations) {
        self.whole.append(&mut other.whole);
        self.fine.append(&mut other.fine);
        self.n_never += other.n_never;
    }

    /// All of them in one.
    pub fn together<'a>(all: impl Iterator<Item = &'a Durations> + Clone) -> Durations {
        let mut sum = Durations::default();
        sum.whole.reserve_exact(all.clone().map(|durations| durations.whole.len()).sum());
        for durations in all {
            sum.whole.extend_from_slice(&durations.whole);
            sum.fine.extend_from_slice(&durations.fine);
            sum.n_never += durations.n_never;
        }
        sum
    }

    /// Sorted, for as many percentiles as wanted.
    pub fn sorted(mut self) -> Sorted {
        // Small whole numbers: in half the instructions of a sort by comparison.
        radsort::sort(&mut self.whole);
        self.fine.sort_unstable();
        let n_ended = self.whole.iter().filter(|&&e| e & 1 == 0).count()
            + self.fine.iter().filter(|&&e| e & 1 == 0).count();
        Sorted { durations: self, n_ended }
    }
}

/// Durations in order of time.
#[derive(Clone, Debug)]
pub struct Sorted {
    durations: Durations,
    n_ended: usize,
}

/// Durations of one length.
struct Group {
    micros: i64,
    n_ended: u64,
    n_censored: u64,
}

/// Those of each length, ascending.
struct Groups<'a> {
    whole: &'a [u32],
    fine: &'a [i64],
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

impl Sorted {
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
        self.durations.n_never
    }

    /// The percentile of those that ended, in µs: the smallest of them that at least `percent` in a hundred
    /// do not exceed (nearest rank). `None` where none ended.
    pub fn plain(&self, percent: u32) -> Option<i64> {
        self.percentiles([percent])[0].plain
    }

    /// For each of `percents` both percentiles, [`Sorted::plain`] and [`Sorted::kaplan_meier`], in one pass.
    pub fn percentiles<const N: usize>(&self, percents: [u32; N]) -> [Percentile; N] {
        let rank = |percent: u32| (self.n_ended as u64 * u64::from(percent)).div_ceil(100).max(1);
        let goals = percents.map(|percent| (rank(percent), f64::from(percent) / 100.0));
        let mut found = [Percentile::default(); N];
        for step in self.steps() {
            for (of, (rank, share)) in found.iter_mut().zip(goals) {
                if of.plain.is_none() && step.n_ended >= rank {
                    of.plain = Some(step.after);
                }
                // The product of many shares is off by some last digits; the counts are whole.
                if of.kaplan_meier.is_none() && step.share >= share - 1e-12 {
                    of.kaplan_meier = Some(step.after);
                }
            }
        }
        found
    }

    /// The Kaplan–Meier estimate of the share that ended, at every time at which some did, ascending.
    ///
    /// ```
    /// use slaudit::tables::{Durations, Observed};
    /// let mut durations = Durations::default();
    /// [Observed::Ended(10), Observed::AtLeast(15), Observed::Ended(20), Observed::Never]
    ///     .into_iter()
    ///     .for_each(|observed| durations.push(observed));
    /// let curve = durations.sorted().curve();
    /// let points: Vec<(i64, u64, f64)> = curve.iter().map(|p| (p.after, p.n_ended, p.share)).collect();
    /// assert_eq!(points, [(10, 1, 0.25), (20, 2, 0.625)]);
    /// ```
    pub fn curve(&self) -> Vec<CurvePoint> {
        self.steps().collect()
    }

    /// The Kaplan–Meier percentile in µs: the first time at which the estimated share still going is at most
    /// `1 - percent/100`. `None` where the data do not reach that far. Without censored and endless ones it
    /// equals [`Sorted::plain`].
    pub fn kaplan_meier(&self, percent: u32) -> Option<i64> {
        self.percentiles([percent])[0].kaplan_meier
    }

    /// The steps of the estimate, ascending.
    fn steps(&self) -> impl Iterator<Item = CurvePoint> {
        let mut at_risk = self.n_seen() as u64 + self.durations.n_never;
        let (mut surviving, mut n_ended) = (1.0, 0);
        self.groups().filter_map(move |group| {
            if group.n_ended > 0 {
                surviving *= (at_risk - group.n_ended) as f64 / at_risk as f64;
            }
            at_risk -= group.n_ended + group.n_censored;
            n_ended += group.n_ended;
            let step = CurvePoint { after: group.micros, n_ended, share: 1.0 - surviving };
            (group.n_ended > 0).then_some(step)
        })
    }

    /// Ended or censored.
    fn n_seen(&self) -> usize {
        self.durations.whole.len() + self.durations.fine.len()
    }

    fn groups(&self) -> Groups<'_> {
        Groups { whole: &self.durations.whole, fine: &self.durations.fine }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(all: &[Observed]) -> Sorted {
        let mut durations = Durations::default();
        all.iter().for_each(|&o| durations.push(o));
        durations.sorted()
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
