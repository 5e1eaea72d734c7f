//! Dialects of exports (SPEC 3.3): the bytes of a file and the lines of a profile, and what becomes of them, a row each.

use slaudit::ingest::{Plan, Profile, Silent, read};

use super::build::{folder, ingest, shown};

/// Lines of the table before `columns`; the file; its events, or the codes of its rejected rows.
type Dialect = (&'static str, &'static [u8], &'static [&'static str]);

const NINE: &str = "a 2026-01-05T09:00:00Z Opened Unknown Ann - 0";
const TWO: &[&str] = &[NINE, "b 2026-01-05T09:00:00Z Opened Unknown Bo - 0"];
const NAMED: &[&str] = &["a 2026-01-05T09:00:00Z Opened Unknown Zoë - 0"];
const UNNAMED: &[&str] = &["a 2026-01-05T09:00:00Z Opened Unknown - - 0"];
const BROKEN: &[&str] = &["a 2026-01-05T09:00:00Z Opened Unknown Ann,\nB \"C\" - 0"];
const MODERATE: &str = "a 2026-01-05T09:00:00Z Opened Unknown Ann - 3";

/// What becomes of `file` under a table of shape `events` that begins with `lines`.
fn events(lines: &str, file: &[u8]) -> Vec<String> {
    let columns = "{ case_id = \"id\", at = \"at\", event = \"what\", actor = \"who\", severity = \"prio\" }";
    let table = format!(
        "[[table]]\nshape = \"events\"\n{lines}\noptional = [\"severity\"]\nevents = {{ \"\" = \"opened\" }}\ncolumns = {columns}\n"
    );
    let profile = Profile::parse(&table, "mine.toml").unwrap_or_else(|error| panic!("{error}"));
    let (_folder, paths) = folder(&[("a.csv", file)]);
    let plan = Plan { max_rejected: 1.0, ..Plan::new(paths, profile) };
    let made = read(&plan, &Silent).unwrap_or_else(|error| panic!("{error}"));
    let mut all = shown(&made.history);
    all.extend(made.ledger.by_code().iter().map(|(code, n)| format!("{code} {n}")));
    all
}

fn hold(dialects: &[Dialect]) {
    for (lines, file, expected) in dialects {
        assert_eq!(events(lines, file), *expected, "{lines}\n{}", String::from_utf8_lossy(file));
    }
}

#[test]
fn lines_fields_and_quotes() {
    hold(&[
        ("", b"id,at,what,who\na,2026-01-05 09:00,opened,Ann\nb,2026-01-05 09:00,opened,Bo\n", TWO),
        (
            "",
            b"\xEF\xBB\xBFid,at,what,who\na,2026-01-05 09:00,opened,Ann\nb,2026-01-05 09:00,opened,Bo\n",
            TWO,
        ),
        ("", b"id,at,what,who\r\na,2026-01-05 09:00,opened,Ann\r\nb,2026-01-05 09:00,opened,Bo", TWO),
        ("", b"id;at;what;who\na;2026-01-05 09:00;opened;Ann\nb;2026-01-05 09:00;opened;Bo\n", TWO),
        ("", b"id\tat\twhat\twho\na\t2026-01-05 09:00\topened\tAnn\nb\t2026-01-05 09:00\topened\tBo\n", TWO),
        ("delimiter = \":\"", b"id:at:what:who\na:\"2026-01-05 09:00\":opened:Ann\n", &[NINE]),
        (
            "",
            b"\"id\",\"at\",\"what\",\"who\"\n\"a\",\"2026-01-05 09:00\",\"opened\",\"Ann,\nB \"\"C\"\"\"\n",
            BROKEN,
        ),
        ("", b"id,at,what,who,x,x\na,2026-01-05 09:00,opened,Ann,1,2\n", &[NINE]),
        ("", b"id,at,what,who,,\na,2026-01-05 09:00,opened,Ann,,\n", &[NINE]),
        // Columns without a name at the end may be missing in a row, and every row may have more of them.
        ("", b"id,at,what,who,,\na,2026-01-05 09:00,opened,Ann\nb,2026-01-05 09:00,opened,Bo,\n", TWO),
        ("", b"id,at,what,who\na,2026-01-05 09:00,opened,Ann,\nb,2026-01-05 09:00,opened,Bo,\n", TWO),
        ("", b"id,at,what,who\na,2026-01-05 09:00,opened,Ann,,\n\nb,2026-01-05 09:00,opened,Bo,,\n", TWO),
        ("", b"id\tat\twhat\twho\r\na\t2026-01-05 09:00\topened\tAnn\t\r\nb\t2026-01-05 09:00\topened\tBo\t\r\n", TWO),
        // Not so where only some have: a delimiter may stand in a field.
        ("", b"id,at,what,who\na,2026-01-05 09:00,opened,Ann\nb,2026-01-05 09:00,opened,Bo,\n", &[NINE, "D510 1"]),
        ("", b"id,at,what,who\na,2026-01-05 09:00,opened,Ann,\nb,2026-01-05 09:00,opened,Bo,x\n", &["D510 2"]),
        // The line for Excel.
        ("", b"sep=;\nid;at;what;who\na;2026-01-05 09:00;opened;Ann\nb;2026-01-05 09:00;opened;Bo\n", TWO),
        ("", b"\xEF\xBB\xBF\"sep=^\"\r\n\r\nid^at^what^who\r\na^2026-01-05 09:00^opened^Ann\r\n", &[NINE]),
        ("delimiter = \",\"", b"sep=\t\nid\tat\twhat\twho\na\t2026-01-05 09:00\topened\tAnn\n", &[NINE]),
        // Titles above the header.
        ("", b"Cases of March\nby Ann, on 1 April\n\nid,at,what,who\na,2026-01-05 09:00,opened,Ann\n", &[NINE]),
        ("", b"sep=;\nCases;;;\nid;at;what;who\na;2026-01-05 09:00;opened;Ann\n", &[NINE]),
        // Lines that end in carriage returns alone.
        ("", b"id,at,what,who\ra,2026-01-05 09:00,opened,Ann\r\rb,2026-01-05 09:00,opened,Bo\r", TWO),
        ("", b"id,at,what,who\ra,2026-01-05 09:00,opened,\"Ann,\nB \"\"C\"\"\"\r", BROKEN),
        (
            "",
            b"id,at,what,who\na,2026-01-05 09:00,opened,Ann\nb,2026-01-05 09:00,opened\n",
            &[NINE, "D510 1"],
        ),
    ]);
}

#[test]
fn words_and_encodings() {
    hold(&[
        ("missing = [\"?\", \"NULL\"]", b"id,at,what,who,prio\na,2026-01-05 09:00,opened,?,NULL\n", UNNAMED),
        ("missing = [\"?\", \"NULL\"]", b"id,at,what,who\nNULL,2026-01-05 09:00,opened,Ann\na,2026-01-05 09:00,opened,Ann\n", &[NINE, "D502 1"]),
        ("encoding = \"windows-1252\"", b"id,at,what,who\na,2026-01-05 09:00,opened,Zo\xEB\n", NAMED),
        ("encoding = \"latin-1\"", b"id,at,what,who\na,2026-01-05 09:00,opened,Zo\xEB\n", NAMED),
        ("", b"id,at,what,who\na,2026-01-05 09:00,opened,Ann\nb,2026-01-05 09:00,opened,Zo\xEB\n", &[NINE, "D511 1"]),
        ("severities = { \"3 - Moderate\" = 3 }", b"id,at,what,who,prio\na,2026-01-05 09:00,opened,Ann,3 - moderate\n", &[MODERATE]),
        ("", b"id,at,what,who,prio\na,2026-01-05 09:00,opened,Ann,3.0\nb,2026-01-05 09:00,opened,Bo,3 - Moderate\n", &[MODERATE, "D512 1"]),
    ]);
}

/// The instant of `text` under the patterns in `timestamps`; `None` where its row is rejected.
fn instant(timestamps: &str, text: &str) -> Option<String> {
    let lines = format!("timestamps = [{timestamps}]\ntimezone = \"Europe/Rome\"");
    let file = format!("id,at,what,who\nx,\"{text}\",opened,Ann\n");
    let found = events(&lines, file.as_bytes()).remove(0);
    (found != "D501 1").then(|| found.split(' ').nth(1).unwrap().to_string())
}

#[test]
fn times() {
    for (timestamps, text, expected) in [
        ("'%m/%d/%Y %I:%M %p'", "3/1/2026 1:02 pm", "2026-03-01T12:02:00Z"),
        ("'%m/%d/%Y %I:%M %p'", "3/1/2026 12:02 AM", "2026-02-28T23:02:00Z"),
        ("'%m/%d/%Y %I:%M %p'", "3/1/2026 13:02 PM", "-"),
        ("'%d/%m/%Y %H:%M'", "3/1/2026 13:02", "2026-01-03T12:02:00Z"),
        ("'%m/%d/%Y %H:%M'", "3/1/2026 13:02", "2026-03-01T12:02:00Z"),
        ("'%m/%d/%Y %H:%M'", "13/1/2026 13:02", "-"),
        ("'%d.%m.%Y'", "3.1.2026", "2026-01-02T23:00:00Z"),
        ("'%d/%b/%y %I:%M %p'", "01/Mar/26 8:57 AM", "2026-03-01T07:57:00Z"),
        ("'%B %d, %Y %H:%M'", "march 1, 2026 08:57", "2026-03-01T07:57:00Z"),
        ("'%d/%b/%y %I:%M %p'", "05/Sept/26 4:00 PM", "2026-09-05T14:00:00Z"),
        ("'%a, %d %b %Y %H:%M'", "Thurs, 03 SEPT 2026 16:00", "2026-09-03T14:00:00Z"),
        ("'%d %b %Y %H:%M'", "8 Sept. 2026 16:00", "2026-09-08T14:00:00Z"),
        ("'%b %d, %Y %H:%M'", "SEP. 8, 2026 16:00", "2026-09-08T14:00:00Z"),
        ("'%d.%b.%Y %H:%M'", "8.Sep.2026 16:00", "2026-09-08T14:00:00Z"),
        ("'%d %b. %Y %H:%M'", "8 Sept. 2026 16:00", "2026-09-08T14:00:00Z"),
        ("'%d %b %Y %H:%M'", "8 Sept.. 2026 16:00", "-"),
        ("'%d/%b/%Y'", "05/Septober/2026", "-"),
        ("'%d/%b/%Y'", "05/Se/2026", "-"),
        // As browsers and spreadsheets write them: narrow no-break blanks, no-break blanks, marks of direction.
        ("'%m/%d/%y, %I:%M:%S %p'", "1/5/26, 4:00:00\u{202F}PM", "2026-01-05T15:00:00Z"),
        ("'%m/%d/%y,\u{A0}%I:%M %p'", "1/5/26, 4:00\u{A0}PM", "2026-01-05T15:00:00Z"),
        (
            "'%d.%m.%Y %H:%M'",
            "\u{200E}5\u{200E}.\u{200E}1\u{200E}.\u{200E}2026 16:00\u{A0}",
            "2026-01-05T15:00:00Z",
        ),
        ("'canonical'", "2026-01-05\u{202F}16:00\u{FEFF}", "2026-01-05T15:00:00Z"),
        ("'%d.%m.%Y %H:%M'", "5.1.2026\u{2028}x16:00", "-"),
        ("'%a, %d %b %Y %H:%M:%S %z'", "Sun, 01 Mar 2026 08:57:00 -0500", "2026-03-01T13:57:00Z"),
        ("'%Y-%m-%d %H:%M:%S %Z'", "2026-03-01 08:57:00 CET", "2026-03-01T07:57:00Z"),
        ("'%Y-%m-%d %H:%M:%S %Z'", "2026-03-01 08:57:00 utc", "2026-03-01T08:57:00Z"),
        ("'%Y-%m-%d %H:%M:%S %Z'", "2026-03-01 08:57:00 EST", "2026-03-01T13:57:00Z"),
        ("'%Y-%m-%d %H:%M:%S %Z'", "2026-03-01 08:57:00 IST", "-"),
        ("'%Y-%m-%d %H:%M:%S %Z'", "2026-03-01 08:57:00 ", "-"),
        ("'%s'", "1772351820", "2026-03-01T07:57:00Z"),
        ("'%s'", "1772351820.25", "2026-03-01T07:57:00.250Z"),
        ("'%s'", "0", "1970-01-01T00:00:00Z"),
        ("'%s'", "-1.5", "1969-12-31T23:59:58.500Z"),
        // Milliseconds are no seconds, nor seconds milliseconds.
        ("'%s'", "1772351820000", "-"),
        ("'epoch_ms'", "1772351820", "-"),
        ("'epoch_ms'", "1772351820123", "2026-03-01T07:57:00.123Z"),
        ("'epoch_ms'", "1772351820123.4567", "2026-03-01T07:57:00.123456Z"),
        ("'epoch_ms'", "1772351820123 ms", "-"),
        ("'%s'", "99999999999999999999999", "-"),
        ("'%s'", "", "-"),
        ("'%s'", "-", "-"),
        ("'%s', 'canonical'", "2026-03-01T07:57:00Z", "2026-03-01T07:57:00Z"),
        ("'%d.%m.%Y', '%s'", "1772351820", "2026-03-01T07:57:00Z"),
    ] {
        assert_eq!(instant(timestamps, text).as_deref().unwrap_or("-"), expected, "{timestamps} {text}");
    }
}

#[test]
fn a_number_that_two_patterns_may_take_is_an_error_of_the_profile() {
    let problem = |timestamps: &str| {
        let columns = "columns = { case_id = \"a\", at = \"b\" }";
        let table = format!("[[table]]\nshape = \"events\"\ntimestamps = [{timestamps}]\n{columns}\n");
        Profile::parse(&table, "mine.toml")
            .err()
            .map(|error| error.to_string().lines().next().unwrap().to_string())
    };
    for (timestamps, expected) in [
        ("'%s', 'epoch_ms'", "error[F104]: timestamp pattern `%s`: a number may fit `epoch_ms` too"),
        ("'%Y%m%d%H%M%S', '%s'", "error[F104]: timestamp pattern `%s`: a number may fit `%Y%m%d%H%M%S` too"),
        ("'epoch_ms', '%Y %j'", "error[F104]: timestamp pattern `epoch_ms`: a number may fit `%Y %j` too"),
        ("'%s %p'", "error[F104]: timestamp pattern `%s %p`: `%s` is a whole instant and stands alone"),
    ] {
        assert_eq!(problem(timestamps).as_deref(), Some(expected));
    }
    assert_eq!(problem("'%s', '%Y-%m-%d'"), None);
}

#[test]
fn a_message_shows_blanks_that_nobody_sees() {
    let rows = "case_id,at\na,2026-01-05\u{A0}x\u{200B}\n";
    let made = super::build::ingest(rows, |_| ());
    let message = made.ledger.examples[0].to_string();
    assert!(message.contains("found `2026-01-05<U+00A0>x<U+200B>`"), "{message}");
}

#[test]
fn the_canonical_form_may_be_set_too() {
    let mut profile = Profile::named("canonical").unwrap();
    profile.set("events.timestamps=%d.%m.%Y %H:%M").unwrap();
    profile.set("events.timestamps=canonical").unwrap();
    let made =
        super::build::ingest("case_id,at\na,2026-01-05T09:00Z\n", |plan| plan.profile = profile.clone());
    assert_eq!(made.history.n_cases(), 1);
}

/// The places of the events of `file`, and what was taken for granted of it.
fn told(file: &[u8]) -> (Vec<u64>, Vec<String>) {
    for block_size in [1, 7, 4 << 20] {
        let made = super::build::ingest(file, |plan| plan.block_size = block_size);
        let mut lines: Vec<u64> = (0..made.history.events.len())
            .filter_map(|event| made.places.of(event))
            .map(|place| place.line)
            .collect();
        lines.sort_unstable();
        let said = made
            .assumptions
            .iter()
            .filter(|text| text.contains("events.csv` ") && !text.contains("no column"));
        let said: Vec<String> = said
            .map(|text| text.replace("events.csv`", "\n").split('\n').nth(1).unwrap().to_owned())
            .collect();
        if block_size > 7 {
            return (lines, said);
        }
    }
    unreachable!("the last size returns")
}

#[test]
fn what_stands_around_the_rows_is_told_and_lines_stay_those_of_the_file() {
    let rows = |text: &str| text.replace('|', "case_id,at\n1,2026-01-05T09:00Z\n2,2026-01-05T09:00Z\n");
    assert_eq!(told(rows("|").as_bytes()), (vec![2, 3], vec![]));
    assert_eq!(
        told(rows("Report\n\n\"of two\nlines\"\n|").as_bytes()),
        (vec![6, 7], vec![" stands on line 5: the lines above it are titles".to_owned()])
    );
    assert_eq!(
        told(rows("sep=,\n|").as_bytes()),
        (vec![3, 4], vec![" are told apart by `,`, as its first line says".to_owned()])
    );
    assert_eq!(
        told(rows("|").replace('\n', "\r").as_bytes()),
        (vec![2, 3], vec![" end in carriage returns alone".to_owned()])
    );
    assert_eq!(
        told(rows("|").replace("Z\n", "Z,,\n").as_bytes()),
        (vec![2, 3], vec![" ends in 2 empty fields that its header does not have".to_owned()])
    );
}

#[test]
fn names_of_columns_have_no_unseen_blanks_around_them_and_stand_below_30_titles() {
    let rows = "\u{A0}case_id\u{200B},at\u{202F},event\n1,2026-01-05T09:00Z,opened\n";
    let titles = |n: usize| (0..n).map(|i| format!("title {i}\n")).collect::<String>();
    for n in [0, 1, 30] {
        let made = ingest(format!("{}{rows}", titles(n)), |_| ());
        assert_eq!((made.history.n_cases(), made.ledger.n_rejected()), (1, 0), "{n}");
    }
}
