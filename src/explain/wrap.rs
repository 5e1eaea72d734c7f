//! Lines of at most 80 columns. Nothing of the input can rearrange a terminal: control and direction characters are
//! shown as `�`.

use crate::diag::{fitting, printable, width};

/// Widest line, in columns of a terminal.
pub(super) const WIDTH: usize = 80;

/// Appends `text` in words, the first line after `first`, the following ones after as many spaces as `indent`.
pub(crate) fn wrapped(out: &mut String, first: &str, indent: usize, text: &str) {
    let mut line = printable(first);
    let mut is_bare = true;
    for word in printable(text).split_whitespace() {
        let mut rest = word;
        while !rest.is_empty() {
            let used = width(&line);
            let gap = usize::from(!is_bare);
            let n = width(rest);
            if used + gap + n <= WIDTH {
                line.push_str(if is_bare { "" } else { " " });
                line.push_str(rest);
                rest = "";
            } else if is_bare {
                // A word longer than a line is cut: a name of ten thousand letters does no harm.
                let cut = fitting(rest, WIDTH.saturating_sub(used));
                line.push_str(&rest[..cut]);
                rest = &rest[cut..];
            }
            is_bare = false;
            if !rest.is_empty() {
                push_line(out, &line);
                line = " ".repeat(indent);
                is_bare = true;
            }
        }
    }
    push_line(out, &line);
}

/// Appends `line` without the spaces at its end.
pub(super) fn push_line(out: &mut String, line: &str) {
    out.push_str(line.trim_end());
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_within_the_width_whatever_the_words() {
        let wide = ["東京".repeat(100), "東京 支店 ".repeat(30), "e\u{301}".repeat(300)];
        let plain = ["word ".repeat(60), "x".repeat(500), format!("a {} b", "y".repeat(81)), String::new()];
        for text in wide.into_iter().chain(plain) {
            let mut out = String::new();
            wrapped(&mut out, "  name  ", 8, &text);
            assert!(out.lines().all(|line| width(line) <= WIDTH), "{out}");
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
            assert_eq!(letters(&out), letters(&text) + 4);
        }
    }
}
