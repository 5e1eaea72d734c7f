//! Rows of `inactivity` into Arrow arrays.

use crate::replay::{CaseFact, SpellFact};

use super::arrays::{Counts, Durations, Flags, Instants, Keys, Texts, columns};
use super::context::{Context, role_key};

columns! {
    /// The growing columns of `inactivity`.
    SpellColumns(context) {
        case_id: Texts = Texts::new(),
        rule: Counts = Counts::new(),
        basis: Keys = Keys::new(&context.words.categories),
        spell: Counts = Counts::new(),
        entered_at: Instants = Instants::new(),
        started_at: Instants = Instants::new(),
        n_restarts: Counts = Counts::new(),
        due_at: Instants = Instants::new(),
        grace_until_at: Instants = Instants::new(),
        ended_at: Instants = Instants::new(),
        ended_how: Keys = Keys::new(&context.words.spell_ends),
        ended_by_role: Keys = Keys::new(&context.words.roles),
        ended_by: Keys = Keys::new(&context.words.actors),
        verdict: Keys = Keys::new(&context.words.spell_verdicts),
        idle_s: Durations = Durations::new(),
        idle_business_s: Durations = Durations::new(),
        support_owed: Flags = Flags::new(),
        reopened_at: Instants = Instants::new(),
        severity: Counts = Counts::new(),
        waited_s: Durations = Durations::new(),
        waited_business_s: Durations = Durations::new(),
        in_period: Flags = Flags::new(),
    }
}

impl SpellColumns {
    /// Appends one spell of `case`.
    pub(super) fn append(&mut self, context: &Context<'_>, case: &CaseFact, spell: &SpellFact) {
        self.case_id.push(context.history.case_ids.at(case.case as usize));
        self.rule.push(spell.rule);
        self.basis.push(spell.basis as usize);
        self.spell.push(spell.spell);
        self.entered_at.push(spell.entered_at);
        self.started_at.push(spell.started_at);
        self.n_restarts.push(spell.n_restarts);
        self.due_at.push_option(spell.due_at);
        self.grace_until_at.push_option(spell.grace_until_at);
        self.append_end(spell);
        self.verdict.push(spell.verdict as usize);
        self.idle_s.push(spell.idle);
        self.idle_business_s.push_option(spell.idle_business);
        self.severity.push_option(spell.severity);
        self.waited_s.push(spell.waited);
        self.waited_business_s.push_option(spell.waited_business);
        self.in_period.push(context.period.has_spell(case.version, spell));
    }

    fn append_end(&mut self, spell: &SpellFact) {
        self.ended_at.push_option(spell.ended_at);
        self.ended_how.push(spell.ended_how as usize);
        self.ended_by_role.push_option(role_key(spell.ended_by_role));
        self.ended_by.push_word(spell.ended_by);
        self.support_owed.push_option(spell.support_owed);
        self.reopened_at.push_option(spell.reopened_at);
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_stand_in_the_order_of_the_registry() {
        let names: Vec<&str> = super::super::INACTIVITY.columns.iter().map(|c| c.name).collect();
        assert_eq!(super::SpellColumns::NAMES, names);
    }
}
