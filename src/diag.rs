//! A [`Diagnostic`] says what is wrong with data or with a file of the user's: code, place, what was expected,
//! what was found, one hint. This is the only place that renders one. Not for errors that stop a run by
//! themselves: the caller collects diagnostics and then decides.

mod width;

pub use width::{cut, fitting, padded, width, width_of};

use std::fmt;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The run goes on and the report tells of it.
    Warning,
    /// The row is rejected, or the file cannot be used.
    Error,
}

impl Level {
    /// The word in messages.
    const fn word(self) -> &'static str {
        match self {
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }
}

/// Where something stands in a file of the user's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Position {
    /// The path as the user gave it.
    pub path: String,
    /// Line, from 1; 0: the file as a whole.
    pub line: u64,
    /// Column in characters, from 1; 0: the line as a whole.
    pub column: u64,
    /// The case id, where one is known.
    pub case: Option<String>,
}

/// One thing that is wrong, with its place and the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// A code of [`crate::codes`].
    pub code: &'static str,
    /// How bad it is.
    pub level: Level,
    /// Lower case, back-ticks round what the user wrote, what was expected and what was found.
    pub message: String,
    /// Where.
    pub position: Option<Position>,
    /// The line of the file, without its end; shown with a caret under the column.
    pub excerpt: Option<String>,
    /// How many characters of the excerpt are meant; at least 1 is underlined.
    pub width: usize,
    /// What to do, one sentence.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// An error with code and message; the rest is added by the `at`, `excerpt` and `hint` methods.
    pub fn error(code: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            level: Level::Error,
            message: message.into(),
            position: None,
            excerpt: None,
            width: 1,
            hint: None,
        }
    }

    /// A warning with code and message.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic { level: Level::Warning, ..Diagnostic::error(code, message) }
    }

    /// With its place.
    pub fn at(mut self, position: Position) -> Diagnostic {
        self.position = Some(position);
        self
    }

    /// With the line it is about and how many characters of it are meant.
    pub fn excerpt(mut self, line: impl Into<String>, width: usize) -> Diagnostic {
        self.excerpt = Some(line.into());
        self.width = width.max(1);
        self
    }

    /// With the way out.
    pub fn hint(mut self, hint: impl Into<String>) -> Diagnostic {
        self.hint = Some(hint.into());
        self
    }
}

impl Diagnostic {
    /// As a JSON object, for editors and scripts: `code`, `severity` (`error` or `warning`), `message`, `path`, `line`
    /// and `column` (from 1; null: the file, or the line, as a whole), `width` (how many characters of the line are
    /// meant, null without a column), `case`, `hint`. Texts are as they are, neither cut nor made safe for a terminal.
    pub fn to_json(&self) -> serde_json::Value {
        let position = self.position.as_ref();
        let above_zero = |n: u64| (n > 0).then_some(n);
        let column = position.and_then(|at| above_zero(at.column));
        serde_json::json!({
            "code": self.code,
            "severity": self.level.word(),
            "message": self.message,
            "path": position.map(|at| &at.path),
            "line": position.and_then(|at| above_zero(at.line)),
            "column": column,
            "width": column.map(|_| self.width),
            "case": position.and_then(|at| at.case.as_ref()),
            "hint": self.hint,
        })
    }
}

/// Longest message, hint or case id shown, in characters: a cell may have millions.
const TEXT_CHARS: usize = 1_500;

/// `text` for a terminal, cut where it is longer than any message of ours.
fn bounded(text: &str) -> String {
    let mut shown: String = text.chars().take(TEXT_CHARS).map(visible).collect();
    if text.chars().nth(TEXT_CHARS).is_some() {
        shown.push('…');
    }
    shown
}

/// Longest excerpt shown, in characters; the part around the column is kept.
const EXCERPT_CHARS: usize = 100;

impl fmt::Display for Diagnostic {
    /// `error[D501]: …`, ` --> path:line:column (case ID)`, the excerpt with a caret, `hint: …`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]: {}", self.level.word(), self.code, bounded(&self.message))?;
        let mut gutter = 1;
        if let Some(position) = &self.position {
            write!(f, "\n --> {}", printable(&position.path))?;
            if position.line > 0 {
                write!(f, ":{}", position.line)?;
                gutter = position.line.to_string().len();
                if position.column > 0 {
                    write!(f, ":{}", position.column)?;
                }
            }
            if let Some(case) = &position.case {
                write!(f, " (case {})", bounded(case))?;
            }
            if let (Some(line), true) = (&self.excerpt, position.line > 0) {
                write_excerpt(f, line, position, self.width, gutter)?;
            }
        }
        match &self.hint {
            Some(hint) => write!(f, "\nhint: {}", bounded(hint)),
            None => Ok(()),
        }
    }
}

fn write_excerpt(
    f: &mut fmt::Formatter<'_>,
    line: &str,
    position: &Position,
    width: usize,
    gutter: usize,
) -> fmt::Result {
    let column = position.column.max(1) as usize - 1;
    let skip = if column > EXCERPT_CHARS - 20 { column - 20 } else { 0 };
    let shown: String = line.chars().skip(skip).take(EXCERPT_CHARS).map(visible).collect();
    write!(f, "\n{:gutter$} |\n{} | {shown}", "", position.line)?;
    if position.column > 0 {
        // Columns of the terminal, not characters: the caret stands below what is meant in every script.
        let at = shown.char_indices().nth(column - skip).map_or(shown.len(), |(i, _)| i);
        let (before, meant) = shown.split_at(at);
        let meant: String = meant.chars().take(width).collect();
        let indent = self::width(before) + (column - skip).saturating_sub(before.chars().count());
        let carets = "^".repeat(self::width(&meant).max(1));
        write!(f, "\n{:gutter$} | {:indent$}{carets}", "", "")?;
    }
    Ok(())
}

/// A control or direction character would rearrange the terminal, one that ends a line or a paragraph the page: it is
/// shown as `�`.
fn visible(c: char) -> char {
    match c {
        '\t' => ' ',
        '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{61C}' => '\u{FFFD}',
        c if c.is_control() => '\u{FFFD}',
        c => c,
    }
}

/// `text` with every character shown as one cell that is safe in a terminal.
pub fn printable(text: &str) -> String {
    text.chars().map(visible).collect()
}

/// What stops a run, by the exit code that it ends in (SPEC 14).
#[derive(Debug)]
pub enum Error {
    /// Exit 1: everything was done, and what was asked about does not hold.
    Failed(String),
    /// Exit 2: the command line asks for something that cannot be.
    Usage(String),
    /// Exit 3: policy or profile invalid; every problem of the file.
    Invalid(Vec<Diagnostic>),
    /// Exit 4: the input cannot be used.
    Input(Vec<Diagnostic>),
    /// Exit 5: the output cannot be written.
    Output(Diagnostic),
    /// Exit 0: the reader of our output went away.
    BrokenPipe,
}

impl Error {
    /// The exit code (SPEC 14).
    pub const fn exit_code(&self) -> u8 {
        match self {
            Error::BrokenPipe => 0,
            Error::Failed(_) => 1,
            Error::Usage(_) => 2,
            Error::Invalid(_) => 3,
            Error::Input(_) => 4,
            Error::Output(_) => 5,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::BrokenPipe => Ok(()),
            Error::Failed(message) | Error::Usage(message) => write!(f, "error: {message}"),
            Error::Invalid(all) | Error::Input(all) => {
                for (i, diagnostic) in all.iter().enumerate() {
                    if i > 0 {
                        write!(f, "\n\n")?;
                    }
                    write!(f, "{diagnostic}")?;
                }
                Ok(())
            }
            Error::Output(diagnostic) => write!(f, "{diagnostic}"),
        }
    }
}

impl std::error::Error for Error {}
