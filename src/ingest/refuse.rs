//! Whether what was read can be used at all: too many rejected rows, none used, more than one run can hold.

use super::gather::Everything;
use super::json_blocks::Fault;
use super::ledger::Ledger;
use super::plan::Plan;
use super::rows::{NO_STATUS, Rest};
use crate::codes;
use crate::diag::{Diagnostic, Error, Position};

/// F304, where more rows are rejected than the plan allows; F305, where that leaves none.
pub(super) fn refused(plan: &Plan, ledger: &Ledger) -> Option<Diagnostic> {
    let (n_rejected, n_read) = (ledger.n_rejected(), ledger.n_read());
    if n_rejected as f64 > plan.max_rejected * n_read as f64 {
        let share = plan.max_rejected * 100.0;
        let why = most_rejected(ledger);
        let message = format!("{n_rejected} of {n_read} rows rejected: expected at most {share}%{why}");
        let hint = "mend them, or raise --max-rejected; `audit --out` lists them all in `rejected.csv`";
        return Some(Diagnostic::error(codes::F304, message).hint(hint));
    }
    if n_rejected > 0 && ledger.n_used() == 0 {
        let message = format!("no usable event: all {n_read} rows rejected{}", most_rejected(ledger));
        return Some(
            Diagnostic::error(codes::F305, message).hint("`audit --out` lists them in `rejected.csv`"),
        );
    }
    None
}

/// Which rule rejected most, and which files it left nothing of.
fn most_rejected(ledger: &Ledger) -> String {
    let title = |code: &str| codes::ALL.iter().find(|known| known.code == code).map_or("", |code| code.title);
    let all = ledger.by_code();
    let rejected = all.iter().filter(|(code, _)| **code != codes::D503);
    let most = rejected.max_by_key(|(code, n)| (**n, std::cmp::Reverse(**code)));
    let mut text =
        most.map_or_else(String::new, |(code, n)| format!("; most by {code}, {}: {n}", title(code)));
    for file in ledger.files.iter().filter(|file| ledger.files.len() > 1 && file.is_rejected_whole()) {
        if let Some((code, n)) = file.commonest() {
            let path = file.path.display();
            text.push_str(&format!("; nothing is left of `{path}`, most by {code}: {n} of {}", file.n_read));
        }
    }
    text
}

/// Neither nothing nor more rows than a row's number can count.
pub(super) fn check_size(
    blocks: &[Rest],
    ledger: &Ledger,
    refused: Option<&Diagnostic>,
) -> Result<(), Error> {
    let n_events: u64 = blocks.iter().map(|block| block.n_rows as u64).sum();
    if n_events > u64::from(u32::MAX) - 1 {
        let message = format!("{n_events} events: more than one run can hold");
        return Err(Error::Input(vec![
            Diagnostic::error(codes::F305, message).hint("split the input by case"),
        ]));
    }
    if ledger.n_used() == 0 && refused.is_none() {
        let message = "no row below the header";
        let position = ledger.files.first().map(|f| f.path.display().to_string()).unwrap_or_default();
        let position = Position { path: position, ..Position::default() };
        return Err(Error::Input(vec![
            Diagnostic::error(codes::F305, message).at(position).hint("check the filter of the export"),
        ]));
    }
    if n_events == 0 && refused.is_none() {
        let message = format!("no usable event: none of {} rows gives one", ledger.n_read());
        let hint =
            "see `[table.fields]` and `lifecycles` in the profile: their words must be those of the export";
        return Err(Error::Input(vec![Diagnostic::error(codes::F305, message).hint(hint)]));
    }
    Ok(())
}

/// No more text than can be told apart, 2 GiB of different words a column.
pub(super) fn check_words(all: &Everything) -> Result<(), Error> {
    if !all.is_full() {
        return Ok(());
    }
    let message = "more than 2 GiB of different words in one column: more than one run can hold";
    let hint = "leave columns of free text out of the export, or split the input by case";
    Err(Error::Input(vec![Diagnostic::error(codes::F305, message).hint(hint)]))
}

/// No status column has as many words as that.
pub(super) fn check_statuses(n: usize) -> Result<(), Error> {
    if n < usize::from(NO_STATUS) - 1 {
        return Ok(());
    }
    let message = format!("{n} different status words: that is no status column");
    Err(Error::Input(vec![
        Diagnostic::error(codes::F303, message).hint("name the column of the status in a profile"),
    ]))
}

/// A file that cannot be read on; of one that is no JSON the place where.
pub(super) fn unreadable(path: String, cause: &std::io::Error) -> Diagnostic {
    let fault = cause.get_ref().and_then(|cause| cause.downcast_ref::<Fault>());
    let (line, column) = fault.map_or((0, 0), |fault| (fault.line, fault.column));
    let position = Position { path, line, column, ..Position::default() };
    let problem = Diagnostic::error(codes::F301, format!("input file cannot be read: {cause}")).at(position);
    match fault {
        Some(_) => problem.hint("a JSON text is read whole or not at all: export or download it again"),
        None => problem,
    }
}
