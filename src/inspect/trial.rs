//! Files read with a profile as `audit` reads them, and what came of it: the ledger, from what in this input each clock is
//! seen (SPEC 7.6), and what would make a report wrong. Of each file only the beginning, where it is long.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::calendar::{Instant, SECOND};
use crate::diag::{Diagnostic, Error};
use crate::history::{Category, Event, EventKind, History, Role};
use crate::ingest::{self, Attributes, Ingested, Plan, Profile, Silent};
use crate::zones;

/// Bytes of each file that are read, unpacked.
const SAMPLE: u64 = 32 << 20;

/// Cases from which on it is odd that all of them have something in common.
const CASES: usize = 3;

/// What came of reading files with a profile.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The profile's name.
    pub profile: String,
    /// Files that were read.
    pub files: Vec<PathBuf>,
    /// Whether some of them have more rows than were read.
    pub is_cut: bool,
    /// Rows read.
    pub n_read: u64,
    /// Rows used.
    pub n_used: u64,
    /// Rows equal to an earlier one.
    pub n_duplicate: u64,
    /// Rejected rows by code.
    pub by_code: BTreeMap<&'static str, u64>,
    /// Cases.
    pub n_cases: usize,
    /// Different status words.
    pub n_statuses: usize,
    /// Those of them that the profile gives no category.
    pub unknown: Vec<String>,
    has_course: bool,
    /// A sentence for each metric: from what its start and stop are seen.
    pub evidence: Vec<String>,
    /// What is seldom so, and would make a report wrong if it is not: a question each, with what to do.
    pub oddities: Vec<String>,
}

impl Trial {
    /// Why nothing of a case's course is seen, where it is not: no message and no status is there, or no status word is one
    /// that the profile knows.
    pub fn shows_nothing(&self) -> Option<String> {
        if !self.has_course {
            return Some("it finds no message and no status in it".to_owned());
        }
        let n = self.n_statuses;
        (n > 0 && self.unknown.len() == n).then(|| format!("it knows none of the {n} status words in it"))
    }

    /// True where some row is a message or gives a status.
    pub fn has_course(&self) -> bool {
        self.has_course
    }

    /// Rejected rows.
    pub fn n_rejected(&self) -> u64 {
        self.by_code.values().sum()
    }
}

/// Reads `files` under `profile`.
///
/// # Errors
/// What would keep `audit` from making a report, or that no case came of it.
pub fn read(profile: &Profile, files: &[&Path]) -> Result<Trial, Error> {
    let files: Vec<PathBuf> = files.iter().map(|path| path.to_path_buf()).collect();
    let plan = Plan {
        attributes: Attributes::None,
        sample: Some(SAMPLE),
        ..Plan::new(files.clone(), profile.clone())
    };
    let ingested = ingest::read(&plan, &Silent)?;
    ingested.accept()?;
    let Ingested { history, ledger, .. } = &ingested;
    if history.n_cases() == 0 {
        let problem = Diagnostic::error(crate::codes::F305, "no row of it gives an event of a case");
        return Err(Error::Input(vec![problem]));
    }
    let unknown = history.statuses.iter().filter(|word| profile.category(word).is_none());
    let seen = Seen::of(history, profile);
    Ok(Trial {
        profile: profile.name.clone(),
        files,
        is_cut: ledger.files.iter().any(|file| file.is_cut),
        n_read: ledger.n_read(),
        n_used: ledger.n_used(),
        n_duplicate: ledger.n_duplicate(),
        by_code: ledger.by_code(),
        n_cases: history.n_cases(),
        n_statuses: history.statuses.len(),
        unknown: unknown.map(str::to_owned).collect(),
        has_course: seen.n_messages + seen.n_with_status > 0,
        evidence: seen.evidence(),
        oddities: seen.oddities(),
    })
}

/// What its cases show, by number.
#[derive(Default)]
struct Seen {
    n_cases: usize,
    n_answers: u64,
    n_customer_messages: u64,
    n_messages: u64,
    n_with_status: u64,
    n_ended: usize,
    n_waiting: usize,
    n_reopened: usize,
    n_midnight: usize,
    first_opening: Option<Instant>,
    n_at_first_opening: usize,
}

impl Seen {
    fn of(history: &History, profile: &Profile) -> Seen {
        let zone = profile.timezones().first().copied().unwrap_or_default();
        let mut seen = Seen { n_cases: history.n_cases(), ..Seen::default() };
        for case in 0..history.n_cases() {
            seen.add(
                history.case(case).events,
                |event| history.category(event.status),
                |at| {
                    let seconds = at.micros().div_euclid(SECOND);
                    let local = at.micros() + i64::from(zones::offset(zone, seconds)) * SECOND;
                    local.rem_euclid(86_400 * SECOND) == 0
                },
            );
        }
        seen
    }

    fn add(
        &mut self,
        events: &[Event],
        category: impl Fn(&Event) -> Option<Category>,
        is_midnight: impl Fn(Instant) -> bool,
    ) {
        let mut is_ended = false;
        let (mut has_ended, mut has_waited, mut is_reopened) = (false, false, false);
        for event in events {
            if event.kind() == EventKind::Message {
                self.n_messages += 1;
                match event.role() {
                    Role::Agent => self.n_answers += 1,
                    Role::Customer => self.n_customer_messages += 1,
                    _ => {}
                }
            }
            let Some(category) = category(event) else { continue };
            self.n_with_status += 1;
            is_reopened |= is_ended && !category.is_ended();
            is_ended = category.is_ended();
            has_ended |= is_ended;
            has_waited |= matches!(category, Category::WaitingCustomer | Category::WaitingOther);
        }
        self.n_ended += usize::from(has_ended);
        self.n_waiting += usize::from(has_waited);
        self.n_reopened += usize::from(is_reopened);
        let opening = events.iter().find(|event| event.kind() == EventKind::Opened).or(events.first());
        let Some(opened_at) = opening.map(|event| event.at) else { return };
        self.n_midnight += usize::from(is_midnight(opened_at));
        self.n_at_first_opening += usize::from(*self.first_opening.get_or_insert(opened_at) == opened_at);
    }

    /// A sentence for each metric.
    fn evidence(&self) -> Vec<String> {
        let n = self.n_cases;
        let not_judged =
            "no row gives a status, so nothing shows when a case is waiting or over: not judged (`not_seen`)";
        let first = match (self.n_messages > 0, self.n_with_status > 0) {
            (true, _) => format!(
                "from the opening to the first public message by an agent ({} such messages)",
                self.n_answers
            ),
            (false, true) => {
                "no message is there, so from the opening to the first change out of `new` by an agent"
                    .to_owned()
            }
            (false, false) => {
                "no row is a message or gives a status, so nothing shows an answer: not judged (`not_seen`)"
                    .to_owned()
            }
        };
        let next = match self.n_messages {
            0 => "no message is there, so none is waited for".to_owned(),
            _ => format!(
                "from a customer's public message to the next one by an agent ({} by customers)",
                self.n_customer_messages
            ),
        };
        let resolution = match (self.n_with_status, self.n_ended) {
            (0, _) => not_judged.to_owned(),
            (_, 0) => {
                "from the opening to a status that means resolved or closed, which no case reaches".to_owned()
            }
            (_, ended) => format!(
                "from the opening to a status that means resolved or closed: {ended} of {n} cases reach one, {} wait on the way",
                self.n_waiting
            ),
        };
        let update = match (self.n_with_status, self.n_messages) {
            (0, _) => not_judged,
            (_, 0) => "no message is there, so from the opening to a status that means resolved or closed",
            _ => "from the opening and each public message by an agent to the next one",
        };
        vec![
            format!("first response: {first}"),
            format!("next response: {next}"),
            format!("update: {update}"),
            format!("resolution: {resolution}"),
        ]
    }

    /// What is seldom so of all cases together.
    fn oddities(&self) -> Vec<String> {
        let n = self.n_cases;
        if n < CASES {
            return Vec::new();
        }
        let mut all = Vec::new();
        if self.n_at_first_opening == n {
            all.push(format!(
                "all {n} cases open at one instant: is that when they were exported? name the column in which each opens as \
                 `at`"
            ));
        } else if self.n_midnight == n {
            all.push(format!(
                "all {n} cases open at midnight, which is out of hours: is there a column with the time of day? name it, or \
                 both with `join`"
            ));
        }
        if self.n_reopened == n {
            all.push(format!(
                "all {n} cases are reopened: do the words of the status mean what `[statuses]` says?"
            ));
        }
        all
    }
}
