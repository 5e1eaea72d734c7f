//! Lines of at most 80 columns. Nothing of the input can rearrange a terminal: control and direction characters are
//! shown as `�`.

use crate::diag::printable;

/// Widest line, in characters.
pub(super) const WIDTH: usize = 80;

/// Appends `text` in words, the first line after `first`, the following ones after as many spaces as `indent`.
pub(crate) fn wrapped(out: &mut String, first: &str, indent: usize, text: &str) {
    let mut line = printable(first);
    let mut is_bare = true;
    for word in printable(text).split_whitespace() {
        let mut rest = word;
        while !rest.is_empty() {
            let used = line.chars().count();
            let gap = usize::from(!is_bare);
            let n = rest.chars().count();
            if used + gap + n <= WIDTH {
                line.push_str(if is_bare { "" } else { " " });
                line.push_str(rest);
                rest = "";
            } else if is_bare {
                // A word longer than a line is cut: a name of ten thousand letters does no harm.
                let cut =
                    rest.char_indices().nth(WIDTH.saturating_sub(used).max(1)).map_or(rest.len(), |(i, _)| i);
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
        for text in ["word ".repeat(60), "x".repeat(500), format!("a {} b", "y".repeat(81)), String::new()] {
            let mut out = String::new();
            wrapped(&mut out, "  name  ", 8, &text);
            assert!(out.lines().all(|line| line.chars().count() <= WIDTH), "{out}");
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
            assert_eq!(letters(&out), letters(&text) + 4);
        }
    }
}
