//! Typed access to the tree: each getter gives the value or writes down what is wrong with it, so that one
//! run finds every problem of a file. Decides nothing about what a policy needs.

use chrono::NaiveDate;

use super::source::{Sources, Span};
use super::suggest::{hint, listed};
use super::tree::{Node, Table, Value};
use crate::calendar::Duration;
use crate::codes;
use crate::diag::Diagnostic;
use crate::schema::Section;

/// The files read and the problems found so far.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// Every file read.
    pub sources: Sources,
    /// The policy file that is being built, index into the sources.
    pub root: usize,
    /// Every problem with its place, in the order found.
    pub problems: Vec<(Span, Diagnostic)>,
}

/// Whether a duration may be zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Zero {
    /// `grace` and `tolerance`.
    Allowed,
    /// Targets and `close_after`.
    Refused,
}

impl Reading {
    /// Writes a problem down at `span`.
    pub(super) fn problem(
        &mut self,
        span: Span,
        code: &'static str,
        message: String,
        hint: impl Into<String>,
    ) {
        let diagnostic = Diagnostic::error(code, message).hint(hint);
        self.problems.push((span, self.sources.place(diagnostic, span)));
    }

    /// Every problem, in order of file and place, each once.
    pub(super) fn into_diagnostics(mut self) -> Vec<Diagnostic> {
        self.problems.sort_by_key(|(span, _)| *span);
        self.problems.dedup();
        self.problems.into_iter().map(|(_, diagnostic)| diagnostic).collect()
    }

    /// `node` is of the wrong type: `what` was to be `expected`.
    pub(super) fn wrong_type(&mut self, node: &Node, what: &str, expected: &str, example: &str) {
        let message = format!("expected `{what}` to be {expected}, found {}", found(&self.sources, node));
        self.problem(node.span, codes::F103, message, format!("write it like `{example}`"));
    }

    /// The table in `node`; `what` names it in messages.
    pub(super) fn table<'n>(&mut self, node: &'n Node, what: &str) -> Option<&'n Table> {
        if let Value::Table(table) = &node.value {
            return Some(table);
        }
        let message = format!("expected `{what}` to be a table, found {}", found(&self.sources, node));
        self.problem(node.span, codes::F103, message, format!("start a section with `[{what}]`"));
        None
    }

    /// The tables of a list of tables.
    pub(super) fn tables<'n>(&mut self, node: &'n Node, what: &str) -> Vec<(&'n Node, &'n Table)> {
        let mut tables = Vec::new();
        let items = match &node.value {
            Value::List(items) => items.as_slice(),
            _ => std::slice::from_ref(node),
        };
        for item in items {
            match &item.value {
                Value::Table(table) if !std::ptr::eq(item, node) => tables.push((item, table)),
                _ => {
                    let message =
                        format!("expected `[[{what}]]` tables, found {}", found(&self.sources, item));
                    self.problem(
                        item.span,
                        codes::F103,
                        message,
                        format!("start each one with `[[{what}]]`, in double brackets"),
                    );
                }
            }
        }
        tables
    }

    /// Writes down every key of `table` that `section` does not declare.
    pub(super) fn known_keys(&mut self, table: &Table, what: &str, section: &Section) {
        let known: Vec<&str> = section.keys.iter().map(|key| key.name).collect();
        for entry in &table.0 {
            if known.contains(&entry.key.as_str()) {
                continue;
            }
            let all = listed(known.iter().copied());
            let message = format!("expected a key of {what}, found `{}`", entry.key);
            let hint = hint(&entry.key, known.iter().copied(), &format!("its keys are {all}"));
            self.problem(entry.span, codes::F102, message, hint);
        }
    }

    /// The text of `key`, if given.
    pub(super) fn text<'n>(
        &mut self,
        table: &'n Table,
        key: &str,
        example: &str,
    ) -> Option<(&'n Node, &'n str)> {
        let node = table.get(key)?;
        self.as_text(node, key, example).map(|text| (node, text))
    }

    /// The text in `node`, which may not be empty.
    pub(super) fn as_text<'n>(&mut self, node: &'n Node, what: &str, example: &str) -> Option<&'n str> {
        match &node.value {
            Value::Text(text) if text.trim().is_empty() => {
                let message = format!("expected `{what}` to say something, found empty text");
                self.problem(node.span, codes::F104, message, format!("write it like `{example}`"));
                None
            }
            Value::Text(text) => Some(text),
            _ => {
                self.wrong_type(node, what, "text", example);
                None
            }
        }
    }

    /// The texts of a list.
    pub(super) fn texts<'n>(
        &mut self,
        node: &'n Node,
        what: &str,
        example: &str,
    ) -> Option<Vec<(&'n Node, &'n str)>> {
        let Value::List(items) = &node.value else {
            self.wrong_type(node, what, "a list of texts", example);
            return None;
        };
        let item_example = example.trim_matches(['[', ']']);
        Some(items.iter().filter_map(|item| Some((item, self.as_text(item, what, item_example)?))).collect())
    }

    /// `true` or `false`, if given.
    pub(super) fn flag(&mut self, table: &Table, key: &str) -> Option<bool> {
        let node = table.get(key)?;
        if let Value::Bool(value) = node.value {
            return Some(value);
        }
        self.wrong_type(node, key, "`true` or `false`", &format!("{key} = true"));
        None
    }

    /// One of `all` by its `word`, if given.
    pub(super) fn choice<T: Copy, const N: usize>(
        &mut self,
        table: &Table,
        key: &str,
        all: [T; N],
        word: impl Fn(T) -> &'static str,
    ) -> Option<T> {
        let words = all.map(word);
        let first = words.first().copied().unwrap_or_default();
        let (node, text) = self.text(table, key, &format!("{key} = \"{first}\""))?;
        self.as_word(node, text, key, &words).map(|found| all[found])
    }

    /// `text` as one of `words`: the index of the word.
    pub(super) fn as_word(&mut self, node: &Node, text: &str, what: &str, words: &[&str]) -> Option<usize> {
        let found = words.iter().position(|word| *word == text);
        if found.is_none() {
            let all = listed(words.iter().copied());
            let message = format!("expected `{what}` to be one of {all}, found `{text}`");
            let hint = hint(text, words.iter().copied(), &format!("choose one of {all}"));
            self.problem(node.span, codes::F104, message, hint);
        }
        found
    }

    /// A date without time, if given.
    pub(super) fn date(&mut self, table: &Table, key: &str) -> Option<NaiveDate> {
        let node = table.get(key)?;
        if let Value::Datetime(value) = node.value
            && let (Some(date), None, None) = (value.date, value.time, value.offset)
            && let Some(date) = NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
        {
            return Some(date);
        }
        self.wrong_type(node, key, "a date without quotes and without time", &format!("{key} = 2026-01-01"));
        None
    }

    /// A duration (SPEC 4), if given.
    pub(super) fn duration(&mut self, table: &Table, key: &str, zero: Zero) -> Option<Duration> {
        let node = table.get(key)?;
        let Value::Text(text) = &node.value else {
            self.wrong_type(
                node,
                key,
                "one whole number and one unit, as text",
                &format!("{key} = \"4 business hours\""),
            );
            return None;
        };
        let duration = match Duration::parse(text) {
            Ok(duration) => duration,
            Err(error) => {
                let hint = super::fraction::hint(text).unwrap_or_else(|| error.hint.clone());
                self.bad_value(node, error.to_string(), hint);
                return None;
            }
        };
        if duration.count == 0 && zero == Zero::Refused {
            let message = format!("expected `{key}` to be longer than zero, found `{text}`");
            self.problem(
                node.span,
                codes::F104,
                message,
                format!("leave `{key}` out where nothing is promised"),
            );
            return None;
        }
        Some(duration)
    }

    /// A value that is of the right type and not understood.
    pub(super) fn bad_value(&mut self, node: &Node, message: String, hint: impl Into<String>) {
        self.problem(node.span, codes::F104, message, hint);
    }

    /// `key` of `what` is missing; `span` is the table that lacks it.
    pub(super) fn missing(&mut self, span: Span, key: &str, what: &str, hint: impl Into<String>) {
        let message = format!("expected `{key}` in {what}, found none");
        self.problem(span, codes::F105, message, hint);
    }
}

/// What stands in `node`, for "found …": short values in back-ticks.
fn found(sources: &Sources, node: &Node) -> String {
    let text = sources.text(node.span);
    match node.value {
        Value::List(_) | Value::Table(_) => node.kind().to_owned(),
        _ if text.len() > 60 || text.contains('\n') => node.kind().to_owned(),
        _ => format!("{} `{text}`", node.kind()),
    }
}
