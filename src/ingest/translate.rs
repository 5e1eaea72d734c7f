//! The cells of one row to one [`Row`], under a table of a profile: every check of SPEC 3.4 but the split of the
//! line itself. A row is taken whole or not at all: no word of a rejected row is kept.

use std::borrow::Cow;
use std::sync::Arc;

use super::columns::Meanings;
use super::derived::{Made, MadeCells};
use super::ids::{self, ChangedIds};
use super::other_ids::OtherIds;
use super::parquet::{Parquet, Times};
use super::profile::{Shape, Table};
use super::recall::{Cells, Memo};
use super::rows::{ALWAYS, Block, DEFAULT, FIRST, FOLD, GAP, NO_STATUS, NO_WORD, Row};
use super::timestamp::{Follower, Stamp, canonical};
use super::words::text;
use super::zone::{Local, Zone};
use crate::calendar::Instant;
use crate::codes;
use crate::history::{EventKind, Mark, Role};

/// Where the columns of one file stand; indices into its header.
#[derive(Clone, Debug, Default)]
pub(super) struct Layout {
    /// How many fields a row has.
    pub(super) width: usize,
    /// Columns that the file does not have, numbered behind those that it has.
    pub(super) made: Vec<Made>,
    pub(super) case_id: usize,
    pub(super) at: usize,
    /// `at` may be a date of the file's own (a workbook), which comes in canonical form, whatever the table's formats.
    pub(super) typed_at: bool,
    pub(super) event: Option<usize>,
    pub(super) role: Option<usize>,
    pub(super) actor: Option<usize>,
    pub(super) status: Option<usize>,
    pub(super) severity: Option<usize>,
    pub(super) opened_at: Option<usize>,
    /// Columns of times that hold days of a type of their own (Parquet), each its midnight.
    pub(super) days: Vec<usize>,
    /// `opened_at` is of a type of its own (Parquet, a workbook) and comes in canonical form, as above.
    pub(super) typed_opening: bool,
    /// `changes`: the field, its value before and after.
    pub(super) field: Option<usize>,
    pub(super) old: Option<usize>,
    pub(super) new: Option<usize>,
    /// `messages`: who may read it, and whether yes means everybody.
    pub(super) public: Option<(usize, bool)>,
    /// `activities`.
    pub(super) activity: Option<usize>,
    pub(super) lifecycle: Option<usize>,
    /// `cases`: when the status was last true.
    pub(super) status_at: Option<Moment>,
    /// Who asks.
    pub(super) requester: Option<usize>,
    /// `cases`: what else who asks is called.
    pub(super) requester_name: Option<usize>,
    /// Who opened the case, or how.
    pub(super) opened_by: Option<usize>,
    /// `cases`: whether it was merged into another.
    pub(super) merged: Option<usize>,
    /// `people`: the name of an actor.
    pub(super) name: Option<usize>,
    /// `cases`: another id of the case.
    pub(super) other_id: Option<usize>,
    /// Ids of cases by their other ones, of a table that joins on those.
    pub(super) other_ids: Option<Arc<OtherIds>>,
    /// `cases`: for each milestone of the table its time and its actor.
    pub(super) milestones: Vec<(Option<Moment>, Option<usize>)>,
    /// The column that is kept as it stands.
    pub(super) watched: Option<usize>,
    /// Extra columns.
    pub(super) extras: Vec<usize>,
    /// `changes`: attributes that fields give, as indices into `Rules::field_attributes`.
    pub(super) field_attributes: Vec<usize>,
    /// For each of `extras`, then of `field_attributes`: its index among the attributes of the whole input.
    pub(super) attributes: Vec<usize>,
}

/// A column of times other than that of the row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    pub(super) column: usize,
    /// See [`Layout::typed_opening`].
    pub(super) is_typed: bool,
}

impl Layout {
    /// Any time of the file may be a date of its own.
    pub(super) fn may_have_dates(&mut self) {
        (self.typed_at, self.typed_opening) = (true, true);
        let moments = self.milestones.iter_mut().map(|(at, _)| at).chain([&mut self.status_at]);
        moments.flatten().for_each(|moment| moment.is_typed = true);
        self.made.iter_mut().for_each(|made| made.is_typed = true);
    }

    /// The columns that have a meaning of their own.
    pub(super) fn named(&self) -> Vec<usize> {
        let moment = |moment: Option<Moment>| moment.map(|m| m.column);
        let of_shape = [
            self.field,
            self.old,
            self.new,
            self.public.map(|(column, _)| column),
            self.activity,
            self.lifecycle,
            moment(self.status_at),
            self.requester,
            self.requester_name,
            self.opened_by,
            self.merged,
            self.name,
            self.other_id,
        ];
        let common = [Some(self.case_id), Some(self.at), self.event, self.role, self.actor, self.status];
        let milestones = self.milestones.iter().flat_map(|(at, actor)| [moment(*at), *actor]);
        let all = common.into_iter().chain([self.severity, self.opened_at]).chain(of_shape).chain(milestones);
        all.flatten().flat_map(|column| self.of_file(column).to_vec()).collect()
    }

    /// The columns of the file that `column` is made of, or itself.
    fn of_file(&self, column: usize) -> Cow<'_, [usize]> {
        match column.checked_sub(self.width).and_then(|index| self.made.get(index)) {
            Some(made) => Cow::Borrowed(&made.columns),
            None => Cow::Owned(vec![column]),
        }
    }

    /// True for a derived column of which a part is of a type of its own.
    pub(super) fn is_made_of_types(&self, column: usize) -> bool {
        let made = column.checked_sub(self.width).and_then(|index| self.made.get(index));
        made.is_some_and(|made| made.is_typed)
    }

    /// As what times stand in a column of a Parquet file.
    pub(super) fn times(&self, parquet: &Parquet, column: usize) -> Times {
        match column < self.width {
            true => parquet.times(column),
            false if self.is_made_of_types(column) => Times::Instants,
            false => Times::Text,
        }
    }

    /// What is said of a derived column, said of the first that it is made of.
    pub(super) fn in_file(&self, why: Reject) -> Reject {
        let field = why.field.and_then(|field| self.of_file(field).first().copied());
        Reject { field, ..why }
    }

    /// Every column that is looked at, in order of the file.
    pub(super) fn columns(&self) -> Vec<usize> {
        let mut all = self.named();
        all.extend(self.watched);
        all.extend(self.extras.iter().flat_map(|column| self.of_file(*column).to_vec()));
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// Why a row is not used.
#[derive(Clone, Debug)]
pub(super) struct Reject {
    pub(super) code: &'static str,
    /// Index of the field, where it is about one.
    pub(super) field: Option<usize>,
    pub(super) expected: String,
    pub(super) found: String,
}

impl Reject {
    pub(super) fn of(code: &'static str, field: usize, expected: impl Into<String>, found: &[u8]) -> Reject {
        let found: String = text(found).chars().take(80).collect();
        Reject { code, field: Some(field), expected: expected.into(), found }
    }
}

/// When a row happened: µs and the flags of [`Row`].
pub(super) type When = (i64, u8);

/// Translates rows of one file.
pub(super) struct Translator<'p> {
    pub(super) table: &'p Table,
    pub(super) layout: &'p Layout,
    zone: Zone,
    pub(super) roles: Roles,
    opened: (Vec<u8>, i64),
    /// [`Table::opens_by_first`].
    pub(super) opens_by_first: bool,
    /// `cases`: the milestones of the row at hand.
    pub(super) milestones: Vec<(When, usize)>,
    pub(super) memos: Memos,
    pub(super) meanings: Meanings,
    pub(super) follower: Follower,
    /// Of rows that were taken, ids that are not read as they stand.
    pub(super) ids: ChangedIds,
    /// [`Translator::known`] may take rows.
    pub(super) knows: bool,
    /// Derived cells of the row at hand.
    pub(super) made: MadeCells,
}

/// The roles that the profile gives to the actors of a block, worked out once each.
#[derive(Default)]
pub(super) struct Roles(Vec<(Role, u8)>);

impl Roles {
    /// The role of an actor of `block`, and which flag of a row says where it is from.
    #[inline]
    pub(super) fn of(&mut self, table: &Table, block: &Block, actor: u32) -> (Role, u8) {
        if actor == NO_WORD {
            return (table.default_role, DEFAULT);
        }
        while self.0.len() <= actor as usize {
            let next = self.0.len() as u32;
            self.0.push(table.role_of_actor(block.actors.at(next)));
        }
        self.0[actor as usize]
    }
}

/// What cells meant before, for shapes whose row is one event: nearly all rows of nearly all inputs.
#[derive(Default)]
pub(super) struct Memos {
    pub(super) status: Memo<u16>,
    /// Marks of one of the three each.
    pub(super) severity: Memo<Mark>,
    pub(super) event: Memo<Mark>,
    pub(super) role: Memo<Mark>,
}

/// Gives a field's text without the blanks around it.
pub(super) type Get<'g, 'v> = &'g dyn Fn(usize) -> &'v [u8];

impl<'p> Translator<'p> {
    /// For the rows of a file laid out as `layout`, local times in `zone`.
    pub(super) fn new(table: &'p Table, layout: &'p Layout, zone: Zone) -> Translator<'p> {
        let is_one_event = matches!(table.shape, Shape::Events | Shape::Snapshots);
        Translator {
            knows: is_one_event
                && layout.opened_at.is_none()
                && !layout.typed_at
                && layout.made.is_empty()
                && !table.tells_people(),
            table,
            layout,
            zone,
            roles: Roles::default(),
            opened: (Vec::new(), i64::MAX),
            opens_by_first: table.opens_by_first(),
            milestones: Vec::new(),
            memos: Memos::default(),
            meanings: Meanings::default(),
            follower: Follower::default(),
            ids: ChangedIds::default(),
            made: MadeCells::default(),
        }
    }

    /// Makes ready for another block, whose words are numbered anew.
    pub(super) fn start_block(&mut self) {
        self.roles = Roles::default();
        self.memos.status = Memo::default();
        self.meanings = Meanings::default();
    }

    /// The dictionary of a column is another one from the next row on.
    pub(super) fn start_dictionary(&mut self, column: usize) {
        self.meanings.forget(self.layout, column);
    }

    /// Takes one row into `block`.
    #[inline]
    pub(super) fn row<'v>(&mut self, block: &mut Block, cells: &impl Cells<'v>) -> Result<(), Reject> {
        let at = cells.text(self.layout.at);
        let when = self.time(at);
        self.row_at(block, cells, when.ok_or(at))
    }

    /// The same where the instant was read already; `Err`: what stood there.
    #[inline]
    pub(super) fn row_at<'v>(
        &mut self,
        block: &mut Block,
        cells: &impl Cells<'v>,
        when: Result<When, &[u8]>,
    ) -> Result<(), Reject> {
        if matches!(self.table.shape, Shape::Events | Shape::Snapshots) {
            return self.event(block, cells, when);
        }
        let get = &|column| cells.text(column);
        if self.table.shape == Shape::People {
            return self.person(block, get);
        }
        self.check_case(get(self.layout.case_id))?;
        let when = self.check_instant(cells, when)?;
        let n = block.rows.len();
        match self.table.shape {
            Shape::Events | Shape::Snapshots | Shape::People => {}
            Shape::Changes => self.change(block, get, when)?,
            Shape::Messages => self.message(block, get, when)?,
            Shape::Activities => self.activity(block, get, when)?,
            Shape::Cases => self.case(block, get, when)?,
        }
        let cell = get(self.layout.case_id);
        self.ids.add(ids::clean(cell).1, cell, 1);
        if let Some(watched) = &mut block.watched {
            let cell = self.cell(get, self.layout.watched);
            (n..block.rows.len()).for_each(|_| watched.push(cell));
        }
        Ok(())
    }

    /// The number of a row's case, of the shapes that have rules for its id.
    pub(super) fn case_of(&self, block: &mut Block, get: Get<'_, '_>) -> u32 {
        let id = self.table.rules.case_id(get(self.layout.case_id));
        match self.layout.other_ids.as_ref().and_then(|all| all.get(id)) {
            Some(known) => block.case(known),
            None => block.case(id),
        }
    }

    /// What every shape needs first: a case id.
    #[inline]
    fn check_case(&self, case_id: &[u8]) -> Result<(), Reject> {
        let id = ids::clean(case_id).0;
        if id.is_empty() || self.table.is_missing(id) || self.table.is_missing(case_id) || ids::is_none(id) {
            return Err(Reject::of(codes::D502, self.layout.case_id, "a case id", case_id));
        }
        Ok(())
    }

    /// And an instant.
    #[inline(always)]
    fn check_instant<'v>(&self, cells: &impl Cells<'v>, when: Result<When, &[u8]>) -> Result<When, Reject> {
        let column = self.layout.at;
        let (at, flags) =
            when.map_err(|found| Reject::of(codes::D501, column, self.table.formats.expected(), found))?;
        if !(Instant::MIN.micros()..=Instant::MAX.micros()).contains(&at) {
            let found = cells.text(column);
            return Err(Reject::of(codes::D501, column, "an instant of the years 1 to 9999, UTC", found));
        }
        Ok((at, flags))
    }

    /// A row of `events` or `snapshots`. The block's words grow only after all that a row can be rejected for.
    #[inline]
    fn event<'v>(
        &mut self,
        block: &mut Block,
        cells: &impl Cells<'v>,
        when: Result<When, &[u8]>,
    ) -> Result<(), Reject> {
        let (layout, table) = (self.layout, self.table);
        let get = &|column| cells.text(column);
        let cell = get(layout.case_id);
        let (case_id, change) = ids::clean(cell);
        let hash = block.cases.hash_of(case_id);
        let known = block.cases.find(hash, case_id);
        // One that was taken before is a case id.
        if known.is_none() {
            self.check_case(cell)?;
        }
        let (at, flags) = self.check_instant(cells, when)?;
        let memos = &mut self.memos;
        let severity = recall(&mut memos.severity, table, cells, layout.severity, |word| {
            Some(Mark::new(EventKind::Opened, Role::Unknown, table.severity(word)?))
        });
        let kind = recall(&mut memos.event, table, cells, layout.event, |word| {
            Some(Mark::new(table.event(word)?, Role::Unknown, 0))
        });
        let role = recall(&mut memos.role, table, cells, layout.role, |word| {
            Some(Mark::new(EventKind::Opened, table.role(word)?, 0))
        });
        // What could not be read is read again for what is wrong with it.
        let severity = severity.map_or_else(|| self.severity(get), |mark| Ok(mark.severity()))?;
        let words = kind.zip(role).map(|(kind, role)| (kind.kind(), role.role()));
        let (kind, role) = words.map_or_else(|| self.words(get), Ok)?;
        let opened_at = self.opened_at(get, at)?;
        let case = known.unwrap_or_else(|| block.new_case(hash, case_id));
        self.ids.add(change, cell, 1);
        let mut actor = layout.actor.map_or(NO_WORD, |column| self::actor(table, block, cells.text(column)));
        let statuses = &mut block.statuses;
        let status = recall(&mut self.memos.status, table, cells, layout.status, |word| {
            Some(if word.is_empty() { NO_STATUS } else { status_id(statuses.intern(word)) })
        });
        let status = status.unwrap_or(NO_STATUS);
        let opener = if kind == EventKind::Opened { self.cell(get, layout.opened_by) } else { &[] };
        let mut role = role;
        if !opener.is_empty() {
            (actor, role) = self.opened_by(block, opener, (actor, role));
        }
        let (role, from) = self.role_by(block, role, actor);
        let flags = if self.opens_by_first { flags | FIRST } else { flags } | from;
        let mut row =
            Row { at, case, actor, number: 0, status, mark: Mark::new(kind, role, severity), flags };
        if kind == EventKind::Opened && from == DEFAULT {
            row.set_role(table.first_role);
        }
        if table.tells_people() {
            self.name_all(block, (case, at), get);
        }
        if self.opens_by_first {
            block.tell(row.case, at, opened_at);
        }
        // Without extra columns too: it tells when the case was opened, which other files' attributes ask for.
        self.offer_cells(block, &row, cells);
        block.push(row);
        Ok(())
    }

    /// The extra columns of a row, and the one that is kept as it stands.
    #[inline(never)]
    pub(super) fn offer_cells<'v>(&self, block: &mut Block, row: &Row, cells: &impl Cells<'v>) {
        let (table, layout) = (self.table, self.layout);
        block.offer(row, |column| cell(table, cells, layout.extras.get(column).copied()));
        if let Some(watched) = &mut block.watched {
            watched.push(cell(table, cells, layout.watched));
        }
    }

    /// Reads the instant of a row in text.
    #[inline]
    pub(super) fn time(&mut self, text: &[u8]) -> Option<When> {
        if self.layout.typed_at { self.stored(text, true) } else { self.instant(text) }
    }

    /// Reads an instant in text.
    #[inline]
    pub(super) fn instant(&mut self, text: &[u8]) -> Option<When> {
        match self.table.formats.parse(text, &mut self.follower)? {
            Stamp::At(at) => Some((at, 0)),
            Stamp::Local(local) => Some(self.local(local)),
        }
    }

    /// The same in a column that may be of a type of its own, which comes in canonical form.
    pub(super) fn stored(&mut self, word: &[u8], is_typed: bool) -> Option<When> {
        match canonical(word) {
            Some(Stamp::At(at)) if is_typed => Some((at, 0)),
            Some(Stamp::Local(local)) if is_typed => Some(self.local(local)),
            _ => self.instant(word),
        }
    }

    /// Resolves a local time in the table's zone.
    #[inline]
    pub(super) fn local(&mut self, local: i64) -> When {
        match self.zone.resolve(local) {
            Local::Single(at) => (at, 0),
            Local::Fold(earlier, _) => (earlier, FOLD),
            Local::Gap(at) => (at, GAP),
        }
    }

    /// The text of an optional column; empty where the column or the value is missing.
    #[inline]
    pub(super) fn cell<'v>(&self, get: &impl Fn(usize) -> &'v [u8], column: Option<usize>) -> &'v [u8] {
        match column.map(get) {
            Some(value) if !self.table.is_missing(value) => value,
            _ => &[],
        }
    }

    #[inline]
    pub(super) fn severity<'v>(&self, get: &impl Fn(usize) -> &'v [u8]) -> Result<u8, Reject> {
        let word = self.cell(get, self.layout.severity);
        self.level(word, self.layout.severity.unwrap_or(0))
    }

    /// The severity that `word` of column `field` means.
    #[inline]
    pub(super) fn level(&self, word: &[u8], field: usize) -> Result<u8, Reject> {
        self.table.severity(word).ok_or_else(|| {
            let expected = match self.table.severities.as_slice() {
                [] => "a whole number from 1 to 9".to_string(),
                [(first, _), ..] => {
                    format!("a whole number from 1 to 9 or a word of the profile such as `{first}`")
                }
            };
            Reject::of(codes::D512, field, expected, word)
        })
    }

    #[inline]
    pub(super) fn words<'v>(&self, get: &impl Fn(usize) -> &'v [u8]) -> Result<(EventKind, Role), Reject> {
        let event = self.cell(get, self.layout.event);
        let kind = self.table.event(event).ok_or_else(|| {
            let expected = "`opened`, `message`, `note` or `update`";
            Reject::of(codes::D513, self.layout.event.unwrap_or(0), expected, event)
        })?;
        let word = self.cell(get, self.layout.role);
        let role = self.table.role(word).ok_or_else(|| {
            let expected = "`customer`, `agent` or `system`";
            Reject::of(codes::D513, self.layout.role.unwrap_or(0), expected, word)
        })?;
        Ok((kind, role))
    }

    /// `snapshots`: when the row says that the case was opened, if that is before the row itself.
    #[inline]
    fn opened_at<'v>(&mut self, get: &impl Fn(usize) -> &'v [u8], at: i64) -> Result<i64, Reject> {
        let Some(column) = self.layout.opened_at else { return Ok(at) };
        let word = self.cell(get, Some(column));
        if word.is_empty() {
            return Ok(at);
        }
        if self.opened.0 != word {
            let Some((opened_at, _)) = self.stored(word, self.layout.typed_opening) else {
                return Err(Reject::of(codes::D501, column, self.table.formats.expected(), word));
            };
            self.opened.0.clear();
            self.opened.0.extend_from_slice(word);
            self.opened.1 = opened_at;
        }
        Ok(self.opened.1.min(at))
    }

    /// The role of a row of this block, and which flag says where it is from: its own word, unless a pattern of its actor
    /// always holds, or what the profile gives to the actor.
    #[inline]
    pub(super) fn role_by(&mut self, block: &Block, said: Role, actor: u32) -> (Role, u8) {
        if said != Role::Unknown && self.table.always.is_empty() {
            return (said, 0);
        }
        let of_actor = self.roles.of(self.table, block, actor);
        if said == Role::Unknown || of_actor.1 == ALWAYS { of_actor } else { (said, 0) }
    }
}

/// The text of an optional column; empty where the column or the value is missing.
#[inline]
pub(super) fn cell<'v>(table: &Table, cells: &impl Cells<'v>, column: Option<usize>) -> &'v [u8] {
    match column.map(|column| cells.text(column)) {
        Some(value) if !value.is_empty() && !table.is_missing(value) => value,
        _ => &[],
    }
}

/// The number of an actor.
pub(super) fn actor(table: &Table, block: &mut Block, name: &[u8]) -> u32 {
    if name.is_empty() {
        return NO_WORD;
    }
    let hash = block.actors.hash_of(name);
    match block.actors.find(hash, name) {
        Some(known) => known,
        None if table.is_missing(name) => NO_WORD,
        None => block.actors.intern_hashed(hash, name),
    }
}

/// What the cell of an optional column means, by `read`, which is given the empty word for one that is missing.
#[inline]
fn recall<'v, T: Copy>(
    memo: &mut Memo<T>,
    table: &Table,
    cells: &impl Cells<'v>,
    column: Option<usize>,
    read: impl FnOnce(&[u8]) -> Option<T>,
) -> Option<T> {
    let word = column.map_or(&[][..], |column| cells.text(column));
    memo.recall(word, |word| read(if table.is_missing(word) { &[] } else { word }))
}

/// A block has fewer distinct status words than this can tell apart, or the input is refused when the blocks are
/// put together: the excess ones share the last index.
pub(super) fn status_id(word: u32) -> u16 {
    u16::try_from(word).unwrap_or(NO_STATUS - 1).min(NO_STATUS - 1)
}
