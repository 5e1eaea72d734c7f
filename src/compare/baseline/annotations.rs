//! What a check found, as workflow commands of GitHub Actions: an error beside the row of the baseline that does not
//! hold any more.

use super::Told;
use super::grid::Part;
use super::sections::{Entry, sections};

/// GitHub shows no more errors of one step.
const MOST: usize = 10;

/// The commands, a line each: verdicts first; where there are too many, the last one counts the rest.
pub fn annotations(told: &Told<'_>) -> String {
    let all: Vec<(&'static str, Entry)> = sections(told.difference)
        .into_iter()
        .flat_map(|section| section.entries.into_iter().map(move |entry| (section.title, entry)))
        .collect();
    let standing = told.objectives.iter().filter(|objective| !objective.says.is_empty());
    let mut lines: Vec<String> = all.iter().map(|(title, entry)| error(told.folder, title, entry)).collect();
    lines.extend(standing.map(|objective| {
        let level = if objective.fails { "error" } else { "notice" };
        format!("::{level} title={}::{}\n", property("slaudit: objective"), data(&objective.says))
    }));
    if lines.len() > MOST {
        let more = lines.len() - (MOST - 1);
        lines.truncate(MOST - 1);
        lines.push(format!("::error title=slaudit check::and {more} more, in the log of this step\n"));
    }
    lines.concat()
}

fn error(folder: &str, section: &str, entry: &Entry) -> String {
    let more = if entry.details.is_empty() { "" } else { "\n" };
    let message = format!("{}{more}{}", entry.title, entry.details.join(", "));
    let title = format!("slaudit: {}", section.to_lowercase());
    let place = entry.place.as_ref().map_or_else(String::new, |(part, name, line)| {
        let folder = folder.replace('\\', "/");
        let folder = folder.trim_end_matches('/');
        match (part, line) {
            // Read from Parquet: there is no line to point at.
            (Part::Facts, 0) => format!("file={},", property(&format!("{folder}/facts/{name}.parquet"))),
            (_, 0) => format!("file={},", property(&format!("{folder}/{}/{name}.csv", part.word()))),
            _ => format!("file={},line={line},", property(&format!("{folder}/{}/{name}.csv", part.word()))),
        }
    });
    format!("::error {place}title={}::{}\n", property(&title), data(&message))
}

/// The message of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command, in which `:` and `,` have a meaning too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
