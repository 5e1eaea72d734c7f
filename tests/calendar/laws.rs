//! Laws over random calendars and instants, and an oracle that asks the wall clock second by second.

use chrono::{Datelike, NaiveDate, TimeDelta, Timelike};
use chrono_tz::Tz;
use proptest::prelude::*;
use slaudit::calendar::{Calendar, Closure, DAY, Instant, OpenTime, Window};

/// Zones with whole-hour, half-hour, midnight and skipped-day changes, and one without any.
const ZONES: [Tz; 8] = [
    chrono_tz::UTC,
    chrono_tz::America::Denver,
    chrono_tz::Australia::Lord_Howe,
    chrono_tz::America::Sao_Paulo,
    chrono_tz::Pacific::Apia,
    chrono_tz::Africa::Casablanca,
    chrono_tz::Europe::Dublin,
    chrono_tz::Asia::Kolkata,
];

/// First days of fortnights in which these zones change their offset.
const STARTS: [(i32, u32, u32); 8] = [
    (2026, 3, 1),
    (2025, 10, 26),
    (2011, 12, 24),
    (2017, 10, 9),
    (2018, 2, 11),
    (2022, 3, 20),
    (2024, 3, 25),
    (2026, 10, 25),
];

/// A day's windows: none, one, two, all day, or past midnight (only where the next day leaves room).
fn day() -> impl Strategy<Value = Vec<Window>> {
    prop_oneof![
        Just(vec![]),
        Just(vec![Window { from: 0, to: DAY }]),
        (0u32..48, 1u32..40)
            .prop_map(|(a, b)| vec![Window { from: a * 900 + 21_600, to: (a + b) * 900 + 21_600 }]),
        (0u32..6, 1u32..8).prop_map(|(a, b)| {
            vec![Window { from: a * 1_800, to: (a + b) * 1_800 }, Window { from: 61_230, to: 68_430 }]
        }),
        Just(vec![Window { from: 79_200, to: DAY + 21_600 }]),
    ]
}

/// Keeps a week valid: a window past midnight is cut where the next day begins before its end.
fn valid(mut week: Vec<Vec<Window>>) -> [Vec<Window>; 7] {
    for i in 0..7 {
        let next = week[(i + 1) % 7].first().map_or(DAY, |w| w.from);
        if let Some(last) = week[i].last_mut() {
            last.to = last.to.min(DAY + next);
        }
        for window in &mut week[i] {
            window.to = window.to.min(window.from + DAY);
        }
    }
    week.try_into().unwrap()
}

fn calendar() -> impl Strategy<Value = (Calendar, i64)> {
    let week = prop::collection::vec(day(), 7).prop_map(valid);
    let own = prop::collection::vec((0u64..14, day()), 0..3);
    let closures = prop::collection::vec((0i64..1_209_600, 1i64..100_000), 0..3);
    (0..ZONES.len(), 0..STARTS.len(), week, own, closures, prop::collection::vec(0u64..14, 0..2)).prop_map(
        |(zone, start, week, own, closures, holidays)| {
            let mut calendar = Calendar::weekly("random", ZONES[zone], week);
            let (y, m, d) = STARTS[start];
            let first = NaiveDate::from_ymd_opt(y, m, d).unwrap();
            let on = |n| first + chrono::Days::new(n);
            calendar.days.extend(own.into_iter().map(|(n, windows)| (on(n), windows)));
            calendar.holidays.extend(holidays.into_iter().map(|n| (on(n), String::new())));
            let midnight = first.and_hms_opt(0, 0, 0).unwrap();
            calendar.closed.extend(closures.into_iter().map(|(from, length)| {
                let from = midnight + TimeDelta::seconds(from);
                Closure { from, to: from + TimeDelta::seconds(length) }
            }));
            (calendar, midnight.and_utc().timestamp())
        },
    )
}

/// SPEC 5.1 read aloud: open where the local time falls in a window of its date, or of the date before.
fn open_by_the_wall(calendar: &Calendar, seconds: i64) -> bool {
    let local = Instant::from_seconds(seconds).in_zone(calendar.tz).unwrap().naive_local();
    if calendar.closed.iter().any(|closure| closure.from <= local && local < closure.to) {
        return false;
    }
    let since_midnight = local.time().num_seconds_from_midnight();
    let falls = |on: NaiveDate, s: u32| {
        let week = &calendar.week[on.weekday().num_days_from_monday() as usize];
        let holiday = if calendar.holidays.contains_key(&on) { &vec![] } else { week };
        calendar.days.get(&on).unwrap_or(holiday).iter().any(|w| w.from <= s && s < w.to)
    };
    falls(local.date(), since_midnight) || falls(local.date().pred_opt().unwrap(), since_midnight + DAY)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_wall_clock_agrees_second_by_second((calendar, start) in calendar()) {
        let (from, to) = (Instant::from_seconds(start), Instant::from_seconds(start + 14 * 86_400));
        let open = OpenTime::compile(&calendar, from, to);
        // Every boundary of these calendars lies on a multiple of 10 seconds, and so do the zones' changes;
        // closures may begin anywhere, so each is asked at its own second too.
        let mut counted = 0;
        let step = if calendar.closed.is_empty() { 10 } else { 1 };
        for second in (start..start + 14 * 86_400).step_by(step) {
            let is_open = open_by_the_wall(&calendar, second);
            if second % 600 == 0 {
                prop_assert_eq!(open.is_open(Instant::from_seconds(second)), is_open, "at {}", second);
            }
            counted += if is_open { step as i64 } else { 0 };
            if second % 43_200 == 0 {
                let until = Instant::from_seconds(second + step as i64);
                prop_assert_eq!(open.elapsed(from, until), counted * 1_000_000, "until {}", second);
            }
        }
        prop_assert_eq!(open.elapsed(from, to), counted * 1_000_000);
    }

    #[test]
    fn elapsed_adds_up_and_add_is_its_inverse(
        (calendar, start) in calendar(),
        offsets in prop::array::uniform3(0i64..2_000_000_000_000),
        amount in 1i64..400_000_000_000,
    ) {
        let mut at = offsets.map(|offset| Instant::from_seconds(start - 400_000).plus(offset));
        at.sort_unstable();
        let [a, b, c] = at;
        let open = OpenTime::compile(&calendar, Instant::from_seconds(start), Instant::from_seconds(start + 86_400));
        prop_assert_eq!(open.elapsed(a, c), open.elapsed(a, b) + open.elapsed(b, c));
        prop_assert!(open.elapsed(a, c) >= 0 && open.elapsed(a, c) <= c.since(a));
        prop_assert_eq!(open.elapsed(c, a), 0);
        if let Some(t) = open.add(a, amount) {
            prop_assert_eq!(open.elapsed(a, t), amount);
            prop_assert!(open.elapsed(a, t.plus(-1)) < amount, "not the earliest");
        } else {
            prop_assert!(calendar.week.iter().all(Vec::is_empty));
        }
        prop_assert_eq!(open.add(a, 0), Some(a));
    }

    #[test]
    fn business_days_are_the_same_from_near_and_from_far(
        (calendar, start) in calendar(),
        offsets in prop::collection::vec(-400_000i64..1_600_000, 40),
        n in 0u32..9,
    ) {
        let span = |from: i64| (Instant::from_seconds(from), Instant::from_seconds(from + 14 * 86_400));
        let compiled = |(from, to)| OpenTime::compile(&calendar, from, to);
        // Far away nothing about these days is compiled: every answer is found anew.
        let (near, far) = (compiled(span(start)), compiled(span(start - 20 * 365 * 86_400)));
        for at in offsets.into_iter().map(|offset| Instant::from_seconds(start + offset)) {
            let due = far.business_days_due(at, n);
            prop_assert_eq!(near.business_days_due(at, n), due, "{} business days after {:?}", n, at);
            let amount = due.map(|due| far.elapsed(at, due));
            prop_assert_eq!(near.business_days(at, n), amount);
            prop_assert_eq!(far.business_days(at, n), amount);
        }
    }
}

#[test]
fn a_calendar_that_never_opens_says_so() {
    let calendar = Calendar::weekly("never", chrono_tz::UTC, Default::default());
    let (from, to) = (Instant::from_seconds(0), Instant::from_seconds(86_400));
    let open = OpenTime::compile(&calendar, from, to);
    assert_eq!(open.add(from, 1), None);
    assert_eq!(open.next_change(from), None);
    assert_eq!(open.business_days_due(from, 1), None);
    assert_eq!(open.elapsed(Instant::MIN, Instant::MAX), 0);
}

#[test]
fn an_answer_centuries_ahead_is_the_same_as_a_near_one() {
    let mut week: [Vec<Window>; 7] = std::array::from_fn(|_| vec![]);
    week[1] = vec![Window { from: 3_600, to: 10_800 }, Window { from: 79_200, to: 108_000 }];
    let mut calendar = Calendar::weekly("tuesdays", chrono_tz::America::Denver, week);
    calendar.holiday_sets.push(slaudit::calendar::HolidaySet::UsFederal);
    calendar.closed.push(slaudit::calendar::Closure::parse("2031-01-01T00:00/2046-06-06T12:00").unwrap());
    let now = Instant::from_seconds(1_700_000_000);
    let near = OpenTime::compile(&calendar, now, now);
    let far = OpenTime::compile(&calendar, now, Instant::from_seconds(9_000_000_000));
    for n in [300, 360, 370, 371, 399, 400, 460, 1_000, 3_000, 9_000] {
        let due = far.business_days_due(now, n).unwrap();
        assert_eq!(near.business_days_due(now, n), Some(due), "{n} business days");
        let amount = far.elapsed(now, due);
        assert_eq!(near.add(now, amount), Some(due), "{n} days' hours");
        let amount = amount - 3_600_000_001;
        assert_eq!(near.add(now, amount), far.add(now, amount), "{n} days' hours less an hour");
    }
    // The last Tuesday that there is, and none after it.
    let n = (400_000..).find(|n| near.business_days_due(now, *n).is_none()).unwrap();
    assert!((400_001..416_500).contains(&n), "{n}");
    assert_eq!(near.business_days_due(now, 1_000_000), None);
    assert_eq!(near.add(now, i64::MAX / 4), None);
}

#[test]
fn a_distant_answer_is_the_same_as_a_near_one() {
    let week = std::array::from_fn(|_| vec![Window { from: 28_800, to: 61_200 }]);
    let calendar = Calendar::weekly("daily", chrono_tz::America::Denver, week);
    let now = Instant::from_seconds(1_700_000_000);
    let near = OpenTime::compile(&calendar, now, now);
    let far = OpenTime::compile(&calendar, Instant::from_seconds(0), Instant::from_seconds(4_000_000_000));
    for n in [1, 2, 100, 119, 120, 121, 240, 241, 365, 366, 367, 1_000, 9_000] {
        assert_eq!(near.business_days_due(now, n), far.business_days_due(now, n), "{n} business days");
        let amount = i64::from(n) * 32_400_000_000;
        assert_eq!(near.add(now, amount), far.add(now, amount), "{n} days' hours");
        let later = far.add(now, amount).unwrap();
        assert_eq!(near.elapsed(now, later), amount);
    }
}
