//! One event of a case, 16 bytes, and the words it may carry.
//!
//! Not a parser: `ingest` turns text into these. Uses nothing but `calendar::Instant`.

use crate::calendar::Instant;

/// What a row of a history is (SPEC 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum EventKind {
    /// The case is opened; the first one opens it, a later one is an [`EventKind::Update`].
    Opened,
    /// A public message.
    Message,
    /// An internal note.
    Note,
    /// A change of state only.
    Update,
}

/// Who did it (SPEC 2). Bots and automations are [`Role::System`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Role {
    /// No role given: nobody's message; opens like a customer, closes like an agent.
    Unknown,
    /// The customer.
    Customer,
    /// A person of the support department.
    Agent,
    /// An automation.
    System,
}

impl Role {
    /// The canonical word; `None` for [`Role::Unknown`].
    pub const fn word(self) -> Option<&'static str> {
        match self {
            Role::Unknown => None,
            Role::Customer => Some("customer"),
            Role::Agent => Some("agent"),
            Role::System => Some("system"),
        }
    }
}

/// What a status word means (SPEC 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Category {
    /// Not yet taken up; every case before its first status.
    New,
    /// Worked on.
    Open,
    /// Support waits for the customer.
    WaitingCustomer,
    /// Support waits for somebody else.
    WaitingOther,
    /// Resolved, may still be reopened.
    Resolved,
    /// Closed.
    Closed,
    /// Merged, duplicate, spam: not a case of its own.
    Void,
}

impl Category {
    /// Every category, in the order of the SPEC.
    pub const ALL: [Category; 7] = [
        Category::New,
        Category::Open,
        Category::WaitingCustomer,
        Category::WaitingOther,
        Category::Resolved,
        Category::Closed,
        Category::Void,
    ];

    /// The canonical word.
    pub const fn word(self) -> &'static str {
        match self {
            Category::New => "new",
            Category::Open => "open",
            Category::WaitingCustomer => "waiting_customer",
            Category::WaitingOther => "waiting_other",
            Category::Resolved => "resolved",
            Category::Closed => "closed",
            Category::Void => "void",
        }
    }

    /// True in `resolved`, `closed` and `void`: the categories in which a case has ended.
    pub const fn is_ended(self) -> bool {
        matches!(self, Category::Resolved | Category::Closed | Category::Void)
    }
}

/// An index into one of the history's word lists; [`WordId::NONE`] is the absent word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WordId(pub u32);

impl WordId {
    /// The absent word.
    pub const NONE: WordId = WordId(u32::MAX);

    /// The index, or `None` for the absent word.
    pub const fn get(self) -> Option<usize> {
        if self.0 == u32::MAX { None } else { Some(self.0 as usize) }
    }
}

/// An index into the history's status words; [`StatusId::NONE`]: the row leaves the status as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StatusId(pub u16);

impl StatusId {
    /// The row gives no status.
    pub const NONE: StatusId = StatusId(u16::MAX);

    /// The index, or `None` where the row gives no status.
    pub const fn get(self) -> Option<usize> {
        if self.0 == u16::MAX { None } else { Some(self.0 as usize) }
    }
}

/// One row of a case's history (SPEC 2), in a form that is cheap to keep and to replay: there are as many as rows.
///
/// Whose it is, and the order of ties, is where it stands ([`crate::history::Events`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// When, UTC.
    pub at: Instant,
    /// Who, by name.
    pub actor: WordId,
    /// The status after this event, or [`StatusId::NONE`].
    pub status: StatusId,
    mark: Mark,
}

/// Severity, role and kind: four bits, two and two. A severity that is unchanged, a role that is unknown and an opening
/// are no bits, so that marks of one of the three each can be put together.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark(u8);

impl Event {
    /// An event; `severity` is that after it, 1 to 9, or 0 where it leaves it as it is.
    #[inline]
    pub const fn new(
        at: Instant,
        (kind, role, actor): (EventKind, Role, WordId),
        status: StatusId,
        severity: u8,
    ) -> Event {
        Event { at, actor, status, mark: Mark::new(kind, role, severity) }
    }

    /// The same with severity, role and kind in one.
    #[inline]
    pub(crate) const fn marked(at: Instant, actor: WordId, status: StatusId, mark: Mark) -> Event {
        Event { at, actor, status, mark }
    }

    /// What the row is.
    #[inline]
    pub const fn kind(&self) -> EventKind {
        self.mark.kind()
    }

    /// Who, by role.
    #[inline]
    pub const fn role(&self) -> Role {
        self.mark.role()
    }

    /// The severity after this event, 1 to 9; 0: unchanged.
    #[inline]
    pub const fn severity(&self) -> u8 {
        self.mark.severity()
    }
}

impl Mark {
    /// No mark of any event: there is no such severity.
    pub(crate) const NONE: Mark = Mark(0xFF);

    /// As a byte, to be kept elsewhere.
    pub(crate) const fn bits(self) -> u8 {
        self.0
    }

    /// What [`Mark::bits`] gave.
    pub(crate) const fn of_bits(bits: u8) -> Mark {
        Mark(bits)
    }

    #[inline]
    pub(crate) const fn new(kind: EventKind, role: Role, severity: u8) -> Mark {
        debug_assert!(severity <= 9);
        Mark(severity << 4 | (role as u8) << 2 | kind as u8)
    }

    /// Both together, where no two give the same of the three; [`Mark::NONE`] with anything is none.
    #[inline]
    pub(crate) const fn and(self, other: Mark) -> Mark {
        Mark(self.0 | other.0)
    }

    #[inline]
    pub(crate) const fn kind(self) -> EventKind {
        match self.0 & 3 {
            0 => EventKind::Opened,
            1 => EventKind::Message,
            2 => EventKind::Note,
            _ => EventKind::Update,
        }
    }

    #[inline]
    pub(crate) const fn role(self) -> Role {
        match self.0 >> 2 & 3 {
            0 => Role::Unknown,
            1 => Role::Customer,
            2 => Role::Agent,
            _ => Role::System,
        }
    }

    #[inline]
    pub(crate) const fn severity(self) -> u8 {
        self.0 >> 4
    }
}

impl std::fmt::Debug for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        (self.kind(), self.role(), self.severity()).fmt(f)
    }
}

const _: () = assert!(size_of::<Event>() == 16);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_out_as_it_went_in() {
        for kind in [EventKind::Opened, EventKind::Message, EventKind::Note, EventKind::Update] {
            for role in [Role::Unknown, Role::Customer, Role::Agent, Role::System] {
                for severity in 0..=9 {
                    let event = Event::new(Instant::MIN, (kind, role, WordId(7)), StatusId(3), severity);
                    assert_eq!((event.kind(), event.role(), event.severity()), (kind, role, severity));
                    assert_eq!((event.at, event.actor, event.status), (Instant::MIN, WordId(7), StatusId(3)));
                    let mark = Mark::new(kind, role, severity);
                    let whole = [
                        Mark::new(EventKind::Opened, role, 0),
                        Mark::new(kind, Role::Unknown, 0),
                        Mark::new(EventKind::Opened, Role::Unknown, severity),
                    ];
                    assert_eq!(whole.into_iter().reduce(Mark::and), Some(mark));
                    assert!(mark != Mark::NONE && mark.and(Mark::NONE) == Mark::NONE);
                }
            }
        }
    }
}
