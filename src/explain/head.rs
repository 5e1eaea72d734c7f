//! The case as a whole: policy version and why it is that one, calendars with the dates that differ from the week,
//! files, attributes, priority, findings, what was taken for granted.

use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use crate::calendar::{Calendar, DayKind, Instant, WEEKDAYS, hours_text};
use crate::codes;
use crate::facts::finding_message;
use crate::history::{Category, Role};
use crate::policy::{AgentOpened, OnReclassify, OnReopen};
use crate::replay::Reason;

use super::One;
use super::local::offset;
use super::value::{
    AnsweredView, At, CalendarUsed, CaseHead, DateHours, FileUsed, FindingView, Micros, Offset, Pairs,
    PolicyUsed, PriorityView, WaitingView,
};

impl One<'_> {
    /// First event to the end of the last clock.
    fn span(&self) -> (Instant, Instant) {
        let events = self.source.ingested.history.case(self.case).events;
        let first = events.first().map_or(Instant::MIN, |event| event.at);
        let last =
            self.explained.clocks.iter().filter_map(|clock| clock.stretches.last()).map(|s| s.to).max();
        let dues = self.explained.facts.clocks.iter().filter_map(|clock| clock.due_at).max();
        let last = last.max(dues).unwrap_or(first).max(first);
        (first, last)
    }

    /// The offsets of the policy's zone over the case.
    pub(super) fn offsets(&self) -> Vec<Offset> {
        let (from, to) = self.span();
        let shown = |at: Instant| at.in_zone(self.zone).map(|time| offset(&time)).unwrap_or_default();
        let mut offsets = vec![Offset { from: None, offset: shown(from) }];
        // An hour at a time, and never more than ten years of it: only what is near the case helps to read it.
        let hour = 3_600 * crate::calendar::SECOND;
        let last = to.min(from.plus(87_600 * hour));
        let mut at = from.plus(-from.micros().rem_euclid(hour));
        while at < last {
            at = at.plus(hour);
            let offset = shown(at);
            if offsets.last().is_some_and(|before| before.offset != offset) {
                offsets.push(Offset { from: Some(At(at)), offset });
            }
        }
        offsets
    }

    pub(super) fn files(&self) -> Vec<FileUsed> {
        let file = |file: &crate::ingest::FileLedger| FileUsed {
            path: file.path.display().to_string(),
            sha256: file.sha256.map(|digest| hex(&digest)),
        };
        self.source.ingested.ledger.files.iter().map(file).collect()
    }

    pub(super) fn policy_used(&self) -> PolicyUsed {
        let policy = self.policy;
        let file = |file: &crate::policy::PolicyFile| FileUsed {
            path: file.path.clone(),
            sha256: Some(hex(&Sha256::digest(&file.bytes))),
        };
        PolicyUsed {
            name: policy.name.clone(),
            version: policy.version.clone(),
            why: self.why_version(),
            clock: self.clock_rules(),
            files: self.source.book.files.iter().map(file).collect(),
        }
    }

    fn why_version(&self) -> String {
        let facts = &self.explained.facts;
        let versions = &self.source.book.versions;
        let opened = self.local(facts.case.opened_at);
        let Some(from) = self.policy.effective_from else {
            return "the only version, without a date: it holds for every case".to_owned();
        };
        if facts.findings.iter().any(|finding| finding.code == codes::E602) {
            return format!("opened {opened}, before the first version, of {from}: that one is used");
        }
        let next = versions.get(facts.case.version as usize + 1).and_then(|next| next.effective_from);
        let until = next.map_or_else(String::new, |next| format!("; the next one holds from {next}"));
        format!("opened {opened}, and this version holds for cases opened from {from} on{until}")
    }

    fn clock_rules(&self) -> Pairs {
        let rules = &self.policy.clock;
        let categories = Category::ALL.iter().filter(|&&c| rules.pause_in.has(c)).map(|c| c.word());
        let roles = [Role::Customer, Role::Agent, Role::System];
        let responders =
            roles.iter().filter(|&&role| rules.response_by.has(role)).filter_map(|role| role.word());
        let pair = |key: &str, value: String| (key.to_owned(), value);
        Pairs(vec![
            pair("pause_in", list(categories)),
            pair("response_by", list(responders)),
            pair(
                "agent_opened",
                match rules.agent_opened {
                    AgentOpened::Exempt => "exempt".to_owned(),
                    AgentOpened::Measure => "measure".to_owned(),
                },
            ),
            pair("on_reclassify", self.mode().to_owned()),
            pair(
                "on_reopen",
                match rules.on_reopen {
                    OnReopen::Resume => "resume".to_owned(),
                    OnReopen::Restart => "restart".to_owned(),
                },
            ),
            pair("customer_message_resumes", rules.customer_message_resumes.to_string()),
            pair("resolution_answers", rules.resolution_answers.to_string()),
        ])
    }

    /// `on_reclassify` as the policy writes it.
    pub(super) fn mode(&self) -> &'static str {
        match self.policy.clock.on_reclassify {
            OnReclassify::Retarget => "retarget",
            OnReclassify::Restart => "restart",
            OnReclassify::Keep => "keep",
            OnReclassify::Prorate => "prorate",
        }
    }

    /// The calendars that some stretch or spell was measured on.
    pub(super) fn calendars(&self) -> Vec<CalendarUsed> {
        let stretches = || self.explained.clocks.iter().flat_map(|clock| &clock.stretches);
        let used = |i: &usize| stretches().any(|stretch| stretch.calendar == Some(*i));
        let all = (0..self.policy.calendars.len()).filter(used);
        all.map(|i| self.calendar(&self.policy.calendars[i])).collect()
    }

    fn calendar(&self, calendar: &Calendar) -> CalendarUsed {
        let (from, to) = self.span();
        let on = |at: Instant| at.in_zone(calendar.tz).map(|time| time.date_naive());
        let dates = on(from).zip(on(to)).map_or_else(Vec::new, |(from, to)| exceptions(calendar, from, to));
        CalendarUsed {
            name: calendar.name.clone(),
            timezone: calendar.tz.name().to_owned(),
            hours: week(calendar),
            exceptions: dates,
        }
    }

    pub(super) fn head(&self) -> CaseHead {
        let history = &self.source.ingested.history;
        let case = &self.explained.facts.case;
        let opening = &history.case(self.case).events[self.explained.opening];
        let attribute = |attribute: &crate::history::Attribute| {
            let value = attribute.words.get(*attribute.values.get(self.case)?)?;
            Some((attribute.name.clone(), value.to_owned()))
        };
        CaseHead {
            opened_at: At(case.opened_at),
            opened_in_hours: case.opened_in_hours,
            opened_by: self.who(opening.role(), opening.actor),
            severity_first: self.severity(case.severity_first),
            severity_last: self.severity(case.severity_last),
            status_last: case.status_last.get().map(|i| history.statuses.at(i).to_owned()),
            category_last: case.category_last.word(),
            scope: if case.out_of_scope.is_some() { "out" } else { "in" },
            scope_reason: case.out_of_scope.map(|reason| self.reason(reason)),
            attributes: Pairs(history.attributes.iter().filter_map(attribute).collect()),
        }
    }

    /// The text of a reason, as fact tables have it.
    pub(super) fn reason(&self, reason: Reason) -> String {
        let history = &self.source.ingested.history;
        let what = match reason {
            Reason::Void => self.explained.facts.case.status_last.get().map(|i| history.statuses.at(i)),
            Reason::NotIncluded(i) => {
                self.policy.scope.include.get(usize::from(i)).map(|(key, _)| key.as_str())
            }
            _ => None,
        };
        what.map_or_else(|| reason.word().to_owned(), |what| format!("{}: {what}", reason.word()))
    }

    pub(super) fn priority(&self) -> PriorityView {
        let ids = &self.source.ingested.history.case_ids;
        let precedence = self.source.replayer.precedence(self.case as u32);
        let overtook = precedence.overtook.iter().take(self.most).map(|waiting| WaitingView {
            case_id: ids.at(waiting.case as usize).to_owned(),
            severity: waiting.severity,
            waited_business_s: Micros(waiting.waited_business),
        });
        let by = precedence.by.iter().take(self.most).map(|answered| AnsweredView {
            case_id: ids.at(answered.case as usize).to_owned(),
            severity: answered.severity,
            responded_at: At(answered.responded_at),
        });
        PriorityView {
            tolerance: self.policy.priority.map(|rule| rule.tolerance.to_string()),
            overtook: overtook.collect(),
            n_overtook: precedence.overtook.len(),
            overtaken_by: by.collect(),
            n_overtaken_by: precedence.by.len(),
        }
    }

    /// Findings of the replay, then those of the rows: repeated and skipped hours, duplicates.
    pub(super) fn findings(&self) -> Vec<FindingView> {
        let ingested = self.source.ingested;
        let facts = &self.explained.facts;
        let of_case = facts.findings.iter().map(|finding| {
            let message = finding_message(&ingested.history, self.source.book, facts, finding);
            let event = finding.event.map(|event| event as usize);
            let place = event.and_then(|i| ingested.places.of_case(&ingested.history, self.case, i));
            FindingView {
                code: finding.code,
                title: title(finding.code),
                at: Some(At(finding.at)),
                clock: finding.clock.map(|(metric, cycle)| format!("{} {cycle}", metric.word())),
                message,
                file: place.map(|place| place.file + 1),
                line: place.map(|place| place.line),
            }
        });
        let own = |finding: &&crate::ingest::DataFinding| finding.case == Some(self.case as u32);
        let of_rows = ingested.findings.iter().filter(own).map(|finding| FindingView {
            code: finding.code,
            title: title(finding.code),
            at: finding.at.map(At),
            clock: None,
            message: finding.message.clone(),
            file: finding.place.map(|place| place.file + 1),
            line: finding.place.map(|place| place.line),
        });
        of_case.chain(of_rows).chain(self.duplicates()).collect()
    }

    fn duplicates(&self) -> Vec<FindingView> {
        let history = &self.source.ingested.history;
        let events = history.case(self.case).events;
        let numbers = history.events.numbers(self.case).unwrap_or_default();
        let of = |(i, event)| self.source.ingested.places.duplicates_of(event).map(move |place| (i, place));
        let rows = numbers.enumerate().flat_map(of);
        rows.map(|(i, place)| FindingView {
            code: codes::D503,
            title: title(codes::D503),
            at: Some(At(events[i].at)),
            clock: None,
            message: format!("equal to event {} in every canonical column; counted once", i + 1),
            file: Some(place.file + 1),
            line: Some(place.line),
        })
        .collect()
    }

    pub(super) fn assumptions(&self) -> Vec<String> {
        let ingested = self.source.ingested;
        let mut all: Vec<String> = ingested.assumptions.iter().map(|text| text.trim().to_owned()).collect();
        if !ingested.history.has_messages && ingested.history.has_statuses {
            all.push(
                "the input has no messages: a first response is the first change out of `new` by an agent"
                    .into(),
            );
        }
        if !ingested.history.has_statuses {
            all.push("no row of the input gives a status: what only a status ends is not judged".into());
        }
        let rejected = ingested.ledger.n_rejected();
        if rejected > 0 {
            all.push(format!(
                "{rejected} rows of the input were rejected; some of them may have been of this case"
            ));
        }
        all
    }
}

pub(super) fn title(code: &str) -> &'static str {
    codes::ALL.iter().find(|known| known.code == code).map_or("", |known| known.title)
}

fn list<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.collect::<Vec<_>>().join(", ")
}

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Neighbouring weekdays of the same hours as a range; closed ones are left out.
fn week(calendar: &Calendar) -> Pairs {
    let mut entries = Vec::new();
    let mut day = 0;
    while day < 7 {
        let same = |other: &usize| calendar.week[*other] == calendar.week[day];
        let last = (day..7).take_while(same).last().unwrap_or(day);
        if !calendar.week[day].is_empty() {
            let (from, to) = (WEEKDAYS[day], WEEKDAYS[last]);
            let days = if day == last { from.to_owned() } else { format!("{from}-{to}") };
            entries.push((days, hours_text(&calendar.week[day])));
        }
        day = last + 1;
    }
    Pairs(entries)
}

/// Dates from `from` to `to` that differ from the week: holidays, own hours, closures.
fn exceptions(calendar: &Calendar, from: NaiveDate, to: NaiveDate) -> Vec<DateHours> {
    let differs = |on: NaiveDate| {
        let (windows, kind) = calendar.day(on);
        let hours = if windows.is_empty() { "closed".to_owned() } else { hours_text(windows) };
        let why = match kind {
            DayKind::Week => return None,
            DayKind::Holiday(name) if name == on.to_string() => "holiday".to_owned(),
            DayKind::Holiday(name) => format!("holiday {name}"),
            DayKind::Own => "hours of its own".to_owned(),
        };
        Some(DateHours { on: on.to_string(), hours, why })
    };
    let mut all: Vec<DateHours> = from.iter_days().take_while(|on| *on <= to).filter_map(differs).collect();
    let touches =
        |closure: &&crate::calendar::Closure| closure.from.date() <= to && from <= closure.to.date();
    all.extend(calendar.closed.iter().filter(touches).map(|closure| DateHours {
        on: closure.from.date().to_string(),
        hours: "closed".to_owned(),
        why: format!(
            "from {} to {}",
            closure.from.format("%Y-%m-%d %H:%M"),
            closure.to.format("%Y-%m-%d %H:%M")
        ),
    }));
    all.extend(closed_hours(calendar, from, to));
    all.sort_by(|a, b| a.on.cmp(&b.on));
    all
}

/// Hours from `from` to `to` that events of holiday files close.
fn closed_hours(calendar: &Calendar, from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = DateHours> {
    let local = |at: Instant| at.in_zone(calendar.tz).map(|at| at.naive_local());
    calendar.closed_hours.iter().filter_map(move |hours| {
        let (first, last) = (local(hours.from)?, local(hours.to)?);
        (first.date() <= to && from <= last.date()).then(|| DateHours {
            on: first.date().to_string(),
            hours: "closed".to_owned(),
            why: format!(
                "from {} to {}, {}",
                first.format("%Y-%m-%d %H:%M"),
                last.format("%Y-%m-%d %H:%M"),
                hours.name
            ),
        })
    })
}
