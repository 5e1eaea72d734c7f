//! Files to history: what is read, what is refused, and that neither threads nor blocks nor the order of rows show.

use std::path::PathBuf;

use slaudit::history::{EventKind, History};
use slaudit::ingest::{Ingested, Plan, Profile, Silent, read};

/// A folder with the given files.
fn folder(files: &[(&str, &[u8])]) -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let paths = files.iter().map(|(name, bytes)| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    });
    let paths = paths.collect();
    (folder, paths)
}

fn ingest(csv: &str, change: impl Fn(&mut Plan)) -> Ingested {
    let (_folder, paths) = folder(&[("events.csv", csv.as_bytes())]);
    let mut plan = Plan::new(paths, Profile::named("canonical").unwrap());
    plan.max_rejected = 1.0;
    change(&mut plan);
    read(&plan, &Silent).unwrap()
}

/// One line an event, for people.
fn shown(history: &History) -> Vec<String> {
    let word = |word: Option<&str>| word.unwrap_or("-").to_string();
    let events = history.events.iter().map(|event| {
        let status = event.status.get().map(|s| history.statuses.at(s));
        format!(
            "{} {} {:?} {:?} {} {} {}",
            history.case_ids.at(event.case as usize),
            event.at.rfc3339(),
            event.kind,
            event.role,
            word(history.actors.get(event.actor)),
            word(status),
            event.severity
        )
    });
    events.collect()
}

#[test]
fn reads_a_canonical_file() {
    let made = ingest(
        "case_id,at,event,role,actor,status,severity,product\n\
         b,2026-01-05T10:00:00Z,message,agent,ann,Open,,\n\
         a,2026-01-05T09:00:00,opened,customer,bob,New,1,pump\n\
         b,2026-01-05T09:00:00+01:00,opened,customer,cy,New,2,\"a \"\"big\"\" one\"\n\
         b,2026-01-05T10:00:00+00:00,Message,AGENT,ann,Open,,late\n",
        |_| {},
    );
    assert_eq!(
        shown(&made.history),
        [
            "a 2026-01-05T09:00:00Z Opened Customer bob New 1",
            "b 2026-01-05T08:00:00Z Opened Customer cy New 2",
            "b 2026-01-05T10:00:00Z Message Agent ann Open 0",
        ]
    );
    let product = &made.history.attributes[0];
    let values: Vec<_> = product.values.iter().map(|v| product.words.get(*v)).collect();
    assert_eq!(values, [Some("pump"), Some("a \"big\" one")]);
    assert_eq!((made.ledger.n_read(), made.ledger.n_used(), made.ledger.n_duplicate()), (4, 3, 1));
    assert_eq!(made.places.of(1).map(|p| p.line), Some(4));
    assert!(made.history.has_messages);
    assert_eq!(made.history.events[0].kind, EventKind::Opened);
}
