//! The tightest value that holds a goal, and how sure that is: the cases are drawn again with replacement many times
//! (bootstrap), and each time the tightest value is found again. Cases, not clocks, are drawn, since the clocks of one
//! case go together.

use rand_core::TryRng;
use rand_distr::{Distribution, Poisson};
use rayon::prelude::*;

use super::count::{Counts, Kept};
use crate::tables::is_kept;

/// How often the cases are drawn again.
pub const RESAMPLES: usize = 1_000;

/// The tightest value of one row of variants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tightest {
    /// Its place in the row; `None`: no value holds the goal.
    pub place: Option<usize>,
    /// Lower end of its 95 % interval, as a place.
    pub low: Option<usize>,
    /// Upper end; `None`: no value would hold it.
    pub high: Option<usize>,
    /// In how many of the [`RESAMPLES`] some value holds the goal; 0 without an interval.
    pub n_held: usize,
}

/// The tightest value of each row of `n_across` variants that keeps at least `goal` (in (0, 1]) of what is judged.
/// Values stand with the tightest first. The draws depend on nothing but the counts.
pub fn tightest(counts: &Counts, n_across: usize, goal: f64) -> Vec<Tightest> {
    let n = counts.kept.len();
    let found = rows(&counts.kept, n_across, goal);
    let draw = |resample: usize| rows(&drawn(counts, n, resample as u64), n_across, goal);
    let drawn: Vec<Vec<Option<usize>>> = (0..RESAMPLES).into_par_iter().map(draw).collect();
    let row = |(i, place): (usize, &Option<usize>)| {
        // A resample in which no value holds the goal stands beyond the last.
        let mut places: Vec<usize> = drawn.iter().map(|rows| rows[i].unwrap_or(n_across)).collect();
        places.sort_unstable();
        let end = |rank: usize| places.get(rank).copied().filter(|place| *place < n_across);
        Tightest {
            place: *place,
            low: end(RESAMPLES / 40),
            high: end(RESAMPLES - 1 - RESAMPLES / 40),
            n_held: places.iter().filter(|place| **place < n_across).count(),
        }
    };
    found.iter().enumerate().map(row).collect()
}

/// The same where the cases cannot be drawn one by one: without an interval.
pub fn without_interval(counts: &Counts, n_across: usize, goal: f64) -> Vec<Tightest> {
    let of = |place| Tightest { place, ..Tightest::default() };
    rows(&counts.kept, n_across, goal).into_iter().map(of).collect()
}

/// The first variant of each row that holds the goal.
fn rows(kept: &[Kept], n_across: usize, goal: f64) -> Vec<Option<usize>> {
    let holds = |kept: &Kept| is_kept(kept.n_kept, kept.n, goal);
    kept.chunks(n_across.max(1)).map(|row| row.iter().position(holds)).collect()
}

/// The counts of one draw: each group of cases as often as a Poisson number of its size says, which is what drawing
/// every case by itself comes to.
fn drawn(counts: &Counts, n: usize, resample: u64) -> Vec<Kept> {
    let mut random = Random(mix(resample.wrapping_add(1).wrapping_mul(STEP)));
    let mut changes = vec![(0_i64, 0_i64); n];
    for (group, cases) in &counts.groups {
        // A size above zero is always a rate.
        let times = Poisson::new(*cases as f64).map_or(*cases as f64, |poisson| poisson.sample(&mut random));
        let times = times as i64;
        for change in group {
            let at = &mut changes[change.from as usize];
            at.0 += times * i64::from(change.judged);
            at.1 += times * i64::from(change.kept);
        }
    }
    let mut sum = (0, 0);
    let next = |(judged, kept): (i64, i64)| {
        sum = (sum.0 + judged, sum.1 + kept);
        let whole = |n: i64| u64::try_from(n).unwrap_or(0);
        Kept { n: whole(sum.0), n_kept: whole(sum.1), ..Kept::default() }
    };
    changes.into_iter().map(next).collect()
}

/// Weyl increment of splitmix64.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// Random numbers by counter (splitmix64): the same on every machine. Not for secrets.
struct Random(u64);

const fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

impl TryRng for Random {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        self.try_next_u64().map(|bits| (bits >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        self.0 = self.0.wrapping_add(STEP);
        Ok(mix(self.0))
    }

    fn try_fill_bytes(&mut self, into: &mut [u8]) -> Result<(), Self::Error> {
        for piece in into.chunks_mut(8) {
            let bits = self.try_next_u64()?.to_le_bytes();
            piece.iter_mut().zip(bits).for_each(|(into, byte)| *into = byte);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::count::Change;
    use super::*;

    /// 100 cases of one clock each; value `i` of 10 keeps those up to `10 * (i + 1)`.
    fn counts() -> Counts {
        let mut counts = Counts::default();
        for kept_from in 0..10_u32 {
            let mut changes = vec![Change { from: 0, judged: 1, kept: i32::from(kept_from == 0) }];
            if kept_from > 0 {
                changes.push(Change { from: kept_from, judged: 0, kept: 1 });
            }
            counts.groups.insert(changes.into_boxed_slice(), 10);
        }
        counts.kept = (1..=10).map(|i| Kept { n: 100, n_kept: 10 * i, ..Kept::default() }).collect();
        counts
    }

    #[test]
    fn the_tightest_value_has_its_interval() {
        let found = tightest(&counts(), 10, 0.75)[0];
        assert_eq!(found.place, Some(7));
        assert!(found.low.unwrap() <= 7 && found.high.unwrap() >= 7, "{found:?}");
        assert!(found.low.unwrap() >= 5 && found.high.unwrap() <= 8, "{found:?}");
        assert_eq!(found.n_held, RESAMPLES);
        assert_eq!(tightest(&counts(), 10, 1.0)[0].place, Some(9));
    }

    #[test]
    fn draws_are_centred_on_what_was_counted() {
        let counts = counts();
        let sum: u64 = (0..200).map(|i| drawn(&counts, 10, i)[0].n).sum();
        assert!((19_000..21_000).contains(&sum), "{sum}");
    }
}
