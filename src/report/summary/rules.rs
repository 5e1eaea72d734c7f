//! What the summary says of everything that is no clock: objectives, changes of severity, inactivity, priority.

use std::fmt::Write as _;

use crate::diag::{padded, printable};
use crate::replay::{Metric, SpellVerdict};
use crate::tables::{Objective, Rate, goal_percent, percent_beside};

use super::Summary;
use super::words::{cut, grouped, metric_name, percent};

impl Summary<'_> {
    /// Objectives with what was measured, and whether a doubt is left.
    pub(super) fn write_objectives(&self, text: &mut String) {
        let objectives = Objective::all(self.tally, self.book);
        if objectives.is_empty() {
            return;
        }
        let _ = writeln!(text, "\n{:<35}{:>9}{:>10}{:>9}   standing", "Objectives", "goal", "of", "share");
        for objective in &objectives {
            let name = padded(&cut(&printable(&objective.key), 34), 35);
            let share =
                objective.rate.map_or_else(String::new, |rate| percent_beside(rate.share, objective.goal));
            let n = grouped(objective.rate.map_or(0, |rate| rate.n));
            let standing = objective.standing().word();
            let goal = goal_percent(objective.goal);
            let _ = writeln!(text, "{name}{goal:>9}{n:>10}{share:>9}   {standing}");
        }
        text.push_str("missed: beyond doubt; where the goal is kept exactly, so few have a chance of at\n");
        text.push_str("most 2.5%. In doubt: below the goal otherwise.\n");
    }

    /// What changes of severity did to attainment (SPEC 8).
    pub(super) fn write_reclassified(&self, text: &mut String) {
        let [up, down] = self.tally.n_changes;
        if up + down == 0 {
            return;
        }
        let [masked, exposed] = self.tally.n_masked_exposed.map(grouped);
        let (up, down) = (grouped(up), grouped(down));
        let _ = writeln!(text, "\nSeverity changes: {up} toward 1, {down} away from it");
        let _ = writeln!(text, "clocks whose miss a change masked {masked}, exposed {exposed}");
        let _ = writeln!(text, "{:<36}{:>22}{:>22}", "Attainment", "as measured", "at first severity");
        for metric in Metric::ALL {
            let (measured, at_first) = (self.tally.verdicts_of(metric), self.tally.verdicts_at_first(metric));
            if measured.judged() + at_first.judged() > 0 && metric != Metric::AfterHoursResponse {
                let share = |rate: Option<Rate>| {
                    rate.map_or_else(String::new, |r| format!("{} of {}", percent(r.share), grouped(r.n)))
                };
                let (a, b) = (share(measured.attainment()), share(at_first.attainment()));
                let _ = writeln!(text, "{:<36}{a:>22}{b:>22}", metric_name(metric));
            }
        }
    }

    /// What became of cases that waited to be closed (SPEC 9).
    pub(super) fn write_spells(&self, text: &mut String) {
        for (basis, verdicts) in &self.tally.spells {
            let n = grouped(verdicts.n());
            let _ = writeln!(text, "\nInactivity, spells in {}: {n}", basis.word());
            for verdict in SpellVerdict::ALL {
                if verdicts.of(verdict) > 0 {
                    let name = verdict.word().replace('_', " ");
                    let _ = writeln!(text, "{:>11}  {name}", grouped(verdicts.of(verdict)));
                }
            }
        }
    }

    /// What other lengths of inactivity would have done (SPEC 9.4).
    pub(super) fn write_close_after(&self, text: &mut String) {
        let rows = self.tally.question.rows();
        if rows.is_empty() {
            return;
        }
        let _ = writeln!(
            text,
            "\n{:<26}{:>9}{:>13}{:>13}{:>19}",
            "Closing after", "spells", "would close", "too early", "time saved"
        );
        for row in &rows {
            let name = format!("{} in {}", row.length, row.basis.word());
            let [n, closed, early] =
                [row.answer.n_spells, row.answer.n_would_close, row.answer.n_false_closures].map(grouped);
            let saved = format!("{} h", grouped(row.saved_s().unsigned_abs() / 3_600));
            let _ = writeln!(text, "{name:<26}{n:>9}{closed:>13}{early:>13}{saved:>19}");
        }
        text.push_str("too early: the customer came back later. Time saved: wall time from due to the\n");
        text.push_str("end of the spell, those left out.\n");
    }

    /// Whether the more severe were answered first (SPEC 10).
    pub(super) fn write_priority(&self, text: &mut String) {
        let [all, overtaking] = self.tally.n_responses;
        if all > 0 {
            let (all, overtaking) = (grouped(all), grouped(overtaking));
            let overtaken = grouped(self.tally.n_overtaken);
            let _ = writeln!(text, "\nPriority: {overtaking} of {all} first responses came before those of");
            let _ = writeln!(text, "more severe cases that had waited; cases so overtaken: {overtaken}");
        }
    }
}
