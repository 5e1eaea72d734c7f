//! `policy show`: a policy back as TOML that loads again to an equal one, with nothing inherited, every default
//! spelled out and durations in one form. Comments and the order of keys are not kept.

use std::fmt::Write;

use super::model::{
    AgentOpened, CategorySet, ClockRules, InactivityRule, OnReclassify, OnReopen, Policy, PromiseKind,
    RoleSet, ScopeRules, SeverityRule,
};
use super::show_calendar;
use crate::calendar::{Duration, Form};
use crate::history::{Category, Role};

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
    if let Some(after_hours) = &policy.after_hours {
        out.section("[after_hours]");
        out.duration("first_response", after_hours.first_response);
        let kind = match after_hours.kind {
            PromiseKind::BestEffort => "best_effort",
            PromiseKind::Commitment => "commitment",
        };
        out.text("kind", kind);
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
        out.section("[[clause]]");
        out.text("text", &clause.text);
        out.texts("metrics", clause.metrics.iter().map(String::as_str));
    }
    out.0
}

/// One calendar as the TOML of a policy, for `calendar show`.
pub fn calendar_toml(calendar: &crate::calendar::Calendar) -> String {
    let mut out = Lines::default();
    show_calendar::calendar(&mut out, calendar);
    out.0.trim_start().to_owned()
}

fn severity(out: &mut Lines, rule: &SeverityRule, policy: &Policy) {
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

fn clock(out: &mut Lines, rules: &ClockRules) {
    out.section("[clock]");
    out.texts("pause_in", categories(rules.pause_in));
    out.texts("response_by", roles(rules.response_by));
    let agent_opened = match rules.agent_opened {
        AgentOpened::Exempt => "exempt",
        AgentOpened::Measure => "measure",
    };
    out.text("agent_opened", agent_opened);
    let on_reclassify = match rules.on_reclassify {
        OnReclassify::Retarget => "retarget",
        OnReclassify::Restart => "restart",
        OnReclassify::Keep => "keep",
        OnReclassify::Prorate => "prorate",
    };
    out.text("on_reclassify", on_reclassify);
    let on_reopen = match rules.on_reopen {
        OnReopen::Resume => "resume",
        OnReopen::Restart => "restart",
    };
    out.text("on_reopen", on_reopen);
    out.raw("customer_message_resumes", &rules.customer_message_resumes.to_string());
}

fn categories(set: CategorySet) -> impl Iterator<Item = &'static str> {
    Category::ALL.into_iter().filter(move |category| set.has(*category)).map(Category::word)
}

fn roles(set: RoleSet) -> impl Iterator<Item = &'static str> {
    [Role::Agent, Role::System].into_iter().filter(move |role| set.has(*role)).filter_map(Role::word)
}

fn inactivity(out: &mut Lines, rule: &InactivityRule) {
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
        let all: Vec<String> = values.map(quoted).collect();
        self.raw(&bare(key), &format!("[{}]", all.join(", ")));
    }

    /// A key and a duration, if there is one.
    fn duration(&mut self, key: &str, value: Option<Duration>) {
        if let Some(value) = value {
            self.text(key, &Duration { form: Form::Long, ..value }.to_string());
        }
    }
}

/// `key` as TOML, in quotes where it needs them.
pub(super) fn bare(key: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !key.is_empty() && key.chars().all(plain) { key.to_owned() } else { quoted(key) }
}

/// `text` as a TOML basic string.
pub(super) fn quoted(text: &str) -> String {
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
