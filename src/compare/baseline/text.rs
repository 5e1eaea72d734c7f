//! What a check found, for a terminal or a build log: plain text of at most 80 columns. No line begins with a text of
//! the input, which a build log could take for a command.

use super::Told;
use super::sections::{Entry, context_line, headline, not_held, sections};
use super::words::shown;
use crate::diag::{fitting, width};

/// Widest line, in columns of a terminal.
const WIDTH: usize = 80;

/// The text, lines ending in `\n`.
pub fn text(told: &Told<'_>) -> String {
    let mut text = String::new();
    wrap(&mut text, 0, &headline(told));
    if !told.difference.context.is_empty() {
        text.push_str("\nOther than when the baseline was made\n");
        told.difference.context.iter().for_each(|context| wrap(&mut text, 2, &context_line(context)));
    }
    for section in sections(told.difference) {
        text.push_str(&format!("\n{}: {}\n", section.title, section.entries.len()));
        section.entries.iter().take(told.most).for_each(|entry| write_entry(&mut text, entry));
        if section.entries.len() > told.most {
            text.push_str(&format!("  and {} more\n", section.entries.len() - told.most));
        }
    }
    let said = || told.objectives.iter().filter(|objective| !objective.says.is_empty());
    if said().next().is_some() {
        text.push_str("\nObjectives, as they stand\n");
        said().for_each(|objective| wrap(&mut text, 2, &shown_whole(&objective.says)));
    }
    if let Some(line) = not_held(told.difference) {
        text.push('\n');
        wrap(&mut text, 0, &line);
    }
    text
}

/// Our own sentence may be longer than a text of the input.
fn shown_whole(text: &str) -> String {
    text.split(' ').map(shown).collect::<Vec<_>>().join(" ")
}

/// Details share a line where they fit, and are broken only where one alone is too long.
fn write_entry(text: &mut String, entry: &Entry) {
    wrap(text, 2, &entry.title);
    let mut line = String::new();
    for detail in &entry.details {
        if !line.is_empty() && 4 + width(&line) + 2 + width(detail) > WIDTH {
            wrap(text, 4, &line);
            line.clear();
        }
        line.push_str(if line.is_empty() { "" } else { ", " });
        line.push_str(detail);
    }
    if !line.is_empty() {
        wrap(text, 4, &line);
    }
}

/// `line` in lines of at most [`WIDTH`] characters, broken at spaces, the second and later ones set in further.
fn wrap(text: &mut String, indent: usize, line: &str) {
    let mut current = " ".repeat(indent);
    let mut is_begun = false;
    for word in line.split(' ').flat_map(|word| pieces(word, WIDTH - indent - 6)) {
        let columns = width(&current) + usize::from(is_begun) + width(&word);
        if is_begun && columns > WIDTH {
            text.push_str(current.trim_end());
            text.push('\n');
            current = " ".repeat(indent + 4);
            // A build log takes a line that begins so for a command.
            current.push_str(if word.starts_with("::") { "\\" } else { "" });
            is_begun = false;
        }
        if is_begun {
            current.push(' ');
        }
        current.push_str(&word);
        is_begun = true;
    }
    text.push_str(current.trim_end());
    text.push('\n');
}

/// `word` in pieces of at most `columns` of a terminal.
fn pieces(word: &str, columns: usize) -> Vec<String> {
    let (mut all, mut rest) = (Vec::new(), word);
    loop {
        let (piece, after) = rest.split_at(fitting(rest, columns));
        all.push(piece.to_owned());
        rest = after;
        if rest.is_empty() {
            return all;
        }
    }
}
