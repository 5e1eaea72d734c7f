//! The changes of severity of one case, and what each meant for the clocks that ran (SPEC 8). The clocks are
//! measured elsewhere and tell it here.

use crate::history::{Event, Role, WordId};

use super::course::Step;
use super::fact::{ChangeFact, Direction};
use super::measure::{Extent, business};
use super::version::Version;
use super::walk::Timeline;

/// Fills `changes` with every change of `line`, no clocks told yet; `events` are those of the case.
pub fn changes(version: &Version<'_>, line: &Timeline, events: &[Event], changes: &mut Vec<ChangeFact>) {
    let Some((first, later)) = line.severities.split_first() else { return };
    let mut before = first;
    for (i, step) in later.iter().enumerate() {
        let by = step.from.event().and_then(|event| events.get(event));
        let extent = Extent { from: first.from, to: step.from, pauses: &[] };
        changes.push(ChangeFact {
            change: i as u32 + 1,
            changed_at: step.from.at,
            from_severity: before.severity,
            to_severity: step.severity,
            direction: direction(before, step),
            role: by.map_or(Role::Unknown, |event| event.role()),
            actor: by.map_or(WordId::NONE, |event| event.actor),
            since_opening: extent.elapsed(),
            since_opening_business: business(version, &extent, &line.severities),
            before_first_response: line.first_response.is_none_or(|given| step.from < given),
            returned_to_first: step.severity == first.severity,
            clocks: Vec::new(),
        });
        before = step;
    }
}

fn direction(before: &Step, after: &Step) -> Direction {
    if after.severity < before.severity { Direction::Upgrade } else { Direction::Downgrade }
}
