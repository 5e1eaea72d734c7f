//! Random histories that look for trouble: few rows, many ties, openings in every place, instants on the edges
//! of windows and exactly at targets, rows that do several things at once.
//!
//! Rows are kept as the text of a canonical file, so that both sides read them for themselves.

use std::path::{Path, PathBuf};

use chrono::{DateTime, SecondsFormat};

use super::oracle::SECOND;
use super::random::Random;

const MINUTE: i64 = 60 * SECOND;
const DAY: i64 = 1440 * MINUTE;

/// Midnights UTC near which histories happen: a plain Monday, and the Fridays before the clocks of
/// America/Denver go forward and back.
const ANCHORS: [i64; 3] = [1_767_571_200 * SECOND, 1_772_755_200 * SECOND, 1_793_318_400 * SECOND];

/// All instants of all histories, and room for what is due after them.
pub const SPAN: (i64, i64) =
    (1_766_000_000 * SECOND / MINUTE * MINUTE, 1_812_000_000 * SECOND / MINUTE * MINUTE);

/// The header of a canonical file.
pub const HEADER: &str = "case_id,at,event,role,actor,status,severity,customer\n";

/// One row as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub at: i64,
    pub event: &'static str,
    pub role: &'static str,
    pub actor: &'static str,
    pub status: &'static str,
    pub severity: &'static str,
    /// An attribute, for the scope.
    pub customer: &'static str,
}

impl Row {
    /// The line of the file.
    pub fn line(&self, case: &str) -> String {
        let at = instant(self.at);
        let Row { event, role, actor, status, severity, customer, .. } = self;
        format!("{case},{at},{event},{role},{actor},{status},{severity},{customer}\n")
    }
}

/// RFC 3339, UTC.
pub fn instant(t: i64) -> String {
    DateTime::from_timestamp_micros(t).unwrap().to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// A whole input: some cases, the instant at which they are judged.
#[derive(Clone)]
pub struct Input {
    pub cases: Vec<Vec<Row>>,
    /// Rows of the same cases in a second file, which overlaps with the first.
    pub again: Vec<Vec<Row>>,
    pub as_of: i64,
}

impl Input {
    /// As two canonical files; the cases' names ascend with their index.
    pub fn files(&self) -> [String; 2] {
        [&self.cases, &self.again].map(|cases| {
            let mut text = HEADER.to_string();
            for (n, rows) in cases.iter().enumerate() {
                text.extend(rows.iter().map(|row| row.line(&case_id(n))));
            }
            text
        })
    }

    /// Writes the files into `folder`; where they are.
    pub fn write(&self, folder: &Path) -> Vec<PathBuf> {
        let named = ["rows.csv", "again.csv"].into_iter().zip(self.files());
        let write = |(name, text): (&str, String)| {
            let path = folder.join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        named.map(write).collect()
    }

    /// Every row, for changes.
    fn rows_mut(&mut self) -> impl Iterator<Item = &mut Row> {
        self.cases.iter_mut().chain(&mut self.again).flatten()
    }
}

/// The name of case `n`.
pub fn case_id(n: usize) -> String {
    format!("c{n:05}")
}

/// `n` cases round one anchor, all without messages once in three times, all without the words of waiting for
/// the customer, or of being resolved, or without any status, now and then.
pub fn any(random: &mut Random, n: usize) -> Input {
    let anchor = random.pick(&ANCHORS);
    let messages = !random.one_in(3);
    let cases: Vec<Vec<Row>> = (0..n).map(|_| case(random, anchor, messages)).collect();
    let again =
        cases.iter().map(|rows| if random.one_in(4) { again(random, rows) } else { vec![] }).collect();
    let mut input = Input { cases, again, as_of: 0 };
    let missing = random.pick(&[&WAITING[..], &RESOLVED, &[], &[], &[]]);
    let without = random.one_in(8);
    for row in input.rows_mut() {
        row.status = match row.status {
            _ if without => "",
            status if missing.contains(&status) => random.pick(&["", "Open"]),
            status => status,
        };
    }
    let all: Vec<i64> = input.rows_mut().map(|row| row.at).collect();
    let last = all.iter().copied().max().unwrap_or(anchor);
    let as_of = match random.below(4) {
        0 => last,
        1 => random.pick(&all),
        2 => anchor + random.below(240) as i64 * 30 * MINUTE,
        _ => last + random.pick(&[1, SECOND, 60 * MINUTE, 9 * DAY]),
    };
    Input { as_of, ..input }
}

/// A part of a case's rows as another file has them: one of them twice, or in the reverse order, now and then.
fn again(random: &mut Random, rows: &[Row]) -> Vec<Row> {
    let (a, b) = (random.below(rows.len()), random.below(rows.len()));
    let mut again = rows[a.min(b)..=a.max(b)].to_vec();
    if random.one_in(2) {
        set_back(random, &mut again);
    }
    if random.one_in(4) {
        again.reverse();
    }
    again
}

/// A row, another value of its state at its instant, and the row once more.
fn set_back(random: &mut Random, rows: &mut Vec<Row>) {
    let i = random.below(rows.len());
    let row = rows[i].clone();
    let other = match random.below(3) {
        0 => Row { status: random.pick(&STATUSES), ..row.clone() },
        1 => Row { severity: random.pick(&["1", "2", "3"]), ..row.clone() },
        _ => Row { status: random.pick(&STATUSES), event: "update", actor: "bob", ..row.clone() },
    };
    rows.splice(i + 1..i + 1, [other, row]);
}

fn case(random: &mut Random, anchor: i64, messages: bool) -> Vec<Row> {
    let n = 2 + random.below(9);
    let mut at = anchor + random.below(4 * 48) as i64 * 30 * MINUTE;
    let early = if random.one_in(6) { random.below(3) } else { 0 };
    let mut rows: Vec<Row> = vec![];
    for i in 0..n {
        rows.push(row(random, at, messages));
        if i == early && !random.one_in(10) {
            open(random, &mut rows[i]);
        }
        at += gap(random);
    }
    if random.one_in(3) {
        spell(random, at, messages, &mut rows);
    }
    if messages && random.one_in(4) {
        resolution(random, at, &mut rows);
    }
    // Some rows name the customer, among them such that are later than `as_of`.
    let is_named = random.one_in(2);
    for row in &mut rows {
        row.customer = if is_named { random.pick(&["", "", "acme", "acme", "blip"]) } else { "" };
    }
    if random.one_in(8) {
        let late = random.below(n);
        rows[late].event = "opened";
    }
    if random.one_in(8) {
        let twin = random.below(rows.len());
        rows.push(rows[twin].clone());
    }
    if random.one_in(8) {
        set_back(random, &mut rows);
    }
    if random.one_in(3) {
        let (a, b) = (random.below(rows.len()), random.below(rows.len()));
        rows.swap(a, b);
    }
    if random.one_in(5) {
        // Newest first, but for what was swapped.
        rows.reverse();
    }
    rows
}

fn open(random: &mut Random, row: &mut Row) {
    row.event = random.pick(&["opened", "opened", "Opened"]);
    row.role = random.pick(&["customer", "customer", "customer", "customer", "agent", "system", ""]);
    if random.one_in(2) {
        row.severity = random.pick(&["1", "2", "3"]);
    }
    row.status = random.pick(&["New", "New", "New", "", "Open", "Awaiting Customer", "Resolved"]);
}

/// An answer, a question after it, and a resolution without a word.
fn resolution(random: &mut Random, from_at: i64, rows: &mut Vec<Row>) {
    let (mut at, severity, customer) = (from_at, "", "");
    let rest = [("message", "agent", "Open"), ("message", "customer", "")];
    let end = random.pick(&[
        ("update", "agent", "Resolved"),
        ("update", "agent", "Closed"),
        ("", "system", "Solved"),
    ]);
    for (event, role, status) in rest.into_iter().chain([end]) {
        rows.push(Row { at, event, role, actor: "ann", status, severity, customer });
        at += gap(random);
    }
}

/// A wait for the customer, or a resolution, that is closed or not, and comes back or not: soon, or round the
/// 720 hours within which a case may be reopened after it was closed.
fn spell(random: &mut Random, from_at: i64, messages: bool, rows: &mut Vec<Row>) {
    let mut at = from_at;
    let (event, quiet) = (if messages { "message" } else { "update" }, "update");
    let mut push = |at: i64, event, role, status| {
        rows.push(Row { at, event, role, actor: "ann", status, severity: "", customer: "" });
    };
    push(at, event, "agent", random.pick(&["Awaiting Customer", "Pending", "Resolved", "Open"]));
    for _ in 0..random.below(3) {
        at += gap(random);
        push(at, random.pick(&[event, event, "note"]), random.pick(&["agent", "agent", "customer"]), "");
    }
    if random.one_in(4) {
        return;
    }
    at += gap(random) + random.pick(&[0, 0, DAY, 2 * DAY, 4 * DAY]);
    let status = random.pick(&["Closed", "Closed", "Resolved", "Spam"]);
    push(
        at,
        random.pick(&[quiet, event]),
        random.pick(&["agent", "system", "system", "", "customer"]),
        status,
    );
    if random.one_in(3) {
        return;
    }
    let hair = random.pick(&[0, 0, 1, -1]);
    let back = random.pick(&[0, 60 * MINUTE, DAY, 30 * DAY, 30 * DAY]);
    at += (back + hair).max(0);
    if random.one_in(2) {
        push(at, random.pick(&[event, "note"]), "customer", "");
    }
    at += random.pick(&[0, 0, 1, MINUTE]);
    push(at, quiet, random.pick(&["customer", "system", "agent"]), random.pick(&["Open", "Pending", "New"]));
}

/// Ties, a hair after them, whole hours (edges and targets), nights and weekends.
fn gap(random: &mut Random) -> i64 {
    match random.below(12) {
        0..=2 => 0,
        3 => random.pick(&[1, SECOND, SECOND - 1, 999]),
        4 => 60 * MINUTE + random.pick(&[-1, 0, 1, SECOND]),
        5..=8 => random.pick(&[15, 30, 60, 60, 90, 120, 240, 480]) * MINUTE,
        9 | 10 => random.pick(&[9, 16, 24, 26, 48, 72]) * 60 * MINUTE,
        _ => random.below(10_000) as i64 * MINUTE,
    }
}

fn row(random: &mut Random, at: i64, messages: bool) -> Row {
    let event = match random.below(10) {
        0..=4 if messages => "message",
        0 | 5 => "note",
        6 => "",
        _ => "update",
    };
    let role = random.pick(&["customer", "customer", "customer", "agent", "agent", "agent", "system", ""]);
    let status = if random.one_in(2) { "" } else { random.pick(&STATUSES) };
    let severity = if random.one_in(4) { random.pick(&["1", "2", "3", "3", "4", "5", "7"]) } else { "" };
    let customer = random.pick(&["", "", "", "", "", "acme", "blip"]);
    Row { at, event, role, actor: random.pick(&["", "ann", "bob"]), status, severity, customer }
}

const STATUSES: [&str; 15] = [
    "New",
    "Open",
    "In Progress",
    "Open",
    "Awaiting Customer",
    "Awaiting Customer",
    "Pending",
    "On Hold",
    "Waiting on Vendor",
    "Resolved",
    "Resolved",
    "Solved",
    "Closed",
    "closed",
    "Spam",
];

const WAITING: [&str; 2] = ["Awaiting Customer", "Pending"];
const RESOLVED: [&str; 2] = ["Resolved", "Solved"];
