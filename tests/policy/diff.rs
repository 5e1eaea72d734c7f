//! `policy::diff`: each thing that can differ, in words and by key; and that nothing can differ unnoticed.

use proptest::prelude::*;
use slaudit::policy::{Difference, Found, Policy, built_in, diff, diff_books, load, load_built_in};

use super::{book, one, text};

const BASE: &str = r#"
name = "base"
timezone = "UTC"
[calendars.a]
hours = { mon-fri = "08:00-17:00" }
[calendars."b c"]
hours = { mon-sun = "24h" }
[[severity]]
level = 1
name = "Critical"
calendar = "a"
[[severity]]
level = 2
name = "Important"
calendar = "a"
first_response = "8 business hours"
"#;

/// What BASE says otherwise once `from` is `to`: words, key, both sides.
fn changed(from: &str, to: &str) -> String {
    assert!(BASE.contains(from), "{from}");
    listed(&diff(&text(BASE), &text(&BASE.replace(from, to))))
}

/// What BASE says otherwise with `more` at its end.
fn added(more: &str) -> String {
    listed(&diff(&text(BASE), &text(&format!("{BASE}{more}"))))
}

fn listed(all: &[Difference]) -> String {
    let side = |side: &Option<slaudit::policy::Setting>| match side {
        None => "-".to_owned(),
        Some(setting) => setting.toml.clone().unwrap_or_else(|| format!("({})", setting.words)),
    };
    let line = |one: &Difference| format!("{one} | {}: {} -> {}", one.key, side(&one.left), side(&one.right));
    all.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn names_dates_and_zones() {
    insta::assert_snapshot!(changed("\"base\"", "\"other\"\neffective_from = 2026-07-01"), @r##"
    name of the policy: `other` instead of `base` | name: "base" -> "other"
    first day in force: 2026-07-01 instead of no date | effective_from: (no date) -> 2026-07-01
    "##);
    insta::assert_snapshot!(changed("timezone = \"UTC\"", "timezone = \"Europe/Rome\""), @r##"
    time zone of the policy: Europe/Rome instead of UTC | timezone: "UTC" -> "Europe/Rome"
    time zone of calendar `a`: Europe/Rome instead of UTC | calendars.a.timezone: "UTC" -> "Europe/Rome"
    time zone of calendar `b c`: Europe/Rome instead of UTC | calendars."b c".timezone: "UTC" -> "Europe/Rome"
    "##);
}

#[test]
fn severities_by_level() {
    insta::assert_snapshot!(changed("\"8 business hours\"", "\"4bh\"\nresolution = \"2bd\""), @r##"
    first response of severity 2 (Important): 4 business hours instead of 8 business hours | severity.2.first_response: "8 business hours" -> "4 business hours"
    resolution of severity 2 (Important): 2 business days instead of no target | severity.2.resolution: (no target) -> "2 business days"
    "##);
    insta::assert_snapshot!(changed("name = \"Important\"\ncalendar = \"a\"", "calendar = \"b c\""), @r##"
    name of severity 2: `2` instead of `Important` | severity.2.name: "Important" -> "2"
    calendar of severity 2: `b c` instead of `a` | severity.2.calendar: "a" -> "b c"
    "##);
    insta::assert_snapshot!(changed("level = 1", "level = 4"), @r##"
    severity 1 (Critical): removed (no targets) | severity.1: { level = 1, name = "Critical", calendar = "a" } -> -
    severity 4 (Critical): added (no targets) | severity.4: - -> { level = 4, name = "Critical", calendar = "a" }
    "##);
    insta::assert_snapshot!(added("[[severity]]\nlevel = 3\ncalendar = \"a\"\nupdate = \"1d\""), @r#"severity 3: added (update 1 day) | severity.3: - -> { level = 3, name = "3", calendar = "a", update = "1 day" }"#);
}

#[test]
fn business_time() {
    insta::assert_snapshot!(changed("mon-fri = \"08:00-17:00\"", "mon-thu = \"08:00-18:00\", sat = \"24h\""), @r##"
    hours of mon-thu in calendar `a`: 08:00-18:00 instead of 08:00-17:00 | calendars.a.hours.mon-thu: "08:00-17:00" -> "08:00-18:00"
    hours of fri in calendar `a`: closed instead of 08:00-17:00 | calendars.a.hours.fri: "08:00-17:00" -> "closed"
    hours of sat in calendar `a`: 24h instead of closed | calendars.a.hours.sat: "closed" -> "24h"
    "##);
    insta::assert_snapshot!(changed("\"24h\" }", "\"24h\" }\ntimezone = \"Asia/Tokyo\""), @r#"time zone of calendar `b c`: Asia/Tokyo instead of UTC | calendars."b c".timezone: "UTC" -> "Asia/Tokyo""#);
    let more = "holidays = [\"us-federal\", \"2026-12-24\"]\nclosed = [\"2026-03-02T12:00/2026-03-02T14:00\"]\n\
        days = { 2026-12-31 = \"closed\" }\n[calendars.\"b c\"]";
    insta::assert_snapshot!(changed("[calendars.\"b c\"]", more), @r##"
    holidays `us-federal` of calendar `a`: added | calendars.a.holidays: - -> "us-federal"
    holiday 2026-12-24 of calendar `a`: added | calendars.a.holidays: - -> "2026-12-24"
    closure 2026-03-02 12:00:00 to 2026-03-02 14:00:00 of calendar `a`: added | calendars.a.closed: - -> "2026-03-02T12:00:00/2026-03-02T14:00:00"
    hours of 2026-12-31 in calendar `a`: closed instead of those of week and holidays | calendars.a.days.2026-12-31: (those of week and holidays) -> "closed"
    "##);
    insta::assert_snapshot!(changed("[calendars.\"b c\"]", "[calendars.d]"), @r##"
    calendar `b c`: removed (mon-sun 24h; UTC) | calendars."b c": { timezone = "UTC", hours = { mon-sun = "24h" } } -> -
    calendar `d`: added (mon-sun 24h; UTC) | calendars.d: - -> { timezone = "UTC", hours = { mon-sun = "24h" } }
    "##);
}

#[test]
fn promises_and_clocks() {
    insta::assert_snapshot!(added("[after_hours]\nfirst_response = \"24h\""), @r#"promise for cases opened outside hours: added (first response 24 hours, best effort) | after_hours: - -> { first_response = "24 hours", kind = "best_effort" }"#);
    insta::assert_snapshot!(added(
        "[clock]\npause_in = []\nresponse_by = [\"agent\", \"system\"]\nagent_opened = \"measure\"\n\
         on_reclassify = \"keep\"\non_reopen = \"restart\"\ncustomer_message_resumes = false"
    ), @r##"
    clocks pause in: no category instead of waiting_customer, waiting_other | clock.pause_in: ["waiting_customer", "waiting_other"] -> []
    answers may come from: agent, system instead of agent | clock.response_by: ["agent"] -> ["agent", "system"]
    response clocks of cases that an agent opened: measure instead of exempt | clock.agent_opened: "exempt" -> "measure"
    clocks when the severity changes: keep instead of retarget | clock.on_reclassify: "retarget" -> "keep"
    resolution clock when a case is reopened: restart instead of resume | clock.on_reopen: "resume" -> "restart"
    a customer's message ends a pause for the customer: false instead of true | clock.customer_message_resumes: true -> false
    "##);
    let kinds = |kind: &str, target: &str| {
        text(&format!("{BASE}[after_hours]\nkind = \"{kind}\"\nfirst_response = \"{target}\""))
    };
    insta::assert_snapshot!(listed(&diff(&kinds("best_effort", "1d"), &kinds("commitment", "24h"))), @r##"
    first response to cases opened outside hours: 24 hours instead of 1 day | after_hours.first_response: "1 day" -> "24 hours"
    kind of the promise for cases opened outside hours: commitment instead of best_effort | after_hours.kind: "best_effort" -> "commitment"
    "##);
}

#[test]
fn closing_and_order() {
    insta::assert_snapshot!(added("[[inactivity]]\nbasis = \"resolved\"\nclose_after = \"5bd\""), @r#"rule for inactivity in resolved: added (close after: 5 business days; grace: 0 seconds) | inactivity.resolved: - -> { basis = "resolved", infer = false, close_after = "5 business days", grace = "0 seconds" }"#);
    insta::assert_snapshot!(added("[priority]\ntolerance = \"0m\""), @r#"wait after which a more severe case counts as overtaken: 0 minutes instead of none given, which is zero | priority.tolerance: (none given, which is zero) -> "0 minutes""#);
    let rules = |first: &str, second: &str, more: &str| {
        text(&format!(
            "{BASE}[[inactivity]]\nbasis = \"{first}\"\n{more}\n[[inactivity]]\nbasis = \"{second}\""
        ))
    };
    let (left, right) = (
        rules("resolved", "waiting_customer", ""),
        rules("waiting_customer", "resolved", "infer = true\ngrace = \"1d\"\nclose_after = \"5d\""),
    );
    insta::assert_snapshot!(listed(&diff(&left, &right)), @r##"
    inactivity in waiting_customer taken from answers where no row has the category: true instead of false | inactivity.waiting_customer.infer: false -> true
    close after inactivity in waiting_customer: 5 days instead of no length | inactivity.waiting_customer.close_after: (no length) -> "5 days"
    grace after inactivity in waiting_customer: 1 day instead of 0 seconds | inactivity.waiting_customer.grace: "0 seconds" -> "1 day"
    order of the inactivity rules: waiting_customer, resolved instead of resolved, waiting_customer | inactivity: (resolved, waiting_customer) -> (waiting_customer, resolved)
    "##);
}

#[test]
fn scope_objectives_and_clauses() {
    insta::assert_snapshot!(added("[scope.include]\nchannel = [\"portal\", \"e mail\"]"), @r#"cases covered by `channel`: `portal`, `e mail` instead of any value | scope.include.channel: (any value) -> ["portal", "e mail"]"#);
    insta::assert_snapshot!(added("[objectives]\nupdate = 0.95\n\"update.severity.1\" = 1"), @r##"
    objective for update: 0.95 instead of none | objectives.update: (none) -> 0.95
    objective for update of severity 1: 1.0 instead of none | objectives."update.severity.1": (none) -> 1.0
    "##);
    let clauses = |all: &[(&str, &str)]| {
        let all =
            all.iter().map(|(text, metric)| format!("[[clause]]\ntext = \"{text}\"\nmetrics = [{metric}]\n"));
        text(&format!("{BASE}{}", all.collect::<String>()))
    };
    let left = clauses(&[("a", ""), ("b", ""), ("c", "\"update\"")]);
    let right = clauses(&[("c", ""), ("a", ""), ("B", ""), ("d", "")]);
    insta::assert_snapshot!(listed(&diff(&left, &right)), @r##"
    measures of clause 1: none instead of update | clause.1.metrics: ["update"] -> []
    clause 3: `B` instead of `b` | clause.3.text: "b" -> "B"
    clause 4: added (`d`) | clause.4: - -> { text = "d", metrics = [] }
    order of the clauses: `c`, `a` instead of `a`, `c` | clause: (`a`, `c`) -> (`c`, `a`)
    "##);
    insta::assert_snapshot!(listed(&diff(&right, &left)), @r##"
    measures of clause 3: update instead of none | clause.3.metrics: [] -> ["update"]
    clause 2: `b` instead of `B` | clause.2.text: "B" -> "b"
    clause 4: removed (`d`) | clause.4: { text = "d", metrics = [] } -> -
    order of the clauses: `a`, `c` instead of `c`, `a` | clause: (`c`, `a`) -> (`a`, `c`)
    "##);
}

#[test]
fn customers_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let policy = |customers: &str| {
        std::fs::write(folder.path().join("customers.csv"), format!("customer,from,until\n{customers}"))
            .unwrap();
        let path = folder.path().join("policy.toml");
        let scope = "[scope]\nentitled = { file = \"customers.csv\", key = \"customer\" }\n";
        std::fs::write(&path, format!("{BASE}{scope}")).unwrap();
        load(&path).unwrap().versions.remove(0)
    };
    let left = policy("acme,2026-01-01,2026-12-31\nbolt,,\n");
    let right = policy("acme,2026-01-01,\nacme,,2025-01-01\ncore,,\n");
    insta::assert_snapshot!(listed(&diff(&left, &right)), @r##"
    customer `acme` entitled: from 2026-01-01, until 2025-01-01 instead of 2026-01-01 to 2026-12-31 | scope.entitled: (2026-01-01 to 2026-12-31) -> (from 2026-01-01, until 2025-01-01)
    customer `bolt` entitled: removed (always) | scope.entitled: (always) -> -
    customer `core` entitled: added (always) | scope.entitled: - -> (always)
    "##);
    insta::assert_snapshot!(listed(&diff(&text(BASE), &left)), @r#"customers entitled to support: added (customers of `customers.csv`, 2 of them) | scope.entitled: - -> { file = "customers.csv", key = "customer" }"#);
}

#[test]
fn the_shipped_policies_differ_in_targets_only() {
    let targets = load_built_in("in8sync-targets.toml").unwrap().versions.remove(0);
    let found = diff(&built_in().versions[0], &targets);
    let of = |start: &str| found.iter().filter(|one| one.key.starts_with(start)).count();
    assert_eq!((of("severity."), of("inactivity."), of("priority."), of("objectives.")), (19, 4, 1, 7));
    assert_eq!((of("name"), found.len()), (1, 32));
}

#[test]
fn versions_are_brought_together_by_date() {
    let (left, right) = (book("tests/policy/cases/A19"), book("tests/policy/cases/A19/1.toml"));
    let found = diff_books(&left, &right);
    let shown: Vec<_> = found
        .iter()
        .map(|one| (one.found, one.left.as_deref(), one.right.as_deref(), one.differences.len()))
        .collect();
    let (first, second) = (Some("2026-01-01"), Some("2026-10-05"));
    assert_eq!(shown, [(Found::Both, first, first, 0), (Found::Left, second, first, 4)]);
    assert!(diff_books(&left, &left).iter().all(slaudit::policy::Compared::is_same));
    let back = diff_books(&right, &left);
    assert_eq!((back[1].found, back[1].left.as_deref(), back[1].differences.len()), (Found::Right, first, 4));
}

#[test]
fn nothing_is_in_force_before_the_first_version() {
    let dated = |date: &str| {
        let toml = BASE.replace("name = \"base\"", &format!("name = \"base\"\neffective_from = {date}"));
        slaudit::policy::parse("p.toml", toml.as_bytes()).unwrap()
    };
    let mut left = dated("2026-01-01");
    left.versions.extend(dated("2026-02-01").versions);
    let found = diff_books(&left, &dated("2026-02-01"));
    assert_eq!((found[0].found, found[0].right.as_deref(), found[0].is_same()), (Found::Left, None, false));
    assert_eq!((found[1].found, found[1].is_same()), (Found::Both, true));
    assert_eq!(
        diff_books(&dated("2026-01-01"), &dated("2026-02-01"))[0].differences[0].key,
        "effective_from"
    );
}

#[test]
fn the_worked_examples_do_not_differ_from_themselves() {
    for case in ["A10.toml", "A12.toml", "A15.toml", "A17/policy.toml", "A37/policy.toml"] {
        let policy = one(&format!("tests/policy/cases/{case}"));
        assert_eq!(diff(&policy, &policy.clone()), []);
    }
}

/// A policy of few parts with few values each, so that two of them are often alike in most.
fn policy() -> impl Strategy<Value = Policy> {
    let parts: Vec<Vec<&str>> = vec![
        vec!["name = 'a'\n", "name = 'b'\n"],
        vec!["", "effective_from = 2026-01-01\n", "effective_from = 2026-02-01\n"],
        vec!["timezone = 'UTC'\n", "timezone = 'Asia/Tokyo'\n"],
        vec![
            "",
            "objectives = { update = 0.5, resolution = 1 }\n",
            "objectives = { resolution = 1, update = 0.5 }\n",
        ],
        vec!["", "priority = {}\n", "priority = { tolerance = '15bm' }\n"],
        vec!["", "after_hours = {}\n", "after_hours = { first_response = '1d', kind = 'commitment' }\n"],
        vec![
            "",
            "scope = { include = { a = ['1', '2'], b = ['1'] } }\n",
            "scope.include = { b = ['1'], a = ['2'] }\n",
        ],
        vec![
            "",
            "clock = { pause_in = ['open'] }\n",
            "clock = { on_reclassify = 'prorate', response_by = ['system'] }\n",
        ],
        vec![
            "",
            "clause = [{ text = 'a' }, { text = 'b' }]\n",
            "clause = [{ text = 'b', metrics = ['update'] }]\n",
        ],
        vec!["", "clause = [{ text = 'b' }, { text = 'a' }, { text = 'a' }]\n"],
        vec!["", "inactivity = [{ basis = 'resolved' }, { basis = 'waiting_customer', infer = true }]\n"],
        vec!["", "inactivity = [{ basis = 'waiting_customer' }, { basis = 'resolved', grace = '1d' }]\n"],
        vec!["[calendars.a]\n"],
        vec!["hours = { mon-fri = '08:00-17:00' }\n", "hours = { mon-thu = '08:00-17:00', fri = '24h' }\n"],
        vec!["", "timezone = 'Europe/Rome'\n"],
        vec!["", "holidays = ['us-federal', '2026-05-01']\n", "holidays = ['2026-05-02']\n"],
        vec!["", "closed = ['2026-03-02T12:00/2026-03-02T14:00', '2026-03-03T12:00/2026-03-03T14:00']\n"],
        vec!["", "days = { 2026-01-02 = 'closed' }\n", "days = { 2026-01-02 = '24h', 2026-01-03 = '24h' }\n"],
        vec!["", "[calendars.b]\nhours = {}\n"],
        vec![
            "",
            "[[severity]]\nlevel = 1\ncalendar = 'a'\n",
            "[[severity]]\nlevel = 1\ncalendar = 'a'\nupdate = '2h'\n",
        ],
        vec![
            "",
            "[[severity]]\nlevel = 2\ncalendar = 'a'\nname = 'x'\nfirst_response = '1h'\nresolution = '60m'\n",
        ],
    ];
    let choices: Vec<_> = parts.into_iter().map(prop::sample::select).collect();
    // Two ways to write one key make no TOML: such a draw is thrown away.
    choices.prop_filter_map("not a policy", |parts| {
        let toml = parts.concat();
        slaudit::policy::parse("p.toml", toml.as_bytes()).ok().map(|mut book| book.versions.remove(0))
    })
}

proptest! {
    #[test]
    fn no_difference_means_equal(left in policy(), right in policy()) {
        let found = diff(&left, &right);
        let same = Policy { version: left.version.clone(), ..right.clone() } == left;
        prop_assert_eq!(found.is_empty(), same, "{:?}", found);
        prop_assert_eq!(diff(&left, &left), []);
        prop_assert_eq!(diff(&right, &left).len(), found.len());
        for one in found {
            prop_assert!(one.left != one.right, "{:?}", one);
        }
    }

    #[test]
    fn one_part_changed_is_found(policy in policy(), part in 0..14_usize) {
        let mut other = policy.clone();
        let donor = text("name = 'z'\ntimezone = 'Asia/Tokyo'\n[calendars.z]\nhours = { sun = '24h' }\n");
        match part {
            0 => other.name = donor.name,
            1 => other.effective_from = None,
            2 => other.timezone = chrono_tz::Tz::Asia__Kolkata,
            3 => other.calendars.extend(donor.calendars),
            4 => other.calendars.reverse(),
            5 => other.severities.clear(),
            6 => other.after_hours = None,
            7 => other.clock = donor.clock,
            8 => other.inactivity.reverse(),
            9 => other.priority = None,
            10 => other.scope = donor.scope,
            11 => other.objectives.reverse(),
            12 => other.clauses.reverse(),
            _ => other.calendars[0].closed.reverse(),
        }
        prop_assert_eq!(diff(&policy, &other).is_empty(), policy == other);
    }
}

/// Every key of a policy, a line each.
const EVERY_KEY: &str = r#"name = "base"
effective_from = 2026-01-01
timezone = "UTC"
[calendars.a]
timezone = "Europe/Rome"
hours = { mon-fri = "08:00-17:00" }
holidays = ["2026-05-01"]
closed = ["2026-03-02T12:00/2026-03-02T14:00"]
days = { 2026-01-02 = "closed" }
[calendars.x]
hours = { mon = "24h" }
[[severity]]
level = 1
name = "Critical"
calendar = "a"
first_response = "1 business hour"
next_response = "1 business hour"
update = "1 business hour"
resolution = "1 business hour"
[after_hours]
first_response = "1 business hour"
kind = "best_effort"
[clock]
pause_in = ["waiting_other"]
response_by = ["agent"]
agent_opened = "exempt"
on_reclassify = "retarget"
on_reopen = "resume"
customer_message_resumes = true
[[inactivity]]
basis = "waiting_customer"
infer = false
close_after = "1 business hour"
grace = "1 business hour"
[priority]
tolerance = "1 business hour"
[scope.include]
channel = ["portal"]
[objectives]
update = 0.5
"next_response" = 0.5
[[clause]]
text = "a clause"
metrics = ["update"]
"#;

/// Each line left out, and with each of these values: where the policy is another one, it is not the same.
#[test]
fn every_key_that_changes_is_a_difference() {
    let base = text(EVERY_KEY);
    let values = "\"x\" \"2h\" \"a\" \"commitment\" \"measure\" \"keep\" \"restart\" \"resolved\" \"Asia/Tokyo\" true \
        false 2 0.9 2027-02-03 [] [\"open\"] [\"system\"] [\"x\"] [\"us-federal\"] [\"rounds\"] \
        [\"2026-03-03T12:00/2026-03-03T14:00\"] {sun=\"24h\"} {2027-02-03=\"24h\"}";
    let lines: Vec<&str> = EVERY_KEY.lines().collect();
    let mut unchanged = Vec::new();
    for (i, line) in lines.iter().enumerate().filter(|(_, line)| line.contains(" = ")) {
        let key = line.split(" = ").next().unwrap();
        let new = values.split_whitespace().map(|value| format!("{key} = {value}")).chain([String::new()]);
        let mut n_changed = 0;
        for new in new {
            let toml: Vec<&str> =
                lines.iter().enumerate().map(|(j, old)| if i == j { &new } else { *old }).collect();
            let Ok(mut book) = slaudit::policy::parse("policy.toml", toml.join("\n").as_bytes()) else {
                continue;
            };
            let other = Policy { version: base.version.clone(), ..book.versions.remove(0) };
            assert_eq!(other == base, diff(&base, &other).is_empty(), "{line} as {new}");
            n_changed += usize::from(other != base);
        }
        if n_changed == 0 {
            unchanged.push(*line);
        }
    }
    assert_eq!(unchanged, Vec::<&str>::new());
}
