//! What the profile that `profile` writes leaves to a person: what it cannot be used without, and what it would get wrong
//! as it is. Each of them has its comment in the profile.

use super::column::Times;
use super::doubts::has_no_fields;
use super::profile::{severities, statuses, unknown_events};
use super::{Inspected, Inspection};

/// What a person has to do to a written profile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Open {
    /// Without these it is refused, or reads nothing; a sentence each, without its full stop.
    pub needed: Vec<String>,
    /// With these as they are it runs, and rejects rows or counts words as something that they may not mean.
    pub unsure: Vec<String>,
}

/// What is open in the profile that is written.
pub fn open(found: &Inspection) -> Open {
    let known = found.known();
    let mut open = Open::default();
    for file in &found.files {
        let path = file.path.display();
        for role in &file.guess.missing {
            open.needed.push(format!("name the column of `{path}` that is `{role}`: none was found"));
        }
        for name in undecided(file) {
            open.needed
                .push(format!("decide how the times of `{name}` in `{path}` are written: two forms fit"));
        }
        if has_no_fields(file) {
            open.needed.push(format!("say which fields of `{path}` are the status and the severity"));
        }
        let n: u64 =
            severities(file, &known).iter().filter(|(_, _, level)| level.is_none()).map(|(_, n, _)| n).sum();
        if n > 0 {
            open.unsure.push(format!(
                "{n} rows of `{path}` have a severity word that is not known: they are rejected until \
                 `[table.severities]` has it"
            ));
        }
        let n: u64 = unknown_events(file).iter().map(|(_, n)| n).sum();
        if n > 0 {
            open.unsure.push(format!(
                "{n} rows of `{path}` have an event word that is not known: they are rejected until `[table.events]` \
                 has it"
            ));
        }
    }
    open.needed.extend(found.doubts.iter().map(|doubt| doubt.question.clone()));
    // The questions come first: what is refused may be what they ask for.
    if let Some(why) = found.own_refused.as_ref().filter(|_| found.doubts.is_empty()) {
        open.needed.push(format!("mend what `audit` refuses in it: {why}"));
    }
    match statuses(&found.files, &known).iter().filter(|(_, category)| category.is_none()).count() {
        0 => {}
        n => open
            .unsure
            .push(format!("{n} status words are not known: they count as open until `[statuses]` has them")),
    }
    open
}

/// The columns of times, of those that the table reads, that two forms fit.
fn undecided(file: &Inspected) -> Vec<&str> {
    let is_read = |name: &str| {
        file.guess.column("at") == Some(name)
            || file.guess.milestones.iter().any(|milestone| milestone == name)
    };
    let columns = file.columns.iter().zip(&file.times);
    let open = columns.filter(|(_, times)| matches!(times, Times::Ambiguous { .. }));
    open.map(|(column, _)| column.name.as_str()).filter(|name| is_read(name)).collect()
}
