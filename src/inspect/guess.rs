//! Which column is what, and of what shape a file is, each with its reason. A guess is never more than that: it is
//! written down for a person to look at.

use crate::ingest::Shape;
use crate::ingest::known::{Form, Known, plain, role, word};

use super::column::{Column, Times};

/// A column that is taken for something, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Our name.
    pub role: &'static str,
    /// Its name in the header.
    pub column: String,
    /// Why.
    pub reason: String,
    /// Other columns that could be it.
    pub others: Vec<String>,
}

/// The guess about one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// Of what shape it is.
    pub shape: Shape,
    /// Why.
    pub shape_reason: String,
    /// Columns that are taken for something, in our order.
    pub taken: Vec<Taken>,
    /// Further columns of times of a file with a row a case.
    pub milestones: Vec<String>,
    /// Columns that tell when a loader copied the row, which is nothing of the case.
    pub stamps: Vec<String>,
    /// What could not be found and is needed.
    pub missing: Vec<&'static str>,
}

impl Guess {
    /// The column that is taken for `role`.
    pub fn column(&self, role: &str) -> Option<&str> {
        self.taken.iter().find(|taken| taken.role == role).map(|taken| taken.column.as_str())
    }
}

/// Words by which exports call a column, beside those of the shipped profiles; plain, the likeliest first.
const NAMES: [(&str, &[&str]); 13] = [
    (
        "case_id",
        &[
            "case id",
            "case number",
            "case no",
            "ticket id",
            "ticket number",
            "ticket no",
            "incident number",
            "incident id",
            "issue id",
            "issue key",
            "conversation id",
            "request id",
            "request number",
            "thread id",
            "parent id",
            "number",
            "case",
            "ticket",
            "incident",
            "issue",
            "id",
            "key",
        ],
    ),
    (
        "at",
        &[
            "at",
            "timestamp",
            "complete timestamp",
            "updated at",
            "sys updated at",
            "changed at",
            "event time",
            "date time",
            "datetime",
            "date",
            "time",
            "opened at",
            "created at",
            "created",
            "opened",
            "date created",
            "updated",
        ],
    ),
    ("event", &["event", "event type", "type", "action"]),
    ("role", &["role", "actor type", "author type", "user type", "sender type"]),
    (
        "actor",
        &[
            "actor",
            "author",
            "changed by",
            "updated by",
            "sys updated by",
            "set by",
            "user",
            "agent",
            "resource",
            "by",
        ],
    ),
    ("status", &["status", "state", "incident state", "case status", "ticket status"]),
    ("severity", &["severity", "priority", "prio", "sev", "urgency", "impact", "level"]),
    ("field", &["field", "field name", "fieldname", "attribute changed"]),
    ("old", &["old", "old value", "oldvalue", "from", "previous value"]),
    ("new", &["new", "new value", "newvalue", "to", "value"]),
    ("public", &["public", "is public"]),
    ("internal", &["internal", "internal only", "private", "is private"]),
    ("activity", &["activity", "activity name", "concept name"]),
];

/// Guesses about `columns`; `n_rows` were read.
pub fn guess(columns: &[Column], n_rows: u64, known: &Known, forms: &[Form]) -> Guess {
    let times: Vec<Times> = columns.iter().map(|column| column.times(forms)).collect();
    let looked = Looked { columns, times: &times, n_rows, known };
    let (shape, shape_reason) = looked.shape();
    let mut taken = Vec::new();
    for role in [
        "case_id",
        "at",
        "event",
        "role",
        "actor",
        "status",
        "severity",
        "field",
        "old",
        "new",
        "public",
        "internal",
        "activity",
        "lifecycle",
    ] {
        if fits_shape(role, shape) {
            let found = looked.find(role, shape, &taken);
            taken.extend(found);
        }
    }
    let is_taken = |name: &str| taken.iter().any(|taken: &Taken| taken.column == name);
    let milestones = match shape {
        Shape::Cases => columns
            .iter()
            .zip(&times)
            .filter(|(column, times)| times.is_some() && !is_taken(&column.name) && !is_stamp(&column.name))
            .map(|(column, _)| column.name.clone())
            .collect(),
        _ => Vec::new(),
    };
    let needed: &[&'static str] = match shape {
        Shape::Changes => &["case_id", "at", "field", "new"],
        Shape::Activities => &["case_id", "at", "activity"],
        _ => &["case_id", "at"],
    };
    let missing =
        needed.iter().copied().filter(|role| taken.iter().all(|taken| taken.role != *role)).collect();
    let stamps =
        columns.iter().zip(&times).filter(|(column, times)| times.is_some() && is_stamp(&column.name));
    let stamps = stamps.map(|(column, _)| column.name.clone()).collect();
    Guess { shape, shape_reason, taken, milestones, stamps, missing }
}

/// True for a name that says that the case is meant, and not the row.
fn names_case(name: &str) -> bool {
    let words = ["case", "ticket", "incident", "issue", "conversation", "request", "thread", "parent"];
    let parts = ["id", "number", "no", "key"];
    let name = plain(name).replace(' ', "");
    words.iter().any(|word| name.strip_prefix(word).is_some_and(|rest| parts.contains(&rest)))
}

/// True for a column in which a loader says when it copied the row: of the case that tells nothing.
fn is_stamp(name: &str) -> bool {
    let loaders = [
        "fivetran",
        "airbyte",
        "sdc",
        "stitch",
        "dlt",
        "dbt",
        "hevo",
        "meltano",
        "etl",
        "elt",
        "dw",
        "dwh",
        "edw",
        "cdc",
        "warehouse",
        "ingest",
        "ingested",
        "ingestion",
        "sync",
        "synced",
        "load",
        "loaded",
        "extract",
        "extracted",
        "extraction",
        "export",
        "exported",
        "replicated",
        "replication",
        "batch",
    ];
    plain(name).split(' ').any(|word| loaders.contains(&word))
}

/// True where the name of a column says that a case opens then.
fn says_opening(name: &str) -> bool {
    let name = plain(name);
    let begins =
        |starts: &[&str]| name.split(' ').any(|word| starts.iter().any(|start| word.starts_with(start)));
    let opens = name.contains("creat")
        || begins(&["open", "submit", "report", "receiv", "raised", "logged", "registered"]);
    opens && !begins(&["reopen", "updat", "clos", "resol", "respon"])
}

/// Which of our columns a shape has.
fn fits_shape(role: &str, shape: Shape) -> bool {
    match role {
        "status" | "severity" => {
            matches!(shape, Shape::Events | Shape::Snapshots | Shape::Activities | Shape::Cases)
        }
        "event" => matches!(shape, Shape::Events | Shape::Messages),
        "field" | "old" | "new" => shape == Shape::Changes,
        "public" | "internal" => shape == Shape::Messages,
        "activity" | "lifecycle" => shape == Shape::Activities,
        _ => true,
    }
}

struct Looked<'a> {
    columns: &'a [Column],
    times: &'a [Times],
    n_rows: u64,
    known: &'a Known,
}

impl Looked<'_> {
    /// The column called by the likeliest of the names of `role` that is there and holds what it should.
    fn named(&self, role: &'static str, shape: Shape) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        let listed = NAMES.iter().find(|(name, _)| *name == role).map_or(&[][..], |(_, names)| names);
        let holds = |i: usize| self.holds(role, shape, i);
        let squeezed = |name: &str| plain(name).replace(' ', "");
        for name in self.known.favoured_columns(shape, role) {
            let column = self.columns.iter().position(|column| column.name == name);
            if let Some(i) = column.filter(|&i| holds(i) && found.iter().all(|(j, _)| *j != i)) {
                found.push((i, format!("the shipped profile that fits best calls it `{name}`")));
            }
        }
        for name in listed {
            for (i, column) in self.columns.iter().enumerate() {
                // `issueid` is `issue_id`.
                let is_it = plain(&column.name) == *name || squeezed(&column.name) == squeezed(name);
                if is_it && holds(i) && found.iter().all(|(j, _)| *j != i) {
                    found.push((i, format!("exports call it `{}`", column.name)));
                }
            }
        }
        for (i, column) in self.columns.iter().enumerate() {
            let is_known = self.known.names_column(shape, role, &column.name);
            if is_known && holds(i) && found.iter().all(|(j, _)| *j != i) {
                found.push((i, format!("a shipped profile calls it `{}`", column.name)));
            }
        }
        if role == "case_id" {
            self.cases_before_rows(&mut found);
        }
        if role == "status" && found.is_empty() {
            found.extend(self.by_status_words());
        }
        found
    }

    /// A column called by the case, with something in each row, goes before one that is only called an id: that may be the
    /// row's own.
    fn cases_before_rows(&self, found: &mut [(usize, String)]) {
        let whose = ["case", "ticket", "issue", "incident", "conversation", "request", "parent", "thread"];
        let is_own = |i: usize| {
            let column = &self.columns[i];
            let name = plain(&column.name);
            !(column.n_filled == column.n && whose.iter().any(|word| name.starts_with(word)))
        };
        if found.first().is_some_and(|(i, _)| matches!(plain(&self.columns[*i].name).as_str(), "id" | "key"))
        {
            found.sort_by_key(|(i, _)| is_own(*i));
        }
    }

    /// A column nearly all of whose cells are status words that are known, whatever it is called.
    fn by_status_words(&self) -> Option<(usize, String)> {
        let share = |column: &Column| {
            sum(column, |word| self.known.category(word).is_some()) * 10 >= column.n_filled * 8
        };
        let fits = |column: &&Column| column.n_filled > 0 && column.words.len() < 50 && share(column);
        let i = self.columns.iter().position(|column| fits(&column))?;
        Some((i, "its cells are status words".to_owned()))
    }

    /// Whether column `i` can be what `role` is in a table of `shape`, by its cells.
    fn holds(&self, role: &str, shape: Shape, i: usize) -> bool {
        let column = &self.columns[i];
        match (role, shape) {
            ("at", _) => self.times[i].is_some() && !is_stamp(&column.name),
            // What differs in every row is the id of the row: a case of such a table has several. Where no column that may be
            // the case has a value twice, each case has one row, and only the name tells which it is.
            ("case_id", Shape::Messages | Shape::Changes | Shape::Activities) => {
                column.n_repeats > 0 || column.n_filled < 3 || names_case(&column.name) && self.is_once()
            }
            _ => true,
        }
    }

    /// True where each column that is called as a case is has another value in each row.
    fn is_once(&self) -> bool {
        let cases = || self.columns.iter().filter(|column| names_case(&column.name));
        cases().count() == 1 && cases().all(|column| column.n_repeats == 0)
    }

    fn has(&self, role: &'static str, shape: Shape) -> Option<&str> {
        self.named(role, shape).first().map(|(i, _)| self.columns[*i].name.as_str())
    }

    /// What a file with these columns is, the clearest sign first.
    fn shape(&self) -> (Shape, String) {
        if let (Some(field), Some(new)) = (self.has("field", Shape::Changes), self.has("new", Shape::Changes))
        {
            return (
                Shape::Changes,
                format!("columns `{field}` and `{new}`: a row is a change of one field"),
            );
        }
        if let Some(activity) = self.has("activity", Shape::Activities) {
            return (Shape::Activities, format!("column `{activity}`: a row is an activity"));
        }
        if let Some((i, _)) = self.named("event", Shape::Events).first() {
            let column = &self.columns[*i];
            let ours = ["opened", "message", "note", "update"];
            let n: u64 = column
                .by_count()
                .iter()
                .filter(|(w, _)| ours.contains(&plain(w).as_str()))
                .map(|(_, n)| n)
                .sum();
            if n * 2 > column.n_filled && column.n_filled > 0 {
                let reason =
                    format!("{n} of {} cells of `{}` are words of events", column.n_filled, column.name);
                return (Shape::Events, reason);
            }
        }
        let status = self.has("status", Shape::Snapshots);
        let visible = self.has("public", Shape::Messages).or_else(|| self.has("internal", Shape::Messages));
        if let (Some(visible), None) = (visible, status) {
            return (Shape::Messages, format!("column `{visible}` and no status: a row is a message"));
        }
        let case = self.named("case_id", Shape::Cases).first().map(|(i, _)| &self.columns[*i]);
        let n_times = self.times.iter().filter(|times| times.is_some()).count();
        match case {
            Some(case) if case.n_repeats > 0 => {
                let n = case.n_repeats;
                (Shape::Snapshots, format!("{n} rows are of a case that had one before: a row is an update"))
            }
            Some(_) if n_times > 0 => {
                let reason =
                    format!("no case has two rows, and {n_times} columns hold times: a row is a case");
                (Shape::Cases, reason)
            }
            Some(_) => (Shape::Snapshots, "no column holds times: nothing tells the shape".to_owned()),
            None => (Shape::Snapshots, "no column looks like a case id: nothing tells the shape".to_owned()),
        }
    }

    fn find(&self, role: &'static str, shape: Shape, taken: &[Taken]) -> Option<Taken> {
        let is_free = |i: usize| taken.iter().all(|taken| taken.column != self.columns[i].name);
        let mut found = self.named(role, shape);
        found.retain(|(i, _)| is_free(*i));
        if role == "at" && shape == Shape::Cases {
            // The opening is the earliest: a name that says so goes first, and none that says otherwise is one.
            for i in (0..self.columns.len()).filter(|&i| self.holds(role, shape, i) && is_free(i)) {
                let name = &self.columns[i].name;
                if says_opening(name) && found.iter().all(|(j, _)| *j != i) {
                    found.push((i, format!("`{name}` says by its name that the case is opened then")));
                }
            }
            found.retain(|(i, _)| !plain(&self.columns[*i].name).contains("updat"));
            found.sort_by_key(|(i, _)| !says_opening(&self.columns[*i].name));
        }
        if role == "at" && shape != Shape::Cases && found.is_empty() {
            let first = (0..self.columns.len()).find(|&i| self.holds(role, shape, i) && is_free(i));
            found.extend(first.map(|i| (i, "the first column whose cells are times".to_owned())));
        }
        let mut found = found.into_iter();
        let (i, mut reason) = found.next()?;
        let column = &self.columns[i];
        reason += &self.seen(role, column, &self.times[i]);
        let others = found.map(|(i, _)| self.columns[i].name.clone()).collect();
        Some(Taken { role, column: column.name.clone(), reason, others })
    }

    /// What its cells say for it.
    fn seen(&self, of: &str, column: &Column, times: &Times) -> String {
        let share = |n: u64| format!("; {n} of {} cells", column.n_filled);
        match of {
            "case_id" => match column.n_distinct() {
                Some(n) => format!("; {n} different in {} rows", self.n_rows),
                None => format!("; more than are counted in {} rows", self.n_rows),
            },
            "at" => match times {
                Times::One(form) => format!("; every cell fits `{form}`"),
                Times::Mostly { form, n, n_tried } => format!("; {n} of {n_tried} cells fit `{form}`"),
                Times::Ambiguous { forms, .. } => {
                    format!("; every cell fits both `{}` and `{}`", forms[0], forms[1])
                }
                Times::None => String::new(),
            },
            "status" => {
                let n = sum(column, |word| self.known.category(word).is_some());
                format!("{} are status words of shipped profiles", share(n))
            }
            "severity" => {
                let n = sum(column, |word| self.known.severity(word).is_some());
                format!("{} are severities that are known", share(n))
            }
            "role" => format!("{} are roles", share(sum(column, |word| role(word).is_some()))),
            _ => String::new(),
        }
    }
}

fn sum(column: &Column, is: impl Fn(&str) -> bool) -> u64 {
    column.words.iter().filter(|(word, _)| is(word)).map(|(_, n)| n).sum()
}

/// The shape in words.
pub fn shape_word(shape: Shape) -> &'static str {
    word(shape)
}
