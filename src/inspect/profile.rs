//! A profile to start from, as TOML with comments. It runs as it is, or a comment in it says what is to be filled in
//! first; which of the two is told by `open`.

use std::fmt::Write as _;

use crate::history::Category;
use crate::ingest::Shape;
use crate::ingest::known::{Known, role};

use super::column::{Column, Times};
use super::doubts::undirected;
use super::guess::shape_word;
use super::{Inspected, Inspection};

/// Words of a column that a profile lists.
const WORDS: usize = 200;

/// The text of a profile that reads all files that were looked at, once its questions are answered; `name` is its own.
pub fn profile(found: &Inspection, name: &str) -> String {
    let (files, known) = (&found.files[..], found.known());
    let mut text = String::new();
    let _ = writeln!(
        text,
        "# Made by `slaudit inspect` from what it found: look at every line. docs/profiles.md says what each means."
    );
    let _ = writeln!(text, "name = {}", quoted(name));
    write_questions(&mut text, found, None);
    let zones = files.iter().all(has_offsets);
    if zones {
        text.push_str("# Every time says its offset.\ntimezone = \"UTC\"\n");
    } else {
        text.push_str(
            "# The file does not say in which zone its times are: name yours, such as \"America/Denver\".\n",
        );
        text.push_str("timezone = \"UTC\"\n");
        text.push_str("assumptions = [\"times without an offset are read as UTC: the file does not say\"]\n");
    }
    write_statuses(&mut text, files, &known);
    for (i, file) in files.iter().enumerate() {
        let name = (files.len() > 1).then(|| table_name(files, i));
        write_table(&mut text, file, &known, name.as_deref(), |text| write_questions(text, found, Some(i)));
    }
    text
}

/// What a person has to answer before the profile reads anything (F111); `file`: about one, or about all of them.
fn write_questions(text: &mut String, found: &Inspection, file: Option<usize>) {
    let mine: Vec<&str> =
        found.doubts.iter().filter(|doubt| doubt.file == file).map(|doubt| doubt.question.as_str()).collect();
    if mine.is_empty() {
        return;
    }
    text.push_str("# The export does not tell: answer each, then delete its line. Nothing is read before (F111).\nquestions = [\n");
    for question in mine {
        let _ = writeln!(text, "  {},", quoted(question));
    }
    text.push_str("]\n");
}

/// The name of a file without its ending, with a number where an earlier file has the same: no two tables may share one.
fn table_name(files: &[Inspected], i: usize) -> String {
    let stem = |file: &Inspected| {
        file.path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
    };
    let mine = stem(&files[i]);
    match files[..i].iter().filter(|file| stem(file) == mine).count() {
        0 => mine,
        n => format!("{mine} ({})", n + 1),
    }
}

fn has_offsets(file: &Inspected) -> bool {
    let at = file.guess.column("at");
    file.columns
        .iter()
        .find(|column| Some(column.name.as_str()) == at)
        .is_some_and(|c| c.n_with_offset == c.n_filled)
}

/// The column that is taken for `role`.
pub(super) fn column<'f>(file: &'f Inspected, role: &str) -> Option<&'f Column> {
    let name = file.guess.column(role)?;
    file.columns.iter().find(|column| column.name == name)
}

/// The status words of the files and their categories: of changes the words of the values, whatever the field, and the
/// words that milestones give.
pub(super) fn statuses<'f>(files: &'f [Inspected], known: &Known) -> Vec<(&'f str, Option<Category>)> {
    let mut words: Vec<(&str, Option<Category>)> = Vec::new();
    let mut add = |word: &'f str, category: Option<Category>| match words
        .iter_mut()
        .find(|(known, _)| known.to_lowercase() == word.to_lowercase())
    {
        Some((_, known)) => *known = known.or(category),
        None => words.push((word, category)),
    };
    for file in files {
        let of = column(file, "status").into_iter();
        let changed = match file.guess.shape {
            Shape::Changes => column(file, "new"),
            _ => None,
        };
        for column in of.chain(changed) {
            for (word, _) in column.by_count().into_iter().take(WORDS) {
                let category = known.category(word);
                if category.is_some() || file.guess.shape != Shape::Changes {
                    add(word, category);
                }
            }
        }
        // What an activity or a milestone says is a status word as any other: without a category it would count as open.
        for (word, _) in
            column(file, "activity").map(Column::by_count).unwrap_or_default().into_iter().take(WORDS)
        {
            if let Some(category) = known.category(word) {
                add(word, Some(category));
            }
        }
        for (word, category) in file.guess.milestones.iter().filter_map(|name| milestone(name)?.status()) {
            add(word, Some(category));
        }
    }
    words
}

fn write_statuses(text: &mut String, files: &[Inspected], known: &Known) {
    let words = statuses(files, known);
    text.push_str("\n[statuses]\n");
    for category in Category::ALL {
        let mine: Vec<String> =
            words.iter().filter(|(_, of)| *of == Some(category)).map(|(word, _)| quoted(word)).collect();
        if mine.is_empty() {
            let _ = writeln!(text, "# {} = []", category.word());
        } else {
            let _ = writeln!(text, "{} = [{}]", category.word(), mine.join(", "));
        }
    }
    let unknown: Vec<String> =
        words.iter().filter(|(_, of)| of.is_none()).map(|(word, _)| quoted(word)).collect();
    if !unknown.is_empty() {
        text.push_str("# Words that no shipped profile knows: put each under its category. Until then they count as open,\n");
        text.push_str("# and the report tells of each (D506).\n");
        for word in unknown {
            let _ = writeln!(text, "#   {word}");
        }
    }
}

fn write_table(
    text: &mut String,
    file: &Inspected,
    known: &Known,
    table: Option<&str>,
    write_questions: impl Fn(&mut String),
) {
    let guess = &file.guess;
    let _ = write!(
        text,
        "\n# {}: {}\n[[table]]\n",
        one_line(&file.path.display().to_string()),
        guess.shape_reason
    );
    if let Some(table) = table {
        let name = file.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let _ = writeln!(text, "name = {}\nfiles = [{}]", quoted(table), quoted(&name));
    }
    let _ = writeln!(text, "shape = {}", quoted(shape_word(guess.shape)));
    write_questions(text);
    if file.peeked.kind == "JSON" {
        text.push_str("# An object is a row; docs/profiles.md, \"JSON\", says how the elements of a list in it become rows.\n");
        text.push_str("rows = \".\"\n");
    }
    if let Some(list) = &file.peeked.list {
        let _ = writeln!(text, "list = [{}]", quoted(list));
    }
    if !file.peeked.is_utf8 {
        text.push_str("# Some text is not UTF-8; of western European systems it is mostly this:\nencoding = \"windows-1252\"\n");
    }
    write_times(text, file);
    let missing: Vec<String> = missing_words(file).iter().map(|word| quoted(word)).collect();
    if !missing.is_empty() {
        let _ = writeln!(text, "missing = [{}]", missing.join(", "));
    }
    write_roles(text, file);
    if guess.shape == Shape::Activities {
        text.push_str(
            "# What each activity means is under `activities` below; the others change no state (D506).\n",
        );
    }
    write_columns(text, file);
    write_severities(text, file, known);
    write_events(text, file);
    write_activities(text, file, known);
    write_fields(text, file);
    write_milestones(text, file);
}

fn write_columns(text: &mut String, file: &Inspected) {
    text.push_str("\n[table.columns]\n");
    for taken in &file.guess.taken {
        let others = match &taken.others[..] {
            [] => String::new(),
            others => format!(
                "; or {}",
                others.iter().map(|o| format!("`{}`", one_line(o))).collect::<Vec<_>>().join(", ")
            ),
        };
        let _ = writeln!(
            text,
            "# {}{others}\n{} = {}",
            one_line(&taken.reason),
            taken.role,
            quoted(&taken.column)
        );
    }
    for role in &file.guess.missing {
        let _ =
            writeln!(text, "# No column was found for this, and it is needed: name it.\n# {role} = \"…\"");
    }
    // A column that a file of this shape mostly has, and without which less can be judged.
    let has_states = matches!(file.guess.shape, Shape::Events | Shape::Snapshots | Shape::Cases);
    for role in
        ["status", "severity"].into_iter().filter(|role| has_states && file.guess.column(role).is_none())
    {
        let _ = writeln!(text, "# No column was found for this: name it, if there is one.\n# {role} = \"…\"");
    }
}

fn write_milestones(text: &mut String, file: &Inspected) {
    for name in &file.guess.milestones {
        let known = milestone(name);
        let mark = if known.is_some() { "" } else { "# " };
        let what = match known {
            Some(Milestone::Response) => "event = \"message\"\nrole = \"agent\"".to_owned(),
            Some(Milestone::Status(word, _)) => format!("status = {}", quoted(word)),
            None => {
                text.push_str("\n# What this column tells is not known: a status of `[statuses]`, or `event` and `role`?");
                "status = \"…\"".to_owned()
            }
        };
        let _ = write!(text, "\n{mark}[[table.milestones]]\n{mark}column = {}\n{mark}{what}\n", quoted(name));
    }
}

/// What a column of times of a case tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Milestone {
    /// An answer of support.
    Response,
    /// The case has this status from then on, which is of this category.
    Status(&'static str, Category),
}

impl Milestone {
    const fn status(self) -> Option<(&'static str, Category)> {
        match self {
            Milestone::Response => None,
            Milestone::Status(word, category) => Some((word, category)),
        }
    }
}

/// What a column of times of a case most likely tells, by its name.
fn milestone(name: &str) -> Option<Milestone> {
    let name = crate::ingest::known::plain(name);
    let has = |word: &str| name.contains(word);
    match () {
        () if has("respon") || has("repl") => Some(Milestone::Response),
        () if has("resol") || has("solved") => Some(Milestone::Status("Resolved", Category::Resolved)),
        () if has("closed") => Some(Milestone::Status("Closed", Category::Closed)),
        () => None,
    }
}

/// The forms of the times that the table reads; two that both fit are never chosen from.
fn write_times(text: &mut String, file: &Inspected) {
    let mut forms: Vec<&str> = Vec::new();
    let mut undecided = None;
    let names = file.guess.column("at").into_iter().chain(file.guess.milestones.iter().map(String::as_str));
    for name in names {
        let Some(i) = file.columns.iter().position(|column| column.name == name) else { continue };
        match &file.times[i] {
            Times::One(form) | Times::Mostly { form, .. } if !forms.contains(form) => forms.push(form),
            Times::Ambiguous { forms, example } => undecided = Some((forms, example, name)),
            _ => {}
        }
    }
    if let Some(([first, second], example, name)) = undecided {
        let (name, example) = (one_line(name), one_line(example));
        let _ = writeln!(
            text,
            "# Every cell of `{name}` fits two forms that mean different days, as `{example}`: keep the one that holds."
        );
        let _ = writeln!(text, "timestamps = [\"%? decide: {first} or {second}\"]");
        let _ = writeln!(text, "# timestamps = [{}]\n# timestamps = [{}]", quoted(first), quoted(second));
    } else if forms != ["canonical"] && !forms.is_empty() {
        let all: Vec<String> = forms.iter().map(|form| quoted(form)).collect();
        let _ = writeln!(text, "timestamps = [{}]", all.join(", "));
    }
}

fn missing_words(file: &Inspected) -> Vec<String> {
    let mut all: Vec<String> =
        file.columns.iter().flat_map(|column| column.missing.keys().cloned()).collect();
    all.sort();
    all.dedup();
    all
}

fn write_roles(text: &mut String, file: &Inspected) {
    let Some(column) = column(file, "role") else {
        text.push_str("# No column says who did it: everybody but who opens a case counts as this.\ndefault_role = \"agent\"\n");
        return;
    };
    let word = |word: &str| role(word).and_then(|role| role.word()).unwrap_or("unknown");
    let all: Vec<String> = column
        .by_count()
        .into_iter()
        .take(WORDS)
        .map(|(text, _)| format!("{} = {}", quoted(text), quoted(word(text))))
        .collect();
    let _ = writeln!(text, "roles = {{ {} }}", all.join(", "));
}

/// The severity words of a table and their levels; digits need none.
pub(super) fn severities<'f>(file: &'f Inspected, known: &Known) -> Vec<(&'f str, u64, Option<u8>)> {
    // Among the values of changes are those of other fields too: of them only what is known is written.
    let is_changes = file.guess.shape == Shape::Changes;
    let of = if is_changes { "new" } else { "severity" };
    let Some(column) = column(file, of) else { return Vec::new() };
    let is_digit = |word: &str| word.len() == 1 && word.bytes().all(|b| (b'1'..=b'9').contains(&b));
    let words = column.by_count().into_iter().take(WORDS).filter(|(word, _)| !is_digit(word));
    let levels = words.map(|(word, n)| (word, n, known.severity(word)));
    levels
        .filter(|(word, _, level)| !is_changes || level.is_some() && known.category(word).is_none())
        .collect()
}

fn write_severities(text: &mut String, file: &Inspected, known: &Known) {
    let words = severities(file, known);
    let numbers = undirected(file);
    if words.is_empty() && numbers.is_empty() {
        return;
    }
    text.push_str("\n# Severity words and their levels, 1 the most severe.\n[table.severities]\n");
    if !numbers.is_empty() {
        text.push_str("# Numbers are levels as they stand; where 1 is the least severe instead, they are:\n");
        for (word, level) in numbers {
            let level = level.map_or_else(|| "…".to_owned(), |level| level.to_string());
            let _ = writeln!(text, "# {} = {level}", quoted(word));
        }
    }
    for (word, _, level) in &words {
        if let Some(level) = level {
            let _ = writeln!(text, "{} = {level}", quoted(word));
        }
    }
    let unknown: Vec<&(&str, u64, Option<u8>)> =
        words.iter().filter(|(_, _, level)| level.is_none()).collect();
    if !unknown.is_empty() {
        text.push_str("# Words that are not known: give each its level, from 1 to 9. A row with one is rejected (D512) until then.\n");
        for (word, n, _) in unknown {
            let _ = writeln!(text, "# {} = …  # {n} rows", quoted(word));
        }
    }
}

/// The words of the column of events that are none of ours.
pub(super) fn unknown_events(file: &Inspected) -> Vec<(&str, u64)> {
    let ours = |word: &str| ["opened", "message", "note", "update"].contains(&word.to_lowercase().as_str());
    let words = column(file, "event").map(Column::by_count).unwrap_or_default();
    words.into_iter().take(WORDS).filter(|(word, _)| !ours(word)).collect()
}

fn write_events(text: &mut String, file: &Inspected) {
    let words = unknown_events(file);
    if words.is_empty() {
        return;
    }
    text.push_str("\n[table.events]\n# Words that are not known: `opened`, `message`, `note` or `update`? A row with one is rejected (D513) until then.\n");
    for (word, n) in words {
        let _ = writeln!(text, "# {} = \"…\"  # {n} rows", quoted(word));
    }
}

/// Activities that are status words change the status; the others are left to a person.
fn write_activities(text: &mut String, file: &Inspected, known: &Known) {
    let Some(column) = column(file, "activity") else { return };
    text.push_str("\n[table.activities]\n");
    let words: Vec<(&str, u64)> = column.by_count().into_iter().take(WORDS).collect();
    for word in once(words.iter().map(|(word, _)| *word)) {
        let n: u64 = words.iter().filter(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, n)| n).sum();
        let quoted = quoted(word);
        let _ = match known.category(word) {
            Some(_) => writeln!(text, "{quoted} = {{ status = {quoted} }}"),
            None => writeln!(text, "# {quoted} = {{ }}  # {n} rows: event = \"message\", or status = \"…\""),
        };
    }
}

/// A field of changes of which we know by its name what it is: the key of `[table.fields]` and the words.
type FieldWords<'f> = (&'static str, Vec<&'f str>);

/// Fields whose name says what they are.
pub(super) fn field_words(file: &Inspected) -> Vec<FieldWords<'_>> {
    let Some(column) = column(file, "field") else { return Vec::new() };
    let named = |wanted: &[&str]| -> Vec<&str> {
        let is = |word: &str| wanted.contains(&crate::ingest::known::plain(word).as_str());
        once(column.by_count().into_iter().map(|(word, _)| word).filter(|word| is(word)))
    };
    let status = named(&["status", "state", "case status", "incident state"]);
    let severity = named(&["severity", "priority"]);
    [("status", status), ("severity", severity)].into_iter().filter(|(_, words)| !words.is_empty()).collect()
}

fn write_fields(text: &mut String, file: &Inspected) {
    let Some(column) = column(file, "field") else { return };
    let known = field_words(file);
    text.push_str("\n[table.fields]\n");
    if known.is_empty() {
        text.push_str("# No field says by its name that it is the status or the severity: name it.\n");
    }
    for key in ["status", "severity"] {
        let _ = match known.iter().find(|(name, _)| *name == key) {
            Some((_, words)) => {
                let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
                writeln!(text, "{key} = [{}]", words.join(", "))
            }
            None => writeln!(text, "# {key} = []"),
        };
    }
    let others: Vec<String> =
        column.by_count().into_iter().take(30).map(|(word, n)| format!("{} {n}", quoted(word))).collect();
    let _ = writeln!(text, "# fields and their rows: {}", others.join(", "));
}

/// Words of which none is another one in other case: a profile takes the two for one.
fn once<'w>(words: impl Iterator<Item = &'w str>) -> Vec<&'w str> {
    let mut all: Vec<&str> = Vec::new();
    for word in words {
        if !all.iter().any(|known| known.eq_ignore_ascii_case(word)) {
            all.push(word);
        }
    }
    all
}

/// A TOML string on one line, which says exactly `text`: two words stay two.
fn quoted(text: &str) -> String {
    let mut quoted = "\"".to_owned();
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// For comments: what would end a line is a blank.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
