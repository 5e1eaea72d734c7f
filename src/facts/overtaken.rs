//! Rows of `overtaken` into Arrow arrays.

use crate::replay::{CaseFact, OvertakenFact};

use super::arrays::{Counts, Durations, Flags, Instants, Texts, columns};
use super::context::Context;

columns! {
    /// The growing columns of `overtaken`.
    OvertakenColumns(context) {
        response_case_id: Texts = Texts::new(),
        responded_at: Instants = Instants::new(),
        severity: Counts = Counts::new(),
        n_overtaken: Counts = Counts::new(),
        worst_case_id: Texts = Texts::new(),
        worst_severity: Counts = Counts::new(),
        worst_waited_business_s: Durations = Durations::new(),
        in_period: Flags = Flags::new(),
    }
}

impl OvertakenColumns {
    /// Appends the first response to `case`.
    pub(super) fn append(&mut self, context: &Context<'_>, case: &CaseFact, response: &OvertakenFact) {
        let ids = &context.history.case_ids;
        self.response_case_id.push(ids.at(case.case as usize));
        self.responded_at.push(response.responded_at);
        self.severity.push(response.severity);
        self.n_overtaken.push(response.n_overtaken);
        self.worst_case_id.push_option(response.worst.map(|worst| ids.at(worst.case as usize)));
        self.worst_severity.push_option(response.worst.map(|worst| worst.severity));
        self.worst_waited_business_s.push_option(response.worst.map(|worst| worst.waited_business));
        self.in_period.push(context.period.has(case.version, Some(response.responded_at)));
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_stand_in_the_order_of_the_registry() {
        let names: Vec<&str> = super::super::OVERTAKEN.columns.iter().map(|c| c.name).collect();
        assert_eq!(super::OvertakenColumns::NAMES, names);
    }
}
