//! The cells of one row to one [`Row`], under a table of a profile: every check of SPEC 3.4 but the split of the
//! line itself. A row is taken whole or not at all: no word of a rejected row is kept.

use super::profile::{Shape, Table};
use super::rows::{Block, FOLD, GAP, NO_STATUS, NO_WORD, Row};
use super::timestamp::{Stamp, canonical};
use super::words::text;
use super::zone::{Local, Zone};
use crate::calendar::Instant;
use crate::codes;
use crate::history::{EventKind, Role};

/// Where the columns of one file stand; indices into its header.
#[derive(Clone, Debug, Default)]
pub(super) struct Layout {
    /// How many fields a row has.
    pub(super) width: usize,
    pub(super) case_id: usize,
    pub(super) at: usize,
    pub(super) event: Option<usize>,
    pub(super) role: Option<usize>,
    pub(super) actor: Option<usize>,
    pub(super) status: Option<usize>,
    pub(super) severity: Option<usize>,
    pub(super) opened_at: Option<usize>,
    /// `opened_at` is of a type of its own (Parquet) and comes in canonical form, whatever the table's formats.
    pub(super) typed_opening: bool,
    /// The column that is kept as it stands.
    pub(super) watched: Option<usize>,
    /// Extra columns.
    pub(super) extras: Vec<usize>,
    /// For each of `extras`: its index among the attributes of the whole input.
    pub(super) attributes: Vec<usize>,
}

impl Layout {
    /// Every column that is looked at, in order of the file.
    pub(super) fn columns(&self) -> Vec<usize> {
        let named = [Some(self.case_id), Some(self.at), self.event, self.role, self.actor, self.status];
        let mut all: Vec<usize> = named
            .into_iter()
            .flatten()
            .chain(self.severity)
            .chain(self.opened_at)
            .chain(self.watched)
            .collect();
        all.extend(&self.extras);
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
    fn of(code: &'static str, field: usize, expected: impl Into<String>, found: &[u8]) -> Reject {
        let found: String = text(found).chars().take(80).collect();
        Reject { code, field: Some(field), expected: expected.into(), found }
    }
}

/// When a row happened: µs and the flags of [`Row`].
type When = (i64, u8);

/// Translates rows of one file.
pub(super) struct Translator<'p> {
    table: &'p Table,
    layout: &'p Layout,
    zone: Zone,
    roles: Vec<Role>,
    opened: (Vec<u8>, i64),
}

impl<'p> Translator<'p> {
    /// For the rows of a file laid out as `layout`, local times in `zone`.
    pub(super) fn new(table: &'p Table, layout: &'p Layout, zone: Zone) -> Translator<'p> {
        Translator { table, layout, zone, roles: Vec::new(), opened: (Vec::new(), i64::MAX) }
    }

    /// Makes ready for another block, whose words are numbered anew.
    pub(super) fn start_block(&mut self) {
        self.roles.clear();
    }

    /// Takes one row into `block`; `get` gives a field's text without the blanks around it.
    #[inline]
    pub(super) fn row<'v>(
        &mut self,
        block: &mut Block,
        get: &impl Fn(usize) -> &'v [u8],
    ) -> Result<(), Reject> {
        let at = get(self.layout.at);
        let when = self.instant(at);
        self.row_at(block, get, when.ok_or(at))
    }

    /// The same where the instant was read already; `Err`: what stood there.
    #[inline]
    pub(super) fn row_at<'v>(
        &mut self,
        block: &mut Block,
        get: &impl Fn(usize) -> &'v [u8],
        when: Result<When, &[u8]>,
    ) -> Result<(), Reject> {
        let layout = self.layout;
        let case_id = get(layout.case_id);
        if case_id.is_empty() || self.table.is_missing(case_id) {
            return Err(Reject::of(codes::D502, layout.case_id, "a case id", case_id));
        }
        let (at, flags) =
            when.map_err(|found| Reject::of(codes::D501, layout.at, self.table.formats.expected(), found))?;
        if !(Instant::MIN.micros()..=Instant::MAX.micros()).contains(&at) {
            let found = get(layout.at);
            return Err(Reject::of(codes::D501, layout.at, "an instant of the years 1 to 9999, UTC", found));
        }
        let severity = self.severity(get)?;
        let (kind, role) = self.words(get)?;
        let opened_at = self.opened_at(get, at)?;
        let actor = self.cell(get, layout.actor);
        let status = self.cell(get, layout.status);
        let actor = if actor.is_empty() { NO_WORD } else { block.actors.intern(actor) };
        let status = if status.is_empty() { NO_STATUS } else { status_id(block.statuses.intern(status)) };
        let role = if role == Role::Unknown { self.role_of(block, actor) } else { role };
        let row = Row { at, case: block.case(case_id), actor, status, kind, role, severity, flags };
        if self.table.shape == Shape::Snapshots {
            let told = &mut block.told[row.case as usize];
            if at < told.0 {
                *told = (at, opened_at);
            }
        }
        // Without extra columns too: it tells when the case was opened, which other files' attributes ask for.
        let table = self.table;
        let cell = |column: usize| {
            let value = get(layout.extras[column]);
            if table.is_missing(value) { &[] } else { value }
        };
        block.offer(&row, cell);
        if let Some(watched) = &mut block.watched {
            watched.push(self.cell(get, layout.watched));
        }
        block.rows.push(row);
        Ok(())
    }

    /// Reads an instant in text.
    #[inline]
    pub(super) fn instant(&mut self, text: &[u8]) -> Option<When> {
        match self.table.formats.parse(text)? {
            Stamp::At(at) => Some((at, 0)),
            Stamp::Local(local) => Some(self.local(local)),
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
    fn cell<'v>(&self, get: &impl Fn(usize) -> &'v [u8], column: Option<usize>) -> &'v [u8] {
        match column.map(get) {
            Some(value) if !self.table.is_missing(value) => value,
            _ => &[],
        }
    }

    #[inline]
    fn severity<'v>(&self, get: &impl Fn(usize) -> &'v [u8]) -> Result<u8, Reject> {
        let word = self.cell(get, self.layout.severity);
        let field = self.layout.severity.unwrap_or(0);
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
    fn words<'v>(&self, get: &impl Fn(usize) -> &'v [u8]) -> Result<(EventKind, Role), Reject> {
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
            let read = match canonical(word) {
                Some(Stamp::At(at)) if self.layout.typed_opening => Some((at, 0)),
                Some(Stamp::Local(local)) if self.layout.typed_opening => Some(self.local(local)),
                _ => self.instant(word),
            };
            let Some((opened_at, _)) = read else {
                return Err(Reject::of(codes::D501, column, self.table.formats.expected(), word));
            };
            self.opened.0.clear();
            self.opened.0.extend_from_slice(word);
            self.opened.1 = opened_at;
        }
        Ok(self.opened.1.min(at))
    }

    /// The role that the profile gives to an actor of this block.
    #[inline]
    fn role_of(&mut self, block: &Block, actor: u32) -> Role {
        if actor == NO_WORD {
            return self.table.default_role;
        }
        while self.roles.len() <= actor as usize {
            let next = self.roles.len() as u32;
            self.roles.push(self.table.role_of_actor(block.actors.at(next)));
        }
        self.roles[actor as usize]
    }
}

/// A block has fewer distinct status words than this can tell apart, or the input is refused when the blocks are
/// put together: the excess ones share the last index.
fn status_id(word: u32) -> u16 {
    u16::try_from(word).unwrap_or(NO_STATUS - 1).min(NO_STATUS - 1)
}
