//! What a check found, as JUnit XML: one test case for the rows of the input, for each table, and for each objective.

use std::fmt::Write as _;

use super::Told;
use super::difference::GridDifference;
use super::grid::Part;
use super::sections::{Entry, Section, context_line, entries, sections};
use super::words::counted;

/// One test case: who it belongs to, its name, what is wrong with it.
struct Case {
    class: &'static str,
    name: String,
    failure: Option<(String, String)>,
}

/// The text of the file, UTF-8.
pub fn junit(told: &Told<'_>) -> String {
    let cases = cases(told);
    let failed = cases.iter().filter(|case| case.failure.is_some()).count();
    let counts = format!("tests=\"{}\" failures=\"{failed}\" errors=\"0\" skipped=\"0\"", cases.len());
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"slaudit check\" {counts}>\n  \
         <testsuite name=\"{}\" {counts}>\n",
        escaped(told.folder)
    );
    for Case { class, name, failure } in &cases {
        let head = format!("    <testcase classname=\"slaudit.{class}\" name=\"{}\"", escaped(name));
        let _ = match failure {
            None => writeln!(text, "{head}/>"),
            Some((message, details)) => writeln!(
                text,
                "{head}>\n      <failure message=\"{}\">{}</failure>\n    </testcase>",
                escaped(message),
                escaped(details)
            ),
        };
    }
    let context: Vec<String> = told.difference.context.iter().map(context_line).collect();
    if !context.is_empty() {
        let _ = writeln!(text, "    <system-out>{}</system-out>", escaped(&context.join("\n")));
    }
    text.push_str("  </testsuite>\n</testsuites>\n");
    text
}

fn cases(told: &Told<'_>) -> Vec<Case> {
    let ledger: Vec<Section> = sections(told.difference)
        .into_iter()
        .filter(|section| section.title == "Rows of the input")
        .collect();
    let ledger: Vec<Entry> = ledger.into_iter().flat_map(|section| section.entries).collect();
    let mut all =
        vec![Case { class: "input", name: "rows".to_owned(), failure: failure(&ledger, "count", told.most) }];
    all.extend(told.difference.grids.iter().map(|grid| table(grid, told.most)));
    all.extend(told.objectives.iter().map(|objective| Case {
        class: "objectives",
        name: objective.key.clone(),
        failure: objective.fails.then(|| (objective.says.clone(), String::new())),
    }));
    all
}

fn table(grid: &GridDifference, most: usize) -> Case {
    let class = match grid.part {
        Part::Facts => "facts",
        Part::Tables => "tables",
    };
    Case { class, name: grid.name.clone(), failure: failure(&entries(grid), "difference", most) }
}

fn failure(entries: &[Entry], noun: &str, most: usize) -> Option<(String, String)> {
    let first = entries.first()?;
    let message = match entries.len() {
        1 => first.title.clone(),
        n => format!("{}, the first: {}", counted(n, noun), first.title),
    };
    let mut text = String::new();
    for entry in entries.iter().take(most) {
        let _ = writeln!(text, "{}", entry.title);
        entry.details.iter().for_each(|detail| {
            let _ = writeln!(text, "  {detail}");
        });
    }
    if entries.len() > most {
        let _ = writeln!(text, "and {} more", entries.len() - most);
    }
    Some((message, text))
}

/// XML 1.0 has no way to write most control characters: they become `�`.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push('\n'),
            c if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}
