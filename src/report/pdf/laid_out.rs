//! Tests of the page as it is laid out: which text stands where. What a reader of PDF makes of the bytes is not seen here.

use typst::layout::{Abs, Frame, FrameItem, Point};
use typst_layout::PagedDocument;

use crate::tables::Cell;

use super::super::document::{Column, Grid, Part, Point as Entry, Report, Section, Show, Standing};
use super::super::theme::{Logo, Theme};
use super::typeset::{data, pdf, ready, typeset};

/// A run of text on a page, pt from its upper left corner.
struct Run {
    page: usize,
    text: String,
    left: f64,
    right: f64,
    y: f64,
}

fn report(parts: Vec<Part>) -> Report {
    Report {
        title: "Support in October".to_owned(),
        head: vec![("Period".to_owned(), "2026-10".to_owned())],
        sections: vec![Section { id: "glance", title: "At a glance".to_owned(), parts }],
        cases: Vec::new(),
        zone: chrono_tz::America::Denver,
        theme: Theme::default(),
    }
}

fn grid(shows: &[Show], rows: Vec<Vec<Cell>>) -> Grid {
    let column = |(i, show): (usize, &Show)| Column {
        name: format!("column_{i}"),
        label: format!("Column {i}"),
        doc: String::new(),
        show: *show,
    };
    Grid {
        name: "own".to_owned(),
        title: "A table".to_owned(),
        columns: shows.iter().enumerate().map(column).collect(),
        n_all: rows.len(),
        rows,
        ..Grid::default()
    }
}

fn laid_out(report: &Report) -> PagedDocument {
    typeset(report, data(report).unwrap()).unwrap()
}

fn runs(document: &PagedDocument) -> Vec<Run> {
    let mut all = Vec::new();
    for (page, laid) in document.pages().iter().enumerate() {
        collect(&laid.frame, Point::zero(), page, &mut all);
    }
    all
}

fn collect(frame: &Frame, origin: Point, page: usize, all: &mut Vec<Run>) {
    for (at, item) in frame.items() {
        let at = origin + *at;
        match item {
            FrameItem::Group(group) => {
                collect(&group.frame, at + Point::new(group.transform.tx, group.transform.ty), page, all);
            }
            FrameItem::Text(text) => all.push(Run {
                page,
                text: text.text.to_string(),
                left: at.x.to_pt(),
                right: (at.x + text.width()).to_pt(),
                y: at.y.to_pt(),
            }),
            _ => {}
        }
    }
}

/// All text that is on pages, without places to break.
fn read(document: &PagedDocument) -> String {
    let text: Vec<String> = runs(document).into_iter().map(|run| run.text).collect();
    text.join("\n").replace('\u{200b}', "").replace('\u{a0}', " ")
}

/// Every run stands within the margins of its A4 page.
fn assert_inside(document: &PagedDocument) {
    let (margin, width, height) = (Abs::mm(15.0).to_pt(), Abs::mm(210.0).to_pt(), Abs::mm(297.0).to_pt());
    for run in runs(document) {
        let is_inside = run.left > margin - 1.0
            && run.right < width - margin + 1.0
            && run.y > margin
            && run.y < height - 20.0;
        assert!(
            is_inside,
            "page {}: {:?} at {} to {}, {}",
            run.page + 1,
            run.text,
            run.left,
            run.right,
            run.y
        );
    }
}

#[test]
fn cells_are_shown_as_on_every_page_and_numbers_stand_to_the_right() {
    let shows = [Show::Word, Show::Count, Show::Share, Show::Seconds, Show::Instant];
    let row = |n: i64| {
        vec![
            Cell::Text("first_response".into()),
            Cell::Whole(n),
            Cell::Number(0.704),
            Cell::Whole(18_720),
            Cell::Text("2026-03-04T20:00:00Z".into()),
        ]
    };
    let answer = Part::Answer(Standing::Bad, "No. `1` of 6 is missed.".to_owned());
    let points =
        Part::Points(vec![Entry::new("see there").more("glance"), Entry::new("and not").more("gone")]);
    let document =
        laid_out(&report(vec![answer, points, Part::Grid(grid(&shows, vec![row(1_234), row(5)]))]));
    let text = read(&document);
    for wanted in [
        "first response",
        "1,234",
        "70.4%",
        "5h 12m",
        "2026-03-04 13:00",
        "✗",
        "page 1 of 1",
        "America/Denver",
    ] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
    let runs = runs(&document);
    let right = |wanted: &str| runs.iter().find(|run| run.text == wanted).map(|run| run.right).unwrap();
    assert!((right("1,234") - right("5")).abs() < 0.01);
    assert_inside(&document);
}

#[test]
fn a_long_table_is_cut_and_repeats_its_headings() {
    let rows: Vec<Vec<Cell>> =
        (0..500).map(|n| vec![Cell::Whole(n), Cell::Text(format!("row {n}"))]).collect();
    let document = laid_out(&report(vec![Part::Grid(grid(&[Show::Count, Show::Text], rows))]));
    let text = read(&document);
    assert!(text.contains("The first 60 of 500 rows; all of them in tables/own.csv."), "{text}");
    assert!(text.contains("row 59") && !text.contains("row 60"));
    let pages = document.pages().len();
    assert!((2..4).contains(&pages), "{pages} pages");
    assert_eq!(text.matches("Column 1").count(), pages);
}

/// Texts that would do harm where they are taken for more than text, or for less room than they need.
fn hostile() -> Vec<String> {
    let texts = [
        "#panic() #set page(fill: red) $x^2$ = heading <glance> @glance \\u{41}",
        "#read(\"/etc/passwd\") `code` *bold* _it_ //no /* */ https://evil.example",
        "bell\u{7} \u{1b}[31m \u{202e}gnp.exe\u{2066} line\nbreak\u{2028}\ttab",
        "العربية עברית 中文 😀",
    ];
    let long = [
        "x".repeat(10_000),
        "W".repeat(10_000),
        "word ".repeat(2_000),
        "e\u{301}\u{302}\u{303}".repeat(2_000),
    ];
    texts.into_iter().map(str::to_owned).chain(long).collect()
}

#[test]
fn hostile_text_stays_text_and_on_the_page() {
    let shows = [Show::Case, Show::Text, Show::Word, Show::Count, Show::Instant];
    let row = |text: String| {
        let text = || Cell::Text(text.clone());
        vec![text(), text(), text(), Cell::Whole(1), text()]
    };
    let mut parts = vec![Part::Grid(grid(&shows, hostile().into_iter().map(row).collect()))];
    for text in hostile() {
        parts.push(Part::Answer(Standing::None, text.clone()));
        parts.push(Part::Text(text.clone()));
        parts.push(Part::Heading(text.chars().take(300).collect()));
        parts.push(Part::Points(vec![Entry::new(text)]));
    }
    for title in hostile() {
        let report =
            Report { title: title.clone(), head: vec![(String::new(), title)], ..report(parts.clone()) };
        let document = laid_out(&report);
        assert_inside(&document);
        let text = read(&document).replace('\n', "");
        for wanted in ["#panic()", "#read(\"/etc/passwd\")", "*bold*", "<glance> @glance"] {
            assert!(text.contains(wanted), "{wanted}");
        }
        assert!(!text.contains(['\u{7}', '\u{1b}', '\u{202e}', '\u{2066}']));
        assert!(document.pages().len() < 60, "{} pages", document.pages().len());
        parts.truncate(1);
        parts.push(Part::Text(hostile().concat()));
    }
}

#[test]
fn a_table_of_many_columns_is_drawn_in_parts() {
    let shows = [[Show::Text, Show::Count, Show::Word]; 20].concat();
    let cell = |show: &Show| match show {
        Show::Count => Cell::Whole(123_456_789_012),
        _ => Cell::Text("a_word_that_is_rather_long and another".to_owned()),
    };
    let row: Vec<Cell> = shows.iter().map(cell).collect();
    let document = laid_out(&report(vec![Part::Grid(grid(&shows, vec![row]))]));
    assert_inside(&document);
    let text = read(&document);
    assert!(text.contains(" of 60"), "{text}");
    let text = text.replace('\n', " ").replace("  ", " ");
    let missing: Vec<usize> = (0..60).filter(|i| !text.contains(&format!("Column {i} "))).collect();
    assert_eq!(missing, [0_usize; 0], "{text}");
}

#[test]
fn an_empty_report_and_one_without_rows_are_pages_too() {
    let empty = Report { sections: Vec::new(), head: Vec::new(), title: String::new(), ..report(Vec::new()) };
    assert_eq!(laid_out(&empty).pages().len(), 1);
    let document =
        laid_out(&report(vec![Part::Grid(grid(&[Show::Text], Vec::new())), Part::Points(Vec::new())]));
    assert!(read(&document).contains("No rows."));
}

#[test]
fn the_same_report_gives_the_same_bytes_and_claims_only_what_it_keeps() {
    let of = |text: &str| pdf(&report(vec![Part::Text(text.to_owned())])).unwrap();
    let has =
        |bytes: &[u8], wanted: &str| bytes.windows(wanted.len()).any(|window| window == wanted.as_bytes());
    let plain = of("Kept.");
    assert_eq!(plain, of("Kept."));
    assert!(plain.starts_with(b"%PDF-1.7") && has(&plain, "pdfuaid:part") && has(&plain, "/StructTreeRoot"));
    assert!(!has(&plain, "/CreationDate") && !has(&plain, "/ModDate"));
    let boxes = of("中文");
    assert!(!has(&boxes, "pdfuaid:part") && has(&boxes, "/StructTreeRoot"));
}

#[test]
fn a_logo_is_set_or_refused_before_any_work() {
    let theme = |media_type, bytes: &str| Theme {
        logo: Some(Logo { media_type, bytes: bytes.as_bytes().to_vec(), alt: "Ours".to_owned() }),
        ..Theme::default()
    };
    let svg = |inner: &str| {
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"30\" height=\"10\">{inner}</svg>")
    };
    ready(&theme("image/svg+xml", &svg("<rect width=\"9\" height=\"9\"/>"))).unwrap();
    for (media_type, bytes) in [
        ("image/svg+xml", svg("<image href=\"/etc/hostname.png\" width=\"9\" height=\"9\"/>")),
        ("image/png", "\u{89}PNG, but not whole".to_owned()),
    ] {
        let error = ready(&theme(media_type, &bytes)).unwrap_err().to_string();
        assert!(error.contains("error[F109]: logo cannot be set into `report.pdf`"), "{error}");
    }
}
