//! The patterns of the policy's schema against the parsers of the calendar: what a parser reads fits.

use proptest::prelude::*;
use slaudit::calendar::{Closure, Duration, parse_hours, parse_weekdays};

use super::validator::matches;

fn pattern(pointer: &str) -> String {
    let schema = super::schema(&slaudit::policy::schema());
    schema.pointer(pointer).unwrap().as_str().unwrap().to_owned()
}

/// The pattern of the keys of a table of a calendar.
fn keys(table: &str) -> String {
    let schema = super::schema(&slaudit::policy::schema());
    let pointer = format!("/properties/calendars/additionalProperties/properties/{table}/patternProperties");
    schema.pointer(&pointer).unwrap().as_object().unwrap().keys().next().unwrap().clone()
}

fn strategy(regex: &str) -> impl Strategy<Value = String> + use<> {
    prop::string::string_regex(regex).unwrap()
}

#[test]
fn examples() {
    let (any, above) = (pattern("/$defs/duration/pattern"), pattern("/$defs/duration_above_zero/pattern"));
    for text in ["4 business hours", "1 day", "90m", "2bd", "3999999999s", "007 WEEKS", "1business  Day"] {
        assert!(matches(&any, text) && matches(&above, text) && Duration::parse(text).is_ok(), "{text}");
    }
    for text in ["4", "1.5 hours", "4000000000s", "-1 day", "4 buisness hours", "1 d ays", "1 bdays", ""] {
        assert!(!matches(&any, text) && Duration::parse(text).is_err(), "{text}");
    }
    assert!(matches(&any, "0 days") && !matches(&above, "0 days") && !matches(&above, "000s"));
    let days = keys("days");
    assert!(
        matches(&days, "2026-12-24") && !matches(&days, "24.12.2026") && !matches(&days, "2026-12-24T00")
    );
}

proptest! {
    #[test]
    fn durations_are_those_that_are_read(
        text in strategy(" ?0?[0-9]{0,11} {0,2}(business|Business)? {0,2}(second|MINUTE|hour|day|week|s|bm|BH|d|bd|x)?s? ?"),
    ) {
        let read = Duration::parse(&text);
        prop_assert_eq!(read.is_ok(), matches(&pattern("/$defs/duration/pattern"), &text));
        let above = read.is_ok_and(|duration| duration.count > 0);
        prop_assert_eq!(above, matches(&pattern("/$defs/duration_above_zero/pattern"), &text));
    }

    #[test]
    fn hours_that_are_read_fit(
        text in strategy("( ?[012][0-9]:[0-6]0(:[0-6]0)? ?- ?[012][0-9]:[03]0 ?,?){1,2}| ?24h ?| ?closed"),
    ) {
        prop_assert!(parse_hours(&text).is_err() || matches(&pattern("/$defs/hours/pattern"), &text));
    }

    #[test]
    fn weekdays_that_are_read_fit(text in strategy("( ?(mon|TUE|Wed|sat|sun|xyz) ?[-,]?){1,4}")) {
        prop_assert!(parse_weekdays(&text).is_err() || matches(&keys("hours"), &text));
    }

    #[test]
    fn closures_that_are_read_fit(
        text in strategy("( ?\\+?2026-0?3-0?[12][T ][01]?[0-9]:00(:30)? ?/?){1,2}"),
    ) {
        let closed = "/properties/calendars/additionalProperties/properties/closed/items/pattern";
        prop_assert!(Closure::parse(&text).is_err() || matches(&pattern(closed), &text));
    }
}
