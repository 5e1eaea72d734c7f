//! One part of the cases, as `gather` left it: rows by case and in order of the history, repeated hours resolved,
//! duplicates gone, the opening first of its instant (SPEC 1, 2, 3.3, 3.4). Parts share nothing, so they are made
//! in parallel, and each fits in cache. Not the order of cases: that is `assemble`; nor the order within an instant: that
//! is `ties`.

use chrono_tz::Tz;

use super::acts::{Acts, at_once};
use super::assumed::Assumed;
use super::cast::{Known, cast, date_opening, know};
use super::equal_rows::deduplicate;
use super::gather::{BlockKey, Gathered, Told};
use super::openings::Openings;
use super::people::{Naming, Ways, Who};
use super::places::Places;
use super::requesters::in_order;
use super::rows::{DEFAULT, FIRST, FOLD, GAP, NO_STATUS, NO_WORD, Row, SHIFTED};
use super::shape_join::{Befores, open_by_case, restore, yield_to};
use super::ties;
use super::words::Interner;
use super::zone::{Local, resolve};
use crate::calendar::{Instant, SECOND};
use crate::codes;
use crate::history::{Event, EventKind, Mark, Role, StatusId, WordId};
use crate::zones;

/// A block, in order of the input, and how its rows are numbered in the whole input.
pub(super) struct Numbered {
    pub(super) key: BlockKey,
    /// Number of its first row among all used rows.
    pub(super) base: u32,
    /// Index of its file.
    pub(super) file: u32,
    /// Zone of its local times.
    pub(super) zone: Tz,
    /// What its table says of roles.
    pub(super) ways: Ways,
}

/// A local time that was not one instant.
pub(super) struct Shift {
    pub(super) code: &'static str,
    /// Place of the case in the part.
    pub(super) case: u32,
    /// As the row has it: of two instants the earlier.
    raw: i64,
    /// As it was taken.
    pub(super) at: i64,
    pub(super) ordinal: u32,
}

/// The cases of one part.
pub(super) struct Part {
    /// Ids of the cases; all else goes by place among these.
    pub(super) cases: Interner,
    /// Where each case's events start; one more than cases.
    pub(super) starts: Vec<u32>,
    pub(super) events: Vec<Event>,
    /// For each event the number of its row.
    pub(super) ordinals: Vec<u32>,
    /// For each attribute of the input, for each case: the number of its value.
    pub(super) values: Vec<Vec<u32>>,
    /// Duplicates: the row and the used one that it equals.
    pub(super) duplicates: Vec<(u32, u32)>,
    pub(super) shifts: Vec<Shift>,
    /// The earliest and the latest event.
    pub(super) span: Option<(Instant, Instant)>,
    pub(super) assumed: Assumed,
}

/// Which of several rows of one instant comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ties {
    /// The first of the input.
    Source,
    /// Messages, then the first of the input: where tables are joined, their order says nothing (SPEC 7.1).
    Messages,
}

/// What the tables of the input ask for beyond one event a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Joining {
    pub(super) ties: Ties,
    /// Some table is of a shape whose rows may yield to others or tell of the state before: `shape_join` has work.
    pub(super) has_shapes: bool,
    /// Some table tells more of who did what than each row by itself: `cast` has work.
    pub(super) has_people: bool,
}

impl Joining {
    /// Ties in time are decided by more than the order of the input.
    pub(super) fn has_ties(self) -> bool {
        self.ties != Ties::Source
    }
}

/// What all parts need to know of the whole input.
pub(super) struct Input<'i> {
    /// In order of the input.
    pub(super) blocks: &'i [Numbered],
    /// Which rows stand where in it.
    pub(super) places: &'i Places,
    pub(super) joining: Joining,
    pub(super) ranks: &'i Ranks,
    pub(super) who: &'i Who,
    pub(super) acts: &'i Acts,
}

impl Input<'_> {
    /// True where `b`, which does not stand before `a`, is another event of the same row of the input.
    pub(super) fn is_one_row(&self, a: &Row, b: &Row) -> bool {
        self.joining.has_shapes && self.places.is_one(a.number, b.number)
    }
}

/// Words by their number as they came: their places in ascending order.
pub(super) struct Ranks {
    pub(super) actors: Vec<u32>,
    pub(super) statuses: Vec<u32>,
}

/// Puts a part together. The rows are brought in order beside the place where they came, and become events there: the
/// room for that is one part's, on each thread, and not one more copy of all rows.
pub(super) fn group(mut of: Gathered, input: &Input<'_>, scratch: &mut Scratch) -> Part {
    let values = of.values();
    let received = scatter(&of, input.blocks, scratch);
    let befores = befores(&of, input.blocks);
    let (mut namings, keys) = namings(&of);
    let rows = &mut scratch.rows[..];
    let (mut duplicates, mut shifts, mut assumed) = (Vec::new(), Vec::new(), Assumed::default());
    let mut starts = Vec::with_capacity(received.len());
    starts.push(0);
    let mut kept = 0;
    for (case, ends) in received.windows(2).enumerate() {
        let range = ends[0] as usize..ends[1] as usize;
        let told = of.told.get(case);
        let mut history = Case { rows: &mut rows[range.clone()] };
        let n = if history.is_plain(input.joining, told) {
            range.len()
        } else {
            history.shift(case as u32, input, &mut shifts);
            know(history.rows, input.who);
            let (n, newest_first) = history.order(input, &mut duplicates, &mut assumed);
            let named = of_case(&namings, case as u32);
            in_order(&mut namings[named.clone()], &keys[named.clone()], &newest_first);
            let namings = &namings[named];
            let known = Known { who: input.who, blocks: input.blocks, befores: &befores, namings };
            let n = history.settle(n, told, input, &known);
            history.take_acts(n, &mut assumed);
            n
        };
        let n = history.act(n, input, &mut assumed);
        if kept < range.start {
            rows.copy_within(range.start..range.start + n, kept);
        }
        kept += n;
        starts.push(kept as u32);
    }
    let rows = &rows[..kept];
    assumed.openings = Openings::of(rows, &starts, input.blocks);
    let Gathered { mut cases, rows: room, .. } = of;
    cases.seal();
    let events = events(room, rows, input.ranks);
    // In the room that the events left of that of their rows.
    let ordinals = rows.iter().map(|row| row.number).collect();
    let span = span(&events, &starts);
    Part { cases, starts, events, ordinals, values, duplicates, shifts, span, assumed }
}

/// The events of `rows`, in the room of a part's rows as they came: an event is no larger than a row.
fn events(mut room: Vec<Row>, rows: &[Row], ranks: &Ranks) -> Vec<Event> {
    room.truncate(rows.len());
    let mut next = rows.iter();
    let mut events: Vec<Event> = room.into_iter().map_while(|_| Some(event(next.next()?, ranks))).collect();
    events.shrink_to_fit();
    events
}

#[inline]
fn event(row: &Row, ranks: &Ranks) -> Event {
    let actor = ranks.actors.get(row.actor as usize).map_or(WordId::NONE, |rank| WordId(*rank));
    let status = ranks.statuses.get(usize::from(row.status));
    let status = status.map_or(StatusId::NONE, |rank| StatusId(*rank as u16));
    Event::marked(Instant::from_micros(row.at), actor, status, row.mark)
}

/// The earliest and the latest of the events of all cases, each in order of time.
fn span(events: &[Event], starts: &[u32]) -> Option<(Instant, Instant)> {
    let ends = starts.windows(2).filter(|ends| ends[0] < ends[1]);
    let of_cases = ends.map(|ends| (events[ends[0] as usize].at, events[ends[1] as usize - 1].at));
    of_cases.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}

/// Brings the rows in `scratch` in order of their cases, each case's in source order, with their numbers among all used
/// rows; tells where each case starts.
fn scatter(of: &Gathered, blocks: &[Numbered], scratch: &mut Scratch) -> Vec<u32> {
    let mut starts = vec![0u32; of.cases.len() + 1];
    for row in &of.rows {
        starts[row.case as usize + 1] += 1;
    }
    for i in 1..starts.len() {
        starts[i] += starts[i - 1];
    }
    // What stood there is of another part, and is written over.
    if scratch.rows.len() < of.rows.len() {
        scratch.rows.resize(of.rows.len(), BLANK);
    }
    let ends = of.pieces.iter().skip(1).map(|piece| piece.from).chain([of.rows.len()]);
    let mut pieces: Vec<_> =
        of.pieces.iter().zip(ends).map(|(piece, end)| (piece.key, piece.from..end)).collect();
    pieces.sort_unstable_by_key(|(key, range)| (*key, range.start));
    let mut next = starts.clone();
    for (key, range) in pieces {
        let base = base_of(key, blocks);
        for row in &of.rows[range] {
            let place = &mut next[row.case as usize];
            scratch.rows[*place as usize] = Row { number: base + row.number, ..*row };
            *place += 1;
        }
    }
    starts
}

/// The number of a block's first row among all used rows.
fn base_of(key: BlockKey, blocks: &[Numbered]) -> u32 {
    blocks.binary_search_by_key(&key, |block| block.key).map_or(0, |i| blocks[i].base)
}

/// What was before the changes of a part.
fn befores(of: &Gathered, blocks: &[Numbered]) -> Befores {
    let numbered = |&(key, number, before): &(BlockKey, u32, u16)| (base_of(key, blocks) + number, before);
    Befores::new(of.befores.iter().map(numbered).collect())
}

/// Who asks in the cases of a part, by case and instant, then in order of the input, and the block of each.
fn namings(of: &Gathered) -> (Vec<Naming>, Vec<BlockKey>) {
    let mut all = of.namings.clone();
    all.sort_by_key(|(key, naming)| (naming.case, naming.at, *key));
    all.into_iter().map(|(key, naming)| (naming, key)).unzip()
}

/// Where those of one case stand.
fn of_case(namings: &[Naming], case: u32) -> std::ops::Range<usize> {
    let from = namings.partition_point(|naming| naming.case < case);
    from..from + namings[from..].partition_point(|naming| naming.case == case)
}

/// For room that is written over.
const BLANK: Row = Row {
    at: 0,
    case: 0,
    actor: NO_WORD,
    number: 0,
    status: NO_STATUS,
    mark: Mark::new(EventKind::Update, Role::Unknown, 0),
    flags: 0,
};

/// No zone repeats more than this of its clock, µs.
pub(super) const FOLD_AT_MOST: i64 = 2 * 3_600 * SECOND;

/// Room to bring a part's rows in order, used for one part after the other.
#[derive(Default)]
pub(super) struct Scratch {
    rows: Vec<Row>,
}

/// The rows of one case.
struct Case<'r> {
    rows: &'r mut [Row],
}

impl Case<'_> {
    /// True where the rows are a history as they stand, as most are: each later than the one before, none at a local
    /// time of two meanings, none that another table or another row has to tell of.
    #[inline]
    fn is_plain(&self, joining: Joining, told: Option<&Told>) -> bool {
        let no_opening = told.is_none_or(|told| told.row_at == i64::MAX);
        let (mut before, mut flags, mut in_order) = (i64::MIN, 0, true);
        for row in &*self.rows {
            in_order &= before < row.at;
            before = row.at;
            flags |= row.flags;
        }
        in_order && flags & SHIFTED == 0 && no_opening && !joining.has_shapes && !joining.has_people
    }

    /// Repeated and skipped hours (SPEC 3.3), while the rows still stand in source order.
    ///
    /// A file's own order of a case's rows says which of two instants is meant only where it is an order of time, and
    /// only within that file: exports may overlap, and may be newest first. A local time that gives several events of one
    /// row of the input is told once.
    fn shift(&mut self, case: u32, input: &Input<'_>, shifts: &mut Vec<Shift>) {
        if self.rows.iter().all(|row| row.flags & SHIFTED == 0) {
            return;
        }
        let (blocks, n_before) = (input.blocks, shifts.len());
        let file = |ordinal: u32| blocks[block_of(ordinal, blocks)].file;
        let is_in_order = !self.descends(file);
        for i in 0..self.rows.len() {
            let flags = self.rows[i].flags;
            if flags & SHIFTED == 0 {
                continue;
            }
            let code = if flags & GAP != 0 { codes::D509 } else { codes::D508 };
            let (raw, ordinal) = (self.rows[i].at, self.rows[i].number);
            if flags & FOLD != 0 {
                let (earlier, later) = self.fold(i, blocks);
                let own = file(self.rows[i].number);
                let is_near = |k: &usize| self.rows.get(*k).is_some_and(|row| file(row.number) == own);
                let before = i.checked_sub(1).filter(is_near).map_or(i64::MIN, |p| self.rows[p].at);
                let after = Some(i + 1).filter(is_near).map_or(i64::MAX, |next| self.fold(next, blocks).1);
                let only_later = is_in_order && before > earlier && before <= later && later <= after;
                self.rows[i].at = if only_later { later } else { earlier };
            }
            let is_same_row = |known: &&Shift| {
                let (a, b) = (known.ordinal.min(ordinal), known.ordinal.max(ordinal));
                input.places.is_one(a, b)
            };
            let of_row = shifts[n_before..].iter().rev().take_while(is_same_row);
            if !of_row.clone().any(|known| known.code == code && known.raw == raw) {
                shifts.push(Shift { code, case, raw, at: self.rows[i].at, ordinal });
            }
        }
    }

    /// True where some row stands before an earlier one, whatever a repeated hour may hide.
    fn descends(&self, file: impl Fn(u32) -> u32) -> bool {
        let hidden = |pair: &[Row]| (pair[0].flags | pair[1].flags) & FOLD != 0;
        let step = |pair: &[Row]| pair[0].at - pair[1].at;
        self.rows.windows(2).any(|pair| {
            let allowed = if hidden(pair) { FOLD_AT_MOST } else { 0 };
            step(pair) > allowed && file(pair[0].number) == file(pair[1].number)
        })
    }

    /// The two instants that row `i` may mean.
    fn fold(&self, i: usize, blocks: &[Numbered]) -> (i64, i64) {
        let at = self.rows[i].at;
        if self.rows[i].flags & FOLD == 0 {
            return (at, at);
        }
        let zone = blocks[block_of(self.rows[i].number, blocks)].zone;
        let offset = i64::from(zones::offset(zone, at.div_euclid(SECOND))) * SECOND;
        match resolve(zone, at + offset) {
            Local::Fold(earlier, later) => (earlier, later),
            _ => (at, at),
        }
    }

    /// In order of time and, within an instant, of the history, duplicates gone; returns how many rows stay, at the front,
    /// and in which sources they stood newest first.
    fn order(
        &mut self,
        input: &Input<'_>,
        duplicates: &mut Vec<(u32, u32)>,
        assumed: &mut Assumed,
    ) -> (usize, Vec<u32>) {
        // Looked at while the rows still stand in source order, duplicates among them.
        let newest_first = ties::newest_first(self.rows, input);
        if !self.rows.is_sorted_by_key(|row| row.at) {
            self.rows.sort_unstable_by_key(|row| (row.at, row.number));
        }
        let n = deduplicate(self.rows, input, duplicates);
        let is_reversed = ties::order(&mut self.rows[..n], &newest_first, input.joining.ties, input);
        assumed.ties.n_reversed += u64::from(is_reversed);
        (n, newest_first)
    }

    /// What the order within an instant still needs once it is known who opened the case and who is who.
    fn take_acts(&mut self, n: usize, assumed: &mut Assumed) {
        let rows = &mut self.rows[..n];
        if rows.windows(2).any(|pair| pair[0].at == pair[1].at) {
            assumed.ties.n_acts += ties::one_act(rows);
            ties::count_doubtful(rows, &mut assumed.ties);
        }
    }

    /// The opening and, where tables of several shapes meet, what they tell of each other; returns how many of `n`
    /// rows stay.
    fn settle(&mut self, n: usize, told: Option<&Told>, input: &Input<'_>, known: &Known<'_>) -> usize {
        let joining = input.joining;
        if !joining.has_shapes && !joining.has_people {
            self.open(n, told);
            return n;
        }
        let n = yield_to(&mut self.rows[..n], input.acts.merged);
        if date_opening(&mut self.rows[..n], known) {
            // One row has moved; of one instant the order stays.
            self.rows[..n].sort_by_key(|row| row.at);
            open_by_case(&mut self.rows[..n]);
        }
        self.open(n, told);
        let n = if joining.has_people { cast(&mut self.rows[..n], known) } else { n };
        restore(&mut self.rows[..n], known.befores);
        n
    }

    /// What is one act, and what was taken for granted; returns how many of `n` rows stay.
    fn act(&mut self, n: usize, input: &Input<'_>, assumed: &mut Assumed) -> usize {
        let acts = input.acts;
        let n = if acts.has_work() { acts.settle(&mut self.rows[..n], assumed) } else { n };
        let rows = &self.rows[..n];
        if input.joining.has_people {
            // That the customer opens is no guess of one row but what the profile says of all.
            let is_guess = |row: &Row| {
                row.role() == Role::Agent || row.kind() != EventKind::Opened && row.role() != Role::Unknown
            };
            let is_default = |row: &&Row| row.role_from() == DEFAULT && is_guess(row);
            assumed.n_default += rows.iter().filter(is_default).count() as u64;
            assumed.n_events += n as u64;
        }
        if n > 1 {
            assumed.n_at_once += at_once(rows, acts.until);
        }
        n
    }

    /// The event that opens the case goes to the front of its instant; failing one, the first row of a table that opens cases so.
    fn open(&mut self, n: usize, told: Option<&Told>) {
        let rows = &mut self.rows[..n];
        if let Some(opening) = rows.iter().position(|row| row.kind() == EventKind::Opened) {
            let at = rows[opening].at;
            let first = opening - rows[..opening].iter().rev().take_while(|row| row.at == at).count();
            rows[first..=opening].rotate_right(1);
        } else if let Some(told) = told.filter(|t| t.row_at != i64::MAX) {
            let Some(opening) = rows.iter().position(|row| row.flags & FIRST != 0) else { return };
            let row = &mut rows[opening];
            // Who wrote a row after the opening that it tells of is not who opened.
            if told.opened_at < row.at {
                row.cast((told.role, 0));
            } else if row.role_from() == DEFAULT {
                row.set_role(told.role);
            }
            row.set_kind(EventKind::Opened);
            row.at = row.at.min(told.opened_at);
            let at = row.at;
            let first = rows[..opening].partition_point(|row| row.at < at);
            rows[first..=opening].rotate_right(1);
        }
    }
}

/// The block that used row `ordinal` stands in.
pub(super) fn block_of(ordinal: u32, blocks: &[Numbered]) -> usize {
    blocks.partition_point(|numbered| numbered.base <= ordinal).saturating_sub(1)
}
