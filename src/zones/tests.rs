//! The data in the binary against another implementation and release, and the decoder against files made by hand.

use chrono::{DateTime, MappedLocalTime, NaiveDate, NaiveDateTime, Offset, TimeZone};
use rayon::prelude::*;

use super::release::{Release, release};
use super::table::{Change, Table};
use super::*;

/// The last day on which chrono-tz's own data was the newest: that of its release, 2025b.
const BOTH_KNOW: i64 = 1_742_601_600;

/// Where releases after 2025b corrected the past: zones, and the first and last year of what differs.
const CORRECTED: [(&[&str], i32, i32); 6] = [
    (&["America/Bogota"], 1992, 1993),
    (&["America/Tijuana", "America/Ensenada", "America/Santa_Isabel", "Mexico/BajaNorte"], 1953, 1976),
    (&["Europe/Dublin", "Eire"], 1925, 1925),
    (&["Asia/Tehran", "Iran"], 1979, 1979),
    (&["Europe/Chisinau", "Europe/Tiraspol"], 2022, 2025),
    // Zones of their own until 2024b, then links to cities, and again without any local history.
    (&["CST6CDT", "EST5EDT", "MST7MDT", "PST8PDT"], 0, 1967),
];

/// Summer of 1965 in Brazil, corrected as well.
const BRAZIL: &[&str] = &[
    "America/Araguaina",
    "America/Bahia",
    "America/Belem",
    "America/Boa_Vista",
    "America/Campo_Grande",
    "America/Cuiaba",
    "America/Eirunepe",
    "America/Fortaleza",
    "America/Maceio",
    "America/Manaus",
    "America/Noronha",
    "America/Porto_Acre",
    "America/Porto_Velho",
    "America/Recife",
    "America/Rio_Branco",
    "America/Santarem",
    "America/Sao_Paulo",
    "Brazil/Acre",
    "Brazil/DeNoronha",
    "Brazil/East",
    "Brazil/West",
];

fn theirs(zone: Tz, seconds: i64) -> i32 {
    let utc = DateTime::from_timestamp(seconds, 0).unwrap().naive_utc();
    zone.offset_from_utc_datetime(&utc).fix().local_minus_utc()
}

fn is_corrected(zone: Tz, seconds: i64) -> bool {
    let year = rule::year_of(seconds);
    let mut all = CORRECTED.iter().chain(&[(BRAZIL, 1965, 1966)]);
    all.any(|(names, from, to)| names.contains(&zone.name()) && (*from..=*to).contains(&year))
}

#[test]
fn every_change_is_that_of_another_implementation_up_to_its_release() {
    let wrong: Vec<String> = TZ_VARIANTS
        .par_iter()
        .flat_map_iter(|&zone| {
            let from = rule::start_of(1700);
            let mut changes: Vec<i64> = changes(zone, from, BOTH_KNOW).iter().map(|c| c.at).collect();
            changes.extend([from, BOTH_KNOW]);
            // Just before and at each change; and every other day, lest theirs has a change that ours lacks: no zone
            // ever changed twice within three days.
            let steps = (rule::start_of(1840)..BOTH_KNOW).step_by(2 * 86_400);
            let asked = changes.into_iter().flat_map(|at| [at - 1, at]).chain(steps);
            asked.filter(move |&at| offset(zone, at) != theirs(zone, at) && !is_corrected(zone, at)).map(
                move |at| {
                    format!("{zone} {}: {}, theirs {}", rule::year_of(at), offset(zone, at), theirs(zone, at))
                },
            )
        })
        .collect();
    assert!(wrong.is_empty(), "{} differ: {:#?}", wrong.len(), &wrong[..wrong.len().min(20)]);
}

#[test]
fn what_changed_since_is_known() {
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap().timestamp();
    for (zone, winter) in [
        (Tz::America__Edmonton, -6),
        (Tz::America__Vancouver, -7),
        (Tz::America__Winnipeg, -5),
        (Tz::Africa__Casablanca, 0),
    ] {
        assert_eq!(offset(zone, at("2027-01-15T12:00:00Z")), winter * 3_600, "{zone}");
        assert_ne!(
            theirs(zone, at("2027-01-15T12:00:00Z")),
            winter * 3_600,
            "{zone}: no difference any more"
        );
    }
    assert_eq!(offset(Tz::America__Denver, at("2027-01-15T12:00:00Z")), -7 * 3_600);
}

#[test]
fn rules_hold_in_far_years() {
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap().timestamp();
    let hours = |zone, text: &str| offset(zone, at(text)) / 3_600;
    // The last seconds before clocks go forward and back, by the rule of today.
    for year in [2099, 2426, 2427, 2800, 9999] {
        let second_sunday =
            |month| NaiveDate::from_weekday_of_month_opt(year, month, chrono::Weekday::Sun, 2).unwrap();
        let forward = format!("{}T09:00:00Z", second_sunday(3));
        assert_eq!(hours(Tz::America__Denver, &forward), -6, "{forward}");
        assert_eq!(offset(Tz::America__Denver, at(&forward) - 1), -7 * 3_600, "{forward}");
        assert_eq!(hours(Tz::Australia__Sydney, &format!("{year}-01-01T00:00:00Z")), 11);
        assert_eq!(hours(Tz::Australia__Sydney, &format!("{year}-07-01T00:00:00Z")), 10);
        assert_eq!(hours(Tz::Europe__Dublin, &format!("{year}-07-01T00:00:00Z")), 1);
    }
    // Changes found piece by piece over 900 years are two a year, whatever the pieces.
    let (from, to) = (at("2100-01-01T00:00:00Z"), at("3000-01-01T00:00:00Z"));
    let all = changes(Tz::America__Denver, from, to);
    assert_eq!(all.len(), 1_800);
    assert!(all.windows(2).all(|pair| pair[0].at < pair[1].at && pair[0].offset != pair[1].offset));
    for change in all {
        assert_eq!(offset(Tz::America__Denver, change.at), change.offset);
        assert_ne!(offset(Tz::America__Denver, change.at - 1), change.offset);
    }
}

#[test]
fn local_times_are_found_by_every_offset_that_may_mean_them() {
    let local = |text: &str| text.parse::<NaiveDateTime>().unwrap();
    let shown = |zone, text| match at_local(zone, local(text)) {
        MappedLocalTime::None => "none".to_owned(),
        MappedLocalTime::Single(at) => at.to_rfc3339(),
        MappedLocalTime::Ambiguous(a, b) => format!("{} or {}", a.to_rfc3339(), b.to_rfc3339()),
    };
    let denver = Tz::America__Denver;
    assert_eq!(shown(denver, "2026-03-08T02:30:00"), "none");
    assert_eq!(shown(denver, "2026-03-08T03:00:00"), "2026-03-08T03:00:00-06:00");
    assert_eq!(
        shown(denver, "2026-11-01T01:30:00"),
        "2026-11-01T01:30:00-06:00 or 2026-11-01T01:30:00-07:00"
    );
    assert_eq!(shown(denver, "2026-11-01T02:00:00"), "2026-11-01T02:00:00-07:00");
    // A whole day that was skipped, and half an hour that came twice.
    assert_eq!(shown(Tz::Pacific__Apia, "2011-12-30T12:00:00"), "none");
    assert_eq!(shown(Tz::Pacific__Apia, "2011-12-31T00:00:00"), "2011-12-31T00:00:00+14:00");
    assert_eq!(
        instant_of_local(Tz::Pacific__Apia, local("2011-12-30T12:00:00")).to_rfc3339(),
        "2011-12-30T22:00:00+00:00"
    );
    assert_eq!(
        instant_of_local(denver, local("2026-03-08T02:30:00")).to_rfc3339(),
        "2026-03-08T09:30:00+00:00"
    );
    assert_eq!(
        instant_of_local(denver, local("2026-11-01T01:30:00")).to_rfc3339(),
        "2026-11-01T07:30:00+00:00"
    );
    // Against the other implementation, every quarter of an hour round every change of some years.
    for zone in
        [denver, Tz::Australia__Lord_Howe, Tz::America__Caracas, Tz::Africa__Casablanca, Tz::Asia__Pyongyang]
    {
        for change in changes(zone, rule::start_of(2005), rule::start_of(2025)) {
            for quarter in -120..=120 {
                let seconds = change.at + i64::from(change.offset) + quarter * 900;
                let local = DateTime::from_timestamp(seconds, 0).unwrap().naive_utc();
                let utc = |of: MappedLocalTime<DateTime<Utc>>| of;
                assert_eq!(
                    utc(at_local(zone, local).map(|t| t.to_utc())),
                    utc(zone.from_local_datetime(&local).map(|t| t.to_utc())),
                    "{zone} {local}"
                );
            }
        }
    }
}

/// A TZif file of version 2: changes with the index of their offset, offsets, and the rule of the last line.
fn tzif(changes: &[(i64, u8)], offsets: &[i32], footer: &str, n_leap: u32) -> Vec<u8> {
    let header = |n_changes: u32, n_types: u32, n_leap: u32| {
        let mut bytes = b"TZif2".to_vec();
        bytes.extend([0; 15]);
        for n in [0, 0, n_leap, n_changes, n_types, 4] {
            bytes.extend(n.to_be_bytes());
        }
        bytes
    };
    let mut bytes = header(0, 1, 0);
    bytes.extend([0, 0, 0, 0, 0, 0]);
    bytes.extend(b"XXX\0");
    bytes.extend(header(changes.len() as u32, offsets.len() as u32, n_leap));
    changes.iter().for_each(|(at, _)| bytes.extend(at.to_be_bytes()));
    bytes.extend(changes.iter().map(|(_, index)| *index));
    for offset in offsets {
        bytes.extend(offset.to_be_bytes());
        bytes.extend([0, 0]);
    }
    bytes.extend(b"XXX\0");
    for i in 0..n_leap {
        bytes.extend((78_796_800 + i64::from(i)).to_be_bytes());
        bytes.extend((i as i32 + 1).to_be_bytes());
    }
    bytes.extend(format!("\n{footer}\n").bytes());
    bytes
}

#[test]
fn files_are_read_with_every_kind_of_rule() {
    let plain = Table::decode(&tzif(&[(1_000, 1), (2_000, 0)], &[0, 3_600], "", 0)).unwrap();
    let offsets = [999, 1_000, 1_999, 2_000, 1 << 40].map(|at| plain.offset(at));
    assert_eq!(offsets, [0, 3_600, 3_600, 0, 0]);
    assert_eq!(plain.changes(999, 2_000), [Change { at: 1_000, offset: 3_600 }]);
    // Without a change the rule of the last line is all there is.
    let fixed = Table::decode(&tzif(&[], &[0], "XXX-5:45", 0)).unwrap();
    assert_eq!(fixed.offset(0), 20_700);
    // Days counted without 29 February (J60: 1 March) and with it (from 0: 1 March is 59, in a leap year 60).
    let first_march =
        |year: i32| rule::start_of(year) + i64::from(if year % 4 == 0 { 60 } else { 59 }) * 86_400;
    for (footer, starts) in [
        ("XXX0YYY,J60/0,J300/0", [first_march(2027), first_march(2028)]),
        ("XXX0YYY,59/0,300/0", [first_march(2027), first_march(2028) - 86_400]),
        // The fifth Sunday of a month that has four is the fourth.
        ("XXX0YYY,M2.5.0/0,M10.5.0/0", [1_803_772_800, 1_835_222_400]),
    ] {
        let table = Table::decode(&tzif(&[], &[0], footer, 0)).unwrap();
        for at in starts {
            assert_eq!((table.offset(at - 1), table.offset(at)), (0, 3_600), "{footer} {at}");
        }
    }
}

#[test]
fn a_file_that_is_broken_or_counts_leap_seconds_is_refused() {
    let whole = tzif(&[(1_000, 1), (2_000, 0)], &[0, 3_600], "XXX0", 0);
    assert!(Table::decode(&whole).is_ok());
    for n in 0..whole.len() - 1 {
        assert!(Table::decode(&whole[..n]).is_err(), "{n} bytes of {}", whole.len());
    }
    assert!(Table::decode(b"not a zone").is_err());
    let leap = Table::decode(&tzif(&[], &[0], "XXX0", 1));
    assert!(leap.is_err_and(|why| why.contains("leap seconds")));
}

#[test]
fn the_release_is_known_and_grows_old() {
    let own = release();
    assert_eq!((own.name.as_str(), own.folder.as_deref()), ("2026f", None));
    let on = |text: &str| text.parse::<NaiveDate>().unwrap();
    assert_eq!(own.warning(on("2027-10-28")), None);
    assert!(own.warning(on("2027-10-29")).is_some_and(|text| text.contains("2026f")));
    let of = |name: &str| Release { name: name.to_owned(), folder: Some("zones".to_owned()) };
    assert_eq!(of("2031c").stale_from(), Some(on("2033-01-01")));
    assert_eq!(of("unknown, sha256 00").stale_from(), None);
}

#[test]
fn every_name_has_data() {
    for zone in TZ_VARIANTS {
        assert_eq!(named(zone.name()), Ok(zone));
    }
    assert_eq!(named("America/Nowhere"), Err(NameError::Unknown));
}
