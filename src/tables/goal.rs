//! A share and the goal that it is held against, side by side in words: one that misses the goal never reads as if it held
//! it.

/// Most decimals of a share.
const MOST: usize = 4;

/// A goal in per cent with as many decimals as it has, one at least: `75.0%`, `99.95%`.
pub fn goal_percent(goal: f64) -> String {
    written(goal, decimals(goal))
}

/// A share in per cent beside `goal`: with one decimal, or as many as the goal has; where a share that is below the goal
/// would be rounded up to it, with as many more as tell the two apart, four at most, and then cut instead of rounded.
///
/// ```
/// use slaudit::tables::percent_beside;
/// assert_eq!(percent_beside(0.7561, 0.75), "75.6%");
/// assert_eq!(percent_beside(0.7496, 0.75), "74.96%");
/// assert_eq!(percent_beside(0.749_999_9, 0.75), "74.9999%");
/// ```
pub fn percent_beside(share: f64, goal: f64) -> String {
    let first = decimals(goal);
    if share >= goal {
        return written(share, first);
    }
    let told_apart = (first..=MOST.max(first))
        .map(|decimals| (written(share, decimals), written(goal, decimals)))
        .find(|(share, goal)| share != goal);
    told_apart.map_or_else(|| below(goal, MOST.max(first)), |(share, _)| share)
}

/// The decimals of a goal in per cent: as few as say it exactly.
fn decimals(goal: f64) -> usize {
    let is_exact = |decimals: &usize| {
        let unit = 10_f64.powi(i32::try_from(*decimals).unwrap_or(1));
        ((goal * 100.0 * unit).round() / unit - goal * 100.0).abs() < 1e-9
    };
    (1..=MOST).find(is_exact).unwrap_or(MOST)
}

fn written(share: f64, decimals: usize) -> String {
    format!("{:.decimals$}%", share * 100.0)
}

/// The largest that can be written below the goal.
fn below(goal: f64, decimals: usize) -> String {
    let unit = 10_f64.powi(i32::try_from(decimals).unwrap_or(1));
    format!("{:.decimals$}%", ((goal * 100.0 * unit).round() - 1.0) / unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_below_its_goal_never_looks_like_it() {
        for (goal, shown) in [(0.75, "75.0%"), (0.9995, "99.95%"), (1.0, "100.0%"), (1.0 / 3.0, "33.3333%")] {
            assert_eq!(goal_percent(goal), shown);
            for n in [7_u32, 27, 999, 2_500, 1_000_003] {
                for met in (0..=n).step_by((n / 900 + 1) as usize).chain([n - 1, n]) {
                    let share = f64::from(met) / f64::from(n);
                    let text = percent_beside(share, goal);
                    let number = |text: &str| text.trim_end_matches('%').parse::<f64>().unwrap();
                    assert_eq!(number(&text) < number(shown), share < goal, "{met} of {n}: {text}, {shown}");
                    assert!((number(&text) - share * 100.0).abs() < 0.051, "{met} of {n}: {text}");
                }
            }
        }
    }
}
