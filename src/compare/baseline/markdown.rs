//! What a check found, for a job summary or a comment: Markdown in which every character that could draw a heading, a
//! link, a table or a tag is escaped.

use std::fmt::Write as _;

use super::Told;
use super::sections::{Entry, Section, context_line, headline, not_held, sections};

/// The text of the file.
pub fn markdown(told: &Told<'_>) -> String {
    let word = if told.passes() { "passed" } else { "failed" };
    let mut text = format!("## slaudit check {word}\n\n{}\n", escaped(&headline(told)));
    if !told.difference.context.is_empty() {
        text.push_str("\n### Other than when the baseline was made\n\n");
        told.difference.context.iter().for_each(|context| point(&mut text, 0, &context_line(context)));
    }
    for section in sections(told.difference) {
        write_section(&mut text, &section, told.most);
    }
    let said = || told.objectives.iter().filter(|objective| !objective.says.is_empty());
    if said().next().is_some() {
        text.push_str("\n### Objectives, as they stand\n\n");
        said().for_each(|objective| point(&mut text, 0, &objective.says));
    }
    if let Some(line) = not_held(told.difference) {
        let _ = writeln!(text, "\n{}", escaped(&line));
    }
    text
}

fn write_section(text: &mut String, section: &Section, most: usize) {
    let _ = writeln!(text, "\n### {}: {}\n", section.title, section.entries.len());
    for Entry { title, details, .. } in section.entries.iter().take(most) {
        point(text, 0, title);
        if !details.is_empty() {
            point(text, 2, &details.join(", "));
        }
    }
    if section.entries.len() > most {
        let _ = writeln!(text, "\nand {} more", section.entries.len() - most);
    }
}

fn point(text: &mut String, indent: usize, line: &str) {
    let _ = writeln!(text, "{:indent$}- {}", "", escaped(line));
}

/// `text` with every mark of Markdown and HTML written as what it is. Addresses make links of themselves: a colon or a
/// full stop inside a word is escaped too.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in crate::diag::printable(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            ' ' | ',' | '%' | '-' => out.push(c),
            c if c.is_ascii_punctuation() => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_of_the_input_is_drawn() {
        let hostile = "[x](http://a.b) <img src=x> |`*_#@\u{202E}\nwww.a.b";
        assert_eq!(
            super::escaped(hostile),
            "\\[x\\]\\(http\\:\\/\\/a\\.b\\) &lt;img src\\=x&gt; \\|\\`\\*\\_\\#\\@\u{FFFD}\u{FFFD}www\\.a\\.b"
        );
    }
}
