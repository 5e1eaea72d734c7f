//! Rows of `cases` into Arrow arrays, the attributes of the input after the registered columns.

use arrow::array::ArrayRef;
use arrow::error::ArrowError;

use crate::replay::CaseFact;

use super::arrays::{Counts, Durations, Flags, Grow, Instants, Keys, Texts, columns};
use super::context::{Context, role_key};

columns! {
    /// The growing columns of `cases`, attributes aside.
    CaseColumns(context) {
        case_id: Texts = Texts::new(),
        opened_at: Instants = Instants::new(),
        opened_in_hours: Flags = Flags::new(),
        opened_by_role: Keys = Keys::new(&context.words.roles),
        severity_first: Counts = Counts::new(),
        severity_last: Counts = Counts::new(),
        status_last: Keys = Keys::new(&context.words.statuses),
        category_last: Keys = Keys::new(&context.words.categories),
        first_response_at: Instants = Instants::new(),
        resolved_at: Instants = Instants::new(),
        closed_at: Instants = Instants::new(),
        closed_by_role: Keys = Keys::new(&context.words.roles),
        n_events: Counts = Counts::new(),
        n_customer_messages: Counts = Counts::new(),
        n_agent_messages: Counts = Counts::new(),
        n_notes: Counts = Counts::new(),
        n_severity_changes: Counts = Counts::new(),
        n_reopenings: Counts = Counts::new(),
        n_rounds: Counts = Counts::new(),
        new_s: Durations = Durations::new(),
        open_s: Durations = Durations::new(),
        waiting_customer_s: Durations = Durations::new(),
        waiting_other_s: Durations = Durations::new(),
        resolved_s: Durations = Durations::new(),
        scope: Keys = Keys::new(&context.words.scopes),
        scope_reason: Keys = Keys::new(&context.words.reasons),
        n_overtaken: Counts = Counts::new(),
        policy_version: Keys = Keys::new(&context.words.versions),
        opened_month: Keys = Keys::new(&context.months.labels),
        in_period: Flags = Flags::new(),
    }
}

impl CaseColumns {
    /// Appends one case.
    pub(super) fn append(&mut self, context: &Context<'_>, case: &CaseFact) {
        self.case_id.push(context.history.case_ids.at(case.case as usize));
        self.opened_at.push(case.opened_at);
        self.opened_in_hours.push_option(case.opened_in_hours);
        self.opened_by_role.push_option(role_key(case.opened_by_role));
        self.severity_first.push_option(case.severity_first);
        self.severity_last.push_option(case.severity_last);
        self.status_last.push_option(case.status_last.get());
        self.category_last.push(case.category_last as usize);
        self.first_response_at.push_option(case.first_response_at);
        self.resolved_at.push_option(case.resolved_at);
        self.closed_at.push_option(case.closed_at);
        self.closed_by_role.push_option(role_key(case.closed_by_role));
        self.append_counts(case);
        self.append_categories(case);
        self.scope.push(usize::from(case.out_of_scope.is_some()));
        self.scope_reason.push_option(case.out_of_scope.map(|reason| context.words.reason(reason, case)));
        self.n_overtaken.push(case.n_overtaken);
        self.policy_version.push(context.words.version(case.version));
        self.opened_month.push(context.months.key(case.version, case.opened_at));
        self.in_period.push(context.period.has(case.version, Some(case.opened_at)));
    }

    fn append_counts(&mut self, case: &CaseFact) {
        self.n_events.push(case.n_events);
        self.n_customer_messages.push(case.n_customer_messages);
        self.n_agent_messages.push(case.n_agent_messages);
        self.n_notes.push(case.n_notes);
        self.n_severity_changes.push(case.n_severity_changes);
        self.n_reopenings.push(case.n_reopenings);
        self.n_rounds.push(case.n_rounds);
    }

    fn append_categories(&mut self, case: &CaseFact) {
        let open = |i: usize| case.category_open.map(|all| all[i]);
        self.new_s.push_option(open(0));
        self.open_s.push_option(open(1));
        self.waiting_customer_s.push_option(open(2));
        self.waiting_other_s.push_option(open(3));
        self.resolved_s.push_option(open(4));
    }
}

/// The growing attribute columns of `cases`.
pub(super) struct AttributeColumns(Vec<Keys>);

impl AttributeColumns {
    /// Empty ones, with room for about `n` rows.
    pub(super) fn new(context: &Context<'_>, n: usize) -> AttributeColumns {
        let mut columns: Vec<Keys> = context.attributes.iter().map(|(_, words)| Keys::new(words)).collect();
        columns.iter_mut().for_each(|column| column.make_room(n));
        AttributeColumns(columns)
    }

    /// Appends the attributes of case `case`.
    pub(super) fn append(&mut self, context: &Context<'_>, case: u32) {
        for (column, attribute) in self.0.iter_mut().zip(&context.history.attributes) {
            column.push_word(attribute.values[case as usize]);
        }
    }

    /// The arrays, in order of the input's columns.
    pub(super) fn finish(self) -> Result<Vec<ArrayRef>, ArrowError> {
        self.0.into_iter().map(Grow::finish_array).collect()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_stand_in_the_order_of_the_registry() {
        let names: Vec<&str> = super::super::CASES.columns.iter().map(|c| c.name).collect();
        assert_eq!(super::CaseColumns::NAMES, names);
    }
}
