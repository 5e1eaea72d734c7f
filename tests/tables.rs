//! Compliance tables on facts worked by hand; the checks; the data dictionary and the list
//! of codes; the folder of queries.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod worked;

use std::path::Path;

use slaudit::codes;
use slaudit::facts::{Accumulate, Context, Period, write};
use slaudit::tables::{
    ArrivalHours, CHECKS, Cell, Computed, Made, OPEN_CASES, OpenCases, QUERIES, Query, Seeing, Source,
    Tallies, Tally, dictionary, make,
};

fn run(queries: &[Query]) -> Made {
    let folder = tempfile::tempdir().unwrap();
    let (history, book) = (worked::history(), worked::book());
    let context = Context::new(&history, &book, &[], Period::default());
    let zone = chrono_tz::America::Denver;
    let open_cases = || OpenCases::new(zone, worked::minute(0), worked::minute(600));
    let tallies = || Tallies {
        now: Tally::new(Period::default(), &[]).watching(ArrivalHours::new(&book), open_cases()),
        before: None,
        seen: Some(Seeing::new(queries)),
    };
    let Tallies { now, seen, .. } =
        write(&context, &worked::Worked, &[], folder.path(), &tallies, &|_| ()).unwrap();
    let seen = seen.unwrap().finish().unwrap();
    assert_eq!(seen.failed, []);
    let computed = Computed::all(&now, None, &book, &[]);
    make(&Source { facts: folder.path(), computed: &computed, seen: &seen, has_period: false }, queries)
        .unwrap()
}

fn csv_of(name: &str) -> String {
    let (name, sql) = QUERIES.iter().find(|(n, _)| *n == name).unwrap();
    csv_of_sql(name, sql)
}

fn csv_of_sql(name: &str, sql: &str) -> String {
    let made = run(&[Query::parse(name, sql, name).unwrap()]);
    String::from_utf8(made.tables[0].to_csv().unwrap()).unwrap()
}

#[test]
fn checks_find_nothing() {
    let checks: Vec<Query> = CHECKS.iter().map(|(n, sql)| Query::parse(n, sql, n).unwrap()).collect();
    for table in run(&checks).tables {
        assert_eq!(table.rows, Vec::<Vec<_>>::new(), "{}", table.name);
    }
}

#[test]
fn attainment_by_metric() {
    insta::assert_snapshot!(csv_of("attainment_by_metric"), @"
    metric,kind,n_clocks,n_judged,n_met,n_missed,n_unanswered,n_pending,n_withdrawn,n_no_target,n_no_severity,n_not_seen,n_exempt,n_out_of_scope,attainment,attainment_low,attainment_high
    first_response,commitment,6,3,1,1,1,1,1,0,0,0,1,0,0.3333,0.0615,0.7923
    resolution,,6,0,0,0,0,0,0,6,0,0,0,0,,,
    ");
}

#[test]
fn attainment_by_metric_severity() {
    insta::assert_snapshot!(csv_of("attainment_by_metric_severity"), @"
    metric,kind,severity,n_clocks,n_judged,n_met,n_missed,n_unanswered,n_pending,n_withdrawn,n_no_target,n_no_severity,n_not_seen,n_exempt,n_out_of_scope,attainment,attainment_low,attainment_high
    first_response,commitment,1,2,2,1,1,0,0,0,0,0,0,0,0,0.5000,0.0945,0.9055
    first_response,commitment,2,4,1,0,0,1,1,1,0,0,0,1,0,0.0000,0.0000,0.7935
    resolution,,1,2,0,0,0,0,0,0,2,0,0,0,0,,,
    resolution,,2,4,0,0,0,0,0,0,4,0,0,0,0,,,
    ");
}

#[test]
fn attainment_by_metric_severity_month() {
    insta::assert_snapshot!(csv_of("attainment_by_metric_severity_month"), @"
    metric,kind,severity,month,n_clocks,n_judged,n_met,n_missed,n_unanswered,n_pending,n_withdrawn,n_no_target,n_no_severity,n_not_seen,n_exempt,n_out_of_scope,attainment,attainment_low,attainment_high
    first_response,commitment,1,2026-01,2,2,1,1,0,0,0,0,0,0,0,0,0.5000,0.0945,0.9055
    first_response,commitment,2,2026-01,4,1,0,0,1,1,1,0,0,0,1,0,0.0000,0.0000,0.7935
    resolution,,1,2026-01,2,0,0,0,0,0,0,2,0,0,0,0,,,
    resolution,,2,2026-01,4,0,0,0,0,0,0,4,0,0,0,0,,,
    ");
}

#[test]
fn response_times() {
    insta::assert_snapshot!(csv_of("response_times"), @"
    metric,measure,severity,n,n_answered,target,target_s,after_s,n_within,share
    first_response,business,1,2,2,1 business hour,3600,1800,1,0.5000
    first_response,business,1,2,2,1 business hour,3600,3601,2,1.0000
    first_response,business,2,3,0,,,0,0,0.0000
    first_response,wall,1,2,2,,,1800,1,0.5000
    first_response,wall,1,2,2,,,3601,2,1.0000
    first_response,wall,2,3,0,,,0,0,0.0000
    ");
}

#[test]
fn arrivals_by_hour() {
    let csv = csv_of("arrivals_by_hour");
    assert_eq!(csv.lines().count(), 1 + 7 * 24);
    // Monday 09:00 UTC is 02:00 in Denver; the worked policy has no calendar to be open by.
    let seen: Vec<&str> = csv.lines().filter(|line| !line.ends_with(",0,0,0,")).collect();
    insta::assert_snapshot!(seen.join("\n"), @"
    weekday,hour,n_cases,n_in_hours,n_out_of_hours,open_minutes
    1,2,6,5,1,
    ");
}

#[test]
fn open_cases() {
    insta::assert_snapshot!(csv_of("open_cases"), @"
    counted_on,counted_at,n_open,n_up_to_1_day,n_up_to_7_days,n_up_to_30_days,n_up_to_90_days,n_older
    2026-01-05,2026-01-05T19:00:00Z,6,6,0,0,0,0
    ");
}

/// Opened on 1 December and 1 January at noon UTC: the first was resolved on 15 January at noon, the second is open still; a
/// third like it is out of scope.
#[test]
fn open_cases_are_counted_between_opening_and_last_end() {
    let day = |n: i64| worked::minute(n * 24 * 60 - 9 * 60);
    let noon = |n: i64| worked::minute(n * 24 * 60 + 3 * 60);
    let case = |opened: i64, ended: Option<i64>| {
        let mut facts = worked::replayed(0);
        facts.case.opened_at = noon(opened);
        facts.clocks.retain(|clock| clock.metric == slaudit::replay::Metric::Resolution);
        facts.clocks[0].stopped_at = ended.map(noon);
        facts
    };
    // Days from Monday 5 January: 1 December, 1 January, 15 January.
    let (december, january, middle) = (-35, -4, 10);
    let mut tally = Tally::new(Period::default(), &[]).watching(
        ArrivalHours::default(),
        // From November to 1 April: five ends of months.
        OpenCases::new(chrono_tz::UTC, day(-60), day(86)),
    );
    let mut outside = case(january, None);
    outside.case.out_of_scope = Some(slaudit::replay::Reason::Void);
    // Ended from 15 January to 14 February at noon, then reopened, and open still.
    let mut reopened = case(january, None);
    reopened.ended = vec![(noon(middle), noon(middle + 30))];
    [case(december, Some(middle)), case(january, None), outside, reopened]
        .iter()
        .for_each(|facts| tally.add(facts));
    let computed = Computed::all(&tally, None, &worked::book(), &[]);
    let rows = &computed.iter().find(|table| table.table.name == OPEN_CASES.name).unwrap().rows;
    let text = |cell: &Cell| match cell {
        Cell::Text(text) => text.clone(),
        Cell::Whole(n) => n.to_string(),
        other => format!("{other:?}"),
    };
    let lines: Vec<String> =
        rows.iter().map(|row| row[1..].iter().map(text).collect::<Vec<_>>().join(" ")).collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    2025-11-30 0 0 0 0 0 0
    2025-12-31 1 0 0 0 1 0
    2026-01-31 1 0 0 0 1 0
    2026-02-28 2 0 0 0 2 0
    2026-03-31 2 0 0 0 2 0
    ");
}

#[test]
fn a_chart_header_is_read_and_its_mistakes_are_shown() {
    let query = |chart: &str| {
        format!(
            "-- title: Mine\n-- grain: one metric\n-- chart: {chart}\nSELECT metric, n_clocks FROM verdicts"
        )
    };
    let parsed = Query::parse("mine", &query("bar x=metric y=n_clocks"), "mine.sql").unwrap();
    assert_eq!(parsed.chart.map(|chart| (chart.x, chart.y)), Some(("metric".into(), "n_clocks".into())));
    for wrong in ["pie x=a y=b", "bar", "bar x= y=b", "line y=b x=a", "bar x=a y=b z=c"] {
        let problem = Query::parse("mine", &query(wrong), "mine.sql").unwrap_err();
        assert_eq!((problem.code, problem.position.map(|p| p.line)), ("F104", Some(3)), "{wrong}");
    }
}

#[test]
fn attainment_by_metric_month() {
    insta::assert_snapshot!(csv_of("attainment_by_metric_month"), @"
    metric,kind,month,n_clocks,n_judged,n_met,n_missed,n_unanswered,n_pending,n_withdrawn,n_no_target,n_no_severity,n_not_seen,n_exempt,n_out_of_scope,attainment,attainment_low,attainment_high
    first_response,commitment,2026-01,6,3,1,1,1,1,1,0,0,0,1,0,0.3333,0.0615,0.7923
    resolution,,2026-01,6,0,0,0,0,0,0,6,0,0,0,0,,,
    ");
}

#[test]
fn attainment_by_agent_neutralises_formulas() {
    insta::assert_snapshot!(csv_of("attainment_by_agent"), @"
    agent,metric,kind,n_clocks,n_judged,n_met,n_missed,n_unanswered,n_pending,n_withdrawn,n_no_target,n_no_severity,n_not_seen,n_exempt,n_out_of_scope,attainment,attainment_low,attainment_high
    '=cmd(),first_response,commitment,1,1,0,1,0,0,0,0,0,0,0,0,0.0000,0.0000,0.7935
    Ann,first_response,commitment,2,2,1,0,1,0,0,0,0,0,0,0,0.5000,0.0945,0.9055
    ");
}

#[test]
fn attainment_by_customer() {
    insta::assert_snapshot!(csv_of("attainment_by_customer"), @"
    customer,metric,kind,n_clocks,n_judged,n_met,n_missed,n_unanswered,n_pending,n_withdrawn,n_no_target,n_no_severity,n_not_seen,n_exempt,n_out_of_scope,attainment,attainment_low,attainment_high
    Acme,first_response,commitment,3,2,1,1,0,0,0,0,0,0,1,0,0.5000,0.0945,0.9055
    Acme,resolution,,3,0,0,0,0,0,0,3,0,0,0,0,,,
    Blue,first_response,commitment,2,1,0,0,1,1,0,0,0,0,0,0,0.0000,0.0000,0.7935
    Blue,resolution,,2,0,0,0,0,0,0,2,0,0,0,0,,,
    ,first_response,commitment,1,0,0,0,0,0,1,0,0,0,0,0,,,
    ,resolution,,1,0,0,0,0,0,0,1,0,0,0,0,,,
    ");
}

#[test]
fn a_table_whose_attribute_is_not_there_is_skipped_and_said_so() {
    let (name, sql) = QUERIES.iter().find(|(n, _)| *n == "attainment_by_product").unwrap();
    let made = run(&[Query::parse(name, sql, name).unwrap()]);
    assert_eq!(made.tables, []);
    assert_eq!(made.skipped[0].missing, "cases.product");
}

/// What is counted while the facts are written is what SQL counts over the facts.
#[test]
fn clock_counts_are_what_sql_counts() {
    let keys = "in_period, metric, kind, verdict";
    let more = "reason, severity_at_stop, started_month, n_severity_changes, over_before, masked, exposed, \
                verdict_at_first_severity";
    let both = |of: &str, keys: &str, from: &str| {
        let header = "-- title: Counts\n-- grain: one count";
        let counted = format!("{header}\nSELECT {keys}, n FROM {of} ORDER BY {keys}");
        let counts =
            format!("{header}\nSELECT {keys}, COUNT(*) AS n FROM {from} GROUP BY {keys} ORDER BY {keys}");
        assert!(csv_of_sql("mine", &counted).lines().count() > 3);
        assert_eq!(csv_of_sql("mine", &counted), csv_of_sql("mine", &counts), "{of}");
    };
    both("clock_counts", &format!("{keys}, {more}"), "clocks");
    both(
        "clock_counts_by_agent",
        &format!("stopped_by, {keys}"),
        "(SELECT * FROM clocks WHERE stopped_by_role = 'agent')",
    );
    both(
        "clock_counts_by_customer",
        &format!("customer, {keys}"),
        "(SELECT cases.customer AS customer, clocks.in_period, metric, kind, verdict FROM clocks \
          JOIN cases ON clocks.case_id = cases.case_id)",
    );
}

#[test]
fn verdicts() {
    insta::assert_snapshot!(csv_of("verdicts"), @"
    metric,verdict,reason,n_clocks,n_cases
    first_response,exempt,agent opened,1,1
    first_response,met,,1,1
    first_response,missed,,1,1
    first_response,pending,,1,1
    first_response,unanswered,,1,1
    first_response,withdrawn,,1,1
    resolution,no_target,,6,6
    ");
}

#[test]
fn cases_overview() {
    insta::assert_snapshot!(csv_of("cases_overview"), @"
    severity,n_cases,n_in_scope,n_out_of_scope,n_answered,n_ended,n_going,n_reclassified,n_reopened,n_events,n_customer_messages,n_agent_messages,n_rounds,reclassified,reclassified_low,reclassified_high,reopened,reopened_low,reopened_high
    1,2,2,0,2,0,2,0,0,4,0,2,0,0.0000,0.0000,0.6576,0.0000,0.0000,0.6576
    2,4,4,0,0,1,3,0,0,8,0,4,0,0.0000,0.0000,0.4899,0.0000,0.0000,0.4899
    ");
}

#[test]
fn arrivals() {
    insta::assert_snapshot!(csv_of("arrivals"), @"
    month,n_cases,n_in_hours,n_out_of_hours,n_unknown,n_told,out_of_hours,out_of_hours_low,out_of_hours_high
    2026-01,6,5,1,0,6,0.1667,0.0301,0.5635
    ");
}

#[test]
fn findings() {
    insta::assert_snapshot!(csv_of("findings"), @"
    code,n_findings,n_cases,n_files
    R101,1,1,0
    R102,1,1,0
    ");
}

#[test]
fn durations() {
    insta::assert_snapshot!(csv_of("durations"), @"
    metric,measure,severity,n,n_answered,n_unanswered,n_censored,p50_s,p90_s,km_p50_s,km_p90_s
    first_response,business,,5,2,1,2,1800,3600,3600,
    first_response,business,1,2,2,0,0,1800,3600,1800,3600
    first_response,business,2,3,0,1,2,,,,
    first_response,wall,,5,2,1,2,1800,3600,3600,
    first_response,wall,1,2,2,0,0,1800,3600,1800,3600
    first_response,wall,2,3,0,1,2,,,,
    resolution,business,,6,0,0,6,,,,
    resolution,business,1,2,0,0,2,,,,
    resolution,business,2,4,0,0,4,,,,
    resolution,wall,,6,0,0,6,,,,
    resolution,wall,1,2,0,0,2,,,,
    resolution,wall,2,4,0,0,4,,,,
    ");
}

#[test]
fn priorities() {
    insta::assert_snapshot!(csv_of("priorities"), @"
    severity,n,n_answered,median_s,next_severity,next_median_s,in_order
    1,2,2,1800,2,,
    2,3,0,,,,
    ");
}

#[test]
fn a_query_of_the_user_may_take_everything() {
    let sql = "-- title: All\n-- grain: one finding\nSELECT * FROM findings ORDER BY case_id";
    insta::assert_snapshot!(csv_of_sql("mine", sql), @r#"
    code,case_id,at,metric,cycle,message,file,line,in_period
    R101,b,2026-01-05T10:00:00.500Z,first_response,1,"first response after 1 h of business time, target 1 business hour, over by 1 s",,,true
    R102,c,2026-01-05T09:10:00Z,first_response,1,"ended by the agent without an answer after 10 min of business time, target 1 business hour",,,true
    "#);
}

#[test]
fn every_file_of_the_folder_is_embedded_with_a_header_that_names_its_columns() {
    for (folder, embedded) in [("queries", QUERIES), ("queries/checks", CHECKS)] {
        let mut files: Vec<String> = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter_map(|name| name.strip_suffix(".sql").map(str::to_owned))
            .collect();
        let mut names: Vec<&str> = embedded.iter().map(|(name, _)| *name).collect();
        files.sort();
        names.sort_unstable();
        assert_eq!(names, files, "{folder}");
    }
    for (name, sql) in QUERIES {
        let query = Query::parse(name, sql, name).unwrap();
        assert!(sql.contains("ORDER BY"), "{name} has no order");
        let Some(table) = run(std::slice::from_ref(&query)).tables.pop() else {
            assert!(["attainment_by_product", "channels"].contains(name), "{name} is not made");
            continue;
        };
        let rates = query.rates.len() * 3;
        let described: Vec<&str> = query.columns.iter().map(|(c, _)| c.as_str()).collect();
        assert_eq!(table.columns[..table.columns.len() - rates], described, "{name}");
    }
}

/// Holds a file of the repository against what is made for it; `BLESS=1` writes it anew.
fn assert_up_to_date(file: &str, made: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, made).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), made);
}

#[test]
fn the_data_dictionary_is_up_to_date() {
    assert_up_to_date("queries/README.md", &dictionary().unwrap());
}

#[test]
fn the_list_of_codes_is_up_to_date() {
    assert_up_to_date("docs/codes/README.md", &codes::index());
}
