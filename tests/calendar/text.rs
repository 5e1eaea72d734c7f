//! Hours, weekdays, closures and durations as text.

use slaudit::calendar::{
    Amount, Closure, Duration, Window, hours_text, parse_hours, parse_weekdays, week_of,
};

#[test]
fn hours_read_back_as_they_were_written() {
    for text in ["08:00-17:00", "08:00-12:00, 13:00-17:00", "22:00-06:00", "24h", "closed", "01:30:30-02:00"]
    {
        assert_eq!(hours_text(&parse_hours(text).unwrap()), text);
    }
    assert_eq!(parse_hours("00:00-24:00").unwrap(), parse_hours("24h").unwrap());
}

#[test]
fn hours_that_are_none_are_refused() {
    for text in
        ["", "8-17", "08:00", "08:00-25:00", "24:00-06:00", "08:00-08:00", "08:61-09:00", "08:00–17:00"]
    {
        assert!(parse_hours(text).is_err(), "{text}");
    }
    let overlap = parse_hours("08:00-12:00, 11:00-17:00").unwrap_err();
    assert_eq!(
        overlap.to_string(),
        "expected windows that do not overlap, found `08:00-12:00` and `11:00-17:00`"
    );
}

#[test]
fn weekdays_are_ranges_that_may_wrap() {
    assert_eq!(parse_weekdays("mon-fri").unwrap(), [0, 1, 2, 3, 4]);
    assert_eq!(parse_weekdays("sat-mon").unwrap(), [5, 6, 0]);
    assert_eq!(parse_weekdays("Wed").unwrap(), [2]);
    assert!(parse_weekdays("mon-fri, fri").is_err());
    assert!(parse_weekdays("montag").is_err());
}

#[test]
fn a_week_refuses_a_day_named_twice_and_a_night_that_runs_into_the_morning() {
    let day = vec![Window { from: 0, to: 3_600 }];
    let night = vec![Window { from: 79_200, to: 108_000 }];
    assert!(week_of(&[(vec![0], day.clone()), (vec![0], day.clone())]).is_err());
    let error = week_of(&[(vec![6], night), (vec![0], day)]).unwrap_err();
    assert_eq!(error.found, "`sun` until 06:00 and `mon` from 00:00");
}

#[test]
fn closures_are_two_local_times_in_order() {
    assert!(Closure::parse("2026-03-02T12:00/2026-03-02T14:00").is_ok());
    assert!(Closure::parse("2026-03-02T12:00:30/2026-03-02T24:00").is_ok());
    assert!(Closure::parse("2026-03-02T14:00/2026-03-02T12:00").is_err());
    assert!(Closure::parse("2026-02-30T12:00/2026-03-02T14:00").is_err());
    assert!(Closure::parse("tomorrow").is_err());
}

#[test]
fn durations_are_one_number_and_one_unit() {
    let amount = |text: &str| Duration::parse(text).map(Duration::amount);
    assert_eq!(amount("90 minutes"), Ok(Amount::Elapsed(5_400_000_000)));
    assert_eq!(amount("2w"), Ok(Amount::Elapsed(1_209_600_000_000)));
    assert_eq!(amount("1 Business Hour"), Ok(Amount::Business(3_600_000_000)));
    assert_eq!(amount("2bd"), Ok(Amount::BusinessDays(2)));
    assert_eq!(amount("2592000 seconds"), Ok(Amount::Elapsed(30 * 86_400_000_000)));
    assert_eq!(amount("2147483647s"), Ok(Amount::Elapsed(2_147_483_647_000_000)));
    assert_eq!(amount("3999999999bs"), Ok(Amount::Business(3_999_999_999_000_000)));
    assert_eq!(amount("3652425bd"), Ok(Amount::BusinessDays(3_652_425)));
    assert_eq!(Duration::parse("4000000000w").unwrap_err().hint, "the number may be at most 3999999999");
    // More than 10,000 years is as good as endless.
    assert_eq!(amount("3999999999w"), amount("3652425d"));
    assert_eq!(amount("3999999999bd"), amount("3652425bd"));
    for text in ["90", "1.5 hours", "1 hour 30 minutes", "-1h", "h", "", "1 fortnight", "99999999999h"] {
        assert!(amount(text).is_err(), "{text}");
    }
    assert_eq!(Duration::parse("4 busines hours").unwrap_err().hint, "did you mean `business hours`?");
}

#[test]
fn durations_are_shown_as_they_were_written() {
    for text in ["4 business hours", "1 business day", "24 hours", "16bh", "30s"] {
        assert_eq!(Duration::parse(text).unwrap().to_string(), text);
    }
}
