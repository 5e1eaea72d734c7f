//! Whether support owes the customer an answer (SPEC 9.3).

use super::story::{Pos, Step, Story};
use super::{Cat, Pol};

/// The first customer message that is unanswered when what is at `pos` takes effect. A message on the row of
/// `pos` has been written by then.
pub fn unanswered(story: &Story, policy: &Pol, pos: Pos) -> Option<Pos> {
    let mut first: Option<Pos> = None;
    // The opening is the first customer message, unless the case counts as answered at it.
    if story.opener().role != "agent" || policy.agent_opened_measured {
        first = Some((story.open, 0));
    }
    for i in story.open + 1..story.events.len() {
        if (i, 0) >= pos {
            break;
        }
        if story.responses.contains(&i) {
            first = None;
        } else if story.customers.contains(&i) && first.is_none() {
            first = Some((i, 0));
        }
    }
    first
}

/// Every entry into closed or void by anybody but the customer with a message unanswered, and its code.
pub fn closed_unanswered<'a>(story: &'a Story, policy: &Pol) -> Vec<(&'a Step, &'static str)> {
    let mut found = vec![];
    // Where nobody writes, nobody can see whether a message was answered.
    if !story.has_messages {
        return found;
    }
    for step in &story.steps {
        let enters = matches!(step.to, Cat::Closed | Cat::Void);
        if !enters || story.events[step.pos.0].role == "customer" {
            continue;
        }
        let Some(message) = unanswered(story, policy, step.pos) else { continue };
        let endings = story.endings();
        let ended = endings.iter().rfind(|s| s.pos <= step.pos).expect("an end at the close or before");
        found.push((step, if message < ended.pos { "C304" } else { "C306" }));
    }
    found
}
