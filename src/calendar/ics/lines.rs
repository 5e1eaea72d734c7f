//! Content lines (RFC 5545, 3.1): bytes are unfolded before they are text, since a fold may stand within a character.

use super::IcsError;

/// `NAME;PARAMETER=VALUE,"VALUE":VALUE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Of its first piece, from 1.
    pub(super) number: u64,
    /// In upper case.
    pub(super) name: String,
    /// Names in upper case; quotes are taken off.
    pub(super) parameters: Vec<(String, Vec<String>)>,
    /// What comes after the first colon outside quotes, as written.
    pub(super) value: String,
}

impl Line {
    /// The first value of a parameter.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let (_, values) = self.parameters.iter().find(|(own, _)| own == name)?;
        values.first().map(String::as_str)
    }

    /// True where its value is `word`, case and blanks aside.
    pub(super) fn is(&self, word: &str) -> bool {
        self.value.trim().eq_ignore_ascii_case(word)
    }
}

/// The content lines of a file.
///
/// # Errors
/// Text that is not UTF-8; a line without a name or a colon, or with a quote that does not end.
pub(super) fn lines(bytes: &[u8]) -> Result<Vec<Line>, IcsError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let read = |(number, bytes): (u64, Vec<u8>)| match String::from_utf8(bytes) {
        Ok(text) => line(number, &text),
        Err(error) => {
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let hint = "save the file as UTF-8";
            Err(IcsError::new(number, format!("expected UTF-8, found bytes that are none: `{text}`"), hint))
        }
    };
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Err(IcsError::new(1, "expected UTF-8, found UTF-16", "save the file as UTF-8"));
    }
    let lines = unfolded(bytes);
    let first = lines.first().map_or((1, String::new()), |(number, bytes)| {
        (*number, String::from_utf8_lossy(bytes).trim().to_owned())
    });
    if !first.1.eq_ignore_ascii_case("BEGIN:VCALENDAR") {
        let found = if first.1.is_empty() { "an empty file".to_owned() } else { format!("`{}`", first.1) };
        let hint = "name an iCalendar file; a page where one can be downloaded is none";
        return Err(IcsError::new(first.0, format!("expected `BEGIN:VCALENDAR`, found {found}"), hint));
    }
    lines.into_iter().map(read).collect()
}

/// Lines with their numbers, those that begin with a blank joined to the one before; empty ones are left out.
fn unfolded(bytes: &[u8]) -> Vec<(u64, Vec<u8>)> {
    let mut lines: Vec<(u64, Vec<u8>)> = Vec::new();
    for (i, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match (line, lines.last_mut()) {
            ([], _) => {}
            ([b' ' | b'\t', rest @ ..], Some((_, last))) => last.extend_from_slice(rest),
            _ => lines.push((i as u64 + 1, line.to_vec())),
        }
    }
    lines
}

fn line(number: u64, text: &str) -> Result<Line, IcsError> {
    let wrong = |found: &str| {
        let hint =
            "a line is a name, a colon and a value; one that goes on in the next begins there with a blank";
        IcsError::new(number, format!("expected a line such as `SUMMARY:Company day`, found {found}"), hint)
    };
    let shown = || format!("`{text}`");
    let end = text.find([':', ';']).ok_or_else(|| wrong(&shown()))?;
    let name = text[..end].trim().to_ascii_uppercase();
    if name.is_empty()
        || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
    {
        return Err(wrong(&shown()));
    }
    let mut parameters = Vec::new();
    let mut rest = &text[end..];
    while let Some(after) = rest.strip_prefix(';') {
        let (name, mut values) = after.split_once('=').ok_or_else(|| wrong(&shown()))?;
        let mut all = Vec::new();
        loop {
            let value = match values.strip_prefix('"') {
                Some(quoted) => {
                    let (value, after) = quoted
                        .split_once('"')
                        .ok_or_else(|| wrong(&format!("a quote that does not end: `{text}`")))?;
                    values = after;
                    value
                }
                None => {
                    let end = values.find([',', ';', ':']).ok_or_else(|| wrong(&shown()))?;
                    let value = &values[..end];
                    values = &values[end..];
                    value
                }
            };
            all.push(value.to_owned());
            match values.strip_prefix(',') {
                Some(after) => values = after,
                None => break,
            }
        }
        parameters.push((name.trim().to_ascii_uppercase(), all));
        rest = values;
    }
    let value = rest.strip_prefix(':').ok_or_else(|| wrong(&shown()))?;
    Ok(Line { number, name, parameters, value: value.to_owned() })
}
