//! Spellings of instants (SPEC 2, 3.3; cases A02, A03), a row each.

use super::build::{ingest, shown};
use chrono_tz::Tz;

/// The instant that `text` is read as, or the code of its rejection.
fn instant(text: &str, zone: Option<Tz>) -> String {
    let made = ingest(format!("case_id,at\na,\"{text}\"\n"), |plan| plan.timezone = zone);
    match made.history.events.iter().next() {
        Some(event) => event.at.rfc3339(),
        None => made.ledger.by_code().keys().next().unwrap().to_string(),
    }
}

#[test]
fn canonical_spellings() {
    for (text, expected) in [
        ("2026-01-05T09:00:00Z", "2026-01-05T09:00:00Z"),
        ("2026-01-05t09:00:00z", "2026-01-05T09:00:00Z"),
        ("2026-01-05 09:00:00Z", "2026-01-05T09:00:00Z"),
        ("2026-01-05 09:00:00 +01:00", "2026-01-05T08:00:00Z"),
        ("  2026-01-05 09:00 ", "2026-01-05T09:00:00Z"),
        ("2026-01-05T09:00Z", "2026-01-05T09:00:00Z"),
        ("2026-01-05T09:00:00", "2026-01-05T09:00:00Z"),
        ("2026-01-05T09:00:00.1234569Z", "2026-01-05T09:00:00.123456Z"),
        ("2026-01-05T09:00:00.5-07:00", "2026-01-05T16:00:00.500Z"),
        ("2026-01-05T24:00:00Z", "2026-01-06T00:00:00Z"),
        ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("9999-12-31T00:00:00Z", "9999-12-31T00:00:00Z"),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
        ("9999-12-31T24:00:00Z", "D501"),
        ("0001-01-01T00:00:00+01:00", "D501"),
        ("0000-06-01T00:00:00Z", "D501"),
        ("2026-01-05T24:00:01Z", "D501"),
        ("2026-01-05T23:59:60Z", "D501"),
        ("2023-02-29T00:00:00Z", "D501"),
        ("2026-13-01T00:00:00Z", "D501"),
        ("2026-01-05", "D501"),
        ("2026-01-05T09", "D501"),
        ("2026-01-05T09:00:", "D501"),
        ("2026-01-05T09:00:00.Z", "D501"),
        ("2026-01-05T09:00:00+25:00", "D501"),
        ("2026-01-05T09:00:00ZZ", "D501"),
        ("05.01.2026 09:00", "D501"),
        ("", "D501"),
    ] {
        assert_eq!(instant(text, None), expected, "{text}");
    }
}

#[test]
fn local_times_of_a_zone() {
    let denver = Some(Tz::America__Denver);
    for (text, expected) in [
        ("2026-01-05T09:00:00", "2026-01-05T16:00:00Z"),
        ("2026-07-05T09:00:00", "2026-07-05T15:00:00Z"),
        ("2026-07-05T09:00:00Z", "2026-07-05T09:00:00Z"),
        ("2026-03-08T01:59:59", "2026-03-08T08:59:59Z"),
        ("2026-03-08T02:30:00", "2026-03-08T09:30:00Z"),
        ("2026-03-08T03:00:00", "2026-03-08T09:00:00Z"),
        ("2026-11-01T01:30:00", "2026-11-01T07:30:00Z"),
        ("2026-11-01T02:00:00", "2026-11-01T09:00:00Z"),
    ] {
        assert_eq!(instant(text, denver), expected, "{text}");
    }
    assert_eq!(instant("2026-04-05T01:45:00", Some(Tz::Australia__Lord_Howe)), "2026-04-04T14:45:00Z");
    assert_eq!(instant("2011-12-30T12:00:00", Some(Tz::Pacific__Apia)), "2011-12-30T22:00:00Z");
}

#[test]
fn every_local_hour_of_two_years_is_what_chrono_says() {
    use chrono::TimeZone;
    let zone = Tz::Europe__Berlin;
    let first = chrono::NaiveDate::from_ymd_opt(2025, 1, 1).unwrap().and_hms_opt(0, 0, 0).unwrap();
    let hours: Vec<_> = (0..17_520).map(|h| first + chrono::TimeDelta::hours(h)).collect();
    let rows: String =
        hours.iter().enumerate().map(|(i, t)| format!("{i:05},{}\n", t.format("%F %T"))).collect();
    let made = ingest(format!("case_id,at\n{rows}"), |plan| plan.timezone = Some(zone));
    assert_eq!(made.history.events.len(), hours.len());
    for (event, local) in made.history.events.iter().zip(&hours) {
        if let Some(expected) = zone.from_local_datetime(local).earliest() {
            assert_eq!(event.at.micros(), expected.timestamp_micros(), "{local}");
        }
    }
}

#[test]
fn a_repeated_hour_keeps_the_order_of_a_case() {
    let rows = "case_id,at\na,2026-11-01T01:30:00\na,2026-11-01T01:10:00\na,2026-11-01T01:20:00\nb,2026-11-01T01:30:00\n";
    let made = ingest(rows, |plan| plan.timezone = Some(Tz::America__Denver));
    assert_eq!(
        shown(&made.history),
        [
            "a 2026-11-01T07:30:00Z Update Unknown - - 0",
            "a 2026-11-01T08:10:00Z Update Unknown - - 0",
            "a 2026-11-01T08:20:00Z Update Unknown - - 0",
            "b 2026-11-01T07:30:00Z Update Unknown - - 0",
        ]
    );
    let lines: Vec<_> = made.findings.iter().map(|f| (f.code, f.place.unwrap().line)).collect();
    assert_eq!(lines, [("D508", 2), ("D508", 3), ("D508", 4), ("D508", 5)]);
}
