//! Who did what in one case (SPEC 3.5): the role of each row once all tables are read. A row comes with its own word, or
//! with what the patterns and `default_role` of its table say; here the people of the input, and who asked at that
//! instant, go before that. Rows come sorted, the opening at its place.

use super::group::{Numbered, block_of};
use super::people::{Form, Naming, Said, Ways, Who};
use super::rows::{ALWAYS, CHANGE, DEFAULT, NO_STATUS, NO_WORD, Row, WEAK};
use super::shape_join::Befores;
use crate::calendar::SECOND;
use crate::history::{EventKind, Role};

/// What is known beside the rows of a case.
pub(super) struct Known<'k> {
    pub(super) who: &'k Who,
    pub(super) blocks: &'k [Numbered],
    pub(super) befores: &'k Befores,
    /// Of this case, in order of time.
    pub(super) namings: &'k [Naming],
}

impl Known<'_> {
    fn ways(&self, row: &Row) -> Ways {
        self.blocks[block_of(row.number, self.blocks)].ways
    }

    /// True where a row tells of a state and of none before: the case came into being with it.
    fn begins(&self, row: &Row) -> bool {
        row.flags & CHANGE != 0 && !self.befores.has(row)
    }

    /// The role of a row of whom nobody tells, and who is not who asks: whoever opens for another is of the desk.
    fn role_of_another(&self, row: &Row) -> Role {
        match self.ways(row).default_role {
            _ if row.role_from() != DEFAULT || row.kind() != EventKind::Opened => row.role(),
            Role::Unknown => Role::Agent,
            role => role,
        }
    }

    /// True where a list says that another than who asks opened.
    fn is_beside(&self) -> bool {
        self.namings.iter().any(|naming| naming.said == Said::ListedBeside)
    }

    /// True where two actors may be compared by what they are called.
    fn is_comparable(&self, actor: u32, form: Form) -> bool {
        self.who.form(actor) == Some(form)
    }
}

/// Gives the rows of known people their roles, in any order of rows: where neither a row's own word nor a pattern that
/// always holds tells.
pub(super) fn know(rows: &mut [Row], who: &Who) {
    if who.knows_nobody() {
        return;
    }
    for row in rows.iter_mut().filter(|row| !matches!(row.role_from(), 0 | ALWAYS)) {
        if let Some(role) = who.role(row.actor) {
            row.cast((role, 0));
        }
    }
}

/// The row that opens a case.
pub(super) fn opening(rows: &[Row]) -> usize {
    rows.iter().position(|row| row.kind() == EventKind::Opened).unwrap_or(0)
}

/// Where a list of cases has the minute of the opening and another table the second, the second holds: the earliest of
/// their rows, where it tells of the opening. Rows may stand in another order then: true.
pub(super) fn date_opening(rows: &mut [Row], known: &Known<'_>) -> bool {
    const MINUTE_LONG: i64 = 60 * SECOND;
    let is_minute = |row: &Row| row.at.rem_euclid(MINUTE_LONG) == 0;
    let opens = |row: &Row| row.flags & WEAK != 0 && row.kind() == EventKind::Opened && is_minute(row);
    let Some(listed) = rows.iter().position(opens) else { return false };
    let row = rows[listed];
    let others = || rows.iter().filter(|other| other.flags & WEAK == 0);
    let Some(at) = others().map(|other| other.at).min() else { return false };
    let asks = Requesters::new(known).first().map_or(NO_WORD, |(actor, _)| actor);
    let tells = |other: &Row| {
        let is_opener = other.actor != NO_WORD && (other.actor == row.actor || other.actor == asks);
        is_opener || other.kind() == EventKind::Opened || known.begins(other)
    };
    let is_told = others().any(|other| other.at == at && tells(other));
    if at == row.at || (at - row.at).abs() >= MINUTE_LONG || !is_told {
        return false;
    }
    rows[listed].at = at;
    true
}

/// Who asks in a case, from when on.
struct Requesters<'k> {
    known: &'k Known<'k>,
    /// In order of time; the first holds from the opening.
    dated: Vec<(i64, u32)>,
}

impl<'k> Requesters<'k> {
    fn new(known: &'k Known<'k>) -> Requesters<'k> {
        let mut dated = Vec::new();
        for naming in known.namings {
            match naming.said {
                // Only the first tells something new.
                Said::Before if dated.is_empty() => dated.push((i64::MIN, naming.who)),
                Said::From => dated.push((naming.at, naming.who)),
                _ => {}
            }
        }
        if dated.is_empty() {
            let is_listed =
                |naming: &&Naming| !matches!(naming.said, Said::Before | Said::From | Said::Opener);
            dated.extend(known.namings.iter().rfind(is_listed).map(|naming| (i64::MIN, naming.who)));
        }
        Requesters { known, dated }
    }

    /// Who asks first of all.
    fn first(&self) -> Option<(u32, Form)> {
        self.dated.first().map(|(_, who)| self.known.who.requester(*who))
    }

    /// Who asks at an instant, its own changes included.
    fn at(&self, at: i64) -> Option<(u32, Form)> {
        let after = self.dated.partition_point(|(from, _)| *from <= at);
        let (_, who) = self.dated.get(after.saturating_sub(1))?;
        Some(self.known.who.requester(*who))
    }

    /// True where `row` is of another than who asks, by what both are called.
    fn differs(&self, row: &Row) -> bool {
        self.at(row.at)
            .is_some_and(|(actor, form)| actor != row.actor && self.known.is_comparable(row.actor, form))
    }

    /// True where `row` is of who asks at its instant.
    fn has(&self, row: &Row) -> bool {
        row.actor != NO_WORD && self.at(row.at).is_some_and(|(actor, _)| actor == row.actor)
    }
}

/// True for a row whose role nothing can change: a pattern that always holds, or the row's own word for an automation.
fn is_fixed(row: &Row) -> bool {
    row.role_from() == ALWAYS || row.role_from() == 0 && row.role() == Role::System
}

/// Gives each row of a case its role. Messages that are the opening itself are none any more; returns how many rows stay.
pub(super) fn cast(rows: &mut [Row], known: &Known<'_>) -> usize {
    let (asking, first) = (Requesters::new(known), opening(rows));
    if rows.is_empty() {
        return 0;
    }
    let other = match take_opener(rows, first, &asking) {
        Opener::Another => None,
        Opener::Asking(other) => Some(other),
        Opener::Said => opened_as(rows, first, &asking),
    };
    let opener = rows[first];
    // Who opened is who asks where nobody else is named.
    let is_implied = asking.dated.is_empty() && opener.role() == Role::Customer;
    let is_opener =
        |actor: u32| actor != NO_WORD && (is_implied && actor == opener.actor || other == Some(actor));
    for (i, row) in rows.iter_mut().enumerate() {
        if i == first || is_fixed(row) {
            continue;
        }
        let is_guess = row.role_from() == DEFAULT && is_opener(row.actor);
        if asking.has(row) || is_guess && known.ways(row).opener_is_customer {
            row.cast((Role::Customer, 0));
        } else if asking.differs(row) {
            row.set_role(known.role_of_another(row));
        }
    }
    open_once(rows, first, &asking, other)
}

/// What other rows tell of who opened.
enum Opener {
    /// Nothing: it is who the opening row says.
    Said,
    /// Who asks, under this name.
    Asking(u32),
    /// Somebody else than who asks; the opening row is theirs now.
    Another,
}

/// Who opened, where the row that opens does not say: a list that names the requester alone, or a row of whole states
/// whose writer is not who opened.
fn take_opener(rows: &mut [Row], first: usize, asking: &Requesters<'_>) -> Opener {
    let known = asking.known;
    if let Some(naming) = known.namings.iter().find(|naming| naming.said == Said::Opener) {
        let told = known.who.role(naming.who).filter(|_| naming.role.1 != ALWAYS).map(|role| (role, 0));
        rows[first].actor = naming.who;
        rows[first].cast(told.unwrap_or(naming.role));
        if rows[first].role_from() == DEFAULT {
            rows[first].set_role(known.ways(&rows[first]).first_role);
        }
    }
    if rows[first].flags & WEAK == 0 {
        return Opener::Said;
    }
    let is_alone = known.namings.iter().any(|naming| naming.said == Said::ListedAlone);
    let asks = asking.at(rows[first].at).filter(|_| is_alone);
    // The list has the last requester, and this is the first.
    if let Some((asks, _)) = asks.filter(|(asks, _)| *asks != NO_WORD) {
        rows[first].actor = asks;
    }
    let shown = shown(rows, first, known).filter(|_| !known.is_beside());
    let Some(shown) = shown else { return Opener::Said };
    let Some((asks, form)) = asks else {
        let is_nobody = rows[first].actor == NO_WORD && rows[first].role_from() == DEFAULT;
        if is_nobody && asking.dated.is_empty() {
            rows[first].actor = shown.actor;
            if shown.role_from() != DEFAULT {
                rows[first].cast((shown.role(), shown.role_from()));
            }
            return Opener::Said;
        }
        // A list without a requester names the opener, and another table the same one otherwise.
        let is_open = !matches!(rows[first].role(), Role::Agent | Role::System);
        // Two who are called alike, and otherwise, are two.
        let is_alike = known.who.form(shown.actor) == known.who.form(rows[first].actor);
        let is_shown = shown.kind() == EventKind::Opened && shown.role() == Role::Customer;
        let is_one = is_open && is_shown && !is_alike;
        return if is_one { Opener::Asking(shown.actor) } else { Opener::Said };
    };
    if shown.actor == asks {
        return Opener::Said;
    }
    let is_told = shown.role() == Role::Agent && shown.role_from() != DEFAULT;
    if !is_told && !known.is_comparable(shown.actor, form) {
        return Opener::Asking(shown.actor);
    }
    rows[first].actor = shown.actor;
    if shown.role() != Role::Unknown {
        rows[first].cast((known.role_of_another(&shown), shown.role_from()));
    }
    Opener::Another
}

/// The row of another table that shows who opened at the instant of a list's opening.
fn shown(rows: &[Row], first: usize, known: &Known<'_>) -> Option<Row> {
    let at = rows[first].at;
    let of_instant = || {
        let others = rows.iter().filter(move |row| row.at == at && row.flags & WEAK == 0);
        others.filter(|row| row.actor != NO_WORD && row.role() != Role::System)
    };
    let opened = of_instant().find(|row| row.kind() == EventKind::Opened);
    let said = || of_instant().find(|row| matches!(row.kind(), EventKind::Message | EventKind::Note));
    opened.or_else(said).or_else(|| of_instant().find(|row| known.begins(row))).copied()
}

/// The role of who opened. `Some`: another name of who asks.
fn opened_as(rows: &mut [Row], first: usize, asking: &Requesters<'_>) -> Option<u32> {
    let row = &mut rows[first];
    let ways = asking.known.ways(row);
    if is_fixed(row) {
        return None;
    }
    if asking.has(row) {
        row.cast((Role::Customer, 0));
        return None;
    }
    if row.role_from() != DEFAULT || row.actor == NO_WORD {
        return None;
    }
    let is_another = asking.known.is_beside() || asking.differs(row);
    let role = match is_another {
        true if ways.default_role == Role::Unknown => Role::Agent,
        true => ways.default_role,
        false if ways.opener_is_customer => Role::Customer,
        false => row.role(),
    };
    row.set_role(role);
    // Named otherwise than who asks, and not known to be somebody else.
    let is_named = !asking.dated.is_empty();
    (is_named && !is_another && role == Role::Customer).then_some(row.actor)
}

/// Takes the messages out that are the opening itself (SPEC 3.5): public, of its instant, by who opened or who asks. Where
/// both are events as they stand they stay two.
fn open_once(rows: &mut [Row], first: usize, asking: &Requesters<'_>, other: Option<u32>) -> usize {
    let known = asking.known;
    let (opener, n) = (rows[first], rows.len());
    let stands = known.ways(&opener).is_events;
    let is_one = |row: &Row| {
        let is_known = row.actor != NO_WORD && (row.actor == opener.actor || other == Some(row.actor));
        // One of them is not named, or otherwise.
        let forms = (known.who.form(row.actor), known.who.form(opener.actor));
        let is_alike = row.role() == opener.role() && (forms.0.is_none() || forms.0 != forms.1);
        is_known || is_alike || asking.has(row)
    };
    let mut kept = 0;
    for i in 0..n {
        let mut row = rows[i];
        let is_message = i != first && row.at == opener.at && row.kind() == EventKind::Message;
        if is_message && !(stands && known.ways(&row).is_events) && is_one(&row) {
            row.set_kind(EventKind::Update);
            if row.status == NO_STATUS && row.severity() == 0 {
                continue;
            }
        }
        rows[kept] = row;
        kept += 1;
    }
    kept
}
