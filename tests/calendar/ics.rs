//! .ics files: what each kind of event closes, worked by hand, and what is refused. `ics.py` compares random ones with
//! another implementation.

use chrono_tz::Tz;
use proptest::prelude::*;
use slaudit::calendar::{
    Calendar, Closings, HolidayFile, IcsError, Instant, OpenTime, Pick, closings_of_ics, open_on,
};

const ZONE: Tz = Tz::America__Denver;

/// A calendar of `events`, each given as its lines with a bar between.
fn file(events: &[&str]) -> String {
    let event = |lines: &&str| format!("BEGIN:VEVENT\r\n{}\r\nEND:VEVENT\r\n", lines.replace('|', "\r\n"));
    let events: String = events.iter().map(event).collect();
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n")
}

fn read(events: &[&str]) -> Result<Closings, IcsError> {
    closings_of_ics(file(events).as_bytes(), ZONE, &Pick::default())
}

fn local(at: Instant) -> String {
    at.in_zone(ZONE).unwrap().format("%m-%d %H:%M").to_string()
}

/// Dates of 2026 that are closed, and hours: `05-25, 12-24 12:00 to 12-24 17:00`.
fn closed(events: &[&str]) -> String {
    let closings = read(events).unwrap_or_else(|error| panic!("{error}"));
    let dates = closings.dates.keys().filter(|on| on.to_string().starts_with("2026"));
    let dates = dates.map(|on| on.format("%m-%d").to_string());
    let hours = closings.hours.iter().map(|hours| format!("{} to {}", local(hours.from), local(hours.to)));
    dates.chain(hours).collect::<Vec<_>>().join(", ")
}

/// The line and the message of what is refused.
fn refused(events: &[&str]) -> String {
    read(events).map(|_| String::new()).unwrap_or_else(|error| error.to_string())
}

#[test]
fn all_day_events_close_their_dates() {
    assert_eq!(closed(&["DTSTART;VALUE=DATE:20260501"]), "05-01");
    assert_eq!(closed(&["DTSTART:20260501"]), "05-01");
    assert_eq!(closed(&["DTSTART;VALUE=DATE:20261224|DTEND;VALUE=DATE:20261227"]), "12-24, 12-25, 12-26");
    assert_eq!(closed(&["DTSTART;VALUE=DATE:20261224|DTEND;VALUE=DATE:20261224"]), "12-24");
    assert_eq!(closed(&["DTSTART;VALUE=DATE:20261224|DURATION:P2D"]), "12-24, 12-25");
    assert_eq!(closed(&["DTSTART;VALUE=DATE:20261224|DURATION:P1W"]).len(), "12-24, ".len() * 7 - 2);
    // Many write a plain date as midnight UTC.
    assert_eq!(closed(&["DTSTART:20260706T000000Z|DTEND:20260708T000000Z"]), "07-06, 07-07");
    assert_eq!(closed(&["DTSTART:20260706T000000Z|DURATION:P1D"]), "07-06");
}

#[test]
fn other_events_close_their_hours() {
    let noon = "12-24 12:00 to 12-24 17:00";
    for times in [
        "DTSTART;TZID=America/Denver:20261224T120000|DTEND;TZID=America/Denver:20261224T170000",
        "DTSTART:20261224T120000|DTEND:20261224T170000",
        "DTSTART:20261224T190000Z|DTEND:20261225T000000Z",
        "DTSTART;TZID=America/New_York:20261224T140000|DURATION:PT5H",
        "DTSTART;TZID=/example.org/20260101/Europe/Berlin:20261224T200000|DURATION:PT4H60M",
        // A name of somebody's own is the calendar's zone.
        "DTSTART;TZID=Mountain Standard Time:20261224T120000|DURATION:PT5H",
    ] {
        assert_eq!(closed(&[times]), noon, "{times}");
    }
    // From midnight to midnight here, written in UTC: 24 hours of one date.
    let day = "DTSTART:20260525T060000Z|DTEND:20260526T060000Z";
    assert_eq!(closed(&[day]), "05-25 00:00 to 05-26 00:00");
    // By the clock, also where a night is an hour longer.
    assert_eq!(closed(&["DTSTART:20261031T220000|DTEND:20261101T060000"]), "10-31 22:00 to 11-01 06:00");
}

#[test]
fn closed_hours_are_no_open_time() {
    let mut calendar = Calendar::always_open("all", ZONE);
    let text = file(&[
        "DTSTART:20261224T120000|DURATION:PT5H|SUMMARY:Noon",
        "DTSTART:20261224T160000|DURATION:PT2H",
    ]);
    let closings = closings_of_ics(text.as_bytes(), ZONE, &Pick::default()).unwrap();
    calendar.add_file(HolidayFile { path: "a.ics".into(), pick: Pick::default(), closings });
    let on = "2026-12-24".parse().unwrap();
    assert_eq!(open_on(&calendar, on), 18 * 3_600_000_000);
    let at = |hour: i64| Instant::from_seconds(1_798_095_600 + hour * 3_600);
    let open = OpenTime::compile(&calendar, at(0), at(48));
    assert_eq!(open.elapsed(at(0), at(24)), 18 * 3_600_000_000);
    assert!(open.is_open(at(11)) && !open.is_open(at(12)) && !open.is_open(at(17)) && open.is_open(at(18)));
    // A date's own hours stand over events, as over holidays.
    calendar.days.insert(on, slaudit::calendar::parse_hours("08:00-15:00").unwrap());
    assert_eq!(open_on(&calendar, on), 7 * 3_600_000_000);
}

#[test]
fn rules_give_the_dates_of_the_format() {
    for (start, rule, dates) in [
        ("20201126", "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "11-26"),
        ("20200525", "FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO", "05-25"),
        ("20261224", "FREQ=DAILY;COUNT=3", "12-24, 12-25, 12-26"),
        ("20261224", "FREQ=DAILY;INTERVAL=3;UNTIL=20261230", "12-24, 12-27, 12-30"),
        ("20261224", "FREQ=DAILY;BYDAY=MO,FR;UNTIL=20261230", ""),
        ("20261225", "FREQ=DAILY;BYDAY=MO,FR;UNTIL=20261230", "12-25, 12-28"),
        ("20261101", "FREQ=WEEKLY;BYDAY=SU,TU;INTERVAL=2;COUNT=4", "11-01, 11-10, 11-15, 11-24"),
        ("20261101", "FREQ=WEEKLY;BYDAY=SU,TU;INTERVAL=2;COUNT=4;WKST=SU", "11-01, 11-03, 11-15, 11-17"),
        ("20260131", "FREQ=MONTHLY;COUNT=4", "01-31, 03-31, 05-31, 07-31"),
        ("20260131", "FREQ=MONTHLY;BYMONTHDAY=-1;UNTIL=20260430", "01-31, 02-28, 03-31, 04-30"),
        ("20261030", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3", "10-30, 11-30, 12-31"),
        ("20260213", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;UNTIL=20261231", "02-13, 03-13, 11-13"),
        ("20260105", "FREQ=YEARLY;BYDAY=1MO,-1FR;COUNT=2", "01-05, 12-25"),
        ("20260101", "FREQ=YEARLY;BYMONTH=1,7;COUNT=2", "01-01, 07-01"),
        ("20240229", "FREQ=YEARLY", ""),
        ("20250704", "FREQ=YEARLY;UNTIL=20261231T235959Z", "07-04"),
    ] {
        let event = format!("DTSTART;VALUE=DATE:{start}|RRULE:{rule}");
        if dates.is_empty() && rule.contains("BYDAY") {
            assert!(refused(&[&event]).contains("among its days"), "{rule}");
        } else {
            assert_eq!(closed(&[&event]), dates, "{rule}");
        }
    }
    // Times of day: an end in UTC counts as an instant.
    let weekly = "DTSTART;TZID=America/Denver:20261203T120000|DURATION:PT1H|RRULE:FREQ=WEEKLY;UNTIL=";
    let two = "12-03 12:00 to 12-03 13:00, 12-10 12:00 to 12-10 13:00";
    assert_eq!(closed(&[&format!("{weekly}20261210T190000Z")]), two);
    assert_eq!(closed(&[&format!("{weekly}20261217T185959Z")]), two);
}

#[test]
fn dates_are_added_and_taken_out() {
    let yearly = "DTSTART;VALUE=DATE:20250706|RRULE:FREQ=YEARLY|";
    assert_eq!(closed(&[&format!("{yearly}EXDATE;VALUE=DATE:20260706")]), "");
    assert_eq!(closed(&[&format!("{yearly}EXDATE:20260706T000000Z")]), "");
    let more = "DTSTART;VALUE=DATE:20260706|RDATE;VALUE=DATE:20260708,20260710|RDATE;VALUE=DATE:20260713";
    assert_eq!(closed(&[more]), "07-06, 07-08, 07-10, 07-13");
    assert_eq!(closed(&[&format!("{more}|EXDATE;VALUE=DATE:20260706,20260710")]), "07-08, 07-13");
    let noon = "DTSTART:20260706T120000|DURATION:PT1H|RDATE;VALUE=PERIOD:20260707T120000/PT2H,20260708T120000/20260708T123000";
    assert_eq!(
        closed(&[noon]),
        "07-06 12:00 to 07-06 13:00, 07-07 12:00 to 07-07 14:00, 07-08 12:00 to 07-08 12:30"
    );
    assert_eq!(
        closed(&[
            "DTSTART:20260706T120000|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=2|EXDATE;VALUE=DATE:20260706"
        ]),
        "07-07 12:00 to 07-07 13:00"
    );
}

#[test]
fn the_newest_version_stands() {
    let yearly = "UID:a|DTSTART;VALUE=DATE:20250504|RRULE:FREQ=YEARLY;COUNT=3";
    let moved = "UID:a|RECURRENCE-ID;VALUE=DATE:20260504|DTSTART;VALUE=DATE:20260508";
    assert_eq!(closed(&[yearly, moved]), "05-08");
    assert_eq!(closed(&[moved, yearly]), "05-08");
    assert_eq!(read(&[yearly, moved]).unwrap().dates.len(), 3);
    assert_eq!(closed(&[yearly, &format!("{moved}|STATUS:CANCELLED")]), "");
    assert_eq!(closed(&[yearly, moved, &format!("{moved}|SEQUENCE:2|STATUS:cancelled")]), "");
    assert_eq!(closed(&[&format!("{yearly}|STATUS:CANCELLED")]), "");
    let (first, second) = ("UID:b|DTSTART;VALUE=DATE:20260706", "UID:b|DTSTART;VALUE=DATE:20260708");
    assert_eq!(closed(&[&format!("{first}|SEQUENCE:1"), second]), "07-06");
    assert_eq!(closed(&[first, &format!("{second}|SEQUENCE:1")]), "07-08");
    assert_eq!(
        closed(&[
            &format!("{first}|DTSTAMP:20260102T000000Z"),
            &format!("{second}|DTSTAMP:20260101T000000Z")
        ]),
        "07-06"
    );
    // The same twice is once; two that differ and neither is newer are not to be guessed about.
    assert_eq!(closed(&[first, first]), "07-06");
    assert!(refused(&[first, second]).contains("is not newer by its `SEQUENCE`"));
    // A moved hour, told by the clock of another zone.
    let noon = "UID:c|DTSTART;TZID=America/Denver:20260706T120000|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=2";
    let later =
        "UID:c|RECURRENCE-ID:20260707T180000Z|DTSTART;TZID=America/Denver:20260707T150000|DURATION:PT2H";
    assert_eq!(closed(&[noon, later]), "07-06 12:00 to 07-06 13:00, 07-07 15:00 to 07-07 17:00");
}

#[test]
fn lines_are_read_as_the_format_has_them() {
    let name = |lines: &str| read(&[lines]).unwrap().dates.into_values().next().unwrap();
    let day = "DTSTART;VALUE=DATE:20260706";
    assert_eq!(name(&format!("{day}|SUMMARY;ALTREP=\"cid:part1\":Company day")), "Company day");
    assert_eq!(name(&format!("{day}|summary;LANGUAGE=en:Work\\, and\\nplay")), "Work, and play");
    assert_eq!(name(&format!("{day}|SUMMARY:Company| day")), "Company day".replace(' ', ""));
    let alarm = "BEGIN:VALARM|SUMMARY:Alarm|DURATION:PT5M|DTSTART:x|END:VALARM";
    assert_eq!(name(&format!("{alarm}|{day}|SUMMARY:Company day")), "Company day");
    // A fold within a character.
    let text = file(&[&format!("{day}|SUMMARY:Fête")]);
    let at = text.find('ê').unwrap() + 1;
    let folded = [&text.as_bytes()[..at], b"\r\n ", &text.as_bytes()[at..]].concat();
    let closings = closings_of_ics(&folded, ZONE, &Pick::default()).unwrap();
    assert_eq!(closings.dates.into_values().next().unwrap(), "Fête");
    // Tasks close nothing.
    let task = "BEGIN:VCALENDAR\nBEGIN:VTODO\nDTSTART:20260706\nEND:VTODO\nEND:VCALENDAR\n";
    assert_eq!(closings_of_ics(task.as_bytes(), ZONE, &Pick::default()), Ok(Closings::default()));
}

#[test]
fn a_zone_of_ones_own_must_keep_the_calendars_clock() {
    let with_zone = |offset: &str| {
        let zone = format!(
            "BEGIN:VTIMEZONE\nTZID:Office\nBEGIN:STANDARD\nTZOFFSETTO:{offset}\nEND:STANDARD\nEND:VTIMEZONE\n"
        );
        let event = file(&["DTSTART;TZID=Office:20260106T120000|DURATION:PT1H"]);
        event.replace("BEGIN:VEVENT", &format!("{zone}BEGIN:VEVENT"))
    };
    let read = |offset: &str| closings_of_ics(with_zone(offset).as_bytes(), ZONE, &Pick::default());
    assert_eq!(read("-0700").unwrap().hours.len(), 1);
    let error = read("-0500").unwrap_err();
    assert_eq!(error.line, 10);
    assert!(
        error
            .message
            .contains("`Office` to keep the clock of the calendar's, America/Denver (-07:00), found -05:00")
    );
}

#[test]
fn only_the_events_that_are_named_are_taken() {
    let text = file(&[
        "DTSTART:20260101|CATEGORIES:Holiday,Public|SUMMARY:New Year",
        "DTSTART:20260102|CATEGORIES:Party|SUMMARY:Party",
        "DTSTART:20260103|CATEGORIES:Other|CATEGORIES:Holiday|SUMMARY:Columbus Day",
        "DTSTART:20260104|SUMMARY:Bare",
    ]);
    let taken = |categories: &[&str], except: &[&str]| {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let pick = Pick { categories: owned(categories), except: owned(except) };
        let closings = closings_of_ics(text.as_bytes(), ZONE, &pick).unwrap();
        let days: Vec<String> = closings.dates.keys().map(|on| on.format("%d").to_string()).collect();
        format!("{} [{}]", days.join(" "), closings.unknown.join(", "))
    };
    assert_eq!(taken(&[], &[]), "01 02 03 04 []");
    assert_eq!(taken(&["Holiday"], &[]), "01 03 []");
    assert_eq!(taken(&["Holiday", "Party"], &["Columbus Day"]), "01 02 []");
    assert_eq!(taken(&["Feast"], &["Colombus Day"]), " [Feast, Colombus Day]");
}

#[test]
fn what_cannot_be_read_is_refused_with_its_line() {
    let day = "DTSTART;VALUE=DATE:20260706";
    for (lines, line, said) in [
        ("SUMMARY:x", 3, "an event with `DTSTART`"),
        ("DTSTART:2026", 4, "found `2026`"),
        ("DTSTART;VALUE=DATE:20260230", 4, "found `20260230`"),
        ("DTSTART:20260706T250000", 4, "found `20260706T250000`"),
        ("DTSTART:20260706T120000", 3, "an event with a length"),
        ("DTSTART;VALUE=DATE:20260706|DTEND;VALUE=DATE:20260701", 5, "an end after the start"),
        ("DTSTART;VALUE=DATE:20260706|DTEND:20260706T120000", 5, "expected a date, as `DTSTART` has it"),
        ("DTSTART;VALUE=DATE:20260706|DTEND;VALUE=DATE:20260708|DURATION:P1D", 6, "found both"),
        ("DTSTART;VALUE=DATE:20260706|DURATION:PT8H", 5, "`P1D`, found `PT8H`"),
        ("DTSTART;VALUE=DATE:20260706|DTEND;VALUE=DATE:20290706", 3, "at most 366 days"),
        ("DTSTART;VALUE=DATE:20260706|RRULE:FREQ=YEARLY|RRULE:FREQ=YEARLY", 6, "another: `FREQ=YEARLY`"),
        ("DTSTART;VALUE=DATE:20260706|RRULE:FREQ=YEARLY|EXRULE:FREQ=DAILY", 6, "found `EXRULE:FREQ=DAILY`"),
        ("DTSTART;VALUE=DATE:20260706|RRULE:FREQ=HOURLY", 5, "`DAILY`, `WEEKLY`"),
        ("DTSTART;VALUE=DATE:20260706|RRULE:FREQ=YEARLY;BYWEEKNO=20", 5, "no `BYWEEKNO`"),
        ("DTSTART;VALUE=DATE:20260706|RRULE:FREQ=YEARLY;BYDAY=XX", 5, "for `BYDAY`"),
        ("DTSTART;VALUE=DATE:20260706|RRULE:FREQ=WEEKLY;BYDAY=2MO", 5, "n-th weekday"),
        ("DTSTART;VALUE=DATE:20260706|RRULE:FREQ=DAILY;COUNT=0", 5, "above zero"),
        ("DTSTART;VALUE=DATE:20260706|RRULE:FREQ=DAILY;COUNT=2;UNTIL=20260801", 5, "not both"),
        ("DTSTART;VALUE=DATE:20260706|RRULE:FREQ=DAILY;UNTIL=20260101", 5, "among its days"),
        (
            "DTSTART:20260706T120000Z|DURATION:PT1H|RRULE:FREQ=DAILY;UNTIL=20260801",
            6,
            "as the start has its time",
        ),
        ("DTSTART;VALUE=DATE:20260706|RECURRENCE-ID;RANGE=THISANDFUTURE:20260706", 5, "found `RANGE`"),
        ("DTSTART;VALUE=DATE:20260706|EXDATE:20260706T120000", 5, "expected a date"),
        ("DTSTART;VALUE=DATE:20260706|SEQUENCE:new", 5, "whole number"),
        ("DTSTART;VALUE=DATE:20260706|SUMMARY", 5, "found `SUMMARY`"),
        ("DTSTART;VALUE=DATE:20260706|SUMMARY;A=\"b:c", 5, "a quote that does not end"),
        ("DTSTART;VALUE=DATE:20260706|BEGIN:VEVENT", 5, "expected `END:VEVENT` of line 3"),
        ("DTSTART;VALUE=DATE:20260706|BEGIN:VALARM", 6, "expected `END:VALARM` of line 5"),
    ] {
        let found = refused(&[lines]);
        assert!(found.starts_with(&format!("line {line}: ")) && found.contains(said), "{lines}: {found}");
    }
    let whole =
        |text: &str| closings_of_ics(text.as_bytes(), ZONE, &Pick::default()).unwrap_err().to_string();
    assert_eq!(whole("<html>"), "line 1: expected `BEGIN:VCALENDAR`, found `<html>`");
    assert_eq!(whole(""), "line 1: expected `BEGIN:VCALENDAR`, found an empty file");
    let cut = file(&[day]).replace("END:VCALENDAR", "");
    assert_eq!(
        whole(&cut),
        "line 1: expected `END:VCALENDAR` of the `BEGIN:VCALENDAR` here, found the end of the file"
    );
    let latin = file(&["DTSTART:20260706|SUMMARY:F?te"]).replace('?', "\u{1}").into_bytes();
    let latin: Vec<u8> = latin.into_iter().map(|byte| if byte == 1 { 0xEA } else { byte }).collect();
    let error = closings_of_ics(&latin, ZONE, &Pick::default()).unwrap_err();
    assert_eq!((error.line, error.hint.as_str()), (5, "save the file as UTF-8"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn arbitrary_lines_never_panic(lines in prop::collection::vec("(DTSTART|DTEND|RRULE|EXDATE|RDATE|BEGIN|END|UID)[;A-Z=]{0,12}:[A-Z0-9=;,/+-]{0,30}", 0..12)) {
        let _ = read(&[&lines.join("|")]);
    }

    #[test]
    fn rules_with_wild_numbers_end(n in 1_u32..4_000_000_000, day in -60_i32..60, freq in "(DAI|WEEK|MONTH|YEAR)LY") {
        let rule = format!("DTSTART:20260706|RRULE:FREQ={freq};INTERVAL={n};BYMONTHDAY={day};COUNT={n}");
        let _ = read(&[&rule, &format!("DTSTART:99991231|DURATION:P{n}D"), "DTSTART:99990101|RRULE:FREQ=DAILY"]);
    }
}
