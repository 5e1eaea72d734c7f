//! A folder as a warehouse has it: Zendesk's tables in the layout of Fivetran's connector, made by a rule so that who did
//! what is known. Every role has to be what the users tell, and tables of no case are left alone.

use std::fmt::Write as _;
use std::path::Path;

use slaudit::history::{EventKind, Role};
use slaudit::ingest::{Ingested, Plan, Profile, Silent, input_files, read};

const TICKETS: u64 = 400;
/// 7 of 100 are created by an agent, in 3 of 100 somebody copied in writes.
const BY_AGENT: u64 = 7;
const COPIED_IN: u64 = 3;

/// The next of a series of numbers that look like chance and are the same each time (splitmix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }
}

#[derive(Default)]
struct Folder {
    ticket: String,
    history: String,
    comment: String,
    /// Of each ticket who created it.
    creators: Vec<u64>,
}

const CUSTOMERS: u64 = 60;
const AGENTS: u64 = 9;

fn customer(n: u64) -> u64 {
    500_000 + n % CUSTOMERS
}

fn agent(n: u64) -> u64 {
    900_000 + n % AGENTS
}

/// As the warehouse writes it: seconds after the beginning of 2 March 2026.
fn time(seconds: u64) -> String {
    let (day, of_day) = (2 + seconds / 86_400, seconds % 86_400);
    format!("2026-03-{day:02} {:02}:{:02}:{:02}", of_day / 3_600, of_day / 60 % 60, of_day % 60)
}

impl Folder {
    fn made() -> Folder {
        let mut folder = Folder {
            ticket: "id,created_at,updated_at,requester_id,submitter_id,status,priority,merged_ticket_ids\n"
                .into(),
            history: "field_name,ticket_id,updated,_fivetran_synced,user_id,value\n".into(),
            comment: "id,_fivetran_synced,body,created,public,ticket_id,user_id\n".into(),
            creators: Vec::new(),
        };
        let mut chance = Chance(7);
        for ticket in 1..=TICKETS {
            folder.ticket(ticket, &mut chance);
        }
        folder
    }

    fn ticket(&mut self, ticket: u64, chance: &mut Chance) {
        let (asks, of_desk) = (customer(chance.below(CUSTOMERS)), agent(chance.below(AGENTS)));
        let opens = if ticket % 100 < BY_AGENT { of_desk } else { asks };
        let mut at = chance.below(20 * 86_400);
        self.creators.push(opens);
        let created = time(at);
        self.say(ticket, &created, opens, true);
        for (field, value) in
            [("status", "new"), ("priority", "high"), ("requester_id", &asks.to_string()), ("tags", "[]")]
        {
            self.set(ticket, &created, opens, (field, value));
        }
        let mut step = |at: &mut u64| {
            *at += 61 + chance.below(1_000);
            time(*at)
        };
        if ticket % 100 >= 100 - COPIED_IN {
            let colleague = customer(asks + 1 - 500_000);
            self.say(ticket, &step(&mut at), colleague, true);
        }
        let replied = step(&mut at);
        self.say(ticket, &replied, of_desk, true);
        self.set(ticket, &replied, of_desk, ("status", "pending"));
        self.say(ticket, &step(&mut at), agent(of_desk + 1), false);
        let back = step(&mut at);
        self.say(ticket, &back, asks, true);
        self.set(ticket, &back, asks, ("status", "open"));
        let solved = step(&mut at);
        // One in ten is solved by whoever asked.
        let solver = if ticket % 10 == 5 { asks } else { of_desk };
        self.set(ticket, &solved, solver, ("status", "solved"));
        let closed = step(&mut at);
        self.set(ticket, &closed, u64::MAX, ("status", "closed"));
        writeln!(self.ticket, "{ticket},{created},{closed},{asks},{opens},closed,high,").unwrap();
    }

    fn say(&mut self, ticket: u64, at: &str, by: u64, is_public: bool) {
        let id = self.comment.len();
        writeln!(self.comment, "{id},2026-12-01 00:00:00,text,{at},{is_public},{ticket},{by}").unwrap();
    }

    fn set(&mut self, ticket: u64, at: &str, by: u64, (field, value): (&str, &str)) {
        let by = if by == u64::MAX { "-1".to_owned() } else { by.to_string() };
        writeln!(self.history, "{field},{ticket},{at},2026-12-01 00:00:00,{by},{value}").unwrap();
    }

    fn write(&self, folder: &Path, ticket: &str) {
        let mut user = "id,_fivetran_synced,active,created_at,email,name,role,updated_at\n".to_owned();
        for n in 0..CUSTOMERS {
            writeln!(
                user,
                "{},,true,2025-06-01 09:00:00,c{n}@x.example,C {n},end-user,2026-01-01 00:00:00",
                customer(n)
            )
            .unwrap();
        }
        for n in 0..AGENTS {
            let role = if n == 0 { "admin" } else { "agent" };
            writeln!(
                user,
                "{},,true,2025-06-01 09:00:00,a{n}@y.example,A {n},{role},2026-01-01 00:00:00",
                agent(n)
            )
            .unwrap();
        }
        let others = [
            (
                "organization.csv",
                "id,created_at,updated_at,name\n1,2025-06-01 09:00:00,2025-06-01 09:00:00,Alder\n",
            ),
            (
                "satisfaction_rating.csv",
                "id,created_at,updated_at,ticket_id,requester_id,score\n7,2026-03-03 10:00:00,2026-03-03 10:00:00,1,500000,good\n",
            ),
            ("ticket_tag.csv", "ticket_id,tag\n1,vip\n"),
            ("user_tag.csv", "user_id,tag\n500000,vip\n"),
            (
                "ticket_form_history.csv",
                "id,updated_at,created_at,name,active\n1,2025-06-01 09:00:00,2025-06-01 09:00:00,Default,true\n",
            ),
        ];
        let own = [
            ("ticket.csv", ticket),
            ("ticket_field_history.csv", &self.history),
            ("ticket_comment.csv", &self.comment),
            ("user.csv", &user),
        ];
        for (name, text) in own.into_iter().chain(others) {
            std::fs::write(folder.join(name), text).unwrap();
        }
    }
}

/// What the folder gives with this list of tickets, and the names of the files that were left alone.
fn read_with(made: &Folder, ticket: &str) -> (Ingested, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    made.write(folder.path(), ticket);
    let files = input_files(&[folder.path().to_path_buf()]).unwrap().files;
    let mut plan = Plan::new(files, Profile::named("zendesk").unwrap());
    plan.leave_alone();
    let left = plan.passed_over.iter().map(|of| {
        assert!(of.why.contains("no column"), "{}", of.why);
        of.path.file_name().unwrap().to_string_lossy().into_owned()
    });
    let left = left.collect();
    (read(&plan, &Silent).unwrap(), left)
}

/// Every role is that of the users, and every ticket is opened by who created it.
fn holds(made: &Folder, ingested: &Ingested) {
    let history = &ingested.history;
    assert_eq!(history.n_cases() as u64, TICKETS);
    let (mut n_by_agents, mut n_events) = (0, 0);
    for case in 0..history.n_cases() {
        let ticket: usize = history.case_ids.at(case).parse().unwrap();
        for (i, event) in history.case(case).events.iter().enumerate() {
            let Some(actor) = history.actors.get(event.actor) else {
                panic!("{ticket}: an event of nobody: {event:?}");
            };
            let role = match actor.as_bytes()[0] {
                b'5' => Role::Customer,
                b'9' => Role::Agent,
                _ => Role::System,
            };
            assert_eq!(event.role(), role, "ticket {ticket}, event {i} by {actor}");
            assert_eq!(event.kind() == EventKind::Opened, i == 0, "ticket {ticket}, event {i}");
            if i == 0 {
                assert_eq!(actor, made.creators[ticket - 1].to_string(), "who opens ticket {ticket}");
                n_by_agents += u64::from(role == Role::Agent);
            }
            n_events += 1;
        }
    }
    assert_eq!(n_by_agents * 100, TICKETS * BY_AGENT);
    assert!(n_events > 6 * TICKETS);
    let guessed = ingested.assumptions.iter().find(|line| line.contains("default_role"));
    assert_eq!(guessed, None);
}

#[test]
fn the_roles_of_a_warehouse_are_those_that_its_users_tell() {
    let made = Folder::made();
    let (ingested, left) = read_with(&made, &made.ticket);
    holds(&made, &ingested);
    let others = [
        "organization.csv",
        "satisfaction_rating.csv",
        "ticket_form_history.csv",
        "ticket_tag.csv",
        "user_tag.csv",
    ];
    assert_eq!(left, others);
    // Without the column of the submitter the first comment shows who created a ticket.
    let without = |line: &str| {
        let mut cells: Vec<&str> = line.split(',').collect();
        cells.remove(4);
        cells.join(",") + "\n"
    };
    let ticket: String = made.ticket.lines().map(without).collect();
    holds(&made, &read_with(&made, &ticket).0);
}
