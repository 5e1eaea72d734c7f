//! Reads a `.case` file: the history, the policy's lines and what is expected. It knows no rule, and runs nothing.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{NaiveDate, SecondsFormat, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// A history with its policy, as it stands in the file.
pub struct Table {
    /// The zone of every time in the file.
    zone: Tz,
    /// In RFC 3339; none: the latest event.
    pub as_of: Option<String>,
    /// The case ids, in order of their first row, each once.
    pub cases: Vec<String>,
    /// The history as CSV.
    events: String,
    /// (file name, text) of the policy, or of each version of a book, and of the files beside it.
    files: Vec<(String, String)>,
    /// (line from 1, text) of what is expected.
    pub expected: Vec<(usize, String)>,
}

impl Table {
    /// The table in `text`; panics where it is not one.
    pub fn read(text: &str) -> Self {
        let mut table = Table {
            zone: Tz::UTC,
            as_of: None,
            cases: Vec::new(),
            events: String::new(),
            files: Vec::new(),
            expected: Vec::new(),
        };
        let mut section = "head";
        for (i, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let words: Vec<&str> = line.split_whitespace().collect();
            match (section, &words[..]) {
                ("policy", ["expect"]) | ("history", ["expect"]) => section = "expect",
                ("expect", _) => table.expected.push((i + 1, line.to_owned())),
                (_, ["policy"]) => section = table.begin("policy.toml", ""),
                (_, ["policy", date]) => {
                    section = table.begin(&format!("{date}.toml"), &format!("effective_from = {date}\n"));
                }
                (_, ["file", name]) => section = table.begin(name, ""),
                ("policy", _) => table.continue_file(line),
                ("head", ["as_of", ..]) => table.as_of = Some(table.instant(&words[1..])),
                ("head", ["zone", zone]) => table.zone = zone.parse().expect("a zone"),
                ("head", [comment, ..]) if comment.starts_with('#') => {}
                _ => section = table.row(line),
            }
        }
        if table.files.is_empty() {
            table.begin("policy.toml", "");
        }
        table
    }

    fn begin(&mut self, name: &str, first: &str) -> &'static str {
        let is_policy = name.ends_with(".toml");
        let head = "name = \"case\"\ninherit = \"../base.toml\"\n";
        let text = if is_policy { format!("{head}{first}") } else { String::new() };
        self.files.push((name.to_owned(), text));
        "policy"
    }

    fn continue_file(&mut self, line: &str) {
        let (_, text) = self.files.last_mut().expect("a file has begun");
        text.push_str(line);
        text.push('\n');
    }

    /// A row of the history, or the names of its columns.
    fn row(&mut self, line: &str) -> &'static str {
        let cells: Vec<&str> = line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
        let is_header = self.events.is_empty();
        let cells = cells.iter().enumerate().map(|(i, cell)| match (i, is_header, *cell) {
            (0, true, "case") => "case_id".to_owned(),
            (_, _, "-") => String::new(),
            (1, false, at) => self.instant(&at.split_whitespace().collect::<Vec<_>>()),
            (_, _, cell) => cell.to_owned(),
        });
        let cells: Vec<String> = cells.collect();
        self.events.push_str(&cells.join(","));
        self.events.push('\n');
        if !is_header && !self.cases.contains(&cells[0]) {
            self.cases.push(cells[0].clone());
        }
        "history"
    }

    /// `Tue+1 09:00` as RFC 3339 in UTC: Tuesday of the week after that of Monday 2026-01-05.
    pub fn instant(&self, words: &[&str]) -> String {
        let [day, time] = words else { panic!("`{words:?}` is no day and time") };
        let (day, weeks) = day.split_once('+').unwrap_or((day, "0"));
        let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
        let day = weekdays.iter().position(|name| *name == day).expect("a weekday");
        let weeks: i64 = weeks.parse().expect("a number of weeks");
        let parts: Vec<u32> = time.split(':').map(|part| part.parse().expect("HH:MM[:SS]")).collect();
        let seconds = parts.get(2).copied().unwrap_or(0);
        let monday = NaiveDate::from_ymd_opt(2026, 1, 5).expect("a date");
        let date = monday + TimeDelta::days(day as i64 + 7 * weeks);
        let local = date.and_hms_opt(parts[0], parts[1], seconds).expect("a time of day");
        let at = self.zone.from_local_datetime(&local).earliest().expect("a local time that exists");
        at.with_timezone(&Utc).to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    /// Writes history and policy below `folder`; gives the events and the policy file or book.
    pub fn write(&self, folder: &Path) -> (PathBuf, PathBuf) {
        let book = folder.join("policy");
        fs::create_dir(&book).expect("a new folder");
        let base = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/rules/base.toml");
        fs::copy(base, folder.join("base.toml")).expect("the base policy");
        for (name, text) in &self.files {
            fs::write(book.join(name), text).expect("a file of the policy");
        }
        let events = folder.join("events.csv");
        fs::write(&events, &self.events).expect("the events");
        let single = book.join("policy.toml");
        (events, if single.exists() { single } else { book })
    }
}
