//! The files that a policy is read from and places in them: byte spans to line, column, excerpt. Knows no TOML.

use std::path::{Path, PathBuf};

use crate::diag::{Diagnostic, Position};

/// A stretch of bytes `[start, end)` of one source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Span {
    /// Index into [`Sources`].
    pub file: usize,
    /// First byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

/// Where a file is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// A path as the user gave it, or one relative to the file that names it, already joined.
    Disk(PathBuf),
    /// One of [`super::shipped::BUILT_IN`], by name.
    BuiltIn(&'static str),
}

impl Origin {
    /// The path as messages show it.
    pub(super) fn shown(&self) -> String {
        match self {
            Origin::Disk(path) => path.display().to_string(),
            Origin::BuiltIn(name) => format!("built-in:{name}"),
        }
    }

    /// The file's name without folder and extension.
    pub(super) fn stem(&self) -> String {
        let path = match self {
            Origin::Disk(path) => path.as_path(),
            Origin::BuiltIn(name) => Path::new(name),
        };
        path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
    }

    /// Equal for two spellings of the path of one file.
    pub(super) fn identity(&self) -> String {
        match self {
            Origin::Disk(path) => {
                std::fs::canonicalize(path).unwrap_or_else(|_| path.clone()).display().to_string()
            }
            Origin::BuiltIn(_) => self.shown(),
        }
    }
}

/// One file, read.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// Where it was found.
    pub origin: Origin,
    /// See [`Origin::identity`].
    pub identity: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The same as text; what is not UTF-8 is shown as `�`.
    pub text: String,
}

/// Every file read so far, each once.
#[derive(Clone, Debug, Default)]
pub(super) struct Sources(pub Vec<Source>);

impl Sources {
    /// The index of the file at `origin`, which is read unless it was before.
    ///
    /// # Errors
    /// What the operating system says.
    pub(super) fn read(&mut self, origin: Origin) -> std::io::Result<usize> {
        let identity = origin.identity();
        if let Some(known) = self.0.iter().position(|source| source.identity == identity) {
            return Ok(known);
        }
        let bytes = match &origin {
            Origin::Disk(path) => std::fs::read(path)?,
            Origin::BuiltIn(name) => super::shipped::text(name).as_bytes().to_vec(),
        };
        Ok(self.add(origin, bytes))
    }

    /// Adds a file whose bytes are at hand.
    pub(super) fn add(&mut self, origin: Origin, bytes: Vec<u8>) -> usize {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        self.0.push(Source { identity: origin.identity(), origin, bytes, text });
        self.0.len() - 1
    }

    /// The text that `span` covers.
    pub(super) fn text(&self, span: Span) -> &str {
        self.0.get(span.file).and_then(|source| source.text.get(span.start..span.end)).unwrap_or_default()
    }

    /// `PATH:LINE` of `span`, for messages that name a second place.
    pub(super) fn line_of(&self, span: Span) -> String {
        let position = self.position(span);
        format!("{}:{}", position.path, position.line)
    }

    /// `diagnostic` with the place of `span` and the line it stands in.
    pub(super) fn place(&self, diagnostic: Diagnostic, span: Span) -> Diagnostic {
        let position = self.position(span);
        let Some(source) = self.0.get(span.file) else {
            return diagnostic.at(position);
        };
        let line = line_around(&source.text, span.start);
        let end = span.end.clamp(span.start, line.end.max(span.start));
        let width = source.text.get(span.start..end).map_or(1, |text| text.chars().count());
        diagnostic.at(position).excerpt(source.text.get(line).unwrap_or_default(), width)
    }

    /// Line `line`, from 1, of `file`.
    pub(super) fn line(&self, file: usize, line: u64) -> Span {
        let text = self.0.get(file).map_or("", |source| source.text.as_str());
        let skip = usize::try_from(line.saturating_sub(1)).unwrap_or(usize::MAX);
        let start = text.split_inclusive('\n').take(skip).map(str::len).sum();
        Span { file, start, end: line_around(text, start).end }
    }

    fn position(&self, span: Span) -> Position {
        let Some(source) = self.0.get(span.file) else {
            return Position::default();
        };
        let start = line_around(&source.text, span.start).start;
        let before = source.text.get(..start).unwrap_or_default();
        let column = source.text.get(start..span.start).unwrap_or_default().chars().count();
        Position {
            path: source.origin.shown(),
            line: before.matches('\n').count() as u64 + 1,
            column: column as u64 + 1,
            case: None,
        }
    }
}

/// Why a file cannot be read, without the operating system's own wording where there is a plain one.
pub(super) fn why(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "it may not be read".to_owned(),
        std::io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    }
}

/// The bytes of the line that holds byte `at`, without its end.
fn line_around(text: &str, at: usize) -> std::ops::Range<usize> {
    let at = at.min(text.len());
    let start = text.as_bytes()[..at].iter().rposition(|&byte| byte == b'\n').map_or(0, |found| found + 1);
    let rest = &text.as_bytes()[at..];
    let end = rest.iter().position(|&byte| byte == b'\n').map_or(text.len(), |found| at + found);
    let end = if end > start && text.as_bytes()[end - 1] == b'\r' { end - 1 } else { end };
    start..end
}
