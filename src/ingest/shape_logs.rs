//! Rows of the shapes `messages` and `activities` to events: logs whose rows are events under rules of their own
//! (SPEC 3.1).

use super::profile::Shape;
use super::rows::{Block, FIRST, Row};
use super::shape_rules::Unlisted;
use super::translate::{Get, Reject, Translator, When, status_id};
use crate::codes;
use crate::history::{EventKind, Role};

impl Translator<'_> {
    /// One message: public unless a column says that it is not.
    pub(super) fn message(&mut self, block: &mut Block, get: Get<'_, '_>, when: When) -> Result<(), Reject> {
        let (kind, role) = self.words(&get)?;
        let mut row = self.blank(block, get, when, role);
        let kind = match self.layout.public {
            None if self.cell(&get, self.layout.event).is_empty() => EventKind::Message,
            None => kind,
            Some((column, everybody)) => {
                let word = self.cell(&get, Some(column));
                let yes = self.table.rules.truth(word).ok_or_else(|| {
                    Reject::of(
                        codes::D513,
                        column,
                        "`yes` or `no`, or a word of `yes` or `no` in the profile",
                        word,
                    )
                })?;
                if yes == everybody { EventKind::Message } else { EventKind::Note }
            }
        };
        row.set_kind(kind);
        self.opens(&mut row);
        self.take(block, row, get);
        Ok(())
    }

    /// One activity, as the profile says what its word means. A row of a lifecycle that does not count gives
    /// nothing.
    pub(super) fn activity(&mut self, block: &mut Block, get: Get<'_, '_>, when: When) -> Result<(), Reject> {
        let (layout, table) = (self.layout, self.table);
        let (severity, (_, role)) = (self.severity(&get)?, self.words(&get)?);
        if !self.counts(self.cell(&get, layout.lifecycle)) {
            return Ok(());
        }
        let word = self.cell(&get, layout.activity);
        let meaning = table.rules.activity(word);
        if meaning.is_none() && table.rules.unlisted == Unlisted::Reject {
            let column = layout.activity.unwrap_or(layout.at);
            return Err(Reject::of(
                codes::D513,
                column,
                "a word of `[table.activities]` in the profile",
                word,
            ));
        }
        let said = if role == Role::Unknown { meaning.and_then(|m| m.role).unwrap_or(role) } else { role };
        let mut row = self.blank(block, get, when, said);
        row.set_severity(severity);
        let mut status = self.cell(&get, layout.status);
        if let Some(meaning) = meaning {
            row.set_kind(meaning.event);
            row.set_severity(if severity == 0 { meaning.severity } else { severity });
            status =
                if status.is_empty() { meaning.status.as_deref().unwrap_or("").as_bytes() } else { status };
        } else if table.rules.unlisted == Unlisted::Status {
            status = if status.is_empty() { word } else { status };
        } else {
            let number = block.n_rows() as u32;
            let seen = block.unlisted.entry(word.to_vec()).or_insert((0, number));
            seen.0 += 1;
        }
        if !status.is_empty() {
            row.status = status_id(block.statuses.intern(status));
        }
        self.opens(&mut row);
        if self.opens_by_first {
            row.flags |= FIRST;
        }
        self.take(block, row, get);
        Ok(())
    }

    /// True for a row whose lifecycle counts.
    fn counts(&self, lifecycle: &[u8]) -> bool {
        let counted = &self.table.rules.lifecycles;
        counted.is_empty() || counted.iter().any(|word| word.as_bytes().eq_ignore_ascii_case(lifecycle))
    }

    /// Keeps a row that is one event of its case.
    pub(super) fn take(&mut self, block: &mut Block, row: Row, get: Get<'_, '_>) {
        let row = Row { case: self.case_of(block, get), ..row };
        if self.opens_by_first {
            block.tell(row.case, row.at, row.at);
        }
        if self.layout.requester.is_some() && self.table.shape != Shape::Cases {
            self.name_all(block, (row.case, row.at), &get);
        }
        self.offer(block, &row, get, |_| &[]);
        block.push(row);
    }
}
