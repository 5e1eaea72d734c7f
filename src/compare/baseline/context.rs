//! What was other when a baseline was made: files, versions, the question. And the row ledger, which is compared. Rows of
//! tables are `difference`'s.

use super::about::{About, InputFile, Rows, Source};
use super::difference::ValueChange;
use super::words::{cell, shown};

/// Something that was other when the baseline was made, and decides nothing by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// What: `input`, `policy`, `profile`, `as of`, `period`, `close after`, `slaudit`, `zone data`.
    pub what: &'static str,
    /// How it was and how it is, in words.
    pub text: String,
}

/// The counts of the row ledger that differ.
pub(super) fn ledger(before: &Rows, now: &Rows) -> Vec<ValueChange> {
    let mut all = vec![
        ("read".to_owned(), before.read, now.read),
        ("used".to_owned(), before.used, now.used),
        ("duplicate".to_owned(), before.duplicate, now.duplicate),
        ("rejected".to_owned(), before.rejected, now.rejected),
    ];
    let mut codes: Vec<&String> = before.by_code.keys().chain(now.by_code.keys()).collect();
    codes.sort();
    codes.dedup();
    let of = |rows: &Rows, code: &str| rows.by_code.get(code).copied().unwrap_or(0);
    all.extend(
        codes.into_iter().map(|code| (format!("rejected by {code}"), of(before, code), of(now, code))),
    );
    let change = |(column, before, now): (String, u64, u64)| ValueChange {
        column,
        before: before.to_string(),
        now: now.to_string(),
    };
    all.into_iter().filter(|(_, before, now)| before != now).map(change).collect()
}

/// What was other about input, policy, profile and question.
pub(super) fn context(before: &About, now: &About) -> Vec<Context> {
    let mut all = Vec::new();
    let mut value = |what, a: &str, b: &str| {
        if a != b {
            all.push(Context { what, text: format!("{} -> {}", cell(a), cell(b)) });
        }
    };
    value("slaudit", &before.slaudit, &now.slaudit);
    value("zone data", &before.zone_data, &now.zone_data);
    value("as of", &before.as_of, &now.as_of);
    value("period", &before.period, &now.period);
    value("close after", &before.close_after.join(", "), &now.close_after.join(", "));
    sources("profile", std::slice::from_ref(&before.profile), std::slice::from_ref(&now.profile), &mut all);
    sources("policy", &before.policy, &now.policy, &mut all);
    inputs(&before.inputs, &now.inputs, &mut all);
    all
}

/// Files are compared by their place in the list: the same export has another name next month.
fn sources(what: &'static str, before: &[Source], now: &[Source], all: &mut Vec<Context>) {
    if before.len() != now.len() {
        all.push(Context { what, text: format!("{} files -> {} files", before.len(), now.len()) });
    }
    for (a, b) in before.iter().zip(now).filter(|(a, b)| a.sha256 != b.sha256) {
        all.push(Context { what, text: changed_file(&a.path, &b.path) });
    }
}

fn inputs(before: &[InputFile], now: &[InputFile], all: &mut Vec<Context>) {
    let what = "input";
    if before.len() != now.len() {
        all.push(Context { what, text: format!("{} files -> {} files", before.len(), now.len()) });
    }
    for (a, b) in before.iter().zip(now).filter(|(a, b)| a.sha256 != b.sha256) {
        let rows = match a.rows == b.rows {
            true => format!("{} rows", b.rows),
            false => format!("{} rows -> {}", a.rows, b.rows),
        };
        all.push(Context { what, text: format!("{}, {rows}", changed_file(&a.path, &b.path)) });
    }
}

fn changed_file(before: &str, now: &str) -> String {
    let (before, now) = (shown(before), shown(now));
    if before == now { format!("{now} has changed") } else { format!("{before} -> {now}, other bytes") }
}
