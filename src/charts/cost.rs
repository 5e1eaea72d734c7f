//! Time over target of commitments by promise, under a proposed policy beside now. Lengths are set beside each other only
//! where both count the same kind of time; elsewhere clocks are counted.

use crate::tables::Table;

use super::rows::{Row, rows};
use super::spec::{Bar, Bars, Quantity, Spec};
use super::theme::{Theme, Tone};
use super::words;
use super::{Chart, NotDrawn, not};

/// The table that it is drawn from.
const TABLE: &str = "cost";

/// Clocks over their targets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Over {
    n: i64,
    seconds: i64,
}

impl Over {
    fn of(row: &Row<'_>, [n, seconds]: [&str; 2]) -> Over {
        Over { n: row.count(n), seconds: row.count(seconds) }
    }

    fn add(&mut self, other: Over) {
        self.n += other.n;
        self.seconds += other.seconds;
    }

    /// The length, or that there is nothing to measure; of prorated clocks there is no single length.
    fn words(self) -> String {
        match self {
            Over { n: 0, .. } => "none".to_owned(),
            Over { seconds: 0, .. } => "no single length".to_owned(),
            Over { seconds, .. } => words::duration(seconds),
        }
    }
}

/// One promise in one kind of time under one proposed policy.
struct Group<'a> {
    metric: &'a str,
    measure: &'a str,
    proposed: &'a str,
    now: Over,
    then: Over,
    /// Both lengths count the same kind of time.
    is_comparable: bool,
}

pub(super) fn chart(tables: &[Table]) -> Result<Chart, NotDrawn> {
    let mut groups = groups(tables);
    // A promise in two kinds of time is comparable as a whole, or not at all.
    let mixed: Vec<(&str, &str)> =
        groups.iter().filter(|g| !g.is_comparable).map(|g| (g.metric, g.proposed)).collect();
    groups.iter_mut().for_each(|g| g.is_comparable = !mixed.contains(&(g.metric, g.proposed)));
    groups.retain(|group| group.now != group.then);
    groups.sort_by_key(|group| (group.metric, group.measure, group.proposed));
    if groups.is_empty() {
        return Err(not(TABLE, "no commitment is over its target for a longer or shorter time"));
    }
    let bars = bars(&groups);
    let told: Vec<String> =
        bars.iter().map(|bar| format!("{}: {}, {}", bar.label, bar.text, bar.aside)).collect();
    let title = title(&groups);
    let note = if mixed.is_empty() {
        "Promises whose time over target stays the same are left out.".to_owned()
    } else {
        "Promises whose time over target stays the same are left out. Lengths cannot be compared where \
         the two do not count time alike."
            .to_owned()
    };
    Ok(Chart {
        name: TABLE.to_owned(),
        alt: format!("{title}. {}.", told.join("; ")),
        title,
        subtitle:
            "Time beyond the target, commitments together: by so much support would have had to be faster"
                .to_owned(),
        note,
        table: TABLE.to_owned(),
        spec: Spec::Bars(Bars {
            quantity: Quantity::Seconds,
            value_name: "time over target, in the kind of the target".to_owned(),
            bars,
        }),
        theme: Theme::default(),
    })
}

fn groups(tables: &[Table]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for row in rows(tables, TABLE).iter().filter(|row| row.text("kind") == Some("commitment")) {
        let word = |name: &str| row.text(name).unwrap_or_default();
        let (metric, measure, proposed) = (word("metric"), word("measure"), word("proposed"));
        let now = Over::of(row, ["n_over", "over_s"]);
        let then = Over::of(row, ["n_over_proposed", "over_proposed_s"]);
        let is_comparable = row.flag("is_comparable") != Some(false);
        let key = (metric, measure, proposed);
        match groups.iter_mut().find(|known| (known.metric, known.measure, known.proposed) == key) {
            Some(group) => {
                group.now.add(now);
                group.then.add(then);
                group.is_comparable &= is_comparable;
            }
            None => groups.push(Group { metric, measure, proposed, now, then, is_comparable }),
        }
    }
    groups
}

/// A bar a policy; of what counts another kind of time under another policy only where there is something to show.
fn bars(groups: &[Group<'_>]) -> Vec<Bar> {
    let mut bars = Vec::new();
    let mut last = None;
    for group in groups {
        let Group { metric, measure, proposed, now, then, is_comparable } = group;
        let mut bar = |policy: &str, over: &Over, tone| {
            if *is_comparable || over.n > 0 {
                bars.push(Bar {
                    label: format!("{}, {}", words::capital(&words::spoken(metric)), words::name(policy)),
                    value: Some(over.seconds as f64),
                    interval: None,
                    text: over.words(),
                    aside: format!("{measure} time, {}", words::counted(over.n, "clock")),
                    tone,
                });
            }
        };
        if last != Some((metric, measure)) {
            bar("now", now, Tone::Neutral);
            last = Some((metric, measure));
        }
        bar(proposed, then, Tone::Accent);
    }
    bars
}

/// The promise whose time over target changes most; where no lengths can be compared, the one with the most clocks.
fn title(groups: &[Group<'_>]) -> String {
    let change = |group: &&Group<'_>| (group.then.seconds - group.now.seconds).abs();
    let comparable = groups.iter().filter(|group| group.is_comparable);
    if let Some(group) = comparable.max_by_key(change) {
        let promise = words::capital(&words::spoken(group.metric));
        let (policy, now, then) = (words::name(group.proposed), group.now.words(), group.then.words());
        return match (group.now, group.then) {
            (Over { n: 0, .. }, _) => {
                format!("{promise} over target for {then} under {policy}; no clock is over it now")
            }
            (_, Over { n: 0, .. }) => {
                format!("{promise} over target for {now} now; no clock is over it under {policy}")
            }
            (Over { seconds: 0, .. }, _) | (_, Over { seconds: 0, .. }) => {
                clocks(group, group.now.n, group.then.n)
            }
            _ => format!("{promise} over target for {then} under {policy}, for {now} now"),
        };
    }
    let sum = |group: &Group<'_>| {
        let of = |other: &&Group<'_>| (other.metric, other.proposed) == (group.metric, group.proposed);
        let of_it = groups.iter().filter(of);
        of_it.fold((0, 0), |(now, then), other| (now + other.now.n, then + other.then.n))
    };
    let most = groups.iter().max_by_key(|group| sum(group));
    most.map_or_else(String::new, |group| {
        let (now, then) = sum(group);
        format!("{}; the two do not count time alike", clocks(group, now, then))
    })
}

/// `First response over target in 3 clocks under next, in 2 now`.
fn clocks(group: &Group<'_>, now: i64, then: i64) -> String {
    let promise = words::capital(&words::spoken(group.metric));
    let (policy, counted) = (words::name(group.proposed), words::counted(then, "clock"));
    if now == then {
        return format!("{promise} over target in {counted} under {policy}, as now");
    }
    format!("{promise} over target in {counted} under {policy}, in {} now", words::grouped(now))
}
