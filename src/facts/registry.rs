//! The columns of every fact table: names and types are a contract (SPEC appendix). Columns after the
//! contract's own are marked so in their documentation. Data, and which rows of several tables are of which.

use arrow::array::RecordBatch;

use super::schema::Kind::{ChangedClocks, Count, Flag, Instant, Seconds, Share, Text, Word};
use super::schema::{Column, Table, column};

/// Every fact table, in the order of the SPEC.
pub const TABLES: &[Table] = &[CASES, CLOCKS, SEVERITY_CHANGES, INACTIVITY, OVERTAKEN, FINDINGS];

/// The rows of `table` among `tables`, which are in order of [`TABLES`].
pub fn rows_of(tables: &[RecordBatch], table: Table) -> Option<&RecordBatch> {
    TABLES.iter().position(|t| t.name == table.name).and_then(|i| tables.get(i))
}

const IN_PERIOD: Column = column(
    "in_period",
    Flag,
    "",
    "belongs to the period asked for; true where none was asked for (beyond the contract's columns)",
);
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
        IN_PERIOD,
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
            "",
            "how often a less severe case was answered while it waited (SPEC 10); 0 where it is out of scope or exempt",
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
        IN_PERIOD,
    ],
};

/// One row a change of severity (SPEC 8).
pub const SEVERITY_CHANGES: Table = Table {
    name: "severity_changes",
    grain: "one change of a case's severity",
    columns: &[
        column("case_id", Text, "", "the case"),
        column("change", Count, "", "which change of this case, from 1"),
        column("changed_at", Instant, "", "when"),
        column("from_severity", Count, NO_SEVERITY, "severity before"),
        column("to_severity", Count, "", "severity after"),
        column("direction", Word, "", "`upgrade`: toward 1; `downgrade`: away from it"),
        column("role", Word, "no role given", "who changed it: `customer`, `agent`, `system`"),
        column("actor", Word, "no name given", "name of who changed it"),
        column("since_opening_s", Seconds, "", "wall time since the opening"),
        column(
            "since_opening_business_s",
            Seconds,
            NO_CALENDAR,
            "open time since the opening, stretch by stretch on the calendar in force, pauses not taken out",
        ),
        column("before_first_response", Flag, "", "no first response had really been given"),
        column("returned_to_first", Flag, "", "came back to the case's first severity"),
        column(
            "metrics",
            ChangedClocks,
            "",
            "the clocks that ran: each with `metric`, `cycle`, `over_before`, `masked`, `exposed`",
        ),
        column(
            "n_over_before",
            Count,
            "",
            "clocks of them over target at the change, judged without it (beyond the contract's columns)",
        ),
        column(
            "n_masked",
            Count,
            "",
            "clocks of them missed without the change, not missed with it (beyond the contract's columns)",
        ),
        column(
            "n_exposed",
            Count,
            "",
            "clocks of them not missed without the change, missed with it (beyond the contract's columns)",
        ),
        column("scope", Word, "", "scope of the case, `in` or `out` (beyond the contract's columns)"),
        IN_PERIOD,
    ],
};

const NO_LENGTH: &str = "the rule gives no length, or there is no calendar to measure it on";
const LASTS: &str = "it lasts";
const NO_CLOSE_OR_MESSAGE: &str = "not closed, or an input without messages";

/// One row a spell of inactivity (SPEC 9).
pub const INACTIVITY: Table = Table {
    name: "inactivity",
    grain: "one spell of inactivity of one case under one rule of its policy version",
    columns: &[
        column("case_id", Text, "", "the case"),
        column("rule", Count, "", "which `[[inactivity]]` of the policy version, from 1"),
        column("basis", Word, "", "category of that rule: `waiting_customer` or `resolved`"),
        column("spell", Count, "", "which spell of this rule and case, from 1"),
        column("entered_at", Instant, "", "when it began"),
        column("started_at", Instant, "", "when it began after its last restart"),
        column("n_restarts", Count, "", "responses that started it again"),
        column("due_at", Instant, NO_LENGTH, "`started_at` and `close_after`"),
        column("grace_until_at", Instant, NO_LENGTH, "due and `grace`: a close is on time until then"),
        column("ended_at", Instant, LASTS, "when it ended"),
        column("ended_how", Word, "", "`returned`, `closed`, `resumed`, or `open`: it lasts"),
        column(
            "ended_by_role",
            Word,
            "no role given, or it lasts",
            "who ended it: `customer`, `agent`, `system`",
        ),
        column("ended_by", Word, "no name given, or it lasts", "name of who ended it"),
        column("verdict", Word, "", "what became of it (SPEC 9.2)"),
        column("idle_s", Seconds, "", "wall time from `started_at` to its end or `as_of`"),
        column("idle_business_s", Seconds, NO_CALENDAR, "open time of it on the calendar of `severity`"),
        column("support_owed", Flag, NO_CLOSE_OR_MESSAGE, "a customer message was unanswered at the close"),
        column(
            "reopened_at",
            Instant,
            "not reopened so, or not closed by support",
            "reopened by the customer, or after the customer's return, within 720 hours of the close",
        ),
        column("severity", Count, NO_SEVERITY, "severity in force at `started_at`"),
        column(
            "waited_s",
            Seconds,
            "",
            "wall time from `entered_at`, restarts or not, to its end or `as_of` (beyond the contract's columns)",
        ),
        column(
            "waited_business_s",
            Seconds,
            NO_CALENDAR,
            "open time of it on the calendar of `severity` (beyond the contract's columns)",
        ),
        IN_PERIOD,
    ],
};

/// One row a first response really given (SPEC 10).
pub const OVERTAKEN: Table = Table {
    name: "overtaken",
    grain: "one first response to a case in scope, not exempt, of known severity",
    columns: &[
        column("response_case_id", Text, "", "the case that was answered"),
        column("responded_at", Instant, "", "when"),
        column("severity", Count, "", "its severity then"),
        column("n_overtaken", Count, "", "more severe cases that had waited at least the tolerance"),
        column(
            "worst_case_id",
            Text,
            NOBODY,
            "of the most severe of them the earliest opened, ties by case id",
        ),
        column("worst_severity", Count, NOBODY, "its severity then"),
        column(
            "worst_waited_business_s",
            Seconds,
            NOBODY,
            "open time that it had waited, on its own calendar",
        ),
        IN_PERIOD,
    ],
};

const NOBODY: &str = "nobody was overtaken";

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
        column(
            "file",
            Word,
            "no row of the input shows it",
            "the input file, as given, of the row that shows it",
        ),
        column("line", Count, "no row of the input shows it", "line of the file, from 1 (Parquet: row)"),
        IN_PERIOD,
    ],
};
