//! Whether two books count business time by the same hours. Where they do not, lengths of business time under the one and
//! under the other cannot be compared: a longer day has more of it.

use crate::calendar::Calendar;
use crate::policy::{Book, Policy};

/// True where a severity that both books define is open at other times under the one than under the other. Versions are
/// held against each other by the date from which they hold; names of calendars and of files do not count.
pub fn hours_differ(now: &Book, proposed: &Book) -> bool {
    if let ([now], [proposed]) = (now.versions.as_slice(), proposed.versions.as_slice()) {
        return versions_differ(now, proposed);
    }
    let dates = now.versions.iter().chain(&proposed.versions).map(|version| version.effective_from);
    dates.into_iter().any(|date| {
        let on = |book: &'_ Book| book.versions.iter().rposition(|version| version.effective_from <= date);
        let pair = on(now).zip(on(proposed));
        pair.is_some_and(|(a, b)| versions_differ(&now.versions[a], &proposed.versions[b]))
    })
}

fn versions_differ(now: &Policy, proposed: &Policy) -> bool {
    now.severities.iter().any(|rule| {
        let theirs = proposed.severity(rule.level).and_then(|theirs| proposed.calendars.get(theirs.calendar));
        let own = now.calendars.get(rule.calendar);
        own.zip(theirs).is_some_and(|(own, theirs)| !is_open_alike(own, theirs))
    })
}

fn is_open_alike(a: &Calendar, b: &Calendar) -> bool {
    let named = Calendar { name: b.name.clone(), holiday_files: b.holiday_files.clone(), ..a.clone() };
    named == *b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_open_time_counts() {
        let book = crate::policy::load_built_in("in8sync-targets.toml").unwrap();
        let changed = |change: fn(&mut Policy)| {
            let mut other = book.clone();
            change(&mut other.versions[0]);
            hours_differ(&book, &other)
        };
        assert!(!changed(|policy| policy.calendars[0].name = "other".to_owned()));
        assert!(!changed(|policy| policy.severities.truncate(1)));
        assert!(changed(|policy| policy.calendars[0].week[0][0].to += 3_600));
        assert!(changed(|policy| policy.calendars[0].week[5] = policy.calendars[0].week[4].clone()));
        assert!(changed(|policy| policy.calendars[0].tz = chrono_tz::Europe::Berlin));
    }
}
