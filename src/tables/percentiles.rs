//! Percentiles of many durations without putting all of them in order: they are counted by class of length first, and
//! only classes in which the order matters are sorted. In a third of the instructions of sorting all of them. What is
//! estimated, and how, is `statistics`.

use crate::calendar::SECOND;

use super::statistics::{Durations, Estimate, Goals, Groups, Percentile, Sorted};

/// Bits of a single-precision number below its ten leading ones: what a class leaves out.
const LEFT_OUT: u32 = 13;

/// The class of a length: its leading bits, so that there are 1,024 classes for each doubling. A longer one is never in a
/// lower class. The floating-point unit finds the leading bits in three instructions.
#[inline]
fn class(seconds: u32) -> usize {
    let zero_and_one_apart = 126 << (23 - LEFT_OUT);
    ((seconds as f32).to_bits() >> LEFT_OUT).saturating_sub(zero_and_one_apart) as usize
}

/// The durations of several groups looked at as one; none of them is copied.
#[derive(Clone, Debug)]
pub struct Pool<'a> {
    of: Vec<&'a Durations>,
}

/// What a report says of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spread<const N: usize> {
    /// How many ended, will never end, and are censored.
    pub counts: [u64; 3],
    /// In the order asked for.
    pub percentiles: [Percentile; N],
}

impl<'a> Pool<'a> {
    /// All of these.
    pub fn new(of: impl Iterator<Item = &'a Durations>) -> Pool<'a> {
        Pool { of: of.collect() }
    }

    /// All in order of time, for curves.
    pub fn sorted(&self) -> Sorted {
        Sorted::of(&self.of)
    }

    /// The percentiles that [`Sorted::percentiles`] finds.
    pub fn spread<const N: usize>(&self, percents: [u32; N]) -> Spread<N> {
        let mut classes = Classes::new(&self.of);
        let n_never = self.of.iter().map(|durations| durations.n_never()).sum();
        let [n_ended, n_censored] = classes.n;
        let mut goals = Goals::new(n_ended, percents);
        let estimate = Estimate::new(n_ended + n_censored + n_never);
        classes.find(estimate, &mut goals);
        Spread { counts: [n_ended, n_never, n_censored], percentiles: goals.found }
    }
}

/// How many of one class ended and are censored, and where its whole seconds end.
#[derive(Clone, Copy, Default)]
struct Class {
    n: [usize; 2],
    end: usize,
}

/// Durations in order of their classes.
struct Classes {
    /// Whole seconds × 2, and 1 where censored.
    whole: Vec<u32>,
    /// Microseconds × 2, and 1 where censored: those of no whole second, in order.
    fine: Vec<i64>,
    classes: Vec<Class>,
    /// How many ended, and are censored.
    n: [u64; 2],
}

fn count(piece: &[u32], classes: &mut [Class]) {
    for &entry in piece {
        classes[class(entry >> 1)].n[(entry & 1) as usize] += 1;
    }
}

/// Puts each entry where the next one of its class goes: at last where the class ends.
fn place(piece: &[u32], classes: &mut [Class], whole: &mut [u32]) {
    for &entry in piece {
        let end = &mut classes[class(entry >> 1)].end;
        whole[*end] = entry;
        *end += 1;
    }
}

/// The class of an entry of microseconds.
fn fine_class(entry: i64) -> usize {
    let seconds = (entry >> 1).div_euclid(SECOND).clamp(0, i64::from(u32::MAX / 2));
    class(seconds as u32)
}

impl Classes {
    fn new(of: &[&Durations]) -> Classes {
        // Piece by piece in plain loops: an iterator over all of them takes three times as many instructions.
        let pieces = || of.iter().flat_map(|durations| durations.whole());
        let mut fine: Vec<i64> = of.iter().flat_map(|durations| durations.fine()).copied().collect();
        fine.sort_unstable();
        let longest = pieces().filter_map(|piece| piece.iter().max()).max().map_or(0, |e| class(e >> 1));
        let longest = fine.last().map_or(0, |&entry| fine_class(entry)).max(longest);
        let mut classes = vec![Class::default(); longest + 1];
        pieces().for_each(|piece| count(piece, &mut classes));
        let mut at = 0;
        for class in &mut classes {
            class.end = at;
            at += class.n[0] + class.n[1];
        }
        let mut whole = vec![0; at];
        pieces().for_each(|piece| place(piece, &mut classes, &mut whole));
        fine.iter().for_each(|&entry| classes[fine_class(entry)].n[(entry & 1) as usize] += 1);
        let sum = |i: usize| classes.iter().map(|class| class.n[i] as u64).sum();
        let n = [sum(0), sum(1)];
        Classes { whole, fine, classes, n }
    }

    /// Goes up the classes until all goals are found.
    fn find<const N: usize>(&mut self, mut estimate: Estimate, goals: &mut Goals<N>) {
        let (mut from, mut fine_from) = (0, 0);
        for (i, &Class { n, end }) in self.classes.iter().enumerate() {
            let whole = &mut self.whole[from..end];
            let n_fine = n[0] + n[1] - whole.len();
            let fine = &self.fine[fine_from..fine_from + n_fine];
            debug_assert!(fine.iter().all(|&entry| fine_class(entry) == i));
            (from, fine_from) = (end, fine_from + n_fine);
            let [n_ended, n_censored] = n.map(|n| n as u64);
            // Between two that are censored the shares that go on make one share, whatever the order; and where nothing
            // ended, nothing changes but who is at risk.
            let mut after = estimate;
            after.take(n_ended, n_censored);
            if n_ended == 0 || n_censored == 0 && !goals.are_met_more(&after) {
                estimate = after;
                continue;
            }
            whole.sort_unstable();
            for group in Groups::new(whole, fine) {
                estimate.take(group.n_ended, group.n_censored);
                if group.n_ended > 0 {
                    goals.note(&estimate, group.micros);
                }
            }
            if goals.are_all_met(&estimate) {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::statistics::Observed;
    use super::*;

    #[test]
    fn longer_ones_are_in_no_lower_class() {
        let lengths = (0..31).flat_map(|bit| [(1_u32 << bit) - 1, 1 << bit, (1 << bit) + 1, 3 << bit >> 1]);
        let mut lengths: Vec<u32> = lengths.chain([u32::MAX / 2]).collect();
        lengths.sort_unstable();
        let classes: Vec<usize> = lengths.into_iter().map(class).collect();
        assert!(classes.is_sorted());
        // Up to 2,048 seconds each has its own.
        assert_eq!((0..2_048).map(class).collect::<std::collections::BTreeSet<_>>().len(), 2_048);
        assert_eq!(class(0), 0);
    }

    /// A plain generator of numbers: the same on any machine.
    fn numbers(mut state: u64) -> impl FnMut(u64) -> u64 {
        move |below| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        }
    }

    #[test]
    fn they_are_those_of_all_in_order() {
        let mut next = numbers(7);
        for round in 0..600 {
            let mut parts = [Durations::default(), Durations::default(), Durations::default()];
            let (n, longest) = (next(400), [3, 60, 5_000, 4_000_000][round % 4]);
            let (censored, never) = (1 + next(6), 1 + next(20));
            for _ in 0..n {
                let micros = (next(longest) * SECOND as u64) as i64;
                let observed = match (next(censored), next(never)) {
                    (0, _) if censored < 6 => Observed::AtLeast(micros),
                    (_, 0) if never < 20 => Observed::Never,
                    _ if round % 50 == 49 => Observed::Ended(micros + next(2) as i64),
                    _ => Observed::Ended(micros),
                };
                parts[next(3) as usize].push(observed);
            }
            let pool = Pool::new(parts.iter());
            let (sorted, spread) = (pool.sorted(), pool.spread([1, 50, 90, 99]));
            assert_eq!(spread.percentiles, sorted.percentiles([1, 50, 90, 99]), "{round}");
            assert_eq!(spread.counts, [sorted.n_ended(), sorted.n_never(), sorted.n_censored()]);
        }
    }
}
