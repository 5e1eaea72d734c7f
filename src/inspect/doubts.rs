//! What the export alone does not tell, and what would make a report wrong if it were guessed. Each is a question that
//! stands in the written profile, and keeps it from being used, until a person has answered it.

use std::collections::BTreeSet;

use crate::ingest::Shape;
use crate::ingest::known::{Known, plain};

use super::column::Column;
use super::profile::{column, field_words};
use super::{Inspected, Trial};

/// A question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// The file whose table it is about; `None`: all of them together.
    pub file: Option<usize>,
    /// The question, and how it is answered; one line.
    pub question: String,
}

/// The questions about `files`, of which the profile that is written made `trial`.
pub(super) fn doubts(files: &[Inspected], known: &Known, trial: Option<&Trial>) -> Vec<Doubt> {
    let mut all = Vec::new();
    for (i, file) in files.iter().enumerate() {
        let mut ask = |question: Option<String>| {
            all.extend(question.map(|question| Doubt { file: Some(i), question }));
        };
        ask(direction(file));
        ask(no_status(file, known));
        ask(one_instant(file));
        ask(days(file));
        unread_lists(file, &mut ask);
    }
    let is_blind = trial.is_some_and(|trial| !trial.has_course());
    let blind = is_blind.then(|| blind(files));
    let whole = blind.into_iter().chain(joins(files)).chain(odd(trial, &all));
    let whole: Vec<Doubt> = whole.map(|question| Doubt { file: None, question }).collect();
    all.extend(whole);
    all
}

/// What the reading showed and no column had shown.
fn odd(trial: Option<&Trial>, known: &[Doubt]) -> Vec<String> {
    let odd = trial.map_or(&[][..], |trial| &trial.oddities[..]).iter();
    let asks_days = known.iter().any(|doubt| doubt.question.contains("midnight"));
    let asks_instant = known.iter().any(|doubt| doubt.question.contains("one instant"));
    let is_new = |text: &&String| {
        !(asks_days && text.contains("midnight") || asks_instant && text.contains("one instant"))
    };
    odd.filter(is_new).cloned().collect()
}

/// No row is a message or gives a status: every clock would run for ever.
fn blind(files: &[Inspected]) -> String {
    let lists = files.iter().flat_map(|file| &file.columns).filter(|column| column.lists.n > 0);
    let lists: Vec<String> = lists.map(|column| format!("`rows = \"{}[]\"`", column.name)).collect();
    let or = if lists.is_empty() {
        String::new()
    } else {
        format!(", or write a table with {}", lists.join(" or "))
    };
    format!(
        "what shows how a case goes on? no row is a message or gives a status: name the column of the status{or}"
    )
}

/// Bare numbers as severities: of some help desks 1 is the most severe, of others the least.
fn direction(file: &Inspected) -> Option<String> {
    let column = column(file, "severity")?;
    let name = &column.name;
    if is_contrary(column) {
        return Some(format!(
            "the numbers and the words of `{name}` go opposite ways: which holds? write each word with its level under \
             [table.severities]"
        ));
    }
    (!undirected(file).is_empty()).then(|| {
        format!(
        "is 1 the most severe priority of `{name}`, or the least? it does not say: where it is the least, write each number \
         with its level under [table.severities]"
        )
    })
}

/// The severities that are bare numbers, each with the level that it would be were 1 the least severe; none where the name
/// of the column says that 1 is the most.
pub(super) fn undirected(file: &Inspected) -> Vec<(&str, Option<u8>)> {
    let Some(column) = column(file, "severity").filter(|column| !says_direction(column)) else {
        return Vec::new();
    };
    let numbers = || column.words.keys().filter_map(|word| Some((word.as_str(), word.parse::<f64>().ok()?)));
    let most = numbers().map(|(_, number)| number).fold(0.0, f64::max);
    let level = |number: f64| {
        let turned = most + 1.0 - number;
        (number.fract() == 0.0 && (1.0..=9.0).contains(&turned)).then_some(turned as u8)
    };
    numbers().map(|(word, number)| (word, level(number))).collect()
}

/// Words beside numbers, the most severe first.
const ORDER: [&[&str]; 5] = [
    &["critical", "urgent", "highest", "blocker", "emergency", "very high"],
    &["high", "major", "important"],
    &["normal", "medium", "moderate", "average"],
    &["low", "minor"],
    &["lowest", "trivial", "planning", "very low"],
];

/// Numbers with words beside them, `1 - Low` and `4 - Urgent`, of which one goes up and the other down.
fn is_contrary(column: &Column) -> bool {
    let of_word = |word: &str| {
        let digit = word.chars().next()?.to_digit(10)?;
        let rest = word.trim_start_matches(|c: char| !c.is_alphabetic()).to_lowercase();
        let place = ORDER.iter().position(|words| words.contains(&rest.as_str()))?;
        Some((digit, place))
    };
    let mut both: Vec<(u32, usize)> = column.words.keys().filter_map(|word| of_word(word)).collect();
    both.sort_unstable();
    both.len() > 1 && both.windows(2).all(|pair| pair[0].1 > pair[1].1)
}

/// What a number in a column of this name says by itself: of severities, unlike priorities, 1 is the most severe (SPEC 2).
fn says_direction(column: &Column) -> bool {
    matches!(plain(&column.name).as_str(), "severity" | "sev" | "severity level")
}

/// A status of which no word is known: every case would be open for ever.
fn no_status(file: &Inspected, known: &Known) -> Option<String> {
    // Activities and milestones give statuses of their own.
    let has_others = file.guess.shape == Shape::Activities || !file.guess.milestones.is_empty();
    let column = column(file, "status").filter(|_| !has_others)?;
    let is_unknown = column.words.keys().all(|word| known.category(word).is_none());
    (is_unknown && !column.words.is_empty()).then(|| {
        format!(
            "what does each word of `{}` mean? none is known: put them under their categories in [statuses]",
            column.name
        )
    })
}

/// Every case opened at one instant.
fn one_instant(file: &Inspected) -> Option<String> {
    let column = column(file, "at").filter(|column| column.n_filled > 2 && column.n_distinct() == Some(1))?;
    Some(format!(
        "every row of `{}` has one instant: is it when the rows were copied? name the column in which each case opens or \
         changes as `at`",
        column.name
    ))
}

/// Dates without a time of day.
fn days(file: &Inspected) -> Option<String> {
    let column = column(file, "at").filter(|column| column.is_days())?;
    Some(format!(
        "every time of `{}` is midnight, which is out of hours: is there a column with the time of day? name it as `at`, or \
         both with `join`",
        column.name
    ))
}

/// Lists of JSON objects with times: they are a history, and no table reads them.
fn unread_lists(file: &Inspected, ask: &mut dyn FnMut(Option<String>)) {
    for column in file.columns.iter().filter(|column| !column.lists.times.is_empty()) {
        let times: Vec<String> = column.lists.times.iter().map(|name| format!("`{name}`")).collect();
        ask(Some(format!(
            "what is in the lists of `{}`? their objects have times ({}), and no table reads them: write one with `rows = \
             \"{}[]\"`, or leave them out",
            column.name,
            times.join(", "),
            column.name
        )));
    }
}

/// Tables that do not join.
fn joins(files: &[Inspected]) -> Vec<String> {
    let mut all = Vec::new();
    for (i, a) in files.iter().enumerate() {
        for b in &files[i + 1..] {
            let Some((ca, cb)) = column(a, "case_id").zip(column(b, "case_id")) else { continue };
            // Two parts of one table share none.
            if a.peeked.header == b.peeked.header {
                continue;
            }
            let is_counted = ca.n_distinct().is_some() && cb.n_distinct().is_some();
            if !is_counted
                || a.peeked.is_cut
                || b.peeked.is_cut
                || ca.n_shared(cb) > 0
                || ca.n_filled.min(cb.n_filled) == 0
            {
                continue;
            }
            let (pa, pb) = (a.path.display(), b.path.display());
            let likeness = alike(ca, cb).map_or_else(String::new, |how| format!(", but would {how}"));
            all.push(format!(
                "are `{}` of {pa} and `{}` of {pb} the same ids? the two files share no case{likeness}: name the column \
                 that joins them as `case_id`, or read the files apart",
                ca.name, cb.name
            ));
        }
    }
    all
}

/// What would make the ids of two columns the same.
pub(super) fn alike(a: &Column, b: &Column) -> Option<&'static str> {
    let shares = |form: fn(&str) -> Option<String>| {
        let of = |column: &Column| -> BTreeSet<String> {
            column.words.keys().filter_map(|word| form(word)).collect()
        };
        !of(a).is_disjoint(&of(b))
    };
    if shares(|word| Some(word.to_lowercase())) {
        return Some("share some without regard to case");
    }
    let digits = |word: &str| {
        let digits = &word[word.trim_end_matches(|c: char| c.is_ascii_digit()).len()..];
        let digits = digits.trim_start_matches('0');
        (!digits.is_empty()).then(|| digits.to_owned())
    };
    shares(digits)
        .then_some("share some by the number at the end (`case_id_after` takes off a text before it)")
}

/// A table of changes in which no field is called as a status or severity is.
pub(super) fn has_no_fields(file: &Inspected) -> bool {
    file.guess.shape == Shape::Changes && field_words(file).is_empty()
}
