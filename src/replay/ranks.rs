//! How often the more severe were overtaken, and by how many answers (SPEC 10): what is counted of the priority order.
//! Who overtook whom, one by one, is the sweep's business; its facts give the same counts, and a test holds the two
//! against each other.
//!
//! An answer overtook somebody where it falls into a stay of a more severe level; a case was overtaken where an answer
//! to a less severe level falls into one of its stays. So nothing is swept: both are looked up, on all threads.

use rayon::prelude::*;

use crate::calendar::Instant;

use super::priority::{LEVELS, Response, Stay, Waits};

/// Whoever counts what the order comes to. What belongs to a period is for it to say, by version and instant.
pub trait Ranks {
    /// A first response that is compared with who waited, to a case of policy version `version`.
    fn response(&mut self, version: u32, responded_at: Instant, overtook: bool);
    /// A case that was overtaken at least once.
    fn overtaken(&mut self, version: u32, opened_at: Instant);
}

/// Things in order of time, with a table of where each stretch of time begins among them: cases come in no order of time,
/// and a search through a list of millions is a miss of the cache at each of its first twenty steps.
struct Timed<T> {
    things: Vec<T>,
    /// Of each stretch, how many things lie before it; one more than there are stretches.
    before: Vec<u32>,
    /// Begin of the first stretch, µs.
    first: i64,
    /// Each is a power of two, µs.
    bits: u32,
    at: fn(&T) -> Instant,
}

/// About so many things a stretch.
const A_STRETCH: usize = 8;

impl<T> Timed<T> {
    /// `things` ascend by `at`.
    fn new(things: Vec<T>, at: fn(&T) -> Instant) -> Timed<T> {
        let micros = |thing: Option<&T>| thing.map_or(0, |thing| at(thing).micros());
        let first = micros(things.first());
        let span = micros(things.last()).saturating_sub(first).max(1) as u64;
        let wanted = span / (things.len() / A_STRETCH + 1) as u64;
        let bits = u64::BITS - wanted.leading_zeros();
        let mut before = vec![0; (span >> bits) as usize + 2];
        for thing in &things {
            let stretch = (at(thing).micros().saturating_sub(first) >> bits) as usize;
            before[stretch + 1] += 1;
        }
        let mut sum = 0;
        for n in &mut before {
            sum += *n;
            *n = sum;
        }
        Timed { things, before, first, bits, at }
    }

    /// How many things lie before `at`.
    fn n_before(&self, at: Instant) -> usize {
        let since = at.micros().saturating_sub(self.first);
        if since < 0 {
            return 0;
        }
        let stretch = (since >> self.bits) as usize;
        match (self.before.get(stretch), self.before.get(stretch + 1)) {
            (Some(&from), Some(&to)) => {
                let (from, to) = (from as usize, to as usize);
                from + self.things[from..to].partition_point(|thing| (self.at)(thing) < at)
            }
            _ => self.things.len(),
        }
    }
}

/// What the other levels are compared with.
#[derive(Default)]
struct Level {
    /// When anybody of the level waited: disjoint, ascending, half open.
    waiting: Vec<(Instant, Instant)>,
    /// Answers to the level, ascending.
    answers: Vec<Instant>,
}

impl Level {
    /// Of each level who waited and who was answered, in order of time.
    fn all(waits: &[Waits]) -> Vec<Level> {
        let mut levels: Vec<Level> = (0..LEVELS).map(|_| Level::default()).collect();
        for Waits { stays, responses } in waits {
            for stay in stays {
                levels[usize::from(stay.level)].waiting.push((stay.from, stay.to));
            }
            for response in responses {
                levels[usize::from(response.level)].answers.push(response.at);
            }
        }
        levels.par_iter_mut().for_each(|level| {
            level.waiting.sort_unstable();
            level.answers.sort_unstable();
            level.waiting = run_together(std::mem::take(&mut level.waiting));
        });
        levels
    }
}

/// The union of half-open stretches, ascending by their begin.
fn run_together(mut stretches: Vec<(Instant, Instant)>) -> Vec<(Instant, Instant)> {
    stretches.dedup_by(|next, last| {
        let touches = next.0 <= last.1;
        if touches {
            last.1 = last.1.max(next.1);
        }
        touches
    });
    stretches.shrink_to_fit();
    stretches
}

/// All levels.
struct Levels {
    /// For each level its answers.
    answers: Vec<Timed<Instant>>,
    /// For each level, when anybody more severe waited.
    more_severe: Vec<Timed<(Instant, Instant)>>,
}

impl Levels {
    fn new(waits: &[Waits]) -> Levels {
        let levels = Level::all(waits);
        let mut more_severe: Vec<Vec<(Instant, Instant)>> = vec![Vec::new()];
        for level in &levels {
            let mut both = more_severe.last().cloned().unwrap_or_default();
            both.extend_from_slice(&level.waiting);
            // Two lists in order: this sort finds them.
            both.sort();
            more_severe.push(run_together(both));
        }
        let begins = |stretches| Timed::new(stretches, |stretch: &(Instant, Instant)| stretch.0);
        Levels {
            answers: levels.into_par_iter().map(|level| Timed::new(level.answers, |at| *at)).collect(),
            more_severe: more_severe.into_par_iter().map(begins).collect(),
        }
    }

    fn overtakes(&self, response: &Response) -> bool {
        let waiting = &self.more_severe[usize::from(response.level)];
        let begun = waiting.n_before(response.at.plus(1));
        begun.checked_sub(1).is_some_and(|last| response.at < waiting.things[last].1)
    }

    fn is_overtaken(&self, stay: &Stay) -> bool {
        let answered = |answers: &Timed<Instant>| {
            let first = answers.n_before(stay.from);
            answers.things.get(first).is_some_and(|at| *at < stay.to)
        };
        self.answers[usize::from(stay.level) + 1..].iter().any(answered)
    }
}

/// What was found of the cases of one [`Waits`].
struct Found {
    /// For each response, whether it overtook somebody.
    overtook: Vec<bool>,
    /// Version and opening of each case that was overtaken.
    overtaken: Vec<(u32, Instant)>,
}

impl Found {
    fn new(levels: &Levels, of: &Waits) -> Found {
        let overtook = of.responses.iter().map(|response| levels.overtakes(response)).collect();
        let mut overtaken: Vec<&Stay> = of.stays.iter().filter(|stay| levels.is_overtaken(stay)).collect();
        // A case that was overtaken in several severities counts once; its stays stand side by side.
        overtaken.dedup_by_key(|stay| stay.case);
        let overtaken = overtaken.iter().map(|stay| (u32::from(stay.version), stay.opened_at)).collect();
        Found { overtook, overtaken }
    }
}

/// Tells `ranks` of every first response and of every case that was overtaken, once all cases are in: each of them in one
/// of `waits`, however many there are.
pub fn rank(waits: &[Waits], ranks: &mut impl Ranks) {
    let levels = Levels::new(waits);
    let found: Vec<Found> = waits.par_iter().map(|of| Found::new(&levels, of)).collect();
    for (of, Found { overtook, overtaken }) in waits.iter().zip(found) {
        for (response, overtook) in of.responses.iter().zip(overtook) {
            ranks.response(u32::from(response.version), response.at, overtook);
        }
        overtaken.into_iter().for_each(|(version, opened_at)| ranks.overtaken(version, opened_at));
    }
}

#[cfg(test)]
mod tests {
    use super::Timed;
    use crate::calendar::Instant;

    #[test]
    fn as_many_lie_before_an_instant_as_a_search_finds() {
        let lists: [&[i64]; 6] =
            [&[], &[5], &[5, 5, 5], &[-40, -3, 0, 0, 7, 1_000_000], &[i64::MIN, 0, i64::MAX], &[1, 2, 3, 4]];
        let many: Vec<i64> = (0..5_000).map(|i| i * i % 7 + i * 13).collect();
        for list in lists.into_iter().chain([&many[..]]) {
            let mut instants: Vec<Instant> =
                list.iter().map(|&micros| Instant::from_micros(micros)).collect();
            instants.sort();
            let timed = Timed::new(instants.clone(), |at| *at);
            let asked = list.iter().flat_map(|&at| [at.saturating_sub(1), at, at.saturating_add(1)]);
            for at in asked.chain([i64::MIN, -1, 0, 1, 70_000, i64::MAX]).map(Instant::from_micros) {
                assert_eq!(timed.n_before(at), instants.partition_point(|i| *i < at), "{at:?} of {list:?}");
            }
        }
    }
}
