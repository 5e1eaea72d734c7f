//! `policy show`: a policy back as TOML that loads again to an equal one, with nothing inherited, every default
//! spelled out and durations in one form. Comments and the order of keys are not kept.

use std::fmt::Write;

use super::model::{AfterHours, Clause, ClockRules, InactivityRule, Policy, ScopeRules, SeverityRule};
use super::show_calendar;
use crate::calendar::{Calendar, Duration, Form};

/// The effective policy as TOML (SPEC 4). Paths in it are relative to the folder of the file that was loaded:
/// saved there under the same name, it loads again to an equal policy.
///
/// ```
/// let book = slaudit::policy::built_in();
/// let text = slaudit::policy::show(&book.versions[0]);
/// let again = slaudit::policy::parse("in8sync.toml", text.as_bytes()).unwrap();
/// assert_eq!(again.versions, book.versions);
/// ```
pub fn show(policy: &Policy) -> String {
    let mut out = Lines::default();
    out.text("name", &policy.name);
    if let Some(date) = policy.effective_from {
        out.raw("effective_from", &date.to_string());
    }
    out.text("timezone", policy.timezone.name());
    for calendar in &policy.calendars {
        show_calendar::calendar(&mut out, calendar);
    }
    for rule in &policy.severities {
        severity(&mut out, rule, policy);
    }
    if let Some(rule) = &policy.after_hours {
        after_hours(&mut out, rule);
    }
    clock(&mut out, &policy.clock);
    for rule in &policy.inactivity {
        inactivity(&mut out, rule);
    }
    if let Some(priority) = &policy.priority {
        out.section("[priority]");
        out.duration("tolerance", Some(priority.tolerance));
    }
    scope(&mut out, &policy.scope);
    if !policy.objectives.is_empty() {
        out.section("[objectives]");
    }
    for (key, share) in &policy.objectives {
        out.raw(&quoted(key), &format!("{share:?}"));
    }
    for clause in &policy.clauses {
        self::clause(&mut out, clause);
    }
    out.0
}

/// What `write` prints of one section, as an inline table: `{ level = 1, name = "Critical" }`.
pub(super) fn inline(write: impl FnOnce(&mut Lines)) -> String {
    let mut out = Lines::default();
    write(&mut out);
    // Every key has one line, since texts have no line ends left in them; a header starts with a bracket.
    let keys: Vec<&str> = out.0.lines().filter(|line| !line.is_empty() && !line.starts_with('[')).collect();
    format!("{{ {} }}", keys.join(", "))
}

/// One calendar as the TOML of a policy, for `calendar show`.
pub fn calendar_toml(calendar: &Calendar) -> String {
    let mut out = Lines::default();
    show_calendar::calendar(&mut out, calendar);
    out.0.trim_start().to_owned()
}

/// Adds one `[[severity]]`.
pub(super) fn severity(out: &mut Lines, rule: &SeverityRule, policy: &Policy) {
    out.section("[[severity]]");
    out.raw("level", &rule.level.to_string());
    out.text("name", &rule.name);
    if let Some(calendar) = policy.calendars.get(rule.calendar) {
        out.text("calendar", &calendar.name);
    }
    out.duration("first_response", rule.first_response);
    out.duration("next_response", rule.next_response);
    out.duration("update", rule.update);
    out.duration("resolution", rule.resolution);
}

/// Adds `[after_hours]`.
pub(super) fn after_hours(out: &mut Lines, rule: &AfterHours) {
    out.section("[after_hours]");
    out.duration("first_response", rule.first_response);
    out.text("kind", rule.kind.word());
}

/// Adds one `[[clause]]`.
pub(super) fn clause(out: &mut Lines, clause: &Clause) {
    out.section("[[clause]]");
    out.text("text", &clause.text);
    out.texts("metrics", clause.metrics.iter().map(String::as_str));
}

fn clock(out: &mut Lines, rules: &ClockRules) {
    out.section("[clock]");
    out.texts("pause_in", rules.pause_in.words());
    out.texts("response_by", rules.response_by.words());
    out.text("agent_opened", rules.agent_opened.word());
    out.text("on_reclassify", rules.on_reclassify.word());
    out.text("on_reopen", rules.on_reopen.word());
    out.raw("customer_message_resumes", &rules.customer_message_resumes.to_string());
    out.raw("resolution_answers", &rules.resolution_answers.to_string());
}

/// Adds one `[[inactivity]]`.
pub(super) fn inactivity(out: &mut Lines, rule: &InactivityRule) {
    out.section("[[inactivity]]");
    out.text("basis", rule.basis.word());
    out.raw("infer", &rule.infer.to_string());
    out.duration("close_after", rule.close_after);
    out.duration("grace", Some(rule.grace));
}

fn scope(out: &mut Lines, rules: &ScopeRules) {
    if let Some(entitled) = &rules.entitled {
        out.section("[scope.entitled]");
        out.text("file", &entitled.file);
        out.text("key", &entitled.key);
    }
    if !rules.include.is_empty() {
        out.section("[scope.include]");
    }
    for (key, values) in &rules.include {
        out.texts(key, values.iter().map(String::as_str));
    }
}

/// The TOML written so far.
#[derive(Debug, Default)]
pub(super) struct Lines(String);

impl Lines {
    /// Starts a section; `header` comes with its brackets.
    pub(super) fn section(&mut self, header: &str) {
        let _ = writeln!(self.0, "\n{header}");
    }

    /// A key and a value that is TOML already.
    pub(super) fn raw(&mut self, key: &str, value: &str) {
        let _ = writeln!(self.0, "{key} = {value}");
    }

    /// A key and a text.
    pub(super) fn text(&mut self, key: &str, value: &str) {
        self.raw(&bare(key), &quoted(value));
    }

    /// A key and a list of texts.
    pub(super) fn texts<'t>(&mut self, key: &str, values: impl Iterator<Item = &'t str>) {
        self.raw(&bare(key), &list(values));
    }

    /// A key and a duration, if there is one.
    fn duration(&mut self, key: &str, value: Option<Duration>) {
        if let Some(value) = value {
            self.text(key, &long(value));
        }
    }
}

/// A duration in its long form: `4 business hours`.
pub(super) fn long(value: Duration) -> String {
    Duration { form: Form::Long, ..value }.to_string()
}

/// Texts as a TOML list.
pub(super) fn list<'t>(values: impl Iterator<Item = &'t str>) -> String {
    format!("[{}]", values.map(quoted).collect::<Vec<_>>().join(", "))
}

/// `key` as TOML, in quotes where it needs them.
pub(super) fn bare(key: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !key.is_empty() && key.chars().all(plain) { key.to_owned() } else { quoted(key) }
}

/// `text` as a TOML basic string.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
