//! What is told of an input before anybody looks at its figures: openings without a time of day or all at once, a repeated
//! hour once a row, and the profile that would read it.

use slaudit::ingest::{Attributes, Ingested, Plan, Profile, Reading, Silent, read, read_in_parts};

use super::build::{folder, ingest};

fn opened(times: &[&str]) -> String {
    let row = |(i, at): (usize, &&str)| format!("{i},{at},opened\n{i},2026-03-20T09:{i:02}Z,message\n");
    times.iter().enumerate().map(row).fold("case_id,at,event\n".to_owned(), |text, row| text + &row)
}

fn told(made: &Ingested) -> Vec<&str> {
    let is_it = |text: &&String| text.contains(" open at ") || text.contains("case opens at ");
    made.assumptions.iter().filter(is_it).map(|text| text.split(": ").next().unwrap()).collect()
}

/// Of the input read as a whole and in parts.
fn of(times: &[&str], zone: &str) -> Vec<String> {
    let (_folder, paths) = folder(&[("a.csv", opened(times).as_bytes())]);
    let mut plan = Plan::new(paths, Profile::named("canonical").unwrap());
    plan.timezone = Some(zone.parse().unwrap());
    let whole = read(&plan, &Silent).unwrap();
    plan.attributes = Attributes::None;
    let Reading::Parts(parted) = read_in_parts(&plan, &Silent).unwrap() else { panic!("in parts") };
    parted.fold(|| (), |(), _, _| ()).unwrap();
    assert_eq!(told(&parted.settle()), told(&whole));
    told(&whole).into_iter().map(str::to_owned).collect()
}

#[test]
fn openings_at_midnight_are_told_of() {
    let dates = ["2026-03-02 00:00", "2026-03-03 00:00", "2026-03-04 00:00", "2026-03-05 00:00"];
    assert_eq!(of(&dates, "America/Denver"), ["all 4 cases open at midnight"]);
    let dates = ["2026-03-02T00:00Z", "2026-03-03T00:00Z"];
    assert_eq!(of(&dates, "America/Denver"), ["all 2 cases open at midnight"]);
    assert_eq!(of(&["2026-03-02T07:00Z"], "America/Denver"), ["the only case opens at midnight"]);
    let most = ["2026-03-02 00:00", "2026-03-03 00:00", "2026-03-04 09:00"];
    assert_eq!(of(&most, "Asia/Kathmandu"), ["2 of 3 cases open at midnight"]);
    assert_eq!(of(&["2026-03-02 00:00", "2026-03-03 00:01"], "UTC"), [""; 0]);
    assert_eq!(of(&["2026-03-02 00:00:01", "2026-03-03 23:59"], "UTC"), [""; 0]);
}

#[test]
fn openings_at_one_instant_are_told_of() {
    let at = ["2026-03-02T09:30:07Z"; 3];
    assert_eq!(of(&at, "UTC"), ["all 3 cases open at one instant, 2026-03-02T09:30:07Z"]);
    assert_eq!(of(&at[..2], "UTC"), [""; 0], "two may well come at once");
    assert_eq!(of(&[at[0], at[0], "2026-03-02T09:30:08Z"], "UTC"), [""; 0]);
}

#[test]
fn a_local_time_of_a_row_is_told_once_however_many_events_it_gives() {
    const CASES: &str = "name = \"c\"\ntimezone = \"America/Denver\"\n[[table]]\nshape = \"cases\"\n\
        timestamps = [\"%Y-%m-%d %H:%M\"]\nmilestones = [{ column = \"solved\", status = \"Resolved\" }]\n\
        columns = { case_id = \"id\", at = \"at\", status = \"state\" }\n";
    let shifts = |rows: &str| {
        let profile = Profile::parse(CASES, "c.toml").unwrap();
        let made = ingest(format!("id,at,state,solved\n{rows}"), |plan| plan.profile = profile.clone());
        let count = |code: &str| {
            made.findings.iter().filter(|found| found.code == code).map(|found| found.n).sum::<u64>()
        };
        (count("D508"), count("D509"))
    };
    // The opening, and the state that the case has since then.
    assert_eq!(shifts("1,2026-11-01 01:30,Open,\n"), (1, 0));
    // Two rows, and two local times of one row.
    assert_eq!(shifts("1,2026-11-01 01:30,Open,\n2,2026-11-01 01:30,Open,\n"), (2, 0));
    assert_eq!(shifts("1,2026-11-01 01:20,Resolved,2026-11-01 01:40\n"), (2, 0));
    assert_eq!(shifts("1,2026-03-08 02:30,Open,\n"), (0, 1));
}

/// The message for files that the default profile cannot read.
fn refusal(files: &[(&str, &str)]) -> String {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let (_folder, paths) = folder(&files);
    read(&Plan::new(paths, Profile::named("canonical").unwrap()), &Silent).unwrap_err().to_string()
}

#[test]
fn where_the_default_profile_does_not_fit_one_message_names_the_one_that_does() {
    let message = refusal(&[
        ("cases.csv", "Number,Company,Status,Priority,Date Created\nC1,A,Open,High,3/2/2026 9:00 am\n"),
        (
            "system_notes.csv",
            "Date,Set by,Type,Field,Old Value,New Value,Record\n3/2/2026 9:00 am,-System-,Set,Status,,Open,C1\n",
        ),
        ("case_messages.csv", "Number,Message: Date,Author,Is Incoming\nC1,3/2/2026 9:20 am,Mona,No\n"),
    ]);
    assert_eq!(message.matches("error[F303]").count(), 1, "{message}");
    assert!(
        message.contains("nor have 2 other files")
            && message.contains("hint: `--profile netsuite` has the columns of these files"),
        "{message}"
    );
    let json = r#"{"audits": [{"id": 1, "ticket_id": 7, "created_at": "2026-03-02T09:00:00Z", "author_id": 1, "events": []}]}"#;
    let message = refusal(&[("ticket_audits.json", json)]);
    assert!(message.contains("hint: `--profile zendesk` has the columns of this file"), "{message}");
    // Another message where no shipped profile has them, and none where the profile was chosen.
    assert!(!refusal(&[("a.csv", "a,b\n1,2\n")]).contains("--profile"));
    let (_folder, paths) = folder(&[("a.csv", b"Number,Company,Date Created\nC1,A,3/2/2026 9:00 am\n")]);
    let own = Profile::named("freshdesk").unwrap();
    assert!(!read(&Plan::new(paths, own), &Silent).unwrap_err().to_string().contains("--profile"));
}
