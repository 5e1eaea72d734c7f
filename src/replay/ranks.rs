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
    fn new(waits: &[Waits], level: u8) -> Level {
        let stays = waits.iter().flat_map(|of| &of.stays).filter(|stay| stay.level == level);
        let mut waiting: Vec<(Instant, Instant)> = stays.map(|stay| (stay.from, stay.to)).collect();
        waiting.sort_unstable();
        let responses = waits.iter().flat_map(|of| &of.responses).filter(|response| response.level == level);
        let mut answers: Vec<Instant> = responses.map(|response| response.at).collect();
        answers.sort_unstable();
        Level { waiting: run_together(waiting), answers }
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
        let levels: Vec<Level> =
            (0..LEVELS as u8).into_par_iter().map(|level| Level::new(waits, level)).collect();
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

/// Tells `ranks` of every first response and of every case that was overtaken, once all cases are in: each of them in one
/// of `waits`, however many there are.
pub fn rank(waits: &[Waits], ranks: &mut impl Ranks) {
    let levels = Levels::new(waits);
    let look = |of: &Waits| {
        let overtook: Vec<bool> = of.responses.iter().map(|response| levels.overtakes(response)).collect();
        let mut overtaken: Vec<&Stay> = of.stays.iter().filter(|stay| levels.is_overtaken(stay)).collect();
        // A case that was overtaken in several severities counts once; its stays stand side by side.
        overtaken.dedup_by_key(|stay| stay.case);
        let overtaken = overtaken.iter().map(|stay| (u32::from(stay.version), stay.opened_at)).collect();
        (overtook, overtaken)
    };
    let looked: Vec<(Vec<bool>, Vec<(u32, Instant)>)> = waits.par_iter().map(look).collect();
    for (of, (overtook, overtaken)) in waits.iter().zip(looked) {
        for (response, overtook) in of.responses.iter().zip(overtook) {
            ranks.response(u32::from(response.version), response.at, overtook);
        }
        overtaken.into_iter().for_each(|(version, opened_at)| ranks.overtaken(version, opened_at));
    }
}
