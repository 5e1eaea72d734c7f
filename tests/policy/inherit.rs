//! `inherit`: what is merged, what is replaced, what stays behind (SPEC 4, case A17).

use std::fs::write;

use super::{one, text};
use slaudit::calendar::Duration;
use slaudit::history::Category;
use slaudit::policy::{Policy, load};

fn hours(count: u32) -> Option<Duration> {
    Duration::parse(&format!("{count}bh")).ok()
}

/// `child` inheriting `base`, both in a folder of their own.
fn child(base: &str, child: &str) -> Policy {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path().join("base.toml"), base).unwrap();
    let path = folder.path().join("child.toml");
    write(&path, format!("inherit = \"base.toml\"\n{child}")).unwrap();
    load(&path).unwrap_or_else(|error| panic!("{error}")).versions.remove(0)
}

#[test]
fn severities_are_merged_by_level() {
    let policy = one("tests/policy/cases/A17/policy.toml");
    assert_eq!(policy.name, "A17");
    assert_eq!((policy.effective_from, policy.version.as_str()), (None, "policy"));
    assert_eq!(policy.severities.len(), 3);
    assert_eq!(policy.severities[0].first_response, hours(2));
    assert_eq!(policy.severities[0].next_response, hours(2));
    assert_eq!(policy.severities[1].first_response, hours(2));
}

#[test]
fn a_new_level_is_added_and_keeps_its_place_by_level() {
    let base = "timezone = \"UTC\"\n[[severity]]\nlevel = 2\n[[severity]]\nlevel = 1\n";
    let policy = child(base, "[[severity]]\nlevel = 3\n[[severity]]\nlevel = 2\nname = \"two\"\n");
    let names: Vec<_> = policy.severities.iter().map(|rule| (rule.level, rule.name.as_str())).collect();
    assert_eq!(names, [(1, "1"), (2, "two"), (3, "3")]);
}

#[test]
fn inactivity_is_merged_by_basis() {
    let base = "timezone = \"UTC\"\n[[inactivity]]\nbasis = \"resolved\"\nclose_after = \"3 days\"\n\
        [[inactivity]]\nbasis = \"waiting_customer\"\n";
    let policy = child(base, "[[inactivity]]\nbasis = \"resolved\"\ngrace = \"1 day\"\n");
    assert_eq!(policy.inactivity.len(), 2);
    assert_eq!(policy.inactivity[0].basis, Category::Resolved);
    assert_eq!(policy.inactivity[0].close_after, Duration::parse("3 days").ok());
    assert_eq!(Some(policy.inactivity[0].grace), Duration::parse("1 day").ok());
}

#[test]
fn hours_and_days_are_replaced_whole_and_the_rest_of_a_calendar_key_by_key() {
    let base = "timezone = \"UTC\"\n[calendars.office]\ntimezone = \"Asia/Tokyo\"\n\
        hours = { mon-fri = \"08:00-17:00\" }\ndays = { 2026-01-01 = \"closed\" }\nholidays = [\"us-federal\"]\n";
    let over = "[calendars.office]\nhours = { sat = \"10:00-12:00\" }\ndays = { 2026-01-02 = \"closed\" }\n";
    let same = "timezone = \"UTC\"\n[calendars.office]\ntimezone = \"Asia/Tokyo\"\n\
        hours = { sat = \"10:00-12:00\" }\ndays = { 2026-01-02 = \"closed\" }\nholidays = [\"us-federal\"]\n";
    assert_eq!(child(base, over).calendars, text(same).calendars);
}

#[test]
fn tables_are_merged_key_by_key_and_other_lists_replaced() {
    let base = "timezone = \"UTC\"\n[clock]\npause_in = [\"open\"]\nagent_opened = \"measure\"\n\
        [objectives]\n\"update\" = 0.5\n\"resolution\" = 0.5\n[[clause]]\ntext = \"a\"\n";
    let over = "[clock]\npause_in = [\"new\"]\n[objectives]\n\"update\" = 0.9\n[[clause]]\ntext = \"b\"\n";
    let same = "timezone = \"UTC\"\nname = \"child\"\n[clock]\npause_in = [\"new\"]\nagent_opened = \"measure\"\n\
        [objectives]\n\"update\" = 0.9\n\"resolution\" = 0.5\n[[clause]]\ntext = \"b\"\n";
    let (child, same) = (child(base, over), text(same));
    assert_eq!(child.clock, same.clock);
    assert_eq!(child.objectives, same.objectives);
    assert_eq!(child.clauses, same.clauses);
}

#[test]
fn paths_are_relative_to_the_file_that_names_them() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("base")).unwrap();
    write(folder.path().join("base/customers.csv"), "customer,from,until\nacme,,\n").unwrap();
    let base = "timezone = \"UTC\"\n[scope]\nentitled = { file = \"customers.csv\", key = \"customer\" }\n";
    write(folder.path().join("base/base.toml"), base).unwrap();
    let path = folder.path().join("child.toml");
    write(&path, "inherit = \"base/base.toml\"\n").unwrap();
    let policy = load(&path).unwrap().versions.remove(0);
    let entitled = policy.scope.entitled.unwrap();
    assert_eq!(entitled.file, "base/customers.csv");
    assert_eq!(entitled.customers, [("acme".to_owned(), vec![(None, None)])]);
}

#[test]
fn a_problem_points_into_the_file_it_stands_in() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path().join("base.toml"), "timezone = \"UTC\"\nnmae = 1\n").unwrap();
    let path = folder.path().join("child.toml");
    write(&path, "inherit = \"base.toml\"\n[clock]\npause = []\n").unwrap();
    let shown = load(&path).unwrap_err().to_string();
    let places: Vec<_> = shown.lines().filter(|line| line.starts_with(" --> ")).collect();
    assert!(places[0].ends_with("child.toml:3:1"), "{shown}");
    assert!(places[1].ends_with("base.toml:2:1"), "{shown}");
    assert_eq!(places.len(), 2);
}

#[test]
fn a_shipped_policy_is_inherited_by_its_bare_name() {
    let policy = text("inherit = \"in8sync.toml\"\n[[severity]]\nlevel = 1\nfirst_response = \"1 hour\"\n");
    assert_eq!(policy.name, "policy");
    assert_eq!(policy.severities.len(), 5);
    assert_eq!(policy.severities[0].name, "Critical");
}
