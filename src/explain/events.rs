//! The events of the case: who, where in the input, what each changed, which clocks it started and stopped.

use crate::history::{Event, EventKind};

use super::One;
use super::value::{At, EventLine};

impl One<'_> {
    pub(super) fn events(&self) -> Vec<EventLine> {
        let all = self.source.ingested.history.case(self.case).events;
        let until = all.partition_point(|event| event.at <= self.source.replayer.as_of());
        all[..until].iter().enumerate().map(|(i, event)| self.event(i, event)).collect()
    }

    fn event(&self, i: usize, event: &Event) -> EventLine {
        let ingested = self.source.ingested;
        let place = ingested.places.of_case(&ingested.history, self.case, i);
        let local = event.at.in_zone(self.zone);
        let clocks = |is_it: &dyn Fn(&crate::replay::ClockTrace) -> bool| {
            let facts = self.explained.facts.clocks.iter().zip(&self.explained.clocks);
            let named = facts.filter(|(_, trace)| is_it(trace));
            named.map(|(fact, _)| format!("{} {}", fact.metric.word(), fact.cycle)).collect()
        };
        EventLine {
            event: i + 1,
            at: At(event.at),
            local: local
                .map_or_else(String::new, |t| t.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, false)),
            kind: match event.kind() {
                EventKind::Opened if i == self.explained.opening => "opened",
                EventKind::Message => "message",
                EventKind::Note => "note",
                EventKind::Opened | EventKind::Update => "update",
            },
            by: self.who(event.role(), event.actor),
            file: place.map(|place| place.file + 1),
            line: place.map(|place| place.line),
            changed: self.changed(i, event),
            starts: clocks(&|trace| trace.started_by == Some(i)),
            stops: clocks(&|trace| trace.stopped_by == Some(i)),
        }
    }

    fn changed(&self, i: usize, event: &Event) -> Vec<String> {
        let mut words = Vec::new();
        if i == self.explained.opening && event.kind() != EventKind::Opened {
            words.push("opens the case, for want of an opening event".to_owned());
        }
        if i < self.explained.opening {
            words.push("before the opening: gives state and attributes only".to_owned());
        }
        words.extend(self.status_word(i, event));
        words.extend(self.severity_word(i, event));
        words
    }

    /// The status that a row gives, where it is another word or another category than before: exports of whole states
    /// repeat it on every row.
    fn status_word(&self, i: usize, event: &Event) -> Option<String> {
        let history = &self.source.ingested.history;
        let before = history.case(self.case).events[..i].iter().rev().map(|event| event.status);
        let is_change = self.explained.categories.iter().any(|held| held.event == Some(i));
        let is_repeated = before.into_iter().find(|status| status.get().is_some()) == Some(event.status);
        if is_repeated && !is_change {
            return None;
        }
        let word = history.statuses.at(event.status.get()?);
        let category = history.category(event.status)?.word();
        let still = if is_change || i < self.explained.opening { "" } else { "still " };
        Some(format!("status {word} ({still}{category})"))
    }

    fn severity_word(&self, i: usize, event: &Event) -> Option<String> {
        let steps = &self.explained.severities;
        let shown = |level| self.severity(level).unwrap_or_else(|| "none".to_owned());
        let given = Some(event.severity()).filter(|&level| level != 0);
        match steps.iter().position(|held| held.event == Some(i)) {
            Some(0) => {
                let first = steps[0].what?;
                let whose = if given == Some(first) { "" } else { " (given by another row)" };
                Some(format!("severity {}{whose}", shown(Some(first))))
            }
            Some(n) => Some(format!("severity {}, was {}", shown(steps[n].what), shown(steps[n - 1].what))),
            // Of the rows that change nothing only the first tells something: where the first severity comes from.
            None => {
                let events = self.source.ingested.history.case(self.case).events;
                let is_first = events[..i].iter().all(|event| event.severity() == 0);
                given.filter(|_| is_first).map(|level| format!("severity {}", shown(Some(level))))
            }
        }
    }
}
