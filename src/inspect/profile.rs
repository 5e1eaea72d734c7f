//! A profile to start from, as TOML with comments. It runs as it is, or holds a key that says what must be decided first.

use std::fmt::Write as _;

use crate::history::Category;
use crate::ingest::Shape;
use crate::ingest::known::{Known, role};

use super::column::{Column, Times};
use super::guess::shape_word;
use super::{Inspected, known_for};

/// Words of a column that a profile lists.
const WORDS: usize = 200;

/// The text of a profile that reads all of `files`; `name` is its own.
pub fn profile(files: &[Inspected], name: &str) -> String {
    let known = known_for(files);
    let mut text = String::new();
    let _ = writeln!(
        text,
        "# Made by `slaudit inspect` from what it found: look at every line. docs/profiles.md says what each means."
    );
    let _ = writeln!(text, "name = {}", quoted(name));
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
    for file in files {
        write_table(&mut text, file, &known, files.len() > 1);
    }
    text
}

fn has_offsets(file: &Inspected) -> bool {
    let at = file.guess.column("at");
    file.columns
        .iter()
        .find(|column| Some(column.name.as_str()) == at)
        .is_some_and(|c| c.n_with_offset == c.n_filled)
}

fn column<'f>(file: &'f Inspected, role: &str) -> Option<&'f Column> {
    let name = file.guess.column(role)?;
    file.columns.iter().find(|column| column.name == name)
}

/// The columns whose words are status words: of changes that of the values, whatever the field.
fn write_statuses(text: &mut String, files: &[Inspected], known: &Known) {
    let mut words: Vec<&str> = Vec::new();
    for file in files {
        let of = column(file, "status").into_iter();
        let changed = match file.guess.shape {
            Shape::Changes => column(file, "new"),
            _ => None,
        };
        for column in of.chain(changed) {
            for (word, _) in column.by_count().into_iter().take(WORDS) {
                let is_status = known.category(word).is_some() || file.guess.shape != Shape::Changes;
                if is_status && !words.iter().any(|known| known.eq_ignore_ascii_case(word)) {
                    words.push(word);
                }
            }
        }
    }
    text.push_str("\n[statuses]\n");
    for category in Category::ALL {
        let mine: Vec<String> = words
            .iter()
            .filter(|word| known.category(word) == Some(category))
            .map(|word| quoted(word))
            .collect();
        if mine.is_empty() {
            let _ = writeln!(text, "# {} = []", category.word());
        } else {
            let _ = writeln!(text, "{} = [{}]", category.word(), mine.join(", "));
        }
    }
    let unknown: Vec<String> =
        words.iter().filter(|word| known.category(word).is_none()).map(|word| quoted(word)).collect();
    if !unknown.is_empty() {
        text.push_str("# Words that no shipped profile knows: put each under its category. Until then they count as open,\n");
        text.push_str("# and the report tells of each (D506).\n");
        for word in unknown {
            let _ = writeln!(text, "#   {word}");
        }
    }
}

fn write_table(text: &mut String, file: &Inspected, known: &Known, is_one_of_several: bool) {
    let guess = &file.guess;
    let _ = write!(
        text,
        "\n# {}: {}\n[[table]]\n",
        one_line(&file.path.display().to_string()),
        guess.shape_reason
    );
    if is_one_of_several {
        let name = file.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let stem = file.path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let _ = writeln!(text, "name = {}\nfiles = [{}]", quoted(&stem), quoted(&name));
    }
    let _ = writeln!(text, "shape = {}", quoted(shape_word(guess.shape)));
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
    write_severities(text, file, known);
    if guess.shape == Shape::Activities {
        text.push_str(
            "# What each activity means is under `activities` below; the others change no state (D506).\n",
        );
    }
    text.push_str("\n[table.columns]\n");
    for taken in &guess.taken {
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
    for role in &guess.missing {
        let _ =
            writeln!(text, "# No column was found for this, and it is needed: name it.\n# {role} = \"…\"");
    }
    write_activities(text, file, known);
    write_fields(text, file);
    for name in &guess.milestones {
        let known = milestone(name);
        let mark = if known.is_some() { "" } else { "# " };
        let what = known.unwrap_or("status = \"…\"");
        let _ = write!(text, "\n{mark}[[table.milestones]]\n{mark}column = {}\n{mark}{what}\n", quoted(name));
    }
}

/// What a column of times of a case most likely tells, by its name.
fn milestone(name: &str) -> Option<&'static str> {
    let name = crate::ingest::known::plain(name);
    let has = |word: &str| name.contains(word);
    match () {
        () if has("respon") || has("repl") => Some("event = \"message\"\nrole = \"agent\""),
        () if has("resol") || has("solved") => Some("status = \"Resolved\""),
        () if has("closed") => Some("status = \"Closed\""),
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

fn write_severities(text: &mut String, file: &Inspected, known: &Known) {
    // Among the values of changes are those of other fields too: of them only what is known is written.
    let is_changes = file.guess.shape == Shape::Changes;
    let of = if is_changes { "new" } else { "severity" };
    let Some(column) = column(file, of) else { return };
    let mut words: Vec<(&str, u64)> = column.by_count().into_iter().take(WORDS).collect();
    if is_changes {
        words.retain(|(word, _)| known.severity(word).is_some() && known.category(word).is_none());
    }
    let is_digit = |word: &str| word.len() == 1 && word.bytes().all(|b| (b'1'..=b'9').contains(&b));
    let mut all = Vec::new();
    let mut unknown = Vec::new();
    for (word, _) in words.into_iter().filter(|(word, _)| !is_digit(word)) {
        match known.severity(word) {
            Some(level) => all.push(format!("{} = {level}", quoted(word))),
            None => unknown.push(quoted(word)),
        }
    }
    if !unknown.is_empty() {
        let _ = writeln!(
            text,
            "# Severities that are not known; a row with one is rejected (D512) until it is listed: {}",
            unknown.join(", ")
        );
    }
    if !all.is_empty() {
        let _ = writeln!(text, "severities = {{ {} }}", all.join(", "));
    }
}

/// Activities that are status words change the status; the others are left to a person.
fn write_activities(text: &mut String, file: &Inspected, known: &Known) {
    let Some(column) = column(file, "activity") else { return };
    text.push_str("\n[table.activities]\n");
    for (word, n) in column.by_count().into_iter().take(WORDS) {
        let quoted = quoted(word);
        let _ = match known.category(word) {
            Some(_) => writeln!(text, "{quoted} = {{ status = {quoted} }}"),
            None => writeln!(text, "# {quoted} = {{ }}  # {n} rows: event = \"message\", or status = \"…\""),
        };
    }
}

/// Fields whose name says what they are.
fn write_fields(text: &mut String, file: &Inspected) {
    let Some(column) = column(file, "field") else { return };
    let named = |wanted: &[&str]| -> Vec<String> {
        let is = |word: &str| wanted.contains(&crate::ingest::known::plain(word).as_str());
        column.by_count().into_iter().filter(|(word, _)| is(word)).map(|(word, _)| quoted(word)).collect()
    };
    let status = named(&["status", "state", "case status", "incident state"]);
    let severity = named(&["severity", "priority"]);
    text.push_str("\n[table.fields]\n");
    for (key, words) in [("status", status), ("severity", severity)] {
        let mark = if words.is_empty() { "# " } else { "" };
        let _ = writeln!(text, "{mark}{key} = [{}]", words.join(", "));
    }
    let others: Vec<String> =
        column.by_count().into_iter().take(30).map(|(word, n)| format!("{} {n}", quoted(word))).collect();
    let _ = writeln!(text, "# fields and their rows: {}", others.join(", "));
}

/// A TOML string on one line.
fn quoted(text: &str) -> String {
    format!("\"{}\"", one_line(text).replace('\\', "\\\\").replace('"', "\\\""))
}

/// For comments: what would end a line is a blank.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
