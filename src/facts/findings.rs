//! Rows of `findings` into Arrow arrays: those of cases, with their message made here, and those of the data.

use crate::calendar::Instant;
use crate::replay::{CaseFacts, CaseFinding};

use super::arrays::{Counts, Flags, Instants, Keys, Texts, columns};
use super::context::Context;
use super::message;

/// A finding about the data, as `ingest` tells it.
#[derive(Clone, Debug)]
pub struct DataRow<'a> {
    /// A code of [`crate::codes`].
    pub code: &'static str,
    /// The case, where it is about one.
    pub case_id: Option<&'a str>,
    /// The instant, where it is about one.
    pub at: Option<Instant>,
    /// What was found, in words.
    pub message: &'a str,
    /// Index of the input file.
    pub file: Option<u32>,
    /// Line of the file, from 1.
    pub line: Option<u64>,
}

columns! {
    /// The growing columns of `findings`.
    FindingColumns(context) {
        code: Keys = Keys::new(&context.words.codes),
        case_id: Texts = Texts::new(),
        at: Instants = Instants::new(),
        metric: Keys = Keys::new(&context.words.metrics),
        cycle: Counts = Counts::new(),
        message: Texts = Texts::new(),
        file: Keys = Keys::new(&context.words.files),
        line: Counts = Counts::new(),
        in_period: Flags = Flags::new(),
    }
}

impl FindingColumns {
    /// Appends one finding of a case; `text` is memory for its message.
    pub(super) fn append(
        &mut self,
        context: &Context<'_>,
        facts: &CaseFacts,
        finding: &CaseFinding,
        text: &mut String,
    ) {
        self.code.push_option(context.words.code(finding.code));
        self.case_id.push(context.history.case_ids.at(facts.case.case as usize));
        self.at.push(finding.at);
        self.metric.push_option(finding.clock.map(|(metric, _)| metric as usize));
        self.cycle.push_option(finding.clock.map(|(_, cycle)| cycle));
        text.clear();
        message::say_finding(text, (context.history, context.book), facts, finding);
        self.message.push(text);
        let place = finding.event.and_then(|event| context.place(facts.case.case, event));
        self.file.push_option(place.and_then(|place| context.words.file(place.file)));
        self.line.push_option(place.and_then(|place| i64::try_from(place.line).ok()));
        self.in_period.push(context.period.has_finding(facts, finding));
    }

    /// Appends one finding of the data.
    pub(super) fn append_data(&mut self, context: &Context<'_>, row: &DataRow<'_>) {
        self.code.push_option(context.words.code(row.code));
        self.case_id.push_option(row.case_id);
        self.at.push_option(row.at);
        self.metric.push_option(None);
        self.cycle.push_option(None::<i64>);
        self.message.push(row.message);
        self.file.push_option(row.file.and_then(|file| context.words.file(file)));
        self.line.push_option(row.line.and_then(|line| i64::try_from(line).ok()));
        // What is wrong with the data touches every period, unless it has its instant.
        self.in_period.push(row.at.is_none() || context.period.has(0, row.at));
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_stand_in_the_order_of_the_registry() {
        let names: Vec<&str> = super::super::FINDINGS.columns.iter().map(|c| c.name).collect();
        assert_eq!(super::FindingColumns::NAMES, names);
    }
}
