//! Words, numbers and lists as the summary writes them.

use std::fmt::Write as _;

pub(in crate::report) use crate::diag::cut;
use crate::diag::{printable, width, width_of};
use crate::facts::By;
use crate::replay::{Metric, Verdict};

use super::WIDTH;

/// A heading and its points, wrapped; nothing where there is no point.
pub(in crate::report) fn write_list(text: &mut String, title: &str, points: &[String]) {
    if points.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{title}");
    for point in points {
        let mut line = "-".to_owned();
        for word in printable(point).split_whitespace() {
            if width(&line) + 1 + width(word) > WIDTH && line.chars().any(|c| c != ' ') {
                let _ = writeln!(text, "{line}");
                line = " ".to_owned();
            }
            line.push(' ');
            line.push_str(word);
        }
        let _ = writeln!(text, "{line}");
    }
}

pub(in crate::report) const fn by_words(by: By) -> &'static str {
    match by {
        By::Start => "start",
        By::Due => "fall due",
        By::Stop => "stop",
    }
}

pub(in crate::report) const fn metric_name(metric: Metric) -> &'static str {
    match metric {
        Metric::FirstResponse => "first response",
        Metric::AfterHoursResponse => "after-hours response",
        Metric::NextResponse => "next response",
        Metric::Update => "update",
        Metric::Resolution => "resolution",
    }
}

pub(super) const fn short_name(metric: Metric) -> &'static str {
    match metric {
        Metric::FirstResponse => "first",
        Metric::AfterHoursResponse => "after-hours",
        Metric::NextResponse => "next",
        Metric::Update => "update",
        Metric::Resolution => "resolution",
    }
}

pub(super) const fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::OutOfScope => "out of scope",
        Verdict::Exempt => "exempt",
        Verdict::NotSeen => "not seen",
        Verdict::NoSeverity => "no severity",
        Verdict::NoTarget => "no target",
        Verdict::Withdrawn => "withdrawn",
        Verdict::Unanswered => "unanswered",
        Verdict::Missed => "missed",
        Verdict::Pending => "pending",
        Verdict::Met => "met",
    }
}

pub(in crate::report) fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

/// Whole seconds in at most nine characters: `45s`, `12m`, `5h 12m`, `1,234h`.
pub(in crate::report) fn brief(seconds: i64) -> String {
    let total = seconds.unsigned_abs();
    match (total / 3_600, total / 60 % 60) {
        (0, 0) => format!("{total}s"),
        (0, minutes) => format!("{minutes}m"),
        (hours, minutes) if hours < 100 => format!("{hours}h {minutes:02}m"),
        (hours, _) => format!("{}h", grouped(hours)),
    }
}

/// `1,234,567`.
pub(in crate::report) fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The end of `text` in at most `columns` of a terminal, `…` in place of what is cut: of a path the end tells.
pub(super) fn ending(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut left = columns.saturating_sub(1);
    let fits = |c: &char| {
        let fits = width_of(*c) <= left;
        left = left.saturating_sub(width_of(*c));
        fits
    };
    let kept: Vec<char> = text.chars().rev().take_while(fits).collect();
    ['…'].into_iter().chain(kept.into_iter().rev()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_texts_cut() {
        assert_eq!(
            ["0", "999", "1,000", "1,234,567"],
            [0, 999, 1_000, 1_234_567].map(grouped).each_ref().map(String::as_str)
        );
        assert_eq!(cut("abcdef", 4), "abc…");
        assert_eq!(ending("abcdef", 4), "…def");
        assert_eq!(ending("東京支店", 6), "…支店");
    }

    #[test]
    fn long_points_wrap_at_the_width() {
        let mut text = String::new();
        write_list(&mut text, "Assumed", &["word ".repeat(40)]);
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
    }
}
