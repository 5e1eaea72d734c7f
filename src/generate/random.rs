//! Random numbers by counter (splitmix64): the stream of a case depends on seed and case alone, so any case can
//! be made without the ones before it. Not for secrets. Integers only.

/// Weyl increment of splitmix64.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// Quantiles of a log-normal spread with sigma 1, in thousandths of the median, at equal steps of probability.
/// A table, because `exp` and `ln` differ between platforms.
const SPREAD: [u32; 65] = [
    70, 136, 171, 200, 227, 253, 278, 302, 325, 349, 372, 396, 419, 443, 467, 491, 516, 541, 566, 592, 618,
    645, 673, 702, 731, 761, 792, 824, 857, 891, 926, 962, 1000, 1039, 1080, 1123, 1168, 1214, 1263, 1314,
    1368, 1425, 1485, 1549, 1617, 1689, 1767, 1850, 1940, 2037, 2142, 2258, 2386, 2527, 2686, 2866, 3073,
    3315, 3602, 3954, 4400, 4996, 5864, 7345, 14372,
];

/// One stream.
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

impl Random {
    /// The stream `index` of `seed`.
    pub(super) const fn stream(seed: u64, index: u64) -> Random {
        Random(mix(mix(seed.wrapping_add(STEP)) ^ mix(index.wrapping_mul(STEP).wrapping_add(1))))
    }

    /// The next 64 bits.
    pub(super) const fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mix(self.0)
    }

    /// A number in [0, n); 0 for n = 0.
    pub(super) const fn below(&mut self, n: u64) -> u64 {
        ((self.bits() as u128 * n as u128) >> 64) as u64
    }

    /// True in `per_mille` of 1,000 draws.
    pub(super) const fn chance(&mut self, per_mille: u64) -> bool {
        self.below(1_000) < per_mille
    }

    /// An index into `weights`, each as often as its weight says; 0 for no weights.
    pub(super) fn pick(&mut self, weights: &[u64]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (i, &weight) in weights.iter().enumerate() {
            if left < weight {
                return i;
            }
            left -= weight;
        }
        0
    }

    /// An amount around `median` with a long tail upward (log-normal, sigma 1), 7% to 14 times of it.
    pub(super) fn around(&mut self, median: i64) -> i64 {
        let at = self.below((SPREAD.len() as u64 - 1) << 16);
        let (slot, part) = ((at >> 16) as usize, (at & 0xFFFF) as i64);
        let (low, high) = (i64::from(SPREAD[slot]), i64::from(SPREAD[slot + 1]));
        let per_mille = (low << 16) + (high - low) * part;
        ((i128::from(median) * i128::from(per_mille)) / (1000 << 16)) as i64
    }
}

/// The finalizer of splitmix64.
pub(super) const fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_stay_in_range_and_spread_has_its_median() {
        let mut random = Random::stream(1, 2);
        let mut below = 0;
        for _ in 0..10_000 {
            assert!(random.below(7) < 7);
            let amount = random.around(1_000_000);
            assert!((70_000..=14_372_000).contains(&amount));
            below += u32::from(amount < 1_000_000);
        }
        assert!((4_800..5_200).contains(&below), "{below} of 10000 below the median");
    }

    #[test]
    fn streams_differ() {
        assert_ne!(Random::stream(1, 2).bits(), Random::stream(1, 3).bits());
        assert_ne!(Random::stream(1, 2).bits(), Random::stream(2, 2).bits());
        assert_eq!(Random::stream(1, 2).bits(), Random::stream(1, 2).bits());
    }
}
