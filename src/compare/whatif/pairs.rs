//! The same clock under two policies: whether it was judged and kept under each, counted, so that the two shares are
//! compared case by case and not as if they came from different cases.

use crate::replay::Verdict;
use crate::tables::Verdicts;

/// How clocks that are judged under the policy in force, or under the proposed one, were kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pairs {
    /// Met under both.
    pub n_both_met: u64,
    /// Met now, not with the proposed policy.
    pub n_lost: u64,
    /// Met with the proposed policy, not now.
    pub n_gained: u64,
    /// Met under neither.
    pub n_neither_met: u64,
    /// Judged now only.
    pub n_only_now: u64,
    /// Judged with the proposed policy only.
    pub n_only_proposed: u64,
}

/// Whether a verdict is judged, and if so whether it is met: attainment is met of judged (SPEC 1).
pub const fn judged(verdict: Verdict) -> Option<bool> {
    match verdict {
        Verdict::Met => Some(true),
        Verdict::Missed | Verdict::Unanswered => Some(false),
        _ => None,
    }
}

impl Pairs {
    /// Clocks judged under both.
    pub const fn n(&self) -> u64 {
        self.n_both_met + self.n_lost + self.n_gained + self.n_neither_met
    }

    /// Clocks whose verdicts are the same under both.
    pub fn alike(verdicts: &Verdicts) -> Pairs {
        let n_neither_met = verdicts.of(Verdict::Missed) + verdicts.of(Verdict::Unanswered);
        Pairs { n_both_met: verdicts.of(Verdict::Met), n_neither_met, ..Pairs::default() }
    }

    /// Counts one clock by its verdicts; `None` where a policy does not have it.
    pub fn count(&mut self, now: Option<Verdict>, proposed: Option<Verdict>) {
        match (now.and_then(judged), proposed.and_then(judged)) {
            (Some(true), Some(true)) => self.n_both_met += 1,
            (Some(true), Some(false)) => self.n_lost += 1,
            (Some(false), Some(true)) => self.n_gained += 1,
            (Some(false), Some(false)) => self.n_neither_met += 1,
            (Some(_), None) => self.n_only_now += 1,
            (None, Some(_)) => self.n_only_proposed += 1,
            (None, None) => {}
        }
    }

    /// Adds up.
    pub fn add(&mut self, other: &Pairs) {
        self.n_both_met += other.n_both_met;
        self.n_lost += other.n_lost;
        self.n_gained += other.n_gained;
        self.n_neither_met += other.n_neither_met;
        self.n_only_now += other.n_only_now;
        self.n_only_proposed += other.n_only_proposed;
    }
}

/// Walks two lists, each ascending by `key`, and shows every key once with its place in each.
pub fn join<T, K: Ord>(
    now: &[T],
    proposed: &[T],
    key: impl Fn(&T) -> K,
    mut each: impl FnMut(Option<usize>, Option<usize>),
) {
    let (mut i, mut j) = (0, 0);
    while i < now.len() || j < proposed.len() {
        let order = match (now.get(i), proposed.get(j)) {
            (Some(a), Some(b)) => key(a).cmp(&key(b)),
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, _) => std::cmp::Ordering::Greater,
        };
        each(order.is_le().then_some(i), order.is_ge().then_some(j));
        i += usize::from(order.is_le());
        j += usize::from(order.is_ge());
    }
}
