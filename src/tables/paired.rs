//! The difference of two shares of the same things: Newcombe's interval for paired shares, and McNemar's test in its
//! exact form. Pure; how they are made, in words: docs/figures.md.

use super::statistics::{Difference, wilson};

/// The same things judged twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paired {
    /// Met both times.
    pub both: u64,
    /// Met the first time only.
    pub first_only: u64,
    /// Met the second time only.
    pub second_only: u64,
    /// Met neither time.
    pub neither: u64,
}

/// The second share less the first, with Newcombe's interval for paired shares, which is made of the Wilson intervals
/// of both and their correlation; `None` where there is no pair.
///
/// ```
/// use slaudit::tables::{Paired, paired};
/// // Newcombe 1998, "Improved confidence intervals … paired data", method 10: 36, 12, 2, 0 of 50.
/// let d = paired(Paired { both: 36, first_only: 2, second_only: 12, neither: 0 }).unwrap();
/// let rounded = [d.change, d.low, d.high].map(|x| (x * 1e4).round() as i64);
/// assert_eq!(rounded, [2000, 569, 3404]);
/// assert!(paired(Paired::default()).is_none());
/// ```
pub fn paired(pairs: Paired) -> Option<Difference> {
    let n = pairs.both + pairs.first_only + pairs.second_only + pairs.neither;
    let first = wilson(pairs.both + pairs.first_only, n)?;
    let second = wilson(pairs.both + pairs.second_only, n)?;
    let change = (pairs.second_only as f64 - pairs.first_only as f64) / n as f64;
    let phi = correlation(pairs, n as f64);
    let end = |a: f64, b: f64| (a * a - 2.0 * phi * a * b + b * b).max(0.0).sqrt();
    let down = end(second.share - second.low, first.high - first.share);
    let up = end(second.high - second.share, first.share - first.low);
    Some(Difference { change, low: change - down, high: change + up })
}

/// Newcombe's correlation of the two outcomes, drawn toward 0 where it is positive.
fn correlation(pairs: Paired, n: f64) -> f64 {
    let [a, b, c, d] =
        [pairs.both, pairs.first_only, pairs.second_only, pairs.neither].map(|count| count as f64);
    let margins = (a + b) * (c + d) * (a + c) * (b + d);
    if margins <= 0.0 {
        return 0.0;
    }
    let q = a * d - b * c;
    let drawn = if q > n / 2.0 {
        q - n / 2.0
    } else if q >= 0.0 {
        0.0
    } else {
        q
    };
    drawn / margins.sqrt()
}

/// McNemar's test in its exact form, two-sided: how likely so uneven a split of the pairs that differ is, were either
/// way as likely as the other. 1 where none differs.
///
/// ```
/// use slaudit::tables::mcnemar;
/// assert_eq!(mcnemar(0, 0), 1.0);
/// assert_eq!(mcnemar(0, 5), 0.0625);
/// assert!((mcnemar(10, 25) - 0.016_673_848).abs() < 1e-9);
/// assert!(mcnemar(400_000, 500_000) < 1e-300);
/// ```
pub fn mcnemar(first_only: u64, second_only: u64) -> f64 {
    let (n, k) = (first_only + second_only, first_only.min(second_only));
    if n == 0 || first_only == second_only {
        return 1.0;
    }
    // Terms C(n, i) / 2^n as logarithms, from the largest (i = k) down to where they add nothing any more.
    let (total, least) = (n as f64, k as f64);
    let mut term = 1.0;
    let mut sum = 1.0;
    let mut i = least;
    while i > 0.0 && term > 1e-18 {
        term *= i / (total - i + 1.0);
        sum += term;
        i -= 1.0;
    }
    (2.0 * (log_choose(total, least) - total * std::f64::consts::LN_2).exp() * sum).min(1.0)
}

/// The logarithm of the number of ways to choose `k` of `n`.
fn log_choose(n: f64, k: f64) -> f64 {
    log_factorial(n) - log_factorial(k) - log_factorial(n - k)
}

/// Stirling's series, exact to the last digits from 16 on; below that the product.
fn log_factorial(n: f64) -> f64 {
    if n < 16.0 {
        let mut product = 1.0;
        let mut i = 2.0;
        while i <= n {
            product *= i;
            i += 1.0;
        }
        return product.ln();
    }
    let square = n * n;
    let series =
        (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - 1.0 / (1680.0 * square)) / square) / square) / n;
    n * n.ln() - n + 0.5 * (std::f64::consts::TAU * n).ln() + series
}
