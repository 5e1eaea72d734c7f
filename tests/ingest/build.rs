//! What the tests of this folder share: files, plans and a history as lines of text.

use std::path::PathBuf;

use slaudit::history::History;
use slaudit::ingest::{Ingested, Plan, Profile, Silent, read};

/// A folder with the given files.
pub fn folder(files: &[(&str, &[u8])]) -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let paths = files.iter().map(|(name, bytes)| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    });
    let paths = paths.collect();
    (folder, paths)
}

/// Reads the bytes of one CSV file, any share of rejected rows allowed.
pub fn ingest(csv: impl AsRef<[u8]>, change: impl Fn(&mut Plan)) -> Ingested {
    try_ingest(csv, change).unwrap()
}

/// The same, where it may fail.
pub fn try_ingest(
    csv: impl AsRef<[u8]>,
    change: impl Fn(&mut Plan),
) -> Result<Ingested, slaudit::diag::Error> {
    let (_folder, paths) = folder(&[("events.csv", csv.as_ref())]);
    let mut plan = Plan::new(paths, Profile::named("canonical").unwrap());
    plan.max_rejected = 1.0;
    change(&mut plan);
    read(&plan, &Silent)
}

/// One line an event, for people.
pub fn shown(history: &History) -> Vec<String> {
    let word = |word: Option<&str>| word.unwrap_or("-").to_string();
    let of_case = |case: usize| history.case(case).events.iter().map(move |event| (case, event));
    let events = (0..history.n_cases()).flat_map(of_case).map(|(case, event)| {
        let status = event.status.get().map(|s| history.statuses.at(s));
        format!(
            "{} {} {:?} {:?} {} {} {}",
            history.case_ids.at(case),
            event.at.rfc3339(),
            event.kind(),
            event.role(),
            word(history.actors.get(event.actor)),
            word(status),
            event.severity()
        )
    });
    events.collect()
}

/// The value of attribute `name` for each case.
pub fn attribute(history: &History, name: &str) -> Vec<Option<String>> {
    let found = history.attributes.iter().find(|a| a.name == name).unwrap();
    found.values.iter().map(|v| found.words.get(*v).map(str::to_string)).collect()
}
