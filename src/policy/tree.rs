//! TOML as an owned tree in which every key and value knows its place, also after files were merged. Not the
//! policy: no key has a meaning here.

use toml::de::{DeTable, DeValue};

use super::source::{Sources, Span};
use crate::codes;
use crate::diag::Diagnostic;

/// A value and its place.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub value: Value,
}

/// What a TOML value is.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// A string.
    Text(String),
    /// A whole number; `None` where it does not fit.
    Integer(Option<i64>),
    /// A number with a point.
    Float(f64),
    /// `true` or `false`.
    Bool(bool),
    /// Any date or time.
    Datetime(toml::value::Datetime),
    /// A list.
    List(Vec<Node>),
    /// A table.
    Table(Table),
}

/// One key of a table.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// The key, unquoted.
    pub key: String,
    /// Where the key stands.
    pub span: Span,
    /// Its value.
    pub node: Node,
}

/// A table, its keys in the order of the file.
#[derive(Clone, Debug, Default)]
pub(super) struct Table(pub Vec<Entry>);

impl Table {
    /// The value of `key`.
    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        self.0.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    /// Takes `key` out.
    pub(super) fn remove(&mut self, key: &str) -> Option<Node> {
        let found = self.0.iter().position(|entry| entry.key == key)?;
        Some(self.0.remove(found).node)
    }
}

impl Node {
    /// What it is, in a word, for messages.
    pub(super) const fn kind(&self) -> &'static str {
        match &self.value {
            Value::Text(_) => "text",
            Value::Integer(_) => "a whole number",
            Value::Float(_) => "a number",
            Value::Bool(_) => "true or false",
            Value::Datetime(_) => "a date or time",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }

    /// The table, if it is one.
    pub(super) const fn as_table(&self) -> Option<&Table> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }
}

/// Most syntax problems shown of one file: what follows is mostly their echo.
const SYNTAX_SHOWN: usize = 20;

/// The tree of source `file`, with every syntax problem; no tree where it cannot be trusted.
pub(super) fn parse(sources: &Sources, file: usize) -> (Option<Table>, Vec<(Span, Diagnostic)>) {
    let Some(source) = sources.0.get(file) else {
        return (None, Vec::new());
    };
    if let Err(error) = std::str::from_utf8(&source.bytes) {
        let at = error.valid_up_to();
        let span = Span { file, start: at, end: at + 1 };
        let message = "expected TOML in UTF-8, found a byte that is not UTF-8";
        let found = Diagnostic::error(codes::F101, message).hint("save the file as UTF-8");
        return (None, vec![(span, sources.place(found, span))]);
    }
    let (root, errors) = DeTable::parse_recoverable(&source.text);
    let mut problems = Vec::new();
    if errors.iter().any(is_repeated_key) {
        problems = single_brackets(sources, file, &source.text);
    }
    if !problems.is_empty() {
        // What follows is their echo: every key of each such table comes again.
        return (None, problems);
    }
    let usable = errors.iter().all(is_repeated_key);
    for error in errors.iter().take(SYNTAX_SHOWN) {
        let range = error.span().unwrap_or(0..0);
        let span = Span { file, start: range.start, end: range.end };
        let again = is_repeated_key(error);
        problems.push((span, sources.place(syntax(error.message(), sources.text(span), again), span)));
    }
    let table = usable.then(|| table(root.get_ref(), file));
    (table, problems)
}

/// Tables of which a policy has several: each begins with its name in double brackets.
const SEVERAL: [&str; 3] = ["severity", "inactivity", "clause"];

/// One problem for each name that begins several tables in single brackets, as `[severity]`.
fn single_brackets(sources: &Sources, file: usize, text: &str) -> Vec<(Span, Diagnostic)> {
    let mut problems = Vec::new();
    for name in SEVERAL {
        let mut at = 0;
        let mut found = Vec::new();
        for line in text.split_inclusive('\n') {
            let header = line.split('#').next().unwrap_or_default().trim();
            let inner = header.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
            if inner.is_some_and(|inner| inner.trim() == name) {
                let start = at + line.find('[').unwrap_or(0);
                found.push(Span { file, start, end: start + header.len() });
            }
            at += line.len();
        }
        if let [_, second, ..] = found[..] {
            let message =
                format!("expected `[[{name}]]` over each of several, found `[{name}]` {} times", found.len());
            let problem = Diagnostic::error(codes::F108, message)
                .hint(format!("write `[[{name}]]`, in double brackets, in place of every `[{name}]`"));
            problems.push((second, sources.place(problem, second)));
        }
    }
    problems
}

/// The one syntax problem that leaves the tree whole: the first of the two stays.
fn is_repeated_key(error: &toml::de::Error) -> bool {
    error.message() == "duplicate key"
}

fn syntax(message: &str, text: &str, again: bool) -> Diagnostic {
    if again {
        return Diagnostic::error(codes::F108, format!("expected each key once, found `{text}` again"))
            .hint("keep one of the two");
    }
    Diagnostic::error(codes::F101, format!("not valid TOML: {message}"))
        .hint("text needs quotes, a date or a number none; see the example in docs/policy.md")
}

fn table(from: &DeTable<'_>, file: usize) -> Table {
    let mut entries: Vec<Entry> = from
        .iter()
        .map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            span: Span { file, start: key.span().start, end: key.span().end },
            node: node(value, file),
        })
        .collect();
    entries.sort_by_key(|entry| entry.span.start);
    Table(entries)
}

fn node(from: &toml::Spanned<DeValue<'_>>, file: usize) -> Node {
    let value = match from.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => Value::Integer(i64::from_str_radix(number.as_str(), number.radix()).ok()),
        DeValue::Float(number) => Value::Float(number.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(value) => Value::Bool(*value),
        DeValue::Datetime(value) => Value::Datetime(*value),
        DeValue::Array(items) => Value::List(items.iter().map(|item| node(item, file)).collect()),
        DeValue::Table(inner) => Value::Table(table(inner, file)),
    };
    Node { span: Span { file, start: from.span().start, end: from.span().end }, value }
}
