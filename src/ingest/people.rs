//! Who is who in an input (SPEC 3.5): rows of a table of people, what rows say of who asks in a case, and, once all are
//! read, the role of each actor by those people. Not the role of a row: that is `cast`, case by case.

use std::collections::HashMap;

use super::gather::AllWords;
use super::ids;
use super::profile::{Shape, Table};
use super::rows::{Block, NO_WORD};
use super::translate::{Reject, Translator};
use crate::codes;
use crate::history::Role;

/// One row of a table of people.
pub(super) struct Person {
    /// The actor as other tables call them, or their name.
    word: Box<[u8]>,
    role: Role,
    is_name: bool,
}

/// What a row says of who asks in its case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Said {
    /// Who asked before a change of the requester.
    Before,
    /// Who asks from the row on.
    From,
    /// Who asks as a list of cases has it, which does not say since when.
    Listed,
    /// The same where nothing in the list says who opened the case.
    ListedAlone,
    /// The same where the list says that another opened it.
    ListedBeside,
    /// Who opened, in a table whose first row opens the case.
    Opener,
}

/// Who asks in a case, or who opened it, as one row says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Naming {
    /// The case, as a row has it.
    pub(super) case: u32,
    pub(super) at: i64,
    pub(super) said: Said,
    /// Among the requesters, but an [`Said::Opener`] among the actors.
    pub(super) who: u32,
    /// Of an opener the role, and which flag of a row says so.
    pub(super) role: (Role, u8),
}

/// How a name is written: people who are called by a name in one table and by a number in another cannot be told apart
/// by comparing both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Number,
    Address,
    Other,
}

impl Form {
    /// How `word` is written.
    pub(super) fn of(word: &[u8]) -> Form {
        if word.iter().all(u8::is_ascii_digit) {
            return Form::Number;
        }
        if word.contains(&b'@') && !word.contains(&b' ') { Form::Address } else { Form::Other }
    }
}

/// What the table of a row says of roles.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ways {
    pub(super) default_role: Role,
    pub(super) first_role: Role,
    pub(super) opener_is_customer: bool,
    /// Its rows are events as they stand: it says itself which row opens, and nothing of who asks or who opened.
    pub(super) is_events: bool,
}

impl Ways {
    pub(super) fn of(table: &Table) -> Ways {
        let names_people = !(table.columns.requester.is_empty() && table.columns.opened_by.is_empty());
        let opener_is_customer = table.rules.opener_is_customer;
        Ways {
            default_role: table.default_role,
            first_role: table.first_role,
            opener_is_customer,
            is_events: table.shape == Shape::Events && !names_people && !opener_is_customer,
        }
    }
}

/// The people of an input, by the numbers of actors and requesters as they came.
#[derive(Default)]
pub(super) struct Who {
    /// Of each actor the role by the tables of people; unknown: they do not tell.
    roles: Vec<Role>,
    forms: Vec<Form>,
    /// Of each requester the actor of that name, and how it is written.
    requesters: Vec<(u32, Form)>,
    /// People of two roles.
    pub(super) n_twice: u64,
}

impl Who {
    /// Of the words of an input and its people, in order of the input.
    pub(super) fn new<'b>(words: &AllWords, people: impl Iterator<Item = &'b Person>) -> Who {
        let (known, n_twice) = roles(people);
        let role = |actor: u32| known.get(words.actors.at(actor)).copied().unwrap_or(Role::Unknown);
        let actors = || 0..words.actors.len() as u32;
        let requester = |requester: u32| {
            let word = words.requesters.at(requester);
            let actor = words.actors.find(words.actors.hash_of(word), word);
            (actor.unwrap_or(NO_WORD), Form::of(word))
        };
        Who {
            roles: if known.is_empty() { Vec::new() } else { actors().map(role).collect() },
            forms: actors().map(|actor| Form::of(words.actors.at(actor))).collect(),
            requesters: (0..words.requesters.len() as u32).map(requester).collect(),
            n_twice,
        }
    }

    /// No table tells of people.
    pub(super) fn knows_nobody(&self) -> bool {
        self.roles.is_empty()
    }

    /// The role of an actor by the tables of people.
    #[inline]
    pub(super) fn role(&self, actor: u32) -> Option<Role> {
        self.roles.get(actor as usize).copied().filter(|role| *role != Role::Unknown)
    }

    /// How an actor is written; `None` for nobody.
    pub(super) fn form(&self, actor: u32) -> Option<Form> {
        self.forms.get(actor as usize).copied()
    }

    /// The actor that a requester is, and how the requester is written.
    pub(super) fn requester(&self, who: u32) -> (u32, Form) {
        self.requesters.get(who as usize).copied().unwrap_or((NO_WORD, Form::Other))
    }
}

/// The role of each word for a person; of several rows for one actor the first. A name of people of several roles tells
/// nothing, and an actor's own word goes before a name.
fn roles<'b>(people: impl Iterator<Item = &'b Person>) -> (HashMap<&'b [u8], Role>, u64) {
    let (mut actors, mut names) = (HashMap::<&[u8], Role>::new(), HashMap::<&[u8], Role>::new());
    let mut n_twice = 0;
    for Person { word, role, is_name } in people.filter(|person| person.role != Role::Unknown) {
        let known = if *is_name { &mut names } else { &mut actors };
        let first = known.entry(word).or_insert(*role);
        if first != role {
            if *is_name {
                *first = Role::Unknown;
            } else {
                n_twice += 1;
            }
        }
    }
    names.extend(actors);
    (names, n_twice)
}

impl Translator<'_> {
    /// One person. A row that names nobody tells nothing.
    pub(super) fn person<'v>(
        &self,
        block: &mut Block,
        get: &impl Fn(usize) -> &'v [u8],
    ) -> Result<(), Reject> {
        let (layout, table) = (self.layout, self.table);
        let word = self.cell(get, layout.role);
        let role = table.role(word).ok_or_else(|| {
            let expected = "`customer`, `agent` or `system`, or a word of `roles` in the profile";
            Reject::of(codes::D513, layout.role.unwrap_or(0), expected, word)
        })?;
        for (column, is_name) in [(Some(layout.case_id), false), (layout.name, true)] {
            let word = ids::clean(self.cell(get, column)).0;
            if !word.is_empty() {
                block.people.push(Person { word: word.into(), role, is_name });
            }
        }
        Ok(())
    }

    /// Takes down who asks in the case of a row.
    pub(super) fn name(&self, block: &mut Block, (case, at): (u32, i64), said: Said, word: &[u8]) {
        let word = ids::clean(word).0;
        if !word.is_empty() {
            let who = block.requesters.intern(word);
            block.namings.push(Naming { case, at, said, who, role: (Role::Unknown, 0) });
        }
    }

    /// Takes down who asks and who opened, as a row of a shape says whose rows are dated.
    pub(super) fn name_all<'v>(
        &mut self,
        block: &mut Block,
        (case, at): (u32, i64),
        get: &impl Fn(usize) -> &'v [u8],
    ) {
        let layout = self.layout;
        self.name(block, (case, at), Said::From, self.cell(get, layout.requester));
        if self.table.shape == Shape::Snapshots {
            let opener = ids::clean(self.cell(get, layout.opened_by)).0;
            if !opener.is_empty() {
                let who = block.actors.intern(opener);
                let role = self.role_by(block, Role::Unknown, who);
                block.namings.push(Naming { case, at, said: Said::Opener, who, role });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, Person, roles};
    use crate::history::Role;

    #[test]
    fn the_first_row_of_an_actor_counts_and_a_name_of_two_roles_tells_nothing() {
        let person = |word: &str, role, is_name| Person { word: word.as_bytes().into(), role, is_name };
        let people = [
            person("7", Role::Agent, false),
            person("Ann", Role::Agent, true),
            person("8", Role::Customer, false),
            person("Ann", Role::Customer, true),
            person("7", Role::Customer, false),
            person("9", Role::Unknown, false),
            person("8", Role::System, true),
        ];
        let (known, n_twice) = roles(people.iter());
        let of = |word: &str| known.get(word.as_bytes()).copied();
        assert_eq!((of("7"), of("8"), of("9")), (Some(Role::Agent), Some(Role::Customer), None));
        assert_eq!((of("Ann"), n_twice), (Some(Role::Unknown), 1));
    }

    #[test]
    fn a_number_is_no_name() {
        assert_eq!(Form::of(b"5501"), Form::Number);
        assert_eq!(Form::of(b"ann@example.org"), Form::Address);
        assert_eq!(Form::of(b"Ann 2"), Form::Other);
    }
}
