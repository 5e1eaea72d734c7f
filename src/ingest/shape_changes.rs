//! Rows of shape `changes` to events: one field of a case, before and after (SPEC 3.1). What the value before says
//! of the state at the opening is worked out when the case is put together: that is `shape_join`.

use super::assumed::looks_like_message;
use super::ids;
use super::people::Said;
use super::rows::{Block, CHANGE, DEFAULT, NO_STATUS, NO_WORD, Row};
use super::shape_rules::{Field, MERGED};
use super::translate::{Get, Reject, Translator, When, status_id};
use crate::history::{EventKind, Mark, Role};

impl Translator<'_> {
    /// One change. A field that the profile does not name gives nothing, and neither does one that is emptied.
    pub(super) fn change(&mut self, block: &mut Block, get: Get<'_, '_>, when: When) -> Result<(), Reject> {
        let layout = self.layout;
        let (_, role) = self.words(&get)?;
        let word = self.cell(&get, layout.field);
        let Some(field) = self.table.rules.field(word) else {
            // Of a table that is there for attributes nothing else is asked.
            let is_history =
                self.table.rules.fields.iter().any(|(_, field)| !matches!(field, Field::Attribute(_)));
            if is_history && std::str::from_utf8(word).is_ok_and(looks_like_message) {
                *block.unread.entry(super::words::text(word).into_owned()).or_default() += 1;
            }
            return Ok(());
        };
        let (old, new) = (self.cell(&get, layout.old), self.cell(&get, layout.new));
        let mut row = self.blank(block, get, when, role);
        let mut before = None;
        match field {
            Field::Status if new.is_empty() => return Ok(()),
            Field::Status => {
                row.status = status_id(block.statuses.intern(new));
                if !old.is_empty() {
                    before = Some(status_id(block.statuses.intern(old)));
                }
                row.flags |= CHANGE;
            }
            Field::Severity => {
                let column = |index: Option<usize>| index.unwrap_or(layout.at);
                let level = self.level(old, column(layout.old))?;
                row.set_severity(self.level(new, column(layout.new))?);
                if row.severity() == 0 {
                    return Ok(());
                }
                before = (level != 0).then_some(u16::from(level));
                row.flags |= CHANGE;
            }
            Field::Event(kind) => {
                row.set_kind(kind);
                self.opens(&mut row);
            }
            // Who asks is no state of the case, and a row that says so no event.
            Field::Requester => {
                row.case = self.case_of(block, get);
                self.name(block, (row.case, row.at), Said::Before, old);
                self.name(block, (row.case, row.at), Said::From, new);
                return Ok(());
            }
            Field::Merged if self.table.rules.is_merged(new) => {
                row.status = status_id(block.statuses.intern(MERGED.as_bytes()));
            }
            Field::Merged => return Ok(()),
            Field::Attribute(index) => {
                row.case = self.case_of(block, get);
                let place = layout.field_attributes.iter().position(|known| *known == index);
                let place = place.map(|place| layout.extras.len() + place);
                let value = if old.is_empty() { new } else { old };
                self.offer(block, &row, get, |column| if Some(column) == place { value } else { &[] });
                return Ok(());
            }
        }
        row.case = self.case_of(block, get);
        self.offer(block, &row, get, |_| &[]);
        block.befores.extend(before.map(|before| (block.n_rows() as u32, before)));
        block.push(row);
        Ok(())
    }

    /// An update of nobody's case yet, by the row's actor.
    pub(super) fn blank(&mut self, block: &mut Block, get: Get<'_, '_>, when: When, role: Role) -> Row {
        let actor = ids::clean(self.cell(&get, self.layout.actor)).0;
        let actor = if actor.is_empty() { NO_WORD } else { block.actors.intern(actor) };
        let (role, from) = self.role_by(block, role, actor);
        let mark = Mark::new(EventKind::Update, role, 0);
        Row { at: when.0, case: 0, actor, number: 0, status: NO_STATUS, mark, flags: when.1 | from }
    }

    /// A row that opens its case is of the table's `first_role` where nobody tells its role.
    pub(super) fn opens(&self, row: &mut Row) {
        if row.kind() == EventKind::Opened && row.role_from() == DEFAULT {
            row.set_role(self.table.first_role);
        }
    }

    /// Who opens a case as the cell of `opened_by` says: an actor, or by the words of `openers` only of what role. `said`:
    /// the actor and the role without it.
    pub(super) fn opened_by(&self, block: &mut Block, word: &[u8], said: (u32, Role)) -> (u32, Role) {
        if self.table.rules.openers.is_empty() {
            return (block.actors.intern(ids::clean(word).0), Role::Unknown);
        }
        self.table.rules.opener(word).map_or(said, |role| (NO_WORD, role))
    }

    /// Takes the extra columns of `row`; `more` gives those that are no columns.
    pub(super) fn offer<'v>(
        &self,
        block: &mut Block,
        row: &Row,
        get: Get<'_, 'v>,
        more: impl Fn(usize) -> &'v [u8],
    ) {
        let extras = &self.layout.extras;
        block.offer(row, |column| match extras.get(column) {
            Some(&extra) if self.table.is_missing(get(extra)) => &[],
            Some(&extra) => get(extra),
            None => more(column),
        });
    }
}
