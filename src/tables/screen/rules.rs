//! The checks that hold of every row by itself, and of counts over a batch: each function is the `WHERE` of the check of
//! its name in `queries/checks`, condition by condition and in its order.

use super::columns::{Rows, at_most, differs, less, same, sum};

const ZERO: Option<i64> = Some(0);

pub(super) fn cases_null_rules(t: Rows<'_>) -> Option<bool> {
    let (inside, outside) = (t.among("scope", &["in"])?, t.among("scope", &["out"])?);
    let (scope_reason, closed_by_role) = (t.missing("scope_reason")?, t.missing("closed_by_role")?);
    let (opened_at, first_response_at) = (t.numbers("opened_at")?, t.numbers("first_response_at")?);
    let (closed_at, n_events) = (t.numbers("closed_at")?, t.numbers("n_events")?);
    let (new_s, open_s) = (t.numbers("new_s")?, t.numbers("open_s")?);
    let (customer, other) = (t.numbers("waiting_customer_s")?, t.numbers("waiting_other_s")?);
    let resolved_s = t.numbers("resolved_s")?;
    Some(t.none(|row| {
        inside.yes(row) && !scope_reason.at(row)
            || outside.yes(row) && scope_reason.at(row)
            || closed_at.is_missing(row) && !closed_by_role.at(row)
            || less(first_response_at.at(row), opened_at.at(row))
            || less(n_events.at(row), Some(1))
            || less(new_s.at(row), ZERO)
            || less(open_s.at(row), ZERO)
            || less(customer.at(row), ZERO)
            || less(other.at(row), ZERO)
            || less(resolved_s.at(row), ZERO)
    }))
}

pub(super) fn changes_null_rules(t: Rows<'_>) -> Option<bool> {
    let (from, to) = (t.numbers("from_severity")?, t.numbers("to_severity")?);
    let (up, down) = (t.among("direction", &["upgrade"])?, t.among("direction", &["downgrade"])?);
    let (wall, business) = (t.numbers("since_opening_s")?, t.numbers("since_opening_business_s")?);
    Some(t.none(|row| {
        same(from.at(row), to.at(row))
            || up.yes(row) && less(from.at(row), to.at(row))
            || down.yes(row) && less(to.at(row), from.at(row))
            || less(wall.at(row), ZERO)
            || less(business.at(row), ZERO)
            || less(wall.at(row), business.at(row))
    }))
}

pub(super) fn clocks_null_rules(t: Rows<'_>) -> Option<bool> {
    let verdict = |words: &[&str]| t.among("verdict", words);
    let (met, missed, pending) = (verdict(&["met"])?, verdict(&["missed"])?, verdict(&["pending"])?);
    let ended = verdict(&["met", "withdrawn", "unanswered"])?;
    let judged_by_none = verdict(&["out_of_scope", "exempt"])?;
    let measured = verdict(&["met", "missed", "pending"])?;
    let promised = verdict(&["met", "missed", "pending", "unanswered", "withdrawn"])?;
    let (stopped_at, reason, kind) = (t.missing("stopped_at")?, t.missing("reason")?, t.missing("kind")?);
    let (target, target_kind) = (t.missing("target")?, t.missing("target_kind")?);
    let (target_s, used_share) = (t.missing("target_s")?, t.missing("used_share")?);
    let margin_s = t.numbers("margin_s")?;
    let business_days = t.among("target_kind", &["business_days"])?;
    let (masked, exposed) = (t.flags("masked")?, t.flags("exposed")?);
    Some(t.none(|row| {
        ended.yes(row) && stopped_at.at(row)
            || pending.yes(row) && !stopped_at.at(row)
            || judged_by_none.yes(row) && reason.at(row)
            || judged_by_none.no(row) && !reason.at(row)
            || met.yes(row) && less(margin_s.at(row), ZERO)
            || pending.yes(row) && less(margin_s.at(row), ZERO)
            || missed.yes(row) && at_most(ZERO, margin_s.at(row))
            || measured.yes(row) && target.at(row) && used_share.at(row)
            || promised.yes(row) && kind.at(row)
            || target.at(row) && !target_kind.at(row)
            || !target.at(row) && target_kind.at(row)
            || business_days.yes(row) && !target_s.at(row)
            || masked.is_true(row) && exposed.is_true(row)
    }))
}

pub(super) fn clocks_time(t: Rows<'_>) -> Option<bool> {
    let (elapsed_s, paused_s) = (t.numbers("elapsed_s")?, t.numbers("paused_s")?);
    let (business_s, stale_pause_s) = (t.numbers("business_s")?, t.numbers("stale_pause_s")?);
    let (started_at, stopped_at) = (t.numbers("started_at")?, t.numbers("stopped_at")?);
    let cycle = t.numbers("cycle")?;
    Some(t.none(|row| {
        let (elapsed, paused, business) = (elapsed_s.at(row), paused_s.at(row), business_s.at(row));
        less(elapsed, ZERO)
            || less(paused, ZERO)
            || less(stale_pause_s.at(row), ZERO)
            || less(business, ZERO)
            || less(elapsed, paused)
            || less(elapsed, sum(business, paused))
            || less(stopped_at.at(row), started_at.at(row))
            || less(cycle.at(row), Some(1))
    }))
}

/// As many findings of each code as facts that they tell of.
pub(super) fn findings_of_facts(findings: Rows<'_>, spells: Rows<'_>, overtaken: Rows<'_>) -> Option<bool> {
    let n_found = |code| findings.among("code", &[code]).map(|is| findings.count(|row| is.yes(row)));
    let n_spells = |verdict| spells.among("verdict", &[verdict]).map(|is| spells.count(|row| is.yes(row)));
    let n_overtaken = overtaken.numbers("n_overtaken")?;
    let n_overtaking = overtaken.count(|row| less(ZERO, n_overtaken.at(row)));
    Some(
        n_found("C301")? == n_spells("early")?
            && n_found("C302")? == n_spells("late")?
            && n_found("C303")? == n_spells("overdue")?
            && n_found("P401")? == n_overtaking,
    )
}

pub(super) fn inactivity_null_rules(t: Rows<'_>) -> Option<bool> {
    let verdict = |words: &[&str]| t.among("verdict", words);
    let (open, closed) = (t.among("ended_how", &["open"])?, t.among("ended_how", &["closed"])?);
    let (no_target, early) = (verdict(&["no_target"])?, verdict(&["early"])?);
    let (on_time, returned) = (verdict(&["on_time"])?, verdict(&["returned"])?);
    let without_due = verdict(&["no_target", "out_of_scope"])?;
    let (late, lasting) = (verdict(&["late", "returned_overdue"])?, verdict(&["pending", "overdue"])?);
    let (entered_at, started_at) = (t.numbers("entered_at")?, t.numbers("started_at")?);
    let (due_at, grace) = (t.numbers("due_at")?, t.numbers("grace_until_at")?);
    let (ended_at, reopened_at) = (t.numbers("ended_at")?, t.numbers("reopened_at")?);
    let (support_owed, n_restarts) = (t.missing("support_owed")?, t.numbers("n_restarts")?);
    let (idle_s, idle_business_s) = (t.numbers("idle_s")?, t.numbers("idle_business_s")?);
    let waited_s = t.numbers("waited_s")?;
    Some(t.none(|row| {
        let (ended, due, grace) = (ended_at.at(row), due_at.at(row), grace.at(row));
        open.yes(row) && ended.is_some()
            || open.no(row) && ended.is_none()
            || closed.no(row) && !support_owed.at(row)
            || closed.no(row) && !reopened_at.is_missing(row)
            || less(reopened_at.at(row), ended)
            || less(started_at.at(row), entered_at.at(row))
            || less(ended, started_at.at(row))
            || n_restarts.at(row) == ZERO && differs(started_at.at(row), entered_at.at(row))
            || less(grace, due)
            || without_due.no(row) && due.is_none()
            || no_target.yes(row) && grace.is_some()
            || early.yes(row) && at_most(due, ended)
            || on_time.yes(row) && (less(ended, due) || less(grace, ended))
            || late.yes(row) && at_most(ended, grace)
            || returned.yes(row) && less(grace, ended)
            || lasting.yes(row) && open.no(row)
            || less(idle_s.at(row), ZERO)
            || less(idle_s.at(row), idle_business_s.at(row))
            || less(waited_s.at(row), idle_s.at(row))
    }))
}

pub(super) fn overtaken_null_rules(t: Rows<'_>) -> Option<bool> {
    let (n_overtaken, worst_case_id) = (t.numbers("n_overtaken")?, t.missing("worst_case_id")?);
    let (severity, worst_severity) = (t.numbers("severity")?, t.numbers("worst_severity")?);
    let waited = t.numbers("worst_waited_business_s")?;
    Some(t.none(|row| {
        let n = n_overtaken.at(row);
        n == ZERO && !worst_case_id.at(row)
            || less(ZERO, n) && (worst_case_id.at(row) || worst_severity.is_missing(row))
            || at_most(severity.at(row), worst_severity.at(row))
            || less(waited.at(row), ZERO)
    }))
}
