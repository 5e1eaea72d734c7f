//! One case from its opening to its end, told event by event. Pure: the same case of the same plan is always the
//! same story. Not a file format, and no order among cases: those are `csv`, `parquet` and `order`.

use crate::history::{EventKind, Role};

use super::arrivals::{Arrival, Arrivals, HOUR, SECOND};
use super::random::Random;
use super::words::{AGENTS, CHANNELS, CONTACTS, PRODUCTS, Status, n_customers};

/// Microseconds in a minute.
const MINUTE: i64 = 60 * SECOND;
/// Median staffed time to the first response, by severity from 1; wall time for severity 1.
const FIRST_RESPONSE: [i64; 5] = [25 * MINUTE, 50 * MINUTE, 2 * HOUR, 5 * HOUR, 3 * HOUR];
/// Median staffed time of one piece of work, by severity from 1.
const WORK: [i64; 5] = [HOUR, 2 * HOUR, 4 * HOUR, 12 * HOUR, 2 * HOUR];
/// How often each severity is chosen, as usual and in an incident.
const SEVERITIES: [[u64; 5]; 2] = [[4, 14, 46, 13, 23], [38, 40, 18, 1, 3]];
/// Rounds between support and customer before a case is resolved.
const ROUNDS: [u64; 5] = [30, 38, 20, 8, 4];

/// One row of the output, without its case's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// Microseconds since the epoch.
    pub(super) at: i64,
    /// Number of the case, from 0.
    pub(super) case: u32,
    /// Index of the customer.
    pub(super) customer: u32,
    /// Index into the lexicon's actors.
    pub(super) actor: u32,
    /// Number of the row within its case, from 0.
    pub(super) number: u16,
    pub(super) kind: EventKind,
    pub(super) role: Role,
    pub(super) status: Status,
    /// 0: unchanged.
    pub(super) severity: u8,
    /// Index of the product.
    pub(super) product: u8,
    /// Index of the channel.
    pub(super) channel: u8,
}

/// Appends the events of case `case`, in strict order of time, up to the end of the span.
pub(super) fn tell(arrivals: &Arrivals, case: u64, rows: &mut Vec<Row>) {
    let (mut random, arrival) = arrivals.draw(case);
    let mut teller = Teller::new(arrivals, &mut random, arrival, case, rows);
    teller.open();
    if teller.random.chance(8) {
        teller.void();
    } else if teller.take_up() {
        let rounds = teller.random.pick(&ROUNDS);
        let mut alive = (0..rounds).all(|_| teller.round());
        // A reopened case is worked on once more; seldom twice.
        for _ in 0..3 {
            alive = alive && teller.resolve() && teller.round();
        }
    }
}

/// The state of the story while it is told.
struct Teller<'a> {
    arrivals: &'a Arrivals,
    random: &'a mut Random,
    rows: &'a mut Vec<Row>,
    /// The next row's case columns; `at` is the time that the story has come to.
    next: Row,
    severity: u8,
    agent: u32,
    contact: u32,
    end: i64,
}

impl<'a> Teller<'a> {
    fn new(
        arrivals: &'a Arrivals,
        random: &'a mut Random,
        arrival: Arrival,
        case: u64,
        rows: &'a mut Vec<Row>,
    ) -> Teller<'a> {
        let n = n_customers(arrivals.cases());
        // A few customers write most of the cases.
        let customer = random.below(n).min(random.below(n)).min(random.below(n));
        let product = match arrival.incident {
            0 => random.pick(&[30, 22, 18, 12, 10, 8]).min(PRODUCTS.len() - 1) as u8,
            product => product - 1,
        };
        let severity = 1 + random.pick(&SEVERITIES[usize::from(arrival.incident > 0)]) as u8;
        let agent = (random.below(8) + u64::from(product) * 2) % AGENTS.len() as u64;
        let contact = AGENTS.len() as u64 + 1 + customer * CONTACTS as u64 + random.below(CONTACTS as u64);
        let next = Row {
            at: arrival.at,
            case: case as u32,
            customer: customer as u32,
            actor: 0,
            number: 0,
            kind: EventKind::Update,
            role: Role::Unknown,
            status: Status::Same,
            severity: 0,
            product,
            channel: random.pick(&[70, 18, 7, 5]).min(CHANNELS.len() - 1) as u8,
        };
        let end = arrivals.end();
        Teller { arrivals, random, rows, next, severity, agent: agent as u32, contact: contact as u32, end }
    }

    /// Adds an event at the story's time, or directly after the event before it.
    fn event(&mut self, kind: EventKind, role: Role, status: Status, severity: u8) {
        let second = self.next.at - self.next.at.rem_euclid(SECOND);
        let mut at = if self.random.chance(60) { self.next.at } else { second };
        if let Some(last) = self.rows.last()
            && self.next.number > 0
            && at <= last.at
        {
            at = last.at - last.at.rem_euclid(SECOND) + SECOND;
        }
        self.next.at = at;
        if at >= self.end {
            return;
        }
        let actor = match role {
            Role::Agent => self.agent,
            Role::Customer => self.contact,
            Role::System | Role::Unknown => AGENTS.len() as u32,
        };
        self.rows.push(Row { actor, kind, role, status, severity, ..self.next });
        self.next.number += 1;
    }

    fn message(&mut self, role: Role, status: Status) {
        self.event(EventKind::Message, role, status, 0);
    }

    fn update(&mut self, role: Role, status: Status) {
        self.event(EventKind::Update, role, status, 0);
    }

    /// Staffed time passes, around `median`.
    fn work(&mut self, median: i64) {
        let work = self.random.around(median);
        self.next.at = self.arrivals.after_work(self.next.at, work);
    }

    /// Wall time passes, around `median`.
    fn wait(&mut self, median: i64) {
        self.next.at += self.random.around(median);
    }

    /// A customer takes around `median`, and writes at night or on a weekend only seldom.
    fn customer_waits(&mut self, median: i64) {
        self.wait(median);
        if !self.random.chance(250) {
            let pause = self.random.around(10 * MINUTE);
            self.next.at = self.arrivals.after_work(self.next.at, pause);
        }
    }

    fn of_severity(&self, table: &[i64; 5]) -> i64 {
        table[usize::from(self.severity - 1)]
    }

    /// The opening, mostly by the customer.
    fn open(&mut self) {
        let role = match self.random.pick(&[955, 35, 10]) {
            0 => Role::Customer,
            1 => Role::Agent,
            _ => Role::System,
        };
        self.event(EventKind::Opened, role, Status::New, self.severity);
        if self.next.channel == 1 && self.random.chance(400) {
            self.next.at += 2 * SECOND;
            self.message(Role::System, Status::Same);
        }
    }

    /// The case is none of its own.
    fn void(&mut self) {
        self.work(2 * HOUR);
        self.update(Role::Agent, Status::Duplicate);
    }

    /// Up to the first response. False where the case ends without one.
    fn take_up(&mut self) -> bool {
        if self.random.chance(35) {
            return self.end_unanswered();
        }
        if self.random.chance(60) {
            self.work(30 * MINUTE);
            self.reclassify();
        }
        if self.random.chance(220) {
            self.work(15 * MINUTE);
            self.event(EventKind::Note, Role::Agent, Status::InProgress, 0);
        }
        if self.random.chance(70) {
            self.customer_waits(4 * HOUR);
            self.message(Role::Customer, Status::Same);
        }
        let median = self.of_severity(&FIRST_RESPONSE);
        if self.severity == 1 || self.random.chance(60) {
            self.wait(median);
        } else {
            self.work(median);
        }
        let status = if self.random.chance(200) { Status::AwaitingCustomer } else { Status::InProgress };
        self.message(Role::Agent, status);
        status == Status::InProgress || self.customer_answers()
    }

    /// Withdrawn by the customer, or ended by support without a word, or left lying.
    fn end_unanswered(&mut self) -> bool {
        match self.random.pick(&[40, 40, 20]) {
            0 => {
                self.customer_waits(6 * HOUR);
                self.update(Role::Customer, Status::Closed);
            }
            1 => {
                self.work(6 * HOUR);
                self.update(Role::Agent, Status::Resolved);
                self.close_resolved();
            }
            _ => {}
        }
        false
    }

    /// The severity changes, more often downward; now and then it comes back.
    fn reclassify(&mut self) {
        let first = self.severity;
        let up = first == 5 || (first > 1 && self.random.chance(380));
        self.severity = if up { first - 1 } else { first + 1 };
        let role = if self.random.chance(60) { Role::Customer } else { Role::Agent };
        let status = if up && self.severity <= 2 { Status::Escalated } else { Status::Same };
        self.event(EventKind::Update, role, status, self.severity);
        if self.random.chance(90) {
            self.work(HOUR);
            self.severity = first;
            self.event(EventKind::Update, Role::Agent, Status::Same, first);
        }
    }

    /// One round of work. False where the case ended in it.
    fn round(&mut self) -> bool {
        self.work(self.of_severity(&WORK));
        if self.random.chance(40) {
            self.reclassify();
        }
        if self.random.chance(45) {
            // Another agent goes on.
            self.agent = self.random.below(AGENTS.len() as u64) as u32;
            self.event(EventKind::Note, Role::Agent, Status::Same, 0);
        }
        match self.random.pick(&[45, 12, 25, 18]) {
            0 => {
                self.message(Role::Agent, Status::AwaitingCustomer);
                return self.customer_answers();
            }
            1 => {
                self.update(Role::Agent, Status::OnHold);
                self.work(14 * HOUR);
                self.message(Role::Agent, Status::InProgress);
            }
            2 => {
                self.message(Role::Agent, Status::Same);
                self.customer_waits(5 * HOUR);
                self.message(Role::Customer, Status::Same);
                self.work(self.of_severity(&WORK));
                self.message(Role::Agent, Status::Same);
            }
            _ => self.event(EventKind::Note, Role::Agent, Status::Same, 0),
        }
        true
    }

    /// The customer answers a question, or the case goes idle and is closed. False where it ended.
    fn customer_answers(&mut self) -> bool {
        if self.random.chance(90) {
            if self.random.chance(400) {
                self.work(27 * HOUR);
                self.message(Role::Agent, Status::Same);
            }
            if self.random.chance(880) {
                // Ten working days, often punctual, sometimes weeks late.
                let late = if self.random.chance(750) { 10 * MINUTE } else { 30 * HOUR };
                self.next.at = self.arrivals.after_work(self.next.at, 90 * HOUR);
                self.work(late);
                self.update(Role::System, Status::Closed);
            }
            return false;
        }
        self.customer_waits(7 * HOUR);
        let status = if self.random.chance(650) { Status::InProgress } else { Status::Same };
        self.message(Role::Customer, status);
        if status == Status::Same {
            self.work(HOUR);
            self.update(Role::Agent, Status::InProgress);
        }
        true
    }

    /// Resolved, thanked for, closed. True where it was reopened.
    fn resolve(&mut self) -> bool {
        self.work(self.of_severity(&WORK));
        if self.random.chance(720) {
            self.message(Role::Agent, Status::Resolved);
        } else {
            self.update(Role::Agent, Status::Resolved);
        }
        if self.random.chance(70) {
            self.customer_waits(30 * HOUR);
            let by_robot = self.random.chance(300);
            self.message(Role::Customer, if by_robot { Status::Same } else { Status::Reopened });
            if by_robot {
                self.next.at += 3 * SECOND;
                self.update(Role::System, Status::Reopened);
            }
            return true;
        }
        if self.random.chance(140) {
            self.customer_waits(3 * HOUR);
            self.message(Role::Customer, Status::Same);
        }
        self.close_resolved();
        false
    }

    /// Closed 120 hours after the resolution by the automation, sooner by somebody, or left resolved.
    fn close_resolved(&mut self) {
        match self.random.pick(&[80, 9, 6, 5]) {
            0 => {
                self.next.at += 120 * HOUR + self.random.below(300) as i64 * SECOND;
                self.update(Role::System, Status::Closed);
            }
            1 => {
                self.work(9 * HOUR);
                self.update(Role::Agent, Status::Closed);
            }
            2 => {
                self.customer_waits(9 * HOUR);
                self.update(Role::Customer, Status::Closed);
            }
            _ => {}
        }
    }
}
