//! Rows of a CSV file whose words were met before: nearly all rows of a file whose columns hold a few words each. A row is
//! a look at each of its fields where it lies in the block. It takes only rows that are used, and only after it knows all
//! that a row can be rejected for; any other is left to [`Translator::row`], which says why, so both read alike.

use super::ids;
use super::recall::{Cells, Memo};
use super::rows::{Block, FIRST, NO_WORD, Row};
use super::split::trim;
use super::translate::{Translator, When, actor};
use super::words::head_of;
use crate::calendar::Instant;
use crate::history::{EventKind, Role};

/// One record without a quote, of as many fields as the file has.
pub(super) struct Record<'b> {
    /// The block.
    pub(super) bytes: &'b [u8],
    /// Where each field starts, and one past the end of the last and its separator.
    pub(super) starts: &'b [u32],
}

impl<'b> Record<'b> {
    /// Where a field begins and ends.
    #[inline(always)]
    fn span(&self, column: usize) -> Option<(usize, usize)> {
        let (from, next) = (*self.starts.get(column)?, *self.starts.get(column + 1)?);
        Some((from as usize, (next as usize).wrapping_sub(1)))
    }

    /// A field as it stands.
    #[inline(always)]
    fn raw(&self, column: usize) -> Option<&'b [u8]> {
        let (from, to) = self.span(column)?;
        self.bytes.get(from..to)
    }

    /// What a field meant before, as the empty word where there is no such column; `None` too for one of the last of the
    /// block. A function of its own: four of them in one want more registers than there are, and half as many
    /// instructions again.
    #[inline(never)]
    fn meant<T: Copy>(&self, memo: &Memo<T>, column: Option<usize>) -> Option<T> {
        let Some(column) = column else { return memo.at(0, &[]) };
        let (from, to) = self.span(column)?;
        let (length, eight) = (to.wrapping_sub(from), self.bytes.get(from..from + 8)?);
        let head = head_of(eight, length)?;
        match memo.short(head, length) {
            Some(meaning) => Some(meaning),
            None => memo.at(head, self.bytes.get(from..to)?),
        }
    }
}

impl<'b> Cells<'b> for Record<'b> {
    #[inline]
    fn text(&self, column: usize) -> &'b [u8] {
        self.raw(column).map_or(&[], trim)
    }
}

impl Translator<'_> {
    /// Takes `record`, which stands on `line`, into `block`; `None`: it was not taken, as a word of it is not remembered or
    /// it may have to be rejected.
    #[inline(never)]
    pub(super) fn known(&mut self, block: &mut Block, record: &Record<'_>, line: u64) -> Option<()> {
        if !self.knows {
            return None;
        }
        let (layout, table) = (self.layout, self.table);
        let memos = &self.memos;
        let event = record.meant(&memos.event, layout.event)?;
        let role = record.meant(&memos.role, layout.role)?;
        let severity = record.meant(&memos.severity, layout.severity)?;
        let status = record.meant(&memos.status, layout.status)?;
        let mark = event.and(role).and(severity);
        let (at, flags) = self.when(record.raw(layout.at)?)?;
        let id = trim(record.raw(layout.case_id)?);
        if ids::may_change(id) {
            return None;
        }
        let case = block.case_unless(id, |id| table.is_missing(id) || ids::is_none(id))?;
        let actor = layout.actor.map_or(NO_WORD, |column| actor(table, block, record.text(column)));
        let flags = if self.opens_by_first { flags | FIRST } else { flags };
        let mut row = Row { at, case, actor, number: 0, status, mark, flags };
        if mark.role() == Role::Unknown {
            row.cast(self.role_by(block, Role::Unknown, actor));
        }
        if self.opens_by_first {
            block.tell(case, at, at);
        }
        if !block.cells.is_empty() || block.watched.is_some() {
            self.offer_cells(block, &row, record);
        } else if mark.kind() == EventKind::Opened {
            block.open(case, at);
        }
        block.push_line(row, line);
        Some(())
    }

    /// When the row happened, if it is an instant that is used.
    #[inline(always)]
    fn when(&mut self, text: &[u8]) -> Option<When> {
        // The years of a whole second are those that are used.
        if self.table.formats.patterns.is_empty()
            && let Some(at) = self.follower.whole_second(text)
        {
            return Some((at, 0));
        }
        self.instant(text).filter(|(at, _)| (Instant::MIN.micros()..=Instant::MAX.micros()).contains(at))
    }
}
