//! The look that a report takes on for its owner: accent colour and logo, from a small TOML file (`--theme`). Not the
//! words: the title is an argument.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::codes;
use crate::diag::{Diagnostic, Error, Position};

use super::manifest::{Hashed, sha256};

/// Largest logo, in bytes: it stands in the page itself.
const LOGO_BYTES: u64 = 512 << 10;

/// A valid theme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// `#rrggbb`, for headings and marks; dark enough to be read on white.
    pub accent: String,
    /// A picture for the head.
    pub logo: Option<Logo>,
    /// The file that it was read from, with its hash.
    pub file: Option<Hashed>,
}

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    /// `image/png`, `image/jpeg` or `image/svg+xml`.
    pub media_type: &'static str,
    /// The file's bytes.
    pub bytes: Vec<u8>,
    /// What it shows, for those who do not see it.
    pub alt: String,
}

impl Default for Theme {
    fn default() -> Theme {
        Theme { accent: "#1f5a83".to_owned(), logo: None, file: None }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ThemeFile {
    accent: Option<String>,
    logo: Option<PathBuf>,
    logo_alt: Option<String>,
}

impl Theme {
    /// The file that it was read from.
    pub(super) fn path(&self) -> Option<&Path> {
        self.file.as_ref().map(|file| Path::new(&file.path))
    }

    /// Reads a theme file: `accent = "#rrggbb"`, `logo = "FILE"` (PNG, JPEG or SVG beside the file, at most 512 KiB),
    /// `logo_alt = "what it shows"`; all may be left out.
    ///
    /// # Errors
    /// [`Error::Invalid`] where the file or the logo cannot be read (F109), is not TOML of these keys (F101), or a value
    /// is not understood (F104).
    pub fn read(path: &Path) -> Result<Theme, Error> {
        let problem = |code, message: String, hint: &str| {
            let position = Position { path: path.display().to_string(), ..Position::default() };
            Error::Invalid(vec![Diagnostic::error(code, message).at(position).hint(hint)])
        };
        let text = std::fs::read_to_string(path)
            .map_err(|e| problem(codes::F109, format!("theme cannot be read: {e}"), "check the path"))?;
        let file: ThemeFile = toml::from_str(&text).map_err(|e| {
            let message = format!("theme not understood: {}", e.message());
            problem(codes::F101, message, "its keys are `accent`, `logo` and `logo_alt`")
        })?;
        let hashed = Hashed { path: path.display().to_string(), sha256: sha256(text.as_bytes()) };
        let mut theme = Theme { file: Some(hashed), ..Theme::default() };
        if let Some(accent) = file.accent {
            check_accent(&accent).map_err(|expected| {
                problem(
                    codes::F104,
                    format!("expected {expected}, found `{accent}`"),
                    "for example `#1f5a83`",
                )
            })?;
            theme.accent = accent.to_lowercase();
        }
        if let Some(logo) = file.logo {
            let logo_path = path.parent().unwrap_or(Path::new(".")).join(&logo);
            let (media_type, bytes) = read_logo(&logo_path).map_err(|cause| {
                let message = format!("logo `{}` cannot be used: {cause}", logo.display());
                problem(
                    codes::F109,
                    message,
                    "a PNG, JPEG or SVG file of at most 512 KiB, beside the theme file",
                )
            })?;
            theme.logo = Some(Logo { media_type, bytes, alt: file.logo_alt.unwrap_or_default() });
        }
        Ok(theme)
    }
}

fn read_logo(path: &Path) -> Result<(&'static str, Vec<u8>), String> {
    let length = std::fs::metadata(path).map_err(|e| e.to_string())?.len();
    if length > LOGO_BYTES {
        return Err(format!("it has {length} bytes"));
    }
    let bytes = std::fs::read(path).map_err(|e| e.to_string())?;
    let media_type = match bytes.as_slice() {
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        _ if path.extension().is_some_and(|e| e == "svg") => "image/svg+xml",
        _ => return Err("it is none of these".to_owned()),
    };
    Ok((media_type, bytes))
}

/// A colour that can be read on white: WCAG contrast of at least 4.5 to 1.
fn check_accent(text: &str) -> Result<(), &'static str> {
    let channels = rgb(text).ok_or("a colour as `#` and six hexadecimal digits")?;
    let linear = channels.map(|c| {
        let c = f64::from(c) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    });
    let luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    if 1.05 / (luminance + 0.05) < 4.5 { Err("a colour dark enough to be read on white") } else { Ok(()) }
}

/// The channels of `#rrggbb`.
fn rgb(text: &str) -> Option<[u8; 3]> {
    let digits =
        text.strip_prefix('#').filter(|d| d.len() == 6 && d.bytes().all(|b| b.is_ascii_hexdigit()))?;
    let channel = |i: usize| u8::from_str_radix(&digits[i..i + 2], 16).ok();
    Some([channel(0)?, channel(2)?, channel(4)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_dark_colour_is_an_accent() {
        assert_eq!(check_accent("#1F5A83"), Ok(()));
        assert!(check_accent("#ffcc00").is_err_and(|e| e.contains("dark")));
        assert!(check_accent("blue").is_err());
        assert!(check_accent("#12é45").is_err());
    }
}
