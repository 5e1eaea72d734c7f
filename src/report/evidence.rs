//! What the clocks of this input are seen from, a sentence a metric, and what nothing in it can show (SPEC 7.1, 7.2, 7.6).
//! No figures of its own: it knows which rows there are, and how the policy takes them.

use crate::history::{History, Role};
use crate::policy::Book;
use crate::tables::Tally;

use super::summary::grouped;

/// What the start and the stop of each metric are seen from.
pub(super) fn of_metrics(book: &Book, history: &History, tally: &Tally) -> Vec<String> {
    let n = grouped(tally.n_by_status);
    let answers =
        history.has_statuses && book.versions.iter().any(|version| version.clock.resolution_answers);
    let by = responders(book);
    let or_resolution = if answers { " or, without one, the resolution or close by an agent" } else { "" };
    let first = match (history.has_messages, history.has_statuses) {
        (true, _) if answers => format!(
            "first and after-hours response: seen from the opening and the first public message by {by}{or_resolution} (seen so: {n})"
        ),
        (true, _) => format!(
            "first and after-hours response: seen from the opening and the first public message by {by}"
        ),
        (false, true) => format!(
            "first and after-hours response: the input has no messages, so they are seen from the opening and the first \
             change out of `new` by an agent{or_resolution} (seen so: {n}); that is no message, and whether a customer's \
             message was unanswered at a close cannot be told (`support_owed` is empty, C304 and C306 are never given)"
        ),
        (false, false) => NEITHER.to_owned(),
    };
    let next = match history.has_messages {
        true => format!(
            "next response: seen from a customer's public message and the next one by {by}{or_resolution}"
        ),
        false => "next response: the input has no messages, so none is waited for".to_owned(),
    };
    let update = match (history.has_messages, history.has_statuses) {
        (_, false) => "update: no row of the input gives a status, so nothing shows when a case is waiting or over: not \
                       judged (`not_seen`)"
            .to_owned(),
        (true, true) => {
            format!("update: seen from the opening, public messages by {by}, and statuses (pauses, resolved, closed)")
        }
        (false, true) => {
            "update: the input has no messages, so it is seen from the opening and statuses (pauses, resolved, closed)"
                .to_owned()
        }
    };
    let resolution = match history.has_statuses {
        true => "resolution: seen from the opening and statuses (pauses, resolved, closed, reopened)",
        false => {
            "resolution: no row of the input gives a status, so nothing shows when a case is resolved: not judged \
                  (`not_seen`)"
        }
    };
    vec![first, next, update, resolution.to_owned()]
}

const NEITHER: &str = "first and after-hours response: no row of the input is a message or gives a status, so nothing \
                       shows when a case is answered: not judged (`not_seen`)";

/// Which metrics nothing in the input can show the end of; `None`: all of them can be seen.
pub(super) fn unseen(history: &History) -> Option<String> {
    match (history.has_statuses, history.has_messages) {
        (true, _) => None,
        (false, true) => Some(
            "no row of the input gives a status: `update` and `resolution` are not judged (`not_seen`)"
                .to_owned(),
        ),
        (false, false) => Some(
            "no row of the input gives a status or is a message: no clock is judged (`not_seen`)".to_owned(),
        ),
    }
}

/// Whose messages answer, in all versions together.
fn responders(book: &Book) -> &'static str {
    let has = |role: Role| book.versions.iter().any(|version| version.clock.response_by.has(role));
    match (has(Role::Agent), has(Role::System)) {
        (true, true) => "an agent or an automation (`response_by`)",
        (false, true) => "an automation (`response_by`)",
        _ => "an agent",
    }
}
