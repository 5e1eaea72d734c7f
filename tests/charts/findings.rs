//! What titles say of small tables, and why a chart is not drawn.

use slaudit::charts::{self, Chart, Context, NotDrawn, Spec};
use slaudit::tables::{Cell, Query, Standing, Table};

/// A table of text: the first line names the columns, cells are separated by blanks, `-` is absent.
pub fn table(name: &str, text: &str) -> Table {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let columns = lines.next().unwrap().split_whitespace().map(str::to_owned).collect();
    let rows = lines.map(|line| line.split_whitespace().map(cell).collect()).collect();
    Table { name: name.into(), columns, rows }
}

fn cell(text: &str) -> Cell {
    match text {
        "-" => Cell::Absent,
        "true" | "false" => Cell::Flag(text == "true"),
        _ => match (text.parse::<i64>(), text.parse::<f64>()) {
            (Ok(n), _) => Cell::Whole(n),
            (_, Ok(x)) => Cell::Number(x),
            _ => Cell::Text(text.replace('_', " ").replace("~", "_")),
        },
    }
}

/// The chart `name` of `tables`, with plain blanks.
fn drawn(tables: &[Table], name: &str) -> Chart {
    let charts = charts::all(tables, &context());
    charts.into_iter().find(|chart| chart.name == name).unwrap_or_else(|| panic!("no chart `{name}`"))
}

fn context() -> Context<'static> {
    let severities = [(1, "Critical"), (2, "Important")].map(|(level, name)| (level, name.to_owned()));
    Context { severities: severities.into(), ..Context::default() }
}

fn title(tables: &[Table], name: &str) -> String {
    drawn(tables, name).title.replace('\u{a0}', " ")
}

const ATTAINMENT: &str = "attainment_by_metric_severity_month";

fn attainment(rows: &str) -> Table {
    let head = "metric kind severity month n_judged n_met attainment attainment_low attainment_high";
    table(ATTAINMENT, &format!("{head}\n{rows}"))
}

fn objectives() -> Table {
    table("objectives", "objective goal\nfirst~response 0.9\nfirst~response.severity.1 0.99")
}

/// The months of all severities together.
fn overall(rows: &str) -> Table {
    let head = "metric kind month n_judged n_met attainment attainment_low attainment_high";
    table("attainment_by_metric_month", &format!("{head}\n{rows}"))
}

#[test]
fn attainment_tells_where_the_objective_is_missed_most_often() {
    let months = attainment(
        "first~response commitment 1 2026-01 10 10 1.0 0.72 1.0
         first~response commitment 1 2026-03 10 9 0.9 0.6 0.98
         first~response commitment 2 2026-01 10 2 0.2 0.06 0.51
         first~response commitment 2 2026-02 10 9 0.9 0.6 0.98
         first~response commitment 2 2026-03 10 3 0.3 0.1 0.6
         first~response best~effort 2 2026-02 10 9 0.9 0.6 0.98",
    );
    let all = overall(
        "first~response commitment 2026-01 20 12 0.6 0.39 0.78
         first~response commitment 2026-02 10 9 0.9 0.6 0.98
         first~response commitment 2026-03 20 12 0.6 0.39 0.78",
    );
    let tables = [months, objectives(), all];
    assert_eq!(
        title(&tables, "attainment_first_response"),
        "First response, all severities: 2 of 3 months below the 90 % objective, 2 beyond doubt"
    );
    // An objective asks about commitments.
    assert_eq!(
        title(&tables, "attainment_first_response_best_effort"),
        "First response, best effort, severity 2: 90 % of 10 clocks met"
    );
    let Spec::Shares(shares) = drawn(&tables, "attainment_first_response").spec else { panic!("no panels") };
    assert_eq!(shares.steps.n(), 3);
    let goals: Vec<Option<f64>> = shares.panels.iter().map(|panel| panel.goal).collect();
    // No objective asks about severity 2 by itself: it is held to none.
    assert_eq!(goals, [Some(0.9), Some(0.99), None]);
    assert_eq!(shares.panels[0].title, "All severities");
    assert_eq!(shares.panels[1].points.iter().map(|point| point.step).collect::<Vec<_>>(), [0, 2]);
    // 9 of 10 at a goal of 99 % is a chance of 9.6 %.
    assert_eq!(shares.panels[1].points[1].standing(Some(0.99)), Standing::InDoubt);
}

#[test]
fn attainment_of_one_month_is_a_row_a_severity() {
    let tables = [
        attainment(
            "first~response commitment 1 2026-01 10 10 1.0 0.72 1.0
             first~response commitment 2 2026-01 10 7 0.7 0.4 0.89",
        ),
        objectives(),
    ];
    let chart = drawn(&tables, "attainment_first_response");
    assert_eq!(
        chart.title.replace('\u{a0}', " "),
        "First response: severity 1 at or above the objective in Jan 2026"
    );
    assert!(matches!(chart.spec, Spec::Rates(_)));
    let below = |met: &str| {
        let rows = format!("first~response commitment 1 2026-01 10 {met} 0.9 0.6 0.98");
        title(&[attainment(&rows), objectives()], "attainment_first_response")
    };
    assert_eq!(
        below("9"),
        "First response in Jan 2026: severity 1 at 90 %, below the 99 % objective, within doubt"
    );
    assert_eq!(
        below("8"),
        "First response in Jan 2026: severity 1 at 80 %, below the 99 % objective, beyond doubt"
    );
    let kept = [
        attainment("first~response commitment 1 2026-01 10 10 1.0 0.72 1.0"),
        overall("first~response commitment 2026-01 10 10 1.0 0.72 1.0"),
        objectives(),
    ];
    assert_eq!(
        title(&kept, "attainment_first_response"),
        "First response: at or above each of 2 objectives in Jan 2026"
    );
    let without = &tables[..1];
    assert_eq!(
        title(without, "attainment_first_response"),
        "First response: severity 2 lowest with 70 % met, severity 1 highest with 100 %"
    );
}

#[test]
fn response_times_tell_the_lowest_share_within_a_target() {
    let head = "metric measure severity n n_answered target target_s after_s n_within share";
    let rows = "first~response business 1 4 3 1_business_hour 3600 1800 1 0.25
         first~response business 1 4 3 1_business_hour 3600 3601 3 0.75
         first~response business 2 4 4 2_business_hours 7200 7200 4 1.0
         first~response wall 1 4 3 - - 9000 3 0.75";
    let tables = [table("response_times", &format!("{head}\n{rows}"))];
    assert_eq!(
        title(&tables, "response_times_first_response"),
        "First response: 25 % of severity 1 within 1 business hour, the lowest share"
    );
    let Spec::Curves(curves) = drawn(&tables, "response_times_first_response").spec else {
        panic!("no curves")
    };
    assert_eq!(
        curves.panels.iter().map(|panel| panel.median_s).collect::<Vec<_>>(),
        [Some(3601), Some(7200)]
    );
    let without = rows.lines().map(|line| line.replace("1_business_hour 3600", "- -"));
    let without: Vec<String> = without.map(|line| line.replace("2_business_hours 7200", "- -")).collect();
    let tables = [table("response_times", &format!("{head}\n{}", without.join("\n")))];
    assert_eq!(
        title(&tables, "response_times_first_response"),
        "First response: half of severity 1 within 1h, half of severity 2 within 2h"
    );
}

#[test]
fn a_severity_that_was_never_answered_has_its_curve() {
    let head = "metric measure severity n n_answered target target_s after_s n_within share";
    let answered = "first~response business 1 4 3 - - 1800 1 0.25";
    let never = "first~response business 2 4 0 1_business_hour 3600 0 0 0.0";
    let tables = [table("response_times", &format!("{head}\n{answered}\n{never}"))];
    assert_eq!(
        title(&tables, "response_times_first_response"),
        "First response: 0 % of severity 2 within 1 business hour"
    );
    let tables = [table("response_times", &format!("{head}\n{never}"))];
    let not_drawn = charts::not_drawn(&tables, &context());
    assert!(not_drawn.iter().any(|chart| chart.reason == "nothing was answered"), "{not_drawn:?}");
}

#[test]
fn arrivals_tell_what_came_outside_the_hours() {
    let head = "weekday hour n_cases n_in_hours n_out_of_hours open_minutes";
    let tables = [table("arrivals_by_hour", &format!("{head}\n1 9 6 6 0 60\n2 23 2 0 2 0\n7 0 0 0 0 29"))];
    assert_eq!(
        title(&tables, "arrivals"),
        "25 % of 8 cases were opened outside the opening hours; the busiest hour is Monday 9:00 to 10:00"
    );
    let Spec::Heat(heat) = drawn(&tables, "arrivals").spec else { panic!("no heat map") };
    assert_eq!((heat.counts[1][23], heat.open[0][9], heat.open[6][0]), (2, true, false));
}

#[test]
fn open_cases_tell_how_many_are_old() {
    let head = "counted_on n_open n_up_to_1_day n_up_to_7_days n_up_to_30_days n_up_to_90_days n_older";
    let none = [table("open_cases", &format!("{head}\n2026-01-31 5 5 0 0 0 0\n2026-02-28 0 0 0 0 0 0"))];
    assert_eq!(
        title(&none, "open_cases"),
        "No case was open on 28 Feb 2026; the most were 5, on 31 Jan 2026"
    );
    let tables = [table("open_cases", &format!("{head}\n2026-01-31 5 5 0 0 0 0\n2026-02-28 9 1 2 3 2 1"))];
    assert_eq!(
        title(&tables, "open_cases"),
        "9 cases open on 28 Feb 2026, 3 of them for more than 30 days; on 31 Jan 2026 it was 0 of 5"
    );
}

#[test]
fn inactivity_tells_how_many_closures_were_on_time() {
    let head = "basis severity n_on_time n_early n_late n_overdue n_returned n_no_target";
    let rows = "waiting~customer 1 2 1 0 0 4 0\nwaiting~customer 2 1 0 1 3 0 0\nresolved 1 0 0 0 0 1 0";
    let tables = [table("inactivity", &format!("{head}\n{rows}"))];
    assert_eq!(title(&tables, "inactivity"), "3 of 5 closures for inactivity came on time; 3 cases overdue");
    let Spec::Stacks(stacks) = drawn(&tables, "inactivity").spec else { panic!("no bars") };
    let names: Vec<&str> = stacks.bars.iter().map(|bar| bar.title.as_str()).collect();
    assert_eq!(names, ["Waiting for the customer", "Resolved"]);
    assert_eq!(stacks.bars[0].parts.iter().map(|part| part.n).collect::<Vec<_>>(), [3, 1, 1, 3, 4]);
    let tables = [table("inactivity", &format!("{head}\nresolved 1 0 0 0 0 0 7"))];
    assert_eq!(title(&tables, "inactivity"), "7 spells of waiting, none judged: the policy gives no length");
}

#[test]
fn lengths_tell_which_closes_too_early_most_often() {
    let head = "basis close_after n_spells n_would_close n_false_closures false_closures false_closures_low \
                false_closures_high";
    let five = "waiting~customer 5_business_days 9 8 4 0.5 0.2 0.8";
    let ten = "waiting~customer 10_business_days 9 4 1 0.25 0.05 0.7\nresolved 10_business_days 3 0 0 - - -";
    let tables = [table("close_after", &format!("{head}\n{five}\n{ten}"))];
    assert_eq!(
        title(&tables, "close_after"),
        "Waiting for the customer, closed after 5 business days: 4 of 8 closures too early"
    );
    let Spec::Shares(shares) = drawn(&tables, "close_after").spec else { panic!("no panels") };
    assert_eq!((shares.steps.n(), shares.panels.len(), shares.panels[0].points[1].step), (2, 1, 1));
    let tables = [table("close_after", &format!("{head}\n{five}"))];
    assert!(matches!(drawn(&tables, "close_after").spec, Spec::Rates(_)));
}

#[test]
fn reclassification_tells_both_ways_and_what_was_masked() {
    let head = "from_severity to_severity n_changes n_masked";
    let tables = [table("reclassification_matrix", &format!("{head}\n1 2 5 2\n2 1 3 0\n- 1 1 0"))];
    assert_eq!(
        title(&tables, "reclassification"),
        "9 changes of severity: 3 toward more severe, 5 toward less; 2 masked a miss"
    );
    let Spec::Matrix(matrix) = drawn(&tables, "reclassification").spec else { panic!("no matrix") };
    assert_eq!(matrix.levels, ["1 Critical", "2 Important", "none"]);
    assert_eq!((matrix.cells[0][1].n, matrix.cells[0][1].n_marked, matrix.cells[2][0].n), (5, 2, 1));
}

#[test]
fn priorities_tell_who_waits_longer() {
    let head = "severity n n_answered median_s next_severity next_median_s in_order";
    let wrong = [table("priorities", &format!("{head}\n1 3 3 7200 2 3600 false\n2 4 4 3600 - - -"))];
    assert_eq!(title(&wrong, "priorities"), "Severity 1 waits longer than severity 2: median 2h against 1h");
    let right = [table("priorities", &format!("{head}\n1 3 3 1800 2 3600 true\n2 4 4 3600 - - -"))];
    assert_eq!(
        title(&right, "priorities"),
        "More severe cases are answered sooner: half of severity 1 within 30m, half of severity 2 within 1h"
    );
}

#[test]
fn points_of_weeks_are_not_called_months() {
    let head = "counted_on n_open n_up_to_1_day n_up_to_7_days n_up_to_30_days n_up_to_90_days n_older";
    let subtitle = |dates: &[&str]| {
        let rows: Vec<String> = dates.iter().map(|on| format!("{on} 1 1 0 0 0 0")).collect();
        drawn(&[table("open_cases", &format!("{head}\n{}", rows.join("\n")))], "open_cases").subtitle
    };
    for weeks in [&["2026-05-31", "2026-06-03"][..], &["2026-03-08", "2026-03-15", "2026-03-20"]] {
        assert!(subtitle(weeks).contains("at the end of each week and at the end of the data"), "{weeks:?}");
    }
    let months = ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-02"];
    assert!(subtitle(&months).contains("at the end of each month and"), "{}", subtitle(&months));
}

#[test]
fn best_effort_and_other_verdicts_never_head_a_comparison() {
    let head = "proposed effect metric kind basis verdict verdict~proposed reason n_flips n_cases";
    let said = |rows: &str| {
        let charts = charts::comparison(&[table("flips_by_reason", &format!("{head}\n{rows}"))], &context());
        charts.into_iter().find(|chart| chart.name == "flips_by_reason").unwrap().title
    };
    let apart = "next lost after~hours~response best~effort - met missed new_hours 9 9
         next other closure - resolved early late closure_threshold 30 30";
    assert_eq!(said(apart), "No commitment is lost or gained; 39 other verdicts differ");
    let one = format!("{apart}\nnext lost first~response commitment - met missed new_target 2 2");
    assert_eq!(said(&one), "First response: 2 commitments lost, 0 gained, most by new target");
    let two = format!("{one}\nnext gained update commitment - missed met new_hours 3 3");
    assert_eq!(said(&two), "2 commitments lost, 3 gained, most by new hours");
}

fn cost(rows: &str) -> Chart {
    let head = "proposed metric kind measure n_over over_s n_over_proposed over_proposed_s is_comparable";
    let charts = charts::comparison(&[table("cost", &format!("{head}\n{rows}"))], &context());
    charts.into_iter().find(|chart| chart.name == "cost").unwrap()
}

#[test]
fn lengths_are_compared_in_one_kind_of_time_only() {
    let said = |rows: &str| cost(rows).title.replace('\u{a0}', " ");
    assert_eq!(
        said("next first~response commitment business 2 7200 3 18000 true"),
        "First response over target for 5h under next, for 2h now"
    );
    assert_eq!(
        said("next first~response commitment business 0 0 3 18000 true"),
        "First response over target for 5h under next; no clock is over it now"
    );
    assert_eq!(
        said("next first~response commitment wall 3 18000 0 0 true"),
        "First response over target for 5h now; no clock is over it under next"
    );
    // From business hours to hours, as another promise stays in one kind of time.
    let mixed = "next first~response commitment business 2 57600 0 0 false
         next first~response commitment wall 0 0 2 172800 false";
    let chart = cost(mixed);
    assert_eq!(
        chart.title,
        "First response over target in 2 clocks under next, as now; the two do not count time alike"
    );
    let Spec::Bars(bars) = &chart.spec else { panic!("no bars") };
    assert_eq!(bars.bars.iter().map(|bar| bar.text.as_str()).collect::<Vec<_>>(), ["16h", "48h"]);
    assert_eq!(
        said(&format!("{mixed}\nnext update commitment business 1 60 2 180 true")),
        "Update over target for 3m under next, for 1m now"
    );
}

#[test]
fn a_query_with_a_chart_header_is_drawn_by_its_columns() {
    let sql = "-- title: Met by month\n-- grain: one month\n-- rate kept = n_met / n: met\n-- chart: line x=month y=kept";
    let queries = [Query::parse("mine", sql, "mine.sql").unwrap()];
    let tables = [table("mine", "month kept kept_low kept_high\n2025-12 0.5 0.2 0.8\n2026-02 0.75 0.4 0.9")];
    let context = Context { queries: &queries, ..Context::default() };
    let charts = charts::all(&tables, &context);
    assert_eq!(
        (charts.len(), charts[0].name.as_str(), charts[0].title.as_str()),
        (1, "mine", "Met by month")
    );
    let Spec::Line(line) = &charts[0].spec else { panic!("no line") };
    assert_eq!((line.steps.n(), line.points[1].step, line.points[1].interval), (3, 2, Some((0.4, 0.9))));
    assert_eq!(
        charts[0].alt.replace('\u{a0}', " "),
        "Met by month. Kept by month: 2025-12: 50 %; 2026-02: 75 %."
    );
}

#[test]
fn what_has_nothing_to_show_is_not_drawn_and_says_why() {
    let empty = |name: &str| Table { name: name.into(), ..Table::default() };
    let names = [ATTAINMENT, "response_times", "priorities", "arrivals_by_hour", "open_cases", "inactivity"];
    let tables: Vec<Table> = names.iter().map(|name| empty(name)).collect();
    assert_eq!(charts::all(&tables, &context()), []);
    assert_eq!(charts::not_drawn(&tables, &context()), charts::not_drawn(&[], &context()));
    let reasons: Vec<String> = charts::not_drawn(&tables, &context())
        .into_iter()
        .map(|NotDrawn { name, reason }| format!("{name}: {reason}"))
        .collect();
    let expected = [
        "attainment: nothing was promised",
        "response_times: no clock could be measured",
        "priorities: no severity has a median first response",
        "arrivals: no case was opened",
        "open_cases: no case was open at any time that is counted",
        "inactivity: no case waited to be closed",
        "close_after: no length was asked about",
        "reclassification: no severity was changed",
    ];
    assert_eq!(reasons, expected);
}
