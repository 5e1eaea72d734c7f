//! Comparisons of policies against single replays, over the same random histories: what is worked out together must be
//! what each policy says by itself.

use std::collections::{BTreeMap, BTreeSet};

use slaudit::calendar::{Amount, Instant};
use slaudit::compare::sweep::{self, Axis, Counts, Measure};
use slaudit::compare::whatif::{self, Pairs, What, judged};
use slaudit::facts::{self, Period};
use slaudit::history::History;
use slaudit::ingest::{self, Plan, Profile, Silent};
use slaudit::policy::{self, Book, PromiseKind};
use slaudit::replay::{
    About, CaseFacts, ClockFact, ClockGlance, GlanceWorkspace, Glances, Panel, PanelWorkspace, Replayer,
    SpellFact, SpellVerdict, Verdict, Workspace,
};
use slaudit::tables::{Cell, Tally};

use super::histories;
use super::policies::{self, Reach};
use super::random::Random;

/// Some cases and some policies to judge them by.
struct Some {
    history: History,
    as_of: Instant,
    books: Vec<Book>,
}

fn some(random: &mut Random, texts: &[String]) -> Some {
    let input = histories::any(random, 50);
    let folder = tempfile::tempdir().unwrap();
    let rows = input.write(folder.path());
    std::fs::write(folder.path().join("customers.csv"), policies::CUSTOMERS).unwrap();
    let book = |(i, text): (usize, &String)| {
        let path = folder.path().join(format!("{i}.toml"));
        std::fs::write(&path, text).unwrap();
        policy::load(&path).unwrap()
    };
    let books = texts.iter().enumerate().map(book).collect();
    let as_of = Instant::from_micros(input.as_of);
    let plan = Plan { as_of: Some(as_of), ..Plan::new(rows, Profile::named("canonical").unwrap()) };
    Some { history: ingest::read(&plan, &Silent).unwrap().history, as_of, books }
}

/// Two policies, and two that differ from the first in little: a target, hours, a closed day, a length of inactivity.
fn texts(random: &mut Random) -> Vec<String> {
    let first = policies::any(random, Reach::Everything).text;
    let second = policies::any(random, Reach::Everything).text;
    let little = [
        ("first_response = \"1", "first_response = \"2"),
        ("mon-fri = \"08:00-17:00\"", "mon-fri = \"08:00-19:00\""),
        ("hours = { mon-", "closed = [\"2026-01-06T10:00/2026-01-06T16:00\"]\nhours = { mon-"),
        ("holidays = [\"2026-0", "holidays = [\"2026-01-07\", \"2026-0"),
        ("close_after = \"", "close_after = \"1"),
        ("22:00-06:00", "22:30-06:00"),
    ];
    let changed = |random: &mut Random| {
        let (from, to) = random.pick(&little);
        let made = first.replacen(from, to, 1);
        // A calendar that has closures already keeps them.
        if made.matches("closed = [").count() > 1 { first.clone() } else { made }
    };
    let (third, fourth) = (changed(random), changed(random));
    vec![first, second, third, fourth]
}

fn alone(some: &Some, book: usize) -> BTreeMap<u32, CaseFacts> {
    replayed(some, &Replayer::unranked(&some.books[book], &some.history, some.as_of))
}

fn replayed(some: &Some, replayer: &Replayer<'_>) -> BTreeMap<u32, CaseFacts> {
    let mut workspace = Workspace::default();
    let mut all = BTreeMap::new();
    for case in 0..some.history.n_cases() {
        if let Some(facts) = replayer.case(some.history.case(case), &mut workspace) {
            all.insert(case as u32, facts.clone());
        }
    }
    all
}

/// What a verdict is about: a clock, or a spell by its category.
type Subject = (&'static str, u32);

/// Verdicts of one case; what is without a promise is as if it were not there.
fn verdicts(facts: &CaseFacts) -> BTreeMap<Subject, &'static str> {
    let clocks = facts.clocks.iter().filter(|clock| clock.verdict != Verdict::NoTarget);
    let clocks = clocks.map(|clock| ((clock.metric.word(), clock.cycle), clock.verdict.word()));
    let spells = facts.spells.iter().filter(|spell| spell.verdict != SpellVerdict::NoTarget);
    clocks.chain(spells.map(|spell| ((spell.basis.word(), spell.spell), spell.verdict.word()))).collect()
}

fn text(cell: &Cell) -> &str {
    if let Cell::Text(text) = cell { text } else { "" }
}

#[test]
fn whatif_is_what_each_policy_says_by_itself() {
    let mut random = Random(21);
    let (mut n_flips, mut n_clocks, mut n_again) = (0, 0, 0);
    for _ in 0..60 {
        let texts = texts(&mut random);
        let some = some(&mut random, &texts);
        let labels = ["now", "b", "c", "d"].map(str::to_owned);
        let question = whatif::Question {
            history: &some.history,
            books: &some.books,
            labels: &labels,
            as_of: some.as_of,
            period: None,
        };
        let panel = Panel::new(&some.books, &some.history, some.as_of);
        let all: Vec<BTreeMap<u32, CaseFacts>> = (0..4).map(|book| alone(&some, book)).collect();
        let counting = Replayer::unranked(&some.books[0], &some.history, some.as_of).counting();
        let counted = replayed(&some, &counting);
        let (mut workspace, mut glances) = (PanelWorkspace::default(), GlanceWorkspace::default());
        for case in all[0].keys() {
            let together = panel.case(some.history.case(*case as usize), &mut workspace).unwrap();
            for (book, facts) in together.iter().enumerate() {
                assert_eq!(*facts, all[book][case], "{}", texts[book]);
            }
            let events = some.history.case(*case as usize);
            check_counting(counted.get(case), &all[0][case]);
            for with_due in [true, false] {
                let glances = panel.glance(events, with_due, &mut glances).unwrap();
                assert_eq!(glances.now.case, *case);
                n_clocks += 2 * glances.now.clocks.len();
                n_again += glances.beside[1..].iter().map(|beside| beside.clocks.len()).sum::<usize>();
                for book in 0..4 {
                    check_glance(&glance(glances, book), with_due, &all[book][case], &texts[book]);
                }
            }
        }
        let sums = whatif::count(&question, &panel, &|_| ());
        assert_eq!(sums.n_cases as usize, all[0].len());
        let mut rows = Vec::new();
        let mut early = 0;
        let mut sink = |flips: &[Vec<Cell>], too_early: &[Vec<Cell>]| -> Result<(), ()> {
            rows.extend(flips.to_vec());
            early += too_early.len();
            Ok(())
        };
        let told = whatif::tell(&question, &panel, &sums.flips, Some(&mut sink)).unwrap();
        check_unlisted(&told, &whatif::tell::<()>(&question, &panel, &sums.flips, None).unwrap());
        assert_eq!((told.n_flips as usize, told.n_too_early as usize), (rows.len(), early));
        assert_eq!(
            early,
            sums.flips.iter().filter(|flip| matches!(flip.what, What::TooEarly { .. })).count()
        );
        assert!(rows.iter().all(|row| !text(&row[17]).is_empty()), "no reason\n{}\n{}", texts[0], texts[1]);
        let (listed, expected) = (listed(&rows), expected(&some, &all));
        assert_eq!(listed, expected);
        assert_eq!(rows.len(), expected.len());
        n_flips += rows.len();
        check_pairs(&sums.pairs, &all);
    }
    assert!(n_flips > 1_000, "the policies hardly differ: {n_flips}");
    assert!(
        n_again > 100 && n_again < n_clocks / 2,
        "{n_again} of {n_clocks} clocks differ where little does"
    );
}

/// Without a list the same is told.
fn check_unlisted(listed: &whatif::Told, told: &whatif::Told) {
    assert_eq!((listed.n_flips, listed.n_too_early), (told.n_flips, told.n_too_early));
    assert_eq!(listed.by_reason, told.by_reason);
    assert_eq!(listed.gravest, told.gravest);
}

/// What a replay that only counts leaves out, and nothing else.
fn check_counting(counted: Option<&CaseFacts>, facts: &CaseFacts) {
    let mut expected = facts.clone();
    expected.case.category_open = None;
    for clock in &mut expected.clocks {
        (clock.due_at, clock.started_in_hours) = (None, None);
    }
    expected.spells.iter_mut().for_each(|spell| spell.idle_business = None);
    for finding in expected.findings.iter_mut().filter(|finding| finding.about == About::Case) {
        finding.event = finding.event.filter(|_| finding.clock.is_none());
    }
    // In no particular order: those of one instant and code stand as they were made.
    let mut counted = counted.cloned();
    let sort = |facts: &mut CaseFacts| facts.findings.sort_by_key(|finding| (finding.at, finding.code));
    counted.iter_mut().for_each(sort);
    assert_eq!(counted, Some(expected));
}

/// Version, clocks and spells of one case under one policy.
type Seen = (u32, Vec<ClockGlance>, Vec<SpellFact>);

/// Everything of one book, put together from what the first has and what differs from it.
fn glance(glances: &Glances, book: usize) -> Seen {
    let now = &glances.now;
    let Some(other) = book.checked_sub(1) else {
        return (now.version, now.clocks.clone(), now.spells.clone());
    };
    let beside = &glances.beside[other];
    let named = beside.clocks.iter().filter_map(|(_, then)| then.as_ref()).chain(&now.clocks);
    let mut names: Vec<_> = named.map(ClockGlance::name).collect();
    names.sort_unstable();
    names.dedup();
    let clocks = names.into_iter().filter_map(|(metric, cycle)| glances.clock(other, metric, cycle).copied());
    (beside.version, clocks.collect(), glances.spells(other).to_vec())
}

/// A glance is part of the facts.
fn check_glance((version, clocks, spells): &Seen, with_due: bool, facts: &CaseFacts, policy: &str) {
    assert_eq!(*version, facts.case.version);
    let seen = |spell: &SpellFact| SpellFact {
        idle_business: None,
        waited_business: None,
        support_owed: None,
        reopened_at: None,
        ..spell.clone()
    };
    assert_eq!(*spells, facts.spells.iter().map(seen).collect::<Vec<_>>(), "{policy}");
    let of = |clock: &ClockFact| ClockGlance {
        metric: clock.metric,
        cycle: clock.cycle,
        started_at: clock.started_at,
        stopped_at: clock.stopped_at,
        due_at: clock.due_at.filter(|_| with_due),
        verdict: clock.verdict,
        kind: clock.kind,
        over: clock.margin.filter(|margin| *margin < 0).map(|margin| -margin),
        is_prorated: clock.used_share.is_some(),
        is_business: !matches!(clock.target.map(|t| t.amount()), Some(Amount::Elapsed(_))),
        severity_at_stop: clock.severity_at_stop,
    };
    assert_eq!(*clocks, facts.clocks.iter().map(of).collect::<Vec<_>>(), "{policy}");
}

/// Proposed policy, case, metric or category, cycle, and both verdicts: those of no promise are empty.
type Difference = [String; 6];

/// The rows of the list.
fn listed(rows: &[Vec<Cell>]) -> BTreeSet<Difference> {
    let without = |word: &str| if word == "no_target" { String::new() } else { word.to_owned() };
    let row = |row: &Vec<Cell>| {
        let cycle = if let Cell::Whole(cycle) = row[5] { cycle } else { 0 };
        let metric = if text(&row[3]) == "closure" { text(&row[4]) } else { text(&row[3]) };
        let words = [text(&row[0]), text(&row[2]), metric].map(str::to_owned);
        let [proposed, case, metric] = words;
        [proposed, case, metric, cycle.to_string(), without(text(&row[9])), without(text(&row[10]))]
    };
    rows.iter().map(row).collect()
}

/// What the single replays differ in.
fn expected(some: &Some, all: &[BTreeMap<u32, CaseFacts>]) -> BTreeSet<Difference> {
    let mut expected = BTreeSet::new();
    for (proposed, label) in [(1, "b"), (2, "c"), (3, "d")] {
        for (case, facts) in &all[0] {
            let (now, then) = (verdicts(facts), verdicts(&all[proposed][case]));
            let subjects: BTreeSet<&Subject> = now.keys().chain(then.keys()).collect();
            for subject in subjects {
                let word = |all: &BTreeMap<Subject, &'static str>| all.get(subject).copied().unwrap_or("");
                if word(&now) != word(&then) {
                    let id = some.history.case_ids.at(*case as usize);
                    let cycle = subject.1.to_string();
                    expected
                        .insert([label, id, subject.0, &cycle, word(&now), word(&then)].map(str::to_owned));
                }
            }
        }
    }
    expected
}

/// The pairs add up to what the single replays judge.
fn check_pairs<C>(pairs: &[C], all: &[BTreeMap<u32, CaseFacts>])
where
    C: PairsOf,
{
    for (i, cells) in pairs.iter().enumerate() {
        let mut sum = Pairs::default();
        cells.each(&mut |pairs| sum.add(pairs));
        let count = |book: usize, wanted: Option<bool>| -> u64 {
            let clocks = all[book].values().flat_map(|facts| &facts.clocks);
            clocks
                .filter(|clock| {
                    judged(clock.verdict).is_some_and(|met| wanted.is_none_or(|wanted| wanted == met))
                })
                .count() as u64
        };
        assert_eq!(sum.n() + sum.n_only_now, count(0, None));
        assert_eq!(sum.n() + sum.n_only_proposed, count(i + 1, None));
        assert!(sum.n_both_met + sum.n_lost <= count(0, Some(true)));
        assert!(sum.n_both_met + sum.n_gained <= count(i + 1, Some(true)));
    }
}

/// Cells of pairs, by whatever they are kept in.
trait PairsOf {
    fn each(&self, told: &mut dyn FnMut(&Pairs));
}

impl PairsOf for whatif::Cells<Pairs> {
    fn each(&self, told: &mut dyn FnMut(&Pairs)) {
        self.iter().for_each(|(_, pairs)| told(pairs));
    }
}

#[test]
fn a_policy_beside_itself_changes_nothing() {
    let mut random = Random(22);
    for _ in 0..20 {
        let text = policies::any(&mut random, Reach::Everything).text;
        let some = some(&mut random, &[text.clone(), text]);
        let labels = ["now", "same"].map(str::to_owned);
        let question = whatif::Question {
            history: &some.history,
            books: &some.books,
            labels: &labels,
            as_of: some.as_of,
            period: None,
        };
        let panel = Panel::new(&some.books, &some.history, some.as_of);
        let sums = whatif::count(&question, &panel, &|_| ());
        assert!(sums.flips.iter().all(|flip| matches!(flip.what, What::TooEarly { .. })));
    }
}

const SWEPT: [&str; 9] = [
    "severity.1.first_response=10m..6h/10m",
    "severity.*.first_response=1bh..20bh/1bh",
    "severity.2.next_response=1h,2h,5h,9h,50h",
    "severity.*.resolution=1bd..6bd/1bd",
    "severity.*.update=1h..9h/1h",
    "after_hours.first_response=1h..40h/3h",
    "calendars.*.open=05:00..07:30/30m",
    "calendars.*.close=18:00..23:00/1h",
    "calendars.*.days=mon-sun|mon-sat|mon-fri|tue-wed",
];

#[test]
fn a_sweep_is_what_each_value_gives_by_itself() {
    let mut random = Random(23);
    let mut n = 0;
    for round in 0..45 {
        let text = policies::any(&mut random, Reach::Everything).text;
        let some = some(&mut random, &[text]);
        let swept = SWEPT[round % SWEPT.len()];
        let first = Axis::parse(swept).unwrap();
        let second = Axis::parse(SWEPT[(round / SWEPT.len() + round + 1) % SWEPT.len()]).unwrap();
        for axes in [vec![first.clone()], vec![first.clone(), second]] {
            // A policy that has nothing of the name, or hours that cannot be: said so.
            let Ok(books) = sweep::books(&some.books[0], &axes) else { continue };
            let question = sweep::Question {
                history: &some.history,
                book: &some.books[0],
                axes: &axes,
                measure: axes[0].key.measure(),
                as_of: some.as_of,
                period: None,
            };
            let counts = sweep::count(&question, &books, &|_| ());
            n += 1;
            for (variant, book) in books.iter().enumerate() {
                check_variant(&some, &question, &counts, variant, book);
            }
            check_groups(&counts);
        }
    }
    assert!(n > 30, "{n}");
}

fn check_variant(some: &Some, question: &sweep::Question<'_>, counts: &Counts, variant: usize, book: &Book) {
    let replayer = Replayer::unranked(book, &some.history, some.as_of);
    let tally = facts::fold(&some.history, &replayer, &|| Tally::new(Period::default(), &[]), &|_| ());
    let Measure::Attainment(metric, severity) = question.measure else { panic!("no attainment") };
    let kinds = [Some(PromiseKind::Commitment), Some(PromiseKind::BestEffort)];
    let told = kinds.map(|kind| tally.verdicts(metric, kind, severity.map(Some)));
    let (n, met) = told.iter().fold((0, 0), |(n, met), v| (n + v.judged(), met + v.of(Verdict::Met)));
    let kept = counts.kept[variant];
    assert_eq!((kept.n, kept.n_kept), (n, met), "{:?} {}", question.axes, variant);
    for ((kind, metric, severity), along) in &counts.by_promise {
        let kind = match kind {
            sweep::PromiseOrder::Commitment => PromiseKind::Commitment,
            sweep::PromiseOrder::BestEffort => PromiseKind::BestEffort,
        };
        let verdicts = tally.verdicts(*metric, Some(kind), Some(*severity));
        assert_eq!(along[variant], (verdicts.judged(), verdicts.of(Verdict::Met)), "{metric:?} {severity:?}");
    }
}

/// The cases' own changes add up to what was counted of them all.
fn check_groups(counts: &Counts) {
    let mut sum = vec![(0_i64, 0_i64); counts.kept.len()];
    for (group, n) in &counts.groups {
        for change in group {
            for at in &mut sum[change.from as usize..] {
                at.0 += i64::from(change.judged) * *n as i64;
                at.1 += i64::from(change.kept) * *n as i64;
            }
        }
    }
    let kept: Vec<(i64, i64)> = counts.kept.iter().map(|kept| (kept.n as i64, kept.n_kept as i64)).collect();
    assert_eq!(sum, kept);
}

#[test]
fn a_sweep_of_closing_is_the_close_after_question() {
    let mut random = Random(24);
    let axis = Axis::parse("inactivity.waiting_customer.close_after=1d..20d/1d").unwrap();
    let lengths: Vec<_> = axis
        .values
        .iter()
        .map(|value| match value {
            sweep::Value::Length(length) => *length,
            other => panic!("{other:?}"),
        })
        .collect();
    let mut n_closed = 0;
    for _ in 0..40 {
        let text = policies::any(&mut random, Reach::Everything).text;
        let some = some(&mut random, &[text]);
        let axes = [axis.clone()];
        let Ok(books) = sweep::books(&some.books[0], &axes) else { continue };
        let question = sweep::Question {
            history: &some.history,
            book: &some.books[0],
            axes: &axes,
            measure: axes[0].key.measure(),
            as_of: some.as_of,
            period: None,
        };
        let counts = sweep::count(&question, &books, &|_| ());
        let replayer = Replayer::unranked(&some.books[0], &some.history, some.as_of).asking(&lengths);
        let empty = || Tally::new(Period::default(), &lengths);
        let tally = facts::fold(&some.history, &replayer, &empty, &|_| ());
        for row in tally.question.rows().iter().filter(|row| row.basis.word() == "waiting_customer") {
            assert_eq!(row.answer, counts.closures[row.position - 1]);
            n_closed += row.answer.n_would_close;
        }
        check_groups(&counts);
    }
    assert!(n_closed > 100, "{n_closed}");
}

#[test]
fn a_sweep_of_the_tolerance_is_the_priority_order() {
    let mut random = Random(25);
    let axes = [Axis::parse("priority.tolerance=0bm,30bm,4bh").unwrap()];
    for _ in 0..10 {
        let text = policies::any(&mut random, Reach::Everything).text;
        let some = some(&mut random, &[text]);
        let books = sweep::books(&some.books[0], &axes).unwrap();
        let question = sweep::Question {
            history: &some.history,
            book: &some.books[0],
            axes: &axes,
            measure: axes[0].key.measure(),
            as_of: some.as_of,
            period: None,
        };
        let counts = sweep::count(&question, &books, &|_| ());
        let kept: Vec<u64> = counts.kept.iter().map(|kept| kept.n_kept).collect();
        assert!(kept.is_sorted(), "more patience overtakes fewer: {kept:?}");
        assert_eq!(counts.kept.iter().map(|kept| kept.n).collect::<BTreeSet<_>>().len(), 1);
    }
}
