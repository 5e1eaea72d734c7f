//! Layout with tables that nobody hopes for: nine severities over five years, counts of billions, names of ten
//! thousand characters with marks of direction and control characters. No text may leave the sheet or lie on another.

use resvg::usvg::{Group, Node, Options, Rect, Tree, fontdb};
use slaudit::charts::{self, Chart, Context};
use slaudit::tables::{Cell, Query, Table};

use super::drawings;

const NAMES: [&str; 9] = [
    "Critical: the whole business of the customer stands still and nobody can work",
    "\u{202e}back to front\u{2066} and\u{200f} on",
    "<script>alert('1')</script> & \"more\"",
    "4",
    "with\u{1b}[31m control\u{7}\ncharacters\u{85}",
    "Änderungswunsch größeren Umfangs",
    "Κρίσιμο",
    "",
    "W",
];

fn whole(n: i64) -> Cell {
    Cell::Whole(n)
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn table(name: &str, columns: &str, rows: Vec<Vec<Cell>>) -> Table {
    Table { name: name.into(), columns: columns.split_whitespace().map(str::to_owned).collect(), rows }
}

fn attainment(n_months: i64) -> Table {
    let mut rows = Vec::new();
    for level in 1..=9 {
        for month in (0..n_months).filter(|month| (month + level) % 7 != 0 || n_months == 1) {
            let share = 1.0 - ((month * level) % 11) as f64 / 20.0;
            let numbers = [share, (share - 0.1).max(0.0), (share + 0.1).min(1.0)].map(Cell::Number);
            let month = format!("{}-{:02}", 2021 + month / 12, month % 12 + 1);
            let words = [text("first_response"), text("commitment"), whole(level), text(&month)];
            let counts = [whole(9_000_000_000), whole(8_000_000_000)];
            rows.push(words.into_iter().chain(counts).chain(numbers).collect());
        }
    }
    table(
        "attainment_by_metric_severity_month",
        "metric kind severity month n_judged n_met attainment attainment_low attainment_high",
        rows,
    )
}

fn response_times() -> Table {
    let row = |level: i64, i: i64| {
        let target = if level % 2 == 0 {
            [Cell::Absent, Cell::Absent]
        } else {
            [text("4 business hours"), whole(14_400)]
        };
        let mut row =
            vec![text("first_response"), text("business"), whole(level), whole(987_654_321), whole(1)];
        row.extend(target);
        row.extend([whole(i * i * i * 60 * level), whole(i), Cell::Number(i as f64 / 120.0)]);
        row
    };
    let rows = (1..=9).flat_map(|level| (1..=100).map(move |i| row(level, i))).collect();
    let columns = "metric measure severity n n_answered target target_s after_s n_within share";
    table("response_times", columns, rows)
}

fn matrix() -> Table {
    let pairs = (1..=9).flat_map(|from| (1..=9).map(move |to| (from, to))).filter(|(from, to)| from != to);
    let rows =
        pairs.map(|(from, to)| vec![whole(from), whole(to), whole(10_i64.pow(from as u32)), whole(to * to)]);
    table("reclassification_matrix", "from_severity to_severity n_changes n_masked", rows.collect())
}

fn inactivity() -> Table {
    let columns = "basis n_on_time n_early n_late n_overdue n_returned n_returned_overdue n_closed_by_customer \
                   n_resumed n_pending n_no_target";
    let row = |basis: &str| [text(basis)].into_iter().chain((0..10).map(|i| whole(10_i64.pow(i)))).collect();
    table("inactivity", columns, vec![row("waiting_customer"), row("resolved")])
}

fn priorities() -> Table {
    let row = |level: i64| {
        let median = if level == 4 { Cell::Absent } else { whole((10 - level) * 1_000_000) };
        let rest = [whole(level + 1), whole(60), Cell::Flag(level > 3)];
        [whole(level), whole(10_i64.pow(level as u32))].into_iter().chain([median]).chain(rest).collect()
    };
    table(
        "priorities",
        "severity n median_s next_severity next_median_s in_order",
        (1..=9).map(row).collect(),
    )
}

fn open_cases(n: i64) -> Table {
    let row = |i: i64| {
        let ages = [i * 1_000_000, 1, 0, i % 3, 400_000_000];
        let on = text(&format!("{}-{:02}-28", 2021 + i / 12, i % 12 + 1));
        [on, whole(ages.iter().sum())].into_iter().chain(ages.map(whole)).collect()
    };
    let columns = "counted_on n_open n_up_to_1_day n_up_to_7_days n_up_to_30_days n_up_to_90_days n_older";
    table("open_cases", columns, (0..n).map(row).collect())
}

fn arrivals() -> Table {
    let hours = (1..=7).flat_map(|day| (0..24).map(move |hour| (day, hour)));
    let row = |(day, hour): (i64, i64)| {
        let n = day * hour * 40_000_000;
        vec![whole(day), whole(hour), whole(n), whole(n / 2), whole(n - n / 2), whole(hour * 5 % 61)]
    };
    let columns = "weekday hour n_cases n_in_hours n_out_of_hours open_minutes";
    table("arrivals_by_hour", columns, hours.map(row).collect())
}

fn own() -> Table {
    let long = "x".repeat(10_000);
    let row = |i: usize| {
        let name = if i == 3 { long.clone() } else { format!("{} {i}", NAMES[i % 9]) };
        vec![Cell::Text(name), Cell::Number(if i == 5 { f64::NAN } else { (i as f64 - 4.0) * 1e9 })]
    };
    table("mine", "name value", (0..70).map(row).collect())
}

fn charts_of(n_months: i64, shape: &str) -> Vec<Chart> {
    let objective = vec![text("first_response"), Cell::Number(0.95)];
    let tables = [
        attainment(n_months),
        table("objectives", "objective goal", vec![objective]),
        response_times(),
        matrix(),
        inactivity(),
        priorities(),
        open_cases(n_months),
        arrivals(),
        own(),
    ];
    let sql = format!("-- title: {}\n-- grain: <one>\n-- chart: {shape} x=name y=value", NAMES[1]);
    let queries = [Query::parse("mine", &sql, "mine.sql").unwrap()];
    let mut severities: Vec<(i64, String)> = (1..).zip(NAMES.map(str::to_owned)).collect();
    severities[8].1 = "W".repeat(10_000);
    charts::all(
        &tables,
        &Context { severities: severities.into_iter().collect(), queries: &queries, ..Context::default() },
    )
}

fn tree(svg: &str) -> Tree {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/charts/font/");
    let mut fonts = fontdb::Database::new();
    for name in ["Inter-Regular.otf", "Inter-SemiBold.otf"] {
        fonts.load_font_data(std::fs::read(format!("{folder}{name}")).unwrap());
    }
    Tree::from_str(svg, &Options { fontdb: std::sync::Arc::new(fonts), ..Options::default() }).unwrap()
}

/// Every text with the box that it takes, px.
fn texts(group: &Group, found: &mut Vec<(String, Rect)>) {
    for node in group.children() {
        match node {
            Node::Group(group) => texts(group, found),
            Node::Text(text) => {
                let words: String = text.chunks().iter().map(|chunk| chunk.text()).collect();
                found.push((words, text.abs_bounding_box()));
            }
            _ => {}
        }
    }
}

/// Letters are less high than their line: a third of it, above and below, is room.
fn overlap(a: &Rect, b: &Rect) -> bool {
    let across = a.right().min(b.right()) - a.left().max(b.left());
    let down = a.bottom().min(b.bottom()) - a.top().max(b.top());
    across > 0.5 && down > a.height().min(b.height()) * 0.3
}

fn problems(chart: &Chart) -> Vec<String> {
    let svg = chart.svg().unwrap();
    let tree = tree(&svg);
    let mut found = Vec::new();
    texts(tree.root(), &mut found);
    assert!(found.len() > 3, "{} has texts", chart.name);
    let mut problems = Vec::new();
    for (i, (words, at)) in found.iter().enumerate() {
        let is_inside = at.left() >= 0.0 && at.top() >= 0.0;
        if !is_inside || at.right() > tree.size().width() || at.bottom() > tree.size().height() {
            problems.push(format!("{}: `{words}` leaves the sheet: {at:?}", chart.name));
        }
        for (other, there) in &found[i + 1..] {
            if overlap(at, there) {
                problems.push(format!("{}: `{words}` lies on `{other}`", chart.name));
            }
        }
    }
    problems
}

#[test]
fn what_lies_on_another_is_seen() {
    let at = |x, y| Rect::from_xywh(x, y, 50.0, 16.0).unwrap();
    assert!(overlap(&at(0.0, 0.0), &at(49.0, 10.0)));
    assert!(!overlap(&at(0.0, 0.0), &at(50.0, 0.0)) && !overlap(&at(0.0, 0.0), &at(0.0, 12.0)));
}

#[test]
fn no_text_leaves_the_sheet_or_lies_on_another() {
    let awkward = [(60, "bar"), (1, "line"), (2, "bar"), (7, "line")].map(|(n, shape)| charts_of(n, shape));
    let all: Vec<Chart> = awkward.into_iter().flatten().chain(drawings::all()).collect();
    let problems: Vec<String> = all.iter().flat_map(problems).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_chart_is_drawn_and_none_has_harmful_characters() {
    let charts = charts_of(60, "bar");
    let names: Vec<&str> = charts.iter().map(|chart| chart.name.as_str()).collect();
    let expected = [
        "attainment_first_response",
        "response_times_first_response",
        "priorities",
        "arrivals",
        "open_cases",
        "inactivity",
        "reclassification",
        "mine",
    ];
    assert_eq!(names, expected);
    for chart in &charts {
        let svg = chart.svg().unwrap();
        let harmful = |c: char| {
            (c.is_control() && c != '\n')
                || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
        };
        assert_eq!(svg.chars().find(|c| harmful(*c)), None, "{}", chart.name);
        assert!(!svg.contains("<script") && !chart.alt.chars().any(harmful), "{}", chart.name);
        assert!(svg.len() < 400_000, "{}: {} bytes", chart.name, svg.len());
        assert!(chart.title.chars().count() < 200 && chart.alt.chars().count() < 10_000, "{}", chart.name);
    }
}
