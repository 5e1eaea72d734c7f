//! What an audit took for granted and what it left out, in sentences: nobody should have to guess.

use crate::calendar::Instant;
use crate::ingest::{Ingested, Ledger, PassedOver};
use crate::policy::PromiseKind;
use crate::replay::{Metric, Verdict};
use crate::tables::{ReadsAll, Tally};

use super::audit::Audit;
use super::calendars;
use super::evidence;
use super::summary::{grouped, metric_name};

/// Everything that was taken for granted.
pub(super) fn all(audit: &Audit, ingested: &Ingested, tally: &Tally, as_of: Instant) -> Vec<String> {
    let mut points = policy(audit, tally);
    points.push(match audit.as_of {
        Some(_) => {
            "open things are judged at the instant given with --as-of; later events do not count".to_owned()
        }
        None => "open things are judged at the latest event of the input".to_owned(),
    });
    points.push(zones(audit));
    points.extend(calendars::points(audit, ingested, tally, as_of));
    points.extend(ingested.assumptions.iter().map(|text| text.trim().to_owned()));
    points.extend(evidence::of_metrics(&audit.book, &ingested.history, tally));
    if audit.book.versions.iter().any(|v| v.after_hours.is_some_and(|a| a.kind == PromiseKind::BestEffort)) {
        points.push("the after-hours promise is best effort: shown apart, in no attainment".to_owned());
    }
    points.push("a severity is that at the stop of the clock, or at the judging instant".to_owned());
    points
}

fn policy(audit: &Audit, tally: &Tally) -> Vec<String> {
    let version = |(i, v): (usize, &crate::policy::Policy)| {
        let n = tally.versions.get(&(i as u32)).copied().unwrap_or(0);
        format!("policy `{}`, version {}, cases under it: {}", v.name, v.version, grouped(n))
    };
    audit.book.versions.iter().enumerate().map(version).collect()
}

fn zones(audit: &Audit) -> String {
    let profile = &audit.input.profile;
    let zone = match audit.input.timezone {
        Some(zone) => format!("{zone} as --timezone says"),
        None => {
            let mut names: Vec<&str> = profile.timezones().iter().map(|z| z.name()).collect();
            names.dedup();
            names.join(", ")
        }
    };
    format!("profile `{}`; times without an offset are local time of {zone}", profile.name)
}

/// A table of the user's that counts more than the period.
pub(super) fn reads_all(of: &ReadsAll) -> String {
    let tables: Vec<String> = of.tables.iter().map(|table| format!("`{table}`")).collect();
    format!("table `{}` reads {}: all of history, whatever the period", of.query, tables.join(", "))
}

/// Cases and clocks that were replayed and do not count, and why.
pub(super) fn not_counted(tally: &Tally) -> Vec<String> {
    let scope =
        tally.out_of_scope.iter().map(|(reason, n)| format!("cases out of scope, {reason}: {}", grouped(*n)));
    let exempt = tally.exempt.iter().map(|((metric, reason), n)| {
        format!("{} clocks exempt, {reason}: {}", metric_name(*metric), grouped(*n))
    });
    let not_seen = Metric::ALL.into_iter().filter_map(|metric| {
        let n = tally.verdicts_of(metric).of(Verdict::NotSeen);
        (n > 0).then(|| {
            format!("{} clocks that the input cannot show the end of: {}", metric_name(metric), grouped(n))
        })
    });
    scope.chain(exempt).chain(not_seen).collect()
}

/// What never became an event.
pub(super) fn left_out(ledger: &Ledger) -> Vec<String> {
    let files = &ledger.files;
    let mut points: Vec<String> = PassedOver::sentence(&ledger.passed_over).into_iter().collect();
    for file in files.iter().filter(|file| file.is_rejected_whole()) {
        if let Some((code, n)) = file.commonest() {
            let (path, n_read) = (file.path.display(), grouped(file.n_read));
            points.push(format!(
                "nothing is left of `{path}`: its {n_read} rows are rejected, {} by {code}",
                grouped(n)
            ));
        }
    }
    let duplicates: u64 = files.iter().map(|f| f.n_duplicate).sum();
    if duplicates > 0 {
        points.push(format!("rows equal to an earlier one (D503): {}", grouped(duplicates)));
    }
    let mut by_code = std::collections::BTreeMap::<&str, u64>::new();
    for (code, n) in files.iter().flat_map(|f| &f.by_code) {
        *by_code.entry(code).or_default() += n;
    }
    let title = |code: &str| crate::codes::ALL.iter().find(|c| c.code == code).map_or("", |c| c.title);
    points.extend(
        by_code.iter().map(|(code, n)| format!("rows rejected, {code} {}: {}", title(code), grouped(*n))),
    );
    points
}
