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
    levels: Vec<Level>,
    /// For each level, when anybody more severe waited.
    more_severe: Vec<Vec<(Instant, Instant)>>,
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
        Levels { levels, more_severe }
    }

    fn overtakes(&self, response: &Response) -> bool {
        let waiting = &self.more_severe[usize::from(response.level)];
        let begun = waiting.partition_point(|(from, _)| *from <= response.at);
        begun.checked_sub(1).is_some_and(|last| response.at < waiting[last].1)
    }

    fn is_overtaken(&self, stay: &Stay) -> bool {
        let answered = |level: &Level| {
            let first = level.answers.partition_point(|at| *at < stay.from);
            level.answers.get(first).is_some_and(|at| *at < stay.to)
        };
        self.levels[usize::from(stay.level) + 1..].iter().any(answered)
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
