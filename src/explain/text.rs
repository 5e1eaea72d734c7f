//! The explanation as plain text of at most 80 columns: for a terminal, and to be attached to a letter as it is. No
//! colour. It shows what [`Explanation`] holds and measures nothing.

use chrono_tz::Tz;

use super::local::{clock, local, words};
use super::text_clocks::{write_changes, write_clocks};
use super::value::{At, ClockView, EventLine, Explanation, FileUsed, FindingView, SpellView, Who};
use super::wrap::{push_line, wrapped};

/// Most cases that are listed on each side of the priority order; the others are counted, and stand in the JSON.
pub(super) const LISTED: usize = 5;

/// Most dates of one calendar that are listed, for the same reason.
const DATES: usize = 40;

/// The text, lines ending in `\n`.
pub fn text(explanation: &Explanation) -> String {
    let zone = explanation.timezone.parse().unwrap_or(Tz::UTC);
    let page = Page { of: explanation, zone };
    let mut out = String::new();
    page.write_head(&mut out);
    page.write_events(&mut out);
    write_clocks(&page, &mut out);
    write_changes(&page, &mut out);
    page.write_spells(&mut out);
    page.write_priority(&mut out);
    page.write_findings(&mut out);
    page.write_assumptions(&mut out);
    out
}

/// What every part of the text needs.
pub(super) struct Page<'a> {
    pub(super) of: &'a Explanation,
    pub(super) zone: Tz,
}

/// `the agent Dana Wolff`, `the customer`, `somebody`.
pub(super) fn called(who: &Who) -> String {
    match (who.role, &who.name) {
        (Some(role), Some(name)) => format!("the {role} {name}"),
        (Some(role), None) => format!("the {role}"),
        (None, Some(name)) => format!("{name} (no role)"),
        (None, None) => "somebody".to_owned(),
    }
}

/// A point of a list: two spaces, then the text, wrapped below itself.
pub(super) fn point(out: &mut String, text: &str) {
    wrapped(out, "  ", 2, text);
}

impl Page<'_> {
    pub(super) fn local(&self, at: At) -> String {
        local(at.0, self.zone)
    }

    /// `, line 23`, `, file 2 line 23`.
    fn place(&self, file: Option<u32>, line: Option<u64>) -> String {
        match (file, line) {
            (Some(file), Some(line)) if self.of.files.len() > 1 => format!(", file {file} line {line}"),
            (Some(_), Some(line)) => format!(", line {line}"),
            _ => String::new(),
        }
    }

    fn write_head(&self, out: &mut String) {
        let Explanation { case, policy, .. } = self.of;
        let title = format!("{}, judged as of {}", self.of.case_id, self.local(self.of.as_of));
        wrapped(out, "Case ", 5, &title);
        out.push('\n');
        let mut row = |name: &str, text: &str| wrapped(out, &format!("  {name:<10} "), 13, text);
        let hours = match case.opened_in_hours {
            Some(true) => ", in hours",
            Some(false) => ", out of hours",
            None => "",
        };
        row("opened", &format!("{} by {}{hours}", self.local(case.opened_at), called(&case.opened_by)));
        let none = || "none".to_owned();
        let first = case.severity_first.clone().unwrap_or_else(none);
        let last = case.severity_last.clone().unwrap_or_else(none);
        row(
            "severity",
            &if first == last { first } else { format!("{first} at the opening, {last} at the end") },
        );
        let status = case.status_last.clone().unwrap_or_else(|| "none given".to_owned());
        row("status", &format!("{status} ({})", case.category_last));
        let reason = case.scope_reason.as_ref().map_or_else(String::new, |reason| format!(": {reason}"));
        row("scope", &format!("{}{reason}", case.scope));
        let verdict = |clock: &ClockView| format!("{} {} {}", clock.metric, clock.cycle, clock.verdict);
        row("verdicts", &self.of.clocks.iter().map(verdict).collect::<Vec<_>>().join("; "));
        let attributes: Vec<String> =
            case.attributes.0.iter().map(|(name, value)| format!("{name} {value}")).collect();
        if !attributes.is_empty() {
            row("attributes", &attributes.join("; "));
        }
        row("policy", &format!("`{}`, version {}", policy.name, policy.version));
        row("", &policy.why);
        let rule = |(key, value): &(String, String)| format!("{key}={}", value.replace(", ", ","));
        let rules: Vec<String> = policy.clock.0.iter().map(rule).collect();
        row("[clock]", &rules.join("; "));
        row("times", &self.times());
        self.write_calendars(out);
        self.write_files(out);
    }

    /// `local time of America/Denver, UTC-07:00; from Sun 2026-03-08 03:00 on UTC-06:00`.
    fn times(&self) -> String {
        let mut text = format!("local time of {}", self.of.timezone);
        for offset in &self.of.offsets {
            text += &match offset.from {
                None => format!(", UTC{}", offset.offset),
                Some(at) => format!("; from {} on UTC{}", self.local(at), offset.offset),
            };
        }
        text
    }

    fn write_calendars(&self, out: &mut String) {
        for calendar in &self.of.calendars {
            let hours: Vec<String> =
                calendar.hours.0.iter().map(|(days, hours)| format!("{days} {hours}")).collect();
            let text = format!("{} ({}): {}", calendar.name, calendar.timezone, hours.join("; "));
            wrapped(out, "  calendar   ", 13, &text);
            for date in calendar.exceptions.iter().take(DATES) {
                wrapped(out, "             ", 15, &format!("{} {}, {}", date.on, date.hours, date.why));
            }
            write_more(out, calendar.exceptions.len(), DATES);
        }
    }

    fn write_files(&self, out: &mut String) {
        let mut write = |name: String, file: &FileUsed| {
            wrapped(out, &format!("  {name:<10} "), 13, &file.path);
            if let Some(sha256) = &file.sha256 {
                push_line(out, &format!("      sha256 {sha256}"));
            }
        };
        for (i, file) in self.of.files.iter().enumerate() {
            write(if self.of.files.len() > 1 { format!("file {}", i + 1) } else { "file".to_owned() }, file);
        }
        self.of.policy.files.iter().for_each(|file| write("rules".to_owned(), file));
    }

    fn write_events(&self, out: &mut String) {
        out.push_str("\nEvents\n");
        self.of.events.iter().for_each(|event| self.write_event(out, event));
    }

    fn write_event(&self, out: &mut String, event: &EventLine) {
        let first = format!("{:>4}  {}  ", event.event, self.local(event.at));
        let indent = first.chars().count().min(30);
        let place = self.place(event.file, event.line);
        wrapped(out, &first, indent, &format!("{} by {}{place}", event.kind, called(&event.by)));
        let mut more = |name: &str, items: &[String], between: &str| {
            if !items.is_empty() {
                wrapped(out, &format!("{:>indent$}", ""), indent, &format!("{name}{}", items.join(between)));
            }
        };
        more("", &event.changed, "; ");
        more("stops ", &event.stops, ", ");
        more("starts ", &event.starts, ", ");
    }

    fn write_spells(&self, out: &mut String) {
        if self.of.inactivity.is_empty() {
            return;
        }
        out.push_str("\nInactivity\n");
        self.of.inactivity.iter().for_each(|spell| self.write_spell(out, spell));
    }

    fn write_spell(&self, out: &mut String, spell: &SpellView) {
        let SpellView { rule, basis, verdict, .. } = spell;
        out.push('\n');
        wrapped(out, "", 2, &format!("{basis} {}: {verdict} (rule {rule} of the policy)", spell.spell));
        let until = |at: Option<At>| at.map_or_else(|| "never".to_owned(), |at| self.local(at));
        let length = spell.close_after.as_ref().map_or_else(
            || "the rule gives no length".to_owned(),
            |length| {
                let (due, grace) = (until(spell.due_at), until(spell.grace_until_at));
                format!("due after {length}, {due}; on time with {} of grace, until {grace}", spell.grace)
            },
        );
        point(out, &format!("counts from {}; {length}", self.local(spell.started_at)));
        spell.why.iter().for_each(|why| point(out, why));
        let open =
            spell.idle_business_s.map_or_else(String::new, |open| format!(", {} of it open", words(open.0)));
        point(out, &format!("idle for {}{open}", words(spell.idle_s.0)));
    }

    fn write_priority(&self, out: &mut String) {
        let priority = &self.of.priority;
        if priority.overtook.is_empty() && priority.overtaken_by.is_empty() {
            return;
        }
        out.push_str("\nPriority\n");
        let tolerance = priority.tolerance.as_deref().unwrap_or("none");
        if !priority.overtook.is_empty() {
            let n = priority.n_overtook;
            let text = format!("answered while more severe cases had waited longer than {tolerance}: {n}");
            point(out, &text);
            for other in priority.overtook.iter().take(LISTED) {
                let waited = clock(other.waited_business_s.0);
                wrapped(
                    out,
                    "    ",
                    6,
                    &format!("{}, severity {}, open time {waited}", other.case_id, other.severity),
                );
            }
            write_more(out, n, LISTED);
        }
        if !priority.overtaken_by.is_empty() {
            let n = priority.n_overtaken_by;
            point(out, &format!("less severe cases answered while it waited (tolerance {tolerance}): {n}"));
            for other in priority.overtaken_by.iter().take(LISTED) {
                let at = self.local(other.responded_at);
                wrapped(out, "    ", 6, &format!("{}, severity {}, {at}", other.case_id, other.severity));
            }
            write_more(out, n, LISTED);
        }
    }

    fn write_findings(&self, out: &mut String) {
        if self.of.findings.is_empty() {
            return;
        }
        out.push_str("\nFindings\n");
        self.of.findings.iter().for_each(|finding| self.write_finding(out, finding));
    }

    fn write_finding(&self, out: &mut String, finding: &FindingView) {
        let clock = finding.clock.as_ref().map_or_else(String::new, |clock| format!(", {clock}"));
        let at = finding.at.map_or_else(String::new, |at| format!(", {}", self.local(at)));
        let place = self.place(finding.file, finding.line);
        wrapped(out, &format!("  {}  ", finding.code), 8, &format!("{}{clock}{at}{place}", finding.title));
        if finding.message != finding.title {
            wrapped(out, "        ", 8, &finding.message);
        }
    }

    fn write_assumptions(&self, out: &mut String) {
        out.push('\n');
        if !self.of.assumptions.is_empty() {
            out.push_str("Assumed\n");
            self.of.assumptions.iter().for_each(|text| point(out, text));
            out.push('\n');
        }
        let made_by = &self.of.made_by;
        push_line(
            out,
            &format!("Made by {made_by}. Figures are exact here; fact tables have whole seconds."),
        );
    }
}

fn write_more(out: &mut String, n: usize, shown: usize) {
    if n > shown {
        push_line(out, &format!("    and {} more (all with --format json)", n - shown));
    }
}
