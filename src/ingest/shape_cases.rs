//! Rows of shape `cases` to events: one row is a whole case, its opening and then its milestones (SPEC 3.1). All of
//! them are marked as weak: where other tables tell the same case's history, they give way (`shape_join`).

use super::ids;
use super::people::{Form, Said};
use super::rows::{Block, DEFAULT, FOLD, NO_STATUS, NO_WORD, Row, WEAK};
use super::shape_lengths::Unit;
use super::shape_rules::MERGED;
use super::translate::{Get, Moment, Reject, Translator, When, status_id};
use crate::calendar::Instant;
use crate::codes;
use crate::history::{EventKind, Mark, Role};

impl Translator<'_> {
    /// One case. Nothing of a rejected row is kept, so every time is read before the first event is made.
    pub(super) fn case(&mut self, block: &mut Block, get: Get<'_, '_>, when: When) -> Result<(), Reject> {
        let layout = self.layout;
        let (severity, (_, role)) = (self.severity(&get)?, self.words(&get)?);
        let mut milestones = std::mem::take(&mut self.milestones);
        milestones.clear();
        let status = self.moments(get, when, &mut milestones)?;
        let mut row = self.blank(block, get, (when.0, when.1 | WEAK), role);
        let by_row = (row.role(), row.role_from());
        let named = self.requester(block, get, &mut row, role);
        row.mark = Mark::new(EventKind::Opened, row.role(), severity);
        self.opens(&mut row);
        self.take(block, row, get);
        row.case = self.case_of(block, get);
        self.name(block, (row.case, row.at), named, self.cell(&get, layout.requester));
        for &((at, flags), index) in &milestones {
            let meaning = &self.table.rules.milestones[index].meaning;
            let actor = ids::clean(self.cell(&get, layout.milestones[index].1)).0;
            row.actor = if actor.is_empty() { NO_WORD } else { block.actors.intern(actor) };
            let (role, from) = self.role_by(block, meaning.role.unwrap_or(Role::Unknown), row.actor);
            row.mark = Mark::new(meaning.event, role, meaning.severity);
            let word = meaning.status.as_deref().unwrap_or("").as_bytes();
            row.status = if word.is_empty() { NO_STATUS } else { status_id(block.statuses.intern(word)) };
            (row.at, row.flags) = (at, flags | WEAK | from);
            block.push(row);
        }
        if let Some((at, flags)) = status {
            row.actor = NO_WORD;
            let by = if role == Role::Unknown { (self.table.default_role, DEFAULT) } else { by_row };
            row.mark = Mark::new(EventKind::Update, by.0, 0);
            row.status = status_id(block.statuses.intern(self.cell(&get, layout.status)));
            (row.at, row.flags) = (at, flags | WEAK | by.1);
            block.push(row);
            if self.table.rules.is_merged(self.cell(&get, layout.merged)) {
                row.status = status_id(block.statuses.intern(MERGED.as_bytes()));
                block.push(row);
            }
        }
        self.milestones = milestones;
        Ok(())
    }

    /// Who opens the case and who asks in it: the row's actor and role, and what it says of the requester.
    fn requester(&mut self, block: &mut Block, get: Get<'_, '_>, row: &mut Row, role: Role) -> Said {
        let layout = self.layout;
        let asks = ids::clean(self.cell(&get, layout.requester)).0;
        let opener = self.cell(&get, layout.opened_by);
        let is_told = !opener.is_empty()
            && (self.table.rules.openers.is_empty() || self.table.rules.opener(opener).is_some());
        if !is_told {
            // Who asks stands for who opened, until another table says who that was.
            let is_alone = row.actor == NO_WORD && !asks.is_empty();
            if is_alone {
                row.actor = block.actors.intern(asks);
                row.cast(self.role_by(block, role, row.actor));
            }
            return if is_alone { Said::ListedAlone } else { Said::Listed };
        }
        let name = self.cell(&get, layout.requester_name);
        let is_asking = opener == name && !asks.is_empty();
        let (actor, role) = if is_asking {
            (block.actors.intern(asks), role)
        } else {
            self.opened_by(block, opener, (row.actor, role))
        };
        row.actor = actor;
        row.cast(self.role_by(block, role, actor));
        if name.is_empty() || is_asking || Form::of(name) != Form::of(opener) {
            return Said::Listed;
        }
        Said::ListedBeside
    }

    /// The times of the milestones, and that of the status, which is none of them and never before them.
    fn moments(
        &mut self,
        get: Get<'_, '_>,
        opened: When,
        milestones: &mut Vec<(When, usize)>,
    ) -> Result<Option<When>, Reject> {
        let layout = self.layout;
        let mut last = opened;
        for (index, (moment, _)) in layout.milestones.iter().enumerate() {
            let when = match self.table.rules.milestones[index].since_opening {
                Some(unit) => self.since_opening(get, *moment, opened, unit)?,
                None => self.moment(get, *moment)?,
            };
            if let Some(when) = when {
                milestones.push((when, index));
                last = if when.0 >= last.0 { when } else { last };
            }
        }
        if self.cell(&get, layout.status).is_empty() {
            return Ok(None);
        }
        let said = self.moment(get, layout.status_at)?;
        Ok(Some(said.filter(|when| when.0 >= last.0).unwrap_or((last.0, last.1 & FOLD))))
    }

    /// The opening and the length in a column, if there is one. Counted from the earlier of two
    /// instants where the opening may be either.
    fn since_opening(
        &self,
        get: Get<'_, '_>,
        moment: Option<Moment>,
        opened: When,
        unit: Unit,
    ) -> Result<Option<When>, Reject> {
        let Some(Moment { column, .. }) = moment else { return Ok(None) };
        let word = self.cell(&get, Some(column));
        if word.is_empty() {
            return Ok(None);
        }
        let at = unit.parse(word).and_then(|length| opened.0.checked_add(length));
        let at = at.filter(|at| *at <= Instant::MAX.micros());
        at.map(|at| Some((at, 0))).ok_or_else(|| Reject::of(codes::D501, column, unit.expected(), word))
    }

    /// The time in a column, if there is one.
    fn moment(&mut self, get: Get<'_, '_>, moment: Option<Moment>) -> Result<Option<When>, Reject> {
        let Some(Moment { column, is_typed }) = moment else { return Ok(None) };
        let word = self.cell(&get, Some(column));
        if word.is_empty() {
            return Ok(None);
        }
        let range = Instant::MIN.micros()..=Instant::MAX.micros();
        let read = self.stored(word, is_typed).filter(|when| range.contains(&when.0));
        let expected = || self.table.formats.expected();
        read.map(Some).ok_or_else(|| Reject::of(codes::D501, column, expected(), word))
    }
}
