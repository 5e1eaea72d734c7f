//! One small drawing a kind: its bytes as SVG, and its picture.

use std::path::Path;

use resvg::tiny_skia::Pixmap;
use slaudit::charts::{
    Areas, Bar, Bars, Chart, CurvePanel, CurveTarget, Curves, Heat, Layer, Line, LinePoint, Matrix,
    MatrixCell, Quantity, RateRow, Rates, Rgb, SharePanel, SharePoint, Shares, Spec, Stack, StackPart,
    Stacks, Steps, Theme, Tone,
};

fn share(step: usize, share: f64, low: f64, high: f64) -> SharePoint {
    let (met, n) = ((share * 40.0) as u64, 40);
    SharePoint { step, met, n, share, low, high }
}

fn shares() -> Spec {
    let panel =
        |title: &str, goal, points| SharePanel { title: title.into(), n: "9 of 12".into(), goal, points };
    Spec::Shares(Shares {
        steps: Steps::Months { first: 2026 * 12 + 10, n: 3 },
        steps_name: "month".into(),
        share_name: "share met".into(),
        panels: vec![
            panel("1 Critical", Some(0.9), vec![share(0, 0.95, 0.8, 1.0), share(2, 0.5, 0.3, 0.7)]),
            panel("2 Important", Some(0.9), vec![share(0, 0.85, 0.6, 0.95), share(1, 1.0, 0.7, 1.0)]),
        ],
    })
}

fn rates() -> Spec {
    let row = |label: &str, goal, point| RateRow { label: label.into(), n: "7 of 8".into(), goal, point };
    Spec::Rates(Rates {
        share_name: "share met".into(),
        rows: vec![
            row("1 Critical", Some(0.95), share(0, 0.875, 0.53, 0.98)),
            row("2 Important", None, share(0, 0.5, 0.2, 0.8)),
        ],
    })
}

fn curves() -> Spec {
    let target = CurveTarget { text: "1 business hour".into(), target_s: 3_600, share: 0.5 };
    let panel = |title: &str, target, points: &[(i64, f64)]| CurvePanel {
        title: title.into(),
        n: "n = 4".into(),
        points: points.to_vec(),
        target,
        median_s: Some(3_000),
    };
    Spec::Curves(Curves {
        time_name: "business hours since the opening".into(),
        share_name: "share answered".into(),
        panels: vec![
            panel("1", Some(target), &[(0, 0.25), (3_000, 0.5), (9_000, 1.0)]),
            panel("2", None, &[(600, 0.5), (90_000, 0.75)]),
        ],
    })
}

fn heat() -> Spec {
    let mut counts = vec![[0; 24]; 7];
    let mut open = vec![[false; 24]; 7];
    (counts[0][9], counts[4][23], counts[6][0]) = (12, 3, 1);
    open[..5].iter_mut().for_each(|day| day[8..17].fill(true));
    Spec::Heat(Heat { counts, open, unit: "cases".into() })
}

fn matrix() -> Spec {
    let cell = |n, n_marked| MatrixCell { n, n_marked };
    Spec::Matrix(Matrix {
        levels: vec!["1 Critical".into(), "2 Important".into()],
        cells: vec![vec![cell(0, 0), cell(4, 1)], vec![cell(1_200, 0), cell(0, 0)]],
        from_name: "from severity".into(),
        to_name: "to severity".into(),
    })
}

fn stacks() -> Spec {
    let part = |label: &str, n, tone| StackPart { label: label.into(), n, tone };
    let parts =
        vec![part("on time", 30, Tone::Good), part("early", 9, Tone::Doubtful), part("late", 1, Tone::Bad)];
    Spec::Stacks(Stacks { bars: vec![Stack { title: "Waiting".into(), n: "40 spells".into(), parts }] })
}

fn areas(n: i64) -> Spec {
    let layer =
        |label: &str, base: i64| Layer { label: label.into(), values: (0..n).map(|i| base + i).collect() };
    Spec::Areas(Areas {
        days: (0..n).map(|i| 20_454 + 30 * i).collect(),
        unit: "open cases".into(),
        layers: vec![layer("up to 1 day", 3), layer("older", 1)],
    })
}

fn bars() -> Spec {
    let bar = |label: &str, value: Option<f64>, interval, tone| Bar {
        label: label.into(),
        value,
        interval,
        text: value.map_or("–".into(), |value| format!("{value}")),
        aside: "3 cases".into(),
        tone,
    };
    Spec::Bars(Bars {
        quantity: Quantity::Seconds,
        value_name: "business time".into(),
        bars: vec![
            bar("1", Some(5_400.0), None, Tone::Bad),
            bar("2", None, None, Tone::Accent),
            bar("3", Some(600.0), Some((300.0, 900.0)), Tone::Accent),
        ],
    })
}

fn line() -> Spec {
    let point = |step, value, interval| LinePoint { step, value, interval };
    Spec::Line(Line {
        steps: Steps::Names(vec!["one".into(), "two".into(), "three".into(), "four".into()]),
        steps_name: "name".into(),
        quantity: Quantity::Number,
        value_name: "value".into(),
        points: vec![point(0, -1.5, None), point(1, 4.0, Some((3.0, 5.0))), point(3, 2.0, None)],
    })
}

/// Every kind with its name.
pub fn all() -> Vec<Chart> {
    let specs = [
        ("areas", areas(7)),
        ("columns", areas(2)),
        ("bars", bars()),
        ("curves", curves()),
        ("heat", heat()),
        ("line", line()),
        ("matrix", matrix()),
        ("rates", rates()),
        ("shares", shares()),
        ("stacks", stacks()),
    ];
    specs.map(|(name, spec)| chart(name, spec)).into()
}

fn chart(name: &str, spec: Spec) -> Chart {
    Chart {
        name: name.into(),
        title: "What was found".into(),
        subtitle: "What is counted".into(),
        note: "What to know".into(),
        alt: "What it shows & says \"aloud\".".into(),
        table: "table".into(),
        spec,
        theme: Theme::default(),
    }
}

#[test]
fn every_kind_has_its_golden_bytes() {
    for chart in all() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/charts/{}.svg", chart.name));
        let svg = chart.svg().unwrap();
        assert_eq!(svg, chart.svg().unwrap(), "{}", chart.name);
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&path, &svg).unwrap();
        }
        assert!(std::fs::read_to_string(&path).unwrap() == svg, "{} has changed", path.display());
    }
}

/// Pixels that differ.
fn n_different(a: &Pixmap, b: &Pixmap) -> usize {
    a.pixels().iter().zip(b.pixels()).filter(|(a, b)| a != b).count()
}

#[test]
fn pictures_have_their_size_and_are_not_blank() {
    for chart in all() {
        let png = chart.png(1.5).unwrap();
        assert_eq!(png, chart.png(1.5).unwrap(), "{}", chart.name);
        let picture = Pixmap::decode_png(&png).unwrap();
        let height: f64 = attribute(&chart.svg().unwrap(), "height").parse().unwrap();
        assert_eq!(
            (picture.width(), picture.height()),
            (1_320, (height * 1.5).round() as u32),
            "{}",
            chart.name
        );
        let white = picture.pixels()[0];
        let n_drawn = picture.pixels().iter().filter(|pixel| **pixel != white).count();
        assert!(n_drawn > picture.pixels().len() / 200, "{}: {n_drawn} pixels are drawn", chart.name);
    }
}

fn attribute(svg: &str, name: &str) -> String {
    svg.split(&format!(" {name}=\"")).nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// The drawing loads no font of the machine: letters in the picture are those of the font that ships.
#[test]
fn pictures_have_letters_without_fonts_of_the_machine() {
    let picture = |title: &str| {
        let chart = Chart { title: title.into(), ..chart("bars", bars()) };
        Pixmap::decode_png(&chart.png(1.0).unwrap()).unwrap()
    };
    let without = picture("\u{a0}");
    let n: Vec<usize> = ["First", "First response", "Ответ", "Odpověď", "Απάντηση"]
        .map(|title| n_different(&without, &picture(title)))
        .into();
    assert!(n.iter().all(|n| *n > 300), "{n:?}");
    assert!(n[1] > n[0] * 2, "{n:?}");
}

#[test]
fn the_accent_is_the_themes() {
    let red = Theme::with_accent(Rgb(170, 0, 17));
    let chart = Chart { theme: red, ..chart("line", line()) };
    let svg = chart.svg().unwrap();
    assert!(svg.contains("#AA0011") && !svg.contains("#1F5A83"));
}

#[test]
fn the_text_for_those_who_do_not_see_is_in_the_head() {
    let svg = chart("line", line()).svg().unwrap();
    assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"880\" height=\""));
    assert!(svg.contains("role=\"img\" aria-label=\"What it shows &amp; says &quot;aloud&quot;.\">"));
}
