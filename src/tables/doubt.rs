//! Whether what was counted leaves a doubt: the exact tails behind every sentence that says `beyond doubt` or `beyond
//! chance` (SPEC 11). Pure; knows nothing of facts. Intervals are for showing and decide nothing: those of few cases say
//! less than they seem to (a Wilson interval of 0 of 1 ends below 90 %, though a team that keeps 90 % has such a month in
//! ten).
//!
//! Terms are made as Loader (2000, "Fast and accurate computation of binomial probabilities") makes them, without the
//! difference of large logarithms, so that a tail of millions is as good as one of ten.

use std::f64::consts::TAU;

/// The most that a chance may be for what it is about to count as beyond doubt.
const CHANCE: f64 = 0.025;

/// Room for the last digits of a sum: 0 of 1 at a goal of 97.5 % is a chance of exactly 2.5 %, which is enough.
const DIGITS: f64 = 1e-10;

/// How a share stands to a goal (SPEC 11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is not below.
    Kept,
    /// It is below, and chance may have made it so.
    InDoubt,
    /// It is below beyond doubt: were the goal kept exactly, so few or fewer would be met with a chance of at most 2.5 %.
    Missed,
    /// Nothing was judged.
    NoneJudged,
}

impl Standing {
    /// How `met` of `n` stand to `goal`, a share of 1.
    ///
    /// ```
    /// use slaudit::tables::Standing;
    /// // A team that keeps 95 % has at most 2 of 3 in 14.3 % of the months, and at most 1 of 3 in 0.7 %.
    /// assert_eq!(Standing::of(2, 3, 0.95), Standing::InDoubt);
    /// assert_eq!(Standing::of(1, 3, 0.95), Standing::Missed);
    /// assert_eq!(Standing::of(19, 20, 0.95), Standing::Kept);
    /// assert_eq!(Standing::of(0, 0, 0.95), Standing::NoneJudged);
    /// ```
    pub fn of(met: u64, n: u64, goal: f64) -> Standing {
        match n {
            0 => Standing::NoneJudged,
            _ if is_kept(met, n, goal) => Standing::Kept,
            _ if is_small(at_most(met, n, goal)) => Standing::Missed,
            _ => Standing::InDoubt,
        }
    }

    /// The word in tables.
    pub const fn word(self) -> &'static str {
        match self {
            Standing::Kept => "kept",
            Standing::InDoubt => "in doubt",
            Standing::Missed => "missed",
            Standing::NoneJudged => "none judged",
        }
    }

    /// The standing of a word in tables.
    pub fn from_word(word: &str) -> Option<Standing> {
        [Standing::Kept, Standing::InDoubt, Standing::Missed, Standing::NoneJudged]
            .into_iter()
            .find(|standing| standing.word() == word)
    }
}

/// True where `met` of `n` are not below `goal`: 95 of 100 keep 95 %, whatever the last binary digit of either.
pub fn is_kept(met: u64, n: u64, goal: f64) -> bool {
    n > 0 && met as f64 / n as f64 >= goal - 4.0 * f64::EPSILON
}

/// True where `met` of `n` are above `goal` beyond doubt: were it kept exactly, so many or more would be met with a chance
/// of at most 2.5 %.
pub fn is_kept_beyond_doubt(met: u64, n: u64, goal: f64) -> bool {
    n > 0 && is_small(at_most(n - met.min(n), n, 1.0 - goal))
}

/// Which of two shares of different cases is the greater beyond chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The later one.
    Better,
    /// The earlier one.
    Worse,
    /// Chance alone may have made the difference.
    WithinChance,
}

impl Change {
    /// From `(met, n)` before to `(met, n)` now, by Fisher's exact test: better beyond chance where, of all ways to share
    /// out what was met among the cases of both, at most 2.5 % leave so few or fewer to those before; worse likewise.
    ///
    /// ```
    /// use slaudit::tables::Change;
    /// // Of two and two cases no outcome says anything: 0 of 2 and then 2 of 2 is one of six ways.
    /// assert_eq!(Change::of((0, 2), (2, 2)), Change::WithinChance);
    /// assert_eq!(Change::of((0, 5), (5, 5)), Change::Better);
    /// ```
    pub fn of(before: (u64, u64), now: (u64, u64)) -> Change {
        let few = |(met, n): (u64, u64), (other_met, other_n): (u64, u64)| {
            n > 0 && other_n > 0 && is_small(at_most_of_drawn(met, n, met + other_met, n + other_n))
        };
        match () {
            () if few(before, now) => Change::Better,
            () if few(now, before) => Change::Worse,
            () => Change::WithinChance,
        }
    }
}

fn is_small(chance: f64) -> bool {
    chance <= CHANCE * (1.0 + DIGITS)
}

/// The chance that at most `k` of `n` are met where each is with the chance `p`, one by one: the lower tail of the
/// binomial distribution. `p` is in 0 to 1; `k` of `n` or more is certain.
///
/// ```
/// assert!((slaudit::tables::at_most(2, 3, 0.95) - 0.142_625).abs() < 1e-15);
/// assert_eq!(slaudit::tables::at_most(3, 3, 0.95), 1.0);
/// ```
pub fn at_most(k: u64, n: u64, p: f64) -> f64 {
    if k >= n || p <= 0.0 {
        return 1.0;
    }
    if p >= 1.0 {
        return 0.0;
    }
    let (of, q) = (n as f64, 1.0 - p);
    // The shorter way is the one away from the middle; there each term is less than the one before.
    if k as f64 <= of * p {
        let next = |i: f64| i * q / ((of - i + 1.0) * p);
        tail(binomial(k as f64, of, p, q), k as f64, 0.0, next)
    } else {
        let above = of - (k as f64 + 1.0);
        let next = |i: f64| i * p / ((of - i + 1.0) * q);
        1.0 - tail(binomial(above, of, q, p), above, 0.0, next)
    }
}

/// The chance that at most `k` of the `n` that are drawn without replacement out of `all` are among the `met` of them: the
/// lower tail of the hypergeometric distribution.
fn at_most_of_drawn(k: u64, n: u64, met: u64, all: u64) -> f64 {
    let (k, n, met, all) = (k as f64, n as f64, met as f64, all as f64);
    let (least, most) = ((n + met - all).max(0.0), n.min(met));
    if k >= most || k < least {
        return if k < least { 0.0 } else { 1.0 };
    }
    // From `i` among the drawn to `i - 1`.
    let down = |i: f64| i * (all - met - n + i) / ((met - i + 1.0) * (n - i + 1.0));
    let up = |i: f64| (met - i) * (n - i) / ((i + 1.0) * (all - met - n + i + 1.0));
    if k <= n * met / all {
        return tail(drawn(k, n, met, all), k, least, down);
    }
    let first = k + 1.0;
    let mirrored = |i: f64| up(most - i);
    1.0 - tail(drawn(first, n, met, all), most - first, 0.0, mirrored)
}

/// `first` and all terms after it, down to the one of `least`; `next` gives what a term is multiplied with for the one
/// below it. Ends where what is left is not seen in the sum any more: the terms fall ever faster.
fn tail(first: f64, from: f64, least: f64, next: impl Fn(f64) -> f64) -> f64 {
    let (mut sum, mut term, mut i) = (first, first, from);
    while i > least {
        let factor = next(i);
        term *= factor;
        sum += term;
        // All that is left is at most a geometric series.
        if factor < 1.0 && term * factor <= sum * (1.0 - factor) * 1e-17 {
            break;
        }
        i -= 1.0;
    }
    sum.min(1.0)
}

/// The chance that exactly `k` of `n` are met; `p` and `q` add up to 1 and are above 0.
fn binomial(k: f64, n: f64, p: f64, q: f64) -> f64 {
    if k == 0.0 {
        return (n * (-p).ln_1p()).exp();
    }
    if k == n {
        return (n * p.ln()).exp();
    }
    let log = stirling(n) - stirling(k) - stirling(n - k) - deviance(k, n * p) - deviance(n - k, n * q);
    log.exp() * (n / (TAU * k * (n - k))).sqrt()
}

/// The chance that exactly `k` of `n` drawn out of `all` are among `met` of them.
fn drawn(k: f64, n: f64, met: f64, all: f64) -> f64 {
    let (p, q) = (n / all, (all - n) / all);
    if q <= 0.0 {
        return 1.0;
    }
    let part = |k: f64, n: f64| if n == 0.0 { 1.0 } else { binomial(k, n, p, q) };
    part(k, met) * part(n - k, all - met) / part(n, all)
}

/// What Stirling's formula leaves of the logarithm of a factorial: ln n! - ln(√(2πn) (n/e)ⁿ), for n from 1.
fn stirling(n: f64) -> f64 {
    if n <= 15.0 {
        let mut factorial = 1.0;
        let mut i = 2.0;
        while i <= n {
            factorial *= i;
            i += 1.0;
        }
        return factorial.ln() - (0.5 * (TAU * n).ln() + n * n.ln() - n);
    }
    let s = n * n;
    (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / (1188.0 * s)) / s) / s) / s) / n
}

/// x ln(x / m) + m - x, without losing digits where both are near each other.
fn deviance(x: f64, m: f64) -> f64 {
    if (x - m).abs() >= 0.1 * (x + m) {
        return x * (x / m).ln() + m - x;
    }
    let v = (x - m) / (x + m);
    let mut sum = (x - m) * v;
    let mut term = 2.0 * x * v;
    for j in 1..1_000 {
        term *= v * v;
        let more = sum + term / f64::from(2 * j + 1);
        if more == sum {
            break;
        }
        sum = more;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numerators over 20ⁿ in whole numbers: what a goal of 95 % gives without any rounding.
    fn exact_at_95(k: u64, n: u32) -> f64 {
        let choose =
            |k: u64| (0..k).fold(1_u128, |c, i| c * u128::from(u64::from(n) - i) / u128::from(i + 1));
        let sum: u128 = (0..=k).map(|i| choose(i) * 19_u128.pow(i as u32)).sum();
        sum as f64 / 20_f64.powi(n as i32)
    }

    fn is_near(found: f64, wanted: f64) -> bool {
        (found - wanted).abs() <= wanted * 1e-11
    }

    #[test]
    fn small_tails_are_those_of_whole_numbers() {
        for n in 1..=24 {
            for k in 0..u64::from(n) {
                let (found, wanted) = (at_most(k, u64::from(n), 0.95), exact_at_95(k, n));
                assert!(is_near(found, wanted), "{k} of {n}: {found:e}, wanted {wanted:e}");
            }
        }
    }

    /// By Python's `fractions` up to 200,000 and its `decimal` with 60 digits beyond, turned into a float last.
    #[test]
    fn large_tails_are_those_of_exact_arithmetic() {
        let cases = [
            (89, 100, 0.95, 0.011_472_410_067_484_7),
            (93, 100, 0.95, 0.233_986_015_985_168),
            (890, 1_000, 0.9, 0.158_257_530_188_702_06),
            (949, 1_000, 0.95, 0.462_470_959_198_572_3),
            (9_400, 10_000, 0.95, 4.509_387_117_818_215e-6),
            (99_800, 100_000, 0.999, 8.887_059_167_655_846e-19),
            (49_700, 100_000, 0.5, 0.029_098_676_555_096_87),
            (189_700, 200_000, 0.95, 0.001_106_738_709_441_096_3),
            (949_500, 1_000_000, 0.95, 0.011_041_122_391_130_958),
            (949_572, 1_000_000, 0.95, 0.025_024_019_477_469_347),
            (2_996_900, 3_000_000, 0.999, 0.035_098_031_891_494_79),
            (2_500_000, 5_000_000, 0.5004, 0.036_855_140_035_403_494),
        ];
        for (k, n, p, wanted) in cases {
            let found = at_most(k, n, p);
            assert!(is_near(found, wanted), "{k} of {n} at {p}: {found:e}, wanted {wanted:e}");
        }
    }

    #[test]
    fn both_ways_of_adding_up_meet() {
        for (n, p) in [(10_u64, 0.5), (1_000, 0.95), (1_000_000, 0.9)] {
            let middle = (n as f64 * p) as u64;
            let (below, above) = (at_most(middle - 1, n, p), at_most(middle, n, p));
            let term = binomial(middle as f64, n as f64, p, 1.0 - p);
            assert!((above - below - term).abs() < 1e-12, "{n} at {p}");
            let upper = at_most(n - middle - 1, n, 1.0 - p);
            assert!((above + upper - 1.0).abs() < 1e-12, "{n} at {p}");
        }
    }

    #[test]
    fn missed_needs_a_chance_of_at_most_two_and_a_half_in_a_hundred() {
        use Standing::{InDoubt, Kept, Missed};
        let cases = [
            (0, 1, 0.9, InDoubt),
            (0, 1, 0.975, Missed),
            (0, 1, 0.974, InDoubt),
            (2, 3, 0.95, InDoubt),
            (1, 3, 0.95, Missed),
            (93, 100, 0.95, InDoubt),
            (89, 100, 0.95, Missed),
            (90, 100, 0.95, InDoubt),
            (95, 100, 0.95, Kept),
            (7, 100, 0.07, Kept),
            (99, 100, 1.0, Missed),
            (100, 100, 1.0, Kept),
            (949_600, 1_000_000, 0.95, InDoubt),
            (949_500, 1_000_000, 0.95, Missed),
        ];
        for (met, n, goal, wanted) in cases {
            assert_eq!(Standing::of(met, n, goal), wanted, "{met} of {n} at {goal}");
        }
    }

    #[test]
    fn a_goal_is_kept_beyond_doubt_only_by_enough() {
        assert!(!is_kept_beyond_doubt(2, 2, 0.9));
        assert!(!is_kept_beyond_doubt(35, 35, 0.9));
        // 0.9³⁶ is 2.25 %.
        assert!(is_kept_beyond_doubt(36, 36, 0.9));
        assert!(!is_kept_beyond_doubt(100, 100, 1.0));
        assert!(!is_kept_beyond_doubt(0, 0, 0.9));
    }

    #[test]
    fn changes_are_those_of_fishers_test() {
        use Change::{Better, WithinChance, Worse};
        let cases = [
            ((0, 1), (1, 1), WithinChance),
            ((0, 2), (2, 2), WithinChance),
            // One of 20 ways is 5 %, one of 70 is 1.4 %.
            ((0, 3), (3, 3), WithinChance),
            ((0, 4), (4, 4), Better),
            ((4, 4), (0, 4), Worse),
            ((50, 100), (50, 100), WithinChance),
            ((800_000, 1_000_000), (802_000, 1_000_000), Better),
            ((800_000, 1_000_000), (800_500, 1_000_000), WithinChance),
            ((3, 3), (0, 0), WithinChance),
        ];
        for (before, now, wanted) in cases {
            assert_eq!(Change::of(before, now), wanted, "{before:?} to {now:?}");
        }
    }

    #[test]
    fn draws_add_up() {
        // 7 drawn of 20 with 8 met: by whole numbers, C(8, i) C(12, 7 - i) / C(20, 7).
        let ways = [792.0, 7_392.0, 22_176.0, 27_720.0, 15_400.0, 3_696.0, 336.0, 8.0];
        let mut sum = 0.0;
        for (k, way) in ways.iter().enumerate() {
            sum += way / 77_520.0;
            assert!((at_most_of_drawn(k as u64, 7, 8, 20) - sum).abs() < 1e-13, "{k}");
        }
    }
}
