//! What came of a comparison, as text of at most 80 columns and as CSV. Counts nothing itself.

use std::fmt::Write as _;

use crate::calendar::SECOND;
use crate::diag::printable;
use crate::facts::span;
use crate::replay::Verdict;
use crate::tables::{Cell, Table, wilson};

use super::Question;
use super::column::Chosen;
use super::compare::{Agreement, Disagreement, used};
use super::reasons::REASONS;
use super::theirs::{Form, Theirs, Yes};

/// Disagreements that the text lists; the CSV has all.
const LISTED: usize = 20;

/// The text.
pub fn text(question: &Question<'_>, all: &Agreement) -> String {
    let mut text = String::new();
    let (column, metric) = (printable(question.column), question.metric.word());
    let _ = writeln!(text, "`{column}` of the help desk against the clock `{metric}`, {} cases", all.n_cases);
    write_choices(&mut text, question);
    if matches!(question.form, Form::Verdict(_)) {
        write_table(&mut text, all);
    }
    write_agreement(&mut text, all);
    write_left_out(&mut text, all);
    write_reasons(&mut text, all);
    write_list(&mut text, question, all);
    text
}

/// What was taken from the name of the column, or for want of it: a person is to see it.
fn write_choices(text: &mut String, question: &Question<'_>) {
    match question.chosen {
        Chosen::Asked => {}
        Chosen::ByName => {
            text.push_str("the clock is chosen by the column's name; `--metric` names another\n")
        }
        Chosen::ByDefault => text.push_str("the clock is the default: `--metric` names another\n"),
    }
    if question.form == Form::Verdict(Yes::Missed) {
        text.push_str("by its name, a plain yes in it says that the promise was not kept\n");
    }
}

fn write_table(text: &mut String, all: &Agreement) {
    let _ = writeln!(text, "\n{:<24}{:>14}{:>14}", "ours", "theirs kept", "theirs missed");
    for verdict in Verdict::ALL.into_iter().rev() {
        let [missed, met] = all.table[verdict as usize];
        if missed + met > 0 {
            let _ = writeln!(text, "{:<24}{met:>14}{missed:>14}", verdict.word().replace('_', " "));
        }
    }
}

fn write_agreement(text: &mut String, all: &Agreement) {
    let n = all.n_agree + all.disagreements.len() as u64;
    match wilson(all.n_agree, n) {
        Some(rate) => {
            let percent = |share: f64| format!("{:.1}%", share * 100.0);
            let _ = writeln!(
                text,
                "\nagree on {} of {n} cases that both judge: {} (95% interval {} to {})",
                all.n_agree,
                percent(rate.share),
                percent(rate.low),
                percent(rate.high)
            );
        }
        None => text.push_str("\nno case is judged by both\n"),
    }
}

fn write_left_out(text: &mut String, all: &Agreement) {
    let mut say = |n: u64, what: &str| {
        if n > 0 {
            let _ = writeln!(text, "{n:>8}  {what}");
        }
    };
    say(all.n_empty, "left out: theirs says nothing");
    say(all.n_without_clock, "left out: no such clock of ours");
    for verdict in Verdict::ALL {
        let what = format!("left out: ours is `{}`, or has no such figure", verdict.word());
        say(all.not_judged[verdict as usize], &what);
    }
    if all.n_not_understood > 0 {
        let examples: Vec<String> =
            all.not_understood.iter().map(|cell| format!("`{}`", printable(cell))).collect();
        let what = format!("left out: not understood, such as {}", examples.join(", "));
        say(all.n_not_understood, &what);
    }
}

fn write_reasons(text: &mut String, all: &Agreement) {
    if all.disagreements.is_empty() {
        return;
    }
    let _ = writeln!(text, "\nDisagreements: {}. They agree where", all.disagreements.len());
    for (i, reason) in REASONS.iter().enumerate() {
        let n = all.disagreements.iter().filter(|d| d.reason == Some(i)).count();
        if n > 0 {
            let _ = writeln!(text, "{n:>8}  {}", reason.words);
        }
    }
    let n = all.disagreements.iter().filter(|d| d.reason.is_none()).count();
    if n > 0 {
        let _ = writeln!(text, "{n:>8}  (nothing that was tried explains these)");
    }
    text.push_str("Each case is counted at the first that explains it.\n");
}

fn write_list(text: &mut String, question: &Question<'_>, all: &Agreement) {
    for one in all.disagreements.iter().take(LISTED) {
        let id = printable(question.ingested.history.case_ids.at(one.case as usize));
        let _ = writeln!(text, "\n{id}: theirs `{}`, ours {}", printable(&one.cell), ours(question, one));
        let reason = one.reason.map_or("nothing that was tried explains it", |i| REASONS[i].words);
        let _ = writeln!(text, "    {reason}");
    }
    if all.disagreements.len() > LISTED {
        let more = all.disagreements.len() - LISTED;
        let _ = writeln!(text, "\nand {more} more; `--out FILE` writes all of them");
    }
}

/// Our side of one disagreement, with its figures.
fn ours(question: &Question<'_>, one: &Disagreement) -> String {
    let whole = |micros: i64| span(micros.div_euclid(SECOND));
    let clock = &one.ours;
    match one.theirs {
        Theirs::Verdict { .. } => {
            let target = clock.target.map_or_else(String::new, |target| format!(" of {target}"));
            let used = clock.used.map_or_else(String::new, |used| format!(", used {}{target}", whole(used)));
            format!("`{}`{used}", clock.verdict.word())
        }
        Theirs::Due(at) => {
            let due = clock.due_at.map_or_else(String::new, |due| due.rfc3339());
            let off = clock.due_at.map_or_else(String::new, |due| whole(due.since(at)));
            format!("{due}, {off} apart")
        }
        Theirs::Length(length) => match used(question.measure, clock) {
            Some(used) => format!("{}, {} apart", whole(used), whole(used - length)),
            None => "still running".to_owned(),
        },
    }
}

/// Every disagreement, a row each; `files` are the names of the inputs.
pub fn table(question: &Question<'_>, all: &Agreement, files: &[String]) -> Table {
    let columns = [
        "case_id",
        "theirs",
        "verdict",
        "due_at",
        "business_s",
        "elapsed_s",
        "paused_s",
        "target",
        "margin_s",
        "n_severity_changes",
        "agree_where",
        "file",
        "line",
    ];
    let rows = all.disagreements.iter().map(|one| row(question, one, files)).collect();
    Table { name: "disagreements".to_owned(), columns: columns.map(str::to_owned).to_vec(), rows }
}

fn row(question: &Question<'_>, one: &Disagreement, files: &[String]) -> Vec<Cell> {
    let clock = &one.ours;
    let text = |text: Option<String>| text.map_or(Cell::Absent, Cell::Text);
    let seconds = |micros: Option<i64>| micros.map_or(Cell::Absent, |m| Cell::Whole(m.div_euclid(SECOND)));
    let line = one.place.and_then(|place| i64::try_from(place.line).ok());
    vec![
        text(Some(question.ingested.history.case_ids.at(one.case as usize).to_owned())),
        text(Some(one.cell.clone())),
        text(Some(clock.verdict.word().to_owned())),
        text(clock.due_at.map(|due| due.rfc3339())),
        seconds(clock.business),
        seconds(Some(clock.elapsed)),
        seconds(Some(clock.paused)),
        text(clock.target.map(|target| target.to_string())),
        seconds(clock.margin),
        Cell::Whole(i64::from(clock.n_severity_changes)),
        text(one.reason.map(|i| REASONS[i].words.to_owned())),
        text(one.place.and_then(|place| files.get(place.file as usize).cloned())),
        line.map_or(Cell::Absent, Cell::Whole),
    ]
}
