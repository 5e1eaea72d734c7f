//! The names in synthetic histories: customers, people, products, channels, status words. All invented.
//! No random numbers here: `story` says which.

use crate::history::{EventKind, Role};

/// Products, by index.
pub(super) const PRODUCTS: [&str; 6] =
    ["Connector", "Order Sync", "Inventory Sync", "Billing", "Dashboard", "Mobile App"];
/// Channels, by index.
pub(super) const CHANNELS: [&str; 4] = ["portal", "email", "phone", "chat"];
/// Names of agents, by index.
pub(super) const AGENTS: [&str; 16] = [
    "Ana Ortiz",
    "Ben Castle",
    "Chidi Obi",
    "Dana Wolff",
    "Elif Kaya",
    "Farid Nasser",
    "Grace Lin",
    "Hugo Brandt",
    "Ines Duarte",
    "Jonas Berg",
    "Keiko Mori",
    "Liam Doyle",
    "Mara Novak",
    "Nils Holm",
    "Olga Petrova",
    "Priya Rao",
];
/// What acts without a person.
pub(super) const ROBOT: &str = "automation";

/// Status words of the `canonical` profile, by [`Status`].
const STATUSES: [&str; 10] = [
    "",
    "New",
    "In Progress",
    "Escalated",
    "Awaiting Customer",
    "On Hold",
    "Resolved",
    "Closed",
    "Reopened",
    "Duplicate",
];
const FIRST_NAMES: [&str; 8] = ["Alex", "Bao", "Carla", "Devi", "Emil", "Fatima", "Gil", "Hana"];
const PLACES: [&str; 16] = [
    "Alder", "Basin", "Cedar", "Dune", "Elk", "Fjord", "Glacier", "Harbor", "Island", "Juniper", "Kestrel",
    "Lagoon", "Mesa", "Nimbus", "Osprey", "Prairie",
];
const TRADES: [&str; 16] = [
    "Foods", "Freight", "Textiles", "Optics", "Paper", "Outdoor", "Pharma", "Tools", "Energy", "Books",
    "Ceramics", "Bikes", "Labs", "Marine", "Seeds", "Studios",
];
/// How many people of a customer write.
pub(super) const CONTACTS: usize = 3;

/// A status word, by index into the words above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Status {
    /// The row leaves the status as it is.
    Same,
    New,
    InProgress,
    Escalated,
    AwaitingCustomer,
    OnHold,
    Resolved,
    Closed,
    Reopened,
    Duplicate,
}

impl Status {
    /// The word.
    pub(super) const fn word(self) -> &'static str {
        STATUSES[self as usize]
    }
}

/// The status words that stand in a column, [`Status::Same`] aside.
pub(super) fn status_words() -> &'static [&'static str] {
    &STATUSES[1..]
}

/// The word of an event.
pub(super) const fn event_word(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Opened => "opened",
        EventKind::Message => "message",
        EventKind::Note => "note",
        EventKind::Update => "update",
    }
}

/// The word of a role; empty for none.
pub(super) const fn role_word(role: Role) -> &'static str {
    match role.word() {
        Some(word) => word,
        None => "",
    }
}

/// How many customers so many cases come from.
pub(super) const fn n_customers(cases: u64) -> u64 {
    let n = cases / 60;
    if n < 20 {
        20
    } else if n > 20_000 {
        20_000
    } else {
        n
    }
}

/// The names that depend on the size of the output, and the width of case ids.
pub(super) struct Lexicon {
    /// Names of customers, by index; some hold a comma and must be quoted in CSV.
    pub(super) customers: Vec<String>,
    /// Names of actors: agents, the automation, then [`CONTACTS`] people of each customer.
    pub(super) actors: Vec<String>,
    width: usize,
}

impl Lexicon {
    /// The names for an output of `cases` cases.
    pub(super) fn new(cases: u64) -> Lexicon {
        let customers: Vec<String> = (0..n_customers(cases) as usize).map(customer).collect();
        let mut actors: Vec<String> = AGENTS.iter().map(|a| (*a).to_owned()).collect();
        actors.push(ROBOT.to_owned());
        for (c, name) in customers.iter().enumerate() {
            for contact in 0..CONTACTS {
                let first = FIRST_NAMES[(c * CONTACTS + contact) % FIRST_NAMES.len()];
                actors.push(format!("{first} ({})", name.replace(", Inc.", "")));
            }
        }
        Lexicon { customers, actors, width: cases.to_string().len().max(6) }
    }

    /// Appends the case id of case `case`, counted from 0: `C-000001` for the first. Ids are in order of arrival.
    pub(super) fn push_case_id(&self, out: &mut Vec<u8>, case: u32) {
        out.extend_from_slice(b"C-");
        let at = out.len();
        out.resize(at + self.width, b'0');
        let mut left = u64::from(case) + 1;
        for digit in out[at..].iter_mut().rev() {
            *digit = b'0' + (left % 10) as u8;
            left /= 10;
        }
    }
}

fn customer(index: usize) -> String {
    let (place, trade) = (PLACES[index % 16], TRADES[index / 16 % 16]);
    let mut name = format!("{place} {trade}");
    if index >= 256 {
        name.push_str(&format!(" {}", index / 256 + 1));
    }
    if index % 23 == 5 {
        name.push_str(", Inc.");
    }
    name
}
