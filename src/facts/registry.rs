//! The columns of every fact table: names and types are a contract (SPEC appendix). Columns after the
//! contract's own are marked so in their documentation. Data only, no code.

use super::schema::Kind::{Count, Flag, Instant, Seconds, Share, Text, Word};
use super::schema::{Column, Kind, Table};

/// Every fact table, in the order of the SPEC.
pub const TABLES: &[Table] = &[CASES, CLOCKS, FINDINGS];

const fn column(name: &'static str, kind: Kind, null: &'static str, doc: &'static str) -> Column {
    Column { name, kind, null, doc }
}

const RUNNING: &str = "still running at `as_of`";
const NO_TARGET: &str = "no target";
const NO_CALENDAR: &str = "no calendar to measure on";
const NO_SEVERITY: &str = "no severity";
const NO_ROLE: &str = "no role given, or not yet";

/// One row a clock: one measured promise on one case (SPEC 7).
pub const CLOCKS: Table = Table {
    name: "clocks",
    grain: "one clock: one measured promise on one case",
    columns: &[
        column("case_id", Text, "", "the case"),
        column(
            "metric",
            Word,
            "",
            "what is measured: `first_response`, `after_hours_response`, `next_response`, `update`, `resolution`",
        ),
        column("cycle", Count, "", "which clock of this metric on this case, from 1"),
        column("started_at", Instant, "", "where the clock counts from under the reclassification rule"),
        column("stopped_at", Instant, RUNNING, "when it stopped"),
        column(
            "stopped_by_role",
            Word,
            "no role given, or still running",
            "role of who stopped it: `customer`, `agent`, `system`",
        ),
        column("stopped_by", Word, "no name given, or still running", "name of who stopped it"),
        column("source", Word, RUNNING, "how the stop was seen: by a `message` or a change of `status`"),
        column(
            "due_at",
            Instant,
            "no target, prorated, or paused before the target was used up",
            "when the target is used up, as things stand at the stop or at `as_of`",
        ),
        column("elapsed_s", Seconds, "", "wall time from start to stop or `as_of`"),
        column("paused_s", Seconds, "", "wall time of it paused"),
        column("business_s", Seconds, NO_CALENDAR, "open time of it not paused"),
        column(
            "stale_pause_s",
            Seconds,
            "",
            "wall time that the status alone would have paused beyond the customer's message",
        ),
        column("target", Word, NO_TARGET, "the target in force at the end, as policies write it"),
        column(
            "target_kind",
            Word,
            NO_TARGET,
            "what the target counts: `business`, `elapsed`, `business_days`",
        ),
        column("target_s", Seconds, "no target, or business days", "the target"),
        column("margin_s", Seconds, "no target, or prorated", "target less used time; below 0: over"),
        column("used_share", Share, "not prorated", "share of the target used up, each stretch of its own"),
        column("verdict", Word, "", "what became of it (SPEC 7.4)"),
        column("reason", Word, "neither `out_of_scope` nor `exempt`", "why it is `out_of_scope` or `exempt`"),
        column(
            "kind",
            Word,
            NO_TARGET,
            "`commitment`: counts toward compliance; `best_effort`: reported beside",
        ),
        column("severity_at_start", Count, NO_SEVERITY, "severity in force at `started_at`"),
        column("severity_at_stop", Count, NO_SEVERITY, "severity in force at the stop or `as_of`"),
        column("n_severity_changes", Count, "", "changes of severity while it ran"),
        column("started_in_hours", Flag, NO_CALENDAR, "the calendar was open at `started_at`"),
        column("over_before", Flag, "", "over target at some change of severity"),
        column("masked", Flag, "", "missed had the first severity held, not missed as it was"),
        column("exposed", Flag, "", "the reverse of `masked`"),
        column(
            "verdict_at_first_severity",
            Word,
            "",
            "the verdict under the case's first severity, from the clock's own first start",
        ),
        column(
            "policy_version",
            Word,
            "",
            "version of the policy: its `effective_from`, else the file's stem",
        ),
        column(
            "started_month",
            Word,
            "",
            "month of `started_at`, `YYYY-MM`, in the policy version's zone (beyond the contract's columns)",
        ),
    ],
};

/// One row a case (SPEC appendix); the attributes of the input follow under their own names.
pub const CASES: Table = Table {
    name: "cases",
    grain: "one case",
    columns: &[
        column("case_id", Text, "", "the case"),
        column("opened_at", Instant, "", "when it was opened"),
        column("opened_in_hours", Flag, NO_CALENDAR, "the calendar of the severity at opening was open then"),
        column("opened_by_role", Word, NO_ROLE, "who opened it"),
        column("severity_first", Count, NO_SEVERITY, "severity that held from the opening"),
        column("severity_last", Count, NO_SEVERITY, "severity at `as_of`"),
        column("status_last", Word, "no status given", "status word at `as_of`, as the input writes it"),
        column("category_last", Word, "", "category of that status"),
        column("first_response_at", Instant, "none yet", "first response really given (or inferred)"),
        column("resolved_at", Instant, "never", "last entry into `resolved`, also if left since"),
        column("closed_at", Instant, "never", "last entry into `closed`, also if left since"),
        column("closed_by_role", Word, NO_ROLE, "who closed it then"),
        column("n_events", Count, "", "events up to `as_of`, those before the opening included"),
        column("n_customer_messages", Count, "", "public messages by the customer; the opening is none"),
        column("n_agent_messages", Count, "", "public messages by agents"),
        column("n_notes", Count, "", "internal notes"),
        column("n_severity_changes", Count, "", "changes of severity"),
        column("n_reopenings", Count, "", "reopenings"),
        column("n_rounds", Count, "", "how many times support had to ask the customer"),
        column("new_s", Seconds, NO_CALENDAR, "open time in `new` by status alone, opening to `as_of`"),
        column("open_s", Seconds, NO_CALENDAR, "the same in `open`"),
        column("waiting_customer_s", Seconds, NO_CALENDAR, "the same in `waiting_customer`"),
        column("waiting_other_s", Seconds, NO_CALENDAR, "the same in `waiting_other`"),
        column("resolved_s", Seconds, NO_CALENDAR, "the same in `resolved`"),
        column("scope", Word, "", "`in` or `out`"),
        column("scope_reason", Word, "in scope", "why it is out of scope"),
        column(
            "n_overtaken",
            Count,
            "priority order not replayed",
            "how often it was overtaken by less severe cases",
        ),
        column(
            "policy_version",
            Word,
            "",
            "version of the policy: its `effective_from`, else the file's stem",
        ),
        column(
            "opened_month",
            Word,
            "",
            "month of `opened_at`, `YYYY-MM`, in the policy version's zone (beyond the contract's columns)",
        ),
    ],
};

/// One row a finding (SPEC 12), of a case or of the data.
pub const FINDINGS: Table = Table {
    name: "findings",
    grain: "one fact worth a person's attention",
    columns: &[
        column("code", Word, "", "the stable code"),
        column("case_id", Text, "not about one case", "the case"),
        column("at", Instant, "not about one instant", "the instant that it is about"),
        column("metric", Word, "not about a clock", "metric of the clock that it is about"),
        column("cycle", Count, "not about a clock", "cycle of that clock"),
        column("message", Text, "", "what was found, in words"),
        column("file", Word, "not about a row of the input", "the input file, as given"),
        column("line", Count, "not about a row of the input", "line of the file, from 1 (Parquet: row)"),
    ],
};
