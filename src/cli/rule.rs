//! `slaudit rule CODE...`: the pages of codes, or the list of all codes. The pages are part of the binary.
//!
//! For people it lays the Markdown of the pages out as plain text; it knows only what the pages use: headings,
//! paragraphs, list items, fenced examples.

use clap::{Args, ValueEnum};
use serde_json::json;

use crate::codes::{ALL, Code};
use crate::diag::{Error, printable};
use crate::explain::wrapped;
use crate::policy::nearest;

use super::output;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Codes, in any case; without one: the list of all
    #[arg(value_name = "CODE")]
    codes: Vec<String>,
    /// How a page is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// Plain text, at most 80 columns but for examples
    Text,
    /// The page as it is
    Markdown,
    /// One JSON object a line and code: `code`, `title` and, where codes are given, `page` (Markdown)
    Json,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Error> {
    if arguments.codes.is_empty() {
        return output::say(&list(arguments.format));
    }
    let asked: Vec<&Code> = arguments.codes.iter().map(|code| find(code)).collect::<Result<_, _>>()?;
    output::say(&pages(&asked, arguments.format))
}

/// The code that `asked` names.
///
/// # Errors
/// [`Error::Usage`] where there is none, with the nearest.
fn find(asked: &str) -> Result<&'static Code, Error> {
    ALL.iter().find(|code| code.code.eq_ignore_ascii_case(asked)).ok_or_else(|| {
        let hint = nearest(asked, ALL.iter().map(|code| code.code)).map_or_else(
            || "`slaudit rule` lists all codes".to_owned(),
            |code| format!("did you mean `{code}`? `slaudit rule` lists all codes"),
        );
        Error::Usage(format!("expected a code as `R101`, found `{}`\nhint: {hint}", printable(asked)))
    })
}

fn list(format: Format) -> String {
    match format {
        Format::Text => ALL.iter().map(|code| format!("{}  {}\n", code.code, code.title)).collect(),
        Format::Markdown => crate::codes::index(),
        Format::Json => {
            let object = |code: &Code| json!({ "code": code.code, "title": code.title });
            ALL.iter().map(|code| format!("{}\n", object(code))).collect()
        }
    }
}

fn pages(asked: &[&Code], format: Format) -> String {
    match format {
        Format::Text => asked.iter().map(|code| plain(code.page)).collect::<Vec<_>>().join("\n\n"),
        Format::Markdown => asked.iter().map(|code| code.page).collect::<Vec<_>>().join("\n"),
        Format::Json => {
            let object = |code: &&Code| json!({ "code": code.code, "title": code.title, "page": code.page });
            asked.iter().map(|code| format!("{}\n", object(code))).collect()
        }
    }
}

/// A page as plain text. An example keeps its lines, since they are a file's; everything else is wrapped.
fn plain(page: &str) -> String {
    let mut text = String::new();
    let mut is_example = false;
    for line in page.lines() {
        if line.starts_with("```") {
            is_example = !is_example;
        } else if line.is_empty() {
            text.push('\n');
        } else if is_example {
            text.push_str(&format!("    {line}\n"));
        } else if line.starts_with('#') {
            wrapped(&mut text, "", 0, line.trim_start_matches('#').trim_start());
        } else if let Some(item) = line.strip_prefix("- ") {
            wrapped(&mut text, "  - ", 4, item);
        } else {
            wrapped(&mut text, "  ", 2, line);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_fits_a_terminal_and_leaves_no_marks() {
        for code in ALL {
            let text = plain(code.page);
            assert!(text.lines().all(|line| line.chars().count() <= 80), "{}:\n{text}", code.code);
            assert!(!text.contains("```") && !text.lines().any(|line| line.starts_with('#')), "{text}");
        }
    }

    #[test]
    fn list_items_hang() {
        let item = format!("- {}\n", "word ".repeat(20));
        let lines = plain(&item);
        assert!(lines.starts_with("  - word word"), "{lines}");
        assert!(lines.lines().nth(1).is_some_and(|line| line.starts_with("    word")), "{lines}");
    }
}
