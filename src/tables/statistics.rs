//! The statistics of the report: Wilson's interval of a share from two counts, Newcombe's of the difference of two
//! shares, and percentiles of durations by Kaplan–Meier, so that what had not ended is neither dropped nor taken for ended (SPEC 11).
//! Pure; knows nothing of facts. How they are made, in words: docs/figures.md.

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
    /// Microseconds × 2, and 1 where censored: at one time events sort before the censored, as the
    /// estimator wants it, and an entry takes 8 bytes.
    entries: Vec<i64>,
    n_never: u64,
}

impl Durations {
    /// Adds one.
    pub fn push(&mut self, observed: Observed) {
        match observed {
            Observed::Ended(micros) => self.entries.push(micros.saturating_mul(2)),
            Observed::AtLeast(micros) => self.entries.push(micros.saturating_mul(2) | 1),
            Observed::Never => self.n_never += 1,
        }
    }

    /// Takes over what `other` has.
    pub fn merge(&mut self, mut other: Durations) {
        self.entries.append(&mut other.entries);
        self.n_never += other.n_never;
    }

    /// Sorted, for as many percentiles as wanted.
    pub fn sorted(mut self) -> Sorted {
        self.entries.sort_unstable();
        let n_ended = self.entries.iter().filter(|&&e| e & 1 == 0).count();
        Sorted { entries: self.entries, n_never: self.n_never, n_ended }
    }
}

/// Durations in order of time.
#[derive(Clone, Debug)]
pub struct Sorted {
    entries: Vec<i64>,
    n_never: u64,
    n_ended: usize,
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

impl Sorted {
    /// How many ended.
    pub fn n_ended(&self) -> u64 {
        self.n_ended as u64
    }

    /// How many are censored.
    pub fn n_censored(&self) -> u64 {
        (self.entries.len() - self.n_ended) as u64
    }

    /// How many will never end.
    pub fn n_never(&self) -> u64 {
        self.n_never
    }

    /// The percentile of those that ended, in µs: the smallest of them that at least `percent` in a hundred
    /// do not exceed (nearest rank). `None` where none ended.
    pub fn plain(&self, percent: u32) -> Option<i64> {
        let rank = (self.n_ended as u64 * u64::from(percent)).div_ceil(100).max(1);
        self.entries.iter().filter(|&&e| e & 1 == 0).nth(rank as usize - 1).map(|e| e >> 1)
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
        let mut at_risk = self.entries.len() as u64 + self.n_never;
        let (mut surviving, mut n_ended) = (1.0, 0);
        let mut points = Vec::new();
        for group in self.entries.chunk_by(|a, b| a >> 1 == b >> 1) {
            let ended = group.iter().filter(|&&e| e & 1 == 0).count() as u64;
            surviving *= (at_risk - ended) as f64 / at_risk as f64;
            at_risk -= group.len() as u64;
            n_ended += ended;
            if ended > 0 {
                points.push(CurvePoint { after: group[0] >> 1, n_ended, share: 1.0 - surviving });
            }
        }
        points
    }

    /// The Kaplan–Meier percentile in µs: the first time at which the estimated share still going is at most
    /// `1 - percent/100`. `None` where the data do not reach that far. Without censored and endless ones it
    /// equals [`Sorted::plain`].
    pub fn kaplan_meier(&self, percent: u32) -> Option<i64> {
        let goal = 1.0 - f64::from(percent) / 100.0;
        let mut at_risk = self.entries.len() as u64 + self.n_never;
        let mut surviving = 1.0;
        for group in self.entries.chunk_by(|a, b| a >> 1 == b >> 1) {
            let ended = group.iter().filter(|&&e| e & 1 == 0).count() as u64;
            surviving *= (at_risk - ended) as f64 / at_risk as f64;
            // The product of many shares is off by some last digits; the counts are whole.
            if ended > 0 && surviving <= goal + 1e-12 {
                return group.first().map(|e| e >> 1);
            }
            at_risk -= group.len() as u64;
        }
        None
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
    fn what_never_ends_keeps_the_median_away() {
        let sorted = of(&[Observed::Ended(1), Observed::Never, Observed::Never]);
        assert_eq!(sorted.kaplan_meier(50), None);
        assert_eq!(sorted.plain(50), Some(1));
    }
}
