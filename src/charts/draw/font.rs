//! The font that ships: how wide a text is in it, on every machine. Inter, under the SIL Open Font License
//! (`font/OFL.txt`). Not a text layout engine: one line, left to right.

use std::sync::OnceLock;

use plotters::style::{FontDesc, FontFamily, FontStyle, register_font};

/// The regular weight.
pub(super) const REGULAR: &[u8] = include_bytes!("../font/Inter-Regular.otf");
/// The heavier one.
pub(super) const SEMIBOLD: &[u8] = include_bytes!("../font/Inter-SemiBold.otf");

/// The font as pages take it in: range of weights, and the file.
pub const FONTS: [(&str, &[u8]); 2] = [("400", REGULAR), ("600 700", SEMIBOLD)];

/// What an SVG asks for: a browser without Inter takes the font of its own interface.
pub(super) const FAMILY: &str = "Inter, system-ui, sans-serif";

/// Plotters takes the size of a font to be its line's, and writes a 1.24th of it.
pub(super) const PLOTTERS_SIZE: f64 = 1.24;

/// Weight of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

impl Weight {
    pub(super) const fn style(self) -> FontStyle {
        match self {
            Weight::Regular => FontStyle::Normal,
            Weight::Bold => FontStyle::Bold,
        }
    }
}

/// Makes the font known to plotters, once.
fn register() {
    static DONE: OnceLock<()> = OnceLock::new();
    DONE.get_or_init(|| {
        // A font that cannot be read shows when it is measured; a test holds that both can.
        let _ = register_font(FAMILY, FontStyle::Normal, REGULAR);
        let _ = register_font(FAMILY, FontStyle::Bold, SEMIBOLD);
    });
}

/// Width of `text` at `size` px, in px; where no font can be measured, half an em a character.
pub(super) fn width(text: &str, size: f64, weight: Weight) -> f64 {
    register();
    // Measured large: plotters answers in whole pixels.
    const LARGE: f64 = 1_000.0;
    let font = FontDesc::new(FontFamily::Name(FAMILY), LARGE * PLOTTERS_SIZE, weight.style());
    let measured = font.box_size(text).map(|(width, _)| f64::from(width));
    measured.unwrap_or_else(|_| text.chars().count() as f64 * LARGE / 2.0) * size / LARGE
}

/// `text`, or as much of its beginning as fits into `room` px, with `…`.
pub(super) fn fitted(text: &str, size: f64, weight: Weight, room: f64) -> String {
    if width(text, size, weight) <= room {
        return text.to_owned();
    }
    let chars: Vec<char> = text.chars().collect();
    let beginning = |n: usize| {
        let kept: String = chars[..n].iter().collect();
        format!("{}…", kept.trim_end())
    };
    // The longest that fits; widths grow with length.
    let (mut fits, mut too_long) = (0, chars.len());
    while too_long - fits > 1 {
        let middle = usize::midpoint(fits, too_long);
        if width(&beginning(middle), size, weight) <= room { fits = middle } else { too_long = middle }
    }
    beginning(fits)
}

/// `text` in lines of at most `room` px, broken between words, at most `most` of them; what is too long is cut.
pub(super) fn wrapped(text: &str, size: f64, weight: Weight, room: f64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let is_last = lines.len() >= most;
        match lines.last_mut() {
            Some(line) if is_last || width(&format!("{line} {word}"), size, weight) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.iter().map(|line| fitted(line, size, weight, room)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_weights_can_be_read_and_differ() {
        let widths = [Weight::Regular, Weight::Bold].map(|weight| width("First response", 100.0, weight));
        // Between a third and two thirds of an em a letter: not the half em of a font that is not there.
        assert!(widths.iter().all(|w| (450.0..=950.0).contains(w) && *w != 700.0), "{widths:?}");
        assert!(widths[0] < widths[1]);
    }

    #[test]
    fn texts_are_cut_and_wrapped_to_the_room() {
        let long = "support ".repeat(50);
        let cut = fitted(&long, 15.0, Weight::Regular, 200.0);
        assert!(cut.ends_with('…') && width(&cut, 15.0, Weight::Regular) <= 200.0, "{cut}");
        let lines = wrapped(&long, 15.0, Weight::Regular, 200.0, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|line| width(line, 15.0, Weight::Regular) <= 200.0));
        assert_eq!(fitted("x", 15.0, Weight::Regular, 1.0), "…");
    }
}
