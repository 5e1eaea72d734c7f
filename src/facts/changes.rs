//! Rows of `severity_changes` into Arrow arrays, with the list of the clocks that ran.

use std::sync::Arc;

use arrow::array::{
    ArrayBuilder, ArrayRef, BooleanBuilder, Int64Builder, ListBuilder, StringBuilder, StructBuilder,
};
use arrow::datatypes::{DataType, Field};
use arrow::error::ArrowError;

use crate::replay::{CaseFact, ChangeFact, ChangedClock};

use super::arrays::{Counts, Durations, Flags, Grow, Instants, Keys, Texts, columns};
use super::context::{Context, role_key};
use super::schema::changed_clock;

columns! {
    /// The growing columns of `severity_changes`.
    ChangeColumns(context) {
        case_id: Texts = Texts::new(),
        change: Counts = Counts::new(),
        changed_at: Instants = Instants::new(),
        from_severity: Counts = Counts::new(),
        to_severity: Counts = Counts::new(),
        direction: Keys = Keys::new(&context.words.directions),
        role: Keys = Keys::new(&context.words.roles),
        actor: Keys = Keys::new(&context.words.actors),
        since_opening_s: Durations = Durations::new(),
        since_opening_business_s: Durations = Durations::new(),
        before_first_response: Flags = Flags::new(),
        returned_to_first: Flags = Flags::new(),
        metrics: ChangedClocks = ChangedClocks::new(),
        n_over_before: Counts = Counts::new(),
        n_masked: Counts = Counts::new(),
        n_exposed: Counts = Counts::new(),
        scope: Keys = Keys::new(&context.words.scopes),
        in_period: Flags = Flags::new(),
    }
}

impl ChangeColumns {
    /// Appends one change of `case`.
    pub(super) fn append(&mut self, context: &Context<'_>, case: &CaseFact, change: &ChangeFact) {
        self.case_id.push(context.history.case_ids.at(case.case as usize));
        self.change.push(change.change);
        self.changed_at.push(change.changed_at);
        self.from_severity.push_option(change.from_severity);
        self.to_severity.push_option(change.to_severity);
        self.direction.push(change.direction as usize);
        self.role.push_option(role_key(change.role));
        self.actor.push_word(change.actor);
        self.since_opening_s.push(change.since_opening);
        self.since_opening_business_s.push_option(change.since_opening_business);
        self.before_first_response.push(change.before_first_response);
        self.returned_to_first.push(change.returned_to_first);
        self.metrics.push(&change.clocks);
        let count = |is: fn(&ChangedClock) -> bool| change.clocks.iter().filter(|c| is(c)).count() as u32;
        self.n_over_before.push(count(|clock| clock.over_before));
        self.n_masked.push(count(|clock| clock.masked));
        self.n_exposed.push(count(|clock| clock.exposed));
        self.scope.push(usize::from(case.out_of_scope.is_some()));
        self.in_period.push(context.period.has(case.version, Some(change.changed_at)));
    }
}

/// The list of clocks that ran at a change, field by field.
struct ChangedClocks(ListBuilder<StructBuilder>);

impl ChangedClocks {
    fn new() -> ChangedClocks {
        let builders: Vec<Box<dyn ArrayBuilder>> = vec![
            Box::new(StringBuilder::new()),
            Box::new(Int64Builder::new()),
            Box::new(BooleanBuilder::new()),
            Box::new(BooleanBuilder::new()),
            Box::new(BooleanBuilder::new()),
        ];
        let item = Field::new("item", DataType::Struct(changed_clock()), false);
        ChangedClocks(ListBuilder::new(StructBuilder::new(changed_clock(), builders)).with_field(item))
    }

    fn push(&mut self, clocks: &[ChangedClock]) {
        for clock in clocks {
            let row = self.0.values();
            if let Some(metric) = row.field_builder::<StringBuilder>(0) {
                metric.append_value(clock.metric.word());
            }
            if let Some(cycle) = row.field_builder::<Int64Builder>(1) {
                cycle.append_value(i64::from(clock.cycle));
            }
            for (i, flag) in [(2, clock.over_before), (3, clock.masked), (4, clock.exposed)] {
                if let Some(flags) = row.field_builder::<BooleanBuilder>(i) {
                    flags.append_value(flag);
                }
            }
            row.append(true);
        }
        self.0.append(true);
    }
}

impl Grow for ChangedClocks {
    /// There are few of them.
    fn make_room(&mut self, _n: usize) {}

    fn finish_array(mut self) -> Result<ArrayRef, ArrowError> {
        Ok(Arc::new(self.0.finish()))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_stand_in_the_order_of_the_registry() {
        let names: Vec<&str> = super::super::SEVERITY_CHANGES.columns.iter().map(|c| c.name).collect();
        assert_eq!(super::ChangeColumns::NAMES, names);
    }
}
