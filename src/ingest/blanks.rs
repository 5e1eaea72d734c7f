//! Blanks of every kind: plain ones, no-break and other wide or narrow ones, and characters without any width, such as
//! the byte order mark, that exports, spreadsheets and browsers leave in cells (SPEC 3.6). Nobody sees them; a message has
//! to show them. Plain ASCII blanks are the splitters' own.

use std::borrow::Cow;
use std::fmt::Write as _;

/// True for a blank that has a width.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace()
}

/// True for a character that is never seen and takes no room: zero-width characters, joiners, marks of direction, the
/// byte order mark, the soft hyphen.
pub(super) fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}')
        || matches!(c, '\u{FEFF}' | '\u{061C}' | '\u{180E}' | '\u{00AD}')
}

/// `text` without blanks of any kind around it.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(|c| is_blank(c) || is_unseen(c))
}

/// `text` with plain blanks in place of all others, and without what is never seen; `None` where that changes nothing.
pub(super) fn plain(text: &[u8]) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let text = std::str::from_utf8(text).ok()?;
    let seen = text.chars().filter(|c| !is_unseen(*c));
    let plain: String = seen.map(|c| if is_blank(c) { ' ' } else { c }).collect();
    (plain != text).then_some(plain)
}

/// `text` as messages show it: blanks and marks that look like nothing, or like a plain blank, by their number.
pub(super) fn shown(text: &str) -> Cow<'_, str> {
    let hides = |c: char| is_unseen(c) || (is_blank(c) && !c.is_ascii());
    if !text.contains(hides) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if hides(c) {
            let _ = write!(shown, "<U+{:04X}>", u32::from(c));
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::{plain, shown, trim};

    #[test]
    fn blanks_of_every_kind_go_from_the_ends_and_show_in_messages() {
        let cell = "\u{FEFF}\u{202F}\u{200E}A\u{A0}1\u{3000}\u{200B} ";
        assert_eq!(trim(cell), "A\u{A0}1");
        assert_eq!(shown(trim(cell)), "A<U+00A0>1");
        assert_eq!(plain(cell.as_bytes()).as_deref(), Some(" A 1  "));
        assert_eq!(plain("Zoë".as_bytes()), None);
        assert_eq!(plain(b"\xFF"), None);
        assert_eq!(trim("\u{A0}"), "");
    }
}
