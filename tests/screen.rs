//! The checks' screen against their SQL: facts that pass are broken at random, and wherever a condition of a check holds of
//! a row, the screen has to see it, and nowhere else. Every condition has to have been broken alone.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, DictionaryArray, Float64Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use arrow::datatypes::{Field, Int32Type, Schema};
use slaudit::facts::{self, Column, Kind, TABLES};
use slaudit::facts::{Accumulate, Period};
use slaudit::tables::{CHECKS, Cell, Query, Screen, Seeing, Table, Tallies, Tally, run_batch};

/// One row: texts by column; a column that is not there is missing.
type Row = BTreeMap<&'static str, String>;

/// Rows of each of [`TABLES`], in their order.
type Batch = Vec<Vec<Row>>;

/// Checks of every row by itself, the table that they are of, and the column that names the row.
const OF_ROWS: &[(&str, &str, &str)] = &[
    ("cases_null_rules", "cases", "case_id"),
    ("changes_null_rules", "severity_changes", "case_id"),
    ("clocks_null_rules", "clocks", "case_id"),
    ("clocks_time", "clocks", "case_id"),
    ("inactivity_null_rules", "inactivity", "case_id"),
    ("overtaken_null_rules", "overtaken", "response_case_id"),
];

/// Checks of several tables at once.
const OF_TABLES: &[&str] =
    &["changes_of_cases", "clocks_of_cases", "findings_of_clocks", "findings_of_facts"];

/// Rows that pass every check, as `column=value`, by table.
const GOOD: &[(&str, &[&str])] = &[
    (
        "cases",
        &[
            "case_id=A opened_at=1 scope=in n_events=3 first_response_at=2 closed_at=4 closed_by_role=agent new_s=1 open_s=1 \
             waiting_customer_s=0 waiting_other_s=0 resolved_s=1 n_severity_changes=2",
            "case_id=B opened_at=1 scope=out scope_reason=void n_events=1 n_severity_changes=0",
            "case_id=C opened_at=2 scope=in n_events=1 n_severity_changes=1",
        ],
    ),
    (
        "clocks",
        &[
            "case_id=A metric=first_response cycle=1 started_at=1 stopped_at=2 elapsed_s=4 paused_s=1 business_s=2 \
             stale_pause_s=0 target=t target_kind=business target_s=3 margin_s=1 verdict=met kind=commitment masked=true \
             exposed=false",
            "case_id=A metric=next_response cycle=1 started_at=1 stopped_at=5 elapsed_s=4 paused_s=0 business_s=4 \
             stale_pause_s=0 target=t target_kind=business_days margin_s=-1 verdict=missed kind=commitment masked=false \
             exposed=true",
            "case_id=A metric=next_response cycle=2 started_at=2 elapsed_s=4 paused_s=2 stale_pause_s=1 used_share=0.5 \
             verdict=pending kind=best_effort masked=false exposed=false",
            "case_id=A metric=resolution cycle=1 started_at=1 elapsed_s=4 paused_s=0 stale_pause_s=0 verdict=no_target \
             masked=false exposed=false",
            "case_id=A metric=resolution cycle=2 started_at=1 stopped_at=3 elapsed_s=4 paused_s=0 stale_pause_s=0 \
             verdict=withdrawn kind=commitment target=t target_kind=elapsed target_s=5 margin_s=1 masked=false exposed=false",
            "case_id=B metric=first_response cycle=1 started_at=1 elapsed_s=4 paused_s=0 stale_pause_s=0 \
             verdict=out_of_scope reason=void masked=false exposed=false",
            "case_id=B metric=resolution cycle=1 started_at=1 elapsed_s=4 paused_s=0 stale_pause_s=0 verdict=exempt \
             reason=void masked=false exposed=false",
            "case_id=C metric=first_response cycle=1 started_at=2 stopped_at=3 elapsed_s=4 paused_s=0 stale_pause_s=0 \
             target=t target_kind=elapsed target_s=5 margin_s=1 verdict=unanswered kind=commitment masked=false exposed=false",
            "case_id=C metric=resolution cycle=1 started_at=2 elapsed_s=4 paused_s=0 stale_pause_s=0 target=t \
             target_kind=elapsed target_s=5 margin_s=1 verdict=pending kind=commitment masked=false exposed=false",
        ],
    ),
    (
        "severity_changes",
        &[
            "case_id=A change=1 from_severity=1 to_severity=2 direction=downgrade since_opening_s=3 since_opening_business_s=2",
            "case_id=A change=2 from_severity=2 to_severity=1 direction=upgrade since_opening_s=3",
            "case_id=C change=1 to_severity=1 direction=upgrade since_opening_s=3 since_opening_business_s=2",
        ],
    ),
    (
        "inactivity",
        &[
            "case_id=A entered_at=1 started_at=1 n_restarts=0 due_at=3 grace_until_at=4 ended_at=3 ended_how=closed \
             verdict=on_time support_owed=true idle_s=2 idle_business_s=1 waited_s=3 reopened_at=5",
            "case_id=A entered_at=1 started_at=1 n_restarts=0 due_at=3 grace_until_at=4 ended_at=2 ended_how=closed \
             verdict=early support_owed=false idle_s=2 idle_business_s=1 waited_s=3",
            "case_id=A entered_at=1 started_at=2 n_restarts=1 due_at=3 grace_until_at=4 ended_at=5 ended_how=closed \
             verdict=late support_owed=false idle_s=2 idle_business_s=1 waited_s=3",
            "case_id=A entered_at=1 started_at=1 n_restarts=0 due_at=3 grace_until_at=4 ended_at=5 ended_how=returned \
             verdict=returned_overdue idle_s=2 idle_business_s=1 waited_s=3",
            "case_id=B entered_at=1 started_at=1 n_restarts=0 due_at=3 grace_until_at=4 ended_at=2 ended_how=returned \
             verdict=returned idle_s=2 idle_business_s=1 waited_s=3",
            "case_id=B entered_at=1 started_at=1 n_restarts=0 due_at=3 grace_until_at=4 ended_at=4 ended_how=resumed \
             verdict=resumed idle_s=2 idle_business_s=1 waited_s=3",
            "case_id=B entered_at=1 started_at=1 n_restarts=0 due_at=3 grace_until_at=4 ended_how=open verdict=pending \
             idle_s=2 idle_business_s=1 waited_s=3",
            "case_id=C entered_at=1 started_at=1 n_restarts=0 due_at=3 grace_until_at=4 ended_how=open verdict=overdue \
             idle_s=2 idle_business_s=1 waited_s=3",
            "case_id=C entered_at=1 started_at=1 n_restarts=0 ended_at=4 ended_how=resumed verdict=no_target idle_s=2 waited_s=3",
            "case_id=C entered_at=1 started_at=1 n_restarts=0 ended_how=open verdict=out_of_scope idle_s=2 waited_s=3",
        ],
    ),
    (
        "overtaken",
        &[
            "response_case_id=A severity=2 n_overtaken=0",
            "response_case_id=C severity=2 n_overtaken=1 worst_case_id=A worst_severity=1 worst_waited_business_s=0",
        ],
    ),
    (
        "findings",
        &[
            "code=C301 case_id=A",
            "code=C302 case_id=A",
            "code=C303 case_id=C",
            "code=P401 case_id=C",
            "code=R101 case_id=A metric=next_response cycle=1",
            "code=R101 case_id=A metric=resolution cycle=2",
            "code=R101 case_id=C metric=first_response cycle=1",
            "code=D501",
        ],
    ),
];

/// Words that a broken row may have, beside those of the good rows.
const WORDS: &[&str] =
    &["other", "upgrade", "downgrade", "business_days", "in", "out", "C301", "C302", "C303", "P401"];

/// A fixed sequence of numbers that look like chance.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % n
    }

    fn one_of<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.below(all.len())]
    }
}

fn columns_of(table: &str) -> &'static [Column] {
    TABLES.iter().find(|t| t.name == table).unwrap().columns
}

fn good(table: &str) -> Vec<Row> {
    let (_, rows) = GOOD.iter().find(|(name, _)| *name == table).unwrap();
    let cell = |text: &'static str| text.split_once('=').unwrap();
    let cells =
        |row: &&'static str| row.split_whitespace().map(cell).map(|(k, v)| (k, v.to_owned())).collect();
    rows.iter().map(cells).collect()
}

fn good_batch() -> Batch {
    TABLES.iter().map(|table| good(table.name)).collect()
}

/// Another value for one of those columns of the row that `check` mentions.
fn break_cell(row: &mut Row, table: &str, check: &Query, chance: &mut Chance) {
    let is_asked = |column: &&Column| {
        check.mentions(column.name) && !column.name.ends_with("case_id")
            || column.name == "worst_case_id" && check.mentions(column.name)
    };
    let columns: Vec<&Column> = columns_of(table).iter().filter(is_asked).collect();
    if columns.is_empty() {
        return;
    }
    let column = *chance.one_of(&columns);
    let own: BTreeSet<String> = good(table).iter().filter_map(|row| row.get(column.name).cloned()).collect();
    let mut values: Vec<Option<String>> = own.into_iter().map(Some).collect();
    values.push(None);
    match column.kind {
        Kind::Word => values.extend(WORDS.iter().map(|word| Some((*word).to_owned()))),
        Kind::Instant | Kind::Seconds | Kind::Count => values.extend((-1..=6).map(|n| Some(n.to_string()))),
        _ => {}
    }
    match chance.one_of(&values) {
        Some(value) => drop(row.insert(column.name, value.clone())),
        None => drop(row.remove(column.name)),
    }
}

fn array(kind: Kind, cells: &[Option<&str>]) -> ArrayRef {
    let numbers = || cells.iter().map(|cell| cell.map(|text| text.parse::<i64>().unwrap()));
    match kind {
        Kind::Text => Arc::new(cells.iter().copied().collect::<StringArray>()),
        Kind::Word => Arc::new(cells.iter().copied().collect::<DictionaryArray<Int32Type>>()),
        Kind::Instant => Arc::new(numbers().collect::<TimestampMicrosecondArray>().with_timezone("UTC")),
        Kind::Seconds | Kind::Count => Arc::new(numbers().collect::<Int64Array>()),
        Kind::Share => {
            Arc::new(cells.iter().map(|c| c.map(|c| c.parse::<f64>().unwrap())).collect::<Float64Array>())
        }
        Kind::Flag => {
            Arc::new(cells.iter().map(|cell| cell.map(|text| text == "true")).collect::<BooleanArray>())
        }
        Kind::ChangedClocks => unreachable!("left out"),
    }
}

/// The rows as facts; any value may be missing.
fn facts_of(table: &facts::Table, rows: &[Row]) -> RecordBatch {
    let columns = table.columns.iter().filter(|column| column.kind != Kind::ChangedClocks);
    let of = |column: &Column| {
        let cells: Vec<Option<&str>> = rows.iter().map(|row| row.get(column.name).map(|s| &s[..])).collect();
        (Field::new(column.name, column.kind.arrow(), true), array(column.kind, &cells))
    };
    let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = columns.map(of).unzip();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap()
}

fn tables_of(batch: &Batch) -> Vec<RecordBatch> {
    TABLES.iter().zip(batch).map(|(table, rows)| facts_of(table, rows)).collect()
}

fn check(name: &str) -> Query {
    let (name, sql) = CHECKS.iter().find(|(n, _)| *n == name).unwrap();
    Query::parse(name, sql, name).unwrap()
}

/// The check, and one like it for each of its conditions alone: the parts of its last `WHERE` between `OR`.
fn with_conditions(check: &Query) -> Vec<Query> {
    let code: Vec<&str> = check.sql.lines().filter(|line| !line.starts_with("--")).collect();
    let code = code.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
    let (head, conditions) = code.rsplit_once("WHERE ").unwrap();
    let mut depth = 0_usize;
    let mut parts = vec![Vec::new()];
    for word in conditions.split(' ') {
        if word == "OR" && depth == 0 {
            parts.push(Vec::new());
            continue;
        }
        depth = depth + word.matches('(').count() - word.matches(')').count();
        parts.last_mut().unwrap().push(word);
    }
    let alone = |part: &Vec<&str>| {
        let sql = format!("-- title: alone\n-- grain: one failure\n{head}WHERE {}", part.join(" "));
        Query::parse(&part.join(" "), &sql, &check.name).unwrap()
    };
    std::iter::once(check.clone()).chain(parts.iter().map(alone)).collect()
}

fn names(table: &Table, column: &str) -> BTreeSet<String> {
    let column = table.column(column).unwrap();
    let name = |row: &Vec<Cell>| match &row[column] {
        Cell::Text(text) => Some(text.clone()),
        _ => None,
    };
    table.rows.iter().map(|row| name(row).unwrap()).collect()
}

#[test]
fn every_check_of_batches_is_known_and_passes_good_facts() {
    let tables = tables_of(&good_batch());
    let screen = Screen::of(&tables);
    let known: BTreeSet<&str> =
        OF_ROWS.iter().map(|(name, ..)| *name).chain(OF_TABLES.iter().copied()).collect();
    for (name, _) in CHECKS {
        let check = check(name);
        assert_eq!(check.is_of_batches(), known.contains(name), "{name}");
        assert_eq!(screen.passes(name), check.is_of_batches().then_some(true), "{name}");
        if check.is_of_batches() {
            let found = run_batch(&tables, &[check]).unwrap();
            assert_eq!(found[0].rows, Vec::<Vec<Cell>>::new(), "{name}");
        }
    }
}

#[test]
fn the_screen_sees_every_condition_of_a_row_and_no_other() {
    let mut chance = Chance(1);
    for (name, table, id) in OF_ROWS {
        let check = check(name);
        let good = good(table);
        let mut rows = Vec::new();
        for n in 0..6_000 {
            let mut row = chance.one_of(&good).clone();
            for _ in 0..=chance.below(3) {
                break_cell(&mut row, table, &check, &mut chance);
            }
            row.insert(id, n.to_string());
            rows.push(row);
        }
        let at = TABLES.iter().position(|t| t.name == *table).unwrap();
        let mut batch: Batch = vec![Vec::new(); TABLES.len()];
        batch[at] = rows;
        let tables = tables_of(&batch);
        let queries = with_conditions(&check);
        let found: Vec<BTreeSet<String>> =
            run_batch(&tables, &queries).unwrap().iter().map(|table| names(table, id)).collect();
        for (i, condition) in queries.iter().enumerate().skip(1) {
            let is_alone = |id: &&String| (1..queries.len()).all(|k| k == i || !found[k].contains(*id));
            assert!(found[i].iter().any(|id| is_alone(&id)), "{name}: never alone: {}", condition.name);
        }
        for (row, cells) in batch[at].iter().enumerate() {
            let mut one = tables.clone();
            one[at] = one[at].slice(row, 1);
            let fails = found[0].contains(&row.to_string());
            assert_eq!(Screen::of(&one).passes(name), Some(!fails), "{name}: {cells:?}");
        }
    }
}

/// Some rows of a batch are changed, dropped or doubled.
fn broken(check: &Query, chance: &mut Chance) -> Batch {
    let mut batch = good_batch();
    for _ in 0..=chance.below(2) {
        let asked: Vec<usize> = (0..TABLES.len()).filter(|&i| check.mentions(TABLES[i].name)).collect();
        let at = *chance.one_of(&asked);
        let row = chance.below(batch[at].len());
        match chance.below(5) {
            0 => drop(batch[at].remove(row)),
            1 => {
                let double = batch[at][row].clone();
                batch[at].insert(row, double);
            }
            2 => {
                let id = *chance.one_of(&["A", "B", "C", "D"]);
                batch[at][row].insert("case_id", id.to_owned());
            }
            _ => break_cell(&mut batch[at][row], TABLES[at].name, check, chance),
        }
    }
    batch
}

#[test]
fn the_screen_passes_no_tables_that_do_not_fit_each_other() {
    let mut chance = Chance(2);
    for name in OF_TABLES {
        let check = check(name);
        let queries = with_conditions(&check);
        let (mut n_alone, mut n_passed) = (vec![0; queries.len()], 0);
        for _ in 0..300 {
            let batch = broken(&check, &mut chance);
            let tables = tables_of(&batch);
            let found = run_batch(&tables, &queries).unwrap();
            let fails = !found[0].rows.is_empty();
            let passes = Screen::of(&tables).passes(name);
            // Where clocks do not stand by case, only SQL can tell.
            assert!(passes.is_none_or(|passes| passes != fails), "{name}: {passes:?} {batch:?}");
            n_passed += usize::from(passes == Some(true));
            let failed: Vec<usize> = (1..queries.len()).filter(|&i| !found[i].rows.is_empty()).collect();
            if let [alone] = failed[..] {
                n_alone[alone] += 1;
            }
        }
        assert!(n_passed > 10, "{name} passed {n_passed}");
        for (query, n) in queries.iter().zip(n_alone).skip(1) {
            assert!(n > 0, "{name}: never alone: {}", query.name);
        }
    }
}

/// Batches in several workers, as facts are written.
fn settles(batches: &[&Batch]) -> bool {
    let tallies = |batch: &Batch| {
        let mut tallies =
            Tallies { now: Tally::new(Period::default(), &[]), before: None, seen: Some(Seeing::new(&[])) };
        tallies.see(&tables_of(batch));
        tallies
    };
    let all = batches.iter().map(|batch| tallies(batch)).reduce(|mut all, one| {
        all.merge(one);
        all
    });
    all.unwrap().seen.unwrap().finish().unwrap().settles(&check("cases_unique"))
}

#[test]
fn a_case_with_two_rows_is_left_to_the_check() {
    let mut other = good_batch();
    other.iter_mut().flatten().for_each(|row| {
        row.entry("case_id").and_modify(|id| id.push('2'));
    });
    assert!(settles(&[&good_batch()]));
    assert!(settles(&[&good_batch(), &other]));
    assert!(!settles(&[&good_batch(), &other, &good_batch()]));
    other[0][2].insert("case_id", "B".to_owned());
    assert!(!settles(&[&good_batch(), &other]));
    let double = other[0][0].clone();
    other[0].push(double);
    assert!(!settles(&[&other]));
    other[0].pop();
    other[0][0].remove("case_id");
    assert!(!settles(&[&other]));
}
