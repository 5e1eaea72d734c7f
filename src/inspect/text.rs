//! What was found, for a terminal of 80 columns.

use std::fmt::Write as _;

use crate::diag::printable;
use crate::explain::wrapped;
use crate::ingest::known::Known;

use super::column::{Column, Times};
use super::guess::shape_word;
use super::{Inspected, known_for};

/// Words of a column that are shown.
const WORDS: usize = 12;

/// Characters of a word that are shown.
const LONGEST: usize = 40;

/// The text; lines of at most 80 columns.
pub fn text(files: &[Inspected]) -> String {
    let known = known_for(files);
    let mut out = String::new();
    for file in files {
        write_file(&mut out, file, &known);
    }
    write_join(&mut out, files);
    out
}

fn line(out: &mut String, indent: usize, text: &str) {
    wrapped(out, &" ".repeat(indent), indent, text);
}

fn write_file(out: &mut String, file: &Inspected, known: &Known) {
    let peeked = &file.peeked;
    line(out, 0, &format!("{}", file.path.display()));
    let delimiter = peeked
        .delimiter
        .map_or_else(String::new, |d| format!(", columns told apart by `{}`", d.escape_default()));
    let sheet = peeked.sheet.as_ref().map_or_else(String::new, |name| format!(", sheet `{name}`"));
    line(out, 2, &format!("{}{delimiter}{sheet}; {} columns", peeked.kind, file.columns.len()));
    if let Some(list) = &peeked.list {
        line(out, 2, &format!("its objects stand in a list called `{list}`"));
    }
    let more = if peeked.is_cut { " (the first: there are more, see --rows)" } else { "" };
    line(out, 2, &format!("{} rows{more}; {} equal to an earlier one", file.n_rows, file.n_duplicates));
    match file.n_out_of_order {
        Some(n) => line(out, 2, &format!("{n} rows earlier than the row before them of the same case")),
        None => line(out, 2, "order in time: not known, as the times are not certain"),
    }
    if let Some(first) = file.first_odd {
        line(
            out,
            2,
            &format!("{} rows have not as many fields as the header, the first at line {first}", file.n_odd),
        );
    }
    if !peeked.is_utf8 {
        line(out, 2, "some text is not UTF-8: name its encoding in the profile");
    }
    match file.fits.first() {
        Some(fit) => {
            let text = format!(
                "`--profile {}` reads it as it is: its table `{}` names {} of the columns; the words are yours to check",
                fit.profile, fit.table, fit.n_found
            );
            line(out, 2, &text);
        }
        None => line(out, 2, "no shipped profile has the columns that this file has"),
    }
    let _ = writeln!(out);
    let _ = writeln!(out, "  {:<9}{}", "shape", shape_word(file.guess.shape));
    line(out, 11, &file.guess.shape_reason);
    for taken in &file.guess.taken {
        let _ = writeln!(out, "  {:<9}{}", taken.role, cut(&printable(&taken.column)));
        line(out, 11, &taken.reason);
        if !taken.others.is_empty() {
            let others: Vec<String> = taken.others.iter().map(|o| format!("`{o}`")).collect();
            line(out, 11, &format!("or {}", others.join(", ")));
        }
    }
    for role in &file.guess.missing {
        line(out, 2, &format!("{role}: no column found, and it is needed"));
    }
    write_times(out, file);
    for role in ["status", "severity", "event", "role", "activity", "field"] {
        if let Some(column) = file.columns.iter().find(|c| Some(c.name.as_str()) == file.guess.column(role)) {
            write_words(out, role, column, known);
        }
    }
    let rest: Vec<String> = file
        .columns
        .iter()
        .filter(|column| file.guess.taken.iter().all(|taken| taken.column != column.name))
        .map(|column| format!("`{}` {}", column.name, filled(column)))
        .collect();
    if !rest.is_empty() {
        let _ = writeln!(out);
        line(out, 2, &format!("other columns, and how much of each is filled: {}", rest.join(", ")));
    }
    let _ = writeln!(out);
}

fn filled(column: &Column) -> String {
    match column.n_filled {
        0 => "empty".to_owned(),
        n if n == column.n => "all".to_owned(),
        n => format!("{n}"),
    }
}

fn write_times(out: &mut String, file: &Inspected) {
    if file.times.iter().any(Times::is_some) {
        let _ = writeln!(out);
    }
    for (column, times) in file.columns.iter().zip(&file.times) {
        let name = &column.name;
        match times {
            Times::None => {}
            Times::One(form) => {
                let zone =
                    if column.n_with_offset == column.n_filled { "with offsets" } else { "no zone said" };
                line(out, 2, &format!("times of `{name}`: `{form}`, {zone}, as `{}`", column.example));
            }
            Times::Mostly { form, n, n_tried } => {
                line(
                    out,
                    2,
                    &format!("times of `{name}`: {n} of {n_tried} cells fit `{form}`; the others none"),
                );
            }
            Times::Ambiguous { forms: [a, b], example } => {
                let text = format!(
                    "times of `{name}`: every cell fits `{a}` and `{b}`, which read `{example}` differently: \
                     no day above 12 tells. Decide, and write it into the profile"
                );
                line(out, 2, &text);
                let tells = file.columns.iter().zip(&file.times).find_map(|(other, times)| match times {
                    Times::One(form) if *form == *a || *form == *b => Some((&other.name, form)),
                    _ => None,
                });
                if let Some((other, form)) = tells {
                    line(out, 4, &format!("`{other}` of the same file fits `{form}` only"));
                }
            }
        }
    }
}

fn write_words(out: &mut String, role: &str, column: &Column, known: &Known) {
    let _ = writeln!(out);
    if column.has_many_words {
        line(out, 2, &format!("words of `{}`: more than are counted", column.name));
        return;
    }
    let all = column.by_count();
    line(out, 2, &format!("words of `{}`, {role}: {}", column.name, all.len()));
    for (word, n) in all.iter().take(WORDS) {
        let meaning = match role {
            "status" | "activity" => known.category(word).map(|category| category.word().to_owned()),
            "severity" => known.severity(word).map(|level| level.to_string()),
            "role" => crate::ingest::known::role(word).and_then(|role| role.word()).map(str::to_owned),
            _ => Some(String::new()),
        };
        let meaning = meaning.unwrap_or_else(|| "not known".to_owned());
        let _ = writeln!(
            out,
            "{}",
            format!("  {n:>10}  {:<LONGEST$}  {meaning}", cut(&printable(word))).trim_end()
        );
    }
    if all.len() > WORDS {
        let n: u64 = all[WORDS..].iter().map(|(_, n)| n).sum();
        let _ = writeln!(out, "  {n:>10}  of {} more words", all.len() - WORDS);
    }
    let n_missing: u64 = column.missing.values().sum();
    if n_missing > 0 {
        let words: Vec<String> = column.missing.keys().map(|word| format!("`{word}`")).collect();
        line(out, 2, &format!("{n_missing} cells that say that nothing is there: {}", words.join(", ")));
    }
}

fn cut(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST - 1).chain(['…']).collect()
}

/// Whether the case ids of several files are the same ones.
fn write_join(out: &mut String, files: &[Inspected]) {
    let ids = |file: &Inspected| {
        let name = file.guess.column("case_id")?.to_owned();
        file.columns.iter().position(|column| column.name == name)
    };
    for (i, a) in files.iter().enumerate() {
        for b in &files[i + 1..] {
            let Some((ca, cb)) = ids(a).zip(ids(b)) else { continue };
            let (ca, cb) = (&a.columns[ca], &b.columns[cb]);
            let (Some(na), Some(nb)) = (ca.n_distinct(), cb.n_distinct()) else {
                line(out, 0, "whether the files have the same cases is not known: more than are counted");
                continue;
            };
            let n_both = ca.n_shared(cb);
            let (a, b) = (a.path.display(), b.path.display());
            let text = format!(
                "join of {a} and {b} by `{}` and `{}`: {n_both} cases in both, of {na} and {nb}",
                ca.name, cb.name
            );
            line(out, 0, &text);
            if n_both == 0 {
                line(
                    out,
                    2,
                    "none is in both: is it the same id, with a text before it? `case_id_after` takes that off",
                );
            }
        }
    }
}
