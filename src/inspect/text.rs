//! What was found, for a terminal of 80 columns.

use std::fmt::Write as _;

use crate::diag::{cut, padded, printable};
use crate::explain::wrapped;
use crate::ingest::Profile;
use crate::ingest::known::Known;

use super::column::{Column, Times};
use super::doubts::{alike, undirected};
use super::guess::shape_word;
use super::{Inspected, Inspection, Trial};

/// Words of a column that are shown.
const WORDS: usize = 12;

/// Columns of a terminal that a word takes at most.
const LONGEST: usize = 40;

/// The text; lines of at most 80 columns.
pub fn text(found: &Inspection) -> String {
    let known = found.known();
    let mut out = String::new();
    for file in &found.files {
        write_file(&mut out, file, found, &known);
    }
    write_join(&mut out, &found.files);
    write_trials(&mut out, found);
    write_doubts(&mut out, found);
    out
}

/// What came of reading the files.
fn write_trials(out: &mut String, found: &Inspection) {
    match (&found.shipped, &found.own) {
        (Some(trial), _) => {
            let n = trial.files.len();
            let what = if n == found.files.len() {
                String::new()
            } else {
                format!(" ({n} of {} files)", found.files.len())
            };
            write_trial(out, &format!("read with `--profile {}`{what}", trial.profile), trial);
            write_unread(out, found, trial);
            for oddity in &trial.oddities {
                wrapped(out, "  - ", 4, &format!("look at this first: {oddity}"));
            }
        }
        (None, Some(trial)) => write_trial(out, "read with the profile that `--write-profile` writes", trial),
        (None, None) => {
            let why = found.own_refused.as_ref().map_or_else(String::new, |why| format!(": {why}"));
            let text = "no row was read: the profile that `--write-profile` writes cannot be used before it is filled in";
            wrapped(out, "", 0, &format!("{text}{why}"));
        }
    }
}

fn write_trial(out: &mut String, how: &str, trial: &Trial) {
    line(out, 0, how);
    let of = if trial.is_cut { " (the first of them: a long file is read in part)" } else { "" };
    let rejected: Vec<String> = trial.by_code.iter().map(|(code, n)| format!("{code} {n}")).collect();
    let rejected = if rejected.is_empty() { String::new() } else { format!(" ({})", rejected.join(", ")) };
    line(
        out,
        2,
        &format!(
            "{} rows{of}: {} used, {} equal to an earlier one, {} rejected{rejected}; {} cases",
            trial.n_read,
            trial.n_used,
            trial.n_duplicate,
            trial.n_rejected(),
            trial.n_cases
        ),
    );
    if !trial.unknown.is_empty() {
        let words: Vec<String> = trial.unknown.iter().take(WORDS).map(|word| format!("`{word}`")).collect();
        let text = format!(
            "{} of {} status words have no category and count as open (D506): {}",
            trial.unknown.len(),
            trial.n_statuses,
            words.join(", ")
        );
        line(out, 2, &text);
    }
    line(out, 2, "from what in them each clock is seen:");
    trial.evidence.iter().for_each(|sentence| wrapped(out, "  - ", 4, sentence));
}

/// Lists with times that the shipped profile does not read.
fn write_unread(out: &mut String, found: &Inspection, trial: &Trial) {
    let Ok(profile) = Profile::named(&trial.profile) else { return };
    for file in found.files.iter().filter(|file| trial.files.contains(&file.path)) {
        for column in
            file.columns.iter().filter(|column| column.lists.n > 0 && !profile.reads_list(&column.name))
        {
            let times: Vec<String> = column.lists.times.iter().map(|name| format!("`{name}`")).collect();
            if !times.is_empty() {
                let text = format!(
                    "no table of it reads the lists of `{}`, whose objects have times ({})",
                    column.name,
                    times.join(", ")
                );
                wrapped(out, "  - ", 4, &text);
            }
        }
    }
}

/// The questions of the profile that is written.
fn write_doubts(out: &mut String, found: &Inspection) {
    if found.doubts.is_empty() {
        return;
    }
    let whose = if found.shipped.is_some() { ", for a profile of your own" } else { "" };
    line(out, 0, &format!("not certain{whose}; `--write-profile` asks it in the profile:"));
    for doubt in &found.doubts {
        wrapped(out, "  - ", 4, &doubt.question);
    }
}

fn line(out: &mut String, indent: usize, text: &str) {
    wrapped(out, &" ".repeat(indent), indent, text);
}

fn write_file(out: &mut String, file: &Inspected, found: &Inspection, known: &Known) {
    let peeked = &file.peeked;
    line(out, 0, &format!("{}", file.path.display()));
    let delimiter = peeked
        .delimiter
        .map_or_else(String::new, |d| format!(", columns told apart by `{}`", d.escape_default()));
    let sheet = peeked.sheet.as_ref().map_or_else(String::new, |name| format!(", sheet `{name}`"));
    line(out, 2, &format!("{}{delimiter}{sheet}; {} columns", peeked.kind, file.columns.len()));
    if peeked.header_line > 1 {
        line(
            out,
            2,
            &format!("its header stands on line {}: what is above it is no row", peeked.header_line),
        );
    }
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
    write_fit(out, file, found);
    write_guess(out, file);
    write_times(out, file);
    for role in ["status", "severity", "event", "role", "activity", "field"] {
        if let Some(column) = file.columns.iter().find(|c| Some(c.name.as_str()) == file.guess.column(role)) {
            write_words(out, file, role, column, known);
        }
    }
    write_rest(out, file);
    let _ = writeln!(out);
}

/// Whether a shipped profile reads it.
fn write_fit(out: &mut String, file: &Inspected, found: &Inspection) {
    let table = |name: &str| file.fits.iter().find(|fit| fit.profile == name);
    let text = if let Some(fit) = found.reads(file).and_then(|trial| table(&trial.profile)) {
        format!(
            "`--profile {}` reads it as it is: its table `{}` names {} of the columns; the words are yours to check",
            fit.profile, fit.table, fit.n_found
        )
    } else if let Some((name, why)) = found.refused.as_ref().filter(|(name, _)| table(name).is_some()) {
        format!("the shipped profile `{name}` has columns of it, but cannot read it: {why}")
    } else if found.shipped.is_some() {
        "the shipped profile that reads other files of these does not take it".to_owned()
    } else {
        "no shipped profile has the columns that this file has".to_owned()
    };
    line(out, 2, &text);
}

fn write_guess(out: &mut String, file: &Inspected) {
    let _ = writeln!(out);
    let _ = writeln!(out, "  {:<9}{}", "shape", shape_word(file.guess.shape));
    line(out, 11, &file.guess.shape_reason);
    for taken in &file.guess.taken {
        let _ = writeln!(out, "  {:<9}{}", taken.role, shown(&taken.column));
        line(out, 11, &taken.reason);
        if !taken.others.is_empty() {
            let others: Vec<String> = taken.others.iter().map(|o| format!("`{o}`")).collect();
            line(out, 11, &format!("or {}", others.join(", ")));
        }
    }
    for role in &file.guess.missing {
        line(out, 2, &format!("{role}: no column found, and it is needed"));
    }
    for name in &file.guess.stamps {
        line(out, 2, &format!("`{name}` says when the row was copied: it is taken for nothing"));
    }
}

fn write_rest(out: &mut String, file: &Inspected) {
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
    for column in file.columns.iter().filter(|column| column.lists.n > 0) {
        line(out, 2, &format!("`{}` holds lists of objects in {} rows", column.name, column.lists.n));
    }
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

fn write_words(out: &mut String, file: &Inspected, role: &str, column: &Column, known: &Known) {
    let undirected = if role == "severity" { undirected(file) } else { Vec::new() };
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
            "severity" if undirected.iter().any(|(number, _)| number == word) => {
                Some("not certain".to_owned())
            }
            "severity" => known.severity(word).map(|level| level.to_string()),
            "role" => crate::ingest::known::role(word).and_then(|role| role.word()).map(str::to_owned),
            _ => Some(String::new()),
        };
        let meaning = meaning.unwrap_or_else(|| "not known".to_owned());
        let _ = writeln!(
            out,
            "{}",
            format!("  {n:>10}  {}  {meaning}", padded(&shown(word), LONGEST)).trim_end()
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

fn shown(text: &str) -> String {
    cut(&printable(text), LONGEST)
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
            let (file_a, file_b) = (a, b);
            let (a, b) = (a.path.display(), b.path.display());
            let text = format!(
                "join of {a} and {b} by `{}` and `{}`: {n_both} cases in both, of {na} and {nb}",
                ca.name, cb.name
            );
            line(out, 0, &text);
            let n_unclean = ca.n_unclean + cb.n_unclean;
            if n_unclean > 0 {
                let text = format!(
                    "{n_unclean} of the ids are written with decimals or unseen blanks, which the reading takes off"
                );
                line(out, 2, &text);
            }
            if n_both == 0 && file_a.peeked.header != file_b.peeked.header {
                let how = alike(ca, cb)
                    .unwrap_or("perhaps be the same with a text before them taken off (`case_id_after`)");
                line(out, 2, &format!("none is in both: they would {how}"));
            }
        }
    }
}
